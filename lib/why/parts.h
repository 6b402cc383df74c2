/* The parts of a score: exact sums over the records of one set or two, by the values of one field.
 * For the files of this room.
 *
 * A record with several topics stands in the part of each; one without a value in the missing part.
 * Everything is summed person by person: a person is a customer, or one record that names none, so
 * that what is said of a sum's variance holds for customers who come back.
 *
 *   of each part and set  A = sum w x, B = sum w over records with the value
 *                         a = sum w x U/k, b = sum w U/k, k the values of the record, U = 720,720:
 *                         the additive split; over all parts a sums to U X exactly, b to U W
 *   of each set           X = sum w x, W = sum w
 *   over persons          products of what one person brings, for variances
 *
 * x is the contribution of an answer (-1, 0, 1 or thousandths), w its weight in 2^-20, or 1 where
 * no record of the corpus has a weight. With unit customers the weights of a customer's answers are
 * brought to a sum of KUNDIG__PARTS_VOTE in each set, and records that name none are left out.
 *
 * All are integers whose place in 64 and 128 bits follows from the scale, the greatest weight and
 * the number of records: nothing can overflow, and persons add and subtract exactly in any order.
 * In natural units a score is A / (B per), the whole one X / (W per), an additive part
 * a / (U W per). */
#ifndef KUNDIG_WHY_PARTS_H
#define KUNDIG_WHY_PARTS_H

#include "metrics/metric.h"

#define KUNDIG__PARTS_SPLIT  720720 /* lcm of 1 to 16 */
#define KUNDIG__PARTS_MOST   16     /* values of a record that are split over: its first */
#define KUNDIG__PARTS_VOTE   ((int64_t)KUNDIG__PARTS_SPLIT << 20)
#define KUNDIG__PARTS_LOCAL  4
#define KUNDIG__PARTS_GLOBAL 4

/* One set: its local quantities are A, B, a, b and its global ones X, W. Two sets: a and b of the
 * first, a and b of the second; X and W of the first, X and W of the second. */
typedef struct kundig__score_part_set {
    uint64_t n;         /* records with an answer that count */
    uint64_t customers; /* who name themselves in them */
    uint64_t nameless;
    kundig__i128 A, B, a, b;
} kundig__score_part_set;

typedef struct kundig__score_part {
    kundig__score_part_set sets[2];
    uint64_t persons; /* over both sets */
    /* Over persons who stand in the part; of x less the centre, in `shift` fewer bits. */
    kundig__i128 ll[KUNDIG__PARTS_LOCAL * (KUNDIG__PARTS_LOCAL + 1) / 2]; /* i <= j, row by row */
    kundig__i128 lg[KUNDIG__PARTS_LOCAL][KUNDIG__PARTS_GLOBAL];
} kundig__score_part;

typedef struct kundig__score_parts {
    kundig__mem *mem;
    kundig__arena arena; /* of keys */
    uint32_t sets;       /* 1 or 2 */
    bool of_topics;      /* or of themes */
    kundig__score_part *parts;
    uint32_t count;
    kundig_text *keys; /* of a part; absent: the missing part. Ascending by bytes, missing first */
    kundig_text *titles;             /* of topics and themes; absent elsewhere */
    uint32_t *numbers;               /* of topics and themes: the model's; UINT32_MAX elsewhere */
    kundig__score_part_set whole[2]; /* A and B are X and W; a and b U times as much */
    kundig__i128 gg[KUNDIG__PARTS_GLOBAL * (KUNDIG__PARTS_GLOBAL + 1) / 2];
    uint64_t persons; /* clusters over both sets */
    bool clustered;   /* a customer counts several times */
    bool weighted;
    double per;                             /* see above: 1, or 1000 of values */
    int64_t centre;                         /* taken off x before products: no digits are lost */
    int local_shift[KUNDIG__PARTS_LOCAL];   /* bits rounded off a person's sum before products */
    int global_shift[KUNDIG__PARTS_GLOBAL]; /* the same */
    bool votes;                             /* unit customers */
    void *kept;                             /* what persons brought; NULL: not kept */
    uint64_t crowded;                       /* records of more than KUNDIG__PARTS_MOST values */
    kundig__counted counted;
} kundig__score_parts;

