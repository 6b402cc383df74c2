/* Addresses of the web and of mail.
 *
 * A web address is personal if it holds a login, a mail address, a key in its query (token=,
 * user=), a part that nobody could guess (an id of 20 letters and digits, a UUID), what follows a
 * step that is done once (/reset/4f9c2b), or the page of a person (/users/anna). Any other stays.
 * Invariant: an address ends at a blank, a line end or what was taken, and no rule looks at one
 * twice. Cost: linear; a mail address looks back and forward at 254 characters at most. */
#include "text/personal_view.h"

#define WEB_LOCAL_MAX  254
#define WEB_DOMAIN_MAX 255
#define WEB_PARTS_MAX  3 /* "anna dot maria dot muster at" */

/* ---- URL ---- */

static bool web_url_character(unsigned char c)
{
    unsigned is = kundig__view_class[c];
    return (is & VIEW_IS_WORD) || (c > ' ' && c < 0x7F && !strchr("<>\"{}|\\^`", c));
}

/* End of the address from start on, without the punctuation of the sentence around it. */
static size_t web_url_end(const kundig__personal *p, size_t start)
{
    size_t end = start;
    int64_t round = 0; /* openers minus closers */
    int64_t square = 0;
    while (web_url_character(view_at(p, end))) {
        unsigned char c = view_at(p, end);
        round += (c == '(') - (c == ')');
        square += (c == '[') - (c == ']');
        end++;
    }
    for (; end > start; end--) {
        unsigned char c = view_at(p, end - 1);
        if (c == ')' && round < 0) {
            round++;
        } else if (c == ']' && square < 0) {
            square++;
        } else if (!strchr(".,;:!?'*", c)) {
            break;
        }
    }
    return end;
}

static bool web_ends_url_part(unsigned char c)
{
    return c == '/' || c == '?' || c == '#' || c == '&' || c == ';' || c == '=';
}

static bool web_is_hex(unsigned char c)
{
    return (kundig__view_class[c] & VIEW_IS_DIGIT) ||
           (view_lower(c) >= 'a' && view_lower(c) <= 'f');
}

static bool web_is_uuid(const kundig__personal *p, size_t start, size_t end)
{
    if (end - start != 36) {
        return false;
    }
    for (size_t i = 0; i < 36; i++) {
        unsigned char c = view_at(p, start + i);
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !web_is_hex(c)) {
            return false;
        }
    }
    return true;
}

/* A run of letters and digits that means nothing to a reader: nobody types it, so who has it may
 * enter. */
static bool web_is_opaque(const kundig__personal *p, size_t start, size_t end)
{
    if (web_is_uuid(p, start, end)) {
        return true;
    }
    size_t len = 0;
    size_t digits = 0;
    size_t upper = 0;
    size_t lower = 0;
    bool hex = true;
    for (size_t i = start; i <= end; i++) {
        unsigned char c = i < end ? view_at(p, i) : '/';
        unsigned is = kundig__view_class[c];
        if ((is & VIEW_IS_WORD) || c == '_') {
            len++;
            digits += (is & VIEW_IS_DIGIT) != 0;
            upper += (is & VIEW_IS_UPPER) != 0;
            lower += (is & VIEW_IS_LOWER) != 0;
            hex = hex && web_is_hex(c);
            continue;
        }
        bool mixed = digits >= 2 && upper >= 2 && lower >= 2;
        if ((len >= 16 && hex && digits >= 3 && upper + lower >= 3) || (len >= 20 && mixed) ||
            (len >= 24 && digits >= 6 && upper + lower >= 6)) {
            return true;
        }
        len = digits = upper = lower = 0;
        hex = true;
    }
    return false;
}

/* Is a word of this key, or the key without its hyphens, one that carries a person or a way in? */
static bool web_is_url_key(const kundig__personal *p, size_t start, size_t end)
{
    size_t word = start;
    for (size_t i = start; i <= end; i++) {
        if (i < end && (view_is(p, i) & VIEW_IS_WORD)) {
            continue;
        }
        if (kundig__view_among(p, word, i, LIST_URL_KEYS)) {
            return true;
        }
        word = i + 1;
    }
    return view_ends(p, start, end, "token") || view_ends(p, start, end, "sessionid") ||
           view_ends(p, start, end, "api_key") || view_ends(p, start, end, "api-key") ||
           view_ends(p, start, end, "user_id") || view_ends(p, start, end, "customer_id");
}

