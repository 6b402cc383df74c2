/* Sections as lines: which rows, in what order, marked how. */
#include "analysing.h"

TestSuite(draw, .fini = probe_fini);

typedef struct drawing {
    analysing t;
    kundig__page page;
    kundig__section *section;
} drawing;

static void draw_open(drawing *d, uint32_t width, bool color)
{
    analysing_open(&d->t);
    analysing_begin(&d->t, NULL);
    kundig__page_init(&d->page, &d->t.context.mem, width, color);
    d->t.a.metric = "nps";
    d->t.a.unit = KUNDIG_UNIT_SCORE;
    d->t.a.low_is_bad = true;
    d->t.a.bad_name = "detractors";
    d->t.a.good_name = "promoters";
    d->section = kundig__section_new(&d->t.a, "By stage");
    cr_assert_not_null(d->section);
}

/* Draws the section; the caller gives the page back. */
static kundig_bytes *draw_take(drawing *d)
{
    kundig_bytes *bytes = NULL;
    kundig__draw_section(&d->page, &d->t.a, d->section);
    cr_assert_eq(kundig__page_take(&d->page, &bytes, &d->t.err), KUNDIG_OK);
    kundig__page_free(&d->page);
    return bytes;
}

static void draw_has(const kundig_bytes *page, const char *want, bool has)
{
    cr_assert_eq(strstr(kundig_bytes_data(page), want) != NULL, has, "\"%s\" in\n%s", want,
                 kundig_bytes_data(page));
}

typedef struct draw_row {
    const char *key;
    int64_t n;
    double value;
    double q;
} draw_row;

