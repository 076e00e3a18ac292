#!/bin/sh
# Data that are not like clockwork hold no event, and it is said what cannot be known: times that state
# only their hour, day or month, a stretch that the dump does not cover, one day of data, a first month.
# And what is in them all the same is found: a crisis of posts that state only their hour or their day.
. "$(dirname "$0")/lib.sh"
cd "$work"
draws='1 2 3'
[ "$SANITIZED" = 0 ] || draws=1
cat >made.py <<'PY'
import csv, datetime, math, random, sys
kind, rng = sys.argv[1], random.Random(int(sys.argv[2]))
words = "rynek okno lampa miasto telefon ulica las rzeka most zima rower obraz zegar papier".split()
angry = ["okropna obsługa", "wstyd", "dramat", "oszuści", "fatalnie", "nie polecam"]
start = datetime.datetime(2021, 3, 1)
days = {"day": 1, "first-month": 30, "months": 700}.get(kind, 60)
rows = []
def add(when, negative):
    shape = {"hours": "%Y-%m-%d %H:00:00", "days": "%Y-%m-%d", "months": "%Y-%m"}.get(kind.split("+")[0], "%Y-%m-%dT%H:%M:%SZ")
    text = [*rng.sample(angry, 2 if negative else 0), *rng.sample(words, 5)]
    rng.shuffle(text)
    rows.append((when, [when.strftime(shape), f"a{rng.randrange(500)}", "brand " + ", ".join(text)]))
for day in range(days):
    for _ in range(3 if kind == "months" else 60 if day % 7 < 5 else 40):
        second = min(86399, max(0, int(rng.gauss(52000, 15000))))
        add(start + datetime.timedelta(days=day, seconds=second), rng.random() < 0.2)
if kind == "gap":  # nobody collected for three days and a half
    rows = [r for r in rows if not 25.3 < (r[0] - start).total_seconds() / 86400 < 28.8]
if kind == "day":  # a loud hour, but of what usual day?
    for _ in range(80):
        add(start + datetime.timedelta(seconds=50000 + rng.randrange(3600)), True)
if kind.endswith("+crisis"):
    for _ in range(500):
        add(start + datetime.timedelta(days=40, seconds=40000 + min(rng.expovariate(1 / 14000), 80000)), rng.random() < .9)
rows.sort(key=lambda r: r[0])
with open("posts.csv", "w", newline="", encoding="utf-8") as out:
    csv.writer(out).writerows([["id", "date", "author", "text"], *([i, *r] for i, (_, r) in enumerate(rows))])
PY
# listed TABLE: its rows
listed() {
    expect 0 export a.h5 "$1" --format jsonl
    wc -l <"$out"
}
# quiet KIND SENTENCE: no event in any table, in any draw (chance has one in 20 months), and the
# sentence is said
quiet() {
    for draw in $draws; do
        "$PYTHON" made.py "$1" "$draw"
        rm -rf a.h5 a.h5.parts
        expect 0 run --no-report --false-alarms 0.05 -b 'b=brand' --tz Europe/Warsaw -o a.h5 posts.csv
        printed "$2"
        for table in crises bursts mood_turns; do
            [ "$(listed $table)" -eq 0 ] || fail "$1, draw $draw: $table $(cat "$out")"
        done
    done
}
quiet hours 'posts state only their hour, day or month: they are spread over it'
quiet days 'posts state only their hour, day or month: they are spread over it'
quiet months 'posts state only their hour, day or month: they are spread over it'
quiet gap 'no crisis and no burst'
quiet day 'too little time to tell a crisis from a usual day: '
quiet first-month 'no crisis and no burst'
for kind in hours days; do
    "$PYTHON" made.py $kind+crisis 1
    rm -rf a.h5 a.h5.parts
    expect 0 run --no-report -b 'b=brand' --tz Europe/Warsaw -o a.h5 posts.csv
    printed 'posts state only their hour, day or month'
    [ "$(listed crises)" -eq 1 ] || fail "$kind: crises $(cat "$out")"
    "$PYTHON" - "$out" <<'PY' || fail "$kind: the crisis"
import datetime, json, sys
(row,) = [json.loads(line) for line in open(sys.argv[1])]
planted = datetime.datetime(2021, 4, 10, 9, 6, 40, tzinfo=datetime.timezone.utc).timestamp()
assert row["onset_low"] <= planted <= row["onset_high"] + 3600, row
assert abs(row["onset"] - planted) < 0.5 * 86400 and row["negative_share"] > 0.5, row
PY
done
