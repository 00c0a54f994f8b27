cat bread.sh | tr a-z A-Z | wc -l >/dev/null &
sleep 0.02
wait
