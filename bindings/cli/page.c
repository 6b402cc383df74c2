/* Pages for people: text in columns, cut into lines, with colours where they are wanted.
 *
 * Texts of comments and labels come from anyone: what a terminal obeys never leaves. */
#include "page.h"

#include <stdlib.h>
#include <string.h>

static uint32_t page_point(const char *text, size_t len, size_t *at)
{
    unsigned char first = (unsigned char)text[*at];
    size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t point = first < 0x80 ? first : first & (0x3Fu >> more);
    (*at)++;
    for (; more && *at < len && ((unsigned char)text[*at] & 0xC0) == 0x80; more--) {
        point = point << 6 | ((unsigned char)text[(*at)++] & 0x3F);
    }
    return point;
}

/* Columns that a terminal gives a character; what joins the one before has none. */
static size_t page_columns_of(uint32_t point)
{
    if ((point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200F) ||
        (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0x1F3FB && point <= 0x1F3FF)) {
        return 0;
    }
    bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1FAFF) ||
                (point >= 0x20000 && point <= 0x3FFFD);
    return wide ? 2 : 1;
}

static bool page_obeyed(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x200B && point <= 0x200C) || (point >= 0x200E && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
           point == 0xFEFF;
}

char *cli_page_clean(kundig_text text)
{
    char *clean = malloc(text.len + 1);
    size_t len = 0;
    for (size_t at = 0; clean && at < text.len;) {
        size_t start = at;
        uint32_t point = page_point(text.data, text.len, &at);
        if (point <= 0x20 || page_obeyed(point)) {
            if (len && clean[len - 1] != ' ' && point <= 0x20) {
                clean[len++] = ' ';
            }
            continue;
        }
        memcpy(clean + len, text.data + start, at - start);
        len += at - start;
    }
    if (clean) {
        clean[len && clean[len - 1] == ' ' ? len - 1 : len] = '\0';
    }
    return clean;
}

size_t cli_page_columns(const char *text, size_t len)
{
    size_t columns = 0;
    for (size_t at = 0; at < len;) {
        columns += page_columns_of(page_point(text, len, &at));
    }
    return columns;
}

size_t cli_page_line(const char *text, size_t columns)
{
    size_t len = strlen(text);
    size_t used = 0;
    size_t blank = 0;
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t point = page_point(text, len, &at);
        used += page_columns_of(point);
        if (point == ' ') {
            blank = start;
        }
        if (used > columns) {
            return blank ? blank : start ? start : at;
        }
    }
    return len;
}

/* ---- Writing -------------------------------------------------------------------------------- */

void cli_page_put(cli_page *page, const char *text, size_t len)
{
    page->failed = page->failed || !cli_write(text, len);
}

void cli_page_str(cli_page *page, const char *text)
{
    cli_page_put(page, text, strlen(text));
}

void cli_page_blanks(cli_page *page, size_t count)
{
    for (; count; count--) {
        cli_page_put(page, " ", 1);
    }
}

void cli_page_styled(cli_page *page, const char *style, const char *text, size_t len)
{
    if (page->color && style) {
        cli_page_str(page, style);
    }
    cli_page_put(page, text, len);
    if (page->color && style) {
        cli_page_str(page, CLI_STYLE_NONE);
    }
}

void cli_page_right(cli_page *page, const char *style, const char *text, size_t columns)
{
    size_t have = strlen(text);
    cli_page_blanks(page, 2 + (have < columns ? columns - have : 0));
    if (style) {
        cli_page_styled(page, style, text, have);
    } else {
        cli_page_str(page, text);
    }
}

void cli_page_wrap(cli_page *page, const char *style, size_t indent, const char *text, size_t most)
{
    size_t columns = page->width > indent + 20 ? page->width - indent : 20;
    for (size_t line = 1; *text; line++) {
        size_t len = cli_page_line(text, columns);
        bool cut = line == most && text[len];
        len = cut ? cli_page_line(text, columns - 1) : len;
        cli_page_blanks(page, indent);
        cli_page_styled(page, style, text, len);
        cli_page_str(page, cut ? "…\n" : "\n");
        if (cut) {
            return;
        }
        text += len;
        text += strspn(text, " ");
    }
}

void cli_page_note(cli_page *page, const char *note)
{
    char *clean = cli_page_clean((kundig_text){note, strlen(note)});
    if (clean) {
        cli_page_wrap(page, CLI_STYLE_DIM, 0, clean, SIZE_MAX);
    }
    page->failed = page->failed || !clean;
    free(clean);
}
