/* kundig_topics(): what customers speak of, how many, and how they score.
 *
 * Five answers by topic are joined by name: the count, the share, the score of the query, how many
 * records say what they feel, and their mean. In reporting mode topics of few customers stand at
 * the end without a number, never one alone; the totals that would tell of them are left out, and
 * so is sentiment, for how few of a topic's customers are pleased is a small cell, too.
 * Invariant: nothing is estimated here. Cost: the answers and the choice of quotes. */
#include "topics/topics.h"
#include "base/order.h"
#include "base/text.h"
#include "metrics/metric.h"
#include "metrics/metrics.h"
#include "metrics/quotes.h"
#include "metrics/reporting.h"
#include "topics/discovered.h"

enum {
    TOPICS_THEME,
    TOPICS_TOPIC,
    TOPICS_TITLE,
    TOPICS_COMMENTS,
    TOPICS_CUSTOMERS,
    TOPICS_SHARE,
    TOPICS_SHARE_LO,
    TOPICS_SHARE_HI,
    TOPICS_NEGATIVE,
    TOPICS_NEUTRAL,
    TOPICS_POSITIVE,
    TOPICS_MIXED,
    TOPICS_SENTIMENT,
    TOPICS_METRIC,
    TOPICS_VALUE,
    TOPICS_LO,
    TOPICS_HI,
    TOPICS_N,
    TOPICS_STATUS,
    TOPICS_WORDS,
    TOPICS_QUOTE
};

#define TOPICS_WORDS_SHOWN 3u
#define TOPICS_STRANGE     950 /* thousandths of novelty */

typedef struct topics_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig__said *said;
    kundig_query *query; /* the caller's, by topic */
    kundig_table *counts;
    kundig_table *shares;
    kundig_table *scores; /* NULL: no score */
    kundig_table *sides;  /* records by topic and sentiment; NULL: not told */
    kundig_table *moods;  /* means of sentiment by topic */
    kundig_table *languages;
    kundig_text metric;
    bool many_questions;
    const kundig__topics_limits *limits; /* NULL: everything is told */
    bool *hidden;                        /* a row of counts */
    size_t hidden_rows;                  /* allocated */
    uint32_t *order;                     /* rows of counts, most comments first, hidden ones last */
    size_t order_count;
    uint32_t *quotes;                     /* a topic: a row of the corpus */
    const kundig__discovered *discovered; /* NULL: the model discovered nothing */
    uint64_t strange;                     /* comments that fit what was discovered badly */
} topics_job;

static int topics_query(topics_job *job, const kundig_query *query, kundig_error *err)
{
    int rc = kundig__query_copy(query, &job->mem->hook, &job->query, err);
    if (!rc) {
        job->query->group_field_count = 0;
        job->query->every = KUNDIG_EVERY_NONE;
        job->metric = job->query->metric;
        rc = kundig_query_group_by(job->query, "model:topic", 11, err);
    }
    return rc;
}

static int topics_ask(topics_job *job, const char *metric, kundig_table **out, kundig_error *err)
{
    int rc = kundig_query_set_metric(job->query, metric, strlen(metric), err);
    return rc ? rc : kundig__measure(job->corpus, job->query, out, err);
}

/* Records with the topic, whatever counts as one in the rest. */
static int topics_count(topics_job *job, kundig_error *err)
{
    int32_t unit = job->query->unit;
    uint64_t min_n = job->query->min_n;
    job->query->unit = KUNDIG_OF_RECORDS;
    job->query->min_n = 0;
    int rc = topics_ask(job, "count", &job->counts, err);
    job->query->unit = unit;
    job->query->min_n = min_n;
    return rc;
}

