#!/bin/sh
# burza export --format xlsx and --format table: every sheet holds what the exports say, in typed cells; the
# same bytes whatever the threads, the folder and the clock; texts are never formulas.
. "$(dirname "$0")/lib.sh"
cd "$work"
set_inputs
counts='1 2 4'
[ "$SANITIZED" = 0 ] || counts='1 2'
for threads in $counts; do
    # shellcheck disable=SC2086
    expect 0 run -q --no-report -j $threads -c "$brands" -o t$threads.h5 $inputs
    expect 0 export t$threads.h5 --format xlsx -o t$threads.xlsx
    same t1.xlsx t$threads.xlsx "$threads threads"
done
mkdir elsewhere
TZ=Asia/Tokyo "$BURZA" export t1.h5 --format xlsx >elsewhere/piped.xlsx 2>"$err" || fail 'to standard output'
same t1.xlsx elsewhere/piped.xlsx 'standard output, another clock'
no_leftovers .

tables=$("$BURZA" export --help | sed -n '/^TABLE: /,/^$/{s/^TABLE: //;s/^       //;p;}' | tr '\n' ' ')
for table in $tables; do
    expect 0 export t1.h5 "$table" --format jsonl
    cp "$out" "$table.jsonl"
done
# shellcheck disable=SC2086
"$PYTHON" "$root/tests/cli/workbook_cells.py" t1.xlsx . en $tables || fail 'the workbook says something else'
expect 0 export t1.h5 --format xlsx --lang pl -o pl.xlsx
# shellcheck disable=SC2086
"$PYTHON" "$root/tests/cli/workbook_cells.py" pl.xlsx . pl $tables || fail 'the Polish workbook says something else'
expect 0 export t1.h5 posts --format xlsx -o posts.xlsx
"$PYTHON" "$root/tests/cli/workbook_cells.py" posts.xlsx . only posts || fail 'the sheet of posts'

# what stands there already
expect 0 export t1.h5 --format xlsx -o t2.xlsx
cp crises.jsonl notes.xlsx
expect 73 export t1.h5 --format xlsx -o notes.xlsx
said 'is no workbook'
expect 73 export t1.h5 --format xlsx -o t2.h5
expect 64 export t1.h5 crises -o crises.csv
expect 64 export t1.h5
said monthly
expect 74 export t1.h5 --format xlsx -o /dev/null

# texts that are formulas, links, too long for a cell or no XML
"$PYTHON" - >hostile.csv <<'EOF_PY'
import csv, sys
table = csv.writer(sys.stdout)
table.writerow(["id", "created_at", "author", "url", "text"])
texts = ["=HYPERLINK(\"http://x\";\"norvia\")", "+1+norvia", "@SUM(norvia)", "norvia \x01\x1f\ufffe\uffff<&>\"'",
         "norvia " + "ż" * 40000, "norvia _x0041_ _X0041_ _x004_ _x0041__x0042_ \U0001F600", "norvia " + "_x0041_" * 9000]
for i, text in enumerate(texts):
    table.writerow([1234567890123456789 + i, "2023-03-01T00:0%d:00Z" % i, "=a", "https://example.com/%d?a=1&b=2" % i, text])
table.writerow([7, "2023-03-01T00:09:00Z", "b", "javascript:alert(1)", "norvia 007 1e5 01.02.2023"])
EOF_PY
printf '{"brands":[{"id":"norvia","query":"norvia*"}],"privacy":{"authors":"plain"}}' >plain.json
expect 0 run -q --no-report -c plain.json -o hostile.h5 hostile.csv
expect 0 export hostile.h5 --format xlsx -o hostile.xlsx
said 'cut to 32,767'
expect 0 export hostile.h5 posts --format jsonl
cp "$out" posts.jsonl
"$PYTHON" "$root/tests/cli/workbook_cells.py" hostile.xlsx . hostile posts || fail 'hostile texts'

# without posts, without anything
printf '{"brands":[{"id":"norvia","query":"norvia"}],"privacy":{"text":"drop"}}' >drop.json
expect 0 run -q --no-report -c drop.json -o drop.h5 hostile.csv
expect 0 export drop.h5 --format xlsx -o drop.xlsx
"$PYTHON" "$root/tests/cli/workbook_cells.py" drop.xlsx . without posts || fail 'a workbook without posts'
expect 65 export drop.h5 posts --format xlsx
expect 0 run -q --no-report -b nobody=nosuchbrand -o nobody.h5 hostile.csv
expect 0 export nobody.h5 --format xlsx -o nobody.xlsx

# for people: 80 columns where there is no terminal, numbers to the right
shown=$tables
[ "$SANITIZED" = 0 ] || shown='crises mood_turns monthly posts'
for table in $shown; do
    expect 0 export t1.h5 "$table" --format table
    "$PYTHON" - "$out" "$table" <<'EOF_PY' || fail "$table for people"
import sys, unicodedata
lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
wide = lambda line: sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
assert max(map(wide, lines)) <= 80, max(lines, key=wide)
rows = sum(1 for _ in open(sys.argv[2] + ".jsonl")) if sys.argv[2] != "posts" else None
assert rows is None or ("%d row%s." % (rows, "" if rows == 1 else "s")) in "".join(lines[-4:]), lines[-4:]
EOF_PY
done

# a spreadsheet's own reading of it, in a Polish locale
command -v soffice >/dev/null 2>&1 || skip 'no soffice: what Calc makes of it'
[ "$SANITIZED" = 0 ] || exit 0
HOME=$work LC_ALL=C.UTF-8 timeout 200 soffice --headless "-env:UserInstallation=file://$work/office" \
    --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,1045,false,false,false,false,false,-1' --outdir calc t1.xlsx \
    >office.log 2>&1 || { cat office.log >&2; fail 'soffice cannot convert the workbook'; }
expect 0 export t1.h5 posts --format jsonl
cp "$out" posts.jsonl
"$PYTHON" - <<'EOF_PY' || fail 'Calc reads something else'
import csv, json
def sheet(name):
    return list(csv.DictReader(open(f"calc/t1-{name}.csv", encoding="utf-8", newline="")))
def table(name):
    return [json.loads(line) for line in open(name + ".jsonl", encoding="utf-8")]
posts = {(row["id"], row["brand"]): row for row in table("posts")}
top = sheet("top_posts")
assert top
for row in top:
    post = posts[row["id"], row["brand"]]
    assert row["text"] == post["text"] and row["author"] == post["author"], row
for row, want in zip(sheet("monthly"), table("monthly")):
    assert row["brand"] == want["brand"] and int(row["mentions"]) == want["mentions"], row
assert len(sheet("conversations")) == len(table("conversations"))
EOF_PY
