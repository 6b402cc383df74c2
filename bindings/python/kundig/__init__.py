"""Customer feedback in, honest numbers out, inside your own process.

    import kundig

    with kundig.open() as k:
        report = k.ingest("feedback.csv")
        print(report)
        print(k.measure("nps", by="stage", every="month", zone="Europe/Berlin"))

Facts live in memory, or in a store, which is one file: kundig.open("feedback.kundig"). When a call
that adds has returned, its records survive a killed process; Corpus.erase() forgets one customer.

Every number comes with an interval, n and a status; a number that cannot be given is None, never
zero. Values are in natural units (a Net Promoter Score lies in [-1, 1]); printed pages show them
times 100. The same facts give the same bytes as in C, Lua and the shell.
"""

import os as _os

from . import _native
from ._native import (
    E_AMBIGUOUS,
    E_ARG,
    E_BUSY,
    E_CANCELLED,
    E_EMPTY,
    E_FORK,
    E_FORMAT,
    E_INTERNAL,
    E_IO,
    E_LIMIT,
    E_MODE,
    E_NOMEM,
    E_NOT_FOUND,
    E_VALUE,
    E_VERSION,
    Error,
)
from ._asking import (
    _EVERY,
    _cell,
    _instant,
    _node,
    _number,
    _query,
    _time,
    _unsigned,
    all_of,
    any_of,
    none_of,
)
from ._discovery import TopicModel
from ._estimators import Sentiment, TopicClassifier
from ._models import (
    Examples,
    Model,
    _discover_options,
    _edits,
    _kinds,
    _lesson_number,
    _options,
    check_taxonomy,
    mask,
    personal,
    ready_taxonomy,
)
from ._results import Report, State, Table
from ._why import Explanation, Representation, Weights, _Why

__all__ = [
    "Corpus",
    "Error",
    "Examples",
    "Explanation",
    "Model",
    "Report",
    "Representation",
    "Sentiment",
    "State",
    "Table",
    "TopicClassifier",
    "TopicModel",
    "Topics",
    "Weights",
    "all_of",
    "any_of",
    "check_taxonomy",
    "is_store",
    "mask",
    "metrics",
    "none_of",
    "open",
    "personal",
    "ready_taxonomy",
    "verify",
    "versions",
]

# Names here, numbers in kundig.h.
_DATES = {None: 0, "guess": 0, "day-first": 1, "month-first": 2}
_ENCODINGS = {None: 0, "utf-8": 0, "utf8": 0, "windows-1252": 1, "cp1252": 1}
_KINDS = {
    None: 0, "survey": 1, "review": 2, "ticket": 3, "call": 4, "chat": 5, "interview": 6,
    "user_lab": 7, "workshop": 8, "employee": 9,
}
_PAGES = {"text": 0, "json": 1}
_ACCESS = {None: 0, "create": 0, "write": 1, "read": 2}
_FACTS = {
    "feedback": 0, "customers": 1, "events": 2, "labels": 3, "links": 4, "consents": 5,
    "retention": 6, "edits": 7,
}
_FILE, _BYTES, _ROWS, _COLUMNS = range(4)


# ---- The corpus --------------------------------------------------------------------------------


def _map_text(mapping):
    """{"nps": "Score", "attribute": ["Plan", "Region"]} as the library writes mappings."""
    if mapping is None or isinstance(mapping, str):
        return mapping
    parts = []
    for field, columns in mapping.items():
        for column in [columns] if isinstance(columns, str) else columns:
            if any(mark in column for mark in ',="') or column != column.strip():
                column = '"' + column.replace('"', '""') + '"'
            parts.append(f"{field}={column}")
    return ",".join(parts)


def _column_list(values):
    if isinstance(values, (str, bytes)):
        raise TypeError("a column is a list of values, not one text")
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if hasattr(values, "tolist") and kind != "M":
        return values.tolist()
    return list(values)


def _rows_of(data):
    """What ingest() was given, as one of four forms."""
    if isinstance(data, (str, _os.PathLike)):
        return _FILE, _os.fsencode(data)
    if isinstance(data, (bytes, bytearray, memoryview)):
        return _BYTES, bytes(data)
    if hasattr(data, "read"):
        content = data.read()
        return _BYTES, content.encode() if isinstance(content, str) else bytes(content)
    if isinstance(data, dict):
        return _COLUMNS, {name: _column_list(values) for name, values in data.items()}
    if hasattr(data, "columns") and hasattr(data, "__getitem__"):  # a DataFrame
        names = list(data.columns)
        if len(set(map(str, names))) < len(names):
            raise ValueError("two columns have the same name")
        return _COLUMNS, {str(name): _column_list(data[name]) for name in names}
    return _ROWS, list(data)


