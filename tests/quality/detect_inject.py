#!/usr/bin/env python3
"""Injected crises: does `burza detect` find them, and how exactly?

Background: negative binomial counts per five minutes with a rhythm of day and week, means 0.8 to
40, dispersion 1.3 to 5, and, with --drift, a log rate that wanders (half-life about 2 hours). One
crisis per series of 28 days, of a stated size and shape. Times are compared with the moments at
which the true rate crosses 1.5 times the background.

Usage: detect_inject.py BURZA [--seed N] [--series N] [--drift SD] [--sizes 2,4,10,30]
                        [--shapes exp,flat,two,waves,power] [--kinds add,times] [--causal]
kinds: add    the crisis adds SIZE x the series' mean at its peak
       times  the rate at the peak is SIZE x the background of that moment (weaker, and weakest at
              night)
"""
import argparse
import json
import math
import os
import random
import statistics
import subprocess
import tempfile

MEANS = (0.8, 1.5, 3, 6, 12, 24, 40)
DAYS, PER_DAY, START, STEP = 28, 288, 1700006400, 300


def poisson(rng, mean):
    if mean > 60:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def count(rng, mean, dispersion):
    if mean <= 0:
        return 0
    return poisson(rng, rng.gammavariate(mean / (dispersion - 1), dispersion - 1))


def background(rng, mean, drift):
    phase, depth, weekend = rng.uniform(-2, 2), rng.uniform(0.3, 0.8), rng.uniform(0.6, 1)
    rates, wander, keep = [], 0.0, math.exp(-1 / 36)
    for t in range(DAYS * PER_DAY):
        rate = mean * (1 + depth * math.sin(2 * math.pi * (t / 12 % 24 - 9 + phase) / 24))
        if t // PER_DAY % 7 >= 5:
            rate *= weekend
        if drift:
            wander = wander * keep + rng.gauss(0, drift * math.sqrt(1 - keep * keep))
            rate *= math.exp(wander - drift * drift / 2)
        rates.append(rate)
    return rates


def shape(name, t):
    """Height (0..1) t buckets after the peak."""
    if name == 'exp':
        return 2 ** (-t / 72)  # half-life six hours
    if name == 'power':
        return 1 / (1 + t / 36)
    if name == 'waves':  # peaks six hours apart, the talk between them as usual
        return 2 ** (-t / 12) + (0.8 * 2 ** (-(t - 72) / 12) if t >= 72 else 0)
    if name == 'flat':
        return 1.0 if t < 96 else max(0.0, 1 - (t - 96) / 24)
    return 2 ** (-t / 36) + (0.8 * 2 ** (-(t - 120) / 36) if t >= 120 else 0)  # two waves


def inject(rng, rates, mean, size, kind, name):
    """-> (rates with the crisis, onset, peak, end, end of the last wave)"""
    n = len(rates)
    start, rise = rng.randrange(int(n * .4), int(n * .85)), rng.choice((3, 24))
    out = list(rates)
    for t in range(start, min(n, start + 6 * PER_DAY)):
        height = (t - start + 1) / rise if t < start + rise else shape(name, t - start - rise)
        out[t] += height * (size * mean if kind == 'add' else (size - 1) * rates[t])
    onset = end = peak = start + rise
    while onset > start and out[onset - 1] >= 1.5 * rates[onset - 1]:
        onset -= 1
    while end + 1 < n and out[end + 1] >= 1.5 * rates[end + 1]:
        end += 1
    last = max(t for t in range(start, n) if t == end or out[t] >= 1.5 * rates[t])
    return out, onset, peak, end, last


