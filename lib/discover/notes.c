/* Texts to notes: in order of content, equal ones merged, features that too few use dropped.
 *
 *   texts > hash of folded tokens > order > notes > buckets of each > how many have each bucket
 *         > features, most frequent first > cells
 *
 * Invariants: what is made is a function of the texts as a set, whatever the threads; a feature has
 * its least number of writers where writers are known, of notes in any case, and at most half of
 * all notes. No text decides how long it takes: of each the first 64 KB are read.
 * Cost: linear in the bytes but for n log n to put texts in order; 4 bytes a feature of a note. */
#include "discover/notes.h"

#include <string.h>

#include "base/math.h"
#include "base/order.h"
#include "base/os.h"
#include "base/text.h"

#define NOTES_THREADS    64u
#define NOTES_WORTH      256u  /* texts that are worth a thread */
#define NOTES_WORDS      2u    /* notes that a word needs, */
#define NOTES_CHARACTERS 3u    /* that a row of characters or a pair needs */
#define NOTES_STEP       4096u /* texts between two questions whether to go on */

#ifdef KUNDIG_TINY
#define NOTES_FIRST 4u
#else
#define NOTES_FIRST 65536u
#endif

/* A stretch of texts or notes that one thread reads. */
typedef struct notes_part {
    kundig__mem mem;
    size_t from;
    size_t to;
    kundig__presence presence;
    uint32_t *cells;
    size_t cell_count;
    size_t cell_capacity;
    uint64_t *words; /* of buckets of words: the first word seen there */
    uint8_t *shared; /* another one was seen there, too */
    int rc;
} notes_part;

typedef struct notes_work {
    kundig__notes *notes;
    kundig__mem *mem;
    const kundig__survey *survey;
    uint64_t *text_hashes;
    uint8_t *spoken; /* of texts: it has tokens */
    uint32_t *order;
    bool pairs;
    notes_part parts[NOTES_THREADS];
    uint32_t part_count;
    uint32_t *note_counts; /* of buckets */
    uint32_t *writer_counts;
} notes_work;

/* ---- Order of content ----------------------------------------------------------------------- */

static size_t notes_cut(kundig_text text)
{
    if (text.len <= KUNDIG__NOTE_BYTES) {
        return text.len;
    }
    size_t len = KUNDIG__NOTE_BYTES;
    while (len > 0 && ((unsigned char)text.data[len] & 0xC0) == 0x80) {
        len--;
    }
    return len;
}

/* Lend parts to threads; count says how many items they share. */
static void notes_share(notes_work *work, size_t count)
{
    uint32_t threads = work->survey->threads ? work->survey->threads : 1;
    threads = threads < NOTES_THREADS ? threads : NOTES_THREADS;
    size_t worth = count / NOTES_WORTH + 1;
    work->part_count = threads < worth ? threads : (uint32_t)worth;
    for (uint32_t i = 0; i < work->part_count; i++) {
        notes_part *part = &work->parts[i];
        memset(part, 0, sizeof *part);
        kundig__mem_lend(work->mem, &part->mem, work->part_count, i);
        part->from = count * i / work->part_count;
        part->to = count * (i + 1) / work->part_count;
    }
}

static void notes_hash_part(void *ud, uint32_t number)
{
    notes_work *work = ud;
    notes_part *part = &work->parts[number];
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &part->mem);
    for (size_t i = part->from; i < part->to && part->rc == KUNDIG_OK; i++) {
        kundig_text text = work->survey->texts[i].text;
        part->rc = kundig__text_features(&scratch, text.len ? text.data : "", notes_cut(text),
                                         KUNDIG__WORDS);
        uint64_t hash = scratch.token_count;
        for (size_t j = 0; part->rc == KUNDIG_OK && j < scratch.token_count; j++) {
            hash = kundig__pair_hash(hash, scratch.tokens[j].hash);
        }
        work->text_hashes[i] = hash;
        work->spoken[i] = scratch.token_count > 0;
    }
    kundig__scratch_free(&scratch);
}

static int notes_hash(notes_work *work)
{
    notes_share(work, work->survey->text_count);
    kundig__fork_join(work->part_count, notes_hash_part, work);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < work->part_count; i++) {
        rc = rc == KUNDIG_OK ? work->parts[i].rc : rc;
        kundig__mem_take_back(work->mem, &work->parts[i].mem);
    }
    return rc;
}

