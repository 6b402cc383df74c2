/* What texts speak of when nobody said: texts go in, clusters of them come out, coarse and fine,
 * and a frozen clustering that tells of further texts where they belong.
 *
 * The room knows texts and numbers of clusters; names, labels and what people say of topics are its
 * caller's. A clustering is a function of the texts as a set, never of their order, and of the
 * options but threads. It holds no text: features are hashes, and of those only such as enough
 * customers used. */
#ifndef KUNDIG_DISCOVER_CLUSTERS_H
#define KUNDIG_DISCOVER_CLUSTERS_H

#include "base/bytes.h"
#include "text/text.h"

/* What kundig__text_features() must be asked for before a text is assigned. */
#define KUNDIG__DISCOVER_FAMILIES                                                                  \
    (KUNDIG__WORDS | KUNDIG__PAIRS | KUNDIG__CHARACTERS(3) | KUNDIG__CHARACTERS(4) |               \
     KUNDIG__CHARACTERS(5))

#define KUNDIG__NO_CLUSTER UINT32_MAX
#define KUNDIG__NO_HINT    UINT32_MAX
#define KUNDIG__NO_WRITER  UINT32_MAX

#define KUNDIG__MOST_CLUSTERS 2000u

/* ---- What is clustered ---- */

/* One text; everything is borrowed. */
typedef struct kundig__told_text {
    kundig_text text; /* valid UTF-8 without NUL; may be empty: it is in no cluster */
    uint32_t writer;  /* number of the customer, or KUNDIG__NO_WRITER */
    uint32_t hint;    /* texts of one hint belong together; KUNDIG__NO_HINT */
} kundig__told_text;

/* What people said before: texts of a hint are one that moves as one. */
typedef struct kundig__hint {
    bool topic; /* it is a topic of its own: no other topic's hint shares its cluster */
    /* Hashes of tokens or pairs of neighbours that speak of it (kundig__token.hash,
     * kundig__pair_hash()); topics alone. */
    const uint64_t *words;
    size_t word_count;
    uint32_t before; /* the cluster of `before` that it is, or KUNDIG__NO_CLUSTER */
} kundig__hint;

/* Two hints that do not belong together. */
typedef struct kundig__apart {
    uint32_t hint;
    uint32_t other;
} kundig__apart;

typedef struct kundig__clustered kundig__clustered;

typedef struct kundig__survey {
    const kundig__told_text *texts;
    size_t text_count;
    const kundig__hint *hints;
    uint32_t hint_count;
    const kundig__apart *aparts;
    size_t apart_count;
    uint32_t clusters;      /* fine ones; 0: as many as two halves of the texts agree on */
    uint32_t themes;        /* coarse ones; 0: found */
    int quality;            /* KUNDIG_QUALITY_ */
    uint32_t least_writers; /* of a feature, where writers are known; else documents count */
    uint32_t most_fitted;   /* texts beyond so many are assigned; a sample by content is fitted */
    uint64_t seed;
    uint32_t threads;
    /* Go on from an earlier clustering: its clusters keep their numbers' meaning, new ones may
     * come. NULL: begin anew. */
    const kundig__clustered *before;
    bool settle; /* of before alone: no cluster comes or goes and what they say of features stays;
                    which of these are known, and where texts are, is counted anew (facts were
                    erased) */
    int (*progress)(void *ud, uint64_t done, uint64_t total);
    void *progress_ud;
} kundig__survey;

/* ---- Clusters: immutable, reference counted ---- */

#define KUNDIG__CAME_NEW    0 /* no cluster of before holds what it holds */
#define KUNDIG__CAME_KEPT   1 /* it goes on from one cluster of before */
#define KUNDIG__CAME_SPLIT  2 /* from one that went on as another */
#define KUNDIG__CAME_MERGED 3 /* it goes on from one, and holds most of others */

typedef struct kundig__cluster_facts {
    uint32_t theme;
    uint64_t texts;   /* that it is the main topic of, of all given */
    uint64_t writers; /* 0: none were known */
    uint64_t print;   /* sum of the content hashes of its fitted texts: what it was born from; not
                         saved, for it would confirm a guess of a text that stands alone */
    double sureness;  /* how well two halves of the texts agree on it, in [0, 1] */
    int came;         /* KUNDIG__CAME_ */
    uint32_t from;    /* cluster of before, or KUNDIG__NO_CLUSTER */
} kundig__cluster_facts;

