"""Topics that nobody named: TopicModel, Examples.discover(), Corpus.discover() and what people say.

All texts are made here, from a few words a topic, so that a topic can be told from its words.
"""

import array
import pathlib
import pickle
import random
import tempfile
import unittest

import kundig
from kundig import _estimators
from test_learn import WORDS, pairs, text_of

KINDS = len(WORDS)


def agreement(found, truth):
    """The share of texts that are in the topic which most of their kind are in, if no two kinds
    share one."""
    right, topics = 0, []
    for kind in sorted(set(truth)):
        theirs = [one for one, said in zip(found, truth) if said == kind]
        topic = max(set(theirs), key=theirs.count)
        topics.append(topic)
        right += theirs.count(topic)
    return right / len(truth) if len(set(topics)) == len(topics) else 0.0


def model(**more):
    return kundig.TopicModel(KINDS, least_customers=1, **more)


class Models(unittest.TestCase):
    """Run again by test_sklearn.py, with numpy."""

    numpy = None

    def setUp(self):
        self.before = _estimators._numpy_module
        _estimators._numpy_module = self.numpy
        self.texts, self.truth = pairs(240)

    def tearDown(self):
        _estimators._numpy_module = self.before

    def test_topics_are_found_named_and_told_of_new_texts(self):
        topics = model()
        found = topics.fit_predict(self.texts)
        self.assertGreater(agreement(list(found), self.truth), 0.95)
        self.assertEqual(list(found), list(topics.labels_))
        self.assertEqual(topics.n_topics_, KINDS)
        self.assertEqual(len(topics.ids_), KINDS)
        for number, row in enumerate(topics.topics_):
            self.assertRegex(row["topic"], r"^t-[0-9a-f]{12}$")
            self.assertEqual(row["topic"], topics.ids_[number])
            self.assertEqual(row["texts"], list(found).count(number))
            kind = self.truth[list(found).index(number)]
            said = row["title"].replace(",", " ").lower().split()
            self.assertTrue(set(said) & {word.lower() for word in WORDS[kind]}, row["title"])
            for place in row["examples"].split("; "):  # ids are places
                self.assertEqual(found[int(place)], number)
        sizes = topics.topics_["texts"]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertEqual(sum(theme["texts"] for theme in topics.themes_), 240)
        self.assertEqual(
            sorted(number for theme in topics.themes_ for number in theme["topics"]),
            list(range(KINDS)))
        ask, wanted = pairs(80, seed=9)
        both = list(topics.predict(self.texts)) + list(topics.predict(ask))
        self.assertEqual(both[:240], list(found))
        self.assertGreater(agreement(both, self.truth + wanted), 0.95)

    def test_rows_of_transform_add_up_and_agree(self):
        topics = model().fit(self.texts)
        rows = topics.transform(self.texts[:30])
        for row, number in zip(rows, topics.predict(self.texts[:30])):
            row = list(row)
            self.assertEqual(len(row), KINDS)
            self.assertAlmostEqual(sum(row), 1, places=4)
            self.assertEqual(row.index(max(row)), number)
        again = model().fit_transform(self.texts)
        self.assertEqual([list(row) for row in again[:30]], [list(row) for row in rows])
        self.assertEqual(list(topics.get_feature_names_out()), topics.ids_)
        sure = topics.sureness([self.texts[0], "parcel bill password"])
        self.assertGreater(sure[0], sure[1])

    def test_what_has_no_words_is_in_no_topic(self):
        topics = model().fit(self.texts + ["", None])
        self.assertEqual(list(topics.labels_[-2:]), [-1, -1])
        self.assertEqual(list(topics.predict(["", None, "   "])), [-1, -1, -1])
        self.assertEqual([sum(row) for row in topics.transform(["", None])], [0, 0])
        self.assertEqual(len(topics.predict([])), 0)

    def test_order_threads_and_seed(self):
        topics = model().fit(self.texts)
        order = list(range(240))
        random.Random(3).shuffle(order)
        mixed = model(n_jobs=2).fit([self.texts[place] for place in order])
        self.assertEqual(mixed.ids_, topics.ids_)
        self.assertEqual([mixed.labels_[order.index(place)] for place in range(240)],
                         list(topics.labels_))
        for seed in (0, None):
            self.assertEqual(model(random_state=seed).fit(self.texts).ids_, topics.ids_)
        self.assertNotEqual(model(random_state=1).fit(self.texts).ids_, topics.ids_)
        self.assertEqual(model(random_state=random.Random(4)).fit(self.texts).ids_,
                         model(random_state=random.Random(4)).fit(self.texts).ids_)

    def test_hints_are_heeded(self):
        known = [label if place < 20 else None for place, label in enumerate(self.truth)]
        topics = model().fit(self.texts, known)
        self.assertEqual(set(topics.topics_["title"]), set(WORDS))
        said = [topics.topics_["title"][number] for number in topics.labels_]
        self.assertGreater(sum(a == b for a, b in zip(said, self.truth)) / 240, 0.95)
        for unknown in (-1, float("nan")):
            other = model().fit(self.texts, [unknown if one is None else one for one in known])
            self.assertEqual(other.ids_, topics.ids_)
        topics = model().fit(self.texts, topics={"Lifts": ["Aufzug", "Rollstuhl", 3], "Money": "bill"})
        titles = topics.topics_["title"]
        self.assertIn("Lifts", titles)
        self.assertEqual(titles[topics.labels_[3]], "Lifts")
        self.assertEqual(titles[topics.labels_[self.truth.index("invoice")]], "Money")
        # Two texts of different kinds that somebody says belong together do so.
        pair = [self.truth.index("login"), self.truth.index("lift")]
        self.assertNotEqual(model().fit_predict(self.texts)[pair[0]],
                            model().fit_predict(self.texts)[pair[1]])
        found = model().fit_predict(self.texts, together=[pair])
        self.assertEqual(found[pair[0]], found[pair[1]])
        parted = model().fit_predict(self.texts, apart=[(0, 4)])
        self.assertNotEqual(parted[0], parted[4])

    def test_more_texts_and_edits(self):
        topics = model()
        topics.partial_fit(self.texts[:160])
        first, names = list(topics.labels_), topics.ids_
        topics.partial_fit(self.texts[160:])
        self.assertEqual(len(topics.labels_), 240)
        kept = [topics.ids_[now] == names[before]
                for before, now in zip(first, topics.labels_)]
        self.assertGreater(sum(kept) / 160, 0.95)
        topics.partial_fit(edits=[{"kind": "rename", "topic": topics.ids_[0], "name": "Chosen"}])
        self.assertIn("Chosen", topics.topics_["title"])
        self.assertEqual(len(topics.examples_), 240)
        before = bytes(topics.model_)
        with self.assertRaisesRegex(ValueError, "kind of edit"):
            topics.partial_fit(["one more text"], edits=[{"kind": "renam"}])
        self.assertEqual((len(topics.examples_), bytes(topics.model_)), (240, before))
        self.assertTrue(topics.model_.show("history", "discovered").columns)

    def test_pickles_hold_no_text(self):
        topics = model().fit([text + " zanzibar" if not place else text
                              for place, text in enumerate(self.texts)])
        data = pickle.dumps(topics)
        self.assertNotIn(b"zanzibar", data)
        again = pickle.loads(data)
        self.assertEqual(list(again.predict(self.texts)), list(topics.predict(self.texts)))
        self.assertEqual(again.ids_, topics.ids_)
        with self.assertRaisesRegex(ValueError, "came out of a pickle"):
            again.partial_fit(self.texts)
        on_top = model(base=again.model_).fit(self.texts)
        self.assertEqual(set(on_top.ids_), set(topics.ids_))

    def test_words_of_few_customers_leave_no_trace(self):
        owners = [f"c{place % 40}" for place in range(240)]
        texts = [text + " zanzibar" if place == 7 else text
                 for place, text in enumerate(self.texts)]
        topics = kundig.TopicModel(KINDS).fit(texts, customers=owners)
        self.assertNotIn(b"zanzibar", bytes(topics.model_))
        self.assertTrue(all(number > 5 for number in topics.topics_["customers"]))
        with self.assertRaisesRegex(ValueError, "customers"):
            kundig.TopicModel(KINDS, least_customers=1000).fit(texts, customers=owners)

    def test_parameters_and_what_is_refused(self):
        topics = kundig.TopicModel(7, quality="draft")
        self.assertEqual(repr(topics), "TopicModel(n_topics=7, quality='draft')")
        self.assertEqual(topics.get_params()["n_topics"], 7)
        self.assertEqual(topics.set_params(themes=3).themes, 3)
        with self.assertRaisesRegex(ValueError, "no parameter"):
            topics.set_params(topics=3)
        with self.assertRaisesRegex(ValueError, "call fit"):
            topics.predict(["a"])
        for wrong, words in (
                ({"n_topics": 1}, "n_topics is a whole number from 2"),
                ({"n_topics": "many"}, "n_topics is a whole number"),
                ({"themes": 0}, "themes is a whole number"),
                ({"quality": "finest"}, "quality is one of 'good', 'best', 'draft'"),
                ({"random_state": -1}, "random_state is"),
                ({"n_jobs": 65}, "n_jobs is"),
                ({"least_customers": 0}, "least_customers is")):
            with self.assertRaisesRegex(ValueError, words):
                kundig.TopicModel(**wrong).fit(self.texts)
        for hints, words in (
                ({"together": [(0, 240)]}, "a text of together is a whole number from 0 to 239"),
                ({"apart": [(0, 1, 2)]}, "apart holds pairs"),
                ({"y": ["a"]}, "240 texts and 1 of y"),
                ({"y": [["a"]] * 240}, "one label each"),
                ({"topics": {"x": [1.5]}}, "a text of topics")):
            with self.assertRaisesRegex(ValueError, words):
                model().fit(self.texts, **hints)

    def test_too_little_is_said_in_words(self):
        for texts in ([], ["one text"], [""] * 9, ["the same"] * 9):
            with self.assertRaises(kundig.Error) as caught:
                kundig.TopicModel().fit(texts)
            self.assertIsInstance(caught.exception, ValueError)
            self.assertEqual(caught.exception.name, "E_EMPTY")
            self.assertTrue(str(caught.exception))

    def test_their_number_is_found(self):
        topics = kundig.TopicModel(least_customers=1).fit(self.texts)
        self.assertTrue(KINDS / 2 <= topics.n_topics_ <= 2 * KINDS, topics.n_topics_)


