"""Why a score moved: impact, change, alarms, words, who speaks, and whom the answers stand for."""

import html as _html

from ._asking import _cell, _instant, _node, _number, _query, _unsigned
from ._results import Table

# Names here, numbers in kundig.h.
_SENTENCES = {None: 0, "english": 0, "german": 1}
_CHARTS = {None: 0, "default": 0, "share": 1, "count": 2, "ewma": 3, "cusum": 4}
_LIMITS = {None: 0, "exact": 0, "three_sigma": 1}
_PRIORS = {None: 0, "all": 0, "counts": 1, "uniform": 2}
_KNOWN = {None: 0, False: 1, True: 2}


def _shown(value, unit):
    """A cell as pages for people have it: scores and shares times 100."""
    if value is None:
        return "-"
    if unit == "score":
        return f"{100 * value:+.1f}"
    if unit == "share":
        return f"{100 * value:.1f}%"
    if unit == "p_value":
        return f"{value:.4f}" if value >= 0.0001 else "<0.0001"
    if isinstance(value, float):
        return f"{value:+.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _terse(table, names, numbers):
    """Some columns and rows of a table, a line each, numbers to the right."""
    units = table.units
    lines = [names] + [
        tuple(_shown(table[number][name], units[name]) for name in names) for number in numbers
    ]
    widths = [max(map(len, column)) for column in zip(*lines)]
    left = [table.types[name] == "text" for name in names]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if is_left else cell.rjust(width)
            for cell, width, is_left in zip(line, widths, left)
        ).rstrip()
        for line in lines
    )


class _Tables:
    """Several tables of one answer; they print one below the other."""

    __slots__ = ()

    def _parts(self):
        for name in self.__slots__:
            table = getattr(self, name)
            if len(table):
                yield name, table

    def __repr__(self):
        return "\n\n".join(f"{name}\n{table!r}" for name, table in self._parts())

    def _repr_html_(self):
        return "".join(
            f"<h4>{name}</h4>{table._repr_html_()}" for name, table in self._parts()
        )


class Explanation(_Tables):
    """Why a score moved: a sentence and four Tables.

    change  one row: before, after, the change with its interval, is it more than chance?
    splits  a row a field: how much of the change is mix (shares moved), how much is rate (scores
            moved)
    causes  a row a value of a field: what it contributes; within a field they sum to the change
    breaks  what makes the two sets hard to compare: another scale, wording, channel, sampling
    """

    __slots__ = ("change", "splits", "causes", "breaks")

    def __init__(self, tables):
        self.change, self.splits, self.causes, self.breaks = map(Table, tables)

    @property
    def sentence(self):
        """What happened, in one plain sentence."""
        return self.change["sentence"][0]

    def __repr__(self):
        """The sentence, the greatest causes of each field, and breaks; the tables tell more."""
        parts = [self.sentence]
        fields = self.causes["field"]
        shown = [
            number for number, field in enumerate(fields) if number - fields.index(field) < 5
        ]
        if shown:
            names = ("field", "value", "contribution", "lo", "hi", "q", "before", "after",
                     "before_customers", "after_customers")
            parts.append(_terse(self.causes, names, shown))
        if len(self.breaks):
            parts.append("\n".join(self.breaks["sentence"]))
        return "\n\n".join(parts)

    def _repr_html_(self):
        return f"<p>{_html.escape(self.sentence)}</p>{super()._repr_html_()}"


class Weights(_Tables):
    """Answers weighed to stand for a population: three Tables.

    score    the metric, a row unweighted and a row weighted
    summary  one row: how it went, and what it costs (deff, n_eff)
    cells    a row a combination of values, with its weight
    """

    __slots__ = ("score", "summary", "cells")

    def __init__(self, tables):
        self.cells, self.summary, self.score = map(Table, tables)


class Representation(_Tables):
    """Whether those who answered stand for those who could: two Tables.

    summary  one row: the response rate, the R-indicator, the bounds of the metric
    groups   a row a group of customers: how many could answer, how many did
    """

    __slots__ = ("summary", "groups")

    def __init__(self, tables):
        self.groups, self.summary = map(Table, tables)


def _set(query, where, what):
    """The number of a condition that makes a set; a bare period ("2026-Q2") is that time."""
    if isinstance(where, str) and where[:4].isdecimal() and not where.strip("0123456789-QW"):
        where = f"time = {where}"
    node = _node(query, where)
    if node is None:
        raise ValueError(f"{what} needs a condition")
    return node


