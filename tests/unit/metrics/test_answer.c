#include "cells.h"

TestSuite(answer, .fini = probe_fini);

static kundig_table *answer_table(kundig__mem *mem, const kundig__asked *asked,
                                  const kundig__cell *cell, const kundig__counted *counted)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__answer_columns columns;
    kundig_table *out = NULL;
    kundig__mem_init(mem, &allocator, 0);
    kundig_table *table = kundig__table_new(mem);
    kundig__answer_open(table, asked, &columns);
    kundig__table_row(table);
    kundig__answer_row(table, &columns, asked, cell);
    kundig__answer_notes(table, asked, counted);
    cr_assert_eq(kundig__table_finish(table, &out, NULL), KUNDIG_OK);
    return out;
}

Test(answer, columns_stand_in_the_order_of_the_header)
{
    static const char *const names[] = {"metric", "value",     "lo",    "hi",     "se",
                                        "n",      "customers", "n_eff", "status", "method"};
    kundig__mem mem;
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = cells_net(1, 2, 3);
    kundig__counted counted = {{0, 0, 0}, 0, 6, 6, 6};
    kundig_table *table = answer_table(&mem, &asked, &cell, &counted);
    cr_assert_eq(kundig_table_column_count(table), 10);
    for (size_t i = 0; i < 10; i++) {
        cr_assert_str_eq(kundig_table_column_name(table, i), names[i]);
    }
    cr_assert_eq(kundig_table_column_unit(table, 1), KUNDIG_UNIT_SCORE);
    cr_assert(kundig_table_is_null(table, 0, 6), "no record names a customer");
    cr_assert_eq(kundig_table_note_count(table), 0);
    kundig_table_free(table);
}

Test(answer, notes_say_what_was_left_out)
{
    kundig__mem mem;
    kundig__asked asked = cells_asked("enps");
    kundig__cell cell = cells_net(1, 2, 3);
    kundig__counted counted = {{0, 0, 0}, 12, 9, 6, 6};
    cell.selected = 9;
    asked.unit = KUNDIG_OF_CUSTOMERS;
    kundig_table *table = answer_table(&mem, &asked, &cell, &counted);
    cr_assert_eq(kundig_table_note_count(table), 3);
    cr_assert_str_eq(
        kundig_table_note(table, 0),
        "12 records of other kinds than employee are left out: enps does not read them");
    cr_assert_str_eq(kundig_table_note(table, 1), "3 of 9 records have no answer to enps");
    cr_assert_str_eq(kundig_table_note(table, 2),
                     "6 of 6 records name no customer and are left out");
    cr_assert_eq(kundig_table_int(table, 0, 5), 0);
    kundig_table_free(table);
}

Test(answer, notes_of_shares_speak_of_texts_and_counts_add_up)
{
    kundig__mem mem;
    kundig__asked asked = cells_asked("share");
    kundig__cell cell = cells_net(0, 2, 3);
    kundig__counted counted = {{1, 2, 3}, 4, 5, 5, 6};
    const kundig__counted more = {{1, 1, 1}, 1, 4, 0, 1};
    cr_assert(kundig__counted_add(&counted, &more, 1));
    kundig_table *table = answer_table(&mem, &asked, &cell, &counted);
    cr_assert_str_eq(kundig_table_note(table, kundig_table_note_count(table) - 1),
                     "4 of 9 records have no text");
    kundig_table_free(table);
    cr_assert(kundig__counted_add(&counted, &more, -1));
    cr_assert_eq(counted.left_out.no_consent, 3);
    cr_assert_eq(counted.nameless, 6);
    cr_assert_not(kundig__counted_add(&counted, &(kundig__counted){.n = 6}, -1));
}

Test(answer, methods_name_weights_clusters_and_customers)
{
    char out[96];
    kundig__method_text("Wilson", false, false, KUNDIG_OF_RECORDS, out);
    cr_assert_str_eq(out, "Wilson");
    kundig__method_text("no spread seen: bound on unseen answers", true, true, KUNDIG_OF_CUSTOMERS,
                        out);
    cr_assert_str_eq(out, "no spread seen: bound on unseen answers, weighted, clustered by "
                          "customer, of customers");
}
