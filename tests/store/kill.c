/* kill -9 at random moments: a child works on a store and says after each call that it returned; it
 * is killed by the clock, or by itself in the middle of a change of a file. Then everything that
 * was acknowledged must be there once, what was under way wholly or not at all, every number as
 * counted anew from the facts, and nothing of the erased in any file.
 *
 * usage: store_kill [--runs N] [--seed N]        1,000 runs take about a minute */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "old.h"
#include "shim.h"
#include "work.h"

#define KILL_ACTIONS 60 /* then a new store is begun */

typedef struct kill_run {
    work work;
    uint32_t done; /* actions that are surely in the store */
    bool old;      /* the store is of format 0 and migrated by whoever opens it */
} kill_run;

typedef struct kill_figures {
    uint64_t killed;
    uint64_t by_clock;
    uint64_t opening; /* killed before the first action was done */
    uint64_t migrating;
    uint64_t erasing;
    uint64_t adding;
    uint64_t other;
    uint64_t acknowledged;
    uint64_t whole;
    uint64_t absent;
} kill_figures;

static const char *store_of(const char *folder)
{
    return in(folder, "a.kundig");
}

/* The child: works until it is killed. */
__attribute__((noreturn)) static void labour(const kill_run *run, const char *folder, int out)
{
    kundig *k = NULL;
    kundig_error err;
    int rc = work_open(store_of(folder), KUNDIG_ACCESS_CREATE, &k, &err);
    uint32_t n = run->done;
    for (; !rc && n < run->done + KILL_ACTIONS; n++) {
        rc = work_do(&run->work, n, k, &err);
        if (!rc && write(out, "x", 1) != 1) {
            _exit(2);
        }
    }
    if (rc) {
        fprintf(stderr, "kill: seed %llu, action %u (%s): %d %s\n",
                (unsigned long long)run->work.seed, (unsigned)n, work_name(&run->work, n), rc,
                err.message);
        _exit(3);
    }
    kundig_close(k);
    _exit(0);
}

/* Fork, kill, and count what was acknowledged. */
static uint32_t kill_one(const kill_run *run, const char *folder, dice *d, kill_figures *f)
{
    int ends[2];
    if (pipe(ends) != 0) {
        die("kill: no pipe");
    }
    bool by_clock = throw_dice(d, 2) == 0;
    bool soon = run->old || throw_dice(d, 3) == 0;
    uint64_t wait_us = throw_dice(d, soon ? 20000 : 200000);
    uint64_t at = 1 + throw_dice(d, soon ? 150 : 1000);
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
        die("kill: no process");
    }
    if (child == 0) {
        close(ends[0]);
        if (!by_clock) {
            shim_arm(SHIM_KILL, at, false);
        }
        labour(run, folder, ends[1]);
    }
    close(ends[1]);
    if (by_clock) {
        struct timespec pause = {0, (long)wait_us * 1000};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
    }
    int status = 0;
    char acks[KILL_ACTIONS + 1];
    uint32_t acknowledged = 0;
    ssize_t got;
    while ((got = read(ends[0], acks, sizeof acks)) > 0) {
        acknowledged += (uint32_t)got;
    }
    close(ends[0]);
    (void)waitpid(child, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        f->killed++;
        f->by_clock += by_clock;
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        die("kill: seed %llu: the child ended with status %d", (unsigned long long)run->work.seed,
            status);
    }
    return acknowledged;
}

static char *answers_of_store(const char *folder, int32_t access, const work *w)
{
    kundig *k = NULL;
    kundig_error err;
    char *answers = NULL;
    if (work_open(store_of(folder), access, &k, &err) || !(answers = work_answers(k, &err))) {
        die("kill: seed %llu: the store does not open again: %s", (unsigned long long)w->seed,
            err.message);
    }
    kundig_close(k);
    return answers;
}

static char *answers_expected(const work *w, uint32_t n)
{
    kundig_error err;
    kundig *k = work_expected(w, n);
    char *answers = work_answers(k, &err);
    if (!answers) {
        die("kill: seed %llu: the recount: %s", (unsigned long long)w->seed, err.message);
    }
    kundig_close(k);
    return answers;
}

typedef struct kill_gone {
    const char *folder;
    const work *work;
    uint32_t n;
} kill_gone;

static void must_be_gone(void *with, kundig_text word)
{
    const kill_gone *g = with;
    const char *file = folder_holds(g->folder, word.data, word.len);
    if (file) {
        die("kill: seed %llu: after %u actions \"%.*s\" was erased and stands in %s",
            (unsigned long long)g->work->seed, (unsigned)g->n, (int)word.len, word.data, file);
    }
}

