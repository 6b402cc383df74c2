/* Parting tokens into sentences.
 *
 * A sentence ends behind . ! ? ; ... and their like in other scripts, and at a line end. What
 * closes it (quotes, brackets, a smile) belongs to it; what stands apart from it and touches the
 * next word opens the next. A full stop alone ends nothing behind an abbreviation, a single letter
 * or a number of one or two digits ("3. Mai"), nor where a letter or digit touches it on the other
 * side ("3.5", "z.B."), unless that looks like a blank forgotten: "gut.Danke".
 *
 * Invariant: sentences together hold every token, in order; none is empty.
 * Cost: linear, a few nanoseconds a token. */
#include "text/sentence.h"

#include "text/language_tables.h"

static bool sentence_is_word(const kundig__token *token)
{
    return token->kind != KUNDIG__TOKEN_SYMBOL;
}

/* Is there a line end in text[from..to), where no token stands? */
static bool sentence_breaks_line(const char *text, size_t from, size_t to)
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

/* Does this symbol, not a single full stop, hold a mark that ends a sentence? */
static bool sentence_ends_in(const char *text, size_t start, size_t end)
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

/* Does the single full stop at tokens[i] end a sentence? */
static bool sentence_stop_ends(const kundig__languages *languages, const kundig__scratch *scratch,
                               const char *text, size_t i)
{
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
               !kundig__language_is_abbreviation(languages, before->hash);
    }
    if (!touched || !after) {
        return true;
    }
    if (before->kind == KUNDIG__TOKEN_NUMBER) {
        return before->end - before->start > 2;
    }
    return !single && !kundig__language_is_abbreviation(languages, before->hash);
}

static bool sentence_keep(kundig__spoken *spoken, size_t first, size_t end)
{
    if (!kundig__grow(spoken->mem, (void **)&spoken->sentences, &spoken->sentence_capacity,
                      spoken->sentence_count + 1, sizeof *spoken->sentences)) {
        return false;
    }
    spoken->sentences[spoken->sentence_count++] =
        (kundig__sentence){.first = (uint32_t)first, .end = (uint32_t)end};
    return true;
}

bool kundig__sentences_find(const kundig__languages *languages, const kundig__scratch *scratch,
                            const char *text, size_t len, kundig__spoken *spoken)
{
    (void)len;
    spoken->sentence_count = 0;
    size_t first = 0;
    bool ended = false; /* the mark was seen; what closes the sentence may follow */
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        bool word = sentence_is_word(token);
        if (i > first) {
            size_t gap = token[-1].end;
            bool apart = token->start > gap;
            bool opens = !word && apart && i + 1 < scratch->token_count &&
                         token[1].start == token->end && sentence_is_word(token + 1);
            if ((ended && (word || opens)) ||
                (apart && sentence_breaks_line(text, gap, token->start))) {
                if (!sentence_keep(spoken, first, i)) {
                    return false;
                }
                first = i;
                ended = false;
            }
        }
        if (word) {
            continue;
        }
        if (token->end - token->start == 1 && text[token->start] == '.') {
            ended = ended || sentence_stop_ends(languages, scratch, text, i);
        } else {
            ended = ended || sentence_ends_in(text, token->start, token->end);
        }
    }
    return scratch->token_count == first || sentence_keep(spoken, first, scratch->token_count);
}
