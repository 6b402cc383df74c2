/* Records with an answer, one question at a time, and where answers stand on its scale. */
#ifndef KUNDIG_WHY_SCORED_H
#define KUNDIG_WHY_SCORED_H

#include "metrics/metric.h"

/* Places on a scale, whichever end is good: from 0, the worst, to 1000, the best. */
#define KUNDIG__PLACE_MOST 1000
#define KUNDIG__PLACE_BEST 900 /* the best tenth: 9 and 10 of 10, 5 of 5, 7 of 7 */

typedef struct kundig__scored {
    kundig__corpus *corpus;
    kundig_query *query; /* the caller's, with a metric and without groups */
    kundig__grouping *grouping;
    kundig__asked asked;
    const kundig__question *question;
    const kundig__dimension *people;
    const uint32_t *kinds; /* NULL: no record has one */
    bool high_is_good;
    int32_t low; /* answers up to it, and from high on, are the ends of the scale, thousandths */
    int32_t high;
} kundig__scored;

/* The question of a query, whose metric is used where it reads one; else that of the Net Promoter
 * Score, else the only one. KUNDIG_E_NOT_FOUND where nothing was answered. On failure there is
 * nothing to free. */
int kundig__scored_begin(kundig__scored *scored, kundig__corpus *corpus, const kundig_query *query,
                         kundig_error *err);
void kundig__scored_end(kundig__scored *scored);
/* Answers of rows first.. (count <= KUNDIG__GROUP_BLOCK) in thousandths; KUNDIG__SCORE_MISSING
 * where there is none, or the query or the metric leaves the record out. */
void kundig__scored_rows(const kundig__scored *scored, uint32_t first, uint32_t count,
                         int32_t *answers);
int32_t kundig__scored_place(const kundig__scored *scored, int32_t answer);
/* 1 at the good end, -1 at the bad one, else 0: promoters and detractors, else the outer thirds, on
 * whole points where the scale has such. */
int kundig__scored_end_of(const kundig__scored *scored, int32_t answer);

/* How many say something: customers once each, and records that name none. */
typedef struct kundig__heads {
    kundig__mem *mem;
    uint8_t *seen; /* a bit a customer */
    size_t size;
    uint64_t count;
} kundig__heads;

/* false on failure of memory. */
bool kundig__heads_init(kundig__heads *heads, const kundig__scored *scored);
void kundig__heads_free(kundig__heads *heads);
void kundig__heads_add(kundig__heads *heads, const kundig__scored *scored, uint32_t row);
/* "15.1 % (95 % interval 11.5 to 19.5)": `part` of `whole`, Wilson's interval. whole > 0. */
void kundig__heads_words(const kundig__scored *scored, uint64_t part, uint64_t whole, char out[96]);

#endif
