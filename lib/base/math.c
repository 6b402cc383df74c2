/* Own mathematics, so that results are the same bits everywhere.
 *
 * Invariant: nothing but + - * / on IEEE doubles, integers and comparisons, in the order written
 * (-ffp-contract=off; no fused operation, no libm, no table that a compiler could fold otherwise).
 * Polynomials were fitted at Chebyshev points in 60 digits. What decides accuracy at the ends is
 * kept in two parts: an exponent's argument as high + low, a tiny tail as mantissa * 2^k.
 *
 * Cost on a 3 GHz x86-64: log and exp 12 ns, lgamma 20 ns, sqrt and erfc 35 ns, normal quantile 130
 * ns, Student's quantile 1.3 us; incomplete beta some 10 ns a step with a few dozen steps, more
 * (about the cube root of a and b) near the mean of a narrow distribution. */
#include "base/math.h"

#include <string.h>

#include "base/int128.h"

#define MATH_LN2_HIGH      0x1.62e42fef00000p-1 /* 33 bits: times any exponent it is exact */
#define MATH_LN2_LOW       0x1.473de6af278edp-34
#define MATH_INV_LN2       0x1.71547652b82fep+0
#define MATH_INV_SQRT2     0x1.6a09e667f3bcdp-1
#define MATH_SQRT_HALF_PI  0x1.40d931ff62706p+0
#define MATH_INV_SQRT_2PI  0x1.9884533d43651p-2
#define MATH_LN_SQRT_2PI   0x1.d67f1c864beb5p-1
#define MATH_STIRLING_FROM 8.0
#define MATH_BETA_LEAST    1e-100
#define MATH_BETA_MOST     1e15
#define MATH_BETA_STEPS    1000000

/* R of (2 atanh s - 2 s) / s^3, in s^2 on [0, 0.0295] */
static const double math_log_series[8] = {
    0.66666666666666663, 0.40000000000000885, 0.28571428570799456, 0.22222222392598603,
    0.18181795550579888, 0.15386244347884767, 0.13268653860320542, 0.13087827627497756};

/* (e^r - 1 - r) / r^2 on |r| <= 0.3467 */
static const double math_exp_series[11] = {0.5,
                                           0.16666666666666671,
                                           0.041666666666666678,
                                           0.0083333333333261185,
                                           0.0013888888888879054,
                                           0.00019841269874875661,
                                           2.4801587336499025e-05,
                                           2.7557255330683724e-06,
                                           2.7557263218491369e-07,
                                           2.5105245845597674e-08,
                                           2.0918160101597146e-09};

/* erf(x) / x in x^2 on [0, 0.25] */
static const double math_erf_series[9] = {
    1.1283791670955126,     -0.37612638903183476,    0.11283791670925375,
    -0.026866170632892251,  0.0052239773730479366,   -0.00085482977524050166,
    0.00012053334897755713, -1.4845839586739444e-05, 1.4725727841328908e-06};

/* (1 + 2 x) erfc(x) e^(x^2) in (x - 3) / (x + 3), x in [0.499, 28] */
static const double math_erfcx_series[21] = {
    1.2530080582697296,      -0.13562110612458095,    -0.047562294353433496,
    0.12964515870273211,     -0.11927366341639874,    0.068308027345113473,
    -0.023770514891868714,   0.002529391794341162,    0.0018886900231740841,
    -0.00077983203524055412, -0.00010515735605502162, 0.00012509776185168112,
    4.9385238000315047e-06,  -2.0093769880813203e-05, -7.0045920084830267e-07,
    3.45387905701681e-06,    3.017098874871497e-07,   -5.8536146132095953e-07,
    -8.2950567842809618e-08, 7.1756038717615435e-08,  8.1073647023238149e-09};

