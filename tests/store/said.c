/* What is said where a store cannot be had: links, folders, files of others, permissions, a full
 * disk, locks, keys. Every sentence stands in sentences.txt; a change of words is a change there.
 *
 * usage: store_said FILE            compares
 *        store_said --print         prints what FILE should hold */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "old.h"
#include "shim.h"
#include "work.h"

#define SAID_STORE   "a.kundig"
#define SAID_NOBODY  65534
#define SAID_SECONDS 20

typedef struct said {
    char *lines;
    size_t used;
    size_t room;
} said;

static const char key_one[] = "0123456789abcdef0123456789abcdef";
static const char key_two[] = "0123456789abcdef0123456789abcdeF";

/* Numbers of errors are the system's, and differ between systems. */
static void no_numbers(char *line)
{
    static const char words[] = "system error ";
    char *at = line;
    while ((at = strstr(at, words)) != NULL) {
        at += sizeof words - 1;
        size_t digits = strspn(at, "0123456789");
        if (digits > 0) {
            *at = 'N';
            memmove(at + 1, at + digits, strlen(at + digits) + 1);
        }
    }
}

static void say(said *s, const char *what, const char *call, int rc, const char *message)
{
    char line[600];
    (void)snprintf(line, sizeof line, "%s | %s | %s%s%s\n", what, call,
                   rc ? kundig_strerror(rc) : "ok", rc ? " | " : "", rc ? message : "");
    no_numbers(line);
    size_t len = strlen(line);
    if (s->used + len + 1 > s->room) {
        s->room = 2 * (s->used + len + 1);
        s->lines = grow(s->lines, s->room);
    }
    memcpy(s->lines + s->used, line, len + 1);
    s->used += len;
}

/* Another record each time. */
static int add_one(kundig *k, kundig_error *err)
{
    static int number;
    char id[16];
    kundig_feedback f;
    kundig_feedback_init(&f);
    f.source = (kundig_text){"said", 4};
    f.id = (kundig_text){id, (size_t)snprintf(id, sizeof id, "%d", number++)};
    f.text = (kundig_text){"a word", 6};
    return kundig_feedback_add(k, &f, 1, NULL, err);
}

static int open_with(const char *path, size_t len, int32_t access, const char *key, kundig **k,
                     kundig_error *err)
{
    kundig_options options;
    kundig_options_init(&options);
    options.access = access;
    options.busy_ms = 100;
    if (key) {
        options.pseudonym_key = (kundig_text){key, 32};
        options.identifiers = KUNDIG_IDENTIFIERS_PSEUDONYMS;
    }
    return kundig_open(path, len, &options, k, err);
}

/* Open in one way; ask for the facts' name, or add one record. */
static void try_open(said *s, const char *what, const char *path, int32_t access)
{
    static const char *const ways[] = {"create", "write", "read"};
    kundig *k = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0};
    (void)alarm(SAID_SECONDS);
    int rc = open_with(path, strlen(path), access, NULL, &k, &err);
    if (!rc) {
        rc = access == KUNDIG_ACCESS_READ ? kundig_fields(k, &table, &err) : add_one(k, &err);
    }
    say(s, what, ways[access], rc, err.message);
    kundig_table_free(table);
    kundig_close(k);
    (void)alarm(0);
}

static void try_all(said *s, const char *what, const char *path)
{
    for (int32_t access = KUNDIG_ACCESS_READ; access >= KUNDIG_ACCESS_CREATE; access--) {
        try_open(s, what, path, access);
    }
    kundig_table *table = NULL;
    kundig_error err = {0};
    (void)alarm(SAID_SECONDS);
    int rc = kundig_verify(path, strlen(path), NULL, &table, &err);
    (void)alarm(0);
    char words[400] = "";
    if (!rc) {
        size_t column = kundig_table_find_column(table, "finding", 7);
        size_t severity = kundig_table_find_column(table, "severity", 8);
        for (size_t row = 0; row < kundig_table_row_count(table) && !words[0]; row++) {
            kundig_text how = kundig_table_text(table, row, severity);
            kundig_text t = kundig_table_text(table, row, column);
            if (how.len == 5 && memcmp(how.data, "error", 5) == 0) {
                snprintf(words, sizeof words, "%.*s", (int)t.len, t.data);
            }
        }
    }
    char call[400];
    snprintf(call, sizeof call, "verify%s%.380s", words[0] ? " finds: " : "", words);
    say(s, what, call, rc, err.message);
    kundig_table_free(table);
    if (kundig_is_store(path, strlen(path))) {
        say(s, what, "is a store", 0, "");
    }
}

