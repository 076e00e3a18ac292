#!/bin/sh
# burza score and evaluate: goldens, the same for any number of threads, order kept, odd lines kept.
. "$(dirname "$0")/lib.sh"
cd "$work"

# Labels and languages of clear texts are golden; the thousandths behind them move with every
# change of a lexicon, so only their form is held, and that they do not depend on threads.
number='-?[01]\.[0-9]{3}'
for engine in hybrid rules; do
    expect 0 score -j 1 --engine $engine "$goldens/score.txt"
    cut -f 1,6 "$out" >labels
    golden "score.$engine.tsv" labels
    grep -vE "^(negative|neutral|positive)	$number(	$number){3}	(pl|en|other)\$" "$out" |
        grep -qvE '^none	0\.000				(pl|en|other)$' && fail "a line of another form"
    cp "$out" one.tsv
    expect 0 score -j 1 --engine $engine --format jsonl "$goldens/score.txt"
    cp "$out" one.jsonl
    for threads in 2 4; do
        expect 0 score -j $threads --engine $engine "$goldens/score.txt"
        same one.tsv "$out" "-j $threads"
        expect 0 score -j $threads --engine $engine --format jsonl "$goldens/score.txt"
        same one.jsonl "$out" "-j $threads"
    done
done
expect 0 score <"$goldens/score.txt"
cp "$out" from_stdin
expect 0 score "$goldens/score.txt"
same from_stdin "$out" 'standard input'

# JSON Lines say the same as the table
expect 0 score --format jsonl "$goldens/score.txt"
cp "$out" score.jsonl
"$PYTHON" - from_stdin score.jsonl <<'PY'
import json, sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
objects = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
assert len(rows) == len(objects)
for row, o in zip(rows, objects):
    assert (row[0], row[5]) == (o["label"], o["language"]), (row, o)
    assert abs(float(row[1]) - o["score"]) < 1e-9, (row, o)
    shares = [o["p_negative"], o["p_neutral"], o["p_positive"]]
    if o["label"] == "none":
        assert shares == [None] * 3 and row[2:5] == [""] * 3, (row, o)
    else:
        assert abs(sum(shares) - 1) < 1e-9 and [float(x) for x in row[2:5]] == shares, (row, o)
PY
expect 0 score --explain "$goldens/score.txt"
printed 'polecam'

expect 0 evaluate "$goldens/labelled.tsv"
grep -v '^calibration' "$out" >evaluated || true
golden evaluate.txt evaluated
expect 0 evaluate --format json "$goldens/labelled.tsv"
"$PYTHON" -m json.tool "$out" >/dev/null || fail 'evaluate --format json is no JSON'

# the same from other files: columns by header, CSV, labels as people write them
"$PYTHON" - "$goldens/labelled.tsv" <<'PY'
import csv, sys
rows = [line.rstrip("\n").split("\t", 1) for line in open(sys.argv[1], encoding="utf-8")]
pl = {"negative": "Negatywny", "neutral": "neutralny", "positive": "pozytywny"}
with open("labelled.csv", "w", encoding="utf-8-sig", newline="") as out:
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["id", "Treść", "sentyment", "autor"])
    writer.writerows([i, text, pl[label], "a;b"] for i, (label, text) in enumerate(rows))
with open("numbers.tsv", "w", encoding="utf-8") as out:
    out.write("text\tlabel\n")
    out.writelines("%s\t%d\n" % (text, "negative neutral positive".split().index(label) - 1)
                   for label, text in rows)
PY
for file in labelled.csv numbers.tsv; do
    expect 0 evaluate "$file"
    sed '/^calibration/d; /^worst/,$d' "$out" >again
    sed '/^worst/,$d' evaluated >first
    same first again "$file"
    said 'labels understood: '
