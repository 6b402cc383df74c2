/* Which topics a filter names, and where a comment speaks of them, or holds the words searched.
 *
 * Named is what a record may meet: the topics of "=", "in", "contains" and comparisons, under an
 * even number of negations, and of "!=" under an odd one; a filter that names none in this sense
 * asks for all. Places are found in the comment as it came and told in the comment as it is shown:
 * one that lies in masked bytes covers the mask. Words are searched in the comment as it is shown:
 * what a mask hides is not found, and what is found inside a mask covers it. Invariant: places are
 * in order of start, end and topic, and none comes twice. Cost: one more reading of each comment
 * shown, and sorting its hits. */
#include "corpus/showing.h"

#include "base/text.h"
#include "corpus/filter.h"

/* ---- What the filter names ---- */

typedef struct showing_walk {
    kundig__filter_maker maker;
    const kundig__said *said;
    uint8_t *named;
    bool asked;
    bool any;
} showing_walk;

static int showing_name(showing_walk *walk, const kundig__node *node, int32_t type, bool positive)
{
    bool negates = node->op == KUNDIG_OP_NOT_EQUAL;
    uint8_t *pass = NULL;
    walk->asked = true;
    if (!walk->named || node->op == KUNDIG_OP_MISSING || positive == negates) {
        return KUNDIG_OK;
    }
    int rc = kundig__filter_topics(&walk->maker, node, type, walk->said, &pass);
    for (uint32_t topic = 0; !rc && topic < walk->said->topic_names->count; topic++) {
        bool names = pass[topic + 1] != negates;
        walk->named[topic] |= names;
        walk->any = walk->any || names;
    }
    return rc;
}

/* At most 64 deep, and bounded in all: kundig_query_combine() sees to it. */
static int showing_node(showing_walk *walk, uint32_t number, bool positive)
{
    const kundig__node *node = &walk->maker.query->nodes[number];
    int rc = KUNDIG_OK;
    if (node->op) {
        kundig__field field;
        rc = kundig__field_resolve(walk->maker.corpus, node->field, &field, walk->maker.err);
        if (!rc && (field.type == KUNDIG__FIELD_TOPIC || field.type == KUNDIG__FIELD_THEME)) {
            rc = showing_name(walk, node, field.type, positive);
        }
        return rc;
    }
    for (size_t i = 0; i < node->child_count && !rc; i++) {
        rc = showing_node(walk, node->children[i], positive != (node->how == KUNDIG_NONE_OF));
    }
    return rc;
}

/* Walked twice: whether topics are asked for at all, then which. */
static int showing_find(kundig__showing *showing, const kundig_query *query, kundig_error *err)
{
    kundig__corpus *corpus = showing->corpus;
    kundig__filter filter = {.corpus = corpus};
    showing_walk walk = {
        .maker = {.filter = &filter, .corpus = corpus, .query = query, .err = err}};
    if (query->keep == KUNDIG__NO_NODE) {
        return KUNDIG_OK;
    }
    int rc = showing_node(&walk, query->keep, true);
    if (rc || !walk.asked) {
        return rc;
    }
    rc = kundig__corpus_said(corpus, &walk.said, err);
    if (rc) {
        return rc;
    }
    showing->named_count = walk.said->topic_names->count;
    showing->named = kundig__alloc_zero(showing->mem, showing->named_count);
    if (!showing->named) {
        return kundig__nomem(showing->mem, err);
    }
    walk.named = showing->named;
    kundig__arena_init(&filter.arena, showing->mem);
    kundig__scratch_init(&walk.maker.scratch, showing->mem);
    rc = showing_node(&walk, query->keep, true);
    kundig__scratch_free(&walk.maker.scratch);
    kundig__arena_free(&filter.arena);
    if (!walk.any) {
        memset(showing->named, 1, showing->named_count);
    }
    showing->said = walk.said;
    return rc;
}

int kundig__showing_init(kundig__showing *showing, kundig__corpus *corpus,
                         const kundig_query *query, kundig_error *err)
{
    memset(showing, 0, sizeof *showing);
    showing->corpus = corpus;
    showing->mem = corpus->mem;
    kundig__finder_init(&showing->finder, corpus->mem);
    kundig__personal_init(&showing->personal, corpus->mem);
    kundig__buf_init(&showing->masked, corpus->mem);
    kundig__buf_init(&showing->topic_names, corpus->mem);
    kundig__buf_init(&showing->places, corpus->mem);
    int rc = showing_find(showing, query, err);
    if (showing->said) {
        kundig__reading_init(&showing->reading, corpus->mem, showing->said->model);
    }
    if (rc) {
        kundig__showing_free(showing);
    }
    return rc;
}

