/* Topics that nobody named: discovering them in examples and in a corpus, and what a model found.
 *
 * Edits, what a person said of topics, come as a list of dicts and are lent to the call. */
#include "_native.h"

/* (quality, topics, themes, least_customers, threads, most_fitted, seed, anew) */
static int discover_options(PyObject *given, long_call *call, kundig_discover_options *options)
{
    PyObject *most_fitted = NULL;
    PyObject *seed = NULL;

    kundig_discover_options_init(options);
    if (!PyArg_ParseTuple(given, "iIIIIOOp", &options->quality, &options->topics, &options->themes,
                          &options->least_customers, &options->threads, &most_fitted, &seed,
                          &options->anew)) {
        return -1;
    }
    options->most_fitted = PyLong_AsUnsignedLongLong(most_fitted);
    options->seed = PyErr_Occurred() ? 0 : PyLong_AsUnsignedLongLong(seed);
    options->progress = call_progress;
    options->progress_ud = call;
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *model_made(const module_state *state, int rc, kundig_model *model,
                            const kundig_error *err)
{
    if (PyErr_Occurred()) { /* a signal handler or the progress callback raised */
        kundig_model_free(model);
        return NULL;
    }
    return model_wrap(state, rc, model, err);
}

/* discover(base or None, options, edits, times, fallback, progress or None, found): found is a
 * buffer of an int32 an example, or None. */
PyObject *examples_discover(PyObject *object, PyObject *args)
{
    examples_object *self = (examples_object *)object;
    const module_state *state = state_of(object);
    PyObject *base_given = NULL;
    PyObject *options_given = NULL;
    PyObject *edits = NULL;
    PyObject *times = NULL;
    PyObject *fallback = NULL;
    PyObject *progress = NULL;
    PyObject *found = NULL;
    PyObject *result = NULL;
    Py_buffer view = {0};
    const kundig_model *base = NULL;
    kundig_model *model = NULL;
    kundig_discover_options options;
    long_call call = {0};
    lent borrowed = {0};
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OO!O!OOOO", &base_given, &PyTuple_Type, &options_given,
                          &PyList_Type, &edits, &times, &fallback, &progress, &found) ||
        model_of(state, base_given, &base) || discover_options(options_given, &call, &options) ||
        lent_init(&borrowed, fallback)) {
        return NULL;
    }
    call.progress = progress == Py_None ? NULL : progress; /* args keeps it */
    options.edits = lent_records(&borrowed, KUNDIG_FACTS_EDITS, edits, times, &options.edit_count);
    if (!options.edits || examples_enter(self)) {
        goto done;
    }
    if (buffer_of(found, "found", kundig_examples_count(self->set), sizeof(int32_t), &view)) {
        turn_leave(&self->turn);
        goto done;
    }
    WITHOUT_GIL(&call, rc,
                kundig_model_discover(base, self->set, &options, &model, view.buf, &err));
    turn_leave(&self->turn);
    result = model_made(state, rc, model, &err);
done:
    PyBuffer_Release(&view);
    lent_free(&borrowed);
    return result;
}

/* discovered() -> Table */
PyObject *model_discovered(PyObject *object, PyObject *unused)
{
    const kundig_model *model = ((model_object *)object)->model;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_discovered(model, &table, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(state_of(object), rc, &err, NULL)
                                   : table_wrap(state_of(object), table);
}

/* define(topic, name) -> bytes */
PyObject *model_define(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    const char *topic = NULL;
    const char *name = NULL;
    Py_ssize_t topic_len = 0;
    Py_ssize_t name_len = 0;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "s#s#", &topic, &topic_len, &name, &name_len)) {
        return NULL;
    }
    rc = kundig_model_define(model, text_from(topic, topic_len), text_from(name, name_len), &bytes,
                             &err);
    return rc ? raise_error(state_of(object), rc, &err, NULL) : bytes_object(bytes);
}

/* discover(query, options) -> Model */
PyObject *corpus_discover(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    PyObject *options_given = NULL;
    kundig_query *query = NULL;
    kundig_discover_options options;
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OO!", &query_given, &PyTuple_Type, &options_given)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || discover_options(options_given, &self->call, &options) || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_discover(self->k, query, &options, &model, &err));
    corpus_leave(self);
    return model_made(state_of(object), rc, model, &err);
}

/* label_discovered(topic, name, limit, by or None, milliseconds or None, fallback) -> counts */
PyObject *corpus_label_discovered(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    const char *topic = NULL;
    const char *name = NULL;
    Py_ssize_t topic_len = 0;
    Py_ssize_t name_len = 0;
    Py_ssize_t limit = 0;
    PyObject *by_given = NULL;
    PyObject *time_given = NULL;
    PyObject *fallback = NULL;
    PyObject *result = NULL;
    kundig_text by = {0};
    int64_t time_ms = KUNDIG_TIME_ABSENT;
    kundig_added added;
    lent borrowed = {0};
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "s#s#nOOO", &topic, &topic_len, &name, &name_len, &limit, &by_given,
                          &time_given, &fallback)) {
        return NULL;
    }
    if (limit < 0) {
        PyErr_SetString(PyExc_ValueError, "limit is 0 (50) or more");
        return NULL;
    }
    if (time_given != Py_None) {
        time_ms = PyLong_AsLongLong(time_given);
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    kundig_added_init(&added);
    if (lent_init(&borrowed, fallback)) {
        return NULL;
    }
    if (!lent_text(&borrowed, by_given, &by) && !corpus_enter(self)) {
        WITHOUT_GIL(&self->call, rc,
                    kundig_label_discovered(self->k, text_from(topic, topic_len),
                                            text_from(name, name_len), (size_t)limit, by, time_ms,
                                            &added, &err));
        corpus_leave(self);
        if (!PyErr_Occurred()) {
            result = rc ? raise_error(state_of(object), rc, &err, NULL) : added_counts(&added);
        }
    }
    lent_free(&borrowed);
    return result;
}
