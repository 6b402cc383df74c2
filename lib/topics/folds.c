/* Putting examples apart for cross-validation.
 *
 * What would betray an answer stays together: texts that fold alike, and all that one customer
 * wrote, are one group, and a group stands in one fold. Groups are dealt out largest first, each to
 * the fold that has fewest of its classes, so folds are alike in size and classes.
 *
 * Invariants: folds, order and places are a function of the lessons as a set; where lessons stand
 * in the array, and which numbers customers have, does not show.
 * Cost: n log n for n lessons, and n times the number of folds. */
#include "base/hash.h"
#include "base/order.h"
#include "base/text.h"
#include "topics/trials.h"

typedef struct folds_work {
    kundig__mem *mem;
    const kundig__lessons *lessons;
    kundig__folds *folds;
    kundig__hash128 *hashes; /* of each lesson: of its folded text */
    uint32_t *leader;        /* of each place in order: one before it of its group, or itself */
    uint32_t *size;          /* of each leader: lessons of its group */
    uint32_t *next;          /* of each place: the next of its group; UINT32_MAX behind the last */
    uint32_t *tail;          /* of each leader: the last of its group */
    uint32_t *groups;        /* leaders */
    size_t group_count;
    uint32_t *seen; /* customers: a place, + 1 */
    size_t seen_count;
    uint32_t *class_total; /* by class: lessons */
    uint64_t *dealt;       /* by fold and stratum: lessons dealt */
    size_t dealt_count;
    uint64_t *load; /* by fold */
} folds_work;

bool kundig__mark_is_firm(const kundig__mark *mark)
{
    return mark->weight >= 1;
}

uint32_t kundig__lesson_class(const kundig__lesson *lesson)
{
    for (uint32_t i = 0; i < lesson->mark_count; i++) {
        if (lesson->marks[i].holds && kundig__mark_is_firm(&lesson->marks[i])) {
            return lesson->marks[i].klass;
        }
    }
    return KUNDIG__NO_CLASS;
}

static int folds_hash_texts(folds_work *work, uint64_t seed, kundig_error *err)
{
    uint8_t key[KUNDIG__BLAKE2B_KEY_SIZE] = {0};
    memcpy(key, "kundig folds", 12);
    for (unsigned i = 0; i < 8; i++) {
        key[16 + i] = (uint8_t)(seed >> 8 * i);
    }
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, work->mem);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < work->folds->count && rc == KUNDIG_OK; i++) {
        kundig_text text = kundig__text_trim(work->lessons->lessons[i].text);
        rc = kundig__text_fold(&scratch, text.data, text.len);
        if (rc == KUNDIG_OK) {
            work->hashes[i] = kundig__blake2b(key, scratch.folded, scratch.folded_len);
        }
    }
    kundig__scratch_free(&scratch);
    return rc == KUNDIG_OK ? rc : kundig__nomem(work->mem, err);
}

static int folds_hash_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__hash128 *hashes = ud;
    return memcmp(&hashes[a], &hashes[b], sizeof *hashes);
}

static void folds_find_strata(folds_work *work)
{
    const kundig__lessons *lessons = work->lessons;
    for (size_t i = 0; i < lessons->count; i++) {
        const kundig__lesson *lesson = &lessons->lessons[i];
        for (uint32_t m = 0; m < lesson->mark_count; m++) {
            work->class_total[lesson->marks[m].klass] += lesson->marks[m].holds;
        }
    }
    for (size_t i = 0; i < lessons->count; i++) {
        const kundig__lesson *lesson = &lessons->lessons[i];
        uint32_t rarest = lessons->class_count;
        for (uint32_t m = 0; m < lesson->mark_count; m++) {
            uint32_t klass = lesson->marks[m].klass;
            if (lesson->marks[m].holds && kundig__mark_is_firm(&lesson->marks[m]) &&
                (rarest == lessons->class_count ||
                 work->class_total[klass] < work->class_total[rarest])) {
                rarest = klass;
            }
        }
        work->folds->strata[i] = rarest;
    }
}

static uint32_t folds_lead(folds_work *work, uint32_t place)
{
    uint32_t *leader = work->leader;
    while (leader[place] != place) {
        leader[place] = leader[leader[place]];
        place = leader[place];
    }
    return place;
}

