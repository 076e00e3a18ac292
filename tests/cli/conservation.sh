#!/bin/sh
# Records in = posts + duplicates + notices + rejects, on every sample, whole and mutated in many
# ways: bytes flipped, dropped, doubled, lines cut. The program never crashes and never loses count;
# what run and inspect say is the same, and the summary prints the same sum.
. "$(dirname "$0")/lib.sh"
cd "$work"
echo '{"privacy": {"authors": "plain"}}' >plain.json # labels as inspect prints them
rounds=5
[ "$SANITIZED" = 1 ] && rounds=2
"$PYTHON" "$root/tests/cli/mutate.py" "$samples" mutated $rounds || fail 'mutate.py'

for threads in 1 2; do
    code=0
    "$BURZA" inspect -j $threads --format json --tz Europe/Warsaw "$samples" mutated \
        >"inspected$threads" 2>"$err" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "inspect ended with $code"
    code=0
    "$BURZA" run -c plain.json -j $threads --no-report --tz Europe/Warsaw -b 'any=nie OR na OR the OR norvia OR dzień OR hello OR is' \
        -o "run$threads.h5" "$samples" mutated >summary$threads 2>"$err" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "run ended with $code"
done
same run1.h5 run2.h5 'threads'
same inspected1 inspected2 'threads'
expect 0 verify run1.h5
expect 0 export run1.h5 inputs --format jsonl
cp "$out" inputs.jsonl
expect 0 export run1.h5 rejects --format jsonl
"$PYTHON" - inspected1 summary1 inputs.jsonl "$out" <<'PY' || fail 'records were lost'
import json, re, sys
rows, rejects = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[3:])
seen = {o["input"]: o for o in json.load(open(sys.argv[1], encoding="utf-8"))["inputs"]}
assert len(rows) == len(seen) > 100, (len(rows), len(seen))
total = 0
for row in rows:
    o = seen[row["input"]]
    listed = sum(r["records"] for r in rejects if r["input"] == row["input"] and r["type"] != "repair")
    assert row["records"] == row["posts"] + row["duplicates"] + row["rejects"], row
    assert row["posts"] >= 0 and row["duplicates"] >= 0, row
    assert row["status"] != "duplicate" or not row["posts"], row
    assert row["rejects"] == listed, (row, listed)
    assert o["records"] == o["posts"] + sum(o["rejects"].values()), o
    assert (row["records"], row["posts"] + row["duplicates"]) == (o["records"], o["posts"]), (row, o)
    total += row["posts"]
assert total > 100, total
assert sum(row["duplicates"] for row in rows) > 100
summary = open(sys.argv[2], encoding="utf-8").read()
records, *parts = map(int, re.search(
    r"^Read \d+ inputs: (\d+) records = (\d+) posts \+ (\d+) duplicates \+ (\d+) notices \+ (\d+) rejects",
    summary).groups())
assert records == sum(parts) == sum(row["records"] for row in rows), (records, parts)
assert parts[0] == total and parts[1] == sum(row["duplicates"] for row in rows), parts
assert "Every record could be used" not in summary
PY

# -- whole and alone a sample says that every record was used exactly when nothing was set aside,
# repaired, skipped or left out
[ "$SANITIZED" = 0 ] || exit 0 # each was read above
find "$samples" -type f | sort >names
while read -r sample; do
    rm -rf one.h5 one.h5.parts
    code=0
    "$BURZA" run --no-report --tz Europe/Warsaw -b any=norvia -o one.h5 "$sample" >summary 2>"$err" || code=$?
    [ -e one.h5 ] || continue
    expect 0 export one.h5 inputs --format jsonl
    cp "$out" inputs.jsonl
    expect 0 export one.h5 rejects --format jsonl
    "$PYTHON" - inputs.jsonl "$out" summary "$code" <<'PY' || fail "$sample: the summary's last word"
import json, sys
rows, rejects = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:3])
times = ("rough_time", "repeated_hour", "skipped_hour")
fine = not any(r["type"] != "notice" and r["reason"] not in times for r in rejects) and all(
    r["status"] == "whole" and not r["members_skipped"] and not r["duplicates"] and r["posts"] for r in rows)
said = "Every record could be used" in open(sys.argv[3], encoding="utf-8").read()
assert said == fine, (rows, rejects)
PY
done <names
