/* Does the failing disk fail as it says, and would its losses be seen? Shown on a plain SQLite
 * table without kundig: with synchronous=FULL no acknowledged row is ever lost, with NORMAL and OFF
 * some must be; every kind of fault strikes; a killed process leaves all or nothing of its last
 * row. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk.h"
#include "help.h"
#include "shim.h"

#define TOY_ROWS 30

static sqlite3 *toy_open(const char *folder, const char *safety)
{
    sqlite3 *db = NULL;
    char sql[128];
    snprintf(sql, sizeof sql,
             "PRAGMA journal_mode=WAL; PRAGMA synchronous=%s;"
             "CREATE TABLE IF NOT EXISTS toy(n INTEGER PRIMARY KEY, t TEXT);",
             safety);
    if (sqlite3_open(in(folder, "toy"), &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    return db;
}

/* Add row n, its text of some pages at times; every tenth time the WAL goes into the file. */
static int toy_add(sqlite3 *db, int n)
{
    char sql[160];
    snprintf(sql, sizeof sql, "INSERT INTO toy VALUES(%d, hex(zeroblob(%d)));", n,
             n % 4 ? 20 : 9000);
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK && n % 10 == 0) {
        (void)sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE);", NULL, NULL, NULL);
    }
    return rc;
}

/* How many rows stand there; -1 if they are not 1 to n, or the file is damaged. */
static int toy_count(const char *folder)
{
    sqlite3 *db = toy_open(folder, "FULL");
    sqlite3_stmt *s = NULL;
    int count = -1;
    if (db &&
        sqlite3_prepare_v2(db,
                           "SELECT count(*), coalesce(max(n), 0), (SELECT * FROM "
                           "pragma_integrity_check) FROM toy;",
                           -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == sqlite3_column_int(s, 1) &&
        strcmp((const char *)sqlite3_column_text(s, 2), "ok") == 0) {
        count = sqlite3_column_int(s, 0);
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    return count;
}

/* In how many of these power losses were acknowledged rows lost, or the file damaged? */
static int power_losses(const char *folder, const char *rest, const char *safety, int runs)
{
    int lost = 0;
    folder_empty(folder);
    disk_log();
    sqlite3 *db = toy_open(folder, safety);
    for (int n = 1; n <= TOY_ROWS; n++) {
        if (toy_add(db, n) != SQLITE_OK) {
            die("self: a row could not be added");
        }
        disk_mark();
    }
    sqlite3_close(db);
    disk_log_end();
    for (int run = 0; run < runs; run++) {
        dice d = {(uint64_t)run};
        size_t cut = throw_dice(&d, disk_length() + 1);
        int sure = (int)disk_marks(cut);
        folder_empty(rest);
        disk_left(rest, cut, throw_whole(&d));
        int count = toy_count(rest);
        lost += count < sure || count > sure + 1;
    }
    disk_free();
    return lost;
}

static void check_power(const char *folder, const char *rest)
{
    int full = power_losses(folder, rest, "FULL", 400);
    int normal = power_losses(folder, rest, "NORMAL", 200);
    int off = power_losses(folder, rest, "OFF", 200);
    printf("power lost: FULL loses in %d of 400, NORMAL in %d and OFF in %d of 200\n", full, normal,
           off);
    if (full != 0 || normal == 0 || off == 0) {
        die("self: the simulated power loss is not what it should be");
    }
}

static int toy_work(const char *folder)
{
    sqlite3 *db = toy_open(folder, "FULL");
    int done = 0;
    while (db && done < 12 && toy_add(db, done + 1) == SQLITE_OK) {
        done++;
    }
    sqlite3_close(db);
    return done;
}

static void check_faults(const char *folder)
{
    for (shim_fault fault = SHIM_EIO; fault < SHIM_KILL; fault++) {
        uint64_t points = 0;
        uint64_t stopped = 0;
        for (int for_ever = 0; for_ever < 2; for_ever++) {
            for (uint64_t n = 1;; n++) {
                folder_empty(folder);
                shim_arm(fault, n, for_ever);
                int done = toy_work(folder);
                shim_disarm();
                int count = toy_count(folder);
                if (count != done && count != done + 1) {
                    die("self: %s at call %d (%s): %d rows acknowledged, %d there",
                        shim_name(fault), (int)n, shim_where(), done, count);
                }
                if (!shim_struck()) {
                    break;
                }
                points++;
                stopped += done < 12;
            }
        }
        printf("%s: %d points, %d stopped the work\n", shim_name(fault), (int)points, (int)stopped);
        if (points < 10 || stopped == 0) {
            die("self: this fault hardly strikes");
        }
    }
}

static void check_kill(const char *folder)
{
    int killed = 0;
    for (uint64_t n = 1; n < 400; n += 7) {
        int pipe_ends[2];
        folder_empty(folder);
        fflush(stdout);
        if (pipe(pipe_ends) != 0) {
            die("self: no pipe");
        }
        pid_t child = fork();
        if (child == 0) {
            shim_arm(SHIM_KILL, n, false);
            sqlite3 *db = toy_open(folder, "FULL");
            for (int row = 1; row <= TOY_ROWS && toy_add(db, row) == SQLITE_OK; row++) {
                if (write(pipe_ends[1], "x", 1) != 1) {
                    _exit(2);
                }
            }
            _exit(0);
        }
        int status = 0;
        char acks[TOY_ROWS + 1];
        (void)waitpid(child, &status, 0);
        close(pipe_ends[1]);
        int sure = (int)read(pipe_ends[0], acks, sizeof acks);
        close(pipe_ends[0]);
        int count = toy_count(folder);
        if (count < sure || count > sure + 1) {
            die("self: killed at call %d: %d rows acknowledged, %d there", (int)n, sure, count);
        }
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }
    printf("kill: %d processes were killed\n", killed);
    if (killed < 20) {
        die("self: hardly any process was killed");
    }
}

int main(int argc, char **argv)
{
    (void)settings_read(argc, argv, 0);
    shim_install();
    const char *folder = folder_new();
    const char *rest = folder_new();
    size_t files = open_files();
    check_power(folder, rest);
    check_faults(folder);
    check_kill(folder);
    if (open_files() != files) {
        die("self: a file was left open");
    }
    return 0;
}
