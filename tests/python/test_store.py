"""Stores through the Python binding: kept, shared, forgotten, checked; and reporting mode."""

import datetime
import gc
import multiprocessing
import os
import pathlib
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import unittest

import kundig

UTC = datetime.timezone.utc
KEY = bytes(range(32))
NOW = datetime.datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
FEEDBACK = [
    {"source": "crm", "id": 1, "customer": "Anna Novak", "nps": 9, "stage": "Order",
     "text": "Alles gut, die Verspätung war klein", "time": datetime.date(2026, 1, 5)},
    {"source": "crm", "id": 2, "customer": "Anna Novak", "nps": 2, "stage": "Use",
     "text": "Zu spät geliefert", "time": datetime.date(2026, 1, 6), "purpose": "care"},
    {"source": "crm", "id": 3, "customer": "Ben", "nps": 10, "stage": "Order",
     "text": "fast and friendly", "time": datetime.date(2026, 2, 7), "purpose": "care"},
    {"source": "crm", "id": 4, "customer": "A. Novak", "nps": 8, "stage": "Use",
     "time": datetime.date(2026, 2, 8)},
]
COUNTS = ("records", "versions", "customers", "events", "labels", "links", "consents")


def count(k, **question):
    return k.measure("count", **question)["value"][0]


def counts(receipt):
    return tuple(receipt[0][name] for name in COUNTS)


def refused(case, name, call, *arguments, **options):
    with case.assertRaises(kundig.Error) as caught:
        call(*arguments, **options)
    case.assertEqual(caught.exception.name, name, caught.exception)
    return str(caught.exception)


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="kundig-store-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "feedback.kundig"

    def store(self, **options):
        k = kundig.open(self.path, **options)
        self.addCleanup(k.close)
        k.add(FEEDBACK)
        return k

    def holds(self, words):
        """Whether the bytes stand in any file of the store, in any case of ASCII letters."""
        return any(words.lower() in path.read_bytes().lower()
                   for path in self.folder.glob("feedback.kundig*"))