/* ---- what lies there; the current folder is empty before each ---- */

static void make_store(void)
{
    kundig *k = NULL;
    kundig_error err;
    if (work_open(SAID_STORE, KUNDIG_ACCESS_CREATE, &k, &err) || add_one(k, &err)) {
        die("said: %s", err.message);
    }
    kundig_close(k);
}

static void lay_nothing(void)
{
}

static void lay_folder(void)
{
    if (mkdir(SAID_STORE, 0700) != 0) {
        die("said: mkdir");
    }
}

static void lay_link(void)
{
    make_store();
    if (rename(SAID_STORE, "other") != 0 || symlink("other", SAID_STORE) != 0) {
        die("said: symlink");
    }
}

static void lay_dangling(void)
{
    if (symlink("nowhere", SAID_STORE) != 0) {
        die("said: symlink");
    }
}

static void lay_pipe(void)
{
    if (mkfifo(SAID_STORE, 0600) != 0) {
        die("said: mkfifo");
    }
}

static void lay_empty(void)
{
    file_write(SAID_STORE, "", 0);
}

static void lay_csv(void)
{
    static const char csv[] =
        "id,date,nps,comment\n1,2026-01-02,9,all is well and more than that\n";
    file_write(SAID_STORE, csv, sizeof csv - 1);
}

static void lay_short(void)
{
    file_write(SAID_STORE, "SQLite", 6);
}

static void lay_zeros(void)
{
    static const char zeros[8192];
    file_write(SAID_STORE, zeros, sizeof zeros);
}

static void lay_other(void)
{
    plain_sql(SAID_STORE, "CREATE TABLE address(name TEXT); PRAGMA application_id = 1234;");
}

static void lay_bare(void)
{
    plain_sql(SAID_STORE, "CREATE TABLE address(name TEXT)");
}

static void lay_later(void)
{
    make_store();
    plain_sql(SAID_STORE, "PRAGMA user_version = 7");
}

static void lay_cut(void)
{
    make_store();
    content c = file_read(SAID_STORE);
    file_write(SAID_STORE, c.bytes, c.size / 2);
    free(c.bytes);
}

static void lay_trigger(void)
{
    make_store();
    plain_sql(SAID_STORE, "CREATE TRIGGER t AFTER INSERT ON feedback BEGIN DELETE FROM event; END");
}

static void lay_changed(void)
{
    make_store();
    plain_sql(SAID_STORE, "UPDATE feedback SET text = 'another word'");
}

static void lay_fewer(void)
{
    make_store();
    plain_sql(SAID_STORE, "DELETE FROM feedback");
}

static void lay_log_folder(void)
{
    make_store();
    if (mkdir(SAID_STORE "-wal", 0700) != 0) {
        die("said: mkdir");
    }
}

static void lay_read_only(void)
{
    make_store();
    (void)chmod(SAID_STORE, 0400);
}

static void lay_forbidden(void)
{
    make_store();
    (void)chmod(SAID_STORE, 0);
}

static void lay_read_only_folder(void)
{
    make_store();
    (void)chmod(".", 0500);
}

static void lay_forbidden_folder(void)
{
    make_store();
    (void)chmod(".", 0);
}

static const struct said_case {
    const char *what;
    void (*lay)(void);
    const char *path; /* NULL: SAID_STORE */
} said_cases[] = {
    {"no such file", lay_nothing, NULL},
    {"no such folder", lay_nothing, "nowhere/a.kundig"},
    {"a folder", lay_folder, NULL},
    {"a file in the place of a folder", lay_csv, SAID_STORE "/b.kundig"},
    {"a link to a store", lay_link, NULL},
    {"a link to nothing", lay_dangling, NULL},
    {"a pipe", lay_pipe, NULL},
    {"a device", lay_nothing, "/dev/null"},
    {"an empty file", lay_empty, NULL},
    {"feedback as CSV", lay_csv, NULL},
    {"six bytes", lay_short, NULL},
    {"zeros", lay_zeros, NULL},
    {"a database of another program", lay_other, NULL},
    {"a database without a mark", lay_bare, NULL},
    {"a store of a later kundig", lay_later, NULL},
    {"half of a store", lay_cut, NULL},
    {"a trigger of someone else", lay_trigger, NULL},
    {"a changed comment", lay_changed, NULL},
    {"deleted rows", lay_fewer, NULL},
    {"a folder in the place of the log", lay_log_folder, NULL},
    {"a file that may be read alone", lay_read_only, NULL},
    {"a file that may not be read", lay_forbidden, NULL},
    {"a folder that may be read alone", lay_read_only_folder, NULL},
    {"a folder that may not be entered", lay_forbidden_folder, NULL},
};

