#!/bin/sh
# Records ../gprof again: gcc, gprof of binutils. Times differ from run to run, calls do not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/mill.c" .
gcc -O0 -g -pg -fno-inline mill.c -o mill
./mill >/dev/null
gprof -b ./mill gmon.out >"$here/../gprof/both.gprof.txt"
gprof -b -p ./mill gmon.out >"$here/../gprof/flat.gprof.txt"
gprof -b -q ./mill gmon.out >"$here/../gprof/graph.gprof.txt"
gprof -b -l ./mill gmon.out >"$here/../gprof/lines.gprof.txt"