class Topics:
    """What customers speak of in a corpus: k.topics() asks, k.topics.discover() finds topics that
    nobody named, k.topics.teach() learns those that labels name.

    What a person says of discovered topics is a fact, kept through refits, merges and erasures:
    rename(), merge(), split(), pin(), hide(), add(), known(), together(), apart(). A topic is named
    by its id (t-...), a record by its id or (source, id). by is who says so, time when; holds=False
    takes back what was said before. Each returns counts, as Corpus.edits() does.
    """

    __slots__ = ("_corpus",)

    def __init__(self, corpus):
        self._corpus = corpus

    def __call__(
        self, where=None, limit=0, *, metric=None, zone=None, of=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """What customers speak of: a Table with one row a topic, most comments first."""
        query = _query(
            metric, (), where, None, zone, of, question, interval, level, min_n, purpose, as_of
        )
        return Table(self._corpus._native.topics(query, limit))

    def teach(
        self, *, quality="fast", labels="guess", least_customers=0, most_bytes=0, seed=0,
        field=None, question=None, pin=False,
    ):
        """Learn from the facts as Corpus.teach() does, and read comments with what was learned from
        now on; with pin, for everyone who opens the store. Returns the Model."""
        model = self._corpus.teach(
            quality=quality, labels=labels, least_customers=least_customers,
            most_bytes=most_bytes, seed=seed, field=field, question=question,
        )
        return self._use(model, pin)

    def _use(self, model, pin):
        """Read comments with a model from now on."""
        if pin:
            self._corpus.pin_model(model)
            self._corpus.set_model(None)  # or that would read in place of the pinned one
        else:
            self._corpus.set_model(model)
        return model

    def discover(
        self, n_topics=0, where=None, *, quality="good", themes=0, least_customers=0, seed=0,
        anew=False, most_fitted=0, purpose=None, as_of=None, pin=False,
    ):
        """Discover what the comments speak of, as Corpus.discover() does, and read comments with it
        from now on; with pin, for everyone who opens the store. Returns the Model; discovered()
        lists the topics, k.topics() counts them."""
        model = self._corpus.discover(
            n_topics, where, quality=quality, themes=themes, least_customers=least_customers,
            seed=seed, anew=anew, most_fitted=most_fitted, purpose=purpose, as_of=as_of,
        )
        return self._use(model, pin)

    def discovered(self):
        """The topics that the model in use discovered: a Table with one row a topic, greatest
        first."""
        return self._corpus.model.discovered()

    def promote(self, topic, name, limit=0, *, by=None, time=None):
        """Turn a discovered topic into a taught one: label the records that are surely of it
        (limit 0: 50 of them), and say that it is known as that. The next teach() learns it.
        Returns counts."""
        return self._corpus._native.label_discovered(
            topic, name, limit, by, _instant(time), _cell
        )

    def _edit(self, kind, by, time, holds, record=None, other_record=None, **fields):
        edit = {"kind": kind, "by": by, "updated": time, "holds": holds, **fields}
        for given, source, id in ((record, "source", "id"),
                                  (other_record, "other_source", "other_id")):
            if isinstance(given, (tuple, list)):
                edit[source], edit[id] = given
            else:
                edit[id] = given
        return self._corpus.edits([edit])

    def rename(self, topic, name, *, by=None, time=None, holds=True):
        """Call a topic, or a theme (g-...), by this name."""
        return self._edit("rename", by, time, holds, topic=topic, name=name)

    def merge(self, topic, other, *, by=None, time=None, holds=True):
        """Topic is part of other."""
        return self._edit("merge", by, time, holds, topic=topic, other=other)

    def split(self, topic, name, words=None, record=None, *, by=None, time=None, holds=True):
        """Part of topic, that with these words or this record, is a topic of its own."""
        return self._edit("split", by, time, holds, record, topic=topic, name=name, words=words)

    def pin(self, topic, *, by=None, time=None, holds=True):
        """Topic stays, and stays apart, whatever later fits find."""
        return self._edit("pin", by, time, holds, topic=topic)

    def hide(self, topic, *, by=None, time=None, holds=True):
        """Tables and pages leave a topic, or a theme (g-...), out."""
        return self._edit("hide", by, time, holds, topic=topic)

    def add(self, name, words=None, record=None, *, by=None, time=None, holds=True):
        """What these words, or this record, speak of is a topic."""
        return self._edit("topic", by, time, holds, record, name=name, words=words)

    def known(self, topic, name, *, by=None, time=None, holds=True):
        """Topic is what name, a defined or taught topic, stands for."""
        return self._edit("known", by, time, holds, topic=topic, name=name)

    def together(self, record, other, *, by=None, time=None, holds=True):
        """Two records belong to one topic."""
        return self._edit("together", by, time, holds, record, other)

    def apart(self, record, other, *, by=None, time=None, holds=True):
        """Two records do not belong to one topic."""
        return self._edit("apart", by, time, holds, record, other)

    def __repr__(self):
        return f"<topics of {self._corpus!r}: call it, or its discover() or teach()>"


class Corpus(_Why):
    """A corpus of facts, in memory or in a store. kundig.open() makes one; it is a context manager.

    Threads may share it: one call at a time goes in, others wait. Long calls release the GIL and
    can be interrupted with Ctrl-C, which leaves the corpus as it was. Every question to a store
    sees what other processes wrote before it was asked.
    """

    __slots__ = ("_native", "_path")

    def __init__(self, native, path):
        self._native = native
        self._path = path

    def close(self):
        """Free the facts and close the file. Results made from them live on; closing twice is
        fine."""
        self._native.close()

    @property
    def closed(self):
        return self._native.is_closed()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def __repr__(self):
        return f"<kundig.Corpus {self._path!r}{', closed' if self.closed else ''}>"

    def ingest(
        self, data, *, source=None, map=None, dates=None, zone=None, kind=None, encoding=None,
        delimiter=None, max_field=0, max_rejects=0,
    ):
        """Read rows of feedback; returns a Report.

        data is a path of a CSV file, bytes of one, an open file, an iterable of dicts, a dict of
        columns or a DataFrame. What the columns mean is guessed and said in the report; map
        overrides it: {"nps": "SCORE", "text": "Comment"}. dates is "day-first" or "month-first"
        where the rows cannot tell. A datetime without a zone is a time in zone (UTC if none).
        """
        how, rows = _rows_of(data)
        try:
            report = self._native.ingest(
                how, rows, source, _map_text(map), zone, _number(_DATES, dates, "dates"),
                _number(_KINDS, kind, "kind"), _number(_ENCODINGS, encoding, "encoding"),
                delimiter, max_field, max_rejects, _cell,
            )
        except Error as error:
            if error.report is not None:
                error.report = Report(error.report)
            raise
        return Report(report)

    def add(self, records):
        """Add typed feedback, all or none; returns counts.

        A record is a dict with any of source, id, customer, time, updated, kind, channel,
        touchpoint, stage, case, agent, department, segment, product, language, purpose, consent,
        weight, text, attributes (a dict), nps, csat, ces, ces_2010, stars, and scores: a list of
        dicts with question, scale and value, or minimum, maximum, value and direction. A time is
        a datetime (without a zone: UTC), a date, or milliseconds since 1970.
        """
        return self._native.add(_FACTS["feedback"], list(records), _time, _cell)

    def customers(self, records):
        """Add what the CRM knows of customers: dicts with id and any of source, updated, since,
        segment, churned, basket, orders, revenue, attributes."""
        return self._native.add(_FACTS["customers"], list(records), _time, _cell)

    def events(self, records):
        """Add events: dicts with id and any of source, kind, customer, case, time, updated, agent,
        department, topic, value. kind is case_opened, case_answered, case_reopened,
        case_resolved, invitation, action, acknowledgement or purchase."""
        return self._native.add(_FACTS["events"], list(records), _time, _cell)

    def labels(self, records):
        """Add labels, a person's judgement that a record speaks of a topic or does not: dicts with
        id (the record's) and topic and any of source (the record's), by (who says so), updated,
        holds (True if left out)."""
        return self._native.add(_FACTS["labels"], list(records), _time, _cell)

    def links(self, records):
        """Add links, each between two names of one person: dicts with customer and same_as and any
        of by (who says so), updated, holds: False takes an earlier link back."""
        return self._native.add(_FACTS["links"], list(records), _time, _cell)

    def consents(self, records):
        """Add what customers allow: dicts with customer and consent (True or False) and any of
        purpose (left out: every purpose), disclosure (which wording was shown), updated."""
        return self._native.add(_FACTS["consents"], list(records), _time, _cell)

    def retention(self, records):
        """Say how long records are kept: dicts with days (-1: for ever) and any of purpose (left
        out: records that carry none), updated. expire() acts on it."""
        return self._native.add(_FACTS["retention"], list(records), _time, _cell)

    def edits(self, records):
        """Add what a person says of discovered topics: dicts with kind and what that kind needs of
        topic, other, name, words (a list, or parted by ";"), source and id, other_source and
        other_id (of records), and any of by (who says so), updated, holds: False takes it back.
        kind is "rename", "merge", "split", "pin", "hide", "together", "apart", "topic" or "known":
        see kundig_edit in kundig.h, and Topics for a call each."""
        return self._native.add(_FACTS["edits"], _edits(records), _time, _cell)

    def add_zone(self, name, data):
        """Give a time zone's rules as the bytes of a TZif file, for systems without them."""
        self._native.add_zone(name, bytes(data))

    def fields(self):
        """What may be named in filters and groups."""
        return Table(self._native.fields())

    def conflicts(self):
        """Records whose versions claim the same updated time."""
        return Table(self._native.conflicts())

    def measure(
        self, metric, by=(), where=None, *, every=None, zone=None, of=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Answer a question: a Table with one row a group.

        where is a text ("channel = email and time >= 2026-01"), a dict joined by "and"
        ({"stage": ["A", "B"], "score": (">=", 9), "agent": None}), all_of(), any_of(), none_of()
        or a list of those. every is "day", "week", "month", "quarter" or "year" in zone. of is
        "records" or "customers".
        """
        query = _query(
            metric, by, where, every, zone, of, question, interval, level, min_n, purpose, as_of
        )
        return Table(self._native.measure(query))

    def compare(
        self, metric, a, b, by=(), where=None, *, every=None, zone=None, of=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Is the difference between the records that meet a and those that meet b more than
        chance? a and b are conditions as where is."""
        query = _query(
            metric, by, where, every, zone, of, question, interval, level, min_n, purpose, as_of
        )
        nodes = [_node(query, a), _node(query, b)]
        if None in nodes:
            raise ValueError("a and b each need a condition")
        return Table(self._native.compare(query, *nodes))

    def set_model(self, model):
        """Choose the Model that reads the comments through this handle; None for the pinned one, or
        else the ready taxonomy."""
        self._native.set_model(None if model is None else model._native)

    @property
    def model(self):
        """The Model that reads the comments: of set_model(), else the pinned one, else the ready
        taxonomy."""
        return Model._wrap(self._native.model())

    def has_model(self):
        """Was a Model chosen with set_model(), or pinned? If not the ready taxonomy reads the
        comments."""
        return self._native.has_model()

    @property
    def topics(self):
        """What customers speak of: k.topics() asks, k.topics.discover() finds, k.topics.teach()
        learns; see Topics."""
        return Topics(self)

    def teach(
        self, *, quality="fast", labels="guess", least_customers=0, most_bytes=0, seed=0,
        field=None, question=None,
    ):
        """Learn from the facts: topics from labels (see labels()), sentiment from scores.

        Returns a Model with the taxonomy in use and what was learned; nothing changes until
        set_model() or pin_model(). One that is pinned here is learned anew whenever facts are
        erased: it is then what it would be, had they never been there. Options are those of
        Examples.teach(), and:

        field     a dimension or attribute whose values are topics, several of them parted by ";"
        question  whose scores teach sentiment; None: NPS, else the only one
        """
        return Model._wrap(self._native.teach(_options(
            quality, labels, least_customers, most_bytes, seed, field=field, question=question,
        )))

    def discover(
        self, n_topics=0, where=None, *, quality="good", themes=0, least_customers=0, seed=0,
        anew=False, most_fitted=0, purpose=None, as_of=None,
    ):
        """Discover what the comments speak of.

        Returns a Model with what the model in use knows, and the topics found; those it discovered
        before go on under their names. Nothing changes until set_model() or pin_model(). Once it is
        pinned and facts are erased, it keeps its topics, and all numbers are counted anew. Options
        are those of Examples.discover(); edits are facts: see edits().
        """
        query = _query(where=where, purpose=purpose, as_of=as_of)
        return Model._wrap(self._native.discover(query, _discover_options(
            quality, n_topics, themes, least_customers, 1, most_fitted, seed, anew,
        )))

    def examples(self, lesson="topics", *, field=None, question=None):
        """What the facts teach as Examples, to which others can be added. lesson is "topics" or
        "sentiment"; field and question as in teach()."""
        examples = Examples(lesson)
        self._native.collect(_options(field=field, question=question), examples._native)
        return examples

    def classify(self, where=None, limit=0, *, zone=None, purpose=None, as_of=None):
        """What each record speaks of: a Table with one row a record and topic, newest first."""
        query = _query(where=where, zone=zone, purpose=purpose, as_of=as_of)
        return Table(self._native.classify(query, limit))

    def sentiment(self, where=None, limit=0, *, zone=None, purpose=None, as_of=None):
        """How those who wrote the comments feel: a Table with one row a comment, newest first."""
        query = _query(where=where, zone=zone, purpose=purpose, as_of=as_of)
        return Table(self._native.sentiment(query, limit))

    def label_next(self, where=None, limit=0, *, zone=None, purpose=None, as_of=None):
        """The comments whose labels would teach most, those first; limit 0: 20 of them."""
        query = _query(where=where, zone=zone, purpose=purpose, as_of=as_of)
        return Table(self._native.label_next(query, limit))

    def comments(self, where=None, limit=0, *, zone=None, purpose=None, as_of=None):
        """The records behind a number, newest first."""
        query = _query(where=where, zone=zone, purpose=purpose, as_of=as_of)
        return Table(self._native.comments(query, limit))

    def search(self, words, where=None, limit=0, *, zone=None, purpose=None, as_of=None):
        """Comments that hold all the words, newest first; evidence says where, in bytes.

        "verspaet*" is a beginning, '"zu spät"' words in a row; case, accents and the ways to write
        umlauts make no difference.
        """
        query = _query(where=where, zone=zone, purpose=purpose, as_of=as_of)
        return Table(self._native.search(words, query, limit))

    def facts(self, which="feedback", where=None, *, purpose=None, as_of=None):
        """Facts as they were given: every version of every record, or of feedback the current ones
        that where, purpose and as_of leave. which is "feedback", "customers", "events", "labels",
        "links", "consents", "retention" or "edits". The to_csv() of feedback can be ingested again."""
        query = None
        if where is not None or purpose is not None or as_of is not None:
            query = _query(where=where, purpose=purpose, as_of=as_of)
        return Table(self._native.facts(_number(_FACTS, which, "which"), query))

    def facts_hash(self):
        """The name of the state of the facts: equal facts have equal names on every machine."""
        return self._native.facts_hash()

    def pin_model(self, model):
        """Keep a Model with the facts, for everyone who opens the store; None unpins it."""
        self._native.pin_model(None if model is None else model._native)

    def pseudonym(self, customer):
        """What stands for a customer's name in receipts and in a store of pseudonyms."""
        return self._native.pseudonym(customer, _cell)

    def erase(self, customer=None, *, source=None, id=None, time=None):
        """Forget one customer under all linked names, or one record by source and id.

        Returns the receipt, a Table of one row without personal data, which a store keeps as well:
        see audit(). Its status is "pending" while another process reads: the next call that writes,
        or close(), finishes. time is a datetime or milliseconds, for the receipt: no clock is read.
        kundig_erase() in kundig.h says what is promised and what is not.
        """
        return Table(self._native.erase(customer, source, id, _instant(time), _cell))

    def expire(self, as_of):
        """Forget the records that are older at as_of (datetime or milliseconds) than retention()
        allows; returns the receipt."""
        instant = _instant(as_of)
        if instant is None:
            raise TypeError("as_of is a datetime, a date or an int: no clock is read")
        return Table(self._native.expire(instant))

    def merge(self, path, *, time=None):
        """Add all facts of another store; returns the receipt, whose counts are what was added."""
        return Table(self._native.merge(_os.fsencode(path), _instant(time)))

    def audit(self):
        """The receipts of a store, oldest first."""
        return Table(self._native.audit())

    def save_cache(self):
        """Keep an image of the facts in the store, so that opening it is several times as fast."""
        self._native.save_cache()

    def compact(self):
        """Write the store's file anew, without what erasures left empty and without the cache."""
        self._native.compact()

    def analyze(
        self, report=None, *, where=None, zone=None, question=None, interval=None, level=0,
        min_n=0, purpose=None, as_of=None, format="text", width=0, color=False, title=None,
    ):
        """The page to read first, as text or JSON. report is what ingest() returned."""
        query = _query(
            where=where, zone=zone, question=question, interval=interval, level=level,
            min_n=min_n, purpose=purpose, as_of=as_of,
        )
        return self._native.analyze(
            query, None if report is None else report._native, _number(_PAGES, format, "format"),
            width, color, title,
        ).decode()

    def state(
        self, metric, by=(), where=None, *, every=None, zone=None, of=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """The partial answer of a question as a State that merges with those of other parts."""
        query = _query(
            metric, by, where, every, zone, of, question, interval, level, min_n, purpose, as_of
        )
        return State(self._native.state(query))


def _milliseconds_of(seconds, what):
    """Seconds to wait; no less than a millisecond, for the library reads 0 as its default."""
    return _unsigned(max(1, round(seconds * 1000)) if seconds >= 0 else -1, what)


def _windows(every):
    """Names of windows as a set."""
    together = 0
    for name in [every] if isinstance(every, str) else every or ():
        together |= 1 << _number(_EVERY, name, "report_every")
    return together


def open(
    path=":memory:", *, access="create", threads=1, memory_limit=0, zone_directory=None,
    pseudonym_key=None, pseudonyms=False, busy_seconds=5, progress=None, mask=False, model=None,
    report_k=0, report_fields=(), report_every=(), report_comments=0,
):
    """Open a corpus: ":memory:", or the path of a store, which is one file.

    access         of a store: "create" (made if it is not there), "write" (it must be there),
                   "read" (nothing in the file is changed)
    threads        at most this many inside one call; changes no result
    memory_limit   bytes; 0 for none
    zone_directory TZif files, if not the system's
    pseudonym_key  32 bytes, never kept in the file, that hide customers in states and receipts
    pseudonyms     True: the store keeps customers' names as keyed pseudonyms; always the same key
    busy_seconds   how long to wait while another process writes to the store
    progress       progress(done, total) now and then in long calls; a true answer cancels
    mask           True, or kinds such as ["phone", "e-mail"]: personal data in comments leaves
                   this corpus masked, in every table, page and report
    model          the Model that reads the comments; None for the pinned one, or else the ready
                   taxonomy

    Reporting mode is on if report_k is not 0: questions without a filter, grouped by the fields and
    windows named here, are answered with small cells suppressed; everything else that tells of
    facts is refused (E_MODE).

    report_k        fewest customers (records, where none names one) of a cell that is shown
    report_fields   fields that may be grouped by: "stage, channel" or a list; at most 4
    report_every    windows that may be asked for: "month" or a list
    report_comments fewest of a cell whose comments are quoted; 0: twice report_k
    """
    directory = None if zone_directory is None else _os.fspath(zone_directory)
    fields = report_fields if isinstance(report_fields, str) else ", ".join(report_fields or ())
    native = _native.open(
        _os.fsencode(path), threads, memory_limit, directory, pseudonym_key, progress,
        _kinds(mask), _number(_ACCESS, access, "access"), int(bool(pseudonyms)),
        _milliseconds_of(busy_seconds, "busy_seconds"), _unsigned(report_k, "report_k"),
        _unsigned(report_comments, "report_comments"), _windows(report_every), fields or None,
    )
    corpus = Corpus(native, path)
    if model is not None:
        corpus.set_model(model)
    return corpus


def is_store(path):
    """Is this file a store of kundig? It looks at the first bytes alone; False where it cannot be
    read."""
    return _native.is_store(_os.fsencode(path))


def verify(path, *, pseudonym_key=None, busy_seconds=5, memory_limit=0, progress=None):
    """Check a store through and through: a Table of what is wrong, in words. Without a row of
    severity "error" it is sound. The file is not changed."""
    return Table(_native.verify(
        _os.fsencode(path), memory_limit, pseudonym_key, progress,
        _milliseconds_of(busy_seconds, "busy_seconds"),
    ))


def metrics():
    """A Table of the metrics."""
    return Table(_native.metrics())


def versions():
    """What results depend on besides the facts."""
    return _native.versions()


__version__ = versions()["library"]

for _name in __all__:  # where it says it is from, in help() and in pickles
    if _name != "Error":
        globals()[_name].__module__ = __name__
for _name, _method in vars(_Why).items():
    if callable(_method):
        _method.__module__, _method.__qualname__ = __name__, f"Corpus.{_name}"
del _name, _method
