/* The cases that look inside: how fast comments become hashes of words, pairs and characters. No
 * public call does that and nothing else. */
#include <stdlib.h>

#include "bench.h"
#include "feedback.h"
#include "text/text.h"

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
