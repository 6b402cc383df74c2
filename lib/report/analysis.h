/* The page of kundig_analyze() as data: sections of sentences and tables, found by one file each
 * and drawn by another. For the files of this room. */
#ifndef KUNDIG_REPORT_ANALYSIS_H
#define KUNDIG_REPORT_ANALYSIS_H

#include "metrics/metrics.h"
#include "report/page.h"

#define KUNDIG__LINE_PLAIN   0
#define KUNDIG__LINE_QUIET   1 /* explains, does not tell */
#define KUNDIG__LINE_WARNING 2
#define KUNDIG__LINE_COMMAND 3 /* to be typed as it stands */

typedef struct kundig__line {
    int mark;
    kundig_text text;
} kundig__line;

/* How the page draws a section's table. */
#define KUNDIG__DRAW_TABLE   0
#define KUNDIG__DRAW_SCORES  1 /* question, metric, unit, value, lo, hi, n, then shares */
#define KUNDIG__DRAW_GROUPS  2 /* a key, value, lo, hi, n ... on the axis of all groups */
#define KUNDIG__DRAW_CHANGES 3 /* a key, a, b, difference, lo, hi, q on an axis around zero */
#define KUNDIG__DRAW_NOTHING 4

typedef struct kundig__section {
    kundig_text title;
    kundig__line *lines; /* those before `after` stand above the table */
    size_t line_count;
    size_t line_capacity;
    size_t after;
    kundig_table *table; /* owned; NULL: none */
    kundig_table *shown; /* owned; what the page draws instead; NULL: table */
    int drawing;
    int unit; /* of the values drawn */
} kundig__section;

/* One row of an answer. */
typedef struct kundig__figure {
    bool ok;
    double value;
    double lo;
    double hi;
    int64_t n;
    bool has_customers;
    int64_t customers;
    kundig_text status; /* dies with the table */
} kundig__figure;

typedef struct kundig__analysis {
    kundig__corpus *corpus;
    const kundig_query *query; /* NULL: everything */
    const kundig_ingest_report *report;
    kundig_text title;
    kundig__mem *mem;
    kundig__arena arena;
    kundig__section *sections;
    size_t section_count;
    size_t section_capacity;
    bool failed; /* a sentence or a section could not be made */

    /* volumes.c: records that meet the query */
    uint64_t records;
    uint64_t with_text;
    uint64_t with_score;
    uint64_t with_time;
    uint64_t with_customer;
    uint64_t employees;
    uint64_t *answers; /* a question; in the arena */
    kundig_text first_day;
    kundig_text last_day; /* absent: no record has a time */
    uint64_t days;        /* from first to last, both counted */

    /* The question that groups, periods and words are about. */
    bool scored;
    size_t question;
    kundig_text question_name;
    const char *metric;
    int unit;
    int32_t low;          /* thousandths; the worst third, for NPS the detractors */
    int32_t high;         /* the best third, for NPS the promoters */
    bool low_is_bad;      /* false: lower is better, so `high` is the bad end */
    const char *bad_name; /* "detractors" or "low scores": who stands at the bad end */
    const char *good_name;
    double level;
    kundig__figure overall;
    bool axis; /* axis_lo and axis_hi are set */
    double axis_lo;
    double axis_hi;

    /* What the commands at the end are made of. */
    kundig_text group_field; /* the first field drawn by groups; absent: none */
    kundig_text worst_group; /* below the rest by more than chance; absent: none */
    kundig_text worst_field;
    kundig_text period_a;
    kundig_text period_b;
    bool moved;
    kundig_text moved_group; /* of group_field: moved to the bad by more than chance */
    kundig_text word;        /* the word that most sets the bad end apart */
    kundig_text topic;       /* with most comments; absent: none */
} kundig__analysis;

/* analyze.c: building. Failure sticks in `failed`. */
kundig__section *kundig__section_new(kundig__analysis *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void kundig__section_line(kundig__analysis *a, kundig__section *section, int mark,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Texts that live as long as the analysis; "" on failure. */
const char *kundig__analysis_count(kundig__analysis *a, uint64_t count);
const char *kundig__analysis_value(kundig__analysis *a, int unit, double value, bool sign);
const char *kundig__analysis_percent(kundig__analysis *a, uint64_t part, uint64_t whole);
const char *kundig__analysis_p(kundig__analysis *a, double p);
const char *kundig__analysis_text(kundig__analysis *a, kundig_text text);
/* "1 record", "2,353 records" */
const char *kundig__analysis_counted(kundig__analysis *a, uint64_t count, const char *what);
/* A copy of the query with a metric (and question) of ours. */
int kundig__analysis_query(kundig__analysis *a, const char *metric, kundig_text question,
                           kundig_query **out, kundig_error *err);
/* "question:NAME" */
kundig_text kundig__analysis_field(kundig__analysis *a);
/* Conditions on the question of the analysis: the bad and the good end. */
int kundig__analysis_ends(kundig__analysis *a, kundig_query *query, uint32_t *bad, uint32_t *good,
                          kundig_error *err);
void kundig__figure_read(const kundig_table *table, size_t row, kundig__figure *out);

/* Findings, in the order of the page. */
int kundig__find_profile(kundig__analysis *a, kundig_error *err); /* volumes.c */
int kundig__find_understood(kundig__analysis *a, kundig_error *err);
int kundig__find_volumes(kundig__analysis *a, kundig_error *err);
int kundig__find_health(kundig__analysis *a, kundig_error *err);
int kundig__find_scores(kundig__analysis *a, kundig_error *err);  /* scores.c */
int kundig__find_groups(kundig__analysis *a, kundig_error *err);  /* groups.c */
int kundig__find_changes(kundig__analysis *a, kundig_error *err); /* changes.c */
int kundig__find_causes(kundig__analysis *a, kundig_error *err);  /* why.c */
int kundig__find_impact(kundig__analysis *a, kundig_error *err);
int kundig__find_alarms(kundig__analysis *a, kundig_error *err);
int kundig__find_topics(kundig__analysis *a, kundig_error *err); /* topics.c */
int kundig__find_words(kundig__analysis *a, kundig_error *err);  /* contrast.c */
int kundig__find_next(kundig__analysis *a, kundig_error *err);   /* next.c */

/* draw.c: what the page is about, then one section with a table of its own drawing. */
void kundig__draw_title(kundig__page *page, const kundig__analysis *a);
void kundig__draw_section(kundig__page *page, const kundig__analysis *a,
                          const kundig__section *section);
/* plot.c: an interval on an axis, in `width` columns. */
void kundig__plot_snap(int unit, double *lo, double *hi); /* outward, to round values */
void kundig__plot_interval(kundig__page *page, size_t width, const double axis[2], double mark,
                           double lo, double hi, double value, int style);
/* Three parts of a whole, from the bad end to the good one. */
void kundig__plot_parts(kundig__page *page, size_t width, const uint64_t parts[3]);

#endif
