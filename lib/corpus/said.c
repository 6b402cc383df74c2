/* What the comments say: the model's answers as columns.
 *
 *   row         0    1    2    3
 *   languages   de   en   -    en
 *   starts      0    2    3    3    4
 *   topics      7 9  2         7        numbers of the model, ascending within a row
 *   moods       -    +    -    +        and one beside each topic; where somebody asked for them
 *   novelties   .1   .9   -    .4       where the model discovered topics
 *
 * New rows are read in rounds: in a round each part reads a stretch of them with memory of its own,
 * then the caller's thread joins what they found in the order of rows. Rows that were read without
 * moods are read again for them: their topics stay where they are. Invariant: the column holds
 * rows 0.. of the facts, whole, and does not depend on how many rounds and parts made it. Cost: one
 * reading a comment; 9 bytes a row and 2 a topic, with moods 3 more of each, 2 a row of novelties.
 */
#include "base/os.h"
#include "base/text.h"
#include "corpus/facts.h"

/* Rows of a part in a round, and rows that are worth a part of their own. */
#ifdef KUNDIG_TINY
#define SAID_ROUND     3u
#define SAID_PART_ROWS 2u
#else
#define SAID_ROUND     4096u
#define SAID_PART_ROWS 1024u
#endif

#define SAID_WHOLE      1000 /* thousandths */
#define SAID_NO_NOVELTY (-1)

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
    kundig__free(mem, column->novelties, column->novelty_capacity * sizeof *column->novelties);
    kundig__free(mem, column->sentiments, column->sentiment_capacity * sizeof *column->sentiments);
    kundig__free(mem, column->values, column->value_capacity * sizeof *column->values);
    kundig__free(mem, column->topic_sentiments,
                 column->topic_sentiment_capacity * sizeof *column->topic_sentiments);
    kundig__free(mem, column->topic_values,
                 column->topic_value_capacity * sizeof *column->topic_values);
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
           column->novelty_capacity * sizeof *column->novelties +
           column->sentiment_capacity * sizeof *column->sentiments +
           column->value_capacity * sizeof *column->values +
           column->topic_sentiment_capacity * sizeof *column->topic_sentiments +
           column->topic_value_capacity * sizeof *column->topic_values +
           kundig__dict_memory(&column->topic_names) + kundig__dict_memory(&column->theme_names);
}

static bool said_mood_fits(uint8_t sentiment, int16_t value)
{
    return sentiment <= KUNDIG_SENTIMENT_MIXED && value >= -SAID_WHOLE && value <= SAID_WHOLE &&
           (sentiment || !value);
}

static const char *said_check_moods(const kundig__said_column *column)
{
    if (column->mood_rows > column->said.rows) {
        return "moods are known of rows that were not read";
    }
    for (uint32_t row = 0; row < column->mood_rows; row++) {
        bool fits = said_mood_fits(column->sentiments[row], column->values[row]);
        for (uint64_t at = column->starts[row]; at < column->starts[row + 1]; at++) {
            fits = fits && said_mood_fits(column->topic_sentiments[at], column->topic_values[at]);
        }
        if (!fits) {
            return "a mood is none that there is";
        }
    }
    return NULL;
}

const char *kundig__said_check(const kundig__said_column *column)
{
    const kundig__said *said = &column->said;
    uint32_t most = 0;
    if (!column->starts) {
        return said->rows ? "there is no column of what comments say" : NULL;
    }
    for (uint32_t row = 0; row < said->rows; row++) {
        uint64_t first = column->starts[row];
        uint64_t end = column->starts[row + 1];
        if (end < first || end > column->topic_capacity) {
            return "the topics of a row lie outside their column";
        }
        if (column->languages[row] >= KUNDIG__LANGUAGE_COUNT) {
            return "a row is in no language";
        }
        if (column->novelties &&
            (column->novelties[row] < SAID_NO_NOVELTY || column->novelties[row] > SAID_WHOLE)) {
            return "the novelty of a row is none that there is";
        }
        for (uint64_t at = first; at < end; at++) {
            if (column->topics[at] >= column->topic_names.count ||
                (at > first && column->topics[at] <= column->topics[at - 1])) {
                return "the topics of a row are out of order or unknown";
            }
        }
        if (end - first > column->block_most[row / KUNDIG__SAID_BLOCK]) {
            return "a row has more topics than its block";
        }
        most = end - first > most ? (uint32_t)(end - first) : most;
    }
    return most == said->most ? said_check_moods(column)
                              : "the most topics of a row are miscounted";
}

