/* Words and pairs that one set of records uses more than another: log-odds with an informative
 * Dirichlet prior (Monroe, Colaresi and Quinn 2008).
 *
 *   pass 1   records with each word, in a, in b and in all the query selects
 *   pass 2   the same for pairs of words that stand in enough records (a pair cannot stand in more
 *            records than its words)
 *   choice   those beyond chance: Benjamini-Hochberg over all that were looked at
 *   pass 3   how the chosen are written most often in a, and by how many customers
 *
 * A record counts once for a word, however often it repeats it. z is the smaller of two views, and
 * a word must hold in both:
 *
 *   said     log-odds among all that was said, so the set that writes longer texts does not own
 *            every word. The prior spreads a thousand observations (a tenth of the two sets if that
 *            is less) over the words as the whole selection uses them: rare words are drawn to "no
 *            difference".
 *   records  the difference of the shares of records with the word, over its standard error as if
 *            there were none, so the set that writes shorter texts does not own what both say
 *            alike. Where customers repeat, the variance is clustered by customer, and never below
 *            that of unrelated records.
 *
 * Ranked by the smaller one: the greater would put on top what holds in one view alone.
 * Numbers, URLs, e-mail addresses and @names are left out: they are personal data or say nothing;
 * so are words inside personal data of the kinds that the handle masks. A word needs records
 * enough, of two customers where customers are known. Invariant: only counts and bytes decide; maps
 * keyed by text use the handle's key. Cost: three times the text's tokens; 64 bytes a distinct word
 * or pair and the words' bytes; where customers repeat 4 bytes a row and 8 a customer. */
#include <inttypes.h>

#include "base/math.h"
#include "base/text.h"
#include "corpus/rows.h"
#include "metrics/metric.h"
#include "text/personal.h"
#include "why/why.h"

#define WORDS_LEAST       3 /* records in a */
#define WORDS_FALSE_SHARE 0.05
#define WORDS_PRIOR       1000
#define WORDS_PRIOR_SHARE 0.1
#define WORDS_NONE        UINT32_MAX
#define WORDS_IN_ALL      1u
#define WORDS_IN_A        2u
#define WORDS_IN_B        4u

#ifdef KUNDIG_TINY
#define WORDS_SLOTS 2
#else
#define WORDS_SLOTS 4096
#endif

/* y is one customer's part of the difference of shares, v that of a word everybody says, both times
 * the records of a and b; over customers |y| add up to 2^61 at most, so squares fit. */
typedef struct words_count {
    uint32_t a;
    uint32_t b;
    uint32_t all;
    uint32_t row;      /* + 1: the last record counted */
    uint32_t customer; /* + 1: in hand; 0: none yet */
    uint32_t mine_a;   /* records of the customer in hand */
    uint32_t mine_b;
    uint32_t customers; /* in a; a record that names none is of one of its own */
    kundig__i128 yy;    /* over the customers before; 0 unless customers repeat */
    kundig__i128 yv;
} words_count;

/* Records with a text of one customer, in a and in b. */
typedef struct words_mine {
    uint32_t a;
    uint32_t b;
} words_mine;

typedef struct words_pair {
    uint32_t first; /* codes of words */
    uint32_t second;
    words_count count;
} words_pair;

/* A candidate: a word (second == WORDS_NONE) or a pair. */
typedef struct words_candidate {
    uint32_t first;
    uint32_t second;
    words_count count;
    double z;
} words_candidate;

/* Presences of all words (or pairs), or records with a text. */
typedef struct words_totals {
    uint64_t a;
    uint64_t b;
    uint64_t all;
} words_totals;

