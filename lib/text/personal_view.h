/* Between the rules that find personal data: the text as they read it.
 *
 * The view has one byte a character: ASCII as it is, Latin letters without their marks (and "ss"
 * for sharp s), digits of other widths as ASCII, all blanks of a line as ' ', all hyphens as '-',
 * all currency signs as '$'; what has no width (soft hyphens, joiners, marks) is left out. So a
 * rule is written once, in ASCII, and sees through every disguise. places[i] is where character i
 * stands in the text. */
#ifndef KUNDIG_TEXT_PERSONAL_VIEW_H
#define KUNDIG_TEXT_PERSONAL_VIEW_H

#include "text/personal.h"

/* Characters of the view beyond ASCII. */
#define VIEW_UPPER    0x80 /* a letter of another script */
#define VIEW_LOWER    0x81
#define VIEW_CASELESS 0x82
#define VIEW_SYMBOL   0x83
#define VIEW_MASK     0xF0 /* of a mask that stood in the text */
#define VIEW_START    0xF1 /* to 0xF7: the first character of a span, kinds in the order of bits */
#define VIEW_TAKEN    0xF8 /* the rest of a span */

/* What a character of the view is. */
#define VIEW_IS_UPPER    1u
#define VIEW_IS_LOWER    2u
#define VIEW_IS_CASELESS 4u
#define VIEW_IS_LETTER   7u
#define VIEW_IS_DIGIT    8u
#define VIEW_IS_WORD     15u
#define VIEW_IS_BLANK    16u
#define VIEW_IS_LINE     32u
#define VIEW_IS_TAKEN    64u
#define VIEW_IS_GLUE     (VIEW_IS_WORD | VIEW_IS_TAKEN) /* nothing ends or begins beside it */
#define VIEW_IS_SPECIAL  128u /* may begin a mark, being no letter and no digit */

extern const uint8_t kundig__view_class[256];

/* Where a rule has to look. */
enum {
    MARK_DIGITS,  /* a run of digits */
    MARK_AT,      /* @ */
    MARK_SCHEME,  /* :// */
    MARK_WWW,     /* www. */
    MARK_QUERY,   /* ? ; # inside a chunk without blanks; end is where the chunk begins */
    MARK_BRACKET, /* (at) */
    MARK_DOT,     /* the word "dot" */
    MARK_CUE      /* a word that may announce a name; what: see personal_words.c */
};

typedef struct kundig__personal_mark {
    uint32_t pos;
    uint32_t end;
    uint16_t type;
    uint16_t what;
} kundig__personal_mark;

/* Make the view of text and the marks in it. false on failure of memory. */
bool kundig__view_make(kundig__personal *p, const char *text, size_t len);
/* Give view[start..end) to a kind; later rules see nothing of it. */
void kundig__view_take(kundig__personal *p, size_t start, size_t end, uint32_t kind);

/* ---- Words (personal_words.c) ---- */

enum {
    CUE_NONE,
    CUE_SALUTE,
    CUE_GREET,
    CUE_NAME,
    CUE_CALLED, /* heiße */
    CUE_THIS,
    CUE_HERE,
    CUE_I,
    CUE_CLOSE,      /* ends a letter, surely */
    CUE_CLOSE_WEAK, /* "Thanks" */
    CUE_DOT         /* "dot": not of a name */
};

