/* Rows to facts: meaning of columns, checking of values, rejects. */
#ifndef KUNDIG_INGEST_INGEST_H
#define KUNDIG_INGEST_INGEST_H

#include "corpus/corpus.h"
#include "io/rows.h"

/* Read all rows into the corpus as one batch. Options are complete (already read through
 * kundig__options_read). remembered: a map that was given before for this source, used where
 * options give none and its columns are here; absent: none. report may be NULL. Closes nothing. */
int kundig__ingest_rows(kundig__corpus *corpus, kundig__rows *rows,
                        const kundig_ingest_options *options, kundig_text remembered,
                        kundig_ingest_report **report, kundig_error *err);

#endif
