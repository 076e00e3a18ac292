#!/usr/bin/env python3
"""export_tables.py TABLE...: compares TABLE.csv with TABLE.jsonl of the same audit in the current folder,
and the tables with each other."""
import csv
import json
import sys
from datetime import datetime, timezone


def iso(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def same_cell(cell, value):
    if value is None:
        return cell == ""
    if isinstance(value, str):
        return cell == value or cell == "'" + value
    return float(cell) == value


tables = {}
for name in sys.argv[1:]:
    with open(name + ".csv", encoding="utf-8", newline="") as file:
        assert "\r" not in file.readline(), name
        file.seek(0)
        cells = list(csv.DictReader(file))
    with open(name + ".jsonl", encoding="utf-8") as file:
        rows = tables[name] = [json.loads(line) for line in file]
    assert len(cells) == len(rows), (name, len(cells), len(rows))
    for texts, row in zip(cells, rows):
        assert list(texts) == list(row), (name, list(texts), list(row))
        for key, value in row.items():
            assert same_cell(texts[key], value), (name, key, texts[key], value)
            if key + "_iso" in row:
                assert row[key + "_iso"] == (None if value is None else iso(value)), (name, key, row)

posts, hourly, daily = tables["posts"], tables["hourly"], tables["daily"]
brands = {row["brand"] for row in hourly}
for key in ("mentions", "positive", "neutral", "negative"):
    for brand in brands:
        sums = [sum(row[key] for row in grid if row["brand"] == brand) for grid in (hourly, daily)]
        assert sums[0] == sums[1], (key, brand, sums)
counted = [post for post in posts if post["role"] == "mention"]
assert len(counted) == sum(row["mentions"] for row in hourly)
for label in ("positive", "neutral", "negative"):
    assert sum(p["label"] == label for p in counted) == sum(row[label] for row in hourly), label
months = {}
for row in daily:  # a pivot of the days is the table of months
    total = months.setdefault((row["day"][:7], row["brand"]), dict.fromkeys(row, 0))
    for key in ("mentions", "positive", "neutral", "negative", "originals", "replies", "reposts", "ask"):
        total[key] += row[key]
assert len(months) == len(tables["monthly"]) >= len(brands)
for row in tables["monthly"]:
    total = months[row["month"], row["brand"]]
    all_brands = sum(months[row["month"], brand]["mentions"] for brand in brands)
    for key in ("mentions", "positive", "neutral", "negative", "originals", "replies", "reposts", "ask"):
        assert row[key] == total[key], (key, row)
    assert row["scored"] == total["positive"] + total["neutral"] + total["negative"], row
    assert row["scored"] == 0 or abs(row["negative_share"] - total["negative"] / row["scored"]) < 1e-6, row
    assert all_brands == 0 or abs(row["share_of_voice"] - total["mentions"] / all_brands) < 1e-6, row
    assert 0 <= row["coverage"] <= 1 and 1 <= row["days"] <= 31, row
for row in daily + hourly + posts:
    assert row["day"] == row["time_local"][:10], row
    assert datetime.fromisoformat(row["time_local"]).timestamp() == row["time"], row

order = [(post["time"], post["platform"]) for post in posts]
assert [time for time, _ in order] == sorted(time for time, _ in order)
for row in hourly:
    total = sum(row[label] for label in ("positive", "neutral", "negative"))
    assert total <= row["mentions"] and (row["authors"] or 0) <= row["mentions"], row
    assert row["originals"] + row["replies"] + row["reposts"] == row["mentions"], row
for name in ("crises", "bursts"):
    for row in tables[name]:
        own = [p for p in counted if p["brand"] == row["brand"] and row["onset"] <= p["time"] < row["end"]]
        assert len(own) == row["mentions"], (name, row["brand"], len(own), row["mentions"])
        assert sum(p["label"] == "negative" for p in own) == row["negative"], (name, row)
        assert any(t["episode"] == row["onset"] and t["brand"] == row["brand"] for t in tables["evidence"]), row
for row in tables["inputs"]:
    assert row["records"] == row["posts"] + row["duplicates"] + row["rejects"], row
for row in tables["authors"]:
    assert row["author"] and row["mentions"] >= (row["negative"] or 0) + (row["positive"] or 0), row
