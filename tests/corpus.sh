#!/bin/bash
# tests/corpus.sh FORMAT: every file of the corpus' folder must read as its oracle says. The corpus lies
# beside the project, not in it; without it the test is skipped and says so.
set -u
: "${PROFVIZ:?the path of the program}"
corpus=../shared/corpus
if [ ! -e "$corpus/compare.py" ]; then
    echo "skipped: there is no $corpus here"
    exit 77
fi
exec python3 -B "$corpus/compare.py" "$PROFVIZ" --format "$1"
