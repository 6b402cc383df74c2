#include "modelling.h"

#include "topics/topics.h"

TestSuite(tables, .fini = probe_fini);

static const char tables_sample[] =
    "theme z: Zeta\ntopic late: Late\nen: late, too late\nnot en: late fee\n"
    "theme b: Beta\ntopic kind: Kind\nany: kind\ntopic able: Able\nany: able\n";

static void shows(kundig_table *table, const char *expected)
{
    kundig_bytes *csv = NULL;
    cr_assert_eq(kundig_table_to_csv(table, &csv, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(csv), expected);
    kundig_bytes_free(csv);
    kundig_table_free(table);
}

static void reads(const kundig_model *model, const char *text, size_t len, const char *expected)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_read(model, text, len, &table, &err), KUNDIG_OK, "%s", err.message);
    shows(table, expected);
}

Test(tables, list_topics_by_theme)
{
    kundig_model *model = model_of(tables_sample);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_model_topics(model, &table, NULL), KUNDIG_OK);
    shows(table, "theme,topic,theme_title,title,rules,exclusions,examples\r\n"
                 "b,able,Beta,Able,1,0,\r\nb,kind,Beta,Kind,1,0,\r\nz,late,Zeta,Late,2,1,\r\n");
    kundig_model_free(model);
}

#define HEAD "start,end,theme,topic,rule,line,found,probability\r\n"

Test(tables, list_hits_with_their_evidence)
{
    kundig_model *model = model_of(tables_sample);
    reads(model, "", 0, HEAD);
    reads(model, NULL, 0, HEAD);
    reads(model, "Kind, but TOO late.", 19,
          HEAD "0,4,b,kind,kind,7,Kind,\r\n10,18,z,late,too late,3,TOO late,\r\n");
    kundig_model_free(model);
}

Test(tables, speak_of_the_bytes_that_were_given)
{
    kundig_model *model = model_of(tables_sample);
    reads(model, "\xFF kind\xC3 \xF0\x9F\x98 late\0late", 22,
          HEAD
          "2,6,b,kind,kind,7,kind,\r\n12,16,z,late,late,3,late,\r\n17,21,z,late,late,3,late,\r\n");
    reads(model, "\xE4\xBD kind", 7, HEAD "3,7,b,kind,kind,7,kind,\r\n");
    kundig_model_free(model);
}

static const char places_taxonomy[] =
    "topic delay: Delay\nany: late, too late\nen: ~delay\nde: ~Verspätung, zu spät, ~Verzögerung\n"
    "topic delivery: Delivery\nany: deliver*\nde: Lieferung\n"
    "topic mood: Mood\nany: \"😡\", \"👍🏽\", \"👩\xE2\x80\x8D💻\"\n"
    "topic staff: Staff\nany: staff\ntopic cafe: Cafe\nany: café\ntopic street: S\nany: Straße\n"
    "topic price: Price\nany: price .. high, \"€\"\ntopic office: O\nany: office\n"
    "topic turkey: T\nany: İstanbul\ntopic greek: G\nany: αργός\ntopic russian: R\n"
    "any: задержка\ntopic hebrew: H\nany: איחור\ntopic arabic: A\nany: تأخير\n"
    "topic hindi: H\nany: देरी\ntopic chinese: C\nany: 配送\n";

/* Each line of the file is a text with its hits marked. */
Test(tables, places_are_right_in_hard_cases)
{
    static char line[8192];
    static marked_text text;
    kundig_model *model = model_of(places_taxonomy);
    FILE *file = fopen(PLACE_CASES, "rb");
    size_t count = 0;
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file)) {
        size_t len = strcspn(line, "\n");
        kundig_table *table = NULL;
        char shown[4096] = "";
        size_t shown_len = 0;
        if (line[0] == '#') {
            continue;
        }
        unmark(line, len, &text);
        cr_assert_eq(kundig_model_read(model, text.text, text.len, &table, NULL), KUNDIG_OK);
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            shown_len += (size_t)snprintf(shown + shown_len, sizeof shown - shown_len, "%s%d-%d %s",
                                          row ? "; " : "", (int)kundig_table_int(table, row, 0),
                                          (int)kundig_table_int(table, row, 1),
                                          kundig_table_text(table, row, 3).data);
        }
        cr_expect_str_eq(shown, text.expected, "%s: %s, not %s", line, shown, text.expected);
        kundig_table_free(table);
        count++;
    }
    fclose(file);
    cr_assert_geq(count, 200);
    kundig_model_free(model);
}

Test(tables, tell_languages_of_comment_and_sentences)
{
    kundig_model *model = model_of(tables_sample);
    kundig_table *table = NULL;
    const char *text = "\xFFThe food was very good. Das Essen war aber sehr gut und warm.";
    cr_assert_eq(kundig_model_languages(model, text, strlen(text), &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_column_count(table), 6);
    size_t rows = kundig_table_row_count(table);
    cr_assert_geq(rows, 3);
    cr_assert(kundig__text_equal(kundig_table_text(table, 0, 0), KUNDIG__TEXT("comment")));
    cr_assert_eq(kundig_table_int(table, 0, 1), 0);
    cr_assert_eq(kundig_table_int(table, 0, 2), (int64_t)strlen(text));
    cr_assert(kundig__text_equal(kundig_table_text(table, rows - 2, 3), KUNDIG__TEXT("en")));
    cr_assert(kundig__text_equal(kundig_table_text(table, rows - 1, 3), KUNDIG__TEXT("de")));
    cr_assert_eq(kundig_table_int(table, rows - 1, 1), 25);
    cr_assert_eq(kundig_table_int(table, rows - 1, 2), (int64_t)strlen(text));
    cr_assert_eq(kundig_table_int(table, 0, 5), 1, "mixed");
    cr_assert(kundig_table_is_null(table, 1, 5));
    kundig_table_free(table);
    cr_assert_eq(kundig_model_languages(model, "", 0, &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert(kundig__text_equal(kundig_table_text(table, 0, 3), KUNDIG__TEXT("unknown")));
    kundig_table_free(table);
    kundig_model_free(model);
}

Test(tables, refuse_what_is_missing)
{
    kundig_model *model = model_of(tables_sample);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_model_read(NULL, "x", 1, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_read(model, NULL, 1, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_read(model, "x", 1, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_languages(model, NULL, 1, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_topics(NULL, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_topics(model, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_read(model, "x", (size_t)1 << 30, &table, NULL), KUNDIG_E_LIMIT);
    cr_assert_null(table);
    kundig_model_free(model);
}

Test(tables, fail_cleanly_at_every_allocation)
{
    kundig_model *model = model_of(tables_sample);
    const char *text = "\xFF Too late, kind and able! Das war es.";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig__mem mem;
            kundig_table *hits = NULL;
            kundig_table *languages = NULL;
            kundig_table *topics = NULL;
            kundig_error err = {0, 0, ""};
            kundig__mem_init(&mem, &allocator, 0);
            int rc = kundig__hits_table(&mem, model, kundig__str(text), &hits, &err);
            if (rc == KUNDIG_OK) {
                rc = kundig__languages_table(&mem, model, kundig__str(text), &languages, &err);
            }
            if (rc == KUNDIG_OK) {
                rc = kundig__topics_table(&mem, model, &topics, &err);
            }
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && !topics && err.message[0]));
            kundig_table_free(hits);
            kundig_table_free(languages);
            kundig_table_free(topics);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (rc == KUNDIG_OK) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
    kundig_model_free(model);
}
