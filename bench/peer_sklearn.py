#!/usr/bin/env python3
"""Comments to hashed features, asked of scikit-learn's HashingVectorizer in the same run.

    python3 -m venv /tmp/peer && /tmp/peer/bin/pip install scikit-learn pandas
    /tmp/peer/bin/python bench/peer_sklearn.py BUILD_FOLDER [--records N]

Both sides get the same comments, use one core (processor time counts) and are asked for the same
families: words and pairs of words; the same with rows of 2 to 4 characters inside words. kundig
gives a number of 64 bits for each, scikit-learn a sparse matrix of counts. Shown are megabytes a
second in the median run and in the fastest one, and how many times faster kundig's median is.
"""
import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pandas as pd
import sklearn
from sklearn.feature_extraction.text import HashingVectorizer

LANGUAGES = (("de", "German", 100), ("en", "English", 0))


def times_of(runs, work):
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    assert result.nnz > 0
    return statistics.median(seconds), min(seconds)


def comments(folder, records, german):
    made = subprocess.run([f"{folder}/bench/kundig_generate", str(records), "1", str(german), "150"],
                          check=True, capture_output=True).stdout
    return pd.read_csv(io.BytesIO(made), keep_default_na=False, dtype=str).comment.tolist()


def bench(folder, case, records, runs):
    out = subprocess.run([f"{folder}/bench/bench", "run", case, "--json", "--runs", str(runs),
                          "--records", str(records)], check=True, capture_output=True).stdout
    return json.loads(out)["cases"][0]


def vectorizer(analyzer, lengths):
    return HashingVectorizer(analyzer=analyzer, ngram_range=lengths, norm=None,
                             alternate_sign=False, n_features=2 ** 20)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--records", type=int, default=300_000, help="for kundig")
    parser.add_argument("--peer-records", type=int, default=20_000, help="the first so many of them")
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    words = vectorizer("word", (1, 2))
    characters = vectorizer("char_wb", (2, 4))

    print(f"scikit-learn {sklearn.__version__}, Python {sys.version.split()[0]}")
    print(f"{'question':36} {'kundig':>8} {'fastest':>8} {'scikit-learn':>13} {'fastest':>8} {'ratio':>6}")
    for code, language, german in LANGUAGES:
        texts = comments(args.folder, args.records, german)
        size = sum(len(text.encode()) for text in texts)
        some = texts[:args.peer_records]
        megabytes = sum(len(text.encode()) for text in some) / 1e6
        peer_runs = min(args.runs, 3)
        pairs = times_of(peer_runs, lambda: words.transform(some))
        rows = times_of(peer_runs, lambda: characters.transform(some))
        both = tuple(map(sum, zip(pairs, rows)))
        for name, case, theirs in ((f"{language}: words and pairs", f"pairs_{code}", pairs),
                                   (f"{language}: with characters 2 to 4", f"characters_{code}",
                                    both)):
            ours = bench(args.folder, case, args.records, args.runs)
            assert ours["bytes"] == size, (ours["bytes"], size)
            kundig = [size / 1e6 / seconds for seconds in (ours["seconds"], min(ours["runs"]))]
            peer = [megabytes / seconds for seconds in theirs]
            print(f"{name:36} {kundig[0]:8.0f} {kundig[1]:8.0f} {peer[0]:13.1f} {peer[1]:8.1f} "
                  f"{kundig[0] / peer[0]:6.0f}")


if __name__ == "__main__":
    main()
