/* What is learned: sets of examples, what models learned, learning from a corpus.
 *
 * A set of examples belongs to one thread at a time and carries a lock, as a corpus does. Texts to
 * classify come as a tuple, which nobody can change while the GIL is away; answers are written
 * straight into buffers that the caller made (arrays of numpy, array.array, bytearray). */
#include "_native.h"

#include <stdint.h>

/* ---- Options -------------------------------------------------------------------------------- */

/* (quality, labels, least_customers, most_bytes, seed, threads, folds, field, question): texts are
 * borrowed from the tuple. */
static int learn_options(PyObject *given, long_call *call, kundig_learn_options *options)
{
    const char *field = NULL;
    const char *question = NULL;
    Py_ssize_t field_len = 0;
    Py_ssize_t question_len = 0;
    PyObject *most_bytes = NULL;
    PyObject *seed = NULL;

    kundig_learn_options_init(options);
    if (!PyArg_ParseTuple(given, "iiIOOIIz#z#", &options->quality, &options->labels,
                          &options->least_customers, &most_bytes, &seed, &options->threads,
                          &options->folds, &field, &field_len, &question, &question_len)) {
        return -1;
    }
    options->most_bytes = PyLong_AsUnsignedLongLong(most_bytes);
    options->seed = PyErr_Occurred() ? 0 : PyLong_AsUnsignedLongLong(seed);
    options->field = text_from(field, field_len);
    options->question = text_from(question, question_len);
    options->progress = call_progress;
    options->progress_ud = call;
    return PyErr_Occurred() ? -1 : 0;
}

int model_of(const module_state *state, PyObject *given, const kundig_model **out)
{
    if (given != Py_None && !Py_IS_TYPE(given, state->model_type)) {
        PyErr_SetString(PyExc_TypeError, "a model is needed");
        return -1;
    }
    *out = given == Py_None ? NULL : ((model_object *)given)->model;
    return 0;
}

static PyObject *table_or_error(const module_state *state, int rc, kundig_table *table,
                                const kundig_error *err)
{
    if (PyErr_Occurred()) { /* a signal handler or the progress callback raised */
        kundig_table_free(table);
        return NULL;
    }
    return rc ? raise_error(state, rc, err, NULL) : table_wrap(state, table);
}

static PyObject *model_or_error(const module_state *state, int rc, kundig_model *model,
                                const kundig_error *err)
{
    if (PyErr_Occurred()) {
        kundig_model_free(model);
        return NULL;
    }
    return model_wrap(state, rc, model, err);
}

/* ---- Examples ------------------------------------------------------------------------------- */

static void examples_dealloc(PyObject *object)
{
    examples_object *self = (examples_object *)object;

    kundig_examples_free(self->set);
    turn_free(&self->turn);
    free_object(object);
}

int examples_enter(examples_object *self)
{
    return turn_take(&self->turn, state_of((PyObject *)self), "the set of examples is");
}

PyObject *examples_new(PyObject *module, PyObject *args)
{
    const module_state *state = PyModule_GetState(module);
    examples_object *self = NULL;
    kundig_error err = {0};
    int lesson = 0;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "i", &lesson)) {
        return NULL;
    }
    self = (examples_object *)new_object(state->examples_type);
    if (!self) {
        return NULL;
    }
    if (turn_init(&self->turn)) {
        Py_DECREF(self);
        return NULL;
    }
    rc = kundig_examples_new(NULL, lesson, &self->set, &err);
    if (rc) {
        Py_DECREF(self);
        return raise_error(state, rc, &err, NULL);
    }
    return (PyObject *)self;
}

/* change(list of dicts, fallback): add or remove. */
static PyObject *examples_change(PyObject *object, PyObject *args,
                                 int (*change)(kundig_examples *, const kundig_example *, size_t,
                                               kundig_error *))
{
    examples_object *self = (examples_object *)object;
    PyObject *given = NULL;
    PyObject *fallback = NULL;
    PyObject *result = NULL;
    kundig_example *examples = NULL;
    size_t count = 0;
    lent borrowed = {0};
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &given, &fallback) ||
        lent_init(&borrowed, fallback)) {
        return NULL;
    }
    examples = lent_records(&borrowed, RECORD_EXAMPLES, given, Py_None, &count);
    if (examples && !examples_enter(self)) {
        Py_BEGIN_ALLOW_THREADS rc = change(self->set, examples, count, &err);
        Py_END_ALLOW_THREADS turn_leave(&self->turn);
        result = rc ? raise_error(state_of(object), rc, &err, NULL) : Py_NewRef(Py_None);
    }
    lent_free(&borrowed);
    return result;
}

