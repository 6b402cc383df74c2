/* What the library hands over, as Python objects: errors, tables, reports, states; and queries. */
#include "_native.h"

/* ---- Errors --------------------------------------------------------------------------------- */

static const struct {
    int code;
    const char *name;
} error_names[] = {
    {KUNDIG_E_ARG, "E_ARG"},
    {KUNDIG_E_NOMEM, "E_NOMEM"},
    {KUNDIG_E_LIMIT, "E_LIMIT"},
    {KUNDIG_E_IO, "E_IO"},
    {KUNDIG_E_FORMAT, "E_FORMAT"},
    {KUNDIG_E_VERSION, "E_VERSION"},
    {KUNDIG_E_NOT_FOUND, "E_NOT_FOUND"},
    {KUNDIG_E_AMBIGUOUS, "E_AMBIGUOUS"},
    {KUNDIG_E_VALUE, "E_VALUE"},
    {KUNDIG_E_EMPTY, "E_EMPTY"},
    {KUNDIG_E_BUSY, "E_BUSY"},
    {KUNDIG_E_FORK, "E_FORK"},
    {KUNDIG_E_CANCELLED, "E_CANCELLED"},
    {KUNDIG_E_MODE, "E_MODE"},
    {KUNDIG_E_INTERNAL, "E_INTERNAL"},
};
#define ERROR_NAME_COUNT (sizeof error_names / sizeof error_names[0])

/* Raises kundig.Error; report may be NULL. Returns NULL. */
PyObject *raise_error(const module_state *state, int code, const kundig_error *err,
                      PyObject *report)
{
    const char *message = err->message;
    const char *name = "E_INTERNAL";
    PyObject *exception = NULL;
    PyObject *value = NULL;

    if (err->code != code || message[0] == '\0') {
        message = kundig_strerror(code);
    }
    for (size_t i = 0; i < ERROR_NAME_COUNT; i++) {
        if (error_names[i].code == code) {
            name = error_names[i].name;
        }
    }
    value = PyUnicode_DecodeUTF8(message, (Py_ssize_t)strlen(message), "replace");
    exception = value ? PyObject_CallFunctionObjArgs(state->error, value, NULL) : NULL;
    Py_XDECREF(value);
    if (!exception) {
        return NULL;
    }
    value = PyLong_FromLong(code);
    if (value && !PyObject_SetAttrString(exception, "code", value)) {
        Py_DECREF(value);
        value = PyUnicode_FromString(name);
        if (value && !PyObject_SetAttrString(exception, "name", value)) {
            Py_DECREF(value);
            value = PyLong_FromSize_t(err->code == code ? err->pos : 0);
            if (value && !PyObject_SetAttrString(exception, "position", value) &&
                (!report || !PyObject_SetAttrString(exception, "report", report))) {
                PyErr_SetObject(state->error, exception);
            }
        }
    }
    Py_XDECREF(value);
    Py_DECREF(exception);
    return NULL;
}

module_state *state_of(PyObject *self)
{
    return PyType_GetModuleState(Py_TYPE(self));
}

PyObject *bytes_object(kundig_bytes *bytes)
{
    PyObject *object =
        PyBytes_FromStringAndSize(kundig_bytes_data(bytes), (Py_ssize_t)kundig_bytes_len(bytes));

    kundig_bytes_free(bytes);
    return object;
}

/* ---- Objects -------------------------------------------------------------------------------- */

void free_object(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = PyType_GetSlot(type, Py_tp_free);

    release(self);
    Py_DECREF(type);
}

PyObject *new_object(PyTypeObject *type)
{
    allocfunc allocate = PyType_GetSlot(type, Py_tp_alloc);

    return allocate(type, 0);
}

/* Take the table over, whatever happens. */
PyObject *table_wrap(const module_state *state, kundig_table *table)
{
    table_object *self = (table_object *)new_object(state->table_type);

    if (!self) {
        kundig_table_free(table);
        return NULL;
    }
    self->table = table;
    return (PyObject *)self;
}

/* ---- Query ---------------------------------------------------------------------------------- */

/* A query is made, used and dropped inside one call of kundig/__init__.py: no thread shares it. */
PyObject *query_new(PyObject *module, PyObject *unused)
{
    const module_state *state = PyModule_GetState(module);
    query_object *self = (query_object *)new_object(state->query_type);
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (!self) {
        return NULL;
    }
    rc = kundig_query_new(NULL, &self->query);
    if (rc) {
        Py_DECREF(self);
        return raise_error(state, rc, &err, NULL);
    }
    return (PyObject *)self;
}

