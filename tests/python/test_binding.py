"""The Python binding: what goes in, what comes out, what is raised."""

import datetime
import decimal
import gc
import io
import json
import os
import pathlib
import pickle
import signal
import sys
import tempfile
import threading
import time
import types
import unittest
from unittest import mock

import kundig

UTC = datetime.timezone.utc
ROWS = [
    {"score": 9, "text": "good", "stage": "Order", "date": datetime.date(2026, 1, 5)},
    {"score": 3, "text": "late", "stage": "Order", "date": datetime.date(2026, 1, 6)},
    {"score": 10, "text": "fast", "stage": "Use", "date": datetime.date(2026, 2, 7)},
    {"score": 8, "text": None, "stage": None, "date": datetime.date(2026, 2, 8)},
]
MAP = {"nps": "score", "text": "text", "stage": "stage", "time": "date"}


def corpus(rows=ROWS, **options):
    k = kundig.open()
    k.ingest(rows, **{"map": MAP, **options})
    return k


def count(k, **question):
    return k.measure("count", **question)["value"][0]


class Ingest(unittest.TestCase):
    def test_every_form_gives_the_same_answer(self):
        text = "score,text,stage\n9,good,Order\n3,late,Order\n10,,Use\n"
        records = [
            {"score": 9, "text": "good", "stage": "Order"},
            {"score": 3, "text": "late", "stage": "Order"},
            {"score": 10, "text": None, "stage": "Use"},
        ]
        columns = {name: [row[name] for row in records] for name in records[0]}
        frame_type = type("Frame", (), {"columns": list(columns),
                                        "__getitem__": lambda self, name: columns[name]})
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "feedback.csv"
            path.write_text(text, encoding="utf-8")
            forms = [
                str(path), path, text.encode(), bytearray(text.encode()),
                memoryview(text.encode()), io.StringIO(text), io.BytesIO(text.encode()), records,
                iter(records), (dict(row) for row in records), columns, frame_type(),
            ]
            answers = set()
            for form in forms:
                with kundig.open() as k:
                    report = k.ingest(form, map="nps=score,text=text,stage=stage")
                    self.assertEqual(report.summary["rows"], 3)
                    self.assertEqual(report.summary["accepted"], 3)
                    answers.add(k.measure("nps", by="stage").to_json())
            self.assertEqual(len(answers), 1)

    def test_a_path_is_named_in_the_error(self):
        with kundig.open() as k, self.assertRaises(kundig.Error) as caught:
            k.ingest("/nowhere/feedback.csv")
        self.assertEqual(caught.exception.name, "E_IO")
        self.assertEqual(caught.exception.code, kundig.E_IO)

    def test_a_path_with_a_nul_is_refused(self):
        with kundig.open() as k, self.assertRaises((kundig.Error, ValueError)):
            k.ingest("feed\0back.csv")

    def test_rows_may_lack_columns(self):
        with kundig.open() as k:
            k.ingest([{"score": 9}, {"score": 1, "stage": "Use"}, {"stage": "Order"}],
                     map="nps=score,stage=stage")
            self.assertEqual(k.measure("nps")["n"], [2])
            self.assertEqual(count(k), 3)

    def test_missing_values_of_other_libraries_are_missing(self):
        class NAType:
            def __ne__(self, other):
                return self

            def __bool__(self):
                raise TypeError("boolean value of NA is ambiguous")

        class NaT(datetime.datetime):
            def __ne__(self, other):
                return True

        missing = [None, float("nan"), decimal.Decimal("nan"), NAType(), NaT(2026, 1, 1)]
        with kundig.open() as k:
            k.ingest([{"score": 9, "stage": value} for value in missing],
                     map="nps=score,stage=stage")
            self.assertEqual(count(k, where={"stage": None}), len(missing))

    def test_values_become_text_that_means_the_same(self):
        class Half:
            def __str__(self):
                return "half"

        values = {
            12345678901234567890: "12345678901234567890", 123.0: "123", 0.1 + 0.2: "0.30000000000000004",
            True: "true", decimal.Decimal("1.50"): "1.50", "ä\0b": "ä\ufffdb", Half(): "half",
            datetime.date(2026, 3, 9): "2026-03-09",
        }
        with kundig.open() as k:
            k.ingest([{"score": 9, "agent": value} for value in values],
                     map="nps=score,agent=agent")
            self.assertEqual(sorted(k.measure("count", by="agent")["agent"]),
                             sorted(values.values()))

    def test_datetimes_keep_their_instant(self):
        berlin = datetime.timezone(datetime.timedelta(hours=1))
        moments = [
            datetime.datetime(2026, 2, 1, 0, 30, tzinfo=berlin),  # January 31st in UTC
            datetime.datetime(2026, 1, 31, 23, 30),  # no zone: local
            datetime.datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ]
        with kundig.open() as k:
            k.ingest([{"score": 9, "time": moment} for moment in moments], map="nps=score,time=time",
                     zone="UTC")
            table = k.measure("nps", every="day")
            self.assertEqual(table["period"], ["2026-01-31"])
            self.assertEqual(table["n"], [3])
        with kundig.open() as k:
            k.ingest([{"score": 9, "time": moments[1]}], map="nps=score,time=time",
                     zone="America/New_York")
            self.assertEqual(k.measure("nps", every="day")["period"], ["2026-02-01"])

    def test_what_is_no_cell_is_refused_by_name(self):
        for bad in ([1], {"a": 1}, (1, 2), b"bytes", {1}):
            with kundig.open() as k, self.assertRaisesRegex(TypeError, "record 1, 'text'"):
                k.ingest([{"score": 9}, {"score": 9, "text": bad}])

    def test_half_a_surrogate_pair_is_refused_with_a_sentence(self):
        with kundig.open() as k:
            with self.assertRaisesRegex(ValueError, "record 0, 'text': .*surrogate"):
                k.ingest([{"score": 9, "text": "a\udc80"}])
            with self.assertRaisesRegex(ValueError, "record 0, 'text': .*surrogate"):
                k.add([{"nps": 9, "text": "a\udc80"}])
            with self.assertRaises(ValueError):
                k.measure("nps", where={"text": "\udc80"})
            with self.assertRaises(ValueError):
                k.measure("nps", by="\udc80")

    def test_columns_of_unequal_length_are_refused(self):
        with kundig.open() as k, self.assertRaisesRegex(ValueError, "has 1 values"):
            k.ingest({"score": [9, 8], "text": ["a"]})
        with kundig.open() as k, self.assertRaises(TypeError):
            k.ingest({"score": "98"})

    def test_rows_that_are_no_dicts_are_refused(self):
        with kundig.open() as k:
            for bad in ([1], [[("score", 9)]], [{1: 9}], 5):
                with self.assertRaises(TypeError):
                    k.ingest(bad)

    def test_a_list_that_shrinks_while_it_is_read_is_refused(self):
        rows = []

        class Evil:
            def __str__(self):
                rows.clear()
                gc.collect()
                return "x"

        rows.extend([{"score": 9, "text": Evil()}, {"score": 8, "text": "y"}])
        with kundig.open() as k:
            k.ingest(rows)  # a copy is read
        columns = {"text": [Evil(), "y"], "score": [9, 8]}
        with mock.patch.object(kundig, "_column_list", lambda values: values):
            rows = columns["text"]
            with kundig.open() as k, self.assertRaises(RuntimeError):
                k.ingest(columns)

    def test_a_map_quotes_names(self):
        name = 'Score, overall="x"'
        with kundig.open() as k:
            k.ingest([{name: 9, "Plan": "a", "Region": "b"}],
                     map={"nps": name, "attribute": ["Plan", "Region"]})
            self.assertEqual(k.measure("nps")["n"], [1])
            self.assertEqual(k.measure("nps", by=["Plan", "Region"])["Region"], ["b"])

    def test_a_report_tells_what_happened(self):
        with kundig.open() as k:
            report = k.ingest(b"score,text\n9,a\n11,<b>\n", map="nps=score,text=text")
        self.assertEqual(report.summary["rejected"], 1)
        self.assertEqual(report.rejects["line"], [3])
        self.assertEqual(report.rejects_csv().splitlines(), ["score,text", "11,<b>"])
        self.assertIn("nps", report.mapping["field"])
        self.assertIsInstance(report.findings, kundig.Table)
        self.assertIn("&lt;b&gt;", report._repr_html_())
        self.assertNotIn("<b>", report._repr_html_())
        self.assertIn("nps", repr(report))

    def test_a_failure_after_rows_were_read_has_a_report(self):
        with kundig.open() as k, self.assertRaises(kundig.Error) as caught:
            k.ingest(b"score\n99\n", map="nps=score")
        self.assertEqual(caught.exception.name, "E_EMPTY")
        self.assertEqual(caught.exception.report.summary["rejected"], 1)

    def test_options_are_names(self):
        with kundig.open() as k:
            for bad in ({"dates": "ymd"}, {"kind": "letter"}, {"encoding": "utf-16"},
                        {"delimiter": ";;"}, {"max_field": -1}):
                with self.assertRaises((ValueError, OverflowError)):
                    k.ingest(b"score\n9\n", **bad)
            with self.assertRaises(TypeError):
                k.ingest(b"score\n9\n", colour="red")


