/* The lists of columns are the tables' own. */
#include "stored.h"

TestSuite(kinds, .fini = probe_fini);

Test(kinds, columns_stand_in_the_order_of_their_tables)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        const kundig__store_table *table = kundig__store_table_of(kind);
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM pragma_table_info('%s')", table->name);
        cr_assert_eq(stored_number(&s, sql), table->column_count + 2, "%s", table->name);
        cr_assert_leq(table->column_count, 30, "a bit each");
        for (int i = 0; i < table->column_count; i++) {
            const char *type = table->columns[i].type == KUNDIG__COLUMN_TEXT     ? "TEXT"
                               : table->columns[i].type >= KUNDIG__COLUMN_NUMBER ? "REAL"
                                                                                 : "INTEGER";
            snprintf(sql, sizeof sql,
                     "SELECT cid FROM pragma_table_info('%s') WHERE name = '%s' AND type = '%s'",
                     table->name, table->columns[i].name, type);
            cr_assert_eq(stored_number(&s, sql), i + 2, "%s.%s", table->name,
                         table->columns[i].name);
        }
    }
    stored_end(&s);
}

Test(kinds, an_absent_record_has_the_size_of_its_kind)
{
    static const size_t sizes[KUNDIG__FACT_KINDS] = {
        sizeof(kundig_feedback),  sizeof(kundig_customer), sizeof(kundig_event),
        sizeof(kundig_label),     sizeof(kundig_link),     sizeof(kundig_consent),
        sizeof(kundig_retention), sizeof(kundig_edit)};
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__fact fact;
        uint32_t size;
        kundig__store_fact_init(&fact, kind);
        memcpy(&size, &fact.as, sizeof size);
        cr_assert_eq(fact.kind, kind);
        cr_assert_eq(size, sizes[kind]);
    }
}
