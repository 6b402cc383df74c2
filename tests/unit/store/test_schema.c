/* The tables: ours byte for byte, or refused. */
#include "stored.h"

TestSuite(schema, .fini = probe_fini);

Test(schema, what_others_add_or_change_is_refused)
{
    static const char *const changes[] = {
        "CREATE TABLE other (x)",
        "CREATE INDEX by_customer ON feedback (customer)",
        "CREATE TRIGGER t AFTER INSERT ON feedback BEGIN DELETE FROM answer; END",
        "CREATE VIEW everything AS SELECT * FROM feedback",
        "ALTER TABLE feedback ADD COLUMN more",
        "ALTER TABLE retention RENAME COLUMN days TO months",
        "DROP TABLE cache",
        "DROP VIEW answers",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        stored s;
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 2));
        stored_check(&s);
        /* Noticed by whoever has it open, and by whoever opens it. */
        stored_sql(&s, changes[i]);
        cr_assert_eq(kundig__store_follow(s.store, &s.corpus, &s.err), KUNDIG_E_FORMAT, "%s",
                     changes[i]);
        cr_assert_eq(stored_add(&s, 2, 3), KUNDIG_E_FORMAT, "%s", changes[i]);
        stored_close(&s);
        cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT, "%s", changes[i]);
        stored_end(&s);
    }
}

Test(schema, later_formats_are_of_another_version)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    stored_close(&s);
    stored_sql(&s, "PRAGMA user_version = 3");
    cr_assert_eq(stored_open(&s), KUNDIG_E_VERSION);
    cr_assert(strstr(s.err.message, "format 3"), "%s", s.err.message);
    stored_sql(&s, "PRAGMA user_version = -1");
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    stored_sql(&s, "PRAGMA user_version = 0");
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT, "these are not the tables of format 0");
    stored_end(&s);
}

Test(schema, travels_with_its_documentation_and_without_indexes)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM sqlite_schema WHERE type = 'index'"), 0);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
                                   "sql NOT LIKE '%--%'"),
                 0, "every table says what it is");
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE "
                                   "'%WITHOUT ROWID%' OR sql LIKE '%UNIQUE%'"),
                 0);
    STORED_OK(&s, stored_add(&s, 0, 7));
    STORED_OK(&s, stored_add(&s, 3, 9));
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM latest"), 9);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM answers"), 9 + 4);
    cr_assert_eq(stored_number(&s,
                               "SELECT count(*) FROM attributes WHERE name = 'tier' AND value = "
                               "'gold'"),
                 6);
    stored_end(&s);
}

Test(schema, the_latest_version_is_the_one_that_counts)
{
    stored s;
    kundig_added added;
    kundig_feedback record = stored_record(1);
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    static const int64_t updated[] = {5, 9, KUNDIG_TIME_ABSENT, 7};
    for (size_t i = 0; i < 4; i++) {
        record.updated_ms = updated[i];
        kundig_added_init(&added);
        STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
        STORED_OK(&s,
                  kundig__facts_add(s.corpus, KUNDIG_FACTS_FEEDBACK, &record, 1, &added, &s.err));
        STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    }
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM latest"), 1);
    cr_assert_eq(stored_number(&s, "SELECT updated_ms FROM latest"), 9);
    stored_check(&s);
    stored_end(&s);
}
