/* A disk that fails: an SQLite VFS that stands before "unix", counts every call and can let the
 * n-th one fail; and that can keep a log of what was written, from which disk.h makes what a lost
 * power supply may have left. One thread at a time. */
#ifndef KUNDIG_TESTS_SHIM_H
#define KUNDIG_TESTS_SHIM_H

#include <stdbool.h>
#include <stdint.h>

typedef enum shim_fault {
    SHIM_NOTHING, /* calls are counted alone */
    SHIM_EIO,     /* any call: the input or output error that belongs to it */
    SHIM_ENOSPC,  /* what needs room: writes, growing files, new files: the disk is full */
    SHIM_SHORT,   /* writes: half of the bytes land, then an error */
    SHIM_FSYNC,   /* syncs: nothing is promised of what was written */
    SHIM_LOCKED,  /* locks: someone else has them */
    SHIM_KILL,    /* any call that changes a file: the process is killed, a write half done */
    SHIM_FAULTS
} shim_fault;

/* Become the default VFS of this process. Idempotent. */
void shim_install(void);
/* From now on count the calls that this fault concerns and let the n-th (from 1; 0: none) fail,
 * once, or it and all behind it. */
void shim_arm(shim_fault fault, uint64_t n, bool for_ever);
/* All is well again. Returns how many calls the fault concerned. */
uint64_t shim_disarm(void);
/* Has a call failed since shim_arm()? */
bool shim_struck(void);
/* Which call failed first, with the file's name without its folders: "sync wal-file". */
const char *shim_where(void);
const char *shim_name(shim_fault fault);

#endif
