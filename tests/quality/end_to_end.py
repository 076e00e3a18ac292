#!/usr/bin/env python3
"""Stories end to end: does `burza run` find the crises, campaigns and floods that a dump holds?

Per seed, `generate story` writes five dump files and truth.json; burza audits them; the tables
crises, bursts and mood_turns are compared with the truth. A row and an event of the same brand belong together
when they overlap. A crisis is found by a row of the table crises only; a row that overlaps no true
crisis is false; a turn of mood may stand in the table mood_turns too. Onsets are compared with the minute in which the planned rate first reached 1.5
times the usual one. With --twice every input is given a second time, as a copy and packed anew,
and the tables have to stay the same in all but pseudonyms.

Usage: end_to_end.py BURZA GENERATE --seeds 101-140 [--twice] [--verbose] [--keep FOLDER] [--least F1]
"""
import argparse
import bz2
import collections
import glob
import gzip
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile

TABLES = ("crises", "bursts", "mood_turns")
TURN = "turn of mood, no more talk"
LEAST_POSTS = 5  # an event whose posts an outage swallowed is not in the dump


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    if done.returncode not in (0, 2):
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def audit(burza, folder, name, inputs):
    """The tables of events as printed. An audit of an earlier run is only studied anew."""
    path, config = os.path.join(folder, name), os.path.join(folder, "brands.json")
    if os.path.exists(path):
        run(burza, "study", "-j", "1", "-c", config, path)
    else:
        run(burza, "scan", "-j", "1", "-c", config, "-o", path, *inputs)
        run(burza, "study", "-j", "1", "-c", config, path)
    return [run(burza, "export", path, table, "--format", "jsonl") for table in TABLES]


def dump_files(folder):
    return sorted(sum((glob.glob(os.path.join(folder, end)) for end in ("*.tar", "*.zst", "*.gz")), []))


def pack_again(path, to):
    """From a tar of bzip2 members to a gzip of a tar of plain members."""
    with tarfile.open(path) as source, tarfile.open(to, "w:gz", compresslevel=1) as target:
        for member in source:
            content = bz2.decompress(source.extractfile(member).read())
            member.name, member.size = member.name[:-4], len(content)
            target.addfile(member, io.BytesIO(content))


def given_twice(folder):
    """A plain copy of each other file, and the rest packed in another way."""
    more = os.path.join(folder, "again")
    os.makedirs(more, exist_ok=True)
    copies = []
    for i, path in enumerate(dump_files(folder)):
        to = os.path.join(more, f"copy{i}-{os.path.basename(path)}")
        if path.endswith(".tar"):
            to += ".gz"
            pack_again(path, to)
        elif path.endswith(".csv.gz"):
            to = to[:-3]
            with gzip.open(path) as packed, open(to, "wb") as plain:
                shutil.copyfileobj(packed, plain)
        else:
            shutil.copyfile(path, to)
        copies.append(to)
    return copies


def without_names(tables):
    """The tables without the amplifiers, whose pseudonyms are drawn from the set of inputs."""
    return [[{k: v for k, v in row.items() if k != "amplifiers"} for row in rows_of(table)] for table in tables]


def rows_of(printed):
    return [json.loads(line) for line in printed.splitlines()]


def overlap(row, event):
    return row["brand"] == event["brand"] and row["onset"] < event["end"] and event["onset"] < row["end"]


class Tally(collections.Counter):
    def __init__(self):
        super().__init__()
        self.onset_errors_min, self.by_note, self.lines = [], {}, []

    def say(self, *words):
        self.lines.append(" ".join(str(word) for word in words))


def about(row):
    why = row.get("why", "")
    return f"{row['onset_iso']} .. {row['end_iso']} severity {row['severity']} {why}"


def judge_crises(tally, seed, crises, bursts, turns, events):
    true = [event for event in events if event["kind"] == "crisis"]
    for event in true:
        turn = event["note"] == TURN  # that is no crisis of mentions, and either table tells it
        own = [row for row in crises + (turns if turn else []) if overlap(row, event)]
        note = tally.by_note.setdefault(event["note"], [0, 0])
        note[0] += bool(own)
        note[1] += 1
        tally["true"] += 1
        tally["found"] += bool(own)
        tally["split"] += max(0, len(own) - 1)
        if own and not turn:
            error = min(row["onset"] for row in own) - event["crossing"]
            tally.onset_errors_min.append(error / 60)
        if not own:
            others = [f"{row['kind']} {about(row)}" for row in bursts + turns if overlap(row, event)]
            tally.say(seed, "MISSED", event["name"], event["note"], event["onset_iso"], "posts",
                      event["posts"], "|", "; ".join(others) or "no event")
    for row in crises:
        if any(overlap(row, event) for event in true):
            tally["right"] += 1
            continue
        tally["false"] += 1
        over = [event["name"] for event in events if event["kind"] in ("burst", "flood") and overlap(row, event)]
        tally.say(seed, "FALSE CRISIS", row["brand"], about(row), "|", " ".join(over))


