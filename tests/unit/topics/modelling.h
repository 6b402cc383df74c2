/* Shared by the tests of models: a taxonomy in a few lines, a text, the hits that are expected. */
#ifndef KUNDIG_TESTS_MODELLING_H
#define KUNDIG_TESTS_MODELLING_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "probe.h"
#include "topics/matching.h"

static inline kundig_model *model_of(const char *taxonomy)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int rc = kundig_model_new(&allocator, taxonomy, strlen(taxonomy), &model, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    return model;
}

/* Hits as "start-end topic; ...", the topics behind them as "= a b". */
static inline void show_hits(const kundig__reading *reading, char *out, size_t room)
{
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < reading->hit_count && len < room; i++) {
        const kundig__hit *hit = &reading->hits[i];
        kundig_text name = kundig__model_topic(reading->model, hit->topic)->name;
        len += (size_t)snprintf(out + len, room - len, "%s%u-%u %.*s", i ? "; " : "",
                                (unsigned)hit->start, (unsigned)hit->end, (int)name.len, name.data);
    }
}

/* Where `marked` has [a topic] round what shall be found, written [text|topic] or with several
 * topics [text|topic topic]: the text without the marks and the hits as show_hits() says them.
 * Marks may nest. \[ stands for a bracket, \u{20AC} for a code point, \xFF for a byte. */
typedef struct marked_text {
    char text[4096];
    size_t len;
    char expected[4096];
} marked_text;

typedef struct marked_hit {
    size_t start;
    size_t end;
    char topic[64];
} marked_hit;

static inline unsigned unmark_hex(const char *text, size_t *pos)
{
    unsigned value = 0;
    for (;; ++*pos) {
        const char *digits = "0123456789ABCDEF";
        const char *digit = text[*pos] ? strchr(digits, text[*pos]) : NULL;
        if (!digit) {
            return value;
        }
        value = value * 16 + (unsigned)(digit - digits);
    }
}

static inline void unmark(const char *marked, size_t marked_len, marked_text *out)
{
    marked_hit hits[64];
    size_t count = 0;
    size_t open[16];
    size_t depth = 0;
    out->len = 0;
    for (size_t i = 0; i < marked_len; i++) {
        char c = marked[i];
        if (c == '\\' && i + 1 < marked_len && marked[i + 1] == 'x') {
            char digits[3] = {marked[i + 2], marked[i + 3], 0};
            size_t pos = 0;
            out->text[out->len++] = (char)unmark_hex(digits, &pos);
            i += 3;
        } else if (c == '\\' && i + 1 < marked_len && marked[i + 1] == 'u') {
            i += 3;
            out->len += kundig__utf8_encode(unmark_hex(marked, &i), out->text + out->len);
        } else if (c == '\\' && i + 1 < marked_len && strchr("[]|\\", marked[i + 1])) {
            out->text[out->len++] = marked[++i];
        } else if (c == '[') {
            open[depth++] = out->len;
        } else if (c == '|' && depth > 0) {
            size_t end = out->len;
            depth--;
            for (i++; i < marked_len && marked[i] != ']';) {
                size_t len = 0;
                while (marked[i + len] != ' ' && marked[i + len] != ']') {
                    len++;
                }
                cr_assert(count < 64 && len < 64);
                hits[count].start = open[depth];
                hits[count].end = end;
                memcpy(hits[count].topic, marked + i, len);
                hits[count++].topic[len] = 0;
                i += len + (marked[i + len] == ' ');
            }
        } else {
            out->text[out->len++] = c;
        }
        cr_assert_lt(out->len, sizeof out->text);
    }
    cr_assert_eq(depth, 0, "a mark is open in %.*s", (int)marked_len, marked);
    size_t len = 0;
    out->expected[0] = 0;
    for (size_t done = 0; done < count; done++) {
        size_t least = SIZE_MAX;
        for (size_t i = 0; i < count; i++) {
            if (hits[i].topic[0] && (least == SIZE_MAX || hits[i].start < hits[least].start ||
                                     (hits[i].start == hits[least].start &&
                                      (hits[i].end < hits[least].end ||
                                       (hits[i].end == hits[least].end &&
                                        strcmp(hits[i].topic, hits[least].topic) < 0))))) {
                least = i;
            }
        }
        len += (size_t)snprintf(out->expected + len, sizeof out->expected - len, "%s%zu-%zu %s",
                                done ? "; " : "", hits[least].start, hits[least].end,
                                hits[least].topic);
        hits[least].topic[0] = 0;
    }
}

/* Read a marked text and compare; twice, so that the second time words are known. */
static inline void finds_in(kundig__reading *reading, const char *marked, int language)
{
    marked_text text;
    char shown[4096];
    unmark(marked, strlen(marked), &text);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(kundig__reading_run(reading, text.text, text.len, language), KUNDIG_OK);
        show_hits(reading, shown, sizeof shown);
        cr_expect_str_eq(shown, text.expected, "in \"%s\": %s, not %s", marked, shown,
                         text.expected);
    }
}

/* The same with a taxonomy of its own. */
static inline void finds(const char *taxonomy, const char *marked)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = model_of(taxonomy);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, model);
    finds_in(&reading, marked, KUNDIG__LANGUAGE_UNKNOWN);
    kundig__reading_free(&reading);
    kundig_model_free(model);
    cr_assert_eq(mem.used, 0);
}

#endif
