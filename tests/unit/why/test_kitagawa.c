/* Mix and rate: sums that hold, intervals that cover. */
#include "base/math.h"
#include "base/prng.h"
#include "moved.h"

TestSuite(kitagawa, .fini = probe_fini);

#define MOVES_CHANNELS 4
#define MOVES_TYPES    3

static const char *const moves_channels[MOVES_CHANNELS] = {"app", "branch", "mail", "phone"};

/* A population of customers of three types, who come back in both sets: how many records each has,
 * where, and how they score there. */
typedef struct moves_population {
    double types[MOVES_TYPES];                       /* shares */
    int records[MOVES_TYPES][2];                     /* of a customer in a set */
    double channels[MOVES_TYPES][2][MOVES_CHANNELS]; /* shares */
    double promoters[MOVES_TYPES][2][MOVES_CHANNELS];
    double detractors[MOVES_TYPES][2][MOVES_CHANNELS];
} moves_population;

static const moves_population moves_made = {{.5, .3, .2},
                                            {{1, 1}, {2, 1}, {3, 5}},
                                            {{{.4, .3, .2, .1}, {.3, .3, .2, .2}},
                                             {{.1, .2, .3, .4}, {.1, .1, .2, .6}},
                                             {{.25, .25, .25, .25}, {.3, .4, .2, .1}}},
                                            {{{.5, .4, .4, .3}, {.5, .4, .5, .2}},
                                             {{.3, .3, .2, .2}, {.3, .4, .2, .1}},
                                             {{.7, .7, .6, .8}, {.6, .6, .6, .8}}},
                                            {{{.2, .3, .2, .4}, {.2, .3, .2, .5}},
                                             {{.4, .4, .4, .6}, {.4, .3, .4, .7}},
                                             {{.1, .1, .2, .1}, {.2, .2, .2, .1}}}};

typedef struct moves_truth {
    double contributions[MOVES_CHANNELS];
    double mix, rate;
} moves_truth;

static moves_truth moves_true(const moves_population *p)
{
    double w[2][MOVES_CHANNELS] = {{0}};
    double u[2][MOVES_CHANNELS] = {{0}};
    double S[2] = {0, 0};
    moves_truth truth = {.mix = 0};
    for (int set = 0; set < 2; set++) {
        double all = 0;
        for (int type = 0; type < MOVES_TYPES; type++) {
            all += p->types[type] * p->records[type][set];
        }
        for (int type = 0; type < MOVES_TYPES; type++) {
            for (int c = 0; c < MOVES_CHANNELS; c++) {
                double share =
                    p->types[type] * p->records[type][set] / all * p->channels[type][set][c];
                w[set][c] += share;
                u[set][c] += share * (p->promoters[type][set][c] - p->detractors[type][set][c]);
            }
        }
        for (int c = 0; c < MOVES_CHANNELS; c++) {
            S[set] += u[set][c];
        }
    }
    for (int c = 0; c < MOVES_CHANNELS; c++) {
        double r[2] = {u[0][c] / w[0][c], u[1][c] / w[1][c]};
        double middle = (S[0] + S[1]) / 2;
        truth.contributions[c] = u[1][c] - u[0][c] - (w[1][c] - w[0][c]) * middle;
        truth.mix += (w[1][c] - w[0][c]) * (r[0] + r[1]) / 2;
        truth.rate += (r[1] - r[0]) * (w[0][c] + w[1][c]) / 2;
    }
    return truth;
}

static double moves_uniform(kundig__prng *prng)
{
    return (double)kundig__prng_below(prng, UINT64_C(1) << 40) / (double)(UINT64_C(1) << 40);
}

static int moves_choose(kundig__prng *prng, const double *shares, int count)
{
    double at = moves_uniform(prng);
    int chosen = 0;
    while (chosen + 1 < count && at >= shares[chosen]) {
        at -= shares[chosen++];
    }
    return chosen;
}

static void moves_sample(moved *m, const moves_population *p, int customers, kundig__prng *prng)
{
    for (int i = 0; i < customers; i++) {
        char name[16];
        int type = moves_choose(prng, p->types, MOVES_TYPES);
        snprintf(name, sizeof name, "c%d", i);
        for (int set = 0; set < 2; set++) {
            for (int record = 0; record < p->records[type][set]; record++) {
                int c = moves_choose(prng, p->channels[type][set], MOVES_CHANNELS);
                double at = moves_uniform(prng);
                double up = p->promoters[type][set][c];
                bool low = at >= up && at < up + p->detractors[type][set][c];
                moved_add(m, &(moved_record){.segment = set ? "late" : "early",
                                             .channel = moves_channels[c],
                                             .customer = name,
                                             .nps = at < up ? 10
                                                    : low   ? 2
                                                            : 8});
            }
        }
    }
}

