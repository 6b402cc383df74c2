/* Why a score moved: the published example, the sums, what is said where nothing can be. */
#include "moved.h"

TestSuite(explain, .fini = probe_fini);

static double explain_cell(const kundig_table *table, size_t row, const char *name)
{
    size_t at = kundig_table_find_column(table, name, strlen(name));
    cr_assert_neq(at, SIZE_MAX, "%s", name);
    return kundig_table_column_type(table, at) == KUNDIG_COLUMN_INT
               ? (double)kundig_table_int(table, row, at)
               : kundig_table_number(table, row, at);
}

static kundig_text explain_text(const kundig_table *table, size_t row, const char *name)
{
    size_t at = kundig_table_find_column(table, name, strlen(name));
    cr_assert_neq(at, SIZE_MAX, "%s", name);
    return kundig_table_text(table, row, at);
}

static bool explain_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, kundig_table_find_column(table, name, strlen(name)));
}

static bool explain_true(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_int(table, row, kundig_table_find_column(table, name, strlen(name))) != 0;
}

/* Admissions to six departments of Berkeley in 1973, of men and of women: each is admitted (5) or
 * not (1). From the public table of R's data sets. */
static void explain_berkeley(moved *m)
{
    static const int counts[6][4] = {{512, 313, 89, 19},   {353, 207, 17, 8},  {120, 205, 202, 391},
                                     {138, 279, 131, 244}, {53, 138, 94, 299}, {22, 351, 24, 317}};
    for (int dept = 0; dept < 6; dept++) {
        for (int cell = 0; cell < 4; cell++) {
            for (int i = 0; i < counts[dept][cell]; i++) {
                const char department[2] = {(char)('A' + dept), '\0'};
                moved_add(m, &(moved_record){.segment = cell < 2 ? "men" : "women",
                                             .department = department,
                                             .csat = cell % 2 ? 1 : 5});
            }
        }
    }
}

Test(explain, a_rate_that_goes_the_other_way_is_told)
{
    moved m;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    moved_open(&m);
    explain_berkeley(&m);
    moved_explain(&m, "segment = men", "segment = women", "csat", "department", 0, tables);
    const kundig_table *splits = tables[KUNDIG_EXPLAIN_SPLITS];
    cr_assert_float_eq(explain_cell(tables[0], 0, "change"), -.1416454, 5e-8);
    cr_assert_float_eq(explain_cell(splits, 0, "mix"), -.1776739, 5e-8);
    cr_assert_float_eq(explain_cell(splits, 0, "rate"), .0360285, 5e-8);
    cr_assert_float_eq(explain_cell(splits, 0, "mix_before"), -.1427332, 5e-8);
    cr_assert_float_eq(explain_cell(splits, 0, "rate_before"), .0709692, 5e-8);
    cr_assert_float_eq(explain_cell(splits, 0, "interaction"), -.0698814, 5e-8);
    cr_assert(explain_true(splits, 0, "simpson") && explain_true(splits, 0, "simpson_sure"));
    cr_assert_float_eq(explain_cell(splits, 0, "parts"), 6, 0);
    double sum = 0;
    for (size_t row = 0; row < 6; row++) {
        sum += explain_cell(tables[KUNDIG_EXPLAIN_CAUSES], row, "contribution");
    }
    cr_assert_float_eq(sum, explain_cell(tables[0], 0, "change"), 1e-13);
    cr_assert_eq(kundig_table_row_count(tables[KUNDIG_EXPLAIN_BREAKS]), 0);
    moved_free(tables);
    moved_close(&m);
}

/* Those who come late to speak of late parcels, and of nothing else; the rest stays. */
static moved_record explain_record(int i, char name[16])
{
    bool late = i % 2;
    bool parcel = late ? i % 6 == 1 : i % 20 == 2;
    snprintf(name, 16, "c%d", i % 150);
    return (moved_record){.segment = late ? "late" : "early",
                          .channel = i % 3 ? "mail" : "phone",
                          .customer = name,
                          .text = parcel  ? "The parcel was late again and nobody told me of it"
                                  : i % 4 ? "Friendly people at the desk, who knew what to do"
                                          : NULL,
                          .nps = parcel ? 2 : 6 + i % 5};
}

static void explain_parcels(moved *m, int shift)
{
    said_model(&m->f, SAID_TAXONOMY);
    for (int i = 0; i < 300; i++) {
        char name[16];
        moved_record record = explain_record((i + shift) % 300, name);
        m->next = (uint32_t)((i + shift) % 300);
        moved_add(m, &record);
    }
}

Test(explain, fields_are_those_that_are_filled_and_causes_have_comments_of_their_way)
{
    moved m;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    moved_open(&m);
    explain_parcels(&m, 0);
    moved_explain(&m, "segment = early", "segment = late", NULL, NULL, 0, tables);
    const kundig_table *causes = tables[KUNDIG_EXPLAIN_CAUSES];
    cr_assert_eq(kundig_table_row_count(tables[KUNDIG_EXPLAIN_SPLITS]), 2);
    cr_assert(kundig__text_equal(explain_text(tables[1], 0, "field"), kundig__str("topic")));
    cr_assert(kundig__text_equal(explain_text(tables[1], 1, "field"), kundig__str("channel")));
    cr_assert(kundig__text_equal(explain_text(causes, 0, "value"), kundig__str("delay")));
    cr_assert(kundig__text_equal(explain_text(causes, 0, "title"), kundig__str("Late delivery")));
    cr_assert_lt(explain_cell(causes, 0, "hi"), 0);
    cr_assert_lt(explain_cell(causes, 0, "q"), .01);
    cr_assert_eq(explain_text(causes, 0, "quote_1").data[0], 'T', "of those who scored low");
    cr_assert(explain_null(causes, 0, "quote_2"), "all say the same");
    for (size_t field = 0; field < 2; field++) {
        double sum = 0;
        double shares = 0;
        for (size_t row = 0; row < kundig_table_row_count(causes); row++) {
            if (kundig__text_equal(explain_text(causes, row, "field"),
                                   explain_text(tables[1], field, "field"))) {
                sum += explain_cell(causes, row, "contribution");
                shares += explain_cell(causes, row, "after_share");
            }
        }
        cr_assert_float_eq(sum, explain_cell(tables[0], 0, "change"), 1e-13);
        cr_assert_float_eq(shares, 1, 1e-13);
    }
    moved_free(tables);
    moved_close(&m);
}

