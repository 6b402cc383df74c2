#include "base/math.h"
#include "cells.h"

TestSuite(scores, .fini = probe_fini);

static kundig__estimate net(uint64_t d, uint64_t n, uint64_t p, int interval)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = cells_net(d, n, p);
    asked.interval = interval;
    return cells_finish(&cell, &asked);
}

Test(scores, net_promoter_oracles_hold_to_every_digit)
{
    static const struct {
        uint64_t d, n, p;
        double s, se, wald_lo, wald_hi, lo, hi, score_lo, score_hi;
    } rows[] = {
        {1, 2, 3, .333333, .304290, -.263065, .929731, -.267433, .711877, -.311074, .753957},
        {10, 20, 70, .6, .066332, .469991, .730009, .452698, .712351, .452167, .712768},
        {100, 200, 700, .6, .020976, .558887, .641113, .557096, .639315, .557098, .639345},
        {0, 0, 10, 1, 0, 1, 1, .475036, 1, .444934, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t d = rows[i].d;
        uint64_t n = rows[i].n;
        uint64_t p = rows[i].p;
        kundig__estimate plain = net(d, n, p, KUNDIG_INTERVAL_DEFAULT);
        kundig__estimate wald = net(d, n, p, KUNDIG_INTERVAL_WALD);
        kundig__estimate score = net(d, n, p, KUNDIG_INTERVAL_SCORE);
        cr_assert_eq(plain.status, KUNDIG__STATUS_OK);
        near(plain.value, rows[i].s, 1e-6);
        near(plain.se, rows[i].se, 1e-6);
        near(plain.lo, rows[i].lo, 1e-6);
        near(plain.hi, rows[i].hi, 1e-6);
        near(wald.lo, rows[i].wald_lo, 1e-6);
        near(wald.hi, rows[i].wald_hi > 1 ? 1 : rows[i].wald_hi, 1e-6);
        near(score.lo, rows[i].score_lo, 1e-6);
        near(score.hi, rows[i].score_hi, 1e-6);
        cr_assert_str_eq(plain.method, "adjusted Wald");
        cr_assert_str_eq(score.method, "Tango score");
        cr_assert_eq(plain.n_eff, (double)(d + n + p));
    }
}

Test(scores, an_interval_holds_the_value_it_is_of)
{
    kundig__asked asked = cells_asked("nps");
    for (uint64_t d = 0; d < 6; d++) {
        for (uint64_t n = 0; n < 6; n++) {
            for (uint64_t p = d + n ? 0 : 1; p < 6; p++) {
                kundig__cell cell = cells_net(d, n, p);
                for (int percent = 5; percent < 100; percent += 10) {
                    asked.level = percent / 100.0;
                    kundig__estimate e = cells_finish(&cell, &asked);
                    cr_assert(e.lo <= e.value && e.value <= e.hi);
                }
            }
        }
    }
    kundig__estimate one = net(0, 0, 1, KUNDIG_INTERVAL_DEFAULT);
    cr_assert_eq(one.hi, 1);
    near(one.lo, -.484986, 1e-6);
}

Test(scores, small_published_variances_hold)
{
    static const struct {
        int64_t x[3];
        double variance, se;
    } rows[] = {
        {{-1, 0, 1}, 2.0 / 3, .471}, {{1, -1, 1}, 8.0 / 9, .544}, {{0, 1, 1}, 2.0 / 9, .272}};
    kundig__asked asked = cells_asked("nps");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kundig__cell cell = {0};
        kundig__moments moments;
        for (size_t j = 0; j < 3; j++) {
            cells_add(&cell, 1, rows[i].x[j], KUNDIG__WEIGHT_ONE);
        }
        cr_assert(kundig__cell_moments(&cell, &asked, &moments));
        near(moments.variance, rows[i].variance, 1e-14);
        near(cells_finish(&cell, &asked).se, rows[i].se, 1e-3);
    }
    /* one detractor, promoter each: 1 and .707; one passive and one promoter: .25 and .354 */
    near(net(1, 0, 1, 0).se, .707, 1e-3);
    near(net(0, 1, 1, 0).se, .354, 1e-3);
    near(net(1, 1, 1, 0).se, .471, 1e-3);
    near(net(1, 2, 3, 0).value, 1.0 / 3, 1e-15);
    /* 1 to 15 with the steps of another scale: 6 below, 2 between, 7 above */
    kundig__cell other = cells_net(6, 2, 7);
    kundig__moments moments;
    cr_assert(kundig__cell_moments(&other, &asked, &moments));
    near(moments.value, 2.0 / 30, 1e-15);
    near(moments.variance, .8622, 1e-4);
}

