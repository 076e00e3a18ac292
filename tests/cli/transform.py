"""usage: transform.py BURZA SAMPLES WORK: reads each sample in other guises, all in one inspection."""
import bz2
import csv
import glob
import gzip
import io
import json
import lzma
import os
import random
import subprocess
import sys
import tarfile
import zipfile

burza, samples, work = sys.argv[1:4]
TZ = ["--tz", "Europe/Warsaw"]
random.seed(7)


def inspect(folder):
    """What inspect says of each file below a folder, by its label: the path below it."""
    run = [burza, "inspect", *TZ, "--format", "json", folder]
    ended = subprocess.run(run, capture_output=True, text=True, cwd=work)
    assert ended.returncode in (0, 2), ended.stderr
    inputs = json.loads(ended.stdout)["inputs"]
    return {i["input"]: i for i in inputs}


def tar_of(name, data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        file.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zip_of(name, data, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def is_lines(data):
    lines = [line for line in data.split(b"\n") if line.strip()]
    try:
        return len(lines) > 1 and all(isinstance(json.loads(line), dict) for line in lines)
    except ValueError:
        return False


def text_of(data):
    for encoding in ("utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig", "cp1250"):
        try:
            return data.decode(encoding)
        except ValueError:
            pass
    return None


def shuffled(value):
    """The objects with their keys in another order, and with some that no tool writes. Lists of
    objects stay behind the rest: what is said of a chat behind its messages comes too late."""
    if isinstance(value, list):
        return [shuffled(v) for v in value]
    if not isinstance(value, dict) or not value:
        return value
    items = [(key, shuffled(v)) for key, v in value.items()] + [("zz_checked_by", "ola"), ("zz_list", [{"a": 1}])]
    random.shuffle(items)
    items.sort(key=lambda item: isinstance(item[1], (dict, list)))
    return dict(items)


def rewritten(data):
    """JSON as another program would write it; None where it is none."""
    text = text_of(data)
    if not text or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.dumps(shuffled(json.loads(text)), indent=1).encode()
    except ValueError:
        pass
    try:
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        return b"".join(json.dumps(shuffled(line)).encode() + b"\n" for line in lines)
    except ValueError:
        return None


def rearranged(data):
    """The table with its columns in another order and two more; None where its header is not told."""
    text = text_of(data)
    head = max(text.splitlines()[:12], key=lambda line: max(line.count(c) for c in ",;\t")) if text else ""
    mark = max(",;\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text or "", newline=""), delimiter=mark))
    widths = [len([field for field in row if field]) for row in rows]
    at = max(range(min(12, len(rows))), key=widths.__getitem__) if rows else 0
    if not rows or len(rows[at]) < 3:
        return None
    wide = len(rows[at])
    order = random.sample(range(wide), wide)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=mark)
    writer.writerow(["Uwagi", *(rows[at][i] for i in order), "checked by"])
    for row in rows[at + 1:]:
        row += [""] * (wide - len(row))
        writer.writerow(["", *(row[i] for i in order), "ola"])
    return out.getvalue().encode()


def guises(name, data):
    """(kind, file name, bytes): the same posts."""
    stem, end = os.path.splitext(name)
    other = rearranged(data) if end == ".csv" else rewritten(data)
    if other is not None:
        yield "rewritten", name, other
    if end in (".csv", ".json", ".jsonl", ".ndjson"):
        yield "a name of no tool", ("export" if end == ".csv" else "data") + end, data
    yield "gzip", name + ".gz", gzip.compress(data, mtime=0)
    yield "two gzip members", name + ".gz", gzip.compress(data[:len(data) // 2], mtime=0) + gzip.compress(
        data[len(data) // 2:], mtime=0)
    yield "bzip2", name + ".bz2", bz2.compress(data)
    yield "xz", name + ".xz", lzma.compress(data)
    yield "zip", "a.zip", zip_of(name, data)
    yield "zip, stored", "a.zip", zip_of(name, data, zipfile.ZIP_STORED)
    yield "tar.gz", "a.tar.gz", gzip.compress(tar_of(name, data), mtime=0)
    yield "gzip in a tar in a zip", "a.zip", zip_of("a.tar", tar_of(name + ".gz", gzip.compress(data, mtime=0)))
    if is_lines(data):
        lines = [line for line in data.split(b"\n") if line.strip()]
        random.shuffle(lines)
        yield "shuffled", name, b"\n".join(lines) + b"\n"
        yield "with blank lines and CR", name, b"\r\n\r\n".join(lines) + b"\r\n"


def name_is_archive(path):
    return path.endswith((".tar", ".zip", ".7z"))


def said(found):
    """Whether something tells that not all could be read."""
    return bool(found["damaged"] or found["note"] or found["members_skipped"] or any(
        count for reason, count in found["rejects"].items() if not reason.endswith("_notice")))


subprocess.run(["cp", "-r", samples, os.path.join(work, "base")], check=True)
base = inspect("base")
cases, number = [], 0
for path, first in sorted(base.items()):
    if not first["posts"]:
        continue
    full = os.path.join(work, "base", path)
    with open(full, "rb") as file:
        data = file.read()
    if len(data) > 200000:
        continue
    name = os.path.basename(path)
    wanted = [("same", kind, given, content) for kind, given, content in guises(name, data)]
    text = data.lstrip(b"\xef\xbb\xbf \n\r\t")[:1] in (b"{", b"[") or data.startswith(b"window.")
    for part in (23, 50, 81, 96):
        at = len(data) * part // 100
        while at > 1 and data[at - 1] in b"\n\r}]; \t":  # what is cut off must be a part of a record
            at -= 1
        wanted.append(("torn" if text or name.endswith((".xlsx", ".car")) else "cut", f"first {part} %", name,
                       data[:at]))
    if is_lines(data):
        wanted.append(("double", "twice", name, data.rstrip(b"\n") + b"\n" + data))
        other = data.replace(b"2026-03-02", b"2026-03-03")
        wanted.append(("double", "two gzip files joined", name + ".gz",
                       gzip.compress(data.rstrip(b"\n") + b"\n", mtime=0) + gzip.compress(other, mtime=0)))
    for kind, how, given, content in wanted:
        number += 1
        folder = os.path.join(work, "cases", f"{number:04}")
        os.makedirs(folder)
        with open(os.path.join(folder, given), "wb") as file:
            file.write(content)
        cases.append((os.path.join(f"{number:04}", given), path, kind, how))
found = inspect("cases")
wrong = 0
for label, path, kind, how in cases:
    before, now = base[path], found[label]
    posts = before["posts"] * (2 if kind == "double" else 1)
    equal = now["posts"] == posts
    if kind == "same":
        good = equal and (now["first"], now["last"], now["embedded"]) == (
            before["first"], before["last"], before["embedded"])
        # an archive in three others is refused, and said
        good |= name_is_archive(path) and how.count(" in a ") == 2 and said(now)
    elif kind == "double":
        good = equal
    elif kind == "torn":
        good = equal or (now["posts"] < posts and said(now))
    else:
        good = now["posts"] <= posts
    if not good:
        wrong += 1
        print(f"{path}, {how}: {now['posts']} posts instead of {posts}; rejects {now['rejects']}; {now['note']!r}")
print(len(cases), "cases")
sys.exit(wrong > 0 or len(cases) < 500)
