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
