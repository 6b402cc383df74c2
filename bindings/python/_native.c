/* kundig for Python: convert, call, convert.
 *
 * This file has the corpus and the module, _store.c what keeps and forgets; _convert.c and
 * _records.c turn Python values into those of kundig.h, _results.c turns results into objects,
 * _model.c has models and texts, _learn.c what is learned, _discover.c what is discovered, _why.c
 * what moved a score; kundig/__init__.py gives everything its friendly names. Only the limited API
 * of Python 3.11 is used, so one built file serves every later version.
 *
 * Invariants. A corpus carries a lock: a second thread waits for it without the GIL. In a long call
 * the library asks call_progress() now and then, which runs signal handlers and the caller's own
 * callback; what they raise is raised by the call. */
#include "_native.h"

#ifndef _WIN32
#include <unistd.h>
#endif

/* ---- Corpus --------------------------------------------------------------------------------- */

static long this_process(void)
{
#ifdef _WIN32
    return 0;
#else
    return (long)getpid();
#endif
}

int call_progress(void *ud, uint64_t done, uint64_t total)
{
    long_call *self = ud;
    PyObject *answer = NULL;
    int stop = 0;

    PyEval_RestoreThread(self->thread);
    if (PyErr_Occurred() || PyErr_CheckSignals()) {
        stop = 1;
    } else if (self->progress) {
        answer = PyObject_CallFunction(self->progress, "KK", (unsigned long long)done,
                                       (unsigned long long)total);
        stop = answer ? PyObject_IsTrue(answer) : 1;
        Py_XDECREF(answer);
    }
    self->thread = PyEval_SaveThread();
    return stop != 0;
}

