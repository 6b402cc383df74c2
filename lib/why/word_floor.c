/* The noise floor: how far words of one set differ when it is held against its own halves.
 *
 * The set is cut in two WORDS_SPLITS times. Where a record falls is told by a hash without a key of
 * who wrote it, so all records of a customer are in one half; of one that names none by a hash of
 * its source and id, or of its content and how many equal ones went before. The halves differ by
 * nothing but chance, and by what makes records of one set alike. The floor of a word is the
 * greatest |z| that any word of like frequency reaches in any split: like are those within a factor
 * of two, and where these are few the next rarer ones.
 *
 * Invariant: facts alone decide who is in which half, in any order of arrival. Cost: one pass over
 * the texts of the set; 24 bytes a candidate, where customers repeat 152; 12 bytes a row that names
 * no customer, n log n in these. */
#include "base/math.h"
#include "base/order.h"
#include "corpus/rows.h"
#include "why/words.h"

#define FLOOR_LIKE 64u /* candidates that are alike, at least */
#define FLOOR_BINS 32u

/* ---- Halves --------------------------------------------------------------------------------- */

static uint8_t floor_bits(uint64_t hash, uint64_t number)
{
    const uint64_t key[2] = {hash, number};
    return (uint8_t)(kundig__xxh3(key, sizeof key) & ((1u << WORDS_SPLITS) - 1));
}

static void floor_set(words_job *job, uint32_t row, uint8_t bits)
{
    job->sets[row] |= (uint8_t)(bits * WORDS_HALVES);
    for (size_t split = 0; split < WORDS_SPLITS; split++) {
        job->first_records[split] += bits >> split & 1;
    }
}

/* What a record without a customer is known by. */
static bool floor_hash(words_job *job, uint32_t row, uint64_t *hash)
{
    kundig__buf *key = &job->key;
    kundig_text id = kundig__corpus_id(job->corpus, row);
    key->len = 0;
    if (id.data) {
        kundig_text source =
            kundig__dimension_text(kundig__corpus_dimension(job->corpus, KUNDIG__DIM_SOURCE), row);
        uint64_t len = source.len;
        kundig__buf_add(key, &len, sizeof len);
        kundig__buf_text(key, source);
        kundig__buf_text(key, id);
    } else {
        kundig__fact_canonical(job->corpus, KUNDIG_FACTS_FEEDBACK, row, key);
    }
    *hash = key->failed ? 0 : kundig__xxh3(key->data, key->len);
    return !key->failed;
}

typedef struct floor_nameless {
    uint32_t row;
    uint64_t hash;
} floor_nameless;

static int floor_order(const void *ud, uint32_t a, uint32_t b)
{
    const floor_nameless *records = ud;
    return (records[a].hash > records[b].hash) - (records[a].hash < records[b].hash);
}

static bool floor_counts(const words_job *job, uint32_t row)
{
    return (job->sets[row] & WORDS_IN_A) && kundig__corpus_text(job->corpus, row).data;
}

static bool floor_is_nameless(const words_job *job, uint32_t row)
{
    return !job->customers || !job->customers[row];
}

/* Equal records fall on both sides, one after the other. */
static int floor_cut_nameless(words_job *job, size_t count, kundig_error *err)
{
    floor_nameless *records = kundig__alloc(job->mem, count * sizeof *records);
    uint32_t *order = kundig__alloc(job->mem, count * sizeof *order);
    bool ok = records && order;
    size_t used = 0;
    for (uint32_t row = 0; ok && row < job->rows; row++) {
        if (floor_counts(job, row) && floor_is_nameless(job, row)) {
            records[used].row = row;
            order[used] = (uint32_t)used;
            ok = floor_hash(job, row, &records[used].hash);
            used++;
        }
    }
    if (ok) {
        kundig__order_sort(order, used, floor_order, records);
        uint64_t number = 0;
        for (size_t i = 0; i < used; i++) {
            const floor_nameless *record = &records[order[i]];
            number = i && records[order[i - 1]].hash == record->hash ? number + 1 : 0;
            floor_set(job, record->row, floor_bits(record->hash, number));
        }
    }
    kundig__free(job->mem, records, count * sizeof *records);
    kundig__free(job->mem, order, count * sizeof *order);
    return ok ? KUNDIG_OK : kundig__nomem(job->mem, err);
}

