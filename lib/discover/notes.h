/* Texts in the form that is clustered: notes, each a set of features, in an order of their own. */
#ifndef KUNDIG_DISCOVER_NOTES_H
#define KUNDIG_DISCOVER_NOTES_H

#include "discover/clusters.h"

/* Three spaces of buckets, one behind the other. */
#define KUNDIG__NOTE_BITS       16u
#define KUNDIG__NOTE_WORDS      0u
#define KUNDIG__NOTE_CHARACTERS 1u
#define KUNDIG__NOTE_PAIRS      2u
#define KUNDIG__NOTE_SPACES     3u
#define KUNDIG__NOTE_BUCKETS    (KUNDIG__NOTE_SPACES << KUNDIG__NOTE_BITS)
#define KUNDIG__NOTE_BYTES      65536u /* of a text that are looked at when clusters are made */
#define KUNDIG__NOTE_MASS       256u   /* of one text */
#define KUNDIG__NO_NOTE         UINT32_MAX
#define KUNDIG__NO_FEATURE      UINT32_MAX

static inline uint32_t kundig__note_bucket(uint64_t hash, uint32_t space)
{
    return (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - KUNDIG__NOTE_BITS)) +
           (space << KUNDIG__NOTE_BITS);
}

/* Texts whose folded tokens are equal are one note; texts without tokens are none. Notes stand by
 * content, which is an order drawn by lot; so the first of them are a fair sample of all. */
typedef struct kundig__notes {
    kundig__mem *mem;
    const kundig__survey *survey;
    size_t text_count;
    uint32_t *of_text; /* KUNDIG__NO_NOTE: no token */
    size_t count;
    uint64_t *hashes;      /* of notes: content */
    uint32_t *leads;       /* of notes: the text that is read */
    uint32_t *text_counts; /* of notes */
    size_t fitted;         /* notes [0, fitted) have features */
    uint32_t *strange; /* of fitted notes: what of it is no feature, see kundig__note_strange() */
    uint64_t fitted_texts;
    uint64_t writers; /* different ones of all texts; 0: none is known */
    size_t *starts;   /* fitted + 1: cells of a note */
    uint32_t *cells;  /* features, each once */
    size_t cell_count;
    uint32_t *masses; /* of notes, in 1 / 256: 1 + log of how many texts it is */
    uint32_t feature_count;
    uint32_t *buckets; /* of features, which are numbered from the most frequent to the rarest */
    uint32_t *frequencies; /* of features: notes that have it */
    double collisions;     /* share of the buckets of words in use that several words share */
} kundig__notes;

/* What a bucket counts among features that are not known: a word as much as twenty rows. */
static inline uint32_t kundig__note_strange(uint32_t bucket)
{
    uint32_t space = bucket >> KUNDIG__NOTE_BITS;
    return space == KUNDIG__NOTE_WORDS ? 20 : space == KUNDIG__NOTE_CHARACTERS ? 1 : 0;
}

/* The text that is read of a note. */
static inline kundig_text kundig__note_text(const kundig__notes *notes, size_t note)
{
    return notes->survey->texts[notes->leads[note]].text;
}

/* pairs: pairs of neighbours are features, too. KUNDIG_OK, KUNDIG_E_EMPTY or failures of memory. A
 * failed make needs no free. */
int kundig__notes_make(kundig__notes *notes, kundig__mem *mem, const kundig__survey *survey,
                       bool pairs, kundig_error *err);
void kundig__notes_free(kundig__notes *notes);

/* Which buckets a text has, each once. Belongs to one thread. */
typedef struct kundig__presence {
    kundig__mem *mem;
    uint32_t *stamps; /* of buckets: the last text that had it */
    uint32_t stamp;
    uint32_t *list;
    size_t count;
    size_t capacity;
} kundig__presence;

bool kundig__presence_init(kundig__presence *presence, kundig__mem *mem);
void kundig__presence_free(kundig__presence *presence);
/* Tokens [from, to) of a scratch that holds KUNDIG__DISCOVER_FAMILIES or, for pairs false, those
 * but pairs; grams [first, last) are theirs. false on failure of memory. */
bool kundig__presence_read(kundig__presence *presence, const kundig__scratch *scratch, size_t from,
                           size_t to, size_t first, size_t last, bool pairs);

#endif
