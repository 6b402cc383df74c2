/* Names of people behind salutations ("Frau", "Mr"), introductions ("my name is"), greetings
 * ("Liebe Anna") and the ends of letters ("Kind regards,").
 *
 * A name is words with a capital, with particles (von der) and initials between; a word that is
 * common behind such a cue ("Frau Doktor", "Dear Customer") is none, and where the cue is weak only
 * known given names are. Behind "herr" in small letters one word in small letters will do.
 * Salutation, title and genitive stay outside. Invariant: a name does not cross a line end, a taken
 * span or the end of a sentence. Cost: a cue looks at the 8 words behind it and the 2 before. */
#include "text/personal_numbers.h"

#define PERSON_WORDS 4

enum {
    PERSON_ANY,   /* any word with a capital */
    PERSON_GIVEN, /* the first word is a known given name */
    PERSON_SMALL  /* also one in small letters */
};

typedef struct person_found {
    size_t start;
    size_t end; /* start if there is none */
    int words;
    bool given; /* the first is a known given name */
} person_found;

static bool person_is_cap(const kundig__personal *p, size_t pos)
{
    return (view_is(p, pos) & (VIEW_IS_UPPER | VIEW_IS_CASELESS)) != 0;
}

/* End of a word with inner hyphens and apostrophes, without a genitive's. */
static size_t person_word_end(const kundig__personal *p, size_t pos)
{
    size_t limit = pos + 2 * VIEW_LONGEST_WORD;
    size_t end = pos;
    while (end < limit) {
        unsigned char c = view_at(p, end);
        if (c == '\'' && view_lower(view_at(p, end + 1)) == 's' &&
            !(view_is(p, end + 2) & VIEW_IS_LETTER)) {
            break;
        }
        bool inner = (c == '-' || c == '\'') && end > pos && (view_is(p, end + 1) & VIEW_IS_LETTER);
        if (!(kundig__view_class[c] & VIEW_IS_LETTER) && !inner) {
            break;
        }
        end++;
    }
    return end;
}

/* May the word be a name? */
static bool person_is_name(const kundig__personal *p, size_t start, size_t end)
{
    size_t part = view_word_end(p, start);
    return !kundig__view_among(p, start, end, LIST_NAME_NOT) &&
           !kundig__view_among(p, start, end, LIST_FUNCTION_WORDS) &&
           !kundig__view_among(p, start, end, LIST_REFERENCES) &&
           !kundig__view_among(p, start, end, LIST_PHONES) &&
           !(part < end && view_at(p, part) == '-' &&
             kundig__view_among(p, start, part, LIST_NAME_NOT)) &&
           !(view_is(p, end) & (VIEW_IS_DIGIT | VIEW_IS_TAKEN)) && view_at(p, end) != '_' &&
           view_at(p, end) != '@';
}

/* An initial, "K.", at pos: its end; pos if there is none. */
static size_t person_initial_end(const kundig__personal *p, size_t pos)
{
    return (view_is(p, pos) & VIEW_IS_UPPER) && view_at(p, pos + 1) == '.' &&
                   !(view_is(p, pos + 2) & VIEW_IS_GLUE)
               ? pos + 2
               : pos;
}

/* Behind the particles at pos: "von der ", "al-". */
static size_t person_particles(const kundig__personal *p, size_t pos)
{
    for (int i = 0; i < 3; i++) {
        size_t end = view_word_end(p, pos);
        bool dot = view_at(p, end) == '.' && view_equal(p, pos, end, "st");
        size_t next = end + dot;
        if (view_at(p, next) == '-' && end - pos == 2) {
            next++;
        } else {
            size_t blank = view_blanks(p, next, 1);
            if (blank == next) {
                return pos;
            }
            next = blank;
        }
        if (!kundig__view_among(p, pos, end, LIST_PARTICLES)) {
            return pos;
        }
        if (i == 0 && (view_equal(p, pos, end, "der") || view_equal(p, pos, end, "den") ||
                       view_equal(p, pos, end, "des"))) {
            return pos; /* "Herrn der Lage" */
        }
        pos = next;
    }
    return pos;
}

static bool person_is_one_given(const kundig__personal *p, size_t start, size_t end)
{
    return kundig__view_among(p, start, end, LIST_GIVEN) ||
           kundig__view_among(p, start, end, LIST_GIVEN_MORE);
}