def detect(burza, folder, values):
    path = os.path.join(folder, 'series.csv')
    with open(path, 'w') as file:
        file.write('timestamp,value\n')
        file.writelines('%d,%d\n' % (START + STEP * t, v) for t, v in enumerate(values))
    run = subprocess.run([burza, 'detect', '--format', 'json', path], capture_output=True,
                         text=True, check=True)
    names = ('onset', 'end', 'onset_low', 'onset_high', 'peak', 'end_low', 'end_high')
    return [[(e[k] - START) // STEP for k in names] for e in json.loads(run.stdout)['episodes']]


def alarms(burza, folder, values):
    detect(burza, folder, values)  # writes the series
    run = subprocess.run([burza, 'detect', '--causal', '--format', 'json',
                          os.path.join(folder, 'series.csv')], capture_output=True, text=True,
                         check=True)
    return [[(a[k] - START) // STEP for k in ('at', 'onset')]
            for a in json.loads(run.stdout)['alarms']]


def run_causal(args, size, kind, name, folder):
    """-> found, false alarms, delays and errors of the onset told, in minutes"""
    found, false, delays, onsets = 0, 0, [], []
    for i in range(args.series):
        rng = random.Random('%d %s %s %s %d' % (args.seed, size, kind, name, i))
        mean, dispersion = MEANS[i % len(MEANS)], rng.choice((1.3, 2, 3, 5))
        rates, onset, end = background(rng, mean, args.drift), None, None
        if size:
            rates, onset, _, end, _ = inject(rng, rates, mean, size, kind, name)
        told = alarms(args.burza, folder, [count(rng, r, dispersion) for r in rates])
        hits = [a for a in told if size and onset <= a[0] <= end]
        false += len(told) - len(hits)
        if hits:
            found += 1
            delays.append((hits[0][0] - onset) * 5)
            onsets.append(abs(hits[0][1] - onset) * 5)
    return found, false, delays, onsets


def print_causal(args, size, kind, name, folder):
    found, false, delays, onsets = run_causal(args, size, kind, name, folder)
    figures = '      -' if not found else '%2d/%d  alarm after %4.0f min, onset told %3.0f min off' % (
        found, args.series, statistics.median(delays), statistics.median(onsets))
    print('%-5s %-5s  %4g  %s  false per 30 days %.2f' %
          (kind, name, size, figures, false / (args.series * DAYS / 30)))


def run_cell(args, size, kind, name, folder):
    found, false, onsets, ends, peaks, covered, rows, held = 0, 0, [], [], [], 0, 0, 0
    for i in range(args.series):
        rng = random.Random('%d %s %s %s %d' % (args.seed, size, kind, name, i))
        mean, dispersion = MEANS[i % len(MEANS)], rng.choice((1.3, 2, 3, 5))
        rates = background(rng, mean, args.drift)
        onset = peak = end = last = None
        if size:
            rates, onset, peak, end, last = inject(rng, rates, mean, size, kind, name)
        episodes = detect(args.burza, folder, [count(rng, r, dispersion) for r in rates])
        hits = [e for e in episodes if size and e[0] <= end and e[1] >= onset]
        waves = [e for e in episodes if size and e[0] <= last and e[1] >= onset]
        false += len(episodes) - len(waves)
        if hits:
            rows += len(waves)
            best = max(hits, key=lambda e: e[1] - e[0])
            found += 1
            onsets.append(abs(best[0] - onset) * 5)
            ends.append(abs(best[1] - end) / 12)
            peaks.append(abs(best[4] - peak) * 5)
            covered += best[2] <= onset <= best[3]
            held += best[5] - 1 <= end <= best[6] + 1
    return found, false, onsets, ends, peaks, covered, rows, held


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else math.nan


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('burza')
    parser.add_argument('--seed', type=int, default=2024)
    parser.add_argument('--series', type=int, default=28)
    parser.add_argument('--drift', type=float, default=0)
    parser.add_argument('--sizes', default='0,2,4,10,30')
    parser.add_argument('--shapes', default='exp')
    parser.add_argument('--kinds', default='add,times')
    parser.add_argument('--causal', action='store_true')
    args = parser.parse_args()
    if args.causal:
        with tempfile.TemporaryDirectory() as folder:
            for kind in args.kinds.split(','):
                for size in map(float, args.sizes.split(',')):
                    print_causal(args, size, kind, args.shapes.split(',')[0], folder)
        return
    print('kind  shape  size  found  onset med/p90 min  end med/p90 h  peak med min  '
          '90 % of onset, end hold  rows each  false per 30 days')
    with tempfile.TemporaryDirectory() as folder:
        for kind in args.kinds.split(','):
            for name in args.shapes.split(','):
                for size in map(float, args.sizes.split(',')):
                    found, false, onsets, ends, peaks, covered, rows, held = run_cell(
                        args, size, kind, name, folder)
                    median = statistics.median
                    figures = '      -' if not found else (
                        '%2d/%d  %8.1f %6.0f   %8.1f %5.1f  %8.0f  %12.2f %5.2f     %9.2f' %
                        (found, args.series, median(onsets), quantile(onsets, .9), median(ends),
                         quantile(ends, .9), median(peaks), covered / found, held / found, rows / found))
                    print('%-5s %-5s  %4g  %s  %12.2f' %
                          (kind, name, size, figures, false / (args.series * DAYS / 30)))


if __name__ == '__main__':
    main()
