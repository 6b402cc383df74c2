/* A store: a file that a corpus follows, and transactions that append to it.
 *
 *   look     what does the file say now?     PRAGMA data_version, then table state
 *   follow   look; new rows are read; where rows were erased, all is read anew
 *   begin    take the write lock; follow
 *   commit   append what is new in the corpus, write state, COMMIT
 *
 * Invariant: outside of begin and commit no transaction is open, whatever failed; `current` is set
 * exactly while the corpus holds what `state` counts. Cost: looking costs some microseconds where
 * nothing changed. */
#include "base/text.h"
#include "store/db.h"

#define STORE_BUSY_MS   5000u
#define STORE_MOST_BUSY 3600000u
#define STORE_MAGIC     "SQLite format 3"

/* ---- What the corpus holds ---- */

void kundig__store_forgets(kundig__store *store)
{
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__store_known *known = &store->known[kind];
        kundig__free(store->mem, known->segments,
                     known->segment_capacity * sizeof *known->segments);
        memset(known, 0, sizeof *known);
    }
    kundig__names_free(&store->questions);
    kundig__names_free(&store->properties);
    store->seen = false;
    store->current = false;
}

int kundig__store_note(kundig__store *store, int kind, uint64_t n, kundig_error *err)
{
    kundig__store_known *known = &store->known[kind];
    void *segments = known->segments;
    const kundig__store_segment *last =
        known->segment_count ? &known->segments[known->segment_count - 1] : NULL;
    if (!last || last->first_n + (known->rows - last->first_row) != n) {
        if (!kundig__grow(store->mem, &segments, &known->segment_capacity, known->segment_count + 1,
                          sizeof *known->segments)) {
            return kundig__nomem(store->mem, err);
        }
        known->segments = segments;
        known->segments[known->segment_count++] = (kundig__store_segment){known->rows, n};
    }
    known->rows++;
    return KUNDIG_OK;
}

uint64_t kundig__store_n(const kundig__store *store, int kind, uint32_t row)
{
    const kundig__store_known *known = &store->known[kind];
    size_t low = 0;
    size_t high = known->segment_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (known->segments[middle].first_row <= row) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return known->segments[low].first_n + (row - known->segments[low].first_row);
}

/* ---- Looking and following ---- */

/* Within a transaction. */
static int store_look_inside(kundig__store *store, kundig_error *err)
{
    int64_t version = 0;
    int64_t schema = 0;
    int format = KUNDIG__STORE_FORMAT;
    int rc = kundig__db_version(store, &version, err);
    if (rc || (store->seen && version == store->data_version)) {
        return rc;
    }
    store->seen = false;
    rc = kundig__db_integer(store, "PRAGMA schema_version", &schema, err);
    if (!rc && schema != store->schema_version) {
        rc = kundig__schema_check(store, &format, err);
        if (!rc && format != KUNDIG__STORE_FORMAT) {
            rc = kundig__db_damaged(store, err, "its tables are gone");
        }
    }
    rc = rc ? rc : kundig__store_state_read(store, &store->state, err);
    if (!rc) {
        store->data_version = version;
        store->seen = true;
        store->current = false;
    }
    return rc;
}

int kundig__store_look(kundig__store *store, kundig_error *err)
{
    if (!sqlite3_get_autocommit(store->db)) {
        return store_look_inside(store, err);
    }
    int64_t version = 0;
    int rc = kundig__db_version(store, &version, err);
    if (rc || (store->seen && version == store->data_version)) {
        return rc;
    }
    rc = kundig__db_exec(store, "BEGIN", err);
    rc = rc ? rc : store_look_inside(store, err);
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__db_rollback(store);
    return rc;
}

static void store_drop_corpus(kundig__store *store, kundig__corpus **corpus)
{
    kundig__corpus_free(*corpus);
    *corpus = NULL;
    kundig__store_forgets(store);
}

/* All facts, into a corpus of their own: from the cache where there is one that fits, and from the
 * tables alone where what it holds is not what they add up to. */