def judge_others(tally, seed, crises, bursts, turns, events):
    true = [event for event in events if event["kind"] == "crisis"]
    for event in events:
        if event["kind"] not in ("burst", "flood"):
            continue
        kinds = [row["kind"] for row in bursts if overlap(row, event)]
        wrong = [row for row in crises if overlap(row, event) and not any(overlap(row, e) for e in true)]
        tally[event["kind"]] += 1
        tally[event["kind"] + " found"] += event["kind"] in kinds
        tally[event["kind"] + " called crisis"] += bool(wrong)
        if event["kind"] not in kinds:
            tally.say(seed, "NOT FOUND AS", event["kind"], event["name"], event["onset_iso"], "posts",
                      event["posts"], "|", " ".join(kinds) or "no event")
    known = [event for event in events if event["kind"] in ("crisis", "burst", "flood")]
    for row in bursts + turns:
        if not any(overlap(row, event) for event in known):
            tally["spurious " + row["kind"]] += 1
            tally.say(seed, "SPURIOUS", row["kind"], row["brand"], about(row))


def story(tally, options, seed, folder):
    known = options.keep and os.path.exists(os.path.join(folder, "story.h5"))
    if not known:
        run(options.generate, "story", "--seed", str(seed), folder)
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        truth = json.load(file)
    inputs = dump_files(folder)
    tables = audit(options.burza, folder, "story.h5", inputs)
    crises, bursts, turns = (rows_of(table) for table in tables)
    events = [event for event in truth["events"] if event.get("brand")]
    events = [event for event in events if event["kind"] != "promotion" and event["posts"] >= LEAST_POSTS]
    hours = rows_of(run(options.burza, "export", os.path.join(folder, "story.h5"), "daily", "--format", "jsonl"))
    days = len({row["time"] for row in hours})
    tally["brand days"] += days * len(truth["brands"])
    tally["stories"] += 1
    judge_crises(tally, seed, crises, bursts, turns, events)
    judge_others(tally, seed, crises, bursts, turns, events)
    if options.twice:
        again = audit(options.burza, folder, "twice.h5", inputs + given_twice(folder))
        differs = without_names(again) != without_names(tables)
        tally["twice differs"] += differs
        if differs:
            tally.say(seed, "TWICE DIFFERS")


def ratio(part, whole):
    return part / whole if whole else 1.0


def report(tally, twice):
    precision, recall = ratio(tally["right"], tally["right"] + tally["false"]), ratio(tally["found"], tally["true"])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    months = tally["brand days"] / 30
    print(f"stories {tally['stories']}, brand-months {months:.0f}")
    print(f"crises      {tally['found']}/{tally['true']} found, precision {precision:.3f}, recall {recall:.3f},"
          f" F1 {f1:.3f}; {tally['false']} false = {tally['false'] / months:.3f} per brand-month;"
          f" {tally['split']} rows more than events")
    for note, (found, true) in sorted(tally.by_note.items()):
        print(f"            {found}/{true} {note}")
    errors = sorted(tally.onset_errors_min)
    if errors:
        absolute = sorted(abs(error) for error in errors)
        print(f"onset       median {statistics.median(errors):+.0f} min, absolute median"
              f" {statistics.median(absolute):.0f}, p90 {absolute[int(0.9 * (len(absolute) - 1))]:.0f} min")
    for kind, word in (("burst", "campaigns"), ("flood", "floods   ")):
        print(f"{word}   {tally[kind + ' found']}/{tally[kind]} found as {kind},"
              f" {tally[kind + ' called crisis']} called a crisis")
    spurious = {key[9:]: count for key, count in tally.items() if key.startswith("spurious")}
    print("elsewhere   " + (", ".join(f"{kind} {count}" for kind, count in sorted(spurious.items())) or "nothing"))
    if twice:
        print(f"given twice {tally['stories'] - tally['twice differs']}/{tally['stories']} the same tables")
    return f1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("burza")
    parser.add_argument("generate")
    parser.add_argument("--seeds", default="101-140")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--keep", help="leave dumps and audits in this folder; the next run studies them anew")
    parser.add_argument("--least", type=float, default=0.0, help="fail below this F1 of crises")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(int(first), int(last or first) + 1):
            folder = os.path.join(options.keep or scratch, str(seed))
            os.makedirs(folder, exist_ok=True)
            story(tally, options, seed, folder)
            if not options.keep:
                shutil.rmtree(folder)
    if options.verbose:
        print("\n".join(tally.lines))
    f1 = report(tally, options.twice)
    sys.exit(f1 < options.least or tally["twice differs"] > 0)


if __name__ == "__main__":
    main()