/* A path word such as "password-reset": any of its words tells. */
static bool web_is_path_word(const kundig__personal *p, size_t start, size_t end,
                             kundig__view_list list)
{
    size_t word = start;
    for (size_t i = start; i <= end; i++) {
        if (i < end && (view_is(p, i) & VIEW_IS_LETTER)) {
            continue;
        }
        if (kundig__view_among(p, word, i, list)) {
            return true;
        }
        word = i + 1;
    }
    return false;
}

static bool web_has_digit(const kundig__personal *p, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (view_is(p, i) & VIEW_IS_DIGIT) {
            return true;
        }
    }
    return false;
}

/* A mail address somewhere inside? */
static bool web_holds_mail(const kundig__personal *p, size_t start, size_t end)
{
    for (size_t i = start + 1; i + 2 < end; i++) {
        bool at = view_at(p, i) == '@';
        bool coded = view_at(p, i) == '%' && view_at(p, i + 1) == '4' && view_at(p, i + 2) == '0';
        size_t behind = i + (at ? 1 : 3);
        if ((at || coded) && (view_is(p, i - 1) & VIEW_IS_WORD) &&
            (view_is(p, behind) & VIEW_IS_LETTER)) {
            return true;
        }
    }
    return false;
}

/* Is the address whose host begins at `host` one of a person? */
static bool web_is_personal(const kundig__personal *p, size_t host, size_t end)
{
    size_t pos = host;
    while (pos < end && !web_ends_url_part(view_at(p, pos))) {
        if (view_at(p, pos) == '@') {
            return true;
        }
        pos++;
    }
    if (web_holds_mail(p, pos, end)) {
        return true;
    }
    bool once = false; /* the part before was a step done once */
    bool people = false;
    bool query = false;
    while (pos < end) {
        unsigned char before = view_at(p, pos);
        size_t start = ++pos;
        while (pos < end && !web_ends_url_part(view_at(p, pos))) {
            pos++;
        }
        query = query || before != '/';
        bool key = query && view_at(p, pos) == '=';
        if (key && pos + 1 < end && web_is_url_key(p, start, pos)) {
            return true;
        }
        if (!key && web_is_opaque(p, start, pos)) {
            return true;
        }
        if (before == '/' && pos > start) {
            if ((once && pos - start >= 6 && web_has_digit(p, start, pos)) ||
                (people && pos - start >= 3)) {
                return true;
            }
            once = web_is_path_word(p, start, pos, LIST_URL_ONE_TIME);
            people = kundig__view_among(p, start, pos, LIST_URL_PEOPLE);
        }
    }
    return false;
}

/* Where the host of a chunk that looks like "example.com/pay?sig=1" begins; end if it does not. */
static size_t web_bare_host(const kundig__personal *p, size_t chunk, size_t end)
{
    size_t host = chunk;
    while (host < end && !(view_is(p, host) & VIEW_IS_WORD)) {
        host++;
    }
    size_t pos = host;
    size_t dots = 0;
    while (pos < end &&
           ((view_is(p, pos) & VIEW_IS_WORD) || view_at(p, pos) == '-' || view_at(p, pos) == '.')) {
        dots += view_at(p, pos) == '.' && (view_is(p, pos + 1) & VIEW_IS_LETTER);
        pos++;
    }
    return dots > 0 && (view_at(p, pos) == '/' || view_at(p, pos) == '?') ? host : end;
}

void kundig__personal_urls(kundig__personal *p)
{
    size_t done = 0;             /* looked at up to here */
    size_t chunk = p->plain_len; /* this chunk has no host */
    for (size_t i = 0; i < p->mark_count; i++) {
        const kundig__personal_mark *mark = &p->marks[i];
        size_t start = mark->pos;
        size_t host = mark->end;
        if (start < done || (view_is(p, start) & VIEW_IS_TAKEN)) {
            continue;
        }
        if (mark->type == MARK_SCHEME) {
            start = view_word_start(p, mark->pos);
            start = start < done ? done : start;
            if (start == mark->pos) {
                continue;
            }
        } else if (mark->type == MARK_WWW) {
            host = start;
        } else if (mark->type == MARK_QUERY) {
            if (mark->end == chunk) {
                continue;
            }
            chunk = mark->end;
            start = host = web_bare_host(p, chunk < done ? done : chunk, mark->pos);
            if (host == mark->pos) {
                continue;
            }
        } else {
            continue;
        }
        done = web_url_end(p, host);
        if (done > host && web_is_personal(p, host, done)) {
            kundig__view_take(p, start, done, KUNDIG_PERSONAL_URL);
        }
        done = done > mark->pos ? done : mark->pos + 1;
    }
}