static PyObject *examples_add(PyObject *object, PyObject *args)
{
    return examples_change(object, args, kundig_examples_add);
}

static PyObject *examples_remove(PyObject *object, PyObject *args)
{
    return examples_change(object, args, kundig_examples_remove);
}

static Py_ssize_t examples_len(PyObject *object)
{
    examples_object *self = (examples_object *)object;
    size_t count = 0;

    if (examples_enter(self)) {
        return -1;
    }
    count = kundig_examples_count(self->set);
    turn_leave(&self->turn);
    return (Py_ssize_t)count;
}

/* What calls that learn are asked: (base or None, options, progress or None[, limit]). */
typedef struct lesson_call {
    const kundig_model *base;
    kundig_learn_options options;
    long_call call;
    Py_ssize_t limit;
} lesson_call;

static int lesson_begin(examples_object *self, PyObject *args, lesson_call *asked)
{
    const module_state *state = state_of((PyObject *)self);
    PyObject *base = NULL;
    PyObject *options = NULL;
    PyObject *progress = NULL;

    if (!PyArg_ParseTuple(args, "OO!O|n", &base, &PyTuple_Type, &options, &progress,
                          &asked->limit) ||
        model_of(state, base, &asked->base) ||
        learn_options(options, &asked->call, &asked->options)) {
        return -1;
    }
    if (asked->limit < 0) {
        PyErr_SetString(PyExc_ValueError, "limit is 0 (all) or more");
        return -1;
    }
    asked->call.progress = progress == Py_None ? NULL : progress; /* args keeps it */
    return examples_enter(self);
}

static PyObject *examples_teach(PyObject *object, PyObject *args)
{
    examples_object *self = (examples_object *)object;
    lesson_call asked = {0};
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (lesson_begin(self, args, &asked)) {
        return NULL;
    }
    WITHOUT_GIL(&asked.call, rc,
                kundig_model_teach(asked.base, self->set, &asked.options, &model, &err));
    turn_leave(&self->turn);
    return model_or_error(state_of(object), rc, model, &err);
}

static PyObject *examples_validate(PyObject *object, PyObject *args)
{
    examples_object *self = (examples_object *)object;
    lesson_call asked = {0};
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (lesson_begin(self, args, &asked)) {
        return NULL;
    }
    WITHOUT_GIL(&asked.call, rc,
                kundig_examples_validate(asked.base, self->set, &asked.options, &table, &err));
    turn_leave(&self->turn);
    return table_or_error(state_of(object), rc, table, &err);
}

static PyObject *examples_curve(PyObject *object, PyObject *args)
{
    examples_object *self = (examples_object *)object;
    lesson_call asked = {0};
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (lesson_begin(self, args, &asked)) {
        return NULL;
    }
    WITHOUT_GIL(&asked.call, rc,
                kundig_examples_curve(asked.base, self->set, &asked.options, &table, &err));
    turn_leave(&self->turn);
    return table_or_error(state_of(object), rc, table, &err);
}

static PyObject *examples_doubts(PyObject *object, PyObject *args)
{
    examples_object *self = (examples_object *)object;
    lesson_call asked = {0};
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (lesson_begin(self, args, &asked)) {
        return NULL;
    }
    WITHOUT_GIL(&asked.call, rc,
                kundig_examples_doubts(asked.base, self->set, &asked.options, (size_t)asked.limit,
                                       &table, &err));
    turn_leave(&self->turn);
    return table_or_error(state_of(object), rc, table, &err);
}

