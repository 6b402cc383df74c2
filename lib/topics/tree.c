/* The tree of all rules: terms that rules share at their beginnings are met once.
 *
 *   root --late--> [1]            rules: late
 *        --took--> [2] --..--> [3] --weeks--> [4]     took .. weeks
 *        --~delay--> [5]
 *
 * Edges are found by the hash of (node, key) in a table of buckets of fixed size and verified by
 * their bytes; a table in which a bucket would overflow gets another seed or grows while it is
 * made. Among the beginnings of a node the longest that a word has is found by steps of 32, 16 ...
 * 1 bytes: marks stand where the steps to a beginning lead. Each points to the next shorter one.
 *
 * Invariants: rules that end at one node stand side by side, in order; a node has one edge a kind,
 * key and plain text; a node is below a gap exactly if it is loose.
 * Cost: n log n in the terms of all rules; to look up an edge is one probe, to find the beginnings
 * of a word as many as the longest one's length has binary digits, six at most. */
#include "topics/compiled.h"

#include <assert.h>

#include "base/order.h"
#include "base/text.h"

enum { TREE_ANY = 64, TREE_GAP }; /* terms without an edge, among the kinds of edges */

#define TREE_SEEDS     8u   /* tried before the table grows */
#define TREE_MOST_ROOM 256u /* buckets a key, at most */

typedef struct tree_term {
    kundig_text key;
    kundig_text plain;
    int32_t kind;
} tree_term;

typedef struct tree_making {
    kundig_model *model;
    compiled_tree *tree;
    kundig__stemmer *stemmer;
    tree_term *terms;
    size_t term_count;
    uint32_t *firsts; /* a rule's terms are terms[firsts[rule]..firsts[rule + 1]) */
    uint32_t *order;  /* rules, those that begin alike side by side */
    size_t order_count;
} tree_making;

/* ---- Terms ---------------------------------------------------------------------------------- */

typedef bool tree_spelling(const char *text, size_t len, char *out);

/* Text in another spelling, kept in the arena; text itself where that changes nothing. */
static bool tree_respell(kundig_model *model, tree_spelling *spelling, kundig_text text,
                         kundig_text *out)
{
    *out = text;
    char *room = kundig__arena_alloc(&model->arena, text.len + 1);
    if (!room) {
        return false;
    }
    if (spelling(text.data, text.len, room)) {
        *out = kundig__text(room, text.len);
    }
    return true;
}

static int tree_stem(tree_making *making, int language, kundig_text text, kundig_text *out,
                     kundig_error *err)
{
    kundig_model *model = making->model;
    kundig_text stem = {NULL, 0};
    if (language == KUNDIG__LANGUAGE_DE &&
        !tree_respell(model, kundig__spelling_umlauts, text, &text)) {
        return kundig__nomem(&model->mem, err);
    }
    if (kundig__stem(making->stemmer, language, text, &stem) != KUNDIG_OK) {
        return kundig__nomem(&model->mem, err);
    }
    *out = kundig__arena_text(&model->arena, stem);
    return out->data ? KUNDIG_OK : kundig__nomem(&model->mem, err);
}

static int tree_make_term(tree_making *making, const kundig__rule *rule, const kundig__term *from,
                          kundig_error *err)
{
    tree_term *term = &making->terms[making->term_count++];
    bool german = rule->language == KUNDIG__LANGUAGE_DE;
    *term = (tree_term){{"", 0}, {"", 0}, german ? EDGE_GERMAN : EDGE_WORD};
    switch (from->type) {
    case KUNDIG__TERM_ANY:
        term->kind = TREE_ANY;
        return KUNDIG_OK;
    case KUNDIG__TERM_GAP:
        term->kind = TREE_GAP;
        return KUNDIG_OK;
    case KUNDIG__TERM_STEM:
        if (rule->language != KUNDIG__LANGUAGE_UNKNOWN) {
            term->kind = EDGE_STEM + rule->language;
            return tree_stem(making, rule->language, from->text, &term->key, err);
        }
        break;
    case KUNDIG__TERM_PREFIX:
        if (from->text.len > COMPILED_LONGEST) {
            return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                "line %lu: the beginning \"%.*s\" is longer than %u bytes",
                                (unsigned long)rule->line, kundig__shown(from->text),
                                from->text.data, COMPILED_LONGEST);
        }
        term->kind = german ? EDGE_GERMAN_BEGIN : EDGE_BEGIN;
        break;
    default:
        break;
    }
    if (!german) {
        term->plain = from->text;
    }
    return tree_respell(making->model, kundig__spelling_key, from->text, &term->key)
               ? KUNDIG_OK
               : kundig__nomem(&making->model->mem, err);
}

