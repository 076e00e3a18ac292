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
# what would have been known while it happened: both crises by the middle number of false alarms
expect 0 study -q --replay -c "$brands" demo.h5
printed 'When would it have been known'
printed '0.5 false alarms a month accepted'
expect 0 export demo.h5 alarms --format jsonl
"$PYTHON" - "$out" <<'PY' || fail 'the table alarms'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
crises = {(r["brand"], r["episode"]) for r in rows if r["kind"] == "crisis"}
assert len(crises) == 2, crises
for brand, episode in crises:
    told = [r for r in rows if (r["brand"], r["episode"]) == (brand, episode) and r["false_alarms_per_month"] == 0.5]
    assert told[0]["verdict"] == "right" and told[0]["seen"] >= 5, told
    assert 0 <= told[0]["after_onset_s"] < 6 * 3600, told
for budget in {r["false_alarms_per_month"] for r in rows}:
    assert sum(r["verdict"] == "false" and r["false_alarms_per_month"] == budget for r in rows) <= 8 * budget + 2, budget
PY
for table in crises bursts hourly inputs rejects response journey conversations replies; do
    expect 0 export demo.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
"$PYTHON" "$root/tests/cli/truth.py" "$demo/truth.json" . || fail 'the demo differs from its truth'

# small counts of persons in care and journeys: shown, and hidden once somebody says what is small
small_counts() {
    expect 0 export "$1" journey --format jsonl
    cp "$out" small.jsonl
    expect 0 export "$1" transitions --format jsonl
    cat "$out" >>small.jsonl
    expect 0 export "$1" touchpoints --format jsonl
    cat "$out" >>small.jsonl
    "$PYTHON" -c 'import json
print(sum(0 < (row.get(name) or 0) < 50 for row in map(json.loads, open("small.jsonl")) for name in ("authors", "advocates", "detractors")))'
}
[ "$(small_counts demo.h5)" -gt 20 ] || fail 'small counts of persons are not shown'
sed 's/"timezone"/"privacy": {"smallest_cell": 50}, "timezone"/' "$brands" >cells.json
expect 0 study -q -c cells.json demo.h5
[ "$(small_counts demo.h5)" = 0 ] || fail 'small counts of persons are shown'
