"""care_oracle.py SHAPE FOLDER POSTS.jsonl EXPORTS WAITS: computes the tables of care and journeys anew from a
dump of care_dump.py, plainly and slowly, and compares with what burza exported. POSTS.jsonl: the
table posts, of which it takes what the scorer says of each text. WAITS: gets the first response
times, each with 1 where it was answered. Ends with 1 where figures differ."""
import collections
import csv
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
platform = {"telegram": "telegram", "play": "reviews"}.get(shape, "twitter")


# ---- the dump, as its format says ----

def parse_twitter(text):
    return int(datetime.datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").timestamp())


def snowflake(number):
    return ((number >> 22) + 1288834974657) // 1000 if number > 29700859247 else None


def read():
    rows, deleted = {}, set()

    def add(**row):
        row = dict(dict(parent=None, named=None, kind="original", author_id=None, developer=False), **row)
        rows.setdefault(row["id"], row)

    if shape == "twcs":
        for r in csv.DictReader(open(folder + "/twcs.csv", encoding="utf-8")):
            add(id=r["tweet_id"], s=parse_twitter(r["created_at"]), author=r["author_id"], text=r["text"],
                parent=r["in_response_to_tweet_id"] or None)
    elif shape == "stream":
        for line in open(folder + "/tweets.jsonl", encoding="utf-8"):
            d = json.loads(line)
            if "delete" in d:
                deleted.add(d["delete"]["status"]["id_str"])
                continue
            add(id=d["id_str"], s=parse_twitter(d["created_at"]), author=d["user"]["screen_name"], author_id=d["user"]["id_str"],
                text=d["text"], parent=d.get("in_reply_to_status_id_str"), named=d.get("in_reply_to_screen_name"),
                of=d.get("retweeted_status", {}).get("id_str"),
                kind="repost" if "retweeted_status" in d else "quote" if "quoted_status" in d else "original")
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
        row["deleted"] = row["id"] in deleted or row.get("of") in deleted   # a repost goes with its original
        if row["parent"] == row["id"]:
            row["parent"] = None
    return rows


ROWS = read()
END = max(r["s"] for r in ROWS.values())
SCORES = {}
for line in open(posts_file, encoding="utf-8"):
    d = json.loads(line)
    SCORES[d["brand"], d["id"]] = d

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
        self.accounts = [a for a in brand["accounts"] if a["platform"] == platform]
        self.official = [a for b in config["brands"] for a in b["accounts"] if a["platform"] == platform]
        self.posts = {i: dict(r) for i, r in ROWS.items()}
        self.order = sorted(self.posts.values(), key=lambda p: (p["s"], p["id"]))
        for n, p in enumerate(self.order):
            p["n"] = n
            score = SCORES.get((self.id, p["id"]), {"label": "none", "sentiment": None, "intents": "", "stage": "none", "language": "other", "role": ""})
            p.update(label=score["label"], score=score["sentiment"], intents=set(score["intents"].split("+")) - {""},
                     stage=score["stage"], language=score["language"], matched=score["role"] == "mention")
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
            if a.get("id") and a["id"] in (p["author_id"], None if p["author_id"] else p["author"]):
                return a.get("handle") or a["id"]
            if a.get("handle", "").lower() == p["author"].lower():
                return a["handle"]
        return None

    def named(self, name):
        return next((a["handle"] for a in self.accounts if a.get("handle", "").lower() == name.lower()), None)

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
            elif platform == "reviews" and p["matched"]:
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
            p["in"] = p["class"] in ("review", "reply", "mention", "comment")
            p["kept"] = p["in"] or p["class"] in ("own", "unaddressed")
            p["received"] = p["in"] and not p["void"]
        for p in self.order:
            p["broadcast"] = p["class"] == "own" and self.alone(p, set())

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
                since = parent["s"] if parent else snowflake(int(p["parent"])) if shape != "play" and p["parent"].isdigit() and shape == "stream" else None
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
            t["seen"] = END - t["start"]

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
                if (parent and parent["author"] == author) or r["named"] == author or set(named) & who or r["developer"]:
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
            elif END - end >= 7 * DAY:
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


def response(brand):
    rows = {}
    months = sorted({month_of(p["s"]) for p in brand.order if p["received"]})
    scopes = [("all", channel, period) for channel in ("all", platform) for period in ["all"] + months]
    scopes += [(a, "all", "all") for a in sorted({t["to"] for t in brand.all if t["to"]})]
    for account, channel, period in scopes:
        def here(s):
            return period == "all" or month_of(s) == period
        turns_all = [t for t in brand.all if here(t["start"]) and account in ("all", t["to"])]
        turns = [t for t in turns_all if t["asks"]]
        answered = [t for t in turns if t["answer"]]
        first = [t for t in turns if t["first"]]
        waits = [(t["wait"], True) if t["answer"] else (t["seen"], False) for t in first]
        every = [(t["wait"], True) if t["answer"] else (t["seen"], False) for t in turns]
        business = [(open_seconds(t["start"], t["start"] + (t["wait"] if t["answer"] else t["seen"])), bool(t["answer"])) for t in first]
        one = [t for t in turns if t["seen"] >= 3600]
        day = [t for t in turns if t["seen"] >= DAY]
        off = [t for t in turns if not is_open(t["start"])]
        talks = [k for k in brand.talks if k.get("state") and k["turns"] and k["turns"][0] in turns]
        decided = [k for k in talks if k["state"] != "pending"]
        resolved = [k for k in talks if k["state"] in ("thanked", "presumed_closed")]
        fast = lambda list_, most: sum(1 for t in list_ if t["answer"] and t["wait"] <= most)
        rate, low, high = wilson(len(answered), len(turns))
        loose = [p for p in brand.order if p["class"] == "unaddressed" and not p["void"] and here(p["s"])]
        events = [t["wait"] for t in first if t["answer"]]
        rows[account, channel, period] = dict(
            basis="full", received=sum(1 for p in brand.order if p["received"] and here(p["s"]) and account in ("all", p["to"])),
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


def conversations(brand):
    rows = {}
    for talk in brand.talks:
        if not talk.get("state"):
            continue
        first = next((t for t in talk["turns"] if t["first"] and t["answer"]), None)
        rows[talk["posts"][0]["id"],] = dict(
            channel=platform, started=talk["posts"][0]["s"], ended=talk["posts"][-1]["s"],
            customers=len({p["author"] for p in talk["received"]}), inbound=len(talk["received"]),
            outbound=sum(p["class"] == "own" for p in talk["posts"]), turns=len(talk["turns"]),
            answered=sum(1 for t in talk["turns"] if t["answer"]), frt_s=first["wait"] if first else None, state=talk["state"],
            resolved_s=talk["resolved_s"])
    return rows


def chances(brand):
    rows = collections.defaultdict(lambda: collections.Counter())
    units = [(t["posts"], "yes", t["answer"], t["seen"]) for t in brand.all if t["asks"]]
    units += [([p], "no", brand.answer([p], p["talk"], p["author"], p["s"], False)[0], END - p["s"])
              for p in brand.order if p["class"] == "unaddressed" and not p["void"]]
    for posts, addressed, answered, seen in units:
        intents = set().union(*(p["intents"] for p in posts))
        kind = "purchase" if any("purchase" in p["intents"] and p["stage"] in ("appeal", "ask") for p in posts) else \
            "question" if "question" in intents else "complaint" if "complaint" in intents else \
            "praise" if intents & {"praise", "recommend"} else None
        for channel in ("all", platform) if kind else ():
            rows[channel, kind, addressed].update(["chances", "answered" if answered else "missed" if seen >= DAY else "open"])
    return {k: dict(chances=r["chances"], answered=r["answered"], missed=r["missed"], open=r["open"],
                    missed_share=wilson(r["missed"], r["answered"] + r["missed"])[0]) for k, r in rows.items()}


def hours(brand):
    rows = {}
    for weekday in range(7):
        for hour in range(24):
            def here(s):
                local = datetime.datetime.fromtimestamp(s, ZONE)
                return (local.weekday(), local.hour) == (weekday, hour)
            turns = [t for t in brand.all if t["asks"] and here(t["start"])]
            one = [t for t in turns if t["seen"] >= 3600]
            fast = sum(1 for t in one if t["answer"] and t["wait"] <= 3600)
            rows[weekday + 1, hour] = dict(turns=len(turns), answered=sum(1 for t in turns if t["answer"]), observed_turns_1h=len(one),
                                           answered_1h=fast, rr_1h=wilson(fast, len(one))[0],
                                           outbound=sum(1 for p in brand.order if brand.can_answer(p) and here(p["s"])))
    first = min(r["s"] for r in ROWS.values()) // 3600
    for h in range(first, END // 3600 + 1):
        local = datetime.datetime.fromtimestamp(h * 3600, ZONE)
        row = rows[local.weekday() + 1, local.hour]
        row["hours_exist"] = row.get("hours_exist", 0) + 1
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
        who = parent["author"] if parent else p["named"] or (names[0] if names else None)
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
        turns = [t for t in brand.all if t["asks"] and t["answer"] and t["answer"]["id"] in ids]
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
        if (p["in"] or p["class"] in ("unaddressed", "repost")) and not p["void"]:
            people[p["author"]].append(p)
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
    advocates = sum(1 for path in people.values() if any(state_of(p) == "advocate" and p["class"] not in ("repost", "reply") for p in path))
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
        if before != "start" and END - path[-1]["s"] >= 30 * DAY:
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
            cells[platform, state_of(p) or "none"].append(p)
    rows = {}
    for (channel, state), posts in cells.items():
        turns = [t for t in brand.all if t["asks"] and (state_of(next(p for p in t["posts"] if not p["idle"])) or "none") == state]
        waits = [(t["wait"], True) if t["answer"] else (t["seen"], False) for t in turns]
        answered = sum(1 for t in turns if t["answer"])
        scored, negative = sum(p["label"] != "none" for p in posts), sum(p["label"] == "negative" for p in posts)
        rows[channel, state] = dict(
            posts=len(posts), authors=len({p["author"] for p in posts}), scored=scored, negative=negative,
            negative_share=wilson(negative, scored)[0], questions=sum("question" in p["intents"] for p in posts),
            complaints=sum("complaint" in p["intents"] for p in posts), turns=len(turns), answered=answered,
            answered_share=wilson(answered, len(turns))[0], rt_median_s=quantile(waits, 0.5))
    return rows


def outcomes(brand):
    people, rows = paths(brand), {}
    shows = dict(act=lambda p: state_of(p) == "act", advocate=lambda p: state_of(p) == "advocate",
                 act_or_advocate=lambda p: state_of(p) in ("act", "advocate"), detractor=lambda p: state_of(p) == "detractor",
                 complaint_again=lambda p: "complaint" in p["intents"] and p["class"] != "repost")
    for outcome, show in shows.items():
        n, yes, early = [0, 0], [0, 0], 0
        for author, path in people.items():
            mine = [t for t in brand.all if t["asks"] and t["author"] == author and
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
        rows[outcome,] = dict(answered_n=n[1], answered_yes=yes[1], unanswered_n=n[0], unanswered_yes=yes[0], early=early,
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
        if shape == "stream":
            continue                                   # there reach decides too
        ranked = sorted((of(c) for c in counted if of(c)), reverse=True)[:100]
        rows.update(((kind, n + 1), dict(kind_posts=v)) for n, v in enumerate(ranked))
    return rows


# ---- comparison ----

KEYS = dict(response="account channel period", conversations="conversation", hours="weekday hour", replies="account agent",
            chances="channel kind addressed", outcomes="outcome", journey="period", transitions="from_stage to_stage",
            touchpoints="channel stage", people="kind rank")
WANT = dict(response=response, conversations=conversations, hours=hours, replies=replies, chances=chances, outcomes=outcomes,
            journey=journey, transitions=transitions, touchpoints=touchpoints, people=people_rows)


def same(want, got):
    if want is None or got is None or want == "":
        return (want or None) == (got or None)
    if isinstance(want, str):
        return want == got
    return abs(float(want) - float(got)) <= 1e-9 * max(1, abs(float(want)))


with open(waits_file, "w") as file:
    for turn in Brand(config["brands"][0]).all:
        if turn["first"]:
            file.write("%d %d\n" % ((turn["wait"], 1) if turn["answer"] else (turn["seen"], 0)))
wrong = figures = 0
brands = [Brand(b) for b in config["brands"]]
for table, make in WANT.items():
    got = [json.loads(line) for line in open("%s/%s.jsonl" % (exports, table), encoding="utf-8")]
    for brand in brands:
        want = {tuple(str(x) for x in k): v for k, v in make(brand).items()}
        have = {tuple(str(r[k]) for k in KEYS[table].split()): r for r in got if r["brand"] == brand.id}
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
