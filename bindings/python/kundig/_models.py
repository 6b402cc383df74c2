"""Models, what reads comments; examples, what they learn from; and single texts."""

import array as _array
import io as _io
import json as _json
import os as _os

from . import _native
from ._asking import _cell, _is_missing, _number, _time, _unsigned
from ._results import Table

# Names here, numbers in kundig.h.
_PERSONAL = {
    "e-mail": 1, "phone": 2, "iban": 4, "card": 8, "url": 16, "address": 32, "name": 64, "all": 127,
}
_LESSONS = {"topics": 0, "sentiment": 1}
_SHOWN_LESSONS = {**_LESSONS, "discovered": 2}
_QUALITIES = {"fast": 0, "best": 1}
_DISCOVERY_QUALITIES = {"good": 0, "best": 1, "draft": 2, "fast": 2}
_LABELS = {"guess": 0, "one": 1, "several": 2}
_SHOW = {
    "summary": 0, "classes": 1, "features": 2, "calibration": 3, "confusion": 4, "sizes": 5,
    "history": 6,
}


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


def _array_of(values):
    """What can be an array (a DataFrame, say) as one; everything else as it is."""
    if hasattr(values, "__array__") and not hasattr(values, "tolist"):
        return values.__array__()
    return values


def _texts(texts):
    """Texts as a tuple of str and None, as the library takes them."""
    if isinstance(texts, (str, bytes)):
        raise TypeError("a list of texts is needed, and not one text")
    texts = _array_of(texts)
    dimensions = getattr(texts, "ndim", 1)
    if dimensions == 2 and texts.shape[1] == 1:
        texts = texts.ravel()
    elif dimensions != 1:
        raise ValueError(f"texts stand in one column, and not in {dimensions} dimensions")
    found = tuple(texts.tolist() if hasattr(texts, "tolist") else texts)
    if set(map(type, found)) - {str}:
        found = tuple(_text(index, text) for index, text in enumerate(found))
    return found


def _text(index, text):
    if isinstance(text, str):
        return text
    if not _is_missing(text):
        raise TypeError(f"text {index} is of type {type(text).__name__}, and not a str")
    return None


def _lesson_number(lesson):
    return _number(_LESSONS, lesson, "lesson")


def _shown_lesson(lesson):
    return _number(_SHOWN_LESSONS, lesson, "lesson")


def _options(
    quality="fast", labels="guess", least_customers=0, most_bytes=0, seed=0, threads=1, folds=0,
    field=None, question=None,
):
    """Options of learning as the library takes them."""
    return (
        _number(_QUALITIES, quality, "quality"), _number(_LABELS, labels, "labels"),
        _unsigned(least_customers or 0, "least_customers"), most_bytes or 0, seed,
        _unsigned(threads, "threads"), _unsigned(folds, "folds"), field, question,
    )


def _discover_options(
    quality="good", n_topics=0, themes=0, least_customers=0, threads=1, most_fitted=0, seed=0,
    anew=False,
):
    """Options of discovery as the library takes them."""
    return (
        _number(_DISCOVERY_QUALITIES, quality, "quality"), _unsigned(n_topics or 0, "n_topics"),
        _unsigned(themes or 0, "themes"), _unsigned(least_customers or 0, "least_customers"),
        _unsigned(threads, "threads"), most_fitted or 0, seed, anew,
    )


def _edits(edits):
    """Edits as the library takes them: words may be a list."""
    found = []
    for edit in edits:
        if isinstance(edit, dict) and isinstance(edit.get("words"), (list, tuple)):
            edit = {**edit, "words": "; ".join(edit["words"])}
        found.append(edit)
    return found


