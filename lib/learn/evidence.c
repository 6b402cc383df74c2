/* Which bytes of a text spoke for a class.
 *
 * A feature's part of the margin goes to the tokens it was made of: a word's to its token, a pair's
 * to its two by halves, a row of characters' to its token; a feature that stands in the text
 * several times shares its part evenly among them. The tokens that say most are told, until they
 * make most of what spoke for the class; neighbours are one range.
 * Cost: linear in the features, times the length of sparse rows. */
#include "learn/learned.h"

#define EVIDENCE_SHARE 0.7f /* of what speaks for the class */
#define EVIDENCE_LEAST 0.2f /* of what the strongest token says */
#define EVIDENCE_TAKEN 48   /* tokens, at most */

/* What each occurrence of a row says for the class. */
typedef struct evidence_work {
    const kundig__weights *weights;
    const kundig__features *features;
    const kundig__weighing *weighing;
    uint32_t klass;
    float factors[KUNDIG__BLOCKS]; /* 1 / length of the block */
} evidence_work;

static float evidence_says(const evidence_work *work, uint64_t hash, uint32_t block)
{
    const kundig__weights *weights = work->weights;
    uint32_t row = weights->lookup[kundig__feature_bucket(hash, block, weights->bits)];
    if (row == KUNDIG__NO_ROW || !weights->rows[row].count) {
        return 0;
    }
    const kundig__weight_row *head = &weights->rows[row];
    uint32_t place = work->features->places[row];
    if (place >= work->features->ends[block] || work->features->list[place].row != row) {
        return 0;
    }
    uint32_t count = work->features->list[place].count;
    float value = work->weighing->counts[count] * (weights->idf_step * (float)head->idf);
    float weight =
        work->weighing->scales[head->scale] * (float)kundig__row_weight(weights, head, work->klass);
    return value / (float)count * weight * work->factors[block];
}

/* What each token says, in asking->spoken. */
static void evidence_listen(const evidence_work *work, const kundig__scratch *scratch, float *says)
{
    size_t count = scratch->token_count;
    const kundig__token *tokens = scratch->tokens;
    for (size_t i = 0; i < count; i++) {
        says[i] = evidence_says(work, tokens[i].hash, KUNDIG__BLOCK_WORDS);
    }
    for (size_t i = 0; i + 1 < count; i++) {
        float half = evidence_says(work, scratch->pairs[i], KUNDIG__BLOCK_WORDS) / 2;
        says[i] += half;
        says[i + 1] += half;
    }
    uint64_t begin = kundig__feature_begin(tokens[0].hash);
    uint64_t end = kundig__feature_end(tokens[count - 1].hash);
    says[0] += evidence_says(work, begin, KUNDIG__BLOCK_WORDS);
    says[count - 1] += evidence_says(work, end, KUNDIG__BLOCK_WORDS);
    size_t gram = 0;
    for (size_t i = 0; i < count; i++) {
        size_t grams = kundig__feature_grams(scratch, &tokens[i]);
        for (size_t j = 0; j < grams && gram < scratch->gram_count; j++, gram++) {
            says[i] += evidence_says(work, scratch->grams[gram], KUNDIG__BLOCK_CHARACTERS);
        }
    }
}

/* Take the strongest token that was not taken yet into the ranges: neighbours join. */
static void evidence_take(const kundig__token *token, kundig__range *out, size_t *count)
{
    size_t at = 0;
    while (at < *count && out[at].end + 1 < token->start) {
        at++;
    }
    bool joins = at < *count && out[at].start <= (uint64_t)token->end + 1;
    if (!joins) {
        memmove(out + at + 1, out + at, (*count - at) * sizeof *out);
        out[at] = (kundig__range){token->start, token->end};
        ++*count;
        return;
    }
    out[at].start = token->start < out[at].start ? token->start : out[at].start;
    out[at].end = token->end > out[at].end ? token->end : out[at].end;
    if (at + 1 < *count && out[at + 1].start <= (uint64_t)out[at].end + 1) {
        out[at].end = out[at + 1].end > out[at].end ? out[at + 1].end : out[at].end;
        memmove(out + at + 1, out + at + 2, (*count - at - 2) * sizeof *out);
        --*count;
    }
}

static void evidence_choose(const kundig__scratch *scratch, float *says, kundig__range *out,
                            size_t *count)
{
    float left = 0;
    for (size_t i = 0; i < scratch->token_count; i++) {
        left += says[i] > 0 ? says[i] : 0;
    }
    left *= EVIDENCE_SHARE;
    float least = 0;
    for (int taken = 0; taken < EVIDENCE_TAKEN && left > 0 && *count < KUNDIG__EVIDENCE_MOST;
         taken++) {
        size_t best = 0;
        for (size_t i = 1; i < scratch->token_count; i++) {
            best = says[i] > says[best] ? i : best;
        }
        if (says[best] <= least) {
            break;
        }
        least = least > 0 ? least : says[best] * EVIDENCE_LEAST;
        left -= says[best];
        says[best] = 0;
        evidence_take(&scratch->tokens[best], out, count);
    }
}

int kundig__classify_evidence(kundig__classifying *classifying, const kundig__scratch *scratch,
                              uint32_t klass, kundig__range *out, size_t *count)
{
    kundig__asking *asking = classifying->work;
    const kundig__weights *weights = &classifying->classifier->weights;
    *count = 0;
    if (scratch->token_count == 0 || klass >= weights->class_count) {
        return KUNDIG_OK;
    }
    void *spoken = asking->spoken;
    bool fits = kundig__grow(classifying->mem, &spoken, &asking->spoken_capacity,
                             scratch->token_count, sizeof *asking->spoken);
    asking->spoken = spoken;
    if (!fits) {
        return kundig__nomem(classifying->mem, NULL);
    }
    evidence_work work = {.weights = weights,
                          .features = &asking->features,
                          .weighing = &asking->weighing,
                          .klass = klass};
    for (uint32_t block = 0; block < KUNDIG__BLOCK_SIGNS; block++) {
        work.factors[block] =
            asking->weighing.spans[block] > 0 ? 1 / asking->weighing.spans[block] : 0;
    }
    evidence_listen(&work, scratch, asking->spoken);
    evidence_choose(scratch, asking->spoken, out, count);
    return KUNDIG_OK;
}
