/* Records with an answer: which a query keeps, and what their answers are worth.
 *
 * Invariant: superseded records, filters, purposes and kinds are heeded as a metric heeds them.
 * Cost: one pass; a bit a customer a tally. */
#include "why/scored.h"

#include "base/math.h"
#include "base/number.h"
#include "base/text.h"
#include "corpus/comments.h"
#include "corpus/rows.h"

static bool scored_reads(const kundig__metric *metric)
{
    return metric && (metric->reads == KUNDIG__READS_STEPS || metric->reads == KUNDIG__READS_VALUE);
}

/* The outer thirds; on whole points "4 or 5" is meant, not "3.667 or more". */
static void scored_set_ends(kundig__scored *scored)
{
    const kundig__question *question = scored->question;
    int64_t third = ((int64_t)question->maximum - question->minimum) / 3;
    int64_t low = question->minimum + third;
    int64_t high = question->maximum - third;
    if (question->scale == KUNDIG_SCALE_NPS) {
        low = 6000;
        high = 9000;
    } else if (question->minimum % 1000 == 0 && question->maximum % 1000 == 0 && third >= 1000) {
        low -= ((low % 1000) + 1000) % 1000;
        high += (1000 - ((high % 1000) + 1000) % 1000) % 1000;
    }
    scored->low = (int32_t)low;
    scored->high = (int32_t)high;
}

int kundig__scored_begin(kundig__scored *scored, kundig__corpus *corpus, const kundig_query *query,
                         kundig_error *err)
{
    memset(scored, 0, sizeof *scored);
    scored->corpus = corpus;
    int rc =
        kundig__query_copy(query, &kundig__corpus_context(corpus)->mem.hook, &scored->query, err);
    if (rc) {
        return rc;
    }
    if (scored->query->metric.data) {
        const kundig__metric *metric = kundig__metric_find(scored->query->metric);
        /* one that does not exist is told by kundig__ask() */
        if (metric && !scored_reads(metric)) {
            scored->query->metric = (kundig_text){NULL, 0};
        }
    }
    rc = kundig__ask_default(corpus, scored->query, &scored->asked, &scored->question, err);
    rc = rc ? rc : kundig__corpus_people(corpus, &scored->people, err);
    rc = rc ? rc : kundig__comments_grouping(corpus, scored->query, &scored->grouping, err);
    if (rc) {
        kundig_query_free(scored->query);
        return rc;
    }
    const kundig__question *question = scored->question;
    scored->kinds = kundig__corpus_dimension(corpus, KUNDIG__DIM_KIND)->codes;
    scored->high_is_good = question->scale == KUNDIG_SCALE_DECLARED
                               ? question->direction == KUNDIG_HIGHER_IS_BETTER
                               : question->scale != KUNDIG_SCALE_CES_2010;
    scored_set_ends(scored);
    return KUNDIG_OK;
}

void kundig__scored_end(kundig__scored *scored)
{
    kundig__grouping_free(scored->grouping);
    kundig_query_free(scored->query);
}

/* Is a record of a kind that the metric does not read? */
static bool scored_is_other(const kundig__scored *scored, uint32_t row)
{
    bool employee = scored->kinds && scored->kinds[row] == KUNDIG_KIND_EMPLOYEE;
    int32_t kinds = scored->asked.metric->kinds;
    return (kinds == KUNDIG__KINDS_EMPLOYEES && !employee) ||
           (kinds == KUNDIG__KINDS_CUSTOMERS && employee);
}

void kundig__scored_rows(const kundig__scored *scored, uint32_t first, uint32_t count,
                         int32_t *answers)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    kundig__grouping_rows(scored->grouping, 0, first, count, groups);
    for (uint32_t i = 0; i < count; i++) {
        bool kept = groups[i] != KUNDIG__NO_GROUP && !scored_is_other(scored, first + i);
        answers[i] = kept ? scored->question->values[first + i] : KUNDIG__SCORE_MISSING;
    }
}

int32_t kundig__scored_place(const kundig__scored *scored, int32_t answer)
{
    int64_t from = scored->question->minimum;
    int64_t to = scored->question->maximum;
    int64_t place = (answer - from) * KUNDIG__PLACE_MOST / (to - from);
    return (int32_t)(scored->high_is_good ? place : KUNDIG__PLACE_MOST - place);
}

int kundig__scored_end_of(const kundig__scored *scored, int32_t answer)
{
    int side = (answer >= scored->high) - (answer <= scored->low);
    return scored->high_is_good ? side : -side;
}

bool kundig__heads_init(kundig__heads *heads, const kundig__scored *scored)
{
    heads->mem = &kundig__corpus_context(scored->corpus)->mem;
    heads->count = 0;
    heads->size = scored->people->codes ? scored->people->dict.count / 8 + 1 : 0;
    heads->seen = kundig__alloc_zero(heads->mem, heads->size);
    return heads->seen != NULL;
}

void kundig__heads_free(kundig__heads *heads)
{
    if (heads->mem) {
        kundig__free(heads->mem, heads->seen, heads->size);
    }
}

void kundig__heads_add(kundig__heads *heads, const kundig__scored *scored, uint32_t row)
{
    uint32_t customer = scored->people->codes ? scored->people->codes[row] : 0;
    if (!customer) {
        heads->count++;
        return;
    }
    uint8_t bit = (uint8_t)(1u << customer % 8);
    heads->count += !(heads->seen[customer / 8] & bit);
    heads->seen[customer / 8] |= bit;
}

static size_t scored_put(char *out, size_t at, const char *text)
{
    size_t len = strlen(text);
    memcpy(out + at, text, len + 1);
    return at + len;
}

void kundig__heads_words(const kundig__scored *scored, uint64_t part, uint64_t whole, char out[96])
{
    double share = (double)part / (double)whole;
    double level = scored->asked.level;
    kundig__interval interval =
        kundig__wilson(share, (double)whole, kundig__normal_quantile(0.5 + level / 2));
    const double numbers[] = {share, level, interval.lo, interval.hi};
    static const char *const behind[] = {" % (", " % interval ", " to ", ")"};
    size_t at = 0;
    for (size_t i = 0; i < 4; i++) {
        char number[KUNDIG__NUMBER_SIZE];
        double percent = numbers[i] * 100;
        size_t len = i == 1 ? kundig__number_write(kundig__floor(percent * 10 + .5) / 10, number)
                            : kundig__number_write_fixed(percent, 1, number);
        number[len] = '\0';
        at = scored_put(out, at, number);
        at = scored_put(out, at, behind[i]);
    }
}
