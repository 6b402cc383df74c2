/* The inside of a model, for the files of this room alone. */
#ifndef KUNDIG_TOPICS_COMPILED_H
#define KUNDIG_TOPICS_COMPILED_H

#include <stdatomic.h>

#include "text/stem.h"
#include "topics/discovered.h"

#define COMPILED_NONE       UINT32_MAX
#define COMPILED_LONGEST    63u   /* bytes of a beginning (`deliver*`) */
#define COMPILED_BUCKET     8u    /* slots of a bucket: a look into one is a probe */
#define COMPILED_EVERY      0xFFu /* all languages, the unknown one among them */
#define COMPILED_SHORT_HEAD 4u    /* bytes by which beginnings and parts are filtered */

/* What an edge of the tree asks of a token. The key of words and beginnings is written without
 * umlauts ("ue" for its letter), so that one look finds either spelling. */
enum {
    EDGE_WORD,         /* the token is `plain` */
    EDGE_GERMAN,       /* the token's key is `key`, in either spelling */
    EDGE_BEGIN,        /* the token begins with `plain` */
    EDGE_GERMAN_BEGIN, /* the token's key begins with `key` */
    EDGE_MARK,         /* beginnings go on from here: a step of the search for them */
    EDGE_STEM          /* + KUNDIG__LANGUAGE_: the token's stem is `key` */
};

/* A place in the tree of all rules: the terms up to here were met. */
typedef struct compiled_node {
    uint64_t lengths; /* bit n: an edge asks for a beginning of n bytes */
    uint64_t heads;   /* filter of the first two bytes of those */
    uint32_t any;     /* the node behind any one word; 0: none */
    uint32_t gap;     /* the node behind a gap; 0: none */
    uint32_t ends;    /* rules that end here: model->ends[ends..ends + end_count) */
    uint32_t end_count;
    uint32_t loose;    /* its number, from 1, if a gap lies before it: several ways lead there */
    uint32_t letters;  /* a bit a letter: first ones of the edges by stem; bit 26: any other */
    uint8_t languages; /* a bit a language: of the rules here and below */
    uint8_t stems;     /* a bit a language: of the edges by stem */
    uint8_t words;     /* is there an edge by word or stem? */
    uint8_t reserved;
} compiled_node;

/* Edges of one node and key stand side by side; a slot points to the first of them. */
typedef struct compiled_edge {
    kundig_text key;
    kundig_text plain;
    uint64_t hash; /* XXH3 of key */
    uint32_t node;
    uint32_t child;   /* COMPILED_NONE for a mark */
    uint32_t shorter; /* first edge of the next shorter beginning at this node; COMPILED_NONE */
    uint8_t kind;
    uint8_t more; /* the next edge has the same node and key */
    uint8_t reserved[2];
} compiled_edge;

typedef struct compiled_bucket {
    uint32_t tags[COMPILED_BUCKET];
    uint32_t edges[COMPILED_BUCKET]; /* edge + 1; 0: empty */
} compiled_bucket;

/* The tree, found by hash and verified by bytes. */
typedef struct compiled_tree {
    compiled_node *nodes; /* nodes[0] is the root */
    size_t node_count;
    size_t node_capacity;
    compiled_edge *edges;
    size_t edge_count;
    size_t edge_capacity;
    uint32_t *ends; /* rules by the node they end at */
    size_t end_count;
    compiled_bucket *buckets;
    size_t bucket_count; /* a power of two */
    uint64_t seed;
    uint64_t *filter; /* of words and stems by node, 16 bits an edge */
    size_t filter_words;
    uint64_t *heads;         /* filter of the first four bytes of beginnings at the root */
    uint64_t short_heads[4]; /* first bytes of beginnings shorter than that */
    uint32_t loose_count;
} compiled_tree;

/* A word that compounds may be made of. */
typedef struct compiled_part {
    kundig_text key;     /* of the word */
    kundig_text stem;    /* of the word */
    kundig_text respelt; /* stem of the word with umlauts for ae, oe, ue */
    uint32_t rule;       /* COMPILED_NONE: a part and no topic */
} compiled_part;

typedef struct compiled_root {
    kundig_text key; /* a part of a compound begins so */
    uint32_t part;
    uint32_t whole; /* 1: and it is the word itself, 0: endings follow */
} compiled_root;

typedef struct compiled_parts {
    compiled_part *parts;
    size_t part_count;
    compiled_root *roots; /* in order of key, part, whole */
    size_t root_count;
    uint64_t *heads;   /* filter of the roots' first four bytes */
    uint32_t *leading; /* those four bytes of each root, the first the highest */
} compiled_parts;

struct kundig_model {
    atomic_size_t references;
    kundig__mem mem;
    kundig__arena arena; /* all texts and terms */
    kundig_text title;
    kundig__topic_info *topics;
    size_t topic_count;
    kundig__theme_info *themes;
    size_t theme_count;
    kundig__rule *rules; /* in order of topic, kind, language, terms; no two are equal */
    kundig__rule_info *infos;
    size_t rule_count;
    compiled_tree tree;
    compiled_parts parts;
    kundig__languages *languages;
    kundig__lexicon *lexicon;
    uint64_t stemmer_print;
    kundig__taught taught;     /* topics learned from examples */
    kundig__mood_learned mood; /* sentiment learned from scores */
    kundig__discovered discovered;
    kundig__hash128 id;
};

/* What lessons teach and what was discovered, on its way into a model: texts are borrowed,
 * classifiers and clusters shared. */
typedef struct kundig__learned {
    kundig__taught taught; /* classifier, names, plan */
    kundig__mood_learned mood;
    kundig__discovered discovered;
} kundig__learned;

/* ---- model.c ---- */

