#!/bin/sh
# Records shop.pstats and shop.folded anew. Wants Python 3.11 or later; PYTHON names another one.
set -eu
cd "$(dirname "$0")"
: "${PYTHON:=python3}"
# -S and these: the same work wherever it runs.
export PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0

"$PYTHON" -S -m cProfile -o shop.pstats shop.py

# cProfile notes where each module lies; in this folder that is nobody's business.
"$PYTHON" - <<'SHORTEN'
import marshal, os
def short(key):
    return (key[0].removeprefix(os.getcwd() + os.sep), *key[1:])
with open("shop.pstats", "rb") as file:
    stats = marshal.load(file)
stats = {short(key): (*row[:4], {short(caller): arc for caller, arc in row[4].items()})
         for key, row in stats.items()}
with open("shop.pstats", "wb") as file:
    marshal.dump(stats, file)
SHORTEN

"$PYTHON" -S sampler.py shop.folded shop.py
