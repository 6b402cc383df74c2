/* Linear programs that start where they are. */
#ifndef KUNDIG_TESTS_SIMPLEX_H
#define KUNDIG_TESTS_SIMPLEX_H

#include <stddef.h>

/* A slack a row, s_i = b_i + sum a_ij y_j >= 0, of variables y_j >= 0; every b_i >= 0, so all y_j =
 * 0 is allowed. */
typedef struct program {
    int rows;
    int columns;
    double *a;     /* rows of columns + 1, b last */
    double *start; /* a before it was climbed */
    double *goal;  /* columns + 1 */
} program;

double *program_row(const program *p, int row);
/* Make the goal as great as can be, or stop where it is `enough`; INFINITY: there is no end; NAN:
 * it took too many steps. Names, of rows and columns, are all different at first. */
double program_climb(program *p, double enough, int *row_names, int *column_names);

#endif