class Keeping(InFolder):
    def test_facts_outlive_the_handle(self):
        self.assertFalse(kundig.is_store(self.path))
        with kundig.open(self.path) as k:
            k.ingest([{"nps": 9, "stage": "Order"}, {"nps": 3, "stage": "Use"}], source="s")
            k.add(FEEDBACK)
            wanted, named = k.measure("nps", by="stage").to_json(), k.facts_hash()
        self.assertTrue(kundig.is_store(self.path))
        self.assertTrue(kundig.is_store(str(self.path)))
        self.assertTrue(kundig.is_store(os.fsencode(self.path)))
        for path in (self.path, str(self.path), os.fsencode(self.path)):
            with kundig.open(path, access="read") as k:
                self.assertEqual(k.measure("nps", by="stage").to_json(), wanted)
                self.assertEqual(k.facts_hash(), named)
        self.assertEqual(len(named), 32)
        self.assertIsInstance(kundig.versions()["store"], str)

    def test_a_store_and_memory_have_one_name(self):
        k = self.store()
        with kundig.open() as memory:
            memory.add(reversed(FEEDBACK))
            self.assertEqual(memory.facts_hash(), k.facts_hash())
            memory.add([{"nps": 9}])
            self.assertNotEqual(memory.facts_hash(), k.facts_hash())

    def test_reading_again_changes_nothing(self):
        self.store().close()
        with kundig.open(self.path) as k:
            added = k.add(FEEDBACK)
            self.assertEqual((added["added"], added["unchanged"]), (0, 4))

    def test_access_is_kept_to(self):
        refused(self, "E_NOT_FOUND", kundig.open, self.path, access="write")
        refused(self, "E_NOT_FOUND", kundig.open, self.path, access="read")
        self.assertEqual(list(self.folder.iterdir()), [])
        self.store().close()
        with kundig.open(self.path, access="read") as k:
            for call in (lambda: k.add([{"nps": 1}]), lambda: k.erase("Ben"), lambda: k.compact(),
                         lambda: k.links([{"customer": "a", "same_as": "b"}]),
                         lambda: k.pin_model(kundig.Model()), lambda: k.save_cache()):
                refused(self, "E_MODE", call)
            self.assertEqual(count(k), 4)
        with kundig.open(self.path, access="write") as k:
            k.add([{"nps": 1}])
            self.assertEqual(count(k), 5)

    def test_what_is_no_store_is_refused_and_left_alone(self):
        self.path.write_bytes(b"score,text\n9,good\n" * 100)
        refused(self, "E_FORMAT", kundig.open, self.path)
        self.assertEqual(self.path.read_bytes(), b"score,text\n9,good\n" * 100)
        self.path.unlink()
        with sqlite3.connect(self.path) as other:
            other.execute("create table t (x)")
        other.close()
        refused(self, "E_FORMAT", kundig.open, self.path)
        refused(self, "E_IO", kundig.open, self.folder / "nowhere" / "f.kundig")
        refused(self, "E_IO", kundig.open, self.folder)

    def test_options_are_checked(self):
        for bad in ({"access": "append"}, {"busy_seconds": -1}, {"report_k": -1},
                    {"report_k": 1 << 32}, {"report_every": "fortnight"},
                    {"report_comments": -1}):
            with self.subTest(bad=bad), self.assertRaises(ValueError):
                kundig.open(self.path, **bad)
        with self.assertRaises(TypeError):
            kundig.open(self.path, report_fields=[5])
        self.assertFalse(self.path.exists())

    def test_anyone_may_read_it_with_sql(self):
        k = self.store()
        with sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True) as reader:
            rows = reader.execute("select customer, text from feedback order by id").fetchall()
        reader.close()
        self.assertEqual(rows[2], ("Ben", "fast and friendly"))
        self.assertEqual(count(k), 4)

    def test_nothing_is_lost_when_the_handle_is_forgotten(self):
        k = kundig.open(self.path)
        k.add(FEEDBACK)
        del k
        gc.collect()
        with kundig.open(self.path) as again:
            self.assertEqual(count(again), 4)

    def test_a_killed_process_loses_nothing_that_was_acknowledged(self):
        child = os.fork()
        if child == 0:
            k = kundig.open(self.path)
            k.add(FEEDBACK)
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        with kundig.open(self.path) as k:
            self.assertEqual(count(k), 4)
        self.assertEqual([row for row in kundig.verify(self.path) if row["severity"] == "error"], [])

    def test_a_cancelled_call_leaves_nothing(self):
        rows = b"score,text\n" + b"9,quick and kind\n3,late\n" * 100_000
        with kundig.open(self.path, progress=lambda done, total: True) as k:
            refused(self, "E_CANCELLED", k.ingest, rows)
        with kundig.open(self.path) as k:
            self.assertEqual(count(k), 0)

    def test_a_cache_and_a_compaction_change_no_answer(self):
        k = self.store()
        k.erase("Ben")
        wanted, named = k.measure("nps", by="stage").to_json(), k.facts_hash()
        for call in (k.save_cache, k.compact, k.save_cache):
            call()
            self.assertEqual(k.measure("nps", by="stage").to_json(), wanted)
            with kundig.open(self.path, access="read") as again:
                self.assertEqual(again.measure("nps", by="stage").to_json(), wanted)
                self.assertEqual(again.facts_hash(), named)
        with kundig.open() as memory:
            refused(self, "E_ARG", memory.save_cache)
            refused(self, "E_ARG", memory.compact)

    def test_a_pinned_model_is_kept(self):
        own = kundig.Model("topic slow: Slow\nany: fast, spät\n")
        k = self.store()
        before = k.facts_hash()
        k.pin_model(own)
        self.assertNotEqual(k.facts_hash(), before)
        self.assertEqual(k.topics()["topic"], ["slow"])
        k.close()
        with kundig.open(self.path) as k:
            self.assertEqual(k.topics()["topic"], ["slow"])
            k.set_model(kundig.Model())
            self.assertNotIn("slow", k.topics()["topic"])
            k.set_model(None)
            self.assertEqual(k.topics()["topic"], ["slow"])
            k.pin_model(None)
            self.assertNotIn("slow", k.topics()["topic"])
            self.assertEqual(k.facts_hash(), before)
            with self.assertRaises((TypeError, AttributeError)):
                k.pin_model("slow")