void kundig__showing_free(kundig__showing *showing)
{
    if (showing->said) {
        kundig__reading_free(&showing->reading);
    }
    kundig__finder_free(&showing->finder);
    kundig__personal_free(&showing->personal);
    kundig__buf_free(&showing->masked);
    kundig__buf_free(&showing->topic_names);
    kundig__buf_free(&showing->places);
    kundig__free(showing->mem, showing->named, showing->named_count);
    kundig__free(showing->mem, showing->masks, showing->mask_capacity * sizeof(uint32_t));
    kundig__free(showing->mem, showing->hits, showing->hit_capacity * sizeof(kundig__hit));
    kundig__free(showing->mem, showing->order, showing->order_capacity * sizeof(uint32_t));
}

/* ---- A comment as it is shown ---- */

static int showing_mask(kundig__showing *showing, kundig_text text, kundig_error *err)
{
    kundig__personal *personal = &showing->personal;
    void *masks = showing->masks;
    uint32_t shorter = 0; /* wraps where masks are longer than what they hide */
    int rc = kundig__personal_find(personal, text.data, text.len, showing->corpus->context->mask);
    if (rc || !kundig__grow(showing->mem, &masks, &showing->mask_capacity, personal->count,
                            sizeof *showing->masks)) {
        return kundig__nomem(showing->mem, err);
    }
    showing->masks = masks;
    for (size_t i = 0; i < personal->count; i++) {
        const kundig__personal_span *span = &personal->spans[i];
        uint32_t mask = (uint32_t)strlen(kundig__personal_name(span->kind)) + 2; /* its brackets */
        showing->masks[i] = span->start - shorter;
        shorter += span->end - span->start - mask;
    }
    showing->masked.len = 0;
    kundig__personal_mask(personal, text.data, text.len, &showing->masked);
    if (showing->masked.failed) {
        return kundig__nomem(showing->mem, err);
    }
    showing->text =
        kundig__text(showing->masked.data ? showing->masked.data : "", showing->masked.len);
    return KUNDIG_OK;
}

static uint32_t showing_mask_end(const kundig__showing *showing, size_t span)
{
    const char *name = kundig__personal_name(showing->personal.spans[span].kind);
    return showing->masks[span] + (uint32_t)strlen(name) + 2;
}

/* Where a byte of the comment stands in the comment as shown. Within masked bytes it is where the
 * mask begins or, for the end of a place, ends. */
static uint32_t showing_shown(const kundig__showing *showing, uint32_t at, bool is_end)
{
    const kundig__personal *personal = &showing->personal;
    size_t low = 0; /* spans that begin before `at`, or at it where it is a start */
    size_t high = showing->corpus->context->mask ? personal->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t start = personal->spans[middle].start;
        if (start < at || (start == at && !is_end)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return at;
    }
    const kundig__personal_span *span = &personal->spans[low - 1];
    uint32_t mask_end = showing_mask_end(showing, low - 1);
    if (at < span->end) {
        return is_end ? mask_end : showing->masks[low - 1];
    }
    return mask_end + (at - span->end);
}

kundig__range kundig__showing_place(const kundig__showing *showing, kundig__range range)
{
    return (kundig__range){showing_shown(showing, range.start, false),
                           showing_shown(showing, range.end, true)};
}

static int showing_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__hit *x = (const kundig__hit *)ud + a;
    const kundig__hit *y = (const kundig__hit *)ud + b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    if (x->end != y->end) {
        return x->end < y->end ? -1 : 1;
    }
    return (x->topic > y->topic) - (x->topic < y->topic);
}

/* Hits of the topics that are asked for, at their places in the comment as shown. */
static void showing_topic_hits(kundig__showing *showing, size_t *count)
{
    const kundig__reading *reading = &showing->reading;
    for (size_t i = 0; i < reading->hit_count; i++) {
        if (showing->named[reading->hits[i].topic]) {
            kundig__hit *hit = &showing->hits[(*count)++];
            *hit = reading->hits[i];
            hit->start = showing_shown(showing, hit->start, false);
            hit->end = showing_shown(showing, hit->end, true);
        }
    }
}

