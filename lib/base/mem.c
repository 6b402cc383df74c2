/* The one door to memory.
 *
 * Invariant: used is the sum of the sizes of live pieces, so an allocator needs no block headers.
 * Cost: one addition and one comparison beside the hook. */
#include "base/mem.h"

#include <stdlib.h>

#include "base/number.h"

#define MEM_LARGE ((size_t)64 << 10)
#ifdef KUNDIG_TINY
#define MEM_FIRST_CAPACITY 2
#define MEM_FIRST_BUFFER   16
#define MEM_ARENA_BLOCK    64
#else
#define MEM_FIRST_CAPACITY 16
#define MEM_FIRST_BUFFER   256
#define MEM_ARENA_BLOCK    4096
#endif

static void *mem_system(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    (void)ud;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

void kundig__mem_init(kundig__mem *mem, const kundig_allocator *allocator, uint64_t limit)
{
    memset(mem, 0, sizeof *mem);
    if (allocator && allocator->fn) {
        mem->hook = *allocator;
    } else {
        mem->hook.fn = mem_system;
    }
    mem->limit = limit > SIZE_MAX ? SIZE_MAX : (size_t)limit;
}

uint64_t kundig__mem_left(const kundig__mem *mem)
{
    if (!mem->limit) {
        return 0;
    }
    return mem->used < mem->limit ? mem->limit - mem->used : 1;
}

void *kundig__realloc(kundig__mem *mem, void *ptr, size_t old_size, size_t new_size)
{
    /* The hook knows no empty piece: size 0 would free. */
    size_t old_piece = ptr ? (old_size ? old_size : 1) : 0;
    size_t new_piece = new_size ? new_size : 1;
    if (new_piece > PTRDIFF_MAX) {
        mem->limit_hit = false;
        return NULL;
    }
    if (new_piece > old_piece && mem->limit &&
        (mem->used > mem->limit || new_piece - old_piece > mem->limit - mem->used)) {
        mem->limit_hit = true;
        return NULL;
    }
    void *fresh = mem->hook.fn(mem->hook.ud, ptr, old_piece, new_piece);
    if (!fresh) {
        mem->limit_hit = false;
        return NULL;
    }
    mem->used = mem->used - old_piece + new_piece;
    if (mem->used > mem->peak) {
        mem->peak = mem->used;
    }
    return fresh;
}

void *kundig__alloc(kundig__mem *mem, size_t size)
{
    return kundig__realloc(mem, NULL, 0, size);
}

void *kundig__alloc_zero(kundig__mem *mem, size_t size)
{
    void *ptr = kundig__alloc(mem, size);
    if (ptr) {
        memset(ptr, 0, size);
    }
    return ptr;
}

void kundig__free(kundig__mem *mem, void *ptr, size_t size)
{
    if (ptr) {
        size_t piece = size ? size : 1;
        mem->hook.fn(mem->hook.ud, ptr, piece, 0);
        mem->used -= piece;
    }
}

int kundig__nomem(kundig__mem *mem, kundig_error *err)
{
    if (mem->limit_hit) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                            "the memory limit of %zu bytes was reached (%zu in use): raise it or "
                            "give less at once",
                            mem->limit, mem->used);
    }
    return kundig__fail(err, KUNDIG_E_NOMEM, 0, "out of memory (%zu bytes in use)", mem->used);
}

void kundig__mem_lend(kundig__mem *mem, kundig__mem *lent, uint32_t parts, uint32_t part)
{
    size_t left = mem->limit > mem->used ? mem->limit - mem->used : 0;
    /* Of equal shares for those that are still to come, and one for mem itself. */
    size_t share = left / ((size_t)(parts - part) + 1);
    memset(lent, 0, sizeof *lent);
    lent->hook = mem->hook;
    if (mem->limit) {
        lent->limit = share ? share : 1;
        mem->used += lent->limit;
    }
}

void kundig__mem_take_back(kundig__mem *mem, const kundig__mem *lent)
{
    mem->used -= lent->limit;
    if (mem->used + lent->peak > mem->peak) {
        mem->peak = mem->used + lent->peak;
    }
}

bool kundig__size_mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b) {
        return false;
    }
    *out = a * b;
    return true;
}

bool kundig__size_add(size_t a, size_t b, size_t *out)
{
    if (a > SIZE_MAX - b) {
        return false;
    }
    *out = a + b;
    return true;
}

bool kundig__grow(kundig__mem *mem, void **array, size_t *capacity, size_t need, size_t elem_size)
{
    if (need <= *capacity) {
        return true;
    }
    size_t wanted = *capacity ? *capacity : MEM_FIRST_CAPACITY;
    while (wanted < need) {
        /* Doubling would leave a large array half empty. */
        size_t more = wanted > MEM_LARGE / elem_size ? wanted / 8 : wanted;
        if (more > SIZE_MAX - wanted) {
            wanted = need;
            break;
        }
        wanted += more;
    }
    size_t bytes;
    if (!kundig__size_mul(wanted, elem_size, &bytes)) {
        mem->limit_hit = false;
        return false;
    }
    void *fresh = kundig__realloc(mem, *array, *capacity * elem_size, bytes);
    if (!fresh) {
        return false;
    }
    *array = fresh;
    *capacity = wanted;
    return true;
}

/* A block: this header, then its pieces. */
struct kundig__arena_block {
    kundig__arena_block *next;
    size_t size; /* of the whole block */
    size_t used;
    size_t reserved; /* keeps what follows aligned */
};

void kundig__arena_init(kundig__arena *arena, kundig__mem *mem)
{
    arena->mem = mem;
    arena->head = NULL;
}