static int tree_term_order(const tree_term *a, const tree_term *b)
{
    int order = kundig__text_order(a->key, b->key);
    if (order == 0) {
        order = a->kind < b->kind ? -1 : a->kind > b->kind;
    }
    return order != 0 ? order : kundig__text_order(a->plain, b->plain);
}

static int tree_rule_order(const void *ud, uint32_t a, uint32_t b)
{
    const tree_making *making = ud;
    uint32_t i = making->firsts[a];
    uint32_t j = making->firsts[b];
    for (; i < making->firsts[a + 1] && j < making->firsts[b + 1]; i++, j++) {
        int order = tree_term_order(&making->terms[i], &making->terms[j]);
        if (order != 0) {
            return order;
        }
    }
    bool more_a = i < making->firsts[a + 1];
    bool more_b = j < making->firsts[b + 1];
    if (more_a != more_b) {
        return more_a ? 1 : -1;
    }
    return a < b ? -1 : a > b;
}

/* ---- Nodes and edges ------------------------------------------------------------------------ */

static bool tree_add_node(tree_making *making, uint32_t parent, bool gap, uint32_t *out)
{
    compiled_tree *tree = making->tree;
    void *nodes = tree->nodes;
    bool grown = tree->node_count < COMPILED_NONE &&
                 kundig__grow(&making->model->mem, &nodes, &tree->node_capacity,
                              tree->node_count + 1, sizeof *tree->nodes);
    tree->nodes = nodes;
    if (!grown) {
        return false;
    }
    compiled_node *node = &tree->nodes[tree->node_count];
    memset(node, 0, sizeof *node);
    if (gap || (tree->node_count > 0 && tree->nodes[parent].loose)) {
        node->loose = ++tree->loose_count;
    }
    *out = (uint32_t)tree->node_count++;
    return true;
}

static bool tree_add_edge(tree_making *making, compiled_edge edge)
{
    compiled_tree *tree = making->tree;
    void *edges = tree->edges;
    bool grown = tree->edge_count < COMPILED_NONE - 1 &&
                 kundig__grow(&making->model->mem, &edges, &tree->edge_capacity,
                              tree->edge_count + 1, sizeof *tree->edges);
    tree->edges = edges;
    if (grown) {
        edge.hash = kundig__xxh3(edge.key.data, edge.key.len);
        edge.shorter = COMPILED_NONE;
        tree->edges[tree->edge_count++] = edge;
    }
    return grown;
}

static bool tree_is_begin(int kind)
{
    return kind == EDGE_BEGIN || kind == EDGE_GERMAN_BEGIN;
}

/* Marks where the steps to a beginning lead: its length without its last binary digits. */
static bool tree_add_marks(tree_making *making, uint32_t node, kundig_text key)
{
    for (size_t len = key.len & (key.len - 1); len; len &= len - 1) {
        compiled_edge mark = {.key = kundig__text(key.data, len),
                              .plain = {"", 0},
                              .node = node,
                              .child = COMPILED_NONE,
                              .kind = EDGE_MARK};
        if (!tree_add_edge(making, mark)) {
            return false;
        }
    }
    return true;
}

