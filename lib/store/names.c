/* Questions and properties: names of answers and attributes by the numbers they have in the file.
 *
 * Numbers are given in order of arrival and never again, so the two tables are appended like all
 * others. Invariant: `numbers` ascends, and the name of numbers[i] is text i of the dictionary; a
 * name that was blanked is not in it. Cost: a look-up an answer when writing, a binary search when
 * reading. */
#include "base/text.h"
#include "store/db.h"

void kundig__names_init(kundig__store_names *names, kundig__context *context)
{
    memset(names, 0, sizeof *names);
    names->mem = &context->mem;
    names->next = 1;
    kundig__dict_init(&names->dict, names->mem, context->siphash_key);
}

void kundig__names_free(kundig__store_names *names)
{
    kundig__dict_free(&names->dict);
    kundig__free(names->mem, names->numbers, names->number_capacity * sizeof *names->numbers);
    kundig__free(names->mem, names->scales, names->scale_capacity * sizeof *names->scales);
    names->numbers = NULL;
    names->scales = NULL;
    names->number_capacity = 0;
    names->scale_capacity = 0;
    names->next = 1;
}

uint32_t kundig__names_place(const kundig__store_names *names, uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = names->dict.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (names->numbers[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < names->dict.count && names->numbers[low] == number ? low : KUNDIG__DICT_NONE;
}

/* false on failure of memory; *twice if the name is there already. */
static bool names_keep(kundig__store_names *names, kundig_text name, uint32_t number,
                       const kundig_score *scale, bool *twice)
{
    uint32_t before = names->dict.count;
    void *numbers = names->numbers;
    void *scales = names->scales;
    if (!kundig__grow(names->mem, &numbers, &names->number_capacity, (size_t)before + 1,
                      sizeof *names->numbers)) {
        return false;
    }
    names->numbers = numbers;
    if (scale) {
        if (!kundig__grow(names->mem, &scales, &names->scale_capacity, (size_t)before + 1,
                          sizeof *names->scales)) {
            return false;
        }
        names->scales = scales;
    }
    uint32_t place = kundig__dict_add(&names->dict, name.data, name.len);
    if (place == KUNDIG__DICT_NONE) {
        return false;
    }
    *twice = place != before;
    if (!*twice) {
        names->numbers[place] = number;
        if (scale) {
            names->scales[place] = *scale;
        }
    }
    names->next = number + 1;
    return true;
}

/* What is no scale or direction stays none. */
static int32_t names_small(int64_t number)
{
    return number >= 0 && number < 100 ? (int32_t)number : -1;
}

static int names_read(kundig__store *store, kundig__store_names *names, const char *sql,
                      bool questions, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int rc = kundig__db_prepare(store, sql, &statement, err);
    if (!rc) {
        sqlite3_bind_int64(statement, 1, names->next);
    }
    while (!rc && !(rc = kundig__db_step(store, statement, &row, err)) && row) {
        int64_t number = sqlite3_column_int64(statement, 0);
        kundig_text name = kundig__db_text(statement, 1);
        kundig_score scale = {.scale = KUNDIG_SCALE_NPS};
        bool twice = false;
        if (number < names->next || number >= KUNDIG__STORE_NAMES) {
            rc = kundig__db_damaged(store, err, "a number of table %s is impossible",
                                    questions ? "question" : "property");
            break;
        }
        if (!name.data) {
            names->next = (uint32_t)number + 1;
            continue;
        }
        if (questions) {
            scale.scale = names_small(sqlite3_column_int64(statement, 2));
            scale.direction = names_small(sqlite3_column_int64(statement, 3));
            scale.minimum = sqlite3_column_double(statement, 4);
            scale.maximum = sqlite3_column_double(statement, 5);
        }
        if (!names_keep(names, name, (uint32_t)number, questions ? &scale : NULL, &twice)) {
            rc = kundig__nomem(store->mem, err);
        } else if (twice) {
            rc = kundig__db_damaged(store, err, "table %s holds '%.*s' twice",
                                    questions ? "question" : "property", kundig__shown(name),
                                    name.data);
        }
    }
    sqlite3_finalize(statement);
    return rc;
}

int kundig__questions_read(kundig__store *store, kundig_error *err)
{
    return names_read(store, &store->questions,
                      "SELECT number, name, scale, direction, minimum, maximum FROM question "
                      "WHERE number >= ?1 ORDER BY number",
                      true, err);
}

int kundig__properties_read(kundig__store *store, kundig_error *err)
{
    return names_read(store, &store->properties,
                      "SELECT number, name FROM property WHERE number >= ?1 ORDER BY number", false,
                      err);
}

/* Write a new name; the statement has the number as its first parameter and the name as second. */
static int names_new(kundig__store *store, kundig__store_names *names, sqlite3_stmt *statement,
                     kundig_text name, const kundig_score *scale, uint32_t *number,
                     kundig_error *err)
{
    bool twice = false;
    uint32_t fresh = names->next;
    if (fresh >= KUNDIG__STORE_NAMES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                            "a store knows at most %ld names of questions or attributes, erased "
                            "ones counted",
                            (long)KUNDIG__STORE_NAMES - 1);
    }
    sqlite3_bind_int64(statement, 1, fresh);
    int rc = kundig__db_bind(store, statement, 2, name, err);
    rc = rc ? rc : kundig__db_run(store, statement, err);
    if (!rc && !names_keep(names, name, fresh, scale, &twice)) {
        rc = kundig__nomem(store->mem, err);
    }
    if (!rc) {
        *number = fresh;
    }
    return rc;
}

int kundig__question_number(kundig__store *store, const kundig_score *score, uint32_t *number,
                            kundig_error *err)
{
    kundig__store_names *names = &store->questions;
    sqlite3_stmt *statement = NULL;
    uint32_t place = kundig__dict_find(&names->dict, score->question.data, score->question.len);
    if (place != KUNDIG__DICT_NONE) {
        *number = names->numbers[place];
        return KUNDIG_OK;
    }
    int rc = kundig__db_prepare(store, "INSERT INTO question VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                &statement, err);
    if (!rc) {
        sqlite3_bind_int(statement, 3, score->scale);
        sqlite3_bind_int(statement, 4, score->direction);
        sqlite3_bind_double(statement, 5, score->minimum);
        sqlite3_bind_double(statement, 6, score->maximum);
        rc = names_new(store, names, statement, score->question, score, number, err);
    }
    sqlite3_finalize(statement);
    return rc;
}

int kundig__property_number(kundig__store *store, kundig_text name, uint32_t *number,
                            kundig_error *err)
{
    kundig__store_names *names = &store->properties;
    sqlite3_stmt *statement = NULL;
    uint32_t place = kundig__dict_find(&names->dict, name.data, name.len);
    if (place != KUNDIG__DICT_NONE) {
        *number = names->numbers[place];
        return KUNDIG_OK;
    }
    int rc = kundig__db_prepare(store, "INSERT INTO property VALUES (?1, ?2)", &statement, err);
    rc = rc ? rc : names_new(store, names, statement, name, NULL, number, err);
    sqlite3_finalize(statement);
    return rc;
}
