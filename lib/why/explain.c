/* kundig_explain(): why a score moved.
 *
 * The change is what kundig_compare() says. For each field the parts of the score in both sets are
 * summed (parts.h) and the change is split over them (kitagawa.c); comments are chosen from the set
 * and from the side that speak for a cause: who scored low for one that pulls the score down.
 * Invariant: contributions of a field sum to the change. Cost: a pass a field over the records,
 * customer by customer, one for the breaks, one or two for the comments of a field. */
#include "why/explain.h"

#include "base/math.h"
#include "base/text.h"
#include "corpus/rows.h"

#define EXPLAIN_QUOTES 2
#define EXPLAIN_QUOTED 64 /* causes of a field that get comments, the largest ones */
#define EXPLAIN_ALPHA  0.05

typedef struct explain_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig_query *query; /* with a metric; its group field is the one in hand */
    kundig__asked asked;
    const kundig__question *question;
    uint32_t nodes[2];
    uint8_t *sets; /* of a row: 0, 1, KUNDIG__IN_NEITHER */
    uint32_t rows;
    const kundig_explain_options *options;
    kundig_text fields[KUNDIG__MAX_GROUP_FIELDS];
    size_t field_count;
    bool chosen;           /* the fields are not the caller's */
    kundig_table *compare; /* one row */
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    kundig__said_change said;
    kundig__arena arena; /* texts in said */
    size_t told;         /* fields looked into */
    kundig_text told_fields[KUNDIG__MAX_GROUP_FIELDS];
    /* of a field: */
    kundig__score_parts parts;
    kundig__kitagawa moves;
    uint32_t shown;   /* causes */
    uint32_t quoted;  /* of them with comments */
    uint32_t *quotes; /* EXPLAIN_QUOTES rows a cause */
} explain_job;

/* ---- Columns --------------------------------------------------------------------------------- */

typedef struct explain_column {
    const char *name;
    int type;
    int unit; /* -1: the metric's */
} explain_column;

enum {
    CHANGE_METRIC,
    CHANGE_BEFORE,
    CHANGE_AFTER,
    CHANGE_CHANGE,
    CHANGE_LO,
    CHANGE_HI,
    CHANGE_SE,
    CHANGE_Z,
    CHANGE_P,
    CHANGE_DETECTABLE,
    CHANGE_BEFORE_N,
    CHANGE_AFTER_N,
    CHANGE_BEFORE_CUSTOMERS,
    CHANGE_AFTER_CUSTOMERS,
    CHANGE_EXCEEDS,
    CHANGE_SENTENCE,
    CHANGE_STATUS,
    CHANGE_METHOD,
    CHANGE_COLUMNS
};

