#!/usr/bin/env bash
# The recipes of docs/ci.md do what it says: each script of docs/ci records something that really runs, and gate.sh judges it.
# A recipe whose program is not here is named and passed over; exit 77 where that is all of them.
set -u
profviz=${PROFVIZ:?names the program}
top=$(cd "$(dirname "$0")/.." && pwd)
recipes=$top/docs/ci
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$profviz" "$folder/bin/profviz"
PATH=$folder/bin:$PATH
unset GITHUB_STEP_SUMMARY GITHUB_ACTIONS SOURCE_DATE_EPOCH
cd "$folder" || exit 1
export PYTHONDONTWRITEBYTECODE=1
failed=0 tried=0

fail() {
    echo "FAILED: $*"
    failed=1
}

# run WHAT PROBE COMMAND…: a recipe whose probe answers must work.
run() {
    local what=$1 probe=$2
    shift 2
    if ! eval "$probe" >/dev/null 2>&1; then
        echo "$what: not here"
        return 1
    fi
    tried=$((tried + 1))
    "$@" >words 2>&1 || { fail "$what: $(tail -n 5 words)"; return 1; }
}

# verdict WANTED WHAT COMMAND…: gate.sh (or check) ends with that exit code, and a page is there.
verdict() {
    local wanted=$1 what=$2 got
    shift 2
    rm -f profviz-report.html
    "$@" >words 2>&1
    got=$?
    [ "$got" = "$wanted" ] || fail "$what: exit $got, not $wanted: $(tail -n 5 words)"
    [ -s profviz-report.html ] || fail "$what: no page"
}

cp "$top"/samples/shop/*.py "$top"/tests/recipes/test_shop.py .
mkdir slower
cp ./*.py slower
(cd slower && patch --quiet --strip=1 <"$top/samples/shop/slower.patch") || fail "slower.patch does not fit"
cat >budgets.json <<'JSON'
{ "budgets": [ { "module": "pricing.py", "metric": "calls", "max_increase": 0 } ] }
JSON

# Two runs have the same calls; the slower rule has more.
python_recipe() {
    local what=$1 probe=$2 script=$3
    run "$what" "$probe" "$script" base.pstats test_shop || return
    "$script" head.pstats test_shop >words 2>&1 || fail "$what: a second time"
    PROFVIZ_BASE=base.pstats verdict 0 "$what, unchanged" "$recipes/gate.sh" head.pstats
    (cd slower && "$script" ../slower.pstats test_shop) >words 2>&1 || fail "$what: slower"
    PROFVIZ_BASE=base.pstats PROFVIZ_JUNIT=junit.xml GITHUB_STEP_SUMMARY=$folder/summary.md \
        verdict 3 "$what, slower" "$recipes/gate.sh" slower.pstats
    grep -q 'pricing.py' words || fail "$what: does not say where"
    grep -q '<failure' junit.xml || fail "$what: JUnit does not know"
    grep -q 'pricing.py' summary.md || fail "$what: the summary does not say where"
}

pytest_here() {
    pytest_shop() { "$recipes/pytest.sh" "$1" "$PWD/$2.py"; }
    python_recipe pytest 'python3 -c "import pytest"' pytest_shop
}

# What GitHub runs is gate.sh with the action's inputs as its environment: each is there under its name.
action_is_whole() {
    local name
    for name in $(grep -o 'PROFVIZ_[A-Z]*' "$recipes/action.yml" | sort -u); do
        [ "$name" = PROFVIZ_PROFILES ] || grep -q "$name" "$recipes/gate.sh" || fail "action.yml: gate.sh knows no $name"
    done
    for name in $(sed -n '/^inputs:/,/^runs:/s/^  \([a-z]*\):$/\1/p' "$recipes/action.yml"); do
        grep -q "inputs\.$name " "$recipes/action.yml" || fail "action.yml: the input $name has no effect"
    done
}

silk() {
    mkdir -p silk
    local i
    for i in 1 2 3; do
        python3 -m cProfile -o "silk/request$i.prof" shop.py --days 1 --customers "$i" >words || return 1
    done
    "$recipes/silk.sh" silk silk.json
}

c() {
    cc -g -O1 -o work "$top/tests/recipes/work.c" &&
        "$recipes/callgrind.sh" work.callgrind ./work 1000 && "$recipes/callgrind.sh" more.callgrind ./work 1100
}

# The story of docs/ci.md, with the words and the file that it shows.
story() {
    local samples=$top/samples/shop
    "$profviz" check "$samples/slower.pstats" --base "$samples/shop.pstats" --budgets "$top/docs/ci/shop.budgets.json" >story 2>/dev/null
    [ $? = 3 ] || fail "the story: not broken"
    sed -n '/^    \$ profviz check/,/^$/s/^    //p' "$top/docs/ci.md" | tail -n +2 | cmp - story || fail "docs/ci.md shows other words"
    sed -n '/^```json/,/^```$/p' "$top/docs/ci.md" | sed '1d;$d' | cmp - "$top/docs/ci/shop.budgets.json" || fail "docs/ci.md shows other budgets"
}

story
python_recipe unittest 'command -v python3' "$recipes/unittest.sh"
pytest_here
action_is_whole

run django-silk 'command -v python3' silk &&
    verdict 0 django-silk env PROFVIZ_BUDGETS="$top/docs/ci/shop.budgets.json" PROFVIZ_BASE=silk.json "$recipes/gate.sh" silk.json

cat >instructions.json <<'JSON'
{ "budgets": [ { "function": "mix", "max_increase": "5 %", "optional": true }, { "pattern": "^(main|mix)$", "metric": "Ir", "max_increase": "5 %" } ] }
JSON
export PROFVIZ_BUDGETS=instructions.json
if run callgrind 'command -v valgrind && command -v cc' c; then
    PROFVIZ_BASE=work.callgrind verdict 0 "callgrind, unchanged" "$recipes/gate.sh" work.callgrind
    PROFVIZ_BASE=work.callgrind verdict 3 "callgrind, 10 % more" "$recipes/gate.sh" more.callgrind
fi

cat >shares.json <<'JSON'
{ "budgets": [ { "function": "mix", "max": "100 %" }, { "function": "mix", "max": "1 %", "level": "warn" } ] }
JSON
export PROFVIZ_BUDGETS=shares.json
run node 'command -v node' "$recipes/node.sh" "$folder/work.cpuprofile" "$top/tests/recipes/work.js" &&
    verdict 0 node "$recipes/gate.sh" work.cpuprofile

cat >samples.json <<'JSON'
{ "budgets": [ { "function": "Catalogue.search", "max": "70 %" } ] }
JSON
export PROFVIZ_BUDGETS=samples.json
run sampler true "$recipes/sampler.sh" shop.folded.gz cat "$top/samples/shop/shop.folded" &&
    verdict 0 sampler "$recipes/gate.sh" shop.folded.gz

# Where it cannot be told, PROFVIZ_UNKNOWN decides.
cat >unknown.json <<'JSON'
{ "budgets": [ { "function": "search", "metric": "time", "max_increase": "1 %" } ] }
JSON
export PROFVIZ_BUDGETS=unknown.json PROFVIZ_BASE=$top/samples/shop/slower.pstats
verdict 0 "cannot tell" "$recipes/gate.sh" "$top/samples/shop/shop.pstats"
PROFVIZ_UNKNOWN=fail verdict 4 "cannot tell, asked" "$recipes/gate.sh" "$top/samples/shop/shop.pstats"

echo "$tried recipes ran"
[ "$tried" -gt 0 ] || exit 77
exit $failed
