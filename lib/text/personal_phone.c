/* Telephone numbers.
 *
 * Three forms are known without being told: international (+49, 0049), national with a leading 0
 * and an area code (German, Austrian, Swiss, British, French), North American in groups of 3-3-4.
 * Behind a word for a phone ("Tel.", "call me on") any digits of a fitting count will do. Dates,
 * times, amounts, numbers of orders and what is glued to other characters are not taken. Invariant:
 * a number begins at the first digit of a run, or behind a blank or bracket in one; of the groups
 * that follow as many are taken as still make a number. Cost: each group of digits is tried once,
 * with the 12 groups behind it and the 6 words before it. */
#include "text/personal_numbers.h"

#define PHONE_LEAST_TOLD  5  /* digits behind "Tel." */
#define PHONE_LEAST_HINT  6  /* behind "call me on" */
#define PHONE_LEAST       9  /* of a national number, with its 0 */
#define PHONE_LEAST_SOLID 10 /* written in one piece */
#define PHONE_MOST        15

enum { PHONE_NOT_TOLD, PHONE_HINTED, PHONE_TOLD };

/* What the words before pos say. */
static int phone_told(const kundig__personal *p, size_t pos)
{
    size_t start;
    size_t end;
    bool number = false;
    bool own = false;
    for (int word = 0; word < 6 && kundig__word_before(p, pos, &start, &end); word++) {
        if (kundig__view_among(p, start, end, LIST_PHONES)) {
            return PHONE_TOLD;
        }
        if (kundig__view_among(p, start, end, LIST_PHONE_VERBS)) {
            return PHONE_HINTED;
        }
        number =
            number || view_equal(p, start, end, "number") || view_equal(p, start, end, "nummer");
        own = own || view_equal(p, start, end, "my") || view_equal(p, start, end, "meine") ||
              view_equal(p, start, end, "die") || view_equal(p, start, end, "lautet");
        if (!kundig__view_among(p, start, end, LIST_PHONE_LINKS)) {
            break;
        }
        pos = start;
    }
    return number && own ? PHONE_HINTED : PHONE_NOT_TOLD;
}

static size_t phone_len(const kundig__digit_run *run, size_t group)
{
    return run->groups[group].end - run->groups[group].start;
}

/* Does a group begin with the beginning of a date: 1.2., 01/02/24? */
static bool phone_is_date(const kundig__digit_run *run, size_t group)
{
    if (run->count < group + 3) {
        return false;
    }
    size_t third = phone_len(run, group + 2);
    unsigned before = run->groups[group + 1].before;
    return phone_len(run, group) <= 2 && phone_len(run, group + 1) <= 2 &&
           (third == 2 || third == 4) && before == run->groups[group + 2].before &&
           (before == DIGIT_DOT || before == DIGIT_SLASH || before == DIGIT_HYPHEN) &&
           (run->count == group + 3 || run->groups[group + 3].before != before);
}

/* Is a number that ends at pos an amount, or glued to what follows? */
static bool phone_is_amount(const kundig__personal *p, size_t pos)
{
    unsigned char next = view_at(p, pos);
    unsigned behind = view_is(p, pos + 1);
    if ((next == ',' || next == ':' || next == '.') && (behind & VIEW_IS_DIGIT)) {
        return true;
    }
    if ((next == '-' || next == '/') && (behind & VIEW_IS_WORD)) {
        return (behind & VIEW_IS_DIGIT) != 0;
    }
    size_t word = view_blanks(p, pos, 1);
    next = view_at(p, word);
    if (next == '%' || next == '$') {
        return true;
    }
    size_t end = view_word_end(p, word);
    return word < end && kundig__view_among(p, word, end, LIST_UNITS);
}

/* Is it glued to letters or digits, behind its end? An extension's x is not. */
static bool phone_is_glued(const kundig__personal *p, size_t pos)
{
    unsigned char next = view_at(p, pos);
    if (view_lower(next) == 'x' && (view_is(p, pos + 1) & VIEW_IS_DIGIT)) {
        return false;
    }
    return (kundig__view_class[next] & (VIEW_IS_WORD | VIEW_IS_TAKEN)) || next == '_' ||
           next == '@' || next == '=';
}

