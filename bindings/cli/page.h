/* What the pages of commands are written with. */
#ifndef KUNDIG_CLI_PAGE_H
#define KUNDIG_CLI_PAGE_H

#include "cli.h"

#define CLI_STYLE_BOLD "\x1B[1m"
#define CLI_STYLE_DIM  "\x1B[2m"
#define CLI_STYLE_GOOD "\x1B[32m"
#define CLI_STYLE_BAD  "\x1B[31m"
#define CLI_STYLE_NONE "\x1B[0m"

typedef struct cli_page {
    size_t width;
    bool color;
    bool failed; /* nothing more is written */
} cli_page;

/* A text in one line, without what a terminal obeys; freed by the caller. NULL: out of memory. */
char *cli_page_clean(kundig_text text);
/* Columns that a terminal gives a text. */
size_t cli_page_columns(const char *text, size_t len);
/* How many bytes of a text make its next line: up to a blank where there is one. */
size_t cli_page_line(const char *text, size_t columns);

void cli_page_put(cli_page *page, const char *text, size_t len);
void cli_page_str(cli_page *page, const char *text);
void cli_page_blanks(cli_page *page, size_t count);
/* style: NULL for none, here and below. */
void cli_page_styled(cli_page *page, const char *style, const char *text, size_t len);
/* Right-aligned, with two blanks before. */
void cli_page_right(cli_page *page, const char *style, const char *text, size_t columns);
/* Lines of a text from a column on; the last one of `most` ends in an ellipsis. */
void cli_page_wrap(cli_page *page, const char *style, size_t indent, const char *text, size_t most);
/* A note of a table, at the end of a page. */
void cli_page_note(cli_page *page, const char *note);

#endif
