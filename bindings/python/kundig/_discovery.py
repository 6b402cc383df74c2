"""Topics that nobody named, in scikit-learn's manner. Neither scikit-learn nor numpy is needed;
where numpy can be imported, answers are its arrays."""

import array as _array
import operator as _operator
import os as _os

from ._asking import _is_missing
from ._estimators import _Estimator, _Kept, _column, _not_fitted, _numpy, _probabilities, _refusing
from ._models import _array_of, _texts

_MOST_TOPICS = 2000


def _whole(value, what, least, most):
    """An int that may be one of numpy's."""
    try:
        number = _operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or not least <= number <= most:
        raise ValueError(f"{what} is a whole number from {least:,} to {most:,}, not {value!r}")
    return number


class _Known:
    """A model and what stands where in it: classes are in order of their names, rows by size."""

    def __init__(self, model):
        self.model = model
        self.table = model.discovered()
        self.ids = list(self.table["topic"])
        place = {name: row for row, name in enumerate(self.ids)}
        self.rows = [place.get(name, -1) for name in model.classes("discovered")]  # by class
        self.columns = [None] * len(self.ids)  # class by row; None: texts count elsewhere
        for number, row in enumerate(self.rows):
            if row >= 0:
                self.columns[row] = number

    def numbered(self, classes):
        """Classes as rows of the table; -1 stays -1."""
        numpy = _numpy()
        if numpy is None:
            rows = self.rows
            return [rows[number] if number >= 0 else -1 for number in classes]
        rows = numpy.array(self.rows + [-1], dtype=numpy.int64)  # -1 is the last one
        return rows[numpy.frombuffer(classes, dtype=numpy.int32)]

    def __reduce__(self):
        return _Known, (self.model,)


