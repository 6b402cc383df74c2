/* States: partial answers that add and subtract exactly.
 *
 * Invariant: a state is a function of the set of records it stands for, so any split and any tree
 * of merges gives the same bytes, and finishing it the same table as one corpus with all records.
 * Everything in it is an integer; groups and members are sorted, empty ones are dropped.
 * A merge builds a new inside and swaps it in, so a failure leaves the state as it was.
 * Shares by topic are made in two passes: every comment as 0 by the other keys, then every comment
 * as 1 by all keys.
 * Cost: making O(pass + members log members); merging and subtracting O(groups + members). */
#include "metrics/state.h"

#include "base/text.h"
#include "base/utf8.h"
#include "corpus/rows.h"
#include "metrics/share.h"
#include "text/text.h"

kundig_state *kundig__state_make(const kundig_allocator *allocator)
{
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig_state *state = kundig__alloc_zero(&mem, sizeof *state);
    if (state) {
        state->mem = mem;
        kundig__arena_init(&state->arena, &state->mem);
    }
    return state;
}

void kundig_state_free(kundig_state *state)
{
    if (state) {
        kundig__arena_free(&state->arena);
        kundig__mem mem = state->mem;
        kundig__free(&mem, state, sizeof *state);
    }
}

static bool state_copy_text(kundig_state *state, kundig_text *text)
{
    if (text->data) {
        *text = kundig__arena_text(&state->arena, *text);
        return text->data != NULL;
    }
    return true;
}

bool kundig__state_set_head(kundig_state *state, const kundig__state_head *head)
{
    bool fits = true;
    state->head = *head;
    fits = state_copy_text(state, &state->head.tokeniser) && fits;
    fits = state_copy_text(state, &state->head.unicode) && fits;
    fits = state_copy_text(state, &state->head.asked.question) && fits;
    for (size_t i = 0; i < head->key_count; i++) {
        fits = state_copy_text(state, &state->head.keys[i]) && fits;
    }
    return fits;
}

int kundig__state_order(const kundig__state_group *a, const kundig__state_group *b,
                        size_t key_count)
{
    int order = 0;
    for (size_t i = 0; i < key_count && order == 0; i++) {
        order = kundig__text_order(a->keys[i], b->keys[i]);
    }
    return order;
}

/* ---- Making --------------------------------------------------------------------------------- */

typedef struct state_maker {
    kundig__corpus *corpus;
    kundig_state *state;
    kundig__gather *gather;
    const kundig__grouping *grouping;
    uint32_t absent_keys; /* a bit a key: the grouping has it not */
    const kundig__dimension *customers;
    const uint8_t *key;
    kundig__hash128 *pseudonyms; /* a customer code; all zero: not made yet */
    size_t pseudonym_count;
    kundig__state_group *made; /* a group of the gather; its members alone are set */
    size_t made_count;
} state_maker;

static int state_member_order(const kundig__state_member *a, const kundig__state_member *b)
{
    return memcmp(a->pseudonym.bytes, b->pseudonym.bytes, sizeof a->pseudonym.bytes);
}

static void state_sift(kundig__state_member *heap, size_t at, size_t count)
{
    kundig__state_member moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && state_member_order(&heap[child], &heap[child + 1]) < 0) {
            child++;
        }
        if (state_member_order(&moved, &heap[child]) >= 0) {
            break;
        }
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static void state_sort_members(kundig__state_member *members, size_t count)
{
    for (size_t i = count / 2; i-- > 0;) {
        state_sift(members, i, count);
    }
    for (size_t end = count; end > 1; end--) {
        kundig__state_member greatest = members[0];
        members[0] = members[end - 1];
        members[end - 1] = greatest;
        state_sift(members, 0, end - 1);
    }
}

static const kundig__hash128 *state_pseudonym(state_maker *maker, uint32_t customer)
{
    static const kundig__hash128 none;
    kundig__hash128 *pseudonym = &maker->pseudonyms[customer];
    if (memcmp(pseudonym, &none, sizeof none) == 0) {
        kundig_text id = kundig__dict_text(&maker->customers->dict, customer - 1);
        *pseudonym = kundig__blake2b(maker->key, id.data, id.len);
    }
    return pseudonym;
}