/* A model of a taxonomy, in which topics that were taught stand already. */
int kundig__model_make(const kundig_allocator *allocator, const kundig__taxonomy *taxonomy,
                       const kundig__learned *learned, kundig_model **out, kundig_error *err);

/* ---- remake.c ---- */

/* Add the topics that were taught and discovered, and their themes, to those of a taxonomy. Texts
 * are borrowed. KUNDIG_OK, KUNDIG_E_VALUE (it has the name of a discovered topic), failures of
 * memory. */
int kundig__taxonomy_join(kundig__taxonomy *taxonomy, const kundig__learned *learned,
                          kundig_error *err);
/* The model's topic of a name, written theme/topic or not; KUNDIG__NO_CLASS. */
uint32_t kundig__model_called(const kundig_model *model, kundig_text name);
/* A model of the rules of base, which may be NULL, and what was learned. */
int kundig__model_remake(const kundig_allocator *allocator, const kundig_model *base,
                         const kundig__learned *learned, kundig_model **out, kundig_error *err);
/* What base learned, which may be NULL, to be changed and made a model of. */
kundig__learned kundig__learned_of(const kundig_model *base);

/* ---- tree.c ---- */

int kundig__tree_build(kundig_model *model, kundig__stemmer *stemmer, kundig_error *err);
void kundig__tree_free(compiled_tree *tree, kundig__mem *mem);

static inline uint64_t tree_mix(uint64_t hash, uint32_t node, uint64_t seed)
{
    uint64_t mixed = (hash ^ seed) + node * UINT64_C(0x9E3779B97F4A7C15);
    mixed ^= mixed >> 32;
    mixed *= UINT64_C(0xD6E8FEB86659FD93);
    return mixed ^ mixed >> 29;
}

static inline bool tree_key_is(const compiled_edge *edge, uint32_t node, const char *key,
                               size_t len)
{
    return edge->node == node && edge->key.len == len && memcmp(edge->key.data, key, len) == 0;
}

/* May the node have an edge by a word or stem of this hash? mixed is tree_mix() of both. */
static inline bool tree_may(const compiled_tree *tree, uint64_t mixed)
{
    uint64_t bit = (mixed >> 20) & (tree->filter_words * 64 - 1);
    return (tree->filter[bit / 64] >> (bit % 64) & 1) != 0;
}

/* First edge of a node and key; COMPILED_NONE if there is none. */
static inline uint32_t tree_find(const compiled_tree *tree, uint32_t node, const char *key,
                                 size_t len, uint64_t mixed)
{
    const compiled_bucket *bucket = &tree->buckets[mixed & (tree->bucket_count - 1)];
    uint32_t tag = (uint32_t)(mixed >> 32);
    for (size_t i = 0; i < COMPILED_BUCKET && bucket->edges[i]; i++) {
        if (bucket->tags[i] == tag &&
            tree_key_is(&tree->edges[bucket->edges[i] - 1], node, key, len)) {
            return bucket->edges[i] - 1;
        }
    }
    return COMPILED_NONE;
}

static inline uint64_t tree_head_bit(const char *head, size_t len)
{
    unsigned second = len > 1 ? (unsigned char)head[1] : 0;
    return UINT64_C(1) << (((unsigned char)head[0] * 5u + second) & 63);
}

/* The bit of a stem's first letter. Whatever else a stemmer does, this it leaves alone, but for
 * accents: a word that begins with another letter of ASCII has not the stem. */
static inline uint32_t tree_letter_bit(char first)
{
    return first >= 'a' && first <= 'z' ? UINT32_C(1) << (first - 'a') : UINT32_C(1) << 26;
}

#define COMPILED_HEAD_BITS 15

/* Where the filters of first bytes keep the four bytes at `bytes`. */
static inline uint32_t compiled_head(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    uint32_t four = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    return four * UINT32_C(0x9E3779B1) >> (32 - COMPILED_HEAD_BITS);
}

static inline bool compiled_head_may(const uint64_t *heads, const char *bytes)
{
    uint32_t bit = compiled_head(bytes);
    return (heads[bit / 64] >> (bit % 64) & 1) != 0;
}

/* ---- spelling.c: German in two spellings; all keep the length ---- */

/* Write text with ae, oe, ue for its umlauts; false if it has none, then nothing is written. */
bool kundig__spelling_key(const char *text, size_t len, char *out);
/* Write text with umlauts for ae, oe, ue, except behind a vowel or q ("neue", "quer"); false if
 * nothing changes, then nothing is written. */
bool kundig__spelling_umlauts(const char *text, size_t len, char *out);

/* ---- compound.c ---- */

#define COMPOUND_MOST_BYTES 64u
#define COMPOUND_MOST_PARTS 6u
#define COMPOUND_LETTERS    8u /* of a word that is split, at least */
#define COMPOUND_PART       4u /* letters of a part, at least */

int kundig__parts_build(kundig_model *model, kundig__stemmer *stemmer, kundig_error *err);
void kundig__parts_free(compiled_parts *parts, kundig__mem *mem);

typedef struct compound_piece {
    uint8_t start; /* bytes of the folded word */
    uint8_t end;
} compound_piece;

typedef struct compound_split {
    size_t count; /* 0: it is none */
    compound_piece pieces[COMPOUND_MOST_PARTS];
} compound_split;

/* Split a folded word into known parts. KUNDIG_OK or failures of memory. */
int kundig__compound_split(const compiled_parts *parts, kundig__stemmer *stemmer,
                           kundig_text folded, compound_split *split);
/* The next part, from *at on, that the piece of the word is; COMPILED_NONE behind the last. The
 * same part may come twice. */
int kundig__compound_part(const compiled_parts *parts, kundig__stemmer *stemmer, kundig_text folded,
                          compound_piece piece, size_t *at, uint32_t *part);

#endif
