/* The words of two sets of records, counted: what the files of kundig_words() share.
 *
 *   word_counts.c    who is in which set; records with each word and pair
 *   word_floor.c     the same in halves of the first set: what noise looks like
 *   word_spelling.c  how what was chosen is written
 *   words.c          how far words differ, which are told */
#ifndef KUNDIG_WHY_WORDS_H
#define KUNDIG_WHY_WORDS_H

#include "base/dict.h"
#include "base/int128.h"
#include "base/text.h"
#include "corpus/query.h"
#include "text/personal.h"
#include "text/text.h"

#define WORDS_NONE   UINT32_MAX
#define WORDS_SPLITS 4u
#define WORDS_IN_ALL 1u
#define WORDS_IN_A   2u
#define WORDS_IN_B   4u
#define WORDS_HALVES 8u /* times 1 << split: in the first half of a */

/* y is one customer's part of the difference of shares, v that of a word everybody says, both times
 * the records of a and b; over customers |y| add up to 2^61 at most, so squares fit. */
typedef struct words_count {
    uint32_t a;
    uint32_t b;
    uint32_t all;
    uint32_t row;      /* + 1: the last record counted */
    uint32_t customer; /* + 1: in hand; 0: none yet */
    uint32_t mine_a;   /* records of the customer in hand */
    uint32_t mine_b;
    uint32_t customers; /* in a; a record that names none is of one of its own */
    uint32_t named;     /* of these, customers with a name */
    uint32_t candidate; /* + 1; 0: none */
    kundig__i128 yy;    /* over the customers before; 0 unless customers repeat */
    kundig__i128 yv;
} words_count;

/* Records with a text of one customer, in a and in b. */
typedef struct words_mine {
    uint32_t a;
    uint32_t b;
} words_mine;

typedef struct words_pair {
    uint32_t first; /* codes of words */
    uint32_t second;
    words_count count;
} words_pair;

/* Presences of all words (or pairs), or records with a text. */
typedef struct words_totals {
    uint64_t a;
    uint64_t b;
    uint64_t all;
} words_totals;

/* Squares over customers, for the variance of a share: of records with the word, of these times all
 * records of the customer. [0]: the first half, [1]: the other. */
typedef struct words_squares {
    uint64_t mm[2];
    uint64_t mn[2];
} words_squares;

/* A candidate in halves of a. */
typedef struct words_half {
    uint32_t first[WORDS_SPLITS]; /* records in the first half */
    uint32_t customer;            /* code in hand; 0: none */
    uint32_t mine;
    uint8_t bits; /* in which first halves the customer in hand is */
} words_half;

/* A word (second == WORDS_NONE) or a pair. */
typedef struct words_candidate {
    uint32_t first;
    uint32_t second;
    words_count count;
    double log_odds;
    double variance;
    double z_said; /* 0 where the three are undefined */
    double z;
    double q;
    double floor;   /* below 0: there are no halves */
    bool undefined; /* nothing but this is said */
} words_candidate;

typedef struct words_job {
    kundig__corpus *corpus;
    kundig__context *context;
    kundig__mem *mem;
    uint32_t rows;
    uint8_t *sets; /* WORDS_IN_ a row */
    uint32_t least;
    bool whole; /* b holds all of a; WORDS_IN_B is the rest of it */
    const uint32_t *customers;
    const kundig__dict *customer_names;
    uint32_t customer_count; /* codes 1 .. */
    uint32_t *order;         /* rows by customer; NULL: none has two texts in a and b */
    words_mine *mine;        /* a customer */
    kundig__i128 vv;
    kundig__scratch scratch;
    kundig__personal personal; /* of the record in hand; empty unless the handle masks */
    uint32_t *codes;           /* of the words of the record in hand; WORDS_NONE for other tokens */
    size_t code_capacity;
    kundig__dict dict; /* folded words */
    words_count *words;
    size_t word_capacity;
    words_pair *pairs;
    size_t pair_count;
    size_t pair_capacity;
    uint32_t *slots; /* index of a pair + 1, open addressing */
    size_t slot_count;
    bool rare_pairs; /* some were too rare to be looked at */
    words_totals word_totals;
    words_totals pair_totals;
    words_totals records;
    bool named; /* a record of a names a customer */
    words_candidate *candidates;
    size_t candidate_count;
    size_t candidate_capacity;
    uint32_t *ranked; /* candidates that are told, in order */
    size_t ranked_count;
    size_t ranked_capacity;
    uint64_t done; /* rows passed, of all passes */

    /* Of the floor. */
    words_half *halves;     /* a candidate */
    words_squares *squares; /* WORDS_SPLITS a candidate, where customers repeat */
    uint64_t first_records[WORDS_SPLITS];
    uint64_t first_words[WORDS_SPLITS];
    uint64_t first_pairs[WORDS_SPLITS];
    double record_squares[WORDS_SPLITS][2]; /* over customers, of their records in a half */

    /* Of the spelling. */
    kundig__dict spellings; /* u32 index of a candidate, then bytes */
    uint32_t *spelling_counts;
    size_t spelling_capacity;
    uint32_t *best; /* code of the spelling of a candidate that is told */
    kundig__buf key;
} words_job;

/* ---- word_counts.c ---- */

int kundig__words_begin(words_job *job, kundig__corpus *corpus, kundig_error *err);
void kundig__words_end(words_job *job);
/* Rows of the query, of a and of b, those of each customer. KUNDIG_E_ARG where they overlap but for
 * all of a. */
int kundig__words_select(words_job *job, const kundig_query *query, uint32_t a, uint32_t b,
                         kundig_error *err);
int kundig__words_count_all(words_job *job, kundig_error *err);
/* One pass over the texts of records in any of `sets`, customer by customer where they repeat. */
int kundig__words_pass(words_job *job, uint8_t sets,
                       int (*each)(words_job *job, uint32_t row, kundig_text text,
                                   kundig_error *err),
                       kundig_error *err);
/* Codes of the words of a record's text; new words are added if `add`. */
int kundig__words_read(words_job *job, kundig_text text, bool add, kundig_error *err);
/* Do the tokens i and i + 1 of the record in hand make a pair? */
bool kundig__words_makes_pair(const words_job *job, size_t i);
/* The pair of two words; NULL: it was not looked at. */
words_pair *kundig__words_pair_find(const words_job *job, uint32_t first, uint32_t second);
/* The customers of a word are all counted: what the one in hand said is added. */
void kundig__words_close(const words_job *job, words_count *count);

/* ---- words.c ---- */

/* How a share of records differs between sets of na and nb, ya and yb of them with the word.
 * clustered: variance over customers, 0 where none repeats. 0 where it cannot be known. */
double kundig__words_z_records(double ya, double na, double yb, double nb, double clustered);
/* The nearer to 0 where both point one way, else 0. */
double kundig__words_z_both(double said, double recorded);

/* ---- word_floor.c ---- */

/* z of a candidate among all that was said, were first and second the sets. */
typedef double words_said_fn(const void *ud, const words_candidate *candidate, double first,
                             double first_total, double second, double second_total);

/* Fill candidates[].floor. */
int kundig__words_floor(words_job *job, words_said_fn *said, const void *ud, kundig_error *err);

/* ---- word_spelling.c ---- */

/* How the ranked candidates are written most often in a. */
int kundig__words_spell(words_job *job, kundig_error *err);
/* Of ranked candidate number `at`; borrowed until kundig__words_end(). */
kundig_text kundig__words_spelling(const words_job *job, size_t at);

#endif
