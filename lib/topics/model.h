/* A model: a taxonomy compiled for reading comments and what was taught beside it, immutable and
 * shared by threads. */
#ifndef KUNDIG_TOPICS_MODEL_H
#define KUNDIG_TOPICS_MODEL_H

#include "base/hash.h"
#include "topics/sentiment.h"
#include "topics/taxonomy.h"

#define KUNDIG__MODEL_VERSION "999" /* 999 while in development */

/* Topics and themes of a model are numbered in byte order of their names. */
typedef struct kundig__topic_info {
    kundig_text name;
    kundig_text title;
    uint32_t theme;
    uint32_t rule_count; /* hits, not exclusions */
    uint32_t not_count;
    uint32_t klass;   /* of what was taught; KUNDIG__NO_CLASS: rules alone find it */
    uint32_t number;  /* among those of the taxonomy */
    bool taught;      /* examples alone name it, no taxonomy */
    uint32_t cluster; /* it was discovered: which; else KUNDIG__NO_CLASS */
} kundig__topic_info;

typedef struct kundig__theme_info {
    kundig_text name;
    kundig_text title;
    uint32_t number; /* as of a topic */
    bool taught;
    bool discovered;
} kundig__theme_info;

/* Where a rule was written. */
typedef struct kundig__rule_info {
    uint32_t topic;
    int32_t kind;
    int32_t language;
    uint32_t line;
    kundig_text written;
} kundig__rule_info;

/* Compile; the model owns copies of all it needs and its own kundig__mem (no limit). */
int kundig__model_compile(const kundig_allocator *allocator, const kundig__taxonomy *taxonomy,
                          kundig_model **out, kundig_error *err);
/* A model of the rules of base, which may be NULL, that learned what base did but nothing of one
 * lesson, KUNDIG_LESSON_. */
int kundig__model_forget(const kundig_allocator *allocator, const kundig_model *base,
                         int32_t lesson, kundig_model **out, kundig_error *err);
/* The topic of the base's taxonomy that a label names, by its name or as theme/topic;
 * KUNDIG__NO_CLASS if it names none. */
uint32_t kundig__topic_labelled(const kundig_model *base, kundig_text label);
size_t kundig__model_topic_count(const kundig_model *model);
const kundig__topic_info *kundig__model_topic(const kundig_model *model, size_t topic);
size_t kundig__model_theme_count(const kundig_model *model);
const kundig__theme_info *kundig__model_theme(const kundig_model *model, size_t theme);
size_t kundig__model_rule_count(const kundig_model *model);
const kundig__rule_info *kundig__model_rule(const kundig_model *model, size_t rule);
kundig_text kundig__model_title(const kundig_model *model);
const kundig__languages *kundig__model_languages(const kundig_model *model);
const kundig__lexicon *kundig__model_lexicon(const kundig_model *model);
/* NULL: nothing was taught. */
const kundig__taught *kundig__model_taught(const kundig_model *model);
const kundig__mood_learned *kundig__model_mood(const kundig_model *model);
/* NULL: nothing was discovered. */
const struct kundig__discovered *kundig__model_discovered_of(const kundig_model *model);
/* BLAKE2b of all that decides what the model finds: equal taxonomies and versions, equal ids. */
kundig__hash128 kundig__model_id(const kundig_model *model);

/* ---- Reading comments ---- */

typedef struct kundig__hit {
    uint32_t start; /* bytes of the text */
    uint32_t end;
    uint32_t topic;
    uint32_t rule; /* KUNDIG__RULE_TAUGHT: learned from examples; KUNDIG__RULE_DISCOVERED */
} kundig__hit;

#define KUNDIG__RULE_TAUGHT     UINT32_MAX
#define KUNDIG__RULE_DISCOVERED (UINT32_MAX - 1) /* the bytes are the sentences that fit it */

typedef struct kundig__matching kundig__matching; /* match.c */

/* Reads comments one after the other; belongs to one thread. */
typedef struct kundig__reading {
    kundig__mem *mem;
    const kundig_model *model;
    kundig__scratch scratch;
    kundig__spoken spoken;
    kundig__hit *hits; /* in order of start, end, topic, rule */
    size_t hit_count;
    size_t hit_capacity;
    uint32_t *topics; /* distinct, ascending */
    size_t topic_count;
    size_t topic_capacity;
    float *probabilities; /* of topics; below 0 where rules alone decided */
    size_t probability_capacity;
    uint32_t main_topic;          /* discovered; KUNDIG__NO_CLASS: none fits, or none discovered */
    float novelty;                /* in [0, 1]; below 0 where nothing was discovered or said */
    bool plain;                   /* set it to be told what rules say alone */
    uint32_t families;            /* that scratch shall hold beside what is needed */
    bool moods;                   /* set it to be told these, too: */
    kundig__mood mood;            /* of the whole */
    kundig__mood *sentence_moods; /* as many as spoken.sentence_count */
    kundig__mood *topic_moods;    /* as many as topic_count */
    kundig__matching *matching;   /* stem caches and what else belongs to matching */
    kundig__classifying *taught;  /* NULL until it is needed, or where nothing was taught */
    struct kundig__assigning *assigning; /* NULL until it is needed, or nothing was discovered */
    uint32_t *signs;                     /* rules' topics, as the classifier numbers them */
    size_t sign_capacity;
    struct kundig__feeling *feeling; /* sentiment.c */
} kundig__reading;

void kundig__reading_init(kundig__reading *reading, kundig__mem *mem, const kundig_model *model);
void kundig__reading_free(kundig__reading *reading);
/* Read one comment: valid UTF-8 without NUL. language: the one it is known to be in, or
 * KUNDIG__LANGUAGE_UNKNOWN to find out. A rule of a language counts in sentences of that language
 * and in those whose language is not sure. KUNDIG_OK, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT. */
int kundig__reading_run(kundig__reading *reading, const char *text, size_t len, int language);
/* Looks into the model's table so far; words that a reading knows need none. */
uint64_t kundig__reading_probes(const kundig__reading *reading);

#endif
