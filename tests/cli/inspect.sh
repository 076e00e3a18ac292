#!/bin/sh
# burza inspect on every sample: golden text and JSON, the same for files, folders and threads.
. "$(dirname "$0")/lib.sh"
cd "$root/datasets"

# a sample of every folder as text; times and formats as JSON
for threads in 1 2 4; do
    code=0
    "$BURZA" inspect -j $threads samples >"$out" 2>"$err" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "inspect samples ended with $code"
    golden inspect.txt "$out"
    code=0
    "$BURZA" inspect -j $threads --format json samples >"$out" 2>"$err" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "inspect --format json ended with $code"
    golden inspect.json "$out"
done
[ ! -s "$err" ] || fail 'inspect says something'
"$PYTHON" - "$out" <<'PY' || fail 'inspect does not add up'
import json, sys
for o in json.load(open(sys.argv[1], encoding="utf-8"))["inputs"]:
    assert o["records"] == o["posts"] + sum(o["rejects"].values()), o
    assert not o["damaged"], o
    assert o["posts"] > 0 or o["note"] or o["rejects"] or o["formats"] == ["side_file"], o
PY

# standard input, and options that decide how times are read
cd "$work"
printf 'id,created_at,author,text\n1,03/04/2023 12:00,a,dzień dobry\n2,2023-03-01 12:00,b,hello\n' >naive.csv
expect 2 inspect --format json naive.csv
printed '"posts":0'
expect 0 inspect --format json --tz Europe/Warsaw naive.csv
printed '"rejects":{"date_order":1}'
expect 0 inspect --format json --tz Europe/Warsaw --month-first naive.csv
printed '"posts":2'
printed '"last_iso":"2023-03-04T11:00:00Z"'
expect 0 inspect --format json --tz Europe/Warsaw --day-first naive.csv
printed '"last_iso":"2023-04-03T10:00:00Z"'
cp "$out" file.json
expect 0 inspect --format json --tz Europe/Warsaw --day-first - <naive.csv
sed 's/"input":"-"/"input":"naive.csv"/' "$out" >stdin.json
same file.json stdin.json 'standard input'
