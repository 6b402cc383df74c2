/* Forgetting on disk: rows are blank, sums follow, FILE-wal is empty, or that is still to come. */
#include "erasing.h"

TestSuite(erase, .fini = probe_fini);

Test(erase, blanks_every_row_of_a_customer_and_no_other)
{
    stored s;
    stored without;
    kundig_table *receipt = NULL;
    char left[33];
    char wanted[33];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 20));
    STORED_OK(&s, stored_add_others(&s, 1));
    STORED_OK(&s, stored_add_others(&s, 2));
    cr_assert(erasing_finds(&s, "Anna Example"));
    cr_assert(erasing_finds(&s, "silver"));
    STORED_OK(&s, erasing_forget(&s, "Anna Example", &receipt));
    cr_assert_null(s.corpus, "rows went: it is read anew");
    cr_assert_eq(erasing_count(receipt, 0, "records"), 10);
    cr_assert_eq(erasing_count(receipt, 0, "versions"), 10);
    cr_assert_eq(erasing_count(receipt, 0, "customers"), 2);
    cr_assert_eq(erasing_count(receipt, 0, "events"), 2);
    cr_assert_eq(erasing_count(receipt, 0, "labels"), 2);
    cr_assert_eq(erasing_count(receipt, 0, "links"), 2);
    cr_assert_eq(erasing_count(receipt, 0, "consents"), 2);
    cr_assert_str_eq(erasing_cell(receipt, 0, "status").data, "done");
    cr_assert(!erasing_finds(&s, "Anna Example"));
    cr_assert(!erasing_finds(&s, "a.example"));
    cr_assert(!erasing_finds(&s, "silver"), "their attributes");
    cr_assert(!erasing_finds(&s, "born"), "the name of an attribute that they alone had");
    cr_assert(!erasing_finds(&s, "advice"), "the question that they alone answered");
    cr_assert(erasing_finds(&s, "Bert Beispiel"));
    cr_assert(erasing_finds(&s, "gold"));
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback WHERE hash IS NULL"), 10);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback WHERE hash IS NULL AND "
                                   "coalesce(source, id, customer, time_ms, text) IS NOT NULL"),
                 0);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback WHERE text IS NOT NULL"), 10);
    stored_check(&s);
    STORED_OK(&s, kundig__store_hash(s.store, left, &s.err));
    cr_assert_str_eq(erasing_cell(receipt, 0, "after").data, left);
    kundig_table_free(receipt);

    stored_begin(&without);
    STORED_OK(&without, stored_open(&without));
    for (int i = 18; i >= 0; i -= 2) {
        STORED_OK(&without, stored_add(&without, i, i + 1));
    }
    kundig_retention retention;
    kundig_edit edit;
    kundig_added added;
    kundig_added_init(&added);
    kundig_retention_init(&retention);
    kundig_edit_init(&edit);
    edit.kind = KUNDIG_EDIT_TOPIC; /* names no record of theirs */
    edit.name = KUNDIG__TEXT("Lost parcels");
    edit.words = KUNDIG__TEXT("lost parcel; customs");
    edit.by = KUNDIG__TEXT("Kim");
    retention.days = 0;
    retention.purpose = KUNDIG__TEXT("service");
    STORED_OK(&without, kundig__store_begin(without.store, &without.corpus, &without.err));
    for (int64_t updated = 1; updated <= 2; updated++) {
        retention.updated_ms = updated;
        STORED_OK(&without, kundig__facts_add(without.corpus, KUNDIG_FACTS_RETENTION, &retention, 1,
                                              &added, &without.err));
        edit.updated_ms = updated;
        STORED_OK(&without, kundig__facts_add(without.corpus, KUNDIG_FACTS_EDITS, &edit, 1, &added,
                                              &without.err));
    }
    STORED_OK(&without, kundig__store_commit(without.store, &without.corpus, &without.err));
    STORED_OK(&without, kundig__store_hash(without.store, wanted, &without.err));
    cr_assert_str_eq(left, wanted, "as if they had never been there");
    stored_end(&without);

    STORED_OK(&s, stored_add(&s, 20, 30));
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 20);
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 20);
    stored_end(&s);
}

