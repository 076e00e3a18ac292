#!/bin/sh
# Different posts with one id are never one post; one post that was collected again, edited or read
# by another tool is never two. Ids alone do not say which: spreadsheets round them, exports number
# their rows, chats and threads count their own. What is left out as a copy is counted.
. "$(dirname "$0")/lib.sh"
cd "$work"

# posts RIGHT COPIES WHAT FILE...: the mentions, and the duplicates that the table inputs counts.
posts() {
    right=$1 copies=$2 what=$3
    shift 3
    rm -rf a.h5 a.h5.parts
    expect 0 run --no-report --tz UTC -b n=norvia -o a.h5 "$@"
    cp "$out" summary
    expect 0 export a.h5 inputs --format jsonl
    cp "$out" inputs
    expect 0 export a.h5 brands --format jsonl
    got=$("$PYTHON" - "$out" inputs summary <<'PY'
import json, re, sys
brands, inputs = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:3])
for row in inputs:
    assert row["records"] == row["posts"] + row["duplicates"] + row["rejects"], row
print(brands[0]["mentions"], sum(row["duplicates"] for row in inputs))
PY
    ) || fail "$what: records got lost"
    [ "$got" = "$right $copies" ] || fail "$what: $got, not $right $copies (mentions, duplicates)"
}

# -- ids that a spreadsheet or a float rounded
cat >rounded.csv <<'END'
id,created_at,author,text
5.70308E+17,2015-02-24T18:00:00Z,ala,Norvia nie działa
5.70308E+17,2015-02-24T18:00:00Z,ola,Norvia nie działa
5.70308E+17,2015-02-24T18:02:00Z,ala,Norvia nie działa
5.70308E+17,2015-02-24T18:00:00Z,ala,Norvia działa znowu
END
posts 4 0 'rounded by a spreadsheet' rounded.csv
cat >comma.csv <<'END'
id;data;autor;treść
5,70308E+17;2015-02-24 18:00:00;ala;Norvia nie działa
5,70308E+17;2015-02-24 18:00:00;ewa;Norvia nie działa
END
posts 2 0 'rounded, with a decimal comma' comma.csv
cat >zeros.csv <<'END'
id,created_at,author,text
570308000000000000,2015-02-24T18:00:00Z,ala,Norvia nie działa
570308000000000000,2015-02-24T18:00:00Z,ola,Norvia nie działa
570309000000000000,2015-02-24T18:00:05Z,ewa,Norvia stoi
570309000000000000,2015-02-24T18:00:07Z,ewa,Norvia stoi
END
posts 4 0 'every id ends in zeros' zeros.csv
cat >floats.jsonl <<'END'
{"id": 1.2045350688128123e+18, "created_at": "2019-12-10T10:00:00Z", "author": "ala", "text": "Norvia znowu padła"}
{"id": 1.2045350688128123e+18, "created_at": "2019-12-10T10:00:00Z", "author": "ola", "text": "Norvia to porażka"}
{"id": 1.2045350688128123e+18, "created_at": "2019-12-10T10:00:09Z", "author": "ala", "text": "Norvia znowu padła"}
{"id": 1204535068812812300, "created_at": "2019-12-10T10:00:00Z", "author": "jan", "text": "Norvia kawa"}
{"id": 1204535068812812300, "created_at": "2019-12-10T10:00:00Z", "author": "iza", "text": "Norvia kawa"}
{"id": 1204535068812812300, "created_at": "2019-12-10T10:30:00Z", "author": "jan", "text": "Norvia kawa"}
END
posts 6 0 'ids of JSON as floats' floats.jsonl
cat >whole.csv <<'END'
id,created_at,author,text
77001.0,2023-03-01T10:00:00Z,ala,Norvia nie działa
1e+05,2023-03-01T10:00:00Z,ola,Norvia nie działa
END
cat >whole.jsonl <<'END'
{"id": 77001, "created_at": "2023-03-01T10:00:00Z", "author": "ala", "text": "Norvia nie działa, edit: działa"}
{"id": 100000, "created_at": "2023-03-01T10:00:00Z", "author": "ola", "text": "Norvia nie działa"}
END
posts 2 2 'whole numbers written as decimals' whole.csv whole.jsonl

# -- row numbers
printf 'id,date,text\n0,2023-03-01,Norvia nie działa\n1,2023-03-01,Norvia super\n' >rows_a.csv
printf 'id,date,text\n0,2023-03-01,Norvia działa\n1,2023-03-01,Norvia super telefon\n' >rows_b.csv
posts 4 0 'row numbers, no authors, days only' rows_a.csv rows_b.csv
printf 'id,date,author,text\n1,2023-03-01T10:00:00Z,x,Norvia padła\n2,2023-03-01T11:00:00Z,y,Norvia wolna\n' >march.csv
printf 'id,date,author,text\n1,2023-03-01T11:00:00Z,y,Norvia wolna\n2,2023-03-01T12:00:00Z,x,Norvia padła\n' >overlap.csv
posts 3 1 'the same post under another row number' march.csv overlap.csv
printf 'id,date,author,text\n1,2023-03-01T11:00:00Z,y,Norvia wolna\n2,2023-03-01T11:00:00Z,y,Norvia wolna\n' >double.csv
posts 2 0 'two rows of one file with ids of their own' double.csv
mkdir zipped
cp rows_a.csv rows_b.csv zipped
"$PYTHON" -c 'import zipfile, sys
with zipfile.ZipFile("rows.zip", "w") as z:
    for name in sys.argv[1:]: z.write(name)' march.csv overlap.csv