/* The earlier leads. */
static void folds_join(folds_work *work, uint32_t a, uint32_t b)
{
    a = folds_lead(work, a);
    b = folds_lead(work, b);
    work->leader[a > b ? a : b] = a < b ? a : b;
}

static void folds_group(folds_work *work)
{
    kundig__folds *folds = work->folds;
    for (uint32_t at = 0; at < folds->count; at++) {
        uint32_t lesson = folds->order[at];
        bool same = at && folds_hash_order(work->hashes, folds->order[at - 1], lesson) == 0;
        work->leader[at] = at;
        folds->place[lesson] = same ? folds->place[folds->order[at - 1]] : at;
        if (same) {
            folds_join(work, folds->place[lesson], at);
        }
        uint32_t customer = work->lessons->lessons[lesson].customer;
        if (customer != KUNDIG__NOBODY) {
            folds->customers = true;
            if (work->seen[customer]) {
                folds_join(work, work->seen[customer] - 1, at);
            } else {
                work->seen[customer] = at + 1;
            }
        }
    }
    for (uint32_t at = 0; at < folds->count; at++) {
        uint32_t lead = folds_lead(work, at);
        work->next[at] = UINT32_MAX;
        if (lead == at) {
            work->groups[work->group_count++] = at;
        } else {
            work->next[work->tail[lead]] = at;
        }
        work->tail[lead] = at;
        work->size[lead]++;
    }
}

static uint32_t folds_stratum_at(const folds_work *work, uint32_t place)
{
    return work->folds->strata[work->folds->order[place]];
}

/* Where equal texts differ in class, their order among themselves is nobody's: a group's own class
 * is the least of those at its head. */
static uint32_t folds_head_stratum(const folds_work *work, uint32_t lead)
{
    const kundig__folds *folds = work->folds;
    uint32_t least = folds_stratum_at(work, lead);
    for (uint32_t at = lead + 1; at < folds->count && folds->place[folds->order[at]] == lead;
         at++) {
        uint32_t stratum = folds_stratum_at(work, at);
        least = stratum < least ? stratum : least;
    }
    return least;
}