Test(erase, a_file_that_held_nothing_else_is_forgotten_with_its_map)
{
    static const char *const sources[] = {"crm", "other.csv"};
    stored s;
    kundig_text map;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 4));
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    for (int i = 0; i < 6; i++) {
        kundig_text wanted = i < 3 ? KUNDIG__TEXT("id=A") : KUNDIG__TEXT("id=Abracadabra");
        STORED_OK(&s,
                  kundig__store_set_mapping(s.store, kundig__str(sources[i % 2]), wanted, &s.err));
    }
    STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM mapping"), 4, "two of them blank");
    STORED_OK(&s, erasing_forget(&s, "Anna Example", NULL));
    STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT("crm"), &map, &s.err));
    cr_assert(kundig__text_equal(map, KUNDIG__TEXT("id=Abracadabra")), "Bert's rows have it, too");
    STORED_OK(&s, erasing_forget(&s, "Bert Beispiel", NULL));
    STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT("crm"), &map, &s.err));
    cr_assert_null(map.data);
    STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT("other.csv"), &map, &s.err));
    cr_assert(kundig__text_equal(map, KUNDIG__TEXT("id=Abracadabra")));
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM mapping WHERE source = 'crm'"), 0);
    kundig_table *findings = NULL;
    STORED_OK(&s, kundig__store_verify(&s.context, kundig__str(s.path), 50, &findings, &s.err));
    for (size_t row = 0; row < kundig_table_row_count(findings); row++) {
        cr_assert_str_eq(erasing_cell(findings, row, "severity").data, "note");
    }
    kundig_table_free(findings);
    stored_end(&s);
}

Test(erase, whom_nobody_knows_leaves_a_receipt_and_the_corpus)
{
    stored s;
    kundig_table *receipt = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 4));
    const kundig__corpus *before = s.corpus;
    STORED_OK(&s, erasing_forget(&s, "nobody", &receipt));
    cr_assert_eq(s.corpus, before);
    cr_assert_eq(erasing_count(receipt, 0, "records"), 0);
    cr_assert_str_eq(erasing_cell(receipt, 0, "before").data,
                     erasing_cell(receipt, 0, "after").data);
    cr_assert_str_eq(erasing_cell(receipt, 0, "status").data, "done");
    kundig_table_free(receipt);
    cr_assert_eq(stored_number(&s, "SELECT erasures FROM state"), 0);
    stored_check(&s);
    stored_end(&s);
}

Test(erase, a_reader_makes_it_pending_and_the_next_who_writes_finishes)
{
    for (int how = 0; how < 3; how++) {
        stored s;
        sqlite3 *reader = NULL;
        kundig_table *receipt = NULL;
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 20));
        cr_assert_eq(sqlite3_open(s.path, &reader), SQLITE_OK);
        cr_assert_eq(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM feedback", NULL, NULL, NULL),
                     SQLITE_OK);
        STORED_OK(&s, erasing_forget(&s, "Anna Example", &receipt));
        cr_assert_str_eq(erasing_cell(receipt, 0, "status").data, "pending");
        kundig_table_free(receipt);
        cr_assert(erasing_finds(&s, "Anna Example"));
        cr_assert_eq(stored_number(&s, "SELECT pending FROM state"), 1);
        cr_assert_eq(stored_number(&s, "SELECT pending FROM receipt"), 1);
        STORED_OK(&s, kundig__store_settle(s.store, &s.err));
        cr_assert_eq(stored_number(&s, "SELECT pending FROM state"), 1, "somebody still reads");
        cr_assert_eq(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        if (how == 0) {
            STORED_OK(&s, kundig__store_settle(s.store, &s.err));
        } else if (how == 1) {
            STORED_OK(&s, stored_add(&s, 20, 21)); /* Bert's */
        } else {
            stored_close(&s);
        }
        cr_assert(!erasing_finds(&s, "Anna Example"));
        cr_assert_eq(stored_number(&s, "SELECT pending FROM state"), 0);
        cr_assert_eq(stored_number(&s, "SELECT pending FROM receipt"), 0);
        sqlite3_close(reader);
        if (how == 2) {
            STORED_OK(&s, stored_open(&s));
        }
        stored_check(&s);
        stored_end(&s);
    }
}

