#!/usr/bin/env python3
"""How often the language of real comments is told rightly.

usage: measure.py TELL DATA [--check] [--wrong N] [--set NAME]

TELL is the program tests/language/tell.c, DATA the folder of shared data. A set is a list of comments
whose language is known: single texts, then each of their sentences of at least five words as a text
of its own. --check asks for 97 % of the comments and 90 % of the sentences of the sets that are
labelled by hand (airbnb), and exits with 77 where they are absent. --wrong prints that many errors a
set. Nothing that is read is written anywhere else.
"""
import argparse
import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

csv.field_size_limit(1 << 30)


def rows_csv(path, delimiter=","):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def rows_tsv(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        names = file.readline().rstrip("\n").split("\t")
        for line in file:
            yield dict(zip(names, line.rstrip("\n").split("\t")))


def rows_json(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def sets(data):
    """name -> comments as (language, text); what is absent is left out."""
    brussels = data / "airbnb_brussels_multilingual/brussels_reviews.csv"
    plain = [
        ("mobasa", "de", data / "mobasa_de/train.jsonl", rows_json, "text"),
        ("germeval", "de", data / "germeval2017/dev.tsv", rows_tsv, "text"),
        ("tweets_de", "de", data / "german_tweets_sentiment/sb10k_train.tsv", rows_tsv, "text"),
        ("nps", "en", data / "nps_verbatims/verbatim.csv", rows_csv, "text"),
        ("airline", "en", data / "twitter_airline/tweets_dev.csv", rows_csv, "text"),
        ("clothing", "en", data / "womens_clothing/womens_clothing_reviews.csv", rows_csv,
         "Review Text"),
        ("banking", "en", data / "banking77/train.csv", rows_csv, "text"),
        ("olist", "pt", data / "olist_sample/olist_order_reviews_dataset.csv", rows_csv,
         "review_comment_message"),
    ]
    if brussels.exists():
        rows = list(rows_csv(brussels))
        for language in ("es", "fr", "nl"):
            yield "airbnb " + language, [(language, row["feedback"]) for row in rows
                                         if row["language"] == language]
    for name, language, path, reader, column in plain:
        if path.exists():
            yield name, [(language, row.get(column) or "") for row in reader(path)]


def tell(program, texts):
    """For each text: (language, sureness, mixed)."""
    data = b"".join(text.replace("\0", " ").encode() + b"\0" for text in texts)
    out = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    found = [line.split() for line in out.splitlines() if line.startswith("comment")]
    assert len(found) == len(texts)
    return [(cells[1], int(cells[2]), cells[3] == "1") for cells in found]


def sentences(texts):
    """Parted by full stops and line ends alone, not by what is measured."""
    for language, text in texts:
        for part in re.split(r"(?<=[.!?])\s+|\n+", text):
            words = [w for w in part.split() if re.search(r"\w", w)
                     and not re.match(r"@|#|https?:|www\.", w)]
            if len(words) >= 5:
                yield language, part


def measure(program, name, texts, args):
    texts = [(language, text) for language, text in texts if re.search(r"[^\W\d_]", text)]
    if not texts:
        return 1.0
    found = tell(program, [text for _, text in texts])
    total = len(texts)
    right = sum(told == language for (language, _), (told, _, _) in zip(texts, found))
    unknown = sum(told == "unknown" for told, _, _ in found)
    sure = [(told == language) for (language, _), (told, sureness, _) in zip(texts, found)
            if sureness >= 900]
    mixed = sum(m for _, _, m in found)
    wrong = Counter(told for (language, _), (told, _, _) in zip(texts, found)
                    if told not in (language, "unknown"))
    print(f"{name:22} {total:6} right {right / total:7.2%}  unknown {unknown / total:6.2%}  "
          f"wrong {(total - right - unknown) / total:6.2%}  sure {len(sure) / total:6.1%} of them "
          f"right {sum(sure) / max(1, len(sure)):7.2%}  mixed {mixed / total:5.1%}  "
          f"{dict(wrong.most_common(4))}", flush=True)
    shown = 0
    for (language, text), (told, sureness, _) in zip(texts, found):
        if told != language and shown < args.wrong:
            print(f"    {told} {sureness}: {text[:150]!r}")
            shown += 1
    return right / total


def main():
    parser = argparse.ArgumentParser(usage=__doc__.replace("%", "%%"))
    parser.add_argument("tell")
    parser.add_argument("data", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--wrong", type=int, default=0)
    parser.add_argument("--set")
    args = parser.parse_args()
    checked = 0
    failed = False
    for name, texts in sets(args.data):
        labelled = name.startswith("airbnb")
        if (args.check and not labelled) or (args.set and not name.startswith(args.set)):
            continue
        whole = measure(args.tell, name, texts, args)
        parts = measure(args.tell, name + ", sentences", list(sentences(texts)), args)
        checked += 1
        failed |= args.check and (whole < 0.97 or parts < 0.90)
    if checked == 0:
        print(f"skipped: no labelled comments in {args.data}")
        return 77
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
