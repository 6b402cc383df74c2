#include <stdio.h>

#include <criterion/criterion.h>

#include "base/calendar.h"
#include "probe.h"
#include "report/analysis.h"

TestSuite(analyze, .fini = probe_fini);

#define TEXT(literal) ((kundig_text){(literal), sizeof(literal) - 1})

static kundig_text analyze_text(const char *str)
{
    return (kundig_text){str, str ? strlen(str) : 0};
}

static kundig *analyze_open(probe *p)
{
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(p);
    kundig *k = NULL;
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL), KUNDIG_OK);
    return k;
}

/* count records over three whole months, in two stages: deliveries are bad and get worse. */
static void analyze_fill(kundig *k, size_t count, int32_t scale, bool backwards)
{
    for (size_t step = 0; step < count; step++) {
        size_t i = backwards ? count - 1 - step : step;
        bool delivery = i % 2 == 1;
        int64_t day = 20454 + (int64_t)(i * 90 / count); /* from 2026-01-01 on */
        char id[24];
        snprintf(id, sizeof id, "%05zu", i);
        kundig_score score = {.scale = scale};
        double best = scale == KUNDIG_SCALE_NPS ? 10 : 5;
        double worst = scale == KUNDIG_SCALE_NPS ? 0 : 1;
        bool bad = delivery ? i % 3 != 0 || i * 3 > count * 2 : i % 7 == 0;
        score.value = bad ? worst + (double)(i % 2) : best - (double)(i % 2);
        kundig_feedback record;
        kundig_feedback_init(&record);
        record.source = TEXT("survey");
        record.id = analyze_text(id);
        record.time_ms = day * KUNDIG__DAY_MS;
        record.time_precision = KUNDIG_PRECISION_DAY;
        record.stage = delivery ? TEXT("Delivery") : TEXT("Order");
        record.text = bad ? TEXT("the parcel was late again") : TEXT("quick and friendly");
        record.scores = &score;
        record.score_count = 1;
        kundig_error err;
        cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    }
}

static kundig_bytes *analyze_page(kundig *k, const kundig_query *query, int32_t format,
                                  uint32_t width, int32_t color)
{
    kundig_analyze_options options;
    kundig_analyze_options_init(&options);
    options.format = format;
    options.width = width;
    options.color = color;
    options.title = TEXT("my survey.csv");
    kundig_bytes *bytes = NULL;
    kundig_error err;
    cr_assert_eq(kundig_analyze(k, query, NULL, &options, &bytes, &err), KUNDIG_OK, "%s",
                 err.message);
    return bytes;
}

static void analyze_has(const kundig_bytes *page, const char *want)
{
    cr_assert_not_null(strstr(kundig_bytes_data(page), want), "the page lacks \"%s\":\n%s", want,
                       kundig_bytes_data(page));
}

static void analyze_lacks(const kundig_bytes *page, const char *text)
{
    cr_assert_null(strstr(kundig_bytes_data(page), text), "the page holds \"%s\":\n%s", text,
                   kundig_bytes_data(page));
}

Test(analyze, says_what_the_facts_say)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 600, KUNDIG_SCALE_NPS, false);
    kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
    analyze_has(page, "600 records: 600 with a comment, 600 with a score.");
    analyze_has(page, "From 2026-01-01 to 2026-03-31: 90 days.");
    /* 300 orders: i even, bad if i % 7 == 0: 43. 300 deliveries: i odd. */
    size_t detractors = 0;
    size_t orders = 0;
    for (size_t i = 0; i < 600; i++) {
        bool bad = i % 2 ? i % 3 != 0 || i * 3 > 1200 : i % 7 == 0;
        detractors += bad;
        orders += bad && i % 2 == 0;
    }
    cr_assert_eq(orders, 43);
    char want[128];
    snprintf(want, sizeof want, "detractors (%zu)", detractors);
    analyze_has(page, want);
    snprintf(want, sizeof want, "promoters (%zu)", 600 - detractors);
    analyze_has(page, want);
    analyze_has(page, "Below all other records by more than chance: Delivery (");
    analyze_has(page, "Above all other records by more than chance: Order (");
    analyze_has(page, "What moved, 2026-02 to 2026-03");
    analyze_has(page, "Words detractors use more");
    analyze_has(page, "parcel");
    analyze_has(page, "kundig comments 'my survey.csv' --where 'nps <= 6 and stage = Delivery'");
    analyze_has(page, "kundig measure nps 'my survey.csv' --by stage --every month");
    analyze_lacks(page, "What was understood");
    kundig_bytes_free(page);
    kundig_close(k);
}

