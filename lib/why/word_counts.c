/* Words and pairs of two sets of records, counted.
 *
 *   pass 1   records with each word, in a, in b and in all the query selects
 *   pass 2   the same for pairs of words that stand in enough records (a pair cannot stand in more
 *            records than its words)
 *
 * A record counts once for a word, however often it repeats it. Numbers, URLs, e-mail addresses and
 * @names are left out: they are personal data or say nothing; so are words inside personal data of
 * the kinds that the handle masks, and what is left of words beside a character that was lost when
 * the text changed its encoding. Invariant: only counts and bytes decide; maps keyed by text use
 * the handle's key. Cost: twice the text's tokens; 96 bytes a distinct word or pair and the words'
 * bytes; where customers repeat 4 bytes a row and 8 a customer. */
#include <inttypes.h>

#include "corpus/rows.h"
#include "why/words.h"

#ifdef KUNDIG_TINY
#define WORDS_SLOTS 2
#else
#define WORDS_SLOTS 4096
#endif

#define WORDS_PASSES 4u

int kundig__words_begin(words_job *job, kundig__corpus *corpus, kundig_error *err)
{
    const kundig__dimension *customers = NULL;
    kundig__context *context = kundig__corpus_context(corpus);
    memset(job, 0, sizeof *job);
    int rc = kundig__corpus_people(corpus, &customers, err);
    if (rc) {
        return rc;
    }
    job->corpus = corpus;
    job->context = context;
    job->mem = &context->mem;
    job->rows = kundig__corpus_rows(corpus);
    job->customers = customers->codes;
    job->customer_names = &customers->dict;
    job->customer_count = customers->dict.count;
    kundig__scratch_init(&job->scratch, job->mem);
    kundig__personal_init(&job->personal, job->mem);
    kundig__dict_init(&job->dict, job->mem, context->siphash_key);
    kundig__dict_init(&job->spellings, job->mem, context->siphash_key);
    kundig__buf_init(&job->key, job->mem);
    return KUNDIG_OK;
}

