/* Accounts and payment cards: digits that prove themselves.
 *
 * An IBAN has the length of its country and a remainder of 1 by 97; a card an issuer's first digits
 * and Luhn's check digit, written in one piece or in the groups that cards are printed in. A number
 * behind "order no." is of a thing, whatever its check digit says.
 * Cost: a number is looked at once, up to 34 or 19 characters of it. */
#include "text/personal_numbers.h"

/* ---- Runs of digit groups ---- */

void kundig__digit_run_read(const kundig__personal *p, size_t start, kundig__digit_run *run)
{
    size_t pos = start;
    memset(run, 0, sizeof *run);
    for (;;) {
        size_t first = pos;
        size_t limit = first + DIGIT_RUN_DIGITS + 1;
        while (pos < limit && (view_is(p, pos) & VIEW_IS_DIGIT)) {
            pos++;
        }
        run->too_long = pos == limit; /* nobody's number */
        kundig__digit_group *group = &run->groups[run->count++];
        group->start = first;
        group->end = pos;
        run->end = pos;
        if (run->count == DIGIT_RUN_GROUPS || run->too_long) {
            return;
        }
        unsigned separators = 0;
        size_t behind = pos;
        for (; behind - pos < 4; behind++) {
            unsigned char c = view_at(p, behind);
            unsigned bit = c == '-'                                  ? DIGIT_HYPHEN
                           : c == '/'                                ? DIGIT_SLASH
                           : c == '.'                                ? DIGIT_DOT
                           : c == '('                                ? DIGIT_OPEN
                           : c == ')'                                ? DIGIT_CLOSE
                           : (kundig__view_class[c] & VIEW_IS_BLANK) ? DIGIT_BLANK
                                                                     : 0;
            if (bit == 0 || (bit != DIGIT_BLANK && (separators & bit))) {
                break;
            }
            separators |= bit;
        }
        if (!(view_is(p, behind) & VIEW_IS_DIGIT)) {
            return;
        }
        group[1].before = separators;
        group[1].gap = behind - pos;
        pos = behind;
    }
}

/* The word that ends before pos, what stands between being blanks, ':', '.', '#', '=', '-', ',' or
 * '('. false if there is none. */
bool kundig__word_before(const kundig__personal *p, size_t pos, size_t *start, size_t *end)
{
    size_t at = pos;
    while (pos - at < 5) {
        unsigned char c = view_at(p, at - 1);
        if (c == 0 || (!(kundig__view_class[c] & VIEW_IS_BLANK) && !strchr(":.#=(-,", c))) {
            break;
        }
        at--;
    }
    *end = at;
    *start = view_word_start(p, at);
    return *start < at;
}

/* Is what stands between a word and a number a sign that the number is the word's? */
static bool numbers_are_joined(const kundig__personal *p, size_t end, size_t pos)
{
    for (size_t at = end; at < pos; at++) {
        unsigned char c = view_at(p, at);
        if (c == '#' || c == ':' || c == '=' || c == '.') {
            return true;
        }
    }
    return false;
}

/* Words that people call about: "my order 0170 1234567" asks for a call, "order no. 0170 1234567"
 * does not, and neither does "invoice 01632 960002". */
static bool numbers_is_deal(const kundig__personal *p, size_t start, size_t end)
{
    static const char *const deals[] = {"order",      "orders",  "booking", "flight",
                                        "bestellung", "auftrag", "buchung", "flug"};
    for (size_t i = 0; i < sizeof deals / sizeof *deals; i++) {
        if (view_equal(p, start, end, deals[i])) {
            return true;
        }
    }
    return false;
}

bool kundig__is_reference(const kundig__personal *p, size_t pos)
{
    for (int word = 0; word < 3; word++) {
        size_t start;
        size_t end;
        if (!kundig__word_before(p, pos, &start, &end)) {
            return false;
        }
        if (kundig__view_among(p, start, end, LIST_PHONES)) {
            return false;
        }
        if ((kundig__view_among(p, start, end, LIST_REFERENCES) &&
             (word > 0 || numbers_are_joined(p, end, pos) || !numbers_is_deal(p, start, end))) ||
            (end - start > 6 && view_ends(p, start, end, "nummer")) ||
            (end - start > 3 && view_ends(p, start, end, "nr"))) {
            return true;
        }
        if (!view_equal(p, start, end, "nr") && !view_equal(p, start, end, "no") &&
            !view_equal(p, start, end, "number") && !view_equal(p, start, end, "nummer") &&
            !view_equal(p, start, end, "num") && !view_equal(p, start, end, "is") &&
            !view_equal(p, start, end, "ist") && !view_equal(p, start, end, "id") &&
            !view_equal(p, start, end, "lautet")) {
            return false;
        }
        pos = start;
    }
    return false;
}

