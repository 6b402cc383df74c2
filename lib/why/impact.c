/* kundig_impact(): what each part does to a score.
 *
 *   leave out   I = S - S_r = (n/N) (S_t - S_r), S_r the score without the part
 *   its form    a person brings (X - S W) / W - ((X - A) - S_r (W - B)) / (W - B): the squares of
 *               these sum to the variance of I with the count of the part random too,
 *               (n/N)^2 (V_t/n + V_r/(N-n)) + (n/N)(1 - n/N)(S_t - S_r)^2/N, where every record is
 *               a person of its own, and hold for weights and for customers who come back
 *   additive    a / (U W): every answer split equally over the values of its record
 *
 * Intervals and tests are of Student's t. Its degrees of freedom follow Satterthwaite (1946): the
 * persons of the part and those without it each know their share of the variance from as many as
 * they are worth.
 * Invariant: what is told follows from the integers of parts.c alone; the additive units sum to
 * those of the score.
 * Cost: that of the parts, and their order. */
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "why/regression.h"
#include "why/why.h"

typedef struct impact_row {
    int status;
    const char *method;
    double share;
    double value;
    double rest;
    double impact;
    double lo;
    double hi;
    double se;
    double given; /* se, given the counts */
    double p;
    double additive;
    double additive_lo;
    double additive_hi;
} impact_row;

typedef struct impact_job {
    kundig__mem *mem;
    kundig__asked asked;
    kundig_query *query;
    kundig__score_parts parts;
    kundig__mentions mentions;
    impact_row *rows; /* a part */
    uint32_t *order;
    double *p;
    double *q;
    uint32_t *scratch;
} impact_job;

static double impact_nan(void)
{
    double zero = 0;
    return zero / zero;
}

/* ---- One part ------------------------------------------------------------------------------- */

/* Sums as numbers; x is less the centre. */
typedef struct impact_sums {
    double X, W; /* all */
    double A, B; /* with the value */
    double R, V; /* without */
    double S, St, Sr;
    double voices;  /* persons that the part is worth: (sum B)^2 / sum B^2 */
    double silents; /* the same of those without it */
} impact_sums;

static double impact_square(kundig__i128 product, int shift)
{
    kundig__u128 unit = (kundig__u128)1 << shift;
    return kundig__i128_to_double(product) * (double)unit * (double)unit;
}

static impact_sums impact_sums_of(const kundig__score_parts *parts, uint32_t number)
{
    const kundig__score_part *part = &parts->parts[number];
    const kundig__score_part_set *set = &part->sets[0];
    const kundig__score_part_set *whole = &parts->whole[0];
    kundig__i128 X = whole->A - parts->centre * whole->B;
    kundig__i128 A = set->A - parts->centre * set->B;
    impact_sums s = {.X = kundig__i128_to_double(X),
                     .W = kundig__i128_to_double(whole->B),
                     .A = kundig__i128_to_double(A),
                     .B = kundig__i128_to_double(set->B),
                     .R = kundig__i128_to_double(X - A),
                     .V = kundig__i128_to_double(whole->B - set->B)};
    s.S = s.X / s.W;
    s.St = s.A / s.B;
    s.Sr = s.R / s.V;
    double of_part = impact_square(part->ll[4], parts->local_shift[1]);  /* B B */
    double of_all = impact_square(parts->gg[4], parts->global_shift[1]); /* W W */
    int shift = parts->local_shift[1] > parts->global_shift[1] ? parts->local_shift[1]
                                                               : parts->global_shift[1];
    double both = impact_square(part->lg[1][1], shift);
    double rest = of_all - 2 * both + of_part;
    s.voices = of_part > 0 ? s.B / of_part * s.B : 0;
    s.silents = rest > 0 ? s.V / rest * s.V : 0;
    return s;
}

/* A form of x less the centre as one of x. */
static void impact_form(const kundig__score_parts *parts, double form[4])
{
    form[1] -= form[0] * (double)parts->centre;
    form[3] -= form[2] * (double)parts->centre;
}

/* Degrees of freedom of a variance of which the part knows `inside`. */
static double impact_freedom(const impact_sums *s, double inside, double variance)
{
    double outside = variance > inside ? variance - inside : 0;
    double of_part = s->voices > 2 ? s->voices - 1 : 1;
    double of_rest = s->silents > 2 ? s->silents - 1 : 1;
    double all = inside + outside;
    return all * all / (inside * inside / of_part + outside * outside / of_rest);
}