static int state_visit(void *ud, uint32_t group, const kundig__member *members, size_t count,
                       kundig_error *err)
{
    state_maker *maker = ud;
    kundig__mem *mem = &maker->gather->context->mem;
    kundig_state *state = maker->state;
    if (!maker->made) {
        size_t size;
        maker->made_count = maker->gather->count;
        if (!kundig__size_mul(maker->made_count, sizeof *maker->made, &size)) {
            return kundig__nomem(mem, err);
        }
        maker->made = kundig__alloc_zero(mem, size);
        if (!maker->made) {
            return kundig__nomem(mem, err);
        }
    }
    if (count == 0) {
        return KUNDIG_OK;
    }
    size_t size;
    kundig__state_member *made = NULL;
    if (kundig__size_mul(count, sizeof *made, &size)) {
        made = kundig__arena_alloc(&state->arena, size);
    }
    if (!made) {
        return kundig__nomem(&state->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        made[i] = (kundig__state_member){*state_pseudonym(maker, members[i].customer), members[i].n,
                                         members[i].w, members[i].x};
    }
    state_sort_members(made, count);
    maker->made[group].members = made;
    maker->made[group].member_count = count;
    return KUNDIG_OK;
}

static bool state_set_keys(state_maker *maker, kundig__state_group *made, uint32_t number)
{
    kundig_state *state = maker->state;
    size_t key_count = state->head.key_count;
    size_t own = 0;
    made->keys = kundig__arena_alloc(&state->arena, key_count * sizeof *made->keys);
    for (size_t key = 0; made->keys && key < key_count; key++) {
        char buffer[32];
        made->keys[key] = (kundig_text){NULL, 0};
        if (!(maker->absent_keys >> key & 1)) {
            made->keys[key] = kundig__grouping_key(maker->grouping, number, own++, buffer);
        }
        if (!state_copy_text(state, &made->keys[key])) {
            return false;
        }
    }
    return made->keys != NULL;
}

/* Groups that hold a record, in order of keys. */
static int state_groups(state_maker *maker, kundig__state_list *list, kundig_error *err)
{
    const kundig__gather *gather = maker->gather;
    kundig__mem *mem = &gather->context->mem;
    kundig_state *state = maker->state;
    size_t count = 0;
    size_t size;
    int rc = KUNDIG_OK;
    uint32_t *order = kundig__alloc(mem, gather->count * sizeof *order);
    size_t number_count = kundig__grouping_count(maker->grouping);
    uint32_t *inverse = kundig__alloc(mem, number_count * sizeof *inverse);
    if (!order || !inverse) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (uint32_t i = 0; i < gather->count; i++) {
        if (gather->cells[i].selected) {
            uint32_t number = gather->numbers ? gather->numbers[i] : i;
            inverse[number] = i;
            order[count++] = number;
        }
    }
    kundig__grouping_sort(maker->grouping, order, count);
    if (kundig__size_mul(count, sizeof *list->groups, &size)) {
        list->groups = kundig__arena_alloc(&state->arena, size);
    }
    if (!list->groups) {
        rc = kundig__nomem(&state->mem, err);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t group = inverse[order[i]];
        kundig__state_group *made = &list->groups[i];
        *made = (kundig__state_group){0};
        if (maker->made) {
            *made = maker->made[group];
        }
        made->cell = gather->cells[group];
        if (!state_set_keys(maker, made, order[i])) {
            rc = kundig__nomem(&state->mem, err);
            goto done;
        }
    }
    list->count = count;
done:
    kundig__free(mem, order, gather->count * sizeof *order);
    kundig__free(mem, inverse, number_count * sizeof *inverse);
    return rc;
}

/* One pass over the rows: the cells and members of a list, and the records there are. how: of
 * shares, else 0. */
static int state_pass(state_maker *maker, const kundig_query *query, const kundig__asked *asked,
                      const kundig__question *question, int how, int list, kundig_error *err)
{
    kundig__corpus *corpus = maker->corpus;
    kundig__context *context = kundig__corpus_context(corpus);
    kundig__counted *counted = &maker->state->counted;
    kundig__gather gather;
    kundig__grouping *grouping = NULL;
    kundig__gather_init(&gather, corpus, asked, question);
    gather.visitor = state_visit;
    gather.visitor_ud = maker;
    maker->gather = &gather;
    int rc = kundig__gather_ready(&gather, err);
    rc = rc ? rc : kundig__grouping_new(corpus, query, KUNDIG__NO_NODE, &grouping, err);
    maker->grouping = grouping;
    if (!rc && how) {
        rc = kundig__share_answers(&gather, how, err);
    }
    rc = rc ? rc : kundig__gather_groups(&gather, grouping, err);
    rc = rc ? rc : state_groups(maker, &maker->state->lists[list], err);
    if (!rc) {
        *counted = gather.counted;
        kundig__grouping_left_out(grouping, &counted->left_out);
    }
    kundig__free(&context->mem, maker->made, maker->made_count * sizeof *maker->made);
    maker->made = NULL;
    maker->made_count = 0;
    kundig__gather_free(&gather);
    kundig__grouping_free(grouping);
    return rc;
}

static int state_query_print(kundig__context *context, const kundig_query *query,
                             kundig__hash128 *out, kundig_error *err)
{
    kundig__buf canonical;
    int rc = KUNDIG_OK;
    kundig__buf_init(&canonical, &context->mem);
    kundig__query_canonical(query, &canonical);
    if (canonical.failed) {
        rc = kundig__nomem(&context->mem, err);
    } else {
        *out = kundig__blake2b(NULL, canonical.data, canonical.len);
    }
    kundig__buf_free(&canonical);
    return rc;
}

static int state_head(state_maker *maker, const kundig_query *query, const kundig__asked *asked,
                      const kundig__question *question, const kundig__share_plan *plan,
                      kundig_error *err)
{
    static const char fingerprint[] = "kundig: fingerprint of the key of pseudonyms";
    kundig__context *context = kundig__corpus_context(maker->corpus);
    kundig__state_head head = {0};
    const kundig__zone *zone = NULL;
    int rc = kundig__zone_get(context, query->zone, &zone, err);
    rc = rc ? rc : state_query_print(context, query, &head.query, err);
    if (!rc && (asked->metric->reads == KUNDIG__READS_TOPICS ||
                kundig__metric_is_of_comments(asked->metric) ||
                kundig__query_reads_said(query, maker->corpus))) {
        const kundig_model *model = NULL;
        rc = kundig__corpus_model(maker->corpus, &model, err);
        head.model = rc ? head.model : kundig__model_id(model);
    }
    if (rc) {
        return rc;
    }
    head.tokeniser = kundig__str(KUNDIG__TOKENISER_VERSION);
    head.unicode = kundig__str(kundig__unicode_version());
    head.key = kundig__blake2b(context->pseudonym_key, fingerprint, sizeof fingerprint - 1);
    head.zone = kundig__text_equal(kundig__text(zone->name, zone->name_len), KUNDIG__TEXT("UTC"))
                    ? 0
                    : zone->checksum;
    head.scale = question ? question->scale : 0;
    head.direction = question ? question->direction : 0;
    head.asked = *asked;
    head.key_count = plan->keys.count;
    head.topic_keys = plan->keys.topics;
    memcpy(head.keys, plan->names, head.key_count * sizeof *head.keys);
    return kundig__state_set_head(maker->state, &head) ? KUNDIG_OK
                                                       : kundig__nomem(&maker->state->mem, err);
}

static int state_lists(state_maker *maker, const kundig_query *query, const kundig__asked *asked,
                       const kundig__question *question, const kundig__share_plan *plan,
                       kundig_error *err)
{
    int rc = KUNDIG_OK;
    if (asked->metric->reads != KUNDIG__READS_TOPICS) {
        return state_pass(maker, query, asked, question, 0, KUNDIG__STATE_GROUPS, err);
    }
    if (!plan->keys.topics) {
        return state_pass(maker, query, asked, question, KUNDIG__SHARE_OF_ANY, KUNDIG__STATE_GROUPS,
                          err);
    }
    rc = state_pass(maker, query, asked, question, KUNDIG__SHARE_EACH, KUNDIG__STATE_GROUPS, err);
    maker->absent_keys = plan->keys.topics;
    return rc ? rc
              : state_pass(maker, plan->query, asked, question, KUNDIG__SHARE_ALL,
                           KUNDIG__STATE_BASES, err);
}

int kundig__state_new(kundig__corpus *corpus, const kundig_query *query, kundig_state **out,
                      kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    const kundig__question *question;
    kundig__asked asked;
    kundig__share_plan plan = {0};
    state_maker maker = {0};
    int rc = kundig__ask(corpus, query, &asked, &question, err);
    if (rc) {
        return rc;
    }
    if (asked.metric->class_ == KUNDIG__CLASS_SCAN) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is of class scan: it has no state",
                            asked.metric->name);
    }
    maker.corpus = corpus;
    rc = kundig__corpus_people(corpus, &maker.customers, err);
    if (rc) {
        return rc;
    }
    maker.key = context->pseudonym_key;
    maker.pseudonym_count = (size_t)maker.customers->dict.count + 1;
    maker.state = kundig__state_make(&context->mem.hook);
    maker.pseudonyms =
        kundig__alloc_zero(&context->mem, maker.pseudonym_count * sizeof *maker.pseudonyms);
    if (!maker.state || !maker.pseudonyms) {
        rc = kundig__nomem(&context->mem, err);
        goto done;
    }
    rc = kundig__share_plan_new(corpus, query, &plan, err);
    rc = rc ? rc : state_head(&maker, query, &asked, question, &plan, err);
    rc = rc ? rc : state_lists(&maker, query, &asked, question, &plan, err);
    if (!rc) {
        *out = maker.state;
        maker.state = NULL;
    }
