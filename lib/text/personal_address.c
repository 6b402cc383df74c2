/* Postal addresses in German and English form.
 *
 * Everything begins at a number, for an address has one: a house number behind a German street or
 * before an English one, a postal code, a box. German street names are known by their ends
 * (-straße, -weg), those that are words of every day (Platz, Am Markt) only with a capital
 * beginning, a code behind or a word like "Adresse" before. A code alone needs a D- before it, a
 * city that is known behind it, or the word PLZ; an English one its exact form. Invariant: what was
 * taken is not looked into. Cost: each number looks at 7 words around it. */
#include "text/personal_numbers.h"

#define ADDRESS_STREET_WORDS 4 /* "Old Mill Hill Lane" */

static bool address_is_cap(const kundig__personal *p, size_t pos)
{
    return (view_is(p, pos) & (VIEW_IS_UPPER | VIEW_IS_CASELESS)) != 0;
}

/* End of a word of a street's or place's name: letters with inner hyphens and apostrophes. */
static size_t address_word_end(const kundig__personal *p, size_t pos)
{
    size_t limit = pos + VIEW_LONGEST_WORD;
    size_t end = pos;
    while (end < limit) {
        unsigned char c = view_at(p, end);
        bool inner = (c == '-' || c == '\'') && end > pos && (view_is(p, end + 1) & VIEW_IS_LETTER);
        if (!(kundig__view_class[c] & VIEW_IS_LETTER) && !inner) {
            break;
        }
        end++;
    }
    return end;
}

static size_t address_word_start(const kundig__personal *p, size_t end)
{
    size_t pos = end;
    while (end - pos < VIEW_LONGEST_WORD) {
        unsigned char c = view_at(p, pos - 1);
        bool inner = (c == '-' || c == '\'') && pos < end && (view_is(p, pos) & VIEW_IS_LETTER) &&
                     (view_is(p, pos - 2) & VIEW_IS_LETTER);
        if (!(kundig__view_class[c] & VIEW_IS_LETTER) && !inner) {
            break;
        }
        pos--;
    }
    return pos;
}

/* Behind what may part the lines of an address: a blank, a comma, a line end, or several. */
static size_t address_gap(const kundig__personal *p, size_t pos)
{
    size_t at = pos;
    at = view_blanks(p, at, 1);
    at += view_at(p, at) == ',' || view_at(p, at) == ';';
    at = view_blanks(p, at, 2);
    at += view_at(p, at) == '\r';
    at += view_at(p, at) == '\n';
    return view_blanks(p, at, 2);
}

/* Does a word that announces an address stand among the four before pos? */
static bool address_has_cue(const kundig__personal *p, size_t pos)
{
    size_t start;
    size_t end;
    for (int word = 0; word < 4 && kundig__word_before(p, pos, &start, &end); word++) {
        if (kundig__view_among(p, start, end, LIST_ADDRESS_CUES)) {
            return true;
        }
        pos = start;
    }
    return false;
}

static bool address_is_unit(const kundig__personal *p, size_t pos)
{
    size_t word = view_blanks(p, pos, 1);
    unsigned char c = view_at(p, word);
    size_t end = view_word_end(p, word);
    return c == '%' || c == '$' || (word < end && kundig__view_among(p, word, end, LIST_UNITS));
}

/* ---- Codes and places of German form ---- */

/* End of the name of a place: "Offenbach am Main", "Bad Homburg", "Frankfurt (Oder)"; pos if none
 * stands there. */
static size_t address_place_end(const kundig__personal *p, size_t pos, bool any_case)
{
    static const char *const joins[] = {"am", "an", "bei", "im", "in", "ob", "vor", "der", "dem"};
    size_t end = address_word_end(p, pos);
    if (end - pos < 2 || (!any_case && !address_is_cap(p, pos)) ||
        kundig__view_among(p, pos, end, LIST_FUNCTION_WORDS)) {
        return pos;
    }
    size_t dot = end + (view_at(p, end) == '.');
    if (kundig__view_among(p, pos, end, LIST_PLACE_FIRST)) {
        size_t next = view_blanks(p, dot, 1);
        size_t behind = address_word_end(p, next);
        if (address_is_cap(p, next) && behind - next > 2) {
            end = behind;
        }
    }
    size_t next = view_blanks(p, end, 1);
    size_t last = end;
    for (int word = 0; word < 3 && next > last; word++) {
        size_t behind = address_word_end(p, next);
        bool joined = false;
        for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
            joined = joined || (view_equal(p, next, behind, joins[i]) && !address_is_cap(p, next));
        }
        if (!joined) {
            return word > 0 && address_is_cap(p, next) && behind - next > 2 ? behind : end;
        }
        last = behind;
        next = view_blanks(p, behind, 1);
    }
    if (view_at(p, next) == '(' && address_is_cap(p, next + 1)) {
        size_t behind = address_word_end(p, next + 1);
        return view_at(p, behind) == ')' ? behind + 1 : end;
    }
    return end;
}

