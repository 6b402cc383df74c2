#include "planned.h"
#include "spoken.h"

TestSuite(reporting, .fini = probe_fini);

static kundig_options reporting_options(uint32_t k, const char *fields)
{
    kundig_options options;
    kundig_options_init(&options);
    options.report_k = k;
    options.report_fields = kundig__str(fields);
    options.report_every = 1u << KUNDIG_EVERY_MONTH;
    return options;
}

static kundig__reporting *reporting_open(fixture *f, uint32_t k, const char *fields)
{
    kundig__reporting *reporting = NULL;
    kundig_options options = reporting_options(k, fields);
    cr_assert_eq(kundig__reporting_new(&f->context, &options, &reporting, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    return reporting;
}

static kundig_table *reporting_ask(fixture *f, kundig__reporting *reporting,
                                   const kundig_query *query)
{
    kundig_table *table = NULL;
    cr_assert_eq(kundig__reporting_measure(reporting, f->corpus, query, &table, &f->err), KUNDIG_OK,
                 "%s", f->err.message);
    return table;
}

static void reporting_records(fixture *f)
{
    static const planned records[] = {{"A", "email", 1, 9, NULL, 2},
                                      {"B", "phone", 1, 9, NULL, 20},
                                      {"C", "phone", 40, 3, NULL, 7},
                                      {"C", "phone", 0, -1, NULL, 7}};
    fixture_open(f);
    planned_add(f, records, 4);
}

Test(reporting, options_are_refused_in_words)
{
    fixture f;
    fixture_open(&f);
    for (int i = 0; i < 9; i++) {
        kundig__reporting *reporting = NULL;
        kundig_options options = reporting_options(5, "stage, channel ,segment,product");
        options.report_k = i == 1 ? 1 : i == 2 ? 0 : 5;
        options.report_comments = i == 3 ? 4 : 0;
        options.report_every = i == 4 ? 1 : i == 5 ? 64 : 0;
        options.report_fields = i == 6   ? KUNDIG__TEXT("a, b, c, d, e")
                                : i == 7 ? KUNDIG__TEXT("stage, stage")
                                : i == 8 ? KUNDIG__TEXT("stage,, channel")
                                         : options.report_fields;
        int rc = kundig__reporting_new(&f.context, &options, &reporting, &f.err);
        cr_assert_eq(rc, i ? KUNDIG_E_ARG : KUNDIG_OK, "case %d", i);
        cr_assert_eq(reporting == NULL, i > 0);
        kundig__reporting_free(reporting);
    }
    kundig_options options;
    kundig__reporting *reporting = NULL;
    kundig_options_init(&options);
    cr_assert_eq(kundig__reporting_new(&f.context, &options, &reporting, &f.err), KUNDIG_OK);
    cr_assert_null(reporting, "operational");
    kundig__reporting_free(NULL);
    fixture_close(&f);
}

Test(reporting, hidden_cells_tell_nothing_and_notes_no_count)
{
    fixture f;
    reporting_records(&f);
    kundig__reporting *reporting = reporting_open(&f, 5, "stage");
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    kundig_table *table = reporting_ask(&f, reporting, query);
    cr_assert_eq(kundig_table_row_count(table), 3);
    size_t hidden = 0;
    for (size_t row = 0; row < 3; row++) {
        bool suppressed = strcmp(survey_text(table, row, "status"), "suppressed") == 0;
        static const char *const numbers[] = {"value", "lo",        "hi",    "se",
                                              "n",     "customers", "n_eff", "method"};
        hidden += suppressed;
        for (size_t i = 0; i < 8; i++) {
            cr_assert_eq(kundig_table_is_null(table, row, survey_column(table, numbers[i])),
                         suppressed);
        }
    }
    cr_assert_eq(hidden, 2);
    cr_assert_str_eq(survey_text(table, 0, "status"), "suppressed");
    cr_assert_eq(kundig_table_note_count(table), 1, "not how many have no answer");
    kundig_table_free(table);
    kundig_query_free(query);
    query = survey_query("count");
    cr_assert_eq(kundig_query_set_every(query, KUNDIG_EVERY_MONTH, NULL), KUNDIG_OK);
    table = reporting_ask(&f, reporting, query);
    cr_assert(survey_note(table, "records without a time are left out"));
    kundig_table_free(table);
    kundig_query_free(query);
    kundig__reporting_free(reporting);
    fixture_close(&f);
}

Test(reporting, questions_that_choose_records_are_refused)
{
    fixture f;
    reporting_records(&f);
    kundig__reporting *reporting = reporting_open(&f, 5, "stage");
    cr_assert_not(kundig__reporting_has_answered(reporting));
    for (int i = 0; i < 9; i++) {
        kundig_query *query = survey_query(i == 6 ? "share" : "count");
        kundig_table *table = NULL;
        if (i == 1) {
            cr_assert_eq(kundig_query_keep(query, survey_node(query, "stage = A"), NULL), 0);
        }
        query->purpose = i == 2 ? KUNDIG__TEXT("service") : query->purpose;
        query->as_of_ms = i == 3 ? 0 : query->as_of_ms;
        query->unit = i == 4 ? KUNDIG_OF_CUSTOMERS : query->unit;
        query->every = i == 5 ? KUNDIG_EVERY_WEEK : query->every;
        if (i == 7) {
            survey_group(query, "channel");
        }
        query->zone = i == 8 ? KUNDIG__TEXT("Europe/Berlin") : query->zone;
        int rc = kundig__reporting_measure(reporting, f.corpus, query, &table, &f.err);
        cr_assert_eq(rc, i ? KUNDIG_E_MODE : KUNDIG_OK, "case %d: %s", i, f.err.message);
        cr_assert_eq(table == NULL, i > 0);
        kundig_table_free(table);
        if (i == 1) {
            rc = kundig__reporting_topics(reporting, f.corpus, query, 0, &table, &f.err);
            cr_assert_eq(rc, KUNDIG_E_MODE);
        }
        kundig_query_free(query);
    }
    cr_assert(kundig__reporting_has_answered(reporting));
    kundig__reporting_free(reporting);
    fixture_close(&f);
}

Test(reporting, other_facts_are_planned_anew)
{
    static const planned more[] = {{"A", "email", 1, 9, NULL, 20}};
    fixture f;
    reporting_records(&f);
    kundig__reporting *reporting = reporting_open(&f, 5, "stage");
    kundig_query *query = survey_query("count");
    survey_group(query, "stage");
    kundig_table_free(reporting_ask(&f, reporting, query));
    planned_add(&f, more, 1);
    kundig_table *table = reporting_ask(&f, reporting, query);
    for (size_t row = 0; row < 3; row++) {
        cr_assert_str_eq(survey_text(table, row, "status"), "ok");
    }
    cr_assert_eq(survey_number(table, 0, "n"), 22);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig__reporting_free(reporting);
    fixture_close(&f);
}

Test(reporting, customers_who_come_back_are_not_counted)
{
    static const planned records[] = {
        {"A", NULL, 1, 9, "Ann", 1},  {"A", NULL, 1, 9, NULL, 2},   {"B", NULL, 1, 9, "Ann", 1},
        {"B", NULL, 1, 9, "Bob", 30}, {"B", NULL, 1, 9, "Cem", 30}, {"B", NULL, 1, 9, "Dee", 30},
        {"B", NULL, 1, 9, "Eve", 30}, {"B", NULL, 1, 9, "Fay", 30}, {"B", NULL, 1, 9, NULL, 1},
        {"C", NULL, 1, 9, "Bob", 30}, {"C", NULL, 1, 9, "Cem", 30}, {"C", NULL, 1, 9, "Dee", 30},
        {"C", NULL, 1, 9, "Eve", 30}, {"C", NULL, 1, 9, "Fay", 30}};
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, sizeof records / sizeof *records);
    kundig__reporting *reporting = reporting_open(&f, 5, "stage");
    kundig_query *query = survey_query("count");
    kundig_table *table = reporting_ask(&f, reporting, query);
    cr_assert_eq(survey_number(table, 0, "n"), 305);
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "customers")));
    kundig_table_free(table);
    table = NULL;
    query->metric = KUNDIG__TEXT("customers");
    cr_assert_eq(kundig__reporting_measure(reporting, f.corpus, query, &table, &f.err),
                 KUNDIG_E_MODE);
    kundig_query_free(query);
    kundig__reporting_free(reporting);
    fixture_close(&f);
}