Test(erase, asked_again_it_is_pending_until_it_is_done)
{
    stored s;
    sqlite3 *reader = NULL;
    kundig_table *receipt = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 20));
    cr_assert_eq(sqlite3_open(s.path, &reader), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM feedback", NULL, NULL, NULL),
                 SQLITE_OK);
    STORED_OK(&s, erasing_forget(&s, "Anna Example", NULL));
    STORED_OK(&s, erasing_forget(&s, "Anna Example", &receipt));
    cr_assert_eq(erasing_count(receipt, 0, "records"), 0);
    cr_assert_str_eq(erasing_cell(receipt, 0, "status").data, "pending",
                     "their bytes are still there");
    kundig_table_free(receipt);
    cr_assert_eq(stored_number(&s, "SELECT sum(pending) FROM receipt"), 2);
    cr_assert_eq(stored_number(&s, "SELECT erasures FROM state"), 1);
    cr_assert_eq(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    STORED_OK(&s, erasing_forget(&s, "nobody", &receipt));
    cr_assert_str_eq(erasing_cell(receipt, 0, "status").data, "done", "any call that writes");
    kundig_table_free(receipt);
    cr_assert(!erasing_finds(&s, "Anna Example"));
    cr_assert_eq(stored_number(&s, "SELECT pending FROM state"), 0);
    cr_assert_eq(stored_number(&s, "SELECT sum(pending) FROM receipt"), 0);
    sqlite3_close(reader);
    stored_check(&s);
    stored_end(&s);
}

Test(erase, what_another_erased_since_is_not_called_done)
{
    stored s;
    kundig__store_state state;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 20));
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_state_read(s.store, &state, &s.err));
    state.pending = true;
    state.erasures = 7;
    STORED_OK(&s, kundig__store_state_write(s.store, &state, &s.err));
    STORED_OK(&s, kundig__db_exec(s.store, "COMMIT", &s.err));
    kundig__store_rollback(s.store);
    STORED_OK(&s, kundig__store_settle(s.store, &s.err));
    cr_assert_eq(stored_number(&s, "SELECT pending FROM state"), 0);
    stored_check(&s);
    stored_end(&s);
}

Test(erase, a_row_that_is_not_there_undoes_everything)
{
    stored s;
    char before[33];
    char after[33];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 20));
    STORED_OK(&s, kundig__store_hash(s.store, before, &s.err));
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__db_exec(s.store, "DELETE FROM feedback WHERE n = 16", &s.err));
    kundig__forgetting forgetting;
    kundig__receipt receipt = erasing_receipt();
    STORED_OK(&s,
              kundig__forget_customer(s.corpus, KUNDIG__TEXT("Anna Example"), &forgetting, &s.err));
    cr_assert_eq(
        kundig__store_forget(s.store, &s.corpus, &forgetting, NULL, &receipt, NULL, &s.err),
        KUNDIG_E_FORMAT);
    kundig__forgetting_free(&forgetting);
    cr_assert_not_null(s.corpus);
    STORED_OK(&s, kundig__store_hash(s.store, after, &s.err));
    cr_assert_str_eq(before, after);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback WHERE hash IS NOT NULL"), 20);
    stored_check(&s);
    stored_end(&s);
}

Test(erase, survives_failure_of_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        stored s;
        int rc = KUNDIG_E_NOMEM;
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 6));
        STORED_OK(&s, stored_add_others(&s, 1));
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig_table *receipt = NULL;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = erasing_forget(&s, "Anna Example", &receipt);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %s", rc, s.err.message);
            cr_assert_eq(receipt == NULL, rc != KUNDIG_OK);
            kundig_table_free(receipt);
            stored_check(&s);
            cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), rc ? 6 : 3);
        }
        stored_end(&s);
    }
}
