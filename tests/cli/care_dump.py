"""care_dump.py SHAPE SEED FOLDER: writes a random dump about two invented brands, in which customers
ask, thank, complain and buy, accounts answer early, late, twice, by machine or not at all, clocks are
wrong, threads are circles, and parents are missing. Shapes: twcs (customer-support CSV), stream
(Twitter's JSON), telegram (the brand's own group), play (reviews with answers), inbox and instagram (a
page's messages), archive (the brand's own tweets, without those they answer), mixed (a stream with an
outage, a page's inbox and a forum that the brand never answers in). Also writes config.json."""
import csv
import datetime
import json
import os
import random
import re
import sys
import time
import zoneinfo

shape, seed, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rng = random.Random("%s %d" % (shape, seed))
START = 1646640000
DAY = 86400
OUTAGE = (START + 6 * DAY + 4321, START + 8 * DAY + 777)   # mixed: the stream of twelve days holds nothing then
PAGE = "Łąka Norvia"
os.makedirs(folder, exist_ok=True)

ASK = ["ile kosztuje pakiet 300?", "czy dołączony jest kabel HDMI?", "gdzie mogę zmienić hasło do panelu?",
       "how much is the plan?", "znowu awaria, trzeci raz w tym tygodniu!!!", "dalej nie działa", "a kiedy? 😡",
       "chcę kupić norvia, gdzie podpisać umowę?", "odradzam norvia, omijajcie szerokim łukiem",
       "polecam norvia każdemu", "kupiłem wczoraj norvia", "artykuł o norvia w gazecie",
       "podoba mi się nowa oferta norvia", "czy norvia działa w weekend?"]
IDLE = ["ok", "dziękuję", "👍", "ok, dzięki", "dziękuję, już działa!", "super https://example.com/x", "#lato"]
REPLY = ["Sprawdzamy to. ^MK", "Przepraszamy, prosimy o DM. /PW", "Pakiet kosztuje %d zł", "Dzień dobry Pani Anno, sprawdzamy",
         "We are sorry, please send us a direct message", "Hasło zmienia się na stronie konta", "Jutro 🙂 Pozdrawiam, Ola Lis",
         "Dzień dobry, już sprawdzamy zgłoszenie -AN", "Proszę napisać wiadomość prywatną na Messengerze"]
AUTO = "Dziękujemy za wiadomość. Odpowiemy w godzinach pracy."
OFFER = ["Nowa oferta dla domu już w sklepach!", "W nocy prace techniczne"]
ACCOUNTS = ["NorviaPL", "NorviaPomoc"]


def text_for(kind):
    if kind == "reply":
        text = rng.choice(REPLY)
        return text % rng.randrange(20, 99) if "%d" in text else text
    return rng.choice(IDLE if rng.random() < 0.25 else ASK)


def posts():
    """Dicts: id, s, author, text, parent, deleted, kind, of (whose a repost or quote is), private."""
    out, number, now, auto_left = [], 1, START, 14
    people = [str(500 + i) for i in range(60)]

    def add(**post):
        nonlocal number
        post = dict(dict(parent=None, deleted=False, kind="original"), id=str(number), **post)
        number += 1
        out.append(post)
        return post

    for _ in range(110):
        now += rng.choice([60, 700, 1800, 4000, 20000] + ([] if shape == "mixed" else [90000, 260000]))
        r = rng.random()
        if r < 0.1:                                   # somebody speaks of the brand to nobody
            add(s=now, author=rng.choice(people), text=rng.choice(ASK).replace("norvia", "norvia"))
            continue
        if r < 0.16:                                  # an announcement and its readers
            offer = add(s=now, author=rng.choice(ACCOUNTS), text=rng.choice(OFFER))
            for _ in range(rng.randrange(0, 4)):
                reader = add(s=now + rng.randrange(50, 9000), author=rng.choice(people), text=text_for("ask"), parent=offer["id"])
                if rng.random() < 0.5:
                    add(s=reader["s"] + rng.randrange(30, 5000), author=rng.choice(ACCOUNTS), text=text_for("reply"), parent=reader["id"])
            continue
        customer, account = rng.choice(people), rng.choice(ACCOUNTS)
        at = "@%s " % account if shape != "telegram" else ""
        last = add(s=now, author=customer, text=at + text_for("ask"), parent=rng.choice([None, None, None, "99%d" % rng.randrange(999)]))
        if rng.random() < 0.06:
            last["parent"] = last["id"]
        first = last
        for _ in range(rng.randrange(0, 7)):
            step = rng.choice([20, 59, 60, 1799, 1800, 1801, 3600, 3601, 9000, 86400, 86401, 259200, 259201, 500000])
            r = rng.random()
            who = rng.choice([customer, customer, rng.choice(people)])
            parent = rng.choice([last["id"], last["id"], first["id"], None])
            if r < 0.45:                              # the brand answers
                early = rng.random() < 0.12
                s = (last["s"] - rng.choice([1, 59, 60, 61, 300])) if early else last["s"] + step
                target = next((p["author"] for p in out if p["id"] == parent), customer)
                name = "@%s " % target if rng.random() < 0.7 and shape != "telegram" else ""
                last = add(s=s, author=rng.choice(ACCOUNTS), text=name + text_for("reply"), parent=parent)
            elif r < 0.52 and auto_left:
                auto_left -= 1
                last = add(s=last["s"] + rng.randrange(1, 60), author=account, text=AUTO, parent=last["id"])
            else:
                text = text_for("ask")
                if rng.random() < 0.6 and shape != "telegram":
                    text = "@%s %s" % (rng.choice(ACCOUNTS + ["VeltoPL"]), text)
                last = add(s=last["s"] + step, author=who, text=text, parent=parent)
            if rng.random() < 0.05:
                last["deleted"] = True
    if shape == "stream":
        originals = [p for p in out if not p["deleted"]]
        for p in rng.sample(originals, 12):
            author = rng.choice(people)
            if rng.random() < 0.6:
                add(s=p["s"] + 500, author=author, text="RT @%s: %s" % (p["author"], p["text"]), kind="repost", of=p)
            else:
                add(s=p["s"] + 500, author=author, text="no proszę, norvia", kind="quote", of=p)
    add(s=max(p["s"] for p in out) + 40 * 86400, author="999", text="kto ogląda mecz?")
    return out


