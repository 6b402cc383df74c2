/* Shares by topic out of a state: a topic's group beside the base of its other keys.
 *
 * A group holds the comments with its topic, its base all of them; a customer of the group is one
 * of the base. Put together they are the cell of x = 1 with the topic, 0 without, for every topic
 * that somebody speaks of, beside every base. Invariant: what passed kundig__state_share_check()
 * can be put together. Cost: topics times bases (log groups + members of the base). */
#include "base/order.h"
#include "base/text.h"
#include "metrics/share.h"
#include "metrics/state.h"

/* Topics that occur, as the keys they stand under. */
typedef struct state_topics {
    kundig__mem *mem;
    kundig_text *texts; /* of each group; of no topic in front */
    size_t text_count;
    uint32_t *numbers; /* distinct ones */
    size_t capacity;
    size_t count;
} state_topics;

bool kundig__state_is_share(const kundig__state_head *head)
{
    return head->topic_keys && head->asked.metric->reads == KUNDIG__READS_TOPICS;
}

/* Keys of a topic or of all the rest; wanted is a bit a key. */
static int state_part_order(const kundig_text *a, const kundig_text *b, size_t key_count,
                            uint32_t wanted)
{
    int order = 0;
    for (size_t key = 0; key < key_count && order == 0; key++) {
        if (wanted >> key & 1) {
            order = kundig__text_order(a[key], b[key]);
        }
    }
    return order;
}