static int notes_order(const void *ud, uint32_t a, uint32_t b)
{
    const notes_work *work = ud;
    if (work->text_hashes[a] != work->text_hashes[b]) {
        return work->text_hashes[a] < work->text_hashes[b] ? -1 : 1;
    }
    int order = kundig__text_order(work->survey->texts[a].text, work->survey->texts[b].text);
    return order ? order : a < b ? -1 : a > b;
}

static int notes_writer_order(const void *ud, uint32_t a, uint32_t b)
{
    const notes_work *work = ud;
    uint32_t left = work->survey->texts[a].writer;
    uint32_t right = work->survey->texts[b].writer;
    return left < right ? -1 : left > right;
}

/* What so many equal texts weigh: saying it again says little more. */
static uint32_t notes_mass(uint32_t count)
{
    return (uint32_t)(KUNDIG__NOTE_MASS * (1 + kundig__log((double)count)) + 0.5);
}

/* Order texts by content and make notes of them. */
static int notes_merge(notes_work *work)
{
    kundig__notes *notes = work->notes;
    size_t texts = work->survey->text_count;
    size_t spoken = 0;
    for (size_t i = 0; i < texts; i++) {
        notes->of_text[i] = KUNDIG__NO_NOTE;
        if (work->spoken[i]) {
            work->order[spoken++] = (uint32_t)i;
        }
    }
    kundig__order_sort(work->order, spoken, notes_order, work);
    size_t count = 0;
    for (size_t i = 0; i < spoken; i++) {
        count +=
            i == 0 || work->text_hashes[work->order[i - 1]] != work->text_hashes[work->order[i]];
    }
    notes->count = count;
    notes->hashes = kundig__alloc(work->mem, count * sizeof *notes->hashes);
    notes->leads = kundig__alloc(work->mem, count * sizeof *notes->leads);
    notes->text_counts = kundig__alloc_zero(work->mem, count * sizeof *notes->text_counts);
    notes->masses = kundig__alloc(work->mem, count * sizeof *notes->masses);
    if (!notes->hashes || !notes->leads || !notes->text_counts || !notes->masses) {
        return KUNDIG_E_NOMEM;
    }
    size_t at = 0;
    for (size_t i = 0; i < spoken; i++) {
        uint32_t text = work->order[i];
        if (i == 0 || work->text_hashes[work->order[i - 1]] != work->text_hashes[text]) {
            notes->hashes[at] = work->text_hashes[text];
            notes->leads[at++] = text;
        }
        notes->of_text[text] = (uint32_t)(at - 1);
        notes->text_counts[at - 1]++;
    }
    uint32_t most = work->survey->most_fitted;
    notes->fitted = most && most < count ? most : count;
    for (size_t i = 0; i < count; i++) {
        notes->masses[i] = notes_mass(notes->text_counts[i]);
        notes->fitted_texts += i < notes->fitted ? notes->text_counts[i] : 0;
    }
    return KUNDIG_OK;
}

/* ---- Buckets -------------------------------------------------------------------------------- */

static bool notes_keep(notes_part *part, const kundig__presence *presence)
{
    void *cells = part->cells;
    bool fits = kundig__grow(&part->mem, &cells, &part->cell_capacity,
                             part->cell_count + presence->count, sizeof *part->cells);
    part->cells = cells;
    if (fits) {
        memcpy(part->cells + part->cell_count, presence->list,
               presence->count * sizeof *part->cells);
        part->cell_count += presence->count;
    }
    return fits;
}

/* Remember which word has a bucket of words, and whether another has it, too. */
static void notes_meet(notes_part *part, const kundig__scratch *scratch)
{
    for (size_t i = 0; i < scratch->token_count; i++) {
        uint64_t hash = scratch->tokens[i].hash;
        uint32_t bucket = kundig__note_bucket(hash, KUNDIG__NOTE_WORDS);
        uint64_t before = part->words[bucket];
        part->shared[bucket] |= before != 0 && before != hash;
        part->words[bucket] = hash;
    }
}

