#include "discovering.h"

TestSuite(discovered_table, .fini = probe_fini);

Test(discovered_table, refuses_calls_without_what_they_need)
{
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    kundig_model *rules = model_of("topic late: Late\nen: late\n");
    cr_assert_eq(kundig_model_discovered(NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_discovered(rules, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_discovered(rules, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_eq(kundig_model_define(NULL, KUNDIG__TEXT("t"), KUNDIG__TEXT("a"), &bytes, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_define(rules, KUNDIG__TEXT("t"), KUNDIG__TEXT("a"), &bytes, &err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_null(table);
    cr_assert_null(bytes);
    kundig_model_free(rules);
}

static size_t column_of(const kundig_table *table, const char *name)
{
    for (size_t i = 0; i < kundig_table_column_count(table); i++) {
        if (strcmp(kundig_table_column_name(table, i), name) == 0) {
            return i;
        }
    }
    cr_assert_fail("no column %s", name);
    return 0;
}

Test(discovered_table, tells_each_topic_greatest_first)
{
    kundig_model *model = discover_all(NULL);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_model_discovered(model, &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), TEACH_SUBJECTS);
    cr_assert_eq(kundig_table_column_count(table), 16);
    int64_t sum = 0;
    double share = 0;
    for (size_t row = 0; row < TEACH_SUBJECTS; row++) {
        int64_t texts = kundig_table_int(table, row, column_of(table, "texts"));
        cr_assert(row == 0 || texts <= kundig_table_int(table, row - 1, column_of(table, "texts")));
        sum += texts;
        share += kundig_table_number(table, row, column_of(table, "share"));
        cr_assert_leq(kundig_table_int(table, row, column_of(table, "customers")), 23);
        cr_assert_gt(kundig_table_text(table, row, column_of(table, "words")).len, 0);
        kundig_text examples = kundig_table_text(table, row, column_of(table, "examples"));
        cr_assert(examples.len > 4 && memcmp(examples.data, "app ", 4) == 0);
        cr_assert(kundig__text_equal(kundig_table_text(table, row, column_of(table, "came")),
                                     KUNDIG__TEXT("new")));
        cr_assert(kundig_table_is_null(table, row, column_of(table, "state")));
        cr_assert(kundig_table_is_null(table, row, column_of(table, "from")));
    }
    const kundig__discovered *found = kundig__model_discovered_of(model);
    uint64_t nowhere = kundig__clustered_facts(found->clustered)->nowhere;
    cr_assert_eq((uint64_t)sum + nowhere, DISCOVER_ALL);
    cr_assert_float_eq(share, (double)sum / DISCOVER_ALL, 1e-12);
    cr_assert_geq(kundig_table_note_count(table), 3);
    kundig_table_free(table);
    kundig_model_free(model);
}

Test(discovered_table, tells_what_people_said)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    kundig_edit edits[5] = {discover_edit(KUNDIG_EDIT_RENAME, found->topics[0].name, "Parcels"),
                            discover_edit(KUNDIG_EDIT_MERGE, found->topics[1].name, NULL),
                            discover_edit(KUNDIG_EDIT_HIDE, found->topics[2].name, NULL),
                            discover_edit(KUNDIG_EDIT_KNOWN, found->topics[3].name, "apps/all"),
                            discover_edit(KUNDIG_EDIT_PIN, found->topics[0].name, NULL)};
    kundig_model *edited = NULL;
    kundig_table *table = NULL;
    edits[1].other = found->topics[0].name;
    cr_assert_eq(kundig__model_edited(model, edits, 5, &edited, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_discovered(edited, &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 3);
    size_t state = column_of(table, "state");
    for (size_t row = 0; row < 3; row++) {
        kundig_text name = kundig_table_text(table, row, column_of(table, "topic"));
        uint32_t cluster = kundig__discovered_find(found, name);
        cr_assert_neq(cluster, 1);
        cr_assert(kundig__text_equal(kundig_table_text(table, row, state),
                                     kundig__str(cluster == 0   ? "pinned"
                                                 : cluster == 2 ? "hidden"
                                                                : "known")));
        if (cluster == 0) {
            cr_assert(kundig__text_equal(kundig_table_text(table, row, column_of(table, "title")),
                                         KUNDIG__TEXT("Parcels")));
            cr_assert(kundig_table_is_null(table, row, column_of(table, "customers")));
        }
    }
    kundig_table_free(table);
    kundig_model_free(edited);
    kundig_model_free(model);
}

Test(discovered_table, writes_a_topic_that_is_a_taxonomy)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    kundig_edit quoted = discover_edit(KUNDIG_EDIT_RENAME, found->topics[0].name, "say \"ok\" # 1");
    kundig_model *edited = NULL;
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig__model_edited(model, &quoted, 1, &edited, NULL), KUNDIG_OK);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        kundig_error err = {0, 0, ""};
        kundig_model *defined = NULL;
        kundig_allocator allocator = probe_allocator(NULL);
        kundig_text name = found->topics[i].name;
        cr_assert_eq(kundig_model_define(edited, name, KUNDIG__TEXT("mine"), &bytes, &err),
                     KUNDIG_OK);
        cr_assert_eq(kundig_model_new(&allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes),
                                      &defined, &err),
                     KUNDIG_OK, "%s", err.message);
        cr_assert_eq(kundig__model_topic(defined, 0)->rule_count, found->topics[i].word_count);
        cr_assert(
            kundig__text_equal(kundig__model_topic(defined, 0)->title,
                               i == 0 ? quoted.name : kundig__discovered_title(&found->topics[i])));
        kundig_model_free(defined);
        kundig_bytes_free(bytes);
        bytes = NULL;
        cr_assert_eq(kundig_model_define(edited, name, KUNDIG__TEXT("no name"), &bytes, &err),
                     KUNDIG_E_VALUE);
        cr_assert_eq(kundig_model_define(edited, name, KUNDIG__TEXT("not"), &bytes, &err),
                     KUNDIG_E_VALUE);
        cr_assert_null(bytes);
    }
    kundig_model_free(edited);
    kundig_model_free(model);
}

Test(discovered_table, fails_cleanly_at_every_allocation)
{
    kundig_model *model = discover_all(NULL);
    kundig_text name = kundig__model_discovered_of(model)->topics[0].name;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n++) {
            kundig_table *table = NULL;
            kundig_bytes *bytes = NULL;
            size_t blocks = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig_model_discovered(model, &table, NULL);
            rc = rc ? rc : kundig_model_define(model, name, KUNDIG__TEXT("mine"), &bytes, NULL);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig_table_free(table);
            kundig_bytes_free(bytes);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    kundig_model_free(model);
}
