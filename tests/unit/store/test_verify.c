/* Checking a store: a sound one has no findings, each damage is said in words, and none is an
 * error. */
#include "erasing.h"

TestSuite(verify, .fini = probe_fini);

/* Findings of a severity that hold these words; all of them if words is NULL. */
static size_t verify_count(stored *s, const char *severity, const char *words)
{
    kundig_table *table = NULL;
    size_t count = 0;
    STORED_OK(s, kundig__store_verify(&s->context, kundig__str(s->path), 50, &table, &s->err));
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        count += strcmp(erasing_cell(table, row, "severity").data, severity) == 0 &&
                 (!words || strstr(erasing_cell(table, row, "finding").data, words));
    }
    kundig_table_free(table);
    return count;
}

static void verify_fill(stored *s)
{
    stored_begin(s);
    STORED_OK(s, stored_open(s));
    STORED_OK(s, stored_add(s, 0, 20));
    STORED_OK(s, stored_add_others(s, 1));
    STORED_OK(s, kundig__store_begin(s->store, &s->corpus, &s->err));
    STORED_OK(s, kundig__store_set_mapping(s->store, KUNDIG__TEXT("a.csv"), KUNDIG__TEXT("id=A"),
                                           &s->err));
    STORED_OK(s, kundig__store_commit(s->store, &s->corpus, &s->err));
    STORED_OK(s, erasing_forget(s, "a stranger", NULL));
}

Test(verify, a_sound_store_has_nothing_to_say)
{
    stored s;
    kundig_table *table = NULL;
    verify_fill(&s);
    STORED_OK(&s, kundig__store_verify(&s.context, kundig__str(s.path), 50, &table, &s.err));
    cr_assert_eq(kundig_table_row_count(table), 0, "%s", erasing_cell(table, 0, "finding").data);
    cr_assert_eq(kundig_table_column_count(table), 4);
    kundig_table_free(table);
    STORED_OK(&s, stored_add(&s, 20, 30));
    cr_assert_eq(verify_count(&s, "error", NULL), 0);
    stored_end(&s);
}

Test(verify, notes_what_is_no_fault)
{
    stored s;
    sqlite3 *reader = NULL;
    verify_fill(&s);
    STORED_OK(&s, erasing_forget(&s, "Anna Example", NULL));
    cr_assert_eq(verify_count(&s, "error", NULL), 0);
    cr_assert_eq(verify_count(&s, "warning", NULL), 0);
    cr_assert_eq(verify_count(&s, "note", "left blank by erasures: 10"), 1);
    STORED_OK(&s, kundig__store_compact(s.store, &s.corpus, &s.err));
    cr_assert_eq(verify_count(&s, "note", NULL), 0);
    chmod(s.path, 0644);
    cr_assert_eq(verify_count(&s, "note", "others than its owner"), 1);
    cr_assert_eq(sqlite3_open(s.path, &reader), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM feedback", NULL, NULL, NULL),
                 SQLITE_OK);
    STORED_OK(&s, erasing_forget(&s, "Bert Beispiel", NULL));
    cr_assert_eq(verify_count(&s, "warning", "an erasure is not finished"), 1);
    cr_assert_eq(verify_count(&s, "error", NULL), 0);
    sqlite3_close(reader);
    stored_end(&s);
}

Test(verify, every_kind_of_damage_is_said_with_its_place)
{
    static const struct {
        const char *sql;
        const char *table;
        int64_t row;
        const char *finding;
    } cases[] = {
        {"UPDATE feedback SET text = 'other' WHERE n = 7", "feedback", 7, "agree with its hash"},
        {"UPDATE feedback SET hash = x'00' WHERE n = 7", "feedback", 7, "has no hash"},
        {"DELETE FROM feedback WHERE n = 3", "feedback", 0, "do not add up"},
        {"DELETE FROM feedback WHERE n = 3", "answer", 3 * KUNDIG__STORE_NAMES + 1,
         "belongs to no record"},
        {"INSERT INTO feedback (n, hash) VALUES (99, zeroblob(16))", "feedback", 99,
         "was never given"},
        {"UPDATE feedback SET kind = 77 WHERE n = 5", "feedback", 5, "is no record"},
        {"UPDATE feedback SET hash = NULL WHERE n = 2", "feedback", 2, "still holds something"},
        {"UPDATE answer SET value = 1 WHERE key / 1048576 = 4", "feedback", 4,
         "agree with its hash"},
        {"UPDATE attribute SET value = 'x' WHERE value = 'gold' AND key / 1048576 = 4", "feedback",
         4, "hash"},
        {"UPDATE answer SET key = key + 77 WHERE key / 1048576 = 4", "answer", 0, "has no name"},
        {"UPDATE customer SET segment = 'x'", "customer", 1, "agree with its hash"},
        {"UPDATE event SET agent = NULL", "event", 1, "agree with its hash"},
        {"UPDATE label SET holds = 2", "label", 1, "agree with its hash"},
        {"UPDATE link SET by = 'x'", "link", 1, "agree with its hash"},
        {"UPDATE consent SET purpose = NULL", "consent", 1, "agree with its hash"},
        {"UPDATE retention SET days = 5", "retention", 1, "agree with its hash"},
        {"UPDATE question SET name = 'x' WHERE number = 1", "feedback", 1, "agree with its hash"},
        {"INSERT INTO question VALUES (50, 'x', 1, 0, 0, 10)", "question", 50, "no record uses"},
        {"INSERT INTO property VALUES (50, 'x')", "property", 50, "no record uses"},
        {"UPDATE mapping SET map = 'id=B'", "mapping", 1, "agree with its hash"},
        {"UPDATE receipt SET records = 5", "receipt", 1, "agree with its hash"},
        {"UPDATE state SET erasures = 5", "state", 0, "do not agree with their hash"},
        {"UPDATE kind SET count = 5 WHERE kind = 3", "state", 0, "do not agree with their hash"},
        {"CREATE INDEX mine ON feedback (customer)", NULL, 0, "another program changed them"},
        {"CREATE TRIGGER t AFTER INSERT ON feedback BEGIN SELECT 1; END", NULL, 0, "'t'"},
        {"PRAGMA user_version = 9", NULL, 0, "later kundig"},
        {"PRAGMA application_id = 9", NULL, 0, "another program"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stored s;
        kundig_table *table = NULL;
        bool found = false;
        verify_fill(&s);
        stored_close(&s);
        stored_sql(&s, cases[i].sql);
        STORED_OK(&s, kundig__store_verify(&s.context, kundig__str(s.path), 50, &table, &s.err));
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            kundig_text at = erasing_cell(table, row, "table");
            int64_t n = erasing_count(table, row, "row");
            found = found || (kundig__text_equal(at, kundig__str(cases[i].table)) &&
                              (!cases[i].row || n == cases[i].row) &&
                              strstr(erasing_cell(table, row, "finding").data, cases[i].finding));
        }
        if (!found) {
            for (size_t row = 0; row < kundig_table_row_count(table); row++) {
                fprintf(stderr, "%s: %s\n", cases[i].sql, erasing_cell(table, row, "finding").data);
            }
        }
        cr_assert(found, "%s", cases[i].sql);
        kundig_table_free(table);
        stored_end(&s);
    }
}

