#!/bin/sh
# A bad start loses no dump: what a member is, lines from all over it decide.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" - <<'PY'
import json, random
random.seed(4)
def tweet(i):
    return json.dumps({"id_str": str(1630000000000000000 + i * 4194304000), "id": i,
        "created_at": "Wed Mar %02d 10:00:00 +0000 2023" % (i % 28 + 1), "text": "norvia awaria %d" % i,
        "user": {"id_str": str(i % 50 + 1), "screen_name": "u%d" % (i % 50)}})
def reddit(i):
    return json.dumps({"author": "a%d" % i, "created_utc": 1700000000 + i * 60, "id": "c%d" % i,
        "link_id": "t3_s", "parent_id": "t3_s", "subreddit": "x", "body": "Norvia %d" % i, "score": 1})
def other(i):
    return json.dumps({"id": str(i), "created_at": "2023-03-%02dT00:00:01Z" % (i % 28 + 1),
        "author": "a%d" % i, "text": "norvia %d" % i})
def large(make, size):
    record = json.loads(make(5001))
    record["body" if "body" in record else "text"] = "norvia " + "x " * (size // 2)
    return json.dumps(record) + "\n"
def garbage(size):
    return random.randbytes(size).replace(b"\n", b"x") + b"\n"
for name, make in (("tweet", tweet), ("reddit", reddit), ("other", other)):
    body = ("\n".join(make(i) for i in range(2000)) + "\n").encode()
    starts = {
        "300k": large(make, 300000), "900k": large(make, 900000), "3m": large(make, 3000000),
        "cut": make(7000)[20:] + "\n", "html": "<html>502 Bad gateway</html>\n", "array": "[1,2,\n",
        "log": "warning: a line, with, commas\n", "zeros": b"\0" * 300000 + b"\n",
        "zeros2m": b"\0" * 2000000 + b"\n", "cut50": "".join(make(i)[15:] + "\n" for i in range(50)),
        "cut300": "".join(make(i)[:50] + "\n" for i in range(300)), "bytes": garbage(3000),
        "bytes1m": b"".join(garbage(500) for _ in range(2000)),
        "events": "".join(json.dumps({"event": "ping", "n": i, "pad": "y" * 3000}) + "\n" for i in range(700)),
    }
    for start, text in starts.items():
        open("%s.%s.jsonl" % (name, start), "wb").write((text if isinstance(text, bytes) else text.encode()) + body)
rows = "".join("%d,2023-03-%02dT00:00:01Z,a%d,norvia %d\n" % (i, i % 28 + 1, i, i) for i in range(2000))
head = "id,created_at,author,text\n"
open("table.large.csv", "w").write(head + "9999,2023-03-01T00:00:00Z,z,norvia " + "x " * 300000 + "\n" + rows)
open("table.bytes.csv", "wb").write(head.encode() + garbage(300000).replace(b'"', b"q") + rows.encode())
open("table.zeros.csv", "wb").write(head.encode() + b"\0" * 300000 + b"\n" + rows.encode())
open("none.bin", "wb").write(random.randbytes(3000000))
open("none.txt", "w").write("a text about nothing at all,\nin lines\n" * 50000)
PY
for file in *.jsonl *.csv; do
    burza inspect --format json "$file"
    "$PYTHON" -c 'import json, sys
posts = json.load(sys.stdin)["inputs"][0]["posts"]
sys.exit(not 2000 <= posts <= 2001)' <"$out" || fail "$file: $(head -c 400 "$out")"
done
# what is no dump is none
for file in none.bin none.txt; do
    expect 2 inspect "$file"
    printed 'posts            0'
done
expect 2 inspect none.bin
printed 'binary data of an unknown kind'