done:
    kundig__free(&context->mem, maker.pseudonyms, maker.pseudonym_count * sizeof *maker.pseudonyms);
    kundig_state_free(maker.state);
    kundig__share_plan_free(&plan);
    return rc;
}

/* ---- Adding and subtracting ----------------------------------------------------------------- */

static int state_hash_order(kundig__hash128 a, kundig__hash128 b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

static int state_same_head(const kundig_state *a, const kundig_state *b, kundig_error *err)
{
    const kundig__state_head *ha = &a->head;
    const kundig__state_head *hb = &b->head;
    const char *what = NULL;
    if (!kundig__text_equal(ha->tokeniser, hb->tokeniser) ||
        !kundig__text_equal(ha->unicode, hb->unicode)) {
        what = "other versions";
    } else if (state_hash_order(ha->query, hb->query)) {
        what = "another query";
    } else if (state_hash_order(ha->model, hb->model)) {
        what = "comments read by another model";
    } else if (state_hash_order(ha->key, hb->key)) {
        what = "another pseudonym key";
    } else if (ha->zone != hb->zone) {
        what = "other rules of the time zone";
    } else {
        kundig__buf bytes_a;
        kundig__buf bytes_b;
        kundig__mem mem;
        kundig__mem_init(&mem, &a->mem.hook, 0);
        kundig__buf_init(&bytes_a, &mem);
        kundig__buf_init(&bytes_b, &mem);
        kundig__state_put_head(&bytes_a, ha);
        kundig__state_put_head(&bytes_b, hb);
        bool failed = bytes_a.failed || bytes_b.failed;
        bool equal = !failed && bytes_a.len == bytes_b.len &&
                     memcmp(bytes_a.data, bytes_b.data, bytes_a.len) == 0;
        kundig__buf_free(&bytes_a);
        kundig__buf_free(&bytes_b);
        if (failed) {
            return kundig__nomem(&mem, err);
        }
        what = equal ? NULL : "another question";
    }
    return what ? kundig__fail(err, KUNDIG_E_VERSION, 0, "the states do not fit: one has %s", what)
                : KUNDIG_OK;
}

static bool state_count(uint64_t *to, uint64_t from, int sign)
{
    return sign > 0 ? !__builtin_add_overflow(*to, from, to)
                    : !__builtin_sub_overflow(*to, from, to);
}

/* a + sign b into *out, or false where a sum or count has no place. */
static bool state_add_member(const kundig__state_member *a, const kundig__state_member *b, int sign,
                             kundig__state_member *out)
{
    *out = *a;
    return state_count(&out->n, b->n, sign) && kundig__i128_add(&out->w, sign > 0 ? b->w : -b->w) &&
           kundig__i128_add(&out->x, sign > 0 ? b->x : -b->x) &&
           (out->n > 0 || (out->w == 0 && out->x == 0));
}

static bool state_add_members(const kundig__state_group *a, const kundig__state_group *b, int sign,
                              kundig__state_group *out)
{
    static const kundig__state_member none;
    size_t i = 0;
    size_t j = 0;
    out->member_count = 0;
    while (i < a->member_count || j < b->member_count) {
        int order = i == a->member_count   ? 1
                    : j == b->member_count ? -1
                                           : state_member_order(&a->members[i], &b->members[j]);
        kundig__state_member *to = &out->members[out->member_count];
        if (order < 0) {
            *to = a->members[i++];
        } else {
            const kundig__state_member *from = order == 0 ? &a->members[i++] : &none;
            if (!state_add_member(from, &b->members[j], sign, to)) {
                return false;
            }
            to->pseudonym = b->members[j++].pseudonym;
        }
        out->member_count += to->n > 0;
    }
    return true;
}

static bool state_cell_is_zero(const kundig__cell *cell)
{
    return !cell->selected && !cell->n && !cell->customers && !cell->nameless && !cell->w &&
           !cell->wx && !cell->wxx && !cell->ww && !cell->wwx && !cell->wwxx && !cell->cww &&
           !cell->cwx && !cell->cxx && !cell->m && !cell->mm;
}

static int state_add_fail(int sign, const char *wrong, kundig_error *err)
{
    return sign > 0 ? kundig__fail(err, KUNDIG_E_LIMIT, 0, "the states do not add up: %s", wrong)
                    : kundig__fail(err, KUNDIG_E_VALUE, 0,
                                   "the state to subtract was not merged in: %s", wrong);
}

/* One group of a + sign b; b NULL: a alone. Texts are copied by the caller. */
static int state_add_group(kundig_state *to, int list, const kundig__state_group *a,
                           const kundig__state_group *b, int sign, kundig__state_group *out,
                           kundig_error *err)
{
    size_t count;
    size_t size;
    size_t key_count = to->head.key_count;
    *out = (kundig__state_group){0};
    if (kundig__size_add(a->member_count, b->member_count, &count) &&
        kundig__size_mul(count, sizeof *out->members, &size)) {
        out->members = kundig__arena_alloc(&to->arena, size);
    }
    out->keys = kundig__arena_alloc(&to->arena, key_count * sizeof *out->keys);
    if (!out->members || !out->keys) {
        return kundig__nomem(&to->mem, err);
    }
    for (size_t key = 0; key < key_count; key++) {
        out->keys[key] = a->keys ? a->keys[key] : b->keys[key];
        if (!state_copy_text(to, &out->keys[key])) {
            return kundig__nomem(&to->mem, err);
        }
    }
    out->cell = a->cell;
    bool fits = kundig__cell_add(&out->cell, &b->cell, sign) && state_add_members(a, b, sign, out);
    const char *wrong = fits ? NULL : "a sum has no place";
    if (fits && out->cell.selected == 0) {
        wrong = state_cell_is_zero(&out->cell) && out->member_count == 0 ? NULL
                                                                         : "sums without records";
    } else if (fits) {
        wrong = kundig__state_group_check(out, &to->head, list);
    }
    return wrong ? state_add_fail(sign, wrong, err) : KUNDIG_OK;
}

static int state_add_list(kundig_state *to, int list, const kundig__state_list *a,
                          const kundig__state_list *b, int sign, kundig_error *err)
{
    static const kundig__state_group none;
    kundig__state_list *sum = &to->lists[list];
    size_t i = 0;
    size_t j = 0;
    size_t count;
    size_t size;
    if (kundig__size_add(a->count, b->count, &count) &&
        kundig__size_mul(count, sizeof *sum->groups, &size)) {
        sum->groups = kundig__arena_alloc(&to->arena, size);
    }
    if (!sum->groups) {
        return kundig__nomem(&to->mem, err);
    }
    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1
                    : j == b->count
                        ? -1
                        : kundig__state_order(&a->groups[i], &b->groups[j], to->head.key_count);
        const kundig__state_group *left = order <= 0 ? &a->groups[i++] : &none;
        const kundig__state_group *right = order >= 0 ? &b->groups[j++] : &none;
        kundig__state_group *made = &sum->groups[sum->count];
        int rc = state_add_group(to, list, left, right, sign, made, err);
        if (rc) {
            return rc;
        }
        sum->count += made->cell.selected > 0;
    }
    return KUNDIG_OK;
}