/* ---- what needs more than a file ---- */

static void try_names(said *s)
{
    char name[5000];
    kundig *k = NULL;
    kundig_error err = {0};
    memset(name, 'a', sizeof name);
    say(s, "a name of 5,000 bytes", "create",
        open_with(name, sizeof name, KUNDIG_ACCESS_CREATE, NULL, &k, &err), err.message);
    say(s, "a name of 300 bytes", "create",
        open_with(name, 300, KUNDIG_ACCESS_CREATE, NULL, &k, &err), err.message);
    say(s, "a name with a zero byte", "create",
        open_with("a\0b", 3, KUNDIG_ACCESS_CREATE, NULL, &k, &err), err.message);
    say(s, "no name", "create", open_with("", 0, KUNDIG_ACCESS_CREATE, NULL, &k, &err),
        err.message);
    say(s, "no such way", "open", open_with(SAID_STORE, 8, 3, NULL, &k, &err), err.message);
    try_open(s, "a name that looks like a URI", "file:a.kundig?mode=memory", KUNDIG_ACCESS_CREATE);
    say(s, "a name that looks like a URI", file_there("file:a.kundig?mode=memory") ? "a file" : "?",
        0, "");
}

static void try_keys(said *s)
{
    kundig *k = NULL;
    kundig_error err = {0};
    int rc = open_with(SAID_STORE, 8, KUNDIG_ACCESS_CREATE, key_one, &k, &err);
    rc = rc ? rc : add_one(k, &err);
    say(s, "pseudonyms", "create", rc, err.message);
    kundig_close(k);
    k = NULL;
    say(s, "pseudonyms", "no key", open_with(SAID_STORE, 8, 0, NULL, &k, &err), err.message);
    say(s, "pseudonyms", "another key", open_with(SAID_STORE, 8, 0, key_two, &k, &err),
        err.message);
    rc = open_with(SAID_STORE, 8, 0, key_one, &k, &err);
    say(s, "pseudonyms", "the same key", rc, err.message);
    kundig_close(k);
    k = NULL;
    (void)remove(SAID_STORE);
    make_store();
    say(s, "pseudonyms in a store with plain names", "open",
        open_with(SAID_STORE, 8, 0, key_one, &k, &err), err.message);
    kundig_close(k);
}