/* The node behind term, new below parent. */
static bool tree_step(tree_making *making, uint32_t parent, const tree_term *term, uint32_t *child)
{
    if (!tree_add_node(making, parent, term->kind == TREE_GAP, child)) {
        return false;
    }
    compiled_node *from = &making->tree->nodes[parent];
    if (term->kind == TREE_ANY) {
        from->any = *child;
        return true;
    }
    if (term->kind == TREE_GAP) {
        from->gap = *child;
        return true;
    }
    if (tree_is_begin(term->kind)) {
        from->lengths |= UINT64_C(1) << term->key.len;
        from->heads |=
            term->key.len > 1 ? tree_head_bit(term->key.data, term->key.len) : UINT64_MAX;
        if (!tree_add_marks(making, parent, term->key)) {
            return false;
        }
    } else {
        from->words = 1;
        if (term->kind > EDGE_STEM) {
            from->stems |= (uint8_t)(1u << (term->kind - EDGE_STEM));
            from->letters |= tree_letter_bit(term->key.data[0]);
        }
    }
    return tree_add_edge(making, (compiled_edge){.key = term->key,
                                                 .plain = term->plain,
                                                 .node = parent,
                                                 .child = *child,
                                                 .kind = (uint8_t)term->kind});
}

static bool tree_grow(tree_making *making)
{
    const kundig_model *model = making->model;
    compiled_tree *tree = making->tree;
    uint32_t path[KUNDIG__MOST_TERMS + 1];
    const tree_term *before = NULL;
    size_t before_count = 0;
    if (!tree_add_node(making, 0, false, &path[0])) {
        return false;
    }
    for (size_t i = 0; i < making->order_count; i++) {
        uint32_t rule = making->order[i];
        const tree_term *terms = &making->terms[making->firsts[rule]];
        size_t count = making->firsts[rule + 1] - making->firsts[rule];
        size_t depth = 0;
        while (depth < count && depth < before_count &&
               tree_term_order(&terms[depth], &before[depth]) == 0) {
            depth++;
        }
        for (; depth < count; depth++) {
            if (!tree_step(making, path[depth], &terms[depth], &path[depth + 1])) {
                return false;
            }
        }
        compiled_node *last = &tree->nodes[path[count]];
        last->ends = last->end_count ? last->ends : (uint32_t)i;
        last->end_count++;
        for (size_t at = 0; at <= count; at++) {
            tree->nodes[path[at]].languages |= (uint8_t)(1u << model->rules[rule].language);
        }
        tree->ends[tree->end_count++] = rule;
        before = terms;
        before_count = count;
    }
    return true;
}

/* ---- Edges side by side --------------------------------------------------------------------- */

static int tree_edge_order(const void *ud, uint32_t a, uint32_t b)
{
    const compiled_tree *tree = ud;
    const compiled_edge *left = &tree->edges[a];
    const compiled_edge *right = &tree->edges[b];
    if (left->node != right->node) {
        return left->node < right->node ? -1 : 1;
    }
    int order = kundig__text_order(left->key, right->key);
    if (order == 0) {
        order = left->kind < right->kind ? -1 : left->kind > right->kind;
    }
    return order != 0 ? order : kundig__text_order(left->plain, right->plain);
}

/* Sort the edges and drop marks that stand twice. */
static bool tree_order_edges(tree_making *making)
{
    compiled_tree *tree = making->tree;
    kundig__mem *mem = &making->model->mem;
    size_t count = tree->edge_count;
    uint32_t *order = kundig__alloc(mem, count * sizeof *order);
    compiled_edge *sorted = kundig__alloc(mem, count * sizeof *sorted);
    if (order && sorted) {
        for (uint32_t i = 0; i < count; i++) {
            order[i] = i;
        }
        kundig__order_sort(order, count, tree_edge_order, tree);
        size_t kept = 0;
        for (size_t i = 0; i < count; i++) {
            const compiled_edge *edge = &tree->edges[order[i]];
            if (kept && edge->kind == EDGE_MARK && sorted[kept - 1].kind == EDGE_MARK &&
                tree_key_is(edge, sorted[kept - 1].node, sorted[kept - 1].key.data,
                            sorted[kept - 1].key.len)) {
                continue;
            }
            sorted[kept++] = *edge;
        }
        for (size_t i = 0; i + 1 < kept; i++) {
            sorted[i].more = tree_key_is(&sorted[i], sorted[i + 1].node, sorted[i + 1].key.data,
                                         sorted[i + 1].key.len);
        }
        if (kept) { /* a model without rules has no edges */
            memcpy(tree->edges, sorted, kept * sizeof *sorted);
        }
        tree->edge_count = kept;
    }
    bool done = order && sorted;
    kundig__free(mem, order, order ? count * sizeof *order : 0);
    kundig__free(mem, sorted, sorted ? count * sizeof *sorted : 0);
    return done;
}

