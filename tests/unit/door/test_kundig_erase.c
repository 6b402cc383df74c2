/* Forgetting, merging, checking and the log through the door, in memory and in stores. */
#define _POSIX_C_SOURCE 200809L

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe.h"

TestSuite(kundig_erase, .fini = probe_fini);

#define WITH(s) s, sizeof(s) - 1
#define KEY     "0123456789abcdefghijklmnopqrstuv"

static kundig_text of(const char *str)
{
    return (kundig_text){str, str ? strlen(str) : 0};
}

/* Two files in a folder of their own. */
typedef struct place {
    char folder[64];
    char a[96];
    char b[96];
} place;

static void place_begin(place *p)
{
    strcpy(p->folder, "/tmp/kundig-door-XXXXXX");
    cr_assert(mkdtemp(p->folder));
    snprintf(p->a, sizeof p->a, "%s/a.kundig", p->folder);
    snprintf(p->b, sizeof p->b, "%s/b.kundig", p->folder);
}

static void place_end(place *p)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[120];
        snprintf(path, sizeof path, "%s%s", p->a, ends[i]);
        unlink(path);
        snprintf(path, sizeof path, "%s%s", p->b, ends[i]);
        unlink(path);
    }
    rmdir(p->folder);
}

static int door_try(const char *path, int32_t identifiers, bool key, kundig **out,
                    kundig_error *err)
{
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.identifiers = identifiers;
    if (key) {
        options.pseudonym_key = of(KEY);
    }
    return kundig_open(path, strlen(path), &options, out, err);
}

static kundig *door_opened(const char *path, bool key)
{
    kundig *k = NULL;
    kundig_error err = {0};
    cr_assert_eq(door_try(path, 0, key, &k, &err), KUNDIG_OK, "%s", err.message);
    return k;
}

static void door_add(kundig *k, const char *id, const char *customer, const char *text,
                     int64_t time_ms)
{
    kundig_feedback record;
    kundig_error err = {0};
    kundig_feedback_init(&record);
    record.source = of("s");
    record.id = of(id);
    record.customer = of(customer);
    record.text = of(text);
    record.time_ms = time_ms;
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
}

static void door_fill(kundig *k)
{
    door_add(k, "1", "anna", "late", 0);
    door_add(k, "2", "ben", "fine", INT64_C(86400000) * 40);
    door_add(k, "3", "a.smith", "rude", KUNDIG_TIME_ABSENT);
}

static const char *door_cell(const kundig_table *t, size_t row, const char *column)
{
    return kundig_table_text(t, row, kundig_table_find_column(t, column, strlen(column))).data;
}

static int64_t door_count(const kundig_table *t, size_t row, const char *column)
{
    return kundig_table_int(t, row, kundig_table_find_column(t, column, strlen(column)));
}

static void door_name(kundig *k, char hex[33])
{
    kundig_error err = {0};
    cr_assert_eq(kundig_facts_hash(k, hex, &err), KUNDIG_OK, "%s", err.message);
}

/* Each case in memory and in a store. */
static void door_both(void (*with)(kundig *k, bool store))
{
    for (int store = 0; store < 2; store++) {
        place p;
        place_begin(&p);
        kundig *k = door_opened(store ? p.a : ":memory:", true);
        with(k, store != 0);
        kundig_close(k);
        place_end(&p);
    }
}