/* state += sign * other, in a new inside. */
static int state_add(kundig_state *state, const kundig_state *other, int sign, kundig_error *err)
{
    if (!state || !other) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a state is NULL");
    }
    int rc = state_same_head(state, other, err);
    if (rc) {
        return rc;
    }
    kundig_state *made = kundig__state_make(&state->mem.hook);
    if (!made) {
        return kundig__nomem(&state->mem, err);
    }
    made->counted = state->counted;
    if (!kundig__state_set_head(made, &state->head)) {
        rc = kundig__nomem(&made->mem, err);
    } else if (!kundig__counted_add(&made->counted, &other->counted, sign)) {
        rc = sign > 0
                 ? kundig__fail(err, KUNDIG_E_LIMIT, 0, "a count of records is too large")
                 : kundig__fail(err, KUNDIG_E_VALUE, 0, "the state to subtract was not merged in");
    } else {
        for (int list = 0; !rc && list < KUNDIG__STATE_LISTS; list++) {
            rc = state_add_list(made, list, &state->lists[list], &other->lists[list], sign, err);
        }
        const char *wrong = rc ? NULL : kundig__state_check(made);
        rc = wrong ? state_add_fail(sign, wrong, err) : rc;
    }
    if (!rc) {
        kundig_state old = *state;
        *state = *made;
        *made = old;
        state->arena.mem = &state->mem;
        made->arena.mem = &made->mem;
        /* the blocks of the two structs themselves stayed where they are */
    }
    kundig_state_free(made);
    return rc;
}

