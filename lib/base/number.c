/* Numbers to text and back, exactly.
 *
 * Both ways rest on one question: is x * 2^a less than, equal to or greater than n * 10^k? It is
 * answered with 192-bit products and a bound on their error; where the bound does not decide, with
 * whole big integers on the stack. So speed comes from the first and truth from the second, and no
 * proof about tables is needed. The table of powers holds 128 bits of every 28th power of ten.
 *
 * Cost: about 100 ns a number, a few microseconds in the rare exact case. Reading is linear in the
 * length of the text; digits behind the 800th matter only as zero or not zero. */
#include "base/number.h"

#include "base/int128.h"

#include <string.h>

/* 10^power = (high * 2^64 + low) * 2^(floor(log2(10^power)) - 127), cut; exact for 0 and 28. */
typedef struct number_coarse {
    uint64_t high;
    uint64_t low;
} number_coarse;

#define NUMBER_STEP       28
#define NUMBER_COARSE_MIN (-13)

static const number_coarse number_powers[25] = {
    {0xE1AFA13AFBD14D6D, 0x82189C09A3A1EC21}, /* 10^-364 */
    {0xE3E27A444D8D98B7, 0xFD1B1B2308169B25}, /* 10^-336 */
    {0xE61ACF033D1A45DF, 0x6FB92487298E33BD}, /* 10^-308 */
    {0xE858AD248F5C22C9, 0xD1B3400F8F9CFF68}, /* 10^-280 */
    {0xEA9C227723EE8BCB, 0x465E15A979C1CADC}, /* 10^-252 */
    {0xECE53CEC4A314EBD, 0xA4F8BF5635246428}, /* 10^-224 */
    {0xEF340A98172AACE4, 0x86FB897116C87C34}, /* 10^-196 */
    {0xF18899B1BC3F8CA1, 0xDC44E6C3CB279AC1}, /* 10^-168 */
    {0xF3E2F893DEC3F126, 0x5A89DBA3C3EFCCFA}, /* 10^-140 */
    {0xF64335BCF065D37D, 0x4D4617B5FF4A16D5}, /* 10^-112 */
    {0xF8A95FCF88747D94, 0x75A44C6397CE912A}, /* 10^-84 */
    {0xFB158592BE068D2E, 0xEED6E2F0F0D56712}, /* 10^-56 */
    {0xFD87B5F28300CA0D, 0x8BCA9D6E188853FC}, /* 10^-28 */
    {0x8000000000000000, 0x0000000000000000}, /* 10^0 */
    {0x813F3978F8940984, 0x4000000000000000}, /* 10^28 */
    {0x82818F1281ED449F, 0xBFF8F10E7A8921A4}, /* 10^56 */
    {0x83C7088E1AAB65DB, 0x792667C6DA79E0FA}, /* 10^84 */
    {0x850FADC09923329E, 0x03E2CF6BC604DDB0}, /* 10^112 */
    {0x865B86925B9BC5C2, 0x0B8A2392BA45A9B2}, /* 10^140 */
    {0x87AA9AFF79042286, 0x90FB44D2F05D0842}, /* 10^168 */
    {0x88FCF317F22241E2, 0x441FECE3BDF81F03}, /* 10^196 */
    {0x8A5296FFE33CC92F, 0x82BD6B70D99AAA6F}, /* 10^224 */
    {0x8BAB8EEFB6409C1A, 0x1AD089B6C2F7548E}, /* 10^252 */
    {0x8D07E33455637EB2, 0xDB0B487B6423E1E8}, /* 10^280 */
    {0x8E679C2F5E44FF8F, 0x570F09EAA7EA7648}, /* 10^308 */
};

/* 10^k lies in [p, p + slack] * 2^exponent, p in [2^127, 2^128). */
typedef struct number_scale {
    kundig__u128 p;
    int32_t exponent;
    uint32_t slack;
} number_scale;

/* A product of 192 bits. */
typedef struct number_wide {
    kundig__u128 high;
    uint64_t low;
} number_wide;

static int32_t number_floor_log2_power10(int32_t k)
{
    /* 1741647 / 2^19 is log2(10) well enough for |k| < 1200. */
    int64_t scaled = (int64_t)k * 1741647;
    return (int32_t)(scaled >= 0 ? scaled >> 19 : -((-scaled + 524287) >> 19));
}