class Add(unittest.TestCase):
    def test_typed_records(self):
        with kundig.open() as k:
            added = k.add([
                {
                    "source": "crm", "id": 7, "customer": "A", "time": datetime.date(2026, 3, 9),
                    "updated": datetime.datetime(2026, 3, 10, tzinfo=UTC), "kind": "survey",
                    "stage": "Order", "consent": True, "weight": 2, "nps": 9, "text": "gut",
                    "scores": [{"scale": "csat", "value": 4},
                               {"question": "ease", "value": 0.5, "minimum": 0, "maximum": 1}],
                    "attributes": {"plan": "pro", "seats": 12, "trial": False, "none": None},
                },
                {"source": "crm", "id": 8, "customer": "B", "nps": None, "csat": float("nan"),
                 "time": datetime.datetime(2026, 3, 31, 22, 30, tzinfo=UTC)},
            ])
            self.assertEqual(added["records"], 2)
            self.assertEqual(added["added"], 2)
            self.assertEqual(k.measure("nps")["value"], [1.0])
            self.assertEqual(k.measure("csat")["n"], [1])
            self.assertEqual(k.measure("score_mean", question="ease")["value"], [0.5])
            self.assertEqual(count(k, where={"plan": "pro", "trial": False, "seats": (">", 11)}), 1)
            periods = k.measure("count", every="day", zone="Europe/Berlin")["period"]
            self.assertEqual(periods, ["2026-03-09", "2026-04-01"])
            again = k.add([{"source": "crm", "id": 8, "customer": "B",
                            "time": datetime.datetime(2026, 3, 31, 22, 30, tzinfo=UTC)}])
            self.assertEqual(again["unchanged"], 1)

    def test_customers_and_events(self):
        with kundig.open() as k:
            self.assertEqual(k.customers([
                {"id": "A", "churned": True, "basket": 12.5, "orders": 3, "segment": "gold",
                 "since": datetime.date(2020, 1, 1), "attributes": {"city": "Köln"}},
            ])["added"], 1)
            self.assertEqual(k.events([
                {"id": 1, "kind": "case_opened", "customer": "A", "case": "c1",
                 "time": datetime.datetime(2026, 1, 1, tzinfo=UTC), "value": 3},
            ])["added"], 1)

    def test_what_is_refused_names_the_record(self):
        bad = [
            ({"nps": 9, "colour": "red"}, ValueError, "record 1: there is no field 'colour'"),
            ({"nps": 9, 5: "red"}, ValueError, "record 1: there is no field 5"),
            ({"nps": "nine"}, (TypeError, ValueError), "record 1, scores"),
            ({"kind": "letter"}, ValueError, "record 1, 'kind'"),
            ({"consent": "yes"}, TypeError, "record 1, 'consent'"),
            ({"time": "2026-01-01"}, TypeError, "record 1, 'time'"),
            ({"time": True}, TypeError, "record 1, 'time'"),
            ({"attributes": [1]}, TypeError, "record 1, 'attributes'"),
            ({"scores": [{"scale": "nps", "worth": 9}]}, ValueError, "record 1, scores"),
            ({"scores": [9]}, TypeError, "record 1, scores"),
            ({"weight": "much"}, (TypeError, ValueError), "record 1, 'weight'"),
            ({"time": 1 << 80}, (OverflowError, ValueError), "record 1, 'time'"),
            (5, TypeError, "record 1 is not a dict"),
        ]
        with kundig.open() as k:
            for record, kind, words in bad:
                with self.subTest(record=record), self.assertRaisesRegex(kind, words):
                    k.add([{"nps": 9}, record])
            self.assertEqual(count(k), 0)

    def test_a_score_off_its_scale_refuses_all(self):
        with kundig.open() as k:
            with self.assertRaises(kundig.Error) as caught:
                k.add([{"nps": 9}, {"nps": 11}])
            self.assertEqual(caught.exception.name, "E_VALUE")
            self.assertEqual(caught.exception.position, 1)
            self.assertEqual(count(k), 0)


