/* From an older format to this one.
 *
 * The facts are read into a corpus, the old tables dropped, ours made, the facts written: all in
 * one transaction, so a process killed at any moment leaves the old file or the new one. Invariant:
 * what is read in the old format is what stands in the new one. Cost: the whole file is written
 * once more; dropped pages are overwritten. */
#include "store/db.h"

/* Kinds that format 0 knew. */
static const int migrate_kinds_0[] = {KUNDIG_FACTS_FEEDBACK, KUNDIG_FACTS_CUSTOMERS,
                                      KUNDIG_FACTS_EVENTS};

static int migrate_read(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    int rc = kundig__questions_read(store, err);
    rc = rc ? rc : kundig__properties_read(store, err);
    rc = rc ? rc : kundig__batch_begin_restoring(corpus, err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < sizeof migrate_kinds_0 / sizeof *migrate_kinds_0 && !rc; i++) {
        rc = kundig__store_read_plain(store, corpus, migrate_kinds_0[i], err);
    }
    if (rc) {
        kundig__batch_abandon(corpus);
    } else {
        kundig__batch_commit(corpus);
    }
    return rc;
}

static int migrate_write(kundig__store *store, int format, kundig__corpus *corpus,
                         kundig_error *err)
{
    kundig__store_forgets(store);
    memset(&store->state, 0, sizeof store->state);
    int rc = kundig__schema_drop(store, format, err);
    rc = rc ? rc : kundig__schema_make(store, KUNDIG__STORE_FORMAT, err);
    rc = rc ? rc : kundig__store_state_make(store, &store->state, err);
    return rc ? rc : kundig__store_write(store, corpus, err);
}

int kundig__store_migrate(kundig__store *store, int format, kundig_error *err)
{
    kundig__corpus *corpus = NULL;
    bool pseudonyms = store->context->pseudonyms;
    store->context->pseudonyms = false;
    int rc = kundig__db_exec(store, "BEGIN IMMEDIATE", err);
    /* Another process may have been faster. */
    rc = rc ? rc : kundig__schema_check(store, &format, err);
    if (!rc && format < KUNDIG__STORE_FORMAT) {
        rc = kundig__corpus_new(store->context, &corpus, err);
        rc = rc ? rc : migrate_read(store, corpus, err);
        rc = rc ? rc : migrate_write(store, format, corpus, err);
    }
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__db_rollback(store);
    kundig__corpus_free(corpus);
    kundig__store_forgets(store);
    store->context->pseudonyms = pseudonyms;
    return rc;
}
