/* A small store (pages of 512 bytes) in which every byte is changed in turn, that is cut off
 * everywhere, and whose tables other programs changed: opening and asking gives an error in words,
 * or exactly the right answers. Bytes that carry no facts (free space, what only tables of receipts
 * hold) may be passed over; a number may never be wrong.
 *
 * usage: store_flips [--full] [--seed N] [--only WORD]        without --full some of the bytes */
#define _POSIX_C_SOURCE 200809L
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "old.h"
#include "probe.h"
#include "shim.h"
#include "work.h"

#define FLIP_SECONDS 30 /* nothing may take as long */
#define FLIP_STATES  16

typedef struct flip_world {
    const char *folder;
    char path[512];
    char wal[520];
    content store;            /* as it should be */
    char *right[FLIP_STATES]; /* answers; several where older states may show */
    size_t right_count;
    uint64_t tried;
    uint64_t refused;
    uint64_t found; /* by verify */
} flip_world;

static probe flip_probe;

static void drop_beside(const flip_world *f)
{
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    char name[600];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", f->path, ends[i]);
        (void)remove(name);
    }
}

static void put_store(const flip_world *f, const unsigned char *bytes, size_t size)
{
    drop_beside(f);
    file_write(f->path, bytes, size);
}

static bool is_right(const flip_world *f, const char *answers)
{
    for (size_t i = 0; i < f->right_count; i++) {
        if (!work_differ(f->right[i], answers)) {
            return true;
        }
    }
    return false;
}

static void must_say(int rc, const kundig_error *err, const char *what)
{
    if (rc == KUNDIG_E_INTERNAL || rc == KUNDIG_E_ARG || rc == KUNDIG_E_NOMEM || err->code != rc ||
        strlen(err->message) < 20) {
        die("flips: %s: the error is %d, \"%s\"", what, rc, err->message);
    }
}

/* Open what lies there and ask; true if it was refused. */
static bool ask_it(flip_world *f, int32_t access, bool hash_first, const char *what)
{
    kundig *k = NULL;
    kundig_error err = {0};
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(&flip_probe);
    options.access = access;
    options.busy_ms = 100;
    char hex[33];
    (void)alarm(FLIP_SECONDS);
    int rc = kundig_open(f->path, strlen(f->path), &options, &k, &err);
    if (!rc && hash_first) {
        rc = kundig_facts_hash(k, hex, &err);
        bool fits = rc != 0;
        for (size_t i = 0; i < f->right_count && !fits; i++) {
            fits = memcmp(f->right[i], hex, 32) == 0;
        }
        if (!fits) {
            die("flips: %s: the state's name is %s", what, hex);
        }
    }
    if (!rc) {
        char *answers = work_answers(k, &err);
        rc = answers ? KUNDIG_OK : err.code;
        if (answers && !is_right(f, answers)) {
            die("flips: %s: a wrong answer: %s", what, work_differ(f->right[0], answers));
        }
        free(answers);
    }
    if (rc) {
        must_say(rc, &err, what);
    }
    kundig_close(k);
    (void)alarm(0);
    if (flip_probe.live_blocks) {
        die("flips: %s: %zu blocks are left", what, flip_probe.live_blocks);
    }
    return rc != KUNDIG_OK;
}

static void verify_it(flip_world *f, bool refused, const char *what)
{
    kundig_table *table = NULL;
    kundig_error err = {0};
    (void)alarm(FLIP_SECONDS);
    int rc = kundig_verify(f->path, strlen(f->path), NULL, &table, &err);
    if (rc) {
        must_say(rc, &err, what);
        f->found++;
    } else {
        size_t severity = kundig_table_find_column(table, "severity", 8);
        bool error = false;
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            kundig_text how = kundig_table_text(table, row, severity);
            error = error || (how.len == 5 && memcmp(how.data, "error", 5) == 0);
        }
        f->found += error;
        if (refused && !error) {
            die("flips: %s: refused, yet verify finds nothing", what);
        }
    }
    kundig_table_free(table);
    (void)alarm(0);
}

static void look(flip_world *f, const char *what)
{
    bool hash_first = f->tried % 2 == 0;
    int32_t access = f->tried % 8 == 7 ? KUNDIG_ACCESS_WRITE : KUNDIG_ACCESS_READ;
    bool refused = ask_it(f, access, hash_first, what);
    f->tried++;
    f->refused += refused;
    if (f->tried % 4 == 0 && access == KUNDIG_ACCESS_READ) {
        verify_it(f, refused, what);
    }
}

/* ---- bytes ---- */

