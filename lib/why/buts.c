/* kundig_buts(): what the satisfied still miss.
 *
 * Among records whose answer is in the best tenth of its scale: clauses behind a word of contrast
 * that speak badly of something, and topics spoken of badly without one. Bad is what the lexicon
 * says of the clause, or the mood of a topic with evidence in it; what is excepted from praise is
 * missed whatever it says.
 *
 * Invariant: what is found depends on the record and the model alone; rows as comments.c has them.
 * Cost: moods of all comments, once; the tokens of those of satisfied customers; one more reading
 * of comments with a contrast or a bad topic, and another of those shown. */
#include <inttypes.h>

#include "base/text.h"
#include "corpus/comments.h"
#include "corpus/showing.h"
#include "why/contrary.h"
#include "why/scored.h"
#include "why/why.h"

#define BUTS_BAD  (-0.15f) /* the lexicon leans to bad: see lexicon.c */
#define BUTS_GOOD 0.15f
#define BUTS_SURE 700 /* thousandths: a sentence's language */
#define BUTS_MOST 16u /* clauses of one comment */

/* What a record misses: a clause, or a topic. */
typedef struct buts_find {
    kundig__range range; /* bytes of the comment */
    const char *word;    /* of contrast; NULL: none */
    size_t topic;        /* its place in the reading; of a clause SIZE_MAX */
    int32_t value;       /* in thousandths */
} buts_find;

typedef struct buts_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig__scored scored;
    const kundig__said *said;
    kundig__contraries words;
    kundig__scratch scratch;
    kundig__reading reading;
    kundig__showing showing;
    kundig__comments list;
    kundig__heads wrote; /* the satisfied */
    kundig__heads missed;
    kundig__buf topics;
    kundig__buf place;
    buts_find clauses[BUTS_MOST];
    size_t clause_count;
} buts_job;

/* ---- One comment ---------------------------------------------------------------------------- */

static int buts_language(const buts_job *job, size_t sentence, int stated)
{
    const kundig__spoken *spoken = &job->reading.spoken;
    const kundig__sentence *part = &spoken->sentences[sentence];
    if (part->language != KUNDIG__LANGUAGE_UNKNOWN && part->sureness >= BUTS_SURE) {
        return part->language;
    }
    return kundig__mood_language(spoken, &job->reading.scratch, stated);
}

static bool buts_is_bad_topic(const kundig__mood *mood)
{
    return mood->sentiment == KUNDIG_SENTIMENT_NEGATIVE;
}

/* The worst that is said of a topic with evidence in a stretch; 0: nothing bad. */
static int32_t buts_worst_topic(const kundig__reading *reading, kundig__range range)
{
    int32_t worst = 0;
    for (size_t i = 0; i < reading->hit_count; i++) {
        const kundig__hit *hit = &reading->hits[i];
        if (hit->start >= range.end || hit->end <= range.start) {
            continue;
        }
        for (size_t topic = 0; topic < reading->topic_count; topic++) {
            const kundig__mood *mood = &reading->topic_moods[topic];
            if (reading->topics[topic] == hit->topic && buts_is_bad_topic(mood)) {
                worst = mood->value < worst ? mood->value : worst;
            }
        }
    }
    return worst;
}

/* Add the clause if something is missed in it. */
static void buts_clause(buts_job *job, kundig_text text, const kundig__contrary *contrary,
                        int language)
{
    const kundig__reading *reading = &job->reading;
    const kundig__lexicon *lexicon = kundig__model_lexicon(reading->model);
    const kundig__token *tokens = reading->scratch.tokens;
    kundig__opinion opinion;
    kundig__opinion before = {0};
    kundig__range range = {tokens[contrary->first].start, tokens[contrary->end - 1].end};
    kundig__lexicon_read(lexicon, &reading->scratch, text.data, contrary->first, contrary->end,
                         language, &opinion, NULL, NULL);
    int32_t topic = buts_worst_topic(reading, range);
    bool bad = opinion.value < BUTS_BAD || topic < 0;
    if (!bad && contrary->excepts && opinion.value < BUTS_GOOD) {
        kundig__lexicon_read(lexicon, &reading->scratch, text.data, contrary->from, contrary->word,
                             language, &before, NULL, NULL);
        bad = before.value > BUTS_GOOD;
    }
    if (!bad) {
        return;
    }
    int32_t value = opinion.value < 0 ? (int32_t)kundig__thousandths((double)opinion.value) : 0;
    value = topic < value ? topic : value;
    buts_find *last = job->clause_count ? &job->clauses[job->clause_count - 1] : NULL;
    if (last && range.start < last->range.end) {
        last->range.end = range.end > last->range.end ? range.end : last->range.end;
        last->value = value < last->value ? value : last->value;
    } else if (job->clause_count < BUTS_MOST) {
        job->clauses[job->clause_count++] = (buts_find){range, contrary->spoken, SIZE_MAX, value};
    }
}