static void query_dealloc(PyObject *object)
{
    kundig_query_free(((query_object *)object)->query);
    free_object(object);
}

#define QUERY_METRIC   0
#define QUERY_QUESTION 1
#define QUERY_GROUP_BY 2
#define QUERY_ZONE     3
#define QUERY_PURPOSE  4

/* set_text(which, text) */
static PyObject *query_set_text(PyObject *object, PyObject *args)
{
    static int (*const setters[])(kundig_query *, const char *, size_t, kundig_error *) = {
        kundig_query_set_metric, kundig_query_set_question, kundig_query_group_by,
        kundig_query_set_zone, kundig_query_set_purpose};
    kundig_query *query = ((query_object *)object)->query;
    int which = 0;
    const char *text = NULL;
    Py_ssize_t len = 0;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "is#", &which, &text, &len)) {
        return NULL;
    }
    if (which < QUERY_METRIC || which > QUERY_PURPOSE) {
        PyErr_SetString(PyExc_ValueError, "no such part of a query");
        return NULL;
    }
    rc = setters[which](query, text, (size_t)len, &err);
    if (rc) {
        return raise_error(state_of(object), rc, &err, NULL);
    }
    Py_RETURN_NONE;
}

/* set_numbers(every, unit, interval, level, min_n, as_of or None) */
static PyObject *query_set_numbers(PyObject *object, PyObject *args)
{
    kundig_query *query = ((query_object *)object)->query;
    int every = 0;
    int unit = 0;
    int interval = 0;
    double level = 0;
    PyObject *min_n_given = NULL;
    PyObject *as_of_given = NULL;
    unsigned long long min_n = 0;
    long long as_of = KUNDIG_TIME_ABSENT;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iiidOO", &every, &unit, &interval, &level, &min_n_given,
                          &as_of_given)) {
        return NULL;
    }
    min_n = PyLong_AsUnsignedLongLong(min_n_given);
    if (!PyErr_Occurred() && as_of_given != Py_None) {
        as_of = PyLong_AsLongLong(as_of_given);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    rc = kundig_query_set_every(query, every, &err);
    if (!rc) {
        rc = kundig_query_set_unit(query, unit, &err);
    }
    if (!rc) {
        rc = kundig_query_set_interval(query, interval, level, &err);
    }
    if (!rc) {
        rc = kundig_query_set_min_n(query, min_n, &err);
    }
    if (!rc && as_of_given != Py_None) {
        rc = kundig_query_set_as_of(query, as_of, &err);
    }
    if (rc) {
        return raise_error(state_of(object), rc, &err, NULL);
    }
    Py_RETURN_NONE;
}

/* condition(field, op, values, fallback) -> node. An instant is a tuple (milliseconds,). */
static PyObject *query_condition(PyObject *object, PyObject *args)
{
    kundig_query *query = ((query_object *)object)->query;
    const char *field = NULL;
    Py_ssize_t len = 0;
    int op = 0;
    PyObject *given = NULL;
    PyObject *fallback = NULL;
    PyObject *result = NULL;
    kundig_value *values = NULL;
    size_t count = 0;
    lent borrowed = {0};
    uint32_t node = 0;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "s#iO!O", &field, &len, &op, &PyTuple_Type, &given, &fallback) ||
        lent_init(&borrowed, fallback)) {
        return NULL;
    }
    count = (size_t)PyTuple_Size(given);
    values = lent_array(&borrowed, count, sizeof *values);
    if (!values) {
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *item = PyTuple_GetItem(given, (Py_ssize_t)i);
        if (PyTuple_Check(item)) {
            long long ms = 0;
            if (!PyArg_ParseTuple(item, "L", &ms)) {
                goto done;
            }
            values[i].type = KUNDIG_VALUE_TIME;
            values[i].number = (double)ms;
        } else if (lent_value(&borrowed, item, &values[i])) {
            raise_about((Py_ssize_t)i, field);
            goto done;
        }
    }
    rc = kundig_query_condition(query, field, (size_t)len, op, values, count, &node, &err);
    if (rc) {
        raise_error(state_of(object), rc, &err, NULL);
        goto done;
    }
    result = PyLong_FromUnsignedLong(node);
