/* What is known of each column on the way from a header to a record; shared inside ingest. */
#ifndef KUNDIG_INGEST_COLUMNS_H
#define KUNDIG_INGEST_COLUMNS_H

#include "base/dict.h"
#include "base/zone.h"
#include "ingest/ingest.h"

/* ---- Names: "NPSScore", "nps_score" and "NPS score" are the same words ---- */

#define KUNDIG__NAME_SIZE 192

/* Lower case, umlauts written out, words apart by one blank, a blank at both ends. */
typedef struct kundig__name {
    char text[KUNDIG__NAME_SIZE];
    size_t len;
} kundig__name;

void kundig__name_read(kundig__name *words, kundig_text name);
/* The phrase stands in the name as whole words; a `*` at its end matches any rest of a word. */
bool kundig__name_have(const kundig__name *words, const char *phrase);
/* Any of the phrases of a NULL-ended list. */
bool kundig__name_have_any(const kundig__name *words, const char *const *phrases);

/* ---- Fields ---- */

enum {
    KUNDIG__COLUMN_IGNORE,
    KUNDIG__COLUMN_TEXT,
    KUNDIG__COLUMN_ID,
    KUNDIG__COLUMN_CUSTOMER,
    KUNDIG__COLUMN_TIME,
    KUNDIG__COLUMN_UPDATED,
    KUNDIG__COLUMN_KIND,
    KUNDIG__COLUMN_CHANNEL,
    KUNDIG__COLUMN_TOUCHPOINT,
    KUNDIG__COLUMN_STAGE,
    KUNDIG__COLUMN_CASE,
    KUNDIG__COLUMN_AGENT,
    KUNDIG__COLUMN_DEPARTMENT,
    KUNDIG__COLUMN_SEGMENT,
    KUNDIG__COLUMN_PRODUCT,
    KUNDIG__COLUMN_LANGUAGE,
    KUNDIG__COLUMN_PURPOSE,
    KUNDIG__COLUMN_CONSENT,
    KUNDIG__COLUMN_WEIGHT,
    KUNDIG__COLUMN_SCORE,
    KUNDIG__COLUMN_ATTRIBUTE,
    KUNDIG__COLUMN_SOURCE, /* never guessed: maps alone name it */
    KUNDIG__COLUMN_FIELDS
};

const char *kundig__column_field_name(int field); /* "time"; a score's is by its scale */
/* How well a name fits a single-use field: 0 not at all, 1 to 7. */
int kundig__name_fit(const kundig__name *words, int field);
bool kundig__name_personal(const kundig__name *words);
bool kundig__name_counter(const kundig__name *words); /* "row", "lfd. Nr.": counts rows */

/* ---- Dates ---- */

enum {
    KUNDIG__MOMENT_YEAR_FIRST = 1,
    KUNDIG__MOMENT_NUMERIC, /* 3/4/2018: first and second are day and month in some order */
    KUNDIG__MOMENT_NAMED,   /* 3 April 2018 */
    KUNDIG__MOMENT_UNIX
};

typedef struct kundig__moment {
    int32_t shape;
    int32_t year;
    int32_t first;  /* NUMERIC: as written; else the month */
    int32_t second; /* NUMERIC: as written; else the day */
    bool dotted;    /* NUMERIC with dots: the day stands first wherever dots are used */
    bool clock;     /* a time of day was written */
    bool offset;
    bool no_such_clock;
    int32_t precision;
    int64_t clock_ms; /* into the day */
    int64_t offset_ms;
    int64_t unix_ms;
} kundig__moment;

/* false: not written as a date. `loose`: bare digits (Unix seconds and milliseconds, YYYYMMDD)
 * count as well. */
bool kundig__moment_read(kundig_text text, bool loose, kundig__moment *out);
/* The instant; order is KUNDIG_DATES_DAY_FIRST or _MONTH_FIRST; day_only: drop the clock. NULL, or
 * a reason such as "there is no month 13". */
const char *kundig__moment_resolve(const kundig__moment *moment, int32_t order, bool day_only,
                                   const kundig__zone *zone, int64_t *time_ms, int32_t *precision);

/* What a whole column says of the order of day and month. */
typedef struct kundig__date_votes {
    uint64_t day_first;   /* the first number is above 12 */
    uint64_t month_first; /* the second is */
    uint64_t open;        /* both are at most 12, and differ */
    uint64_t dotted;      /* of the open ones */
    uint64_t clocks;      /* not at midnight */
} kundig__date_votes;

void kundig__date_vote(kundig__date_votes *votes, const kundig__moment *moment);

/* ---- Values ---- */

bool kundig__value_blank(kundig_text value); /* empty, NULL, N/A, ... in any column; trimmed */
bool kundig__value_missing(
    kundig_text value);                    /* and "-", "k.A.", "none", ... in scores and dates */
int kundig__value_bool(kundig_text value); /* KUNDIG_YES, KUNDIG_NO or KUNDIG_UNKNOWN */
int kundig__value_kind(kundig_text value); /* KUNDIG_KIND_ or -1 */
bool kundig__value_number(kundig_text value, double *out); /* decimal point or comma */
/* A number, alone or before words ("10 - very likely", "4 stars", "8/10"); *whole is 10 in "8/10",
 * else 0. */
