/* Words and pairs that one set of records uses more than another: log-odds with an informative
 * Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 15 to 22).
 *
 *   counts    word_counts.c: records with each word and pair
 *   choice    those beyond chance: Benjamini-Hochberg over all that were looked at
 *   floor     word_floor.c: how far words of like frequency come in halves of a
 *   spelling  word_spelling.c: how the chosen are written most often in a
 *
 * log_odds, variance and z_said are the paper's. z, by which words are told and ranked, is the
 * smaller of two views, and a word must hold in both:
 *
 *   said     log-odds among all that was said, so the set that writes longer texts does not own
 *            every word. The prior draws rare words to "no difference". Its variance has the two
 *            terms that the paper leaves out, 1 / (n - y) of each set: nothing for a word among
 *            many, the larger part where most of what is said is the word.
 *   records  the difference of the shares of records with the word, over its standard error as if
 *            there were none, so the set that writes shorter texts does not own what both say
 *            alike. Where customers repeat, the variance is clustered by customer, and never below
 *            that of unrelated records.
 *
 * Where b holds all of a and more, said is a against all, both with their priors, as the R package
 * tidylo has it; records is a against the rest, for a share differs from the whole as it differs
 * from what is left of it.
 *
 * A word needs records enough, of two customers where customers are known. Invariant: only counts
 * and bytes decide. Cost: that of counting and spelling, n log n in what is told. */
#include <inttypes.h>

#include "base/math.h"
#include "base/order.h"
#include "metrics/metric.h"
#include "why/why.h"
#include "why/words.h"

#define WORDS_LEAST       3 /* records in a */
#define WORDS_VOICES      2 /* customers in a */
#define WORDS_FALSE_SHARE 0.05
#define WORDS_PRIOR       1000
#define WORDS_PRIOR_SHARE 0.1
#define WORDS_PRIOR_FROM  1e-6
#define WORDS_PRIOR_TO    1e12

double kundig__log_odds(double y1, double n1, double y2, double n2, double *delta, double *variance)
{
    *delta = kundig__log(y1 / (n1 - y1)) - kundig__log(y2 / (n2 - y2));
    *variance = 1 / y1 + 1 / y2;
    return *delta / kundig__sqrt(*variance);
}

/* ---- Two views ------------------------------------------------------------------------------ */

typedef struct words_weighing {
    const words_job *job;
    int32_t kind;  /* KUNDIG_PRIOR_ */
    double amount; /* 0: the default of the kind */
    bool whole;    /* the second set is both together */
} words_weighing;

typedef struct words_said {
    double log_odds;
    double variance;
    double z; /* as the paper has it */
    double fuller;
} words_said;

/* false where nothing but the word is said: there is nothing to hold it against. */
static bool words_weigh(const words_weighing *weighing, const words_candidate *word, double y1,
                        double n1, double y2, double n2, words_said *out)
{
    const words_job *job = weighing->job;
    bool pair = word->second != WORDS_NONE;
    const words_totals *totals = pair ? &job->pair_totals : &job->word_totals;
    double alpha;
    double prior;
    memset(out, 0, sizeof *out);
    if (word->count.all == totals->all) {
        return false;
    }
    if (weighing->kind == KUNDIG_PRIOR_COUNTS) {
        alpha = y1 + y2;
        prior = n1 + n2;
    } else if (weighing->kind == KUNDIG_PRIOR_UNIFORM) {
        double distinct =
            pair ? (double)job->pair_count + job->rare_pairs : (double)job->dict.count;
        alpha = weighing->amount > 0 ? weighing->amount : 1;
        prior = alpha * distinct;
    } else {
        prior = (n1 + n2) * WORDS_PRIOR_SHARE;
        prior = prior < WORDS_PRIOR ? prior : WORDS_PRIOR;
        prior = weighing->amount > 0 ? weighing->amount : prior;
        alpha = prior * (double)word->count.all / (double)totals->all;
    }
    y2 = weighing->whole ? y1 + y2 + 2 * alpha : y2 + alpha;
    n2 = weighing->whole ? n1 + n2 + 2 * prior : n2 + prior;
    y1 += alpha;
    n1 += prior;
    if (!(y1 > 0 && y2 > 0 && n1 > y1 && n2 > y2)) {
        return false;
    }
    out->z = kundig__log_odds(y1, n1, y2, n2, &out->log_odds, &out->variance);
    out->fuller = out->log_odds / kundig__sqrt(out->variance + 1 / (n1 - y1) + 1 / (n2 - y2));
    return true;
}

