/* Every call to the disk failed in turn, once and for ever: input and output errors, a full disk,
 * short writes, failed syncs, locks of others. A call that fails says so with a clean code and a
 * sentence, leaves nothing behind in memory or among the open files, the handle answers as before
 * or as after, so does the store when it is opened again, and doing it again succeeds.
 *
 * usage: store_faults [--full] [--seed N] [--only WORD]       without --full some of the points */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "old.h"
#include "probe.h"
#include "shim.h"
#include "work.h"

#define FAULT_STORE "a.kundig"

typedef struct fault_case {
    const char *name;
    uint32_t actions;  /* done before */
    unsigned last;     /* the kind of the action that meets the fault; 0: only answers are asked */
    bool open_outside; /* the handle was opened and read before the fault */
    bool follows;      /* another handle wrote meanwhile */
    bool merges;       /* facts of another store are added */
    bool old;          /* the store is of format 0 */
} fault_case;

static const fault_case cases[] = {
    {.name = "a store is made and written to", .last = WORK_FEEDBACK},
    {.name = "opened again and written to", .actions = 8, .last = WORK_FEEDBACK},
    {.name = "written to", .actions = 8, .last = WORK_FEEDBACK, .open_outside = true},
    {.name = "opened and asked", .actions = 8},
    {.name = "asked after another wrote", .actions = 8, .open_outside = true, .follows = true},
    {.name = "written to after another wrote",
     .actions = 8,
     .last = WORK_FEEDBACK,
     .open_outside = true,
     .follows = true},
    {.name = "a model is pinned", .actions = 4, .last = WORK_PIN},
    {.name = "a customer is erased", .actions = 8, .last = WORK_ERASE, .open_outside = true},
    {.name = "opened and a customer is erased", .actions = 8, .last = WORK_ERASE},
    {.name = "a cache is kept", .actions = 8, .last = WORK_CACHE},
    {.name = "written anew", .actions = 10, .last = WORK_COMPACT},
    {.name = "another store is merged", .actions = 6, .merges = true},
    {.name = "a store of format 0 is opened", .actions = 8, .old = true},
};

typedef struct fault_world {
    const fault_case *c;
    work before; /* the actions before */
    work last;   /* one action: its first */
    uint32_t last_number;
    const char *template; /* the folder as it is before */
    const char *folder;
    char *answers_before;
    char *answers_after;
    uint64_t points;
    uint64_t refused;
    uint64_t unharmed; /* the fault struck and the call succeeded all the same */
} fault_world;

static probe fault_probe;
static size_t fault_files; /* open before */

static int open_store(const char *path, kundig **out, kundig_error *err)
{
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(&fault_probe);
    options.busy_ms = 50;
    return kundig_open(path, strlen(path), &options, out, err);
}

/* What is done under the fault. */
static int act(const fault_world *f, kundig *k, kundig_error *err)
{
    if (f->c->last) {
        return work_do(&f->last, f->last_number, k, err);
    }
    if (f->c->merges) {
        const char *other = in(f->folder, "b.kundig");
        return kundig_merge(k, other, strlen(other), 0, NULL, err);
    }
    char *answers = work_answers(k, err);
    free(answers);
    return answers ? KUNDIG_OK : err->code;
}

static char *ask_store(const fault_world *f)
{
    kundig *k = NULL;
    kundig_error err;
    char *answers = NULL;
    const char *path = in(f->folder, FAULT_STORE);
    if (open_store(path, &k, &err) || !(answers = work_answers(k, &err))) {
        die("faults: %s: %s: the store does not open again: %s", f->c->name, shim_where(),
            err.message);
    }
    kundig_close(k);
    return answers;
}

static void must_fit(const fault_world *f, const char *found, bool after, const char *who)
{
    const char *to_after = work_differ(f->answers_after, found);
    if (to_after && (after || work_differ(f->answers_before, found))) {
        die("faults: %s: %s: %s is neither as before nor as after: %s", f->c->name, shim_where(),
            who, to_after);
    }
}

static void must_be_clean(const fault_world *f, int rc, shim_fault fault, const kundig_error *err)
{
    bool fits = rc == KUNDIG_E_IO || rc == KUNDIG_E_BUSY;
    if (!fits || (fault == SHIM_LOCKED && rc != KUNDIG_E_BUSY) || strlen(err->message) < 20 ||
        err->code != rc) {
        die("faults: %s: %s (%s): the error is %d (%d), \"%s\"", f->c->name, shim_where(),
            shim_name(fault), rc, err->code, err->message);
    }
}

static void must_be_free(const fault_world *f)
{
    if (fault_probe.live_blocks || open_files() != fault_files) {
        die("faults: %s: %s: %zu blocks and %zu files are left", f->c->name, shim_where(),
            fault_probe.live_blocks, open_files() - fault_files);
    }
}

