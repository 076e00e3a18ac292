#!/usr/bin/env python3
"""Calm years: brands of which nothing is to be told. What does `burza run` list all the same?

Per year one brand with 3,500 posts, their times drawn with a rhythm of day and week, each negative
with a chance of 20 %. With --crisis one true crisis of two days is planted in each.

Usage: calm_years.py BURZA [--years 20] [--false-alarms 0.05] [--seed N] [--posts 3500] [--crisis]
"""
import argparse
import collections
import csv
import json
import math
import os
import random
import subprocess
import tempfile
import time

START, DAY = 1672531200, 86400
WORDS = ("rynek okno lampa książka pociąg miasto telefon ulica stół las rzeka most góra zima lato rower "
         "obraz zegar papier szafa fotel dywan kubek talerz").split()
NEGATIVE = ("okropna obsługa", "fatalna jakość", "jestem wściekły", "to dramat", "oszuści", "nie polecam")


def moment(rng):
    while True:
        second = rng.randrange(365 * DAY)
        hour, weekend = second // 3600 % 24, second // DAY % 7 in (0, 6)
        if rng.random() < (1 + 0.7 * math.sin((hour - 9) * math.pi / 12)) / 1.7 * (0.8 if weekend else 1):
            return START + second


def post(rng, brand, second, negative):
    words = [brand, *rng.sample(WORDS, 6)]
    if negative:
        words = [brand, *rng.sample(NEGATIVE, 3), *rng.sample(WORDS, 3)]
    return second, ", ".join(words)


def year(rng, brand, args):
    posts = [post(rng, brand, moment(rng), rng.random() < 0.2) for _ in range(args.posts)]
    if args.crisis:
        at = START + rng.randrange(90, 300) * DAY
        posts += [post(rng, brand, int(at + rng.expovariate(1 / (10 * 3600))), rng.random() < 0.8) for _ in range(260)]
    return posts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("burza")
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--false-alarms", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--posts", type=int, default=3500)
    parser.add_argument("--crisis", action="store_true")
    args = parser.parse_args()
    rng, brands = random.Random(args.seed), [f"marka{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(args.years)]
    with tempfile.TemporaryDirectory() as folder:
        rows = [p for brand in brands for p in year(rng, brand, args)]
        rng.shuffle(rows)
        with open(os.path.join(folder, "posts.csv"), "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "created_at", "author", "text"])
            for i, (second, text) in enumerate(rows):
                out.writerow([i, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second)), f"a{rng.randrange(4000)}", text])
        config = {"brands": [{"id": b, "query": b} for b in brands],
                  "detection": {"false_alarms_per_month": args.false_alarms}}
        with open(os.path.join(folder, "brands.json"), "w", encoding="utf-8") as file:
            json.dump(config, file)
        audit = os.path.join(folder, "calm.h5")
        subprocess.run([args.burza, "run", "-q", "--no-report", "-j", "1", "-c", os.path.join(folder, "brands.json"),
                        "-o", audit, os.path.join(folder, "posts.csv")], check=True)
        found, kinds = collections.Counter(), collections.Counter()
        for table in ("crises", "bursts", "mood_turns"):
            lines = subprocess.run([args.burza, "export", audit, table, "--format", "jsonl"], check=True,
                                   capture_output=True, text=True).stdout.splitlines()
            for row in map(json.loads, lines):
                kinds[row["kind"]] += 1
                found[row["brand"]] += 1
                print(row["brand"], row["kind"], row["onset_iso"], row["end_iso"], row["mentions"], "mentions,",
                      f"{row['expected']:.0f} expected, negative {row['negative_share']:.3f} before",
                      f"{row['negative_share_before']:.3f}")
    print(f"{args.years} years, {sum(kinds.values())} listed in {len(found)} of them:",
          ", ".join(f"{k} {n}" for k, n in sorted(kinds.items())) or "nothing")


if __name__ == "__main__":
    main()
