"""kundig's classifiers inside scikit-learn, where scikit-learn is installed."""

import inspect
import pickle
import sys
import unittest
import warnings

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import numpy
        import sklearn
        from sklearn import base, linear_model, metrics, model_selection, pipeline, preprocessing
        from sklearn.exceptions import NotFittedError
        from sklearn.utils import estimator_checks, multiclass, validation
except ImportError as missing:
    print(f"scikit-learn is not installed ({missing}): left out")
    sys.exit(77)

import kundig
import test_discover
import test_learn

# Checks that a classifier of texts cannot pass, each with the reason why.
EXPECTED = {
    "check_supervised_y_2d": "a y of one column is taken for what it is, without a warning",
    "check_classifiers_multilabel_representation_invariance":
        "a list of lists holds labels, and no rows of 0 and 1; a matrix is an array",
}


def worded(estimator, X, **more):
    """Rows of numbers as texts: words that say in which steps the values lie."""
    if hasattr(validation, "validate_data"):
        X = validation.validate_data(estimator, X, dtype=float, **more)
    else:
        X = estimator._validate_data(X, dtype=float, **more)
    return [
        " ".join(f"c{column}s{step}v{round(value / step)}" for column, value in enumerate(row)
                 for step in (0.25, 0.5, 1, 2)) for row in X.tolist()
    ]


class Grouped(kundig.TopicModel, base.BaseEstimator):
    """Topics of rows of numbers, for scikit-learn's checks of clusterers and transformers."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.one_d_array = True, False
        tags.input_tags.string = tags.input_tags.allow_nan = False
        return tags

    def _more_tags(self):
        return {}

    def fit(self, X, y=None, **hints):
        return super().fit(worded(self, X), None, **hints)

    def partial_fit(self, X, y=None, **hints):
        first = not self.__sklearn_is_fitted__()
        return super().partial_fit(worded(self, X, reset=first), None, **hints)

    def predict(self, X):
        validation.check_is_fitted(self)
        return super().predict(worded(self, X, reset=False))

    def transform(self, X):
        validation.check_is_fitted(self)
        return super().transform(worded(self, X, reset=False))


class Worded(kundig.TopicClassifier, base.BaseEstimator):
    """A classifier of rows of numbers, for scikit-learn's checks of labels, weights, parameters,
    pickles and predictions, which hand over nothing else: each row becomes words that say in which
    steps its values lie."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.one_d_array = True, False
        tags.input_tags.string = tags.input_tags.allow_nan = False
        return tags

    def _more_tags(self):
        return {"requires_y": True}

    texts = worded

    def fit(self, X, y, sample_weight=None, customers=None):
        if y is not None:
            multiclass.check_classification_targets(y)
        return super().fit(self.texts(X), y, sample_weight, customers)

    def partial_fit(self, X, y, classes=None, sample_weight=None, customers=None):
        first = not self.__sklearn_is_fitted__()
        return super().partial_fit(
            self.texts(X, reset=first), y, classes, sample_weight, customers)

    def predict(self, X):
        validation.check_is_fitted(self)
        return super().predict(self.texts(X, reset=False))

    def predict_proba(self, X):
        validation.check_is_fitted(self)
        return super().predict_proba(self.texts(X, reset=False))

    def score(self, X, y, sample_weight=None):
        return metrics.accuracy_score(y, self.predict(X), sample_weight=sample_weight)


