#include "weighed.h"

TestSuite(weigh, .fini = probe_fini);

static const kundig_margin weigh_both[] = {
    {{"channel", 7}, {"email", 5}, 60},
    {{"channel", 7}, {"phone", 5}, 40},
    {{"stage", 5}, {"early", 5}, 50},
    {{"stage", 5}, {"late", 4}, 50},
};

Test(weigh, gives_the_published_weights_to_records)
{
    static const weighed_cell cells[] = {{"email", "early", 0, 20, {5, 5, 10}},
                                         {"email", "late", 0, 30, {5, 15, 10}},
                                         {"phone", "early", 0, 10, {5, 3, 2}},
                                         {"phone", "late", 0, 40, {10, 10, 20}}};
    static const double weights[] = {1.787786, .808143, 1.424429, .643893};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 4);
    weighed_ask(&f, NULL, weigh_both, 4, 0, tables);
    cr_assert_eq(kundig_table_row_count(tables[0]), 4);
    double value = 0;
    double squares = 0;
    for (size_t i = 0; i < 4; i++) {
        double weight = survey_number(tables[0], i, "weight");
        cr_assert_str_eq(survey_text(tables[0], i, "channel"), cells[i].channel);
        cr_assert_str_eq(survey_text(tables[0], i, "stage"), cells[i].stage);
        cr_assert_eq(survey_number(tables[0], i, "n"), cells[i].n);
        near(weight, weights[i], 1e-6);
        value += weight * (cells[i].answers[2] - cells[i].answers[0]) / 100;
    }
    for (size_t i = 0; i < 4; i++) {
        for (int x = -1; x < 2; x++) {
            double off = survey_number(tables[0], i, "weight") * (x - value);
            squares += cells[i].answers[x + 1] * off * off;
        }
    }
    near(survey_number(tables[1], 0, "deff"), 1.203903, 1e-6);
    near(survey_number(tables[1], 0, "n_eff"), 83.0632, 1e-4);
    cr_assert_str_eq(survey_text(tables[1], 0, "status"), "ok");
    cr_assert_str_eq(survey_text(tables[1], 0, "method"), "raking");
    /* Of the score: s = sum w x / sum w, Var = sum w^2 (x - s)^2 / (sum w)^2 */
    cr_assert_eq(survey_number(tables[2], 0, "value"), .17);
    cr_assert_float_eq(survey_number(tables[2], 1, "value"), value, 1e-6);
    cr_assert_float_eq(survey_number(tables[2], 1, "se"), kundig__sqrt(squares) / 100, 1e-6);
    near(survey_number(tables[2], 1, "n_eff"), 83.0632, 1e-4);
    cr_assert_str_eq(survey_text(tables[2], 1, "method"), "adjusted Wald, weighted");
    weighed_free(tables);
    fixture_close(&f);
}

Test(weigh, the_weights_records_come_with_multiply_in)
{
    static const weighed_cell cells[] = {{"email", "early", .5, 40, {10, 10, 20}},
                                         {"email", "late", 2, 15, {2, 8, 5}},
                                         {"phone", "early", 1, 10, {5, 3, 2}},
                                         {"phone", "late", 1, 40, {10, 10, 20}}};
    static const double sums[] = {35.755711, 24.244289, 14.244289, 25.755711};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 4);
    weighed_ask(&f, NULL, weigh_both, 4, 0, tables);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_float_eq(survey_number(tables[0], i, "weighted"), sums[i] * 105 / 100, 1e-6);
    }
    cr_assert_float_eq(survey_number(tables[0], 0, "weight"), 35.755711 * 1.05 / 40, 1e-7);
    cr_assert_float_eq(survey_number(tables[1], 0, "smallest"), 25.755711 * 1.05 / 40, 1e-7);
    cr_assert_float_eq(survey_number(tables[1], 0, "largest"), 24.244289 * 1.05 / 15, 1e-7);
    cr_assert(survey_note(tables[1], "come with are multiplied in"));
    weighed_free(tables);
    fixture_close(&f);
}

