/* Comments that speak of several things are clustered by their sentences, so that topics are what
 * sentences speak of and not which of them happen to stand together.
 *
 *   texts > sentences, each a text of the same writer > clusters > where each whole text belongs
 *
 * A text with a hint stays whole: what a person said is meant of all of it.
 * Invariant: what is told of clusters counts texts as they were given; a text of one sentence is
 * where its fit put it, one of several where kundig__assign() puts it.
 * Cost: one more reading of each text, and another one of those that were cut. */
#include <string.h>

#include "base/text.h"
#include "discover/fitting.h"
#include "discover/units.h"

typedef struct mixed_work {
    kundig__mem *mem;
    const kundig__survey *survey;
    kundig__scratch scratch;
    kundig__told_text *units; /* of all texts, text by text */
    size_t unit_count;
    size_t unit_capacity;
    size_t asked;   /* texts that may be cut */
    size_t found;   /* what they could be cut into */
    size_t *starts; /* of texts: their units; text_count + 1 */
    kundig__placed *unit_placed;
    kundig__placed *placed;     /* of texts */
    kundig__placed *own_placed; /* where nobody asks for them */
} mixed_work;

/* ---- Cutting -------------------------------------------------------------------------------- */

static bool mixed_add(mixed_work *work, const kundig__told_text *told, kundig_text text)
{
    void *units = work->units;
    bool room = kundig__grow(work->mem, &units, &work->unit_capacity, work->unit_count + 1,
                             sizeof *work->units);
    work->units = units;
    if (room) {
        work->units[work->unit_count] = *told;
        work->units[work->unit_count++].text = text;
    }
    return room;
}

static int mixed_text(mixed_work *work, const kundig__languages *languages,
                      const kundig__told_text *told)
{
    kundig__stretch stretches[KUNDIG__MOST_UNITS];
    kundig_text text = told->text;
    size_t count = 0;
    if (told->hint == KUNDIG__NO_HINT && text.len > 0) {
        int rc = kundig__text_features(&work->scratch, text.data, text.len, KUNDIG__WORDS);
        if (rc) {
            return rc;
        }
        count = kundig__units_cut(languages, &work->scratch, text.data, stretches);
        work->asked += count > 0;
        work->found += count;
    }
    bool room = count > 1 || mixed_add(work, told, text);
    for (size_t i = 0; room && count > 1 && i < count; i++) {
        const kundig__token *tokens = work->scratch.tokens;
        size_t start = tokens[stretches[i].from].start;
        size_t end = tokens[stretches[i].to - 1].end;
        room = mixed_add(work, told, kundig__text(text.data + start, end - start));
    }
    return room ? KUNDIG_OK : KUNDIG_E_NOMEM;
}

static int mixed_cut(mixed_work *work)
{
    const kundig__survey *survey = work->survey;
    kundig__languages *languages = kundig__languages_new(work->mem);
    work->starts = kundig__alloc(work->mem, (survey->text_count + 1) * sizeof *work->starts);
    int rc = languages && work->starts ? KUNDIG_OK : KUNDIG_E_NOMEM;
    for (size_t i = 0; rc == KUNDIG_OK && i < survey->text_count; i++) {
        work->starts[i] = work->unit_count;
        rc = mixed_text(work, languages, &survey->texts[i]);
    }
    if (rc == KUNDIG_OK) {
        work->starts[survey->text_count] = work->unit_count;
    }
    if (languages) {
        kundig__languages_free(languages, work->mem);
    }
    return rc;
}

static bool mixed_is_whole(const mixed_work *work, size_t text)
{
    return work->starts[text + 1] - work->starts[text] == 1;
}

/* Whether texts hold so many things that they are to be cut. */
static bool mixed_is(const mixed_work *work)
{
    const kundig__survey *survey = work->survey;
    if (survey->before) {
        return kundig__clustered_facts(survey->before)->cut;
    }
    return work->asked > 0 && work->found * 3 >= work->asked * 4;
}

/* ---- Placing -------------------------------------------------------------------------------- */

static kundig_text mixed_read(const void *ud, size_t text)
{
    const mixed_work *work = ud;
    return mixed_is_whole(work, text) ? kundig__text(NULL, 0) : work->survey->texts[text].text;
}

