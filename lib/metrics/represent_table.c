/* What kundig_represent() tells: the groups of the base, and how well the whole stands for it.
 *
 * Cost: the order of the base's people by what is known of them. */
#include <inttypes.h>

#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "metrics/represent.h"

typedef struct represent_group {
    size_t field;
    uint32_t code;
    uint32_t base;
    uint32_t answered;
} represent_group;

static double represent_nan(void)
{
    double zero = 0;
    return zero / zero;
}

static double represent_quantile(const kundig__represent_job *job)
{
    return kundig__normal_quantile(0.5 + job->asked.level / 2);
}

/* ---- Groups --------------------------------------------------------------------------------- */

static int represent_group_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__base_field *field = ud;
    return field->ranks[a] < field->ranks[b] ? -1 : field->ranks[a] > field->ranks[b];
}

/* The groups of all fields, by field and value; *out holds capacity of them. */
static int represent_groups(const kundig__represent_job *job, represent_group *groups,
                            uint32_t *codes, size_t *out, kundig_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < job->field_count; i++) {
        const kundig__base_field *field = &job->fields[i];
        uint32_t values = field->values.count + 1;
        represent_group *first = groups + count;
        uint32_t *at = kundig__alloc(job->mem, values * sizeof *at);
        if (!at) {
            return kundig__nomem(job->mem, err);
        }
        for (uint32_t code = 0; code < values; code++) {
            codes[code] = code;
        }
        kundig__order_sort(codes, values, represent_group_order, field);
        for (uint32_t place = 0; place < values; place++) {
            at[codes[place]] = place;
            first[place] = (represent_group){i, codes[place], 0, 0};
        }
        for (uint32_t person = 0; person < job->base; person++) {
            represent_group *group = &first[at[field->codes[person]]];
            group->base++;
            group->answered += job->answered[person];
        }
        kundig__free(job->mem, at, values * sizeof *at);
        for (uint32_t place = 0; place < values; place++) {
            if (first[place].base) {
                groups[count++] = first[place];
            }
        }
    }
    *out = count;
    return KUNDIG_OK;
}

/* Does a group answer as the others do? The test of two shares with a common variance. */
static double represent_p(const kundig__represent_job *job, const represent_group *group)
{
    double n1 = group->base;
    double n2 = (double)job->base - n1;
    double p = job->answered_count / (double)job->base;
    double variance = p * (1 - p) * (1 / n1 + 1 / n2);
    if (!(n2 > 0) || !(variance > 0)) {
        return represent_nan();
    }
    double difference = group->answered / n1 - (job->answered_count - group->answered) / n2;
    double z = kundig__abs(difference) / kundig__sqrt(variance);
    return kundig__erfc(z / kundig__sqrt(2));
}

static void represent_group_rows(const kundig__represent_job *job, const represent_group *groups,
                                 size_t count, const double *p, const double *q,
                                 kundig_table *table)
{
    double z = represent_quantile(job);
    for (size_t i = 0; i < count; i++) {
        const represent_group *group = &groups[i];
        const kundig__base_field *field = &job->fields[group->field];
        double rate = group->answered / (double)group->base;
        kundig__interval interval = kundig__wilson(rate, group->base, z);
        double share_base = group->base / (double)job->base;
        kundig__table_row(table);
        kundig__table_set_text(table, 0, field->name);
        if (group->code) {
            kundig__table_set_text(table, 1, kundig__dict_text(&field->values, group->code - 1));
        }
        kundig__table_set_int(table, 2, group->base);
        kundig__table_set_int(table, 3, group->answered);
        kundig__table_set_number(table, 4, rate);
        kundig__table_set_number(table, 5, interval.lo);
        kundig__table_set_number(table, 6, interval.hi);
        kundig__table_set_number(table, 7, share_base);
        if (job->answered_count) {
            double share = group->answered / (double)job->answered_count;
            kundig__table_set_number(table, 8, share);
            kundig__table_set_number(table, 9, share - share_base);
        }
        kundig__table_set_number(table, 10, p[i]);
        kundig__table_set_number(table, 11, q[i]);
    }
}

static int represent_group_table(const kundig__represent_job *job, kundig_table **out,
                                 kundig_error *err)
{
    static const struct {
        const char *name;
        int type;
        int unit;
    } columns[] = {{"field", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"value", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"base", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"answered", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"rate", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"share_base", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"share_answered", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"difference", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
                   {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE}};
    kundig__mem *mem = job->mem;
    kundig_table *table = NULL;
    size_t most = 0;
    size_t widest = 0;
    size_t count = 0;
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < job->field_count; i++) {
        size_t values = (size_t)job->fields[i].values.count + 1;
        most += values;
        widest = values > widest ? values : widest;
    }
    represent_group *groups = kundig__alloc(mem, most * sizeof *groups);
    uint32_t *codes = kundig__alloc(mem, (most > widest ? most : widest) * sizeof *codes);
    double *p = kundig__alloc(mem, most * sizeof *p);
    double *q = kundig__alloc(mem, most * sizeof *q);
    if (!groups || !codes || !p || !q) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    rc = represent_groups(job, groups, codes, &count, err);
    table = rc ? NULL : kundig__table_new(mem);
    if (!table) {
        rc = rc ? rc : kundig__nomem(mem, err);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        p[i] = represent_p(job, &groups[i]);
    }
    kundig__benjamini_hochberg(p, count, q, codes);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type, columns[i].unit);
    }
    represent_group_rows(job, groups, count, p, q, table);
    rc = kundig__table_finish(table, out, err);