/* May a number begin at pos, by what stands right before it? */
static bool phone_may_begin(const kundig__personal *p, size_t pos)
{
    unsigned char c = view_at(p, pos - 1);
    unsigned is = kundig__view_class[c];
    unsigned before = view_is(p, pos - 2);
    if ((is & (VIEW_IS_WORD | VIEW_IS_TAKEN)) || c == '_' || c == '#' || c == '$' || c == '@' ||
        c == '+') {
        return false;
    }
    if (c == '.' || c == ',' || c == '/' || c == '-') {
        return (before & VIEW_IS_LETTER) && c != '-';
    }
    return c != ':' || !(before & VIEW_IS_DIGIT);
}

/* Is the run an account's number, DE12 3456 7890 ..., though one that does not prove itself? */
static bool phone_is_account(const kundig__personal *p, const kundig__digit_run *run)
{
    size_t pos = run->groups[0].start;
    return run->count > 2 && (view_is(p, pos - 1) & VIEW_IS_LETTER) &&
           (view_is(p, pos - 2) & VIEW_IS_LETTER) && !(view_is(p, pos - 3) & VIEW_IS_GLUE) &&
           phone_len(run, 0) == 2 && phone_len(run, 1) == 4 && phone_len(run, 2) == 4;
}

/* What is being tried: groups of a run from the first on. */
typedef struct phone_try {
    const kundig__personal *p;
    const kundig__digit_run *run;
    size_t digits; /* of the groups taken */
    size_t taken;
    size_t skip; /* of them the prefix 00 */
} phone_try;

/* Take groups while they make no more than `most` digits and none seems to begin a new number;
 * a "(0)" is not counted. */
static void phone_gather(phone_try *try, size_t most)
{
    const kundig__digit_run *run = try->run;
    bool slash = false;
    for (; try->taken < run->count; try->taken++) {
        size_t at = try->taken;
        size_t len = phone_len(run, at);
        if (at > 0) {
            const kundig__digit_group *group = &run->groups[at];
            bool trunk = len == 1 && (group->before & DIGIT_OPEN) &&
                         view_at(try->p, group->start) == '0' && view_at(try->p, group->end) == ')';
            if (trunk) {
                continue;
            }
            bool fresh =
                view_at(try->p, group->start) == '0' && len >= 3 && try->digits >= try->skip + 10;
            if (fresh || try->digits + len > most || ((group->before & DIGIT_SLASH) && slash) ||
                ((group->before & DIGIT_SLASH) && try->digits > 8) ||
                ((group->before & DIGIT_OPEN) && at > 2)) {
                return;
            }
            slash = slash || (group->before & DIGIT_SLASH);
        } else if (len > most) {
            return;
        }
        try->digits += len;
    }
}

/* Give the last group back. */
static void phone_drop(phone_try *try)
{
    try->taken--;
    try->digits -= phone_len(try->run, try->taken);
}

/* Give back what belongs to the words behind the number: "030 23125001 2 Tage". */
static void phone_trim(phone_try *try)
{
    while (try->taken > 1) {
        const kundig__digit_group *last = &try->run->groups[try->taken - 1];
        bool apart = last->before == DIGIT_BLANK;
        bool lone = apart && phone_len(try->run, try->taken - 1) == 1;
        if (!lone &&
            !(apart && (phone_is_amount(try->p, last->end) || phone_is_glued(try->p, last->end)))) {
            return;
        }
        phone_drop(try);
    }
}

static bool phone_ends_well(const phone_try *try)
{
    size_t end = try->run->groups[try->taken - 1].end;
    return !phone_is_glued(try->p, end) && !phone_is_amount(try->p, end);
}

/* Are all groups of one pair of digits after the other, as French numbers are: 01 23 45 67 89? */
static bool phone_is_pairs(const phone_try *try)
{
    for (size_t i = 0; i < try->taken; i++) {
        if (phone_len(try->run, i) != 2) {
            return false;
        }
    }
    return try->taken == 5;
}

