#!/bin/bash
# tests/corpus.sh PATTERN...: every file of the corpus that matches and has an oracle must read as that
# says. The corpus lies beside the project, not in it; without it the test is skipped and says so.
set -u
: "${PROFVIZ:?the path of the program}"
corpus=../shared/corpus
if [ ! -e "$corpus/compare.py" ]; then
    echo "skipped: there is no $corpus here"
    exit 77
fi
files=()
for pattern in "$@"; do
    for file in "$corpus"/$pattern; do
        [ ! -f "$file" ] || [ ! -e "$file.expected.json" ] || files+=("$file")
    done
done
exec python3 -B "$corpus/compare.py" "$PROFVIZ" "${files[@]}"
