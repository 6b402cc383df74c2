/* The cases that look inside: how fast comments become hashes of words, pairs and characters, and
 * how fast a model reads them. No public call does that and nothing else. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "feedback.h"
#include "topics/model.h"

#define CHARACTERS_2_TO_4 (KUNDIG__CHARACTERS(2) | KUNDIG__CHARACTERS(3) | KUNDIG__CHARACTERS(4))

typedef struct inside_texts {
    char *data;
    size_t *ends;
    size_t count;
    size_t len;
} inside_texts;

/* Comments of about 150 bytes, so many of a hundred in German; those of kundig_generate, seed 1. */
static inside_texts inside_make(uint64_t records, uint32_t german_percent)
{
    feedback_source source;
    feedback_record record;
    feedback_start(&source, 1, records);
    source.comment_bytes = 150;
    source.german_percent = german_percent;
    inside_texts texts = {.count = (size_t)records};
    size_t capacity = (size_t)records * 200 + sizeof record.comment;
    texts.ends = bench_need(malloc((size_t)records * sizeof *texts.ends));
    texts.data = bench_need(malloc(capacity));
    for (size_t i = 0; i < texts.count; i++) {
        feedback_next(&source, &record);
        if (capacity - texts.len < record.comment_len) {
            capacity *= 2;
            texts.data = bench_need(realloc(texts.data, capacity));
        }
        memcpy(texts.data + texts.len, record.comment, record.comment_len);
        texts.len += record.comment_len;
        texts.ends[i] = texts.len;
    }
    return texts;
}

static uint64_t inside_sum(const kundig__scratch *scratch, uint32_t families)
{
    uint64_t sum = 0;
    for (size_t token = 0; token < scratch->token_count; token++) {
        sum += scratch->tokens[token].hash;
    }
    for (size_t pair = 0; (families & KUNDIG__PAIRS) && pair + 1 < scratch->token_count; pair++) {
        sum ^= scratch->pairs[pair];
    }
    for (size_t gram = 0; gram < scratch->gram_count; gram++) {
        sum += scratch->grams[gram];
    }
    return sum;
}

static void inside_run(uint64_t records, uint32_t runs, bench_result *result, uint32_t families,
                       uint32_t german_percent)
{
    inside_texts texts = inside_make(records, german_percent);
    kundig_allocator allocator = bench_allocator();
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    for (uint32_t run = 0; run < runs; run++) {
        kundig__scratch scratch;
        kundig__scratch_init(&scratch, &mem);
        uint64_t sum = 0;
        double start = bench_seconds();
        for (size_t i = 0; i < texts.count; i++) {
            size_t from = i ? texts.ends[i - 1] : 0;
            int rc =
                kundig__text_features(&scratch, texts.data + from, texts.ends[i] - from, families);
            bench_check(rc, NULL, "features");
            sum += inside_sum(&scratch, families);
        }
        result->seconds[run] = bench_seconds() - start;
        if (sum == 0) {
            bench_check(KUNDIG_E_INTERNAL, NULL, "features"); /* and nothing is optimised away */
        }
        kundig__scratch_free(&scratch);
    }
    result->records = records;
    result->bytes = texts.len;
    free(texts.data);
    free(texts.ends);
}

void bench_words_de(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_run(records, runs, result, KUNDIG__WORDS, 100);
}

void bench_words_en(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_run(records, runs, result, KUNDIG__WORDS, 0);
}

void bench_pairs_de(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_run(records, runs, result, KUNDIG__WORDS | KUNDIG__PAIRS, 100);
}

void bench_pairs_en(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_run(records, runs, result, KUNDIG__WORDS | KUNDIG__PAIRS, 0);
}

void bench_characters_de(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_run(records, runs, result, KUNDIG__WORDS | KUNDIG__PAIRS | CHARACTERS_2_TO_4, 100);
}

void bench_characters_en(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_run(records, runs, result, KUNDIG__WORDS | KUNDIG__PAIRS | CHARACTERS_2_TO_4, 0);
}

/* ---- Reading with a model ------------------------------------------------------------------- */

/* Words of the comments, as they come: text[starts[i]..starts[i] + lens[i]). */
typedef struct inside_words {
    size_t *starts;
    size_t *lens;
    size_t count;
} inside_words;

enum { INSIDE_WORDS = 20000 };

