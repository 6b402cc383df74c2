/* Tells the language of texts: those of standard input, each ended by a NUL. For measure.py.
 *
 *   tell          comment LANGUAGE SURENESS MIXED
 *                 sentence LANGUAGE SURENESS WORDS, in the order of the text
 *   tell --time   what reading costs a token, of the fastest of ten rounds */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/language.h"

typedef struct tell_state {
    kundig__mem mem;
    kundig__scratch scratch;
    kundig__spoken spoken;
    kundig__languages *languages;
} tell_state;

static double tell_seconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static char *tell_input(size_t *len)
{
    size_t capacity = 1 << 16;
    char *data = malloc(capacity);
    *len = 0;
    while (data) {
        size_t got = fread(data + *len, 1, capacity - *len, stdin);
        *len += got;
        if (got == 0) {
            return data;
        }
        if (*len == capacity) {
            capacity *= 2;
            char *more = realloc(data, capacity);
            if (!more) {
                free(data);
            }
            data = more;
        }
    }
    return NULL;
}

static int tell_fail(const char *sentence)
{
    fprintf(stderr, "tell: %s\n", sentence);
    return 1;
}

static bool tell_split(tell_state *state, const char *text, size_t len)
{
    return kundig__utf8_valid(text, len) == len &&
           kundig__text_features(&state->scratch, text, len, KUNDIG__WORDS) == KUNDIG_OK;
}

static bool tell_read(tell_state *state, const char *text, size_t len)
{
    return kundig__language_read(state->languages, &state->scratch, text, len, &state->spoken);
}

static void tell_show(const tell_state *state)
{
    const kundig__spoken *spoken = &state->spoken;
    printf("comment %s %u %d\n", kundig__language_name(spoken->language), spoken->sureness,
           spoken->mixed);
    for (size_t i = 0; i < spoken->sentence_count; i++) {
        const kundig__sentence *sentence = &spoken->sentences[i];
        size_t words = 0;
        for (size_t token = sentence->first; token < sentence->end; token++) {
            words += state->scratch.tokens[token].kind == KUNDIG__TOKEN_WORD;
        }
        printf("sentence %s %u %zu\n", kundig__language_name(sentence->language),
               sentence->sureness, words);
    }
}

int main(int argc, char **argv)
{
    bool timed = argc == 2 && strcmp(argv[1], "--time") == 0;
    size_t len;
    char *data = tell_input(&len);
    if (!data) {
        return tell_fail("out of memory");
    }
    tell_state state;
    kundig__mem_init(&state.mem, NULL, 0);
    kundig__scratch_init(&state.scratch, &state.mem);
    kundig__spoken_init(&state.spoken, &state.mem);
    double built = tell_seconds();
    state.languages = kundig__languages_new(&state.mem);
    built = tell_seconds() - built;
    if (!state.languages) {
        free(data);
        return tell_fail("out of memory");
    }
    double best = 0;
    size_t tokens = 0;
    size_t texts = 0;
    const char *wrong = NULL;
    for (int round = 0; round < (timed ? 10 : 1) && !wrong; round++) {
        double spent = 0;
        tokens = 0;
        texts = 0;
        for (size_t from = 0; from < len && !wrong; texts++) {
            const char *end = memchr(data + from, 0, len - from);
            size_t size = end ? (size_t)(end - data) - from : len - from;
            if (!tell_split(&state, data + from, size)) {
                wrong = "ill-formed UTF-8, or out of memory";
                break;
            }
            double start = timed ? tell_seconds() : 0;
            if (!tell_read(&state, data + from, size)) {
                wrong = "out of memory";
            }
            spent += timed ? tell_seconds() - start : 0;
            tokens += state.scratch.token_count;
            if (!timed && !wrong) {
                tell_show(&state);
            }
            from += size + 1;
        }
        best = round == 0 || spent < best ? spent : best;
    }
    if (timed && tokens && !wrong) {
        double empty = tell_seconds(); /* what looking at the clock costs */
        for (int i = 0; i < 1000; i++) {
            tell_seconds();
        }
        empty = (tell_seconds() - empty) / 1000 * (double)texts;
        printf("%.2f ns a token, %.0f ns a text; tables in %.2f ms\n",
               (best - empty) / (double)tokens * 1e9, (best - empty) / (double)texts * 1e9,
               built * 1e3);
    }
    kundig__languages_free(state.languages, &state.mem);
    kundig__spoken_free(&state.spoken);
    kundig__scratch_free(&state.scratch);
    free(data);
    return wrong ? tell_fail(wrong) : 0;
}
