/* Numbering only the combinations of keys that occur, where all would be too many.
 *
 * Key by key: (number so far, code) becomes a new dense number, through a hash map when the product
 * is large. Then the groups are sorted by their keys' bytes and numbered anew. Invariant: group
 * numbers rise in key order, whatever the order of rows. Cost: one look-up a row and large key,
 * 4 bytes a row. */
#include "base/int128.h"
#include "corpus/group.h"

#define PACK_DENSE (UINT64_C(1) << 22)
#ifdef KUNDIG_TINY
#define PACK_FIRST_SLOTS 4
#else
#define PACK_FIRST_SLOTS 1024
#endif

/* A map from 64-bit keys to dense numbers. */
typedef struct pack_map {
    kundig__mem *mem;
    uint64_t salt[2];
    uint64_t *keys;
    uint32_t *numbers; /* number + 1; 0 is empty */
    size_t slot_count;
    uint32_t count;
} pack_map;

static size_t pack_slot(const pack_map *map, uint64_t key)
{
    /* Codes come in order of arrival, so a caller may steer them: the salt hides the product. */
    kundig__u128 product = (kundig__u128)(key ^ map->salt[0]) * (map->salt[1] | 1);
    size_t at = (size_t)((uint64_t)product ^ (uint64_t)(product >> 64)) & (map->slot_count - 1);
    while (map->numbers[at] && map->keys[at] != key) {
        at = (at + 1) & (map->slot_count - 1);
    }
    return at;
}

static void pack_free(pack_map *map)
{
    kundig__free(map->mem, map->keys, map->slot_count * sizeof *map->keys);
    kundig__free(map->mem, map->numbers, map->slot_count * sizeof *map->numbers);
    map->keys = NULL;
    map->numbers = NULL;
    map->slot_count = 0;
    map->count = 0;
}

static bool pack_widen(pack_map *map)
{
    pack_map wide = *map;
    wide.slot_count = map->slot_count ? map->slot_count * 2 : PACK_FIRST_SLOTS;
    wide.keys = kundig__alloc(map->mem, wide.slot_count * sizeof *wide.keys);
    wide.numbers = kundig__alloc_zero(map->mem, wide.slot_count * sizeof *wide.numbers);
    if (!wide.keys || !wide.numbers) {
        pack_free(&wide);
        return false;
    }
    for (size_t i = 0; i < map->slot_count; i++) {
        if (map->numbers[i]) {
            size_t at = pack_slot(&wide, map->keys[i]);
            wide.keys[at] = map->keys[i];
            wide.numbers[at] = map->numbers[i];
        }
    }
    pack_free(map);
    *map = wide;
    return true;
}

static bool pack_number(pack_map *map, uint64_t key, uint32_t *number)
{
    if (((size_t)map->count + 1) * 4 > map->slot_count * 3 && !pack_widen(map)) {
        return false;
    }
    size_t at = pack_slot(map, key);
    if (!map->numbers[at]) {
        map->keys[at] = key;
        map->numbers[at] = ++map->count;
    }
    *number = map->numbers[at] - 1;
    return true;
}

uint32_t kundig__grouping_row_digit(const kundig__grouping *grouping, uint32_t row, size_t key)
{
    if (key < grouping->key_count) {
        const uint32_t *codes = grouping->keys[key].codes;
        return codes ? codes[row] : 0;
    }
    const uint8_t *precisions = kundig__corpus_precisions(grouping->corpus);
    return kundig__period_window(&grouping->period, kundig__corpus_times(grouping->corpus)[row],
                                 precisions && precisions[row] == KUNDIG_PRECISION_DAY);
}

static uint32_t pack_radix(const kundig__grouping *grouping, size_t key)
{
    return key < grouping->key_count ? grouping->keys[key].code_count
                                     : grouping->period.window_count;
}

/* Rows that belong to no group are marked first. */
static void pack_start(kundig__grouping *grouping)
{
    const int64_t *times = kundig__corpus_times(grouping->corpus);
    uint8_t mask[KUNDIG__GROUP_BLOCK];
    uint32_t rows = grouping->corpus->rows;
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = rows - first < KUNDIG__GROUP_BLOCK ? rows - first : KUNDIG__GROUP_BLOCK;
        kundig__grouping_mask(grouping, first, count, mask);
        for (uint32_t i = 0; i < count; i++) {
            bool timeless = grouping->has_period && times[first + i] == KUNDIG_TIME_ABSENT;
            grouping->row_groups[first + i] = mask[i] && !timeless ? 0 : KUNDIG__NO_GROUP;
        }
    }
}