def add_in_child(path, number):
    with kundig.open(path, busy_seconds=60) as k:
        for turn in range(10):
            k.add([{"source": str(number), "id": turn, "nps": turn}])


class Sharing(InFolder):
    def test_a_reader_sees_what_another_handle_wrote(self):
        writer = self.store()
        with kundig.open(self.path, access="read") as reader:
            self.assertEqual(count(reader), 4)
            writer.add([{"nps": 1, "id": 9}])
            self.assertEqual(count(reader), 5)
            writer.erase("Ben")
            self.assertEqual(count(reader), 4)
            self.assertEqual(reader.facts_hash(), writer.facts_hash())

    def test_two_writers_see_each_other(self):
        first = self.store()
        with kundig.open(self.path) as second:
            self.assertEqual(second.add(FEEDBACK)["unchanged"], 4)
            second.add([{"source": "crm", "id": 3, "nps": 4, "updated": 5}])
            self.assertEqual(first.add([{"source": "crm", "id": 3, "nps": 5, "updated": 6}])["versions"], 1)
            self.assertEqual(count(second, where="nps = 5"), 1)

    def test_processes_write_in_turn(self):
        kundig.open(self.path).close()
        spawn = multiprocessing.get_context("spawn")
        children = [spawn.Process(target=add_in_child, args=(self.path, n)) for n in range(4)]
        for child in children:
            child.start()
        for child in children:
            child.join()
            self.assertEqual(child.exitcode, 0)
        with kundig.open(self.path) as k:
            self.assertEqual(count(k), 40)

    def test_a_locked_store_is_a_sentence_after_the_wait(self):
        k = self.store(busy_seconds=0.2)
        lock = sqlite3.connect(self.path, isolation_level=None)
        self.addCleanup(lock.close)
        lock.execute("begin immediate")
        begin = time.monotonic()
        refused(self, "E_BUSY", k.add, [{"nps": 1}])
        self.assertGreater(time.monotonic() - begin, 0.15)
        self.assertEqual(count(k), 4)  # others read meanwhile
        lock.execute("rollback")
        k.add([{"nps": 1}])
        self.assertEqual(count(k), 5)

    def test_other_threads_run_while_one_waits_for_the_lock(self):
        k = self.store(busy_seconds=0.5)
        lock = sqlite3.connect(self.path, isolation_level=None)
        self.addCleanup(lock.close)
        lock.execute("begin immediate")
        failures = []

        def work():
            try:
                k.add([{"nps": 1}])
            except kundig.Error as error:
                failures.append(error.name)

        thread = threading.Thread(target=work)
        thread.start()
        ticks = 0
        while thread.is_alive():
            time.sleep(0.005)
            ticks += 1
        thread.join()
        self.assertEqual(failures, ["E_BUSY"])
        self.assertGreater(ticks, 10)

    def test_a_second_thread_waits(self):
        k = self.store()
        failures = []

        def work(number):
            try:
                for turn in range(5):
                    k.add([{"source": "t", "id": f"{number}-{turn}", "nps": turn}])
                    k.search("spät"), k.facts("labels"), k.facts_hash()
            except BaseException as error:  # noqa: BLE001 - told by the test
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(count(k), 24)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_a_forked_child_is_refused_and_spoils_nothing(self):
        k = self.store()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                refusals = 0
                for call in (lambda: k.measure("count"), lambda: k.add([{"nps": 1}]), k.facts_hash,
                             lambda: k.erase("Ben")):
                    try:
                        call()
                    except kundig.Error as error:
                        refusals += error.name == "E_FORK"
                k.close()
                code = 0 if refusals == 4 else 1
            finally:
                os._exit(code)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        k.add([{"nps": 1}])
        self.assertEqual(count(k), 5)


