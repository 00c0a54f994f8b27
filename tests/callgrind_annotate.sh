#!/usr/bin/env bash
# callgrind_annotate takes what profviz writes as callgrind: without a warning, and with the profile's totals, which it must
# also find by itself, adding up, where the file does not name them. Exit 77: callgrind_annotate is not here.
set -u
profviz=${PROFVIZ:?names the program}
annotate=${CALLGRIND_ANNOTATE:-callgrind_annotate}
if ! command -v "$annotate" >/dev/null; then
    echo "skipped: $annotate (of valgrind) is not here"
    exit 77
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0 checked=0

# The totals that it prints, without separators and shares.
totals() {
    "$annotate" --threshold=100 --auto=no "$1" 2>"$folder/words" | sed -n '/PROGRAM TOTALS/{s/PROGRAM TOTALS//;s/([^)]*)//g;s/,//g;s/  */ /g;s/^ //;s/ $//;p;}'
}

check() {
    local file=$folder/out.callgrind wanted got added
    "$profviz" "$1" -o "$file" 2>"$folder/lost" || { echo "$1: not written: $(cat "$folder/lost")"; failed=1; return; }
    wanted=$("$profviz" -q "$1" --to json -o - | sed -n '/"metrics":\[/,/\],/s/.*"total":\(-\{0,1\}[0-9]*\)}.*/\1/p' | tr '\n' ' ' | sed 's/ $//')
    if grep -q 'has no sign' "$folder/lost"; then
        wanted=$(sed -n 's/^totals: //p' "$file")
    fi
    case $wanted in *[1-9]*) ;; *) return ;; esac # it prints no totals where all are 0
    got=$(totals "$file")
    if [ -s "$folder/words" ]; then
        echo "$1: $annotate says: $(head -3 "$folder/words")"
        failed=1
    fi
    sed '/^totals:/d' "$file" >"$folder/added.callgrind"
    added=$(totals "$folder/added.callgrind")
    if [ "$got" != "$wanted" ] || [ "$added" != "$wanted" ]; then
        echo "$1: the totals are $wanted; $annotate reads $got and adds up to $added"
        failed=1
    fi
    checked=$((checked + 1))
}

for sample in samples/*/*; do
    case $sample in *.md | *.py | *.sh | *.c | *.h | *.pl | *.php | *.rb | *.js) continue ;; esac
    "$profviz" -q "$sample" --to json -o /dev/null 2>/dev/null && check "$sample"
done
echo "$checked profiles"
[ "$checked" -gt 10 ] && [ "$failed" = 0 ]
