#!/bin/sh
# Draws docs/gallery.md's pictures anew, with the program in build/; those of the HTML page need
# Chromium and what package.json names, and stay as they are without.
set -eu
cd "$(dirname "$0")/.."
profviz=${PROFVIZ:-build/profviz}
to=docs/gallery
page=$(mktemp -d)
trap 'rm -rf "$page"' EXIT

# draw NAME INPUT VIEW OPTIONS…: still, without the profile, so that it is small.
draw()
{
    picture=$to/$1.svg from=$2 kind=$3
    shift 3
    "$profviz" -q --view "$kind" --no-js --no-data "$@" "$from" -o "$picture"
}

# Fewer, larger frames of the native program, which has by far the most.
all()
{
    what=$1 input=$2
    shift 2
    for view in flame icicle treemap sunburst; do
        draw "$what-$view" "$input" $view --title "$what" "$@"
    done
    draw "$what-files" "$input" treemap --by files --title "$what, by files" "$@"
    draw "$what-pie" "$input" pie --title "$what"
}

shop=samples/shop/shop.folded native=$to/profviz.callgrind.gz clang=samples/chrome_trace/clang.json
all shop $shop
all profviz $native --max-frames 200
all clang $clang
draw shop-graph samples/shop/shop.pstats graph --title shop -n 2 -e 0.5
draw profviz-graph $native graph --title profviz -n 3 -e 1
draw clang-graph $clang graph --title clang
draw clang-chart $clang chart --title clang
compare()
{
    view=$1
    shift
    "$profviz" diff -q --view "$view" --no-js --no-data "$@" samples/shop/shop.pstats samples/shop/slower.pstats -o "$to/shop-diff-$view.svg"
}
compare flame --minwidth 1px
compare graph --nodecount 40
draw pantry-timeline samples/massif/pantry.massif timeline --title pantry

if [ -d node_modules/playwright-core ]; then
    "$profviz" -q $shop -o "$page/shop.html"
    node docs/gallery.mjs "$page/shop.html" $to/page-flame.png
    node docs/gallery.mjs "$page/shop.html" $to/page-sandwich.png 2
fi