/* Behind "D-", "CH-" at pos; pos if there is none. *len is the length of the country's codes. */
static size_t address_country(const kundig__personal *p, size_t pos, size_t *len)
{
    size_t end = view_word_end(p, pos);
    bool four = view_equal(p, pos, end, "a") || view_equal(p, pos, end, "at") ||
                view_equal(p, pos, end, "ch");
    bool five = view_equal(p, pos, end, "d") || view_equal(p, pos, end, "de");
    if (view_at(p, end) != '-' || !(four || five) || !address_is_cap(p, pos)) {
        return pos;
    }
    *len = four ? 4 : 5;
    return end + 1;
}

/* End of code and place at pos, behind a street; pos if there are none. */
static size_t address_code_place(const kundig__personal *p, size_t pos)
{
    size_t len = 0;
    size_t code = address_country(p, pos, &len);
    size_t end = code;
    while (end - code < 6 && (view_is(p, end) & VIEW_IS_DIGIT)) {
        end++;
    }
    size_t digits = end - code;
    if ((len ? digits != len : digits != 5 && digits != 4) || !(view_is(p, end) & VIEW_IS_BLANK)) {
        return pos;
    }
    size_t place = view_blanks(p, end, 2);
    size_t behind = address_place_end(p, place, true);
    bool unit = kundig__view_among(p, place, view_word_end(p, place), LIST_UNITS);
    return behind > place && !unit ? behind : pos;
}

/* The end of a street's address that goes to pos so far, with code and place if they follow. */
static size_t address_with_place(const kundig__personal *p, size_t pos)
{
    size_t next = address_gap(p, pos);
    if (view_equal(p, next, next + 3, "in ")) {
        next += 3;
    }
    size_t end = next > pos ? address_code_place(p, next) : pos;
    return next > pos && end > next ? end : pos;
}

/* ---- Streets of German form ---- */

enum { STREET_NONE, STREET_WEAK, STREET_BARE, STREET_SURE };

/* What the word before a number is. */
static int address_street_kind(const kundig__personal *p, size_t start, size_t end)
{
    static const char *const sure[] = {"strasse",  "str",  "gasse",     "allee",
                                       "chaussee", "damm", "promenade", "ufer"};
    static const char *const middle[] = {"weg", "platz", "ring", "steig", "stieg", "pfad", "zeile"};
    static const char *const weak[] = {"markt", "hof",  "berg", "graben", "wall",
                                       "tor",   "kamp", "feld", "tal",    "brucke"};
    size_t first = start;
    for (size_t i = start; i < end; i++) {
        first = view_at(p, i) == '-' ? i + 1 : first;
    }
    if (kundig__view_among(p, start, end, LIST_STREET_NOT)) {
        bool bare = view_equal(p, start, end, "strasse") || view_equal(p, start, end, "str") ||
                    view_equal(p, start, end, "allee") || view_equal(p, start, end, "gasse") ||
                    view_equal(p, start, end, "weg") || view_equal(p, start, end, "platz") ||
                    view_equal(p, start, end, "ring") || view_equal(p, start, end, "damm") ||
                    view_equal(p, start, end, "ufer") || view_equal(p, start, end, "postweg") ||
                    view_equal(p, start, end, "steig") || view_equal(p, start, end, "pfad");
        return bare ? STREET_BARE : STREET_NONE;
    }
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
        if (view_ends(p, start, end, sure[i])) {
            return end - start >= strlen(sure[i]) + 3 ? STREET_SURE : STREET_BARE;
        }
    }
    for (size_t i = 0; i < sizeof middle / sizeof *middle; i++) {
        if (view_ends(p, start, end, middle[i])) {
            bool part = first > start && view_equal(p, first, end, middle[i]);
            return address_is_cap(p, start) && (part || end - start >= strlen(middle[i]) + 3)
                       ? STREET_SURE
                       : STREET_NONE;
        }
    }
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        if (view_ends(p, start, end, weak[i]) && address_is_cap(p, start)) {
            return STREET_WEAK;
        }
    }
    return STREET_WEAK;
}