done:
    kundig__free(mem, groups, groups ? most * sizeof *groups : 0);
    kundig__free(mem, codes, codes ? most * sizeof *codes : 0);
    kundig__free(mem, p, p ? most * sizeof *p : 0);
    kundig__free(mem, q, q ? most * sizeof *q : 0);
    return rc;
}

/* ---- The whole base ------------------------------------------------------------------------- */

static int represent_person_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__represent_job *job = ud;
    for (size_t i = 0; i < job->field_count; i++) {
        const kundig__base_field *field = &job->fields[i];
        uint32_t x = field->ranks[field->codes[a]];
        uint32_t y = field->ranks[field->codes[b]];
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return 0;
}

/* The R-indicator of all combinations of the fields; few: cells of fewer than 5 people. */
static int represent_indicator(const kundig__represent_job *job, kundig__indicator *out, bool *told,
                               size_t *few, kundig_error *err)
{
    kundig__mem *mem = job->mem;
    size_t size = job->base * sizeof(uint32_t);
    uint32_t *people = kundig__alloc(mem, size);
    uint32_t *base = kundig__alloc(mem, size);
    uint32_t *answered = kundig__alloc(mem, size);
    bool made = people && base && answered;
    if (made) {
        size_t cells = 0;
        for (uint32_t i = 0; i < job->base; i++) {
            people[i] = i;
        }
        kundig__order_sort(people, job->base, represent_person_order, job);
        for (uint32_t i = 0; i < job->base; i++) {
            if (!i || represent_person_order(job, people[i - 1], people[i])) {
                base[cells] = 0;
                answered[cells++] = 0;
            }
            base[cells - 1]++;
            answered[cells - 1] += job->answered[people[i]];
        }
        for (size_t i = 0; i < cells; i++) {
            *few += base[i] < 5;
        }
        *told = kundig__r_indicator(base, answered, cells, represent_quantile(job), out);
    }
    kundig__free(mem, people, people ? size : 0);
    kundig__free(mem, base, base ? size : 0);
    kundig__free(mem, answered, answered ? size : 0);
    return made ? KUNDIG_OK : kundig__nomem(mem, err);
}

/* The worst and best that one person may say. */
static void represent_bounds(const kundig__asked *asked, double *lowest, double *highest)
{
    const kundig__metric *metric = asked->metric;
    if (kundig__metric_is_of_values(metric)) {
        *lowest = asked->minimum / 1000.0;
        *highest = asked->maximum / 1000.0;
    } else {
        *lowest = metric->low == KUNDIG__NO_STEP ? 0 : -1;
        *highest = 1;
    }
}

enum {
    REPRESENT_BASED_ON,
    REPRESENT_BASE,
    REPRESENT_ANSWERED,
    REPRESENT_RATE,
    REPRESENT_LO,
    REPRESENT_HI,
    REPRESENT_CELLS,
    REPRESENT_R,
    REPRESENT_R_ADJUSTED,
    REPRESENT_R_LO,
    REPRESENT_R_HI,
    REPRESENT_METRIC,
    REPRESENT_SCORED,
    REPRESENT_VALUE,
    REPRESENT_VALUE_LO,
    REPRESENT_VALUE_HI,
    REPRESENT_LOWEST,
    REPRESENT_HIGHEST,
    REPRESENT_STATUS,
    REPRESENT_METHOD
};

static void represent_columns(kundig_table *table, int unit)
{
    static const struct {
        const char *name;
        int type;
        int unit; /* -1: the metric's */
    } columns[] = {{"based_on", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"base", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"answered", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"rate", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"cells", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"r_indicator", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"r_adjusted", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"r_lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"r_hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"scored", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"value", KUNDIG_COLUMN_NUMBER, -1},
                   {"value_lo", KUNDIG_COLUMN_NUMBER, -1},
                   {"value_hi", KUNDIG_COLUMN_NUMBER, -1},
                   {"lowest", KUNDIG_COLUMN_NUMBER, -1},
                   {"highest", KUNDIG_COLUMN_NUMBER, -1},
                   {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type,
                             columns[i].unit < 0 ? unit : columns[i].unit);
    }
}