static void draw_groups_table(drawing *d, const draw_row *rows, size_t count)
{
    kundig_table *table = kundig__table_new(&d->t.context.mem);
    static const char *const numbers[5] = {"value", "lo", "hi", "against_rest", "q"};
    kundig__table_column(table, "stage", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    for (int i = 0; i < 5; i++) {
        kundig__table_column(table, numbers[i], KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    }
    for (size_t i = 0; i < count; i++) {
        kundig__table_row(table);
        kundig__table_set_text(table, 0, kundig__str(rows[i].key));
        kundig__table_set_int(table, 1, rows[i].n);
        kundig__table_set_number(table, 2, rows[i].value);
        kundig__table_set_number(table, 3, rows[i].value - 0.1);
        kundig__table_set_number(table, 4, rows[i].value + 0.1);
        kundig__table_set_number(table, 5, rows[i].value);
        kundig__table_set_number(table, 6, rows[i].q);
    }
    d->section->drawing = KUNDIG__DRAW_GROUPS;
    d->section->unit = KUNDIG_UNIT_SCORE;
    d->section->after = 0;
    cr_assert_eq(kundig__table_finish(table, &d->section->table, &d->t.err), KUNDIG_OK);
}

Test(draw, leaves_out_the_groups_with_the_fewest_records_and_keeps_the_order)
{
    static char names[15][8];
    draw_row rows[15];
    drawing d;
    draw_open(&d, 100, false);
    for (int i = 0; i < 15; i++) {
        snprintf(names[i], sizeof names[i], "g%02d", i);
        rows[i] = (draw_row){names[i], i % 5 == 2 ? 11 : 1000 + i * 37 % 15, 0.1, 1};
    }
    draw_groups_table(&d, rows, 15);
    kundig_bytes *page = draw_take(&d);
    const char *last = kundig_bytes_data(page);
    for (int i = 0; i < 15; i++) {
        draw_has(page, names[i], i % 5 != 2);
        if (i % 5 != 2) {
            const char *at = strstr(kundig_bytes_data(page), names[i]);
            cr_assert_gt(at, last, "%s stands behind those before it", names[i]);
            last = at;
        }
    }
    draw_has(page, "and 3 more with fewer records; ask for all with --by stage\n", true);
    kundig_bytes_free(page);
    analysing_close(&d.t);
}

Test(draw, colours_only_what_exceeds_chance_and_is_not_small)
{
    static const draw_row rows[4] = {{"up", 50, 0.5, 0.01},
                                     {"down", 50, -0.5, 0.01},
                                     {"chance", 50, -0.25, 0.06},
                                     {"small", 9, -0.75, 0.01}};
    for (int lower = 0; lower < 2; lower++) {
        drawing d;
        draw_open(&d, 100, true);
        d.t.a.low_is_bad = !lower;
        draw_groups_table(&d, rows, 4);
        kundig_bytes *page = draw_take(&d);
        draw_has(page, lower ? "\x1B[31m+50.0" : "\x1B[32m+50.0", true);
        draw_has(page, lower ? "\x1B[32m-50.0" : "\x1B[31m-50.0", true);
        draw_has(page, "m-25.0", false);
        draw_has(page, "9\x1B[0m\x1B[2m*", true);
        draw_has(page, "50\x1B[0m\x1B[2m*", false);
        draw_has(page, "\x1B[31m-75.0", false);
        draw_has(page, "\x1B[32m-75.0", false);
        kundig_bytes_free(page);
        analysing_close(&d.t);
    }
}

Test(draw, a_group_without_a_name_and_a_table_of_changes)
{
    drawing d;
    draw_open(&d, 100, false);
    kundig_table *table = kundig__table_new(&d.t.context.mem);
    static const char *const numbers[6] = {"a", "b", "difference", "lo", "hi", "q"};
    kundig__table_column(table, "stage", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "a_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "b_n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    for (int i = 0; i < 6; i++) {
        kundig__table_column(table, numbers[i], KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    }
    for (int row = 0; row < 2; row++) {
        static const double values[6] = {0.5, 0.25, -0.25, -0.4, -0.1, 0.003};
        kundig__table_row(table);
        if (row) {
            kundig__table_set_text(table, 0, KUNDIG__TEXT("Use"));
        }
        kundig__table_set_int(table, 1, row ? 9 : 10);
        kundig__table_set_int(table, 2, 10);
        for (size_t i = 0; i < 6; i++) {
            kundig__table_set_number(table, 3 + i, values[i]);
        }
    }
    d.t.a.period_a = KUNDIG__TEXT("2026-02");
    d.t.a.period_b = KUNDIG__TEXT("2026-03");
    d.section->drawing = KUNDIG__DRAW_CHANGES;
    d.section->unit = KUNDIG_UNIT_SCORE;
    cr_assert_eq(kundig__table_finish(table, &d.section->table, &d.t.err), KUNDIG_OK);
    kundig_bytes *page = draw_take(&d);
    draw_has(page, "  (none)    +50.0    +25.0   -25.0    0.0030", true);
    draw_has(page, "  Use       +50.0    +25.0   -25.0*   0.0030", true);
    draw_has(page, "2026-02  2026-03  change", true);
    kundig_bytes_free(page);
    analysing_close(&d.t);
}

Test(draw, the_bar_says_each_part_and_its_share)
{
    drawing d;
    analysing_open(&d.t);
    analysing_answers(&d.t, 1, KUNDIG_SCALE_NPS, 3, -1, NULL, NULL);
    analysing_answers(&d.t, 1, KUNDIG_SCALE_NPS, 7, -1, NULL, NULL);
    analysing_answers(&d.t, 6, KUNDIG_SCALE_NPS, 9, -1, NULL, NULL);
    analysing_scored(&d.t, NULL);
    kundig__page_init(&d.page, &d.t.context.mem, 100, false);
    d.section = &d.t.a.sections[0];
    kundig_bytes *page = draw_take(&d);
    draw_has(page, "  nps  +62.5   95% interval ", true);
    draw_has(page, "   n = 8   0 to 10\n", true);
    draw_has(page, "  12.5% detractors (1)   12.5% passives (1)   75.0% promoters (6)\n", true);
    kundig_bytes_free(page);
    analysing_close(&d.t);
}

Test(draw, commands_are_never_broken_and_sentences_are)
{
    static const char words[] = "one two three four five six seven eight nine ten eleven twelve";
    drawing d;
    draw_open(&d, 40, false);
    kundig__section_line(&d.t.a, d.section, KUNDIG__LINE_COMMAND, "%s", words);
    kundig__section_line(&d.t.a, d.section, KUNDIG__LINE_WARNING, "%s", words);
    kundig_bytes *page = draw_take(&d);
    draw_has(page, "    one two three four five six seven eight nine ten eleven twelve\n", true);
    draw_has(page, "  ! one two three four five six seven\n    eight nine ten eleven twelve\n",
             true);
    draw_has(page, "By stage \xE2\x94\x80", true);
    kundig_bytes_free(page);
    analysing_close(&d.t);
}

Test(draw, the_title_fits_the_line)
{
    drawing d;
    kundig_bytes *bytes = NULL;
    draw_open(&d, 40, false);
    d.t.a.title = KUNDIG__TEXT("a name of a file that is much longer than a line.csv");
    kundig__draw_title(&d.page, &d.t.a);
    cr_assert_eq(kundig__page_take(&d.page, &bytes, &d.t.err), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes),
                     "kundig  a name of a file that is much l\xE2\x80\xA6\n");
    kundig_bytes_free(bytes);
    kundig__page_free(&d.page);
    analysing_close(&d.t);
}