/* Start of the words that belong to a street of several words, whose last begins at start: capital
 * words ("Lange Gasse"); start if there are none. */
static size_t address_words_before(const kundig__personal *p, size_t start)
{
    size_t first = start;
    for (int word = 0; word < 2; word++) {
        size_t end = view_blanks_before(p, first, 1);
        size_t at = address_word_start(p, end);
        if (end == first || at == end || !address_is_cap(p, at) || end - at < 3 ||
            kundig__view_among(p, at, end, LIST_FUNCTION_WORDS) ||
            kundig__view_among(p, at, end, LIST_NAME_NOT) ||
            kundig__view_among(p, at, end, LIST_ADDRESS_CUES)) {
            break;
        }
        first = at;
    }
    return first;
}

/* Start of a street that begins with a preposition, "Am Markt", "Unter den Linden", whose last word
 * begins at start; start if it has none. */
static size_t address_preposition(const kundig__personal *p, size_t start)
{
    static const char *const ones[] = {"am", "im", "zum", "zur"};
    static const char *const twos[] = {"an", "in", "auf", "unter", "hinter", "vor", "bei", "zu"};
    size_t end = view_blanks_before(p, start, 1);
    size_t one = view_word_start(p, end);
    if (end == start || one == end || !address_is_cap(p, start)) {
        return start;
    }
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
        if (address_is_cap(p, one) && view_equal(p, one, end, ones[i])) {
            return one;
        }
    }
    if (!view_equal(p, one, end, "der") && !view_equal(p, one, end, "den") &&
        !view_equal(p, one, end, "dem")) {
        return start;
    }
    size_t two_end = view_blanks_before(p, one, 1);
    size_t two = view_word_start(p, two_end);
    for (size_t i = 0; i < sizeof twos / sizeof *twos; i++) {
        if (two_end < one && address_is_cap(p, two) && view_equal(p, two, two_end, twos[i])) {
            return two;
        }
    }
    return start;
}

/* Start of "Straße des 17. Juni", whose last word ends at end; end if it is none. */
static size_t address_street_of(const kundig__personal *p, size_t end)
{
    size_t name = address_word_start(p, end);
    size_t at = name;
    for (int word = 0; word < 4; word++) {
        size_t before = view_blanks_before(p, at, 1);
        size_t last = before;
        if (view_at(p, last - 1) == '.') {
            last--;
        }
        size_t start = last;
        while (last - start < VIEW_LONGEST_WORD && (view_is(p, start - 1) & VIEW_IS_WORD)) {
            start--;
        }
        if (before == at || start == last) {
            return end;
        }
        if (view_equal(p, start, last, "strasse") || view_equal(p, start, last, "platz") ||
            view_equal(p, start, last, "allee")) {
            size_t next = view_word_end(p, at);
            bool of = view_equal(p, at, next, "des") || view_equal(p, at, next, "der") ||
                      view_equal(p, at, next, "am") || view_equal(p, at, next, "zum") ||
                      view_equal(p, at, next, "zur");
            bool named = of && word > 0 && address_is_cap(p, start) && address_is_cap(p, name);
            return named ? start : end;
        }
        at = start;
    }
    return end;
}

/* End of the house number that begins at pos: 5, 12a, 12 a, 12-14, 12/3; pos if it is none. */
static size_t address_house_end(const kundig__personal *p, size_t pos, size_t end)
{
    if (end - pos > 4 || view_at(p, pos) == '0') {
        return pos;
    }
    for (int part = 0; part < 2; part++) {
        size_t letter = end;
        if (!(view_is(p, letter) & VIEW_IS_LETTER)) {
            letter = view_blanks(p, end, 1);
        }
        unsigned char c = view_lower(view_at(p, letter));
        if (c >= 'a' && c <= 'h' && !(view_is(p, letter + 1) & VIEW_IS_GLUE) &&
            view_at(p, letter + 1) != '.' && view_at(p, letter + 1) != '\'') {
            end = letter + 1;
        }
        size_t next = end + 1;
        if (part == 0 && (view_at(p, end) == '-' || view_at(p, end) == '/') &&
            (view_is(p, next) & VIEW_IS_DIGIT)) {
            while (next - end < 5 && (view_is(p, next) & VIEW_IS_DIGIT)) {
                next++;
            }
            end = next;
        }
    }
    unsigned char c = view_at(p, end);
    bool goes_on = (c == '.' || c == ',' || c == ':' || c == '-' || c == '/') &&
                   (view_is(p, end + 1) & VIEW_IS_DIGIT);
    return goes_on || c == '%' || c == '$' ||
                   (kundig__view_class[c] & (VIEW_IS_WORD | VIEW_IS_TAKEN))
               ? pos
               : end;
}

