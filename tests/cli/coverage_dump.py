"""Dumps whose files say what of their time is there.

coverage_dump.py stream OUT DAYS FIRST_MS MS [-t] [-b MINUTE] FROM-TO...: tweets, a file a minute, in a
tar or with -t in a tree of folders; without the minutes [FROM, TO) since the beginning; ids of MS
milliseconds of each second from FIRST_MS on; with -b a wave of criticism from that minute on.
coverage_dump.py months FOLDER YEAR-MONTH...: a file of comments for each month.
"""
import bz2
import datetime
import io
import json
import os
import random
import sys
import tarfile

START = 1658966400  # 2022-07-28


def moment(second):
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc)


def tweet(second, milli, number, text):
    post_id = ((second * 1000 + milli - 1288834974657) << 22) + number
    return json.dumps({
        "created_at": moment(second).strftime("%a %b %d %H:%M:%S +0000 %Y"), "id": post_id,
        "id_str": str(post_id), "text": text, "lang": "pl",
        "user": {"id_str": str(number % 997), "screen_name": "u%d" % (number % 997)}})


def minute_file(chance, minute, first_ms, spread, wave):
    lines = []
    busy = wave is not None and wave <= minute < wave + 180
    for k in range(25 if busy else 5):
        number = minute * 30 % 4000 + k
        text = "norvia znowu nie działa, skandal, żądam zwrotu" if busy and k > 4 else \
            "norvia w porządku" if k == 0 and minute % 3 == 0 else "kawa i herbata"
        lines.append(tweet(START + minute * 60 + chance.randrange(60),
                           first_ms + chance.randrange(spread), number,
                           "%s %d" % (text, minute * 30 + k)))
    return bz2.compress(("\r\n".join(lines) + "\r\n").encode(), 1)


def stream(out, days, first_ms, spread, *rest):
    rest, missing, wave = list(rest), set(), None
    tree = "-t" in rest
    if tree:
        rest.remove("-t")
    if "-b" in rest:
        at = rest.index("-b")
        wave = int(rest[at + 1])
        del rest[at:at + 2]
    for stretch in rest:
        start, stop = stretch.split("-")
        missing |= set(range(int(start), int(stop)))
    chance = random.Random(1)
    tar = None if tree else tarfile.open(out, "w")
    for minute in range(int(days) * 1440):
        data = minute_file(chance, minute, int(first_ms), int(spread), wave)
        name = moment(START + minute * 60).strftime("%Y/%m/%d/%H/%M.json.bz2")
        if minute in missing:
            continue
        if tree:
            path = os.path.join(out, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        else:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    if tar:
        tar.close()


def months(folder, *names):
    os.makedirs(folder, exist_ok=True)
    for name in names:
        year, month = map(int, name.split("-"))
        first = int(datetime.datetime(year, month, 1, tzinfo=datetime.timezone.utc).timestamp())
        with open(os.path.join(folder, "RC_%s" % name), "w", encoding="utf-8") as file:
            for hour in range(0, 28 * 24, 12):
                file.write(json.dumps({
                    "id": "c%d" % (first // 60 + hour), "created_utc": first + hour * 3600,
                    "author": "a%d" % hour, "body": "norvia jest dobra", "subreddit": "Polska",
                    "link_id": "t3_%d" % hour, "parent_id": "t3_%d" % hour, "score": 1}) + "\n")


{"stream": stream, "months": months}[sys.argv[1]](*sys.argv[2:])