static inside_words inside_take_words(const inside_texts *texts)
{
    inside_words words = {bench_need(malloc(INSIDE_WORDS * sizeof(size_t))),
                          bench_need(malloc(INSIDE_WORDS * sizeof(size_t))), 0};
    size_t at = 0;
    while (at < texts->len && words.count < INSIDE_WORDS) {
        size_t len = 0;
        while (at + len < texts->len && ((texts->data[at + len] | 0x20) >= 'a') &&
               (texts->data[at + len] | 0x20) <= 'z') {
            len++;
        }
        if (len > 1) {
            words.starts[words.count] = at;
            words.lens[words.count++] = len;
        }
        at += len + 1;
    }
    return words;
}

/* A taxonomy of phrases of two and three words, all of them words of the comments: what begins a
 * rule is met all the time, what ends one seldom. */
static kundig_model *inside_model(const inside_texts *texts, uint32_t rules)
{
    inside_words words = inside_take_words(texts);
    size_t capacity = (size_t)rules * 200 + 100;
    char *taxonomy = bench_need(malloc(capacity));
    size_t len = (size_t)sprintf(taxonomy, "topic a: A\n");
    uint64_t seed = 1;
    for (uint32_t i = 0; i < rules; i++) {
        uint32_t terms = 2 + i % 2;
        for (uint32_t term = 0; term < terms; term++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t word = (size_t)(seed >> 33) % words.count;
            int shown = words.lens[word] < 60 ? (int)words.lens[word] : 60;
            len += (size_t)sprintf(taxonomy + len, "%s\"%.*s\"", term ? " " : "any: ", shown,
                                   texts->data + words.starts[word]);
        }
        len += (size_t)sprintf(taxonomy + len, "\n");
    }
    kundig_allocator allocator = bench_allocator();
    kundig_model *model = NULL;
    kundig_error err;
    bench_check(kundig_model_new(&allocator, taxonomy, len, &model, &err), &err, "model");
    free(taxonomy);
    free(words.starts);
    free(words.lens);
    return model;
}

static size_t inside_read(kundig__reading *reading, const inside_texts *texts, size_t i)
{
    size_t from = i ? texts->ends[i - 1] : 0;
    bench_check(kundig__reading_run(reading, texts->data + from, texts->ends[i] - from,
                                    KUNDIG__LANGUAGE_UNKNOWN),
                NULL, "read");
    return reading->hit_count;
}

/* Read all comments; a new reading every `fresh` comments, 0: one that has read them before. */
static void inside_topics(uint64_t records, uint32_t runs, bench_result *result, uint32_t rules,
                          size_t fresh)
{
    inside_texts texts = inside_make(records, 50);
    kundig_allocator allocator = bench_allocator();
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = NULL;
    kundig_error err;
    kundig__mem_init(&mem, &allocator, 0);
    if (rules) {
        model = inside_model(&texts, rules);
    } else {
        bench_check(kundig_model_new(&allocator, NULL, 0, &model, &err), &err, "model");
    }
    /* probes of words that are not known: each comment by a reading of its own */
    uint64_t probes = 0;
    uint64_t tokens = 0;
    for (size_t i = 0; i < texts.count && i < 200; i++) {
        kundig__reading_init(&reading, &mem, model);
        inside_read(&reading, &texts, i);
        probes += kundig__reading_probes(&reading);
        tokens += reading.scratch.token_count;
        kundig__reading_free(&reading);
    }
    result->probes_per_token = (double)probes / (double)(tokens ? tokens : 1);
    kundig__reading_init(&reading, &mem, model);
    size_t hits = 0;
    for (size_t i = 0; !fresh && i < texts.count; i++) {
        hits += inside_read(&reading, &texts, i);
    }
    for (uint32_t run = 0; run < runs; run++) {
        double start = bench_seconds();
        for (size_t i = 0; i < texts.count; i++) {
            if (fresh && i % fresh == 0) {
                kundig__reading_free(&reading);
                kundig__reading_init(&reading, &mem, model);
            }
            hits += inside_read(&reading, &texts, i);
        }
        result->seconds[run] = bench_seconds() - start;
    }
    if (hits == 0 && !rules) {
        bench_check(KUNDIG_E_INTERNAL, NULL, "topics"); /* and nothing is optimised away */
    }
    result->records = records;
    result->bytes = texts.len;
    kundig__reading_free(&reading);
    kundig_model_free(model);
    free(texts.data);
    free(texts.ends);
}

void bench_topics_warm(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_topics(records, runs, result, 0, 0);
}

void bench_topics_cold(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_topics(records, runs, result, 0, 1000);
}

void bench_rules_100(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_topics(records, runs, result, 100, 0);
}

void bench_rules_10000(uint64_t records, uint32_t runs, bench_result *result)
{
    inside_topics(records, runs, result, 10000, 0);
}
