/* The registry: one row a metric. A new metric is one row here and, where it is of a new kind, one
 * file with its finish function; bindings, the command line and states then know it.
 *
 * A row says which answers a metric reads and how an answer becomes an integer; gather.c adds the
 * integers up, the row's finish function alone makes numbers of the sums.
 * Cost: look-up is O(metrics). */
#include "base/text.h"
#include "metrics/metric.h"

#define SCALE_BIT(scale) (UINT32_C(1) << (scale))
#define EVERY_SCALE                                                                                \
    (SCALE_BIT(KUNDIG_SCALE_NPS) | SCALE_BIT(KUNDIG_SCALE_CSAT) | SCALE_BIT(KUNDIG_SCALE_CES) |    \
     SCALE_BIT(KUNDIG_SCALE_CES_2010) | SCALE_BIT(KUNDIG_SCALE_STARS) |                            \
     SCALE_BIT(KUNDIG_SCALE_DECLARED))

static const kundig__metric registry_rows[] = {
    {"ces", "Customer Effort Score 2.0", KUNDIG__CLASS_MULTISET, SCALE_BIT(KUNDIG_SCALE_CES),
     KUNDIG_UNIT_POINTS, KUNDIG__KINDS_ALL, KUNDIG__READS_VALUE, 0, 0, kundig__finish_mean,
     kundig__contrast_mean, "Student t score", "Dixon, Toman and DeLisi (2013)",
     "mean of \"made it easy\", 1 to 7, higher is better"},
    {"ces_2010", "Customer Effort Score 1.0", KUNDIG__CLASS_MULTISET,
     SCALE_BIT(KUNDIG_SCALE_CES_2010), KUNDIG_UNIT_POINTS, KUNDIG__KINDS_ALL, KUNDIG__READS_VALUE,
     0, 0, kundig__finish_mean, kundig__contrast_mean, "Student t score",
     "Dixon, Freeman and Toman (2010)", "mean of own effort, 1 to 5, lower is better"},
    {"count", "Records", KUNDIG__CLASS_SUM, 0, KUNDIG_UNIT_COUNT, KUNDIG__KINDS_ALL,
     KUNDIG__READS_NOTHING, 0, 0, kundig__finish_count, NULL, "none", "enumeration",
     "number of records; of customers where customers are counted"},
    {"csat", "Customer satisfaction, top two", KUNDIG__CLASS_MULTISET, SCALE_BIT(KUNDIG_SCALE_CSAT),
     KUNDIG_UNIT_SHARE, KUNDIG__KINDS_ALL, KUNDIG__READS_STEPS, KUNDIG__NO_STEP, 4000,
     kundig__finish_share, kundig__contrast_share, "Wilson", "Wilson (1927) for the interval",
     "share of answers of 4 or 5 on 1 to 5"},
    {"csat_mean", "Customer satisfaction, mean", KUNDIG__CLASS_MULTISET,
     SCALE_BIT(KUNDIG_SCALE_CSAT), KUNDIG_UNIT_POINTS, KUNDIG__KINDS_ALL, KUNDIG__READS_VALUE, 0, 0,
     kundig__finish_mean, kundig__contrast_mean, "Student t score",
     "Student (1908) and Wilson (1927) for the interval", "mean answer on 1 to 5"},
    {"customers", "Customers", KUNDIG__CLASS_MULTISET, 0, KUNDIG_UNIT_COUNT, KUNDIG__KINDS_ALL,
     KUNDIG__READS_NOTHING, 0, 0, kundig__finish_customers, NULL, "none", "enumeration",
     "number of distinct customers"},
    {"enps", "Employee Net Promoter Score", KUNDIG__CLASS_MULTISET, SCALE_BIT(KUNDIG_SCALE_NPS),
     KUNDIG_UNIT_SCORE, KUNDIG__KINDS_EMPLOYEES, KUNDIG__READS_STEPS, 7000, 9000,
     kundig__finish_net, kundig__contrast_net, "adjusted Wald",
     "Reichheld (2003); Rocks (2016) for the interval", "nps over records of kind employee"},
    {"novelty", "Novelty of comments", KUNDIG__CLASS_MULTISET, 0, KUNDIG_UNIT_SCORE,
     KUNDIG__KINDS_ALL, KUNDIG__READS_NOVELTY, 0, 0, kundig__finish_mean, kundig__contrast_mean,
     "Student t score", "Student (1908) and Wilson (1927) for the interval",
     "mean share of the texts discovered in that fit their topics better than a comment does"},
    {"nps", "Net Promoter Score", KUNDIG__CLASS_MULTISET, SCALE_BIT(KUNDIG_SCALE_NPS),
     KUNDIG_UNIT_SCORE, KUNDIG__KINDS_CUSTOMERS, KUNDIG__READS_STEPS, 7000, 9000,
     kundig__finish_net, kundig__contrast_net, "adjusted Wald",
     "Reichheld (2003); Rocks (2016) for the interval",
     "share of promoters (9, 10) less share of detractors (0 to 6); employees left out"},
    {"score_mean", "Mean score", KUNDIG__CLASS_MULTISET, EVERY_SCALE, KUNDIG_UNIT_POINTS,
     KUNDIG__KINDS_ALL, KUNDIG__READS_VALUE, 0, 0, kundig__finish_mean, kundig__contrast_mean,
     "Student t score", "Student (1908) and Wilson (1927) for the interval",
     "mean answer to any question, on its own scale"},
    {"sentiment", "Sentiment of comments", KUNDIG__CLASS_MULTISET, 0, KUNDIG_UNIT_SCORE,
     KUNDIG__KINDS_ALL, KUNDIG__READS_MOODS, 0, 0, kundig__finish_mean, kundig__contrast_mean,
     "Student t score", "Student (1908) and Wilson (1927) for the interval",
     "mean of what comments express, -1 to 1; by topic what they express of it"},
    {"share", "Share of comments with a topic", KUNDIG__CLASS_MULTISET, 0, KUNDIG_UNIT_SHARE,
     KUNDIG__KINDS_ALL, KUNDIG__READS_TOPICS, KUNDIG__NO_STEP, 1, kundig__finish_share,
     kundig__contrast_share, "Wilson", "Wilson (1927) for the interval",
     "share of records with a text that have the topic grouped by; else any topic"},
};

