#include "brute.h"
#include "why/regression.h"

TestSuite(regression, .fini = probe_fini);

/* Every topic of the made-up surveys, so that numbers are the model's. */
#define REGRESSION_TAXONOMY                                                                        \
    "theme all: All\ntopic app: App\nany: app\ntopic delay: D\nany: delay\ntopic invoice: I\n"     \
    "any: invoice\ntopic price: P\nany: price\ntopic staff: S\nany: staff\n"

typedef struct regressed {
    fixture f;
    kundig_query *query;
    kundig__asked asked;
    const kundig__question *question;
    kundig__score_parts parts;
    kundig__mentions mentions;
} regressed;

static int regression_try(regressed *r)
{
    static const uint32_t all[1] = {KUNDIG__NO_NODE};
    int rc = kundig__score_parts_keep(r->f.corpus, r->query, &r->asked, r->question, all, 1,
                                      &r->parts, &r->f.err);
    rc =
        rc ? rc : kundig__mentions_new(r->f.corpus, &r->parts, false, .95, &r->mentions, &r->f.err);
    return rc;
}

static void regression_open(regressed *r, const spoken *s, const char *metric, int unit,
                            size_t step)
{
    memset(r, 0, sizeof *r);
    fixture_open(&r->f);
    for (size_t first = step; first-- > 0;) {
        cr_assert_eq(survey_add(&r->f, &s->survey, first, s->survey.count, step), KUNDIG_OK);
    }
    spoken_choose_model(&r->f, REGRESSION_TAXONOMY);
    spoken_plant(&r->f, s, 0xFF);
    saying_feel(&r->f);
    r->query = spoken_query(metric, "topic", NULL, NULL);
    r->query->unit = unit;
    cr_assert_eq(kundig__ask(r->f.corpus, r->query, &r->asked, &r->question, &r->f.err), KUNDIG_OK);
}

static void regression_close(regressed *r)
{
    kundig__mentions_free(&r->mentions);
    kundig__score_parts_drop(&r->parts);
    kundig__score_parts_free(&r->parts);
    kundig_query_free(r->query);
    fixture_close(&r->f);
}

/* ---- The slow way ---- */

enum { SLOW_COLUMNS = 2 * SAYING_TOPICS + 1 };

typedef struct slow_fit {
    double effects[SLOW_COLUMNS];
    double se[SLOW_COLUMNS];
    double often[SLOW_COLUMNS];
} slow_fit;

static bool slow_mentions(const spoken *s, size_t i, uint32_t side)
{
    uint32_t topic = side / 2;
    int mood = saying_side(saying_mood(i, topic));
    return s->sets[i] >> topic & 1 &&
           (mood == KUNDIG_SENTIMENT_MIXED ||
            mood == (side & 1 ? KUNDIG_SENTIMENT_NEGATIVE : KUNDIG_SENTIMENT_POSITIVE));
}

/* Gauss and Jordan, pivots from the diagonal. */
static void slow_invert(double m[SLOW_COLUMNS][SLOW_COLUMNS], size_t n,
                        double out[SLOW_COLUMNS][SLOW_COLUMNS])
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            out[i][j] = i == j;
        }
    }
    for (size_t k = 0; k < n; k++) {
        double pivot = m[k][k];
        for (size_t j = 0; j < n; j++) {
            m[k][j] /= pivot;
            out[k][j] /= pivot;
        }
        for (size_t i = 0; i < n; i++) {
            double times = m[i][k];
            for (size_t j = 0; i != k && j < n; j++) {
                m[i][j] -= times * m[k][j];
                out[i][j] -= times * out[k][j];
            }
        }
    }
}

