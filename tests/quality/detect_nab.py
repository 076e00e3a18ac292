#!/usr/bin/env python3
"""Causal alarms of `burza detect` on labelled series in the form of the Numenta Anomaly Benchmark
(Lavin, Ahmad 2015; scoring as documented there for version 1.1, standard profile), and their window
F1: a window is hit or missed; alarms outside of windows within 12 hours of each other are one.

Usage: detect_nab.py BURZA FOLDER      FOLDER holds windows.json and the CSV files it names
Also prints every series left out in turn, and what becomes of the scores when each mention is kept
with a given probability only (smaller brands, same events) and when the first days are missing.
"""
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime

MERGE_ROWS = 144
WEIGHT_FALSE = 0.11


def parse(text):
    return datetime.fromisoformat(text)


def load(folder):
    with open(os.path.join(folder, 'windows.json')) as file:
        windows = json.load(file)
    series = {}
    for name in sorted(windows):
        with open(os.path.join(folder, name)) as file:
            rows = [(r[0], int(r[1])) for r in list(csv.reader(file))[1:] if r]
        index = {parse(t): i for i, (t, _) in reversed(list(enumerate(rows)))}
        series[name] = (rows, [(index[parse(a)], index[parse(b)]) for a, b in windows[name]])
    return series


def alarms(burza, folder, rows):
    path = os.path.join(folder, 'series.csv')
    with open(path, 'w') as file:
        file.write('timestamp,value\n')
        file.writelines('%s,%d\n' % r for r in rows)
    run = subprocess.run([burza, 'detect', '--causal', '--format', 'csv', path],
                         capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()[1:]
    assert len(lines) == len(rows)
    return [i for i, line in enumerate(lines) if line.endswith(',1')]


def sigmoid(y):
    return -1.0 if y > 3 else 2 / (1 + math.exp(5 * y)) - 1


def score(found, windows, rows):
    """-> raw score, windows hit, windows, false episodes"""
    probation = min(int(0.15 * rows), 750)
    raw, false, last, best = 0.0, 0, None, {}
    for i in (a for a in found if a >= probation):
        inside = next((w for w in windows if w[0] <= i <= w[1]), None)
        if inside:
            length = inside[1] - inside[0] + 1
            best.setdefault(inside, sigmoid(-(inside[1] - i + 1) / length) / sigmoid(-1))
            continue
        before = [w for w in windows if w[1] < i]
        y = (i - before[-1][1]) / (before[-1][1] - before[-1][0]) if before else math.inf
        raw += WEIGHT_FALSE * sigmoid(y)
        false += last is None or i - last > MERGE_ROWS
        last = i
    counted = [w for w in windows if w[1] >= probation]
    raw += sum(best.values()) - sum(w not in best for w in counted)
    return raw, len(best), len(counted), false


def summary(label, results):
    raw, hit, windows, false = (sum(r[k] for r in results) for k in range(4))
    precision, recall = hit / max(hit + false, 1), hit / max(windows, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print('%-28s NAB %5.1f  F1 %.3f  hit %d/%d  false %d' %
          (label, 100 * (raw + windows) / (2 * windows), f1, hit, windows, false))


def thinned(rows, keep, seed):
    rng = random.Random(seed)

    def some(n):
        if n > 300:
            return max(0, round(rng.gauss(n * keep, math.sqrt(n * keep * (1 - keep)))))
        return sum(rng.random() < keep for _ in range(n))
    return [(t, some(v)) for t, v in rows]


def main():
    burza, source = sys.argv[1:3]
    series = load(source)
    with tempfile.TemporaryDirectory() as folder:
        def run(rows, windows):
            return score(alarms(burza, folder, rows), windows, len(rows))
        results = {name: run(*data) for name, data in series.items()}
        for name, result in results.items():
            summary(name, [result])
        summary('all', results.values())
        for name in series:
            summary('without ' + name[:20], [r for n, r in results.items() if n != name])
        for keep in (0.5, 0.2, 0.07):
            summary('keeping %g' % keep,
                    [run(thinned(rows, keep, name), windows)
                     for name, (rows, windows) in series.items()
                     if keep * sum(v for _, v in rows) > 0.15 * len(rows)])
        for days in (2, 4, 6, 9):
            skip = 288 * days
            summary('without the first %d days' % days,
                    [run(rows[skip:], [(a - skip, b - skip) for a, b in windows
                                       if a - skip > 750])
                     for rows, windows in series.values()])


if __name__ == '__main__':
    main()
