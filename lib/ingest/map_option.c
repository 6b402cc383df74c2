/* options.map: "field=Column,field=Column". A column is found by its exact name, else by its name
 * without regard to case and blanks at the ends. Cost: O(text x columns). */
#include "base/number.h"
#include "base/text.h"
#include "ingest/columns.h"

typedef struct map_option_cursor {
    kundig_text map;
    size_t at;
} map_option_cursor;

static int map_option_bad(kundig_error *err, size_t pos, const char *what)
{
    return kundig__fail(err, KUNDIG_E_ARG, pos,
                        "map: %s at byte %zu; it reads field=Column,field=Column, with a column "
                        "name that holds a comma or equals sign in double quotes",
                        what, pos);
}

/* The names there are, as many as a sentence holds. */
static void map_option_names(const kundig__ingest *ingest, char out[160])
{
    size_t len = 0;
    for (size_t i = 0; i < ingest->count; i++) {
        kundig_text name = ingest->plans[i].name;
        if (len + name.len + 8 > 150) {
            memcpy(out + len, ", ...", 6);
            return;
        }
        if (i) {
            out[len++] = ',';
            out[len++] = ' ';
        }
        memcpy(out + len, name.data, name.len);
        len += name.len;
    }
    out[len] = '\0';
}

static int map_option_column(kundig__ingest *ingest, kundig_text name, size_t pos, size_t *out,
                             kundig_error *err)
{
    char names[160];
    size_t found = SIZE_MAX;
    name = kundig__text_trim(name);
    for (size_t i = 0; i < ingest->count; i++) {
        if (kundig__text_equal(ingest->plans[i].name, name)) {
            *out = i;
            return KUNDIG_OK;
        }
    }
    for (size_t i = 0; i < ingest->count; i++) {
        if (kundig__text_equal_nocase(ingest->plans[i].name, name)) {
            if (found != SIZE_MAX) {
                return kundig__fail(err, KUNDIG_E_AMBIGUOUS, pos,
                                    "map: several columns are named %.*s in different case; write "
                                    "it as it stands",
                                    kundig__shown(name), name.data);
            }
            found = i;
        }
    }
    if (found == SIZE_MAX) {
        map_option_names(ingest, names);
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, pos,
                            "map: there is no column \"%.*s\"; there are %s", kundig__shown(name),
                            name.data, names);
    }
    *out = found;
    return KUNDIG_OK;
}

/* "[0..10]" or "[1..6,lower]" */
static bool map_option_range(kundig_text text, kundig__column_plan *scale)
{
    if (text.len < 6 || text.data[0] != '[' || text.data[text.len - 1] != ']') {
        return false;
    }
    text = kundig__text(text.data + 1, text.len - 2);
    const char *comma = memchr(text.data, ',', text.len);
    kundig_text range = text;
    scale->direction = KUNDIG_HIGHER_IS_BETTER;
    if (comma) {
        range.len = (size_t)(comma - text.data);
        kundig_text word = kundig__text_trim(kundig__text(comma + 1, text.len - range.len - 1));
        if (kundig__text_equal(word, KUNDIG__TEXT("lower"))) {
            scale->direction = KUNDIG_LOWER_IS_BETTER;
        } else if (!kundig__text_equal(word, KUNDIG__TEXT("higher"))) {
            return false;
        }
    }
    for (size_t i = 0; i + 1 < range.len; i++) {
        if (range.data[i] == '.' && range.data[i + 1] == '.') {
            kundig_text low = kundig__text_trim(kundig__text(range.data, i));
            kundig_text high =
                kundig__text_trim(kundig__text(range.data + i + 2, range.len - i - 2));
            return kundig__number_read(low, &scale->minimum) &&
                   kundig__number_read(high, &scale->maximum) && scale->minimum < scale->maximum &&
                   scale->minimum >= -1e6 && scale->maximum <= 1e6;
        }
    }
    return false;
}

