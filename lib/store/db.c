/* SQLite behind our errors: opening a file with every setting that matters, running statements, and
 * saying in a sentence what its result codes mean.
 *
 * Invariant: no setting is assumed: whatever another program left in the file or SQLite was built
 * with is set or refused here. The path itself may not be a symbolic link, and a new file is for
 * its owner alone. Cost: opening reads the first page. */
#include "store/db.h"
#include "base/os.h"
#include "base/text.h"

#include <stdio.h>

#define DB_MOST_PATH 4096

/* ---- Errors ---- */

static void db_wait_words(uint32_t ms, char out[32])
{
    if (ms % 1000 == 0) {
        snprintf(out, 32, "%lu s", (unsigned long)(ms / 1000));
    } else {
        snprintf(out, 32, "%lu ms", (unsigned long)ms);
    }
}

static int db_fail_io(kundig__store *store, int code, const char *doing, kundig_error *err)
{
    int shown = kundig__shown(store->name);
    const char *name = store->name.data;
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "the disk is full while %s %.*s: nothing was changed, make room and "
                            "do it again",
                            doing, shown, name);
    case SQLITE_READONLY:
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "%.*s may not be written (SQLite error %d): see the permissions of the "
                            "file and its folder, or open it for reading alone",
                            shown, name, code);
    case SQLITE_CANTOPEN:
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "cannot open %.*s or a file beside it (SQLite error %d, system error "
                            "%d): see the permissions of the file and its folder",
                            shown, name, code, store->db ? sqlite3_system_errno(store->db) : 0);
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return kundig__fail(err, KUNDIG_E_IO, 0, "permission was refused while %s %.*s", doing,
                            shown, name);
    default:
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "the device or file system failed while %s %.*s (SQLite error %d, "
                            "system error %d)",
                            doing, shown, name, code,
                            store->db ? sqlite3_system_errno(store->db) : 0);
    }
}

int kundig__db_fail(kundig__store *store, int code, const char *doing, kundig_error *err)
{
    int shown = kundig__shown(store->name);
    const char *name = store->name.data;
    char wait[32];
    if (code == SQLITE_IOERR_NOMEM || (code & 0xFF) == SQLITE_NOMEM) {
        return kundig__fail(err, KUNDIG_E_NOMEM, 0, "out of memory");
    }
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: /* the locks of readers were taken each time it tried */
        db_wait_words(store->options.busy_ms, wait);
        return kundig__fail(err, KUNDIG_E_BUSY, 0,
                            "another process writes to %.*s; waited %s: try again, or wait longer "
                            "(busy_ms)",
                            shown, name, wait);
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
        return db_fail_io(store, code, doing, err);
    case SQLITE_NOTADB:
        return kundig__fail(err, KUNDIG_E_FORMAT, 0,
                            "%.*s is not a store of kundig: a file of feedback is read into one, "
                            "with kundig ingest STORE FILE",
                            shown, name);
    case SQLITE_CORRUPT:
        return kundig__db_damaged(store, err, "SQLite finds its structure broken (error %d)", code);
    case SQLITE_TOOBIG:
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a text is too long for %.*s", shown, name);
    default: {
        const char *words = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);
        return kundig__db_damaged(store, err, "SQLite says '%.60s' (error %d)", words, code);
    }
    }
}

int kundig__db_damaged(kundig__store *store, kundig_error *err, const char *format, ...)
{
    char words[120];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(words, sizeof words, format, args);
    va_end(args);
    int shown = len < 0 ? 0 : kundig__shown(kundig__text(words, strlen(words)));
    if (store->faults) {
        return kundig__fail(err, KUNDIG_E_FORMAT, 0, "%.*s", shown, words);
    }
    return kundig__fail(err, KUNDIG_E_FORMAT, 0, "%.*s is damaged: %.*s; kundig verify says more",
                        kundig__shown(store->name), store->name.data, shown, words);
}

/* ---- Statements ---- */

int kundig__db_exec(kundig__store *store, const char *sql, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = true;
    int rc = kundig__db_prepare(store, sql, &statement, err);
    while (!rc && row) {
        rc = kundig__db_step(store, statement, &row, err);
    }
    sqlite3_finalize(statement);
    return rc;
}

int kundig__db_prepare(kundig__store *store, const char *sql, sqlite3_stmt **out, kundig_error *err)
{
    int code = sqlite3_prepare_v2(store->db, sql, -1, out, NULL);
    return code == SQLITE_OK ? KUNDIG_OK : kundig__db_fail(store, code, "reading", err);
}

/* A COMMIT counts as reading for SQLite, and is where a disk is found to be full. */
static bool db_writes(kundig__store *store, sqlite3_stmt *statement)
{
    return !sqlite3_stmt_readonly(statement) ||
           (sqlite3_column_count(statement) == 0 &&
            sqlite3_txn_state(store->db, NULL) == SQLITE_TXN_WRITE);
}

int kundig__db_step(kundig__store *store, sqlite3_stmt *statement, bool *row, kundig_error *err)
{
    bool writes = db_writes(store, statement);
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return KUNDIG_OK;
    }
    return kundig__db_fail(store, code, writes ? "writing" : "reading", err);
}