static int floor_cut(words_job *job, kundig_error *err)
{
    size_t nameless = 0;
    for (uint32_t row = 0; row < job->rows; row++) {
        if (!floor_counts(job, row)) {
            continue;
        }
        if (floor_is_nameless(job, row)) {
            nameless++;
            continue;
        }
        kundig_text name = kundig__dict_text(job->customer_names, job->customers[row] - 1);
        floor_set(job, row, floor_bits(kundig__xxh3(name.data, name.len), UINT64_MAX));
    }
    return floor_cut_nameless(job, nameless, err);
}

/* ---- Counts --------------------------------------------------------------------------------- */

static void floor_add_squares(words_job *job, size_t candidate, uint8_t bits, uint64_t m,
                              uint64_t n)
{
    for (size_t split = 0; split < WORDS_SPLITS; split++) {
        words_squares *squares = &job->squares[candidate * WORDS_SPLITS + split];
        size_t side = bits >> split & 1 ? 0 : 1;
        squares->mm[side] += m * m;
        squares->mn[side] += m * n;
    }
}

/* The customer in hand has said all they say of this candidate. */
static void floor_close(words_job *job, size_t candidate)
{
    words_half *half = &job->halves[candidate];
    if (half->customer) {
        floor_add_squares(job, candidate, half->bits, half->mine, job->mine[half->customer].a);
    }
    half->mine = 0;
}

static void floor_add(words_job *job, size_t candidate, uint32_t row)
{
    words_half *half = &job->halves[candidate];
    uint8_t bits = job->sets[row] / WORDS_HALVES;
    for (size_t split = 0; split < WORDS_SPLITS; split++) {
        half->first[split] += bits >> split & 1;
    }
    if (!job->order) {
        return;
    }
    uint32_t customer = job->customers[row];
    if (!customer) {
        floor_add_squares(job, candidate, bits, 1, 1);
        return;
    }
    if (customer != half->customer) {
        floor_close(job, candidate);
    }
    half->customer = customer;
    half->bits = bits;
    half->mine++;
}

static void floor_total(uint64_t totals[WORDS_SPLITS], uint8_t bits)
{
    for (size_t split = 0; split < WORDS_SPLITS; split++) {
        totals[split] += bits >> split & 1;
    }
}

/* As the passes of word_counts.c count it: a record once for a word, rare pairs as they come. */
static void floor_seen(words_job *job, words_count *count, uint32_t row,
                       uint64_t totals[WORDS_SPLITS])
{
    if (count->row != row + 1) {
        count->row = row + 1;
        floor_total(totals, job->sets[row] / WORDS_HALVES);
        if (count->candidate) {
            floor_add(job, count->candidate - 1, row);
        }
    }
}

static int floor_record(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = kundig__words_read(job, text, false, err);
    for (size_t i = 0; !rc && i < job->scratch.token_count; i++) {
        if (job->codes[i] == WORDS_NONE) {
            continue;
        }
        floor_seen(job, &job->words[job->codes[i]], row, job->first_words);
        if (!kundig__words_makes_pair(job, i)) {
            continue;
        }
        words_pair *pair = kundig__words_pair_find(job, job->codes[i], job->codes[i + 1]);
        if (pair) {
            floor_seen(job, &pair->count, row, job->first_pairs);
        } else {
            floor_total(job->first_pairs, job->sets[row] / WORDS_HALVES);
        }
    }
    return rc;
}

/* Squares of how many records each customer has in a half. */
static void floor_record_squares(words_job *job)
{
    for (uint32_t row = 0; row < job->rows; row++) {
        if (!floor_counts(job, row)) {
            continue;
        }
        /* n records of a customer add n times n */
        double each = floor_is_nameless(job, row) ? 1 : (double)job->mine[job->customers[row]].a;
        for (size_t split = 0; split < WORDS_SPLITS; split++) {
            job->record_squares[split][job->sets[row] / WORDS_HALVES >> split & 1 ? 0 : 1] += each;
        }
    }
}

/* ---- The floor ------------------------------------------------------------------------------ */

static double floor_clustered(const words_job *job, size_t candidate, size_t split, double share,
                              double first, double second)
{
    if (!job->order) {
        return 0;
    }
    const words_squares *squares = &job->squares[candidate * WORDS_SPLITS + split];
    double sum = 0;
    for (size_t side = 0; side < 2; side++) {
        double n = side == 0 ? first : second;
        double spread = (double)squares->mm[side] - 2 * share * (double)squares->mn[side] +
                        share * share * job->record_squares[split][side];
        sum += spread / n / n;
    }
    return sum;
}