class People(InFolder):
    def test_links_make_one_person_and_can_be_taken_back(self):
        k = self.store()
        self.assertEqual(k.measure("count")["customers"], [3])
        self.assertEqual(k.links([{"customer": "Anna Novak", "same_as": "A. Novak", "by": "me",
                                   "updated": 1}])["added"], 1)
        self.assertEqual(k.measure("count")["customers"], [2])
        self.assertEqual(k.measure("count", by="customer")["customer"], ["A. Novak", "Ben"])
        k.links([{"customer": "A. Novak", "same_as": "Anna Novak", "holds": False, "updated": 2}])
        self.assertEqual(k.measure("count")["customers"], [3])
        self.assertEqual(len(k.facts("links")), 2)

    def test_consents_leave_records_out_and_can_be_given_again(self):
        k = self.store()
        self.assertEqual(count(k, purpose="care"), 4)
        k.consents([{"customer": "Ben", "purpose": "care", "consent": False, "updated": NOW,
                     "disclosure": "2026"}])
        table = k.measure("count", purpose="care")
        self.assertEqual(table["value"], [3])
        self.assertTrue(table.notes)
        self.assertEqual(count(k, purpose="research"), count(k, purpose="research"))
        k.consents([{"customer": "Ben", "consent": True, "purpose": "care",
                     "updated": NOW + datetime.timedelta(1)}])
        self.assertEqual(count(k, purpose="care"), 4)

    def test_labels_are_kept_as_given(self):
        k = self.store()
        added = k.labels([
            {"source": "crm", "id": 1, "topic": "delay", "by": "anna", "updated": NOW},
            {"source": "crm", "id": 1, "topic": "price", "by": "anna", "holds": False},
            {"source": "crm", "id": 77, "topic": "delay", "holds": None},
        ])
        self.assertEqual(added["added"], 3)
        table = k.facts("labels")
        self.assertEqual(len(table), 3)
        self.assertEqual(set(table["topic"]), {"delay", "price"})

    def test_facts_of_every_kind_are_tables(self):
        k = self.store()
        k.customers([{"id": "Ben", "segment": "gold"}])
        k.events([{"id": 1, "kind": "purchase", "customer": "Ben", "time": NOW}])
        k.labels([{"source": "crm", "id": 1, "topic": "delay"}])
        k.links([{"customer": "Anna Novak", "same_as": "A. Novak"}])
        k.consents([{"customer": "Ben", "consent": True}])
        k.retention([{"purpose": "care", "days": 30}])
        for which, rows in (("feedback", 4), ("customers", 1), ("events", 1), ("labels", 1),
                            ("links", 1), ("consents", 1), ("retention", 1)):
            self.assertEqual(len(k.facts(which)), rows, which)
        self.assertEqual(len(k.facts()), 4)
        self.assertEqual(len(k.facts("feedback", {"stage": "Order"})), 2)
        refused(self, "E_ARG", k.facts, "labels", {"topic": "delay"})
        with self.assertRaises(ValueError):
            k.facts("people")
        told = k.facts()
        with kundig.open() as again, kundig.open() as typed:
            again.ingest(told.to_csv().encode(), map=told.notes[0].removeprefix("map: "))
            typed.add(FEEDBACK)
            self.assertEqual(again.facts_hash(), typed.facts_hash())

    def test_what_is_refused_names_the_record(self):
        k = self.store()
        for call, record, kind, words in (
            (k.labels, {"id": 1, "topic": "a", "holds": "yes"}, TypeError, "record 0, 'holds'"),
            (k.labels, {"id": 1, "nps": 1}, ValueError, r"record 0: there is no field 'nps'; see .*labels"),
            (k.links, {"customer": "a", "same": "b"}, ValueError, r"no field 'same'; see .*links"),
            (k.consents, {"customer": "a", "consent": 1}, TypeError, "record 0, 'consent'"),
            (k.retention, {"days": "ten"}, TypeError, "record 0, 'days'"),
            (k.retention, {"days": True}, TypeError, "record 0, 'days'"),
            (k.retention, {"days": 1 << 80}, (ValueError, OverflowError), "record 0, 'days'"),
        ):
            with self.subTest(record=record), self.assertRaisesRegex(kind, words):
                call([record])
        named = k.facts_hash()
        for call, record in (
            (k.labels, {"id": 1}), (k.labels, {"topic": "a"}), (k.links, {"customer": "a"}),
            (k.links, {"customer": "a", "same_as": "a"}), (k.consents, {"customer": "a"}),
            (k.consents, {"consent": True}), (k.retention, {"purpose": "care"}),
            (k.retention, {"days": -2}), (k.retention, {"days": 1 << 40}),
        ):
            with self.subTest(record=record), self.assertRaises(kundig.Error) as caught:
                call([record])
            self.assertIn(caught.exception.name, ("E_ARG", "E_VALUE"))
        self.assertEqual(k.facts_hash(), named)


