/* Stores through the door: what is written is there for the next handle, whoever asks. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_store, .fini = probe_fini);

#define WITH(s) s, sizeof(s) - 1
#define TEXT(s) ((kundig_text){s, sizeof(s) - 1})

static const char door_key[32] = "0123456789abcdefghijklmnopqrstu";

typedef struct door_place {
    char folder[64];
    char path[96];
    kundig_options options;
    kundig_error err;
} door_place;

static void place_begin(door_place *place)
{
    memset(place, 0, sizeof *place);
    strcpy(place->folder, "/tmp/kundig-door-XXXXXX");
    cr_assert(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/a.kundig", place->folder);
    kundig_options_init(&place->options);
    place->options.allocator = probe_allocator(NULL);
    place->options.busy_ms = 50;
}

static void place_end(door_place *place)
{
    static const char *const ends[] = {"a.kundig", "a.kundig-wal", "a.kundig-shm", "link", "f.csv"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", place->folder, ends[i]);
        unlink(path);
    }
    cr_assert_eq(rmdir(place->folder), 0, "nothing else was left behind");
}

static kundig *place_open(door_place *place)
{
    kundig *k = NULL;
    int rc = kundig_open(place->path, strlen(place->path), &place->options, &k, &place->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", place->err.message);
    return k;
}

static kundig *place_memory(door_place *place)
{
    kundig *k = NULL;
    cr_assert_eq(kundig_open(WITH(":memory:"), &place->options, &k, &place->err), KUNDIG_OK);
    return k;
}

static kundig_feedback place_record(const char *id, const char *customer)
{
    static const kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = 9};
    kundig_feedback record;
    kundig_feedback_init(&record);
    record.source = TEXT("crm");
    record.id = (kundig_text){id, strlen(id)};
    record.customer = (kundig_text){customer, strlen(customer)};
    record.text = TEXT("The delivery was late.");
    record.scores = &score;
    record.score_count = 1;
    return record;
}

static int place_add_all(kundig *k, kundig_error *err)
{
    kundig_feedback records[2] = {place_record("1", "Anna"), place_record("2", "Bert")};
    kundig_customer customer;
    kundig_event event;
    kundig_label label;
    kundig_link link;
    kundig_consent consent;
    kundig_retention retention;
    kundig_customer_init(&customer);
    customer.id = TEXT("Anna");
    kundig_event_init(&event);
    event.id = TEXT("e");
    event.customer = TEXT("Anna");
    kundig_label_init(&label);
    label.id = TEXT("1");
    label.topic = TEXT("delay");
    label.by = TEXT("Lee");
    kundig_link_init(&link);
    link.customer = TEXT("Anna");
    link.same_as = TEXT("Anne");
    link.by = TEXT("Lee");
    kundig_consent_init(&consent);
    consent.customer = TEXT("Anna");
    consent.consent = KUNDIG_NO;
    kundig_retention_init(&retention);
    retention.days = 30;
    int rc = kundig_feedback_add(k, records, 2, NULL, err);
    rc = rc ? rc : kundig_customer_add(k, &customer, 1, NULL, err);
    rc = rc ? rc : kundig_event_add(k, &event, 1, NULL, err);
    rc = rc ? rc : kundig_label_add(k, &label, 1, NULL, err);
    rc = rc ? rc : kundig_link_add(k, &link, 1, NULL, err);
    rc = rc ? rc : kundig_consent_add(k, &consent, 1, NULL, err);
    return rc ? rc : kundig_retention_add(k, &retention, 1, NULL, err);
}

static void place_hash(kundig *k, char hex[33])
{
    kundig_error err;
    cr_assert_eq(kundig_facts_hash(k, hex, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(strlen(hex), 32);
}

Test(kundig_store, a_store_and_memory_name_the_same_facts_alike)
{
    door_place place;
    char empty[33];
    char store[33];
    char again[33];
    char memory[33];
    place_begin(&place);
    kundig *k = place_open(&place);
    kundig *m = place_memory(&place);
    place_hash(k, empty);
    place_hash(m, memory);
    cr_assert_str_eq(empty, memory);
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK, "%s", place.err.message);
    cr_assert_eq(place_add_all(m, &place.err), KUNDIG_OK);
    place_hash(k, store);
    place_hash(m, memory);
    cr_assert_str_eq(store, memory);
    cr_assert_str_neq(store, empty);
    /* The same again changes nothing. */
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK);
    place_hash(k, again);
    cr_assert_str_eq(store, again);
    kundig_close(k);
    cr_assert_eq(kundig_is_store(place.path, strlen(place.path)), 1);
    k = place_open(&place);
    place_hash(k, again);
    cr_assert_str_eq(store, again);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_fields(k, &table, &place.err), KUNDIG_OK, "%s", place.err.message);
    kundig_table_free(table);
    kundig_close(k);
    kundig_close(m);
    place_end(&place);
}

