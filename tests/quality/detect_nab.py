#!/usr/bin/env python3
"""Causal alarms of `burza detect` on labelled series in the form of the Numenta Anomaly Benchmark
(Lavin, Ahmad 2015; scoring as documented there for version 1.1, standard profile), and their window
F1: a window is hit or missed; alarms outside of windows within 12 hours of each other are one.

Usage: detect_nab.py BURZA FOLDER [--scale] [--plain] [--false-alarms N]
FOLDER holds windows.json and the CSV files it names. With --scale values are scaled to a median of 20
and rounded: for series that are no counts. Prints every series, all of them with the spread over
series (5-95 %, bootstrap), and, unless --plain, every series left out in turn with the rate of false
alarms chosen on the others, and what becomes of the scores when each mention is kept with a given
probability only (smaller brands, same events) and when the first days are missing.
"""
import argparse
import csv
import json
import math
import os
import random
import statistics
import subprocess
import tempfile
from datetime import datetime

MERGE_S = 12 * 3600
WEIGHT_FALSE = 0.11
RATES = (0.3, 0.4, 0.5, 0.65, 0.8)


def parse(text):
    return datetime.fromisoformat(text)


def load(folder, scale):
    with open(os.path.join(folder, 'windows.json')) as file:
        windows = json.load(file)
    series = {}
    for name in sorted(windows):
        with open(os.path.join(folder, name)) as file:
            rows = [(r[0], float(r[1])) for r in list(csv.reader(file))[1:] if r]
        unit = (statistics.median(v for _, v in rows) or 20) / 20 if scale else 1
        rows = [(t, min(max(0, round(v / unit)), 10 ** 9)) for t, v in rows]
        index = {parse(t): i for i, (t, _) in reversed(list(enumerate(rows)))}
        series[name] = (rows, [(index[parse(a)], index[parse(b)]) for a, b in windows[name]])
    return series


def alarms(burza, folder, rows, rate):
    path = os.path.join(folder, 'series.csv')
    with open(path, 'w') as file:
        file.write('timestamp,value\n')
        file.writelines('%s,%d\n' % r for r in rows)
    run = subprocess.run([burza, 'detect', '--causal', '--format', 'csv', '--false-alarms', str(rate),
                          path], capture_output=True, text=True, check=True)
    told = [parse(line.split(',')[0]).replace(tzinfo=None) for line in run.stdout.splitlines()[1:]
            if line.endswith(',1')]
    times, at, out = [parse(t) for t, _ in rows], 0, []
    for moment in told:  # the row that an alarming bucket holds last
        while at + 1 < len(times) and times[at + 1] <= moment:
            at += 1
        out.append(at)
    return out


def sigmoid(y):
    return -1.0 if y > 3 else 2 / (1 + math.exp(5 * y)) - 1


def score(found, windows, times):
    """-> raw score, windows hit, windows, false episodes"""
    rows = len(times)
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
        false += last is None or (times[i] - last).total_seconds() > MERGE_S
        last = times[i]
    counted = [w for w in windows if w[1] >= probation]
    raw += sum(best.values()) - sum(w not in best for w in counted)
    return raw, len(best), len(counted), false


def nab_and_f1(results):
    raw, hit, windows, false = (sum(r[k] for r in results) for k in range(4))
    precision, recall = hit / max(hit + false, 1), hit / max(windows, 1)
    return 100 * (raw + windows) / (2 * max(windows, 1)), 2 * precision * recall / max(precision + recall, 1e-9)


def summary(label, results):
    results = list(results)
    hit, windows, false = (sum(r[k] for r in results) for k in range(1, 4))
    print('%-44s NAB %5.1f  F1 %.3f  hit %d/%d  false %d' %
          ((label,) + nab_and_f1(results) + (hit, windows, false)))


def spread(results, rng):
    """5 and 95 % of NAB and F1 over series drawn anew."""
    results = list(results)
    drawn = [nab_and_f1(rng.choices(results, k=len(results))) for _ in range(2000)]
    for k, name in enumerate(('NAB', 'F1')):
        values = sorted(d[k] for d in drawn)
        print('%-44s %s %.3g to %.3g' % ('5-95 %', name, values[100], values[1899]))


def thinned(rows, keep, seed):
    rng = random.Random(seed)

    def some(n):
        if n > 300:
            return max(0, round(rng.gauss(n * keep, math.sqrt(n * keep * (1 - keep)))))
        return sum(rng.random() < keep for _ in range(n))
    return [(t, some(v)) for t, v in rows]


def left_out(series, run):
    """Each series scored at the rate of false alarms that is best for the others."""
    at = {rate: {name: run(*data, rate) for name, data in series.items()} for rate in RATES}

    def quality(rate, out):
        nab, f1 = nab_and_f1([r for n, r in at[rate].items() if n != out])
        return f1 + nab / 200
    chosen = {name: max(RATES, key=lambda rate: quality(rate, name)) for name in series}
    for rate in RATES:
        summary('false alarms %g' % rate, at[rate].values())
    summary('each left out, rate chosen on the others', [at[chosen[n]][n] for n in series])


def copies(series, run):
    for keep in (0.5, 0.2, 0.07):
        summary('keeping %g' % keep,
                [run(thinned(rows, keep, name), windows)
                 for name, (rows, windows) in series.items()
                 if keep * sum(v for _, v in rows) > 0.15 * len(rows)])
    for days in (2, 4, 6, 9):
        skip = 288 * days
        summary('without the first %d days' % days,
                [run(rows[skip:], [(a - skip, b - skip) for a, b in windows if a - skip > 750])
                 for rows, windows in series.values() if len(rows) > skip + 750])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('burza')
    parser.add_argument('source')
    parser.add_argument('--scale', action='store_true')
    parser.add_argument('--plain', action='store_true')
    parser.add_argument('--false-alarms', type=float, default=0.5)
    args = parser.parse_args()
    series = load(args.source, args.scale)
    with tempfile.TemporaryDirectory() as folder:
        def run(rows, windows, rate=args.false_alarms):
            return score(alarms(args.burza, folder, rows, rate), windows, [parse(t) for t, _ in rows])
        results = {name: run(*data) for name, data in series.items()}
        for name, result in results.items():
            summary(name, [result])
        summary('all', results.values())
        spread(results.values(), random.Random(1))
        if not args.plain:
            left_out(series, run)
            copies(series, run)


if __name__ == '__main__':
    main()
