/* The fields that are grouped by: fields to codes, codes to texts and to places in byte order.
 *
 * Dimensions and text attributes have codes already. Answers and numbers get a dictionary of their
 * shortest texts for the time of the grouping, languages and sentiments of comments one of their
 * names; topics and themes are listed (group_list.c), and sentiments where they stand beside.
 * Invariant: code 0 is missing, and its place is 0. Cost: nothing for dimensions; a look-up a row
 * for numbers. */
#include "base/number.h"
#include "base/text.h"
#include "corpus/group.h"
#include "topics/topics.h"

/* The label of a row; false where it has no value. */
typedef bool group_label(const void *column, uint32_t row, char out[KUNDIG__NUMBER_SIZE],
                         size_t *len);

static bool group_label_answer(const void *column, uint32_t row, char out[KUNDIG__NUMBER_SIZE],
                               size_t *len)
{
    const kundig__question *question = column;
    if (question->values[row] == KUNDIG__SCORE_MISSING) {
        return false;
    }
    *len = kundig__number_write(question->values[row] / 1000.0, out);
    return true;
}

static bool group_label_number(const void *column, uint32_t row, char out[KUNDIG__NUMBER_SIZE],
                               size_t *len)
{
    const kundig__attribute_column *attribute = column;
    if (!kundig__attribute_has(attribute, row)) {
        return false;
    }
    *len = kundig__number_write(attribute->numbers[row], out);
    return true;
}

static bool group_label_bool(const void *column, uint32_t row, char out[KUNDIG__NUMBER_SIZE],
                             size_t *len)
{
    const kundig__attribute_column *attribute = column;
    if (!kundig__attribute_has(attribute, row)) {
        return false;
    }
    bool yes = attribute->numbers[row] != 0;
    *len = yes ? 4 : 5;
    memcpy(out, yes ? "true" : "false", *len);
    return true;
}

static int group_key_make(kundig__group_key *key, kundig__corpus *corpus, group_label *label,
                          const void *column, kundig_error *err)
{
    kundig__dimension *made = &key->made;
    kundig__dict_init(&made->dict, corpus->mem, corpus->context->siphash_key);
    made->codes = kundig__alloc(corpus->mem, corpus->rows * sizeof *made->codes);
    if (!made->codes) {
        return kundig__nomem(corpus->mem, err);
    }
    made->capacity = corpus->rows;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        char text[KUNDIG__NUMBER_SIZE];
        size_t len = 0;
        made->codes[row] = 0;
        if (label(column, row, text, &len)) {
            uint32_t code = kundig__dict_add(&made->dict, text, len);
            if (code == KUNDIG__DICT_NONE) {
                return kundig__nomem(corpus->mem, err);
            }
            made->codes[row] = code + 1;
        }
    }
    key->codes = made->codes;
    key->dict = &made->dict;
    key->code_count = made->dict.count + 1;
    return KUNDIG_OK;
}

static void group_key_of(kundig__group_key *key, const kundig__dimension *dimension)
{
    key->codes = dimension->codes;
    key->dict = &dimension->dict;
    key->code_count = dimension->codes ? dimension->dict.count + 1 : 1;
}

/* A comment whose language nobody knows is "unknown"; without a comment it is missing. */
static int group_key_spoken(kundig__group_key *key, kundig__corpus *corpus,
                            const kundig__said *said, kundig_error *err)
{
    kundig__dimension *made = &key->made;
    kundig__dict_init(&made->dict, corpus->mem, corpus->context->siphash_key);
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        const char *name = kundig__language_name(language);
        if (kundig__dict_add(&made->dict, name, strlen(name)) == KUNDIG__DICT_NONE) {
            return kundig__nomem(corpus->mem, err);
        }
    }
    made->codes = kundig__alloc(corpus->mem, corpus->rows * sizeof *made->codes);
    if (!made->codes) {
        return kundig__nomem(corpus->mem, err);
    }
    made->capacity = corpus->rows;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        bool has = (kundig__corpus_flags(corpus)[row] & KUNDIG__ROW_HAS_TEXT) != 0;
        made->codes[row] = has ? said->languages[row] + 1u : 0;
    }
    key->codes = made->codes;
    key->dict = &made->dict;
    key->code_count = made->dict.count + 1;
    return KUNDIG_OK;
}

