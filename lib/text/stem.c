/* Stems by Snowball. This file alone knows libstemmer.
 *
 *   set of the cache, picked by the word's hash:  [ youngest | older | older | oldest ]
 *   entry, one cache line:  word, 24 bytes | stem, 24 | hash of the stem, 8 | lengths
 *
 * Invariant: an entry answers for the word whose bytes it holds in full, and holds what Snowball
 * made of it; so answers depend neither on the cache nor on hashes that meet. A word that does not
 * fit is worked out each time.
 * Cost: some nanoseconds for a word of the cache, 100 to 1,000 for any other. The cache of a
 * language begins with 8 KiB and grows fourfold, up to 1 MiB, when it has missed as many words as
 * it holds. libstemmer takes its few hundred bytes from malloc itself. */
#include "text/stem.h"

#include <libstemmer.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#ifdef KUNDIG_TINY
#define STEM_SETS_FIRST 1
#define STEM_SETS_MOST  16
#else
#define STEM_SETS_FIRST 32
#define STEM_SETS_MOST  4096
#endif
#define STEM_SETS_GROW 4
#define STEM_WAYS      4
#define STEM_BYTES     24

typedef struct kundig__stem_entry {
    char word[STEM_BYTES];
    char stem[STEM_BYTES];
    uint64_t hash;    /* of the stem */
    uint8_t word_len; /* 0: empty */
    uint8_t stem_len;
    uint8_t reserved[6];
} kundig__stem_entry;

static const char *const stem_algorithms[KUNDIG__LANGUAGE_COUNT] = {
    NULL, "german", "english", "french", "spanish", "portuguese", "italian", "dutch"};

/* Words that meet many rules of each stemmer. */
static const char *const stem_probes[KUNDIG__LANGUAGE_COUNT] = {
    NULL,
    "verspätungen lieferung häuser freundlichkeit schnellsten gutes kundinnen fußes aufeinander "
    "bestellte rechnungen unzufriedenheit erklärlich",
    "delays delayed delivering generously relational sky skies hopping hoping agreed conveniently "
    "customers' john's happiness running electricity vietnamization dying news",
    "retards retardée continuellement majestueusement logiciels heureuse études généralement "
    "naïveté rapidement livraisons mangerions décevant",
    "retrasos rápidamente entregándoselo amabilidad canciones habíamos vergüenza siguiendo "
    "comprándolas biología atenciones pésima",
    "atrasos rapidamente entregas estações não chegaram comprávamos amabilidade péssima irmãs "
    "logística recomendo devoluções",
    "ritardi rapidamente consegnarglielo spedizioni città abbandonata gentilezza pagherebbero "
    "assistenze delusissimo perché",
    "vertragingen geleverd mogelijkheden vriendelijkheid huizen lopende grootste brieven "
    "tevredenheid klachten gegeten lichamelijk",
};

void kundig__stemmer_init(kundig__stemmer *stemmer, kundig__mem *mem)
{
    memset(stemmer, 0, sizeof *stemmer);
    stemmer->mem = mem;
}

static size_t stem_cache_size(size_t set_count)
{
    return set_count * STEM_WAYS * sizeof(kundig__stem_entry);
}

void kundig__stemmer_free(kundig__stemmer *stemmer)
{
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        if (stemmer->snowball[language]) {
            sb_stemmer_delete(stemmer->snowball[language]);
        }
        kundig__free(stemmer->mem, stemmer->cache[language].entries,
                     stem_cache_size(stemmer->cache[language].set_count));
    }
    kundig__stemmer_init(stemmer, stemmer->mem);
}

/* The set of a word in the cache of a language that is open. */
static inline kundig__stem_entry *stem_set(const struct kundig__stem_cache *cache, uint64_t hash)
{
    return cache->entries + (hash >> 40 & (cache->set_count - 1)) * STEM_WAYS;
}