/* How each topic is felt about, by record as shares and as the query has it. */
static int topics_feel(topics_job *job, kundig_error *err)
{
    int32_t unit = job->query->unit;
    uint64_t min_n = job->query->min_n;
    if (job->limits) {
        return KUNDIG_OK;
    }
    int rc = topics_ask(job, "sentiment", &job->moods, err);
    rc = rc ? rc : kundig_query_group_by(job->query, "model:sentiment", 15, err);
    job->query->unit = KUNDIG_OF_RECORDS;
    job->query->min_n = 0;
    rc = rc ? rc : topics_ask(job, "count", &job->sides, err);
    job->query->unit = unit;
    job->query->min_n = min_n;
    job->query->group_field_count = 1;
    return rc;
}

/* The metric asked for, else the one that is meant; none where several could be. */
static int topics_score(topics_job *job, kundig_error *err)
{
    kundig__asked asked;
    const kundig__question *question;
    bool given = job->metric.data != NULL;
    job->query->metric = job->metric;
    int rc =
        given ? KUNDIG_OK : kundig__ask_default(job->corpus, job->query, &asked, &question, err);
    if (!given && (rc == KUNDIG_E_NOT_FOUND || rc == KUNDIG_E_AMBIGUOUS)) {
        job->many_questions = rc == KUNDIG_E_AMBIGUOUS;
        return KUNDIG_OK;
    }
    job->metric = job->query->metric;
    return rc ? rc : kundig__measure(job->corpus, job->query, &job->scores, err);
}

static int topics_order(const void *ud, uint32_t a, uint32_t b)
{
    const topics_job *job = ud;
    size_t n = kundig_table_find_column(job->counts, "n", 1);
    int64_t first = kundig_table_int(job->counts, a, n);
    int64_t second = kundig_table_int(job->counts, b, n);
    if (job->hidden[a] != job->hidden[b]) {
        return job->hidden[b] ? -1 : 1;
    }
    if (!job->hidden[a] && first != second) {
        return first > second ? -1 : 1;
    }
    return a < b ? -1 : 1; /* rows stand in order of names */
}

/* Customers of a row; records where none is named. */
static uint64_t topics_size(const kundig_table *table, size_t row)
{
    size_t customers = kundig_table_find_column(table, "customers", 9);
    size_t n = kundig_table_find_column(table, "n", 1);
    bool named = !kundig_table_is_null(table, row, customers);
    return (uint64_t)kundig_table_int(table, row, named ? customers : n);
}

/* Hide topics of few customers, and of others the least, until those hidden are two or more and
 * have room for k customers among them though each is known to have one. */
static int topics_hide(topics_job *job, kundig_error *err)
{
    size_t rows = kundig_table_row_count(job->counts);
    uint64_t room = 0;
    size_t count = 0;
    job->hidden = kundig__alloc_zero(job->mem, rows * sizeof *job->hidden);
    if (!job->hidden) {
        return kundig__nomem(job->mem, err);
    }
    job->hidden_rows = rows;
    for (;;) {
        size_t least = SIZE_MAX;
        for (size_t row = 0; job->limits && row < rows; row++) {
            if (!kundig_table_is_null(job->counts, row, 0) && !job->hidden[row] &&
                (least == SIZE_MAX ||
                 topics_size(job->counts, row) < topics_size(job->counts, least))) {
                least = row;
            }
        }
        if (least == SIZE_MAX || (topics_size(job->counts, least) >= job->limits->k &&
                                  (!count || (count > 1 && room >= job->limits->k)))) {
            return KUNDIG_OK;
        }
        job->hidden[least] = true;
        room += topics_size(job->counts, least) - 1;
        count++;
    }
}

static int topics_sort(topics_job *job, kundig_error *err)
{
    size_t rows = kundig_table_row_count(job->counts);
    job->order = kundig__alloc(job->mem, rows * sizeof *job->order);
    if (!job->order) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < rows; row++) {
        if (!kundig_table_is_null(job->counts, row, 0)) {
            job->order[job->order_count++] = row;
        }
    }
    kundig__order_sort(job->order, job->order_count, topics_order, job);
    return KUNDIG_OK;
}

/* Comments that fit what was discovered worse than nearly all texts it was discovered in. */
static void topics_count_strange(topics_job *job, const kundig__grouping *grouping)
{
    const int16_t *novelties = job->said->novelties;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; novelties && first < job->said->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = job->said->rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            job->strange += groups[i] != KUNDIG__NO_GROUP && novelties[first + i] > TOPICS_STRANGE;
        }
    }
}

