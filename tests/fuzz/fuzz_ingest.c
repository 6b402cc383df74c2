/* Any bytes ingested: "map" up to the first NUL where the first byte is odd, then CSV. Rows add up,
 * the corpus is whole, the same file again changes nothing, rejects give back what was refused. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "ingest/ingest.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static int64_t number(const kundig_ingest_report *report, const char *name)
{
    kundig_table *table = kundig_ingest_report_table(report, KUNDIG_INGEST_SUMMARY);
    for (size_t i = 0; i < kundig_table_row_count(table); i++) {
        if (strcmp(kundig_table_text(table, i, 0).data, name) == 0) {
            return kundig_table_int(table, i, 1);
        }
    }
    abort();
}

static int run(kundig__corpus *corpus, const char *text, size_t len,
               const kundig_ingest_options *options, kundig_ingest_report **report)
{
    kundig__csv_options csv = {0, options->encoding, options->max_field};
    kundig__rows *rows = NULL;
    kundig_error err = {0, 0, ""};
    int rc = kundig__rows_from_bytes(kundig__corpus_context(corpus), text, len, &csv, &rows, &err);
    if (!rc) {
        rc = kundig__ingest_rows(corpus, rows, options, kundig__text(NULL, 0), report, &err);
        rows->close(rows);
    }
    check(rc == 0 || err.message[0]);
    check(rc != KUNDIG_E_INTERNAL && rc != KUNDIG_E_NOMEM);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig__context context;
    kundig__corpus *corpus = NULL;
    kundig_ingest_options options;
    kundig_ingest_report *report = NULL;
    kundig_ingest_report *again = NULL;
    uint8_t choice = size ? data[0] : 0;
    const char *text = size ? (const char *)data + 1 : "";
    size_t len = size ? size - 1 : 0;
    memset(&context, 0, sizeof context);
    kundig__mem_init(&context.mem, NULL, 0);
    context.threads = 1;
    kundig_ingest_options_init(&options);
    options.dates = (choice >> 1) % 3;
    options.encoding = (choice >> 4) & 1;
    options.max_field = choice & 64 ? 32 : 0;
    if (choice & 1) {
        const char *end = memchr(text, 0, len);
        size_t map = end ? (size_t)(end - text) : 0;
        options.map = kundig__text(text, map);
        text += map + (end != NULL);
        len -= map + (end != NULL);
    }
    check(kundig__corpus_new(&context, &corpus, NULL) == 0);
    int rc = run(corpus, text, len, &options, &report);
    check(kundig__corpus_check(corpus, NULL) == 0);
    if (rc) {
        check(kundig__corpus_rows(corpus) == 0);
        check(!report || rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_AMBIGUOUS);
    } else {
        uint32_t rows = kundig__corpus_rows(corpus);
        check(number(report, "rows") == number(report, "accepted") + number(report, "rejected"));
        check(number(report, "accepted") ==
              number(report, "added") + number(report, "versions") + number(report, "unchanged"));
        check(number(report, "accepted") > 0);
        check(run(corpus, text, len, &options, &again) == 0);
        check(number(again, "added") == 0 && number(again, "versions") == 0);
        check(kundig__corpus_rows(corpus) == rows);
        check(kundig__corpus_check(corpus, NULL) == 0);
    }
    if (report) {
        kundig_bytes *bytes = NULL;
        check(kundig_ingest_report_rejects(report, &bytes, NULL) == 0);
        check(kundig_bytes_len(bytes) > 0);
        kundig_bytes_free(bytes);
        check((number(report, "rejected") == 0) ==
              (kundig_table_row_count(kundig_ingest_report_table(report, KUNDIG_INGEST_REJECTS)) ==
               0));
    }
    kundig_ingest_report_free(report);
    kundig_ingest_report_free(again);
    kundig__corpus_free(corpus);
    kundig__context_free(&context);
    check(context.mem.used == 0);
    return 0;
}
