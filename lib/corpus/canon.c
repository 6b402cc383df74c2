/* The canonical bytes of a row: what makes two records the same on every machine.
 *
 * Little-endian; a text is 0 as 8 bytes if absent, else its length + 1 as 8 bytes and its UTF-8
 * bytes after mending. In this order:
 *
 *   u8    1, the version of this list
 *   u32   kind
 *   text  source, id, customer
 *   i64   time in milliseconds, INT64_MIN if absent
 *   u8    precision of the time (0 where there is no time)
 *   i64   updated in milliseconds, INT64_MIN if absent
 *   u8    consent
 *   i64   weight in 2^-20
 *   text  channel, touchpoint, stage, case, agent, department, segment, product, language, purpose
 *   text  text
 *   u32   number of answers; each, in byte order of the question's name:
 *         text question, u32 scale, u32 direction, i64 minimum, maximum, value in thousandths
 *   u32   number of attributes; each, in byte order of its name:
 *         text name, u8 type, then text, or the IEEE 754 bits as u64 (number; bool: 0.0 or 1.0)
 *
 * All other facts have lists of their own in entity_write.c. Invariant: equal facts give equal
 * bytes whatever came before them. Cost: linear in the record and in the questions and attributes
 * of the corpus. */
#include "base/bytes.h"
#include "base/text.h"
#include "corpus/facts.h"

static void canon_answers(const kundig__corpus *corpus, uint32_t row, kundig__buf *out)
{
    uint32_t count = 0;
    for (size_t i = 0; i < corpus->question_count; i++) {
        count += corpus->questions[i].values[row] != KUNDIG__SCORE_MISSING;
    }
    kundig__put_u32(out, count);
    for (size_t i = 0; count && i < corpus->question_count; i++) {
        const kundig__question *question = &corpus->questions[corpus->question_order[i]];
        if (question->values[row] != KUNDIG__SCORE_MISSING) {
            kundig__put_text(out, question->name);
            kundig__put_u32(out, (uint32_t)question->scale);
            kundig__put_u32(out, (uint32_t)question->direction);
            kundig__put_i64(out, question->minimum);
            kundig__put_i64(out, question->maximum);
            kundig__put_i64(out, question->values[row]);
        }
    }
}

static void canon_attributes(const kundig__corpus *corpus, uint32_t row, kundig__buf *out)
{
    uint32_t count = 0;
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        count += kundig__attribute_has(&corpus->attributes[i], row);
    }
    kundig__put_u32(out, count);
    for (size_t i = 0; count && i < corpus->attribute_count; i++) {
        const kundig__attribute_column *column = &corpus->attributes[corpus->attribute_order[i]];
        if (kundig__attribute_has(column, row)) {
            kundig__put_text(out, column->name);
            kundig__put_u8(out, (uint8_t)column->type);
            if (column->type == KUNDIG_VALUE_TEXT) {
                kundig__put_text(out, kundig__dimension_text(&column->texts, row));
            } else {
                uint64_t bits;
                memcpy(&bits, &column->numbers[row], sizeof bits);
                kundig__put_u64(out, bits);
            }
        }
    }
}

static int64_t canon_i64(const kundig__corpus *corpus, int column, uint32_t row, int64_t missing)
{
    const int64_t *data = corpus->columns[column].data;
    return data ? data[row] : missing;
}

static uint8_t canon_u8(const kundig__corpus *corpus, int column, uint32_t row)
{
    const uint8_t *data = corpus->columns[column].data;
    return data ? data[row] : 0;
}

/* The id of a row that may not be placed yet comes from what was checked. */
static kundig_text canon_id(const kundig__corpus *corpus, uint32_t row)
{
    if (row == corpus->rows) {
        return corpus->checked.id;
    }
    return kundig__identity_id(&corpus->identity, kundig__identity_record(&corpus->identity, row));
}

/* ---- What every row has: written in one go, for rows are hashed by the million ---- */