/* Half the width of an interval. Customers who come back are few in a part: what is left of them is
 * too small as that of a mean is, by n - 1. */
static double impact_half(const impact_job *job, const impact_sums *s, double inside,
                          double variance, double df)
{
    double voices = s->voices > 2 ? s->voices : 2;
    double missed = job->parts.clustered ? inside / (voices - 1) : 0;
    return kundig__student_quantile(0.5 + job->asked.level / 2, df) *
           kundig__sqrt(variance + missed) / job->parts.per;
}

static void impact_leave_out(const impact_job *job, uint32_t number, const impact_sums *s,
                             impact_row *row)
{
    const kundig__score_parts *parts = &job->parts;
    double per = parts->per;
    double taken = s->B / (s->W * s->V); /* 1/V - 1/W */
    double local[4] = {1 / s->V, -s->Sr / s->V, 0, 0};
    double global[4] = {-taken, s->Sr / s->V - s->S / s->W, 0, 0};
    /* given the counts: B/W times the difference of two means */
    double given_local[4] = {1 / s->W + taken, -s->St / s->W - s->Sr * taken, 0, 0};
    double given_global[4] = {-taken, s->Sr * taken, 0, 0};
    double inside_local[4] = {local[0] + global[0], local[1] + global[1], 0, 0};
    double span = parts->per > 1 ? (job->asked.maximum - job->asked.minimum) / 1000.0 : 2;
    impact_form(parts, local);
    impact_form(parts, global);
    impact_form(parts, given_local);
    impact_form(parts, given_global);
    impact_form(parts, inside_local);
    double variance = kundig__score_parts_variance(parts, number, local, global);
    double given = kundig__score_parts_variance(parts, number, given_local, given_global);
    double inside = kundig__score_parts_inside(parts, number, inside_local);
    row->impact = s->B / s->W * (s->St - s->Sr) / per;
    if (parts->parts[number].persons < 2 || s->silents <= 1 || !(variance >= 0)) {
        row->method = "one alone has no spread";
        return;
    }
    row->se = kundig__sqrt(variance) / per;
    row->given = kundig__sqrt(given) / per;
    if (row->se <= 1e-12 * span) {
        row->method = "no spread seen";
        return;
    }
    double df = impact_freedom(s, inside, variance);
    double half = impact_half(job, s, inside, variance, df);
    double ratio = row->impact / row->se;
    row->lo = row->impact - half;
    row->hi = row->impact + half;
    row->p = kundig__beta_inc(df / 2, 0.5, df / (df + ratio * ratio));
    row->p = row->p > 0 ? row->p : 0;
}

static void impact_split(const impact_job *job, uint32_t number, const impact_sums *s,
                         impact_row *row)
{
    const kundig__score_parts *parts = &job->parts;
    const kundig__score_part_set *set = &parts->parts[number].sets[0];
    double unit = KUNDIG__PARTS_SPLIT * s->W;
    double share = kundig__i128_to_double(set->a) / unit;
    double local[4] = {0, 0, 1 / unit, 0};
    double global[4] = {0, -share / s->W, 0, 0};
    double inside[4] = {0, -share / s->W, 1 / unit, 0};
    row->additive = share / parts->per;
    if (parts->parts[number].persons < 2) {
        return;
    }
    double variance = kundig__score_parts_variance(parts, number, local, global);
    double known = kundig__score_parts_inside(parts, number, inside);
    if (variance > 0) {
        double df = impact_freedom(s, known, variance);
        double half = impact_half(job, s, known, variance, df);
        row->additive_lo = row->additive - half;
        row->additive_hi = row->additive + half;
    }
}

static void impact_part(const impact_job *job, uint32_t number, impact_row *row)
{
    const kundig__score_parts *parts = &job->parts;
    const kundig__score_part_set *set = &parts->parts[number].sets[0];
    uint64_t items = parts->votes ? set->customers : set->n;
    double nothing = impact_nan();
    *row = (impact_row){KUNDIG__STATUS_OK, "leave one out", nothing, nothing, nothing,
                        nothing,           nothing,         nothing, nothing, nothing,
                        nothing,           nothing,         nothing, nothing};
    if (!items) {
        row->status = KUNDIG__STATUS_NO_DATA;
        row->method = "no answer";
        return;
    }
    impact_sums s = impact_sums_of(parts, number);
    row->share = s.B / s.W;
    if (items < job->asked.min_n) {
        row->status = KUNDIG__STATUS_TOO_FEW;
        row->method = "fewer than asked for";
        return;
    }
    double centre = (double)parts->centre;
    row->value = (s.St + centre) / parts->per;
    impact_split(job, number, &s, row);
    if (set->n == parts->whole[0].n) {
        row->status = KUNDIG__STATUS_UNDEFINED;
        row->method = "nothing is left without it";
        return;
    }
    row->rest = (s.Sr + centre) / parts->per;
    impact_leave_out(job, number, &s, row);
}

