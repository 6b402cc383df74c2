/* Where a comment stops speaking of one thing and begins to speak of the next, as far as sentences
 * tell.
 *
 * Invariant: the stretches are not empty, follow each other and hold all tokens.
 * Cost: one look at each token. */
#include "discover/units.h"

#include "text/sentence.h"

#define UNITS_SHORT 4u /* tokens but symbols */

size_t kundig__units_cut(const kundig__languages *languages, const kundig__scratch *scratch,
                         const char *text, kundig__stretch stretches[KUNDIG__MOST_UNITS])
{
    sentence_state state = {.languages = languages, .scratch = scratch, .text = text};
    size_t count = 0;
    size_t from = 0;
    size_t words = 0; /* tokens but symbols since then */
    for (size_t i = 0; i < scratch->token_count; i++) {
        bool begins = sentence_begins(&state, i);
        if (i > from && begins && words >= UNITS_SHORT && count + 1 < KUNDIG__MOST_UNITS) {
            stretches[count++] = (kundig__stretch){from, i};
            from = i;
            words = 0;
        }
        words += scratch->tokens[i].kind != KUNDIG__TOKEN_SYMBOL;
    }
    if (scratch->token_count == 0) {
        return 0;
    }
    if (words < UNITS_SHORT && count > 0) {
        stretches[count - 1].to = scratch->token_count;
    } else {
        stretches[count++] = (kundig__stretch){from, scratch->token_count};
    }
    return count;
}
