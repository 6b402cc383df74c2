/* The one door to memory: hook, budget, checked sizes, arenas, growing arrays and buffers.
 *
 * Only mem.c calls malloc. A kundig__mem belongs to one thread at a time: a worker thread has
 * one of its own, lent by the caller's, or allocates nothing. */
#ifndef KUNDIG_BASE_MEM_H
#define KUNDIG_BASE_MEM_H

#include <stdbool.h>

#include "base/error.h"

typedef struct kundig__mem {
    kundig_allocator hook;
    size_t used;
    size_t peak;
    size_t limit;   /* 0: none */
    bool limit_hit; /* the last failure was the budget's, not the hook's */
} kundig__mem;

void kundig__mem_init(kundig__mem *mem, const kundig_allocator *allocator, uint64_t limit);

/* What its budget leaves, at least 1; 0: it has none. */
uint64_t kundig__mem_left(const kundig__mem *mem);

/* All return NULL on failure; size 0 is allowed and gives a pointer that must be freed with 0. */
void *kundig__alloc(kundig__mem *mem, size_t size);
void *kundig__alloc_zero(kundig__mem *mem, size_t size);
void *kundig__realloc(kundig__mem *mem, void *ptr, size_t old_size, size_t new_size);
void kundig__free(kundig__mem *mem, void *ptr, size_t size);

/* The error that the last failed allocation means: KUNDIG_E_LIMIT or KUNDIG_E_NOMEM. */
int kundig__nomem(kundig__mem *mem, kundig_error *err);

/* Lend a worker thread a door of its own to the same hook. Where mem has a limit, the worker may
 * use an equal share of what is left among `parts` (and mem one, too); it counts as used until it
 * is taken back, empty, on mem's thread. */
void kundig__mem_lend(kundig__mem *mem, kundig__mem *lent, uint32_t parts, uint32_t part);
void kundig__mem_take_back(kundig__mem *mem, const kundig__mem *lent);

/* false on overflow */
bool kundig__size_mul(size_t a, size_t b, size_t *out);
bool kundig__size_add(size_t a, size_t b, size_t *out);

/* Make room for `need` elements of elem_size bytes in *array; doubles up to 64 KiB, then grows by
 * an eighth. false on failure, with the array as it was. *capacity counts elements. */
bool kundig__grow(kundig__mem *mem, void **array, size_t *capacity, size_t need, size_t elem_size);

/* An arena: many pieces, one free. With KUNDIG_DEBUG_ARENA each piece is its own allocation. */
typedef struct kundig__arena_block kundig__arena_block;
typedef struct kundig__arena {
    kundig__mem *mem;
    kundig__arena_block *head;
} kundig__arena;

void kundig__arena_init(kundig__arena *arena, kundig__mem *mem);
void *kundig__arena_alloc(kundig__arena *arena, size_t size); /* aligned for any type; not zeroed */
/* Copy text and put a NUL behind it; data == NULL on failure. */
kundig_text kundig__arena_text(kundig__arena *arena, kundig_text text);
void kundig__arena_free(kundig__arena *arena);

/* A growing byte buffer. Failure sticks: append on, ask `failed` once at the end. */
typedef struct kundig__buf {
    kundig__mem *mem;
    char *data;
    size_t len;
    size_t capacity;
    bool failed;
} kundig__buf;

void kundig__buf_init(kundig__buf *buf, kundig__mem *mem);
void kundig__buf_free(kundig__buf *buf);
void kundig__buf_add(kundig__buf *buf, const void *data, size_t len);
void kundig__buf_text(kundig__buf *buf, kundig_text text);
void kundig__buf_str(kundig__buf *buf, const char *str); /* NUL-terminated */
void kundig__buf_char(kundig__buf *buf, char c);
void kundig__buf_int(kundig__buf *buf, int64_t value);
void kundig__buf_number(kundig__buf *buf, double value); /* shortest round trip, base/number.h */
void kundig__buf_fixed(kundig__buf *buf, double value, int decimals);
/* Hand the bytes over as a result that owns its own allocator; the buffer is empty afterwards. */
int kundig__buf_take(kundig__buf *buf, kundig_bytes **out, kundig_error *err);

#endif