posts 3 1 'row numbers inside an archive' rows.zip

# -- ids that count within a chat, a forum, a thread
cat >chats.csv <<'END'
message_id,chat,date,from,text
5,rower,2023-03-01T10:00:00Z,bot,Norvia wita
5,narty,2023-03-01T10:05:00Z,bot,Norvia wita
5,biegi,2023-03-01T10:00:00Z,ala,Norvia nie działa
6,rower,2023-03-01T10:10:00Z,ala,Norvia wolna
END
posts 4 0 'messages of several chats' chats.csv
cat >thread.jsonl <<'END'
{"id": 1, "thread_id": 71, "created_at": "2023-03-01T10:00:00Z", "author": "ala", "text": "Norvia nie działa"}
{"id": 2, "thread_id": 71, "created_at": "2023-03-01T10:01:00Z", "author": "ola", "text": "Norvia u mnie też"}
{"id": 1, "thread_id": 72, "created_at": "2023-03-01T10:00:00Z", "author": "ewa", "text": "Norvia nie działa"}
{"id": 2, "thread_id": 72, "created_at": "2023-03-01T10:07:00Z", "author": "ola", "text": "Norvia u mnie też"}
END
posts 4 0 'posts of several threads' thread.jsonl
cat >same_second.jsonl <<'END'
{"thread": "a", "id": 1, "created": "2023-03-01T10:00:00Z", "author": "bot", "message": "Norvia wita"}
{"thread": "b", "id": 1, "created": "2023-03-01T10:00:00Z", "author": "bot", "message": "Norvia wita"}
{"thread": "b", "id": 1, "created": "2023-03-01T10:00:00Z", "author": "bot", "message": "Norvia wita"}
END
posts 2 1 'a bot in two threads' same_second.jsonl
printf 'id,created,author,message\n1,2023-03-01T10:00:00Z,bot,Norvia wita\n' >no_thread.csv
posts 2 2 'an export without the thread' same_second.jsonl no_thread.csv
printf 'id,forum,date,author,text\n900123,auta.example,2023-03-01T10:00:00Z,ala,Norvia gaśnie\n900123,dom.example,2023-03-01T10:00:00Z,ola,Norvia gaśnie\n' >forums.csv
posts 2 0 'forums' forums.csv

# -- the id of another object
cat >lemmy.jsonl <<'END'
{"comment": {"id": 11, "content": "Norvia nie działa", "published": "2023-03-01T10:00:00Z"}, "creator": {"name": "ala"}, "post": {"id": 5, "name": "Awarie", "body": "Kto ma awarię?", "published": "2023-02-27T08:00:00Z"}}
{"comment": {"id": 12, "content": "Norvia nie działa", "published": "2023-03-01T10:00:00Z"}, "creator": {"name": "ala"}, "post": {"id": 5, "name": "Awarie", "body": "Kto ma awarię?", "published": "2023-02-27T08:00:00Z"}}
{"comment": {"id": 13, "content": "Norvia u mnie działa", "published": "2023-03-01T11:00:00Z"}, "creator": {"name": "ola"}, "post": {"id": 5, "name": "Awarie", "body": "Kto ma awarię?", "published": "2023-02-27T08:00:00Z"}}
END
posts 3 0 'the post of a comment' lemmy.jsonl
expect 0 export a.h5 posts --format jsonl
printed '"id":"12"'
printed '2023-03-01T11:00:00Z'
cat >outer.jsonl <<'END'
{"id": 1, "source_platform": "x.com", "data": {"id": "1630000000000000001", "text": "Norvia nie działa", "created_at": "2023-03-01T10:00:00Z", "username": "ala"}}
{"id": 2, "source_platform": "x.com", "data": {"id": "1630000000000000001", "text": "Norvia nie działa", "created_at": "2023-03-01T10:00:00Z", "username": "ala"}}
{"id": 3, "source_platform": "x.com", "data": {"id": "1630000000000000002", "text": "Norvia nie działa", "created_at": "2023-03-01T10:00:00Z", "username": "ala"}}
END
posts 2 1 'the row number of a tool around the post' outer.jsonl

