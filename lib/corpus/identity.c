/* Which rows are versions of one record, for every kind of fact.
 *
 *   key of a record with an id     source code (4 bytes), id bytes
 *   key of a record without        FF FF FF FF, BLAKE2b-128(BLAKE2b-128(canonical bytes), n as 8
 *                                  bytes), n: equal rows before it in the same batch
 *
 * The current version of a record, its head, is the greatest (updated, BLAKE2b-128 of the canonical
 * bytes): a property of the set, so the order of arrival does not show. Records of one version, by
 * far the most, cost one key and nothing more; record_of and heads come into being with the first
 * second version. All versions of a record are found by look-up, never by walking them: a column of
 * equal ids cannot make adding quadratic.
 *
 * Rows read back from a store are known to differ from all there are, so an equal one without an id
 * is a further one. Occurrences of a content are 0, 1, 2 ... without a gap: the first free number
 * is found by doubling and halving, once a content and batch, and then counted on.
 *
 * Invariant: heads[record_of[row]] == row exactly for rows that are not superseded. Cost: one
 * SipHash a record with an id; two BLAKE2b a record without; two encodings a known id. */
#include "base/bytes.h"
#include "base/text.h"
#include "corpus/facts.h"

#define IDENTITY_NO_ID UINT32_MAX
#ifdef KUNDIG_TINY
#define IDENTITY_FIRST_SLOTS 2
#else
#define IDENTITY_FIRST_SLOTS 64
#endif

void kundig__identity_init(kundig__identity *identity, kundig__mem *mem,
                           const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE])
{
    memset(identity, 0, sizeof *identity);
    identity->mem = mem;
    kundig__dict_init(&identity->keys, mem, key);
    kundig__dict_init(&identity->versions, mem, key);
    kundig__buf_init(&identity->fresh, mem);
    kundig__buf_init(&identity->known, mem);
    kundig__buf_init(&identity->key, mem);
}

static void identity_free_batch(kundig__identity *identity)
{
    kundig__free(identity->mem, identity->repeats,
                 identity->repeat_slots * sizeof *identity->repeats);
    kundig__free(identity->mem, identity->steps, identity->step_capacity * sizeof *identity->steps);
    identity->repeats = NULL;
    identity->repeat_slots = 0;
    identity->repeat_count = 0;
    identity->steps = NULL;
    identity->step_count = 0;
    identity->step_capacity = 0;
    kundig__buf_free(&identity->fresh);
    kundig__buf_free(&identity->known);
    kundig__buf_free(&identity->key);
}

static void identity_free_versions(kundig__identity *identity)
{
    kundig__free(identity->mem, identity->record_of,
                 identity->record_of_capacity * sizeof *identity->record_of);
    kundig__free(identity->mem, identity->heads,
                 identity->heads_capacity * sizeof *identity->heads);
    identity->record_of = NULL;
    identity->record_of_capacity = 0;
    identity->heads = NULL;
    identity->heads_capacity = 0;
}

void kundig__identity_free(kundig__identity *identity)
{
    if (identity->mem) {
        identity_free_batch(identity);
        identity_free_versions(identity);
        kundig__dict_free(&identity->keys);
        kundig__dict_free(&identity->versions);
    }
}

void kundig__identity_begin(kundig__identity *identity)
{
    identity->keys_before = identity->keys.count;
    identity->versions_before = identity->versions.count;
    identity->had_versions = identity->record_of != NULL;
    identity->restoring = false;
}

uint32_t kundig__identity_record(const kundig__identity *identity, uint32_t row)
{
    return identity->record_of ? identity->record_of[row] : row;
}

uint32_t kundig__identity_head(const kundig__identity *identity, uint32_t record)
{
    return identity->heads ? identity->heads[record] : record;
}

/* ---- Equal rows without an id, counted within a batch ---- */