/* ---- All parts ------------------------------------------------------------------------------ */

static double impact_size(const impact_row *row)
{
    return row->status == KUNDIG__STATUS_OK ? kundig__abs(row->impact) : -1;
}

/* The greatest first, then those without an impact; keys ascend. */
static int impact_order(const void *ud, uint32_t a, uint32_t b)
{
    const impact_job *job = ud;
    double first = impact_size(&job->rows[a]);
    double second = impact_size(&job->rows[b]);
    return first > second ? -1 : first < second ? 1 : a < b ? -1 : 1;
}

static int impact_rows(impact_job *job, kundig_error *err)
{
    uint32_t count = job->parts.count;
    job->rows = kundig__alloc(job->mem, count * sizeof *job->rows);
    job->order = kundig__alloc(job->mem, count * sizeof *job->order);
    job->p = kundig__alloc(job->mem, count * sizeof *job->p);
    job->q = kundig__alloc(job->mem, count * sizeof *job->q);
    job->scratch = kundig__alloc(job->mem, count * sizeof *job->scratch);
    if (!job->rows || !job->order || !job->p || !job->q || !job->scratch) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t number = 0; number < count; number++) {
        impact_part(job, number, &job->rows[number]);
        job->order[number] = number;
        job->p[number] = job->rows[number].p;
    }
    kundig__benjamini_hochberg(job->p, count, job->q, job->scratch);
    kundig__order_sort(job->order, count, impact_order, job);
    return KUNDIG_OK;
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    IMPACT_KEY,
    IMPACT_TITLE,
    IMPACT_METRIC,
    IMPACT_N,
    IMPACT_CUSTOMERS,
    IMPACT_SHARE,
    IMPACT_VALUE,
    IMPACT_REST,
    IMPACT_IMPACT,
    IMPACT_LO,
    IMPACT_HI,
    IMPACT_SE,
    IMPACT_SE_GIVEN,
    IMPACT_P,
    IMPACT_Q,
    IMPACT_ADDITIVE,
    IMPACT_ADDITIVE_LO,
    IMPACT_ADDITIVE_HI,
    IMPACT_UNITS,
    IMPACT_PER,
    IMPACT_POSITIVE,
    IMPACT_POSITIVE_LO,
    IMPACT_POSITIVE_HI,
    IMPACT_NEGATIVE,
    IMPACT_NEGATIVE_LO,
    IMPACT_NEGATIVE_HI,
    IMPACT_NET,
    IMPACT_ASYMMETRY,
    IMPACT_STATUS,
    IMPACT_METHOD,
    IMPACT_COLUMNS
};