/* One point; false once the fault no longer strikes. */
static bool strike_point(fault_world *f, shim_fault fault, uint64_t n, bool for_ever)
{
    kundig *k = NULL;
    kundig_error err = {0};
    char path[512];
    copy_name(path, sizeof path, in(f->folder, FAULT_STORE));
    folder_copy(f->template, f->folder);
    if (f->c->open_outside && open_store(path, &k, &err)) {
        die("faults: %s: %s", f->c->name, err.message);
    }
    if (k) {
        free(work_answers(k, &err));
    }
    if (f->c->follows) {
        kundig *other = NULL;
        if (open_store(path, &other, &err) || work_do(&f->before, f->c->actions, other, &err)) {
            die("faults: %s: %s", f->c->name, err.message);
        }
        kundig_close(other);
    }
    shim_arm(fault, n, for_ever);
    int rc = k ? KUNDIG_OK : open_store(path, &k, &err);
    bool opened = rc == KUNDIG_OK;
    rc = rc ? rc : act(f, k, &err);
    if (!opened || !f->c->open_outside) { /* closing meets the fault, too */
        kundig_close(k);
        k = NULL;
    }
    (void)shim_disarm();
    bool struck = shim_struck();
    if (rc) {
        must_be_clean(f, rc, fault, &err);
        f->refused++;
    } else {
        f->unharmed += struck;
    }
    if (k) { /* the handle that met the fault */
        char *found = work_answers(k, &err);
        if (!found) {
            die("faults: %s: %s: the handle no longer answers: %s", f->c->name, shim_where(),
                err.message);
        }
        must_fit(f, found, rc == KUNDIG_OK, "the handle");
        free(found);
        if (act(f, k, &err)) {
            die("faults: %s: %s: doing it again: %s", f->c->name, shim_where(), err.message);
        }
        kundig_close(k);
        rc = KUNDIG_OK;
    }
    must_be_free(f);
    /* Whoever opens it, whether or not a file was made at all. */
    char *found = ask_store(f);
    must_fit(f, found, rc == KUNDIG_OK, "the store");
    free(found);
    const char *finding = work_verify(path);
    if (finding[0]) {
        die("faults: %s: %s: verify: %s", f->c->name, shim_where(), finding);
    }
    if (open_store(path, &k, &err) || act(f, k, &err)) {
        die("faults: %s: %s: doing it again: %s", f->c->name, shim_where(), err.message);
    }
    kundig_close(k);
    found = ask_store(f);
    must_fit(f, found, true, "what was done again");
    free(found);
    must_be_free(f);
    f->points++;
    return struck;
}

static kundig *made(const char *path, const work *w, uint32_t n)
{
    kundig *k = NULL;
    kundig_error err;
    int rc = work_open(path, KUNDIG_ACCESS_CREATE, &k, &err);
    for (uint32_t i = 0; i < n && !rc; i++) {
        rc = work_do(w, i, k, &err);
    }
    if (rc) {
        die("faults: %s", err.message);
    }
    return k;
}

static void prepare(fault_world *f, uint64_t seed)
{
    const fault_case *c = f->c;
    const char *path = in(f->template, FAULT_STORE);
    folder_empty(f->template);
    folder_empty(f->folder);
    f->before = (work){.seed = seed, .kinds = WORK_ADDING | WORK_PIN, .biggest = 60};
    f->last = (work){.seed = seed, .kinds = c->last, .biggest = 60};
    f->last_number = 1; /* action 0 only adds */
    if (c->old) {
        f->before.calm = c->actions;
        old_store(path, &f->before, c->actions);
    } else if (c->actions) {
        kundig_close(made(path, &f->before, c->actions));
    }
    if (c->merges) {
        work other = {.seed = seed + 1, .kinds = WORK_ADDING, .biggest = 30};
        kundig_close(made(in(f->template, "b.kundig"), &other, 4));
    }
    /* Before and after, where nothing fails. */
    kundig_error err;
    folder_copy(f->template, f->folder);
    kundig *k = made(in(f->folder, FAULT_STORE), NULL, 0);
    if (c->follows && work_do(&f->before, c->actions, k, &err)) {
        die("faults: %s: %s", c->name, err.message);
    }
    f->answers_before = work_answers(k, &err);
    if (act(f, k, &err)) {
        die("faults: %s: where nothing fails: %s", c->name, err.message);
    }
    f->answers_after = work_answers(k, &err);
    kundig_close(k);
}

int main(int argc, char **argv)
{
    settings s = settings_read(argc, argv, 0);
    shim_install();
    const char *template = folder_new();
    const char *folder = folder_new();
    dice d = {s.seed};
    uint64_t points = 0;
    uint64_t refused = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (s.only && !strstr(cases[i].name, s.only)) {
            continue;
        }
        fault_world f = {.c = &cases[i], .template = template, .folder = folder};
        fault_probe = (probe){0};
        prepare(&f, s.seed);
        fault_files = open_files();
        for (shim_fault fault = SHIM_EIO; fault < SHIM_KILL; fault++) {
            for (int for_ever = 0; for_ever < 2; for_ever++) {
                uint64_t n = 1;
                while (strike_point(&f, fault, n, for_ever)) {
                    n += s.full ? 1 : 1 + throw_dice(&d, 3 + n);
                }
            }
        }
        printf("%-34s %6llu points, %llu refused, %llu went well all the same\n", f.c->name,
               (unsigned long long)f.points, (unsigned long long)f.refused,
               (unsigned long long)f.unharmed);
        fflush(stdout);
        if (f.refused == 0) {
            die("faults: %s: no fault reached it", f.c->name);
        }
        points += f.points;
        refused += f.refused;
        free(f.answers_before);
        free(f.answers_after);
    }
    printf(
        "faults of the disk: %llu points, %llu refused with a sentence; every store as before or "
        "as after\n",
        (unsigned long long)points, (unsigned long long)refused);
    return 0;
}
