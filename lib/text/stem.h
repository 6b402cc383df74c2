/* Stems by Snowball, behind a cache of fixed size; stem.c alone knows libstemmer.
 *
 * A stemmer belongs to one thread. What it answers never depends on what it was asked before. */
#ifndef KUNDIG_TEXT_STEM_H
#define KUNDIG_TEXT_STEM_H

#include "text/language.h"

#define KUNDIG__STEM_MOST 64 /* bytes of a folded word; a longer one is its own stem */

typedef struct kundig__stemmer {
    kundig__mem *mem;
    struct sb_stemmer *snowball[KUNDIG__LANGUAGE_COUNT]; /* made when first asked */
    struct kundig__stem_cache {
        struct kundig__stem_entry *entries;
        size_t set_count; /* a power of two */
        size_t misses;    /* since it grew */
    } cache[KUNDIG__LANGUAGE_COUNT];
} kundig__stemmer;

void kundig__stemmer_init(kundig__stemmer *stemmer, kundig__mem *mem);
void kundig__stemmer_free(kundig__stemmer *stemmer);
/* Stem of a folded word, never empty unless the word is; borrowed until the next call, or from the
 * word itself. In an unknown language a word is its own stem. KUNDIG_OK, KUNDIG_E_NOMEM or
 * KUNDIG_E_LIMIT. */
int kundig__stem(kundig__stemmer *stemmer, int language, kundig_text folded, kundig_text *stem);
/* XXH3 of that stem's bytes, through the cache; hash is the word's own (XXH3 of folded). */
int kundig__stem_hash(kundig__stemmer *stemmer, int language, kundig_text folded, uint64_t hash,
                      uint64_t *stem);
/* What the stemmer makes of words chosen for it, as a hash: another one, other stems. */
int kundig__stemmer_print(kundig__stemmer *stemmer, uint64_t *print);

#endif
