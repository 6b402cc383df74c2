/* How often intervals hold what they promise: surveys of a population whose figures are known are
 * drawn, asked through kundig.h, and counted.
 *
 *   coverage [--seeds N] [--surveys N] [--only WORDS] [--table]
 *
 * A seed draws the surveys of every case; 20 seeds of 40 surveys go with every test run, 200 of 100
 * make the table of README.md beside this file (--table). A case fails where what was seen lies
 * outside its bounds by more than four standard errors. --only WORDS: cases whose name holds them,
 * --only alarms: charts of noise, of a rhythm and of a shift. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kundig.h>

#define MOST_RECORDS 4000

/* ---- Chance ---------------------------------------------------------------------------------- */

static uint64_t chance_state;

static uint64_t chance_next(void)
{
    uint64_t z = chance_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static double chance(void)
{
    return (double)(chance_next() >> 11) / 9007199254740992.0;
}

/* Shares of detractors and promoters; the rest is passive. */
typedef struct coverage_mood {
    double detractors;
    double promoters;
} coverage_mood;

static int answer_of(coverage_mood mood)
{
    double u = chance();
    return u < mood.detractors ? 3 : u < mood.detractors + mood.promoters ? 10 : 8;
}

static double score_of(coverage_mood mood)
{
    return mood.promoters - mood.detractors;
}

/* ---- Surveys --------------------------------------------------------------------------------- */

typedef struct survey {
    kundig_feedback records[MOST_RECORDS];
    kundig_score scores[MOST_RECORDS];
    char customers[MOST_RECORDS][24];
    size_t count;
} survey;

static survey drawn;

static void must(int rc, const kundig_error *err)
{
    if (rc) {
        fprintf(stderr, "%s\n", err->message);
        exit(2);
    }
}

static kundig_text text_of(const char *str)
{
    return (kundig_text){str, strlen(str)};
}

/* customer < 0: none is named. */
static kundig_feedback *draw(double value, int32_t scale, long customer)
{
    size_t i = drawn.count++;
    kundig_feedback *record = &drawn.records[i];
    if (i >= MOST_RECORDS) {
        fputs("a survey is too long\n", stderr);
        exit(2);
    }
    kundig_feedback_init(record);
    drawn.scores[i] = (kundig_score){.scale = scale, .value = value};
    record->scores = &drawn.scores[i];
    record->score_count = 1;
    if (customer >= 0) {
        snprintf(drawn.customers[i], sizeof drawn.customers[i], "c%ld", customer);
        record->customer = text_of(drawn.customers[i]);
    }
    return record;
}

static kundig *survey_open(void)
{
    kundig *k = NULL;
    kundig_error err;
    must(kundig_open(":memory:", 8, NULL, &k, &err), &err);
    must(kundig_feedback_add(k, drawn.records, drawn.count, NULL, &err), &err);
    return k;
}

static kundig_query *ask(const char *metric, const char *by)
{
    kundig_query *query = NULL;
    kundig_error err;
    must(kundig_query_new(NULL, &query), &err);
    must(kundig_query_set_metric(query, metric, strlen(metric), &err), &err);
    if (by) {
        must(kundig_query_group_by(query, by, strlen(by), &err), &err);
    }
    return query;
}

static uint32_t node_of(kundig_query *query, const char *condition)
{
    uint32_t node = 0;
    kundig_error err;
    must(kundig_query_parse(query, condition, strlen(condition), &node, &err), &err);
    return node;
}

static size_t column_of(const kundig_table *table, const char *name)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    if (column == SIZE_MAX) {
        fprintf(stderr, "there is no column %s\n", name);
        exit(2);
    }
    return column;
}

/* What one survey says of a figure. */
typedef struct coverage_said {
    bool defined;
    double lo;
    double hi;
} coverage_said;

static coverage_said said_of(const kundig_table *table, size_t row, const char *lo, const char *hi)
{
    size_t low = column_of(table, lo);
    size_t high = column_of(table, hi);
    if (kundig_table_is_null(table, row, low) || kundig_table_is_null(table, row, high)) {
        return (coverage_said){false, 0, 0};
    }
    return (coverage_said){true, kundig_table_number(table, row, low),
                           kundig_table_number(table, row, high)};
}

/* The row of a value, in the column of that name. */
static size_t row_of(const kundig_table *table, const char *column, const char *value)
{
    size_t at = column_of(table, column);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text text = kundig_table_text(table, row, at);
        if (text.len == strlen(value) && memcmp(text.data, value, text.len) == 0) {
            return row;
        }
    }
    return SIZE_MAX;
}

