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

import datetime as _datetime
import html as _html
import io as _io
import json as _json
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

__all__ = [
    "Corpus",
    "Error",
    "Model",
    "Report",
    "State",
    "Table",
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
_EVERY = {None: 0, "none": 0, "day": 1, "week": 2, "month": 3, "quarter": 4, "year": 5}
_OF = {None: 0, "records": 0, "customers": 1}
_INTERVALS = {None: 0, "default": 0, "wald": 1, "score": 2}
_PAGES = {"text": 0, "json": 1}
_PERSONAL = {
    "e-mail": 1, "phone": 2, "iban": 4, "card": 8, "url": 16, "address": 32, "name": 64, "all": 127,
}
_OPERATORS = {
    "=": 1, "==": 1, "!=": 2, "<": 3, "<=": 4, ">": 5, ">=": 6, "in": 7, "between": 8,
    "contains": 9, "missing": 10,
}
_EQUAL, _NOT_EQUAL, _IN, _MISSING = 1, 2, 7, 10
_ALL_OF, _ANY_OF, _NONE_OF = 1, 2, 3
_METRIC, _QUESTION, _GROUP_BY, _ZONE, _PURPOSE = range(5)
_ACCESS = {None: 0, "create": 0, "write": 1, "read": 2}
_FACTS = {
    "feedback": 0, "customers": 1, "events": 2, "labels": 3, "links": 4, "consents": 5,
    "retention": 6,
}
_FILE, _BYTES, _ROWS, _COLUMNS = range(4)
_SUMMARY, _MAPPING, _REJECTS, _FINDINGS = 1, 2, 3, 4
_TYPES = {1: "text", 2: "int", 3: "number", 4: "bool"}
_UNITS = {0: None, 1: "score", 2: "share", 3: "points", 4: "count", 5: "p_value"}

_EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=_datetime.timezone.utc)
_MILLISECOND = _datetime.timedelta(milliseconds=1)


def _number(names, name, what):
    try:
        return names[name]
    except (KeyError, TypeError):
        known = ", ".join(repr(known) for known in names if known is not None)
        raise ValueError(f"{what} is one of {known}, not {name!r}") from None


# ---- Values ------------------------------------------------------------------------------------


def _is_missing(value):
    """Whether value stands for "no value": None, NaN, NaT, pandas.NA."""
    if value is None or type(value).__name__ == "NAType":
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return False


def _milliseconds(moment):
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_datetime.timezone.utc)
    return (moment - _EPOCH) // _MILLISECOND


def _written(moment):
    """A datetime as ISO 8601: with a zone as UTC, without one as it stands."""
    exactness = "milliseconds" if moment.microsecond else "seconds"
    if moment.tzinfo is None:
        return moment.isoformat(timespec=exactness)
    moment = moment.astimezone(_datetime.timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec=exactness) + "Z"


