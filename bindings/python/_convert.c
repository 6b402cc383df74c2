/* Python values as texts, values and cells of kundig.h; _records.c makes records of them.
 *
 * Text is borrowed from str objects that `lent.keep` holds, and arrays are blocks of `lent`: all of
 * it lives until lent_free(), also while the GIL is away. Converting a value may run Python code;
 * containers are copied before, or looked at anew after each value. Cost: one pass. */
#include "_native.h"

/* ---- Texts and values ----------------------------------------------------------------------- */

int lent_init(lent *self, PyObject *fallback)
{
    self->blocks = NULL;
    self->fallback = fallback;
    self->keep = PyList_New(0);
    return self->keep ? 0 : -1;
}

void lent_free(lent *self)
{
    while (self->blocks) {
        lent_block *next = self->blocks->next;
        PyMem_Free(self->blocks);
        self->blocks = next;
    }
    Py_CLEAR(self->keep);
}

/* Zeroed memory for count items of size bytes. */
void *lent_array(lent *self, size_t count, size_t size)
{
    lent_block *block = NULL;
    size_t bytes = 0;

    if (size && count > ((size_t)PY_SSIZE_T_MAX - sizeof *block) / size) {
        PyErr_NoMemory();
        return NULL;
    }
    bytes = sizeof *block + count * size;
    block = PyMem_Calloc(1, bytes);
    if (!block) {
        PyErr_NoMemory();
        return NULL;
    }
    block->next = self->blocks;
    self->blocks = block;
    return block->data;
}

/* The UTF-8 of a str that self keeps from now on. */
static int lent_str(lent *self, PyObject *value, kundig_text *out)
{
    Py_ssize_t len = 0;
    const char *data = PyUnicode_AsUTF8AndSize(value, &len);

    if (!data || PyList_Append(self->keep, value)) {
        return -1;
    }
    out->data = data;
    out->len = (size_t)len;
    return 0;
}

static int lent_number(lent *self, PyObject *value, kundig_text *out)
{
    char *written = NULL;
    PyObject *text = NULL;
    int failed = 0;
    double number = PyFloat_AsDouble(value);

    if (number == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    if (number != number) {
        return 0; /* NaN: missing */
    }
    /* Shortest form that reads back the same. A whole number has no ".0": tables that hold a gap
     * turn identifiers into floats, and 123.0 was 123. */
    written = PyOS_double_to_string(number, 'r', 0, 0, NULL);
    if (!written) {
        return -1;
    }
    text = PyUnicode_FromString(written);
    PyMem_Free(written);
    if (!text) {
        return -1;
    }
    failed = lent_str(self, text, out);
    Py_DECREF(text);
    return failed;
}

int lent_text(lent *self, PyObject *value, kundig_text *out)
{
    PyObject *text = NULL;
    int failed = 0;

    out->data = NULL;
    out->len = 0;
    if (value == Py_None) {
        return 0;
    }
    if (PyUnicode_Check(value)) {
        return lent_str(self, value, out);
    }
    if (value == Py_True || value == Py_False) {
        out->data = value == Py_True ? "true" : "false";
        out->len = strlen(out->data);
        return 0;
    }
    if (PyFloat_Check(value)) {
        return lent_number(self, value, out);
    }
    if (PyLong_Check(value)) {
        text = PyObject_Str(value);
    } else {
        text = PyObject_CallFunctionObjArgs(self->fallback, value, NULL);
    }
    if (!text) {
        return -1;
    }
    if (text != Py_None) {
        failed = lent_str(self, text, out);
    }
    Py_DECREF(text);
    return failed;
}

int lent_value(lent *self, PyObject *value, kundig_value *out)
{
    memset(out, 0, sizeof *out);
    if (value == Py_None) {
        return 0;
    }
    if (value == Py_True || value == Py_False) {
        out->type = KUNDIG_VALUE_BOOL;
        out->boolean = value == Py_True;
        return 0;
    }
    if (PyFloat_Check(value)) {
        double number = PyFloat_AsDouble(value);
        out->type = number == number ? KUNDIG_VALUE_NUMBER : KUNDIG_VALUE_NULL;
        out->number = number == number ? number : 0;
        return 0;
    }
    if (PyLong_Check(value)) {
        int overflow = 0;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (!overflow && number >= -9007199254740992LL && number <= 9007199254740992LL) {
            out->type = KUNDIG_VALUE_NUMBER;
            out->number = (double)number;
            return PyErr_Occurred() ? -1 : 0;
        }
    }
    /* Also integers that no double holds: an identifier stays itself. */
    if (lent_text(self, value, &out->text)) {
        return -1;
    }
    out->type = out->text.data ? KUNDIG_VALUE_TEXT : KUNDIG_VALUE_NULL;
    return 0;
}

/* Says where a value that could not be converted stands; keeps the cause. */
void raise_about(Py_ssize_t row, const char *name)
{
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *trace = NULL;
    PyObject *kind = PyExc_ValueError;

    if (!PyErr_ExceptionMatches(PyExc_ValueError) && !PyErr_ExceptionMatches(PyExc_TypeError) &&
        !PyErr_ExceptionMatches(PyExc_OverflowError)) {
        return;
    }
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
        kind = PyExc_TypeError;
    }
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Format(kind,
                     "record %zd, %s: the text holds half of a surrogate pair, which no UTF-8 can "
                     "hold; decode it again with errors='replace'",
                     row, name);
        return;
    }
    PyErr_Fetch(&type, &value, &trace);
    PyErr_Format(kind, "record %zd, %s: %S", row, name, value ? value : type);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(trace);
}

