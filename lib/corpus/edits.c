/* What people say of discovered topics, as records of their kind: what a model is told.
 *
 * What several people say of one matter is weighed where it is heeded (topics/edits.c), so all that
 * is current is given, what was taken back among it. Cost: one pass over the edits. */
#include "corpus/collect.h"
#include "corpus/facts.h"

int kundig__corpus_edits(const kundig__corpus *corpus, kundig__arena *arena,
                         const kundig_edit **out, size_t *count, kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(corpus, KUNDIG_FACTS_EDITS);
    kundig_edit *list = kundig__arena_alloc(arena, ((size_t)rows + 1) * sizeof *list);
    size_t found = 0;
    int rc = list ? KUNDIG_OK : kundig__nomem(corpus->mem, err);
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        if (kundig__fact_is_current(corpus, KUNDIG_FACTS_EDITS, row)) {
            rc = kundig__fact_at(corpus, KUNDIG_FACTS_EDITS, row, arena, &fact, err);
            list[found++] = fact.as.edit;
        }
    }
    if (!rc) {
        *out = list;
        *count = found;
    }
    return rc;
}
