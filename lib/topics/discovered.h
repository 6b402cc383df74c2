/* What a model discovered: names, labels and history of clusters, and what people said of them. */
#ifndef KUNDIG_TOPICS_DISCOVERED_H
#define KUNDIG_TOPICS_DISCOVERED_H

#include "discover/clusters.h"
#include "topics/examples.h"

#define KUNDIG__TOPIC_WORDS    10u /* at most, for one topic */
#define KUNDIG__TOPIC_EXAMPLES 3u
#define KUNDIG__TOPIC_NAME     14u /* bytes of a name: t- and 12 digits */
#define KUNDIG__NOT_COUNTED    UINT64_MAX

/* How a model was discovered from the facts of a corpus. */
typedef struct kundig__discover_plan {
    bool of_facts; /* else from examples, and the purpose is not set */
    int32_t quality;
    uint32_t topics;
    uint32_t themes;
    uint32_t least_customers;
    uint64_t most_fitted;
    uint64_t seed;
    kundig_text purpose;
} kundig__discover_plan;

typedef struct kundig__topic_word {
    kundig_text name; /* a word, or two with a blank between them, as most write it */
    double weight;
} kundig__topic_word;

typedef struct kundig__discovered_topic {
    kundig_text name;       /* t-... */
    kundig_text label;      /* made of words */
    kundig_text said;       /* what a person called it; absent: the label is its title */
    kundig_text called;     /* label of examples that it stands for; may be absent */
    uint64_t told;          /* hash of the edit or label that made it a topic; 0: it was found */
    uint64_t own_texts;     /* that fit it well, and have it for main topic */
    uint64_t own_customers; /* who wrote them; KUNDIG__NOT_COUNTED: none is known */
    uint64_t texts;         /* those of all that is part of it, too */
    uint64_t customers;     /* who wrote them; KUNDIG__NOT_COUNTED */
    uint32_t theme;
    kundig__topic_word words[KUNDIG__TOPIC_WORDS]; /* those that tell it most first */
    uint32_t word_count;
    kundig_text sources[KUNDIG__TOPIC_EXAMPLES]; /* keys of typical texts; no text */
    kundig_text ids[KUNDIG__TOPIC_EXAMPLES];
    uint32_t example_count;
    double collisions;
    int came; /* KUNDIG__CAME_ */
    kundig_text from;
    kundig_text matches; /* a defined or taught topic that speaks of the same; may be absent */
    double agreement;
    kundig_text into;  /* another discovered topic that it is part of; may be absent */
    kundig_text known; /* a defined or taught topic that it stands for; may be absent */
    bool hidden;
    bool pinned;
} kundig__discovered_topic;

typedef struct kundig__discovered_theme {
    kundig_text name; /* g-... */
    kundig_text label;
    kundig_text said;
    bool hidden;
} kundig__discovered_theme;

/* One line of history: what became of topics at the latest fit. */
typedef struct kundig__discovered_event {
    kundig_text topic;
    int came; /* KUNDIG__CAME_, or KUNDIG__CAME_GONE */
    kundig_text other;
    uint64_t texts; /* of topic, now */
} kundig__discovered_event;

#define KUNDIG__CAME_GONE 4
#define KUNDIG__CAME_TOLD 5 /* a person said that it is a topic */

/* Texts belong to whoever made it: a model's are in its arena. */
typedef struct kundig__discovered {
    kundig__clustered *clustered;     /* NULL: nothing was discovered */
    kundig__discovered_topic *topics; /* by cluster */
    uint32_t *classes;                /* clusters in byte order of their topics' names */
    uint32_t *ranks;                  /* of each cluster: its place among classes */
    uint32_t *wholes;                 /* of each cluster: the one it is part of; else itself */
    uint32_t *numbers;                /* of each cluster: the model's topic its texts count in,
                                         KUNDIG__NO_CLUSTER where it is hidden; of known and merged
                                         ones that of the topic they are part of */
    kundig__discovered_theme *themes; /* by theme of the clusters */
    uint32_t *theme_classes;          /* themes in byte order of their names */
    uint64_t generation;              /* fits since the first */
    kundig__discovered_event *events;
    size_t event_count;
    kundig__discover_plan plan;
} kundig__discovered;

/* Check options; known has defaults where they say nothing. */
int kundig__discover_options(const kundig_discover_options *options, kundig_discover_options *known,
                             kundig_error *err);
/* What kundig_model_discover() does, with a plan of how it came about: NULL, from examples alone.
 */
int kundig__model_discover(const kundig_model *base, const kundig_examples *set,
                           const kundig_discover_options *known, const kundig__discover_plan *plan,
                           kundig_model **out, int32_t *found, kundig_error *err);
/* The same topics, texts, customers, words and examples counted anew from these texts: facts were
 * erased. Topics that no text is left of stay, empty. */
int kundig__model_settle(const kundig_model *model, const kundig_examples *set,
                         const kundig_discover_options *known, kundig_model **out,
                         kundig_error *err);
/* The model with what people said heeded as far as no fit is needed: names, hidden, merged and
 * known topics. Says by itself what all edits say: what an earlier call heeded and these leave out
 * is taken back. A model without discovered topics comes back retained. */
int kundig__model_edited(const kundig_model *model, const kundig_edit *edits, size_t count,
                         kundig_model **out, kundig_error *err);
/* May an edit be so? field: which one is wrong, err says why. */
int kundig__edit_check(const kundig_edit *edit, const char **field, kundig_error *err);

/* ---- discovered.c ---- */

/* How many topics, parts of others among them; 0 where nothing was discovered. */
uint32_t kundig__discovered_count(const kundig__discovered *discovered);
uint32_t kundig__discovered_theme_count(const kundig__discovered *discovered);
/* The cluster of a topic, the theme of a theme's name; KUNDIG__NO_CLUSTER. */
uint32_t kundig__discovered_find(const kundig__discovered *discovered, kundig_text name);
uint32_t kundig__discovered_find_theme(const kundig__discovered *discovered, kundig_text name);
/* What a topic or theme is called: as a person said, else as examples are labelled, else its
 * label. */
kundig_text kundig__discovered_title(const kundig__discovered_topic *topic);
kundig_text kundig__discovered_theme_title(const kundig__discovered_theme *theme);
/* The class of a cluster: the place of the name of what it is part of. */
uint32_t kundig__discovered_class(const kundig__discovered *discovered, uint32_t cluster);
/* Is the cluster in no answer? */
bool kundig__discovered_hidden(const kundig__discovered *discovered, uint32_t cluster);
/* The classes and wholes of topics and themes that are named already; false on failure of memory.
 */
bool kundig__discovered_index(kundig__arena *arena, kundig__discovered *discovered);
/* Find wholes anew: what topics are part of changed. */
void kundig__discovered_gather(kundig__discovered *discovered);
/* Copy all but numbers, which are zeros; clusters are shared: kundig__clustered_retain(). false on
 * failure of memory. */
bool kundig__discovered_copy(kundig__arena *arena, const kundig__discovered *from,
                             kundig__discovered *to);

#endif