static void try_locked(said *s)
{
    kundig *k = NULL;
    kundig_error err = {0};
    sqlite3 *db = NULL;
    make_store();
    if (sqlite3_open(SAID_STORE, &db) != SQLITE_OK ||
        sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
        open_with(SAID_STORE, 8, KUNDIG_ACCESS_WRITE, NULL, &k, &err)) {
        die("said: the lock: %s", err.message);
    }
    say(s, "another process writes", "add", add_one(k, &err), err.message);
    (void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    say(s, "it has written", "add", add_one(k, &err), err.message);
    kundig_close(k);
    sqlite3_close(db);
}

static void try_full(said *s)
{
    kundig *k = NULL;
    kundig_error err = {0};
    make_store();
    if (open_with(SAID_STORE, 8, KUNDIG_ACCESS_WRITE, NULL, &k, &err)) {
        die("said: %s", err.message);
    }
    shim_arm(SHIM_ENOSPC, 1, true);
    int rc = add_one(k, &err);
    (void)shim_disarm();
    say(s, "a full disk", "add", rc, err.message);
    shim_arm(SHIM_EIO, 1, true);
    rc = add_one(k, &err);
    (void)shim_disarm();
    say(s, "a broken disk", "add", rc, err.message);
    shim_arm(SHIM_FSYNC, 1, true);
    rc = add_one(k, &err);
    (void)shim_disarm();
    say(s, "a failed sync", "add", rc, err.message);
    say(s, "all is well again", "add", add_one(k, &err), err.message);
    kundig_close(k);
}

static void try_read_only(said *s)
{
    kundig *k = NULL;
    kundig_error err = {0};
    make_store();
    if (open_with(SAID_STORE, 8, KUNDIG_ACCESS_READ, NULL, &k, &err)) {
        die("said: %s", err.message);
    }
    kundig_erasure erasure;
    kundig_erasure_init(&erasure);
    erasure.customer = (kundig_text){"anna", 4};
    say(s, "opened for reading", "add", add_one(k, &err), err.message);
    say(s, "opened for reading", "erase", kundig_erase(k, &erasure, NULL, &err), err.message);
    say(s, "opened for reading", "compact", kundig_compact(k, &err), err.message);
    say(s, "opened for reading", "cache", kundig_cache_save(k, &err), err.message);
    say(s, "opened for reading", "pin", kundig_pin_model(k, NULL, &err), err.message);
    kundig_close(k);
    k = NULL;
    if (kundig_open(":memory:", 8, NULL, &k, &err)) {
        die("said: %s", err.message);
    }
    say(s, "in memory", "compact", kundig_compact(k, &err), err.message);
    say(s, "in memory", "cache", kundig_cache_save(k, &err), err.message);
    say(s, "merge of nothing", "merge", kundig_merge(k, "nowhere", 7, 0, NULL, &err), err.message);
    kundig_close(k);
}

static void try_gone(said *s)
{
    kundig *k = NULL;
    kundig_error err = {0};
    make_store();
    if (open_with(SAID_STORE, 8, KUNDIG_ACCESS_WRITE, NULL, &k, &err)) {
        die("said: %s", err.message);
    }
    (void)remove(SAID_STORE);
    say(s, "removed while it is open", "add", add_one(k, &err), err.message);
    kundig_close(k);
}

static void (*const said_more[])(said *s) = {
    try_names, try_keys, try_locked, try_full, try_read_only, try_gone,
};

/* ---- all of it, in a process that is nobody: root may do everything ---- */

static char *all_said(const char *folder)
{
    said s = {0};
    for (size_t i = 0; i < sizeof said_cases / sizeof *said_cases; i++) {
        const struct said_case *c = &said_cases[i];
        c->lay();
        try_all(&s, c->what, c->path ? c->path : SAID_STORE);
        (void)chmod(folder, 0700);
        folder_empty(".");
    }
    for (size_t i = 0; i < sizeof said_more / sizeof *said_more; i++) {
        said_more[i](&s);
        folder_empty(".");
    }
    return s.lines;
}

static void first_difference(const char *wanted, const char *found)
{
    while (*wanted || *found) {
        size_t w = strcspn(wanted, "\n");
        size_t f = strcspn(found, "\n");
        if (w != f || memcmp(wanted, found, w) != 0) {
            die("said: wanted \"%.*s\"\n      got    \"%.*s\"", (int)w, wanted, (int)f, found);
        }
        wanted += w + (wanted[w] == '\n');
        found += f + (found[f] == '\n');
    }
}

int main(int argc, char **argv)
{
    bool print = argc == 2 && strcmp(argv[1], "--print") == 0;
    if (argc != 2) {
        die("usage: store_said FILE | --print");
    }
    char *wanted = NULL;
    content c = {NULL, 0};
    shim_install();
    if (!print) {
        c = file_read(argv[1]);
        wanted = grow(c.bytes, c.size + 1);
        wanted[c.size] = '\0';
    }
    const char *folder = folder_new();
    if (geteuid() == 0 && (chown(folder, SAID_NOBODY, SAID_NOBODY) != 0 ||
                           setegid(SAID_NOBODY) != 0 || seteuid(SAID_NOBODY) != 0)) {
        die("said: root cannot become nobody");
    }
    if (chdir(folder) != 0) {
        printf("skipped: this is root, and nobody may not enter %s\n", folder);
        return 77;
    }
    char *found = all_said(folder);
    if (print) {
        fputs(found, stdout);
    } else {
        first_difference(wanted, found);
    }
    free(found);
    free(wanted);
    if (getuid() == 0 && seteuid(0) != 0) {
        die("said: nobody cannot become root");
    }
    return 0;
}
