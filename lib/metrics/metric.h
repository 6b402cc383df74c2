/* A metric as a row of the registry, the sums it needs, and what can be said from them.
 *
 *   records > gather.c > cells (integers) > cell.c: moments > scores.c, counts.c > estimate > table
 *                           ^ states merge here
 */
#ifndef KUNDIG_METRICS_METRIC_H
#define KUNDIG_METRICS_METRIC_H

#include "base/int128.h"
#include "metrics/metrics.h"

/* ---- Cells: the sums of one group ----------------------------------------------------------- */

/* Integers alone, so that cells of disjoint records add and subtract exactly. x is the contribution
 * of an answer (-1, 0, 1 or thousandths), w its weight in 2^-20. A cluster is the answers of one
 * customer, or one answer that names none; W and X are its sums of w and w x. */
typedef struct kundig__cell {
    uint64_t selected;  /* records, with an answer or without */
    uint64_t n;         /* records with an answer; where no question is read, all */
    uint64_t customers; /* distinct, among those n */
    uint64_t nameless;  /* of those n, records that name no customer */
    kundig__i128 w, wx, wxx;
    kundig__i128 ww, wwx, wwxx;
    kundig__i128 cww, cwx, cxx; /* over clusters: sums of W W, W X, X X */
    /* With unit customers, over customers: sums of X / W and its square, in 2^-shift of x; else 0.
     * The cluster sums then hold the nameless alone. */
    kundig__i128 m, mm;
} kundig__cell;

/* All return false where a sum leaves 128 bits (or a count falls below zero); the cell is then of
 * no use. */
bool kundig__cell_answer(kundig__cell *cell, int64_t x, int64_t w);
bool kundig__cell_nameless(kundig__cell *cell, int64_t x, int64_t w);
/* to += sign * from; sign is 1 or -1. */
bool kundig__cell_add(kundig__cell *to, const kundig__cell *from, int sign);

bool kundig__i128_add(kundig__i128 *sum, kundig__i128 value);
bool kundig__i128_mul(kundig__i128 a, kundig__i128 b, kundig__i128 *product);
bool kundig__i128_add_product(kundig__i128 *sum, kundig__i128 a, kundig__i128 b);
/* X / W in 2^-shift, nearest, halves away from zero. w > 0. */
bool kundig__cell_mean(kundig__i128 w, kundig__i128 x, int shift, kundig__i128 *mean);

/* ---- What is asked -------------------------------------------------------------------------- */

typedef struct kundig__metric kundig__metric;

/* A query as far as metrics need it, once its question is found. */
typedef struct kundig__asked {
    const kundig__metric *metric;
    kundig_text question; /* absent where the metric reads none */
    int32_t minimum;      /* of its scale, in thousandths */
    int32_t maximum;
    int32_t unit;
    int32_t interval;
    double level;
    uint64_t min_n;
} kundig__asked;

/* Moments of a cell in natural units. */
typedef struct kundig__moments {
    uint64_t records; /* n; with unit customers those that name one */
    double items;     /* what counts as one: records or customers */
    double clusters;  /* customers and answers without one; with unit customers: customers */
    double voices;    /* clusters of equal weight that would be as certain: (sum W)^2 / sum W^2 */
    double value;     /* s = sum w x / sum w */
    double variance;  /* sum w (x - s)^2 / sum w */
    double spread;    /* sum over items or clusters of (w (x - s))^2 / (sum w)^2, uncorrected */
    double kish;      /* (sum w)^2 / sum w^2 */
    double worth;     /* records of a simple sample, were each of a customer of its own */
    bool weighted;
    bool clustered; /* a customer has several records */
    /* s in parts, for sums over both sets of a comparison: s = (floor + rest) / per */
    kundig__i128 floor;
    double rest;
    double per;
    double w;
} kundig__moments;

/* false where a product leaves 128 bits. cell holds at least one item. */
bool kundig__cell_moments(const kundig__cell *cell, const kundig__asked *asked,
                          kundig__moments *out);
