/* Any bytes as CSV: the first byte chooses delimiter, encoding and limit. What rows.h promises of
 * every row; the same rows after a rewind; every line accounted for by the bytes it spans. */
#include <stdint.h>
#include <stdlib.h>

#include "io/rows.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

typedef struct totals {
    uint64_t rows;
    uint64_t bad;
    uint64_t hash;
} totals;

static void mix(totals *sums, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        sums->hash = (sums->hash ^ (unsigned char)data[i]) * UINT64_C(1099511628211);
    }
    sums->hash = (sums->hash ^ 0xFF) * UINT64_C(1099511628211) + len;
}

static totals read_all(kundig__rows *rows, size_t size)
{
    totals sums = {0, 0, 0};
    kundig__row row;
    uint64_t line = 0;
    uint64_t offset = 0;
    int got;
    while ((got = rows->next(rows, &row, NULL)) > 0) {
        check(row.line > line && row.offset >= offset && row.offset < size);
        check(rows->position > row.offset && rows->position <= size);
        line = row.line;
        offset = row.offset;
        sums.hash += row.line * 31 + row.offset;
        if (row.bad_reason) {
            check(row.bad_reason[0] && row.bad_offset >= row.offset && row.bad_offset <= size);
            check(!row.raw.data || row.offset + row.raw.len <= size);
            sums.bad++;
            continue;
        }
        check(row.cell_count == rows->column_count);
        for (size_t i = 0; i < row.cell_count; i++) {
            check(row.cells[i].data != NULL);
            check(row.offsets[i] >= row.offset && row.offsets[i] <= size);
            mix(&sums, row.cells[i].data, row.cells[i].len);
        }
        sums.rows++;
    }
    check(got == 0);
    return sums;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {0, 0, ',', ';'};
    kundig__context context;
    kundig__rows *rows = NULL;
    uint8_t choice = size ? data[0] : 0;
    kundig__csv_options options = {delimiters[choice & 3], (choice >> 2) & 1, choice & 8 ? 16 : 0};
    const char *text = size ? (const char *)data + 1 : "";
    size_t len = size ? size - 1 : 0;
    kundig_error err;
    memset(&context, 0, sizeof context);
    kundig__mem_init(&context.mem, NULL, 0);
    int rc = kundig__rows_from_bytes(&context, text, len, &options, &rows, &err);
    check(rc == 0 || rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_LIMIT);
    if (!rc) {
        totals first = read_all(rows, len);
        check(rows->rewind(rows, NULL) == 0);
        totals second = read_all(rows, len);
        check(first.rows == second.rows && first.bad == second.bad && first.hash == second.hash);
        rows->close(rows);
    }
    check(context.mem.used == 0);
    return 0;
}