/* ---- IBAN ---- */

static const char accounts_countries[] =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18"
    "FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25"
    "MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25"
    "SV28TL23TN24TR26UA29VA22VG24XK20";

/* How long the IBAN of a country is; 0 if there is none. */
static size_t accounts_iban_len(unsigned char a, unsigned char b)
{
    for (const char *at = accounts_countries; *at; at += 4) {
        if (view_lower(a) == view_lower((unsigned char)at[0]) &&
            view_lower(b) == view_lower((unsigned char)at[1])) {
            return (size_t)(at[2] - '0') * 10 + (size_t)(at[3] - '0');
        }
    }
    return 0;
}

/* Remainder of the number so far by 97, with one more character, a letter being 10 to 35. */
static unsigned accounts_iban_step(unsigned remainder, unsigned char c)
{
    c = view_lower(c);
    return c >= 'a' ? (remainder * 100 + (unsigned)(c - 'a') + 10) % 97
                    : (remainder * 10 + (unsigned)(c - '0')) % 97;
}

/* End of the IBAN whose two letters stand before pos; pos if there is none. */
static size_t accounts_iban_end(const kundig__personal *p, size_t pos)
{
    unsigned remainder = 0;
    if (!(view_is(p, pos - 1) & VIEW_IS_LETTER) || !(view_is(p, pos - 2) & VIEW_IS_LETTER)) {
        return pos;
    }
    size_t len = accounts_iban_len(view_at(p, pos - 2), view_at(p, pos - 1));
    if (len == 0 || (view_is(p, pos - 3) & VIEW_IS_GLUE) ||
        !(view_is(p, pos + 1) & VIEW_IS_DIGIT)) {
        return pos;
    }
    size_t end = pos + 2;
    bool odd = false; /* a gap that is not behind every fourth character */
    bool letters = false;
    for (size_t count = 4; count < len; count++) {
        unsigned char c = view_at(p, end);
        if ((kundig__view_class[c] & VIEW_IS_BLANK) || c == '-' || c == '.') {
            odd = odd || count % 4 != 0;
            c = view_at(p, ++end);
        }
        letters = letters || (kundig__view_class[c] & VIEW_IS_LETTER);
        if (c >= 0x80 || !(kundig__view_class[c] & VIEW_IS_WORD)) {
            return pos;
        }
        remainder = accounts_iban_step(remainder, c);
        end++;
    }
    for (size_t i = pos - 2; i < pos + 2; i++) {
        remainder = accounts_iban_step(remainder, view_at(p, i));
    }
    return remainder == 1 && !(odd && letters) && !(view_is(p, end) & VIEW_IS_GLUE) ? end : pos;
}

/* ---- Cards ---- */

/* Does an issuer give numbers of this length that begin so? */
static bool accounts_is_issued(const unsigned char *digits, size_t count)
{
    unsigned two = digits[0] * 10u + digits[1];
    unsigned three = two * 10 + digits[2];
    unsigned four = three * 10 + digits[3];
    if (digits[0] == 4) {
        return count == 13 || count == 16 || count == 19;
    }
    if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) {
        return count == 16;
    }
    if (two == 34 || two == 37) {
        return count == 15;
    }
    if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) {
        return count == 14;
    }
    if (four >= 3528 && four <= 3589) {
        return count == 16;
    }
    return count >= 16 && (four == 6011 || two == 65 || (three >= 644 && three <= 649) ||
                           two == 62 || two == 50 || (two >= 56 && two <= 58) || two == 67);
}

