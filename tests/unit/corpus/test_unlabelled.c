/* Comments to label next: none that was judged, masked where the handle masks, in any order. */
#include "corpus/told.h"
#include "forgetting.h"
#include "teaching.h"

TestSuite(unlabelled, .fini = probe_fini);

static void unlabelled_open(fixture *f, uint64_t seed)
{
    kundig_learn_options options;
    kundig_learn_options known;
    const kundig_model *base = NULL;
    kundig_model *model = NULL;
    fixture_open(f);
    teaching_fill(f, TEACHING_ROWS, UINT32_MAX, seed);
    kundig_learn_options_init(&options);
    options.least_customers = 2;
    cr_assert_eq(kundig__learn_options(&options, &known, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_model(f->corpus, &base, &f->err), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_teach(f->corpus, base, &known, &model, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig__corpus_set_model(f->corpus, model);
    kundig_model_free(model);
}

static kundig_table *unlabelled_ask(fixture *f, const char *where, size_t limit)
{
    kundig_query *query = fixture_query(where);
    kundig_table *table = NULL;
    cr_assert_eq(kundig__corpus_label_next(f->corpus, query, limit, &table, &f->err), KUNDIG_OK,
                 "%s", f->err.message);
    kundig_query_free(query);
    fixture_check(f);
    return table;
}

/* teaching.h judges no record of which this holds. */
static bool unlabelled_is(uint32_t record)
{
    return record % 3 == 1 + record % 2;
}

Test(unlabelled, are_those_that_nobody_judged_in_any_order_of_arrival)
{
    kundig_bytes *expected = NULL;
    size_t count = 0;
    for (uint32_t i = 0; i < TEACHING_ROWS; i++) {
        count += unlabelled_is(i);
    }
    for (uint64_t seed = 0; seed < 3; seed++) {
        fixture f;
        kundig_bytes *json = NULL;
        unlabelled_open(&f, seed);
        f.context.threads = 1 + (uint32_t)seed;
        kundig_table *table = unlabelled_ask(&f, NULL, 0);
        char note[64];
        snprintf(note, sizeof note, "%zu comments without a label", count);
        cr_assert_str_eq(kundig_table_note(table, 0), note);
        cr_assert_gt(kundig_table_row_count(table), 0);
        cr_assert_leq(kundig_table_row_count(table), 20);
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            uint32_t record = (uint32_t)strtoul(kundig_table_text(table, row, 1).data, NULL, 10);
            char text[160];
            cr_assert(unlabelled_is(record), "%u was judged", (unsigned)record);
            teaching_text(record, text);
            cr_assert_str_eq(kundig_table_text(table, row, 6).data, text);
            cr_assert(!kundig_table_is_null(table, row, 2) && !kundig_table_is_null(table, row, 3));
        }
        cr_assert_eq(kundig_table_to_json(table, &json, &f.err), KUNDIG_OK);
        if (expected) {
            cr_assert_eq(kundig_bytes_len(json), kundig_bytes_len(expected));
            cr_assert_arr_eq(kundig_bytes_data(json), kundig_bytes_data(expected),
                             kundig_bytes_len(json));
            kundig_bytes_free(json);
        } else {
            expected = json;
        }
        kundig_table_free(table);
        fixture_close(&f);
    }
    kundig_bytes_free(expected);
}

Test(unlabelled, a_judgement_of_anybody_is_enough_and_a_limit_holds)
{
    fixture f;
    unlabelled_open(&f, 0);
    kundig_table *table = unlabelled_ask(&f, NULL, 2);
    cr_assert_eq(kundig_table_row_count(table), 2);
    char id[16];
    snprintf(id, sizeof id, "%s", kundig_table_text(table, 0, 1).data);
    kundig_table_free(table);
    kundig__fact label = forget_label("survey.csv", id, "delivery");
    label.as.label.holds = KUNDIG_NO;
    forget_add(&f, &label, 1);
    table = unlabelled_ask(&f, NULL, 0);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        cr_assert_str_neq(kundig_table_text(table, row, 1).data, id);
    }
    kundig_table_free(table);
    table = unlabelled_ask(&f, "id = 1", 0);
    cr_assert_leq(kundig_table_row_count(table), 1);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(unlabelled, need_a_model_that_learned_topics)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    kundig_query *query = fixture_query(NULL);
    cr_assert_eq(kundig__corpus_label_next(f.corpus, query, 0, &table, &f.err), KUNDIG_E_EMPTY);
    cr_assert_null(table);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t unlabelled_again(fixture *f, void *ud)
{
    kundig_table *table = NULL;
    int rc = kundig__corpus_label_next(f->corpus, ud, 0, &table, &f->err);
    kundig_table_free(table);
    return rc;
}

Test(unlabelled, survives_failure_of_every_allocation)
{
    fixture f;
    unlabelled_open(&f, 0);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    kundig_query *query = fixture_query("channel = praise");
    fixture_sweep(&f, unlabelled_again, query);
    kundig_query_free(query);
    fixture_close(&f);
}
