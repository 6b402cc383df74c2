/* Folding: one text in many spellings becomes one sequence of bytes.
 *
 * ASCII goes eight bytes a step, code points of two bytes through a table made from the long way
 * itself, all else that folding leaves alone is copied. What is left takes the long way through
 * kundig__folder_run, in stretches: a code point and all that joins it. Both ways give the same
 * bytes, since folding is local to stretches. Where something that joins turns up behind what was
 * copied, that one code point is taken back; it folded to as many bytes as it had, which is what
 * makes this cheap.
 * Short stretches that took it are kept, so the marks of one language take it once.
 * Invariant: folding folded text changes nothing.
 * Cost: linear; about 1 GB/s on ASCII, 10 to 20 MB/s on the long way. */
#include "text/fold.h"

bool kundig__fold_table(kundig__scratch *scratch)
{
    if (scratch->table) {
        return true;
    }
    kundig__fold_entry *table = kundig__alloc_zero(scratch->mem, FOLD_TABLE_COUNT * sizeof *table);
    if (!table) {
        return false;
    }
    for (uint32_t i = 0; i < FOLD_TABLE_COUNT; i++) {
        uint32_t code = FOLD_TABLE_FIRST + i;
        uint32_t traits = kundig__utf8_traits(code);
        char source[4];
        size_t bytes = kundig__utf8_encode(code, source);
        if (code == FOLD_SOFT_HYPHEN || code == FOLD_MODIFIER || (traits & KUNDIG__CODE_JOINS)) {
            continue;
        }
        memcpy(table[i].bytes, source, 2);
        if (traits & KUNDIG__CODE_FOLDS) {
            if (!kundig__fold_run(scratch, source, bytes)) {
                kundig__free(scratch->mem, table, FOLD_TABLE_COUNT * sizeof *table);
                return false;
            }
            if (scratch->result.bytes != 2) {
                continue;
            }
            kundig__fold_write(scratch, table[i].bytes);
        }
        table[i].kind = (uint8_t)(traits & KUNDIG__CODE_KIND);
    }
    scratch->table = table;
    return true;
}

bool kundig__fold_room(kundig__scratch *scratch, size_t need)
{
    if (need > UINT32_MAX - FOLD_PADDING) { /* tokens point into it with 32 bits */
        scratch->mem->limit_hit = true;
        return false;
    }
    void *folded = scratch->folded;
    bool fits =
        kundig__grow(scratch->mem, &folded, &scratch->folded_capacity, need + FOLD_PADDING, 1);
    scratch->folded = folded;
    return fits;
}

size_t kundig__fold_stretch(const char *text, size_t len, size_t pos)
{
    while (pos < len && (unsigned char)text[pos] >= 0xCC) { /* U+0300 and above */
        uint32_t code;
        size_t step = kundig__utf8_decode(text + pos, len - pos, &code);
        if (!(kundig__utf8_traits(code) & KUNDIG__CODE_JOINS)) {
            break;
        }
        pos += step;
    }
    return pos;
}

static uint32_t fold_apostrophe(uint32_t code)
{
    return code == FOLD_APOSTROPHE || code == FOLD_MODIFIER ? '\'' : code;
}

/* Fold a stretch into the folder. */
static bool fold_long(kundig__scratch *scratch, const char *text, size_t len)
{
    if (!kundig__folder_run(&scratch->folder, text, len)) {
        return false;
    }
    /* A soft hyphen stays where something joins it; U+0345 no longer does once it is folded. */
    kundig__folder *folder = &scratch->folder;
    if (folder->count > 1 && folder->codes[0] == FOLD_SOFT_HYPHEN &&
        !(kundig__utf8_traits((uint32_t)folder->codes[1]) & KUNDIG__CODE_JOINS)) {
        folder->count--;
        memmove(folder->codes, folder->codes + 1, folder->count * sizeof *folder->codes);
    }
    size_t total = 0;
    for (size_t i = 0; i < folder->count; i++) {
        uint32_t code = fold_apostrophe((uint32_t)folder->codes[i]);
        total += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }
    scratch->result = (kundig__fold_result){total, folder->count, NULL};
    return true;
}

/* Where a stretch of 3 to FOLD_KNOWN_MAX bytes is known if it is; its ends are left in *seek. */
static kundig__fold_known *fold_known(kundig__scratch *scratch, const char *text, size_t len,
                                      kundig__fold_known *seek)
{
    if (len >= 8) {
        seek->head = fold_load(text, 8);
        seek->tail = fold_load(text + len - 8, 8);
    } else {
        uint32_t first = 0;
        uint32_t last = 0;
        size_t half = len < 4 ? 2 : 4;
        memcpy(&first, text, half);
        memcpy(&last, text + len - half, half);
        seek->head = first;
        seek->tail = last;
    }
    seek->len = (uint8_t)len;
    uint64_t place = (seek->head * UINT64_C(0x9E3779B97F4A7C15)) ^
                     (seek->tail * UINT64_C(0xD6E8FEB86659FD93)) ^ len;
    place *= UINT64_C(0x9E3779B97F4A7C15);
    return &scratch->known[place >> 32 & (FOLD_KNOWN_COUNT - 1)];
}

