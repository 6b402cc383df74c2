/* A dictionary of texts.
 *
 *   bytes  | text of code 0 | text of code 1 | ...
 *   ends   | end of 0       | end of 1       | ...
 *   slots  open addressing, linear probing, at most three quarters full; a slot holds the upper
 * half of the hash above code + 1: most probes never touch the texts, and since that half also
 *          chooses the slot, growing hashes nothing again
 *
 * Columns of few texts ask for the same ones again and again: `recent` guesses the code by a few
 * bytes of the text, and the text itself says whether the guess is right.
 * A hash's place is its share of all slots, so slots may grow by a quarter and stay in the order of
 * hashes. Invariant: slot_count is 0 or at least 4/3 of count. Cost: one SipHash a look-up; about
 * 22 bytes a text beside the text. */
#include "base/dict.h"

#ifdef KUNDIG_TINY
#define DICT_FIRST_SLOTS 4
#define DICT_LARGE       32
#define DICT_FEW         8
#else
#define DICT_FIRST_SLOTS 64
#define DICT_LARGE       4096
#define DICT_FEW         1024 /* texts whose bytes are at hand */
#endif

void kundig__dict_init(kundig__dict *dict, kundig__mem *mem,
                       const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE])
{
    memset(dict, 0, sizeof *dict);
    dict->mem = mem;
    memcpy(dict->key, key, sizeof dict->key);
}

void kundig__dict_free(kundig__dict *dict)
{
    if (dict->mem) {
        kundig__free(dict->mem, dict->bytes, dict->bytes_capacity);
        kundig__free(dict->mem, dict->ends, dict->ends_capacity * sizeof *dict->ends);
        kundig__free(dict->mem, dict->slots, dict->slot_count * sizeof *dict->slots);
        kundig__dict_init(dict, dict->mem, dict->key);
    }
}

kundig_text kundig__dict_text(const kundig__dict *dict, uint32_t code)
{
    size_t start = code ? dict->ends[code - 1] : 0;
    kundig_text text = {dict->bytes + start, dict->ends[code] - start};
    return text;
}

/* Where the search for a hash, or for a slot's content, starts. */
static size_t dict_home(uint64_t hash, size_t slot_count)
{
    return (size_t)((hash >> 32) * slot_count >> 32);
}

static size_t dict_next(size_t at, size_t slot_count)
{
    return at + 1 == slot_count ? 0 : at + 1;
}

static bool dict_is(const kundig__dict *dict, uint32_t code, const char *data, size_t len)
{
    kundig_text text = kundig__dict_text(dict, code);
    return text.len == len && (len == 0 || memcmp(text.data, data, len) == 0);
}

/* The slot that holds data, or the empty one where it belongs. */
static size_t dict_seek(const kundig__dict *dict, uint64_t hash, const char *data, size_t len)
{
    size_t at = dict_home(hash, dict->slot_count);
    for (; dict->slots[at]; at = dict_next(at, dict->slot_count)) {
        if (dict->slots[at] >> 32 == hash >> 32) {
            if (dict_is(dict, (uint32_t)dict->slots[at] - 1, data, len)) {
                break;
            }
        }
    }
    return at;
}

static bool dict_widen_to(kundig__dict *dict, size_t count)
{
    size_t bytes;
    uint64_t *slots = NULL;
    if (kundig__size_mul(count, sizeof *slots, &bytes)) {
        slots = kundig__alloc_zero(dict->mem, bytes);
    }
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < dict->slot_count; i++) {
        if (dict->slots[i]) {
            size_t at = dict_home(dict->slots[i], count);
            while (slots[at]) {
                at = dict_next(at, count);
            }
            slots[at] = dict->slots[i];
        }
    }
    kundig__free(dict->mem, dict->slots, dict->slot_count * sizeof *slots);
    dict->slots = slots;
    dict->slot_count = count;
    return true;
}

static bool dict_widen(kundig__dict *dict)
{
    size_t count = dict->slot_count;
    count += count == 0 ? DICT_FIRST_SLOTS : count < DICT_LARGE ? count : count / 4;
    return dict_widen_to(dict, count);
}

