/* Writing a store anew: the same facts, no blank rows, a small file. */
#include "erasing.h"

TestSuite(compact, .fini = probe_fini);

static int64_t compact_size(const stored *s)
{
    struct stat info;
    cr_assert_eq(stat(s->path, &info), 0);
    return (int64_t)info.st_size;
}

Test(compact, keeps_the_facts_and_drops_what_is_blank)
{
    stored s;
    kundig__store *other = NULL;
    kundig__corpus *seen = NULL;
    char before[33];
    char after[33];
    kundig_text map;
    kundig_table *log = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    for (int i = 0; i < 40; i++) {
        STORED_OK(&s, stored_add(&s, i * 50, i * 50 + 50));
    }
    STORED_OK(&s, stored_add_others(&s, 1));
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_set_mapping(s.store, KUNDIG__TEXT("a.csv"), KUNDIG__TEXT("id=A"),
                                            &s.err));
    STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_open(&s.context, kundig__str(s.path), &s.options, &other, &s.err));
    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    STORED_OK(&s, erasing_forget(&s, "Anna Example", NULL));
    STORED_OK(&s, kundig__store_hash(s.store, before, &s.err));
    int64_t last = stored_number(&s, "SELECT max(n) FROM feedback");
    int64_t size = compact_size(&s);
    STORED_OK(&s, kundig__store_compact(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_hash(s.store, after, &s.err));
    cr_assert_str_eq(before, after);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback"), 1000);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback WHERE hash IS NULL"), 0);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM question WHERE name IS NULL"), 0);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM property WHERE name IS NULL"), 0);
    cr_assert_eq(stored_number(&s, "PRAGMA freelist_count"), 0);
    cr_assert_gt(stored_number(&s, "SELECT min(n) FROM feedback"), last, "no number is used twice");
    cr_assert_lt(compact_size(&s), size * 2 / 3);
    stored_check(&s);
    STORED_OK(&s, kundig__store_audit(s.store, &log, &s.err));
    cr_assert_eq(kundig_table_row_count(log), 1, "the log stays");
    kundig_table_free(log);
    STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT("a.csv"), &map, &s.err));
    cr_assert(kundig__text_equal(map, KUNDIG__TEXT("id=A")));

    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_FEEDBACK), 1000);
    stored_name(&s, seen, after);
    cr_assert_str_eq(before, after, "who had it open sees the same facts");
    kundig__corpus_free(seen);
    kundig__store_close(other, false);

    STORED_OK(&s, stored_add(&s, 2000, 2010));
    STORED_OK(&s, erasing_forget(&s, "Bert Beispiel", NULL));
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 5);
    cr_assert(!erasing_finds(&s, "Bert Beispiel"), "no copy was left where rows were moved");
    stored_end(&s);
}

Test(compact, a_reader_is_not_disturbed)
{
    stored s;
    sqlite3 *reader = NULL;
    sqlite3_stmt *count = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 40));
    STORED_OK(&s, erasing_forget(&s, "Anna Example", NULL));
    cr_assert_eq(sqlite3_open(s.path, &reader), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(reader, "SELECT count(*) FROM feedback", -1, &count, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM feedback", NULL, NULL, NULL),
                 SQLITE_OK);
    STORED_OK(&s, kundig__store_compact(s.store, &s.corpus, &s.err));
    cr_assert_eq(sqlite3_step(count), SQLITE_ROW);
    cr_assert_eq(sqlite3_column_int(count, 0), 40, "what it began to read");
    sqlite3_finalize(count);
    sqlite3_close(reader);
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 20);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback"), 20);
    stored_end(&s);
}

Test(compact, survives_failure_of_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        stored s;
        int rc = KUNDIG_E_NOMEM;
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 6));
        STORED_OK(&s, stored_add_others(&s, 1));
        for (size_t fail_at = 1; rc; fail_at++) {
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = kundig__store_compact(s.store, &s.corpus, &s.err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %s", rc, s.err.message);
            stored_check(&s);
            cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 6);
        }
        stored_end(&s);
    }
}
