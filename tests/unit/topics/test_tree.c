#include "modelling.h"

TestSuite(tree, .fini = probe_fini);

static uint32_t tree_at(const kundig_model *model, uint32_t node, const char *key)
{
    uint64_t mixed = tree_mix(kundig__xxh3(key, strlen(key)), node, model->tree.seed);
    return tree_find(&model->tree, node, key, strlen(key), mixed);
}

Test(tree, terms_that_rules_share_are_met_once)
{
    kundig_model *model = model_of("topic a: A\nany: too late, too slow, too, late\n");
    cr_assert_eq(model->tree.node_count, 5);
    cr_assert_eq(model->tree.edge_count, 4);
    uint32_t too = tree_at(model, 0, "too");
    cr_assert_neq(too, COMPILED_NONE);
    uint32_t node = model->tree.edges[too].child;
    cr_assert_eq(model->tree.nodes[node].end_count, 1);
    cr_assert_neq(tree_at(model, node, "late"), COMPILED_NONE);
    cr_assert_neq(tree_at(model, node, "late"), tree_at(model, 0, "late"));
    cr_assert_eq(tree_at(model, node, "too"), COMPILED_NONE);
    cr_assert_eq(tree_at(model, 0, "slow"), COMPILED_NONE);
    kundig_model_free(model);
}

Test(tree, edges_of_one_key_stand_side_by_side)
{
    kundig_model *model = model_of("topic a: A\nany: über, ueber\nde: über, übermorgen\n");
    uint32_t at = tree_at(model, 0, "ueber");
    size_t count = 1;
    for (; model->tree.edges[at].more; at++) {
        count++;
    }
    cr_assert_eq(count, 3);
    kundig_model_free(model);
}

Test(tree, every_edge_is_found_in_large_trees)
{
    kundig__mem mem;
    kundig__buf taxonomy;
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&taxonomy, &mem);
    kundig__buf_str(&taxonomy, "topic a: A\nany: first\n");
    for (int i = 0; i < 20000; i++) {
        kundig__buf_str(&taxonomy, i % 3 == 0 ? "any: the w" : i % 3 == 1 ? "de: ü" : "en: b");
        kundig__buf_int(&taxonomy, i);
        kundig__buf_str(&taxonomy, i % 3 == 2 ? "x*\n" : "\n");
    }
    kundig__buf_char(&taxonomy, 0);
    kundig_model *model = model_of(taxonomy.data);
    const compiled_tree *tree = &model->tree;
    for (uint32_t i = 0; i < tree->edge_count; i++) {
        const compiled_edge *edge = &tree->edges[i];
        uint64_t mixed = tree_mix(edge->hash, edge->node, tree->seed);
        uint32_t at = tree_find(tree, edge->node, edge->key.data, edge->key.len, mixed);
        cr_assert(at != COMPILED_NONE && at <= i);
        while (at < i) {
            cr_assert(tree->edges[at++].more);
        }
        cr_assert(edge->kind == EDGE_MARK || edge->kind == EDGE_BEGIN ||
                  edge->kind == EDGE_GERMAN_BEGIN || tree_may(tree, mixed));
    }
    cr_assert_leq(tree->bucket_count, 4 * tree->edge_count);
    kundig_model_free(model);
    kundig__buf_free(&taxonomy);
}

Test(tree, beginnings_point_to_the_next_shorter)
{
    kundig_model *model = model_of("topic a: A\nany: de*, deli*, delivered*, dentist*\n");
    uint32_t at = tree_at(model, 0, "delivered");
    cr_assert_neq(at, COMPILED_NONE);
    at = model->tree.edges[at].shorter;
    cr_assert_eq(at, tree_at(model, 0, "deli"));
    at = model->tree.edges[at].shorter;
    cr_assert_eq(at, tree_at(model, 0, "de"));
    cr_assert_eq(model->tree.edges[at].shorter, COMPILED_NONE);
    cr_assert_eq(model->tree.edges[tree_at(model, 0, "dent")].kind, EDGE_MARK);
    kundig_model_free(model);
}