/* Which field a word names; scores fill in their scale. */
static bool map_option_field(kundig_text word, kundig__column_plan *plan)
{
    static const struct {
        const char *name;
        int32_t scale;
        double minimum;
        double maximum;
        int32_t direction;
    } scales[] = {{"nps", KUNDIG_SCALE_NPS, 0, 10, KUNDIG_HIGHER_IS_BETTER},
                  {"csat", KUNDIG_SCALE_CSAT, 1, 5, KUNDIG_HIGHER_IS_BETTER},
                  {"ces", KUNDIG_SCALE_CES, 1, 7, KUNDIG_HIGHER_IS_BETTER},
                  {"ces_2010", KUNDIG_SCALE_CES_2010, 1, 5, KUNDIG_LOWER_IS_BETTER},
                  {"stars", KUNDIG_SCALE_STARS, 1, 5, KUNDIG_HIGHER_IS_BETTER}};
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        if (kundig__text_equal(word, kundig__str(scales[i].name))) {
            plan->field = KUNDIG__COLUMN_SCORE;
            plan->scale = scales[i].scale;
            plan->minimum = scales[i].minimum;
            plan->maximum = scales[i].maximum;
            plan->direction = scales[i].direction;
            return true;
        }
    }
    if (word.len > 5 && memcmp(word.data, "score", 5) == 0) {
        plan->field = KUNDIG__COLUMN_SCORE;
        plan->scale = KUNDIG_SCALE_DECLARED;
        return map_option_range(kundig__text(word.data + 5, word.len - 5), plan);
    }
    for (int field = 0; field < KUNDIG__COLUMN_FIELDS; field++) {
        if (field != KUNDIG__COLUMN_SCORE &&
            kundig__text_equal(word, kundig__str(kundig__column_field_name(field)))) {
            plan->field = field;
            return true;
        }
    }
    return false;
}

/* A column's name up to the next comma, unquoted into buf. */
static int map_option_name(map_option_cursor *cursor, kundig__buf *buf, kundig_error *err)
{
    kundig_text map = cursor->map;
    size_t start = cursor->at;
    buf->len = 0;
    while (cursor->at < map.len && map.data[cursor->at] == ' ') {
        cursor->at++;
    }
    if (cursor->at < map.len && map.data[cursor->at] == '"') {
        for (cursor->at++;; cursor->at++) {
            if (cursor->at >= map.len) {
                return map_option_bad(err, start, "a quote does not close");
            }
            if (map.data[cursor->at] == '"') {
                cursor->at++;
                if (cursor->at >= map.len || map.data[cursor->at] != '"') {
                    break;
                }
            }
            kundig__buf_char(buf, map.data[cursor->at]);
        }
        while (cursor->at < map.len && map.data[cursor->at] == ' ') {
            cursor->at++;
        }
        if (cursor->at < map.len && map.data[cursor->at] != ',') {
            return map_option_bad(err, cursor->at, "text follows a quoted name");
        }
    } else {
        while (cursor->at < map.len && map.data[cursor->at] != ',') {
            if (map.data[cursor->at] == '=') {
                return map_option_bad(err, cursor->at, "there are two equals signs");
            }
            kundig__buf_char(buf, map.data[cursor->at++]);
        }
    }
    return buf->failed ? kundig__nomem(buf->mem, err) : KUNDIG_OK;
}

