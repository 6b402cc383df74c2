/* What the comments say: the model's answers as columns.
 *
 *   row         0    1    2    3
 *   languages   de   en   -    en
 *   starts      0    2    3    3    4
 *   topics      7 9  2         7        numbers of the model, ascending within a row
 *
 * New rows are read in rounds: in a round each part reads a stretch of them with memory of its own,
 * then the caller's thread joins what they found in the order of rows. Invariant: the column holds
 * rows 0.. of the facts, whole, and does not depend on how many rounds and parts made it. Cost: one
 * reading a comment; 9 bytes a row and 2 a topic. */
#include "base/text.h"
#include "corpus/facts.h"

void kundig__said_init(kundig__said_column *column, kundig__corpus *corpus)
{
    memset(column, 0, sizeof *column);
    kundig__dict_init(&column->topic_names, corpus->mem, corpus->context->siphash_key);
    kundig__dict_init(&column->theme_names, corpus->mem, corpus->context->siphash_key);
}

void kundig__said_free(kundig__said_column *column, kundig__mem *mem)
{
    kundig__free(mem, column->languages, column->language_capacity * sizeof *column->languages);
    kundig__free(mem, column->starts, column->start_capacity * sizeof *column->starts);
    kundig__free(mem, column->topics, column->topic_capacity * sizeof *column->topics);
    kundig__free(mem, column->block_most, column->block_capacity * sizeof *column->block_most);
    kundig__free(mem, column->themes, column->theme_capacity * sizeof *column->themes);
    kundig__dict_free(&column->topic_names);
    kundig__dict_free(&column->theme_names);
}

size_t kundig__said_memory(const kundig__said_column *column)
{
    return column->language_capacity * sizeof *column->languages +
           column->start_capacity * sizeof *column->starts +
           column->topic_capacity * sizeof *column->topics +
           column->block_capacity * sizeof *column->block_most +
           column->theme_capacity * sizeof *column->themes +
           kundig__dict_memory(&column->topic_names) + kundig__dict_memory(&column->theme_names);
}

int kundig__corpus_said(kundig__corpus *corpus, const kundig__said **out, kundig_error *err)
{
    if (!corpus->said.starts || corpus->said.said.rows != corpus->rows) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "comments are not read yet");
    }
    *out = &corpus->said.said;
    return KUNDIG_OK;
}
