/* One set of rows: which group each is in, and the groups that hold one, in order of their keys.
 *
 * Invariant: groups of records the metric does not read are not among them.
 * Cost: one pass over the rows a layer, O(groups) and the order of those that hold rows; 4 bytes a
 * row and 8 bytes a group while the side lives. */
#include "metrics/gather.h"

void kundig__side_free(kundig__side *side)
{
    if (side->grouping) {
        uint32_t numbers = kundig__grouping_count(side->grouping);
        kundig__free(side->mem, side->labels, side->rows * sizeof *side->labels);
        kundig__free(side->mem, side->groups, numbers * sizeof *side->groups);
        kundig__free(side->mem, side->places, numbers * sizeof *side->places);
        kundig__grouping_free(side->grouping);
        *side = (kundig__side){0};
    }
}

int kundig__side_new(kundig__gather *gather, const kundig_query *query, uint32_t node,
                     kundig__side *side, kundig_error *err)
{
    *side = (kundig__side){0};
    int rc = kundig__grouping_new(gather->corpus, query, node, &side->grouping, err);
    if (rc) {
        return rc;
    }
    uint32_t numbers = kundig__grouping_count(side->grouping);
    side->mem = &gather->context->mem;
    side->rows = kundig__corpus_rows(gather->corpus);
    side->labels = kundig__alloc(side->mem, side->rows * sizeof *side->labels);
    side->groups = kundig__alloc(side->mem, numbers * sizeof *side->groups);
    side->places = kundig__alloc_zero(side->mem, numbers * sizeof *side->places);
    if (!side->labels || !side->groups || !side->places) {
        return kundig__nomem(side->mem, err);
    }
    /* layer 0 last: its labels stay */
    for (uint32_t layer = kundig__grouping_layers(side->grouping); layer-- > 0;) {
        rc = kundig__gather_label(gather, side->grouping, layer, side->labels, err);
        if (rc) {
            return rc;
        }
        for (uint32_t row = 0; row < side->rows; row++) {
            if (side->labels[row] != KUNDIG__NO_GROUP) {
                side->places[side->labels[row]] = 1;
            }
        }
    }
    for (uint32_t number = 0; number < numbers; number++) {
        if (side->places[number]) {
            side->groups[side->count++] = number;
        }
    }
    kundig__grouping_sort(side->grouping, side->groups, side->count);
    for (uint32_t place = 0; place < side->count; place++) {
        side->places[side->groups[place]] = place;
    }
    return KUNDIG_OK;
}

void kundig__side_translate(kundig__side *side)
{
    for (uint32_t row = 0; row < side->rows; row++) {
        uint32_t label = side->labels[row];
        side->labels[row] = label == KUNDIG__NO_GROUP ? label : side->places[label];
    }
}
