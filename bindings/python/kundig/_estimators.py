"""Classifiers in scikit-learn's manner. Neither scikit-learn nor numpy is needed; where numpy can be
imported, answers are its arrays."""

import array as _array
import contextlib as _contextlib
import sys as _sys
import threading as _threading

from . import _native
from ._native import E_EMPTY, E_VALUE, Error
from ._asking import _cell, _is_missing
from ._models import Examples, _array_of, _text, _texts

_SEVERAL = (list, tuple, set, frozenset)
_FEELINGS = ("negative", "neutral", "positive")
_SCALES = ("nps", "csat", "ces", "ces_2010", "stars")
_unasked = object()
_numpy_module = _unasked


def _numpy():
    """The module numpy, or None."""
    global _numpy_module
    if _numpy_module is _unasked:
        try:
            import numpy
        except ImportError:
            numpy = None
        _numpy_module = numpy
    return _numpy_module


class _Refused(Error, ValueError):
    """What the library refuses of arguments: an Error, and what scikit-learn expects."""


@_contextlib.contextmanager
def _refusing():
    try:
        yield
    except Error as error:
        if error.code not in (E_EMPTY, E_VALUE):
            raise
        refused = _Refused(str(error))
        refused.code, refused.name = error.code, error.name
        refused.position = error.position
        raise refused from None


class _NotFitted(ValueError, AttributeError):
    """As scikit-learn's NotFittedError, where that is not loaded."""


def _not_fitted(estimator):
    loaded = _sys.modules.get("sklearn.exceptions")
    kind = loaded.NotFittedError if loaded else _NotFitted
    return kind(f"this {type(estimator).__name__} has learned nothing yet: call fit() first")


def _answers(labels):
    """Labels as an array of numpy, or as a list."""
    numpy = _numpy()
    if numpy is None:
        return list(labels)
    kinds = {type(label) for label in labels}
    if len(kinds) == 1 and kinds <= {str, int, bool, float}:
        return numpy.array(labels)
    answers = numpy.empty(len(labels), dtype=object)
    answers[:] = labels
    return answers


def _column(values, what, count):
    """One value a text, as a list; None where none are given."""
    if values is None:
        return [None] * count
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{what} is a list, and not one value")
    values = _array_of(values)
    if getattr(values, "ndim", 1) != 1:
        raise ValueError(f"{what} has {values.ndim} dimensions: one value a text is needed")
    values = values.tolist() if hasattr(values, "tolist") else list(values)
    if len(values) != count:
        raise ValueError(f"there are {count} texts and {len(values)} of {what}")
    return values


class _Kept:
    """What an estimator learns from. It is not pickled: it has the texts."""

    def __init__(self, lesson):
        self.lock = _threading.RLock()
        self.examples = Examples(lesson)
        self.labels = {}  # by name of class
        self.customers = {}  # their examples
        self.several = False
        self.width = None  # columns of the indicator matrices it was given
        self.declared = []  # classes that may come later
        self.scored = False  # does it learn from scores?
        self.edits = []  # what was said of topics that are discovered
        self.stale = True

    def add(self, examples):
        self.examples.add(examples)
        for example in examples:
            if "customer" in example:
                self.customers.setdefault(example["customer"], []).append(example)
        self.stale = self.stale or bool(examples)

    def remove(self, examples):
        self.examples.remove(examples)
        for example in examples:
            theirs = self.customers.get(example.get("customer"))
            if theirs is not None:
                theirs.remove(example)
                if not theirs:
                    del self.customers[example["customer"]]
        self.stale = self.stale or bool(examples)