int kundig__asked_shift(const kundig__asked *asked);
/* The ends of the scale of its values, in natural units. */
void kundig__asked_scale(const kundig__asked *asked, double *lowest, double *highest);
/* One more customer, with sums of w and of w x over their answers. */
bool kundig__cell_customer(kundig__cell *cell, const kundig__asked *asked, kundig__i128 w,
                           kundig__i128 x);
uint64_t kundig__cell_items(const kundig__cell *cell, int32_t unit);

/* Variance of the value under the design; false where it cannot be known: `clusters` are fewer than
 * two, or the cell's own are, whose deviations then add up to zero whatever they say. */
bool kundig__design_variance(const kundig__moments *moments, bool clustered, double clusters,
                             double *out);
/* How many records of a simple sample the cell is worth: for intervals. Never above the items. */
double kundig__design_n(const kundig__moments *moments, bool clustered, double clusters);

/* ---- Estimates ------------------------------------------------------------------------------ */

enum {
    KUNDIG__STATUS_OK,
    KUNDIG__STATUS_NO_DATA,
    KUNDIG__STATUS_TOO_FEW,
    KUNDIG__STATUS_UNDEFINED,
    KUNDIG__STATUS_SUPPRESSED
};
const char *kundig__status_name(int status);

typedef struct kundig__estimate {
    int status;
    double value;
    double lo;
    double hi;
    double se; /* NaN: unknown */
    double n_eff;
    const char *method; /* static text */
    bool weighted;
    bool clustered;
} kundig__estimate;

/* The one place where a cell becomes numbers. */
void kundig__cell_finish(const kundig__cell *cell, const kundig__asked *asked,
                         kundig__estimate *out);

/* Products over the customers that stand in both sets of a comparison. */
typedef struct kundig__cross {
    uint64_t customers;
    kundig__i128 xx, xw, wx, ww; /* sums of Xa Xb, Xa Wb, Wa Xb, Wa Wb */
} kundig__cross;

typedef struct kundig__contrast {
    int status;
    double a;
    double b;
    double lo;
    double hi;
    double se;
    double z;
    double p;
    double detectable;
    const char *method;
    bool weighted;
    bool clustered;
} kundig__contrast;

void kundig__cells_contrast(const kundig__cell *a, const kundig__cell *b,
                            const kundig__cross *cross, const kundig__asked *asked,
                            kundig__contrast *out);

/* A figure from outside: `n` answers with this mean and standard deviation. */
typedef struct kundig__outside {
    double value;
    double n; /* 0: exact */
    double deviation;
} kundig__outside;

/* The difference b - a where a is from outside. */
void kundig__cell_against(const kundig__outside *a, const kundig__cell *b,
                          const kundig__asked *asked, kundig__contrast *out);

/* ---- The registry --------------------------------------------------------------------------- */

#define KUNDIG__CLASS_SUM      1
#define KUNDIG__CLASS_MULTISET 2
#define KUNDIG__CLASS_SCAN     3

#define KUNDIG__KINDS_ALL       0
#define KUNDIG__KINDS_CUSTOMERS 1 /* every kind but employee */
#define KUNDIG__KINDS_EMPLOYEES 2

#define KUNDIG__READS_NOTHING 0 /* every record counts 0 */
#define KUNDIG__READS_STEPS   1 /* (answer >= high) - (answer < low), in thousandths */
#define KUNDIG__READS_VALUE   2 /* the answer in thousandths */
#define KUNDIG__READS_TOPICS  3 /* 1 for a comment with the topic, 0 for one without: as steps */
#define KUNDIG__READS_MOODS   4 /* what a comment, or a topic in it, expresses: as values */
#define KUNDIG__READS_NOVELTY 5 /* how unlike what was discovered a comment is: as values */

#define KUNDIG__MOOD_BOUND 1000 /* thousandths: from -1 to 1; of novelty, too */

#define KUNDIG__NO_STEP (INT32_MIN + 1) /* `low` where nothing counts -1 */

