/* A deterministic source of feedback: the same seed gives the same records on every machine. */
#ifndef KUNDIG_BENCH_FEEDBACK_H
#define KUNDIG_BENCH_FEEDBACK_H

#include <stddef.h>
#include <stdint.h>

enum {
    TOPIC_DELIVERY,
    TOPIC_BILLING,
    TOPIC_HOTLINE,
    TOPIC_APP,
    TOPIC_RETURNS,
    TOPIC_PRODUCT,
    TOPIC_STAFF,
    TOPIC_PRICE,
    TOPIC_SETUP,
    TOPIC_WEBSITE,
    TOPIC_COUNT
};
enum { GERMAN, ENGLISH };
enum { BAD, MIXED, GOOD };

/* [language][mood] -> sentences, the last one NULL */
typedef const char *const *sentence_topic[2][3];

extern const sentence_topic sentence_topics[TOPIC_COUNT];
extern const char *const sentence_openers[2][3][5];
extern const char *const sentence_closers[2][3][5];
extern const char *const sentence_products[3][8]; /* the third: German, as an object */
extern const char *const sentence_weekdays[2][6];
extern const char *const sentence_names[2][8];

typedef struct feedback_source {
    uint64_t random;
    uint64_t next_id;
    uint32_t customers;      /* how many different ones there are */
    uint32_t german_percent; /* of the comments */
    uint32_t comment_bytes;  /* mean length aimed at; 0: as people write, some of them nothing */
    uint32_t no_comments;    /* 1: nobody writes anything */
} feedback_source;

typedef struct feedback_record {
    char id[16];
    char date[11];     /* 2026-01-01 to 2026-08-31 */
    int64_t day;       /* the same, in days since 1970 */
    char customer[16]; /* "": not known */
    const char *channel;
    const char *touchpoint;
    const char *stage;
    int nps;              /* 0 to 10; -1: not answered */
    int csat;             /* 1 to 5; -1: not answered */
    const char *language; /* "de" or "en" */
    char comment[2048];
    size_t comment_len;
} feedback_record;

void feedback_start(feedback_source *source, uint64_t seed, uint64_t records);
void feedback_next(feedback_source *source, feedback_record *record);

#endif
