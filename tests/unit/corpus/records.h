/* Records of every kind with every field, made from a seed; their texts live in an arena. */
#ifndef KUNDIG_TESTS_CORPUS_RECORDS_H
#define KUNDIG_TESTS_CORPUS_RECORDS_H

#include <stdio.h>

#include "base/prng.h"
#include "fixture.h"

typedef struct records {
    kundig__prng prng;
    kundig__arena *arena;
} records;

static inline uint32_t records_below(records *r, uint32_t bound)
{
    return (uint32_t)kundig__prng_below(&r->prng, bound);
}

/* One of some words: absent, empty, ASCII, beyond, and now and then with bytes that are mended. */
static inline kundig_text records_word(records *r, bool required)
{
    static const char *const words[] = {NULL, "",   "shop", "app",       "Straße", "b\xFF",
                                        "c",  "日", "x y",  "a;b\"c\n'", "shop ",  "zz"};
    uint32_t count = sizeof words / sizeof *words;
    return kundig__str(words[required ? 2 + records_below(r, count - 2) : records_below(r, count)]);
}

static inline kundig_text records_name(records *r, const char *stem, uint32_t among)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%s%u", stem, (unsigned)records_below(r, among));
    kundig_text out = kundig__arena_text(r->arena, kundig__text(text, (size_t)len));
    cr_assert_not_null(out.data);
    return out;
}

static inline int64_t records_time(records *r, int32_t *precision)
{
    uint32_t which = records_below(r, 4);
    int64_t day = (int64_t)records_below(r, 3000000) - 700000;
    if (precision) {
        *precision = which == 1 ? KUNDIG_PRECISION_DAY : KUNDIG_PRECISION_MS;
    }
    return which == 0   ? KUNDIG_TIME_ABSENT
           : which == 1 ? day * 86400000
                        : day * 86400000 + records_below(r, 86400000);
}

static inline double records_number(records *r)
{
    static const double numbers[] = {0, -0.0, 1, 0.1, -1e300, 1e-310, 12345.678, 3};
    return numbers[records_below(r, sizeof numbers / sizeof *numbers)];
}

static inline const kundig_attribute *records_attributes(records *r, size_t *count)
{
    kundig_attribute *out = kundig__arena_alloc(r->arena, 4 * sizeof *out);
    size_t n = 0;
    cr_assert_not_null(out);
    memset(out, 0, 4 * sizeof *out);
    if (records_below(r, 2)) {
        out[n].name = kundig__str("text");
        out[n].value.type = KUNDIG_VALUE_TEXT;
        out[n++].value.text = records_word(r, true);
    }
    if (records_below(r, 2)) {
        out[n].name = kundig__str("number");
        out[n].value.type = KUNDIG_VALUE_NUMBER;
        out[n++].value.number = records_number(r);
    }
    if (records_below(r, 2)) {
        out[n].name = kundig__str("bool");
        out[n].value.type = KUNDIG_VALUE_BOOL;
        out[n++].value.boolean = (int32_t)records_below(r, 2);
    }
    if (records_below(r, 4) == 0) {
        out[n++].name = kundig__str("null");
    }
    *count = n;
    return out;
}

static inline const kundig_score *records_scores(records *r, size_t *count)
{
    kundig_score *out = kundig__arena_alloc(r->arena, 8 * sizeof *out);
    size_t n = 0;
    cr_assert_not_null(out);
    memset(out, 0, 8 * sizeof *out);
    for (int32_t scale = KUNDIG_SCALE_NPS; scale < KUNDIG_SCALE_DECLARED; scale++) {
        if (records_below(r, 2)) {
            out[n].scale = scale;
            out[n].value = scale == KUNDIG_SCALE_NPS ? records_below(r, 11)
                                                     : 1 + records_below(r, 4001) / 1000.0;
            if (records_below(r, 2)) {
                out[n].question = kundig__str(scale == KUNDIG_SCALE_NPS ? "Empfehlen?" : "Ok");
            }
            if (scale > KUNDIG_SCALE_CSAT && out[n].question.data) {
                out[n].question = kundig__text(NULL, 0);
            }
            n++;
        }
    }
    if (records_below(r, 2)) {
        out[n].question = kundig__str("Wie laut?");
        out[n].scale = KUNDIG_SCALE_DECLARED;
        out[n].direction = KUNDIG_LOWER_IS_BETTER;
        out[n].minimum = -999999.999;
        out[n].maximum = 1e6;
        out[n++].value = (double)records_below(r, 1000000) / 7.0 - 1000;
    }
    *count = n;
    return out;
}

