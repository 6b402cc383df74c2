"""Learning from examples and scores: sets of examples, models, classifiers, corpora.

All texts are made here, from a few words a topic, so that a topic can be told from its words.
"""

import array
import collections
import datetime
import os
import pathlib
import pickle
import random
import tempfile
import threading
import unittest

import kundig
from kundig import _estimators

WORDS = {
    "delivery": ["parcel", "courier", "late", "shipping", "doorstep", "tracking", "delivered"],
    "invoice": ["bill", "charged", "invoice", "amount", "twice", "refund", "payment"],
    "login": ["password", "account", "locked", "reset", "sign", "code", "browser"],
    "lift": ["Aufzug", "defekt", "Rollstuhl", "Bahnsteig", "Treppe", "kaputt", "Etage"],
}
FILLER = ["the", "my", "was", "again", "please", "today", "I", "it", "and", "with", "this", "have"]
GOOD = ["great", "friendly", "fast", "love", "perfect", "excellent", "helpful", "happy"]
BAD = ["terrible", "rude", "slow", "broken", "awful", "angry", "useless", "worst"]


def text_of(chance, *topics):
    words = [chance.choice(WORDS[topic]) for topic in topics for _ in range(4)]
    words += chance.sample(FILLER, 4)
    chance.shuffle(words)
    return " ".join(words)


def pairs(count=240, seed=1, topics=tuple(WORDS)):
    """Texts of one topic each, and the topics."""
    chance = random.Random(seed)
    labels = [topics[index % len(topics)] for index in range(count)]
    return [text_of(chance, label) for label in labels], labels


def moods(count=200, seed=2):
    """Texts and stars, 1, 2, 4 or 5."""
    chance = random.Random(seed)
    texts, stars = [], []
    for index in range(count):
        score = (1, 2, 4, 5)[index % 4]
        words = chance.sample(GOOD if score > 3 else BAD, 3) + chance.sample(FILLER, 4)
        chance.shuffle(words)
        texts.append(" ".join(words))
        stars.append(score)
    return texts, stars


def rows(texts, labels, **more):
    return [{"text": text, "labels": label, **more} for text, label in zip(texts, labels)]


def taught(texts, labels, **options):
    examples = kundig.Examples()
    examples.add(rows(texts, labels))
    return examples.teach(**options)


