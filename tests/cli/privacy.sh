#!/bin/sh
# Privacy: of a dump full of names, handles, addresses and numbers nothing that is personal stands in
# the audit, its report, its exports or what burza prints, under default settings.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" "$root/tests/cli/privacy.py" write

run() {
    expect 0 run -b norvia=norvia --tz UTC -o "$1.h5" tweets.jsonl comments.jsonl table.csv
    cp "$err" "$1.messages"
    for table in crises bursts hourly daily brands authors terms evidence inputs rejects posts; do
        for format in csv jsonl; do
            expect 0 export "$1.h5" $table --format $format
            cp "$out" "$1.$table.$format"
        done
    done
}
run a
[ -s a.html ] || fail 'no report'
"$PYTHON" "$root/tests/cli/privacy.py" check a || fail 'something personal is shown'
expect 0 run -q -b norvia=norvia --tz UTC -o b.h5 later.jsonl
for table in posts evidence; do
    expect 0 export b.h5 $table
    cp "$out" b.$table.csv
done

# pseudonyms do not depend on how the dump was packed, named, ordered or cut
authors() {
    expect 0 export "$1" posts --format jsonl
    "$PYTHON" -c 'import json, sys
for d in map(json.loads, sys.stdin): print(d["time"], d["author"])' <"$out" | sort >"$2"
}
gzip -k comments.jsonl && zip -q comments.zip comments.jsonl
expect 0 run -q --no-report -b norvia=norvia -o plain.h5 comments.jsonl
expect 0 run -q --no-report -b norvia=norvia -o gz.h5 comments.jsonl.gz
expect 0 run -q --no-report -b norvia=norvia -o zip.h5 comments.zip
split -n l/2 comments.jsonl part.
expect 0 run -q --no-report -b norvia=norvia -o cut.h5 part.ab part.aa
authors plain.h5 want
for other in gz zip cut; do
    authors $other.h5 got
    same want got "pseudonyms of $other"
done
grep -q ' u[a-z0-9]\{12\}$' want || fail 'no pseudonyms'

# ids: kept, hashed or left out
for ids in keep hash drop; do
    printf '{"brands":[{"id":"norvia","query":"norvia"}],"privacy":{"ids":"%s"}}' $ids >$ids.json
    expect 0 run -q --no-report -c $ids.json --tz UTC -o ids.h5 tweets.jsonl
    expect 0 export ids.h5 posts --format jsonl
    cp "$out" ids.posts
    expect 0 export ids.h5 evidence --format jsonl
    cat "$out" >>ids.posts
    expect 0 export ids.h5 bursts --format jsonl
    cat "$out" >>ids.posts
    expect 0 export ids.h5 crises --format jsonl
    cat "$out" >>ids.posts
    "$PYTHON" - $ids ids.posts <<'PY' || fail "ids: $ids"
import json, re, sys
kind, shown = sys.argv[1], set()
for row in map(json.loads, open(sys.argv[2])):
    shown |= {row[name] for name in ("id", "first_post", "largest_post") if name in row}
form = {"keep": r"16\d{17}", "hash": r"p[a-z2-9]{12}", "drop": ""}[kind]
assert shown and all(re.fullmatch(form, i) for i in shown), (kind, list(shown)[:3])
PY
done
# forgotten: a post, a person
mkdir forget
cp comments.jsonl forget
expect 0 run -q -b norvia=norvia --tz UTC -o f.h5 forget/comments.jsonl
expect 0 export f.h5 posts --format jsonl
cp "$out" before
expect 0 forget f.h5 c7 @kowalska_jan1
said '51 rows forgotten'
expect 0 export f.h5 posts --format jsonl
cp "$out" after
grep -q -a 't1_c7t1\|kowalska_jan1zenob' f.h5.parts/*.h5 && fail 'the shards still know'
touch forget/comments.jsonl
expect 0 run -q -b norvia=norvia --tz UTC -o f.h5 forget/comments.jsonl
expect 0 export f.h5 posts --format jsonl
same after "$out" 'a new scan of the same dump'
"$PYTHON" - before after <<'PY' || fail 'forget'
import json, sys
before, after = ([json.loads(line) for line in open(name)] for name in sys.argv[1:])
assert len(before) == len(after) == 200, (len(before), len(after))
blank = [p for p in after if not p["text"] and not p["id"] and not p["author"]]
assert len(blank) == 51, len(blank)
assert {p["id"] for p in before} - {p["id"] for p in after} == {"t1_c%d" % i for i in range(200) if i % 4 == 0 or i == 7}
PY
expect 0 forget f.h5 c7
said '51 rows forgotten' # those that the new scan had read
expect 2 forget f.h5 no-such-post
expect 64 forget f.h5
expect 66 forget no.h5 c7
# also when the scanned data went in between
expect 0 clean f.h5
[ "$(ls f.h5.parts)" = forgotten ] || fail "left behind: $(ls f.h5.parts)"

# what a scan keeps lies in a folder of its own
mkdir elsewhere
ln -s "$PWD/elsewhere" linked.h5.parts
expect 73 run -q -b n=norvia -o linked.h5 later.jsonl
said 'is a link or no folder'
[ -z "$(ls elsewhere)" ] || fail 'written through a link'
mkdir -m 777 open.h5.parts
expect 73 run -q -b n=norvia -o open.h5 later.jsonl
said 'is open to others'
mkdir -m 755 seen.h5.parts
expect 0 run -q --no-report -b n=norvia -o seen.h5 later.jsonl
[ "$(stat -c %a seen.h5.parts)" = 700 ] || fail 'others may read the scanned texts'
echo precious >victim
mkdir -m 700 held.h5.parts
ln victim held.h5.parts/lock
expect 73 run -q -b n=norvia -o held.h5 later.jsonl
[ "$(cat victim)" = precious ] || fail 'a file was overwritten by its second name'
# and only what burza left unfinished is removed from beside an audit
ln victim .seen.h5.tmp-1
ln -s victim .seen.h5.tmp-2
echo mine >.seen.h5.tmp-notes
expect 0 run -q --no-report -b n=norvia -o seen.h5 later.jsonl
for file in .seen.h5.tmp-1 .seen.h5.tmp-2 .seen.h5.tmp-notes; do
    [ -e $file ] || fail "$file was removed"
done

printf '{"brands":[{"id":"n","query":"norvia"}],"privacy":{"ids":"some"}}' >some.json
expect 65 run -q -c some.json -o some.h5 tweets.jsonl
said 'must be "keep", "hash" or "drop"'
exit 0
