#!/bin/sh
# callgrind.sh OUT PROGRAM [ARGUMENTS…]: the instructions that a program takes. The same binary with the
# same input takes the same number, on a busy machine, too.
set -eu
out=$1
shift
valgrind --quiet --tool=callgrind --callgrind-out-file="$out" "$@"
