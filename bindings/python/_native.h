/* What the files of the Python module share. */
#ifndef KUNDIG_PYTHON_NATIVE_H
#define KUNDIG_PYTHON_NATIVE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stddef.h>

#include <kundig.h>

typedef struct module_state {
    PyTypeObject *corpus_type;
    PyTypeObject *table_type;
    PyTypeObject *report_type;
    PyTypeObject *state_type;
    PyTypeObject *model_type;
    PyTypeObject *query_type;
    PyObject *error;
} module_state;

typedef struct corpus_object {
    PyObject ob_base;
    kundig *k;
    PyObject *progress; /* the caller's callback, or NULL */
    PyThread_type_lock lock;
    unsigned long owner; /* thread inside, where inside is 1 */
    int inside;
    long process;          /* where lock was made: a fork may copy it locked */
    PyThreadState *thread; /* of the call that runs without the GIL */
} corpus_object;

typedef struct table_object {
    PyObject ob_base;
    kundig_table *table;
} table_object;

typedef struct report_object {
    PyObject ob_base;
    kundig_ingest_report *report;
} report_object;

typedef struct state_object {
    PyObject ob_base;
    kundig_state *state;
} state_object;

typedef struct model_object {
    PyObject ob_base;
    kundig_model *model;
} model_object;

typedef struct query_object {
    PyObject ob_base;
    kundig_query *query;
} query_object;

/* ---- _results.c ---- */

extern PyType_Spec query_spec;
extern PyType_Spec table_spec;
extern PyType_Spec report_spec;
extern PyType_Spec state_spec;

/* Raises kundig.Error; report may be NULL. Returns NULL. */
PyObject *raise_error(const module_state *state, int code, const kundig_error *err,
                      PyObject *report);
module_state *state_of(PyObject *self);
PyObject *new_object(PyTypeObject *type);
void free_object(PyObject *self);
/* These take what they are given over, whatever happens. */
PyObject *bytes_object(kundig_bytes *bytes);
PyObject *table_wrap(const module_state *state, kundig_table *table);

PyObject *query_new(PyObject *module, PyObject *unused);
PyObject *state_load(PyObject *module, PyObject *args);
int error_codes(PyObject *module);

/* ---- _model.c ---- */

extern PyType_Spec model_spec;

PyObject *model_new(PyObject *module, PyObject *args);
PyObject *model_load(PyObject *module, PyObject *args);
PyObject *text_personal(PyObject *module, PyObject *args);
PyObject *text_mask(PyObject *module, PyObject *args);
PyObject *taxonomy_ready(PyObject *module, PyObject *unused);
PyObject *taxonomy_check(PyObject *module, PyObject *args);

/* ---- _convert.c ---- */

/* What a call lends to the library: small blocks, and the objects whose bytes it borrows. */
typedef struct lent_block {
    struct lent_block *next;
    max_align_t data[];
} lent_block;

typedef struct lent {
    lent_block *blocks;
    PyObject *keep;     /* list */
    PyObject *fallback; /* values of uncommon types: callable(value) -> str or None */
} lent;

int lent_init(lent *self, PyObject *fallback);
void lent_free(lent *self);
/* Zeroed memory for count items of size bytes. */
void *lent_array(lent *self, size_t count, size_t size);
/* A value with its type; None and NaN are KUNDIG_VALUE_NULL. */
int lent_value(lent *self, PyObject *value, kundig_value *out);
/* Says where a value that could not be converted stands. */
void raise_about(Py_ssize_t row, const char *name);

#define RECORD_FEEDBACK 0
#define RECORD_CUSTOMER 1
#define RECORD_EVENT    2

/* A dict as a record that was initialised; times(value) -> (milliseconds, precision) or None. */
int lent_record(lent *self, int what, Py_ssize_t row, PyObject *given, PyObject *times,
                void *record);

/* Rows for kundig_ingest_cells(). */
typedef struct cell_grid {
    kundig_text *columns;
    kundig_text *cells;
    size_t column_count;
    size_t row_count;
} cell_grid;

int grid_from_rows(lent *borrowed, PyObject *rows, cell_grid *grid);
int grid_from_columns(lent *borrowed, PyObject *columns, cell_grid *grid);

#endif