#define CANON_TEXTS 14
#define CANON_FIXED (1 + 4 + 8 + 1 + 8 + 1 + 8 + 8 * CANON_TEXTS)

static char *canon_put(char *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (char)(unsigned char)(value >> (8 * i));
    }
    return at + bytes;
}

static char *canon_put_text(char *at, kundig_text text)
{
    at = canon_put(at, text.data ? (uint64_t)text.len + 1 : 0, 8);
    if (text.len) {
        memcpy(at, text.data, text.len);
    }
    return at + text.len;
}

/* Room for `need` bytes behind those of the buffer; NULL on failure of memory, which sticks. */
static char *canon_room(kundig__buf *out, size_t need)
{
    void *data = out->data;
    size_t whole = 0;
    if (out->failed || !kundig__size_add(out->len, need, &whole) ||
        !kundig__grow(out->mem, &data, &out->capacity, whole, 1)) {
        out->failed = true;
        return NULL;
    }
    out->data = data;
    return out->data + out->len;
}

void kundig__row_canonical(const kundig__corpus *corpus, uint32_t row, kundig__buf *out)
{
    const kundig__dimension *dims = corpus->dims;
    const uint32_t *kinds = dims[KUNDIG__DIM_KIND].codes;
    const uint8_t *flags = corpus->columns[KUNDIG__COL_FLAGS].data;
    kundig_text texts[CANON_TEXTS];
    size_t count = 0;
    size_t need = CANON_FIXED;
    texts[count++] = kundig__dimension_text(&dims[KUNDIG__DIM_SOURCE], row);
    texts[count++] = canon_id(corpus, row);
    texts[count++] = kundig__dimension_text(&dims[KUNDIG__DIM_CUSTOMER], row);
    for (int d = KUNDIG__DIM_CHANNEL; d < KUNDIG__DIM_COUNT; d++) {
        texts[count++] = kundig__dimension_text(&dims[d], row);
    }
    texts[count++] = flags[row] & KUNDIG__ROW_HAS_TEXT ? kundig__pool_get(&corpus->texts, row)
                                                       : kundig__text(NULL, 0);
    for (size_t i = 0; i < count; i++) {
        need += texts[i].len; /* each below 2^30 */
    }
    char *at = canon_room(out, need);
    if (!at) {
        return;
    }
    at = canon_put(at, 1, 1);
    at = canon_put(at, kinds ? kinds[row] : 0, 4);
    for (size_t i = 0; i < 3; i++) {
        at = canon_put_text(at, texts[i]);
    }
    at = canon_put(at, (uint64_t)canon_i64(corpus, KUNDIG__COL_TIME, row, KUNDIG_TIME_ABSENT), 8);
    at = canon_put(at, canon_u8(corpus, KUNDIG__COL_PRECISION, row), 1);
    at = canon_put(at, (uint64_t)kundig__row_updated(corpus, row), 8);
    at = canon_put(at, canon_u8(corpus, KUNDIG__COL_CONSENT, row), 1);
    at = canon_put(at, (uint64_t)canon_i64(corpus, KUNDIG__COL_WEIGHT, row, KUNDIG__WEIGHT_ONE), 8);
    for (size_t i = 3; i < count; i++) {
        at = canon_put_text(at, texts[i]);
    }
    out->len = (size_t)(at - out->data);
    canon_answers(corpus, row, out);
    canon_attributes(corpus, row, out);
}

int64_t kundig__row_updated(const kundig__corpus *corpus, uint32_t row)
{
    return canon_i64(corpus, KUNDIG__COL_UPDATED, row, KUNDIG_TIME_ABSENT);
}

static void canon_encode(void *ud, uint32_t row, kundig__buf *out)
{
    kundig__row_canonical(ud, row, out);
}

static int64_t canon_updated(void *ud, uint32_t row)
{
    return kundig__row_updated(ud, row);
}

kundig__rows_of kundig__rows_of_corpus(kundig__corpus *corpus)
{
    kundig__rows_of rows = {corpus, canon_encode, canon_updated};
    return rows;
}
