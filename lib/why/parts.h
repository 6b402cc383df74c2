/* The parts of a score: exact sums over the records of one set or two, by the values of one field.
 * For the files of this room.
 *
 * A record with several topics stands in the part of each; one without a value in the missing part.
 * Everything is summed person by person: a person is a customer, or one record that names none, so
 * that what is said of a sum's variance holds for customers who come back.
 *
 *   of each part and set  A = sum w x, B = sum w over records with the value
 *                         a = sum w x U/k, b = sum w U/k, k the values of the record, U = 720,720:
 *                         the additive split; over all parts a sums to U X exactly
 *   of each set           X = sum w x, W = sum w
 *   over persons          products of what one person brings, for variances
 *
 * x is the contribution of an answer (-1, 0, 1 or thousandths), w its weight in 2^-20, or 1 where
 * no record of the corpus has a weight. Sums of disjoint persons add and subtract exactly. */
#ifndef KUNDIG_WHY_PARTS_H
#define KUNDIG_WHY_PARTS_H

#include "metrics/metric.h"

#define KUNDIG__PARTS_SPLIT  720720 /* lcm of 1 to 16 */
#define KUNDIG__PARTS_MOST   16     /* values of a record that are split over */
#define KUNDIG__PARTS_LOCAL  4
#define KUNDIG__PARTS_GLOBAL 4

/* One set: its local quantities are A, B, a, b and its global ones X, W. Two sets: a and b of the
 * first, a and b of the second; X and W of the first, X and W of the second. */
typedef struct kundig__score_part_set {
    uint64_t n; /* records with an answer */
    uint64_t customers;
    uint64_t nameless;
    kundig__i128 A, B, a, b;
} kundig__score_part_set;

typedef struct kundig__score_part {
    kundig__score_part_set sets[2];
    /* Over persons who stand in the part, in 2^scale of the quantities. */
    kundig__i128 ll[KUNDIG__PARTS_LOCAL * (KUNDIG__PARTS_LOCAL + 1) / 2]; /* i <= j, row by row */
    kundig__i128 lg[KUNDIG__PARTS_LOCAL][KUNDIG__PARTS_GLOBAL];
} kundig__score_part;

typedef struct kundig__score_parts {
    kundig__mem *mem;
    uint32_t sets; /* 1 or 2 */
    bool of_topics;
    size_t key_count; /* 1 */
    kundig__score_part *parts;
    uint32_t count;
    kundig_text *keys; /* of a part; absent: the missing part. Ascending by bytes, missing first */
    kundig_text *titles;             /* of topics; absent else */
    uint32_t *numbers;               /* of topics: the model's, UINT32_MAX for the missing part */
    kundig__score_part_set whole[2]; /* a and b are 0; A and B are X and W */
    kundig__i128 gg[KUNDIG__PARTS_GLOBAL * (KUNDIG__PARTS_GLOBAL + 1) / 2];
    double scale;   /* what a quantity is multiplied by before products are taken */
    double persons; /* clusters over both sets */
    bool clustered; /* a customer has several records */
    bool weighted;
    double per;       /* x in natural units is X / (W per) */
    uint64_t crowded; /* records of more than KUNDIG__PARTS_MOST values */
    kundig__counted counted;
} kundig__score_parts;

/* query has one group field; nodes (sets of them, without a common record; KUNDIG__NO_NODE: all
 * that the query keeps) choose the records. unit: with customers every customer counts once in a
 * set. */
int kundig__score_parts_new(kundig__corpus *corpus, const kundig_query *query,
                            const kundig__asked *asked, const kundig__question *question,
                            const uint32_t *nodes, uint32_t sets, kundig__score_parts *out,
                            kundig_error *err);
void kundig__score_parts_free(kundig__score_parts *parts);

/* Variance of an estimate whose linear form gives a person of this part local . L + global . G:
 * sum over all persons of its square, times C / (C - 1). Persons outside the part bring global . G
 * alone. */
double kundig__score_parts_variance(const kundig__score_parts *parts, uint32_t part,
                                    const double local[KUNDIG__PARTS_LOCAL],
                                    const double global[KUNDIG__PARTS_GLOBAL]);

/* What kundig_impact() and its like ask: a query of its own with a metric (kundig__ask_default())
 * and at least one group field, `field` where the caller's has none. KUNDIG_E_ARG for metrics that
 * are no mean: counts and shares. */
int kundig__why_ask(kundig__corpus *corpus, const kundig_query *query, const char *field,
                    kundig_query **copy, kundig__asked *asked, const kundig__question **question,
                    kundig_error *err);

#endif