static inline kundig_value records_value(records *r)
{
    kundig_value value = {.type = records_below(r, 2) ? KUNDIG_VALUE_NUMBER : KUNDIG_VALUE_NULL};
    value.number = value.type ? records_number(r) : 0;
    return value;
}

static inline void records_feedback(records *r, kundig_feedback *out)
{
    kundig_feedback_init(out);
    out->source = records_word(r, false);
    if (records_below(r, 2)) {
        out->id = records_name(r, "r", 30);
    }
    out->customer = records_below(r, 3) ? records_name(r, "c", 12) : kundig__text(NULL, 0);
    out->kind = (int32_t)records_below(r, KUNDIG_KIND_EMPLOYEE + 1);
    out->channel = records_word(r, false);
    out->touchpoint = records_word(r, false);
    out->stage = records_word(r, false);
    out->case_id = records_word(r, false);
    out->agent = records_word(r, false);
    out->department = records_word(r, false);
    out->segment = records_word(r, false);
    out->product = records_word(r, false);
    out->language = records_word(r, false);
    out->purpose = records_word(r, false);
    out->text = records_word(r, false);
    out->time_ms = records_time(r, &out->time_precision);
    out->updated_ms = records_time(r, NULL);
    out->consent = (int32_t)records_below(r, 3);
    if (records_below(r, 3) == 0) {
        out->has_weight = 1;
        out->weight = (1 + records_below(r, 5000000)) / 1048576.0 * (1 + records_below(r, 2) * 2e5);
    }
    out->scores = records_scores(r, &out->score_count);
    out->attributes = records_attributes(r, &out->attribute_count);
}

static inline void records_customer(records *r, kundig_customer *out)
{
    kundig_customer_init(out);
    out->source = records_word(r, false);
    out->id = records_name(r, "c", 12);
    out->updated_ms = records_time(r, NULL);
    out->since_ms = records_time(r, NULL);
    out->churned = (int32_t)records_below(r, 3);
    out->segment = records_word(r, false);
    out->basket = records_value(r);
    out->orders = records_value(r);
    out->revenue = records_value(r);
    out->attributes = records_attributes(r, &out->attribute_count);
}

static inline void records_event(records *r, kundig_event *out)
{
    kundig_event_init(out);
    out->kind = (int32_t)records_below(r, KUNDIG_EVENT_PURCHASE + 1);
    out->source = records_word(r, false);
    out->id = records_name(r, "e", 12);
    out->customer = records_word(r, false);
    out->case_id = records_word(r, false);
    out->time_ms = records_time(r, &out->time_precision);
    out->updated_ms = records_time(r, NULL);
    out->agent = records_word(r, false);
    out->department = records_word(r, false);
    out->topic = records_word(r, false);
    out->value = records_value(r);
}

static inline void records_link(records *r, kundig_link *out)
{
    kundig_link_init(out);
    out->holds = records_below(r, 3) ? KUNDIG_YES : KUNDIG_NO;
    out->customer = records_name(r, "c", 12);
    do {
        out->same_as = records_name(r, "c", 14);
    } while (kundig__text_equal(out->customer, out->same_as));
    out->by = records_word(r, false);
    out->updated_ms = records_time(r, NULL);
}

static inline void records_edit_record(records *r, kundig_text *source, kundig_text *id)
{
    *source = records_word(r, false);
    *id = records_name(r, "r", 30);
}

