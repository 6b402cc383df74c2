/* Lost power: a store is worked on while every write is logged; then, for random moments, the disk
 * is made as it may have been left (disk.h) and the store is opened from it. What was acknowledged
 * before the moment must be there, what was under way wholly or not at all, and nothing of whom was
 * erased before it.
 *
 * usage: store_power [--runs N] [--seed N] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "shim.h"
#include "work.h"

#define POWER_ACTIONS 30
#define POWER_MOMENTS 10 /* looked at in one log */

typedef struct power_gone {
    const char *folder;
    uint64_t seed;
    size_t cut;
    uint32_t sure;
} power_gone;

static void work_logged(const work *w, const char *folder, dice *d)
{
    kundig *k = NULL;
    kundig_error err;
    folder_empty(folder);
    disk_log();
    for (uint32_t n = 0; n < POWER_ACTIONS; n++) {
        if (k && throw_dice(d, 8) == 0) {
            kundig_close(k);
            k = NULL;
        }
        if ((!k && work_open(in(folder, "a.kundig"), KUNDIG_ACCESS_CREATE, &k, &err)) ||
            work_do(w, n, k, &err)) {
            die("power: seed %llu, action %u (%s): %s", (unsigned long long)w->seed, (unsigned)n,
                work_name(w, n), err.message);
        }
        disk_mark();
    }
    kundig_close(k);
    disk_log_end();
}

static void must_be_gone(void *with, kundig_text word)
{
    const power_gone *g = with;
    const char *file = folder_holds(g->folder, word.data, word.len);
    if (file) {
        die("power: seed %llu, moment %zu after %u actions: \"%.*s\" was erased and stands in %s",
            (unsigned long long)g->seed, g->cut, (unsigned)g->sure, (int)word.len, word.data, file);
    }
}

static char *expected(const work *w, uint32_t n)
{
    kundig_error err;
    kundig *k = work_expected(w, n);
    char *answers = work_answers(k, &err);
    if (!answers) {
        die("power: the recount: %s", err.message);
    }
    kundig_close(k);
    return answers;
}

/* true if the action under way was there. */
static bool look(const work *w, const char *folder, size_t cut, uint64_t fate)
{
    uint32_t sure = (uint32_t)disk_marks(cut);
    folder_empty(folder);
    disk_left(folder, cut, fate);
    if (sure > 0 && !(work_kind(w, sure) & (WORK_ERASE | WORK_ERASE_RECORD))) {
        power_gone g = {folder, w->seed, cut, sure};
        work_gone(w, sure, true, must_be_gone, &g);
    }
    const char *path = in(folder, "a.kundig");
    if (!file_there(path)) {
        if (sure > 0) {
            die("power: seed %llu, moment %zu: the store is gone", (unsigned long long)w->seed,
                cut);
        }
        return false;
    }
    kundig *k = NULL;
    kundig_error err;
    char *found = NULL;
    if (work_open(path, KUNDIG_ACCESS_CREATE, &k, &err) || !(found = work_answers(k, &err))) {
        die("power: seed %llu, moment %zu after %u actions: the store does not open: %s",
            (unsigned long long)w->seed, cut, (unsigned)sure, err.message);
    }
    kundig_close(k);
    char *before = expected(w, sure);
    bool whole = work_differ(found, before) != NULL;
    if (whole) {
        char *after = expected(w, sure + 1);
        if (work_differ(found, after)) {
            die("power: seed %llu, moment %zu, after %u actions (next: %s): %s",
                (unsigned long long)w->seed, cut, (unsigned)sure, work_name(w, sure),
                work_differ(before, found));
        }
        free(after);
    }
    const char *finding = work_verify(in(folder, "a.kundig"));
    if (finding[0]) {
        die("power: seed %llu, moment %zu: verify: %s", (unsigned long long)w->seed, cut, finding);
    }
    free(found);
    free(before);
    return whole;
}

int main(int argc, char **argv)
{
    settings s = settings_read(argc, argv, 100);
    shim_install();
    const char *folder = folder_new();
    const char *rest = folder_new();
    dice d = {s.seed};
    uint64_t whole = 0;
    uint64_t operations = 0;
    for (uint64_t run = 0; run < s.runs; run++) {
        static work w;
        if (run % POWER_MOMENTS == 0) {
            disk_free();
            w = (work){.seed = throw_whole(&d) >> 16, .kinds = WORK_ALL};
            work_logged(&w, folder, &d);
            operations += disk_length();
        }
        size_t cut = throw_dice(&d, disk_length() + 1);
        whole += look(&w, rest, cut, throw_whole(&d));
        if (s.runs > 200 && (run + 1) % (s.runs / 10) == 0) {
            printf("%llu runs\n", (unsigned long long)(run + 1));
            fflush(stdout);
        }
    }
    disk_free();
    printf("power lost: %llu runs among %llu operations on files; nothing acknowledged was lost, "
           "in %llu runs the action under way was there\n",
           (unsigned long long)s.runs, (unsigned long long)operations, (unsigned long long)whole);
    return 0;
}
