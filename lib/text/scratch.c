/* The arrays a comment's features stand in, and the hash of a pair.
 *
 * Invariant: arrays only grow, so after the longest comment nothing is allocated any more. */
#include "text/fold.h"

void kundig__scratch_init(kundig__scratch *scratch, kundig__mem *mem)
{
    memset(scratch, 0, sizeof *scratch);
    scratch->mem = mem;
    kundig__folder_init(&scratch->folder, mem);
}

void kundig__scratch_free(kundig__scratch *scratch)
{
    kundig__mem *mem = scratch->mem;
    kundig__free(mem, scratch->folded, scratch->folded_capacity);
    kundig__free(mem, scratch->tokens, scratch->token_capacity * sizeof *scratch->tokens);
    kundig__free(mem, scratch->pairs, scratch->pair_capacity * sizeof *scratch->pairs);
    kundig__free(mem, scratch->words, scratch->word_capacity * sizeof *scratch->words);
    if (scratch->table) {
        kundig__free(mem, scratch->table, FOLD_TABLE_COUNT * sizeof *scratch->table);
    }
    kundig__folder_free(&scratch->folder);
    kundig__scratch_init(scratch, mem);
}

/* Both hashes are mixed already: one odd factor tells first from second, the rest spreads their
 * sum over all bits, high and low, for consumers take either. */
uint64_t kundig__pair_hash(uint64_t first, uint64_t second)
{
    uint64_t hash = first * UINT64_C(0x9E3779B97F4A7C15) + second;
    hash ^= hash >> 32;
    hash *= UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 32;
}
