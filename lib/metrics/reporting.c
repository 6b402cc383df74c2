/* Reporting mode: who asks gets the tables of a plan and nothing else.
 *
 * A question is refused (KUNDIG_E_MODE) if it could choose its records: by a filter, a purpose, an
 * instant, a unit of customers, or fields and windows that were not declared. The first one fixes
 * the zone, for windows of another zone would cut the same records elsewhere. Notes hold no counts:
 * they would be differences between tables.
 *
 * Invariant: the plan belongs to the facts it was made of; other facts, another plan. Cost: the
 * plan's (suppress.c) with the first question, then that of kundig_measure(). */
#include "metrics/reporting.h"
#include "base/text.h"
#include "corpus/rows.h"

struct kundig__reporting {
    kundig__context *context;
    kundig__plan_rules rules;
    uint64_t comments;
    char *fields; /* the declared text, which the rules borrow from */
    size_t fields_len;
    char *zone; /* of the first question; NULL: none was asked */
    size_t zone_len;
    bool answered;
    kundig__plan *plan; /* NULL: none yet */
    uint64_t corpus;    /* whose plan it is: serial number, generation and rows of every kind */
    uint64_t generation;
    uint64_t rows;
};

/* ---- Opening -------------------------------------------------------------------------------- */

static int reporting_fields(kundig__reporting *reporting, kundig_error *err)
{
    kundig__plan_rules *rules = &reporting->rules;
    kundig_text rest = kundig__text(reporting->fields, reporting->fields_len);
    while (rest.len) {
        size_t end = 0;
        while (end < rest.len && rest.data[end] != ',') {
            end++;
        }
        kundig_text name = kundig__text_trim(kundig__text(rest.data, end));
        end += end < rest.len;
        rest = kundig__text(rest.data + end, rest.len - end);
        bool twice = false;
        for (size_t i = 0; i < rules->field_count; i++) {
            twice = twice || kundig__text_equal(rules->fields[i], name);
        }
        if (!name.len || twice || rules->field_count == KUNDIG__PLAN_MAX_FIELDS) {
            return kundig__fail(err, KUNDIG_E_ARG, 0,
                                "report_fields are at most %d different fields, parted by commas",
                                KUNDIG__PLAN_MAX_FIELDS);
        }
        rules->fields[rules->field_count++] = name;
    }
    return KUNDIG_OK;
}

int kundig__reporting_new(kundig__context *context, const kundig_options *options,
                          kundig__reporting **out, kundig_error *err)
{
    const uint32_t known = ((UINT32_C(1) << (KUNDIG_EVERY_YEAR + 1)) - 1) & ~UINT32_C(1);
    bool asks = options->report_comments || options->report_every || options->report_fields.len;
    *out = NULL;
    if (!options->report_k) {
        return asks ? kundig__fail(err, KUNDIG_E_ARG, 0,
                                   "reporting mode needs report_k, the fewest customers of a cell "
                                   "that is shown")
                    : KUNDIG_OK;
    }
    if (options->report_k < 2) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "report_k is 2 or more");
    }
    if (options->report_comments && options->report_comments < options->report_k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "report_comments is report_k or more");
    }
    if (options->report_every & ~known) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "report_every is 1 << KUNDIG_EVERY_DAY and the like, together");
    }
    if (!options->report_fields.data && options->report_fields.len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a text with a length is not NULL");
    }
    kundig__reporting *reporting = kundig__alloc_zero(&context->mem, sizeof *reporting);
    if (!reporting) {
        return kundig__nomem(&context->mem, err);
    }
    reporting->context = context;
    reporting->rules.k = options->report_k;
    reporting->rules.every = options->report_every;
    reporting->comments =
        options->report_comments ? options->report_comments : (uint64_t)options->report_k * 2;
    reporting->fields = kundig__alloc(&context->mem, options->report_fields.len + 1);
    int rc = reporting->fields ? KUNDIG_OK : kundig__nomem(&context->mem, err);
    if (!rc) {
        reporting->fields_len = options->report_fields.len;
        if (reporting->fields_len) {
            memcpy(reporting->fields, options->report_fields.data, reporting->fields_len);
        }
        reporting->fields[reporting->fields_len] = 0;
        rc = reporting_fields(reporting, err);
    }
    if (rc) {
        kundig__reporting_free(reporting);
        return rc;
    }
    *out = reporting;
    return KUNDIG_OK;
}