/* lgamma(y) / ((y - 1) (y - 2)) in y - 1.5, y in [1, 2] */
static const double math_lgamma_series[21] = {
    0.48312895054098087,     -0.14595989591430594,    0.062911401074564374,
    -0.031308487501054152,   0.016797098631275844,    -0.0094256224447675178,
    0.0054464578390396364,   -0.003212074222602009,   0.001922916315044322,
    -0.0011644113425479958,  0.00071151903377267831,  -0.00043803551519258432,
    0.00027131404604478673,  -0.00016856961232463447, 0.00010535339176160404,
    -6.7945325391134367e-05, 4.3033584069922729e-05,  -2.1471686472038385e-05,
    1.3174891373031416e-05,  -1.8541310577836399e-05, 1.2148922431734838e-05};

/* B(2k) / (2k (2k - 1)) */
static const double math_stirling_series[10] = {
    0.083333333333333329,   -0.0027777777777777779, 0.00079365079365079365, -0.00059523809523809529,
    0.00084175084175084171, -0.0019175269175269176, 0.00641025641025641,    -0.029550653594771242,
    0.17964437236883057,    -1.3924322169059011};

/* normal quantile of 1/2 + q, over q, in q^2, |q| <= 1/4: a start within 2e-7 */
static const double math_quantile_middle[5] = {2.5066287990284328, 2.6245256796316516,
                                               5.8230525987752202, 13.53566238278529,
                                               81.648148604993551};

static double math_poly(const double *series, int count, double x)
{
    double sum = series[count - 1];
    for (int i = count - 2; i >= 0; i--) {
        sum = sum * x + series[i];
    }
    return sum;
}

static uint64_t math_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double math_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double math_infinity(void)
{
    return math_from_bits(UINT64_C(0x7FF) << 52);
}

static double math_nan(void)
{
    return math_from_bits(UINT64_C(0x7FF8) << 48);
}

/* 2^k for k in [-1022, 1023] */
static double math_power2(int k)
{
    return math_from_bits((uint64_t)(k + 1023) << 52);
}

/* m * 2^k, rounded once; m in [2^-20, 2^20], k < 1500 */
static double math_scale(double m, int k)
{
    if (k < -1400) {
        return 0.0;
    }
    if (k < -900) {
        return m * math_power2(-500) * math_power2(k + 500);
    }
    if (k > 900) {
        return m * math_power2(500) * math_power2(k - 500);
    }
    return m * math_power2(k);
}

bool kundig__is_finite(double x)
{
    return (math_bits(x) >> 52 & 0x7FF) != 0x7FF;
}

double kundig__abs(double x)
{
    return math_from_bits(math_bits(x) & ~(UINT64_C(1) << 63));
}

double kundig__floor(double x)
{
    if (!(kundig__abs(x) < 4503599627370496.0)) {
        return x; /* whole, infinite or not a number */
    }
    double whole = (double)(int64_t)x;
    return whole > x ? whole - 1.0 : x == whole ? x : whole;
}

/* x > 0 and finite as m * 2^*e with m in [2^52, 2^53). */
static uint64_t math_split(double x, int *e)
{
    uint64_t bits = math_bits(x);
    int biased = (int)(bits >> 52);
    uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
    if (biased == 0) {
        biased = 1;
        while (m < UINT64_C(1) << 52) {
            m <<= 1;
            biased--;
        }
    }
    *e = biased - 1075;
    return m | UINT64_C(1) << 52;
}

