/* What every call into a handle may need: memory, threads, progress, zones, keys. */
#ifndef KUNDIG_BASE_CONTEXT_H
#define KUNDIG_BASE_CONTEXT_H

#include "base/hash.h"
#include "base/mem.h"
#include "base/zone.h"

typedef struct kundig__context {
    kundig__mem mem;
    uint32_t threads; /* at least 1 */
    int (*progress)(void *ud, uint64_t done, uint64_t total);
    void *progress_ud;
    kundig_text zone_directory; /* owned by the handle */
    kundig__zone **zones;       /* given by the caller or loaded before */
    size_t zone_count;
    size_t zone_capacity;
    uint8_t siphash_key[KUNDIG__SIPHASH_KEY_SIZE];
    uint8_t pseudonym_key[KUNDIG__BLAKE2B_KEY_SIZE];
    bool has_pseudonym_key;
    bool pseudonyms; /* customers that come in are replaced by kundig__pseudonym() */
    uint32_t mask;   /* KUNDIG_PERSONAL_: comments' words leave the handle masked */
    uint64_t corpora; /* made so far: the serial number of the last one */
} kundig__context;

/* Ask progress(); KUNDIG_E_CANCELLED with a sentence if it says stop. */
int kundig__progress(kundig__context *context, uint64_t done, uint64_t total, kundig_error *err);
/* Find a zone among those known, else load it; borrowed. Absent, "" and "UTC" give UTC. */
int kundig__zone_get(kundig__context *context, kundig_text name, const kundig__zone **out,
                     kundig_error *err);
/* Register a parsed zone; the context owns it on success. Replaces one of the same name. */
int kundig__zone_keep(kundig__context *context, kundig__zone *zone, kundig_error *err);
/* The pseudonym of a name: keyed BLAKE2b as 32 hexadecimal digits, and a NUL. Needs a key. */
void kundig__pseudonym(const kundig__context *context, kundig_text name, char hex[33]);
void kundig__context_free(kundig__context *context);

#endif
