import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Literal, Protocol, Self, Union, overload

E_ARG: int
E_NOMEM: int
E_LIMIT: int
E_IO: int
E_FORMAT: int
E_VERSION: int
E_NOT_FOUND: int
E_AMBIGUOUS: int
E_VALUE: int
E_EMPTY: int
E_BUSY: int
E_FORK: int
E_CANCELLED: int
E_MODE: int
E_INTERNAL: int

__version__: str

_Cell = Union[str, int, float, bool, None]
_Path = Union[str, bytes, os.PathLike[str], os.PathLike[bytes]]
_Moment = Union[datetime.datetime, datetime.date, int]
_Every = Literal["none", "day", "week", "month", "quarter", "year"]
_Of = Literal["records", "customers"]
_Interval = Literal["default", "wald", "score"]
_Kind = Literal[
    "survey", "review", "ticket", "call", "chat", "interview", "user_lab", "workshop", "employee"
]
_Facts = Literal[
    "feedback", "customers", "events", "labels", "links", "consents", "retention", "edits"
]

class _Group: ...

_Where = Union[
    str, Mapping[str, Any], _Group, Sequence[Union[str, Mapping[str, Any], _Group]], None
]

class _Frame(Protocol):
    @property
    def columns(self) -> Any: ...
    def __getitem__(self, name: Any, /) -> Any: ...

class Error(Exception):
    code: int
    name: str
    position: int
    report: Report | None

def all_of(*conditions: _Where) -> _Group: ...
def any_of(*conditions: _Where) -> _Group: ...
def none_of(*conditions: _Where) -> _Group: ...

class Table:
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def types(self) -> dict[str, str]: ...
    @property
    def units(self) -> dict[str, str | None]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> list[tuple[_Cell, ...]]: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[dict[str, _Cell]]: ...
    @overload
    def __getitem__(self, key: str) -> list[_Cell]: ...
    @overload
    def __getitem__(self, key: int) -> dict[str, _Cell]: ...
    @overload
    def __getitem__(self, key: slice) -> list[dict[str, _Cell]]: ...
    def to_dicts(self) -> list[dict[str, _Cell]]: ...
    def to_columns(self) -> dict[str, list[_Cell]]: ...
    def to_json(self) -> str: ...
    def to_csv(self) -> str: ...
    def to_pandas(self) -> Any: ...
    def page(self, width: int = 0, color: bool = False) -> str: ...

class Report:
    @property
    def summary(self) -> dict[str, int]: ...
    @property
    def mapping(self) -> Table: ...
    @property
    def rejects(self) -> Table: ...
    @property
    def findings(self) -> Table: ...
    def rejects_csv(self) -> str: ...

class State:
    @classmethod
    def from_bytes(cls, data: bytes) -> State: ...
    def merge(self, other: State) -> State: ...
    def subtract(self, other: State) -> State: ...
    def finish(self) -> Table: ...
    def __bytes__(self) -> bytes: ...

_PersonalKind = Literal["e-mail", "phone", "iban", "card", "url", "address", "name", "all"]
_Kinds = Union[bool, _PersonalKind, Iterable[_PersonalKind], None]
_Taxonomy = Union[str, bytes, Mapping[str, Any]]

_Lesson = Literal["topics", "sentiment"]
_ShownLesson = Literal["topics", "sentiment", "discovered"]
_Quality = Literal["fast", "best"]
_DiscoveryQuality = Literal["good", "best", "draft", "fast"]
_HowMany = Literal["guess", "one", "several"]
_Progress = Union[Callable[[int, int], object], None]
_Texts = Any  # list, tuple, ndarray or Series of str and None
_Column = Any  # the same of other values

class Model:
    def __init__(self, taxonomy: _Taxonomy | None = None) -> None: ...
    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Model: ...
    @classmethod
    def from_bytes(cls, data: bytes) -> Model: ...
    @classmethod
    def load(cls, path: _Path) -> Model: ...
    def save(self, path: _Path) -> None: ...
    def topics(self) -> Table: ...
    def read(self, text: str | bytes) -> Table: ...
    def languages(self, text: str | bytes) -> Table: ...
    def sentiment(self, text: str | bytes) -> Table: ...
    def classes(self, lesson: _ShownLesson = "topics") -> tuple[str, ...]: ...
    def classify(
        self, texts: _Texts, *, lesson: _ShownLesson = "topics", threads: int = 1
    ) -> list[str | None]: ...
    def classify_into(
        self,
        texts: _Texts,
        classes: Any,
        probabilities: Any = None,
        holds: Any = None,
        sureness: Any = None,
        *,
        lesson: _ShownLesson = "topics",
        threads: int = 1,
    ) -> None: ...
    def show(
        self,
        which: Literal[
            "summary", "classes", "features", "calibration", "confusion", "sizes", "history"
        ] = "summary",
        lesson: _ShownLesson = "topics",
    ) -> Table: ...
    def discovered(self) -> Table: ...
    def define(self, topic: str, name: str) -> str: ...
    def prune(self, most_bytes: int, lesson: _Lesson = "topics") -> Model: ...
    def next(self, texts: _Texts, limit: int = 0, lesson: _Lesson = "topics") -> Table: ...
    def __bytes__(self) -> bytes: ...