static void impact_columns(const impact_job *job, kundig_table *table)
{
    static const struct {
        const char *name;
        int type;
        int unit; /* -1: the metric's */
    } columns[IMPACT_COLUMNS] = {
        [IMPACT_KEY] = {NULL, KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [IMPACT_TITLE] = {"title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [IMPACT_METRIC] = {"metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [IMPACT_N] = {"n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        [IMPACT_CUSTOMERS] = {"customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        [IMPACT_SHARE] = {"share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
        [IMPACT_VALUE] = {"value", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_REST] = {"rest", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_IMPACT] = {"impact", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_LO] = {"lo", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_HI] = {"hi", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_SE] = {"se", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_SE_GIVEN] = {"se_given_counts", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_P] = {"p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
        [IMPACT_Q] = {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
        [IMPACT_ADDITIVE] = {"additive", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_ADDITIVE_LO] = {"additive_lo", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_ADDITIVE_HI] = {"additive_hi", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_UNITS] = {"units", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [IMPACT_PER] = {"per", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [IMPACT_POSITIVE] = {"positive", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_POSITIVE_LO] = {"positive_lo", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_POSITIVE_HI] = {"positive_hi", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_NEGATIVE] = {"negative", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_NEGATIVE_LO] = {"negative_lo", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_NEGATIVE_HI] = {"negative_hi", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_NET] = {"net", KUNDIG_COLUMN_NUMBER, -1},
        [IMPACT_ASYMMETRY] = {"asymmetry", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        [IMPACT_STATUS] = {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        [IMPACT_METHOD] = {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    kundig__table_column_text(table, job->query->group_fields[0], KUNDIG_COLUMN_TEXT,
                              KUNDIG_UNIT_NONE);
    for (size_t i = 1; i < IMPACT_COLUMNS; i++) {
        int unit = columns[i].unit < 0 ? job->asked.metric->unit : columns[i].unit;
        kundig__table_column(table, columns[i].name, columns[i].type, unit);
    }
}

/* A whole number in digits, with its sign. */
static kundig_text impact_digits(kundig__i128 value, char out[48])
{
    kundig__u128 size = value < 0 ? (kundig__u128)0 - (kundig__u128)value : (kundig__u128)value;
    size_t at = 48;
    do {
        out[--at] = (char)('0' + (int)(size % 10));
        size /= 10;
    } while (size);
    if (value < 0) {
        out[--at] = '-';
    }
    return kundig__text(out + at, 48 - at);
}

static void impact_set_units(const impact_job *job, const kundig__score_part_set *set,
                             kundig_table *table)
{
    char digits[48];
    kundig__i128 per = job->parts.whole[0].B * KUNDIG__PARTS_SPLIT;
    per *= kundig__metric_is_of_values(job->asked.metric) ? 1000 : 1;
    kundig__table_set_text(table, IMPACT_UNITS, impact_digits(set->a, digits));
    kundig__table_set_text(table, IMPACT_PER, impact_digits(per, digits));
}

/* How much more praise moves than blame: (reward - penalty) / (reward + penalty). */
static double impact_asymmetry(const kundig__mention *praise, const kundig__mention *blame)
{
    double reward = praise->value > 0 ? praise->value : 0;
    double penalty = blame->value < 0 ? -blame->value : 0;
    bool known = praise->value == praise->value && blame->value == blame->value;
    return known && reward + penalty > 0 ? (reward - penalty) / (reward + penalty) : impact_nan();
}

static void impact_set_mentions(const impact_job *job, uint32_t number, kundig_table *table)
{
    const kundig__mention *praise = &job->mentions.sides[(size_t)number * 2];
    const kundig__mention *blame = praise + 1;
    bool praised = praise->status == KUNDIG__MENTION_TOLD;
    bool blamed = blame->status == KUNDIG__MENTION_TOLD;
    double net =
        (praised ? praise->value * praise->often : 0) + (blamed ? blame->value * blame->often : 0);
    kundig__table_set_number(table, IMPACT_POSITIVE, praise->value);
    kundig__table_set_number(table, IMPACT_POSITIVE_LO, praise->lo);
    kundig__table_set_number(table, IMPACT_POSITIVE_HI, praise->hi);
    kundig__table_set_number(table, IMPACT_NEGATIVE, blame->value);
    kundig__table_set_number(table, IMPACT_NEGATIVE_LO, blame->lo);
    kundig__table_set_number(table, IMPACT_NEGATIVE_HI, blame->hi);
    kundig__table_set_number(table, IMPACT_NET, praised || blamed ? net : impact_nan());
    kundig__table_set_number(table, IMPACT_ASYMMETRY, impact_asymmetry(praise, blame));
}

static void impact_write_row(const impact_job *job, uint32_t number, kundig_table *table)
{
    const kundig__score_parts *parts = &job->parts;
    const kundig__score_part_set *set = &parts->parts[number].sets[0];
    const impact_row *row = &job->rows[number];
    const double numbers[] = {row->share,      row->value,     row->rest,     row->impact,
                              row->lo,         row->hi,        row->se,       row->given,
                              row->p,          job->q[number], row->additive, row->additive_lo,
                              row->additive_hi};
    char method[96];
    kundig__table_row(table);
    kundig__table_set_text(table, IMPACT_KEY, parts->keys[number]);
    kundig__table_set_text(table, IMPACT_TITLE, parts->titles[number]);
    kundig__table_set_text(table, IMPACT_METRIC, kundig__str(job->asked.metric->name));
    kundig__table_set_int(table, IMPACT_N, (int64_t)set->n);
    if (set->customers) {
        kundig__table_set_int(table, IMPACT_CUSTOMERS, (int64_t)set->customers);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        kundig__table_set_number(table, IMPACT_SHARE + i, numbers[i]);
    }
    if (row->status == KUNDIG__STATUS_OK || row->status == KUNDIG__STATUS_UNDEFINED) {
        impact_set_units(job, set, table);
        if (parts->numbers[number] < job->mentions.count) {
            impact_set_mentions(job, parts->numbers[number], table);
        }
    }
    kundig__method_text(row->method, parts->weighted, parts->clustered, job->asked.unit, method);
    kundig__table_set_text(table, IMPACT_STATUS, kundig__str(kundig__status_name(row->status)));
    kundig__table_set_text(table, IMPACT_METHOD, kundig__str(method));
}

/* Kinds of mention that the regression does not tell of. */
static void impact_note_mentions(const impact_job *job, kundig_table *table)
{
    static const char *const reasons[] = {[KUNDIG__MENTION_RARE] = "are of fewer than 5 customers",
                                          [KUNDIG__MENTION_BEYOND] =
                                              "are not among the 512 kinds of most customers",
                                          [KUNDIG__MENTION_COLLINEAR] = "are told by others"};
    uint32_t counts[KUNDIG__MENTION_COLLINEAR + 1] = {0};
    for (size_t i = 0; i < (size_t)job->mentions.count * 2; i++) {
        counts[job->mentions.sides[i].status] += job->mentions.sides[i].n > 0;
    }
    for (int status = KUNDIG__MENTION_RARE; status <= KUNDIG__MENTION_COLLINEAR; status++) {
        if (counts[status]) {
            kundig__table_note(table, "praise and blame: %u kinds of mention %s", counts[status],
                               reasons[status]);
        }
    }
}

static void impact_notes(const impact_job *job, kundig_table *table, size_t limit)
{
    const kundig__score_parts *parts = &job->parts;
    if (limit && limit < parts->count) {
        kundig__table_note(table, "%u rows in all; the %zu of the greatest impact are shown",
                           (unsigned)parts->count, limit);
    }
    if (parts->crowded) {
        kundig__table_note(
            table, "%llu %s more than %d values; answers are split over the first %d",
            (unsigned long long)parts->crowded, parts->crowded == 1 ? "record has" : "records have",
            KUNDIG__PARTS_MOST, KUNDIG__PARTS_MOST);
    }
    kundig__answer_notes(table, &job->asked, &parts->counted);
    impact_note_mentions(job, table);
    if (parts->of_topics) {
        kundig__table_note(table, "impacts of topics overlap and do not add up; additive shares "
                                  "sum to the score");
    }
    kundig__table_note(table, "going together is no cause");
}

static int impact_table(const impact_job *job, size_t limit, kundig_table **out, kundig_error *err)
{
    size_t count = limit && limit < job->parts.count ? limit : job->parts.count;
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    impact_columns(job, table);
    for (size_t i = 0; i < count; i++) {
        impact_write_row(job, job->order[i], table);
    }
    impact_notes(job, table, limit);
    return kundig__table_finish(table, out, err);
}

static int impact_mentions(impact_job *job, kundig__corpus *corpus, kundig_error *err)
{
    kundig__field field;
    int rc = kundig__field_resolve(corpus, job->query->group_fields[0], &field, err);
    return rc ? rc
              : kundig__mentions_new(corpus, &job->parts, field.type == KUNDIG__FIELD_THEME,
                                     job->asked.level, &job->mentions, err);
}

int kundig__impact(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                   kundig_table **out, kundig_error *err)
{
    static const uint32_t nodes[1] = {KUNDIG__NO_NODE};
    const kundig__question *question = NULL;
    impact_job job = {0};
    job.mem = &kundig__corpus_context(corpus)->mem;
    int rc = kundig__why_ask(corpus, query, "topic", &job.query, &job.asked, &question, err);
    if (!rc && job.query->group_field_count != 1) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "impact is told of the values of one field; group by one");
    }
    rc = rc ? rc
            : kundig__score_parts_keep(corpus, job.query, &job.asked, question, nodes, 1,
                                       &job.parts, err);
    if (!rc && job.parts.of_topics) {
        rc = impact_mentions(&job, corpus, err);
    }
    kundig__score_parts_drop(&job.parts);
    rc = rc ? rc : impact_rows(&job, err);
    rc = rc ? rc : impact_table(&job, limit, out, err);
    uint32_t count = job.parts.count;
    kundig__free(job.mem, job.rows, count * sizeof *job.rows);
    kundig__free(job.mem, job.order, count * sizeof *job.order);
    kundig__free(job.mem, job.p, count * sizeof *job.p);
    kundig__free(job.mem, job.q, count * sizeof *job.q);
    kundig__free(job.mem, job.scratch, count * sizeof *job.scratch);
    kundig__mentions_free(&job.mentions);
    kundig__score_parts_free(&job.parts);
    kundig_query_free(job.query);
    return rc;
}
