#include <criterion/criterion.h>
#include <float.h>
#include <string.h>

#include "base/int128.h"
#include "base/math.h"
#include "base/prng.h"
#include "math_points.h"
#include "probe.h"

TestSuite(math, .fini = probe_fini);

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static bool is_nan(double x)
{
    return x != x;
}

static const uint64_t plus_infinity = UINT64_C(0x7FF) << 52;

/* How many doubles lie between two finite ones of one sign. */
static uint64_t steps_between(double a, double b)
{
    uint64_t x = bits_of(a);
    uint64_t y = bits_of(b);
    cr_assert(x >> 63 == y >> 63 || a == b, "%a and %a", a, b);
    return x > y ? x - y : y - x;
}

static void within_ulp(double (*f)(double), const math_point *points, size_t count, uint64_t most)
{
    for (size_t i = 0; i < count; i++) {
        double got = f(points[i].x);
        cr_assert(steps_between(got, points[i].value) <= most, "at %a: %a, not %a", points[i].x,
                  got, points[i].value);
    }
}

static void near(double got, double expected, double relative, double absolute, double a, double b,
                 double x)
{
    double gap = kundig__abs(got - expected);
    cr_assert(gap <= absolute || gap <= relative * kundig__abs(expected),
              "at %a %a %a: %.17g, not %.17g", a, b, x, got, expected);
}

static void within_relative(double (*f)(double), const math_point *points, size_t count,
                            double relative)
{
    for (size_t i = 0; i < count; i++) {
        near(f(points[i].x), points[i].value, relative, 0, points[i].x, 0, 0);
    }
}

Test(math, log_is_within_one_ulp)
{
    within_ulp(kundig__log, math_log_points, COUNT(math_log_points), 1);
    cr_assert_eq(bits_of(kundig__log(1)), 0);
    cr_assert_eq(bits_of(kundig__log(0)), plus_infinity | UINT64_C(1) << 63);
    cr_assert(is_nan(kundig__log(-1)));
    cr_assert(is_nan(kundig__log(of_bits(plus_infinity + 1))));
    cr_assert_eq(bits_of(kundig__log(of_bits(plus_infinity))), plus_infinity);
}

Test(math, exp_is_within_one_ulp)
{
    within_ulp(kundig__exp, math_exp_points, COUNT(math_exp_points), 1);
    cr_assert_eq(kundig__exp(0), 1.0);
    cr_assert_eq(bits_of(kundig__exp(-746)), 0);
    cr_assert_eq(bits_of(kundig__exp(of_bits(plus_infinity) * -1)), 0);
    cr_assert_eq(bits_of(kundig__exp(709.79)), plus_infinity);
    cr_assert_eq(bits_of(kundig__exp(of_bits(plus_infinity))), plus_infinity);
    cr_assert(is_nan(kundig__exp(of_bits(plus_infinity + 1))));
}

Test(math, erfc_and_normal_cdf_keep_their_relative_error_into_the_tail)
{
    within_relative(kundig__erfc, math_erfc_points, COUNT(math_erfc_points), 1e-14);
    within_relative(kundig__normal_cdf, math_cdf_points, COUNT(math_cdf_points), 1e-14);
    cr_assert_eq(kundig__erfc(0), 1.0);
    cr_assert_eq(kundig__erfc(100), 0.0);
    cr_assert_eq(kundig__erfc(-100), 2.0);
    cr_assert_eq(kundig__normal_cdf(0), 0.5);
    cr_assert_eq(kundig__normal_cdf(-40), 0.0);
    cr_assert_eq(kundig__normal_cdf(40), 1.0);
    cr_assert(is_nan(kundig__erfc(of_bits(plus_infinity + 1))));
    cr_assert(is_nan(kundig__normal_cdf(of_bits(plus_infinity + 1))));
    /* The last subnormal and the first zero. */
    cr_assert(kundig__erfc(27.2) > 0);
    cr_assert(kundig__normal_cdf(-38.4) > 0);
}

Test(math, normal_quantile_holds_from_the_smallest_double_on)
{
    within_relative(kundig__normal_quantile, math_quantile_points, COUNT(math_quantile_points),
                    1e-14);
    cr_assert_eq(kundig__normal_quantile(0.5), 0.0);
    cr_assert_eq(bits_of(kundig__normal_quantile(1)), plus_infinity);
    cr_assert_eq(bits_of(kundig__normal_quantile(0)), plus_infinity | UINT64_C(1) << 63);
    cr_assert(is_nan(kundig__normal_quantile(-0.1)));
    cr_assert(is_nan(kundig__normal_quantile(1.1)));
    cr_assert(is_nan(kundig__normal_quantile(of_bits(plus_infinity + 1))));
}

