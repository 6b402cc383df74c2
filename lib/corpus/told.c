/* What the model says of each record: its topics, and how it feels.
 *
 * The comments shown are read once more, for columns keep no evidence; places are told in the
 * comment as it is shown, where what lies in a mask covers it.
 * Invariant: as comments.c. Cost: one pass over the rows, and one reading of each comment shown. */
#include "corpus/told.h"

#include "base/text.h"
#include "corpus/comments.h"
#include "corpus/showing.h"
#include "topics/topics.h"

typedef struct told_job {
    kundig__corpus *corpus;
    const kundig_model *model;
    kundig__comments list;
    kundig__showing showing;
    kundig__reading reading;
    kundig__buf places;
    kundig__range *ranges;
    size_t range_capacity;
    uint32_t *order;
    size_t order_capacity;
    const kundig__question *question; /* that taught sentiment; NULL: none */
    uint64_t outside;                 /* comments unlike what was learned from */
} told_job;

static int told_begin(told_job *job, kundig__corpus *corpus, const kundig_query *query,
                      size_t limit, kundig_error *err)
{
    const kundig_query nothing = {.keep = KUNDIG__NO_NODE};
    kundig__grouping *grouping = NULL;
    memset(job, 0, sizeof *job);
    job->corpus = corpus;
    job->list.corpus = corpus;
    int rc = kundig__corpus_model(corpus, &job->model, err);
    rc = rc ? rc : kundig__showing_init(&job->showing, corpus, &nothing, err);
    if (rc) {
        return rc;
    }
    kundig__buf_init(&job->places, corpus->mem);
    kundig__reading_init(&job->reading, corpus->mem, job->model);
    job->reading.moods = true;
    rc = kundig__comments_grouping(corpus, query, &grouping, err);
    rc = rc ? rc : kundig__comments_find(&job->list, grouping, limit, err);
    kundig__grouping_free(grouping);
    kundig__comments_sort(&job->list);
    return rc;
}

static void told_end(told_job *job)
{
    kundig__mem *mem = job->corpus->mem;
    if (job->reading.mem) {
        kundig__reading_free(&job->reading);
        kundig__buf_free(&job->places);
        kundig__showing_free(&job->showing);
    }
    kundig__comments_free(&job->list);
    kundig__free(mem, job->ranges, job->range_capacity * sizeof *job->ranges);
    kundig__free(mem, job->order, job->order_capacity * sizeof *job->order);
}

/* Read the comment of a row, and show it; a row without a text says nothing. */
static int told_read(told_job *job, uint32_t row, bool *has, kundig_error *err)
{
    kundig_text text = kundig__corpus_text(job->corpus, row);
    int rc = kundig__showing_show(&job->showing, row, err);
    *has = text.data != NULL;
    if (!rc && *has) {
        int stated = kundig__corpus_stated_language(job->corpus, row);
        if (kundig__reading_run(&job->reading, text.data, text.len, stated)) {
            rc = kundig__nomem(job->corpus->mem, err);
        }
    }
    return rc;
}

/* ---- Places --------------------------------------------------------------------------------- */

static int told_range_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__range *x = (const kundig__range *)ud + a;
    const kundig__range *y = (const kundig__range *)ud + b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    return (x->end > y->end) - (x->end < y->end);
}

static bool told_room(told_job *job, size_t count)
{
    kundig__mem *mem = job->corpus->mem;
    void *ranges = job->ranges;
    void *order = job->order;
    bool room = kundig__grow(mem, &ranges, &job->range_capacity, count, sizeof *job->ranges) &&
                kundig__grow(mem, &order, &job->order_capacity, count, sizeof *job->order);
    job->ranges = ranges;
    job->order = order;
    return room;
}

