#include "brute.h"
#include "why/why.h"

TestSuite(impact, .fini = probe_fini);

static kundig_table *impact_of(fixture *f, const kundig_query *query, size_t limit)
{
    kundig_table *table = NULL;
    int rc = kundig__impact(f->corpus, query, limit, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

/* The row of a part of brute.h: the missing one, then topics. */
static size_t row_of(const kundig_table *table, size_t part)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text key = kundig_table_text(table, row, 0);
        if (part ? key.data && kundig__text_equal(key, kundig__str(saying_topics[part - 1]))
                 : !key.data) {
            return row;
        }
    }
    cr_assert_fail("no part %zu", part);
    return 0;
}

/* The mean of answers whose topics are all among some; an answer without topics always is. */
static double game(const spoken *s, uint8_t among)
{
    double sum = 0;
    double n = 0;
    for (size_t i = 0; i < s->survey.count; i++) {
        double x;
        if (brute_answer(&s->survey.answers[i], true, &x)) {
            sum += s->sets[i] & ~among ? 0 : x;
            n++;
        }
    }
    return sum / n;
}

/* Sum over sets without the topic of |S|! (m - |S| - 1)! / m! times what it adds. */
static double shapley(const spoken *s, uint32_t topic)
{
    static const double orders[SAYING_TOPICS] = {120, 24, 12, 12, 24, 120};
    double sum = 0;
    for (unsigned set = 0; set < 1u << SAYING_TOPICS; set++) {
        if (!(set >> topic & 1)) {
            int size = __builtin_popcount(set);
            sum += orders[size] / 720 *
                   (game(s, (uint8_t)(set | 1u << topic)) - game(s, (uint8_t)set));
        }
    }
    return sum;
}

