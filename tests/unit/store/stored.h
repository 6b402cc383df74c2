/* A store in a folder of its own, for the tests of this room. */
#ifndef KUNDIG_TESTS_STORED_H
#define KUNDIG_TESTS_STORED_H

#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/os.h"
#include "base/text.h"
#include "probe.h"
#include "store/db.h"

typedef struct stored {
    char folder[64];
    char path[96];
    kundig__context context;
    kundig__store_options options;
    kundig__store *store;
    kundig__corpus *corpus;
    kundig_error err;
} stored;

/* A context as the door makes it; the folder is new and empty. */
static inline void stored_begin(stored *s)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(s, 0, sizeof *s);
    /* In memory where the system offers it: sweeps commit thousands of times. */
    snprintf(s->folder, sizeof s->folder, "%s/kundig-store-XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    cr_assert(mkdtemp(s->folder));
    snprintf(s->path, sizeof s->path, "%s/facts.kundig", s->folder);
    kundig__mem_init(&s->context.mem, &allocator, 0);
    s->context.threads = 2;
    memset(s->context.siphash_key, 7, sizeof s->context.siphash_key);
    s->options.busy_ms = 50;
}

static inline int stored_open(stored *s)
{
    return kundig__store_open(&s->context, kundig__str(s->path), &s->options, &s->store, &s->err);
}

static inline void stored_close(stored *s)
{
    kundig__corpus_free(s->corpus);
    kundig__store_close(s->store, false);
    s->corpus = NULL;
    s->store = NULL;
}

/* Close and remove the folder. */
static inline void stored_end(stored *s)
{
    DIR *folder;
    struct dirent *entry;
    stored_close(s);
    folder = opendir(s->folder);
    while (folder && (entry = readdir(folder))) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", s->folder, entry->d_name);
        unlink(path);
    }
    if (folder) {
        closedir(folder);
    }
    rmdir(s->folder);
    kundig__context_free(&s->context);
    memset(s, 0, sizeof *s);
}

#define STORED_OK(s, call)                                                                         \
    do {                                                                                           \
        int stored_rc_ = (call);                                                                   \
        cr_assert_eq(stored_rc_, KUNDIG_OK, "%d: %s", stored_rc_, (s)->err.message);               \
    } while (0)

/* An SQL statement by another connection, as anyone may run it. */
static inline void stored_sql(const stored *s, const char *sql)
{
    sqlite3 *db = NULL;
    char *words = NULL;
    cr_assert_eq(sqlite3_open(s->path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &words), SQLITE_OK, "%s: %s", sql, words);
    sqlite3_close(db);
}