void kundig__dict_reserve(kundig__dict *dict, uint32_t count)
{
    void *ends = dict->ends;
    size_t slots = (size_t)count + count / 3 + 2;
    if (slots > dict->slot_count && slots > DICT_FIRST_SLOTS) {
        dict_widen_to(dict, slots);
    }
    if (count > dict->ends_capacity &&
        kundig__grow(dict->mem, &ends, &dict->ends_capacity, count, sizeof *dict->ends)) {
        dict->ends = ends;
    }
}

/* Where a text's code stands among the recent ones. */
static size_t dict_recent(const char *data, size_t len)
{
    uint64_t head = 0;
    uint64_t tail = 0;
    if (len >= 8) {
        memcpy(&head, data, 8);
        memcpy(&tail, data + len - 8, 8);
    } else if (len) {
        memcpy(&head, data, len);
    }
    uint64_t mixed = (head ^ tail << 1 ^ len) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) % KUNDIG__DICT_RECENT;
}

static uint32_t dict_add_hashed(kundig__dict *dict, const char *data, size_t len)
{
    uint64_t hash = kundig__siphash(dict->key, data, len);
    size_t at = 0;
    if (dict->slot_count) {
        at = dict_seek(dict, hash, data, len);
        if (dict->slots[at]) {
            return (uint32_t)dict->slots[at] - 1;
        }
    }
    size_t bytes_need;
    void *bytes = dict->bytes;
    void *ends = dict->ends;
    if (dict->count == KUNDIG__DICT_NONE - 1 ||
        !kundig__size_add(dict->bytes_len, len ? len : 1, &bytes_need)) {
        dict->mem->limit_hit = false;
        return KUNDIG__DICT_NONE;
    }
    if (!kundig__grow(dict->mem, &bytes, &dict->bytes_capacity, bytes_need, 1)) {
        return KUNDIG__DICT_NONE;
    }
    dict->bytes = bytes;
    if (!kundig__grow(dict->mem, &ends, &dict->ends_capacity, (size_t)dict->count + 1,
                      sizeof *dict->ends)) {
        return KUNDIG__DICT_NONE;
    }
    dict->ends = ends;
    if (((size_t)dict->count + 1) * 4 > dict->slot_count * 3) {
        if (!dict_widen(dict)) {
            return KUNDIG__DICT_NONE;
        }
        at = dict_seek(dict, hash, data, len);
    }
    if (len) {
        memcpy(dict->bytes + dict->bytes_len, data, len);
    }
    dict->bytes_len += len;
    dict->ends[dict->count] = dict->bytes_len;
    dict->slots[at] = (hash >> 32 << 32) | (dict->count + 1);
    return dict->count++;
}

uint32_t kundig__dict_add(kundig__dict *dict, const char *data, size_t len)
{
    if (dict->count == 0 || dict->count > DICT_FEW) {
        return dict_add_hashed(dict, data, len);
    }
    uint32_t *guess = &dict->recent[dict_recent(data, len)];
    if (*guess >= dict->count || !dict_is(dict, *guess, data, len)) {
        uint32_t code = dict_add_hashed(dict, data, len);
        if (code == KUNDIG__DICT_NONE) {
            return code;
        }
        *guess = code;
    }
    return *guess;
}

uint32_t kundig__dict_find(const kundig__dict *dict, const char *data, size_t len)
{
    if (!dict->slot_count) {
        return KUNDIG__DICT_NONE;
    }
    size_t at = dict_seek(dict, kundig__siphash(dict->key, data, len), data, len);
    return dict->slots[at] ? (uint32_t)dict->slots[at] - 1 : KUNDIG__DICT_NONE;
}

/* Take the slot at `at` out and move the run behind it up, so that no look-up breaks. */
static void dict_vacate(kundig__dict *dict, size_t at)
{
    size_t count = dict->slot_count;
    size_t hole = at;
    for (size_t next = dict_next(at, count); dict->slots[next]; next = dict_next(next, count)) {
        size_t home = dict_home(dict->slots[next], count);
        size_t from_home = next >= home ? next - home : next + count - home;
        size_t from_hole = next >= hole ? next - hole : next + count - hole;
        if (from_home >= from_hole) {
            dict->slots[hole] = dict->slots[next];
            hole = next;
        }
    }
    dict->slots[hole] = 0;
}

