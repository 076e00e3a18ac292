#!/bin/sh
# The demo against its truth: every mention, both crises with their onset, the burst and the flood,
# and nothing else called a crisis. In the configuration's time zone and in another.
. "$(dirname "$0")/lib.sh"
cd "$work"
expect 0 run -c "$brands" -o demo.h5 "$demo"/*.tar "$demo"/*.zst "$demo"/*.csv.gz
for words in 'crisis severity' 'Łąkowianka: ' 'what set it apart' 'Times are Europe/Warsaw' \
    'records could not be used'; do
    printed "$words"
done
for table in crises bursts hourly inputs rejects; do
    expect 0 export demo.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
"$PYTHON" "$root/tests/cli/truth.py" "$demo/truth.json" . || fail 'the demo differs from its truth'