/* query has one group field; nodes (`sets` of them, without a common record: else KUNDIG_E_ARG;
 * KUNDIG__NO_NODE: all that the query keeps) choose the records. Free it after a failure too. */
int kundig__score_parts_new(kundig__corpus *corpus, const kundig_query *query,
                            const kundig__asked *asked, const kundig__question *question,
                            const uint32_t *nodes, uint32_t sets, kundig__score_parts *out,
                            kundig_error *err);
void kundig__score_parts_free(kundig__score_parts *parts);

/* Variance of an estimate whose linear form gives a person of this part local . L + global . G in
 * natural terms (of x, not of x less the centre): sum over all persons of its square, times
 * C / (C - 1) where customers come back. Persons outside the part bring global . G alone; their
 * forms must sum to zero over all. NaN where fewer than two customers are there. */
double kundig__score_parts_variance(const kundig__score_parts *parts, uint32_t part,
                                    const double local[KUNDIG__PARTS_LOCAL],
                                    const double global[KUNDIG__PARTS_GLOBAL]);
/* Sum over the persons of a part of the square of local . L alone: for degrees of freedom. */
double kundig__score_parts_inside(const kundig__score_parts *parts, uint32_t part,
                                  const double local[KUNDIG__PARTS_LOCAL]);

/* ---- One person more or less ----------------------------------------------------------------- */

/* One record as the sums see it. */
typedef struct kundig__score_answer {
    int32_t x;
    uint32_t set;
    int64_t w;
    const uint32_t *parts; /* ascending numbers of parts, 1 at least */
    uint32_t count;
    uint32_t row;   /* of the corpus, where persons are gone over again */
    uint32_t later; /* the row of one that comes soon, to be asked for */
} kundig__score_answer;

/* All records of a person, in the order of rows, or one nameless record. */
typedef void kundig__person_visitor(void *ud, const kundig__score_answer *answers, size_t count,
                                    bool named);
/* As kundig__score_parts_new(), and what persons brought is kept, so that it can be gone over again
 * once the sums are known. */
int kundig__score_parts_keep(kundig__corpus *corpus, const kundig_query *query,
                             const kundig__asked *asked, const kundig__question *question,
                             const uint32_t *nodes, uint32_t sets, kundig__score_parts *out,
                             kundig_error *err);
int kundig__score_parts_each(const kundig__score_parts *parts, kundig__person_visitor *visit,
                             void *ud, kundig_error *err);
/* Free what was kept, before the sums. */
void kundig__score_parts_drop(kundig__score_parts *parts);

/* Where a person's sums are made; of parts->count parts. */
typedef struct kundig__score_bench kundig__score_bench;
int kundig__score_bench_new(const kundig__score_parts *parts, kundig__score_bench **out,
                            kundig_error *err);
void kundig__score_bench_free(const kundig__score_parts *parts, kundig__score_bench *bench);
/* Add (sign 1) or subtract (-1) all records of a person, who is named or one nameless record. What
 * was added is subtracted exactly. With votes every record must be of a customer. */
void kundig__score_parts_person(kundig__score_parts *parts, kundig__score_bench *bench,
                                const kundig__score_answer *answers, size_t count, bool named,
                                int sign);
/* What a record weighs where customers count once and all they answered in its set weighs `all`. */
kundig__i128 kundig__score_vote(int64_t w, kundig__i128 all);

/* ---- What is asked --------------------------------------------------------------------------- */

/* What kundig_impact() and its like ask: a query of its own with a metric (kundig__ask_default())
 * and at least one group field, `field` where the caller's has none; no periods. KUNDIG_E_ARG for
 * metrics that are no mean: counts and shares. */
int kundig__why_ask(kundig__corpus *corpus, const kundig_query *query, const char *field,
                    kundig_query **copy, kundig__asked *asked, const kundig__question **question,
                    kundig_error *err);

#endif