/* The score, and what it would be if everybody else were at the end of the scale. */
static void represent_score(const kundig__represent_job *job, kundig_table *table)
{
    kundig__estimate estimate;
    char method[96];
    double scored = (double)job->cell.customers;
    double others = job->base - scored;
    double lowest;
    double highest;
    kundig__cell_finish(&job->cell, &job->asked, &estimate);
    kundig__method_text(estimate.method, estimate.weighted, estimate.clustered, job->asked.unit,
                        method);
    kundig__table_set_text(table, REPRESENT_METRIC, kundig__str(job->asked.metric->name));
    kundig__table_set_int(table, REPRESENT_SCORED, (int64_t)job->cell.customers);
    kundig__table_set_text(table, REPRESENT_STATUS,
                           kundig__str(kundig__status_name(estimate.status)));
    kundig__table_set_text(table, REPRESENT_METHOD, kundig__str(method));
    if (estimate.status == KUNDIG__STATUS_OK) {
        represent_bounds(&job->asked, &lowest, &highest);
        kundig__table_set_number(table, REPRESENT_VALUE, estimate.value);
        kundig__table_set_number(table, REPRESENT_VALUE_LO, estimate.lo);
        kundig__table_set_number(table, REPRESENT_VALUE_HI, estimate.hi);
        kundig__table_set_number(table, REPRESENT_LOWEST,
                                 (scored * estimate.value + others * lowest) / job->base);
        kundig__table_set_number(table, REPRESENT_HIGHEST,
                                 (scored * estimate.value + others * highest) / job->base);
    }
}

static void represent_notes(const kundig__represent_job *job, size_t cells, size_t few,
                            kundig_table *table)
{
    kundig__left_out_notes(&job->counted.left_out, table);
    if (job->nameless) {
        kundig__table_note(table,
                           "%" PRIu64 " records name no customer: who answered by them, and "
                           "whether they are of the base, is not known",
                           job->nameless);
    }
    if (job->strangers) {
        kundig__table_note(table, "%" PRIu64 " customers answered who %s: they are left out",
                           job->strangers,
                           job->invited ? "were not invited" : "are not among those known");
    }
    if (few) {
        kundig__table_note(table,
                           "%zu of %zu groups of the R-indicator have fewer than 5 customers: "
                           "group by less",
                           few, cells);
    }
    for (size_t i = 0; i < job->field_count; i++) {
        if (!job->fields[i].known) {
            kundig__table_note(table, "no customer has a %.*s: nothing tells them apart",
                               kundig__shown(job->fields[i].name), job->fields[i].name.data);
        }
    }
}

static int represent_summary(const kundig__represent_job *job, kundig_table **out,
                             kundig_error *err)
{
    kundig__indicator indicator = {0};
    bool told = false;
    size_t few = 0;
    int rc = represent_indicator(job, &indicator, &told, &few, err);
    if (rc) {
        return rc;
    }
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    represent_columns(table, job->asked.metric->unit);
    double rate = job->answered_count / (double)job->base;
    kundig__interval interval = kundig__wilson(rate, job->base, represent_quantile(job));
    kundig__table_row(table);
    kundig__table_set_text(table, REPRESENT_BASED_ON,
                           job->invited ? KUNDIG__TEXT("invitations") : KUNDIG__TEXT("customers"));
    kundig__table_set_int(table, REPRESENT_BASE, job->base);
    kundig__table_set_int(table, REPRESENT_ANSWERED, job->answered_count);
    kundig__table_set_number(table, REPRESENT_RATE, rate);
    kundig__table_set_number(table, REPRESENT_LO, interval.lo);
    kundig__table_set_number(table, REPRESENT_HI, interval.hi);
    kundig__table_set_int(table, REPRESENT_CELLS, (int64_t)indicator.cells);
    if (told) {
        kundig__table_set_number(table, REPRESENT_R, indicator.r);
        kundig__table_set_number(table, REPRESENT_R_ADJUSTED, indicator.adjusted);
        kundig__table_set_number(table, REPRESENT_R_LO, indicator.lo);
        kundig__table_set_number(table, REPRESENT_R_HI, indicator.hi);
    }
    if (job->has_metric) {
        represent_score(job, table);
    } else {
        kundig__table_set_text(table, REPRESENT_STATUS,
                               kundig__str(kundig__status_name(KUNDIG__STATUS_NO_DATA)));
        kundig__table_set_text(table, REPRESENT_METHOD, KUNDIG__TEXT("no answer"));
    }
    represent_notes(job, indicator.cells, told ? few : 0, table);
    return kundig__table_finish(table, out, err);
}

int kundig__represent_tables(kundig__represent_job *job, kundig_table *out[KUNDIG_REPRESENT_TABLES],
                             kundig_error *err)
{
    kundig_table *groups = NULL;
    kundig_table *summary = NULL;
    int rc = represent_group_table(job, &groups, err);
    rc = rc ? rc : represent_summary(job, &summary, err);
    if (rc) {
        kundig_table_free(groups);
        return rc;
    }
    out[KUNDIG_REPRESENT_GROUPS] = groups;
    out[KUNDIG_REPRESENT_SUMMARY] = summary;
    return KUNDIG_OK;
}