static void slow_regression(const spoken *s, bool nps, bool weighted, bool votes,
                            const kundig__mentions *asked, slow_fit *fit)
{
    static double heavy[BRUTE_PERSONS];
    static double scores[BRUTE_PERSONS][SLOW_COLUMNS];
    static bool seen[BRUTE_PERSONS];
    double gram[SLOW_COLUMNS][SLOW_COLUMNS] = {{0}};
    double inverse[SLOW_COLUMNS][SLOW_COLUMNS];
    double right[SLOW_COLUMNS] = {0};
    uint32_t sides[SLOW_COLUMNS];
    size_t n = 1;
    double items = 0;
    double persons = 0;
    memset(heavy, 0, sizeof heavy);
    memset(scores, 0, sizeof scores);
    memset(seen, 0, sizeof seen);
    for (uint32_t side = 0; side < 2 * asked->count; side++) {
        if (asked->sides[side].status == KUNDIG__MENTION_TOLD) {
            sides[n++] = side;
        }
    }
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i < s->survey.count; i++) {
            const survey_answer *answer = &s->survey.answers[i];
            size_t person = brute_person(answer, i);
            double w = weighted ? answer->record.weight : 1;
            double z[SLOW_COLUMNS] = {1};
            double x;
            if (!brute_answer(answer, nps, &x) || (votes && !answer->record.customer.data)) {
                continue;
            }
            if (pass == 0) {
                heavy[person] += w;
                continue;
            }
            w = votes ? w / heavy[person] : w;
            for (size_t j = 1; j < n; j++) {
                z[j] = slow_mentions(s, i, sides[j]);
            }
            double rest = x;
            for (size_t j = 0; j < n; j++) {
                rest -= pass == 2 ? z[j] * fit->effects[j] : 0;
            }
            for (size_t j = 0; j < n; j++) {
                for (size_t k = 0; pass == 1 && k < n; k++) {
                    gram[j][k] += w * z[j] * z[k];
                }
                right[j] += pass == 1 ? w * z[j] * x : 0;
                scores[person][j] += pass == 2 ? w * z[j] * rest : 0;
            }
            items += pass == 1;
            persons += !seen[person];
            seen[person] = true;
        }
        if (pass == 1) {
            for (size_t j = 0; j < n; j++) {
                fit->often[j] = gram[0][j] / gram[0][0];
            }
            slow_invert(gram, n, inverse);
            for (size_t j = 0; j < n; j++) {
                fit->effects[j] = 0;
                for (size_t k = 0; k < n; k++) {
                    fit->effects[j] += inverse[j][k] * right[k];
                }
            }
        }
    }
    items = votes ? persons : items;
    for (size_t j = 1; j < n; j++) {
        double own = (double)asked->sides[sides[j]].persons;
        double sum = 0;
        for (size_t p = 0; p < BRUTE_PERSONS; p++) {
            double moved = 0;
            for (size_t k = 0; k < n; k++) {
                moved += inverse[j][k] * scores[p][k];
            }
            sum += moved * moved;
        }
        fit->se[j] = kundig__sqrt(sum * persons / (persons - 1) * (items - 1) /
                                  (items - (double)n) * own / (own - 1));
    }
}

Test(regression, is_least_squares_with_a_sandwich_of_persons)
{
    static spoken s;
    for (unsigned kind = 0; kind < 8; kind++) {
        regressed r;
        slow_fit fit;
        bool nps = kind & 1;
        bool weighted = kind & 2;
        bool votes = kind & 4;
        size_t column = 1;
        spoken_make(&s, 500, SURVEY_CUSTOMERS | weighted * SURVEY_WEIGHTS, kind + 40);
        regression_open(&r, &s, nps ? "nps" : "csat_mean",
                        votes ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS, 1);
        cr_assert_eq(regression_try(&r), KUNDIG_OK, "%s", r.f.err.message);
        cr_assert_eq(r.mentions.count, SAYING_TOPICS);
        slow_regression(&s, nps, weighted, votes, &r.mentions, &fit);
        for (uint32_t side = 0; side < 2 * SAYING_TOPICS; side++) {
            const kundig__mention *mention = &r.mentions.sides[side];
            if (side / 2 == SAYING_TOPICS - 1) {
                cr_assert_eq(mention->status, KUNDIG__MENTION_RARE, "nobody speaks of it");
                cr_assert(mention->value != mention->value && mention->n == 0);
                continue;
            }
            cr_assert_eq(mention->status, KUNDIG__MENTION_TOLD);
            double t = kundig__student_quantile(.975, (double)mention->persons - 1);
            cr_assert_float_eq(mention->value, fit.effects[column], 1e-9);
            cr_assert_float_eq(mention->often, fit.often[column], 1e-9);
            cr_assert_float_eq(mention->hi - mention->value, t * fit.se[column], 1e-7, "%g %g",
                               (mention->hi - mention->value) / t, fit.se[column]);
            cr_assert_float_eq(mention->value - mention->lo, t * fit.se[column], 1e-7);
            column++;
        }
        regression_close(&r);
    }
}

