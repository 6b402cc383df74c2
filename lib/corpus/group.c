/* Rows to group numbers, block by block.
 *
 * Where all combinations of the keys are few (2^22), a group number is their mixed-radix number:
 * the codes in order of the keys, the period last. Else group_pack.c numbers those that occur. A
 * row outside (superseded, filtered, without consent, of another purpose, after "as of", without a
 * time where there is a window) belongs to KUNDIG__NO_GROUP. Invariant: nothing is written after
 * making, so threads share it. A layer is a pass of its own over the rows. Cost: about 1 ns a row
 * and dimension, 2 ns for the window. */
#include "corpus/group.h"
#include "base/calendar.h"
#include "base/text.h"
#include "table/table.h"

#define GROUP_DENSE (UINT64_C(1) << 22)

/* ---- Which rows ---- */

static bool group_masks(const kundig__grouping *grouping)
{
    return grouping->corpus->identity.record_of || !kundig__filter_is_empty(grouping->filter) ||
           grouping->consents || grouping->refused || grouping->purposes || grouping->has_as_of;
}

static bool group_is_refused(const kundig__grouping *grouping, uint32_t row)
{
    return (grouping->consents && grouping->consents[row] == KUNDIG_NO) ||
           (grouping->refused && grouping->refused[grouping->people[row]]);
}

static bool group_is_other_purpose(const kundig__grouping *grouping, uint32_t row)
{
    return grouping->purposes && grouping->purposes[row] &&
           grouping->purposes[row] != grouping->purpose;
}

static bool group_is_later(const kundig__grouping *grouping, uint32_t row)
{
    const int64_t *times = kundig__corpus_times(grouping->corpus);
    const uint8_t *precisions = kundig__corpus_precisions(grouping->corpus);
    if (!grouping->has_as_of || !times) {
        return false;
    }
    bool written = precisions && precisions[row] == KUNDIG_PRECISION_DAY;
    return times[row] > (written ? grouping->as_of_date_ms : grouping->as_of_ms);
}

static void group_mask_filter(const kundig__grouping *grouping, uint32_t first, uint32_t count,
                              uint8_t *mask)
{
    const uint8_t *flags = kundig__corpus_flags(grouping->corpus) + first;
    for (uint32_t i = 0; i < count; i++) {
        mask[i] = (flags[i] & KUNDIG__ROW_SUPERSEDED) == 0;
    }
    if (!kundig__filter_is_empty(grouping->filter)) {
        kundig__filter_rows(grouping->filter, first, count, mask);
    }
}

void kundig__grouping_mask(const kundig__grouping *grouping, uint32_t first, uint32_t count,
                           uint8_t *mask)
{
    group_mask_filter(grouping, first, count, mask);
    if (grouping->consents || grouping->refused || grouping->purposes || grouping->has_as_of) {
        for (uint32_t i = 0; i < count; i++) {
            mask[i] &= (uint8_t) !(group_is_refused(grouping, first + i) ||
                                   group_is_other_purpose(grouping, first + i) ||
                                   group_is_later(grouping, first + i));
        }
    }
}

/* ---- Making ---- */

static int group_restrict(kundig__grouping *grouping, const kundig_query *query, kundig_error *err)
{
    kundig__corpus *corpus = grouping->corpus;
    const kundig__dimension *people = NULL;
    int rc = kundig__corpus_people(corpus, &people, err);
    if (query->purpose.data) {
        const kundig__dimension *purposes = &corpus->dims[KUNDIG__DIM_PURPOSE];
        uint32_t code = kundig__dict_find(&purposes->dict, query->purpose.data, query->purpose.len);
        grouping->consents = kundig__corpus_consents(corpus);
        grouping->purposes = purposes->codes;
        grouping->purpose = code == KUNDIG__DICT_NONE ? UINT32_MAX : code + 1;
        rc = rc ? rc
                : kundig__consent_refused(corpus, query->purpose, &people, &grouping->refused,
                                          &grouping->refused_count, err);
        grouping->people = rc ? NULL : people->codes;
    }
    if (query->as_of_ms != KUNDIG_TIME_ABSENT) {
        /* Beyond the years that facts may have, every instant means all or nothing. */
        int64_t as_of = query->as_of_ms;
        const int64_t far = INT64_C(400000000000000);
        as_of = as_of < -far ? -far : as_of > far ? far : as_of;
        int64_t seconds = kundig__floor_div(as_of, 1000);
        int64_t local =
            as_of + (int64_t)kundig__zone_offset(grouping->zone, seconds, NULL, NULL) * 1000;
        grouping->has_as_of = true;
        grouping->as_of_ms = as_of;
        grouping->as_of_date_ms = kundig__floor_div(local, KUNDIG__DAY_MS) * KUNDIG__DAY_MS;
    }
    return rc;
}