double kundig__sqrt(double x)
{
    if (!(x > 0)) {
        return x == 0 ? x : math_nan();
    }
    if (!kundig__is_finite(x)) {
        return x;
    }
    int e;
    uint64_t m = math_split(x, &e);
    if (e & 1) {
        m <<= 1;
        e -= 1;
    }
    /* 1/sqrt(m) by Newton from a guess within 4 %: four steps leave rounding alone. */
    double y = (double)m;
    double r = math_from_bits(UINT64_C(0x5FE6EB50C7B537A9) - (math_bits(y) >> 1));
    for (int i = 0; i < 4; i++) {
        r = r * (1.5 - 0.5 * y * r * r);
    }
    /* root = floor(sqrt(m * 2^52)), made exact in integers, has the 53 bits of the answer. */
    uint64_t root = (uint64_t)(y * r * 67108864.0);
    kundig__i128 rest = ((kundig__i128)m << 52) - (kundig__i128)root * (kundig__i128)root;
    while (rest < 0) {
        root--;
        rest += 2 * (kundig__i128)root + 1;
    }
    while (rest > 2 * (kundig__i128)root) {
        rest -= 2 * (kundig__i128)root + 1;
        root++;
    }
    /* Beyond root + 1/2? A tie cannot be. */
    root += rest > (kundig__i128)root ? 1 : 0;
    return (double)root * math_power2((e - 52) / 2);
}

double kundig__log(double x)
{
    if (!(x > 0)) {
        return x == 0 ? -math_infinity() : math_nan();
    }
    if (!kundig__is_finite(x)) {
        return x;
    }
    /* x = 2^k * (1 + f), 1 + f in [sqrt(1/2), sqrt(2)) */
    int e;
    uint64_t m = math_split(x, &e);
    bool upper = m >= UINT64_C(0x16A09E667F3BCD);
    double k = (double)(e + 52 + (upper ? 1 : 0));
    double f = (double)m * (upper ? 0x1p-53 : 0x1p-52) - 1.0;
    /* With s = f / (2 + f): log(1 + f) = 2 s + s z R(z), z = s^2, and 2 s = f - f^2/2 + s f^2/2. */
    double s = f / (2.0 + f);
    double z = s * s;
    double square = 0.5 * f * f;
    double series = s * (square + z * math_poly(math_log_series, 8, z));
    if (k == 0) {
        return f - (square - series);
    }
    return k * MATH_LN2_HIGH - ((square - (series + k * MATH_LN2_LOW)) - f);
}

/* e^(x + low) as a mantissa in [0.7, 1.5] and *k; |x| < 2000, low tiny beside x. */
static double math_exp_parts(double x, double low, int *k)
{
    double n = kundig__floor(x * MATH_INV_LN2 + 0.5);
    double high = x - n * MATH_LN2_HIGH;
    double rest = n * MATH_LN2_LOW - low;
    double r = high - rest;
    double lost = (high - r) - rest;
    *k = (int)n;
    return 1.0 + (r + (lost + r * (lost + r * math_poly(math_exp_series, 11, r))));
}

double kundig__exp(double x)
{
    if (!(x < 709.782712893384)) {
        return x != x ? x : math_infinity();
    }
    if (x < -745.1332191019412) {
        return 0.0;
    }
    int k;
    double m = math_exp_parts(x, 0.0, &k);
    return math_scale(m, k);
}