typedef struct words_job {
    kundig__corpus *corpus;
    kundig__context *context;
    kundig__mem *mem;
    uint32_t rows;
    uint8_t *sets; /* WORDS_IN_ a row */
    const uint32_t *customers;
    uint32_t customer_count; /* codes 1 .. */
    uint32_t *order;         /* rows by customer; NULL: none has two texts in a and b */
    words_mine *mine;        /* a customer */
    kundig__i128 vv;
    kundig__scratch scratch;
    kundig__personal personal; /* of the record in hand; empty unless the handle masks */
    uint32_t *codes;           /* of the words of the record in hand; WORDS_NONE for other tokens */
    size_t code_capacity;
    kundig__dict dict; /* folded words */
    words_count *words;
    size_t word_capacity;
    words_pair *pairs;
    size_t pair_count;
    size_t pair_capacity;
    uint32_t *slots; /* index of a pair + 1, open addressing */
    size_t slot_count;
    words_totals word_totals;
    words_totals pair_totals;
    words_totals records;
    bool named; /* a record of a names a customer */
    words_candidate *candidates;
    size_t candidate_count;
    size_t candidate_capacity;
    size_t tested;
    uint64_t done;
    kundig__dict spellings; /* u32 index of a candidate, then bytes */
    uint32_t *spelling_counts;
    size_t spelling_capacity;
    uint8_t *seen; /* a bit a candidate and customer */
    size_t seen_size;
    kundig__buf key;
} words_job;

double kundig__log_odds(double y1, double n1, double y2, double n2, double *delta, double *variance)
{
    *delta = kundig__log(y1 / (n1 - y1)) - kundig__log(y2 / (n2 - y2));
    *variance = 1 / y1 + 1 / y2;
    return *delta / kundig__sqrt(*variance);
}

static void words_end(words_job *job)
{
    kundig__mem *mem = job->mem;
    kundig__free(mem, job->sets, job->rows);
    kundig__free(mem, job->order, job->rows * sizeof *job->order);
    kundig__free(mem, job->mine, ((size_t)job->customer_count + 1) * sizeof *job->mine);
    kundig__free(mem, job->codes, job->code_capacity * sizeof *job->codes);
    kundig__free(mem, job->words, job->word_capacity * sizeof *job->words);
    kundig__free(mem, job->pairs, job->pair_capacity * sizeof *job->pairs);
    kundig__free(mem, job->slots, job->slot_count * sizeof *job->slots);
    kundig__free(mem, job->candidates, job->candidate_capacity * sizeof *job->candidates);
    kundig__free(mem, job->spelling_counts, job->spelling_capacity * sizeof *job->spelling_counts);
    kundig__free(mem, job->seen, job->seen_size);
    kundig__buf_free(&job->key);
    kundig__dict_free(&job->dict);
    kundig__dict_free(&job->spellings);
    kundig__scratch_free(&job->scratch);
    kundig__personal_free(&job->personal);
}

/* ---- Which rows ----------------------------------------------------------------------------- */

static int words_mark(words_job *job, const kundig_query *query, uint32_t node, uint8_t mark,
                      kundig_error *err)
{
    kundig__grouping *grouping = NULL;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    int rc = kundig__grouping_new(job->corpus, query, node, &grouping, err);
    for (uint32_t row = 0; !rc && row < job->rows; row += KUNDIG__GROUP_BLOCK) {
        uint32_t count = job->rows - row;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, row, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            if (groups[i] != KUNDIG__NO_GROUP) {
                job->sets[row + i] |= mark;
            }
        }
    }
    kundig__grouping_free(grouping);
    return rc;
}

static int words_select(words_job *job, const kundig_query *query, uint32_t a, uint32_t b,
                        kundig_error *err)
{
    job->sets = kundig__alloc_zero(job->mem, job->rows);
    if (!job->sets) {
        return kundig__nomem(job->mem, err);
    }
    int rc = words_mark(job, query, KUNDIG__NO_NODE, WORDS_IN_ALL, err);
    rc = rc ? rc : words_mark(job, query, a, WORDS_IN_A, err);
    rc = rc ? rc : words_mark(job, query, b, WORDS_IN_B, err);
    uint32_t both = 0;
    for (uint32_t row = 0; !rc && row < job->rows; row++) {
        both += (job->sets[row] & (WORDS_IN_A | WORDS_IN_B)) == (WORDS_IN_A | WORDS_IN_B);
    }
    if (both) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%" PRIu32 " records stand in both sets; a comparison needs two sets "
                            "without a common record",
                            both);
    }
    return rc;
}