static int group_make(kundig__grouping *grouping, const kundig_query *query, uint32_t node,
                      kundig_error *err)
{
    kundig__corpus *corpus = grouping->corpus;
    uint64_t product = 1;
    int rc = kundig__zone_get(corpus->context, query->zone, &grouping->zone, err);
    rc = rc ? rc : group_restrict(grouping, query, err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < query->group_field_count && !rc; i++) {
        kundig__group_key *key = &grouping->keys[grouping->key_count++];
        rc = kundig__group_key_init(key, corpus, query->group_fields[i], err);
        if (!rc) {
            rc = kundig__group_key_rank(key, grouping->mem, err);
        }
        product *= product <= GROUP_DENSE ? key->code_count : 1;
    }
    rc = rc ? rc : kundig__group_list_init(grouping, err);
    if (!rc && query->every != KUNDIG_EVERY_NONE) {
        grouping->has_period = true;
        rc = kundig__period_init(&grouping->period, grouping->mem, grouping->zone, query->every,
                                 corpus->time_least, corpus->time_greatest, err);
        product *= product <= GROUP_DENSE ? grouping->period.window_count : 1;
    }
    if (!rc) {
        rc = kundig__filter_new(corpus, query, node, grouping->zone, &grouping->filter, err);
    }
    if (!rc && product > GROUP_DENSE) {
        rc = kundig__grouping_pack(grouping, err);
    } else {
        grouping->group_count = (uint32_t)product;
    }
    return rc;
}

int kundig__grouping_new(kundig__corpus *corpus, const kundig_query *query, uint32_t node,
                         kundig__grouping **out, kundig_error *err)
{
    kundig__grouping *grouping = kundig__alloc_zero(corpus->mem, sizeof *grouping);
    if (!grouping) {
        return kundig__nomem(corpus->mem, err);
    }
    grouping->corpus = corpus;
    grouping->mem = corpus->mem;
    int rc = group_make(grouping, query, node, err);
    if (rc) {
        kundig__grouping_free(grouping);
        return rc;
    }
    *out = grouping;
    return KUNDIG_OK;
}

void kundig__grouping_free(kundig__grouping *grouping)
{
    if (grouping) {
        kundig__mem *mem = grouping->mem;
        for (size_t i = 0; i < grouping->key_count; i++) {
            kundig__group_key_free(&grouping->keys[i], mem);
        }
        kundig__period_free(&grouping->period);
        kundig__filter_free(grouping->filter);
        kundig__free(mem, grouping->row_groups,
                     grouping->corpus->rows * sizeof *grouping->row_groups);
        kundig__free(mem, grouping->more_groups,
                     grouping->more_count * sizeof *grouping->more_groups);
        kundig__free(mem, grouping->examples, grouping->group_count * sizeof *grouping->examples);
        kundig__free(mem, grouping->example_layers,
                     grouping->group_count * sizeof *grouping->example_layers);
        kundig__group_list_free(&grouping->list, mem);
        kundig__free(mem, grouping->refused, grouping->refused_count);
        kundig__free(mem, grouping, sizeof *grouping);
    }
}

uint32_t kundig__grouping_count(const kundig__grouping *grouping)
{
    return grouping->group_count;
}

/* ---- Rows ---- */