/* The words that were searched, with the masks that they touch. */
static void showing_word_hits(kundig__showing *showing, size_t *count)
{
    size_t span = 0;
    size_t spans = showing->corpus->context->mask ? showing->personal.count : 0;
    for (size_t i = 0; i < showing->finder.place_count; i++) {
        const kundig__find_place *place = &showing->finder.places[i];
        kundig__hit *hit = &showing->hits[(*count)++];
        *hit = (kundig__hit){.start = place->start, .end = place->end, .topic = KUNDIG__NO_TOPIC};
        while (span < spans && showing_mask_end(showing, span) <= place->start) {
            span++;
        }
        for (size_t at = span; at < spans && showing->masks[at] < place->end; at++) {
            uint32_t end = showing_mask_end(showing, at);
            hit->start = hit->start < showing->masks[at] ? hit->start : showing->masks[at];
            hit->end = hit->end > end ? hit->end : end;
        }
    }
}

/* All places that are asked for, in order. */
static bool showing_hits(kundig__showing *showing, bool topics, size_t *count)
{
    void *hits = showing->hits;
    void *order = showing->order;
    size_t most = (topics ? showing->reading.hit_count : 0) +
                  (showing->find ? showing->finder.place_count : 0);
    bool ok =
        kundig__grow(showing->mem, &hits, &showing->hit_capacity, most, sizeof *showing->hits) &&
        kundig__grow(showing->mem, &order, &showing->order_capacity, most, sizeof *showing->order);
    showing->hits = hits;
    showing->order = order;
    *count = 0;
    if (ok && topics) {
        showing_topic_hits(showing, count);
    }
    if (ok && showing->find) {
        showing_word_hits(showing, count);
    }
    for (size_t i = 0; i < *count; i++) {
        showing->order[i] = (uint32_t)i;
    }
    /* Places that were apart may cover one mask. */
    kundig__order_sort(showing->order, *count, showing_order, showing->hits);
    return ok;
}

static int showing_places(kundig__showing *showing, bool topics, kundig_error *err)
{
    kundig__buf *out = &showing->places;
    size_t count;
    out->len = 0;
    if (!showing_hits(showing, topics, &count)) {
        return kundig__nomem(showing->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        const kundig__hit *hit = &showing->hits[showing->order[i]];
        if (i && showing_order(showing->hits, showing->order[i - 1], showing->order[i]) == 0) {
            continue; /* several rules may find one place */
        }
        if (i) {
            kundig__buf_str(out, "; ");
        }
        kundig__buf_int(out, hit->start);
        kundig__buf_char(out, '-');
        kundig__buf_int(out, hit->end);
        if (hit->topic != KUNDIG__NO_TOPIC) {
            kundig__buf_char(out, ' ');
            kundig__buf_text(out, kundig__dict_text(showing->said->topic_names, hit->topic));
        }
    }
    if (out->failed) {
        return kundig__nomem(showing->mem, err);
    }
    if (out->len) {
        showing->evidence = kundig__text(out->data, out->len);
    }
    return KUNDIG_OK;
}

/* The names of the topics, and the comment read again if it has any. */
static int showing_topics(kundig__showing *showing, uint32_t row, kundig_text text,
                          kundig_error *err)
{
    const kundig__said *said = showing->said;
    kundig__buf *names = &showing->topic_names;
    uint64_t first = said->starts[row];
    names->len = 0;
    for (uint64_t at = first; at < said->starts[row + 1]; at++) {
        if (at > first) {
            kundig__buf_str(names, ", ");
        }
        kundig__buf_text(names, kundig__dict_text(said->topic_names, said->topics[at]));
    }
    if (names->len) {
        int stated = kundig__corpus_stated_language(showing->corpus, row);
        if (kundig__reading_run(&showing->reading, text.data, text.len, stated)) {
            return kundig__nomem(showing->mem, err);
        }
    }
    if (names->failed) {
        return kundig__nomem(showing->mem, err);
    }
    if (names->len) {
        showing->topics = kundig__text(names->data, names->len);
    }
    return KUNDIG_OK;
}

int kundig__showing_show(kundig__showing *showing, uint32_t row, kundig_error *err)
{
    kundig_text text = kundig__corpus_text(showing->corpus, row);
    int rc = KUNDIG_OK;
    bool met;
    showing->text = text;
    showing->topics = kundig__text(NULL, 0);
    showing->evidence = kundig__text(NULL, 0);
    if (!text.data) {
        return KUNDIG_OK;
    }
    if (showing->corpus->context->mask) {
        rc = showing_mask(showing, text, err);
    }
    if (!rc && showing->said) {
        rc = showing_topics(showing, row, text, err);
    }
    if (!rc && showing->find &&
        kundig__finder_read(&showing->finder, showing->find, showing->text.data, showing->text.len,
                            true, &met)) {
        rc = kundig__nomem(showing->mem, err);
    }
    if (!rc && (showing->find || showing->topics.data)) {
        rc = showing_places(showing, showing->topics.data != NULL, err);
    }
    return rc;
}
