/* Parting tokens into sentences: the rare questions.
 *
 * A sentence ends behind . ! ? ; ... and their like in other scripts, and at a line end. What
 * closes it (quotes, brackets, a smile) belongs to it; what stands apart from it and touches the
 * next word opens the next. A full stop alone ends nothing behind an abbreviation, a single letter
 * or a number of one or two digits ("3. Mai"), nor where a letter or digit touches it on the other
 * side ("3.5", "z.B."), unless that looks like a blank forgotten: "gut.Danke".
 *
 * Invariant: what is answered depends on the token and its two neighbours alone.
 * Cost: one or two nanoseconds a token; a full stop looks up one word. */
#include "text/sentence.h"

#include "text/language_tables.h"

static bool sentence_is_word(const kundig__token *token)
{
    return token->kind != KUNDIG__TOKEN_SYMBOL;
}

bool kundig__sentence_breaks(const char *text, size_t from, size_t to)
{
    for (size_t pos = from; pos < to; pos++) {
        unsigned char c = (unsigned char)text[pos];
        if (c == '\n' || c == '\r' || c == '\v' || c == '\f' ||
            (c == 0xC2 && to - pos > 1 && (unsigned char)text[pos + 1] == 0x85) ||
            (c == 0xE2 && to - pos > 2 && (unsigned char)text[pos + 1] == 0x80 &&
             ((unsigned char)text[pos + 2] & 0xFE) == 0xA8)) {
            return true;
        }
    }
    return false;
}

bool kundig__sentence_marks(const char *text, size_t start, size_t end)
{
    for (size_t pos = start; pos < end;) {
        uint32_t code;
        pos += kundig__utf8_decode(text + pos, end - pos, &code);
        switch (code) {
        case '.':
        case '!':
        case '?':
        case ';':
        case 0x2026: /* three dots */
        case 0x203C: /* !! ?? ?! !? as one character */
        case 0x2047:
        case 0x2048:
        case 0x2049:
        case 0x061F: /* Arabic */
        case 0x06D4:
        case 0x061B:
        case 0x0964: /* Devanagari */
        case 0x3002: /* ideographic, full and half width */
        case 0xFF01:
        case 0xFF0E:
        case 0xFF1B:
        case 0xFF1F:
        case 0xFF61:
            return true;
        default:
            break;
        }
    }
    return false;
}

bool kundig__sentence_stops(const sentence_state *state, size_t i)
{
    const kundig__scratch *scratch = state->scratch;
    const char *text = state->text;
    const kundig__token *stop = &scratch->tokens[i];
    const kundig__token *before = i > 0 ? stop - 1 : NULL;
    const kundig__token *after = i + 1 < scratch->token_count ? stop + 1 : NULL;
    bool touched = before && before->end == stop->start;
    bool touches = after && after->start == stop->end && sentence_is_word(after);
    bool single = false;
    if (touched && before->kind == KUNDIG__TOKEN_WORD) {
        uint32_t code;
        size_t size = kundig__utf8_decode(text + before->start, before->end - before->start, &code);
        single = size == before->end - before->start;
    }
    if (touches) {
        return touched && before->kind == KUNDIG__TOKEN_WORD && !single &&
               text[after->start] >= 'A' && text[after->start] <= 'Z' &&
               !kundig__language_is_abbreviation(state->languages, before->hash);
    }
    if (!touched || !after) {
        return true;
    }
    if (before->kind == KUNDIG__TOKEN_NUMBER) {
        return before->end - before->start > 2;
    }
    return !single && !kundig__language_is_abbreviation(state->languages, before->hash);
}

bool kundig__sentence_opens(const sentence_state *state, size_t i)
{
    const kundig__token *token = &state->scratch->tokens[i];
    return token->start > state->gap && i + 1 < state->scratch->token_count &&
           token[1].start == token->end && sentence_is_word(token + 1);
}
