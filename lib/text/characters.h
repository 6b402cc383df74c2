/* Between the tokeniser and the hashes of characters in a row. */
#ifndef KUNDIG_TEXT_CHARACTERS_H
#define KUNDIG_TEXT_CHARACTERS_H

#include "text/text.h"

/* Make scratch->grams of the tokens in scratch, for those families that name characters. false on
 * failure of memory. */
bool kundig__characters(kundig__scratch *scratch, uint32_t families);
void kundig__characters_free(kundig__scratch *scratch);

#endif
