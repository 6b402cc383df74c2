/* A store: made, followed, shared by handles, closed. */
#include "stored.h"

#include <sys/wait.h>

TestSuite(store, .fini = probe_fini);

Test(store, keeps_what_was_committed_and_reads_it_back)
{
    stored s;
    char before[33];
    char after[33];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 20));
    STORED_OK(&s, stored_add_others(&s, 1));
    STORED_OK(&s, stored_add_others(&s, 2));
    STORED_OK(&s, kundig__store_hash(s.store, before, &s.err));
    stored_check(&s);
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_hash(s.store, after, &s.err));
    cr_assert_str_eq(before, after);
    cr_assert_null(s.corpus, "the name of a state needs no facts");
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 20);
    for (int kind = 1; kind < KUNDIG__FACT_KINDS; kind++) {
        cr_assert_eq(kundig__fact_rows(s.corpus, kind), 2, "%d", kind);
        cr_assert_eq(kundig__fact_records(s.corpus, kind), 1, "%d", kind);
    }
    stored_end(&s);
}

Test(store, a_new_file_is_for_its_owner_alone)
{
    stored s;
    struct stat info;
    mode_t mask = umask(0);
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    umask(mask);
    cr_assert_eq(stat(s.path, &info), 0);
    cr_assert_eq(info.st_mode & 0777, 0600);
    cr_assert(kundig__is_store(&s.context.mem, kundig__str(s.path)));
    stored_end(&s);
}

Test(store, a_rollback_leaves_nothing_and_the_next_transaction_works)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 2));
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    cr_assert_eq(kundig__store_begin(s.store, &s.corpus, &s.err), KUNDIG_E_INTERNAL);
    kundig__store_rollback(s.store);
    stored_check(&s);
    STORED_OK(&s, stored_add(&s, 1, 4));
    stored_check(&s);
    cr_assert_eq(kundig__fact_rows(s.corpus, KUNDIG_FACTS_FEEDBACK), 4);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback"), 4);
    stored_end(&s);
}

/* Two handles on one file, as two processes are. */
Test(store, another_handle_sees_what_came_and_what_went)
{
    stored s;
    kundig__store *other = NULL;
    kundig__corpus *seen = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 3));
    STORED_OK(&s, kundig__store_open(&s.context, kundig__str(s.path), &s.options, &other, &s.err));
    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_FEEDBACK), 3);
    const kundig__corpus *same = seen;
    STORED_OK(&s, stored_add(&s, 3, 9));
    STORED_OK(&s, stored_add_others(&s, 1));
    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    cr_assert_eq((const void *)seen, (const void *)same, "new rows are added to what is there");
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_FEEDBACK), 9);
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_LINKS), 1);
    /* Both write in turn; neither doubles what the other has. */
    kundig__store *first = s.store;
    kundig__corpus *firsts = s.corpus;
    s.store = other;
    s.corpus = seen;
    STORED_OK(&s, stored_add(&s, 5, 12));
    stored_check(&s);
    s.store = first;
    s.corpus = firsts;
    STORED_OK(&s, stored_add(&s, 10, 14));
    stored_check(&s);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM feedback"), 14);
    /* A row that another process blanked, with its hash taken from the sum. */
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    kundig__hash128 hash;
    kundig__buf bytes;
    kundig__buf_init(&bytes, &s.context.mem);
    kundig__fact_canonical(s.corpus, KUNDIG_FACTS_RETENTION, 0, &bytes);
    hash = kundig__canonical_hash(&bytes);
    kundig__buf_free(&bytes);
    STORED_OK(&s, kundig__db_exec(s.store,
                                  "UPDATE retention SET hash = NULL, purpose = NULL, days = NULL, "
                                  "updated_ms = NULL",
                                  &s.err));
    kundig__fact_sum_subtract(&s.store->state.kinds[KUNDIG_FACTS_RETENTION].sum, &hash);
    s.store->state.erasures++;
    STORED_OK(&s, kundig__store_state_write(s.store, &s.store->state, &s.err));
    STORED_OK(&s, kundig__db_exec(s.store, "COMMIT", &s.err));
    s.store->writing = false;
    kundig__corpus_free(s.corpus);
    s.corpus = NULL;
    kundig__store_forgets(s.store);
    STORED_OK(&s, kundig__store_follow(other, &seen, &s.err));
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_RETENTION), 0);
    cr_assert_eq(kundig__fact_rows(seen, KUNDIG_FACTS_FEEDBACK), 14);
    stored_check(&s);
    kundig__corpus_free(seen);
    kundig__store_close(other, false);
    stored_end(&s);
}

Test(store, rows_are_found_around_blanked_ones)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    static const uint64_t given[] = {2, 3, 4, 9, 11, 12, 400};
    for (size_t i = 0; i < 7; i++) {
        STORED_OK(&s, kundig__store_note(s.store, 0, given[i], &s.err));
    }
    for (uint32_t i = 0; i < 7; i++) {
        cr_assert_eq(kundig__store_n(s.store, 0, i), given[i]);
    }
    cr_assert_eq(s.store->known[0].segment_count, 4);
    kundig__store_forgets(s.store);
    stored_end(&s);
}

Test(store, one_writes_at_a_time_and_says_so)
{
    stored s;
    kundig__store *other = NULL;
    kundig__corpus *seen = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_open(&s.context, kundig__str(s.path), &s.options, &other, &s.err));
    STORED_OK(&s, kundig__store_begin(other, &seen, &s.err));
    cr_assert_eq(stored_add(&s, 0, 1), KUNDIG_E_BUSY);
    cr_assert(strstr(s.err.message, "another process writes to"), "%s", s.err.message);
    cr_assert(strstr(s.err.message, "waited 50 ms"), "%s", s.err.message);
    /* Reading goes on meanwhile. */
    STORED_OK(&s, kundig__store_follow(s.store, &s.corpus, &s.err));
    kundig__store_rollback(other);
    STORED_OK(&s, stored_add(&s, 0, 1));
    kundig__corpus_free(seen);
    kundig__store_close(other, false);
    stored_end(&s);
}