void kundig__reporting_free(kundig__reporting *reporting)
{
    if (reporting) {
        kundig__mem *mem = &reporting->context->mem;
        kundig__plan_free(reporting->plan);
        if (reporting->fields) {
            kundig__free(mem, reporting->fields, reporting->fields_len + 1);
        }
        if (reporting->zone) {
            kundig__free(mem, reporting->zone, reporting->zone_len + 1);
        }
        kundig__free(mem, reporting, sizeof *reporting);
    }
}

bool kundig__reporting_has_answered(const kundig__reporting *reporting)
{
    return reporting && reporting->answered;
}

/* ---- Asking --------------------------------------------------------------------------------- */

static int reporting_refuse(kundig_error *err, const char *what)
{
    return kundig__fail(err, KUNDIG_E_MODE, 0,
                        "in reporting mode %s: a question is a metric, by declared fields and "
                        "windows, over all records",
                        what);
}

static int reporting_check(const kundig_query *query, kundig_error *err)
{
    if (query->keep != KUNDIG__NO_NODE) {
        return reporting_refuse(err, "there are no filters");
    }
    if (query->purpose.data || query->as_of_ms != KUNDIG_TIME_ABSENT) {
        return reporting_refuse(err, "a question states no purpose and no instant");
    }
    if (query->unit != KUNDIG_OF_RECORDS) {
        return reporting_refuse(err, "records are counted");
    }
    return KUNDIG_OK;
}

/* The zone of the first question is that of all. */
static int reporting_zone(kundig__reporting *reporting, kundig_text zone, kundig_error *err)
{
    kundig__mem *mem = &reporting->context->mem;
    const kundig__zone *found;
    if (!zone.len) {
        zone = KUNDIG__TEXT("UTC");
    }
    if (reporting->zone) {
        bool same = kundig__text_equal(zone, kundig__text(reporting->zone, reporting->zone_len));
        return same
                   ? KUNDIG_OK
                   : kundig__fail(err, KUNDIG_E_MODE, 0,
                                  "in reporting mode the first question chooses the zone: it is "
                                  "%.*s",
                                  kundig__shown(kundig__text(reporting->zone, reporting->zone_len)),
                                  reporting->zone);
    }
    int rc = kundig__zone_get(reporting->context, zone, &found, err);
    if (rc) {
        return rc;
    }
    reporting->zone = kundig__alloc(mem, zone.len + 1);
    if (!reporting->zone) {
        return kundig__nomem(mem, err);
    }
    memcpy(reporting->zone, zone.data, zone.len);
    reporting->zone[zone.len] = 0;
    reporting->zone_len = zone.len;
    reporting->rules.zone = kundig__text(reporting->zone, reporting->zone_len);
    return KUNDIG_OK;
}

static int reporting_plan(kundig__reporting *reporting, kundig__corpus *corpus, kundig_text zone,
                          kundig_error *err)
{
    int rc = reporting_zone(reporting, zone, err);
    if (rc) {
        return rc;
    }
    uint64_t generation = kundig__corpus_generation(corpus);
    uint64_t serial = kundig__corpus_serial(corpus);
    uint64_t rows = 0;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        rows += kundig__fact_rows(corpus, kind);
    }
    if (reporting->plan && reporting->corpus == serial && reporting->generation == generation &&
        reporting->rows == rows) {
        return KUNDIG_OK;
    }
    kundig__plan_free(reporting->plan);
    reporting->plan = NULL;
    reporting->corpus = serial;
    reporting->generation = generation;
    reporting->rows = rows;
    return kundig__plan_new(corpus, &reporting->rules, &reporting->plan, err);
}

