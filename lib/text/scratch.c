/* The arrays a comment's features stand in.
 *
 * Invariant: arrays only grow, so after the longest comment nothing is allocated any more. */
#include "text/bits.h"
#include "text/characters.h"

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
    kundig__free(mem, scratch->bits, scratch->bit_capacity * sizeof *scratch->bits);
    if (scratch->table) {
        kundig__free(mem, scratch->table, FOLD_TABLE_COUNT * sizeof *scratch->table);
    }
    if (scratch->known) {
        kundig__free(mem, scratch->known, FOLD_KNOWN_COUNT * sizeof *scratch->known);
    }
    kundig__characters_free(scratch);
    kundig__folder_free(&scratch->folder);
    kundig__scratch_init(scratch, mem);
}
