/* Appending: whole or not at all, at the right edge. */
#include "stored.h"

TestSuite(write, .fini = probe_fini);

Test(write, every_table_is_appended_in_ascending_order)
{
    stored s;
    kundig_added added;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    /* The first record gives the questions numbers in an order that is not that of names. */
    kundig_score scores[3] = {{.question = KUNDIG__TEXT("z"), .scale = KUNDIG_SCALE_NPS},
                              {.question = KUNDIG__TEXT("m"), .scale = KUNDIG_SCALE_NPS},
                              {.question = KUNDIG__TEXT("a"), .scale = KUNDIG_SCALE_NPS}};
    kundig_feedback record = stored_record(0);
    record.scores = scores;
    for (size_t count = 1; count <= 3; count++) {
        char id[2] = {(char)('0' + count), '\0'};
        record.id = kundig__str(id);
        record.score_count = count;
        kundig_added_init(&added);
        STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
        STORED_OK(&s,
                  kundig__facts_add(s.corpus, KUNDIG_FACTS_FEEDBACK, &record, 1, &added, &s.err));
        STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    }
    cr_assert_eq(stored_number(&s, "SELECT number FROM question WHERE name = 'z'"), 1);
    cr_assert_eq(stored_number(&s, "SELECT number FROM question WHERE name = 'a'"), 3);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM answer"), 6);
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    stored_end(&s);
}

/* Rows that stay in the corpus but never reached the file would be lost silently. */
Test(write, a_failed_write_leaves_file_and_corpus_as_one)
{
    stored s;
    kundig_added added;
    char before[33];
    char after[33];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 4));
    STORED_OK(&s, kundig__store_hash(s.store, before, &s.err));
    kundig_feedback record = stored_record(9);
    kundig_added_init(&added);
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__facts_add(s.corpus, KUNDIG_FACTS_FEEDBACK, &record, 1, &added, &s.err));
    sqlite3_limit(s.store->db, SQLITE_LIMIT_LENGTH, 60);
    cr_assert_eq(kundig__store_commit(s.store, &s.corpus, &s.err), KUNDIG_E_LIMIT);
    sqlite3_limit(s.store->db, SQLITE_LIMIT_LENGTH, INT32_MAX);
    cr_assert_null(s.corpus);
    STORED_OK(&s, kundig__store_hash(s.store, after, &s.err));
    cr_assert_str_eq(before, after);
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 4);
    STORED_OK(&s, stored_add(&s, 4, 8));
    stored_check(&s);
    stored_end(&s);
}

Test(write, columns_nobody_uses_are_not_marked)
{
    stored s;
    kundig_added added;
    kundig_feedback record;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    kundig_feedback_init(&record);
    record.source = KUNDIG__TEXT("a");
    record.text = KUNDIG__TEXT("");
    kundig_added_init(&added);
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__facts_add(s.corpus, KUNDIG_FACTS_FEEDBACK, &record, 1, &added, &s.err));
    STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    cr_assert_eq(s.store->state.kinds[0].used, 1u | 1u << 19, "source and text");
    STORED_OK(&s, stored_add(&s, 0, 4));
    cr_assert_eq(s.store->state.kinds[0].used,
                 KUNDIG__USED_ANSWERS | KUNDIG__USED_ATTRIBUTES | ((1u << 20) - 1 - (1u << 4)),
                 "all but the precision of times");
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    stored_end(&s);
}
