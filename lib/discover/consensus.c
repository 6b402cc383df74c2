/* What several runs agree on.
 *
 * Runs differ by their seed, by noise, and by whether pairs of words count. Each note is then a
 * row of the labels that the runs gave it, and rows are clustered as texts are: many clusters at
 * first, labels weighed by what they tell, merged down to the number wanted.
 *
 * Invariant: a function of notes, number and seed; runs share nothing, so threads change no bit.
 * Cost: CONSENSUS_RUNS runs, of which as many go at once as there are threads. */
#include <string.h>

#include "base/os.h"
#include "discover/quality.h"

#define CONSENSUS_RUNS    6u
#define CONSENSUS_THREADS 6u
#define CONSENSUS_OVER    2.5f
#define CONSENSUS_FIRST   10u
#define CONSENSUS_ROUNDS  2u
#define CONSENSUS_SWEEPS  4u

static const kundig__bottle_plan consensus_plan = {
    .over = 1.7f, .noise = 0.1f, .first = 6, .rounds = 6, .sweeps = 3, .last = 5};

typedef struct consensus_part {
    kundig__mem mem;
    int rc;
} consensus_part;

typedef struct consensus_work {
    const kundig__fitting *fitting;
    uint32_t clusters;
    uint32_t first; /* run of part 0 */
    uint32_t *labels[CONSENSUS_RUNS];
    kundig__sheet plain; /* without pairs of words */
    float *scales;
    consensus_part parts[CONSENSUS_THREADS];
} consensus_work;

static void consensus_run(void *ud, uint32_t part)
{
    consensus_work *work = ud;
    const kundig__fitting *fitting = work->fitting;
    uint32_t run = work->first + part;
    kundig__bottle_plan plan = consensus_plan;
    plan.clusters = work->clusters;
    kundig__bottle bottle;
    uint64_t seed = fitting->survey->seed * 64 + 32 + run;
    /* Every other run looks at pairs, where notes have them. */
    const kundig__sheet *sheet = run % 2 ? &fitting->sheet : &work->plain;
    work->parts[part].rc = KUNDIG_E_NOMEM;
    if (kundig__bottle_init(&bottle, &work->parts[part].mem, sheet,
                            (uint32_t)(plan.over * (float)plan.clusters + 0.5f), seed)) {
        if (kundig__bottle_run(&bottle, &plan)) {
            memcpy(work->labels[run], bottle.labels, sheet->count * sizeof *bottle.labels);
            work->parts[part].rc = KUNDIG_OK;
        }
        kundig__bottle_free(&bottle);
    }
}

static int consensus_runs(consensus_work *work, kundig_error *err)
{
    kundig__mem *mem = work->fitting->mem;
    uint32_t threads = work->fitting->survey->threads;
    threads = threads < 1 ? 1 : threads < CONSENSUS_THREADS ? threads : CONSENSUS_THREADS;
    int rc = KUNDIG_OK;
    for (work->first = 0; work->first < CONSENSUS_RUNS && rc == KUNDIG_OK; work->first += threads) {
        uint32_t left = CONSENSUS_RUNS - work->first;
        uint32_t parts = left < threads ? left : threads;
        rc = kundig__quality_go_on(work->fitting, err);
        if (rc != KUNDIG_OK) {
            break;
        }
        for (uint32_t i = 0; i < parts; i++) {
            kundig__mem_lend(mem, &work->parts[i].mem, parts, i);
        }
        kundig__fork_join(parts, consensus_run, work);
        for (uint32_t i = 0; i < parts; i++) {
            rc = rc == KUNDIG_OK ? work->parts[i].rc : rc;
            kundig__mem_take_back(mem, &work->parts[i].mem);
        }
    }
    return rc;
}

/* Rows of labels that the runs gave. */
static void consensus_sheet(const consensus_work *work, kundig__sheet *sheet, size_t *starts,
                            uint32_t *cells)
{
    size_t at = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        starts[i] = at;
        for (uint32_t run = 0; run < CONSENSUS_RUNS; run++) {
            uint32_t label = work->labels[run][i];
            cells[at] = run * work->clusters + label;
            at += label != KUNDIG__NO_CLUSTER;
        }
    }
    starts[sheet->count] = at;
    sheet->starts = starts;
    sheet->cells = cells;
    sheet->feature_count = CONSENSUS_RUNS * work->clusters;
    sheet->scales = NULL;
}

