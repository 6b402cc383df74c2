"""What is asked, in Python's words: values, times, conditions, queries."""

import datetime as _datetime

from . import _native

# Names here, numbers in kundig.h.
_EVERY = {None: 0, "none": 0, "day": 1, "week": 2, "month": 3, "quarter": 4, "year": 5}
_OF = {None: 0, "records": 0, "customers": 1}
_INTERVALS = {None: 0, "default": 0, "wald": 1, "score": 2}
_OPERATORS = {
    "=": 1, "==": 1, "!=": 2, "<": 3, "<=": 4, ">": 5, ">=": 6, "in": 7, "between": 8,
    "contains": 9, "missing": 10,
}
_EQUAL, _NOT_EQUAL, _IN, _MISSING = 1, 2, 7, 10
_ALL_OF, _ANY_OF, _NONE_OF = 1, 2, 3
_METRIC, _QUESTION, _GROUP_BY, _ZONE, _PURPOSE = range(5)

_EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=_datetime.timezone.utc)
_MILLISECOND = _datetime.timedelta(milliseconds=1)


def _number(names, name, what):
    try:
        return names[name]
    except (KeyError, TypeError):
        known = ", ".join(repr(known) for known in names if known is not None)
        raise ValueError(f"{what} is one of {known}, not {name!r}") from None


def _unsigned(value, what):
    if not 0 <= value < 1 << 32:
        raise ValueError(f"{what} is 0 or more, and below 2**32")
    return value


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