class Search(InFolder):
    def test_words_are_found_and_marked(self):
        k = self.store()
        found = k.search("verspaet*")
        self.assertEqual(found["id"], ["1"])
        text = found["text"][0].encode()
        begin, end = map(int, found["evidence"][0].split(";")[0].split("-"))
        self.assertEqual(text[begin:end].decode(), "Verspätung")
        self.assertEqual(k.search('"zu spaet"')["id"], ["2"])
        self.assertEqual(k.search("FRIENDLY fast")["id"], ["3"])
        self.assertEqual(len(k.search("friendly slow")), 0)
        self.assertEqual(len(k.search("fast", {"stage": "Use"})), 0)
        self.assertEqual(len(k.search("g*", limit=1)), 1)
        refused(self, "E_EMPTY", k.search, "  ")
        refused(self, "E_FORMAT", k.search, 'zu "spät')
        with self.assertRaises(ValueError):
            k.search("fast", limit=-1)
        with self.assertRaises(TypeError):
            k.search(5)
        self.assertEqual(k.search("fast", as_of=datetime.date(2026, 1, 31)).rows, [])


class Forgetting(InFolder):
    def fill(self, k):
        k.customers([{"id": "Anna Novak", "segment": "gold-novak"}])
        k.events([{"id": "e-novak", "kind": "purchase", "customer": "Anna Novak", "time": NOW}])
        k.labels([{"source": "crm", "id": 1, "topic": "delay-of-novak"}])
        k.links([{"customer": "Anna Novak", "same_as": "A. Novak"}])
        k.consents([{"customer": "A. Novak", "consent": True, "disclosure": "for-novak"}])

    def test_a_customer_is_gone_under_all_names(self):
        k = self.store()
        with kundig.open() as without:
            without.add([FEEDBACK[2]])
            wanted = without.facts_hash()
        self.fill(k)
        k.save_cache()
        receipt = k.erase(customer="Anna Novak", time=NOW)
        self.assertEqual(counts(receipt), (3, 3, 1, 1, 1, 1, 1))
        row = receipt[0]
        self.assertEqual((row["action"], row["status"], row["subject"]), ("erase", "done", None))
        self.assertTrue(row["time"].startswith("2026-03-09T12:30"))
        self.assertEqual((row["after"], k.facts_hash()), (wanted, wanted))
        self.assertEqual(count(k), 1)
        for words in (b"novak", "Verspätung".encode(), b"geliefert"):
            self.assertFalse(self.holds(words), words)
        self.assertTrue(self.holds(b"friendly"))
        self.assertEqual(k.audit().rows, receipt.rows)
        k.close()
        with kundig.open(self.path) as again:
            self.assertEqual(again.facts_hash(), wanted)
            self.assertEqual(again.audit().to_json(), receipt.to_json())

    def test_a_record_is_gone_alone(self):
        k = self.store()
        k.labels([{"source": "crm", "id": 2, "topic": "delay"}])
        self.assertEqual(counts(k.erase(source="crm", id=2)), (1, 1, 0, 0, 1, 0, 0))
        self.assertFalse(self.holds(b"geliefert"))
        self.assertEqual(k.facts()["id"], ["1", "3", "4"])

    def test_whom_nobody_knows_is_no_error(self):
        k = self.store()
        receipt = k.erase("Zoe")
        self.assertEqual(counts(receipt), (0,) * 7)
        self.assertEqual(receipt["before"], receipt["after"])
        self.assertIsNone(receipt["time"][0])

    def test_what_is_no_one_is_refused(self):
        k = self.store()
        for bad in ({}, {"source": "crm"}, {"customer": "Ben", "id": 3}):
            with self.subTest(bad=bad):
                refused(self, "E_ARG", k.erase, **bad)
        for bad in ({"customer": "Ben", "time": "2026"}, {"customer": ["Ben"]},
                    {"customer": b"Ben"}, {"customer": "Ben", "time": 1.5}):
            with self.subTest(bad=bad), self.assertRaises(TypeError):
                k.erase(**bad)
        self.assertEqual(count(k), 4)

    def test_memory_forgets_too(self):
        with kundig.open() as k, kundig.open() as without:
            k.add(FEEDBACK)
            without.add(FEEDBACK[2:3])
            self.fill(k)
            self.assertEqual(counts(k.erase("A. Novak")), (3, 3, 1, 1, 1, 1, 1))
            self.assertEqual(k.facts_hash(), without.facts_hash())
            self.assertEqual(len(k.audit()), 0)

    def test_a_reader_makes_it_pending_and_the_next_call_finishes(self):
        k = self.store()
        reader = sqlite3.connect(self.path, isolation_level=None)
        self.addCleanup(reader.close)
        reader.execute("begin")
        reader.execute("select count(*) from feedback").fetchone()
        receipt = k.erase("Anna Novak")
        self.assertEqual(receipt["status"], ["pending"])
        self.assertEqual(count(k), 2)
        reader.execute("rollback")
        k.add([{"source": "x", "id": 1, "nps": 1}])
        self.assertEqual(k.audit()["status"], ["done"])
        self.assertFalse(self.holds(b"geliefert"))

    def test_time_that_is_over(self):
        k = self.store()
        k.retention([{"purpose": "care", "days": 45}, {"days": -1}])
        receipt = k.expire(datetime.datetime(2026, 3, 9, tzinfo=UTC))
        self.assertEqual(receipt["action"], ["expire"])
        self.assertEqual(receipt["records"], [1])
        self.assertEqual(k.facts()["id"], ["1", "3", "4"])
        for bad in (None, "2026-03-09", float("nan")):
            with self.subTest(bad=bad), self.assertRaises(TypeError):
                k.expire(bad)

    def test_stores_are_pooled(self):
        k = self.store()
        other = self.folder / "other.kundig"
        with kundig.open(other) as second, kundig.open() as both:
            second.add(FEEDBACK[:2] + [{"source": "shop", "id": 1, "nps": 5, "customer": "Cara"}])
            both.add(FEEDBACK + [{"source": "shop", "id": 1, "nps": 5, "customer": "Cara"}])
            wanted = both.facts_hash()
        before = other.read_bytes()
        receipt = k.merge(other, time=NOW)
        self.assertEqual(receipt["action"], ["merge"])
        self.assertEqual(receipt["records"], [1])
        self.assertEqual(k.facts_hash(), wanted)
        self.assertEqual(other.read_bytes(), before)
        self.assertEqual(k.merge(str(other))["versions"], [0])
        self.assertEqual(k.audit()["action"], ["merge", "merge"])
        with kundig.open() as memory:
            memory.merge(other)
            self.assertEqual(count(memory), 3)
            refused(self, "E_NOT_FOUND", memory.merge, self.folder / "none.kundig")
        refused(self, "E_NOT_FOUND", k.merge, self.folder / "none.kundig")


