#!/usr/bin/env python3
"""How right kundig's classifiers are, with defaults and nothing tuned for any one set.

    PYTHONPATH=BUILD/tests/python/package python3 bench/learn_eval.py [--data FOLDER]
        [--only banking77,clinc150,airline,sb10k,few,mobasa,speed] [--quality best] [--threads N]

Protocols (sets that are not there are left out, and that is said; nothing is written):

    banking77  five folds by a hash of the text, so that equal texts stand in one fold
    clinc150   learn from train, ask about val: accuracy in scope; texts out of scope, none of which
               were learned from, told apart by sureness() (AUROC)
    curve      of both: 5, 10, 20 labels a class, mean of five draws; banking77 asks about fold 0
    airline    three sentiments, five folds by a hash of the text
    sb10k      German tweets, learn from train, ask about dev
    few        50 scored comments, 20 draws, 2,000 others asked about: beside the lexicon alone
    mobasa     German tweets with several categories: learn from train, ask about dev; micro-F1 of
               categories, and of categories with their polarity
    speed      predict() of Python, texts a second

ECE is the expected calibration error of the most probable class, ten bins.
"""
import argparse
import collections
import csv
import hashlib
import json
import random
import sys
import time
from pathlib import Path

import kundig

ECE_BINS = 10


# ---- Sets ---------------------------------------------------------------------------------------


def rows_of(path, delimiter=","):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def pairs_of(path, text, label, delimiter=","):
    rows = [row for row in rows_of(path, delimiter) if row[text] and row[label]]
    return [row[text] for row in rows], [row[label] for row in rows]


def fold_of(text):
    return hashlib.blake2b(text.encode(), digest_size=8).digest()[0] % 5


def folds(texts, labels):
    """Five times (texts and labels to learn from, texts and labels to ask about)."""
    for fold in range(5):
        inside = [fold_of(text) == fold for text in texts]
        yield (
            [text for text, aside in zip(texts, inside) if not aside],
            [label for label, aside in zip(labels, inside) if not aside],
            [text for text, aside in zip(texts, inside) if aside],
            [label for label, aside in zip(labels, inside) if aside],
        )


# ---- Measures -----------------------------------------------------------------------------------


def accuracy(pairs):
    return sum(answer == wanted for answer, wanted in pairs) / len(pairs)


def macro_f1(pairs):
    right, said, true = collections.Counter(), collections.Counter(), collections.Counter()
    for answer, wanted in pairs:
        said[answer] += 1
        true[wanted] += 1
        right[wanted] += answer == wanted
    return sum(2 * right[name] / (said[name] + true[name]) for name in true) / len(true)


def micro_f1(pairs):
    """Of pairs of sets."""
    right = sum(len(answer & wanted) for answer, wanted in pairs)
    return 2 * right / max(1, sum(len(answer) + len(wanted) for answer, wanted in pairs))


def calibration_error(judged):
    """Of pairs (probability of what was answered, was it right)."""
    bins = collections.defaultdict(list)
    for probability, right in judged:
        bins[min(ECE_BINS - 1, int(probability * ECE_BINS))].append((probability, right))
    return sum(
        abs(sum(probability - right for probability, right in one)) for one in bins.values()
    ) / len(judged)


def auroc(higher, lower):
    """How often a number of `higher` is above one of `lower`; ties count half."""
    ranked = sorted([(value, 1) for value in higher] + [(value, 0) for value in lower])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        total += sum(kind for _, kind in ranked[place:end]) * (place + 1 + end) / 2
        place = end
    n = len(higher)
    return (total - n * (n + 1) / 2) / (n * len(lower))


# ---- Questions ----------------------------------------------------------------------------------