def _margins(margins):
    """{"channel": {"email": 60, "phone": 40}}, or a list of (field, value, size), as the latter."""
    if isinstance(margins, (list, tuple)):
        if all(isinstance(margin, (list, tuple)) and len(margin) == 3 for margin in margins):
            return [tuple(margin) for margin in margins]
    elif hasattr(margins, "items") and all(hasattr(m, "items") for m in margins.values()):
        return [
            (field, value, size)
            for field, sizes in margins.items() for value, size in sizes.items()
        ]
    raise TypeError(
        'margins are a dict of dicts, {"channel": {"email": 60, "phone": 40}}, or a list of '
        '("channel", "email", 60)'
    )


def _chart_options(
    chart, limits, weekdays, baseline, rate, lambda_, width, slack, decision, target, sigma, since,
):
    return (
        _number(_CHARTS, chart, "chart"), _number(_LIMITS, limits, "limits"),
        _number(_KNOWN, weekdays, "weekdays"), _unsigned(baseline, "baseline"), rate, lambda_,
        width, slack, decision, target, sigma, _instant(since),
    )


class _Why:
    """The questions of a Corpus that ask why."""

    __slots__ = ()

    def impact(
        self, metric=None, by="topic", where=None, *, limit=0, zone=None, of=None, question=None,
        level=0, min_n=0, purpose=None, as_of=None,
    ):
        """What each topic, or value of another field, does to a score: a Table with one row each,
        greatest impact first.

        impact is the score less what it is without the records of the topic; these overlap and do
        not add up. additive splits every answer over the topics of its record; these sum to the
        score exactly. metric None: the Net Promoter Score, else the mean of the only question.
        """
        query = _query(
            metric, by, where, zone=zone, of=of, question=question, level=level, min_n=min_n,
            purpose=purpose, as_of=as_of,
        )
        return Table(self._native.impact(query, limit))

    def explain(
        self, before, after, by=(), metric=None, where=None, *, sentences="english", limit=0,
        zone=None, of=None, question=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Why a score moved from one set of records to another: an Explanation.

        before and after are conditions as where is, or periods such as "2026-Q2". by are the fields
        in which causes are looked for; none: topic, and touchpoint, channel and stage where they
        are filled. sentences is "english" or "german"; limit is causes of each field, 0 for all.
        """
        query = _query(
            metric, by, where, zone=zone, of=of, question=question, level=level, min_n=min_n,
            purpose=purpose, as_of=as_of,
        )
        sets = _set(query, before, "before"), _set(query, after, "after")
        return Explanation(self._native.explain(
            query, *sets, _number(_SENTENCES, sentences, "sentences"), limit
        ))

    def chart(
        self, by=(), where=None, *, chart="share", limits="exact", every=None, metric=None,
        question=None, weekdays=None, baseline=0, rate=0, lambda_=0, width=0, slack=0, decision=0,
        target=0, sigma=0, zone=None, purpose=None, as_of=None,
    ):
        """The control chart of every group: a Table with one row a series and period. by is what is
        charted (none: topic, or of a metric all records), every the period (None: day).

        chart     "share" (of those who wrote in a period, how many speak of it), "count", "ewma" or
                  "cusum"
        limits    "exact" (at most rate false alarms, whatever the level is) or "three_sigma"
        weekdays  each weekday has its own level: True, False, or None: where that shows
        baseline  periods before that tell the level; 0: all before
        rate      false alarms a period over all series; 0: 0.01
        lambda_, width           of EWMA; 0: 0.3, and from rate
        slack, decision          of CUSUM, in standard deviations; 0: 0.5, and from rate
        metric, target, sigma    of EWMA and CUSUM of a metric's value in place of the share
        """
        query = _query(
            metric, by, where, every, zone, question=question, purpose=purpose, as_of=as_of
        )
        return Table(self._native.chart(query, _chart_options(
            chart, limits, weekdays, baseline, rate, lambda_, width, slack, decision, target,
            sigma, None,
        )))

    def alarms(
        self, by=(), where=None, *, chart=None, limits="exact", every=None, metric=None,
        question=None, weekdays=None, baseline=0, rate=0, lambda_=0, width=0, slack=0, decision=0,
        target=0, sigma=0, since=None, limit=0, zone=None, purpose=None, as_of=None,
    ):
        """Where something is out of the ordinary: a Table with one row an alarm, latest first.

        A customer counts once a period and series, so one who writes 38 times raises no alarm. To
        watch a stream: add records, then ask with since (a datetime or milliseconds), which leaves
        the alarms of periods that end after it. chart None: all that apply; everything else is as
        in chart().
        """
        query = _query(
            metric, by, where, every, zone, question=question, purpose=purpose, as_of=as_of
        )
        return Table(self._native.alarms(query, _chart_options(
            chart, limits, weekdays, baseline, rate, lambda_, width, slack, decision, target,
            sigma, since,
        ), limit))

    def emerging(
        self, by="topic", where=None, *, every=None, scale=0, gamma=0, limit=0, zone=None,
        purpose=None, as_of=None,
    ):
        """What is coming up: a Table with one row a burst, a rise, or a group of comments near no
        known topic (novelty).

        every is of rises (None: week), scale how much denser each level of a burst is (0: 2), gamma
        what a step up costs (0: 1).
        """
        query = _query(
            by=by, where=where, every=every, zone=zone, purpose=purpose, as_of=as_of
        )
        return Table(self._native.emerging(query, scale, gamma, limit))

    def words(
        self, a, b, where=None, *, prior_kind="all", prior=0, limit=0, least=0, everything=False,
        zone=None, purpose=None, as_of=None,
    ):
        """The words and pairs that the records of a use more than those of b: a Table, greatest z
        first. a and b are conditions as where is, or periods.

        prior_kind  "all" (as the whole selection uses the words, prior observations of it),
                    "counts" (every word as often as both sets use it) or "uniform" (prior
                    observations of every word)
        prior       0: 1000, or a tenth of both sets if that is less; of "uniform" 1
        least       records of a with the word; 0: 3
        everything  words that chance explains as well
        """
        query = _query(where=where, zone=zone, purpose=purpose, as_of=as_of)
        sets = _set(query, a, "a"), _set(query, b, "b")
        return Table(self._native.words(
            query, *sets, _number(_PRIORS, prior_kind, "prior_kind"), prior, limit, least,
            everything,
        ))

    def buts(
        self, where=None, limit=0, *, question=None, zone=None, purpose=None, as_of=None,
    ):
        """What satisfied customers still miss: clauses behind "but" and negative topics in records
        whose answer is among the best."""
        query = _query(where=where, zone=zone, question=question, purpose=purpose, as_of=as_of)
        return Table(self._native.buts(query, limit))

    def mismatch(
        self, where=None, limit=0, *, question=None, zone=None, purpose=None, as_of=None,
    ):
        """Records whose answer and comment disagree, the strongest first."""
        query = _query(where=where, zone=zone, question=question, purpose=purpose, as_of=as_of)
        return Table(self._native.mismatch(query, limit))

    def loud(
        self, metric=None, by="topic", where=None, *, limit=0, zone=None, of=None, question=None,
        level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Loud topics beside meaningful ones: how often, by how many, how much it weighs. Options
        are those of impact()."""
        query = _query(
            metric, by, where, zone=zone, of=of, question=question, level=level, min_n=min_n,
            purpose=purpose, as_of=as_of,
        )
        return Table(self._native.loud(query, limit))

    def funnel(
        self, metric, by, where=None, *, every=None, zone=None, of=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Groups without a league table: each beside what chance alone would do to a group of its
        size, and drawn to the whole as far as it is small."""
        query = _query(
            metric, by, where, every, zone, of, question, interval, level, min_n, purpose, as_of
        )
        return Table(self._native.funnel(query))

    def benchmark(
        self, metric, value, n=0, deviation=0, by=(), where=None, *, every=None, zone=None, of=None,
        question=None, interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Every group of a question beside a figure from outside, in natural units (an NPS of 31 is
        0.31): a Table as of compare(), where a is the benchmark.

        n is how many answers it stands on (0: it is exact), deviation the standard deviation of one
        answer (0: the greatest that the value allows).
        """
        query = _query(
            metric, by, where, every, zone, of, question, interval, level, min_n, purpose, as_of
        )
        return Table(self._native.benchmark(query, value, n, deviation))

    def weights(
        self, margins, metric=None, where=None, *, most=0, rounds=0, zone=None, question=None,
        interval=None, level=0, min_n=0, purpose=None, as_of=None,
    ):
        """Weigh answers so that they stand for a population: Weights.

        margins are how many of it have which value: {"channel": {"email": 60, "phone": 40}}, in any
        unit, None the key of those without a value; or a list of ("channel", "email", 60). One
        field is post-stratified, several are raked. most is the greatest weight, in means (0: no
        limit).
        """
        query = _query(
            metric, (), where, zone=zone, question=question, interval=interval, level=level,
            min_n=min_n, purpose=purpose, as_of=as_of,
        )
        return Weights(self._native.weights(query, _margins(margins), most, rounds, _cell))

    def represent(
        self, by="segment", metric=None, where=None, *, zone=None, question=None, level=0,
        purpose=None, as_of=None,
    ):
        """Whether those who answered stand for those who could: a Representation. The base is the
        customers who were invited (events), or where there are no invitations all customers
        known."""
        query = _query(
            metric, by, where, zone=zone, question=question, level=level, purpose=purpose,
            as_of=as_of,
        )
        return Representation(self._native.represent(query))