/* Make the youngest place of a set free. */
static kundig__stem_entry *stem_push(kundig__stem_entry *set)
{
    memmove(set + 1, set, (STEM_WAYS - 1) * sizeof *set);
    return set;
}

/* A cache of so many sets, with what is in the one there is; false, with the old one kept, on
 * failure of memory. */
static bool stem_resize(kundig__stemmer *stemmer, int language, size_t set_count)
{
    struct kundig__stem_cache *cache = &stemmer->cache[language];
    struct kundig__stem_cache fresh = {NULL, set_count, 0};
    fresh.entries = kundig__alloc_zero(stemmer->mem, stem_cache_size(set_count));
    cache->misses = 0;
    if (!fresh.entries) {
        return false;
    }
    /* From the oldest on. */
    for (size_t i = cache->set_count * STEM_WAYS; i-- > 0;) {
        const kundig__stem_entry *entry = &cache->entries[i];
        if (entry->word_len > 0) {
            uint64_t hash = kundig__xxh3(entry->word, entry->word_len);
            *stem_push(stem_set(&fresh, hash)) = *entry;
        }
    }
    kundig__free(stemmer->mem, cache->entries, stem_cache_size(cache->set_count));
    *cache = fresh;
    return true;
}

static int stem_open(kundig__stemmer *stemmer, int language)
{
    if (!stemmer->snowball[language]) {
        stemmer->snowball[language] = sb_stemmer_new(stem_algorithms[language], "UTF_8");
        if (!stemmer->snowball[language]) {
            return KUNDIG_E_NOMEM;
        }
    }
    return stem_resize(stemmer, language, STEM_SETS_FIRST) ? KUNDIG_OK
                                                           : kundig__nomem(stemmer->mem, NULL);
}

static int stem_ask(kundig__stemmer *stemmer, int language, kundig_text word, kundig_text *stem)
{
    struct sb_stemmer *snowball = stemmer->snowball[language];
    const sb_symbol *made = sb_stemmer_stem(snowball, (const sb_symbol *)word.data, (int)word.len);
    if (!made) {
        return KUNDIG_E_NOMEM;
    }
    *stem = kundig__text((const char *)made, (size_t)sb_stemmer_length(snowball));
    if (stem->len == 0) {
        *stem = word;
    }
    return KUNDIG_OK;
}

/* memcmp for 1 to STEM_BYTES bytes, without a call. */
static inline bool stem_same(const char *a, const char *b, size_t len)
{
    if (len >= 8) {
        uint64_t left;
        uint64_t right;
        memcpy(&left, a, 8);
        memcpy(&right, b, 8);
        uint64_t differ = left ^ right;
        memcpy(&left, a + len - 8, 8);
        memcpy(&right, b + len - 8, 8);
        differ |= left ^ right;
        if (len > 16) {
            memcpy(&left, a + 8, 8);
            memcpy(&right, b + 8, 8);
            differ |= left ^ right;
        }
        return differ == 0;
    }
    if (len >= 4) {
        uint32_t left;
        uint32_t right;
        memcpy(&left, a, 4);
        memcpy(&right, b, 4);
        uint32_t differ = left ^ right;
        memcpy(&left, a + len - 4, 4);
        memcpy(&right, b + len - 4, 4);
        return (differ | (left ^ right)) == 0;
    }
    return a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1];
}