Test(scores, the_real_score_is_the_nearest_double)
{
    kundig__estimate e = net(1271, 392, 690, 0);
    cr_assert_eq(e.value, (690.0 - 1271.0) / 2353.0);
}

Test(scores, difference_oracles_hold_to_every_digit)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell a = cells_net(20, 30, 50);
    kundig__cell b = cells_net(10, 20, 70);
    kundig__contrast adjusted = cells_contrast(&a, &b, &asked);
    asked.interval = KUNDIG_INTERVAL_WALD;
    kundig__contrast wald = cells_contrast(&a, &b, &asked);
    near(wald.b - wald.a, .30, 1e-12);
    near(wald.se, .10247, 1e-5);
    near(wald.z, 2.9277, 1e-4);
    near(wald.p, .003415, 1e-6);
    near(wald.lo, .099163, 1e-6);
    near(wald.hi, .500837, 1e-6);
    near((adjusted.lo + adjusted.hi) / 2, .291262, 1e-6);
    near(adjusted.se, .101507, 1e-6);
    near(adjusted.z, 2.869392, 1e-6);
    near(adjusted.p, .004113, 1e-6);
    near(adjusted.b - adjusted.a, .30, 1e-12);
    near(wald.detectable, (1.959963984540054 + 0.8416212335729143) * wald.se, 1e-12);

    kundig__cell c = cells_net(3, 2, 1);
    kundig__cell d = cells_net(1, 2, 3);
    near(cells_contrast(&c, &d, &asked).p, .121335, 1e-6);
    asked.interval = KUNDIG_INTERVAL_DEFAULT;
    near(cells_contrast(&c, &d, &asked).p, .208413, 1e-6);
}

Test(scores, a_difference_turns_its_sign_with_its_sets)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell a = cells_net(20, 30, 50);
    kundig__cell b = cells_net(10, 20, 70);
    kundig__contrast ab = cells_contrast(&a, &b, &asked);
    kundig__contrast ba = cells_contrast(&b, &a, &asked);
    cr_assert_eq(ab.z, -ba.z);
    cr_assert_eq(ab.p, ba.p);
    cr_assert_eq(ab.lo, -ba.hi);
}

Test(scores, shares_have_wilson_intervals)
{
    kundig__asked asked = cells_asked("csat");
    kundig__cell cell = cells_net(0, 20, 80);
    kundig__estimate e = cells_finish(&cell, &asked);
    near(e.value, .8, 1e-15);
    near(e.lo, .711171, 1e-6);
    near(e.hi, .866633, 1e-6);
    cr_assert_str_eq(e.method, "Wilson");
    kundig__cell none = cells_net(0, 10, 0);
    e = cells_finish(&none, &asked);
    cr_assert_eq(e.lo, 0);
    near(e.hi, .277533, 1e-6);
}

Test(scores, customer_effort_is_a_mean_on_its_scale)
{
    static const int64_t answers[] = {7, 7, 6, 5, 4, 3, 7, 6, 2, 5};
    kundig__asked asked = cells_asked("ces");
    kundig__cell cell = {0};
    asked.minimum = 1000;
    asked.maximum = 7000;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        cells_add(&cell, 1, answers[i] * 1000, KUNDIG__WEIGHT_ONE);
    }
    kundig__estimate e = cells_finish(&cell, &asked);
    cr_assert_eq(e.value, 5.2);
    /* sum of squares about the mean is 27.6: s = sqrt(27.6 / 9), t(.975, 9) = 2.2621571628 */
    double se = kundig__sqrt(27.6 / 9 / 10);
    near(e.se, se, 1e-14);
    /* Wilson's interval of .7 in .21 36 / se^2 = 24.652 answers at the ends, with that t */
    near(e.lo, 3.8352271807, 1e-9);
    near(e.hi, 6.1522149957, 1e-9);
    cr_assert_str_eq(e.method, "Student t score");
}