/* v of so many records of one customer. */
static kundig__i128 words_part(const words_job *job, uint64_t a, uint64_t b)
{
    return (kundig__i128)a * (kundig__i128)job->records.b -
           (kundig__i128)b * (kundig__i128)job->records.a;
}

/* Rows by customer, each customer's side by side. */
static int words_order_rows(words_job *job, kundig_error *err)
{
    size_t count = (size_t)job->customer_count + 1;
    uint32_t *places = kundig__alloc_zero(job->mem, count * sizeof *places);
    job->order = kundig__alloc(job->mem, job->rows * sizeof *job->order);
    if (!places || !job->order) {
        kundig__free(job->mem, places, count * sizeof *places);
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        places[job->customers[row]]++;
    }
    uint32_t place = 0;
    for (size_t customer = 0; customer < count; customer++) {
        uint32_t here = places[customer];
        places[customer] = place;
        place += here;
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        job->order[places[job->customers[row]]++] = row;
    }
    kundig__free(job->mem, places, count * sizeof *places);
    return KUNDIG_OK;
}

/* Count records with a text, and those of each customer. */
static int words_voices(words_job *job, kundig_error *err)
{
    size_t count = (size_t)job->customer_count + 1;
    bool repeats = false;
    if (job->customers) {
        job->mine = kundig__alloc_zero(job->mem, count * sizeof *job->mine);
        if (!job->mine) {
            return kundig__nomem(job->mem, err);
        }
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        uint8_t sets = job->sets[row];
        if (!(sets & WORDS_IN_ALL) || !kundig__corpus_text(job->corpus, row).data) {
            continue;
        }
        uint32_t customer = job->customers ? job->customers[row] : 0;
        job->records.all++;
        job->records.a += (sets & WORDS_IN_A) != 0;
        job->records.b += (sets & WORDS_IN_B) != 0;
        job->named = job->named || (sets & WORDS_IN_A && customer);
        if (customer) {
            words_mine *mine = &job->mine[customer];
            mine->a += (sets & WORDS_IN_A) != 0;
            mine->b += (sets & WORDS_IN_B) != 0;
            repeats = repeats || (uint64_t)mine->a + mine->b > 1;
        }
    }
    if (!repeats) {
        return KUNDIG_OK;
    }
    uint64_t nameless_a = job->records.a;
    uint64_t nameless_b = job->records.b;
    for (size_t customer = 1; customer < count; customer++) {
        const words_mine *mine = &job->mine[customer];
        kundig__i128 v = words_part(job, mine->a, mine->b);
        job->vv += v * v;
        nameless_a -= mine->a;
        nameless_b -= mine->b;
    }
    kundig__i128 v = words_part(job, 1, 0);
    job->vv += v * v * (kundig__i128)nameless_a;
    v = words_part(job, 0, 1);
    job->vv += v * v * (kundig__i128)nameless_b;
    return words_order_rows(job, err);
}

/* ---- One record ----------------------------------------------------------------------------- */

static bool words_is_word(const kundig__token *token)
{
    return token->kind == KUNDIG__TOKEN_WORD || token->kind == KUNDIG__TOKEN_CJK;
}

/* Is a token part of what is masked? *span is the first that may be: spans and tokens are in order.
 */
static bool words_is_masked(const words_job *job, const kundig__token *token, size_t *span)
{
    const kundig__personal *personal = &job->personal;
    while (*span < personal->count && personal->spans[*span].end <= token->start) {
        (*span)++;
    }
    return *span < personal->count && personal->spans[*span].start < token->end;
}

