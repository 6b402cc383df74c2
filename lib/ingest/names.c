/* Names of columns as they are used: unique and never empty, so that each may be mapped. What had
 * to be made up or looks wrong is said. Cost: O(header). */
#include "base/text.h"
#include "ingest/columns.h"

static bool names_take(kundig__dict *seen, kundig_text name)
{
    return kundig__dict_find(seen, name.data, name.len) == KUNDIG__DICT_NONE;
}

static int names_make_unique(kundig__ingest *ingest, kundig__dict *seen, size_t column,
                             kundig_error *err)
{
    kundig__column_plan *plan = &ingest->plans[column];
    kundig_text given = ingest->rows->columns[column];
    kundig_text name = given;
    if (!given.len) {
        name = kundig__ingest_say(ingest, "column %zu", column + 1);
        if (ingest->count > 1 || ingest->rows->header.data) {
            kundig__report_finding(ingest->report, false, 1,
                                   "Column %zu has no name; it is called \"column %zu\" here.",
                                   column + 1, column + 1);
        }
    }
    for (size_t number = 2; name.data && !names_take(seen, name); number++) {
        kundig_text base = given.len ? given : KUNDIG__TEXT("column");
        name = kundig__ingest_say(ingest, "%.*s (%zu)", base.len > 200 ? 200 : (int)base.len,
                                  base.data, number);
    }
    if (!name.data || kundig__dict_add(seen, name.data, name.len) == KUNDIG__DICT_NONE) {
        return kundig__nomem(&ingest->context->mem, err);
    }
    if (given.len && name.data != given.data) {
        kundig__report_finding(ingest->report, true, 1,
                               "Several columns are named \"%.*s\"; column %zu is called \"%.*s\" "
                               "here.",
                               kundig__shown(given), given.data, column + 1, kundig__shown(name),
                               name.data);
    }
    plan->name = name;
    plan->field = -1;
    kundig__name_read(&plan->words, given);
    plan->kind_name = kundig__name_fit(&plan->words, KUNDIG__COLUMN_KIND) > 0;
    return KUNDIG_OK;
}

static bool names_known(const kundig__name *words)
{
    static const char *const scores[] = {
        "nps*",       "recommend*", "weiterempf*", "score*", "rating*", "satisf*", "zufrieden*",
        "bewertung*", "csat",       "ces",         "stars",  "sterne",  NULL};
    if (words->len < 48 && kundig__name_personal(words)) {
        return true;
    }
    if (kundig__name_have_any(words, scores)) {
        return true;
    }
    for (int field = KUNDIG__COLUMN_TEXT; field < KUNDIG__COLUMN_SCORE; field++) {
        if (words->len < 48 && kundig__name_fit(words, field)) {
            return true;
        }
    }
    return false;
}

static bool names_like_data(kundig_text name)
{
    double number;
    kundig__moment moment;
    return kundig__value_number(name, &number) || kundig__moment_read(name, false, &moment) ||
           kundig__value_email(name);
}

int kundig__names_read(kundig__ingest *ingest, kundig_error *err)
{
    kundig__dict seen;
    int rc = KUNDIG_OK;
    size_t suspect = SIZE_MAX;
    bool known = false;
    kundig__dict_init(&seen, &ingest->context->mem, ingest->context->siphash_key);
    for (size_t i = 0; i < ingest->count && !rc; i++) {
        rc = names_make_unique(ingest, &seen, i, err);
        known = known || (!rc && names_known(&ingest->plans[i].words));
        if (!rc && suspect == SIZE_MAX && names_like_data(ingest->rows->columns[i])) {
            suspect = i;
        }
    }
    kundig__dict_free(&seen);
    if (rc || known || ingest->options->map.len) {
        return rc;
    }
    for (size_t i = 0; i < ingest->count && suspect == SIZE_MAX; i++) {
        /* Nothing is known by name, and this is a comment rather than a name. */
        size_t most = ingest->count == 1 ? 40 : 120;
        suspect = ingest->rows->columns[i].len > most ? i : SIZE_MAX;
    }
    if (suspect != SIZE_MAX) {
        kundig_text name = ingest->rows->columns[suspect];
        return kundig__fail(err, KUNDIG_E_FORMAT, 0,
                            "the first row looks like data, not like names of columns (cell %zu is "
                            "\"%.*s\"): put a row of names on top",
                            suspect + 1, kundig__shown(name), name.data);
    }
    return KUNDIG_OK;
}
