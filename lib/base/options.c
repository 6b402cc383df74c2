/* Size-first structs: an old caller with a new library and a new caller with an old library both
 * work, unless the new caller asks for something the old library does not know. */
#include "base/options.h"

#define OPTIONS_MOST 4096

int kundig__options_read(void *known, size_t known_size, const void *given, const char *what,
                         kundig_error *err)
{
    uint32_t size;
    if (!given) {
        memset(known, 0, known_size);
        return KUNDIG_OK;
    }
    memcpy(&size, given, sizeof size);
    if (size < sizeof size || size > OPTIONS_MOST) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s.size is %lu: fill it with its _init function",
                            what, (unsigned long)size);
    }
    const unsigned char *bytes = given;
    for (size_t i = known_size; i < size; i++) {
        if (bytes[i]) {
            return kundig__fail(err, KUNDIG_E_VERSION, 0,
                                "%s sets a field that this library (%s) does not know", what,
                                KUNDIG_VERSION_STRING);
        }
    }
    memset(known, 0, known_size);
    memcpy(known, given, size < known_size ? size : known_size);
    return KUNDIG_OK;
}

int kundig__element_read(void *known, size_t known_size, const void *array, size_t at,
                         const char *what, kundig_error *err)
{
    uint32_t stride;
    uint32_t size;
    memcpy(&stride, array, sizeof stride);
    const char *element = (const char *)array + at * stride;
    memcpy(&size, element, sizeof size);
    if (size != stride) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%s.size is %lu, that of the first element %lu: elements of an array "
                            "are of one size",
                            what, (unsigned long)size, (unsigned long)stride);
    }
    return kundig__options_read(known, known_size, element, what, err);
}