/* "12-19; 30-41": the first `count` ranges, in the comment as shown, in order, each once. */
static bool told_places(told_job *job, size_t count)
{
    kundig__buf *out = &job->places;
    out->len = 0;
    for (size_t i = 0; i < count; i++) {
        job->ranges[i] = kundig__showing_place(&job->showing, job->ranges[i]);
        job->order[i] = (uint32_t)i;
    }
    kundig__order_sort(job->order, count, told_range_order, job->ranges);
    for (size_t i = 0; i < count; i++) {
        const kundig__range *range = &job->ranges[job->order[i]];
        if (i && told_range_order(job->ranges, job->order[i - 1], job->order[i]) == 0) {
            continue; /* several rules found it, or one mask covers both */
        }
        kundig__buf_str(out, i ? "; " : "");
        kundig__buf_int(out, range->start);
        kundig__buf_char(out, '-');
        kundig__buf_int(out, range->end);
    }
    return !out->failed;
}

static void told_set_places(const told_job *job, kundig_table *table, size_t column)
{
    if (job->places.len) {
        kundig__table_set_text(table, column, kundig__text(job->places.data, job->places.len));
    }
}

/* ---- Topics --------------------------------------------------------------------------------- */

enum {
    TOLD_THEME,
    TOLD_TOPIC,
    TOLD_PROBABILITY,
    TOLD_SENTIMENT,
    TOLD_VALUE,
    TOLD_EVIDENCE,
    TOLD_TEXT
};

