#!/bin/sh
# Makes the files of ../callgrind that valgrind writes again. Run it inside this folder; wants gcc and valgrind on x86-64.
set -eu
here=$PWD samples=$PWD/../callgrind work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -g -O1 -fno-optimize-sibling-calls -fno-ipa-icf -nostdlib -static \
    -ffreestanding -ffile-prefix-map="$here"=/srv/mill -o "$work/mill" mill.c
cd "$work"

# record NAME OPTION...: paths, the process and the cache of this machine are nobody's business
record() {
    name=$1
    shift
    valgrind -q --tool=callgrind --callgrind-out-file=out "$@" ./mill 2>/dev/null || :
    sed -e "s,$work,/srv/mill,g" -e 's,^pid: .*,pid: 4711,' -e 's,^cmd: .*,cmd:  ./mill,' out >"$samples/$name"
    rm -f out*
}

record mill.out
record mill-instr.out --dump-instr=yes --collect-jumps=yes --cache-sim=yes --branch-sim=yes
record mill-parts.out --dump-every-bb=4000 --combine-dumps=yes --separate-recs=1
record mill-plain.out --compress-strings=no --compress-pos=no