bool kundig__fold_run(kundig__scratch *scratch, const char *text, size_t len)
{
    if (len < 3 || len > FOLD_KNOWN_MAX) {
        return fold_long(scratch, text, len);
    }
    if (!scratch->known) {
        scratch->known =
            kundig__alloc_zero(scratch->mem, FOLD_KNOWN_COUNT * sizeof *scratch->known);
        if (!scratch->known) {
            return false;
        }
    }
    kundig__fold_known seek;
    kundig__fold_known *known = fold_known(scratch, text, len, &seek);
    if (known->len == len && known->head == seek.head && known->tail == seek.tail) {
        scratch->result = known->result;
        return true;
    }
    if (!fold_long(scratch, text, len)) {
        return false;
    }
    if (scratch->result.bytes <= FOLD_KNOWN_MAX) {
        known->len = seek.len;
        known->head = seek.head;
        known->tail = seek.tail;
        known->result = scratch->result;
        kundig__fold_write(scratch, known->bytes);
        known->result.data = known->bytes;
    }
    return true;
}

void kundig__fold_write(const kundig__scratch *scratch, char *out)
{
    if (scratch->result.data) {
        memcpy(out, scratch->result.data, scratch->result.bytes);
        return;
    }
    for (size_t i = 0; i < scratch->folder.count; i++) {
        char bytes[4];
        size_t count =
            kundig__utf8_encode(fold_apostrophe((uint32_t)scratch->folder.codes[i]), bytes);
        memcpy(out, bytes, count);
        out += count;
    }
}

size_t kundig__fold_collapse(char *data, size_t len)
{
    uint32_t last = 0;
    size_t run = 0;
    size_t out = 0;
    for (size_t pos = 0; pos < len;) {
        /* Eight ASCII bytes none of which stands behind two of its kind. */
        if (len - pos >= 8 && last < 0x80) {
            uint64_t block = fold_load(data + pos, 8);
            uint64_t before = block << 8 | last;
            uint64_t differ = (block ^ before) | (block ^ (before << 8 | (run > 1 ? last : 0)));
            if (!((block | ((differ - FOLD_ONES) & ~differ)) & FOLD_TOPS)) {
                fold_store(data + out, block);
                last = (uint32_t)(block >> 56);
                run = (block >> 48 & 0xFF) == last ? 2 : 1;
                pos += 8;
                out += 8;
                continue;
            }
        }
        uint32_t code;
        size_t step = kundig__utf8_decode(data + pos, len - pos, &code);
        run = code == last ? run + 1 : 1;
        last = code;
        if (run < 3 || (kundig__utf8_traits(code) & KUNDIG__CODE_KIND) != KUNDIG__CODE_LETTER) {
            memmove(data + out, data + pos, step);
            out += step;
        }
        pos += step;
    }
    return out;
}

/* Fold text[from..to), one stretch, behind scratch->folded[*out]; room for what is left of the
 * text, `left` bytes, is kept. */
static bool fold_long_way(kundig__scratch *scratch, size_t *out, const char *text, size_t from,
                          size_t to, size_t left)
{
    if (!kundig__fold_run(scratch, text + from, to - from) ||
        !kundig__fold_room(scratch, *out + scratch->result.bytes + left)) {
        return false;
    }
    kundig__fold_write(scratch, scratch->folded + *out);
    *out += scratch->result.bytes;
    return true;
}

bool kundig__fold_append(kundig__scratch *scratch, size_t at, const char *text, size_t len,
                         size_t *end)
{
    if (!kundig__fold_table(scratch) || !kundig__fold_room(scratch, at + len)) {
        return false;
    }
    size_t out = at;
    size_t pos = 0;
    while (pos < len) {
        uint64_t block = fold_load(text + pos, len - pos);
        uint64_t high = block & FOLD_TOPS;
        fold_store(scratch->folded + out, block | fold_letters(block) >> 2);
        size_t plain = high ? fold_first(high) : sizeof block;
        plain = plain < len - pos ? plain : len - pos;
        pos += plain;
        out += plain;
        if (!high) {
            continue;
        }
        uint32_t code;
        size_t step = kundig__utf8_decode(text + pos, len - pos, &code);
        if (step == 2 && scratch->table[code - FOLD_TABLE_FIRST].kind) {
            memcpy(scratch->folded + out, scratch->table[code - FOLD_TABLE_FIRST].bytes, 2);
            pos += 2;
            out += 2;
            continue;
        }
        uint32_t traits = kundig__utf8_traits(code);
        size_t from = pos;
        size_t to = kundig__fold_stretch(text, len, pos + step);
        if (traits & KUNDIG__CODE_JOINS) {
            /* What stands before was copied, byte for byte in number; take it back. */
            while (from > 0 && ((unsigned char)text[--from] & 0xC0) == 0x80) {
            }
            out -= pos - from;
        } else if (to == pos + step && !(traits & KUNDIG__CODE_FOLDS)) {
            if (code == FOLD_SOFT_HYPHEN) {
                pos = to;
                continue;
            }
            if (code != FOLD_APOSTROPHE && code != FOLD_MODIFIER) {
                memcpy(scratch->folded + out, text + pos, step);
                pos += step;
                out += step;
                continue;
            }
        }
        if (!fold_long_way(scratch, &out, text, from, to, len - to)) {
            return false;
        }
        pos = to;
    }
    *end = at + kundig__fold_collapse(scratch->folded + at, out - at);
    return true;
}

int kundig__text_fold(kundig__scratch *scratch, const char *text, size_t len)
{
    scratch->token_count = 0;
    scratch->folded_len = 0;
    if (!kundig__fold_append(scratch, 0, text, len, &scratch->folded_len)) {
        return kundig__nomem(scratch->mem, NULL);
    }
    return KUNDIG_OK;
}