Test(regression, the_order_of_arrival_does_not_show)
{
    static spoken s;
    for (unsigned kind = 0; kind < 4; kind++) {
        regressed a;
        regressed b;
        spoken_make(&s, 400, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, kind + 70);
        regression_open(&a, &s, kind & 1 ? "nps" : "csat_mean",
                        kind & 2 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS, 1);
        regression_open(&b, &s, kind & 1 ? "nps" : "csat_mean",
                        kind & 2 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS, 13);
        cr_assert_eq(regression_try(&a), KUNDIG_OK);
        cr_assert_eq(regression_try(&b), KUNDIG_OK);
        for (uint32_t side = 0; side < 2 * SAYING_TOPICS; side++) {
            const kundig__mention *one = &a.mentions.sides[side];
            const kundig__mention *other = &b.mentions.sides[side];
            cr_assert(one->status == other->status && one->n == other->n);
            cr_assert_eq(memcmp(&one->value, &other->value, 4 * sizeof one->value), 0);
        }
        regression_close(&a);
        regression_close(&b);
    }
}

Test(regression, a_topic_that_others_tell_is_dropped_and_a_rare_one_is_not_asked)
{
    static spoken s;
    regressed r;
    spoken_make(&s, 300, 0, 2);
    size_t rare = 0;
    for (size_t i = 0; i < s.survey.count; i++) {
        uint8_t set = s.sets[i] & 1;
        /* delay is praised where app is, and blamed where app is; price by four alone */
        if (set && saying_side(saying_mood(i, 0)) == saying_side(saying_mood(i, 1))) {
            set |= 2;
        } else {
            set = 0;
        }
        set |= s.sets[i] & 8 && rare++ < 4 ? 8 : 0;
        s.sets[i] = set;
    }
    regression_open(&r, &s, "nps", KUNDIG_OF_RECORDS, 1);
    cr_assert_eq(regression_try(&r), KUNDIG_OK);
    const kundig__mention *sides = r.mentions.sides;
    cr_assert(sides[0].status == KUNDIG__MENTION_TOLD && sides[1].status == KUNDIG__MENTION_TOLD);
    cr_assert_eq(sides[2].status, KUNDIG__MENTION_COLLINEAR);
    cr_assert_eq(sides[3].status, KUNDIG__MENTION_COLLINEAR);
    cr_assert(sides[2].n == sides[0].n && sides[2].value != sides[2].value);
    cr_assert_eq(sides[6].status, KUNDIG__MENTION_RARE);
    cr_assert_eq(sides[7].status, KUNDIG__MENTION_RARE);
    cr_assert_lt(sides[6].n + sides[7].n, 9);
    regression_close(&r);
}

static int regression_fail(size_t fail_at, bool fail_on)
{
    static spoken s;
    regressed r;
    spoken_make(&s, 100, SURVEY_CUSTOMERS, 2);
    regression_open(&r, &s, "nps", KUNDIG_OF_RECORDS, 1);
    survey_warm(&r.f);
    probe_shared.allocations = 0;
    probe_shared.fail_at = fail_at;
    probe_shared.fail_on = fail_on;
    int rc = regression_try(&r);
    probe_shared.fail_at = 0;
    probe_shared.fail_on = false;
    regression_close(&r);
    return rc;
}

Test(regression, fails_cleanly_wherever_memory_ends)
{
    for (int on = 0; on < 2; on++) {
        size_t fail_at = 1;
        int rc;
        while ((rc = regression_fail(fail_at, on)) != KUNDIG_OK) {
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
            fail_at++;
        }
        cr_assert_gt(fail_at, 25);
    }
}