static const explain_column change_columns[CHANGE_COLUMNS] = {
    {"metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"before", KUNDIG_COLUMN_NUMBER, -1},
    {"after", KUNDIG_COLUMN_NUMBER, -1},
    {"change", KUNDIG_COLUMN_NUMBER, -1},
    {"lo", KUNDIG_COLUMN_NUMBER, -1},
    {"hi", KUNDIG_COLUMN_NUMBER, -1},
    {"se", KUNDIG_COLUMN_NUMBER, -1},
    {"z", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
    {"p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
    {"detectable", KUNDIG_COLUMN_NUMBER, -1},
    {"before_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"after_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"before_customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"after_customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"exceeds_chance", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE},
    {"sentence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};

enum {
    SPLIT_FIELD,
    SPLIT_PARTS,
    SPLIT_MIX,
    SPLIT_MIX_LO,
    SPLIT_MIX_HI,
    SPLIT_RATE,
    SPLIT_RATE_LO,
    SPLIT_RATE_HI,
    SPLIT_MIX_BEFORE,
    SPLIT_RATE_BEFORE,
    SPLIT_INTERACTION,
    SPLIT_SIMPSON,
    SPLIT_SIMPSON_SURE,
    SPLIT_STATUS,
    SPLIT_COLUMNS
};

static const explain_column split_columns[SPLIT_COLUMNS] = {
    {"field", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"parts", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"mix", KUNDIG_COLUMN_NUMBER, -1},
    {"mix_lo", KUNDIG_COLUMN_NUMBER, -1},
    {"mix_hi", KUNDIG_COLUMN_NUMBER, -1},
    {"rate", KUNDIG_COLUMN_NUMBER, -1},
    {"rate_lo", KUNDIG_COLUMN_NUMBER, -1},
    {"rate_hi", KUNDIG_COLUMN_NUMBER, -1},
    {"mix_before", KUNDIG_COLUMN_NUMBER, -1},
    {"rate_before", KUNDIG_COLUMN_NUMBER, -1},
    {"interaction", KUNDIG_COLUMN_NUMBER, -1},
    {"simpson", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE},
    {"simpson_sure", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE},
    {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};

enum {
    CAUSE_FIELD,
    CAUSE_VALUE,
    CAUSE_TITLE,
    CAUSE_CONTRIBUTION,
    CAUSE_LO,
    CAUSE_HI,
    CAUSE_P,
    CAUSE_Q,
    CAUSE_MIX,
    CAUSE_RATE,
    CAUSE_BEFORE,
    CAUSE_AFTER,
    CAUSE_BEFORE_SHARE,
    CAUSE_AFTER_SHARE,
    CAUSE_BEFORE_N,
    CAUSE_AFTER_N,
    CAUSE_BEFORE_CUSTOMERS,
    CAUSE_AFTER_CUSTOMERS,
    CAUSE_QUOTE_1,
    CAUSE_QUOTE_2,
    CAUSE_STATUS,
    CAUSE_COLUMNS
};

static const explain_column cause_columns[CAUSE_COLUMNS] = {
    {"field", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"value", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"contribution", KUNDIG_COLUMN_NUMBER, -1},
    {"lo", KUNDIG_COLUMN_NUMBER, -1},
    {"hi", KUNDIG_COLUMN_NUMBER, -1},
    {"p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
    {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
    {"mix", KUNDIG_COLUMN_NUMBER, -1},
    {"rate", KUNDIG_COLUMN_NUMBER, -1},
    {"before", KUNDIG_COLUMN_NUMBER, -1},
    {"after", KUNDIG_COLUMN_NUMBER, -1},
    {"before_share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
    {"after_share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
    {"before_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"after_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"before_customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"after_customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
    {"quote_1", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"quote_2", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};

static int explain_open(explain_job *job, int which, const explain_column *columns, size_t count,
                        kundig_error *err)
{
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        int unit = columns[i].unit < 0 ? job->asked.metric->unit : columns[i].unit;
        kundig__table_column(table, columns[i].name, columns[i].type, unit);
    }
    job->tables[which] = table;
    return KUNDIG_OK;
}

/* ---- The change ------------------------------------------------------------------------------ */

static size_t explain_column_of(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

static double explain_number(const explain_job *job, const char *name)
{
    return kundig_table_number(job->compare, 0, explain_column_of(job->compare, name));
}

static uint64_t explain_count(const explain_job *job, const char *name)
{
    return (uint64_t)kundig_table_int(job->compare, 0, explain_column_of(job->compare, name));
}

static int explain_status(kundig_text name)
{
    int status = KUNDIG__STATUS_OK;
    while (status < KUNDIG__STATUS_SUPPRESSED &&
           !kundig__text_equal(name, kundig__str(kundig__status_name(status)))) {
        status++;
    }
    return status;
}

static int explain_compare(explain_job *job, kundig_error *err)
{
    kundig__said_change *said = &job->said;
    job->query->group_field_count = 0;
    int rc =
        kundig__compare(job->corpus, job->query, job->nodes[0], job->nodes[1], &job->compare, err);
    if (rc) {
        return rc;
    }
    const kundig_table *table = job->compare;
    said->language = job->options->sentences;
    said->title = job->asked.metric->title;
    said->unit = job->asked.metric->unit;
    said->level = job->asked.level;
    said->status = explain_status(kundig_table_text(table, 0, explain_column_of(table, "status")));
    said->method = kundig_table_text(table, 0, explain_column_of(table, "method")).data;
    said->before = explain_number(job, "a");
    said->after = explain_number(job, "b");
    said->change = explain_number(job, "difference");
    said->lo = explain_number(job, "lo");
    said->hi = explain_number(job, "hi");
    said->detectable = explain_number(job, "detectable");
    said->n[0] = explain_count(job, "a_n");
    said->n[1] = explain_count(job, "b_n");
    said->customers[0] = explain_count(job, "a_customers");
    said->customers[1] = explain_count(job, "b_customers");
    size_t p = explain_column_of(table, "p");
    said->exceeds = said->status == KUNDIG__STATUS_OK && !kundig_table_is_null(table, 0, p) &&
                    kundig_table_number(table, 0, p) <= 1 - said->level;
    return KUNDIG_OK;
}

static void explain_copy(explain_job *job, kundig_table *out, size_t column, const char *name)
{
    const kundig_table *from = job->compare;
    size_t at = explain_column_of(from, name);
    if (kundig_table_is_null(from, 0, at)) {
        return;
    }
    switch (kundig_table_column_type(from, at)) {
    case KUNDIG_COLUMN_TEXT:
        kundig__table_set_text(out, column, kundig_table_text(from, 0, at));
        break;
    case KUNDIG_COLUMN_INT:
        kundig__table_set_int(out, column, kundig_table_int(from, 0, at));
        break;
    default:
        kundig__table_set_number(out, column, kundig_table_number(from, 0, at));
        break;
    }
}

static int explain_change(explain_job *job, kundig_error *err)
{
    static const char *const names[] = {"metric", "a",   "b",           "difference", "lo",
                                        "hi",     "se",  "z",           "p",          "detectable",
                                        "a_n",    "b_n", "a_customers", "b_customers"};
    kundig_table *table = job->tables[KUNDIG_EXPLAIN_CHANGE];
    kundig__buf sentence;
    kundig__table_row(table);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        explain_copy(job, table, i, names[i]);
    }
    explain_copy(job, table, CHANGE_STATUS, "status");
    if (job->said.status == KUNDIG__STATUS_NO_DATA) {
        bool before = job->said.n[0] > 0;
        kundig__table_set_text(table, CHANGE_METHOD,
                               before           ? KUNDIG__TEXT("no answer after")
                               : job->said.n[1] ? KUNDIG__TEXT("no answer before")
                                                : KUNDIG__TEXT("no answer"));
    } else {
        explain_copy(job, table, CHANGE_METHOD, "method");
    }
    if (job->said.status == KUNDIG__STATUS_OK) {
        kundig__table_set_bool(table, CHANGE_EXCEEDS, job->said.exceeds);
    }
    kundig__buf_init(&sentence, job->mem);
    job->said.fields = job->told_fields;
    job->said.field_count = job->told;
    kundig__say_change(&job->said, &sentence);
    int rc = sentence.failed ? kundig__nomem(job->mem, err) : KUNDIG_OK;
    if (!rc) {
        kundig__table_set_text(table, CHANGE_SENTENCE, kundig__text(sentence.data, sentence.len));
    }
    kundig__buf_free(&sentence);
    kundig__table_copy_notes(table, job->compare);
    return rc;
}

/* ---- Comments of causes ---------------------------------------------------------------------- */

/* Whose comments speak for a cause: of the set in which the part weighs more where it is mix, of
 * the later one where it is rate; of those who scored as the part does, or as it has come to. */
static uint8_t explain_lean(const kundig__cause *cause, uint32_t *set)
{
    bool mix = (cause->mix < 0 ? -cause->mix : cause->mix) >
               (cause->rate < 0 ? -cause->rate : cause->rate);
    double grown = cause->shares[1] - cause->shares[0];
    *set = !mix || grown > 0;
    if (!(cause->shares[*set] > 0)) {
        *set = 1 - *set;
    }
    double way = mix && grown < 0 ? -cause->contribution : cause->contribution;
    return way < 0 ? KUNDIG__QUOTES_LOW : KUNDIG__QUOTES_HIGH;
}

/* The bounds of low and high answers: the worst and the best where answers count in steps, else
 * the mean of both sets. */
static void explain_bounds(const explain_job *job, kundig__quotes_ask *ask)
{
    const kundig__metric *metric = job->asked.metric;
    if (kundig__metric_is_of_values(metric)) {
        double middle = (job->said.before + job->said.after) / 2 * 1000;
        ask->low = (int64_t)kundig__floor(middle);
        ask->high = ask->low + 1;
    } else {
        ask->low = metric->low == KUNDIG__NO_STEP ? 0 : -1;
        ask->high = 1;
    }
}

/* parts[set * groups + group]: the cause that takes comments from there. */
static void explain_quote_parts(const explain_job *job, const kundig__grouping *grouping,
                                uint32_t *parts, uint8_t *leans)
{
    uint32_t groups = kundig__grouping_count(grouping);
    memset(parts, 0xFF, 2 * (size_t)groups * sizeof *parts);
    for (uint32_t i = 0; i < job->quoted; i++) {
        uint32_t part = job->moves.order[i];
        uint32_t set = 0;
        leans[i] = explain_lean(&job->moves.causes[part], &set);
        for (uint32_t group = 0; group < groups; group++) {
            char buffer[32];
            kundig_text key = kundig__grouping_key(grouping, group, 0, buffer);
            if (kundig__text_equal(key, job->parts.keys[part])) {
                parts[(size_t)set * groups + group] = i;
                break;
            }
        }
    }
}

static int explain_quotes(explain_job *job, kundig_error *err)
{
    kundig__grouping *grouping = NULL;
    uint8_t leans[EXPLAIN_QUOTED];
    job->quoted = job->shown < EXPLAIN_QUOTED ? job->shown : EXPLAIN_QUOTED;
    job->quotes = kundig__alloc(job->mem, job->quoted * EXPLAIN_QUOTES * sizeof *job->quotes);
    if (!job->quotes) {
        return kundig__nomem(job->mem, err);
    }
    /* Which rows are in a set is known, and what they are grouped by does not depend on it. */
    int rc = kundig__grouping_new(job->corpus, job->query, KUNDIG__NO_NODE, &grouping, err);
    if (rc) {
        return rc;
    }
    size_t size = 2 * (size_t)kundig__grouping_count(grouping) * sizeof(uint32_t);
    uint32_t *parts = kundig__alloc(job->mem, size);
    if (parts) {
        kundig__quotes_ask ask = {.grouping = grouping,
                                  .parts = parts,
                                  .sets = job->sets,
                                  .set_count = 2,
                                  .part_count = job->quoted,
                                  .most = EXPLAIN_QUOTES,
                                  .leans = leans,
                                  .asked = &job->asked,
                                  .question = job->question};
        explain_bounds(job, &ask);
        explain_quote_parts(job, grouping, parts, leans);
        rc = kundig__quotes_of(job->corpus, &ask, job->quotes, err);
    } else {
        rc = kundig__nomem(job->mem, err);
    }
    kundig__free(job->mem, parts, size);
    kundig__grouping_free(grouping);
    return rc;
}

/* ---- Rows of a field ------------------------------------------------------------------------- */

static void explain_split_row(explain_job *job, kundig_text field, bool known)
{
    kundig_table *table = job->tables[KUNDIG_EXPLAIN_SPLITS];
    const kundig__split *split = &job->moves.split;
    kundig__table_row(table);
    kundig__table_set_text(table, SPLIT_FIELD, field);
    kundig__table_set_int(table, SPLIT_PARTS, job->parts.count);
    kundig__table_set_text(table, SPLIT_STATUS, kundig__str(kundig__status_name(job->said.status)));
    if (known) {
        const double numbers[] = {split->mix,        split->mix_lo,      split->mix_hi,
                                  split->rate,       split->rate_lo,     split->rate_hi,
                                  split->mix_before, split->rate_before, split->interaction};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            kundig__table_set_number(table, SPLIT_MIX + i, numbers[i]);
        }
        kundig__table_set_bool(table, SPLIT_SIMPSON, split->simpson);
        kundig__table_set_bool(table, SPLIT_SIMPSON_SURE, split->sure);
    }
}

static int explain_cause_row(explain_job *job, kundig_text field, uint32_t at, bool known,
                             kundig_error *err)
{
    kundig_table *table = job->tables[KUNDIG_EXPLAIN_CAUSES];
    uint32_t part = known ? job->moves.order[at] : at;
    const kundig__score_part *sums = &job->parts.parts[part];
    kundig__table_row(table);
    kundig__table_set_text(table, CAUSE_FIELD, field);
    kundig__table_set_text(table, CAUSE_VALUE, job->parts.keys[part]);
    kundig__table_set_text(table, CAUSE_TITLE, job->parts.titles[part]);
    kundig__table_set_text(table, CAUSE_STATUS, kundig__str(kundig__status_name(job->said.status)));
    for (size_t set = 0; set < 2; set++) {
        kundig__table_set_int(table, CAUSE_BEFORE_N + set, (int64_t)sums->sets[set].n);
        if (sums->sets[set].customers) {
            kundig__table_set_int(table, CAUSE_BEFORE_CUSTOMERS + set,
                                  (int64_t)sums->sets[set].customers);
        }
    }
    if (!known) {
        return KUNDIG_OK;
    }
    const kundig__cause *cause = &job->moves.causes[part];
    const double numbers[] = {
        cause->contribution, cause->lo,   cause->hi,        cause->p,         cause->q,
        cause->mix,          cause->rate, cause->scores[0], cause->scores[1], cause->shares[0],
        cause->shares[1]};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        kundig__table_set_number(table, CAUSE_CONTRIBUTION + i, numbers[i]);
    }
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < EXPLAIN_QUOTES && at < job->quoted && !rc; i++) {
        rc = kundig__quotes_set(table, CAUSE_QUOTE_1 + i, job->corpus,
                                job->quotes[at * EXPLAIN_QUOTES + i], err);
    }
    return rc;
}

/* The sentence names causes of the first field that has one: those of several overlap. */
static int explain_say_causes(explain_job *job, kundig_text field, kundig_error *err)
{
    kundig__said_change *said = &job->said;
    bool open = said->cause_count == 0;
    for (uint32_t i = 0; i < job->moves.count && open; i++) {
        uint32_t part = job->moves.order[i];
        const kundig__cause *cause = &job->moves.causes[part];
        bool along = (cause->contribution < 0) == (said->change < 0);
        if (!(cause->q <= EXPLAIN_ALPHA) || (said->exceeds && !along) ||
            said->cause_count == KUNDIG__SAID_CAUSES) {
            continue;
        }
        kundig_text name =
            job->parts.titles[part].data ? job->parts.titles[part] : job->parts.keys[part];
        kundig__said_cause *told = &said->causes[said->cause_count++];
        *told = (kundig__said_cause){field, name, cause->contribution, cause->lo, cause->hi};
        if (name.data) {
            told->value = kundig__arena_text(&job->arena, name);
            if (!told->value.data) {
                return kundig__nomem(job->mem, err);
            }
        }
    }
    if (job->moves.split.sure && !said->simpson.data) {
        said->simpson = field;
        said->simpson_rate = job->moves.split.rate;
    }
    return KUNDIG_OK;
}

static int explain_field_rows(explain_job *job, kundig_text field, kundig_error *err)
{
    bool known = job->said.status == KUNDIG__STATUS_OK && job->parts.whole[0].B > 0 &&
                 job->parts.whole[1].B > 0;
    uint64_t limit = job->options->limit;
    job->shown = limit && limit < job->parts.count ? (uint32_t)limit : job->parts.count;
    job->quoted = 0;
    int rc =
        known ? kundig__kitagawa_new(&job->parts, job->asked.level, &job->moves, err) : KUNDIG_OK;
    kundig__score_parts_drop(&job->parts);
    rc = rc || !known ? rc : explain_quotes(job, err);
    rc = rc || !known ? rc : explain_say_causes(job, field, err);
    if (!rc) {
        explain_split_row(job, field, known);
    }
    for (uint32_t i = 0; i < job->shown && !rc; i++) {
        rc = explain_cause_row(job, field, i, known, err);
    }
    if (!rc && job->shown < job->parts.count) {
        kundig__table_note(job->tables[KUNDIG_EXPLAIN_CAUSES],
                           "%u values of %.*s in all; the %u largest are shown", job->parts.count,
                           kundig__shown(field), field.data, job->shown);
    }
    if (!rc && job->parts.crowded) {
        kundig__table_note(job->tables[KUNDIG_EXPLAIN_CAUSES],
                           "%llu records have more than %d values of %.*s and are split over "
                           "their first",
                           (unsigned long long)job->parts.crowded, KUNDIG__PARTS_MOST,
                           kundig__shown(field), field.data);
    }
    return rc;
}

static int explain_field(explain_job *job, kundig_text field, kundig_error *err)
{
    job->query->group_fields[0] = field;
    job->query->group_field_count = 1;
    int rc = kundig__score_parts_keep(job->corpus, job->query, &job->asked, job->question,
                                      job->nodes, 2, &job->parts, err);
    if (!rc && (!job->chosen || job->parts.count > 1)) {
        job->told_fields[job->told++] = field;
        rc = explain_field_rows(job, field, err);
    }
    kundig__free(job->mem, job->quotes, job->quoted * EXPLAIN_QUOTES * sizeof *job->quotes);
    job->quotes = NULL;
    kundig__kitagawa_free(&job->moves);
    kundig__score_parts_free(&job->parts);
    return rc;
}

/* ---- Which fields ---------------------------------------------------------------------------- */

static bool explain_has_texts(const explain_job *job)
{
    uint32_t rows = kundig__corpus_rows(job->corpus);
    uint32_t row = 0;
    while (row < rows && !kundig__corpus_text(job->corpus, row).len) {
        row++;
    }
    return row < rows;
}

static void explain_fields(explain_job *job, const kundig_query *query)
{
    static const int dims[] = {KUNDIG__DIM_TOUCHPOINT, KUNDIG__DIM_CHANNEL, KUNDIG__DIM_STAGE};
    job->chosen = !query->group_field_count;
    for (size_t i = 0; i < query->group_field_count; i++) {
        job->fields[job->field_count++] = query->group_fields[i];
    }
    if (job->chosen && explain_has_texts(job)) {
        job->fields[job->field_count++] = KUNDIG__TEXT("topic");
    }
    for (size_t i = 0; i < sizeof dims / sizeof *dims && job->chosen; i++) {
        if (kundig__corpus_dimension(job->corpus, dims[i])->dict.count > 1) {
            job->fields[job->field_count++] = kundig__str(kundig__dimension_name(dims[i]));
        }
    }
}

/* ---- The whole ------------------------------------------------------------------------------- */

static int explain_all(explain_job *job, kundig_error *err)
{
    int rc = explain_compare(job, err);
    rc = rc ? rc : explain_open(job, KUNDIG_EXPLAIN_CHANGE, change_columns, CHANGE_COLUMNS, err);
    rc = rc ? rc : explain_open(job, KUNDIG_EXPLAIN_SPLITS, split_columns, SPLIT_COLUMNS, err);
    rc = rc ? rc : explain_open(job, KUNDIG_EXPLAIN_CAUSES, cause_columns, CAUSE_COLUMNS, err);
    job->query->group_field_count = 0;
    rc = rc ? rc : kundig__rows_in_sets(job->corpus, job->query, job->nodes, job->sets, err);
    rc = rc ? rc
            : kundig__breaks(job->corpus, job->question, job->sets, job->options->sentences,
                             &job->said.breaks, &job->tables[KUNDIG_EXPLAIN_BREAKS], err);
    for (size_t i = 0; i < job->field_count && !rc; i++) {
        rc = explain_field(job, job->fields[i], err);
    }
    if (!rc) {
        kundig__table_note(job->tables[KUNDIG_EXPLAIN_CAUSES],
                           "scores and shares are of answers split equally over a record's values; "
                           "going together is no cause");
    }
    return rc ? rc : explain_change(job, err);
}

int kundig__explain(kundig__corpus *corpus, const kundig_query *query, uint32_t before,
                    uint32_t after, const kundig_explain_options *options,
                    kundig_table *out[KUNDIG_EXPLAIN_TABLES], kundig_error *err)
{
    explain_job job = {.corpus = corpus, .options = options, .nodes = {before, after}};
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES] = {NULL};
    if (options->sentences != KUNDIG_SENTENCES_ENGLISH &&
        options->sentences != KUNDIG_SENTENCES_GERMAN) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "sentences are KUNDIG_SENTENCES_");
    }
    int rc = kundig__why_ask(corpus, query, "topic", &job.query, &job.asked, &job.question, err);
    if (rc) {
        return rc;
    }
    job.mem = &kundig__corpus_context(corpus)->mem;
    kundig__arena_init(&job.arena, job.mem);
    job.rows = kundig__corpus_rows(corpus);
    job.sets = kundig__alloc(job.mem, job.rows);
    explain_fields(&job, query);
    rc = job.sets ? explain_all(&job, err) : kundig__nomem(job.mem, err);
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        if (rc) {
            kundig_table_free(job.tables[i]);
        } else if (i == KUNDIG_EXPLAIN_BREAKS) {
            tables[i] = job.tables[i]; /* is finished */
        } else {
            rc = kundig__table_finish(job.tables[i], &tables[i], err);
        }
    }
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        if (rc) {
            kundig_table_free(tables[i]);
        } else {
            out[i] = tables[i];
        }
    }
    kundig_table_free(job.compare);
    kundig__free(job.mem, job.sets, job.rows);
    kundig__arena_free(&job.arena);
    kundig_query_free(job.query);
    return rc;
}
