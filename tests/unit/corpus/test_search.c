/* Searching comments: which records, what is marked, and what masks hide. */
#include <stdio.h>

#include "model.h"

TestSuite(search, .fini = probe_fini);

static kundig_table *search_of(fixture *f, const char *words, const char *where, size_t limit)
{
    kundig_table *table = NULL;
    kundig_query *query = fixture_query(where);
    cr_assert_eq(
        kundig__corpus_search(f->corpus, kundig__str(words), query, limit, &table, &f->err),
        KUNDIG_OK, "%s", f->err.message);
    kundig_query_free(query);
    return table;
}

static void search_is(const kundig_table *table, size_t row, const char *column, const char *want)
{
    size_t at = kundig_table_find_column(table, column, strlen(column));
    cr_assert_neq(at, SIZE_MAX, "%s", column);
    kundig_text text = kundig_table_text(table, row, at);
    cr_assert(kundig__text_equal(text, kundig__str(want)), "%s of row %zu is %.*s, not %s", column,
              row, (int)text.len, text.data ? text.data : "", want ? want : "(null)");
}

static void search_add(fixture *f, const char *id, const char *text, int64_t time_ms)
{
    kundig_score score = fixture_nps(3);
    kundig_feedback r = fixture_record(id, text);
    r.time_ms = time_ms;
    r.scores = &score;
    r.score_count = 1;
    cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK);
}