/* ---- Cases: one survey each ------------------------------------------------------------------ */

typedef struct coverage_study coverage_study;
struct coverage_study {
    const char *what;
    coverage_said (*once)(const coverage_study *study);
    coverage_mood mood;
    coverage_mood other;
    double share; /* of the part, or of the second stratum */
    size_t n;
    int how;
    double truth;
    double least; /* coverage; 0: tabulated alone */
    double most;
};

static coverage_said measured(kundig_query *query)
{
    kundig *k = survey_open();
    kundig_table *table = NULL;
    kundig_error err;
    must(kundig_measure(k, query, &table, &err), &err);
    coverage_said said = said_of(table, 0, "lo", "hi");
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    return said;
}

static coverage_said once_nps(const coverage_study *study)
{
    kundig_error err;
    for (size_t i = 0; i < study->n; i++) {
        draw(answer_of(study->mood), KUNDIG_SCALE_NPS, -1);
    }
    kundig_query *query = ask("nps", NULL);
    must(kundig_query_set_interval(query, study->how, 0, &err), &err);
    return measured(query);
}

/* A fifth of the customers write five times, and mostly say the same again. */
static coverage_said once_clustered(const coverage_study *study)
{
    for (size_t customer = 0; customer < study->n; customer++) {
        int first = answer_of(study->mood);
        size_t times = chance() < .2 ? 5 : 1;
        for (size_t i = 0; i < times; i++) {
            draw(chance() < .8 ? first : answer_of(study->mood), KUNDIG_SCALE_NPS, (long)customer);
        }
    }
    return measured(ask("nps", NULL));
}

/* One customer wrote a quarter of everything. */
static coverage_said once_dominant(const coverage_study *study)
{
    int always = answer_of(study->mood);
    for (size_t i = 0; i < study->n; i++) {
        bool loud = i < study->n / 4;
        draw(loud ? always : answer_of(study->mood), KUNDIG_SCALE_NPS, loud ? 0 : (long)i);
    }
    return measured(ask("nps", NULL));
}

/* Mean satisfaction: mostly one value, rarely the other end. */
static coverage_said once_mean(const coverage_study *study)
{
    for (size_t i = 0; i < study->n; i++) {
        double u = chance();
        int value = u < study->mood.detractors ? 1 : u < study->mood.detractors + .2 ? 4 : 5;
        draw(value, KUNDIG_SCALE_CSAT, -1);
    }
    return measured(ask("csat_mean", NULL));
}

static coverage_said once_share(const coverage_study *study)
{
    for (size_t i = 0; i < study->n; i++) {
        draw(chance() < study->share ? 5 : 2, KUNDIG_SCALE_CSAT, -1);
    }
    return measured(ask("csat", NULL));
}

/* Two strata that answer unequally often, each record weighed by how seldom its stratum answers. */
static coverage_said once_weighted(const coverage_study *study)
{
    for (size_t i = 0; i < study->n; i++) {
        bool rare = chance() < study->share;
        kundig_feedback *record =
            draw(answer_of(rare ? study->other : study->mood), KUNDIG_SCALE_NPS, -1);
        record->has_weight = 1;
        record->weight = rare ? .5 / study->share : .5 / (1 - study->share);
    }
    return measured(ask("nps", NULL));
}

