#include <criterion/criterion.h>
#include <stdio.h>

#include "base/text.h"
#include "probe.h"
#include "report/report.h"
#include "table/table.h"

TestSuite(table_page, .fini = probe_fini);

#define TEXT   KUNDIG_COLUMN_TEXT
#define NUMBER KUNDIG_COLUMN_NUMBER

/* Two stages as kundig_measure() answers them. */
static kundig_table *table_page_answer(const kundig_allocator *allocator, kundig_text long_text)
{
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column(t, "stage", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "metric", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "value", NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(t, "se", NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(t, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(t, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(t, "known", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "p", NUMBER, KUNDIG_UNIT_P_VALUE);
    if (long_text.data) {
        kundig__table_column(t, "text", TEXT, KUNDIG_UNIT_NONE);
    }
    for (int row = 0; row < 2; row++) {
        kundig__table_row(t);
        kundig__table_set_text(t, 0, row ? KUNDIG__TEXT("Order") : KUNDIG__TEXT("First Payment"));
        kundig__table_set_text(t, 1, KUNDIG__TEXT("nps"));
        if (row) {
            kundig__table_set_number(t, 2, 0.125);
            kundig__table_set_number(t, 3, 0.021);
        }
        kundig__table_set_int(t, 4, row ? 2353 : 7);
        kundig__table_set_bool(t, 6, row);
        kundig__table_set_number(t, 7, row ? 0.00001 : 0.25);
        if (long_text.data) {
            kundig__table_set_text(t, 8, long_text);
        }
    }
    kundig__table_note(t, "3 records were left out");
    return t;
}

static void table_page_is(const kundig_table *table, uint32_t width, const char *want)
{
    kundig_page_options options;
    kundig_page_options_init(&options);
    options.width = width;
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_page(table, &options, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), want);
    kundig_bytes_free(bytes);
}

#define RULE8                                                                                      \
    "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94" \
    "\x80"
#define RULE1 "\xE2\x94\x80"

Test(table_page, aligns_numbers_right_and_says_below_what_never_changes)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = table_page_answer(&allocator, (kundig_text){NULL, 0});
    table_page_is(
        t, 0,
        "stage          value   se      n  known        p\n" RULE8 RULE8 RULE8 RULE8 RULE8 RULE8
        "\n"
        "First Payment      -    -      7     no   0.2500\n"
        "Order          +12.5  2.1  2,353    yes  <0.0001\n"
        "In every row: metric nps\n"
        "No values: customers\n"
        "Note: 3 records were left out\n");
    kundig_table_free(t);
}

Test(table_page, wraps_long_texts_inside_their_column)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column(t, "id", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "text", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, KUNDIG__TEXT("7"));
    kundig__table_set_text(t, 1, KUNDIG__TEXT("one two three four five six seven eight nine ten"));
    table_page_is(t, 40,
                  "id  text\n" RULE8 RULE8 RULE8 RULE8 RULE8 "\n"
                  "7   one two three four five six seven\n"
                  "    eight nine ten\n");
    kundig_table_free(t);
}

Test(table_page, makes_blocks_of_rows_that_do_not_fit)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = table_page_answer(
        &allocator, KUNDIG__TEXT("a text that is far too long to be read in what is left of it"));
    kundig_page_options options;
    kundig_page_options_init(&options);
    options.width = 50;
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_page(t, &options, &bytes, NULL), KUNDIG_OK);
    const char *page = kundig_bytes_data(bytes);
    static const char want[] = "stage  First Payment\n"
                               "value  -\n"
                               "se     -\n"
                               "n      7\n"
                               "known  no\n"
                               "p      0.2500\n"
                               "text   a text that is far too long to be read in\n"
                               "       what is left of it\n"
                               "\n"
                               "stage  Order\n";
    cr_assert_eq(strncmp(page, want, sizeof want - 1), 0, "%s", page);
    cr_assert_not_null(strstr(page, "In every row: metric nps\n"));
    kundig_bytes_free(bytes);
    kundig_table_free(t);
}