class Sets(unittest.TestCase):
    def test_examples_are_discovered_in(self):
        texts, truth = pairs(240)
        examples = kundig.Examples()
        examples.add([{"text": text, "id": place} for place, text in enumerate(texts)])
        seen = []
        found, names = examples.discover(
            n_topics=KINDS, least_customers=1, threads=2,
            progress=lambda done, total: seen.append(done))
        self.assertGreater(agreement(names, truth), 0.95)
        self.assertEqual(sorted(set(names)), list(found.classes("discovered")))
        self.assertEqual(list(found.classify(texts, lesson="discovered")), names)
        again = kundig.Model.from_bytes(bytes(found))
        self.assertEqual(again.discovered().to_json(), found.discovered().to_json())
        self.assertEqual(
            found.discovered().to_json(),
            model().fit(texts).model_.discovered().to_json())
        topic = found.discovered()[0]["topic"]
        defined = kundig.Model(found.define(topic, "own"))
        self.assertEqual(defined.topics()["topic"], ["own"])
        place = names.index(topic)
        self.assertIn("own", defined.read(texts[place])["topic"])
        with self.assertRaises(kundig.Error) as caught:
            found.define("t-000000000000", "own")
        self.assertEqual(caught.exception.name, "E_NOT_FOUND")
        with self.assertRaises(kundig.Error) as caught:
            examples.discover(least_customers=1, progress=lambda done, total: True)
        self.assertEqual(caught.exception.name, "E_CANCELLED")
        buffer = array.array("i", [0])
        with self.assertRaises(ValueError):
            examples._discover(None, {}, [], None, buffer)