void kundig__dict_shrink(kundig__dict *dict, uint32_t count)
{
    while (dict->count > count) {
        kundig_text text = kundig__dict_text(dict, dict->count - 1);
        uint64_t hash = kundig__siphash(dict->key, text.data, text.len);
        dict_vacate(dict, dict_seek(dict, hash, text.data, text.len));
        dict->bytes_len -= text.len;
        dict->count--;
    }
}

bool kundig__dict_restore(kundig__dict *dict, char *bytes, size_t bytes_capacity, size_t *ends,
                          uint32_t count)
{
    /* Hashes of a few texts first: their slots are fetched while the others are computed. */
    enum { RESTORE_AT_ONCE = 16 };
    size_t slot_count = (size_t)count + count / 2 + DICT_FIRST_SLOTS;
    uint64_t *slots = kundig__alloc_zero(dict->mem, slot_count * sizeof *slots);
    if (!slots) {
        return false;
    }
    for (uint32_t first = 0; first < count; first += RESTORE_AT_ONCE) {
        uint64_t hashes[RESTORE_AT_ONCE];
        uint32_t some = count - first < RESTORE_AT_ONCE ? count - first : RESTORE_AT_ONCE;
        for (uint32_t i = 0; i < some; i++) {
            size_t start = first + i ? ends[first + i - 1] : 0;
            hashes[i] = kundig__siphash(dict->key, bytes + start, ends[first + i] - start);
            __builtin_prefetch(&slots[dict_home(hashes[i], slot_count)], 1);
        }
        for (uint32_t i = 0; i < some; i++) {
            size_t at = dict_home(hashes[i], slot_count);
            while (slots[at]) {
                at = dict_next(at, slot_count);
            }
            slots[at] = (hashes[i] >> 32 << 32) | ((uint64_t)first + i + 1);
        }
    }
    dict->bytes = bytes;
    dict->bytes_capacity = bytes_capacity;
    dict->bytes_len = count ? ends[count - 1] : 0;
    dict->ends = ends;
    dict->ends_capacity = count;
    dict->slots = slots;
    dict->slot_count = slot_count;
    dict->count = count;
    return true;
}

static int dict_order(const kundig__dict *dict, uint32_t a, uint32_t b)
{
    kundig_text x = kundig__dict_text(dict, a);
    kundig_text y = kundig__dict_text(dict, b);
    size_t shared = x.len < y.len ? x.len : y.len;
    int order = shared ? memcmp(x.data, y.data, shared) : 0;
    return order ? order : (x.len > y.len) - (x.len < y.len);
}

void kundig__dict_ranks(const kundig__dict *dict, uint32_t *out, uint32_t *scratch)
{
    /* Merge sort, bottom up: `scratch` and `out` take turns as source. */
    uint32_t *from = scratch;
    uint32_t *to = out;
    size_t count = dict->count;
    for (size_t i = 0; i < count; i++) {
        from[i] = (uint32_t)i;
    }
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = start + 2 * width < count ? start + 2 * width : count;
            size_t a = start;
            size_t b = middle;
            for (size_t i = start; i < end; i++) {
                bool left = a < middle && (b >= end || dict_order(dict, from[a], from[b]) <= 0);
                to[i] = left ? from[a++] : from[b++];
            }
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    /* `from` holds codes in byte order; turn them into places. */
    if (from == out) {
        memcpy(scratch, out, count * sizeof *out);
        from = scratch;
    }
    for (size_t i = 0; i < count; i++) {
        out[from[i]] = (uint32_t)i;
    }
}

size_t kundig__dict_memory(const kundig__dict *dict)
{
    return dict->bytes_capacity + dict->ends_capacity * sizeof *dict->ends +
           dict->slot_count * sizeof *dict->slots;
}