bool kundig__value_score(kundig_text value, double *out, double *whole);
bool kundig__value_email(kundig_text value);
bool kundig__value_ip(kundig_text value);

/* ---- Profile: what the values of a column look like, over all rows, in any order ---- */

typedef struct kundig__profile {
    uint64_t filled; /* not missing in the wide sense */
    uint64_t scores; /* read as a score; minimum and maximum are theirs */
    uint64_t numbers;
    uint64_t integers;
    uint64_t padded; /* numbers with leading zeros: codes */
    uint64_t bools;
    uint64_t kinds;
    uint64_t dates;       /* with separators or names */
    uint64_t loose_dates; /* or bare digits */
    uint64_t emails;
    uint64_t ips;
    uint64_t bytes;
    uint64_t blanks;  /* inside values: words less one */
    uint64_t in_five; /* scores in 1 to 5 */
    uint64_t in_ten;  /* in 0 to 10 */
    double minimum;
    double maximum;
    double low; /* as minimum and maximum, without the rare values off a usual scale */
    double high;
    kundig__date_votes votes;
    kundig__dict distinct;
    bool many; /* more distinct values than are counted */
    kundig_text example;
} kundig__profile;

/* ---- Plan: what becomes of a column ---- */

typedef struct kundig__column_plan {
    kundig_text name; /* unique and not empty, valid UTF-8 */
    kundig__name words;
    kundig__name question; /* of a second header row */
    bool kind_name;        /* the name fits kinds of feedback */
    kundig__profile profile;
    int field;
    bool forced; /* by options.map */
    bool personal;
    kundig_text why;
    /* scores */
    int32_t scale;
    int32_t direction;
    double minimum;
    double maximum;
    bool employees; /* an eNPS question */
    /* time and updated */
    int32_t order;
    bool day_only;
    bool loose;
    bool ambiguous;
    int32_t type; /* attributes: KUNDIG_VALUE_ */
    /* second pass */
    uint64_t filled;
    uint64_t missing;
} kundig__column_plan;

/* Everything one call works with. */
typedef struct kundig__ingest {
    kundig__corpus *corpus;
    kundig__context *context;
    kundig__rows *rows;
    const kundig_ingest_options *options;
    kundig_text remembered; /* a map; absent: none */
    bool remembered_used;
    kundig__arena arena;
    kundig__column_plan *plans;
    size_t count;
    size_t skip;        /* header rows behind the header */
    uint64_t data_rows; /* seen in the first pass, bad ones included */
    uint64_t good_rows;
    /* the first pass looks at bytes as well */
    uint64_t nul_rows;
    uint64_t nul_line;
    uint64_t odd_rows; /* not UTF-8 */
    uint64_t odd_1252; /* of them, those that read well as Windows-1252 */
    uint64_t odd_line;
    uint64_t odd_offset;
    kundig__buf sentence; /* scratch for reasons */
    kundig_ingest_report *report;
    /* the second pass */
    kundig_score *scores; /* room for all columns */
    kundig_attribute *attributes;
    const kundig__zone *zone;
    int32_t kind; /* of rows without one */
    uint64_t rows_read;
    uint64_t rejected;
    kundig_error first_reject; /* pos is the line */
    kundig_added added;
} kundig__ingest;

/* Text in the arena from a printf format; absent on failure of memory. */
kundig_text kundig__ingest_say(kundig__ingest *ingest, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Names of columns: unique, not empty; a first row that looks like data is KUNDIG_E_FORMAT. */
int kundig__names_read(kundig__ingest *ingest, kundig_error *err);
int kundig__profile_rows(kundig__ingest *ingest, kundig_error *err);
int kundig__map_options(kundig__ingest *ingest, kundig_error *err);
int kundig__map_guess(kundig__ingest *ingest, kundig_error *err);
const char *kundig__plan_field(const kundig__column_plan *plan, char buffer[64]);

/* ---- Records: one row becomes one record ---- */

/* What is wrong with a cell: its place in the row and a sentence. */
typedef struct kundig__cell_fault {
    size_t column; /* from 0; SIZE_MAX: the whole row */
    kundig_error reason;
} kundig__cell_fault;

/* Borrows from the row. false: the row is refused, fault says why. */
bool kundig__record_read(kundig__ingest *ingest, const kundig__row *row, kundig_feedback *record,
                         kundig__cell_fault *fault);

/* ---- Report ---- */

int kundig__report_new(kundig__mem *mem, bool decode, uint32_t mask, kundig_ingest_report **out,
                       kundig_error *err);
/* Rows of the header, as they stood. */
void kundig__report_header(kundig_ingest_report *report, kundig_text raw);
/* column 0: the whole row. raw may be absent. */
void kundig__report_reject(kundig_ingest_report *report, uint64_t line, uint64_t column,
                           uint64_t offset, kundig_text reason, kundig_text raw);
void kundig__report_finding(kundig_ingest_report *report, bool warning, uint64_t count,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
void kundig__report_mapping(kundig_ingest_report *report, const kundig__ingest *ingest);
void kundig__report_number(kundig_ingest_report *report, const char *name, uint64_t value);
int kundig__report_finish(kundig_ingest_report *report, kundig_error *err);

#endif
