/* Writing a store anew: without blank rows, unused names and the cache, and as small as it can be.
 *
 * The tables of facts are emptied whole, which frees and zeroes their pages, and every record of
 * the corpus is appended again, all in one transaction. Rows are not deleted one by one: SQLite
 * would move what is left between half-empty pages and leave copies behind that a later erasure
 * does not reach. Then VACUUM gives the free pages back; its copy of the file is made in memory,
 * never in another file, and FILE-wal is emptied.
 *
 * Invariant: whatever fails, the file holds the same facts, and no page holds bytes that belong to
 * no row. Cost: the facts are written once and the file is copied once; the memory of the file. */
#include "store/db.h"

static int compact_empty(kundig__store *store, kundig_error *err)
{
    static const char *const statements[] = {
        "DELETE FROM answer",   "DELETE FROM attribute", "DELETE FROM customer_attribute",
        "DELETE FROM question", "DELETE FROM property",  "DELETE FROM cache",
    };
    char sql[64];
    int rc = KUNDIG_OK;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        sqlite3_snprintf(sizeof sql, sql, "DELETE FROM %s", kundig__store_table_of(kind)->name);
        rc = kundig__db_exec(store, sql, err);
    }
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !rc; i++) {
        rc = kundig__db_exec(store, statements[i], err);
    }
    return rc;
}

/* Numbers go on where they were: none is used twice. */
static int compact_rewrite(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    int rc = compact_empty(store, err);
    if (rc) {
        return rc;
    }
    kundig__store_forgets(store);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__store_kind *of = &store->state.kinds[kind];
        of->used = 0;
        memset(&of->sum, 0, sizeof of->sum);
    }
    store->state.erasures++; /* others read all anew: rows have other numbers */
    store->state.has_cache_key = false;
    memset(store->state.cache_key, 0, sizeof store->state.cache_key);
    rc = kundig__store_state_write(store, &store->state, err);
    return rc ? rc : kundig__store_write(store, corpus, err);
}

int kundig__store_compact(kundig__store *store, kundig__corpus **corpus, kundig_error *err)
{
    kundig__fact_sum before[KUNDIG__FACT_KINDS];
    int rc = kundig__store_begin(store, corpus, err);
    if (rc) {
        return rc;
    }
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        before[kind] = store->state.kinds[kind].sum;
    }
    rc = compact_rewrite(store, *corpus, err);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        if (memcmp(&before[kind], &store->state.kinds[kind].sum, sizeof before[kind]) != 0) {
            rc = kundig__fail(err, KUNDIG_E_INTERNAL, 0, "the %s that were written anew differ",
                              kundig__fact_kind_name(kind));
        }
    }
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__store_give_up(store, corpus);
    if (!rc) {
        kundig__store_write_back(store);
        rc = kundig__db_exec(store, "VACUUM", err);
        kundig__store_write_back(store);
    }
    return rc;
}
