#!/bin/sh
# node.sh OUT PROGRAM [ARGUMENTS…]: what V8's sampler sees of a program. Samples are never twice the
# same: take several runs, or limits on shares.
set -eu
out=$1
shift
node --cpu-prof --cpu-prof-dir="$(dirname "$out")" --cpu-prof-name="$(basename "$out")" "$@"
