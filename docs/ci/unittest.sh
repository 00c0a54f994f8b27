#!/bin/sh
# unittest.sh OUT [ARGUMENTS…]: the tests of a Python program, and their profile. Calls are the same in every run where
# hashing is: PYTHONHASHSEED.
set -eu
out=$1
shift
PYTHONHASHSEED=0 python3 -m cProfile -o "$out" -m unittest "$@"