int kundig_state_merge(kundig_state *state, const kundig_state *other, kundig_error *err)
{
    return state_add(state, other, 1, err);
}

int kundig_state_subtract(kundig_state *state, const kundig_state *other, kundig_error *err)
{
    return state_add(state, other, -1, err);
}

/* ---- Finishing ------------------------------------------------------------------------------ */

bool kundig__state_cell(const kundig__state_group *group, const kundig__asked *asked,
                        kundig__cell *cell)
{
    bool fits = true;
    *cell = group->cell;
    for (size_t i = 0; i < group->member_count; i++) {
        fits = kundig__cell_customer(cell, asked, group->members[i].w, group->members[i].x) && fits;
    }
    return fits;
}

static void state_rows(const kundig_state *state, const kundig__answer_columns *columns,
                       kundig_table *table)
{
    static const kundig__state_group none;
    const kundig__state_head *head = &state->head;
    const kundig__state_list *list = &state->lists[KUNDIG__STATE_GROUPS];
    size_t rows = head->key_count == 0 ? 1 : list->count;
    for (size_t i = 0; i < rows; i++) {
        const kundig__state_group *group = i < list->count ? &list->groups[i] : &none;
        kundig__cell cell;
        (void)kundig__state_cell(group, &head->asked, &cell); /* checked when it came to be */
        kundig__table_row(table);
        for (size_t key = 0; key < head->key_count; key++) {
            kundig__table_set_text(table, key, group->keys[key]);
        }
        kundig__answer_row(table, columns, &head->asked, &cell);
    }
}

int kundig_state_finish(const kundig_state *state, kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    kundig__answer_columns columns;
    if (!state || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", state ? "out" : "the state");
    }
    const kundig__state_head *head = &state->head;
    kundig__mem_init(&mem, &state->mem.hook, 0);
    kundig_table *table = kundig__table_new(&mem);
    if (!table) {
        return kundig__nomem(&mem, err);
    }
    for (size_t key = 0; key < head->key_count; key++) {
        kundig__table_column_text(table, head->keys[key], KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    kundig__answer_open(table, &head->asked, &columns);
    if (kundig__state_is_share(head)) {
        int rc = kundig__state_share_rows(state, &columns, table, &mem, err);
        if (rc) {
            kundig_table_free(table);
            return rc;
        }
    } else {
        state_rows(state, &columns, table);
    }
    kundig__answer_notes(table, &head->asked, &state->counted);
    return kundig__table_finish(table, out, err);
}
