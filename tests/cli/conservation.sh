#!/bin/sh
# Records in = posts + rejects by reason, on every sample, whole and mutated in many ways: bytes
# flipped, dropped, doubled, lines cut. The program never crashes and never loses count; what run
# and inspect say is the same.
. "$(dirname "$0")/lib.sh"
cd "$work"
rounds=25
[ "$SANITIZED" = 1 ] && rounds=6
"$PYTHON" "$root/tests/cli/mutate.py" "$samples" mutated $rounds || fail 'mutate.py'

for threads in 1 2; do
    code=0
    "$BURZA" inspect -j $threads --format json --tz Europe/Warsaw "$samples" mutated \
        >"inspected$threads" 2>"$err" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "inspect ended with $code"
    code=0
    "$BURZA" run -q -j $threads --tz Europe/Warsaw -b 'any=nie OR na OR the OR norvia OR dzień OR hello OR is' \
        -o "run$threads.h5" "$samples" mutated >"$out" 2>"$err" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "run ended with $code"
done
same run1.h5 run2.h5 'threads'
same inspected1 inspected2 'threads'
expect 0 verify run1.h5
expect 0 export run1.h5 inputs --format jsonl
cp "$out" inputs.jsonl
expect 0 export run1.h5 rejects --format jsonl
"$PYTHON" - inspected1 inputs.jsonl "$out" <<'PY' || fail 'records were lost'
import json, sys
rows, rejects = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[2:])
seen = {o["input"]: o for o in json.load(open(sys.argv[1], encoding="utf-8"))["inputs"]}
assert len(rows) == len(seen) > 100, (len(rows), len(seen))
total = 0
for row in rows:
    o = seen[row["input"]]
    listed = sum(r["records"] for r in rejects if r["input"] == row["input"] and r["type"] != "repair")
    assert row["records"] == row["posts"] + row["rejects"], row
    assert row["rejects"] == listed, (row, listed)
    assert o["records"] == o["posts"] + sum(o["rejects"].values()), o
    assert (row["records"], row["posts"]) == (o["records"], o["posts"]), (row, o)
    total += row["posts"]
assert total > 100, total
PY
