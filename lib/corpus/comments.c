/* The records behind a number.
 *
 * One pass finds the rows and which fields they fill; a heap keeps the newest `limit` of them.
 * Invariant: columns depend on the query and the rows that match, never on the limit or on the
 * order of arrival. Cost: one pass; n log limit comparisons; what showing.c costs a row shown. */
#include "corpus/comments.h"
#include "base/calendar.h"
#include "base/text.h"
#include "corpus/showing.h"
#include "table/table.h"

static const int comments_dims[KUNDIG__COMMENT_DIMS] = {KUNDIG__DIM_SOURCE, KUNDIG__DIM_CUSTOMER,
                                                        KUNDIG__DIM_CHANNEL, KUNDIG__DIM_TOUCHPOINT,
                                                        KUNDIG__DIM_STAGE};

/* Newest first, those without a time last, then source and id. */
static int comments_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__corpus *corpus = ud;
    const int64_t *times = kundig__corpus_times(corpus);
    if (times && times[a] != times[b]) {
        return times[a] > times[b] ? -1 : 1;
    }
    return kundig__corpus_order(corpus, a, b);
}

static void comments_see(kundig__comments *list, uint32_t row)
{
    const kundig__corpus *corpus = list->corpus;
    const int64_t *times = kundig__corpus_times(corpus);
    list->matched++;
    list->has_time = list->has_time || (times && times[row] != KUNDIG_TIME_ABSENT);
    list->has_id = list->has_id || kundig__corpus_id(corpus, row).data;
    for (size_t i = 0; i < KUNDIG__COMMENT_DIMS; i++) {
        const kundig__dimension *dimension = &corpus->dims[comments_dims[i]];
        list->has_dim[i] = list->has_dim[i] || (dimension->codes && dimension->codes[row]);
    }
}

int kundig__comments_take(kundig__comments *list, uint32_t row, size_t limit, kundig_error *err)
{
    kundig__corpus *corpus = list->corpus;
    size_t keep = limit ? limit : SIZE_MAX;
    void *rows = list->rows;
    if (list->count < keep &&
        !kundig__grow(corpus->mem, &rows, &list->capacity, list->count + 1, sizeof *list->rows)) {
        return kundig__nomem(corpus->mem, err);
    }
    list->rows = rows;
    comments_see(list, row);
    kundig__order_push(list->rows, &list->count, keep, row, comments_order, corpus);
    return KUNDIG_OK;
}

int kundig__comments_find(kundig__comments *list, const kundig__grouping *grouping, size_t limit,
                          kundig_error *err)
{
    kundig__corpus *corpus = list->corpus;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < corpus->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = corpus->rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        int rc = kundig__progress(corpus->context, first, corpus->rows, err);
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count && !rc; i++) {
            if (groups[i] != KUNDIG__NO_GROUP) {
                rc = kundig__comments_take(list, first + i, limit, err);
            }
        }
        if (rc) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

void kundig__comments_sort(kundig__comments *list)
{
    kundig__order_sort(list->rows, list->count, comments_order, list->corpus);
}

static void comments_time(const kundig__corpus *corpus, uint32_t row, kundig_table *table)
{
    const int64_t *times = kundig__corpus_times(corpus);
    const uint8_t *precisions = kundig__corpus_precisions(corpus);
    char text[32];
    if (times[row] != KUNDIG_TIME_ABSENT) {
        size_t len = kundig__time_write(times[row],
                                        precisions ? precisions[row] : KUNDIG_PRECISION_MS, text);
        kundig__table_set_text(table, 0, kundig__text(text, len));
    }
}