int kundig__db_run(kundig__store *store, sqlite3_stmt *statement, kundig_error *err)
{
    bool row = false;
    int rc = kundig__db_step(store, statement, &row, err);
    sqlite3_reset(statement);
    return rc;
}

int kundig__db_integer(kundig__store *store, const char *sql, int64_t *out, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int rc = kundig__db_prepare(store, sql, &statement, err);
    rc = rc ? rc : kundig__db_step(store, statement, &row, err);
    if (!rc && !row) {
        rc = kundig__db_damaged(store, err, "a setting is not there");
    }
    if (!rc) {
        *out = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return rc;
}

int kundig__db_version(kundig__store *store, int64_t *version, kundig_error *err)
{
    int moved = 0;
    int code = sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved);
    if (code != SQLITE_OK && code != SQLITE_NOTFOUND) {
        return kundig__db_fail(store, code, "looking at", err);
    }
    if (moved) {
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "%.*s was moved, deleted or replaced while it was open: open it again",
                            kundig__shown(store->name), store->name.data);
    }
    return kundig__db_integer(store, "PRAGMA data_version", version, err);
}

kundig_text kundig__db_text(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
        return kundig__text(NULL, 0);
    }
    const char *data = sqlite3_column_blob(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    return len > 0 && data ? kundig__text(data, (size_t)len) : KUNDIG__TEXT("");
}

bool kundig__db_blob(sqlite3_stmt *statement, int column, void *out, size_t size)
{
    if (sqlite3_column_type(statement, column) != SQLITE_BLOB) {
        return false;
    }
    kundig_text bytes = kundig__db_text(statement, column);
    if (bytes.len != size) {
        return false;
    }
    memcpy(out, bytes.data, size);
    return true;
}

int kundig__db_bind(kundig__store *store, sqlite3_stmt *statement, int column, kundig_text text,
                    kundig_error *err)
{
    int code = text.data ? sqlite3_bind_text64(statement, column, text.data, text.len,
                                               SQLITE_STATIC, SQLITE_UTF8)
                         : sqlite3_bind_null(statement, column);
    return code == SQLITE_OK ? KUNDIG_OK : kundig__db_fail(store, code, "writing", err);
}

void kundig__db_rollback(kundig__store *store)
{
    if (store->db && !sqlite3_get_autocommit(store->db)) {
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

/* ---- Opening ---- */

static int db_settings(kundig__store *store, kundig_error *err)
{
    static const struct {
        int option;
        int value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0},
        {SQLITE_DBCONFIG_LEGACY_FILE_FORMAT, 0},
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0},
    };
    static const char *const pragmas[] = {
        "PRAGMA trusted_schema = OFF",
        "PRAGMA cell_size_check = ON",
        "PRAGMA mmap_size = 0",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA locking_mode = NORMAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA fullfsync = ON",
        "PRAGMA checkpoint_fullfsync = ON",
        "PRAGMA secure_delete = ON",
        "PRAGMA cache_size = -4096",
        "PRAGMA wal_autocheckpoint = 1000",
        "PRAGMA journal_size_limit = 16777216",
        "PRAGMA automatic_index = OFF",
        "PRAGMA ignore_check_constraints = OFF",
        "PRAGMA reverse_unordered_selects = OFF",
    };
    int code = sqlite3_extended_result_codes(store->db, 1);
    int rc = code ? kundig__db_fail(store, code, "opening", err) : KUNDIG_OK;
    for (size_t i = 0; i < sizeof options / sizeof *options && !rc; i++) {
        code = sqlite3_db_config(store->db, options[i].option, options[i].value, NULL);
        if (code != SQLITE_OK) {
            rc = kundig__fail(err, KUNDIG_E_VERSION, 0,
                              "this SQLite (%s) does not know a setting that kundig needs",
                              sqlite3_libversion());
        }
    }
    sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, INT32_MAX);
    sqlite3_busy_timeout(store->db, (int)store->options.busy_ms);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas && !rc; i++) {
        rc = kundig__db_exec(store, pragmas[i], err);
    }
    if (!rc && store->options.access == KUNDIG_ACCESS_READ) {
        rc = kundig__db_exec(store, "PRAGMA query_only = ON", err);
    }
    return rc;
}

/* What a file that says nothing of itself may have been given by whoever made it. */
static int db_check_header(kundig__store *store, kundig_error *err)
{
    int64_t vacuum = 0;
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int rc = kundig__db_integer(store, "PRAGMA auto_vacuum", &vacuum, err);
    if (!rc && vacuum) {
        rc = kundig__fail(err, KUNDIG_E_FORMAT, 0,
                          "%.*s is set to vacuum by itself, which leaves copies of what was erased",
                          kundig__shown(store->name), store->name.data);
    }
    rc = rc ? rc : kundig__db_prepare(store, "PRAGMA encoding", &statement, err);
    rc = rc ? rc : kundig__db_step(store, statement, &row, err);
    if (!rc &&
        (!row || !kundig__text_equal(kundig__db_text(statement, 0), KUNDIG__TEXT("UTF-8")))) {
        rc = kundig__fail(err, KUNDIG_E_FORMAT, 0, "the texts of %.*s are not in UTF-8",
                          kundig__shown(store->name), store->name.data);
    }
    sqlite3_finalize(statement);
    return rc;
}