/* ---- E-mail ---- */

static bool web_local_character(unsigned char c)
{
    return (kundig__view_class[c] & VIEW_IS_WORD) || c == '.' || c == '_' || c == '%' || c == '+' ||
           c == '-' || c == '\'' || c == '&';
}

/* Start of the name before an @ that stands at pos; pos if there is none. */
static size_t web_local_start(const kundig__personal *p, size_t pos)
{
    size_t start = pos;
    while (pos - start <= WEB_LOCAL_MAX && web_local_character(view_at(p, start - 1))) {
        start--;
    }
    while (start < pos && !(view_is(p, start) & VIEW_IS_WORD) && view_at(p, start) != '_') {
        start++;
    }
    return pos - start > WEB_LOCAL_MAX ? pos : start;
}

/* End of the domain at pos, behind an @; pos if there is none. A label without a dot will do if
 * `dots` are written as words behind it. */
static size_t web_domain_end(const kundig__personal *p, size_t pos)
{
    size_t limit = pos + WEB_DOMAIN_MAX;
    size_t good = pos;
    size_t label = pos;
    bool letters = true; /* the label has no digits, or is written in code */
    for (size_t end = pos; end < limit; end++) {
        unsigned char c = view_at(p, end);
        unsigned is = kundig__view_class[c];
        if (c == '.') {
            if (end == label || !(view_is(p, end + 1) & VIEW_IS_WORD)) {
                break;
            }
            label = end + 1;
            letters = true;
        } else if ((is & VIEW_IS_WORD) || (c == '-' && end > label)) {
            letters = letters && (is & VIEW_IS_LETTER);
            bool coded = view_equal(p, label, label + 4, "xn--");
            bool ends = !(view_is(p, end + 1) & VIEW_IS_WORD);
            if (ends && label > pos && end + 1 - label >= 2 && (letters || coded)) {
                good = end + 1;
            }
        } else {
            break;
        }
    }
    return good;
}

/* Behind the bracketed or bare word for "at" or "." that stands at pos (blanks around it belong to
 * it); pos if none stands there. */
static size_t web_spoken(const kundig__personal *p, size_t pos, const char *a, const char *b)
{
    size_t start = view_blanks(p, pos, 2);
    unsigned char open = view_at(p, start);
    bool bracket = open == '(' || open == '[' || open == '{';
    if (!bracket && start == pos) {
        return pos;
    }
    start = bracket ? view_blanks(p, start + 1, 1) : start;
    size_t end = view_word_end(p, start);
    if (end == start && bracket) {
        end = start + 1; /* "(@)" */
    }
    if (!view_equal(p, start, end, a) && !view_equal(p, start, end, b)) {
        return pos;
    }
    if (bracket) {
        end = view_blanks(p, end, 1);
        unsigned char close = view_at(p, end);
        if (close != ')' && close != ']' && close != '}') {
            return pos;
        }
        end++;
    }
    size_t behind = view_blanks(p, end, 2);
    return !bracket && behind == end ? pos : behind;
}

/* The name before a spoken "at" that begins at pos: words with spoken dots between them. *dots
 * tells whether there was one. */
static size_t web_spoken_local(const kundig__personal *p, size_t pos, bool *dots)
{
    size_t end = view_blanks_before(p, pos, 2);
    size_t start = web_local_start(p, end);
    *dots = false;
    if (start == end) {
        return pos;
    }
    for (int part = 0; part < WEB_PARTS_MAX; part++) {
        size_t dot_end = view_blanks_before(p, start, 2);
        unsigned char close = view_at(p, dot_end - 1);
        bool bracket = close == ')' || close == ']' || close == '}';
        size_t word_end = dot_end - (bracket ? 1 : 0);
        size_t word = view_word_start(p, word_end);
        if ((!bracket && dot_end == start) ||
            (!view_equal(p, word, word_end, "dot") && !view_equal(p, word, word_end, "punkt"))) {
            break;
        }
        size_t before = view_blanks_before(p, word - (bracket ? 1 : 0), 2);
        size_t first = web_local_start(p, before);
        if (first == before) {
            break;
        }
        start = first;
        *dots = true;
    }
    return start;
}

