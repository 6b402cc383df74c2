/* Two halves of the notes, each put into clusters without knowing of the other.
 *
 * Words alone are looked at: the halves agree and disagree at the same numbers of clusters as with
 * characters in a row, at a tenth of the time. Of more notes the first are taken, a fair sample.
 *
 * Invariant: labels are a function of the notes, the cut, the number of clusters and the seed.
 * Cost: some thirty sweeps of rows over words; a half of them may run on a thread of its own. */
#include <string.h>

#include "base/os.h"
#include "discover/quality.h"

#define HALVES_ROWS   20000u
#define HALVES_FIRST  6u /* sweeps before words are weighed */
#define HALVES_ROUNDS 6u
#define HALVES_SWEEPS 3u
#define HALVES_NOISE  0.1f
#define HALVES_LEAST  2u /* rows of a half that must have a word */

typedef struct halves_part {
    kundig__mem mem;
    int rc;
} halves_part;

typedef struct halves_work {
    kundig__halves *halves;
    uint32_t cut;
    uint32_t clusters;
    halves_part parts[2];
} halves_work;

void kundig__halves_free(kundig__halves *halves)
{
    kundig__mem *mem = halves->fitting->mem;
    size_t cells = halves->fitting->notes.starts[halves->rows];
    kundig__free(mem, halves->cells, cells * sizeof *halves->cells);
    kundig__free(mem, halves->starts, (halves->rows + 1) * sizeof *halves->starts);
    kundig__free(mem, halves->scales, halves->feature_count * sizeof *halves->scales);
    for (int i = 0; i < 2; i++) {
        kundig__free(mem, halves->labels[i], halves->rows * sizeof *halves->labels[i]);
    }
}

/* Cells of words, words numbered among themselves. */
static void halves_fill(kundig__halves *halves, uint32_t *numbers)
{
    const kundig__notes *notes = &halves->fitting->notes;
    uint32_t words = 0;
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        bool word = notes->buckets[i] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS;
        numbers[i] = word ? words++ : KUNDIG__NO_FEATURE;
    }
    for (uint32_t i = 0; i < words; i++) {
        halves->scales[i] = 1;
    }
    size_t cells = 0;
    for (size_t i = 0; i < halves->rows; i++) {
        halves->starts[i] = cells;
        for (size_t j = notes->starts[i]; j < notes->starts[i + 1]; j++) {
            uint32_t number = numbers[notes->cells[j]];
            halves->cells[cells] = number;
            cells += number != KUNDIG__NO_FEATURE;
        }
    }
    halves->starts[halves->rows] = cells;
    halves->sheet = (kundig__sheet){.count = halves->rows,
                                    .starts = halves->starts,
                                    .cells = halves->cells,
                                    .feature_count = words,
                                    .scales = halves->scales,
                                    .masses = notes->masses};
}

int kundig__halves_make(kundig__halves *halves, const kundig__fitting *fitting)
{
    kundig__mem *mem = fitting->mem;
    const kundig__notes *notes = &fitting->notes;
    memset(halves, 0, sizeof *halves);
    halves->fitting = fitting;
    halves->rows = notes->fitted < HALVES_ROWS ? notes->fitted : HALVES_ROWS;
    halves->feature_count = notes->feature_count;
    size_t numbers_size = notes->feature_count * sizeof(uint32_t);
    uint32_t *numbers = kundig__alloc(mem, numbers_size);
    halves->starts = kundig__alloc(mem, (halves->rows + 1) * sizeof *halves->starts);
    halves->cells = kundig__alloc(mem, notes->starts[halves->rows] * sizeof *halves->cells);
    halves->scales = kundig__alloc(mem, notes->feature_count * sizeof *halves->scales);
    halves->labels[0] = kundig__alloc(mem, halves->rows * sizeof *halves->labels[0]);
    halves->labels[1] = kundig__alloc(mem, halves->rows * sizeof *halves->labels[1]);
    int rc = KUNDIG_E_NOMEM;
    if (numbers && halves->starts && halves->cells && halves->scales && halves->labels[0] &&
        halves->labels[1]) {
        halves_fill(halves, numbers);
        rc = KUNDIG_OK;
    }
    kundig__free(mem, numbers, numbers_size);
    if (rc != KUNDIG_OK) {
        kundig__halves_free(halves);
    }
    return rc;
}

bool kundig__halves_has(const kundig__halves *halves, uint32_t cut, uint32_t half, size_t row)
{
    return (halves->fitting->notes.hashes[row] >> cut & 1) == half;
}

