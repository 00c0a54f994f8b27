#!/bin/bash
# Records ../uftrace, ../strace, ../strace_summary and ../trace-formats again.
set -eu
cd "$(dirname "$0")"
samples=$(dirname "$PWD")
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
gcc -pg -O0 loaf.c -o "$room/bakery" -lpthread
cp bread.sh pipe.sh nginx.conf "$room"
cd "$room"

uftrace record -d data ./bakery >/dev/null
uftrace replay -d data >"$samples/uftrace/bakery.txt"
uftrace replay -d data -f +time >"$samples/uftrace/bakery-time.txt"

calls=execve,wait4,clone,clone3,clock_nanosleep,exit_group
strace -f -r -T -e trace=$calls,read,write,pipe2,dup2 -o "$samples/strace/pipe.strace" bash pipe.sh
strace -f -tt -T -e trace=$calls bash pipe.sh 2>"$samples/strace/terminal.txt"
ltrace -r -T -o "$samples/strace/bakery.ltrace" ./bakery >/dev/null
strace -c -f -o "$samples/strace_summary/strace.txt" bash pipe.sh
ltrace -c -o "$samples/strace_summary/ltrace.txt" ./bakery >/dev/null

bash bread.sh >"$samples/trace-formats/bash-x.txt" 2>&1

mkdir -p www/bread/rye www/static
size=60000
for file in index.html bread/list bread/rye/1 bread/rye/2 static/shop.js; do
    size=$((size + 31000))
    head -c $size /dev/zero >www/$file
done
nginx -p "$room" -c nginx.conf
fetch()
{
    curl -s -o /dev/null "$@"
}
for path in / /bread/list /bread/rye/1 '/bread/rye/1?crust=dark' /bread/rye/2 /static/shop.js /static/shop.js /bread/none \
    /bread/list /bread/a%20b; do
    fetch -A 'Baker/1.0 (test)' "http://127.0.0.1:8765$path"
done
fetch -A Oven -X POST -d x http://127.0.0.1:8765/bread/list
printf '\x16\x03\x01\n\n' >/dev/tcp/127.0.0.1/8765
printf 'GET /"x\\y HTTP/1.0\r\n\r\n' >/dev/tcp/127.0.0.1/8765
sleep 0.5
kill "$(cat nginx.pid)"
cp nginx.log nginx-keyed.log "$samples/trace-formats/"