static bool person_is_given(const kundig__personal *p, size_t start, size_t end)
{
    size_t part = view_word_end(p, start);
    return person_is_one_given(p, start, end) ||
           (view_at(p, part) == '-' && person_is_one_given(p, start, part));
}

/* All of the word in capitals? Then so is the text, and a capital says nothing. */
static bool person_is_shouted(const kundig__personal *p, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (view_is(p, i) & VIEW_IS_LOWER) {
            return false;
        }
    }
    return end - start > 2;
}

/* The name that begins at pos. */
static person_found person_read(const kundig__personal *p, size_t pos, int mode)
{
    person_found found = {pos, pos, 0, false};
    bool shouted = false;
    bool caseless = false;
    size_t at = pos;
    while (found.words < PERSON_WORDS) {
        size_t initial = person_initial_end(p, at);
        size_t end = initial;
        if (initial == at) {
            bool may_small = mode == PERSON_SMALL && found.words == 0;
            size_t word = may_small ? at : person_particles(p, at);
            end = person_word_end(p, word);
            bool cap = person_is_cap(p, word);
            bool given = person_is_given(p, word, end);
            bool small = may_small && end - word > 2 && view_at(p, end) != ':';
            if (end - word < 2 || !(cap || small) || !person_is_name(p, word, end)) {
                break;
            }
            if (found.words == 0) {
                if (mode == PERSON_GIVEN && !given) {
                    break;
                }
                shouted = person_is_shouted(p, word, end);
                found.given = given;
                caseless = (view_is(p, word) & VIEW_IS_CASELESS) != 0;
            } else if ((shouted && !found.given) ||
                       caseless != ((view_is(p, word) & VIEW_IS_CASELESS) != 0)) {
                break;
            }
            if (!cap) {
                found.end = end;
                found.words++;
                break;
            }
        } else if (mode == PERSON_GIVEN && found.words == 0) {
            break;
        }
        found.end = end;
        found.words++;
        at = view_blanks(p, end, 1);
        if (at == end) {
            break;
        }
    }
    return found;
}

/* Behind titles at pos: "Dr. med. ". */
static size_t person_titles(const kundig__personal *p, size_t pos)
{
    for (int i = 0; i < 5; i++) {
        size_t end = view_word_end(p, pos);
        if (end == pos || !kundig__view_among(p, pos, end, LIST_TITLES)) {
            break;
        }
        size_t next = end + (view_at(p, end) == '.');
        next += view_at(p, next) == '-';
        size_t behind = view_blanks(p, next, 2);
        if (behind == end) {
            break;
        }
        pos = behind;
    }
    return pos;
}

static size_t person_take(kundig__personal *p, const person_found *found)
{
    if (found->end > found->start) {
        kundig__view_take(p, found->start, found->end, KUNDIG_PERSONAL_NAME);
    }
    return found->end;
}

/* The word before pos on the same line, blanks between alone. false if there is none. */
static bool person_word_before(const kundig__personal *p, size_t pos, size_t *start, size_t *end)
{
    *end = view_blanks_before(p, pos, 2);
    *start = view_word_start(p, *end);
    return *start < *end && *end < pos;
}

/* Is it a word that "frau" in small letters may stand behind and still be a salutation? */
static bool person_leads(const kundig__personal *p, size_t start, size_t end)
{
    return view_equal(p, start, end, "von") || view_equal(p, start, end, "mit") ||
           view_equal(p, start, end, "an") || view_equal(p, start, end, "bei") ||
           view_equal(p, start, end, "durch") || view_equal(p, start, end, "danke");
}

