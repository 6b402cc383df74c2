/* Comments as they leave a handle that masks. */
#ifndef KUNDIG_TEXT_MASK_H
#define KUNDIG_TEXT_MASK_H

#include "base/mem.h"

/* Append valid UTF-8 without NUL with its personal data of these kinds (KUNDIG_PERSONAL_) replaced
 * by masks; no kinds: as it stands. KUNDIG_OK, KUNDIG_E_NOMEM or KUNDIG_E_LIMIT. */
int kundig__text_masked(kundig__mem *mem, kundig_text text, uint32_t kinds, kundig__buf *out);

#endif
