#!/bin/bash
# tests/trace_samples.sh: the programs of samples/trace are compiled and run, and what they write is read: the calls that they
# make and no others, no repairs, two runs in one file, several files in one. Then many threads at once.
set -eu
profviz=${PROFVIZ:?names the program}
cc=${CC:-cc}
here=$(cd "$(dirname "$0")/.." && pwd)/samples/trace
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "$1"
    exit 1
}

# stacks FILE: its stacks without their times; words about the file are a failure.
stacks() {
    "$profviz" -q --strict "$1" --to collapsed -o - >stacks.out
    "$profviz" "$1" --to csv -o top.csv 2>words || fail "$1: $(cat words)"
    [ ! -s words ] || fail "$1: $(cat words)"
    sed 's/ [0-9.]*$//' stacks.out | sort
}

expect() {
    local wanted=$1 got
    got=$(stacks "$2")
    [ "$got" = "$wanted" ] || fail "$2: wanted
$wanted
got
$got"
}

bakery="process bakery;thread 1;open the shop
process bakery;thread 1;open the shop;bake
process bakery;thread 1;open the shop;bake;knead the dough
process bakery;thread 1;open the shop;bake;oven
process bakery;thread Anna;bake
process bakery;thread Anna;bake;knead the dough
process bakery;thread Anna;bake;oven
process bakery;thread Bo;bake
process bakery;thread Bo;bake;knead the dough
process bakery;thread Bo;bake;oven"
counter="process counter;thread counter;serve
process counter;thread counter;serve;greet the customer
process counter;thread counter;serve;wrap the bread"
orders="process orders;thread Cem;take an order
process orders;thread Cem;take an order;listen
process orders;thread Cem;take an order;write it down
process orders;thread Dora;take an order
process orders;thread Dora;take an order;listen
process orders;thread Dora;take an order;write it down
process orders;thread MainThread;morning"

warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Werror"
# shellcheck disable=SC2086
"$cc" -std=c99 $warnings -I"$here" "$here/bakery.c" -o bakery -pthread || fail "bakery.c does not compile"
./bakery bakery.trace
expect "$bakery" bakery.trace
./bakery bakery.trace
expect "$bakery" bakery.trace
[ "$(grep -c '^B.open the shop' bakery.trace)" = 2 ] || fail "the second run is not behind the first"
./bakery # no file was asked for
if ./bakery /no/such/folder/x.trace; then fail "a file that cannot be opened is no error"; fi
[ "$(grep -c '^C' bakery.trace)" = 24 ] || fail "24 loaves were counted"

# Eight threads as fast as they can, and names that are none; then the same from two processes.
cat >busy.c <<'END'
#define PROFVIZ_TRACE_IMPLEMENTATION
#include "profviz_trace.h"
#include <pthread.h>
static void *work(void *unused)
{
    for (int i = 0; i < 5000; i++) {
        profviz_trace_begin("outer\tcall\n");
        profviz_trace_begin(i % 2 ? "" : "inner");
        profviz_trace_end(NULL);
        profviz_trace_count("i", i / 8.0);
        profviz_trace_end("outer call ");
    }
    return unused;
}
int main(int count, char **arguments)
{
    pthread_t threads[8];
    if (count < 3 || profviz_trace_open(arguments[1], arguments[2]))
        return 1;
    if (profviz_trace_open(arguments[1], NULL) != -1)
        return 1;
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    return profviz_trace_close() ? 1 : 0;
}
END
# shellcheck disable=SC2086
"$cc" -std=c11 -O2 $warnings -I"$here" busy.c -o busy -pthread || fail "busy.c does not compile"
./busy busy.trace one &
./busy busy.trace two
wait $!
[ "$(wc -l <busy.trace)" = 400002 ] || fail "lines are lost: $(wc -l <busy.trace)"
stacks busy.trace >busy.stacks
[ "$(wc -l <busy.stacks)" = 48 ] || fail "16 threads make 3 stacks each: $(wc -l <busy.stacks)"

# C++ has a class for it.
cxx=${CXX:-c++}
if command -v "$cxx" >/dev/null; then
    cat >scope.cpp <<'END'
#define PROFVIZ_TRACE_IMPLEMENTATION
#include "profviz_trace.h"
int main(int, char **arguments)
{
    if (profviz_trace_open(arguments[1], nullptr))
        return 1;
    {
        profviz_trace_scope outer("outer");
        profviz_trace_scope inner("inner");
    }
    return profviz_trace_close();
}
END
    "$cxx" -std=c++11 -Wall -Wextra -Wpedantic -Werror -I"$here" scope.cpp -o scope || fail "scope.cpp does not compile"
    ./scope scope.trace
    expect "thread 1;outer
thread 1;outer;inner" scope.trace
fi

files=bakery.trace
if [ -n "${EPOCHREALTIME:-}" ]; then
    TRACE=counter.trace "$here/counter.sh"
    expect "$counter" counter.trace
    LC_ALL=de_DE.UTF-8 TRACE=counter.trace "$here/counter.sh" 2>/dev/null # a comma in the time
    expect "$counter" counter.trace
    files="$files counter.trace"
fi
if command -v python3 >/dev/null; then
    python3 "$here/orders.py" orders.trace
    expect "$orders" orders.trace
    files="$files orders.trace"
fi

# One behind the other is what merging makes.
# shellcheck disable=SC2086
cat $files >all.trace
# shellcheck disable=SC2086
"$profviz" -q $files --to collapsed -o merged.folded
"$profviz" -q all.trace --to collapsed -o all.folded
cmp merged.folded all.folded || fail "cat is not merging"
echo "$files: read"
