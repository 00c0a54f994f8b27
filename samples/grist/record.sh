#!/bin/sh
# Records ../gprof and ../cachegrind again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# ../gprof: gcc, gprof of binutils. Times differ from run to run, calls do not.
cp "$here/mill.c" .
gcc -O0 -g -pg -fno-inline mill.c -o mill
./mill >/dev/null
gprof -b ./mill gmon.out >"$here/../gprof/both.gprof.txt"
gprof -b -p ./mill gmon.out >"$here/../gprof/flat.gprof.txt"
gprof -b -q ./mill gmon.out >"$here/../gprof/graph.gprof.txt"
gprof -b -l ./mill gmon.out >"$here/../gprof/lines.gprof.txt"

# ../cachegrind: valgrind. Without a C library, the numbers are the same everywhere.
cp "$here/bare.c" .
gcc -O1 -g -fno-inline -nostdlib -static bare.c -o bare
valgrind -q --tool=cachegrind --cachegrind-out-file=whole.out --branch-sim=yes --I1=32768,8,64 --D1=32768,8,64 --LL=8388608,16,64 ./bare
valgrind -q --tool=cachegrind --cachegrind-out-file=instructions.out --cache-sim=no ./bare
sed "s|$work/||" whole.out >"$here/../cachegrind/whole.cachegrind"
sed "s|$work/||" instructions.out >"$here/../cachegrind/instructions.cachegrind"
cg_merge "$here/../cachegrind/instructions.cachegrind" "$here/../cachegrind/instructions.cachegrind" |
    sed "s|$here/../cachegrind/||" >"$here/../cachegrind/merged.cachegrind"
cg_diff "$here/../cachegrind/merged.cachegrind" "$here/../cachegrind/instructions.cachegrind" |
    sed "s|$here/../cachegrind/||g" >"$here/../cachegrind/difference.cachegrind"