Test(scores, a_mean_near_an_end_leaves_room_for_answers_at_the_other)
{
    kundig__asked asked = cells_asked("csat_mean");
    kundig__cell cell = {0};
    asked.minimum = 1000;
    asked.maximum = 5000;
    cells_add(&cell, 98, 5000, KUNDIG__WEIGHT_ONE);
    cells_add(&cell, 2, 1000, KUNDIG__WEIGHT_ONE);
    kundig__estimate e = cells_finish(&cell, &asked);
    double t = 1.9842169516; /* Student's .975 with 99 degrees of freedom */
    /* value -+ t se is 4.808 to 5.032; 2 of 100 by Wilson with t, n = 99: .0054 to .0705 */
    kundig__interval rare = kundig__wilson(.02, 99, t);
    near(e.value, 4.92, 1e-12);
    near(e.lo, 5 - 4 * rare.hi, 1e-9);
    near(e.hi, 5 - 4 * rare.lo, 1e-9);
    cr_assert(e.hi < 5 && e.value - e.lo > e.hi - e.value);
}

Test(scores, one_loud_customer_widens_the_interval)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = cells_net(20, 30, 40);
    int64_t loud[30];
    for (size_t i = 0; i < 30; i++) {
        loud[i] = 1;
    }
    cells_customer(&cell, &asked, loud, 30);
    kundig__moments m;
    cr_assert(kundig__cell_moments(&cell, &asked, &m));
    near(m.voices, 120.0 * 120 / (30 * 30 + 90), 1e-9);
    kundig__estimate e = cells_finish(&cell, &asked);
    double n = kundig__design_n(&m, true, m.clusters);
    kundig__adjusted adjusted = kundig__net_adjust(m.value, m.variance, n);
    /* Student's .975 with 16.5454 degrees of freedom: three answers are added */
    near(e.hi - e.lo,
         2 * kundig__student_quantile(.975, m.voices + 2) * kundig__sqrt(adjusted.variance), 1e-9);
}

Test(scores, equal_answers_never_look_certain)
{
    kundig__asked asked = cells_asked("ces");
    kundig__cell cell = {0};
    asked.minimum = 1000;
    asked.maximum = 7000;
    cells_add(&cell, 1, 6000, KUNDIG__WEIGHT_ONE);
    kundig__estimate one = cells_finish(&cell, &asked);
    cr_assert_eq(one.value, 6);
    near(one.lo, 6 - .95 * 5, 1e-12);
    near(one.hi, 6.95, 1e-12);
    cr_assert(!kundig__is_finite(one.se));
    cells_add(&cell, 9, 6000, KUNDIG__WEIGHT_ONE);
    kundig__estimate ten = cells_finish(&cell, &asked);
    /* an answer seen never in ten: at most 1 - .05^(1/10) */
    near(ten.lo, 6 - 5 * .2588655508, 1e-9);
    near(ten.hi, 6 + .2588655508, 1e-9);
    cr_assert_eq(ten.se, 0);
}

Test(scores, means_far_from_zero_keep_their_digits)
{
    kundig__asked asked = cells_asked("score_mean");
    kundig__cell cell = {0};
    kundig__moments moments;
    asked.minimum = 0;
    asked.maximum = 1000000000;
    for (int i = 0; i < 1000; i++) {
        cells_add(&cell, 1, 999999000 + (i & 1), 3 * KUNDIG__WEIGHT_ONE);
        cells_add(&cell, 1, 999999000 + (i & 1), KUNDIG__WEIGHT_ONE / 3);
    }
    cr_assert(kundig__cell_moments(&cell, &asked, &moments));
    near(moments.variance, .25e-6, 1e-16);
}

