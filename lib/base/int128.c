/* Rounds a 128-bit sum to a double by hand: the top 53 bits, then half to even on what is cut.
 * Compilers call a run-time helper for this, and helpers differ. Constant cost. */
#include "base/int128.h"

static double int128_scale(uint64_t mantissa, int shift)
{
    double result = (double)mantissa; /* below 2^54: exact */
    for (; shift >= 32; shift -= 32) {
        result *= 4294967296.0;
    }
    return result * (double)(UINT64_C(1) << shift);
}

double kundig__i128_to_double(kundig__i128 value)
{
    kundig__u128 size = value < 0 ? -(kundig__u128)value : (kundig__u128)value;
    uint64_t high = (uint64_t)(size >> 64);
    int bits = 0;
    for (uint64_t rest = high ? high : (uint64_t)size; rest; rest >>= 1) {
        bits++;
    }
    bits += high ? 64 : 0;
    int shift = bits > 53 ? bits - 53 : 0;
    uint64_t mantissa = (uint64_t)(size >> shift);
    if (shift > 0) {
        kundig__u128 rest = size - ((kundig__u128)mantissa << shift);
        kundig__u128 half = (kundig__u128)1 << (shift - 1);
        if (rest > half || (rest == half && (mantissa & 1))) {
            mantissa++;
        }
    }
    double result = int128_scale(mantissa, shift);
    return value < 0 ? -result : result;
}
