/* The report of one ingest: four tables and the rejected rows as they stood.
 *
 * Invariant: it owns its memory through its own copy of the allocator and outlives its handle.
 * Building sticks at the first failure, which kundig__report_finish() tells. Cost: O(rejects). */
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ingest/columns.h"
#include "table/table.h"
#include "text/mask.h"

struct kundig_ingest_report {
    kundig__mem mem;
    kundig_table *tables[5]; /* by KUNDIG_INGEST_; [0] is none */
    kundig__buf rejects;     /* header and rows, with line ends */
    kundig__buf mended;
    kundig__buf masked;
    bool decode;   /* rows stand in Windows-1252 */
    uint32_t mask; /* KUNDIG_PERSONAL_: rows leave masked, as valid UTF-8 */
};

int kundig__report_new(kundig__mem *mem, bool decode, uint32_t mask, kundig_ingest_report **out,
                       kundig_error *err)
{
    static const struct {
        int table;
        const char *name;
        int type;
    } columns[] = {
        {KUNDIG_INGEST_SUMMARY, "name", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_SUMMARY, "value", KUNDIG_COLUMN_INT},
        {KUNDIG_INGEST_MAPPING, "column", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_MAPPING, "field", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_MAPPING, "why", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_MAPPING, "filled", KUNDIG_COLUMN_INT},
        {KUNDIG_INGEST_MAPPING, "example", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_REJECTS, "line", KUNDIG_COLUMN_INT},
        {KUNDIG_INGEST_REJECTS, "column", KUNDIG_COLUMN_INT},
        {KUNDIG_INGEST_REJECTS, "offset", KUNDIG_COLUMN_INT},
        {KUNDIG_INGEST_REJECTS, "reason", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_REJECTS, "row", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_FINDINGS, "severity", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_FINDINGS, "finding", KUNDIG_COLUMN_TEXT},
        {KUNDIG_INGEST_FINDINGS, "count", KUNDIG_COLUMN_INT},
    };
    kundig__mem own;
    uint64_t left = 0;
    if (mem->limit) {
        left = mem->used < mem->limit ? mem->limit - mem->used : 1;
    }
    kundig__mem_init(&own, &mem->hook, left);
    kundig_ingest_report *report = kundig__alloc_zero(&own, sizeof *report);
    if (!report) {
        return kundig__nomem(&own, err);
    }
    report->mem = own;
    report->decode = decode;
    report->mask = mask;
    kundig__buf_init(&report->rejects, &report->mem);
    kundig__buf_init(&report->mended, &report->mem);
    kundig__buf_init(&report->masked, &report->mem);
    for (int table = KUNDIG_INGEST_SUMMARY; table <= KUNDIG_INGEST_FINDINGS; table++) {
        report->tables[table] = kundig__table_new(mem);
        if (!report->tables[table]) {
            kundig_ingest_report_free(report);
            return kundig__nomem(mem, err);
        }
    }
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        (void)kundig__table_column(report->tables[columns[i].table], columns[i].name,
                                   columns[i].type, KUNDIG_UNIT_NONE);
    }
    *out = report;
    return KUNDIG_OK;
}

void kundig__report_header(kundig_ingest_report *report, kundig_text raw)
{
    kundig__buf_text(&report->rejects, raw);
    kundig__buf_str(&report->rejects, "\r\n");
}

static kundig_text report_mend(kundig_ingest_report *report, kundig_text text)
{
    report->mended.len = 0;
    kundig__utf8_mend(&report->mended, text.data, text.len);
    return kundig__text(report->mended.data ? report->mended.data : "", report->mended.len);
}

/* Valid UTF-8 as it may leave. */
static kundig_text report_mask(kundig_ingest_report *report, kundig_text text)
{
    if (!report->mask) {
        return text;
    }
    report->masked.len = 0;
    if (kundig__text_masked(&report->mem, text, report->mask, &report->masked)) {
        report->masked.failed = true;
        return kundig__text("", 0);
    }
    return kundig__text(report->masked.data ? report->masked.data : "", report->masked.len);
}

