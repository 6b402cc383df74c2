/* The sentiment of one text as a table: the whole, its sentences, its topics, and the words that
 * decided.
 *
 * Cost: linear, and for each topic once more through the hits. */
#include "base/text.h"
#include "topics/compiled.h"
#include "topics/feeling.h"
#include "topics/given.h"

/* One row: a part of the comment. */
typedef struct sentiment_row {
    const kundig__mood *mood;
    int part;
    size_t index; /* of the sentence, or place in reading->topics */
    size_t range_count;
} sentiment_row;

/* Columns that kundig_sentiment() has, too. */
typedef struct sentiment_columns {
    size_t part;
    size_t start;
    size_t end;
    size_t topic;
    kundig__mood_columns mood;
} sentiment_columns;

#define SENTIMENT_PLACES (1 + KUNDIG__EVIDENCE_MOST) /* of a row: itself and its evidence */

/* ---- What tables say of a mood -------------------------------------------------------------- */

kundig_text kundig__sentiment_name(int32_t sentiment)
{
    static const char *const names[] = {"", "negative", "neutral", "positive", "mixed"};
    return sentiment == KUNDIG_SENTIMENT_UNKNOWN ? (kundig_text){NULL, 0}
                                                 : kundig__str(names[sentiment]);
}

void kundig__mood_columns_add(kundig_table *table, kundig__mood_columns *columns)
{
    columns->sentiment =
        kundig__table_column(table, "sentiment", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->value = kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    columns->negative =
        kundig__table_column(table, "negative", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    columns->neutral =
        kundig__table_column(table, "neutral", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    columns->positive =
        kundig__table_column(table, "positive", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    columns->expected =
        kundig__table_column(table, "expected", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    columns->lo = kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    columns->hi = kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    columns->origin = kundig__table_column(table, "origin", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->status = kundig__table_column(table, "status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->evidence =
        kundig__table_column(table, "evidence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

void kundig__mood_columns_set(kundig_table *table, const kundig__mood_columns *columns,
                              const kundig__mood *mood)
{
    static const char *const origins[] = {"", "lexicon", "learned", "both"};
    static const char *const statuses[] = {"ok", "outside", "empty"};
    kundig__table_set_text(table, columns->status, kundig__str(statuses[mood->status]));
    if (mood->status == KUNDIG__MOOD_EMPTY) {
        return;
    }
    kundig__table_set_text(table, columns->sentiment, kundig__sentiment_name(mood->sentiment));
    kundig__table_set_number(table, columns->value, (double)mood->value / 1000);
    kundig__table_set_number(table, columns->negative, (double)mood->probabilities[0]);
    kundig__table_set_number(table, columns->neutral, (double)mood->probabilities[1]);
    kundig__table_set_number(table, columns->positive, (double)mood->probabilities[2]);
    if (mood->has_expected) {
        kundig__table_set_number(table, columns->expected, mood->expected);
        kundig__table_set_number(table, columns->lo, mood->lo);
        kundig__table_set_number(table, columns->hi, mood->hi);
    }
    kundig__table_set_text(table, columns->origin, kundig__str(origins[mood->origin]));
}

void kundig__mood_evidence_text(kundig__buf *buf, const size_t *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kundig__buf_str(buf, i ? "; " : "");
        kundig__buf_int(buf, (int64_t)places[2 * i]);
        kundig__buf_char(buf, '-');
        kundig__buf_int(buf, (int64_t)places[2 * i + 1]);
    }
}

/* ---- One text ------------------------------------------------------------------------------- */

static void sentiment_place(kundig__given *read, size_t row, size_t at, size_t start, size_t end)
{
    read->places[2 * (row * SENTIMENT_PLACES + at)] = start;
    read->places[2 * (row * SENTIMENT_PLACES + at) + 1] = end;
}

/* Fills rows and, of each, its place and those of its evidence. */
static int sentiment_rows(kundig__given *read, sentiment_row *rows, size_t count)
{
    kundig__reading *reading = &read->reading;
    size_t sentences = reading->spoken.sentence_count;
    for (size_t i = 0; i < count; i++) {
        sentiment_row *row = &rows[i];
        size_t start = 0;
        size_t end = read->text.len;
        kundig__range ranges[KUNDIG__EVIDENCE_MOST];
        row->part = i == 0           ? KUNDIG__PART_COMMENT
                    : i <= sentences ? KUNDIG__PART_SENTENCE
                                     : KUNDIG__PART_TOPIC;
        row->index = i == 0 ? 0 : i <= sentences ? i - 1 : i - 1 - sentences;
        row->mood = &reading->mood;
        if (row->part == KUNDIG__PART_SENTENCE) {
            const kundig__sentence *sentence = &reading->spoken.sentences[row->index];
            start = reading->scratch.tokens[sentence->first].start;
            end = reading->scratch.tokens[sentence->end - 1].end;
            row->mood = &reading->sentence_moods[row->index];
        } else if (row->part == KUNDIG__PART_TOPIC) {
            row->mood = &reading->topic_moods[row->index];
            kundig__feeling_topic_place(reading, row->index, &start, &end);
        }
        int rc = kundig__feeling_evidence(reading, read->text.data, read->text.len, row->part,
                                          row->index, ranges, &row->range_count);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        sentiment_place(read, i, 0, start, end);
        for (size_t k = 0; k < KUNDIG__EVIDENCE_MOST; k++) {
            bool is = k < row->range_count;
            sentiment_place(read, i, k + 1, is ? ranges[k].start : 0, is ? ranges[k].end : 0);
        }
    }
    return KUNDIG_OK;
}

static int sentiment_write(const kundig__given *read, const sentiment_row *rows, size_t count,
                           kundig_table **out, kundig_error *err)
{
    static const char *const parts[] = {"comment", "sentence", "topic"};
    kundig__buf evidence;
    sentiment_columns columns;
    kundig_table *table = kundig__table_new(read->mem);
    kundig__buf_init(&evidence, read->mem);
    columns.part = kundig__table_column(table, "part", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns.start = kundig__table_column(table, "start", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    columns.end = kundig__table_column(table, "end", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    columns.topic = kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__mood_columns_add(table, &columns.mood);
    for (size_t i = 0; i < count; i++) {
        const sentiment_row *row = &rows[i];
        const size_t *places = &read->places[2 * i * SENTIMENT_PLACES];
        kundig__table_row(table);
        kundig__table_set_text(table, columns.part, kundig__str(parts[row->part]));
        kundig__table_set_int(table, columns.start, (int64_t)places[0]);
        kundig__table_set_int(table, columns.end, (int64_t)places[1]);
        if (row->part == KUNDIG__PART_TOPIC) {
            uint32_t topic = read->reading.topics[row->index];
            kundig__table_set_text(table, columns.topic, read->reading.model->topics[topic].name);
        }
        kundig__mood_columns_set(table, &columns.mood, row->mood);
        if (row->range_count) {
            evidence.len = 0;
            kundig__mood_evidence_text(&evidence, places + 2, row->range_count);
            kundig__table_set_text(table, columns.mood.evidence,
                                   kundig__text(evidence.data, evidence.len));
        }
    }
    bool failed = evidence.failed;
    kundig__buf_free(&evidence);
    if (failed) {
        kundig_table_free(table);
        return kundig__nomem(read->mem, err);
    }
    return kundig__table_finish(table, out, err);
}

int kundig__sentiment_table(kundig__mem *mem, const kundig_model *model, kundig_text text,
                            kundig_table **out, kundig_error *err)
{
    kundig__given read;
    kundig__reading *reading = &read.reading;
    sentiment_row *rows = NULL;
    size_t count = 0;
    int rc = kundig__given_open(&read, mem, model, text, err);
    if (rc != KUNDIG_OK) {
        goto done;
    }
    reading->moods = true;
    rc = kundig__reading_run(reading, read.text.data, read.text.len, KUNDIG__LANGUAGE_UNKNOWN);
    if (rc != KUNDIG_OK) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    count = 1 + reading->spoken.sentence_count + reading->topic_count;
    rows = kundig__alloc_zero(mem, count * sizeof *rows);
    if (!rows || !kundig__given_room(&read, count * SENTIMENT_PLACES) ||
        sentiment_rows(&read, rows, count) != KUNDIG_OK || !kundig__given_places(&read)) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    rc = sentiment_write(&read, rows, count, out, err);
done:
    kundig__free(mem, rows, count * sizeof *rows);
    kundig__given_close(&read);
    return rc;
}

int kundig_model_sentiment(const kundig_model *model, const char *text, size_t len,
                           kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    if (!text && len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "text is NULL, len is not 0");
    }
    kundig__mem_init(&mem, &model->mem.hook, 0);
    return kundig__sentiment_table(&mem, model, kundig__text(text, len), out, err);
}
