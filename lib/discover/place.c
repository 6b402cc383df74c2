/* Notes go where what is frozen says they belong.
 *
 * Invariant: each note is asked about alone, so threads change nothing.
 * Cost: that of reading its text and of scoring.c; linear. */
#include <string.h>

#include "base/os.h"
#include "discover/fitting.h"

#define PLACE_THREADS 64u
#define PLACE_WORTH   512u /* notes that are worth a thread */

typedef struct place_part {
    kundig__mem mem;
    size_t from;
    size_t to;
    int rc;
} place_part;

typedef struct place_work {
    kundig__fitting *fitting;
    const kundig__clustered *clustered;
    place_part parts[PLACE_THREADS];
} place_work;

static int place_notes(place_work *work, place_part *part, kundig__assigning *assigning)
{
    kundig__fitting *fitting = work->fitting;
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &part->mem);
    int rc = KUNDIG_OK;
    for (size_t i = part->from; i < part->to && rc == KUNDIG_OK; i++) {
        kundig_text text = kundig__note_text(&fitting->notes, i);
        rc = kundig__text_features(&scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES);
        if (rc == KUNDIG_OK) {
            rc = kundig__assign(assigning, &scratch, text.data, text.len, false);
        }
        fitting->labels[i] = assigning->cluster;
        fitting->margins[i] = assigning->margin;
        fitting->fits[i] = assigning->fit;
    }
    kundig__scratch_free(&scratch);
    return rc;
}

static void place_some(void *ud, uint32_t number)
{
    place_work *work = ud;
    place_part *part = &work->parts[number];
    kundig__assigning assigning;
    part->rc = kundig__assigning_init(&assigning, &part->mem, work->clustered);
    if (part->rc == KUNDIG_OK) {
        part->rc = place_notes(work, part, &assigning);
        kundig__assigning_free(&assigning);
    }
}

int kundig__fit_place(kundig__fitting *fitting, const kundig__clustered *clustered, size_t from)
{
    place_work work = {.fitting = fitting, .clustered = clustered};
    size_t count = fitting->notes.count - from;
    uint32_t threads = fitting->survey->threads ? fitting->survey->threads : 1;
    threads = threads < PLACE_THREADS ? threads : PLACE_THREADS;
    size_t worth = count / PLACE_WORTH + 1;
    uint32_t parts = threads < worth ? threads : (uint32_t)worth;
    if (count == 0) {
        return KUNDIG_OK;
    }
    for (uint32_t i = 0; i < parts; i++) {
        place_part *part = &work.parts[i];
        memset(part, 0, sizeof *part);
        kundig__mem_lend(fitting->mem, &part->mem, parts, i);
        part->from = from + count * i / parts;
        part->to = from + count * (i + 1) / parts;
    }
    kundig__fork_join(parts, place_some, &work);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < parts; i++) {
        rc = rc == KUNDIG_OK ? work.parts[i].rc : rc;
        kundig__mem_take_back(fitting->mem, &work.parts[i].mem);
    }
    return rc;
}