class Where(unittest.TestCase):
    def setUp(self):
        self.k = corpus()
        self.addCleanup(self.k.close)

    def test_every_form_of_a_condition(self):
        forms = {
            2: ["stage = Order", {"stage": "Order"}, {"stage": ["Order"]}, {"stage": ("=", "Order")},
                {"score": (">=", 9)}, {"score": ("between", 9, 10)},
                {"time": "2026-01"}, {"time": datetime.date(2026, 1, 5)} and {"time": ("<", "2026-02")},
                {"time": ("between", datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))},
                kundig.none_of({"stage": None}, {"stage": "Use"}),
                {"stage": ["Use", None]}, {"stage": ("in", ["Use", None])},
                {"stage": ("not in", ["Order"])}, {"time": (">=", datetime.datetime(2026, 2, 1))},
                {"time": (">=", datetime.datetime(2026, 2, 1, tzinfo=UTC))}],
            1: [{"text": ("contains", "LATE")}, {"stage": None}, {"stage": ("missing",)},
                {"stage": "Order", "score": (">", 8)}, ["stage = Order", {"score": 9}],
                {"score": 9}, {"score": 9.0}, {"score": decimal.Decimal(9)},
                kundig.all_of("stage = Order", "score = 3")],
            3: [{"stage": ("not missing",)}, {"stage": ("!=", None)}, {"stage": {"Order", "Use"}},
                kundig.any_of({"stage": "Use"}, {"stage": "Order"}), {"score": range(8, 11)}],
            4: [None, {}, [], [None, {}]],
            0: [{"stage": "order"}, {"score": 7}],
        }
        for wanted, conditions in forms.items():
            for where in conditions:
                with self.subTest(where=where):
                    self.assertEqual(count(self.k, where=where), wanted)

    def test_what_is_no_condition_is_refused(self):
        for where in (5, {"stage": ("like", "x")}, {"stage": ("Order", "Use")}, {1: 2},
                      kundig.any_of(), kundig.none_of(None), {"score": ("=", (1, 2))},
                      {"stage": (5,)}, {"stage": b"x"}, {"stage": {"a": 1}}):
            with self.subTest(where=where), self.assertRaises((TypeError, ValueError)):
                self.k.measure("count", where=where)

    def test_a_quote_is_a_value_and_no_syntax(self):
        self.assertEqual(count(self.k, where={"stage": "Order' or stage = 'Use"}), 0)

    def test_a_syntax_error_has_a_position(self):
        with self.assertRaises(kundig.Error) as caught:
            self.k.measure("nps", where="stage = Order and")
        self.assertEqual(caught.exception.name, "E_FORMAT")
        self.assertEqual(caught.exception.position, 17)

    def test_large_integers_stay_themselves(self):
        with kundig.open() as k:
            k.ingest([{"score": 9, "agent": 9007199254740993}, {"score": 9, "agent": 9007199254740992}],
                     map="nps=score,agent=agent")
            self.assertEqual(count(k, where={"agent": 9007199254740993}), 1)


