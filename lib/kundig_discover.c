/* The door of discovery: topics that nobody named, found in the facts, and topics that become
 * taught ones. Invariant and company: kundig.c. */
#include "base/calendar.h"
#include "base/text.h"
#include "corpus/collect.h"
#include "corpus/said.h"
#include "door.h"
#include "topics/discovered.h"

#define DISCOVER_LABELS ((size_t)50)

int kundig_discover(kundig *k, const kundig_query *query, const kundig_discover_options *options,
                    kundig_model **out, kundig_error *err)
{
    kundig_discover_options known;
    kundig_query *everything = NULL;
    kundig_model *base = NULL;
    int rc = kundig__discover_options(options, &known, err);
    rc = rc ? rc : kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = out ? kundig__door_model(k, &base, err) : kundig__door_missing(err, "out");
    if (!rc && !query) {
        rc = kundig_query_new(&k->context.mem.hook, &everything);
        rc = rc ? kundig__fail(err, rc, 0, "out of memory") : KUNDIG_OK;
    }
    rc =
        rc ? rc
           : kundig__corpus_discover(k->corpus, base, query ? query : everything, &known, out, err);
    kundig_query_free(everything);
    return kundig__door_leave(k, rc);
}

/* ---- A discovered topic becomes a taught one ---- */

/* What is said of its records. */
typedef struct discover_wish {
    kundig_text topic;
    kundig_text name;
    kundig_text by;
    int64_t time_ms;
    uint32_t *rows;
    size_t capacity; /* of rows */
    size_t count;
} discover_wish;

static int discover_wish_check(const discover_wish *wish, kundig_error *err)
{
    if ((!wish->topic.data && wish->topic.len) || (!wish->name.data && wish->name.len) ||
        (!wish->by.data && wish->by.len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a text with a length is NULL");
    }
    if (wish->time_ms != KUNDIG_TIME_ABSENT && !kundig__time_in_range(wish->time_ms)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "time lies outside the years 0001 to 9999");
    }
    if (!kundig__label_is_name(wish->name)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "name is none: 1 to %u bytes of UTF-8 without control characters",
                            KUNDIG__MOST_LABEL);
    }
    return KUNDIG_OK;
}

/* The number of a discovered topic in the model that reads the comments. */
static int discover_find(kundig *k, kundig_text name, uint32_t *topic, kundig_error *err)
{
    const kundig_model *model = NULL;
    int rc = kundig__corpus_model(k->corpus, &model, err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < kundig__model_topic_count(model); i++) {
        const kundig__topic_info *info = kundig__model_topic(model, i);
        if (info->cluster != KUNDIG__NO_CLASS && kundig__text_equal(info->name, name)) {
            *topic = (uint32_t)i;
            return KUNDIG_OK;
        }
    }
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                        "the model in use has not discovered '%.*s', or it is hidden or part of "
                        "another topic: see kundig_model_discovered()",
                        kundig__shown(name), name.data ? name.data : "");
}

static int discover_label(kundig *k, const discover_wish *wish, uint32_t row, kundig_added *counts,
                          kundig_error *err)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_LABELS};
    kundig_label *label = &fact.as.label;
    kundig_label_init(label);
    label->source =
        kundig__dimension_text(kundig__corpus_dimension(k->corpus, KUNDIG__DIM_SOURCE), row);
    label->id = kundig__corpus_id(k->corpus, row);
    label->topic = wish->name;
    label->by = wish->by;
    label->updated_ms = wish->time_ms;
    return kundig__fact_add(k->corpus, &fact, counts, NULL, err);
}

/* Labels and the edit: all or nothing. */
static int discover_say(kundig *k, const discover_wish *wish, kundig_added *counts,
                        kundig_error *err)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_EDITS};
    kundig_edit *edit = &fact.as.edit;
    int rc = kundig__batch_begin(k->corpus, err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < wish->count && !rc; i++) {
        rc = discover_label(k, wish, wish->rows[i], counts, err);
    }
    kundig_edit_init(edit);
    edit->kind = KUNDIG_EDIT_KNOWN;
    edit->topic = wish->topic;
    edit->name = wish->name;
    edit->by = wish->by;
    edit->updated_ms = wish->time_ms;
    rc = rc ? rc : kundig__fact_add(k->corpus, &fact, counts, NULL, err);
    if (rc) {
        kundig__batch_abandon(k->corpus);
    } else {
        kundig__batch_commit(k->corpus);
    }
    return rc;
}

/* Of a handle that was entered. */
static int discover_turn(kundig *k, discover_wish *wish, size_t limit, kundig_added *counts,
                         kundig_error *err)
{
    uint32_t topic = 0;
    int rc = kundig__door_begin(k, err);
    if (rc) {
        return rc;
    }
    rc = discover_find(k, wish->topic, &topic, err);
    if (!rc) {
        size_t rows = kundig__corpus_rows(k->corpus);
        wish->capacity = limit < rows ? limit : rows;
        wish->rows = kundig__alloc(&k->context.mem, wish->capacity * sizeof *wish->rows);
        rc = wish->rows ? KUNDIG_OK : kundig__nomem(&k->context.mem, err);
    }
    rc =
        rc ? rc
           : kundig__corpus_surest(k->corpus, topic, wish->rows, wish->capacity, &wish->count, err);
    rc = rc ? rc : discover_say(k, wish, counts, err);
    kundig__free(&k->context.mem, wish->rows, wish->rows ? wish->capacity * sizeof *wish->rows : 0);
    return kundig__door_commit(k, rc, err);
}

int kundig_label_discovered(kundig *k, kundig_text topic, kundig_text name, size_t limit,
                            kundig_text by, int64_t time_ms, kundig_added *added, kundig_error *err)
{
    discover_wish wish = {.topic = topic, .name = name, .by = by, .time_ms = time_ms};
    kundig_added counts;
    uint32_t added_size = 0;
    int rc = kundig__door_added_size(added, &added_size, err);
    rc = rc ? rc : kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    kundig_added_init(&counts);
    rc = discover_wish_check(&wish, err);
    rc = rc ? rc : discover_turn(k, &wish, limit ? limit : DISCOVER_LABELS, &counts, err);
    if (!rc) {
        kundig__door_added_write(added, added_size, &counts);
    }
    return kundig__door_leave(k, rc);
}