Test(scores, weights_follow_the_documented_formulas)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = {0};
    cells_add(&cell, 3, 1, 2 * KUNDIG__WEIGHT_ONE);
    cells_add(&cell, 4, -1, KUNDIG__WEIGHT_ONE / 2);
    cells_add(&cell, 1, 0, KUNDIG__WEIGHT_ONE);
    kundig__estimate e = cells_finish(&cell, &asked);
    double w = 3 * 2 + 4 * .5 + 1;
    double s = (3 * 2 - 4 * .5) / w;
    double q = 3 * 4 * (1 - s) * (1 - s) + 4 * .25 * (1 + s) * (1 + s) + s * s;
    near(e.value, s, 1e-15);
    near(e.se, kundig__sqrt(q) / w, 1e-15);
    near(e.n_eff, w * w / (3 * 4 + 4 * .25 + 1), 1e-13);
    cr_assert(e.weighted);
    cr_assert(!e.clustered);
    /* weights that are all the same change nothing but the word */
    kundig__cell doubled = {0};
    cells_add(&doubled, 10, -1, 2 * KUNDIG__WEIGHT_ONE);
    cells_add(&doubled, 20, 0, 2 * KUNDIG__WEIGHT_ONE);
    cells_add(&doubled, 70, 1, 2 * KUNDIG__WEIGHT_ONE);
    e = cells_finish(&doubled, &asked);
    near(e.lo, .452698, 1e-6);
    near(e.hi, .712351, 1e-6);
    near(e.n_eff, 100, 1e-11);
}

Test(scores, no_weights_make_more_answers_than_there_are)
{
    kundig__asked asked = cells_asked("nps");
    for (int64_t w = 1; w <= KUNDIG__WEIGHT_ONE << 20; w = w * 3 + 1) {
        for (uint64_t n = 1; n < 50; n += 6) {
            kundig__cell cell = {0};
            cells_add(&cell, n, 1, w);
            double n_eff = cells_finish(&cell, &asked).n_eff;
            cr_assert(n_eff <= (double)n && n_eff > (double)n * (1 - 1e-15), "%.17g", n_eff);
        }
    }
    /* sums that no weights give, as a forged state may hold */
    kundig__cell cell = cells_net(0, 0, 4);
    cell.ww -= 1000;
    cr_assert_eq(cells_finish(&cell, &asked).n_eff, 4);
}

Test(scores, one_heavy_record_is_one_answer)
{
    /* a promoter who weighs a million, beside a hundred detractors who weigh one each */
    static const char *const metrics[] = {"nps", "csat"};
    for (size_t i = 0; i < 2; i++) {
        kundig__asked asked = cells_asked(metrics[i]);
        kundig__cell cell = {0};
        kundig__cell alone = {0};
        cells_add(&cell, 1, 1, KUNDIG__WEIGHT_ONE << 20);
        cells_add(&cell, 100, i ? 0 : -1, KUNDIG__WEIGHT_ONE);
        cells_add(&alone, 1, 1, KUNDIG__WEIGHT_ONE);
        kundig__estimate e = cells_finish(&cell, &asked);
        kundig__estimate one = cells_finish(&alone, &asked);
        near(e.lo, one.lo, 1e-3);
        near(e.hi, one.hi, 1e-3);
        /* and as one of two sets: nothing can be told from it */
        kundig__contrast contrast = cells_contrast(&cell, &alone, &asked);
        cr_assert(contrast.p > .5);
    }
}

Test(scores, weights_cost_what_they_cost_when_the_added_answers_are_weighted_too)
{
    /* two promoters of weight 3, a detractor of weight 1, one passive of weight 1: by hand */
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = {0};
    cells_add(&cell, 2, 1, 3 * KUNDIG__WEIGHT_ONE);
    cells_add(&cell, 1, -1, KUNDIG__WEIGHT_ONE);
    cells_add(&cell, 1, 0, KUNDIG__WEIGHT_ONE);
    const double w[] = {3, 3, 1, 1, 2.5 * .75, 2.5 * .75, 2.5 * 1.5};
    const double x[] = {1, 1, -1, 0, 1, -1, 0};
    const double count[] = {1, 1, 1, 1, .75, .75, 1.5}; /* the last three as parts of a record */
    double sum = 0;
    double value = 0;
    double second = 0;
    double spread = 0;
    for (size_t i = 0; i < 7; i++) {
        sum += w[i];
        value += w[i] * x[i];
    }
    value /= sum;
    for (size_t i = 0; i < 7; i++) {
        double d = x[i] - value;
        second += w[i] * d * d / sum;
        spread += w[i] * w[i] / count[i] * d * d / sum / sum;
    }
    double n = second / spread - 3;
    double s = 5.0 / 8;
    kundig__adjusted adjusted = kundig__net_adjust(s, 7.0 / 8 - s * s, n);
    kundig__estimate e = cells_finish(&cell, &asked);
    double half = kundig__normal_quantile(.975) * kundig__sqrt(adjusted.variance);
    near(e.lo, adjusted.value - half, 1e-12);
    near(e.hi, adjusted.value + half > 1 ? 1 : adjusted.value + half, 1e-12);
}