static void mixed_place(void *ud, size_t text, const kundig__assigning *assigning)
{
    mixed_work *work = ud;
    if (mixed_is_whole(work, text)) {
        work->placed[text] = work->unit_placed[work->starts[text]];
        return;
    }
    float margin;
    uint32_t cluster = kundig__assigned_main(assigning, &margin);
    bool nowhere = cluster == KUNDIG__NO_CLUSTER;
    work->placed[text] = (kundig__placed){.cluster = nowhere ? assigning->cluster : cluster,
                                          .margin = nowhere ? assigning->margin : margin,
                                          .nowhere = nowhere};
}

/* ---- Counting ------------------------------------------------------------------------------- */

static uint32_t mixed_of(const void *ud, size_t text)
{
    const mixed_work *work = ud;
    return work->placed[text].cluster;
}

/* What is told counts texts, not their sentences. */
static bool mixed_count(const mixed_work *work, kundig__clustered *clustered)
{
    kundig__clustering_facts *facts = &clustered->facts;
    size_t count = work->survey->text_count;
    facts->fitted = facts->texts ? (uint64_t)count * facts->fitted / facts->texts : 0;
    facts->texts = count;
    facts->cut = true;
    facts->nowhere = 0;
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        clustered->clusters[t].texts = 0;
    }
    for (size_t i = 0; i < count; i++) {
        const kundig__placed *placed = &work->placed[i];
        facts->nowhere += placed->nowhere;
        if (placed->cluster != KUNDIG__NO_CLUSTER) {
            clustered->clusters[placed->cluster].texts++;
        }
    }
    return kundig__cluster_writers(work->mem, work->survey, clustered, mixed_of, work) == KUNDIG_OK;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int mixed_cluster(mixed_work *work, kundig__clustered **out, uint32_t *moved,
                         kundig_error *err)
{
    kundig__survey survey = *work->survey;
    kundig__clustered *clustered = NULL;
    survey.texts = work->units;
    survey.text_count = work->unit_count;
    work->unit_placed = kundig__alloc(work->mem, work->unit_count * sizeof *work->unit_placed);
    if (!work->unit_placed) {
        return kundig__nomem(work->mem, err);
    }
    int rc = kundig__cluster_units(work->mem, &survey, &clustered, work->unit_placed, moved, err);
    if (rc) {
        return rc;
    }
    kundig__placing placing = {.mem = work->mem,
                               .clustered = clustered,
                               .threads = survey.threads,
                               .to = work->survey->text_count,
                               .units = true,
                               .text = mixed_read,
                               .put = mixed_place,
                               .ud = work};
    rc = kundig__place_all(&placing);
    if (rc || !mixed_count(work, clustered)) {
        kundig__clustered_free(clustered);
        return kundig__nomem(work->mem, err);
    }
    *out = clustered;
    return KUNDIG_OK;
}

static void mixed_free(mixed_work *work)
{
    size_t count = work->survey->text_count;
    kundig__scratch_free(&work->scratch);
    kundig__free(work->mem, work->units, work->unit_capacity * sizeof *work->units);
    if (work->starts) {
        kundig__free(work->mem, work->starts, (count + 1) * sizeof *work->starts);
    }
    if (work->unit_placed) {
        kundig__free(work->mem, work->unit_placed, work->unit_count * sizeof *work->unit_placed);
    }
    if (work->own_placed) {
        kundig__free(work->mem, work->own_placed, count * sizeof *work->own_placed);
    }
}

int kundig__cluster(kundig__mem *mem, const kundig__survey *survey, kundig__clustered **out,
                    kundig__placed *placed, uint32_t *moved, kundig_error *err)
{
    mixed_work work = {.mem = mem, .survey = survey, .placed = placed};
    kundig__scratch_init(&work.scratch, mem);
    int rc = mixed_cut(&work) ? KUNDIG_E_NOMEM : KUNDIG_OK;
    bool mixed = rc == KUNDIG_OK && mixed_is(&work);
    if (mixed && !placed) {
        work.own_placed = kundig__alloc(mem, survey->text_count * sizeof *work.own_placed);
        work.placed = work.own_placed;
        rc = work.placed ? KUNDIG_OK : KUNDIG_E_NOMEM;
    }
    if (rc) {
        rc = kundig__nomem(mem, err);
    } else if (mixed) {
        rc = mixed_cluster(&work, out, moved, err);
    }
    mixed_free(&work);
    return rc || mixed ? rc : kundig__cluster_units(mem, survey, out, placed, moved, err);
}