# ---- a page's inbox ----

def mangled(value):
    """UTF-8 taken for Latin-1, as the download has it."""
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, dict):
        return {k: mangled(v) for k, v in value.items()}
    return [mangled(v) for v in value] if isinstance(value, list) else value


def thread(number, clock, auto):
    """One chat of an inbox: its participants and messages, no two in one second."""
    person, other = "Żaneta %d" % rng.randrange(30), "Osoba %d" % rng.randrange(900)
    kind = rng.choice(["page"] * 9 + ["others", "group", "silent"])
    people = {"page": [person, PAGE], "silent": [person, PAGE], "others": [person, other], "group": [person, PAGE, other]}[kind]
    out, s = [], START + rng.randrange(40 * DAY)

    def say(who, text, after):
        nonlocal s
        s += after
        while s in clock:
            s += 1
        clock.add(s)
        message = {"sender_name": who, "timestamp_ms": s * 1000 + rng.randrange(1000), "is_geoblocked_for_viewer": False}
        if text is None:
            message[rng.choice(["photos", "audio_files"])] = [{"uri": "x", "creation_timestamp": s}]
        else:
            message["content"] = text
        if rng.random() < 0.04:
            message["is_unsent"] = True
        out.append(message)
    if rng.random() < 0.1 and kind == "page":
        say(PAGE, "Dzień dobry Pani Anno, jak podoba się zakup?", 0)
    for _ in range(rng.randrange(1, 6)):
        step = rng.choice([20, 59, 60, 1799, 1800, 1801, 3600, 3601, 9000, 86400, 86401, 259200, 259201, 500000])
        say(person, None if rng.random() < 0.1 else text_for("ask"), step)
        if rng.random() < 0.3:
            say(rng.choice(people[:1] + people[2:]), text_for("ask"), rng.choice([30, 1800, 1801]))
        if kind in ("page", "group") and rng.random() < 0.15 and auto[0]:
            auto[0] -= 1
            say(PAGE, AUTO, rng.randrange(1, 50))
        if kind in ("page", "group") and rng.random() < 0.6:
            say(PAGE, text_for("reply"), rng.choice([59, 60, 3599, 3600, 3601, 86400, 259201]))
    rng.shuffle(people)
    return people, out


def write_inbox(where, number_of_threads):
    clock, auto = set(), [14]
    for number in range(number_of_threads):
        people, messages = thread(number, clock, auto)
        if number == 0:
            messages.append({"sender_name": people[0], "timestamp_ms": (START + 100 * DAY) * 1000, "content": "👍"})
        messages.sort(key=lambda m: -m["timestamp_ms"])            # newest first
        cut = len(messages) // 2 if rng.random() < 0.2 else 0
        for part, held in enumerate((messages[:cut], messages[cut:]) if cut else (messages,)):
            head = {"participants": [{"name": p} for p in people]}
            tail = {"title": people[0], "is_still_participant": True, "thread_path": "inbox/k%03d" % number, "magic_words": []}
            if rng.random() < 0.2:
                head, tail = {}, dict(tail, **head)
            path = "%s/%s/k%03d" % (folder, where, number)
            os.makedirs(path, exist_ok=True)
            with open("%s/message_%d.json" % (path, part + 1), "w", encoding="ascii") as file:
                json.dump(mangled(dict(head, messages=held, **tail)), file, indent=1)