/* Herr, Mrs, Dr at [pos, end). */
static size_t person_salute(kundig__personal *p, size_t pos, size_t end)
{
    bool cap = person_is_cap(p, pos);
    bool dot = view_at(p, end) == '.';
    size_t start;
    size_t last;
    size_t at = view_blanks(p, end + dot, 2);
    if (at == end || (view_is(p, pos - 1) & VIEW_IS_GLUE) || view_at(p, pos - 1) == '-') {
        return 0;
    }
    bool short_form = view_equal(p, pos, end, "fr") || view_equal(p, pos, end, "hr");
    if (short_form && (!dot || !cap || (view_is(p, pos + 1) & VIEW_IS_UPPER))) {
        return 0; /* Friday, hour */
    }
    bool mister = view_equal(p, pos, end, "mr") || view_equal(p, pos, end, "mrs") ||
                  view_equal(p, pos, end, "herr") || view_equal(p, pos, end, "herrn");
    bool woman = view_equal(p, pos, end, "frau");
    bool told = person_word_before(p, pos, &start, &last);
    unsigned char before = view_at(p, pos - 1);
    bool opens = pos == 0 || (kundig__view_class[before] & (VIEW_IS_BLANK | VIEW_IS_LINE));
    if (!cap && (!opens || !(view_is(p, at - 1) & VIEW_IS_BLANK) ||
                 !(mister || (woman && (!told || person_leads(p, start, last)))))) {
        return 0;
    }
    if (view_equal(p, pos, end, "ms") && view_at(p, pos + 1) == 'S' &&
        !person_is_shouted(p, view_blanks(p, end, 1), view_word_end(p, view_blanks(p, end, 1)))) {
        return 0; /* MS Office */
    }
    int mode = view_equal(p, pos, end, "sir") || view_equal(p, pos, end, "doktor") ||
                       view_equal(p, pos, end, "professor")
                   ? PERSON_GIVEN
               : cap ? PERSON_ANY
                     : PERSON_SMALL;
    person_found found = person_read(p, person_titles(p, at), mode);
    return person_take(p, &found);
}

/* Dear, Liebe, Hallo. */
static size_t person_greet(kundig__personal *p, size_t end)
{
    size_t at = view_blanks(p, end, 2);
    if (at == end) {
        return 0;
    }
    person_found found = person_read(p, at, PERSON_GIVEN);
    return person_take(p, &found);
}

/* Take a name with a capital, or a known given name in small letters. */
static size_t person_introduced(kundig__personal *p, size_t at)
{
    size_t word = person_titles(p, at);
    size_t end = person_word_end(p, word);
    int mode = !person_is_cap(p, word) && person_is_given(p, word, end) ? PERSON_SMALL : PERSON_ANY;
    person_found found = person_read(p, word, mode);
    return person_take(p, &found);
}

/* "my name is", "mein Name ist", where [pos, end) is "name". */
static size_t person_of_name(kundig__personal *p, size_t pos, size_t end)
{
    size_t start;
    size_t last;
    if (!person_word_before(p, pos, &start, &last) ||
        !(view_equal(p, start, last, "my") || view_equal(p, start, last, "mein"))) {
        return 0;
    }
    size_t at = end;
    if (view_at(p, at) == '\'' && view_lower(view_at(p, at + 1)) == 's') {
        at += 2;
    } else if (view_at(p, at) == ':') {
        at++;
    } else {
        size_t verb = view_blanks(p, at, 1);
        size_t behind = view_word_end(p, verb);
        if (!view_equal(p, verb, behind, "is") && !view_equal(p, verb, behind, "ist") &&
            !view_equal(p, verb, behind, "lautet")) {
            return 0;
        }
        at = behind;
    }
    size_t name = view_blanks(p, at, 2);
    return name > at ? person_introduced(p, name) : 0;
}

/* "this is X speaking", "hier spricht X", where the cue ends at end. */
static size_t person_of_this(kundig__personal *p, size_t end, bool german)
{
    size_t verb = view_blanks(p, end, 1);
    size_t behind = view_word_end(p, verb);
    bool speaks = german && view_equal(p, verb, behind, "spricht");
    if (!speaks && !view_equal(p, verb, behind, german ? "ist" : "is")) {
        return 0;
    }
    size_t at = view_blanks(p, behind, 1);
    if (at == behind) {
        return 0;
    }
    at = person_titles(p, at);
    person_found found = person_read(p, at, PERSON_ANY);
    size_t next = view_blanks(p, found.end, 1);
    speaks = speaks || view_equal(p, next, view_word_end(p, next), "speaking");
    if (!found.given && !speaks) {
        return 0;
    }
    return person_take(p, &found);
}

