/* How fast a store takes records, opens, forgets and finds. Time is the clock's, for writing waits
 * for the disk; files stand in the folder the bench is started in and are removed. The peer is
 * SQLite itself: the same rows, into tables of the same text, with the same settings. */
#define _POSIX_C_SOURCE 200809L
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "feedback.h"

enum { STORE_BATCH = 20000, STORE_ERASED = 32 };

static double store_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

typedef struct store_file {
    char folder[32];
    char path[64];
} store_file;

static store_file store_file_new(void)
{
    store_file file = {"kundig-bench-XXXXXX", ""};
    bench_need(mkdtemp(file.folder));
    snprintf(file.path, sizeof file.path, "%s/bench.kundig", file.folder);
    return file;
}

static void store_file_remove(const store_file *file)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char path[80];
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        snprintf(path, sizeof path, "%s%s", file->path, tails[i]);
        unlink(path);
    }
    rmdir(file->folder);
}

static kundig *store_open(const store_file *file)
{
    kundig *k = NULL;
    kundig_error err;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = bench_allocator();
    bench_check(kundig_open(file->path, strlen(file->path), &options, &k, &err), &err, "open");
    return k;
}

/* Records with ids that nobody could guess the order of. */
typedef struct store_records {
    feedback_record made[STORE_BATCH];
    char ids[STORE_BATCH][20];
    kundig_feedback given[STORE_BATCH];
    kundig_score scores[STORE_BATCH];
    feedback_source source;
    uint64_t next;
} store_records;

static kundig_text store_text(const char *s)
{
    return (kundig_text){*s ? s : NULL, strlen(s)};
}

static store_records *store_records_new(uint64_t records)
{
    store_records *r = bench_need(calloc(1, sizeof *r));
    feedback_start(&r->source, 1, records);
    r->source.comment_bytes = 110;
    return r;
}

static size_t store_records_next(store_records *r, uint64_t records)
{
    size_t count = records - r->next < STORE_BATCH ? (size_t)(records - r->next) : STORE_BATCH;
    for (size_t i = 0; i < count; i++) {
        feedback_record *made = &r->made[i];
        kundig_feedback *given = &r->given[i];
        feedback_next(&r->source, made);
        uint64_t mixed = ++r->next * UINT64_C(0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
        snprintf(r->ids[i], sizeof r->ids[i], "%016llx", (unsigned long long)mixed);
        kundig_feedback_init(given);
        given->source = store_text("bench");
        given->id = store_text(r->ids[i]);
        given->customer = store_text(made->customer);
        given->time_ms = made->day * 86400000;
        given->time_precision = KUNDIG_PRECISION_DAY;
        given->channel = store_text(made->channel);
        given->touchpoint = store_text(made->touchpoint);
        given->stage = store_text(made->stage);
        given->language = store_text(made->language);
        given->text = (kundig_text){made->comment, made->comment_len};
        if (made->nps >= 0) {
            r->scores[i] = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = made->nps};
            given->scores = &r->scores[i];
            given->score_count = 1;
        }
    }
    return count;
}

/* Seconds of adding alone; the records are made in between. */
static double store_fill(kundig *k, uint64_t records)
{
    store_records *r = store_records_new(records);
    double seconds = 0;
    kundig_error err;
    while (r->next < records) {
        size_t count = store_records_next(r, records);
        double start = store_clock();
        bench_check(kundig_feedback_add(k, r->given, count, NULL, &err), &err, "add");
        seconds += store_clock() - start;
    }
    free(r);
    return seconds;
}

void bench_store_ingest(uint64_t records, uint32_t runs, bench_result *result)
{
    for (uint32_t run = 0; run < runs; run++) {
        store_file file = store_file_new();
        kundig *k = store_open(&file);
        result->seconds[run] = store_fill(k, records);
        kundig_close(k);
        store_file_remove(&file);
    }
    result->records = records;
}

