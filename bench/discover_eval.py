#!/usr/bin/env python3
"""How right topics are found that nobody named, with defaults and nothing tuned for any one set.

    python3 bench/discover_eval.py BUILD_FOLDER [--data FOLDER] [--only NAME] [--quality best]

BUILD_FOLDER was built with -DKUNDIG_BENCH=ON. Sets: banking77 (train), clinc150 (train and val),
searchsnippets, tweet; those that are not there are left out, and that is said. Each is asked with
the number of its true classes and without any, seeds 0, 1 and 2; figures are means: normalised
mutual information (over the mean of both entropies) and adjusted Rand index against the true
classes, number of topics, processor seconds. Needs nothing but Python.
"""
import argparse
import collections
import csv
import json
import math
import subprocess
import tempfile
from pathlib import Path

SEEDS = (0, 1, 2)


def rows_of(path, label):
    with open(path, newline="", encoding="utf-8") as file:
        return [(row[label], row["text"]) for row in csv.DictReader(file)]


def tabbed(path):
    with open(path, encoding="utf-8") as file:
        return [tuple(line.rstrip("\n").split("\t", 1)) for line in file][1:]


SETS = {
    "banking77": lambda data: rows_of(data / "banking77/train.csv", "category"),
    "clinc150": lambda data: rows_of(data / "clinc150/full_train.csv", "intent")
    + rows_of(data / "clinc150/full_val.csv", "intent"),
    "searchsnippets": lambda data: tabbed(data / "short_text_clustering/searchsnippets.tsv"),
    "tweet": lambda data: tabbed(data / "short_text_clustering/tweet.tsv"),
}


def entropy(counts, n):
    return -sum(count / n * math.log(count / n) for count in counts)


def pairs(counts):
    return sum(count * (count - 1) / 2 for count in counts)


def measures(found, truth):
    n = len(truth)
    a, b = collections.Counter(found), collections.Counter(truth)
    both = collections.Counter(zip(found, truth))
    a_entropy, b_entropy = entropy(a.values(), n), entropy(b.values(), n)
    mutual = a_entropy + b_entropy - entropy(both.values(), n)
    expected = pairs(a.values()) * pairs(b.values()) / pairs([n])
    most = (pairs(a.values()) + pairs(b.values())) / 2
    return 2 * mutual / (a_entropy + b_entropy), (pairs(both.values()) - expected) / (most - expected)


def ask(folder, work, topics, quality):
    sums = [0.0] * 4
    truth = [line.split("\t", 1)[0] for line in open(work / "texts.tsv", encoding="utf-8")]
    for seed in SEEDS:
        out = subprocess.run(
            [f"{folder}/bench/discover", work / "texts.tsv", "--topics", str(topics), "--seed",
             str(seed), "--labels", work / "found", *(["--quality", quality] if quality else [])],
            check=True, capture_output=True).stdout
        told = json.loads(out)
        nmi, ari = measures((work / "found").read_text().split(), truth)
        for i, value in enumerate((nmi, ari, told["topics"], told["seconds"])):
            sums[i] += value / len(SEEDS)
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--data", type=Path,
                        default=Path(__file__).resolve().parents[2] / "shared/data")
    parser.add_argument("--only", choices=sorted(SETS))
    parser.add_argument("--quality", choices=("best", "draft"))
    given = parser.parse_args()
    for name, read in SETS.items():
        if given.only and name != given.only:
            continue
        try:
            rows = read(given.data)
        except FileNotFoundError as missing:
            print(f"{name}: left out, for {missing.filename} is not there")
            continue
        true = len({label for label, _ in rows})
        with tempfile.TemporaryDirectory() as temporary:
            work = Path(temporary)
            with open(work / "texts.tsv", "w", encoding="utf-8") as file:
                file.writelines(f"{label}\t{' '.join(text.split())}\n" for label, text in rows)
            for topics in (true, 0):
                nmi, ari, count, seconds = ask(given.folder, work, topics, given.quality)
                print(f"{name:16}{len(rows):7,} texts, {true:3} classes   "
                      f"{'given' if topics else 'found'} {count:6.1f}   NMI {nmi:.4f}   "
                      f"ARI {ari:.4f}   {seconds:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