class Tables(unittest.TestCase):
    def setUp(self):
        with corpus() as k:
            self.table = k.measure("nps", by="stage")

    def test_a_table_outlives_its_corpus_and_is_a_sequence(self):
        table = self.table
        self.assertEqual(len(table), 3)
        self.assertEqual(table["stage"], [None, "Order", "Use"])
        self.assertEqual(table[1]["value"], 0.0)
        self.assertEqual(table[-1]["stage"], "Use")
        self.assertEqual([row["n"] for row in table], [1, 2, 1])
        self.assertEqual(table[1:][0], table[1])
        self.assertEqual(table.rows[2][0], "Use")
        self.assertEqual(table.to_dicts(), list(table))
        self.assertEqual(table.to_columns()["n"], [1, 2, 1])
        self.assertEqual(table.types["n"], "int")
        self.assertEqual(table.units["value"], "score")
        self.assertIsInstance(table.notes, tuple)
        with self.assertRaises(IndexError):
            table[3]
        with self.assertRaisesRegex(KeyError, "no column 'price'"):
            table["price"]

    def test_json_and_csv_say_the_same(self):
        read = json.loads(self.table.to_json())
        self.assertEqual(read["rows"], self.table.to_dicts())
        self.assertEqual(self.table.to_csv().split("\r\n")[0], ",".join(self.table.columns))

    def test_pages_are_for_people(self):
        self.assertIn("stage", repr(self.table))
        self.assertNotIn("\x1b", repr(self.table))
        with kundig.open() as k:
            k.ingest([{"score": 9, "stage": "<script>"}], map="nps=score,stage=stage")
            html = k.measure("nps", by="stage")._repr_html_()
        self.assertIn("&lt;script&gt;", html)
        self.assertNotIn("<script>", html)

    def test_pandas_is_asked_only_when_wanted(self):
        self.assertNotIn("pandas", sys.modules)
        made = {}
        fake = types.ModuleType("pandas")
        fake.Series = lambda values, dtype: (values, dtype)

        class DataFrame:
            def __init__(self, columns):
                made.update(columns)
                self.attrs = {}

        fake.DataFrame = DataFrame
        with mock.patch.dict(sys.modules, {"pandas": fake}):
            frame = self.table.to_pandas()
        self.assertEqual(made["n"], ([1, 2, 1], "Int64"))
        self.assertEqual(made["stage"], ([None, "Order", "Use"], "object"))
        self.assertEqual(frame.attrs["notes"], list(self.table.notes))


