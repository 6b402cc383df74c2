#include "made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_OWN    7u   /* words of a topic */
#define MADE_SHARED 3u   /* of them its neighbour's, too */
#define MADE_COMMON 400u /* words of everybody */

typedef struct made_piece {
    struct made_piece *next;
} made_piece;

static void *made_memory(made_set *set, size_t size)
{
    made_piece *piece = calloc(1, sizeof *piece + size);
    if (!piece) {
        fputs("made: out of memory\n", stderr);
        exit(2);
    }
    piece->next = set->pieces;
    set->pieces = piece;
    return piece + 1;
}

/* splitmix64 */
uint64_t made_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

static uint32_t made_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)((made_random(state) >> 32) * bound >> 32);
}

/* A word that belongs to a number. */
static size_t made_word(uint32_t number, char *out)
{
    static const char *const parts[] = {"ka", "lo",  "mir", "ten", "s\xC3\xBC", "ro", "nib", "du",
                                        "fe", "gal", "wi",  "pos", "h\xC3\xA4", "ry", "bel", "cu"};
    size_t len = 0;
    uint32_t left = number * 7 + 3;
    do {
        const char *part = parts[left % 16];
        memcpy(out + len, part, strlen(part));
        len += strlen(part);
        left /= 16;
    } while (left);
    return len;
}

/* Words of moods, so that a lexicon has something to say. */
static const char *const made_good[] = {"great", "super", "love", "freundlich", "perfect", "toll"};
static const char *const made_bad[] = {"terrible", "schlecht", "hate",
                                       "broken",   "awful",    "langsam"};

static uint32_t made_topic_word(uint64_t *state, uint32_t topic)
{
    uint32_t at = made_below(state, MADE_OWN + MADE_SHARED);
    return MADE_COMMON + topic * MADE_OWN + at;
}

static kundig_text made_text(made_set *set, uint64_t *state, const uint32_t *topics, size_t count,
                             int mood)
{
    char text[1024];
    size_t len = 0;
    uint32_t words = 4 + made_below(state, 10);
    for (uint32_t i = 0; i < words; i++) {
        uint32_t chance = made_below(state, 100);
        if (len) {
            text[len++] = ' ';
        }
        if (mood && chance < 22) {
            /* one in four is of the other mood */
            int side = made_below(state, 4) == 0 ? -mood : mood;
            const char *word =
                side > 0 ? made_good[made_below(state, 6)] : made_bad[made_below(state, 6)];
            memcpy(text + len, word, strlen(word));
            len += strlen(word);
        } else if (count && chance < 45) {
            len += made_word(made_topic_word(state, topics[made_below(state, (uint32_t)count)]),
                             text + len);
        } else {
            uint32_t most = 1 + made_below(state, MADE_COMMON);
            len += made_word(made_below(state, most), text + len);
        }
        if (chance > 96) {
            memcpy(text + len, chance > 98 ? " \xF0\x9F\x98\x80" : " !!", chance > 98 ? 5 : 3);
            len += chance > 98 ? 5 : 3;
        }
    }
    if (made_below(state, 3) == 0) {
        text[len++] = made_below(state, 2) ? '.' : '?';
    }
    char *own = made_memory(set, len + 1);
    memcpy(own, text, len);
    return (kundig_text){own, len};
}

static kundig_text made_printed(made_set *set, const char *format, uint32_t number)
{
    char *own = made_memory(set, 64);
    int len = snprintf(own, 64, format, (unsigned long)number);
    return (kundig_text){own, (size_t)len};
}

static kundig_text made_topic(made_set *set, uint32_t topic)
{
    /* some stand in themes, some are of other letters */
    const char *format = topic % 3 == 0   ? "theme/topic %lu"
                         : topic % 3 == 1 ? "topic %lu"
                                          : "\xC3\x9C"
                                            "ber %lu";
    return made_printed(set, format, topic);
}

const char *made_topic_name(made_set *set, uint32_t topic)
{
    return made_topic(set, topic).data;
}

static void made_one(made_set *set, uint64_t *state, kundig_example *example, size_t at,
                     uint32_t topic_count, unsigned flags)
{
    uint32_t topics[3] = {made_below(state, topic_count), 0, 0};
    size_t count = 1;
    int mood = 0;
    kundig_example_init(example);
    if (flags & MADE_SEVERAL) {
        count = made_below(state, 4);
        for (size_t i = 1; i < count; i++) {
            topics[i] = (topics[i - 1] + 1 + made_below(state, topic_count - 1)) % topic_count;
        }
        count = count == 3 && topics[2] == topics[0] ? 2 : count;
    }
    if (flags & MADE_SCORES) {
        kundig_score *score = made_memory(set, sizeof *score);
        uint32_t value = made_below(state, 11);
        mood = value < 7 ? -1 : value > 8 ? 1 : 0;
        score->scale = KUNDIG_SCALE_NPS;
        score->value = (double)value;
        example->score = score;
    } else {
        kundig_text *labels = made_memory(set, 3 * sizeof *labels);
        for (size_t i = 0; i < count; i++) {
            labels[i] = made_topic(set, topics[i]);
        }
        example->labels = labels;
        example->label_count = count;
        if ((flags & MADE_PARTIAL) && at % 2) {
            kundig_text *denied = made_memory(set, sizeof *denied);
            uint32_t other = (topics[0] + topic_count / 2) % topic_count;
            *denied = made_topic(set, other);
            example->partial = 1;
            example->denied = denied;
            example->denied_count = 1;
            for (size_t i = 0; i < count; i++) {
                example->denied_count = topics[i] == other ? 0 : example->denied_count;
            }
        }
    }
    example->text = made_text(set, state, topics, count, mood);
    if (flags & MADE_CUSTOMERS) {
        example->customer =
            made_printed(set, "customer %lu", made_below(state, (uint32_t)(set->count / 8 + 1)));
    }
    example->source = (kundig_text){"made", 4};
    example->id = made_printed(set, "%lu", (uint32_t)at);
}

made_set *made_new(uint64_t seed, size_t count, uint32_t topics, unsigned flags)
{
    made_set *set = calloc(1, sizeof *set);
    uint64_t state = seed;
    if (!set) {
        exit(2);
    }
    set->count = count;
    set->examples = made_memory(set, count * sizeof *set->examples);
    for (size_t i = 0; i < count; i++) {
        made_one(set, &state, &set->examples[i], i, topics, flags);
    }
    return set;
}

void made_shuffle(made_set *set, uint64_t seed)
{
    for (size_t i = set->count; i > 1; i--) {
        size_t other = seed ? made_below(&seed, (uint32_t)i) : set->count - i;
        kundig_example kept = set->examples[i - 1];
        if (!seed && other >= i - 1) {
            break;
        }
        set->examples[i - 1] = set->examples[other];
        set->examples[other] = kept;
    }
}

void made_free(made_set *set)
{
    while (set && set->pieces) {
        made_piece *piece = set->pieces;
        set->pieces = piece->next;
        free(piece);
    }
    free(set);
}

kundig_examples *made_examples(const made_set *set, const kundig_allocator *allocator,
                               int32_t lesson)
{
    kundig_examples *out = NULL;
    kundig_error err;
    if (kundig_examples_new(allocator, lesson, &out, &err) != KUNDIG_OK ||
        kundig_examples_add(out, set->examples, set->count, &err) != KUNDIG_OK) {
        fprintf(stderr, "made: %s\n", err.message);
        exit(2);
    }
    return out;
}