void kundig__words_end(words_job *job)
{
    kundig__mem *mem = job->mem;
    if (!mem) {
        return; /* it did not begin */
    }
    kundig__free(mem, job->sets, job->rows);
    kundig__free(mem, job->order, job->rows * sizeof *job->order);
    kundig__free(mem, job->mine, ((size_t)job->customer_count + 1) * sizeof *job->mine);
    kundig__free(mem, job->codes, job->code_capacity * sizeof *job->codes);
    kundig__free(mem, job->words, job->word_capacity * sizeof *job->words);
    kundig__free(mem, job->pairs, job->pair_capacity * sizeof *job->pairs);
    kundig__free(mem, job->slots, job->slot_count * sizeof *job->slots);
    kundig__free(mem, job->halves, job->candidate_count * sizeof *job->halves);
    kundig__free(mem, job->squares, job->candidate_count * WORDS_SPLITS * sizeof *job->squares);
    kundig__free(mem, job->candidates, job->candidate_capacity * sizeof *job->candidates);
    kundig__free(mem, job->best, job->ranked_count * sizeof *job->best);
    kundig__free(mem, job->ranked, job->ranked_capacity * sizeof *job->ranked);
    kundig__free(mem, job->spelling_counts, job->spelling_capacity * sizeof *job->spelling_counts);
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

int kundig__words_select(words_job *job, const kundig_query *query, uint32_t a, uint32_t b,
                         kundig_error *err)
{
    uint64_t both = 0;
    uint64_t mine = 0;
    uint64_t rest = 0;
    job->sets = kundig__alloc_zero(job->mem, job->rows);
    if (!job->sets) {
        return kundig__nomem(job->mem, err);
    }
    int rc = words_mark(job, query, KUNDIG__NO_NODE, WORDS_IN_ALL, err);
    rc = rc ? rc : words_mark(job, query, a, WORDS_IN_A, err);
    rc = rc ? rc : words_mark(job, query, b, WORDS_IN_B, err);
    for (uint32_t row = 0; !rc && row < job->rows; row++) {
        uint8_t sets = job->sets[row] & (WORDS_IN_A | WORDS_IN_B);
        both += sets == (WORDS_IN_A | WORDS_IN_B);
        mine += sets == WORDS_IN_A;
        rest += sets == WORDS_IN_B;
    }
    if (both && (mine || !rest)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%" PRIu64 " records stand in both sets; a comparison needs two sets "
                            "without a common record, or a second that holds all of the first and "
                            "more",
                            both);
    }
    job->whole = both > 0;
    for (uint32_t row = 0; job->whole && row < job->rows; row++) {
        if (job->sets[row] & WORDS_IN_A) {
            job->sets[row] &= (uint8_t)~WORDS_IN_B;
        }
    }
    return rc ? rc : words_voices(job, err);
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

/* Does a token hold or touch a character that was lost? That is U+FFFD, or its bytes read as
 * Windows-1252 and written anew: what is left of the word beside it is none. */
static bool words_is_broken(kundig_text text, const kundig__token *token)
{
    static const char lost[2][7] = {"\xEF\xBF\xBD", "\xC3\xAF\xC2\xBF\xC2\xBD"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(lost[i]);
        size_t from = token->start > len ? token->start - len : 0;
        for (size_t at = from; at <= token->end && len <= text.len - at; at++) {
            if (memcmp(text.data + at, lost[i], len) == 0) {
                return true;
            }
        }
    }
    return false;
}

int kundig__words_read(words_job *job, kundig_text text, bool add, kundig_error *err)
{
    kundig__scratch *scratch = &job->scratch;
    size_t span = 0;
    bool lost = memchr(text.data, 0xBD, text.len) != NULL; /* the last byte of both */
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
        if (!words_is_word(token) || words_is_masked(job, token, &span) ||
            (lost && words_is_broken(text, token))) {
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
void kundig__words_close(const words_job *job, words_count *count)
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
            kundig__words_close(job, count);
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
        bool fresh = count->mine_a == 0;
        count->customers += fresh;
        count->named += fresh && job->customers && job->customers[row];
        count->a++;
        count->mine_a++;
        totals->a++;
    }
}

static int words_count_words(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = kundig__words_read(job, text, true, err);
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

words_pair *kundig__words_pair_find(const words_job *job, uint32_t first, uint32_t second)
{
    if (!job->slot_count) {
        return NULL;
    }
    uint32_t slot = job->slots[words_slot(job, first, second)];
    return slot ? &job->pairs[slot - 1] : NULL;
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
    return code != WORDS_NONE && job->words[code].a >= job->least;
}

bool kundig__words_makes_pair(const words_job *job, size_t i)
{
    return i + 1 < job->scratch.token_count && job->codes[i] != WORDS_NONE &&
           job->codes[i + 1] != WORDS_NONE && job->scratch.tokens[i].kind == KUNDIG__TOKEN_WORD &&
           job->scratch.tokens[i + 1].kind == KUNDIG__TOKEN_WORD;
}

static int words_count_pairs(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = kundig__words_read(job, text, false, err);
    for (size_t i = 0; !rc && i < job->scratch.token_count; i++) {
        if (!kundig__words_makes_pair(job, i)) {
            continue;
        }
        if (!words_enough(job, job->codes[i]) || !words_enough(job, job->codes[i + 1])) {
            /* too rare to be looked at, yet part of what was said */
            job->rare_pairs = true;
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

int kundig__words_pass(words_job *job, uint8_t sets,
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
            int rc =
                kundig__progress(job->context, job->done, (uint64_t)job->rows * WORDS_PASSES, err);
            if (rc) {
                return rc;
            }
        }
    }
    return KUNDIG_OK;
}

int kundig__words_count_all(words_job *job, kundig_error *err)
{
    int rc = kundig__words_pass(job, WORDS_IN_ALL, words_count_words, err);
    return rc ? rc : kundig__words_pass(job, WORDS_IN_ALL, words_count_pairs, err);
}
