#!/bin/sh
# Documents of one JSON value (a chat's result.json, outbox.json, tweets.js, info.json with comments, a
# channel of Discord, posts and messages of Facebook) are read as streams: of 20 MB each all posts are
# there, and memory stays below 100 MB, as it does for 2 GB.
. "$(dirname "$0")/lib.sh"
cd "$work"
[ "$SANITIZED" = 0 ] || skip 'memory is not measured in a build with sanitizers'

"$PYTHON" - "$BURZA" <<'PY' || fail 'a document'
import json, os, subprocess, sys

LENGTH, START = 20_000_000, 1600000000
words = "norvia znowu nie działa od rana, kiedy to naprawicie? "


def iso(second):
    import datetime
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S+00:00")


def telegram(i):
    return {"id": i + 1, "type": "message", "date": iso(START + i)[:19],
            "date_unixtime": str(START + i), "from": "A", "from_id": "user%d" % (i % 99),
            "text": [words, {"type": "mention", "text": "@ola"}],
            "text_entities": [{"type": "plain", "text": words}]}


def outbox(i):
    return {"id": "https://m.example/users/n/statuses/%d/activity" % i, "type": "Create",
            "actor": "https://m.example/users/n", "published": iso(START + i)[:19] + "Z",
            "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
            "object": {"id": "https://m.example/users/n/statuses/%d" % i, "type": "Note",
                       "inReplyTo": None, "published": iso(START + i)[:19] + "Z",
                       "attributedTo": "https://m.example/users/n",
                       "content": "<p>%s</p>" % words}}


def tweet(i):
    return {"tweet": {"id_str": str(1300000000000000000 + i), "id": str(1300000000000000000 + i),
                      "created_at": "Mon Mar 02 08:25:00 +0000 2026", "full_text": words,
                      "favorite_count": "2", "retweet_count": "0", "retweeted": False,
                      "entities": {"hashtags": [], "user_mentions": [], "urls": []}}}


def comment(i):
    return {"id": "Ugx%d" % i, "text": words, "timestamp": START + i, "author": "@a",
            "author_id": "UC%d" % (i % 99), "author_is_uploader": False, "parent": "root",
            "like_count": 1}


def discord(i):
    return {"id": str(1300000000000000000 + i), "type": "Default", "timestamp": iso(START + i),
            "timestampEdited": None, "content": words, "isPinned": False,
            "author": {"id": "5", "name": "ola", "discriminator": "0000", "isBot": False}}


def facebook_post(i):
    return {"timestamp": START + i, "data": [{"post": words}], "title": "N"}


def facebook_message(i):
    return {"sender_name": "Norvia", "timestamp_ms": (START + i) * 1000, "content": words,
            "type": "Generic"}


documents = [
    ("result.json", '{"about":"x","chats":{"about":"y","list":[{"name":"n","type":'
     '"public_supergroup","id":7,"messages":[', telegram, "]}]}}"),
    ("outbox.json", '{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":'
     '"OrderedCollection","orderedItems":[', outbox, "]}"),
    ("tweets.js", "window.YTD.tweets.part0 = [", tweet, "]"),
    ("v.info.json", '{"id":"v","title":"t","extractor":"youtube","webpage_url":'
     '"https://www.youtube.com/watch?v=v","upload_date":"20230401","comments":[', comment, "]}"),
    ("channel.json", '{"guild":{"id":"1"},"channel":{"id":"2","name":"p"},"exportedAt":'
     '"2026-03-08T15:00:00+01:00","messages":[', discord, "]}"),
    ("your_posts_1.json", "[", facebook_post, "]"),
    ("message_1.json", '{"participants":[{"name":"Norvia"},{"name":"Ola"}],"messages":[',
     facebook_message, '],"title":"Ola","thread_path":"inbox/ola_1"}'),
]
bad = False
for name, head, record, tail in documents:
    count = 0
    with open(name, "w", encoding="utf-8") as file:
        size = file.write(head)
        while size < LENGTH:
            size += file.write((",\n" if count else "") +
                               json.dumps(record(count), ensure_ascii=False, indent=1))
            count += 1
        file.write(tail)
    process = subprocess.Popen([sys.argv[1], "inspect", "--private", "--format", "json", name],
                               stdout=subprocess.PIPE)
    found = json.loads(process.stdout.read())["inputs"][0]
    _, status, usage = os.wait4(process.pid, 0)
    peak = usage.ru_maxrss / 1024
    print("%s: %d of %d posts, %.0f MB" % (name, found["posts"], count, peak))
    bad |= status != 0 or found["posts"] != count or peak >= 100
    os.remove(name)
sys.exit(bad)
PY
