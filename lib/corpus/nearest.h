/* Names that are near to one that nothing has, for the sentence that says so. */
#ifndef KUNDIG_CORPUS_NEAREST_H
#define KUNDIG_CORPUS_NEAREST_H

#include "base/error.h"

#define KUNDIG__NEAREST_SHOWN 3

/* The nearest names so far, nearest first, ties by bytes; names are borrowed. */
typedef struct kundig__nearest {
    kundig_text wanted;
    kundig_text names[KUNDIG__NEAREST_SHOWN];
    unsigned distances[KUNDIG__NEAREST_SHOWN];
    size_t count;
} kundig__nearest;

void kundig__nearest_consider(kundig__nearest *nearest, kundig_text name);
/* KUNDIG_E_NOT_FOUND: "there is no field 'chanel'; the nearest is 'channel'"; what: "field". */
int kundig__nearest_fail(const kundig__nearest *nearest, const char *what, kundig_error *err);

#endif
