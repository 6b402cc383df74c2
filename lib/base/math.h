/* Own mathematics: no libm, so the same bits on every machine, compiler and level. Built from
 * + - * / on IEEE doubles in a fixed order, with -ffp-contract=off. Each states its accuracy. */
#ifndef KUNDIG_BASE_MATH_H
#define KUNDIG_BASE_MATH_H

#include <stdbool.h>
#include <stdint.h>

bool kundig__is_finite(double x);
double kundig__abs(double x);
double kundig__floor(double x);
double kundig__sqrt(double x);            /* correctly rounded; x >= 0 */
double kundig__log(double x);             /* <= 1 ulp; x > 0 */
double kundig__exp(double x);             /* <= 1 ulp */
double kundig__erfc(double x);            /* relative error <= 1e-14 */
double kundig__normal_cdf(double x);      /* relative error <= 1e-14 */
double kundig__normal_quantile(double p); /* 0 < p < 1; relative error <= 1e-14 */
double kundig__lgamma(double x);          /* x > 0; relative error <= 1e-14 away from 1 and 2 */
/* Regularised incomplete beta I_x(a, b), a and b in [1e-100, 1e15]; absolute error <= 1e-13. */
double kundig__beta_inc(double a, double b, double x);
/* Quantile of Student's t with df > 0 degrees of freedom; relative error <= 1e-12. */
double kundig__student_quantile(double p, double df);

#endif
