/* Which topics a filter names, and where a comment speaks of them.
 *
 * Named is what a record may meet: the topics of "=", "in", "contains" and comparisons, under an
 * even number of negations, and of "!=" under an odd one; a filter that names none in this sense
 * asks for all. Places are found in the comment as it came and told in the comment as it is shown:
 * one that lies in masked bytes covers the mask. Invariant: places are in order of start, end and
 * topic, and none comes twice. Cost: one more reading of each comment shown, and
 * sorting its hits. */
#include "corpus/evidence.h"

#include "base/text.h"
#include "corpus/filter.h"

/* ---- What the filter names ---- */

typedef struct evidence_walk {
    kundig__filter_maker maker;
    const kundig__said *said;
    uint8_t *named;
    bool asked;
    bool any;
} evidence_walk;

static int evidence_name(evidence_walk *walk, const kundig__node *node, int32_t type, bool positive)
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
static int evidence_node(evidence_walk *walk, uint32_t number, bool positive)
{
    const kundig__node *node = &walk->maker.query->nodes[number];
    int rc = KUNDIG_OK;
    if (node->op) {
        kundig__field field;
        rc = kundig__field_resolve(walk->maker.corpus, node->field, &field, walk->maker.err);
        if (!rc && (field.type == KUNDIG__FIELD_TOPIC || field.type == KUNDIG__FIELD_THEME)) {
            rc = evidence_name(walk, node, field.type, positive);
        }
        return rc;
    }
    for (size_t i = 0; i < node->child_count && !rc; i++) {
        rc = evidence_node(walk, node->children[i], positive != (node->how == KUNDIG_NONE_OF));
    }
    return rc;
}

/* Walked twice: whether topics are asked for at all, then which. */
static int evidence_find(kundig__evidence *evidence, const kundig_query *query, kundig_error *err)
{
    kundig__corpus *corpus = evidence->corpus;
    kundig__filter filter = {.corpus = corpus};
    evidence_walk walk = {
        .maker = {.filter = &filter, .corpus = corpus, .query = query, .err = err}};
    if (query->keep == KUNDIG__NO_NODE) {
        return KUNDIG_OK;
    }
    int rc = evidence_node(&walk, query->keep, true);
    if (rc || !walk.asked) {
        return rc;
    }
    rc = kundig__corpus_said(corpus, &walk.said, err);
    if (rc) {
        return rc;
    }
    evidence->named_count = walk.said->topic_names->count;
    evidence->named = kundig__alloc_zero(evidence->mem, evidence->named_count);
    if (!evidence->named) {
        return kundig__nomem(evidence->mem, err);
    }
    walk.named = evidence->named;
    kundig__arena_init(&filter.arena, evidence->mem);
    kundig__scratch_init(&walk.maker.scratch, evidence->mem);
    rc = evidence_node(&walk, query->keep, true);
    kundig__scratch_free(&walk.maker.scratch);
    kundig__arena_free(&filter.arena);
    if (!walk.any) {
        memset(evidence->named, 1, evidence->named_count);
    }
    evidence->said = walk.said;
    return rc;
}

int kundig__evidence_init(kundig__evidence *evidence, kundig__corpus *corpus,
                          const kundig_query *query, kundig_error *err)
{
    memset(evidence, 0, sizeof *evidence);
    evidence->corpus = corpus;
    evidence->mem = corpus->mem;
    kundig__personal_init(&evidence->personal, corpus->mem);
    kundig__buf_init(&evidence->masked, corpus->mem);
    kundig__buf_init(&evidence->topic_names, corpus->mem);
    kundig__buf_init(&evidence->places, corpus->mem);
    int rc = evidence_find(evidence, query, err);
    if (evidence->said) {
        kundig__reading_init(&evidence->reading, corpus->mem, evidence->said->model);
    }
    if (rc) {
        kundig__evidence_free(evidence);
    }
    return rc;
}

void kundig__evidence_free(kundig__evidence *evidence)
{
    if (evidence->said) {
        kundig__reading_free(&evidence->reading);
    }
    kundig__personal_free(&evidence->personal);
    kundig__buf_free(&evidence->masked);
    kundig__buf_free(&evidence->topic_names);
    kundig__buf_free(&evidence->places);
    kundig__free(evidence->mem, evidence->named, evidence->named_count);
    kundig__free(evidence->mem, evidence->masks, evidence->mask_capacity * sizeof(uint32_t));
    kundig__free(evidence->mem, evidence->hits, evidence->hit_capacity * sizeof(kundig__hit));
    kundig__free(evidence->mem, evidence->order, evidence->order_capacity * sizeof(uint32_t));
}

/* ---- A comment as it is shown ---- */