typedef enum kundig__view_list {
    LIST_UNITS,       /* behind an amount */
    LIST_REFERENCES,  /* numbers behind these are of things: "Bestellnummer" */
    LIST_PHONES,      /* numbers behind these are phones: "Tel" */
    LIST_PHONE_VERBS, /* "call me on" */
    LIST_PHONE_LINKS,
    LIST_CARDS,
    LIST_CITIES,
    LIST_PLACE_FIRST, /* first words of names of places: "Bad" */
    LIST_STREET_NOT,  /* end like streets: "Sitzplatz" */
    LIST_ADDRESS_CUES,
    LIST_STREET_TYPES, /* English */
    LIST_STREET_MIDDLE_NOT,
    LIST_ROOMS, /* "Flat" */
    LIST_STATES,
    LIST_POSTCODE_AREAS,
    LIST_PARTICLES,
    LIST_TITLES,
    LIST_GIVEN, /* given names, A to J */
    LIST_GIVEN_MORE,
    LIST_NAME_NOT,
    LIST_FUNCTION_WORDS,
    LIST_DETERMINERS,
    LIST_URL_KEYS,
    LIST_URL_ONE_TIME,
    LIST_URL_PEOPLE,
    LIST_MAIL_CUES,
    LIST_TOP_DOMAINS,
    LIST_COUNT
} kundig__view_list;

/* Is view[start..end) one of them, but for case? */
bool kundig__view_among(const kundig__personal *p, size_t start, size_t end,
                        kundig__view_list list);
/* The words of a list, in order of bytes, with blanks between. */
const char *kundig__view_words(kundig__view_list list);
/* Fill in where cues are and how long. */
void kundig__view_cues(kundig__personal *p);
/* CUE_ of a word. */
int kundig__view_cue(const kundig__personal *p, size_t start, size_t end);

/* ---- The rules, each for the whole text ---- */

void kundig__personal_urls(kundig__personal *p);
void kundig__personal_emails(kundig__personal *p);
void kundig__personal_accounts(kundig__personal *p); /* IBAN, then cards */
void kundig__personal_phones(kundig__personal *p);
void kundig__personal_addresses(kundig__personal *p);
void kundig__personal_names(kundig__personal *p);

/* ---- Small questions ---- */

static inline unsigned char view_at(const kundig__personal *p, size_t i)
{
    return i < p->plain_len ? (unsigned char)p->plain[i] : 0;
}

/* What stands at i; 0 outside, so that size_t 0 - 1 may be asked. */
static inline unsigned view_is(const kundig__personal *p, size_t i)
{
    return kundig__view_class[view_at(p, i)];
}

static inline unsigned char view_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* Is view[start..end) this word of lower case, but for case? */
static inline bool view_equal(const kundig__personal *p, size_t start, size_t end, const char *word)
{
    size_t i = start;
    for (; i < end && *word && view_lower(view_at(p, i)) == (unsigned char)*word; word++) {
        i++;
    }
    return i == end && !*word;
}

/* Does view[start..end) end in this? */
static inline bool view_ends(const kundig__personal *p, size_t start, size_t end, const char *tail)
{
    size_t len = strlen(tail);
    return end - start >= len && view_equal(p, end - len, end, tail);
}

/* Behind at most `most` blanks from pos on. */
static inline size_t view_blanks(const kundig__personal *p, size_t pos, size_t most)
{
    for (; most > 0 && (view_is(p, pos) & VIEW_IS_BLANK); most--) {
        pos++;
    }
    return pos;
}

static inline size_t view_blanks_before(const kundig__personal *p, size_t pos, size_t most)
{
    for (; most > 0 && (view_is(p, pos - 1) & VIEW_IS_BLANK); most--) {
        pos--;
    }
    return pos;
}

#define VIEW_LONGEST_WORD 48 /* longer ones are no words to the rules */

/* End of the run of letters at pos, at most VIEW_LONGEST_WORD away. */
static inline size_t view_word_end(const kundig__personal *p, size_t pos)
{
    size_t limit = pos + VIEW_LONGEST_WORD;
    while (pos < limit && (view_is(p, pos) & VIEW_IS_LETTER)) {
        pos++;
    }
    return pos;
}

static inline size_t view_word_start(const kundig__personal *p, size_t end)
{
    size_t pos = end;
    while (end - pos < VIEW_LONGEST_WORD && (view_is(p, pos - 1) & VIEW_IS_LETTER)) {
        pos--;
    }
    return pos;
}

#endif