Test(reporting, topics_of_few_are_named_without_a_number_and_never_one_alone)
{
    static spoken s;
    fixture f;
    spoken_make(&s, 200, SURVEY_CUSTOMERS | SURVEY_ONCE, 3);
    bool kept = false;
    for (size_t i = 0; i < 200; i++) {
        /* the first topic is left to one */
        s.sets[i] &= (uint8_t)(kept ? 0xFE : 0xFF);
        kept = kept || s.sets[i] & 1;
    }
    spoken_open(&f, &s, 0, 1);
    kundig__reporting *reporting = reporting_open(&f, 5, "stage");
    kundig_query *query = survey_query("nps");
    kundig_table *table = NULL;
    int rc = kundig__reporting_topics(reporting, f.corpus, query, 0, &table, &f.err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f.err.message);
    size_t hidden = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        bool suppressed = kundig_table_is_null(table, row, survey_column(table, "comments"));
        static const char *const numbers[] = {"customers", "share", "share_lo", "value", "n"};
        hidden += suppressed;
        cr_assert(suppressed || !hidden, "hidden ones stand last");
        cr_assert_eq(suppressed, strcmp(survey_text(table, row, "status"), "suppressed") == 0);
        for (size_t i = 0; i < 5; i++) {
            cr_assert_eq(kundig_table_is_null(table, row, survey_column(table, numbers[i])),
                         suppressed);
        }
    }
    cr_assert_eq(hidden, 2);
    cr_assert(survey_note(table, "topics of fewer than 5 customers are not told"));
    kundig_table_free(table);
    kundig_query_free(query);
    kundig__reporting_free(reporting);
    fixture_close(&f);
}

