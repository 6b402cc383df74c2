/* What people say of discovered topics: checked, and heeded where no fit is needed.
 *
 * Invariants: of what is said of one matter the latest counts, whoever said it, and what was taken
 * back is as if nobody had said it; of things said at one time the first in order of bytes counts,
 * so the order of edits changes nothing. What names topics that are not there says nothing.
 * Cost: n log n in the edits. */
#include "topics/edits.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "base/options.h"
#include "base/order.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topics/compiled.h"

#define EDITS_MOST_WORDS 2000u /* bytes */

/* ---- One edit ------------------------------------------------------------------------------- */

/* Fields of an edit that are texts, in order of comparing. */
enum { TOPIC, OTHER, WORDS, SOURCE, ID, OTHER_SOURCE, OTHER_ID, NAME, EDIT_TEXTS };

static const char *const edit_fields[EDIT_TEXTS] = {"topic", "other",        "words",    "source",
                                                    "id",    "other_source", "other_id", "name"};

#define BIT(field) (1u << (field))

/* What a kind needs, and what it may have beside. */
static const struct edit_form {
    const char *name;
    unsigned needs;
    unsigned may;
} edit_forms[] = {
    [KUNDIG_EDIT_RENAME] = {"rename", BIT(TOPIC) | BIT(NAME), 0},
    [KUNDIG_EDIT_MERGE] = {"merge", BIT(TOPIC) | BIT(OTHER), 0},
    [KUNDIG_EDIT_SPLIT] = {"split", BIT(TOPIC) | BIT(NAME), BIT(WORDS) | BIT(SOURCE) | BIT(ID)},
    [KUNDIG_EDIT_PIN] = {"pin", BIT(TOPIC), 0},
    [KUNDIG_EDIT_HIDE] = {"hide", BIT(TOPIC), 0},
    [KUNDIG_EDIT_TOGETHER] = {"together", BIT(ID) | BIT(OTHER_ID), BIT(SOURCE) | BIT(OTHER_SOURCE)},
    [KUNDIG_EDIT_APART] = {"apart", BIT(ID) | BIT(OTHER_ID), BIT(SOURCE) | BIT(OTHER_SOURCE)},
    [KUNDIG_EDIT_TOPIC] = {"topic", BIT(NAME), BIT(WORDS) | BIT(SOURCE) | BIT(ID)},
    [KUNDIG_EDIT_KNOWN] = {"known", BIT(TOPIC) | BIT(NAME), 0},
};

static void edit_texts(const kundig_edit *edit, kundig_text texts[EDIT_TEXTS])
{
    texts[TOPIC] = edit->topic;
    texts[OTHER] = edit->other;
    texts[WORDS] = edit->words;
    texts[SOURCE] = edit->source;
    texts[ID] = edit->id;
    texts[OTHER_SOURCE] = edit->other_source;
    texts[OTHER_ID] = edit->other_id;
    texts[NAME] = edit->name;
}

