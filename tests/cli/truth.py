#!/usr/bin/env python3
"""truth.py TRUTH.json FOLDER: compares exported tables of the demo with what its generator knows."""
import json
import sys

truth = json.load(open(sys.argv[1], encoding="utf-8"))
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def table(name):
    with open(f"{sys.argv[2]}/{name}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


crises, bursts, hourly = table("crises"), table("bursts"), table("hourly")
inputs, rejects = table("inputs"), table("rejects")
response, journey, conversations, replies = table("response"), table("journey"), table("conversations"), table("replies")
events = {event["name"]: event for event in truth["events"]}

# -- mentions per brand
for brand in truth["brands"]:
    counted = sum(row["mentions"] for row in hourly if row["brand"] == brand["id"])
    check(counted == brand["mentions"], f"{brand['id']}: {counted} mentions, not {brand['mentions']}")

# -- crises: exactly the true ones, each with its onset within the hour
true_crises = [event for event in truth["events"] if event["kind"] == "crisis"]
for event in true_crises:
    found = [row for row in crises if row["brand"] == event["brand"]]
    check(len(found) == 1, f"{event['name']}: {len(found)} crises of {event['brand']}, not one")
    for row in found:
        late = row["onset"] - event["onset"]
        check(abs(late) <= 3600, f"{event['name']}: onset {late} s off")
        check(row["onset_low"] <= row["onset"] <= row["onset_high"], f"{event['name']}: interval")
        check(row["onset"] <= row["peak"] < row["end"], f"{event['name']}: order of times")
        check(row["severity"] >= 3, f"{event['name']}: severity {row['severity']}")
        check(row["kind"] == "crisis", f"{event['name']}: kind {row['kind']}")
        check(row["negative_share"] > row["negative_share_before"], f"{event['name']}: no criticism")
        check(row["mentions"] > row["expected"] > 0, f"{event['name']}: mentions and expected")
        check(abs(row["mentions"] - row["expected"] - row["excess"]) < 0.01, f"{event['name']}: excess")
        for key in ("onset", "peak", "end"):
            check(row[key + "_iso"].startswith("2023-"), f"{event['name']}: {key}_iso")
check(len(crises) == len(true_crises), f"{len(crises)} crises, not {len(true_crises)}")

# -- the campaign is a burst, the bots are a flood; a campaign begins softly, so three hours
for name in ("lakowianka-campaign", "kurierex-bots"):
    event = events[name]
    found = [
        row
        for row in bursts
        if row["brand"] == event["brand"] and abs(row["onset"] - event["onset"]) <= 3 * 3600
    ]
    check(len(found) == 1, f"{name}: {len(found)} bursts at its onset, not one")
    for row in found:
        check(row["kind"] == event["kind"], f"{name}: kind {row['kind']}")
        interval = row["onset_low"] - 3600 <= event["onset"] <= row["onset_high"] + 3600
        check(interval, f"{name}: the interval misses the onset")
for row in bursts:
    check(row["kind"] in ("burst", "flood"), f"kind {row['kind']} in the table bursts")

# -- the outage is nobody's episode
gap = events["twitter-gap"]
for row in crises + bursts:
    inside = gap["onset"] - 3600 <= row["onset"] <= gap["end"] + 3600
    check(not inside, f"the outage was taken for an episode of {row['brand']}")

# -- care and journeys: what the generator knows to the last message
def row_of(rows, **keys):
    found = [row for row in rows if all(row[name] == value for name, value in keys.items())]
    check(len(found) == 1, f"{len(found)} rows of {keys}")
    return found[0] if found else {}


waits = {}
for brand in truth["brands"]:
    care, name = brand["care"], brand["id"]
    row = row_of(response, brand=name, account="all", channel="all", period="all")
    talks = [talk for talk in conversations if talk["brand"] == name]
    for column, want in (("received", care["messages"]), ("conversations", care["conversations"]), ("customers", care["customers"])):
        check(row.get(column) == want, f"{name}: {column} {row.get(column)}, not {want}")
    check(sum(talk["outbound"] for talk in talks) == brand["posts_by_the_brand"], f"{name}: posts by the brand")
    people = row_of(journey, brand=name, period="all").get("authors")
    check(people == brand["journey"]["people"], f"{name}: {people} people, not {brand['journey']['people']}")
    # thanks and the like ask for nothing, so their answers count for nobody: some are fewer
    fast = sum(talk["frt_s"] is not None and talk["frt_s"] <= 86400 for talk in talks)
    most = care["first_answered_24h"]
    check(0.85 * most <= fast <= most, f"{name}: {fast} answered within a day, not nearly {most}")
    waits[name] = row_of(replies, brand=name, account="all", agent="all").get("rt_median_s")
    check(abs(waits[name] / care["median_wait_s"] - 1) < 0.25, f"{name}: waits {waits[name]}, not {care['median_wait_s']}")
    # in a crisis the brands answer less than half as often
    for row in response:
        if row["brand"] == name and row["account"] == row["channel"] == "all" and row["period"].startswith("crisis:"):
            usual = row_of(response, brand=name, account="all", channel="all", period="all")["response_rate"]
            check(row["response_rate"] < 0.8 * usual, f"{name}: {row['response_rate']} answered in its crisis, usually {usual}")
            check(row["first_reply_s"] is not None and row["first_reply_s"] >= 0, f"{name}: first reply in its crisis")
            periods = {r["period"] for r in journey if r["brand"] == name}
            check(periods == {"all", "before:1", "during:1", "after:1"}, f"{name}: journeys of {periods}")
check(waits["norvia"] < waits["kurierex"] < waits["lakowianka"], f"the order of waits: {waits}")
# one signs with names, one with letters, one not at all
agents = {brand["id"]: {row["agent"] for row in replies if row["brand"] == brand["id"]} - {"all"} for brand in truth["brands"]}
check(agents["norvia"] == {"Ania", "Kuba", "Marta"}, f"agents {agents['norvia']}")
check(agents["kurierex"] and all(len(agent) == 2 for agent in agents["kurierex"]), f"agents {agents['kurierex']}")
check(not agents["lakowianka"], f"agents {agents['lakowianka']}")

# -- inputs and rejects
for file in truth["files"]:
    rows = [row for row in inputs if row["input"] == file["name"]]
    check(len(rows) == 1, f"{file['name']}: {len(rows)} rows in inputs")
    for row in rows:
        check(row["status"] == "whole", f"{file['name']}: {row['status']}")
        check(row["records"] == row["posts"] + row["duplicates"] + row["rejects"], f"{file['name']}: records got lost")
        posts = file["posts"] + file["second_copies"]
        read = row["posts"] + row["duplicates"]
        check(read in (file["posts"], posts), f"{file['name']}: {read} posts")
        check(row["duplicates"] <= file["second_copies"], f"{file['name']}: {row['duplicates']} copies")
        lost = sum(r["records"] for r in rejects if r["input"] == row["input"] and r["type"] == "reject")
        check(lost == file["cut_lines"], f"{file['name']}: {lost} rejects, not {file['cut_lines']}")
        said = sum(r["records"] for r in rejects if r["input"] == row["input"] and r["type"] == "notice")
        check(said == file["control_lines"], f"{file['name']}: {said} notices")

for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(bool(failures))