class Questions(unittest.TestCase):
    def test_compare(self):
        with corpus() as k:
            table = k.compare("nps", {"stage": "Order"}, {"stage": "Use"})
            self.assertEqual(table["difference"], [1.0])
            with self.assertRaises(ValueError):
                k.compare("nps", None, {"stage": "Use"})

    def test_comments_fields_conflicts(self):
        with corpus() as k:
            self.assertEqual(k.comments({"stage": "Order"})["text"], ["late", "good"])
            self.assertEqual(len(k.comments(limit=1)), 1)
            self.assertIn("stage", k.fields()["field"])
            self.assertEqual(len(k.conflicts()), 0)
            with self.assertRaises(ValueError):
                k.comments(limit=-1)

    def test_a_page_and_its_json(self):
        with kundig.open() as k:
            report = k.ingest(ROWS, map=MAP)
            page = k.analyze(report, title="feedback", width=80)
            self.assertIn("feedback", page)
            self.assertTrue(json.loads(k.analyze(report, format="json"))["sections"])
            with self.assertRaises((TypeError, AttributeError)):
                k.analyze("report")

    def test_states_travel(self):
        with corpus(ROWS[:2], source="a") as a, corpus(ROWS[2:], source="b") as b, kundig.open() as c:
            c.ingest(ROWS[:2], map=MAP, source="a")
            c.ingest(ROWS[2:], map=MAP, source="b")
            first, second = a.state("nps", by="stage"), b.state("nps", by="stage")
            whole = c.measure("nps", by="stage")
        carried = pickle.loads(pickle.dumps(second))
        before = bytes(first)
        self.assertIs(first.merge(carried), first)
        self.assertEqual(first.finish().to_json(), whole.to_json())
        self.assertEqual(bytes(first.subtract(second)), before)
        self.assertEqual(bytes(kundig.State.from_bytes(before)), before)

    def test_states_of_other_questions_do_not_merge(self):
        with corpus() as k:
            state = k.state("nps")
            before = bytes(state)
            with self.assertRaises(kundig.Error) as caught:
                state.merge(k.state("nps", by="stage"))
            self.assertEqual(caught.exception.name, "E_VERSION")
            self.assertEqual(bytes(state), before)

    def test_bytes_that_are_no_state_are_refused(self):
        with corpus() as k:
            good = bytes(k.state("nps", by="stage"))
        for bad in (b"", b"kundig", good[:-1], good + b"\0", bytes(len(good))):
            with self.assertRaises(kundig.Error) as caught:
                kundig.State.from_bytes(bad)
            self.assertIn(caught.exception.name, ("E_FORMAT", "E_VERSION"))

    def test_metrics_and_versions(self):
        self.assertIn("nps", kundig.metrics()["metric"])
        self.assertEqual(kundig.versions()["library"], kundig.__version__)

    def test_names_of_options_are_checked(self):
        with corpus() as k:
            for bad in ({"every": "fortnight"}, {"of": "households"}, {"interval": "exact"},
                        {"min_n": -1}):
                with self.subTest(bad=bad), self.assertRaises((ValueError, OverflowError)):
                    k.measure("nps", **bad)
            with self.assertRaises(kundig.Error) as caught:
                k.measure("nps", level=2)
            self.assertEqual(caught.exception.name, "E_ARG")
            with self.assertRaises(kundig.Error) as caught:
                k.measure("nsp")
            self.assertEqual(caught.exception.name, "E_NOT_FOUND")

    def test_as_of(self):
        with corpus() as k:
            self.assertEqual(count(k, as_of=datetime.datetime(2026, 1, 31, tzinfo=UTC)), 2)

    def test_zones_may_be_given_as_bytes(self):
        path = pathlib.Path("/usr/share/zoneinfo/Europe/Berlin")
        if not path.exists():
            self.skipTest("no zone files here")
        with tempfile.TemporaryDirectory() as empty, kundig.open(zone_directory=empty) as k:
            k.add([{"id": "1", "nps": 9, "time": datetime.datetime(2026, 1, 31, 23, 30, tzinfo=UTC)}])
            with self.assertRaises(kundig.Error):
                k.measure("nps", every="month", zone="Europe/Berlin")
            k.add_zone("Europe/Berlin", path.read_bytes())
            self.assertEqual(k.measure("nps", every="month", zone="Europe/Berlin")["period"], ["2026-02"])


class Handles(unittest.TestCase):
    def test_a_closed_corpus_is_refused(self):
        k = corpus()
        k.close()
        k.close()
        self.assertTrue(k.closed)
        self.assertIn("closed", repr(k))
        for call in (k.fields, k.conflicts, lambda: k.measure("nps"), lambda: k.ingest(ROWS),
                     lambda: k.add([]), lambda: k.state("nps"), lambda: k.comments()):
            with self.assertRaisesRegex(ValueError, "closed"):
                call()

    def test_a_path_that_cannot_be_is_refused(self):
        with self.assertRaises(kundig.Error) as caught:
            kundig.open("/nowhere/x.kundig")
        self.assertEqual(caught.exception.name, "E_IO")

    def test_a_memory_limit_is_an_error(self):
        with kundig.open(memory_limit=300_000) as k:
            with self.assertRaises(kundig.Error) as caught:
                k.ingest([{"score": 9, "text": "x" * 1000} for _ in range(5000)])
            self.assertEqual(caught.exception.name, "E_LIMIT")
            self.assertEqual(k.measure("count")["value"], [0.0])

    def test_natives_cannot_be_made_by_hand(self):
        for name in ("Corpus", "Table", "Report", "State", "Query"):
            made = {"Corpus": kundig.open()._native, "Table": kundig.metrics()._native}.get(name)
            if made:
                with self.assertRaises(TypeError):
                    type(made)()

    def test_a_corpus_in_a_cycle_is_collected(self):
        gone = []

        class Watch:
            def __del__(self):
                gone.append(True)

        watch = Watch()
        holder = {}

        def progress(done, total, watch=watch):
            return holder.get("k") is None

        holder["k"] = kundig.open(progress=progress)
        del progress, holder, watch
        gc.collect()
        self.assertTrue(gone)


