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