size_t kundig__metric_count(void)
{
    return sizeof registry_rows / sizeof registry_rows[0];
}

const kundig__metric *kundig__metric_at(size_t index)
{
    return &registry_rows[index];
}

const kundig__metric *kundig__metric_find(kundig_text name)
{
    for (size_t i = 0; i < kundig__metric_count(); i++) {
        if (kundig__text_equal(name, kundig__str(registry_rows[i].name))) {
            return &registry_rows[i];
        }
    }
    return NULL;
}

const char *kundig__class_name(int32_t class_)
{
    switch (class_) {
    case KUNDIG__CLASS_SUM:
        return "sum";
    case KUNDIG__CLASS_MULTISET:
        return "multiset";
    default:
        return "scan";
    }
}

bool kundig__metric_is_of_steps(const kundig__metric *metric)
{
    return metric->reads == KUNDIG__READS_STEPS || metric->reads == KUNDIG__READS_TOPICS;
}

bool kundig__metric_is_of_values(const kundig__metric *metric)
{
    return metric->reads == KUNDIG__READS_VALUE || kundig__metric_is_of_comments(metric);
}

bool kundig__metric_is_of_comments(const kundig__metric *metric)
{
    return metric->reads == KUNDIG__READS_MOODS || metric->reads == KUNDIG__READS_NOVELTY;
}

int64_t kundig__metric_x(const kundig__metric *metric, int32_t answer)
{
    switch (metric->reads) {
    case KUNDIG__READS_STEPS:
    case KUNDIG__READS_TOPICS:
        return (answer >= metric->high) - (answer < metric->low);
    case KUNDIG__READS_VALUE:
    case KUNDIG__READS_MOODS:
    case KUNDIG__READS_NOVELTY:
        return answer;
    default:
        return 0;
    }
}

/* "nps", "nps, csat or stars", "any" */
static void registry_scales(uint32_t scales, char out[64])
{
    size_t len = 0;
    const char *separator = "";
    if (scales == EVERY_SCALE) {
        memcpy(out, "any", 4);
        return;
    }
    for (int32_t scale = KUNDIG_SCALE_NPS; scale <= KUNDIG_SCALE_DECLARED; scale++) {
        if (scales & SCALE_BIT(scale)) {
            const char *name = kundig__scale_name(scale);
            memcpy(out + len, separator, strlen(separator));
            len += strlen(separator);
            memcpy(out + len, name, strlen(name));
            len += strlen(name);
            separator = ", ";
        }
    }
    out[len] = 0;
}

int kundig__metrics_table(kundig__mem *mem, kundig_table **out, kundig_error *err)
{
    static const char *const units[] = {"none", "score", "share", "points", "count", "p_value"};
    kundig_table *table = kundig__table_new(mem);
    if (!table) {
        return kundig__nomem(mem, err);
    }
    static const char *const columns[] = {"metric", "title",    "class",  "scale",
                                          "unit",   "interval", "source", "description"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i], KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    for (size_t i = 0; i < kundig__metric_count(); i++) {
        const kundig__metric *metric = kundig__metric_at(i);
        char scales[64];
        registry_scales(metric->scales, scales);
        const char *cells[] = {metric->name,
                               metric->title,
                               kundig__class_name(metric->class_),
                               metric->scales ? scales : NULL,
                               units[metric->unit],
                               metric->interval,
                               metric->source,
                               metric->description};
        kundig__table_row(table);
        for (size_t c = 0; c < sizeof cells / sizeof cells[0]; c++) {
            kundig__table_set_text(table, c, kundig__str(cells[c]));
        }
    }
    return kundig__table_finish(table, out, err);
}