/* One record a day from 2026-01-01 on; a stage for each month, or two by turns. */
static void analyze_daily(kundig *k, size_t days, bool monthly)
{
    for (size_t i = 0; i < days; i++) {
        char id[24];
        snprintf(id, sizeof id, "d%zu", i);
        kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = (double)(i * 7 % 11)};
        kundig_feedback record;
        kundig_feedback_init(&record);
        record.source = TEXT("survey");
        record.id = analyze_text(id);
        record.time_ms = (20454 + (int64_t)i) * KUNDIG__DAY_MS;
        record.time_precision = KUNDIG_PRECISION_DAY;
        bool first = monthly ? i < 31 : i % 2;
        record.stage = first ? TEXT("Order") : TEXT("Use");
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, NULL), KUNDIG_OK);
    }
}

Test(analyze, says_which_period_is_not_whole)
{
    for (int whole = 0; whole < 2; whole++) {
        kundig *k = analyze_open(NULL);
        analyze_daily(k, whole ? 90 : 80, false); /* March ends with day 90 */
        kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
        if (whole) {
            analyze_has(page, "What moved, 2026-02 to 2026-03");
            analyze_lacks(page, "left out: the dates end");
        } else {
            analyze_has(page, "What moved, 2026-01 to 2026-02");
            analyze_has(page, "2026-03 is left out: the dates end within it.");
        }
        kundig_bytes_free(page);
        kundig_close(k);
    }
}

Test(analyze, speaks_of_groups_that_moved_where_one_stands_in_both_periods)
{
    for (int monthly = 0; monthly < 2; monthly++) {
        kundig *k = analyze_open(NULL);
        analyze_daily(k, 59, monthly == 1);
        kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
        if (monthly) {
            analyze_lacks(page, "What moved by stage");
            analyze_lacks(page, "No group moved");
        } else {
            analyze_has(page, "What moved by stage");
        }
        kundig_bytes_free(page);
        kundig_close(k);
    }
}

Test(analyze, makes_the_same_page_of_rows_in_any_order)
{
    for (int32_t format = 0; format < 2; format++) {
        kundig_bytes *pages[2];
        for (int turn = 0; turn < 2; turn++) {
            kundig *k = analyze_open(NULL);
            analyze_fill(k, 300, KUNDIG_SCALE_NPS, turn);
            pages[turn] = analyze_page(k, NULL, format, 0, 0);
            kundig_close(k);
        }
        cr_assert_str_eq(kundig_bytes_data(pages[0]), kundig_bytes_data(pages[1]));
        kundig_bytes_free(pages[0]);
        kundig_bytes_free(pages[1]);
    }
}

Test(analyze, asks_every_scale_for_its_own_metric)
{
    static const struct {
        int32_t scale;
        const char *metrics[2];
    } cases[] = {
        {KUNDIG_SCALE_NPS, {"nps  ", NULL}},
        {KUNDIG_SCALE_CSAT, {"csat  ", "csat_mean  "}},
        {KUNDIG_SCALE_CES, {"ces  ", NULL}},
        {KUNDIG_SCALE_CES_2010, {"ces_2010  ", NULL}},
        {KUNDIG_SCALE_STARS, {"score_mean  ", NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig *k = analyze_open(NULL);
        analyze_fill(k, 200, cases[i].scale, false);
        kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
        for (size_t m = 0; m < 2 && cases[i].metrics[m]; m++) {
            analyze_has(page, cases[i].metrics[m]);
        }
        bool nps = cases[i].scale == KUNDIG_SCALE_NPS;
        (nps ? analyze_has : analyze_lacks)(page, "promoters");
        kundig_bytes_free(page);
        kundig_close(k);
    }
}

Test(analyze, turns_the_bad_end_where_lower_is_better)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 200, KUNDIG_SCALE_CES_2010, false);
    kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
    /* Effort: 4 and 5 are bad. */
    analyze_has(page, "ces_2010 >= 4");
    analyze_has(page, "Words that go with high scores");
    kundig_bytes_free(page);
    kundig_close(k);
}