static size_t identity_repeat_slot(const uint64_t *slots, size_t count, uint32_t record)
{
    /* Record numbers are dense and nobody's choice: a multiplication spreads them. */
    size_t at = (size_t)(record * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (count - 1);
    while (slots[at] && slots[at] >> 32 != (uint64_t)record + 1) {
        at = (at + 1) & (count - 1);
    }
    return at;
}

/* How often this batch had the row of a record before. A record born in it was there once and is
 * written down only when it comes again: most never do. */
static uint32_t identity_repeats(const kundig__identity *identity, uint32_t record)
{
    uint64_t slot = 0;
    if (identity->repeat_slots) {
        slot =
            identity
                ->repeats[identity_repeat_slot(identity->repeats, identity->repeat_slots, record)];
    }
    return slot ? (uint32_t)slot : record >= identity->keys_before;
}

static bool identity_repeats_set(kundig__identity *identity, uint32_t record, uint32_t count)
{
    if ((identity->repeat_count + 1) * 4 > identity->repeat_slots * 3) {
        size_t wanted = identity->repeat_slots ? identity->repeat_slots * 2 : IDENTITY_FIRST_SLOTS;
        uint64_t *slots = kundig__alloc_zero(identity->mem, wanted * sizeof *slots);
        if (!slots) {
            return false;
        }
        for (size_t i = 0; i < identity->repeat_slots; i++) {
            uint64_t slot = identity->repeats[i];
            if (slot) {
                slots[identity_repeat_slot(slots, wanted, (uint32_t)(slot >> 32) - 1)] = slot;
            }
        }
        kundig__free(identity->mem, identity->repeats, identity->repeat_slots * sizeof *slots);
        identity->repeats = slots;
        identity->repeat_slots = wanted;
    }
    size_t at = identity_repeat_slot(identity->repeats, identity->repeat_slots, record);
    identity->repeat_count += identity->repeats[at] == 0;
    identity->repeats[at] = ((uint64_t)record + 1) << 32 | count;
    return true;
}

/* ---- Placing ---- */

static bool identity_reserve(kundig__identity *identity, uint32_t **array, size_t *capacity,
                             size_t need)
{
    if (need <= *capacity) {
        return true;
    }
    size_t wanted = kundig__row_capacity(need - 1);
    uint32_t *fresh =
        kundig__realloc(identity->mem, *array, *capacity * sizeof *fresh, wanted * sizeof *fresh);
    if (!fresh) {
        return false;
    }
    *array = fresh;
    *capacity = wanted;
    return true;
}

/* The record whose key stands in identity->key; where there is none, a new one whose only version
 * is `row`. KUNDIG__DICT_NONE on failure of memory. */
static uint32_t identity_find_or_new(kundig__identity *identity, uint32_t row, bool *fresh)
{
    uint32_t before = identity->keys.count;
    if (identity->key.failed ||
        (identity->record_of &&
         (!identity_reserve(identity, &identity->record_of, &identity->record_of_capacity,
                            (size_t)row + 1) ||
          !identity_reserve(identity, &identity->heads, &identity->heads_capacity,
                            (size_t)before + 1)))) {
        return KUNDIG__DICT_NONE;
    }
    uint32_t record = kundig__dict_add(&identity->keys, identity->key.data, identity->key.len);
    *fresh = record == before;
    if (*fresh && identity->record_of) {
        identity->record_of[row] = record;
        identity->heads[record] = row;
    }
    return record;
}

static kundig__hash128 identity_hash(const kundig__buf *bytes)
{
    return kundig__blake2b(NULL, bytes->data, bytes->len);
}

/* The key of the n-th of equal rows, into identity->key. */
static void identity_content_key(kundig__identity *identity, const kundig__hash128 *content,
                                 uint64_t n)
{
    uint8_t bytes[24];
    memcpy(bytes, content->bytes, 16);
    for (unsigned i = 0; i < 8; i++) {
        bytes[16 + i] = (uint8_t)(n >> (8 * i));
    }
    kundig__hash128 hash = kundig__blake2b(NULL, bytes, sizeof bytes);
    identity->key.len = 0;
    kundig__put_u32(&identity->key, IDENTITY_NO_ID);
    kundig__buf_add(&identity->key, hash.bytes, sizeof hash.bytes);
}

static bool identity_has_content(kundig__identity *identity, const kundig__hash128 *content,
                                 uint64_t n)
{
    identity_content_key(identity, content, n);
    return kundig__dict_find(&identity->keys, identity->key.data, identity->key.len) !=
           KUNDIG__DICT_NONE;
}

/* How many rows of a content there are, one at least. The key has had its bytes: none fails. */
static uint32_t identity_count_content(kundig__identity *identity, const kundig__hash128 *content)
{
    uint64_t there = 0;
    uint64_t absent = 1;
    while (identity_has_content(identity, content, absent)) {
        there = absent;
        absent *= 2;
    }
    while (absent - there > 1) {
        uint64_t middle = there + (absent - there) / 2;
        if (identity_has_content(identity, content, middle)) {
            there = middle;
        } else {
            absent = middle;
        }
    }
    return (uint32_t)absent;
}

static int identity_place_content(kundig__identity *identity, const kundig__rows_of *rows,
                                  uint32_t row)
{
    identity->fresh.len = 0;
    rows->encode(rows->ud, row, &identity->fresh);
    if (identity->fresh.failed) {
        return 0;
    }
    kundig__hash128 content = identity_hash(&identity->fresh);
    identity_content_key(identity, &content, 0);
    bool fresh;
    uint32_t first = identity_find_or_new(identity, row, &fresh);
    if (first == KUNDIG__DICT_NONE) {
        return 0;
    }
    if (fresh) {
        return KUNDIG__PLACED_NEW;
    }
    uint32_t before = identity_repeats(identity, first);
    if (identity->restoring && before == 0) {
        before = identity_count_content(identity, &content);
    }
    if (before > 0) {
        identity_content_key(identity, &content, before);
        if (identity_find_or_new(identity, row, &fresh) == KUNDIG__DICT_NONE) {
            return 0;
        }
    }
    if (!identity_repeats_set(identity, first, before + 1)) {
        return 0;
    }
    return fresh ? KUNDIG__PLACED_NEW : KUNDIG__PLACED_UNCHANGED;
}

/* Add (record, tail) to the set of versions; *had says whether it was known. */
static bool identity_note(kundig__identity *identity, uint32_t record, const void *tail, size_t len,
                          bool *had)
{
    uint8_t key[20];
    for (unsigned i = 0; i < 4; i++) {
        key[i] = (uint8_t)(record >> (8 * i));
    }
    memcpy(key + 4, tail, len);
    uint32_t before = identity->versions.count;
    uint32_t code = kundig__dict_add(&identity->versions, (const char *)key, 4 + len);
    *had = code < before;
    return code != KUNDIG__DICT_NONE;
}

static bool identity_start_versions(kundig__identity *identity, uint32_t row)
{
    if (identity->record_of) {
        return true;
    }
    uint32_t records = identity->keys.count;
    if (!identity_reserve(identity, &identity->record_of, &identity->record_of_capacity,
                          (size_t)row + 1) ||
        !identity_reserve(identity, &identity->heads, &identity->heads_capacity, records)) {
        identity_free_versions(identity);
        return false;
    }
    for (uint32_t i = 0; i < row; i++) {
        identity->record_of[i] = i;
        identity->heads[i] = i;
    }
    return true;
}

/* `row` claims to be a version of a known record. */
static int identity_place_version(kundig__identity *identity, const kundig__rows_of *rows,
                                  uint8_t *flags, uint32_t record, uint32_t row)
{
    uint32_t head = kundig__identity_head(identity, record);
    int64_t fresh_updated = rows->updated(rows->ud, row);
    int64_t head_updated = rows->updated(rows->ud, head);
    bool first = (flags[head] & KUNDIG__ROW_VERSIONED) == 0;
    bool had = false;
    identity->fresh.len = 0;
    identity->known.len = 0;
    rows->encode(rows->ud, row, &identity->fresh);
    if (first || fresh_updated == head_updated) {
        rows->encode(rows->ud, head, &identity->known);
    }
    if (identity->fresh.failed || identity->known.failed) {
        return 0;
    }
    if (first && identity->fresh.len == identity->known.len &&
        memcmp(identity->fresh.data, identity->known.data, identity->fresh.len) == 0) {
        return KUNDIG__PLACED_UNCHANGED;
    }
    kundig__hash128 fresh = identity_hash(&identity->fresh);
    kundig__hash128 known = {{0}};
    if (identity->known.len) {
        known = identity_hash(&identity->known);
    }
    if (first) {
        if (!identity_start_versions(identity, row) ||
            !identity_note(identity, record, known.bytes, sizeof known.bytes, &had) ||
            !identity_note(identity, record, &head_updated, sizeof head_updated, &had)) {
            return 0;
        }
    }
    if (!identity_note(identity, record, fresh.bytes, sizeof fresh.bytes, &had)) {
        return 0;
    }
    if (had) {
        return KUNDIG__PLACED_UNCHANGED;
    }
    bool conflict = false;
    void *steps = identity->steps;
    if (!identity_note(identity, record, &fresh_updated, sizeof fresh_updated, &conflict) ||
        !identity_reserve(identity, &identity->record_of, &identity->record_of_capacity,
                          (size_t)row + 1) ||
        !kundig__grow(identity->mem, &steps, &identity->step_capacity, identity->step_count + 1,
                      sizeof *identity->steps)) {
        return 0;
    }
    identity->steps = steps;
    identity->steps[identity->step_count++] = (kundig__version_step){record, head, first};
    identity->record_of[row] = record;
    flags[head] |= KUNDIG__ROW_VERSIONED;
    flags[row] |= KUNDIG__ROW_VERSIONED;
    if (fresh_updated > head_updated ||
        (fresh_updated == head_updated &&
         memcmp(fresh.bytes, known.bytes, sizeof fresh.bytes) > 0)) {
        flags[head] |= KUNDIG__ROW_SUPERSEDED;
        identity->heads[record] = row;
    } else {
        flags[row] |= KUNDIG__ROW_SUPERSEDED;
    }
    return conflict ? KUNDIG__PLACED_CONFLICT : KUNDIG__PLACED_VERSION;
}

int kundig__identity_place(kundig__identity *identity, const kundig__rows_of *rows, uint8_t *flags,
                           uint32_t source, kundig_text id, uint32_t row, kundig_error *err)
{
    int placed = 0;
    if (!id.data) {
        placed = identity_place_content(identity, rows, row);
    } else {
        identity->key.len = 0;
        kundig__put_u32(&identity->key, source);
        kundig__buf_text(&identity->key, id);
        bool fresh;
        uint32_t record = identity_find_or_new(identity, row, &fresh);
        if (record != KUNDIG__DICT_NONE) {
            placed = fresh ? KUNDIG__PLACED_NEW
                           : identity_place_version(identity, rows, flags, record, row);
        }
    }
    return placed ? placed : kundig__nomem(identity->mem, err);
}

void kundig__identity_commit(kundig__identity *identity)
{
    identity_free_batch(identity);
}

void kundig__identity_undo(kundig__identity *identity, uint8_t *flags)
{
    for (size_t i = identity->step_count; i-- > 0;) {
        const kundig__version_step *step = &identity->steps[i];
        identity->heads[step->record] = step->old_head;
        flags[step->old_head] &= (uint8_t)~KUNDIG__ROW_SUPERSEDED;
        if (step->first) {
            flags[step->old_head] &= (uint8_t)~KUNDIG__ROW_VERSIONED;
        }
    }
    kundig__dict_shrink(&identity->keys, identity->keys_before);
    kundig__dict_shrink(&identity->versions, identity->versions_before);
    if (!identity->had_versions) {
        identity_free_versions(identity);
    }
    identity_free_batch(identity);
}

/* ---- Reading ---- */

static kundig_text identity_key_tail(const kundig__identity *identity, uint32_t record, bool *id)
{
    static const unsigned char none[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    kundig_text key = kundig__dict_text(&identity->keys, record);
    *id = memcmp(key.data, none, sizeof none) != 0;
    return kundig__text(key.data + 4, key.len - 4);
}

kundig_text kundig__identity_id(const kundig__identity *identity, uint32_t record)
{
    bool id;
    kundig_text tail = identity_key_tail(identity, record, &id);
    return id ? tail : kundig__text(NULL, 0);
}

uint32_t kundig__identity_find(const kundig__identity *identity, kundig__buf *scratch,
                               uint32_t source, kundig_text id)
{
    scratch->len = 0;
    kundig__put_u32(scratch, source);
    kundig__buf_text(scratch, id);
    return scratch->failed ? KUNDIG__DICT_NONE
                           : kundig__dict_find(&identity->keys, scratch->data, scratch->len);
}

int kundig__identity_order(const kundig__identity *identity, uint32_t a, uint32_t b)
{
    bool a_has;
    bool b_has;
    kundig_text a_tail = identity_key_tail(identity, a, &a_has);
    kundig_text b_tail = identity_key_tail(identity, b, &b_has);
    return a_has != b_has ? (int)a_has - (int)b_has : kundig__text_order(a_tail, b_tail);
}

size_t kundig__identity_memory(const kundig__identity *identity)
{
    return kundig__dict_memory(&identity->keys) + kundig__dict_memory(&identity->versions) +
           (identity->record_of_capacity + identity->heads_capacity) * sizeof(uint32_t);
}

const char *kundig__identity_check(const kundig__identity *identity, const uint8_t *flags,
                                   uint32_t rows)
{
    uint32_t records = identity->keys.count;
    if (identity->repeats || identity->steps) {
        return "a batch left its notes behind";
    }
    if ((identity->record_of == NULL) != (identity->heads == NULL)) {
        return "only one of record_of and heads exists";
    }
    if (!identity->record_of) {
        if (records != rows) {
            return "rows and records differ in number although no record has two versions";
        }
        for (uint32_t row = 0; row < rows; row++) {
            if (flags[row] & (KUNDIG__ROW_SUPERSEDED | KUNDIG__ROW_VERSIONED)) {
                return "a row is superseded although no record has two versions";
            }
        }
        return NULL;
    }
    uint32_t current = 0;
    for (uint32_t row = 0; row < rows; row++) {
        uint32_t record = identity->record_of[row];
        if (record >= records) {
            return "a row belongs to a record that does not exist";
        }
        uint32_t head = identity->heads[record];
        if (head >= rows || identity->record_of[head] != record) {
            return "the current row of a record belongs to another";
        }
        if ((head == row) == ((flags[row] & KUNDIG__ROW_SUPERSEDED) != 0)) {
            return "the mark of superseded rows and the current rows disagree";
        }
        current += head == row;
    }
    return current == records ? NULL : "records and current rows differ in number";
}