class LongCalls(unittest.TestCase):
    ROWS = b"score,text\n" + b"9,quick and kind and always there\n3,late and late again\n" * 100_000

    def test_progress_is_told_and_may_cancel(self):
        seen = []
        with kundig.open(progress=lambda done, total: seen.append((done, total))) as k:
            k.ingest(self.ROWS)
            self.assertTrue(seen)
            self.assertTrue(all(done <= total for done, total in seen if total))
        with kundig.open(progress=lambda done, total: True) as k:
            with self.assertRaises(kundig.Error) as caught:
                k.ingest(self.ROWS)
            self.assertEqual(caught.exception.name, "E_CANCELLED")
            with self.assertRaises(kundig.Error):
                k.measure("count")

    def test_what_progress_raises_goes_on(self):
        armed = [True]

        def progress(done, total):
            if armed[0]:
                raise LookupError("from progress")

        with kundig.open(progress=progress) as k:
            with self.assertRaisesRegex(LookupError, "from progress"):
                k.ingest(self.ROWS)
            armed[0] = False
            self.assertEqual(count(k), 0)

    def test_progress_must_not_call_the_corpus(self):
        caught = []

        def progress(done, total):
            try:
                k.measure("count")
            except kundig.Error as error:
                caught.append(error.name)

        k = kundig.open(progress=progress)
        k.ingest(self.ROWS)
        self.assertEqual(set(caught), {"E_BUSY"})

    def test_ctrl_c_stops_a_long_call_and_leaves_nothing(self):
        with kundig.open() as k:
            timer = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            try:
                with self.assertRaises(KeyboardInterrupt):
                    for _ in range(200):
                        k.ingest(self.ROWS, source=str(time.monotonic()))
            finally:
                timer.join()
            self.assertEqual(count(k) % 200_000, 0)

    def test_other_threads_run_meanwhile(self):
        ticks = []
        done = threading.Event()

        def tick():
            while not done.is_set():
                ticks.append(time.monotonic())
                time.sleep(0.001)

        thread = threading.Thread(target=tick)
        thread.start()
        try:
            with kundig.open() as k:
                begin = time.monotonic()
                k.ingest(self.ROWS)
                end = time.monotonic()
        finally:
            done.set()
            thread.join()
        self.assertGreater(sum(begin < tick < end for tick in ticks), 3)

    def test_a_second_thread_waits(self):
        with kundig.open() as k:
            failures = []

            def work(number):
                try:
                    for turn in range(20):
                        k.add([{"source": "t", "id": f"{number}-{turn}", "nps": turn % 11}])
                        k.measure("nps", by="source")
                except BaseException as error:  # noqa: BLE001 - told by the test
                    failures.append(error)

            threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
            threads.append(threading.Thread(target=lambda: k.ingest(self.ROWS)))
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(failures, [])
            self.assertEqual(count(k, where={"source": "t"}), 160)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_a_forked_child_is_refused_and_does_not_hang(self):
        k = corpus()
        inside = threading.Event()
        go_on = threading.Event()

        def progress(done, total):
            inside.set()
            go_on.wait(10)

        busy = kundig.open(progress=progress)
        thread = threading.Thread(target=busy.ingest, args=(self.ROWS,))
        thread.start()
        inside.wait(10)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                refused = 0
                for handle in (k, busy):
                    try:
                        handle.measure("count")
                    except kundig.Error as error:
                        refused += error.name == "E_FORK"
                code = 0 if refused == 2 else 1
            finally:
                os._exit(code)
        go_on.set()
        thread.join()
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual(count(k), 4)


OWN = """theme parcel: Parcels
topic slow: Slow parcels
en: late, took .. weeks
de: ~Verzögerung
parts de: Liefer
"""
TOLD = "Call Ms Novak on 020 7946 0018"


