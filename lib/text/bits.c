/* The first look at a text: everything that can be said of a byte without its neighbours' story.
 *
 * ASCII goes 64 bytes a step (block.h). Then, where there are bytes above ASCII, code points of two
 * bytes go through the table; what is wider, joins or changes its length is marked `odd`, as are
 * the places where ASCII begins or continues an address, and runs of symbols longer than a token.
 * Invariant: what is not odd and touches nothing odd is split by the bits alone as the scanner
 * would split it.
 * Cost: linear; about 3 GB/s for ASCII, some nanoseconds a code point above it. */
#include "text/bits.h"

#include "text/scan.h"

typedef struct bits_source {
    kundig__scratch *scratch;
    kundig__text_bits *bits;
    const char *text;
    size_t len;
    bool triples;
    bool high;
    bool rare; /* a part of an address may be there */
} bits_source;

static void bits_ascii(bits_source *source)
{
    const char *text = source->text;
    char *folded = source->scratch->folded;
    size_t count = source->len / BLOCK_SIZE;
    size_t rest = source->len % BLOCK_SIZE;
    uint64_t carry = 0; /* the last byte was the same as the one before it */
    uint64_t thrice = 0;
    uint64_t high = 0;
    char before = 0;
    char tail[BLOCK_SIZE] = {0};
    if (rest > 0) {
        memcpy(tail, text + count * BLOCK_SIZE, rest);
    }
    for (size_t i = 0; i <= count; i++) {
        const char *in = i < count ? text + i * BLOCK_SIZE : tail;
        text_block block;
        block_read(in, before, folded + i * BLOCK_SIZE, &block);
        source->bits[i] = (kundig__text_bits){block.words, block.symbols, block.high, block.quotes};
        thrice |= block.same & (block.same << 1 | carry);
        carry = block.same >> 63;
        high |= block.high;
        source->rare |= block.rare;
        before = in[BLOCK_SIZE - 1];
    }
    source->bits[count + 1] = (kundig__text_bits){0, 0, 0, 0};
    source->triples = thrice != 0;
    source->high = high != 0;
}

/* Two bytes at pos that fold to letters or digits; does a letter stand three times now? */
static bool bits_wide(char *folded, const char *text, size_t len, size_t pos, const char bytes[2])
{
    memcpy(folded + pos, bytes, 2);
    if ((unsigned char)bytes[0] < 0x80) { /* two letters of ASCII: look at both sides */
        return (pos > 0 && folded[pos - 1] == bytes[0]) ||
               (pos + 2 < len && (text[pos + 2] | 0x20) == bytes[1]);
    }
    return pos >= 4 && memcmp(folded + pos - 2, bytes, 2) == 0 &&
           memcmp(folded + pos - 4, bytes, 2) == 0;
}

static void bits_high(bits_source *source)
{
    const kundig__fold_entry *table = source->scratch->table;
    size_t next = 0; /* what is before it was looked at */
    for (size_t i = 0; i * BLOCK_SIZE < source->len; i++) {
        kundig__text_bits *bits = &source->bits[i];
        uint64_t high = bits->odd;
        uint64_t odd = 0;
        while (high) {
            size_t pos = i * BLOCK_SIZE + fold_lowest(high);
            high &= high - 1;
            if (pos < next) {
                continue;
            }
            unsigned char lead = (unsigned char)source->text[pos];
            if (lead >= 0xE0) {
                odd |= UINT64_C(1) << pos % BLOCK_SIZE;
                next = pos + (lead < 0xF0 ? 3 : 4);
                continue;
            }
            next = pos + 2;
            uint32_t code = (lead & 0x1Fu) << 6 | ((unsigned char)source->text[pos + 1] & 0x3Fu);
            const kundig__fold_entry *entry = &table[code - FOLD_TABLE_FIRST];
            if (entry->kind == KUNDIG__CODE_LETTER || entry->kind == KUNDIG__CODE_DIGIT) {
                source->triples |= bits_wide(source->scratch->folded, source->text, source->len,
                                             pos, entry->bytes);
                bits->words |= UINT64_C(3) << pos % BLOCK_SIZE;
                bits[1].words |= pos % BLOCK_SIZE == BLOCK_SIZE - 1;
            } else if (entry->kind != KUNDIG__CODE_GAP) {
                odd |= UINT64_C(1) << pos % BLOCK_SIZE;
            }
        }
        bits->odd = odd;
    }
}

/* Every @, every :// and the point behind www. */
static void bits_rare(bits_source *source)
{
    const char *text = source->text;
    size_t len = source->len;
    for (size_t i = 0; i * BLOCK_SIZE < len; i++) {
        for (uint64_t rest = source->bits[i].symbols; rest; rest &= rest - 1) {
            size_t pos = i * BLOCK_SIZE + fold_lowest(rest);
            bool odd = text[pos] == '@' ||
                       (text[pos] == ':' && len - pos > 2 && text[pos + 1] == '/' &&
                        text[pos + 2] == '/') ||
                       (text[pos] == '.' && pos >= 3 && (text[pos - 1] | 0x20) == 'w' &&
                        (text[pos - 2] | 0x20) == 'w' && (text[pos - 3] | 0x20) == 'w');
            source->bits[i].odd |= (uint64_t)odd << pos % BLOCK_SIZE;
        }
    }
}

bool kundig__text_bits_read(kundig__scratch *scratch, const char *text, size_t len, bool *triples)
{
    void *bits = scratch->bits;
    bool fits = kundig__grow(scratch->mem, &bits, &scratch->bit_capacity, len / BLOCK_SIZE + 2,
                             sizeof *scratch->bits);
    scratch->bits = bits;
    if (!fits || !kundig__fold_table(scratch) || !kundig__fold_room(scratch, len + BLOCK_SIZE)) {
        return false;
    }
    bits_source source = {.scratch = scratch, .bits = scratch->bits, .text = text, .len = len};
    bits_ascii(&source);
    if (source.high) {
        bits_high(&source);
    }
    if (source.rare || source.triples) {
        bits_rare(&source);
    }
    *triples = source.triples;
    return true;
}
