/* German in two spellings: with umlauts, and with ae, oe, ue for them.
 *
 * Invariant: an umlaut is two bytes of folded text, as are the letters that stand for it, so
 * nothing changes its place or the length.
 * Cost: linear. */
#include "topics/compiled.h"

#define SPELLING_LEAD 0xC3

/* The letter that stands before the e; 0: not the second byte of an umlaut. */
static char spelling_letter(unsigned char second)
{
    switch (second) {
    case 0xA4:
        return 'a';
    case 0xB6:
        return 'o';
    case 0xBC:
        return 'u';
    default:
        return 0;
    }
}

bool kundig__spelling_key(const char *text, size_t len, char *out)
{
    bool changed = false;
    for (size_t i = 0; i + 1 < len; i++) {
        char letter = 0;
        if ((unsigned char)text[i] == SPELLING_LEAD) {
            letter = spelling_letter((unsigned char)text[i + 1]);
        }
        if (letter) {
            if (!changed) {
                memcpy(out, text, len);
                changed = true;
            }
            out[i] = letter;
            out[i + 1] = 'e';
            i++;
        }
    }
    return changed;
}

static bool spelling_keeps(const char *text, size_t at)
{
    if (at == 0) {
        return false;
    }
    unsigned char before = (unsigned char)text[at - 1];
    if (at >= 2 && (unsigned char)text[at - 2] == SPELLING_LEAD && spelling_letter(before)) {
        return true;
    }
    return before == 'a' || before == 'e' || before == 'i' || before == 'o' || before == 'u' ||
           before == 'y' || before == 'q';
}

bool kundig__spelling_umlauts(const char *text, size_t len, char *out)
{
    bool changed = false;
    for (size_t i = 0; i + 1 < len; i++) {
        char c = text[i];
        if ((c == 'a' || c == 'o' || c == 'u') && text[i + 1] == 'e' && !spelling_keeps(text, i)) {
            if (!changed) {
                memcpy(out, text, len);
                changed = true;
            }
            out[i] = (char)SPELLING_LEAD;
            out[i + 1] = (char)(c == 'a' ? 0xA4 : c == 'o' ? 0xB6 : 0xBC);
            i++;
        }
    }
    return changed;
}
