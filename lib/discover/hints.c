/* What people said, as groups of rows that move as one.
 *
 * A note is of the least hint of its texts; a note without is of the first topic's hint
 * one of whose words it has. So a text that was pointed at wins over a word, and of words the hint
 * that was given first. A hint without notes is a group of none.
 *
 * Invariant: each row is in one group at most; members stand by row. Cost: texts and cells once. */
#include <string.h>

#include "discover/quality.h"

/* Which topic's hint each feature speaks of. */
static void hints_features(const kundig__fitting *fitting, uint32_t *buckets, uint32_t *of_feature)
{
    const kundig__survey *survey = fitting->survey;
    const kundig__notes *notes = &fitting->notes;
    memset(buckets, 0xFF, KUNDIG__NOTE_BUCKETS * sizeof *buckets);
    for (uint32_t i = survey->hint_count; i > 0; i--) {
        const kundig__hint *hint = &survey->hints[i - 1];
        for (size_t j = 0; hint->topic && j < hint->word_count; j++) {
            buckets[kundig__note_bucket(hint->words[j], KUNDIG__NOTE_WORDS)] = i - 1;
            buckets[kundig__note_bucket(hint->words[j], KUNDIG__NOTE_PAIRS)] = i - 1;
        }
    }
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        of_feature[i] = buckets[notes->buckets[i]];
    }
}

static void hints_rows(const kundig__fitting *fitting, const uint32_t *of_feature, uint32_t *groups)
{
    const kundig__survey *survey = fitting->survey;
    const kundig__notes *notes = &fitting->notes;
    for (size_t i = 0; i < notes->fitted; i++) {
        groups[i] = KUNDIG__NO_HINT;
        for (size_t j = notes->starts[i]; j < notes->starts[i + 1]; j++) {
            uint32_t hint = of_feature[notes->cells[j]];
            groups[i] = hint < groups[i] ? hint : groups[i];
        }
    }
    /* What was pointed at wins over words; of several texts of a note the least hint does, so that
     * their order tells nothing. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < survey->text_count; i++) {
            uint32_t hint = survey->texts[i].hint;
            uint32_t note = notes->of_text[i];
            if (hint < survey->hint_count && note < notes->fitted) {
                bool less = pass == 0 || hint < groups[note];
                groups[note] = less ? (pass == 0 ? KUNDIG__NO_HINT : hint) : groups[note];
            }
        }
    }
}

/* Members of groups, by counting. */
static void hints_members(kundig__sheet *sheet, uint32_t *starts, uint32_t *members)
{
    uint32_t count = sheet->group_count;
    memset(starts, 0, (count + 2) * sizeof *starts);
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->groups[i] < count) {
            starts[sheet->groups[i] + 2]++;
        }
    }
    for (uint32_t i = 1; i < count; i++) {
        starts[i + 1] += starts[i];
    }
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->groups[i] < count) {
            members[starts[sheet->groups[i] + 1]++] = (uint32_t)i;
        }
    }
    sheet->group_starts = starts;
    sheet->members = members;
}

void kundig__hints_free(kundig__hints *hints)
{
    if (hints->mem) {
        kundig__free(hints->mem, hints->groups, hints->rows * sizeof *hints->groups);
        kundig__free(hints->mem, hints->members, hints->rows * sizeof *hints->members);
        kundig__free(hints->mem, hints->starts, (hints->count + 2) * sizeof *hints->starts);
        kundig__free(hints->mem, hints->owners, hints->count);
    }
    memset(hints, 0, sizeof *hints);
}

int kundig__hints_make(kundig__fitting *fitting, kundig__hints *hints)
{
    kundig__mem *mem = fitting->mem;
    const kundig__survey *survey = fitting->survey;
    size_t rows = fitting->sheet.count;
    memset(hints, 0, sizeof *hints);
    if (survey->hint_count == 0) {
        return KUNDIG_OK;
    }
    size_t features = fitting->notes.feature_count;
    hints->mem = mem;
    hints->rows = rows;
    hints->count = survey->hint_count;
    hints->groups = kundig__alloc(mem, rows * sizeof *hints->groups);
    hints->members = kundig__alloc(mem, rows * sizeof *hints->members);
    hints->starts = kundig__alloc(mem, (hints->count + 2) * sizeof *hints->starts);
    hints->owners = kundig__alloc(mem, hints->count);
    uint32_t *of_feature = kundig__alloc(mem, features * sizeof *of_feature);
    uint32_t *buckets = kundig__alloc(mem, KUNDIG__NOTE_BUCKETS * sizeof *buckets);
    int rc = KUNDIG_E_NOMEM;
    if (hints->groups && hints->members && hints->starts && hints->owners && of_feature &&
        buckets) {
        hints_features(fitting, buckets, of_feature);
        hints_rows(fitting, of_feature, hints->groups);
        for (uint32_t i = 0; i < survey->hint_count; i++) {
            hints->owners[i] = survey->hints[i].topic;
        }
        kundig__sheet *sheet = &fitting->sheet;
        sheet->groups = hints->groups;
        sheet->group_count = survey->hint_count;
        hints_members(sheet, hints->starts, hints->members);
        sheet->owners = hints->owners;
        sheet->aparts = survey->aparts;
        sheet->apart_count = survey->apart_count;
        rc = KUNDIG_OK;
    }
    kundig__free(mem, of_feature, features * sizeof *of_feature);
    kundig__free(mem, buckets, KUNDIG__NOTE_BUCKETS * sizeof *buckets);
    if (rc != KUNDIG_OK) {
        kundig__hints_free(hints);
    }
    return rc;
}
