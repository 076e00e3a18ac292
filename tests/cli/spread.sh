#!/bin/sh
# How a crisis spread, who carried it and when it would have been known, against what was planted:
# Twitter at 12:00, Reddit two hours later, one account with 200,000 followers, all of them strangers.
. "$(dirname "$0")/lib.sh"
cd "$work"
"$PYTHON" - <<'PY'
import csv, random, time
rng, start, rows = random.Random(5), 1696118400, []
WORDS = "rynek okno lampa miasto telefon ulica las rzeka most zima rower obraz zegar papier szafa kubek".split()
OUTAGE = ["awaria sieci", "znowu awaria", "nie ma zasięgu, awaria", "awaria od rana"]
DELIVERY = ["kurier zgubił paczkę", "przesyłka nie dotarła", "kurier nie przyjechał", "gdzie moja paczka, kurier milczy"]
ANGER = ["okropna obsługa", "wstyd", "dramat", "oszuści", "jestem wściekły", "nie polecam", "fatalnie"]
def add(second, author, platform, text, followers):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
    rows.append((second, [len(rows), stamp, author, platform, followers, text]))
def words():
    return " ".join(rng.sample(WORDS, 5))
def angry(cues):
    chosen = [rng.choice(cues), *rng.sample(ANGER, 2), *rng.sample(WORDS, 7)]
    rng.shuffle(chosen)
    return "norvia " + ", ".join(chosen)
for hour in range(35 * 24):
    for i in range(4):
        at = start + hour * 3600 + rng.randrange(3600)
        platform = "twitter" if i < 3 else "reddit"
        add(at, f"u{rng.randrange(300)}", platform, f"norvia {words()}", rng.randrange(10, 900))
crisis = start + 20 * 86400 + 12 * 3600
for i in range(600):
    at = crisis + int(rng.expovariate(1 / (5 * 3600)))
    add(at, f"new{i}", "twitter", angry(OUTAGE), 50)
for i in range(200):
    at = crisis + 2 * 3600 + int(rng.expovariate(1 / (5 * 3600)))
    add(at, f"red{i}", "reddit", angry(DELIVERY), 50)
add(crisis + 1800, "loudest", "twitter", angry(OUTAGE), 200000)
rows.sort()
with open("posts.csv", "w", newline="") as out:
    writer = csv.writer(out)
    writer.writerow(["id", "created_at", "author", "platform", "followers", "text"])
    writer.writerows(row for _, row in rows)
PY
expect 0 run -q -b norvia=norvia --lang en -o a.h5 posts.csv
for table in crises spread carriers alarms; do
    expect 0 export a.h5 $table --format jsonl
    cp "$out" $table.jsonl
done
"$PYTHON" - <<'PY' || fail 'spread, carriers or alarms differ from what was planted'
import json
def read(name):
    return [json.loads(line) for line in open(name + ".jsonl")]
planted = 1696118400 + 20 * 86400 + 12 * 3600
(crisis,) = read("crises")
mine = [row for row in read("spread") if row["episode"] == crisis["onset"]]
def groups(dimension):
    rows = [row for row in mine if row["dimension"] == dimension]
    left = [row for row in rows if row["rank"] is not None]
    assert [row["rank"] for row in left] == list(range(1, len(left) + 1)), left
    assert all(row["left_low"] <= row["left"] <= row["left_high"] for row in left), left
    assert all(a["left"] <= b["left"] for a, b in zip(left, left[1:])), left
    return {row["name"]: row for row in rows}
channels = groups("channel")
assert abs(channels["twitter"]["left"] - planted) < 1200, channels["twitter"]
assert abs(channels["reddit"]["left"] - planted - 7200) < 1200, channels["reddit"]
for name, at in (("twitter", planted), ("reddit", planted + 7200)):
    assert channels[name]["left_low"] - 300 <= at <= channels[name]["left_high"] + 300, channels[name]
    assert channels[name]["negative"] <= channels[name]["mentions"] > 3 * channels[name]["usual"]
topics = groups("topic")
for name, at in (("outage", planted), ("delivery", planted + 7200)):
    assert topics[name]["left_low"] - 300 <= at <= topics[name]["left_high"] + 300, topics[name]
assert topics["outage"]["rank"] < topics["delivery"]["rank"], topics
assert topics["outage"]["negative"] > 300 and topics["delivery"]["mentions"] > 100, topics
assert "none" not in topics and "other" not in topics and groups("language"), topics
carriers = [row for row in read("carriers") if row["episode"] == crisis["onset"]]
assert [row["rank"] for row in carriers] == list(range(1, len(carriers) + 1))
assert all(a["reach"] >= b["reach"] for a, b in zip(carriers, carriers[1:])), carriers
first = carriers[0]
assert (first["followers"], first["reach"], first["newcomer"], first["platform"]) == (100000, 100000, 1, "twitter"), first
assert first["mentions"] is None and first["account"].startswith("u"), first  # below the smallest cell, a pseudonym
assert crisis["new_authors"] >= 750 and crisis["new_authors"] <= crisis["authors"], crisis
budgets = sorted({row["false_alarms_per_month"] for row in read("alarms")})
assert len(budgets) == 3, budgets
known = []
for budget in budgets:
    told = [row for row in read("alarms") if row["episode"] == crisis["onset"] and row["false_alarms_per_month"] == budget]
    assert told[0]["verdict"] == "right" and told[0]["seen"] >= 10, told
    assert "awaria" in told[0]["terms"] and "twitter" in told[0]["channels"], told
    assert "kurier" not in told[0]["terms"], told  # that came two hours later
    assert (told[0]["mentions_before_peak"] >= 0) == (told[0]["before_peak"] >= 0), told
    known.append(told[0]["at"])
assert known == sorted(known, reverse=True) and known[0] < planted + 3 * 3600, known
PY
for words in 'in the order in which they joined' 'Accounts that carried it furthest' \
    'When it would have been known' 'Would a watcher have known' '≥[^0-9]*100[^0-9]*000' 'New to the brand: '; do
    grep -q "$words" a.html || fail "the report does not say: $words"
done
expect 0 study -q --replay a.h5
printed 'people wrote about: '
printed ' mentions before the peak'
cp a.h5 one.h5
for threads in 2 4; do
    expect 0 study -q -j $threads a.h5
    for table in spread carriers alarms; do
        expect 0 export a.h5 $table --format jsonl
        cmp -s "$out" $table.jsonl || fail "$table differs with $threads threads"
    done
done
