/* What comments say, put into a corpus as if a model had read it: three themes, six topics. */
#ifndef KUNDIG_TESTS_CORPUS_SAYING_H
#define KUNDIG_TESTS_CORPUS_SAYING_H

#include "fixture.h"

enum { SAYING_TOPICS = 6, SAYING_THEMES = 3 };

/* In byte order, as a model numbers them. */
static const char *const saying_topics[SAYING_TOPICS] = {"app",   "delay", "invoice",
                                                         "price", "staff", "Übergabe"};
static const char *const saying_themes[SAYING_THEMES] = {"Money", "delivery", "service"};
static const uint16_t saying_theme_of[SAYING_TOPICS] = {2, 1, 0, 0, 2, 1};

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
