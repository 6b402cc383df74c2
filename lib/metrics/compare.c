/* kundig_compare(): the difference of two sets of records in every group, with one p-value a row
 * and Benjamini-Hochberg over the rows.
 *
 * The two sets number their groups on their own; groups are joined by their key bytes. A customer
 * in both sets makes the two values depend on each other: their products are summed as integers.
 * Shares by topic have a row for every topic that somebody speaks of, in every group.
 * Cost: two gathers of labels, one pass of tallies and rosters, 8 bytes a row while it runs. */
#include <inttypes.h>

#include "base/math.h"
#include "base/text.h"
#include "metrics/share.h"

typedef struct compare_group {
    uint32_t number[2]; /* KUNDIG__NO_GROUP: not in this set */
} compare_group;

typedef struct compare_job {
    kundig__mem *mem;
    kundig__gather *gather;
    kundig__side sides[2];
    compare_group *groups;
    size_t count;
    size_t capacity;
    /* of shares by topic: */
    kundig__share_plan plan;
    kundig__share share;
    kundig__share_group *share_groups;
    kundig__share_rows share_rows;
    size_t row_count;
    kundig__contrast *contrasts; /* a row */
    double *p;
    double *q;
    uint32_t *scratch;
} compare_job;

static void compare_end(compare_job *job)
{
    kundig__free(job->mem, job->contrasts, job->row_count * sizeof *job->contrasts);
    kundig__free(job->mem, job->p, job->row_count * sizeof *job->p);
    kundig__free(job->mem, job->q, job->row_count * sizeof *job->q);
    kundig__free(job->mem, job->scratch, job->row_count * sizeof *job->scratch);
    kundig__free(job->mem, job->share_groups, job->count * sizeof *job->share_groups);
    kundig__free(job->mem, job->groups, job->capacity * sizeof *job->groups);
    kundig__share_rows_free(&job->share_rows);
    kundig__share_free(&job->share);
    kundig__share_plan_free(&job->plan);
    kundig__side_free(&job->sides[0]);
    kundig__side_free(&job->sides[1]);
}

static int compare_keys(const compare_job *job, uint32_t a, uint32_t b)
{
    const kundig__grouping *ga = job->sides[0].grouping;
    const kundig__grouping *gb = job->sides[1].grouping;
    for (size_t key = 0; key < kundig__grouping_key_count(ga); key++) {
        char buffer_a[32];
        char buffer_b[32];
        int order = kundig__text_order(kundig__grouping_key(ga, a, key, buffer_a),
                                       kundig__grouping_key(gb, b, key, buffer_b));
        if (order) {
            return order;
        }
    }
    return 0;
}

static void compare_group_add(compare_job *job, compare_group group)
{
    for (uint32_t set = 0; set < 2; set++) {
        if (group.number[set] != KUNDIG__NO_GROUP) {
            job->sides[set].places[group.number[set]] = 2 * (uint32_t)job->count + set;
        }
    }
    job->groups[job->count++] = group;
}

/* Merge the two ordered lists of groups; places become 2 * group + set. */
static int compare_join(compare_job *job, kundig_error *err)
{
    const kundig__side *a = &job->sides[0];
    const kundig__side *b = &job->sides[1];
    size_t i = 0;
    size_t j = 0;
    bool single = kundig__grouping_key_count(a->grouping) == 0;
    size_t need = single ? 1 : (size_t)a->count + b->count;
    if (need > UINT32_MAX / 2) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "the two sets have more than 2^31 groups");
    }
    if (!kundig__grow(job->mem, (void **)&job->groups, &job->capacity, need ? need : 1,
                      sizeof *job->groups)) {
        return kundig__nomem(job->mem, err);
    }
    if (single) {
        compare_group_add(job, (compare_group){{0, 0}});
        return KUNDIG_OK;
    }
    while (i < a->count || j < b->count) {
        int order = i == a->count   ? 1
                    : j == b->count ? -1
                                    : compare_keys(job, a->groups[i], b->groups[j]);
        compare_group group = {{KUNDIG__NO_GROUP, KUNDIG__NO_GROUP}};
        if (order <= 0) {
            group.number[0] = a->groups[i++];
        }
        if (order >= 0) {
            group.number[1] = b->groups[j++];
        }
        compare_group_add(job, group);
    }
    return KUNDIG_OK;
}

