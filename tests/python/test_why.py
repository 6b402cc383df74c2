"""Why a score moved: thirteen questions of a Corpus, their options and their tables."""

import datetime
import gc
import threading
import time
import tracemalloc
import unittest

import kundig

DAY = 86400000


def records():
    """Two quarters; in the second those who write of the price are many more, and unhappy."""
    for i in range(1, 241):
        about = i % (2 if i > 120 else 6) == 0
        yield {
            "source": "s", "id": i, "customer": f"c{i % 80}", "time": int((i - 1) * DAY * 0.7),
            "text": "The price is far too high." if about else "Friendly staff.",
            "channel": "phone" if i % 3 else "email", "segment": "old" if i % 4 else "new",
            "nps": i % 7 if about else 8 + i % 3,
        }


QUESTIONS = {
    "impact": {}, "explain": {"before": "1970-Q1", "after": "1970-Q2"}, "chart": {}, "alarms": {},
    "emerging": {}, "words": {"a": "nps <= 6", "b": "nps >= 9"}, "buts": {}, "mismatch": {},
    "loud": {}, "funnel": {"metric": "nps", "by": "channel"},
    "benchmark": {"metric": "nps", "value": 0.3},
    "weights": {"margins": {"channel": {"email": 60, "phone": 40}}}, "represent": {},
}


class BadArguments(unittest.TestCase):
    def setUp(self):
        self.k = kundig.open()
        self.addCleanup(self.k.close)
        self.k.add(records())

    def refused(self, kind, words, name, **options):
        with self.assertRaisesRegex(kind, words):
            getattr(self.k, name)(**{**QUESTIONS[name], **options})

    def test_an_option_that_there_is_not_is_named_with_the_question(self):
        for name in QUESTIONS:
            self.refused(TypeError, rf"^Corpus\.{name}\(\) .*'colour'", name, colour="red")

    def test_words_that_options_do_not_know_are_named_with_those_they_know(self):
        self.refused(ValueError, "chart is one of .*'ewma', 'cusum', not 'pie'", "chart", chart="pie")
        self.refused(ValueError, "limits is one of 'exact', 'three_sigma'", "alarms", limits="wide")
        self.refused(
            ValueError, "sentences is one of 'english', 'german', not 'latin'", "explain",
            sentences="latin")
        self.refused(ValueError, "prior_kind is one of 'all', 'counts'", "words", prior_kind="none")
        self.refused(ValueError, "weekdays is one of False, True", "chart", weekdays="monday")
        self.refused(ValueError, "every is one of", "emerging", every="fortnight")

    def test_numbers_are_numbers(self):
        self.refused(ValueError, "baseline is 0 or more", "chart", baseline=-1)
        self.refused(ValueError, "limit is 0", "impact", limit=-1)
        self.refused(ValueError, "limit is 0 or more", "alarms", limit=-1)
        self.refused(ValueError, "limit is 0 or more", "emerging", limit=-1)
        self.refused(ValueError, "least is 0 or more", "words", least=-1)
        self.refused(ValueError, "rounds is 0 or more", "weights", rounds=-1)
        self.refused(TypeError, "must be real number, not str", "chart", lambda_="much")
        self.refused(TypeError, "a time is a datetime", "alarms", since="today")

    def test_sets_are_conditions_or_periods(self):
        self.refused(ValueError, "before needs a condition", "explain", before=None)
        self.refused(ValueError, "after needs a condition", "explain", after={})
        self.refused(ValueError, "b needs a condition", "words", b=[])
        self.refused(TypeError, "where is a str, a dict", "words", a=5)
        self.refused(kundig.Error, "1970-Q5", "explain", before="1970-Q5")

    def test_margins_are_sizes_by_value_by_field(self):
        self.refused(TypeError, "margins are a dict of dicts", "weights", margins=["channel"])
        self.refused(TypeError, "a list of", "weights", margins=[("channel", "email")])
        self.refused(TypeError, "margins are a dict of dicts", "weights", margins={"channel": 5})
        self.refused(TypeError, "real number", "weights", margins={"channel": {"email": "many"}})
        self.refused(TypeError, "a cell holds one value", "weights", margins={"channel": {(1,): 5}})

    def test_a_closed_corpus_answers_nothing(self):
        self.k.close()
        for name in QUESTIONS:
            self.refused(ValueError, "the corpus is closed", name)


TABLES = {
    "explain": (kundig.Explanation, ("change", "splits", "causes", "breaks")),
    "weights": (kundig.Weights, ("score", "summary", "cells")),
    "represent": (kundig.Representation, ("summary", "groups")),
}