/* What is written to a file without a name is lost, however well it went. */
Test(store, a_file_that_no_longer_stands_there_is_neither_read_nor_written)
{
    stored s;
    char aside[128];
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 2));
    snprintf(aside, sizeof aside, "%s-aside", s.path);
    cr_assert_eq(rename(s.path, aside), 0);
    cr_assert_eq(kundig__store_begin(s.store, &s.corpus, &s.err), KUNDIG_E_IO);
    cr_assert_not_null(strstr(s.err.message, "open it again"), "%s", s.err.message);
    cr_assert_eq(kundig__store_follow(s.store, &s.corpus, &s.err), KUNDIG_E_IO);
    cr_assert_eq(rename(aside, s.path), 0);
    STORED_OK(&s, stored_add(&s, 2, 4));
    stored_check(&s);
    stored_end(&s);
}

Test(store, reading_alone_changes_nothing)
{
    stored s;
    stored_begin(&s);
    s.options.access = KUNDIG_ACCESS_READ;
    cr_assert_eq(stored_open(&s), KUNDIG_E_NOT_FOUND);
    s.options.access = KUNDIG_ACCESS_WRITE;
    cr_assert_eq(stored_open(&s), KUNDIG_E_NOT_FOUND);
    s.options.access = KUNDIG_ACCESS_CREATE;
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 5));
    stored_close(&s);
    s.options.access = KUNDIG_ACCESS_READ;
    STORED_OK(&s, stored_open(&s));
    stored_check(&s);
    cr_assert_eq(stored_add(&s, 5, 6), KUNDIG_E_MODE);
    stored_check(&s);
    stored_end(&s);
}

Test(store, pseudonyms_want_the_key_that_made_them)
{
    stored s;
    stored_begin(&s);
    s.options.pseudonyms = true;
    memset(s.context.pseudonym_key, 3, sizeof s.context.pseudonym_key);
    STORED_OK(&s, stored_open(&s));
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    stored_close(&s);
    memset(s.context.pseudonym_key, 4, sizeof s.context.pseudonym_key);
    cr_assert_eq(stored_open(&s), KUNDIG_E_MODE);
    cr_assert(strstr(s.err.message, "another key"), "%s", s.err.message);
    s.options.pseudonyms = false;
    cr_assert_eq(stored_open(&s), KUNDIG_E_MODE);
    cr_assert(strstr(s.err.message, "keeps pseudonyms"), "%s", s.err.message);
    stored_end(&s);
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    stored_close(&s);
    s.options.pseudonyms = true;
    cr_assert_eq(stored_open(&s), KUNDIG_E_MODE);
    stored_end(&s);
}

Test(store, a_child_does_not_touch_the_file)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 3));
    pid_t child = fork();
    if (child == 0) {
        kundig__store_close(s.store, true);
        _exit(0);
    }
    int status = 1;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    char wal[128];
    snprintf(wal, sizeof wal, "%s-wal", s.path);
    cr_assert_eq(access(wal, F_OK), 0, "FILE-wal is still there");
    STORED_OK(&s, stored_add(&s, 3, 6));
    stored_check(&s);
    stored_end(&s);
}

Test(store, knows_a_store_from_other_files)
{
    stored s;
    stored_begin(&s);
    kundig__mem *mem = &s.context.mem;
    cr_assert_not(kundig__is_store(mem, kundig__str(s.path)));
    FILE *file = fopen(s.path, "w");
    fputs("id,text\n1,hello\n", file);
    fclose(file);
    cr_assert_not(kundig__is_store(mem, kundig__str(s.path)));
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    cr_assert(strstr(s.err.message, "not a store of kundig"), "%s", s.err.message);
    unlink(s.path);
    stored_sql(&s, "CREATE TABLE t (x)");
    cr_assert_not(kundig__is_store(mem, kundig__str(s.path)));
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    cr_assert(strstr(s.err.message, "another program"), "%s", s.err.message);
    cr_assert_not(kundig__is_store(mem, kundig__str(s.folder)));
    cr_assert_not(kundig__is_store(mem, KUNDIG__TEXT("a\0b")));
    /* Looking at an open store leaves its locks alone: the other writer still waits. */
    unlink(s.path);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    cr_assert(kundig__is_store(mem, kundig__str(s.path)));
    pid_t child = fork();
    if (child == 0) {
        sqlite3 *db = NULL;
        sqlite3_open(s.path, &db);
        _exit(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_BUSY ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0);
    kundig__store_rollback(s.store);
    stored_end(&s);
}

/* Everything once with the n-th allocation failing, until none fails. */
Test(store, survives_every_failed_allocation)
{
    for (int mode = 0; mode < 2; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n++) {
            stored s;
            stored_begin(&s);
            s.context.threads = 1;
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = mode == 1;
            rc = stored_open(&s);
            rc = rc ? rc : stored_add(&s, 0, 6);
            rc = rc ? rc : stored_add_others(&s, 1);
            stored_close(&s);
            s.options.access = KUNDIG_ACCESS_READ;
            rc = rc ? rc : stored_open(&s);
            rc = rc ? rc : kundig__store_follow(s.store, &s.corpus, &s.err);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%zu: %d %s", n, rc, s.err.message);
            probe_shared.fail_at = 0;
            if (s.store) {
                stored_check(&s);
            }
            stored_end(&s);
            cr_assert_eq(probe_shared.live_blocks, 0, "%zu", n);
        }
    }
}
