/* What a learner sees of one text: which features it has, and how often.
 *
 * Three blocks of features, numbered one behind the other:
 *   words       tokens and pairs of neighbours, begin and end of the text being neighbours, too;
 *               2^bits buckets of hashes
 *   characters  rows of 2 to 4 inside tokens; 2^bits buckets of hashes
 *   signs       what other readers found; by number
 * A learner may know some of the buckets alone and number those anew: rows. */
#ifndef KUNDIG_LEARN_FEATURES_H
#define KUNDIG_LEARN_FEATURES_H

#include "text/text.h"

#define KUNDIG__BLOCK_WORDS      0u
#define KUNDIG__BLOCK_CHARACTERS 1u
#define KUNDIG__BLOCK_SIGNS      2u
#define KUNDIG__BLOCKS           3u

#define KUNDIG__NO_ROW            UINT32_MAX
#define KUNDIG__FEATURE_BITS      18u
#define KUNDIG__FEATURE_BITS_WIDE 20u  /* for many texts, or long ones */
#define KUNDIG__FEATURE_MOST      255u /* counts end here */

typedef struct kundig__feature {
    uint32_t row;
    uint32_t count; /* at most KUNDIG__FEATURE_MOST */
} kundig__feature;

typedef struct kundig__features {
    kundig__mem *mem;
    uint32_t bits;
    uint32_t sign_count;
    const uint32_t *rows; /* of buckets; NULL: each bucket is its own row */
    uint32_t row_count;
    uint32_t *places;      /* of rows in the list; means nothing unless the list agrees */
    kundig__feature *list; /* each row once, in order of coming, block by block */
    size_t capacity;
    size_t ends[KUNDIG__BLOCKS];
    uint32_t seen[KUNDIG__BLOCKS];    /* features of the text, each as often as it stands there */
    uint32_t unknown[KUNDIG__BLOCKS]; /* those of them that have no row */
} kundig__features;

/* Number of buckets in all. */
size_t kundig__feature_buckets(uint32_t bits, uint32_t sign_count);
/* The bucket of a hash in a block of words or characters. */
uint32_t kundig__feature_bucket(uint64_t hash, uint32_t block, uint32_t bits);
/* The hashes of a text's begin and end, as neighbours. */
uint64_t kundig__feature_begin(uint64_t first);
uint64_t kundig__feature_end(uint64_t last);
/* How many rows of characters the learner's families have of a token. */
size_t kundig__feature_grams(const kundig__scratch *scratch, const kundig__token *token);
/* How much a count counts: 1 + ln count, by count. */
void kundig__feature_counts(float counts[KUNDIG__FEATURE_MOST + 1]);

/* rows is borrowed. A failed init needs no free. */
bool kundig__features_init(kundig__features *features, kundig__mem *mem, uint32_t bits,
                           uint32_t sign_count, const uint32_t *rows, uint32_t row_count);
void kundig__features_free(kundig__features *features);
/* scratch holds the KUNDIG__LEARN_FAMILIES; signs ascend below sign_count. false on failure of
 * memory. */
bool kundig__features_read(kundig__features *features, const kundig__scratch *scratch,
                           const uint32_t *signs, size_t sign_count);

#endif