/* Point each group of beginnings and marks to the next shorter beginning. Of keys in order those
 * that begin a later one stand on a stack. */
static void tree_link_beginnings(compiled_tree *tree)
{
    uint32_t stack[COMPILED_LONGEST + 1];
    size_t depth = 0;
    for (uint32_t i = 0; i < tree->edge_count;) {
        const compiled_edge *first = &tree->edges[i];
        while (depth > 0) {
            const compiled_edge *top = &tree->edges[stack[depth - 1]];
            if (top->node == first->node && top->key.len < first->key.len &&
                memcmp(top->key.data, first->key.data, top->key.len) == 0) {
                break;
            }
            depth--;
        }
        bool begins = false;
        uint32_t group = i;
        for (bool more = true; more; i++) {
            compiled_edge *edge = &tree->edges[i];
            edge->shorter = depth ? stack[depth - 1] : COMPILED_NONE;
            begins |= tree_is_begin(edge->kind);
            more = edge->more != 0;
        }
        if (begins) {
            stack[depth++] = group;
        }
    }
}

/* ---- The table ------------------------------------------------------------------------------ */

static bool tree_fill(compiled_tree *tree)
{
    memset(tree->buckets, 0, tree->bucket_count * sizeof *tree->buckets);
    for (uint32_t i = 0; i < tree->edge_count; i++) {
        const compiled_edge *edge = &tree->edges[i];
        if (i > 0 && tree->edges[i - 1].more) {
            continue;
        }
        uint64_t mixed = tree_mix(edge->hash, edge->node, tree->seed);
        compiled_bucket *bucket = &tree->buckets[mixed & (tree->bucket_count - 1)];
        size_t slot = 0;
        while (slot < COMPILED_BUCKET && bucket->edges[slot]) {
            slot++;
        }
        if (slot == COMPILED_BUCKET) {
            return false;
        }
        bucket->tags[slot] = (uint32_t)(mixed >> 32);
        bucket->edges[slot] = i + 1;
    }
    return true;
}

static int tree_table(tree_making *making, kundig_error *err)
{
    compiled_tree *tree = making->tree;
    kundig__mem *mem = &making->model->mem;
    size_t count = 1;
    while (count < tree->edge_count / 3) {
        count *= 2;
    }
    for (; count / TREE_MOST_ROOM <= tree->edge_count; count *= 2) {
        size_t size;
        size_t old = tree->bucket_count * sizeof *tree->buckets;
        compiled_bucket *buckets =
            kundig__size_mul(count, sizeof *buckets, &size)
                ? kundig__realloc(mem, tree->buckets, tree->buckets ? old : 0, size)
                : NULL;
        if (!buckets) {
            return kundig__nomem(mem, err);
        }
        tree->buckets = buckets;
        tree->bucket_count = count;
        for (uint64_t seed = 0; seed < TREE_SEEDS; seed++) {
            tree->seed = seed * UINT64_C(0xA0761D6478BD642F);
            if (tree_fill(tree)) {
                return KUNDIG_OK;
            }
        }
    }
    return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                        "more than %u words of the taxonomy have one hash: they were made for it",
                        COMPILED_BUCKET);
}