/* ---- The model ---- */

void kundig__corpus_set_model(kundig__corpus *corpus, kundig_model *model)
{
    if (model != corpus->model) {
        kundig_model *old = corpus->model;
        corpus->model = kundig_model_retain(model);
        kundig_model_free(old);
        kundig__said_free(&corpus->said, corpus->mem);
        kundig__said_init(&corpus->said, corpus);
    }
}

int kundig__corpus_model(kundig__corpus *corpus, const kundig_model **out, kundig_error *err)
{
    if (!corpus->model) {
        int rc = kundig_model_new(&corpus->mem->hook, NULL, 0, &corpus->model, err);
        if (rc) {
            return rc;
        }
    }
    *out = corpus->model;
    return KUNDIG_OK;
}

static bool said_names(kundig__said_column *column, kundig__mem *mem, const kundig_model *model)
{
    size_t topics = kundig__model_topic_count(model);
    size_t themes = kundig__model_theme_count(model);
    void *theme_of = column->themes;
    if (!kundig__grow(mem, &theme_of, &column->theme_capacity, topics, sizeof *column->themes)) {
        return false;
    }
    column->themes = theme_of;
    for (size_t i = 0; i < topics; i++) {
        const kundig__topic_info *topic = kundig__model_topic(model, i);
        column->themes[i] = (uint16_t)topic->theme;
        if (kundig__dict_add(&column->topic_names, topic->name.data, topic->name.len) ==
            KUNDIG__DICT_NONE) {
            return false;
        }
    }
    for (size_t i = 0; i < themes; i++) {
        kundig_text name = kundig__model_theme(model, i)->name;
        if (kundig__dict_add(&column->theme_names, name.data, name.len) == KUNDIG__DICT_NONE) {
            return false;
        }
    }
    return true;
}

/* An empty column for a model. */
static int said_begin(kundig__corpus *corpus, const kundig_model *model, kundig_error *err)
{
    kundig__said_column *column = &corpus->said;
    kundig__said_free(column, corpus->mem);
    kundig__said_init(column, corpus);
    if (!said_names(column, corpus->mem, model)) {
        int rc = kundig__nomem(corpus->mem, err);
        kundig__said_free(column, corpus->mem);
        kundig__said_init(column, corpus);
        return rc;
    }
    column->said.model = model;
    return KUNDIG_OK;
}

/* Room for all rows; the view follows the arrays. */
static bool said_grow(kundig__said_column *column, kundig__mem *mem, uint32_t rows, size_t topics)
{
    void *languages = column->languages;
    void *starts = column->starts;
    void *found = column->topics;
    void *most = column->block_most;
    void *novelties = column->novelties;
    size_t blocks = (size_t)rows / KUNDIG__SAID_BLOCK + 1;
    size_t old_blocks = column->block_capacity;
    bool fresh = !starts;
    bool ok =
        kundig__grow(mem, &languages, &column->language_capacity, rows,
                     sizeof *column->languages) &&
        kundig__grow(mem, &most, &column->block_capacity, blocks, sizeof *column->block_most) &&
        kundig__grow(mem, &found, &column->topic_capacity, topics, sizeof *column->topics) &&
        kundig__grow(mem, &starts, &column->start_capacity, (size_t)rows + 1,
                     sizeof *column->starts) &&
        (!kundig__model_discovered_of(column->said.model) ||
         kundig__grow(mem, &novelties, &column->novelty_capacity, rows, sizeof *column->novelties));
    column->novelties = novelties;
    column->said.novelties = novelties;
    column->languages = languages;
    column->starts = starts;
    column->topics = found;
    column->block_most = most;
    for (size_t i = old_blocks; i < column->block_capacity; i++) {
        column->block_most[i] = 0;
    }
    if (fresh && starts) {
        column->starts[0] = 0;
    }
    column->said.languages = languages;
    column->said.starts = starts;
    column->said.topics = found;
    column->said.block_most = most;
    column->said.themes = column->themes;
    column->said.topic_names = &column->topic_names;
    column->said.theme_names = &column->theme_names;
    return ok;
}

