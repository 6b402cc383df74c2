/* How words are written: people write "parcel", "Parcel" and "PARCEL", and one of them is shown.
 *
 * Invariant: the spelling met most often in the first set, of equal ones the least by bytes, so no
 * order of records shows. Cost: one pass over the texts of the set, a look-up a token; the bytes of
 * all spellings of what is told. */
#include "why/words.h"

static bool spelling_add(words_job *job, uint32_t index, kundig_text text, size_t i, bool pair)
{
    const kundig__token *token = &job->scratch.tokens[i];
    job->key.len = 0;
    kundig__buf_add(&job->key, &index, sizeof index);
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

static int spelling_record(words_job *job, uint32_t row, kundig_text text, kundig_error *err)
{
    int rc = kundig__words_read(job, text, false, err);
    (void)row;
    for (size_t i = 0; !rc && i < job->scratch.token_count; i++) {
        if (job->codes[i] == WORDS_NONE) {
            continue;
        }
        uint32_t word = job->words[job->codes[i]].candidate;
        const words_pair *pair =
            kundig__words_makes_pair(job, i)
                ? kundig__words_pair_find(job, job->codes[i], job->codes[i + 1])
                : NULL;
        if ((word && !spelling_add(job, word - 1, text, i, false)) ||
            (pair && pair->count.candidate &&
             !spelling_add(job, pair->count.candidate - 1, text, i, true))) {
            return kundig__nomem(job->mem, err);
        }
    }
    return rc;
}

/* Candidates that are told know their place among these; others are none any more. */
static void spelling_number(words_job *job)
{
    for (uint32_t code = 0; code < job->dict.count; code++) {
        job->words[code].candidate = 0;
    }
    for (size_t i = 0; i < job->pair_count; i++) {
        job->pairs[i].count.candidate = 0;
    }
    for (size_t i = 0; i < job->ranked_count; i++) {
        const words_candidate *word = &job->candidates[job->ranked[i]];
        words_count *count = word->second == WORDS_NONE
                                 ? &job->words[word->first]
                                 : &kundig__words_pair_find(job, word->first, word->second)->count;
        count->candidate = (uint32_t)i + 1;
    }
}

/* A spelling without the number in front. */
static kundig_text spelling_text(const words_job *job, uint32_t code, uint32_t *index)
{
    kundig_text text = kundig__dict_text(&job->spellings, code);
    memcpy(index, text.data, sizeof *index);
    return kundig__text(text.data + sizeof *index, text.len - sizeof *index);
}

static bool spelling_is_better(const words_job *job, uint32_t code, uint32_t best)
{
    uint32_t index;
    if (best == WORDS_NONE || job->spelling_counts[code] != job->spelling_counts[best]) {
        return best == WORDS_NONE || job->spelling_counts[code] > job->spelling_counts[best];
    }
    return kundig__text_order(spelling_text(job, code, &index), spelling_text(job, best, &index)) <
           0;
}

int kundig__words_spell(words_job *job, kundig_error *err)
{
    job->best = kundig__alloc(job->mem, job->ranked_count * sizeof *job->best);
    if (!job->best) {
        return kundig__nomem(job->mem, err);
    }
    memset(job->best, 0xFF, job->ranked_count * sizeof *job->best);
    spelling_number(job);
    int rc = kundig__words_pass(job, WORDS_IN_A, spelling_record, err);
    for (uint32_t code = 0; !rc && code < job->spellings.count; code++) {
        uint32_t index;
        (void)spelling_text(job, code, &index);
        if (spelling_is_better(job, code, job->best[index])) {
            job->best[index] = code;
        }
    }
    return rc;
}

kundig_text kundig__words_spelling(const words_job *job, size_t at)
{
    uint32_t index;
    return spelling_text(job, job->best[at], &index);
}
