/* What was discovered, as bytes of a model: discovered_bytes.c. */
#ifndef KUNDIG_TOPICS_DISCOVERED_BYTES_H
#define KUNDIG_TOPICS_DISCOVERED_BYTES_H

#include "base/bytes.h"
#include "topics/discovered.h"

/* Append it; or, unless all, what of it decides what a model finds. */
void kundig__discovered_put(kundig__buf *buf, const kundig__discovered *discovered, bool all);
/* And back, from anyone's bytes; texts and arrays are arena's, the clusters are to be freed whatever
 * is returned. KUNDIG_OK, KUNDIG_E_FORMAT, failures of memory. */
int kundig__discovered_take(kundig__arena *arena, kundig__reader *reader, kundig__discovered *out,
                            kundig_error *err);

#endif
