/* What a case and the driver know of each other. */
#ifndef KUNDIG_BENCH_H
#define KUNDIG_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kundig.h"

/* Counts kundig's own memory while a case runs. */
typedef struct bench_memory {
    uint64_t allocations;
    uint64_t live_bytes;
    uint64_t peak_bytes;
} bench_memory;

extern bench_memory bench_counted;
kundig_allocator bench_allocator(void);

typedef struct bench_result {
    double seconds[32]; /* one a run */
    uint32_t runs;
    uint64_t records; /* handled in one run */
    uint64_t bytes;   /* of input handled in one run; 0: not a question of bytes */
    uint64_t allocations;
    uint64_t peak_bytes;
    double bytes_per_record; /* 0: not asked */
    double probes_per_token; /* looks into a model's table by words not met before; 0: not asked */
} bench_result;

typedef struct bench_case {
    const char *name;
    const char *question;
    uint64_t records; /* unless the caller says otherwise */
    void (*run)(uint64_t records, uint32_t runs, bench_result *result);
} bench_case;

double bench_seconds(void); /* of the processor, so that a busy machine changes little */
void bench_check(int rc, const kundig_error *err, const char *what);
void *bench_need(void *ptr); /* ends the program on NULL */
/* Add generated records; comments of about comment_bytes, none where 0. Returns bytes of text. */
uint64_t bench_load(kundig *k, uint64_t records, bool customers, uint32_t comment_bytes);

void bench_words_de(uint64_t records, uint32_t runs, bench_result *result);
void bench_words_en(uint64_t records, uint32_t runs, bench_result *result);
void bench_pairs_de(uint64_t records, uint32_t runs, bench_result *result);
void bench_pairs_en(uint64_t records, uint32_t runs, bench_result *result);
void bench_characters_de(uint64_t records, uint32_t runs, bench_result *result);
void bench_characters_en(uint64_t records, uint32_t runs, bench_result *result);
void bench_topics_warm(uint64_t records, uint32_t runs, bench_result *result);
void bench_topics_cold(uint64_t records, uint32_t runs, bench_result *result);
void bench_rules_100(uint64_t records, uint32_t runs, bench_result *result);
void bench_rules_10000(uint64_t records, uint32_t runs, bench_result *result);
void bench_store_ingest(uint64_t records, uint32_t runs, bench_result *result);
void bench_store_plain(uint64_t records, uint32_t runs, bench_result *result);
void bench_store_open(uint64_t records, uint32_t runs, bench_result *result);
void bench_store_warm(uint64_t records, uint32_t runs, bench_result *result);
void bench_store_erase(uint64_t records, uint32_t runs, bench_result *result);
void bench_search(uint64_t records, uint32_t runs, bench_result *result);
void bench_impact(uint64_t records, uint32_t runs, bench_result *result);
void bench_impact_customers(uint64_t records, uint32_t runs, bench_result *result);
void bench_explain(uint64_t records, uint32_t runs, bench_result *result);
void bench_explain_customers(uint64_t records, uint32_t runs, bench_result *result);

#endif
