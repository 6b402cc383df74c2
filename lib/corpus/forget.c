/* Which rows go when a customer, a record or an age is to be forgotten.
 *
 * A record is forgotten whole: naming somebody in one version is enough for all of its versions to
 * go, for what is left of a record would be another record. A case is a person's alone if nobody
 * else's row that stays stands in it; a row that names nobody is nobody else's.
 *
 * Invariant: the rows of each kind ascend, and of each record either all rows are listed or none.
 * Cost: one pass over the codes of feedback, one over the rows of every other kind; nothing is
 * allocated for rows that stay but a byte a record. */
#include "base/calendar.h"
#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/rows.h"

#define FORGET_FEW_NAMES 8 /* compared one by one; more of them are looked up */
#define FORGET_NO_RULE   INT32_MIN

void kundig__forgetting_free(kundig__forgetting *forgetting)
{
    for (int kind = 0; forgetting->mem && kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__free(forgetting->mem, forgetting->rows[kind],
                     forgetting->capacity[kind] * sizeof *forgetting->rows[kind]);
    }
    memset(forgetting, 0, sizeof *forgetting);
}

static bool forget_row(kundig__forgetting *out, int kind, uint32_t row)
{
    void *rows = out->rows[kind];
    if (!kundig__grow(out->mem, &rows, &out->capacity[kind], out->count[kind] + 1,
                      sizeof *out->rows[kind])) {
        return false;
    }
    out->rows[kind] = rows;
    out->rows[kind][out->count[kind]++] = row;
    return true;
}

/* ---- What a call works with ---- */

typedef struct forget_call {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig__forgetting out;
    kundig__arena arena;
    kundig_text *names; /* of the person */
    size_t name_count;
    kundig__dict name_set; /* the same, where they are many */
    uint8_t *records;      /* 1 where a record of feedback goes */
    uint8_t *events;       /* 1 where a record of events goes */
    kundig__dict cases;    /* that stand in rows that go */
    uint8_t *shared;       /* 1 where such a case is somebody else's, too */
    kundig__buf key;       /* scratch */
} forget_call;

static void forget_begin(forget_call *call, kundig__corpus *corpus)
{
    memset(call, 0, sizeof *call);
    call->corpus = corpus;
    call->mem = corpus->mem;
    call->out.mem = corpus->mem;
    kundig__arena_init(&call->arena, call->mem);
    kundig__buf_init(&call->key, call->mem);
    kundig__dict_init(&call->name_set, call->mem, corpus->context->siphash_key);
    kundig__dict_init(&call->cases, call->mem, corpus->context->siphash_key);
}

static size_t forget_feedback_records(const forget_call *call)
{
    return call->corpus->identity.keys.count;
}

static size_t forget_event_records(const forget_call *call)
{
    return kundig__fact_records(call->corpus, KUNDIG_FACTS_EVENTS);
}

/* Hand over what was found, or nothing. */
static int forget_end(forget_call *call, int rc, kundig__forgetting *out)
{
    kundig__free(call->mem, call->records, forget_feedback_records(call));
    kundig__free(call->mem, call->events, forget_event_records(call));
    kundig__free(call->mem, call->shared, call->cases.count);
    kundig__dict_free(&call->cases);
    kundig__dict_free(&call->name_set);
    kundig__buf_free(&call->key);
    kundig__arena_free(&call->arena);
    if (rc) {
        kundig__forgetting_free(&call->out);
    } else {
        *out = call->out;
    }
    return rc;
}

static int forget_nomem(forget_call *call, kundig_error *err)
{
    return kundig__nomem(call->mem, err);
}

static bool forget_marks(forget_call *call)
{
    call->records = kundig__alloc_zero(call->mem, forget_feedback_records(call));
    return call->records != NULL;
}

/* List the rows of the marked records of feedback. */
static int forget_list_records(forget_call *call, kundig_error *err)
{
    const kundig__identity *identity = &call->corpus->identity;
    for (uint32_t row = 0; row < call->corpus->rows; row++) {
        if (call->records[kundig__identity_record(identity, row)] &&
            !forget_row(&call->out, KUNDIG_FACTS_FEEDBACK, row)) {
            return forget_nomem(call, err);
        }
    }
    for (size_t i = 0; i < forget_feedback_records(call); i++) {
        call->out.records += call->records[i];
    }
    return KUNDIG_OK;
}

