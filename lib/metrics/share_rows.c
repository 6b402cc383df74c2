/* Topics beside groups, in order of all their keys, wherever the keys of topics stand among them.
 *
 * Both lists are ordered on their own. Walking the keys from the first one, each stretch of groups
 * (or of topics) with an equal key is parted from the next; behind the last key one of each is
 * left. Invariant: count = groups x topics, each pair once.
 * Cost: rows times keys steps, topics log topics comparisons of texts; 8 bytes a row. */
#include "base/order.h"
#include "base/text.h"
#include "metrics/share.h"

typedef struct rows_walk {
    const kundig__share_keys *keys;
    const uint8_t *group_differ;
    const uint8_t *topic_differ;
    const uint32_t *topics;
    kundig__share_rows *out;
} rows_walk;

typedef struct rows_texts {
    const kundig_text *texts;
    size_t count; /* a topic */
} rows_texts;

size_t kundig__share_topic_keys(const kundig__share_keys *keys)
{
    size_t count = 0;
    for (size_t key = 0; key < keys->count; key++) {
        count += keys->topics >> key & 1;
    }
    return count;
}

void kundig__share_rows_free(kundig__share_rows *rows)
{
    if (rows->rows) {
        kundig__free(rows->mem, rows->rows, rows->count * sizeof *rows->rows);
        rows->rows = NULL;
    }
}

static int rows_order(const void *ud, uint32_t a, uint32_t b)
{
    const rows_texts *texts = ud;
    int order = 0;
    for (size_t i = 0; i < texts->count && order == 0; i++) {
        order = kundig__text_order(texts->texts[a * texts->count + i],
                                   texts->texts[b * texts->count + i]);
    }
    return order;
}

/* The first of all keys in which each topic is another than the one before. */
static void rows_differ(const kundig__share_keys *keys, const rows_texts *texts,
                        const uint32_t *topics, size_t topic_count, uint8_t *differ)
{
    for (size_t i = 0; i < topic_count; i++) {
        size_t at = 0;
        for (size_t key = 0; key < keys->count; key++) {
            if (keys->topics >> key & 1) {
                differ[i] = (uint8_t)key;
                if (i == 0 ||
                    kundig__text_order(texts->texts[topics[i - 1] * texts->count + at],
                                       texts->texts[topics[i] * texts->count + at]) != 0) {
                    break;
                }
                at++;
            }
        }
    }
}

/* Groups [group, group_end) and topics [topic, topic_end) are equal in all keys before `key`. */
static void rows_walk_keys(const rows_walk *walk, size_t key, size_t group, size_t group_end,
                           size_t topic, size_t topic_end)
{
    if (key == walk->keys->count) {
        walk->out->rows[walk->out->count++] =
            (kundig__share_row){(uint32_t)group, walk->topics[topic]};
    } else if (walk->keys->topics >> key & 1) {
        for (size_t end = topic; topic < topic_end; topic = end) {
            for (end = topic + 1; end < topic_end && walk->topic_differ[end] > key; end++) {
            }
            rows_walk_keys(walk, key + 1, group, group_end, topic, end);
        }
    } else {
        for (size_t end = group; group < group_end; group = end) {
            for (end = group + 1; end < group_end && walk->group_differ[end] > key; end++) {
            }
            rows_walk_keys(walk, key + 1, group, end, topic, topic_end);
        }
    }
}

int kundig__share_rows_new(kundig__mem *mem, const kundig__share_keys *keys, size_t group_count,
                           const uint8_t *differ, const kundig_text *topic_texts, uint32_t *topics,
                           size_t topic_count, kundig__share_rows *out, kundig_error *err)
{
    rows_texts texts = {topic_texts, kundig__share_topic_keys(keys)};
    size_t count;
    size_t size;
    *out = (kundig__share_rows){mem, NULL, 0};
    if (!kundig__size_mul(group_count, topic_count, &count) ||
        !kundig__size_mul(count, sizeof *out->rows, &size)) {
        return kundig__nomem(mem, err);
    }
    uint8_t *topic_differ = kundig__alloc(mem, topic_count);
    kundig__share_row *rows = topic_differ ? kundig__alloc(mem, size) : NULL;
    if (!rows) {
        kundig__free(mem, topic_differ, topic_count);
        return kundig__nomem(mem, err);
    }
    kundig__order_sort(topics, topic_count, rows_order, &texts);
    rows_differ(keys, &texts, topics, topic_count, topic_differ);
    out->rows = rows;
    if (count) {
        rows_walk walk = {keys, differ, topic_differ, topics, out};
        rows_walk_keys(&walk, 0, 0, group_count, 0, topic_count);
    }
    kundig__free(mem, topic_differ, topic_count);
    return KUNDIG_OK;
}