def tables_of(name, answer):
    """The tables of an answer by their names."""
    if name not in TABLES:
        return {"": answer}
    kind, names = TABLES[name]
    assert isinstance(answer, kind), name
    return {one: getattr(answer, one) for one in names}


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.k = kundig.open()
        cls.k.customers({"id": f"c{i}", "segment": "old" if i % 4 else "new"} for i in range(100))
        cls.k.add(records())

    @classmethod
    def tearDownClass(cls):
        cls.k.close()

    def ask(self, name, **options):
        return getattr(self.k, name)(**{**QUESTIONS[name], **options})

    def test_every_question_is_answered_with_tables(self):
        for name in QUESTIONS:
            for table in tables_of(name, self.ask(name)).values():
                self.assertIsInstance(table, kundig.Table, name)
                self.assertEqual(table.to_dicts(), [dict(zip(table.columns, r)) for r in table.rows])
                self.assertTrue(table.to_csv())
                self.assertIn("\"rows\"", table.to_json())

    def test_answers_outlive_their_corpus(self):
        with kundig.open() as k:
            k.add(records())
            answers = {name: getattr(k, name)(**given) for name, given in QUESTIONS.items()
                       if name != "represent"}
        gc.collect()
        for name, answer in answers.items():
            self.assertTrue(repr(answer), name)
            self.assertIn("<pre>", answer._repr_html_(), name)

    def test_impact_is_the_score_less_what_it_is_without(self):
        table = self.ask("impact", by="channel")
        total = self.k.measure("nps")["value"][0]
        self.assertEqual(set(table["channel"]), {"email", "phone"})
        for row in table:
            rest = self.k.measure("nps", where=f"channel != {row['channel']}")["value"][0]
            self.assertAlmostEqual(row["impact"], total - rest, places=12)
            self.assertAlmostEqual(row["rest"], rest, places=12)
        self.assertAlmostEqual(sum(table["additive"]), total, places=12)
        sizes = [abs(impact) for impact in table["impact"]]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertEqual(self.ask("impact", by="channel", limit=1)[0], table[0])

    def test_an_explanation_says_in_one_sentence_what_its_tables_add_up_to(self):
        told = self.ask("explain", by=["topic", "channel"])
        change = told.change[0]
        self.assertEqual(told.sentence, change["sentence"])
        self.assertLess(change["change"], 0)
        self.assertTrue(repr(told).startswith(told.sentence + "\n"))
        self.assertIn(told.causes["value"][0], repr(told))
        self.assertEqual(set(told.splits["field"]), {"topic", "channel"})
        for split in told.splits:
            self.assertAlmostEqual(split["mix"] + split["rate"], change["change"], places=9)
        by_channel = [row for row in told.causes if row["field"] == "channel"]
        self.assertAlmostEqual(
            sum(row["contribution"] for row in by_channel), change["change"], places=9)
        self.assertEqual(self.ask("explain", by=["topic", "channel"], limit=1).causes["field"],
                         ["topic", "channel"])

    def test_sets_are_periods_or_conditions_and_sentences_english_or_german(self):
        told = self.ask("explain", by="channel")
        for before in ("time = 1970-Q1", {"time": "1970-Q1"}, ["time = 1970-Q1"]):
            self.assertEqual(self.ask("explain", by="channel", before=before).sentence, told.sentence)
        german = self.ask("explain", by="channel", sentences="german")
        self.assertNotEqual(german.sentence, told.sentence)
        self.assertEqual(german.change["change"], told.change["change"])

    def test_options_are_heard(self):
        def length(name, **options):
            return len(self.ask(name, **options))

        self.assertEqual(self.ask("words", limit=1)["word"], self.ask("words")["word"][:1])
        alike = {"a": "channel = email", "b": "channel = phone"}
        self.assertEqual(length("words", **alike), 0)
        self.assertGreater(length("words", everything=True, **alike), 0)
        self.assertEqual(length("words", everything=True, least=240, **alike), 0)
        self.assertNotEqual(self.ask("words")["z_said"], self.ask("words", prior_kind="uniform")["z_said"])
        self.assertEqual(set(self.ask("chart", chart="cusum", every="week")["chart"]), {"cusum"})
        self.assertNotEqual(self.ask("chart", every="week")["upper"],
                            self.ask("chart", every="week", limits="three_sigma")["upper"])
        self.assertNotEqual(self.ask("chart", chart="ewma", every="week")["value"],
                            self.ask("chart", chart="ewma", every="week", lambda_=0.9)["value"])
        self.assertNotEqual(self.ask("chart", chart="cusum", every="week")["upper"],
                            self.ask("chart", chart="cusum", every="week", decision=9)["upper"])

    def test_alarms_are_those_since(self):
        alarms = self.ask("alarms", every="week")
        self.assertGreater(len(alarms), 1)
        self.assertEqual(len(self.ask("alarms", every="week", since=10**12)), 0)
        self.assertEqual(self.ask("alarms", every="week", limit=1)[:], alarms[:1])
        self.assertEqual(
            self.ask("alarms", every="week", since=datetime.date(1970, 1, 1))[:], alarms[:])

    def test_a_benchmark_stands_beside_every_group(self):
        table = self.ask("benchmark", by="channel", n=1200)
        self.assertEqual(len(table), 2)
        exact = self.ask("benchmark", by="channel")
        for row, sure in zip(table, exact):
            self.assertLess(row["lo"], sure["lo"])

    def test_a_funnel_has_a_row_a_group(self):
        self.assertEqual(len(self.ask("funnel", by=["channel", "segment"])), 4)

    def test_weights_stand_for_the_population(self):
        weights = self.ask("weights")
        self.assertEqual(len(weights.cells), 2)
        self.assertEqual(len(weights.summary), 1)
        self.assertEqual(len(weights.score), 2)
        mean = sum(row["n"] * row["weight"] for row in weights.cells) / sum(weights.cells["n"])
        self.assertAlmostEqual(mean, 1, places=9)
        raked = self.ask("weights", margins={
            "channel": {"email": 60, "phone": 40}, "segment": {"old": 1, "new": 1}})
        self.assertEqual(len(raked.cells), 4)
        self.assertEqual(raked.summary["margins"], [4])
        self.assertLessEqual(
            self.ask("weights", most=1.1, margins={"channel": {"email": 90, "phone": 10}})
            .summary["largest"][0], 1.2)
        self.assertIn("n_eff", repr(weights))

    def test_values_of_margins_may_be_numbers_or_none(self):
        with kundig.open() as k:
            k.add({"id": i, "nps": i % 11, "attributes": {"plan": i % 2} if i % 3 else {}}
                  for i in range(60))
            cells = k.weights({"plan": {0: 50, 1: 30, None: 20}}, "nps").cells
            self.assertEqual({row["plan"]: row["n"] for row in cells}, {"0": 20, "1": 20, None: 20})

    def test_representation_has_groups_and_bounds(self):
        whole = self.ask("represent", metric="nps")
        self.assertEqual(whole.summary["base"], [100])
        self.assertEqual(sum(whole.groups["base"]), 100)
        self.assertLessEqual(whole.summary["lowest"][0], whole.summary["value"][0])

    def test_nothing_leaks(self):
        for name in QUESTIONS:
            self.ask(name)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.take_snapshot()
        for _ in range(5):
            for name in QUESTIONS:
                self.ask(name)
        gc.collect()
        after = tracemalloc.take_snapshot()
        tracemalloc.stop()
        grown = sum(stat.size_diff for stat in after.compare_to(before, "filename"))
        self.assertLess(grown, 20_000)


