/* Discovery through the door: topics from facts, what people say of them, and what becomes of both
 * when somebody is erased. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_discover, .fini = probe_fini);

#define TEXT(s) ((kundig_text){s, sizeof(s) - 1})

static kundig *discover_within(uint64_t memory_limit)
{
    kundig *k = NULL;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.memory_limit = memory_limit;
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL), KUNDIG_OK);
    return k;
}

static kundig *discover_open(void)
{
    return discover_within(0);
}

Test(kundig_discover, refuses_calls_without_what_they_need)
{
    kundig_model *model = NULL;
    kundig_text topic = TEXT("t-0123456789ab");
    kundig_text none = {NULL, 0};
    cr_assert_eq(kundig_discover(NULL, NULL, NULL, &model, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_edit_add(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_discovered(NULL, topic, topic, 0, topic, 0, NULL, NULL),
                 KUNDIG_E_ARG);
    kundig *k = discover_open();
    cr_assert_eq(kundig_label_discovered(k, topic, none, 0, none, KUNDIG_TIME_ABSENT, NULL, NULL),
                 KUNDIG_E_VALUE);
    cr_assert_eq(kundig_label_discovered(k, topic, TEXT("post"), 0, (kundig_text){NULL, 3},
                                         KUNDIG_TIME_ABSENT, NULL, NULL),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_discovered(k, topic, TEXT("post"), 0, none, INT64_MAX, NULL, NULL),
                 KUNDIG_E_VALUE);
    kundig_error err;
    cr_assert_eq(
        kundig_label_discovered(k, topic, TEXT("post"), 0, none, KUNDIG_TIME_ABSENT, NULL, &err),
        KUNDIG_E_NOT_FOUND);
    cr_assert(strstr(err.message, "t-0123456789ab"), "%s", err.message);
    cr_assert_null(model);
    kundig_close(k);
}

enum { DISCOVER_ROWS = 240, DISCOVER_PEOPLE = 40, DISCOVER_GONE = 7 };

static const char discover_secret[] = "quokkaquarrel"; /* of one person alone */

/* Three things people speak of, in several words each. */
static void discover_fill(kundig *k, uint32_t without)
{
    static const char *const things[3][4][3] = {
        {{"the parcel", "my package", "the delivery"},
         {"arrived", "came", "was delivered"},
         {"two weeks late", "far too late", "with a broken box"},
         {"by the courier", "by the driver", "from the depot"}},
        {{"the hotline", "the phone support", "the agent"},
         {"kept me waiting", "hung up on me", "never called back"},
         {"for an hour", "on hold", "in the queue"},
         {"with awful music", "without an answer", "on the phone"}},
        {{"the price", "the invoice", "the bill"},
         {"was charged", "was booked", "was raised"},
         {"twice this month", "much too high", "without a discount"},
         {"on my account", "on my credit card", "by the shop"}}};
    for (uint32_t i = 0; i < DISCOVER_ROWS; i++) {
        const char *const(*of)[3] = things[i % 3];
        char id[16];
        char customer[16];
        char text[200];
        kundig_feedback record;
        uint32_t who = i / 3 % DISCOVER_PEOPLE;
        if (who == without) {
            continue;
        }
        snprintf(id, sizeof id, "%u", (unsigned)i);
        snprintf(customer, sizeof customer, "c%u", (unsigned)who);
        snprintf(text, sizeof text, "%s %s %s %s%s%s", of[0][i / 3 % 3], of[1][i / 9 % 3],
                 of[2][i / 27 % 3], of[3][i / 81 % 3], who == DISCOVER_GONE ? " " : "",
                 who == DISCOVER_GONE ? discover_secret : "");
        kundig_feedback_init(&record);
        record.source = TEXT("app");
        record.id = (kundig_text){id, strlen(id)};
        record.customer = (kundig_text){customer, strlen(customer)};
        record.text = (kundig_text){text, strlen(text)};
        cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, NULL), KUNDIG_OK);
    }
}

static kundig_model *discover_of(kundig *k)
{
    kundig_model *model = NULL;
    kundig_error err = {0};
    kundig_discover_options options;
    kundig_discover_options_init(&options);
    options.topics = 3;
    cr_assert_eq(kundig_discover(k, NULL, &options, &model, &err), KUNDIG_OK, "%s", err.message);
    return model;
}