class Examples:
    lesson: _Lesson
    def __init__(self, lesson: _Lesson = "topics") -> None: ...
    def add(self, examples: Iterable[dict[str, Any]]) -> None: ...
    def remove(self, examples: Iterable[dict[str, Any]]) -> None: ...
    def __len__(self) -> int: ...
    def teach(
        self,
        base: Model | None = None,
        *,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        least_customers: int = 0,
        most_bytes: int = 0,
        seed: int = 0,
        threads: int = 1,
        progress: _Progress = None,
    ) -> Model: ...
    def validate(
        self,
        base: Model | None = None,
        *,
        folds: int = 0,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        least_customers: int = 0,
        most_bytes: int = 0,
        seed: int = 0,
        threads: int = 1,
        progress: _Progress = None,
    ) -> Table: ...
    def curve(
        self,
        base: Model | None = None,
        *,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        least_customers: int = 0,
        most_bytes: int = 0,
        seed: int = 0,
        threads: int = 1,
        progress: _Progress = None,
    ) -> Table: ...
    def doubts(
        self,
        base: Model | None = None,
        limit: int = 0,
        *,
        folds: int = 0,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        least_customers: int = 0,
        most_bytes: int = 0,
        seed: int = 0,
        threads: int = 1,
        progress: _Progress = None,
    ) -> Table: ...

    def discover(
        self,
        base: Model | None = None,
        *,
        n_topics: int = 0,
        quality: _DiscoveryQuality = "good",
        themes: int = 0,
        least_customers: int = 0,
        seed: int = 0,
        anew: bool = False,
        most_fitted: int = 0,
        edits: Iterable[dict[str, Any]] = (),
        threads: int = 1,
        progress: _Progress = None,
    ) -> tuple[Model, list[str | None]]: ...

class _Estimator:
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Self: ...

class _Learner(_Estimator):
    def fit(
        self, X: _Texts, y: _Column, sample_weight: _Column = None, customers: _Column = None
    ) -> Self: ...
    def partial_fit(
        self,
        X: _Texts,
        y: _Column,
        classes: _Column = None,
        sample_weight: _Column = None,
        customers: _Column = None,
    ) -> Self: ...
    def forget(
        self,
        X: _Texts = None,
        y: _Column = None,
        sample_weight: _Column = None,
        customers: _Column = None,
    ) -> Self: ...
    @property
    def model_(self) -> Model: ...
    @property
    def examples_(self) -> Examples: ...
    @property
    def classes_(self) -> Any: ...
    def show(
        self,
        which: Literal[
            "summary", "classes", "features", "calibration", "confusion", "sizes"
        ] = "summary",
    ) -> Table: ...
    def next(self, X: _Texts, limit: int = 0) -> Table: ...
    def validate(self, folds: int = 0) -> Table: ...
    def curve(self) -> Table: ...
    def doubts(self, limit: int = 0) -> Table: ...
    def sureness(self, X: _Texts) -> Any: ...

class TopicClassifier(_Learner):
    quality: _Quality
    labels: _HowMany
    refuse: bool
    refusal: Any
    least_customers: int | None
    most_bytes: int | None
    seed: int
    threads: int
    base: Model | None
    def __init__(
        self,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        refuse: bool = False,
        refusal: Any = None,
        least_customers: int | None = None,
        most_bytes: int | None = None,
        seed: int = 0,
        threads: int = 1,
        base: Model | None = None,
    ) -> None: ...
    def predict(self, X: _Texts) -> Any: ...
    def predict_proba(self, X: _Texts) -> Any: ...
    def score(self, X: _Texts, y: _Column, sample_weight: _Column = None) -> float: ...
    def explain(self, text: str) -> Table: ...

_Scale = Union[
    Literal["nps", "csat", "ces", "ces_2010", "stars"],
    tuple[float, float],
    tuple[float, float, Literal["higher", "lower"]],
]

