#include "metrics/gather.h"
#include "spoken.h"

TestSuite(grouped, .fini = probe_fini);

/* Sums of a whole are those of a query without groups that keeps the same records. */
Test(grouped, the_whole_holds_every_record_of_any_group_once)
{
    static spoken s;
    static const char *const metrics[] = {"nps", "csat_mean", "count", "sentiment"};
    for (unsigned how = 0; how < 8; how++) {
        fixture f;
        kundig__asked asked;
        const kundig__question *question;
        kundig__gather gather;
        kundig__gather whole;
        kundig__gather plain;
        kundig__grouped grouped;
        kundig__grouped single;
        spoken_make(&s, 200, how & 3 ? SURVEY_CUSTOMERS | SURVEY_WEIGHTS : 0, 80 + how);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = survey_query(metrics[how % 4]);
        query->unit = how & 4 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        survey_group(query, how % 2 ? "topic" : "stage");
        cr_assert_eq(kundig__ask(f.corpus, query, &asked, &question, &f.err), KUNDIG_OK);
        kundig__gather_init(&gather, f.corpus, &asked, question);
        kundig__gather_init(&whole, f.corpus, &asked, question);
        kundig__gather_init(&plain, f.corpus, &asked, question);
        cr_assert_eq(kundig__gather_ready(&gather, &f.err), KUNDIG_OK);
        cr_assert_eq(kundig__gather_ready(&whole, &f.err), KUNDIG_OK);
        cr_assert_eq(kundig__gather_ready(&plain, &f.err), KUNDIG_OK);
        cr_assert_eq(kundig__grouped_new(&gather, query, &grouped, &f.err), KUNDIG_OK);
        cr_assert_eq(kundig__grouped_whole(&grouped, query, &whole, &f.err), KUNDIG_OK);
        query->group_field_count = 0;
        cr_assert_eq(kundig__grouped_new(&plain, query, &single, &f.err), KUNDIG_OK);
        cr_assert_eq(single.count, 1);
        cr_assert(grouped.count > 1);
        const kundig__cell *a = &whole.cells[0];
        const kundig__cell *b = single.cells[0];
        cr_assert(a->n == b->n && a->customers == b->customers && a->nameless == b->nameless);
        cr_assert(a->w == b->w && a->wx == b->wx && a->wxx == b->wxx && a->cxx == b->cxx);
        cr_assert(a->m == b->m && a->mm == b->mm && a->cww == b->cww && a->selected == b->selected);
        uint64_t sum = 0;
        for (size_t i = 0; i < grouped.count; i++) {
            sum += grouped.cells[i]->selected;
        }
        cr_assert(how % 2 ? sum > a->selected : sum == a->selected);
        kundig__grouped_free(&grouped);
        kundig__grouped_free(&single);
        kundig__gather_free(&gather);
        kundig__gather_free(&whole);
        kundig__gather_free(&plain);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

/* Where numbers outrun rows the gather gives its own; groups keep their cells and their order. */
Test(grouped, groups_of_many_fields_come_in_the_order_of_their_keys)
{
    static survey s;
    fixture f;
    survey_make(&s, 300, SURVEY_CUSTOMERS, 5);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("count");
    survey_group(query, "customer");
    survey_group(query, "stage");
    survey_group(query, "channel");
    query->every = KUNDIG_EVERY_DAY;
    kundig_table *table = NULL;
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK);
    double sum = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        sum += survey_number(table, row, "n");
        if (row) {
            kundig_text before = kundig_table_text(table, row - 1, 0);
            cr_assert(kundig__text_order(before, kundig_table_text(table, row, 0)) <= 0);
        }
    }
    cr_assert_eq(sum, 300);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}