class Evaluation:
    def __init__(self, data, quality, threads):
        self.data = data
        self.options = {"quality": quality, "threads": threads}

    def told(self, question, figure, n, more=""):
        print(f"{question:<44}{figure:>8.4f}{n:>9,}   {more}", flush=True)

    def topics(self):
        return kundig.TopicClassifier(**self.options)

    def judged(self, model, texts, labels):
        """Pairs of answer and truth, pairs of probability and right."""
        answers = list(model.predict(texts))
        probable = [max(row) for row in model.predict_proba(texts)]
        return (
            list(zip(answers, labels)),
            [(one, answer == label) for one, answer, label in zip(probable, answers, labels)],
        )

    def crossed(self, name, texts, labels, make):
        pairs, sure, seconds = [], [], 0.0
        for learn, said, ask, wanted in folds(texts, labels):
            begun = time.process_time()
            model = make().fit(learn, said)
            seconds += time.process_time() - begun
            found = self.judged(model, ask, wanted)
            pairs += found[0]
            sure += found[1]
        self.told(f"{name}: accuracy, five folds", accuracy(pairs), len(pairs),
                  f"{seconds / 5:.2f} s of processor to learn")
        self.told(f"{name}: macro-F1", macro_f1(pairs), len(pairs))
        self.told(f"{name}: ECE", calibration_error(sure), len(pairs))

    def curve(self, name, texts, labels, ask, wanted):
        by_class = collections.defaultdict(list)
        for text, label in zip(texts, labels):
            by_class[label].append(text)
        for each in (5, 10, 20):
            reached = []
            for draw in range(5):
                chance = random.Random(draw)
                drawn = [
                    (text, label) for label in sorted(by_class)
                    for text in chance.sample(by_class[label], min(each, len(by_class[label])))
                ]
                model = self.topics().fit([text for text, _ in drawn], [one for _, one in drawn])
                reached.append(accuracy(list(zip(model.predict(ask), wanted))))
            self.told(f"{name}: {each} labels a class, five draws", sum(reached) / 5, len(ask),
                      f"{min(reached):.4f} to {max(reached):.4f}")

    def banking77(self):
        texts, labels = pairs_of(self.data / "banking77/train.csv", "text", "category")
        self.crossed("banking77", texts, labels, self.topics)
        self.curve("banking77", *next(folds(texts, labels)))

    def clinc150(self):
        folder = self.data / "clinc150"
        texts, labels = pairs_of(folder / "full_train.csv", "text", "intent")
        ask, wanted = pairs_of(folder / "full_val.csv", "text", "intent")
        outside, _ = pairs_of(folder / "full_oos_val.csv", "text", "intent")
        model = self.topics().fit(texts, labels)
        pairs, sure = self.judged(model, ask, wanted)
        self.told("clinc150: accuracy in scope, train to val", accuracy(pairs), len(pairs))
        self.told("clinc150: ECE", calibration_error(sure), len(pairs))
        self.told("clinc150: AUROC, in or out of scope",
                  auroc(list(model.sureness(ask)), list(model.sureness(outside))), len(outside))
        refused = kundig.TopicClassifier(refuse=True, **self.options).fit(texts, labels)
        kept = [answer is None for answer in refused.predict(ask)]
        left = [answer is None for answer in refused.predict(outside)]
        self.told("clinc150: refused out of scope", sum(left) / len(left), len(left),
                  f"and {sum(kept) / len(kept):.4f} of what is in scope")
        self.curve("clinc150", texts, labels, ask, wanted)

    def airline(self):
        texts, labels = pairs_of(
            self.data / "twitter_airline/tweets_dev.csv", "text", "airline_sentiment")
        self.crossed("airline", texts, labels, lambda: kundig.Sentiment(**self.options))

    def sb10k(self):
        folder = self.data / "german_tweets_sentiment"
        texts, labels = pairs_of(folder / "sb10k_train.tsv", "text", "sentiment", "\t")
        ask, wanted = pairs_of(folder / "sb10k_dev.tsv", "text", "sentiment", "\t")
        model = kundig.Sentiment(**self.options).fit(texts, labels)
        pairs, sure = self.judged(model, ask, wanted)
        self.told("sb10k: accuracy, train to dev", accuracy(pairs), len(pairs))
        self.told("sb10k: macro-F1", macro_f1(pairs), len(pairs))
        self.told("sb10k: ECE", calibration_error(sure), len(pairs))

    def few(self):
        sets = {
            "airline": ("twitter_airline/tweets_dev.csv", "text", "airline_sentiment", ",", None),
            "sb10k": ("german_tweets_sentiment/sb10k_train.tsv", "text", "sentiment", "\t", None),
            "clothing": ("womens_clothing/womens_clothing_reviews.csv", "Review Text", "Rating",
                         ",", "stars"),
            "nps": ("nps_verbatims/verbatim.csv", "text", "NPS_SCORE", ",", "nps"),
        }
        lexicon = kundig.Model()
        names = ("negative", "neutral", "positive")

        def alone(text):
            row = lexicon.sentiment(text)[0]
            return max(names, key=lambda name: row[name] or 0.0)

        for name, (path, text, label, delimiter, scale) in sets.items():
            if not (self.data / path).exists():
                print(f"few: {name} is not there: left out")
                continue
            texts, said = pairs_of(self.data / path, text, label, delimiter)
            if scale:
                said = [float(score) for score in said]
            order = list(range(len(texts)))
            random.Random(0).shuffle(order)
            aside, rest = order[:2000], order[2000:]
            if len(rest) < 1000:
                aside, rest = order[:1000], order[1000:]
            ask, wanted = [texts[i] for i in aside], [said[i] for i in aside]
            judge = kundig.Sentiment(scale=scale, **self.options)
            reached = []
            for draw in range(20):
                drawn = random.Random(draw).sample(rest, 50)
                model = judge.fit([texts[i] for i in drawn], [said[i] for i in drawn])
                reached.append(model.score(ask, wanted))
            below = accuracy(list(zip(map(alone, ask), judge.sentiments(wanted))))
            self.told(f"{name}: 50 scored, mean of 20 draws", sum(reached) / 20, len(ask),
                      f"lexicon alone {below:.4f}; worst draw {min(reached):.4f}")

    def mobasa(self):
        def read(name):
            with open(self.data / "mobasa_de" / name, encoding="utf-8") as file:
                rows = [json.loads(line) for line in file]
            return [row["text"] for row in rows], [
                {(category, polarity) for category, polarity, *_ in row["labels"]} for row in rows
            ]

        texts, said = read("train.jsonl")
        ask, wanted = read("dev.jsonl")
        categories = [{category for category, _ in one} for one in wanted]
        topics = kundig.TopicClassifier(labels="several", **self.options)
        topics.fit(texts, [sorted({category for category, _ in one}) for one in said])
        found = [set(answer) for answer in topics.predict(ask)]
        self.told("mobasa: micro-F1 of categories", micro_f1(list(zip(found, categories))),
                  len(ask), "published: BERT .941, LLaMA few-shot .797")
        both = kundig.TopicClassifier(labels="several", **self.options)
        both.fit(texts, [sorted("/".join(one) for one in labels) for labels in said])
        named = [{tuple(name.split("/")) for name in answer} for answer in both.predict(ask)]
        self.told("mobasa: micro-F1 with polarity, as one label",
                  micro_f1(list(zip(named, wanted))), len(ask),
                  "published: BERT .836, LLaMA few-shot .703")
        alone = [(text, polarity) for text, labels in zip(texts, said)
                 for polarity in sorted({polarity for _, polarity in labels})]
        mood = kundig.Sentiment(**self.options)
        mood.fit([text for text, _ in alone], [polarity for _, polarity in alone])
        feels = list(mood.predict(ask))
        joined = [{(category, feeling) for category in one} for one, feeling in zip(found, feels)]
        self.told("mobasa: micro-F1 with polarity, sentiment of text",
                  micro_f1(list(zip(joined, wanted))), len(ask))

    def speed(self):
        texts, labels = pairs_of(self.data / "banking77/train.csv", "text", "category")
        model = self.topics().fit(texts, labels)
        seconds = []
        for _ in range(5):
            begun = time.perf_counter()
            model.predict(texts)
            seconds.append(time.perf_counter() - begun)
        self.told("banking77: predict() in Python, texts/s", len(texts) / sorted(seconds)[2],
                  len(texts))
        seconds = []
        for _ in range(5):
            begun = time.perf_counter()
            self.topics().fit(texts, labels)
            seconds.append(time.perf_counter() - begun)
        self.told("banking77: fit() in Python, seconds", sorted(seconds)[2], len(texts))
        self.told("banking77: model, bytes", len(bytes(model.model_)), len(texts))


NEEDS = {
    "banking77": "banking77/train.csv", "clinc150": "clinc150/full_train.csv",
    "airline": "twitter_airline/tweets_dev.csv",
    "sb10k": "german_tweets_sentiment/sb10k_train.tsv", "few": "", "mobasa": "mobasa_de/train.jsonl",
    "speed": "banking77/train.csv",
}


def main():
    here = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=here.parent / "shared/data")
    parser.add_argument("--only", default=",".join(NEEDS))
    parser.add_argument("--quality", default="fast", choices=("fast", "best"))
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    unknown = set(given.only.split(",")) - set(NEEDS)
    if unknown:
        parser.error(f"no question is named {', '.join(sorted(unknown))}")
    print(f"kundig {kundig.__version__}, quality {given.quality}; figure, texts asked about")
    evaluation = Evaluation(given.data, given.quality, given.threads)
    for name in given.only.split(","):
        if not (given.data / NEEDS[name]).exists():
            print(f"{name}: {given.data / NEEDS[name]} is not there: left out")
            continue
        getattr(evaluation, name)()
    return 0


if __name__ == "__main__":
    sys.exit(main())