int turn_init(turn *self)
{
    self->process = this_process();
    self->lock = PyThread_allocate_lock();
    if (!self->lock) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

void turn_free(turn *self)
{
    if (self->lock) {
        PyThread_free_lock(self->lock);
    }
}

/* A call from inside a call (a progress callback) is refused: it would wait for itself. */
int turn_take(turn *self, const module_state *state, const char *what)
{
    if (self->process != this_process()) {
        /* A forked child: only this thread lives here, so whoever held the lock is gone. */
        PyThread_type_lock fresh = PyThread_allocate_lock();
        if (!fresh) {
            PyErr_NoMemory();
            return -1;
        }
        self->lock = fresh;
        self->process = this_process();
        self->inside = 0;
    }
    if (self->inside && self->owner == PyThread_get_thread_ident()) {
        kundig_error err = {KUNDIG_E_BUSY, 0, ""};
        (void)PyOS_snprintf(err.message, sizeof err.message,
                            "%s at work: a progress callback must not call it", what);
        raise_error(state, KUNDIG_E_BUSY, &err, NULL);
        return -1;
    }
    while (PyThread_acquire_lock(self->lock, NOWAIT_LOCK) != PY_LOCK_ACQUIRED) {
        PyLockStatus status = PY_LOCK_FAILURE;
        Py_BEGIN_ALLOW_THREADS status = PyThread_acquire_lock_timed(self->lock, 50000, 0);
        Py_END_ALLOW_THREADS if (status == PY_LOCK_ACQUIRED)
        {
            break;
        }
        if (PyErr_CheckSignals()) {
            return -1;
        }
    }
    self->inside = 1;
    self->owner = PyThread_get_thread_ident();
    return 0;
}

void turn_leave(turn *self)
{
    self->inside = 0;
    PyThread_release_lock(self->lock);
}

/* Wait for the handle. In a forked child the library answers the call with E_FORK. */
int corpus_enter(corpus_object *self)
{
    if (turn_take(&self->turn, state_of((PyObject *)self), "the corpus is")) {
        return -1;
    }
    if (!self->k) {
        turn_leave(&self->turn);
        PyErr_SetString(PyExc_ValueError, "the corpus is closed");
        return -1;
    }
    return 0;
}

void corpus_leave(corpus_object *self)
{
    turn_leave(&self->turn);
}

static PyObject *corpus_open(PyObject *module, PyObject *args)
{
    const module_state *state = PyModule_GetState(module);
    kundig_options options;
    kundig_error err = {0};
    Py_buffer key = {0};
    const char *path = NULL;
    Py_ssize_t path_len = 0;
    const char *zones = NULL;
    Py_ssize_t zones_len = 0;
    PyObject *progress = NULL;
    unsigned int threads = 0;
    PyObject *limit = NULL;
    const char *fields = NULL;
    Py_ssize_t fields_len = 0;
    corpus_object *self = NULL;
    int rc = 0;

    kundig_options_init(&options);
    if (!PyArg_ParseTuple(args, "y#IOz#z*OIiiIIIIz#", &path, &path_len, &threads, &limit, &zones,
                          &zones_len, &key, &progress, &options.mask, &options.access,
                          &options.identifiers, &options.busy_ms, &options.report_k,
                          &options.report_comments, &options.report_every, &fields, &fields_len)) {
        return NULL;
    }
    options.threads = threads;
    options.report_fields = text_from(fields, fields_len);
    options.memory_limit = PyLong_AsUnsignedLongLong(limit);
    if (PyErr_Occurred()) {
        goto fail;
    }
    options.zone_directory = text_from(zones, zones_len);
    options.pseudonym_key = text_from(key.buf, key.len);
    self = (corpus_object *)new_object(state->corpus_type);
    if (!self) {
        goto fail;
    }
    if (turn_init(&self->turn)) {
        goto fail;
    }
    if (progress != Py_None) {
        self->call.progress = Py_NewRef(progress);
    }
    options.progress = call_progress;
    options.progress_ud = &self->call;
    WITHOUT_GIL(&self->call, rc, kundig_open(path, (size_t)path_len, &options, &self->k, &err));
    if (PyErr_Occurred()) {
        goto fail;
    }
    if (rc) {
        raise_error(state, rc, &err, NULL);
        goto fail;
    }
    PyBuffer_Release(&key);
    return (PyObject *)self;
fail:
    PyBuffer_Release(&key);
    Py_XDECREF((PyObject *)self);
    return NULL;
}

static int corpus_traverse(PyObject *object, visitproc visit, void *arg)
{
    corpus_object *self = (corpus_object *)object;

    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->call.progress);
    return 0;
}

static int corpus_clear(PyObject *object)
{
    Py_CLEAR(((corpus_object *)object)->call.progress);
    return 0;
}

static void corpus_dealloc(PyObject *object)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *trace = NULL;
    int rc = 0;

    PyObject_GC_UnTrack(object);
    if (self->k) {
        PyErr_Fetch(&type, &value, &trace);
        WITHOUT_GIL(&self->call, rc, (kundig_close(self->k), 0));
        PyErr_Restore(type, value, trace);
    }
    (void)rc;
    turn_free(&self->turn);
    corpus_clear(object);
    free_object(object);
}

static PyObject *corpus_close(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig *k = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (!self->k) {
        Py_RETURN_NONE;
    }
    if (corpus_enter(self)) {
        return NULL;
    }
    k = self->k;
    self->k = NULL; /* a store takes its time: meanwhile the corpus is closed already */
    WITHOUT_GIL(&self->call, rc, (kundig_close(k), 0));
    return corpus_done(self, rc, &err);
}

static PyObject *corpus_is_closed(PyObject *object, PyObject *unused)
{
    (void)unused;
    return PyBool_FromLong(((corpus_object *)object)->k == NULL);
}

PyObject *corpus_done(corpus_object *self, int rc, const kundig_error *err)
{
    corpus_leave(self);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (rc) {
        return raise_error(state_of((PyObject *)self), rc, err, NULL);
    }
    Py_RETURN_NONE;
}

