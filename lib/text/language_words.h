/* Telling words of the languages that are told apart; language.c makes its tables of them. */
#ifndef KUNDIG_TEXT_LANGUAGE_WORDS_H
#define KUNDIG_TEXT_LANGUAGE_WORDS_H

#include "text/language.h"

/* How common a word is in its language: about one word in 2^6, 2^9 or 2^12. */
enum { LANGUAGE_TIER_EVERYWHERE, LANGUAGE_TIER_COMMON, LANGUAGE_TIER_USUAL, LANGUAGE_TIER_COUNT };

typedef struct kundig__language_list {
    int language;      /* KUNDIG__LANGUAGE_; unknown: of a language that is none of them */
    int tier;          /* LANGUAGE_TIER_ */
    const char *words; /* folded, parted by single blanks */
} kundig__language_list;

/* A word stands once in a language. */
extern const kundig__language_list kundig__language_lists[];
extern const size_t kundig__language_list_count;
/* Words behind which a full stop ends no sentence, parted by single blanks. */
extern const char kundig__language_abbreviations[];

#endif