/* Numbers have dots between long groups, times and versions between short ones. */
static bool phone_has_odd_dots(const phone_try *try)
{
    bool dots = false;
    size_t small = 0;
    for (size_t i = 0; i < try->taken; i++) {
        dots = dots || (i > 0 && (try->run->groups[i].before & DIGIT_DOT));
        small += phone_len(try->run, i) < 3;
    }
    return dots && small > 1 && !phone_is_pairs(try);
}

/* The most and least digits behind + of the country whose code begins there; 0 if there is none. */
static size_t phone_country_most(const kundig__personal *p, size_t pos, size_t *least)
{
    unsigned char a = view_at(p, pos);
    unsigned char b = view_at(p, pos + 1);
    if (!(view_is(p, pos + 1) & VIEW_IS_DIGIT)) {
        *least = 11;
        return a == '1' ? 11 : 0;
    }
    *least = 9;
    if (a == '0') {
        return 0;
    }
    if (a == '1') {
        *least = 11;
        return b >= '2' ? 11 : 0;
    }
    if (a == '4') {
        return b == '1' ? 11 : b == '4' ? 12 : 13;
    }
    return a == '3' && b == '3' ? 11 : 14;
}

/* +49 ..., 0049 ...: `skip` characters of prefix belong to the first group. */
static bool phone_international(phone_try *try, size_t skip)
{
    const kundig__digit_run *run = try->run;
    size_t least;
    size_t code = run->groups[0].start + skip;
    if (skip == phone_len(run, 0)) { /* 00 49 30 */
        if (run->count < 2 || run->groups[1].before != DIGIT_BLANK) {
            return false;
        }
        code = run->groups[1].start;
    }
    size_t most = phone_country_most(try->p, code, &least);
    if (most == 0) {
        return false;
    }
    try->skip = skip;
    phone_gather(try, most + skip);
    if (try->taken == 0) {
        return false;
    }
    phone_trim(try);
    if (run->too_long && try->taken == run->count) {
        return false;
    }
    size_t zeros = 0;
    for (size_t i = code; i < run->groups[try->taken - 1].end; i++) {
        zeros += view_at(try->p, i) == '0';
    }
    return try->digits >= least + skip && zeros * 2 <= try->digits + 2 && phone_ends_well(try);
}

/* 030 ..., 0171/..., 020 7946 0018, 01 23 45 67 89. */
static bool phone_national(phone_try *try)
{
    const kundig__digit_run *run = try->run;
    size_t first = phone_len(run, 0);
    unsigned char second = view_at(try->p, run->groups[0].start + 1);
    if (view_at(try->p, run->groups[0].start) != '0' || first < 2 || second == '0' ||
        phone_is_date(run, 0)) {
        return false;
    }
    phone_gather(try, 12);
    if (try->taken == 0) {
        return false;
    }
    phone_trim(try);
    if (try->taken == 1) {
        return first >= PHONE_LEAST_SOLID && first <= 12 && phone_ends_well(try);
    }
    if (try->digits < PHONE_LEAST || first > 7 || phone_has_odd_dots(try)) {
        return try->digits >= PHONE_LEAST_SOLID && first > 7 && phone_ends_well(try);
    }
    return phone_ends_well(try);
}

/* (212) 555-0147, 212-555-0144, 1-212-555-0144. */
static bool phone_american(phone_try *try)
{
    const kundig__digit_run *run = try->run;
    size_t first = phone_len(run, 0) == 1 && view_at(try->p, run->groups[0].start) == '1' ? 1 : 0;
    if (run->count < first + 3 || phone_len(run, first) != 3 || phone_len(run, first + 1) != 3 ||
        phone_len(run, first + 2) != 4 || view_at(try->p, run->groups[first].start) < '2' ||
        view_at(try->p, run->groups[first + 1].start) < '2') {
        return false;
    }
    unsigned one = run->groups[first + 1].before;
    unsigned two = run->groups[first + 2].before;
    if ((one | two) & DIGIT_SLASH) {
        return false;
    }
    bool close = (one & DIGIT_CLOSE) != 0;
    if (!close && one != two && one != DIGIT_BLANK) {
        return false;
    }
    try->taken = first + 3;
    try->digits = first + 10;
    return phone_ends_well(try);
}

