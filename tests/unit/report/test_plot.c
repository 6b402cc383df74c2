#include <criterion/criterion.h>

#include "probe.h"
#include "report/analysis.h"

TestSuite(plot, .fini = probe_fini);

static void plot_is(const double axis[2], double mark, double lo, double hi, double value,
                    size_t width, const char *want)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__page page;
    kundig__page_init(&page, &mem, 0, false);
    kundig__plot_interval(&page, width, axis, mark, lo, hi, value, KUNDIG__STYLE_PLAIN);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig__page_take(&page, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), want);
    kundig_bytes_free(bytes);
    kundig__page_free(&page);
}

Test(plot, draws_an_interval_with_its_point_and_the_mark_of_all)
{
    static const double axis[2] = {-0.5, 0.5};
    plot_is(axis, 0.5, -0.2, 0.2, 0, 11, "   ├─●─┤  ┊");
    plot_is(axis, 0, -0.2, 0.2, 0.1, 11, "   ├──●┤   ");
    plot_is(axis, -0.5, 0.3, 0.3, 0.3, 11, "┊       ●  ");
}

Test(plot, leaves_open_what_lies_beyond_the_axis)
{
    static const double axis[2] = {0, 1};
    plot_is(axis, 0, -3, 7, 0.5, 11, "─────●─────");
}

Test(plot, snaps_axes_outward_to_round_values)
{
    double lo = -0.437;
    double hi = 0.211;
    kundig__plot_snap(KUNDIG_UNIT_SCORE, &lo, &hi);
    cr_assert_float_eq(lo, -0.5, 1e-12);
    cr_assert_float_eq(hi, 0.3, 1e-12);
    lo = 4.11;
    hi = 4.38;
    kundig__plot_snap(KUNDIG_UNIT_POINTS, &lo, &hi);
    cr_assert_float_eq(lo, 4.1, 1e-12);
    cr_assert_float_eq(hi, 4.4, 1e-12);
    lo = 0;
    hi = 0;
    kundig__plot_snap(KUNDIG_UNIT_SHARE, &lo, &hi);
    cr_assert_gt(hi, lo);
}

Test(plot, parts_fill_the_bar_whatever_is_rounded)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    static const uint64_t parts[][3] = {
        {1, 1, 1}, {0, 0, 5}, {1, 0, 1000000}, {7, 2, 0}, {0, 0, 0}};
    for (size_t i = 0; i < 5; i++) {
        kundig__page page;
        kundig__page_init(&page, &mem, 0, false);
        kundig__plot_parts(&page, 20, parts[i]);
        cr_assert_eq(page.column, i == 4 ? 0 : 20);
        kundig__page_free(&page);
    }
}
