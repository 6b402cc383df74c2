#include "cells.h"

TestSuite(registry, .fini = probe_fini);

Test(registry, names_are_sorted_unique_and_found)
{
    for (size_t i = 0; i < kundig__metric_count(); i++) {
        const kundig__metric *metric = kundig__metric_at(i);
        kundig_text name = {metric->name, strlen(metric->name)};
        cr_assert(kundig__metric_find(name) == metric);
        cr_assert(i == 0 || strcmp(kundig__metric_at(i - 1)->name, metric->name) < 0);
        cr_assert_not_null(metric->finish);
        cr_assert_eq(metric->scales != 0,
                     metric->reads == KUNDIG__READS_STEPS || metric->reads == KUNDIG__READS_VALUE);
        name.len--;
        cr_assert(kundig__metric_find(name) != metric);
    }
    cr_assert_null(kundig__metric_find((kundig_text){NULL, 0}));
}

Test(registry, answers_become_what_the_definitions_say)
{
    static const struct {
        const char *metric;
        int32_t answer;
        int64_t x;
    } rows[] = {{"nps", 0, -1},      {"nps", 6000, -1},      {"nps", 6999, -1}, {"nps", 7000, 0},
                {"nps", 8999, 0},    {"nps", 9000, 1},       {"nps", 10000, 1}, {"csat", 1000, 0},
                {"csat", 3999, 0},   {"csat", 4000, 1},      {"csat", 5000, 1}, {"ces", 5000, 5000},
                {"count", 10000, 0}, {"score_mean", -7, -7}, {"share", 0, 0},   {"share", 1, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kundig__asked asked = cells_asked(rows[i].metric);
        cr_assert_eq(kundig__metric_x(asked.metric, rows[i].answer), rows[i].x, "%s %d",
                     rows[i].metric, (int)rows[i].answer);
    }
}

Test(registry, scales_of_opposite_direction_are_not_mixed)
{
    kundig__asked effort = cells_asked("ces");
    kundig__asked own = cells_asked("ces_2010");
    cr_assert_eq(effort.metric->scales & own.metric->scales, 0);
    cr_assert(strstr(effort.metric->description, "higher is better"));
    cr_assert(strstr(own.metric->description, "lower is better"));
}

Test(registry, the_table_lists_every_metric_and_fails_cleanly)
{
    kundig_allocator allocator = probe_allocator(NULL);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at++) {
            kundig__mem mem;
            kundig_table *table = NULL;
            kundig_error err;
            kundig__mem_init(&mem, &allocator, 0);
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on;
            rc = kundig__metrics_table(&mem, &table, &err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            if (rc) {
                cr_assert_eq(rc, KUNDIG_E_NOMEM);
                cr_assert_eq(probe_shared.live_blocks, 0);
                continue;
            }
            cr_assert_eq(kundig_table_row_count(table), kundig__metric_count());
            cr_assert_eq(kundig_table_column_count(table), 8);
            for (size_t row = 0; row < kundig__metric_count(); row++) {
                cr_assert_str_eq(kundig_table_text(table, row, 0).data,
                                 kundig__metric_at(row)->name);
                cr_assert_eq(kundig_table_is_null(table, row, 3),
                             kundig__metric_at(row)->scales == 0);
            }
            kundig_table_free(table);
        }
    }
}
