#include "old.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* What format 0 was, byte for byte. */
static const char old_schema[] =
    "CREATE TABLE feedback (n INTEGER PRIMARY KEY, source TEXT, id TEXT, customer TEXT, "
    "time_ms INTEGER, time_precision INTEGER, updated_ms INTEGER, kind INTEGER, "
    "consent INTEGER, weight REAL, channel TEXT, touchpoint TEXT, stage TEXT, case_id TEXT, "
    "agent TEXT, department TEXT, segment TEXT, product TEXT, language TEXT, purpose TEXT, "
    "text TEXT);"
    "CREATE TABLE question (number INTEGER PRIMARY KEY, name TEXT, scale INTEGER, "
    "direction INTEGER, minimum REAL, maximum REAL);"
    "CREATE TABLE answer (key INTEGER PRIMARY KEY, value REAL);"
    "CREATE TABLE property (number INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE attribute (key INTEGER PRIMARY KEY, value);"
    "CREATE TABLE customer (n INTEGER PRIMARY KEY, source TEXT, id TEXT, updated_ms INTEGER, "
    "since_ms INTEGER, churned INTEGER, segment TEXT, basket REAL, orders REAL, revenue REAL);"
    "CREATE TABLE customer_attribute (key INTEGER PRIMARY KEY, value);"
    "CREATE TABLE event (n INTEGER PRIMARY KEY, source TEXT, id TEXT, customer TEXT, "
    "case_id TEXT, time_ms INTEGER, time_precision INTEGER, updated_ms INTEGER, kind INTEGER, "
    "agent TEXT, department TEXT, topic TEXT, value REAL);"
    "PRAGMA application_id = 0x6B756E64; PRAGMA user_version = 0;";

static const char old_rows[] =
    "INSERT INTO main.feedback SELECT n, source, id, customer, time_ms, time_precision, "
    "updated_ms, kind, consent, weight, channel, touchpoint, stage, case_id, agent, department, "
    "segment, product, language, purpose, text FROM today.feedback;"
    "INSERT INTO main.question SELECT number, name, scale, direction, minimum, maximum "
    "FROM today.question;"
    "INSERT INTO main.answer SELECT key, value FROM today.answer;"
    "INSERT INTO main.property SELECT number, name FROM today.property;"
    "INSERT INTO main.attribute SELECT key, value FROM today.attribute;"
    "INSERT INTO main.customer SELECT n, source, id, updated_ms, since_ms, churned, segment, "
    "basket, orders, revenue FROM today.customer;"
    "INSERT INTO main.customer_attribute SELECT key, value FROM today.customer_attribute;"
    "INSERT INTO main.event SELECT n, source, id, customer, case_id, time_ms, time_precision, "
    "updated_ms, kind, agent, department, topic, value FROM today.event;";

static bool run_sql(const char *path, const char *sql, bool must)
{
    sqlite3 *db = NULL;
    bool ok = sqlite3_open(path, &db) == SQLITE_OK &&
              sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (must && !ok) {
        die("%s: %s: %.200s", path, sqlite3_errmsg(db), sql);
    }
    sqlite3_close(db);
    return ok;
}

bool try_sql(const char *path, const char *sql)
{
    return run_sql(path, sql, false);
}

void plain_sql(const char *path, const char *sql)
{
    (void)run_sql(path, sql, true);
}

static void remove_store(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char name[600];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)remove(name);
    }
}

void old_store(const char *path, const work *w, uint32_t n)
{
    char today[600];
    char attach[700];
    kundig *k = NULL;
    kundig_error err;
    snprintf(today, sizeof today, "%s.today", path);
    remove_store(path);
    remove_store(today);
    int rc = work_open(today, KUNDIG_ACCESS_CREATE, &k, &err);
    for (uint32_t i = 0; i < n && !rc; i++) {
        rc = work_do(w, i, k, &err);
    }
    kundig_close(k);
    if (rc) {
        die("old: %s", err.message);
    }
    snprintf(attach, sizeof attach, "ATTACH '%s' AS today;", today);
    size_t room = sizeof old_schema + sizeof attach + sizeof old_rows + 64;
    char *sql = grow(NULL, room);
    snprintf(sql, room, "PRAGMA journal_mode=WAL; %s %s BEGIN; %s COMMIT; DETACH today;",
             old_schema, attach, old_rows);
    plain_sql(path, sql);
    free(sql);
    remove_store(today);
}