/* The record of feedback of that name; KUNDIG__DICT_NONE if there is none. */
static int forget_find(forget_call *call, kundig_text source, kundig_text id, uint32_t *record,
                       kundig_error *err)
{
    uint32_t code = 0;
    *record = KUNDIG__DICT_NONE;
    if (source.data) {
        code = kundig__dict_find(&call->corpus->dims[KUNDIG__DIM_SOURCE].dict, source.data,
                                 source.len);
        if (code == KUNDIG__DICT_NONE) {
            return KUNDIG_OK;
        }
        code++;
    }
    if (id.data) {
        *record = kundig__identity_find(&call->corpus->identity, &call->key, code, id);
    }
    return call->key.failed ? forget_nomem(call, err) : KUNDIG_OK;
}

/* Labels of the marked records. */
static int forget_labels(forget_call *call, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_LABELS);
    int rc = KUNDIG_OK;
    for (uint32_t row = 0; row < rows && !rc && call->out.records; row++) {
        kundig__fact fact;
        uint32_t record;
        rc = kundig__fact_at(call->corpus, KUNDIG_FACTS_LABELS, row, &call->arena, &fact, err);
        rc = rc ? rc : forget_find(call, fact.as.label.source, fact.as.label.id, &record, err);
        if (!rc && record != KUNDIG__DICT_NONE && call->records[record] &&
            !forget_row(&call->out, KUNDIG_FACTS_LABELS, row)) {
            rc = forget_nomem(call, err);
        }
    }
    return rc;
}

static int forget_is_marked(forget_call *call, kundig_text source, kundig_text id, bool *marked,
                            kundig_error *err)
{
    uint32_t record;
    int rc = forget_find(call, source, id, &record, err);
    *marked = !rc && record != KUNDIG__DICT_NONE && call->records[record];
    return rc;
}

/* What was said of topics by the marked records. */
static int forget_edits(forget_call *call, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_EDITS);
    int rc = KUNDIG_OK;
    for (uint32_t row = 0; row < rows && !rc && call->out.records; row++) {
        kundig__fact fact;
        bool first = false;
        bool second = false;
        rc = kundig__fact_at(call->corpus, KUNDIG_FACTS_EDITS, row, &call->arena, &fact, err);
        rc = rc ? rc : forget_is_marked(call, fact.as.edit.source, fact.as.edit.id, &first, err);
        rc = rc ? rc
                : forget_is_marked(call, fact.as.edit.other_source, fact.as.edit.other_id, &second,
                                   err);
        if (!rc && (first || second) && !forget_row(&call->out, KUNDIG_FACTS_EDITS, row)) {
            rc = forget_nomem(call, err);
        }
    }
    return rc;
}

/* Labels and edits. */
static int forget_judgements(forget_call *call, kundig_error *err)
{
    int rc = forget_labels(call, err);
    return rc ? rc : forget_edits(call, err);
}

/* ---- A customer ---- */

static int forget_names(forget_call *call, kundig_text customer, kundig_error *err)
{
    int rc = kundig__person_names(call->corpus, customer, &call->arena, &call->names,
                                  &call->name_count, err);
    for (size_t i = 0; !rc && call->name_count > FORGET_FEW_NAMES && i < call->name_count; i++) {
        if (kundig__dict_add(&call->name_set, call->names[i].data, call->names[i].len) ==
            KUNDIG__DICT_NONE) {
            rc = forget_nomem(call, err);
        }
    }
    return rc;
}

static bool forget_is_name(const forget_call *call, kundig_text text)
{
    if (!text.data) {
        return false;
    }
    if (call->name_count > FORGET_FEW_NAMES) {
        return kundig__dict_find(&call->name_set, text.data, text.len) != KUNDIG__DICT_NONE;
    }
    for (size_t i = 0; i < call->name_count; i++) {
        if (kundig__text_equal(call->names[i], text)) {
            return true;
        }
    }
    return false;
}