/* Both labels of a row become one, 2 * group + set, in the labels of a. A record that is in both
 * sets is so in layer 0. */
static int compare_labels(compare_job *job, kundig_error *err)
{
    uint32_t *a = job->sides[0].labels;
    const uint32_t *b = job->sides[1].labels;
    uint32_t both = 0;
    kundig__side_translate(&job->sides[0]);
    kundig__side_translate(&job->sides[1]);
    for (uint32_t row = 0; row < job->sides[0].rows; row++) {
        both += a[row] != KUNDIG__NO_GROUP && b[row] != KUNDIG__NO_GROUP;
        a[row] = a[row] == KUNDIG__NO_GROUP ? b[row] : a[row];
    }
    if (both) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%" PRIu32 " records stand in both sets; a comparison needs two sets "
                            "without a common record",
                            both);
    }
    return KUNDIG_OK;
}

/* ---- Shares by topic ------------------------------------------------------------------------ */

static int compare_shares(compare_job *job, kundig_error *err)
{
    job->share_groups = kundig__alloc(job->mem, job->count * sizeof *job->share_groups);
    if (!job->share_groups) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->count; i++) {
        size_t set = job->groups[i].number[0] == KUNDIG__NO_GROUP;
        job->share_groups[i] =
            (kundig__share_group){job->sides[set].grouping, job->groups[i].number[set]};
    }
    int rc = kundig__share_new(&job->share, job->gather->corpus, job->gather->asked, &job->plan,
                               job->sides[0].labels, (uint32_t)job->count, 2, err);
    rc = rc ? rc
            : kundig__share_plan_rows(&job->plan, job->share_groups, job->count,
                                      job->share.occurring, job->share.occurring_count,
                                      &job->share_rows, err);
    job->gather->counted.selected = job->share.counted.selected;
    job->gather->counted.n = job->share.counted.n;
    job->gather->counted.nameless = job->share.counted.nameless;
    return rc;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* Sums of both sets in a row. */
static const kundig__cross *compare_cells(const compare_job *job, size_t i,
                                          const kundig__cell *cells[2])
{
    const kundig__share_row *row = &job->share_rows.rows[i];
    if (!job->plan.keys.topics) {
        cells[0] = &job->gather->cells[2 * i];
        cells[1] = &job->gather->cells[2 * i + 1];
        return &job->gather->crosses[i];
    }
    cells[0] = kundig__share_cell(&job->share, row->group, row->topic, 0);
    cells[1] = kundig__share_cell(&job->share, row->group, row->topic, 1);
    return kundig__share_cross(&job->share, row->group, row->topic);
}

static double compare_nan(void)
{
    double zero = 0;
    return zero / zero;
}

static int compare_contrasts(compare_job *job, size_t count, kundig_error *err)
{
    job->row_count = count;
    job->contrasts = kundig__alloc_zero(job->mem, count * sizeof *job->contrasts);
    job->p = kundig__alloc(job->mem, count * sizeof *job->p);
    job->q = kundig__alloc(job->mem, count * sizeof *job->q);
    job->scratch = kundig__alloc(job->mem, count * sizeof *job->scratch);
    if (!job->contrasts || !job->p || !job->q || !job->scratch) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        kundig__contrast *contrast = &job->contrasts[i];
        const kundig__cell *cells[2];
        const kundig__cross *cross = compare_cells(job, i, cells);
        kundig__cells_contrast(cells[0], cells[1], cross, job->gather->asked, contrast);
        job->p[i] = contrast->status == KUNDIG__STATUS_OK ? contrast->p : compare_nan();
    }
    kundig__benjamini_hochberg(job->p, count, job->q, job->scratch);
    return KUNDIG_OK;
}

