"""Why a score moved: thirteen questions of a Corpus, their options and their tables."""

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


if __name__ == "__main__":
    unittest.main()