static void group_rows_dense(const kundig__grouping *grouping, uint32_t layer, uint32_t first,
                             uint32_t count, uint32_t *groups)
{
    const kundig__corpus *corpus = grouping->corpus;
    bool begun = false;
    for (size_t k = 0; k < grouping->key_count; k++) {
        const kundig__group_key *key = &grouping->keys[k];
        const uint32_t *codes = key->codes ? key->codes + first : NULL;
        uint32_t radix = key->code_count;
        uint32_t listed[KUNDIG__GROUP_BLOCK];
        if (key->listed) {
            kundig__group_list_codes(&grouping->list, key, layer, first, count, listed);
            codes = listed;
        }
        if (codes && !begun) {
            memcpy(groups, codes, count * sizeof *groups);
            begun = true;
        } else if (codes) {
            for (uint32_t i = 0; i < count; i++) {
                groups[i] = groups[i] * radix + codes[i];
            }
        }
    }
    if (!begun) {
        memset(groups, 0, count * sizeof *groups);
    }
    if (grouping->has_period) {
        const int64_t *times = kundig__corpus_times(corpus);
        const uint8_t *precisions = kundig__corpus_precisions(corpus);
        if (times) {
            kundig__period_rows(&grouping->period, times + first,
                                precisions ? precisions + first : NULL, count, groups);
        } else {
            memset(groups, 0xFF, count * sizeof *groups);
        }
    }
    if (group_masks(grouping)) {
        uint8_t mask[KUNDIG__GROUP_BLOCK];
        kundig__grouping_mask(grouping, first, count, mask);
        for (uint32_t i = 0; i < count; i++) {
            groups[i] |= (uint32_t)mask[i] - 1; /* 0 becomes all ones: no group */
        }
    }
    for (uint32_t i = 0; layer && i < count; i++) {
        groups[i] |= (uint32_t)kundig__group_list_has(&grouping->list, first + i, layer) - 1;
    }
}

static void group_rows_packed(const kundig__grouping *grouping, uint32_t layer, uint32_t first,
                              uint32_t count, uint32_t *groups)
{
    memcpy(groups, grouping->row_groups + first, count * sizeof *groups);
    for (uint32_t i = 0; layer && i < count; i++) {
        if (!kundig__group_list_has(&grouping->list, first + i, layer)) {
            groups[i] = KUNDIG__NO_GROUP;
        } else if (groups[i] != KUNDIG__NO_GROUP) {
            groups[i] = grouping->more_groups[grouping->list.starts[first + i] + layer];
        }
    }
}

uint32_t kundig__grouping_layers(const kundig__grouping *grouping)
{
    return grouping->list.most > 1 ? grouping->list.most : 1;
}

uint32_t kundig__grouping_layers_of(const kundig__grouping *grouping, uint32_t first,
                                    uint32_t count)
{
    return kundig__group_list_most(&grouping->list, first, count);
}

void kundig__grouping_rows(const kundig__grouping *grouping, uint32_t layer, uint32_t first,
                           uint32_t count, uint32_t *groups)
{
    if (layer && layer >= kundig__grouping_layers_of(grouping, first, count)) {
        memset(groups, 0xFF, count * sizeof *groups);
    } else if (grouping->row_groups) {
        group_rows_packed(grouping, layer, first, count, groups);
    } else {
        group_rows_dense(grouping, layer, first, count, groups);
    }
}

/* ---- Keys ---- */

size_t kundig__grouping_key_count(const kundig__grouping *grouping)
{
    return grouping->key_count + grouping->has_period;
}

kundig_text kundig__grouping_key_name(const kundig__grouping *grouping, size_t key)
{
    return key < grouping->key_count ? grouping->keys[key].name : KUNDIG__TEXT("period");
}

static uint32_t group_digit(const kundig__grouping *grouping, uint32_t group, size_t key)
{
    if (grouping->examples) {
        uint32_t layer = grouping->example_layers ? grouping->example_layers[group] : 0;
        return kundig__grouping_row_digit(grouping, grouping->examples[group], layer, key);
    }
    if (grouping->has_period) {
        uint32_t windows = grouping->period.window_count;
        if (key == grouping->key_count) {
            return group % windows;
        }
        group /= windows;
    }
    for (size_t k = grouping->key_count; k-- > key + 1;) {
        group /= grouping->keys[k].code_count;
    }
    return group % grouping->keys[key].code_count;
}