/* Mark and list the records that name the person. */
static int forget_feedback(forget_call *call, kundig_error *err)
{
    const kundig__corpus *corpus = call->corpus;
    const kundig__dimension *customers = &corpus->dims[KUNDIG__DIM_CUSTOMER];
    size_t code_count = (size_t)customers->dict.count + 1;
    if (!forget_marks(call)) {
        return forget_nomem(call, err);
    }
    if (!customers->codes) {
        return KUNDIG_OK;
    }
    uint8_t *theirs = kundig__alloc_zero(call->mem, code_count);
    if (!theirs) {
        return forget_nomem(call, err);
    }
    bool any = false;
    for (size_t i = 0; i < call->name_count; i++) {
        kundig_text name = call->names[i];
        uint32_t code = kundig__dict_find(&customers->dict, name.data, name.len);
        if (code != KUNDIG__DICT_NONE) {
            theirs[code + 1] = 1;
            any = true;
        }
    }
    for (uint32_t row = 0; any && row < corpus->rows; row++) {
        if (theirs[customers->codes[row]]) {
            call->records[kundig__identity_record(&corpus->identity, row)] = 1;
        }
    }
    kundig__free(call->mem, theirs, code_count);
    return any ? forget_list_records(call, err) : KUNDIG_OK;
}

static int forget_event_at(forget_call *call, uint32_t row, kundig_event *out, uint32_t *record,
                           kundig_error *err)
{
    kundig__fact fact;
    int rc = kundig__fact_at(call->corpus, KUNDIG_FACTS_EVENTS, row, &call->arena, &fact, err);
    if (!rc) {
        *out = fact.as.event;
        *record = kundig__identity_record(
            &kundig__facts_of(call->corpus, KUNDIG_FACTS_EVENTS)->identity, row);
    }
    return rc;
}

static int forget_own_events(forget_call *call, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_EVENTS);
    int rc = KUNDIG_OK;
    call->events = kundig__alloc_zero(call->mem, forget_event_records(call));
    if (!call->events) {
        return forget_nomem(call, err);
    }
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig_event event;
        uint32_t record;
        rc = forget_event_at(call, row, &event, &record, err);
        if (!rc && forget_is_name(call, event.customer)) {
            call->events[record] = 1;
        }
    }
    return rc;
}

static bool forget_case_add(forget_call *call, kundig_text text)
{
    return !text.data || kundig__dict_add(&call->cases, text.data, text.len) != KUNDIG__DICT_NONE;
}

static uint32_t forget_case_of(const forget_call *call, kundig_text text)
{
    return text.data ? kundig__dict_find(&call->cases, text.data, text.len) : KUNDIG__DICT_NONE;
}

/* The cases of the rows that go. */
static int forget_cases(forget_call *call, kundig_error *err)
{
    const kundig__dimension *cases = &call->corpus->dims[KUNDIG__DIM_CASE];
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_EVENTS);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < call->out.count[KUNDIG_FACTS_FEEDBACK]; i++) {
        uint32_t row = call->out.rows[KUNDIG_FACTS_FEEDBACK][i];
        if (!forget_case_add(call, kundig__dimension_text(cases, row))) {
            return forget_nomem(call, err);
        }
    }
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig_event event;
        uint32_t record;
        rc = forget_event_at(call, row, &event, &record, err);
        if (!rc && call->events[record] && !forget_case_add(call, event.case_id)) {
            rc = forget_nomem(call, err);
        }
    }
    return rc;
}

/* Which of these cases stand in rows of others that stay. */
static int forget_shared_feedback(forget_call *call, kundig_error *err)
{
    const kundig__corpus *corpus = call->corpus;
    const kundig__dimension *cases = &corpus->dims[KUNDIG__DIM_CASE];
    const uint32_t *customers = corpus->dims[KUNDIG__DIM_CUSTOMER].codes;
    size_t code_count = (size_t)cases->dict.count + 1;
    if (!cases->codes || !customers) {
        return KUNDIG_OK;
    }
    uint8_t *theirs = kundig__alloc_zero(call->mem, code_count);
    if (!theirs) {
        return forget_nomem(call, err);
    }
    for (uint32_t i = 0; i < call->cases.count; i++) {
        kundig_text text = kundig__dict_text(&call->cases, i);
        uint32_t code = kundig__dict_find(&cases->dict, text.data, text.len);
        if (code != KUNDIG__DICT_NONE) {
            theirs[code + 1] = 1;
        }
    }
    for (uint32_t row = 0; row < corpus->rows; row++) {
        uint32_t code = cases->codes[row];
        if (theirs[code] && customers[row] &&
            !call->records[kundig__identity_record(&corpus->identity, row)]) {
            call->shared[forget_case_of(call, kundig__dict_text(&cases->dict, code - 1))] = 1;
        }
    }
    kundig__free(call->mem, theirs, code_count);
    return KUNDIG_OK;
}