typedef struct kundig__clustering_facts {
    uint32_t cluster_count; /* those without texts left among them, after settling */
    uint32_t theme_count;
    int quality;
    bool cut; /* texts were clustered by their units */
    uint64_t texts;
    uint64_t fitted;
    uint64_t nowhere; /* texts that fit no cluster */
    uint64_t writers; /* 0: none were known */
    uint32_t words;   /* features */
    uint32_t characters;
    double collisions; /* share of words' buckets that several different words share */
    double agreement;  /* of two halves: (ARI + AMI) / 2 */
    double least_fit;  /* texts that fit worse are told as in none: how much more, in nats, its
                          features are said in its cluster than in all texts, on average */
    uint64_t bytes;    /* as saved */
    const kundig__cluster_facts *clusters;
} kundig__clustering_facts;

/* What became of the texts; arrays belong to the caller of kundig__cluster(). */
typedef struct kundig__placed {
    uint32_t cluster; /* main topic; KUNDIG__NO_CLUSTER: empty, or nothing known in it */
    float margin;     /* how much better it fits than the second, in nats per text; at least 0 */
    bool nowhere;     /* it fits no cluster well: see least_fit */
} kundig__placed;

/* Where texts hold several units (see kundig__unit), four for three of them or more, they are
 * clustered by units, those with a hint aside; a text of several is then where
 * kundig__assigned_main() puts it. What goes on from `before` does as that did.
 * placed: text_count of them, may be NULL. *moved: for each cluster of before, where most of it
 * went; may be NULL, else the count of before. KUNDIG_OK, KUNDIG_E_EMPTY (the sentence says what is
 * missing), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_CANCELLED. */
int kundig__cluster(kundig__mem *mem, const kundig__survey *survey, kundig__clustered **out,
                    kundig__placed *placed, uint32_t *moved, kundig_error *err);
kundig__clustered *kundig__clustered_retain(kundig__clustered *clustered); /* NULL is fine */
void kundig__clustered_free(kundig__clustered *clustered);
const kundig__clustering_facts *kundig__clustered_facts(const kundig__clustered *clustered);

/* Append it as bytes: equal clusterings, equal bytes. */
void kundig__clustered_put(kundig__buf *buf, const kundig__clustered *clustered);
/* And back, from anyone's bytes: checked whole. KUNDIG_E_FORMAT with a sentence and a position. */
int kundig__clustered_take(kundig__mem *mem, kundig__reader *reader, kundig__clustered **out,
                           kundig_error *err);

/* ---- Asking it ---- */

/* A stretch of a text that speaks of one thing: a sentence, or short ones together. */
typedef struct kundig__unit {
    uint32_t start; /* bytes of the text */
    uint32_t end;
    uint32_t cluster; /* KUNDIG__NO_CLUSTER: it fits none */
    float margin;
} kundig__unit;

#define KUNDIG__MOST_UNITS 64u /* of a text; what comes after joins the last */

/* Assigns one text after the other; belongs to one thread. */
typedef struct kundig__assigning {
    kundig__mem *mem;
    const kundig__clustered *clustered;
    uint32_t cluster; /* main topic: best of the whole text; KUNDIG__NO_CLUSTER: nothing known */
    bool nowhere;     /* it fits no cluster well: see least_fit */
    float margin;
    float fit;     /* see least_fit */
    float known;   /* share of the text, in [0, 1], made of features the clustering knows */
    float novelty; /* in [0, 1]: share of what was fitted that fits better; of several units, where
                      texts were cut, mean */
    float *scores; /* by cluster: how well it fits, in nats per text */
    kundig__unit units[KUNDIG__MOST_UNITS];
    size_t unit_count;
    void *work; /* the room's own */
} kundig__assigning;

/* A failed init needs no free. */
int kundig__assigning_init(kundig__assigning *assigning, kundig__mem *mem,
                           const kundig__clustered *clustered);
void kundig__assigning_free(kundig__assigning *assigning);
/* scratch holds the KUNDIG__DISCOVER_FAMILIES of the text. units: whether to tell units, too, else
 * the whole is one. KUNDIG_OK or failures of memory. */
int kundig__assign(kundig__assigning *assigning, const kundig__scratch *scratch, const char *text,
                   size_t len, bool units);
/* The main topic of the text assigned last: what the whole fits; where that is nothing, what one of
 * its units fits best. KUNDIG__NO_CLUSTER: nothing. *margin: of what decided. */
uint32_t kundig__assigned_main(const kundig__assigning *assigning, float *margin);
/* How much a token or pair of neighbours, by its hash, speaks for a cluster: its share in the
 * cluster over its share in all, as a logarithm; 0 where nothing is known of it. */
double kundig__clustered_weight(const kundig__clustered *clustered, uint64_t hash, bool pair,
                                uint32_t cluster);

#endif