Test(weigh, refuses_margins_that_mean_nothing)
{
    double zero = 0;
    static const weighed_cell cells[] = {{"email", "early", 0, 20, {5, 5, 10}}};
    const kundig_margin bad[][2] = {
        {{{"channel", 7}, {"email", 5}, -1}, {{"channel", 7}, {"phone", 5}, 1}},
        {{{"channel", 7}, {"email", 5}, 1}, {{"channel", 7}, {"phone", 5}, zero / zero}},
        {{{"channel", 7}, {"email", 5}, 1 / zero}, {{"channel", 7}, {"phone", 5}, 1}},
        {{{"channel", 7}, {"email", 5}, 1}, {{"channel", 7}, {"email", 5}, 1}},
        {{{"channel", 7}, {NULL, 0}, 1}, {{"channel", 7}, {NULL, 0}, 1}},
        {{{"channel", 7}, {"email", 5}, 0}, {{"channel", 7}, {"phone", 5}, 0}}};
    static const size_t places[] = {0, 1, 0, 1, 1, 0};
    static const char *const said[] = {"channel = email is no number", "channel = phone is no",
                                       "is no number of 0 or more",    "two margins of channel",
                                       "two margins of no channel",    "add up to 0"};
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 1);
    for (size_t i = 0; i < 6; i++) {
        cr_assert_eq(weighed_try(&f, NULL, bad[i], 2, 0, NULL), KUNDIG_E_VALUE);
        cr_assert_eq(f.err.pos, places[i]);
        cr_assert_not_null(strstr(f.err.message, said[i]), "%s", f.err.message);
    }
    cr_assert_eq(weighed_try(&f, NULL, weigh_both, 0, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(weighed_try(&f, NULL, weigh_both, 4, .5, NULL), KUNDIG_E_VALUE);
    cr_assert_eq(weighed_try(&f, NULL, weigh_both, 4, -1, NULL), KUNDIG_E_VALUE);
    cr_assert_eq(weighed_try(&f, NULL, weigh_both, 4, zero / zero, NULL), KUNDIG_E_VALUE);
    const kundig_margin nameless = {{NULL, 0}, {"email", 5}, 1};
    const kundig_margin unknown = {{"colour", 6}, {"red", 3}, 1};
    cr_assert_eq(weighed_try(&f, NULL, &nameless, 1, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(weighed_try(&f, NULL, &unknown, 1, 0, NULL), KUNDIG_E_NOT_FOUND);
    kundig_margin nine[9];
    for (size_t i = 0; i < 9; i++) {
        nine[i] = (kundig_margin){{&"abcdefghi"[i], 1}, {"x", 1}, 1};
    }
    cr_assert_eq(weighed_try(&f, NULL, nine, 9, 0, NULL), KUNDIG_E_LIMIT);
    fixture_close(&f);
}

Test(weigh, refuses_questions_that_weights_do_not_answer)
{
    static const weighed_cell cells[] = {{"email", "early", 0, 20, {5, 5, 10}}};
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 1);
    kundig_query *query = survey_query("count");
    cr_assert_eq(weighed_try(&f, query, weigh_both, 4, 0, NULL), KUNDIG_E_ARG);
    query->metric = kundig__str("csat");
    cr_assert_eq(weighed_try(&f, query, weigh_both, 4, 0, NULL), KUNDIG_E_NOT_FOUND);
    query->metric = kundig__str("nps");
    query->unit = KUNDIG_OF_CUSTOMERS;
    cr_assert_eq(weighed_try(&f, query, weigh_both, 4, 0, NULL), KUNDIG_E_ARG);
    query->unit = KUNDIG_OF_RECORDS;
    query->every = KUNDIG_EVERY_MONTH;
    cr_assert_eq(weighed_try(&f, query, weigh_both, 4, 0, NULL), KUNDIG_E_ARG);
    query->every = KUNDIG_EVERY_NONE;
    survey_group(query, "stage");
    cr_assert_eq(weighed_try(&f, query, weigh_both, 4, 0, NULL), KUNDIG_E_ARG);
    kundig_query_free(query);
    fixture_close(&f);
}

/* All three tables as JSON of one weighing of a made-up survey. */
static void weigh_survey(const survey *s, size_t step, uint32_t threads,
                         const kundig_margin *margins, size_t count, double most,
                         kundig_bytes *out[3])
{
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    f.context.threads = threads;
    for (size_t first = 0; first < step; first++) {
        cr_assert_eq(survey_add(&f, s, first, s->count, step), KUNDIG_OK);
    }
    weighed_ask(&f, NULL, margins, count, most, tables);
    for (size_t i = 0; i < 3; i++) {
        out[i] = survey_json(tables[i]);
    }
    fixture_close(&f);
}

Test(weigh, gives_the_same_bytes_for_any_order_of_records_and_threads)
{
    static survey s;
    static const kundig_margin margins[] = {
        {{"channel", 7}, {"email", 5}, .6},         {{"channel", 7}, {"phone", 5}, .4},
        {{"stage", 5}, {"Order", 5}, 300},          {{"stage", 5}, {"Delivery", 8}, 100},
        {{"stage", 5}, {"First Payment", 13}, 333}, {{"stage", 5}, {NULL, 0}, 10}};
    static const kundig_margin turned[] = {
        {{"channel", 7}, {"phone", 5}, .4},         {{"stage", 5}, {NULL, 0}, 10},
        {{"stage", 5}, {"First Payment", 13}, 333}, {{"channel", 7}, {"email", 5}, .6},
        {{"stage", 5}, {"Delivery", 8}, 100},       {{"stage", 5}, {"Order", 5}, 300}};
    for (unsigned how = 0; how < 8; how++) {
        kundig_bytes *expected[3];
        double most = how & 1 ? 1.5 : 0;
        survey_make(&s, 500, how & ~1u, how);
        weigh_survey(&s, 1, 1, margins, 6, most, expected);
        for (size_t step = 2; step < 8; step++) {
            kundig_bytes *other[3];
            weigh_survey(&s, step, step > 4 ? 4 : 1, step & 1 ? turned : margins, 6, most, other);
            for (size_t i = 0; i < 3; i++) {
                survey_same(expected[i], other[i]);
                kundig_bytes_free(other[i]);
            }
        }
        for (size_t i = 0; i < 3; i++) {
            kundig_bytes_free(expected[i]);
        }
    }
}

Test(weigh, weighs_whatever_a_mean_is_taken_of)
{
    static survey s;
    static const char *const metrics[] = {"csat", "csat_mean", "nps", "sentiment_mean"};
    static const kundig_margin margins[] = {{{"channel", 7}, {"email", 5}, .6},
                                            {{"channel", 7}, {"phone", 5}, .4}};
    fixture f;
    fixture_open(&f);
    survey_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 5);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    const kundig_margin topic = {{"topic", 5}, {"red", 3}, 1};
    cr_assert_eq(weighed_try(&f, NULL, &topic, 1, 0, NULL), KUNDIG_E_ARG, "several a record");
    for (size_t i = 0; i < 4; i++) {
        kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
        kundig_query *query = survey_query(metrics[i]);
        if (!kundig__metric_find(query->metric)) {
            kundig_query_free(query);
            continue;
        }
        weighed_ask(&f, query, margins, 2, 0, tables);
        cr_assert_eq(survey_number(tables[1], 0, "n"), survey_number(tables[2], 1, "n"));
        double share =
            survey_number(tables[0], 0, "weighted") /
            (survey_number(tables[0], 0, "weighted") + survey_number(tables[0], 1, "weighted"));
        cr_assert_float_eq(share, .6, 1e-9);
        cr_assert_not_null(strstr(survey_text(tables[2], 1, "method"), "weighted, clustered"));
        weighed_free(tables);
        kundig_query_free(query);
    }
    fixture_close(&f);
}

Test(weigh, fails_cleanly_wherever_memory_ends)
{
    static survey s;
    static const kundig_margin margins[] = {{{"channel", 7}, {"email", 5}, .6},
                                            {{"channel", 7}, {"phone", 5}, .4},
                                            {{"stage", 5}, {"Order", 5}, 3},
                                            {{"stage", 5}, {"Delivery", 8}, 1}};
    fixture f;
    fixture_open(&f);
    survey_make(&s, 60, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 5);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        for (size_t n = 1;; n++) {
            kundig_table *tables[KUNDIG_WEIGHTS_TABLES] = {NULL};
            size_t blocks = probe_shared.live_blocks;
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = on;
            int rc = weighed_try(&f, NULL, margins, 4, 1.4, tables);
            probe_shared.fail_at = 0;
            if (!rc) {
                weighed_free(tables);
                break;
            }
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
            cr_assert_null(tables[0]);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    fixture_close(&f);
}