done
expect 0 evaluate labelled.csv
said 'columns that are not used: "id", "autor"'
said '"Negatywny" as negative'
printf 'label\ttext\nnegative\tfatalna\nmixed\tco\npositive\t \nneg\tzle\t\n\npositive\tsuper\n' >odd.tsv
expect 0 evaluate odd.tsv
printed 'texts              3'
printed 'lines left out     2'
said '1 row left out, without a label that is clear (such as "mixed"): line 3'
said '1 row left out, without a text: line 4'
# text and one more column are enough; intents have their recall, precision and kappa
printf 'temat,tekst\ndostawa,kurier znowu nie dojechał\ncena,ile kosztuje?\nsklep,\n' >topics.csv
expect 0 evaluate topics.csv
printed 'topics, 2 texts'
grep -q '^accuracy' "$out" || fail 'no accuracy of topics'
grep -q '^worst\|^negative' "$out" && fail 'labels that nobody gave'
expect 0 evaluate --format json topics.csv
"$PYTHON" - "$out" <<'PY' || fail 'topics alone'
import json, sys
o = json.load(open(sys.argv[1]))
assert o["texts"] == 2 and o["topics"]["texts"] == 2 and "accuracy" not in o, o
PY
printf 'text\tintent\nkurier znowu nie dojechał, skandal\tskarga\nile kosztuje?\tcomplaint\n' >intents.tsv
expect 0 evaluate --format json intents.tsv
"$PYTHON" - "$out" <<'PY' || fail 'intents'
import json, sys
o = json.load(open(sys.argv[1]))["intents"]
complaint = o["classes"]["complaint"]
assert (complaint["given"], complaint["found"], complaint["both"]) == (2, 1, 1), o
assert complaint["recall"] == 0.5 and complaint["precision"] == 1 and complaint["kappa"] == 0, o
assert o["classes"]["question"]["given"] == 0 and o["exact"] == 0.5 and o["macro_recall"] == 0.5, o
PY

# nothing is guessed: which column is the text, what 0 and 1 mean
printf 'negative\t7\tzle\npositive\t8\tsuper\n' >three.tsv
expect 65 evaluate three.tsv
said 'no header says which is the text'
[ ! -s "$out" ] || fail 'figures of a refused file'
printf '0\tzle\n1\tsuper\n' >binary.tsv
expect 65 evaluate binary.tsv
said 'none is -1'
: >nothing.tsv
expect 65 evaluate nothing.tsv

# as many lines out as in: empty ones, CR, NUL, broken UTF-8, one of 20 MB, no line feed at the end
"$PYTHON" - <<'PY' >odd.txt
import sys
out = sys.stdout.buffer
out.write(b"\n\r\nto dobre\x00 nie\n\xff\xfe \xed\xa0\x80 super\n" + b"\xf0\x9f\x98\xa1" * 9 + b"\n")
out.write(b"tragedia " * 2400000 + b"\n")
out.write("e\u0301".encode() * 100 + b"\n")
out.write(b"ostatnia dobra linia")
PY
expect 0 score odd.txt
[ "$(wc -l <"$out")" -eq 8 ] || fail "8 texts gave $(wc -l <"$out") lines"
cut -f 1 "$out" | grep -qvE '^(negative|neutral|positive|none)$' && fail 'an unknown label'

# many lines: any number of threads gives the same bytes
i=0
while [ $i -lt 9 ]; do
    cat "$goldens/score.txt" "$goldens/score.txt" "$goldens/score.txt" "$goldens/score.txt"
    i=$((i + 1))
done >block.txt
for i in 1 2 3 4 5 6 7 8 9; do cat block.txt; done >many.txt
"$BURZA" score -j 1 many.txt >one.tsv
for threads in 2 4; do
    "$BURZA" score -j $threads many.txt >more.tsv
    same one.tsv more.tsv "-j $threads"
done
[ "$(wc -l <one.tsv)" -eq "$(wc -l <many.txt)" ] || fail 'lines were lost'

expect 0 score /dev/null
[ ! -s "$out" ] || fail 'no text, but output'
code=0
"$BURZA" score many.txt >/dev/full 2>"$err" || code=$?
[ "$code" -eq 74 ] || fail "score to a full disk ended with $code, not 74"