# -- guards: one post
cat >again.csv <<'END'
id,created_at,author,text,likes
77001,2023-03-01T10:00:00Z,ala,Norvia nie działa,3
77001,2023-03-01T10:00:00Z,ala,Norvia nie działa,9
END
posts 1 1 'collected twice' again.csv
expect 0 export a.h5 posts --format jsonl
printed '"likes":9'
grep -q '1 duplicates' summary || fail 'the summary does not count the duplicate'
! grep -q 'Every record could be used' summary || fail 'a duplicate was used'
printf 'id,created_at,author,text\n77001,2023-03-01T10:00:00Z,ala,Przepraszam: to Norvia zawiodła\n' >edited.csv
posts 1 2 'edited' again.csv edited.csv
printf 'id,created_at,text\n1630000000000000007,2023-03-01T10:00:00Z,Norvia znowu nie działa od rana\n1630000000000000007,2023-03-01T10:00:00Z,Norvia znowu nie działa od wczoraj\n' >no_author.csv
posts 1 1 'edited, without authors' no_author.csv
printf 'id,created_at,author,text\n812345,2023-03-01,ala,Norvia znowu nie działa\n812345,2023-03-01,ala,Norvia znowu nie działa. Edit: już działa\n' >day.csv
posts 1 1 'edited, with days only' day.csv
cat >tool_a.jsonl <<'END'
{"id": "1630000000000000009", "platform": "twitter", "created_at": "2023-03-01T10:00:00.000Z", "author": "ala_k", "text": "<p>Norvia &amp; spółka: paczka stoi od tygodnia, a infolinia milczy https://t.co/abc</p>"}
END
cat >tool_b.csv <<'END'
id,platform,created_at,author,text
1630000000000000009,twitter,2023-03-01T10:00:00Z,Ala Kowalska,"Norvia & spółka: paczka stoi od tygodnia, a infol..."
END
posts 1 1 'two tools: markup, cut text, a name for the handle' tool_a.jsonl tool_b.csv

# -- without ids: what one file says n times is n posts, files that overlap say it again
printf 'data,treść\n2023-03-01,Norvia nie działa\n2023-03-01,Norvia nie działa\n2023-03-01,Norvia padła\n' >equal.csv
posts 3 0 'equal rows of one export' equal.csv
grep -q 'Every record could be used' summary || fail 'every record could be used'
gzip -nc equal.csv >equal.csv.gz
posts 3 3 'equal rows, packed otherwise' equal.csv equal.csv.gz
cp equal.csv same.csv
posts 3 3 'a copy of the file' equal.csv same.csv
printf 'data,treść\n2023-03-01,Norvia nie działa\n2023-03-02,Norvia stoi\n' >next.csv
posts 4 1 'overlapping exports' equal.csv next.csv

# -- one original inside many reposts is one post and no record's duplicate
"$PYTHON" - >reposts.jsonl <<'PY'
import json
def tweet(number, name, text, original=None):
    made = {"id": number, "id_str": str(number), "created_at": "Wed Mar 01 10:00:%02d +0000 2023" % (number % 60),
            "text": text, "user": {"id_str": name, "screen_name": name}}
    if original:
        made["retweeted_status"] = original
    return made
first = tweet(1630000000000000080, "ala", "Norvia nie działa")
print(json.dumps(first))
for i in range(20):
    print(json.dumps(tweet(1630000000000000100 + i, "u%d" % i, "RT @ala: Norvia nie działa", first)))
PY
posts 21 0 'an original inside twenty reposts' reposts.jsonl
{ cat reposts.jsonl; tail -1 reposts.jsonl; } >twice.jsonl
posts 21 1 'one of the reposts twice' twice.jsonl

# -- replies find their parents in their own chat and file, also when another copy is kept
echo '{"brands":[{"id":"n","query":"norvia","context":"thread"}]}' >config.json
context() { # RIGHT WHAT FILE...
    right=$1 what=$2
    shift 2
    rm -rf c.h5 c.h5.parts
    expect 0 run --no-report -q -c config.json -o c.h5 "$@"
    expect 0 export c.h5 posts --format jsonl
    got=$(grep -c '"role":"context"' "$out" || true)
    [ "$got" -eq "$right" ] || fail "$what: $got replies, not $right"
}
cat >chat_replies.csv <<'END'
message_id,chat,date,from,text,reply_to
5,rower,2023-03-01T10:00:00Z,ala,Norvia nie działa,
6,rower,2023-03-01T10:01:00Z,ola,u mnie też,5
5,narty,2023-03-01T10:00:00Z,ewa,kto jedzie,
6,narty,2023-03-01T10:02:00Z,jan,ja jadę,5
END
context 1 'a reply in another chat' chat_replies.csv
cat >other_file.csv <<'END'
message_id,date,from,text,reply_to
5,2023-03-02T10:00:00Z,iza,Inny temat,
7,2023-03-02T10:01:00Z,leo,bez związku,5
END
sed 's/,[a-z]*,2023/,2023/; s/id,chat/id/' chat_replies.csv | head -3 >one_chat.csv
context 1 'a reply in another file' one_chat.csv other_file.csv

# -- any order and number of threads
posts 3 1 'in this order' march.csv overlap.csv
mv a.h5 forth.h5
rm -rf a.h5.parts
expect 0 run --no-report -q --tz UTC -j 1 -b n=norvia -o a.h5 overlap.csv march.csv
same forth.h5 a.h5 'in the other order'