static int number_leading_zeros(uint64_t x)
{
    int count = 0;
    for (int step = 32; step > 0; step /= 2) {
        if (x >> (64 - step) == 0) {
            x <<= step;
            count += step;
        }
    }
    return count;
}

static number_wide number_multiply(uint64_t x, kundig__u128 p)
{
    kundig__u128 low = (kundig__u128)x * (uint64_t)p;
    kundig__u128 high = (kundig__u128)x * (uint64_t)(p >> 64) + (low >> 64);
    return (number_wide){high, (uint64_t)low};
}

/* k in [-364, 335] */
static number_scale number_power10(int32_t k)
{
    static const uint64_t fives[NUMBER_STEP] = {
        UINT64_C(1),
        UINT64_C(5),
        UINT64_C(25),
        UINT64_C(125),
        UINT64_C(625),
        UINT64_C(3125),
        UINT64_C(15625),
        UINT64_C(78125),
        UINT64_C(390625),
        UINT64_C(1953125),
        UINT64_C(9765625),
        UINT64_C(48828125),
        UINT64_C(244140625),
        UINT64_C(1220703125),
        UINT64_C(6103515625),
        UINT64_C(30517578125),
        UINT64_C(152587890625),
        UINT64_C(762939453125),
        UINT64_C(3814697265625),
        UINT64_C(19073486328125),
        UINT64_C(95367431640625),
        UINT64_C(476837158203125),
        UINT64_C(2384185791015625),
        UINT64_C(11920928955078125),
        UINT64_C(59604644775390625),
        UINT64_C(298023223876953125),
        UINT64_C(1490116119384765625),
        UINT64_C(7450580596923828125),
    };
    int32_t step = (k + NUMBER_STEP * -NUMBER_COARSE_MIN) / NUMBER_STEP + NUMBER_COARSE_MIN;
    const number_coarse *coarse = &number_powers[step - NUMBER_COARSE_MIN];
    uint64_t five = fives[k - step * NUMBER_STEP];
    kundig__u128 p = (kundig__u128)coarse->high << 64 | coarse->low;
    number_wide wide = number_multiply(five << number_leading_zeros(five), p);
    if (!(wide.high >> 127)) {
        wide.high = wide.high << 1 | wide.low >> 63;
        wide.low <<= 1;
    }
    /* The table errs by less than 1, the doubling makes it 2, the cut below adds 1. */
    bool exact = (step == 0 || step == 1) && wide.low == 0;
    return (number_scale){wide.high, number_floor_log2_power10(k) - 127, exact ? 0 : 4};
}

/* ---- Big integers: the exact case ------------------------------------------------------------ */

#define NUMBER_BIG_LIMBS 208
#define NUMBER_DIGITS    800 /* more than 767 never decide */

typedef struct number_big {
    uint32_t limbs[NUMBER_BIG_LIMBS]; /* little end first */
    uint32_t count;                   /* no leading zero limb */
} number_big;

static void number_big_multiply_add(number_big *big, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;
    for (uint32_t i = 0; i < big->count; i++) {
        carry += (uint64_t)big->limbs[i] * factor;
        big->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) {
        big->limbs[big->count++] = (uint32_t)carry;
    }
}

static void number_big_shift(number_big *big, int32_t bits)
{
    uint32_t limbs = (uint32_t)bits / 32;
    if (big->count == 0 || bits <= 0) {
        return;
    }
    if (limbs > 0) {
        memmove(big->limbs + limbs, big->limbs, big->count * sizeof big->limbs[0]);
        memset(big->limbs, 0, limbs * sizeof big->limbs[0]);
        big->count += limbs;
    }
    number_big_multiply_add(big, UINT32_C(1) << (bits % 32), 0);
}

/* big *= 10^k for k > 0 */
static void number_big_scale(number_big *big, int32_t k)
{
    int32_t rest = k;
    for (; rest >= 13; rest -= 13) {
        number_big_multiply_add(big, 1220703125, 0); /* 5^13 */
    }
    for (; rest > 0; rest--) {
        number_big_multiply_add(big, 5, 0);
    }
    number_big_shift(big, k);
}

