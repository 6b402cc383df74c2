/* From the file into the corpus: what does not agree is never a number. */
#include "stored.h"

TestSuite(read, .fini = probe_fini);

Test(read, every_change_of_a_row_is_noticed)
{
    static const char *const changes[] = {
        "UPDATE feedback SET customer = 'Eve' WHERE n = 2",
        "UPDATE feedback SET text = text || '!' WHERE n = 3",
        "UPDATE feedback SET time_ms = time_ms + 1 WHERE n = 1",
        "UPDATE feedback SET time_ms = 9e18 WHERE n = 1",
        "UPDATE feedback SET weight = 0 WHERE n = 2",
        "UPDATE feedback SET kind = 77 WHERE n = 2",
        "UPDATE feedback SET kind = 4294967297 WHERE n = 2",
        "UPDATE feedback SET source = x'FF00' WHERE n = 2",
        "UPDATE feedback SET hash = zeroblob(16) WHERE n = 2",
        "UPDATE feedback SET hash = 'a' WHERE n = 2",
        "UPDATE feedback SET hash = NULL WHERE n = 2",
        "UPDATE feedback SET hash = (SELECT hash FROM feedback WHERE n = 1) WHERE n = 2",
        "UPDATE feedback SET n = 1000 WHERE n = 2",
        "UPDATE feedback SET n = -3 WHERE n = 2",
        "DELETE FROM feedback WHERE n = 2",
        "INSERT INTO feedback (n, hash, source) VALUES (900, zeroblob(16), 'x')",
        "UPDATE answer SET value = value + 1 WHERE key > 2 * 1048576",
        "UPDATE answer SET value = NULL WHERE key > 2 * 1048576",
        "DELETE FROM answer WHERE key > 2 * 1048576",
        "UPDATE answer SET key = key + 7 WHERE key > 5 * 1048576",
        "INSERT INTO answer VALUES (5, 1)",
        "INSERT INTO answer VALUES (900 * 1048576 + 1, 1)",
        "UPDATE attribute SET value = 'tin' WHERE value = 'gold'",
        "UPDATE attribute SET value = 7 WHERE typeof(value) = 'real'",
        "INSERT INTO attribute VALUES (2 * 1048576 + 99, 'x')",
        "UPDATE question SET name = 'csat' WHERE name = 'nps'",
        "UPDATE question SET maximum = 3 WHERE name = 'advice'",
        "UPDATE question SET scale = 99 WHERE name = 'nps'",
        "UPDATE property SET name = 'metal' WHERE name = 'tier'",
        "UPDATE property SET name = NULL WHERE name = 'tier'",
        "UPDATE customer SET basket = 99",
        "UPDATE customer_attribute SET value = 'x'",
        "UPDATE event SET case_id = NULL",
        "UPDATE label SET holds = 2",
        "UPDATE link SET holds = NULL",
        "UPDATE consent SET consent = 1",
        "UPDATE retention SET days = 1",
        "DELETE FROM retention",
    };
    stored s;
    char backup[128];
    char command[300];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 12));
    STORED_OK(&s, stored_add_others(&s, 1));
    stored_close(&s);
    snprintf(backup, sizeof backup, "%s/backup", s.folder);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        snprintf(command, sizeof command, "cp %s %s", i ? backup : s.path, i ? s.path : backup);
        cr_assert_eq(system(command), 0);
        stored_sql(&s, changes[i]);
        STORED_OK(&s, stored_open(&s));
        cr_assert_eq(kundig__store_follow(s.store, &s.corpus, &s.err), KUNDIG_E_FORMAT, "%s",
                     changes[i]);
        cr_assert_null(s.corpus);
        cr_assert(strstr(s.err.message, "kundig verify"), "%s", s.err.message);
        cr_assert(sqlite3_get_autocommit(s.store->db));
        stored_close(&s);
    }
    stored_end(&s);
}

Test(read, what_was_known_stays_where_new_rows_are_damaged)
{
    stored s;
    kundig__store *other = NULL;
    kundig__corpus *seen = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 5));
    STORED_OK(&s, kundig__store_open(&s.context, kundig__str(s.path), &s.options, &other, &s.err));
    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    STORED_OK(&s, stored_add(&s, 5, 30));
    stored_sql(&s, "UPDATE feedback SET text = 'x' WHERE n = 29");
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(kundig__store_follow(other, &seen, &s.err), KUNDIG_E_FORMAT);
        cr_assert(strstr(s.err.message, "row 29 of table feedback"), "%s", s.err.message);
        cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_FEEDBACK), 5);
        STORED_OK(&s, kundig__corpus_check(seen, &s.err));
    }
    stored_sql(&s,
               "UPDATE feedback SET text = (SELECT text FROM feedback WHERE n = 1) WHERE n = 29");
    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_FEEDBACK), 30);
    kundig__corpus_free(seen);
    kundig__store_close(other, false);
    stored_end(&s);
}

Test(read, equal_records_without_an_id_keep_their_number)
{
    stored s;
    kundig_added added;
    kundig_feedback records[3];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    for (int i = 0; i < 3; i++) {
        records[i] = stored_record(7);
        records[i].id = kundig__text(NULL, 0);
    }
    for (int i = 0; i < 2; i++) {
        kundig_added_init(&added);
        STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
        STORED_OK(&s,
                  kundig__facts_add(s.corpus, KUNDIG_FACTS_FEEDBACK, records, 3, &added, &s.err));
        STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
        cr_assert_eq(added.added, i ? 0 : 3);
        stored_close(&s);
        STORED_OK(&s, stored_open(&s));
        stored_check(&s);
        cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 3);
    }
    stored_end(&s);
}

static int read_stop(void *ud, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return *(int *)ud;
}

Test(read, a_cancelled_reading_can_be_done_again)
{
    stored s;
    int stop = 1;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 64));
    stored_close(&s);
    s.context.progress = read_stop;
    s.context.progress_ud = &stop;
    STORED_OK(&s, stored_open(&s));
    int rc = kundig__store_follow(s.store, &s.corpus, &s.err);
    cr_assert(rc == KUNDIG_E_CANCELLED || rc == KUNDIG_OK, "so few rows are asked about in tiny "
                                                           "builds alone");
    stop = 0;
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 64);
    stored_end(&s);
}
