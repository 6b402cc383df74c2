/* What every kind of token needs: the kinds of bytes, room, the long way of folding.
 *
 * Invariant: while scan->away, scratch->folded has room for all that is left of the text behind
 * scan->out, so copying needs no checks. Cost: a growing token moves to the tail once. */
#include "text/scan.h"

#define G   BYTE_GAP
#define W   BYTE_WORD
#define D   BYTE_DIGIT
#define S   BYTE_SYMBOL
#define H   BYTE_HIGH
#define H16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
const uint8_t kundig__byte_kind[256] = {
    G,   G,   G,   G,   G,   G,   G,   G,   G, G, G, G, G, G, G, G, /* controls */
    G,   G,   G,   G,   G,   G,   G,   G,   G, G, G, G, G, G, G, G,
    G,   S,   S,   S,   S,   S,   S,   S,   S, S, S, S, S, S, S, S, /*  !"#$%&'()*+,-./ */
    D,   D,   D,   D,   D,   D,   D,   D,   D, D, S, S, S, S, S, S, /* 0-9:;<=>? */
    S,   W,   W,   W,   W,   W,   W,   W,   W, W, W, W, W, W, W, W, /* @A-O */
    W,   W,   W,   W,   W,   W,   W,   W,   W, W, W, S, S, S, S, W, /* P-Z[\]^_ */
    S,   W,   W,   W,   W,   W,   W,   W,   W, W, W, W, W, W, W, W, /* `a-o */
    W,   W,   W,   W,   W,   W,   W,   W,   W, W, W, S, S, S, S, G, /* p-z{|}~ and delete */
    H16, H16, H16, H16, H16, H16, H16, H16,
};
#undef G
#undef W
#undef D
#undef S
#undef H
#undef H16

bool kundig__scan_fail(token_scan *scan)
{
    scan->failed = true;
    scan->pos = scan->len;
    return false;
}

bool kundig__scan_token_room(token_scan *scan, size_t count)
{
    kundig__scratch *scratch = scan->scratch;
    void *tokens = scratch->tokens;
    bool fits = kundig__grow(scratch->mem, &tokens, &scratch->token_capacity,
                             scratch->token_count + count, sizeof *scratch->tokens);
    scratch->tokens = tokens;
    return fits || kundig__scan_fail(scan);
}

bool kundig__scan_room(token_scan *scan, size_t bytes, size_t to)
{
    if (!scan->away) {
        if (scan->out + bytes <= to) {
            return true;
        }
        size_t have = scan->out - scan->at;
        if (!kundig__fold_room(scan->scratch, scan->tail + have + bytes + (scan->len - to))) {
            return kundig__scan_fail(scan);
        }
        memcpy(scan->scratch->folded + scan->tail, scan->scratch->folded + scan->at, have);
        scan->at = scan->tail;
        scan->out = scan->tail + have;
        scan->away = true;
        return true;
    }
    return kundig__fold_room(scan->scratch, scan->out + bytes + (scan->len - to)) ||
           kundig__scan_fail(scan);
}

bool kundig__scan_long_way(token_scan *scan, size_t from, size_t to)
{
    kundig__scratch *scratch = scan->scratch;
    if (!kundig__fold_run(scratch, scan->text + from, to - from)) {
        return kundig__scan_fail(scan);
    }
    if (!kundig__scan_room(scan, scratch->result.bytes, to)) {
        return false;
    }
    kundig__fold_write(scratch, scratch->folded + scan->out);
    scan->out += scratch->result.bytes;
    scan->pos = to;
    return true;
}

size_t kundig__scan_keycap(const token_scan *scan, size_t pos)
{
    const char *text = scan->text + pos;
    size_t left = scan->len - pos;
    if (left < 4 || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    size_t end = left >= 7 && memcmp(text + 1, "\xEF\xB8\x8F", 3) == 0 ? 4 : 1;
    return memcmp(text + end, "\xE2\x83\xA3", 3) == 0 ? end + 3 : 0;
}
