/* The facts in memory, as columns.
 *
 * A row is one version of one record; rows never move. The current row of a record has the greatest
 * (updated_ms, content hash) of its versions; others carry KUNDIG__ROW_SUPERSEDED. Columns come
 * into being with their first value. Nothing that leaves the library depends on row numbers or
 * dictionary codes: the order of arrival shows nowhere. */
#ifndef KUNDIG_CORPUS_CORPUS_H
#define KUNDIG_CORPUS_CORPUS_H

#include "base/context.h"
#include "base/dict.h"
#include "base/scale.h"

/* Most distinct questions, and most distinct attributes, of one corpus: each costs a column. */
#define KUNDIG__MAX_QUESTIONS  4096
#define KUNDIG__MAX_ATTRIBUTES 4096

#define KUNDIG__MAX_ROWS       (UINT32_C(0x7FFFFFFE))
#define KUNDIG__SCORE_MISSING  INT32_MIN
#define KUNDIG__WEIGHT_ONE     (INT64_C(1) << 20)
#define KUNDIG__ROW_SUPERSEDED 1u

/* Text dimensions, in the order of kundig_query_group_by()'s list. */
enum {
    KUNDIG__DIM_SOURCE,
    KUNDIG__DIM_CUSTOMER,
    KUNDIG__DIM_KIND, /* codes are KUNDIG_KIND_, names fixed */
    KUNDIG__DIM_CHANNEL,
    KUNDIG__DIM_TOUCHPOINT,
    KUNDIG__DIM_STAGE,
    KUNDIG__DIM_CASE,
    KUNDIG__DIM_AGENT,
    KUNDIG__DIM_DEPARTMENT,
    KUNDIG__DIM_SEGMENT,
    KUNDIG__DIM_PRODUCT,
    KUNDIG__DIM_LANGUAGE,
    KUNDIG__DIM_PURPOSE,
    KUNDIG__DIM_COUNT
};

/* One dictionary-coded column: codes[row] is 0 for missing, else dictionary code + 1. codes is NULL
 * until the first value. */
typedef struct kundig__dimension {
    kundig__dict dict;
    uint32_t *codes;
    size_t capacity;
} kundig__dimension;

typedef struct kundig__question {
    kundig_text name; /* owned by the corpus */
    int32_t scale;    /* KUNDIG_SCALE_ */
    int32_t direction;
    int32_t minimum; /* thousandths */
    int32_t maximum;
    int32_t *values; /* thousandths or KUNDIG__SCORE_MISSING */
    size_t capacity;
    uint64_t stamp; /* the last record that answered it */
} kundig__question;

/* An attribute: text codes as a dimension, or numbers (bool: 0 and 1) with a missing mark. */
typedef struct kundig__attribute_column {
    kundig_text name;
    int32_t type; /* KUNDIG_VALUE_TEXT, _NUMBER or _BOOL; by its first value; others are refused */
    kundig__dimension texts;
    double *numbers; /* NaN is missing */
    size_t capacity;
    uint64_t stamp;        /* the last record that had it */
    uint32_t texts_before; /* at the begin of the batch */
} kundig__attribute_column;

typedef struct kundig__corpus kundig__corpus;

int kundig__corpus_new(kundig__context *context, kundig__corpus **out, kundig_error *err);
void kundig__corpus_free(kundig__corpus *corpus);

/* Adding happens in a batch that is whole or absent. Within a batch records are given one by one;
 * ones that fail (KUNDIG_E_VALUE, KUNDIG_E_ARG) leave no trace and the batch may go on. */
int kundig__batch_begin(kundig__corpus *corpus, kundig_error *err);
/* added counts up. *column (may be NULL) names the field that was refused, static text. */
int kundig__batch_add(kundig__corpus *corpus, const kundig_feedback *record, kundig_added *added,
                      const char **field, kundig_error *err);
void kundig__batch_commit(kundig__corpus *corpus);
void kundig__batch_abandon(kundig__corpus *corpus); /* everything since begin is undone */

/* Reading. Pointers are borrowed until the next change. */
kundig__context *kundig__corpus_context(const kundig__corpus *corpus);
uint64_t kundig__corpus_generation(const kundig__corpus *corpus);
/* No other corpus of the handle has it. */
uint64_t kundig__corpus_serial(const kundig__corpus *corpus);
uint32_t kundig__corpus_rows(const kundig__corpus *corpus);
uint32_t kundig__corpus_current_rows(const kundig__corpus *corpus); /* records */
const uint8_t *kundig__corpus_flags(const kundig__corpus *corpus);  /* KUNDIG__ROW_ a row */
const kundig__dimension *kundig__corpus_dimension(const kundig__corpus *corpus, int dim);
const char *kundig__dimension_name(int dim); /* "channel" */
/* Text of a dimension in a row; absent if missing. */
kundig_text kundig__dimension_text(const kundig__dimension *dimension, uint32_t row);
const int64_t *kundig__corpus_times(const kundig__corpus *corpus); /* NULL: no row has one */
const uint8_t *
kundig__corpus_precisions(const kundig__corpus *corpus);              /* NULL: all instants (ms) */
const int64_t *kundig__corpus_weights(const kundig__corpus *corpus);  /* 2^-20; NULL: all weigh 1 */
const uint8_t *kundig__corpus_consents(const kundig__corpus *corpus); /* NULL: all unknown */
size_t kundig__corpus_question_count(const kundig__corpus *corpus);
const kundig__question *kundig__corpus_question(const kundig__corpus *corpus, size_t index);
size_t kundig__corpus_attribute_count(const kundig__corpus *corpus);
const kundig__attribute_column *kundig__corpus_attribute(const kundig__corpus *corpus,
                                                         size_t index);
kundig_text kundig__corpus_text(const kundig__corpus *corpus, uint32_t row); /* absent if none */
kundig_text kundig__corpus_id(const kundig__corpus *corpus, uint32_t row);   /* absent if none */
uint64_t kundig__corpus_replaced_bytes(const kundig__corpus *corpus);
/* Canonical order of records: time, source, identity. <0, 0, >0 */
int kundig__corpus_order(const kundig__corpus *corpus, uint32_t a, uint32_t b);
/* Bytes of kundig's own memory, without the texts (what was read from them counts) and of them. */
void kundig__corpus_memory(const kundig__corpus *corpus, uint64_t *columns, uint64_t *texts);
/* Says what is wrong in words; KUNDIG_OK if every invariant holds. */
int kundig__corpus_check(const kundig__corpus *corpus, kundig_error *err);

bool kundig__time_in_range(int64_t time_ms); /* years 0001 to 9999 */

int kundig__corpus_fields(kundig__corpus *corpus, kundig_table **out, kundig_error *err);
int kundig__corpus_conflicts(kundig__corpus *corpus, kundig_table **out, kundig_error *err);

#endif
