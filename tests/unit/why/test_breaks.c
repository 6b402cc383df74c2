/* What makes two sets hard to compare is marked where it is large and sure, and only there. */
#include "moved.h"

TestSuite(breaks, .fini = probe_fini);

static uint32_t breaks_ask(moved *m, int32_t language, kundig_table **table)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    kundig__asked asked;
    const kundig__question *question = NULL;
    uint32_t nodes[2];
    uint32_t kinds = 0;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_parse(query, "segment = early", 15, &nodes[0], NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_parse(query, "segment = late", 14, &nodes[1], NULL), KUNDIG_OK);
    cr_assert_eq(kundig__ask_default(m->f.corpus, query, &asked, &question, &m->f.err), KUNDIG_OK,
                 "%s", m->f.err.message);
    uint8_t sets[1000];
    cr_assert_leq(kundig__corpus_rows(m->f.corpus), sizeof sets);
    cr_assert_eq(kundig__rows_in_sets(m->f.corpus, query, nodes, sets, &m->f.err), KUNDIG_OK);
    cr_assert_eq(kundig__breaks(m->f.corpus, question, sets, language, &kinds, table, &m->f.err),
                 KUNDIG_OK);
    kundig_query_free(query);
    return kinds;
}

/* Is there a row on this, and does its sentence read so? */
static void breaks_says(const kundig_table *table, const char *what, const char *sentence)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text said = kundig_table_text(table, row, 5);
        if (kundig__text_equal(kundig_table_text(table, row, 1), kundig__str(what))) {
            cr_assert(kundig__text_equal(said, kundig__str(sentence)), "%.*s", (int)said.len,
                      said.data);
            return;
        }
    }
    cr_assert(false, "%s is no row", what);
}

/* Two sets of records a day over 30 days each, alike but for what `differ` makes of those late. */
static void breaks_make(moved *m, void (*differ)(moved_record *record, int i))
{
    for (int i = 0; i < 600; i++) {
        bool late = i >= 300;
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        moved_record record = {.segment = late ? "late" : "early",
                               .channel = i % 5 ? "mail" : "phone",
                               .customer = name,
                               .text = i % 2 ? "A word on it" : NULL,
                               .nps = 1 + i % 10,
                               .day = 1 + (late ? 30 : 0) + i % 30};
        if (late && differ) {
            differ(&record, i);
        }
        moved_add(m, &record);
    }
}

Test(breaks, sets_that_are_alike_have_none)
{
    moved m;
    kundig_table *table = NULL;
    moved_open(&m);
    breaks_make(&m, NULL);
    cr_assert_eq(breaks_ask(&m, KUNDIG_SENTENCES_ENGLISH, &table), 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    moved_close(&m);
}

static void breaks_by_phone(moved_record *record, int i)
{
    record->channel = i % 2 ? "phone" : "mail";
    record->text = "A word on it";
}

Test(breaks, another_mix_of_channels_and_more_comments_are_told)
{
    moved m;
    kundig_table *table = NULL;
    moved_open(&m);
    breaks_make(&m, breaks_by_phone);
    cr_assert_eq(breaks_ask(&m, KUNDIG_SENTENCES_ENGLISH, &table),
                 1u << KUNDIG__BREAK_CHANNEL | 1u << KUNDIG__BREAK_SAMPLING);
    breaks_says(table, "channel: mail",
                "channel: mail has 80.0 % of the records before and 50.0 % after (p < 0.001).");
    breaks_says(table, "comments",
                "50.0 % of the records before have a comment, and 100.0 % after (p < 0.001).");
    kundig_table_free(table);
    cr_assert_neq(breaks_ask(&m, KUNDIG_SENTENCES_GERMAN, &table), 0);
    breaks_says(table, "channel: mail",
                "channel: mail: 80,0 % der Antworten vorher, 50,0 % nachher (p < 0,001).");
    kundig_table_free(table);
    moved_close(&m);
}

static void breaks_one_loud(moved_record *record, int i)
{
    if (i >= 500) {
        record->customer = "loud";
        record->channel = "phone";
    }
}

Test(breaks, one_loud_customer_makes_no_other_mix)
{
    moved m;
    kundig_table *table = NULL;
    moved_open(&m);
    breaks_make(&m, breaks_one_loud);
    cr_assert_eq(breaks_ask(&m, KUNDIG_SENTENCES_ENGLISH, &table), 0,
                 "a third of the records are by phone now, all of one customer");
    kundig_table_free(table);
    moved_close(&m);
}

static void breaks_other_scale(moved_record *record, int i)
{
    record->csat = 1 + i % 5;
    record->nps = i % 2 ? record->nps : 0;
}

Test(breaks, a_question_that_one_set_alone_was_asked_is_another_scale)
{
    moved m;
    kundig_table *table = NULL;
    moved_open(&m);
    breaks_make(&m, breaks_other_scale);
    cr_assert_eq(breaks_ask(&m, KUNDIG_SENTENCES_ENGLISH, &table),
                 1u << KUNDIG__BREAK_SCALE | 1u << KUNDIG__BREAK_SAMPLING);
    breaks_says(table, "csat",
                "The question \"csat\" was answered by 0.0 % of the records before and "
                "by 100.0 % after (p < 0.001).");
    breaks_says(table, "answers",
                "100.0 % of the records before have an answer, and 50.0 % after (p < 0.001).");
    kundig_table_free(table);
    moved_close(&m);
}

static void breaks_in_a_rush(moved_record *record, int i)
{
    (void)i;
    record->day = 60 + record->day % 9;
}

Test(breaks, time_between_and_other_lengths_and_rates_are_told)
{
    moved m;
    kundig_table *table = NULL;
    moved_open(&m);
    breaks_make(&m, breaks_in_a_rush);
    uint32_t kinds = breaks_ask(&m, KUNDIG_SENTENCES_ENGLISH, &table);
    cr_assert_eq(kinds, 1u << KUNDIG__BREAK_TIME | 1u << KUNDIG__BREAK_SAMPLING);
    breaks_says(table, "time between", "29 days lie between the two sets.");
    breaks_says(table, "records a day",
                "There were 10 records a day before and 33.3 after (p < 0.001).");
    kundig_table_free(table);
    moved_close(&m);
}

static void breaks_come_back(moved_record *record, int i)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
                                        "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"};
    record->customer = names[i % 20];
}

Test(breaks, customers_who_come_back_in_one_set_alone_are_told)
{
    moved m;
    kundig_table *table = NULL;
    moved_open(&m);
    breaks_make(&m, breaks_come_back);
    cr_assert_eq(breaks_ask(&m, KUNDIG_SENTENCES_ENGLISH, &table), 1u << KUNDIG__BREAK_SAMPLING);
    breaks_says(
        table, "answers per customer",
        "0.0 % of the customers before have several records, and 100.0 % after (p < 0.001).");
    kundig_table_free(table);
    moved_close(&m);
}

static int64_t breaks_sweep(fixture *f, void *ud)
{
    moved *m = ud;
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    int rc = moved_try(m, "segment = early", "segment = late", NULL, "channel", 1, tables);
    if (!rc) {
        moved_free(tables);
    }
    f->err = m->f.err;
    return rc;
}

Test(breaks, failed_allocations_leave_nothing_behind)
{
    moved m;
    moved_open(&m);
    breaks_make(&m, breaks_in_a_rush);
    fixture_sweep(&m.f, breaks_sweep, &m);
    moved_close(&m);
}