/* Codes of the words of a record's text; new words are added if `add`. */
static int words_read(words_job *job, kundig_text text, bool add, kundig_error *err)
{
    kundig__scratch *scratch = &job->scratch;
    size_t span = 0;
    int rc = kundig__text_features(scratch, text.data, text.len, KUNDIG__WORDS);
    if (!rc && job->context->mask) {
        rc = kundig__personal_find(&job->personal, text.data, text.len, job->context->mask);
    }
    if (rc == KUNDIG_E_LIMIT) {
        return kundig__fail(err, rc, 0, "a text is too long for its words");
    }
    if (rc || !kundig__grow(job->mem, (void **)&job->codes, &job->code_capacity,
                            scratch->token_count, sizeof *job->codes)) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        const char *folded = scratch->folded + token->folded;
        job->codes[i] = WORDS_NONE;
        if (!words_is_word(token) || words_is_masked(job, token, &span)) {
            continue;
        }
        if (!add) {
            job->codes[i] = kundig__dict_find(&job->dict, folded, token->folded_len);
            continue;
        }
        uint32_t code = kundig__dict_add(&job->dict, folded, token->folded_len);
        size_t before = job->word_capacity;
        if (code == KUNDIG__DICT_NONE ||
            !kundig__grow(job->mem, (void **)&job->words, &job->word_capacity, (size_t)code + 1,
                          sizeof *job->words)) {
            return kundig__nomem(job->mem, err);
        }
        memset(job->words + before, 0, (job->word_capacity - before) * sizeof *job->words);
        job->codes[i] = code;
    }
    return KUNDIG_OK;
}

/* The customer in hand has said all they say of this word. */
static void words_next_customer(const words_job *job, words_count *count)
{
    const words_mine alone = {count->mine_a, count->mine_b};
    const words_mine *mine = count->customer > 1 ? &job->mine[count->customer - 1] : &alone;
    kundig__i128 y = words_part(job, count->mine_a, count->mine_b);
    count->yy += y * y;
    count->yv += y * words_part(job, mine->a, mine->b);
    count->mine_a = 0;
    count->mine_b = 0;
}

/* Count a record for a word or pair, once. */
static void words_add(const words_job *job, words_count *count, uint32_t row, words_totals *totals)
{
    uint8_t sets = job->sets[row];
    if (count->row == row + 1) {
        return;
    }
    count->row = row + 1;
    count->all++;
    totals->all++;
    if (!(sets & (WORDS_IN_A | WORDS_IN_B))) {
        return;
    }
    if (job->order) {
        uint32_t customer = job->customers[row] + 1;
        if (customer == 1 || customer != count->customer) {
            words_next_customer(job, count);
        }
        count->customer = customer;
    } else {
        count->mine_a = 0;
    }
    if (sets & WORDS_IN_B) {
        count->b++;
        count->mine_b++;
        totals->b++;
    } else {
        count->customers += count->mine_a == 0;
        count->a++;
        count->mine_a++;
        totals->a++;
    }
}

static int words_count_words(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = words_read(job, text, true, err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < job->scratch.token_count; i++) {
        if (job->codes[i] != WORDS_NONE) {
            words_add(job, &job->words[job->codes[i]], row, &job->word_totals);
        }
    }
    return KUNDIG_OK;
}

/* ---- Pairs ---------------------------------------------------------------------------------- */

