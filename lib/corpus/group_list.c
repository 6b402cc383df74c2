/* Keys of which a row may have several values: the topics of its comment, and their themes.
 *
 * All listed keys of a grouping run along one list, so that a topic stands beside its own theme and
 * never beside another: the topics where one is asked for, else the distinct themes. A layer is one
 * place of that list. Invariant: within a row no value comes twice, so no group does. Cost: none
 * for topics; for themes alone one pass over the topics of all rows. */
#include "corpus/group.h"

/* The distinct themes of each row, in the order of its topics. */
static int group_list_themes(kundig__grouping *grouping, const kundig__said *said,
                             kundig_error *err)
{
    kundig__group_list *list = &grouping->list;
    kundig__mem *mem = grouping->mem;
    uint32_t themes = said->theme_names->count;
    uint32_t *seen = kundig__alloc_zero(mem, themes * sizeof *seen); /* row + 1 */
    list->rows = said->rows;
    list->made_count = said->starts[said->rows];
    list->made_starts = kundig__alloc(mem, ((size_t)said->rows + 1) * sizeof *list->made_starts);
    list->made_values = kundig__alloc(mem, list->made_count * sizeof *list->made_values);
    list->made_most =
        kundig__alloc_zero(mem, (said->rows / KUNDIG__SAID_BLOCK + 1) * sizeof *list->made_most);
    int rc = KUNDIG_OK;
    if (!seen || !list->made_starts || !list->made_values || !list->made_most) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    uint64_t count = 0;
    for (uint32_t row = 0; row < said->rows; row++) {
        uint64_t first = count;
        list->made_starts[row] = first;
        for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
            uint16_t theme = said->themes[said->topics[at]];
            if (seen[theme] != row + 1) {
                seen[theme] = row + 1;
                list->made_values[count++] = theme;
            }
        }
        uint32_t most = (uint32_t)(count - first);
        uint16_t *block_most = &list->made_most[row / KUNDIG__SAID_BLOCK];
        *block_most = most > *block_most ? (uint16_t)most : *block_most;
        list->most = most > list->most ? most : list->most;
    }
    list->made_starts[said->rows] = count;
    list->starts = list->made_starts;
    list->values = list->made_values;
    list->block_most = list->made_most;
done:
    kundig__free(mem, seen, themes * sizeof *seen);
    return rc;
}

/* What a value of the list is in a key. */
static int group_list_key(kundig__grouping *grouping, kundig__group_key *key,
                          const kundig__said *said, bool of_topics, kundig_error *err)
{
    size_t count = of_topics ? said->topic_names->count : said->theme_names->count;
    key->listed_codes = kundig__alloc(grouping->mem, count * sizeof *key->listed_codes);
    if (!key->listed_codes) {
        return kundig__nomem(grouping->mem, err);
    }
    key->listed_count = count;
    for (size_t value = 0; value < count; value++) {
        bool mapped = of_topics && key->listed == KUNDIG__FIELD_THEME;
        key->listed_codes[value] = (mapped ? said->themes[value] : (uint32_t)value) + 1;
    }
    return KUNDIG_OK;
}

int kundig__group_list_init(kundig__grouping *grouping, kundig_error *err)
{
    const kundig__said *said = NULL;
    bool of_topics = false;
    bool any = false;
    for (size_t k = 0; k < grouping->key_count; k++) {
        of_topics = of_topics || grouping->keys[k].listed == KUNDIG__FIELD_TOPIC;
        any = any || grouping->keys[k].listed;
    }
    if (!any) {
        return KUNDIG_OK;
    }
    int rc = kundig__corpus_said(grouping->corpus, &said, err);
    if (!rc && of_topics) {
        grouping->list.starts = said->starts;
        grouping->list.values = said->topics;
        grouping->list.block_most = said->block_most;
        grouping->list.most = said->most;
    } else if (!rc) {
        rc = group_list_themes(grouping, said, err);
    }
    for (size_t k = 0; k < grouping->key_count && !rc; k++) {
        if (grouping->keys[k].listed) {
            rc = group_list_key(grouping, &grouping->keys[k], said, of_topics, err);
        }
    }
    return rc;
}

void kundig__group_list_free(kundig__group_list *list, kundig__mem *mem)
{
    kundig__free(mem, list->made_starts, ((size_t)list->rows + 1) * sizeof *list->made_starts);
    kundig__free(mem, list->made_values, list->made_count * sizeof *list->made_values);
    kundig__free(mem, list->made_most,
                 (list->rows / KUNDIG__SAID_BLOCK + 1) * sizeof *list->made_most);
}

uint32_t kundig__group_list_count(const kundig__group_list *list, uint32_t row)
{
    uint64_t count = list->starts ? list->starts[row + 1] - list->starts[row] : 0;
    return count > 1 ? (uint32_t)count : 1;
}

void kundig__group_list_codes(const kundig__group_list *list, const kundig__group_key *key,
                              uint32_t layer, uint32_t first, uint32_t count, uint32_t *codes)
{
    const uint64_t *starts = list->starts + first;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t at = starts[i] + layer;
        codes[i] = at < starts[i + 1] ? key->listed_codes[list->values[at]] : 0;
    }
}

uint32_t kundig__group_list_most(const kundig__group_list *list, uint32_t first, uint32_t count)
{
    uint32_t most = 1;
    for (uint64_t row = first; list->starts && row < (uint64_t)first + count;
         row = (row / KUNDIG__SAID_BLOCK + 1) * KUNDIG__SAID_BLOCK) {
        uint32_t here = list->block_most[row / KUNDIG__SAID_BLOCK];
        most = here > most ? here : most;
    }
    return most;
}

bool kundig__group_list_has(const kundig__group_list *list, uint32_t row, uint32_t layer)
{
    return list->starts[row] + layer < list->starts[row + 1];
}