static int store_read_all(kundig__store *store, kundig__corpus **out, kundig_error *err)
{
    kundig__corpus *corpus = NULL;
    kundig_error why;
    int rc = kundig__cache_read(store, &corpus, err);
    if (rc) {
        return rc;
    }
    if (corpus) {
        rc = kundig__store_read(store, corpus, &why);
        if (rc == KUNDIG_E_FORMAT) {
            store_drop_corpus(store, &corpus);
            rc = store_look_inside(store, err);
        } else if (rc && err) {
            *err = why;
        }
        if (rc || corpus) {
            goto done;
        }
    }
    rc = kundig__corpus_new(store->context, &corpus, err);
    rc = rc ? rc : kundig__store_read(store, corpus, err);
done:
    if (rc) {
        kundig__corpus_free(corpus);
        return rc;
    }
    *out = corpus;
    return KUNDIG_OK;
}

static int store_follow_inside(kundig__store *store, kundig__corpus **corpus, kundig_error *err)
{
    int rc = store_look_inside(store, err);
    if (rc || (*corpus && store->current)) {
        return rc;
    }
    if (*corpus && store->known_erasures != store->state.erasures) {
        store_drop_corpus(store, corpus);
        rc = store_look_inside(store, err);
    }
    if (!rc) {
        rc = *corpus ? kundig__store_read(store, *corpus, err) : store_read_all(store, corpus, err);
    }
    if (rc) {
        if (!*corpus) {
            kundig__store_forgets(store);
        }
        return rc;
    }
    store->known_erasures = store->state.erasures;
    store->current = true;
    return KUNDIG_OK;
}

int kundig__store_follow(kundig__store *store, kundig__corpus **corpus, kundig_error *err)
{
    if (!*corpus && store->current) {
        kundig__store_forgets(store);
    }
    if (!sqlite3_get_autocommit(store->db)) {
        return store_follow_inside(store, corpus, err);
    }
    if (*corpus && store->current) {
        int64_t version = 0;
        int rc = kundig__db_version(store, &version, err);
        if (rc || version == store->data_version) {
            return rc;
        }
    }
    int rc = kundig__db_exec(store, "BEGIN", err);
    rc = rc ? rc : store_follow_inside(store, corpus, err);
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__db_rollback(store);
    return rc;
}

/* ---- Writing ---- */

int kundig__store_begin(kundig__store *store, kundig__corpus **corpus, kundig_error *err)
{
    if (store->options.access == KUNDIG_ACCESS_READ) {
        return kundig__fail(err, KUNDIG_E_MODE, 0, "%.*s was opened for reading alone",
                            kundig__shown(store->name), store->name.data);
    }
    if (store->writing) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "a transaction was begun inside another");
    }
    int rc = kundig__db_exec(store, "PRAGMA cache_size = -65536", err);
    rc = rc ? rc : kundig__db_exec(store, "BEGIN IMMEDIATE", err);
    rc = rc ? rc : kundig__store_follow(store, corpus, err);
    if (rc) {
        kundig__store_rollback(store);
        return rc;
    }
    store->writing = true;
    return KUNDIG_OK;
}

static void store_end(kundig__store *store)
{
    kundig__db_rollback(store);
    store->writing = false;
    sqlite3_exec(store->db, "PRAGMA cache_size = -4096", NULL, NULL, NULL);
    sqlite3_db_release_memory(store->db);
}

int kundig__store_commit(kundig__store *store, kundig__corpus **corpus, kundig_error *err)
{
    int rc = kundig__store_write(store, *corpus, err);
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    store_end(store);
    if (rc) {
        store_drop_corpus(store, corpus);
    } else if (store->state.pending) {
        (void)kundig__store_settle(store, NULL);
    }
    return rc;
}

void kundig__store_rollback(kundig__store *store)
{
    store_end(store);
    /* A model may have been pinned in what is given up. */
    store->seen = false;
}

/* ---- Opening and closing ---- */

kundig__hash128 kundig__store_key_mark(const kundig__context *context)
{
    kundig_text title = KUNDIG__TEXT("kundig pseudonyms of a store");
    return kundig__blake2b(context->pseudonym_key, title.data, title.len);
}

