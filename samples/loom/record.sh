#!/bin/sh
# Makes the recorded files of ../chrome_trace again, with the clang, Node.js and uftrace at hand (14, 20
# and 0.13 made those that are there). Run it inside this folder; times will differ.
set -eu
traces=../chrome_trace
clang++ -ftime-trace -ftime-trace-granularity=100 -O1 -c loom.cpp -o loom.o
mv loom.json "$traces/clang.json"
node --trace-event-categories v8,node --trace-event-file-pattern "$traces/node.json" loom.cjs
gcc -finstrument-functions -o loom loom.c
uftrace record -d loom.data --no-pager ./loom
uftrace dump -d loom.data --chrome >"$traces/uftrace.json"
rm -rf loom loom.o loom.data loom.data.old
