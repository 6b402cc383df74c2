/* From an older format to this one.
 *
 * Of format 0 the facts are read into a corpus, the old tables dropped, ours made, the facts
 * written. Format 1 lacks a kind of fact alone: the tables that count kinds, and the views behind
 * them, are made anew, and what is said of the file must still agree with its seal. All in one
 * transaction, so a process killed at any moment leaves the old file or the new one. Invariant:
 * what is read in the old format is what stands in the new one. Cost: of format 0 the whole file is
 * written once more and dropped pages are overwritten; of format 1 a few small rows and the
 * receipts. */
#include "store/db.h"

/* Kinds that format 0 knew. */
static const int migrate_kinds_0[] = {KUNDIG_FACTS_FEEDBACK, KUNDIG_FACTS_CUSTOMERS,
                                      KUNDIG_FACTS_EVENTS};

/* Views stand behind all tables. */
static const char *const migrate_views[] = {"answers", "attributes", "customer_attributes",
                                            "latest"};
#define MIGRATE_VIEWS (sizeof migrate_views / sizeof *migrate_views)

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

static int migrate_write(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    kundig__store_forgets(store);
    memset(&store->state, 0, sizeof store->state);
    int rc = kundig__schema_drop(store, 0, err);
    rc = rc ? rc : kundig__schema_make(store, KUNDIG__STORE_FORMAT, err);
    rc = rc ? rc : kundig__store_state_make(store, &store->state, err);
    return rc ? rc : kundig__store_write(store, corpus, err);
}

static int migrate_0(kundig__store *store, kundig_error *err)
{
    kundig__corpus *corpus = NULL;
    int rc = kundig__corpus_new(store->context, &corpus, err);
    rc = rc ? rc : migrate_read(store, corpus, err);
    rc = rc ? rc : migrate_write(store, corpus, err);
    kundig__corpus_free(corpus);
    return rc;
}

/* Make a table anew in the format `to`, and give it its rows back by `insert`. */
static int migrate_table(kundig__store *store, int to, const char *name, const char *insert,
                         kundig_error *err)
{
    char sql[96];
    sqlite3_snprintf(sizeof sql, sql, "CREATE TABLE passing AS SELECT * FROM %s", name);
    int rc = kundig__db_exec(store, sql, err);
    sqlite3_snprintf(sizeof sql, sql, "DROP TABLE %s", name);
    rc = rc ? rc : kundig__db_exec(store, sql, err);
    rc = rc ? rc : kundig__schema_make_one(store, to, name, err);
    rc = rc ? rc : kundig__db_exec(store, insert, err);
    return rc ? rc : kundig__db_exec(store, "DROP TABLE passing", err);
}

static int migrate_drop_views(kundig__store *store, kundig_error *err)
{
    char sql[64];
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < MIGRATE_VIEWS && !rc; i++) {
        sqlite3_snprintf(sizeof sql, sql, "DROP VIEW %s", migrate_views[i]);
        rc = kundig__db_exec(store, sql, err);
    }
    return rc;
}

static int migrate_1(kundig__store *store, kundig_error *err)
{
    kundig__store_state state;
    int rc = migrate_drop_views(store, err);
    rc = rc ? rc : migrate_table(store, 2, "kind", "INSERT INTO kind SELECT * FROM passing", err);
    rc =
        rc ? rc : kundig__db_exec(store, "INSERT INTO kind VALUES (7, 0, 0, 0, zeroblob(16))", err);
    rc = rc ? rc
            : migrate_table(store, 2, "receipt",
                            "INSERT INTO receipt SELECT n, hash, time_ms, action, subject, "
                            "records, versions, customers, events, labels, links, consents, "
                            "retentions, 0, before, after, pending FROM passing ORDER BY n",
                            err);
    rc = rc ? rc : kundig__schema_make_one(store, 2, "edit", err);
    for (size_t i = 0; i < MIGRATE_VIEWS && !rc; i++) {
        rc = kundig__schema_make_one(store, 2, migrate_views[i], err);
    }
    rc = rc ? rc : kundig__schema_mark(store, 2, err);
    return rc ? rc : kundig__store_state_read(store, &state, err);
}

int kundig__store_migrate(kundig__store *store, int format, kundig_error *err)
{
    bool pseudonyms = store->context->pseudonyms;
    store->context->pseudonyms = false;
    int rc = kundig__db_exec(store, "BEGIN IMMEDIATE", err);
    /* Another process may have been faster. */
    rc = rc ? rc : kundig__schema_check(store, &format, err);
    if (!rc && format == 0) {
        rc = migrate_0(store, err);
    } else if (!rc && format == 1) {
        rc = migrate_1(store, err);
    }
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__db_rollback(store);
    kundig__store_forgets(store);
    store->context->pseudonyms = pseudonyms;
    return rc;
}