/* Take the street before the number [pos, end); where to go on, 0 if there is none. */
static size_t address_german_street(kundig__personal *p, size_t pos, size_t end)
{
    size_t word_end = view_blanks_before(p, pos, 2);
    bool dot = view_at(p, word_end - 1) == '.';
    word_end -= dot;
    size_t word = address_word_start(p, word_end);
    size_t house = address_house_end(p, pos, end);
    bool is_str = view_ends(p, word, word_end, "str");
    if (word == word_end || house == pos || (dot && !is_str) || (word_end == pos && !dot)) {
        return 0;
    }
    if (!address_is_cap(p, word) && !strchr("erm", view_lower(view_at(p, word_end - 1)))) {
        return 0; /* "-straße", "-ufer", "-damm" alone may be small */
    }
    int kind = address_street_kind(p, word, word_end);
    if (kind == STREET_NONE || (kind != STREET_SURE && !address_is_cap(p, word))) {
        return 0;
    }
    size_t whole = address_with_place(p, house);
    bool placed = whole > house;
    if (!placed && address_is_unit(p, house)) {
        return 0;
    }
    size_t start = word;
    if (kind == STREET_BARE) {
        start = address_words_before(p, word);
        size_t last = view_blanks_before(p, word, 1);
        bool rank =
            (view_equal(p, word, word_end, "platz") || view_equal(p, word, word_end, "weg") ||
             view_equal(p, word, word_end, "ring")) &&
            !view_ends(p, start, last, "er") && !view_ends(p, start, last, "e");
        if (start == word || (rank && !placed && !address_has_cue(p, start))) {
            kind = STREET_WEAK;
        }
    }
    if (kind == STREET_WEAK) {
        start = address_preposition(p, word);
        size_t of = address_street_of(p, word_end);
        if (of < word_end) {
            start = of;
        } else if (start == word || !(placed || address_has_cue(p, start))) {
            return 0;
        }
    }
    if (kundig__view_among(p, word, word_end, LIST_REFERENCES)) {
        return 0;
    }
    kundig__view_take(p, start, whole, KUNDIG_PERSONAL_ADDRESS);
    return whole;
}

/* Take a code with its place where no street stands before: D-12345 X, 10115 Berlin, PLZ 12345. */
static size_t address_german_code(kundig__personal *p, size_t pos, size_t end)
{
    size_t len = end - pos;
    size_t start = pos;
    if (view_at(p, pos - 1) == '-') {
        size_t word = view_word_start(p, pos - 1);
        size_t wanted = 0;
        if (address_country(p, word, &wanted) == pos && wanted == len) {
            start = word;
        }
    }
    size_t before;
    size_t before_end;
    bool told = kundig__word_before(p, start, &before, &before_end) &&
                (view_equal(p, before, before_end, "plz") ||
                 view_equal(p, before, before_end, "postleitzahl"));
    if ((len != 5 && !(len == 4 && start < pos)) || (view_is(p, start - 1) & VIEW_IS_GLUE) ||
        (start == pos && (view_at(p, pos - 1) == '-' || view_at(p, pos - 1) == '.' ||
                          view_at(p, pos - 1) == ',' || view_at(p, pos - 1) == '$' ||
                          view_at(p, pos - 1) == '#' || view_at(p, pos - 1) == '/'))) {
        return 0;
    }
    size_t place = view_blanks(p, end, 1);
    size_t place_end = place > end ? address_place_end(p, place, false) : place;
    if (place_end == place) {
        if (!told || (view_is(p, end) & VIEW_IS_GLUE)) {
            return 0;
        }
        kundig__view_take(p, start, end, KUNDIG_PERSONAL_ADDRESS);
        return end;
    }
    size_t first_end = view_word_end(p, place);
    if (start == pos && !told && !kundig__view_among(p, place, first_end, LIST_CITIES)) {
        return 0;
    }
    kundig__view_take(p, start, place_end, KUNDIG_PERSONAL_ADDRESS);
    return place_end;
}

