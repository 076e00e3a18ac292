#!/usr/bin/env python3
"""redraw_figures.py CHAPTER PRINTED: is there the picture of a recipe of results/README.md, and are the
figures that it printed those of TABLE.jsonl in the current folder?"""
import json
import struct
import sys


def table(name):
    with open(name + ".jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def picture(name):
    with open(name, "rb") as file:
        content = file.read()
    assert content[:8] == b"\x89PNG\r\n\x1a\n", name
    width, height = struct.unpack(">II", content[16:24])
    assert width >= 800 and height >= 400 and len(content) > 6000, (name, width, height, len(content))


printed = [line.split() for line in open(sys.argv[2], encoding="utf-8") if line.strip()]
if sys.argv[1] == "Crisis chart":
    picture("crisis.png")
    crisis, day = table("crises")[0], 86400
    hours = [row for row in table("hourly") if row["brand"] == crisis["brand"]
             and crisis["onset"] - 2 * day <= row["time"] <= crisis["end"] + 2 * day]
    want = [crisis["brand"], sum(row["mentions"] for row in hours), sum(row["negative"] for row in hours),
            max(row["mentions"] for row in hours)]
    assert printed == [[str(value) for value in want]], (printed, want)
elif sys.argv[1] == "Response curve":
    picture("response.png")
    want = [[row["brand"], str(row["first_turns"])] + ["%.4f" % row[name] for name in ("km_15m", "km_1h", "km_4h", "km_24h")]
            for row in table("response")
            if row["account"] == row["channel"] == row["period"] == "all" and row["km_1h"] is not None]
    assert want and printed == want, (printed, want)
else:
    picture("journey.png")
    row = [row for row in table("journey") if row["period"] == "all"][0]
    moves = [move["authors"] for move in table("transitions") if move["brand"] == row["brand"]]
    want = [row["brand"]] + [row["reach_" + stage] for stage in ("aware", "appeal", "ask", "act", "advocate")] + [max(moves)]
    assert printed == [[str(value) for value in want]], (printed, want)