class Pseudonyms(InFolder):
    OPTIONS = {"pseudonym_key": KEY, "pseudonyms": True}

    def test_names_stand_in_no_file(self):
        k = self.store(**self.OPTIONS)
        hidden = k.pseudonym("Anna Novak")
        self.assertRegex(hidden, "^[0-9a-f]{32}$")
        self.assertFalse(self.holds(b"Novak"))
        self.assertEqual(count(k, where={"customer": hidden}), 2)
        self.assertEqual(count(k, where={"customer": "Anna Novak"}), 0)
        k.links([{"customer": "Anna Novak", "same_as": "A. Novak"}])
        self.assertEqual(k.measure("count")["customers"], [2])
        receipt = k.erase("A. Novak")
        self.assertEqual(receipt["records"], [3])
        self.assertEqual(receipt["subject"], [k.pseudonym("A. Novak")])

    def test_the_key_must_be_the_same(self):
        self.store(**self.OPTIONS).close()
        for options in ({}, {"pseudonyms": True}, {"pseudonym_key": KEY},
                        {"pseudonym_key": bytes(32), "pseudonyms": True}):
            with self.subTest(options=options), self.assertRaises(kundig.Error) as caught:
                kundig.open(self.path, **options)
            self.assertIn(caught.exception.name, ("E_MODE", "E_ARG"))
        with kundig.open(self.path, **self.OPTIONS) as k:
            self.assertEqual(count(k), 4)

    def test_a_receipt_is_keyed_and_numbers_are_names(self):
        k = self.store(pseudonym_key=KEY)
        self.assertEqual(k.erase("Ben")["subject"], [k.pseudonym("Ben")])
        self.assertEqual(k.pseudonym(7), k.pseudonym("7"))
        self.assertNotEqual(k.pseudonym(7), k.pseudonym(8))
        with kundig.open() as plain:
            refused(self, "E_ARG", plain.pseudonym, "Ben")
        for bad in (b"Ben", ["Ben"]):
            with self.assertRaises(TypeError):
                k.pseudonym(bad)
        with self.assertRaises(kundig.Error):
            kundig.open(pseudonym_key=b"short")


