#!/usr/bin/env python3
"""Makes the dumps of the browser tests, the same at every run: make_dumps.py KIND OUTDIR

KIND: ten_years (3 brands), forty (brands, 90 days), nothing (no post matches), one_day.
Writes posts.jsonl (Reddit) and brands.json."""
import json
import random
import sys

NEGATIVE = ["{b} znowu nie działa, masakra, żenada", "{b} to oszuści, nie polecam, dramat",
            "tragiczna obsługa w {b}, wstyd, reklamacja odrzucona", "awaria w {b} od rana, porażka"]
NEUTRAL = ["{b} ma nową ofertę od poniedziałku", "ktoś wie, o której {b} otwiera salon?",
           "w artykule wspomnieli o {b}", "{b} ogłosił wyniki za kwartał"]
POSITIVE = ["polecam {b}, świetna obsługa", "{b} super szybko, jestem zadowolona", "uwielbiam {b}, brawo"]
SUBREDDITS = ["Polska", "telefonia", "zakupy", "LifeInPoland"]
NAMES = ["Alfex", "Betavo", "Gammax", "Deltio", "Epsil", "Zetamo", "Etarex", "Thetix", "Iotaro", "Kappex"]


def brands(kind):
    if kind == "ten_years":
        return NAMES[:3]
    if kind == "forty":
        return [name + end for end in ("", "a", "on", "is") for name in NAMES]
    return NAMES[:1]


def posts(kind, rng):
    start = 1388534400 if kind == "ten_years" else 1677628800
    hours = {"ten_years": 87600, "forty": 2160, "nothing": 2160, "one_day": 24}[kind]
    names = brands(kind)
    if kind == "nothing":
        names = ["inna firma"]
    rate = {"ten_years": 0.9, "forty": 1.0, "nothing": 0.4, "one_day": 12.0}[kind]
    crises = {"ten_years": 12, "forty": 1, "nothing": 0, "one_day": 0}[kind]
    for name in names:
        events = sorted(rng.randrange(hours // 10, hours - 100) for _ in range(crises))
        events = [(at, rng.randrange(10, 60), rng.choice([12, 25, 40])) for at in events]
        for hour in range(hours):
            level = rate * (0.4 + 1.2 * (8 <= hour % 24 < 22))
            bad = 0.2
            for at, length, height in events:
                if at <= hour < at + length:
                    level *= height * (1 - (hour - at) / length)
                    bad = 0.75
            for _ in range(int(level) + (rng.random() < level % 1)):
                dice = rng.random()
                texts = NEGATIVE if dice < bad else NEUTRAL if dice < bad + (1 - bad) * 0.6 else POSITIVE
                yield start + hour * 3600 + rng.randrange(3600), rng.choice(texts).format(b=name)


def main():
    kind, folder = sys.argv[1], sys.argv[2]
    rng = random.Random(17)
    rows = sorted(posts(kind, rng))
    with open(folder + "/posts.jsonl", "w", encoding="utf-8") as out:
        for number, (second, text) in enumerate(rows):
            out.write(json.dumps({
                "id": format(number, "x"), "author": f"osoba{rng.randrange(20000)}", "created_utc": second,
                "subreddit": rng.choice(SUBREDDITS), "title": text, "selftext": "", "score": rng.randrange(40),
                "num_comments": 0, "name": "t3_" + format(number, "x"), "permalink": f"/r/x/comments/{number:x}/"},
                ensure_ascii=False) + "\n")
    with open(folder + "/brands.json", "w", encoding="utf-8") as out:
        json.dump({"brands": [{"id": name.lower(), "name": name, "query": name.lower()} for name in brands(kind)],
                   "timezone": "Europe/Warsaw"}, out)


main()