Test(table_page, leaves_out_what_can_be_spared_before_it_makes_blocks)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column(t, "topic", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "title", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(t, "share_lo", NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(t, "share_hi", NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(t, "quote", TEXT, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, KUNDIG__TEXT("delay"));
    kundig__table_set_text(t, 1, KUNDIG__TEXT("Late or delayed"));
    kundig__table_set_int(t, 2, 12);
    kundig__table_set_number(t, 3, 0.25);
    kundig__table_set_number(t, 4, 0.5);
    kundig__table_set_text(
        t, 5, KUNDIG__TEXT("Three weeks late, and nobody at all could tell me why it was so."));
    /* The title goes first, both ends of an interval go together, customers last. */
    table_page_is(t, 62,
                  "topic  customers  share_lo  share_hi  quote\n" RULE8 RULE8 RULE8 RULE8 RULE8
                      RULE8 RULE8 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 "\n"
                  "delay         12     25.0%     50.0%  Three weeks late, and\n"
                  "                                      nobody at all could tell\n"
                  "                                      me why it was so.\n"
                  "Left out for width: title\n");
    table_page_is(t, 44,
                  "topic  customers  quote\n" RULE8 RULE8 RULE8 RULE8 RULE8 RULE1 RULE1 RULE1 RULE1
                  "\n"
                  "delay         12  Three weeks late, and\n"
                  "                  nobody at all could tell\n"
                  "                  me why it was so.\n"
                  "Left out for width: title, share_lo,\nshare_hi\n");
    kundig_table_free(t);
}

Test(table_page, no_line_is_wider_than_asked)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t =
        table_page_answer(&allocator, KUNDIG__TEXT("x yy zzz 0123456789012345678901234567890123456"
                                                   "789012345678901234567890123456789 end"));
    for (uint32_t width = 40; width < 130; width++) {
        kundig_page_options options;
        kundig_page_options_init(&options);
        options.width = width;
        kundig_bytes *bytes = NULL;
        cr_assert_eq(kundig_table_to_page(t, &options, &bytes, NULL), KUNDIG_OK);
        const char *line = kundig_bytes_data(bytes);
        while (*line) {
            size_t len = strcspn(line, "\n");
            size_t columns = 0;
            for (size_t i = 0; i < len; i++) {
                columns += ((unsigned char)line[i] & 0xC0) != 0x80;
            }
            cr_assert_leq(columns, width, "%.*s", (int)len, line);
            cr_assert(len == 0 || line[len - 1] != ' ');
            line += len + 1;
        }
        kundig_bytes_free(bytes);
    }
    kundig_table_free(t);
}

Test(table_page, cuts_cells_of_endless_text)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column(t, "text", TEXT, KUNDIG_UNIT_NONE);
    static char endless[20000];
    memset(endless, 'x', sizeof endless);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, (kundig_text){endless, sizeof endless});
    kundig_page_options options;
    kundig_page_options_init(&options);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_page(t, &options, &bytes, NULL), KUNDIG_OK);
    cr_assert_lt(kundig_bytes_len(bytes), 2000);
    cr_assert_not_null(strstr(kundig_bytes_data(bytes), "x\xE2\x80\xA6\n"));
    kundig_bytes_free(bytes);
    kundig_table_free(t);
}