/* Two samples as a difference sees them. */
typedef struct kundig__pair {
    const kundig__moments *a;
    const kundig__moments *b;
    bool clustered;
    double clusters;   /* over both */
    double covariance; /* of the two values, uncorrected; 0 unless customers stand in both */
    double quantile;   /* normal, two-sided at the level */
} kundig__pair;

struct kundig__metric {
    const char *name;
    const char *title;
    int32_t class_;
    uint32_t scales; /* 1 << KUNDIG_SCALE_, one bit a scale */
    int32_t unit;    /* KUNDIG_UNIT_ */
    int32_t kinds;
    int32_t reads;
    int32_t low;
    int32_t high;
    void (*finish)(const kundig__cell *cell, const kundig__asked *asked, kundig__estimate *out);
    /* NULL: the metric has no difference */
    void (*contrast)(const kundig__pair *pair, const kundig__asked *asked, kundig__contrast *out);
    const char *interval;
    const char *source;
    const char *description;
};

const kundig__metric *kundig__metric_find(kundig_text name); /* NULL if unknown */
size_t kundig__metric_count(void);
const kundig__metric *kundig__metric_at(size_t index);
const char *kundig__class_name(int32_t class_);
/* Contributions are -1, 0 and 1. */
bool kundig__metric_is_of_steps(const kundig__metric *metric);
/* Contributions are thousandths of what is told. */
bool kundig__metric_is_of_values(const kundig__metric *metric);
/* Does it read what the model says of comments, as values? */
bool kundig__metric_is_of_comments(const kundig__metric *metric);
/* The contribution of an answer. */
int64_t kundig__metric_x(const kundig__metric *metric, int32_t answer);

/* Metric and question of a query. *question is NULL where none is read. */
int kundig__ask(const kundig__corpus *corpus, const kundig_query *query, kundig__asked *out,
                const kundig__question **question, kundig_error *err);

/* The same where the query may have no metric: it gets the Net Promoter Score, else the mean of the
 * only question. KUNDIG_E_NOT_FOUND where there is no answer, KUNDIG_E_AMBIGUOUS. */
int kundig__ask_default(const kundig__corpus *corpus, kundig_query *query, kundig__asked *out,
                        const kundig__question **question, kundig_error *err);

void kundig__finish_net(const kundig__cell *cell, const kundig__asked *asked,
                        kundig__estimate *out);
void kundig__finish_share(const kundig__cell *cell, const kundig__asked *asked,
                          kundig__estimate *out);
void kundig__finish_mean(const kundig__cell *cell, const kundig__asked *asked,
                         kundig__estimate *out);
void kundig__finish_count(const kundig__cell *cell, const kundig__asked *asked,
                          kundig__estimate *out);
void kundig__finish_customers(const kundig__cell *cell, const kundig__asked *asked,
                              kundig__estimate *out);
void kundig__contrast_net(const kundig__pair *pair, const kundig__asked *asked,
                          kundig__contrast *out);
void kundig__contrast_share(const kundig__pair *pair, const kundig__asked *asked,
                            kundig__contrast *out);
void kundig__contrast_mean(const kundig__pair *pair, const kundig__asked *asked,
                           kundig__contrast *out);

/* ---- Intervals: pure functions of numbers (interval.c) -------------------------------------- */

typedef struct kundig__interval {
    double lo;
    double hi;
} kundig__interval;

typedef struct kundig__adjusted {
    double value;
    double variance; /* of the value */
} kundig__adjusted;

/* Of a Net Promoter Score s with variance v of one answer in n answers: 3/4 is added to promoters
 * and detractors, 3/2 to passives (Rocks 2016). */
kundig__adjusted kundig__net_adjust(double s, double v, double n);
/* Of a share: 1 is added to both sides (Agresti and Caffo 2000). */
kundig__adjusted kundig__share_adjust(double s, double n);
kundig__interval kundig__wald(double value, double se, double z, double lowest, double highest);
/* Tango (1998): all differences of shares that a score test keeps. */
kundig__interval kundig__tango(double s, double v, double n, double z);
kundig__interval kundig__wilson(double p, double n, double z);
/* Of a mean on a scale, variance being that of the mean, above 0: as Wilson's, for answers at the
 * two ends alone that would be as certain, with Student's t. Where the mean stands near an end
 * answers at the other one are rare, and value -+ t se would cover too little there. */