size_t kundig__comments_names(const kundig__comments *list, kundig_table *table)
{
    if (list->has_time) {
        kundig__table_column(table, "time", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    if (list->has_dim[0]) {
        kundig__table_column(table, "source", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    if (list->has_id) {
        kundig__table_column(table, "id", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    return (size_t)list->has_time + list->has_dim[0] + list->has_id;
}

size_t kundig__comments_name(const kundig__comments *list, uint32_t row, kundig_table *table)
{
    const kundig__corpus *corpus = list->corpus;
    size_t column = 0;
    if (list->has_time) {
        comments_time(corpus, row, table);
        column++;
    }
    if (list->has_dim[0]) {
        kundig__table_set_text(table, column++,
                               kundig__dimension_text(&corpus->dims[KUNDIG__DIM_SOURCE], row));
    }
    if (list->has_id) {
        kundig__table_set_text(table, column++, kundig__corpus_id(corpus, row));
    }
    return column;
}

static int comments_write_row(const kundig__comments *list, kundig__showing *showing,
                              kundig_table *table, uint32_t row, kundig_error *err)
{
    const kundig__corpus *corpus = list->corpus;
    size_t column = 0;
    int rc = kundig__showing_show(showing, row, err);
    if (rc) {
        return rc;
    }
    kundig__table_row(table);
    if (list->has_time) {
        comments_time(corpus, row, table);
        column++;
    }
    for (size_t i = 0; i < KUNDIG__COMMENT_DIMS; i++) {
        if (list->has_dim[i]) {
            kundig__table_set_text(table, column++,
                                   kundig__dimension_text(&corpus->dims[comments_dims[i]], row));
        }
        if (i == 0 && list->has_id) {
            kundig__table_set_text(table, column++, kundig__corpus_id(corpus, row));
        }
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        int32_t value = kundig__corpus_question(corpus, i)->values[row];
        if (value != KUNDIG__SCORE_MISSING) {
            kundig__table_set_number(table, column, value / 1000.0);
        }
        column++;
    }
    kundig__table_set_text(table, column++, showing->text);
    if (showing->said) {
        kundig__table_set_text(table, column++, showing->topics);
    }
    if (showing->said || showing->find) {
        kundig__table_set_text(table, column, showing->evidence);
    }
    return KUNDIG_OK;
}

static int comments_write(const kundig__comments *list, kundig__showing *showing,
                          kundig_table **out, kundig_error *err)
{
    int rc = KUNDIG_OK;
    const kundig__corpus *corpus = list->corpus;
    kundig_table *table = kundig__table_new(corpus->mem);
    if (!table) {
        return kundig__nomem(corpus->mem, err);
    }
    if (list->has_time) {
        kundig__table_column(table, "time", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    for (size_t i = 0; i < KUNDIG__COMMENT_DIMS; i++) {
        if (list->has_dim[i]) {
            kundig__table_column(table, kundig__dimension_name(comments_dims[i]),
                                 KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        }
        if (i == 0 && list->has_id) {
            kundig__table_column(table, "id", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        }
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        kundig__table_column_text(table, kundig__corpus_question(corpus, i)->name,
                                  KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    }
    kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    if (showing->said) {
        kundig__table_column(table, "topics", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    if (showing->said || showing->find) {
        kundig__table_column(table, "evidence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    for (size_t i = 0; i < list->count && !rc; i++) {
        rc = comments_write_row(list, showing, table, list->rows[i], err);
    }
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    kundig__table_note(table, "%llu record%s in all", (unsigned long long)list->matched,
                       list->matched == 1 ? "" : "s");
    return kundig__table_finish(table, out, err);
}

int kundig__comments_show(kundig__comments *list, const kundig_query *query,
                          const kundig__find *find, kundig_table **out, kundig_error *err)
{
    kundig__showing showing;
    kundig__comments_sort(list);
    int rc = kundig__showing_init(&showing, list->corpus, query, err);
    if (!rc) {
        showing.find = find;
        rc = comments_write(list, &showing, out, err);
        kundig__showing_free(&showing);
    }
    return rc;
}

void kundig__comments_free(kundig__comments *list)
{
    kundig__free(list->corpus->mem, list->rows, list->capacity * sizeof *list->rows);
}

int kundig__comments_grouping(kundig__corpus *corpus, const kundig_query *query,
                              kundig__grouping **out, kundig_error *err)
{
    kundig_query plain = *query; /* a view: nothing is added to it */
    plain.group_field_count = 0;
    plain.every = KUNDIG_EVERY_NONE;
    return kundig__grouping_new(corpus, &plain, KUNDIG__NO_NODE, out, err);
}

int kundig__corpus_comments(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                            kundig_table **out, kundig_error *err)
{
    kundig__grouping *grouping = NULL;
    kundig__comments list = {.corpus = corpus};
    int rc = kundig__comments_grouping(corpus, query, &grouping, err);
    if (!rc) {
        rc = kundig__comments_find(&list, grouping, limit, err);
    }
    if (!rc) {
        rc = kundig__comments_show(&list, query, NULL, out, err);
    }
    kundig__comments_free(&list);
    kundig__grouping_free(grouping);
    return rc;
}