class Models(unittest.TestCase):
    def test_the_ready_one_is_the_one_that_can_be_had_as_text(self):
        ready = kundig.Model()
        self.assertGreater(len(ready.topics()), 40)
        self.assertIn("delay", ready.topics()["topic"])
        self.assertEqual(bytes(kundig.Model(kundig.ready_taxonomy())), bytes(ready))
        self.assertIn("topics", repr(ready))

    def test_text_bytes_file_and_dict_make_the_same_topics(self):
        written = {"themes": [{"name": "parcel", "title": "Parcels", "topics": [{
            "name": "slow", "title": "Slow parcels",
            "match": {"en": ["late", "took .. weeks"], "de": ["~Verzögerung"]}}]}],
            "parts": {"de": ["Liefer"]}}
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "own.txt"
            path.write_text(OWN, encoding="utf-8")
            models = [kundig.Model(OWN), kundig.Model(OWN.encode()), kundig.Model(written),
                      kundig.Model.from_file(path), kundig.Model.from_file(str(path))]
        self.assertEqual(len({model.topics().to_json() for model in models}), 1)
        for model in models:
            self.assertEqual(model.read("Lieferverzögerung")["found"], ["verzögerung"])

    def test_offsets_count_bytes(self):
        text = "👩‍👩‍👧 Ärger: die Lieferverzögerung"
        row = kundig.Model(OWN).read(text)[0]
        self.assertEqual(text.encode()[row["start"]:row["end"]].decode(), "verzögerung")
        self.assertEqual((row["topic"], row["rule"], row["line"]), ("slow", "~Verzögerung", 4))
        self.assertEqual(len(kundig.Model(OWN).read("")), 0)
        self.assertEqual(len(kundig.Model(OWN).read(b"\xff late \xff")), 1)

    def test_languages_of_a_text_and_its_sentences(self):
        text = "Das ist leider viel zu teuer. But the staff was very friendly."
        table = kundig.Model(OWN).languages(text)
        self.assertEqual(table["part"], ["comment", "sentence", "sentence"])
        self.assertEqual(table["language"][1:], ["de", "en"])
        self.assertTrue(table["mixed"][0])

    def test_bytes_and_pickle_carry_it(self):
        model = kundig.Model(OWN)
        for copy in (kundig.Model.from_bytes(bytes(model)), pickle.loads(pickle.dumps(model)),
                     kundig.Model.from_bytes(bytearray(bytes(model)))):
            self.assertEqual(bytes(copy), bytes(model))
            self.assertEqual(copy.read("late").to_json(), model.read("late").to_json())
        data = bytes(model)
        for broken in (b"", b"no model", data[:-1], data[:40], data[:50] + b"\xff" + data[51:]):
            with self.assertRaises(kundig.Error):
                kundig.Model.from_bytes(broken)

    def test_faults_name_their_place(self):
        with self.assertRaises(kundig.Error) as caught:
            kundig.Model("topic a: A\nen: ~~delay\n")
        self.assertEqual(caught.exception.name, "E_FORMAT")
        self.assertEqual(caught.exception.position, 15)
        self.assertIn("line 2, column 5", str(caught.exception))
        with self.assertRaises(kundig.Error) as caught:
            kundig.Model("")
        self.assertEqual(caught.exception.name, "E_EMPTY")
        for bad in (5, ["late"], True):
            for call in (kundig.Model, kundig.Model().read, kundig.Model.from_bytes, kundig.mask,
                         kundig.personal, kundig.check_taxonomy):
                with self.assertRaises(TypeError):
                    call(bad)
        with self.assertRaises(kundig.Error):
            kundig.Model({"themes": [{"title": "no name"}]})

    def test_taxonomies_are_checked(self):
        self.assertEqual(len(kundig.check_taxonomy(kundig.ready_taxonomy())), 0)
        found = kundig.check_taxonomy("topic a: A\nen: ~~delay\nxx: foo\n")
        self.assertEqual(found["severity"], ["error", "error"])
        self.assertEqual(list(zip(found["line"], found["column"])), [(2, 5), (3, 1)])
        self.assertEqual(kundig.check_taxonomy({"topics": [{"nme": "a"}]})["severity"][0], "error")

    def test_a_corpus_reads_with_the_model_it_was_given(self):
        with kundig.open(model=kundig.Model(OWN)) as k:
            k.ingest([{**row, "text": row["text"] and row["text"].replace(
                "late", "The parcel was late again")} for row in ROWS], map=MAP)
            gc.collect()
            table = k.topics()
            self.assertEqual((table["topic"], table["quote"]), (["slow"], ["The parcel was late again"]))
            self.assertEqual(count(k, where={"topic": "slow"}), 1)
            with self.assertRaises(kundig.Error) as caught:
                k.comments("topic = delay")
            self.assertEqual(caught.exception.name, "E_NOT_FOUND")
            k.set_model(None)
            self.assertEqual(count(k, where={"topic": "delay"}), 1)
            self.assertEqual(len(k.topics({"stage": "Order"}, 1, metric="count")), 1)
            k.set_model(kundig.Model(OWN))
            self.assertEqual(k.measure("share", by="topic", where={"stage": "Order"})["topic"],
                             [None, "slow"])
            marked = k.comments({"topic": "slow"})
            self.assertEqual(marked["evidence"], ["15-19 slow"])
            for bad in ("slow", k):
                with self.assertRaises((TypeError, AttributeError)):
                    k.set_model(bad)

    def test_threads_read_one_model_at_the_same_time(self):
        model = kundig.Model()
        text = "Die Lieferverzögerung ist ärgerlich. The driver was friendly, but late. " * 20
        wanted = model.read(text).to_json(), model.languages(text).to_json()
        failures = []
        start = threading.Barrier(8)

        def work():
            try:
                start.wait(10)
                for _ in range(15):
                    if (model.read(text).to_json(), model.languages(text).to_json()) != wanted:
                        failures.append("another answer")
                with kundig.open(model=model) as k:
                    k.add([{"nps": 3, "text": "late"}])
                    if "delay" not in k.topics()["topic"]:
                        failures.append("no topic")
            except BaseException as error:  # noqa: BLE001 - told by the test
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


