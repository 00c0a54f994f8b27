#!/bin/sh
# Draws the README's pictures anew, from samples/shop, with the program in build/.
set -eu
cd "$(dirname "$0")/.."
profviz=${PROFVIZ:-build/profviz}
"$profviz" -q samples/shop/shop.folded -o docs/pictures/flame.svg --title "A car part shop"
"$profviz" -q samples/shop/shop.pstats -o docs/pictures/graph.svg --title "A car part shop" -n 2 -e 0.5
"$profviz" -q samples/shop/shop.folded --view treemap --by files -o docs/pictures/treemap.svg --title "A car part shop"
"$profviz" -q samples/trace/orders.trace --view chart -o docs/pictures/chart.svg --title "Orders in a bakery"
"$profviz" -q samples/shop/shop.folded --view sunburst -o docs/pictures/sunburst.svg --title "A car part shop"
