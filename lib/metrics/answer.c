/* From cells to rows and notes of a table: one way for kundig_measure() and for states, so their
 * bytes are equal. Cost: O(1) a row. */
#include <inttypes.h>

#include "metrics/metric.h"

void kundig__method_text(const char *method, bool weighted, bool clustered, int32_t unit,
                         char out[96])
{
    const char *const parts[] = {method, weighted ? ", weighted" : "",
                                 clustered ? ", clustered by customer" : "",
                                 unit == KUNDIG_OF_CUSTOMERS ? ", of customers" : ""};
    size_t len = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t add = strlen(parts[i]);
        memcpy(out + len, parts[i], add);
        len += add;
    }
    out[len] = 0;
}

void kundig__answer_open(kundig_table *table, const kundig__asked *asked,
                         kundig__answer_columns *columns)
{
    int unit = asked->metric->unit;
    columns->metric = kundig__table_column(table, "metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->value = kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, unit);
    columns->lo = kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, unit);
    columns->hi = kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, unit);
    columns->se = kundig__table_column(table, "se", KUNDIG_COLUMN_NUMBER, unit);
    columns->n = kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    columns->customers =
        kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    columns->n_eff = kundig__table_column(table, "n_eff", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_COUNT);
    columns->status = kundig__table_column(table, "status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->hides_customers = false;
    columns->method = kundig__table_column(table, "method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

/* Records counted: with unit customers those that name one. */
static int64_t answer_n(const kundig__cell *cell, const kundig__asked *asked)
{
    uint64_t n = cell->n - (asked->unit == KUNDIG_OF_CUSTOMERS ? cell->nameless : 0);
    return (int64_t)n;
}

void kundig__answer_row(kundig_table *table, const kundig__answer_columns *columns,
                        const kundig__asked *asked, const kundig__cell *cell)
{
    kundig__estimate estimate;
    char method[96];
    kundig__cell_finish(cell, asked, &estimate);
    kundig__method_text(estimate.method, estimate.weighted, estimate.clustered, asked->unit,
                        method);
    kundig__table_set_text(table, columns->metric,
                           (kundig_text){asked->metric->name, strlen(asked->metric->name)});
    if (estimate.status == KUNDIG__STATUS_OK) {
        kundig__table_set_number(table, columns->value, estimate.value);
        kundig__table_set_number(table, columns->lo, estimate.lo);
        kundig__table_set_number(table, columns->hi, estimate.hi);
        kundig__table_set_number(table, columns->se, estimate.se);
        kundig__table_set_number(table, columns->n_eff, estimate.n_eff);
    }
    kundig__table_set_int(table, columns->n, answer_n(cell, asked));
    if (cell->customers && !columns->hides_customers) {
        kundig__table_set_int(table, columns->customers, (int64_t)cell->customers);
    }
    const char *status = kundig__status_name(estimate.status);
    kundig__table_set_text(table, columns->status, (kundig_text){status, strlen(status)});
    kundig__table_set_text(table, columns->method, (kundig_text){method, strlen(method)});
}

void kundig__answer_hidden(kundig_table *table, const kundig__answer_columns *columns,
                           const kundig__asked *asked)
{
    const char *status = kundig__status_name(KUNDIG__STATUS_SUPPRESSED);
    kundig__table_set_text(table, columns->metric,
                           (kundig_text){asked->metric->name, strlen(asked->metric->name)});
    kundig__table_set_text(table, columns->status, (kundig_text){status, strlen(status)});
}

bool kundig__counted_add(kundig__counted *to, const kundig__counted *from, int sign)
{
    uint64_t *const sums[] = {&to->left_out.no_time,
                              &to->left_out.other_purpose,
                              &to->left_out.no_consent,
                              &to->other_kind,
                              &to->selected,
                              &to->n,
                              &to->nameless};
    const uint64_t counts[] = {from->left_out.no_time,
                               from->left_out.other_purpose,
                               from->left_out.no_consent,
                               from->other_kind,
                               from->selected,
                               from->n,
                               from->nameless};
    bool fits = true;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        fits = (sign > 0 ? !__builtin_add_overflow(*sums[i], counts[i], sums[i])
                         : !__builtin_sub_overflow(*sums[i], counts[i], sums[i])) &&
               fits;
    }
    return fits;
}

void kundig__answer_notes(kundig_table *table, const kundig__asked *asked,
                          const kundig__counted *counted)
{
    kundig__left_out_notes(&counted->left_out, table);
    if (counted->other_kind) {
        bool employees = asked->metric->kinds == KUNDIG__KINDS_EMPLOYEES;
        kundig__table_note(table, "%" PRIu64 " records %s are left out: %s does not read them",
                           counted->other_kind,
                           employees ? "of other kinds than employee" : "of employees",
                           asked->metric->name);
    }
    if (counted->n < counted->selected && asked->metric->reads == KUNDIG__READS_TOPICS) {
        kundig__table_note(table, "%" PRIu64 " of %" PRIu64 " records have no text",
                           counted->selected - counted->n, counted->selected);
    } else if (counted->n < counted->selected && asked->metric->reads == KUNDIG__READS_MOODS) {
        kundig__table_note(table, "%" PRIu64 " of %" PRIu64 " records tell no sentiment",
                           counted->selected - counted->n, counted->selected);
    } else if (counted->n < counted->selected && asked->metric->reads == KUNDIG__READS_NOVELTY) {
        kundig__table_note(table,
                           "%" PRIu64 " of %" PRIu64 " records have no novelty: no words, or a "
                           "model that discovered nothing",
                           counted->selected - counted->n, counted->selected);
    } else if (counted->n < counted->selected) {
        kundig__table_note(table, "%" PRIu64 " of %" PRIu64 " records have no answer to %.*s",
                           counted->selected - counted->n, counted->selected,
                           kundig__shown(asked->question), asked->question.data);
    }
    if (asked->unit == KUNDIG_OF_CUSTOMERS && counted->nameless) {
        kundig__table_note(table,
                           "%" PRIu64 " of %" PRIu64 " records name no customer and are left out",
                           counted->nameless, counted->n);
    }
}