/* Is it the name of a discovered topic, or theme: a letter, a dash, 12 digits? */
static bool edit_is_topic(kundig_text text, char letter)
{
    bool is = text.len == KUNDIG__TOPIC_NAME && text.data[0] == letter && text.data[1] == '-';
    for (size_t i = 2; is && i < text.len; i++) {
        char c = text.data[i];
        is = kundig__text_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    return is;
}

/* Words, or two in a row, parted by semicolons; at least one of them. */
static bool edit_are_words(kundig_text text)
{
    if (text.len > EDITS_MOST_WORDS || kundig__utf8_valid(text.data, text.len) != text.len) {
        return false;
    }
    size_t words = 0;
    bool inside = false;
    for (size_t i = 0; i <= text.len; i++) {
        char c = i < text.len ? text.data[i] : ';';
        bool gap = c == ';' || kundig__text_is_space(c);
        words += !gap && !inside;
        inside = !gap;
        if (words > 2 || (i < text.len && c == ';' && words == 0)) {
            return false;
        }
        words = i < text.len && c == ';' ? 0 : words;
    }
    return words > 0;
}

static int edit_wrong(const char **field, int which, kundig_error *err, const char *why)
{
    *field = edit_fields[which];
    return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s: %s", edit_fields[which], why);
}

/* Texts that are there: are they what they must be? */
static int edit_check_texts(const kundig_edit *edit, const kundig_text texts[EDIT_TEXTS],
                            const char **field, kundig_error *err)
{
    bool theme = edit->kind == KUNDIG_EDIT_RENAME || edit->kind == KUNDIG_EDIT_HIDE;
    if (texts[TOPIC].data && !edit_is_topic(texts[TOPIC], 't') &&
        !(theme && edit_is_topic(texts[TOPIC], 'g'))) {
        return edit_wrong(field, TOPIC, err,
                          "no name of a discovered topic, which is t- and 12 hexadecimal digits");
    }
    if (texts[OTHER].data && !edit_is_topic(texts[OTHER], 't')) {
        return edit_wrong(field, OTHER, err,
                          "no name of a discovered topic, which is t- and 12 hexadecimal digits");
    }
    if (texts[OTHER].data && kundig__text_equal(texts[OTHER], texts[TOPIC])) {
        return edit_wrong(field, OTHER, err, "a topic cannot be merged with itself");
    }
    if (texts[NAME].data && !kundig__label_is_name(texts[NAME])) {
        return edit_wrong(field, NAME, err,
                          "no name: 1 to 200 bytes of UTF-8 without control characters");
    }
    if (texts[WORDS].data && !edit_are_words(texts[WORDS])) {
        return edit_wrong(field, WORDS, err,
                          "write words, or two in a row, parted by semicolons: \"lost parcel; "
                          "customs\"");
    }
    if (texts[OTHER_ID].data && kundig__text_equal(texts[ID], texts[OTHER_ID]) &&
        kundig__text_equal(texts[SOURCE], texts[OTHER_SOURCE])) {
        return edit_wrong(field, OTHER_ID, err, "both records are the same");
    }
    for (int i = SOURCE; i <= OTHER_ID; i++) {
        if (texts[i].data && kundig__utf8_valid(texts[i].data, texts[i].len) != texts[i].len) {
            return edit_wrong(field, i, err, "not UTF-8");
        }
    }
    return KUNDIG_OK;
}

int kundig__edit_check(const kundig_edit *edit, const char **field, kundig_error *err)
{
    kundig_text texts[EDIT_TEXTS];
    edit_texts(edit, texts);
    if (edit->kind < KUNDIG_EDIT_RENAME || edit->kind > KUNDIG_EDIT_KNOWN) {
        *field = "kind";
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "kind: none of KUNDIG_EDIT_");
    }
    if (edit->holds != KUNDIG_YES && edit->holds != KUNDIG_NO) {
        *field = "holds";
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "holds: neither KUNDIG_YES nor KUNDIG_NO");
    }
    const struct edit_form *form = &edit_forms[edit->kind];
    for (int i = 0; i < EDIT_TEXTS; i++) {
        bool has = texts[i].data && texts[i].len;
        if ((form->needs & BIT(i)) && !has) {
            *field = edit_fields[i];
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s: to %s, it must be said",
                                edit_fields[i], form->name);
        }
        if (texts[i].data && !((form->needs | form->may) & BIT(i))) {
            *field = edit_fields[i];
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s: to %s, it must be absent",
                                edit_fields[i], form->name);
        }
    }
    if ((form->may & BIT(WORDS)) && !texts[WORDS].data && !texts[ID].data) {
        return edit_wrong(field, WORDS, err, "say which words or which record");
    }
    return edit_check_texts(edit, texts, field, err);
}

/* What it says, as one number; who says so, when, and by which name is no part of it. */
uint64_t kundig__edit_told(const kundig_edit *edit)
{
    kundig_text texts[EDIT_TEXTS];
    uint64_t hashes[NAME + 1] = {(uint64_t)edit->kind};
    edit_texts(edit, texts);
    for (int i = 0; i < NAME; i++) {
        hashes[i + 1] = texts[i].data ? kundig__xxh3(texts[i].data, texts[i].len) : 0;
    }
    uint64_t told = kundig__xxh3(hashes, sizeof hashes);
    return told ? told : 1;
}

uint64_t kundig__label_told(kundig_text label)
{
    uint64_t hashes[2] = {0, kundig__xxh3(label.data, label.len)};
    uint64_t told = kundig__xxh3(hashes, sizeof hashes);
    return told ? told : 1;
}

/* ---- All of them ---------------------------------------------------------------------------- */

/* Order by the matter alone. */
static int edits_matter_order(const kundig_edit *a, const kundig_edit *b)
{
    kundig_text left[EDIT_TEXTS];
    kundig_text right[EDIT_TEXTS];
    edit_texts(a, left);
    edit_texts(b, right);
    int way = a->kind < b->kind ? -1 : a->kind > b->kind;
    for (int i = 0; i < NAME && way == 0; i++) {
        way = kundig__text_order(left[i], right[i]);
    }
    return way;
}

static int edits_later_order(const kundig_edit *a, const kundig_edit *b)
{
    if (a->updated_ms != b->updated_ms) {
        return a->updated_ms > b->updated_ms ? -1 : 1;
    }
    if (a->holds != b->holds) {
        return a->holds == KUNDIG_NO ? -1 : 1;
    }
    int way = kundig__text_order(a->name, b->name);
    return way ? way : kundig__text_order(a->by, b->by);
}

