/* What examples teach: texts and classes go in, a classifier comes out that tells the classes of
 * other texts, how probable each is, whether any fits, and which words decided.
 *
 * The room knows texts and numbers of classes; what a class means, topic or sentiment, is its
 * caller's. A classifier is a function of the lessons as a set, never of their order, and of the
 * options but threads; it holds no text but the words it is allowed to name. */
#ifndef KUNDIG_LEARN_CLASSIFIER_H
#define KUNDIG_LEARN_CLASSIFIER_H

#include "base/bytes.h"
#include "text/text.h"

/* What kundig__text_features() must be asked for before a text is classified. */
#define KUNDIG__LEARN_FAMILIES                                                                     \
    (KUNDIG__WORDS | KUNDIG__PAIRS | KUNDIG__CHARACTERS(2) | KUNDIG__CHARACTERS(3) |               \
     KUNDIG__CHARACTERS(4))

#define KUNDIG__NOBODY   UINT32_MAX /* no customer is named */
#define KUNDIG__NO_CLASS UINT32_MAX

#define KUNDIG__LEARN_SIGNS 1000000u /* at most */

/* ---- Lessons ---- */

/* What is known of one text and one class. */
typedef struct kundig__mark {
    uint32_t klass;
    float weight; /* how much it counts, 1 for what a person said */
    bool holds;
} kundig__mark;

/* One text of which something is known. Everything is borrowed. */
typedef struct kundig__lesson {
    kundig_text text;          /* valid UTF-8 without NUL */
    const kundig__mark *marks; /* ascending by class, none twice */
    uint32_t mark_count;
    uint32_t customer; /* number of the customer, or KUNDIG__NOBODY */
    double weight;     /* 1 as a rule */
    bool partial;      /* of classes without a mark nothing is known; else they do not hold */
    /* What other readers found in the text: rules of a topic, a lexicon. Numbers below
     * course->sign_count, ascending; features beside words. */
    const uint32_t *signs;
    uint32_t sign_count;
} kundig__lesson;

#define KUNDIG__COURSE_ONE     0 /* exactly one class a text */
#define KUNDIG__COURSE_SEVERAL 1 /* any number */
#define KUNDIG__COURSE_ORDERED 2 /* exactly one of a few that lie in a row: sentiment */

typedef struct kundig__course {
    const kundig__lesson *lessons;
    size_t lesson_count;
    uint32_t class_count;
    uint32_t sign_count;
    int kind;    /* KUNDIG__COURSE_ */
    int quality; /* KUNDIG_QUALITY_ */
    uint32_t least_customers;
    uint32_t threads;
    uint64_t most_bytes; /* 0: any */
    uint64_t seed;
    bool bare; /* probabilities alone: no curve of sizes, no named features (cross-validation) */
    int (*progress)(void *ud, uint64_t done, uint64_t total);
    void *progress_ud;
} kundig__course;

/* ---- The classifier: immutable, reference counted ---- */

typedef struct kundig__classifier kundig__classifier;

/* mem is what is worked with; the classifier belongs to the same hook. KUNDIG_OK, KUNDIG_E_EMPTY
 * (the sentence says what is missing), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_CANCELLED. */
int kundig__classifier_learn(kundig__mem *mem, const kundig__course *course,
                             kundig__classifier **out, kundig_error *err);
kundig__classifier *kundig__classifier_retain(kundig__classifier *classifier); /* NULL is fine */
void kundig__classifier_free(kundig__classifier *classifier);

/* Append it as bytes: equal classifiers, equal bytes. */
void kundig__classifier_put(kundig__buf *buf, const kundig__classifier *classifier);
/* And back, from anyone's bytes: checked whole. KUNDIG_E_FORMAT with a sentence and a position. */
int kundig__classifier_take(kundig__mem *mem, kundig__reader *reader, kundig__classifier **out,
                            kundig_error *err);
/* A smaller one: the least weights go until it takes at most that many bytes. KUNDIG_E_VALUE. */
int kundig__classifier_prune(kundig__mem *mem, const kundig__classifier *classifier,
                             uint64_t most_bytes, kundig__classifier **out, kundig_error *err);

/* ---- What it knows of itself; numbers of lessons kept aside unless said otherwise ---- */