class Model:
    """What reads comments: a taxonomy, what was learned, or both. Immutable; threads may share it.

    Model() is the ready taxonomy; Model(text) one of your own, as text or as a dict (see
    kundig_model_new() in kundig.h, and ready_taxonomy() to start from). Examples.teach() and
    Corpus.teach() make models that learned: lesson "topics" is what texts speak of, lesson
    "sentiment" how those who wrote them feel. bytes(model) and Model.from_bytes(), save() and
    load() carry it; pickle uses them. Offsets in tables count bytes of UTF-8:
    text.encode()[start:end].
    """

    __slots__ = ("_native",)

    def __init__(self, taxonomy=None):
        self._native = _native.model(None if taxonomy is None else _taxonomy(taxonomy))

    @classmethod
    def _wrap(cls, native):
        model = cls.__new__(cls)
        model._native = native
        return model

    @classmethod
    def from_file(cls, path):
        """Make a model of a taxonomy file."""
        with _io.open(path, "rb") as file:
            return cls(file.read())

    @classmethod
    def from_bytes(cls, data):
        """Read a model from bytes that may come from anyone: checked whole, or refused."""
        return cls._wrap(_native.load_model(bytes(memoryview(data))))

    @classmethod
    def load(cls, path):
        """Read a model that save() wrote."""
        with _io.open(path, "rb") as file:
            return cls.from_bytes(file.read())

    def save(self, path):
        """Write the model into a file: rules and what was learned, no text of an example."""
        path = _os.fspath(path)
        aside = path + (b".new" if isinstance(path, bytes) else ".new")
        with _io.open(aside, "wb") as file:
            file.write(bytes(self))
        _os.replace(aside, path)

    def topics(self):
        """A Table of the topics."""
        return Table(self._native.topics())

    def read(self, text):
        """A Table of every hit of every topic in one text, with its evidence."""
        return Table(self._native.read(_bytes(text)))

    def languages(self, text):
        """A Table: the language of a text, then of each of its sentences."""
        return Table(self._native.languages(_bytes(text)))

    def sentiment(self, text):
        """A Table: how the one who wrote a text feels about the whole, in each sentence, about each
        topic in it; with the score to expect, where scores taught, and evidence."""
        return Table(self._native.sentiment(_bytes(text)))

    def classes(self, lesson="topics"):
        """The names of what a lesson taught to tell apart; empty if it taught nothing. The lesson
        "discovered" is what nobody taught: see Corpus.discover()."""
        return self._native.class_names(_shown_lesson(lesson))

    def classify(self, texts, *, lesson="topics", threads=1):
        """The most probable class of each text, by what was learned alone; None where none fits."""
        texts = _texts(texts)
        names = self.classes(lesson)
        classes = _array.array("i", bytes(4 * len(texts)))
        self._classify(lesson, texts, threads, classes)
        return [names[number] if number >= 0 else None for number in classes]

    def classify_into(
        self, texts, classes, probabilities=None, holds=None, sureness=None, *, lesson="topics",
        threads=1,
    ):
        """Classify into arrays of yours, without a copy: any writable buffers (of numpy, array,
        bytearray).

        classes        an int32 a text: number among classes(), -1 where none fits
        probabilities  a float32 a text and class, row by row; or None
        holds          a byte a text and class, 1 for each class that is said to hold; or None
        sureness       a float32 a text, the greater the surer that some class fits; or None
        """
        self._classify(lesson, _texts(texts), threads, classes, probabilities, holds, sureness)

    def _classify(
        self, lesson, texts, threads, classes, probabilities=None, holds=None, sureness=None
    ):
        self._native.classify(
            _shown_lesson(lesson), texts, _unsigned(threads, "threads"), classes, probabilities,
            holds, sureness,
        )

    def show(self, which="summary", lesson="topics"):
        """Look into what was learned: a Table. which is "summary", "classes", "features",
        "calibration", "confusion" or "sizes"; of the lesson "discovered" also "history"."""
        return Table(self._native.show(_shown_lesson(lesson), _number(_SHOW, which, "which")))

    def discovered(self):
        """What was discovered: a Table with one row a topic, greatest first."""
        return Table(self._native.discovered())

    def define(self, topic, name):
        """A discovered topic as the text of a taxonomy file, its words as rules, to start from:
        name is what the defined topic is called."""
        return self._native.define(topic, name).decode()

    def prune(self, most_bytes, lesson="topics"):
        """A smaller Model: the least weights go until what was learned takes at most that many
        bytes. What that costs stands in show()."""
        return Model._wrap(self._native.prune(_lesson_number(lesson), most_bytes))

    def next(self, texts, limit=0, lesson="topics"):
        """A Table of texts by what a label of theirs would teach, most first; limit 0: all."""
        return Table(self._native.next(_lesson_number(lesson), _texts(texts), limit))

    def __bytes__(self):
        return self._native.save()

    def __reduce__(self):
        return Model.from_bytes, (bytes(self),)

    def __repr__(self):
        taught = [
            f"{len(self.classes(lesson))} classes of {lesson}"
            for lesson in _SHOWN_LESSONS if self.classes(lesson)
        ]
        return f"<kundig.Model of {', '.join([f'{len(self.topics())} topics'] + taught)}>"