class Sentiment(_Learner):
    scale: _Scale | None
    labels: Mapping[Any, Literal["negative", "neutral", "positive"]] | None
    quality: _Quality
    least_customers: int | None
    most_bytes: int | None
    seed: int
    threads: int
    base: Model | None
    def __init__(
        self,
        scale: _Scale | None = None,
        labels: Mapping[Any, Literal["negative", "neutral", "positive"]] | None = None,
        quality: _Quality = "fast",
        least_customers: int | None = None,
        most_bytes: int | None = None,
        seed: int = 0,
        threads: int = 1,
        base: Model | None = None,
    ) -> None: ...
    def predict(self, X: _Texts) -> Any: ...
    def predict_proba(self, X: _Texts) -> Any: ...
    def value(self, X: _Texts) -> Any: ...
    def expected(self, X: _Texts) -> Any: ...
    def sentiments(
        self, y: _Column
    ) -> list[Literal["negative", "neutral", "positive"] | None]: ...
    def score(self, X: _Texts, y: _Column, sample_weight: _Column = None) -> float: ...
    def explain(self, text: str) -> Table: ...

_Places = Iterable[Iterable[int]]
_Told = Mapping[str, Union[str, Iterable[Union[str, int]]]]

class TopicModel(_Estimator):
    n_topics: int | None
    random_state: Any
    quality: _DiscoveryQuality
    themes: int | None
    least_customers: int | None
    n_jobs: int | None
    base: Model | None
    labels_: Any
    def __init__(
        self,
        n_topics: int | None = None,
        random_state: Any = 0,
        quality: _DiscoveryQuality = "good",
        themes: int | None = None,
        least_customers: int | None = 5,
        n_jobs: int | None = None,
        base: Model | None = None,
    ) -> None: ...
    def fit(
        self,
        X: _Texts,
        y: _Column = None,
        *,
        customers: _Column = None,
        together: _Places = (),
        apart: _Places = (),
        topics: _Told | None = None,
        edits: Iterable[dict[str, Any]] = (),
    ) -> Self: ...
    def partial_fit(
        self,
        X: _Texts = (),
        y: _Column = None,
        *,
        customers: _Column = None,
        together: _Places = (),
        apart: _Places = (),
        topics: _Told | None = None,
        edits: Iterable[dict[str, Any]] = (),
    ) -> Self: ...
    def fit_predict(
        self,
        X: _Texts,
        y: _Column = None,
        *,
        customers: _Column = None,
        together: _Places = (),
        apart: _Places = (),
        topics: _Told | None = None,
        edits: Iterable[dict[str, Any]] = (),
    ) -> Any: ...
    def fit_transform(
        self,
        X: _Texts,
        y: _Column = None,
        *,
        customers: _Column = None,
        together: _Places = (),
        apart: _Places = (),
        topics: _Told | None = None,
        edits: Iterable[dict[str, Any]] = (),
    ) -> Any: ...
    @property
    def model_(self) -> Model: ...
    @property
    def examples_(self) -> Examples: ...
    @property
    def topics_(self) -> Table: ...
    @property
    def n_topics_(self) -> int: ...
    @property
    def ids_(self) -> list[str]: ...
    @property
    def themes_(self) -> list[dict[str, Any]]: ...
    def get_feature_names_out(self, input_features: Any = None) -> Any: ...
    def predict(self, X: _Texts) -> Any: ...
    def transform(self, X: _Texts) -> Any: ...
    def sureness(self, X: _Texts) -> Any: ...
    def explain(self, text: str) -> Table: ...

def ready_taxonomy() -> str: ...
def check_taxonomy(taxonomy: _Taxonomy) -> Table: ...
def personal(text: str | bytes, kinds: _Kinds = True) -> Table: ...
def mask(text: str | bytes, kinds: _Kinds = True) -> str: ...

_Record = Union[str, int, tuple[_Cell, _Cell]]

