/* Puts texts under the topics of the ready taxonomy: those of standard input, each ended by a NUL.
 * For measure.py.
 *
 *   comment                        one line a text, behind it one a hit:
 *   hit TOPIC START END RULE       bytes of the text; the rule is as it was written */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kundig.h"

enum { HIT_START, HIT_END, HIT_THEME, HIT_TOPIC, HIT_RULE };

static char *assign_input(size_t *len)
{
    size_t capacity = 1 << 16;
    char *data = malloc(capacity);
    *len = 0;
    while (data) {
        size_t got = fread(data + *len, 1, capacity - *len, stdin);
        *len += got;
        if (got == 0) {
            return data;
        }
        if (*len == capacity) {
            capacity *= 2;
            char *more = realloc(data, capacity);
            if (!more) {
                free(data);
            }
            data = more;
        }
    }
    return NULL;
}

static void assign_show(kundig_table *hits)
{
    printf("comment\n");
    for (size_t row = 0; row < kundig_table_row_count(hits); row++) {
        kundig_text topic = kundig_table_text(hits, row, HIT_TOPIC);
        kundig_text rule = kundig_table_text(hits, row, HIT_RULE);
        printf("hit %.*s %lld %lld %.*s\n", (int)topic.len, topic.data,
               (long long)kundig_table_int(hits, row, HIT_START),
               (long long)kundig_table_int(hits, row, HIT_END), (int)rule.len, rule.data);
    }
}

int main(void)
{
    kundig_error err = {0};
    kundig_model *model = NULL;
    size_t len = 0;
    char *data = assign_input(&len);
    int rc = data ? kundig_model_new(NULL, NULL, 0, &model, &err) : KUNDIG_E_NOMEM;
    for (size_t from = 0; from < len && !rc;) {
        const char *end = memchr(data + from, 0, len - from);
        size_t size = end ? (size_t)(end - data) - from : len - from;
        kundig_table *hits = NULL;
        rc = kundig_model_read(model, data + from, size, &hits, &err);
        if (!rc) {
            assign_show(hits);
        }
        kundig_table_free(hits);
        from += size + 1;
    }
    if (rc) {
        fprintf(stderr, "assign: %s\n", err.code ? err.message : kundig_strerror(rc));
    }
    kundig_model_free(model);
    free(data);
    return rc ? 1 : 0;
}
