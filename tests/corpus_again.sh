#!/bin/bash
# tests/corpus_again.sh PATTERN...: every file of the corpus that matches reads the same from a pipe, where it
# has no name, and its JSON reads back to the same bytes. MOST leaves larger files out. Skipped, and says so,
# without the corpus.
set -u
: "${PROFVIZ:?the path of the program}"
corpus=../shared/corpus
if [ ! -e "$corpus" ]; then
    echo "skipped: there is no $corpus here"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
good=0 bad=0

# differs FILE WHAT
differs()
{
    echo "$1: $2"
    bad=$((bad + 1))
}

# check FILE
check()
{
    "$PROFVIZ" "$1" --to json -o "$work/named" 2>"$work/said" || return
    "$PROFVIZ" - --to json -o "$work/piped" <"$1" 2>"$work/said"
    "$PROFVIZ" "$work/named" --to json -o "$work/again" 2>"$work/said"
    if ! cmp -s "$work/named" "$work/piped"; then
        differs "$1" "read from a pipe it is another profile"
    elif ! cmp -s "$work/named" "$work/again"; then
        differs "$1" "its JSON does not read back"
    else
        good=$((good + 1))
    fi
    rm -f "$work"/named "$work"/piped "$work"/again
}

for pattern in "$@"; do
    for oracle in "$corpus"/$pattern.expected.json; do
        file=${oracle%.expected.json}
        [ ! -f "$file" ] || [ "$(wc -c <"$file")" -gt "${MOST-1000000000}" ] || check "$file"
    done
done
echo "$good of $((good + bad)) files read the same again"
[ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