static PyMethodDef examples_methods[] = {
    {"add", examples_add, METH_VARARGS, NULL},
    {"remove", examples_remove, METH_VARARGS, NULL},
    {"teach", examples_teach, METH_VARARGS, NULL},
    {"validate", examples_validate, METH_VARARGS, NULL},
    {"curve", examples_curve, METH_VARARGS, NULL},
    {"doubts", examples_doubts, METH_VARARGS, NULL},
    {"discover", examples_discover, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot examples_slots[] = {
    {Py_tp_dealloc, examples_dealloc},
    {Py_tp_methods, examples_methods},
    {Py_sq_length, examples_len},
    {0, NULL},
};

PyType_Spec examples_spec = {
    .name = "kundig._native.Examples",
    .basicsize = sizeof(examples_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = examples_slots,
};

/* score_sentiment(score, fallback) -> KUNDIG_SENTIMENT_ */
PyObject *score_sentiment(PyObject *module, PyObject *args)
{
    PyObject *given = NULL;
    PyObject *fallback = NULL;
    PyObject *result = NULL;
    const kundig_score *score = NULL;
    lent borrowed = {0};
    kundig_error err = {0};
    int32_t sentiment = KUNDIG_SENTIMENT_UNKNOWN;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "OO", &given, &fallback) || lent_init(&borrowed, fallback)) {
        return NULL;
    }
    if (!lent_one_score(&borrowed, given, &score)) {
        rc = score ? kundig_score_sentiment(score, &sentiment, &err) : KUNDIG_OK;
        result = rc ? raise_error(PyModule_GetState(module), rc, &err, NULL)
                    : PyLong_FromLong(sentiment);
    }
    lent_free(&borrowed);
    return result;
}

/* ---- What a model learned ------------------------------------------------------------------- */

/* class_names(lesson) -> tuple of str */
PyObject *model_class_names(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    PyObject *names = NULL;
    size_t count = 0;
    int lesson = 0;

    if (!PyArg_ParseTuple(args, "i", &lesson)) {
        return NULL;
    }
    count = kundig_model_class_count(model, lesson);
    names = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; names && i < count; i++) {
        kundig_text name = kundig_model_class_name(model, lesson, i);
        PyObject *text = PyUnicode_DecodeUTF8(name.data, (Py_ssize_t)name.len, "strict");
        if (!text || PyTuple_SetItem(names, (Py_ssize_t)i, text)) {
            Py_CLEAR(names);
        }
    }
    return names;
}

/* Texts of a tuple, which the caller keeps: str, or None for what has no text. Free with
 * PyMem_Free(). */
static kundig_text *texts_of(PyObject *given, size_t *count)
{
    kundig_text *texts = NULL;

    *count = (size_t)PyTuple_Size(given);
    texts = PyMem_Calloc(*count + 1, sizeof *texts);
    if (!texts) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < *count; i++) {
        PyObject *item = PyTuple_GetItem(given, (Py_ssize_t)i);
        Py_ssize_t len = 0;
        if (item == Py_None) {
            continue;
        }
        if (!PyUnicode_Check(item)) {
            PyErr_Format(PyExc_TypeError, "text %zd is no str", (Py_ssize_t)i);
            PyMem_Free(texts);
            return NULL;
        }
        texts[i].data = PyUnicode_AsUTF8AndSize(item, &len);
        texts[i].len = (size_t)len;
        if (!texts[i].data) {
            raise_about((Py_ssize_t)i, "'text'");
            PyMem_Free(texts);
            return NULL;
        }
    }
    return texts;
}

int buffer_of(PyObject *given, const char *name, size_t count, size_t size, Py_buffer *view)
{
    if (given == Py_None) {
        return 0;
    }
    if (PyObject_GetBuffer(given, view, PyBUF_WRITABLE)) {
        return -1;
    }
    if ((size_t)view->len / size != count || (size_t)view->len % size != 0) {
        PyErr_Format(PyExc_ValueError, "%s has %zd bytes, and not %zu items of %zu", name,
                     view->len, count, size);
        return -1;
    }
    if (count && (uintptr_t)view->buf % size != 0) {
        PyErr_Format(PyExc_ValueError, "%s does not stand at a multiple of %zu", name, size);
        return -1;
    }
    return 0;
}

/* classify(lesson, texts, threads, classes, probabilities, holds, sureness): buffers of int32,
 * float, bytes and float; all but classes may be None. */
PyObject *model_classify(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    PyObject *given = NULL;
    PyObject *wanted[4] = {NULL};
    Py_buffer views[4] = {{0}};
    PyObject *result = NULL;
    kundig_text *texts = NULL;
    kundig_error err = {0};
    size_t count = 0;
    size_t classes = 0;
    unsigned int threads = 0;
    int lesson = 0;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iO!IOOOO", &lesson, &PyTuple_Type, &given, &threads, &wanted[0],
                          &wanted[1], &wanted[2], &wanted[3])) {
        return NULL;
    }
    texts = texts_of(given, &count);
    if (!texts) {
        return NULL;
    }
    classes = kundig_model_class_count(model, lesson);
    if (classes && count > SIZE_MAX / classes) {
        PyErr_NoMemory();
        goto done;
    }
    if (buffer_of(wanted[0], "classes", count, sizeof(int32_t), &views[0]) ||
        buffer_of(wanted[1], "probabilities", count * classes, sizeof(float), &views[1]) ||
        buffer_of(wanted[2], "holds", count * classes, 1, &views[2]) ||
        buffer_of(wanted[3], "sureness", count, sizeof(float), &views[3])) {
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS rc =
        kundig_model_classify(model, lesson, texts, count, threads, views[0].buf, views[1].buf,
                              views[2].buf, views[3].buf, &err);
    Py_END_ALLOW_THREADS result =
        rc ? raise_error(state_of(object), rc, &err, NULL) : Py_NewRef(Py_None);
done:
    for (size_t i = 0; i < 4; i++) {
        PyBuffer_Release(&views[i]);
    }
    PyMem_Free(texts);
    return result;
}

