#!/bin/bash
# Checks the rules of docs/architecture.md that grep can see: which room may include which, that each
# foreign library stays in its one file, and which functions and variables may appear where.
# Prints file:line for every breach and what was checked at the end; exit 1 if anything is broken.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
broken=0
checked=()

# breach RULE: reads "file:line:text" rows on stdin and reports each.
breach()
{
    local row
    while IFS= read -r row; do
        printf '%s   <- %s\n' "$row" "$1"
        broken=$((broken + 1))
    done
}

# rule NAME BREACHES-FILE MESSAGE
rule()
{
    checked+=("$1")
    breach "$3" <"$2"
}

sources=$(find model formats render cli tests bench -name '*.[ch]' 2>/dev/null | sort)
[ -n "$sources" ] || { echo "layers: no sources found"; exit 1; }

# Two views of all sources as "file:line:text": `code` without comments and with emptied strings,
# `strings` without comments only. Patterns then cannot trip over prose.
# shellcheck disable=SC2016
strip='
FNR == 1 { inside = 0 }
{
    rest = $0; code = ""; strings = ""
    while (rest != "") {
        if (inside) {
            at = index(rest, "*/")
            if (!at) break
            rest = substr(rest, at + 2); inside = 0; continue
        }
        if (!match(rest, /"|\047|\/\/|\/\*/)) { code = code rest; strings = strings rest; break }
        head = substr(rest, 1, RSTART - 1); mark = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        code = code head; strings = strings head
        if (mark == "//") break
        if (mark == "/*") { inside = 1; code = code " "; strings = strings " "; continue }
        body = ""
        while (rest != "") {
            c = substr(rest, 1, 1); rest = substr(rest, 2)
            if (c == mark) break
            body = body c
            if (c == "\\") { body = body substr(rest, 1, 1); rest = substr(rest, 2) }
        }
        # An include keeps its name: it is what the room rules look at.
        code = code mark (head ~ /^[ \t]*#[ \t]*include/ ? body : "") mark
        strings = strings mark body mark
    }
    print FILENAME ":" FNR ":" code > codefile
    print FILENAME ":" FNR ":" strings > stringsfile
}'
# shellcheck disable=SC2086
awk -v codefile="$work/code" -v stringsfile="$work/strings" "$strip" $sources || exit 1

# code ROOM-PATTERN REGEX: rows of these files whose code matches.
code()
{
    grep -E "^($1)[^:]*:[0-9]+:" "$work/code" | grep -E "^[^:]*:[0-9]+:.*$2"
}
below='model/|formats/|render/'
call='(^|[^A-Za-z0-9_.>])'

# 1. Rooms. Each may include only what stands beside it.
rooms=(
    'model:model'
    'formats:model|formats'
    'render:model|render'
    'cli:model|formats|render|cli'
)
for row in "${rooms[@]}"; do
    code "${row%%:*}/" '#[ \t]*include[ \t]*"' |
        grep -vE "include[ \t]*\"(${row#*:})/" >"$work/rows"
    rule "room ${row%%:*}" "$work/rows" "${row%%:*}/ includes only from ${row#*:}"
done

# 2. A format includes its own headers and the shared grammars, never another format.
parts='format|registry|json_pull|json_doc|json_profile|trace_spec|protobuf|marshal|pickle|valgrind_frame|call_entries|json_take|json_tree|preorder|sample_spans|v8_tree|pstats_frame'
code 'formats/' 'include[ \t]*"formats/' | grep -v '^formats/registry\.c:' |
    awk -F: -v parts="^($parts)\\\\.h$" '{
        own = $1; sub(/^formats\//, "", own); sub(/\.[ch]$/, "", own); family = own; sub(/_.*/, "", family)
        name = $0; sub(/.*"formats\//, "", name); sub(/".*/, "", name)
        if (name !~ parts && index(name, family) != 1) print }' >"$work/rows"
rule 'formats stand alone' "$work/rows" "shared grammar is one of: $parts"

# 3. One foreign library, one file; every other system header is C or POSIX.
foreign=(
    'model/codec\.c|zlib\.h|zstd[a-z_]*\.h|lzma\.h|bzlib\.h'
    'model/pattern\.c|pcre2\.h'
    'formats/json_doc\.c|(cjson/)?cJSON\.h'
    'model/demangle\.c|demangle\.h'
    'formats/json_text\.h|emmintrin\.h'
    'render/canvas_cairo\.c|cairo/?[a-z-]*\.h|(cairo/|pango/)[a-z-]+\.h|pango[a-z-]*\.h|glib\.h|glib-object\.h'
    'render/font_places\.c|fontconfig/fontconfig\.h'
    'render/png\.c|png\.h'
    'render/dot_layout\.c|(graphviz/)?(gvc|gvplugin|gvcext|cgraph|types|cdt|geom)\.h'
    'cli/sandbox\.c|linux/landlock\.h|sys/(prctl|syscall)\.h'
    'cli/main\.c|malloc\.h'
    'tests/sandbox_probe\.c|netinet/in\.h|sys/socket\.h'
    'tests/hostile/failing\.c|sys/syscall\.h'
    'tests/.*|cmocka\.h'
    'tests/fuzz/.*|sanitizer/[a-z_]+\.h'
)
system='assert ctype errno fcntl fenv float inttypes limits math poll pthread setjmp signal
stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings time unistd
dirent glob termios sys/ioctl sys/mman sys/resource sys/select sys/stat sys/time sys/types sys/wait'
allowed=$(tr -s " \n" "|" <<<"$system")
code '' '#[ \t]*include[ \t]*<' | grep -vE "<($allowed)\.h>|<sqlite3\.h>" >"$work/left"
for row in "${foreign[@]}"; do
    grep -vE "^${row%%|*}:[0-9]+:.*<(${row#*|})>" "$work/left" >"$work/next"
    mv "$work/next" "$work/left"
done
rule 'one library, one file' "$work/left" 'this library belongs to another file (tests/layers.sh has the table)'
code '' '<sqlite3\.h>' >"$work/rows"
[ "$(cut -d: -f1 "$work/rows" | sort -u | wc -l)" -gt 1 ] || : >"$work/rows"
rule 'SQLite in one file' "$work/rows" 'SQLite is included by more than one file'

# 4. Functions that are never right here.
code '' "$call(sprintf|vsprintf|strcpy|strcat|strncpy|strncat|strtok|sscanf|gets|atoi|atol|atoll|atof|alloca|system|popen|tmpnam|tempnam|mktemp)[ \t]*\(" >"$work/rows"
rule 'banned functions' "$work/rows" 'banned everywhere'

# 5. Below cli/ nothing ends the program, speaks, or asks the machine; data is parsed and printed by
#    model/number. Named exceptions: pv_oom in model/error.c ends the program, and the child that
#    render/dot_layout.c forks leaves by _exit.
code "$below" "$call(exit|_exit|_Exit|quick_exit|abort|printf|vprintf|puts|putchar|perror|getenv|secure_getenv|time|clock|clock_gettime|gettimeofday|localtime|gmtime|rand|srand|random|setlocale|uselocale)[ \t]*\(" |
    grep -vE '^model/error\.c:|^render/dot_layout\.c:.*[^A-Za-z]_exit' >"$work/rows"
code "$below" '(^|[^A-Za-z0-9_])(stderr|stdout)([^A-Za-z0-9_]|$)' | grep -v '^model/error\.c:' >>"$work/rows"
rule 'quiet below cli' "$work/rows" 'only cli/ exits, prints or asks the machine'
code "$below" "$call(strtod|strtof|strtold|strtol|strtoll|strtoul|strtoull|strtoimax|strtoumax)[ \t]*\(" >"$work/rows"
grep -E "^($below)" "$work/strings" |
    grep -E '"[^"]*%[-+#0]*[0-9*]*(\.[0-9*]*)?L?[aefgAEFG][^a-z]' >>"$work/rows"
rule 'numbers without locale' "$work/rows" 'model/number parses and prints numbers'

# 6. No mutable state at file scope or in a static local, but for output's list of temporary names and
#    the hook by which pv_oom has them removed.
place="^($below)[^:]*:[0-9]+:"
{
    grep -E "${place}[ 	]*static [^(]*(=|;|\[)" "$work/code"
    grep -E "${place}[ 	]*static [^(]*\(\*[^)]*\)\(.*\) *(=|;)" "$work/code"
    grep -E "${place}(struct |union |enum |unsigned |_Thread_local )?[a-z_][a-z0-9_]* \**[a-z_][a-z0-9_]*(\[[^]]*\])*[ 	]*(=|;)" \
        "$work/code" | grep -vE "${place}(typedef|extern|return|goto|static|(struct|union|enum) [a-z_0-9]+;)"
} | awk '{ text = $0; sub(/^[^:]*:[0-9]+:/, "", text); sub(/[=;].*/, "", text); if (text ~ /\(\*const [^)]*\)\(/) next
           last = text; while (match(last, /\*/)) last = substr(last, RSTART + 1)
           if (last !~ /(^|[^a-z_])const([^a-z_]|$)/) print }' |
    grep -vE '^model/(output|error)\.c:' | sort -u >"$work/rows"
rule 'no mutable state' "$work/rows" 'make it const (a table of pointers: *const), or a member'

# 7. Nothing from the machine of whoever wrote it: home folders but for the invented people's.
{ git ls-files -co --exclude-standard 2>/dev/null || find . -path './build*' -prune -o -type f -print; } |
    grep -v '^tests/layers\.sh$' | tr '\n' '\0' |
    xargs -0 grep -naoE '(^|[^A-Za-z0-9_./)-])(/(root|work)/|/(home|Users)/)[A-Za-z0-9_.-]*' 2>/dev/null |
    grep -vE '/(home|Users)/(user|me|ann|bob|alice)$' >"$work/rows"
rule 'no machine paths' "$work/rows" 'a path of one machine'

# 8. Every header compiles alone.
headers=$(echo "$sources" | grep '\.h$')
if [ -n "$headers" ]; then
    # shellcheck disable=SC2086
    ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -I. -w -fsyntax-only -x c $headers 2>&1 |
        grep -E ': (fatal )?error:' >"$work/rows"
    rule 'headers compile alone' "$work/rows" 'include what the header uses'
fi

# 9. Only a warning: a long file needs a reason.
for file in $sources; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 500 ] || echo "$file:500: warning: $lines lines; over 500 needs a reason"
done

echo "layers: $(echo "$sources" | wc -l) files; $(printf '%s, ' "${checked[@]}" | sed 's/, $//')"
if [ "$broken" -gt 0 ]; then
    echo "layers: $broken broken"
    exit 1
fi
echo "layers: all hold"
