/* Scripts written without blanks between words: two neighbouring characters are a token.
 *
 * Invariant: the folded forms of two units wait at scan->at until it is clear that no third of the
 * same letter follows. Cost: linear; a unit is folded once and hashed twice. */
#include "text/scan.h"
#include "text/special.h"

/* One character of a script without blanks, with all that joins it. */
typedef struct token_unit {
    size_t start; /* in the text; of repeated letters, the last */
    size_t end;
    size_t len;   /* folded */
    bool repeats; /* it is one letter alone */
} token_unit;

/* Does the fold of `unit`, at data + len, begin with the letter that stands twice before it? */
static bool token_unit_repeats(const char *data, const token_unit *first, const token_unit *second,
                               size_t len)
{
    if (!first->repeats || !second->repeats || first->len != second->len || len < first->len) {
        return false;
    }
    return memcmp(data, data + first->len, first->len) == 0 &&
           memcmp(data, data + first->len + second->len, first->len) == 0;
}

/* A run of such characters, one at least: pairs that overlap. The folded forms of two units wait
 * at scan->at until it is clear that no third of the same letter follows. */
bool kundig__scan_pairs(token_scan *scan)
{
    const char *text = scan->text;
    token_unit units[2] = {{0, 0, 0, false}, {0, 0, 0, false}};
    unsigned waiting = 0;
    while (scan->pos < scan->len) {
        token_unit unit = {scan->pos, 0, 0, false};
        uint32_t code;
        size_t step = kundig__utf8_decode(text + scan->pos, scan->len - scan->pos, &code);
        uint32_t traits = code < 0x80 ? 0 : kundig__utf8_traits(code);
        bool letter = (traits & KUNDIG__CODE_KIND) == KUNDIG__CODE_LETTER;
        if (!kundig__is_unspaced(code, traits)) {
            break;
        }
        unit.end = kundig__fold_stretch(text, scan->len, scan->pos + step);
        size_t before = scan->out;
        if (unit.end == unit.start + step && !(traits & KUNDIG__CODE_FOLDS)) {
            if (!kundig__scan_room(scan, step, unit.end)) {
                return false;
            }
            before = scan->out;
            token_copy(scan, step);
            unit.repeats = letter;
        } else {
            size_t shift = scan->out - scan->at;
            if (!kundig__scan_long_way(scan, unit.start, unit.end)) {
                return false;
            }
            before = scan->at + shift;
            scan->out =
                before + kundig__fold_collapse(scan->scratch->folded + before, scan->out - before);
            unit.repeats = scan->scratch->result.codes == 1 && letter;
        }
        unit.len = scan->out - before;
        char *data = scan->scratch->folded + scan->at;
        if (waiting == 2 && token_unit_repeats(data, &units[0], &units[1], unit.len)) {
            memmove(data + units[0].len, data + units[0].len + units[1].len, unit.len);
            scan->out -= units[1].len;
            units[1] = unit;
            continue;
        }
        if (waiting == 2) {
            if (!token_keep(scan, KUNDIG__TOKEN_CJK, units[0].start, units[1].end, scan->at,
                            units[0].len + units[1].len)) {
                return false;
            }
            scan->at += units[0].len;
            units[0] = units[1];
            waiting = 1;
        }
        units[waiting++] = unit;
    }
    return token_end(scan, KUNDIG__TOKEN_CJK, units[0].start);
}