class Topics(test_learn.TopicClassifiers):
    numpy = numpy

    def test_several_labels_as_a_matrix(self):
        said = [[label] if index % 5 else [label, "often"]
                for index, label in enumerate(self.labels)]
        encoder = preprocessing.MultiLabelBinarizer()
        matrix = encoder.fit_transform(said)
        topics = kundig.TopicClassifier().fit(self.texts, matrix)
        found = topics.predict(self.texts)
        self.assertEqual(found.shape, matrix.shape)
        self.assertGreater(metrics.f1_score(matrix, found, average="micro"), 0.8)
        self.assertEqual(list(topics.classes_), list(range(5)))
        self.assertEqual(topics.predict_proba(self.texts).shape, matrix.shape)
        self.assertGreater(topics.score(self.texts, matrix), 0.5)
        sparse = preprocessing.MultiLabelBinarizer(sparse_output=True).fit_transform(said)
        again = kundig.TopicClassifier().fit(self.texts, sparse)
        self.assertEqual(bytes(again.model_), bytes(topics.model_))
        self.assertEqual(again.score(self.texts, sparse), topics.score(self.texts, matrix))
        empty = numpy.column_stack([matrix, numpy.zeros(len(said), dtype=int)])
        wide = pickle.loads(pickle.dumps(kundig.TopicClassifier().fit(self.texts, empty)))
        self.assertTrue((wide.predict(self.texts)[:, :5] == found).all())
        self.assertFalse(wide.predict(self.texts)[:, 5].any())
        self.assertFalse(wide.predict_proba(self.texts)[:, 5].any())
        for wrong in (matrix[:-1], matrix + 1):
            with self.assertRaises(ValueError):
                kundig.TopicClassifier().fit(self.texts, wrong)
        with self.assertRaisesRegex(ValueError, "matrix of 5 columns before"):
            topics.partial_fit(self.texts, self.labels)

    def test_arrays_of_all_kinds(self):
        plain = kundig.TopicClassifier().fit(self.texts, self.labels)
        for texts in (numpy.array(self.texts), numpy.array(self.texts, dtype=object),
                      numpy.array(self.texts).reshape(-1, 1)):
            for labels in (numpy.array(self.labels), numpy.array(self.labels, dtype=object),
                           numpy.array(self.labels).reshape(-1, 1)):
                topics = kundig.TopicClassifier().fit(texts, labels)
                self.assertEqual(bytes(topics.model_), bytes(plain.model_))
                self.assertTrue((topics.predict(texts) == plain.predict(self.texts)).all())
        with self.assertRaisesRegex(ValueError, "one column"):
            plain.predict(numpy.array([self.texts, self.texts]))
        numbers = kundig.TopicClassifier().fit(self.texts, numpy.arange(240) % 4)
        self.assertEqual(numbers.classes_.dtype.kind, "i")
        self.assertEqual(numbers.predict(self.texts).dtype.kind, "i")

    def test_a_column_of_a_frame(self):
        try:
            import pandas
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = pandas.DataFrame({"text": self.texts, "label": self.labels})
        topics = kundig.TopicClassifier().fit(frame["text"], frame["label"])
        self.assertGreater(topics.score(frame["text"], frame["label"]), 0.95)
        again = kundig.TopicClassifier().fit(frame[["text"]], frame[["label"]])
        self.assertEqual(bytes(again.model_), bytes(topics.model_))
        frame.loc[3, "text"] = None
        self.assertEqual(len(topics.predict(frame["text"])), 240)

    def test_it_is_cloned_searched_and_crossed(self):
        topics = kundig.TopicClassifier(seed=4).fit(self.texts, self.labels)
        fresh = base.clone(topics)
        self.assertEqual(fresh.seed, 4)
        self.assertFalse(hasattr(fresh, "classes_"))
        self.assertTrue(base.is_classifier(topics))
        with self.assertRaises(NotFittedError):
            fresh.predict(["a"])
        scores = model_selection.cross_val_score(topics, self.texts, self.labels, cv=3)
        self.assertGreater(scores.min(), 0.9)
        for scoring in ("f1_macro", "neg_log_loss", "roc_auc_ovr", "balanced_accuracy"):
            scores = model_selection.cross_val_score(
                topics, self.texts, self.labels, cv=3, scoring=scoring, error_score="raise")
            self.assertTrue(numpy.isfinite(scores).all(), scoring)
        search = model_selection.GridSearchCV(
            pipeline.make_pipeline(
                preprocessing.FunctionTransformer(lowered), kundig.TopicClassifier()),
            {"topicclassifier__seed": [0, 1]}, cv=3, error_score="raise")
        search.fit(numpy.array(self.texts), numpy.array(self.labels))
        self.assertGreater(search.best_score_, 0.9)
        self.assertGreater(search.score(numpy.array(self.texts), numpy.array(self.labels)), 0.9)
        steps = pipeline.Pipeline([("topics", kundig.TopicClassifier())])
        steps.fit(self.texts, self.labels, topics__sample_weight=numpy.ones(240))
        again = pickle.loads(pickle.dumps(steps))
        self.assertEqual(list(again.predict(self.ask)), list(steps.predict(self.ask)))
        said = model_selection.cross_val_predict(
            topics, self.texts, self.labels, cv=3, method="predict_proba")
        self.assertEqual(said.shape, (240, 4))


