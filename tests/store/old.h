/* A store of format 0, which no kundig ever wrote: it is there to test migrating. It has no hashes,
 * no sums, and feedback, customers and events alone. */
#ifndef KUNDIG_TESTS_STORE_OLD_H
#define KUNDIG_TESTS_STORE_OLD_H

#include "work.h"

/* Make it at `path`, instead of what is there, of the first n actions; w->calm must be n. */
void old_store(const char *path, const work *w, uint32_t n);

/* Run SQL on a file as any program may, with no setting of kundig's; dies where it fails. */
void plain_sql(const char *path, const char *sql);
/* The same, but says with false that SQLite refused it. */
bool try_sql(const char *path, const char *sql);

#endif