/* ---- Addresses of English form ---- */

/* End of the inner half of a British postal code, "1AA", at pos; pos if it is none. */
static size_t address_inner_end(const kundig__personal *p, size_t pos)
{
    size_t end = pos + 3;
    if (!(view_is(p, pos) & VIEW_IS_DIGIT) || (view_is(p, end) & VIEW_IS_GLUE)) {
        return pos;
    }
    for (size_t i = pos + 1; i < end; i++) {
        unsigned char c = view_lower(view_at(p, i));
        if (c < 'a' || c > 'z' || strchr("cikmov", c)) {
            return pos;
        }
    }
    bool memory = view_equal(p, pos + 1, end, "gb") || view_equal(p, pos + 1, end, "tb");
    return memory ? pos : end;
}

/* End of the British postal code that begins at pos, an area, one or two digits, perhaps a letter,
 * and the inner half; pos if there is none. Without a blank between only in any case. */
static size_t address_postcode_end(const kundig__personal *p, size_t pos, bool any_case)
{
    size_t area = pos;
    while (area - pos < 3 && (view_is(p, area) & VIEW_IS_LETTER)) {
        area++;
    }
    if (!kundig__view_among(p, pos, area, LIST_POSTCODE_AREAS) ||
        (view_is(p, pos - 1) & VIEW_IS_GLUE)) {
        return pos;
    }
    for (size_t form = 0; form < 4; form++) {
        size_t digits = area + 1 + form / 2;
        size_t outer = digits + form % 2;
        bool fits = (view_is(p, area) & VIEW_IS_DIGIT) &&
                    (view_is(p, digits - 1) & VIEW_IS_DIGIT) &&
                    (form % 2 == 0 || (view_is(p, digits) & VIEW_IS_LETTER));
        size_t inner = view_blanks(p, outer, 1);
        size_t end = fits && (any_case || inner > outer) ? address_inner_end(p, inner) : inner;
        for (size_t i = pos; i < end && !any_case; i++) {
            fits = fits && !(view_is(p, i) & VIEW_IS_LOWER);
        }
        if (fits && end > inner) {
            return end;
        }
    }
    return pos;
}

/* End of "IL 62704-1234" at pos; pos if there is none. */
static size_t address_zip_end(const kundig__personal *p, size_t pos)
{
    size_t state = view_word_end(p, pos);
    size_t code = view_blanks(p, state, 1);
    size_t end = code;
    if (state - pos != 2 || code == state || !address_is_cap(p, pos) ||
        !address_is_cap(p, pos + 1) || !kundig__view_among(p, pos, state, LIST_STATES)) {
        return pos;
    }
    while (end - code < 6 && (view_is(p, end) & VIEW_IS_DIGIT)) {
        end++;
    }
    if (end - code != 5 || (view_is(p, end) & VIEW_IS_GLUE)) {
        return pos;
    }
    if (view_at(p, end) == '-') {
        size_t more = end + 1;
        while (more - end < 6 && (view_is(p, more) & VIEW_IS_DIGIT)) {
            more++;
        }
        if (more - end == 5) {
            end = more;
        }
    }
    return end;
}

/* End of "Apt 4B" at pos; pos if there is none. */
static size_t address_room_end(const kundig__personal *p, size_t pos)
{
    size_t word = view_word_end(p, pos);
    size_t number = view_blanks(p, word + (view_at(p, word) == '.'), 1);
    size_t end = number;
    if (view_at(p, pos) == '#') {
        number = end = pos + 1;
    } else if (number == word || !kundig__view_among(p, pos, word, LIST_ROOMS)) {
        return pos;
    }
    while (end - number < 5 && (view_is(p, end) & VIEW_IS_WORD)) {
        end++;
    }
    bool digit = (view_is(p, number) & VIEW_IS_DIGIT) || end - number == 1;
    return digit && end > number && !(view_is(p, end) & VIEW_IS_GLUE) ? end : pos;
}

