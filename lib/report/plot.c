/* Small drawings made of characters: intervals on an axis, parts of a whole.
 *
 * They say nothing that does not stand beside them in figures, and read without colour. */
#include "base/math.h"
#include "report/analysis.h"

#define PLOT_MOST_WIDTH 200

#define PLOT_LINE  "\xE2\x94\x80"
#define PLOT_LEFT  "\xE2\x94\x9C"
#define PLOT_RIGHT "\xE2\x94\xA4"
#define PLOT_POINT "\xE2\x97\x8F"
#define PLOT_MARK  "\xE2\x94\x8A"

void kundig__plot_snap(int unit, double *lo, double *hi)
{
    double range = *hi - *lo;
    double step = unit == KUNDIG_UNIT_POINTS ? (range > 4   ? 1
                                                : range > 1 ? 0.5
                                                            : 0.1)
                                             : (range > 0.4 ? 0.1 : 0.05);
    double from = kundig__floor(*lo / step) * step;
    double to = -kundig__floor(-*hi / step) * step;
    if (to <= from) {
        to = from + step;
    }
    *lo = from;
    *hi = to;
}

static size_t plot_column(const double axis[2], double value, size_t width)
{
    double place = (value - axis[0]) / (axis[1] - axis[0]) * (double)(width - 1) + 0.5;
    if (!(place > 0)) {
        return 0;
    }
    return place >= (double)width ? width - 1 : (size_t)place;
}

void kundig__plot_interval(kundig__page *page, size_t width, const double axis[2], double mark,
                           double lo, double hi, double value, int style)
{
    width = width > PLOT_MOST_WIDTH ? PLOT_MOST_WIDTH : width;
    if (width < 3) {
        return;
    }
    size_t left = plot_column(axis, lo, width);
    size_t right = plot_column(axis, hi, width);
    size_t point = plot_column(axis, value, width);
    size_t line = plot_column(axis, mark, width);
    char run[PLOT_MOST_WIDTH * 3 + 1]; /* neighbours of one style */
    size_t len = 0;
    int run_style = KUNDIG__STYLE_PLAIN;
    for (size_t i = 0; i < width; i++) {
        bool inside = i >= left && i <= right;
        int own = i == point || inside ? style : KUNDIG__STYLE_PLAIN;
        const char *part = " ";
        if (i == point) {
            part = PLOT_POINT;
        } else if (inside) {
            /* An end beyond the axis has no stop. */
            part = i == left && lo >= axis[0]    ? PLOT_LEFT
                   : i == right && hi <= axis[1] ? PLOT_RIGHT
                                                 : PLOT_LINE;
        } else if (i == line) {
            part = PLOT_MARK;
            own = KUNDIG__STYLE_DIM;
        }
        if (own != run_style) {
            kundig__page_put(page, run_style, (kundig_text){run, len});
            len = 0;
            run_style = own;
        }
        memcpy(run + len, part, strlen(part));
        len += strlen(part);
    }
    kundig__page_put(page, run_style, (kundig_text){run, len});
}

void kundig__plot_parts(kundig__page *page, size_t width, const uint64_t parts[3])
{
    static const char *const fill[] = {"\xE2\x96\x93", "\xE2\x96\x91", "\xE2\x96\x88"};
    static const int styles[] = {KUNDIG__STYLE_BAD, KUNDIG__STYLE_DIM, KUNDIG__STYLE_GOOD};
    uint64_t whole = parts[0] + parts[1] + parts[2];
    uint64_t before = 0;
    size_t drawn = 0;
    for (size_t i = 0; i < 3 && whole; i++) {
        /* Ends are rounded, not parts, so the bar is as wide as it should be. */
        before += parts[i];
        size_t end = (size_t)((double)before / (double)whole * (double)width + 0.5);
        end = end > width ? width : end;
        kundig__page_repeat(page, styles[i], fill[i], end - drawn);
        drawn = end;
    }
}
