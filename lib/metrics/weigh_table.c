/* What kundig_weights() tells: the cells, how it went, and the score with and without.
 *
 * Cost: O(units fields), and two gathers for the score. */
#include <inttypes.h>

#include "base/text.h"
#include "metrics/weigh.h"

#define WEIGH_NAMED 3 /* values of one field that a note tells */

/* ---- Tables --------------------------------------------------------------------------------- */

static int weigh_cell_table(const kundig__weigh_job *job, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->field_count; i++) {
        kundig__table_column_text(table, job->fields[i].name, KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    size_t n = kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t population =
        kundig__table_column(table, "population", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_COUNT);
    size_t weighted =
        kundig__table_column(table, "weighted", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_COUNT);
    size_t weight = kundig__table_column(table, "weight", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    for (uint32_t i = 0; i < job->side.count; i++) {
        const kundig__weigh_cell *cell = &job->cells[i];
        kundig_text key = {NULL, 0};
        double sum = 0;
        if (!cell->n) {
            continue;
        }
        kundig__table_row(table);
        for (size_t field = 0; field < job->field_count; field++) {
            char buffer[32];
            key = kundig__grouping_key(job->side.grouping, job->side.groups[i], field, buffer);
            kundig__table_set_text(table, field, key);
            uint32_t place = kundig__weigh_margin_of(job, field, key);
            if (job->field_count == 1 && place < job->fields[0].count) {
                kundig__table_set_number(table, population, job->sizes[place]);
            }
        }
        kundig__table_set_int(table, n, cell->n);
        for (size_t unit = cell->unit; unit < cell->unit + cell->unit_count; unit++) {
            sum += job->counts[unit] * job->weights[unit];
        }
        if (cell->unit_count && kundig__weigh_is_done(job)) {
            kundig__table_set_number(table, weighted, sum);
            kundig__table_set_number(table, weight, sum / cell->n);
        }
    }
    return kundig__table_finish(table, out, err);
}

/* Which values of a field no margin names: the first few. */
static void weigh_note_unnamed(const kundig__weigh_job *job, size_t field, kundig_table *table)
{
    kundig_text named[WEIGH_NAMED];
    char buffers[WEIGH_NAMED][32];
    char list[160];
    size_t len = 0;
    size_t count = 0;
    for (uint32_t i = 0; i < job->side.count; i++) {
        char buffer[32];
        kundig_text key =
            kundig__grouping_key(job->side.grouping, job->side.groups[i], field, buffer);
        size_t same = 0;
        if (!job->cells[i].n ||
            kundig__weigh_margin_of(job, field, key) < job->fields[field].count) {
            continue;
        }
        while (same < count && same < WEIGH_NAMED && !kundig__text_equal(named[same], key)) {
            same++;
        }
        if (same < WEIGH_NAMED && same == count) {
            if (key.data == buffer) {
                memcpy(buffers[count], buffer, sizeof buffer);
                key.data = buffers[count];
            }
            named[count] = key;
        }
        count += same == count || same == WEIGH_NAMED;
    }
    list[0] = 0;
    for (size_t i = 0; i < count && i < WEIGH_NAMED; i++) {
        kundig_text value = named[i].data ? named[i] : KUNDIG__TEXT("no value");
        size_t room = sizeof list - len - 1;
        size_t shown = value.len < 40 ? value.len : 40;
        while (shown < value.len && shown && ((unsigned char)value.data[shown] & 0xC0) == 0x80) {
            shown--;
        }
        if (room < shown + 2) {
            break;
        }
        memcpy(list + len, i ? ", " : "", i ? 2 : 0);
        len += i ? 2 : 0;
        memcpy(list + len, value.data, shown);
        len += shown;
        list[len] = 0;
    }
    kundig__table_note(table,
                       "%" PRIu64 " of %" PRIu32 " records are left out: no margin of %.*s names "
                       "their value (%s%s)",
                       job->unnamed[field], job->answered, kundig__shown(job->fields[field].name),
                       job->fields[field].name.data, list, count > WEIGH_NAMED ? ", ..." : "");
}

static void weigh_notes(const kundig__weigh_job *job, kundig_table *table)
{
    const kundig__raking *raking = &job->raking;
    for (size_t i = 0; i < job->field_count; i++) {
        if (job->unnamed[i]) {
            weigh_note_unnamed(job, i, table);
        }
    }
    if (job->for_nobody) {
        kundig__table_note(table,
                           "%" PRIu64 " of %" PRIu32 " records are left out: their margin is 0",
                           job->for_nobody, job->answered);
    }
    if (kundig__corpus_weights(job->corpus)) {
        kundig__table_note(table, "the weights that records come with are multiplied in");
    }
    if (!job->answered) {
        return;
    }
    if (raking->status == KUNDIG__RAKING_EMPTY) {
        const kundig__weigh_field *field = &job->fields[raking->empty_field];
        char name[120];
        kundig__weigh_named(
            field->name, job->margins[job->order[field->first + raking->empty_value]].value, name);
        kundig__table_note(table,
                           "a margin asks for %s, and no record is there: join it with another "
                           "value, or leave it out and say so",
                           name);
    } else if (raking->status == KUNDIG__RAKING_UNSETTLED) {
        kundig__table_note(table,
                           "the weights do not settle after %" PRIu64
                           " rounds: with the combinations that records have, the margins "
                           "cannot all be met; join rare values",
                           raking->used);
    } else if (raking->status == KUNDIG__RAKING_CAPPED) {
        kundig__table_note(table, "the greatest weight allowed keeps the margins from being met: "
                                  "largest_error says by how much");
    }
}

static int weigh_summary(const kundig__weigh_job *job, kundig_table **out, kundig_error *err)
{
    static const struct {
        const char *name;
        int type;
        int unit;
    } columns[] = {{"n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"left_out", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"margins", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"rounds", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"largest_error", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"smallest", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"largest", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"trimmed", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"deff", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"n_eff", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_COUNT},
                   {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    const kundig__raking *raking = &job->raking;
    bool done = kundig__weigh_is_done(job);
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type, columns[i].unit);
    }
    double smallest = 0;
    double largest = 0;
    double sum = 0;
    double squares = 0;
    double n = 0;
    for (size_t unit = 0; unit < job->unit_count; unit++) {
        double weight = job->weights[unit];
        smallest = unit && smallest < weight ? smallest : weight;
        largest = largest > weight ? largest : weight;
        n += job->counts[unit];
        sum += job->counts[unit] * weight;
        squares += job->counts[unit] * weight * weight;
    }
    kundig__table_row(table);
    kundig__table_set_int(table, 0, (int64_t)(job->answered - job->left_out));
    kundig__table_set_int(table, 1, (int64_t)job->left_out);
    kundig__table_set_int(table, 2, (int64_t)job->margin_count);
    if (job->answered && raking->status != KUNDIG__RAKING_EMPTY) {
        kundig__table_set_int(table, 3, (int64_t)raking->used);
        kundig__table_set_number(table, 4, raking->error);
    }
    if (done) {
        double deff = n * squares / sum / sum;
        kundig__table_set_number(table, 5, smallest);
        kundig__table_set_number(table, 6, largest);
        kundig__table_set_int(table, 7, (int64_t)raking->trimmed);
        kundig__table_set_number(table, 8, deff);
        kundig__table_set_number(table, 9, n / deff);
    }
    int status = done             ? KUNDIG__STATUS_OK
                 : !job->answered ? KUNDIG__STATUS_NO_DATA
                                  : KUNDIG__STATUS_UNDEFINED;
    kundig__table_set_text(table, 10, kundig__str(kundig__status_name(status)));
    kundig__table_set_text(table, 11,
                           job->field_count == 1 ? KUNDIG__TEXT("post-stratification")
                                                 : KUNDIG__TEXT("raking"));
    weigh_notes(job, table);
    return kundig__table_finish(table, out, err);
}

/* The metric over all records: with the weights they come with, or with those found. */
static int weigh_score(const kundig__weigh_job *job, const int64_t *weights, kundig__cell *cell,
                       kundig__counted *counted, kundig_error *err)
{
    kundig__gather gather;
    kundig__grouping *grouping = NULL;
    int rc = kundig__weigh_gather(job, &gather, err);
    gather.weights = weights;
    rc = rc ? rc : kundig__grouping_new(job->corpus, job->query, KUNDIG__NO_NODE, &grouping, err);
    rc = rc ? rc : kundig__gather_groups(&gather, grouping, err);
    if (!rc) {
        *cell = gather.cells[0];
        *counted = gather.counted;
        kundig__grouping_left_out(grouping, &counted->left_out);
    }
    kundig__grouping_free(grouping);
    kundig__gather_free(&gather);
    return rc;
}

static int weigh_score_table(kundig__weigh_job *job, kundig_table **out, kundig_error *err)
{
    kundig__cell given;
    kundig__cell weighted = {0};
    kundig__counted counted;
    kundig__counted of_weighted;
    kundig__answer_columns columns;
    bool told = kundig__weigh_is_done(job) || !job->answered;
    job->query->group_field_count = 0;
    int rc = weigh_score(job, NULL, &given, &counted, err);
    if (!rc && kundig__weigh_is_done(job)) {
        rc = weigh_score(job, job->row_weights, &weighted, &of_weighted, err);
    }
    if (rc) {
        return rc;
    }
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    size_t weights = kundig__table_column(table, "weights", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__answer_open(table, &job->asked, &columns);
    kundig__table_row(table);
    kundig__table_set_text(table, weights, KUNDIG__TEXT("given"));
    kundig__answer_row(table, &columns, &job->asked, &given);
    kundig__table_row(table);
    kundig__table_set_text(table, weights, KUNDIG__TEXT("margins"));
    if (told) {
        kundig__answer_row(table, &columns, &job->asked, &weighted);
    } else {
        kundig__table_set_text(table, columns.metric, kundig__str(job->asked.metric->name));
        kundig__table_set_text(table, columns.status,
                               kundig__str(kundig__status_name(KUNDIG__STATUS_UNDEFINED)));
        kundig__table_set_text(table, columns.method, KUNDIG__TEXT("margins are not met"));
    }
    kundig__answer_notes(table, &job->asked, &counted);
    return kundig__table_finish(table, out, err);
}

int kundig__weigh_tables(kundig__weigh_job *job, kundig_table *out[KUNDIG_WEIGHTS_TABLES],
                         kundig_error *err)
{
    kundig_table *made[KUNDIG_WEIGHTS_TABLES] = {NULL};
    int rc = weigh_cell_table(job, &made[KUNDIG_WEIGHTS_CELLS], err);
    rc = rc ? rc : weigh_summary(job, &made[KUNDIG_WEIGHTS_SUMMARY], err);
    rc = rc ? rc : weigh_score_table(job, &made[KUNDIG_WEIGHTS_SCORE], err);
    for (size_t i = 0; i < KUNDIG_WEIGHTS_TABLES; i++) {
        if (rc) {
            kundig_table_free(made[i]);
        } else {
            out[i] = made[i];
        }
    }
    return rc;
}