static int notes_read_all(notes_work *work, notes_part *part, kundig__scratch *scratch)
{
    kundig__notes *notes = work->notes;
    uint32_t families = KUNDIG__DISCOVER_FAMILIES & (work->pairs ? ~0u : ~KUNDIG__PAIRS);
    for (size_t i = part->from; i < part->to; i++) {
        kundig_text text = work->survey->texts[notes->leads[i]].text;
        int rc = kundig__text_features(scratch, text.data, notes_cut(text), families);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        if (!kundig__presence_read(&part->presence, scratch, 0, scratch->token_count, 0,
                                   scratch->gram_count, work->pairs) ||
            !notes_keep(part, &part->presence)) {
            return KUNDIG_E_NOMEM;
        }
        notes_meet(part, scratch);
        notes->starts[i + 1] = part->presence.count;
    }
    return KUNDIG_OK;
}

static void notes_read_part(void *ud, uint32_t number)
{
    notes_work *work = ud;
    notes_part *part = &work->parts[number];
    if (!kundig__presence_init(&part->presence, &part->mem)) {
        part->rc = KUNDIG_E_NOMEM;
        return;
    }
    size_t words = (size_t)1 << KUNDIG__NOTE_BITS;
    part->words = kundig__alloc_zero(&part->mem, words * sizeof *part->words);
    part->shared = kundig__alloc_zero(&part->mem, words);
    part->rc = KUNDIG_E_NOMEM;
    if (part->words && part->shared) {
        kundig__scratch scratch;
        kundig__scratch_init(&scratch, &part->mem);
        part->rc = notes_read_all(work, part, &scratch);
        kundig__scratch_free(&scratch);
    }
    kundig__presence_free(&part->presence);
}

/* How many notes have each bucket, and whether words share it. */
static void notes_count(notes_work *work)
{
    uint32_t words = 1u << KUNDIG__NOTE_BITS;
    for (uint32_t i = 0; i < work->part_count; i++) {
        notes_part *part = &work->parts[i];
        for (size_t j = 0; j < part->cell_count; j++) {
            work->note_counts[part->cells[j]]++;
        }
        notes_part *first = &work->parts[0];
        for (uint32_t j = 0; i > 0 && j < words; j++) {
            uint64_t before = first->words[j];
            uint64_t here = part->words[j];
            first->shared[j] |= part->shared[j] | (before && here && before != here);
            first->words[j] = before ? before : here;
        }
    }
}

/* Where the cells of a note stand before they are put together. */
static const uint32_t *notes_raw(const notes_work *work, size_t note)
{
    for (uint32_t i = 0;; i++) {
        const notes_part *part = &work->parts[i];
        if (note < part->to) {
            return part->cells + work->notes->starts[note] - work->notes->starts[part->from];
        }
    }
}

/* How many writers used each bucket, where any is known. */
static int notes_writers(notes_work *work)
{
    kundig__notes *notes = work->notes;
    size_t known = 0;
    for (size_t i = 0; i < work->survey->text_count; i++) {
        if (work->survey->texts[i].writer != KUNDIG__NO_WRITER) {
            work->order[known++] = (uint32_t)i;
        }
    }
    if (known == 0) {
        return KUNDIG_OK;
    }
    kundig__order_sort(work->order, known, notes_writer_order, work);
    size_t size = KUNDIG__NOTE_BUCKETS * sizeof(uint32_t);
    work->writer_counts = kundig__alloc_zero(work->mem, size);
    uint32_t *last = kundig__alloc(work->mem, size);
    if (!work->writer_counts || !last) {
        kundig__free(work->mem, last, size);
        return KUNDIG_E_NOMEM;
    }
    memset(last, 0xFF, size);
    for (size_t i = 0; i < known; i++) {
        uint32_t text = work->order[i];
        uint32_t writer = work->survey->texts[text].writer;
        notes->writers += i == 0 || work->survey->texts[work->order[i - 1]].writer != writer;
        uint32_t note = notes->of_text[text];
        if (note >= notes->fitted) {
            continue; /* none among them */
        }
        const uint32_t *cells = notes_raw(work, note);
        size_t count = notes->starts[note + 1] - notes->starts[note];
        for (size_t j = 0; j < count; j++) {
            work->writer_counts[cells[j]] += last[cells[j]] != writer;
            last[cells[j]] = writer;
        }
    }
    kundig__free(work->mem, last, size);
    return KUNDIG_OK;
}