/* "I am X", "I'm X", "ich heiße X", "ich bin X", where [pos, end) is "I" or "ich". */
static size_t person_of_i(kundig__personal *p, size_t pos, size_t end)
{
    size_t at = end;
    if (end - pos == 1 && view_at(p, at) == '\'' && view_lower(view_at(p, at + 1)) == 'm') {
        at += 2;
    } else {
        size_t verb = view_blanks(p, at, 1);
        at = view_word_end(p, verb);
        if (!view_equal(p, verb, at, end - pos == 1 ? "am" : "bin")) {
            return 0;
        }
    }
    size_t name = view_blanks(p, at, 1);
    if (name == at) {
        return 0;
    }
    person_found found = person_read(p, name, PERSON_GIVEN);
    return person_take(p, &found);
}

static size_t person_of_called(kundig__personal *p, size_t pos, size_t end)
{
    size_t start;
    size_t last;
    size_t at = view_blanks(p, end, 1);
    if (!person_word_before(p, pos, &start, &last) || !view_equal(p, start, last, "ich") ||
        at == end) {
        return 0;
    }
    return person_introduced(p, at);
}

/* Does nothing but punctuation and pictures stand from pos to the end of the line? */
static bool person_line_ends(const kundig__personal *p, size_t pos)
{
    for (int i = 0; i < 16; i++, pos++) {
        unsigned is = view_is(p, pos);
        if (pos >= p->plain_len || (is & VIEW_IS_LINE)) {
            return true;
        }
        if (is & (VIEW_IS_WORD | VIEW_IS_TAKEN)) {
            return false;
        }
    }
    return false;
}

/* The name behind the end of a letter, whose last word is [pos, end). */
static size_t person_of_close(kundig__personal *p, size_t pos, size_t end, bool weak)
{
    size_t yours;
    size_t yours_end;
    if ((view_equal(p, pos, end, "truly") || view_equal(p, pos, end, "faithfully")) &&
        !(person_word_before(p, pos, &yours, &yours_end) &&
          view_equal(p, yours, yours_end, "yours"))) {
        return 0;
    }
    size_t at = end;
    size_t lines = 0;
    bool parted = false;
    for (int i = 0; i < 8; i++, at++) {
        unsigned char c = view_at(p, at);
        unsigned is = kundig__view_class[c];
        lines += c == '\n';
        parted = parted || c == ',' || c == '!' || c == '-' || c == '\n';
        if (c == 0 || (!(is & (VIEW_IS_BLANK | VIEW_IS_LINE)) && !strchr(",.!-:", c))) {
            break;
        }
    }
    if (at == end) {
        return 0;
    }
    size_t word = view_word_end(p, at);
    if (view_equal(p, at, word, "ihr") || view_equal(p, at, word, "ihre") ||
        view_equal(p, at, word, "euer") || view_equal(p, at, word, "eure") ||
        view_equal(p, at, word, "dein") || view_equal(p, at, word, "deine")) {
        at = view_blanks(p, word, 2);
        at += view_at(p, at) == '\r';
        at += view_at(p, at) == '\n';
    }
    at = person_titles(p, at);
    person_found found = person_read(p, at, PERSON_ANY);
    bool lone = person_line_ends(p, found.end);
    bool sure = weak ? found.given || (lines > 0 && lone && found.words < 4)
                     : lone || (found.given && parted);
    if (!sure ||
        (weak && !parted && !person_line_ends(p, found.end) && view_equal(p, pos, end, "best"))) {
        return 0;
    }
    return person_take(p, &found);
}

void kundig__personal_names(kundig__personal *p)
{
    size_t done = 0;
    for (size_t i = 0; i < p->mark_count; i++) {
        const kundig__personal_mark *mark = &p->marks[i];
        size_t pos = mark->pos;
        size_t end = mark->end;
        if (mark->type != MARK_CUE || pos < done || (view_is(p, pos) & VIEW_IS_TAKEN)) {
            continue;
        }
        size_t behind = 0;
        switch (mark->what) {
        case CUE_SALUTE:
            behind = person_salute(p, pos, end);
            break;
        case CUE_GREET:
            behind = person_greet(p, end);
            break;
        case CUE_NAME:
            behind = person_of_name(p, pos, end);
            break;
        case CUE_CALLED:
            behind = person_of_called(p, pos, end);
            break;
        case CUE_THIS:
        case CUE_HERE:
            behind = person_of_this(p, end, mark->what == CUE_HERE);
            break;
        case CUE_I:
            behind = person_of_i(p, pos, end);
            break;
        default:
            behind = person_of_close(p, pos, end, mark->what == CUE_CLOSE_WEAK);
            break;
        }
        done = behind > done ? behind : done;
    }
}
