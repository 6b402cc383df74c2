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
    PyTypeObject *examples_type;
    PyObject *error;
} module_state;

/* What a call that may take long needs to come back to Python now and then. */
typedef struct long_call {
    PyObject *progress;    /* the caller's callback, or NULL */
    PyThreadState *thread; /* of the call that runs without the GIL */
} long_call;

/* Lets one thread after the other into what belongs to one at a time. */
typedef struct turn {
    PyThread_type_lock lock;
    unsigned long owner; /* thread inside, where inside is 1 */
    int inside;
    long process; /* where lock was made: a fork may copy it locked */
} turn;

typedef struct corpus_object {
    PyObject ob_base;
    kundig *k;
    long_call call;
    turn turn;
} corpus_object;

typedef struct examples_object {
    PyObject ob_base;
    kundig_examples *set;
    turn turn;
} examples_object;

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

/* ---- _native.c ---- */

/* rc = expression, without the GIL. What a signal handler or callback raised is set afterwards. */
#define WITHOUT_GIL(long_call, rc, expression)                                                     \
    do {                                                                                           \
        (long_call)->thread = PyEval_SaveThread();                                                 \
        (rc) = (expression);                                                                       \
        PyEval_RestoreThread((long_call)->thread);                                                 \
        (long_call)->thread = NULL;                                                                \
    } while (0)

/* kundig_options.progress; ud is a long_call. */
int call_progress(void *ud, uint64_t done, uint64_t total);
int turn_init(turn *self);
void turn_free(turn *self);
/* Wait for one's turn; -1 where an exception is set. what: "the corpus". */
int turn_take(turn *self, const module_state *state, const char *what);
void turn_leave(turn *self);
/* Wait for the handle; -1 where an exception is set. */
int corpus_enter(corpus_object *self);
void corpus_leave(corpus_object *self);
/* The common ends of calls: they leave the corpus. */
PyObject *corpus_table(corpus_object *self, int rc, kundig_table *table, const kundig_error *err);
PyObject *corpus_done(corpus_object *self, int rc, const kundig_error *err);
/* What became of records, as a dict. */
PyObject *added_counts(const kundig_added *added);
/* A call that takes (query, limit). */
PyObject *corpus_listed(PyObject *object, PyObject *args,
                        int (*call)(kundig *, const kundig_query *, size_t, kundig_table **,
                                    kundig_error *));
kundig_query *query_of(const module_state *state, PyObject *object);
kundig_text text_from(const char *data, Py_ssize_t len);

/* ---- _store.c ---- */

PyObject *corpus_facts_hash(PyObject *object, PyObject *unused);
PyObject *corpus_pin_model(PyObject *object, PyObject *given);
PyObject *corpus_pseudonym(PyObject *object, PyObject *args);
PyObject *corpus_search(PyObject *object, PyObject *args);
PyObject *corpus_facts(PyObject *object, PyObject *args);
PyObject *corpus_erase(PyObject *object, PyObject *args);
PyObject *corpus_expire(PyObject *object, PyObject *args);
PyObject *corpus_merge(PyObject *object, PyObject *args);
PyObject *corpus_audit(PyObject *object, PyObject *unused);
PyObject *corpus_save_cache(PyObject *object, PyObject *unused);
PyObject *corpus_compact(PyObject *object, PyObject *unused);
PyObject *store_verify(PyObject *module, PyObject *args);
PyObject *store_is_store(PyObject *module, PyObject *args);

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

/* What a call that makes a model gave. */
PyObject *model_wrap(const module_state *state, int rc, kundig_model *model,
                     const kundig_error *err);
PyObject *model_new(PyObject *module, PyObject *args);
PyObject *model_load(PyObject *module, PyObject *args);
PyObject *text_personal(PyObject *module, PyObject *args);
PyObject *text_mask(PyObject *module, PyObject *args);
PyObject *taxonomy_ready(PyObject *module, PyObject *unused);
PyObject *taxonomy_check(PyObject *module, PyObject *args);

/* ---- _learn.c ---- */

extern PyType_Spec examples_spec;

