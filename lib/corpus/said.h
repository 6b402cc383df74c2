/* What the comments say, as the model reads them: derived, never a fact; read when first asked for
 * and kept. New rows are read when they are asked for; another model reads all again. */
#ifndef KUNDIG_CORPUS_SAID_H
#define KUNDIG_CORPUS_SAID_H

#include "corpus/corpus.h"
#include "topics/model.h"

#define KUNDIG__SAID_BLOCK 4096u

typedef struct kundig__said {
    const kundig_model *model;
    uint32_t rows;
    uint32_t most;              /* topics of one row, at most */
    const uint8_t *languages;   /* KUNDIG__LANGUAGE_ a row; unknown where there is no text */
    const uint64_t *starts;     /* rows + 1: topics[starts[row]..starts[row + 1]) are of the row */
    const uint16_t *topics;     /* numbers of the model, ascending within a row */
    const uint16_t *block_most; /* topics of one row, at most, in KUNDIG__SAID_BLOCK rows */
    const uint16_t *themes;     /* the theme of a topic */
    const kundig__dict *topic_names; /* code: number of the topic */
    const kundig__dict *theme_names;
    /* How unlike what was discovered a row's comment is, in thousandths; -1 where nothing is said.
     * NULL: the model discovered nothing. */
    const int16_t *novelties;
    /* From kundig__corpus_moods() alone, else of fewer rows or NULL: */
    const uint8_t *sentiments;       /* KUNDIG_SENTIMENT_ of a row's comment; unknown without one */
    const int16_t *values;           /* in thousandths; 0 where nothing is known */
    const uint8_t *topic_sentiments; /* beside topics: of each in its row */
    const int16_t *topic_values;
} kundig__said;

/* Borrowed until facts or model change. The record's own language, where one is given, goes before
 * the one that is found out. Old versions of records say nothing. Forks into context->threads; what
 * was read before it failed or was cancelled is kept. */
int kundig__corpus_said(kundig__corpus *corpus, const kundig__said **out, kundig_error *err);
/* The same with how those who wrote feel, which costs more: rows that were read without are read
 * once more. What kundig__corpus_said() handed out stays as it is. */
int kundig__corpus_moods(kundig__corpus *corpus, const kundig__said **out, kundig_error *err);
/* Retains; NULL: the ready one, made when first asked for. */
void kundig__corpus_set_model(kundig__corpus *corpus, kundig_model *model);
int kundig__corpus_model(kundig__corpus *corpus, const kundig_model **out, kundig_error *err);
/* The language that a record states for itself; unknown if it states none or another. */
int kundig__corpus_stated_language(const kundig__corpus *corpus, uint32_t row);

#endif
