/* A page: lines of text of a bounded width, styles, nothing hidden. For the files of this room. */
#ifndef KUNDIG_REPORT_PAGE_H
#define KUNDIG_REPORT_PAGE_H

#include "base/mem.h"

#define KUNDIG__STYLE_PLAIN 0
#define KUNDIG__STYLE_BOLD  1
#define KUNDIG__STYLE_DIM   2
#define KUNDIG__STYLE_GOOD  3 /* green: reads on a light and on a dark ground */
#define KUNDIG__STYLE_BAD   4 /* red */

typedef struct kundig__page {
    kundig__buf buf;   /* the page so far; failure sticks there */
    kundig__buf clean; /* scratch: one text as it may be shown */
    size_t width;      /* columns of a line */
    bool color;
    size_t line_start; /* where the open line starts in buf */
    size_t column;     /* columns used in the open line */
} kundig__page;

/* width 0: 100; others are held within 40 and 1000. */
void kundig__page_init(kundig__page *page, kundig__mem *mem, size_t width, bool color);
void kundig__page_free(kundig__page *page);
int kundig__page_take(kundig__page *page, kundig_bytes **out, kundig_error *err);

/* Text as a terminal may see it: line ends and tabs as blanks, other controls as U+FFFD, what has
 * no width dropped, runs of blanks as one. Valid until the next call. */
kundig_text kundig__page_clean(kundig__page *page, kundig_text text);
/* Columns of a cleaned text, and its first part that fits: between grapheme clusters. */
size_t kundig__page_width(kundig_text text);

/* Add to the open line. Own text, clean already: not wrapped, not cut. */
void kundig__page_put(kundig__page *page, int style, kundig_text text);
void kundig__page_str(kundig__page *page, int style, const char *str);
/* `count` times the same; str is one character of one column. */
void kundig__page_repeat(kundig__page *page, int style, const char *str, size_t count);
/* Blanks up to a column; none if the line is there already. */
void kundig__page_to(kundig__page *page, size_t column);
/* A cleaned text in exactly `width` columns, cut with an ellipsis, filled with blanks. */
void kundig__page_fit(kundig__page *page, int style, kundig_text text, size_t width, bool right);
/* End the line; blanks at its end go. */
void kundig__page_line(kundig__page *page);
/* Wrap any text from `indent` on, as whole lines; the first line may be open already. */
void kundig__page_wrap(kundig__page *page, int style, size_t indent, kundig_text text);

/* Cut the first line of at most `width` columns off a cleaned text: at a blank where there is
 * one. */
kundig_text kundig__page_cut_line(kundig_text *rest, size_t width);

/* A cell as people read it, into out: scores and shares times 100, counts with commas, null "-". */
void kundig__page_cell(kundig__buf *out, const kundig_table *table, size_t row, size_t column,
                       int decimals);
/* Decimals the numbers of a column need, by its unit. */
int kundig__page_decimals(const kundig_table *table, size_t column);
/* A value by its unit: "+12.3", "54.0%", "4.12". With `sign` it is a difference: "+54.0" percentage
 * points, "+0.12". */
void kundig__page_value(kundig__buf *out, int unit, double value, bool sign);
void kundig__page_count(kundig__buf *out, uint64_t count); /* "2,353" */
void kundig__page_p(kundig__buf *out, double p);           /* "0.0041", "<0.0001" */

/* Draw a table from `indent` on, with its notes. */
void kundig__page_table(kundig__page *page, size_t indent, const kundig_table *table);

#endif
