/* What moved a score, what is new, who speaks: a call each of kundig.h's section "Why".
 *
 * Words were made numbers before they come here. Margins are lent to the call. Several tables come
 * back as a tuple, in the order of kundig.h. */
#include "_native.h"

/* A count of rows and the like; -1 where an exception is set. */
static int why_count(Py_ssize_t given, const char *name, uint64_t *out)
{
    if (given < 0) {
        PyErr_Format(PyExc_ValueError, "%s is 0 or more", name);
        return -1;
    }
    *out = (uint64_t)given;
    return 0;
}

/* The common end of calls that give several tables: it leaves the corpus. */
static PyObject *why_tables(corpus_object *self, int rc, kundig_table **tables, size_t count,
                            const kundig_error *err)
{
    const module_state *state = state_of((PyObject *)self);
    PyObject *all = NULL;

    corpus_leave(self);
    if (!PyErr_Occurred() && rc) {
        raise_error(state, rc, err, NULL);
    } else if (!PyErr_Occurred()) {
        all = PyTuple_New((Py_ssize_t)count);
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *table = all ? table_wrap(state, tables[i]) : NULL;
        if (!all) {
            kundig_table_free(tables[i]);
        } else if (!table || PyTuple_SetItem(all, (Py_ssize_t)i, table)) {
            Py_CLEAR(all);
        }
    }
    return all;
}

PyObject *corpus_impact(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_impact);
}

PyObject *corpus_loud(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_loud);
}

PyObject *corpus_buts(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_buts);
}

PyObject *corpus_mismatch(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_mismatch);
}

/* explain(query, before, after, sentences, limit) -> (change, splits, causes, breaks) */
PyObject *corpus_explain(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    unsigned int before = 0;
    unsigned int after = 0;
    Py_ssize_t limit = 0;
    kundig_explain_options options;
    kundig_query *query = NULL;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES] = {NULL};
    kundig_error err = {0};
    int rc = 0;

    kundig_explain_options_init(&options);
    if (!PyArg_ParseTuple(args, "OIIin", &query_given, &before, &after, &options.sentences,
                          &limit) ||
        why_count(limit, "limit", &options.limit)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc,
                kundig_explain(self->k, query, before, after, &options, tables,
                               KUNDIG_EXPLAIN_TABLES, &err));
    return why_tables(self, rc, tables, KUNDIG_EXPLAIN_TABLES, &err);
}

/* (chart, limits, weekdays, baseline, rate, lambda, width, slack, limit, target, sigma, since in
 * milliseconds or None) */