/* Room for the moods of all rows, and of this many topics. */
static bool said_grow_moods(kundig__said_column *column, kundig__mem *mem, uint32_t rows,
                            size_t topics)
{
    void *sentiments = column->sentiments;
    void *values = column->values;
    void *topic_sentiments = column->topic_sentiments;
    void *topic_values = column->topic_values;
    bool ok = kundig__grow(mem, &sentiments, &column->sentiment_capacity, rows,
                           sizeof *column->sentiments) &&
              kundig__grow(mem, &values, &column->value_capacity, rows, sizeof *column->values) &&
              kundig__grow(mem, &topic_sentiments, &column->topic_sentiment_capacity, topics,
                           sizeof *column->topic_sentiments) &&
              kundig__grow(mem, &topic_values, &column->topic_value_capacity, topics,
                           sizeof *column->topic_values);
    column->sentiments = sentiments;
    column->values = values;
    column->topic_sentiments = topic_sentiments;
    column->topic_values = topic_values;
    column->said.sentiments = sentiments;
    column->said.values = values;
    column->said.topic_sentiments = topic_sentiments;
    column->said.topic_values = topic_values;
    return ok;
}

/* ---- Reading ---- */

typedef struct said_part {
    kundig__mem mem;
    kundig__reading reading;
    uint32_t first; /* rows [first, end) of this round */
    uint32_t end;
    uint16_t *topics; /* of this round */
    size_t count;
    size_t capacity;
    uint8_t *sentiments; /* beside topics */
    size_t sentiment_capacity;
    int16_t *values;
    size_t value_capacity;
    int error;
} said_part;

typedef struct said_job {
    kundig__corpus *corpus;
    kundig__said_column *column;
    said_part *parts;
    uint32_t part_count;
    uint8_t *stated; /* a code of the dimension language: KUNDIG__LANGUAGE_ */
    size_t stated_count;
    bool moods;    /* they are asked for */
    bool again;    /* for them alone: topics are known */
    uint32_t done; /* rows, of this call */
    uint32_t total;
} said_job;

int kundig__corpus_stated_language(const kundig__corpus *corpus, uint32_t row)
{
    kundig_text name = kundig__dimension_text(&corpus->dims[KUNDIG__DIM_LANGUAGE], row);
    return name.data ? kundig__language_find(name) : KUNDIG__LANGUAGE_UNKNOWN;
}

/* The languages that the new rows state, each looked up once. */
static int said_stated(said_job *job, kundig_error *err)
{
    const kundig__corpus *corpus = job->corpus;
    const kundig__dimension *languages = &corpus->dims[KUNDIG__DIM_LANGUAGE];
    if (!languages->codes) {
        return KUNDIG_OK;
    }
    job->stated = kundig__alloc(corpus->mem, (size_t)languages->dict.count + 1);
    if (!job->stated) {
        return kundig__nomem(corpus->mem, err);
    }
    job->stated_count = (size_t)languages->dict.count + 1;
    memset(job->stated, KUNDIG__LANGUAGE_COUNT, job->stated_count);
    job->stated[0] = KUNDIG__LANGUAGE_UNKNOWN;
    for (uint32_t row = corpus->rows - job->total; row < corpus->rows; row++) {
        uint8_t *language = &job->stated[languages->codes[row]];
        if (*language == KUNDIG__LANGUAGE_COUNT) {
            *language = (uint8_t)kundig__corpus_stated_language(corpus, row);
        }
    }
    return KUNDIG_OK;
}

static void said_mood(const kundig__mood *mood, uint8_t *sentiment, int16_t *value)
{
    *sentiment = (uint8_t)mood->sentiment;
    *value = mood->sentiment == KUNDIG_SENTIMENT_UNKNOWN ? 0 : mood->value;
}

static bool said_part_grow(const said_job *job, said_part *part, size_t count)
{
    void *topics = part->topics;
    void *sentiments = part->sentiments;
    void *values = part->values;
    bool ok = kundig__grow(&part->mem, &topics, &part->capacity, count, sizeof *part->topics) &&
              (!job->moods || (kundig__grow(&part->mem, &sentiments, &part->sentiment_capacity,
                                            count, sizeof *part->sentiments) &&
                               kundig__grow(&part->mem, &values, &part->value_capacity, count,
                                            sizeof *part->values)));
    part->topics = topics;
    part->sentiments = sentiments;
    part->values = values;
    return ok;
}