done:
    lent_free(&borrowed);
    return result;
}

/* combine(how, nodes) -> node */
static PyObject *query_combine(PyObject *object, PyObject *args)
{
    kundig_query *query = ((query_object *)object)->query;
    int how = 0;
    PyObject *given = NULL;
    PyObject *result = NULL;
    uint32_t *nodes = NULL;
    size_t count = 0;
    lent borrowed = {0};
    uint32_t node = 0;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iO!", &how, &PyTuple_Type, &given) ||
        lent_init(&borrowed, Py_None)) {
        return NULL;
    }
    count = (size_t)PyTuple_Size(given);
    nodes = lent_array(&borrowed, count, sizeof *nodes);
    if (!nodes) {
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        nodes[i] = (uint32_t)PyLong_AsUnsignedLong(PyTuple_GetItem(given, (Py_ssize_t)i));
    }
    if (PyErr_Occurred()) {
        goto done;
    }
    rc = kundig_query_combine(query, how, nodes, count, &node, &err);
    if (rc) {
        raise_error(state_of(object), rc, &err, NULL);
        goto done;
    }
    result = PyLong_FromUnsignedLong(node);
done:
    lent_free(&borrowed);
    return result;
}

static PyObject *query_parse(PyObject *object, PyObject *args)
{
    kundig_query *query = ((query_object *)object)->query;
    const char *text = NULL;
    Py_ssize_t len = 0;
    uint32_t node = 0;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "s#", &text, &len)) {
        return NULL;
    }
    rc = kundig_query_parse(query, text, (size_t)len, &node, &err);
    return rc ? raise_error(state_of(object), rc, &err, NULL) : PyLong_FromUnsignedLong(node);
}

static PyObject *query_keep(PyObject *object, PyObject *args)
{
    kundig_query *query = ((query_object *)object)->query;
    unsigned int node = 0;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "I", &node)) {
        return NULL;
    }
    rc = kundig_query_keep(query, node, &err);
    if (rc) {
        return raise_error(state_of(object), rc, &err, NULL);
    }
    Py_RETURN_NONE;
}