typedef struct moves_answer {
    kundig__score_parts parts;
    kundig__kitagawa moves;
} moves_answer;

static int moves_ask(moved *m, const char *by, int32_t unit, moves_answer *answer)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    kundig_query *own = NULL;
    kundig__asked asked;
    const kundig__question *question = NULL;
    uint32_t nodes[2] = {0, 0};
    memset(answer, 0, sizeof *answer);
    int rc = kundig_query_new(&allocator, &query);
    rc = rc ? rc : kundig_query_parse(query, "segment = early", 15, &nodes[0], &m->f.err);
    rc = rc ? rc : kundig_query_parse(query, "segment = late", 14, &nodes[1], &m->f.err);
    rc = rc ? rc : kundig_query_set_unit(query, unit, &m->f.err);
    rc = rc ? rc : kundig__why_ask(m->f.corpus, query, by, &own, &asked, &question, &m->f.err);
    rc = rc ? rc
            : kundig__score_parts_keep(m->f.corpus, own, &asked, question, nodes, 2, &answer->parts,
                                       &m->f.err);
    rc = rc ? rc : kundig__kitagawa_new(&answer->parts, .95, &answer->moves, &m->f.err);
    kundig_query_free(own);
    kundig_query_free(query);
    return rc;
}

static void moves_end(moves_answer *answer)
{
    kundig__kitagawa_free(&answer->moves);
    kundig__score_parts_free(&answer->parts);
}

static void moves_check_sums(const moves_answer *answer)
{
    const kundig__split *split = &answer->moves.split;
    double sum = 0;
    double shares[2] = {0, 0};
    for (uint32_t i = 0; i < answer->moves.count; i++) {
        const kundig__cause *cause = &answer->moves.causes[i];
        sum += cause->contribution;
        shares[0] += cause->shares[0];
        shares[1] += cause->shares[1];
        cr_assert_float_eq(cause->mix + cause->rate, cause->contribution, 1e-13);
    }
    cr_assert_float_eq(sum, split->change, 1e-13);
    cr_assert_float_eq(shares[0], 1, 1e-13);
    cr_assert_float_eq(shares[1], 1, 1e-13);
    cr_assert_float_eq(split->mix + split->rate, split->change, 1e-13);
    cr_assert_float_eq(split->mix_before + split->rate_before + split->interaction, split->change,
                       1e-13);
}

Test(kitagawa, intervals_cover_where_customers_come_back_in_both_sets, .timeout = 300)
{
    enum { ESTIMATES = MOVES_CHANNELS + 2 };
    moves_truth truth = moves_true(&moves_made);
    double targets[ESTIMATES];
    int covered[ESTIMATES] = {0};
    int rounds = probe_full() ? 2000 : 400;
    memcpy(targets, truth.contributions, sizeof truth.contributions);
    targets[MOVES_CHANNELS] = truth.mix;
    targets[MOVES_CHANNELS + 1] = truth.rate;
    for (int round = 0; round < rounds; round++) {
        moved m;
        moves_answer answer;
        kundig__prng prng;
        kundig__prng_init(&prng, (uint64_t)(7000 + round));
        moved_open(&m);
        moves_sample(&m, &moves_made, 120, &prng);
        cr_assert_eq(moves_ask(&m, "channel", KUNDIG_OF_RECORDS, &answer), KUNDIG_OK, "%s",
                     m.f.err.message);
        cr_assert_eq(answer.moves.count, MOVES_CHANNELS);
        moves_check_sums(&answer);
        for (int i = 0; i < ESTIMATES; i++) {
            const kundig__split *split = &answer.moves.split;
            const kundig__cause *cause = &answer.moves.causes[i % MOVES_CHANNELS];
            double lo = i < MOVES_CHANNELS    ? cause->lo
                        : i == MOVES_CHANNELS ? split->mix_lo
                                              : split->rate_lo;
            double hi = i < MOVES_CHANNELS    ? cause->hi
                        : i == MOVES_CHANNELS ? split->mix_hi
                                              : split->rate_hi;
            covered[i] += lo <= targets[i] && targets[i] <= hi;
        }
        moves_end(&answer);
        moved_close(&m);
    }
    double beyond = 4 * kundig__sqrt(.95 * .05 / rounds);
    for (int i = 0; i < ESTIMATES; i++) {
        double share = (double)covered[i] / rounds;
        /* that of mix is wide where parts score much alike: how they differ is known badly */
        double most = i == MOVES_CHANNELS ? .98 : .95;
        cr_assert(share > .95 - beyond && share < most + beyond, "estimate %d: %f", i, share);
    }
}

