/* kundig_measure(): cells of all groups, then one row a group that holds a record. Shares by topic
 * have a row for every topic that somebody speaks of, in every group. In reporting mode a veil says
 * what becomes of each row.
 *
 * Cost: the gather's pass over the rows, then O(groups log groups) for the order of rows; of shares
 * by topic see share.c. */
#include "metrics/reporting.h"
#include "metrics/share.h"

/* A row of the corpus for each number of the grouping, that of the last record. */
static int measure_examples(const kundig__gather *gather, const kundig__grouping *grouping,
                            uint32_t **examples, kundig_error *err)
{
    kundig__mem *mem = &gather->context->mem;
    uint32_t number_count = kundig__grouping_count(grouping);
    uint32_t rows = kundig__corpus_rows(gather->corpus);
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    *examples = kundig__alloc(mem, number_count * sizeof **examples);
    if (!*examples) {
        return kundig__nomem(mem, err);
    }
    memset(*examples, 0xFF, number_count * sizeof **examples);
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = rows - first;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            if (groups[i] != KUNDIG__NO_GROUP) {
                (*examples)[groups[i]] = first + i;
            }
        }
    }
    return KUNDIG_OK;
}

static int measure_table(const kundig__gather *gather, const kundig__grouped *grouped,
                         const kundig__asked *asked, const kundig__veil *veil, kundig_table **out,
                         kundig_error *err)
{
    kundig__mem *mem = &gather->context->mem;
    uint32_t number_count = kundig__grouping_count(grouped->grouping);
    uint32_t *examples = NULL;
    bool veiled = false;
    bool single = kundig__grouping_key_count(grouped->grouping) == 0;
    kundig__answer_columns columns;
    kundig__counted counted = gather->counted;
    int rc = veil ? measure_examples(gather, grouped->grouping, &examples, err) : KUNDIG_OK;
    kundig_table *table = rc ? NULL : kundig__table_new(mem);
    if (!table) {
        rc = rc ? rc : kundig__nomem(mem, err);
        goto done;
    }
    kundig__grouped_columns(grouped, table);
    kundig__answer_open(table, asked, &columns);
    columns.hides_customers = veil && !kundig__veil_shows_customers(veil);
    for (size_t i = 0; i < grouped->count; i++) {
        const kundig__cell *cell = grouped->cells[i];
        int says =
            veil ? kundig__veil_says(veil, examples[grouped->numbers[i]]) : KUNDIG__PLAN_SHOWN;
        veiled = veiled || says != KUNDIG__PLAN_SHOWN;
        if (veil && !single && (!cell->n || says == KUNDIG__PLAN_WITHHELD)) {
            continue;
        }
        kundig__table_row(table);
        kundig__grouped_keys(grouped, i, table);
        if (says == KUNDIG__PLAN_SHOWN) {
            kundig__answer_row(table, &columns, asked, cell);
        } else {
            kundig__answer_hidden(table, &columns, asked);
        }
    }
    kundig__grouping_left_out(grouped->grouping, &counted.left_out);
    if (veil) {
        kundig__veil_notes(veil, veiled, counted.left_out.no_time > 0, table);
    } else {
        kundig__answer_notes(table, asked, &counted);
    }
    rc = kundig__table_finish(table, out, err);
done:
    kundig__free(mem, examples, examples ? number_count * sizeof *examples : 0);
    return rc;
}

/* ---- Shares by topic ------------------------------------------------------------------------ */

static int measure_share_table(const kundig__share *share, const kundig__side *side,
                               const kundig__share_group *groups, const kundig__share_rows *rows,
                               kundig_table **out, kundig_error *err)
{
    kundig__answer_columns columns;
    kundig__counted counted = share->counted;
    kundig_table *table = kundig__table_new(&share->context->mem);
    if (!table) {
        return kundig__nomem(&share->context->mem, err);
    }
    kundig__share_plan_columns(share->plan, table);
    kundig__answer_open(table, share->asked, &columns);
    for (size_t i = 0; i < rows->count; i++) {
        const kundig__share_row *row = &rows->rows[i];
        kundig__table_row(table);
        kundig__share_plan_keys(share->plan, &groups[row->group], row->topic, table);
        kundig__answer_row(table, &columns, share->asked,
                           kundig__share_cell(share, row->group, row->topic, 0));
    }
    kundig__grouping_left_out(side->grouping, &counted.left_out);
    kundig__answer_notes(table, share->asked, &counted);
    return kundig__table_finish(table, out, err);
}

static int measure_shares(kundig__gather *gather, const kundig__share_plan *plan,
                          kundig_table **out, kundig_error *err)
{
    kundig__mem *mem = &gather->context->mem;
    kundig__side side;
    kundig__share share = {0};
    kundig__share_rows rows = {0};
    kundig__share_group *groups = NULL;
    size_t size = 0;
    int rc = kundig__side_new(gather, plan->query, KUNDIG__NO_NODE, &side, err);
    if (!rc) {
        size = side.count * sizeof *groups;
        groups = kundig__alloc(mem, size);
        rc = groups ? KUNDIG_OK : kundig__nomem(mem, err);
    }
    if (!rc) {
        for (uint32_t i = 0; i < side.count; i++) {
            groups[i] = (kundig__share_group){side.grouping, side.groups[i]};
        }
        kundig__side_translate(&side);
        rc = kundig__share_new(&share, gather->corpus, gather->asked, plan, side.labels, side.count,
                               1, err);
    }
    rc = rc ? rc
            : kundig__share_plan_rows(plan, groups, side.count, share.occurring,
                                      share.occurring_count, &rows, err);
    rc = rc ? rc : measure_share_table(&share, &side, groups, &rows, out, err);
    kundig__free(mem, groups, size);
    kundig__share_rows_free(&rows);
    kundig__share_free(&share);
    kundig__side_free(&side);
    return rc;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int measure_groups(kundig__gather *gather, const kundig_query *query,
                          const kundig__veil *veil, kundig_table **out, kundig_error *err)
{
    kundig__grouped grouped = {0};
    int rc = kundig__grouped_new(gather, query, &grouped, err);
    rc = rc ? rc : measure_table(gather, &grouped, gather->asked, veil, out, err);
    kundig__grouped_free(&grouped);
    return rc;
}

int kundig__measure(kundig__corpus *corpus, const kundig_query *query, kundig_table **out,
                    kundig_error *err)
{
    return kundig__measure_veiled(corpus, query, NULL, out, err);
}

int kundig__measure_veiled(kundig__corpus *corpus, const kundig_query *query,
                           const kundig__veil *veil, kundig_table **out, kundig_error *err)
{
    kundig__asked asked;
    const kundig__question *question;
    kundig__gather gather;
    kundig__share_plan plan = {0};
    int rc = kundig__ask(corpus, query, &asked, &question, err);
    if (rc) {
        return rc;
    }
    kundig__gather_init(&gather, corpus, &asked, question);
    rc = kundig__gather_ready(&gather, err);
    if (!rc && asked.metric->reads == KUNDIG__READS_TOPICS) {
        rc = kundig__share_plan_new(corpus, query, &plan, err);
        if (!rc && !plan.keys.topics) {
            rc = kundig__share_answers(&gather, KUNDIG__SHARE_OF_ANY, err);
        }
    }
    rc = rc                 ? rc
         : plan.keys.topics ? measure_shares(&gather, &plan, out, err)
                            : measure_groups(&gather, query, veil, out, err);
    kundig__share_plan_free(&plan);
    kundig__gather_free(&gather);
    return rc;
}