static int edits_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig_edit *edits = ud;
    int way = edits_matter_order(&edits[a], &edits[b]);
    way = way ? way : edits_later_order(&edits[a], &edits[b]);
    return way ? way : a < b ? -1 : a > b;
}

/* Merged twice, a topic is part of the one that was said last: only that merge stays. Those of one
 * topic stand side by side. */
static size_t edits_latest_merges(kundig_edit *edits, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool again = kept > 0 && edits[i].kind == KUNDIG_EDIT_MERGE &&
                     edits[kept - 1].kind == KUNDIG_EDIT_MERGE &&
                     kundig__text_equal(edits[kept - 1].topic, edits[i].topic);
        if (!again) {
            edits[kept++] = edits[i];
        } else if (edits[i].updated_ms > edits[kept - 1].updated_ms) {
            edits[kept - 1] = edits[i];
        }
    }
    return kept;
}

/* Both records of a pair are alike: the lesser one stands first. */
static void edits_pair(kundig_edit *edit)
{
    bool pair = edit->kind == KUNDIG_EDIT_TOGETHER || edit->kind == KUNDIG_EDIT_APART;
    int way = kundig__text_order(edit->source, edit->other_source);
    way = way ? way : kundig__text_order(edit->id, edit->other_id);
    if (pair && way > 0) {
        kundig_text source = edit->source;
        kundig_text id = edit->id;
        edit->source = edit->other_source;
        edit->id = edit->other_id;
        edit->other_source = source;
        edit->other_id = id;
    }
}

static int edits_take(kundig_edit *taken, const kundig_edit *edits, size_t count, kundig_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *field;
        int rc = kundig__element_read(&taken[i], sizeof taken[i], edits, i, "kundig_edit", err);
        rc = rc ? rc : kundig__edit_check(&taken[i], &field, err);
        if (rc) {
            if (err) {
                err->pos = i;
            }
            return rc;
        }
        edits_pair(&taken[i]);
    }
    return KUNDIG_OK;
}

/* The latest of each matter that holds. */
static size_t edits_fold(const kundig_edit *taken, const uint32_t *order, size_t count,
                         kundig_edit *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const kundig_edit *edit = &taken[order[i]];
        bool again = i > 0 && edits_matter_order(&taken[order[i - 1]], edit) == 0;
        if (!again && edit->holds == KUNDIG_YES) {
            out[kept++] = *edit;
        }
    }
    return kept;
}

int kundig__edits_read(kundig__edits *read, kundig__mem *mem, const kundig_edit *edits,
                       size_t count, kundig_error *err)
{
    memset(read, 0, sizeof *read);
    read->mem = mem;
    if (count >= UINT32_MAX) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "too many edits");
    }
    kundig_edit *taken = kundig__alloc(mem, count * sizeof *taken);
    uint32_t *order = kundig__alloc(mem, count * sizeof *order);
    read->edits = kundig__alloc(mem, count * sizeof *read->edits);
    read->capacity = read->edits ? count : 0;
    int rc = taken && order && read->edits ? edits_take(taken, edits, count, err)
                                           : kundig__nomem(mem, err);
    if (!rc) {
        for (uint32_t i = 0; i < count; i++) {
            order[i] = i;
        }
        kundig__order_sort(order, count, edits_order, taken);
        read->count = edits_fold(taken, order, count, read->edits);
        read->count = edits_latest_merges(read->edits, read->count);
    }
    kundig__free(mem, taken, count * sizeof *taken);
    kundig__free(mem, order, count * sizeof *order);
    if (rc) {
        kundig__free(mem, read->edits, count * sizeof *read->edits);
        read->edits = NULL;
    }
    return rc;
}

void kundig__edits_free(kundig__edits *read)
{
    if (read->edits) {
        kundig__free(read->mem, read->edits, read->capacity * sizeof *read->edits);
        read->edits = NULL;
    }
}

/* ---- Heeding -------------------------------------------------------------------------------- */

static void edits_heed_theme(const kundig_edit *edit, kundig__discovered *discovered)
{
    uint32_t theme = kundig__discovered_find_theme(discovered, edit->topic);
    if (theme != KUNDIG__NO_CLUSTER && edit->kind == KUNDIG_EDIT_RENAME) {
        discovered->themes[theme].said = edit->name;
    } else if (theme != KUNDIG__NO_CLUSTER) {
        discovered->themes[theme].hidden = true;
    }
}

