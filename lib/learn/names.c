/* Which words a model may show: those that weigh most for a class, found in the lessons again.
 *
 * Weights know buckets alone, so the words of the buckets asked for are looked up once more. Of
 * several words in one bucket the one that most lessons have is named.
 * Invariant: a name was used by at least the least number of customers, or, where nobody is named,
 * of documents; addresses and handles are never named, nor is what holds digits.
 * Cost: one more pass over the texts, without characters; a bounded number of words a bucket. */
#include "base/order.h"
#include "base/text.h"
#include "learn/learned.h"

#define NAMES_EACH    10u /* of a class */
#define NAMES_WANTED  20u /* looked for */
#define NAMES_RIVALS  4u  /* words of one bucket */
#define NAMES_LEAST   5u  /* documents, where nobody is named */
#define NAMES_LONGEST 64u /* bytes of a word */

/* A word or a pair that may be named. */
typedef struct naming_rival {
    uint64_t hash;
    uint32_t lesson; /* one that has it, */
    uint32_t token;  /* from this token on */
    uint32_t count;
    uint32_t last; /* who was counted last */
    bool pair;
} naming_rival;

typedef struct naming_work {
    kundig__mem *mem;
    kundig__classifier *classifier;
    const kundig__documents *documents;
    uint32_t *wanted; /* [class][NAMES_WANTED]: rows, the heaviest first */
    uint32_t *counts; /* of classes */
    uint32_t *places; /* of rows: number of their rivals */
    uint32_t place_count;
    naming_rival *rivals; /* [place][NAMES_RIVALS] */
    uint32_t *order;     /* lessons by customer */
    kundig__scratch scratch;
} naming_work;

/* ---- Which rows ----------------------------------------------------------------------------- */

typedef struct naming_class {
    const kundig__weights *weights;
    const float *scales;
    uint32_t klass;
} naming_class;

static float naming_weight(const kundig__weights *weights, const float *scales, uint32_t row,
                          uint32_t klass)
{
    const kundig__weight_row *head = &weights->rows[row];
    float weight = (float)kundig__row_weight(weights, head, klass) * scales[head->scale];
    return weight * (weights->idf_step * (float)head->idf);
}

/* Heaviest first, equal ones by bucket. */
static int naming_row_order(const void *ud, uint32_t a, uint32_t b)
{
    const naming_class *one = ud;
    float left = naming_weight(one->weights, one->scales, a, one->klass);
    float right = naming_weight(one->weights, one->scales, b, one->klass);
    if (left != right) {
        return left > right ? -1 : 1;
    }
    return one->weights->buckets[a] < one->weights->buckets[b] ? -1 : 1;
}

static void naming_want(naming_work *work, const float *scales)
{
    const kundig__weights *weights = &work->classifier->weights;
    for (uint32_t i = 0; i < weights->row_count; i++) {
        const kundig__weight_row *row = &weights->rows[i];
        if (weights->buckets[i] >> weights->bits != KUNDIG__BLOCK_WORDS || !row->count) {
            continue;
        }
        const uint8_t *cells = kundig__row_cells(weights, row);
        bool dense = kundig__row_is_dense(row->count, weights->class_count);
        uint32_t places = dense ? weights->class_count : row->count;
        for (uint32_t j = 0; j < places; j++) {
            int weight = (int8_t)(dense ? cells[j] : cells[2 * (size_t)row->count + j]);
            uint16_t klass = (uint16_t)j;
            if (!dense) {
                memcpy(&klass, cells + 2 * (size_t)j, sizeof klass);
            }
            if (weight > 0) {
                naming_class one = {weights, scales, klass};
                size_t count = work->counts[klass];
                kundig__order_push(work->wanted + (size_t)klass * NAMES_WANTED, &count,
                                   NAMES_WANTED, i, naming_row_order, &one);
                work->counts[klass] = (uint32_t)count;
            }
        }
    }
    memset(work->places, 0xFF, weights->row_count * sizeof *work->places);
    for (uint32_t k = 0; k < weights->class_count; k++) {
        naming_class one = {weights, scales, k};
        uint32_t *rows = work->wanted + (size_t)k * NAMES_WANTED;
        kundig__order_sort(rows, work->counts[k], naming_row_order, &one);
        for (uint32_t i = 0; i < work->counts[k]; i++) {
            if (work->places[rows[i]] == UINT32_MAX) {
                work->places[rows[i]] = work->place_count++;
            }
        }
    }
}

