/* The groups of a query in the order of their keys, each with its cell.
 *
 * Invariant: a group is listed where it holds a record; without groups the only one is. The whole
 * counts every record of any group once, however many groups it stands in.
 * Cost: the gather's pass over the rows, then O(groups log groups). */
#include "metrics/gather.h"

/* The cell of a number of the grouping. */
static int grouped_cells(const kundig__gather *gather, kundig__grouped *out, kundig_error *err)
{
    const uint32_t *map = NULL;
    uint32_t *inverse = NULL;
    uint32_t numbers = kundig__grouping_count(out->grouping);
    if (gather->numbers) {
        inverse = kundig__alloc(out->mem, numbers * sizeof *inverse);
        if (!inverse) {
            return kundig__nomem(out->mem, err);
        }
        for (uint32_t i = 0; i < gather->count; i++) {
            inverse[gather->numbers[i]] = i;
        }
        map = inverse;
    }
    for (size_t i = 0; i < out->count; i++) {
        uint32_t number = out->numbers[i];
        out->cells[i] = &gather->cells[map ? map[number] : number];
    }
    kundig__free(out->mem, inverse, numbers * sizeof *inverse);
    return KUNDIG_OK;
}

int kundig__grouped_new(kundig__gather *gather, const kundig_query *query, kundig__grouped *out,
                        kundig_error *err)
{
    *out = (kundig__grouped){.mem = &gather->context->mem};
    int rc = kundig__grouping_new(gather->corpus, query, KUNDIG__NO_NODE, &out->grouping, err);
    rc = rc ? rc : kundig__gather_groups(gather, out->grouping, err);
    if (rc) {
        return rc;
    }
    out->capacity = gather->count;
    out->numbers = kundig__alloc(out->mem, out->capacity * sizeof *out->numbers);
    out->cells = kundig__alloc(out->mem, out->capacity * sizeof *out->cells);
    if (!out->numbers || !out->cells) {
        return kundig__nomem(out->mem, err);
    }
    bool single = kundig__grouping_key_count(out->grouping) == 0;
    for (uint32_t i = 0; i < gather->count; i++) {
        if (single || gather->cells[i].selected) {
            out->numbers[out->count++] = gather->numbers ? gather->numbers[i] : i;
        }
    }
    kundig__grouping_sort(out->grouping, out->numbers, out->count);
    return grouped_cells(gather, out, err);
}

void kundig__grouped_free(kundig__grouped *grouped)
{
    if (grouped->mem) {
        kundig__free(grouped->mem, grouped->numbers, grouped->capacity * sizeof *grouped->numbers);
        kundig__free(grouped->mem, grouped->cells, grouped->capacity * sizeof *grouped->cells);
    }
    kundig__grouping_free(grouped->grouping);
    *grouped = (kundig__grouped){0};
}

void kundig__grouped_columns(const kundig__grouped *grouped, kundig_table *table)
{
    for (size_t key = 0; key < kundig__grouping_key_count(grouped->grouping); key++) {
        kundig__table_column_text(table, kundig__grouping_key_name(grouped->grouping, key),
                                  KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
}

void kundig__grouped_keys(const kundig__grouped *grouped, size_t place, kundig_table *table)
{
    for (size_t key = 0; key < kundig__grouping_key_count(grouped->grouping); key++) {
        char buffer[32];
        kundig__table_set_text(
            table, key,
            kundig__grouping_key(grouped->grouping, grouped->numbers[place], key, buffer));
    }
}

/* The whole as set a of one pair, whose set b is empty: its labels say which rows are in it. */
int kundig__grouped_whole(const kundig__grouped *grouped, const kundig_query *query,
                          kundig__gather *whole, kundig_error *err)
{
    kundig__mem *mem = &whole->context->mem;
    kundig__grouping *single = NULL;
    kundig_query *ungrouped = NULL;
    uint32_t rows = kundig__corpus_rows(whole->corpus);
    uint32_t *labels = kundig__alloc(mem, rows * sizeof *labels);
    if (!labels) {
        return kundig__nomem(mem, err);
    }
    int rc = kundig__gather_label(whole, grouped->grouping, 0, labels, err);
    whole->counted = (kundig__counted){0};
    for (uint32_t row = 0; !rc && row < rows; row++) {
        labels[row] = labels[row] == KUNDIG__NO_GROUP ? KUNDIG__NO_GROUP : 0;
    }
    rc = rc ? rc : kundig__query_copy(query, &mem->hook, &ungrouped, err);
    if (!rc) {
        ungrouped->group_field_count = 0;
        ungrouped->every = KUNDIG_EVERY_NONE;
        rc = kundig__grouping_new(whole->corpus, ungrouped, KUNDIG__NO_NODE, &single, err);
    }
    if (rc) {
        kundig__free(mem, labels, rows * sizeof *labels);
    } else {
        kundig__numbering numberings[2] = {{single, NULL}, {single, NULL}};
        rc = kundig__gather_pairs(whole, labels, numberings, 1, err);
    }
    kundig__grouping_free(single);
    kundig_query_free(ungrouped);
    return rc;
}
