/* A text from outside, for tables about it: tables.c. */
#ifndef KUNDIG_TOPICS_GIVEN_H
#define KUNDIG_TOPICS_GIVEN_H

#include "topics/topics.h"

/* A text that was mended and read, and how to speak of places in it. */
typedef struct kundig__given {
    kundig__mem *mem;
    kundig_text given;
    kundig_text text; /* given, or the bytes of mended */
    kundig__buf mended;
    kundig__reading reading;
    size_t *places; /* a start and an end for each row, in the text given */
    size_t place_count;
} kundig__given;

/* Mend it, and make ready to read it. Close it whatever is returned. */
int kundig__given_open(kundig__given *read, kundig__mem *mem, const kundig_model *model,
                       kundig_text given, kundig_error *err);
void kundig__given_close(kundig__given *read);
/* Room for places of so many rows. */
bool kundig__given_room(kundig__given *read, size_t rows);
/* Turn places in the text into places in what was given; in any order. */
bool kundig__given_places(kundig__given *read);

#endif