Test(scores, repeated_customers_cluster_the_variance)
{
    static const int64_t c1[] = {1, 1, 1};
    static const int64_t c2[] = {-1, -1};
    static const int64_t c3[] = {1, 0};
    static const int64_t c4[] = {0};
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = {0};
    cells_customer(&cell, &asked, c1, 3);
    cells_customer(&cell, &asked, c2, 2);
    cells_customer(&cell, &asked, c3, 2);
    cells_customer(&cell, &asked, c4, 1);
    cells_add(&cell, 1, 1, KUNDIG__WEIGHT_ONE);
    kundig__estimate e = cells_finish(&cell, &asked);
    double s = 3.0 / 9;
    double residuals[] = {3 - 3 * s, -2 - 2 * s, 1 - 2 * s, -s, 1 - s};
    double q = 0;
    for (size_t i = 0; i < 5; i++) {
        q += residuals[i] * residuals[i];
    }
    double variance = 5.0 / 4 * q / 81;
    near(e.value, s, 1e-15);
    near(e.se, kundig__sqrt(variance), 1e-15);
    near(e.n_eff, (7.0 / 9 - s * s) / variance, 1e-12);
    cr_assert(e.clustered);
    cr_assert(e.lo < s && s < e.hi);
}

Test(scores, no_edge_gives_an_interval_of_width_zero)
{
    static const char *const metrics[] = {"nps", "csat", "score_mean"};
    static const int64_t up[] = {1, 1, 1, 1};
    static const int64_t even[] = {1, 0, 1, 0};
    for (size_t i = 0; i < 3; i++) {
        kundig__asked asked = cells_asked(metrics[i]);
        for (int shape = 0; shape < 4; shape++) {
            for (int interval = 0; interval <= KUNDIG_INTERVAL_SCORE; interval += 2) {
                kundig__cell cell = {0};
                asked.interval = interval;
                for (int customer = 0; customer <= (shape & 1) * 3; customer++) {
                    cells_customer(&cell, &asked, shape & 2 ? even : up, 4);
                }
                kundig__estimate e = cells_finish(&cell, &asked);
                cr_assert_eq(e.status, KUNDIG__STATUS_OK);
                if (i < 2 || !(shape & 2) || !(shape & 1)) {
                    cr_assert(e.hi - e.lo > 1e-6, "%s %d %d: [%g, %g]", metrics[i], shape, interval,
                              e.lo, e.hi);
                }
                cr_assert(e.n_eff <= 16);
            }
        }
    }
}

Test(scores, a_customer_in_both_sets_is_counted_as_one)
{
    /* five customers answer before and after: by hand, with influences */
    static const int64_t before[] = {-1, 0, 1, -1, 0};
    static const int64_t after[] = {0, 1, 1, 0, 1};
    kundig__asked asked = cells_asked("nps");
    kundig__cell a = {0};
    kundig__cell b = {0};
    kundig__cross cross = {0};
    kundig__contrast out;
    double sa = -.2;
    double sb = .6;
    double q = 0;
    for (size_t i = 0; i < 5; i++) {
        cells_customer(&a, &asked, &before[i], 1);
        cells_customer(&b, &asked, &after[i], 1);
        kundig__i128 w = KUNDIG__WEIGHT_ONE;
        cross.customers++;
        cross.xx += before[i] * w * after[i] * w;
        cross.xw += before[i] * w * w;
        cross.wx += after[i] * w * w;
        cross.ww += w * w;
        double influence = ((double)after[i] - sb) / 5 - ((double)before[i] - sa) / 5;
        q += influence * influence;
    }
    asked.interval = KUNDIG_INTERVAL_WALD;
    kundig__cells_contrast(&a, &b, &cross, &asked, &out);
    near(out.se, kundig__sqrt(5.0 / 4 * q), 1e-14);
    cr_assert(out.clustered);
    asked.interval = KUNDIG_INTERVAL_DEFAULT;
    kundig__contrast paired;
    kundig__cells_contrast(&a, &b, &cross, &asked, &paired);
    cr_assert(paired.se > 0 && paired.se < cells_contrast(&a, &b, &asked).se);
}