static bool accounts_luhn(const unsigned char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digits[count - 1 - i];
        digit = i & 1 ? 2 * digit : digit;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

/* Are these groups the way cards are printed? */
static bool accounts_is_grouped(const kundig__digit_run *run, size_t groups)
{
    static const char *const shapes[] = {"4444", "44443", "44442", "44441", "465",
                                         "464",  "4441",  "4333",  "445",   "4443"};
    if (groups == 1) {
        return true;
    }
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++) {
        size_t i = 0;
        while (i < groups && shapes[shape][i] &&
               run->groups[i].end - run->groups[i].start == (size_t)(shapes[shape][i] - '0') &&
               (i == 0 || (run->groups[i].gap == 1 &&
                           (run->groups[i].before & (DIGIT_BLANK | DIGIT_HYPHEN))))) {
            i++;
        }
        if (i == groups && !shapes[shape][i]) {
            return true;
        }
    }
    return false;
}

/* Does a word for a card stand before pos? */
static bool accounts_has_card_cue(const kundig__personal *p, size_t pos)
{
    size_t start;
    size_t end;
    for (int word = 0; word < 3 && kundig__word_before(p, pos, &start, &end); word++) {
        if (kundig__view_among(p, start, end, LIST_CARDS)) {
            return true;
        }
        pos = start;
    }
    return false;
}

/* End of the card number that begins at pos; pos if there is none. */
static size_t accounts_card_end(const kundig__personal *p, size_t pos)
{
    kundig__digit_run run;
    unsigned char digits[19];
    size_t count = 0;
    size_t good = pos;
    size_t good_count = 0;
    unsigned char before = view_at(p, pos - 1);
    for (size_t i = 0; i < 4; i++) {
        if (!(view_is(p, pos + i) & VIEW_IS_DIGIT)) {
            return pos;
        }
    }
    if ((kundig__view_class[before] & (VIEW_IS_WORD | VIEW_IS_TAKEN)) || before == '_' ||
        before == '$' || (before == '-' && (view_is(p, pos - 2) & VIEW_IS_GLUE)) ||
        ((before == '.' || before == ',' || before == '/') &&
         (view_is(p, pos - 2) & VIEW_IS_DIGIT))) {
        return pos;
    }
    kundig__digit_run_read(p, pos, &run);
    for (size_t i = 0; i < run.count; i++) {
        size_t len = run.groups[i].end - run.groups[i].start;
        if (count + len > sizeof digits) {
            break;
        }
        for (size_t at = run.groups[i].start; at < run.groups[i].end; at++) {
            digits[count++] = (unsigned char)(view_at(p, at) - '0');
        }
        size_t end = run.groups[i].end;
        unsigned char next = view_at(p, end);
        bool goes_on =
            (kundig__view_class[next] & (VIEW_IS_WORD | VIEW_IS_TAKEN)) || next == '_' ||
            ((next == '-' || next == '.' || next == ',') && (view_is(p, end + 1) & VIEW_IS_DIGIT));
        if (count >= 13 && !goes_on && accounts_is_grouped(&run, i + 1) &&
            accounts_is_issued(digits, count) && accounts_luhn(digits, count)) {
            good = end;
            good_count = count;
        }
    }
    bool common = good_count >= 14 && good_count <= 16; /* others are numbers of posts as well */
    if (good > pos && (kundig__is_reference(p, pos) || !common) && !accounts_has_card_cue(p, pos)) {
        return pos;
    }
    return good;
}

void kundig__personal_accounts(kundig__personal *p)
{
    size_t done = 0;
    for (size_t i = 0; i < p->mark_count; i++) {
        const kundig__personal_mark *mark = &p->marks[i];
        if (mark->type != MARK_DIGITS || mark->pos < done ||
            (view_is(p, mark->pos) & VIEW_IS_TAKEN)) {
            continue;
        }
        size_t end = accounts_iban_end(p, mark->pos);
        if (end > mark->pos) {
            kundig__view_take(p, mark->pos - 2, end, KUNDIG_PERSONAL_IBAN);
            done = end;
            continue;
        }
        end = accounts_card_end(p, mark->pos);
        if (end > mark->pos) {
            kundig__view_take(p, mark->pos, end, KUNDIG_PERSONAL_CARD);
            done = end;
        }
    }
}