/* full: every byte, twice; else one in about `step`, in three ways. */
static void flip_bytes(flip_world *f, const char *name, bool full, uint64_t step, dice *d)
{
    static const unsigned char patterns[] = {0xFF, 0x01, 0x80};
    unsigned char *bytes = grow(NULL, f->store.size);
    char what[128];
    f->tried = f->refused = f->found = 0;
    memcpy(bytes, f->store.bytes, f->store.size);
    for (size_t p = 0; p < (full ? 2u : 3u); p++) {
        for (size_t at = full ? 0 : throw_dice(d, step); at < f->store.size;
             at += full ? 1 : 1 + throw_dice(d, 2 * step)) {
            snprintf(what, sizeof what, "%s, byte %zu (page %zu, %zu) ^ %02x", name, at,
                     at / 512 + 1, at % 512, patterns[p]);
            bytes[at] ^= patterns[p];
            put_store(f, bytes, f->store.size);
            bytes[at] ^= patterns[p];
            look(f, what);
        }
    }
    printf("%-22s %7llu changes of %zu bytes, %llu refused, the others change no answer\n", name,
           (unsigned long long)f->tried, f->store.size, (unsigned long long)f->refused);
    fflush(stdout);
    if (f->refused == 0) {
        die("flips: %s: nothing was noticed", name);
    }
    free(bytes);
}

static void cut_off(flip_world *f, bool full)
{
    char what[64];
    f->tried = f->refused = f->found = 0;
    for (size_t size = 0; size < f->store.size; size += full ? 128 : 512) {
        snprintf(what, sizeof what, "cut off at byte %zu", size);
        put_store(f, f->store.bytes, size);
        look(f, what);
    }
    printf("%-22s %7llu lengths, %llu refused\n", "cut off", (unsigned long long)f->tried,
           (unsigned long long)f->refused);
    if (f->refused + 2 < f->tried) { /* a last page may be a free one */
        die("flips: a store that is cut off was taken for whole");
    }
}

/* Bytes of FILE-wal: what SQLite cannot read there it takes for not committed, so an older state
 * may show, one that was there. */
static void flip_log(flip_world *f, const content *wal, bool full, dice *d)
{
    unsigned char *bytes = grow(NULL, wal->size);
    char what[64];
    f->tried = f->refused = f->found = 0;
    memcpy(bytes, wal->bytes, wal->size);
    for (size_t at = 0; at < wal->size; at += full ? 1 : 1 + throw_dice(d, wal->size / 100)) {
        snprintf(what, sizeof what, "byte %zu of the log", at);
        bytes[at] ^= 0xFF;
        put_store(f, f->store.bytes, f->store.size);
        file_write(f->wal, bytes, wal->size);
        bytes[at] ^= 0xFF;
        (void)ask_it(f, KUNDIG_ACCESS_WRITE, true, what);
        f->tried++;
    }
    printf("%-22s %7llu changes of %zu bytes\n", "the log", (unsigned long long)f->tried,
           wal->size);
    free(bytes);
}

/* ---- tables that others changed ---- */

typedef struct flip_schema {
    const char *sql;
    bool must_refuse;
} flip_schema;

