/* The words of the lexicon, as they are written down. */
#ifndef KUNDIG_TOPICS_LEXICON_WORDS_H
#define KUNDIG_TOPICS_LEXICON_WORDS_H

#include <stdint.h>

/* What a word, or a row of words, does in a sentence. */
enum {
    LEXICON_NONE,
    LEXICON_FEELING,   /* says that something is good or bad */
    LEXICON_WISHED,    /* says nothing, but that it is missing is bad: "kein Rückruf" */
    LEXICON_NEGATOR,   /* turns what is near it */
    LEXICON_DEGREE,    /* strengthens or weakens what follows */
    LEXICON_CONTRAST,  /* what follows counts more than what was before: "aber" */
    LEXICON_CONCEDES,  /* what follows, up to the comma, counts less: "obwohl" */
    LEXICON_EXCESS,    /* too much of it: "zu" */
    LEXICON_DIMENSION, /* says nothing unless there is too much of it: "lang" */
    LEXICON_UNREAL,    /* would be: what is good about it is wished for */
    LEXICON_SILENT     /* says nothing, whatever its parts say: "nicht nur" */
};

typedef struct kundig__lexicon_list {
    int8_t language; /* KUNDIG__LANGUAGE_DE or _EN */
    int8_t kind;
    int8_t strength; /* feelings: in quarters; degrees: by how many eighths they multiply */
    /* Parted by blanks. `_` joins words of a row. `~` at the end: the word takes endings. `-` at
     * its beginning: it may be the end of a compound, too. */
    const char *words;
} kundig__lexicon_list;

extern const kundig__lexicon_list kundig__lexicon_lists[]; /* words NULL behind the last */

/* Pictures: code points and what they say, in quarters; ascending. */
typedef struct kundig__lexicon_picture {
    uint32_t code;
    int8_t strength;
} kundig__lexicon_picture;

extern const kundig__lexicon_picture kundig__lexicon_pictures[];
extern const uint32_t kundig__lexicon_picture_count;

#endif