/* Filters are made when the seed is known. */
static bool tree_filters(tree_making *making)
{
    compiled_tree *tree = making->tree;
    kundig__mem *mem = &making->model->mem;
    size_t words = 4;
    while (words * 4 < tree->edge_count) { /* 16 bits an edge */
        words *= 2;
    }
    tree->filter = kundig__alloc_zero(mem, words * sizeof *tree->filter);
    tree->filter_words = tree->filter ? words : 0;
    tree->heads = kundig__alloc_zero(mem, sizeof *tree->heads << (COMPILED_HEAD_BITS - 6));
    if (!tree->filter || !tree->heads) {
        return false;
    }
    for (size_t i = 0; i < tree->edge_count; i++) {
        const compiled_edge *edge = &tree->edges[i];
        unsigned char first = (unsigned char)edge->key.data[0];
        if (edge->kind == EDGE_MARK) {
            continue;
        }
        if (!tree_is_begin(edge->kind)) {
            uint64_t mixed = tree_mix(edge->hash, edge->node, tree->seed);
            uint64_t bit = (mixed >> 20) & (words * 64 - 1);
            tree->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
        } else if (edge->node != 0) {
            continue;
        } else if (edge->key.len < COMPILED_SHORT_HEAD) {
            tree->short_heads[first / 64] |= UINT64_C(1) << (first % 64);
        } else {
            uint32_t bit = compiled_head(edge->key.data);
            tree->heads[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
    }
    return true;
}

/* ---- All of it ------------------------------------------------------------------------------ */

static int tree_make(tree_making *making, kundig_error *err)
{
    kundig_model *model = making->model;
    for (uint32_t i = 0; i < model->rule_count; i++) {
        const kundig__rule *rule = &model->rules[i];
        making->firsts[i] = (uint32_t)making->term_count;
        making->firsts[i + 1] = (uint32_t)making->term_count;
        if (rule->kind == KUNDIG__RULE_PART) {
            continue;
        }
        for (uint32_t at = 0; at < rule->term_count; at++) {
            int rc = tree_make_term(making, rule, &rule->terms[at], err);
            if (rc != KUNDIG_OK) {
                return rc;
            }
        }
        making->firsts[i + 1] = (uint32_t)making->term_count;
        making->order[making->order_count++] = i;
    }
    kundig__order_sort(making->order, making->order_count, tree_rule_order, making);
    if (!tree_grow(making) || !tree_order_edges(making)) {
        return kundig__nomem(&model->mem, err);
    }
    tree_link_beginnings(making->tree);
    int rc = tree_table(making, err);
    return rc != KUNDIG_OK || tree_filters(making) ? rc : kundig__nomem(&model->mem, err);
}

int kundig__tree_build(kundig_model *model, kundig__stemmer *stemmer, kundig_error *err)
{
    kundig__mem *mem = &model->mem;
    size_t terms = 0;
    for (size_t i = 0; i < model->rule_count; i++) {
        terms += model->rules[i].term_count;
    }
    tree_making making = {.model = model, .tree = &model->tree, .stemmer = stemmer};
    size_t count = model->rule_count;
    making.terms = kundig__alloc(mem, terms * sizeof *making.terms);
    making.firsts = kundig__alloc(mem, (count + 1) * sizeof *making.firsts);
    making.order = kundig__alloc(mem, count * sizeof *making.order);
    model->tree.ends = kundig__arena_alloc(&model->arena, count * sizeof *model->tree.ends);
    int rc = making.terms && making.firsts && making.order && model->tree.ends
                 ? tree_make(&making, err)
                 : kundig__nomem(mem, err);
    kundig__free(mem, making.terms, making.terms ? terms * sizeof *making.terms : 0);
    kundig__free(mem, making.firsts, making.firsts ? (count + 1) * sizeof *making.firsts : 0);
    kundig__free(mem, making.order, making.order ? count * sizeof *making.order : 0);
    return rc;
}

void kundig__tree_free(compiled_tree *tree, kundig__mem *mem)
{
    kundig__free(mem, tree->nodes, tree->node_capacity * sizeof *tree->nodes);
    kundig__free(mem, tree->edges, tree->edge_capacity * sizeof *tree->edges);
    kundig__free(mem, tree->buckets, tree->bucket_count * sizeof *tree->buckets);
    kundig__free(mem, tree->filter, tree->filter_words * sizeof *tree->filter);
    kundig__free(mem, tree->heads,
                 tree->heads ? sizeof *tree->heads << (COMPILED_HEAD_BITS - 6) : 0);
    memset(tree, 0, sizeof *tree);
}
