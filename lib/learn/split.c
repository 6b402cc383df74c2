/* Keeping a fifth of the documents aside, to tell how good what was learned from the others is.
 *
 * What would betray an answer stays on one side: texts of the same words are one group; so is all
 * that one customer alone says, if any is named. Texts that several customers share are groups of
 * their own, or "thank you" would join the whole world. Groups stand in order of a hash, and one
 * goes aside where none of its classes has more than its fifth there.
 *
 *   documents > by hash of their words > who says each > key: least hash of who alone says it
 *             > by key > dealt
 *
 * Invariants: a function of the documents and of who says what; the order of lessons and the
 * numbers of customers do not show. What is only guessed is never kept aside: it is no answer.
 * Cost: n log n. */
#include "learn/split.h"

#include "base/order.h"

#define SPLIT_FIFTH  5u
#define SPLIT_ASIDE  ((size_t)1 << 24) /* probabilities of documents aside, at most */
#define SPLIT_SHARED UINT64_MAX        /* several customers say it */

typedef struct split_work {
    const kundig__documents *documents;
    uint32_t *places; /* documents by hash of words, later by key */
    uint32_t *heads;  /* of documents: the first of those with the same words */
    uint64_t *owners; /* of heads: customer + 1, 0: nobody is named, or SPLIT_SHARED */
    uint64_t *keys;   /* of documents: equal ones stay together */
    uint64_t *seen;   /* by class, the last: none. Documents dealt; */
    uint64_t *aside;  /* those aside; */
    uint64_t *here;   /* those of the group in work */
} split_work;

uint64_t kundig__split_words(const kundig__scratch *scratch)
{
    uint64_t words = 0;
    uint64_t all = 0;
    bool any = false;
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        all = kundig__pair_hash(all, token->hash);
        if (token->kind != KUNDIG__TOKEN_SYMBOL) {
            words = kundig__pair_hash(words, token->hash);
            any = true;
        }
    }
    return any ? words : all;
}

