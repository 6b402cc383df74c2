#!/usr/bin/env python3
"""How much of real comments the ready taxonomy puts under a topic.

usage: measure.py ASSIGN DATA [--check] [--set NAME] [--table]
                  [--sample N] [--uncovered N] [--topic NAME] [--seed S]

ASSIGN is the program tests/topics/assign.c, DATA the folder of shared data. Comments of at least five
words count. --check asks for 75 % of the comments of nps_verbatims, and exits with 77 where they are
absent. --table lists the topics of a set. --sample prints that many random assignments (comment and
topic, of one topic with --topic), to be read by eye: how many are right is no program's to say.
--uncovered prints comments without a topic. Nothing that is read is written anywhere else.
"""
import argparse
import csv
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

WANTED = 0.75
WORDS = 5

csv.field_size_limit(1 << 30)


def rows_csv(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file)


def rows_json(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def rows_tsv(path):
    """Messages that are about the company at all."""
    with open(path, encoding="utf-8", errors="replace") as file:
        names = file.readline().rstrip("\n").split("\t")
        for line in file:
            row = dict(zip(names, line.rstrip("\n").split("\t")))
            if row["relevance"] == "true":
                yield row


SETS = [
    ("nps", "nps_verbatims/verbatim.csv", rows_csv, "text"),
    ("mobasa", "mobasa_de/train.jsonl", rows_json, "text"),
    ("germeval", "germeval2017/dev.tsv", rows_tsv, "text"),
    ("airline", "twitter_airline/tweets_dev.csv", rows_csv, "text"),
    ("clothing", "womens_clothing/womens_clothing_reviews.csv", rows_csv, "Review Text"),
    ("banking", "banking77/train.csv", rows_csv, "text"),
]


def comments(data, path, reader, column):
    texts = [row.get(column) or "" for row in reader(data / path)]
    return [text for text in texts if len(text.split()) >= WORDS]


def assign(program, texts):
    """For each text: {topic: [(start, end, rule)]}, in bytes of its UTF-8."""
    data = b"".join(text.replace("\0", " ").encode() + b"\0" for text in texts)
    out = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    found = []
    for line in out.splitlines():
        if line == "comment":
            found.append({})
        else:
            _, topic, start, end, rule = line.split(" ", 4)
            found[-1].setdefault(topic, []).append((int(start), int(end), rule))
    assert len(found) == len(texts), (len(found), len(texts))
    return found


def show(text, topic, hits):
    data = text.encode()
    evidence = " / ".join(sorted({f"{data[start:end].decode()} <{rule}>"
                                  for start, end, rule in hits}))
    print(f"  [{topic}] {evidence} :: {' '.join(text.split())[:400]}")


def measure(args, name, texts):
    found = assign(args.assign, texts)
    covered = sum(bool(topics) for topics in found)
    topics = Counter(topic for one in found for topic in one)
    share = covered / max(1, len(texts))
    print(f"{name:10} {len(texts):6} comments, {share:6.1%} under a topic, "
          f"{sum(topics.values()) / max(1, len(texts)):.2f} topics a comment", flush=True)
    if args.table:
        for topic, count in sorted(topics.items(), key=lambda item: (-item[1], item[0])):
            print(f"  {count:6} {topic}")
    if args.sample:
        pairs = [(text, topic, hits) for text, one in zip(texts, found)
                 for topic, hits in sorted(one.items()) if args.topic in (None, topic)]
        random.Random(args.seed).shuffle(pairs)
        for pair in pairs[:args.sample]:
            show(*pair)
    if args.uncovered:
        bare = [text for text, one in zip(texts, found) if not one]
        random.Random(args.seed).shuffle(bare)
        for text in bare[:args.uncovered]:
            print("  -", " ".join(text.split())[:400])
    return share


def main():
    parser = argparse.ArgumentParser(usage=__doc__.replace("%", "%%"))
    parser.add_argument("assign")
    parser.add_argument("data", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--set")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--uncovered", type=int, default=0)
    parser.add_argument("--topic")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    wanted = "nps" if args.check else args.set
    shares = {}
    for name, path, reader, column in SETS:
        if wanted in (None, name) and (args.data / path).exists():
            shares[name] = measure(args, name, comments(args.data, path, reader, column))
    if not shares:
        print(f"skipped: no comments in {args.data}")
        return 77
    if args.check and shares["nps"] < WANTED:
        print(f"too few: {WANTED:.0%} are asked for")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
