"""reader_speed.py PROGRAM MB SAMPLES WORK [NAME...]: see reader_speed.sh."""
import json
import os
import re
import subprocess
import sys

NUMBER = re.compile(r"(?<![\d.])\d{9,19}(?![\d.])")


def shifted(text, by):
    """Other ids of the same length: numbers of nine digits and more go up."""
    return NUMBER.sub(lambda m: str(int(m[0]) + by).zfill(len(m[0]))[-len(m[0]):], text)


def repeat(write, records, size, between):
    done = turn = 0
    while done < size:
        for record in records:
            text = (between if done else "") + shifted(record, turn)
            write(text)
            done += len(text)
        turn += 1


def lists_of(value, path=()):
    """All lists of objects of a document, with the length of their text."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield len(json.dumps(value)), path
    children = value.items() if isinstance(value, dict) else \
        enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from lists_of(child, path + (key,))


def most_of(value):
    """The innermost list that is half of the document and has several objects; else the longest."""
    found = sorted(lists_of(value), reverse=True)
    half = [one for one in found if one[0] * 2 >= found[0][0]]
    return half[-1][1] if half else None


def write_document(text, size, write):
    start = min(i for i in (text.find("{"), text.find("[")) if i >= 0)
    value = json.loads(text[start:].rstrip().rstrip(";"))
    path = most_of(value)
    if path is None:
        return False
    spot, records = value, None
    for key in path:
        spot = spot[key]
    records = [json.dumps(one, ensure_ascii=False) for one in spot]
    spot[:] = ["@here@"]
    before, behind = json.dumps(value, ensure_ascii=False).split('"@here@"')
    write(text[:start] + before)
    repeat(write, records, size, ",\n")
    write(behind)
    return True


def lines_of(text, name):
    """Head, records and what is between them, of a text of lines; None: of no such kind."""
    lines = text.splitlines(keepends=True)
    if name.endswith(".xml"):
        rows = [line for line in lines if line.lstrip().startswith("<row")]
        return ("".join(lines[:lines.index(rows[0])]), rows) if rows else None
    if name.endswith((".mbox", ".eml")):
        return ("", [text + "\n"])
    if all(line.startswith("{") for line in lines if line.strip()):
        return ("", [line if line.endswith("\n") else line + "\n" for line in lines if line.strip()])
    if name.endswith((".csv", ".tsv")):
        body = "".join(lines[1:])
        return (lines[0], [body if body.endswith("\n") else body + "\n"]) if len(lines) > 1 else None
    if name.endswith(".txt"):
        return ("", [text if text.endswith("\n") else text + "\n"])
    return None


def make(sample, made, size):
    # bytes as they are: whatever the encoding, nothing here reads the letters
    with open(sample, encoding="latin-1") as file:
        text = file.read()
    name = os.path.basename(sample).lower()
    with open(made, "w", encoding="latin-1") as file:
        if name.endswith((".json", ".js")) and not re.match(r"\s*\{.*\}\s*\n\{", text):
            try:
                return write_document(text, size, file.write)
            except ValueError:
                pass
        parts = lines_of(text, name)
        if not parts:
            return False
        file.write(parts[0])
        repeat(file.write, parts[1], size, "")
        if name.endswith(".xml"):
            file.write(text[text.rindex("</"):])
    return True


def measure(program, path):
    process = subprocess.Popen([program, "inspect", "--format", "json", path],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return json.loads(out)["inputs"][0], usage


def main():
    program, megabytes, samples, work = sys.argv[1:5]
    only = sys.argv[5:]
    rows = []
    for folder, _, names in sorted(os.walk(samples)):
        for name in sorted(names):
            sample = os.path.join(folder, name)
            label = os.path.relpath(sample, samples)
            if name.startswith(("README", "expected")) or \
                    (only and not any(word in label for word in only)):
                continue
            made = os.path.join(work, label)
            os.makedirs(os.path.dirname(made), exist_ok=True)
            if not make(sample, made, int(megabytes) * 1000000):
                os.remove(made)
                continue
            found, usage = measure(program, made)
            size = os.path.getsize(made) / 1e6
            os.remove(made)
            if found["records"] < 50:
                continue
            rows.append((size / usage.ru_utime, ", ".join(found["formats"]), label, size,
                         found["records"], usage.ru_utime, usage.ru_maxrss / 1024))
    print("| Format | Sample | MB | Records | User s | MB/s | Peak MB |")
    print("|---|---|---|---|---|---|---|")
    for speed, formats, label, size, records, seconds, peak in sorted(rows):
        print("| %s | %s | %.0f | %d | %.2f | %.0f | %.0f |" %
              (formats, label, size, records, seconds, speed, peak))


main()
