"""care_oracle.py SHAPE FOLDER POSTS.jsonl EXPORTS WAITS: computes the tables of care and journeys anew from a
dump of care_dump.py, plainly and slowly, and compares with what burza exported. POSTS.jsonl: the
table posts, of which it takes what the scorer says of each text. WAITS: gets the first response
times, each with 1 where it was answered. Ends with 1 where figures differ."""
import collections
import csv
import glob
import json
import math
import re
import sys
import time
import unicodedata
import zoneinfo
import datetime

shape, folder, posts_file, exports, waits_file = sys.argv[1:6]
config = json.load(open(folder + "/config.json", encoding="utf-8"))
MIN = config["care"]["minimum_n"]
ZONE = zoneinfo.ZoneInfo("Europe/Warsaw")
Z = 1.959963984540054
DAY = 86400
PLATFORM_ORDER = "twitter reddit telegram facebook instagram reviews".split()
PLATFORM = {"telegram": "telegram", "play": "reviews", "inbox": "facebook", "instagram": "instagram"}.get(shape, "twitter")


# ---- the dump, as its format says ----

def parse_twitter(text):
    return int(datetime.datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").timestamp())


def snowflake(number):
    return ((number >> 22) + 1288834974657) // 1000 if number > 29700859247 else None


def read():
    rows, deleted = {}, set()

    def add(**row):
        row = dict(dict(parent=None, named=None, kind="original", author_id=None, developer=False, platform=PLATFORM, thread=None,
                        people=()), **row)
        rows.setdefault(row["id"], row)

    def add_inbox(platform):
        pages = {ascii_lower(a["handle"]) for b in config["brands"] for a in b["accounts"] if a["platform"] == platform}
        for name in sorted(glob.glob(folder + "/**/message_*.json", recursive=True)):
            d = unmangled(json.load(open(name)))
            people = [p["name"] for p in d["participants"]]
            if not {ascii_lower(p) for p in people} & pages:
                continue                               # other people's: not read
            for n, m in enumerate(d["messages"]):
                said = "content" in m or "photos" in m or "audio_files" in m
                if said:
                    add(id="%s#%s#%d" % (d["thread_path"], name[-6], n), s=m["timestamp_ms"] // 1000, us=m["timestamp_ms"] * 1000,
                        author=m["sender_name"], text=m.get("content", ""), platform=platform, thread=d["thread_path"], people=people,
                        gone=m.get("is_unsent", False))

    def add_tweets():
        for line in open(folder + "/tweets.jsonl", encoding="utf-8"):
            d = json.loads(line)
            if "delete" in d:
                deleted.add(d["delete"]["status"]["id_str"])
                continue
            add(id=d["id_str"], s=parse_twitter(d["created_at"]), author=d["user"]["screen_name"], author_id=d["user"]["id_str"],
                text=d["text"], parent=d.get("in_reply_to_status_id_str"), named=d.get("in_reply_to_screen_name"),
                of=d.get("retweeted_status", {}).get("id_str"),
                kind="repost" if "retweeted_status" in d else "quote" if "quoted_status" in d else "original", platform="twitter")

    if shape == "twcs":
        for r in csv.DictReader(open(folder + "/twcs.csv", encoding="utf-8")):
            add(id=r["tweet_id"], s=parse_twitter(r["created_at"]), author=r["author_id"], text=r["text"],
                parent=r["in_response_to_tweet_id"] or None)
    elif shape in ("stream", "archive"):
        add_tweets()
    elif shape in ("inbox", "instagram"):
        add_inbox(PLATFORM)
    elif shape == "mixed":
        add_tweets()
        add_inbox("facebook")
        for line in open(folder + "/comments.jsonl", encoding="utf-8"):
            d = json.loads(line)
            add(id="t1_" + d["id"], s=d["created_utc"], author=d["author"], text=d["body"], parent=d["parent_id"], platform="reddit")
    elif shape == "telegram":
        for m in json.load(open(folder + "/result.json", encoding="utf-8"))["messages"]:
            add(id=str(m["id"]), s=int(m["date_unixtime"]), author=m["from"], author_id=m["from_id"], text=m["text"],
                parent=str(m["reply_to_message_id"]) if "reply_to_message_id" in m else None)
    else:
        def local(text):
            return int(datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())
        for r in csv.DictReader(open(folder + "/reviews.csv", encoding="utf-8")):
            add(id=r["reviewId"], s=local(r["at"]), author=r["userName"], text=r["content"])
            if r["replyContent"]:
                add(id=r["reviewId"] + "/reply", s=local(r["repliedAt"]), author="developer", text=r["replyContent"],
                    parent=r["reviewId"], developer=True)
    for row in rows.values():
        row["channel"] = row["platform"] + ("/private" if row["thread"] else "")
        row["deleted"] = row.get("gone", False) or row["id"] in deleted or row.get("of") in deleted   # a repost goes with its original
        row["self"] = row["parent"] == row["id"]
        if row["self"]:
            row["parent"] = None
    return rows


def ascii_lower(text):
    return "".join(c.lower() if c < "\x80" else c for c in text)


def unmangled(value):
    if isinstance(value, str):
        return value.encode("latin-1").decode()
    if isinstance(value, dict):
        return {k: unmangled(v) for k, v in value.items()}
    return [unmangled(v) for v in value] if isinstance(value, list) else value


ROWS = read()
PLATFORMS = sorted({r["platform"] for r in ROWS.values()})
ENDS = {f: max(r["s"] for r in ROWS.values() if r["platform"] == f) for f in PLATFORMS}
CHANNELS = sorted({r["channel"] for r in ROWS.values()})


def outages(platform):
    """Of a stream with two posts an hour each silence of half a day is one; others are too rare to tell."""
    times = sorted(r["s"] for r in ROWS.values() if r["platform"] == platform)
    return [(a, b) for a, b in zip(times, times[1:]) if b - a > DAY // 2] if shape == "mixed" and platform == "twitter" else []


GAPS = {f: outages(f) for f in PLATFORMS}


def until(platform, start):
    return min([ENDS[platform]] + [a for a, _ in GAPS[platform] if a >= start])


INBOXES = ("facebook", "instagram")                    # here all of them is private
SCORES = {}
for line in open(posts_file, encoding="utf-8"):
    d = json.loads(line)
    SCORES[d["brand"], (d["author"], d["time"]) if d["platform"] in INBOXES else d["id"]] = d

CLOSERS = set("ok okej jasne rozumiem super dobra dobrze dzięki dzieki dziękuję dziekuje thx thanks thank you great got it perfect".split())


def bare(text):
    text = re.sub(r"https?://\S+|www\.\S+", " ", text)
    return re.sub(r"(?<![\w@])@\w+", " ", text)


def is_emoji(c):
    c = ord(c)
    return 0x2600 <= c <= 0x27BF or c in (0x2B50, 0x2B55) or 0x1F1E6 <= c <= 0x1F1FF or 0x1F300 <= c <= 0x1FAFF


# ---- statistics ----

def wilson(x, n):
    if n < MIN or n == 0:
        return None, None, None
    p = x / n
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    mid, scale = p + Z * Z / (2 * n), 1 + Z * Z / n
    return p, 0.0 if x == 0 else (mid - half) / scale, 1.0 if x == n else (mid + half) / scale


def newcombe(x1, n1, x2, n2):
    (p1, l1, u1), (p2, l2, u2) = wilson(x1, n1), wilson(x2, n2)
    if p1 is None or p2 is None:
        return None, None, None
    return p1 - p2, p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def median(values):
    values = sorted(values)
    n = len(values)
    return None if not n else values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2


def survival(waits):
    """[(t, S)] at events, in exact fractions."""
    from fractions import Fraction
    steps, share, at_risk = [], Fraction(1), len(waits)
    for t in sorted({t for t, _ in waits}):
        events = sum(1 for u, e in waits if u == t and e)
        here = sum(1 for u, _ in waits if u == t)
        if events:
            share *= Fraction(at_risk - events, at_risk)
            steps.append((t, share))
        at_risk -= here
    return steps


def quantile(waits, q):
    from fractions import Fraction
    if len(waits) < MIN or not waits:
        return None
    steps, level = survival(waits), 1 - Fraction(q).limit_denominator(100)
    for i, (t, share) in enumerate(steps):
        if share == level:
            return (t + steps[i + 1][0]) / 2 if i + 1 < len(steps) else None
        if share < level:
            return t
    return None


def within(waits, t):
    if len(waits) < MIN or not waits:
        return None
    share = 1
    for u, s in survival(waits):
        if u <= t:
            share = s
    return None if t > max(u for u, _ in waits) and share > 0 else float(1 - share)


# ---- one brand ----

def state_of(p):
    if p["class"] == "repost":
        return "aware"
    if p["idle"]:
        return None
    if "dissuade" in p["intents"]:
        return "detractor"
    return None if p["stage"] == "none" else p["stage"]


class Brand:
    def __init__(self, brand):
        self.id = brand["id"]
        self.accounts = brand["accounts"]
        self.official = [a for b in config["brands"] for a in b["accounts"]]
        self.posts = {i: dict(r) for i, r in ROWS.items()}
        self.order = sorted(self.posts.values(), key=lambda p: (p.get("us", p["s"] * 1000000), PLATFORM_ORDER.index(p["platform"]), p["id"]))
        for n, p in enumerate(self.order):
            p["n"] = n
            score = SCORES.get((self.id, (p["author"], p["s"]) if p["thread"] else p["id"]), {"label": "none", "sentiment": None, "intents": "", "stage": "none", "language": "other", "role": ""})
            p.update(label=score["label"], score=score["sentiment"], intents=set(score["intents"].split("+")) - {""},
                     stage=score["stage"], topic=score.get("topic", "none"), language=score["language"], matched=score["role"] == "mention" and not p["thread"])
            p["own"] = self.account_of(p) if not p["developer"] else "developer"
            p["void"] = p["deleted"]
            p["idle"] = self.is_idle(p)
        self.classes()
        self.conversations()
        self.auto()
        self.turns()
        self.states()

    def account_of(self, p, accounts=None):
        for a in self.accounts if accounts is None else accounts:
            if a["platform"] != p["platform"]:
                continue
            if a.get("id") and a["id"] in (p["author_id"], None if p["author_id"] else p["author"]):
                return a.get("handle") or a["id"]
            if ascii_lower(a.get("handle", "")) == ascii_lower(p["author"]):
                return a["handle"]
        return None

    def named(self, name):
        return next((a["handle"] for a in self.accounts if ascii_lower(a.get("handle", "")) == ascii_lower(name)), None)

    def in_text(self, text):
        return next((self.named(n) for n in re.findall(r"(?<![\w@])@(\w+)", text) if self.named(n)), None)

    @staticmethod
    def is_idle(p):
        if "thanks" in p["intents"] and not p["intents"] & {"complaint", "question", "request", "purchase", "churn"}:
            return True
        words = re.findall(r"[^\W_]+", re.sub(r"#\w+", " ", bare(p["text"]).lower()))
        return all(w in CLOSERS for w in words)

    def classes(self):
        def find(p, path):
            if "class" in p:
                return p["class"]
            p["to"] = None
            if p["own"]:
                p["class"] = "own"
                return "own"
            kind = None
            parent, peer = self.posts.get(p["parent"]), False
            if self.account_of(p, self.official):
                kind = ""
            elif p["kind"] == "repost":
                kind = "repost" if p["matched"] else ""
            elif p["thread"]:
                kind = "private"
                p["to"] = next((self.named(x) for x in p["people"] if self.named(x)), None)
            elif p["platform"] == "reviews" and p["matched"]:
                kind = "review"
            elif p["kind"] != "quote":
                if parent:
                    same = parent["author"] == p["author"]
                    if parent["own"]:
                        kind, p["to"] = "reply", parent["own"]
                    elif same and p["id"] not in path:
                        above = find(parent, path | {p["id"]}) if parent["id"] not in path else ""
                        if above in ("review", "reply", "mention", "comment"):
                            kind = above
                    peer = not same
                elif p["named"]:
                    if self.named(p["named"]):
                        kind, p["to"] = "reply", self.named(p["named"])
                    else:
                        peer = p["named"] != p["author"]
            if kind is None:
                if self.in_text(p["text"]):
                    kind = "mention"
                elif shape == "telegram" and not peer and p["kind"] != "quote":
                    kind = "comment"
                else:
                    kind = "unaddressed" if p["matched"] else "peer" if peer else ""
            if kind in ("mention", "reply", "comment") and not p["to"]:
                p["to"] = self.in_text(p["text"])
            if p["id"] not in path:
                p["class"] = kind
            return kind
        sys.setrecursionlimit(10000)
        for p in self.order:
            find(p, frozenset())
        for p in self.order:
            p["in"] = p["class"] in ("private", "review", "reply", "mention", "comment")
            p["kept"] = p["in"] or p["class"] in ("own", "unaddressed")
            p["received"] = p["in"] and not p["void"]
        for p in self.order:
            p["broadcast"] = p["class"] == "own" and not p["thread"] and self.alone(p, set())
        self.bases()

    def bases(self):
        self.basis, self.partly = {}, {}
        for channel in CHANNELS:
            own = [p for p in self.order if p["class"] == "own" and p["channel"] == channel]
            asked = [p for p in own if p["parent"] and not p["broadcast"]]
            known = sum(1 for p in asked if self.known(p))
            if any(p["kept"] and p["channel"] == channel for p in self.order):
                self.basis[channel] = "none" if not own else "replies" if len(asked) >= 5 and 2 * known < len(asked) else "full"
                self.partly[channel] = self.basis[channel] == "full" and known < 0.95 * len(asked)
        self.best = next((b for b in ("full", "replies") if b in self.basis.values()), "none")

    def alone(self, p, seen):
        if p["id"] in seen:
            return True
        parent = self.posts.get(p["parent"])
        if parent:
            return bool(parent["own"]) and self.alone(parent, seen | {p["id"]})
        if p["named"]:
            return bool(self.named(p["named"]))
        return not p["parent"]

    def conversations(self):
        up = {}

        def root(x):
            while up.setdefault(x, x) != x:
                x = up[x]
            return x
        for p in self.order:
            parent = self.posts.get(p["parent"])
            if p["kept"] and p["thread"]:
                up[root(p["id"])] = root("thread " + p["thread"])
            if not p["kept"] or not p["parent"]:
                continue
            if parent["broadcast"] if parent else p["named"] and self.named(p["named"]):
                continue
            up[root(p["id"])] = root(p["parent"])
        self.talks, now = [], {}
        for p in self.order:
            if not p["kept"]:
                continue
            thread = root(p["id"])
            talk = now.get(thread)
            if talk is None or (p["class"] != "own" and p["s"] - talk["posts"][-1]["s"] > 72 * 3600):
                talk = now[thread] = {"thread": thread, "posts": []}
                self.talks.append(talk)
            talk["posts"].append(p)
            p["talk"] = talk

    def auto(self):
        fast = collections.defaultdict(list)
        for p in self.order:
            p["auto"] = False
            if p["class"] != "own" or p["broadcast"]:
                continue
            if p["parent"]:
                parent = self.known(p)
                since = parent["s"] if parent else snowflake(int(p["parent"])) if p["platform"] == "twitter" and shape != "twcs" else None
            else:
                earlier = [q for q in p["talk"]["posts"] if q["n"] < p["n"] and q["received"]]
                since = earlier[-1]["s"] if earlier else None
            if since is not None and 0 <= p["s"] - since < 60:
                fast[" ".join(bare(p["text"]).lower().split())].append(p)
        for group in fast.values():
            if len(group) >= 10:
                for p in group:
                    p["auto"] = True

    def known(self, p):
        parent = self.posts.get(p["parent"])
        return parent if parent and parent["kept"] else None

    def can_answer(self, p):
        return p["class"] == "own" and not p["auto"] and not p["broadcast"] and not p["deleted"]

    def turns(self):
        self.all = []
        for talk in self.talks:
            open_ = {}
            for p in talk["posts"]:
                if p["class"] == "own":
                    if not p["auto"]:
                        open_ = {}
                elif p["received"]:
                    turn = open_.get(p["author"])
                    if turn is None or p["s"] - turn["posts"][-1]["s"] > 1800:
                        turn = open_[p["author"]] = {"posts": [], "talk": talk, "author": p["author"]}
                        self.all.append(turn)
                    turn["posts"].append(p)
        self.all.sort(key=lambda t: t["posts"][0]["n"])
        seen = set()
        for t in self.all:
            t["start"], t["to"] = t["posts"][0]["s"], t["posts"][0]["to"]
            t["asks"] = any(not p["idle"] for p in t["posts"])
            t["intents"] = set().union(*(p["intents"] for p in t["posts"]))
            t["first"] = t["asks"] and (id(t["talk"]), t["author"]) not in seen
            if t["asks"]:
                seen.add((id(t["talk"]), t["author"]))
            t["answer"], t["inferred"] = self.answer(t["posts"], t["talk"], t["author"], t["start"], True)
            t["wait"] = max(0, t["answer"]["s"] - t["start"]) if t["answer"] else None
            t["platform"], t["channel"] = t["posts"][0]["platform"], t["posts"][0]["channel"]
            t["seen"] = until(t["platform"], t["start"]) - t["start"]
            t["full"] = self.basis[t["channel"]] == "full"
            t["event"] = bool(t["answer"]) and t["answer"]["s"] <= until(t["platform"], t["start"])
            t["for_curve"] = (t["wait"], True) if t["event"] else (t["seen"], False)

    def answer(self, posts, talk, author, start, infer):
        ids = {p["id"] for p in posts}
        found = []
        for r in self.order:
            if not self.can_answer(r):
                continue
            if r["parent"] in ids and r["s"] - start >= -60:
                found.append(r)
            elif r.get("talk") is talk and r["s"] >= start:
                parent = self.known(r)
                who = {p["author_id"] for p in posts} | {author.lower()}
                named = [n.lower() for n in re.findall(r"(?<![\w@])@(\w+)", r["text"])]
                if (parent and parent["author"] == author) or r["named"] == author or set(named) & who or r["developer"] or r["thread"]:
                    found.append(r)
        if found:
            return min(found, key=lambda r: r["n"]), False
        for r in talk["posts"]:
            if infer and self.can_answer(r) and r["s"] >= start and not r["parent"] and not re.search(r"(?<![\w@])@\w", r["text"]):
                return r, True
        return None, False

    def deflects(self, p):
        text = fold(bare(p["text"]))
        text = re.sub(r"\s*[\^/~-] ?[A-Z]{1,3}[.!]*\s*$", "", text)
        return bool(re.search(r"\b(priv|priva|pw|dm|dms|dma)\b|\b(inbox|messenger|direct message|private message)|"
                              r"wiadomosc\w* prywatn|prywatn\w* wiadomosc", text.lower()))

    def states(self):
        by_thread = collections.defaultdict(list)
        for talk in self.talks:
            by_thread[talk["thread"]].append(talk)
            talk["turns"] = [t for t in self.all if t["talk"] is talk and t["asks"]]
            talk["received"] = [p for p in talk["posts"] if p["received"]]
        for talk in self.talks:
            if not talk["received"]:
                continue
            turns, end = talk["turns"], talk["posts"][-1]["s"]
            answered = [t for t in turns if t["answer"]]
            last = talk["received"][-1]
            customers = {p["author"] for p in talk["received"]}
            later = by_thread[talk["thread"]]
            again = any(t["author"] in customers and t["start"] - end <= 7 * DAY
                        for k in later[later.index(talk) + 1:] for t in k["turns"])
            resolved = None
            if not turns:
                state = "nothing_asked"
            elif answered and "thanks" in last["intents"] and not last["intents"] & {"question", "complaint"} and \
                    last["s"] >= min((t["answer"] for t in answered), key=lambda p: p["n"])["s"]:
                state, resolved = "thanked", last
            elif not answered:
                state = "unanswered"
            elif not turns[-1]["answer"] or again:
                state = "unresolved"
            elif any(self.deflects(t["answer"]) for t in answered):
                state = "deflected"
            elif until(talk["posts"][-1]["platform"], end) - end >= 7 * DAY:
                state = "presumed_closed"
                own = [p for p in talk["posts"] if p["class"] == "own" and not p["auto"]]
                resolved = own[-1] if own else max((t["answer"] for t in answered), key=lambda p: p["n"])
            else:
                state = "pending"
            talk["state"] = state
            talk["resolved_s"] = max(0, resolved["s"] - talk["received"][0]["s"]) if resolved else None


def fold(text):
    return unicodedata.normalize("NFD", text.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()


# ---- tables ----

def month_of(s):
    return datetime.datetime.fromtimestamp(s, ZONE).strftime("%Y-%m")


def holiday(day):
    year = day.year
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, date = divmod(h + l - 7 * m + 114, 31)
    easter = datetime.date(year, month, date + 1)
    moving = [easter + datetime.timedelta(n) for n in (0, 1, 49, 60)]
    return day in moving or (day.month, day.day) in ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))


def is_open(s):
    local = datetime.datetime.fromtimestamp(s, ZONE)
    return local.weekday() < 5 and 9 <= local.hour < 17 and not holiday(local.date())


def open_seconds(a, b):
    total, day = 0, datetime.datetime.fromtimestamp(a, ZONE).date()
    while True:
        begin = int(datetime.datetime(day.year, day.month, day.day, 9, tzinfo=ZONE).timestamp())
        if begin >= b:
            return total
        if day.weekday() < 5 and not holiday(day):
            total += max(0, min(b, begin + 8 * 3600) - max(a, begin))
        day += datetime.timedelta(1)


def notes(brand, channels, n, whole, here):
    """The codes of a row's note; `here`: the seconds of its period."""
    codes = {"n<%d" % MIN} if n < MIN or not n else set()
    for channel in channels:
        if brand.basis[channel] == "replies":
            codes.add("parents_missing")
        if brand.partly[channel]:
            codes.add("parents_partly")
        codes.update("gap" for a, b in GAPS[channel.split("/")[0]] if any(here(s) for s in range(a, b, 3600)))
    if whole:
        codes.update("without:" + c for c, b in brand.basis.items() if b != brand.best)
    return codes


def parents_answered(brand):
    """Of channels with answers alone: (parent's second, wait, channel, account)."""
    seen, out = set(), []
    for p in brand.order:
        if brand.basis.get(p["channel"]) != "replies" or not brand.can_answer(p) or not p["parent"] or p["parent"] in seen:
            continue
        parent = brand.known(p)
        if parent["own"] if parent else p["named"] and brand.named(p["named"]):
            continue
        s = parent["s"] if parent else snowflake(int(p["parent"]))
        if s is not None and p["s"] - s >= -60:
            seen.add(p["parent"])
            out.append((s, max(0, p["s"] - s), p["channel"], p["own"]))
    return out


COUNTS = """received turns_all turns conversations customers inferred answered_elsewhere observed_turns_1h observed_turns_24h turns_off_hours
deflected decided resolved thanked response_rate rr_1h rr_24h rt_median_s rr_1h_off_hours resolved_rate resolution_median_s
sentiment_answered""".split()


def response_of_answers(brand, account, channels, whole, period):
    here = lambda s: period == "all" or month_of(s) == period
    mine = [a for a in parents_answered(brand) if here(a[0]) and a[2] in channels and account in ("all", a[3])]
    waits = [(w, True) for _, w, _, _ in mine]
    return dict({c: None for c in COUNTS}, basis="replies", answered=len(mine), first_turns=len(mine),
                frt_median_s=quantile(waits, 0.5), frt_p75_s=quantile(waits, 0.75), frt_p90_s=quantile(waits, 0.9),
                frt_mean_s=sum(w for w, _ in waits) / len(waits) if len(waits) >= MIN else None, km_15m=within(waits, 900),
                km_1h=within(waits, 3600), km_4h=within(waits, 14400), km_24h=within(waits, DAY),
                business_median_s=quantile([(open_seconds(s, s + w), True) for s, w, _, _ in mine], 0.5),
                note=notes(brand, channels, len(mine), whole, here))


def response(brand):
    rows = {}
    of = lambda basis: [c for c, b in brand.basis.items() if b == basis]
    months = sorted({month_of(p["s"]) for p in brand.order if p["received"] and brand.basis[p["channel"]] == "full"})
    asked = sorted({month_of(a[0]) for a in parents_answered(brand)})
    scopes = []
    for channel in ["all"] + sorted(brand.basis):
        basis = brand.best if channel == "all" else brand.basis[channel]
        channels = of(basis) if channel == "all" else [channel]
        if basis == "none":
            rows["all", channel, "all"] = dict({c: None for c in COUNTS}, basis="none", answered=None, first_turns=None,
                                               note={"no_brand_posts"})
            continue
        known = months if basis == "full" else \
            [m for m in asked if any(month_of(a[0]) == m and a[2] in channels for a in parents_answered(brand))]
        scopes += [("all", channel, period, basis, channels) for period in ["all"] + known]
    full = {t["to"] for t in brand.all if t["to"] and t["full"]}
    answering = {a[3] for a in parents_answered(brand)}
    scopes += [(a, "all", "all", "full" if a in full else "replies", of("full" if a in full else "replies")) for a in full | answering]
    for account, channel, period, basis, channels in scopes:
        whole = channel == "all" and account == "all"
        if basis == "replies":
            rows[account, channel, period] = response_of_answers(brand, account, channels, whole, period)
            continue

        def here(s):
            return period == "all" or month_of(s) == period
        turns_all = [t for t in brand.all if here(t["start"]) and account in ("all", t["to"]) and t["channel"] in channels]
        turns = [t for t in turns_all if t["asks"]]
        answered = [t for t in turns if t["answer"]]
        first = [t for t in turns if t["first"]]
        waits, every = [t["for_curve"] for t in first], [t["for_curve"] for t in turns]
        business = [(open_seconds(t["start"], t["start"] + t["for_curve"][0]), t["event"]) for t in first]
        one = [t for t in turns if t["seen"] >= 3600]
        day = [t for t in turns if t["seen"] >= DAY]
        off = [t for t in turns if not is_open(t["start"])]
        talks = [k for k in brand.talks if k.get("state") and k["turns"] and k["turns"][0] in turns]
        decided = [k for k in talks if k["state"] != "pending"]
        resolved = [k for k in talks if k["state"] in ("thanked", "presumed_closed")]
        fast = lambda list_, most: sum(1 for t in list_ if t["answer"] and t["wait"] <= most)
        rate, low, high = wilson(len(answered), len(turns))
        loose = [p for p in brand.order if p["class"] == "unaddressed" and not p["void"] and here(p["s"]) and p["channel"] in channels]
        events = [t["wait"] for t in first if t["event"]]
        scored = {bool(a): [t["posts"][0]["score"] for t in turns if bool(t["answer"]) == a and t["posts"][0]["label"] != "none"]
                  for a in (True, False)}
        said = [[p["score"] for p in k["posts"] if p["class"] != "own" and not p["void"] and p["label"] != "none"] for k in talks]
        change = [s[-1] - s[0] for s in said if len(s) > 1]
        mean = lambda values: sum(values) / len(values) if len(values) >= MIN else None
        rows[account, channel, period] = dict(
            basis="full", note=notes(brand, channels, len(turns), whole, here),
            sentiment_answered=mean(scored[True]), sentiment_unanswered=mean(scored[False]), sentiment_change=mean(change),
            received=sum(1 for p in brand.order if p["received"] and here(p["s"]) and account in ("all", p["to"]) and p["channel"] in channels),
            turns_all=len(turns_all), turns=len(turns), conversations=len({id(t["talk"]) for t in turns_all}),
            customers=len({t["author"] for t in turns_all}), answered=len(answered), inferred=sum(t["inferred"] for t in answered),
            answered_elsewhere=sum(1 for t in answered if t["to"] and t["answer"]["own"] != t["to"]),
            response_rate=rate, response_rate_low=low, response_rate_high=high, observed_turns_1h=len(one),
            rr_1h=wilson(fast(one, 3600), len(one))[0], observed_turns_24h=len(day), rr_24h=wilson(fast(day, DAY), len(day))[0],
            first_turns=len(first), frt_median_s=quantile(waits, 0.5), frt_p75_s=quantile(waits, 0.75), frt_p90_s=quantile(waits, 0.9),
            frt_mean_s=sum(events) / len(events) if events and len(first) >= MIN else None,
            km_15m=within(waits, 900), km_1h=within(waits, 3600), km_4h=within(waits, 14400), km_24h=within(waits, DAY),
            rt_median_s=quantile(every, 0.5), business_median_s=quantile(business, 0.5), turns_off_hours=len(off),
            rr_1h_off_hours=wilson(fast([t for t in off if t["seen"] >= 3600], 3600), len([t for t in off if t["seen"] >= 3600]))[0],
            deflected=sum(brand.deflects(t["answer"]) for t in answered), decided=len(decided), resolved=len(resolved),
            thanked=sum(k["state"] == "thanked" for k in talks), resolved_rate=wilson(len(resolved), len(decided))[0],
            resolution_median_s=median([k["resolved_s"] for k in resolved]) if len(resolved) >= MIN else None,
            unaddressed=len(loose) if account == "all" else None,
            proactive=sum(1 for p in loose if brand.answer([p], p["talk"], p["author"], p["s"], False)[0]) if account == "all" else None)
    return rows


TOPICS = "delivery price billing outage quality staff app returns availability privacy safety contract store advertising".split()


def topics(names):
    """Those of at least five posts, five at most, most first."""
    count = collections.Counter(n for n in names if n in TOPICS)
    most = sorted((t for t in TOPICS if count[t] >= 5), key=lambda t: (-count[t], TOPICS.index(t)))[:5]
    return ", ".join("%s %d" % (t, count[t]) for t in most)


def conversation_key(p):
    return "%s %d" % (p["channel"], p["s"]) if p["thread"] else p["id"]


def conversations(brand):
    rows = {}
    for talk in brand.talks:
        if not talk.get("state") or brand.basis[talk["received"][0]["channel"]] != "full":
            continue
        first = next((t for t in talk["turns"] if t["first"] and t["answer"]), None)
        rows[conversation_key(talk["posts"][0]),] = dict(
            channel=talk["received"][0]["channel"], started=talk["posts"][0]["s"], ended=talk["posts"][-1]["s"],
            customers=len({p["author"] for p in talk["received"]}), inbound=len(talk["received"]),
            outbound=sum(p["class"] == "own" for p in talk["posts"]), turns=len(talk["turns"]),
            answered=sum(1 for t in talk["turns"] if t["answer"]), frt_s=first["wait"] if first else None, state=talk["state"],
            resolved_s=talk["resolved_s"])
    return rows


def chances(brand):
    rows, about = collections.defaultdict(lambda: collections.Counter()), collections.defaultdict(list)
    units = [(t["posts"], "yes", t["answer"], t["seen"]) for t in brand.all if t["asks"] and t["full"]]
    units += [([p], "no", brand.answer([p], p["talk"], p["author"], p["s"], False)[0], until(p["platform"], p["s"]) - p["s"])
              for p in brand.order if p["class"] == "unaddressed" and not p["void"] and brand.basis[p["channel"]] == "full"]
    for posts, addressed, answered, seen in units:
        intents = set().union(*(p["intents"] for p in posts))
        kind = "purchase" if any("purchase" in p["intents"] and p["stage"] in ("appeal", "ask") for p in posts) else \
            "question" if "question" in intents else "complaint" if "complaint" in intents else \
            "praise" if intents & {"praise", "recommend"} else None
        for channel in ("all", posts[0]["channel"]) if kind else ():
            about[channel, kind, addressed].append(next((p["topic"] for p in posts if p["topic"] in TOPICS), "none"))
            rows[channel, kind, addressed].update(["chances", "answered" if answered else "missed" if seen >= DAY else "open"])
    return {k: dict(topics=topics(about[k]), chances=r["chances"], answered=r["answered"], missed=r["missed"], open=r["open"],
                    missed_share=wilson(r["missed"], r["answered"] + r["missed"])[0]) for k, r in rows.items()}


def hours(brand):
    rows = {}
    for weekday in range(7):
        for hour in range(24):
            def here(s):
                local = datetime.datetime.fromtimestamp(s, ZONE)
                return (local.weekday(), local.hour) == (weekday, hour)
            turns = [t for t in brand.all if t["asks"] and t["full"] and here(t["start"])]
            one = [t for t in turns if t["seen"] >= 3600]
            fast = sum(1 for t in one if t["answer"] and t["wait"] <= 3600)
            rows[weekday + 1, hour] = dict(turns=len(turns), answered=sum(1 for t in turns if t["answer"]), observed_turns_1h=len(one),
                                           answered_1h=fast, rr_1h=wilson(fast, len(one))[0],
                                           outbound=sum(1 for p in brand.order if brand.can_answer(p) and here(p["s"])))
    if brand.best == "replies":
        rows = {k: dict(turns=None, turns_per_hour=None, answered=None, rr_1h=None, outbound=r["outbound"]) for k, r in rows.items()}
    used = {p["platform"] for p in brand.order if p["class"] == "own"} | {t["platform"] for t in brand.all}
    exist = set()
    for platform in used:
        first, last = min(r["s"] for r in ROWS.values() if r["platform"] == platform) // 3600, ENDS[platform] // 3600
        exist |= {h for h in range(first, last + 1) if not any(a <= h * 3600 and (h + 1) * 3600 <= b for a, b in GAPS[platform])}
    for h in exist:
        local = datetime.datetime.fromtimestamp(h * 3600, ZONE)
        row = rows[local.weekday() + 1, local.hour]
        row["hours_exist"] = row.get("hours_exist", 0) + 1
        if row["turns"] is not None:
            row["turns_per_hour"] = row["turns"] / row["hours_exist"]
    return rows


def replies(brand):
    own = [p for p in brand.order if p["class"] == "own" and not p["broadcast"] and not p["deleted"]]
    groups, keys = collections.defaultdict(list), collections.defaultdict(list)
    for p in own:
        text = p["text"]
        sign = re.search(r"(?:^|\s)([\^/~-]) ?([A-Z]{1,3})[.!]*\s*$", text)
        farewell = re.search(r"(?:^|\s)(?:Pozdrawiam|Pozdrawiamy|Regards|Best|Cheers),? ([A-ZŻŁ]\w+)(?: [A-ZŻŁ]\w+)?[.!]*\s*$", text)
        p["agent"] = sign.group(2) if sign else farewell.group(1) if farewell else None
        p["body"] = text[:sign.start()] if sign else text[:farewell.start()] if farewell else text
        words = [w for w in re.findall(r"[^\W_]+", bare(p["body"]).lower()) if not re.search(r"\d", w)]
        p["key"] = tuple(words) if len(words) >= 4 and not p["auto"] else None
        parent = brand.known(p)
        names = re.findall(r"(?<![\w@])@(\w+)", text)
        who = p["thread"] or (parent["author"] if parent else p["named"] or (names[0] if names else None))
        if p["key"]:
            keys[p["key"]].append(who)
        groups["all", "all"].append(p)
        groups[p["own"], "all"].append(p)
        if p["agent"] and not p["auto"]:
            groups["all", p["agent"]].append(p)
    rows = {}
    for key, group in groups.items():
        human = [p for p in group if not p["auto"]]
        ids = {p["id"] for p in human}
        turns = [t for t in brand.all if t["asks"] and t["answer"] and t["answer"]["id"] in ids and t["full"]]
        emoji = [t for t in turns if any(is_emoji(c) for p in t["posts"] for c in p["text"])]
        both = [t for t in turns if {t["posts"][0]["language"], t["answer"]["language"]} <= {"pl", "en"}]
        canned = sum(1 for p in human if p["key"] and len(keys[p["key"]]) >= 3 and len(set(keys[p["key"]]) - {None}) >= 3)
        rows[key] = dict(
            replies=len(human), auto=len(group) - len(human), signed=sum(1 for p in human if p["agent"]),
            named=sum(1 for p in human if re.search(r"Dzień dobry Pani [A-Z]", p["body"])),
            apology=sum(1 for p in human if re.search(r"\b(przeprasz|przykro|sorry)", p["body"].lower())),
            deflected=sum(brand.deflects(p) for p in human), canned=canned, canned_share=wilson(canned, len(human))[0],
            length_median=median([len(" ".join(bare(p["text"]).split())) for p in human]) if len(human) >= MIN else None,
            emoji_turns=len(emoji), emoji_mirrored=sum(any(map(is_emoji, t["answer"]["text"])) for t in emoji),
            language_turns=len(both), language_matched=sum(t["posts"][0]["language"] == t["answer"]["language"] for t in both),
            rt_median_s=median([t["wait"] for t in turns]) if len(turns) >= MIN else None)
    return rows


STATES = "aware appeal ask act advocate".split()


def paths(brand):
    people = collections.defaultdict(list)
    for p in brand.order:
        if (p["in"] or p["class"] in ("unaddressed", "repost")) and not p["void"] and brand.basis.get(p["channel"]) != "replies":
            people[p["platform"], p["author"]].append(p)
    return people


def journey(brand):
    people = paths(brand)
    highest = [max([STATES.index(state_of(p)) for p in path if state_of(p) in STATES], default=-1) for path in people.values()]
    row = dict(authors=len(people))
    reach = [sum(h >= i for h in highest) for i in range(5)]
    row.update(("reach_" + s, reach[i]) for i, s in enumerate(STATES))
    steps = {s: wilson(reach[i], reach[i - 1])[0] for i, s in enumerate(STATES) if i}
    row.update(("step_" + s, v) for s, v in steps.items())
    known = [(v, STATES.index(s), s) for s, v in steps.items() if v is not None]
    row["bottleneck"] = min(known)[2] if known else None
    done = lambda path, states: [n for n, p in enumerate(path) if state_of(p) in states]
    asked = [path for path in people.values() if done(path, ["ask"])]
    acted = [path for path in asked if any(n > done(path, ["ask"])[0] for n in done(path, ["act", "advocate"]))]
    actors = sum(1 for path in people.values() if done(path, ["act"]))
    advocates = sum(1 for path in people.values() if any(state_of(p) == "advocate" and p["class"] not in ("repost", "reply", "private") for p in path))
    row.update(asked=len(asked), asked_then_acted=len(acted), actors=actors, advocates=advocates,
               detractors=sum(1 for path in people.values() if done(path, ["detractor"])))
    for name, x, n in (("ask_conversion", len(acted), len(asked)), ("spar", actors, len(people)), ("sbar", advocates, len(people))):
        row[name], row[name + "_low"], row[name + "_high"] = wilson(x, n)
    return {("all",): row}


def transitions(brand):
    steps = collections.defaultdict(list)
    for author, path in paths(brand).items():
        before, began = "start", None
        for p in path:
            state = state_of(p)
            if state and state != before:
                steps[before, state].append((author, None if before == "start" else p["s"] - began))
                before, began = state, p["s"]
        if before != "start" and ENDS[path[-1]["platform"]] - path[-1]["s"] >= 30 * DAY:
            steps[before, "silence"].append((author, None))
    rows = {}
    for (a, b), list_ in steps.items():
        leaving = sum(len(v) for k, v in steps.items() if k[0] == a)
        share, low, high = wilson(len(list_), leaving)
        took = [t for _, t in list_ if t is not None]
        rows[a, b] = dict(transitions=len(list_), authors=len({w for w, _ in list_}), share=share, share_low=low, share_high=high,
                          median_s=median(took) if len(took) >= MIN else None)
    return rows


def touchpoints(brand):
    cells = collections.defaultdict(list)
    for path in paths(brand).values():
        for p in path:
            cells[p["channel"], state_of(p) or "none"].append(p)
    rows = {}
    for (channel, state), posts in cells.items():
        turns = [t for t in brand.all if t["asks"] and t["channel"] == channel and (state_of(next(p for p in t["posts"] if not p["idle"])) or "none") == state]
        waits = [t["for_curve"] for t in turns]
        answered = sum(1 for t in turns if t["answer"])
        known = brand.basis.get(channel) == "full"
        scored, negative = sum(p["label"] != "none" for p in posts), sum(p["label"] == "negative" for p in posts)
        rows[channel, state] = dict(
            topics=topics(p["topic"] for p in posts), posts=len(posts), authors=len({p["author"] for p in posts}), scored=scored, negative=negative,
            negative_share=wilson(negative, scored)[0], questions=sum("question" in p["intents"] for p in posts),
            complaints=sum("complaint" in p["intents"] for p in posts), turns=len(turns) if known else None,
            answered=answered if known else None, answered_share=wilson(answered, len(turns))[0] if known else None,
            rt_median_s=quantile(waits, 0.5) if known else None)
    return rows


def outcomes(brand):
    people, rows = paths(brand), {}
    shows = dict(act=lambda p: state_of(p) == "act", advocate=lambda p: state_of(p) == "advocate",
                 act_or_advocate=lambda p: state_of(p) in ("act", "advocate"), detractor=lambda p: state_of(p) == "detractor",
                 complaint_again=lambda p: "complaint" in p["intents"] and p["class"] != "repost")
    for outcome, show in shows.items():
        n, yes, early = [0, 0], [0, 0], 0
        for author, path in people.items():
            mine = [t for t in brand.all if t["asks"] and t["full"] and (t["platform"], t["author"]) == author and
                    ("complaint" in t["intents"] if outcome == "complaint_again" else
                     "question" in t["intents"] or any(p["stage"] == "ask" for p in t["posts"]))]
            if not mine or mine[0]["seen"] < 30 * DAY:
                continue
            t = mine[0]
            group = int(bool(t["answer"]) and t["wait"] <= DAY)
            after = [p for p in path if t["start"] < p["s"] <= t["start"] + 30 * DAY and show(p)]
            if any(p["s"] <= t["start"] + DAY and p not in t["posts"] for p in after):
                early += 1
                continue
            n[group] += 1
            yes[group] += any(p["s"] > t["start"] + DAY for p in after)
        limits = newcombe(yes[1], n[1], yes[0], n[0])
        rows[outcome,] = dict(difference=limits[0], difference_low=limits[1], difference_high=limits[2], answered_n=n[1], answered_yes=yes[1], unanswered_n=n[0], unanswered_yes=yes[0], early=early,
                              answered_rate=wilson(yes[1], n[1])[0], unanswered_rate=wilson(yes[0], n[0])[0])
    return rows


def people_rows(brand):
    rows = {}
    counted = []
    for author, path in paths(brand).items():
        count = collections.Counter(state_of(p) for p in path)
        counted.append((author, len(path), count["advocate"], count["detractor"], count["ask"]))
    for kind, of in (("advocate", lambda c: c[2] if c[2] > c[3] else 0), ("detractor", lambda c: c[3] if c[3] > c[2] else 0),
                     ("asker", lambda c: c[4])):
        if shape in ("stream", "mixed"):
            continue                                   # there reach decides too
        ranked = sorted((of(c) for c in counted if of(c)), reverse=True)[:100]
        rows.update(((kind, n + 1), dict(kind_posts=v)) for n, v in enumerate(ranked))
    return rows


def quarter_of(s):
    local = datetime.datetime.fromtimestamp(s, ZONE)
    return "%d-Q%d" % (local.year, (local.month + 2) // 3)


def comparison(brand):
    rows, said = {}, [(d["brand"], d) for d in SCORES.values() if d["role"] == "mention" and d["platform"] not in INBOXES]
    for period in ["all"] + sorted({quarter_of(d["time"]) for _, d in said}):
        here = lambda s: period == "all" or quarter_of(s) == period
        mine = [d["label"] for b, d in said if b == brand.id and here(d["time"])]
        everybody = sum(1 for _, d in said if here(d["time"]))
        good, bad = mine.count("positive"), mine.count("negative")
        bhi, low, high = wilson(good, good + bad)
        turns = [t for t in brand.all if t["asks"] and t["full"] and here(t["start"])]
        asked = [t for t in turns if "question" in t["intents"]]
        answered, solved = sum(1 for t in turns if t["answer"]), sum(1 for t in asked if t["answer"])
        row = dict(mentions=len(mine), positive=good, negative=bad, neutral=mine.count("neutral"), bhi=bhi, bhi_low=low, bhi_high=high,
                   net_sentiment=None if bhi is None else (good - bad) / (good + bad),
                   share_of_voice=wilson(len(mine), everybody)[0] if len(config["brands"]) > 1 else None)
        many = len(asked) >= 50
        row.update(questions=len(asked), questions_answered=solved, replies=answered, question_rate=solved / len(asked) if many else None,
                   devoted_net=2 * solved - len(asked) if many else None,
                   socially_devoted=("yes" if solved / len(asked) >= 0.65 else "no") if many and period != "all" else None,
                   response_rate=answered / len(turns) if answered >= 31 else None)
        if brand.best != "full":
            row.update(questions=None, questions_answered=None, replies=None, question_rate=None, response_rate=None)
        rows[period,] = row
    return rows


# ---- all of it ----

KEYS = dict(response="account channel period", conversations="conversation", hours="weekday hour", replies="account agent",
            chances="channel kind addressed", outcomes="outcome", journey="period", transitions="from_stage to_stage",
            touchpoints="channel stage", people="kind rank", comparison="period")
WANT = dict(response=response, conversations=conversations, hours=hours, replies=replies, chances=chances, outcomes=outcomes,
            journey=journey, transitions=transitions, touchpoints=touchpoints, people=people_rows, comparison=comparison)


def same(want, got):
    if isinstance(want, set):
        return want == set(filter(None, (got or "").split("; ")))
    if want is None or got is None or want == "":
        return (want or None) == (got or None)
    if isinstance(want, str):
        return want == got
    return abs(float(want) - float(got)) <= 1e-9 * max(1, abs(float(want)))


with open(waits_file, "w") as file:
    for turn in Brand(config["brands"][0]).all:
        if turn["first"] and turn["full"]:
            file.write("%d %d\n" % turn["for_curve"])
wrong = figures = 0
brands = [Brand(b) for b in config["brands"]]
for table, make in WANT.items():
    got = [json.loads(line) for line in open("%s/%s.jsonl" % (exports, table), encoding="utf-8")]
    for brand in brands:
        want = {tuple(str(x) for x in k): v for k, v in make(brand).items()}
        have = {tuple(str(r[k]) for k in KEYS[table].split()): r for r in got if r["brand"] == brand.id}
        if table == "conversations":                    # ids are made where the dump has none
            have = {("%s %d" % (r["channel"], r["started"]) if "/private" in r["channel"] else k[0],): r for k, r in have.items()}
        if brand.best == "replies" and table in ("conversations", "chances", "transitions", "touchpoints", "people", "journey", "outcomes"):
            want = {}
            have = {k: r for k, r in have.items() if any(isinstance(v, (int, float)) for c, v in r.items() if c not in KEYS[table])}
        if not any(p["own"] for p in brand.order):
            continue
        for key in sorted(set(want) | set(have)):
            if key not in want or key not in have:
                if key not in want and (table == "people" or "crisis" in " ".join(key)):
                    continue
                wrong += 1
                print("%s %s %s: %s" % (brand.id, table, "/".join(key), "not expected" if key not in want else "missing"))
                continue
            for name, value in want[key].items():
                figures += 1
                if not same(value, have[key].get(name)):
                    wrong += 1
                    print("%s %s %s %s: %s, not %s" % (brand.id, table, "/".join(key), name, have[key].get(name), value))
print("%d figures, %d wrong" % (figures, wrong))
sys.exit(wrong > 0 or figures < 500)
