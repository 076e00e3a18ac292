"""name_swap.py BURZA POSTS... FOLDER: the names of brands decide nothing.

Writes 300 posts of the labelled files (columns text, names) ten times, each time with another name
in the place of the brands in them, and runs each of the ten dumps with a query for that name. Label,
score, p, intents, stage, topic and language of every post must be the same in all ten.
"""
import json, pathlib, subprocess, sys

# made of letters nobody knows, of words of praise and blame, of several words, in odd spellings
NAMES = ["Norvia", "Kurierex", "Cudo", "Awaria", "Super Tani Sklep", "KRX", "xelto", "T-Mobile",
         "Łąkowianka", "Never Again"]
WANTED = 300


def read(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    head = rows[0]
    for row in rows[1:]:
        record = dict(zip(head, row))
        yield record["text"], record["names"].split("|") if record["names"] else []


def posts(paths):
    """(template, spelling): {} stands for the name; every fourth is written small, every fourth as
    a tag."""
    found = []
    for path in paths:
        taken = 0
        for text, names in read(path):
            for name in sorted(set(names), key=len, reverse=True):
                text = text.replace(name, "\0")
            if "\0" not in text or "{" in text or "}" in text or any(c in text for c in "\"\\"):
                continue
            marked = text.replace("@\0", "\0").replace("#\0", "\0").replace("\0", "{}")
            found.append((marked, taken % 4))
            taken += 1
            if taken == WANTED // len(paths):
                break
    return found


def spelled(name, how):
    if how == 1:
        return name.lower()
    if how == 2:
        return "#" + name.replace(" ", "").replace("-", "")
    return name


def main():
    burza, *paths, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    templates = posts(paths)
    assert len(templates) == WANTED, len(templates)
    first = None
    for number, name in enumerate(NAMES):
        dump, audit = folder / f"{number}.jsonl", folder / f"{number}.h5"
        with open(dump, "w", encoding="utf-8") as out:
            for i, (text, how) in enumerate(templates):
                out.write(json.dumps({
                    "id_str": str(1640000000000000000 + i),
                    "created_at": "Sun Mar 26 14:%02d:%02d +0000 2023" % (i // 60, i % 60),
                    "text": text.replace("{}", spelled(name, how)),
                    "user": {"id_str": str(i), "screen_name": f"u{i}"}}) + "\n")
        subprocess.run([burza, "run", "-q", "--no-report", "-b", f'brand="{name}"', "-o", audit,
                        dump], check=True)
        table = subprocess.run([burza, "export", audit, "posts", "--format", "jsonl"], check=True,
                               capture_output=True, text=True).stdout
        keys = ("label", "sentiment", "p", "intents", "stage", "topic", "language")
        rows = {row["id"]: tuple(row[key] for key in keys) for row in map(json.loads, table.splitlines())}
        assert len(rows) == WANTED, (name, len(rows))
        if first is None:
            first = rows
            assert len({row[0] for row in rows.values()}) == 4 or len({row[0] for row in rows.values()}) == 3
            continue
        for i, (text, how) in enumerate(templates):
            key = str(1640000000000000000 + i)
            assert rows[key] == first[key], (
                f"with {name}: {rows[key]}, with {NAMES[0]}: {first[key]}: {spelled('{}', how)} {text}")


main()