static void told_topic_columns(kundig_table *table)
{
    kundig__table_column(table, "theme", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "sentiment", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(table, "evidence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

static void told_set_mood(kundig_table *table, size_t column, const kundig__mood *mood)
{
    if (mood->sentiment != KUNDIG_SENTIMENT_UNKNOWN) {
        kundig__table_set_text(table, column, kundig__sentiment_name(mood->sentiment));
        kundig__table_set_number(table, column + 1, mood->value / 1000.0);
    }
}

/* The places of one of the reading's topics. */
static bool told_topic_places(told_job *job, uint32_t topic)
{
    const kundig__reading *reading = &job->reading;
    size_t count = 0;
    if (!told_room(job, reading->hit_count)) {
        return false;
    }
    for (size_t i = 0; i < reading->hit_count; i++) {
        if (reading->hits[i].topic == topic) {
            job->ranges[count++] = (kundig__range){reading->hits[i].start, reading->hits[i].end};
        }
    }
    return told_places(job, count);
}

/* One row; topic: its place in the reading, SIZE_MAX where the record has none. */
static bool told_topic_row(told_job *job, kundig_table *table, uint32_t row, size_t topic, bool has)
{
    const kundig__reading *reading = &job->reading;
    kundig__table_row(table);
    size_t first = kundig__comments_name(&job->list, row, table);
    kundig__table_set_text(table, first + TOLD_TEXT, job->showing.text);
    if (topic == SIZE_MAX) {
        if (has) {
            told_set_mood(table, first + TOLD_SENTIMENT, &reading->mood);
        }
        return true;
    }
    const kundig__topic_info *info = kundig__model_topic(job->model, reading->topics[topic]);
    kundig__table_set_text(table, first + TOLD_THEME,
                           kundig__model_theme(job->model, info->theme)->name);
    kundig__table_set_text(table, first + TOLD_TOPIC, info->name);
    if (reading->probabilities[topic] >= 0) {
        kundig__table_set_number(table, first + TOLD_PROBABILITY, reading->probabilities[topic]);
    }
    told_set_mood(table, first + TOLD_SENTIMENT, &reading->topic_moods[topic]);
    if (!told_topic_places(job, reading->topics[topic])) {
        return false;
    }
    told_set_places(job, table, first + TOLD_EVIDENCE);
    return true;
}

static int told_topic_rows(told_job *job, kundig_table *table, kundig_error *err)
{
    for (size_t i = 0; i < job->list.count; i++) {
        uint32_t row = job->list.rows[i];
        bool has;
        int rc = told_read(job, row, &has, err);
        if (rc) {
            return rc;
        }
        size_t topics = has ? job->reading.topic_count : 0;
        job->outside += has && job->reading.taught && job->reading.taught->refused;
        bool room = topics > 0 || told_topic_row(job, table, row, SIZE_MAX, has);
        for (size_t topic = 0; topic < topics && room; topic++) {
            room = told_topic_row(job, table, row, topic, true);
        }
        if (!room) {
            return kundig__nomem(job->corpus->mem, err);
        }
    }
    return KUNDIG_OK;
}

static void told_notes(const told_job *job, kundig_table *table, const char *what)
{
    kundig__table_note(table, "%llu record%s in all", (unsigned long long)job->list.matched,
                       job->list.matched == 1 ? "" : "s");
    if (job->outside) {
        kundig__table_note(table, "%llu of the records shown %s unlike all that %s learned from",
                           (unsigned long long)job->outside, job->outside == 1 ? "is" : "are",
                           what);
    }
}

int kundig__corpus_classify(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                            kundig_table **out, kundig_error *err)
{
    told_job job;
    kundig_table *table = NULL;
    int rc = told_begin(&job, corpus, query, limit, err);
    if (!rc) {
        table = kundig__table_new(corpus->mem);
        rc = table ? KUNDIG_OK : kundig__nomem(corpus->mem, err);
    }
    if (!rc) {
        kundig__comments_names(&job.list, table);
        told_topic_columns(table);
        rc = told_topic_rows(&job, table, err);
    }
    if (!rc) {
        told_notes(&job, table, "topics were");
        rc = kundig__table_finish(table, out, err);
    } else {
        kundig_table_free(table);
    }
    told_end(&job);
    return rc;
}

/* ---- Sentiment ------------------------------------------------------------------------------ */

/* The column `score` where a question taught and this corpus has it. */
static void told_find_question(told_job *job)
{
    const kundig__corpus *corpus = job->corpus;
    const kundig__mood_learned *mood = kundig__model_mood(job->model);
    for (size_t i = 0; mood && mood->question.data && i < corpus->question_count; i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        if (kundig__text_equal(question->name, mood->question)) {
            job->question = question;
        }
    }
}

typedef struct told_columns {
    size_t score;
    kundig__mood_columns mood;
    size_t text;
} told_columns;

static int told_felt_row(told_job *job, const told_columns *columns, kundig_table *table,
                         uint32_t row, kundig_error *err)
{
    bool has;
    size_t count = 0;
    int rc = told_read(job, row, &has, err);
    if (rc) {
        return rc;
    }
    kundig__table_row(table);
    kundig__comments_name(&job->list, row, table);
    if (job->question && job->question->values[row] != KUNDIG__SCORE_MISSING) {
        kundig__table_set_number(table, columns->score, job->question->values[row] / 1000.0);
    }
    kundig__table_set_text(table, columns->text, job->showing.text);
    if (!has) {
        return KUNDIG_OK;
    }
    kundig_text text = kundig__corpus_text(job->corpus, row);
    kundig__mood_columns_set(table, &columns->mood, &job->reading.mood);
    job->outside += job->reading.mood.status == KUNDIG__MOOD_OUTSIDE;
    bool room = told_room(job, KUNDIG__EVIDENCE_MOST) &&
                !kundig__feeling_evidence(&job->reading, text.data, text.len, KUNDIG__PART_COMMENT,
                                          0, job->ranges, &count) &&
                told_places(job, count);
    if (!room) {
        return kundig__nomem(job->corpus->mem, err);
    }
    told_set_places(job, table, columns->mood.evidence);
    return KUNDIG_OK;
}

int kundig__corpus_sentiment(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                             kundig_table **out, kundig_error *err)
{
    told_job job;
    told_columns columns;
    kundig_table *table = NULL;
    int rc = told_begin(&job, corpus, query, limit, err);
    if (!rc) {
        table = kundig__table_new(corpus->mem);
        rc = table ? KUNDIG_OK : kundig__nomem(corpus->mem, err);
    }
    if (!rc) {
        told_find_question(&job);
        kundig__comments_names(&job.list, table);
        columns.score =
            kundig__table_column(table, "score", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
        kundig__mood_columns_add(table, &columns.mood);
        columns.text = kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    for (size_t i = 0; i < job.list.count && !rc; i++) {
        rc = told_felt_row(&job, &columns, table, job.list.rows[i], err);
    }
    if (!rc) {
        told_notes(&job, table, "sentiment was");
        rc = kundig__table_finish(table, out, err);
    } else {
        kundig_table_free(table);
    }
    told_end(&job);
    return rc;
}
