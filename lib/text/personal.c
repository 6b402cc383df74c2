/* Personal data: the view of a text is made, each kind's rules take their spans in it, and what was
 * taken becomes spans of the text's own bytes.
 *
 * The rules go round until they take nothing more: what was taken may have stood in the way of
 * another span, and masking a masked text shall change nothing.
 * Invariant: what is taken is never seen again, so spans do not overlap; a span is widened to whole
 * grapheme clusters at the end, and one that shares a cluster with the span before it begins behind
 * it. Cost: linear in the text whatever it holds; memory about 5 bytes a byte of text that is not
 * ASCII, 1 of one that is, and 12 a place to look at. */
#include "text/personal.h"

#include "text/personal_view.h"

static const char *const personal_kinds[] = {"e-mail", "phone",   "IBAN", "card",
                                             "URL",    "address", "name"};
#define PERSONAL_ROUNDS     8 /* two do, but for texts made to need more */
#define PERSONAL_KIND_COUNT (sizeof personal_kinds / sizeof *personal_kinds)

const char *kundig__personal_name(uint32_t kind)
{
    for (size_t i = 0; i < PERSONAL_KIND_COUNT; i++) {
        if (kind == UINT32_C(1) << i) {
            return personal_kinds[i];
        }
    }
    return NULL;
}

void kundig__personal_init(kundig__personal *personal, kundig__mem *mem)
{
    memset(personal, 0, sizeof *personal);
    personal->mem = mem;
    kundig__view_cues(personal);
}

void kundig__personal_free(kundig__personal *personal)
{
    kundig__mem *mem = personal->mem;
    kundig__free(mem, personal->spans, personal->capacity * sizeof *personal->spans);
    kundig__free(mem, personal->plain, personal->plain_capacity);
    kundig__free(mem, personal->places, personal->place_capacity * sizeof *personal->places);
    kundig__free(mem, personal->marks, personal->mark_capacity * sizeof *personal->marks);
    kundig__personal_init(personal, mem);
}

/* Goes over the grapheme clusters of a text once. */
typedef struct personal_clusters {
    const char *text;
    size_t len;
    size_t start; /* of the last cluster that was seen */
    size_t end;
} personal_clusters;

/* Let the last cluster seen be the one that holds the byte `pos`, which no cluster before it
 * does. */
static void personal_cluster_at(personal_clusters *at, size_t pos)
{
    while (at->end <= pos && at->end < at->len) {
        uint32_t before;
        uint32_t after;
        int32_t state = 0;
        at->start = at->end;
        at->end += kundig__utf8_decode(at->text + at->end, at->len - at->end, &before);
        while (at->end < at->len) {
            size_t step = kundig__utf8_decode(at->text + at->end, at->len - at->end, &after);
            if (kundig__utf8_breaks(before, after, &state)) {
                break;
            }
            before = after;
            at->end += step;
        }
    }
}

static bool personal_keep(kundig__personal *p, size_t start, size_t end, uint32_t kind)
{
    void *spans = p->spans;
    if (!kundig__grow(p->mem, &spans, &p->capacity, p->count + 1, sizeof *p->spans)) {
        return false;
    }
    p->spans = spans;
    kundig__personal_span *span = &p->spans[p->count++];
    span->start = (uint32_t)start;
    span->end = (uint32_t)end;
    span->kind = kind;
    return true;
}

/* What was taken in the view, as spans of the text. */
static bool personal_collect(kundig__personal *p, const char *text, size_t len, uint32_t kinds)
{
    const unsigned char *plain = (const unsigned char *)p->plain;
    personal_clusters clusters = {text, len, 0, 0};
    size_t behind = 0; /* the last span, whether it was asked for or not */
    for (size_t i = 0; i < p->plain_len; i++) {
        if (plain[i] < VIEW_START) {
            continue;
        }
        size_t last = i;
        while (last + 1 < p->plain_len && plain[last + 1] == VIEW_TAKEN) {
            last++;
        }
        uint32_t kind = UINT32_C(1) << (plain[i] - VIEW_START);
        size_t start = i;
        size_t end = last + 1;
        if (!p->is_ascii) {
            personal_cluster_at(&clusters, p->places[i]);
            start = clusters.start > behind ? clusters.start : behind;
            personal_cluster_at(&clusters, p->places[last]);
            end = clusters.end;
        }
        i = last;
        if (start >= end) {
            continue;
        }
        behind = end;
        if ((kind & kinds) && !personal_keep(p, start, end, kind)) {
            return false;
        }
    }
    return true;
}

int kundig__personal_find(kundig__personal *personal, const char *text, size_t len, uint32_t kinds)
{
    personal->count = 0;
    if (len >= KUNDIG__PERSONAL_MOST) {
        return KUNDIG_E_LIMIT;
    }
    if (len == 0) {
        return KUNDIG_OK;
    }
    if (!kundig__view_make(personal, text, len)) {
        return kundig__nomem(personal->mem, NULL);
    }
    if (personal->mark_count == 0) {
        return KUNDIG_OK;
    }
    bool found = false;
    for (int round = 0; round < PERSONAL_ROUNDS; round++) {
        personal->has_found = false;
        kundig__personal_urls(personal);
        kundig__personal_emails(personal);
        kundig__personal_accounts(personal);
        kundig__personal_phones(personal);
        kundig__personal_addresses(personal);
        kundig__personal_names(personal);
        if (!personal->has_found) {
            break;
        }
        found = true;
    }
    if (found && !personal_collect(personal, text, len, kinds)) {
        return kundig__nomem(personal->mem, NULL);
    }
    return KUNDIG_OK;
}

void kundig__personal_mask(const kundig__personal *personal, const char *text, size_t len,
                           kundig__buf *out)
{
    size_t pos = 0;
    for (size_t i = 0; i < personal->count; i++) {
        const kundig__personal_span *span = &personal->spans[i];
        kundig__buf_add(out, text + pos, span->start - pos);
        kundig__buf_char(out, '[');
        kundig__buf_str(out, kundig__personal_name(span->kind));
        kundig__buf_char(out, ']');
        pos = span->end;
    }
    if (pos < len) {
        kundig__buf_add(out, text + pos, len - pos);
    }
}
