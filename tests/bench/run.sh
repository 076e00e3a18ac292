#!/usr/bin/env bash
# Measures burza against its targets: its peers, the floor, an earlier version, other packings.
#
#   tests/bench/run.sh [-s BYTES] [-n ROUNDS] [-x SELECTION] [-o EARLIER] [-w FOLDER] [-r RESULTS] [BUILD]
#
#   -s  bytes of each input, unpacked (1000000000; take 50000000 for a quick look)
#   -n  rounds (3): in each round every contender runs once, one after the other (A B A B)
#   -x  what to measure (default all): real earlier threads folder study texts stream dumps archive
#       growth brands; the rows of the table of targets are in the first seven
#   -o  folder with burza of version 0.1.0 (commit 2df2e83), for the rows that compare with it
#   -w  where inputs are made and kept from run to run (default: a temporary folder, removed)
#   -r  where results are written (results/bench)
#   BUILD  folder with burza and datasets/generate (build/release)
#
# Prints the table of targets, and writes RESULTS/DATE-MACHINE.csv (every single run) and .md (targets,
# medians, ratios). Wants /usr/bin/time, igzip, gzip, zstd, bzip2, xz, tar; valgrind for instructions,
# bgzip for its row; the peers want node and, once, npm install. What is missing is said in its row.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "$0")/../.." && pwd)
size=1000000000 rounds=3
selection="real earlier threads folder study texts stream dumps archive growth brands"
earlier= folder= results=$root/results/bench
while getopts s:n:x:o:w:r: option; do
  case $option in
    s) size=$OPTARG ;;
    n) rounds=$OPTARG ;;
    x) selection=$OPTARG ;;
    o) earlier=$(cd "$OPTARG" && pwd)/burza ;;
    w) folder=$OPTARG ;;
    r) results=$OPTARG ;;
    *) sed -n '4,17p' "$0" >&2; exit 64 ;;
  esac
done
shift $((OPTIND - 1))
for part in $selection; do
  grep -q "^measure_$part()" "$root/tests/bench/measures.sh" ||
    { echo "run.sh: nothing is called $part (-x)" >&2; exit 64; }
done
build=$(cd "${1:-$root/build/release}" && pwd)
burza=$build/burza generate=$build/datasets/generate
brands=$root/datasets/demo/brands.json
machine=$(hostname -s 2>/dev/null || echo machine)
name=$(date +%Y-%m-%d)-${BENCH_MACHINE:-$machine}

if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder/peers" "$results"
runs=$results/$name.csv
page=$results/$name.md
say() { echo "bench: $*" >&2; }
. "$root/tests/bench/inputs.sh"
. "$root/tests/bench/machine.sh"
. "$root/tests/bench/contenders.sh"
. "$root/tests/bench/measures.sh"

[ "$size" -ge 200000000 ] || say "inputs are so small that starting a process weighs on every ratio"
peers=
prepare_peers && peers=yes || say "without node's packages: no DuckDB, VADER, sentiment"
echo "case,tool,round,wall_s,user_s,system_s,peak_kb,count" >"$runs"
machine_begin
for part in $selection; do
  say "$part"
  "measure_$part"
done
machine_end
"$root/tests/bench/summary.sh" "$runs" "$folder" >"$page.tmp"
{ machine_text; cat "$page.tmp"; } >"$page"
rm "$page.tmp"
sed -n '/^## Targets/,/^## /{/^[|A-Z]/p}' "$page"
say "wrote $page and $runs"