/* Work out the stem of a word that the cache does not hold, and keep it if it fits. */
static int stem_miss(kundig__stemmer *stemmer, int language, kundig_text word, uint64_t hash,
                     kundig_text *stem, uint64_t *stem_hash)
{
    int rc = stem_ask(stemmer, language, word, stem);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    *stem_hash = kundig__xxh3(stem->data, stem->len);
    if (word.len > STEM_BYTES || stem->len > STEM_BYTES) {
        return KUNDIG_OK;
    }
    struct kundig__stem_cache *cache = &stemmer->cache[language];
    if (++cache->misses > cache->set_count * STEM_WAYS && cache->set_count < STEM_SETS_MOST) {
        /* Without memory for a larger one the cache is smaller, and all else as it was. */
        (void)stem_resize(stemmer, language,
                          cache->set_count * STEM_SETS_GROW < STEM_SETS_MOST
                              ? cache->set_count * STEM_SETS_GROW
                              : STEM_SETS_MOST);
    }
    kundig__stem_entry *entry = stem_push(stem_set(cache, hash));
    memcpy(entry->word, word.data, word.len);
    memcpy(entry->stem, stem->data, stem->len);
    entry->hash = *stem_hash;
    entry->word_len = (uint8_t)word.len;
    entry->stem_len = (uint8_t)stem->len;
    stem->data = entry->stem;
    return KUNDIG_OK;
}

/* The entry of the cache that holds word; NULL if none does. */
static inline const kundig__stem_entry *stem_find(const kundig__stemmer *stemmer, int language,
                                                  kundig_text word, uint64_t hash)
{
    if (word.len > STEM_BYTES) {
        return NULL;
    }
    const kundig__stem_entry *set = stem_set(&stemmer->cache[language], hash);
    for (size_t way = 0; way < STEM_WAYS; way++) {
        if (set[way].word_len == word.len && stem_same(set[way].word, word.data, word.len)) {
            return &set[way];
        }
    }
    return NULL;
}

static inline int stem_get(kundig__stemmer *stemmer, int language, kundig_text word, uint64_t hash,
                           kundig_text *stem, uint64_t *stem_hash)
{
    if (language == KUNDIG__LANGUAGE_UNKNOWN || word.len == 0 || word.len > KUNDIG__STEM_MOST) {
        *stem = word;
        *stem_hash = hash;
        return KUNDIG_OK;
    }
    if (!stemmer->cache[language].entries) {
        int rc = stem_open(stemmer, language);
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    const kundig__stem_entry *entry = stem_find(stemmer, language, word, hash);
    if (!entry) {
        return stem_miss(stemmer, language, word, hash, stem, stem_hash);
    }
    *stem = kundig__text(entry->stem, entry->stem_len);
    *stem_hash = entry->hash;
    return KUNDIG_OK;
}

int kundig__stem(kundig__stemmer *stemmer, int language, kundig_text folded, kundig_text *stem)
{
    kundig_text made;
    uint64_t made_hash;
    int rc = stem_get(stemmer, language, folded, kundig__xxh3(folded.data, folded.len), &made,
                      &made_hash);
    if (rc == KUNDIG_OK) {
        *stem = made;
    }
    return rc;
}

int kundig__stem_hash(kundig__stemmer *stemmer, int language, kundig_text folded, uint64_t hash,
                      uint64_t *stem)
{
    kundig_text made;
    uint64_t made_hash;
    int rc = stem_get(stemmer, language, folded, hash, &made, &made_hash);
    if (rc == KUNDIG_OK) {
        *stem = made_hash;
    }
    return rc;
}

int kundig__stemmer_print(kundig__stemmer *stemmer, uint64_t *print)
{
    int rc = KUNDIG_OK;
    kundig__buf stems;
    kundig__buf_init(&stems, stemmer->mem);
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        for (const char *word = stem_probes[language]; *word;) {
            size_t len = strcspn(word, " ");
            kundig_text stem;
            rc = kundig__stem(stemmer, language, kundig__text(word, len), &stem);
            if (rc != KUNDIG_OK) {
                goto done;
            }
            kundig__buf_text(&stems, stem);
            kundig__buf_char(&stems, ' ');
            word += len + strspn(word + len, " ");
        }
    }
    if (stems.failed) {
        rc = kundig__nomem(stemmer->mem, NULL);
        goto done;
    }
    *print = kundig__xxh3(stems.data, stems.len);
done:
    kundig__buf_free(&stems);
    return rc;
}