#define KUNDIG__LEARN_BINS  10u
#define KUNDIG__LEARN_SIZES 8u

typedef struct kundig__class_facts {
    uint64_t lessons; /* of all: that hold; 0: left out, for lack of lessons or customers */
    uint64_t customers;
    uint64_t right; /* kept aside: decided and holds */
    uint64_t wrong; /* decided and does not hold */
    uint64_t missed;
    float threshold; /* probability from which on it is said to hold; several classes alone */
} kundig__class_facts;

typedef struct kundig__learn_bin {
    uint64_t count;
    uint64_t right;
    double probability; /* sum */
} kundig__learn_bin;

typedef struct kundig__learn_size {
    uint64_t bytes;
    double accuracy;
    double least; /* weights below this are gone */
} kundig__learn_size;

typedef struct kundig__mistake {
    uint32_t truth;
    uint32_t decided; /* KUNDIG__NO_CLASS: refused */
    uint64_t count;
} kundig__mistake;

typedef struct kundig__named_feature {
    uint32_t klass;
    float weight;
    kundig_text name; /* a word, or two with a blank between them */
} kundig__named_feature;

typedef struct kundig__classifier_facts {
    uint32_t class_count;
    int kind;
    int quality;
    uint64_t lessons;
    uint64_t documents; /* different ones */
    uint64_t customers; /* 0: none were named */
    uint64_t words;     /* features */
    uint64_t characters;
    uint64_t weights; /* that are not zero */
    uint64_t bytes;   /* as saved */
    uint64_t aside;   /* lessons kept aside */
    double accuracy;
    double macro_f1;
    double micro_f1;
    double log_loss;
    double calibration_error; /* expected, KUNDIG__LEARN_BINS bins */
    double temperature;
    double sure; /* least sureness at which a class is told */
    double loss; /* of accuracy by pruning, so far */
    uint32_t size_count;
    kundig__learn_size sizes[KUNDIG__LEARN_SIZES]; /* greatest first */
    kundig__learn_bin bins[KUNDIG__LEARN_BINS];
    const kundig__class_facts *classes;
    const kundig__mistake *mistakes; /* most frequent first, then by classes; at most 1,000 */
    size_t mistake_count;
    const kundig__named_feature *features; /* by class, greatest weight first; at most 10 a class */
    size_t feature_count;
} kundig__classifier_facts;

const kundig__classifier_facts *kundig__classifier_facts_of(const kundig__classifier *classifier);

/* ---- Asking it ---- */

/* Bytes of a text. */
typedef struct kundig__range {
    uint32_t start;
    uint32_t end;
} kundig__range;

#define KUNDIG__EVIDENCE_MOST 8u

/* Asks about one text after the other; belongs to one thread. */
typedef struct kundig__classifying {
    kundig__mem *mem;
    const kundig__classifier *classifier;
    float *margins;       /* by class */
    float *probabilities; /* by class; one class a text: they add up to 1 */
    uint8_t *holds; /* by class: is it said to hold? one class a text: the best, unless refused */
    uint32_t best;  /* most probable class; ties to the lowest */
    bool refused;   /* no class fits */
    float sureness; /* the greater the surer that some class fits */
    float known; /* share of the text, in [0, 1], that is made of features the classifier knows */
    void *work;  /* the room's own */
} kundig__classifying;

/* A failed init needs no free. */
int kundig__classifying_init(kundig__classifying *classifying, kundig__mem *mem,
                             const kundig__classifier *classifier);
void kundig__classifying_free(kundig__classifying *classifying);
/* scratch holds the KUNDIG__LEARN_FAMILIES of the text. signs as in a lesson. KUNDIG_OK or failures
 * of memory. */
int kundig__classify(kundig__classifying *classifying, const kundig__scratch *scratch,
                     const uint32_t *signs, size_t sign_count);
/* Of the text classified last, whose features scratch still holds: the bytes that spoke most for a
 * class, in order, apart from each other; count at most KUNDIG__EVIDENCE_MOST. */
int kundig__classify_evidence(kundig__classifying *classifying, const kundig__scratch *scratch,
                              uint32_t klass, kundig__range *out, size_t *count);

#endif