Test(reporting, same_bytes_in_any_order_and_with_any_threads)
{
    static survey s;
    survey_make(&s, 400, SURVEY_CUSTOMERS | SURVEY_EMPLOYEES, 9);
    kundig_bytes *first = NULL;
    for (size_t order = 0; order < 3; order++) {
        static const size_t strides[] = {1, 7, 13};
        fixture f;
        fixture_open(&f);
        f.context.threads = (uint32_t)order + 1;
        for (size_t start = 0; start < strides[order]; start++) {
            size_t from = (start * 5) % strides[order];
            cr_assert_eq(survey_add(&f, &s, from, s.count, strides[order]), KUNDIG_OK);
        }
        kundig__reporting *reporting = reporting_open(&f, 5, "stage, channel");
        kundig_query *query = survey_query("nps");
        survey_group(query, "channel");
        survey_group(query, "stage");
        query->every = KUNDIG_EVERY_MONTH;
        kundig_bytes *bytes = survey_json(reporting_ask(&f, reporting, query));
        if (first) {
            survey_same(first, bytes);
            kundig_bytes_free(bytes);
        } else {
            first = bytes;
        }
        kundig_query_free(query);
        kundig__reporting_free(reporting);
        fixture_close(&f);
    }
    kundig_bytes_free(first);
}

static int64_t reporting_sweep(fixture *f, void *ud)
{
    kundig__reporting *reporting = NULL;
    kundig_table *table = NULL;
    kundig_options options = reporting_options(5, "stage");
    int rc = kundig__reporting_new(&f->context, &options, &reporting, &f->err);
    rc = rc ? rc : kundig__reporting_measure(reporting, f->corpus, ud, &table, &f->err);
    kundig_table_free(table);
    kundig__reporting_free(reporting);
    return rc;
}

Test(reporting, fails_cleanly_at_every_allocation)
{
    fixture f;
    reporting_records(&f);
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    fixture_sweep(&f, reporting_sweep, query);
    kundig_query_free(query);
    fixture_close(&f);
}