def lowered(texts):
    return numpy.char.lower(texts)


class Sentiments(test_learn.Sentiments):
    numpy = numpy

    def test_it_is_crossed(self):
        scores = model_selection.cross_val_score(
            kundig.Sentiment(scale="stars"), self.texts, self.stars, cv=3, error_score="raise")
        self.assertGreater(scores.min(), 0.9)
        scores = model_selection.cross_val_score(
            kundig.Sentiment(), self.texts, self.feelings(self.stars), cv=3, scoring="roc_auc",
            error_score="raise")
        self.assertGreater(scores.min(), 0.9)
        self.assertEqual(base.clone(kundig.Sentiment(scale=(0, 3))).scale, (0, 3))


class Discovered(test_discover.Models):
    numpy = numpy

    def test_arrays_pipelines_and_clones(self):
        texts, truth = numpy.array(self.texts), numpy.array(self.truth)
        topics = kundig.TopicModel(4, least_customers=1)
        found = topics.fit_predict(texts.reshape(-1, 1))
        self.assertEqual(found.dtype.kind, "i")
        self.assertGreater(metrics.v_measure_score(truth, found), 0.9)
        if hasattr(base, "is_clusterer"):
            self.assertTrue(base.is_clusterer(topics))
        fresh = base.clone(topics)
        self.assertEqual(fresh.get_params(), topics.get_params())
        with self.assertRaises(NotFittedError):
            fresh.transform(texts)
        self.assertEqual(topics.transform(texts).shape, (240, 4))
        self.assertEqual(topics.get_feature_names_out().dtype, object)
        steps = pipeline.make_pipeline(fresh, linear_model.LogisticRegression())
        scores = model_selection.cross_val_score(steps, texts, truth, cv=3, error_score="raise")
        self.assertGreater(scores.min(), 0.9)
        seeded = kundig.TopicModel(4, numpy.random.RandomState(3), least_customers=1)
        self.assertEqual(seeded.fit(texts).n_topics_, 4)


class Checks(unittest.TestCase):
    maxDiff = None

    def check(self, estimator, expected, least):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            more = {}
            if "expected_failed_checks" in inspect.signature(
                    estimator_checks.check_estimator).parameters:
                more = {"expected_failed_checks": expected, "on_fail": None}
            results = estimator_checks.check_estimator(estimator, **more)
        if not more:
            return
        failed = {one["check_name"]: one["exception"] for one in results
                  if one["status"] == "failed"}
        self.assertEqual(failed, {})
        passed = [one["check_name"] for one in results if one["status"] == "passed"]
        self.assertGreaterEqual(len(passed), least)

    def test_what_scikit_learn_asks_of_every_estimator(self):
        self.check(kundig.TopicClassifier(), {}, 1)
        self.check(kundig.Sentiment(), {}, 1)
        self.check(kundig.TopicModel(), {}, 1)

    def test_what_scikit_learn_asks_of_clusterers(self):
        self.check(Grouped(n_topics=3, least_customers=1), {
            "check_fit2d_1sample": "one text is refused in the library's words",
        }, 40)

    def test_what_scikit_learn_asks_of_classifiers(self):
        self.check(Worded(), EXPECTED, 30)


if __name__ == "__main__":
    print(f"scikit-learn {sklearn.__version__}")
    unittest.main()
