/* Size-first structs: read what the caller knows, refuse what this library does not. */
#ifndef KUNDIG_BASE_OPTIONS_H
#define KUNDIG_BASE_OPTIONS_H

#include "base/error.h"

/* Copy the caller's struct (may be NULL: zeros) of given->size bytes into `known` of known_size;
 * the first uint32_t is the size. KUNDIG_E_ARG if size is 0 or absurd, KUNDIG_E_VERSION if bytes
 * behind the known ones are not zero. `what` names the struct in the sentence. */
int kundig__options_read(void *known, size_t known_size, const void *given, const char *what,
                         kundig_error *err);

/* Element `at` of an array whose elements stand size bytes apart, size being the first one's. An
 * element that claims another size is KUNDIG_E_ARG: its bytes would be those of its neighbours. */
int kundig__element_read(void *known, size_t known_size, const void *array, size_t at,
                         const char *what, kundig_error *err);

#endif