static int forget_case_events(forget_call *call, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_EVENTS);
    call->shared = kundig__alloc_zero(call->mem, call->cases.count);
    if (!call->shared) {
        return forget_nomem(call, err);
    }
    int rc = forget_shared_feedback(call, err);
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig_event event;
        uint32_t record;
        rc = forget_event_at(call, row, &event, &record, err);
        uint32_t at = rc ? KUNDIG__DICT_NONE : forget_case_of(call, event.case_id);
        if (at != KUNDIG__DICT_NONE && event.customer.data && !call->events[record]) {
            call->shared[at] = 1;
        }
    }
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig_event event;
        uint32_t record;
        rc = forget_event_at(call, row, &event, &record, err);
        uint32_t at = rc ? KUNDIG__DICT_NONE : forget_case_of(call, event.case_id);
        if (at != KUNDIG__DICT_NONE && !call->shared[at]) {
            call->events[record] = 1;
        }
    }
    return rc;
}

static int forget_events(forget_call *call, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_EVENTS);
    if (!rows) {
        return KUNDIG_OK;
    }
    int rc = forget_own_events(call, err);
    rc = rc ? rc : forget_cases(call, err);
    if (!rc && call->cases.count) {
        rc = forget_case_events(call, err);
    }
    for (uint32_t row = 0; row < rows && !rc; row++) {
        if (call->events[kundig__identity_record(
                &kundig__facts_of(call->corpus, KUNDIG_FACTS_EVENTS)->identity, row)] &&
            !forget_row(&call->out, KUNDIG_FACTS_EVENTS, row)) {
            rc = forget_nomem(call, err);
        }
    }
    return rc;
}

/* All versions of these kinds name the same people: it is their identity. */
static bool forget_names_person(const forget_call *call, const kundig__fact *fact)
{
    switch (fact->kind) {
    case KUNDIG_FACTS_LINKS:
        return forget_is_name(call, fact->as.link.customer) ||
               forget_is_name(call, fact->as.link.same_as);
    case KUNDIG_FACTS_CONSENTS:
        return forget_is_name(call, fact->as.consent.customer);
    default:
        return false;
    }
}

static int forget_kind(forget_call *call, int kind, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(call->corpus, kind);
    int rc = KUNDIG_OK;
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        rc = kundig__fact_at(call->corpus, kind, row, &call->arena, &fact, err);
        if (!rc && forget_names_person(call, &fact) && !forget_row(&call->out, kind, row)) {
            rc = forget_nomem(call, err);
        }
    }
    return rc;
}

/* Their ids are read where they stand: the rest of a customer may be long. */
static int forget_customers(forget_call *call, kundig_error *err)
{
    const kundig__identity *identity =
        &kundig__facts_of(call->corpus, KUNDIG_FACTS_CUSTOMERS)->identity;
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_CUSTOMERS);
    for (uint32_t row = 0; row < rows; row++) {
        kundig_text id = kundig__identity_id(identity, kundig__identity_record(identity, row));
        if (forget_is_name(call, id) && !forget_row(&call->out, KUNDIG_FACTS_CUSTOMERS, row)) {
            return forget_nomem(call, err);
        }
    }
    return KUNDIG_OK;
}

int kundig__forget_customer(kundig__corpus *corpus, kundig_text customer, kundig__forgetting *out,
                            kundig_error *err)
{
    forget_call call;
    forget_begin(&call, corpus);
    int rc = forget_names(&call, customer, err);
    rc = rc ? rc : forget_feedback(&call, err);
    rc = rc ? rc : forget_customers(&call, err);
    rc = rc ? rc : forget_events(&call, err);
    rc = rc ? rc : forget_judgements(&call, err);
    rc = rc ? rc : forget_kind(&call, KUNDIG_FACTS_LINKS, err);
    rc = rc ? rc : forget_kind(&call, KUNDIG_FACTS_CONSENTS, err);
    return forget_end(&call, rc, out);
}

