#!/bin/bash
# tests/completion.sh: what the shells offer. bash is asked as readline asks it; zsh and fish check
# their scripts, and fish is asked too, where they are; the scripts name every option in any case.
set -u
export LC_ALL=C
profviz=$(realpath "${PROFVIZ:?the path of the program}")
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
mkdir 'a folder'
touch out.pstats out.folded
for shell in bash zsh fish; do
    # shellcheck disable=SC2094 # the script is called as its shell
    "$profviz" --completion $shell >$shell || exit 1
done
failed=0

bad()
{
    echo "FAILED: $*"
    failed=1
}

# offers WORD… : what bash offers for the last word, sorted, on one line.
offers()
{
    bash -c '
        source ./bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _profviz
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" 2>&1 | sort | paste -sd ' ' -
}

# want 'OFFER…' WORD…
want()
{
    local wanted=$1 found
    shift
    found=$(offers "$@")
    [ "$found" = "$wanted" ] || bad "$*: offers '$found', not '$wanted'"
}

# has OFFER WORD…, lacks OFFER WORD…
has()
{
    local wanted=$1
    shift
    [[ " $(offers "$@") " == *" $wanted "* ]] || bad "$*: does not offer $wanted"
}
lacks()
{
    local wanted=$1
    shift
    [[ " $(offers "$@") " != *" $wanted "* ]] || bad "$*: offers $wanted"
}

views=$("$profviz" views | awk 'NR > 1 { print $1 }' | sort | paste -sd ' ' -)
readable=$("$profviz" formats | awk 'NR > 1 && $2 ~ /read/ { print $1 }' | sort | paste -sd ' ' -)
want "$views" profviz --view ''
want "$views" profviz out.pstats --view = ''
want "$views" profviz --view =
want flame profviz --view fl
want flame profviz --view = fl
want --view=flame profviz --view=fl
want "$readable" profviz -F ''
want "$readable" profviz top --from ''
want 'csv' profviz --to cs
has svg profviz --to ''
lacks svg profviz top --to ''
has dark profviz --theme d
want 'calls name self total' profviz top --sort ''
want 'name weight' profviz --sort ''
want 'ms' profviz --unit m
want '' profviz --title ''
want '' profviz --focus ''
want 'out.folded out.pstats' profviz -o out
want 'out.folded out.pstats' profviz --output = out
want 'out.folded out.pstats' profviz out
want 'out.folded out.pstats' profviz -- out
want 'a folder' profviz 'a '
has top profviz to
has formats profviz fo
want 'out.folded out.pstats' profviz top out
want '' profviz views ''
want 'check diff formats help lines peek quality report top track tree views' profviz help ''
has --view profviz --v
lacks --view profviz top --v
has --rows profviz top --ro
has --rows profviz tree --ro
lacks --sort profviz peek --so
lacks svg profviz tree --to ''
has --rows profviz --title flame top --ro
lacks --rows profviz top.folded --ro
has --max-memory profviz --max
lacks --man profviz --ma
has --color profviz formats --c
want 'add changes export list trend' profviz track ''
want 'trend' profviz track --db h.db t
want 'out.folded out.pstats' profviz track add out
want '' profviz track trend out
has --category profviz track trend --ca
has png profviz track trend --to ''
want 'json markdown text' profviz quality --to ''
want 'github json junit markdown text' profviz check --to ''

# Every option that help lists is in every script.
for option in $("$profviz" --help | sed -nE 's/^ +(-., )?--([a-z-]+).*/\2/p' | sort -u); do
    for shell in bash zsh fish; do
        case $shell in
        fish) grep -qE -- "-l $option " fish || bad "fish: no --$option" ;;
        *) grep -qE -- "--${option}[^a-z-]" $shell || bad "$shell: no --$option" ;;
        esac
    done
done
grep -q '^#compdef profviz$' zsh || bad 'zsh: no #compdef'
quotes=$(tr -cd "'" <fish | wc -c)
[ $((quotes % 2)) -eq 0 ] || [ "$(grep -c "\\\\'" fish)" -gt 0 ] || bad 'fish: a quote is open'

bash -n bash || bad 'bash: syntax'
if command -v shellcheck >/dev/null; then
    shellcheck -s bash -e SC2207 bash || bad 'bash: shellcheck'
fi
if command -v zsh >/dev/null; then
    zsh -n zsh || bad 'zsh: syntax'
else
    echo 'skipped: zsh is not here'
fi
if command -v fish >/dev/null; then
    fish -n fish || bad 'fish: syntax'
    asked=$(HOME=$room fish --no-config -c 'source ./fish; complete -C "profviz --view fl" 2>&1' | cut -f1)
    [ "$asked" = flame ] || bad "fish: offers '$asked', not 'flame'"
    asked=$(HOME=$room fish --no-config -c 'source ./fish; complete -C "profviz top --row" 2>&1' | cut -f1)
    [ "$asked" = --rows ] || bad "fish: offers '$asked', not '--rows'"
    asked=$(HOME=$room fish --no-config -c 'source ./fish; complete -C "profviz track tre" 2>&1' | cut -f1)
    [ "$asked" = trend ] || bad "fish: offers '$asked', not 'trend'"
else
    echo 'skipped: fish is not here'
fi
[ $failed -ne 0 ] || echo 'all offers as wanted'
exit $failed