/* Columns behind the keys, in the order of the header. */
enum {
    COMPARE_METRIC,
    COMPARE_A,
    COMPARE_B,
    COMPARE_DIFFERENCE,
    COMPARE_LO,
    COMPARE_HI,
    COMPARE_SE,
    COMPARE_Z,
    COMPARE_P,
    COMPARE_Q,
    COMPARE_DETECTABLE,
    COMPARE_A_N,
    COMPARE_B_N,
    COMPARE_A_CUSTOMERS,
    COMPARE_B_CUSTOMERS,
    COMPARE_STATUS,
    COMPARE_METHOD
};

void kundig__contrast_columns(kundig_table *table, int unit)
{
    static const struct {
        const char *name;
        int type;
        int unit; /* -1: the metric's */
    } columns[] = {{"metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"a", KUNDIG_COLUMN_NUMBER, -1},
                   {"b", KUNDIG_COLUMN_NUMBER, -1},
                   {"difference", KUNDIG_COLUMN_NUMBER, -1},
                   {"lo", KUNDIG_COLUMN_NUMBER, -1},
                   {"hi", KUNDIG_COLUMN_NUMBER, -1},
                   {"se", KUNDIG_COLUMN_NUMBER, -1},
                   {"z", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
                   {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
                   {"detectable", KUNDIG_COLUMN_NUMBER, -1},
                   {"a_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"b_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"a_customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"b_customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type,
                             columns[i].unit < 0 ? unit : columns[i].unit);
    }
}

void kundig__contrast_row(kundig_table *table, size_t first, const kundig__asked *asked,
                          const kundig__cell *const cells[2], const kundig__contrast *contrast,
                          double q)
{
    char method[96];
    kundig__method_text(contrast->method, contrast->weighted, contrast->clustered, asked->unit,
                        method);
    kundig__table_set_text(table, first + COMPARE_METRIC, kundig__str(asked->metric->name));
    if (contrast->status == KUNDIG__STATUS_OK) {
        const double numbers[] = {contrast->a,         contrast->b,  contrast->b - contrast->a,
                                  contrast->lo,        contrast->hi, contrast->se,
                                  contrast->z,         contrast->p,  q,
                                  contrast->detectable};
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            kundig__table_set_number(table, first + COMPARE_A + i, numbers[i]);
        }
    }
    for (size_t set = 0; set < 2; set++) {
        if (!cells[set]) {
            continue;
        }
        uint64_t left_out = asked->unit == KUNDIG_OF_CUSTOMERS ? cells[set]->nameless : 0;
        kundig__table_set_int(table, first + COMPARE_A_N + set,
                              (int64_t)(cells[set]->n - left_out));
        if (cells[set]->customers) {
            kundig__table_set_int(table, first + COMPARE_A_CUSTOMERS + set,
                                  (int64_t)cells[set]->customers);
        }
    }
    kundig__table_set_text(table, first + COMPARE_STATUS,
                           kundig__str(kundig__status_name(contrast->status)));
    kundig__table_set_text(table, first + COMPARE_METHOD, kundig__str(method));
}

static void compare_columns_of_keys(const compare_job *job, kundig_table *table)
{
    const kundig__grouping *grouping = job->sides[0].grouping;
    if (job->plan.keys.topics) {
        kundig__share_plan_columns(&job->plan, table);
        return;
    }
    for (size_t key = 0; key < kundig__grouping_key_count(grouping); key++) {
        kundig__table_column_text(table, kundig__grouping_key_name(grouping, key),
                                  KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
}

static void compare_set_keys(const compare_job *job, size_t i, kundig_table *table)
{
    if (job->plan.keys.topics) {
        const kundig__share_row *row = &job->share_rows.rows[i];
        kundig__share_plan_keys(&job->plan, &job->share_groups[row->group], row->topic, table);
        return;
    }
    size_t set = job->groups[i].number[0] == KUNDIG__NO_GROUP;
    const kundig__grouping *grouping = job->sides[set].grouping;
    for (size_t key = 0; key < kundig__grouping_key_count(grouping); key++) {
        char buffer[32];
        kundig__table_set_text(
            table, key, kundig__grouping_key(grouping, job->groups[i].number[set], key, buffer));
    }
}

static int compare_table(compare_job *job, kundig_table **out, kundig_error *err)
{
    const kundig__asked *asked = job->gather->asked;
    kundig__counted counted = job->gather->counted;
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    compare_columns_of_keys(job, table);
    size_t keys = kundig_table_column_count(table);
    kundig__contrast_columns(table, asked->metric->unit);
    for (size_t i = 0; i < job->row_count; i++) {
        const kundig__cell *cells[2];
        (void)compare_cells(job, i, cells);
        kundig__table_row(table);
        compare_set_keys(job, i, table);
        kundig__contrast_row(table, keys, asked, cells, &job->contrasts[i], job->q[i]);
    }
    for (int side = 0; side < 2; side++) {
        kundig__left_out left_out = {0};
        kundig__grouping_left_out(job->sides[side].grouping, &left_out);
        counted.left_out.no_time += left_out.no_time;
        counted.left_out.other_purpose += left_out.other_purpose;
        counted.left_out.no_consent += left_out.no_consent;
    }
    kundig__answer_notes(table, asked, &counted);
    return kundig__table_finish(table, out, err);
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int compare_sets(compare_job *job, const kundig_query *query, uint32_t a, uint32_t b,
                        kundig_error *err)
{
    kundig__gather *gather = job->gather;
    int rc = kundig__side_new(gather, query, a, &job->sides[0], err);
    rc = rc ? rc : kundig__side_new(gather, query, b, &job->sides[1], err);
    rc = rc ? rc : compare_join(job, err);
    return rc ? rc : compare_labels(job, err);
}

static int compare_all(compare_job *job, const kundig_query *query, uint32_t a, uint32_t b,
                       kundig_error *err)
{
    kundig__gather *gather = job->gather;
    int rc = kundig__gather_ready(gather, err);
    if (!rc && gather->asked->metric->reads == KUNDIG__READS_TOPICS) {
        rc = kundig__share_plan_new(gather->corpus, query, &job->plan, err);
        if (!rc && job->plan.keys.topics) {
            rc = compare_sets(job, job->plan.query, a, b, err);
            rc = rc ? rc : compare_shares(job, err);
            return rc ? rc : compare_contrasts(job, job->share_rows.count, err);
        }
        rc = rc ? rc : kundig__share_answers(gather, KUNDIG__SHARE_OF_ANY, err);
    }
    rc = rc ? rc : compare_sets(job, query, a, b, err);
    if (!rc) {
        kundig__side *sides = job->sides;
        kundig__numbering numberings[2] = {{sides[0].grouping, sides[0].places},
                                           {sides[1].grouping, sides[1].places}};
        uint32_t *labels = sides[0].labels;
        sides[0].labels = NULL;
        rc = kundig__gather_pairs(gather, labels, numberings, (uint32_t)job->count, err);
    }
    return rc ? rc : compare_contrasts(job, job->count, err);
}

int kundig__compare(kundig__corpus *corpus, const kundig_query *query, uint32_t a, uint32_t b,
                    kundig_table **out, kundig_error *err)
{
    kundig__asked asked;
    const kundig__question *question;
    kundig__gather gather;
    compare_job job = {0};
    int rc = kundig__ask(corpus, query, &asked, &question, err);
    if (rc) {
        return rc;
    }
    if (!asked.metric->contrast) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%s is a count: it has no difference to test; compare a score",
                            asked.metric->name);
    }
    kundig__gather_init(&gather, corpus, &asked, question);
    job.mem = &gather.context->mem;
    job.gather = &gather;
    rc = compare_all(&job, query, a, b, err);
    rc = rc ? rc : compare_table(&job, out, err);
    compare_end(&job);
    kundig__gather_free(&gather);
    return rc;
}
