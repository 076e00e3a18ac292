#!/bin/sh
# Times as dumps state them: of which column, in which order, by which clock, how exactly.
. "$(dirname "$0")/lib.sh"
cd "$work"

# told FILE OPTION...: id and moment of every post, by id
told() {
    file=$1
    shift
    rm -rf a.h5 a.h5.parts
    expect 0 run -q --no-report -b 'b=brand' -o a.h5 "$@" "$file"
    expect 0 export a.h5 posts --format jsonl
    "$PYTHON" -c 'import json, sys
for p in sorted((json.loads(l) for l in sys.stdin), key=lambda p: p["id"]):
    print(p["id"], p["time_iso"])' <"$out" >told
}

is() {
    cat >want
    cmp -s want told || { diff -u want told >&2 || true; fail "$1"; }
}

# the first usable of several columns; a column that says UTC; an epoch beside a local text
printf '%s\n' '[{"id":"1","text":"brand a","timestamp":"","date":"2021-05-04T10:00:07Z"},' \
    '{"id":"2","text":"brand b","timestamp":0,"date":"2021-05-04T10:01:07Z"},' \
    '{"id":"3","text":"brand c","timestamp":"soon","date":"2021-05-04T10:02:07Z"},' \
    '{"id":"4","text":"brand d","timestamp":1620122587,"date":"2021-05-04T12:03:07"},' \
    '{"id":"5","text":"brand e","timestamp":"1970-01-01T00:00:00Z","date":null}]' >columns.json
expect 0 inspect --format json columns.json
printed '"rejects":{"no_time":1}'
told columns.json
is 'several columns' <<'E2'
1 2021-05-04T10:00:07Z
2 2021-05-04T10:01:07Z
3 2021-05-04T10:02:07Z
4 2021-05-04T10:03:07Z
E2
printf '%s\n' 'id,text,created_at,date_gmt' '1,brand,2021-05-04 12:00:09,2021-05-04 10:00:09' \
    '2,brand,2021-05-04 13:00:09,' >gmt.csv
told gmt.csv --tz Europe/Warsaw
is 'a column that says GMT' <<'E2'
1 2021-05-04T10:00:09Z
2 2021-05-04T11:00:09Z
E2
printf '%s\n' 'id,text,data,godzina' '1,brand,4.05.21,9.35' '2,brand,5.05.21,18:05:09' >clock.csv
told clock.csv --tz Europe/Warsaw
is 'a clock in a column of its own' <<'E2'
1 2021-05-04T07:35:00Z
2 2021-05-05T16:05:09Z
E2

# the order of day and month: proved by another row, contradicted, open
printf '%s\n' 'id,text,date' '1,brand,4/5/21 10:07' '2,brand,13/5/21 10:07' >proved.csv
told proved.csv --tz UTC
is 'the day is proved to be first' <<'E2'
1 2021-05-04T10:07:00Z
2 2021-05-13T10:07:00Z
E2
printf '%s\n' 'id,text,date' '1,brand,4-5-2021' '2,brand,5-13-2021' >month.csv
told month.csv --tz UTC
is 'the month is proved to be first' <<'E2'
1 2021-04-05T00:00:00Z
2 2021-05-13T00:00:00Z
E2
printf '%s\n' 'id,text,date' '1,brand,4/5/2021 10:07' '2,brand,6/5/2021 10:07' >open.csv
expect 2 inspect --tz UTC open.csv
printed 'date_order       2'
printed 'give --day-first or --month-first'
told open.csv --tz UTC --day-first
is 'the day is said to be first' <<'E2'
1 2021-05-04T10:07:00Z
2 2021-05-06T10:07:00Z
E2
printf '%s\n' 'id,text,date' '1,brand,4/25/2021' '2,brand,25/4/2021' '3,brand,3/4/2021' >both.csv
expect 0 inspect --format json --tz UTC both.csv
printed '"rejects":{"date_order":1}'
printf '%s\n' 'id,text,date' '1,brand,21-05-04' '2,brand,21-05-05' '3,brand,21-05-06' >short.csv
told short.csv --tz UTC
is 'the year is first' <<'E2'
1 2021-05-04T00:00:00Z
2 2021-05-05T00:00:00Z
3 2021-05-06T00:00:00Z
E2

# serial days where all are so, and no moments of 1970
printf '%s\n' 'id,text,date' '1,brand,44320.4216319444' '2,brand,44321' >serial.csv
told serial.csv --tz UTC
is 'serial days' <<'E2'
1 2021-05-04T10:07:09Z
2 2021-05-05T00:00:00Z
E2
printf '%s\n' 'id,text,date' '1,brand,44320.5' '2,brand,1620122587' >mixed.csv
expect 0 inspect --format json mixed.csv
printed '"rejects":{"no_time":1}'
printf '%s\n' 'id,text,date' '1,brand,2 godz. temu' '2,brand,wczoraj' >ago.csv
expect 2 inspect --tz UTC ago.csv
printed 'relative_time    2'