class LongCalls(unittest.TestCase):
    """Questions about 60,000 records are told, cancelled, and leave the interpreter to others."""

    @classmethod
    def setUpClass(cls):
        cls.watching = None
        cls.k = kundig.open(progress=lambda done, total: cls.watching and cls.watching())
        cls.k.customers({"id": f"c{i}", "segment": "old" if i % 4 else "new"} for i in range(100))
        cls.k.add({**record, "id": f"{n}-{record['id']}"} for n in range(250) for record in records())

    @classmethod
    def tearDownClass(cls):
        cls.k.close()

    def tearDown(self):
        type(self).watching = None

    def test_progress_may_cancel_and_raise(self):
        def refuse():
            raise LookupError("from progress")

        for name, given in QUESTIONS.items():
            type(self).watching = lambda: True
            with self.assertRaises(kundig.Error, msg=name) as caught:
                getattr(self.k, name)(**given)
            self.assertEqual(caught.exception.name, "E_CANCELLED", name)
            type(self).watching = refuse
            with self.assertRaisesRegex(LookupError, "from progress", msg=name):
                getattr(self.k, name)(**given)

    def test_other_threads_run_meanwhile(self):
        ticks, done = [], threading.Event()

        def tick():
            while not done.is_set():
                ticks.append(time.monotonic())
                time.sleep(0.0005)

        thread = threading.Thread(target=tick)
        thread.start()
        try:
            for name, given in QUESTIONS.items():
                begin = time.monotonic()
                getattr(self.k, name)(**given)
                end = time.monotonic()
                if end - begin > 0.05:
                    self.assertTrue(any(begin < moment < end for moment in ticks[-1000:]), name)
        finally:
            done.set()
            thread.join()


if __name__ == "__main__":
    unittest.main()