Test(kundig_store, a_refused_record_leaves_nothing_in_the_file)
{
    door_place place;
    char before[33];
    char after[33];
    kundig_feedback records[2] = {place_record("1", "Anna"), place_record("2", "Bert")};
    place_begin(&place);
    kundig *k = place_open(&place);
    place_hash(k, before);
    records[1].kind = 99;
    cr_assert_eq(kundig_feedback_add(k, records, 2, NULL, &place.err), KUNDIG_E_ARG);
    cr_assert_eq(place.err.pos, 1);
    place_hash(k, after);
    cr_assert_str_eq(before, after);
    records[1].kind = 0;
    cr_assert_eq(kundig_feedback_add(k, records, 2, NULL, &place.err), KUNDIG_OK);
    kundig_close(k);
    place_end(&place);
}

Test(kundig_store, pseudonyms_are_not_turned_twice_where_somebody_is_forgotten)
{
    door_place place;
    char left[2][33];
    place_begin(&place);
    place.options.identifiers = KUNDIG_IDENTIFIERS_PSEUDONYMS;
    place.options.pseudonym_key = (kundig_text){door_key, 32};
    for (int memory = 0; memory < 2; memory++) {
        kundig_erasure erasure;
        kundig *k = memory ? place_memory(&place) : place_open(&place);
        cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK, "%s", place.err.message);
        kundig_erasure_init(&erasure);
        erasure.customer = TEXT("Bert");
        cr_assert_eq(kundig_erase(k, &erasure, NULL, &place.err), KUNDIG_OK, "%s",
                     place.err.message);
        place_hash(k, left[memory]);
        kundig_close(k);
    }
    cr_assert_str_eq(left[0], left[1], "what is left in memory is what is left in a store");
    place_end(&place);
}

