# Records of many megabytes: a page of twarc2, a mail with an attachment, a video with its comments
# in one line; and what is longer than is allowed is counted.
. "$(dirname "$0")/lib.sh"
cd "$work"

"$PYTHON" - <<'END'
import base64
import json

def tweet(i):
    return {"id": str(1630000000000000000 + i * 4194304), "author_id": "7", "lang": "pl",
            "created_at": f"2023-03-01T10:00:{i % 60:02d}.000Z", "conversation_id": "1",
            "text": f"norvia wpis {i} " + "słowo " * 60, "public_metrics": {"like_count": 1}}

def page(first, count):
    return {"data": [tweet(i) for i in range(first, first + count)],
            "includes": {"users": [{"id": "7", "username": "ola", "name": "Ola"}]},
            "meta": {"result_count": count}, "__twarc": {"retrieved_at": "2023-03-02T00:00:00+00:00"}}

with open("pages.jsonl", "w") as file:
    for first, count in ((0, 6000), (10000, 5)):
        file.write(json.dumps(page(first, count)) + "\n")
mail = ("From: {0}@example.com\nDate: Mon, 02 Mar 2026 09:00:00 +0100\nMessage-ID: <{0}@e>\nSubject: Norvia\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
        "Content-Type: text/plain\n\nNorvia nie działa u {0}\n--b\nContent-Type: application/zip\n"
        "Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{1}--b--\n")
attached = base64.encodebytes(bytes(range(256)) * 12000).decode()
with open("box.mbox", "w") as file:
    for name in ("ala", "ola"):
        file.write(f"From {name}@example.com Mon Mar  2 08:00:00 2026\n" + mail.format(name, attached) + "\n")
with open("one.eml", "w") as file:
    file.write(mail.format("ala", attached))
comment = '{{"id": "c{0}", "text": "komentarz {0} {1}", "timestamp": {2}, "author": "a{0}", "author_id": "U{0}", ' \
          '"parent": "root", "like_count": 0, "author_is_uploader": false, "_time_text": "1 day ago"}}'
for name, count in (("short", 15000), ("long", 45000)):
    with open(name + ".info.json", "w") as file:
        file.write('{"id": "v1", "title": "Norvia", "description": "opis", "uploader": "Norvia", '
                   '"webpage_url": "https://www.youtube.com/watch?v=v1", "extractor": "youtube", '
                   '"timestamp": 1772438400, "comments": [')
        file.write(", ".join(comment.format(i, "x" * 100, 1772438400 + i) for i in range(count)))
        file.write("]}")
with open("over.jsonl", "w") as file:
    for text in ("norvia", "n" * (42 << 20), "norvia"):
        file.write(json.dumps({"id": "1" + str(len(text)), "created_at": "2023-03-01T10:00:00Z",
                               "author": "a", "text": text}) + "\n")
END

# holds FILE POSTS FORMAT
holds() {
    "$BURZA" inspect "$1" >"$out" 2>"$err" || fail "$1: $(cat "$out")"
    grep -q "posts            $2\$" "$out" || fail "$1 has not $2 posts: $(cat "$out")"
    grep -q "format           $3\$" "$out" || fail "$1 is not $3: $(cat "$out")"
}
holds pages.jsonl 6005 twitter_v2
holds box.mbox 2 mbox
holds one.eml 1 eml
holds short.info.json 15001 yt_dlp
holds long.info.json 45000 yt_dlp_comments
holds over.jsonl 2 jsonl
grep -q "too_long         1 " "$out" || fail "the record that is too long is counted: $(cat "$out")"

# the users of a page are found by its last tweets too
echo '{"brands": [{"id": "norvia", "query": "norvia"}], "privacy": {"authors": "plain"}}' >c.json
"$BURZA" run -q --no-report -c c.json -o a.h5 pages.jsonl
"$BURZA" export a.h5 posts --format jsonl >"$out"
[ "$(grep -c '"author":"ola"' "$out")" = 6005 ] || fail "authors are in the page's includes"