/* A word that one row of the half has tells nothing of two. */
static void halves_drop(const halves_work *work, uint32_t half, kundig__bottle *bottle)
{
    const kundig__sheet *sheet = bottle->sheet;
    /* The sums' room is counted anew right after. */
    uint32_t *counts = bottle->sums;
    memset(counts, 0, sheet->feature_count * sizeof *counts);
    for (size_t i = 0; i < sheet->count; i++) {
        for (size_t j = sheet->starts[i];
             kundig__halves_has(work->halves, work->cut, half, i) && j < sheet->starts[i + 1];
             j++) {
            counts[sheet->cells[j]]++;
        }
    }
    for (uint32_t i = 0; i < sheet->feature_count; i++) {
        if (counts[i] < HALVES_LEAST) {
            bottle->weights[i] = 0;
        }
    }
}

static void halves_sweep(kundig__bottle *bottle, uint32_t count, float noise)
{
    for (uint32_t i = 0; i < count; i++) {
        /* Half of the rows are the other half's: they never move. */
        if (kundig__bottle_sweep(bottle, noise) * 400 < bottle->mover_count) {
            return;
        }
    }
}

/* Fit one half; rows of the other are in no cluster meanwhile. false on failure of memory. */
static bool halves_cluster(const halves_work *work, uint32_t half, kundig__bottle *bottle)
{
    for (size_t i = 0; i < bottle->sheet->count; i++) {
        uint32_t lot = (uint32_t)kundig__prng_below(&bottle->prng, bottle->clusters);
        bottle->labels[i] =
            kundig__halves_has(work->halves, work->cut, half, i) ? lot : KUNDIG__NO_CLUSTER;
    }
    halves_drop(work, half, bottle);
    kundig__bottle_count(bottle);
    halves_sweep(bottle, HALVES_FIRST, HALVES_NOISE);
    for (uint32_t i = 0; i < HALVES_ROUNDS; i++) {
        if (i == HALVES_ROUNDS / 2 && !kundig__bottle_merge(bottle, work->clusters)) {
            return false;
        }
        kundig__bottle_weigh(bottle);
        halves_sweep(bottle, HALVES_SWEEPS, i + 1 < HALVES_ROUNDS ? HALVES_NOISE : 0);
    }
    return true;
}

static void halves_label(kundig__bottle *bottle, uint32_t *labels)
{
    for (size_t i = 0; i < bottle->sheet->count; i++) {
        labels[i] = bottle->labels[i];
        if (labels[i] == KUNDIG__NO_CLUSTER && bottle->counts[i]) {
            const float *scores = kundig__bottle_score(bottle, i);
            labels[i] = 0;
            for (uint32_t t = 1; t < bottle->clusters; t++) {
                labels[i] = scores[t] > scores[labels[i]] ? t : labels[i];
            }
        }
    }
}

static void halves_one(void *ud, uint32_t half)
{
    halves_work *work = ud;
    halves_part *part = &work->parts[half];
    kundig__bottle bottle;
    uint64_t seed = work->halves->fitting->survey->seed * 64 + work->cut * 2 + half;
    /* Clusters that begin as half as many more are merged in the middle. */
    uint32_t room = work->clusters + work->clusters / 2;
    part->rc = KUNDIG_E_NOMEM;
    if (kundig__bottle_init(&bottle, &part->mem, &work->halves->sheet, room, seed)) {
        if (halves_cluster(work, half, &bottle)) {
            halves_label(&bottle, work->halves->labels[half]);
            part->rc = KUNDIG_OK;
        }
        kundig__bottle_free(&bottle);
    }
}

int kundig__halves_fit(kundig__halves *halves, uint32_t cut, uint32_t clusters)
{
    halves_work work = {.halves = halves, .cut = cut, .clusters = clusters};
    kundig__mem *mem = halves->fitting->mem;
    uint32_t at_once = halves->fitting->survey->threads > 1 ? 2 : 1;
    for (uint32_t first = 0; first < 2; first += at_once) {
        for (uint32_t i = 0; i < at_once; i++) {
            kundig__mem_lend(mem, &work.parts[first + i].mem, at_once, i);
        }
        if (at_once == 2) {
            kundig__fork_join(2, halves_one, &work);
        } else {
            halves_one(&work, first);
        }
        for (uint32_t i = 0; i < at_once; i++) {
            kundig__mem_take_back(mem, &work.parts[first + i].mem);
        }
        if (work.parts[first].rc != KUNDIG_OK) {
            return work.parts[first].rc;
        }
    }
    return work.parts[1].rc;
}
