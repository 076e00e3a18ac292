"""privacy.py write: dumps of invented people about an invented brand, with a storm, into this folder.
privacy.py check NAME: greps NAME.h5 and what was made of it for everything personal in them."""
import csv, glob, json, re, sys

# what may be seen nowhere, in small letters; in texts it is written in every disguise below
HANDLES = ["kowalska_jan1", "zenobiusz.maj", "wrobelek99", "pszczolka_m"]
MAILS = ["zenobia.prywatna", "stefan_osobisty", "listonosz77"]
PAGES = ["profilowa.ewa", "stronka_adama", "blogerka-basia"]
NUMBERS = ["501234567", "602345678", "223456789", "44051401359", "4111111111111111",
           "61109010140000071219812874"]
GONE = ["sekretnesłowo", "wycofanewyznanie", "wstrzymanezdanie", "skasowanewczoraj"]


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def grouped(number, *sizes, by=" "):
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at:at + size])
        at += size
    return by.join(parts)


def disguises():
    zero = "\u200b"
    for h in HANDLES:
        yield from ("@" + h, wide("@" + h), "&#64;" + h, "&commat;" + h, "@ " + h, "@" + zero + h[:3] + "\u2060" + h[3:],
                    "%40" + h, "u/" + h, "/u/" + h, "r/u_" + h, "@" + h.upper(), "@" + h.replace("_", "\\_"),
                    "@" + " ".join(h.replace(".", "")))
    for m in MAILS:
        yield from (m + "@gmail.com", m + " @ wp.pl", wide(m + "@onet.pl"), m + "&#64;o2.pl", m + "(at)firma.pl",
                    m + " [at] firma [dot] pl", m + " małpa wp kropka pl", m + " at gmail dot com",
                    "mailto:" + m + "@poczta.example", m + "%40x.pl")
    sites = ["twitter.com/", "x.com/", "facebook.com/", "m.facebook.com/", "instagram.com/", "tiktok.com/@", "t.me/",
             "threads.net/@", "linkedin.com/in/", "vk.com/", "bsky.app/profile/", "reddit.com/user/", "youtube.com/@",
             "youtube.com/c/", "pinterest.com/", "snapchat.com/add/", "twitch.tv/", "soundcloud.com/", "github.com/",
             "wykop.pl/ludzie/", "medium.com/@", "nitter.net/", "vxtwitter.com/", "old.reddit.com/u/", "redlib.example/u/",
             "imginn.com/", "mastodon.example/@", "forum.example/users/"]
    for i, site in enumerate(sites):
        p = PAGES[i % len(PAGES)]
        yield "https://www." + site + p
        yield site + p + "/with/more?x=" + p
    for p in PAGES:
        yield from ("https://web.archive.org/web/2020/https://twitter.com/" + p, "hxxps://twitter[.]com/" + p,
                    "google.com/url?q=https%3A%2F%2Ffacebook.com%2F" + p, p.replace("_", "-") + ".tumblr.com",
                    wide("twitter.com/" + p), "twitter . com / " + p)
    a, b, c, pesel, card, iban = NUMBERS
    yield from (a, "+48" + a, "0048 " + a, grouped(a, 3, 3, 3), grouped(b, 3, 3, 3, by="-"), "(+48) " + b, wide(b),
                grouped(c, 2, 3, 2, 2), "tel." + b, "wa.me/48" + a, " ".join(a), a[:3] + "\u200b" + a[3:],
                "PESEL " + pesel, pesel, grouped(pesel, 6, 5), card, grouped(card, 4, 4, 4, 4),
                grouped(card, 4, 4, 4, 4, by="-"), "PL" + iban, "PL" + grouped(iban, 2, 4, 4, 4, 4, 4, 4),
                grouped(iban, 2, 4, 4, 4, 4, 4, 4))