static int reporting_undeclared(const kundig__reporting *reporting, kundig_error *err)
{
    kundig_text fields = kundig__text(reporting->fields, reporting->fields_len);
    return kundig__fail(err, KUNDIG_E_MODE, 0,
                        "in reporting mode groups are declared fields (%.*s) and windows alone",
                        kundig__shown(fields), fields.data);
}

int kundig__reporting_measure(kundig__reporting *reporting, kundig__corpus *corpus,
                              const kundig_query *query, kundig_table **out, kundig_error *err)
{
    kundig__asked asked;
    kundig__field fields[KUNDIG__MAX_GROUP_FIELDS];
    kundig__veil veil = {NULL, NULL, NULL};
    int rc = reporting_check(query, err);
    rc = rc ? rc : kundig__ask(corpus, query, &asked, &veil.question, err);
    for (size_t i = 0; i < query->group_field_count && !rc; i++) {
        rc = kundig__field_resolve(corpus, query->group_fields[i], &fields[i], err);
    }
    if (rc) {
        return rc;
    }
    if (asked.metric->reads == KUNDIG__READS_TOPICS) {
        return reporting_refuse(err, "shares of topics are told by kundig_topics()");
    }
    if (kundig__metric_is_of_comments(asked.metric)) {
        return reporting_refuse(err, "sentiments and novelty are not told");
    }
    rc = reporting_plan(reporting, corpus, query->zone, err);
    if (rc) {
        return rc;
    }
    veil.plan = reporting->plan;
    veil.table = kundig__plan_table(veil.plan, fields, query->group_field_count, query->every);
    if (!veil.table) {
        return reporting_undeclared(reporting, err);
    }
    if (asked.metric->finish == kundig__finish_customers && !veil.plan->shows_customers) {
        return reporting_refuse(err, "customers who come back are not counted, for their numbers "
                                     "would give away hidden cells");
    }
    rc = kundig__measure_veiled(corpus, query, &veil, out, err);
    reporting->answered = reporting->answered || !rc;
    return rc;
}

int kundig__reporting_topics(kundig__reporting *reporting, kundig__corpus *corpus,
                             const kundig_query *query, size_t limit, kundig_table **out,
                             kundig_error *err)
{
    kundig__topics_limits limits = {reporting->rules.k, reporting->comments};
    kundig__asked asked;
    const kundig__question *question = NULL;
    int rc = reporting_check(query, err);
    if (!rc && query->metric.data) {
        rc = kundig__ask(corpus, query, &asked, &question, err);
        if (!rc && kundig__metric_is_of_comments(asked.metric)) {
            rc = reporting_refuse(err, "sentiments and novelty are not told");
        }
    }
    rc = rc ? rc : reporting_plan(reporting, corpus, query->zone, err);
    if (rc) {
        return rc;
    }
    const kundig__cube *cube = &reporting->plan->cube;
    for (size_t s = 0; question && s + 1 < cube->group_count; s++) {
        /* By topic nothing protects the difference between the two. */
        if (cube->systems[s].question == question && cube->systems[s].mixed &&
            asked.metric->kinds == KUNDIG__KINDS_ALL) {
            return reporting_refuse(err, "topics are not scored by answers of employees and "
                                         "others together");
        }
    }
    rc = kundig__topics_limited(corpus, query, limit, &limits, out, err);
    reporting->answered = reporting->answered || !rc;
    return rc;
}

/* ---- Notes ---------------------------------------------------------------------------------- */

void kundig__veil_notes(const kundig__veil *veil, bool hides, bool timeless, kundig_table *table)
{
    unsigned long long k = veil->plan->cube.k;
    if (veil->table->withheld || kundig__veil_says(veil, UINT32_MAX) == KUNDIG__PLAN_WITHHELD) {
        kundig__table_note(table,
                           "this table is not told: it cannot be without giving away cells of "
                           "fewer than %llu customers",
                           k);
    } else if (hides) {
        kundig__table_note(table,
                           "suppressed are cells of fewer than %llu customers, and cells that "
                           "would give them away",
                           k);
    }
    if (timeless && veil->table->window >= 0) {
        kundig__table_note(table, "records without a time are left out");
    }
}
