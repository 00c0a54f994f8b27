#!/bin/bash
# tests/sandbox.sh PROBE: with the rights given up, every input and output still works, byte for byte
# as with --no-sandbox; and what a program that was taken over might try (PROBE, a library that is
# preloaded: tests/sandbox_probe.c) is refused, in the program and in the child that places a graph.
set -u
export LC_ALL=C
profviz=$(realpath "$PROFVIZ")
probe=$1
samples=$PWD/samples/shop
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
failed=0

bad()
{
    echo "FAILED: $*"
    failed=1
}

state=$("$profviz" -v "$samples/shop.folded" -o first.txt 2>&1 | sed -n 's/^profviz: sandbox: //p')
echo "sandbox: $state"
[ -n "$state" ] || bad '-v says nothing of the sandbox'
"$profviz" -v --no-sandbox "$samples/shop.folded" -o first.txt 2>&1 |
    grep -q '^profviz: sandbox: off, as --no-sandbox says$' || bad '-v --no-sandbox does not say so'

# 1. The same bytes. alike WHAT COMMAND: runs with $OPEN empty and with --no-sandbox;
#    exit codes, words and all files must be the same.
mkdir -p inputs/folder elsewhere
cp "$samples/shop.pstats" inputs/arcs
cp "$samples/shop.folded" inputs/stacks
for tool in gzip xz zstd bzip2; do
    command -v $tool >/dev/null && $tool -c <inputs/stacks >inputs/stacks.$tool
done
cp "$samples/../callgrind/mill.out" inputs/lines
cp "$samples"/../mill/mill.[ch] inputs/folder
ln -s "$room/inputs/stacks" elsewhere/link
alike()
{
    local what=$1 open result
    for result in with without; do
        open=
        [ $result = with ] || open=--no-sandbox
        rm -rf here there $result
        mkdir here there $result
        echo old >there/old
        ln -s ../there/new.svg here/link.svg
        ln -s ../there/old here/old.svg
        mkfifo here/pipe
        (cd here && OPEN=$open timeout 60 bash -c "$2") >$result/out 2>$result/err
        echo "exit $?" >>$result/err
        rm here/pipe
        mv here there $result/
    done
    diff -r --no-dereference with without >difference || { bad "$what"; head -5 difference; }
    echo "$what: $(tail -1 with/err), $(find with/here with/there -type f -size +0 | wc -l) files"
}
export PROFVIZ=$profviz
# shellcheck disable=SC2016 # `alike` hands it to another shell
p='"$PROFVIZ" $OPEN -q'
for kind in svg svgz png pdf json folded folded.gz txt md csv; do
    alike "arcs to $kind" "$p ../inputs/arcs -o x.$kind"
    alike "stacks to $kind" "$p ../inputs/stacks -o x.$kind"
done
alike 'graph of stacks' "$p --view graph ../inputs/stacks -o x.png"
alike 'top' "$p top ../inputs/arcs"
alike 'lines with their source' "$p lines ../inputs/lines --source-path ../inputs/folder"
alike 'to a pipe' "$p ../inputs/stacks | cat"
alike 'from a pipe' "cat ../inputs/stacks | $p -o x.svg"
alike 'from a named descriptor' "$p /dev/stdin -o x.svg <../inputs/stacks"
alike 'from another program' "$p <(cat ../inputs/stacks) --title x -o x.svg; sed -i 's/[0-9]* and [0-9]* more//; s/>[0-9]*</></g' x.svg"
alike 'from a FIFO' "cat ../inputs/stacks >pipe & $p pipe -o x.svg"
alike 'to a FIFO' "cat pipe >y & $p ../inputs/stacks -T svg -o pipe; wait"
alike 'several' "$p ../inputs/stacks ../inputs/stacks.gzip ../inputs/arcs -o x.json"
for tool in xz zstd bzip2; do
    [ ! -f inputs/stacks.$tool ] || alike "packed by $tool" "$p ../inputs/stacks.$tool -o x.svg"
