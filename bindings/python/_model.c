/* Models and single texts. Models are immutable, so their calls need no lock and run without the
 * GIL. */
#include "_native.h"

static void model_dealloc(PyObject *object)
{
    kundig_model_free(((model_object *)object)->model);
    free_object(object);
}

PyObject *model_wrap(const module_state *state, int rc, kundig_model *model,
                     const kundig_error *err)
{
    model_object *self = NULL;

    if (rc) {
        return raise_error(state, rc, err, NULL);
    }
    self = (model_object *)new_object(state->model_type);
    if (!self) {
        kundig_model_free(model);
        return NULL;
    }
    self->model = model;
    return (PyObject *)self;
}

PyObject *model_new(PyObject *module, PyObject *args)
{
    const char *data = NULL;
    Py_ssize_t size = 0;
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "z#", &data, &size)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_new(NULL, data, (size_t)size, &model, &err);
    Py_END_ALLOW_THREADS return model_wrap(PyModule_GetState(module), rc, model, &err);
}

PyObject *model_load(PyObject *module, PyObject *args)
{
    const char *data = NULL;
    Py_ssize_t size = 0;
    kundig_model *model = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#", &data, &size)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_load(NULL, data, (size_t)size, &model, &err);
    Py_END_ALLOW_THREADS return model_wrap(PyModule_GetState(module), rc, model, &err);
}

static PyObject *model_save(PyObject *object, PyObject *unused)
{
    const kundig_model *model = ((model_object *)object)->model;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    (void)unused;
    Py_BEGIN_ALLOW_THREADS rc = kundig_model_save(model, &bytes, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(state_of(object), rc, &err, NULL)
                                   : bytes_object(bytes);
}

static PyObject *table_or_error(const module_state *state, int rc, kundig_table *table,
                                const kundig_error *err)
{
    return rc ? raise_error(state, rc, err, NULL) : table_wrap(state, table);
}

static PyObject *model_topics(PyObject *object, PyObject *unused)
{
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = kundig_model_topics(((model_object *)object)->model, &table, &err);

    (void)unused;
    return table_or_error(state_of(object), rc, table, &err);
}

static PyObject *model_about(PyObject *object, PyObject *args,
                             int (*call)(const kundig_model *, const char *, size_t,
                                         kundig_table **, kundig_error *))
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
    Py_BEGIN_ALLOW_THREADS rc = call(model, text, (size_t)len, &table, &err);
    Py_END_ALLOW_THREADS return table_or_error(state_of(object), rc, table, &err);
}

static PyObject *model_read(PyObject *object, PyObject *args)
{
    return model_about(object, args, kundig_model_read);
}

static PyObject *model_languages(PyObject *object, PyObject *args)
{
    return model_about(object, args, kundig_model_languages);
}

static PyMethodDef model_methods[] = {
    {"save", model_save, METH_NOARGS, NULL},
    {"topics", model_topics, METH_NOARGS, NULL},
    {"read", model_read, METH_VARARGS, NULL},
    {"languages", model_languages, METH_VARARGS, NULL},
    {"class_names", model_class_names, METH_VARARGS, NULL},
    {"classify", model_classify, METH_VARARGS, NULL},
    {"sentiment", model_sentiment, METH_VARARGS, NULL},
    {"show", model_show, METH_VARARGS, NULL},
    {"prune", model_prune, METH_VARARGS, NULL},
    {"next", model_next, METH_VARARGS, NULL},
    {"discovered", model_discovered, METH_NOARGS, NULL},
    {"define", model_define, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot model_slots[] = {
    {Py_tp_dealloc, model_dealloc},
    {Py_tp_methods, model_methods},
    {0, NULL},
};

PyType_Spec model_spec = {
    .name = "kundig._native.Model",
    .basicsize = sizeof(model_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = model_slots,
};

/* ---- Texts ---------------------------------------------------------------------------------- */

PyObject *text_personal(PyObject *module, PyObject *args)
{
    const char *text = NULL;
    Py_ssize_t len = 0;
    unsigned int kinds = 0;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#I", &text, &len, &kinds)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_text_personal(NULL, text, (size_t)len, kinds, &table, &err);
    Py_END_ALLOW_THREADS return table_or_error(PyModule_GetState(module), rc, table, &err);
}

PyObject *text_mask(PyObject *module, PyObject *args)
{
    const char *text = NULL;
    Py_ssize_t len = 0;
    unsigned int kinds = 0;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#I", &text, &len, &kinds)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_text_mask(NULL, text, (size_t)len, kinds, &bytes, &err);
    Py_END_ALLOW_THREADS return rc ? raise_error(PyModule_GetState(module), rc, &err, NULL)
                                   : bytes_object(bytes);
}

PyObject *taxonomy_ready(PyObject *module, PyObject *unused)
{
    kundig_text ready = kundig_taxonomy_ready();

    (void)module;
    (void)unused;
    return PyUnicode_DecodeUTF8(ready.data, (Py_ssize_t)ready.len, "strict");
}

PyObject *taxonomy_check(PyObject *module, PyObject *args)
{
    const char *data = NULL;
    Py_ssize_t size = 0;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int rc = 0;

    if (!PyArg_ParseTuple(args, "y#", &data, &size)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS rc = kundig_taxonomy_check(NULL, data, (size_t)size, &table, &err);
    Py_END_ALLOW_THREADS return table_or_error(PyModule_GetState(module), rc, table, &err);
}