/* NULL: there is none of these keys. */
static const kundig__state_group *state_find(const kundig__state_list *list,
                                             const kundig_text *keys, size_t key_count,
                                             uint32_t wanted)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = state_part_order(list->groups[middle].keys, keys, key_count, wanted);
        if (order == 0) {
            return &list->groups[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* The cell of a topic among the comments of a base; group NULL: nobody speaks of it there. */
static bool state_share_cell(const kundig__state_group *base, const kundig__state_group *group,
                             const kundig__asked *asked, kundig__cell *cell)
{
    bool fits = true;
    size_t at = 0;
    *cell = base->cell;
    if (group) {
        cell->wx = group->cell.w;
        cell->wxx = group->cell.w;
        cell->wwx = group->cell.ww;
        cell->wwxx = group->cell.ww;
        cell->cwx = group->cell.cww; /* of the nameless: W = X */
        cell->cxx = group->cell.cww;
    }
    for (size_t i = 0; i < base->member_count; i++) {
        const kundig__state_member *member = &base->members[i];
        kundig__i128 x = 0;
        if (group && at < group->member_count &&
            memcmp(group->members[at].pseudonym.bytes, member->pseudonym.bytes,
                   sizeof member->pseudonym.bytes) == 0) {
            x = group->members[at].w;
            fits = group->members[at].n <= member->n && x <= member->w && fits;
            at++;
        }
        fits = kundig__cell_customer(cell, asked, member->w, x) && fits;
    }
    return fits && (!group || at == group->member_count);
}

const char *kundig__state_share_check(const kundig_state *state)
{
    const kundig__state_head *head = &state->head;
    const kundig__state_list *groups = &state->lists[KUNDIG__STATE_GROUPS];
    const kundig__state_list *bases = &state->lists[KUNDIG__STATE_BASES];
    for (size_t i = 0; i < bases->count; i++) {
        for (size_t key = 0; key < head->key_count; key++) {
            if (head->topic_keys >> key & 1 && bases->groups[i].keys[key].data) {
                return "a base has a topic";
            }
        }
    }
    for (size_t i = 0; i < groups->count; i++) {
        const kundig__state_group *group = &groups->groups[i];
        const kundig__state_group *base =
            state_find(bases, group->keys, head->key_count, ~head->topic_keys);
        kundig__cell cell;
        if (!base || group->cell.selected > base->cell.selected || group->cell.n > base->cell.n ||
            group->cell.nameless > base->cell.nameless || group->cell.w > base->cell.w ||
            group->cell.ww > base->cell.ww || group->cell.cww > base->cell.cww ||
            !state_share_cell(base, group, &head->asked, &cell)) {
            return "a topic's records are not among all";
        }
    }
    return NULL;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static int state_topic_order(const void *ud, uint32_t a, uint32_t b)
{
    const state_topics *topics = ud;
    size_t keys = topics->text_count / topics->capacity;
    int order = 0;
    for (size_t key = 0; key < keys && order == 0; key++) {
        order = kundig__text_order(topics->texts[a * keys + key], topics->texts[b * keys + key]);
    }
    return order;
}

static void state_topics_free(state_topics *topics)
{
    kundig__free(topics->mem, topics->texts, topics->text_count * sizeof *topics->texts);
    kundig__free(topics->mem, topics->numbers, topics->capacity * sizeof *topics->numbers);
}

static int state_topics_new(const kundig_state *state, const kundig__share_keys *keys,
                            state_topics *topics, kundig_error *err)
{
    const kundig__state_list *groups = &state->lists[KUNDIG__STATE_GROUPS];
    size_t key_count = kundig__share_topic_keys(keys);
    topics->capacity = groups->count + 1;
    topics->text_count = topics->capacity * key_count;
    topics->texts = kundig__alloc_zero(topics->mem, topics->text_count * sizeof *topics->texts);
    topics->numbers = kundig__alloc(topics->mem, topics->capacity * sizeof *topics->numbers);
    if (!topics->texts || !topics->numbers) {
        return kundig__nomem(topics->mem, err);
    }
    kundig_text *text = topics->texts + key_count;
    for (size_t i = 0; i < groups->count; i++) {
        for (size_t key = 0; key < keys->count; key++) {
            if (keys->topics >> key & 1) {
                *text++ = groups->groups[i].keys[key];
            }
        }
    }
    for (size_t i = 0; i < topics->capacity; i++) {
        topics->numbers[i] = (uint32_t)i;
    }
    kundig__order_sort(topics->numbers, topics->capacity, state_topic_order, topics);
    for (size_t i = 0; i < topics->capacity; i++) {
        if (i == 0 || state_topic_order(topics, topics->numbers[i - 1], topics->numbers[i]) != 0) {
            topics->numbers[topics->count++] = topics->numbers[i];
        }
    }
    return KUNDIG_OK;
}

static void state_share_row(const kundig_state *state, const kundig__state_group *base,
                            const kundig_text *topic, const kundig__answer_columns *columns,
                            kundig_table *table)
{
    const kundig__state_head *head = &state->head;
    kundig_text keys[KUNDIG__STATE_MAX_KEYS];
    kundig__cell cell;
    kundig__table_row(table);
    for (size_t key = 0; key < head->key_count; key++) {
        keys[key] = head->topic_keys >> key & 1 ? *topic++ : base->keys[key];
        kundig__table_set_text(table, key, keys[key]);
    }
    const kundig__state_group *group =
        state_find(&state->lists[KUNDIG__STATE_GROUPS], keys, head->key_count, ~UINT32_C(0));
    (void)state_share_cell(base, group, &head->asked, &cell); /* checked when it came to be */
    kundig__answer_row(table, columns, &head->asked, &cell);
}

int kundig__state_share_rows(const kundig_state *state, const kundig__answer_columns *columns,
                             kundig_table *table, kundig__mem *mem, kundig_error *err)
{
    const kundig__state_list *bases = &state->lists[KUNDIG__STATE_BASES];
    const kundig__share_keys keys = {state->head.key_count, state->head.topic_keys};
    state_topics topics = {mem, NULL, 0, NULL, 0, 0};
    kundig__share_rows rows = {0};
    uint8_t *differ = kundig__alloc_zero(mem, bases->count);
    int rc = differ ? state_topics_new(state, &keys, &topics, err) : kundig__nomem(mem, err);
    for (size_t i = 1; !rc && i < bases->count; i++) {
        const kundig_text *before = bases->groups[i - 1].keys;
        const kundig_text *here = bases->groups[i].keys;
        while (kundig__text_order(before[differ[i]], here[differ[i]]) == 0) {
            differ[i]++; /* no two bases have the same keys */
        }
    }
    rc = rc ? rc
            : kundig__share_rows_new(mem, &keys, bases->count, differ, topics.texts, topics.numbers,
                                     topics.count, &rows, err);
    for (size_t i = 0; !rc && i < rows.count; i++) {
        const kundig_text *topic =
            topics.texts + rows.rows[i].topic * kundig__share_topic_keys(&keys);
        state_share_row(state, &bases->groups[rows.rows[i].group], topic, columns, table);
    }
    kundig__share_rows_free(&rows);
    state_topics_free(&topics);
    kundig__free(mem, differ, bases->count);
    return rc;
}