Test(kundig_store, pseudonyms_stand_wherever_a_customer_does)
{
    door_place place;
    char hex[33];
    char other[33];
    place_begin(&place);
    kundig *m = place_memory(&place);
    cr_assert_eq(kundig_pseudonym(m, WITH("Anna"), hex, &place.err), KUNDIG_E_ARG);
    kundig_close(m);
    place.options.identifiers = KUNDIG_IDENTIFIERS_PSEUDONYMS;
    place.options.pseudonym_key = (kundig_text){door_key, 32};
    kundig *k = place_open(&place);
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK, "%s", place.err.message);
    place_hash(k, hex);
    kundig_close(k);
    k = place_open(&place);
    kundig_table *table = NULL;
    kundig_query *query = NULL;
    cr_assert_eq(kundig_fields(k, &table, &place.err), KUNDIG_OK,
                 "what is read is not turned twice");
    kundig_table_free(table);
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK);
    place_hash(k, other);
    cr_assert_str_eq(hex, other);
    cr_assert_eq(kundig_pseudonym(k, WITH("Anna"), hex, &place.err), KUNDIG_OK);
    char filter[64];
    snprintf(filter, sizeof filter, "customer = %s", hex);
    uint32_t node;
    cr_assert_eq(kundig_query_new(&place.options.allocator, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(query, WITH("nps"), NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_parse(query, filter, strlen(filter), &node, &place.err), KUNDIG_OK,
                 "%s", place.err.message);
    cr_assert_eq(kundig_query_keep(query, node, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_measure(k, query, &table, &place.err), KUNDIG_OK);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    FILE *file = fopen(place.path, "rb");
    static char bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t i = 0; i + 4 < size; i++) {
        cr_assert(memcmp(bytes + i, "Anna", 4) != 0 && memcmp(bytes + i, "Anne", 4) != 0 &&
                      memcmp(bytes + i, "Bert", 4) != 0,
                  "a name stands at %zu", i);
    }
    place_end(&place);
}

Test(kundig_store, a_pinned_model_is_there_for_everyone_and_counts_as_a_fact)
{
    door_place place;
    char plain[33];
    char pinned[33];
    char memory[33];
    kundig_model *model = NULL;
    kundig_table *table = NULL;
    place_begin(&place);
    cr_assert_eq(kundig_model_new(&place.options.allocator,
                                  WITH("theme service: Service\ntopic slowness: Slow\nen: late\n"),
                                  &model, &place.err),
                 KUNDIG_OK, "%s", place.err.message);
    kundig *k = place_open(&place);
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK);
    place_hash(k, plain);
    cr_assert_eq(kundig_pin_model(k, model, &place.err), KUNDIG_OK, "%s", place.err.message);
    place_hash(k, pinned);
    cr_assert_str_neq(plain, pinned);
    kundig_close(k);
    kundig *m = place_memory(&place);
    cr_assert_eq(place_add_all(m, &place.err), KUNDIG_OK);
    cr_assert_eq(kundig_pin_model(m, model, &place.err), KUNDIG_OK);
    place_hash(m, memory);
    cr_assert_str_eq(memory, pinned);
    cr_assert_eq(kundig_pin_model(m, NULL, &place.err), KUNDIG_OK);
    place_hash(m, memory);
    cr_assert_str_eq(memory, plain);
    kundig_close(m);
    k = place_open(&place);
    cr_assert_eq(kundig_topics(k, NULL, 0, &table, &place.err), KUNDIG_OK, "%s", place.err.message);
    kundig_bytes *json = NULL;
    cr_assert_eq(kundig_table_to_json(table, &json, &place.err), KUNDIG_OK);
    cr_assert(strstr(kundig_bytes_data(json), "slowness"), "%s", kundig_bytes_data(json));
    kundig_bytes_free(json);
    kundig_table_free(table);
    cr_assert_eq(kundig_pin_model(k, NULL, &place.err), KUNDIG_OK);
    place_hash(k, pinned);
    cr_assert_str_eq(plain, pinned);
    kundig_close(k);
    kundig_model_free(model);
    place_end(&place);
}

static bool report_says(kundig_ingest_report *report, const char *words)
{
    kundig_bytes *json = NULL;
    cr_assert_eq(kundig_table_to_json(kundig_ingest_report_table(report, KUNDIG_INGEST_FINDINGS),
                                      &json, NULL),
                 KUNDIG_OK);
    bool says = strstr(kundig_bytes_data(json), words) != NULL;
    kundig_bytes_free(json);
    return says;
}

Test(kundig_store, a_map_is_remembered_for_its_source)
{
    static const char first[] = "k1,k2,k3\nA,7,fine work\nB,8,good work\n";
    static const char second[] = "k1,k2,k3\nC,3,bad work\nD,1,slow work\n";
    static const char other[] = "id,nps,text\nE,3,bad work\n";
    door_place place;
    kundig_ingest_options options;
    kundig_ingest_report *report = NULL;
    place_begin(&place);
    kundig_ingest_options_init(&options);
    options.source = TEXT("survey");
    options.map = TEXT("id=k1,nps=k2,text=k3");
    kundig *k = place_open(&place);
    cr_assert_eq(kundig_ingest_bytes(k, WITH(first), &options, &report, &place.err), KUNDIG_OK,
                 "%s", place.err.message);
    cr_assert_not(report_says(report, "mapped as when"));
    kundig_ingest_report_free(report);
    kundig_close(k);
    k = place_open(&place);
    options.map = (kundig_text){NULL, 0};
    cr_assert_eq(kundig_ingest_bytes(k, WITH(second), &options, &report, &place.err), KUNDIG_OK,
                 "%s", place.err.message);
    cr_assert(report_says(report, "mapped as when this source was last read"));
    kundig_ingest_report_free(report);
    cr_assert_eq(kundig_ingest_bytes(k, WITH(other), &options, &report, &place.err), KUNDIG_OK,
                 "%s", place.err.message);
    cr_assert(report_says(report, "it was not used"));
    kundig_ingest_report_free(report);
    /* An empty map, and another source, ask for a guess. */
    options.map = TEXT("");
    cr_assert_eq(kundig_ingest_bytes(k, WITH(other), &options, &report, &place.err), KUNDIG_OK);
    cr_assert_not(report_says(report, "remembered"));
    kundig_ingest_report_free(report);
    kundig_close(k);
    place_end(&place);
}

