#!/bin/bash
# tests/corpus.sh FORMAT | PATTERN...: every file of the corpus' folder, or every one that matches, must
# read as its oracle says. The corpus lies beside the project, not in it; without it the test is skipped
# and says so.
set -u
: "${PROFVIZ:?the path of the program}"
corpus=../shared/corpus
if [ ! -e "$corpus/compare.py" ]; then
    echo "skipped: there is no $corpus here"
    exit 77
fi
if [[ $1 == */* ]]; then
    files=()
    for pattern in "$@"; do
        # shellcheck disable=SC2206
        files+=("$corpus"/$pattern)
    done
    exec python3 -B "$corpus/compare.py" "$PROFVIZ" "${files[@]}"
fi
exec python3 -B "$corpus/compare.py" "$PROFVIZ" --format "$1"
