/* Texts go where what is frozen says they belong.
 *
 * Invariant: each text is asked about alone, so threads change nothing.
 * Cost: that of reading it and of scoring.c; linear. */
#include <string.h>

#include "base/os.h"
#include "discover/fitting.h"

#define PLACE_THREADS 64u
#define PLACE_WORTH   512u /* texts that are worth a thread */

typedef struct place_part {
    kundig__mem mem;
    size_t from;
    size_t to;
    int rc;
} place_part;

typedef struct place_work {
    const kundig__placing *placing;
    place_part parts[PLACE_THREADS];
} place_work;

static int place_texts(const kundig__placing *placing, place_part *part,
                       kundig__assigning *assigning)
{
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &part->mem);
    int rc = KUNDIG_OK;
    for (size_t i = part->from; i < part->to && rc == KUNDIG_OK; i++) {
        kundig_text text = placing->text(placing->ud, i);
        if (text.data) {
            rc = kundig__text_features(&scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES);
            rc = rc ? rc : kundig__assign(assigning, &scratch, text.data, text.len, placing->units);
        }
        placing->put(placing->ud, i, assigning);
    }
    kundig__scratch_free(&scratch);
    return rc;
}

static void place_some(void *ud, uint32_t number)
{
    place_work *work = ud;
    place_part *part = &work->parts[number];
    kundig__assigning assigning;
    part->rc = kundig__assigning_init(&assigning, &part->mem, work->placing->clustered);
    if (part->rc == KUNDIG_OK) {
        part->rc = place_texts(work->placing, part, &assigning);
        kundig__assigning_free(&assigning);
    }
}

int kundig__place_all(const kundig__placing *placing)
{
    place_work work = {.placing = placing};
    size_t count = placing->to - placing->from;
    uint32_t threads = placing->threads ? placing->threads : 1;
    threads = threads < PLACE_THREADS ? threads : PLACE_THREADS;
    size_t worth = count / PLACE_WORTH + 1;
    uint32_t parts = threads < worth ? threads : (uint32_t)worth;
    if (count == 0) {
        return KUNDIG_OK;
    }
    for (uint32_t i = 0; i < parts; i++) {
        place_part *part = &work.parts[i];
        memset(part, 0, sizeof *part);
        kundig__mem_lend(placing->mem, &part->mem, parts, i);
        part->from = placing->from + count * i / parts;
        part->to = placing->from + count * (i + 1) / parts;
    }
    kundig__fork_join(parts, place_some, &work);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < parts; i++) {
        rc = rc == KUNDIG_OK ? work.parts[i].rc : rc;
        kundig__mem_take_back(placing->mem, &work.parts[i].mem);
    }
    return rc;
}

/* ---- Notes ---------------------------------------------------------------------------------- */

static kundig_text place_note_text(const void *ud, size_t note)
{
    const kundig__fitting *fitting = ud;
    return kundig__note_text(&fitting->notes, note);
}

static void place_note(void *ud, size_t note, const kundig__assigning *assigning)
{
    kundig__fitting *fitting = ud;
    fitting->labels[note] = assigning->cluster;
    fitting->margins[note] = assigning->margin;
    fitting->fits[note] = assigning->fit;
}

int kundig__fit_place(kundig__fitting *fitting, const kundig__clustered *clustered, size_t from)
{
    kundig__placing placing = {.mem = fitting->mem,
                               .clustered = clustered,
                               .threads = fitting->survey->threads,
                               .from = from,
                               .to = fitting->notes.count,
                               .text = place_note_text,
                               .put = place_note,
                               .ud = fitting};
    return kundig__place_all(&placing);
}
