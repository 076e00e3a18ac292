"""one_truth.py BRANDS.json: compares what a.h5's outputs in this folder say of each event."""
import csv
import datetime
import html
import json
import re
import sys
import zoneinfo

with open(sys.argv[1], encoding="utf-8") as file:
    config = json.load(file)
names = {brand["id"]: brand.get("name", brand["id"]) for brand in config["brands"]}
zone = zoneinfo.ZoneInfo(config.get("timezone", "UTC"))
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def table(name):
    with open(name + ".jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def digits(value, places, polish=False):
    """As the sentences write numbers, groups of three parted by a thin blank."""
    whole, dot, part = f"{abs(value):.{places}f}".partition(".")
    groups = re.sub(r"(?<=\d)(?=(\d{3})+$)", " ", whole) if len(whole) > 3 else whole
    return groups + (("," if polish else ".") + part if dot else "")


def plain(text):
    return re.sub(r"[\u00a0\u202f\u2009 ]+", " ", html.unescape(text))


def local(second):
    return datetime.datetime.fromtimestamp(second, zone)


def cards(language):
    """(brand's name, onset) -> the card's sentence, facts and text, without markup."""
    with open(language + ".html", encoding="utf-8") as file:
        text = file.read()
    found = {}
    for card in re.findall(r'<article class="card.*?</article>', text, re.S):
        head = re.search(r"<header>.*?<bdi>(.*?)</bdi>.*?<time datetime=\"(.*?)\"", card, re.S)
        story = re.search(r'<p class="story">(.*?)</p>', card, re.S).group(1)
        facts = [plain(re.sub(r"<[^>]+>", " ", fact)) for fact in re.findall(r"<dt>(.*?)</div>", card, re.S)]
        found[plain(head.group(1)), head.group(2)] = (plain(re.sub(r"<[^>]+>", "", story)), facts,
                                                      plain(re.sub(r"<[^>]+>", " ", card)))
    return found


def duration(seconds, polish):
    """As the report writes a duration: its two largest units that are not 0."""
    minutes = seconds // 60
    if minutes >= 2 * 1440:
        units = [(minutes // 1440, "dni" if polish else "days"), (minutes % 1440 // 60, "h")]
    else:
        units = [(minutes // 60, "h"), (minutes % 60, "min")]
    return " ".join(f"{n} {unit}" for n, unit in units if n) or "0 min"


hourly, spread = table("hourly"), table("spread")
with open("told", encoding="utf-8") as file:
    told = plain(file.read())


def check_grid(row, name):
    """The busiest clock hour of the table hourly is the peak's, and gives the ratio."""
    if row["kind"] in ("mood_turn", "slow_burn"):
        return
    inside = [h for h in hourly if h["brand"] == row["brand"] and row["onset"] < h["time"] + 3600 and h["time"] < row["end"]]
    own = [h for h in inside if h["time"] <= row["peak"] < h["time"] + 3600]
    check(len(own) == 1, f"{name}: the peak lies in {len(own)} hours")
    if own and row["onset"] <= own[0]["time"] and own[0]["time"] + 3600 <= row["end"]:
        busiest = max(h["mentions"] for h in inside if row["onset"] <= h["time"] and h["time"] + 3600 <= row["end"])
        check(own[0]["mentions"] == busiest, f"{name}: peak hour {own[0]['mentions']}, busiest {busiest}")
        ratio = own[0]["mentions"] / own[0]["baseline"]
        check(abs(ratio / row["ratio"] - 1) < 1e-3, f"{name}: ratio {row['ratio']}, the grid {ratio}")


def check_sums(row, name):
    check(abs(row["mentions"] - row["expected"] - row["excess"]) < 1e-6, f"{name}: excess")
    check(row["mentions"] == row["negative"] + row["neutral"] + row["positive"] or row["negative"] <= row["mentions"], name)
    if row["mentions"]:
        check(abs(row["negative_share"] - row["negative"] / row["mentions"]) < 1e-12, f"{name}: share")
    check(row["duration_s"] == row["end"] - row["onset"], f"{name}: duration")


def check_sentence(row, name, text, polish):
    for value in (digits(row["mentions"], 0), digits(round(row["expected"]), 0)):
        check(re.search(rf"(?<!\d)(?<!\d ){value}(?!\d| \d)", text), f"{name}: {value} not in {text}")
    shares = [digits(100 * row["negative_share"], 1, polish) + "%"]
    if row["negative_share_before"]:
        shares.append(digits(100 * row["negative_share_before"], 1, polish) + "%")
    if row["kind"] not in ("mood_turn", "slow_burn"):
        shares.append(digits(row["ratio"], 1, polish))
    for share in shares:
        check(share in text, f"{name}: {share} not in {text}")


def check_card(row, name, card, polish):
    story, facts, text = card
    check_sentence(row, name + " card", story, polish)
    peak, onset, end = local(row["peak"]), local(row["onset"]), local(row["end"])
    for label, moment in ((("Onset", "Początek"), onset), (("Peak", "Szczyt"), peak), (("End", "Koniec"), end)):
        fact = next(f for f in facts if f.strip().startswith(label[polish]))
        check(f"{moment:%H:%M}" in fact and f"{moment.day} " in fact, f"{name}: {fact} is not {moment}")
    ratio = next(f for f in facts if f.strip().startswith(("Peak", "Szczyt")[polish]))
    check(digits(row["ratio"], 1, polish) + " " in ratio, f"{name}: {ratio}, ratio {row['ratio']}")
    mentions = next(f for f in facts if f.strip().startswith(("Mentions", "Wzmianki")[polish]))
    numbers = [int(n.replace(" ", "")) for n in re.findall(r"\d[\d ]*", mentions)]
    check(numbers == [row["mentions"], round(row["expected"])], f"{name}: {mentions}, table {row['mentions']} {row['expected']}")
    pace = next(f for f in facts if f.strip().startswith(("Pace", "Tempo")[polish]))
    wanted = "–" if row["doubling_time_s"] is None else duration(row["doubling_time_s"], polish)
    check(re.search(rf"(?:doubled in|podwojenie w) {wanted}(?! \d+ (?:h|min))", pace), f"{name}: {pace}, doubling {wanted}")
    for words, key in ((("28 days before", "28 dni przed"), "negative_share_before"), (("during", "w trakcie"), "negative_share")):
        share = digits(100 * row[key], 1, polish) + "%"
        found = re.search(rf"{words[polish]} *([\d.,]+%|–)", text)
        check(found and found.group(1) in (share, "–"), f"{name}: {words[0]} {found}, table {share}")
    groups = [s for s in spread if (s["brand"], s["episode"]) == (row["brand"], row["onset"]) and s["dimension"] == "channel"]
    leader = next((s["name"] for s in groups if s["rank"] == 1), None)
    if leader:
        check(row["channels"].split(",")[0].split(" +")[0] == leader, f"{name}: channels {row['channels']}, spread {leader}")
        said = re.search(r"It rose first on (\S+?)\. |It rose first on (\S+)\.$", row["summary_en"])
        card_says = "It rose first on" in story or "Najpierw było to widać" in story
        check(card_says == bool(said), f"{name}: {story} beside {row['summary_en']}")
        check(not said or (said.group(1) or said.group(2)) == leader, f"{name}: {row['summary_en']}, spread {leader}")


def check_told(row, name):
    """The summary on the terminal."""
    if row["kind"] in ("mood_turn", "slow_burn"):
        return
    line = f"{row['mentions']} mentions where {row['expected']:.0f} were expected, {row['ratio']:.1f} times the usual in the busiest hour"
    check(line in told, f"{name}: the summary has no {line}")
    check(f"{100 * row['negative_share']:.1f}% negative ({100 * row['negative_share_before']:.1f}% before)" in told, f"{name}: shares told")


reports, seen = {"en": cards("en"), "pl": cards("pl")}, 0
for kind in ("crises", "bursts", "mood_turns"):
    with open(kind + ".csv", encoding="utf-8", newline="") as file:
        as_csv = list(csv.DictReader(file))
    rows = table(kind)
    check(len(rows) == len(as_csv), kind)
    for row, cells in zip(rows, as_csv):
        name = f"{row['brand']} {row['kind']} {row['onset_iso']}"
        seen += 1
        for column, value in row.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                check(float(cells[column]) == value, f"{name}: {column} {value} in JSON, {cells[column]} in CSV")
        check_sums(row, name)
        check_grid(row, name)
        check_told(row, name)
        for language in ("en", "pl"):
            text = plain(row["summary_" + language])
            check_sentence(row, f"{name} {language}", text, language == "pl")
            if kind == "crises":
                key = (names[row["brand"]], row["onset_iso"])
                check(key in reports[language], f"{name}: no card {key}")
                if key in reports[language]:
                    check_card(row, f"{name} {language}", reports[language][key], language == "pl")
check(seen >= 5, f"only {seen} events")
for failure in failures[:20]:
    print(failure, file=sys.stderr)
sys.exit(bool(failures))
