/* Typical comments of topics, for the files of this room. */
#ifndef KUNDIG_METRICS_QUOTES_H
#define KUNDIG_METRICS_QUOTES_H

#include "corpus/query.h"
#include "corpus/said.h"

#define KUNDIG__NO_ROW UINT32_MAX

/* rows[topic] becomes the row of a typical comment among those the grouping keeps, KUNDIG__NO_ROW
 * where none is short enough; rows holds an entry a topic of the model. */
int kundig__quotes_choose(kundig__corpus *corpus, const kundig__grouping *grouping,
                          const kundig__said *said, uint32_t *rows, kundig_error *err);

#endif