kundig_text kundig__grouping_key(const kundig__grouping *grouping, uint32_t group, size_t key,
                                 char buffer[32])
{
    uint32_t digit = group_digit(grouping, group, key);
    if (key == grouping->key_count) {
        return kundig__text(buffer, kundig__period_label(&grouping->period, digit, buffer));
    }
    if (!digit) {
        return kundig__text(NULL, 0);
    }
    return kundig__dict_text(grouping->keys[key].dict, digit - 1);
}

/* ---- Order ---- */

/* Sort numbers in place, from the bit `bit` downwards. */
static void group_sort_numbers(uint32_t *numbers, size_t count, int bit)
{
    if (count <= 16) {
        for (size_t i = 1; i < count; i++) {
            uint32_t one = numbers[i];
            size_t at = i;
            for (; at > 0 && numbers[at - 1] > one; at--) {
                numbers[at] = numbers[at - 1];
            }
            numbers[at] = one;
        }
        return;
    }
    if (bit < 0) {
        return;
    }
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        if (numbers[low] >> bit & 1) {
            uint32_t swap = numbers[low];
            numbers[low] = numbers[--high];
            numbers[high] = swap;
        } else {
            low++;
        }
    }
    group_sort_numbers(numbers, low, bit - 1);
    group_sort_numbers(numbers + low, count - low, bit - 1);
}

/* Exchange codes for places (or back) in every digit of a dense group number. */
static uint32_t group_translate(const kundig__grouping *grouping, uint32_t group, bool to_places)
{
    uint32_t windows = grouping->has_period ? grouping->period.window_count : 1;
    uint32_t unit = windows;
    uint32_t out = group % windows;
    group /= windows;
    for (size_t k = grouping->key_count; k-- > 0;) {
        const kundig__group_key *key = &grouping->keys[k];
        uint32_t digit = group % key->code_count;
        out += unit * (to_places ? key->ranks[digit] : key->ranked[digit]);
        group /= key->code_count;
        unit *= key->code_count;
    }
    return out;
}

void kundig__grouping_sort(const kundig__grouping *grouping, uint32_t *groups, size_t count)
{
    bool dense = !grouping->examples;
    for (size_t i = 0; dense && i < count; i++) {
        groups[i] = group_translate(grouping, groups[i], true);
    }
    group_sort_numbers(groups, count, 31);
    for (size_t i = 0; dense && i < count; i++) {
        groups[i] = group_translate(grouping, groups[i], false);
    }
}

/* ---- What was left out ---- */

void kundig__grouping_left_out(const kundig__grouping *grouping, kundig__left_out *out)
{
    const kundig__corpus *corpus = grouping->corpus;
    const int64_t *times = kundig__corpus_times(corpus);
    bool wants_time = grouping->has_period && corpus->timeless > 0;
    memset(out, 0, sizeof *out);
    if (!grouping->consents && !grouping->refused && !grouping->purposes && !wants_time) {
        return;
    }
    for (uint32_t first = 0; first < corpus->rows; first += KUNDIG__GROUP_BLOCK) {
        uint8_t mask[KUNDIG__GROUP_BLOCK];
        uint32_t left = corpus->rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        group_mask_filter(grouping, first, count, mask);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t row = first + i;
            if (!mask[i] || group_is_later(grouping, row)) {
                continue;
            }
            /* Each counts once. */
            if (group_is_refused(grouping, row)) {
                out->no_consent++;
            } else if (group_is_other_purpose(grouping, row)) {
                out->other_purpose++;
            } else if (grouping->has_period && (!times || times[row] == KUNDIG_TIME_ABSENT)) {
                out->no_time++;
            }
        }
    }
}

static void group_note(kundig_table *table, uint64_t count, const char *one, const char *many)
{
    if (count == 1) {
        kundig__table_note(table, "1 record %s and is left out", one);
    } else if (count > 1) {
        kundig__table_note(table, "%llu records %s and are left out", (unsigned long long)count,
                           many);
    }
}

void kundig__left_out_notes(const kundig__left_out *left_out, kundig_table *table)
{
    group_note(table, left_out->no_consent, "carries a consent of \"no\"",
               "carry a consent of \"no\"");
    group_note(table, left_out->other_purpose, "carries another purpose", "carry another purpose");
    group_note(table, left_out->no_time, "has no time", "have no time");
}