PyObject *corpus_table(corpus_object *self, int rc, kundig_table *table, const kundig_error *err)
{
    const module_state *state = state_of((PyObject *)self);

    corpus_leave(self);
    if (PyErr_Occurred()) {
        kundig_table_free(table);
        return NULL;
    }
    return rc ? raise_error(state, rc, err, NULL) : table_wrap(state, table);
}

static PyObject *corpus_fields(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_fields(self->k, &table, &err));
    return corpus_table(self, rc, table, &err);
}

static PyObject *corpus_conflicts(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_conflicts(self->k, &table, &err));
    return corpus_table(self, rc, table, &err);
}

static PyObject *corpus_zone(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    const char *name = NULL;
    Py_ssize_t len = 0;
    const char *data = NULL;
    Py_ssize_t size = 0;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "s#y#", &name, &len, &data, &size) || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc,
                kundig_zone_add(self->k, name, (size_t)len, data, (size_t)size, &err));
    return corpus_done(self, rc, &err);
}

static int add_records(kundig *k, int what, const void *records, size_t count, kundig_added *added,
                       kundig_error *err)
{
    switch (what) {
    case KUNDIG_FACTS_FEEDBACK:
        return kundig_feedback_add(k, records, count, added, err);
    case KUNDIG_FACTS_CUSTOMERS:
        return kundig_customer_add(k, records, count, added, err);
    case KUNDIG_FACTS_EVENTS:
        return kundig_event_add(k, records, count, added, err);
    case KUNDIG_FACTS_LABELS:
        return kundig_label_add(k, records, count, added, err);
    case KUNDIG_FACTS_LINKS:
        return kundig_link_add(k, records, count, added, err);
    case KUNDIG_FACTS_CONSENTS:
        return kundig_consent_add(k, records, count, added, err);
    case KUNDIG_FACTS_RETENTION:
        return kundig_retention_add(k, records, count, added, err);
    default:
        return kundig_edit_add(k, records, count, added, err);
    }
}

PyObject *added_counts(const kundig_added *added)
{
    return Py_BuildValue("{sK sK sK sK sK sK}", "records", (unsigned long long)added->records,
                         "added", (unsigned long long)added->added, "versions",
                         (unsigned long long)added->versions, "unchanged",
                         (unsigned long long)added->unchanged, "conflicts",
                         (unsigned long long)added->conflicts, "replaced_bytes",
                         (unsigned long long)added->replaced_bytes);
}

/* add(what, records, times, fallback) -> counts */
static PyObject *corpus_add(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    int what = 0;
    PyObject *given = NULL;
    PyObject *times = NULL;
    PyObject *fallback = NULL;
    PyObject *result = NULL;
    void *records = NULL;
    size_t count = 0;
    lent borrowed = {0};
    kundig_added added;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iO!OO", &what, &PyList_Type, &given, &times, &fallback)) {
        return NULL;
    }
    if (what < KUNDIG_FACTS_FEEDBACK || what > KUNDIG_FACTS_EDITS) {
        PyErr_SetString(PyExc_ValueError, "no such kind of record");
        return NULL;
    }
    kundig_added_init(&added);
    if (lent_init(&borrowed, fallback)) {
        return NULL;
    }
    records = lent_records(&borrowed, what, given, times, &count);
    if (!records) {
        goto done;
    }
    if (corpus_enter(self)) {
        goto done;
    }
    WITHOUT_GIL(&self->call, rc, add_records(self->k, what, records, count, &added, &err));
    corpus_leave(self);
    if (PyErr_Occurred()) {
        goto done;
    }
    if (rc) {
        raise_error(state_of(object), rc, &err, NULL);
        goto done;
    }
    result = added_counts(&added);
done:
    lent_free(&borrowed);
    return result;
}

/* ---- Ingest --------------------------------------------------------------------------------- */

#define INGEST_FILE    0 /* bytes: a path as the system has it */
#define INGEST_BYTES   1 /* bytes: the content */
#define INGEST_ROWS    2 /* list of dicts */
#define INGEST_COLUMNS 3 /* dict of lists */