Test(analyze, measures_what_the_query_keeps)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 600, KUNDIG_SCALE_NPS, false);
    kundig_query *query = NULL;
    uint32_t node;
    cr_assert_eq(kundig_query_new(NULL, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_parse(query, "stage = Order", 13, &node, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_keep(query, node, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_interval(query, KUNDIG_INTERVAL_SCORE, 0.9, NULL), KUNDIG_OK);
    kundig_bytes *page = analyze_page(k, query, KUNDIG_PAGE_TEXT, 0, 0);
    analyze_has(page, "300 records: 300 with a comment");
    analyze_has(page, "300 of 600 records meet it");
    analyze_has(page, "detractors (43)");
    analyze_has(page, "90% interval");
    analyze_has(page, "Order      300  100.0%");
    analyze_lacks(page, "stage = Delivery");
    kundig_bytes_free(page);
    kundig_query_free(query);
    kundig_close(k);
}

Test(analyze, says_what_is_missing_instead_of_zero)
{
    kundig *k = analyze_open(NULL);
    kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
    analyze_has(page, "0 records");
    analyze_has(page, "No record answers a score question.");
    kundig_bytes_free(page);

    kundig_feedback record;
    kundig_feedback_init(&record);
    record.text = TEXT("only words");
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, NULL), KUNDIG_OK);
    page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
    analyze_has(page, "1 record: 1 with a comment, 0 with a score.");
    analyze_has(page, "No score was found.");
    analyze_has(page, "No date was found");
    analyze_has(page, "--map nps=COLUMN");
    analyze_lacks(page, "What moved");
    kundig_bytes_free(page);
    kundig_close(k);
}

Test(analyze, marks_small_groups_and_does_not_test_them)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 100, KUNDIG_SCALE_NPS, false);
    kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = 0};
    kundig_feedback record;
    kundig_feedback_init(&record);
    record.stage = TEXT("Return");
    record.scores = &score;
    record.score_count = 1;
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, NULL), KUNDIG_OK);
    kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
    analyze_has(page, "  1*");
    analyze_has(page, "* fewer than 10 answers");
    analyze_lacks(page, "Return (");
    kundig_bytes_free(page);
    kundig_close(k);
}

Test(analyze, shows_nothing_that_a_terminal_obeys)
{
    kundig *k = analyze_open(NULL);
    static const char digits[] = "0123456789";
    static const char sources[] = "abcd";
    for (int i = 0; i < 40; i++) {
        kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = i % 2 ? 1 : 10};
        kundig_feedback record;
        kundig_feedback_init(&record);
        record.id = (kundig_text){&digits[i % 10], 1};
        record.source = (kundig_text){&sources[i / 10], 1};
        record.stage = i % 2 ? TEXT("\x1B[31m\xE2\x80\xAEred\x07") : TEXT("it's \"quoted\"");
        record.channel = TEXT("a\nb\tc");
        record.text = TEXT("\x1B]0;title\x07words");
        record.time_ms = 1767225600000 + i * KUNDIG__DAY_MS;
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, NULL), KUNDIG_OK);
    }
    for (int32_t format = 0; format < 2; format++) {
        kundig_bytes *page = analyze_page(k, NULL, format, 0, 0);
        const char *data = kundig_bytes_data(page);
        for (size_t i = 0; i < kundig_bytes_len(page); i++) {
            unsigned char c = (unsigned char)data[i];
            cr_assert((c >= 0x20 && c != 0x7F) || (c == '\n' && format == KUNDIG_PAGE_TEXT));
        }
        if (format == KUNDIG_PAGE_TEXT) {
            analyze_lacks(page, "\xE2\x80\xAE");
        }
        kundig_bytes_free(page);
    }
    kundig_close(k);
}

Test(analyze, keeps_to_the_width_but_for_commands)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 300, KUNDIG_SCALE_NPS, false);
    for (uint32_t width = 40; width <= 130; width += 5) {
        kundig_bytes *page = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, width, 0);
        const char *line = kundig_bytes_data(page);
        while (*line) {
            size_t len = strcspn(line, "\n");
            size_t columns = 0;
            for (size_t i = 0; i < len; i++) {
                columns += ((unsigned char)line[i] & 0xC0) != 0x80;
            }
            bool command = strncmp(line, "    kundig ", 11) == 0;
            cr_assert(columns <= width || command, "%u: %.*s", (unsigned)width, (int)len, line);
            line += len + 1;
        }
        kundig_bytes_free(page);
    }
    kundig_close(k);
}

Test(analyze, colours_change_no_letter)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 300, KUNDIG_SCALE_NPS, false);
    kundig_bytes *plain = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 0);
    kundig_bytes *color = analyze_page(k, NULL, KUNDIG_PAGE_TEXT, 0, 1);
    const char *from = kundig_bytes_data(color);
    const char *want = kundig_bytes_data(plain);
    size_t styles = 0;
    while (*from) {
        if (*from == '\x1B') {
            from += strcspn(from, "m") + 1;
            styles++;
            continue;
        }
        cr_assert_eq(*from, *want);
        from++;
        want++;
    }
    cr_assert_eq(*want, '\0');
    cr_assert_gt(styles, 10);
    kundig_bytes_free(plain);
    kundig_bytes_free(color);
    kundig_close(k);
}