class _Estimator:
    """Parameters and pickles as scikit-learn wants them."""

    @classmethod
    def _parameters(cls):
        code = cls.__init__.__code__
        return code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]

    def get_params(self, deep=True):
        """The parameters, by name."""
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self, **params):
        """Set parameters; they hold from the next fit() on. Returns self."""
        for name in params:
            if name not in self._parameters():
                raise ValueError(
                    f"{type(self).__name__} has no parameter {name!r}, but "
                    f"{', '.join(self._parameters())}"
                )
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self):
        usual = type(self)().get_params()
        changed = [
            f"{name}={value!r}" for name, value in self.get_params().items()
            if value is not usual[name] and value != usual[name]
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    @staticmethod
    def _customer(name):
        return name if isinstance(name, str) else _cell(name)

    def _examples_kept(self):
        if "_kept" not in self.__dict__:
            if "_learned" not in self.__dict__:
                raise _not_fitted(self)
            raise ValueError(
                f"this {type(self).__name__} came out of a pickle, which holds what was learned and "
                "no texts"
            )
        return self._kept

    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name != "_kept"}


class _Learner(_Estimator):
    """What both classifiers have in common."""

    _estimator_type = "classifier"

    def __sklearn_tags__(self):
        from sklearn import utils

        return utils.Tags(
            estimator_type="classifier",
            target_tags=utils.TargetTags(required=True),
            classifier_tags=utils.ClassifierTags(multi_label=self._lesson == "topics"),
            input_tags=utils.InputTags(
                one_d_array=True, two_d_array=False, string=True, allow_nan=True
            ),
        )

    def __sklearn_is_fitted__(self):
        return "_learned" in self.__dict__ or "_kept" in self.__dict__

    def _more_tags(self):  # before scikit-learn 1.6
        return {"X_types": ["string"], "allow_nan": True, "requires_y": True}

    def __getstate__(self):
        if "_kept" in self.__dict__:
            self._learn()
        return super().__getstate__()

    # ---- Learning ----

    def fit(self, X, y, sample_weight=None, customers=None):
        """Learn from texts and what is known of each; forgets what was learned before.

        X              texts: a list, an array or a column of a DataFrame; None counts as empty
        y              one answer a text: see the class
        sample_weight  how much each counts; 0 leaves it out
        customers      whose texts they are: then the model knows no word and no class that fewer
                       than least_customers of them had

        Returns self.
        """
        kept = _Kept(self._lesson)
        with _refusing():
            kept.add(self._examples(kept, X, y, sample_weight, customers))
            learned = self._taught(kept)
        kept.stale = False
        self._kept, self._learned = kept, learned
        return self

    def partial_fit(self, X, y, classes=None, sample_weight=None, customers=None):
        """Learn from more texts, beside those it has. The model is learned anew when it is next
        asked: what it knows depends on the examples alone, never on the order they came in.
        classes: which ones may come; those without an example have probability 0. Returns self."""
        kept = self.__dict__.get("_kept")
        if kept is None:
            if "_learned" in self.__dict__:
                raise ValueError(
                    f"this {type(self).__name__} came out of a pickle, which holds what was learned "
                    "and no texts: fit() it with all examples again"
                )
            kept = _Kept(self._lesson)
        with kept.lock, _refusing():
            kept.add(self._examples(kept, X, y, sample_weight, customers))
            if classes is not None:
                kept.declared = list(_column(classes, "classes", len(classes)))
                kept.stale = True
            self._kept = kept
        return self

    def forget(self, X=None, y=None, sample_weight=None, customers=None):
        """Unlearn examples: those that are equal to these in all they say, or with customers alone
        all of theirs. What is left is what was learned without them, to the byte. Returns self."""
        kept = self._examples_kept()
        with kept.lock:
            if X is None:
                if customers is None:
                    raise ValueError("forget what? Give X and y, or customers")
                names = [customers] if isinstance(customers, (str, int)) else customers
                names = {self._customer(name) for name in names}
                gone = [one for name in sorted(names) for one in kept.customers.get(name, ())]
            else:
                gone = self._examples(kept, X, y, sample_weight, customers)
            kept.remove(gone)
        return self

    def _examples(self, kept, X, y, sample_weight, customers):
        """Examples as the library takes them."""
        texts = _texts(X)
        said = self._said(kept, y, len(texts))
        weights = _column(sample_weight, "sample_weight", len(texts))
        owners = _column(customers, "customers", len(texts))
        if weights and not any(weight is None or weight != 0 for weight in weights):
            raise ValueError("every sample_weight is zero: there is nothing to learn from")
        examples = []
        for text, what, weight, owner in zip(texts, said, weights, owners):
            if what is None or weight == 0:
                continue
            example = {"text": text or "", **what}
            if weight is not None and weight != 1:
                example["weight"] = weight
            if owner is not None and not _is_missing(owner):
                example["customer"] = self._customer(owner)
            examples.append(example)
        return examples

    def _options(self):
        return {
            "quality": self.quality, "least_customers": self.least_customers or 0,
            "most_bytes": self.most_bytes or 0, "seed": self.seed, "threads": self.threads,
        }

    def _learn(self):
        """The model and what its classes mean, learned anew where examples came or went."""
        kept = self.__dict__.get("_kept")
        if kept is not None and kept.stale:
            with kept.lock, _refusing():
                if kept.stale:
                    self._learned = self._taught(kept)
                    kept.stale = False
        if "_learned" not in self.__dict__:
            raise _not_fitted(self)
        return self._learned

    # ---- What was learned ----

    @property
    def model_(self):
        """The Model: for Corpus.set_model(), Model.save(), Model.show()."""
        return self._learn()[0]

    @property
    def examples_(self):
        """The Examples it learned from."""
        return self._examples_kept().examples

    @property
    def classes_(self):
        """The classes, in the order of predict_proba()'s columns."""
        return _answers(self._learn()[1].classes)

    def show(self, which="summary"):
        """Look into what was learned: see Model.show()."""
        return self.model_.show(which, self._lesson)

    def next(self, X, limit=0):
        """Texts by what a label of theirs would teach, most first: see Model.next()."""
        return self.model_.next(X, limit, self._lesson)

    def validate(self, folds=0):
        """Cross-validate with the examples it has: see Examples.validate()."""
        return self._asked(self._examples_kept().examples.validate, folds=folds)

    def curve(self):
        """The learning curve of the examples it has: see Examples.curve()."""
        return self._asked(self._examples_kept().examples.curve)

    def doubts(self, limit=0):
        """Labels that may be wrong among the examples it has: see Examples.doubts()."""
        return self._asked(self._examples_kept().examples.doubts, limit=limit)

    def sureness(self, X):
        """A number a text, the greater the surer that some class fits: low for what is unlike all
        that was learned from."""
        model = self.model_
        texts = _texts(X)
        numpy = _numpy()
        sureness = _array.array("f", bytes(4 * len(texts)))
        classes = _array.array("i", bytes(4 * len(texts)))
        model._classify(self._lesson, texts, self.threads, classes, None, None, sureness)
        return sureness.tolist() if numpy is None else numpy.array(sureness, dtype=float)

    def _rows(self, model, texts):
        """Probabilities as the library has them: a memory of floats, row by row, and its width."""
        width = len(model.classes(self._lesson))
        rows = _array.array("f", bytes(4 * width * len(texts)))
        classes = _array.array("i", bytes(4 * len(texts)))
        model._classify(self._lesson, texts, self.threads, classes, rows)
        return rows, width


