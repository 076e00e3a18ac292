#!/bin/sh
# The words that decided: export posts --explain and the marks in the report's evidence.
. "$(dirname "$0")/lib.sh"
cd "$work"
cat >dump.csv <<'CSV'
id,created_at,author,text
1,2023-03-01T00:00:00Z,a,"Norvia: kurier znowu nie dojechał, fatalny serwis!"
2,2023-03-01T00:01:00Z,b,Awaria nie działa od rana brak internetu @kasia_k
3,2023-03-01T00:02:00Z,c,"ile kosztuje abonament w norvia?"
4,2023-03-01T00:03:00Z,d,"norvia charged my card twice, terrible"
5,2023-03-01T00:04:00Z,e,norvia
6,2023-03-01T00:05:00Z,f,"norvia ""<b>awful</b>"", never again"
CSV
printf '{"brands":[{"id":"norvia","query":"norvia OR awaria"}]}' >c.json
for threads in 1 2 4; do
    expect 0 run -q --no-report -j $threads -c c.json -o "a$threads.h5" dump.csv
    expect 0 export "a$threads.h5" posts --explain
    cp "$out" "posts$threads.csv"
    same posts1.csv "posts$threads.csv" "-j $threads"
done
expect 0 export a1.h5 posts --explain --format jsonl
cp "$out" posts.jsonl
expect 0 export a1.h5 posts
cp "$out" plain.csv
"$PYTHON" - posts1.csv posts.jsonl plain.csv <<'PY' || fail 'the column decided_by'
import csv, json, sys
rows = {row["text"]: row for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""))}
objects = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
plain = list(csv.DictReader(open(sys.argv[3], encoding="utf-8", newline="")))
assert "decided_by" not in plain[0], "asked for nothing"
assert len(rows) == len(objects) == len(plain) == 6
for o in objects:
    assert (o["decided_by"] or "") == rows[o["text"]]["decided_by"], o
def parts(text):
    return dict(part.split(": ", 1) for part in text.split(" | ")) if text else {}
for row in rows.values():
    words = parts(row["decided_by"])
    wanted = set(row["intents"].split("+")) | {row["label"], row["stage"], row["topic"]}
    assert set(words) <= wanted, (row, words)
    for part in words.values():
        for word in part.split(", "):
            assert word in row["text"], (word, row["text"])
            assert "norvia" not in word.lower() and "awaria" not in word.lower(), "a brand's name"
            assert "@" not in word, "an account"
by = lambda start: parts(next(r for t, r in rows.items() if t.startswith(start))["decided_by"])
assert "fatalny" in by("Norvia:")["negative"] and "kurier" in by("Norvia:")["delivery"]
assert "brak internetu" in by("Awaria")["outage"], by("Awaria")
assert "ile kosztuje" in by("ile")["price"]
assert "charged" in by("norvia charged")["billing"]
assert rows["norvia"]["decided_by"] == ""
PY
expect 64 export a1.h5 daily --explain
said 'goes with the table posts'

# scores of other lexicons: their reasons are not known here
printf 'lemma\tvalence\tpos\tnote\nkurier\t-900\tn\t\n' >own.tsv
expect 0 run -q --no-report -c c.json --lexicon own.tsv -o own.h5 dump.csv
expect 0 export own.h5 posts --explain
said 'decided_by is left empty'
grep -q 'negative: ' "$out" && fail 'reasons of other lexicons'

# the report marks them, and what is marked stays escaped
set_inputs
# shellcheck disable=SC2086
expect 0 run -q -c "$brands" -o crisis.h5 $inputs
grep -q '<blockquote.*<mark>' crisis.html || fail 'no word is marked'
grep -q 'the words that decided the label' crisis.html || fail 'the marks are not explained'
"$PYTHON" - crisis.html <<'PY' || fail 'marks'
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
quotes = re.findall(r"<blockquote.*?</blockquote>", page, re.S)
assert quotes
for quote in quotes:
    assert len(re.findall(r"<mark\b[^>]*>", quote)) == quote.count("</mark>")
    inner = re.sub(r"</?(blockquote|bdi|mark|a)\b[^>]*>", "", quote)
    assert "<" not in inner, inner
PY
