/* What the programs of this folder share: an end with a sentence, dice with a seed, files, folders,
 * arguments. They end with 1 at the first finding: what was found stands on stderr with the seed
 * that shows it again. */
#ifndef KUNDIG_TESTS_STORE_HELP_H
#define KUNDIG_TESTS_STORE_HELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...);
/* realloc that does not fail. */
void *grow(void *old, size_t size);
void copy_name(char *to, size_t room, const char *from); /* dies where it is too long */

/* SplitMix64: the same throws from the same seed everywhere. */
typedef struct dice {
    uint64_t state;
} dice;

uint64_t throw_whole(dice *d);
uint64_t throw_dice(dice *d, uint64_t sides); /* 0 to sides - 1 */

/* ---- files ---- */

typedef struct content {
    unsigned char *bytes;
    size_t size;
} content;

content file_read(const char *path); /* dies where it cannot; free(bytes) */
bool file_there(const char *path);
void file_write(const char *path, const void *bytes, size_t size);
/* Do these bytes stand in a file of this folder? Its name, or NULL. Static. */
const char *folder_holds(const char *folder, const void *bytes, size_t size);
/* A new empty folder below the one given by --folder, else below the current one; it goes with all
 * in it when the program ends. Static, for ever. */
const char *folder_new(void);
void folder_empty(const char *folder);
void folder_copy(const char *from, const char *to); /* its files; to is emptied */
/* "folder/name", static until the fourth call behind this one. */
const char *in(const char *folder, const char *name);
size_t open_files(void); /* descriptors this process holds */

/* ---- arguments: --runs N, --seed N, --folder F, --full ---- */

typedef struct settings {
    uint64_t runs;
    uint64_t seed;
    bool full;
    const char *file; /* the one argument that is no option; NULL */
    const char *only; /* --only WORD: cases with this in their name */
} settings;

settings settings_read(int argc, char **argv, uint64_t runs);

#endif