static int said_row(const said_job *job, said_part *part, uint32_t row)
{
    const kundig__corpus *corpus = job->corpus;
    kundig__reading *reading = &part->reading;
    kundig_text text = kundig__corpus_text(corpus, row);
    int stated = KUNDIG__LANGUAGE_UNKNOWN;
    if (!job->again) {
        job->column->languages[row] = KUNDIG__LANGUAGE_UNKNOWN;
        job->column->starts[row + 1] = 0; /* a count until the round is joined */
    }
    if (job->column->novelties && !job->again) {
        job->column->novelties[row] = SAID_NO_NOVELTY;
    }
    if (job->moods) {
        job->column->sentiments[row] = KUNDIG_SENTIMENT_UNKNOWN;
        job->column->values[row] = 0;
    }
    if (!text.data || !kundig__row_is_current(corpus, row)) {
        return KUNDIG_OK;
    }
    if (job->stated) {
        stated = job->stated[corpus->dims[KUNDIG__DIM_LANGUAGE].codes[row]];
    }
    int rc = kundig__reading_run(reading, text.data, text.len, stated);
    if (rc) {
        return rc;
    }
    if (!said_part_grow(job, part, part->count + reading->topic_count)) {
        return KUNDIG_E_NOMEM;
    }
    for (size_t i = 0; i < reading->topic_count; i++) {
        size_t at = part->count++;
        part->topics[at] = (uint16_t)reading->topics[i];
        if (job->moods) {
            said_mood(&reading->topic_moods[i], &part->sentiments[at], &part->values[at]);
        }
    }
    if (job->moods) {
        said_mood(&reading->mood, &job->column->sentiments[row], &job->column->values[row]);
    }
    if (!job->again) {
        job->column->languages[row] = (uint8_t)(stated ? stated : reading->spoken.language);
        job->column->starts[row + 1] = reading->topic_count;
    }
    if (job->column->novelties && !job->again && reading->novelty >= 0) {
        job->column->novelties[row] = (int16_t)(reading->novelty * (float)SAID_WHOLE + 0.5f);
    }
    return KUNDIG_OK;
}

static void said_work(void *ud, uint32_t index)
{
    said_job *job = ud;
    said_part *part = &job->parts[index];
    for (uint32_t row = part->first; row < part->end && !part->error; row++) {
        part->error = said_row(job, part, row);
    }
}

/* Topics of the rows from `first` on, behind those before them. */
static void said_join_rows(kundig__said_column *column, uint32_t first, uint32_t end)
{
    for (uint32_t row = first; row < end; row++) {
        uint64_t count = column->starts[row + 1];
        uint16_t *most = &column->block_most[row / KUNDIG__SAID_BLOCK];
        *most = count > *most ? (uint16_t)count : *most;
        column->said.most = count > column->said.most ? (uint32_t)count : column->said.most;
        column->starts[row + 1] = column->starts[row] + count;
    }
    column->said.rows = end;
}

/* Put into the column what the parts of a round found. */
static int said_join(said_job *job, uint32_t first, uint32_t end, kundig_error *err)
{
    kundig__said_column *column = job->column;
    kundig__mem *mem = job->corpus->mem;
    uint64_t at = column->starts[first];
    size_t more = 0;
    for (uint32_t i = 0; i < job->part_count; i++) {
        said_part *part = &job->parts[i];
        if (part->error) {
            mem->limit_hit = part->mem.limit_hit;
            return kundig__nomem(mem, err);
        }
        more += part->count;
    }
    if ((!job->again && !said_grow(column, mem, job->corpus->rows, (size_t)at + more)) ||
        (job->moods && !said_grow_moods(column, mem, job->corpus->rows, (size_t)at + more))) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < job->part_count; i++) {
        said_part *part = &job->parts[i];
        if (part->count && !job->again) {
            memcpy(column->topics + at, part->topics, part->count * sizeof *part->topics);
        }
        if (part->count && job->moods) {
            memcpy(column->topic_sentiments + at, part->sentiments,
                   part->count * sizeof *part->sentiments);
            memcpy(column->topic_values + at, part->values, part->count * sizeof *part->values);
        }
        at += part->count;
        part->count = 0;
    }
    if (!job->again) {
        said_join_rows(column, first, end);
    }
    column->mood_rows = job->moods ? end : column->mood_rows;
    return KUNDIG_OK;
}

