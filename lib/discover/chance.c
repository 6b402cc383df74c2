/* How well texts fit by chance: their words are drawn by lot from all texts.
 *
 * Such texts have the words that people use, but speak of nothing. They fit some cluster all the
 * same; a text that fits no better than most of them speaks of nothing that is known.
 *
 * Invariant: what is told is a function of the notes, what is frozen of them and the seed.
 * Cost: some thousand texts are read, of each the first 4 KB. */
#include <string.h>

#include "base/order.h"
#include "discover/fitting.h"

#define CHANCE_NOTES 2000u /* that words are drawn from */
#define CHANCE_WORDS 8u    /* of each */
#define CHANCE_TEXTS 1000u
#define CHANCE_LONG  40u /* words of a text, at most */
#define CHANCE_BYTES 4096u
#define CHANCE_TOKEN 64u  /* bytes of a word, at most */
#define CHANCE_BELOW 800u /* thousandths of them that a text must outdo */

typedef struct chance_work {
    kundig__mem *mem;
    const kundig__fitting *fitting;
    kundig__prng prng;
    kundig__scratch scratch;
    kundig_text words[CHANCE_NOTES * CHANCE_WORDS];
    uint32_t word_count;
    uint32_t lengths[CHANCE_NOTES];
    uint32_t note_count;
    float fits[CHANCE_TEXTS];
    uint32_t order[CHANCE_TEXTS];
    char text[CHANCE_LONG * (CHANCE_TOKEN + 1)];
} chance_work;

/* Words of some notes, and how many words texts have. */
static int chance_read(chance_work *work)
{
    const kundig__notes *notes = &work->fitting->notes;
    uint32_t most = notes->fitted < CHANCE_NOTES ? (uint32_t)notes->fitted : CHANCE_NOTES;
    for (uint32_t i = 0; i < most; i++) {
        /* Notes stand by content, so the first are as good as any. */
        kundig_text text = kundig__note_text(notes, i);
        size_t len = text.len < CHANCE_BYTES ? text.len : CHANCE_BYTES;
        while (len < text.len && ((unsigned char)text.data[len] & 0xC0) == 0x80) {
            len--;
        }
        int rc = kundig__text_features(&work->scratch, text.data, len, KUNDIG__WORDS);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        size_t count = work->scratch.token_count;
        work->lengths[work->note_count++] = count < CHANCE_LONG ? (uint32_t)count : CHANCE_LONG;
        for (uint32_t j = 0; j < CHANCE_WORDS && count > 0; j++) {
            const kundig__token *token =
                &work->scratch.tokens[kundig__prng_below(&work->prng, count)];
            if (token->end - token->start <= CHANCE_TOKEN) {
                work->words[work->word_count++] =
                    (kundig_text){text.data + token->start, token->end - token->start};
            }
        }
    }
    return KUNDIG_OK;
}

static int chance_order(const void *ud, uint32_t a, uint32_t b)
{
    const float *fits = ud;
    return fits[a] < fits[b] ? -1 : fits[a] > fits[b] ? 1 : a < b ? -1 : a > b;
}

static int chance_try(chance_work *work, kundig__assigning *assigning)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < CHANCE_TEXTS; i++) {
        uint32_t words = work->lengths[kundig__prng_below(&work->prng, work->note_count)];
        size_t len = 0;
        for (uint32_t j = 0; j < words; j++) {
            kundig_text word = work->words[kundig__prng_below(&work->prng, work->word_count)];
            memcpy(work->text + len, word.data, word.len);
            len += word.len;
            work->text[len++] = ' ';
        }
        int rc = kundig__text_features(&work->scratch, work->text, len, KUNDIG__DISCOVER_FAMILIES);
        rc = rc ? rc : kundig__assign(assigning, &work->scratch, work->text, len, false);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        if (assigning->cluster != KUNDIG__NO_CLUSTER) {
            work->order[count] = count;
            work->fits[count++] = assigning->fit;
        }
    }
    if (count > 0) {
        kundig__order_sort(work->order, count, chance_order, work->fits);
        float fit = work->fits[work->order[(size_t)(count - 1) * CHANCE_BELOW / 1000]];
        work->fitting->clustered->least_fit = (int32_t)(fit * KUNDIG__FROZEN_PRIOR);
    }
    return KUNDIG_OK;
}

int kundig__fit_chance(kundig__fitting *fitting)
{
    chance_work *work = kundig__alloc(fitting->mem, sizeof *work);
    if (!work) {
        return KUNDIG_E_NOMEM;
    }
    work->mem = fitting->mem;
    work->fitting = fitting;
    work->word_count = 0;
    work->note_count = 0;
    kundig__prng_init(&work->prng, fitting->survey->seed);
    kundig__scratch_init(&work->scratch, fitting->mem);
    int rc = chance_read(work);
    if (rc == KUNDIG_OK && work->word_count > 0) {
        kundig__assigning assigning;
        rc = kundig__assigning_init(&assigning, fitting->mem, fitting->clustered);
        if (rc == KUNDIG_OK) {
            rc = chance_try(work, &assigning);
            kundig__assigning_free(&assigning);
        }
    }
    kundig__scratch_free(&work->scratch);
    kundig__free(fitting->mem, work, sizeof *work);
    return rc;
}