static int pack_key(kundig__grouping *grouping, pack_map *map, size_t key, uint64_t *count,
                    bool last, kundig_error *err)
{
    kundig__corpus *corpus = grouping->corpus;
    uint64_t radix = pack_radix(grouping, key);
    bool dense = *count * radix <= PACK_DENSE && !last;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        uint32_t *group = &grouping->row_groups[row];
        if (row % 1048576 == 1048575) {
            int rc = kundig__progress(corpus->context, row, corpus->rows, err);
            if (rc) {
                return rc;
            }
        }
        if (*group == KUNDIG__NO_GROUP) {
            continue;
        }
        uint64_t combined = *group * radix + kundig__grouping_row_digit(grouping, row, key);
        if (dense) {
            *group = (uint32_t)combined;
        } else if (!pack_number(map, combined, group)) {
            return kundig__nomem(grouping->mem, err);
        }
    }
    *count = dense ? *count * radix : map->count;
    pack_free(map);
    return KUNDIG_OK;
}

/* Sort groups by one key after the other, the last one first: stable, so the first key rules. */
static void pack_sort(const kundig__grouping *grouping, uint32_t count, uint32_t *order,
                      uint32_t *scratch, uint32_t *buckets)
{
    size_t keys = grouping->key_count + grouping->has_period;
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (size_t key = keys; key-- > 0;) {
        const uint32_t *ranks = key < grouping->key_count ? grouping->keys[key].ranks : NULL;
        uint32_t radix = pack_radix(grouping, key);
        memset(buckets, 0, ((size_t)radix + 1) * sizeof *buckets);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t digit = kundig__grouping_row_digit(grouping, grouping->examples[i], key);
            buckets[(ranks ? ranks[digit] : digit) + 1]++;
        }
        for (uint32_t i = 0; i < radix; i++) {
            buckets[i + 1] += buckets[i];
        }
        for (uint32_t i = 0; i < count; i++) {
            uint32_t digit =
                kundig__grouping_row_digit(grouping, grouping->examples[order[i]], key);
            scratch[buckets[ranks ? ranks[digit] : digit]++] = order[i];
        }
        memcpy(order, scratch, count * sizeof *order);
    }
}

static int pack_renumber(kundig__grouping *grouping, uint32_t count, kundig_error *err)
{
    kundig__mem *mem = grouping->mem;
    uint32_t rows = grouping->corpus->rows;
    size_t bucket_count = 1;
    for (size_t key = 0; key < grouping->key_count + grouping->has_period; key++) {
        size_t radix = (size_t)pack_radix(grouping, key) + 1;
        bucket_count = radix > bucket_count ? radix : bucket_count;
    }
    size_t size = count * sizeof(uint32_t);
    uint32_t *order = kundig__alloc(mem, size);
    uint32_t *scratch = kundig__alloc(mem, size);
    uint32_t *buckets = kundig__alloc(mem, bucket_count * sizeof *buckets);
    grouping->examples = kundig__alloc(mem, size);
    grouping->group_count = count;
    int rc = KUNDIG_OK;
    if (!order || !scratch || !buckets || !grouping->examples) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (uint32_t row = rows; row-- > 0;) {
        if (grouping->row_groups[row] != KUNDIG__NO_GROUP) {
            grouping->examples[grouping->row_groups[row]] = row;
        }
    }
    pack_sort(grouping, count, order, scratch, buckets);
    for (uint32_t i = 0; i < count; i++) {
        scratch[order[i]] = i;
    }
    for (uint32_t row = 0; row < rows; row++) {
        if (grouping->row_groups[row] != KUNDIG__NO_GROUP) {
            grouping->row_groups[row] = scratch[grouping->row_groups[row]];
            grouping->examples[grouping->row_groups[row]] = row;
        }
    }
done:
    kundig__free(mem, order, size);
    kundig__free(mem, scratch, size);
    kundig__free(mem, buckets, bucket_count * sizeof *buckets);
    return rc;
}

int kundig__grouping_pack(kundig__grouping *grouping, kundig_error *err)
{
    size_t keys = grouping->key_count + grouping->has_period;
    uint64_t count = 1;
    pack_map map = {.mem = grouping->mem};
    memcpy(map.salt, grouping->corpus->context->siphash_key, sizeof map.salt);
    grouping->row_groups =
        kundig__alloc(grouping->mem, grouping->corpus->rows * sizeof *grouping->row_groups);
    if (!grouping->row_groups) {
        return kundig__nomem(grouping->mem, err);
    }
    pack_start(grouping);
    int rc = KUNDIG_OK;
    for (size_t key = 0; key < keys && !rc; key++) {
        rc = pack_key(grouping, &map, key, &count, key + 1 == keys, err);
    }
    pack_free(&map);
    return rc ? rc : pack_renumber(grouping, (uint32_t)count, err);
}