static bool consensus_agree(const kundig__sheet *sheet, kundig__mem *mem, uint32_t clusters,
                            uint64_t seed, uint32_t *labels)
{
    kundig__bottle bottle;
    uint32_t room = (uint32_t)(CONSENSUS_OVER * (float)clusters + 0.5f);
    if (!kundig__bottle_init(&bottle, mem, sheet, room, seed)) {
        return false;
    }
    kundig__bottle_draw(&bottle);
    for (uint32_t i = 0; i < CONSENSUS_FIRST; i++) {
        kundig__bottle_sweep(&bottle, 0);
    }
    for (uint32_t i = 0; i < CONSENSUS_ROUNDS * CONSENSUS_SWEEPS; i++) {
        if (i % CONSENSUS_SWEEPS == 0) {
            kundig__bottle_weigh(&bottle);
        }
        kundig__bottle_sweep(&bottle, 0);
    }
    bool fits = kundig__bottle_merge(&bottle, clusters);
    for (uint32_t i = 0; i < CONSENSUS_SWEEPS && fits; i++) {
        kundig__bottle_sweep(&bottle, 0);
    }
    if (fits) {
        memcpy(labels, bottle.labels, sheet->count * sizeof *labels);
    }
    kundig__bottle_free(&bottle);
    return fits;
}

static bool consensus_room(consensus_work *work)
{
    const kundig__fitting *fitting = work->fitting;
    const kundig__notes *notes = &fitting->notes;
    size_t size = fitting->sheet.count * sizeof(uint32_t);
    bool fits = true;
    for (uint32_t run = 0; run < CONSENSUS_RUNS; run++) {
        work->labels[run] = kundig__alloc(fitting->mem, size);
        fits = fits && work->labels[run];
    }
    work->scales = kundig__alloc(fitting->mem, notes->feature_count * sizeof *work->scales);
    for (uint32_t i = 0; work->scales && i < notes->feature_count; i++) {
        bool pair = notes->buckets[i] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_PAIRS;
        work->scales[i] = pair ? 0 : fitting->sheet.scales[i];
    }
    work->plain = fitting->sheet;
    work->plain.scales = work->scales;
    return fits && work->scales;
}

int kundig__consensus(const kundig__fitting *fitting, uint32_t clusters, uint32_t *labels,
                      kundig_error *err)
{
    consensus_work work = {.fitting = fitting, .clusters = clusters};
    kundig__mem *mem = fitting->mem;
    kundig__sheet sheet = fitting->sheet;
    size_t cells_size = sheet.count * CONSENSUS_RUNS * sizeof(uint32_t);
    /* One more, for what is written and not counted. */
    uint32_t *cells = kundig__alloc(mem, cells_size + sizeof *cells);
    size_t *starts = kundig__alloc(mem, (sheet.count + 1) * sizeof *starts);
    int rc = consensus_room(&work) && cells && starts ? KUNDIG_OK : KUNDIG_E_NOMEM;
    if (rc == KUNDIG_OK) {
        rc = consensus_runs(&work, err);
    }
    if (rc == KUNDIG_OK) {
        consensus_sheet(&work, &sheet, starts, cells);
        bool fits = consensus_agree(&sheet, mem, clusters, fitting->survey->seed, labels);
        rc = fits ? KUNDIG_OK : KUNDIG_E_NOMEM;
    }
    kundig__free(mem, cells, cells_size + sizeof *cells);
    kundig__free(mem, starts, (sheet.count + 1) * sizeof *starts);
    kundig__free(mem, work.scales, fitting->notes.feature_count * sizeof *work.scales);
    for (uint32_t run = 0; run < CONSENSUS_RUNS; run++) {
        kundig__free(mem, work.labels[run], sheet.count * sizeof *labels);
    }
    return rc;
}
