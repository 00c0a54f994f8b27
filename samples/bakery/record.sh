#!/bin/sh
# Records ../cpuprofile/node20.cpuprofile and ../heapprofile/node20.heapprofile again, with the Node.js at
# hand (20.20 made those that are there). Run it inside this folder; times will differ.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp bakery.js "$folder"
(cd "$folder" && node --cpu-prof --cpu-prof-interval 4000 --cpu-prof-name cpu bakery.js)
(cd "$folder" && node --heap-prof --heap-prof-interval 16384 --heap-prof-name heap bakery.js)
sed "s,$folder,/srv/bakery,g" "$folder/cpu" >../cpuprofile/node20.cpuprofile
sed "s,$folder,/srv/bakery,g" "$folder/heap" >../heapprofile/node20.heapprofile