static void erases_linked_names(kundig *k, bool store)
{
    kundig_erasure whom;
    kundig_link link;
    kundig_error err = {0};
    kundig_table *receipt = NULL;
    kundig_table *log = NULL;
    char before[33];
    char after[33];
    char subject[33];
    door_fill(k);
    kundig_link_init(&link);
    link.customer = of("anna");
    link.same_as = of("a.smith");
    cr_assert_eq(kundig_link_add(k, &link, 1, NULL, &err), KUNDIG_OK);
    door_name(k, before);
    kundig_erasure_init(&whom);
    whom.customer = of("anna");
    whom.time_ms = 0;
    cr_assert_eq(kundig_erase(k, &whom, &receipt, &err), KUNDIG_OK, "%s", err.message);
    door_name(k, after);
    cr_assert_eq(kundig_pseudonym(k, WITH("anna"), subject, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(receipt), 1);
    cr_assert_str_eq(door_cell(receipt, 0, "time"), "1970-01-01T00:00Z");
    cr_assert_str_eq(door_cell(receipt, 0, "action"), "erase");
    cr_assert_str_eq(door_cell(receipt, 0, "subject"), subject);
    cr_assert_eq(door_count(receipt, 0, "records"), 2);
    cr_assert_eq(door_count(receipt, 0, "versions"), 2);
    cr_assert_eq(door_count(receipt, 0, "links"), 1);
    cr_assert_str_eq(door_cell(receipt, 0, "before"), before);
    cr_assert_str_eq(door_cell(receipt, 0, "after"), after);
    cr_assert_str_eq(door_cell(receipt, 0, "status"), "done");
    kundig_table_free(receipt);
    cr_assert_eq(kundig_audit(k, &log, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(log), store ? 1 : 0);
    kundig_table_free(log);
    kundig *alone = door_opened(":memory:", false);
    door_add(alone, "2", "ben", "fine", INT64_C(86400000) * 40);
    door_name(alone, before);
    cr_assert_str_eq(before, after);
    kundig_close(alone);
}

Test(kundig_erase, takes_all_names_of_a_person)
{
    door_both(erases_linked_names);
}

static void erases_a_record(kundig *k, bool store)
{
    kundig_erasure what;
    kundig_error err = {0};
    kundig_table *receipt = NULL;
    (void)store;
    door_fill(k);
    kundig_erasure_init(&what);
    what.source = of("s");
    what.id = of("2");
    cr_assert_eq(kundig_erase(k, &what, &receipt, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(door_count(receipt, 0, "records"), 1);
    cr_assert_null(door_cell(receipt, 0, "time"));
    cr_assert_not_null(door_cell(receipt, 0, "subject"));
    kundig_table_free(receipt);
    cr_assert_eq(kundig_erase(k, &what, &receipt, &err), KUNDIG_OK);
    cr_assert_eq(door_count(receipt, 0, "records"), 0, "there is nothing more");
    cr_assert_str_eq(door_cell(receipt, 0, "before"), door_cell(receipt, 0, "after"));
    kundig_table_free(receipt);
    cr_assert_eq(kundig_erase(k, &what, NULL, &err), KUNDIG_OK);
}

Test(kundig_erase, takes_one_record)
{
    door_both(erases_a_record);
}

static void expires(kundig *k, bool store)
{
    kundig_retention rule;
    kundig_error err = {0};
    kundig_table *receipt = NULL;
    door_fill(k);
    (void)store;
    cr_assert_eq(kundig_expire(k, INT64_C(86400000) * 50, &receipt, &err), KUNDIG_OK);
    cr_assert_eq(door_count(receipt, 0, "records"), 0);
    cr_assert_str_eq(kundig_table_note(receipt, 0),
                     "records whose purpose has no rule, which were kept: 3");
    kundig_table_free(receipt);
    kundig_retention_init(&rule);
    rule.days = 30;
    cr_assert_eq(kundig_retention_add(k, &rule, 1, NULL, &err), KUNDIG_OK);
    cr_assert_eq(kundig_expire(k, INT64_C(86400000) * 50, &receipt, &err), KUNDIG_OK);
    cr_assert_str_eq(door_cell(receipt, 0, "action"), "expire");
    cr_assert_null(door_cell(receipt, 0, "subject"));
    cr_assert_str_eq(door_cell(receipt, 0, "time"), "1970-02-20T00:00Z");
    cr_assert_eq(door_count(receipt, 0, "records"), 1);
    cr_assert_str_eq(kundig_table_note(receipt, 0), "records without a time, which were kept: 1");
    kundig_table_free(receipt);
    cr_assert_eq(kundig_expire(k, KUNDIG_TIME_ABSENT, &receipt, &err), KUNDIG_E_ARG);
}

Test(kundig_erase, takes_what_is_too_old)
{
    door_both(expires);
}

Test(kundig_erase, refuses_wishes_that_name_nothing_or_too_much)
{
    kundig *k = door_opened(":memory:", false);
    kundig_erasure e;
    kundig_error err = {0};
    cr_assert_eq(kundig_erase(k, NULL, NULL, &err), KUNDIG_E_ARG);
    kundig_erasure_init(&e);
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_ARG);
    e.customer = of("a");
    e.id = of("b");
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_ARG);
    e.id = of(NULL);
    e.source = of("s");
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_ARG);
    e.source = (kundig_text){NULL, 3};
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_ARG);
    e.source = of(NULL);
    e.reserved = 1;
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_VERSION);
    e.reserved = 0;
    e.time_ms = INT64_MAX;
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_VALUE);
    e.size = 4;
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_E_ARG);
    kundig_erasure_init(&e);
    e.customer = of("a");
    cr_assert_eq(kundig_erase(NULL, &e, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_erase(k, &e, NULL, &err), KUNDIG_OK);
    cr_assert_eq(kundig_merge(k, NULL, 0, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_merge(k, WITH("no such file"), 0, NULL, &err), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(kundig_merge(k, WITH("x"), INT64_MAX, NULL, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_audit(k, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_compact(k, &err), KUNDIG_E_ARG);
    kundig_close(k);
}

Test(kundig_erase, merges_stores_in_any_direction)
{
    char names[3][33];
    kundig_error err = {0};
    kundig_table *receipt = NULL;
    place p;
    place_begin(&p);
    kundig *a = door_opened(p.a, false);
    kundig *b = door_opened(p.b, false);
    kundig *memory = door_opened(":memory:", false);
    door_add(a, "1", "anna", "late", 0);
    door_add(a, "2", "ben", "fine", 0);
    door_add(b, "2", "ben", "better", 0);
    door_add(b, "3", "carl", "rude", 0);
    door_add(memory, "1", "anna", "late", 0);
    door_add(memory, "2", "ben", "fine", 0);
    kundig_close(b);
    cr_assert_eq(kundig_merge(a, p.b, strlen(p.b), 0, &receipt, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_str_eq(door_cell(receipt, 0, "action"), "merge");
    cr_assert_eq(door_count(receipt, 0, "records"), 1);
    cr_assert_eq(door_count(receipt, 0, "versions"), 2);
    door_name(a, names[0]);
    cr_assert_str_eq(door_cell(receipt, 0, "after"), names[0]);
    kundig_table_free(receipt);
    cr_assert_eq(kundig_merge(memory, p.b, strlen(p.b), 0, &receipt, &err), KUNDIG_OK);
    door_name(memory, names[1]);
    cr_assert_str_eq(door_cell(receipt, 0, "after"), names[1]);
    kundig_table_free(receipt);
    cr_assert_str_eq(names[0], names[1]);
    b = door_opened(p.b, false);
    cr_assert_eq(kundig_merge(b, p.a, strlen(p.a), 0, NULL, &err), KUNDIG_OK);
    door_name(b, names[2]);
    cr_assert_str_eq(names[0], names[2]);
    cr_assert_eq(kundig_merge(b, p.b, strlen(p.b), 0, &receipt, &err), KUNDIG_OK, "itself");
    cr_assert_eq(door_count(receipt, 0, "versions"), 0);
    kundig_table_free(receipt);
    cr_assert_eq(kundig_audit(b, &receipt, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(receipt), 2);
    kundig_table_free(receipt);
    kundig_close(a);
    kundig_close(b);
    kundig_close(memory);
    place_end(&p);
}

Test(kundig_erase, names_kept_another_way_are_not_merged)
{
    kundig_error err = {0};
    kundig *plain = NULL;
    kundig *keyed = NULL;
    kundig_table *receipt = NULL;
    kundig_erasure whom;
    place p;
    place_begin(&p);
    cr_assert_eq(door_try(p.a, KUNDIG_IDENTIFIERS_PSEUDONYMS, true, &keyed, &err), KUNDIG_OK);
    cr_assert_eq(door_try(p.b, 0, true, &plain, &err), KUNDIG_OK);
    door_add(keyed, "1", "anna", "late", 0);
    door_add(plain, "2", "anna", "late", 0);
    cr_assert_eq(kundig_merge(keyed, p.b, strlen(p.b), 0, NULL, &err), KUNDIG_E_MODE);
    cr_assert(strstr(err.message, "kept another way"), "%s", err.message);
    cr_assert_eq(kundig_merge(plain, p.a, strlen(p.a), 0, NULL, &err), KUNDIG_E_MODE);
    kundig_erasure_init(&whom);
    whom.customer = of("anna");
    cr_assert_eq(kundig_erase(keyed, &whom, &receipt, &err), KUNDIG_OK);
    cr_assert_eq(door_count(receipt, 0, "records"), 1, "names are turned in calls, too");
    kundig_table_free(receipt);
    kundig_close(plain);
    kundig_close(keyed);
    place_end(&p);
}

Test(kundig_erase, verifies_and_compacts)
{
    kundig_error err = {0};
    kundig_table *table = NULL;
    kundig_erasure whom;
    place p;
    place_begin(&p);
    kundig *k = door_opened(p.a, false);
    door_fill(k);
    kundig_erasure_init(&whom);
    whom.customer = of("anna");
    cr_assert_eq(kundig_erase(k, &whom, NULL, &err), KUNDIG_OK);
    cr_assert_eq(kundig_verify(p.a, strlen(p.a), NULL, &table, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_str_eq(door_cell(table, 0, "severity"), "note");
    kundig_table_free(table);
    cr_assert_eq(kundig_compact(k, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_verify(p.a, strlen(p.a), NULL, &table, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    cr_assert_eq(kundig_verify(NULL, 0, NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_verify(p.a, strlen(p.a), NULL, NULL, &err), KUNDIG_E_ARG);
    kundig_close(k);
    place_end(&p);
}

/* ---- Failures ---- */

typedef struct door_world {
    kundig *k;
    kundig_table *out;
    const char *other;
} door_world;

static int door_call(door_world *w, int what, kundig_error *err)
{
    kundig_erasure whom;
    kundig_erasure_init(&whom);
    whom.customer = of("anna");
    switch (what) {
    case 0:
        return kundig_erase(w->k, &whom, &w->out, err);
    case 1:
        return kundig_merge(w->k, w->other, strlen(w->other), 0, &w->out, err);
    default:
        return kundig_expire(w->k, INT64_C(86400000) * 50, &w->out, err);
    }
}

Test(kundig_erase, survives_failure_of_every_allocation, .timeout = 300)
{
    for (int round = 0; round < 12; round++) {
        int what = round % 3;
        bool store = round / 3 % 2 != 0;
        kundig_error err = {0};
        place p;
        place_begin(&p);
        kundig *other = door_opened(p.b, false);
        door_add(other, "9", "dora", "good", 0);
        kundig_close(other);
        int rc = KUNDIG_E_NOMEM;
        kundig *k = door_opened(store ? p.a : ":memory:", true);
        kundig_retention rule;
        kundig_retention_init(&rule);
        rule.days = 30;
        cr_assert_eq(kundig_retention_add(k, &rule, 1, NULL, &err), KUNDIG_OK);
        door_fill(k);
        for (size_t fail_at = 1; rc; fail_at++) {
            door_world w = {.k = k, .other = p.b};
            char before[33];
            char after[33];
            door_name(k, before);
            probe_shared.allocations = 0;
            probe_shared.fail_on = round >= 6;
            probe_shared.fail_at = fail_at;
            rc = door_call(&w, what, &err);
            probe_shared.fail_at = 0;
            door_name(k, after);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %s", rc, err.message);
            cr_assert_eq(w.out == NULL, rc != KUNDIG_OK);
            cr_assert_eq(strcmp(before, after) == 0, rc != KUNDIG_OK, "as it was, or changed");
            kundig_table_free(w.out);
        }
        kundig_close(k);
        place_end(&p);
    }
}