static const flip_schema schemas[] = {
    {"CREATE TRIGGER t AFTER INSERT ON feedback BEGIN DELETE FROM feedback; END", true},
    {"CREATE VIEW v AS SELECT * FROM feedback", true},
    {"CREATE VIEW v(a) AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
     "SELECT x FROM c",
     true},
    {"CREATE INDEX i ON feedback(text)", true},
    {"CREATE TABLE another(a)", true},
    {"CREATE VIRTUAL TABLE another USING fts5(a)", true},
    {"CREATE TEMP TRIGGER t AFTER INSERT ON feedback BEGIN DELETE FROM feedback; END", false},
    {"ALTER TABLE feedback ADD COLUMN more TEXT", true},
    {"ALTER TABLE consent RENAME COLUMN disclosure TO wording", true},
    {"ALTER TABLE event RENAME TO happening", true},
    {"DROP TABLE answer", true},
    {"DROP TABLE state", true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'stage TEXT', "
     "'stage TEXT AS (channel)') WHERE name = 'feedback'",
     true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'stage TEXT', "
     "'stage BLOB') WHERE name = 'feedback'",
     true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'What', 'what') "
     "WHERE name = 'feedback'",
     true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'feedback'",
     true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'answer'",
     true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1000000", true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = NULL WHERE name = 'event'", true},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE event(n)' || "
     "hex(zeroblob(400000)) WHERE name = 'event'",
     true},
    {"PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM sqlite_schema", true},
    {"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'feedback'", true},
    {"PRAGMA application_id = 0", true},
    {"PRAGMA application_id = 252006673", true},
    {"PRAGMA user_version = 0", true},
    {"PRAGMA user_version = 3", true},
    {"PRAGMA user_version = -1", true},
    {"PRAGMA journal_mode = DELETE", false},
    {"PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = FULL; VACUUM", false},
    {"PRAGMA journal_mode = DELETE; PRAGMA page_size = 65536; VACUUM", false},
    {"PRAGMA journal_mode = DELETE; PRAGMA encoding = 'UTF-16'; VACUUM", false},
    {"DELETE FROM state", true},
    {"INSERT INTO state SELECT one + 1, generation, erasures, pending, pseudonyms, model, "
     "cache_key, hash FROM state",
     false},
    {"DELETE FROM kind WHERE kind = 0", true},
    {"UPDATE kind SET count = -1 WHERE kind = 0", true},
    {"UPDATE kind SET count = count + 1 WHERE kind = 1", true},
    {"UPDATE kind SET last = last - 1 WHERE kind = 0", true},
    {"UPDATE kind SET last = 9223372036854775807 WHERE kind = 0", true},
    {"UPDATE kind SET sum = zeroblob(16) WHERE kind = 0", true},
    {"DELETE FROM feedback WHERE n = (SELECT max(n) FROM feedback)", true},
    {"DELETE FROM feedback WHERE n = 1", true},
    {"DELETE FROM feedback", true},
    {"DELETE FROM answer WHERE key = (SELECT min(key) FROM answer WHERE value IS NOT NULL)", true},
    {"INSERT INTO answer SELECT key + 1000, value FROM answer LIMIT 1", true},
    {"UPDATE feedback SET n = -n WHERE n = 2", true},
    {"UPDATE feedback SET n = 9223372036854775807 WHERE n = 2", true},
    {"UPDATE feedback SET n = n + 1000000 WHERE n = 2", true},
    {"INSERT INTO feedback(n, hash) SELECT max(n) + 1, zeroblob(16) FROM feedback", true},
    {"INSERT INTO feedback(n) SELECT max(n) + 1 FROM feedback", false},
    {"INSERT INTO feedback(n, hash, source, id, text) SELECT max(n) + 1, hash, source, id, text "
     "FROM feedback",
     true},
    {"UPDATE feedback SET stage = 'Support' WHERE stage = 'Order'", true},
    {"UPDATE feedback SET text = text || hex(zeroblob(2000000)) WHERE n = (SELECT min(n) FROM "
     "feedback WHERE text IS NOT NULL)",
     true},
    {"UPDATE question SET name = 'no such question'", true},
    {"UPDATE question SET number = number + 4096", true},
    {"UPDATE question SET scale = 99, minimum = 9e999, maximum = -9e999", true},
};

static void change_schemas(flip_world *f, const char *only)
{
    f->tried = f->refused = f->found = 0;
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
        if (only && !strstr(schemas[i].sql, only)) {
            continue;
        }
        put_store(f, f->store.bytes, f->store.size);
        plain_sql(f->path, schemas[i].sql);
        bool refused = ask_it(f, KUNDIG_ACCESS_READ, true, schemas[i].sql);
        verify_it(f, refused, schemas[i].sql);
        bool again = ask_it(f, KUNDIG_ACCESS_WRITE, false, schemas[i].sql);
        if (schemas[i].must_refuse && (!refused || !again)) {
            die("flips: not refused: %s", schemas[i].sql);
        }
        f->tried++;
        f->refused += refused;
    }
    printf("%-22s %7llu changes, %llu refused\n", "tables of others", (unsigned long long)f->tried,
           (unsigned long long)f->refused);
}

static void change_column(flip_world *f, const char *table, const char *column, bool full, dice *d)
{
    static const char *const values[] = {
        "NULL",         "''",
        "'x'",          "x'00'",
        "-1",           "1",
        "1e999",        "9223372036854775807",
        "zeroblob(16)", "zeroblob(3000000)",
        "'\xFF\xFE'",   "CAST(x'61006200' AS TEXT)",
    };
    char sql[700];
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        if (!full && throw_dice(d, 3)) {
            continue;
        }
        snprintf(sql, sizeof sql,
                 "UPDATE OR IGNORE \"%.60s\" SET \"%.60s\" = %s WHERE rowid = (SELECT max(rowid) "
                 "FROM \"%.60s\" WHERE \"%.60s\" IS NOT NULL)",
                 table, column, values[v], table, column);
        put_store(f, f->store.bytes, f->store.size);
        if (try_sql(f->path, sql)) {
            f->refused += ask_it(f, f->tried % 4 ? KUNDIG_ACCESS_READ : KUNDIG_ACCESS_WRITE,
                                 f->tried % 2, sql);
            f->tried++;
        }
    }
}

