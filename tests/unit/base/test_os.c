#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/os.h"
#include "base/text.h"
#include "probe.h"

TestSuite(os, .fini = probe_fini);

static kundig__mem os_mem(void)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

static void make_file(char path[64], const char *data, size_t size)
{
    strcpy(path, "/tmp/kundig_os_XXXXXX");
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, data, size), (ssize_t)size);
    close(fd);
}

Test(os, a_file_is_read_in_pieces_and_again)
{
    char path[64];
    kundig__mem mem = os_mem();
    kundig__file *file = NULL;
    kundig_error err = {0};
    make_file(path, "0123456789", 10);
    cr_assert_eq(kundig__file_open(&mem, kundig__str(path), &file, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_eq(kundig__file_size(file), 10);
    cr_assert(kundig__file_can_rewind(file));
    for (int pass = 0; pass < 2; pass++) {
        char data[4];
        size_t got = 0;
        static const size_t expected[] = {4, 4, 2, 0, 0};
        for (int i = 0; i < 5; i++) {
            cr_assert_eq(kundig__file_read(file, data, sizeof data, &got, NULL), KUNDIG_OK);
            cr_assert_eq(got, expected[i]);
            cr_assert(got == 0 || data[0] == '0' + i * 4);
        }
        cr_assert_eq(kundig__file_rewind(file, NULL), KUNDIG_OK);
    }
    kundig__file_close(file);
    kundig__file_close(NULL);
    cr_assert_eq(mem.used, 0);
    unlink(path);
}

Test(os, what_cannot_be_opened_is_named_with_the_reason)
{
    kundig__mem mem = os_mem();
    kundig__file *file = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig__file_open(&mem, KUNDIG__TEXT("/no/such/file.csv"), &file, &err),
                 KUNDIG_E_IO);
    cr_assert_not_null(strstr(err.message, "/no/such/file.csv: there is no such file"), "%s",
                       err.message);
    cr_assert_eq(kundig__file_open(&mem, KUNDIG__TEXT("/tmp"), &file, &err), KUNDIG_E_IO);
    cr_assert_not_null(strstr(err.message, "folder"), "%s", err.message);
    cr_assert_eq(kundig__file_open(&mem, KUNDIG__TEXT("/dev/null/x"), &file, &err), KUNDIG_E_IO);
    cr_assert_eq(kundig__file_open(&mem, (kundig_text){NULL, 0}, &file, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig__file_open(&mem, (kundig_text){"", 0}, &file, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig__file_open(&mem, (kundig_text){"/tmp\0/x", 7}, &file, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig__file_open(&mem, (kundig_text){"/tmp", SIZE_MAX - 8}, &file, &err),
                 KUNDIG_E_ARG);
    /* A path of 10,000 characters */
    char *path = malloc(10000);
    memset(path, 'a', 10000);
    cr_assert_eq(kundig__file_open(&mem, kundig__text(path, 10000), &file, &err), KUNDIG_E_IO);
    free(path);
    cr_assert_null(file);
    cr_assert_eq(mem.used, 0);
    cr_assert_eq(kundig__file_open(&mem, KUNDIG__TEXT("/no/such/file"), &file, NULL), KUNDIG_E_IO);
}

Test(os, the_path_needs_no_nul_behind_it)
{
    char path[64];
    kundig__mem mem = os_mem();
    kundig__file *file = NULL;
    make_file(path, "x", 1);
    size_t len = strlen(path);
    char *exact = malloc(len);
    memcpy(exact, path, len);
    cr_assert_eq(kundig__file_open(&mem, kundig__text(exact, len), &file, NULL), KUNDIG_OK);
    free(exact);
    kundig__file_close(file);
    unlink(path);
}

/* What a reader sees does not depend on how a pipe was written. */
Test(os, a_pipe_fills_the_buffer_whole)
{
    char path[] = "/tmp/kundig_fifo_XXXXXX";
    cr_assert_not_null(mkdtemp(path));
    char fifo[64];
    snprintf(fifo, sizeof fifo, "%s/pipe", path);
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        FILE *out = fopen(fifo, "w");
        for (int i = 0; out && i < 50; i++) {
            fputs("abc", out);
            fflush(out);
            nanosleep(&(struct timespec){0, 200000}, NULL);
        }
        if (out) {
            fclose(out);
        }
        _exit(0);
    }
    kundig__mem mem = os_mem();
    kundig__file *file = NULL;
    char data[100];
    size_t got = 0;
    cr_assert_eq(kundig__file_open(&mem, kundig__str(fifo), &file, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__file_size(file), 0);
    cr_assert_not(kundig__file_can_rewind(file));
    kundig_error err = {0};
    cr_assert_eq(kundig__file_rewind(file, &err), KUNDIG_E_IO);
    cr_assert_not_null(strstr(err.message, "rewind"), "%s", err.message);
    cr_assert_eq(kundig__file_read(file, data, sizeof data, &got, NULL), KUNDIG_OK);
    cr_assert_eq(got, 100);
    cr_assert_eq(kundig__file_read(file, data, sizeof data, &got, NULL), KUNDIG_OK);
    cr_assert_eq(got, 50);
    cr_assert_eq(kundig__file_read(file, data, sizeof data, &got, NULL), KUNDIG_OK);
    cr_assert_eq(got, 0);
    kundig__file_close(file);
    waitpid(child, NULL, 0);
    unlink(fifo);
    rmdir(path);
}

typedef struct join_work {
    atomic_int runs[200];
    int plain[200];
} join_work;

static void join_part(void *ud, uint32_t part)
{
    join_work *work = ud;
    atomic_fetch_add(&work->runs[part], 1);
    work->plain[part] = (int)part + 1; /* seen after the join without an atomic */
}

Test(os, every_part_runs_once_however_many_there_are)
{
    static const uint32_t parts[] = {0, 1, 2, 3, 64, 65, 200};
    for (size_t i = 0; i < 7; i++) {
        join_work work;
        memset(&work, 0, sizeof work);
        kundig__fork_join(parts[i], join_part, &work);
        for (uint32_t part = 0; part < 200; part++) {
            cr_assert_eq(atomic_load(&work.runs[part]), part < parts[i] ? 1 : 0, "%u of %u", part,
                         parts[i]);
            cr_assert_eq(work.plain[part], part < parts[i] ? (int)part + 1 : 0);
        }
    }
}

Test(os, randomness_and_the_process_are_the_systems)
{
    uint8_t a[16] = {0};
    uint8_t b[16] = {0};
    cr_assert(kundig__random(a, sizeof a));
    cr_assert(kundig__random(b, sizeof b));
    cr_assert_neq(memcmp(a, b, 16), 0);
    cr_assert(kundig__random(a, 0));
    cr_assert_eq(kundig__process_id(), (int64_t)getpid());
}

Test(os, opening_fails_cleanly_without_memory)
{
    probe p = {0};
    p.fail_at = 1;
    kundig_allocator allocator = probe_allocator(&p);
    kundig__mem mem;
    kundig__file *file = NULL;
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert_eq(kundig__file_open(&mem, KUNDIG__TEXT("/dev/null"), &file, NULL), KUNDIG_E_NOMEM);
    cr_assert_null(file);
    cr_assert_eq(kundig__file_open(&mem, KUNDIG__TEXT("/dev/null"), &file, NULL), KUNDIG_OK);
    kundig__file_close(file);
    cr_assert_eq(p.live_blocks, 0);
}

Test(os, a_path_is_looked_at_without_following_links)
{
    kundig__mem mem = os_mem();
    kundig__path_kind kind;
    kundig_error err;
    char path[64];
    char link[80];
    make_file(path, "x", 1);
    snprintf(link, sizeof link, "%s-link", path);
    cr_assert_eq(kundig__path_look(&mem, kundig__str(path), &kind, &err), KUNDIG_OK);
    cr_assert_eq(kind, KUNDIG__PATH_FILE);
    cr_assert_eq(symlink(path, link), 0);
    cr_assert_eq(kundig__path_look(&mem, kundig__str(link), &kind, &err), KUNDIG_OK);
    cr_assert_eq(kind, KUNDIG__PATH_LINK);
    unlink(path);
    cr_assert_eq(kundig__path_look(&mem, kundig__str(link), &kind, &err), KUNDIG_OK);
    cr_assert_eq(kind, KUNDIG__PATH_LINK, "also where it leads nowhere");
    cr_assert_eq(kundig__path_look(&mem, kundig__str(path), &kind, &err), KUNDIG_OK);
    cr_assert_eq(kind, KUNDIG__PATH_ABSENT);
    cr_assert_eq(kundig__path_look(&mem, KUNDIG__TEXT("/"), &kind, &err), KUNDIG_OK);
    cr_assert_eq(kind, KUNDIG__PATH_OTHER);
    cr_assert_eq(kundig__path_look(&mem, KUNDIG__TEXT("a\0b"), &kind, &err), KUNDIG_E_ARG);
    /* Nothing is made through a link. */
    cr_assert_eq(kundig__file_make(&mem, kundig__str(link), &err), KUNDIG_OK);
    cr_assert_eq(access(path, F_OK), -1);
    unlink(link);
}

Test(os, a_made_file_is_for_its_owner_and_one_that_is_there_stays)
{
    kundig__mem mem = os_mem();
    kundig_error err;
    struct stat info;
    char path[64];
    char made[80];
    make_file(path, "old", 3);
    cr_assert_eq(kundig__file_make(&mem, kundig__str(path), &err), KUNDIG_OK);
    cr_assert_eq(stat(path, &info), 0);
    cr_assert_eq(info.st_size, 3);
    snprintf(made, sizeof made, "%s-new", path);
    mode_t mask = umask(0);
    cr_assert_eq(kundig__file_make(&mem, kundig__str(made), &err), KUNDIG_OK);
    umask(mask);
    cr_assert_eq(stat(made, &info), 0);
    cr_assert_eq(info.st_mode & 0777, 0600);
    cr_assert_eq(info.st_size, 0);
    cr_assert_eq(kundig__file_make(&mem, KUNDIG__TEXT("/no/such/folder/x"), &err), KUNDIG_E_IO);
    unlink(path);
    unlink(made);
}
