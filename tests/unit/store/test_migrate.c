/* An older format becomes this one, whole or not at all. */
#include "erasing.h"

TestSuite(migrate, .fini = probe_fini);

/* A store of format 0 with what records 0 to `end` hold. */
static void migrate_old(stored *s, int end)
{
    kundig__store raw;
    memset(&raw, 0, sizeof raw);
    raw.mem = &s->context.mem;
    raw.name = kundig__str(s->path);
    /* The rows are those of a store of today, copied column by column. */
    STORED_OK(s, stored_open(s));
    STORED_OK(s, stored_add(s, 0, end));
    STORED_OK(s, stored_add_others(s, 1));
    stored_close(s);
    char today[128];
    char attach[200];
    snprintf(today, sizeof today, "%s/today", s->folder);
    cr_assert_eq(rename(s->path, today), 0);
    cr_assert_eq(sqlite3_open(s->path, &raw.db), SQLITE_OK);
    STORED_OK(s, kundig__db_exec(&raw, "PRAGMA application_id = 0x6B756E64", &s->err));
    STORED_OK(s, kundig__schema_make(&raw, 0, &s->err));
    snprintf(attach, sizeof attach, "ATTACH '%s' AS today", today);
    STORED_OK(s, kundig__db_exec(&raw, attach, &s->err));
    static const char *const same[] = {"question", "answer", "property", "attribute",
                                       "customer_attribute"};
    for (size_t i = 0; i < 5; i++) {
        snprintf(attach, sizeof attach, "INSERT INTO main.%s SELECT * FROM today.%s", same[i],
                 same[i]);
        STORED_OK(s, kundig__db_exec(&raw, attach, &s->err));
    }
    for (int kind = 0; kind < 3; kind++) {
        const kundig__store_table *table = kundig__store_table_of(kind);
        char sql[900];
        char columns[400] = "n";
        for (int i = 0; i < table->column_count; i++) {
            strcat(columns, ", ");
            strcat(columns, table->columns[i].name);
        }
        snprintf(sql, sizeof sql, "INSERT INTO main.%s SELECT %s FROM today.%s", table->name,
                 columns, table->name);
        STORED_OK(s, kundig__db_exec(&raw, sql, &s->err));
    }
    sqlite3_close(raw.db);
    unlink(today);
}

Test(migrate, an_old_store_holds_the_same_facts_in_the_new_format)
{
    stored s;
    stored_begin(&s);
    migrate_old(&s, 20);
    s.options.access = KUNDIG_ACCESS_READ;
    cr_assert_eq(stored_open(&s), KUNDIG_E_VERSION);
    cr_assert(strstr(s.err.message, "open it once for writing"), "%s", s.err.message);
    s.options.access = KUNDIG_ACCESS_WRITE;
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 20);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_CUSTOMERS), 1);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_EVENTS), 1);
    /* They are what a store of today makes of the same records: adding them changes nothing. */
    STORED_OK(&s, stored_add(&s, 0, 22));
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 22);
    stored_check(&s);
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    cr_assert_eq(stored_number(&s, "SELECT user_version FROM pragma_user_version"),
                 KUNDIG__STORE_FORMAT);
    stored_end(&s);
}

/* The store as format 1 wrote it, which knew no edits. */
static void migrate_to_1(stored *s)
{
    static const char *const same[] = {"state",     "feedback",  "question", "answer",
                                       "property",  "attribute", "customer", "customer_attribute",
                                       "event",     "label",     "link",     "consent",
                                       "retention", "model",     "mapping",  "cache"};
    kundig__store raw;
    char today[128];
    char sql[400];
    memset(&raw, 0, sizeof raw);
    raw.mem = &s->context.mem;
    raw.name = kundig__str(s->path);
    snprintf(today, sizeof today, "%s/today", s->folder);
    cr_assert_eq(rename(s->path, today), 0);
    cr_assert_eq(sqlite3_open(s->path, &raw.db), SQLITE_OK);
    STORED_OK(s, kundig__db_exec(&raw, "PRAGMA application_id = 0x6B756E64", &s->err));
    STORED_OK(s, kundig__schema_make(&raw, 1, &s->err));
    snprintf(sql, sizeof sql, "ATTACH '%s' AS today", today);
    STORED_OK(s, kundig__db_exec(&raw, sql, &s->err));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        snprintf(sql, sizeof sql, "INSERT INTO main.%s SELECT * FROM today.%s", same[i], same[i]);
        STORED_OK(s, kundig__db_exec(&raw, sql, &s->err));
    }
    STORED_OK(s,
              kundig__db_exec(&raw, "INSERT INTO main.kind SELECT * FROM today.kind WHERE kind < 7",
                              &s->err));
    STORED_OK(s, kundig__db_exec(&raw,
                                 "INSERT INTO main.receipt SELECT n, hash, time_ms, action, "
                                 "subject, records, versions, customers, events, labels, links, "
                                 "consents, retentions, before, after, pending FROM today.receipt",
                                 &s->err));
    sqlite3_close(raw.db);
    unlink(today);
}