/* A Model or None; -1 where an exception is set. */
int model_of(const module_state *state, PyObject *given, const kundig_model **out);
int examples_enter(examples_object *self);
/* A writable buffer of exactly count items of size bytes; None leaves it empty. */
int buffer_of(PyObject *given, const char *name, size_t count, size_t size, Py_buffer *view);
PyObject *examples_new(PyObject *module, PyObject *args);
PyObject *score_sentiment(PyObject *module, PyObject *args);
PyObject *model_class_names(PyObject *object, PyObject *args);
PyObject *model_classify(PyObject *object, PyObject *args);
PyObject *model_sentiment(PyObject *object, PyObject *args);
PyObject *model_show(PyObject *object, PyObject *args);
PyObject *model_prune(PyObject *object, PyObject *args);
PyObject *model_next(PyObject *object, PyObject *args);
PyObject *corpus_collect(PyObject *object, PyObject *args);
PyObject *corpus_teach(PyObject *object, PyObject *args);
PyObject *corpus_model(PyObject *object, PyObject *unused);
PyObject *corpus_has_model(PyObject *object, PyObject *unused);
PyObject *corpus_classify(PyObject *object, PyObject *args);
PyObject *corpus_sentiment(PyObject *object, PyObject *args);
PyObject *corpus_label_next(PyObject *object, PyObject *args);

/* ---- _discover.c ---- */

PyObject *examples_discover(PyObject *object, PyObject *args);
PyObject *model_discovered(PyObject *object, PyObject *unused);
PyObject *model_define(PyObject *object, PyObject *args);
PyObject *corpus_discover(PyObject *object, PyObject *args);
PyObject *corpus_label_discovered(PyObject *object, PyObject *args);

/* ---- _why.c ---- */

PyObject *corpus_impact(PyObject *object, PyObject *args);
PyObject *corpus_explain(PyObject *object, PyObject *args);
PyObject *corpus_chart(PyObject *object, PyObject *args);
PyObject *corpus_alarms(PyObject *object, PyObject *args);
PyObject *corpus_emerging(PyObject *object, PyObject *args);
PyObject *corpus_words(PyObject *object, PyObject *args);
PyObject *corpus_buts(PyObject *object, PyObject *args);
PyObject *corpus_mismatch(PyObject *object, PyObject *args);
PyObject *corpus_loud(PyObject *object, PyObject *args);
PyObject *corpus_funnel(PyObject *object, PyObject *query_given);
PyObject *corpus_benchmark(PyObject *object, PyObject *args);
PyObject *corpus_weights(PyObject *object, PyObject *args);
PyObject *corpus_represent(PyObject *object, PyObject *query_given);

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
/* A value as the text of a cell; absent for None and what stands for "missing". */
int lent_text(lent *self, PyObject *value, kundig_text *out);
/* A value with its type; None and NaN are KUNDIG_VALUE_NULL. */
int lent_value(lent *self, PyObject *value, kundig_value *out);
/* Say where a value that could not be converted stands. */
void raise_about(Py_ssize_t row, const char *name);
void raise_about_key(Py_ssize_t row, PyObject *key);

/* Rows for kundig_ingest_cells(). */
typedef struct cell_grid {
    kundig_text *columns;
    kundig_text *cells;
    size_t column_count;
    size_t row_count;
} cell_grid;

int grid_from_rows(lent *borrowed, PyObject *rows, cell_grid *grid);
int grid_from_columns(lent *borrowed, PyObject *columns, cell_grid *grid);

/* ---- _records.c ---- */

/* Beside KUNDIG_FACTS_: kundig_example. */
#define RECORD_EXAMPLES 8

/* what: KUNDIG_FACTS_ or RECORD_EXAMPLES. */
size_t record_size(int what);
/* A dict as a score; NULL for None, and where its value is missing. */
int lent_one_score(lent *self, PyObject *value, const kundig_score **out);
/* A dict as a record with everything else absent; times(value) -> (milliseconds, precision) or
 * None. */
int lent_record(lent *self, int what, Py_ssize_t row, PyObject *given, PyObject *times,
                void *record);
/* A list of dicts as records one after the other; NULL where an exception is set. */
void *lent_records(lent *self, int what, PyObject *list, PyObject *times, size_t *count);

#endif