/* |z| of a candidate between the halves of a split. */
static double floor_z(const words_job *job, size_t candidate, size_t split, words_said_fn *said,
                      const void *ud)
{
    const words_candidate *word = &job->candidates[candidate];
    bool pair = word->second != WORDS_NONE;
    double first = (double)job->first_records[split];
    double second = (double)job->records.a - first;
    double words = (double)(pair ? job->first_pairs : job->first_words)[split];
    double all = (double)(pair ? job->pair_totals.a : job->word_totals.a);
    double ya = (double)job->halves[candidate].first[split];
    double yb = (double)word->count.a - ya;
    if (first <= 0 || second <= 0) {
        return 0;
    }
    double share = (ya + yb) / (first + second);
    double recorded = kundig__words_z_records(
        ya, first, yb, second, floor_clustered(job, candidate, split, share, first, second));
    return kundig__abs(kundig__words_z_both(said(ud, word, ya, words, yb, all - words), recorded));
}

static size_t floor_bin(const words_candidate *word)
{
    size_t bin = 0;
    for (uint32_t left = word->count.a; left > 1; left /= 2) {
        bin++;
    }
    return bin;
}

/* Bins of few candidates take the next rarer ones along; the rarest of all, the next more frequent.
 */
static void floor_join(const size_t counts[FLOOR_BINS], double floors[FLOOR_BINS])
{
    size_t from = FLOOR_BINS; /* bins from .. to - 1 are joined */
    size_t to = FLOOR_BINS;
    size_t before = FLOOR_BINS; /* the end of those joined before */
    while (from > 0) {
        size_t count = 0;
        double most = 0;
        to = from;
        while (from > 0 && count < FLOOR_LIKE) {
            from--;
            count += counts[from];
            most = floors[from] > most ? floors[from] : most;
        }
        if (count < FLOOR_LIKE && to < FLOOR_BINS) {
            most = floors[to] > most ? floors[to] : most;
            to = before;
        }
        for (size_t bin = from; bin < to; bin++) {
            floors[bin] = most;
        }
        before = to;
    }
}

static void floor_tell(words_job *job, words_said_fn *said, const void *ud)
{
    double floors[FLOOR_BINS] = {0};
    size_t counts[FLOOR_BINS] = {0};
    for (size_t i = 0; i < job->candidate_count; i++) {
        size_t bin = floor_bin(&job->candidates[i]);
        counts[bin]++;
        for (size_t split = 0; split < WORDS_SPLITS; split++) {
            double z = floor_z(job, i, split, said, ud);
            floors[bin] = z > floors[bin] ? z : floors[bin];
        }
    }
    floor_join(counts, floors);
    for (size_t i = 0; i < job->candidate_count; i++) {
        job->candidates[i].floor = floors[floor_bin(&job->candidates[i])];
    }
}

/* Is there a split with records on both sides? */
static bool floor_is_cut(const words_job *job)
{
    bool cut = false;
    for (size_t split = 0; split < WORDS_SPLITS; split++) {
        cut = cut || (job->first_records[split] && job->first_records[split] < job->records.a);
    }
    return cut;
}

int kundig__words_floor(words_job *job, words_said_fn *said, const void *ud, kundig_error *err)
{
    size_t count = job->candidate_count;
    if (!count) {
        return KUNDIG_OK;
    }
    job->halves = kundig__alloc_zero(job->mem, count * sizeof *job->halves);
    if (job->halves && job->order) {
        job->squares = kundig__alloc_zero(job->mem, count * WORDS_SPLITS * sizeof *job->squares);
    }
    if (!job->halves || (job->order && !job->squares)) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t code = 0; code < job->dict.count; code++) {
        job->words[code].row = 0;
    }
    for (size_t i = 0; i < job->pair_count; i++) {
        job->pairs[i].count.row = 0;
    }
    int rc = floor_cut(job, err);
    rc = rc ? rc : kundig__words_pass(job, WORDS_IN_A, floor_record, err);
    if (rc || !floor_is_cut(job)) {
        return rc;
    }
    for (size_t i = 0; i < count && job->order; i++) {
        floor_close(job, i);
    }
    floor_record_squares(job);
    floor_tell(job, said, ud);
    return KUNDIG_OK;
}
