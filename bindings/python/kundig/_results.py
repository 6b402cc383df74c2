"""What is answered: tables, reports of ingests, partial answers."""

import html as _html

from . import _native

# Names here, numbers in kundig.h.
_SUMMARY, _MAPPING, _REJECTS, _FINDINGS = 1, 2, 3, 4
_TYPES = {1: "text", 2: "int", 3: "number", 4: "bool"}
_UNITS = {0: None, 1: "score", 2: "share", 3: "points", 4: "count", 5: "p_value"}


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