/* A store with facts, a receipt and a cache, and no edit. */
static void migrate_fill(stored *s)
{
    STORED_OK(s, stored_open(s));
    STORED_OK(s, stored_add(s, 0, 20));
    STORED_OK(s, erasing_forget(s, "Anna Example", NULL));
    STORED_OK(s, kundig__store_begin(s->store, &s->corpus, &s->err));
    STORED_OK(s, kundig__store_cache(s->store, s->corpus, &s->err));
    STORED_OK(s, kundig__store_commit(s->store, &s->corpus, &s->err));
}

Test(migrate, a_store_without_edits_gets_their_table_and_keeps_all_else)
{
    stored s;
    char before[33];
    char after[33];
    kundig_table *log = NULL;
    stored_begin(&s);
    migrate_fill(&s);
    STORED_OK(&s, kundig__store_hash(s.store, before, &s.err));
    uint32_t rows = kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK);
    stored_close(&s);
    migrate_to_1(&s);
    s.options.access = KUNDIG_ACCESS_READ;
    cr_assert_eq(stored_open(&s), KUNDIG_E_VERSION);
    s.options.access = KUNDIG_ACCESS_WRITE;
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_hash(s.store, after, &s.err));
    cr_assert_str_eq(before, after, "facts without edits are called as they were");
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), rows);
    STORED_OK(&s, kundig__store_audit(s.store, &log, &s.err));
    cr_assert_eq(kundig_table_row_count(log), 1);
    cr_assert_eq(erasing_count(log, 0, "edits"), 0);
    kundig_table_free(log);
    STORED_OK(&s, stored_add_others(&s, 1)); /* an edit among them */
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_EDITS), 1);
    cr_assert_eq(stored_number(&s, "SELECT user_version FROM pragma_user_version"), 2);
    kundig_table *faults = NULL;
    STORED_OK(&s, kundig__store_verify(&s.context, kundig__str(s.path), 50, &faults, &s.err));
    for (size_t row = 0; row < kundig_table_row_count(faults); row++) {
        cr_assert_str_eq(erasing_cell(faults, row, "severity").data, "note");
    }
    kundig_table_free(faults);
    stored_end(&s);
}

Test(migrate, a_seal_that_does_not_fit_stays_as_it_is)
{
    stored s;
    stored_begin(&s);
    migrate_fill(&s);
    stored_close(&s);
    migrate_to_1(&s);
    stored_sql(&s, "UPDATE kind SET count = count + 1 WHERE kind = 0");
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    cr_assert(strstr(s.err.message, "do not agree with their hash"), "%s", s.err.message);
    cr_assert_eq(stored_number(&s, "SELECT user_version FROM pragma_user_version"), 1);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM kind"), 7);
    stored_sql(&s, "UPDATE kind SET count = count - 1 WHERE kind = 0");
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    stored_end(&s);
}

Test(migrate, what_the_corpus_refuses_stops_it_and_leaves_the_old_file)
{
    stored s;
    stored_begin(&s);
    migrate_old(&s, 5);
    stored_sql(&s, "UPDATE feedback SET kind = 88 WHERE n = 3");
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    cr_assert(strstr(s.err.message, "row 3 of table feedback"), "%s", s.err.message);
    cr_assert_eq(stored_number(&s, "SELECT user_version FROM pragma_user_version"), 0);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback"), 5);
    stored_sql(&s, "UPDATE feedback SET kind = 1 WHERE n = 3");
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    stored_end(&s);
}

Test(migrate, a_failed_allocation_leaves_the_old_file_or_the_new_one)
{
    stored s;
    stored_begin(&s);
    s.context.threads = 1;
    migrate_old(&s, 3);
    int rc = KUNDIG_E_NOMEM;
    for (size_t n = 1; rc; n += 3) {
        probe_shared.allocations = 0;
        probe_shared.fail_at = n;
        rc = stored_open(&s);
        probe_shared.fail_at = 0;
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%zu: %d", n, rc);
        /* The old file, or the new one where opening failed behind the transaction. */
        cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback"), 3, "%zu", n);
    }
    stored_check(&s);
    stored_end(&s);
}
