#!/usr/bin/env python3
"""mutate.py SAMPLES FOLDER ROUNDS: writes ROUNDS damaged copies of every sample into FOLDER. The
same arguments give the same files."""
import os
import random
import sys

source, target, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
ODD = [b"\0", b"\xff", b"\xed\xa0\x80", b'"', b"\\", b"\n", b"\r", b",", b"{", b"]", b"\xef\xbb\xbf",
       b"\\ud83d", b"\\u0000", b"1e999", b"-", b"99999999999999999999", b"<", b"\xe2\x80\xae"]


def mutate(content, random):
    content = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        at = random.randrange(len(content) + 1)
        what = random.randrange(6)
        length = random.choice((1, 1, 2, 10, 100))
        if what == 0 and at < len(content):
            content[at] ^= 1 << random.randrange(8)
        elif what == 1:
            del content[at : at + length]
        elif what == 2:
            content[at:at] = content[at : at + length]
        elif what == 3:
            content[at:at] = random.choice(ODD)
        elif what == 4:
            lines = content.split(b"\n")
            random.shuffle(lines)
            content = bytearray(b"\n".join(lines))
        elif what == 5 and random.randrange(4) == 0:
            del content[at:]
    return bytes(content)


for folder, folders, names in os.walk(source):
    folders.sort()
    for name in sorted(names):
        path = os.path.join(folder, name)
        content = open(path, "rb").read()
        for number in range(rounds):
            label = os.path.relpath(path, source).replace(os.sep, "_")
            to = os.path.join(target, str(number), label)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            with open(to, "wb") as file:
                file.write(mutate(content, random.Random(f"{number} {label}")))
