#!/bin/sh
# A study with --memory makes the same audit as one without, keeps below it, and leaves no temporary
# file behind, however it ends. So does the search for conversations at the end of a scan, whose memory
# does not grow with mentions that begin none.
. "$(dirname "$0")/lib.sh"
cd "$work"
[ -x "$GENERATE" ] || skip "no $GENERATE"

bytes=20000000
[ "$SANITIZED" = 0 ] || bytes=2000000
for seed in 1 2; do
    "$GENERATE" bench --kind brandcsv --bytes "$bytes" --seed "$seed" >"part$seed.csv"
done
expect 0 scan -q -c "$brands" -o first.h5 part1.csv part2.csv
expect 0 study -q -j 1 first.h5
for threads in 1 2 4; do
    expect 0 study -j "$threads" --memory 256M -o "held$threads.h5" first.h5
    same first.h5 "held$threads.h5" "$threads threads below a ceiling"
    grep -q 'rows in 256 MB of memory: what is more lies in temporary files in first.h5.parts' "$err" ||
        fail 'the plan is not said'
    grep -q 'the study took [0-9]* MB of memory and at most [1-9][0-9]* MB of temporary files' "$err" ||
        [ "$SANITIZED" = 1 ] || fail 'what it took is not said'
done

# by the configuration, of whose ceiling the audit says nothing
"$PYTHON" - "$brands" >held.json <<'PY'
import json, sys
config = json.load(open(sys.argv[1]))
config["memory"] = "300M"
json.dump(config, sys.stdout)
PY
expect 0 study -c held.json -o config.h5 first.h5
grep -q 'in 300 MB of memory' "$err" || fail 'the key memory is not used'
same first.h5 config.h5 'the ceiling of a configuration'
expect 0 merge --no-report -j 2 --memory 1G -o merged.h5 first.h5
same first.h5 merged.h5 'a merge below a ceiling'

for size in 0 100M 255M; do
    expect 64 study --memory "$size" first.h5
    grep -q '256M are needed' "$err" || fail "--memory $size: nothing is said of what it needs"
done
for size in much 4X -1; do
    expect 64 study --memory="$size" first.h5
done

# no room for the files: the audit that is there stays
cp first.h5 before.h5
code=0
(
    trap '' XFSZ
    ulimit -f 256
    exec "$BURZA" study -q --memory 256M first.h5
) >"$out" 2>"$err" || code=$?
[ "$code" -eq 74 ] || fail "no room ended with $code, not 74"
grep -q 'no room for .* temporary files of --memory in "first.h5.parts"' "$err" || fail 'no room is not said'
same before.h5 first.h5 'the audit after no room'

# -- conversations: a chain over two files, scanned, and scanned in shares
"$PYTHON" - "$SANITIZED" <<'PY'
import json, sys
count = 3000 if sys.argv[1] == "1" else 12000
for part in range(2):
    with open("talk%d.jsonl" % part, "w") as out:
        for i in range(part, 2 * count, 2):
            post = {"id_str": str(1000 + i), "created_at": "Tue Mar 28 %02d:%02d:%02d +0000 2023" % (i // 3600 % 24, i // 60 % 60, i % 60),
                    "text": "norvia stoi %d" % i if i % 3 == 0 else "u mnie też", "user": {"id_str": str(i % 97), "screen_name": "u%d" % (i % 97)}}
            if i % 3:
                post["in_reply_to_status_id_str"] = str(1000 + i - 1)
            out.write(json.dumps(post) + "\n")
PY
echo '{"brands":[{"id":"norvia","query":"norvia","context":"thread"}]}' >thread.json
expect 0 scan -q -c thread.json -o talk.h5 talk0.jsonl talk1.jsonl
expect 0 study -q talk.h5
for threads in 1 2 4; do
    expect 0 scan -j "$threads" --memory 256M -c thread.json -o below.h5 talk0.jsonl talk1.jsonl
    grep -q 'the search for conversations took [0-9]* MB of memory' "$err" || fail 'nothing is said of the scan'
    expect 0 study -q below.h5
    same talk.h5 below.h5 "a scan with $threads threads below a ceiling"
    rm -rf below.h5 below.h5.parts
    for pass in 1 2; do
        for share in 1 2; do
            expect 0 scan -q -j "$threads" --memory 256M --share "$share/2" -c thread.json -o below.h5 talk0.jsonl talk1.jsonl
        done
        expect 0 roots --memory 256M below.h5
        grep -q 'the search for conversations took [0-9]* MB of memory' "$err" || fail 'nothing is said of the roots'
    done
    expect 0 study -q below.h5
    same talk.h5 below.h5 "shares with $threads threads below a ceiling"
    rm -rf below.h5 below.h5.parts
done
"$BURZA" export talk.h5 posts --format jsonl | grep -c '"context"' >context.count || fail 'no reply was found'
expect 64 roots --memory 2M talk.h5
for command in scan run; do
    expect 64 $command --memory 2M -c thread.json -o below.h5 talk0.jsonl
    [ ! -e below.h5.parts ] || fail "$command --memory 2M is refused when hours have passed"
done

# stopped and killed
for signal in TERM KILL; do
    "$BURZA" study -q --memory 256M -o stopped.h5 first.h5 >"$out" 2>"$err" &
    process=$!
    sleep 0.3
    kill -s "$signal" "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
done
# where files must have a name for a moment, what a killed process left goes with the next study
expect 0 study -q --memory 256M -o after.h5 first.h5
left=$(find . -name '.memory-*')
[ -z "$left" ] || fail "left behind: $left"

[ "$SANITIZED" = 0 ] || exit 0
# about 960,000 mentions: more than 256 MB without a ceiling
for seed in 3 4 5 6 7 8; do
    "$GENERATE" bench --kind brandcsv --bytes 32000000 --seed "$seed" >"large$seed.csv"
done
expect 0 scan -q -j 2 -c "$brands" -o large.h5 large[3-8].csv
"$PYTHON" - "$BURZA" <<'PY' || fail 'memory'
import os, subprocess, sys
peaks = []
for options in [[], ["--memory", "256M"]]:
    process = subprocess.Popen([sys.argv[1], "study", "-q", "-j", "2", *options, "large.h5"],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"ended with {os.waitstatus_to_exitcode(status)}")
    peaks.append(usage.ru_maxrss / 1024)
print(f"{peaks[0]:.0f} MB without a ceiling, {peaks[1]:.0f} MB with 256")
sys.exit(not peaks[1] < 256 < peaks[0])
PY

# the search for conversations: 85 bytes a mention would be 65 MB of the second, 27 of the third; 30 a root are 10
"$PYTHON" - "$brands" >threads.json <<'PY'
import json, sys
config = json.load(open(sys.argv[1]))
for brand in config["brands"]:
    brand["context"] = "thread"
json.dump(config, sys.stdout)
PY
expect 0 scan -q -j 2 -c threads.json -o roots.h5 large[34].csv
"$PYTHON" - "$BURZA" <<'PY' || fail 'memory of the roots'
import os, subprocess, sys
peaks = []
for audit in ["first.h5", "large.h5", "roots.h5"]:
    process = subprocess.Popen([sys.argv[1], "roots", "-q", "-j", "1", audit])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{audit} ended with {os.waitstatus_to_exitcode(status)}")
    peaks.append(usage.ru_maxrss / 1024)
print("roots: %.0f MB for 200,000 mentions, %.0f for 960,000, %.0f for 320,000 that all begin conversations" % tuple(peaks))
sys.exit(not (peaks[1] < peaks[0] + 8 and peaks[2] < peaks[0] + 16))
PY
