/* Single values: missing, yes or no, kinds, numbers, scores with words around them, and shapes of
 * personal data. No allocation; values are trimmed by the caller. */
#include "base/number.h"
#include "base/text.h"
#include "ingest/columns.h"

static bool values_in(kundig_text value, const char *list)
{
    for (const char *p = list; *p;) {
        const char *bar = strchr(p, '|');
        size_t len = bar ? (size_t)(bar - p) : strlen(p);
        if (len == value.len && kundig__text_equal_nocase(value, kundig__text(p, len))) {
            return true;
        }
        p += len + (bar != NULL);
    }
    return false;
}

bool kundig__value_blank(kundig_text value)
{
    if (!value.data || value.len == 0) {
        return true;
    }
    if (value.len > 6) {
        return false;
    }
    switch (value.data[0]) {
    case '#':
    case 'N':
    case 'n':
    case 'K':
    case 'k':
        return values_in(value, "null|n/a|n.a.|nan|#n/a|#null!|#na|k.a.|k. a.|nil");
    default:
        return false;
    }
}

bool kundig__value_missing(kundig_text value)
{
    if (kundig__value_blank(value)) {
        return true;
    }
    if (value.len > 24) {
        return false;
    }
    switch (value.data[0]) {
    case 'N':
    case 'n':
        return values_in(value, "na|none|no answer|not applicable|not answered|not asked|n. a.|"
                                "not available");
    case 'K':
    case 'k':
        return values_in(value, "keine angabe|keine antwort|keine");
    case '-':
        return values_in(value, "-|--|---");
    case '.':
    case '?':
        return value.len == 1;
    case '\xE2':
        return values_in(value, "\xE2\x80\x93|\xE2\x80\x94");
    case 'O':
    case 'o':
        return values_in(value, "ohne angabe");
    case 'M':
    case 'm':
        return values_in(value, "missing");
    case 'U':
    case 'u':
        return values_in(value, "unknown|unbekannt");
    case 'D':
    case 'd':
        return values_in(value, "don't know|dont know");
    case 'W':
    case 'w':
        return values_in(value, "weiss nicht|wei\xC3\x9F nicht");
    case 'P':
    case 'p':
        return values_in(value, "prefer not to say");
    case 'S':
    case 's':
        return values_in(value, "skipped");
    case '<':
    case '(':
        return values_in(value, "<na>|(blank)|(leer)");
    default:
        return false;
    }
}

int kundig__value_bool(kundig_text value)
{
    if (!value.len || value.len > 6) {
        return KUNDIG_UNKNOWN;
    }
    switch (value.data[0] | 0x20) {
    case 'y':
    case 't':
    case 'j':
    case 'w':
        return values_in(value, "yes|true|ja|y|j|wahr") ? KUNDIG_YES : KUNDIG_UNKNOWN;
    case 'n':
    case 'f':
        return values_in(value, "no|false|nein|n|falsch") ? KUNDIG_NO : KUNDIG_UNKNOWN;
    default:
        return KUNDIG_UNKNOWN;
    }
}

int kundig__value_kind(kundig_text value)
{
    static const char *const kinds[] = {
        "unknown",
        "survey|umfrage|befragung|nps|csat|ces|questionnaire|fragebogen",
        "review|rezension|bewertung|rating",
        "ticket|e-mail|email|complaint|beschwerde|support ticket",
        "call|anruf|telefonat|phone call",
        "chat|live chat|messenger",
        "interview",
        "user lab|user_lab|lab|usability test|nutzertest",
        "workshop",
        "employee|mitarbeiter|employee survey|mitarbeiterbefragung|enps",
    };
    if (value.len < 32) {
        for (int kind = 1; kind <= KUNDIG_KIND_EMPLOYEE; kind++) {
            if (values_in(value, kinds[kind])) {
                return kind;
            }
        }
    }
    return -1;
}