kundig_text text_from(const char *data, Py_ssize_t len)
{
    kundig_text text = {data, (size_t)len};

    return text;
}

/* ingest(how, data, source, map, zone, dates, kind, encoding, delimiter, max_field, max_rejects,
 * fallback) -> Report */
static PyObject *corpus_ingest(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    const module_state *state = state_of(object);
    int how = 0;
    PyObject *data = NULL;
    PyObject *fallback = NULL;
    PyObject *max_field = NULL;
    PyObject *max_rejects = NULL;
    const char *source = NULL;
    const char *map = NULL;
    const char *zone = NULL;
    const char *delimiter = NULL;
    Py_ssize_t source_len = 0;
    Py_ssize_t map_len = 0;
    Py_ssize_t zone_len = 0;
    Py_ssize_t delimiter_len = 0;
    kundig_ingest_options options;
    kundig_ingest_report *report = NULL;
    kundig_error err = {0};
    cell_grid grid = {0};
    lent borrowed = {0};
    report_object *result = NULL;
    char *bytes = NULL;
    Py_ssize_t size = 0;
    int rc = 0;

    kundig_ingest_options_init(&options);
    if (!PyArg_ParseTuple(args, "iOz#z#z#iiiz#OOO", &how, &data, &source, &source_len, &map,
                          &map_len, &zone, &zone_len, &options.dates, &options.kind,
                          &options.encoding, &delimiter, &delimiter_len, &max_field, &max_rejects,
                          &fallback)) {
        return NULL;
    }
    options.source = text_from(source, source_len);
    options.map = text_from(map, map_len);
    options.zone = text_from(zone, zone_len);
    if (delimiter) {
        if (delimiter_len != 1) {
            PyErr_SetString(PyExc_ValueError, "a delimiter is one ASCII character");
            return NULL;
        }
        options.delimiter = delimiter[0];
    }
    options.max_field = PyLong_AsUnsignedLongLong(max_field);
    options.max_rejects = PyErr_Occurred() ? 0 : PyLong_AsUnsignedLongLong(max_rejects);
    if (PyErr_Occurred() || lent_init(&borrowed, fallback)) {
        return NULL;
    }
    if (how == INGEST_FILE || how == INGEST_BYTES) {
        rc = PyBytes_AsStringAndSize(data, &bytes, &size);
    } else if (how == INGEST_ROWS && PyList_Check(data)) {
        rc = grid_from_rows(&borrowed, data, &grid);
    } else if (how == INGEST_COLUMNS && PyDict_Check(data)) {
        rc = grid_from_columns(&borrowed, data, &grid);
    } else {
        PyErr_SetString(PyExc_TypeError, "rows are a list of dicts, columns a dict of lists");
        rc = -1;
    }
    if (rc) {
        goto done;
    }
    result = (report_object *)new_object(state->report_type);
    if (!result || corpus_enter(self)) {
        Py_CLEAR(result);
        goto done;
    }
    if (how == INGEST_FILE) {
        WITHOUT_GIL(&self->call, rc,
                    kundig_ingest_file(self->k, bytes, (size_t)size, &options, &report, &err));
    } else if (how == INGEST_BYTES) {
        WITHOUT_GIL(&self->call, rc,
                    kundig_ingest_bytes(self->k, bytes, (size_t)size, &options, &report, &err));
    } else {
        WITHOUT_GIL(&self->call, rc,
                    kundig_ingest_cells(self->k, grid.columns, grid.column_count, grid.cells,
                                        grid.row_count, &options, &report, &err));
    }
    corpus_leave(self);
    result->report = report;
    if (PyErr_Occurred()) {
        Py_CLEAR(result);
    } else if (rc) {
        raise_error(state, rc, &err, report ? (PyObject *)result : NULL);
        Py_CLEAR(result);
    }
done:
    lent_free(&borrowed);
    return (PyObject *)result;
}

/* ---- Questions ------------------------------------------------------------------------------ */