/* The number of its topic for each group, as parts of comments; freed by the caller. */
static uint32_t *topics_parts(const topics_job *job, const kundig__grouping *grouping)
{
    uint32_t count = kundig__grouping_count(grouping);
    size_t topics = kundig__model_topic_count(job->said->model);
    uint32_t *parts = kundig__alloc(job->mem, count * sizeof *parts);
    for (uint32_t group = 0; parts && group < count; group++) {
        char buffer[32];
        kundig_text name = kundig__grouping_key(grouping, group, 0, buffer);
        uint32_t topic = name.data ? kundig__dict_find(job->said->topic_names, name.data, name.len)
                                   : KUNDIG__DICT_NONE;
        parts[group] = topic < topics ? topic : KUNDIG__NO_GROUP;
    }
    return parts;
}

static int topics_quotes(topics_job *job, kundig_error *err)
{
    kundig__grouping *grouping = NULL;
    size_t count = kundig__model_topic_count(job->said->model);
    job->quotes = kundig__alloc(job->mem, count * sizeof *job->quotes);
    if (!job->quotes) {
        return kundig__nomem(job->mem, err);
    }
    int rc = kundig__grouping_new(job->corpus, job->query, KUNDIG__NO_NODE, &grouping, err);
    if (!rc) {
        uint32_t *parts = topics_parts(job, grouping);
        kundig__quotes_ask ask = {
            .grouping = grouping, .parts = parts, .part_count = (uint32_t)count, .most = 1};
        topics_count_strange(job, grouping);
        rc = parts ? kundig__quotes_of(job->corpus, &ask, job->quotes, err)
                   : kundig__nomem(job->mem, err);
        kundig__free(job->mem, parts, kundig__grouping_count(grouping) * sizeof *parts);
    }
    kundig__grouping_free(grouping);
    return rc;
}

/* How many comments are in which language. */
static int topics_languages(topics_job *job, kundig_error *err)
{
    job->query->group_field_count = 0;
    job->query->unit = KUNDIG_OF_RECORDS;
    job->query->min_n = 0;
    int rc = kundig_query_group_by(job->query, "model:text_language", 19, err);
    return rc ? rc : topics_ask(job, "count", &job->languages, err);
}

/* Has the model a rule that is written for the language? */
static bool topics_speaks(const kundig_model *model, int language)
{
    for (size_t i = 0; i < kundig__model_rule_count(model); i++) {
        const kundig__rule_info *rule = kundig__model_rule(model, i);
        if (rule->kind == KUNDIG__RULE_HIT &&
            (rule->language == language || rule->language == KUNDIG__LANGUAGE_UNKNOWN)) {
            return true;
        }
    }
    return false;
}

/* Silence in a language the model does not know says nothing of what customers speak of. Said of
 * languages of one comment in a hundred or more. */
static void topics_note_languages(const topics_job *job, kundig_table *table)
{
    size_t n = kundig_table_find_column(job->languages, "n", 1);
    int64_t all = 0;
    if (kundig__model_discovered_of(job->said->model)) {
        return; /* discovered topics are of all languages */
    }
    for (size_t row = 0; row < kundig_table_row_count(job->languages); row++) {
        bool comments = !kundig_table_is_null(job->languages, row, 0);
        all += comments ? kundig_table_int(job->languages, row, n) : 0;
    }
    for (size_t row = 0; row < kundig_table_row_count(job->languages); row++) {
        int64_t count = kundig_table_int(job->languages, row, n);
        kundig_text name = kundig_table_text(job->languages, row, 0);
        int language = kundig__language_find(name);
        if (language != KUNDIG__LANGUAGE_UNKNOWN && count >= (all + 99) / 100 &&
            !topics_speaks(job->said->model, language)) {
            kundig__table_note(table,
                               "comments in %.*s: %lld; the model has no rules for that language",
                               kundig__shown(name), name.data, (long long)count);
        }
    }
}

