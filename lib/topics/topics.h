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
int kundig__sentiment_table(kundig__mem *mem, const kundig_model *model, kundig_text text,
                            kundig_table **out, kundig_error *err);

/* Columns that tell a mood: sentiment, value, negative, neutral, positive, expected, lo, hi,
 * origin, status, evidence. */
typedef struct kundig__mood_columns {
    size_t sentiment;
    size_t value;
    size_t negative;
    size_t neutral;
    size_t positive;
    size_t expected;
    size_t lo;
    size_t hi;
    size_t origin;
    size_t status;
    size_t evidence;
} kundig__mood_columns;

/* "positive"; absent for unknown. Static text. */
kundig_text kundig__sentiment_name(int32_t sentiment);
void kundig__mood_columns_add(kundig_table *table, kundig__mood_columns *columns);
/* All but evidence, of the last row. */
void kundig__mood_columns_set(kundig_table *table, const kundig__mood_columns *columns,
                              const kundig__mood *mood);
/* Append "12-19; 30-41": count starts and ends. */
void kundig__mood_evidence_text(kundig__buf *buf, const size_t *places, size_t count);

#endif
