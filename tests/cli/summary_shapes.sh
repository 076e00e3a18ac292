#!/bin/sh
# The summary: as JSON it says what the exports say; for people its lines fit the terminal, and its
# sparklines the days.
. "$(dirname "$0")/lib.sh"
[ "$SANITIZED" = 0 ] || skip "many runs; with sanitizers other tests cover the code"
cd "$work"
set_inputs
for threads in 1 2 4; do
    # shellcheck disable=SC2086
    expect 0 run -q --json --no-report -j $threads -c "$brands" -o t$threads.h5 $inputs
    cp "$out" t$threads.json
    same t1.json t$threads.json "$threads threads"
done
expect 0 summary t1.h5 --json
same t1.json "$out" 'burza summary says something else than burza run'
expect 0 study --json t2.h5
same t1.json "$out" 'burza study says something else than burza run'
expect 0 merge -q --json --no-report -o merged.h5 t1.h5
"$PYTHON" -c 'import json, sys; json.load(open(sys.argv[1]))' "$out" || fail 'merge --json'
for table in crises bursts mood_turns inputs rejects alarms brands comparison; do
    expect 0 export t1.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
seal=$(tail -c 65 t1.h5 | head -c 64)
"$PYTHON" - "$seal" <<'EOF_PY' || fail 'the JSON summary is not what the exports say'
import json, sys
summary = json.load(open("t1.json", encoding="utf-8"))
table = lambda name: [json.loads(line) for line in open(name + ".jsonl", encoding="utf-8")]
assert summary["seal"] == sys.argv[1]
for name in ("inputs", "rejects", "alarms"):
    assert summary[name] == table(name), name
for name in ("crises", "bursts", "mood_turns"):
    assert [row for brand in summary["brands"] for row in brand[name]] == \
        sorted(table(name), key=lambda row: [b["brand"] for b in summary["brands"]].index(row["brand"])), name
shares = {row["brand"]: row for row in table("comparison") if row["period"] == "all"}
for brand, row in zip(summary["brands"], table("brands")):
    assert brand["brand"] == row["brand"] and brand["mentions"] == row["mentions"]
    assert brand["scored"] == row["positive"] + row["neutral"] + row["negative"]
    assert abs(brand["negative_share"] - row["negative"] / brand["scored"]) < 1e-12
    assert abs(brand["share_of_voice"] - shares[brand["brand"]]["share_of_voice"]) < 1e-12
    assert (brand["quiet"] is None) == bool(brand["crises"] or brand["bursts"] or brand["mood_turns"])
counts = summary["counts"]
assert counts["records"] == sum(counts[key] for key in ("posts", "duplicates", "notices", "rejects"))
EOF_PY

# nothing found, and not read whole
printf 'id,created_at,author,text\n1,2023-03-01T00:00:00Z,a,norvia\n2,2023-03-04T00:00:00Z,a,norvia norvia\n' >small.csv
expect 0 run -q --json --no-report -b norvia=norvia -b other=nosuchbrand -o small.h5 small.csv
"$PYTHON" - "$out" <<'EOF_PY' || fail 'why a brand is quiet'
import json, sys
brands = json.load(open(sys.argv[1]))["brands"]
assert brands[0]["quiet"] in ("too_short", "too_few") and brands[1]["quiet"] == "no_mentions", brands
assert brands[1]["negative_share"] is None and brands[1]["net_sentiment"] is None
EOF_PY
expect 0 summary small.h5
"$PYTHON" - "$out" <<'EOF_PY' || fail 'sparklines'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
line = re.search("^  mentions (.*)$", text, re.M).group(1)
assert line == "█▁▁█", line
assert "a sign is 1 day; the highest 1 mentions, from 2023-03-01" in text, text
EOF_PY
expect 64 summary
expect 66 summary missing.h5
expect 65 summary small.csv

# long audits: some days are one sign; what is not covered is a blank
"$PYTHON" - >long.csv <<'EOF_PY'
from datetime import datetime, timedelta
print("id,created_at,author,text")
for day in range(400):
    for hour in range(24):
        if day < 100 or day >= 150: # an outage
            when = datetime(2022, 1, 1) + timedelta(days=day, hours=hour)
            for k in range(3):
                print(f"{day}_{hour}_{k},{when:%Y-%m-%dT%H}:{k * 7:02d}:00Z,a{k},{'norvia' if hour % 6 == 0 and k == 0 else 'rain'}")
EOF_PY
expect 0 run -q --no-report -b norvia=norvia -o long.h5 long.csv
expect 0 summary long.h5
"$PYTHON" - "$out" <<'EOF_PY' || fail 'sparklines of a long audit'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
line = re.search("^  mentions (.*)$", text, re.M).group(1)
assert len(line) == 58 and "a sign is 7 days; the highest 28 mentions" in text, (len(line), text)
blank = re.search(" +", line)
assert 14 <= blank.start() <= 15 and len(blank.group()) in (6, 7), line
assert line.startswith("████") and line.endswith("█▂") or line.endswith("█▁") or line.endswith("██"), line
EOF_PY

# on a terminal no line is wider than it; in a pipe they are whole
grep -q 'records = .* posts.* from ' "$out" || fail 'a line is broken in a pipe'
"$PYTHON" -c 'import os; os.openpty()' 2>/dev/null || skip 'this machine has no terminals: widths'
export BURZA
for width in 60 80 100; do
    "$PYTHON" - $width summary t1.h5 >shown <<'EOF_PTY'
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if not child:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execv(os.environ["BURZA"], ["burza"] + sys.argv[2:])
text = b""
try:
    while chunk := os.read(terminal, 65536):
        text += chunk
except OSError:
    pass
os.waitpid(child, 0)
sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
EOF_PTY
    "$PYTHON" - $width shown <<'EOF_PY' || fail "the summary at $width columns"
import sys
width, text = int(sys.argv[1]), open(sys.argv[2], encoding="utf-8").read()
for line in text.split("\n"):
    # sparklines are as long as they are
    assert len(line) <= width or set(line[11:]) <= set(" ▁▂▃▄▅▆▇█"), line
assert "crisis" in text and "Times are Europe/Warsaw." in text
EOF_PY
done