/* Look at the store; how many actions it holds. */
static uint32_t check(const kill_run *run, uint32_t sure, const char *folder, dice *d,
                      kill_figures *f)
{
    const work *w = &run->work;
    if (!file_there(store_of(folder))) {
        if (sure > 0) {
            die("kill: seed %llu: the store is gone", (unsigned long long)w->seed);
        }
        return 0;
    }
    if (!(work_kind(w, sure) & (WORK_ERASE | WORK_ERASE_RECORD))) { /* as it was left */
        kill_gone left = {folder, w, sure};
        work_gone(w, sure, true, must_be_gone, &left);
    }
    int32_t access =
        sure > 0 && !run->old && throw_dice(d, 3) == 0 ? KUNDIG_ACCESS_READ : KUNDIG_ACCESS_CREATE;
    char *found = answers_of_store(folder, access, w);
    char *before = answers_expected(w, sure);
    char *after = answers_expected(w, sure + 1);
    uint32_t n = sure;
    if (work_differ(found, before)) {
        if (work_differ(found, after)) {
            die("kill: seed %llu, after %u actions (next: %s): %s", (unsigned long long)w->seed,
                (unsigned)sure, work_name(w, sure), work_differ(before, found));
        }
        n = sure + 1;
        f->whole++;
    } else {
        f->absent++;
    }
    free(found);
    free(before);
    free(after);
    const char *finding = work_verify(store_of(folder));
    if (finding[0]) {
        die("kill: seed %llu, after %u actions: verify: %s", (unsigned long long)w->seed,
            (unsigned)n, finding);
    }
    free(answers_of_store(folder, KUNDIG_ACCESS_WRITE, w)); /* who writes finishes erasures */
    kill_gone g = {folder, w, n};
    work_gone(w, n, false, must_be_gone, &g);
    return n;
}

static void count_what(const kill_run *run, uint32_t sure, kill_figures *f)
{
    unsigned kind = work_kind(&run->work, sure);
    f->opening += sure == run->done;
    f->migrating += sure == run->done && run->old;
    f->erasing += kind == WORK_ERASE || kind == WORK_ERASE_RECORD;
    f->adding += (kind & WORK_ADDING) != 0;
    f->other += (kind & (WORK_PIN | WORK_CACHE | WORK_COMPACT)) != 0;
}

static void begin(kill_run *run, const char *folder, uint64_t seed, bool old)
{
    folder_empty(folder);
    *run = (kill_run){.work = {.seed = seed, .kinds = WORK_ALL}, .old = old};
    if (seed % 3) { /* these write long enough to be hit in place of all others */
        run->work.kinds &= ~(unsigned)(WORK_CACHE | WORK_COMPACT);
    }
    if (old) {
        run->done = 12;
        run->work.calm = run->done;
        old_store(store_of(folder), &run->work, run->done);
    }
}

int main(int argc, char **argv)
{
    settings s = settings_read(argc, argv, 50);
    shim_install();
    const char *folder = folder_new();
    dice d = {s.seed};
    kill_figures f = {0};
    kill_run run;
    bool old = true; /* every other store is to be migrated */
    begin(&run, folder, throw_whole(&d) >> 16, old);
    for (uint64_t i = 0; i < s.runs; i++) {
        if (run.done >= KILL_ACTIONS || throw_dice(&d, 12) == 0) {
            old = !old;
            begin(&run, folder, throw_whole(&d) >> 16, old);
        }
        uint32_t sure = run.done + kill_one(&run, folder, &d, &f);
        f.acknowledged += sure - run.done;
        count_what(&run, sure, &f);
        bool migrated = run.old && sure > run.done;
        run.done = check(&run, sure, folder, &d, &f);
        run.old = run.old && !migrated && throw_dice(&d, 3) != 0;
        if (run.old) { /* look at many moments of one migration */
            old_store(store_of(folder), &run.work, run.work.calm);
            run.done = run.work.calm;
        }
        if (s.runs > 100 && (i + 1) % (s.runs / 10) == 0) {
            printf("%llu runs\n", (unsigned long long)(i + 1));
            fflush(stdout);
        }
    }
    printf("kill -9: %llu runs, %llu killed (%llu by the clock, %llu within a change of a file); "
           "under way: %llu adding, %llu erasing, %llu pinning, caching or compacting; %llu before "
           "the first action, %llu of them with a store to be migrated; %llu actions acknowledged, "
           "none lost or doubled; under way: %llu found whole, %llu absent\n",
           (unsigned long long)s.runs, (unsigned long long)f.killed, (unsigned long long)f.by_clock,
           (unsigned long long)(f.killed - f.by_clock), (unsigned long long)f.adding,
           (unsigned long long)f.erasing, (unsigned long long)f.other,
           (unsigned long long)f.opening, (unsigned long long)f.migrating,
           (unsigned long long)f.acknowledged, (unsigned long long)f.whole,
           (unsigned long long)f.absent);
    return f.killed * 2 < s.runs;
}
