/* One corpus and one ingest into it, with short ways to ask what came of it. */
#ifndef KUNDIG_TESTS_INGESTING_H
#define KUNDIG_TESTS_INGESTING_H

#include "base/text.h"
#include "ingest/columns.h"
#include "probe.h"

typedef struct ingesting {
    kundig__context context;
    kundig__corpus *corpus;
    kundig_ingest_options options;
    kundig_ingest_report *report;
    kundig_error err;
    int rc;
} ingesting;

void ingesting_begin(ingesting *it);
/* Ingest more; the report is of the last one. */
void ingesting_bytes(ingesting *it, const char *data, size_t len);
void ingesting_csv(ingesting *it, const char *data);
void ingesting_end(ingesting *it); /* also checks the corpus */

/* begin, set map and dates, ingest */
void ingesting_one(ingesting *it, const char *data, const char *map, int32_t dates);

int64_t summary(const ingesting *it, const char *name); /* -1: no such row */
/* The field or reason of a column in the mapping table; "" if there is none. */
const char *field_of(const ingesting *it, const char *column);
const char *why_of(const ingesting *it, const char *column);
/* A finding whose sentence holds the words; NULL if none does. */
const char *finding(const ingesting *it, const char *words);
kundig_table *rejects(const ingesting *it);
const char *reject_reason(const ingesting *it, size_t row);
int64_t reject_int(const ingesting *it, size_t row, const char *column);

#endif
