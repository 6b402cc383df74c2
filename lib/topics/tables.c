/* Answers about models and texts as tables.
 *
 * A text is mended before it is read; places are brought back to the bytes that were given.
 * Cost: linear in the text. */
#include "base/order.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topics/compiled.h"
#include "topics/given.h"

#define TABLES_MOST_TEXT ((size_t)1 << 30)

int kundig__given_open(kundig__given *read, kundig__mem *mem, const kundig_model *model,
                       kundig_text given, kundig_error *err)
{
    memset(read, 0, sizeof *read);
    read->mem = mem;
    read->given = given.data ? given : KUNDIG__TEXT("");
    read->text = read->given;
    kundig__buf_init(&read->mended, mem);
    kundig__reading_init(&read->reading, mem, model);
    if (given.len < TABLES_MOST_TEXT &&
        kundig__utf8_valid(read->given.data, given.len) != given.len) {
        kundig__utf8_mend(&read->mended, given.data, given.len);
        if (read->mended.failed) {
            return kundig__nomem(mem, err);
        }
        read->text = kundig__text(read->mended.data, read->mended.len);
    }
    if (given.len >= TABLES_MOST_TEXT || read->text.len >= TABLES_MOST_TEXT) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                            "the text is 1 GiB or longer, with U+FFFD for what is ill-formed: give "
                            "less at once");
    }
    return KUNDIG_OK;
}

void kundig__given_close(kundig__given *read)
{
    kundig__free(read->mem, read->places, read->place_count * sizeof *read->places);
    kundig__reading_free(&read->reading);
    kundig__buf_free(&read->mended);
}

bool kundig__given_room(kundig__given *read, size_t rows)
{
    read->places = kundig__alloc(read->mem, 2 * rows * sizeof *read->places);
    read->place_count = read->places ? 2 * rows : 0;
    return read->places != NULL;
}

static int tables_place_order(const void *ud, uint32_t a, uint32_t b)
{
    const size_t *places = ud;
    return places[a] < places[b] ? -1 : places[a] > places[b];
}

bool kundig__given_places(kundig__given *read)
{
    size_t count = read->place_count;
    if (read->text.data == read->given.data) {
        return true;
    }
    uint32_t *order = kundig__alloc(read->mem, count * sizeof *order);
    size_t *sorted = kundig__alloc(read->mem, count * sizeof *sorted);
    bool done = order && sorted;
    if (done) {
        for (uint32_t i = 0; i < count; i++) {
            order[i] = i;
        }
        kundig__order_sort(order, count, tables_place_order, read->places);
        for (size_t i = 0; i < count; i++) {
            sorted[i] = read->places[order[i]];
        }
        kundig__utf8_given_offsets(read->given.data, read->given.len, sorted, count);
        for (size_t i = 0; i < count; i++) {
            read->places[order[i]] = sorted[i];
        }
    }
    kundig__free(read->mem, order, count * sizeof *order);
    kundig__free(read->mem, sorted, count * sizeof *sorted);
    return done;
}

/* ---- What a text says ----------------------------------------------------------------------- */

/* Of a topic that the reading has; below 0 where rules alone decided. */
static float tables_probability(const kundig__reading *reading, uint32_t topic)
{
    size_t low = 0;
    size_t count = reading->topic_count;
    while (count > 1) {
        size_t half = count / 2;
        bool above = reading->topics[low + half] <= topic;
        low = above ? low + half : low;
        count = above ? count - half : half;
    }
    return reading->probabilities[low];
}

