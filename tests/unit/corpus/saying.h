/* What comments say, put into a corpus as if a model had read it: three themes, six topics. */
#ifndef KUNDIG_TESTS_CORPUS_SAYING_H
#define KUNDIG_TESTS_CORPUS_SAYING_H

#include "base/prng.h"
#include "fixture.h"

enum { SAYING_TOPICS = 6, SAYING_THEMES = 3 };

/* In byte order, as a model numbers them. */
static const char *const saying_topics[SAYING_TOPICS] = {"app",   "delay", "invoice",
                                                         "price", "staff", "Übergabe"};
static const char *const saying_themes[SAYING_THEMES] = {"Money", "delivery", "service"};
static const uint16_t saying_theme_of[SAYING_TOPICS] = {2, 1, 0, 0, 2, 1};

#define SAYING_UNKNOWN INT16_MIN

/* How a record feels about a topic, in thousandths; about all: topic SAYING_TOPICS. */
static inline int16_t saying_mood(uint64_t record, uint32_t topic)
{
    kundig__prng prng;
    kundig__prng_init(&prng, record * 16 + topic + 5);
    return kundig__prng_below(&prng, 6) ? (int16_t)(1000 - (int)kundig__prng_below(&prng, 2001))
                                        : SAYING_UNKNOWN;
}

static inline int saying_side(int16_t mood)
{
    return mood == SAYING_UNKNOWN ? KUNDIG_SENTIMENT_UNKNOWN
           : mood % 5 == 0        ? KUNDIG_SENTIMENT_MIXED
           : mood < -250          ? KUNDIG_SENTIMENT_NEGATIVE
           : mood > 250           ? KUNDIG_SENTIMENT_POSITIVE
                                  : KUNDIG_SENTIMENT_NEUTRAL;
}

/* The number in a record's id. */
static inline uint64_t saying_record(const fixture *f, uint32_t row)
{
    kundig_text id = kundig__corpus_id(f->corpus, row);
    uint64_t number = 0;
    for (size_t i = 0; i < id.len; i++) {
        number = id.data[i] >= '0' && id.data[i] <= '9' ? number * 10 + (uint64_t)(id.data[i] - '0')
                                                        : number;
    }
    return number;
}

/* The moods of rows whose topics are planted; records without a text have none. */
static inline void saying_feel(fixture *f)
{
    kundig__said_column *column = &f->corpus->said;
    kundig__mem *mem = f->corpus->mem;
    uint32_t rows = f->corpus->rows;
    column->sentiment_capacity = rows;
    column->sentiments = kundig__alloc(mem, rows);
    column->value_capacity = rows;
    column->values = kundig__alloc(mem, rows * sizeof *column->values);
    column->topic_sentiment_capacity = column->topic_capacity;
    column->topic_sentiments = kundig__alloc(mem, column->topic_capacity);
    column->topic_value_capacity = column->topic_capacity;
    column->topic_values =
        kundig__alloc(mem, column->topic_capacity * sizeof *column->topic_values);
    cr_assert(column->sentiments && column->values && column->topic_sentiments &&
              column->topic_values);
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t record = saying_record(f, row);
        bool has = kundig__corpus_text(f->corpus, row).data != NULL;
        int16_t mood = has ? saying_mood(record, SAYING_TOPICS) : SAYING_UNKNOWN;
        column->sentiments[row] = (uint8_t)saying_side(mood);
        column->values[row] = mood == SAYING_UNKNOWN ? 0 : mood;
        for (uint64_t at = column->starts[row]; at < column->starts[row + 1]; at++) {
            mood = saying_mood(record, column->topics[at]);
            column->topic_sentiments[at] = (uint8_t)saying_side(mood);
            column->topic_values[at] = mood == SAYING_UNKNOWN ? 0 : mood;
        }
    }
    column->mood_rows = rows;
    column->said.sentiments = column->sentiments;
    column->said.values = column->values;
    column->said.topic_sentiments = column->topic_sentiments;
    column->said.topic_values = column->topic_values;
}

/* The column of rows whose topics are the bits of sets[row]. */
static inline void saying_plant(fixture *f, const uint8_t *sets, const uint8_t *languages)
{
    kundig__said_column *column = &f->corpus->said;
    kundig__mem *mem = f->corpus->mem;
    uint32_t rows = f->corpus->rows;
    size_t count = 0;
    kundig__said_free(column, mem);
    kundig__said_init(column, f->corpus);
    column->language_capacity = rows;
    column->languages = kundig__alloc_zero(mem, rows);
    column->start_capacity = rows + 1;
    column->starts = kundig__alloc(mem, column->start_capacity * sizeof *column->starts);
    column->topic_capacity = (size_t)rows * SAYING_TOPICS;
    column->topics = kundig__alloc(mem, column->topic_capacity * sizeof *column->topics);
    column->block_capacity = rows / KUNDIG__SAID_BLOCK + 1;
    column->block_most =
        kundig__alloc_zero(mem, column->block_capacity * sizeof *column->block_most);
    column->theme_capacity = SAYING_TOPICS;
    column->themes = kundig__alloc(mem, sizeof saying_theme_of);
    cr_assert(column->languages && column->starts && column->topics && column->block_most &&
              column->themes);
    memcpy(column->themes, saying_theme_of, sizeof saying_theme_of);
    for (uint32_t i = 0; i < SAYING_TOPICS; i++) {
        kundig__dict_add(&column->topic_names, saying_topics[i], strlen(saying_topics[i]));
    }
    for (uint32_t i = 0; i < SAYING_THEMES; i++) {
        kundig__dict_add(&column->theme_names, saying_themes[i], strlen(saying_themes[i]));
    }
    column->starts[0] = 0;
    for (uint32_t row = 0; row < rows; row++) {
        uint16_t *most = &column->block_most[row / KUNDIG__SAID_BLOCK];
        column->languages[row] = languages ? languages[row] : 0;
        for (uint16_t topic = 0; topic < SAYING_TOPICS; topic++) {
            if (sets[row] >> topic & 1) {
                column->topics[count++] = topic;
            }
        }
        column->starts[row + 1] = count;
        uint16_t here = (uint16_t)(count - column->starts[row]);
        *most = here > *most ? here : *most;
        column->said.most = here > column->said.most ? here : column->said.most;
    }
    column->said.rows = rows;
    column->said.languages = column->languages;
    column->said.starts = column->starts;
    column->said.topics = column->topics;
    column->said.block_most = column->block_most;
    column->said.themes = column->themes;
    column->said.topic_names = &column->topic_names;
    column->said.theme_names = &column->theme_names;
}

#endif
