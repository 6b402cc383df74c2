/* Numbering only the combinations of keys that occur, where all would be too many.
 *
 * Key by key: (number so far, code) becomes a new dense number, through a hash map when the product
 * is large. Then the groups are sorted by their keys' bytes and numbered anew. Invariant: group
 * numbers rise in key order, whatever the order of rows. A row counts once for each of its layers.
 * Cost: one look-up a row and large key, 4 bytes a row and layer. */
#include "base/int128.h"
#include "corpus/group.h"

#define PACK_DENSE (UINT64_C(1) << 22)
#define PACK_MOST  (UINT64_C(1) << 31) /* values of all rows: with the rows fewer than 2^32 */
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

uint32_t kundig__grouping_row_digit(const kundig__grouping *grouping, uint32_t row, uint32_t layer,
                                    size_t key)
{
    if (key < grouping->key_count && grouping->keys[key].listed) {
        uint32_t code;
        kundig__group_list_codes(&grouping->list, &grouping->keys[key], layer, row, 1, &code);
        return code;
    }
    if (key < grouping->key_count) {
        const uint32_t *codes = grouping->keys[key].codes;
        return codes ? codes[row] : 0;
    }
    const uint8_t *precisions = kundig__corpus_precisions(grouping->corpus);
    return kundig__period_window(&grouping->period, kundig__corpus_times(grouping->corpus)[row],
                                 precisions && precisions[row] == KUNDIG_PRECISION_DAY);
}

/* Where the group of a row's layer stands. */
static uint32_t *pack_group(kundig__grouping *grouping, uint32_t row, uint32_t layer)
{
    return layer ? &grouping->more_groups[grouping->list.starts[row] + layer]
                 : &grouping->row_groups[row];
}

/* Layers of a row that belongs to a group; 0 for all others. */
static uint32_t pack_layers(const kundig__grouping *grouping, uint32_t row)
{
    return grouping->row_groups[row] == KUNDIG__NO_GROUP
               ? 0
               : kundig__group_list_count(&grouping->list, row);
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
            for (uint32_t layer = pack_layers(grouping, first + i); layer-- > 1;) {
                *pack_group(grouping, first + i, layer) = 0;
            }
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
        uint32_t layers = pack_layers(grouping, row);
        if (row % 1048576 == 1048575) {
            int rc = kundig__progress(corpus->context, row, corpus->rows, err);
            if (rc) {
                return rc;
            }
        }
        for (uint32_t layer = 0; layer < layers; layer++) {
            uint32_t *group = pack_group(grouping, row, layer);
            uint64_t combined =
                *group * radix + kundig__grouping_row_digit(grouping, row, layer, key);
            if (dense) {
                *group = (uint32_t)combined;
            } else if (!pack_number(map, combined, group)) {
                return kundig__nomem(grouping->mem, err);
            }
        }
    }
    *count = dense ? *count * radix : map->count;
    pack_free(map);
    return KUNDIG_OK;
}

static uint32_t pack_example_digit(const kundig__grouping *grouping, uint32_t group, size_t key)
{
    uint32_t layer = grouping->example_layers ? grouping->example_layers[group] : 0;
    return kundig__grouping_row_digit(grouping, grouping->examples[group], layer, key);
}

static void pack_example(kundig__grouping *grouping, uint32_t group, uint32_t row, uint32_t layer)
{
    grouping->examples[group] = row;
    if (grouping->example_layers) {
        grouping->example_layers[group] = (uint16_t)layer;
    }
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
            uint32_t digit = pack_example_digit(grouping, i, key);
            buckets[(ranks ? ranks[digit] : digit) + 1]++;
        }
        for (uint32_t i = 0; i < radix; i++) {
            buckets[i + 1] += buckets[i];
        }
        for (uint32_t i = 0; i < count; i++) {
            uint32_t digit = pack_example_digit(grouping, order[i], key);
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
    if (grouping->more_groups) {
        grouping->example_layers = kundig__alloc(mem, count * sizeof *grouping->example_layers);
    }
    int rc = KUNDIG_OK;
    if (!order || !scratch || !buckets || !grouping->examples ||
        (grouping->more_groups && !grouping->example_layers)) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (uint32_t row = 0; row < rows; row++) {
        for (uint32_t layer = pack_layers(grouping, row); layer-- > 0;) {
            pack_example(grouping, *pack_group(grouping, row, layer), row, layer);
        }
    }
    pack_sort(grouping, count, order, scratch, buckets);
    for (uint32_t i = 0; i < count; i++) {
        scratch[order[i]] = i;
    }
    for (uint32_t row = 0; row < rows; row++) {
        for (uint32_t layer = pack_layers(grouping, row); layer-- > 0;) {
            uint32_t *group = pack_group(grouping, row, layer);
            *group = scratch[*group];
            pack_example(grouping, *group, row, layer);
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
    if (grouping->list.most > 1) {
        uint64_t more = grouping->list.starts[grouping->corpus->rows];
        if (more > PACK_MOST) {
            return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                "records have %llu topics in all: too many to group by with "
                                "these other fields",
                                (unsigned long long)more);
        }
        grouping->more_groups = kundig__alloc(grouping->mem, more * sizeof *grouping->more_groups);
        if (!grouping->more_groups) {
            return kundig__nomem(grouping->mem, err);
        }
        grouping->more_count = more;
    }
    pack_start(grouping);
    int rc = KUNDIG_OK;
    for (size_t key = 0; key < keys && !rc; key++) {
        rc = pack_key(grouping, &map, key, &count, key + 1 == keys, err);
    }
    pack_free(&map);
    return rc ? rc : pack_renumber(grouping, (uint32_t)count, err);
}