class Personal(unittest.TestCase):
    def test_found_and_masked(self):
        found = kundig.personal(TOLD)
        self.assertEqual(found["kind"], ["name", "phone"])
        for row in found:
            self.assertEqual(TOLD.encode()[row["start"]:row["end"]].decode(), row["found"])
        self.assertEqual(kundig.mask(TOLD), "Call Ms [name] on [phone]")
        self.assertEqual(kundig.mask(TOLD, "phone"), "Call Ms Novak on [phone]")
        self.assertEqual(kundig.mask(TOLD, ["name", "e-mail"]), "Call Ms [name] on 020 7946 0018")
        self.assertEqual(len(kundig.personal(TOLD, ["phone"])), 1)
        self.assertEqual(kundig.mask(""), "")

    def test_kinds_that_are_unknown_or_none_are_raised(self):
        for call in (kundig.mask, kundig.personal):
            for bad in ("phones", ["phone", "fax"], [], None, False):
                with self.assertRaises(ValueError):
                    call(TOLD, bad)
        with self.assertRaises(ValueError):
            kundig.open(mask="phones")

    def test_a_masked_corpus_shows_none_of_it(self):
        for mask, wanted in ((True, "Call Ms [name] on [phone]"), (False, TOLD), (None, TOLD),
                             ("phone", "Call Ms Novak on [phone]"), ([], TOLD),
                             (["phone", "name"], "Call Ms [name] on [phone]")):
            with kundig.open(mask=mask) as k:
                report = k.ingest([{"score": 2, "comment": TOLD}, {"score": 99, "comment": TOLD}],
                                  map="nps=score,text=comment")
                self.assertEqual(k.comments()["text"], [wanted], mask)
                self.assertEqual("7946" in report.rejects_csv(), "phone" not in str(wanted), mask)
                if mask is True:
                    for text in (k.analyze(report), k.analyze(report, format="json"),
                                 k.topics().to_csv(), report.rejects.to_json()):
                        self.assertNotIn("7946", text)
                        self.assertNotIn("Novak", text)


class Memory(unittest.TestCase):
    def test_nothing_grows(self):
        def once():
            with kundig.open(progress=lambda done, total: False) as k:
                report = k.ingest(ROWS, map=MAP)
                repr(report)
                table = k.measure("nps", by=["stage"], where={"score": [9, 10, None]}, every="month")
                table.to_dicts(), table.to_json(), table.to_csv(), repr(table)
                k.add([{"nps": 9, "attributes": {"a": 1, "b": "x"}, "scores": [{"scale": "csat", "value": 3}]}])
                k.state("nps", question="nps").merge(k.state("nps", question="nps")).finish()
                for bad in ({"nps": 11}, {"colour": 1}, {"text": [1]}):
                    try:
                        k.add([bad])
                    except (kundig.Error, ValueError, TypeError):
                        pass
                model = kundig.Model(OWN)
                kundig.Model.from_bytes(bytes(model)).read("late").to_dicts()
                k.set_model(model)
                k.topics().to_dicts(), model.languages("late"), kundig.personal(TOLD), kundig.mask(TOLD)
                try:
                    kundig.Model("topic a: A\nen: ~~delay\n")
                except kundig.Error:
                    pass
                try:
                    k.measure("nps", where="score >=")
                except kundig.Error:
                    pass

        for _ in range(3):
            once()
        gc.collect()
        blocks = sys.getallocatedblocks()
        for _ in range(50):
            once()
        gc.collect()
        self.assertLess(sys.getallocatedblocks() - blocks, 50)


if __name__ == "__main__":
    unittest.main()