Test(analyze, writes_the_same_sections_as_json)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 300, KUNDIG_SCALE_NPS, false);
    kundig_bytes *json = analyze_page(k, NULL, KUNDIG_PAGE_JSON, 0, 0);
    static const char want[] = "{\"sections\":[{\"title\":\"Volumes\",\"text\":[\"300 records: ";
    cr_assert_eq(strncmp(kundig_bytes_data(json), want, sizeof want - 1), 0, "%s",
                 kundig_bytes_data(json));
    analyze_has(json, "{\"title\":\"By stage\",\"text\":[");
    analyze_has(json, "\"table\":{\"columns\":[{\"name\":\"stage\",\"type\":\"text\",");
    analyze_has(json, "\"table\":null}");
    cr_assert_null(strchr(kundig_bytes_data(json), '\n'));
    kundig_bytes_free(json);
    kundig_close(k);
}

Test(analyze, leaves_the_query_as_it_was)
{
    kundig *k = analyze_open(NULL);
    analyze_fill(k, 100, KUNDIG_SCALE_NPS, false);
    kundig_query *query = NULL;
    cr_assert_eq(kundig_query_new(NULL, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(query, "count", 5, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_group_by(query, "stage", 5, NULL), KUNDIG_OK);
    kundig_bytes *first = analyze_page(k, query, KUNDIG_PAGE_TEXT, 0, 0);
    kundig_bytes *second = analyze_page(k, query, KUNDIG_PAGE_TEXT, 0, 0);
    cr_assert_str_eq(kundig_bytes_data(first), kundig_bytes_data(second));
    kundig_table *table = NULL;
    cr_assert_eq(kundig_measure(k, query, &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 2);
    kundig_table_free(table);
    kundig_bytes_free(first);
    kundig_bytes_free(second);
    kundig_query_free(query);
    kundig_close(k);
}

/* Made once: the ready taxonomy, and even a small model, would be made anew for each of thousands
 * of failures. */
static kundig_model *analyze_small_model(probe *p)
{
    static const char taxonomy[] = "topic delay: Delay\nen: late, ~delay\ntopic staff: Staff\n"
                                   "en: friendly, rude\nde: freundlich\n";
    kundig_allocator allocator = probe_allocator(p);
    kundig_model *model = NULL;
    cr_assert_eq(kundig_model_new(&allocator, taxonomy, sizeof taxonomy - 1, &model, NULL), 0);
    return model;
}

Test(analyze, fails_cleanly_at_every_allocation, .timeout = 240)
{
    probe p = {0};
    kundig_model *model = analyze_small_model(&p);
    size_t kept = p.live_blocks;
    for (int forever = 0; forever < 2; forever++) {
        size_t done = 0;
        for (size_t n = 1; !done; n++) {
            kundig *k = analyze_open(&p);
            analyze_fill(k, 40, KUNDIG_SCALE_NPS, false);
            cr_assert_eq(kundig_set_model(k, model, NULL), KUNDIG_OK);
            p.fail_at = p.allocations + n;
            p.fail_on = forever;
            kundig_analyze_options options;
            kundig_analyze_options_init(&options);
            options.format = n % 2 ? KUNDIG_PAGE_TEXT : KUNDIG_PAGE_JSON;
            kundig_bytes *bytes = NULL;
            kundig_error err = {0, 0, ""};
            int code = kundig_analyze(k, NULL, NULL, &options, &bytes, &err);
            p.fail_at = 0;
            cr_assert(code == KUNDIG_OK || (code == KUNDIG_E_NOMEM && !bytes && err.message[0]),
                      "allocation %zu gives %d: %s", n, code, err.message);
            done = code == KUNDIG_OK;
            kundig_bytes_free(bytes);
            /* The handle is as good as before. */
            kundig_table *table = NULL;
            cr_assert_eq(kundig_fields(k, &table, NULL), KUNDIG_OK);
            kundig_table_free(table);
            kundig_close(k);
            cr_assert_eq(p.live_blocks, kept, "allocation %zu leaks", n);
        }
    }
    kundig_model_free(model);
    cr_assert_eq(p.live_blocks, 0);
}
