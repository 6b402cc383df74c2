/* What the model says of each record, as tables. */
#ifndef KUNDIG_CORPUS_TOLD_H
#define KUNDIG_CORPUS_TOLD_H

#include "corpus/query.h"

/* told.c: as kundig_classify() and kundig_sentiment() have them. */
int kundig__corpus_classify(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                            kundig_table **out, kundig_error *err);
int kundig__corpus_sentiment(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                             kundig_table **out, kundig_error *err);
/* unlabelled.c: as kundig_label_next() has it. */
int kundig__corpus_label_next(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                              kundig_table **out, kundig_error *err);

#endif
