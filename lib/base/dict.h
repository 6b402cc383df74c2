/* A dictionary: texts to dense codes 0, 1, 2 ... in order of first arrival, keyed by SipHash.
 * Codes never change; nothing that leaves the library may depend on their order. */
#ifndef KUNDIG_BASE_DICT_H
#define KUNDIG_BASE_DICT_H

#include "base/hash.h"
#include "base/mem.h"

#define KUNDIG__DICT_NONE   UINT32_MAX
#define KUNDIG__DICT_RECENT 64

typedef struct kundig__dict {
    kundig__mem *mem;
    uint8_t key[KUNDIG__SIPHASH_KEY_SIZE];
    char *bytes; /* all texts, one after the other */
    size_t bytes_len;
    size_t bytes_capacity;
    size_t *ends; /* ends[code] is where the text of code ends */
    size_t ends_capacity;
    uint64_t *slots; /* upper 32 bits of the hash, code + 1; 0 is empty; open addressing */
    size_t slot_count;
    uint32_t count;
    uint32_t recent[KUNDIG__DICT_RECENT]; /* codes found lately, by a few bytes of their text */
} kundig__dict;

void kundig__dict_init(kundig__dict *dict, kundig__mem *mem,
                       const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE]);
void kundig__dict_free(kundig__dict *dict);
/* Code of text, added if new; KUNDIG__DICT_NONE on failure of memory. */
uint32_t kundig__dict_add(kundig__dict *dict, const char *data, size_t len);
/* Code of text or KUNDIG__DICT_NONE. */
uint32_t kundig__dict_find(const kundig__dict *dict, const char *data, size_t len);
kundig_text kundig__dict_text(const kundig__dict *dict, uint32_t code); /* not NUL-terminated */
/* Make room for count texts in all, as far as memory allows: growing step by step costs more. */
void kundig__dict_reserve(kundig__dict *dict, uint32_t count);
/* Forget the texts with codes >= count, newest first: undo of an abandoned call. */
void kundig__dict_shrink(kundig__dict *dict, uint32_t count);
/* Fill an empty dictionary with count different texts at once: text of code i ends at ends[i] in
 * bytes. Both arrays come from the dictionary's mem, bytes_capacity and count long, and are its own
 * from now on. false on failure of memory, with the dictionary empty and the arrays the caller's.
 */
bool kundig__dict_restore(kundig__dict *dict, char *bytes, size_t bytes_capacity, size_t *ends,
                          uint32_t count);
/* out[code] = place of code in byte order; out and scratch hold count entries. */
void kundig__dict_ranks(const kundig__dict *dict, uint32_t *out, uint32_t *scratch);
size_t kundig__dict_memory(const kundig__dict *dict);

#endif
