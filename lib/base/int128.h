/* Sums in 128 bits. */
#ifndef KUNDIG_BASE_INT128_H
#define KUNDIG_BASE_INT128_H

#include <stdint.h>

__extension__ typedef __int128 kundig__i128;
__extension__ typedef unsigned __int128 kundig__u128;

/* Nearest double, ties to even; written out so that every compiler agrees. */
double kundig__i128_to_double(kundig__i128 value);

#endif