def _probabilities(rows, width, count, columns, alone):
    """Probabilities in columns of one's own (None: a class that nothing is known of); where a text
    has one class alone, rows add up to 1."""
    numpy = _numpy()
    if numpy is None:
        table = []
        for index in range(count):
            row = rows[index * width : (index + 1) * width]
            row = [0.0 if column is None else row[column] for column in columns]
            total = sum(row) if alone else 1
            table.append([value / total for value in row] if total else row)
        return table
    given = numpy.frombuffer(rows, dtype=numpy.float32).reshape(count, width)
    table = numpy.zeros((count, len(columns)))
    for place, column in enumerate(columns):
        if column is not None:
            table[:, place] = given[:, column]
    if alone:
        total = table.sum(axis=1, keepdims=True)
        total[total == 0] = 1
        table /= total
    return table


class _KnownTopics:
    """What a model's classes mean to the caller."""

    def __init__(self, kept, names):
        known = {kept.labels[name]: number for number, name in enumerate(names)}
        if kept.width is not None:
            labels = list(range(kept.width))
        else:
            declared = [label for label in kept.declared if label not in known]
            labels = list(known) + declared
            try:
                labels.sort()
            except TypeError:  # no order among them: that of the names
                pass
        self.several = kept.several
        self.width = kept.width
        self.columns = [known.get(label) for label in labels]
        self.labels = [kept.labels[name] for name in names]
        self.classes = labels