/* What follows an English street: rooms, places, a code. */
static size_t address_english_tail(const kundig__personal *p, size_t pos)
{
    size_t end = pos;
    size_t at = pos; /* what is looked at, not yet sure to belong */
    int places = 0;
    for (int part = 0; part < 6; part++) {
        size_t next = address_gap(p, at);
        if (next == at) {
            break;
        }
        size_t behind = address_room_end(p, next);
        if (behind > next) {
            end = at = behind;
            continue;
        }
        behind = address_postcode_end(p, next, true);
        behind = behind > next ? behind : address_zip_end(p, next);
        if (behind > next) {
            return behind;
        }
        behind = address_word_end(p, next);
        if (!address_is_cap(p, next) || behind - next < 2 || places > 2 ||
            kundig__view_among(p, next, behind, LIST_FUNCTION_WORDS) ||
            kundig__view_among(p, next, behind, LIST_NAME_NOT) ||
            (places == 0 && view_at(p, next - 1) != '\n' && view_at(p, at) != ',')) {
            break;
        }
        places++;
        at = behind;
        unsigned char c = view_at(p, view_blanks(p, at, 2));
        if (view_at(p, pos) == ',' && places == 1 &&
            (c == 0 || c == '.' || c == '\n' || c == '!' || c == ')')) {
            end = at;
        }
    }
    return end;
}

/* Take "Postfach 12 34 56, 50667 Köln" or "PO Box 12", whose digits begin at pos. */
static size_t address_box(kundig__personal *p, size_t pos, size_t end)
{
    size_t word_end = view_blanks_before(p, pos, 2);
    size_t word = view_word_start(p, word_end);
    bool german = view_equal(p, word, word_end, "postfach");
    size_t start = word;
    if (view_equal(p, word, word_end, "box")) {
        size_t at = view_blanks_before(p, word, 1);
        at -= view_at(p, at - 1) == '.';
        if (view_lower(view_at(p, at - 1)) != 'o') {
            return 0;
        }
        at--;
        at = view_blanks_before(p, at, 1);
        at -= view_at(p, at - 1) == '.';
        if (view_lower(view_at(p, at - 1)) != 'p' || (view_is(p, at - 2) & VIEW_IS_GLUE)) {
            return 0;
        }
        start = at - 1;
    } else if (!german) {
        return 0;
    }
    for (int group = 0; german && group < 3; group++) {
        size_t next = view_blanks(p, end, 1);
        size_t digits = next;
        while (digits - next < 3 && (view_is(p, digits) & VIEW_IS_DIGIT)) {
            digits++;
        }
        if (next == end || digits == next || digits - next > 2 ||
            (view_is(p, digits) & VIEW_IS_GLUE)) {
            break;
        }
        end = digits;
    }
    if (end - pos > 12) {
        return 0;
    }
    end = german ? address_with_place(p, end) : address_english_tail(p, end);
    kundig__view_take(p, start, end, KUNDIG_PERSONAL_ADDRESS);
    return end;
}

/* Start of "Flat 3, " before pos; pos if there is none. */
static size_t address_room_before(const kundig__personal *p, size_t pos)
{
    size_t number_end = view_blanks_before(p, pos, 2);
    number_end -= view_at(p, number_end - 1) == ',';
    size_t number = number_end;
    while (number_end - number < 5 && (view_is(p, number - 1) & VIEW_IS_WORD)) {
        number--;
    }
    size_t word_end = view_blanks_before(p, number, 1);
    size_t word = view_word_start(p, word_end);
    return number < number_end && word_end < number && number_end < pos &&
                   kundig__view_among(p, word, word_end, LIST_ROOMS)
               ? word
               : pos;
}