/* For halves of a: no part of a whole. */
static double words_said_of(const void *ud, const words_candidate *word, double first,
                            double first_total, double second, double second_total)
{
    words_said said;
    (void)words_weigh(ud, word, first, first_total, second, second_total, &said);
    return said.fuller;
}

double kundig__words_z_records(double ya, double na, double yb, double nb, double clustered)
{
    if (na <= 0 || nb <= 0) {
        return 0;
    }
    double share = (ya + yb) / (na + nb);
    double variance = share * (1 - share) * (1 / na + 1 / nb);
    if (variance <= 0) {
        return 0;
    }
    variance = clustered > variance ? clustered : variance;
    return (ya / na - yb / nb) / kundig__sqrt(variance);
}

double kundig__words_z_both(double said, double recorded)
{
    if (said > 0 && recorded > 0) {
        return said < recorded ? said : recorded;
    }
    if (said < 0 && recorded < 0) {
        return said > recorded ? said : recorded;
    }
    return 0;
}

static double words_clustered(const words_job *job, const words_count *count)
{
    double a = (double)job->records.a;
    double b = (double)job->records.b;
    double share = ((double)count->a + (double)count->b) / (a + b);
    if (!job->order || a <= 0 || b <= 0) {
        return 0;
    }
    return (kundig__i128_to_double(count->yy) - 2 * share * kundig__i128_to_double(count->yv) +
            share * share * kundig__i128_to_double(job->vv)) /
           a / a / b / b;
}

/* ---- Candidates ----------------------------------------------------------------------------- */

static bool words_candidate_add(words_job *job, const words_weighing *weighing, uint32_t first,
                                uint32_t second, words_count *count)
{
    const words_totals *totals = second == WORDS_NONE ? &job->word_totals : &job->pair_totals;
    uint32_t voices = job->least < WORDS_VOICES ? job->least : WORDS_VOICES;
    words_said said;
    count->candidate = 0;
    if (count->a < job->least || (job->named && count->customers < voices)) {
        return true;
    }
    if (!kundig__grow(job->mem, (void **)&job->candidates, &job->candidate_capacity,
                      job->candidate_count + 1, sizeof *job->candidates)) {
        return false;
    }
    if (job->order) {
        kundig__words_close(job, count);
    }
    words_candidate *fresh = &job->candidates[job->candidate_count++];
    count->candidate = (uint32_t)job->candidate_count;
    *fresh = (words_candidate){.first = first, .second = second, .count = *count, .floor = -1};
    fresh->undefined = !words_weigh(weighing, fresh, (double)count->a, (double)totals->a,
                                    (double)count->b, (double)totals->b, &said);
    fresh->log_odds = said.log_odds;
    fresh->variance = said.variance;
    fresh->z_said = said.z;
    fresh->z = kundig__words_z_both(
        said.fuller,
        kundig__words_z_records((double)count->a, (double)job->records.a, (double)count->b,
                                (double)job->records.b, words_clustered(job, count)));
    return true;
}

static int words_look(words_job *job, const words_weighing *weighing, kundig_error *err)
{
    bool fits = true;
    for (uint32_t code = 0; fits && code < job->dict.count; code++) {
        fits = words_candidate_add(job, weighing, code, WORDS_NONE, &job->words[code]);
    }
    for (size_t i = 0; fits && i < job->pair_count; i++) {
        words_pair *pair = &job->pairs[i];
        fits = words_candidate_add(job, weighing, pair->first, pair->second, &pair->count);
    }
    return fits ? KUNDIG_OK : kundig__nomem(job->mem, err);
}

/* ---- Choice --------------------------------------------------------------------------------- */

static int words_order(const void *ud, uint32_t left, uint32_t right)
{
    const words_job *job = ud;
    const words_candidate *a = &job->candidates[left];
    const words_candidate *b = &job->candidates[right];
    if (a->z != b->z) {
        return a->z > b->z ? -1 : 1;
    }
    int order = kundig__text_order(kundig__dict_text(&job->dict, a->first),
                                   kundig__dict_text(&job->dict, b->first));
    if (order || a->second == b->second) {
        return order;
    }
    if (a->second == WORDS_NONE || b->second == WORDS_NONE) {
        return a->second == WORDS_NONE ? -1 : 1;
    }
    return kundig__text_order(kundig__dict_text(&job->dict, a->second),
                              kundig__dict_text(&job->dict, b->second));
}