class TopicClassifier(_Learner):
    """What texts speak of, learned from texts and their labels.

        topics = kundig.TopicClassifier().fit(texts, labels)
        topics.predict(["Where is my parcel?"])

    y of fit() is a label a text (any str, int or other hashable value), or several: a list, tuple
    or set of labels a text, or a matrix with a column a label (0 and 1). None is a text that has
    none. predict() answers in kind: labels, a list of tuples, or a matrix.

    quality          "fast", or "best": at most ten times the time to learn
    labels           "one" a text, "several", or "guess": as y looks
    refuse           True: predict() answers refusal where no class fits
    refusal          what it answers there
    least_customers  where fit() is told customers: how many must have used a word, or have a label,
                     for the model to know it; None: 5
    most_bytes       of what was learned, as saved; None: any
    seed             of the order in which examples are gone through
    threads          at most this many; changes no result
    base             a Model whose taxonomy is where the learner begins, or None

    It keeps its examples for partial_fit() and forget(); a pickle holds what was learned and no
    texts. Rows in any order give the same model, to the byte.
    """

    _lesson = "topics"

    def __init__(
        self, quality="fast", labels="guess", refuse=False, refusal=None, least_customers=None,
        most_bytes=None, seed=0, threads=1, base=None,
    ):
        self.quality = quality
        self.labels = labels
        self.refuse = refuse
        self.refusal = refusal
        self.least_customers = least_customers
        self.most_bytes = most_bytes
        self.seed = seed
        self.threads = threads
        self.base = base

    def _name(self, kept, label):
        """The name of a label, by which it is found again."""
        if hasattr(label, "item") and not isinstance(label, str):
            label = label.item()  # a number of numpy
        if _is_missing(label):
            raise ValueError("a label is missing among several")
        name = label if type(label) is str else str(label)
        known = kept.labels.setdefault(name, label)
        if known is not label and known != label:
            raise ValueError(f"two labels, {known!r} and {label!r}, are both written {name!r}")
        return name

    def _matrix(self, kept, y, count):
        """A row a text, a column a label."""
        rows = y.tolist()
        if kept.width not in (None, y.shape[1]):
            raise ValueError(f"y has {y.shape[1]} columns, and had {kept.width} before")
        if len(rows) != count:
            raise ValueError(f"there are {count} texts and {len(rows)} rows of y")
        if any(value not in (0, 1) for row in rows for value in row):
            raise ValueError("a y of several columns holds 0 and 1 alone: a column a label")
        if self.labels == "one":
            raise ValueError("y has several columns, and labels is 'one'")
        kept.width = y.shape[1]
        kept.several = True
        return [
            {"labels": [self._name(kept, place) for place, value in enumerate(row) if value]}
            for row in rows
        ]

    def _said(self, kept, y, count):
        if self.labels not in ("guess", "one", "several"):
            raise ValueError(f"labels is 'guess', 'one' or 'several', not {self.labels!r}")
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None: a label a text")
        y = _array_of(y.toarray() if hasattr(y, "toarray") else y)
        if getattr(y, "ndim", 1) == 2:
            if y.shape[1] != 1:
                return self._matrix(kept, y, count)
            y = y.ravel()
        y = [
            one.tolist() if getattr(one, "ndim", 0) else one for one in _column(y, "y", count)
        ]
        if kept.width is not None:
            raise ValueError(f"y was a matrix of {kept.width} columns before, and is a list now")
        several = any(isinstance(labels, _SEVERAL) or _is_missing(labels) for labels in y)
        if several and self.labels == "one":
            raise ValueError("labels is 'one', and y holds a text with none or several")
        kept.several = kept.several or several or self.labels == "several"
        said = []
        for labels in y:
            if not isinstance(labels, _SEVERAL):
                labels = () if _is_missing(labels) else (labels,)
            said.append({"labels": [self._name(kept, label) for label in labels]})
        return said

    def _asked(self, call, **more):
        several = self._examples_kept().several
        return call(
            self.base, labels="several" if several else "one", **self._options(), **more
        )

    def _taught(self, kept):
        model = kept.examples.teach(
            self.base, labels="several" if kept.several else "one", **self._options()
        )
        return model, _KnownTopics(kept, model.classes())

    def predict(self, X):
        """The label of each text: the most probable one, or, with refuse, refusal where none fits.
        Where texts have several: those that hold."""
        model, known = self._learn()
        texts = _texts(X)
        if known.several:
            return self._several(model, known, texts)
        classes = _array.array("i", bytes(4 * len(texts)))
        model._classify("topics", texts, self.threads, classes)
        refused = [index for index, number in enumerate(classes) if number < 0]
        if refused and not self.refuse:
            self._best(model, texts, refused, classes)
            refused = ()
        numpy = _numpy()
        if numpy is None:
            answers = [known.labels[number] for number in classes]
        else:
            answers = _answers(known.labels)[numpy.frombuffer(classes, dtype=numpy.int32)]
            if refused and not (
                answers.dtype.kind == "U" and isinstance(self.refusal, str)
            ):
                answers = answers.astype(object)
            elif refused:
                answers = answers.astype(f"U{max(answers.itemsize // 4, len(self.refusal))}")
        for index in refused:
            answers[index] = self.refusal
        return answers

    def _best(self, model, texts, refused, classes):
        """Fill in the most probable class of texts that no class fits."""
        rows, width = self._rows(model, tuple(texts[index] for index in refused))
        for place, index in enumerate(refused):
            row = rows[place * width : (place + 1) * width]
            classes[index] = row.index(max(row))

    def _several(self, model, known, texts):
        width = len(known.labels)
        holds = bytearray(width * len(texts))
        classes = _array.array("i", bytes(4 * len(texts)))
        model._classify("topics", texts, self.threads, classes, None, holds)
        if known.width is None:
            return [
                tuple(
                    known.labels[place]
                    for place, one in enumerate(holds[first : first + width]) if one
                )
                for first in range(0, width * len(texts), width)
            ]
        numpy = _numpy()
        if numpy is None:  # a matrix of something else
            return [
                [0 if column is None else holds[index * width + column] for column in known.columns]
                for index in range(len(texts))
            ]
        given = numpy.frombuffer(holds, dtype=numpy.uint8).reshape(len(texts), width)
        matrix = numpy.zeros((len(texts), known.width), dtype=int)
        for place, column in enumerate(known.columns):
            if column is not None:
                matrix[:, place] = given[:, column]
        return matrix

    def predict_proba(self, X):
        """The probability of each class of classes_, a row a text. Where texts have one label rows
        add up to 1, else each stands for itself."""
        model, known = self._learn()
        texts = _texts(X)
        rows, width = self._rows(model, texts)
        return _probabilities(rows, width, len(texts), known.columns, not known.several)

    def score(self, X, y, sample_weight=None):
        """The share of texts whose label is right; where they have several, all labels."""
        texts = _texts(X)
        answers = self.predict(texts)
        known = self._learn()[1]
        if known.width is not None:
            y = _array_of(y.toarray() if hasattr(y, "toarray") else y)
            pairs = [(list(answer), list(wanted)) for answer, wanted in zip(answers, y)]
        else:
            truth = _column(y, "y", len(texts))
            if known.several:
                truth = [
                    set(labels) if isinstance(labels, _SEVERAL)
                    else set() if _is_missing(labels) else {labels} for labels in truth
                ]
                answers = [set(answer) for answer in answers]
            pairs = list(zip(answers, truth))
        return _share(pairs, sample_weight)

    def explain(self, text):
        """A Table of what a text speaks of and which of its bytes decided: see Model.read()."""
        return self.model_.read(_text(0, text) or "")