static int store_check_pseudonyms(kundig__store *store, kundig_error *err)
{
    const kundig__store_state *state = &store->state;
    int shown = kundig__shown(store->name);
    const char *name = store->name.data;
    if (!state->has_pseudonyms) {
        return store->options.pseudonyms
                   ? kundig__fail(err, KUNDIG_E_MODE, 0,
                                  "%.*s keeps customers' names as they are: pseudonyms are chosen "
                                  "when a store is made",
                                  shown, name)
                   : KUNDIG_OK;
    }
    if (!store->options.pseudonyms) {
        return kundig__fail(err, KUNDIG_E_MODE, 0,
                            "%.*s keeps pseudonyms of customers: open it with the key that made "
                            "them (pseudonym_key, KUNDIG_IDENTIFIERS_PSEUDONYMS)",
                            shown, name);
    }
    kundig__hash128 mark = kundig__store_key_mark(store->context);
    if (memcmp(&mark, &state->pseudonyms, sizeof mark) != 0) {
        return kundig__fail(err, KUNDIG_E_MODE, 0,
                            "the pseudonyms in %.*s were made with another key", shown, name);
    }
    return KUNDIG_OK;
}

/* WAL cannot be chosen inside a transaction. */
static int store_choose_journal(kundig__store *store, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int rc = kundig__db_prepare(store, "PRAGMA journal_mode = WAL", &statement, err);
    rc = rc ? rc : kundig__db_step(store, statement, &row, err);
    if (!rc && (!row || !kundig__text_equal(kundig__db_text(statement, 0), KUNDIG__TEXT("wal")))) {
        rc = kundig__fail(err, KUNDIG_E_IO, 0,
                          "the file system of %.*s cannot keep a store: it has no shared memory",
                          kundig__shown(store->name), store->name.data);
    }
    sqlite3_finalize(statement);
    return rc;
}

/* What format the file is of, looked at in one transaction. */
static int store_format(kundig__store *store, const char *begin, int *format, kundig_error *err)
{
    int rc = kundig__db_exec(store, begin, err);
    return rc ? rc : kundig__schema_check(store, format, err);
}

static int store_make(kundig__store *store, kundig_error *err)
{
    kundig__store_state state;
    int format = -1;
    memset(&state, 0, sizeof state);
    if (store->options.pseudonyms) {
        state.has_pseudonyms = true;
        state.pseudonyms = kundig__store_key_mark(store->context);
    }
    /* The mark goes into the file itself, before FILE-wal takes what is written: kundig_is_store()
     * looks there alone. */
    int rc = kundig__db_exec(store, "PRAGMA application_id = 0x6B756E64", err);
    rc = rc ? rc : store_choose_journal(store, err);
    rc = rc ? rc : store_format(store, "BEGIN IMMEDIATE", &format, err);
    if (!rc && format < 0) {
        rc = kundig__schema_make(store, KUNDIG__STORE_FORMAT, err);
        rc = rc ? rc : kundig__store_state_make(store, &state, err);
    }
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__db_rollback(store);
    return rc;
}

static int store_start(kundig__store *store, kundig_error *err)
{
    bool reads = store->options.access == KUNDIG_ACCESS_READ;
    int format = -1;
    int rc = store_format(store, "BEGIN", &format, err);
    kundig__db_rollback(store);
    if (rc) {
        return rc;
    }
    if (format < 0) {
        rc = reads ? kundig__fail(err, KUNDIG_E_FORMAT, 0,
                                  "%.*s is empty: no store was made in it yet",
                                  kundig__shown(store->name), store->name.data)
                   : store_make(store, err);
    } else if (!reads) {
        rc = store_choose_journal(store, err);
        if (!rc && format < KUNDIG__STORE_FORMAT) {
            rc = kundig__store_migrate(store, format, err);
        }
    } else if (format < KUNDIG__STORE_FORMAT) {
        rc = kundig__fail(err, KUNDIG_E_VERSION, 0,
                          "%.*s is a store of the older format %d: open it once for writing",
                          kundig__shown(store->name), store->name.data, format);
    }
    rc = rc ? rc : kundig__store_look(store, err);
    return rc ? rc : store_check_pseudonyms(store, err);
}