static int why_chart_options(PyObject *given, kundig_chart_options *options)
{
    PyObject *since = NULL;

    kundig_chart_options_init(options);
    if (!PyArg_ParseTuple(given, "iiiIdddddddO", &options->chart, &options->limits,
                          &options->weekdays, &options->baseline, &options->rate, &options->lambda,
                          &options->width, &options->slack, &options->limit, &options->target,
                          &options->sigma, &since)) {
        return -1;
    }
    if (since != Py_None) {
        options->since_ms = PyLong_AsLongLong(since);
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* chart(query, options) -> Table */
PyObject *corpus_chart(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    PyObject *options_given = NULL;
    kundig_chart_options options;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OO!", &query_given, &PyTuple_Type, &options_given) ||
        why_chart_options(options_given, &options)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_chart(self->k, query, &options, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* alarms(query, options, limit) -> Table */
PyObject *corpus_alarms(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    PyObject *options_given = NULL;
    Py_ssize_t limit_given = 0;
    uint64_t limit = 0;
    kundig_chart_options options;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OO!n", &query_given, &PyTuple_Type, &options_given,
                          &limit_given) ||
        why_count(limit_given, "limit", &limit) || why_chart_options(options_given, &options)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc,
                kundig_alarms(self->k, query, &options, (size_t)limit, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* emerging(query, scale, gamma, limit) -> Table */
PyObject *corpus_emerging(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    Py_ssize_t limit = 0;
    kundig_emerging_options options;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_emerging_options_init(&options);
    if (!PyArg_ParseTuple(args, "Oddn", &query_given, &options.scale, &options.gamma, &limit) ||
        why_count(limit, "limit", &options.limit)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_emerging(self->k, query, &options, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* words(query, a, b, prior_kind, prior, limit, least, everything) -> Table */
PyObject *corpus_words(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    unsigned int a = 0;
    unsigned int b = 0;
    Py_ssize_t limit = 0;
    Py_ssize_t least = 0;
    int everything = 0;
    kundig_words_options options;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_words_options_init(&options);
    if (!PyArg_ParseTuple(args, "OIIidnnp", &query_given, &a, &b, &options.prior_kind,
                          &options.prior, &limit, &least, &everything) ||
        why_count(limit, "limit", &options.limit) || why_count(least, "least", &options.least)) {
        return NULL;
    }
    options.everything = everything;
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_words(self->k, query, a, b, &options, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* funnel(query) -> Table */
PyObject *corpus_funnel(PyObject *object, PyObject *query_given)
{
    corpus_object *self = (corpus_object *)object;
    kundig_query *query = query_of(state_of(object), query_given);
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_funnel(self->k, query, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* benchmark(query, value, n, deviation) -> Table */
PyObject *corpus_benchmark(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    double value = 0;
    double n = 0;
    double deviation = 0;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "Oddd", &query_given, &value, &n, &deviation)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc,
                kundig_benchmark(self->k, query, value, n, deviation, &table, &err));
    return corpus_table(self, rc, table, &err);
}

/* A list of (field, value, size) as margins; NULL where an exception is set. */
static kundig_margin *why_margins(lent *borrowed, PyObject *list, size_t *count)
{
    kundig_margin *margins = NULL;

    *count = (size_t)PyList_Size(list);
    margins = lent_array(borrowed, *count + 1, sizeof *margins); /* an empty one is the library's */
    for (size_t i = 0; margins && i < *count; i++) {
        PyObject *field = NULL;
        PyObject *value = NULL;
        if (!PyArg_ParseTuple(PyList_GetItem(list, (Py_ssize_t)i), "OOd", &field, &value,
                              &margins[i].size) ||
            lent_text(borrowed, field, &margins[i].field) ||
            lent_text(borrowed, value, &margins[i].value)) {
            return NULL;
        }
    }
    return margins;
}

/* weights(query, margins, most, rounds, fallback) -> (cells, summary, score) */
PyObject *corpus_weights(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *query_given = NULL;
    PyObject *list = NULL;
    PyObject *fallback = NULL;
    Py_ssize_t rounds = 0;
    kundig_weights_options options;
    kundig_query *query = NULL;
    kundig_margin *margins = NULL;
    size_t count = 0;
    lent borrowed = {0};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES] = {NULL};
    PyObject *result = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_weights_options_init(&options);
    if (!PyArg_ParseTuple(args, "OO!dnO", &query_given, &PyList_Type, &list, &options.most, &rounds,
                          &fallback) ||
        why_count(rounds, "rounds", &options.rounds)) {
        return NULL;
    }
    query = query_of(state_of(object), query_given);
    if (!query || lent_init(&borrowed, fallback)) {
        return NULL;
    }
    margins = why_margins(&borrowed, list, &count);
    if (margins && !corpus_enter(self)) {
        WITHOUT_GIL(&self->call, rc,
                    kundig_weights(self->k, query, margins, count, &options, tables,
                                   KUNDIG_WEIGHTS_TABLES, &err));
        result = why_tables(self, rc, tables, KUNDIG_WEIGHTS_TABLES, &err);
    }
    lent_free(&borrowed);
    return result;
}

/* represent(query) -> (groups, summary) */
PyObject *corpus_represent(PyObject *object, PyObject *query_given)
{
    corpus_object *self = (corpus_object *)object;
    kundig_query *query = query_of(state_of(object), query_given);
    kundig_table *tables[KUNDIG_REPRESENT_TABLES] = {NULL};
    kundig_error err = {0};
    int rc = 0;

    if (!query || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc,
                kundig_represent(self->k, query, tables, KUNDIG_REPRESENT_TABLES, &err));
    return why_tables(self, rc, tables, KUNDIG_REPRESENT_TABLES, &err);
}