/* "file:PATH?immutable=1" with what means something in a URI escaped. */
static char *db_immutable_name(kundig__store *store, size_t *size)
{
    static const char digits[] = "0123456789ABCDEF";
    kundig__buf uri;
    kundig__buf_init(&uri, store->mem);
    kundig__buf_str(&uri, "file:");
    for (const char *c = store->path; *c; c++) {
        if (*c == '%' || *c == '?' || *c == '#') {
            kundig__buf_char(&uri, '%');
            kundig__buf_char(&uri, digits[(unsigned char)*c >> 4]);
            kundig__buf_char(&uri, digits[(unsigned char)*c & 15]);
        } else {
            kundig__buf_char(&uri, *c);
        }
    }
    kundig__buf_str(&uri, "?immutable=1");
    kundig__buf_char(&uri, '\0');
    if (uri.failed) {
        kundig__buf_free(&uri);
        return NULL;
    }
    *size = uri.capacity;
    return uri.data;
}

static int db_connect(kundig__store *store, bool immutable, kundig_error *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    char *uri = NULL;
    size_t uri_size = 0;
    flags |=
        store->options.access == KUNDIG_ACCESS_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (immutable) {
        uri = db_immutable_name(store, &uri_size);
        if (!uri) {
            return kundig__nomem(store->mem, err);
        }
        flags |= SQLITE_OPEN_URI;
    }
    int code = sqlite3_open_v2(uri ? uri : store->path, &store->db, flags, NULL);
    kundig__free(store->mem, uri, uri_size);
    if (code != SQLITE_OK) {
        return kundig__db_fail(store, store->db ? sqlite3_extended_errcode(store->db) : code,
                               "opening", err);
    }
    int rc = db_settings(store, err);
    return rc ? rc : db_check_header(store, err);
}

static void db_disconnect(kundig__store *store)
{
    sqlite3_close(store->db);
    store->db = NULL;
}

static int db_look_at_path(kundig__store *store, kundig_error *err)
{
    kundig__path_kind kind;
    int shown = kundig__shown(store->name);
    const char *name = store->name.data;
    int rc = kundig__path_look(store->mem, store->name, &kind, err);
    if (rc) {
        return rc;
    }
    switch (kind) {
    case KUNDIG__PATH_FILE:
        return KUNDIG_OK;
    case KUNDIG__PATH_LINK:
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "%.*s is a symbolic link: give the file that it points to", shown,
                            name);
    case KUNDIG__PATH_ABSENT:
        if (store->options.access != KUNDIG_ACCESS_CREATE) {
            return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "there is no store %.*s", shown, name);
        }
        return kundig__file_make(store->mem, store->name, err);
    default:
        return kundig__fail(err, KUNDIG_E_IO, 0, "%.*s is not a file", shown, name);
    }
}

int kundig__db_open(kundig__store *store, kundig_error *err)
{
    if (store->name.len > DB_MOST_PATH) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the path is longer than %d bytes", DB_MOST_PATH);
    }
    int rc = db_look_at_path(store, err);
    if (rc) {
        return rc;
    }
    kundig_error first;
    rc = db_connect(store, false, &first);
    int code = rc && store->db ? sqlite3_extended_errcode(store->db) & 0xFF : SQLITE_OK;
    if (store->options.access == KUNDIG_ACCESS_READ &&
        (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)) {
        /* In a folder that may not be written the index of FILE-wal cannot be made. Without
         * FILE-wal none is needed, as nobody who writes has the store open. */
        kundig__path_kind beside = KUNDIG__PATH_ABSENT;
        size_t len = strlen(store->path);
        memcpy(store->path + len, "-wal", 5);
        int looked =
            kundig__path_look(store->mem, kundig__text(store->path, len + 4), &beside, err);
        store->path[len] = '\0';
        if (looked || beside != KUNDIG__PATH_ABSENT) {
            rc = looked ? looked
                        : kundig__fail(err, KUNDIG_E_IO, 0,
                                       "%.*s has a FILE-wal beside it that must be read, and its "
                                       "folder may not be written: open it once where it may",
                                       kundig__shown(store->name), store->name.data);
            db_disconnect(store);
            return rc;
        }
        db_disconnect(store);
        store->immutable = true;
        rc = db_connect(store, true, &first);
    }
    if (rc) {
        db_disconnect(store);
        if (err) {
            *err = first;
        }
        return rc;
    }
    if (store->options.access != KUNDIG_ACCESS_READ && sqlite3_db_readonly(store->db, "main")) {
        db_disconnect(store);
        return kundig__fail(err, KUNDIG_E_IO, 0,
                            "%.*s may not be written: see its permissions, or open it for reading "
                            "alone",
                            kundig__shown(store->name), store->name.data);
    }
    return KUNDIG_OK;
}
