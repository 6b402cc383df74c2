/* Windows-1252 to UTF-8. ASCII stands for itself, so delimiters and quotes may be found before.
 * Cost: linear; three bytes out for one in at most. */
#include "io/rows.h"

#include "base/utf8.h"

/* Code points of bytes 0x80 to 0x9F; U+FFFD where the code page leaves a byte open. */
static const uint16_t cp1252_upper[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

void kundig__cp1252_decode(kundig__buf *out, const char *data, size_t len)
{
    size_t start = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c < 0x80) {
            continue;
        }
        char bytes[4];
        uint32_t code = c < 0xA0 ? cp1252_upper[c - 0x80] : c;
        kundig__buf_add(out, data + start, i - start);
        kundig__buf_add(out, bytes, kundig__utf8_encode(code, bytes));
        start = i + 1;
    }
    kundig__buf_add(out, data + start, len - start);
}

static bool cp1252_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0xC0 && c != 0xD7 && c != 0xF7) || c == 0x8A || c == 0x8C || c == 0x8E ||
           c == 0x9A || c == 0x9C || c == 0x9E || c == 0x9F;
}

bool kundig__cp1252_looks_like(const char *data, size_t len)
{
    size_t good = 0;
    size_t bad = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c < 0x80) {
            continue;
        }
        bool beside = (i > 0 && cp1252_letter((unsigned char)data[i - 1])) ||
                      (i + 1 < len && cp1252_letter((unsigned char)data[i + 1]));
        if (c >= 0xA0 || cp1252_upper[c - 0x80] != 0xFFFD) {
            /* A lone accent, quote or dash beside a letter, or a sign that stands alone. */
            bool sign = c == 0x80 || c == 0x85 || c == 0xA3 || c == 0xA7 || c == 0xB0 || c == 0xA0;
            good += beside || sign;
            bad += !(beside || sign);
        } else {
            bad += 4;
        }
    }
    return good > 0 && good >= 4 * bad;
}