Test(impact, additive_shares_are_the_shapley_values_of_the_mean)
{
    static spoken s;
    for (unsigned seed = 1; seed < 6; seed++) {
        fixture f;
        spoken_make(&s, 60, 0, seed);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
        kundig_table *table = impact_of(&f, query, 0);
        double sum = 0;
        for (size_t part = 0; part < SAYING_TOPICS; part++) {
            double value = survey_number(table, row_of(table, part), "additive");
            double wanted = part ? shapley(&s, (uint32_t)part - 1) : game(&s, 0);
            cr_assert_float_eq(value, wanted, 1e-12);
            sum += value;
        }
        cr_assert_float_eq(sum, game(&s, 0xFF), 1e-12);
        kundig_table_free(table);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

static kundig__i128 whole_number(const char *digits)
{
    bool negative = *digits == '-';
    kundig__i128 value = 0;
    for (digits += negative; *digits; digits++) {
        value = value * 10 + (*digits - '0');
    }
    return negative ? -value : value;
}

Test(impact, units_sum_to_the_score_exactly)
{
    static spoken s;
    for (unsigned kind = 0; kind < 8; kind++) {
        fixture f;
        spoken_make(&s, 300, SURVEY_CUSTOMERS | (kind & 1) * SURVEY_WEIGHTS, kind + 9);
        spoken_open(&f, &s, 0, 1);
        const char *metric = kind & 2 ? "nps" : "csat_mean";
        kundig_query *query = spoken_query(metric, "topic", NULL, NULL);
        query->unit = kind & 4 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig_table *table = impact_of(&f, query, 0);
        query->group_field_count = 0;
        kundig_table *score = spoken_measure(&f, query);
        kundig__i128 units = 0;
        kundig__i128 per = whole_number(survey_text(table, 0, "per"));
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            kundig__i128 own = whole_number(survey_text(table, row, "units"));
            units += own;
            cr_assert(per == whole_number(survey_text(table, row, "per")));
            cr_assert_float_eq(kundig__i128_to_double(own) / kundig__i128_to_double(per),
                               survey_number(table, row, "additive"), 1e-12);
        }
        cr_assert(units % KUNDIG__PARTS_SPLIT == 0, "no answer is split over what is not there");
        double value = survey_number(score, 0, "value");
        if (kind & 4) { /* means of customers are rounded, too */
            cr_assert_float_eq(kundig__i128_to_double(units) / kundig__i128_to_double(per), value,
                               1e-6);
        } else {
            cr_assert_eq(kundig__i128_to_double(units / KUNDIG__PARTS_SPLIT) /
                             kundig__i128_to_double(per / KUNDIG__PARTS_SPLIT),
                         value);
        }
        kundig_table_free(table);
        kundig_table_free(score);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

Test(impact, is_the_sum_of_what_every_person_does_to_it)
{
    static spoken s;
    static brute slow;
    for (unsigned kind = 0; kind < 8; kind++) {
        fixture f;
        bool nps = kind & 1;
        bool weighted = kind & 2;
        bool votes = kind & 4;
        spoken_make(&s, 400, SURVEY_CUSTOMERS | weighted * SURVEY_WEIGHTS, kind + 50);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = spoken_query(nps ? "nps" : "csat_mean", "topic", NULL, NULL);
        query->unit = votes ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig_table *table = impact_of(&f, query, 0);
        brute_make(&slow, &s, nps, weighted, votes, NULL);
        for (size_t part = 0; part < SAYING_TOPICS; part++) {
            double X = 0;
            double W = 0;
            double A = 0;
            double B = 0;
            double persons = 0;
            double squares = 0;
            double given = 0;
            for (size_t p = 0; p < slow.count; p++) {
                X += slow.X[p][0];
                W += slow.W[p][0];
                A += slow.persons[p][0][part].A;
                B += slow.persons[p][0][part].B;
                persons += slow.n[p][0] > 0;
            }
            double rest = (X - A) / (W - B);
            for (size_t p = 0; p < slow.count; p++) {
                double a = slow.persons[p][0][part].A;
                double b = slow.persons[p][0][part].B;
                double x = slow.X[p][0];
                double w = slow.W[p][0];
                double without = ((x - a) - rest * (w - b)) / (W - B);
                double phi = (x - X / W * w) / W - without;
                double conditional = B / W * ((a - A / B * b) / B - without);
                squares += phi * phi;
                given += conditional * conditional;
            }
            double factor = votes ? 1 : persons / (persons - 1);
            size_t row = row_of(table, part);
            double se = kundig__sqrt(factor * squares);
            cr_assert_float_eq(survey_number(table, row, "value"), A / B, 1e-9);
            cr_assert_float_eq(survey_number(table, row, "rest"), rest, 1e-9);
            cr_assert_float_eq(survey_number(table, row, "impact"), X / W - rest, 1e-9);
            cr_assert_float_eq(survey_number(table, row, "share"), B / W, 1e-9);
            cr_assert_float_eq(survey_number(table, row, "se"), se, 1e-6 * se);
            cr_assert_float_eq(survey_number(table, row, "se_given_counts"),
                               kundig__sqrt(factor * given), 1e-6 * se);
            cr_assert_lt(survey_number(table, row, "lo") + 1.9 * se,
                         survey_number(table, row, "impact"));
            cr_assert_leq(survey_number(table, row, "p"), survey_number(table, row, "q") + 1e-12);
        }
        kundig_table_free(table);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

Test(impact, the_order_of_arrival_does_not_show)
{
    static spoken s;
    for (unsigned kind = 0; kind < 4; kind++) {
        fixture f;
        fixture g;
        spoken_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, kind + 30);
        spoken_open(&f, &s, 0, 1);
        fixture_open(&g);
        for (size_t first = 11; first-- > 0;) {
            cr_assert_eq(survey_add(&g, &s.survey, first, s.survey.count, 11), KUNDIG_OK);
        }
        spoken_choose_model(&g, "theme some: Some\ntopic thing: A thing\nany: thing\n");
        spoken_plant(&g, &s, 0xFF);
        saying_feel(&f);
        saying_feel(&g);
        kundig_query *query = spoken_query(kind & 1 ? "nps" : "csat_mean", "topic", NULL, NULL);
        query->unit = kind & 2 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig_bytes *bytes = survey_json(impact_of(&f, query, 0));
        kundig_bytes *others = survey_json(impact_of(&g, query, 0));
        survey_same(bytes, others);
        kundig_bytes_free(bytes);
        kundig_bytes_free(others);
        kundig_query_free(query);
        fixture_close(&f);
        fixture_close(&g);
    }
}

Test(impact, one_record_or_none_has_no_interval)
{
    fixture f;
    kundig_score score = fixture_nps(10);
    kundig_feedback record = fixture_record("1", "thing");
    fixture_open(&f);
    spoken_choose_model(&f, "theme some: Some\ntopic thing: A thing\nany: thing\n");
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    record.scores = &score;
    record.score_count = 1;
    cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    kundig_table *table = impact_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_str_eq(survey_text(table, 0, "status"), "undefined");
    kundig_table_free(table);
    kundig_feedback other = fixture_record("2", "nothing");
    kundig_score two = fixture_nps(2);
    other.scores = &two;
    other.score_count = 1;
    cr_assert_eq(fixture_add(&f, &other, 1, NULL), KUNDIG_OK);
    table = impact_of(&f, query, 1);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_eq(survey_number(table, 0, "value") + survey_number(table, 0, "rest"), 0);
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "se")));
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "lo")));
    cr_assert_str_eq(survey_text(table, 0, "method"), "one alone has no spread");
    cr_assert(survey_note(table, "2 rows in all; the 1 of the greatest impact are shown"));
    kundig_table_free(table);
    int64_t all = kundig__corpus_rows(f.corpus);
    cr_assert_eq(all, 2);
    uint32_t node = survey_node(query, "id = 3");
    cr_assert_eq(kundig_query_keep(query, node, &f.err), KUNDIG_OK);
    table = impact_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

static int impact_try(size_t fail_at, bool fail_on)
{
    static spoken s;
    fixture f;
    kundig_table *table = NULL;
    spoken_make(&s, 60, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 5);
    spoken_open(&f, &s, 0, 1);
    saying_feel(&f);
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    survey_warm(&f);
    probe_shared.allocations = 0;
    probe_shared.fail_at = fail_at;
    probe_shared.fail_on = fail_on;
    int rc = kundig__impact(f.corpus, query, 0, &table, &f.err);
    probe_shared.fail_at = 0;
    probe_shared.fail_on = false;
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
    return rc;
}

Test(impact, fails_cleanly_wherever_memory_ends)
{
    for (int on = 0; on < 2; on++) {
        size_t fail_at = 1;
        int rc;
        while ((rc = impact_try(fail_at, on)) != KUNDIG_OK) {
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
            fail_at++;
        }
        cr_assert_gt(fail_at, 20);
    }
}
