/* What a disk holds after the power was lost: a log of all writes, truncations, syncs, new and
 * deleted files of one folder, and the making of one possible rest of it.
 *
 * The rules, as unkind as POSIX allows where a sector of 512 bytes is written whole or not:
 * - what was written before the last sync of its file is there;
 * - each later write is there, not there, or torn at sectors; any order; what a file grew by and
 *   was not written holds zeros or junk; truncations may or may not have happened;
 * - a new or deleted name is sure once its folder was synced: SQLite does that with the first sync
 *   of a journal it made and with deletions that ask for it;
 * - shared memory files are lost. */
#ifndef KUNDIG_TESTS_DISK_H
#define KUNDIG_TESTS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called by the shim. `node` is a number of a file, -1 where none is logged. */
int disk_opened(const char *path, bool created);
void disk_written(int node, const void *bytes, size_t len, int64_t offset);
void disk_truncated(int node, int64_t size);
void disk_synced(int node, bool folder);
void disk_deleted(const char *path, bool folder);

/* Start a new log of the files that will stand in this folder, which is empty. */
void disk_log(void);
void disk_log_end(void);
void disk_free(void);
/* Note in the log that something was acknowledged. */
void disk_mark(void);

size_t disk_length(void);      /* operations in the log */
size_t disk_marks(size_t cut); /* acknowledged before this many operations */
/* Write into an empty folder what may be left where power was lost after `cut` operations. */
void disk_left(const char *folder, size_t cut, uint64_t seed);

#endif