kundig__interval kundig__mean_score(double value, double variance, double t, double lowest,
                                    double highest);
/* n equal answers: any mean that leaves other answers too rare to be seen, at this level. */
kundig__interval kundig__unseen(double value, double n, double level, double lowest,
                                double highest);

/* ---- Limits: where the value of n answers stays but for chance (interval.c) ------------------ */

/* Of a share p: beyond them it comes to stand by chance at most (1 - level) / 2 of the time on each
 * side. n may be broken: the size of the simple sample that would be as certain. */
kundig__interval kundig__binomial_limits(double p, double n, double level);
/* The same of a Net Promoter Score s whose answers have variance v; n <= KUNDIG__NET_MOST. */
#define KUNDIG__NET_MOST 200
kundig__interval kundig__net_limits(double s, double v, uint32_t n, double level);
/* Of a mean with variance v of one answer, whose third central moment is `third`: normal with a
 * term for skewness (Cornish and Fisher 1938), never turned round by it. */
kundig__interval kundig__mean_limits(double value, double v, double third, double n, double level,
                                     double lowest, double highest);

/* ---- Groups beside each other (shrink.c) ----------------------------------------------------- */

typedef struct kundig__shrunk {
    double n; /* answers, as many as a simple sample would have */
    double value;
    double shrunk; /* out */
    double lo;
    double hi;
} kundig__shrunk;

typedef struct kundig__shrinkage {
    double between;    /* variance of what the groups would say with all their answers */
    double dispersion; /* mean square of how far groups are off, in standard errors; NaN: unknown */
} kundig__shrinkage;

/* Empirical Bayes: draw each group to the whole, within / (n between + within) of the way. within
 * is the variance of one answer inside a group. All n are above 0. */
kundig__shrinkage kundig__shrink(kundig__shrunk *groups, size_t count, double whole, double within,
                                 double level, double lowest, double highest);

/* ---- Tables --------------------------------------------------------------------------------- */

/* What notes are made of: records, each once however many groups it is in. Adds up over disjoint
 * corpora. */
typedef struct kundig__counted {
    kundig__left_out left_out;
    uint64_t other_kind; /* met the query, but of a kind the metric does not read */
    uint64_t selected;   /* in a group, with an answer or without */
    uint64_t n;          /* of those, with an answer */
    uint64_t nameless;   /* of those n, without a customer */
} kundig__counted;

/* to += sign * from; false where a count has no place. */
bool kundig__counted_add(kundig__counted *to, const kundig__counted *from, int sign);

typedef struct kundig__answer_columns {
    size_t metric, value, lo, hi, se, n, customers, n_eff, status, method;
    bool hides_customers; /* they stay null; false unless set behind opening */
} kundig__answer_columns;

void kundig__answer_open(kundig_table *table, const kundig__asked *asked,
                         kundig__answer_columns *columns); /* behind the key columns */
void kundig__answer_row(kundig_table *table, const kundig__answer_columns *columns,
                        const kundig__asked *asked, const kundig__cell *cell);
/* A row of which nothing is told but its keys. */
void kundig__answer_hidden(kundig_table *table, const kundig__answer_columns *columns,
                           const kundig__asked *asked);
void kundig__answer_notes(kundig_table *table, const kundig__asked *asked,
                          const kundig__counted *counted);
/* Columns of a difference (compare.c), and one of them behind its keys, from column `first` on. A
 * set whose cell is NULL has no counts. */
void kundig__contrast_columns(kundig_table *table, int unit);
void kundig__contrast_row(kundig_table *table, size_t first, const kundig__asked *asked,
                          const kundig__cell *const cells[2], const kundig__contrast *contrast,
                          double q);
void kundig__method_text(const char *method, bool weighted, bool clustered, int32_t unit,
                         char out[96]);

#endif