Test(math, lgamma_keeps_its_relative_error_even_beside_its_roots)
{
    within_relative(kundig__lgamma, math_lgamma_points, COUNT(math_lgamma_points), 1e-14);
    cr_assert_eq(kundig__lgamma(1), 0.0);
    cr_assert_eq(kundig__lgamma(2), 0.0);
    cr_assert_eq(bits_of(kundig__lgamma(0)), plus_infinity);
    cr_assert(is_nan(kundig__lgamma(-1)));
    /* log n! for small n, by its definition */
    double factorial = 1;
    for (int n = 2; n < 20; n++) {
        factorial *= n;
        near(kundig__lgamma(n + 1.0), kundig__log(factorial), 1e-14, 0, n, 0, 0);
    }
}

Test(math, incomplete_beta_is_within_its_absolute_error)
{
    for (size_t i = 0; i < COUNT(math_beta_points); i++) {
        const math_point3 *p = &math_beta_points[i];
        near(kundig__beta_inc(p->a, p->b, p->x), p->value, 0, 1e-13, p->a, p->b, p->x);
        near(kundig__beta_inc(p->b, p->a, 1 - p->x), 1 - p->value, 0, 1e-10, p->b, p->a, 1 - p->x);
    }
    cr_assert_eq(kundig__beta_inc(2, 3, 0), 0.0);
    cr_assert_eq(kundig__beta_inc(2, 3, 1), 1.0);
    cr_assert(is_nan(kundig__beta_inc(0, 3, 0.5)));
    cr_assert(is_nan(kundig__beta_inc(2, -1, 0.5)));
    cr_assert(is_nan(kundig__beta_inc(2, 3, 1.5)));
    cr_assert(is_nan(kundig__beta_inc(2, 3, of_bits(plus_infinity + 1))));
    cr_assert(is_nan(kundig__beta_inc(1e16, 3, 0.5)));
    /* The corners of what is allowed end, and end in [0, 1]. */
    const double corners[] = {1e-100, 1e-3, 1, 1e6, 1e15};
    const double xs[] = {5e-324, 1e-100, 1e-8, 0.5, 1 - 0x1p-53};
    for (size_t i = 0; i < 125; i++) {
        double got = kundig__beta_inc(corners[i % 5], corners[i / 5 % 5], xs[i / 25]);
        cr_assert(got >= 0 && got <= 1, "corner %zu: %a", i, got);
    }
}

Test(math, student_quantile_goes_from_cauchy_to_normal)
{
    for (size_t i = 0; i < COUNT(math_student_points); i++) {
        const math_point3 *p = &math_student_points[i];
        near(kundig__student_quantile(p->a, p->b), p->value, 1e-12, 0, p->a, p->b, 0);
        cr_assert_eq(kundig__student_quantile(1 - p->a, p->b),
                     -kundig__student_quantile(1 - (1 - p->a), p->b));
    }
    cr_assert_eq(kundig__student_quantile(0.5, 3), 0.0);
    cr_assert_eq(kundig__student_quantile(0.975, of_bits(plus_infinity)),
                 kundig__normal_quantile(0.975));
    cr_assert_eq(bits_of(kundig__student_quantile(1, 3)), plus_infinity);
    cr_assert(is_nan(kundig__student_quantile(0.975, 0)));
    cr_assert(is_nan(kundig__student_quantile(1.5, 3)));
    /* With two degrees of freedom it has a closed form. */
    for (double p = 0.51; p < 1; p += 0.01) {
        double a = 4 * p * (1 - p);
        near(kundig__student_quantile(p, 2), 2 * (p - 0.5) * kundig__sqrt(2 / a), 1e-12, 0, p, 2,
             0);
    }
    /* So few degrees that the tail leaves the doubles: infinite, not stuck. */
    cr_assert_eq(bits_of(kundig__student_quantile(0.9, 1e-6)), plus_infinity);
}

Test(math, sqrt_is_correctly_rounded)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 1);
    /* Of all r^2, r^2 + something: the root's neighbours must not be nearer. Compared in exact
     * integers: root^2 - root + 1/4 < x < root^2 + root + 1/4 in units of the last place. */
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = kundig__prng_next(&prng) >> 1;
        double x = of_bits(bits);
        if (!kundig__is_finite(x) || x < 0x1p-900) {
            continue;
        }
        double root = kundig__sqrt(x);
        int shift = (int)(bits_of(root) >> 52) - 1075;
        kundig__u128 r = (bits_of(root) & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
        kundig__u128 m = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
        int up = (int)(bits >> 52) - 1075 - 2 * shift;
        cr_assert(up >= 0 && up < 64, "%a", x);
        m <<= up;
        cr_assert(r * r <= m + r && m <= r * r + r, "sqrt(%a) is not %a", x, root);
    }
    for (uint64_t i = 0; i < 3000; i++) {
        cr_assert_eq(kundig__sqrt((double)(i * i)), (double)i);
    }
    cr_assert_eq(kundig__sqrt(5e-324), 0x1p-537);
    cr_assert_eq(kundig__sqrt(DBL_MAX), 0x1.fffffffffffffp+511);
    cr_assert_eq(kundig__sqrt(DBL_MIN), 0x1p-511);
    cr_assert_eq(kundig__sqrt(0.0), 0.0);
    cr_assert(is_nan(kundig__sqrt(-1)));
    cr_assert(is_nan(kundig__sqrt(of_bits(plus_infinity + 1))));
    cr_assert_eq(bits_of(kundig__sqrt(of_bits(plus_infinity))), plus_infinity);
}

