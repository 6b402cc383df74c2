/* The score: every question that was answered gets its metric; the first of them leads the rest of
 * the page. */
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

#define SCORES_MOST 16

typedef struct scores_metric {
    int32_t scale;
    const char *metric;
    int unit;
} scores_metric;

/* Scales in the order in which they lead. */
static const scores_metric scores_metrics[] = {
    {KUNDIG_SCALE_NPS, "nps", KUNDIG_UNIT_SCORE},
    {KUNDIG_SCALE_NPS, "enps", KUNDIG_UNIT_SCORE},
    {KUNDIG_SCALE_CSAT, "csat", KUNDIG_UNIT_SHARE},
    {KUNDIG_SCALE_CSAT, "csat_mean", KUNDIG_UNIT_POINTS},
    {KUNDIG_SCALE_CES, "ces", KUNDIG_UNIT_POINTS},
    {KUNDIG_SCALE_CES_2010, "ces_2010", KUNDIG_UNIT_POINTS},
    {KUNDIG_SCALE_STARS, "score_mean", KUNDIG_UNIT_POINTS},
    {KUNDIG_SCALE_DECLARED, "score_mean", KUNDIG_UNIT_POINTS},
};

static const char *scores_unit_name(int unit)
{
    return unit == KUNDIG_UNIT_SCORE ? "score" : unit == KUNDIG_UNIT_SHARE ? "share" : "points";
}

static bool scores_high_is_good(const kundig__question *question)
{
    return question->scale == KUNDIG_SCALE_DECLARED ? question->direction == KUNDIG_HIGHER_IS_BETTER
                                                    : question->scale != KUNDIG_SCALE_CES_2010;
}

/* The ends of a scale: for NPS detractors and promoters, else the outer thirds. */
static void scores_set_ends(kundig__analysis *a, const kundig__question *question)
{
    a->low_is_bad = scores_high_is_good(question);
    a->bad_name = "low scores";
    a->good_name = "high scores";
    if (question->scale == KUNDIG_SCALE_NPS) {
        a->low = 6000;
        a->high = 9000;
        a->bad_name = "detractors";
        a->good_name = "promoters";
    } else {
        int64_t third = ((int64_t)question->maximum - question->minimum) / 3;
        bool whole = question->minimum % 1000 == 0 && question->maximum % 1000 == 0;
        int64_t low = question->minimum + third;
        int64_t high = question->maximum - third;
        if (whole) {
            /* On whole points "4 or 5" is said, not "3.667 or more". */
            low -= ((low % 1000) + 1000) % 1000;
            high += (1000 - ((high % 1000) + 1000) % 1000) % 1000;
        }
        a->low = (int32_t)low;
        a->high = (int32_t)high;
        if (!a->low_is_bad) {
            a->bad_name = "high scores";
            a->good_name = "low scores";
        }
    }
}

static void scores_lead(kundig__analysis *a, size_t index, const scores_metric *metric,
                        const kundig__figure *estimate)
{
    const kundig__question *question = kundig__corpus_question(a->corpus, index);
    a->scored = true;
    a->question = index;
    a->question_name = question->name;
    a->metric = metric->metric;
    a->unit = metric->unit;
    a->overall = *estimate;
    a->overall.status = (kundig_text){NULL, 0};
    scores_set_ends(a, question);
}

enum {
    SCORES_QUESTION,
    SCORES_METRIC,
    SCORES_SCALE,
    SCORES_UNIT,
    SCORES_VALUE,
    SCORES_LO,
    SCORES_HI,
    SCORES_N,
    SCORES_CUSTOMERS,
    SCORES_WORST, /* records at the bad end of the scale, between, and at the good end */
    SCORES_MIDDLE,
    SCORES_BEST,
    SCORES_STATUS,
    SCORES_METHOD
};

/* "0 to 10", "1 to 5, lower is better" */
static const char *scores_scale(kundig__analysis *a, const kundig__question *question)
{
    kundig__buf text;
    kundig__buf_init(&text, a->mem);
    kundig__buf_number(&text, (double)question->minimum / 1000);
    kundig__buf_str(&text, " to ");
    kundig__buf_number(&text, (double)question->maximum / 1000);
    if (!scores_high_is_good(question)) {
        kundig__buf_str(&text, ", lower is better");
    }
    const char *kept =
        kundig__analysis_text(a, (kundig_text){text.data ? text.data : "", text.len});
    a->failed = a->failed || text.failed;
    kundig__buf_free(&text);
    return kept;
}