static kundig_table *discover_table(kundig *k)
{
    kundig_model *model = NULL;
    kundig_table *table = NULL;
    cr_assert_eq(kundig_get_model(k, &model, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_discovered(model, &table, NULL), KUNDIG_OK);
    kundig_model_free(model);
    return table;
}

static kundig_text discover_cell(const kundig_table *table, size_t row, const char *column)
{
    return kundig_table_text(table, row, kundig_table_find_column(table, column, strlen(column)));
}

static int64_t discover_count(kundig *k, const char *where)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    uint32_t node = 0;
    cr_assert_eq(kundig_query_new(NULL, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_parse(query, where, strlen(where), &node, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_eq(kundig_query_keep(query, node, &err), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(query, "count", 5, &err), KUNDIG_OK);
    cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_OK, "%s: %s", where, err.message);
    int64_t n = kundig_table_row_count(table)
                    ? kundig_table_int(table, 0, kundig_table_find_column(table, "n", 1))
                    : 0;
    kundig_table_free(table);
    kundig_query_free(query);
    return n;
}

static void discover_edit(kundig *k, int32_t kind, kundig_text topic, const char *name)
{
    kundig_edit edit;
    kundig_error err = {0};
    kundig_edit_init(&edit);
    edit.kind = kind;
    edit.topic = topic;
    edit.name = (kundig_text){name, name ? strlen(name) : 0};
    cr_assert_eq(kundig_edit_add(k, &edit, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
}

Test(kundig_discover, topics_of_facts_answer_questions_and_heed_what_people_say)
{
    kundig *k = discover_open();
    kundig_error err = {0};
    discover_fill(k, UINT32_MAX);
    kundig_model *model = discover_of(k);
    cr_assert_eq(kundig_set_model(k, model, &err), KUNDIG_OK);
    kundig_model_free(model);
    kundig_table *table = discover_table(k);
    cr_assert_eq(kundig_table_row_count(table), 3);
    char names[3][24];
    for (size_t i = 0; i < 3; i++) {
        kundig_text name = discover_cell(table, i, "topic");
        cr_assert_eq(name.len, 14);
        memcpy(names[i], name.data, 14);
        names[i][14] = '\0';
    }
    kundig_table_free(table);
    char where[64];
    snprintf(where, sizeof where, "topic = \"%s\"", names[0]);
    int64_t before = discover_count(k, where);
    cr_assert_geq(before, 60);
    cr_assert_eq(discover_count(k, "novelty >= 0"), DISCOVER_ROWS);
    cr_assert_lt(discover_count(k, "novelty > 0.95"), DISCOVER_ROWS / 4);
    kundig_table *topics = NULL;
    cr_assert_eq(kundig_topics(k, NULL, 0, &topics, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_row_count(topics), 3);
    for (size_t row = 0; row < 3; row++) {
        cr_assert_not_null(discover_cell(topics, row, "words").data);
        cr_assert_not_null(discover_cell(topics, row, "quote").data);
    }
    kundig_table_free(topics);
    discover_edit(k, KUNDIG_EDIT_RENAME, (kundig_text){names[0], 14}, "My own name");
    discover_edit(k, KUNDIG_EDIT_HIDE, (kundig_text){names[1], 14}, NULL);
    topics = NULL;
    cr_assert_eq(kundig_topics(k, NULL, 0, &topics, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_table_row_count(topics), 2, "a hidden topic is left out");
    bool called = false;
    for (size_t row = 0; row < 2; row++) {
        kundig_text title = discover_cell(topics, row, "title");
        called = called || (title.len == 11 && memcmp(title.data, "My own name", 11) == 0);
    }
    cr_assert(called);
    kundig_table_free(topics);
    cr_assert_eq(discover_count(k, where), before, "a name changes no count");
    kundig_close(k);
}

Test(kundig_discover, a_topic_becomes_a_taught_one)
{
    kundig *k = discover_open();
    kundig_error err = {0};
    kundig_added added;
    kundig_table *labels = NULL;
    discover_fill(k, UINT32_MAX);
    kundig_model *model = discover_of(k);
    cr_assert_eq(kundig_set_model(k, model, &err), KUNDIG_OK);
    kundig_model_free(model);
    kundig_table *table = discover_table(k);
    kundig_added_init(&added);
    cr_assert_eq(kundig_label_discovered(k, discover_cell(table, 0, "topic"), TEXT("post"), 20,
                                         TEXT("mia"), 5, &added, &err),
                 KUNDIG_OK, "%s", err.message);
    cr_assert_eq(added.added, 21, "20 labels and an edit: %d", (int)added.added);
    cr_assert_eq(kundig_facts(k, KUNDIG_FACTS_LABELS, NULL, &labels, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(labels), 20);
    kundig_table_free(labels);
    cr_assert_eq(discover_count(k, "topic = post") > 50, true, "it stands for the discovered one");
    kundig_table_free(table);
    kundig_close(k);
}

static bool discover_finds(const char *path, const char *bytes)
{
    static const char *const ends[] = {"", "-wal"};
    size_t len = strlen(bytes);
    bool found = false;
    for (size_t e = 0; e < 2; e++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, ends[e]);
        FILE *file = fopen(name, "rb");
        static char content[1 << 22];
        size_t size = file ? fread(content, 1, sizeof content, file) : 0;
        for (size_t i = 0; i + len <= size && !found; i++) {
            found = memcmp(content + i, bytes, len) == 0;
        }
        if (file) {
            fclose(file);
        }
    }
    return found;
}

/* Who is erased leaves names of topics as they were, and all numbers as if counted without them. */
Test(kundig_discover, an_erasure_keeps_the_names_and_counts_anew)
{
    char folder[] = "/tmp/kundig-discover-XXXXXX";
    char path[64];
    kundig *k = NULL;
    kundig_error err = {0};
    kundig_options options;
    kundig_erasure erasure;
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a", folder);
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_open(path, strlen(path), &options, &k, &err), KUNDIG_OK);
    discover_fill(k, UINT32_MAX);
    kundig_model *model = discover_of(k);
    cr_assert_eq(kundig_pin_model(k, model, &err), KUNDIG_OK);
    kundig_model_free(model);
    cr_assert(discover_finds(path, discover_secret));
    kundig_table *before = discover_table(k);
    kundig_erasure_init(&erasure);
    erasure.customer = TEXT("c7");
    cr_assert_eq(kundig_erase(k, &erasure, NULL, &err), KUNDIG_OK, "%s", err.message);
    cr_assert(!discover_finds(path, discover_secret));
    kundig_table *after = discover_table(k);
    cr_assert_eq(kundig_table_row_count(after), kundig_table_row_count(before));
    size_t texts = kundig_table_find_column(after, "texts", 5);
    int64_t all = 0;
    for (size_t row = 0; row < kundig_table_row_count(after); row++) {
        kundig_text name = discover_cell(after, row, "topic");
        bool same = false;
        for (size_t other = 0; other < kundig_table_row_count(before); other++) {
            kundig_text was = discover_cell(before, other, "topic");
            same = same || memcmp(was.data, name.data, 14) == 0;
        }
        cr_assert(same, "the name of a topic changed");
        all += kundig_table_int(after, row, texts);
    }
    cr_assert_eq(all, DISCOVER_ROWS - DISCOVER_ROWS / DISCOVER_PEOPLE, "%d", (int)all);
    kundig_table_free(before);
    kundig_table_free(after);
    kundig_close(k);
    unlink(path);
    cr_assert_eq(rmdir(folder), 0);
}

Test(kundig_discover, heeds_the_memory_limit)
{
    /* The facts fit; what it takes to discover in them does not. */
    kundig *k = discover_within(1u << 20);
    discover_fill(k, UINT32_MAX);
    kundig_model *model = NULL;
    kundig_error err;
    kundig_discover_options options;
    kundig_discover_options_init(&options);
    options.topics = 3;
    cr_assert_eq(kundig_discover(k, NULL, &options, &model, &err), KUNDIG_E_LIMIT);
    cr_assert_null(model);
    cr_assert(strstr(err.message, "memory limit"), "%s", err.message);
    kundig_close(k);
}