# the autumn hour told twice: oldest first, newest first, in no order; the spring hour told never
printf '%s\n' 'id,text,date' '1,brand,2021-10-31 01:50:01' '2,brand,2021-10-31 02:10:01' \
    '3,brand,2021-10-31 02:40:01' '4,brand,2021-10-31 02:05:01' '5,brand,2021-10-31 02:30:01' \
    '6,brand,2021-10-31 03:10:01' >autumn.csv
cat >autumn <<'E2'
1 2021-10-30T23:50:01Z
2 2021-10-31T00:10:01Z
3 2021-10-31T00:40:01Z
4 2021-10-31T01:05:01Z
5 2021-10-31T01:30:01Z
6 2021-10-31T02:10:01Z
E2
told autumn.csv --tz Europe/Warsaw
is 'oldest first' <autumn
expect 0 export a.h5 rejects
printed 'repeated_hour,repair,4'
{ head -1 autumn.csv; tail -n +2 autumn.csv | sort -r; } >newest.csv
told newest.csv --tz Europe/Warsaw
is 'newest first' <autumn
for row in 1 6 3 4 2 5; do sed -n "$((row + 1))p" autumn.csv; done >rows
{ head -1 autumn.csv; cat rows; } >unordered.csv
told unordered.csv --tz Europe/Warsaw
sed 's/^4 .*/4 2021-10-31T00:05:01Z/; s/^5 .*/5 2021-10-31T00:30:01Z/' autumn >earlier
is 'in no order' <earlier
printf '%s\n' 'id,text,date' '1,brand,2021-03-28 02:30:01' '2,brand,2021-03-28 03:40:01' >spring.csv
told spring.csv --tz Europe/Warsaw
is 'the hour after the skipped one' <<'E2'
1 2021-03-28T01:30:01Z
2 2021-03-28T01:40:01Z
E2
expect 0 export a.h5 rejects
printed 'skipped_hour,repair,1'
printed 'is --tz right?'

# days alone are spread over their local days: no pile, and the sums of days and hours agree
"$PYTHON" - <<'PY'
import datetime, random
r = random.Random(5)
rows = []
for day in range(50):
    date = datetime.date(2021, 3, 1) + datetime.timedelta(days=day)
    for _ in range(60):
        second = min(86399, max(0, int(r.gauss(52000, 15000))))
        rows.append(f"{date}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z")
    rows += [str(date) if day % 2 else f"{date} 00:00:00"] * (25 if day % 3 == 0 else 0)
with open("rough.csv", "w") as f:
    f.write("id,text,date\n")
    for i, row in enumerate(rows):
        f.write(f"{i},brand number {i},{row}\n")
PY
rm -rf a.h5 a.h5.parts
expect 0 run --no-report -b 'b=brand' --tz Europe/Warsaw -o a.h5 rough.csv
printed '425 posts state only their hour, day or month: they are spread over it'
printed 'no crisis and no burst'
expect 0 export a.h5 inputs --format jsonl
printed '425 posts state only their hour, day or month'
expect 0 export a.h5 hourly --format jsonl
cp "$out" hourly.jsonl
expect 0 export a.h5 daily --format jsonl
cp "$out" daily.jsonl
expect 0 export a.h5 posts --format jsonl
"$PYTHON" - "$out" <<'PY' || fail 'days and hours of rough posts'
import collections, json, sys
hourly, daily, posts = ([json.loads(l) for l in open(n)] for n in
                        ("hourly.jsonl", "daily.jsonl", sys.argv[1]))
assert sum(h["mentions"] for h in hourly) == sum(d["mentions"] for d in daily) == 3425
days = {d["time_local"][:10]: d["mentions"] for d in daily}
assert all(d["time_local"][11:19] == "00:00:00" for d in daily), daily
sums = collections.Counter()
for h in hourly:
    sums[h["time_local"][:10]] += h["mentions"]
assert days == dict(sums), (days, sums)
assert max(h["mentions"] for h in hourly if h["time_local"][11:13] in ("00", "01")) < 12
assert {h["time_local"][19:] for h in hourly} == {"+01:00", "+02:00"}
stated = collections.Counter(p["time_iso"] for p in posts)
assert stated["2021-03-02T23:00:00Z"] == 0 and stated["2021-03-03T23:00:00Z"] == 25, stated
PY
