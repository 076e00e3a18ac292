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