/* Is a hit of the topic in a clause that was found? */
static bool buts_is_told(const buts_job *job, uint32_t topic)
{
    for (size_t i = 0; i < job->reading.hit_count; i++) {
        const kundig__hit *hit = &job->reading.hits[i];
        for (size_t clause = 0; hit->topic == topic && clause < job->clause_count; clause++) {
            kundig__range range = job->clauses[clause].range;
            if (hit->start < range.end && hit->end > range.start) {
                return true;
            }
        }
    }
    return false;
}

/* Does topic number `at` of the reading stand for itself: bad, and in no clause? */
static bool buts_topic(const buts_job *job, size_t at)
{
    return buts_is_bad_topic(&job->reading.topic_moods[at]) &&
           !buts_is_told(job, job->reading.topics[at]);
}

/* Read a record's comment, whole: its clauses, and the moods of its topics. */
static int buts_read(buts_job *job, uint32_t row, kundig_error *err)
{
    kundig_text text = kundig__corpus_text(job->corpus, row);
    int stated = kundig__corpus_stated_language(job->corpus, row);
    const kundig__spoken *spoken = &job->reading.spoken;
    job->clause_count = 0;
    if (kundig__reading_run(&job->reading, text.data, text.len, stated)) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < spoken->sentence_count; i++) {
        kundig__contrary contrary;
        int language = buts_language(job, i, stated);
        uint32_t at = spoken->sentences[i].first;
        while (job->clause_count < BUTS_MOST &&
               kundig__contrary_next(&job->words, &job->reading.scratch, &spoken->sentences[i],
                                     language, &at, &contrary)) {
            buts_clause(job, text, &contrary, language);
        }
    }
    return KUNDIG_OK;
}

static bool buts_any(const buts_job *job)
{
    bool any = job->clause_count > 0;
    for (size_t i = 0; i < job->reading.topic_count && !any; i++) {
        any = buts_topic(job, i);
    }
    return any;
}

/* ---- All records ---------------------------------------------------------------------------- */

/* Is it worth a reading? */
static int buts_may(buts_job *job, uint32_t row, kundig_text text, bool *may, kundig_error *err)
{
    const kundig__said *said = job->said;
    *may = false;
    for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
        *may = *may || said->topic_sentiments[at] == KUNDIG_SENTIMENT_NEGATIVE;
    }
    if (*may) {
        return KUNDIG_OK;
    }
    int rc = kundig__text_features(&job->scratch, text.data, text.len, KUNDIG__WORDS);
    if (rc) {
        return kundig__nomem(job->mem, err);
    }
    *may = kundig__contraries_any(&job->words, &job->scratch);
    return KUNDIG_OK;
}

static int buts_record(buts_job *job, uint32_t row, size_t limit, kundig_error *err)
{
    kundig_text text = kundig__corpus_text(job->corpus, row);
    bool may;
    if (!text.data) {
        return KUNDIG_OK;
    }
    kundig__heads_add(&job->wrote, &job->scored, row);
    int rc = buts_may(job, row, text, &may, err);
    if (rc || !may) {
        return rc;
    }
    rc = buts_read(job, row, err);
    if (rc || !buts_any(job)) {
        return rc;
    }
    kundig__heads_add(&job->missed, &job->scored, row);
    return kundig__comments_take(&job->list, row, limit, err);
}

