#!/bin/sh
# burza detect on a series with a known storm (hour 300), a hole, a row told twice and one without a
# value.
. "$(dirname "$0")/lib.sh"
cd "$work"
series=$goldens/series.csv
storm=$(($(date -u -d 2023-03-01T00:00:00Z +%s) + 300 * 3600))

expect 0 detect "$series"
printed '1 episode'
cp "$out" episodes.txt
expect 0 detect - <"$series"
same episodes.txt "$out" 'standard input'
expect 0 detect --format json "$series"
cp "$out" episodes.json
expect 0 detect --format csv "$series"
cp "$out" episodes.csv
expect 0 detect --causal --format csv "$series"
cp "$out" causal.csv
expect 0 detect --causal --format json "$series"
"$PYTHON" -m json.tool "$out" >/dev/null || fail 'detect --causal --format json is no JSON'
{ head -1 "$series"; sed 1d "$series" | sort -r; } >backwards.csv
expect 0 detect --format json backwards.csv
same episodes.json "$out" 'rows in another order'

"$PYTHON" - $storm "$series" <<'PY' || fail 'the storm is not described rightly'
import csv, json, sys
storm = int(sys.argv[1])
found = json.load(open("episodes.json"))
assert found["interval_s"] == 3600 and len(found["episodes"]) == 1, found
episode = found["episodes"][0]
assert abs(episode["onset"] - storm) <= 3600, episode
assert episode["severity"] >= 3 and episode["peak"] - storm < 6 * 3600, episode
rows = list(csv.DictReader(open("episodes.csv")))
assert len(rows) == 1 and int(rows[0]["onset"]) == episode["onset"], rows
assert int(rows[0]["value_sum"]) == episode["value_sum"], rows

# causally: a row for every given row, in order of time, the alarm within three hours, none before
causal = list(csv.DictReader(open("causal.csv")))
assert list(causal[0]) == ["timestamp", "value", "baseline", "score", "alert"], causal[0]
given = {row["timestamp"] for row in csv.DictReader(open(sys.argv[2]))}
assert len(causal) >= len(given), (len(causal), len(given))
alerts = [row["timestamp"] for row in causal if row["alert"] not in ("0", "")]
assert alerts and "2023-03-13T12" <= alerts[0][:13] <= "2023-03-13T15", alerts[:3]
PY

# a smaller tolerance for false alarms cannot find more
for tolerance in 0.05 2 100; do
    expect 0 detect --format csv --false-alarms $tolerance "$series"
    wc -l <"$out" >>counts
done
sort -n -c counts || fail 'more tolerance found less'

# odd input: refused with the line named, or read; never a crash
printf 'timestamp,value\n' >empty.csv
printf 'timestamp,value\n2023-03-01T00:00:00Z,5\n' >one.csv
printf 'timestamp,value\n2023-03-01T00:00:00Z,-5\nyesterday,x\n' >bad.csv
printf '\000\001\002' >binary.csv
printf 'timestamp,value\n1970-01-01T00:00:00Z,1\n2199-01-01T00:00:00Z,1\n1970-01-01T00:00:01Z,1\n' >wide.csv
for file in empty one bad binary wide; do
    burza detect $file.csv
    case $code in 0) ;; 65) [ -s "$err" ] || fail "detect $file.csv: no message" ;; *)
        fail "detect $file.csv ended with $code" ;;
    esac
done
expect 65 detect bad.csv
said 'line 2'

# calendar months, quarters, weeks, days: steps of the calendar; one of them is unusual
"$PYTHON" - <<'PY'
import calendar, datetime
def months(name, line, step=1, header="", spike=40, n=80):
    with open(name, "w", encoding="utf-8") as out:
        out.write(header)
        for i in range(0, n * step, step):
            y, m = 2010 + i // 12, i % 12 + 1
            days = sum(calendar.monthrange(y + (m - 1 + k) // 12, (m - 1 + k) % 12 + 1)[1]
                       for k in range(step))
            noise = (i * 7919 % 13 - 6) * 4  # about the root of the count
            value = days * 100 * (4 if i == spike * step else 1) + noise
            out.write(line.format(y=y, m=m, q=(m + 2) // 3, v=value) + "\n")
months("months.csv", "{y}-{m:02d},{v}", header="month,count\n")
months("months_pl.csv", "{m:02d}.{y};{v}", header="Miesiąc;Liczba\n")
months("slashes.csv", "01/{m:02d}/{y};{v}", header="data;liczba\n")
months("quarters.csv", "{y}-Q{q},{v}", 3, spike=20, n=40)
months("calm.csv", "{y}-{m:02d}-01,{v}", header="date,count\n", spike=-1)
months("short.csv", "{y}-{m:02d},{v}", header="date,count\n", spike=5, n=13)
day = datetime.date(2022, 1, 2)
with open("trends.csv", "w", encoding="utf-8") as out:
    out.write("Kategoria: Wszystkie kategorie\n\nTydzień,norvia: (Polska),velmo: (Polska)\n")
    for i in range(120):
        value = 60 if i in (70, 71) else i * 7919 % 3
        out.write("%s,%s,%d\n" % (day + datetime.timedelta(7 * i), value or "<1", i % 9))
with open("daily.csv", "w", encoding="utf-8") as out:
    out.write("data,wzmianki\n")
    for i in range(90):
        out.write("%s,%d\n" % (day + datetime.timedelta(i), 1000 + i * 7919 % 37 + 4000 * (i == 50)))
PY
for file in months months_pl slashes quarters trends daily; do
    for zone in '' '--tz Europe/Warsaw'; do
        expect 0 detect $zone $file.csv
        printed '1 episode in '
    done
done
expect 0 detect months.csv
printed '2013-05-01  severity'
printed '80 buckets of a month'
said 'interval a month'
expect 0 detect --causal --format csv months.csv
[ "$(wc -l <"$out")" -eq 81 ] || fail 'causal: not a row for every row'
sed -n 2p "$out" | grep -q '^2010-01,' || fail "the month is not as written: $(sed -n 2p "$out")"
[ "$(grep -c ',1$' "$out")" -eq 1 ] || fail 'not one alarm in the months'
grep -q '^2013-05,.*,1$' "$out" || fail 'the alarm is not in May 2013'
expect 0 detect slashes.csv
said 'dates have the day first'
expect 0 detect trends.csv
said 'the table begins behind 2 lines'
said 'were taken as 0'
said 'counts are those of column "norvia: (Polska)", not of "velmo: (Polska)"'
expect 0 detect calm.csv
printed '0 episodes'
[ "$(wc -l <"$err")" -eq 1 ] || fail 'a long calm series is called too short'
expect 0 detect short.csv
printed '0 episodes'
said 'too short: 13 known buckets of a month'
expect 0 detect --causal short.csv
said 'too short'
printf 'd;n\n2024-01-01;1.234\n2024-01-02;5.678\n' >marks.csv
expect 65 detect marks.csv
said 'may be thousands or a fraction'