Test(search, finds_the_newest_first_and_marks_words)
{
    fixture f;
    fixture_open(&f);
    search_add(&f, "1", "Die Verspätung der Lieferung war groß.", 1000);
    search_add(&f, "2", "Lieferung gut", 2000);
    search_add(&f, "3", "LIEFERUNG mit Verspaetung", 3000);
    search_add(&f, "4", NULL, 4000);
    kundig_table *table = search_of(&f, "verspaet* lieferung", NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 2);
    search_is(table, 0, "id", "3");
    search_is(table, 0, "evidence", "0-9; 14-25");
    search_is(table, 1, "evidence", "4-15; 20-29");
    cr_assert_str_eq(kundig_table_note(table, 0), "2 records in all");
    cr_assert_eq(kundig_table_find_column(table, "topics", 6), SIZE_MAX);
    kundig_table_free(table);
    table = search_of(&f, "lieferung", "id != \"3\"", 1);
    cr_assert_eq(kundig_table_row_count(table), 1);
    search_is(table, 0, "id", "2");
    cr_assert_str_eq(kundig_table_note(table, 0), "2 records in all");
    kundig_table_free(table);
    table = search_of(&f, "unbekannt", NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(search, only_the_current_version_counts)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "alt und falsch");
    r.updated_ms = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r.text = kundig__str("neu und richtig");
    r.updated_ms = 2;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig_table *table = search_of(&f, "falsch", NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    table = search_of(&f, "richtig", NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(search, topics_of_a_filter_stand_beside_the_words)
{
    fixture f;
    model_open(&f);
    search_add(&f, "1", "The queue was long, the staff friendly.", 1);
    search_add(&f, "2", "The queue was long.", 2);
    kundig_table *table = search_of(&f, "long", "topic = staff", 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    search_is(table, 0, "topics", "staff, waiting");
    search_is(table, 0, "evidence", "14-18; 30-38 staff");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(search, never_tells_what_a_mask_hides)
{
    fixture f;
    fixture_open(&f);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    search_add(&f, "1", "Schreiben Sie an erika.beispiel@example.com, danke", 1);
    search_add(&f, "2", "Das Beispiel war gut", 2);
    kundig_table *table = search_of(&f, "beispiel", NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    search_is(table, 0, "id", "2");
    kundig_table_free(table);
    table = search_of(&f, "beispiel*", "id = \"1\"", 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    table = search_of(&f, "mail danke", NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    search_is(table, 0, "text", "Schreiben Sie an [e-mail], danke");
    search_is(table, 0, "evidence", "17-25; 27-32");
    kundig_table_free(table);
    table = search_of(&f, "\"an e-mail\"", NULL, 0);
    search_is(table, 0, "evidence", "14-25");
    kundig_table_free(table);
    fixture_close(&f);
}

/* Enough rows for several rounds; every third holds the word. */
static void search_fill(fixture *f, uint32_t rows, bool backwards)
{
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    kundig_added counts;
    kundig_added_init(&counts);
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t number = backwards ? rows - 1 - i : i;
        char id[16];
        snprintf(id, sizeof id, "%06u", (unsigned)number);
        kundig_feedback r = fixture_record(id, number % 3 ? "nichts" : "die Tür");
        r.time_ms = number % 1000;
        cr_assert_eq(kundig__batch_add(f->corpus, &r, &counts, NULL, &f->err), KUNDIG_OK);
    }
    kundig__batch_commit(f->corpus);
}

Test(search, gives_the_same_bytes_for_any_threads_and_order)
{
    kundig_bytes *first = NULL;
    for (uint32_t threads = 1; threads <= 5; threads++) {
        fixture f;
        kundig_bytes *bytes = NULL;
        fixture_open(&f);
        f.context.threads = threads;
        search_fill(&f, 100000, threads % 2 == 0);
        kundig_table *table = search_of(&f, "tuer", NULL, 50);
        cr_assert_eq(kundig_table_to_json(table, &bytes, &f.err), KUNDIG_OK);
        cr_assert_str_eq(kundig_table_note(table, 0), "33334 records in all");
        kundig_table_free(table);
        if (!first) {
            first = bytes;
        } else {
            cr_assert_eq(kundig_bytes_len(bytes), kundig_bytes_len(first));
            cr_assert_eq(
                memcmp(kundig_bytes_data(bytes), kundig_bytes_data(first), kundig_bytes_len(first)),
                0);
            kundig_bytes_free(bytes);
        }
        fixture_close(&f);
    }
    kundig_bytes_free(first);
}

static int search_stop(void *ud, uint64_t done, uint64_t total)
{
    return *(int *)ud && done < total;
}

Test(search, can_be_stopped)
{
    fixture f;
    int stop = 0;
    kundig_table *table = NULL;
    kundig_query *query = fixture_query(NULL);
    fixture_open(&f);
    search_fill(&f, 1000, false);
    f.context.progress = search_stop;
    f.context.progress_ud = &stop;
    stop = 1;
    cr_assert_eq(kundig__corpus_search(f.corpus, kundig__str("tür"), query, 0, &table, &f.err),
                 KUNDIG_E_CANCELLED);
    cr_assert_null(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(search, bears_a_comment_of_64_megabytes)
{
    enum { SIZE = 64 << 20 };
    fixture f;
    fixture_open(&f);
    char *text = kundig__alloc(&f.context.mem, SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        text[i] = "abab\xCC\x88"[i % 6];
    }
    memcpy(text + SIZE - 6, " ende.", 6);
    kundig_feedback r = fixture_record("1", "x");
    r.text = kundig__text(text, SIZE);
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig__free(&f.context.mem, text, SIZE);
    kundig_table *table = search_of(&f, "ende", NULL, 1);
    search_is(table, 0, "evidence", "67108859-67108863");
    kundig_table_free(table);
    table = search_of(&f, "ab* \"baba ende\"", NULL, 1);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    fixture_close(&f);
}

static int64_t search_call(fixture *f, void *ud)
{
    kundig_table *table = NULL;
    kundig_query *query = ud;
    int rc = kundig__corpus_search(f->corpus, KUNDIG__TEXT("quéue \"was long\""), query, 0, &table,
                                   &f->err);
    kundig_table_free(table);
    return rc;
}

Test(search, fails_cleanly_at_every_allocation)
{
    fixture f;
    model_open(&f);
    for (int masks = 0; masks < 2; masks++) {
        f.context.mask = masks ? KUNDIG_PERSONAL_ALL : 0;
        for (uint32_t threads = 1; threads <= 2; threads++) {
            f.context.threads = threads;
            search_add(&f, "1", "The queue wäs was long, mail a.b@example.com", 1);
            search_add(&f, "2", "The quéue was long.", 2);
            kundig_query *query = fixture_query("topic = waiting or id = \"2\"");
            fixture_sweep(&f, search_call, query);
            kundig_query_free(query);
        }
    }
    fixture_close(&f);
}
