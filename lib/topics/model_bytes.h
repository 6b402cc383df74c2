/* What a model is, as bytes: to save it, and to tell models apart. */
#ifndef KUNDIG_TOPICS_MODEL_BYTES_H
#define KUNDIG_TOPICS_MODEL_BYTES_H

#include "topics/compiled.h"

/* BLAKE2b of all that decides what the model finds: names, rules, versions; not titles, lines and
 * how rules were written. */
int kundig__model_digest(kundig_model *model, kundig__hash128 *id, kundig_error *err);

#endif