/* ---- A record, an age ---- */

int kundig__forget_record(kundig__corpus *corpus, kundig_text source, kundig_text id,
                          kundig__forgetting *out, kundig_error *err)
{
    forget_call call;
    uint32_t record;
    forget_begin(&call, corpus);
    int rc = forget_find(&call, source, id, &record, err);
    if (!rc && record != KUNDIG__DICT_NONE) {
        if (forget_marks(&call)) {
            call.records[record] = 1;
            rc = forget_list_records(&call, err);
            rc = rc ? rc : forget_judgements(&call, err);
        } else {
            rc = forget_nomem(&call, err);
        }
    }
    return forget_end(&call, rc, out);
}

/* days[code] of each purpose, FORGET_NO_RULE where none was given; days[0]: of records that carry
 * no purpose. */
static int forget_rules(forget_call *call, int32_t *days, size_t count, kundig_error *err)
{
    const kundig__dict *purposes = &call->corpus->dims[KUNDIG__DIM_PURPOSE].dict;
    uint32_t rows = kundig__fact_rows(call->corpus, KUNDIG_FACTS_RETENTION);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < count; i++) {
        days[i] = FORGET_NO_RULE;
    }
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        if (!kundig__fact_is_current(call->corpus, KUNDIG_FACTS_RETENTION, row)) {
            continue;
        }
        rc = kundig__fact_at(call->corpus, KUNDIG_FACTS_RETENTION, row, &call->arena, &fact, err);
        if (!rc) {
            kundig_text purpose = fact.as.retention.purpose;
            uint32_t code =
                purpose.data ? kundig__dict_find(purposes, purpose.data, purpose.len) : 0;
            if (!purpose.data || code != KUNDIG__DICT_NONE) {
                days[purpose.data ? code + 1 : 0] = fact.as.retention.days;
            }
        }
    }
    return rc;
}

static void forget_mark_expired(forget_call *call, const int32_t *days, int64_t as_of_ms)
{
    const kundig__corpus *corpus = call->corpus;
    const uint32_t *purposes = corpus->dims[KUNDIG__DIM_PURPOSE].codes;
    const int64_t *times = kundig__corpus_times(corpus);
    for (uint32_t row = 0; row < corpus->rows; row++) {
        if (!kundig__row_is_current(corpus, row)) {
            continue;
        }
        int32_t rule = days[purposes ? purposes[row] : 0];
        int64_t time_ms = times ? times[row] : KUNDIG_TIME_ABSENT;
        if (rule == FORGET_NO_RULE) {
            call->out.unruled++;
        } else if (rule >= 0 && time_ms == KUNDIG_TIME_ABSENT) {
            call->out.timeless++;
        } else if (rule >= 0 && time_ms < as_of_ms - rule * KUNDIG__DAY_MS) {
            call->records[kundig__identity_record(&corpus->identity, row)] = 1;
        }
    }
}

int kundig__forget_expired(kundig__corpus *corpus, int64_t as_of_ms, kundig__forgetting *out,
                           kundig_error *err)
{
    size_t count = (size_t)corpus->dims[KUNDIG__DIM_PURPOSE].dict.count + 1;
    forget_call call;
    if (!kundig__time_in_range(as_of_ms)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "the instant to count from lies outside the years 0001 to 9999");
    }
    forget_begin(&call, corpus);
    int32_t *days = kundig__alloc(call.mem, count * sizeof *days);
    int rc = days && forget_marks(&call) ? forget_rules(&call, days, count, err)
                                         : forget_nomem(&call, err);
    if (!rc) {
        forget_mark_expired(&call, days, as_of_ms);
        rc = forget_list_records(&call, err);
    }
    rc = rc ? rc : forget_judgements(&call, err);
    kundig__free(call.mem, days, count * sizeof *days);
    return forget_end(&call, rc, out);
}