def _share(pairs, sample_weight):
    """The share, by weight, of pairs whose two sides are equal."""
    if not pairs:
        raise ValueError("there is no text to judge by")
    weights = _column(sample_weight, "sample_weight", len(pairs))
    weights = [1.0 if weight is None else float(weight) for weight in weights]
    right = sum(weight for weight, (answer, wanted) in zip(weights, pairs) if answer == wanted)
    return float(right / sum(weights))


class _KnownFeelings:
    """What the library's classes, negative, neutral and positive, mean to the caller."""

    def __init__(self, kept, names):
        known = {
            kept.labels[name]: number for number, name in enumerate(names) if name in kept.labels
        }
        labels = list(known)
        try:
            labels.sort()
        except TypeError:
            pass
        self.columns = [known[label] for label in labels]
        self.classes = labels
        self.scored = kept.scored
        self.negative = names.index("negative")
        self.positive = names.index("positive")


class Sentiment(_Learner):
    """How those who wrote texts feel, learned from texts and labels, or from texts and the scores
    that their writers gave. A small lexicon, German and English, speaks where examples are few.

        mood = kundig.Sentiment(scale="stars").fit(comments, stars)
        mood.predict(["The room was not clean"])      # negative, neutral or positive
        mood.value(["The room was not clean"])        # in [-1, 1]
        mood.expected(["The room was not clean"])     # the stars it would get, and a range

    y of fit() is "negative", "neutral" or "positive" a text, or labels that stand for those, or
    numbers where scale is given; texts without one (None) are left out.

    scale            of numbers: "nps", "csat", "ces", "ces_2010", "stars", (least, most), or
                     (least, most, "lower") where less is better
    labels           {"pos": "positive", "neg": "negative"} or {1: "positive", 0: "negative"}:
                     what labels of y stand for, if not for themselves
    quality, least_customers, most_bytes, seed, threads, base: as of TopicClassifier
    """

    _lesson = "sentiment"

    def __init__(
        self, scale=None, labels=None, quality="fast", least_customers=None, most_bytes=None,
        seed=0, threads=1, base=None,
    ):
        self.scale = scale
        self.labels = labels
        self.quality = quality
        self.least_customers = least_customers
        self.most_bytes = most_bytes
        self.seed = seed
        self.threads = threads
        self.base = base

    def _score_of(self, value):
        if isinstance(self.scale, str):
            if self.scale not in _SCALES:
                raise ValueError(f"scale is one of {', '.join(_SCALES)}, or (least, most)")
            return {"scale": self.scale, "value": value}
        try:
            least, most, *direction = self.scale
        except (TypeError, ValueError):
            raise ValueError(
                f"scale is one of {', '.join(_SCALES)}, or (least, most), not {self.scale!r}"
            ) from None
        score = {"minimum": least, "maximum": most, "value": value}
        return {**score, "direction": direction[0]} if direction else score

    def _feeling(self, kept, label):
        """What a label stands for; kept knows it by that."""
        names = self.labels if self.labels is not None else dict(zip(_FEELINGS, _FEELINGS))
        if hasattr(label, "item") and not isinstance(label, str):
            label = label.item()
        if label not in names:
            if isinstance(label, (int, float)):
                raise ValueError(
                    f"y holds the number {label!r}: scale says what numbers mean, for example "
                    "Sentiment(scale='nps'), or labels what each stands for"
                )
            raise ValueError(f"y holds {label!r}, and labels are {', '.join(map(repr, names))}")
        name = names[label]
        if name not in _FEELINGS:
            raise ValueError(f"a label stands for one of {', '.join(_FEELINGS)}, not {name!r}")
        known = kept.labels.setdefault(name, label)
        if known != label:
            raise ValueError(f"{known!r} and {label!r} both stand for {name}")
        return name

    def _said(self, kept, y, count):
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None: one answer a text")
        if self.scale is not None and self.labels is not None:
            raise ValueError("y holds scores (scale) or labels (labels), not both")
        y = _array_of(y)
        if getattr(y, "ndim", 1) == 2 and y.shape[1] == 1:
            y = y.ravel()
        said = []
        for value in _column(y, "y", count):
            if _is_missing(value):
                said.append(None)
            elif self.scale is None or isinstance(value, str):
                said.append({"labels": self._feeling(kept, value)})
            else:
                kept.labels.update(zip(_FEELINGS, _FEELINGS))
                kept.scored = True
                said.append({"score": self._score_of(value)})
        return said

    def _asked(self, call, **more):
        return call(self.base, **self._options(), **more)

    def _taught(self, kept):
        model = kept.examples.teach(self.base, **self._options())
        return model, _KnownFeelings(kept, model.classes("sentiment"))

    def predict(self, X):
        """The sentiment of each text, as y had it."""
        model, known = self._learn()
        rows = self._chances(model, known, _texts(X))
        numpy = _numpy()
        if numpy is not None:
            return _answers(known.classes)[rows.argmax(axis=1)]
        return [known.classes[row.index(max(row))] for row in rows]

    def predict_proba(self, X):
        """The probability of each class of classes_, a row a text; rows add up to 1."""
        model, known = self._learn()
        return self._chances(model, known, _texts(X))

    def _chances(self, model, known, texts):
        rows, width = self._rows(model, texts)
        return _probabilities(rows, width, len(texts), known.columns, True)

    def value(self, X):
        """A number in [-1, 1] a text: the probability of positive less that of negative."""
        model, known = self._learn()
        texts = _texts(X)
        rows, width = self._rows(model, texts)
        values = [
            rows[first + known.positive] - rows[first + known.negative]
            for first in range(0, width * len(texts), width)
        ]
        numpy = _numpy()
        return values if numpy is None else numpy.array(values, dtype=float)

    def expected(self, X):
        """The score that the writer of each text would give, on the scale of fit(): rows of
        (expected, least, most), the range that holds 90 % of such scores. NaN where there is
        nothing to tell from."""
        model, known = self._learn()
        if not known.scored:
            raise ValueError("this Sentiment learned from labels, and not from scores")
        rows = []
        for text in _texts(X):
            first = model.sentiment(text or "")[0]
            row = [first["expected"], first["lo"], first["hi"]]
            rows.append([float("nan") if number is None else number for number in row])
        numpy = _numpy()
        return rows if numpy is None else numpy.array(rows, dtype=float).reshape(len(rows), 3)

    def sentiments(self, y):
        """What labels or scores stand for, a list: "negative", "neutral", "positive" or None."""
        kept = _Kept(self._lesson)
        answers = []
        for what in self._said(kept, y, len(y)):
            if what is None or "labels" in what:
                answers.append(what and what["labels"])
            else:
                answers.append(_FEELINGS[_native.score_sentiment(what["score"], _cell) - 1])
        return answers

    def score(self, X, y, sample_weight=None):
        """The share of texts whose sentiment is right; of scores, that which they stand for."""
        texts = _texts(X)
        wanted = self.sentiments(y)
        if len(wanted) != len(texts):
            raise ValueError(f"there are {len(texts)} texts and {len(wanted)} of y")
        weights = _column(sample_weight, "sample_weight", len(texts))
        judged = [index for index, feeling in enumerate(wanted) if feeling is not None]
        answers = self.sentiments(self.predict(tuple(texts[index] for index in judged)))
        pairs = [(answer, wanted[index]) for answer, index in zip(answers, judged)]
        return _share(pairs, [weights[index] for index in judged])

    def explain(self, text):
        """A Table: how the one who wrote a text feels about the whole, in each sentence, about each
        topic; and which bytes decided: see Model.sentiment()."""
        return self.model_.sentiment(_text(0, text) or "")