done
alike 'a link to an input' "$p ../elsewhere/link -o x.svg"
alike 'a link to an output' "$p ../inputs/stacks -o link.svg"
alike 'a link to an old output' "$p ../inputs/stacks -o old.svg"
alike 'another folder' "$p ../inputs/stacks -o ../there/x.pdf"
alike 'an absolute path' "$p ../inputs/stacks -o '$room/there/x.svg'"
alike 'a full device' "$p ../inputs/stacks -T svg -o /dev/full"
alike 'the null device' "$p ../inputs/stacks -T svg -o /dev/null"
alike 'stdout by name' "$p ../inputs/stacks -T svg -o /dev/stdout"
alike 'a descriptor by name' "$p ../inputs/stacks -T svg -o /dev/fd/9 9>z"
alike 'a folder as input' "$p ../inputs/folder -o x.svg"
alike 'a missing input' "$p ../inputs/none -o x.svg"
alike 'a broken input' "head -c 2000 ../inputs/arcs >cut; $p cut -o x.svg"
alike 'two inputs, one missing' "$p ../inputs/stacks ../inputs/none -o x.svg"

# Fonts that lie where only a link leads.
font=$(fc-match -f '%{file}' 'DejaVu Sans' 2>/dev/null)
if [ -f "$font" ]; then
    mkdir -p fonts/real fonts/links cache
    cp "$font" fonts/real/
    ln -s "../real/$(basename "$font")" fonts/links/
    printf '<fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n' \
        "$room/fonts/links" "$room/cache" >fonts/fonts.conf
    FONTCONFIG_FILE=$room/fonts/fonts.conf alike 'fonts behind links' "$p ../inputs/stacks -o x.png"
fi

# 2. Where the system says no, the work is done all the same, and --verbose says so.
denied()
{
    rm -f x.svg
    strace -f -qq -o /dev/null -e "inject=$1" "$profviz" -v inputs/stacks -o x.svg 2>words ||
        bad "exit code with $1"
    grep -qx "profviz: sandbox: $2" words || bad "words with $1: $(head -1 words)"
    [ -s x.svg ] || bad "no output with $1"
    echo "$1: $(head -1 words)"
}
if [ ! -f "$probe" ]; then
    echo 'skipped: a system that says no, because a sanitizer cannot be traced'
elif strace -qq -o /dev/null -e inject=landlock_create_ruleset:error=ENOSYS true 2>/dev/null; then
    denied landlock_create_ruleset:error=ENOSYS 'not available on this kernel (Landlock)'
    denied landlock_create_ruleset:error=EOPNOTSUPP 'not available on this kernel (Landlock)'
    case $state in
    'Landlock ABI '*)
        denied landlock_add_rule:error=ENOMEM 'off, Landlock refused: Cannot allocate memory'
        denied landlock_restrict_self:error=E2BIG 'off, Landlock refused: Argument list too long'
        ;;
    esac
else
    echo 'skipped: a system that says no, because there is no strace that can play it'
fi

# 3. What is refused.
case $state in
'Landlock ABI '*) abi=${state##* } ;;
*)
    echo 'skipped: refusals, because there is no Landlock here'
    exit $((failed ? 1 : 77))
    ;;
esac
if [ ! -f "$probe" ]; then
    echo 'skipped: refusals, because a sanitizer needs what is refused'
    exit $((failed ? 1 : 77))
fi
echo secret >elsewhere/secret
export PROBE_SECRET=$room/elsewhere/secret PROBE_FOLDER=$room/elsewhere PROBE_NEW=$room/elsewhere/new
export PROBE_INPUT=$room/inputs/arcs
mkdir -p here
outcome()
{
    rm -f elsewhere/new
    LD_PRELOAD=$probe "$profviz" -q "$@" inputs/arcs -o here/x.svg 9>outcome || bad "exit code with $*"
    sort -u outcome
}
want()
{
    for who in child program; do
        for what in 'change the input' connect 'list another folder' 'make a file elsewhere' \
            'read another file' 'read the input' 'run a program' 'write another file'; do
            verdict=$1
            [ "$what" != 'read the input' ] || verdict=allowed
            [ "$what" != connect ] || [ "$abi" -ge 4 ] || verdict=allowed
            echo "$who $what: $verdict"
        done
    done
}
diff <(outcome) <(want refused) || bad 'what the sandbox refuses'
diff <(outcome --no-sandbox) <(want allowed) || bad 'the probe itself, without a sandbox'
[ $failed -ne 0 ] || echo "refused: all that was tried, in the program and its child"
exit $failed
