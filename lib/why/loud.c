/* kundig_loud(): loud topics and meaningful ones.
 *
 *   records, customers, how uneven   concentration.c
 *   value and capped value           cells, of records and of customers
 *   impact                           kundig_impact(), customers counted once
 *   meaning                          customers x |impact| x their mean revenue, where known
 *
 * Loud is what is written of more often than the median topic, meaningful what means more than the
 * median and is beyond chance. Invariant: one who writes 38 times is one customer, so the order of
 * meaning does not move with how often anybody writes.
 * Cost: that of kundig_impact(), and of two passes for the groups' cells. */
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "why/concentration.h"
#include "why/parts.h"
#include "why/why.h"

enum { LOUD_NEITHER, LOUD_ONLY, LOUD_QUIET, LOUD_BOTH }; /* 1: loud, 2: meaningful */

typedef struct loud_row {
    kundig__estimate value;
    kundig__estimate capped;
    kundig_text title;
    kundig_text status; /* of the impact; absent: it has none */
    double impact;
    double lo;
    double hi;
    double q;
    double meaning;     /* NaN: none */
    uint32_t loud_rank; /* 0: none */
    uint32_t rank;
    int quadrant;
} loud_row;

typedef struct loud_job {
    kundig__mem *mem;
    kundig__corpus *corpus;
    kundig_query *query;
    kundig__asked asked[2]; /* of records, of customers */
    kundig__gather gathers[2];
    kundig__grouped grouped[2];
    kundig__gather wholes[2];
    kundig__gather labels; /* which records are in which group */
    kundig__concentration voices;
    kundig_table *impacts;
    bool of_topics;
    bool named;
    loud_row *rows; /* a group */
    uint32_t *order;
    size_t count;
} loud_job;

static double loud_nan(void)
{
    double zero = 0;
    return zero / zero;
}

static void loud_end(loud_job *job)
{
    for (int i = 0; i < 2; i++) {
        kundig__grouped_free(&job->grouped[i]);
        if (job->gathers[i].context) {
            kundig__gather_free(&job->gathers[i]);
            kundig__gather_free(&job->wholes[i]);
        }
    }
    if (job->labels.context) {
        kundig__gather_free(&job->labels);
    }
    kundig__free(job->mem, job->rows, job->count * sizeof *job->rows);
    kundig__free(job->mem, job->order, job->count * sizeof *job->order);
    kundig__concentration_free(&job->voices);
    kundig_table_free(job->impacts);
    kundig_query_free(job->query);
}

/* ---- What is there -------------------------------------------------------------------------- */

static int loud_gather(loud_job *job, const kundig__question *question, kundig_error *err)
{
    static const int32_t units[2] = {KUNDIG_OF_RECORDS, KUNDIG_OF_CUSTOMERS};
    int rc = KUNDIG_OK;
    job->asked[1] = job->asked[0];
    for (int i = 0; i < 2 && !rc; i++) {
        job->asked[i].unit = units[i];
        kundig__gather_init(&job->gathers[i], job->corpus, &job->asked[i], question);
        kundig__gather_init(&job->wholes[i], job->corpus, &job->asked[i], question);
    }
    for (int i = 0; i < 2 && !rc; i++) {
        rc = kundig__gather_ready(&job->gathers[i], err);
        rc = rc ? rc : kundig__grouped_new(&job->gathers[i], job->query, &job->grouped[i], err);
        rc = rc ? rc : kundig__gather_ready(&job->wholes[i], err);
        rc = rc ? rc : kundig__grouped_whole(&job->grouped[i], job->query, &job->wholes[i], err);
    }
    kundig__gather_init(&job->labels, job->corpus, &job->asked[0], question);
    rc = rc ? rc : kundig__gather_ready(&job->labels, err);
    rc =
        rc ? rc
           : kundig__concentration_new(&job->labels, job->query, job->of_topics, &job->voices, err);
    if (rc) {
        return rc;
    }
    job->count = job->voices.side.count; /* as many as there are cells, in the same order */
    job->named = job->wholes[1].cells[0].customers > 0;
    job->query->unit = units[job->named];
    return kundig__impact(job->corpus, job->query, 0, &job->impacts, err);
}

static double loud_number(const kundig_table *table, size_t row, const char *name)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    return kundig_table_is_null(table, row, column) ? loud_nan()
                                                    : kundig_table_number(table, row, column);
}

static kundig_text loud_text(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_text(table, row, kundig_table_find_column(table, name, strlen(name)));
}