bool kundig__value_number(kundig_text value, double *out)
{
    if (value.len == 1 && kundig__text_is_digit(value.data[0])) {
        *out = value.data[0] - '0';
        return true;
    }
    if (value.len == 2 && kundig__text_is_digit(value.data[0]) &&
        kundig__text_is_digit(value.data[1])) {
        *out = (value.data[0] - '0') * 10 + (value.data[1] - '0');
        return true;
    }
    if (!value.len || value.len > 40 ||
        !(kundig__text_is_digit(value.data[0]) || value.data[0] == '-' || value.data[0] == '+' ||
          value.data[0] == '.' || value.data[0] == ',')) {
        return false;
    }
    return kundig__number_read_comma(value, out);
}

/* Only black and white stars: the black ones count. */
static bool values_stars(kundig_text value, double *out)
{
    size_t black = 0;
    size_t i = 0;
    for (; i + 3 <= value.len; i += 3) {
        bool full = memcmp(value.data + i, "\xE2\x98\x85", 3) == 0;
        if (!full && memcmp(value.data + i, "\xE2\x98\x86", 3) != 0) {
            return false;
        }
        black += full;
    }
    *out = (double)black;
    return i == value.len && value.len > 0 && value.len <= 30;
}

bool kundig__value_score(kundig_text value, double *out, double *whole)
{
    *whole = 0;
    if (kundig__value_number(value, out)) {
        return true;
    }
    if (!value.len) {
        return false;
    }
    if ((unsigned char)value.data[0] == 0xE2) {
        return values_stars(value, out);
    }
    size_t digits = 0;
    while (digits < value.len && digits < 4 &&
           (kundig__text_is_digit(value.data[digits]) ||
            (digits && (value.data[digits] == '.' || value.data[digits] == ',') &&
             digits + 1 < value.len && kundig__text_is_digit(value.data[digits + 1])))) {
        digits++;
    }
    if (!digits || !kundig__text_is_digit(value.data[0]) ||
        !kundig__value_number(kundig__text(value.data, digits), out)) {
        return false;
    }
    kundig_text rest = kundig__text_trim(kundig__text(value.data + digits, value.len - digits));
    if (!rest.len || rest.len > 80) {
        return false;
    }
    bool word = values_in(rest, "star|stars|stern|sterne|point|points|punkt|punkte");
    size_t from = 0;
    if (rest.data[0] == '/') {
        from = 1;
    } else if (rest.len > 7 &&
               kundig__text_equal_nocase(kundig__text(rest.data, 7), KUNDIG__TEXT("out of "))) {
        from = 7;
    } else if (rest.len > 4 &&
               kundig__text_equal_nocase(kundig__text(rest.data, 4), KUNDIG__TEXT("von "))) {
        from = 4;
    }
    if (from) {
        /* "8/10": the whole must be a usual one */
        kundig_text of = kundig__text_trim(kundig__text(rest.data + from, rest.len - from));
        return values_in(of, "5|6|7|10|100") && kundig__value_number(of, whole);
    }
    for (size_t i = 0; i < rest.len; i++) {
        if (kundig__text_is_digit(rest.data[i])) {
            return false;
        }
    }
    bool mark = memchr("-=:(.)", rest.data[0], 6) != NULL;
    bool dash = rest.len > 3 && (memcmp(rest.data, "\xE2\x80\x93", 3) == 0 ||
                                 memcmp(rest.data, "\xE2\x80\x94", 3) == 0);
    return word || mark || dash;
}

bool kundig__value_email(kundig_text value)
{
    const char *at = value.len > 5 && value.len < 255 ? memchr(value.data, '@', value.len) : NULL;
    if (!at || at == value.data || memchr(value.data, ' ', value.len)) {
        return false;
    }
    size_t behind = value.len - (size_t)(at - value.data) - 1;
    return behind > 3 && !memchr(at + 1, '@', behind) && memchr(at + 2, '.', behind - 1);
}

bool kundig__value_ip(kundig_text value)
{
    size_t dots = 0;
    size_t digits = 0;
    if (value.len < 7 || value.len > 15) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        if (kundig__text_is_digit(value.data[i])) {
            digits++;
        } else if (value.data[i] == '.' && digits >= 1 && digits <= 3) {
            dots++;
            digits = 0;
        } else {
            return false;
        }
    }
    return dots == 3 && digits >= 1 && digits <= 3;
}
