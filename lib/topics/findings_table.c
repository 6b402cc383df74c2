/* Findings of a taxonomy: collected, bounded, and as a table.
 *
 * Invariant: of each severity a bounded number is kept, so no file makes an endless list; that
 * there are more is said once. Cost: a copy a finding. */
#include "topics/taxonomy_build.h"
#include "topics/topics.h"

void kundig__findings_init(kundig__findings *findings, kundig__mem *mem)
{
    memset(findings, 0, sizeof *findings);
    findings->mem = mem;
    kundig__arena_init(&findings->arena, mem);
}

void kundig__findings_free(kundig__findings *findings)
{
    kundig__mem *mem = findings->mem;
    kundig__free(mem, findings->items, findings->capacity * sizeof *findings->items);
    kundig__arena_free(&findings->arena);
    kundig__findings_init(findings, mem);
}

bool kundig__finding_add(kundig__findings *findings, int32_t severity, uint32_t line,
                         uint32_t column, const char *format, ...)
{
    kundig_error said;
    kundig__finding fresh = {.severity = severity, .line = line, .column = column};
    size_t kept = findings->kept[severity]++;
    if (kept > KUNDIG__MOST_FINDINGS) {
        return true;
    }
    if (kept == KUNDIG__MOST_FINDINGS) {
        kundig__fail(&said, 0, 0, "there are more of this kind: the first %u are listed",
                     KUNDIG__MOST_FINDINGS);
    } else {
        va_list args;
        va_start(args, format);
        kundig__fail_args(&said, 0, 0, format, args);
        va_end(args);
    }
    void *items = findings->items;
    bool room =
        kundig__grow(findings->mem, &items, &findings->capacity, findings->count + 1, sizeof fresh);
    findings->items = items;
    fresh.sentence = kundig__arena_text(&findings->arena, kundig__str(said.message));
    if (!room || !fresh.sentence.data) {
        return false;
    }
    findings->items[findings->count++] = fresh;
    return true;
}

int kundig__findings_table(kundig__mem *mem, kundig_text taxonomy, kundig_table **out,
                           kundig_error *err)
{
    static const char *const severities[] = {"", "error", "warning", "note"};
    kundig__findings findings;
    kundig_table *table = NULL;
    kundig__findings_init(&findings, mem);
    int rc = kundig__taxonomy_check(&findings, taxonomy.data, taxonomy.len, err);
    if (rc) {
        goto done;
    }
    table = kundig__table_new(mem);
    if (!table) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    size_t severity = kundig__table_column(table, "severity", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t line = kundig__table_column(table, "line", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t column = kundig__table_column(table, "column", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t sentence = kundig__table_column(table, "finding", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i < findings.count; i++) {
        const kundig__finding *finding = &findings.items[i];
        kundig__table_row(table);
        kundig__table_set_text(table, severity, kundig__str(severities[finding->severity]));
        kundig__table_set_int(table, line, finding->line);
        kundig__table_set_int(table, column, finding->column);
        kundig__table_set_text(table, sentence, finding->sentence);
    }
    rc = kundig__table_finish(table, out, err);
done:
    kundig__findings_free(&findings);
    return rc;
}

kundig_text kundig_taxonomy_ready(void)
{
    return kundig__taxonomy_ready();
}

int kundig_taxonomy_check(const kundig_allocator *allocator, const char *data, size_t len,
                          kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    if (!out || (!data && len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "out is NULL, or data is NULL with a length");
    }
    kundig__mem_init(&mem, allocator, 0);
    return kundig__findings_table(&mem, data ? kundig__text(data, len) : kundig__taxonomy_ready(),
                                  out, err);
}
