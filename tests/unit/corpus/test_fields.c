/* What the corpus holds, which versions contradict each other, which records stand behind a number
 * - and that none of it tells in which order they came. */
#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "fixture.h"

TestSuite(fields, .fini = probe_fini);

static char *fields_json(kundig_table *table)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_json(table, &bytes, NULL), KUNDIG_OK);
    char *copy = malloc(kundig_bytes_len(bytes) + 1);
    memcpy(copy, kundig_bytes_data(bytes), kundig_bytes_len(bytes) + 1);
    kundig_bytes_free(bytes);
    kundig_table_free(table);
    return copy;
}

enum { FIELDS_COUNT = 400 };

/* Records with versions, conflicts, repeats without id, superseded values; the same whatever
 * `order` says. */
static void fields_fill(fixture *f, const uint32_t *order, bool one_by_one)
{
    static kundig_feedback records[FIELDS_COUNT];
    static char ids[FIELDS_COUNT][8];
    static char texts[FIELDS_COUNT][24];
    static kundig_score scores[FIELDS_COUNT][2];
    static kundig_attribute attributes[FIELDS_COUNT][2];
    static const char *const channels[4] = {"web", "phone", NULL, "shop"};
    kundig_feedback shuffled[FIELDS_COUNT];
    for (int i = 0; i < FIELDS_COUNT; i++) {
        snprintf(ids[i], sizeof ids[i], "%d", i % 150);
        snprintf(texts[i], sizeof texts[i], "text %d", i % 333);
        kundig_feedback *r = &records[i];
        *r = fixture_record(i % 5 == 4 ? NULL : ids[i], i % 7 ? texts[i] : NULL);
        r->updated_ms = i % 3 ? i % 40 : KUNDIG_TIME_ABSENT;
        r->channel = kundig__str(channels[i % 4]);
        r->time_ms = i % 11 ? (i % 50) * INT64_C(86400000) : KUNDIG_TIME_ABSENT;
        r->time_precision = i % 2 ? KUNDIG_PRECISION_DAY : KUNDIG_PRECISION_MS;
        scores[i][0] = fixture_nps(i % 11);
        scores[i][1] = (kundig_score){.question = {"Ease", 4},
                                      .scale = KUNDIG_SCALE_DECLARED,
                                      .direction = KUNDIG_LOWER_IS_BETTER,
                                      .minimum = 0,
                                      .maximum = 2.5,
                                      .value = (i % 6) * 0.5};
        r->scores = scores[i];
        r->score_count = (size_t)(i % 3);
        attributes[i][0] =
            (kundig_attribute){{"size", 4}, {.type = KUNDIG_VALUE_NUMBER, .number = i % 9}};
        attributes[i][1] = (kundig_attribute){
            {"nps", 3}, {.type = KUNDIG_VALUE_TEXT, .text = {channels[i % 2], i % 2 ? 5 : 3}}};
        r->attributes = attributes[i];
        r->attribute_count = (size_t)(i % 4 ? 2 : 0);
    }
    for (int i = 0; i < FIELDS_COUNT; i++) {
        shuffled[i] = records[order[i]];
    }
    if (!one_by_one) {
        cr_assert_eq(fixture_add(f, shuffled, FIELDS_COUNT, NULL), KUNDIG_OK, "%s", f->err.message);
        return;
    }
    for (int i = 0; i < FIELDS_COUNT; i++) {
        cr_assert_eq(fixture_add(f, &shuffled[i], 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

static void fields_tables(fixture *f, char *out[3])
{
    kundig_table *table = NULL;
    kundig_query *query = fixture_query("not question:nps = 3");
    cr_assert_eq(kundig__corpus_fields(f->corpus, &table, &f->err), KUNDIG_OK);
    out[0] = fields_json(table);
    cr_assert_eq(kundig__corpus_conflicts(f->corpus, &table, &f->err), KUNDIG_OK);
    out[1] = fields_json(table);
    cr_assert_eq(kundig__corpus_comments(f->corpus, query, 0, &table, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    out[2] = fields_json(table);
    kundig_query_free(query);
}

Test(fields, the_order_of_arrival_shows_nowhere)
{
    uint32_t order[FIELDS_COUNT];
    char *first[3] = {NULL, NULL, NULL};
    kundig__prng prng;
    kundig__prng_init(&prng, 9);
    for (uint32_t i = 0; i < FIELDS_COUNT; i++) {
        order[i] = i;
    }
    for (int round = 0; round < 6; round++) {
        fixture f;
        char *got[3];
        fixture_open(&f);
        fields_fill(&f, order, false);
        if (round == 3) {
            /* Again, one call a record: nothing is new. */
            uint64_t generation = kundig__corpus_generation(f.corpus);
            fields_fill(&f, order, true);
            cr_assert_eq(kundig__corpus_generation(f.corpus), generation);
        }
        fixture_check(&f);
        fields_tables(&f, got);
        for (int t = 0; t < 3; t++) {
            if (round == 0) {
                first[t] = got[t];
            } else {
                cr_assert_str_eq(got[t], first[t]);
                free(got[t]);
            }
        }
        fixture_close(&f);
        for (uint32_t i = FIELDS_COUNT - 1; i > 0; i--) {
            uint32_t j = (uint32_t)kundig__prng_below(&prng, i + 1);
            uint32_t swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
    cr_assert_not_null(strstr(first[0], "\"field\":\"attribute:nps\""));
    cr_assert_not_null(strstr(first[0], "\"field\":\"question:nps\""));
    cr_assert_not_null(strstr(first[0], "\"scale\":\"0..2.5,lower\""));
    cr_assert_not_null(strstr(first[1], "\"versions\":"));
    for (int t = 0; t < 3; t++) {
        free(first[t]);
    }
}

Test(fields, lists_what_is_filled_with_counts_and_bounds)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    kundig_score score = fixture_nps(3);
    kundig_feedback r = fixture_record("1", "words");
    r.channel = kundig__str("web");
    r.kind = KUNDIG_KIND_REVIEW;
    r.time_ms = 0;
    r.time_precision = KUNDIG_PRECISION_DAY;
    r.scores = &score;
    r.score_count = 1;
    r.weight = 0.5;
    r.has_weight = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r.id = kundig__str("2");
    r.channel = kundig__str("phone");
    score.value = 10;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r.channel = kundig__str("gone"); /* an older version of 2 */
    r.updated_ms = KUNDIG_TIME_ABSENT;
    r.id = kundig__str("1");
    r.updated_ms = 50;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_fields(f.corpus, &table, &f.err), KUNDIG_OK);
    char *json = fields_json(table);
    static const char *const parts[] = {
        "{\"field\":\"time\",\"type\":\"time\",\"scale\":null,\"records\":2,\"distinct\":null,"
        "\"minimum\":\"1970-01-01\",\"maximum\":\"1970-01-01\"}",
        "{\"field\":\"kind\",\"type\":\"dimension\",\"scale\":null,\"records\":2,\"distinct\":1,"
        "\"minimum\":\"review\",\"maximum\":\"review\"}",
        "{\"field\":\"channel\",\"type\":\"dimension\",\"scale\":null,\"records\":2,\"distinct\":2,"
        "\"minimum\":\"gone\",\"maximum\":\"phone\"}",
        "{\"field\":\"nps\",\"type\":\"question\",\"scale\":\"nps\",\"records\":2,\"distinct\":1,"
        "\"minimum\":\"10\",\"maximum\":\"10\"}",
        "{\"field\":\"text\",\"type\":\"text\",\"scale\":null,\"records\":2,",
        "{\"field\":\"weight\",\"type\":\"number\",\"scale\":null,\"records\":2,\"distinct\":null,"
        "\"minimum\":\"0.5\",\"maximum\":\"0.5\"}",
        "\"records: 2\",\"older versions: 1\",\"records in conflict: 0\",\"customers: 0\"",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        cr_expect_not_null(strstr(json, parts[i]), "%s in %s", parts[i], json);
    }
    free(json);
    fixture_close(&f);
}

Test(fields, name_what_the_model_reads_and_count_nothing_of_it)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    kundig_attribute attribute = {{"topic", 5}, {.type = KUNDIG_VALUE_TEXT, .text = {"x", 1}}};
    kundig_feedback r = fixture_record("1", NULL);
    r.attributes = &attribute;
    r.attribute_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_fields(f.corpus, &table, &f.err), KUNDIG_OK);
    char *json = fields_json(table);
    cr_assert_not_null(strstr(json, "\"topic\""));
    cr_assert_null(strstr(json, "model"), "there is no text");
    free(json);
    r = fixture_record("2", "words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_fields(f.corpus, &table, &f.err), KUNDIG_OK);
    static const char *const names[5] = {"text", "model:topic", "theme", "text_language",
                                         "sentiment"};
    size_t rows = kundig_table_row_count(table);
    size_t first = rows - 6;
    for (size_t i = 0; i < 5; i++) {
        cr_assert(
            kundig__text_equal(kundig_table_text(table, first + i, 0), kundig__str(names[i])));
        cr_assert_eq(kundig_table_is_null(table, first + i, 3), i > 0);
        cr_assert(kundig_table_is_null(table, first + i, 4));
    }
    cr_assert(kundig__text_equal(kundig_table_text(table, first + 1, 1), KUNDIG__TEXT("model")));
    json = fields_json(table);
    cr_assert_not_null(strstr(json, "\"attribute:topic\""));
    free(json);
    cr_assert_eq(f.corpus->said.said.rows, 0, "no comment was read for it");
    fixture_close(&f);
}

Test(fields, names_conflicts_by_source_id_and_time)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    for (int i = 0; i < 6; i++) {
        char text[2] = {(char)('a' + i), 0};
        kundig_feedback r = fixture_record(i < 3 ? "b" : "a", text);
        r.updated_ms = i == 2 ? 7 : i < 3 ? 86400000 : KUNDIG_TIME_ABSENT;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    cr_assert_eq(kundig__corpus_conflicts(f.corpus, &table, &f.err), KUNDIG_OK);
    char *json = fields_json(table);
    cr_assert_not_null(strstr(json,
                              "\"rows\":[{\"source\":\"survey.csv\",\"id\":\"a\",\"updated\":null,"
                              "\"versions\":3},{\"source\":\"survey.csv\",\"id\":\"b\",\"updated\":"
                              "\"1970-01-02T00:00Z\",\"versions\":2}]"),
                       "%s", json);
    free(json);
    fixture_close(&f);
}

Test(fields, survives_failure_of_every_allocation)
{
    uint32_t order[FIELDS_COUNT];
    fixture f;
    for (uint32_t i = 0; i < FIELDS_COUNT; i++) {
        order[i] = i;
    }
    fixture_open(&f);
    fields_fill(&f, order, false);
    kundig_query *query = fixture_query("text contains 'text 1'");
    for (int what = 0; what < 3; what++) {
        for (int forever = 0; forever < 2; forever++) {
            kundig_table *warm = NULL;
            cr_assert_eq(kundig__corpus_comments(f.corpus, query, 5, &warm, &f.err), KUNDIG_OK);
            kundig_table_free(warm); /* the zone is kept from now on */
            int rc = KUNDIG_E_NOMEM;
            for (size_t fail_at = 1; rc; fail_at++) {
                kundig_table *table = NULL;
                size_t live = probe_shared.live_blocks;
                probe_shared.allocations = 0;
                probe_shared.fail_on = forever != 0;
                probe_shared.fail_at = fail_at;
                rc = what == 0   ? kundig__corpus_fields(f.corpus, &table, &f.err)
                     : what == 1 ? kundig__corpus_conflicts(f.corpus, &table, &f.err)
                                 : kundig__corpus_comments(f.corpus, query, 5, &table, &f.err);
                probe_shared.fail_at = 0;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
                cr_assert_eq(rc == KUNDIG_OK, table != NULL);
                kundig_table_free(table);
                cr_assert_eq(probe_shared.live_blocks, live);
            }
        }
    }
    kundig_query_free(query);
    fixture_close(&f);
}

Test(fields, labels_links_and_consents_are_counted_where_there_are_any)
{
    fixture f;
    kundig_added added;
    kundig_table *table = NULL;
    kundig_link link;
    kundig_link_init(&link);
    kundig_added_init(&added);
    fixture_open(&f);
    kundig_feedback r[2] = {fixture_record("1", NULL), fixture_record("2", NULL)};
    r[0].customer = kundig__str("b");
    r[1].customer = kundig__str("c");
    cr_assert_eq(fixture_add(&f, r, 2, NULL), KUNDIG_OK);
    for (int linked = 0; linked < 2; linked++) {
        bool noted = false;
        cr_assert_eq(kundig__corpus_fields(f.corpus, &table, &f.err), KUNDIG_OK);
        for (size_t i = 0; i < kundig_table_note_count(table); i++) {
            noted |= strcmp(kundig_table_note(table, i), "links: 2") == 0;
            cr_assert_null(strstr(kundig_table_note(table, i), "labels"));
        }
        cr_assert_eq(noted, linked == 1);
        size_t row = 0;
        while (!kundig__text_equal(kundig_table_text(table, row, 0), kundig__str("customer"))) {
            row++;
        }
        cr_assert_eq(kundig_table_int(table, row, 4), linked ? 1 : 2, "distinct persons");
        cr_assert_eq(kundig_table_text(table, row, 5).data[0], linked ? 'a' : 'b');
        kundig_table_free(table);
        for (int i = 0; i < 2 && !linked; i++) {
            link.customer = kundig__str("b");
            link.same_as = kundig__str(i ? "c" : "a");
            cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, &link, 1, &added, &f.err),
                         KUNDIG_OK);
        }
    }
    fixture_close(&f);
}