static int map_option_entry(kundig__ingest *ingest, map_option_cursor *cursor, kundig_error *err)
{
    kundig_text map = cursor->map;
    kundig__column_plan wanted;
    size_t column = 0;
    size_t start = cursor->at;
    bool inside = false;
    memset(&wanted, 0, sizeof wanted);
    while (cursor->at < map.len && map.data[cursor->at] != '=' &&
           (inside || map.data[cursor->at] != ',')) {
        inside = map.data[cursor->at] == '[' || (inside && map.data[cursor->at] != ']');
        cursor->at++;
    }
    if (cursor->at >= map.len || map.data[cursor->at] != '=') {
        return map_option_bad(err, start, "an equals sign is missing");
    }
    kundig_text word = kundig__text_trim(kundig__text(map.data + start, cursor->at - start));
    cursor->at++;
    if (!map_option_field(word, &wanted)) {
        if (word.len >= 5 && memcmp(word.data, "score", 5) == 0) {
            return kundig__fail(err, KUNDIG_E_ARG, start,
                                "map: \"%.*s\" at byte %zu is no scale: write its least and "
                                "greatest answer, such as score[1..10], or score[1..6,lower] where "
                                "lower is better",
                                word.len > 40 ? 40 : (int)word.len, word.data, start);
        }
        return kundig__fail(err, KUNDIG_E_ARG, start,
                            "map: \"%.*s\" at byte %zu is no field; fields are text, id, customer, "
                            "time, updated, kind, channel, touchpoint, stage, case, agent, ..., "
                            "nps, csat, ces, stars, score[MIN..MAX], attribute, ignore",
                            word.len > 40 ? 40 : (int)word.len, word.data, start);
    }
    size_t pos = cursor->at;
    int rc = map_option_name(cursor, &ingest->sentence, err);
    kundig_text name =
        kundig__text(ingest->sentence.data ? ingest->sentence.data : "", ingest->sentence.len);
    rc = rc ? rc : map_option_column(ingest, name, pos, &column, err);
    if (rc) {
        return rc;
    }
    kundig__column_plan *plan = &ingest->plans[column];
    if (plan->forced) {
        return kundig__fail(err, KUNDIG_E_ARG, start, "map: column %.*s is named twice",
                            kundig__shown(plan->name), plan->name.data);
    }
    bool repeats = wanted.field == KUNDIG__COLUMN_SCORE ||
                   wanted.field == KUNDIG__COLUMN_ATTRIBUTE ||
                   wanted.field == KUNDIG__COLUMN_IGNORE;
    for (size_t i = 0; i < ingest->count && !repeats; i++) {
        if (ingest->plans[i].forced && ingest->plans[i].field == wanted.field) {
            return kundig__fail(err, KUNDIG_E_ARG, start,
                                "map: the field %s is given twice; only scores may be",
                                kundig__column_field_name(wanted.field));
        }
    }
    plan->forced = true;
    plan->field = wanted.field;
    plan->scale = wanted.scale;
    plan->direction = wanted.direction;
    plan->minimum = wanted.minimum;
    plan->maximum = wanted.maximum;
    plan->why = kundig__ingest_say(ingest, "as mapped");
    return plan->why.data ? KUNDIG_OK : kundig__nomem(&ingest->context->mem, err);
}

static int map_option_all(kundig__ingest *ingest, kundig_text map, kundig_error *err)
{
    map_option_cursor cursor = {map, 0};
    for (;;) {
        int rc = map_option_entry(ingest, &cursor, err);
        if (rc) {
            return rc;
        }
        if (cursor.at >= cursor.map.len) {
            return KUNDIG_OK;
        }
        cursor.at++; /* the comma */
    }
}

static bool map_option_says(kundig_text map)
{
    return map.data && kundig__text_trim(map).len;
}

/* A map of another day need not fit the columns of today: then it is left alone. */
static int map_option_remembered(kundig__ingest *ingest, kundig_error *err)
{
    kundig_error why;
    int rc = map_option_all(ingest, ingest->remembered, &why);
    if (rc == KUNDIG_E_NOMEM || rc == KUNDIG_E_LIMIT) {
        return kundig__fail(err, rc, 0, "%s", why.message);
    }
    ingest->remembered_used = !rc;
    for (size_t i = 0; rc && i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        if (plan->forced) {
            plan->forced = false;
            plan->field = 0;
            plan->scale = 0;
            plan->direction = 0;
            plan->minimum = 0;
            plan->maximum = 0;
            plan->why = kundig__text(NULL, 0);
        }
    }
    return KUNDIG_OK;
}

int kundig__map_options(kundig__ingest *ingest, kundig_error *err)
{
    if (map_option_says(ingest->options->map)) {
        return map_option_all(ingest, ingest->options->map, err);
    }
    return map_option_says(ingest->remembered) ? map_option_remembered(ingest, err) : KUNDIG_OK;
}