static int buts_all(buts_job *job, size_t limit, kundig_error *err)
{
    uint32_t rows = kundig__corpus_rows(job->corpus);
    int32_t answers[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        int rc = kundig__progress(kundig__corpus_context(job->corpus), first, rows, err);
        kundig__scored_rows(&job->scored, first, count, answers);
        for (uint32_t i = 0; i < count && !rc; i++) {
            if (answers[i] != KUNDIG__SCORE_MISSING &&
                kundig__scored_place(&job->scored, answers[i]) >= KUNDIG__PLACE_BEST) {
                rc = buts_record(job, first + i, limit, err);
            }
        }
        if (rc) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

/* ---- The table ------------------------------------------------------------------------------ */

enum { BUTS_SCORE, BUTS_WORD, BUTS_TOPIC, BUTS_VALUE, BUTS_CLAUSE, BUTS_TEXT };

static void buts_columns(kundig_table *table)
{
    kundig__table_column(table, "score", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    kundig__table_column(table, "word", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(table, "clause", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

/* "delay, staff": topics with evidence in a stretch that are not praised. */
static void buts_topics_of(buts_job *job, kundig__range range)
{
    const kundig__reading *reading = &job->reading;
    job->topics.len = 0;
    for (size_t topic = 0; topic < reading->topic_count; topic++) {
        bool here = false;
        for (size_t i = 0; i < reading->hit_count; i++) {
            const kundig__hit *hit = &reading->hits[i];
            here = here || (hit->topic == reading->topics[topic] && hit->start < range.end &&
                            hit->end > range.start);
        }
        if (here && reading->topic_moods[topic].sentiment != KUNDIG_SENTIMENT_POSITIVE) {
            kundig__buf_str(&job->topics, job->topics.len ? ", " : "");
            kundig__buf_text(&job->topics,
                             kundig__model_topic(reading->model, reading->topics[topic])->name);
        }
    }
}

static void buts_row(buts_job *job, kundig_table *table, uint32_t row, const buts_find *find)
{
    kundig__table_row(table);
    size_t first = kundig__comments_name(&job->list, row, table);
    kundig__range shown = kundig__showing_place(&job->showing, find->range);
    kundig__table_set_number(table, first + BUTS_SCORE, job->scored.question->values[row] / 1000.0);
    if (find->word) {
        kundig__table_set_text(table, first + BUTS_WORD, kundig__str(find->word));
        buts_topics_of(job, find->range);
    } else {
        job->topics.len = 0;
        kundig__buf_text(
            &job->topics,
            kundig__model_topic(job->reading.model, job->reading.topics[find->topic])->name);
    }
    job->place.len = 0;
    kundig__buf_int(&job->place, shown.start);
    kundig__buf_char(&job->place, '-');
    kundig__buf_int(&job->place, shown.end);
    if (job->topics.len) {
        kundig__table_set_text(table, first + BUTS_TOPIC,
                               kundig__text(job->topics.data, job->topics.len));
    }
    kundig__table_set_number(table, first + BUTS_VALUE, find->value / 1000.0);
    if (!job->place.failed) {
        kundig__table_set_text(table, first + BUTS_CLAUSE,
                               kundig__text(job->place.data, job->place.len));
    }
    kundig__table_set_text(table, first + BUTS_TEXT, job->showing.text);
}

/* Where a topic is first spoken of. */
static kundig__range buts_topic_range(const buts_job *job, size_t topic)
{
    const kundig__reading *reading = &job->reading;
    for (size_t i = 0; i < reading->hit_count; i++) {
        if (reading->hits[i].topic == reading->topics[topic]) {
            return (kundig__range){reading->hits[i].start, reading->hits[i].end};
        }
    }
    return (kundig__range){0, 0};
}

static int buts_rows(buts_job *job, kundig_table *table, uint32_t row, kundig_error *err)
{
    int rc = kundig__showing_show(&job->showing, row, err);
    rc = rc ? rc : buts_read(job, row, err);
    for (size_t i = 0; !rc && i < job->clause_count; i++) {
        buts_row(job, table, row, &job->clauses[i]);
    }
    for (size_t i = 0; !rc && i < job->reading.topic_count; i++) {
        if (buts_topic(job, i)) {
            const buts_find find = {buts_topic_range(job, i), NULL, i,
                                    job->reading.topic_moods[i].value};
            buts_row(job, table, row, &find);
        }
    }
    if (!rc && (job->topics.failed || job->place.failed)) {
        rc = kundig__nomem(job->mem, err);
    }
    return rc;
}

static void buts_notes(const buts_job *job, kundig_table *table)
{
    char share[96];
    if (!job->wrote.count) {
        kundig__table_note(table, "nobody with an answer in the best tenth of the scale wrote "
                                  "anything");
        return;
    }
    kundig__heads_words(&job->scored, job->missed.count, job->wrote.count, share);
    kundig__table_note(table,
                       "of %" PRIu64 " satisfied customers who wrote, %" PRIu64
                       " miss something: %s; satisfied are answers in the best tenth of the scale, "
                       "each customer counts once",
                       job->wrote.count, job->missed.count, share);
    kundig__table_note(table, "%" PRIu64 " record%s in all", job->list.matched,
                       job->list.matched == 1 ? "" : "s");
}

static int buts_table(buts_job *job, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(job->mem);
    int rc = KUNDIG_OK;
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    kundig__comments_sort(&job->list);
    kundig__comments_names(&job->list, table);
    buts_columns(table);
    for (size_t i = 0; i < job->list.count && !rc; i++) {
        rc = buts_rows(job, table, job->list.rows[i], err);
    }
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    buts_notes(job, table);
    return kundig__table_finish(table, out, err);
}

static void buts_end(buts_job *job)
{
    kundig__comments_free(&job->list);
    kundig__heads_free(&job->wrote);
    kundig__heads_free(&job->missed);
    kundig__buf_free(&job->topics);
    kundig__buf_free(&job->place);
    kundig__scratch_free(&job->scratch);
    kundig__reading_free(&job->reading);
    kundig__showing_free(&job->showing);
    kundig__scored_end(&job->scored);
}

int kundig__buts(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                 kundig_table **out, kundig_error *err)
{
    const kundig_query nothing = {.keep = KUNDIG__NO_NODE};
    buts_job job;
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
    kundig__contraries_init(&job.words);
    kundig__scratch_init(&job.scratch, job.mem);
    kundig__reading_init(&job.reading, job.mem, job.said->model);
    job.reading.moods = true;
    kundig__buf_init(&job.topics, job.mem);
    kundig__buf_init(&job.place, job.mem);
    if (!kundig__heads_init(&job.wrote, &job.scored) ||
        !kundig__heads_init(&job.missed, &job.scored)) {
        rc = kundig__nomem(job.mem, err);
    }
    rc = rc ? rc : buts_all(&job, limit, err);
    rc = rc ? rc : buts_table(&job, out, err);
    buts_end(&job);
    return rc;
}
