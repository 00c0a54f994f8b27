#!/bin/bash
# Bakes: functions, a loop, a command substitution and a subshell for a trace to show.
PS4='+ $EPOCHREALTIME ${#FUNCNAME[@]} ${BASH_SOURCE##*/}:$LINENO: '
set -x
knead()
{
    sleep 0.02
}
make_bread()
{
    local loaf
    for loaf in 1 2; do
        knead
        sleep 0.03
    done
    echo "loaf
done"
}
make_bread
flour=$(sleep 0.01; echo rye)
(cd / && sleep 0.01)
[ "$flour" = rye ] && make_bread
:
