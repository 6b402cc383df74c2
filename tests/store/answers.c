#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

static const char work_taxonomy[] = "taxonomy: Work\n"
                                    "theme delivery: Delivery\n"
                                    "topic delay: Late delivery\n"
                                    "en: late, ~delay\n"
                                    "de: zu spät, ~Verspätung\n"
                                    "topic parcel: The parcel\n"
                                    "any: parcel\n"
                                    "de: Paket*\n"
                                    "topic people: People\n"
                                    "en: friendly, rude\n"
                                    "de: freundlich\n";

kundig_model *work_model(void)
{
    static kundig_model *model;
    kundig_error err;
    if (!model && kundig_model_new(NULL, work_taxonomy, sizeof work_taxonomy - 1, &model, &err)) {
        die("work: the taxonomy: %s", err.message);
    }
    return kundig_model_retain(model);
}

/* ---- answers ---- */

typedef struct work_question {
    const char *metric;
    const char *by[2];
    int32_t every;
    int32_t unit;
    const char *where;
    const char *purpose;
} work_question;

static const work_question work_questions[] = {
    {.metric = "count"},
    {.metric = "customers", .by = {"stage"}},
    {.metric = "nps", .by = {"stage", "channel"}, .every = KUNDIG_EVERY_QUARTER},
    {.metric = "nps", .unit = KUNDIG_OF_CUSTOMERS},
    {.metric = "csat_mean", .by = {"channel"}, .where = "text contains \"spät\""},
    {.metric = "count", .by = {"customer"}},
    {.metric = "nps", .purpose = "research"},
    {.metric = "share", .by = {"topic"}},
};

typedef struct work_text {
    char *bytes;
    size_t used;
    size_t room;
} work_text;

static void text_add(work_text *t, const char *bytes, size_t len)
{
    if (t->used + len + 2 > t->room) {
        t->room = 2 * (t->used + len + 2);
        t->bytes = grow(t->bytes, t->room);
    }
    memcpy(t->bytes + t->used, bytes, len);
    t->used += len;
    t->bytes[t->used++] = '\n';
    t->bytes[t->used] = '\0';
}

static int text_table(work_text *t, kundig_table *table, kundig_error *err)
{
    kundig_bytes *json = NULL;
    int rc = kundig_table_to_json(table, &json, err);
    if (!rc) {
        text_add(t, kundig_bytes_data(json), kundig_bytes_len(json));
    }
    kundig_bytes_free(json);
    kundig_table_free(table);
    return rc;
}

static int ask(work_text *t, kundig *k, const work_question *asked, kundig_error *err)
{
    kundig_query *q = NULL;
    kundig_table *table = NULL;
    uint32_t node = 0;
    int rc = kundig_query_new(NULL, &q);
    rc = rc ? rc : kundig_query_set_metric(q, asked->metric, strlen(asked->metric), err);
    for (size_t i = 0; !rc && i < 2 && asked->by[i]; i++) {
        rc = kundig_query_group_by(q, asked->by[i], strlen(asked->by[i]), err);
    }
    rc = rc ? rc : kundig_query_set_every(q, asked->every, err);
    rc = rc ? rc : kundig_query_set_unit(q, asked->unit, err);
    if (!rc && asked->where) {
        rc = kundig_query_parse(q, asked->where, strlen(asked->where), &node, err);
        rc = rc ? rc : kundig_query_keep(q, node, err);
    }
    if (!rc && asked->purpose) {
        rc = kundig_query_set_purpose(q, asked->purpose, strlen(asked->purpose), err);
    }
    rc = rc ? rc : kundig_measure(k, q, &table, err);
    kundig_query_free(q);
    if (rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_NOT_FOUND) { /* nothing to measure is an answer */
        text_add(t, err->message, strlen(err->message));
        return 0;
    }
    return rc ? rc : text_table(t, table, err);
}

char *work_answers(kundig *k, kundig_error *err)
{
    work_text t = {0};
    kundig_table *table = NULL;
    char hex[33];
    kundig_model *model = work_model();
    int rc = kundig_facts_hash(k, hex, err);
    if (!rc) {
        text_add(&t, hex, 32);
    }
    rc = rc ? rc : kundig_set_model(k, model, err);
    rc = rc ? rc : kundig_fields(k, &table, err);
    rc = rc ? rc : text_table(&t, table, err);
    rc = rc ? rc : kundig_conflicts(k, &table, err);
    rc = rc ? rc : text_table(&t, table, err);
    for (size_t i = 0; !rc && i < sizeof work_questions / sizeof *work_questions; i++) {
        rc = ask(&t, k, &work_questions[i], err);
    }
    for (int which = KUNDIG_FACTS_FEEDBACK; !rc && which <= KUNDIG_FACTS_EDITS; which++) {
        rc = kundig_facts(k, which, NULL, &table, err);
        rc = rc ? rc : text_table(&t, table, err);
    }
    kundig_query *all = NULL;
    rc = rc ? rc : kundig_query_new(NULL, &all);
    rc = rc ? rc : kundig_comments(k, all, 3, &table, err);
    rc = rc ? rc : text_table(&t, table, err);
    kundig_query_free(all);
    kundig_model_free(model);
    if (rc) {
        free(t.bytes);
        return NULL;
    }
    return t.bytes;
}

const char *work_differ(const char *a, const char *b)
{
    static char text[400];
    size_t at = 0;
    while (a[at] && a[at] == b[at]) {
        at++;
    }
    if (!a[at] && !b[at]) {
        return NULL;
    }
    size_t from = at > 60 ? at - 60 : 0;
    snprintf(text, sizeof text, "at byte %zu: \"%.150s\" and \"%.150s\"", at, a + from, b + from);
    return text;
}

/* ---- stores ---- */

int work_open(const char *path, int32_t access, kundig **out, kundig_error *err)
{
    kundig_options options;
    kundig_options_init(&options);
    options.access = access;
    options.busy_ms = 1000;
    return kundig_open(path, strlen(path), &options, out, err);
}

const char *work_verify(const char *path)
{
    static char text[400];
    kundig_table *table = NULL;
    kundig_error err;
    text[0] = '\0';
    if (kundig_verify(path, strlen(path), NULL, &table, &err)) {
        die("verify: %s", err.message);
    }
    size_t severity = kundig_table_find_column(table, "severity", 8);
    size_t finding = kundig_table_find_column(table, "finding", 7);
    for (size_t row = 0; row < kundig_table_row_count(table) && !text[0]; row++) {
        kundig_text how = kundig_table_text(table, row, severity);
        kundig_text what = kundig_table_text(table, row, finding);
        if (how.len == 5 && memcmp(how.data, "error", 5) == 0) {
            snprintf(text, sizeof text, "%.*s", (int)what.len, what.data);
        }
    }
    kundig_table_free(table);
    return text;
}