/* ---- Features ------------------------------------------------------------------------------- */

static bool notes_is_feature(const notes_work *work, uint32_t bucket)
{
    uint32_t count = work->note_counts[bucket];
    uint32_t least =
        bucket >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS ? NOTES_WORDS : NOTES_CHARACTERS;
    /* What half of all say tells nothing; but what was told of it before stays. */
    return count >= least && (count <= work->notes->fitted / 2 || work->survey->settle) &&
           (!work->writer_counts || work->writer_counts[bucket] >= work->survey->least_writers);
}

static int notes_frequency_order(const void *ud, uint32_t a, uint32_t b)
{
    const notes_work *work = ud;
    if (work->note_counts[a] != work->note_counts[b]) {
        return work->note_counts[a] > work->note_counts[b] ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

/* Cells of all notes, one after the other: buckets become numbers of features. */
static void notes_put_together(notes_work *work, const uint32_t *numbers)
{
    kundig__notes *notes = work->notes;
    size_t at = 0;
    size_t raw = 0;
    for (uint32_t p = 0; p < work->part_count; p++) {
        const notes_part *part = &work->parts[p];
        size_t base = raw;
        for (size_t i = part->from; i < part->to; i++) {
            size_t end = notes->starts[i + 1];
            notes->starts[i] = at;
            for (; raw < end; raw++) {
                uint32_t number = numbers[part->cells[raw - base]];
                if (number != KUNDIG__NO_FEATURE) {
                    notes->cells[at++] = number;
                } else {
                    notes->strange[i] += kundig__note_strange(part->cells[raw - base]);
                }
            }
        }
    }
    notes->starts[notes->fitted] = at;
}

/* Number the features and put the cells together. */
static int notes_number(notes_work *work)
{
    kundig__notes *notes = work->notes;
    uint32_t count = 0;
    for (uint32_t i = 0; i < KUNDIG__NOTE_BUCKETS; i++) {
        count += notes_is_feature(work, i);
    }
    notes->feature_count = count;
    notes->buckets = kundig__alloc(work->mem, count * sizeof *notes->buckets);
    notes->frequencies = kundig__alloc(work->mem, count * sizeof *notes->frequencies);
    uint32_t *numbers = kundig__alloc(work->mem, KUNDIG__NOTE_BUCKETS * sizeof *numbers);
    if (!notes->buckets || !notes->frequencies || !numbers) {
        kundig__free(work->mem, numbers, KUNDIG__NOTE_BUCKETS * sizeof *numbers);
        return KUNDIG_E_NOMEM;
    }
    memset(numbers, 0xFF, KUNDIG__NOTE_BUCKETS * sizeof *numbers);
    uint32_t words = 0;
    uint32_t shared = 0;
    for (uint32_t i = 0, at = 0; i < KUNDIG__NOTE_BUCKETS; i++) {
        if (notes_is_feature(work, i)) {
            notes->buckets[at++] = i;
            words += i >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS;
            shared += i >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS && work->parts[0].shared[i];
        }
    }
    notes->collisions = words ? (double)shared / words : 0;
    kundig__order_sort(notes->buckets, count, notes_frequency_order, work);
    for (uint32_t i = 0; i < count; i++) {
        numbers[notes->buckets[i]] = i;
        notes->frequencies[i] = work->note_counts[notes->buckets[i]];
        notes->cell_count += notes->frequencies[i];
    }
    notes->cells = kundig__alloc(work->mem, notes->cell_count * sizeof *notes->cells);
    if (notes->cells) {
        notes_put_together(work, numbers);
    }
    kundig__free(work->mem, numbers, KUNDIG__NOTE_BUCKETS * sizeof *numbers);
    return notes->cells ? KUNDIG_OK : KUNDIG_E_NOMEM;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int notes_read(notes_work *work)
{
    kundig__notes *notes = work->notes;
    notes_share(work, notes->fitted);
    kundig__fork_join(work->part_count, notes_read_part, work);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < work->part_count; i++) {
        rc = rc == KUNDIG_OK ? work->parts[i].rc : rc;
    }
    /* The threads told the size of each note; where it begins follows. */
    for (size_t i = 0; i < notes->fitted; i++) {
        notes->starts[i + 1] += notes->starts[i];
    }
    if (rc == KUNDIG_OK) {
        notes_count(work);
        rc = notes_writers(work);
    }
    if (rc == KUNDIG_OK) {
        rc = notes_number(work);
    }
    for (uint32_t i = 0; i < work->part_count; i++) {
        notes_part *part = &work->parts[i];
        size_t words = (size_t)1 << KUNDIG__NOTE_BITS;
        kundig__free(&part->mem, part->words, words * sizeof *part->words);
        kundig__free(&part->mem, part->shared, words);
        kundig__free(&part->mem, part->cells, part->cell_capacity * sizeof *part->cells);
        kundig__mem_take_back(work->mem, &part->mem);
    }
    return rc;
}

static int notes_build(notes_work *work)
{
    kundig__notes *notes = work->notes;
    size_t count = notes->text_count;
    work->text_hashes = kundig__alloc(work->mem, count * sizeof *work->text_hashes);
    work->spoken = kundig__alloc(work->mem, count);
    work->order = kundig__alloc(work->mem, count * sizeof *work->order);
    work->note_counts =
        kundig__alloc_zero(work->mem, KUNDIG__NOTE_BUCKETS * sizeof *work->note_counts);
    notes->of_text = kundig__alloc(work->mem, count * sizeof *notes->of_text);
    int rc = KUNDIG_E_NOMEM;
    if (work->text_hashes && work->spoken && work->order && work->note_counts && notes->of_text) {
        rc = notes_hash(work);
    }
    if (rc == KUNDIG_OK) {
        rc = notes_merge(work);
    }
    if (rc == KUNDIG_OK) {
        size_t size = (notes->fitted + 1) * sizeof *notes->starts;
        notes->starts = kundig__alloc_zero(work->mem, size);
        notes->strange = kundig__alloc_zero(work->mem, notes->fitted * sizeof *notes->strange);
        rc = notes->starts && notes->strange ? notes_read(work) : KUNDIG_E_NOMEM;
    }
    kundig__free(work->mem, work->text_hashes, count * sizeof(uint64_t));
    kundig__free(work->mem, work->spoken, count);
    kundig__free(work->mem, work->order, count * sizeof(uint32_t));
    size_t buckets = KUNDIG__NOTE_BUCKETS * sizeof(uint32_t);
    kundig__free(work->mem, work->note_counts, buckets);
    kundig__free(work->mem, work->writer_counts, buckets);
    return rc;
}

int kundig__notes_make(kundig__notes *notes, kundig__mem *mem, const kundig__survey *survey,
                       bool pairs, kundig_error *err)
{
    memset(notes, 0, sizeof *notes);
    notes->mem = mem;
    notes->survey = survey;
    notes->text_count = survey->text_count;
    notes_work work = {.notes = notes, .mem = mem, .survey = survey, .pairs = pairs};
    int rc = notes_build(&work);
    if (rc != KUNDIG_OK) {
        kundig__notes_free(notes);
        return kundig__nomem(mem, err);
    }
    return KUNDIG_OK;
}

void kundig__notes_free(kundig__notes *notes)
{
    kundig__mem *mem = notes->mem;
    if (!mem) {
        return;
    }
    kundig__free(mem, notes->of_text, notes->text_count * sizeof *notes->of_text);
    kundig__free(mem, notes->hashes, notes->count * sizeof *notes->hashes);
    kundig__free(mem, notes->leads, notes->count * sizeof *notes->leads);
    kundig__free(mem, notes->text_counts, notes->count * sizeof *notes->text_counts);
    kundig__free(mem, notes->masses, notes->count * sizeof *notes->masses);
    kundig__free(mem, notes->starts, (notes->fitted + 1) * sizeof *notes->starts);
    kundig__free(mem, notes->strange, notes->fitted * sizeof *notes->strange);
    kundig__free(mem, notes->cells, notes->cell_count * sizeof *notes->cells);
    kundig__free(mem, notes->buckets, notes->feature_count * sizeof *notes->buckets);
    kundig__free(mem, notes->frequencies, notes->feature_count * sizeof *notes->frequencies);
    memset(notes, 0, sizeof *notes);
}
