"""usage: samples.py BURZA SAMPLES WORK: reads SAMPLES/*/expected.tsv; WORK/posts.txt has all posts."""
import csv
import glob
import json
import os
import shlex
import subprocess
import sys

burza, samples, work = sys.argv[1:4]
CONFIG = {
    "brands": [{"id": "all", "query": "lang:pl OR lang:en OR lang:other"}],
    "privacy": {"authors": "plain", "text": "keep"},
}
FIELDS = ("time_iso", "platform", "channel", "kind", "author", "id", "url", "likes", "replies",
          "reposts", "views", "followers", "text")


def posts_of(path, options):
    audit = os.path.join(work, "a.h5")
    subprocess.run(["rm", "-rf", audit, audit + ".parts"], check=True)
    run = [burza, "run", "-q", "--no-report", "-c", os.path.join(work, "c.json"), *options,
           "-o", audit, path]
    ended = subprocess.run(run, capture_output=True, text=True)
    if ended.returncode not in (0, 2):
        return None, ended.stderr
    export = [burza, "export", audit, "posts", "--format", "jsonl"]
    lines = subprocess.run(export, capture_output=True, text=True, check=True).stdout.splitlines()
    return [json.loads(line) for line in lines], ended.stderr


def found_in(posts):
    times = [p["time_iso"] for p in posts]
    return {
        "posts": str(len(posts)),
        "authors": str(len({p["author"] for p in posts if p["author"]})),
        "first": min(times, default=""),
        "last": max(times, default=""),
        "replies": str(sum(p["kind"] == "reply" for p in posts)),
    }


with open(os.path.join(work, "c.json"), "w", encoding="utf-8") as file:
    json.dump(CONFIG, file)
wrong = 0
with open(os.path.join(work, "posts.txt"), "w", encoding="utf-8") as golden:
    for table in sorted(glob.glob(os.path.join(samples, "*", "expected.tsv"))):
        folder = os.path.basename(os.path.dirname(table))
        with open(table, encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        for row in rows:
            path = os.path.join(samples, folder, row["path"])
            posts, said = posts_of(path, shlex.split(row["options"] or ""))
            if posts is None:
                print(f"{folder}/{row['path']}: no audit: {said}")
                wrong += 1
                continue
            print(f"== {folder}/{row['path']}", file=golden)
            for post in posts:
                print(*(json.dumps(post[field], ensure_ascii=False) for field in FIELDS), file=golden)
            found = found_in(posts)
            for name, value in found.items():
                if value != (row[name] or ""):
                    print(f"{folder}/{row['path']}: {value} {name}, not {row[name]}")
                    wrong += 1
sys.exit(wrong > 0)
