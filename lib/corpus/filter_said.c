/* Conditions on what comments say: a byte a topic, theme or language, then a bit a row.
 *
 * A record meets a condition if any of its topics does, "!=" if none is that one. Topics, themes,
 * languages and sentiments are closed lists: a name that is on none is an error, for a slip of the
 * pen must not read as "nobody says that". Invariant: a row without a topic meets "missing" and
 * "!=" alone. Cost: one comparison a topic, one look at each topic of each row. */
#include "base/text.h"
#include "corpus/filter.h"
#include "corpus/nearest.h"
#include "topics/topics.h"

static int filter_want_known(kundig__filter_maker *maker, const kundig__node *node,
                             const kundig__dict *names, const char *what)
{
    if (node->op != KUNDIG_OP_EQUAL && node->op != KUNDIG_OP_NOT_EQUAL &&
        node->op != KUNDIG_OP_IN) {
        return KUNDIG_OK;
    }
    for (size_t i = 0; i < node->value_count; i++) {
        kundig_text text = node->values[i].text;
        if (node->values[i].type == KUNDIG_VALUE_TEXT &&
            kundig__dict_find(names, text.data, text.len) == KUNDIG__DICT_NONE) {
            kundig__nearest nearest = {.wanted = text};
            for (uint32_t code = 0; code < names->count; code++) {
                kundig__nearest_consider(&nearest, kundig__dict_text(names, code));
            }
            return kundig__nearest_fail(&nearest, what, maker->err);
        }
    }
    return KUNDIG_OK;
}

int kundig__filter_topics(kundig__filter_maker *maker, const kundig__node *node, int32_t type,
                          const kundig__said *said, uint8_t **out)
{
    bool of_theme = type == KUNDIG__FIELD_THEME;
    const kundig__dict *names = of_theme ? said->theme_names : said->topic_names;
    uint8_t *named = NULL;
    int rc = filter_want_known(maker, node, names, of_theme ? "theme" : "topic");
    if (!rc) {
        rc = kundig__filter_pass(maker, node, names, &named);
    }
    if (rc || !of_theme) {
        *out = named;
        return rc;
    }
    uint32_t count = said->topic_names->count;
    uint8_t *pass = kundig__arena_alloc(&maker->filter->arena, (size_t)count + 1);
    if (!pass) {
        return kundig__filter_nomem(maker);
    }
    pass[0] = named[0];
    for (uint32_t topic = 0; topic < count; topic++) {
        pass[topic + 1] = named[said->themes[topic] + 1];
    }
    *out = pass;
    return KUNDIG_OK;
}

/* Any of a row's topics passes; for "!=" all of them do. */
static bool filter_row_says(const kundig__said *said, uint32_t row, const uint8_t *pass, bool all)
{
    uint64_t at = said->starts[row];
    uint64_t end = said->starts[row + 1];
    if (at == end) {
        return pass[0];
    }
    while (at < end && pass[said->topics[at] + 1] == all) {
        at++;
    }
    return (at == end) == all;
}

/* pass[number + 1] of a closed list whose names are numbered; a name that is NULL is skipped. */
static int filter_pass_listed(kundig__filter_maker *maker, const kundig__node *node,
                              const char *(*name_of)(int number), int count, const char *what,
                              uint8_t **out)
{
    kundig__dict names;
    int rc = KUNDIG_OK;
    kundig__dict_init(&names, maker->corpus->mem, maker->corpus->context->siphash_key);
    for (int number = 0; number < count && !rc; number++) {
        const char *name = name_of(number);
        if (name && kundig__dict_add(&names, name, strlen(name)) == KUNDIG__DICT_NONE) {
            rc = kundig__filter_nomem(maker);
        }
    }
    rc = rc ? rc : filter_want_known(maker, node, &names, what);
    rc = rc ? rc : kundig__filter_pass(maker, node, &names, out);
    kundig__dict_free(&names);
    return rc;
}

static const char *filter_sentiment_name(int sentiment)
{
    return kundig__sentiment_name(sentiment).data;
}

/* The code of a row in what filter_pass_listed() made; 0: missing. Sentiments are numbered from 1.
 */
static uint32_t filter_said_code(const kundig__corpus *corpus, const kundig__said *said,
                                 int32_t type, uint32_t row)
{
    if (type == KUNDIG__FIELD_SENTIMENT) {
        return said->sentiments[row];
    }
    bool has = (kundig__corpus_flags(corpus)[row] & KUNDIG__ROW_HAS_TEXT) != 0;
    return has ? said->languages[row] + 1u : 0;
}

int kundig__filter_said(kundig__filter_maker *maker, const kundig__node *node, int32_t type,
                        kundig__filter_step *step)
{
    const kundig__said *said = NULL;
    const kundig__corpus *corpus = maker->corpus;
    bool listed = type == KUNDIG__FIELD_SPOKEN || type == KUNDIG__FIELD_SENTIMENT;
    uint8_t *pass = NULL;
    int rc = type == KUNDIG__FIELD_SENTIMENT
                 ? kundig__corpus_moods(maker->corpus, &said, maker->err)
                 : kundig__corpus_said(maker->corpus, &said, maker->err);
    if (!rc && type == KUNDIG__FIELD_SPOKEN) {
        rc = filter_pass_listed(maker, node, kundig__language_name, KUNDIG__LANGUAGE_COUNT,
                                "language of comments", &pass);
    } else if (!rc && listed) {
        rc = filter_pass_listed(maker, node, filter_sentiment_name, KUNDIG_SENTIMENT_MIXED + 1,
                                "sentiment", &pass);
    } else if (!rc) {
        rc = kundig__filter_topics(maker, node, type, said, &pass);
    }
    uint64_t *bits = rc ? NULL : kundig__filter_bits_new(maker);
    if (!rc && !bits) {
        rc = kundig__filter_nomem(maker);
    }
    bool all = node->op == KUNDIG_OP_NOT_EQUAL;
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        bool meets = listed ? pass[filter_said_code(corpus, said, type, row)]
                            : filter_row_says(said, row, pass, all);
        if (meets) {
            kundig__filter_bits_set(bits, row);
        }
    }
    step->type = KUNDIG__FILTER_BITS;
    step->bits = bits;
    return rc;
}