class Verify(InFolder):
    def test_a_sound_store_has_no_error(self):
        self.store().close()
        self.assertNotIn("error", kundig.verify(self.path)["severity"])
        self.assertNotIn("error", kundig.verify(str(self.path), memory_limit=1 << 30)["severity"])

    def test_a_changed_row_is_found_and_named(self):
        self.store().close()
        with sqlite3.connect(self.path) as forger:
            forger.execute("update feedback set text = 'fine' where customer = 'Ben'")
        forger.close()
        found = [row for row in kundig.verify(self.path) if row["severity"] == "error"]
        self.assertTrue(found)
        self.assertEqual((found[0]["table"], found[0]["row"]), ("feedback", 3))
        message = None
        with self.assertRaises(kundig.Error) as caught:
            with kundig.open(self.path) as k:
                k.measure("count")
        message = str(caught.exception)
        self.assertEqual(caught.exception.name, "E_FORMAT")
        self.assertIn("kundig verify", message)

    def test_what_cannot_be_checked_is_raised(self):
        refused(self, "E_NOT_FOUND", kundig.verify, self.path)
        with self.assertRaises(ValueError):
            kundig.verify(self.path, busy_seconds=-1)

    def test_progress_may_stop_it(self):
        with kundig.open(self.path) as k:
            k.ingest(b"score,text\n" + b"9,quick and kind\n3,late\n" * 50_000)
        refused(self, "E_CANCELLED", kundig.verify, self.path, progress=lambda done, total: True)

        def broken(done, total):
            raise LookupError("from progress")

        with self.assertRaisesRegex(LookupError, "from progress"):
            kundig.verify(self.path, progress=broken)


