/* Cases with their spans marked inline: see personal_cases.txt. */
#ifndef KUNDIG_TESTS_PERSONAL_CASES_H
#define KUNDIG_TESTS_PERSONAL_CASES_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "probe.h"
#include "text/personal.h"

#define PERSONAL_CASE_SPANS 16

typedef struct personal_case {
    char text[1024];
    size_t len;
    kundig__personal_span spans[PERSONAL_CASE_SPANS];
    size_t count;
} personal_case;

typedef struct personal_fixture {
    kundig__mem mem;
    kundig__personal personal;
    kundig__personal again;
} personal_fixture;

static inline void personal_begin(personal_fixture *fixture)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&fixture->mem, &allocator, 0);
    kundig__personal_init(&fixture->personal, &fixture->mem);
    kundig__personal_init(&fixture->again, &fixture->mem);
}

static inline void personal_end(personal_fixture *fixture)
{
    kundig__personal_free(&fixture->personal);
    kundig__personal_free(&fixture->again);
}

static inline uint32_t personal_kind(const char *name, size_t len)
{
    for (uint32_t kind = 1; kind & KUNDIG_PERSONAL_ALL; kind <<= 1) {
        const char *own = kundig__personal_name(kind);
        if (strlen(own) == len && memcmp(own, name, len) == 0) {
            return kind;
        }
    }
    return 0;
}

/* Read one line: {kind:text} marks a span, \n, \r and \uXXXX stand for characters. */
static inline void personal_case_read(const char *line, personal_case *out)
{
    memset(out, 0, sizeof *out);
    bool open = false;
    for (const char *at = line; *at && *at != '\n'; at++) {
        cr_assert(out->len + 8 < sizeof out->text, "too long: %s", line);
        const char *colon = *at == '{' ? strchr(at, ':') : NULL;
        uint32_t kind = colon ? personal_kind(at + 1, (size_t)(colon - at - 1)) : 0;
        if (kind != 0) {
            cr_assert(!open && out->count < PERSONAL_CASE_SPANS, "%s", line);
            out->spans[out->count].start = (uint32_t)out->len;
            out->spans[out->count].kind = kind;
            open = true;
            at = colon;
        } else if (*at == '}' && open && !(at[1] == '}' || strchr(at, '}') == NULL)) {
            out->spans[out->count++].end = (uint32_t)out->len;
            open = false;
        } else if (at[0] == '\\' && (at[1] == 'n' || at[1] == 'r')) {
            out->text[out->len++] = at[1] == 'n' ? '\n' : '\r';
            at++;
        } else if (at[0] == '\\' && at[1] == 'u') {
            unsigned code = 0;
            cr_assert_eq(sscanf(at + 2, "%4x", &code), 1, "%s", line);
            out->len += kundig__utf8_encode(code, out->text + out->len);
            at += 5;
        } else {
            out->text[out->len++] = *at;
        }
    }
    cr_assert(!open, "a span is not closed: %s", line);
}

/* How a text looks with its spans marked, for messages. */
static inline void personal_show(const kundig__personal *found, const char *text, size_t len,
                                 char *out, size_t room)
{
    size_t pos = 0;
    size_t at = 0;
    for (size_t i = 0; i <= found->count; i++) {
        size_t start = i < found->count ? found->spans[i].start : len;
        at += (size_t)snprintf(out + at, room - at, "%.*s", (int)(start - pos), text + pos);
        if (i < found->count) {
            at += (size_t)snprintf(out + at, room - at, "{%s:%.*s}",
                                   kundig__personal_name(found->spans[i].kind),
                                   (int)(found->spans[i].end - start), text + start);
            pos = found->spans[i].end;
        }
    }
}

/* What a line of a test shall give: the text is the line without its marks. */
static inline void personal_finds(const char *line)
{
    personal_fixture fixture;
    personal_case wanted;
    char shown[2048];
    personal_begin(&fixture);
    personal_case_read(line, &wanted);
    cr_assert_eq(
        kundig__personal_find(&fixture.personal, wanted.text, wanted.len, KUNDIG_PERSONAL_ALL),
        KUNDIG_OK);
    personal_show(&fixture.personal, wanted.text, wanted.len, shown, sizeof shown);
    bool same = fixture.personal.count == wanted.count;
    for (size_t i = 0; same && i < wanted.count; i++) {
        same = memcmp(&fixture.personal.spans[i], &wanted.spans[i], sizeof *wanted.spans) == 0;
    }
    cr_assert(same, "%s\ngives %s", line, shown);
    personal_end(&fixture);
}

#endif
