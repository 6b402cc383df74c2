/* The door: handles, argument checks, one call at a time. */
#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kundig.h"
#include "probe.h"

TestSuite(kundig, .fini = probe_fini);

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

static kundig_query *ask(const char *metric)
{
    kundig_query *q = NULL;
    kundig_allocator allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_query_new(&allocator, &q), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(q, metric, strlen(metric), NULL), KUNDIG_OK);
    return q;
}

Test(kundig, opens_in_memory_alone)
{
    kundig *k = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_open("feedback.kundig", 15, NULL, &k, &err), KUNDIG_E_ARG);
    cr_assert_null(k);
    cr_assert_gt(strlen(err.message), 10);
    cr_assert_eq(kundig_open(NULL, 0, NULL, &k, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_open(":memory:", 8, NULL, NULL, &err), KUNDIG_E_ARG);
}

Test(kundig, refuses_odd_options)
{
    kundig *k = NULL;
    kundig_error err = {0};
    kundig_options options;
    kundig_options_init(&options);
    options.threads = 65;
    cr_assert_eq(open_with(&options, &k, &err), KUNDIG_E_ARG);
    kundig_options_init(&options);
    options.pseudonym_key = (kundig_text){"short", 5};
    cr_assert_eq(open_with(&options, &k, &err), KUNDIG_E_ARG);
    kundig_options_init(&options);
    options.size = 0;
    cr_assert_eq(open_with(&options, &k, &err), KUNDIG_E_ARG);
    cr_assert_null(k);
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

Test(kundig, null_handles_are_an_error_not_a_crash)
{
    kundig_error err = {0};
    kundig_table *t = NULL;
    kundig_query *q = ask("count");
    cr_assert_eq(kundig_measure(NULL, q, &t, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_fields(NULL, &t, NULL), KUNDIG_E_ARG);
    cr_assert_null(t);
    kundig_query_free(q);
    kundig_query_free(NULL);
    kundig_close(NULL);
    kundig_table_free(NULL);
    kundig_bytes_free(NULL);
    kundig_state_free(NULL);
    kundig_ingest_report_free(NULL);
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

static kundig *reentered;
static int reentry_code;

static int call_back_in(void *ud, uint64_t done, uint64_t total)
{
    kundig_table *t = NULL;
    (void)ud;
    (void)done;
    (void)total;
    if (reentered) {
        reentry_code = kundig_fields(reentered, &t, NULL);
    }
    return 0;
}

Test(kundig, a_call_from_inside_a_call_is_busy)
{
    kundig_options options;
    kundig_feedback *many = calloc(70000, sizeof *many);
    kundig_error err = {0};
    kundig_options_init(&options);
    options.progress = call_back_in;
    cr_assert_eq(open_with(&options, &reentered, &err), KUNDIG_OK);
    for (size_t i = 0; i < 70000; i++) {
        kundig_feedback_init(&many[i]);
        many[i].text = (kundig_text){"fine", 4};
    }
    cr_assert_eq(kundig_feedback_add(reentered, many, 70000, NULL, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_eq(reentry_code, KUNDIG_E_BUSY);
    free(many);
    kundig_close(reentered);
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

Test(kundig, a_forked_child_is_told_to_open_its_own)
{
    kundig_options options;
    int status = 0;
    kundig_options_init(&options);
    kundig *k = open_small(&options);
    pid_t child = fork();
    if (child == 0) {
        kundig_table *t = NULL;
        _exit(kundig_fields(k, &t, NULL) == KUNDIG_E_FORK ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    kundig_close(k);
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
    cr_assert_leq(probe_shared.peak_bytes, options.memory_limit);
    kundig_query *q = ask("count");
    cr_assert_eq(kundig_measure(k, q, &t, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_number(t, 0, kundig_table_find_column(t, "value", 5)), 3);
    kundig_table_free(t);
    kundig_query_free(q);
    kundig_close(k);
    free(csv);
}

Test(kundig, versions_are_told_as_far_as_the_caller_reaches)
{
    kundig_version_set versions;
    kundig_version_set_init(&versions);
    cr_assert_eq(kundig_versions(&versions), KUNDIG_OK);
    cr_assert_str_eq(versions.library, KUNDIG_VERSION_STRING);
    cr_assert_eq(versions.abi, KUNDIG_ABI_VERSION);
    cr_assert_not_null(versions.unicode);
    kundig_version_set_init(&versions);
    versions.size = (uint32_t)offsetof(kundig_version_set, tokeniser);
    cr_assert_eq(kundig_versions(&versions), KUNDIG_OK);
    cr_assert_not_null(versions.library);
    cr_assert_null(versions.tokeniser);
    cr_assert_eq(kundig_versions(NULL), KUNDIG_E_ARG);
}

Test(kundig, feedback_is_added_whole_or_not_at_all)
{
    kundig_options options;
    kundig_feedback two[2];
    kundig_score bad = {.scale = KUNDIG_SCALE_NPS, .value = 11};
    kundig_added added;
    kundig_error err = {0};
    kundig *k = NULL;
    kundig_table *t = NULL;
    kundig_options_init(&options);
    cr_assert_eq(open_with(&options, &k, &err), KUNDIG_OK);
    kundig_feedback_init(&two[0]);
    two[0].text = (kundig_text){"fine", 4};
    two[1] = two[0];
    two[1].scores = &bad;
    two[1].score_count = 1;
    kundig_added_init(&added);
    cr_assert_eq(kundig_feedback_add(k, two, 2, &added, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 1);
    cr_assert_eq(added.records, 0);
    bad.value = 10;
    cr_assert_eq(kundig_feedback_add(k, two, 2, &added, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(added.records, 2);
    cr_assert_eq(added.added, 2);
    cr_assert_eq(kundig_feedback_add(k, two, 2, &added, &err), KUNDIG_OK);
    cr_assert_eq(added.unchanged, 2);
    cr_assert_eq(kundig_fields(k, &t, &err), KUNDIG_OK);
    kundig_table_free(t);
    kundig_close(k);
}