kundig_query *query_of(const module_state *state, PyObject *object)
{
    if (!Py_IS_TYPE(object, state->query_type)) {
        PyErr_SetString(PyExc_TypeError, "a query is needed");
        return NULL;
    }
    return ((query_object *)object)->query;
}

static PyObject *corpus_measure(PyObject *object, PyObject *query_given)
{
    corpus_object *self = (corpus_object *)object;
    kundig_query *query = query_of(state_of(object), query_given);
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_measure(self->k, query, &table, &err));
    return corpus_table(self, rc, table, &err);
}

static PyObject *corpus_compare(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    unsigned int a = 0;
    unsigned int b = 0;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OII", &query_given, &a, &b)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_compare(self->k, query, a, b, &table, &err));
    return corpus_table(self, rc, table, &err);
}

PyObject *corpus_listed(PyObject *object, PyObject *args,
                        int (*call)(kundig *, const kundig_query *, size_t, kundig_table **,
                                    kundig_error *))
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    Py_ssize_t limit = 0;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "On", &query_given, &limit)) {
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
    WITHOUT_GIL(&self->call, rc, call(self->k, query, (size_t)limit, &table, &err));
    return corpus_table(self, rc, table, &err);
}

static PyObject *corpus_comments(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_comments);
}

static PyObject *corpus_topics(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_topics);
}

/* set_model(model or None) */
static PyObject *corpus_set_model(PyObject *object, PyObject *given)
{
    corpus_object *self = (corpus_object *)object;
    const module_state *state = state_of(object);
    kundig_error err = {0};
    int rc = 0;

    if (given != Py_None && !Py_IS_TYPE(given, state->model_type)) {
        PyErr_SetString(PyExc_TypeError, "a model is needed");
        return NULL;
    }
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(
        &self->call, rc,
        kundig_set_model(self->k, given == Py_None ? NULL : ((model_object *)given)->model, &err));
    return corpus_done(self, rc, &err);
}

/* analyze(query, report or None, format, width, color, title) -> bytes */
static PyObject *corpus_analyze(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    const module_state *state = state_of(object);
    PyObject *query_given = NULL;
    PyObject *report_given = NULL;
    const char *title = NULL;
    Py_ssize_t title_len = 0;
    kundig_analyze_options options;
    const kundig_ingest_report *report = NULL;
    kundig_query *query = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_analyze_options_init(&options);
    if (!PyArg_ParseTuple(args, "OOiIpz#", &query_given, &report_given, &options.format,
                          &options.width, &options.color, &title, &title_len)) {
        return NULL;
    }
    options.title = text_from(title, title_len);
    if (report_given != Py_None) {
        if (!Py_IS_TYPE(report_given, state->report_type)) {
            PyErr_SetString(PyExc_TypeError, "report is what ingest() returned");
            return NULL;
        }
        report = ((report_object *)report_given)->report;
    }
    query = query_of(state, query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_analyze(self->k, query, report, &options, &bytes, &err));
    corpus_leave(self);
    if (PyErr_Occurred()) {
        kundig_bytes_free(bytes);
        return NULL;
    }
    return rc ? raise_error(state, rc, &err, NULL) : bytes_object(bytes);
}

static PyObject *corpus_state(PyObject *object, PyObject *query_given)
{
    corpus_object *self = (corpus_object *)object;
    const module_state *state = state_of(object);
    kundig_query *query = query_of(state, query_given);
    state_object *result = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!query) {
        return NULL;
    }
    result = (state_object *)new_object(state->state_type);
    if (!result || corpus_enter(self)) {
        Py_XDECREF((PyObject *)result);
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_state_new(self->k, query, &result->state, &err));
    corpus_leave(self);
    if (PyErr_Occurred() || rc) {
        Py_DECREF(result);
        return PyErr_Occurred() ? NULL : raise_error(state, rc, &err, NULL);
    }
    return (PyObject *)result;
}