void *kundig__arena_alloc(kundig__arena *arena, size_t size)
{
    const size_t align = sizeof(max_align_t) > 16 ? 16 : sizeof(max_align_t);
    size_t padded;
    if (!kundig__size_add(size, align - 1, &padded)) {
        arena->mem->limit_hit = false;
        return NULL;
    }
    padded -= padded % align;
    kundig__arena_block *block = arena->head;
#ifdef KUNDIG_DEBUG_ARENA
    block = NULL;
#endif
    if (!block || block->size - block->used < padded) {
        size_t bytes = MEM_ARENA_BLOCK;
        if (block) {
            /* Doubling keeps the number of blocks logarithmic. */
            bytes = block->size < ((size_t)1 << 20) ? block->size * 2 : block->size;
        }
        size_t least;
        if (!kundig__size_add(padded, sizeof *block, &least)) {
            arena->mem->limit_hit = false;
            return NULL;
        }
#ifdef KUNDIG_DEBUG_ARENA
        bytes = least;
#endif
        if (bytes < least) {
            bytes = least;
        }
        kundig__arena_block *fresh = kundig__alloc(arena->mem, bytes);
        if (!fresh) {
            return NULL;
        }
        fresh->next = arena->head;
        fresh->size = bytes;
        fresh->used = sizeof *fresh;
        arena->head = fresh;
        block = fresh;
    }
    void *piece = (char *)block + block->used;
    block->used += padded;
    return piece;
}

kundig_text kundig__arena_text(kundig__arena *arena, kundig_text text)
{
    kundig_text copy = {NULL, 0};
    size_t size;
    if (!text.data) {
        return copy;
    }
    if (!kundig__size_add(text.len, 1, &size)) {
        arena->mem->limit_hit = false;
        return copy;
    }
    char *data = kundig__arena_alloc(arena, size);
    if (data) {
        if (text.len) {
            memcpy(data, text.data, text.len);
        }
        data[text.len] = '\0';
        copy.data = data;
        copy.len = text.len;
    }
    return copy;
}

void kundig__arena_free(kundig__arena *arena)
{
    while (arena->head) {
        kundig__arena_block *block = arena->head;
        arena->head = block->next;
        kundig__free(arena->mem, block, block->size);
    }
}

void kundig__buf_init(kundig__buf *buf, kundig__mem *mem)
{
    memset(buf, 0, sizeof *buf);
    buf->mem = mem;
}

void kundig__buf_free(kundig__buf *buf)
{
    kundig__free(buf->mem, buf->data, buf->capacity);
    kundig__buf_init(buf, buf->mem);
}

void kundig__buf_add(kundig__buf *buf, const void *data, size_t len)
{
    if (buf->failed || len == 0) {
        return;
    }
    if (len > buf->capacity - buf->len) {
        size_t need;
        if (!kundig__size_add(buf->len, len, &need)) {
            buf->mem->limit_hit = false;
            buf->failed = true;
            return;
        }
        if (need < MEM_FIRST_BUFFER) {
            need = MEM_FIRST_BUFFER;
        }
        void *array = buf->data;
        if (!kundig__grow(buf->mem, &array, &buf->capacity, need, 1)) {
            buf->failed = true;
            return;
        }
        buf->data = array;
    }
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}

void kundig__buf_text(kundig__buf *buf, kundig_text text)
{
    if (text.data) {
        kundig__buf_add(buf, text.data, text.len);
    }
}

void kundig__buf_str(kundig__buf *buf, const char *str)
{
    kundig__buf_add(buf, str, strlen(str));
}

void kundig__buf_char(kundig__buf *buf, char c)
{
    kundig__buf_add(buf, &c, 1);
}

void kundig__buf_int(kundig__buf *buf, int64_t value)
{
    char text[KUNDIG__NUMBER_SIZE];
    kundig__buf_add(buf, text, kundig__int_write(value, text));
}

void kundig__buf_number(kundig__buf *buf, double value)
{
    char text[KUNDIG__NUMBER_SIZE];
    kundig__buf_add(buf, text, kundig__number_write(value, text));
}

void kundig__buf_fixed(kundig__buf *buf, double value, int decimals)
{
    char text[KUNDIG__NUMBER_SIZE];
    kundig__buf_add(buf, text, kundig__number_write_fixed(value, decimals, text));
}

/* Bytes own the way back to their allocator, so they outlive the handle that made them. */
struct kundig_bytes {
    kundig_allocator hook;
    char *data; /* a NUL stands behind len */
    size_t len;
    size_t capacity;
};

int kundig__buf_take(kundig__buf *buf, kundig_bytes **out, kundig_error *err)
{
    int rc = KUNDIG_OK;
    kundig__mem *mem = buf->mem;
    kundig_bytes *bytes = NULL;
    kundig__buf_char(buf, '\0');
    if (!buf->failed) {
        bytes = kundig__alloc(mem, sizeof *bytes);
    }
    if (!bytes) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    bytes->hook = mem->hook;
    bytes->data = buf->data;
    bytes->len = buf->len - 1;
    bytes->capacity = buf->capacity;
    /* From here on the caller's, no longer the handle's. */
    mem->used -= sizeof *bytes + buf->capacity;
    kundig__buf_init(buf, mem);
    *out = bytes;
done:
    kundig__buf_free(buf);
    return rc;
}

const char *kundig_bytes_data(const kundig_bytes *bytes)
{
    return bytes ? bytes->data : "";
}

size_t kundig_bytes_len(const kundig_bytes *bytes)
{
    return bytes ? bytes->len : 0;
}

void kundig_bytes_free(kundig_bytes *bytes)
{
    if (bytes) {
        kundig_allocator hook = bytes->hook;
        hook.fn(hook.ud, bytes->data, bytes->capacity, 0);
        hook.fn(hook.ud, bytes, sizeof *bytes, 0);
    }
}