/* How far each could be chance, corrected for how many were looked at. */
static int words_correct(words_job *job, kundig_error *err)
{
    size_t count = job->candidate_count;
    double *p = kundig__alloc(job->mem, count * sizeof *p);
    double *q = kundig__alloc(job->mem, count * sizeof *q);
    uint32_t *scratch = kundig__alloc(job->mem, count * sizeof *scratch);
    int rc = p && q && scratch ? KUNDIG_OK : kundig__nomem(job->mem, err);
    for (size_t i = 0; i < count && !rc; i++) {
        p[i] = kundig__erfc(kundig__abs(job->candidates[i].z) / kundig__sqrt(2));
    }
    if (!rc) {
        kundig__benjamini_hochberg(p, count, q, scratch);
    }
    for (size_t i = 0; i < count && !rc; i++) {
        job->candidates[i].q = q[i];
    }
    kundig__free(job->mem, p, count * sizeof *p);
    kundig__free(job->mem, q, count * sizeof *q);
    kundig__free(job->mem, scratch, count * sizeof *scratch);
    return rc;
}

static bool words_is_beyond_chance(const words_candidate *word)
{
    return word->z > 0 && word->q <= WORDS_FALSE_SHARE;
}

/* A word that was never said without its pair says nothing beside it. inside: a word that is so. */
static void words_mark_inside(const words_job *job, uint8_t *inside)
{
    for (size_t i = 0; i < job->candidate_count; i++) {
        const words_candidate *pair = &job->candidates[i];
        if (pair->second == WORDS_NONE || !words_is_beyond_chance(pair)) {
            continue;
        }
        const uint32_t codes[2] = {pair->first, pair->second};
        for (size_t side = 0; side < 2; side++) {
            const words_count *word = &job->words[codes[side]];
            inside[codes[side]] |= word->a == pair->count.a && word->b == pair->count.b;
        }
    }
}

static int words_choose(words_job *job, size_t limit, bool everything, kundig_error *err)
{
    size_t marks = everything ? 0 : job->dict.count;
    uint8_t *inside = kundig__alloc_zero(job->mem, marks);
    size_t count = 0;
    if (!inside || !kundig__grow(job->mem, (void **)&job->ranked, &job->ranked_capacity,
                                 job->candidate_count, sizeof *job->ranked)) {
        kundig__free(job->mem, inside, marks);
        return kundig__nomem(job->mem, err);
    }
    if (!everything) {
        words_mark_inside(job, inside);
    }
    for (uint32_t i = 0; i < job->candidate_count; i++) {
        const words_candidate *word = &job->candidates[i];
        if (everything || (words_is_beyond_chance(word) &&
                           (word->second != WORDS_NONE || !inside[word->first]))) {
            kundig__order_push(job->ranked, &count, limit, i, words_order, job);
        }
    }
    kundig__order_sort(job->ranked, count, words_order, job);
    job->ranked_count = count;
    kundig__free(job->mem, inside, marks);
    return KUNDIG_OK;
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    WORDS_WORD,
    WORDS_A,
    WORDS_B,
    WORDS_CUSTOMERS,
    WORDS_LOG_ODDS,
    WORDS_VARIANCE,
    WORDS_Z_SAID,
    WORDS_Z,
    WORDS_SHARE_A,
    WORDS_SHARE_B,
    WORDS_Q,
    WORDS_FLOOR,
    WORDS_ABOVE
};

