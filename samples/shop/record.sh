#!/bin/sh
# Records shop.pstats, slower.pstats and shop.folded anew. Wants Python 3.11 or later (PYTHON names
# another one) and patch.
set -eu
cd "$(dirname "$0")"
: "${PYTHON:=python3}"
# -S and these: the same work wherever it runs.
export PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0

# record OUT: cProfile's file of the shop in this folder. cProfile notes where each module lies;
# in this folder that is nobody's business.
record()
{
    "$PYTHON" -S -m cProfile -o "$1" shop.py
    "$PYTHON" - "$1" <<'SHORTEN'
import marshal, os, sys
def short(key):
    return (key[0].removeprefix(os.getcwd() + os.sep), *key[1:])
with open(sys.argv[1], "rb") as file:
    stats = marshal.load(file)
stats = {short(key): (*row[:4], {short(caller): arc for caller, arc in row[4].items()})
         for key, row in stats.items()}
with open(sys.argv[1], "wb") as file:
    marshal.dump(stats, file)
SHORTEN
}

record shop.pstats
"$PYTHON" -S sampler.py shop.folded shop.py

here=$PWD
changed=$(mktemp -d)
trap 'rm -rf "$changed"' EXIT
cp ./*.py "$changed"
cd "$changed"
patch --quiet --strip=1 <"$here/slower.patch"
record slower.pstats
cp slower.pstats "$here"