class Topics:
    def __call__(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        metric: str | None = None,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def teach(
        self,
        *,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        least_customers: int = 0,
        most_bytes: int = 0,
        seed: int = 0,
        field: str | None = None,
        question: str | None = None,
        pin: bool = False,
    ) -> Model: ...
    def discover(
        self,
        n_topics: int = 0,
        where: _Where = None,
        *,
        quality: _DiscoveryQuality = "good",
        themes: int = 0,
        least_customers: int = 0,
        seed: int = 0,
        anew: bool = False,
        most_fitted: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
        pin: bool = False,
    ) -> Model: ...
    def discovered(self) -> Table: ...
    def promote(
        self,
        topic: str,
        name: str,
        limit: int = 0,
        *,
        by: str | None = None,
        time: _Moment | None = None,
    ) -> dict[str, int]: ...
    def rename(
        self,
        topic: str,
        name: str,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def merge(
        self,
        topic: str,
        other: str,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def split(
        self,
        topic: str,
        name: str,
        words: str | Sequence[str] | None = None,
        record: _Record | None = None,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def pin(
        self,
        topic: str,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def hide(
        self,
        topic: str,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def add(
        self,
        name: str,
        words: str | Sequence[str] | None = None,
        record: _Record | None = None,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def known(
        self,
        topic: str,
        name: str,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def together(
        self,
        record: _Record,
        other: _Record,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...
    def apart(
        self,
        record: _Record,
        other: _Record,
        *,
        by: str | None = None,
        time: _Moment | None = None,
        holds: bool = True,
    ) -> dict[str, int]: ...

_Margins = Union[Mapping[str, Mapping[Any, float]], Sequence[tuple[str, Any, float]]]

class Explanation:
    change: Table
    splits: Table
    causes: Table
    breaks: Table
    @property
    def sentence(self) -> str: ...

class Weights:
    score: Table
    summary: Table
    cells: Table

class Representation:
    summary: Table
    groups: Table

class Corpus:
    def close(self) -> None: ...
    @property
    def closed(self) -> bool: ...
    def __enter__(self) -> Corpus: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def ingest(
        self,
        data: str
        | os.PathLike[str]
        | bytes
        | bytearray
        | memoryview
        | IO[str]
        | IO[bytes]
        | Iterable[Mapping[str, Any]]
        | Mapping[str, Sequence[Any]]
        | _Frame,
        *,
        source: str | None = None,
        map: str | Mapping[str, str | Sequence[str]] | None = None,
        dates: Literal["guess", "day-first", "month-first"] | None = None,
        zone: str | None = None,
        kind: _Kind | None = None,
        encoding: Literal["utf-8", "utf8", "windows-1252", "cp1252"] | None = None,
        delimiter: str | None = None,
        max_field: int = 0,
        max_rejects: int = 0,
    ) -> Report: ...
    def add(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def customers(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def events(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def labels(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def links(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def consents(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def retention(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def edits(self, records: Iterable[dict[str, Any]]) -> dict[str, int]: ...
    def add_zone(self, name: str, data: bytes) -> None: ...
    def fields(self) -> Table: ...
    def conflicts(self) -> Table: ...
    def measure(
        self,
        metric: str,
        by: str | Iterable[str] = (),
        where: _Where = None,
        *,
        every: _Every | None = None,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def compare(
        self,
        metric: str,
        a: _Where,
        b: _Where,
        by: str | Iterable[str] = (),
        where: _Where = None,
        *,
        every: _Every | None = None,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def set_model(self, model: Model | None) -> None: ...
    @property
    def model(self) -> Model: ...
    def has_model(self) -> bool: ...
    @property
    def topics(self) -> Topics: ...
    def teach(
        self,
        *,
        quality: _Quality = "fast",
        labels: _HowMany = "guess",
        least_customers: int = 0,
        most_bytes: int = 0,
        seed: int = 0,
        field: str | None = None,
        question: str | None = None,
    ) -> Model: ...
    def discover(
        self,
        n_topics: int = 0,
        where: _Where = None,
        *,
        quality: _DiscoveryQuality = "good",
        themes: int = 0,
        least_customers: int = 0,
        seed: int = 0,
        anew: bool = False,
        most_fitted: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Model: ...
    def examples(
        self,
        lesson: _Lesson = "topics",
        *,
        field: str | None = None,
        question: str | None = None,
    ) -> Examples: ...
    def classify(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def sentiment(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def label_next(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def comments(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def search(
        self,
        words: str,
        where: _Where = None,
        limit: int = 0,
        *,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def facts(
        self,
        which: _Facts = "feedback",
        where: _Where = None,
        *,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def facts_hash(self) -> str: ...
    def pin_model(self, model: Model | None) -> None: ...
    def pseudonym(self, customer: str | int) -> str: ...
    def erase(
        self,
        customer: str | int | None = None,
        *,
        source: str | None = None,
        id: str | int | None = None,
        time: _Moment | None = None,
    ) -> Table: ...
    def expire(self, as_of: _Moment) -> Table: ...
    def merge(self, path: _Path, *, time: _Moment | None = None) -> Table: ...
    def audit(self) -> Table: ...
    def save_cache(self) -> None: ...
    def compact(self) -> None: ...
    def impact(
        self,
        metric: str | None = None,
        by: str | Iterable[str] = "topic",
        where: _Where = None,
        *,
        limit: int = 0,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def explain(
        self,
        before: _Where,
        after: _Where,
        by: str | Iterable[str] = (),
        metric: str | None = None,
        where: _Where = None,
        *,
        sentences: Literal["english", "german"] = "english",
        limit: int = 0,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Explanation: ...
    def chart(
        self,
        by: str | Iterable[str] = (),
        where: _Where = None,
        *,
        chart: Literal["share", "count", "ewma", "cusum"] = "share",
        limits: Literal["exact", "three_sigma"] = "exact",
        every: _Every | None = None,
        metric: str | None = None,
        question: str | None = None,
        weekdays: bool | None = None,
        baseline: int = 0,
        rate: float = 0,
        lambda_: float = 0,
        width: float = 0,
        slack: float = 0,
        decision: float = 0,
        target: float = 0,
        sigma: float = 0,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def alarms(
        self,
        by: str | Iterable[str] = (),
        where: _Where = None,
        *,
        chart: Literal["share", "count", "ewma", "cusum"] | None = None,
        limits: Literal["exact", "three_sigma"] = "exact",
        every: _Every | None = None,
        metric: str | None = None,
        question: str | None = None,
        weekdays: bool | None = None,
        baseline: int = 0,
        rate: float = 0,
        lambda_: float = 0,
        width: float = 0,
        slack: float = 0,
        decision: float = 0,
        target: float = 0,
        sigma: float = 0,
        since: _Moment | None = None,
        limit: int = 0,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def emerging(
        self,
        by: str | Iterable[str] = "topic",
        where: _Where = None,
        *,
        every: _Every | None = None,
        scale: float = 0,
        gamma: float = 0,
        limit: int = 0,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def words(
        self,
        a: _Where,
        b: _Where,
        where: _Where = None,
        *,
        prior_kind: Literal["all", "counts", "uniform"] = "all",
        prior: float = 0,
        limit: int = 0,
        least: int = 0,
        everything: bool = False,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def buts(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        question: str | None = None,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def mismatch(
        self,
        where: _Where = None,
        limit: int = 0,
        *,
        question: str | None = None,
        zone: str | None = None,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def loud(
        self,
        metric: str | None = None,
        by: str | Iterable[str] = "topic",
        where: _Where = None,
        *,
        limit: int = 0,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def funnel(
        self,
        metric: str,
        by: str | Iterable[str],
        where: _Where = None,
        *,
        every: _Every | None = None,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def benchmark(
        self,
        metric: str,
        value: float,
        n: float = 0,
        deviation: float = 0,
        by: str | Iterable[str] = (),
        where: _Where = None,
        *,
        every: _Every | None = None,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Table: ...
    def weights(
        self,
        margins: _Margins,
        metric: str | None = None,
        where: _Where = None,
        *,
        most: float = 0,
        rounds: int = 0,
        zone: str | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Weights: ...
    def represent(
        self,
        by: str | Iterable[str] = "segment",
        metric: str | None = None,
        where: _Where = None,
        *,
        zone: str | None = None,
        question: str | None = None,
        level: float = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> Representation: ...
    def analyze(
        self,
        report: Report | None = None,
        *,
        where: _Where = None,
        zone: str | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
        format: Literal["text", "json"] = "text",
        width: int = 0,
        color: bool = False,
        title: str | None = None,
    ) -> str: ...
    def state(
        self,
        metric: str,
        by: str | Iterable[str] = (),
        where: _Where = None,
        *,
        every: _Every | None = None,
        zone: str | None = None,
        of: _Of | None = None,
        question: str | None = None,
        interval: _Interval | None = None,
        level: float = 0,
        min_n: int = 0,
        purpose: str | None = None,
        as_of: _Moment | None = None,
    ) -> State: ...

def open(
    path: _Path = ":memory:",
    *,
    access: Literal["create", "write", "read"] = "create",
    threads: int = 1,
    memory_limit: int = 0,
    zone_directory: str | os.PathLike[str] | None = None,
    pseudonym_key: bytes | None = None,
    pseudonyms: bool = False,
    busy_seconds: float = 5,
    progress: Callable[[int, int], object] | None = None,
    mask: _Kinds = False,
    model: Model | None = None,
    report_k: int = 0,
    report_fields: str | Iterable[str] = (),
    report_every: _Every | Iterable[_Every] = (),
    report_comments: int = 0,
) -> Corpus: ...
def is_store(path: _Path) -> bool: ...
def verify(
    path: _Path,
    *,
    pseudonym_key: bytes | None = None,
    busy_seconds: float = 5,
    memory_limit: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> Table: ...
def metrics() -> Table: ...
def versions() -> dict[str, str | int]: ...