/* ---- Which words ---------------------------------------------------------------------------- */

static bool naming_may(const kundig__scratch *scratch, const kundig__token *token)
{
    if (token->kind != KUNDIG__TOKEN_WORD && token->kind != KUNDIG__TOKEN_CJK &&
        token->kind != KUNDIG__TOKEN_SYMBOL) {
        return false;
    }
    bool may = token->folded_len <= NAMES_LONGEST;
    for (uint32_t i = 0; i < token->folded_len && may; i++) {
        may = !kundig__text_is_digit(scratch->folded[token->folded + i]);
    }
    return may;
}

/* One word or pair of a lesson: becomes a rival if `fresh`, is counted for `who`. */
static void naming_see(naming_work *work, uint64_t hash, uint32_t lesson, uint32_t token, bool pair,
                      uint32_t who, bool fresh)
{
    const kundig__weights *weights = &work->classifier->weights;
    uint32_t row =
        weights->lookup[kundig__feature_bucket(hash, KUNDIG__BLOCK_WORDS, weights->bits)];
    if (row == KUNDIG__NO_ROW || work->places[row] == UINT32_MAX) {
        return;
    }
    naming_rival *rivals = work->rivals + (size_t)work->places[row] * NAMES_RIVALS;
    for (uint32_t i = 0; i < NAMES_RIVALS; i++) {
        naming_rival *rival = &rivals[i];
        if (rival->lesson == UINT32_MAX && fresh) {
            *rival = (naming_rival){hash, lesson, token, 0, UINT32_MAX, pair};
        }
        if (rival->lesson != UINT32_MAX && rival->hash == hash) {
            rival->count += rival->last != who;
            rival->last = who;
            return;
        }
    }
}

static int naming_read(naming_work *work, uint32_t lesson, uint32_t who, bool fresh)
{
    kundig__scratch *scratch = &work->scratch;
    kundig_text text = work->documents->course->lessons[lesson].text;
    int rc = kundig__text_features(scratch, text.data ? text.data : "", text.len,
                                   KUNDIG__WORDS | KUNDIG__PAIRS);
    bool before = false;
    for (uint32_t i = 0; rc == KUNDIG_OK && i < scratch->token_count; i++) {
        bool may = naming_may(scratch, &scratch->tokens[i]);
        if (may) {
            naming_see(work, scratch->tokens[i].hash, lesson, i, false, who, fresh);
        }
        if (may && before) {
            naming_see(work, scratch->pairs[i - 1], lesson, i - 1, true, who, fresh);
        }
        before = may;
    }
    return rc;
}

static int naming_customer_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__lesson *lessons = ud;
    return lessons[a].customer < lessons[b].customer ? -1
                                                     : lessons[a].customer > lessons[b].customer;
}

/* Rivals come in the order of documents, which is that of content; customers are counted apart. */
static int naming_look(naming_work *work)
{
    const kundig__documents *documents = work->documents;
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < documents->count && rc == KUNDIG_OK; i++) {
        rc = naming_read(work, documents->list[i].lesson, (uint32_t)i, true);
    }
    if (rc != KUNDIG_OK || documents->customers == 0) {
        return rc;
    }
    for (size_t i = 0; i < (size_t)work->place_count * NAMES_RIVALS; i++) {
        work->rivals[i].count = 0;
        work->rivals[i].last = UINT32_MAX;
    }
    const kundig__course *course = documents->course;
    for (size_t i = 0; i < course->lesson_count; i++) {
        work->order[i] = (uint32_t)i;
    }
    kundig__order_sort(work->order, course->lesson_count, naming_customer_order, course->lessons);
    for (size_t i = 0; i < course->lesson_count && rc == KUNDIG_OK; i++) {
        uint32_t customer = course->lessons[work->order[i]].customer;
        if (customer != KUNDIG__NOBODY) {
            rc = naming_read(work, work->order[i], customer, false);
        }
    }
    return rc;
}

/* ---- Writing them down ---------------------------------------------------------------------- */