/* Append text to a list in a sentence; what does not fit becomes "...". */
static void registry_list(char *list, size_t size, kundig_text name)
{
    size_t len = strlen(list);
    size_t shown = (size_t)kundig__shown(name);
    if (len >= 3 && memcmp(list + len - 3, "...", 3) == 0) {
        return;
    }
    if (len + shown + 8 > size) {
        memcpy(list + len, ", ...", 6);
        return;
    }
    if (len) {
        memcpy(list + len, ", ", 2);
        len += 2;
    }
    memcpy(list + len, name.data, shown);
    list[len + shown] = 0;
}

/* Names of questions by bytes, so that the order of arrival does not show in a sentence. */
static void registry_questions(const kundig__corpus *corpus, uint32_t scales, char *list,
                               size_t size)
{
    kundig_text last = {NULL, 0};
    list[0] = 0;
    for (;;) {
        kundig_text next = {NULL, 0};
        for (size_t i = 0; i < kundig__corpus_question_count(corpus); i++) {
            const kundig__question *question = kundig__corpus_question(corpus, i);
            if (scales & SCALE_BIT(question->scale) &&
                kundig__text_order(question->name, last) > 0 &&
                (!next.data || kundig__text_order(question->name, next) < 0)) {
                next = question->name;
            }
        }
        if (!next.data) {
            return;
        }
        registry_list(list, size, next);
        last = next;
    }
}

static int registry_no_question(const kundig__corpus *corpus, const kundig__metric *metric,
                                kundig_error *err)
{
    char scales[64];
    char list[120];
    registry_scales(metric->scales, scales);
    registry_questions(corpus, EVERY_SCALE, list, sizeof list);
    if (list[0]) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                            "no question has the scale %s that %s reads; there are: %s", scales,
                            metric->name, list);
    }
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                        "no question has a score; %s reads one on the scale %s", metric->name,
                        scales);
}

static int registry_question(const kundig__corpus *corpus, const kundig_query *query,
                             const kundig__metric *metric, const kundig__question **out,
                             kundig_error *err)
{
    const kundig__question *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < kundig__corpus_question_count(corpus); i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        if (query->question.data) {
            if (kundig__text_equal(question->name, query->question)) {
                found = question;
                count = 1;
            }
        } else if (metric->scales & SCALE_BIT(question->scale)) {
            found = question;
            count++;
        }
    }
    if (query->question.data && found && !(metric->scales & SCALE_BIT(found->scale))) {
        char scales[64];
        registry_scales(metric->scales, scales);
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "the question %.*s has the scale %s; %s reads the scale %s",
                            kundig__shown(found->name), found->name.data,
                            kundig__scale_name(found->scale), metric->name, scales);
    }
    if (query->question.data && !found) {
        char list[120];
        registry_questions(corpus, EVERY_SCALE, list, sizeof list);
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "there is no question %.*s; there %s%s",
                            kundig__shown(query->question), query->question.data,
                            list[0] ? "are: " : "is none", list);
    }
    if (count == 0) {
        return registry_no_question(corpus, metric, err);
    }
    if (count > 1) {
        char list[120];
        registry_questions(corpus, metric->scales, list, sizeof list);
        return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                            "%s could read several questions, name one of: %s", metric->name, list);
    }
    *out = found;
    return KUNDIG_OK;
}

int kundig__ask(const kundig__corpus *corpus, const kundig_query *query, kundig__asked *out,
                const kundig__question **question, kundig_error *err)
{
    const kundig__question *found = NULL;
    if (!query->metric.data) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "the query names no metric; kundig_metrics() lists them");
    }
    const kundig__metric *metric = kundig__metric_find(query->metric);
    if (!metric) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                            "there is no metric %.*s; kundig_metrics() lists them",
                            kundig__shown(query->metric), query->metric.data);
    }
    if (metric->scales) {
        int rc = registry_question(corpus, query, metric, &found, err);
        if (rc) {
            return rc;
        }
    }
    int32_t bound = kundig__metric_is_of_comments(metric) ? KUNDIG__MOOD_BOUND : 0;
    *out = (kundig__asked){metric,
                           found ? found->name : (kundig_text){NULL, 0},
                           found ? found->minimum : -bound,
                           found ? found->maximum : bound,
                           query->unit,
                           query->interval,
                           query->level,
                           query->min_n};
    *question = found;
    return KUNDIG_OK;
}

int kundig__ask_default(const kundig__corpus *corpus, kundig_query *query, kundig__asked *out,
                        const kundig__question **question, kundig_error *err)
{
    static const char *const metrics[] = {"nps", "csat_mean", "ces", "ces_2010", "score_mean"};
    if (query->metric.data) {
        return kundig__ask(corpus, query, out, question, err);
    }
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        query->metric = kundig__str(metrics[i]);
        rc = kundig__ask(corpus, query, out, question, err);
        if (!rc || rc == KUNDIG_E_AMBIGUOUS || rc == KUNDIG_E_NOMEM || rc == KUNDIG_E_LIMIT) {
            return rc;
        }
    }
    query->metric = (kundig_text){NULL, 0};
    if (query->question.data) {
        return rc; /* a question of that name is what is missing: it was told */
    }
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                        "no question was answered, so there is no score; name a metric");
}