void raise_about_key(Py_ssize_t row, PyObject *key)
{
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *trace = NULL;
    PyObject *ascii = NULL;
    const char *name = NULL;

    PyErr_Fetch(&type, &value, &trace);
    ascii = PyObject_ASCII(key);
    name = ascii ? PyUnicode_AsUTF8AndSize(ascii, NULL) : NULL;
    PyErr_Clear();
    PyErr_Restore(type, value, trace);
    raise_about(row, name ? name : "?");
    Py_XDECREF(ascii);
}

/* ---- Cells ---------------------------------------------------------------------------------- */

/* Column numbers in order of first appearance: a dict name -> int. */
static PyObject *grid_names(PyObject *rows)
{
    PyObject *names = PyDict_New();
    Py_ssize_t count = PyList_Size(rows);

    for (Py_ssize_t i = 0; names && i < count; i++) {
        PyObject *row = PyList_GetItem(rows, i);
        Py_ssize_t position = 0;
        PyObject *key = NULL;
        if (!PyDict_Check(row)) {
            PyErr_Format(PyExc_TypeError, "row %zd is not a dict", i);
            Py_CLEAR(names);
            break;
        }
        while (PyDict_Next(row, &position, &key, NULL)) {
            PyObject *number = NULL;
            int known = 0;
            if (!PyUnicode_Check(key)) {
                PyErr_Format(PyExc_TypeError, "row %zd: a column's name is a str, not %R", i, key);
                Py_CLEAR(names);
                return NULL;
            }
            known = PyDict_Contains(names, key);
            if (known < 0) {
                Py_CLEAR(names);
                return NULL;
            }
            if (known) {
                continue;
            }
            number = PyLong_FromSsize_t(PyDict_Size(names));
            if (!number || PyDict_SetItem(names, key, number)) {
                Py_XDECREF(number);
                Py_CLEAR(names);
                return NULL;
            }
            Py_DECREF(number);
        }
    }
    return names;
}

