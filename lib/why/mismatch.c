/* kundig_mismatch(): scores and comments that disagree.
 *
 * A high score is one at the good end of its scale, promoters or the outer third; so is a low one
 * at the bad end. It disagrees with a comment that is negative, or positive, as a whole: neutral
 * and mixed comments disagree with nothing. How far is the distance between the place of the score
 * on its scale, from -1 to 1, and the value of the comment.
 *
 * Invariant: rows of equal distance stand in the order of records. Cost: moods of all comments,
 * once; one pass; what showing.c costs a row shown. */
#include <inttypes.h>

#include "base/order.h"
#include "base/text.h"
#include "corpus/comments.h"
#include "corpus/showing.h"
#include "topics/topics.h"
#include "why/scored.h"
#include "why/why.h"

typedef struct mismatch_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig__scored scored;
    const kundig__said *said;
    kundig__showing showing;
    kundig__comments list;  /* knows which names there are; its rows are ours */
    kundig__heads wrote[2]; /* a high score and a comment with a feeling; a low one */
    kundig__heads apart[2];
    kundig__buf topics;
} mismatch_job;

/* 1: a high score and a negative comment; -1: a low one and a positive one; 0: they agree. */
static int mismatch_side(const mismatch_job *job, uint32_t row)
{
    int end = kundig__scored_end_of(&job->scored, job->scored.question->values[row]);
    int sentiment = job->said->sentiments[row];
    if (end > 0 && sentiment == KUNDIG_SENTIMENT_NEGATIVE) {
        return 1;
    }
    return end < 0 && sentiment == KUNDIG_SENTIMENT_POSITIVE ? -1 : 0;
}

static int32_t mismatch_distance(const mismatch_job *job, uint32_t row)
{
    int32_t place = kundig__scored_place(&job->scored, job->scored.question->values[row]);
    int32_t distance = 2 * place - KUNDIG__PLACE_MOST - job->said->values[row];
    return distance < 0 ? -distance : distance;
}

static int mismatch_order(const void *ud, uint32_t a, uint32_t b)
{
    const mismatch_job *job = ud;
    int32_t first = mismatch_distance(job, a);
    int32_t second = mismatch_distance(job, b);
    if (first != second) {
        return first > second ? -1 : 1;
    }
    return kundig__corpus_order(job->corpus, a, b);
}

static int mismatch_record(mismatch_job *job, uint32_t row, int32_t answer, kundig_error *err)
{
    int end = kundig__scored_end_of(&job->scored, answer);
    if (!end || job->said->sentiments[row] == KUNDIG_SENTIMENT_UNKNOWN) {
        return KUNDIG_OK;
    }
    kundig__heads_add(&job->wrote[end < 0], &job->scored, row);
    if (!mismatch_side(job, row)) {
        return KUNDIG_OK;
    }
    kundig__heads_add(&job->apart[end < 0], &job->scored, row);
    return kundig__comments_take(&job->list, row, 0, err);
}

