/* SQLite behind our errors: settings, sentences, paths. */
#include "stored.h"

TestSuite(db, .fini = probe_fini);

static int64_t db_ask(stored *s, const char *sql)
{
    int64_t number = -1;
    STORED_OK(s, kundig__db_integer(s->store, sql, &number, &s->err));
    return number;
}

Test(db, every_setting_is_made_whatever_the_file_says)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    stored_close(&s);
    stored_sql(&s, "PRAGMA journal_mode = DELETE");
    STORED_OK(&s, stored_open(&s));
    cr_assert_eq(db_ask(&s, "PRAGMA synchronous"), 2);
    cr_assert_eq(db_ask(&s, "PRAGMA secure_delete"), 1);
    cr_assert_eq(db_ask(&s, "PRAGMA trusted_schema"), 0);
    cr_assert_eq(db_ask(&s, "PRAGMA cell_size_check"), 1);
    cr_assert_eq(db_ask(&s, "PRAGMA mmap_size"), 0);
    cr_assert_eq(db_ask(&s, "PRAGMA temp_store"), 2);
    cr_assert_eq(db_ask(&s, "PRAGMA foreign_keys"), 0);
    cr_assert_eq(db_ask(&s, "PRAGMA busy_timeout"), 50);
    cr_assert_eq(db_ask(&s, "PRAGMA application_id"), KUNDIG__STORE_APPLICATION_ID);
    cr_assert_eq(db_ask(&s, "PRAGMA user_version"), KUNDIG__STORE_FORMAT);
    cr_assert_eq(db_ask(&s, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    cr_assert_eq(stored_number(&s, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    stored_end(&s);
}

Test(db, result_codes_are_sentences_with_codes_of_ours)
{
    static const struct {
        int sqlite;
        int ours;
        const char *words;
    } cases[] = {
        {SQLITE_BUSY, KUNDIG_E_BUSY, "another process writes to"},
        {SQLITE_BUSY_SNAPSHOT, KUNDIG_E_BUSY, "waited 5 s"},
        {SQLITE_LOCKED, KUNDIG_E_BUSY, "busy_ms"},
        {SQLITE_FULL, KUNDIG_E_IO, "the disk is full while writing"},
        {SQLITE_IOERR_FSYNC, KUNDIG_E_IO, "the device or file system failed"},
        {SQLITE_IOERR_NOMEM, KUNDIG_E_NOMEM, "out of memory"},
        {SQLITE_NOMEM, KUNDIG_E_NOMEM, "out of memory"},
        {SQLITE_READONLY_DBMOVED, KUNDIG_E_IO, "may not be written"},
        {SQLITE_CANTOPEN_ISDIR, KUNDIG_E_IO, "cannot open"},
        {SQLITE_PERM, KUNDIG_E_IO, "permission was refused"},
        {SQLITE_CORRUPT, KUNDIG_E_FORMAT, "is damaged"},
        {SQLITE_NOTADB, KUNDIG_E_FORMAT, "not a store of kundig"},
        {SQLITE_TOOBIG, KUNDIG_E_LIMIT, "too long"},
        {SQLITE_ERROR, KUNDIG_E_FORMAT, "SQLite says"},
    };
    stored s;
    stored_begin(&s);
    s.options.busy_ms = 5000;
    STORED_OK(&s, stored_open(&s));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = kundig__db_fail(s.store, cases[i].sqlite, "writing", &s.err);
        cr_assert_eq(rc, cases[i].ours, "%d", cases[i].sqlite);
        cr_assert(strstr(s.err.message, cases[i].words), "%s", s.err.message);
    }
    stored_end(&s);
}

Test(db, an_empty_text_is_not_null_and_a_nul_ends_nothing)
{
    stored s;
    sqlite3_stmt *statement = NULL;
    bool row = false;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__db_prepare(s.store, "SELECT ?1, ?2, ?3", &statement, &s.err));
    STORED_OK(&s, kundig__db_bind(s.store, statement, 1, KUNDIG__TEXT(""), &s.err));
    STORED_OK(&s, kundig__db_bind(s.store, statement, 2, kundig__text(NULL, 0), &s.err));
    STORED_OK(&s, kundig__db_bind(s.store, statement, 3, KUNDIG__TEXT("a\0b"), &s.err));
    STORED_OK(&s, kundig__db_step(s.store, statement, &row, &s.err));
    cr_assert(row);
    cr_assert_not_null(kundig__db_text(statement, 0).data);
    cr_assert_eq(kundig__db_text(statement, 0).len, 0);
    cr_assert_null(kundig__db_text(statement, 1).data);
    cr_assert(kundig__text_equal(kundig__db_text(statement, 2), KUNDIG__TEXT("a\0b")));
    uint8_t bytes[4];
    cr_assert_not(kundig__db_blob(statement, 2, bytes, 3), "a text is no blob");
    sqlite3_finalize(statement);
    stored_end(&s);
}

Test(db, a_text_longer_than_sqlite_takes_is_a_limit_and_never_null)
{
    stored s;
    sqlite3_stmt *statement = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__db_prepare(s.store, "SELECT ?1", &statement, &s.err));
    sqlite3_limit(s.store->db, SQLITE_LIMIT_LENGTH, 40);
    cr_assert_eq(kundig__db_bind(s.store, statement, 1,
                                 KUNDIG__TEXT("longer than forty bytes, as it can be seen"),
                                 &s.err),
                 KUNDIG_E_LIMIT);
    sqlite3_finalize(statement);
    stored_end(&s);
}

Test(db, names_that_mean_something_to_sqlite_are_files)
{
    static const char *const names[] = {"file:x.kundig", "x?mode=memory", "x%41#y", "-journal"};
    stored s;
    char here[256];
    cr_assert(getcwd(here, sizeof here));
    stored_begin(&s);
    cr_assert_eq(chdir(s.folder), 0);
    for (size_t i = 0; i < 4; i++) {
        snprintf(s.path, sizeof s.path, "%s", names[i]);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 1));
        cr_assert_eq(access(names[i], F_OK), 0, "%s", names[i]);
        stored_close(&s);
        cr_assert(kundig__is_store(&s.context.mem, kundig__str(names[i])));
    }
    cr_assert_eq(chdir(here), 0);
    stored_end(&s);
}

Test(db, texts_in_utf_16_and_files_that_vacuum_themselves_are_refused)
{
    stored s;
    stored_begin(&s);
    stored_sql(&s, "PRAGMA encoding = 'UTF-16'; CREATE TABLE t (x); DROP TABLE t");
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    cr_assert(strstr(s.err.message, "UTF-8"), "%s", s.err.message);
    unlink(s.path);
    stored_sql(&s, "PRAGMA auto_vacuum = FULL; CREATE TABLE t (x); DROP TABLE t");
    cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT);
    cr_assert(strstr(s.err.message, "vacuum"), "%s", s.err.message);
    stored_end(&s);
}

Test(db, a_small_page_is_as_good)
{
    stored s;
    stored_begin(&s);
    stored_sql(&s, "PRAGMA page_size = 512; VACUUM");
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 30));
    stored_check(&s);
    cr_assert_eq(db_ask(&s, "PRAGMA page_size"), 512);
    stored_end(&s);
}
