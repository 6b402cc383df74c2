/* What is said: answers about texts and models, as tables. */
#ifndef KUNDIG_TOPICS_TOPICS_H
#define KUNDIG_TOPICS_TOPICS_H

#include "table/table.h"
#include "topics/model.h"

/* Text from outside may be ill-formed; offsets are into it as it was given. */
int kundig__personal_table(kundig__mem *mem, kundig_text text, uint32_t kinds, kundig_table **out,
                           kundig_error *err);
int kundig__languages_table(kundig__mem *mem, const kundig_model *model, kundig_text text,
                            kundig_table **out, kundig_error *err);
int kundig__hits_table(kundig__mem *mem, const kundig_model *model, kundig_text text,
                       kundig_table **out, kundig_error *err);
int kundig__topics_table(kundig__mem *mem, const kundig_model *model, kundig_table **out,
                         kundig_error *err);
int kundig__findings_table(kundig__mem *mem, kundig_text taxonomy, kundig_table **out,
                           kundig_error *err);

#endif