static int mismatch_all(mismatch_job *job, kundig_error *err)
{
    uint32_t rows = kundig__corpus_rows(job->corpus);
    int32_t answers[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        int rc = kundig__progress(kundig__corpus_context(job->corpus), first, rows, err);
        kundig__scored_rows(&job->scored, first, count, answers);
        for (uint32_t i = 0; i < count && !rc; i++) {
            if (answers[i] != KUNDIG__SCORE_MISSING) {
                rc = mismatch_record(job, first + i, answers[i], err);
            }
        }
        if (rc) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

enum {
    MISMATCH_SCORE,
    MISMATCH_SENTIMENT,
    MISMATCH_VALUE,
    MISMATCH_KIND,
    MISMATCH_TOPICS,
    MISMATCH_TEXT
};

static void mismatch_columns(kundig_table *table)
{
    kundig__table_column(table, "score", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    kundig__table_column(table, "sentiment", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(table, "kind", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "topics", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

static int mismatch_row(mismatch_job *job, kundig_table *table, uint32_t row, kundig_error *err)
{
    const kundig__said *said = job->said;
    int rc = kundig__showing_show(&job->showing, row, err);
    if (rc) {
        return rc;
    }
    job->topics.len = 0;
    for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
        kundig__buf_str(&job->topics, job->topics.len ? ", " : "");
        kundig__buf_text(&job->topics, kundig__dict_text(said->topic_names, said->topics[at]));
    }
    if (job->topics.failed) {
        return kundig__nomem(job->mem, err);
    }
    kundig__table_row(table);
    size_t first = kundig__comments_name(&job->list, row, table);
    kundig__table_set_number(table, first + MISMATCH_SCORE,
                             job->scored.question->values[row] / 1000.0);
    kundig__table_set_text(table, first + MISMATCH_SENTIMENT,
                           kundig__sentiment_name(said->sentiments[row]));
    kundig__table_set_number(table, first + MISMATCH_VALUE, said->values[row] / 1000.0);
    kundig__table_set_text(table, first + MISMATCH_KIND,
                           kundig__str(mismatch_side(job, row) > 0 ? "high score, negative text"
                                                                   : "low score, positive text"));
    if (job->topics.len) {
        kundig__table_set_text(table, first + MISMATCH_TOPICS,
                               kundig__text(job->topics.data, job->topics.len));
    }
    kundig__table_set_text(table, first + MISMATCH_TEXT, job->showing.text);
    return KUNDIG_OK;
}

static void mismatch_notes(const mismatch_job *job, kundig_table *table)
{
    static const char *const ends[2][2] = {{"high", "negative"}, {"low", "positive"}};
    for (size_t side = 0; side < 2; side++) {
        char share[96];
        if (!job->wrote[side].count) {
            kundig__table_note(table, "nobody with a %s score wrote anything that tells a feeling",
                               ends[side][0]);
            continue;
        }
        kundig__heads_words(&job->scored, job->apart[side].count, job->wrote[side].count, share);
        kundig__table_note(table,
                           "of %" PRIu64 " customers with a %s score and a comment, %" PRIu64
                           " wrote a %s one: %s; each counts once",
                           job->wrote[side].count, ends[side][0], job->apart[side].count,
                           ends[side][1], share);
    }
    kundig__table_note(table, "%" PRIu64 " record%s in all", job->list.matched,
                       job->list.matched == 1 ? "" : "s");
}

static int mismatch_table(mismatch_job *job, size_t limit, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(job->mem);
    int rc = KUNDIG_OK;
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    kundig__order_sort(job->list.rows, job->list.count, mismatch_order, job);
    kundig__comments_names(&job->list, table);
    mismatch_columns(table);
    for (size_t i = 0; i < job->list.count && (!limit || i < limit) && !rc; i++) {
        rc = mismatch_row(job, table, job->list.rows[i], err);
    }
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    mismatch_notes(job, table);
    return kundig__table_finish(table, out, err);
}

int kundig__mismatch(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                     kundig_table **out, kundig_error *err)
{
    const kundig_query nothing = {.keep = KUNDIG__NO_NODE};
    mismatch_job job;
    memset(&job, 0, sizeof job);
    job.corpus = corpus;
    job.mem = &kundig__corpus_context(corpus)->mem;
    job.list.corpus = corpus;
    int rc = kundig__scored_begin(&job.scored, corpus, query, err);
    if (rc) {
        return rc;
    }
    rc = kundig__corpus_moods(corpus, &job.said, err);
    rc = rc ? rc : kundig__showing_init(&job.showing, corpus, &nothing, err);
    if (rc) {
        kundig__scored_end(&job.scored);
        return rc;
    }
    kundig__buf_init(&job.topics, job.mem);
    for (size_t side = 0; side < 2 && !rc; side++) {
        if (!kundig__heads_init(&job.wrote[side], &job.scored) ||
            !kundig__heads_init(&job.apart[side], &job.scored)) {
            rc = kundig__nomem(job.mem, err);
        }
    }
    rc = rc ? rc : mismatch_all(&job, err);
    rc = rc ? rc : mismatch_table(&job, limit, out, err);
    for (size_t side = 0; side < 2; side++) {
        kundig__heads_free(&job.wrote[side]);
        kundig__heads_free(&job.apart[side]);
    }
    kundig__buf_free(&job.topics);
    kundig__comments_free(&job.list);
    kundig__showing_free(&job.showing);
    kundig__scored_end(&job.scored);
    return rc;
}