Test(table_page, marks_evidence_in_the_text_and_draws_it_nowhere_else)
{
    static const struct {
        const char *evidence;
        const char *shown;
    } cases[] = {
        {"0-4 delay", "«Late» again, sorry"},
        {"0-4 delay; 5-10 repeat", "«Late» «again», sorry"},
        {"0-4 delay; 0-10 repeat; 3-6 other", "«Late again», sorry"},
        {"12-17 apology", "Late again, «sorry»"},
        {"12-99 beyond", "Late again, sorry"},
        {"nonsense", "Late again, sorry"},
    };
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig_table *t = kundig__table_new(&mem);
        kundig__table_column(t, "id", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        kundig__table_column(t, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        kundig__table_column(t, "evidence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        kundig__table_row(t);
        kundig__table_set_text(t, 0, KUNDIG__TEXT("1"));
        kundig__table_set_text(t, 1, KUNDIG__TEXT("Late again, sorry"));
        kundig__table_set_text(t, 2, kundig__str(cases[i].evidence));
        kundig_bytes *page = NULL;
        cr_assert_eq(kundig_table_to_page(t, NULL, &page, NULL), KUNDIG_OK);
        cr_assert_not_null(strstr(kundig_bytes_data(page), cases[i].shown), "%s:\n%s",
                           cases[i].evidence, kundig_bytes_data(page));
        cr_assert_null(strstr(kundig_bytes_data(page), "evidence"));
        kundig_bytes_free(page);
        kundig_table_free(t);
    }
}

Test(table_page, says_that_there_are_no_rows)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column(t, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    table_page_is(t, 0, "n\n" RULE1 "\nno rows\n");
    kundig_table_free(t);
}

Test(table_page, refuses_options_it_does_not_know)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = table_page_answer(&allocator, (kundig_text){NULL, 0});
    kundig_page_options options;
    kundig_page_options_init(&options);
    options.color = 7;
    kundig_bytes *bytes = NULL;
    kundig_error err;
    cr_assert_eq(kundig_table_to_page(t, &options, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_table_to_page(NULL, NULL, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_table_to_page(t, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_null(bytes);
    kundig_table_free(t);
}

Test(table_page, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {0};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_table *t = table_page_answer(&allocator, KUNDIG__TEXT("some longer text"));
            p.fail_at = p.allocations + n;
            p.fail_on = forever;
            kundig_page_options options;
            kundig_page_options_init(&options);
            options.width = n % 2 ? 40 : 100;
            kundig_bytes *bytes = NULL;
            int code = kundig_table_to_page(t, &options, &bytes, NULL);
            cr_assert(code == KUNDIG_OK || (code == KUNDIG_E_NOMEM && !bytes));
            kundig_bytes_free(bytes);
            kundig_table_free(t);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (code == KUNDIG_OK) {
                cr_assert_gt(n, 2);
                break;
            }
        }
    }
}

/* What kundig_classify() answers, of one comment. */
static kundig_table *table_page_told(const char *text)
{
    static const char *const names[] = {"time", "id", "theme", "topic", "sentiment", "text"};
    static const char *const cells[] = {"2026-11-11", "P0466",    "opening-hours",
                                        "crowding",   "positive", ""};
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    for (size_t i = 0; i < 5; i++) {
        kundig__table_column(t, names[i], TEXT, KUNDIG_UNIT_NONE);
    }
    kundig__table_column(t, "value", NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(t, "lo", NUMBER, KUNDIG_UNIT_POINTS);
    kundig__table_column(t, "hi", NUMBER, KUNDIG_UNIT_POINTS);
    kundig__table_column(t, names[5], TEXT, KUNDIG_UNIT_NONE);
    for (int row = 0; row < 2; row++) {
        kundig__table_row(t);
        for (size_t i = 0; i < 5; i++) {
            char cell[32];
            snprintf(cell, sizeof cell, "%s%s", cells[i], row ? "!" : "");
            kundig__table_set_text(t, i, kundig__str(cell));
        }
        kundig__table_set_number(t, 5, 0.5);
        kundig__table_set_number(t, 6, 6.75);
        kundig__table_set_number(t, 7, 10);
        kundig__table_set_text(t, 8, row ? kundig__str(text) : KUNDIG__TEXT("short"));
    }
    return t;
}

Test(table_page, leaves_out_what_is_missed_least_beside_comments)
{
    kundig_table *table = table_page_told("never too full in the morning, and a bus to the door");
    /* where all fits nothing goes; the ends of a range go together, and last comes a block */
    const struct table_page_left {
        uint32_t width;
        const char *left; /* of the foot */
    } cases[] = {{120, NULL},
                 {90, "Left out for width: theme\n"},
                 {80, "Left out for width: time, theme\n"},
                 {70, "Left out for width: time, theme, lo, hi\n"},
                 {40, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig_page_options options;
        kundig_bytes *bytes = NULL;
        kundig_page_options_init(&options);
        options.width = cases[i].width;
        cr_assert_eq(kundig_table_to_page(table, &options, &bytes, NULL), KUNDIG_OK);
        const char *page = kundig_bytes_data(bytes);
        const char *left = strstr(page, "Left out");
        cr_assert(cases[i].left ? left && strcmp(left, cases[i].left) == 0 : !left, "%u:\n%s",
                  cases[i].width, page);
        cr_assert_eq(strncmp(page, "time       2026", 15) == 0, cases[i].width == 40, "%s", page);
        kundig_bytes_free(bytes);
    }
    kundig_table_free(table);
}
