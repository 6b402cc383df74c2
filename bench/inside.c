/* The one case that looks inside: how fast comments become hashes of words and pairs. No public
 * call does that and nothing else. */
#include <stdlib.h>

#include "bench.h"
#include "feedback.h"
#include "text/text.h"

void bench_words_and_pairs(uint64_t records, uint32_t runs, bench_result *result)
{
    feedback_source source;
    feedback_record record;
    feedback_start(&source, 1, records);
    source.comment_bytes = 150;
    size_t *ends = bench_need(malloc((size_t)records * sizeof *ends));
    char *text = bench_need(malloc((size_t)records * 400));
    size_t len = 0;
    for (uint64_t i = 0; i < records; i++) {
        feedback_next(&source, &record);
        if (record.comment_len > 400) {
            record.comment_len = 0;
        }
        memcpy(text + len, record.comment, record.comment_len);
        len += record.comment_len;
        ends[i] = len;
    }

    kundig_allocator allocator = bench_allocator();
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    for (uint32_t run = 0; run < runs; run++) {
        kundig__scratch scratch;
        kundig__scratch_init(&scratch, &mem);
        uint64_t sum = 0;
        double start = bench_seconds();
        for (uint64_t i = 0; i < records; i++) {
            size_t from = i ? ends[i - 1] : 0;
            int rc = kundig__text_features(&scratch, text + from, ends[i] - from,
                                           KUNDIG__WORDS | KUNDIG__PAIRS);
            bench_check(rc, NULL, "features");
            for (size_t token = 0; token < scratch.token_count; token++) {
                sum += scratch.tokens[token].hash;
            }
            for (size_t pair = 0; pair + 1 < scratch.token_count; pair++) {
                sum ^= scratch.pairs[pair];
            }
        }
        result->seconds[run] = bench_seconds() - start;
        if (sum == 0) {
            bench_check(KUNDIG_E_INTERNAL, NULL, "features"); /* and nothing is optimised away */
        }
        kundig__scratch_free(&scratch);
    }
    result->records = records;
    result->bytes = len;
    free(text);
    free(ends);
}
