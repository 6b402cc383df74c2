/* A CRM hands its own records over and gets one honest number back. */
#include <stdio.h>

#include "kundig.h"

#define TEXT(s) ((kundig_text){s, strlen(s)})

static const struct answer {
    const char *id, *customer, *stage, *comment;
    double nps;
} answers[] = {
    {"a1", "c1", "Delivery", "Two weeks late, nobody called.", 2},
    {"a2", "c2", "Delivery", "Schnell da, alles gut verpackt.", 9},
    {"a3", "c2", "Service", "Frau Novak hat sofort geholfen.", 10},
    {"a4", "c3", "Service", "Fine, after the second call.", 8},
};

int main(void)
{
    kundig *k = NULL;
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_bytes *page = NULL;
    kundig_error err;
    int rc = kundig_open(":memory:", 8, NULL, &k, &err);
    for (size_t i = 0; !rc && i < sizeof answers / sizeof answers[0]; i++) {
        kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = answers[i].nps};
        kundig_feedback record;
        kundig_feedback_init(&record);
        record.id = TEXT(answers[i].id);
        record.customer = TEXT(answers[i].customer);
        record.stage = TEXT(answers[i].stage);
        record.text = TEXT(answers[i].comment);
        record.scores = &score;
        record.score_count = 1;
        rc = kundig_feedback_add(k, &record, 1, NULL, &err);
    }
    if (!rc) {
        rc = kundig_query_new(NULL, &query);
    }
    if (!rc) {
        rc = kundig_query_set_metric(query, "nps", 3, &err);
    }
    if (!rc) {
        rc = kundig_query_group_by(query, "stage", 5, &err);
    }
    if (!rc) {
        rc = kundig_measure(k, query, &table, &err);
    }
    if (!rc) {
        rc = kundig_table_to_page(table, NULL, &page, &err);
    }
    if (rc) {
        fprintf(stderr, "kundig: %s\n", err.message);
    } else {
        fputs(kundig_bytes_data(page), stdout);
    }
    kundig_bytes_free(page);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
    return rc ? 1 : 0;
}
