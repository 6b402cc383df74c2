/* Between the rules about numbers: groups of digits as people write them. */
#ifndef KUNDIG_TEXT_PERSONAL_NUMBERS_H
#define KUNDIG_TEXT_PERSONAL_NUMBERS_H

#include "text/personal_view.h"

#define DIGIT_RUN_GROUPS 12
#define DIGIT_RUN_DIGITS 24 /* of one group; longer ones are nobody's number */

/* What stands between two groups; they add up. */
#define DIGIT_BLANK  1u
#define DIGIT_HYPHEN 2u
#define DIGIT_SLASH  4u
#define DIGIT_DOT    8u
#define DIGIT_OPEN   16u
#define DIGIT_CLOSE  32u

typedef struct kundig__digit_group {
    size_t start;
    size_t end;
    unsigned before; /* DIGIT_ between it and the group before */
    size_t gap;      /* characters between */
} kundig__digit_group;

/* Groups on one line, parted by up to four separators, none but blanks twice. */
typedef struct kundig__digit_run {
    kundig__digit_group groups[DIGIT_RUN_GROUPS + 1];
    size_t count;
    size_t end;
    bool too_long;
} kundig__digit_run;

/* start is a digit. */
void kundig__digit_run_read(const kundig__personal *p, size_t start, kundig__digit_run *run);
/* The word before pos, with blanks or a little punctuation between. */
bool kundig__word_before(const kundig__personal *p, size_t pos, size_t *start, size_t *end);
/* Is what stands at pos announced as the number of a thing: an order, a parcel, an account? */
bool kundig__is_reference(const kundig__personal *p, size_t pos);

#endif
