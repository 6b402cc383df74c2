/* Control charts over series: for the files of this room. */
#ifndef KUNDIG_WHY_CONTROL_H
#define KUNDIG_WHY_CONTROL_H

#include "why/series.h"

#define KUNDIG__CONTROL_LEAST 3 /* periods with a customer that tell a level */

typedef struct kundig__control_point {
    bool tested;     /* the rest means something */
    bool overspread; /* the baseline varies by more than chance: limits are wider */
    int8_t signal;   /* 1 up, -1 down */
    uint32_t onset;  /* where there is a signal: the period in which it began */
    double value;    /* what the chart draws */
    double expected; /* customers; 0 where the chart is of a metric */
    double centre;
    double lower;
    double upper;
    double p; /* of the period alone; NaN: the chart has none */
    double q;
} kundig__control_point;

typedef struct kundig__control {
    kundig__mem *mem;
    kundig__control_point *points; /* a series and period */
    uint32_t count;
    uint32_t periods;
} kundig__control;

/* chart is KUNDIG_CHART_, not default; options were checked and their zeros filled.
 * values: NULL, or a metric's value a series and period (NaN: none), of EWMA and CUSUM. */
int kundig__control_run(const kundig__series *series, const double *values, int32_t chart,
                        const kundig_chart_options *options, kundig__control *out,
                        kundig_error *err);
void kundig__control_free(kundig__control *control);

/* chart.c: series and the values of a query, as kundig_chart() and kundig_alarms() ask it. */
typedef struct kundig__charted {
    kundig__mem *mem;
    kundig_query *query; /* with every and a group field */
    kundig__series series;
    double *values; /* NULL: counts are charted */
    kundig_text metric;
} kundig__charted;

int kundig__charted_new(kundig__corpus *corpus, const kundig_query *query,
                        const kundig_chart_options *options, kundig__charted *out,
                        kundig_error *err);
void kundig__charted_free(kundig__charted *charted);
const char *kundig__chart_name(int32_t chart);
/* Columns and cells of a series' keys, the first ones of a table. */
void kundig__charted_key_columns(const kundig__charted *charted, kundig_table *table);
void kundig__charted_keys(const kundig__charted *charted, uint32_t series, kundig_table *table);

#endif
