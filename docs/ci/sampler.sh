#!/bin/sh
# sampler.sh OUT COMMAND…: the stacks that a sampler prints (py-spy record -f raw, stackcollapse-perf.pl,
# …), packed: an artifact that any version reads.
set -eu
out=$1
shift
"$@" | profviz --to collapsed -o "$out"