class Examples:
    """Examples to learn from; they keep their texts, models do not. Threads may share them: one
    call at a time goes in.

        examples = kundig.Examples()
        examples.add([{"text": "The driver was rude", "labels": "driver"}, ...])
        model = examples.teach()
        model.classify(["What a nice driver"])

    lesson is "topics", what a text speaks of, or "sentiment", how the one who wrote it feels.
    """

    __slots__ = ("_native", "lesson")

    def __init__(self, lesson="topics"):
        self._native = _native.examples(_lesson_number(lesson))
        self.lesson = lesson

    def add(self, examples):
        """Add examples, all or none.

        An example is a dict with text and any of labels (a name, or a list of them; `a/b` is a
        topic of the theme `a`), denied (topics it surely does not speak of), partial (True: of
        topics not named nothing is known), customer, source, id, weight. Of sentiment: labels is
        "negative", "neutral" or "positive", or score is a dict with scale ("nps", "csat", "ces",
        "ces_2010", "stars") and value, or minimum, maximum, value and direction.
        """
        self._native.add(list(examples), _cell)

    def remove(self, examples):
        """Take examples out again, all or none: of each one that is equal to it in all it says."""
        self._native.remove(list(examples), _cell)

    def __len__(self):
        return len(self._native)

    def teach(
        self, base=None, *, quality="fast", labels="guess", least_customers=0, most_bytes=0,
        seed=0, threads=1, progress=None,
    ):
        """Learn: a new Model that knows what base knows (None: nothing) and what examples teach.

        quality          "fast", or "best": at most ten times the time to learn
        labels           "one" topic a text, "several", or "guess": several where an example has
                         none, two, or is partial
        least_customers  who must have said a word, or have a topic, for the model to know it, where
                         examples name customers; 0: 5
        most_bytes       of what was learned, as saved; 0: any
        seed             of the order in which examples are gone through
        progress         progress(done, total) now and then; a true answer cancels

        The same examples in any order, with any number of threads, give the same bytes.
        """
        options = _options(quality, labels, least_customers, most_bytes, seed, threads)
        return Model._wrap(self._native.teach(_base(base), options, progress))

    def validate(
        self, base=None, *, folds=0, quality="fast", labels="guess", least_customers=0,
        most_bytes=0, seed=0, threads=1, progress=None,
    ):
        """Cross-validate: a Table with a row a fold (0: five of them) and one of all together."""
        options = _options(quality, labels, least_customers, most_bytes, seed, threads, folds)
        return Table(self._native.validate(_base(base), options, progress))

    def curve(
        self, base=None, *, quality="fast", labels="guess", least_customers=0, most_bytes=0,
        seed=0, threads=1, progress=None,
    ):
        """The learning curve: a Table of how good models are that learn from parts of the examples;
        its notes say what twice as many would bring."""
        options = _options(quality, labels, least_customers, most_bytes, seed, threads)
        return Table(self._native.curve(_base(base), options, progress))

    def doubts(
        self, base=None, limit=0, *, folds=0, quality="fast", labels="guess", least_customers=0,
        most_bytes=0, seed=0, threads=1, progress=None,
    ):
        """Labels that may be wrong: a Table, most doubtful first; limit 0: all."""
        options = _options(quality, labels, least_customers, most_bytes, seed, threads, folds)
        return Table(self._native.doubts(_base(base), options, progress, limit))

    def discover(
        self, base=None, *, n_topics=0, quality="good", themes=0, least_customers=0, seed=0,
        anew=False, most_fitted=0, edits=(), threads=1, progress=None,
    ):
        """Discover what the texts speak of: a new Model that knows what base knows, and the topics
        found; and the topic of each example, in order of adding: names, None for a text without
        words.

        base             None: nothing known. Topics that it discovered go on under their names
        n_topics         how many; 0: as many as two halves of the texts agree on
        quality          "good", "best" (ten times the time), "draft" (a third)
        themes           into how many themes they fall; 0: found
        least_customers  who must have used a word for the model to know it, where examples name
                         customers; 0: 5
        seed             of the order in which texts are gone through
        anew             True: forget what base discovered
        most_fitted      of more texts a sample is fitted, the rest assigned; 0: 200,000
        edits            what a person says of topics: dicts as Corpus.edits() takes them
        progress         progress(done, total) now and then; a true answer cancels

        Labels are hints: texts of one label belong to one topic, called so.
        """
        found = _array.array("i", bytes(4 * len(self)))
        options = {
            "n_topics": n_topics, "quality": quality, "themes": themes,
            "least_customers": least_customers, "seed": seed, "anew": anew,
            "most_fitted": most_fitted, "threads": threads,
        }
        model = self._discover(base, options, edits, progress, found)
        names = model.classes("discovered")
        return model, [names[number] if number >= 0 else None for number in found]

    def _discover(self, base, options, edits, progress, found):
        """As discover(); found is a buffer of an int32 an example, for classes by number."""
        return Model._wrap(self._native.discover(
            _base(base), _discover_options(**options), _edits(edits), _time, _cell, progress, found
        ))

    def __repr__(self):
        return f"<kundig.Examples: {len(self)} of {self.lesson}>"


def _base(model):
    return None if model is None else model._native


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
