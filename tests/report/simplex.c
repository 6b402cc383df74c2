/* The simplex method on a dense dictionary. Cost: rows times columns a step. */
#include "simplex.h"

#include <math.h>
#include <stdbool.h>

double *program_row(const program *p, int row)
{
    return p->a + (size_t)row * (size_t)(p->columns + 1);
}

static void program_pivot(program *p, int row, int column)
{
    double *leaving = program_row(p, row);
    double pivot = leaving[column];
    for (int j = 0; j <= p->columns; j++) {
        leaving[j] = j == column ? 1 / pivot : -leaving[j] / pivot;
    }
    for (int i = 0; i <= p->rows; i++) {
        double *other = i == p->rows ? p->goal : program_row(p, i);
        double factor = other[column];
        if (i == row || factor == 0) {
            continue;
        }
        other[column] = 0;
        for (int j = 0; j <= p->columns; j++) {
            other[j] += factor * leaving[j];
            if (fabs(other[j]) < 1e-11) {
                other[j] = 0;
            }
        }
    }
}

/* Names break ties (Bland) once it has gone on for long. */
double program_climb(program *p, double enough, int *row_names, int *column_names)
{
    for (int round = 0;; round++) {
        int column = -1;
        if (round == 20000) {
            return NAN;
        }
        int row = -1;
        double best = 1e-9;
        double least = 0;
        if (p->goal[p->columns] >= enough) {
            break;
        }
        for (int j = 0; j < p->columns; j++) {
            bool careful = round > 500;
            if (p->goal[j] > 1e-9 && (careful ? column < 0 || column_names[j] < column_names[column]
                                              : p->goal[j] > best)) {
                best = p->goal[j];
                column = j;
            }
        }
        if (column < 0) {
            break;
        }
        for (int i = 0; i < p->rows; i++) {
            const double *at = program_row(p, i);
            if (at[column] < -1e-9) {
                double ratio = -at[p->columns] / at[column];
                if (row < 0 || ratio < least - 1e-12 ||
                    (ratio <= least + 1e-12 && row_names[i] < row_names[row])) {
                    least = ratio;
                    row = i;
                }
            }
        }
        if (row < 0) {
            return INFINITY;
        }
        program_pivot(p, row, column);
        int name = row_names[row];
        row_names[row] = column_names[column];
        column_names[column] = name;
    }
    return p->goal[p->columns];
}