void kundig__report_reject(kundig_ingest_report *report, uint64_t line, uint64_t column,
                           uint64_t offset, kundig_text reason, kundig_text raw)
{
    kundig_table *table = report->tables[KUNDIG_INGEST_REJECTS];
    kundig__table_row(table);
    kundig__table_set_int(table, 0, (int64_t)line);
    if (column) {
        kundig__table_set_int(table, 1, (int64_t)column);
    }
    kundig__table_set_int(table, 2, (int64_t)offset);
    kundig__table_set_text(table, 3, report_mask(report, report_mend(report, reason)));
    if (raw.data) {
        kundig_text shown;
        if (report->decode) {
            report->mended.len = 0;
            kundig__cp1252_decode(&report->mended, raw.data, raw.len);
            shown =
                kundig__text(report->mended.data ? report->mended.data : "", report->mended.len);
        } else {
            shown = report_mend(report, raw);
        }
        shown = report_mask(report, shown);
        kundig__table_set_text(table, 4, shown);
        kundig__buf_text(&report->rejects, report->mask ? shown : raw);
        kundig__buf_str(&report->rejects, "\r\n");
    }
}

static void report_add_finding(kundig_ingest_report *report, bool warning, uint64_t count,
                               const char *sentence)
{
    kundig_table *table = report->tables[KUNDIG_INGEST_FINDINGS];
    kundig__table_row(table);
    kundig__table_set_text(table, 0, kundig__str(warning ? "warning" : "note"));
    kundig__table_set_text(table, 1, report_mend(report, kundig__str(sentence)));
    kundig__table_set_int(table, 2, (int64_t)count);
}

void kundig__report_finding(kundig_ingest_report *report, bool warning, uint64_t count,
                            const char *format, ...)
{
    char sentence[480];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (wanted > 0) {
        report_add_finding(report, warning, count, sentence);
    }
}

void kundig__report_number(kundig_ingest_report *report, const char *name, uint64_t value)
{
    kundig_table *table = report->tables[KUNDIG_INGEST_SUMMARY];
    kundig__table_row(table);
    kundig__table_set_text(table, 0, kundig__str(name));
    kundig__table_set_int(table, 1, (int64_t)value);
}

void kundig__report_mapping(kundig_ingest_report *report, const kundig__ingest *ingest)
{
    kundig_table *table = report->tables[KUNDIG_INGEST_MAPPING];
    char buffer[64];
    for (size_t i = 0; i < ingest->count; i++) {
        const kundig__column_plan *plan = &ingest->plans[i];
        kundig__table_row(table);
        kundig__table_set_text(table, 0, plan->name);
        kundig__table_set_text(table, 1, kundig__str(kundig__plan_field(plan, buffer)));
        kundig__table_set_text(table, 2, plan->why);
        kundig__table_set_int(table, 3, (int64_t)plan->filled);
        if (!plan->personal) {
            kundig__table_set_text(table, 4, plan->profile.example);
        }
    }
}

int kundig__report_finish(kundig_ingest_report *report, kundig_error *err)
{
    if (report->rejects.failed || report->mended.failed || report->masked.failed) {
        return kundig__nomem(&report->mem, err);
    }
    kundig__buf_free(&report->masked);
    kundig__buf_init(&report->masked, &report->mem);
    kundig__buf_free(&report->mended);
    kundig__buf_init(&report->mended, &report->mem);
    for (int table = KUNDIG_INGEST_SUMMARY; table <= KUNDIG_INGEST_FINDINGS; table++) {
        kundig_table *built = report->tables[table];
        report->tables[table] = NULL;
        int rc = kundig__table_finish(built, &report->tables[table], err);
        if (rc) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

kundig_table *kundig_ingest_report_table(const kundig_ingest_report *report, int which)
{
    if (!report || which < KUNDIG_INGEST_SUMMARY || which > KUNDIG_INGEST_FINDINGS) {
        return NULL;
    }
    return report->tables[which];
}

int kundig_ingest_report_rejects(const kundig_ingest_report *report, kundig_bytes **out,
                                 kundig_error *err)
{
    kundig__mem mem;
    kundig__buf copy;
    if (!report || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", report ? "out" : "report");
    }
    /* Its own account: the report may be read by several threads. */
    kundig__mem_init(&mem, &report->mem.hook, 0);
    kundig__buf_init(&copy, &mem);
    kundig__buf_add(&copy, report->rejects.data, report->rejects.len);
    return kundig__buf_take(&copy, out, err);
}

void kundig_ingest_report_free(kundig_ingest_report *report)
{
    if (!report) {
        return;
    }
    for (int table = KUNDIG_INGEST_SUMMARY; table <= KUNDIG_INGEST_FINDINGS; table++) {
        kundig_table_free(report->tables[table]);
    }
    kundig__buf_free(&report->rejects);
    kundig__buf_free(&report->mended);
    kundig__buf_free(&report->masked);
    kundig__mem mem = report->mem;
    kundig__free(&mem, report, sizeof *report);
}