class Examples(unittest.TestCase):
    def test_they_come_and_go(self):
        examples = kundig.Examples()
        self.assertEqual(len(examples), 0)
        examples.add([{"text": "a parcel", "labels": "delivery"},
                      {"text": "a parcel", "labels": ["delivery"], "customer": 7},
                      {"text": "a bill", "labels": {"invoice"}, "denied": ("delivery",),
                       "partial": True, "weight": 2, "source": "crm", "id": 5}])
        self.assertEqual(len(examples), 3)
        examples.remove([{"text": "a parcel", "labels": ["delivery"]}])
        self.assertEqual(len(examples), 2)
        self.assertEqual(repr(examples), "<kundig.Examples: 2 of topics>")
        with self.assertRaises(kundig.Error) as caught:
            examples.remove([{"text": "a parcel", "labels": "delivery", "customer": "7"},
                             {"text": "a parcel", "labels": "delivery"}])
        self.assertEqual((caught.exception.name, caught.exception.position), ("E_NOT_FOUND", 1))
        self.assertEqual(len(examples), 2)  # all or none

    def test_what_is_refused_names_the_example_and_adds_none(self):
        bad = [
            ({"text": "x", "topic": "a"}, ValueError, "record 1: there is no field 'topic'"),
            ({"text": b"x"}, TypeError, "record 1, 'text'.*bytes"),
            ({"text": "x", "labels": [None]}, ValueError, "record 1, 'labels'.*missing"),
            ({"text": "x", "labels": b"a"}, TypeError, "record 1, 'labels'"),
            ({"text": "x", "partial": "yes"}, TypeError, "record 1, 'partial'.*True, False or None"),
            ({"text": "x", "weight": "heavy"}, (TypeError, ValueError), "record 1, 'weight'"),
            ({"text": "x", "weight": 0}, kundig.Error, "weight"),
            ({"text": "x", "labels": ""}, kundig.Error, "label"),
            ({"text": "x", "labels": "a\nb"}, kundig.Error, "label"),
            ({"text": "x", "labels": "n" * 201}, kundig.Error, "label"),
            ({"text": "x", "labels": "a", "denied": "a"}, kundig.Error, "denied"),
            ({"text": "x", "score": {"scale": "nps", "value": 9}}, kundig.Error, "score"),
            ({"text": "x", "score": 9}, TypeError, "record 1, 'score'.*dict"),
            ({"text": "\ud800"}, ValueError, "record 1, 'text'.*surrogate"),
            (5, TypeError, "record 1 is not a dict"),
        ]
        examples = kundig.Examples()
        for example, kind, words in bad:
            with self.subTest(example=example), self.assertRaisesRegex(kind, words):
                examples.add([{"text": "fine", "labels": "b"}, example])
            self.assertEqual(len(examples), 0)
        with self.assertRaisesRegex(ValueError, "lesson is one of 'topics', 'sentiment'"):
            kundig.Examples("spelling")
        with self.assertRaises(TypeError):
            examples.add({"text": "x"})

    def test_nothing_to_learn_is_said_in_words(self):
        examples = kundig.Examples()
        for more in ([], rows(["one", "two"], ["only", "only"])):
            examples.add(more)
            with self.assertRaises(kundig.Error) as caught:
                examples.teach()
            self.assertEqual(caught.exception.name, "E_EMPTY")
            self.assertGreater(len(str(caught.exception)), 20)

    def test_options_are_checked(self):
        texts, labels = pairs(40)
        examples = kundig.Examples()
        examples.add(rows(texts, labels))
        for options in ({"quality": "better"}, {"labels": "two"}, {"least_customers": -1},
                        {"threads": 1 << 32}):
            with self.subTest(options=options), self.assertRaises(ValueError):
                examples.teach(**options)
        for options in ({"seed": -1}, {"most_bytes": -1}, {"seed": 1 << 64}):
            with self.subTest(options=options), self.assertRaises(OverflowError):
                examples.teach(**options)
        with self.assertRaises(AttributeError):
            examples.teach("the ready taxonomy")
        with self.assertRaises(ValueError):
            examples.doubts(limit=-1)

    def test_progress_is_told_and_may_cancel(self):
        texts, labels = pairs(400)
        examples = kundig.Examples()
        examples.add(rows(texts, labels))
        told = []
        examples.teach(progress=lambda done, total: told.append((done, total)))
        self.assertTrue(told)
        self.assertTrue(all(done <= total for done, total in told))
        with self.assertRaises(kundig.Error) as caught:
            examples.teach(progress=lambda done, total: True)
        self.assertEqual(caught.exception.name, "E_CANCELLED")

        def fail(done, total):
            raise KeyError("mine")

        for threads in (1, 2):
            with self.assertRaisesRegex(KeyError, "mine"):
                examples.validate(progress=fail, threads=threads)
        busy = []

        def inside(done, total):
            try:
                len(examples)
            except kundig.Error as error:
                busy.append(error.name)

        examples.teach(progress=inside)
        self.assertEqual(set(busy), {"E_BUSY"})

    def test_against_a_model_in_python(self):
        """Adding and removing at random: what is learned is a function of what is left."""
        for seed in range(3):
            chance = random.Random(seed)
            pool = rows(*pairs(80, seed)) + rows(*pairs(20, seed), weight=2)
            for index, example in enumerate(pool):
                example["customer"] = f"c{index % 30}"
            examples = kundig.Examples()
            left = collections.Counter()
            for _ in range(60):
                some = [chance.randrange(len(pool)) for _ in range(chance.randrange(12))]
                if chance.random() < 0.6:
                    examples.add([pool[index] for index in some])
                    left.update(some)
                elif collections.Counter(some) - left:
                    with self.assertRaises(kundig.Error) as caught:
                        examples.remove([pool[index] for index in some])
                    self.assertEqual(caught.exception.name, "E_NOT_FOUND")
                else:
                    examples.remove([pool[index] for index in some])
                    left.subtract(some)
                    left += collections.Counter()
                self.assertEqual(len(examples), left.total())
            rest = [pool[index] for index in left.elements()]
            chance.shuffle(rest)
            fresh = kundig.Examples()
            fresh.add(rest)
            self.assertEqual(bytes(examples.teach()), bytes(fresh.teach()), f"seed {seed}")

    def test_threads_share_a_set(self):
        texts, labels = pairs(120)
        examples = kundig.Examples()
        made = rows(texts, labels)
        parts = [made[start::6] for start in range(6)]
        failed = []

        def work(part):
            try:
                for example in part:
                    examples.add([example])
                    examples.remove([example])
                    examples.add([example])
                examples.teach()
            except kundig.Error as error:
                if error.name != "E_EMPTY":  # the first ones may know one topic alone
                    failed.append(error)

        workers = [threading.Thread(target=work, args=(part,)) for part in parts]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(failed, [])
        self.assertEqual(len(examples), 120)
        self.assertEqual(bytes(examples.teach()), bytes(taught(texts, labels)))

    def test_validate_curve_and_doubts(self):
        texts, labels = pairs(240)
        examples = kundig.Examples()
        examples.add(rows(texts, labels)[:-1])
        examples.add([{"text": texts[-1], "labels": "invoice", "source": "crm", "id": 8}])
        table = examples.validate(folds=3)
        self.assertEqual(table["fold"], [1, 2, 3, None])
        self.assertEqual(sum(table["examples"][:-1]), 240)
        self.assertGreater(table["accuracy"][-1], 0.95)
        curve = examples.curve()
        self.assertEqual(curve["examples"], sorted(curve["examples"]))
        self.assertTrue(curve.notes)
        doubts = examples.doubts(limit=1)
        self.assertEqual((doubts["example"], doubts["id"]), ([239], ["8"]))
        self.assertEqual(doubts["text"], [texts[-1]])