/* The domain behind a spoken "at": labels with dots, written or spoken. pos if there is none. */
static size_t web_spoken_domain(const kundig__personal *p, size_t pos, bool *known)
{
    size_t good = web_domain_end(p, pos);
    size_t end = good;
    *known = false;
    if (good == pos) {
        while ((view_is(p, end) & VIEW_IS_WORD) || view_at(p, end) == '-') {
            if (++end - pos > WEB_DOMAIN_MAX) {
                return pos;
            }
        }
    }
    for (int part = 0; part < WEB_PARTS_MAX && end > pos; part++) {
        size_t label = web_spoken(p, end, "dot", "punkt");
        size_t behind = view_word_end(p, label);
        if (label == end || behind - label < 2 || (view_is(p, behind) & VIEW_IS_DIGIT)) {
            break;
        }
        *known = *known || kundig__view_among(p, label, behind, LIST_TOP_DOMAINS);
        good = end = behind;
    }
    return good;
}

/* Does a word of mail stand among the six words before pos? */
static bool web_has_mail_cue(const kundig__personal *p, size_t pos)
{
    for (int word = 0; word < 6; word++) {
        size_t end = pos;
        while (pos - end < 4 && end > 0 && !(view_is(p, end - 1) & VIEW_IS_WORD)) {
            end--;
        }
        size_t start = view_word_start(p, end);
        if (start == end) {
            return false;
        }
        if (kundig__view_among(p, start, end, LIST_MAIL_CUES)) {
            return true;
        }
        pos = start;
    }
    return false;
}

static size_t web_take_mail(kundig__personal *p, size_t start, size_t end)
{
    kundig__view_take(p, start, end, KUNDIG_PERSONAL_EMAIL);
    return end;
}

/* "anna (at) example.com"; where to go on. */
static size_t web_bracket_mail(kundig__personal *p, size_t pos)
{
    size_t domain = web_spoken(p, pos, "at", "@");
    bool dots;
    bool known;
    if (domain == pos) {
        return pos;
    }
    size_t start = web_spoken_local(p, pos, &dots);
    size_t end = web_spoken_domain(p, domain, &known);
    return start < pos && end > domain ? web_take_mail(p, start, end) : pos;
}

/* "anna at example dot com", where the word "dot" begins at pos; where to go on. */
static size_t web_bare_mail(kundig__personal *p, size_t pos)
{
    size_t label_end = view_blanks_before(p, pos, 1);
    size_t label = label_end;
    while (label_end - label < VIEW_LONGEST_WORD &&
           ((view_is(p, label - 1) & VIEW_IS_WORD) || view_at(p, label - 1) == '-')) {
        label--;
    }
    size_t at_end = view_blanks_before(p, label, 1);
    size_t at = view_word_start(p, at_end);
    bool dots;
    bool known;
    if (label == label_end || label_end == pos || at_end == label ||
        !view_equal(p, at, at_end, "at") || !(view_is(p, at - 1) & VIEW_IS_BLANK)) {
        return pos;
    }
    size_t start = web_spoken_local(p, at, &dots);
    size_t end = web_spoken_domain(p, label, &known);
    if (start == at || end == label || !known) {
        return pos;
    }
    bool sure = dots || web_has_mail_cue(p, start);
    for (size_t i = start; i < at && !sure; i++) {
        sure = (view_is(p, i) & VIEW_IS_DIGIT) || view_at(p, i) == '_' || view_at(p, i) == '.';
    }
    return sure ? web_take_mail(p, start, end) : pos;
}

void kundig__personal_emails(kundig__personal *p)
{
    size_t done = 0;
    for (size_t i = 0; i < p->mark_count; i++) {
        const kundig__personal_mark *mark = &p->marks[i];
        size_t pos = mark->pos;
        if (pos < done || (view_is(p, pos) & VIEW_IS_TAKEN)) {
            continue;
        }
        if (mark->type == MARK_AT) {
            size_t start = web_local_start(p, pos);
            size_t end = web_domain_end(p, pos + 1);
            if (start < pos && end > pos + 1) {
                done = web_take_mail(p, start, end);
            }
        } else if (mark->type == MARK_BRACKET) {
            done = web_bracket_mail(p, pos);
        } else if (mark->type == MARK_DOT) {
            done = web_bare_mail(p, pos);
        }
    }
}