def write_archive():
    """Own tweets: answers whose posts are nobody's here, some to one post, some before ids had times."""
    accounts, made = ACCOUNTS, 0
    snow = lambda s: ((s * 1000 + rng.randrange(1000) - 1288834974657) << 22) + rng.randrange(1 << 22)
    with open(folder + "/tweets.jsonl", "w", encoding="utf-8") as file:
        last = None
        for i in range(120):
            s = START + i * 40000 + rng.randrange(9000)
            author = rng.choice(accounts)
            to = s - rng.choice([1, 59, 60, 300, 900, 3600, 3601, 40000, 200000, -30, -60, -61, -400])
            row = {"created_at": twitter_time(s), "id_str": str(snow(s)), "text": "@klient%d %s" % (rng.randrange(50), text_for("reply")),
                   "user": {"id_str": str(100000 + accounts.index(author)), "screen_name": author, "followers_count": 9}, "lang": "pl"}
            if rng.random() < 0.15:
                row["text"] = rng.choice(OFFER)
            else:
                parent = rng.random()
                row["in_reply_to_status_id_str"] = last if last and parent < 0.1 else str(29700859247 - i) if parent < 0.15 else \
                    row["id_str"] if parent < 0.2 else str(snow(to))
                last = row["in_reply_to_status_id_str"]
                if rng.random() < 0.5:
                    row["in_reply_to_screen_name"] = rng.choice(accounts) if rng.random() < 0.1 else "klient%d" % rng.randrange(50)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_mixed(rows):
    noise = [dict(id=str(50000 + i), s=START + i * 1800 + 7, author=str(700 + i % 40), text="kto ogląda mecz?", parent=None, deleted=False,
                  kind="original") for i in range(24 * 24)]
    here = [p for p in rows + noise if START <= p["s"] < noise[-1]["s"] and not OUTAGE[0] < p["s"] < OUTAGE[1]]
    here = [p for p in here if not p.get("of") or p["of"] in here]
    with open(folder + "/tweets.jsonl", "w", encoding="utf-8") as file:
        for p in sorted(here, key=lambda p: p["s"]):
            file.write(json.dumps(stream_post(p, rows), ensure_ascii=False) + "\n")
        for p in here:
            if p["deleted"]:
                file.write(json.dumps({"delete": {"status": {"id_str": stream_post(p, rows)["id_str"], "user_id_str": "1"}}}) + "\n")
    with open(folder + "/comments.jsonl", "w", encoding="utf-8") as file:   # a forum without the brand
        for i in range(60):
            file.write(json.dumps({"author": "forum%d" % rng.randrange(20), "created_utc": START + i * 15000, "id": "f%03d" % i,
                                   "link_id": "t3_z%02d" % (i // 5), "parent_id": "t3_z%02d" % (i // 5), "subreddit": "praca",
                                   "body": text_for("ask") + " norvia", "score": 1}) + "\n")
    write_inbox("messages/inbox", 60)


def config(accounts, query="norvia OR norviapl OR norviapomoc"):
    brands = [{"id": "norvia", "name": "Norvia", "query": query, "accounts": accounts}]
    if shape in ("twcs", "stream", "mixed"):
        brands.append({"id": "velto", "name": "Velto", "query": "velto OR veltopl",
                       "accounts": [{"platform": "twitter", "handle": "VeltoPL"}]})
    return {"brands": brands, "timezone": "Europe/Warsaw", "input": {"timezone": "Europe/Warsaw", "day_first": True},
            "privacy": {"authors": "plain"}, "care": {"minimum_n": 3}}


def twitter_time(s):
    return time.strftime("%a %b %d %H:%M:%S +0000 %Y", time.gmtime(s))


def handle(author):
    return author if author in ACCOUNTS + ["VeltoPL"] else "klient" + author


def stream_post(p, all_posts):
    numeric = lambda i: str(1500000000000000000 + int(i))
    user = {"id_str": str(100000 + (ACCOUNTS.index(p["author"]) if p["author"] in ACCOUNTS else int(p["author"]))),
            "screen_name": handle(p["author"]), "followers_count": len(p["author"]) * 7}
    row = {"created_at": twitter_time(p["s"]), "id_str": numeric(p["id"]), "text": rename(p["text"]), "user": user, "lang": "pl"}
    if p["parent"]:
        row["in_reply_to_status_id_str"] = numeric(p["parent"])
        parent = next((q for q in all_posts if q["id"] == p["parent"]), None)
        if parent:
            row["in_reply_to_screen_name"] = handle(parent["author"])
        elif int(p["parent"]) % 2:
            row["in_reply_to_screen_name"] = ACCOUNTS[int(p["parent"]) % 3 % 2]
    if p["kind"] == "repost":
        row["retweeted_status"] = stream_post(p["of"], all_posts)
    if p["kind"] == "quote":
        row["quoted_status"] = stream_post(p["of"], all_posts)
        row["quoted_status_id_str"] = row["quoted_status"]["id_str"]
    return row


def rename(text):
    return re.sub(r"@(\d+)", r"@klient\1", text)


rows = posts()
page = [{"platform": "instagram" if shape == "instagram" else "facebook", "handle": PAGE.replace("N", "n")}]
tweeters = [{"platform": "twitter", "handle": ACCOUNTS[0]}, {"platform": "twitter", "id": "100001", "handle": ACCOUNTS[1]}]
if shape in ("inbox", "instagram"):
    write_inbox("messages/inbox" if shape == "inbox" else "your_instagram_activity/messages/inbox", 120)
    settings = config(page, "łąkanorvia")
elif shape == "archive":
    write_archive()
    settings = config(tweeters)
elif shape == "mixed":
    write_mixed(rows)
    settings = config(tweeters + page)
elif shape == "play":
    accounts = []
    with open(folder + "/reviews.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow("reviewId userName userImage content score thumbsUpCount reviewCreatedVersion at replyContent repliedAt appVersion".split())
        local = lambda s: datetime.datetime.fromtimestamp(s, zoneinfo.ZoneInfo("Europe/Warsaw")).strftime("%Y-%m-%d %H:%M:%S")
        now = START
        for i in range(140):
            now += rng.choice([600, 4000, 20000, 90000])
            answered = rng.random() < 0.6
            reply = now + rng.choice([-3600, -61, -60, -1, 59, 3600, 3601, 86400, 86401, 400000])
            text = rng.choice(REPLY)
            text = text % rng.randrange(20, 99) if "%d" in text else text
            out.writerow(["gp:%d" % i, "Osoba %d" % rng.randrange(90), "", text_for("ask"), 3, 0, "1", local(now),
                          text if answered else "", local(reply) if answered else "", "1"])
    settings = config([], "norvia OR platform:reviews")
elif shape == "twcs":
    with open(folder + "/twcs.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow("tweet_id author_id inbound created_at text response_tweet_id in_response_to_tweet_id".split())
        for p in rng.sample(rows, len(rows)):          # in any order
            if not p["deleted"]:
                out.writerow([p["id"], p["author"], p["author"].isdigit(), twitter_time(p["s"]), p["text"], "", p["parent"] or ""])
    settings = config([{"platform": "twitter", "handle": h} for h in ACCOUNTS])
elif shape == "stream":
    with open(folder + "/tweets.jsonl", "w", encoding="utf-8") as file:
        for p in sorted(rows, key=lambda p: p["s"]):
            line = json.dumps(stream_post(p, rows), ensure_ascii=False) + "\n"
            file.write(line * (2 if rng.random() < 0.03 else 1))
        for p in rows:
            if p["deleted"]:
                file.write(json.dumps({"delete": {"status": {"id_str": stream_post(p, rows)["id_str"], "user_id_str": "1"}}}) + "\n")
    settings = config(tweeters)
else:
    messages = []
    wall = lambda s: datetime.datetime.fromtimestamp(s, zoneinfo.ZoneInfo("Europe/Warsaw")).isoformat()
    for p in sorted(rows, key=lambda p: p["s"]):
        if p["deleted"]:
            continue
        own = p["author"] in ACCOUNTS
        message = {"id": int(p["id"]), "type": "message", "date": wall(p["s"]), "date_unixtime": str(p["s"]), "from": p["author"],
                   "from_id": "user%s" % (ACCOUNTS.index(p["author"]) + 1 if own else p["author"]), "text": p["text"],
                   "text_entities": [{"type": "plain", "text": p["text"]}]}
        if p["parent"]:
            message["reply_to_message_id"] = int(p["parent"])
        messages.append(message)
    with open(folder + "/result.json", "w", encoding="utf-8") as file:
        json.dump({"name": "Norvia Forum", "type": "public_supergroup", "id": 7, "messages": messages}, file, ensure_ascii=False, indent=1)
    settings = config([{"platform": "telegram", "id": "user1"}, {"platform": "telegram", "id": "user2"},
                       {"platform": "telegram", "handle": "Norvia Forum"}])
with open(folder + "/config.json", "w", encoding="utf-8") as file:
    json.dump(settings, file, ensure_ascii=False)