class TopicModel(_Estimator):
    """What texts speak of when nobody said: topics found in the texts, in two levels, named by
    what their writers write.

        topics = kundig.TopicModel().fit(comments)
        topics.topics_["title"]               # their labels, greatest topic first
        topics.labels_                        # the topic of each text: a row of topics_
        topics.predict(["Where is my parcel?"])

    n_topics         how many, 2 to 2,000; None: as many as two halves of the texts agree on
    random_state     seed of the order in which texts are gone through: an int, a RandomState of
                     numpy, or None for 0
    quality          "good"; "best": several discoveries, and what most of them agree on, ten times
                     the time; "draft" (or "fast"): a third of the time, nearly as good
    themes           into how many themes topics fall; None: found
    least_customers  where fit() is told customers: how many must have used a word for the model to
                     know it
    n_jobs           threads: None for one, -1 for one a processor; changes no result
    base             a Model whose rules are matched with what is found; None: the ready taxonomy

    What a person knows helps: fit() takes labels of some of the texts, pairs that belong together
    or do not, and words that are a topic. Texts in any order give the same topics, to the byte. It
    keeps its texts for partial_fit(); a pickle holds what was found and no texts.
    """

    _estimator_type = "clusterer"
    _lesson = "discovered"

    def __init__(
        self, n_topics=None, random_state=0, quality="good", themes=None, least_customers=5,
        n_jobs=None, base=None,
    ):
        self.n_topics = n_topics
        self.random_state = random_state
        self.quality = quality
        self.themes = themes
        self.least_customers = least_customers
        self.n_jobs = n_jobs
        self.base = base

    def __sklearn_tags__(self):
        from sklearn import utils

        return utils.Tags(
            estimator_type="clusterer",
            target_tags=utils.TargetTags(required=False),
            transformer_tags=utils.TransformerTags(),
            input_tags=utils.InputTags(
                one_d_array=True, two_d_array=False, string=True, allow_nan=True
            ),
        )

    def _more_tags(self):  # before scikit-learn 1.6
        return {"X_types": ["string"], "allow_nan": True}

    def __sklearn_is_fitted__(self):
        return "_learned" in self.__dict__

    # ---- Discovering ----

    def fit(
        self, X, y=None, *, customers=None, together=(), apart=(), topics=None, edits=(),
    ):
        """Discover topics; forgets what was found before.

        X          texts: a list, an array or a column of a DataFrame; None counts as empty
        y          topics that are known of some of the texts; None, NaN or -1 where nothing is.
                   Texts of one label belong to one topic, called so
        customers  whose texts they are: then no word that fewer than least_customers of them used
                   leaves a trace in the model
        together   pairs (i, j) of texts, by their places in X, that belong to one topic
        apart      pairs that do not
        topics     {"Lost parcel": ["lost parcel", "customs", 12]}: topics that there are, told by
                   words, or two in a row, and by places of texts that speak of them
        edits      more of what a person says of topics: dicts as Corpus.edits() takes them; text i
                   has the id str(i)

        Returns self.
        """
        self._fit(_Kept("topics"), None, X, y, customers, together, apart, topics, edits)
        return self

    def partial_fit(
        self, X=(), y=None, *, customers=None, together=(), apart=(), topics=None, edits=(),
    ):
        """Discover with more texts, beside those it has, and with more of what a person says.
        Topics go on under the same ids; some split or merge, new ones come: model_.show("history",
        "discovered") tells. Places count all texts since fit(). labels_ are of all of them. Returns
        self."""
        kept = self.__dict__.get("_kept")
        if kept is None and "_learned" in self.__dict__:
            raise ValueError(
                "this TopicModel came out of a pickle, which holds what was found and no texts: "
                "fit() it with all texts again; with base=model_ topics keep their ids"
            )
        known = self.__dict__.get("_learned")
        with (kept or _Kept("topics")).lock:
            self._fit(
                kept or _Kept("topics"), known and known.model, X, y, customers, together, apart,
                topics, edits,
            )
        return self

    def _fit(self, kept, before, X, y, customers, together, apart, topics, edits):
        options = self._options()
        first = len(kept.examples)
        examples = self._examples(_texts(X), y, customers, first)
        said = kept.edits + self._edits(first + len(examples), together, apart, topics, edits)
        base = self.base if before is None else before
        found = _array.array("i", bytes(4 * (first + len(examples))))
        with _refusing():
            kept.examples.add(examples)
            try:
                model = kept.examples._discover(base, options, said, None, found)
            except BaseException:
                kept.examples.remove(examples)
                raise
        kept.edits = said
        known = _Known(model)
        self._kept, self._learned, self.labels_ = kept, known, known.numbered(found)

    def _examples(self, texts, y, customers, first):
        said = self._hints(y, len(texts))
        owners = _column(customers, "customers", len(texts))
        examples = []
        for place, (text, label, owner) in enumerate(zip(texts, said, owners), first):
            example = {"text": text or "", "id": str(place)}
            if label is not None:
                example["labels"] = label
                example["partial"] = True
            if owner is not None and not _is_missing(owner):
                example["customer"] = self._customer(owner)
            examples.append(example)
        return examples

    @staticmethod
    def _hints(y, count):
        """The label of each text as a name; None where nothing is known."""
        y = _array_of(y)
        if getattr(y, "ndim", 1) == 2 and y.shape[1] == 1:
            y = y.ravel()
        names = []
        for label in _column(y, "y", count):
            if isinstance(label, (list, tuple, set, frozenset, dict)):
                raise ValueError(f"y holds {label!r}: a text has one main topic, so one label each")
            unknown = _is_missing(label) or (not isinstance(label, str) and label == -1)
            names.append(None if unknown else str(label))
        return names

    @staticmethod
    def _edits(count, together, apart, topics, edits):
        """What a person says, as edits of the library."""

        def key(place, what):
            return str(_whole(place, f"a text of {what}", 0, count - 1))

        found = []
        for kind, groups in (("together", together), ("apart", apart)):
            for group in groups:
                group = list(group)
                if len(group) < 2 or (kind == "apart" and len(group) > 2):
                    raise ValueError(f"{kind} holds pairs of places, not {group!r}")
                for one, other in zip(group, group[1:]):
                    found.append(
                        {"kind": kind, "id": key(one, kind), "other_id": key(other, kind)}
                    )
        for name, told in (topics or {}).items():
            told = [told] if isinstance(told, str) else list(told)
            words = [word for word in told if isinstance(word, str)]
            if words:
                found.append({"kind": "topic", "name": name, "words": "; ".join(words)})
            for place in told:
                if not isinstance(place, str):
                    found.append({"kind": "topic", "name": name, "id": key(place, "topics")})
        return found + list(edits)

    def _options(self):
        return {
            "n_topics": _least(self.n_topics, "n_topics", 2),
            "themes": _least(self.themes, "themes", 1),
            "quality": self.quality,
            "least_customers": _least(self.least_customers, "least_customers", 1, 1 << 31),
            "seed": self._seed(), "threads": self._threads(),
        }

    def _seed(self):
        state = self.random_state
        if state is None:
            return 0
        if hasattr(state, "randint"):  # a RandomState of numpy, or random.Random
            return int(state.randint(0, 2**31 - 1))
        return _whole(state, "random_state", 0, 2**64 - 1)

    def _threads(self):
        if self.n_jobs is None:
            return 1
        jobs = _whole(self.n_jobs, "n_jobs", -64, 64)
        if jobs < 0:  # as joblib counts them
            jobs = max(1, (_os.cpu_count() or 1) + 1 + jobs)
        return min(max(jobs, 1), 64)

    def fit_predict(
        self, X, y=None, *, customers=None, together=(), apart=(), topics=None, edits=(),
    ):
        """fit(), then labels_: the topic of each text."""
        return self.fit(
            X, y, customers=customers, together=together, apart=apart, topics=topics, edits=edits
        ).labels_

    def fit_transform(
        self, X, y=None, *, customers=None, together=(), apart=(), topics=None, edits=(),
    ):
        """fit(), then transform()."""
        return self.fit(
            X, y, customers=customers, together=together, apart=apart, topics=topics, edits=edits
        ).transform(X)

    # ---- What was found ----

    def _found(self):
        if "_learned" not in self.__dict__:
            raise _not_fitted(self)
        return self._learned

    @property
    def model_(self):
        """The Model: for Corpus.set_model(), Model.save(), Model.show(), Model.define()."""
        return self._found().model

    @property
    def examples_(self):
        """The Examples it discovered in."""
        self._found()
        return self._examples_kept().examples

    @property
    def topics_(self):
        """A Table of the topics, greatest first: see Model.discovered(). Its rows are the numbers
        that labels_ and predict() give, and the columns of transform()."""
        return self._found().table

    @property
    def n_topics_(self):
        """How many topics there are."""
        return len(self._found().ids)

    @property
    def ids_(self):
        """The ids of the topics, by number: they stay through partial_fit(), numbers may not."""
        return list(self._found().ids)

    @property
    def themes_(self):
        """The themes, greatest first: a list of dicts with theme (its id), title, texts, share and
        topics (their numbers)."""
        table = self._found().table
        themes = {}
        for number, row in enumerate(table):
            one = themes.setdefault(row["theme"], {
                "theme": row["theme"], "title": row["theme_title"], "texts": 0, "share": 0.0,
                "topics": [],
            })
            one["texts"] += row["texts"] or 0
            one["share"] += row["share"] or 0.0
            one["topics"].append(number)
        return sorted(themes.values(), key=lambda one: (-one["texts"], one["theme"]))

    def get_feature_names_out(self, input_features=None):
        """The names of transform()'s columns: ids of topics."""
        numpy = _numpy()
        ids = self.ids_
        return ids if numpy is None else numpy.array(ids, dtype=object)

    def predict(self, X):
        """The topic of each text, by what was found: a row of topics_; -1 for a text that nothing
        can be told of."""
        known = self._found()
        classes = self._classes(known, _texts(X))
        return known.numbered(classes)

    def _classes(self, known, texts):
        """The best class of each text, also of those that no topic fits well."""
        width = len(known.rows)
        classes = _array.array("i", bytes(4 * len(texts)))
        known.model._classify(self._lesson, texts, self._threads(), classes)
        unsure = [index for index, number in enumerate(classes) if number < 0]
        if unsure:
            doubtful = tuple(texts[index] for index in unsure)
            rows, _ = self._rows(known.model, doubtful)
            for place, index in enumerate(unsure):
                row = rows[place * width : (place + 1) * width]
                best = max(row, default=0)
                classes[index] = row.index(best) if best > 0 else -1
        return classes

    def transform(self, X):
        """How much each text speaks of each topic: a row a text, a column a topic; a row adds up to
        1, or to 0 where nothing can be told."""
        known = self._found()
        texts = _texts(X)
        rows, width = self._rows(known.model, texts)
        return _probabilities(rows, width, len(texts), known.columns, False)

    def sureness(self, X):
        """A number a text, the greater the surer that its topic fits better than any other."""
        known = self._found()
        texts = _texts(X)
        numpy = _numpy()
        classes = _array.array("i", bytes(4 * len(texts)))
        sureness = _array.array("f", bytes(4 * len(texts)))
        known.model._classify(
            self._lesson, texts, self._threads(), classes, None, None, sureness
        )
        return sureness.tolist() if numpy is None else numpy.array(sureness, dtype=float)

    def _rows(self, model, texts):
        width = len(model.classes(self._lesson))
        rows = _array.array("f", bytes(4 * width * len(texts)))
        classes = _array.array("i", bytes(4 * len(texts)))
        model._classify(self._lesson, texts, self._threads(), classes, rows)
        return rows, width

    def explain(self, text):
        """A Table of the topics in a text and the bytes that speak of them: see Model.read()."""
        return self.model_.read(_texts([text])[0] or "")


def _least(value, what, least, most=_MOST_TOPICS):
    """A count as the library takes it: 0 where it is to choose."""
    return 0 if value is None else _whole(value, what, least, most)