def tweet(number, second, text, day="Wed Mar 01", **more):
    user = {"id_str": str(7000 + number % 40), "screen_name": "%s%d" % (HANDLES[0], number % 40), "name": "Janina Osobista",
            "followers_count": 1234 + number % 7}
    return dict({"id_str": str(1630000000000000000 + number), "created_at": "%s %02d:%02d:%02d +0000 2023" % (
        day, second // 3600, second // 60 % 60, second % 60), "text": text, "user": user, "lang": "pl"}, **more)


def write():
    said = list(disguises())
    rows = [tweet(i, i * 97, "norvia jak zwykle, dzień %d" % i) for i in range(600)]
    # a crisis is told from usual days, of which there must be some
    for d, day in enumerate(["Sat Feb 25", "Sun Feb 26", "Mon Feb 27", "Tue Feb 28"]):
        rows += [tweet(10000 + d * 1000 + i, i * 97, "norvia jak zwykle, tydzień %d" % i, day) for i in range(600)]
    # a storm in which everybody says everything
    for i in range(1500):
        rows.append(tweet(1000 + i, 64800 + i * 2, "norvia znowu awaria, dramat: %s i %s" % (
            said[i % len(said)], said[(i * 7 + 3) % len(said)])))
    for i in range(30):
        rows.append(tweet(5000 + i, 65000 + i, "norvia awaria %s %d" % (GONE[0], i)))
        rows.append({"delete": {"status": {"id_str": str(1630000000000000000 + 5000 + i)}}})
        rows.append(tweet(5100 + i, 65000 + i, "norvia awaria %s %d" % (GONE[2], i)))
        rows.append({"status_withheld": {"id": 1630000000000000000 + 5100 + i, "withheld_in_countries": ["PL"]}})
        # reposts of what was taken back
        rows.append(tweet(5200 + i, 65100 + i, "RT @x: norvia awaria %s %d" % (GONE[0], i), retweeted_status={
            "id_str": str(1630000000000000000 + 5000 + i), "created_at": "Wed Mar 01 18:00:00 +0000 2023",
            "text": "norvia awaria %s %d" % (GONE[0], i), "user": {"id_str": "9", "screen_name": HANDLES[2]}}))
    with open("tweets.jsonl", "w", encoding="utf-8") as f:
        f.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    with open("comments.jsonl", "w", encoding="utf-8") as f:
        for i in range(200):
            f.write(json.dumps({"author": HANDLES[i % 4], "id": "c%d" % i, "link_id": "t3_a", "parent_id": "t3_a",
                                "subreddit": "u_" + HANDLES[i % 4] if i % 2 else "Polska",
                                "created_utc": 1677693600 + i * 9, "score": 2,
                                "body": "norvia awaria %s %s" % (GONE[3] if i > 150 else "", said[i % len(said)])}) + "\n")
        for i in range(151, 200): # a later dump
            f.write(json.dumps({"author": "[deleted]", "id": "c%d" % i, "link_id": "t3_a", "parent_id": "t3_a",
                                "subreddit": "Polska", "created_utc": 1677693600 + i * 9, "score": 2,
                                "body": "[deleted]"}) + "\n")
    with open("table.csv", "w", encoding="utf-8", newline="") as f:
        table = csv.writer(f)
        table.writerow(["id", "created_at", "author", "channel", "text"])
        for i, text in enumerate(said):
            who = "Zdzisława Prywatna%d" % (i % 3)
            table.writerow(["r%d" % i, "2023-03-01T18:%02d:00Z" % (i % 60), who, who, "norvia; " + text])
    with open("later.jsonl", "w", encoding="utf-8") as f:
        f.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows[:50])


def audit_texts(path):
    """Every string of the audit, where h5py is installed; its bytes in any case."""
    yield open(path, "rb").read().decode("utf-8", "replace")
    try:
        import h5py
    except ImportError:
        return
    found = []
    def visit(name, item):
        found.append(name)
        for value in item.attrs.values():
            found.append(str(value))
        if isinstance(item, h5py.Dataset):
            value = item[()]
            if name.endswith("_bytes"):
                found.append(value.tobytes().decode("utf-8", "replace"))
            elif value.dtype.kind in "SOV":
                found.append(" ".join(str(v.decode() if isinstance(v, bytes) else v) for row in value.flatten()
                                      for v in (row.tolist() if value.dtype.kind == "V" else [row])))
    with h5py.File(path, "r") as f:
        f.visititems(visit)
    yield "\n".join(str(x) for x in found)


def check(name):
    plain = re.compile("[\u200b\u2060\u00ad]")
    secret = HANDLES + MAILS + PAGES + GONE + ["osobista", "zdzisława", "prywatna0", "prywatna1"]
    secret += [p.replace("_", "-") for p in PAGES] + [h.replace(".", "") for h in HANDLES]
    bad, texts = set(), []
    for path in sorted(glob.glob(name + ".*")):
        if not path.endswith(".parts"):
            texts += [(path, t) for t in (audit_texts(path) if path.endswith(".h5") else [open(path, encoding="utf-8").read()])]
    for path, text in texts:
        seen = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in plain.sub("", text)).lower()
        seen = seen.replace("\\", "")
        for word in secret:
            if word in seen:
                at = seen.index(word)
                bad.add((path, word, seen[max(0, at - 40):at + 30]))
        # numbers in groups: a text's, not those of the tables
        for number in NUMBERS:
            loose = re.search(r"(?<![\d])" + r"[ \-.]?".join(number) + r"(?!\d)", seen)
            if loose and not path.endswith((".html", ".h5")) or loose and number == loose.group():
                bad.add((path, number, seen[max(0, loose.start() - 40):loose.end() + 10]))
    rows = [json.loads(line) for line in open(name + ".authors.jsonl")]
    assert rows, "no authors"
    for row in rows:
        assert row["mentions"] >= 5 and row["followers"] in (None, 0, 1, 10, 100, 1000), row
        assert all(row[n] is None or row[n] == 0 or row[n] >= 5 for n in ("negative", "positive", "in_crises")), row
    for grid in ("hourly", "daily"):
        counts = [json.loads(line)["authors"] for line in open(name + "." + grid + ".jsonl")]
        assert any(counts) and all(n is None or n == 0 or n >= 5 for n in counts), grid
    evidence = [json.loads(line) for line in open(name + ".evidence.jsonl")]
    terms = [json.loads(line)["term"] for line in open(name + ".terms.jsonl")]
    assert evidence and terms, "no storm was found"
    assert all(re.fullmatch(r"p[a-z2-9]{12}", row["id"]) for row in evidence), evidence[0]
    posts = [json.loads(line) for line in open(name + ".posts.jsonl")]
    assert any("awaria" in p["text"] for p in posts) and all(p["followers"] in (None, 1000) for p in posts)
    for row in sorted(bad)[:25]:
        print(*row, sep="\t")
    sys.exit(bool(bad))


write() if sys.argv[1] == "write" else check(sys.argv[2])
