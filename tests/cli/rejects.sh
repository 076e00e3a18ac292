# What could not be used, line by line (--rejects), and the mapping file that an input is read with
# (--suggest), which given back reads the same.
. "$(dirname "$0")/lib.sh"
cd "$work"
mkdir in
printf '{"id":"1","created_at":"2023-03-01T00:00:00Z","author":"a","text":"norvia"}\n{"id":"2","created_at":"kiedy\305\202o\377","author":"a","text":"norvia"}\nto nie json\n\n{"id":"3","author":"a","text":"bez czasu"}\n' >in/a.jsonl
printf 'id;data;tekst\n1;2023-03-01 10:00;"dwa\nwiersze"\n2;wczoraj;norvia\n3;2023-03-01 10:00;norvia;za;duzo\n' >in/b.csv
"$PYTHON" - <<'END'
import json, zipfile
with zipfile.ZipFile("in/c.zip", "w", 8) as file:
    lines = [json.dumps({"id": str(i), "created_at": "2023-03-01T00:00:00Z" if i % 1000 else "?" + "x" * 300,
                         "author": "a", "text": "norvia " + "ż" * 150}, ensure_ascii=False) for i in range(1, 20001)]
    file.writestr("dir/d.jsonl", "\n".join(lines))
END
more='2 4'
[ "$SANITIZED" = 0 ] || more=
for threads in 1 $more; do
    "$BURZA" run -q --no-report -j $threads --tz UTC -b n=norvia --rejects r$threads.jsonl -o t$threads.h5 in 2>"$err" ||
        [ $? = 2 ] || fail "with $threads threads"
done
"$BURZA" inspect --tz UTC --rejects r0.jsonl in >"$out" || [ $? = 2 ] || fail inspect
for threads in 0 $more; do
    cmp r1.jsonl r$threads.jsonl || fail "r1.jsonl and r$threads.jsonl"
done
"$PYTHON" - <<'END' || fail "$(cut -c1-200 r1.jsonl)"
import json
rows = [json.loads(line) for line in open("r1.jsonl", encoding="utf-8")]
first = [(r["path"], r["member"], r["line"], r["reason"]) for r in rows[:5]]
assert first == [("a.jsonl", "", 2, "bad_time"), ("a.jsonl", "", 3, "syntax"), ("a.jsonl", "", 5, "no_time"),
                 ("b.csv", "", 4, "relative_time"), ("b.csv", "", 5, "ragged")], first
assert rows[0]["bytes"] == '{"id":"2","created_at":"kiedyło\\xFF","author":"a","text":"norvia"}', rows[0]
late = rows[5:]
assert [r["line"] for r in late] == [1000 * i for i in range(1, 21)], late
assert {(r["path"], r["member"], r["reason"]) for r in late} == {("c.zip", "dir/d.jsonl", "bad_time")}
assert all(150 < len(r["bytes"].encode()) <= 200 for r in late), late
END
# as many as the audit counts
"$BURZA" export t1.h5 rejects --format jsonl >"$out"
"$PYTHON" - "$out" <<'END' || fail "$(cat "$out")"
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
counted = sum(r["records"] for r in rows if r["reason"] in ("bad_time", "relative_time", "no_time", "syntax", "ragged"))
assert counted == 25, rows
END
"$BURZA" run -q --no-report -b n=norvia --rejects none/r.jsonl -o x.h5 in/a.jsonl 2>"$err" && fail "a folder that is not there"
grep -q 'name another file with --rejects' "$err" || fail "where it cannot be written"

# --suggest
for file in listening/brand24.csv listening/brand24.xlsx json_document/two_lists.json 4cat/4cat_custom.csv \
    discord/package/Messages/c43/messages.json telegram_desktop/result.json; do
    path=$samples/$file
    [ -e "$path" ] || fail "no sample $file"
    "$BURZA" inspect --tz Europe/Warsaw --suggest "$path" >m.json || fail "no suggestion for $file"
    "$PYTHON" -m json.tool m.json >"$out" || fail "$file: $(cat m.json)"
    "$BURZA" inspect --tz Europe/Warsaw --format json "$path" >i1 || true
    "$BURZA" inspect --tz Europe/Warsaw --mapping m.json --format json "$path" >i2 || true
    cmp i1 i2 || fail "$file is read otherwise by $(cat m.json)"
done
expect 64 inspect --suggest in/a.jsonl in/b.csv

# tools, what is missing, the next step
expect 2 inspect "$samples/whatsapp/_chat.txt"
printed 'next             say of which zone its times are: --tz ZONE'
expect 0 inspect --tz Europe/Warsaw "$samples/whatsapp/_chat.txt"
printed 'missing          no reply links: response times cannot be computed'
expect 0 inspect "$samples/twitter_v2/page.jsonl"
printed 'tool             twarc2 2.14.0'
expect 0 inspect --format json "$samples/youtube/video.info.json"
printed '"missing":["rough times'