static coverage_said once_post_stratified(const coverage_study *study)
{
    static const char *const segments[] = {"often", "rare"};
    for (size_t i = 0; i < study->n; i++) {
        bool rare = chance() < study->share;
        draw(answer_of(rare ? study->other : study->mood), KUNDIG_SCALE_NPS, -1)->segment =
            text_of(segments[rare]);
    }
    kundig_margin margins[] = {{text_of("segment"), text_of("often"), 50},
                               {text_of("segment"), text_of("rare"), 50}};
    kundig *k = survey_open();
    kundig_query *query = ask("nps", NULL);
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    kundig_error err;
    must(kundig_weights(k, query, margins, 2, NULL, tables, KUNDIG_WEIGHTS_TABLES, &err), &err);
    coverage_said said = said_of(tables[KUNDIG_WEIGHTS_SCORE], 1, "lo", "hi");
    for (size_t i = 0; i < KUNDIG_WEIGHTS_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
    kundig_query_free(query);
    kundig_close(k);
    return said;
}

/* Half before and half after; how 1: the same customers in both. */
static void draw_two(const coverage_study *study)
{
    static const char *const halves[] = {"before", "after"};
    for (size_t i = 0; i < study->n; i++) {
        int first = answer_of(study->mood);
        for (int half = 0; half < 2; half++) {
            int value = half == 0                          ? first
                        : study->how == 1 && chance() < .5 ? first
                                                           : answer_of(study->other);
            draw(value, KUNDIG_SCALE_NPS, study->how == 1 ? (long)i : -1)->segment =
                text_of(halves[half]);
        }
    }
}

static coverage_said once_difference(const coverage_study *study)
{
    draw_two(study);
    kundig *k = survey_open();
    kundig_query *query = ask("nps", NULL);
    uint32_t before = node_of(query, "segment = before");
    uint32_t after = node_of(query, "segment = after");
    kundig_table *table = NULL;
    kundig_error err;
    must(kundig_compare(k, query, before, after, &table, &err), &err);
    coverage_said said = said_of(table, 0, "lo", "hi");
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    return said;
}

/* A part that is talked about by some and scores otherwise; how 1: customers come back. */
static void draw_parts(const coverage_study *study, const char *segment, double share,
                       coverage_mood part)
{
    for (size_t customer = 0; customer < study->n; customer++) {
        bool in = chance() < share;
        int first = answer_of(in ? part : study->mood);
        size_t times = study->how == 1 && chance() < .2 ? 5 : 1;
        for (size_t i = 0; i < times; i++) {
            int value = chance() < .8 ? first : answer_of(in ? part : study->mood);
            kundig_feedback *record =
                draw(value, KUNDIG_SCALE_NPS, study->how == 1 ? (long)customer : -1);
            record->touchpoint = text_of(in ? "hotline" : "shop");
            record->segment = text_of(segment);
        }
    }
}

static coverage_said impact_said(const coverage_study *study, const char *lo, const char *hi)
{
    draw_parts(study, "all", study->share, study->other);
    kundig *k = survey_open();
    kundig_query *query = ask("nps", "touchpoint");
    kundig_table *table = NULL;
    kundig_error err;
    must(kundig_impact(k, query, 0, &table, &err), &err);
    size_t row = row_of(table, "touchpoint", "hotline");
    coverage_said said =
        row == SIZE_MAX ? (coverage_said){false, 0, 0} : said_of(table, row, lo, hi);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    return said;
}

static coverage_said once_impact(const coverage_study *study)
{
    return impact_said(study, "lo", "hi");
}

static coverage_said once_additive(const coverage_study *study)
{
    return impact_said(study, "additive_lo", "additive_hi");
}

/* The hotline is used more often afterwards, and is worse: what it contributes to the change. */
static coverage_said once_cause(const coverage_study *study)
{
    draw_parts(study, "before", study->share, study->mood);
    draw_parts(study, "after", 2 * study->share, study->other);
    kundig *k = survey_open();
    kundig_query *query = ask("nps", "touchpoint");
    uint32_t before = node_of(query, "segment = before");
    uint32_t after = node_of(query, "segment = after");
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    kundig_error err;
    must(kundig_explain(k, query, before, after, NULL, tables, KUNDIG_EXPLAIN_TABLES, &err), &err);
    size_t row = row_of(tables[KUNDIG_EXPLAIN_CAUSES], "value", "hotline");
    coverage_said said = row == SIZE_MAX ? (coverage_said){false, 0, 0}
                                         : said_of(tables[KUNDIG_EXPLAIN_CAUSES], row, "lo", "hi");
    for (size_t i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
    kundig_query_free(query);
    kundig_close(k);
    return said;
}

/* ---- The studies ----------------------------------------------------------------------------- */

#define NOBODY                                                                                     \
    {                                                                                              \
        0, 0                                                                                       \
    }
#define EVEN                                                                                       \
    {                                                                                              \
        .2, .5                                                                                     \
    }
#define GLAD                                                                                       \
    {                                                                                              \
        .05, .9                                                                                    \
    }
#define VERY                                                                                       \
    {                                                                                              \
        .01, .95                                                                                   \
    }
#define SAD                                                                                        \
    {                                                                                              \
        .6, .15                                                                                    \
    }
#define WITHIN   .935, .975
#define AT_LEAST .935, 1

static const coverage_study studies[] = {
    {"NPS, adjusted Wald", once_nps, EVEN, NOBODY, 0, 30, 0, .3, AT_LEAST},
    {"NPS, adjusted Wald", once_nps, EVEN, NOBODY, 0, 100, 0, .3, WITHIN},
    {"NPS, adjusted Wald", once_nps, EVEN, NOBODY, 0, 1000, 0, .3, WITHIN},
    {"NPS at the edge (.05/.90), adjusted Wald", once_nps, GLAD, NOBODY, 0, 30, 0, .85, AT_LEAST},
    {"NPS at the edge (.05/.90), adjusted Wald", once_nps, GLAD, NOBODY, 0, 100, 0, .85, WITHIN},
    {"NPS at the edge (.01/.95), adjusted Wald", once_nps, VERY, NOBODY, 0, 30, 0, .94, AT_LEAST},
    {"NPS at the edge (.05/.90), score", once_nps, GLAD, NOBODY, 0, 30, KUNDIG_INTERVAL_SCORE, .85,
     AT_LEAST},
    {"NPS at the edge (.01/.95), score", once_nps, VERY, NOBODY, 0, 30, KUNDIG_INTERVAL_SCORE, .94,
     AT_LEAST},
    {"Share, Wilson, p = .9", once_share, NOBODY, NOBODY, .9, 100, 0, .9, WITHIN},
    {"NPS, a fifth of the customers wrote five times", once_clustered, EVEN, NOBODY, 0, 100, 0, .3,
     WITHIN},
    {"NPS, a fifth of the customers wrote five times", once_clustered, EVEN, NOBODY, 0, 300, 0, .3,
     WITHIN},
    {"NPS, weighted", once_weighted, EVEN, SAD, .2, 100, 0, -.075, WITHIN},
    {"NPS, weighted", once_weighted, EVEN, SAD, .2, 1000, 0, -.075, WITHIN},
    {"NPS, post-stratified", once_post_stratified, EVEN, SAD, .2, 300, 0, -.075, AT_LEAST},
    {"Difference of NPS", once_difference, EVEN, SAD, 0, 30, 0, -.75, AT_LEAST},
    {"Difference of NPS", once_difference, EVEN, SAD, 0, 100, 0, -.75, WITHIN},
    {"Difference of NPS, the same customers", once_difference, EVEN, EVEN, 0, 100, 1, 0, WITHIN},
    {"Impact, a tenth of the records", once_impact, EVEN, SAD, .1, 100, 0, -.075, WITHIN},
    {"Impact, a tenth of the records", once_impact, EVEN, SAD, .1, 300, 0, -.075, WITHIN},
    {"Impact, a tenth of the records", once_impact, EVEN, SAD, .1, 1000, 0, -.075, WITHIN},
    {"Impact, 3 of 100 records", once_impact, EVEN, SAD, .03, 1000, 0, -.0225, WITHIN},
    {"Impact, customers come back", once_impact, EVEN, SAD, .1, 300, 1, -.075, WITHIN},
    {"Additive share, a tenth of the records", once_additive, EVEN, SAD, .1, 300, 0, -.045, WITHIN},
    {"Cause of a change", once_cause, EVEN, SAD, .1, 300, 0, 0, WITHIN},
    {"Cause of a change, customers come back", once_cause, EVEN, SAD, .1, 300, 1, 0, WITHIN},
    {"NPS, one customer wrote a quarter", once_dominant, EVEN, NOBODY, 0, 120, 0, .3, WITHIN},
    {"Mean, one answer in fifty at the other end",
     once_mean,
     {.02, 0},
     NOBODY,
     0,
     100,
     0,
     4.72,
     WITHIN},
    {"Mean, one answer in fifty at the other end",
     once_mean,
     {.02, 0},
     NOBODY,
     0,
     1000,
     0,
     4.72,
     WITHIN},
};

/* w1 is twice w0: contribution = (w1 - w0)((r0 + r1)/2 - (S0 + S1)/2) + (r1 - r0)(w0 + w1)/2 */
static double cause_truth(const coverage_study *study)
{
    double w0 = study->share;
    double w1 = 2 * study->share;
    double r0 = score_of(study->mood);
    double r1 = score_of(study->other);
    double s1 = w1 * r1 + (1 - w1) * r0;
    return (w1 - w0) * ((r0 + r1) / 2 - (r0 + s1) / 2) + (r1 - r0) * (w0 + w1) / 2;
}

static double root(double x)
{
    double guess = x > 1 ? x : 1;
    for (int i = 0; i < 60; i++) {
        guess = (guess + x / guess) / 2;
    }
    return guess;
}

static bool study_run(const coverage_study *study, uint64_t number, unsigned long seeds,
                      unsigned long surveys, bool table)
{
    double truth = study->once == once_cause ? cause_truth(study) : study->truth;
    unsigned long held = 0;
    unsigned long undefined = 0;
    double width = 0;
    unsigned long count = 0;
    for (unsigned long seed = 1; seed <= seeds; seed++) {
        chance_state = seed * UINT64_C(0xD1342543DE82EF95) + number;
        for (unsigned long i = 0; i < surveys; i++) {
            drawn.count = 0;
            coverage_said said = study->once(study);
            if (!said.defined) {
                undefined++;
                continue;
            }
            held += said.lo <= truth && truth <= said.hi;
            width += said.hi - said.lo;
            count++;
        }
    }
    double coverage = count ? (double)held / (double)count : 0;
    double edge = coverage < study->least ? study->least : study->most;
    double se = root(edge * (1 - edge) / (double)(count ? count : 1));
    bool good = count && coverage >= study->least - 4 * se && coverage <= study->most + 4 * se;
    if (table) {
        printf("| %s | %zu | %.1f %% | %.3f | %s |\n", study->what, study->n, 100 * coverage,
               count ? width / (double)count : 0, good ? "holds" : "MISSED");
    }
    if (!good || (!table && undefined * 20 > count)) {
        fprintf(stderr,
                "%s, n = %zu: %.2f %% of %lu intervals hold it, %lu undefined; wanted "
                "%.1f to %.1f %%\n",
                study->what, study->n, 100 * coverage, count, undefined, 100 * study->least,
                100 * study->most);
    }
    return good;
}

/* ---- Alarms ---------------------------------------------------------------------------------- */

#define ALARM_DAYS     60
#define ALARM_SHIFT    40 /* the day from which the last product is spoken of more often */
#define ALARM_FOUND    10 /* days within which it is to be found */
#define ALARM_PRODUCTS 8
#define ALARM_EVERY    20 /* one in so many surveys: they are long */
#define ALARM_LEARNT   21 /* days by which a rhythm of weekdays was seen three times */
#define ALARM_DAY_MS   INT64_C(86400000)
#define ALARM_FIRST    INT64_C(1767571200000) /* Monday, 2026-01-05 */

static const char *const alarm_products[ALARM_PRODUCTS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

/* Twenty to sixty answers a day about one of eight products; how: 1 shifts the last one from .1 to
 * .25, 2 makes weekends quiet and about another product than weekdays. */
static void draw_days(int how)
{
    for (int day = 0; day < ALARM_DAYS; day++) {
        bool weekend = how == 2 && day % 7 >= 5;
        int count = (weekend ? 10 : 20) + (int)(chance() * (weekend ? 10 : 40));
        double last = how == 1 && day >= ALARM_SHIFT ? .25 : weekend ? .4 : .1;
        for (int i = 0; i < count; i++) {
            double u = chance();
            size_t product = u < last ? ALARM_PRODUCTS - 1
                                      : (size_t)((u - last) / (1 - last) * (ALARM_PRODUCTS - 1));
            kundig_feedback *record = draw(5, KUNDIG_SCALE_NPS, -1);
            record->product = text_of(alarm_products[product]);
            record->time_ms = ALARM_FIRST + day * ALARM_DAY_MS;
            record->time_precision = KUNDIG_PRECISION_DAY;
        }
    }
}

typedef struct alarm_tally {
    unsigned long surveys;
    unsigned long days;  /* with an alarm */
    unsigned long found; /* surveys in which the shift was */
} alarm_tally;

static void alarm_once(int32_t chart, int how, alarm_tally *tally)
{
    kundig_error err;
    kundig_table *table = NULL;
    kundig_chart_options options;
    bool fired[ALARM_DAYS] = {false};
    bool found = false;
    drawn.count = 0;
    draw_days(how);
    kundig *k = survey_open();
    kundig_query *query = NULL;
    must(kundig_query_new(NULL, &query), &err);
    must(kundig_query_group_by(query, "product", 7, &err), &err);
    kundig_chart_options_init(&options);
    options.chart = chart;
    must(kundig_alarms(k, query, &options, 0, &table, &err), &err);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text day = kundig_table_text(table, row, column_of(table, "period"));
        kundig_text product = kundig_table_text(table, row, column_of(table, "product"));
        kundig_text way = kundig_table_text(table, row, column_of(table, "direction"));
        /* January has 31 days, February 28 */
        int month = (day.data[5] - '0') * 10 + day.data[6] - '0';
        int at = (day.data[8] - '0') * 10 + day.data[9] - '0' - 5 + (month > 1 ? 31 : 0) +
                 (month > 2 ? 28 : 0);
        fired[at] = true;
        found = found || (product.data[0] == 'h' && way.data[0] == 'u' && at >= ALARM_SHIFT &&
                          at < ALARM_SHIFT + ALARM_FOUND);
    }
    for (int i = how == 2 ? ALARM_LEARNT : 0; i < ALARM_DAYS; i++) {
        tally->days += fired[i];
    }
    tally->found += found;
    tally->surveys++;
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
}

/* Shares of days with an alarm (how 0, 2: at most the rate of .01) and of shifts found (how 1). */
static bool alarm_run(int32_t chart, int how, double least, double most, unsigned long seeds,
                      unsigned long surveys, bool table)
{
    static const char *const charts[] = {"", "share", "count", "EWMA", "CUSUM"};
    static const char *const told[] = {
        "days of pure noise with an alarm, chart of",
        "shifts from 10 to 25 % found within ten days, chart of",
        "days of a weekly rhythm with an alarm, from the fourth week, chart of"};
    alarm_tally tally = {0};
    for (unsigned long seed = 1; seed <= seeds; seed++) {
        chance_state = seed * UINT64_C(0xD1342543DE82EF95) + 1000 + (uint64_t)(chart * 3 + how);
        for (unsigned long i = 0; i < (surveys + ALARM_EVERY - 1) / ALARM_EVERY; i++) {
            alarm_once(chart, how, &tally);
        }
    }
    double count = (double)tally.surveys * (how == 1   ? 1
                                            : how == 2 ? ALARM_DAYS - ALARM_LEARNT
                                                       : ALARM_DAYS - 3);
    double share = (double)(how == 1 ? tally.found : tally.days) / count;
    double edge = share < least ? least : most;
    bool good = share >= least - 4 * root(edge * (1 - edge) / count) &&
                share <= most + 4 * root(edge * (1 - edge) / count);
    if (table) {
        printf("| %s %s | %.0f | %.1f %% | | %s |\n", told[how], charts[chart], count, 100 * share,
               good ? "holds" : "MISSED");
    }
    if (!good) {
        fprintf(stderr, "%s %s: %.2f %%, wanted %.1f to %.1f %%\n", told[how], charts[chart],
                100 * share, 100 * least, 100 * most);
    }
    return good;
}

static bool alarms_run(unsigned long seeds, unsigned long surveys, bool table)
{
    /* A tenth to a quarter of 40 answers a day: what each chart finds of it, at least. */
    static const double power[] = {0, .6, .5, .9, .9};
    bool good = true;
    for (int32_t chart = KUNDIG_CHART_SHARE; chart <= KUNDIG_CHART_CUSUM; chart++) {
        good = alarm_run(chart, 0, 0, .01, seeds, surveys, table) && good;
        good = alarm_run(chart, 2, 0, .01, seeds, surveys, table) && good;
        good = alarm_run(chart, 1, power[chart], 1, seeds, surveys, table) && good;
    }
    return good;
}

static unsigned long number_of(const char *text)
{
    unsigned long value = strtoul(text, NULL, 10);
    if (value == 0) {
        fprintf(stderr, "%s is no number\n", text);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    unsigned long seeds = 20;
    unsigned long surveys = 40;
    bool table = false;
    bool good = true;
    const char *only = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--table") == 0) {
            table = true;
        } else if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
            seeds = number_of(argv[++i]);
        } else if (strcmp(argv[i], "--surveys") == 0 && i + 1 < argc) {
            surveys = number_of(argv[++i]);
        } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
            only = argv[++i];
        } else {
            fputs("coverage [--seeds N] [--surveys N] [--only WORDS] [--table]\n", stderr);
            return 2;
        }
    }
    if (table) {
        puts("| what | n | coverage | mean width | |\n|---|---|---|---|---|");
    }
    for (size_t i = 0; i < sizeof studies / sizeof studies[0]; i++) {
        if (!only || strstr(studies[i].what, only)) {
            good = study_run(&studies[i], i, seeds, surveys, table) && good;
        }
    }
    if (!only || strcmp(only, "alarms") == 0) {
        good = alarms_run(seeds, surveys, table) && good;
    }
    return good ? 0 : 1;
}