static int grid_header(lent *borrowed, PyObject *names, cell_grid *grid)
{
    Py_ssize_t position = 0;
    PyObject *key = NULL;
    size_t filled = 0;

    grid->column_count = (size_t)PyDict_Size(names);
    grid->columns = lent_array(borrowed, grid->column_count, sizeof *grid->columns);
    if (!grid->columns) {
        return -1;
    }
    while (PyDict_Next(names, &position, &key, NULL)) {
        if (lent_str(borrowed, key, &grid->columns[filled++])) {
            raise_about(0, "a column's name");
            return -1;
        }
    }
    return 0;
}

static int grid_cells(lent *borrowed, size_t rows, cell_grid *grid)
{
    grid->row_count = rows;
    if (grid->column_count && rows > (size_t)PY_SSIZE_T_MAX / grid->column_count) {
        PyErr_NoMemory();
        return -1;
    }
    grid->cells = lent_array(borrowed, rows * grid->column_count, sizeof *grid->cells);
    return grid->cells ? 0 : -1;
}

int grid_from_rows(lent *borrowed, PyObject *rows, cell_grid *grid)
{
    PyObject *names = grid_names(rows);
    int failed = -1;

    if (!names || grid_header(borrowed, names, grid) ||
        grid_cells(borrowed, (size_t)PyList_Size(rows), grid)) {
        goto done;
    }
    for (size_t i = 0; i < grid->row_count; i++) {
        PyObject *row = PyDict_Copy(PyList_GetItem(rows, (Py_ssize_t)i));
        Py_ssize_t position = 0;
        PyObject *key = NULL;
        PyObject *value = NULL;
        if (!row) {
            goto done;
        }
        while (PyDict_Next(row, &position, &key, &value)) {
            PyObject *number = PyDict_GetItemWithError(names, key);
            size_t column = number ? PyLong_AsSize_t(number) : 0;
            if (!number) {
                PyErr_SetString(PyExc_RuntimeError, "the rows changed while they were read");
            }
            if (!number ||
                lent_text(borrowed, value, &grid->cells[i * grid->column_count + column])) {
                raise_about_key((Py_ssize_t)i, key);
                Py_DECREF(row);
                goto done;
            }
        }
        Py_DECREF(row);
        if (i >= (size_t)PyList_Size(rows)) {
            PyErr_SetString(PyExc_RuntimeError, "the rows changed while they were read");
            goto done;
        }
    }
    failed = 0;
done:
    Py_XDECREF(names);
    return failed;
}

int grid_from_columns(lent *borrowed, PyObject *columns, cell_grid *grid)
{
    Py_ssize_t position = 0;
    PyObject *key = NULL;
    PyObject *value = NULL;
    size_t column = 0;
    Py_ssize_t rows = -1;

    while (PyDict_Next(columns, &position, &key, &value)) {
        if (!PyUnicode_Check(key) || !PyList_Check(value)) {
            PyErr_SetString(PyExc_TypeError, "columns are a dict of str to list");
            return -1;
        }
        if (rows >= 0 && PyList_Size(value) != rows) {
            PyErr_Format(PyExc_ValueError, "column %A has %zd values, the first one %zd", key,
                         PyList_Size(value), rows);
            return -1;
        }
        rows = PyList_Size(value);
    }
    if (grid_header(borrowed, columns, grid) ||
        grid_cells(borrowed, rows < 0 ? 0 : (size_t)rows, grid)) {
        return -1;
    }
    position = 0;
    while (PyDict_Next(columns, &position, &key, &value)) {
        for (size_t i = 0; i < grid->row_count; i++) {
            PyObject *cell = i < (size_t)PyList_Size(value)
                                 ? Py_NewRef(PyList_GetItem(value, (Py_ssize_t)i))
                                 : NULL;
            int failed = 0;
            if (!cell) {
                PyErr_SetString(PyExc_RuntimeError, "the columns changed while they were read");
                return -1;
            }
            failed = lent_text(borrowed, cell, &grid->cells[i * grid->column_count + column]);
            Py_DECREF(cell);
            if (failed) {
                raise_about_key((Py_ssize_t)i, key);
                return -1;
            }
        }
        column++;
    }
    return 0;
}
