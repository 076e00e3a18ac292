#!/usr/bin/env bash
# Instruction counts of small fixed runs, within 5 % of the recorded ones: a gate against slow
# creep that holds on a noisy machine. A tier of its own, not part of ctest.
#
#   tests/bench/gate.sh [--record] [BUILD]      BUILD: folder with burza and datasets/generate
#
# Counts come from callgrind, one thread, without SHA-256, for which processors have instructions that
# callgrind hides. A run that got cheaper than that passes, and asks to be
# recorded. Where the build has bench_match_flood, twice the bytes of hostile texts may cost the
# matcher no more than 2.3 times the instructions. Exit 0 passed, 1 too many instructions, 77
# valgrind is missing or the inputs are not the recorded ones.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "$0")/../.." && pwd)
recorded=$root/tests/bench/gate.txt
record=
[ "${1:-}" = --record ] && record=yes && shift
build=$(cd "${1:-$root/build/release}" && pwd)
command -v valgrind >/dev/null || { echo "gate: valgrind is not installed" >&2; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

make() { # KIND BYTES
  "$build/datasets/generate" bench --kind "$1" --bytes "$2" --seed 3 --templates "$root/datasets/templates"
}
make tweets 16000000 | gzip -n -6 >"$folder/tweets.jsonl.gz"
make reddit 8000000 | zstd -q -3 >"$folder/reddit.jsonl.zst"
make stream 8000000 | gzip -n -6 >"$folder/stream.jsonl.gz"
make forum 8000000 | zstd -q -3 >"$folder/forum.jsonl.zst"
make brandcsv 2000000 >"$folder/brandcsv.csv"

counted() { # COMMAND...: instructions, without those of SHA-256
  valgrind --tool=callgrind --callgrind-out-file="$folder/counts" "$@" >/dev/null 2>&1
  callgrind_annotate --inclusive=yes --threshold=100 "$folder/counts" | tr -d , |
    awk '/PROGRAM TOTALS/ { all = $1 } /:SHA256_Update( |$)/ && !sha { sha = $1 } END { print all - sha }'
}

count() { # INPUT: instructions of a whole run
  rm -rf "$folder/audit.h5" "$folder/audit.h5.parts"
  counted "$build/burza" run -q -j1 -c "$root/datasets/demo/brands.json" -o "$folder/audit.h5" "$1"
}

code=0
[ "$record" ] && : >"$folder/gate.txt"
for name in tweets.jsonl.gz reddit.jsonl.zst stream.jsonl.gz forum.jsonl.zst brandcsv.csv; do
  sum=$(sha256sum <"$folder/$name" | cut -c1-16)
  now=$(count "$folder/$name")
  [ "$record" ] && echo "$name $sum $now" >>"$folder/gate.txt" && echo "gate: $name $now" && continue
  read -r then_sum then < <(sed -n "s/^$name //p" "$recorded") || { echo "gate: $name is not recorded"; exit 77; }
  if [ "$sum" != "$then_sum" ]; then
    echo "gate: $name is not the recorded input (another generator or packer): record again"
    code=77
    continue
  fi
  percent=$(awk -v now="$now" -v then="$then" 'BEGIN { printf "%+.1f", 100 * (now / then - 1) }')
  echo "gate: $name $now instructions, $percent % of the recorded $then"
  awk -v percent="$percent" 'BEGIN { exit !(percent > 5) }' && code=1
  awk -v percent="$percent" 'BEGIN { exit !(percent < -5) }' && echo "gate: $name got cheaper: tests/bench/gate.sh --record"
done
flood=$build/tests/bench/bench_match_flood
if [ -x "$flood" ]; then
  half=$(counted "$flood" 32000)
  whole=$(counted "$flood" 64000)
  growth=$(awk -v half="$half" -v whole="$whole" 'BEGIN { printf "%.2f", whole / half }')
  echo "gate: matching hostile texts of 32,000 and 64,000 bytes: $half and $whole instructions, $growth times"
  awk -v growth="$growth" 'BEGIN { exit !(growth > 2.3) }' && code=1
else
  echo "gate: hostile texts are left out: cmake --build BUILD --target bench_match_flood"
fi
[ "$record" ] && mv "$folder/gate.txt" "$recorded"
exit $code