/* End of the English street whose name begins at pos; pos if there is none. */
static size_t address_english_street_end(const kundig__personal *p, size_t pos)
{
    size_t at = pos;
    size_t good = pos;
    for (int word = 0; word <= ADDRESS_STREET_WORDS; word++) {
        size_t end = address_word_end(p, at);
        if (at == end && (view_is(p, at) & VIEW_IS_DIGIT)) { /* 5th */
            while (end - at < 3 && (view_is(p, end) & VIEW_IS_DIGIT)) {
                end++;
            }
            size_t ordinal = view_word_end(p, end);
            end = ordinal - end == 2 ? ordinal : at;
        } else if (!address_is_cap(p, at)) {
            end = at;
        }
        if (end == at || kundig__view_among(p, at, end, LIST_STREET_MIDDLE_NOT)) {
            break;
        }
        size_t dot = end + (view_at(p, end) == '.');
        if (word > 0 && kundig__view_among(p, at, end, LIST_STREET_TYPES)) {
            bool short_form = end - at <= 4 &&
                              (view_is(p, view_blanks(p, dot, 1)) & (VIEW_IS_WORD | VIEW_IS_LINE));
            good = dot > end && (short_form || view_at(p, dot) == ',') ? dot : end;
        } else if (good > pos) {
            break;
        }
        at = view_blanks(p, dot, 1);
        if (at == dot) {
            break;
        }
    }
    return good;
}

/* Take "12 High Street, Anytown AB1 2CD", whose number is [pos, end). */
static size_t address_english_street(kundig__personal *p, size_t pos, size_t end)
{
    if (end - pos > 5 || view_at(p, pos) == '0') {
        return 0;
    }
    if ((view_is(p, end) & VIEW_IS_LETTER) && !(view_is(p, end + 1) & VIEW_IS_GLUE)) {
        end++;
    }
    unsigned char before = view_at(p, pos - 1);
    size_t street = view_blanks(p, end, 1);
    if (street == end || (view_is(p, pos - 1) & VIEW_IS_GLUE) || before == '.' || before == ',' ||
        before == '$') {
        return 0;
    }
    size_t street_end = address_english_street_end(p, street);
    if (street_end == street) {
        return 0;
    }
    if (before == '-' || before == '/') { /* 12-14 */
        size_t first = pos - 1;
        while (pos - first < 6 && (view_is(p, first - 1) & VIEW_IS_DIGIT)) {
            first--;
        }
        if (view_is(p, first - 1) & (VIEW_IS_WORD | VIEW_IS_TAKEN)) {
            return 0;
        }
        pos = first;
    }
    size_t whole = address_english_tail(p, street_end);
    size_t start = address_room_before(p, pos);
    kundig__view_take(p, start, whole, KUNDIG_PERSONAL_ADDRESS);
    return whole;
}

/* Take a British code, or an American place with its state and code, around the digits at pos. */
static size_t address_english_code(kundig__personal *p, size_t pos, size_t end)
{
    size_t word = view_word_start(p, pos);
    if (word < pos && pos - word < 3) {
        size_t behind = address_postcode_end(p, word, address_has_cue(p, word));
        if (behind > word) {
            kundig__view_take(p, word, behind, KUNDIG_PERSONAL_ADDRESS);
            return behind;
        }
    }
    if (end - pos != 5) {
        return 0;
    }
    size_t state_end = view_blanks_before(p, pos, 1);
    size_t state = view_word_start(p, state_end);
    size_t behind = address_zip_end(p, state);
    size_t comma = view_blanks_before(p, state, 1);
    if (state_end == pos || behind <= pos || view_at(p, comma - 1) != ',') {
        return 0;
    }
    size_t start = comma - 1;
    for (int i = 0; i < 3; i++) {
        size_t last = i ? view_blanks_before(p, start, 1) : start;
        size_t first = address_word_start(p, last);
        if ((i && last == start) || first == last || !address_is_cap(p, first) ||
            kundig__view_among(p, first, last, LIST_FUNCTION_WORDS)) {
            break;
        }
        start = first;
    }
    if (start == comma - 1) {
        return 0;
    }
    kundig__view_take(p, start, behind, KUNDIG_PERSONAL_ADDRESS);
    return behind;
}

void kundig__personal_addresses(kundig__personal *p)
{
    size_t done = 0;
    for (size_t i = 0; i < p->mark_count; i++) {
        const kundig__personal_mark *mark = &p->marks[i];
        size_t pos = mark->pos;
        if (mark->type != MARK_DIGITS || pos < done || (view_is(p, pos) & VIEW_IS_TAKEN)) {
            continue;
        }
        size_t end = address_box(p, pos, mark->end);
        end = end ? end : address_english_street(p, pos, mark->end);
        end = end ? end : address_german_street(p, pos, mark->end);
        end = end ? end : address_german_code(p, pos, mark->end);
        end = end ? end : address_english_code(p, pos, mark->end);
        done = end ? end : done;
    }
}