/* ---- SQLite alone ---- */

static void plain_check(sqlite3 *db, int rc, const char *what)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "bench: %s: %s\n", what, sqlite3_errmsg(db));
        exit(1);
    }
}

/* The tables of a store, without anything in them. */
static sqlite3 *plain_new(const store_file *file)
{
    store_file model = store_file_new();
    kundig_close(store_open(&model));
    sqlite3 *from = NULL;
    sqlite3 *db = NULL;
    sqlite3_stmt *schema = NULL;
    plain_check(from, sqlite3_open(model.path, &from), "open");
    plain_check(db, sqlite3_open(file->path, &db), "open");
    plain_check(db,
                sqlite3_exec(db,
                             "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                             "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536;",
                             NULL, NULL, NULL),
                "pragma");
    plain_check(from,
                sqlite3_prepare_v2(from, "SELECT sql FROM sqlite_schema WHERE type = 'table'", -1,
                                   &schema, NULL),
                "schema");
    while (sqlite3_step(schema) == SQLITE_ROW) {
        const char *sql = (const char *)sqlite3_column_text(schema, 0);
        plain_check(db, sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_OK, "create");
    }
    sqlite3_finalize(schema);
    sqlite3_close(from);
    store_file_remove(&model);
    return db;
}

static void plain_text(sqlite3_stmt *insert, const char *name, kundig_text text)
{
    if (text.data) {
        sqlite3_bind_text(insert, sqlite3_bind_parameter_index(insert, name), text.data,
                          (int)text.len, SQLITE_STATIC);
    }
}

static void plain_insert(sqlite3 *db, sqlite3_stmt *insert, sqlite3_stmt *answer, uint64_t n,
                         const kundig_feedback *r)
{
    static const char *const names[] = {":n", ":hash", ":time_ms", ":precision"};
    uint8_t hash[16] = {0};
    memcpy(hash, r->id.data, r->id.len < 16 ? r->id.len : 16);
    sqlite3_bind_int64(insert, sqlite3_bind_parameter_index(insert, names[0]), (sqlite3_int64)n);
    sqlite3_bind_blob(insert, sqlite3_bind_parameter_index(insert, names[1]), hash, sizeof hash,
                      SQLITE_STATIC);
    sqlite3_bind_int64(insert, sqlite3_bind_parameter_index(insert, names[2]), r->time_ms);
    sqlite3_bind_int(insert, sqlite3_bind_parameter_index(insert, names[3]), r->time_precision);
    plain_text(insert, ":source", r->source);
    plain_text(insert, ":id", r->id);
    plain_text(insert, ":customer", r->customer);
    plain_text(insert, ":channel", r->channel);
    plain_text(insert, ":touchpoint", r->touchpoint);
    plain_text(insert, ":stage", r->stage);
    plain_text(insert, ":language", r->language);
    plain_text(insert, ":text", r->text);
    plain_check(db, sqlite3_step(insert), "insert");
    sqlite3_reset(insert);
    if (r->score_count) {
        sqlite3_bind_int64(answer, 1, (sqlite3_int64)n * 4096);
        sqlite3_bind_double(answer, 2, r->scores[0].value);
        plain_check(db, sqlite3_step(answer), "insert");
        sqlite3_reset(answer);
    }
}