static int tables_write_hits(const kundig__given *read, kundig_table **out, kundig_error *err)
{
    const kundig_model *model = read->reading.model;
    kundig_table *table = kundig__table_new(read->mem);
    size_t start = kundig__table_column(table, "start", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t end = kundig__table_column(table, "end", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t theme = kundig__table_column(table, "theme", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t topic = kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t rule = kundig__table_column(table, "rule", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t line = kundig__table_column(table, "line", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t found = kundig__table_column(table, "found", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t probability =
        kundig__table_column(table, "probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    for (size_t i = 0; i < read->reading.hit_count; i++) {
        const kundig__hit *hit = &read->reading.hits[i];
        const kundig__topic_info *info = &model->topics[hit->topic];
        kundig__table_row(table);
        kundig__table_set_int(table, start, (int64_t)read->places[2 * i]);
        kundig__table_set_int(table, end, (int64_t)read->places[2 * i + 1]);
        kundig__table_set_text(table, theme, model->themes[info->theme].name);
        kundig__table_set_text(table, topic, info->name);
        if (hit->rule < KUNDIG__RULE_DISCOVERED) {
            kundig__table_set_text(table, rule, model->infos[hit->rule].written);
            kundig__table_set_int(table, line, model->infos[hit->rule].line);
        }
        kundig__table_set_text(table, found,
                               kundig__text(read->text.data + hit->start, hit->end - hit->start));
        double sure = (double)tables_probability(&read->reading, hit->topic);
        if (sure >= 0) {
            kundig__table_set_number(table, probability, sure);
        }
    }
    return kundig__table_finish(table, out, err);
}

int kundig__hits_table(kundig__mem *mem, const kundig_model *model, kundig_text text,
                       kundig_table **out, kundig_error *err)
{
    kundig__given read;
    kundig__reading *reading = &read.reading;
    int rc = kundig__given_open(&read, mem, model, text, err);
    if (rc != KUNDIG_OK) {
        goto done;
    }
    rc = kundig__reading_run(reading, read.text.data, read.text.len, KUNDIG__LANGUAGE_UNKNOWN);
    if (rc != KUNDIG_OK || !kundig__given_room(&read, reading->hit_count)) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (size_t i = 0; i < reading->hit_count; i++) {
        read.places[2 * i] = reading->hits[i].start;
        read.places[2 * i + 1] = reading->hits[i].end;
    }
    rc = kundig__given_places(&read) ? tables_write_hits(&read, out, err) : kundig__nomem(mem, err);
done:
    kundig__given_close(&read);
    return rc;
}

/* ---- In which languages --------------------------------------------------------------------- */

static int tables_write_languages(const kundig__given *read, kundig_table **out, kundig_error *err)
{
    const kundig__spoken *spoken = &read->reading.spoken;
    kundig_table *table = kundig__table_new(read->mem);
    size_t part = kundig__table_column(table, "part", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t start = kundig__table_column(table, "start", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t end = kundig__table_column(table, "end", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t language = kundig__table_column(table, "language", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t sureness =
        kundig__table_column(table, "sureness", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t mixed = kundig__table_column(table, "mixed", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i <= spoken->sentence_count; i++) {
        bool whole = i == 0;
        int32_t spoken_language = whole ? spoken->language : spoken->sentences[i - 1].language;
        uint32_t sure = whole ? spoken->sureness : spoken->sentences[i - 1].sureness;
        kundig__table_row(table);
        kundig__table_set_text(table, part, kundig__str(whole ? "comment" : "sentence"));
        kundig__table_set_int(table, start, (int64_t)read->places[2 * i]);
        kundig__table_set_int(table, end, (int64_t)read->places[2 * i + 1]);
        kundig__table_set_text(table, language,
                               kundig__str(kundig__language_name(spoken_language)));
        kundig__table_set_number(table, sureness, (double)sure / 1000);
        if (whole) {
            kundig__table_set_bool(table, mixed, spoken->mixed);
        }
    }
    return kundig__table_finish(table, out, err);
}

int kundig__languages_table(kundig__mem *mem, const kundig_model *model, kundig_text text,
                            kundig_table **out, kundig_error *err)
{
    kundig__given read;
    kundig__reading *reading = &read.reading;
    int rc = kundig__given_open(&read, mem, model, text, err);
    if (rc != KUNDIG_OK) {
        goto done;
    }
    rc = kundig__text_features(&reading->scratch, read.text.data, read.text.len, KUNDIG__WORDS);
    if (rc != KUNDIG_OK ||
        !kundig__language_read(model->languages, &reading->scratch, read.text.data, read.text.len,
                               &reading->spoken) ||
        !kundig__given_room(&read, reading->spoken.sentence_count + 1)) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    read.places[0] = 0;
    read.places[1] = read.text.len;
    for (size_t i = 0; i < reading->spoken.sentence_count; i++) {
        const kundig__sentence *sentence = &reading->spoken.sentences[i];
        read.places[2 * i + 2] = reading->scratch.tokens[sentence->first].start;
        read.places[2 * i + 3] = reading->scratch.tokens[sentence->end - 1].end;
    }
    rc = kundig__given_places(&read) ? tables_write_languages(&read, out, err)
                                     : kundig__nomem(mem, err);
done:
    kundig__given_close(&read);
    return rc;
}

/* ---- What a model looks for ----------------------------------------------------------------- */

static int tables_topic_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig_model *model = ud;
    uint32_t theme_a = model->topics[a].theme;
    uint32_t theme_b = model->topics[b].theme;
    if (theme_a != theme_b) {
        return theme_a < theme_b ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

int kundig__topics_table(kundig__mem *mem, const kundig_model *model, kundig_table **out,
                         kundig_error *err)
{
    size_t count = model->topic_count;
    uint32_t *order = kundig__alloc(mem, count * sizeof *order);
    if (!order) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, count, tables_topic_order, model);
    kundig_table *table = kundig__table_new(mem);
    size_t theme = kundig__table_column(table, "theme", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t topic = kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t theme_title =
        kundig__table_column(table, "theme_title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t title = kundig__table_column(table, "title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t rules = kundig__table_column(table, "rules", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t nots = kundig__table_column(table, "exclusions", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t examples = kundig__table_column(table, "examples", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    const kundig__taught *taught = kundig__model_taught(model);
    for (size_t i = 0; i < count; i++) {
        const kundig__topic_info *info = &model->topics[order[i]];
        kundig__table_row(table);
        kundig__table_set_text(table, theme, model->themes[info->theme].name);
        kundig__table_set_text(table, topic, info->name);
        kundig__table_set_text(table, theme_title, model->themes[info->theme].title);
        kundig__table_set_text(table, title, info->title);
        kundig__table_set_int(table, rules, info->rule_count);
        kundig__table_set_int(table, nots, info->not_count);
        if (taught && info->klass != KUNDIG__NO_CLASS) {
            const kundig__class_facts *facts =
                kundig__classifier_facts_of(taught->classifier)->classes;
            kundig__table_set_int(table, examples, (int64_t)facts[info->klass].lessons);
        } else if (info->cluster != KUNDIG__NO_CLASS) {
            kundig__table_set_int(table, examples,
                                  (int64_t)model->discovered.topics[info->cluster].texts);
        }
    }
    kundig__free(mem, order, count * sizeof *order);
    return kundig__table_finish(table, out, err);
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static int tables_arguments(const kundig_model *model, const void *out, kundig_error *err)
{
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    return KUNDIG_OK;
}

int kundig_model_topics(const kundig_model *model, kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    int rc = tables_arguments(model, out, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    kundig__mem_init(&mem, &model->mem.hook, 0);
    return kundig__topics_table(&mem, model, out, err);
}

typedef int tables_answer(kundig__mem *mem, const kundig_model *model, kundig_text text,
                          kundig_table **out, kundig_error *err);

static int tables_of_text(tables_answer *answer, const kundig_model *model, const char *text,
                          size_t len, kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    int rc = tables_arguments(model, out, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    if (!text && len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "text is NULL, len is not 0");
    }
    kundig__mem_init(&mem, &model->mem.hook, 0);
    return answer(&mem, model, kundig__text(text, len), out, err);
}

int kundig_model_read(const kundig_model *model, const char *text, size_t len, kundig_table **out,
                      kundig_error *err)
{
    return tables_of_text(kundig__hits_table, model, text, len, out, err);
}

int kundig_model_languages(const kundig_model *model, const char *text, size_t len,
                           kundig_table **out, kundig_error *err)
{
    return tables_of_text(kundig__languages_table, model, text, len, out, err);
}