static inline void records_edit(records *r, kundig_edit *out)
{
    kundig_edit_init(out);
    out->kind = 1 + (int32_t)records_below(r, KUNDIG_EDIT_KNOWN);
    out->holds = records_below(r, 3) ? KUNDIG_YES : KUNDIG_NO;
    bool two = out->kind == KUNDIG_EDIT_TOGETHER || out->kind == KUNDIG_EDIT_APART;
    bool part = out->kind == KUNDIG_EDIT_SPLIT || out->kind == KUNDIG_EDIT_TOPIC;
    if (!two && out->kind != KUNDIG_EDIT_TOPIC) {
        out->topic = records_name(r, "t-00000000000", 9);
    }
    if (out->kind == KUNDIG_EDIT_MERGE) {
        out->other = records_name(r, "t-11111111111", 9);
    }
    if (part || out->kind == KUNDIG_EDIT_RENAME || out->kind == KUNDIG_EDIT_KNOWN) {
        out->name = records_name(r, "name ", 9);
    }
    bool words = part && records_below(r, 2);
    if (words) {
        out->words = records_name(r, "lost parcel; word", 9);
    }
    if (two || (part && !words)) {
        records_edit_record(r, &out->source, &out->id);
    }
    if (two) {
        out->other_source = records_word(r, false);
        out->other_id = records_name(r, "other", 30);
    }
    out->by = records_word(r, false);
    out->updated_ms = records_time(r, NULL);
}

/* A record of a kind. */
static inline void records_make(records *r, int kind, kundig__fact *out)
{
    memset(out, 0, sizeof *out);
    out->kind = kind;
    switch (kind) {
    case KUNDIG_FACTS_FEEDBACK:
        records_feedback(r, &out->as.feedback);
        break;
    case KUNDIG_FACTS_CUSTOMERS:
        records_customer(r, &out->as.customer);
        break;
    case KUNDIG_FACTS_EVENTS:
        records_event(r, &out->as.event);
        break;
    case KUNDIG_FACTS_LABELS:
        kundig_label_init(&out->as.label);
        out->as.label.holds = 1 + (int32_t)records_below(r, 2);
        out->as.label.source = records_word(r, false);
        out->as.label.id = records_name(r, "r", 30);
        out->as.label.topic = records_word(r, true);
        out->as.label.by = records_word(r, false);
        out->as.label.updated_ms = records_time(r, NULL);
        break;
    case KUNDIG_FACTS_LINKS:
        records_link(r, &out->as.link);
        break;
    case KUNDIG_FACTS_CONSENTS:
        kundig_consent_init(&out->as.consent);
        out->as.consent.consent = 1 + (int32_t)records_below(r, 2);
        out->as.consent.customer = records_name(r, "c", 12);
        out->as.consent.purpose = records_word(r, false);
        out->as.consent.disclosure = records_word(r, false);
        out->as.consent.updated_ms = records_time(r, NULL);
        break;
    case KUNDIG_FACTS_RETENTION:
        kundig_retention_init(&out->as.retention);
        out->as.retention.days = (int32_t)records_below(r, 100002) - 1;
        out->as.retention.purpose = records_word(r, false);
        out->as.retention.updated_ms = records_time(r, NULL);
        break;
    default:
        records_edit(r, &out->as.edit);
    }
}

/* Add `count` random records of every kind, or of one; a batch of its own. */
static inline void records_add(records *r, fixture *f, int kind, int count)
{
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (int i = 0; i < count; i++) {
        kundig__fact fact;
        int which = kind < 0 ? (int)records_below(r, KUNDIG__FACT_KINDS) : kind;
        records_make(r, which, &fact);
        int rc = kundig__fact_add(f->corpus, &fact, NULL, NULL, &f->err);
        cr_assert(rc == KUNDIG_OK, "%s: %s", kundig__fact_kind_name(which), f->err.message);
    }
    kundig__batch_commit(f->corpus);
}

/* The published name of all facts. */
static inline void records_name_of(fixture *f, char hex[33])
{
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    memset(sums, 0, sizeof sums);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        cr_assert_eq(kundig__fact_sum_rows(f->corpus, kind, 0, &sums[kind], &f->err), KUNDIG_OK);
    }
    kundig__facts_name(sums, NULL, hex);
}

#endif