void bench_store_plain(uint64_t records, uint32_t runs, bench_result *result)
{
    for (uint32_t run = 0; run < runs; run++) {
        store_file file = store_file_new();
        sqlite3 *db = plain_new(&file);
        sqlite3_stmt *insert = NULL;
        sqlite3_stmt *answer = NULL;
        plain_check(db,
                    sqlite3_prepare_v2(
                        db,
                        "INSERT INTO feedback (n, hash, source, id, customer, time_ms,"
                        " time_precision, channel, touchpoint, stage, language, text) VALUES (:n,"
                        " :hash, :source, :id, :customer, :time_ms, :precision, :channel,"
                        " :touchpoint, :stage, :language, :text)",
                        -1, &insert, NULL),
                    "prepare");
        plain_check(db,
                    sqlite3_prepare_v2(db, "INSERT INTO answer (key, value) VALUES (?, ?)", -1,
                                       &answer, NULL),
                    "prepare");
        store_records *r = store_records_new(records);
        uint64_t n = 0;
        double seconds = 0;
        while (r->next < records) {
            size_t count = store_records_next(r, records);
            double start = store_clock();
            plain_check(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), "begin");
            for (size_t i = 0; i < count; i++) {
                plain_insert(db, insert, answer, ++n, &r->given[i]);
            }
            plain_check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), "commit");
            seconds += store_clock() - start;
        }
        result->seconds[run] = seconds;
        free(r);
        sqlite3_finalize(insert);
        sqlite3_finalize(answer);
        sqlite3_close(db);
        store_file_remove(&file);
    }
    result->records = records;
}

/* ---- Opening, forgetting, finding ---- */

static void store_ask(kundig *k)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err;
    bench_check(kundig_query_new(NULL, &query), NULL, "query");
    bench_check(kundig_query_set_metric(query, "nps", 3, &err), &err, "nps");
    bench_check(kundig_measure(k, query, &table, &err), &err, "measure");
    kundig_table_free(table);
    kundig_query_free(query);
}

static void store_opening(uint64_t records, uint32_t runs, bool cache, bench_result *result)
{
    store_file file = store_file_new();
    kundig_error err;
    kundig *k = store_open(&file);
    store_fill(k, records);
    if (cache) {
        bench_check(kundig_cache_save(k, &err), &err, "cache");
    }
    kundig_close(k);
    for (uint32_t run = 0; run < runs; run++) {
        double start = store_clock();
        k = store_open(&file);
        store_ask(k);
        result->seconds[run] = store_clock() - start;
        kundig_close(k);
    }
    result->records = records;
    store_file_remove(&file);
}

void bench_store_open(uint64_t records, uint32_t runs, bench_result *result)
{
    store_opening(records, runs, false, result);
}

void bench_store_warm(uint64_t records, uint32_t runs, bench_result *result)
{
    store_opening(records, runs, true, result);
}

void bench_store_erase(uint64_t records, uint32_t runs, bench_result *result)
{
    store_file file = store_file_new();
    kundig_error err;
    kundig *k = store_open(&file);
    store_fill(k, records);
    feedback_source source;
    feedback_record *made = bench_need(malloc(sizeof *made));
    feedback_start(&source, 1, records);
    source.comment_bytes = 110;
    for (uint32_t run = 0; run < runs;) {
        feedback_next(&source, made);
        if (!*made->customer) {
            continue;
        }
        kundig_erasure erasure;
        kundig_erasure_init(&erasure);
        erasure.customer = store_text(made->customer);
        store_ask(k); /* what the one before left to be read anew */
        double start = store_clock();
        bench_check(kundig_erase(k, &erasure, NULL, &err), &err, "erase");
        result->seconds[run++] = store_clock() - start;
    }
    result->records = 1;
    free(made);
    kundig_close(k);
    store_file_remove(&file);
}

void bench_search(uint64_t records, uint32_t runs, bench_result *result)
{
    static const char words[] = "verspaet* hotline";
    kundig *k = NULL;
    kundig_error err;
    bench_check(kundig_open(":memory:", 8, NULL, &k, &err), &err, "open");
    result->bytes = bench_load(k, records, false, 110);
    for (uint32_t run = 0; run < runs; run++) {
        kundig_table *table = NULL;
        double start = bench_seconds();
        bench_check(kundig_search(k, words, strlen(words), NULL, 20, &table, &err), &err, "search");
        result->seconds[run] = bench_seconds() - start;
        kundig_table_free(table);
    }
    result->records = records;
    kundig_close(k);
}
