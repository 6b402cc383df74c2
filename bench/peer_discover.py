#!/usr/bin/env python3
"""Topics that nobody named: kundig, scikit-learn's NMF and LDA, gensim's LDA, in the same run.

    python3 -m venv /tmp/peer && /tmp/peer/bin/pip install scikit-learn gensim
    /tmp/peer/bin/python bench/peer_discover.py BUILD_FOLDER [--data FOLDER] [--only NAME]

BUILD_FOLDER was built with -DKUNDIG_BENCH=ON. Sets and measures are those of discover_eval.py, each
asked with the number of its true classes, one seed, one core. Time is processor time from texts in
memory to a topic for each. NMF goes over tf-idf of words, both LDAs over their counts, without
English stop words and words of one text; a text's topic is its greatest. kundig is asked for its
default and for a draft.
"""
import argparse
import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import discover_eval as sets  # noqa: E402  the variables above must be set first


def kundig(folder, work, topics, quality):
    out = subprocess.run(
        [f"{folder}/bench/discover", work / "texts.tsv", "--topics", str(topics), "--labels",
         work / "found", *(["--quality", quality] if quality else [])],
        check=True, capture_output=True).stdout
    return (work / "found").read_text().split(), json.loads(out)["seconds"]


def scikit_nmf(texts, topics):
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer
    table = TfidfVectorizer(min_df=2, stop_words="english", sublinear_tf=True).fit_transform(texts)
    return NMF(topics, init="nndsvd", random_state=0).fit_transform(table).argmax(axis=1)


def scikit_lda(texts, topics):
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer
    table = CountVectorizer(min_df=2, stop_words="english").fit_transform(texts)
    lda = LatentDirichletAllocation(topics, learning_method="online", random_state=0)
    return lda.fit_transform(table).argmax(axis=1)


def gensim_lda(texts, topics):
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
    words = [[word for word in re.findall(r"\w\w+", text.lower())
              if word not in ENGLISH_STOP_WORDS] for text in texts]
    known = Dictionary(words)
    known.filter_extremes(no_below=2, no_above=0.5, keep_n=None)
    bags = [known.doc2bow(text) for text in words]
    lda = LdaModel(bags, topics, known, passes=5, random_state=0)
    return [max(lda.get_document_topics(bag, 0), key=lambda topic: topic[1])[0] for bag in bags]


def tell(name, side, found, truth, seconds):
    nmi, ari = sets.measures([str(topic) for topic in found], truth)
    print(f"{name:16}{side:18}NMI {nmi:.3f}   ARI {ari:.3f}   {seconds:8.2f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--data", type=Path,
                        default=Path(__file__).resolve().parents[2] / "shared/data")
    parser.add_argument("--only", choices=sorted(sets.SETS))
    given = parser.parse_args()
    for name, read in sets.SETS.items():
        if given.only and name != given.only:
            continue
        try:
            rows = read(given.data)
        except FileNotFoundError as missing:
            print(f"{name}: left out, for {missing.filename} is not there")
            continue
        truth = [label for label, _ in rows]
        texts = [" ".join(text.split()) for _, text in rows]
        topics = len(set(truth))
        with tempfile.TemporaryDirectory() as temporary:
            work = Path(temporary)
            with open(work / "texts.tsv", "w", encoding="utf-8") as file:
                file.writelines(f"{label}\t{text}\n" for label, text in zip(truth, texts))
            for side, quality in (("kundig", None), ("kundig, draft", "draft")):
                found, seconds = kundig(given.folder, work, topics, quality)
                tell(name, side, found, truth, seconds)
        for side, find in (("scikit-learn NMF", scikit_nmf), ("scikit-learn LDA", scikit_lda),
                           ("gensim LDA", gensim_lda)):
            start = time.process_time()
            found = find(texts, topics)
            tell(name, side, found, truth, time.process_time() - start)


if __name__ == "__main__":
    main()