static PyMethodDef query_methods[] = {
    {"set_text", query_set_text, METH_VARARGS, NULL},
    {"set_numbers", query_set_numbers, METH_VARARGS, NULL},
    {"condition", query_condition, METH_VARARGS, NULL},
    {"combine", query_combine, METH_VARARGS, NULL},
    {"parse", query_parse, METH_VARARGS, NULL},
    {"keep", query_keep, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot query_slots[] = {
    {Py_tp_dealloc, query_dealloc},
    {Py_tp_methods, query_methods},
    {0, NULL},
};

PyType_Spec query_spec = {
    .name = "kundig._native.Query",
    .basicsize = sizeof(query_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = query_slots,
};

/* ---- Table ---------------------------------------------------------------------------------- */

static void table_dealloc(PyObject *object)
{
    kundig_table_free(((table_object *)object)->table);
    free_object(object);
}

static PyObject *table_cell(const kundig_table *table, size_t row, size_t column)
{
    if (kundig_table_is_null(table, row, column)) {
        Py_RETURN_NONE;
    }
    switch (kundig_table_column_type(table, column)) {
    case KUNDIG_COLUMN_TEXT: {
        kundig_text text = kundig_table_text(table, row, column);
        return PyUnicode_DecodeUTF8(text.data, (Py_ssize_t)text.len, NULL);
    }
    case KUNDIG_COLUMN_INT:
        return PyLong_FromLongLong(kundig_table_int(table, row, column));
    case KUNDIG_COLUMN_BOOL:
        return PyBool_FromLong(kundig_table_int(table, row, column) != 0);
    default:
        return PyFloat_FromDouble(kundig_table_number(table, row, column));
    }
}

static Py_ssize_t table_len(PyObject *object)
{
    return (Py_ssize_t)kundig_table_row_count(((table_object *)object)->table);
}

/* columns() -> tuple of (name, type, unit) */
static PyObject *table_columns(PyObject *object, PyObject *unused)
{
    const kundig_table *table = ((table_object *)object)->table;
    size_t count = kundig_table_column_count(table);
    PyObject *columns = PyTuple_New((Py_ssize_t)count);

    (void)unused;
    for (size_t i = 0; columns && i < count; i++) {
        PyObject *column =
            Py_BuildValue("(sii)", kundig_table_column_name(table, i),
                          kundig_table_column_type(table, i), kundig_table_column_unit(table, i));
        if (!column || PyTuple_SetItem(columns, (Py_ssize_t)i, column)) {
            Py_CLEAR(columns);
        }
    }
    return columns;
}

/* row(index) -> tuple of values */
static PyObject *table_row(PyObject *object, PyObject *index)
{
    const kundig_table *table = ((table_object *)object)->table;
    size_t row = PyLong_AsSize_t(index);
    size_t count = kundig_table_column_count(table);
    PyObject *values = NULL;

    if (PyErr_Occurred()) {
        return NULL;
    }
    if (row >= kundig_table_row_count(table)) {
        PyErr_SetString(PyExc_IndexError, "the table has no such row");
        return NULL;
    }
    values = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; values && i < count; i++) {
        PyObject *value = table_cell(table, row, i);
        if (!value || PyTuple_SetItem(values, (Py_ssize_t)i, value)) {
            Py_CLEAR(values);
        }
    }
    return values;
}

/* column(index) -> list of values */
static PyObject *table_column(PyObject *object, PyObject *index)
{
    const kundig_table *table = ((table_object *)object)->table;
    size_t column = PyLong_AsSize_t(index);
    size_t count = kundig_table_row_count(table);
    PyObject *values = NULL;

    if (PyErr_Occurred()) {
        return NULL;
    }
    if (column >= kundig_table_column_count(table)) {
        PyErr_SetString(PyExc_IndexError, "the table has no such column");
        return NULL;
    }
    values = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; values && i < count; i++) {
        PyObject *value = table_cell(table, i, column);
        if (!value || PyList_SetItem(values, (Py_ssize_t)i, value)) {
            Py_CLEAR(values);
        }
    }
    return values;
}

static PyObject *table_notes(PyObject *object, PyObject *unused)
{
    const kundig_table *table = ((table_object *)object)->table;
    size_t count = kundig_table_note_count(table);
    PyObject *notes = PyTuple_New((Py_ssize_t)count);

    (void)unused;
    for (size_t i = 0; notes && i < count; i++) {
        PyObject *note = PyUnicode_FromString(kundig_table_note(table, i));
        if (!note || PyTuple_SetItem(notes, (Py_ssize_t)i, note)) {
            Py_CLEAR(notes);
        }
    }
    return notes;
}

static PyObject *table_json(PyObject *object, PyObject *unused)
{
    const kundig_table *table = ((table_object *)object)->table;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    Py_BEGIN_ALLOW_THREADS rc = kundig_table_to_json(table, &bytes, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(state_of(object), rc, &err, NULL)
                                   : bytes_object(bytes);
}

static PyObject *table_csv(PyObject *object, PyObject *unused)
{
    const kundig_table *table = ((table_object *)object)->table;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    Py_BEGIN_ALLOW_THREADS rc = kundig_table_to_csv(table, &bytes, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(state_of(object), rc, &err, NULL)
                                   : bytes_object(bytes);
}

/* page(width, color) -> bytes */
static PyObject *table_page(PyObject *object, PyObject *args)
{
    const kundig_table *table = ((table_object *)object)->table;
    kundig_page_options options;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    kundig_page_options_init(&options);
    if (!PyArg_ParseTuple(args, "Ip", &options.width, &options.color)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_table_to_page(table, &options, &bytes, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(state_of(object), rc, &err, NULL)
                                   : bytes_object(bytes);
}

static PyMethodDef table_methods[] = {
    {"columns", table_columns, METH_NOARGS, NULL}, {"row", table_row, METH_O, NULL},
    {"column", table_column, METH_O, NULL},        {"notes", table_notes, METH_NOARGS, NULL},
    {"json", table_json, METH_NOARGS, NULL},       {"csv", table_csv, METH_NOARGS, NULL},
    {"page", table_page, METH_VARARGS, NULL},      {NULL, NULL, 0, NULL},
};

static PyType_Slot table_slots[] = {
    {Py_tp_dealloc, table_dealloc},
    {Py_tp_methods, table_methods},
    {Py_mp_length, table_len},
    {0, NULL},
};

PyType_Spec table_spec = {
    .name = "kundig._native.Table",
    .basicsize = sizeof(table_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = table_slots,
};

/* ---- Report --------------------------------------------------------------------------------- */

static void report_dealloc(PyObject *object)
{
    kundig_ingest_report_free(((report_object *)object)->report);
    free_object(object);
}

static PyObject *report_table(PyObject *object, PyObject *args)
{
    int which = 0;
    kundig_table *table = NULL;

    if (!PyArg_ParseTuple(args, "i", &which)) {
        return NULL;
    }
    table = kundig_ingest_report_table(((report_object *)object)->report, which);
    if (!table) {
        PyErr_SetString(PyExc_ValueError, "the report has no such table");
        return NULL;
    }
    return table_wrap(state_of(object), kundig_table_retain(table));
}

static PyObject *report_rejects(PyObject *object, PyObject *unused)
{
    const kundig_ingest_report *report = ((report_object *)object)->report;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    Py_BEGIN_ALLOW_THREADS rc = kundig_ingest_report_rejects(report, &bytes, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(state_of(object), rc, &err, NULL)
                                   : bytes_object(bytes);
}

static PyMethodDef report_methods[] = {
    {"table", report_table, METH_VARARGS, NULL},
    {"rejects_csv", report_rejects, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot report_slots[] = {
    {Py_tp_dealloc, report_dealloc},
    {Py_tp_methods, report_methods},
    {0, NULL},
};

PyType_Spec report_spec = {
    .name = "kundig._native.Report",
    .basicsize = sizeof(report_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = report_slots,
};

/* ---- State ---------------------------------------------------------------------------------- */

/* States are small: their calls keep the GIL, which is their lock. */
static void state_dealloc(PyObject *object)
{
    kundig_state_free(((state_object *)object)->state);
    free_object(object);
}

PyObject *state_load(PyObject *module, PyObject *args)
{
    const module_state *state = PyModule_GetState(module);
    const char *data = NULL;
    Py_ssize_t size = 0;
    state_object *self = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#", &data, &size)) {
        return NULL;
    }
    self = (state_object *)new_object(state->state_type);
    if (!self) {
        return NULL;
    }
    rc = kundig_state_load(NULL, data, (size_t)size, &self->state, &err);
    if (rc) {
        Py_DECREF(self);
        return raise_error(state, rc, &err, NULL);
    }
    return (PyObject *)self;
}

static PyObject *state_join(PyObject *object, PyObject *other,
                            int (*join)(kundig_state *, const kundig_state *, kundig_error *))
{
    const module_state *state = state_of(object);
    kundig_error err = {0};
    int rc = 0;

    if (!Py_IS_TYPE(other, state->state_type)) {
        PyErr_SetString(PyExc_TypeError, "a state is needed");
        return NULL;
    }
    rc = join(((state_object *)object)->state, ((state_object *)other)->state, &err);
    if (rc) {
        return raise_error(state, rc, &err, NULL);
    }
    Py_RETURN_NONE;
}

static PyObject *state_merge(PyObject *object, PyObject *other)
{
    return state_join(object, other, kundig_state_merge);
}

static PyObject *state_subtract(PyObject *object, PyObject *other)
{
    return state_join(object, other, kundig_state_subtract);
}

static PyObject *state_finish(PyObject *object, PyObject *unused)
{
    const module_state *state = state_of(object);
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = kundig_state_finish(((state_object *)object)->state, &table, &err);

    (void)unused;
    return rc ? raise_error(state, rc, &err, NULL) : table_wrap(state, table);
}

static PyObject *state_save(PyObject *object, PyObject *unused)
{
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = kundig_state_save(((state_object *)object)->state, &bytes, &err);

    (void)unused;
    return rc ? raise_error(state_of(object), rc, &err, NULL) : bytes_object(bytes);
}

static PyMethodDef state_methods[] = {
    {"merge", state_merge, METH_O, NULL},
    {"subtract", state_subtract, METH_O, NULL},
    {"finish", state_finish, METH_NOARGS, NULL},
    {"save", state_save, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot state_slots[] = {
    {Py_tp_dealloc, state_dealloc},
    {Py_tp_methods, state_methods},
    {0, NULL},
};

PyType_Spec state_spec = {
    .name = "kundig._native.State",
    .basicsize = sizeof(state_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = state_slots,
};

int error_codes(PyObject *module)
{
    for (size_t i = 0; i < ERROR_NAME_COUNT; i++) {
        if (PyModule_AddIntConstant(module, error_names[i].name, error_names[i].code)) {
            return -1;
        }
    }
    return 0;
}