static kundig_text loud_key(const loud_job *job, size_t place, char buffer[32])
{
    return kundig__grouping_key(job->voices.side.grouping, job->voices.side.groups[place], 0,
                                buffer);
}

/* The group of a key; they stand in the order of keys. */
static size_t loud_find(const loud_job *job, kundig_text key)
{
    size_t low = 0;
    size_t high = job->count;
    char buffer[32];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (kundig__text_order(loud_key(job, middle, buffer), key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool same = low < job->count && !kundig__text_order(loud_key(job, low, buffer), key);
    return same ? low : SIZE_MAX;
}

/* Customers, or where nobody is named records, times what moves with each, times what each is
 * worth: the mean revenue of those whose revenue is known, else that of all who have one. */
static double loud_meaning(const loud_job *job, const loud_row *row, const kundig__voices *voices)
{
    const kundig__voices *all = &job->voices.all;
    const kundig__voices *valued = voices->valued ? voices : all;
    double breadth = (double)(job->named ? voices->customers : voices->records);
    double worth = 1;
    if (valued->valued) {
        worth = kundig__voices_revenue(valued) / (double)valued->valued;
        worth = worth > 0 ? worth : 0;
    }
    return breadth * kundig__abs(row->impact) * worth;
}

static int loud_rows(loud_job *job, kundig_error *err)
{
    job->rows = kundig__alloc_zero(job->mem, job->count * sizeof *job->rows);
    job->order = kundig__alloc(job->mem, job->count * sizeof *job->order);
    if (!job->rows || !job->order) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->count; i++) {
        loud_row *row = &job->rows[i];
        *row = (loud_row){.impact = loud_nan(),
                          .lo = loud_nan(),
                          .hi = loud_nan(),
                          .q = loud_nan(),
                          .meaning = loud_nan()};
        kundig__cell_finish(job->grouped[0].cells[i], &job->asked[0], &row->value);
        kundig__cell_finish(job->grouped[1].cells[i], &job->asked[1], &row->capped);
        job->order[i] = (uint32_t)i;
    }
    for (size_t at = 0; at < kundig_table_row_count(job->impacts); at++) {
        size_t place = loud_find(job, kundig_table_text(job->impacts, at, 0));
        if (place != SIZE_MAX) {
            loud_row *row = &job->rows[place];
            row->title = loud_text(job->impacts, at, "title");
            row->status = loud_text(job->impacts, at, "status");
            row->impact = loud_number(job->impacts, at, "impact");
            row->lo = loud_number(job->impacts, at, "lo");
            row->hi = loud_number(job->impacts, at, "hi");
            row->q = loud_number(job->impacts, at, "q");
            if (row->impact == row->impact && kundig_table_text(job->impacts, at, 0).data) {
                row->meaning = loud_meaning(job, row, &job->voices.groups[place]);
            }
        }
    }
    return KUNDIG_OK;
}

/* ---- Ranks ---------------------------------------------------------------------------------- */

static bool loud_is_missing(const loud_job *job, uint32_t place)
{
    char buffer[32];
    return !loud_key(job, place, buffer).data;
}

/* Most records first; the missing group last. */
static int loud_order(const void *ud, uint32_t a, uint32_t b)
{
    const loud_job *job = ud;
    bool missing_a = loud_is_missing(job, a);
    bool missing_b = loud_is_missing(job, b);
    uint64_t left = job->voices.groups[a].records;
    uint64_t right = job->voices.groups[b].records;
    return missing_a != missing_b ? (missing_a ? 1 : -1)
           : left != right        ? (left > right ? -1 : 1)
           : a < b                ? -1
                                  : a > b;
}

/* Greatest meaning first, then the others as by loudness. */
static int loud_meaning_order(const void *ud, uint32_t a, uint32_t b)
{
    const loud_job *job = ud;
    double left = job->rows[a].meaning;
    double right = job->rows[b].meaning;
    left = left == left ? left : -1;
    right = right == right ? right : -1;
    return left > right ? -1 : left < right ? 1 : loud_order(ud, a, b);
}

static bool loud_beyond_chance(const loud_job *job, const loud_row *row)
{
    return row->q <= 1 - job->asked[0].level; /* not so for NaN */
}

/* Equals share a rank. */
static void loud_ranks(loud_job *job)
{
    size_t ranked = 0;
    kundig__order_sort(job->order, job->count, loud_order, job);
    for (size_t i = 0; i < job->count && !loud_is_missing(job, job->order[i]); i++) {
        uint32_t place = job->order[i];
        uint32_t before = i ? job->order[i - 1] : place;
        bool tie = i && job->voices.groups[before].records == job->voices.groups[place].records;
        job->rows[place].loud_rank = tie ? job->rows[before].loud_rank : (uint32_t)i + 1;
        ranked++;
    }
    for (size_t i = 0; i < ranked; i++) { /* beyond the median: twice it, so it stays whole */
        const kundig__voices *groups = job->voices.groups;
        uint64_t middle =
            groups[job->order[(ranked - 1) / 2]].records + groups[job->order[ranked / 2]].records;
        job->rows[job->order[i]].quadrant =
            2 * groups[job->order[i]].records > middle ? LOUD_ONLY : LOUD_NEITHER;
    }
    kundig__order_sort(job->order, job->count, loud_meaning_order, job);
    ranked = 0;
    while (ranked < job->count && job->rows[job->order[ranked]].meaning >= 0) {
        loud_row *row = &job->rows[job->order[ranked]];
        const loud_row *before = ranked ? &job->rows[job->order[ranked - 1]] : row;
        bool tie = ranked && before->meaning <= row->meaning;
        row->rank = tie ? before->rank : (uint32_t)ranked + 1;
        ranked++;
    }
    for (size_t i = 0; i < ranked; i++) {
        double middle = (job->rows[job->order[(ranked - 1) / 2]].meaning +
                         job->rows[job->order[ranked / 2]].meaning) /
                        2;
        loud_row *row = &job->rows[job->order[i]];
        row->quadrant |=
            row->meaning > middle && loud_beyond_chance(job, row) ? LOUD_QUIET : LOUD_NEITHER;
    }
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    LOUD_KEY,
    LOUD_TITLE,
    LOUD_RECORDS,
    LOUD_CUSTOMERS,
    LOUD_SHARE_RECORDS,
    LOUD_SHARE_CUSTOMERS,
    LOUD_TOP_SHARE,
    LOUD_GINI,
    LOUD_VALUE,
    LOUD_CAPPED,
    LOUD_IMPACT,
    LOUD_LO,
    LOUD_HI,
    LOUD_Q,
    LOUD_DIRECTION,
    LOUD_AT_RISK,
    LOUD_LOUDNESS,
    LOUD_MEANING,
    LOUD_QUADRANT,
    LOUD_STATUS,
    LOUD_COLUMNS
};

static void loud_columns(const loud_job *job, kundig_table *table)
{
    static const struct {
        const char *name;
        int type;
        int unit; /* -1: the metric's */
    } columns[LOUD_COLUMNS] = {
        [LOUD_KEY] = {NULL, KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [LOUD_TITLE] = {"title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [LOUD_RECORDS] = {"records", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        [LOUD_CUSTOMERS] = {"customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        [LOUD_SHARE_RECORDS] = {"share_records", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
        [LOUD_SHARE_CUSTOMERS] = {"share_customers", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
        [LOUD_TOP_SHARE] = {"top_share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
        [LOUD_GINI] = {"gini", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        [LOUD_VALUE] = {"value", KUNDIG_COLUMN_NUMBER, -1},
        [LOUD_CAPPED] = {"capped", KUNDIG_COLUMN_NUMBER, -1},
        [LOUD_IMPACT] = {"impact", KUNDIG_COLUMN_NUMBER, -1},
        [LOUD_LO] = {"lo", KUNDIG_COLUMN_NUMBER, -1},
        [LOUD_HI] = {"hi", KUNDIG_COLUMN_NUMBER, -1},
        [LOUD_Q] = {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
        [LOUD_DIRECTION] = {"direction", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [LOUD_AT_RISK] = {"at_risk", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        [LOUD_LOUDNESS] = {"loudness", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE},
        [LOUD_MEANING] = {"meaning", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE},
        [LOUD_QUADRANT] = {"quadrant", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [LOUD_STATUS] = {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    kundig__table_column_text(table, job->query->group_fields[0], KUNDIG_COLUMN_TEXT,
                              KUNDIG_UNIT_NONE);
    for (size_t i = 1; i < LOUD_COLUMNS; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type,
                             columns[i].unit < 0 ? job->asked[0].metric->unit : columns[i].unit);
    }
}

static void loud_set_voices(const loud_job *job, const kundig__voices *voices, kundig_table *table)
{
    const kundig__voices *all = &job->voices.all;
    kundig__table_set_int(table, LOUD_RECORDS, (int64_t)voices->records);
    kundig__table_set_number(table, LOUD_SHARE_RECORDS,
                             (double)voices->records / (double)all->records);
    if (voices->customers) {
        kundig__table_set_int(table, LOUD_CUSTOMERS, (int64_t)voices->customers);
        kundig__table_set_number(table, LOUD_SHARE_CUSTOMERS,
                                 (double)voices->customers / (double)all->customers);
        kundig__table_set_number(table, LOUD_TOP_SHARE, kundig__voices_top_share(voices));
        kundig__table_set_number(table, LOUD_GINI, kundig__voices_gini(voices));
    }
}

static void loud_set_impact(const loud_job *job, const loud_row *row, const kundig__voices *voices,
                            kundig_table *table)
{
    const char *direction = !(row->q == row->q)             ? NULL
                            : !loud_beyond_chance(job, row) ? "within chance"
                            : row->impact > 0               ? "up"
                                                            : "down";
    kundig__table_set_number(table, LOUD_IMPACT, row->impact);
    kundig__table_set_number(table, LOUD_LO, row->lo);
    kundig__table_set_number(table, LOUD_HI, row->hi);
    kundig__table_set_number(table, LOUD_Q, row->q);
    kundig__table_set_text(table, LOUD_DIRECTION, kundig__str(direction));
    if (row->impact < 0) {
        kundig__table_set_number(table, LOUD_AT_RISK, kundig__voices_revenue(voices));
    }
}

static void loud_write_row(const loud_job *job, uint32_t place, kundig_table *table)
{
    static const char *const quadrants[] = {"neither", "loud only", "quiet but meaningful",
                                            "loud and meaningful"};
    char buffer[32];
    const loud_row *row = &job->rows[place];
    const kundig__voices *voices = &job->voices.groups[place];
    kundig__table_row(table);
    kundig__table_set_text(table, LOUD_KEY, loud_key(job, place, buffer));
    kundig__table_set_text(table, LOUD_TITLE, row->title);
    loud_set_voices(job, voices, table);
    if (row->value.status == KUNDIG__STATUS_OK) {
        kundig__table_set_number(table, LOUD_VALUE, row->value.value);
    }
    if (row->capped.status == KUNDIG__STATUS_OK) {
        kundig__table_set_number(table, LOUD_CAPPED, row->capped.value);
    }
    loud_set_impact(job, row, voices, table);
    if (row->loud_rank) {
        kundig__table_set_int(table, LOUD_LOUDNESS, row->loud_rank);
    }
    if (row->rank) {
        kundig__table_set_int(table, LOUD_MEANING, row->rank);
        kundig__table_set_text(table, LOUD_QUADRANT, kundig__str(quadrants[row->quadrant]));
    }
    kundig__table_set_text(table, LOUD_STATUS,
                           row->status.data ? row->status
                                            : kundig__str(kundig__status_name(row->value.status)));
}

/* ---- Notes ---------------------------------------------------------------------------------- */

/* "+12.3" of scores, "45.6 %" of shares, "3.21" of points */
static void loud_put(kundig__buf *buf, double value, int unit)
{
    if (unit == KUNDIG_UNIT_POINTS) {
        kundig__buf_fixed(buf, value, 2);
        return;
    }
    if (unit == KUNDIG_UNIT_SCORE && value > 0) {
        kundig__buf_char(buf, '+');
    }
    kundig__buf_fixed(buf, 100 * value, 1);
    if (unit == KUNDIG_UNIT_SHARE) {
        kundig__buf_str(buf, " %");
    }
}

/* "The 12 busiest customers (1 %) wrote 8.3 % of 4,800 records; Gini 0.41" */
static void loud_note_voices(const loud_job *job, kundig__buf *buf)
{
    const kundig__voices *all = &job->voices.all;
    kundig__buf_str(buf, "of ");
    kundig__buf_int(buf, (int64_t)all->customers);
    kundig__buf_str(buf, " customers the busiest 1 % (");
    kundig__buf_int(buf, (int64_t)all->busiest);
    kundig__buf_str(buf, ") wrote ");
    loud_put(buf, kundig__voices_top_share(all), KUNDIG_UNIT_SHARE);
    kundig__buf_str(buf, " of their records; Gini ");
    kundig__buf_fixed(buf, kundig__voices_gini(all), 2);
}

static void loud_note_capped(const loud_job *job, kundig__buf *buf)
{
    kundig__estimate whole[2];
    int unit = job->asked[0].metric->unit;
    for (int i = 0; i < 2; i++) {
        kundig__cell_finish(&job->wholes[i].cells[0], &job->asked[i], &whole[i]);
    }
    if (whole[0].status == KUNDIG__STATUS_OK && whole[1].status == KUNDIG__STATUS_OK) {
        kundig__buf_str(buf, job->asked[0].metric->name);
        kundig__buf_str(buf, " is ");
        loud_put(buf, whole[0].value, unit);
        kundig__buf_str(buf, " of records, ");
        loud_put(buf, whole[1].value, unit);
        kundig__buf_str(buf, " where every customer has one vote");
    }
}

static void loud_note_failures(const loud_job *job, kundig__buf *buf)
{
    const kundig__concentration *voices = &job->voices;
    double n = (double)voices->journeys;
    if (voices->has_failures && voices->journeys) {
        double share = (double)(voices->journeys - voices->failures) / n;
        kundig__interval interval =
            kundig__wilson(share, n, kundig__normal_quantile(0.5 + job->asked[0].level / 2));
        kundig__buf_str(buf, "reliability: ");
        loud_put(buf, share, KUNDIG_UNIT_SHARE);
        kundig__buf_str(buf, " (");
        loud_put(buf, interval.lo, KUNDIG_UNIT_SHARE);
        kundig__buf_str(buf, " to ");
        loud_put(buf, interval.hi, KUNDIG_UNIT_SHARE);
        kundig__buf_str(buf, ") of ");
        kundig__buf_int(buf, (int64_t)voices->journeys);
        kundig__buf_str(buf, job->named ? " customers who wrote" : " comments");
        kundig__buf_str(buf, " blame no topic");
    }
}

static void loud_notes(const loud_job *job, kundig_table *table, size_t limit)
{
    static void (*const notes[])(const loud_job *, kundig__buf *) = {
        loud_note_voices, loud_note_capped, loud_note_failures};
    kundig__counted counted = job->gathers[0].counted;
    if (limit && limit < job->count) {
        kundig__table_note(table, "%zu rows in all; the %zu that mean most are shown", job->count,
                           limit);
    }
    for (size_t i = job->voices.all.customers ? 0 : 2; i < sizeof notes / sizeof notes[0]; i++) {
        kundig__buf buf;
        kundig__buf_init(&buf, job->mem);
        notes[i](job, &buf);
        if (buf.len) {
            kundig__table_note(table, "%.*s", (int)buf.len, buf.data);
        }
        kundig__buf_free(&buf);
    }
    kundig__table_note(table, "meaning ranks by %s times how far the impact is from 0%s",
                       job->named ? "customers" : "records",
                       job->voices.all.valued ? " times their mean revenue" : "");
    kundig__table_note(table, "loud is above the median, and so is meaningful, where the impact is "
                              "beyond chance; going together is no cause");
    if (!job->named) {
        kundig__table_note(table, "no record names a customer: nobody can tell one who writes "
                                  "often from many");
    }
    kundig__grouping_left_out(job->grouped[0].grouping, &counted.left_out);
    kundig__answer_notes(table, &job->asked[0], &counted);
}

static int loud_table(const loud_job *job, size_t limit, kundig_table **out, kundig_error *err)
{
    size_t shown = limit && limit < job->count ? limit : job->count;
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    loud_columns(job, table);
    for (size_t i = 0; i < shown; i++) {
        loud_write_row(job, job->order[i], table);
    }
    loud_notes(job, table, limit);
    return kundig__table_finish(table, out, err);
}

int kundig__loud(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                 kundig_table **out, kundig_error *err)
{
    const kundig__question *question = NULL;
    kundig__field field = {0};
    loud_job job = {.mem = &kundig__corpus_context(corpus)->mem, .corpus = corpus};
    int rc = kundig__why_ask(corpus, query, "topic", &job.query, &job.asked[0], &question, err);
    if (!rc && job.query->group_field_count != 1) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "who is loud is told of the values of one field; group by one");
    }
    rc = rc ? rc : kundig__field_resolve(corpus, job.query->group_fields[0], &field, err);
    job.of_topics = field.type == KUNDIG__FIELD_TOPIC || field.type == KUNDIG__FIELD_THEME;
    rc = rc ? rc : loud_gather(&job, question, err);
    rc = rc ? rc : loud_rows(&job, err);
    if (!rc) {
        loud_ranks(&job);
        rc = loud_table(&job, limit, out, err);
    }
    loud_end(&job);
    return rc;
}
