/* The door: what is refused before a room is entered, and what is written back. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig, .fini = probe_fini);

#define WITH(s) s, sizeof(s) - 1

static kundig *kundig_test_open(void)
{
    kundig_options options;
    kundig *k = NULL;
    kundig_error err;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_open(WITH(":memory:"), &options, &k, &err), KUNDIG_OK, "%s", err.message);
    return k;
}

static kundig_query *ask(const char *metric)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(query, metric, strlen(metric), NULL), KUNDIG_OK);
    return query;
}

Test(kundig, refuses_options_out_of_bounds)
{
    static char key[33];
    char mark;
    kundig_error err;
    for (int i = 0; i < 5; i++) {
        kundig *k = (kundig *)(void *)&mark;
        kundig_options options;
        kundig_options_init(&options);
        options.allocator = probe_allocator(NULL);
        options.threads = i == 1 ? 65 : 64;
        options.pseudonym_key.data = i < 2 ? NULL : key;
        options.pseudonym_key.len = i == 2 ? 31 : i == 3 ? 33 : 32;
        if (i < 2) {
            options.pseudonym_key.len = 0;
        }
        options.identifiers = i == 0 ? KUNDIG_IDENTIFIERS_PSEUDONYMS : KUNDIG_IDENTIFIERS_PLAIN;
        int rc = kundig_open(WITH(":memory:"), &options, &k, &err);
        cr_assert_eq(rc, i == 4 ? KUNDIG_OK : KUNDIG_E_ARG, "case %d: %d", i, rc);
        if (rc) {
            cr_assert_eq((void *)k, (void *)&mark, "the output stays as it was");
        } else {
            kundig_close(k);
        }
    }
    cr_assert_eq(kundig_open(WITH(":memory:"), NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_str_eq(err.message, "out is NULL");
    kundig *none = NULL;
    cr_assert_eq(kundig_open(NULL, 0, NULL, &none, &err), KUNDIG_E_ARG);
    cr_assert_str_eq(err.message, "path is NULL");
    cr_assert_eq(kundig_open("", 0, NULL, &none, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_open("a\0b", 3, NULL, &none, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_open(WITH("/no/such/folder/x"), NULL, &none, &err), KUNDIG_E_IO);
    kundig_close(NULL);
}

Test(kundig, every_call_wants_a_handle_and_somewhere_to_answer)
{
    kundig *k = kundig_test_open();
    kundig_query *query = ask("nps");
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_state *state = NULL;
    kundig_model *model = NULL;
    uint32_t node;
    cr_assert_eq(kundig_query_parse(query, WITH("nps > 1"), &node, NULL), KUNDIG_OK);
    for (int with = 0; with < 2; with++) {
        kundig *h = with ? k : NULL;
        int want = with ? KUNDIG_OK : KUNDIG_E_ARG;
        cr_assert_eq(kundig_feedback_add(h, NULL, 0, NULL, NULL), want);
        cr_assert_eq(kundig_customer_add(h, NULL, 0, NULL, NULL), want);
        cr_assert_eq(kundig_event_add(h, NULL, 0, NULL, NULL), want);
        cr_assert_eq(kundig_fields(h, &table, NULL), want);
        kundig_table_free(table);
        table = NULL;
        cr_assert_eq(kundig_topics(h, NULL, 0, &table, NULL), want);
        kundig_table_free(table);
        table = NULL;
        cr_assert_eq(kundig_set_model(h, NULL, NULL), want);
        cr_assert_eq(kundig_get_model(h, &model, NULL), want);
        kundig_model_free(model);
        model = NULL;
        int32_t has = 0;
        cr_assert_eq(kundig_has_model(h, &has, NULL), want);
        cr_assert_eq(kundig_conflicts(h, &table, NULL), want);
        kundig_table_free(table);
        table = NULL;
        cr_assert_eq(kundig_analyze(h, NULL, NULL, NULL, &bytes, NULL), want);
        kundig_bytes_free(bytes);
        bytes = NULL;
        cr_assert_eq(kundig_ingest_bytes(h, WITH("nps\n9\n"), NULL, NULL, NULL), want);
        cr_assert_eq(kundig_measure(h, query, &table, NULL), want);
        kundig_table_free(table);
        table = NULL;
        cr_assert_eq(kundig_state_new(h, query, &state, NULL), want);
        kundig_state_free(state);
        state = NULL;
    }
    cr_assert_eq(kundig_fields(k, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_conflicts(k, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_measure(k, NULL, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_measure(k, query, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_comments(k, query, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_topics(k, query, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_compare(k, query, node, node + 1, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_feedback_add(k, NULL, 1, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_customer_add(k, NULL, 1, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_event_add(k, NULL, 1, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_zone_add(k, WITH("X"), NULL, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_metrics(NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_get_model(k, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_has_model(k, NULL, NULL), KUNDIG_E_ARG);
    kundig_query_free(query);
    kundig_close(k);
}

static size_t kundig_test_topics(const kundig_model *model)
{
    kundig_table *table = NULL;
    cr_assert_eq(kundig_model_topics(model, &table, NULL), KUNDIG_OK);
    size_t rows = kundig_table_row_count(table);
    kundig_table_free(table);
    return rows;
}

Test(kundig, tells_which_model_reads_chosen_before_pinned_before_ready)
{
    kundig *k = kundig_test_open();
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *models[3] = {NULL, NULL, NULL};
    kundig_model *got = NULL;
    cr_assert_eq(kundig_model_new(&allocator, NULL, 0, &models[0], NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_new(&allocator, WITH("topic a: A\nen: late\n"), &models[1], NULL),
                 KUNDIG_OK);
    cr_assert_eq(kundig_model_new(&allocator, WITH("topic a: A\nen: late\ntopic b: B\nen: fast\n"),
                                  &models[2], NULL),
                 KUNDIG_OK);
    size_t ready = kundig_test_topics(models[0]);
    cr_assert_gt(ready, 2);
    for (size_t step = 0; step < 5; step++) {
        static const size_t wanted[] = {0, 1, 2, 1, 0};
        cr_assert_eq(kundig_get_model(k, &got, NULL), KUNDIG_OK);
        cr_assert_eq(kundig_test_topics(got), wanted[step] ? wanted[step] : ready, "step %zu",
                     step);
        kundig_model_free(got);
        int32_t has = 0;
        cr_assert_eq(kundig_has_model(k, &has, NULL), KUNDIG_OK);
        cr_assert_eq(has, wanted[step] ? KUNDIG_YES : KUNDIG_NO, "step %zu", step);
        switch (step) {
        case 0:
            cr_assert_eq(kundig_pin_model(k, models[1], NULL), KUNDIG_OK);
            break;
        case 1:
            cr_assert_eq(kundig_set_model(k, models[2], NULL), KUNDIG_OK);
            break;
        case 2:
            cr_assert_eq(kundig_set_model(k, NULL, NULL), KUNDIG_OK);
            break;
        default:
            cr_assert_eq(kundig_pin_model(k, NULL, NULL), KUNDIG_OK);
        }
    }
    cr_assert_eq(kundig_set_model(k, models[2], NULL), KUNDIG_OK);
    cr_assert_eq(kundig_get_model(k, &got, NULL), KUNDIG_OK);
    kundig_close(k);
    cr_assert_eq(kundig_test_topics(got), 2, "it outlives the handle");
    kundig_model_free(got);
    for (size_t i = 0; i < 3; i++) {
        kundig_model_free(models[i]);
    }
}

typedef struct kundig_test_back {
    kundig *k;
    int rc;
    kundig_error err;
    int calls;
    int of_topics; /* what of kundig_topics() and kundig_set_model() was refused */
} kundig_test_back;