Test(math, floor_abs_and_finite_know_the_edges)
{
    cr_assert_eq(kundig__floor(-0.5), -1.0);
    cr_assert_eq(kundig__floor(0.999), 0.0);
    cr_assert_eq(kundig__floor(-3), -3.0);
    cr_assert_eq(kundig__floor(4503599627370495.5), 4503599627370495.0);
    cr_assert_eq(kundig__floor(-4503599627370495.5), -4503599627370496.0);
    cr_assert_eq(kundig__floor(1e300), 1e300);
    cr_assert(is_nan(kundig__floor(of_bits(plus_infinity + 1))));
    cr_assert_eq(bits_of(kundig__abs(-0.0)), 0);
    cr_assert_eq(kundig__abs(-2.5), 2.5);
    cr_assert(kundig__is_finite(DBL_MAX));
    cr_assert_not(kundig__is_finite(of_bits(plus_infinity)));
    cr_assert_not(kundig__is_finite(of_bits(plus_infinity + 1)));
}

Test(math, monotone_functions_do_not_turn_where_their_pieces_meet)
{
    const double seams[] = {-0.7, -0.5, 0.25, 0.5, 0.70710678118654752, 0.75, 1, 2, 8, 27};
    double (*const rising[])(double) = {kundig__exp, kundig__normal_cdf};
    for (size_t i = 0; i < COUNT(seams); i++) {
        for (size_t f = 0; f < 2; f++) {
            double before = rising[f](seams[i] - 1e-9);
            for (int j = -100; j <= 100; j++) {
                double now = rising[f](seams[i] + j * 1e-11);
                cr_assert(j == -100 || now >= before, "%zu at %a", f, seams[i]);
                before = now;
            }
        }
        if (seams[i] > 0 && seams[i] < 1) {
            double before = kundig__normal_quantile(seams[i] - 1e-9);
            for (int j = -50; j <= 50; j++) {
                double now = kundig__normal_quantile(seams[i] + j * 1e-11);
                cr_assert(now >= before);
                before = now;
            }
        }
    }
}

Test(math, inverse_functions_meet)
{
    for (double p = 1e-12; p < 1; p = p < 0.01 ? p * 3 : p + 0.0137) {
        near(kundig__normal_cdf(kundig__normal_quantile(p)), p, 1e-13, 0, p, 0, 0);
        near(kundig__log(kundig__exp(p)), p, 1e-13, 1e-15, p, 0, 0);
        double t = kundig__student_quantile(p, 7);
        double tail = 0.5 * kundig__beta_inc(3.5, 0.5, 7 / (7 + t * t));
        near(t < 0 ? tail : 1 - tail, p, 1e-12, 0, p, 7, 0);
    }
}

static uint64_t fold(uint64_t hash, double value)
{
    uint64_t bits = bits_of(value);
    for (int i = 0; i < 8; i++) {
        hash = (hash ^ (bits >> (8 * i) & 0xFF)) * UINT64_C(1099511628211);
    }
    return hash;
}

/* The one number that every compiler, level and machine must reach. */
Test(math, gives_the_same_bits_from_every_build)
{
    kundig__prng prng;
    uint64_t hash = UINT64_C(14695981039346656037);
    kundig__prng_init(&prng, 42);
    for (int i = 0; i < 20000; i++) {
        double any = of_bits(kundig__prng_next(&prng) >> 1);
        double u = kundig__prng_unit(&prng);
        double v = kundig__prng_unit(&prng);
        if (kundig__is_finite(any)) {
            hash = fold(hash, kundig__sqrt(any));
            hash = fold(hash, kundig__log(any));
        }
        hash = fold(hash, kundig__exp(1500 * u - 750));
        hash = fold(hash, kundig__erfc(40 * u - 12));
        hash = fold(hash, kundig__normal_cdf(80 * u - 40));
        hash = fold(hash, kundig__normal_quantile(u));
        hash = fold(hash, kundig__normal_quantile(kundig__exp(-740 * u)));
        hash = fold(hash, kundig__lgamma(30 * u * v));
        if (i % 20 == 0) {
            hash = fold(hash, kundig__beta_inc(200 * u, 20 * v, kundig__prng_unit(&prng)));
            hash = fold(hash, kundig__student_quantile(u, 0.5 + 1000 * v * v * v));
        }
    }
    cr_assert_eq(hash, UINT64_C(0xEC15836243C4789C), "the bits moved: 0x%016llX",
                 (unsigned long long)hash);
}