/* ---- The table ------------------------------------------------------------------------------ */

static size_t topics_row_of(const kundig_table *table, kundig_text topic)
{
    size_t low = 0;
    size_t high = kundig_table_row_count(table);
    while (low < high) {
        size_t middle = (low + high) / 2;
        kundig_text found = kundig_table_text(table, middle, 0);
        if (!found.data || kundig__text_order(found, topic) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool same = low < kundig_table_row_count(table) &&
                kundig__text_equal(kundig_table_text(table, low, 0), topic);
    return same ? low : SIZE_MAX;
}

static size_t topics_number(const kundig_model *model, kundig_text name)
{
    size_t low = 0;
    size_t high = kundig__model_topic_count(model);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (kundig__text_order(kundig__model_topic(model, middle)->name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void topics_set(kundig_table *out, size_t column, const kundig_table *from, size_t row,
                       const char *name)
{
    size_t at = kundig_table_find_column(from, name, strlen(name));
    if (row == SIZE_MAX || kundig_table_is_null(from, row, at)) {
        return;
    }
    switch (kundig_table_column_type(from, at)) {
    case KUNDIG_COLUMN_TEXT:
        kundig__table_set_text(out, column, kundig_table_text(from, row, at));
        break;
    case KUNDIG_COLUMN_INT:
        kundig__table_set_int(out, column, kundig_table_int(from, row, at));
        break;
    default:
        kundig__table_set_number(out, column, kundig_table_number(from, row, at));
        break;
    }
}

static void topics_columns(kundig_table *table, int unit)
{
    kundig__table_column(table, "theme", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "comments", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "share_lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "share_hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "negative", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "neutral", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "positive", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "mixed", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "sentiment", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(table, "metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "words", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "quote", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

/* Shares of the mentions that say what they feel, and the mean. */
static void topics_set_moods(const topics_job *job, kundig_table *table, kundig_text topic)
{
    size_t n = kundig_table_find_column(job->sides, "n", 1);
    size_t first = topics_row_of(job->sides, topic);
    size_t rows = kundig_table_row_count(job->sides);
    int64_t counts[KUNDIG_SENTIMENT_MIXED + 1] = {0};
    int64_t all = 0;
    for (size_t row = first; row < rows; row++) {
        kundig_text side = kundig_table_text(job->sides, row, 1);
        if (!kundig__text_equal(kundig_table_text(job->sides, row, 0), topic)) {
            break;
        }
        for (int i = 1; side.data && i <= KUNDIG_SENTIMENT_MIXED; i++) {
            if (kundig__text_equal(side, kundig__sentiment_name(i))) {
                counts[i] = kundig_table_int(job->sides, row, n);
                all += counts[i];
            }
        }
    }
    for (int i = 1; all && i <= KUNDIG_SENTIMENT_MIXED; i++) {
        kundig__table_set_number(table, (size_t)(TOPICS_NEGATIVE + i - 1),
                                 (double)counts[i] / (double)all);
    }
    topics_set(table, TOPICS_SENTIMENT, job->moods, topics_row_of(job->moods, topic), "value");
}

/* What a topic was discovered as; NULL: it was not. */
static const kundig__discovered_topic *topics_found(const topics_job *job,
                                                    const kundig__topic_info *topic)
{
    return job->discovered && topic->cluster != KUNDIG__NO_CLASS
               ? &job->discovered->topics[topic->cluster]
               : NULL;
}

/* May words that so many customers use be told? Those of discovery are of fewer than reporting mode
 * asks for, unless both ask for as many. */
static bool topics_may_word(const topics_job *job)
{
    return !job->limits || job->discovered->plan.least_customers >= job->limits->k;
}

/* A label is made of words; what a person calls a topic is not. */
static void topics_set_title(const topics_job *job, kundig_table *table,
                             const kundig__topic_info *topic)
{
    const kundig__discovered_topic *found = topics_found(job, topic);
    bool tells = !found || found->said.data || topics_may_word(job);
    kundig__table_set_text(table, TOPICS_TITLE, tells ? topic->title : topic->name);
}

/* "late parcel, post, waited" */
static int topics_set_words(const topics_job *job, kundig_table *table,
                            const kundig__topic_info *topic, kundig_error *err)
{
    const kundig__discovered_topic *found = topics_found(job, topic);
    kundig__buf words;
    if (!found || !found->word_count || !topics_may_word(job)) {
        return KUNDIG_OK;
    }
    kundig__buf_init(&words, job->mem);
    for (uint32_t i = 0; i < found->word_count && i < TOPICS_WORDS_SHOWN; i++) {
        kundig__buf_str(&words, i ? ", " : "");
        kundig__buf_text(&words, found->words[i].name);
    }
    int rc = words.failed ? kundig__nomem(job->mem, err) : KUNDIG_OK;
    if (!rc) {
        kundig__table_set_text(table, TOPICS_WORDS, kundig__text(words.data, words.len));
    }
    kundig__buf_free(&words);
    return rc;
}

static int topics_row(topics_job *job, kundig_table *table, uint32_t row, kundig_error *err)
{
    kundig_text name = kundig_table_text(job->counts, row, 0);
    size_t number = topics_number(job->said->model, name);
    const kundig__topic_info *topic = kundig__model_topic(job->said->model, number);
    size_t share = topics_row_of(job->shares, name);
    kundig__table_row(table);
    kundig__table_set_text(table, TOPICS_THEME,
                           kundig__model_theme(job->said->model, topic->theme)->name);
    kundig__table_set_text(table, TOPICS_TOPIC, name);
    topics_set_title(job, table, topic);
    if (job->hidden[row]) {
        kundig__table_set_text(table, TOPICS_STATUS, KUNDIG__TEXT("suppressed"));
        return KUNDIG_OK;
    }
    int rc = topics_set_words(job, table, topic, err);
    if (rc) {
        return rc;
    }
    topics_set(table, TOPICS_COMMENTS, job->counts, row, "n");
    topics_set(table, TOPICS_CUSTOMERS, job->counts, row, "customers");
    topics_set(table, TOPICS_SHARE, job->shares, share, "value");
    topics_set(table, TOPICS_SHARE_LO, job->shares, share, "lo");
    topics_set(table, TOPICS_SHARE_HI, job->shares, share, "hi");
    if (job->sides) {
        topics_set_moods(job, table, name);
    }
    if (job->scores) {
        size_t score = topics_row_of(job->scores, name);
        kundig__table_set_text(table, TOPICS_METRIC, job->metric);
        if (job->limits &&
            (score == SIZE_MAX || topics_size(job->scores, score) < job->limits->k)) {
            kundig__table_set_text(table, TOPICS_STATUS, KUNDIG__TEXT("suppressed"));
        } else {
            topics_set(table, TOPICS_VALUE, job->scores, score, "value");
            topics_set(table, TOPICS_LO, job->scores, score, "lo");
            topics_set(table, TOPICS_HI, job->scores, score, "hi");
            topics_set(table, TOPICS_N, job->scores, score, "n");
            topics_set(table, TOPICS_STATUS, job->scores, score, "status");
        }
    }
    if (job->quotes[number] == KUNDIG__NO_ROW ||
        (job->limits && topics_size(job->counts, row) < job->limits->comments)) {
        return KUNDIG_OK;
    }
    return kundig__quotes_set(table, TOPICS_QUOTE, job->corpus, job->quotes[number], err);
}

static void topics_notes(const topics_job *job, kundig_table *table, size_t limit)
{
    size_t n = kundig_table_find_column(job->shares, "n", 1);
    size_t value = kundig_table_find_column(job->shares, "value", 5);
    kundig_text title = kundig__model_title(job->said->model);
    if (!job->limits && kundig_table_row_count(job->shares) &&
        kundig_table_is_null(job->shares, 0, 0)) {
        kundig__buf percent;
        kundig__buf_init(&percent, job->mem);
        kundig__buf_fixed(&percent, 100 - 100 * kundig_table_number(job->shares, 0, value), 1);
        kundig__table_note(table, "%lld comments; %.*s %% of them have a topic%s%.*s%s",
                           (long long)kundig_table_int(job->shares, 0, n), (int)percent.len,
                           percent.data ? percent.data : "", title.len ? " of \"" : "",
                           kundig__shown(title), title.data, title.len ? "\"" : "");
        kundig__buf_free(&percent);
    }
    if (job->strange && !job->limits) {
        kundig__table_note(table,
                           "%llu comments fit the discovered topics worse than 95 %% of those that "
                           "these were discovered in: see those with novelty > 0.95",
                           (unsigned long long)job->strange);
    }
    if (limit && limit < job->order_count) {
        kundig__table_note(table, "%zu topics in all; the %zu with most comments are shown",
                           job->order_count, limit);
    }
    if (job->many_questions) {
        kundig__table_note(table, "several questions were answered and none is named: no score");
    }
    if (job->limits) {
        kundig__table_note(table, "topics of fewer than %llu customers are not told",
                           (unsigned long long)job->limits->k);
    } else {
        if (!job->discovered) { /* what is discovered needs no rules */
            topics_note_languages(job, table);
        }
        kundig__table_copy_notes(table, job->shares);
    }
    kundig__table_note(table, "a record counts in each of its topics; going together is no cause");
}

static int topics_write(topics_job *job, size_t limit, kundig_table **out, kundig_error *err)
{
    size_t column = job->scores ? kundig_table_find_column(job->scores, "value", 5) : 0;
    int unit = job->scores ? kundig_table_column_unit(job->scores, column) : KUNDIG_UNIT_NONE;
    size_t shown = limit && limit < job->order_count ? limit : job->order_count;
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    topics_columns(table, unit);
    for (size_t i = 0; i < shown; i++) {
        int rc = topics_row(job, table, job->order[i], err);
        if (rc) {
            kundig_table_free(table);
            return rc;
        }
    }
    topics_notes(job, table, limit);
    return kundig__table_finish(table, out, err);
}

int kundig__topics(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                   kundig_table **out, kundig_error *err)
{
    return kundig__topics_limited(corpus, query, limit, NULL, out, err);
}

int kundig__topics_limited(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                           const kundig__topics_limits *limits, kundig_table **out,
                           kundig_error *err)
{
    topics_job job = {.corpus = corpus, .limits = limits};
    job.mem = &kundig__corpus_context(corpus)->mem;
    int rc = kundig__corpus_said(corpus, &job.said, err);
    job.discovered = rc ? NULL : kundig__model_discovered_of(job.said->model);
    rc = rc ? rc : topics_query(&job, query, err);
    rc = rc ? rc : topics_count(&job, err);
    rc = rc ? rc : topics_ask(&job, "share", &job.shares, err);
    rc = rc ? rc : topics_feel(&job, err);
    rc = rc ? rc : topics_score(&job, err);
    rc = rc ? rc : topics_hide(&job, err);
    rc = rc ? rc : topics_sort(&job, err);
    rc = rc ? rc : topics_quotes(&job, err);
    rc = rc ? rc : topics_languages(&job, err);
    rc = rc ? rc : topics_write(&job, limit, out, err);
    if (job.quotes) {
        kundig__free(job.mem, job.quotes,
                     kundig__model_topic_count(job.said->model) * sizeof *job.quotes);
    }
    if (job.hidden) {
        kundig__free(job.mem, job.hidden, job.hidden_rows * sizeof *job.hidden);
    }
    kundig__free(job.mem, job.order, kundig_table_row_count(job.counts) * sizeof *job.order);
    kundig_table_free(job.counts);
    kundig_table_free(job.shares);
    kundig_table_free(job.scores);
    kundig_table_free(job.sides);
    kundig_table_free(job.moods);
    kundig_table_free(job.languages);
    kundig_query_free(job.query);
    return rc;
}