Test(scores, means_are_compared_by_welch)
{
    /* a: 1 2 3 4, b: 3 5 7: var 5/3 and 4, t and df by hand */
    kundig__asked asked = cells_asked("score_mean");
    kundig__cell a = {0};
    kundig__cell b = {0};
    for (int64_t i = 1; i <= 4; i++) {
        cells_add(&a, 1, i * 1000, KUNDIG__WEIGHT_ONE);
    }
    for (int64_t i = 3; i <= 7; i += 2) {
        cells_add(&b, 1, i * 1000, KUNDIG__WEIGHT_ONE);
    }
    kundig__contrast e = cells_contrast(&a, &b, &asked);
    double va = 5.0 / 12;
    double vb = 4.0 / 3;
    near(e.se, kundig__sqrt(va + vb), 1e-14);
    near(e.z, 2.5 / kundig__sqrt(va + vb), 1e-13);
    near(e.p, .1484713470268897, 1e-12);
    cr_assert_str_eq(e.method, "Welch t");
}

Test(scores, customers_count_once_when_they_are_the_unit)
{
    static const int64_t c1[] = {1, 1, 1, -1};
    static const int64_t c2[] = {-1};
    static const int64_t c3[] = {1, 0, 0};
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = {0};
    asked.unit = KUNDIG_OF_CUSTOMERS;
    cells_customer(&cell, &asked, c1, 4);
    cells_customer(&cell, &asked, c2, 1);
    cells_customer(&cell, &asked, c3, 3);
    cells_add(&cell, 2, 1, KUNDIG__WEIGHT_ONE); /* left out */
    kundig__estimate e = cells_finish(&cell, &asked);
    double m[] = {.5, -1, 1.0 / 3};
    double s = (m[0] + m[1] + m[2]) / 3;
    double v = ((m[0] - s) * (m[0] - s) + (m[1] - s) * (m[1] - s) + (m[2] - s) * (m[2] - s)) / 3;
    near(e.value, s, 1e-11);
    near(e.se, kundig__sqrt(v / 3), 1e-11);
    cr_assert_eq(e.n_eff, 3);
    cr_assert(!e.clustered && !e.weighted);
}

Test(scores, no_data_and_too_few_are_statuses)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell none = {0};
    kundig__cell some = cells_net(1, 1, 1);
    cr_assert_eq(cells_finish(&none, &asked).status, KUNDIG__STATUS_NO_DATA);
    asked.min_n = 4;
    cr_assert_eq(cells_finish(&none, &asked).status, KUNDIG__STATUS_NO_DATA);
    cr_assert_eq(cells_finish(&some, &asked).status, KUNDIG__STATUS_TOO_FEW);
    cr_assert_eq(cells_contrast(&some, &some, &asked).status, KUNDIG__STATUS_TOO_FEW);
    cr_assert_eq(cells_contrast(&none, &some, &asked).status, KUNDIG__STATUS_NO_DATA);
    asked.min_n = 3;
    cr_assert_eq(cells_finish(&some, &asked).status, KUNDIG__STATUS_OK);
    asked = cells_asked("count");
    cr_assert_eq(cells_finish(&none, &asked).status, KUNDIG__STATUS_OK);
    asked.min_n = 1;
    cr_assert_eq(cells_finish(&none, &asked).status, KUNDIG__STATUS_TOO_FEW);
}

Test(scores, levels_widen_intervals)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = cells_net(10, 20, 70);
    kundig__estimate usual = cells_finish(&cell, &asked);
    asked.level = .99;
    kundig__estimate wide = cells_finish(&cell, &asked);
    near((wide.hi - wide.lo) / (usual.hi - usual.lo), 2.5758293035 / 1.9599639845, 1e-9);
}
