/* Dicts as typed records of kundig.h: feedback, customers, events, labels and their kin, examples.
 *
 * A table says of each kind of record which keys it has, how they are read and where they stand.
 * What a record borrows is lent to the call (see _convert.c). Cost: one pass; a key is looked for
 * among those of its kind. */
#include "_native.h"

/* How the value of a field is read, and what stands at its offset. */
enum {
    FIELD_TEXT,       /* kundig_text */
    FIELD_TIME,       /* int64_t */
    FIELD_KIND,       /* int32_t: a name among kind_names */
    FIELD_EVENT_KIND, /* int32_t: a name among event_names */
    FIELD_EDIT_KIND,  /* int32_t: a name among edit_names */
    FIELD_YES_NO,     /* int32_t */
    FIELD_DAYS,       /* int32_t */
    FIELD_VALUE,      /* kundig_value */
    FIELD_WEIGHT,     /* double; sets has_weight */
    FIELD_ATTRIBUTES, /* kundig_attribute pointer */
    FIELD_SCORE,      /* lent_scores() */
    FIELD_TRUTH,      /* int32_t: 0 or 1 */
    FIELD_LABELS,     /* kundig_text pointer */
    FIELD_ONE_SCORE   /* kundig_score pointer */
};

typedef struct record_field {
    const char *name;
    size_t offset;
    int how;
} record_field;

#define IN(type, member) offsetof(kundig_##type, member)

static const record_field feedback_fields[] = {
    {"source", IN(feedback, source), FIELD_TEXT},
    {"id", IN(feedback, id), FIELD_TEXT},
    {"customer", IN(feedback, customer), FIELD_TEXT},
    {"time", IN(feedback, time_ms), FIELD_TIME},
    {"updated", IN(feedback, updated_ms), FIELD_TIME},
    {"kind", IN(feedback, kind), FIELD_KIND},
    {"channel", IN(feedback, channel), FIELD_TEXT},
    {"touchpoint", IN(feedback, touchpoint), FIELD_TEXT},
    {"stage", IN(feedback, stage), FIELD_TEXT},
    {"case", IN(feedback, case_id), FIELD_TEXT},
    {"agent", IN(feedback, agent), FIELD_TEXT},
    {"department", IN(feedback, department), FIELD_TEXT},
    {"segment", IN(feedback, segment), FIELD_TEXT},
    {"product", IN(feedback, product), FIELD_TEXT},
    {"language", IN(feedback, language), FIELD_TEXT},
    {"purpose", IN(feedback, purpose), FIELD_TEXT},
    {"consent", IN(feedback, consent), FIELD_YES_NO},
    {"weight", IN(feedback, weight), FIELD_WEIGHT},
    {"text", IN(feedback, text), FIELD_TEXT},
    {"attributes", IN(feedback, attributes), FIELD_ATTRIBUTES},
    {"scores", 0, FIELD_SCORE},
    {"nps", 0, FIELD_SCORE},
    {"csat", 0, FIELD_SCORE},
    {"ces", 0, FIELD_SCORE},
    {"ces_2010", 0, FIELD_SCORE},
    {"stars", 0, FIELD_SCORE},
    {NULL, 0, 0},
};

static const record_field customer_fields[] = {
    {"source", IN(customer, source), FIELD_TEXT},
    {"id", IN(customer, id), FIELD_TEXT},
    {"updated", IN(customer, updated_ms), FIELD_TIME},
    {"since", IN(customer, since_ms), FIELD_TIME},
    {"segment", IN(customer, segment), FIELD_TEXT},
    {"churned", IN(customer, churned), FIELD_YES_NO},
    {"basket", IN(customer, basket), FIELD_VALUE},
    {"orders", IN(customer, orders), FIELD_VALUE},
    {"revenue", IN(customer, revenue), FIELD_VALUE},
    {"attributes", IN(customer, attributes), FIELD_ATTRIBUTES},
    {NULL, 0, 0},
};

