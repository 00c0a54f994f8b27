#!/bin/sh
# tests/example.sh GUIDE OUTPUT: the C of docs/adding-a-format.md as one source; the descriptor, which the
# guide shows first, goes last.
set -eu
awk '/^```c$/ { inside = 1; part++; next }
     /^```/ { inside = 0 }
     inside { text[part] = text[part] $0 "\n" }
     END { for (i = 2; i <= part; i++) printf "%s", text[i]; printf "\n%s", text[1] }' "$1" >"$2"
