/* Reporting mode at the door: what is refused, and what stands once a question was answered. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "probe.h"

TestSuite(mode, .fini = probe_fini);

#define WITH(s) s, sizeof(s) - 1

static kundig *mode_open(void)
{
    kundig_options options;
    kundig *k = NULL;
    kundig_error err;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.report_k = 3;
    options.report_fields = (kundig_text){WITH("stage")};
    cr_assert_eq(kundig_open(WITH(":memory:"), &options, &k, &err), KUNDIG_OK, "%s", err.message);
    return k;
}

static kundig_query *mode_query(void)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(query, WITH("count"), NULL), KUNDIG_OK);
    return query;
}

Test(mode, report_options_that_make_no_sense_are_refused)
{
    for (int i = 0; i < 3; i++) {
        kundig_options options;
        kundig *k = NULL;
        kundig_options_init(&options);
        options.allocator = probe_allocator(NULL);
        options.report_k = i == 0 ? 1 : i == 1 ? 0 : 5;
        options.report_comments = i == 2 ? 4 : 0;
        options.report_every = i == 1;
        cr_assert_eq(kundig_open(WITH(":memory:"), &options, &k, NULL), KUNDIG_E_ARG);
        cr_assert_null(k);
    }
}

Test(mode, only_measures_and_topics_tell_of_facts)
{
    static const char rows[] = "id,stage,nps,comment\n1,A,9,late\n2,A,8,late\n3,A,1,late\n"
                               "4,B,9,late\n5,B,2,late\n6,B,3,late\n";
    kundig *k = mode_open();
    kundig_query *query = mode_query();
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_state *state = NULL;
    kundig_model *model = NULL;
    kundig_error err;
    uint32_t node;
    cr_assert_eq(kundig_ingest_bytes(k, WITH(rows), NULL, NULL, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_eq(kundig_query_parse(query, WITH("nps > 1"), &node, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_fields(k, &table, &err), KUNDIG_E_MODE);
    cr_assert_str_eq(err.message, "in reporting mode kundig_measure() and kundig_topics() answer, "
                                  "without filters: nothing else tells of facts");
    cr_assert_eq(kundig_conflicts(k, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_compare(k, query, node, node, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_comments(k, query, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_search(k, "good", 4, query, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_analyze(k, query, NULL, NULL, &bytes, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_state_new(k, query, &state, NULL), KUNDIG_E_MODE);
    kundig_erasure erasure;
    kundig_erasure_init(&erasure);
    erasure.customer = (kundig_text){WITH("Ann")};
    char hex[33];
    cr_assert_eq(kundig_erase(k, &erasure, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_expire(k, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_merge(k, WITH("other.kundig"), 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_audit(k, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_cache_save(k, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_compact(k, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_facts_hash(k, hex, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_pin_model(k, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_get_model(k, &model, NULL), KUNDIG_E_MODE);
    cr_assert(!model);
    int32_t has = 7;
    cr_assert_eq(kundig_has_model(k, &has, NULL), KUNDIG_E_MODE);
    cr_assert_eq(has, 7);
    cr_assert(!table && !bytes && !state);
    cr_assert_eq(kundig_topics(k, NULL, 0, &table, &err), KUNDIG_OK, "%s", err.message);
    kundig_table_free(table);
    cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_row_count(table), 1);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
}

Test(mode, what_is_answered_from_stands_once_a_question_was_answered)
{
    kundig *k = mode_open();
    kundig_query *query = mode_query();
    kundig_table *table = NULL;
    cr_assert_eq(kundig_feedback_add(k, NULL, 0, NULL, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_set_model(k, NULL, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_measure(k, query, &table, NULL), KUNDIG_OK);
    kundig_table_free(table);
    cr_assert_eq(kundig_feedback_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_customer_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_event_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_ingest_bytes(k, WITH("nps\n9\n"), NULL, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_set_model(k, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_zone_add(k, WITH("Here"), WITH("TZif"), NULL), KUNDIG_E_MODE);
    kundig_query_free(query);
    kundig_close(k);
}

static kundig *mode_store(const char *path, uint32_t report_k)
{
    kundig_options options;
    kundig *k = NULL;
    kundig_error err;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.report_k = report_k;
    cr_assert_eq(kundig_open(path, strlen(path), &options, &k, &err), KUNDIG_OK, "%s", err.message);
    return k;
}

Test(mode, a_store_that_is_reported_of_takes_no_facts_for_what_was_added_would_tell)
{
    static const char rows[] = "nps,comment\n9,late\n2,late\n3,late\n";
    char folder[] = "/tmp/kundig-mode-XXXXXX";
    char path[64];
    kundig_added added;
    kundig_error err;
    kundig_query *query = mode_query();
    kundig_table *table = NULL;
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.kundig", folder);
    kundig *k = mode_store(path, 0);
    cr_assert_eq(kundig_ingest_bytes(k, WITH(rows), NULL, NULL, &err), KUNDIG_OK, "%s",
                 err.message);
    kundig_close(k);

    k = mode_store(path, 2);
    kundig_added_init(&added);
    cr_assert_eq(kundig_feedback_add(k, NULL, 0, &added, &err), KUNDIG_E_MODE);
    cr_assert_str_eq(err.message, "in reporting mode a store takes no facts: add them with a "
                                  "handle that does not report");
    cr_assert_eq(kundig_customer_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_event_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_label_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_link_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_consent_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_retention_add(k, NULL, 0, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_ingest_bytes(k, WITH(rows), NULL, NULL, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_set_model(k, NULL, NULL), KUNDIG_OK, "no fact");
    cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_eq(kundig_table_int(table, 0, kundig_table_find_column(table, WITH("n"))), 3);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    unlink(path);
    cr_assert_eq(rmdir(folder), 0);
}
