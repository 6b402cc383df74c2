#include "reading.h"

#include <criterion/criterion.h>

TestSuite(cells, .fini = probe_fini);

#define T(s) ((kundig_text){(s), sizeof(s) - 1})

Test(cells, gives_rows_without_copying_and_again_after_a_rewind)
{
    kundig__context context;
    kundig__rows *rows = NULL;
    kundig__row row;
    const kundig_text columns[] = {T(" a "), {NULL, 0}};
    const kundig_text cells[] = {T("1"), {NULL, 0}, T("3"), T("")};
    reading_context(&context);
    cr_assert(kundig__rows_from_cells(&context, columns, 2, cells, 2, &rows, NULL) == KUNDIG_OK);
    cr_expect(rows->columns[0].len == 1 && rows->columns[1].len == 0 && rows->columns[1].data);
    for (int pass = 0; pass < 2; pass++) {
        cr_expect(rows->next(rows, &row, NULL) == 1 && row.cells == cells && row.line == 1);
        cr_expect(!row.cells[1].data);
        cr_expect(rows->next(rows, &row, NULL) == 1 && row.cells[1].data && row.line == 2);
        cr_expect(rows->next(rows, &row, NULL) == 0);
        cr_expect(rows->rewind(rows, NULL) == KUNDIG_OK);
    }
    rows->close(rows);
    cr_expect(kundig__rows_from_cells(&context, columns, 0, cells, 0, &rows, NULL) ==
              KUNDIG_E_EMPTY);
    for (size_t at = 1; at <= 3; at++) {
        probe_shared.allocations = 0;
        probe_shared.fail_at = at;
        cr_expect(kundig__rows_from_cells(&context, columns, 2, cells, 2, &rows, NULL) ==
                  KUNDIG_E_NOMEM);
        probe_shared.fail_at = 0;
    }
}