static int split_words_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__document *list = ud;
    if (list[a].words != list[b].words) {
        return list[a].words < list[b].words ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static int split_key_order(const void *ud, uint32_t a, uint32_t b)
{
    const uint64_t *keys = ud;
    if (keys[a] != keys[b]) {
        return keys[a] < keys[b] ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

/* Is anything of it known, and not guessed? */
static bool split_is_sure(const kundig__document *document)
{
    bool sure = !document->partial;
    for (uint32_t i = 0; i < document->mark_count && !sure; i++) {
        sure = document->marks[i].weight >= KUNDIG__MARK_SURE;
    }
    return sure;
}

/* Texts of the same words have one key. */
static void split_by_words(split_work *work)
{
    const kundig__documents *documents = work->documents;
    for (size_t i = 0; i < documents->count; i++) {
        work->places[i] = (uint32_t)i;
    }
    kundig__order_sort(work->places, documents->count, split_words_order, documents->list);
    uint32_t head = 0;
    for (size_t i = 0; i < documents->count; i++) {
        uint32_t place = work->places[i];
        work->keys[place] = documents->list[place].words;
        head = i && work->keys[head] == work->keys[place] ? head : place;
        work->heads[place] = head;
    }
}

/* All that a customer alone says has one key: the least of what it had. */
static void split_by_customers(split_work *work, const uint32_t *order, const uint32_t *of_lesson)
{
    const kundig__documents *documents = work->documents;
    const kundig__lesson *lessons = documents->course->lessons;
    size_t count = documents->course->lesson_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t customer = lessons[i].customer;
        if (of_lesson[i] != UINT32_MAX && customer != KUNDIG__NOBODY) {
            uint64_t *owner = &work->owners[work->heads[of_lesson[i]]];
            uint64_t here = customer + UINT64_C(1);
            *owner = *owner == 0 || *owner == here ? here : SPLIT_SHARED;
        }
    }
    for (size_t first = 0, end; first < count; first = end) {
        uint32_t customer = lessons[order[first]].customer;
        uint64_t least = UINT64_MAX;
        for (end = first; end < count && lessons[order[end]].customer == customer; end++) {
            uint32_t document = of_lesson[order[end]];
            if (document != UINT32_MAX) {
                uint32_t head = work->heads[document];
                uint64_t words = documents->list[head].words;
                bool own = work->owners[head] == customer + UINT64_C(1);
                least = own && words < least ? words : least;
            }
        }
        for (size_t i = first; i < end; i++) {
            uint32_t document = of_lesson[order[i]];
            if (document != UINT32_MAX &&
                work->owners[work->heads[document]] == customer + UINT64_C(1)) {
                work->keys[work->heads[document]] = least;
            }
        }
    }
    for (size_t i = 0; i < documents->count; i++) {
        work->keys[i] = work->keys[work->heads[i]];
    }
    kundig__order_sort(work->places, documents->count, split_key_order, work->keys);
}

static size_t split_class(const kundig__documents *documents, uint32_t document)
{
    uint32_t label = documents->list[document].label;
    uint32_t classes = documents->course->class_count;
    return label < classes ? label : classes;
}

/* One document in `each` of each class goes aside at most. */
static void split_deal(const split_work *work, kundig__documents *documents)
{
    size_t most = SPLIT_ASIDE / documents->course->class_count;
    size_t each = documents->count / (most ? most : 1) + 1;
    each = each > SPLIT_FIFTH ? each : SPLIT_FIFTH;
    for (size_t first = 0, end; first < documents->count; first = end) {
        uint64_t key = work->keys[work->places[first]];
        bool aside = true;
        for (end = first; end < documents->count && work->keys[work->places[end]] == key; end++) {
            uint32_t place = work->places[end];
            bool sure = split_is_sure(&documents->list[place]);
            work->here[split_class(documents, place)] += sure;
            work->seen[split_class(documents, place)] += sure;
        }
        for (size_t i = first; i < end; i++) {
            size_t klass = split_class(documents, work->places[i]);
            aside = aside && (work->aside[klass] + work->here[klass]) * each <= work->seen[klass];
        }
        for (size_t i = first; i < end; i++) {
            kundig__document *document = &documents->list[work->places[i]];
            size_t klass = split_class(documents, work->places[i]);
            document->aside = aside && split_is_sure(document);
            documents->aside_count += document->aside;
            work->aside[klass] += document->aside;
            work->here[klass] = 0;
        }
    }
}

int kundig__documents_split(kundig__documents *documents, const uint32_t *order,
                            const uint32_t *of_lesson)
{
    kundig__mem *mem = documents->mem;
    size_t count = documents->count;
    size_t classes = documents->course->class_count + (size_t)1;
    split_work work = {.documents = documents};
    int rc = KUNDIG_OK;
    work.places = kundig__alloc(mem, count * sizeof *work.places);
    work.heads = kundig__alloc(mem, count * sizeof *work.heads);
    work.owners = kundig__alloc_zero(mem, count * sizeof *work.owners);
    work.keys = kundig__alloc(mem, count * sizeof *work.keys);
    work.seen = kundig__alloc_zero(mem, 3 * classes * sizeof *work.seen);
    if (!work.places || !work.heads || !work.owners || !work.keys || !work.seen) {
        rc = kundig__nomem(mem, NULL);
        goto done;
    }
    work.aside = work.seen + classes;
    work.here = work.aside + classes;
    split_by_words(&work);
    if (documents->customers > 0) {
        split_by_customers(&work, order, of_lesson);
    }
    split_deal(&work, documents);
done:
    kundig__free(mem, work.places, count * sizeof *work.places);
    kundig__free(mem, work.heads, count * sizeof *work.heads);
    kundig__free(mem, work.owners, count * sizeof *work.owners);
    kundig__free(mem, work.keys, count * sizeof *work.keys);
    kundig__free(mem, work.seen, 3 * classes * sizeof *work.seen);
    return rc;
}