class Reporting(InFolder):
    MODE = {"report_k": 3, "report_fields": ["stage", "channel"], "report_every": ["month"]}

    CUSTOMERS = {
        ("Order", "email"): 5, ("Order", "phone"): 1, ("Order", "shop"): 20, ("Pay", "email"): 10,
        ("Pay", "phone"): 12, ("Pay", "shop"): 40, ("Use", "email"): 4, ("Use", "phone"): 6,
        ("Use", "shop"): 30,
    }

    def fill(self, k):
        cells = [cell for cell, customers in self.CUSTOMERS.items() for _ in range(customers)]
        k.add([{"source": "s", "id": number, "customer": f"c{number}", "nps": number % 11,
                "stage": stage, "channel": channel, "time": datetime.date(2026, 3, 9),
                "text": "late"} for number, (stage, channel) in enumerate(cells)])

    def test_small_cells_are_suppressed_and_so_are_those_that_tell_them(self):
        with kundig.open(self.path) as k:
            self.fill(k)
        with kundig.open(self.path, **self.MODE) as k:
            table = k.measure("nps", by=["stage", "channel"])
            hidden = [row for row in table if row["status"] == "suppressed"]
            self.assertIn(("Order", "phone"), [(row["stage"], row["channel"]) for row in hidden])
            self.assertGreater(len(hidden), 1)
            for row in hidden:
                for name in ("value", "lo", "hi", "se", "n", "customers"):
                    self.assertIsNone(row[name], name)
            self.assertEqual(k.measure("nps")["n"], [128])

    def test_everything_else_is_refused(self):
        with kundig.open(self.path) as k:
            self.fill(k)
            state = k.state("nps")
        del state
        with kundig.open(self.path, **self.MODE) as k:
            for call in (
                lambda: k.measure("nps", where="stage = Use"), lambda: k.measure("nps", by="customer"),
                lambda: k.measure("nps", every="day"), lambda: k.comments(), lambda: k.search("late"),
                lambda: k.facts("feedback"), lambda: k.state("nps"), lambda: k.analyze(),
                lambda: k.compare("nps", "stage = Use", "stage = Order"), lambda: k.fields(),
                lambda: k.conflicts(), lambda: k.audit(),
            ):
                refused(self, "E_MODE", call)
            self.assertIn("nps", kundig.metrics()["metric"])
            self.assertEqual(k.measure("nps", every="month")["n"], [128])

    def test_fields_may_be_a_text(self):
        with kundig.open(self.path) as k:
            self.fill(k)
        with kundig.open(self.path, report_k=3, report_fields="stage, channel",
                         report_every="month") as k, kundig.open(self.path, **self.MODE) as same:
            self.assertEqual(k.measure("nps", by=["stage", "channel"]).to_json(),
                             same.measure("nps", by=["stage", "channel"]).to_json())


class Handles(InFolder):
    def test_a_closed_store_is_refused(self):
        k = self.store()
        k.close()
        k.close()
        for call in (lambda: k.labels([]), lambda: k.links([]), lambda: k.consents([]),
                     lambda: k.retention([]), lambda: k.search("a"), lambda: k.facts("links"),
                     k.facts_hash, lambda: k.pin_model(None), lambda: k.pseudonym("a"),
                     lambda: k.erase("a"), lambda: k.expire(5), lambda: k.merge("x"), k.audit,
                     k.save_cache, k.compact):
            with self.assertRaisesRegex(ValueError, "closed"):
                call()

    def test_nothing_grows(self):
        other = self.folder / "other.kundig"
        with kundig.open(other) as k:
            k.add([{"source": "o", "id": 1, "nps": 1}])

        def once():
            with kundig.open(self.path, pseudonym_key=KEY, report_fields=[]) as k:
                k.add(FEEDBACK)
                k.labels([{"source": "crm", "id": 1, "topic": "delay", "by": "anna"}])
                k.links([{"customer": "Anna Novak", "same_as": "A. Novak"}])
                k.consents([{"customer": "Ben", "consent": True, "disclosure": "x"}])
                k.retention([{"purpose": "care", "days": 30}])
                k.search("fast"), k.facts("labels"), k.facts_hash(), k.pseudonym("Ben")
                k.pin_model(kundig.Model("topic a: A\nany: late\n"))
                k.merge(other), k.erase("Anna Novak", time=5), k.expire(5), k.audit()
                k.save_cache(), k.compact()
                for call in (lambda: k.erase(), lambda: k.search(""), lambda: k.erase(b"x"),
                             lambda: k.labels([{"id": 1}]), lambda: k.merge("/nowhere/x")):
                    try:
                        call()
                    except (kundig.Error, TypeError):
                        pass
            kundig.verify(self.path), kundig.is_store(self.path)
            self.path.unlink()

        for _ in range(3):
            once()
        gc.collect()
        blocks = sys.getallocatedblocks()
        for _ in range(10):
            once()
        gc.collect()
        self.assertLess(sys.getallocatedblocks() - blocks, 50)


if __name__ == "__main__":
    unittest.main()
