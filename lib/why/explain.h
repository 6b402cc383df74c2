/* The inside of kundig_explain(), for its files.
 *
 *   parts of a score in two sets > kitagawa.c: causes, mix and rate > explain.c: tables
 *   rows of two sets > breaks.c                                     > saying.c: the sentence */
#ifndef KUNDIG_WHY_EXPLAIN_H
#define KUNDIG_WHY_EXPLAIN_H

#include "metrics/quotes.h"
#include "why/parts.h"
#include "why/why.h"

/* ---- Where a change lies (kitagawa.c) -------------------------------------------------------- */

/* What one part contributes. Shares are of the weight, split over a record's parts, so they sum to
 * 1; scores are of what is split so. A score is NaN where the set has nothing of the part. */
typedef struct kundig__cause {
    double shares[2];
    double scores[2];
    double contribution; /* w1 (r1 - m) - w0 (r0 - m), m the middle of both whole scores */
    double mix;          /* (w1 - w0) ((r0 + r1) / 2 - m) */
    double rate;         /* (r1 - r0) (w0 + w1) / 2 */
    double lo, hi, p, q; /* NaN where unknown */
} kundig__cause;

typedef struct kundig__split {
    double change;
    double mix, mix_lo, mix_hi;
    double rate, rate_lo, rate_hi;
    double mix_before, rate_before, interaction;
    bool simpson; /* rate goes the other way than the change */
    bool sure;    /* and its interval leaves 0 out */
} kundig__split;

typedef struct kundig__kitagawa {
    kundig__mem *mem;
    kundig__cause *causes; /* of a part */
    uint32_t *order;       /* of parts: greatest |contribution| first */
    uint32_t count;
    kundig__split split;
} kundig__kitagawa;

/* parts are of two sets with an answer each, and kept. Free it after a failure too. */
int kundig__kitagawa_new(const kundig__score_parts *parts, double level, kundig__kitagawa *out,
                         kundig_error *err);
void kundig__kitagawa_free(kundig__kitagawa *kitagawa);

/* ---- In words (saying.c) --------------------------------------------------------------------- */

typedef struct kundig__said_cause {
    kundig_text field;
    kundig_text value; /* absent: records without one */
    double contribution, lo, hi;
} kundig__said_cause;

#define KUNDIG__SAID_CAUSES 2
#define KUNDIG__BREAK_KINDS 9

/* What the sentence is made of. */
typedef struct kundig__said_change {
    int32_t language; /* KUNDIG_SENTENCES_ */
    const char *title;
    int unit; /* KUNDIG_UNIT_ */
    double level;
    int status;
    const char *method; /* why it is not ok */
    double before, after, change, lo, hi, detectable;
    bool exceeds;
    uint64_t n[2];
    uint64_t customers[2]; /* 0: not known */
    kundig__said_cause causes[KUNDIG__SAID_CAUSES];
    size_t cause_count;
    const kundig_text *fields; /* that were looked into */
    size_t field_count;
    kundig_text simpson; /* a field; absent: no alarm */
    double simpson_rate;
    uint32_t breaks; /* a bit a kind */
} kundig__said_change;

void kundig__say_change(const kundig__said_change *said, kundig__buf *out);
/* "+4.1", "12.5 %", "3.72"; signed says plus, too. */
void kundig__say_value(kundig__buf *out, int32_t language, int unit, double value, bool is_signed);
void kundig__say_number(kundig__buf *out, int32_t language, double value, int decimals);
void kundig__say_p(kundig__buf *out, int32_t language, double p);
const char *kundig__break_name(int kind, int32_t language);

/* ---- What stands in the way (breaks.c) ------------------------------------------------------- */

enum {
    KUNDIG__BREAK_SCALE,
    KUNDIG__BREAK_WORDING,
    KUNDIG__BREAK_CHANNEL,
    KUNDIG__BREAK_SOURCE,
    KUNDIG__BREAK_KIND,
    KUNDIG__BREAK_LANGUAGE,
    KUNDIG__BREAK_SAMPLING,
    KUNDIG__BREAK_WEIGHTS,
    KUNDIG__BREAK_TIME
};

#define KUNDIG__IN_NEITHER 2

/* sets[row] becomes 0, 1 or KUNDIG__IN_NEITHER, for all rows. query's groups are not used. */
int kundig__rows_in_sets(kundig__corpus *corpus, const kundig_query *query, const uint32_t nodes[2],
                         uint8_t *sets, kundig_error *err);
/* *kinds gets a bit a kind that has a row. */
int kundig__breaks(kundig__corpus *corpus, const kundig__question *question, const uint8_t *sets,
                   int32_t language, uint32_t *kinds, kundig_table **out, kundig_error *err);

#endif