def _cell(value):
    """The text of a value that is not str, int, float, bool or None."""
    if _is_missing(value):
        return None
    if isinstance(value, _datetime.datetime):
        return _written(value)
    if isinstance(value, _datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError("bytes are no text; decode them first")
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        raise TypeError(f"a cell holds one value, not a {type(value).__name__}")
    text = str(value)
    if type(value).__name__ == "datetime64" and "." in text:
        text = text[: text.index(".") + 4]
    return text


def _time(value):
    """A typed time as (milliseconds since 1970, precision)."""
    if _is_missing(value):
        return None
    if isinstance(value, _datetime.datetime):
        return _milliseconds(value), 0
    if isinstance(value, _datetime.date):
        midnight = _datetime.datetime(value.year, value.month, value.day)
        return _milliseconds(midnight), 2
    if isinstance(value, int) and not isinstance(value, bool):
        return value, 0
    raise TypeError(
        "a time is a datetime, a date or an int of milliseconds since 1970; "
        "ingest() reads texts"
    )


def _instant(value):
    """A typed time as milliseconds since 1970; None where there is none."""
    time = _time(value)
    return None if time is None else time[0]


# ---- Conditions --------------------------------------------------------------------------------


class _Group:
    __slots__ = ("how", "parts")

    def __init__(self, how, parts):
        self.how = how
        self.parts = parts


def all_of(*conditions):
    """Records that meet every condition."""
    return _Group(_ALL_OF, conditions)


def any_of(*conditions):
    """Records that meet at least one condition."""
    return _Group(_ANY_OF, conditions)


def none_of(*conditions):
    """Records that meet no condition."""
    return _Group(_NONE_OF, conditions)


def _value(value):
    """A value of a condition: an instant as (milliseconds,), everything else as it is."""
    if isinstance(value, _datetime.datetime) and not _is_missing(value):
        if value.tzinfo is not None:
            return (_milliseconds(value),)
        if not value.second and not value.microsecond:
            return value.isoformat(timespec="minutes")
    if isinstance(value, tuple):
        raise TypeError("a tuple is (operator, value, ...); several values are a list")
    return value


def _simple(query, field, op, values):
    if op == _IN:
        present = [value for value in values if not _is_missing(value)]
        if len(present) < len(values):
            parts = [query.condition(field, _MISSING, (), _cell)]
            if present:
                parts.append(_simple(query, field, _IN, present))
            return query.combine(_ANY_OF, tuple(parts))
    if op in (_EQUAL, _NOT_EQUAL) and len(values) == 1 and _is_missing(values[0]):
        node = query.condition(field, _MISSING, (), _cell)
        return query.combine(_NONE_OF, (node,)) if op == _NOT_EQUAL else node
    return query.condition(field, op, tuple(_value(value) for value in values), _cell)


def _condition(query, field, wanted):
    if not isinstance(field, str):
        raise TypeError(f"a field's name is a str, not {field!r}")
    if isinstance(wanted, tuple):
        if not wanted or not isinstance(wanted[0], str):
            raise TypeError(f"{field}: a tuple is (operator, value, ...); several values are a list")
        name, values = wanted[0], wanted[1:]
        negated = name.startswith("not ")
        op = _number(_OPERATORS, name[4:] if negated else name, f"{field}: the operator")
        if op == _IN and len(values) == 1 and isinstance(values[0], (list, set, frozenset, range)):
            values = _listed(values[0])
        node = _simple(query, field, op, list(values))
        return query.combine(_NONE_OF, (node,)) if negated else node
    if isinstance(wanted, (list, set, frozenset, range)):
        return _simple(query, field, _IN, _listed(wanted))
    return _simple(query, field, _EQUAL, [wanted])


def _listed(values):
    """Values in an order that does not change from run to run."""
    return sorted(values, key=repr) if isinstance(values, (set, frozenset)) else list(values)


def _node(query, where):
    """The number of a condition in query; None where it keeps everything."""
    if where is None:
        return None
    if isinstance(where, str):
        return query.parse(where)
    if isinstance(where, _Group):
        nodes = [_node(query, part) for part in where.parts]
        if None in nodes or not nodes:
            raise ValueError("a condition of all_of(), any_of() or none_of() is empty")
        return query.combine(where.how, tuple(nodes))
    if isinstance(where, dict):
        nodes = [_condition(query, field, where[field]) for field in sorted(where, key=str)]
    elif isinstance(where, (list, tuple)):
        nodes = [_node(query, part) for part in where]
        nodes = [node for node in nodes if node is not None]
    else:
        raise TypeError("where is a str, a dict, all_of(), any_of(), none_of() or a list of those")
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else query.combine(_ALL_OF, tuple(nodes))


def _query(
    metric=None, by=(), where=None, every=None, zone=None, of=None, question=None, interval=None,
    level=0, min_n=0, purpose=None, as_of=None,
):
    query = _native.query()
    if metric is not None:
        query.set_text(_METRIC, metric)
    if question is not None:
        query.set_text(_QUESTION, question)
    for field in [by] if isinstance(by, str) else by or ():
        query.set_text(_GROUP_BY, field)
    if zone is not None:
        query.set_text(_ZONE, zone)
    if purpose is not None:
        query.set_text(_PURPOSE, purpose)
    query.set_numbers(
        _number(_EVERY, every, "every"), _number(_OF, of, "of"),
        _number(_INTERVALS, interval, "interval"), level or 0, min_n or 0,
        _instant(as_of),
    )
    node = _node(query, where)
    if node is not None:
        query.keep(node)
    return query


# ---- Results -----------------------------------------------------------------------------------


class Table:
    """An answer: typed columns of equal length, None where there is no value. Immutable.

    len(table) counts rows; iterating gives a dict a row; table[0] is a row, table["value"] a
    column.
    """

    __slots__ = ("_native", "_columns")

    def __init__(self, native):
        self._native = native
        self._columns = native.columns()

    @property
    def columns(self):
        """The columns' names."""
        return tuple(name for name, _, _ in self._columns)

    @property
    def types(self):
        """Column name to "text", "int", "number" or "bool"."""
        return {name: _TYPES[type_] for name, type_, _ in self._columns}

    @property
    def units(self):
        """Column name to how pages show it: "score", "share", "points", "count", "p_value", None."""
        return {name: _UNITS.get(unit) for name, _, unit in self._columns}

    @property
    def notes(self):
        """Sentences that a reader must know."""
        return self._native.notes()

    @property
    def rows(self):
        """A list of tuples."""
        return [self._native.row(index) for index in range(len(self))]

    def __len__(self):
        return len(self._native)

    def __iter__(self):
        names = self.columns
        for index in range(len(self)):
            yield dict(zip(names, self._native.row(index)))

    def __getitem__(self, key):
        if isinstance(key, str):
            for index, (name, _, _) in enumerate(self._columns):
                if name == key:
                    return self._native.column(index)
            raise KeyError(f"no column {key!r} among {', '.join(self.columns)}")
        rows = range(len(self))[key]
        names = self.columns
        if isinstance(rows, range):
            return [dict(zip(names, self._native.row(index))) for index in rows]
        return dict(zip(names, self._native.row(rows)))

    def to_dicts(self):
        """A list with a dict a row."""
        return list(self)

    def to_columns(self):
        """A dict with a list a column."""
        return {
            name: self._native.column(index) for index, (name, _, _) in enumerate(self._columns)
        }

    def to_json(self):
        """JSON: an object with columns, rows and notes; the same bytes in every language."""
        return self._native.json().decode()

    def to_csv(self):
        """CSV with CRLF line ends (write it with newline="")."""
        return self._native.csv().decode()

    def to_pandas(self):
        """A pandas.DataFrame; notes stand in its attrs."""
        import pandas

        dtypes = {"text": "object", "int": "Int64", "number": "float64", "bool": "boolean"}
        types = self.types
        frame = pandas.DataFrame(
            {
                name: pandas.Series(values, dtype=dtypes[types[name]])
                for name, values in self.to_columns().items()
            }
        )
        frame.attrs["notes"] = list(self.notes)
        return frame

    def page(self, width=0, color=False):
        """Aligned text for people: scores and shares times 100, notes below."""
        return self._native.page(width, color).decode()

    def __repr__(self):
        return self.page().rstrip("\n")

    def _repr_html_(self):
        return f"<pre>{_html.escape(self.page(width=160))}</pre>"


class Report:
    """What was understood of the rows of one ingest() and what became of each."""

    __slots__ = ("_native",)

    def __init__(self, native):
        self._native = native

    @property
    def summary(self):
        """Counts by name; rows = accepted + rejected."""
        table = self._native.table(_SUMMARY)
        return dict(table.row(index) for index in range(len(table)))

    @property
    def mapping(self):
        """A Table: what each column was taken for, and why."""
        return Table(self._native.table(_MAPPING))

    @property
    def rejects(self):
        """A Table: line, column, offset and reason of each rejected row."""
        return Table(self._native.table(_REJECTS))

    @property
    def findings(self):
        """A Table: what a reader of the numbers should know of the data."""
        return Table(self._native.table(_FINDINGS))

    def rejects_csv(self):
        """The rejected rows as a CSV that can be mended and read again."""
        return self._native.rejects_csv().decode()

    def __repr__(self):
        return "\n\n".join(self._parts())

    def _parts(self):
        for which in (_SUMMARY, _MAPPING, _FINDINGS, _REJECTS):
            table = Table(self._native.table(which))
            if len(table):
                yield repr(table)

    def _repr_html_(self):
        return "".join(f"<pre>{_html.escape(part)}</pre>" for part in self._parts())


class State:
    """The partial answer of a query, for engines that split facts over machines.

    bytes(state) and State.from_bytes() carry it; pickle uses them.
    """

    __slots__ = ("_native",)

    def __init__(self, native):
        self._native = native

    @classmethod
    def from_bytes(cls, data):
        """Read a state from bytes that may come from anyone: checked whole, or refused."""
        return cls(_native.load_state(bytes(data)))

    def merge(self, other):
        """Add another state's facts to this one; returns self."""
        self._native.merge(other._native)
        return self

    def subtract(self, other):
        """Take another state's facts out of this one; returns self."""
        self._native.subtract(other._native)
        return self

    def finish(self):
        """The Table that measure() would have given."""
        return Table(self._native.finish())

    def __bytes__(self):
        return self._native.save()

    def __reduce__(self):
        return State.from_bytes, (bytes(self),)

    def __repr__(self):
        return f"<kundig.State of {len(bytes(self))} bytes>"


# ---- Models and texts --------------------------------------------------------------------------


def _bytes(text):
    if isinstance(text, str):
        return text.encode()
    return bytes(memoryview(text))  # bytes(5) would be five NULs


def _kinds(kinds):
    """Kinds of personal data as a number: None or False for none, True for all, or their names."""
    if kinds is None or isinstance(kinds, bool):
        return _PERSONAL["all"] if kinds else 0
    together = 0
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        together |= _number(_PERSONAL, kind, "a kind of personal data")
    return together


def _taxonomy(taxonomy):
    if isinstance(taxonomy, dict):
        return _json.dumps(taxonomy).encode()
    return _bytes(taxonomy)


class Model:
    """A taxonomy, made ready for reading comments. Immutable; threads may share it.

    Model() is the ready taxonomy; Model(text) one of your own, as text or as a dict (see
    kundig_model_new() in kundig.h, and ready_taxonomy() to start from). bytes(model) and
    Model.from_bytes() carry it; pickle uses them. Offsets in tables count bytes of UTF-8:
    text.encode()[start:end].
    """

    __slots__ = ("_native",)

    def __init__(self, taxonomy=None):
        self._native = _native.model(None if taxonomy is None else _taxonomy(taxonomy))

    @classmethod
    def from_file(cls, path):
        """Make a model of a taxonomy file."""
        with _io.open(path, "rb") as file:
            return cls(file.read())

    @classmethod
    def from_bytes(cls, data):
        """Read a model from bytes that may come from anyone: checked whole, or refused."""
        model = cls.__new__(cls)
        model._native = _native.load_model(bytes(memoryview(data)))
        return model

    def topics(self):
        """A Table of the topics."""
        return Table(self._native.topics())

    def read(self, text):
        """A Table of every hit of every topic in one text, with its evidence."""
        return Table(self._native.read(_bytes(text)))

    def languages(self, text):
        """A Table: the language of a text, then of each of its sentences."""
        return Table(self._native.languages(_bytes(text)))

    def __bytes__(self):
        return self._native.save()

    def __reduce__(self):
        return Model.from_bytes, (bytes(self),)

    def __repr__(self):
        return f"<kundig.Model of {len(self.topics())} topics>"


def ready_taxonomy():
    """The ready taxonomy as the text of a taxonomy file to start from."""
    return _native.taxonomy_ready()


def check_taxonomy(taxonomy):
    """A Table of all that is wrong or odd with a taxonomy (text or dict); no rows: nothing."""
    return Table(_native.taxonomy_check(_taxonomy(taxonomy)))


def _some_kinds(kinds):
    together = _kinds(kinds)
    if not together:
        raise ValueError("no kind of personal data is named; True stands for all")
    return together


def personal(text, kinds=True):
    """A Table of the personal data in a text. kinds: names such as "phone", or True for all."""
    return Table(_native.personal(_bytes(text), _some_kinds(kinds)))


def mask(text, kinds=True):
    """A text with its personal data replaced: "call [phone]"."""
    return _native.mask(_bytes(text), _some_kinds(kinds)).decode()


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


class Corpus:
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

    def topics(
        self, where=None, limit=0, *, metric=None, zone=None, of=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """What customers speak of: a Table with one row a topic, most comments first."""
        query = _query(
            metric, (), where, None, zone, of, question, interval, level, min_n, purpose, as_of
        )
        return Table(self._native.topics(query, limit))

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
        "links", "consents" or "retention". The to_csv() of feedback can be ingested again."""
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


def _unsigned(value, what):
    if not 0 <= value < 1 << 32:
        raise ValueError(f"{what} is 0 or more, and below 2**32")
    return value


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