static int group_key_sentiment(kundig__group_key *key, kundig__corpus *corpus, kundig_error *err)
{
    kundig__dimension *made = &key->made;
    const kundig__said *said = NULL;
    int rc = kundig__corpus_moods(corpus, &said, err);
    if (rc) {
        return rc;
    }
    kundig__dict_init(&made->dict, corpus->mem, corpus->context->siphash_key);
    for (int sentiment = 1; sentiment <= KUNDIG_SENTIMENT_MIXED; sentiment++) {
        kundig_text name = kundig__sentiment_name(sentiment);
        if (kundig__dict_add(&made->dict, name.data, name.len) == KUNDIG__DICT_NONE) {
            return kundig__nomem(corpus->mem, err);
        }
    }
    made->codes = kundig__alloc(corpus->mem, corpus->rows * sizeof *made->codes);
    if (!made->codes) {
        return kundig__nomem(corpus->mem, err);
    }
    made->capacity = corpus->rows;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        made->codes[row] = said->sentiments[row];
    }
    key->sentiment = true;
    key->codes = made->codes;
    key->dict = &made->dict;
    key->code_count = made->dict.count + 1;
    return KUNDIG_OK;
}

static int group_key_said(kundig__group_key *key, kundig__corpus *corpus, int32_t type,
                          kundig_error *err)
{
    const kundig__said *said = NULL;
    int rc = kundig__corpus_said(corpus, &said, err);
    if (rc) {
        return rc;
    }
    if (type == KUNDIG__FIELD_SPOKEN) {
        return group_key_spoken(key, corpus, said, err);
    }
    key->listed = type;
    key->dict = type == KUNDIG__FIELD_TOPIC ? said->topic_names : said->theme_names;
    key->code_count = key->dict->count + 1;
    return KUNDIG_OK;
}

int kundig__group_key_init(kundig__group_key *key, kundig__corpus *corpus, kundig_text name,
                           kundig_error *err)
{
    kundig__field field;
    int rc = kundig__field_resolve(corpus, name, &field, err);
    if (rc) {
        return rc;
    }
    key->name = name;
    switch (field.type) {
    case KUNDIG__FIELD_DIMENSION:
        group_key_of(key, field.index == KUNDIG__DIM_CUSTOMER ? kundig__people_known(corpus)
                                                              : &corpus->dims[field.index]);
        return KUNDIG_OK;
    case KUNDIG__FIELD_QUESTION:
        return group_key_make(key, corpus, group_label_answer,
                              kundig__corpus_question(corpus, field.index), err);
    case KUNDIG__FIELD_ATTRIBUTE: {
        const kundig__attribute_column *column = kundig__corpus_attribute(corpus, field.index);
        if (column->type == KUNDIG_VALUE_TEXT) {
            group_key_of(key, &column->texts);
            return KUNDIG_OK;
        }
        return group_key_make(
            key, corpus, column->type == KUNDIG_VALUE_BOOL ? group_label_bool : group_label_number,
            column, err);
    }
    case KUNDIG__FIELD_TOPIC:
    case KUNDIG__FIELD_THEME:
    case KUNDIG__FIELD_SPOKEN:
        return group_key_said(key, corpus, field.type, err);
    case KUNDIG__FIELD_SENTIMENT:
        return group_key_sentiment(key, corpus, err);
    case KUNDIG__FIELD_TIME:
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "'time' cannot be grouped by: choose a window (every month)");
    default:
        return kundig__fail(err, KUNDIG_E_ARG, 0, "'%.*s' cannot be grouped by",
                            kundig__shown(name), name.data);
    }
}

int kundig__group_key_rank(kundig__group_key *key, kundig__mem *mem, kundig_error *err)
{
    size_t size = key->code_count * sizeof *key->ranks;
    key->ranks = kundig__alloc(mem, size);
    key->ranked = kundig__alloc(mem, size);
    if (!key->ranks || !key->ranked) {
        return kundig__nomem(mem, err);
    }
    key->ranks[0] = 0;
    if (key->code_count > 1) {
        kundig__dict_ranks(key->dict, key->ranks + 1, key->ranked + 1);
        for (uint32_t code = 1; code < key->code_count; code++) {
            key->ranks[code]++;
        }
    }
    for (uint32_t code = 0; code < key->code_count; code++) {
        key->ranked[key->ranks[code]] = code;
    }
    return KUNDIG_OK;
}

void kundig__group_key_free(kundig__group_key *key, kundig__mem *mem)
{
    kundig__free(mem, key->ranks, key->code_count * sizeof *key->ranks);
    kundig__free(mem, key->ranked, key->code_count * sizeof *key->ranked);
    kundig__free(mem, key->listed_codes, key->listed_count * sizeof *key->listed_codes);
    if (key->made.dict.mem) {
        kundig__dict_free(&key->made.dict);
        kundig__free(mem, key->made.codes, key->made.capacity * sizeof *key->made.codes);
    }
}
