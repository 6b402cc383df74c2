/* The operating system: files, threads, process, randomness. POSIX stands in os.c alone. */
#ifndef KUNDIG_BASE_OS_H
#define KUNDIG_BASE_OS_H

#include "base/mem.h"

typedef struct kundig__file kundig__file;

/* KUNDIG_E_IO with a sentence that names the path. Directories are refused. */
int kundig__file_open(kundig__mem *mem, kundig_text path, kundig__file **out, kundig_error *err);
/* Up to size bytes; *got is 0 at the end only. */
int kundig__file_read(kundig__file *file, void *data, size_t size, size_t *got, kundig_error *err);
int kundig__file_rewind(kundig__file *file, kundig_error *err);
uint64_t kundig__file_size(const kundig__file *file); /* 0 if unknown (a pipe) */
bool kundig__file_can_rewind(const kundig__file *file);
void kundig__file_close(kundig__file *file);

/* What stands at a path, links not followed. */
typedef enum kundig__path_kind {
    KUNDIG__PATH_ABSENT,
    KUNDIG__PATH_FILE,
    KUNDIG__PATH_LINK,
    KUNDIG__PATH_OTHER
} kundig__path_kind;

int kundig__path_look(kundig__mem *mem, kundig_text path, kundig__path_kind *out,
                      kundig_error *err);
/* May others than its owner read or write it? */
int kundig__path_is_shared(kundig__mem *mem, kundig_text path, bool *out, kundig_error *err);
/* Make an empty file that its owner alone may read and write; one that is there already stays. */
int kundig__file_make(kundig__mem *mem, kundig_text path, kundig_error *err);

int64_t kundig__process_id(void);
bool kundig__random(void *data, size_t size); /* from the system, for SipHash keys */

/* Run work(ud, 0 .. parts-1): part 0 on the calling thread, the others on threads of their own;
 * returns when all are done. Where a thread cannot be made its part runs on the caller. Work
 * calls no user callback, and allocates nothing but from a kundig__mem of its own. */
void kundig__fork_join(uint32_t parts, void (*work)(void *ud, uint32_t part), void *ud);

#endif