/* a * b - product, exactly (Dekker); 0 where the parts would overflow. */
static double math_product_error(double a, double b, double product)
{
    if (!(kundig__abs(a) < 1e150 && kundig__abs(b) < 1e150)) {
        return 0.0;
    }
    double t = 134217729.0 * a;
    double a_high = t - (t - a);
    double a_low = a - a_high;
    t = 134217729.0 * b;
    double b_high = t - (t - b);
    double b_low = b - b_high;
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

/* erfc(x) * e^(x^2) for x in [0.499, 28] */
static double math_erfcx(double x)
{
    return math_poly(math_erfcx_series, 21, (x - 3.0) / (x + 3.0)) / (1.0 + 2.0 * x);
}

/* erf(x) for |x| <= 0.5 */
static double math_erf_small(double x)
{
    return x * math_poly(math_erf_series, 9, x * x);
}

double kundig__erfc(double x)
{
    double size = kundig__abs(x);
    if (size < 0.5) {
        return 1.0 - math_erf_small(x);
    }
    if (!(size < 27.3)) {
        return x != x ? x : x > 0 ? 0.0 : 2.0;
    }
    int k;
    double square = size * size;
    double m = math_exp_parts(-square, -math_product_error(size, size, square), &k);
    double tail = math_scale(m * math_erfcx(size), k);
    return x > 0 ? tail : 2.0 - tail;
}

/* Mass above x >= 0.7 as mantissa * 2^*k. The square of x itself is halved: x / sqrt(2) rounded
 * would cost x^2 times the rounding. */
static double math_normal_tail(double x, int *k)
{
    double square = x * x;
    double low = math_product_error(x, x, square);
    double m = math_exp_parts(-0.5 * square, -0.5 * low, k);
    return 0.5 * m * math_erfcx(x * MATH_INV_SQRT2);
}

double kundig__normal_cdf(double x)
{
    double size = kundig__abs(x);
    if (size < 0.7) {
        return 0.5 + 0.5 * math_erf_small(x * MATH_INV_SQRT2);
    }
    if (!(size < 38.6)) {
        return x != x ? x : x > 0 ? 1.0 : 0.0;
    }
    int k;
    double m = math_normal_tail(size, &k);
    double tail = math_scale(m, k);
    return x < 0 ? tail : 1.0 - tail;
}

/* x with mass p above it, 0 < p < 1/4, by two steps of Halley on log scale of the tail. */
static double math_normal_quantile_tail(double p)
{
    double t = kundig__sqrt(-2.0 * kundig__log(p));
    double x = t - (2.623817068 + t * (1.547703859 + t * 0.06616719924)) /
                       (1.0 + t * (1.872061282 + t * (0.4579430591 + t * 0.01051031525)));
    for (int i = 0; i < 2; i++) {
        int k;
        double tail = math_normal_tail(x, &k);
        /* p / tail: scaled up first, since both may be subnormal */
        double ratio = p * math_power2(-k / 2) * math_power2(-k - -k / 2) / tail;
        /* tail / density is Mills' ratio */
        double step = MATH_SQRT_HALF_PI * math_erfcx(x * MATH_INV_SQRT2) * (1.0 - ratio);
        x += step / (1.0 - 0.5 * step * x);
    }
    return x;
}

double kundig__normal_quantile(double p)
{
    if (!(p > 0 && p < 1)) {
        return p == 0 ? -math_infinity() : p == 1 ? math_infinity() : math_nan();
    }
    if (p < 0.25) {
        return -math_normal_quantile_tail(p);
    }
    if (p > 0.75) {
        return math_normal_quantile_tail(1.0 - p); /* exact */
    }
    double q = p - 0.5; /* exact */
    double x = q * math_poly(math_quantile_middle, 5, q * q);
    int k;
    double density = MATH_INV_SQRT_2PI * math_exp_parts(-0.5 * x * x, 0.0, &k);
    density *= math_power2(k);
    double step = (q - 0.5 * math_erf_small(x * MATH_INV_SQRT2)) / density;
    return x + step / (1.0 - 0.5 * step * x);
}

/* ---- Gamma, beta, Student -------------------------------------------------------------------- */

static double math_stirling_series_at(double x)
{
    return math_poly(math_stirling_series, 10, 1.0 / (x * x)) / x;
}

double kundig__lgamma(double x)
{
    if (!(x > 0)) {
        return x == 0 ? math_infinity() : math_nan();
    }
    if (x <= 1) {
        return x * (x - 1.0) * math_poly(math_lgamma_series, 21, x - 0.5) - kundig__log(x);
    }
    if (x >= MATH_STIRLING_FROM) {
        return (x - 0.5) * (kundig__log(x) - 1.0) +
               ((MATH_LN_SQRT_2PI - 0.5) + math_stirling_series_at(x));
    }
    /* Down to (1, 2], where both roots stand as exact factors. */
    double product = 1.0;
    while (x > 2) {
        x -= 1.0;
        product *= x;
    }
    double base = (x - 1.0) * (x - 2.0) * math_poly(math_lgamma_series, 21, x - 1.5);
    return product == 1.0 ? base : base + kundig__log(product);
}

/* What Stirling's formula leaves: lgamma(x) - ((x - 1/2) log x - x + log sqrt(2 pi)). */
static double math_stirling_rest(double x)
{
    if (x >= MATH_STIRLING_FROM) {
        return math_stirling_series_at(x);
    }
    return kundig__lgamma(x) - ((x - 0.5) * kundig__log(x) - x + MATH_LN_SQRT_2PI);
}

/* log(1 + e) - e <= 0 without cancellation; ratio is 1 + e, better known where e is not small. */
static double math_log_minus(double e, double ratio)
{
    if (e > -0.29 && e < 0.41) {
        double s = e / (2.0 + e);
        double z = s * s;
        return -s * (e - z * math_poly(math_log_series, 8, z));
    }
    return kundig__log(ratio) - e;
}

/* The two sides of a beta distribution at x, y = 1 - x. The smaller one, *tail, is in units of
 * 2^*k; *lower says that it is the side below x. */
typedef struct math_beta {
    double tail;
    double kernel; /* x^a y^b / B(a, b), in units of 2^k */
    int k;
    bool lower;
} math_beta;

/* x < mean: the continued fraction of Didonato and Morris (1992, TOMS 708), forward by Lentz's
 * method. lambda = a y - b x >= 0 is given, since its parts may cancel. */
static double math_beta_fraction(double a, double b, double x, double y, double lambda)
{
    double f = a * (lambda + 1.0) / (a + 1.0);
    double c = f;
    double d = 0.0;
    for (int i = 1; i < MATH_BETA_STEPS; i++) {
        double n = (double)i;
        double u = a + 2.0 * n;
        double alpha =
            (a + n - 1.0) / (u - 1.0) * ((a + b + n - 1.0) / (u - 1.0)) * n * (b - n) * x * x;
        double beta =
            n + n * (b - n) * x / (u - 1.0) + (a + n) * (lambda + 1.0 + n * (1.0 + y)) / (u + 1.0);
        d = beta + alpha * d;
        c = beta + alpha / c;
        d = 1.0 / (d == 0 ? 1e-300 : d);
        c = c == 0 ? 1e-300 : c;
        double delta = c * d;
        f *= delta;
        if (kundig__abs(delta - 1.0) < 3e-16) {
            break;
        }
    }
    return 1.0 / f;
}

/* y = y_high + y_low = 1 - x */
static math_beta math_beta_at(double a, double b, double x, double y, double y_low)
{
    double p1 = a * y;
    double p2 = b * x;
    double lambda =
        (p1 - p2) + ((math_product_error(a, y, p1) - math_product_error(b, x, p2)) + a * y_low);
    math_beta out;
    out.lower = lambda >= 0;
    /* x^a y^b / B = sqrt(a b / (2 pi (a + b))) exp(-(a u + b v)), u and v the deviances: large a
     * and b cancel on paper instead of in the machine. */
    double sum = a + b;
    double exponent = a * math_log_minus(-lambda / a, x * (sum / a)) +
                      b * math_log_minus(lambda / b, (y + y_low) * (sum / b)) +
                      (math_stirling_rest(sum) - math_stirling_rest(a) - math_stirling_rest(b));
    if (exponent < -1400.0) {
        out.tail = 0;
        out.kernel = 0;
        out.k = 0;
        return out;
    }
    double m = math_exp_parts(exponent, 0.0, &out.k);
    out.kernel = m * MATH_INV_SQRT_2PI * kundig__sqrt(a < b ? a * (b / sum) : b * (a / sum));
    out.tail = out.kernel * (out.lower ? math_beta_fraction(a, b, x, y, lambda)
                                       : math_beta_fraction(b, a, y, x, -lambda));
    return out;
}

double kundig__beta_inc(double a, double b, double x)
{
    if (!(a >= MATH_BETA_LEAST && b >= MATH_BETA_LEAST && a <= MATH_BETA_MOST &&
          b <= MATH_BETA_MOST && x >= 0 && x <= 1)) {
        return math_nan();
    }
    if (x == 0 || x == 1) {
        return x;
    }
    double y = 1.0 - x;
    math_beta beta = math_beta_at(a, b, x, y, (1.0 - y) - x);
    double tail = math_scale(beta.tail, beta.k);
    tail = tail > 1 ? 1.0 : tail;
    return beta.lower ? tail : 1.0 - tail;
}

/* log B(a, 1/2), well enough to start from */
static double math_log_beta_half(double a)
{
    if (a > 20) {
        return 0.5 * kundig__log(3.141592653589793 / a) + 0.125 / a;
    }
    return kundig__lgamma(a) + 0.5723649429247001 - kundig__lgamma(a + 0.5);
}

/* One Newton step on log scale towards mass `p` beyond |t| (outer) or within it; returns the factor
 * for t. Both logs are concave in log t, so Newton does not wander. */
static double math_student_step(double t, double df, double p, bool outer)
{
    double ratio = t * t / df;
    double x = 1.0 / (1.0 + ratio);
    double y = ratio < 1e300 ? ratio / (1.0 + ratio) : 1.0;
    math_beta beta = math_beta_at(0.5 * df, 0.5, x, y, 0.0);
    /* lower: the mass beyond |t| is the tail; else the mass within is */
    double mass = beta.tail;
    double kernel = beta.kernel;
    if (beta.lower != outer) {
        mass = 1.0 - math_scale(beta.tail, beta.k);
        kernel = math_scale(beta.kernel, beta.k);
    } else {
        p = p * math_power2(-beta.k / 2) * math_power2(-beta.k - -beta.k / 2);
    }
    if (!(mass > 0 && kernel > 0)) {
        return outer ? 0.5 : 2.0;
    }
    /* d mass / d log t = -+ 2 kernel */
    double step = kundig__log(mass / p) * mass / (2.0 * kernel);
    step = step > 3 ? 3 : step < -3 ? -3 : step;
    return kundig__exp(outer ? step : -step);
}

/* t > 0 with mass p beyond it, p < 1/2 */
static double math_student_upper(double p, double df)
{
    bool outer = p < 0.25;
    double mass = outer ? 2.0 * p : 1.0 - 2.0 * p; /* exact */
    double a = 0.5 * df;
    double log_beta = math_log_beta_half(a);
    /* Far out the tail is a power: 2 p = x^a / (a B), x = df / t^2 */
    double log_x = (kundig__log(p) + 0.6931471805599453 + kundig__log(a) + log_beta) / a;
    double t = kundig__sqrt(df) * kundig__exp(-0.5 * log_x);
    if (log_x < -42) {
        return t;
    }
    if (!outer) {
        t = mass * kundig__exp(log_beta) * 0.5 * kundig__sqrt(df);
    } else if (log_x > -1) {
        double z = math_normal_quantile_tail(p);
        t = z * (1.0 + (z * z + 1.0) / (4.0 * df));
    }
    for (int i = 0; i < 100; i++) {
        double factor = math_student_step(t, df, mass, outer);
        t *= factor;
        if (kundig__abs(factor - 1.0) < 1e-9) {
            break;
        }
    }
    return t;
}

double kundig__student_quantile(double p, double df)
{
    if (!(p > 0 && p < 1 && df > 0)) {
        return p == 0 && df > 0   ? -math_infinity()
               : p == 1 && df > 0 ? math_infinity()
                                  : math_nan();
    }
    if (p == 0.5) {
        return 0.0;
    }
    if (df > 1e20) {
        return kundig__normal_quantile(p);
    }
    return p < 0.5 ? -math_student_upper(p, df) : math_student_upper(1.0 - p, df);
}
