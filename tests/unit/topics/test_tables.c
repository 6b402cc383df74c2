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
    shows(table, "theme,topic,theme_title,title,rules,exclusions\r\n"
                 "b,able,Beta,Able,1,0\r\nb,kind,Beta,Kind,1,0\r\nz,late,Zeta,Late,2,1\r\n");
    kundig_model_free(model);
}

#define HEAD "start,end,theme,topic,rule,line,found\r\n"

Test(tables, list_hits_with_their_evidence)
{
    kundig_model *model = model_of(tables_sample);
    reads(model, "", 0, HEAD);
    reads(model, NULL, 0, HEAD);
    reads(model, "Kind, but TOO late.", 19,
          HEAD "0,4,b,kind,kind,7,Kind\r\n10,18,z,late,too late,3,TOO late\r\n");
    kundig_model_free(model);
}

Test(tables, speak_of_the_bytes_that_were_given)
{
    kundig_model *model = model_of(tables_sample);
    reads(model, "\xFF kind\xC3 \xF0\x9F\x98 late\0late", 22,
          HEAD
          "2,6,b,kind,kind,7,kind\r\n12,16,z,late,late,3,late\r\n17,21,z,late,late,3,late\r\n");
    reads(model, "\xE4\xBD kind", 7, HEAD "3,7,b,kind,kind,7,kind\r\n");
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
