#!/usr/bin/env python3
"""Topics learned from examples: kundig, fastText and scikit-learn, side by side in the same run.

    sudo apt install fasttext
    python3 -m venv /tmp/peer && /tmp/peer/bin/pip install scikit-learn
    /tmp/peer/bin/python bench/peer_learn.py BUILD_FOLDER [--data FOLDER] [--only NAME] [--quick]

Each set is cut in two by a hash of its texts, four fifths to learn from and one to ask about, so
that equal texts stand on one side; every side gets the same files and one core. fastText is asked
with several settings, and its most accurate one is quoted, with its own time. scikit-learn is words
and pairs beside rows of 2 to 4 characters, tf-idf, LinearSVC. Learning is from texts to a model in
memory, asking from texts to classes, both in processor time; fastText's include reading its file,
which takes milliseconds. Numbers quoted are medians. `large` is 100,000 texts of 180 classes, made
by joining halves of texts of one class.

Sets that are not there are left out, and that is said.
"""
import argparse
import csv
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

# Settings that did well somewhere; the best of them on each set is quoted.
FASTTEXT = (
    {"wordNgrams": 2, "epoch": 25, "lr": 0.5, "minn": 0, "maxn": 0},
    {"wordNgrams": 2, "epoch": 50, "lr": 0.5, "minn": 0, "maxn": 0},
    {"wordNgrams": 2, "epoch": 25, "lr": 1.0, "minn": 2, "maxn": 4},
    {"wordNgrams": 2, "epoch": 50, "lr": 0.5, "minn": 3, "maxn": 5},
)


def banking(data):
    with open(data / "banking77/train.csv", newline="", encoding="utf-8") as file:
        return [(row["category"], row["text"]) for row in csv.DictReader(file)]


def clinc(data):
    with open(data / "clinc150/full_train.csv", newline="", encoding="utf-8") as file:
        return [(row["intent"], row["text"]) for row in csv.DictReader(file)]


def airline(data):
    with open(data / "twitter_airline/tweets_dev.csv", newline="", encoding="utf-8") as file:
        return [(row["airline_sentiment"], row["text"]) for row in csv.DictReader(file)]


