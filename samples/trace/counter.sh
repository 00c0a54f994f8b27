#!/bin/bash
# A script that says what it does, into the file $TRACE: nothing but lines printed. Needs bash 5.
set -eu
: "${TRACE:?set TRACE to the file to be written}"

# The time in seconds with six places, the same in every locale; and a line of the trace, whose
# fields are apart by tabs so that names may hold blanks.
now() { printf '%s' "${EPOCHREALTIME/,/.}"; }
event() {
    local IFS=$'\t'
    printf '%s\n' "$*" >>"$TRACE"
}

# traced NAME COMMAND...: the command as one call.
traced() {
    local name=$1 status=0
    shift
    event B "$name" "$(now)" thread=counter
    "$@" || status=$?
    event E "$name" "$(now)" thread=counter
    return $status
}

serve() {
    traced 'greet the customer' sleep 0.002
    traced 'wrap the bread' sleep 0.003
    event C customers "$1" "$(now)"
}

printf '# profviz trace 1 unit=s process=counter\n' >>"$TRACE"
for customer in 1 2 3; do
    traced serve serve "$customer"
done