static void number_big_set(number_big *big, uint64_t value)
{
    big->limbs[0] = (uint32_t)value;
    big->limbs[1] = (uint32_t)(value >> 32);
    big->count = big->limbs[1] ? 2 : big->limbs[0] ? 1 : 0;
}

static int number_big_order(const number_big *a, const number_big *b)
{
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (uint32_t i = a->count; i > 0; i--) {
        if (a->limbs[i - 1] != b->limbs[i - 1]) {
            return a->limbs[i - 1] < b->limbs[i - 1] ? -1 : 1;
        }
    }
    return 0;
}

/* Order of a * 2^e2 and b * 10^k; both are used up. */
static int number_big_compare(number_big *a, int32_t e2, number_big *b, int32_t k)
{
    number_big_scale(a, k < 0 ? -k : 0);
    number_big_scale(b, k > 0 ? k : 0);
    number_big_shift(a, e2 > 0 ? e2 : 0);
    number_big_shift(b, e2 < 0 ? -e2 : 0);
    return number_big_order(a, b);
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* Order of x * 2^e2 and n * 10^k, given 10^-k. */
static int number_order(uint64_t x, int32_t e2, uint64_t n, int32_t k, const number_scale *inverse)
{
    int32_t shift = -(inverse->exponent + e2) - 64;
    if (shift >= 0 && shift < 128) {
        number_wide wide = number_multiply(x, inverse->p);
        kundig__u128 whole = wide.high >> shift;
        if (whole > n) {
            return 1;
        }
        bool rest = (wide.high & (((kundig__u128)1 << shift) - 1)) != 0 || wide.low != 0;
        if (whole == n && (rest || inverse->slack == 0)) {
            return rest ? 1 : 0;
        }
        if (whole < n) {
            /* low + x * slack carries at most a few units into high */
            kundig__u128 low = (kundig__u128)wide.low + (kundig__u128)x * inverse->slack;
            if ((wide.high + (low >> 64)) >> shift < n) {
                return -1;
            }
        }
    }
    number_big a;
    number_big b;
    number_big_set(&a, x);
    number_big_set(&b, n);
    return number_big_compare(&a, e2, &b, k);
}

/* Shortest digits and exponent of m * 2^e2, m > 0: value is digits * 10^*exponent. `narrow`: the
 * neighbour below is only half as far, as at powers of two. */
static uint64_t number_shortest(uint64_t m, int32_t e2, bool narrow, int32_t *exponent)
{
    /* Everything in quarters of the last place: below, value, above. */
    uint64_t below = 4 * m - (narrow ? 1 : 2);
    uint64_t value = 4 * m;
    uint64_t above = 4 * m + 2;
    int32_t quarter = e2 - 2;
    /* floor(log10(width of the interval)): a multiple of 10^k is in it, at most one of 10^(k+1) */
    int64_t scaled = (int64_t)e2 * 1262611 - (narrow ? 524032 : 0);
    int32_t k = (int32_t)(scaled >= 0 ? scaled >> 22 : -((-scaled + 4194303) >> 22));
    number_scale inverse = number_power10(-k);
    number_wide wide = number_multiply(value, inverse.p);
    uint64_t down = (uint64_t)(wide.high >> (-(inverse.exponent + quarter) - 64));
    if (number_order(value, quarter, down + 1, k, &inverse) >= 0) {
        down++;
    }
    /* An end of the interval reads back as m only if m is even. */
    int in = (m & 1) ? 0 : 1;
    uint64_t tens = down / 10 * 10;
    *exponent = k;
    if (number_order(below, quarter, tens, k, &inverse) < in) {
        return tens;
    }
    if (number_order(above, quarter, tens + 10, k, &inverse) > -in) {
        return tens + 10;
    }
    bool down_in = number_order(below, quarter, down, k, &inverse) < in;
    bool up_in = number_order(above, quarter, down + 1, k, &inverse) > -in;
    if (down_in && up_in) {
        int half = number_order(2 * value, quarter, 2 * down + 1, k, &inverse);
        up_in = half > 0 || (half == 0 && (down & 1));
    }
    return up_in ? down + 1 : down;
}

static size_t number_put_digits(char *out, kundig__u128 value, size_t width)
{
    char digits[40];
    size_t first = sizeof digits;
    while (value >> 64) {
        digits[--first] = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    uint64_t rest = (uint64_t)value;
    while (rest > 0 || sizeof digits - first < width) {
        digits[--first] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    memcpy(out, digits + first, sizeof digits - first);
    return sizeof digits - first;
}

size_t kundig__digits_write(char *out, uint64_t value, size_t width)
{
    return number_put_digits(out, value, width);
}

/* digits * 10^exponent as text, digits > 0 without trailing zeros. */
static size_t number_layout(char *out, uint64_t value, int32_t exponent)
{
    char digits[40]; /* as many as number_put_digits() may write of any value */
    int32_t count = (int32_t)number_put_digits(digits, value, 1);
    int32_t point = count + exponent; /* digits in front of the point */
    char *at = out;
    if (point > 17 || point < -5) {
        *at++ = digits[0];
        if (count > 1) {
            *at++ = '.';
            memcpy(at, digits + 1, (size_t)(count - 1));
            at += count - 1;
        }
        *at++ = 'e';
        char power[KUNDIG__NUMBER_SIZE];
        size_t power_len = kundig__int_write(point - 1, power);
        memcpy(at, power, power_len);
        return (size_t)(at - out) + power_len;
    }
    if (point <= 0) {
        memcpy(at, "0.00000", (size_t)(2 - point));
        at += 2 - point;
        memcpy(at, digits, (size_t)count);
        return (size_t)(at - out) + (size_t)count;
    }
    for (int32_t i = 0; i < point; i++) {
        *at++ = i < count ? digits[i] : '0';
    }
    if (point < count) {
        *at++ = '.';
        memcpy(at, digits + point, (size_t)(count - point));
        at += count - point;
    }
    return (size_t)(at - out);
}

/* |value| = *m * 2^return */
static int32_t number_parts(double value, uint64_t *m, bool *negative)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int32_t biased = (int32_t)(bits >> 52 & 0x7FF);
    *negative = bits >> 63 != 0;
    *m = (bits & ((UINT64_C(1) << 52) - 1)) | (biased ? UINT64_C(1) << 52 : 0);
    return (biased ? biased : 1) - 1075;
}

size_t kundig__number_write(double value, char out[KUNDIG__NUMBER_SIZE])
{
    if (value >= -9007199254740992.0 && value <= 9007199254740992.0) {
        int64_t whole = (int64_t)value;
        if ((double)whole == value) {
            return kundig__int_write(whole, out);
        }
    }
    uint64_t m;
    bool negative;
    int32_t e2 = number_parts(value, &m, &negative);
    bool narrow = m == UINT64_C(1) << 52 && e2 > -1074;
    int32_t exponent;
    uint64_t digits = number_shortest(m, e2, narrow, &exponent);
    while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    size_t at = 0;
    if (negative) {
        out[at++] = '-';
    }
    return at + number_layout(out + at, digits, exponent);
}

size_t kundig__number_write_fixed(double value, int decimals, char out[KUNDIG__NUMBER_SIZE])
{
    static const uint32_t tens[10] = {1,      10,      100,      1000,      10000,
                                      100000, 1000000, 10000000, 100000000, 1000000000};
    uint64_t m;
    bool negative;
    int32_t e2 = number_parts(value, &m, &negative);
    decimals = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
    /* Below 2^57 * 10^9 < 2^87 */
    kundig__u128 units = (kundig__u128)m * tens[decimals];
    if (e2 >= 0) {
        units <<= e2 < 40 ? e2 : 40;
    } else if (e2 < -120) {
        units = 0;
    } else {
        kundig__u128 half = (kundig__u128)1 << (-e2 - 1);
        kundig__u128 rest = units & (half * 2 - 1);
        units >>= -e2;
        units += rest > half || (rest == half && (units & 1)) ? 1 : 0;
    }
    size_t at = 0;
    if (negative && units != 0) {
        out[at++] = '-';
    }
    char *first = out + at;
    size_t count = number_put_digits(first, units, (size_t)decimals + 1);
    if (decimals > 0) {
        size_t whole = count - (size_t)decimals;
        memmove(first + whole + 1, first + whole, (size_t)decimals);
        first[whole] = '.';
        count++;
    }
    return at + count;
}

size_t kundig__int_write(int64_t value, char out[KUNDIG__NUMBER_SIZE])
{
    size_t at = 0;
    uint64_t size = (uint64_t)value;
    if (value < 0) {
        out[at++] = '-';
        size = 0 - size;
    }
    return at + number_put_digits(out + at, size, 1);
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* What the text of a number says. */
typedef struct number_text {
    const char *first;  /* first digit that is not zero */
    const char *end;    /* behind the last digit */
    int64_t exponent;   /* of ten, of the first digit that is not zero */
    uint64_t head;      /* the first digits, up to 19 */
    int32_t head_count; /* how many */
    bool more;          /* a digit behind the head is not zero */
    bool negative;
} number_text;

static void number_add_digit(number_text *number, const char *at, int digit)
{
    if (number->head_count == 0) {
        if (digit == 0) {
            return;
        }
        number->first = at;
    }
    if (number->head_count < 19) {
        number->head = number->head * 10 + (uint64_t)digit;
        number->head_count++;
    } else if (digit != 0) {
        number->more = true;
    }
}

/* Digits from `at`; *leading counts digits in front of the first one that is not zero. */
static const char *number_take_digits(number_text *number, const char *at, const char *end,
                                      int64_t *leading)
{
    while (at < end && *at >= '0' && *at <= '9') {
        number_add_digit(number, at, *at - '0');
        *leading += number->head_count == 0 ? 1 : 0;
        at++;
    }
    return at;
}

static bool number_take_exponent(const char *at, const char *end, int64_t *out)
{
    bool negative = at < end && *at == '-';
    int64_t value = 0;
    at += at < end && (*at == '-' || *at == '+') ? 1 : 0;
    if (at == end) {
        return false;
    }
    for (; at < end; at++) {
        if (*at < '0' || *at > '9') {
            return false;
        }
        /* Far beyond any length of text, far below overflow. */
        value = value < INT64_C(1000000000000000) ? value * 10 + (*at - '0') : value;
    }
    *out = negative ? -value : value;
    return true;
}

static bool number_parse(kundig_text text, bool comma, number_text *out)
{
    const char *at = text.data;
    const char *end = text.data ? text.data + text.len : NULL;
    if (at == end) {
        return false;
    }
    memset(out, 0, sizeof *out);
    out->negative = *at == '-';
    at += *at == '-' || *at == '+' ? 1 : 0;
    const char *digits = at;
    int64_t leading = 0;
    at = number_take_digits(out, at, end, &leading);
    int64_t whole = at - digits;
    if (whole == 0) {
        return false;
    }
    out->end = at;
    if (at < end && (*at == '.' || (comma && *at == ','))) {
        digits = ++at;
        at = number_take_digits(out, at, end, &leading);
        if (at == digits) {
            return false;
        }
        out->end = at;
    }
    int64_t exponent = 0;
    if (at < end && (*at == 'e' || *at == 'E')) {
        if (!number_take_exponent(at + 1, end, &exponent)) {
            return false;
        }
    } else if (at < end) {
        return false;
    }
    out->exponent = whole - leading - 1 + exponent;
    return true;
}

/* Bits of the double nearest to wide * 2^e2, top bit of wide set; half to even. */
static uint64_t number_round(number_wide wide, int32_t e2)
{
    int32_t top = e2 + 191;
    if (top > 1023) {
        return UINT64_C(0x7FF) << 52;
    }
    int32_t precision = top >= -1022 ? 53 : 53 - (-1022 - top);
    if (precision < 0) {
        return 0;
    }
    int32_t cut = 128 - precision;
    kundig__u128 half = (kundig__u128)1 << (cut - 1);
    kundig__u128 rest = wide.high & (half | (half - 1));
    uint64_t mantissa = precision == 0 ? 0 : (uint64_t)(wide.high >> cut);
    if (rest > half || (rest == half && (wide.low != 0 || (mantissa & 1)))) {
        mantissa++;
    }
    /* The hidden bit adds one to the exponent, so does a carry. */
    return (top >= -1022 ? (uint64_t)(top + 1022) << 52 : 0) + mantissa;
}

static void number_normalise(number_wide *wide, int32_t *e2)
{
    if (!(wide->high >> 127)) {
        wide->high = wide->high << 1 | wide->low >> 63;
        wide->low <<= 1;
        *e2 -= 1;
    }
}

/* `bits` may be one too small: compare the text with the middle to the next double. */
static uint64_t number_decide(const number_text *number, uint64_t bits)
{
    number_big digits;
    number_big middle;
    int32_t count = 0;
    bool more = false;
    number_big_set(&digits, 0);
    for (const char *at = number->first; at < number->end; at++) {
        if (*at < '0' || *at > '9') {
            continue;
        }
        if (count < NUMBER_DIGITS) {
            number_big_multiply_add(&digits, 10, (uint32_t)(*at - '0'));
            count++;
        } else if (*at != '0') {
            more = true;
            break;
        }
    }
    if (more) {
        number_big_multiply_add(&digits, 10, 1);
        count++;
    }
    uint64_t m;
    bool negative;
    double value;
    memcpy(&value, &bits, sizeof value);
    int32_t e2 = number_parts(value, &m, &negative);
    number_big_set(&middle, 2 * m + 1);
    /* middle * 2^(e2-1) against digits * 10^k */
    int order = number_big_compare(&middle, e2 - 1, &digits, (int32_t)number->exponent - count + 1);
    return order < 0 || (order == 0 && (bits & 1)) ? bits + 1 : bits;
}

/* Bits of the double nearest to the number; head > 0, exponent in [-326, 309]. */
static uint64_t number_nearest(const number_text *number)
{
    int32_t k = (int32_t)number->exponent - number->head_count + 1;
    number_scale scale = number_power10(k);
    int zeros = number_leading_zeros(number->head);
    number_wide low = number_multiply(number->head << zeros, scale.p);
    number_wide high = low;
    int32_t low_e2 = scale.exponent - zeros;
    int32_t high_e2 = low_e2;
    bool exact = scale.slack == 0 && !number->more;
    bool overflow = false;
    if (!exact) {
        /* At most: the head plus one if more follows, times p plus slack. */
        uint64_t step = number->more ? UINT64_C(1) << zeros : 0;
        number_wide more = number_multiply(step, scale.p);
        kundig__u128 sum = (kundig__u128)low.low + more.low;
        sum += ((kundig__u128)(number->head << zeros) + step) * scale.slack;
        high.low = (uint64_t)sum;
        high.high = low.high + more.high + (sum >> 64);
        overflow = high.high < low.high;
    }
    number_normalise(&low, &low_e2);
    uint64_t bits = number_round(low, low_e2);
    if (exact) {
        return bits;
    }
    if (!overflow) {
        number_normalise(&high, &high_e2);
        if (bits == number_round(high, high_e2)) {
            return bits;
        }
    }
    return number_decide(number, bits);
}

static bool number_convert(kundig_text text, bool comma, double *out)
{
    static const double tens[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    number_text number;
    if (!number_parse(text, comma, &number)) {
        return false;
    }
    double value = 0;
    int64_t k = number.exponent - number.head_count + 1;
    if (number.head == 0 || number.exponent < -326) {
        *out = 0;
        return true;
    }
    if (number.exponent > 309) {
        return false;
    }
    if (!number.more && number.head <= UINT64_C(9007199254740992) && k >= -22 && k <= 22) {
        /* Both are exact doubles, so one operation rounds once. */
        value = k < 0 ? (double)number.head / tens[-k] : (double)number.head * tens[k];
    } else {
        uint64_t bits = number_nearest(&number);
        if (bits >= UINT64_C(0x7FF) << 52) {
            return false;
        }
        memcpy(&value, &bits, sizeof value);
    }
    *out = number.negative && value != 0 ? -value : value;
    return true;
}

bool kundig__number_read(kundig_text text, double *out)
{
    return number_convert(text, false, out);
}

bool kundig__number_read_comma(kundig_text text, double *out)
{
    return number_convert(text, true, out);
}
