/* Where a text belongs that nobody clustered, as a whole and sentence by sentence.
 *
 * Invariant: what is said of a text depends on it and the clustering alone.
 * Cost: scoring.c's, twice where units are asked for. */
#include <string.h>

#include "discover/units.h"

typedef struct assigning_work {
    kundig__presence presence;
    kundig__scoring scoring;
    float strange; /* novelty of all units */
} assigning_work;

int kundig__assigning_init(kundig__assigning *assigning, kundig__mem *mem,
                           const kundig__clustered *clustered)
{
    memset(assigning, 0, sizeof *assigning);
    assigning_work *work = kundig__alloc_zero(mem, sizeof *work);
    if (!work) {
        return kundig__nomem(mem, NULL);
    }
    if (!kundig__presence_init(&work->presence, mem)) {
        kundig__free(mem, work, sizeof *work);
        return kundig__nomem(mem, NULL);
    }
    if (!kundig__scoring_init(&work->scoring, mem, clustered)) {
        kundig__presence_free(&work->presence);
        kundig__free(mem, work, sizeof *work);
        return kundig__nomem(mem, NULL);
    }
    assigning->mem = mem;
    assigning->clustered = clustered;
    assigning->scores = work->scoring.scores;
    assigning->work = work;
    return KUNDIG_OK;
}

void kundig__assigning_free(kundig__assigning *assigning)
{
    assigning_work *work = assigning->work;
    if (work) {
        kundig__presence_free(&work->presence);
        kundig__scoring_free(&work->scoring);
        kundig__free(assigning->mem, work, sizeof *work);
    }
    memset(assigning, 0, sizeof *assigning);
}

/* How many rows of characters stand in scratch->grams of a token. */
static size_t assigning_grams(const kundig__scratch *scratch, const kundig__token *token)
{
    if (token->kind > KUNDIG__TOKEN_SYMBOL || token->kind == KUNDIG__TOKEN_CJK) {
        return 0;
    }
    const char *folded = scratch->folded + token->folded;
    size_t codes = 0;
    for (size_t i = 0; i < token->folded_len; i++) {
        codes += ((unsigned char)folded[i] & 0xC0) != 0x80;
    }
    codes = codes < 128 ? codes : 128;
    /* Of c characters between two blanks: c of three, c - 1 of four, c - 2 of five. */
    return codes > 1 ? 3 * codes - 3 : codes;
}

static bool assigning_score(assigning_work *work, const kundig__scratch *scratch, size_t from,
                            size_t to, size_t first, size_t last)
{
    return kundig__presence_read(&work->presence, scratch, from, to, first, last,
                                 work->scoring.clustered->pairs) &&
           kundig__score(&work->scoring, &work->presence);
}

/* One unit more, or the last one grown where there is no room. */
static void assigning_unit(kundig__assigning *assigning, assigning_work *work, uint32_t start,
                           uint32_t end)
{
    const kundig__scoring *scoring = &work->scoring;
    kundig__unit *unit = &assigning->units[assigning->unit_count++];
    unit->start = start;
    unit->end = end;
    unit->margin = scoring->margin;
    work->strange += kundig__clustered_novelty(scoring->clustered, scoring->fit);
    bool fits = scoring->count && kundig__clustered_fits(scoring->clustered, scoring->fit);
    unit->cluster = fits ? scoring->best : KUNDIG__NO_CLUSTER;
}

/* What each stretch fits. */
static bool assigning_units(kundig__assigning *assigning, const kundig__scratch *scratch,
                            const char *text)
{
    assigning_work *work = assigning->work;
    kundig__stretch stretches[KUNDIG__MOST_UNITS];
    size_t count = kundig__units_cut(assigning->clustered->languages, scratch, text, stretches);
    size_t first = 0; /* row of characters */
    for (size_t i = 0; i < count; i++) {
        const kundig__stretch *stretch = &stretches[i];
        size_t last = first;
        for (size_t t = stretch->from; t < stretch->to; t++) {
            last += assigning_grams(scratch, &scratch->tokens[t]);
        }
        if (!assigning_score(work, scratch, stretch->from, stretch->to, first, last)) {
            return false;
        }
        assigning_unit(assigning, work, scratch->tokens[stretch->from].start,
                       scratch->tokens[stretch->to - 1].end);
        first = last;
    }
    return true;
}

int kundig__assign(kundig__assigning *assigning, const kundig__scratch *scratch, const char *text,
                   size_t len, bool units)
{
    assigning_work *work = assigning->work;
    kundig__scoring *scoring = &work->scoring;
    assigning->unit_count = 0;
    work->strange = 0;
    size_t count = scratch->token_count;
    if (units && count > 0 && !assigning_units(assigning, scratch, text)) {
        return kundig__nomem(assigning->mem, NULL);
    }
    if (assigning->unit_count == 1) {
        assigning->unit_count = 0; /* one unit is the whole */
    }
    if (!assigning_score(work, scratch, 0, count, 0, scratch->gram_count)) {
        return kundig__nomem(assigning->mem, NULL);
    }
    assigning->cluster = scoring->count ? scoring->best : KUNDIG__NO_CLUSTER;
    assigning->nowhere =
        scoring->count == 0 || !kundig__clustered_fits(scoring->clustered, scoring->fit);
    assigning->fit = scoring->fit;
    assigning->margin = scoring->margin;
    assigning->known = scoring->known;
    assigning->novelty = assigning->unit_count > 1 && scoring->clustered->facts.cut
                             ? work->strange / (float)assigning->unit_count
                             : kundig__clustered_novelty(scoring->clustered, scoring->fit);
    if (assigning->unit_count == 0 && count > 0) {
        assigning_unit(assigning, work, 0, (uint32_t)len);
    }
    return KUNDIG_OK;
}

uint32_t kundig__assigned_main(const kundig__assigning *assigning, float *margin)
{
    uint32_t best = assigning->nowhere ? KUNDIG__NO_CLUSTER : assigning->cluster;
    float most = 0;
    *margin = assigning->margin;
    for (size_t i = 0; assigning->nowhere && assigning->unit_count > 1 && i < assigning->unit_count;
         i++) {
        const kundig__unit *unit = &assigning->units[i];
        if (unit->cluster != KUNDIG__NO_CLUSTER && unit->margin >= most) {
            best = unit->margin > most || best == KUNDIG__NO_CLUSTER ? unit->cluster : best;
            most = unit->margin;
            *margin = most;
        }
    }
    return best;
}
