#!/usr/bin/env bash
# Measures burza against its peers and the floor, on inputs made for it.
#
#   tests/bench/run.sh [-s BYTES] [-n ROUNDS] [-x SELECTION] [-w FOLDER] [-r RESULTS] [BUILD]
#
#   -s  bytes of each input, unpacked (1000000000; take 50000000 for a quick look)
#   -n  rounds (3): in each round every contender runs once, one after the other (A B A B)
#   -x  what to measure (default all): dumps archive texts growth threads brands stream
#   -w  where inputs are made and kept from run to run (default: a temporary folder, removed)
#   -r  where results are written (results/bench)
#   BUILD  folder with burza and datasets/generate (build/release)
#
# Writes RESULTS/DATE-MACHINE.csv (every single run) and .md (medians and ratios). Wants
# /usr/bin/time, igzip, gzip, zstd, bzip2, tar; the peers want node and, once, npm install.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "$0")/../.." && pwd)
size=1000000000 rounds=3 selection="dumps archive texts growth threads brands stream"
folder= results=$root/results/bench
while getopts s:n:x:w:r: option; do
  case $option in
    s) size=$OPTARG ;;
    n) rounds=$OPTARG ;;
    x) selection=$OPTARG ;;
    w) folder=$OPTARG ;;
    r) results=$OPTARG ;;
    *) sed -n '4,14p' "$0" >&2; exit 64 ;;
  esac
done
shift $((OPTIND - 1))
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
. "$root/tests/bench/inputs.sh"
. "$root/tests/bench/machine.sh"

say() { echo "bench: $*" >&2; }
wanted() { case " $selection " in *" $1 "*) ;; *) return 1 ;; esac; }

# once CASE TOOL COMMAND...: runs it, notes wall and processor seconds and peak memory.
once() {
  local case=$1 tool=$2 code=0
  shift 2
  /usr/bin/time -o "$folder/time" -f '%e,%U,%S,%M' "$@" >/dev/null 2>"$folder/err" || code=$?
  if [ $code -ne 0 ]; then
    say "$case, $tool: exit code $code: $(tail -n 1 "$folder/err")"
    return
  fi
  echo "$case,$tool,$round,$(tail -n 1 "$folder/time")" >>"$runs"
}

run_burza() { # CASE TOOL INPUT OPTION...
  local case=$1 tool=$2 input=$3
  shift 3
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  once "$case" "$tool" "$burza" run -q -c "$brands" -o "$folder/audit.h5" "$@" "$input"
}

duckdb() { # CASE KIND INPUT
  [ "$peers" ] || return 0
  once "$1" duckdb node "$folder/peers/duckdb_count.js" "$2" "$3" 2
}

floor() { # CASE COMMAND...
  local case=$1
  shift
  once "$case" floor "$@"
}

measure_dumps() {
  for kind in tweets reddit; do
    dump_inputs $kind
    for round in $(seq "$rounds"); do
      run_burza $kind.gz burza "$folder/$kind.jsonl.gz"
      floor $kind.gz igzip -dc "$folder/$kind.jsonl.gz"
      duckdb $kind.gz $kind "$folder/$kind.jsonl.gz"
      run_burza $kind.zst burza "$folder/$kind.jsonl.zst"
      floor $kind.zst zstd -qdc "$folder/$kind.jsonl.zst"
      duckdb $kind.zst $kind "$folder/$kind.jsonl.zst"
      run_burza $kind.plain burza "$folder/$kind.jsonl"
      floor $kind.plain cat "$folder/$kind.jsonl"
      duckdb $kind.plain $kind "$folder/$kind.jsonl"
    done
  done
  for kind in csv brandcsv; do
    plain_input $kind csv
    for round in $(seq "$rounds"); do
      run_burza $kind burza "$folder/$kind.csv"
      floor $kind cat "$folder/$kind.csv"
      duckdb $kind csv "$folder/$kind.csv"
    done
  done
}

measure_archive() {
  archive_input
  for round in $(seq "$rounds"); do
    run_burza tar.bz2 burza "$folder/tweets.tar"
    floor tar.bz2 sh -c "tar -xOf '$folder/tweets.tar' | bzip2 -dc"
  done
}

measure_texts() {
  texts_input
  for round in $(seq "$rounds"); do
    once texts burza "$burza" score "$folder/texts.txt"
    once texts burza-1-thread "$burza" score -j1 "$folder/texts.txt"
    for tool in vader sentiment; do
      [ "$peers" ] || continue
      once texts-few $tool node "$folder/peers/sentiment_texts.js" $tool "$folder/texts-few.txt"
    done
  done
}

measure_growth() {
  for part in 4 2 1; do
    plain_part reddit $part
    zstd_of "$folder/reddit-$part.jsonl"
  done
  for round in $(seq "$rounds"); do
    for part in 4 2 1; do
      run_burza growth-1/$part burza "$folder/reddit-$part.jsonl.zst"
    done
  done
}

measure_threads() {
  plain_input brandcsv csv
  archive_input
  for round in $(seq "$rounds"); do
    for threads in 1 2; do
      run_burza threads-brandcsv burza-$threads "$folder/brandcsv.csv" -j$threads
      run_burza threads-tar.bz2 burza-$threads "$folder/tweets.tar" -j$threads
    done
  done
}

measure_brands() {
  plain_part reddit 4
  for round in $(seq "$rounds"); do
    for count in 1 10 100 1000; do
      brand_list $count
      brands=$folder/brands-$count.json run_burza brands burza-$count "$folder/reddit-4.jsonl"
    done
  done
}

# Ten times the size, never on disk.
measure_stream() {
  round=1
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  once stream burza sh -c "'$generate' bench --kind tweets --bytes $((size * 10)) --seed 4 \
    --templates '$root/datasets/templates' |
    /usr/bin/time -o '$folder/stream' -f %M '$burza' run -q -c '$brands' -o '$folder/audit.h5' -"
  say "stream: burza took $(tail -n 1 "$folder/stream") kB at most"
}

peers=
prepare_peers && peers=yes || say "without node's packages: no DuckDB, VADER, sentiment"
echo "case,tool,round,wall_s,user_s,system_s,peak_kb" >"$runs"
machine_begin
for part in $selection; do
  wanted "$part" && say "$part" && "measure_$part"
done
machine_end
"$root/tests/bench/summary.sh" "$runs" "$folder" >"$page.tmp"
{ machine_text; cat "$page.tmp"; } >"$page"
rm "$page.tmp"
say "wrote $page and $runs"