static int folds_group_order(const void *ud, uint32_t a, uint32_t b)
{
    const folds_work *work = ud;
    if (work->size[a] != work->size[b]) {
        return work->size[a] > work->size[b] ? -1 : 1;
    }
    /* tails are no longer needed: they hold the strata of the heads */
    if (work->tail[a] != work->tail[b]) {
        return work->tail[a] < work->tail[b] ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static void folds_deal(folds_work *work)
{
    kundig__folds *folds = work->folds;
    size_t strata = work->lessons->class_count + (size_t)1;
    for (size_t i = 0; i < work->group_count; i++) {
        work->tail[work->groups[i]] = folds_head_stratum(work, work->groups[i]);
    }
    kundig__order_sort(work->groups, work->group_count, folds_group_order, work);
    for (size_t i = 0; i < work->group_count; i++) {
        uint32_t best = 0;
        uint64_t best_like = UINT64_MAX;
        for (uint32_t fold = 0; fold < folds->fold_count; fold++) {
            uint64_t like = 0;
            for (uint32_t at = work->groups[i]; at != UINT32_MAX; at = work->next[at]) {
                like += work->dealt[fold * strata + folds_stratum_at(work, at)];
            }
            if (like < best_like || (like == best_like && work->load[fold] < work->load[best])) {
                best = fold;
                best_like = like;
            }
        }
        for (uint32_t at = work->groups[i]; at != UINT32_MAX; at = work->next[at]) {
            work->dealt[best * strata + folds_stratum_at(work, at)]++;
            work->load[best]++;
            folds->fold[folds->order[at]] = best;
        }
    }
}

static bool folds_room(folds_work *work)
{
    kundig__mem *mem = work->mem;
    kundig__folds *folds = work->folds;
    size_t count = folds->count;
    for (size_t i = 0; i < count; i++) {
        uint32_t customer = work->lessons->lessons[i].customer;
        if (customer != KUNDIG__NOBODY && customer >= work->seen_count) {
            work->seen_count = customer + (size_t)1;
        }
    }
    work->dealt_count = folds->fold_count * (work->lessons->class_count + (size_t)1);
    folds->order = kundig__alloc(mem, count * sizeof *folds->order);
    folds->place = kundig__alloc(mem, count * sizeof *folds->place);
    folds->strata = kundig__alloc(mem, count * sizeof *folds->strata);
    folds->fold = kundig__alloc_zero(mem, count * sizeof *folds->fold);
    work->hashes = kundig__alloc(mem, count * sizeof *work->hashes);
    work->leader = kundig__alloc(mem, count * sizeof *work->leader);
    work->size = kundig__alloc_zero(mem, count * sizeof *work->size);
    work->next = kundig__alloc(mem, count * sizeof *work->next);
    work->tail = kundig__alloc(mem, count * sizeof *work->tail);
    work->groups = kundig__alloc(mem, count * sizeof *work->groups);
    work->seen = kundig__alloc_zero(mem, work->seen_count * sizeof *work->seen);
    work->class_total =
        kundig__alloc_zero(mem, work->lessons->class_count * sizeof *work->class_total);
    work->dealt = kundig__alloc_zero(mem, work->dealt_count * sizeof *work->dealt);
    work->load = kundig__alloc_zero(mem, folds->fold_count * sizeof *work->load);
    return folds->order && folds->place && folds->strata && folds->fold && work->hashes &&
           work->leader && work->size && work->next && work->tail && work->groups && work->seen &&
           work->class_total && work->dealt && work->load;
}

static void folds_leave(folds_work *work)
{
    kundig__mem *mem = work->mem;
    size_t count = work->folds->count;
    kundig__free(mem, work->hashes, count * sizeof *work->hashes);
    kundig__free(mem, work->leader, count * sizeof *work->leader);
    kundig__free(mem, work->size, count * sizeof *work->size);
    kundig__free(mem, work->next, count * sizeof *work->next);
    kundig__free(mem, work->tail, count * sizeof *work->tail);
    kundig__free(mem, work->groups, count * sizeof *work->groups);
    kundig__free(mem, work->seen, work->seen_count * sizeof *work->seen);
    kundig__free(mem, work->class_total, work->lessons->class_count * sizeof *work->class_total);
    kundig__free(mem, work->dealt, work->dealt_count * sizeof *work->dealt);
    kundig__free(mem, work->load, work->folds->fold_count * sizeof *work->load);
}

int kundig__folds_make(kundig__folds *folds, kundig__mem *mem, const kundig__lessons *lessons,
                       uint32_t fold_count, uint64_t seed, kundig_error *err)
{
    memset(folds, 0, sizeof *folds);
    folds->mem = mem;
    folds->count = lessons->count;
    folds->fold_count = fold_count;
    folds_work work = {.mem = mem, .lessons = lessons, .folds = folds};
    int rc = folds_room(&work) ? KUNDIG_OK : kundig__nomem(mem, err);
    if (rc == KUNDIG_OK) {
        rc = folds_hash_texts(&work, seed, err);
    }
    if (rc == KUNDIG_OK) {
        for (uint32_t i = 0; i < folds->count; i++) {
            folds->order[i] = i;
        }
        kundig__order_sort(folds->order, folds->count, folds_hash_order, work.hashes);
        folds_find_strata(&work);
        folds_group(&work);
        folds_deal(&work);
        if (work.group_count < 2) {
            rc = kundig__fail(err, KUNDIG_E_EMPTY, 0,
                              "all examples have one text or one customer: none can be kept aside "
                              "to ask about");
        }
    }
    folds_leave(&work);
    if (rc != KUNDIG_OK) {
        kundig__folds_free(folds);
    }
    return rc;
}

void kundig__folds_free(kundig__folds *folds)
{
    kundig__mem *mem = folds->mem;
    kundig__free(mem, folds->order, folds->count * sizeof *folds->order);
    kundig__free(mem, folds->place, folds->count * sizeof *folds->place);
    kundig__free(mem, folds->strata, folds->count * sizeof *folds->strata);
    kundig__free(mem, folds->fold, folds->count * sizeof *folds->fold);
    memset(folds, 0, sizeof *folds);
}