static int evidence_mask(kundig__evidence *evidence, kundig_text text, kundig_error *err)
{
    kundig__personal *personal = &evidence->personal;
    void *masks = evidence->masks;
    uint32_t shorter = 0; /* wraps where masks are longer than what they hide */
    int rc = kundig__personal_find(personal, text.data, text.len, evidence->corpus->context->mask);
    if (rc || !kundig__grow(evidence->mem, &masks, &evidence->mask_capacity, personal->count,
                            sizeof *evidence->masks)) {
        return kundig__nomem(evidence->mem, err);
    }
    evidence->masks = masks;
    for (size_t i = 0; i < personal->count; i++) {
        const kundig__personal_span *span = &personal->spans[i];
        uint32_t mask = (uint32_t)strlen(kundig__personal_name(span->kind)) + 2; /* its brackets */
        evidence->masks[i] = span->start - shorter;
        shorter += span->end - span->start - mask;
    }
    evidence->masked.len = 0;
    kundig__personal_mask(personal, text.data, text.len, &evidence->masked);
    if (evidence->masked.failed) {
        return kundig__nomem(evidence->mem, err);
    }
    evidence->text =
        kundig__text(evidence->masked.data ? evidence->masked.data : "", evidence->masked.len);
    return KUNDIG_OK;
}

/* Where a byte of the comment stands in the comment as shown. Within masked bytes it is where the
 * mask begins or, for the end of a place, ends. */
static uint32_t evidence_shown(const kundig__evidence *evidence, uint32_t at, bool is_end)
{
    const kundig__personal *personal = &evidence->personal;
    size_t low = 0; /* spans that begin before `at`, or at it where it is a start */
    size_t high = evidence->corpus->context->mask ? personal->count : 0;
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
    uint32_t mask = evidence->masks[low - 1];
    uint32_t mask_end = mask + (uint32_t)strlen(kundig__personal_name(span->kind)) + 2;
    if (at < span->end) {
        return is_end ? mask_end : mask;
    }
    return mask_end + (at - span->end);
}

static int evidence_order(const void *ud, uint32_t a, uint32_t b)
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

/* The hits that are asked for, at their places in the comment as shown, in order. */
static bool evidence_hits(kundig__evidence *evidence, size_t *count)
{
    const kundig__reading *reading = &evidence->reading;
    void *hits = evidence->hits;
    void *order = evidence->order;
    bool ok = kundig__grow(evidence->mem, &hits, &evidence->hit_capacity, reading->hit_count,
                           sizeof *evidence->hits) &&
              kundig__grow(evidence->mem, &order, &evidence->order_capacity, reading->hit_count,
                           sizeof *evidence->order);
    evidence->hits = hits;
    evidence->order = order;
    *count = 0;
    for (size_t i = 0; i < reading->hit_count && ok; i++) {
        if (evidence->named[reading->hits[i].topic]) {
            kundig__hit *hit = &evidence->hits[*count];
            *hit = reading->hits[i];
            hit->start = evidence_shown(evidence, hit->start, false);
            hit->end = evidence_shown(evidence, hit->end, true);
            evidence->order[*count] = (uint32_t)*count;
            ++*count;
        }
    }
    /* Places that were apart may cover one mask. */
    kundig__order_sort(evidence->order, *count, evidence_order, evidence->hits);
    return ok;
}

static bool evidence_places(kundig__evidence *evidence)
{
    kundig__buf *out = &evidence->places;
    size_t count;
    if (!evidence_hits(evidence, &count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const kundig__hit *hit = &evidence->hits[evidence->order[i]];
        if (i && evidence_order(evidence->hits, evidence->order[i - 1], evidence->order[i]) == 0) {
            continue; /* several rules may find one place */
        }
        if (i) {
            kundig__buf_str(out, "; ");
        }
        kundig__buf_int(out, hit->start);
        kundig__buf_char(out, '-');
        kundig__buf_int(out, hit->end);
        kundig__buf_char(out, ' ');
        kundig__buf_text(out, kundig__dict_text(evidence->said->topic_names, hit->topic));
    }
    return true;
}

static int evidence_topics(kundig__evidence *evidence, uint32_t row, kundig_text text,
                           kundig_error *err)
{
    const kundig__said *said = evidence->said;
    kundig__buf *names = &evidence->topic_names;
    uint64_t first = said->starts[row];
    evidence->places.len = 0;
    names->len = 0;
    for (uint64_t at = first; at < said->starts[row + 1]; at++) {
        if (at > first) {
            kundig__buf_str(names, ", ");
        }
        kundig__buf_text(names, kundig__dict_text(said->topic_names, said->topics[at]));
    }
    if (names->len) {
        int stated = kundig__corpus_stated_language(evidence->corpus, row);
        if (kundig__reading_run(&evidence->reading, text.data, text.len, stated) ||
            !evidence_places(evidence)) {
            return kundig__nomem(evidence->mem, err);
        }
    }
    if (names->failed || evidence->places.failed) {
        return kundig__nomem(evidence->mem, err);
    }
    if (names->len) {
        evidence->topics = kundig__text(names->data, names->len);
    }
    if (evidence->places.len) {
        evidence->evidence = kundig__text(evidence->places.data, evidence->places.len);
    }
    return KUNDIG_OK;
}

int kundig__evidence_show(kundig__evidence *evidence, uint32_t row, kundig_error *err)
{
    kundig_text text = kundig__corpus_text(evidence->corpus, row);
    int rc = KUNDIG_OK;
    evidence->text = text;
    evidence->topics = kundig__text(NULL, 0);
    evidence->evidence = kundig__text(NULL, 0);
    if (text.data && evidence->corpus->context->mask) {
        rc = evidence_mask(evidence, text, err);
    }
    if (!rc && text.data && evidence->said) {
        rc = evidence_topics(evidence, row, text, err);
    }
    return rc;
}