class Models(unittest.TestCase):
    def setUp(self):
        self.texts, self.labels = pairs()
        self.model = taught(self.texts, self.labels)

    def test_it_classifies(self):
        self.assertEqual(self.model.classes(), tuple(sorted(WORDS)))
        self.assertEqual(self.model.classes("sentiment"), ())
        ask, wanted = pairs(80, seed=9)
        answers = self.model.classify(ask)
        self.assertGreater(sum(map(str.__eq__, map(str, answers), wanted)), 76)
        self.assertEqual(self.model.classify([]), [])
        self.assertEqual(self.model.classify(ask, threads=2), answers)
        self.assertEqual(self.model.classify(tuple(ask)), answers)
        self.assertEqual(len(self.model.classify([None, "", float("nan"), "?"])), 4)
        self.assertIn("classes of topics", repr(self.model))
        with self.assertRaises(kundig.Error) as caught:
            self.model.classify(ask, lesson="sentiment")
        self.assertEqual(caught.exception.name, "E_EMPTY")

    def test_answers_go_into_buffers_of_the_caller(self):
        ask, _ = pairs(30, seed=4)
        classes = array.array("i", bytes(4 * 30))
        chances = array.array("f", bytes(4 * 30 * 4))
        holds = bytearray(30 * 4)
        sureness = memoryview(bytearray(4 * 30)).cast("f")
        self.model.classify_into(ask, classes, chances, holds, sureness)
        names = self.model.classes()
        self.assertEqual([names[c] if c >= 0 else None for c in classes], self.model.classify(ask))
        for index in range(30):
            row = chances[index * 4:index * 4 + 4]
            self.assertAlmostEqual(sum(row), 1, places=5)
            if classes[index] >= 0:
                self.assertEqual(row.index(max(row)), classes[index])
                self.assertEqual(list(holds[index * 4:index * 4 + 4]),
                                 [place == classes[index] for place in range(4)])
        self.assertGreater(len(set(sureness)), 1)

    def test_buffers_that_do_not_fit_are_refused(self):
        good = array.array("i", bytes(8))
        bad = [
            ((array.array("i", bytes(4)),), ValueError, "classes has 4 bytes"),
            ((bytes(8),), BufferError, ""),
            ((good, array.array("f", bytes(4 * 7))), ValueError, "probabilities"),
            ((good, None, bytearray(9)), ValueError, "holds"),
            ((good, None, None, bytearray(4)), ValueError, "sureness"),
            ((memoryview(bytearray(9))[1:],), ValueError, "multiple of 4"),
            ((memoryview(bytearray(16))[::2],), BufferError, ""),
            ((5,), TypeError, ""),
            ((None,), kundig.Error, ""),
        ]
        for buffers, kind, words in bad:
            with self.subTest(buffers=buffers), self.assertRaisesRegex(kind, words):
                self.model.classify_into(["a", "b"], *buffers)

    def test_texts_that_are_none_are_refused(self):
        for texts, words in (("one text", "a list of texts"), ([5], "text 0 is of type int"),
                             (["a", b"b"], "text 1 is of type bytes"), (["\ud800"], "surrogate")):
            with self.subTest(texts=texts), self.assertRaisesRegex((TypeError, ValueError), words):
                self.model.classify(texts)

    def test_it_travels(self):
        ask, _ = pairs(40, seed=5)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "topics.model"
            self.model.save(path)
            again = kundig.Model.load(path)
            self.assertEqual(os.listdir(folder), ["topics.model"])
            self.model.save(os.fsencode(path))
            self.assertEqual(path.read_bytes(), bytes(self.model))
        for other in (again, pickle.loads(pickle.dumps(self.model))):
            self.assertEqual(bytes(other), bytes(self.model))
            self.assertEqual(other.classify(ask), self.model.classify(ask))
        with self.assertRaises(kundig.Error):
            kundig.Model.from_bytes(bytes(self.model)[:-1])

    def test_order_threads_and_time_make_no_difference(self):
        made = list(zip(self.texts, self.labels))
        random.Random(3).shuffle(made)
        for threads in (1, 2):
            other = taught(*zip(*made), threads=threads)
            self.assertEqual(bytes(other), bytes(self.model))

    def test_threads_ask_at_the_same_time(self):
        ask, _ = pairs(200, seed=6)
        wanted = self.model.classify(ask)
        answers = []
        workers = [threading.Thread(target=lambda: answers.append(self.model.classify(ask)))
                   for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(answers, [wanted] * 8)

    def test_it_shows_what_it_learned(self):
        shown = dict(self.model.show().rows)
        self.assertEqual(int(float(shown["classes"])), 4)
        self.assertEqual(self.model.show("classes")["class"], sorted(WORDS))
        self.assertEqual(sum(self.model.show("classes")["examples"]), 240)
        features = self.model.show("features")
        self.assertIn("aufzug", [name.casefold() for name in features["feature"]])
        self.assertEqual(self.model.show("confusion").columns, ("class", "decided", "n"))
        self.assertIn("accuracy", self.model.show("calibration").columns)
        self.assertIn("loss", self.model.show("sizes").columns)
        with self.assertRaisesRegex(ValueError, "which is one of 'summary'"):
            self.model.show("everything")

    def test_it_can_be_pruned(self):
        small = self.model.prune(len(bytes(self.model)) // 2)
        self.assertLess(len(bytes(small)), len(bytes(self.model)))
        told = zip(small.classify(self.texts), self.labels)
        self.assertGreater(sum(answer in (label, None) for answer, label in told), 220)
        with self.assertRaises(kundig.Error) as caught:
            self.model.prune(1)
        self.assertEqual(caught.exception.name, "E_VALUE")

    def test_it_says_what_to_label_next(self):
        chance = random.Random(8)
        ask = [text_of(chance, "login") for _ in range(9)] + [text_of(chance, "login", "lift")]
        table = self.model.next(ask, limit=3)
        self.assertEqual(len(table), 3)
        self.assertEqual(table["text"][0], 9)
        self.assertEqual({table["class"][0], table["second"][0]}, {"login", "lift"})


class Without(unittest.TestCase):
    """Classifiers answer with lists where there is no numpy, with its arrays where there is."""

    numpy = None

    def setUp(self):
        before = _estimators._numpy_module
        _estimators._numpy_module = self.numpy
        self.addCleanup(setattr, _estimators, "_numpy_module", before)

    def same(self, answers, wanted):
        if self.numpy is not None:
            self.assertIsInstance(answers, self.numpy.ndarray)
            answers = answers.tolist()
        else:
            self.assertIsInstance(answers, list)
        self.assertEqual(answers, wanted)


class TopicClassifiers(Without):
    def setUp(self):
        super().setUp()
        self.texts, self.labels = pairs()
        self.ask, self.wanted = pairs(60, seed=11)

    def test_labels_of_all_kinds_come_back(self):
        number = {name: place for place, name in enumerate(sorted(WORDS))}
        kinds = [
            lambda name: name, lambda name: number[name], lambda name: number[name] - 1.5,
            lambda name: datetime.date(2026, 1, 1 + number[name]),
            lambda name: frozenset([name]) and ("x" * number[name] + "y"),
        ]
        for kind in kinds:
            with self.subTest(kind=kind("login")):
                topics = kundig.TopicClassifier().fit(self.texts, list(map(kind, self.labels)))
                self.same(topics.classes_, sorted(map(kind, WORDS)))
                answers = topics.predict(self.ask)
                self.assertGreater(topics.score(self.ask, list(map(kind, self.wanted))), 0.95)
                self.assertIsInstance(list(answers)[0].item() if hasattr(answers[0], "item")
                                      else answers[0], type(kind("login")))
                again = pickle.loads(pickle.dumps(topics))
                self.same(again.predict(self.ask), list(answers))

    def test_yes_and_no_are_labels(self):
        truth = [label == "lift" for label in self.labels]
        topics = kundig.TopicClassifier().fit(self.texts, truth)
        self.same(topics.classes_, [False, True])
        self.assertGreater(topics.score(self.ask, [one == "lift" for one in self.wanted]), 0.95)

    def test_probabilities(self):
        topics = kundig.TopicClassifier().fit(self.texts, self.labels)
        table = topics.predict_proba(self.ask)
        answers = topics.predict(self.ask)
        for row, answer in zip(table, answers):
            self.assertAlmostEqual(float(sum(row)), 1, places=12)
            self.assertEqual(topics.classes_[list(row).index(max(row))], answer)
        self.assertEqual(len(topics.predict_proba([])), 0)
        self.assertEqual(len(topics.predict([])), 0)
        sure = topics.sureness(self.ask + ["zzyzx qwrt plugh"])
        self.assertLess(list(sure)[-1], min(list(sure)[:-1]))

    def test_what_fits_nothing_is_refused_where_it_is_asked_for(self):
        strange = ["zzyzx qwrt plugh xyzzy", ""]
        plain = kundig.TopicClassifier().fit(self.texts, self.labels)
        self.assertTrue(set(plain.predict(strange)) <= set(WORDS))
        careful = kundig.TopicClassifier(refuse=True).fit(self.texts, self.labels)
        self.same(careful.predict(strange), [None, None])
        self.assertGreater(careful.score(self.ask, self.wanted), 0.9)
        named = kundig.TopicClassifier(refuse=True, refusal="something else entirely")
        self.same(named.fit(self.texts, self.labels).predict(strange),
                  ["something else entirely"] * 2)
        numbers = [sorted(WORDS).index(label) for label in self.labels]
        counted = kundig.TopicClassifier(refuse=True, refusal=-1).fit(self.texts, numbers)
        self.same(counted.predict(strange), [-1, -1])

    def test_several_labels(self):
        chance = random.Random(12)
        sets = [[], ["lift"], ["login"], ["lift", "login"], ["delivery", "invoice"], ["invoice"]]
        said = [sets[index % 6] for index in range(360)]
        texts = [text_of(chance, *labels) for labels in said]
        for form in (list, tuple, set, frozenset):
            topics = kundig.TopicClassifier().fit(texts, [form(labels) for labels in said])
            self.assertEqual(list(topics.classes_), sorted(WORDS))
            ask = [text_of(chance, "lift", "login"), text_of(chance, "invoice")]
            self.assertEqual(topics.predict(ask), [("lift", "login"), ("invoice",)])
            self.assertGreater(topics.score(texts, said), 0.9)
        rows = topics.predict_proba(ask)
        self.assertGreater(sum(list(rows)[0]), 1.2)
        also = kundig.TopicClassifier(labels="several").fit(self.texts, self.labels)
        self.assertEqual(also.predict(self.texts[:1]), [(self.labels[0],)])
        missing = kundig.TopicClassifier().fit(
            self.texts + ["the and please"] * 20, self.labels + [None] * 20)
        self.assertEqual(missing.predict(self.texts[:1]), [(self.labels[0],)])
        with self.assertRaisesRegex(ValueError, "labels is 'one'"):
            kundig.TopicClassifier(labels="one").fit(texts, said)

    def test_it_keeps_its_examples(self):
        whole = kundig.TopicClassifier().fit(self.texts, self.labels)
        parts = kundig.TopicClassifier()
        for start in (120, 0, 60, 180):
            parts.partial_fit(self.texts[start:start + 60], self.labels[start:start + 60])
        self.assertEqual(bytes(parts.model_), bytes(whole.model_))
        self.assertEqual(len(parts.examples_), 240)
        parts.partial_fit(["one more parcel"], ["delivery"])
        self.assertNotEqual(bytes(parts.model_), bytes(whole.model_))
        parts.forget(["one more parcel"], ["delivery"])
        self.assertEqual(bytes(parts.model_), bytes(whole.model_))
        with self.assertRaises(kundig.Error) as caught:
            parts.forget(["one more parcel"], ["delivery"])
        self.assertEqual(caught.exception.name, "E_NOT_FOUND")
        one = kundig.TopicClassifier().partial_fit(["a"], ["x"])
        with self.assertRaises(kundig.Error) as caught:
            one.predict(["a"])
        self.assertEqual(caught.exception.name, "E_EMPTY")
        one.partial_fit(self.texts, self.labels, classes=["zeta"])
        self.assertIn("zeta", list(one.classes_))
        self.assertEqual(float(list(one.predict_proba(["a"])[0])[-1]), 0)

    def test_customers_are_forgotten_to_the_byte(self):
        owners = [f"c{index % 30}" for index in range(240)]
        topics = kundig.TopicClassifier().fit(self.texts, self.labels, customers=owners)
        topics.forget(customers=["c3", "c4"])
        left = [index for index, owner in enumerate(owners) if owner not in ("c3", "c4")]
        never = kundig.TopicClassifier().fit(
            [self.texts[index] for index in left], [self.labels[index] for index in left],
            customers=[owners[index] for index in left])
        self.assertEqual(bytes(topics.model_), bytes(never.model_))
        topics.forget(customers="c3")  # nobody is left of that name
        self.assertEqual(bytes(topics.model_), bytes(never.model_))

    def test_what_few_customers_said_leaves_no_trace(self):
        texts = self.texts + ["the Zuckerwattemaschine was broken"] * 12
        labels = self.labels + ["sugarhouse"] * 12
        owners = [f"c{index % 40}" for index in range(240)] + ["a", "b", "c", "d"] * 3
        topics = kundig.TopicClassifier().fit(texts, labels, customers=owners)
        self.assertEqual(list(topics.classes_), sorted(WORDS))
        for word in (b"sugarhouse", b"uckerwatte"):
            self.assertFalse(word in pickle.dumps(topics))
        three = kundig.TopicClassifier(least_customers=3).fit(texts, labels, customers=owners)
        self.assertIn("sugarhouse", list(three.classes_))

    def test_weights(self):
        twice = kundig.TopicClassifier().fit(
            self.texts + self.texts[:20], self.labels + self.labels[:20])
        heavy = kundig.TopicClassifier().fit(
            self.texts, self.labels, sample_weight=[2] * 20 + [1] * 220)
        self.assertEqual(heavy.predict(self.ask[:20])[0], twice.predict(self.ask[:20])[0])
        plain = kundig.TopicClassifier().fit(self.texts[20:], self.labels[20:])
        without = kundig.TopicClassifier().fit(
            self.texts, self.labels, sample_weight=[0] * 20 + [1] * 220)
        self.assertEqual(bytes(without.model_), bytes(plain.model_))
        self.assertEqual(plain.score(["a"], ["nothing"], sample_weight=[3]), 0)
        with self.assertRaisesRegex(kundig.Error, "weight"):
            plain.fit(self.texts, self.labels, sample_weight=[-1] * 240)

    def test_a_pickle_holds_no_text(self):
        topics = kundig.TopicClassifier(seed=3).fit(self.texts, self.labels)
        packed = pickle.dumps(topics)
        for text in self.texts[:50]:
            self.assertFalse(text.encode() in packed)
        again = pickle.loads(packed)
        self.assertEqual(again.get_params(), topics.get_params())
        self.same(again.predict(self.ask), list(topics.predict(self.ask)))
        for call in (lambda: again.partial_fit(self.texts, self.labels), lambda: again.examples_,
                     lambda: again.forget(["a"], ["b"])):
            with self.assertRaisesRegex(ValueError, "out of a pickle, which holds what was learned"):
                call()
        again.fit(self.texts, self.labels)
        self.assertEqual(bytes(again.model_), bytes(topics.model_))
        self.assertEqual(pickle.loads(pickle.dumps(kundig.TopicClassifier(seed=3))).seed, 3)

    def test_parameters(self):
        topics = kundig.TopicClassifier(quality="best", threads=2)
        self.assertEqual(topics.get_params()["quality"], "best")
        self.assertEqual(repr(topics), "TopicClassifier(quality='best', threads=2)")
        self.assertIs(topics.set_params(seed=5, threads=1), topics)
        self.assertEqual(repr(topics), "TopicClassifier(quality='best', seed=5)")
        with self.assertRaisesRegex(ValueError, "no parameter 'depth', but quality"):
            topics.set_params(depth=3)
        for wrong in ({"quality": "better"}, {"labels": "two"}, {"threads": -1}):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError):
                kundig.TopicClassifier(**wrong).fit(self.texts, self.labels)

    def test_what_is_refused_is_refused_in_words(self):
        topics = kundig.TopicClassifier()
        for ask in ("predict", "predict_proba", "sureness"):
            with self.assertRaisesRegex(ValueError, "call fit\\(\\) first"):
                getattr(topics, ask)(["a"])
        self.assertFalse(hasattr(topics, "classes_"))
        bad = [
            (("a", ["b"]), TypeError, "not one text"),
            ((["a", "b"], ["c"]), ValueError, "2 texts and 1 of y"),
            ((["a", "b"], "cd"), TypeError, "y is a list"),
            ((["a", 5], ["c", "d"]), TypeError, "text 1 is of type int"),
            ((["a", "b"], None), ValueError, "y is None"),
            ((["a", "b"], [1, "1"]), ValueError, "are both written '1'"),
            ((["a", "b"], [["x", None], ["y"]]), ValueError, "label is missing"),
            ((["a", "b"], ["x", "y"], [1]), ValueError, "2 texts and 1 of sample_weight"),
            ((["a", "b"], ["x", "y"], None, ["c"]), ValueError, "2 texts and 1 of customers"),
            (([], []), kundig.Error, ""),
            ((["a"], ["x"]), kundig.Error, ""),
            ((["a", "b"], ["x", ""]), kundig.Error, "label"),
        ]
        for given, kind, words in bad:
            with self.subTest(given=given), self.assertRaisesRegex(kind, words):
                topics.fit(*given)
            self.assertFalse(hasattr(topics, "classes_"))
        topics.fit(self.texts, self.labels)
        before = bytes(topics.model_)
        with self.assertRaises(TypeError):
            topics.fit(["a", 5], ["c", "d"])
        with self.assertRaises(TypeError):
            topics.partial_fit(["a", 5], ["c", "d"])
        self.assertEqual(bytes(topics.model_), before)
        with self.assertRaisesRegex(ValueError, "forget what"):
            topics.forget()

    def test_it_says_why(self):
        topics = kundig.TopicClassifier().fit(self.texts, self.labels)
        text = "Der Aufzug ist defekt"
        found = [row for row in topics.explain(text) if row["topic"] == "lift"]
        self.assertTrue(found)
        for row in found:
            self.assertTrue(text.encode()[row["start"]:row["end"]].decode().strip())
            self.assertGreater(row["probability"], 0.5)
        self.assertEqual(topics.show("classes")["class"], sorted(WORDS))
        self.assertEqual(len(topics.next(self.ask, limit=2)), 2)
        self.assertGreater(topics.validate(folds=3)["accuracy"][-1], 0.95)
        self.assertTrue(len(topics.curve()))
        self.assertLess(len(topics.doubts(limit=5)), 6)

    def test_it_begins_with_a_taxonomy(self):
        base = kundig.Model()
        topics = kundig.TopicClassifier(base=base).fit(self.texts, self.labels)
        self.assertGreater(len(topics.model_.topics()), len(base.topics()))
        self.assertGreater(topics.score(self.ask, self.wanted), 0.95)


class Sentiments(Without):
    def setUp(self):
        super().setUp()
        self.texts, self.stars = moods()
        self.ask, self.wanted = moods(60, seed=21)

    def feelings(self, stars):
        return ["negative" if star < 3 else "positive" for star in stars]

    def test_it_learns_from_scores(self):
        mood = kundig.Sentiment(scale="stars").fit(self.texts, self.stars)
        self.same(mood.classes_, ["negative", "neutral", "positive"])
        self.assertEqual(list(mood.predict(self.ask)), self.feelings(self.wanted))
        self.assertEqual(mood.score(self.ask, self.wanted), 1)
        for value, star in zip(mood.value(self.ask), self.wanted):
            self.assertLessEqual(abs(value), 1)
            self.assertEqual(value > 0, star > 3)
        for (expected, least, most), star in zip(mood.expected(self.ask), self.wanted):
            self.assertLessEqual(least, expected)
            self.assertLessEqual(expected, most)
            self.assertTrue(1 <= least and most <= 5)
            self.assertEqual(expected > 3, star > 3)
        for row in mood.predict_proba(self.ask):
            self.assertAlmostEqual(float(sum(row)), 1, places=12)
        told = mood.explain("I am very angry. And happy again!")
        self.assertEqual(told["part"][0], "comment")
        self.assertIn("sentence", told["part"])

    def test_scales(self):
        self.assertEqual(kundig.Sentiment(scale="nps").sentiments([0, 6, 7, 8, 9, 10, None]),
                         ["negative"] * 2 + ["neutral"] * 2 + ["positive"] * 2 + [None])
        self.assertEqual(kundig.Sentiment(scale="stars").sentiments([1, 2, 3, 4, 5]),
                         ["negative"] * 2 + ["neutral"] + ["positive"] * 2)
        self.assertEqual(kundig.Sentiment(scale="ces_2010").sentiments([1, 3, 5]),
                         ["positive", "neutral", "negative"])
        self.assertEqual(kundig.Sentiment(scale=(0, 99)).sentiments([0, 50, 99]),
                         ["negative", "neutral", "positive"])
        self.assertEqual(kundig.Sentiment(scale=(0, 99, "lower")).sentiments([0, 99]),
                         ["positive", "negative"])
        with self.assertRaises(kundig.Error) as caught:
            kundig.Sentiment(scale="stars").fit(self.texts, [9] * len(self.texts))
        self.assertEqual(caught.exception.name, "E_VALUE")
        for scale in ("points", (1,), 5):
            with self.subTest(scale=scale), self.assertRaisesRegex(ValueError, "scale is one of"):
                kundig.Sentiment(scale=scale).fit(["a"], [1])

    def test_it_learns_from_labels(self):
        said = self.feelings(self.stars)
        mood = kundig.Sentiment().fit(self.texts, said)
        self.same(mood.classes_, ["negative", "positive"])
        self.assertEqual(mood.score(self.ask, self.feelings(self.wanted)), 1)
        with self.assertRaisesRegex(ValueError, "labels, and not from scores"):
            mood.expected(self.ask)
        numbers = kundig.Sentiment(labels={1: "positive", 0: "negative"})
        numbers.fit(self.texts, [int(star > 3) for star in self.stars])
        self.same(numbers.classes_, [0, 1])
        self.same(numbers.predict(self.ask), [int(star > 3) for star in self.wanted])
        again = pickle.loads(pickle.dumps(numbers))
        self.same(again.predict(self.ask), [int(star > 3) for star in self.wanted])

    def test_what_is_refused_is_refused_in_words(self):
        bad = [
            ({}, [1, 2], "scale says what numbers mean"),
            ({}, ["good", "bad"], "labels are 'negative', 'neutral', 'positive'"),
            ({"labels": {"good": "fine"}}, ["good", "good"], "stands for one of negative"),
            ({"labels": {"a": "positive", "b": "positive"}}, ["a", "b"], "both stand for"),
            ({"labels": {"a": "positive"}, "scale": "nps"}, [1, 2], "not both"),
            ({}, None, "y is None"),
        ]
        for options, y, words in bad:
            with self.subTest(y=y), self.assertRaisesRegex(ValueError, words):
                kundig.Sentiment(**options).fit(["a", "b"], y)
        with self.assertRaises(kundig.Error) as caught:
            kundig.Sentiment(scale="nps").fit(["a", "b"], [None, float("nan")])
        self.assertEqual(caught.exception.name, "E_EMPTY")

    def test_it_keeps_its_examples(self):
        whole = kundig.Sentiment(scale="stars").fit(self.texts, self.stars)
        parts = kundig.Sentiment(scale="stars").partial_fit(self.texts[100:], self.stars[100:])
        parts.partial_fit(self.texts[:100] + ["great"], self.stars[:100] + [1])
        parts.forget(["great"], [1])
        self.assertEqual(bytes(parts.model_), bytes(whole.model_))
        gaps = kundig.Sentiment(scale="stars").fit(
            self.texts + ["unscored"], self.stars + [None])
        self.assertEqual(bytes(gaps.model_), bytes(whole.model_))

    def test_the_lexicon_needs_no_lesson(self):
        model = kundig.Model()
        self.assertEqual(model.sentiment("I love it, excellent!")[0]["sentiment"], "positive")
        self.assertEqual(model.sentiment("Das war nicht gut.")[0]["sentiment"], "negative")
        self.assertEqual(model.sentiment("Das war nicht gut.")[0]["origin"], "lexicon")
        self.assertIsNone(model.sentiment("Das war nicht gut.")[0]["expected"])


class Corpora(unittest.TestCase):
    def corpus(self):
        k = kundig.open()
        self.addCleanup(k.close)
        texts, labels = pairs(200)
        stars = moods(200)
        k.add([
            {"source": "s", "id": index, "text": f"{text} {mood}", "stars": star,
             "customer": f"c{index % 40}", "attributes": {"topics": f"{label}; all"},
             "time": datetime.date(2026, 1, 1) + datetime.timedelta(index)}
            for index, (text, label, mood, star) in enumerate(zip(texts, labels, *stars))
        ])
        k.labels([{"source": "s", "id": index, "topic": label, "by": "me"}
                  for index, label in enumerate(labels[:160])])
        k.labels([{"source": "s", "id": index, "topic": "lift", "by": "me", "holds": False}
                  for index, label in enumerate(labels[:160]) if label != "lift"])
        return k

    def test_topics_are_called_and_taught(self):
        k = self.corpus()
        before = k.topics()
        self.assertEqual(before.columns[:2], ("theme", "topic"))
        model = k.topics.teach()
        self.assertEqual(bytes(k.model), bytes(model))
        self.assertTrue(k.has_model())
        k.set_model(None)
        self.assertFalse(k.has_model())
        k.set_model(model)
        self.assertTrue(set(WORDS) <= set(model.classes()) | {"lift"})
        found = k.topics(where={"time": (">=", "2026-01-01")}, limit=500)
        self.assertIn("lift", found["topic"])
        self.assertNotIn("lift", before["topic"])
        k.set_model(None)
        self.assertEqual(k.topics()["topic"], before["topic"])
        k.topics.teach(field="topics", quality="fast")
        self.assertIn("all", k.model.classes())
        with self.assertRaises(kundig.Error) as caught:
            k.teach(field="no such field")
        self.assertEqual(caught.exception.name, "E_NOT_FOUND")

    def test_records_are_classified(self):
        k = self.corpus()
        k.topics.teach()
        table = k.classify({"id": "199"}, limit=1)
        lift = [row for row in table if row["topic"] == "lift"]
        self.assertEqual(len(lift), 1)
        self.assertGreater(lift[0]["probability"], 0.5)
        self.assertTrue(any(row["probability"] is None for row in table))  # rules alone
        feelings = k.sentiment(limit=4)
        self.assertEqual(len(feelings), 4)
        self.assertEqual([star > 3 for star in feelings["score"]],
                         [value > 0 for value in feelings["value"]])
        table = k.label_next(limit=5)
        self.assertEqual(len(table), 5)
        self.assertTrue(all(int(one) >= 160 for one in table["id"]))
        for call in (k.classify, k.sentiment, k.label_next):
            with self.assertRaises(ValueError):
                call(limit=-1)

    def test_facts_are_examples(self):
        k = self.corpus()
        examples = k.examples()
        self.assertEqual(len(examples), 160)
        examples.add([{"text": "the Paternoster", "labels": "lift", "partial": True}])
        model = examples.teach(k.model)
        self.assertIn("lift", model.classes())
        scored = k.examples("sentiment", question="stars")
        self.assertEqual(len(scored), 200)
        self.assertEqual(scored.teach().classes("sentiment"), ("negative", "neutral", "positive"))
        self.assertEqual(len(k.examples(field="topics")), 200)

    def test_what_is_pinned_forgets_with_the_facts(self):
        with tempfile.TemporaryDirectory() as folder:
            def filled(name, without=()):
                k = kundig.open(os.path.join(folder, name))
                self.addCleanup(k.close)
                texts, labels = pairs(200)
                kept = [index for index in range(200) if f"c{index % 40}" not in without]
                k.add([{"source": "s", "id": index, "text": texts[index],
                        "customer": f"c{index % 40}"} for index in kept])
                k.labels([{"source": "s", "id": index, "topic": labels[index]} for index in kept])
                return k

            k = filled("with.kundig")
            taught_first = k.topics.teach(pin=True)
            self.assertEqual(bytes(k.model), bytes(taught_first))
            k.erase("c7", time=0)
            never = filled("without.kundig", without=("c7",))
            self.assertEqual(bytes(k.model), bytes(never.topics.teach(pin=True)))
            self.assertNotEqual(bytes(k.model), bytes(taught_first))


if __name__ == "__main__":
    unittest.main()