static void edits_heed_one(const kundig_edit *edit, kundig__discovered *discovered)
{
    uint32_t cluster = kundig__discovered_find(discovered, edit->topic);
    if (cluster == KUNDIG__NO_CLUSTER) {
        return;
    }
    kundig__discovered_topic *topic = &discovered->topics[cluster];
    switch (edit->kind) {
    case KUNDIG_EDIT_RENAME:
        topic->said = edit->name;
        break;
    case KUNDIG_EDIT_MERGE:
        topic->into = edit->other;
        break;
    case KUNDIG_EDIT_PIN:
        topic->pinned = true;
        break;
    case KUNDIG_EDIT_HIDE:
        topic->hidden = true;
        break;
    case KUNDIG_EDIT_KNOWN:
        topic->known = edit->name;
        break;
    default:
        break;
    }
}

/* A topic that an edit made is called as it says, until it is renamed. */
static void edits_heed_made(const kundig_edit *edit, kundig__discovered *discovered)
{
    uint64_t told = kundig__edit_told(edit);
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        if (discovered->topics[i].told == told) {
            discovered->topics[i].said = edit->name;
        }
    }
}

void kundig__edits_heed(const kundig__edits *read, kundig__discovered *discovered)
{
    const kundig_text absent = {NULL, 0};
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        kundig__discovered_topic *topic = &discovered->topics[i];
        topic->said = topic->into = topic->known = absent;
        topic->hidden = topic->pinned = false;
    }
    for (uint32_t i = 0; i < kundig__discovered_theme_count(discovered); i++) {
        discovered->themes[i].said = absent;
        discovered->themes[i].hidden = false;
    }
    for (size_t i = 0; i < read->count; i++) {
        if (read->edits[i].kind == KUNDIG_EDIT_TOPIC || read->edits[i].kind == KUNDIG_EDIT_SPLIT) {
            edits_heed_made(&read->edits[i], discovered);
        }
    }
    for (size_t i = 0; i < read->count; i++) {
        const kundig_edit *edit = &read->edits[i];
        if (edit->topic.data && edit->topic.data[0] == 'g') {
            edits_heed_theme(edit, discovered);
        } else if (edit->topic.data) {
            edits_heed_one(edit, discovered);
        }
    }
    kundig__discovered_gather(discovered);
}

/* ---- Without a fit -------------------------------------------------------------------------- */

/* Where what belongs together changed, who wrote all of it is not known. */
static void edited_counts(const kundig__discovered *before, kundig__discovered *after)
{
    uint32_t count = kundig__discovered_count(after);
    for (uint32_t i = 0; i < count; i++) {
        after->topics[i].texts = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        after->topics[after->wholes[i]].texts += after->topics[i].own_texts;
        if (before->wholes[i] != after->wholes[i]) {
            after->topics[before->wholes[i]].customers = KUNDIG__NOT_COUNTED;
            after->topics[after->wholes[i]].customers = KUNDIG__NOT_COUNTED;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        kundig__discovered_topic *topic = &after->topics[i];
        if (topic->customers == KUNDIG__NOT_COUNTED && topic->texts == topic->own_texts) {
            topic->customers = topic->own_customers;
        } else if (topic->texts == 0) {
            topic->customers =
                topic->own_customers == KUNDIG__NOT_COUNTED ? KUNDIG__NOT_COUNTED : 0;
        }
    }
}

int kundig__model_edited(const kundig_model *model, const kundig_edit *edits, size_t count,
                         kundig_model **out, kundig_error *err)
{
    if (!kundig__model_discovered_of(model)) {
        atomic_fetch_add_explicit(&((kundig_model *)(uintptr_t)model)->references, 1,
                                  memory_order_relaxed);
        *out = (kundig_model *)(uintptr_t)model;
        return KUNDIG_OK;
    }
    kundig__mem mem;
    kundig__arena arena;
    kundig__edits read;
    kundig__learned learned = kundig__learned_of(model);
    kundig__mem_init(&mem, &model->mem.hook, 0);
    kundig__arena_init(&arena, &mem);
    int rc = kundig__edits_read(&read, &mem, edits, count, err);
    if (!rc) {
        memset(&learned.discovered, 0, sizeof learned.discovered);
        rc = kundig__discovered_copy(&arena, &model->discovered, &learned.discovered)
                 ? KUNDIG_OK
                 : kundig__nomem(&mem, err);
        if (!rc) {
            kundig__edits_heed(&read, &learned.discovered);
            edited_counts(&model->discovered, &learned.discovered);
            rc = kundig__model_remake(&mem.hook, model, &learned, out, err);
        }
        kundig__clustered_free(learned.discovered.clustered);
    }
    kundig__edits_free(&read);
    kundig__arena_free(&arena);
    return rc;
}