static void explain_json(kundig_table *tables[KUNDIG_EXPLAIN_TABLES], char *out, size_t size)
{
    size_t len = 0;
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_bytes *json = NULL;
        cr_assert_eq(kundig_table_to_json(tables[i], &json, NULL), KUNDIG_OK);
        cr_assert_lt(len + kundig_bytes_len(json), size);
        memcpy(out + len, kundig_bytes_data(json), kundig_bytes_len(json));
        len += kundig_bytes_len(json);
        kundig_bytes_free(json);
    }
    out[len] = '\0';
}

Test(explain, no_order_of_arrival_shows)
{
    static char first[40000];
    static char other[40000];
    for (int shift = 0; shift < 300; shift += 77) {
        moved m;
        kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
        moved_open(&m);
        explain_parcels(&m, shift);
        moved_explain(&m, "segment = early", "segment = late", NULL, NULL, 0, tables);
        explain_json(tables, shift ? other : first, sizeof first);
        cr_assert(!shift || strcmp(first, other) == 0, "%s\n%s", first, other);
        moved_free(tables);
        moved_close(&m);
    }
}

Test(explain, a_set_without_an_answer_has_a_status_and_no_number)
{
    moved m;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    moved_open(&m);
    for (int i = 0; i < 30; i++) {
        moved_add(&m, &(moved_record){.segment = "early", .channel = "mail", .nps = 1 + i % 10});
    }
    moved_explain(&m, "segment = early", "segment = late", NULL, "channel", 0, tables);
    cr_assert(kundig__text_equal(explain_text(tables[0], 0, "status"), kundig__str("no_data")));
    cr_assert(explain_null(tables[0], 0, "change") && explain_null(tables[0], 0, "exceeds_chance"));
    cr_assert(kundig__text_equal(
        explain_text(tables[0], 0, "sentence"),
        kundig__str("Net Promoter Score cannot be compared: no answer in the set after.")));
    cr_assert(kundig__text_equal(explain_text(tables[1], 0, "status"), kundig__str("no_data")));
    cr_assert(explain_null(tables[1], 0, "mix") && explain_null(tables[1], 0, "simpson"));
    cr_assert_eq(kundig_table_row_count(tables[2]), 1);
    cr_assert(explain_null(tables[2], 0, "contribution"));
    cr_assert_float_eq(explain_cell(tables[2], 0, "before_n"), 30, 0);
    moved_free(tables);
    moved_explain(&m, "segment = none", "segment = late", NULL, "channel", 0, tables);
    cr_assert_eq(kundig_table_row_count(tables[2]), 0);
    moved_free(tables);
    moved_close(&m);
}

Test(explain, one_customer_alone_is_undefined)
{
    moved m;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    moved_open(&m);
    for (int i = 0; i < 30; i++) {
        moved_add(&m, &(moved_record){.segment = i % 2 ? "early" : "late",
                                      .channel = "mail",
                                      .customer = "one",
                                      .nps = 1 + i % 10});
    }
    moved_explain(&m, "segment = early", "segment = late", NULL, "channel", 0, tables);
    cr_assert(kundig__text_equal(explain_text(tables[0], 0, "status"), kundig__str("undefined")));
    cr_assert(explain_null(tables[2], 0, "contribution"));
    cr_assert_eq(explain_cell(tables[2], 0, "before_customers"), 1);
    moved_free(tables);
    moved_close(&m);
}

Test(explain, records_in_both_sets_and_bad_options_are_refused)
{
    moved m;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    moved_open(&m);
    moved_add(&m, &(moved_record){.segment = "early", .channel = "mail", .nps = 4});
    cr_assert_eq(moved_try(&m, "channel = mail", "segment = early", NULL, NULL, 0, tables),
                 KUNDIG_E_ARG);
    cr_assert_eq(moved_try(&m, "channel = mail", "segment = late", NULL, NULL, 7, tables),
                 KUNDIG_E_ARG);
    cr_assert_eq(moved_try(&m, "channel = mail", "segment = late", "count", NULL, 0, tables),
                 KUNDIG_E_ARG);
    moved_close(&m);
}

static int64_t explain_sweep(fixture *f, void *ud)
{
    moved *m = ud;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    int rc = moved_try(m, "segment = early", "segment = late", NULL, NULL, 1, tables);
    if (!rc) {
        moved_free(tables);
    }
    f->err = m->f.err;
    return rc;
}

Test(explain, failed_allocations_leave_nothing_behind, .timeout = 120)
{
    moved m;
    moved_open(&m);
    said_model(&m.f, SAID_TAXONOMY);
    for (int i = 0; i < 12; i++) {
        char name[16];
        moved_record record = explain_record(i, name);
        moved_add(&m, &record);
    }
    fixture_sweep(&m.f, explain_sweep, &m);
    moved_close(&m);
}