static int kundig_test_call_back(void *ud, uint64_t done, uint64_t total)
{
    kundig_test_back *back = ud;
    kundig_table *table = NULL;
    (void)done;
    (void)total;
    back->calls++;
    back->rc = kundig_fields(back->k, &table, &back->err);
    back->of_topics += kundig_topics(back->k, NULL, 0, &table, NULL) == KUNDIG_E_BUSY &&
                       kundig_set_model(back->k, NULL, NULL) == KUNDIG_E_BUSY;
    return 0;
}

Test(kundig, lets_one_call_in_at_a_time_and_is_free_behind_it)
{
    kundig_options options;
    kundig_test_back back = {NULL, 0, {0, 0, ""}, 0, 0};
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.progress = kundig_test_call_back;
    options.progress_ud = &back;
    cr_assert_eq(kundig_open(WITH(":memory:"), &options, &back.k, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_ingest_bytes(back.k, WITH("nps\n9\n"), NULL, NULL, NULL), KUNDIG_OK);
    kundig_query *query = ask("nps");
    kundig_table *table = NULL;
    cr_assert_eq(kundig_comments(back.k, query, 0, &table, NULL), KUNDIG_OK);
    kundig_table_free(table);
    cr_assert_gt(back.calls, 0);
    cr_assert_eq(back.rc, KUNDIG_E_BUSY);
    cr_assert_eq(back.of_topics, back.calls);
    cr_assert_str_eq(back.err.message, "another call is inside this handle: one thread at a time");
    cr_assert_eq(kundig_fields(back.k, &table, NULL), KUNDIG_OK);
    kundig_table_free(table);
    /* A call that fails leaves as well. */
    cr_assert_neq(kundig_ingest_bytes(back.k, WITH("a\0b"), NULL, NULL, NULL), KUNDIG_E_BUSY);
    cr_assert_eq(kundig_fields(back.k, &table, NULL), KUNDIG_OK);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(back.k);
}

Test(kundig, a_handle_stays_with_the_process_that_opened_it)
{
    kundig *k = kundig_test_open();
    kundig_table *table = NULL;
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        int refused = kundig_fields(k, &table, NULL) == KUNDIG_E_FORK &&
                      kundig_topics(k, NULL, 0, &table, NULL) == KUNDIG_E_FORK &&
                      kundig_set_model(k, NULL, NULL) == KUNDIG_E_FORK;
        _exit(refused ? 42 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status));
    cr_assert_eq(WEXITSTATUS(status), 42);
    cr_assert_eq(kundig_fields(k, &table, NULL), KUNDIG_OK, "the parent goes on");
    kundig_table_free(table);
    kundig_close(k);
}

