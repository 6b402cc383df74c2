/* Small helpers on borrowed text. ASCII rules alone; no locale. Cost: linear. */
#include "base/text.h"

kundig_text kundig__str(const char *str)
{
    return kundig__text(str, str ? strlen(str) : 0);
}

bool kundig__text_equal(kundig_text a, kundig_text b)
{
    if (!a.data || !b.data) {
        return !a.data && !b.data;
    }
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int kundig__text_order(kundig_text a, kundig_text b)
{
    if (!a.data || !b.data) {
        return (a.data != NULL) - (b.data != NULL);
    }
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

kundig_text kundig__text_cut_blanks(kundig_text text)
{
    for (;;) {
        if (text.len && kundig__text_is_space(text.data[0])) {
            text.data += 1;
            text.len -= 1;
        } else if (text.len >= 2 && memcmp(text.data, "\xC2\xA0", 2) == 0) {
            text.data += 2;
            text.len -= 2;
        } else {
            break;
        }
    }
    for (;;) {
        if (text.len && kundig__text_is_space(text.data[text.len - 1])) {
            text.len -= 1;
        } else if (text.len >= 2 && memcmp(text.data + text.len - 2, "\xC2\xA0", 2) == 0) {
            text.len -= 2;
        } else {
            break;
        }
    }
    return text;
}

static char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool kundig__text_equal_nocase(kundig_text a, kundig_text b)
{
    if (!a.data || !b.data) {
        return !a.data && !b.data;
    }
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (text_lower(a.data[i]) != text_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

void kundig__place_move(kundig__place *place, kundig_text text, size_t to)
{
    for (; place->pos < to; place->pos++) {
        char c = text.data[place->pos];
        bool twin = c == '\r' && place->pos + 1 < text.len && text.data[place->pos + 1] == '\n';
        if (c == '\n' || (c == '\r' && !twin)) {
            place->line++;
            place->column = 1;
        } else {
            place->column += ((unsigned char)c & 0xC0) != 0x80;
        }
    }
}