static void words_columns(kundig_table *table)
{
    static const struct {
        const char *name;
        int type;
        int unit;
    } columns[] = {
        {"word", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
        {"a", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"b", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
        {"log_odds", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"variance", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"z_said", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"z", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"share_a", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
        {"share_b", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
        {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
        {"floor", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
        {"above_floor", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type, columns[i].unit);
    }
}

static void words_row(const words_job *job, size_t at, kundig_table *table)
{
    const words_candidate *word = &job->candidates[job->ranked[at]];
    uint64_t b = word->count.b + (job->whole ? (uint64_t)word->count.a : 0);
    uint64_t records_b = job->records.b + (job->whole ? job->records.a : 0);
    kundig__table_row(table);
    kundig__table_set_text(table, WORDS_WORD, kundig__words_spelling(job, at));
    kundig__table_set_int(table, WORDS_A, word->count.a);
    kundig__table_set_int(table, WORDS_B, (int64_t)b);
    if (job->named) {
        kundig__table_set_int(table, WORDS_CUSTOMERS, word->count.named);
    }
    if (!word->undefined) {
        kundig__table_set_number(table, WORDS_LOG_ODDS, word->log_odds);
        kundig__table_set_number(table, WORDS_VARIANCE, word->variance);
        kundig__table_set_number(table, WORDS_Z_SAID, word->z_said);
    }
    kundig__table_set_number(table, WORDS_Z, word->z);
    kundig__table_set_number(table, WORDS_SHARE_A, (double)word->count.a / (double)job->records.a);
    if (records_b) {
        kundig__table_set_number(table, WORDS_SHARE_B, (double)b / (double)records_b);
    }
    kundig__table_set_number(table, WORDS_Q, word->q);
    if (word->floor >= 0) {
        kundig__table_set_number(table, WORDS_FLOOR, word->floor);
        kundig__table_set_bool(table, WORDS_ABOVE, word->z > word->floor);
    }
}

static void words_notes(const words_job *job, bool everything, kundig_table *table)
{
    uint64_t above = 0;
    bool halved = false;
    for (size_t i = 0; i < job->ranked_count; i++) {
        const words_candidate *word = &job->candidates[job->ranked[i]];
        halved = halved || word->floor >= 0;
        above += word->floor >= 0 && word->z > word->floor;
    }
    kundig__table_note(
        table,
        "%" PRIu64 " words and pairs were looked at in %" PRIu64 " and %" PRIu64 " texts; %s both "
        "among all words said and in the share of texts; z is the smaller of the two",
        (uint64_t)job->candidate_count, job->records.a,
        job->records.b + (job->whole ? job->records.a : 0),
        everything ? "chance explains those with q above 5 % (Benjamini-Hochberg) where they stand"
                   : "shown are those beyond chance (Benjamini-Hochberg, 5 %)");
    if (halved) {
        kundig__table_note(table,
                           "floor: the greatest z that any word of like frequency reaches when the first "
                           "set is held against its own halves, %u times, each customer in one half; "
                           "%" PRIu64 " of %" PRIu64 " words and pairs shown are above it",
                           WORDS_SPLITS, above, (uint64_t)job->ranked_count);
    }
}

static int words_table(const words_job *job, bool everything, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    words_columns(table);
    for (size_t i = 0; i < job->ranked_count; i++) {
        words_row(job, i, table);
    }
    words_notes(job, everything, table);
    return kundig__table_finish(table, out, err);
}

/* ---- The call ------------------------------------------------------------------------------- */

static int words_check(const kundig_words_options *options, kundig_error *err)
{
    if (options->prior_kind < KUNDIG_PRIOR_ALL || options->prior_kind > KUNDIG_PRIOR_UNIFORM) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "there is no prior_kind %" PRId32 ": it is one of KUNDIG_PRIOR_ALL, "
                            "KUNDIG_PRIOR_COUNTS and KUNDIG_PRIOR_UNIFORM",
                            options->prior_kind);
    }
    /* written so that NaN is refused */
    if (options->prior != 0 &&
        !(options->prior >= WORDS_PRIOR_FROM && options->prior <= WORDS_PRIOR_TO)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "prior is a number of observations from 0.000001 to 1000000000000, or "
                            "0 for the default");
    }
    if (options->prior != 0 && options->prior_kind == KUNDIG_PRIOR_COUNTS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "prior is not used with KUNDIG_PRIOR_COUNTS, which counts it: leave "
                            "it 0");
    }
    if (options->everything != 0 && options->everything != 1) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "everything is 1 or 0");
    }
    if (options->reserved) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "kundig_words_options.reserved is not zero: fill the struct with "
                            "kundig_words_options_init()");
    }
    return KUNDIG_OK;
}

int kundig__words(kundig__corpus *corpus, const kundig_query *query, uint32_t a, uint32_t b,
                  const kundig_words_options *options, kundig_table **out, kundig_error *err)
{
    words_job job;
    size_t limit = options->limit && options->limit < SIZE_MAX ? (size_t)options->limit : SIZE_MAX;
    int rc = words_check(options, err);
    if (rc) {
        return rc;
    }
    rc = kundig__words_begin(&job, corpus, err);
    if (rc) {
        return rc;
    }
    job.least = options->least == 0           ? WORDS_LEAST
                : options->least < UINT32_MAX ? (uint32_t)options->least
                                              : UINT32_MAX;
    rc = kundig__words_select(&job, query, a, b, err);
    rc = rc ? rc : kundig__words_count_all(&job, err);
    words_weighing weighing = {&job, options->prior_kind, options->prior, job.whole};
    rc = rc ? rc : words_look(&job, &weighing, err);
    rc = rc ? rc : words_correct(&job, err);
    weighing.whole = false;
    rc = rc ? rc : kundig__words_floor(&job, words_said_of, &weighing, err);
    rc = rc ? rc : words_choose(&job, limit, options->everything != 0, err);
    rc = rc ? rc : kundig__words_spell(&job, err);
    rc = rc ? rc : words_table(&job, options->everything != 0, out, err);
    kundig__words_end(&job);
    return rc;
}
