#!/bin/bash
# tests/install.sh BUILD: what cmake --install puts where, and that it runs from there.
set -eu
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$1" --prefix "$prefix" >"$prefix.log" || { cat "$prefix.log"; exit 1; }
rm -f "$prefix.log"
for file in bin/profviz share/man/man1/profviz.1 share/doc/profviz/LICENSE \
    share/bash-completion/completions/profviz share/zsh/site-functions/_profviz \
    share/fish/vendor_completions.d/profviz.fish include/profviz_trace.h \
    share/profviz/trace-formats/strace.json share/profviz/trace-formats/nginx.json; do
    [ -s "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
grep -q '^\.TH' "$prefix/share/man/man1/profviz.1" || { echo "profviz.1 is no manual page"; exit 1; }
cd /
"$prefix/bin/profviz" --version