static const record_field event_fields[] = {
    {"source", IN(event, source), FIELD_TEXT},
    {"id", IN(event, id), FIELD_TEXT},
    {"kind", IN(event, kind), FIELD_EVENT_KIND},
    {"customer", IN(event, customer), FIELD_TEXT},
    {"case", IN(event, case_id), FIELD_TEXT},
    {"time", IN(event, time_ms), FIELD_TIME},
    {"updated", IN(event, updated_ms), FIELD_TIME},
    {"agent", IN(event, agent), FIELD_TEXT},
    {"department", IN(event, department), FIELD_TEXT},
    {"topic", IN(event, topic), FIELD_TEXT},
    {"value", IN(event, value), FIELD_VALUE},
    {NULL, 0, 0},
};

static const record_field label_fields[] = {
    {"source", IN(label, source), FIELD_TEXT},
    {"id", IN(label, id), FIELD_TEXT},
    {"topic", IN(label, topic), FIELD_TEXT},
    {"by", IN(label, by), FIELD_TEXT},
    {"holds", IN(label, holds), FIELD_YES_NO},
    {"updated", IN(label, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field link_fields[] = {
    {"customer", IN(link, customer), FIELD_TEXT},
    {"same_as", IN(link, same_as), FIELD_TEXT},
    {"by", IN(link, by), FIELD_TEXT},
    {"holds", IN(link, holds), FIELD_YES_NO},
    {"updated", IN(link, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field consent_fields[] = {
    {"customer", IN(consent, customer), FIELD_TEXT},
    {"purpose", IN(consent, purpose), FIELD_TEXT},
    {"consent", IN(consent, consent), FIELD_YES_NO},
    {"disclosure", IN(consent, disclosure), FIELD_TEXT},
    {"updated", IN(consent, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field retention_fields[] = {
    {"purpose", IN(retention, purpose), FIELD_TEXT},
    {"days", IN(retention, days), FIELD_DAYS},
    {"updated", IN(retention, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field edit_fields[] = {
    {"kind", IN(edit, kind), FIELD_EDIT_KIND},
    {"topic", IN(edit, topic), FIELD_TEXT},
    {"other", IN(edit, other), FIELD_TEXT},
    {"name", IN(edit, name), FIELD_TEXT},
    {"words", IN(edit, words), FIELD_TEXT},
    {"source", IN(edit, source), FIELD_TEXT},
    {"id", IN(edit, id), FIELD_TEXT},
    {"other_source", IN(edit, other_source), FIELD_TEXT},
    {"other_id", IN(edit, other_id), FIELD_TEXT},
    {"by", IN(edit, by), FIELD_TEXT},
    {"holds", IN(edit, holds), FIELD_YES_NO},
    {"updated", IN(edit, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field example_fields[] = {
    {"text", IN(example, text), FIELD_TEXT},        {"labels", IN(example, labels), FIELD_LABELS},
    {"denied", IN(example, denied), FIELD_LABELS},  {"partial", IN(example, partial), FIELD_TRUTH},
    {"score", IN(example, score), FIELD_ONE_SCORE}, {"customer", IN(example, customer), FIELD_TEXT},
    {"source", IN(example, source), FIELD_TEXT},    {"id", IN(example, id), FIELD_TEXT},
    {"weight", IN(example, weight), FIELD_WEIGHT},  {NULL, 0, 0},
};

/* By KUNDIG_FACTS_, then RECORD_EXAMPLES. */
static const struct {
    const record_field *fields;
    size_t size;
    const char *advice; /* where a field is unknown */
} record_types[] = {
    {feedback_fields, sizeof(kundig_feedback), "other facts belong into 'attributes'"},
    {customer_fields, sizeof(kundig_customer), "other facts belong into 'attributes'"},
    {event_fields, sizeof(kundig_event), "see kundig.Corpus.events()"},
    {label_fields, sizeof(kundig_label), "see kundig.Corpus.labels()"},
    {link_fields, sizeof(kundig_link), "see kundig.Corpus.links()"},
    {consent_fields, sizeof(kundig_consent), "see kundig.Corpus.consents()"},
    {retention_fields, sizeof(kundig_retention), "see kundig.Corpus.retention()"},
    {edit_fields, sizeof(kundig_edit), "see kundig.Corpus.edits()"},
    {example_fields, sizeof(kundig_example), "see kundig.Examples.add()"},
};

/* Names whose numbers stand in kundig.h, in order from 1. */
static const char *const kind_names[] = {"survey",    "review",   "ticket",   "call",     "chat",
                                         "interview", "user_lab", "workshop", "employee", NULL};
static const char *const event_names[] = {"case_opened",     "case_answered", "case_reopened",
                                          "case_resolved",   "invitation",    "action",
                                          "acknowledgement", "purchase",      NULL};
static const char *const edit_names[] = {"rename",   "merge", "split", "pin",   "hide",
                                         "together", "apart", "topic", "known", NULL};
static const char *const scale_names[] = {"nps", "csat", "ces", "ces_2010", "stars", NULL};

/* The number of a name, or an int as it is. */
static int named_number(PyObject *value, const char *const *names, const char *what, int32_t *out)
{
    const char *name = NULL;

    if (value == Py_None) {
        return 0;
    }
    if (PyLong_Check(value)) {
        long number = PyLong_AsLong(value);
        if (number == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (number < 0 || number > 1000) {
            PyErr_Format(PyExc_ValueError, "%ld is no %s", number, what);
            return -1;
        }
        *out = (int32_t)number;
        return 0;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "a %s is a name", what);
        return -1;
    }
    name = PyUnicode_AsUTF8AndSize(value, NULL);
    if (!name) {
        return -1;
    }
    for (int32_t i = 0; names[i]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = i + 1;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "no %s is named %A", what, value);
    return -1;
}

/* A number that may be any type with __float__ (numpy, Decimal). */
static int plain_number(PyObject *value, double *out)
{
    *out = PyFloat_AsDouble(value);
    return *out == -1.0 && PyErr_Occurred() ? -1 : 0;
}

/* times(value) -> (milliseconds, precision) or None. */
static int lent_time(PyObject *times, PyObject *value, int64_t *time, int32_t *precision)
{
    PyObject *pair = NULL;
    long long ms = 0;
    long exactness = 0;

    if (value == Py_None) {
        return 0;
    }
    pair = PyObject_CallFunctionObjArgs(times, value, NULL);
    if (!pair) {
        return -1;
    }
    if (pair != Py_None) {
        ms = PyLong_AsLongLong(PyTuple_GetItem(pair, 0));
        exactness = PyLong_AsLong(PyTuple_GetItem(pair, 1));
        *time = ms;
        if (precision) {
            *precision = (int32_t)exactness;
        }
    }
    Py_DECREF(pair);
    return PyErr_Occurred() ? -1 : 0;
}

static int lent_attributes(lent *self, PyObject *value, const kundig_attribute **out, size_t *count)
{
    kundig_attribute *attributes = NULL;
    Py_ssize_t position = 0;
    Py_ssize_t size = 0;
    PyObject *name = NULL;
    PyObject *item = NULL;
    size_t filled = 0;

    if (value == Py_None) {
        return 0;
    }
    if (!PyDict_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "attributes are a dict of names and values");
        return -1;
    }
    size = PyDict_Size(value);
    attributes = lent_array(self, (size_t)size, sizeof *attributes);
    if (!attributes) {
        return -1;
    }
    while (filled < (size_t)size && PyDict_Next(value, &position, &name, &item)) {
        kundig_attribute *attribute = &attributes[filled];
        int failed = 0;
        /* Conversion may run Python code that changes the dict. */
        Py_INCREF(name);
        Py_INCREF(item);
        failed =
            lent_text(self, name, &attribute->name) || lent_value(self, item, &attribute->value);
        Py_DECREF(name);
        Py_DECREF(item);
        if (failed) {
            return -1;
        }
        if (attribute->value.type != KUNDIG_VALUE_NULL) {
            filled++;
        }
    }
    *out = attributes;
    *count = filled;
    return 0;
}

/* {"scale": "nps", "value": 9, "question": None} or with "minimum", "maximum", "direction". */
static int lent_score(lent *self, PyObject *value, kundig_score *score, int *present)
{
    static const char *const names[] = {"scale",   "value",   "question",
                                        "minimum", "maximum", "direction"};
    PyObject *parts[6] = {NULL};
    Py_ssize_t known = 0;
    int failed = -1;

    if (!PyDict_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "a score is a dict with scale and value");
        return -1;
    }
    for (size_t i = 0; i < 6; i++) {
        PyObject *part = PyDict_GetItemString(value, names[i]);
        if (part) {
            known++;
            parts[i] = Py_NewRef(part);
        }
    }
    if (known != PyDict_Size(value)) {
        PyErr_SetString(PyExc_ValueError,
                        "a score knows scale, value, question, minimum, maximum and direction");
        goto done;
    }
    *present = parts[1] && parts[1] != Py_None;
    if (!*present) {
        failed = 0;
        goto done;
    }
    score->scale = KUNDIG_SCALE_DECLARED;
    if (parts[0] && named_number(parts[0], scale_names, "scale", &score->scale)) {
        goto done;
    }
    if (plain_number(parts[1], &score->value) ||
        (parts[2] && lent_text(self, parts[2], &score->question)) ||
        (parts[3] && parts[3] != Py_None && plain_number(parts[3], &score->minimum)) ||
        (parts[4] && parts[4] != Py_None && plain_number(parts[4], &score->maximum))) {
        goto done;
    }
    if (score->value != score->value) {
        *present = 0;
    }
    if (parts[5] && parts[5] != Py_None) {
        static const char *const directions[] = {"lower", NULL};
        if (PyUnicode_Check(parts[5]) &&
            PyUnicode_CompareWithASCIIString(parts[5], "higher") == 0) {
            score->direction = KUNDIG_HIGHER_IS_BETTER;
        } else if (named_number(parts[5], directions, "direction", &score->direction)) {
            goto done;
        }
    }
    failed = 0;
done:
    for (size_t i = 0; i < 6; i++) {
        Py_XDECREF(parts[i]);
    }
    return failed;
}

static int lent_scores(lent *self, PyObject *record, kundig_feedback *out)
{
    PyObject *listed = PyDict_GetItemString(record, "scores");
    kundig_score *scores = NULL;
    size_t count = 0;
    Py_ssize_t given = 0;
    int failed = -1;

    if (listed == Py_None) {
        listed = NULL;
    }
    if (listed) {
        listed = PySequence_List(listed); /* ours: conversion may change theirs */
        if (!listed) {
            return -1;
        }
        given = PyList_Size(listed);
    }
    scores = lent_array(self, (size_t)given + 5, sizeof *scores);
    if (!scores) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < given; i++) {
        int present = 0;
        if (lent_score(self, PyList_GetItem(listed, i), &scores[count], &present)) {
            goto done;
        }
        if (present) {
            count++;
        } else {
            memset(&scores[count], 0, sizeof scores[count]);
        }
    }
    for (int32_t i = 0; scale_names[i]; i++) {
        PyObject *value = PyDict_GetItemString(record, scale_names[i]);
        double number = 0;
        int bad = 0;
        if (!value || value == Py_None) {
            continue;
        }
        Py_INCREF(value);
        bad = plain_number(value, &number);
        Py_DECREF(value);
        if (bad) {
            goto done;
        }
        if (number == number) {
            scores[count].scale = i + 1;
            scores[count].value = number;
            count++;
        }
    }
    out->scores = scores;
    out->score_count = count;
    failed = 0;
done:
    Py_XDECREF(listed);
    return failed;
}

static int yes_or_no(PyObject *value, int32_t *out)
{
    int truth = 0;

    if (value == Py_None) {
        return 0;
    }
    if (value != Py_True && value != Py_False) {
        PyErr_SetString(PyExc_TypeError, "yes or no is True, False or None");
        return -1;
    }
    truth = value == Py_True;
    *out = truth ? KUNDIG_YES : KUNDIG_NO;
    return 0;
}

static int days_of(PyObject *value, int32_t *out)
{
    long days = 0;

    if (value == Py_None) {
        return 0;
    }
    if (!PyLong_Check(value) || value == Py_True || value == Py_False) {
        PyErr_SetString(PyExc_TypeError, "days are an int, -1 for ever");
        return -1;
    }
    days = PyLong_AsLong(value);
    if (days == -1 && PyErr_Occurred()) {
        return -1;
    }
    *out = days < INT32_MIN || days > INT32_MAX ? INT32_MIN : (int32_t)days;
    return 0;
}

/* A name, or a list, tuple or set of names; None is none. */
static int lent_labels(lent *self, PyObject *value, const kundig_text **out, size_t *count)
{
    PyObject *names = NULL;
    kundig_text *texts = NULL;
    size_t filled = 0;
    int failed = -1;

    if (value == Py_None) {
        return 0;
    }
    if (PyUnicode_Check(value) ||
        !(PyList_Check(value) || PyTuple_Check(value) || PyAnySet_Check(value))) {
        names = PyTuple_Pack(1, value);
    } else {
        names = PySequence_Tuple(value);
    }
    if (!names) {
        return -1;
    }
    *count = (size_t)PyTuple_Size(names);
    texts = lent_array(self, *count, sizeof *texts);
    if (!texts) {
        goto done;
    }
    for (; filled < *count; filled++) {
        if (lent_text(self, PyTuple_GetItem(names, (Py_ssize_t)filled), &texts[filled])) {
            goto done;
        }
        if (!texts[filled].data) {
            PyErr_SetString(PyExc_ValueError, "a name is missing among the labels");
            goto done;
        }
    }
    *out = texts;
    failed = 0;
done:
    Py_DECREF(names);
    return failed;
}

static int truth_of(PyObject *value, int32_t *out)
{
    if (value != Py_None && value != Py_True && value != Py_False) {
        PyErr_SetString(PyExc_TypeError, "it is True, False or None");
        return -1;
    }
    *out = value == Py_True;
    return 0;
}

int lent_one_score(lent *self, PyObject *value, const kundig_score **out)
{
    kundig_score *score = NULL;
    int present = 0;

    if (value == Py_None) {
        return 0;
    }
    score = lent_array(self, 1, sizeof *score);
    if (!score || lent_score(self, value, score, &present)) {
        return -1;
    }
    *out = present ? score : NULL;
    return 0;
}

/* One field of one record. Returns 1 if the name is unknown. */
static int lent_field(lent *self, int what, const char *name, PyObject *value, PyObject *times,
                      void *record)
{
    const record_field *field = record_types[what].fields;
    kundig_feedback *feedback = what == KUNDIG_FACTS_FEEDBACK ? record : NULL;
    kundig_customer *customer = record;
    kundig_event *event = what == KUNDIG_FACTS_EVENTS ? record : NULL;
    kundig_example *example = what == RECORD_EXAMPLES ? record : NULL;
    int32_t *precision = NULL;
    void *place = NULL;

    while (field->name && strcmp(name, field->name) != 0) {
        field++;
    }
    if (!field->name) {
        return 1;
    }
    place = (char *)record + field->offset;
    switch (field->how) {
    case FIELD_TEXT:
        return lent_text(self, value, place);
    case FIELD_TIME:
        if (feedback && place == &feedback->time_ms) {
            precision = &feedback->time_precision;
        } else if (event && place == &event->time_ms) {
            precision = &event->time_precision;
        }
        return lent_time(times, value, place, precision);
    case FIELD_KIND:
        return named_number(value, kind_names, "kind", place);
    case FIELD_EVENT_KIND:
        return named_number(value, event_names, "kind of event", place);
    case FIELD_EDIT_KIND:
        return named_number(value, edit_names, "kind of edit", place);
    case FIELD_YES_NO:
        return yes_or_no(value, place);
    case FIELD_DAYS:
        return days_of(value, place);
    case FIELD_VALUE:
        return lent_value(self, value, place);
    case FIELD_WEIGHT:
        if (value == Py_None) {
            return 0;
        }
        *(feedback ? &feedback->has_weight : &example->has_weight) = 1;
        return plain_number(value, place);
    case FIELD_ATTRIBUTES:
        return feedback ? lent_attributes(self, value, place, &feedback->attribute_count)
                        : lent_attributes(self, value, place, &customer->attribute_count);
    case FIELD_TRUTH:
        return truth_of(value, place);
    case FIELD_LABELS:
        return lent_labels(self, value, place,
                           place == (void *)&example->labels ? &example->label_count
                                                             : &example->denied_count);
    case FIELD_ONE_SCORE:
        return lent_one_score(self, value, place);
    default:
        return 0;
    }
}

size_t record_size(int what)
{
    return record_types[what].size;
}

static void init_record(int what, void *record)
{
    switch (what) {
    case KUNDIG_FACTS_FEEDBACK:
        kundig_feedback_init(record);
        return;
    case KUNDIG_FACTS_CUSTOMERS:
        kundig_customer_init(record);
        return;
    case KUNDIG_FACTS_EVENTS:
        kundig_event_init(record);
        return;
    case KUNDIG_FACTS_LABELS:
        kundig_label_init(record);
        return;
    case KUNDIG_FACTS_LINKS:
        kundig_link_init(record);
        return;
    case KUNDIG_FACTS_CONSENTS:
        kundig_consent_init(record);
        return;
    case KUNDIG_FACTS_EDITS:
        kundig_edit_init(record);
        return;
    case RECORD_EXAMPLES:
        kundig_example_init(record);
        return;
    default:
        kundig_retention_init(record);
    }
}

int lent_record(lent *self, int what, Py_ssize_t row, PyObject *given, PyObject *times,
                void *record)
{
    Py_ssize_t position = 0;
    PyObject *key = NULL;
    PyObject *value = NULL;
    PyObject *copy = NULL;
    int failed = 0;

    init_record(what, record);
    if (!PyDict_Check(given)) {
        PyErr_Format(PyExc_TypeError, "record %zd is not a dict", row);
        return -1;
    }
    copy = PyDict_Copy(given); /* conversion may run code that changes the caller's */
    if (!copy) {
        return -1;
    }
    while (!failed && PyDict_Next(copy, &position, &key, &value)) {
        const char *name = PyUnicode_Check(key) ? PyUnicode_AsUTF8AndSize(key, NULL) : NULL;
        PyErr_Clear();
        failed = name ? lent_field(self, what, name, value, times, record) : 1;
        if (failed == 1) {
            PyErr_Format(PyExc_ValueError, "record %zd: there is no field %A; %s", row, key,
                         record_types[what].advice);
        } else if (failed) {
            raise_about_key(row, key);
        }
    }
    if (!failed && what == KUNDIG_FACTS_FEEDBACK) {
        failed = lent_scores(self, copy, record);
        if (failed) {
            raise_about(row, "scores");
        }
    }
    Py_DECREF(copy);
    return failed ? -1 : 0;
}

void *lent_records(lent *self, int what, PyObject *list, PyObject *times, size_t *count)
{
    size_t size = record_size(what);
    char *records = NULL;

    *count = (size_t)PyList_Size(list);
    records = lent_array(self, *count, size);
    for (size_t i = 0; records && i < *count; i++) {
        PyObject *item = NULL;
        int failed = 0;
        if (i >= (size_t)PyList_Size(list)) {
            PyErr_SetString(PyExc_RuntimeError, "the records changed while they were read");
            return NULL;
        }
        item = Py_NewRef(PyList_GetItem(list, (Py_ssize_t)i));
        failed = lent_record(self, what, (Py_ssize_t)i, item, times, records + i * size);
        Py_DECREF(item);
        if (failed) {
            return NULL;
        }
    }
    return records;
}
