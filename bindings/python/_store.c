/* What keeps, forgets, finds and checks facts. Every call that may read or write a file runs
 * without the GIL. */
#include "_native.h"

/* ---- Facts ---------------------------------------------------------------------------------- */

PyObject *corpus_facts_hash(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *done = NULL;
    char hex[33] = "";
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_facts_hash(self->k, hex, &err));
    done = corpus_done(self, rc, &err);
    Py_XDECREF(done);
    return done ? PyUnicode_FromString(hex) : NULL;
}

/* pin_model(model or None) */
PyObject *corpus_pin_model(PyObject *object, PyObject *given)
{
    corpus_object *self = (corpus_object *)object;
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (given != Py_None) {
        if (!Py_IS_TYPE(given, state_of(object)->model_type)) {
            PyErr_SetString(PyExc_TypeError, "a model is needed");
            return NULL;
        }
        model = ((model_object *)given)->model;
    }
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_pin_model(self->k, model, &err));
    return corpus_done(self, rc, &err);
}

/* pseudonym(name, fallback) -> str */
PyObject *corpus_pseudonym(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *given = NULL;
    PyObject *fallback = NULL;
    PyObject *done = NULL;
    lent borrowed = {0};
    kundig_text name = {0};
    char hex[33] = "";
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OO", &given, &fallback) || lent_init(&borrowed, fallback)) {
        return NULL;
    }
    if (!lent_text(&borrowed, given, &name) && !corpus_enter(self)) {
        rc = kundig_pseudonym(self->k, name.data, name.len, hex, &err);
        done = corpus_done(self, rc, &err);
    }
    lent_free(&borrowed);
    Py_XDECREF(done);
    return done ? PyUnicode_FromString(hex) : NULL;
}

/* search(words, query, limit) -> Table */
PyObject *corpus_search(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    const char *words = NULL;
    Py_ssize_t len = 0;
    Py_ssize_t limit = 0;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "s#On", &words, &len, &query_given, &limit)) {
        return NULL;
    }
    if (limit < 0) {
        PyErr_SetString(PyExc_ValueError, "limit is 0 (all) or more");
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc,
                kundig_search(self->k, words, (size_t)len, query, (size_t)limit, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* facts(which, query or None) -> Table */
PyObject *corpus_facts(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    int which = 0;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iO", &which, &query_given)) {
        return NULL;
    }
    if (query_given != Py_None) {
        query = query_of(state_of(object), query_given);
        if (!query) {
            return NULL;
        }
    }
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_facts(self->k, which, query, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* ---- Forgetting and merging ----------------------------------------------------------------- */

/* Milliseconds, or KUNDIG_TIME_ABSENT for None. */
static int instant_of(PyObject *given, int64_t *out)
{
    *out = KUNDIG_TIME_ABSENT;
    if (given != Py_None) {
        *out = PyLong_AsLongLong(given);
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* erase(customer, source, id, milliseconds or None, fallback) -> Table */
PyObject *corpus_erase(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *customer = NULL;
    PyObject *source = NULL;
    PyObject *id = NULL;
    PyObject *time = NULL;
    PyObject *fallback = NULL;
    PyObject *result = NULL;
    lent borrowed = {0};
    kundig_erasure erasure;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_erasure_init(&erasure);
    if (!PyArg_ParseTuple(args, "OOOOO", &customer, &source, &id, &time, &fallback) ||
        instant_of(time, &erasure.time_ms) || lent_init(&borrowed, fallback)) {
        return NULL;
    }
    if (!lent_text(&borrowed, customer, &erasure.customer) &&
        !lent_text(&borrowed, source, &erasure.source) && !lent_text(&borrowed, id, &erasure.id) &&
        !corpus_enter(self)) {
        WITHOUT_GIL(&self->call, rc, kundig_erase(self->k, &erasure, &table, &err));
        result = corpus_table(self, rc, table, &err);
    }
    lent_free(&borrowed);
    return result;
}

/* expire(milliseconds) -> Table */
PyObject *corpus_expire(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    long long as_of = 0;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "L", &as_of) || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_expire(self->k, as_of, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* merge(path, milliseconds or None) -> Table */
PyObject *corpus_merge(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    const char *path = NULL;
    Py_ssize_t len = 0;
    PyObject *time = NULL;
    int64_t time_ms = 0;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#O", &path, &len, &time) || instant_of(time, &time_ms) ||
        corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_merge(self->k, path, (size_t)len, time_ms, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* ---- The file ------------------------------------------------------------------------------- */

PyObject *corpus_audit(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_audit(self->k, &table, &err));
    return corpus_table(self, rc, table, &err);
}

PyObject *corpus_save_cache(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_cache_save(self->k, &err));
    return corpus_done(self, rc, &err);
}

PyObject *corpus_compact(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_compact(self->k, &err));
    return corpus_done(self, rc, &err);
}

/* verify(path, memory_limit, key, progress, busy_ms) -> Table */
PyObject *store_verify(PyObject *module, PyObject *args)
{
    const module_state *state = PyModule_GetState(module);
    const char *path = NULL;
    Py_ssize_t len = 0;
    PyObject *limit = NULL;
    PyObject *progress = NULL;
    PyObject *result = NULL;
    Py_buffer key = {0};
    long_call call = {0};
    kundig_options options;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_options_init(&options);
    if (!PyArg_ParseTuple(args, "y#Oz*OI", &path, &len, &limit, &key, &progress,
                          &options.busy_ms)) {
        return NULL;
    }
    options.memory_limit = PyLong_AsUnsignedLongLong(limit);
    if (PyErr_Occurred()) {
        goto done;
    }
    options.pseudonym_key = text_from(key.buf, key.len);
    call.progress = progress == Py_None ? NULL : progress; /* args keeps it */
    options.progress = call_progress;
    options.progress_ud = &call;
    WITHOUT_GIL(&call, rc, kundig_verify(path, (size_t)len, &options, &table, &err));
    if (PyErr_Occurred()) {
        kundig_table_free(table);
    } else {
        result = rc ? raise_error(state, rc, &err, NULL) : table_wrap(state, table);
    }
done:
    PyBuffer_Release(&key);
    return result;
}

PyObject *store_is_store(PyObject *module, PyObject *args)
{
    const char *path = NULL;
    Py_ssize_t len = 0;
    int answer = 0;

    (void)module;
    if (!PyArg_ParseTuple(args, "y#", &path, &len)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS answer = kundig_is_store(path, (size_t)len);
    Py_END_ALLOW_THREADS return PyBool_FromLong(answer);
}