/* The word of a row that most have, NULL if too few. */
static const naming_rival *naming_best(const naming_work *work, uint32_t row)
{
    const kundig__documents *documents = work->documents;
    uint32_t least = documents->customers ? documents->course->least_customers : NAMES_LEAST;
    const naming_rival *rivals = work->rivals + (size_t)work->places[row] * NAMES_RIVALS;
    const naming_rival *best = NULL;
    for (uint32_t i = 0; i < NAMES_RIVALS; i++) {
        const naming_rival *rival = &rivals[i];
        if (rival->lesson != UINT32_MAX && rival->count >= least &&
            (!best || rival->count > best->count ||
             (rival->count == best->count && rival->hash < best->hash))) {
            best = rival;
        }
    }
    return best;
}

static int naming_keep(naming_work *work, const naming_rival *rival, uint32_t klass, float weight)
{
    kundig__classifier *classifier = work->classifier;
    kundig__scratch *scratch = &work->scratch;
    kundig_text text = work->documents->course->lessons[rival->lesson].text;
    int rc = kundig__text_features(scratch, text.data ? text.data : "", text.len, KUNDIG__WORDS);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    const kundig__token *token = &scratch->tokens[rival->token];
    char name[2 * NAMES_LONGEST + 1];
    size_t len = token->folded_len;
    memcpy(name, scratch->folded + token->folded, len);
    if (rival->pair) {
        name[len++] = ' ';
        memcpy(name + len, scratch->folded + token[1].folded, token[1].folded_len);
        len += token[1].folded_len;
    }
    void *features = classifier->features;
    bool fits = kundig__grow(&classifier->mem, &features, &classifier->feature_capacity,
                             classifier->facts.feature_count + 1, sizeof *classifier->features);
    classifier->features = features;
    kundig_text kept = {NULL, 0};
    if (fits) {
        kept = kundig__arena_text(&classifier->names, (kundig_text){name, len});
    }
    if (!kept.data) {
        return kundig__nomem(&classifier->mem, NULL);
    }
    classifier->features[classifier->facts.feature_count++] =
        (kundig__named_feature){klass, weight, kept};
    return KUNDIG_OK;
}

static int naming_write(naming_work *work, const float *scales)
{
    const kundig__weights *weights = &work->classifier->weights;
    int rc = KUNDIG_OK;
    for (uint32_t k = 0; k < weights->class_count; k++) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < work->counts[k] && kept < NAMES_EACH && rc == KUNDIG_OK; i++) {
            uint32_t row = work->wanted[(size_t)k * NAMES_WANTED + i];
            const naming_rival *best = naming_best(work, row);
            if (best) {
                rc = naming_keep(work, best, k, naming_weight(weights, scales, row, k));
                kept++;
            }
        }
    }
    return rc;
}

int kundig__names_find(kundig__classifier *classifier, const kundig__documents *documents,
                       kundig__mem *mem)
{
    const kundig__weights *weights = &classifier->weights;
    size_t classes = weights->class_count;
    size_t lessons = documents->course->lesson_count;
    naming_work work = {.mem = mem, .classifier = classifier, .documents = documents};
    float scales[256];
    int rc = KUNDIG_OK;
    size_t rival_bytes = 0;
    kundig__weight_scales(scales);
    kundig__scratch_init(&work.scratch, mem);
    work.wanted = kundig__alloc(mem, classes * NAMES_WANTED * sizeof *work.wanted);
    work.counts = kundig__alloc_zero(mem, classes * sizeof *work.counts);
    work.places = kundig__alloc(mem, weights->row_count * sizeof *work.places);
    work.order = kundig__alloc(mem, lessons * sizeof *work.order);
    if (!work.wanted || !work.counts || !work.places || !work.order) {
        rc = kundig__nomem(mem, NULL);
        goto done;
    }
    naming_want(&work, scales);
    rival_bytes = (size_t)work.place_count * NAMES_RIVALS * sizeof *work.rivals;
    work.rivals = kundig__alloc(mem, rival_bytes);
    if (!work.rivals) {
        rc = kundig__nomem(mem, NULL);
        goto done;
    }
    memset(work.rivals, 0xFF, rival_bytes);
    rc = naming_look(&work);
    if (rc == KUNDIG_OK) {
        rc = naming_write(&work, scales);
    }
done:
    kundig__free(mem, work.rivals, rival_bytes);
    kundig__free(mem, work.wanted, classes * NAMES_WANTED * sizeof *work.wanted);
    kundig__free(mem, work.counts, classes * sizeof *work.counts);
    kundig__free(mem, work.places, weights->row_count * sizeof *work.places);
    kundig__free(mem, work.order, lessons * sizeof *work.order);
    kundig__scratch_free(&work.scratch);
    return rc;
}
