/* Where sentences begin: asked token by token, so that what reads the tokens does it in one pass.
 */
#ifndef KUNDIG_TEXT_SENTENCE_H
#define KUNDIG_TEXT_SENTENCE_H

#include "text/language.h"

typedef struct sentence_state {
    const kundig__languages *languages;
    const kundig__scratch *scratch;
    const char *text;
    size_t gap; /* where the token before ends */
    bool ended; /* the mark was seen; what closes the sentence may follow */
} sentence_state;

/* Is there a line end in text[from..to), where no token stands? */
bool kundig__sentence_breaks(const char *text, size_t from, size_t to);
/* Does the symbol at tokens[i] stand apart from what is before and touch the word behind it? */
bool kundig__sentence_opens(const sentence_state *state, size_t i);
/* Does the symbol of several bytes hold a mark that ends a sentence? */
bool kundig__sentence_marks(const char *text, size_t start, size_t end);
/* Does the single full stop at tokens[i] end a sentence? */
bool kundig__sentence_stops(const sentence_state *state, size_t i);

/* Does a sentence begin with tokens[i]? Asked of every token in turn, from the first on, which
 * begins one whatever is answered. */
static inline bool sentence_begins(sentence_state *state, size_t i)
{
    const kundig__token *token = &state->scratch->tokens[i];
    const char *text = state->text;
    bool symbol = token->kind == KUNDIG__TOKEN_SYMBOL;
    bool begins = false;
    if (state->ended) {
        begins = !symbol || kundig__sentence_opens(state, i);
    }
    /* What stands before the token is nothing or one blank, or to be looked at. */
    size_t apart = token->start - state->gap;
    if ((apart > 1) | ((apart == 1) & (text[state->gap] != ' '))) {
        begins = begins || kundig__sentence_breaks(text, state->gap, token->start);
    }
    state->ended = state->ended && !begins;
    state->gap = token->end;
    if (symbol && !state->ended) {
        if (token->end - token->start > 1) {
            state->ended = kundig__sentence_marks(text, token->start, token->end);
        } else {
            char mark = text[token->start];
            state->ended = mark == '!' || mark == '?' || mark == ';' ||
                           (mark == '.' && kundig__sentence_stops(state, i));
        }
    }
    return begins;
}

#endif
