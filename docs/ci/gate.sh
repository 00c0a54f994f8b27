#!/bin/sh
# gate.sh HEAD…    holds a profile against budgets and writes a page about it, in any CI system.
#
# Several HEADs are several runs of the same work. The rest comes from the environment:
#   PROFVIZ_BASE      profiles to compare with, apart by blanks (none: no comparison)
#   PROFVIZ_BUDGETS   the budgets (budgets.json)
#   PROFVIZ_REPORT    the page (profviz-report.html)
#   PROFVIZ_JUNIT     a JUnit file to write, too (none)
#   PROFVIZ_UNKNOWN   pass or fail: what it means where it cannot be told (pass)
# GitHub gets the step's summary and annotations besides.
# Exit code: 0 kept, 1 something failed, 2 wrong use, 3 a budget is broken, 4 cannot tell (if asked).
set -u

page()
{
    set -- "$@" -o "${PROFVIZ_REPORT:-profviz-report.html}"
    # A page compares with one profile; several runs are for the statistics of check.
    case ${PROFVIZ_BASE:-} in
    '' | *' '*) ;;
    *) set -- "$@" --base "$PROFVIZ_BASE" ;;
    esac
    profviz report "$@"
}

gate()
{
    for base in ${PROFVIZ_BASE:-}; do
        set -- "$@" --base "$base"
    done
    set -- "$@" --budgets "${PROFVIZ_BUDGETS:-budgets.json}"
    [ -z "${PROFVIZ_JUNIT:-}" ] || profviz check "$@" --quiet -o "$PROFVIZ_JUNIT"
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || set -- "$@" --summary "$GITHUB_STEP_SUMMARY"
    [ "${GITHUB_ACTIONS:-}" != true ] || set -- "$@" --annotations
    profviz check "$@"
}

if [ $# -eq 0 ]; then
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
page "$@"
paged=$?
gate "$@"
verdict=$?
[ "$verdict" -ne 4 ] || [ "${PROFVIZ_UNKNOWN:-pass}" = fail ] || verdict=0
[ "$verdict" -ne 0 ] || verdict=$paged
exit $verdict