PyObject *model_sentiment(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    const char *text = NULL;
    Py_ssize_t len = 0;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#", &text, &len)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_sentiment(model, text, (size_t)len, &table, &err);
    Py_END_ALLOW_THREADS return table_or_error(state_of(object), rc, table, &err);
}

/* show(lesson, which) -> Table */
PyObject *model_show(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int lesson = 0;
    int which = 0;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "ii", &lesson, &which)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_show(model, lesson, which, &table, &err);
    Py_END_ALLOW_THREADS return table_or_error(state_of(object), rc, table, &err);
}

/* prune(lesson, bytes) -> Model */
PyObject *model_prune(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    PyObject *given = NULL;
    kundig_model *pruned = NULL;
    kundig_error err = {0};
    unsigned long long most_bytes = 0;
    int lesson = 0;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iO", &lesson, &given)) {
        return NULL;
    }
    most_bytes = PyLong_AsUnsignedLongLong(given);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_prune(model, lesson, most_bytes, &pruned, &err);
    Py_END_ALLOW_THREADS return model_or_error(state_of(object), rc, pruned, &err);
}

/* next(lesson, texts, limit) -> Table */
PyObject *model_next(PyObject *object, PyObject *args)
{
    const kundig_model *model = ((model_object *)object)->model;
    PyObject *given = NULL;
    kundig_text *texts = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    Py_ssize_t limit = 0;
    size_t count = 0;
    int lesson = 0;
    int rc = 0;

    if (!PyArg_ParseTuple(args, "iO!n", &lesson, &PyTuple_Type, &given, &limit)) {
        return NULL;
    }
    if (limit < 0) {
        PyErr_SetString(PyExc_ValueError, "limit is 0 (all) or more");
        return NULL;
    }
    texts = texts_of(given, &count);
    if (!texts) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc =
        kundig_model_next(model, lesson, texts, count, (size_t)limit, &table, &err);
    Py_END_ALLOW_THREADS PyMem_Free(texts);
    return table_or_error(state_of(object), rc, table, &err);
}

/* ---- From the facts ------------------------------------------------------------------------- */

/* collect(options, examples) */
PyObject *corpus_collect(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    const module_state *state = state_of(object);
    PyObject *given = NULL;
    PyObject *set = NULL;
    examples_object *examples = NULL;
    kundig_learn_options options;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "O!O", &PyTuple_Type, &given, &set) ||
        learn_options(given, &self->call, &options)) {
        return NULL;
    }
    if (!Py_IS_TYPE(set, state->examples_type)) {
        PyErr_SetString(PyExc_TypeError, "a set of examples is needed");
        return NULL;
    }
    examples = (examples_object *)set;
    if (examples_enter(examples)) {
        return NULL;
    }
    if (corpus_enter(self)) {
        turn_leave(&examples->turn);
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_examples_collect(self->k, &options, examples->set, &err));
    turn_leave(&examples->turn);
    return corpus_done(self, rc, &err);
}

/* teach(options) -> Model */
PyObject *corpus_teach(PyObject *object, PyObject *args)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *given = NULL;
    kundig_learn_options options;
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "O!", &PyTuple_Type, &given) ||
        learn_options(given, &self->call, &options) || corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_teach(self->k, &options, &model, &err));
    corpus_leave(self);
    return model_or_error(state_of(object), rc, model, &err);
}

/* model() -> Model */
PyObject *corpus_model(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_get_model(self->k, &model, &err));
    corpus_leave(self);
    return model_or_error(state_of(object), rc, model, &err);
}

/* has_model() -> bool */
PyObject *corpus_has_model(PyObject *object, PyObject *unused)
{
    corpus_object *self = (corpus_object *)object;
    PyObject *done = NULL;
    int32_t has = KUNDIG_UNKNOWN;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    if (corpus_enter(self)) {
        return NULL;
    }
    WITHOUT_GIL(&self->call, rc, kundig_has_model(self->k, &has, &err));
    done = corpus_done(self, rc, &err);
    Py_XDECREF(done);
    return done ? PyBool_FromLong(has == KUNDIG_YES) : NULL;
}

PyObject *corpus_classify(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_classify);
}

PyObject *corpus_sentiment(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_sentiment);
}

PyObject *corpus_label_next(PyObject *object, PyObject *args)
{
    return corpus_listed(object, args, kundig_label_next);
}