static int store_set_path(kundig__store *store, kundig_text path, kundig_error *err)
{
    if (!path.data || !path.len || memchr(path.data, '\0', path.len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the path is empty or holds a NUL");
    }
    /* "./" keeps SQLite from reading a meaning into names like ":memory:" or "file:x"; behind the
     * name is room for "-wal". */
    size_t lead = path.data[0] == '/' ? 0 : 2;
    size_t size = 0;
    if (!kundig__size_add(path.len, lead + sizeof "-wal", &size)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the path is too long");
    }
    store->path = kundig__alloc_zero(store->mem, size);
    if (!store->path) {
        return kundig__nomem(store->mem, err);
    }
    store->path_size = size;
    memcpy(store->path, "./", lead);
    memcpy(store->path + lead, path.data, path.len);
    store->name = kundig__text(store->path + lead, path.len);
    return KUNDIG_OK;
}

int kundig__store_open(kundig__context *context, kundig_text path,
                       const kundig__store_options *options, kundig__store **out, kundig_error *err)
{
    kundig__store *store = kundig__alloc_zero(&context->mem, sizeof *store);
    if (!store) {
        return kundig__nomem(&context->mem, err);
    }
    store->context = context;
    store->mem = &context->mem;
    store->options = *options;
    store->options.busy_ms = options->busy_ms ? options->busy_ms : STORE_BUSY_MS;
    if (store->options.busy_ms > STORE_MOST_BUSY) {
        store->options.busy_ms = STORE_MOST_BUSY;
    }
    kundig__names_init(&store->questions, context);
    kundig__names_init(&store->properties, context);
    kundig__buf_init(&store->text, store->mem);
    int rc = store_set_path(store, path, err);
    rc = rc ? rc : kundig__db_open(store, err);
    rc = rc || options->bare ? rc : store_start(store, err);
    if (rc) {
        kundig__store_close(store, false);
        return rc;
    }
    *out = store;
    return KUNDIG_OK;
}

void kundig__store_close(kundig__store *store, bool forked)
{
    if (store) {
        if (!forked) {
            if (store->db) {
                (void)kundig__store_settle(store, NULL);
            }
            /* Closing moves what FILE-wal holds into the file; a child that did so would take the
             * parent's transactions from under it. */
            sqlite3_close(store->db);
        }
        kundig__store_forgets(store);
        kundig_model_free(store->model);
        kundig__buf_free(&store->text);
        kundig__free(store->mem, store->path, store->path_size);
        kundig__free(store->mem, store, sizeof *store);
    }
}

/* ---- Names and marks ---- */

int kundig__store_hash(kundig__store *store, char hex[33], kundig_error *err)
{
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    int rc = kundig__store_look(store, err);
    if (rc) {
        return rc;
    }
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        sums[kind] = store->state.kinds[kind].sum;
    }
    kundig__facts_name(sums, store->state.has_model ? &store->state.model : NULL, hex);
    return KUNDIG_OK;
}

/* SQLite's own way of reading, for to open and close the file by ourselves would drop the locks
 * that another handle of this process holds on it. */
bool kundig__is_store(kundig__mem *mem, kundig_text path)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    unsigned char head[100] = {0};
    kundig__path_kind kind = KUNDIG__PATH_ABSENT;
    if (!vfs || kundig__path_look(mem, path, &kind, NULL) || kind != KUNDIG__PATH_FILE) {
        return false;
    }
    /* Two NULs more: SQLite looks for parameters behind a name. */
    size_t size = path.len + 3;
    char *name = kundig__alloc_zero(mem, size);
    sqlite3_file *file = kundig__alloc_zero(mem, (size_t)vfs->szOsFile);
    if (name && file) {
        memcpy(name, path.data, path.len);
        int code = vfs->xOpen(vfs, name, file, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, NULL);
        if (code == SQLITE_OK && file->pMethods->xRead(file, head, sizeof head, 0) != SQLITE_OK) {
            memset(head, 0, sizeof head);
        }
        if (file->pMethods) {
            file->pMethods->xClose(file);
        }
    }
    kundig__free(mem, name, name ? size : 0);
    kundig__free(mem, file, file ? (size_t)vfs->szOsFile : 0);
    uint32_t application = (uint32_t)head[68] << 24 | (uint32_t)head[69] << 16 |
                           (uint32_t)head[70] << 8 | (uint32_t)head[71];
    return memcmp(head, STORE_MAGIC, sizeof STORE_MAGIC) == 0 &&
           application == KUNDIG__STORE_APPLICATION_ID;
}