def large(data):
    """100,000 texts of 180 classes: the first half of one text and the second half of another."""
    by_class = {}
    for label, text in clinc(data) + banking(data):
        by_class.setdefault(label, []).append(text.split())
    chosen = sorted(by_class)[:180]
    source = random.Random(7)
    made = []
    for i in range(100_000):
        label = chosen[i % len(chosen)]
        head, tail = source.choice(by_class[label]), source.choice(by_class[label])
        made.append((label, " ".join(head[:len(head) // 2 + 1] + tail[len(tail) // 2:])))
    return made


SETS = {"banking77": banking, "clinc150": clinc, "airline": airline, "large": large}


def one_line(text):
    return " ".join(text.split())


def is_asked(text):
    return hashlib.blake2b(text.encode(), digest_size=2).digest()[0] % 5 == 0


def own_seconds(who=resource.RUSAGE_SELF):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def of_child(command, **kwargs):
    """Processor seconds of one command, and what it printed."""
    before = own_seconds(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, capture_output=True, **kwargs)
    return own_seconds(resource.RUSAGE_CHILDREN) - before, done.stdout.decode()


def kundig(folder, work, runs, *options):
    out = subprocess.run([f"{folder}/bench/learn", work / "train.tsv", work / "ask.tsv", "--runs",
                          str(runs), *options], check=True, capture_output=True).stdout
    found = json.loads(out)
    return {"accuracy": found["accuracy"], "learn": statistics.median(found["learn"]),
            "ask": statistics.median(found["ask"]), "bytes": found["model_bytes"],
            "peak": found["peak_bytes"]}


def fasttext_file(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for label, text in rows:
            file.write(f"__label__{label.replace(' ', '_')} {text.lower()}\n")


def fasttext(work, train, ask, settings):
    fasttext_file(work / "train.ft", train)
    fasttext_file(work / "ask.ft", ask)
    best = None
    for setting in settings:
        options = [part for name, value in setting.items() for part in (f"-{name}", str(value))]
        learn, _ = of_child(["fasttext", "supervised", "-input", work / "train.ft", "-output",
                             work / "ft", "-thread", "1", "-dim", "100", *options])
        # Loading the model is no part of asking: time the same call for no text as well.
        asked, out = of_child(["fasttext", "predict", work / "ft.bin", work / "ask.ft"])
        (work / "none.ft").write_text("")
        loading, _ = of_child(["fasttext", "predict", work / "ft.bin", work / "none.ft"])
        told = out.split("\n")
        right = sum(t == f"__label__{label.replace(' ', '_')}" for t, (label, _) in zip(told, ask))
        found = {"accuracy": right / len(ask), "learn": learn, "ask": max(asked - loading, 1e-6),
                 "bytes": os.path.getsize(work / "ft.bin"), "setting": setting}
        if best is None or found["accuracy"] > best["accuracy"]:
            best = found
    return best


def scikit(train, ask):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    model = make_pipeline(make_union(words, characters), LinearSVC(C=0.7))
    start = own_seconds()
    model.fit([text for _, text in train], [label for label, _ in train])
    learn = own_seconds() - start
    start = own_seconds()
    told = model.predict([text for _, text in ask])
    asked = own_seconds() - start
    right = sum(t == label for t, (label, _) in zip(told, ask))
    return {"accuracy": right / len(ask), "learn": learn, "ask": asked, "bytes": 0}


def show(name, found, ours, count, size):
    per = found["learn"] / ours["learn"]
    print(f"  {name:24} accuracy {found['accuracy']:.4f}   learned in {found['learn']:8.3f} s "
          f"({per:6.1f} x)   {count / found['ask']:9,.0f} texts/s {size / found['ask'] / 1e6:7.1f} MB/s"
          f"   model {found['bytes'] / 1e6:8.2f} MB"
          + (f"   at most held {found['peak'] / 1e6:.0f} MB" if "peak" in found else ""), flush=True)


def compare(name, rows, folder, runs, quick):
    rows = [(one_line(label), one_line(text)) for label, text in rows]
    train = [row for row in rows if not is_asked(row[1])]
    ask = [row for row in rows if is_asked(row[1])]
    size = sum(len(text.encode()) for _, text in ask)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for part, of in (("train", train), ("ask", ask)):
            with open(work / f"{part}.tsv", "w", encoding="utf-8") as file:
                file.writelines(f"{label}\t{text}\n" for label, text in of)
        print(f"{name}: {len(train):,} texts of {len({label for label, _ in train})} classes, "
              f"{len(ask):,} asked, {size / len(ask):.0f} bytes each", flush=True)
        ours = kundig(folder, work, runs)
        show("kundig", ours, ours, len(ask), size)
        if name == "banking77":
            show("kundig, at most 1 MB", kundig(folder, work, runs, "--bytes", "1000000"), ours,
                 len(ask), size)
        if name != "large":
            show("kundig, best", kundig(folder, work, 1, "--quality", "best"), ours, len(ask), size)
        if shutil.which("fasttext"):
            best = fasttext(work, train, ask, FASTTEXT[:1] if quick or name == "large" else FASTTEXT)
            show("fastText", best, ours, len(ask), size)
            print(f"    {best['setting']}")
        else:
            print("  fastText is not there: apt install fasttext")
        try:
            show("scikit-learn", scikit(train, ask), ours, len(ask), size)
        except ImportError:
            print("  scikit-learn is not there: pip install scikit-learn")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="where kundig was built with -DKUNDIG_BENCH=ON")
    parser.add_argument("--data", type=Path,
                        default=Path(__file__).resolve().parents[2] / "shared/data")
    parser.add_argument("--only", choices=sorted(SETS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one setting of fastText")
    args = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {time.strftime('%Y-%m-%d')}")
    for name, read in SETS.items():
        if args.only and name != args.only:
            continue
        try:
            rows = read(args.data)
        except FileNotFoundError as missing:
            print(f"{name}: left out, for {missing.filename} is not there")
            continue
        compare(name, rows, args.folder, args.runs if name != "large" else 1, args.quick)


if __name__ == "__main__":
    main()