static void scores_columns(kundig_table *table)
{
    static const struct {
        const char *name;
        int type;
        int unit;
    } columns[] = {
        {"question", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        {"metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        {"scale", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        {"unit", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        {"value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"worst", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"middle", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"best", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type, columns[i].unit);
    }
}

/* Records at both ends of the leading question, as far as its metric counts them. */
static int scores_ends(kundig__analysis *a, kundig_query *query, int64_t counts[2],
                       kundig_error *err)
{
    uint32_t nodes[2];
    int code = kundig__analysis_ends(a, query, &nodes[0], &nodes[1], err);
    for (size_t i = 0; i < 2 && !code; i++) {
        kundig_query *part = NULL;
        kundig_table *table = NULL;
        code = kundig__query_copy(query, &a->mem->hook, &part, err);
        if (!code) {
            code = kundig_query_keep(part, nodes[i], err);
        }
        if (!code) {
            code = kundig__measure(a->corpus, part, &table, err);
        }
        if (!code) {
            kundig__figure estimate;
            kundig__figure_read(table, 0, &estimate);
            counts[i] = estimate.n;
        }
        kundig_table_free(table);
        kundig_query_free(part);
    }
    return code;
}

/* One question by one metric: a row of the table, if any record answers. */
static int scores_ask(kundig__analysis *a, size_t index, const scores_metric *metric,
                      kundig_table *out, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    const kundig__question *question = kundig__corpus_question(a->corpus, index);
    int code = kundig__analysis_query(a, metric->metric, question->name, &query, err);
    if (!code) {
        code = kundig__measure(a->corpus, query, &table, err);
    }
    if (code) {
        goto done;
    }
    kundig__figure estimate;
    kundig__figure_read(table, 0, &estimate);
    bool employees = strcmp(metric->metric, "enps") == 0;
    if (estimate.n == 0 && (employees || a->employees)) {
        goto done; /* nobody of that kind was asked */
    }
    kundig__table_row(out);
    kundig__table_set_text(out, SCORES_QUESTION, question->name);
    kundig__table_set_text(out, SCORES_METRIC, kundig__str(metric->metric));
    kundig__table_set_text(out, SCORES_SCALE, kundig__str(scores_scale(a, question)));
    kundig__table_set_text(out, SCORES_UNIT, kundig__str(scores_unit_name(metric->unit)));
    if (estimate.ok) {
        kundig__table_set_number(out, SCORES_VALUE, estimate.value);
        kundig__table_set_number(out, SCORES_LO, estimate.lo);
        kundig__table_set_number(out, SCORES_HI, estimate.hi);
    }
    kundig__table_set_int(out, SCORES_N, estimate.n);
    if (estimate.has_customers) {
        kundig__table_set_int(out, SCORES_CUSTOMERS, estimate.customers);
    }
    kundig__table_set_text(out, SCORES_STATUS, estimate.status);
    kundig__table_set_text(
        out, SCORES_METHOD,
        kundig_table_text(table, 0, kundig_table_find_column(table, "method", 6)));
    if (!a->scored) {
        int64_t ends[2] = {0, 0};
        scores_lead(a, index, metric, &estimate);
        code = scores_ends(a, query, ends, err);
        if (!code) {
            kundig__table_set_int(out, SCORES_WORST, ends[0]);
            kundig__table_set_int(out, SCORES_MIDDLE, estimate.n - ends[0] - ends[1]);
            kundig__table_set_int(out, SCORES_BEST, ends[1]);
        }
    }
done:
    kundig_table_free(table);
    kundig_query_free(query);
    return code;
}

/* Does question b lead before question a of the same scale? More answers, then the name. */
static bool scores_before(const kundig__analysis *a, size_t left, size_t right)
{
    if (a->answers[left] != a->answers[right]) {
        return a->answers[left] > a->answers[right];
    }
    return kundig__text_order(kundig__corpus_question(a->corpus, left)->name,
                              kundig__corpus_question(a->corpus, right)->name) < 0;
}

/* The questions that were answered (or the one that was named), in the order of the page. */
static size_t scores_questions(const kundig__analysis *a, size_t out[SCORES_MOST])
{
    size_t found = 0;
    size_t scales = sizeof scores_metrics / sizeof *scores_metrics;
    for (size_t s = 0; s < scales; s++) {
        if (s && scores_metrics[s].scale == scores_metrics[s - 1].scale) {
            continue;
        }
        size_t first = found;
        for (size_t i = 0; i < kundig__corpus_question_count(a->corpus); i++) {
            const kundig__question *question = kundig__corpus_question(a->corpus, i);
            bool named = !a->query || !a->query->question.data ||
                         kundig__text_equal(a->query->question, question->name);
            if (question->scale != scores_metrics[s].scale || a->answers[i] == 0 || !named) {
                continue;
            }
            size_t at = found < SCORES_MOST ? found++ : found;
            while (at > first && scores_before(a, i, out[at - 1])) {
                if (at < SCORES_MOST) {
                    out[at] = out[at - 1];
                }
                at--;
            }
            if (at < SCORES_MOST) {
                out[at] = i;
            }
        }
    }
    return found;
}

int kundig__find_scores(kundig__analysis *a, kundig_error *err)
{
    size_t questions[SCORES_MOST];
    size_t count = scores_questions(a, questions);
    kundig_table *table = NULL;
    int code = KUNDIG_OK;
    kundig__section *section = kundig__section_new(a, "The score");
    if (!section) {
        return KUNDIG_OK;
    }
    section->drawing = KUNDIG__DRAW_SCORES;
    if (count == 0) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN, "No record answers a score question.");
        return KUNDIG_OK;
    }
    table = kundig__table_new(a->mem);
    scores_columns(table);
    for (size_t q = 0; q < count && !code; q++) {
        int32_t scale = kundig__corpus_question(a->corpus, questions[q])->scale;
        for (size_t s = 0; s < sizeof scores_metrics / sizeof *scores_metrics && !code; s++) {
            if (scores_metrics[s].scale == scale) {
                code = scores_ask(a, questions[q], &scores_metrics[s], table, err);
            }
        }
    }
    if (code) {
        kundig_table_free(table);
        return code;
    }
    section->unit = a->unit;
    section->after = 0;
    if (kundig__corpus_weights(a->corpus)) {
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "Records carry weights: values use them, counts do not.");
    }
    bool people = a->query && a->query->unit == KUNDIG_OF_CUSTOMERS;
    if (people) {
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "Each customer counts once, with the mean of their answers; n and the "
                             "parts of the bar are answers.");
    }
    if (!people && a->overall.has_customers && a->overall.customers < a->overall.n) {
        kundig__section_line(
            a, section, KUNDIG__LINE_QUIET,
            "%s of %s: answers of one customer resemble each other, and the interval is wider "
            "for it.",
            kundig__analysis_counted(a, (uint64_t)a->overall.n, "answer"),
            kundig__analysis_counted(a, (uint64_t)a->overall.customers, "customer"));
    }
    return kundig__table_finish(table, &section->table, err);
}
