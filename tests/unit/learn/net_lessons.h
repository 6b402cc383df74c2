/* Lessons that no linear learner over words and neighbours can take in: a colour and a size, with
 * other words between them, and the class says whether they belong together. */
#ifndef NET_LESSONS_H
#define NET_LESSONS_H

#include <stdio.h>
#include <string.h>

#include "base/prng.h"
#include "learn/classifier.h"

#define NET_LESSONS_MOST 1600u
#define NET_LESSON_TEXT  96u

typedef struct net_lessons {
    char texts[NET_LESSONS_MOST][NET_LESSON_TEXT];
    kundig__mark marks[NET_LESSONS_MOST][2];
    kundig__lesson lessons[NET_LESSONS_MOST];
    kundig__course course;
} net_lessons;

static const char *const net_fillers[] = {"the",   "house", "garden", "window", "river", "table",
                                          "cloud", "road",  "letter", "boat",   "field", "lamp"};

static uint32_t net_text(kundig__prng *prng, char *out)
{
    static const char *const colours[] = {"crimson", "azure"};
    static const char *const sizes[] = {"enormous", "tiny"};
    uint32_t colour = (uint32_t)kundig__prng_below(prng, 2);
    uint32_t size = (uint32_t)kundig__prng_below(prng, 2);
    const char *fill[4];
    for (int i = 0; i < 4; i++) {
        fill[i] = net_fillers[kundig__prng_below(prng, 12)];
    }
    snprintf(out, NET_LESSON_TEXT, "%s %s %s %s %s %s", fill[0], colours[colour], fill[1], fill[2],
             sizes[size], fill[3]);
    return colour == size;
}

/* kind several: of the two classes, one holds, and the other has no mark where partial. */
static void net_lessons_make(net_lessons *out, size_t count, int kind, int quality)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 7);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        uint32_t klass = net_text(&prng, out->texts[i]);
        out->marks[i][0] = (kundig__mark){.klass = klass, .weight = 1, .holds = true};
        out->lessons[i] = (kundig__lesson){
            .text = {out->texts[i], strlen(out->texts[i])},
            .marks = out->marks[i],
            .mark_count = 1,
            .customer = KUNDIG__NOBODY,
            .weight = 1,
        };
    }
    out->course = (kundig__course){.lessons = out->lessons,
                                   .lesson_count = count,
                                   .class_count = 2,
                                   .kind = kind,
                                   .quality = quality,
                                   .threads = 1};
}

#endif
