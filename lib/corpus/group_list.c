/* Keys of which a row may have several values: the topics of its comment, and their themes, and how
 * each of them is felt about.
 *
 * All listed keys of a grouping run along one list, so that a topic stands beside its own theme and
 * its own sentiment and never beside another: the topics where one is asked for, else the distinct
 * themes. The sentiment of a theme is that of its topics together: mixed where they disagree, and
 * neutral where none leans to a side; its value is their mean. A layer is one place of that list.
 * Invariant: within a row no value comes twice, so no group does. Cost: none for topics; for themes
 * alone one pass over the topics of all rows. */
#include "corpus/group.h"

/* A theme in the row in hand. */
typedef struct group_theme {
    uint32_t seen; /* row + 1 */
    uint32_t known;
    int64_t sum;
    bool sides[KUNDIG_SENTIMENT_MIXED + 1];
} group_theme;

static bool group_list_made(kundig__group_list *list, kundig__mem *mem, const kundig__said *said)
{
    list->rows = said->rows;
    list->made_count = said->starts[said->rows];
    list->made_starts = kundig__alloc(mem, ((size_t)said->rows + 1) * sizeof *list->made_starts);
    list->made_values = kundig__alloc(mem, list->made_count * sizeof *list->made_values);
    list->made_most =
        kundig__alloc_zero(mem, (said->rows / KUNDIG__SAID_BLOCK + 1) * sizeof *list->made_most);
    list->made_sentiments = kundig__alloc(mem, list->made_count * sizeof *list->made_sentiments);
    list->made_moods = kundig__alloc(mem, list->made_count * sizeof *list->made_moods);
    return list->made_starts && list->made_values && list->made_most && list->made_sentiments &&
           list->made_moods;
}

static uint8_t group_theme_sentiment(const group_theme *theme)
{
    const bool *sides = theme->sides;
    if (sides[KUNDIG_SENTIMENT_MIXED] ||
        (sides[KUNDIG_SENTIMENT_NEGATIVE] && sides[KUNDIG_SENTIMENT_POSITIVE])) {
        return KUNDIG_SENTIMENT_MIXED;
    }
    return sides[KUNDIG_SENTIMENT_NEGATIVE]   ? KUNDIG_SENTIMENT_NEGATIVE
           : sides[KUNDIG_SENTIMENT_POSITIVE] ? KUNDIG_SENTIMENT_POSITIVE
           : sides[KUNDIG_SENTIMENT_NEUTRAL]  ? KUNDIG_SENTIMENT_NEUTRAL
                                              : KUNDIG_SENTIMENT_UNKNOWN;
}

/* Nearest thousandth, halves away from zero. */
static int16_t group_theme_mood(const group_theme *theme)
{
    int64_t half = theme->sum < 0 ? -(int64_t)(theme->known / 2) : (int64_t)(theme->known / 2);
    return theme->known ? (int16_t)((theme->sum + half) / (int64_t)theme->known) : 0;
}

/* The distinct themes of a row behind `count` values, in the order of its topics. */
static uint64_t group_list_row(kundig__group_list *list, const kundig__said *said,
                               group_theme *themes, uint32_t row, bool moods, uint64_t count)
{
    uint64_t first = count;
    for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
        uint16_t number = said->themes[said->topics[at]];
        group_theme *theme = &themes[number];
        if (theme->seen != row + 1) {
            *theme = (group_theme){.seen = row + 1};
            list->made_values[count++] = number;
        }
        if (moods && said->topic_sentiments[at]) {
            theme->sides[said->topic_sentiments[at]] = true;
            theme->sum += said->topic_values[at];
            theme->known++;
        }
    }
    for (uint64_t at = first; at < count; at++) {
        const group_theme *theme = &themes[list->made_values[at]];
        list->made_sentiments[at] = group_theme_sentiment(theme);
        list->made_moods[at] = group_theme_mood(theme);
    }
    return count;
}

static int group_list_themes(kundig__grouping *grouping, const kundig__said *said, bool moods,
                             kundig_error *err)
{
    kundig__group_list *list = &grouping->list;
    kundig__mem *mem = grouping->mem;
    size_t size = said->theme_names->count * sizeof(group_theme);
    group_theme *themes = kundig__alloc_zero(mem, size);
    uint64_t count = 0;
    int rc = group_list_made(list, mem, said) && themes ? KUNDIG_OK : kundig__nomem(mem, err);
    for (uint32_t row = 0; !rc && row < said->rows; row++) {
        list->made_starts[row] = count;
        count = group_list_row(list, said, themes, row, moods, count);
        uint32_t most = (uint32_t)(count - list->made_starts[row]);
        uint16_t *block_most = &list->made_most[row / KUNDIG__SAID_BLOCK];
        *block_most = most > *block_most ? (uint16_t)most : *block_most;
        list->most = most > list->most ? most : list->most;
    }
    if (!rc) {
        list->made_starts[said->rows] = count;
        list->starts = list->made_starts;
        list->values = list->made_values;
        list->block_most = list->made_most;
        list->sentiments = moods ? list->made_sentiments : NULL;
        list->moods = moods ? list->made_moods : NULL;
    }
    kundig__free(mem, themes, size);
    return rc;
}

/* What a value of the list is in a key. */
static int group_list_key(kundig__grouping *grouping, kundig__group_key *key,
                          const kundig__said *said, bool of_topics, kundig_error *err)
{
    size_t count = of_topics ? said->topic_names->count : said->theme_names->count;
    if (key->sentiment) {
        key->listed = KUNDIG__FIELD_SENTIMENT;
        kundig__free(grouping->mem, key->made.codes, key->made.capacity * sizeof *key->made.codes);
        key->made.codes = NULL;
        key->made.capacity = 0;
        key->codes = NULL;
        return KUNDIG_OK;
    }
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
    bool moods = !rc && grouping->corpus->said.mood_rows == said->rows;
    if (!rc && of_topics) {
        grouping->list.starts = said->starts;
        grouping->list.values = said->topics;
        grouping->list.block_most = said->block_most;
        grouping->list.most = said->most;
        grouping->list.sentiments = moods ? said->topic_sentiments : NULL;
        grouping->list.moods = moods ? said->topic_values : NULL;
    } else if (!rc) {
        rc = group_list_themes(grouping, said, moods, err);
    }
    grouping->list.row_sentiments = moods ? said->sentiments : NULL;
    for (size_t k = 0; k < grouping->key_count && !rc; k++) {
        if (grouping->keys[k].listed || grouping->keys[k].sentiment) {
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
    kundig__free(mem, list->made_sentiments, list->made_count * sizeof *list->made_sentiments);
    kundig__free(mem, list->made_moods, list->made_count * sizeof *list->made_moods);
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
    if (key->listed == KUNDIG__FIELD_SENTIMENT) {
        for (uint32_t i = 0; i < count; i++) {
            uint64_t at = starts[i] + layer;
            codes[i] = at < starts[i + 1] ? list->sentiments[at] : list->row_sentiments[first + i];
        }
        return;
    }
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

void kundig__grouping_values(const kundig__grouping *grouping, uint32_t layer, uint32_t first,
                             uint32_t count, int32_t *values)
{
    const kundig__group_list *list = &grouping->list;
    const kundig__said *said = &grouping->corpus->said.said;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = first + i;
        uint64_t at = list->starts ? list->starts[row] + layer : 0;
        bool listed = list->starts && at < list->starts[row + 1];
        bool known = listed ? list->sentiments[at] : said->sentiments[row];
        int32_t value = listed ? list->moods[at] : said->values[row];
        values[i] = known ? value : KUNDIG__SCORE_MISSING;
    }
}
