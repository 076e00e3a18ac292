#!/usr/bin/env python3
"""recipe_figures.py PRINTED WHAT...: does the text show the figures of TABLE.jsonl in the current folder?

totals  a line with each brand and its mentions      sums   the mentions of each brand, in order
crises  a line with each crisis: brand, day, mentions       texts  the first posts
start   the first day, in UTC
"""
import json
import re
import sys
from datetime import datetime, timezone


def table(name):
    with open(name + ".jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def words(text):
    return re.findall(r"[^\s,;()]+", text)


def has_line(lines, *parts):
    return any(all(part in line for part in parts) for line in lines)


printed = open(sys.argv[1], encoding="utf-8").read()
lines = [words(line) for line in printed.split("\n")]
for what in sys.argv[2:]:
    if what == "totals":
        together = lines + [names + figures for names, figures in zip(lines, lines[1:])]  # as R prints
        for row in table("brands"):
            assert has_line(together, row["brand"], str(row["mentions"])), row["brand"]
    elif what == "sums":
        flat, at = words(printed), 0
        for row in table("brands"):
            assert str(row["mentions"]) in flat[at:], row["brand"]
            at = flat.index(str(row["mentions"]), at) + 1
    elif what == "crises":
        assert table("crises"), "the audit has no crisis"
        for row in table("crises"):
            day = datetime.fromtimestamp(row["onset"], timezone.utc).strftime("%Y-%m-%d")
            assert has_line(lines, row["brand"], day, str(row["mentions"])), row["brand"]
    elif what == "texts":
        for row in table("posts")[:3]:
            assert f"{row['brand']} {row['text']}" in printed, row["text"]
    elif what == "start":
        first = datetime.fromtimestamp(table("daily")[0]["time"], timezone.utc).strftime("%Y-%m-%d %H")
        assert first in printed, first
    else:
        sys.exit(f"unknown: {what}")
