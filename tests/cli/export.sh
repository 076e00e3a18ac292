#!/bin/sh
# burza export: every table as CSV and JSON Lines says the same, in one shape, and adds up.
. "$(dirname "$0")/lib.sh"
cd "$work"
set_inputs
# shellcheck disable=SC2086
expect 0 run -q --no-report -c "$brands" -o a.h5 $inputs

# the tables are those that the help names
expect 0 export --help
tables=$(sed -n '/^TABLE: /,/^$/{s/^TABLE: //;s/^       //;p;}' "$out" | tr '\n' ' ')
[ "$(echo "$tables" | wc -w)" -ge 10 ] || fail "tables: $tables"
for table in $tables; do
    expect 0 export a.h5 "$table"
    cp "$out" "$table.csv"
    expect 0 export a.h5 "$table" --format csv
    same "$table.csv" "$out"
    expect 0 export a.h5 "$table" --format jsonl
    cp "$out" "$table.jsonl"
    head -1 "$table.csv" >>headers
done
golden export.headers headers
# shellcheck disable=SC2086
"$PYTHON" "$root/tests/cli/export_tables.py" $tables || fail 'the tables do not fit together'

# formulas: a spreadsheet must not run what somebody posted
cat >formulas.csv <<'CSV'
id,created_at,author,text
1,2023-03-01T00:00:00Z,=cmd,"=HYPERLINK(""http://x"",""norvia"")"
2,2023-03-01T00:01:00Z,+a,+norvia
3,2023-03-01T00:02:00Z,-b,-norvia
4,2023-03-01T00:03:00Z,@c,@SUM(norvia)
5,2023-03-01T00:04:00Z,d,"	norvia"
6,2023-03-01T00:05:00Z,e,"norvia ""quoted"", and
a second line"
7,2023-03-01T00:06:00Z,f,＝norvia
CSV
printf '{"brands":[{"id":"norvia","query":"norvia"}],"privacy":{"authors":"plain"}}' >plain.json
expect 0 run -q --no-report -c plain.json -o f.h5 formulas.csv
expect 0 export f.h5 posts
"$PYTHON" - "$out" <<'PY' || fail 'a cell would run as a formula'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))
assert len(rows) == 7, len(rows)
numbers = {"sentiment", "likes", "replies", "reposts", "views", "followers"}
for row in rows:
    for name, cell in row.items():
        assert name in numbers or not cell.startswith(tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")), (name, cell)
assert rows[5]["text"] == 'norvia "quoted", and\na second line', rows[5]
PY

# nor one that takes ; or a tab for the separator; a terminal is told nothing
"$PYTHON" - >split.csv <<'PY'
import csv, sys
table = csv.writer(sys.stdout)
table.writerow(["id", "created_at", "author", "text"])
for i, text in enumerate(["norvia;=cmd", "norvia\t@SUM(1)", "norvia;+1", "norvia\n-2+3", "norvia \x1b[31m\x9b\u202ex",
                          "norvia ;-) tak", "norvia;\uff1dcmd"]):
    table.writerow([i, "2023-03-01T00:0%d:00Z" % i, "a", text])
PY
expect 0 run -q --no-report -b norvia=norvia -o split.h5 split.csv
for format in csv jsonl; do
    expect 0 export split.h5 posts --format $format
    cp "$out" split.$format
done
"$PYTHON" - <<'PY' || fail 'another separator makes a formula, or a terminal is steered'
import json, re
table, lines = (open("split." + f, encoding="utf-8", newline="").read() for f in ("csv", "jsonl"))
assert len(table.splitlines()) == 9, table
for cell in re.split("[;\t\n]", table)[1:]:
    assert not re.match("[=@\uff1d]|[-+][0-9a-z(]", cell), cell
assert ";-) tak" in table
for text in (table, lines):
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
assert any("\x1b[31m\x9b\u202ex" in json.loads(line)["text"] for line in lines.splitlines()), lines
PY

# what privacy drops cannot be exported
printf '{"brands":[{"id":"norvia","query":"norvia"}],"privacy":{"text":"drop"}}' >drop.json
expect 0 run -q --no-report -c drop.json -o drop.h5 formulas.csv
expect 65 export drop.h5 posts
expect 0 export drop.h5 hourly
grep -a -q 'second line' drop.h5 && fail 'a text was kept that should be dropped'
exit 0
