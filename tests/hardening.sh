#!/bin/bash
# tests/hardening.sh PROGRAM HARDENED: what readelf sees of the protections of cmake/hardening.cmake
# in the finished program. HARDENED is what that build was asked for; other builds (sanitizers,
# fuzzing, debugging) are skipped, as are systems without ELF.
set -u
export LC_ALL=C
program=$1
if [ "${2-}" != ON ]; then
    echo "skipped: this build is not a hardened one"
    exit 77
fi
if ! command -v readelf >/dev/null 2>&1 || ! readelf -h "$program" >/dev/null 2>&1; then
    echo "skipped: no readelf, or not an ELF program"
    exit 77
fi
header=$(readelf -hW "$program")
segments=$(readelf -lW "$program")
dynamic=$(readelf -dW "$program")
symbols=$(readelf --dyn-syms -W "$program")
notes=$(readelf -nW "$program" 2>/dev/null)
failed=0

# wants WHAT TEXT PATTERN: the text has a line that fits.
wants()
{
    if grep -qE -- "$3" <<<"$2"; then
        echo "ok: $1"
    else
        echo "MISSING: $1"
        failed=1
    fi
}

# refuses WHAT TEXT PATTERN: it has none.
refuses()
{
    if grep -qE -- "$3" <<<"$2"; then
        echo "FOUND: $1"
        grep -E -- "$3" <<<"$2"
        failed=1
    else
        echo "ok: no $1"
    fi
}

wants 'position independent (type DYN)' "$header" 'Type: +DYN'
wants 'marked as a program that is one (PIE)' "$dynamic" 'FLAGS_1.*PIE'
wants 'read-only relocations' "$segments" 'GNU_RELRO'
wants 'all symbols bound at the start (full RELRO)' "$dynamic" 'FLAGS_1.*NOW'
wants 'a stack that cannot be executed' "$segments" 'GNU_STACK .* RW +0x'
refuses 'segment that is writable and executable' "$segments" '^ +[A-Z_]+ .* RWE '
refuses 'relocations in code' "$dynamic" 'TEXTREL'
wants 'stack protector' "$symbols" '__stack_chk_(fail|guard)'
if ldd --version 2>&1 | grep -qiE 'glibc|gnu libc'; then
    wants 'buffers checked by the C library' "$symbols" ' __[a-z]+_chk@'
    refuses 'copy or print past that check' "$symbols" ' (strcpy|strcat|sprintf|vsprintf|gets|snprintf|vsnprintf|longjmp)@'
fi
# The linker marks a program only if every object is marked, and some systems' start files are not:
# there the code itself is looked at.
if [ "$(uname -m)" = x86_64 ]; then
    trial=$(mktemp)
    trap 'rm -f "$trial"' EXIT
    if ! echo 'int main(void) { return 0; }' | "${CC:-cc}" -fcf-protection=full -xc - -o "$trial" 2>/dev/null; then
        echo 'skipped: this compiler has no -fcf-protection'
    elif readelf -nW "$trial" | grep -q 'IBT, SHSTK'; then
        wants 'marked for indirect branches and shadow stacks (CET)' "$notes" 'IBT, SHSTK'
    elif command -v objdump >/dev/null 2>&1; then
        landings=$(objdump -d "$program" | grep -c endbr64)
        echo "the system's start files have no CET mark, so a program gets none; $landings landing pads"
        wants 'landing pads for indirect branches (CET)' "$landings" '^[0-9]{3,}$'
    else
        echo 'skipped: CET, for want of objdump'
    fi
fi
exit $failed