Test(kundig_store, paths_that_cannot_be_a_store_are_refused_in_a_sentence)
{
    door_place place;
    char link[96];
    kundig *k = NULL;
    place_begin(&place);
    kundig_close(place_open(&place));
    snprintf(link, sizeof link, "%s/link", place.folder);
    cr_assert_eq(symlink(place.path, link), 0);
    cr_assert_eq(kundig_open(link, strlen(link), &place.options, &k, &place.err), KUNDIG_E_IO);
    cr_assert(strstr(place.err.message, "symbolic link"), "%s", place.err.message);
    cr_assert_eq(kundig_open(place.folder, strlen(place.folder), &place.options, &k, &place.err),
                 KUNDIG_E_IO);
    k = place_open(&place);
    cr_assert_eq(kundig_ingest_file(k, place.path, strlen(place.path), NULL, NULL, &place.err),
                 KUNDIG_E_FORMAT);
    cr_assert(strstr(place.err.message, "is a store of kundig"), "%s", place.err.message);
    kundig_close(k);
    place_end(&place);
}

Test(kundig_store, a_store_in_a_folder_that_may_not_be_written_can_be_read)
{
    door_place place;
    char before[33];
    char after[33];
    if (geteuid() == 0) {
        cr_skip_test("root may write everywhere");
    }
    place_begin(&place);
    kundig *k = place_open(&place);
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK);
    place_hash(k, before);
    kundig_close(k);
    cr_assert_eq(chmod(place.path, 0400), 0);
    cr_assert_eq(chmod(place.folder, 0500), 0);
    cr_assert_eq(kundig_open(place.path, strlen(place.path), &place.options, &k, &place.err),
                 KUNDIG_E_IO);
    place.options.access = KUNDIG_ACCESS_READ;
    k = place_open(&place);
    place_hash(k, after);
    cr_assert_str_eq(before, after);
    kundig_close(k);
    cr_assert_eq(chmod(place.folder, 0700), 0);
    place_end(&place);
}

Test(kundig_store, a_child_of_the_process_closes_without_harm)
{
    door_place place;
    char before[33];
    char after[33];
    place_begin(&place);
    kundig *k = place_open(&place);
    cr_assert_eq(place_add_all(k, &place.err), KUNDIG_OK);
    place_hash(k, before);
    pid_t child = fork();
    if (child == 0) {
        char hex[33];
        int rc = kundig_facts_hash(k, hex, NULL);
        kundig_close(k);
        _exit(rc == KUNDIG_E_FORK ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0);
    kundig_feedback record = place_record("3", "Cleo");
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, &place.err), KUNDIG_OK);
    place_hash(k, after);
    cr_assert_str_neq(before, after);
    kundig_close(k);
    k = place_open(&place);
    place_hash(k, before);
    cr_assert_str_eq(before, after);
    kundig_close(k);
    place_end(&place);
}

/* The first process to write is seen by the next question of the other. */
Test(kundig_store, another_process_sees_what_was_written)
{
    door_place place;
    char before[33];
    char after[33];
    place_begin(&place);
    kundig *k = place_open(&place);
    place_hash(k, before);
    pid_t child = fork();
    if (child == 0) {
        kundig *own = NULL;
        int rc = kundig_open(place.path, strlen(place.path), &place.options, &own, NULL);
        rc = rc ? rc : place_add_all(own, NULL);
        kundig_close(own);
        _exit(rc ? 1 : 0);
    }
    int status = 1;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_fields(k, &table, &place.err), KUNDIG_OK, "%s", place.err.message);
    cr_assert_gt(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    place_hash(k, after);
    cr_assert_str_neq(before, after);
    kundig_close(k);
    place_end(&place);
}
