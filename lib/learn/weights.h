/* What was learned, as small numbers: a row of weights a feature, in eight bits and a scale. */
#ifndef KUNDIG_LEARN_WEIGHTS_H
#define KUNDIG_LEARN_WEIGHTS_H

#include "learn/svm.h"

#define KUNDIG__WEIGHTS_CLASSES 65535u /* at most */
#define KUNDIG__WEIGHT_MOST     127

/* One feature. */
typedef struct kundig__weight_row {
    uint32_t start; /* of its weights, in units of KUNDIG__ROW_UNIT bytes of cells */
    uint16_t count; /* weights that are not 0 */
    uint8_t idf;    /* steps */
    uint8_t scale;  /* number of the scale of its weights */
} kundig__weight_row;

#define KUNDIG__ROW_UNIT 16u

/* A row of many weights is an int8_t for each class; one of few is `count` classes, ascending, in
 * 16 bits each, and as many int8_t. Which of them follows from count alone. */
typedef struct kundig__weights {
    kundig__mem *mem;
    uint32_t class_count;
    uint32_t bits;
    uint32_t sign_count;
    float idf_step;
    uint8_t idf_unknown;
    float *bias; /* of classes */
    uint32_t row_count;
    kundig__weight_row *rows; /* by idf, then by bucket: frequent ones are neighbours */
    uint32_t *buckets;        /* of rows */
    uint32_t *lookup;         /* rows of buckets */
    uint8_t *cells;
    size_t cell_bytes;
    uint64_t weight_count; /* that are not 0 */
} kundig__weights;

static inline uint32_t kundig__weights_width(uint32_t class_count)
{
    return (class_count + KUNDIG__ROW_UNIT - 1) / KUNDIG__ROW_UNIT * KUNDIG__ROW_UNIT;
}

/* Is a row of so many weights kept as one number a class? */
static inline bool kundig__row_is_dense(uint32_t count, uint32_t class_count)
{
    return (uint64_t)count * 8 >= class_count;
}

static inline size_t kundig__row_bytes(uint32_t count, uint32_t class_count)
{
    size_t bytes = kundig__row_is_dense(count, class_count) ? class_count : (size_t)count * 3;
    return (bytes + KUNDIG__ROW_UNIT - 1) / KUNDIG__ROW_UNIT * KUNDIG__ROW_UNIT;
}

static inline const uint8_t *kundig__row_cells(const kundig__weights *weights,
                                               const kundig__weight_row *row)
{
    return weights->cells + (size_t)row->start * KUNDIG__ROW_UNIT;
}

/* The scales: 2^((n - 160) / 8). */
void kundig__weight_scales(float scales[256]);
/* How many steps of a scale a weight needs to be at least `least`. */
int kundig__weight_steps(float scale, float least);
/* The weight of a class in a row, in steps of the row's scale. */
int kundig__row_weight(const kundig__weights *weights, const kundig__weight_row *row,
                       uint32_t klass);

/* ---- Making them ---- */

/* Weights of one block of classes, in 16 bits, those near 0 left out. */
typedef struct kundig__weight_block {
    uint32_t first; /* class */
    float bias[KUNDIG__SVM_WIDE];
    struct kundig__weight_some {
        uint32_t feature;
        uint32_t classes; /* a bit each */
    } * some;             /* by feature */
    size_t some_count;
    size_t some_capacity;
    int16_t *values; /* as many as bits are set, row by row */
    size_t value_count;
    size_t value_capacity;
} kundig__weight_block;

/* Keep what a block learned. false on failure of memory; free it either way. */
bool kundig__weight_block_keep(kundig__weight_block *block, kundig__mem *mem,
                               const kundig__svm *svm);
void kundig__weight_block_free(kundig__weight_block *block, kundig__mem *mem);

/* Room for row_count rows of cell_bytes bytes; the caller fills what it made. A failed init needs
 * no free. */
bool kundig__weights_init(kundig__weights *weights, kundig__mem *mem, uint32_t class_count,
                          uint32_t bits, uint32_t sign_count, uint32_t row_count,
                          size_t cell_bytes);
void kundig__weights_free(kundig__weights *weights);
/* Fill lookup from buckets. */
void kundig__weights_look(kundig__weights *weights);
/* All blocks, by class, become rows. A failed make needs no free. */
bool kundig__weights_make(kundig__weights *weights, kundig__mem *mem,
                          const kundig__documents *documents, const kundig__weight_block *blocks,
                          size_t block_count);
/* Those whose size is below `least` go, but none of its rows. A failed make needs no free. */
bool kundig__weights_prune(kundig__weights *weights, kundig__mem *mem, const kundig__weights *from,
                           float least);

/* ---- Asking them ---- */

/* Tables for one thread's work. */
typedef struct kundig__weighing {
    float counts[KUNDIG__FEATURE_MOST + 1]; /* how much a count counts */
    float scales[256];
    float *values; /* of features of the list */
    int16_t *factors;
    size_t capacity;
    size_t factor_capacity;
    int32_t *sums;                 /* of classes, padded */
    float lengths[KUNDIG__BLOCKS]; /* of the blocks of the last text, */
    float spans[KUNDIG__BLOCKS];   /* what is not known among them */
} kundig__weighing;

bool kundig__weighing_init(kundig__weighing *weighing, kundig__mem *mem,
                           const kundig__weights *weights);
void kundig__weighing_free(kundig__weighing *weighing, kundig__mem *mem,
                           const kundig__weights *weights);
/* Margins of classes; what is not known makes what is smaller. false on failure of memory. */
bool kundig__weigh(kundig__weighing *weighing, kundig__mem *mem, const kundig__weights *weights,
                   const kundig__features *features, float *margins);

/* sums += a's row of small numbers times its factor + b's times its; width is a multiple of 16. */
void kundig__weigh_dense(int32_t *sums, const uint8_t *a, int16_t a_factor, const uint8_t *b,
                         int16_t b_factor, uint32_t width);
/* Whole factors of values [from, to), none below 0, so great that the sums of rows times them just
 * fit; returns by what they were multiplied, 0 where all are 0 or so small that no number is great
 * enough. */
float kundig__weigh_factors(const float *values, int16_t *factors, size_t from, size_t to);

#endif