class Corpora(unittest.TestCase):
    def corpus(self, path=":memory:"):
        k = kundig.open(path)
        self.addCleanup(k.close)
        chance = random.Random(5)
        kinds = [sorted(WORDS)[place % KINDS] for place in range(240)]
        k.add([
            {"id": place, "source": "s", "customer": f"c{place % 60}",
             "nps": 2 if kind == "login" else 9, "text": text_of(chance, kind)}
            for place, kind in enumerate(kinds)
        ])
        return k, kinds

    def test_topics_are_discovered_counted_and_edited(self):
        k, kinds = self.corpus()
        self.assertFalse(k.has_model())
        found = k.topics.discover(KINDS)
        self.assertTrue(k.has_model())
        self.assertEqual(len(found.classes("discovered")), KINDS)
        self.assertEqual(bytes(k.discover(KINDS, anew=True)), bytes(found))
        listed = k.topics.discovered()
        self.assertEqual(sum(listed["texts"]), 240)
        table = k.topics()
        self.assertEqual(set(table["topic"]), set(listed["topic"]))
        worst = min(table, key=lambda row: row["value"])
        self.assertTrue(worst["words"] and worst["quote"])
        bad = worst["topic"]
        self.assertEqual(len(k.comments(f"topic = {bad}")), worst["comments"])
        self.assertEqual(k.topics.rename(bad, "Signing in", by="Ann", time=1)["added"], 1)
        self.assertIn("Signing in", k.topics()["title"])
        others = [name for name in listed["topic"] if name != bad]
        k.topics.hide(others[0], time=2)
        self.assertNotIn(others[0], k.topics()["topic"])
        k.topics.hide(others[0], time=3, holds=False)
        self.assertIn(others[0], k.topics()["topic"])
        k.topics.merge(others[1], others[2], time=4)
        self.assertNotIn(others[1], k.topics()["topic"])
        self.assertEqual(k.facts("edits")["kind"].count("hide"), 2)
        with self.assertRaises(kundig.Error) as caught:
            k.topics.rename("no-topic", "x")
        self.assertEqual(caught.exception.name, "E_VALUE")

    def test_a_store_keeps_them_and_edits_survive(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "s.kundig"
            k, _ = self.corpus(path)
            k.topics.discover(KINDS, pin=True)
            names = k.topics.discovered()["topic"]
            k.topics.rename(names[0], "Mine", time=1)
            k.topics.pin(names[1], time=1)
            k.topics.together(("s", 0), ("s", 4), time=1)
            k.topics.apart(("s", 0), ("s", 1), time=1)
            k.topics.add("Fees", words=["invoice amount", "bill"], time=1)
            k.topics.split(names[2], "Part", record=("s", 2), time=1)
            k.topics.known(names[3], "delay", time=1)
            self.assertEqual(len(k.facts("edits")), 7)
            k.close()
            with kundig.open(path) as again:
                self.assertEqual(again.topics.discovered()["topic"], names)
                again.topics.discover(pin=True)
                self.assertIn("Mine", again.topics.discovered()["title"])
                self.assertIn("Fees", again.topics.discovered()["title"])
                self.assertIn(names[0], again.topics.discovered()["topic"])

    def test_one_becomes_a_taught_topic(self):
        k, kinds = self.corpus()
        k.topics.discover(KINDS)
        topic = k.topics.discovered()[0]["topic"]
        added = k.topics.promote(topic, "own/topic", 30, by="Ann", time=1)
        self.assertEqual(added["added"], 31)  # labels, and that it is known
        labels = k.facts("labels")
        self.assertEqual(set(labels["topic"]), {"own/topic"})
        said = {kinds[int(place)] for place in labels["id"]}
        self.assertEqual(len(said), 1)

    def test_what_is_refused(self):
        k, _ = self.corpus()
        with self.assertRaises(kundig.Error) as caught:
            k.topics.discovered()
        self.assertEqual(caught.exception.name, "E_EMPTY")
        with self.assertRaisesRegex(ValueError, "no kind of edit"):
            k.edits([{"kind": "renam"}])
        with self.assertRaisesRegex(ValueError, "there is no field 'nam'"):
            k.edits([{"kind": "rename", "nam": "x"}])
        with self.assertRaisesRegex(ValueError, "quality is one of"):
            k.discover(quality="finest")
        with self.assertRaises(kundig.Error) as caught:
            k.discover(n_topics=1)
        self.assertEqual(caught.exception.name, "E_ARG")


if __name__ == "__main__":
    unittest.main()