static PyMethodDef corpus_methods[] = {
    {"close", corpus_close, METH_NOARGS, NULL},
    {"is_closed", corpus_is_closed, METH_NOARGS, NULL},
    {"add", corpus_add, METH_VARARGS, NULL},
    {"ingest", corpus_ingest, METH_VARARGS, NULL},
    {"add_zone", corpus_zone, METH_VARARGS, NULL},
    {"fields", corpus_fields, METH_NOARGS, NULL},
    {"conflicts", corpus_conflicts, METH_NOARGS, NULL},
    {"measure", corpus_measure, METH_O, NULL},
    {"compare", corpus_compare, METH_VARARGS, NULL},
    {"comments", corpus_comments, METH_VARARGS, NULL},
    {"topics", corpus_topics, METH_VARARGS, NULL},
    {"set_model", corpus_set_model, METH_O, NULL},
    {"model", corpus_model, METH_NOARGS, NULL},
    {"has_model", corpus_has_model, METH_NOARGS, NULL},
    {"collect", corpus_collect, METH_VARARGS, NULL},
    {"teach", corpus_teach, METH_VARARGS, NULL},
    {"classify", corpus_classify, METH_VARARGS, NULL},
    {"sentiment", corpus_sentiment, METH_VARARGS, NULL},
    {"label_next", corpus_label_next, METH_VARARGS, NULL},
    {"discover", corpus_discover, METH_VARARGS, NULL},
    {"label_discovered", corpus_label_discovered, METH_VARARGS, NULL},
    {"impact", corpus_impact, METH_VARARGS, NULL},
    {"explain", corpus_explain, METH_VARARGS, NULL},
    {"chart", corpus_chart, METH_VARARGS, NULL},
    {"alarms", corpus_alarms, METH_VARARGS, NULL},
    {"emerging", corpus_emerging, METH_VARARGS, NULL},
    {"words", corpus_words, METH_VARARGS, NULL},
    {"buts", corpus_buts, METH_VARARGS, NULL},
    {"mismatch", corpus_mismatch, METH_VARARGS, NULL},
    {"loud", corpus_loud, METH_VARARGS, NULL},
    {"funnel", corpus_funnel, METH_O, NULL},
    {"benchmark", corpus_benchmark, METH_VARARGS, NULL},
    {"weights", corpus_weights, METH_VARARGS, NULL},
    {"represent", corpus_represent, METH_O, NULL},
    {"analyze", corpus_analyze, METH_VARARGS, NULL},
    {"state", corpus_state, METH_O, NULL},
    {"search", corpus_search, METH_VARARGS, NULL},
    {"facts", corpus_facts, METH_VARARGS, NULL},
    {"facts_hash", corpus_facts_hash, METH_NOARGS, NULL},
    {"pin_model", corpus_pin_model, METH_O, NULL},
    {"pseudonym", corpus_pseudonym, METH_VARARGS, NULL},
    {"erase", corpus_erase, METH_VARARGS, NULL},
    {"expire", corpus_expire, METH_VARARGS, NULL},
    {"merge", corpus_merge, METH_VARARGS, NULL},
    {"audit", corpus_audit, METH_NOARGS, NULL},
    {"save_cache", corpus_save_cache, METH_NOARGS, NULL},
    {"compact", corpus_compact, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot corpus_slots[] = {
    {Py_tp_dealloc, corpus_dealloc},
    {Py_tp_traverse, corpus_traverse},
    {Py_tp_clear, corpus_clear},
    {Py_tp_methods, corpus_methods},
    {0, NULL},
};

static PyType_Spec corpus_spec = {
    .name = "kundig._native.Corpus",
    .basicsize = sizeof(corpus_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = corpus_slots,
};

/* ---- Module --------------------------------------------------------------------------------- */

static PyObject *metrics_table(PyObject *module, PyObject *unused)
{
    const module_state *state = PyModule_GetState(module);
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = kundig_metrics(NULL, &table, &err);

    (void)unused;
    return rc ? raise_error(state, rc, &err, NULL) : table_wrap(state, table);
}

static PyObject *versions(PyObject *module, PyObject *unused)
{
    kundig_version_set set;

    (void)module;
    (void)unused;
    kundig_version_set_init(&set);
    kundig_versions(&set);
    return Py_BuildValue("{ss ss ss ss ss ss ss ss ss sI}", "library", set.library, "tokeniser",
                         set.tokeniser, "unicode", set.unicode, "stemmer", set.stemmer, "zones",
                         set.zones, "state", set.state, "model", set.model, "language",
                         set.language, "store", set.store, "abi", (unsigned int)set.abi);
}

static PyMethodDef module_methods[] = {
    {"open", corpus_open, METH_VARARGS, NULL},
    {"query", query_new, METH_NOARGS, NULL},
    {"metrics", metrics_table, METH_NOARGS, NULL},
    {"load_state", state_load, METH_VARARGS, NULL},
    {"model", model_new, METH_VARARGS, NULL},
    {"load_model", model_load, METH_VARARGS, NULL},
    {"examples", examples_new, METH_VARARGS, NULL},
    {"score_sentiment", score_sentiment, METH_VARARGS, NULL},
    {"personal", text_personal, METH_VARARGS, NULL},
    {"mask", text_mask, METH_VARARGS, NULL},
    {"taxonomy_ready", taxonomy_ready, METH_NOARGS, NULL},
    {"taxonomy_check", taxonomy_check, METH_VARARGS, NULL},
    {"versions", versions, METH_NOARGS, NULL},
    {"verify", store_verify, METH_VARARGS, NULL},
    {"is_store", store_is_store, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int module_error(PyObject *module, module_state *state)
{
    PyObject *attributes =
        Py_BuildValue("{sisssisO}", "code", 0, "name", "", "position", 0, "report", Py_None);

    if (!attributes) {
        return -1;
    }
    state->error = PyErr_NewExceptionWithDoc(
        "kundig.Error",
        "What the library refused, in one sentence. code and name are those of kundig.h, position "
        "is a byte offset or a record's index, report is the ingest report where rows were read.",
        NULL, attributes);
    Py_DECREF(attributes);
    return state->error ? PyModule_AddObjectRef(module, "Error", state->error) : -1;
}

static int module_type(PyObject *module, PyType_Spec *spec, PyTypeObject **out)
{
    *out = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *out ? 0 : -1;
}

static int module_exec(PyObject *module)
{
    module_state *state = PyModule_GetState(module);

    if (module_error(module, state) || module_type(module, &corpus_spec, &state->corpus_type) ||
        module_type(module, &query_spec, &state->query_type) ||
        module_type(module, &table_spec, &state->table_type) ||
        module_type(module, &report_spec, &state->report_type) ||
        module_type(module, &state_spec, &state->state_type) ||
        module_type(module, &model_spec, &state->model_type) ||
        module_type(module, &examples_spec, &state->examples_type)) {
        return -1;
    }
    return error_codes(module);
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    module_state *state = PyModule_GetState(module);

    Py_VISIT(state->corpus_type);
    Py_VISIT(state->query_type);
    Py_VISIT(state->table_type);
    Py_VISIT(state->report_type);
    Py_VISIT(state->state_type);
    Py_VISIT(state->model_type);
    Py_VISIT(state->examples_type);
    Py_VISIT(state->error);
    return 0;
}

static int module_clear(PyObject *module)
{
    module_state *state = PyModule_GetState(module);

    Py_CLEAR(state->corpus_type);
    Py_CLEAR(state->query_type);
    Py_CLEAR(state->table_type);
    Py_CLEAR(state->report_type);
    Py_CLEAR(state->state_type);
    Py_CLEAR(state->model_type);
    Py_CLEAR(state->examples_type);
    Py_CLEAR(state->error);
    return 0;
}

static void module_free(void *module)
{
    module_clear(module);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};

static struct PyModuleDef module_definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "kundig._native",
    .m_size = sizeof(module_state),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__native(void);

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&module_definition);
}
