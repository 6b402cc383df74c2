/* A CRM hands its own answers over and gets honest numbers back. `crm feedback.kundig` keeps them
 * in a store; `crm` forgets them at its end. */
#include <stdio.h>

#include "kundig.h"

static int add(kundig *k, const char *customer, const char *stage, double nps, const char *comment,
               kundig_error *err)
{
    kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = nps};
    kundig_feedback record;
    kundig_feedback_init(&record);
    record.customer = (kundig_text){customer, strlen(customer)};
    record.stage = (kundig_text){stage, strlen(stage)};
    record.text = (kundig_text){comment, strlen(comment)};
    record.scores = &score;
    record.score_count = 1;
    return kundig_feedback_add(k, &record, 1, NULL, err);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : ":memory:";
    kundig *k = NULL;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    int failed = kundig_open(path, strlen(path), NULL, &k, &err) ||
                 add(k, "c1", "Delivery", 2, "Two weeks late, and nobody called.", &err) ||
                 add(k, "c2", "Delivery", 9, "Schnell da, alles gut verpackt.", &err) ||
                 add(k, "c2", "Service", 10, "Frau Novak hat sofort geholfen.", &err) ||
                 add(k, "c3", "Service", 8, "Fine, after the second call.", &err) ||
                 kundig_query_new(NULL, &query) || kundig_query_set_metric(query, "nps", 3, &err) ||
                 kundig_query_group_by(query, "stage", 5, &err) ||
                 kundig_measure(k, query, &table, &err);
    size_t value = kundig_table_find_column(table, "value", 5);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        printf("%-10s %+5.0f\n", kundig_table_text(table, row, 0).data,
               100 * kundig_table_number(table, row, value));
    }
    if (failed) {
        fprintf(stderr, "kundig: %s\n", err.message);
    }
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    return failed ? 1 : 0;
}