static inline int64_t stored_number(const stored *s, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    cr_assert_eq(sqlite3_open(s->path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s: %s", sql,
                 sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_step(statement), SQLITE_ROW, "%s", sql);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

/* Record i with everything a record can have: two answers, three attributes, all texts. */
static inline kundig_feedback stored_record(int i)
{
    static char ids[64][16];
    static kundig_score scores[64][2];
    static kundig_attribute attributes[64][3];
    kundig_feedback record;
    int at = i % 64;
    kundig_feedback_init(&record);
    snprintf(ids[at], sizeof ids[at], "id%d", i);
    record.source = KUNDIG__TEXT("crm");
    record.id = kundig__str(ids[at]);
    record.customer = i % 2 ? KUNDIG__TEXT("Anna Example") : KUNDIG__TEXT("Bert Beispiel");
    record.time_ms = INT64_C(1767225600000) + i;
    record.updated_ms = i % 3 ? KUNDIG_TIME_ABSENT : i;
    record.kind = KUNDIG_KIND_SURVEY;
    record.consent = KUNDIG_YES;
    record.has_weight = i % 2;
    record.weight = 1.5;
    record.channel = KUNDIG__TEXT("phone");
    record.touchpoint = KUNDIG__TEXT("shop");
    record.stage = KUNDIG__TEXT("");
    record.case_id = KUNDIG__TEXT("case 1");
    record.agent = KUNDIG__TEXT("Kim");
    record.department = KUNDIG__TEXT("service");
    record.segment = KUNDIG__TEXT("b2b");
    record.product = KUNDIG__TEXT("boiler");
    record.language = KUNDIG__TEXT("en");
    record.purpose = KUNDIG__TEXT("service");
    record.text = KUNDIG__TEXT("The delivery was l\xC3\xA4te.");
    scores[at][0] = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = i % 11};
    scores[at][1] = (kundig_score){.question = KUNDIG__TEXT("advice"),
                                   .scale = KUNDIG_SCALE_DECLARED,
                                   .direction = KUNDIG_LOWER_IS_BETTER,
                                   .value = 0.125,
                                   .minimum = -1.5,
                                   .maximum = 2.25};
    record.scores = scores[at];
    record.score_count = 1 + (size_t)(i % 2);
    attributes[at][0] = (kundig_attribute){
        KUNDIG__TEXT("tier"), {.type = KUNDIG_VALUE_TEXT, .text = KUNDIG__TEXT("gold")}};
    attributes[at][1] =
        (kundig_attribute){KUNDIG__TEXT("age"), {.type = KUNDIG_VALUE_NUMBER, .number = 0.1 + i}};
    attributes[at][2] =
        (kundig_attribute){KUNDIG__TEXT("vip"), {.type = KUNDIG_VALUE_BOOL, .boolean = i % 2}};
    record.attributes = attributes[at];
    record.attribute_count = (size_t)(i % 4);
    return record;
}

/* Records [first, end) of feedback into the open store, in one transaction. */
static inline int stored_add(stored *s, int first, int end)
{
    kundig_added added;
    kundig_feedback records[64];
    kundig_added_init(&added);
    int rc = kundig__store_begin(s->store, &s->corpus, &s->err);
    if (rc) {
        return rc;
    }
    for (int i = first; i < end; i++) {
        records[i - first] = stored_record(i);
    }
    rc = kundig__facts_add(s->corpus, KUNDIG_FACTS_FEEDBACK, records, (size_t)(end - first), &added,
                           &s->err);
    if (rc) {
        kundig__store_rollback(s->store);
        return rc;
    }
    return kundig__store_commit(s->store, &s->corpus, &s->err);
}

/* One record of each kind but feedback, versions of them where `updated` differs. */
static inline int stored_add_others(stored *s, int64_t updated)
{
    kundig_attribute attributes[2] = {
        {KUNDIG__TEXT("tier"), {.type = KUNDIG_VALUE_TEXT, .text = KUNDIG__TEXT("silver")}},
        {KUNDIG__TEXT("born"), {.type = KUNDIG_VALUE_NUMBER, .number = 1970}}};
    kundig_customer customer;
    kundig_event event;
    kundig_label label;
    kundig_link link;
    kundig_consent consent;
    kundig_retention retention;
    kundig_edit edit;
    kundig_customer_init(&customer);
    customer.source = KUNDIG__TEXT("crm");
    customer.id = KUNDIG__TEXT("Anna Example");
    customer.since_ms = 5;
    customer.churned = KUNDIG_NO;
    customer.segment = KUNDIG__TEXT("b2b");
    customer.basket = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = 12.5};
    customer.revenue = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = 0};
    customer.updated_ms = updated;
    customer.attributes = attributes;
    customer.attribute_count = 2;
    kundig_event_init(&event);
    event.source = KUNDIG__TEXT("desk");
    event.id = KUNDIG__TEXT("e1");
    event.customer = customer.id;
    event.case_id = KUNDIG__TEXT("case 1");
    event.kind = KUNDIG_EVENT_CASE_OPENED;
    event.time_ms = 86400000;
    event.time_precision = KUNDIG_PRECISION_DAY;
    event.updated_ms = updated;
    event.agent = KUNDIG__TEXT("Kim");
    event.department = KUNDIG__TEXT("service");
    event.topic = KUNDIG__TEXT("delay");
    event.value = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = -3.25};
    kundig_label_init(&label);
    label.source = KUNDIG__TEXT("crm");
    label.id = KUNDIG__TEXT("id1");
    label.topic = KUNDIG__TEXT("delay");
    label.by = KUNDIG__TEXT("Lee");
    label.holds = KUNDIG_NO;
    label.updated_ms = updated;
    kundig_link_init(&link);
    link.customer = KUNDIG__TEXT("Anna Example");
    link.same_as = KUNDIG__TEXT("a.example");
    link.by = KUNDIG__TEXT("Lee");
    link.updated_ms = updated;
    kundig_consent_init(&consent);
    consent.customer = customer.id;
    consent.purpose = KUNDIG__TEXT("service");
    consent.consent = KUNDIG_YES;
    consent.disclosure = KUNDIG__TEXT("2026-01");
    consent.updated_ms = updated;
    kundig_retention_init(&retention);
    retention.purpose = KUNDIG__TEXT("service");
    retention.days = 0;
    retention.updated_ms = updated;
    kundig_edit_init(&edit);
    edit.kind = KUNDIG_EDIT_TOPIC;
    edit.name = KUNDIG__TEXT("Lost parcels");
    edit.words = KUNDIG__TEXT("lost parcel; customs");
    edit.by = KUNDIG__TEXT("Kim");
    edit.updated_ms = updated;
    const void *const records[KUNDIG__FACT_KINDS] = {NULL,  &customer, &event,     &label,
                                                     &link, &consent,  &retention, &edit};
    kundig_added added;
    kundig_added_init(&added);
    int rc = kundig__store_begin(s->store, &s->corpus, &s->err);
    if (rc) {
        return rc;
    }
    for (int kind = 1; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        rc = kundig__facts_add(s->corpus, kind, records[kind], 1, &added, &s->err);
    }
    if (rc) {
        kundig__store_rollback(s->store);
        return rc;
    }
    return kundig__store_commit(s->store, &s->corpus, &s->err);
}

/* The published name of what a corpus holds. */
static inline void stored_name(stored *s, kundig__corpus *corpus, char hex[33])
{
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    memset(sums, 0, sizeof sums);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        STORED_OK(s, kundig__fact_sum_rows(corpus, kind, 0, &sums[kind], &s->err));
    }
    kundig__facts_name(sums, NULL, hex);
}

/* Does the corpus hold what the file says, and is it sound? */
static inline void stored_check(stored *s)
{
    char file[33];
    char memory[33];
    STORED_OK(s, kundig__store_follow(s->store, &s->corpus, &s->err));
    STORED_OK(s, kundig__corpus_check(s->corpus, &s->err));
    STORED_OK(s, kundig__store_hash(s->store, file, &s->err));
    stored_name(s, s->corpus, memory);
    cr_assert_str_eq(file, memory);
    cr_assert(sqlite3_get_autocommit(s->store->db), "no transaction is left open");
}

#endif