Test(kundig, records_may_be_longer_than_known_and_a_bad_one_undoes_all)
{
    typedef struct longer {
        kundig_feedback record;
        uint64_t of_tomorrow;
    } longer;
    static const char *const ids[3] = {"a", "b", "c"};
    kundig *k = kundig_test_open();
    longer records[3];
    kundig_score scores[3];
    kundig_added added;
    kundig_error err;
    memset(records, 0, sizeof records);
    memset(scores, 0, sizeof scores);
    for (int i = 0; i < 3; i++) {
        kundig_feedback_init(&records[i].record);
        records[i].record.size = sizeof records[i];
        records[i].record.source = (kundig_text){"s", 1};
        records[i].record.id = (kundig_text){ids[i], 1};
        scores[i].scale = KUNDIG_SCALE_NPS;
        scores[i].value = i == 2 ? 11 : 5;
        records[i].record.scores = &scores[i];
        records[i].record.score_count = 1;
    }
    kundig_added_init(&added);
    added.records = 4711;
    cr_assert_eq(kundig_feedback_add(k, &records[0].record, 3, &added, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 2, "the third is bad");
    cr_assert_eq(added.records, 4711, "nothing is written back");
    scores[2].value = 10;
    records[1].of_tomorrow = 1;
    cr_assert_eq(kundig_feedback_add(k, &records[0].record, 3, &added, &err), KUNDIG_E_VERSION);
    cr_assert_eq(err.pos, 1);
    records[1].of_tomorrow = 0;
    cr_assert_eq(kundig_feedback_add(k, &records[0].record, 3, &added, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_eq(added.records, 3);
    cr_assert_eq(added.added, 3, "those undone had left no trace");
    cr_assert_eq(added.size, sizeof added);
    kundig_close(k);
}

Test(kundig, versions_are_written_as_far_as_the_caller_knows_them)
{
    kundig_version_set versions;
    kundig_version_set_init(&versions);
    cr_assert_eq(kundig_versions(&versions), KUNDIG_OK);
    cr_assert_eq(versions.abi, KUNDIG_ABI_VERSION);
    cr_assert_str_eq(versions.library, KUNDIG_VERSION_STRING);
    cr_assert_eq(versions.size, sizeof versions);
    memset(&versions, 0x5A, sizeof versions);
    versions.size = offsetof(kundig_version_set, library);
    cr_assert_eq(kundig_versions(&versions), KUNDIG_OK);
    cr_assert_eq(versions.abi, KUNDIG_ABI_VERSION);
    cr_assert_eq(*(unsigned char *)&versions.library, 0x5A, "nothing behind it was touched");
    versions.size = 0;
    cr_assert_eq(kundig_versions(&versions), KUNDIG_E_ARG);
    cr_assert_eq(kundig_versions(NULL), KUNDIG_E_ARG);
}

Test(kundig, ingest_refuses_options_that_mean_nothing)
{
    kundig *k = kundig_test_open();
    for (int i = 0; i < 9; i++) {
        kundig_ingest_options options;
        char mark;
        kundig_ingest_report *report = (kundig_ingest_report *)(void *)&mark;
        kundig_error err;
        kundig_ingest_options_init(&options);
        static const char delimiters[3] = {'"', '\n', '\xC3'};
        int want = KUNDIG_E_ARG;
        if (i < 3) {
            options.delimiter = delimiters[i];
        }
        options.dates = i == 3 ? KUNDIG_DATES_MONTH_FIRST + 1 : 0;
        options.encoding = i == 4 ? KUNDIG_ENCODING_WINDOWS_1252 + 1 : 0;
        options.kind = i == 5 ? KUNDIG_KIND_EMPLOYEE + 1 : 0;
        options.max_field = i == 6 ? (UINT64_C(1) << 29) + 1 : 0;
        options.source.len = i == 7 ? 3 : 0;
        if (i == 8) {
            memset(options.reserved, 1, sizeof options.reserved);
            want = KUNDIG_E_VERSION;
        }
        int rc = kundig_ingest_bytes(k, WITH("nps\n9\n"), &options, &report, &err);
        cr_assert_eq(rc, want, "case %d: %d", i, rc);
        cr_assert_null(report, "there is none");
        cr_assert_neq(err.message[0], '\0');
    }
    cr_assert_eq(kundig_ingest_bytes(k, NULL, 1, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_ingest_file(k, NULL, 0, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_ingest_cells(k, NULL, 1, NULL, 0, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_ingest_cells(k, NULL, SIZE_MAX, NULL, 2, NULL, NULL, NULL), KUNDIG_E_ARG);
    kundig_close(k);
}

Test(kundig, the_source_of_a_file_is_its_name_without_the_folder)
{
    static const char path[] = "./kundig_door_sample.csv";
    kundig *k = kundig_test_open();
    kundig_query *query = ask("nps");
    kundig_table *table = NULL;
    kundig_error err;
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    fputs("id,nps\n1,9\n", file);
    fclose(file);
    int rc = kundig_ingest_file(k, WITH(path), NULL, NULL, &err);
    remove(path);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_comments(k, query, 0, &table, &err), KUNDIG_OK);
    kundig_text source =
        kundig_table_text(table, 0, kundig_table_find_column(table, WITH("source")));
    cr_assert_eq(source.len, sizeof path - 1 - 2);
    cr_assert_eq(memcmp(source.data, path + 2, source.len), 0);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
}

static const char small[] = "Date,Stage,NPS,Comment\n"
                            "2026-01-05,Order,9,Quick and friendly service all the way\n"
                            "2026-01-06,Order,3,Nobody answered the phone for two days\n"
                            "2026-02-07,Delivery,10,The parcel came a day early\n";

static int open_with(kundig_options *options, kundig **k, kundig_error *err)
{
    options->allocator = probe_allocator(NULL);
    return kundig_open(":memory:", 8, options, k, err);
}

static kundig *open_small(kundig_options *options)
{
    kundig *k = NULL;
    kundig_error err = {0};
    cr_assert_eq(open_with(options, &k, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_ingest_bytes(k, small, sizeof small - 1, NULL, NULL, &err), KUNDIG_OK, "%s",
                 err.message);
    return k;
}

Test(kundig, takes_options_of_older_and_newer_callers)
{
    struct {
        kundig_options known;
        uint64_t later;
    } newer;
    kundig *k = NULL;
    kundig_error err = {0};
    memset(&newer, 0, sizeof newer);
    newer.known.allocator = probe_allocator(NULL);
    newer.known.size = sizeof newer;
    cr_assert_eq(kundig_open(":memory:", 8, &newer.known, &k, &err), KUNDIG_OK);
    kundig_close(k);
    k = NULL;
    newer.later = 1;
    cr_assert_eq(kundig_open(":memory:", 8, &newer.known, &k, &err), KUNDIG_E_VERSION);
    cr_assert_null(k);

    kundig_options older;
    kundig_options_init(&older);
    older.size = (uint32_t)offsetof(kundig_options, memory_limit);
    older.memory_limit = 1; /* not the older caller's to set: not read */
    cr_assert_eq(open_with(&older, &k, &err), KUNDIG_OK, "%s", err.message);
    kundig_close(k);
}

Test(kundig, results_outlive_their_handle)
{
    kundig_options options;
    kundig_table *t = NULL;
    kundig_bytes *json = NULL;
    kundig_error err = {0};
    kundig_options_init(&options);
    kundig *k = open_small(&options);
    kundig_query *q = ask("nps");
    cr_assert_eq(kundig_measure(k, q, &t, &err), KUNDIG_OK, "%s", err.message);
    kundig_query_free(q);
    kundig_close(k);
    cr_assert_eq(kundig_table_row_count(t), 1);
    size_t value = kundig_table_find_column(t, "value", 5);
    cr_assert_neq(value, SIZE_MAX);
    cr_assert_float_eq(kundig_table_number(t, 0, value), 1.0 / 3, 1e-15);
    cr_assert_eq(kundig_table_to_json(t, &json, &err), KUNDIG_OK);
    cr_assert_not_null(strstr(kundig_bytes_data(json), "\"rows\""));
    kundig_bytes_free(json);
    kundig_table_free(t);
}

static int stop_at_once(void *ud, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return *(int *)ud;
}

Test(kundig, a_cancelled_call_changes_nothing)
{
    kundig_options options;
    kundig_table *before = NULL;
    kundig_table *after = NULL;
    kundig_bytes *a = NULL;
    kundig_bytes *b = NULL;
    kundig_error err = {0};
    int stop = 0;
    kundig_feedback *many = calloc(70000, sizeof *many);
    kundig_options_init(&options);
    options.progress = stop_at_once;
    options.progress_ud = &stop;
    kundig *k = open_small(&options);
    kundig_query *q = ask("count");
    cr_assert_eq(kundig_measure(k, q, &before, &err), KUNDIG_OK);
    for (size_t i = 0; i < 70000; i++) {
        kundig_feedback_init(&many[i]);
        many[i].channel = (kundig_text){"phone", 5};
    }
    stop = 1;
    cr_assert_eq(kundig_feedback_add(k, many, 70000, NULL, &err), KUNDIG_E_CANCELLED);
    stop = 0;
    cr_assert_eq(kundig_measure(k, q, &after, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_to_json(before, &a, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_to_json(after, &b, &err), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(a), kundig_bytes_data(b));
    kundig_bytes_free(a);
    kundig_bytes_free(b);
    kundig_table_free(before);
    kundig_table_free(after);
    kundig_query_free(q);
    kundig_close(k);
    free(many);
}

Test(kundig, a_memory_limit_is_an_error_and_leaves_the_corpus_as_it_was)
{
    kundig_options options;
    kundig_error err = {0};
    kundig_table *t = NULL;
    kundig_options_init(&options);
    options.memory_limit = 4u << 20;
    kundig *k = open_small(&options);
    size_t many = 200000;
    char *csv = malloc(many * 40 + 64);
    size_t len = (size_t)sprintf(csv, "Date,NPS,Comment\n");
    for (size_t i = 0; i < many; i++) {
        len += (size_t)sprintf(csv + len, "2026-01-05,9,comment number %06zu\n", i);
    }
    cr_assert_eq(kundig_ingest_bytes(k, csv, len, NULL, NULL, &err), KUNDIG_E_LIMIT);
    /* The limit is the handle's; the empty report beside it has an account of its own. */
    cr_assert_leq(probe_shared.peak_bytes, options.memory_limit + 16384);
    kundig_query *q = ask("count");
    cr_assert_eq(kundig_measure(k, q, &t, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_number(t, 0, kundig_table_find_column(t, "value", 5)), 3);
    kundig_table_free(t);
    kundig_query_free(q);
    kundig_close(k);
    free(csv);
}