Test(kitagawa, a_part_that_one_set_lacks_is_all_mix)
{
    moved m;
    moves_answer answer;
    moved_open(&m);
    for (int i = 0; i < 40; i++) {
        moved_add(&m, &(moved_record){.segment = "early", .channel = "mail", .nps = i % 4 ? 9 : 3});
        moved_add(&m, &(moved_record){.segment = "early", .channel = "fax", .nps = i % 3 ? 9 : 3});
        moved_add(&m, &(moved_record){.segment = "late", .channel = "mail", .nps = i % 4 ? 9 : 3});
        moved_add(&m, &(moved_record){.segment = "late", .channel = "app", .nps = i % 2 ? 9 : 3});
    }
    cr_assert_eq(moves_ask(&m, "channel", KUNDIG_OF_RECORDS, &answer), KUNDIG_OK);
    moves_check_sums(&answer);
    const kundig__cause *causes = answer.moves.causes; /* app, fax, mail */
    cr_assert_eq(causes[0].rate, 0);
    cr_assert_eq(causes[1].rate, 0);
    cr_assert_float_eq(causes[2].rate, 0, 1e-15);
    cr_assert(!kundig__is_finite(causes[0].scores[0]) && !kundig__is_finite(causes[1].scores[1]));
    double middle = (.4 + .25) / 2; /* of (.5 + .3) / 2 and (.5 + 0) / 2 */
    cr_assert_float_eq(causes[0].contribution, .5 * (0 - middle), 1e-13);
    moves_end(&answer);
    moved_close(&m);
}

Test(kitagawa, topics_of_one_record_share_it_and_customers_may_count_once)
{
    moves_answer answer;
    moved m;
    moved_open(&m);
    said_model(&m.f, SAID_TAXONOMY);
    for (int i = 0; i < 60; i++) {
        char name[8];
        snprintf(name, sizeof name, "c%d", i % 17);
        moved_add(&m, &(moved_record){.segment = i % 2 ? "early" : "late",
                                      .customer = name,
                                      .text = i % 3 ? "The box was late and broken" : "Rude people",
                                      .nps = 1 + i % 7 + i % 4});
    }
    for (int32_t unit = KUNDIG_OF_RECORDS; unit <= KUNDIG_OF_CUSTOMERS; unit++) {
        cr_assert_eq(moves_ask(&m, "topic", unit, &answer), KUNDIG_OK, "%s", m.f.err.message);
        cr_assert_eq(answer.moves.count, 3);
        moves_check_sums(&answer);
        cr_assert_float_eq(answer.moves.causes[0].contribution, answer.moves.causes[1].contribution,
                           1e-14);
        moves_end(&answer);
    }
    moved_close(&m);
}

Test(kitagawa, one_part_alone_is_the_whole_change_and_all_rate)
{
    moves_answer answer;
    moved m;
    moved_open(&m);
    for (int i = 0; i < 30; i++) {
        moved_add(&m, &(moved_record){.segment = i % 2 ? "early" : "late",
                                      .channel = "mail",
                                      .nps = 1 + i % 10});
    }
    cr_assert_eq(moves_ask(&m, "channel", KUNDIG_OF_RECORDS, &answer), KUNDIG_OK);
    moves_check_sums(&answer);
    cr_assert_eq(answer.moves.count, 1);
    cr_assert_float_eq(answer.moves.split.mix, 0, 1e-15);
    cr_assert_float_eq(answer.moves.split.mix_hi, 0, 1e-7);
    cr_assert_float_eq(answer.moves.causes[0].lo, answer.moves.split.rate_lo, 5e-2);
    moves_end(&answer);
    moved_close(&m);
}

static int64_t moves_sweep(fixture *f, void *ud)
{
    moves_answer answer;
    moved *m = ud;
    (void)f;
    int rc = moves_ask(m, "channel", KUNDIG_OF_RECORDS, &answer);
    moves_end(&answer);
    f->err = m->f.err;
    return rc;
}

Test(kitagawa, failed_allocations_leave_nothing_behind)
{
    moved m;
    kundig__prng prng;
    kundig__prng_init(&prng, 3);
    moved_open(&m);
    moves_sample(&m, &moves_made, 20, &prng);
    fixture_sweep(&m.f, moves_sweep, &m);
    moved_close(&m);
}