static size_t words_slot(const words_job *job, uint32_t first, uint32_t second)
{
    uint32_t key[2] = {first, second};
    size_t mask = job->slot_count - 1;
    size_t at = (size_t)kundig__siphash(job->context->siphash_key, key, sizeof key) & mask;
    while (job->slots[at]) {
        const words_pair *pair = &job->pairs[job->slots[at] - 1];
        if (pair->first == first && pair->second == second) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

static bool words_grow_pairs(words_job *job)
{
    if (!kundig__grow(job->mem, (void **)&job->pairs, &job->pair_capacity, job->pair_count + 1,
                      sizeof *job->pairs)) {
        return false;
    }
    if (job->slot_count && job->pair_count + 1 <= job->slot_count / 2) {
        return true;
    }
    size_t count = job->slot_count ? job->slot_count * 2 : WORDS_SLOTS;
    size_t size;
    uint32_t *fresh =
        kundig__size_mul(count, sizeof *fresh, &size) ? kundig__alloc_zero(job->mem, size) : NULL;
    if (!fresh) {
        return false;
    }
    kundig__free(job->mem, job->slots, job->slot_count * sizeof *job->slots);
    job->slots = fresh;
    job->slot_count = count;
    for (size_t i = 0; i < job->pair_count; i++) {
        size_t at = words_slot(job, job->pairs[i].first, job->pairs[i].second);
        job->slots[at] = (uint32_t)i + 1;
    }
    return true;
}

/* Can this word be part of something chosen? */
static bool words_enough(const words_job *job, uint32_t code)
{
    return code != WORDS_NONE && job->words[code].a >= WORDS_LEAST;
}

static bool words_makes_pair(const words_job *job, size_t i)
{
    return i + 1 < job->scratch.token_count && job->codes[i] != WORDS_NONE &&
           job->codes[i + 1] != WORDS_NONE && job->scratch.tokens[i].kind == KUNDIG__TOKEN_WORD &&
           job->scratch.tokens[i + 1].kind == KUNDIG__TOKEN_WORD;
}

static int words_count_pairs(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = words_read(job, text, false, err);
    for (size_t i = 0; !rc && i < job->scratch.token_count; i++) {
        if (!words_makes_pair(job, i)) {
            continue;
        }
        if (!words_enough(job, job->codes[i]) || !words_enough(job, job->codes[i + 1])) {
            /* too rare to be looked at, yet part of what was said */
            job->pair_totals.all++;
            job->pair_totals.a += (job->sets[row] & WORDS_IN_A) != 0;
            job->pair_totals.b += (job->sets[row] & WORDS_IN_B) != 0;
            continue;
        }
        if (!words_grow_pairs(job)) {
            return kundig__nomem(job->mem, err);
        }
        size_t at = words_slot(job, job->codes[i], job->codes[i + 1]);
        if (!job->slots[at]) {
            job->pairs[job->pair_count] = (words_pair){job->codes[i], job->codes[i + 1], {0}};
            job->slots[at] = (uint32_t)++job->pair_count;
        }
        words_add(job, &job->pairs[job->slots[at] - 1].count, row, &job->pair_totals);
    }
    return rc;
}

/* ---- Passes --------------------------------------------------------------------------------- */

static int words_pass(words_job *job, uint8_t sets,
                      int (*each)(words_job *job, uint32_t row, kundig_text text,
                                  kundig_error *err),
                      kundig_error *err)
{
    for (uint32_t i = 0; i < job->rows; i++) {
        uint32_t row = job->order ? job->order[i] : i;
        kundig_text text = kundig__corpus_text(job->corpus, row);
        if (job->sets[row] & sets && text.data) {
            int rc = each(job, row, text, err);
            if (rc) {
                return rc;
            }
        }
        if (++job->done % 4096 == 0) {
            int rc = kundig__progress(job->context, job->done, (uint64_t)job->rows * 3, err);
            if (rc) {
                return rc;
            }
        }
    }
    return KUNDIG_OK;
}

/* ---- Choice --------------------------------------------------------------------------------- */

/* Among all that was said. One more is added to the total, so that the odds stay positive where
 * nothing else is said. */
static double words_z_said(const words_count *count, const words_totals *totals)
{
    double a = (double)totals->a;
    double b = (double)totals->b;
    double prior = (a + b) * WORDS_PRIOR_SHARE;
    prior = prior < WORDS_PRIOR ? prior : WORDS_PRIOR;
    double alpha = prior * (double)count->all / ((double)totals->all + 1);
    double delta;
    double variance;
    (void)kundig__log_odds((double)count->a + alpha, a + prior, (double)count->b + alpha, b + prior,
                           &delta, &variance);
    /* The paper leaves these two terms out, for a word among many; where most of what is said is
     * the word they are the larger part. */
    variance += 1 / (a + prior - (double)count->a - alpha);
    variance += 1 / (b + prior - (double)count->b - alpha);
    return delta / kundig__sqrt(variance);
}

/* Of the shares of records. 0 where one set has no text or all records have the word. */
static double words_z_records(const words_job *job, const words_count *count)
{
    double a = (double)job->records.a;
    double b = (double)job->records.b;
    double share = ((double)count->a + (double)count->b) / (a + b);
    double variance = share * (1 - share) * (1 / a + 1 / b);
    if (!job->records.a || !job->records.b || variance <= 0) {
        return 0;
    }
    if (job->order) {
        double clustered =
            (kundig__i128_to_double(count->yy) - 2 * share * kundig__i128_to_double(count->yv) +
             share * share * kundig__i128_to_double(job->vv)) /
            a / a / b / b;
        variance = clustered > variance ? clustered : variance;
    }
    return ((double)count->a / a - (double)count->b / b) / kundig__sqrt(variance);
}

static bool words_candidate_add(words_job *job, uint32_t first, uint32_t second, words_count *count,
                                const words_totals *totals)
{
    if (count->a < WORDS_LEAST || (job->named && count->customers < 2)) {
        return true;
    }
    if (!kundig__grow(job->mem, (void **)&job->candidates, &job->candidate_capacity,
                      job->candidate_count + 1, sizeof *job->candidates)) {
        return false;
    }
    if (job->order) {
        words_next_customer(job, count);
    }
    double said = words_z_said(count, totals);
    double recorded = words_z_records(job, count);
    job->candidates[job->candidate_count++] =
        (words_candidate){first, second, *count, said < recorded ? said : recorded};
    return true;
}

static int words_order(const words_job *job, const words_candidate *a, const words_candidate *b)
{
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

static void words_sift(const words_job *job, size_t at, size_t count)
{
    words_candidate *heap = job->candidates;
    words_candidate moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && words_order(job, &heap[child], &heap[child + 1]) < 0) {
            child++;
        }
        if (words_order(job, &moved, &heap[child]) >= 0) {
            break;
        }
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static void words_sort(const words_job *job)
{
    size_t count = job->candidate_count;
    for (size_t i = count / 2; i-- > 0;) {
        words_sift(job, i, count);
    }
    for (size_t end = count; end > 1; end--) {
        words_candidate last = job->candidates[0];
        job->candidates[0] = job->candidates[end - 1];
        job->candidates[end - 1] = last;
        words_sift(job, 0, end - 1);
    }
}

/* Keep candidates that a uses more than b beyond chance, corrected for how many were looked at. */
static int words_beyond_chance(words_job *job, kundig_error *err)
{
    size_t count = job->candidate_count;
    double *p = kundig__alloc(job->mem, count * sizeof *p);
    double *q = kundig__alloc(job->mem, count * sizeof *q);
    uint32_t *scratch = kundig__alloc(job->mem, count * sizeof *scratch);
    size_t kept = 0;
    int rc = KUNDIG_OK;
    if (!p || !q || !scratch) {
        rc = kundig__nomem(job->mem, err);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        p[i] = kundig__erfc(kundig__abs(job->candidates[i].z) / kundig__sqrt(2));
    }
    kundig__benjamini_hochberg(p, count, q, scratch);
    for (size_t i = 0; i < count; i++) {
        if (job->candidates[i].z > 0 && q[i] <= WORDS_FALSE_SHARE) {
            job->candidates[kept++] = job->candidates[i];
        }
    }
    job->tested = count;
    job->candidate_count = kept;
done:
    kundig__free(job->mem, p, count * sizeof *p);
    kundig__free(job->mem, q, count * sizeof *q);
    kundig__free(job->mem, scratch, count * sizeof *scratch);
    return rc;
}

/* A word that was never said without its pair says nothing beside it. */
static bool words_inside_pair(const words_job *job, const words_candidate *word)
{
    for (size_t i = 0; i < job->candidate_count; i++) {
        const words_candidate *pair = &job->candidates[i];
        if (pair->second != WORDS_NONE &&
            (pair->first == word->first || pair->second == word->first) &&
            pair->count.a == word->count.a && pair->count.b == word->count.b) {
            return true;
        }
    }
    return false;
}

static int words_choose(words_job *job, size_t limit, kundig_error *err)
{
    bool fits = true;
    for (uint32_t code = 0; fits && code < job->dict.count; code++) {
        fits = words_candidate_add(job, code, WORDS_NONE, &job->words[code], &job->word_totals);
    }
    for (size_t i = 0; fits && i < job->pair_count; i++) {
        words_pair *pair = &job->pairs[i];
        fits = words_candidate_add(job, pair->first, pair->second, &pair->count, &job->pair_totals);
    }
    if (!fits) {
        return kundig__nomem(job->mem, err);
    }
    int rc = words_beyond_chance(job, err);
    if (rc) {
        return rc;
    }
    words_sort(job);
    /* Chosen in order of z, so only a few words are held against all pairs. */
    size_t kept = 0;
    for (size_t i = 0; i < job->candidate_count && kept < limit; i++) {
        words_candidate candidate = job->candidates[i];
        if (candidate.second != WORDS_NONE || !words_inside_pair(job, &candidate)) {
            job->candidates[i] = job->candidates[kept];
            job->candidates[kept++] = candidate;
        }
    }
    job->candidate_count = kept;
    return KUNDIG_OK;
}

/* ---- Spelling ------------------------------------------------------------------------------- */

static bool words_spell(words_job *job, size_t index, kundig_text text, size_t i, bool pair)
{
    const kundig__token *token = &job->scratch.tokens[i];
    uint32_t number = (uint32_t)index;
    job->key.len = 0;
    kundig__buf_add(&job->key, &number, sizeof number);
    kundig__buf_add(&job->key, text.data + token->start, token->end - token->start);
    if (pair) {
        kundig__buf_char(&job->key, ' ');
        kundig__buf_add(&job->key, text.data + token[1].start, token[1].end - token[1].start);
    }
    if (job->key.failed) {
        return false;
    }
    uint32_t code = kundig__dict_add(&job->spellings, job->key.data, job->key.len);
    size_t before = job->spelling_capacity;
    if (code == KUNDIG__DICT_NONE ||
        !kundig__grow(job->mem, (void **)&job->spelling_counts, &job->spelling_capacity,
                      (size_t)code + 1, sizeof *job->spelling_counts)) {
        return false;
    }
    memset(job->spelling_counts + before, 0,
           (job->spelling_capacity - before) * sizeof *job->spelling_counts);
    job->spelling_counts[code]++;
    return true;
}

static int words_spell_record(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = words_read(job, text, false, err);
    for (size_t i = 0; !rc && i < job->scratch.token_count; i++) {
        if (!words_enough(job, job->codes[i])) {
            continue;
        }
        for (size_t c = 0; c < job->candidate_count; c++) {
            const words_candidate *candidate = &job->candidates[c];
            bool pair = candidate->second != WORDS_NONE;
            if (candidate->first != job->codes[i] ||
                (pair && (!words_makes_pair(job, i) || candidate->second != job->codes[i + 1]))) {
                continue;
            }
            if (!words_spell(job, c, text, i, pair)) {
                return kundig__nomem(job->mem, err);
            }
            if (job->customers && job->customers[row]) {
                size_t bit = (size_t)job->customers[row] * job->candidate_count + c;
                job->seen[bit / 8] |= (uint8_t)(1u << bit % 8);
            }
        }
    }
    return rc;
}

static int words_spell_all(words_job *job, kundig_error *err)
{
    size_t bits;
    if (!kundig__size_mul((size_t)job->customer_count + 1, job->candidate_count, &bits)) {
        return kundig__nomem(job->mem, err);
    }
    job->seen_size = bits / 8 + 1;
    job->seen = kundig__alloc_zero(job->mem, job->seen_size);
    if (!job->seen) {
        job->seen_size = 0;
        return kundig__nomem(job->mem, err);
    }
    return words_pass(job, WORDS_IN_A, words_spell_record, err);
}

/* The spelling met most often; equal ones by bytes. */
static kundig_text words_spelling(const words_job *job, size_t index)
{
    kundig_text best = {NULL, 0};
    uint32_t count = 0;
    for (uint32_t code = 0; code < job->spellings.count; code++) {
        kundig_text text = kundig__dict_text(&job->spellings, code);
        uint32_t number;
        memcpy(&number, text.data, sizeof number);
        if (number != index) {
            continue;
        }
        text.data += sizeof number;
        text.len -= sizeof number;
        if (job->spelling_counts[code] > count ||
            (job->spelling_counts[code] == count && kundig__text_order(text, best) < 0)) {
            best = text;
            count = job->spelling_counts[code];
        }
    }
    return best;
}

static int64_t words_customers(const words_job *job, size_t index, size_t customer_count)
{
    int64_t count = 0;
    for (size_t customer = 1; customer <= customer_count; customer++) {
        size_t bit = customer * job->candidate_count + index;
        count += job->seen[bit / 8] >> bit % 8 & 1;
    }
    return count;
}

static int words_table(const words_job *job, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    kundig__table_column(table, "word", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "a", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "b", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "z", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "share_a", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "share_b", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    for (size_t i = 0; i < job->candidate_count; i++) {
        const words_candidate *candidate = &job->candidates[i];
        kundig__table_row(table);
        kundig__table_set_text(table, 0, words_spelling(job, i));
        kundig__table_set_int(table, 1, candidate->count.a);
        kundig__table_set_int(table, 2, candidate->count.b);
        if (job->named) {
            kundig__table_set_int(table, 3, words_customers(job, i, job->customer_count));
        }
        kundig__table_set_number(table, 4, candidate->z);
        kundig__table_set_number(table, 5, (double)candidate->count.a / (double)job->records.a);
        if (job->records.b) {
            kundig__table_set_number(table, 6, (double)candidate->count.b / (double)job->records.b);
        }
    }
    kundig__table_note(
        table,
        "%" PRIu64 " words and pairs were looked at in %" PRIu64 " and %" PRIu64
        " texts; shown are those beyond chance (Benjamini-Hochberg, 5 %%) both "
        "among all words said and in the share of texts; z is the smaller of the two",
        (uint64_t)job->tested, job->records.a, job->records.b);
    return kundig__table_finish(table, out, err);
}

int kundig__words(kundig__corpus *corpus, const kundig_query *query, uint32_t a, uint32_t b,
                  const kundig_words_options *options, kundig_table **out, kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    words_job job = {0};
    job.corpus = corpus;
    job.context = context;
    job.mem = &context->mem;
    job.rows = kundig__corpus_rows(corpus);
    const kundig__dimension *customers = NULL;
    int rc = kundig__corpus_people(corpus, &customers, err);
    if (rc) {
        return rc;
    }
    job.customers = customers->codes;
    job.customer_count = customers->dict.count;
    kundig__scratch_init(&job.scratch, job.mem);
    kundig__personal_init(&job.personal, job.mem);
    kundig__dict_init(&job.dict, job.mem, context->siphash_key);
    kundig__dict_init(&job.spellings, job.mem, context->siphash_key);
    kundig__buf_init(&job.key, job.mem);
    rc = words_select(&job, query, a, b, err);
    rc = rc ? rc : words_voices(&job, err);
    rc = rc ? rc : words_pass(&job, WORDS_IN_ALL, words_count_words, err);
    rc = rc ? rc : words_pass(&job, WORDS_IN_ALL, words_count_pairs, err);
    rc = rc ? rc : words_choose(&job, options->limit ? (size_t)options->limit : SIZE_MAX, err);
    rc = rc ? rc : words_spell_all(&job, err);
    rc = rc ? rc : words_table(&job, out, err);
    words_end(&job);
    return rc;
}
