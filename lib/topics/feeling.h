/* Between the files that tell moods: how lexicon and classifier come together, what a reading
 * keeps of the parts of a comment. */
#ifndef KUNDIG_TOPICS_FEELING_H
#define KUNDIG_TOPICS_FEELING_H

#include "topics/model.h"

/* What a clause of a comment says. */
typedef struct feeling_clause {
    uint32_t first; /* tokens */
    uint32_t end;
    uint32_t sentence;
    bool joined; /* of several, with "and" between them */
    bool told;   /* mood is */
    bool feels;  /* it says something of its own */
    kundig__opinion opinion;
    kundig__mood mood;
} feeling_clause;

/* What is said of a topic: sums over clauses. */
typedef struct feeling_topic {
    double probabilities[3];
    int64_t good; /* thousandths */
    int64_t bad;
    size_t count;
    size_t outside;
    size_t last; /* the clause counted last */
    uint8_t origin;
    bool feels;
} feeling_topic;

typedef struct kundig__feeling {
    kundig__scratch slice; /* of a part */
    kundig__classifying classifying;
    bool asks;        /* classifying is in use */
    int32_t language; /* given with the comment */
    size_t sentence_capacity;
    size_t topic_capacity;
    feeling_clause *clauses; /* together they hold every token */
    size_t clause_count;
    size_t clause_capacity;
    feeling_topic *topics;
    size_t topic_sums; /* room for so many */
} kundig__feeling;

/* Logarithms of probabilities, but for a constant, that the lexicon gives the three classes. */
void kundig__opinion_logits(const kundig__opinion *opinion, double logits[3]);
/* Probabilities of the lexicon among texts to which it leans so. */
void kundig__mood_lean(const double leaning[3], double trust, const double logits[3],
                       double probabilities[3]);
/* The usual weight of the lexicon beside so many examples. */
double kundig__mood_usual(double examples);
/* Ascending; returns how many. */
size_t kundig__opinion_signs(const kundig__opinion *opinion, uint32_t signs[KUNDIG__MOOD_SIGNS]);
/* Of a value in thousandths: which of the KUNDIG__LEARN_BINS. */
int kundig__mood_bin(int32_t value);
/* Lexicon and classifier together. probabilities: of the classifier, or NULL: it does not speak.
 * learned may be NULL. */
void kundig__mood_blend(const kundig__mood_learned *learned, double weight,
                        const float *probabilities, const kundig__opinion *opinion,
                        double blended[3]);

/* Is tokens[at] a word that may begin a clause: "but"? `soft`: only if the two sides of it
 * disagree: "and". */
bool kundig__lexicon_parts(const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                           uint32_t at, int language, bool *soft);

/* Fill in what follows from probabilities. */
void kundig__mood_settle(kundig__mood *mood, const kundig__mood_learned *learned,
                         const double probabilities[3]);

/* From the first to the last byte that speaks of the topic at reading->topics[index]. */
void kundig__feeling_topic_place(const kundig__reading *reading, size_t index, size_t *start,
                                 size_t *end);

/* What is told of a text that scratch holds whole: kundig__mood_tell() and its opinion. */
int kundig__mood_of_text(const kundig__mood_learned *learned, kundig__classifying *classifying,
                         const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                         const char *text, int language, kundig__opinion *opinion,
                         kundig__mood *out);
/* Of tokens [first, end) by the lexicon alone. */
void kundig__mood_of_tokens(const kundig__mood_learned *learned, const kundig__lexicon *lexicon,
                            const kundig__scratch *scratch, const char *text, uint32_t first,
                            uint32_t end, int language, kundig__opinion *opinion,
                            kundig__mood *out);

#endif
