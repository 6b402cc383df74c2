/* Two small networks beside the support vectors, for KUNDIG_QUALITY_BEST: they see what classes a
 * linear learner cannot part, and they err elsewhere. */
#ifndef KUNDIG_LEARN_NET_H
#define KUNDIG_LEARN_NET_H

#include "base/bytes.h"
#include "base/prng.h"
#include "learn/weights.h"

#define KUNDIG__NETS      2u
#define KUNDIG__NET_GROUP 16u  /* hidden units that are dropped together */
#define KUNDIG__NET_WIDE  256u /* hidden units, at most */

/* ---- Learning. net_learn.c ---- */

/* One network at work; belongs to one thread. */
typedef struct kundig__net_learner {
    kundig__mem *mem;
    const kundig__documents *documents;
    uint32_t width;      /* hidden units */
    uint32_t class_room; /* classes, padded */
    size_t most;         /* features of a document, at most, and the bias */
    float *rows;         /* [feature_count + 1][width]; the last row is the bias */
    float *row_squares;  /* of rows: squares of their slopes, added up */
    float *outs;         /* [width][class_room] */
    float *out_squares;  /* of hidden units */
    float *class_bias;   /* [class_room] */
    float *class_squares;
    float *hidden;
    float *hidden_slopes;
    float *scores;
    float *wanted; /* several: 1: it holds, 0: it does not */
    float *heeded; /* how much a class of the document counts */
    float *values; /* of features that are not dropped */
    float *steps;
    uint32_t *kept; /* these features */
    uint32_t *order;
    size_t count; /* documents of the course */
    void *room;   /* of rows, which begin at a cache line */
    kundig__prng prng;
    uint64_t coins;
    uint32_t coins_left;
    uint64_t step;
    uint64_t steps_all;
    float first_rate;
    float last_rate;
} kundig__net_learner;

/* number: which of the KUNDIG__NETS. A failed init needs no free. */
bool kundig__net_learner_init(kundig__net_learner *learner, kundig__mem *mem,
                              const kundig__documents *documents, uint32_t number);
void kundig__net_learner_free(kundig__net_learner *learner);
/* Epochs until what is aside is tried, and with all documents after that. */
uint32_t kundig__net_epochs(const kundig__documents *documents);
uint32_t kundig__net_epochs_more(const kundig__documents *documents);
/* Begin epochs over the documents that are not aside, or over all. Allocates nothing. */
void kundig__net_begin(kundig__net_learner *learner, bool all);
void kundig__net_epoch(kundig__net_learner *learner);
/* Of a document that was not learned from, class_count numbers. */
void kundig__net_margins(kundig__net_learner *learner, const kundig__document *document,
                         float *margins);

/* ---- What was learned. net.c ---- */

typedef struct kundig__net {
    uint32_t width;
    int8_t *rows; /* [row_count][width]; rows are those of the weights */
    uint8_t *row_scales;
    float *bias;  /* of hidden units */
    int8_t *outs; /* [width][kundig__weights_width()] */
    uint8_t *out_scales;
    float *class_bias;
} kundig__net;

typedef struct kundig__nets {
    kundig__mem *mem;
    uint32_t row_count;
    uint32_t class_count;
    uint32_t count; /* 0: there are none */
    float share;    /* what they say counts that much, the support vectors the rest */
    kundig__net list[KUNDIG__NETS];
    /* How to judge where they are gone. */
    float temperature;
    float *slopes;
    float *offsets;
    float *thresholds;
} kundig__nets;

/* Room for none yet. false on failure of memory; free it either way. */
bool kundig__nets_init(kundig__nets *nets, kundig__mem *mem, const kundig__weights *weights);
void kundig__nets_free(kundig__nets *nets);
/* One more, from what was learned. false on failure of memory. */
bool kundig__nets_add(kundig__nets *nets, const kundig__weights *weights,
                      const kundig__net_learner *learner);
/* out is init, of the same weights. false on failure of memory. */
bool kundig__nets_copy(kundig__nets *out, const kundig__nets *from);
uint64_t kundig__nets_size(const kundig__nets *nets); /* as bytes */
void kundig__nets_put(kundig__buf *buf, const kundig__nets *nets);
/* nets is init; hostile bytes make reader fail. false on failure of memory. */
bool kundig__nets_take(kundig__nets *nets, kundig__reader *reader);

/* What margins of the support vectors and of a network become together. */
static inline float kundig__nets_blend(float share, float margin, float net)
{
    return margin * (1 - share) + net * share;
}

/* Tables for one thread's work. */
typedef struct kundig__nets_asking {
    float *values; /* of features */
    float *scaled;
    int16_t *factors;
    size_t capacity;
    size_t scaled_capacity;
    size_t factor_capacity;
    int32_t *sums;
    float *margins;
} kundig__nets_asking;

bool kundig__nets_asking_init(kundig__nets_asking *asking, kundig__mem *mem,
                              const kundig__nets *nets);
void kundig__nets_asking_free(kundig__nets_asking *asking, kundig__mem *mem,
                              const kundig__nets *nets);
/* Blend what they say of a text that was just weighed into margins. false on failure of memory. */
bool kundig__nets_ask(kundig__nets_asking *asking, kundig__mem *mem, const kundig__nets *nets,
                      const kundig__weights *weights, const kundig__weighing *weighing,
                      const kundig__features *features, float *margins);

#endif
