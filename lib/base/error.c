/* Errors in the caller's hands.
 *
 * Invariant: a message is always NUL-terminated, valid UTF-8 if its parts are, and never holds a
 * control character: it may be printed as it is. Cost: one formatting. */
#include "base/error.h"

#include <stdio.h>

static void error_tidy(char *message, size_t size, size_t wanted)
{
    if (wanted >= size) {
        /* Cut at a whole character: a continuation byte never starts one. */
        size_t end = size - 1;
        size_t start = end;
        while (start > 0 && ((unsigned char)message[start - 1] & 0xC0) == 0x80) {
            start--;
        }
        if (start > 0) {
            unsigned char lead = (unsigned char)message[start - 1];
            size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            if (end - (start - 1) < need) {
                end = start - 1;
            }
        }
        message[end] = '\0';
    }
    for (char *c = message; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F) {
            *c = ' ';
        }
    }
}

int kundig__fail_args(kundig_error *err, int code, size_t pos, const char *format, va_list args)
{
    if (err) {
        err->code = code;
        err->pos = pos;
        int wanted = vsnprintf(err->message, sizeof err->message, format, args);
        if (wanted < 0) {
            err->message[0] = '\0';
        } else {
            error_tidy(err->message, sizeof err->message, (size_t)wanted);
        }
    }
    return code;
}

int kundig__fail(kundig_error *err, int code, size_t pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    kundig__fail_args(err, code, pos, format, args);
    va_end(args);
    return code;
}

int kundig__shown(kundig_text text)
{
    size_t len = text.data ? text.len : 0;
    if (len > 80) {
        len = 80;
        while (len > 0 && ((unsigned char)text.data[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    return (int)len;
}

const char *kundig_strerror(int code)
{
    switch (code) {
    case KUNDIG_OK:
        return "ok";
    case KUNDIG_E_ARG:
        return "an argument is not of the documented form";
    case KUNDIG_E_NOMEM:
        return "out of memory";
    case KUNDIG_E_LIMIT:
        return "a memory or size limit was reached";
    case KUNDIG_E_IO:
        return "the system refused a file";
    case KUNDIG_E_FORMAT:
        return "the bytes are not what they should be";
    case KUNDIG_E_VERSION:
        return "made by or for another version";
    case KUNDIG_E_NOT_FOUND:
        return "no such name";
    case KUNDIG_E_AMBIGUOUS:
        return "several meanings fit";
    case KUNDIG_E_VALUE:
        return "a value was refused";
    case KUNDIG_E_EMPTY:
        return "nothing usable in the input";
    case KUNDIG_E_BUSY:
        return "the handle is in use";
    case KUNDIG_E_FORK:
        return "the handle belongs to the parent process";
    case KUNDIG_E_CANCELLED:
        return "cancelled";
    case KUNDIG_E_MODE:
        return "not allowed in this mode";
    case KUNDIG_E_INTERNAL:
        return "a bug in kundig";
    default:
        return "unknown error";
    }
}
