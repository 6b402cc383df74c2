/* Events of groups in time: what the files of kundig_emerging() share.
 *
 *   emerging_events.c   records to events: when, whose, in which group
 *   emerging.c          bursts, rises and what is near no known topic
 *   emerging_tell.c     which of them are told, and how */
#ifndef KUNDIG_WHY_EMERGING_H
#define KUNDIG_WHY_EMERGING_H

#include "corpus/period.h"
#include "corpus/query.h"
#include "corpus/said.h"
#include "why/rates.h"

#define EMERGING_STRANGE 950 /* thousandths of novelty */

/* A customer is one event a period and group: the first record. Records that name none are an event
 * each. */
typedef struct emerging_events {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig_query *query; /* the caller's: grouped, without periods */
    kundig__grouping *grouping;
    const kundig__said *said; /* NULL: nothing asked is read from comments */
    uint32_t rows;
    uint32_t group_count; /* of the grouping; the one behind them: near no known topic */
    int64_t *keys;        /* when, a row: milliseconds, or days where `by_day` */
    int32_t *days;        /* local day of a row since 1970; EMERGING_NO_DAY: it is left out */
    bool by_day;          /* some records are known by the day alone */
    uint64_t timeless;
    const uint32_t *people; /* codes a row; NULL: none is named */
    uint32_t people_count;
    uint64_t *stamps;  /* a person: the last group and period */
    uint64_t *starts;  /* group_count + 2: of the group's rows in `members` */
    uint32_t *members; /* by group, then by key */
    uint64_t member_count;
    uint32_t *all; /* rows that are asked for, by key */
    uint32_t all_count;
    int32_t first_day; /* of all */
    int32_t last_day;
} emerging_events;

#define EMERGING_NO_DAY INT32_MIN

/* Empty before; after a failure too it must be freed. */
int kundig__emerging_events_new(kundig__corpus *corpus, const kundig_query *query,
                                emerging_events *out, kundig_error *err);
void kundig__emerging_events_free(emerging_events *events);
/* Of `count` rows by key, those that are events with periods of `every`, in order: their places
 * among the rows into `out`; returns how many. mark tells this use of the stamps from others. */
uint32_t kundig__emerging_first(emerging_events *events, const uint32_t *rows, uint32_t count,
                                int32_t every, uint32_t mark, uint32_t *out);
/* Distinct customers of rows with from <= when <= to, and records that name none; all records in
 * *records. When is the key, or with `days` the day. */
uint64_t kundig__emerging_customers(emerging_events *events, const uint32_t *rows, uint32_t count,
                                    int64_t from, int64_t to, bool days, uint32_t mark,
                                    uint64_t *records, bool *named);

enum { EMERGING_BURST, EMERGING_RISE, EMERGING_NOVELTY, EMERGING_KINDS };

typedef struct emerging_find {
    int kind;
    bool rises; /* found as a rise is, else as a burst */
    uint32_t group;
    uint32_t level;
    int64_t from; /* keys of events, both inside; of rises days */
    int64_t to;
    int32_t until; /* a day: for the order */
    uint64_t records;
    uint64_t customers;
    bool named;
    kundig__rate rate;
    double p;
    double q;
    kundig_text word; /* of novelty; absent */
} emerging_find;

typedef struct emerging_job {
    emerging_events events;
    kundig__context *context;
    kundig__mem *mem;
    const kundig_emerging_options *options;
    kundig__arena arena; /* of words */
    double level;
    int32_t every;
    uint32_t mark; /* uses of the stamps so far */
    uint32_t *places;
    int64_t *times; /* of the events in hand */
    int64_t *all_times;
    uint32_t all_count; /* events */
    uint32_t *relevant; /* batches: the days with an event */
    uint32_t *batches;
    int32_t *batch_days;
    uint32_t batch_count;
    int32_t period; /* the last whole one, by its first day */
    int32_t next;   /* first day behind it */
    int32_t first;  /* of the first whole one */
    uint64_t all_now;
    uint64_t all_before;
    emerging_find *finds;
    size_t count;
    size_t capacity;
    uint32_t *ranks; /* a group: its place in order of keys */
    uint32_t *order; /* finds that are told */
    size_t told;
    uint64_t groups; /* that were looked at */
    bool rises;      /* there are periods to compare */
    size_t most;     /* rows of a group, or all: room of places and times */
    uint64_t silent; /* groups without a burst */
} emerging_job;

/* emerging_tell.c: the words that comments near no known topic have begun to use, as finds. */
int kundig__emerging_words(emerging_job *job, kundig_error *err);
/* What of the finds exceeds chance, as a table. */
int kundig__emerging_tell(emerging_job *job, kundig_table **out, kundig_error *err);

#endif
