#!/bin/bash
# samples/pantry/record.sh: records pantry.c with massif, DHAT and heaptrack again, into the folders
# of their formats. Needs gcc, valgrind with its headers, and heaptrack. Addresses differ from one
# machine to the next, all else should not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/pantry.c" "$work"
cd "$work"
gcc -g -O0 -o pantry pantry.c
gcc -g -O0 -DAD_HOC -o pantry-events pantry.c

massif="valgrind -q --tool=massif"
$massif --detailed-freq=4 --max-snapshots=20 --massif-out-file=pantry.massif ./pantry
$massif --stacks=yes --time-unit=B --detailed-freq=6 --max-snapshots=20 --threshold=10 \
    --massif-out-file=pantry-stacks.massif ./pantry
$massif --time-unit=ms --heap=no --stacks=yes --max-snapshots=10 \
    --massif-out-file=pantry-no-heap.massif ./pantry
heaptrack -o recorded ./pantry >heaptrack.log 2>&1
heaptrack_print -f recorded.* -M pantry-heaptrack.massif >heaptrack.log 2>&1
cp pantry*.massif "$here/../massif"

dhat="valgrind -q --tool=dhat"
$dhat --dhat-out-file=pantry.json ./pantry 2>dhat.log
$dhat --mode=copy --dhat-out-file=pantry-copies.json ./pantry 2>dhat.log
$dhat --mode=ad-hoc --dhat-out-file=pantry-events.json ./pantry-events 2>dhat.log
sed -i 's/"pid":[0-9]*/"pid":1/' pantry*.json
chmod 644 pantry*.json
cp pantry*.json "$here/../dhat"