Test(verify, all_rows_that_are_wrong_are_told_up_to_a_limit)
{
    stored s;
    verify_fill(&s);
    stored_sql(&s, "UPDATE feedback SET agent = 'x' WHERE n % 4 = 1");
    cr_assert_eq(verify_count(&s, "error", "agree with its hash"), 5);
    stored_sql(&s, "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < "
                   "4000) INSERT INTO feedback (n, hash) SELECT i, zeroblob(16) FROM n");
    kundig_table *table = NULL;
    STORED_OK(&s, kundig__store_verify(&s.context, kundig__str(s.path), 50, &table, &s.err));
    cr_assert_eq(kundig_table_note_count(table), 1);
    cr_assert(strstr(kundig_table_note(table, 0), "not listed"));
    cr_assert_leq(kundig_table_row_count(table), 1000);
    kundig_table_free(table);
    stored_end(&s);
}

Test(verify, files_that_are_no_stores)
{
    stored s;
    kundig_table *table = NULL;
    stored_begin(&s);
    cr_assert_eq(kundig__store_verify(&s.context, kundig__str(s.path), 50, &table, &s.err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_null(table);
    FILE *file = fopen(s.path, "wb");
    fclose(file);
    cr_assert_eq(verify_count(&s, "error", "no store was made in it"), 1);
    file = fopen(s.path, "wb");
    for (int i = 0; i < 3000; i++) {
        fputs("name,text\n", file);
    }
    fclose(file);
    cr_assert_eq(verify_count(&s, "error", "is not a store of kundig"), 1);
    stored_end(&s);
}

Test(verify, torn_and_overwritten_files)
{
    stored s;
    struct stat info;
    char path[120];
    verify_fill(&s);
    stored_close(&s);
    cr_assert_eq(stat(s.path, &info), 0);
    snprintf(path, sizeof path, "%s.whole", s.path);
    cr_assert_eq(rename(s.path, path), 0);
    FILE *whole = fopen(path, "rb");
    static char bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, whole);
    fclose(whole);
    cr_assert_eq(size, (size_t)info.st_size);
    for (size_t page = 0; page * 4096 < size; page++) {
        for (int how = 0; how < 3; how++) {
            char kept[4096];
            memcpy(kept, bytes + page * 4096, sizeof kept);
            FILE *file = fopen(s.path, "wb");
            if (how == 1) {
                memset(bytes + page * 4096, 0, 4096);
            } else if (how == 2) {
                memset(bytes + page * 4096 + 2048, 0x5A, 100);
            }
            fwrite(bytes, 1, how == 0 ? page * 4096 + 2048 : size, file);
            fclose(file);
            memcpy(bytes + page * 4096, kept, sizeof kept);
            cr_assert(verify_count(&s, "error", NULL) > 0 || how == 2,
                      "page %zu, damage %d was not noticed", page, how);
        }
    }
    stored_end(&s);
}

Test(verify, survives_failure_of_every_allocation)
{
    stored s;
    verify_fill(&s);
    STORED_OK(&s, erasing_forget(&s, "Anna Example", NULL));
    stored_close(&s);
    for (int forever = 0; forever < 2; forever++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig_table *table = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = kundig__store_verify(&s.context, kundig__str(s.path), 50, &table, &s.err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %s", rc, s.err.message);
            cr_assert_eq(table == NULL, rc != KUNDIG_OK);
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    stored_end(&s);
}
