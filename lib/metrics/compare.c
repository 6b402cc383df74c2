/* kundig_compare(): the difference of two sets of records in every group, with one p-value a row
 * and Benjamini-Hochberg over the rows.
 *
 * The two sets number their groups on their own; groups are joined by their key bytes. A customer
 * in both sets makes the two values depend on each other: their products are summed as integers.
 * Cost: two gathers of labels, one pass of tallies and rosters, 8 bytes a row while it runs. */
#include <inttypes.h>

#include "base/math.h"
#include "base/text.h"
#include "metrics/gather.h"

typedef struct compare_side {
    kundig__grouping *grouping;
    uint32_t *labels;
    uint32_t *groups; /* those that hold rows, in order of keys */
    size_t count;
    uint32_t *joined; /* the grouping's number to the joint one */
} compare_side;

typedef struct compare_group {
    uint32_t number[2]; /* KUNDIG__NO_GROUP: not in this set */
} compare_group;

typedef struct compare_job {
    kundig__mem *mem;
    uint32_t rows;
    compare_side sides[2];
    compare_group *groups;
    size_t count;
    size_t capacity;
    kundig__contrast *contrasts;
    double *p;
    double *q;
    uint32_t *scratch;
} compare_job;

static void compare_end(compare_job *job)
{
    for (int i = 0; i < 2; i++) {
        compare_side *side = &job->sides[i];
        uint32_t numbers = side->grouping ? kundig__grouping_count(side->grouping) : 0;
        kundig__free(job->mem, side->labels, job->rows * sizeof *side->labels);
        kundig__free(job->mem, side->groups, numbers * sizeof *side->groups);
        kundig__free(job->mem, side->joined, numbers * sizeof *side->joined);
        kundig__grouping_free(side->grouping);
    }
    kundig__free(job->mem, job->groups, job->capacity * sizeof *job->groups);
    kundig__free(job->mem, job->contrasts, job->count * sizeof *job->contrasts);
    kundig__free(job->mem, job->p, job->count * sizeof *job->p);
    kundig__free(job->mem, job->q, job->count * sizeof *job->q);
    kundig__free(job->mem, job->scratch, job->count * sizeof *job->scratch);
}

/* Labels of one set, and its groups in order of their keys. */
static int compare_side_new(compare_job *job, kundig__gather *gather, const kundig_query *query,
                            uint32_t node, compare_side *side, kundig_error *err)
{
    int rc = kundig__grouping_new(gather->corpus, query, node, &side->grouping, err);
    if (rc) {
        return rc;
    }
    uint32_t numbers = kundig__grouping_count(side->grouping);
    side->labels = kundig__alloc(job->mem, job->rows * sizeof *side->labels);
    side->groups = kundig__alloc(job->mem, numbers * sizeof *side->groups);
    side->joined = kundig__alloc_zero(job->mem, numbers * sizeof *side->joined);
    if (!side->labels || !side->groups || !side->joined) {
        return kundig__nomem(job->mem, err);
    }
    rc = kundig__gather_label(gather, side->grouping, side->labels, err);
    if (rc) {
        return rc;
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        if (side->labels[row] != KUNDIG__NO_GROUP) {
            side->joined[side->labels[row]] = 1;
        }
    }
    for (uint32_t number = 0; number < numbers; number++) {
        if (side->joined[number]) {
            side->groups[side->count++] = number;
        }
    }
    kundig__grouping_sort(side->grouping, side->groups, side->count);
    return KUNDIG_OK;
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

/* Merge the two ordered lists of groups. */
static int compare_join(compare_job *job, kundig_error *err)
{
    compare_side *a = &job->sides[0];
    compare_side *b = &job->sides[1];
    size_t i = 0;
    size_t j = 0;
    bool single = kundig__grouping_key_count(a->grouping) == 0;
    size_t need = single ? 1 : a->count + b->count;
    if (!kundig__grow(job->mem, (void **)&job->groups, &job->capacity, need ? need : 1,
                      sizeof *job->groups)) {
        return kundig__nomem(job->mem, err);
    }
    if (single) {
        a->joined[0] = 0;
        b->joined[0] = 0;
        job->groups[job->count++] = (compare_group){{0, 0}};
        return KUNDIG_OK;
    }
    while (i < a->count || j < b->count) {
        int order = i == a->count   ? 1
                    : j == b->count ? -1
                                    : compare_keys(job, a->groups[i], b->groups[j]);
        compare_group group = {{KUNDIG__NO_GROUP, KUNDIG__NO_GROUP}};
        if (order <= 0) {
            group.number[0] = a->groups[i++];
            a->joined[group.number[0]] = (uint32_t)job->count;
        }
        if (order >= 0) {
            group.number[1] = b->groups[j++];
            b->joined[group.number[1]] = (uint32_t)job->count;
        }
        job->groups[job->count++] = group;
    }
    return KUNDIG_OK;
}

/* Both labels of a row become one, 2 * group + set, in the labels of a. */
static int compare_labels(compare_job *job, kundig_error *err)
{
    uint32_t *a = job->sides[0].labels;
    const uint32_t *b = job->sides[1].labels;
    uint32_t both = 0;
    for (uint32_t row = 0; row < job->rows; row++) {
        if (a[row] != KUNDIG__NO_GROUP) {
            both += b[row] != KUNDIG__NO_GROUP;
            a[row] = 2 * job->sides[0].joined[a[row]];
        } else if (b[row] != KUNDIG__NO_GROUP) {
            a[row] = 2 * job->sides[1].joined[b[row]] + 1;
        }
    }
    if (both) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%" PRIu32 " records stand in both sets; a comparison needs two sets "
                            "without a common record",
                            both);
    }
    return KUNDIG_OK;
}