/* Any digits behind a word for a phone. */
static bool phone_as_told(phone_try *try, int told)
{
    const kundig__digit_run *run = try->run;
    if (phone_is_date(run, 0) || run->too_long) {
        return false;
    }
    phone_gather(try, PHONE_MOST);
    if (try->taken == 0) {
        return false;
    }
    phone_trim(try);
    size_t least = told == PHONE_TOLD ? PHONE_LEAST_TOLD : PHONE_LEAST_HINT;
    return try->digits >= least && !phone_has_odd_dots(try) && phone_ends_well(try);
}

/* Behind "ext. 12", "x45", "DW 12" at pos; pos if there is none. */
static size_t phone_extension(const kundig__personal *p, size_t pos)
{
    size_t word = view_blanks(p, view_at(p, pos) == ',' ? pos + 1 : pos, 2);
    size_t end = view_word_end(p, word);
    if (!view_equal(p, word, end, "ext") && !view_equal(p, word, end, "x") &&
        !view_equal(p, word, end, "extension") && !view_equal(p, word, end, "durchwahl") &&
        !view_equal(p, word, end, "dw")) {
        return pos;
    }
    end += view_at(p, end) == '.';
    end = view_blanks(p, end, 1);
    size_t digits = end;
    while (digits - end < 6 && (view_is(p, digits) & VIEW_IS_DIGIT)) {
        digits++;
    }
    return digits > end && digits - end < 6 && !(view_is(p, digits) & VIEW_IS_GLUE) ? digits : pos;
}

static bool phone_try_form(phone_try *try, int form, size_t skip, int told)
{
    try->digits = 0;
    try->taken = 0;
    try->skip = 0;
    switch (form) {
    case 0:
        return skip > 0 && phone_international(try, skip == 3 ? 0 : skip);
    case 1:
        return skip == 0 && phone_national(try);
    case 2:
        return skip == 0 && phone_american(try);
    default:
        return told != PHONE_NOT_TOLD && phone_as_told(try, told);
    }
}

/* Take the number that begins with the digit at pos; *end is where to go on. */
static void phone_take(kundig__personal *p, size_t pos, size_t *end)
{
    kundig__digit_run run;
    phone_try try = {p, &run, 0, 0, 0};
    size_t start = pos;
    size_t skip = 0; /* "00" of digits; 3 for + */
    kundig__digit_run_read(p, pos, &run);
    if (view_at(p, pos - 1) == '+') {
        start = pos - 1;
        skip = 3;
    } else if (view_at(p, pos) == '0' && view_at(p, pos + 1) == '0') {
        skip = 2;
    }
    size_t close = run.count > 1 && (run.groups[1].before & DIGIT_CLOSE) ? run.groups[1].start : 0;
    bool bracket = view_at(p, start - 1) == '(';
    size_t cue = bracket ? start - 1 : start;
    size_t digits = 0;
    for (size_t i = 0; i < run.count; i++) {
        digits += phone_len(&run, i);
    }
    if (digits < PHONE_LEAST_TOLD) {
        return;
    }
    if (!phone_may_begin(p, cue) && !phone_is_account(p, &run)) {
        return;
    }
    if (phone_is_account(p, &run) || (skip != 3 && kundig__is_reference(p, cue))) {
        *end = run.end;
        return;
    }
    int told = phone_told(p, cue);
    int form = 0;
    while (form < 4 && !phone_try_form(&try, form, skip, told)) {
        form++;
    }
    if (form == 4) {
        return;
    }
    size_t last = run.groups[try.taken - 1].end;
    if (bracket && close > 0 && try.taken > 1) {
        start--;
    }
    last = phone_extension(p, last);
    kundig__view_take(p, start, last, KUNDIG_PERSONAL_PHONE);
    *end = last;
}

void kundig__personal_phones(kundig__personal *p)
{
    size_t done = 0;
    for (size_t i = 0; i < p->mark_count; i++) {
        const kundig__personal_mark *mark = &p->marks[i];
        if (mark->type == MARK_DIGITS && mark->pos >= done &&
            !(view_is(p, mark->pos) & VIEW_IS_TAKEN)) {
            phone_take(p, mark->pos, &done);
        }
    }
}