/* Every column of every table, with values of every type. */
static void change_columns(flip_world *f, bool full, dice *d)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    char names[256][2][64];
    size_t count = 0;
    f->tried = f->refused = f->found = 0;
    put_store(f, f->store.bytes, f->store.size);
    if (sqlite3_open(f->path, &db) != SQLITE_OK ||
        sqlite3_prepare_v2(db,
                           "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) "
                           "c WHERE m.type = 'table'",
                           -1, &s, NULL) != SQLITE_OK) {
        die("flips: %s", sqlite3_errmsg(db));
    }
    while (count < 256 && sqlite3_step(s) == SQLITE_ROW) {
        for (int i = 0; i < 2; i++) {
            copy_name(names[count][i], sizeof names[0][0], (const char *)sqlite3_column_text(s, i));
        }
        count++;
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    for (size_t i = 0; i < count; i++) {
        change_column(f, names[i][0], names[i][1], full, d);
    }
    printf("%-22s %7llu values in %zu columns, %llu refused\n", "wrong types",
           (unsigned long long)f->tried, count, (unsigned long long)f->refused);
}

/* ---- the stores ---- */

static char *answers_of(const char *path)
{
    kundig *k = NULL;
    kundig_error err;
    char *answers = NULL;
    if (work_open(path, KUNDIG_ACCESS_WRITE, &k, &err) || !(answers = work_answers(k, &err))) {
        die("flips: %s", err.message);
    }
    kundig_close(k);
    return answers;
}

/* A small store with some of everything; its file has small pages. */
static void make_small(flip_world *f, uint64_t seed, unsigned more)
{
    kundig *k = NULL;
    kundig_error err;
    work w = {.seed = seed, .kinds = WORK_ADDING | WORK_ERASE, .biggest = 8};
    folder_empty(f->folder);
    int rc = work_open(f->path, KUNDIG_ACCESS_CREATE, &k, &err);
    for (uint32_t n = 0; n < 24 && !rc; n++) {
        rc = work_do(&w, n, k, &err);
    }
    w.kinds = more;
    if (!rc && more) {
        rc = work_do(&w, 1, k, &err);
    }
    kundig_close(k);
    if (rc) {
        die("flips: %s", err.message);
    }
    char *before = answers_of(f->path);
    plain_sql(f->path, "PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM; "
                       "PRAGMA journal_mode=WAL;");
    f->right[0] = answers_of(f->path);
    f->right_count = 1;
    if (work_differ(before, f->right[0])) {
        die("flips: other pages, other answers: %s", work_differ(before, f->right[0]));
    }
    free(before);
    f->store = file_read(f->path);
    if (f->store.bytes[16] != 2 || f->store.bytes[17] != 0) {
        die("flips: the pages are not of 512 bytes");
    }
}

static void free_small(flip_world *f)
{
    for (size_t i = 0; i < f->right_count; i++) {
        free(f->right[i]);
    }
    f->right_count = 0;
    free(f->store.bytes);
}

/* A log with some batches that are not in the file yet, and the answers after each of them. */
static void flip_a_log(flip_world *f, uint64_t seed, bool full, dice *d)
{
    kundig *k = NULL;
    kundig_error err;
    work w = {.seed = seed, .kinds = WORK_ADDING, .biggest = 6};
    put_store(f, f->store.bytes, f->store.size);
    int rc = work_open(f->path, KUNDIG_ACCESS_WRITE, &k, &err);
    for (uint32_t n = 0; n < 6 && !rc; n++) {
        rc = work_do(&w, n, k, &err);
        f->right[f->right_count++] = rc ? NULL : work_answers(k, &err);
    }
    if (rc) {
        die("flips: %s", err.message);
    }
    content wal = file_read(f->wal);
    if (wal.size == 0) {
        die("flips: there is no log");
    }
    kundig_close(k);
    flip_log(f, &wal, full, d);
    free(wal.bytes);
}

int main(int argc, char **argv)
{
    settings s = settings_read(argc, argv, 0);
    dice d = {s.seed};
    flip_world f = {.folder = folder_new()};
    shim_install();
    copy_name(f.path, sizeof f.path, in(f.folder, "a.kundig"));
    snprintf(f.wal, sizeof f.wal, "%s-wal", f.path);
    make_small(&f, s.seed, 0);
    if (!s.only || strcmp(s.only, "bytes") == 0) {
        flip_bytes(&f, "bytes", s.full, f.store.size / 200, &d);
        cut_off(&f, s.full);
    }
    change_schemas(&f, s.only);
    if (!s.only || strcmp(s.only, "columns") == 0) {
        change_columns(&f, s.full, &d);
    }
    if (!s.only || strcmp(s.only, "log") == 0) {
        flip_a_log(&f, s.seed + 1, s.full, &d);
    }
    free_small(&f);
    if (!s.only || strcmp(s.only, "cache") == 0) {
        make_small(&f, s.seed, WORK_CACHE);
        flip_bytes(&f, "bytes beside a cache", false, s.full ? 8 : f.store.size / 100, &d);
        free_small(&f);
    }
    return 0;
}