/* Read rows [first, end). */
static int said_rounds(said_job *job, uint32_t first, uint32_t end, kundig_error *err)
{
    int rc = KUNDIG_OK;
    while (first < end && !rc) {
        uint64_t width = (uint64_t)SAID_ROUND * job->part_count;
        uint32_t count = end - first < width ? end - first : (uint32_t)width;
        for (uint32_t i = 0; i < job->part_count; i++) {
            job->parts[i].first = first + (uint32_t)((uint64_t)count * i / job->part_count);
            job->parts[i].end = first + (uint32_t)((uint64_t)count * (i + 1) / job->part_count);
        }
        kundig__fork_join(job->part_count, said_work, job);
        rc = said_join(job, first, first + count, err);
        first += count;
        job->done += count;
        rc = rc ? rc : kundig__progress(job->corpus->context, job->done, job->total, err);
    }
    return rc;
}

/* Moods of rows that were read without, then all that is new. */
static int said_all_rounds(said_job *job, kundig_error *err)
{
    kundig__said_column *column = job->column;
    uint32_t first = column->said.rows;
    int rc = KUNDIG_OK;
    if (job->moods && column->mood_rows < first) {
        job->again = true;
        rc = said_rounds(job, column->mood_rows, first, err);
        job->again = false;
    }
    return rc ? rc : said_rounds(job, first, job->corpus->rows, err);
}

static int said_read(kundig__corpus *corpus, bool moods, kundig_error *err)
{
    kundig__said_column *column = &corpus->said;
    kundig__mem *mem = corpus->mem;
    said_job job = {.corpus = corpus, .column = column, .moods = moods};
    job.total = corpus->rows - (moods ? column->mood_rows : column->said.rows);
    uint32_t most = job.total / SAID_PART_ROWS + 1;
    uint32_t count = corpus->context->threads < most ? corpus->context->threads : most;
    if (!said_grow(column, mem, corpus->rows, 0) ||
        (moods &&
         !said_grow_moods(column, mem, corpus->rows, (size_t)column->starts[column->said.rows]))) {
        return kundig__nomem(mem, err);
    }
    int rc = said_stated(&job, err);
    if (!rc) {
        job.parts = kundig__alloc_zero(mem, count * sizeof *job.parts);
        rc = job.parts ? KUNDIG_OK : kundig__nomem(mem, err);
    }
    if (!rc) {
        job.part_count = count;
        for (uint32_t i = 0; i < count; i++) {
            kundig__mem_lend(mem, &job.parts[i].mem, count, i);
            kundig__reading_init(&job.parts[i].reading, &job.parts[i].mem, column->said.model);
            job.parts[i].reading.moods = moods;
        }
        rc = said_all_rounds(&job, err);
    }
    for (uint32_t i = 0; i < job.part_count; i++) {
        said_part *part = &job.parts[i];
        kundig__reading_free(&part->reading);
        kundig__free(&part->mem, part->topics, part->capacity * sizeof *part->topics);
        kundig__free(&part->mem, part->sentiments,
                     part->sentiment_capacity * sizeof *part->sentiments);
        kundig__free(&part->mem, part->values, part->value_capacity * sizeof *part->values);
        kundig__mem_take_back(mem, &part->mem);
    }
    kundig__free(mem, job.parts, count * sizeof *job.parts);
    kundig__free(mem, job.stated, job.stated_count);
    return rc;
}

static int said_known(kundig__corpus *corpus, bool moods, const kundig__said **out,
                      kundig_error *err)
{
    kundig__said_column *column = &corpus->said;
    const kundig_model *model = corpus->model;
    int rc = KUNDIG_OK;
    if (!column->starts || column->said.model != model || column->said.rows != corpus->rows ||
        (moods && column->mood_rows != corpus->rows)) {
        rc = kundig__corpus_model(corpus, &model, err);
        if (!rc && column->said.model != model) {
            rc = said_begin(corpus, model, err);
        }
        rc = rc ? rc : said_read(corpus, moods, err);
    }
    if (!rc) {
        *out = &column->said;
    }
    return rc;
}

int kundig__corpus_said(kundig__corpus *corpus, const kundig__said **out, kundig_error *err)
{
    return said_known(corpus, false, out, err);
}

int kundig__corpus_moods(kundig__corpus *corpus, const kundig__said **out, kundig_error *err)
{
    return said_known(corpus, true, out, err);
}