static double compare_nan(void)
{
    double zero = 0;
    return zero / zero;
}

static int compare_contrasts(compare_job *job, const kundig__gather *gather, kundig_error *err)
{
    job->contrasts = kundig__alloc_zero(job->mem, job->count * sizeof *job->contrasts);
    job->p = kundig__alloc(job->mem, job->count * sizeof *job->p);
    job->q = kundig__alloc(job->mem, job->count * sizeof *job->q);
    job->scratch = kundig__alloc(job->mem, job->count * sizeof *job->scratch);
    if (!job->contrasts || !job->p || !job->q || !job->scratch) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->count; i++) {
        kundig__contrast *contrast = &job->contrasts[i];
        kundig__cells_contrast(&gather->cells[2 * i], &gather->cells[2 * i + 1],
                               &gather->crosses[i], gather->asked, contrast);
        job->p[i] = contrast->status == KUNDIG__STATUS_OK ? contrast->p : compare_nan();
    }
    kundig__benjamini_hochberg(job->p, job->count, job->q, job->scratch);
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

static void compare_columns(kundig_table *table, int unit)
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

static void compare_row(kundig_table *table, size_t first, const kundig__asked *asked,
                        const kundig__cell *cells, const kundig__contrast *contrast, double q)
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
        uint64_t left_out = asked->unit == KUNDIG_OF_CUSTOMERS ? cells[set].nameless : 0;
        kundig__table_set_int(table, first + COMPARE_A_N + set, (int64_t)(cells[set].n - left_out));
        if (cells[set].customers) {
            kundig__table_set_int(table, first + COMPARE_A_CUSTOMERS + set,
                                  (int64_t)cells[set].customers);
        }
    }
    kundig__table_set_text(table, first + COMPARE_STATUS,
                           kundig__str(kundig__status_name(contrast->status)));
    kundig__table_set_text(table, first + COMPARE_METHOD, kundig__str(method));
}

static int compare_table(compare_job *job, const kundig__gather *gather, kundig_table **out,
                         kundig_error *err)
{
    const kundig__asked *asked = gather->asked;
    size_t keys = kundig__grouping_key_count(job->sides[0].grouping);
    kundig__cell total = {0};
    kundig__omitted omitted = {{0}, gather->other_kind};
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t key = 0; key < keys; key++) {
        kundig__table_column_text(table, kundig__grouping_key_name(job->sides[0].grouping, key),
                                  KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    compare_columns(table, asked->metric->unit);
    for (size_t i = 0; i < job->count; i++) {
        int set = job->groups[i].number[0] == KUNDIG__NO_GROUP;
        kundig__table_row(table);
        for (size_t key = 0; key < keys; key++) {
            char buffer[32];
            kundig__table_set_text(table, key,
                                   kundig__grouping_key(job->sides[set].grouping,
                                                        job->groups[i].number[set], key, buffer));
        }
        compare_row(table, keys, asked, &gather->cells[2 * i], &job->contrasts[i], job->q[i]);
        for (size_t cell = 2 * i; cell < 2 * i + 2; cell++) {
            total.selected += gather->cells[cell].selected;
            total.n += gather->cells[cell].n;
            total.nameless += gather->cells[cell].nameless;
        }
    }
    for (int side = 0; side < 2; side++) {
        kundig__left_out left_out = {0};
        kundig__grouping_left_out(job->sides[side].grouping, &left_out);
        omitted.left_out.no_time += left_out.no_time;
        omitted.left_out.other_purpose += left_out.other_purpose;
        omitted.left_out.no_consent += left_out.no_consent;
    }
    kundig__answer_notes(table, asked, &total, &omitted);
    return kundig__table_finish(table, out, err);
}

int kundig__compare(kundig__corpus *corpus, const kundig_query *query, uint32_t a, uint32_t b,
                    kundig_table **out, kundig_error *err)
{
    kundig__asked asked;
    const kundig__question *question;
    kundig__gather gather;
    kundig__context *context = kundig__corpus_context(corpus);
    compare_job job = {
        &context->mem, kundig__corpus_rows(corpus), {{0}, {0}}, NULL, 0, 0, NULL, NULL, NULL, NULL};
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
    rc = compare_side_new(&job, &gather, query, a, &job.sides[0], err);
    rc = rc ? rc : compare_side_new(&job, &gather, query, b, &job.sides[1], err);
    rc = rc ? rc : compare_join(&job, err);
    rc = rc ? rc : compare_labels(&job, err);
    if (!rc) {
        uint32_t *labels = job.sides[0].labels;
        job.sides[0].labels = NULL;
        rc = kundig__gather_pairs(&gather, labels, (uint32_t)job.count, err);
    }
    rc = rc ? rc : compare_contrasts(&job, &gather, err);
    rc = rc ? rc : compare_table(&job, &gather, out, err);
    kundig__gather_free(&gather);
    compare_end(&job);
    return rc;
}
