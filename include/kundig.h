/** kundig: customer feedback in, honest numbers out, inside your own process.
 *
 *  ## What it is
 *
 *  Facts go in (feedback, customers, events), tables of answers come out. Everything between is a
 *  function of the facts: the same facts give the same bytes, in any order of arrival, with any
 *  number of threads, from C, Python, Lua or the command line. Nothing leaves the process.
 *
 *  ## Example
 *
 *      kundig *k = NULL;
 *      kundig_query *q = NULL;
 *      kundig_table *t = NULL;
 *      kundig_error err;
 *      int rc = kundig_open(":memory:", 8, NULL, &k, &err);
 *      if (!rc) rc = kundig_ingest_file(k, "feedback.csv", 12, NULL, NULL, &err);
 *      if (!rc) rc = kundig_query_new(NULL, &q);
 *      if (!rc) rc = kundig_query_set_metric(q, "nps", 3, &err);
 *      if (!rc) rc = kundig_query_group_by(q, "stage", 5, &err);
 *      if (!rc) rc = kundig_measure(k, q, &t, &err);
 *      if (rc) fprintf(stderr, "%s\n", err.message);
 *      kundig_table_free(t); kundig_query_free(q); kundig_close(k);
 *
 *  ## Lifetimes
 *
 *  There are two: handles (kundig, kundig_query, kundig_state, kundig_examples) and results
 * (kundig_table, kundig_bytes, kundig_ingest_report, kundig_model). A result owns everything it
 * shows and borrows nothing: it may outlive the handle that made it. Every pointer read from a
 * result dies with the result. Records and texts handed in are borrowed for the call alone. Every
 * free takes NULL.
 *
 *  ## Threads
 *
 *  A kundig handle, a query and a state belong to one thread at a time; a second thread inside a
 *  kundig handle gets KUNDIG_E_BUSY, a forked child KUNDIG_E_FORK. Different handles are free of
 *  each other. Tables, bytes, reports and models are immutable: any thread may read them at any
 *  time.
 *  kundig_options.threads lets one call fork and join inside itself and changes no result.
 *
 *  ## Caveats
 *
 *  - Output arguments are set on KUNDIG_OK alone; on any error they are untouched, nothing leaks,
 *    and the corpus is as it was before the call.
 *  - Options and records are size-first: fill them with their _init function, then set fields.
 *    Zero means default. A field this library does not know must be zero (KUNDIG_E_VERSION).
 *  - Text is a pointer and a length in bytes, UTF-8, no NUL needed. Absent text is a NULL pointer;
 *    an empty text is not absent.
 *  - Values are in natural units: a Net Promoter Score lies in [-1, 1], a share in [0, 1]. Only
 *    pages made for people show them times 100.
 *  - A number that cannot be given is null with a status, never zero and never NaN.
 *  - A store is one file with up to two beside it while it is open (FILE-wal, FILE-shm): copy them
 *    together, or close first. What kundig_erase() promises, and what not, stands there.
 *  - The library never prints, aborts, exits, or reads the locale, the clock or the environment.
 *
 *  Net Promoter, Net Promoter Score and NPS are trademarks of their owners.
 */
#ifndef KUNDIG_H
#define KUNDIG_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KUNDIG_VERSION_MAJOR  0
#define KUNDIG_VERSION_MINOR  1
#define KUNDIG_VERSION_PATCH  0
#define KUNDIG_VERSION_STRING "0.1.0"
/* The number in the shared library's name: grows only when an existing program would break. */
#define KUNDIG_ABI_VERSION 0

/* Whoever compiles kundig into another module hides it by defining KUNDIG_API as nothing. */
#if defined(KUNDIG_API)
#elif defined(_WIN32)
#define KUNDIG_API
#elif defined(__GNUC__)
#define KUNDIG_API __attribute__((visibility("default")))
#else
#define KUNDIG_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Errors --------------------------------------------------------------------------------- */

/* Numbers are pinned for ever. */
#define KUNDIG_OK          0
#define KUNDIG_E_ARG       (-1)  /* an argument is not of the documented form */
#define KUNDIG_E_NOMEM     (-2)  /* the allocator returned NULL */
#define KUNDIG_E_LIMIT     (-3)  /* the memory limit or a documented size limit was reached */
#define KUNDIG_E_IO        (-4)  /* the operating system refused a file */
#define KUNDIG_E_FORMAT    (-5)  /* bytes are not what they should be; pos is the byte offset */
#define KUNDIG_E_VERSION   (-6)  /* made by, or for, another version; not mixed */
#define KUNDIG_E_NOT_FOUND (-7)  /* a metric, field, question or zone of that name is unknown */
#define KUNDIG_E_AMBIGUOUS (-8)  /* several meanings fit; the message names them */
#define KUNDIG_E_VALUE     (-9)  /* a value was refused (off its scale, no such date, not finite) */
#define KUNDIG_E_EMPTY     (-10) /* nothing usable was found in the input */
#define KUNDIG_E_BUSY      (-11) /* another call is inside this handle, or another process writes */
#define KUNDIG_E_FORK      (-12) /* the handle was opened by the parent process */
#define KUNDIG_E_CANCELLED (-13) /* progress() asked to stop; nothing was changed */
#define KUNDIG_E_MODE      (-14) /* not allowed in the mode the handle was opened in */
#define KUNDIG_E_INTERNAL  (-15) /* a broken invariant: a bug in kundig */

/** What went wrong, on the caller's stack. Its size is frozen; it may be NULL wherever it is asked
 *  for. It is written on failure alone. */
typedef struct kundig_error {
    int code;          /* one of KUNDIG_E_ */
    size_t pos;        /* byte offset or record index, as the function says; else 0 */
    char message[240]; /* one sentence in English, UTF-8, NUL-terminated */
} kundig_error;

/** Say in a few words what an error code means.
 *
 *  code        any int; unknown ones give "unknown error"
 *  Returns     static text, never NULL
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API const char *kundig_strerror(int code);

/* ---- Versions ------------------------------------------------------------------------------- */

/** What a result depends on besides the facts. Equal versions and equal facts give equal bytes.
 *  Fill with kundig_version_set_init(), then kundig_versions(). */
typedef struct kundig_version_set {
    uint32_t size;
    uint32_t abi;          /* KUNDIG_ABI_VERSION of the library that runs */
    const char *library;   /* KUNDIG_VERSION_STRING of the library that runs */
    const char *tokeniser; /* rules that turn text into tokens and hashes */
    const char *unicode;   /* Unicode tables in use */
    const char *stemmer;   /* "snowball"; models hold a print of what it does */
    const char *zones;     /* where time zone rules come from: "system" */
    const char *state;     /* format of kundig_state bytes */
    const char *model;     /* format of kundig_model bytes */
    const char *language;  /* rules and words that tell languages apart */
    const char *store;     /* format of a store's tables */
} kundig_version_set;

static inline void kundig_version_set_init(kundig_version_set *versions)
{
    memset(versions, 0, sizeof *versions);
    versions->size = (uint32_t)sizeof *versions;
}

/** Read the versions of the library that runs.
 *
 *  versions    filled as far as its size reaches; the texts are static
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG (NULL or no size)
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_versions(kundig_version_set *versions);

/* ---- Shared small types --------------------------------------------------------------------- */

/** Borrowed text: len bytes at data, no NUL needed. data == NULL means absent. */
typedef struct kundig_text {
    const char *data;
    size_t len;
} kundig_text;

/** The one door for memory. fn(ud, NULL, 0, n) allocates, fn(ud, p, old, n) resizes and keeps p
 *  valid when it returns NULL, fn(ud, p, old, 0) frees and returns NULL. It must be thread-safe and
 *  outlive everything made with it. fn == NULL means malloc. */
typedef struct kundig_allocator {
    void *(*fn)(void *ud, void *ptr, size_t old_size, size_t new_size);
    void *ud;
} kundig_allocator;

#define KUNDIG_TIME_ABSENT INT64_MIN

#define KUNDIG_PRECISION_MS     0 /* an instant, in milliseconds since 1970-01-01T00:00:00Z */
#define KUNDIG_PRECISION_MINUTE 1 /* an instant known to the minute */
#define KUNDIG_PRECISION_DAY    2 /* a written date: UTC midnight of that date, in no zone */

/* A yes or no that may be unknown. */
#define KUNDIG_UNKNOWN 0
#define KUNDIG_NO      1
#define KUNDIG_YES     2

/* ---- Facts: feedback, customers, events ----------------------------------------------------- */

#define KUNDIG_KIND_UNKNOWN   0
#define KUNDIG_KIND_SURVEY    1
#define KUNDIG_KIND_REVIEW    2
#define KUNDIG_KIND_TICKET    3
#define KUNDIG_KIND_CALL      4
#define KUNDIG_KIND_CHAT      5
#define KUNDIG_KIND_INTERVIEW 6
#define KUNDIG_KIND_USER_LAB  7
#define KUNDIG_KIND_WORKSHOP  8
#define KUNDIG_KIND_EMPLOYEE  9 /* employees' own answers: eNPS reads these, NPS leaves them out */

#define KUNDIG_SCALE_NPS      1 /* 0 to 10, higher is better: likelihood to recommend */
#define KUNDIG_SCALE_CSAT     2 /* 1 to 5, higher is better: satisfaction */
#define KUNDIG_SCALE_CES      3 /* 1 to 7, higher is better: "made it easy" (CES 2.0, 2013) */
#define KUNDIG_SCALE_CES_2010 4 /* 1 to 5, lower is better: own effort (CES 1.0, 2010) */
#define KUNDIG_SCALE_STARS    5 /* 1 to 5, higher is better: a review's stars */
#define KUNDIG_SCALE_DECLARED 6 /* minimum, maximum and direction are given with the score */

#define KUNDIG_HIGHER_IS_BETTER 0
#define KUNDIG_LOWER_IS_BETTER  1

/** One answer to one question. Kept to three decimals. Its layout is frozen. */
typedef struct kundig_score {
    kundig_text question; /* absent: the scale's own name ("nps", "csat", ...) */
    int32_t scale;        /* KUNDIG_SCALE_ */
    int32_t direction;    /* declared scales alone */
    double value;         /* must lie on the scale, else the record is refused */
    double minimum;       /* declared scales alone, in [-1e6, 1e6] */
    double maximum;       /* declared scales alone, greater than minimum */
} kundig_score;

#define KUNDIG_VALUE_NULL   0
#define KUNDIG_VALUE_TEXT   1
#define KUNDIG_VALUE_NUMBER 2
#define KUNDIG_VALUE_BOOL   3
#define KUNDIG_VALUE_TIME   4 /* number is milliseconds since 1970 */

/** A value with its type. Its layout is frozen. */
typedef struct kundig_value {
    int32_t type;    /* KUNDIG_VALUE_ */
    int32_t boolean; /* 0 or 1 */
    double number;
    kundig_text text;
} kundig_value;

/** A named extra fact. Its layout is frozen. */
typedef struct kundig_attribute {
    kundig_text name;
    kundig_value value;
} kundig_attribute;

/** One piece of feedback. (source, id) is its identity. Versions of one record form a set; the
 *  current one has the greatest (updated_ms, content hash). Without an id the identity is the hash
 *  of source, content and the count of equal records before it in the same call: equal records of
 *  one call keep their multiplicity, the same call again changes nothing. */
typedef struct kundig_feedback {
    uint32_t size;
    int32_t kind; /* KUNDIG_KIND_ */
    kundig_text source;
    kundig_text id;
    kundig_text customer;
    int64_t time_ms; /* KUNDIG_TIME_ABSENT if unknown; years 0001 to 9999 */
    int64_t updated_ms;
    int32_t time_precision; /* KUNDIG_PRECISION_ */
    int32_t consent;        /* KUNDIG_UNKNOWN, _NO or _YES */
    kundig_text channel;
    kundig_text touchpoint;
    kundig_text stage;
    kundig_text case_id;
    kundig_text agent;
    kundig_text department;
    kundig_text segment;
    kundig_text product;
    kundig_text language;
    kundig_text purpose;
    kundig_text text; /* ill-formed UTF-8 becomes U+FFFD and is counted */
    const kundig_score *scores;
    size_t score_count; /* one answer a question; a corpus knows at most 4096 questions */
    const kundig_attribute *attributes;
    size_t attribute_count; /* a corpus knows at most 4096 attributes of feedback */
    double weight;          /* used when has_weight is 1; in [2^-20, 2^20], kept in 2^-20 units */
    int32_t has_weight;     /* 0: every record weighs 1 */
    int32_t reserved;       /* zero */
} kundig_feedback;

/** What the CRM knows of one customer. (source, id) is its identity; versions as for feedback. */
typedef struct kundig_customer {
    uint32_t size;
    int32_t churned; /* KUNDIG_UNKNOWN, _NO or _YES */
    kundig_text source;
    kundig_text id; /* required; joins kundig_feedback.customer */
    int64_t updated_ms;
    int64_t since_ms; /* KUNDIG_TIME_ABSENT if unknown */
    kundig_text segment;
    kundig_value basket;  /* mean basket value, KUNDIG_VALUE_NUMBER or null */
    kundig_value orders;  /* number of orders */
    kundig_value revenue; /* revenue so far */
    const kundig_attribute *attributes;
    size_t attribute_count;
} kundig_customer;

#define KUNDIG_EVENT_OTHER           0
#define KUNDIG_EVENT_CASE_OPENED     1
#define KUNDIG_EVENT_CASE_ANSWERED   2
#define KUNDIG_EVENT_CASE_REOPENED   3
#define KUNDIG_EVENT_CASE_RESOLVED   4
#define KUNDIG_EVENT_INVITATION      5
#define KUNDIG_EVENT_ACTION          6
#define KUNDIG_EVENT_ACKNOWLEDGEMENT 7
#define KUNDIG_EVENT_PURCHASE        8

/** Something that happened. (source, id) is its identity; versions as for feedback. */
typedef struct kundig_event {
    uint32_t size;
    int32_t kind; /* KUNDIG_EVENT_ */
    kundig_text source;
    kundig_text id; /* required */
    kundig_text customer;
    kundig_text case_id;
    int64_t time_ms;
    int64_t updated_ms;
    int32_t time_precision;
    int32_t reserved; /* zero */
    kundig_text agent;
    kundig_text department;
    kundig_text topic;
    kundig_value value; /* KUNDIG_VALUE_NUMBER or null */
} kundig_event;

/** A judgement of a person: this record speaks of this topic, or it does not. (source, id, topic,
 *  by) is its identity; versions as for feedback. The record need not be there yet. */
typedef struct kundig_label {
    uint32_t size;
    int32_t holds; /* KUNDIG_YES or KUNDIG_NO */
    kundig_text source;
    kundig_text id;    /* required: the record's */
    kundig_text topic; /* required: a name of any model, or a new one */
    kundig_text by;    /* who says so */
    int64_t updated_ms;
} kundig_label;

/** Two names of one customer: from the first link on they count as one person, called by the name
 *  that is least by its bytes. A link of the same two that says "no" and is newer takes it back;
 * the records keep the names they came with. The two names, in any order, are its identity. */
typedef struct kundig_link {
    uint32_t size;
    int32_t holds;        /* KUNDIG_YES or KUNDIG_NO */
    kundig_text customer; /* required, as the next one, and not equal to it */
    kundig_text same_as;
    kundig_text by; /* who says so */
    int64_t updated_ms;
} kundig_link;

/** What a customer allows their feedback to be used for. (customer, purpose) is its identity;
 *  versions as for feedback: a later "yes" lifts an earlier "no". It takes nothing away from the
 *  facts: kundig_query_set_purpose() leaves records out, kundig_erase() deletes. */
typedef struct kundig_consent {
    uint32_t size;
    int32_t consent;        /* KUNDIG_YES or KUNDIG_NO */
    kundig_text customer;   /* required */
    kundig_text purpose;    /* absent: every purpose */
    kundig_text disclosure; /* which wording was shown */
    int64_t updated_ms;
} kundig_consent;

/** How long records given for a purpose are kept. The purpose is its identity; versions as for
 *  feedback. */
typedef struct kundig_retention {
    uint32_t size;
    int32_t days;        /* required: 0 to 100,000 after the record's time; -1: for ever */
    kundig_text purpose; /* absent: records that carry none */
    int64_t updated_ms;
} kundig_retention;

#define KUNDIG_EDIT_RENAME 1 /* topic is called `name` */
#define KUNDIG_EDIT_MERGE  2 /* topic is part of `other` */
#define KUNDIG_EDIT_SPLIT                                                                          \
    3 /* part of topic, that with the record or the words, is its own: `name` */
#define KUNDIG_EDIT_PIN      4 /* topic stays, and stays apart, whatever later fits find */
#define KUNDIG_EDIT_HIDE     5 /* tables and pages leave topic out */
#define KUNDIG_EDIT_TOGETHER 6 /* the two records belong together */
#define KUNDIG_EDIT_APART    7 /* the two records do not */
#define KUNDIG_EDIT_TOPIC    8 /* what the record or the words speak of is a topic: `name` */
#define KUNDIG_EDIT_KNOWN    9 /* topic is what `name`, a defined or taught topic, stands for */

/** What a person says of discovered topics: a fact, kept through refits, merges and erasures.
 * (kind, topic, other, words, source, id, other_source, other_id, by) is its identity; versions as
 * for feedback. A kind needs the fields that its remark names; what others hold is refused. */
typedef struct kundig_edit {
    uint32_t size;
    int32_t kind;      /* KUNDIG_EDIT_ */
    int32_t holds;     /* KUNDIG_YES or KUNDIG_NO: taken back */
    int32_t reserved;  /* zero */
    kundig_text topic; /* name of a discovered topic (t-...) or, to rename or hide, theme (g-...) */
    kundig_text other; /* a topic */
    kundig_text name;  /* 200 bytes at most; what a label of a topic may be */
    kundig_text words; /* words, or two in a row, parted by `;`: "lost parcel; customs" */
    kundig_text source; /* a record */
    kundig_text id;
    kundig_text other_source;
    kundig_text other_id;
    kundig_text by; /* who says so */
    int64_t updated_ms;
} kundig_edit;

/* Fill a record with "everything absent". Inline, so that size is the caller's. */
static inline void kundig_feedback_init(kundig_feedback *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->time_ms = KUNDIG_TIME_ABSENT;
    record->updated_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_customer_init(kundig_customer *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->updated_ms = KUNDIG_TIME_ABSENT;
    record->since_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_event_init(kundig_event *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->time_ms = KUNDIG_TIME_ABSENT;
    record->updated_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_label_init(kundig_label *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->holds = KUNDIG_YES;
    record->updated_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_link_init(kundig_link *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->holds = KUNDIG_YES;
    record->updated_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_edit_init(kundig_edit *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->holds = KUNDIG_YES;
    record->updated_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_consent_init(kundig_consent *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->updated_ms = KUNDIG_TIME_ABSENT;
}

static inline void kundig_retention_init(kundig_retention *record)
{
    memset(record, 0, sizeof *record);
    record->size = (uint32_t)sizeof *record;
    record->updated_ms = KUNDIG_TIME_ABSENT;
    record->days = INT32_MIN; /* refused: who names no days has not said "at once" */
}

/* ---- Results: bytes ------------------------------------------------------------------------- */

/** Bytes made by the library: JSON, CSV, a page, a saved state. Immutable. */
typedef struct kundig_bytes kundig_bytes;

/** Read the bytes; a NUL stands behind the last one, outside the length.
 *
 *  bytes       NULL gives ""
 *  Returns     pointer that lives as long as bytes
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API const char *kundig_bytes_data(const kundig_bytes *bytes);

/** Count the bytes.
 *
 *  bytes       NULL gives 0
 *  Returns     length in bytes
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API size_t kundig_bytes_len(const kundig_bytes *bytes);

/** Free bytes.
 *
 *  bytes       may be NULL
 *  Threads     any, once
 *  Since       0.1
 */
KUNDIG_API void kundig_bytes_free(kundig_bytes *bytes);

/* ---- Results: tables ------------------------------------------------------------------------ */

/** An answer: typed columns of equal length, null where there is no value. Immutable, reference
 *  counted. Rows stand in order of their key bytes unless the function that made it says else. */
typedef struct kundig_table kundig_table;

#define KUNDIG_COLUMN_TEXT   1
#define KUNDIG_COLUMN_INT    2
#define KUNDIG_COLUMN_NUMBER 3
#define KUNDIG_COLUMN_BOOL   4

/* How a column's numbers are shown to people; the values themselves stay in natural units. */
#define KUNDIG_UNIT_NONE    0
#define KUNDIG_UNIT_SCORE   1 /* in [-1, 1]; pages show x 100 with its sign */
#define KUNDIG_UNIT_SHARE   2 /* in [0, 1]; pages show percent */
#define KUNDIG_UNIT_POINTS  3 /* on the scale of the question */
#define KUNDIG_UNIT_COUNT   4
#define KUNDIG_UNIT_P_VALUE 5

/** Count the rows.
 *
 *  table       NULL gives 0
 *  Returns     number of rows
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API size_t kundig_table_row_count(const kundig_table *table);

/** Count the columns.
 *
 *  table       NULL gives 0
 *  Returns     number of columns
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API size_t kundig_table_column_count(const kundig_table *table);

/** Read a column's name.
 *
 *  column      below kundig_table_column_count()
 *  Returns     NUL-terminated text that lives as long as table; NULL if there is no such column
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API const char *kundig_table_column_name(const kundig_table *table, size_t column);

/** Read a column's type.
 *
 *  column      below kundig_table_column_count()
 *  Returns     KUNDIG_COLUMN_; 0 if there is no such column
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_table_column_type(const kundig_table *table, size_t column);

/** Read how a column is shown to people.
 *
 *  column      below kundig_table_column_count()
 *  Returns     KUNDIG_UNIT_; KUNDIG_UNIT_NONE if there is no such column
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_table_column_unit(const kundig_table *table, size_t column);

/** Find a column by name.
 *
 *  name, len   exact bytes
 *  Returns     index; SIZE_MAX if there is none
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API size_t kundig_table_find_column(const kundig_table *table, const char *name, size_t len);

/** Say whether a cell holds no value.
 *
 *  Returns     1 for null or outside the table, else 0
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_table_is_null(const kundig_table *table, size_t row, size_t column);

/** Read a text cell.
 *
 *  Returns     text that lives as long as table, also NUL-terminated; absent if null or not text
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API kundig_text kundig_table_text(const kundig_table *table, size_t row, size_t column);

/** Read an integer or boolean cell.
 *
 *  Returns     the value; 0 if null or of another type
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int64_t kundig_table_int(const kundig_table *table, size_t row, size_t column);

/** Read a number or integer cell as a number.
 *
 *  Returns     the value; 0 if null or of another type: ask kundig_table_is_null() first
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API double kundig_table_number(const kundig_table *table, size_t row, size_t column);

/** Count the notes: sentences a reader of the table must know (records left out, corrections).
 *
 *  Returns     number of notes
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API size_t kundig_table_note_count(const kundig_table *table);

/** Read a note.
 *
 *  note        below kundig_table_note_count()
 *  Returns     NUL-terminated text that lives as long as table; NULL if there is no such note
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API const char *kundig_table_note(const kundig_table *table, size_t note);

/** Write a table as JSON: {"columns":[...],"rows":[{name:value,...},...],"notes":[...]}.
 *
 *  Numbers are in shortest round-trip form, natural units. `<`, `>`, `&`, U+2028 and U+2029 are
 *  escaped, so the text may stand inside an HTML page. One line, no newline at its end.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_table_to_json(const kundig_table *table, kundig_bytes **out,
                                    kundig_error *err);

/** Write a table as CSV (RFC 4180, comma, CRLF, UTF-8 without BOM), header first.
 *
 *  A text that a spreadsheet could run as a formula gets an apostrophe in front.
 *  Null is an empty field; an empty text is "".
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_table_to_csv(const kundig_table *table, kundig_bytes **out,
                                   kundig_error *err);

/** How text pages look. Fill with kundig_page_options_init(). */
typedef struct kundig_page_options {
    uint32_t size;
    uint32_t width;   /* columns of the terminal; 0 = 100 */
    int32_t color;    /* 1: ANSI colours */
    int32_t reserved; /* zero */
} kundig_page_options;

static inline void kundig_page_options_init(kundig_page_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Write a table as aligned text for people: scores and shares times 100, notes below.
 *
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_VERSION
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_table_to_page(const kundig_table *table, const kundig_page_options *options,
                                    kundig_bytes **out, kundig_error *err);

/** Take one more reference to a table.
 *
 *  table       may be NULL
 *  Returns     table
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API kundig_table *kundig_table_retain(kundig_table *table);

/** Give a reference back; the last one frees the table and every text read from it.
 *
 *  table       may be NULL
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API void kundig_table_free(kundig_table *table);

/* ---- Texts: personal data, languages, topics ------------------------------------------------ */

/* Kinds of personal data; they add up to sets. */
#define KUNDIG_PERSONAL_EMAIL   1u
#define KUNDIG_PERSONAL_PHONE   2u
#define KUNDIG_PERSONAL_IBAN    4u  /* check digits hold */
#define KUNDIG_PERSONAL_CARD    8u  /* a payment card's number whose check digit holds */
#define KUNDIG_PERSONAL_URL     16u /* a web address that carries a key, a login or a person */
#define KUNDIG_PERSONAL_ADDRESS 32u /* a postal address in German or English form */
#define KUNDIG_PERSONAL_NAME    64u /* a name after a salutation or an introduction */
#define KUNDIG_PERSONAL_ALL     127u

/** Find personal data in a text.
 *
 *  Columns: start, end (bytes of the text as given, ill-formed ones counted), kind ("e-mail",
 *  "phone", "IBAN", "card", "URL", "address", "name"), found. In order; none overlap.
 *
 *  Rules find it, not knowledge of people: some slips through and some is masked in vain. README.md
 *  states how much, on a set of hard cases.
 *
 *  allocator   NULL for malloc
 *  text, len   UTF-8; ill-formed bytes and NUL read as U+FFFD
 *  kinds       KUNDIG_PERSONAL_ together; 0 for all
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT (a text of 1 GiB)
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Cost        linear
 *  Since       0.1
 */
KUNDIG_API int kundig_text_personal(const kundig_allocator *allocator, const char *text, size_t len,
                                    uint32_t kinds, kundig_table **out, kundig_error *err);

/** Write a text with its personal data replaced: "call [phone]".
 *
 *  allocator   NULL for malloc
 *  text, len   as in kundig_text_personal(); ill-formed bytes come out as U+FFFD
 *  kinds       KUNDIG_PERSONAL_ together; 0 for all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_text_personal()
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Cost        linear
 *  Since       0.1
 */
KUNDIG_API int kundig_text_mask(const kundig_allocator *allocator, const char *text, size_t len,
                                uint32_t kinds, kundig_bytes **out, kundig_error *err);

/** Read the ready taxonomy: what customers speak of, in German and English, as the text of a
 *  taxonomy file to start one's own from.
 *
 *  Returns     static text
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API kundig_text kundig_taxonomy_ready(void);

/** Check a taxonomy and say all that is wrong or odd: faults, rules that can never decide anything,
 *  rules that several topics share, topics without a rule.
 *
 *  Columns: severity (error, warning, note), line, column (in characters, from 1), finding. Rows
 *  are in order of line and column. A taxonomy without a row of severity error can be made a model.
 *  Of each severity 10,000 are listed, and one more says that there are more.
 *
 *  allocator   NULL for malloc
 *  data, len   as in kundig_model_new()
 *  out         set only on KUNDIG_OK, also for a taxonomy full of faults
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_IO
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Cost        about linear, some 20 microseconds a rule
 *  Since       0.1
 */
KUNDIG_API int kundig_taxonomy_check(const kundig_allocator *allocator, const char *data,
                                     size_t len, kundig_table **out, kundig_error *err);

/** What is known about text: a taxonomy, made ready for reading comments. Immutable, reference
 *  counted. */
typedef struct kundig_model kundig_model;

/** Make a model of a taxonomy.
 *
 *  A taxonomy is plain text, UTF-8:
 *
 *      taxonomy: What customers say              # a title, once; may be left out
 *      theme delivery: Delivery                  # first level: a name and a title
 *      topic delay: Late delivery                # second level, in the theme above it
 *      en: late, ~delay, took .. weeks, "not on time"
 *      de: verspätet, ~Verspätung, zu spät, Liefer* zu spät
 *      any: ETA                                  # in every language
 *      not en: better late than never            # a hit that overlaps it does not count
 *      parts de: Zeit, Punkt                     # no topic, yet parts of compounds
 *
 *  Lines: each begins as above, in any case and behind any blanks; the colon is needed, a title is
 *  not (the name stands for it). A topic above the first theme makes a theme of its own name. Names
 *  are letters, digits, _ - and . (not and, or, not), 64 bytes at most, and unique among themes and
 *  among topics. A remark begins with # at the start of a line or behind a blank. A title in double
 *  quotes may hold what looks like one. Lines end with LF, CR or both.
 *
 *  Rules stand behind a language (de, en, fr, es, pt, it, nl or any), parted by commas. A list that
 *  ends in a comma, or in its colon, goes on in the next line, unless that begins as above or with
 *  any other word, a colon and a blank. A rule is terms in a row, 16 at most: a word; a beginning
 *  of 2 letters or more (`deliver*`); a stem (`~delay`: delays, delayed; not behind any:); between
 *  two of them `_` for any one word and `..` for up to three words of the same sentence. In double
 *  quotes all stands for itself, a quote doubled. Words are split as comments are: "e-mail" is
 *  three terms, "can't" one; emoji are words. A part of compounds is one plain word. A German rule
 *  of one word with 4 letters or more is also found in compounds all of whose parts are known:
 *  "Lieferverzögerung". German rules find umlauts and ae, oe, ue alike.
 *
 *  The same as JSON, if the first character is an opening brace:
 *
 *      {"title": "What customers say",
 *       "themes": [{"name": "delivery", "title": "Delivery", "topics": [{"name": "delay",
 *        "title": "Late delivery", "match": {"en": ["late", "~delay"]},
 *        "not": {"en": ["better late than never"]}}]}],
 *       "topics": [], "parts": {"de": ["Zeit", "Punkt"]}}
 *
 *  Every key may be left out but names; "topics" beside "themes" make themes of their own names. A
 *  text is one rule, with commas in double quotes alone. Other keys are faults, as are keys twice.
 *  What jansson needs to read it comes from malloc, whatever the allocator.
 *
 *  Rules of a language count in sentences of that language and in those whose language is not sure
 *  (below 0.7, or three words and no more). German rules find umlauts written as ae, oe, ue and the
 *  other way round. A word has a stem only if it begins with the stem's first letter.
 *
 *  allocator   NULL for malloc; it belongs to the model
 *  data, len   a taxonomy; NULL: the ready one, kundig_taxonomy_ready()
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_FORMAT (the message names line, column and reason;
 *              err->pos is the byte), KUNDIG_E_EMPTY (no rule), KUNDIG_E_NOMEM, KUNDIG_E_IO (no
 *              random bytes), KUNDIG_E_LIMIT (more than 64 MiB, 65,535 topics or themes, 2^20
 *              rules, 1,000 bytes of a rule or title, 16 terms, 63 bytes of a beginning; JSON of
 *              more than 2^21 values or 32 levels)
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     any; the model may be shared
 *  Cost        some milliseconds
 *  Since       0.1
 */
KUNDIG_API int kundig_model_new(const kundig_allocator *allocator, const char *data, size_t len,
                                kundig_model **out, kundig_error *err);

/** Write a model as bytes: little-endian, with magic, versions and checksum. Equal taxonomies that
 *  learned the same give equal bytes.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_save(const kundig_model *model, kundig_bytes **out, kundig_error *err);

/** Read a model from bytes that may come from anyone: it is checked whole or refused.
 *
 *  allocator   NULL for malloc; it belongs to the model
 *  data, size  bytes of kundig_model_save(), borrowed for the call
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_FORMAT (err->pos is the byte), KUNDIG_E_VERSION,
 *              KUNDIG_E_NOMEM, KUNDIG_E_LIMIT
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_load(const kundig_allocator *allocator, const void *data, size_t size,
                                 kundig_model **out, kundig_error *err);

/** List the topics of a model.
 *
 *  Columns: theme, topic (names), theme_title, title, rules, exclusions, examples (that taught it;
 *  null where none did). In order of theme and topic. A topic that examples alone name stands in
 *  the theme before its first slash, else in one of its own name.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_topics(const kundig_model *model, kundig_table **out,
                                   kundig_error *err);

/** Read one text: every hit of every topic with its evidence.
 *
 *  Columns: start, end (bytes of the text as given, ill-formed ones counted), theme, topic, rule
 *  (as it was written), line (of the taxonomy), found, probability (of the topic; null where rules
 *  alone decide of it). In order of start, end, topic. Hits may overlap, but of one topic none lies
 *  inside another: the longer one says it all.
 *
 *  Of a topic that was taught, what was learned decides. What rules found of it stays its evidence;
 *  where they found nothing rule and line are null, and the bytes are those that spoke most for it.
 *
 *  text, len   UTF-8; ill-formed bytes and NUL read as U+FFFD
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT (a text of 1 GiB)
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Cost        linear in the text; whole corpora are read faster, for caches stay warm
 *  Since       0.1
 */
KUNDIG_API int kundig_model_read(const kundig_model *model, const char *text, size_t len,
                                 kundig_table **out, kundig_error *err);

/** Tell the language of a text and of each of its sentences.
 *
 *  Columns: part (comment, sentence), start, end (bytes of the text as given), language (de, en,
 *  fr, es, pt, it, nl, unknown), sureness (in [0, 1]; 0 where unknown), mixed (of the comment:
 *  sentences are surely in several languages). The first row is the whole comment.
 *
 *  text, len   as in kundig_model_read()
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_model_read()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Cost        linear
 *  Since       0.1
 */
KUNDIG_API int kundig_model_languages(const kundig_model *model, const char *text, size_t len,
                                      kundig_table **out, kundig_error *err);

/** Take one more reference to a model.
 *
 *  model       may be NULL
 *  Returns     model
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API kundig_model *kundig_model_retain(kundig_model *model);

/** Give a reference back; the last one frees the model.
 *
 *  model       may be NULL
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API void kundig_model_free(kundig_model *model);

/* ---- Learning: topics from examples, sentiment from scores ----------------------------------- */

#define KUNDIG_LESSON_TOPICS    0 /* what a text speaks of */
#define KUNDIG_LESSON_SENTIMENT 1 /* how the one who wrote it feels */
#define KUNDIG_LESSON_DISCOVERED                                                                   \
    2 /* topics nobody named: kundig_model_discover(). Of calls that take                          \
         a lesson, those that read and show models know it */

#define KUNDIG_SENTIMENT_UNKNOWN  0
#define KUNDIG_SENTIMENT_NEGATIVE 1
#define KUNDIG_SENTIMENT_NEUTRAL  2
#define KUNDIG_SENTIMENT_POSITIVE 3
#define KUNDIG_SENTIMENT_MIXED    4 /* some of it positive, some of it negative */

/** One text and what is known of it. Equal examples are one of twice the weight. */
typedef struct kundig_example {
    uint32_t size;
    int32_t partial; /* 1: topics not named are unknown; 0: the text does not speak of them */
    kundig_text text;
    /* Topics: names of any letters, 200 bytes at most; `service/waiting` is a topic of the theme
     * `service`; the name of a topic of a taxonomy is that topic. Sentiment: one of "negative",
     * "neutral", "positive", or none and a score. */
    const kundig_text *labels;
    size_t label_count;
    const kundig_text *denied; /* topics that it surely does not speak of */
    size_t denied_count;
    const kundig_score *score; /* sentiment: what its writer answered; else NULL */
    kundig_text customer;      /* whose it is; absent: unknown */
    kundig_text source;        /* how tables call it; may be absent */
    kundig_text id;
    double weight; /* used when has_weight is 1; in [2^-20, 2^20] */
    int32_t has_weight;
    int32_t reserved; /* zero */
} kundig_example;

static inline void kundig_example_init(kundig_example *example)
{
    memset(example, 0, sizeof *example);
    example->size = (uint32_t)sizeof *example;
}

#define KUNDIG_QUALITY_FAST  0
#define KUNDIG_QUALITY_BEST  1 /* at most ten times the time to learn */
#define KUNDIG_QUALITY_DRAFT 2 /* discovery alone: a third of the time, nearly as good */

#define KUNDIG_LABELS_GUESS   0 /* several where an example has none, two, or is partial */
#define KUNDIG_LABELS_ONE     1 /* a text has exactly one topic, or fits none that was taught */
#define KUNDIG_LABELS_SEVERAL 2 /* any number of them */

/** How to learn. Fill with kundig_learn_options_init(). */
typedef struct kundig_learn_options {
    uint32_t size;
    int32_t quality;          /* KUNDIG_QUALITY_ */
    int32_t labels;           /* KUNDIG_LABELS_; topics alone */
    uint32_t least_customers; /* who must have said a word, or have a topic, for the model to know
                                 it, where examples name customers; 0: 5 */
    uint64_t most_bytes;      /* of what was learned, as saved: see kundig_model_prune(); 0: any */
    uint64_t seed;            /* of the order in which examples are gone through */
    uint32_t threads;         /* as in kundig_options; calls on a handle use that of the handle */
    uint32_t folds;           /* of kundig_examples_validate() and _doubts(); 0: 5 */
    int (*progress)(void *ud, uint64_t done, uint64_t total); /* as in kundig_options */
    void *progress_ud;
    /* Corpora alone, for kundig_teach() and kundig_examples_collect(): */
    kundig_text field;    /* a dimension or attribute whose values are topics, several of them
                             parted by `;`; absent: labels are */
    kundig_text question; /* whose scores teach sentiment; absent: NPS, else the only one */
} kundig_learn_options;

static inline void kundig_learn_options_init(kundig_learn_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Examples to learn from: they keep their texts, models do not. */
typedef struct kundig_examples kundig_examples;

/** Make an empty set of examples.
 *
 *  allocator   NULL for malloc
 *  lesson      KUNDIG_LESSON_: what they are examples of
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_IO (no random bytes)
 *  Owns        *out is the caller's: kundig_examples_free()
 *  Threads     any; one at a time once made
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_new(const kundig_allocator *allocator, int32_t lesson,
                                   kundig_examples **out, kundig_error *err);

/** Tell how one who gives a score feels, as kundig_model_teach() takes it.
 *
 *  out         KUNDIG_SENTIMENT_NEGATIVE, NEUTRAL or POSITIVE; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG (NULL, or no scale), KUNDIG_E_VALUE (not on its scale)
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_score_sentiment(const kundig_score *score, int32_t *out, kundig_error *err);

/** Add examples, all or none of them. Scores of one set answer one question on one scale: the first
 *  says which.
 *
 *  examples    count of them, borrowed for the call; ill-formed UTF-8 becomes U+FFFD
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE (a label, score or weight; err->pos is the
 *              example), KUNDIG_E_VERSION, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT (2^31 examples, 65,535
 *              names of topics, a text of 1 GiB)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_add(kundig_examples *set, const kundig_example *examples,
                                   size_t count, kundig_error *err);

/** Take examples out again, all or none of them: of each one that is equal to it in all its fields.
 *
 *  Returns     as kundig_examples_add(), KUNDIG_E_NOT_FOUND (err->pos is the example)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_remove(kundig_examples *set, const kundig_example *examples,
                                      size_t count, kundig_error *err);

/** Count examples.
 *
 *  set         NULL gives 0
 *  Returns     number of examples
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API size_t kundig_examples_count(const kundig_examples *set);

/** Free examples.
 *
 *  set         may be NULL
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API void kundig_examples_free(kundig_examples *set);

/** Learn from examples: a new model that knows what base knows and what they teach.
 *
 *  Topics: linear support vector machines over hashed words, pairs of words and rows of characters
 *  (L2 loss, dual coordinate descent: Hsieh and others 2008), probabilities by temperature on
 *  examples kept aside (Guo and others 2017). KUNDIG_QUALITY_BEST asks two small networks as well.
 *  A topic of the base's taxonomy that is taught, too, has what its rules find as a further
 *  feature. A text unlike all that was taught gets none of the topics that were.
 *
 *  Sentiment: the same over three classes. Scores become classes by their scale (NPS 0 to 6, 7 and
 *  8, 9 and 10; five points 1 and 2, 3, 4 and 5; CES 1 to 3, 4, 5 to 7; else thirds). A small
 *  lexicon, German and English, speaks where examples are few and fades as they come.
 *
 *  The same examples in any order, with any number of threads, give the same bytes. Where they name
 *  customers, a word that fewer than options->least_customers of them used is no feature, and a
 *  topic that fewer of them have is no class: the model names neither, and holds no text.
 *
 *  base        NULL: no rules and nothing learned; what it learned of the same lesson is replaced
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_EMPTY (nothing to learn: the message says what is
 *              missing), KUNDIG_E_VALUE (an example of two topics where one is asked for; err->pos
 *              is its number), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT (65,535 topics or themes in all),
 *              KUNDIG_E_CANCELLED, KUNDIG_E_VERSION
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     one at a time on the examples; forks into options->threads inside
 *  Cost        10,000 short texts of 77 topics take about 0.2 s
 *  Since       0.1
 */
KUNDIG_API int kundig_model_teach(const kundig_model *base, const kundig_examples *set,
                                  const kundig_learn_options *options, kundig_model **out,
                                  kundig_error *err);

/** Count what a lesson taught a model to tell apart: topics, or the three sentiments.
 *
 *  model       NULL gives 0
 *  Returns     number of classes, in byte order of their names; 0 if it learned none
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API size_t kundig_model_class_count(const kundig_model *model, int32_t lesson);

/** Read the name of a class.
 *
 *  klass       below kundig_model_class_count()
 *  Returns     text that lives as long as model; absent if there is no such class
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API kundig_text kundig_model_class_name(const kundig_model *model, int32_t lesson,
                                               size_t klass);

/** Classify many texts by what was learned alone; what the rules of a taxonomy find is one of the
 *  things it goes by, and so is the lexicon of sentiment.
 *
 *  lesson        KUNDIG_LESSON_
 *  texts, count  UTF-8; ill-formed bytes and NUL read as U+FFFD; absent ones are empty
 *  threads       as in kundig_options
 *  classes       count numbers: the most probable class; -1 where none fits
 *  probabilities count rows of kundig_model_class_count(); may be NULL. Where a text has one class
 *                a row adds up to 1; else each stands for itself
 *  holds         as probabilities, 1 for each class that is said to hold; may be NULL
 *  sureness      count numbers: the greater the surer that some class fits; may be NULL
 *  Returns       KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_EMPTY (the model learned no such lesson),
 *                KUNDIG_E_NOMEM, KUNDIG_E_LIMIT; on failure what arrays hold means nothing
 *  Threads       any; forks into threads inside
 *  Cost          a microsecond or four for a text of 55 bytes
 *  Since         0.1
 */
KUNDIG_API int kundig_model_classify(const kundig_model *model, int32_t lesson,
                                     const kundig_text *texts, size_t count, uint32_t threads,
                                     int32_t *classes, float *probabilities, uint8_t *holds,
                                     float *sureness, kundig_error *err);

/** Tell the sentiment of a text, of each of its sentences and of each topic in it.
 *
 *  Columns: part (comment, sentence, topic), start, end (bytes of the text as given), topic (null
 *  but in rows of part topic), sentiment (negative, neutral, positive, mixed), value (in [-1, 1]:
 *  the probability of positive less that of negative), negative, neutral, positive (probabilities),
 *  expected, lo, hi (the score its writer would give, on the scale of the question that taught, and
 *  the range that holds 90 % of such scores; null where no scores taught), origin (lexicon,
 * learned, both), status (ok; outside: the text is unlike what was learned from; empty: there is
 * nothing to tell from), evidence ("12-19; 30-41": bytes of the words that decided). The first row
 * is the whole comment.
 *
 *  text, len   as in kundig_model_read()
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_model_read()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Cost        linear
 *  Since       0.1
 */
KUNDIG_API int kundig_model_sentiment(const kundig_model *model, const char *text, size_t len,
                                      kundig_table **out, kundig_error *err);

#define KUNDIG_SHOW_SUMMARY     0 /* name, value: size, classes, examples, accuracy, ... */
#define KUNDIG_SHOW_CLASSES     1 /* class, examples, customers, precision, recall, f1, threshold */
#define KUNDIG_SHOW_FEATURES    2 /* class, feature (its words), weight: those that weigh most */
#define KUNDIG_SHOW_CALIBRATION 3 /* least, most, n, probability (mean), accuracy */
#define KUNDIG_SHOW_CONFUSION   4 /* class, decided, n: most frequent mistakes first */
#define KUNDIG_SHOW_SIZES       5 /* bytes, accuracy, loss: what kundig_model_prune() would cost */
#define KUNDIG_SHOW_HISTORY     6 /* of discovered topics: topic, came, other, texts, why */

/** Look into what a model learned. Accuracy, calibration and confusion are of the examples that
 *  were kept aside, as the learner saw them before it learned from all.
 *  Texts of the same words stand on one side, and so does what one customer alone says; still,
 *  probabilities were fitted there: kundig_examples_validate() is the stricter judge.
 *
 *  which       KUNDIG_SHOW_
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_EMPTY (the model learned no such lesson),
 *              KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_show(const kundig_model *model, int32_t lesson, int32_t which,
                                 kundig_table **out, kundig_error *err);

/** Make what a model learned smaller: the least weights go until it fits.
 *
 *  most_bytes  of the lesson as saved
 *  out         set only on KUNDIG_OK; what that cost on examples kept aside stands in its summary
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_EMPTY, KUNDIG_E_VALUE (so small it cannot be),
 *              KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_prune(const kundig_model *model, int32_t lesson, uint64_t most_bytes,
                                  kundig_model **out, kundig_error *err);

/** Rank texts by what a label of theirs would teach: those the model is least sure of first, and
 *  none that is much like one before it.
 *
 *  Columns: text (its index), class, probability, second (class), second_probability, sureness.
 *
 *  limit       rows; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_model_classify()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_next(const kundig_model *model, int32_t lesson,
                                 const kundig_text *texts, size_t count, size_t limit,
                                 kundig_table **out, kundig_error *err);

/** Cross-validate: learn from all folds but one, ask about that one, for each in turn. Equal texts
 *  stand in one fold, as do, where examples name them, those of one customer.
 *
 *  Columns: fold (null: all together), examples, accuracy (one topic; else the share of decisions
 *  that are right), lo, hi (Wilson), precision, recall, micro_f1, macro_f1, log_loss, ece (expected
 *  calibration error, ten bins), refused (share for which no class fits).
 *
 *  base        as in kundig_model_teach()
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_model_teach()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     as kundig_model_teach()
 *  Cost        options->folds times kundig_model_teach()
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_validate(const kundig_model *base, const kundig_examples *set,
                                        const kundig_learn_options *options, kundig_table **out,
                                        kundig_error *err);

/** Draw the learning curve: how good the model is when it learns from a part of the examples, each
 *  part asked about the same fifth that none of them holds.
 *
 *  Columns: examples, each (mean of a class), accuracy, lo, hi (Wilson), macro_f1. Rows: doublings
 *  up to all. The notes say what twice as many would bring if the curve goes on as it did.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_model_teach()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     as kundig_model_teach()
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_curve(const kundig_model *base, const kundig_examples *set,
                                     const kundig_learn_options *options, kundig_table **out,
                                     kundig_error *err);

/** Find labels that may be wrong: those with which models that did not see the example strongly
 *  disagree (cross-validated; Northcutt and others 2021), most doubtful first.
 *
 *  Columns: example (its number, in order of adding), source, id, label (null: a topic it has not,
 *  which it seems to have), probability (of it), instead (null: the topic it has, which it seems
 *  not to have), instead_probability, text.
 *
 *  limit       rows; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_model_teach()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     as kundig_model_teach()
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_doubts(const kundig_model *base, const kundig_examples *set,
                                      const kundig_learn_options *options, size_t limit,
                                      kundig_table **out, kundig_error *err);

/* ---- Discovery: topics that nobody named ------------------------------------------------------
 */

/** How to discover. Fill with kundig_discover_options_init(). */
typedef struct kundig_discover_options {
    uint32_t size;
    int32_t quality;          /* KUNDIG_QUALITY_ */
    uint32_t topics;          /* how many, 2 to 2,000; 0: as many as two halves of the texts agree
                                 on; on top of an earlier discovery: as many as it had and as new
                                 comments need */
    uint32_t themes;          /* into how many themes they fall; 0: found */
    uint32_t least_customers; /* who must have used a word for the model to know it, where texts
                                 name customers; 0: 5 */
    uint32_t threads;         /* as in kundig_options; calls on a handle use that of the handle */
    uint64_t most_fitted;     /* of more texts a sample is fitted, the rest assigned; 0: 200,000
                                 (best: 50,000) */
    uint64_t seed;            /* of the order in which texts are gone through */
    int32_t anew;             /* 1: forget what base discovered; topics get new names */
    int32_t reserved;         /* zero */
    const kundig_edit *edits; /* what a person said of topics; calls on a handle take its facts */
    size_t edit_count;
    int (*progress)(void *ud, uint64_t done, uint64_t total); /* as in kundig_options */
    void *progress_ud;
} kundig_discover_options;

static inline void kundig_discover_options_init(kundig_discover_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Discover what texts speak of: a new model that knows what base knows, and topics found in the
 *  texts, in two levels, named by what their writers write.
 *
 *  Texts are put into topics so that a topic tells most of the words and rows of characters that
 *  stand in its texts (sequential information bottleneck: Slonim, Friedman and Tishby 2002, with
 *  features weighted anew by how much they tell of topics). KUNDIG_QUALITY_BEST asks several
 *  discoveries and finds the topics most of them agree on. A text has one main topic; its sentences
 *  may have others; a text that fits none is in none. Where texts hold four sentences of four words
 *  or more for three texts, sentences are what is put into topics.
 *
 *  Topics are models' topics as others are: `t-` and 12 hexadecimal digits is their name, for ever;
 *  a theme's begins with `g-`. Their titles are labels: words and pairs that tell them from the
 *  others, as most customers write them. Discovering on top of an earlier discovery keeps names:
 *  topics go on, split, merge, come; kundig_model_show() tells which. Words that fewer than
 *  least_customers customers used are not known to the model; it holds no text, but words so many
 *  used, and as examples the keys (source, id) of texts.
 *
 *  Labels of examples are hints: texts of one label belong to one topic, called so. Languages are
 *  not told apart: where two of them speak of one thing, topics of both are one as far as they
 * share words, names and numbers; topics of two languages that say the same by the ready taxonomy
 * share a theme.
 *
 *  The same texts in any order, with any number of threads, give the same bytes.
 *
 *  base        NULL: nothing known. What its rules find in texts is matched with what was
 *              discovered; where it is NULL or has no rules, that of the ready taxonomy
 *  set         examples of topics; those without labels are fine
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  found       as many numbers as kundig_examples_count(set), in order of adding: the main topic,
 *              as kundig_model_class_name() counts them; -1 for a text without words. May be NULL
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_EMPTY (nothing to discover: the message says what
 *              is missing), KUNDIG_E_VALUE (an edit: err->pos is its number), KUNDIG_E_NOMEM,
 *              KUNDIG_E_LIMIT, KUNDIG_E_CANCELLED, KUNDIG_E_VERSION
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     one at a time on the examples; forks into options->threads inside
 *  Cost        13,000 short texts about 1.5 s where topics are given, some ten times that where
 *              their number is to be found; 100,000 about 15 s
 *  Since       0.1
 */
KUNDIG_API int kundig_model_discover(const kundig_model *base, const kundig_examples *set,
                                     const kundig_discover_options *options, kundig_model **out,
                                     int32_t *found, kundig_error *err);

/** Tell what was discovered: one row a topic, greatest first.
 *
 *  Columns: theme, topic (names), theme_title, title, texts (whose main topic it is, and that fit
 *  it), customers
 *  (null where none are named), share (of the texts), sureness (how well two halves of the texts
 *  agree on it, in [0, 1]), words (those that tell it most, with weights: "refund 3.1; money back
 *  2.7"), examples (keys of three typical texts: "app 12; app 80; web 7"), collisions (share of its
 *  words that fell into one bucket with others), came (new, kept, split, merged, told), from
 *  (topic), matches (a defined or taught topic that speaks of the same; else null), agreement (with
 *  it, in [0, 1]), state (hidden, pinned, known; else null).
 *  The notes say how many texts are in none, how sure the whole is, and what to do next.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_EMPTY (nothing was discovered), KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_discovered(const kundig_model *model, kundig_table **out,
                                       kundig_error *err);

/** Write a discovered topic as a topic of a taxonomy, its words as rules, to start from.
 *
 *  topic       its name
 *  name        of the topic to be made; a name as taxonomies have them
 *  out         text as kundig_model_new() reads it; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOT_FOUND, KUNDIG_E_VALUE (name), KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_model_define(const kundig_model *model, kundig_text topic, kundig_text name,
                                   kundig_bytes **out, kundig_error *err);

/* ---- The corpus ----------------------------------------------------------------------------- */

/** A handle on one corpus of facts. */
typedef struct kundig kundig;

/** How a corpus is opened. Fill with kundig_options_init(). */
typedef struct kundig_options {
    uint32_t size;
    uint32_t threads; /* 0 or 1: the calling thread alone; at most 64 */
    kundig_allocator allocator;
    uint64_t memory_limit; /* bytes of kundig's own memory in this handle; 0: none */
    /* Called now and then in long calls, from the calling thread; total is 0 while unknown.
     * Anything but 0 cancels the call (KUNDIG_E_CANCELLED). It must not call into the handle. */
    int (*progress)(void *ud, uint64_t done, uint64_t total);
    void *progress_ud;
    kundig_text zone_directory; /* TZif files; absent: /usr/share/zoneinfo */
    kundig_text pseudonym_key;  /* 32 bytes: customers stand in states as keyed BLAKE2b; absent: a
                                   public key, which hides nothing from who can guess names */
    uint32_t mask; /* KUNDIG_PERSONAL_ together: comments' words leave this handle masked, in every
                      table, page and report; 0: as they stand. Keys (customer, id, the other
                      fields) are not comments: they stay as they were given */
    uint32_t reserved; /* zero */
    /* Stores alone: */
    int32_t access;      /* KUNDIG_ACCESS_ */
    int32_t identifiers; /* KUNDIG_IDENTIFIERS_ */
    uint32_t busy_ms;    /* how long to wait while another process writes; 0: 5,000 */
    /* Reporting mode, on if report_k is not 0: kundig_measure() without a filter, grouped by
     * declared fields and windows, kundig_topics() without a filter, kundig_metrics() and
     * kundig_versions() answer; everything else that tells of facts is KUNDIG_E_MODE. So are a
     * purpose, an instant, customers as the unit, the metric share, and another zone than that of
     * the first question; adding facts to a store; and, once a question was answered, adding facts
     * in memory, zones and models. */
    uint32_t report_k; /* fewest customers (records, where none names one) a shown cell has */
    uint32_t report_comments;  /* fewest of a cell whose comments are quoted; 0: twice report_k */
    uint32_t report_every;     /* 1 << KUNDIG_EVERY_ together: windows that may be asked for */
    kundig_text report_fields; /* fields that may be grouped by: "stage, channel"; at most 4,
                                  dimensions but customer, and attributes that are texts */
} kundig_options;

#define KUNDIG_ACCESS_CREATE 0 /* read and write; made if it is not there */
#define KUNDIG_ACCESS_WRITE  1 /* read and write; must be there */
#define KUNDIG_ACCESS_READ   2 /* nothing in the file is changed */

#define KUNDIG_IDENTIFIERS_PLAIN 0
/* Customers' names are kept as keyed BLAKE2b of what was given: pseudonym_key is needed, at every
 * opening the same, and never stands in the file. Names given in calls (kundig_erase(), links,
 * consents, labels' and edits' by) are turned alike; in filters give kundig_pseudonym(). */
#define KUNDIG_IDENTIFIERS_PSEUDONYMS 1

static inline void kundig_options_init(kundig_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Open a corpus: facts in memory, or a store, which is one SQLite file.
 *
 *  A store's tables are plain and carry their own documentation: `sqlite3 FILE .schema`. Anyone may
 *  read them with SQL while kundig runs; only kundig may write them: facts are kept with the sum of
 *  their hashes, and a store that does not agree with its sum is refused. Each call that adds is
 *  one transaction: when it has returned, its records survive a killed process and a lost power
 *  supply; before, none of them is there. One process writes at a time, others read meanwhile;
 * every question sees what was written before it was asked. Facts are read into memory when first
 * needed.
 *
 *  path, len   ":memory:", or a file as the system names it
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_VERSION (a store
 *              of a later kundig), KUNDIG_E_IO (the file is refused, or the system gave no random
 *              key), KUNDIG_E_FORMAT (not a store, or damaged: kundig_verify() says more),
 *              KUNDIG_E_NOT_FOUND (no such file, and it may not be made), KUNDIG_E_BUSY,
 *              KUNDIG_E_MODE (the store keeps pseudonyms, or another key made them)
 *  Owns        *out is the caller's: kundig_close()
 *  Threads     any; the handle belongs to one thread at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_open(const char *path, size_t len, const kundig_options *options,
                           kundig **out, kundig_error *err);

/** Close a corpus and free its facts. Results made from it live on.
 *
 *  k           may be NULL
 *  Threads     the one that uses the handle
 *  Since       0.1
 */
KUNDIG_API void kundig_close(kundig *k);

/** What became of the records of one call. Fill with kundig_added_init(). */
typedef struct kundig_added {
    uint32_t size;
    uint32_t reserved;       /* zero */
    uint64_t records;        /* given */
    uint64_t added;          /* new identities */
    uint64_t versions;       /* another version of a known record */
    uint64_t unchanged;      /* the same bytes were known already */
    uint64_t conflicts;      /* versions that differ yet claim the same updated_ms */
    uint64_t replaced_bytes; /* ill-formed bytes that became U+FFFD */
} kundig_added;

static inline void kundig_added_init(kundig_added *added)
{
    memset(added, 0, sizeof *added);
    added->size = (uint32_t)sizeof *added;
}

/** Add feedback: all records or none.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  count       at most 2^31 - 2 records in one corpus
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT,
 *              KUNDIG_E_VERSION, KUNDIG_E_BUSY, KUNDIG_E_FORK, KUNDIG_E_CANCELLED;
 *              err->pos is the index of the record that was refused
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_feedback_add(kundig *k, const kundig_feedback *records, size_t count,
                                   kundig_added *added, kundig_error *err);

/** Add what the CRM knows of customers: all records or none.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_customer_add(kundig *k, const kundig_customer *records, size_t count,
                                   kundig_added *added, kundig_error *err);

/** Add events: all records or none.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_event_add(kundig *k, const kundig_event *records, size_t count,
                                kundig_added *added, kundig_error *err);

/** Add labels: all records or none.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_label_add(kundig *k, const kundig_label *records, size_t count,
                                kundig_added *added, kundig_error *err);

/** Add links between names of customers: all records or none.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_link_add(kundig *k, const kundig_link *records, size_t count,
                               kundig_added *added, kundig_error *err);

/** Add consents and withdrawals of customers: all records or none.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_consent_add(kundig *k, const kundig_consent *records, size_t count,
                                  kundig_added *added, kundig_error *err);

/** Say how long records are kept: all records or none. kundig_expire() acts on it.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_retention_add(kundig *k, const kundig_retention *records, size_t count,
                                    kundig_added *added, kundig_error *err);

/** Add what people say of discovered topics: all records or none. The next kundig_discover() heeds
 *  it; what renames, hides, merges or makes known is heeded by the next question, too, where the
 *  pinned model was discovered.
 *
 *  records     an array whose elements are records[0].size bytes apart; NULL only if count is 0
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_feedback_add()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_edit_add(kundig *k, const kundig_edit *records, size_t count,
                               kundig_added *added, kundig_error *err);

/** Give the rules of a time zone, for systems without zone files.
 *
 *  name, len   as queries will name it ("Europe/Berlin")
 *  data, size  a TZif file's bytes (RFC 8536), at most 1 MiB, copied
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_FORMAT, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT,
 *              KUNDIG_E_BUSY, KUNDIG_E_FORK
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_zone_add(kundig *k, const char *name, size_t len, const void *data,
                               size_t size, kundig_error *err);

/** Choose the model that reads the comments of this corpus: the fields topic, theme, text_language
 *  sentiment and novelty, the metrics share, sentiment and novelty, kundig_topics() and what is
 *  told of each record (kundig_classify()) are its answers. Of a model that discovered topics,
 *  edits (kundig_edit_add()) are heeded.
 *
 *  It is this handle's choice and kept nowhere: see kundig_pin_model().
 *
 *  model       retained; NULL: the pinned one, else that of kundig_taxonomy_ready()
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_BUSY, KUNDIG_E_FORK
 *  Threads     one at a time
 *  Cost        comments are read when first asked for, then kept until facts or model change
 *  Since       0.1
 */
KUNDIG_API int kundig_set_model(kundig *k, kundig_model *model, kundig_error *err);

/** Get the model that reads the comments of this corpus: that of kundig_set_model(), else the
 *  pinned one, else the ready taxonomy.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_BUSY,
 *              KUNDIG_E_FORK, KUNDIG_E_MODE, and as kundig_open() where a store must be read
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_get_model(kundig *k, kundig_model **out, kundig_error *err);

/** Say whether a model was chosen for this corpus, or pinned. If not the ready taxonomy reads its
 *  comments.
 *
 *  out         KUNDIG_YES or KUNDIG_NO; set only on KUNDIG_OK
 *  Returns     as kundig_get_model()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_has_model(kundig *k, int32_t *out, kundig_error *err);

/** List what the corpus holds: one row a field that may be named in filters and groups.
 *
 *  Columns: field, type (dimension, time, question, attribute, text, model, number), scale, records
 *  (with a value), distinct (values; null where not counted), minimum, maximum (as text). Rows:
 *  time, the dimensions in the order of kundig_query_group_by(), questions and attributes by name,
 *  text, where there are texts topic, theme, text_language and sentiment, and novelty if the model
 *  discovered topics (type model: nothing is counted, for it would cost reading every comment), id,
 *  weight.
 *  The notes give the number of records, versions, conflicts, customers, events and bytes.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_BUSY,
 *              KUNDIG_E_FORK
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Cost        one pass over the columns
 *  Since       0.1
 */
KUNDIG_API int kundig_fields(kundig *k, kundig_table **out, kundig_error *err);

/** List records that have several versions claiming the same updated time.
 *
 *  Columns: source, id, updated (ISO 8601 or null), versions.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_BUSY,
 *              KUNDIG_E_FORK
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_conflicts(kundig *k, kundig_table **out, kundig_error *err);

/* ---- Stores: keeping, forgetting, checking -------------------------------------------------- */

/** Is this file a store of kundig? It looks at the first bytes alone.
 *
 *  path, len   as the system names it
 *  Returns     1 or 0 (also where it cannot be read)
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_is_store(const char *path, size_t len);

/** Name the state of the facts: equal facts have equal names on every machine, whatever order they
 *  came in and through however many calls, merges and erasures.
 *
 *  BLAKE2b of, for each kind of fact, the count and the sum of the BLAKE2b hashes of all versions
 * of all records; and of the pinned model. It finds accidents. It is no signature: who may choose
 *  records can make two different sets with one name.
 *
 *  hex         32 lower-case digits and a NUL
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_BUSY, KUNDIG_E_FORK, and as
 *              kundig_open() where a store must be read
 *  Threads     one at a time
 *  Cost        nothing for a store; one pass over the facts in memory
 *  Since       0.1
 */
KUNDIG_API int kundig_facts_hash(kundig *k, char hex[33], kundig_error *err);

/** Keep a model with the facts: it reads the comments of this corpus from now on, for everyone who
 *  opens the store. A pinned model is a fact: it counts in kundig_facts_hash().
 *
 *  model       NULL: unpin
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_IO, KUNDIG_E_BUSY, KUNDIG_E_FORK,
 *              KUNDIG_E_MODE
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_pin_model(kundig *k, kundig_model *model, kundig_error *err);

/** Turn a customer's name into the pseudonym that stands for it in a store opened with
 *  KUNDIG_IDENTIFIERS_PSEUDONYMS, and in receipts: keyed BLAKE2b as 32 hexadecimal digits.
 *
 *  hex         32 lower-case digits and a NUL
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG (no pseudonym_key was given when the handle was opened)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_pseudonym(kundig *k, const char *customer, size_t len, char hex[33],
                                kundig_error *err);

/** Whom or what to forget. Fill with kundig_erasure_init(); give customer, or source and id. */
typedef struct kundig_erasure {
    uint32_t size;
    uint32_t reserved; /* zero */
    kundig_text customer;
    kundig_text source;
    kundig_text id;
    int64_t time_ms; /* when, for the receipt: the library reads no clock */
} kundig_erasure;

static inline void kundig_erasure_init(kundig_erasure *erasure)
{
    memset(erasure, 0, sizeof *erasure);
    erasure->size = (uint32_t)sizeof *erasure;
    erasure->time_ms = KUNDIG_TIME_ABSENT;
}

/** Forget one customer, or one record.
 *
 *  Of a customer, under all names linked to the one given: every version of every record, what the
 *  CRM knew, their events and those of cases that are theirs alone, labels and edits of their
 *  records, links, consents. Of a record: its versions, labels and edits.
 *
 *  In a store their bytes are overwritten in the file and in FILE-wal before this returns, and what
 *  was cached is made unreadable. If another process is reading, FILE-wal cannot be emptied yet:
 * the receipt says "pending", and the next call that writes, or kundig_close(), finishes. Promised
 * is that no file of the store holds bytes of theirs once a receipt says "done". Not promised are
 *  copies made before: backups, exports, states, reports, snapshots of the file system, blocks that
 *  an SSD or a journaling file system keeps aside, memory that was swapped out; and words about
 * them in the comments of others. Reading the same input again brings them back.
 *
 *  The receipt, one row, is also kept in the store: columns time, action ("erase"), subject (keyed
 *  pseudonym of the customer or of source and id; null if no pseudonym_key was given), records,
 *  versions, customers, events, labels, links, consents, edits (how many of each are gone), before,
 *  after (kundig_facts_hash()), status ("done", "pending"). It holds no personal data.
 *
 *  erasure     a customer that nobody knows is no error: counts are 0
 *  out         may be NULL; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_IO,
 *              KUNDIG_E_BUSY, KUNDIG_E_FORK, KUNDIG_E_MODE, KUNDIG_E_VERSION
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Cost        a store: some milliseconds, and the next question reads the facts anew; in memory
 *              one pass over the facts
 *  Since       0.1
 */
KUNDIG_API int kundig_erase(kundig *k, const kundig_erasure *erasure, kundig_table **out,
                            kundig_error *err);

/** Forget the records whose time is over: those older than kundig_retention allows their purpose.
 *  Records without a time stay and are counted in a note; so do purposes without a rule.
 *
 *  as_of_ms    the instant to count from
 *  out         may be NULL; set only on KUNDIG_OK: the receipt, as kundig_erase(), its action
 *              "expire"
 *  Returns     as kundig_erase()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_expire(kundig *k, int64_t as_of_ms, kundig_table **out, kundig_error *err);

/** Add all facts of another store to this corpus, in one transaction. Records of the same identity
 *  become versions of one; the pinned model of this corpus stays. Equal records without an id that
 *  stand in both are one.
 *
 *  path, len   a store, read and not changed
 *  time_ms     when, for the receipt
 *  out         the receipt, as kundig_erase(), its action "merge", its counts what was added; may
 *              be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_open() and kundig_feedback_add()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_merge(kundig *k, const char *path, size_t len, int64_t time_ms,
                            kundig_table **out, kundig_error *err);

/** List the receipts of a store, oldest first; columns as kundig_erase(). In memory there are none.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_IO, KUNDIG_E_BUSY, KUNDIG_E_FORK,
 *              KUNDIG_E_MODE
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_audit(kundig *k, kundig_table **out, kundig_error *err);

/** Keep a ready image of the facts in the store, so that opening it is several times as fast. It is
 *  used while it fits the facts, made useless by every erasure, and never trusted over them.
 *
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG (in memory), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_IO,
 *              KUNDIG_E_BUSY, KUNDIG_E_FORK, KUNDIG_E_MODE
 *  Threads     one at a time
 *  Cost        the file grows by about the memory the facts take
 *  Since       0.1
 */
KUNDIG_API int kundig_cache_save(kundig *k, kundig_error *err);

/** Write the file of a store anew, without what erasures left empty and without the cache.
 *
 *  Returns     as kundig_cache_save()
 *  Threads     one at a time
 *  Cost        the whole file is written; the disk holds it twice meanwhile
 *  Since       0.1
 */
KUNDIG_API int kundig_compact(kundig *k, kundig_error *err);

/** Check a store through and through and say in words what is wrong: the file's structure, the
 *  tables, every record against its hash, all of them against their sum, the cache against the
 *  facts, erasures that are not finished.
 *
 *  Columns: severity (error, warning, note), table (may be null), row (may be null), finding. A
 *  store without a row of severity error is sound.
 *
 *  path, len   a store; it is not changed
 *  options     NULL for defaults; allocator, memory_limit, progress, busy_ms and pseudonym_key are
 *              used
 *  out         set only on KUNDIG_OK, also for a store full of faults
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_IO,
 *              KUNDIG_E_NOT_FOUND, KUNDIG_E_BUSY, KUNDIG_E_CANCELLED
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Cost        everything is read once or twice
 *  Since       0.1
 */
KUNDIG_API int kundig_verify(const char *path, size_t len, const kundig_options *options,
                             kundig_table **out, kundig_error *err);

/* ---- Ingest: files and rows into facts ------------------------------------------------------ */

#define KUNDIG_DATES_GUESS       0 /* decided over the whole column, or KUNDIG_E_AMBIGUOUS */
#define KUNDIG_DATES_DAY_FIRST   1
#define KUNDIG_DATES_MONTH_FIRST 2

#define KUNDIG_ENCODING_UTF8         0 /* ill-formed bytes become U+FFFD and are counted */
#define KUNDIG_ENCODING_WINDOWS_1252 1

/** How rows become facts. Fill with kundig_ingest_options_init(). */
typedef struct kundig_ingest_options {
    uint32_t size;
    int32_t dates;        /* KUNDIG_DATES_ */
    kundig_text source;   /* absent: the file's name without its folders; rows and bytes: "" */
    kundig_text map;      /* "field=Column,field=Column": overrides the guess, column by column.
                             Fields: text, id, customer, time, updated, kind, channel, touchpoint,
                             stage, case, agent, department, segment, product, language, purpose,
                             consent, weight, nps, csat, ces, ces_2010, stars,
                             score[MIN..MAX] or score[MIN..MAX,lower], attribute, ignore, source
                             (of rows that name theirs; never guessed). A column
                             name with a comma or equals sign stands in double quotes. Score fields
                             may be given several times; other fields once. */
    kundig_text zone;     /* zone of times written without an offset; absent: UTC */
    int32_t kind;         /* KUNDIG_KIND_ for rows without a kind column */
    int32_t encoding;     /* KUNDIG_ENCODING_ */
    uint64_t max_field;   /* bytes of one field; 0: 1 MiB */
    uint64_t max_rejects; /* rows kept in the rejects table; all are counted; 0: 1,000,000 */
    char delimiter;       /* 0: found among , ; tab | */
    char reserved[7];     /* zero */
} kundig_ingest_options;

static inline void kundig_ingest_options_init(kundig_ingest_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** What was understood of the rows and what became of each. Immutable. */
typedef struct kundig_ingest_report kundig_ingest_report;

/* Columns: name, value. rows = accepted + rejected, always;
 * accepted = added + versions + unchanged. */
#define KUNDIG_INGEST_SUMMARY 1
/* Columns: column, field, why, filled (rows with a value), example. In file order. */
#define KUNDIG_INGEST_MAPPING 2
/* Columns: line, column, offset (byte), reason, row (the raw bytes, made valid UTF-8). */
#define KUNDIG_INGEST_REJECTS 3
/* Columns: severity (note, warning), finding (a sentence), count. */
#define KUNDIG_INGEST_FINDINGS 4

/** Read a table of the report.
 *
 *  which       KUNDIG_INGEST_
 *  Returns     a table that lives as long as the report; NULL if which is unknown. To keep it
 *              longer: kundig_table_retain()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API kundig_table *kundig_ingest_report_table(const kundig_ingest_report *report, int which);

/** Write the rejected rows as a CSV file that can be mended and read again: the header of the
 *  input, then each rejected row as it stood.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_ingest_report_rejects(const kundig_ingest_report *report, kundig_bytes **out,
                                            kundig_error *err);

/** Free a report.
 *
 *  report      may be NULL
 *  Threads     any, once
 *  Since       0.1
 */
KUNDIG_API void kundig_ingest_report_free(kundig_ingest_report *report);

/** Read a file of feedback: CSV with a header row.
 *
 *  Delimiter, byte order mark, quoted line ends, column meanings and date order are found out; the
 *  report says how. A bad row is rejected with line, column, offset and reason; the rest goes on.
 *  Read in two passes and never held whole: memory is bounded by max_field times the columns.
 *
 *  path, len   as the system names it
 *  options     NULL for defaults
 *  report      may be NULL. Also set, and the caller's, when the call fails with KUNDIG_E_EMPTY or
 *              KUNDIG_E_AMBIGUOUS after rows were read; set to NULL on other failures
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_IO, KUNDIG_E_FORMAT (not a text table; the
 *              message says what to do), KUNDIG_E_EMPTY (no usable row), KUNDIG_E_AMBIGUOUS,
 *              KUNDIG_E_NOT_FOUND (a mapped column), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT,
 *              KUNDIG_E_VERSION, KUNDIG_E_BUSY, KUNDIG_E_FORK, KUNDIG_E_CANCELLED
 *  Owns        *report is the caller's: kundig_ingest_report_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_ingest_file(kundig *k, const char *path, size_t len,
                                  const kundig_ingest_options *options,
                                  kundig_ingest_report **report, kundig_error *err);

/** Read feedback from bytes in memory, as kundig_ingest_file() reads them from a file.
 *
 *  data, len   borrowed for the call
 *  options     NULL for defaults
 *  report      as kundig_ingest_file()
 *  Returns     as kundig_ingest_file(), never KUNDIG_E_IO
 *  Owns        *report is the caller's: kundig_ingest_report_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_ingest_bytes(kundig *k, const char *data, size_t len,
                                   const kundig_ingest_options *options,
                                   kundig_ingest_report **report, kundig_error *err);

/** Read feedback from cells: for bindings and drivers that hold rows already.
 *
 *  Columns are understood as those of a file. Line numbers in the report count rows from 1.
 *
 *  columns     column_count names
 *  cells       row_count times column_count texts, row by row; absent cells are missing
 *  options     NULL for defaults
 *  report      as kundig_ingest_file()
 *  Returns     as kundig_ingest_file(), never KUNDIG_E_IO
 *  Owns        *report is the caller's: kundig_ingest_report_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_ingest_cells(kundig *k, const kundig_text *columns, size_t column_count,
                                   const kundig_text *cells, size_t row_count,
                                   const kundig_ingest_options *options,
                                   kundig_ingest_report **report, kundig_error *err);

/* ---- Queries -------------------------------------------------------------------------------- */

/** A question: metric, filter, groups, window. A typed tree built by calls; values are values and
 *  are never spliced into text. It knows no corpus: names are resolved when it is asked. */
typedef struct kundig_query kundig_query;

#define KUNDIG_EVERY_NONE    0
#define KUNDIG_EVERY_DAY     1 /* "2026-03-09" */
#define KUNDIG_EVERY_WEEK    2 /* ISO 8601: "2026-W11" */
#define KUNDIG_EVERY_MONTH   3 /* "2026-03" */
#define KUNDIG_EVERY_QUARTER 4 /* "2026-Q1" */
#define KUNDIG_EVERY_YEAR    5 /* "2026" */

#define KUNDIG_OF_RECORDS 0 /* every record counts with its weight */
#define KUNDIG_OF_CUSTOMERS                                                                        \
    1 /* every customer of a group counts once, with the mean of their                             \
         records; records without a customer are left out and counted */

#define KUNDIG_INTERVAL_DEFAULT 0 /* the metric's own: see kundig_metrics() */
#define KUNDIG_INTERVAL_WALD    1
#define KUNDIG_INTERVAL_SCORE   2 /* Tango (1998) for Net Promoter Scores, Wilson for shares */

#define KUNDIG_OP_EQUAL            1
#define KUNDIG_OP_NOT_EQUAL        2 /* not equal or missing */
#define KUNDIG_OP_LESS             3
#define KUNDIG_OP_LESS_OR_EQUAL    4
#define KUNDIG_OP_GREATER          5
#define KUNDIG_OP_GREATER_OR_EQUAL 6
#define KUNDIG_OP_IN               7
#define KUNDIG_OP_BETWEEN          8  /* two values, both inside */
#define KUNDIG_OP_CONTAINS         9  /* case-folded part of a text */
#define KUNDIG_OP_MISSING          10 /* no value */

#define KUNDIG_ALL_OF  1
#define KUNDIG_ANY_OF  2
#define KUNDIG_NONE_OF 3

/** Make an empty query.
 *
 *  allocator   NULL for malloc
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_query_free()
 *  Threads     any; the query belongs to one thread at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_new(const kundig_allocator *allocator, kundig_query **out);

/** Free a query.
 *
 *  query       may be NULL
 *  Threads     any, once
 *  Since       0.1
 */
KUNDIG_API void kundig_query_free(kundig_query *query);

/** Choose the metric.
 *
 *  name, len   a name of kundig_metrics(); unknown names show when asked
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_metric(kundig_query *query, const char *name, size_t len,
                                       kundig_error *err);

/** Name the question whose answers are measured; needed where several questions share the
 *  metric's scale (else KUNDIG_E_AMBIGUOUS when asked).
 *
 *  name, len   the question; NULL clears it
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_question(kundig_query *query, const char *name, size_t len,
                                         kundig_error *err);

/** Group by one more field.
 *
 *  field, len  source, customer, kind, channel, touchpoint, stage, case, agent, department,
 *              segment, product, language, purpose, a question or an attribute; topic, theme,
 *              text_language and sentiment, as the model reads the comments (kundig_set_model()): a
 *              record counts in each of its topics, and where there is none its topic is missing.
 *              Sentiment is negative, neutral, positive or mixed, and missing where nothing tells
 *              it: that of the comment or, grouped by topic or theme as well, of each of those in
 *              the record;
 *              "question:NAME", "attribute:NAME" and "model:topic" where a name has several
 *              meanings
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT (more than 8 fields)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_group_by(kundig_query *query, const char *field, size_t len,
                                     kundig_error *err);

/** Group by window of time as well; it is the last key, named "period". Records without a time
 *  are left out and counted in a note.
 *
 *  every       KUNDIG_EVERY_
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_every(kundig_query *query, int32_t every, kundig_error *err);

/** Choose the zone in which instants fall into windows and dates in filters are read.
 *
 *  name, len   as in the IANA data base; NULL or "UTC" for UTC
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM; unknown names show when asked
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_zone(kundig_query *query, const char *name, size_t len,
                                     kundig_error *err);

/** Choose what counts as one: records or customers.
 *
 *  unit        KUNDIG_OF_RECORDS or KUNDIG_OF_CUSTOMERS
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_unit(kundig_query *query, int32_t unit, kundig_error *err);

/** Choose the interval.
 *
 *  interval    KUNDIG_INTERVAL_
 *  level       confidence in (0, 1); 0 for 0.95
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_interval(kundig_query *query, int32_t interval, double level,
                                         kundig_error *err);

/** Answer groups of fewer than min_n records (or customers, if that is the unit) with the status
 *  "too_few" and no value.
 *
 *  min_n       0: no limit
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_min_n(kundig_query *query, uint64_t min_n, kundig_error *err);

/** State the purpose of the question: records that carry another purpose, or a consent of "no", or
 *  whose customer said "no" last (kundig_consent, of this purpose or of every one), are left out
 * and counted in a note.
 *
 *  purpose, len  NULL: no purpose is checked
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_purpose(kundig_query *query, const char *purpose, size_t len,
                                        kundig_error *err);

/** Ask as of an instant: records after it are left out. The library reads no clock.
 *
 *  as_of_ms    milliseconds since 1970; KUNDIG_TIME_ABSENT: everything
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_set_as_of(kundig_query *query, int64_t as_of_ms, kundig_error *err);

/** Make a condition on one field.
 *
 *  A record without a value for the field meets KUNDIG_OP_MISSING and KUNDIG_OP_NOT_EQUAL alone.
 *
 *  field, len  as in kundig_query_group_by() (a record's topic equals a value if any of its topics
 *              does, "!=" if none is; names that the model does not have are KUNDIG_E_NOT_FOUND
 *              when asked; sentiment is that of the comment), and time, text, id, weight; novelty,
 *              a number: which share of the texts that topics were discovered in fits its topic
 *              better than the comment does ("novelty > 0.95"; in thousandths, missing where no
 *              topics were discovered or nothing is said); "score"
 * is the only question of the corpus, "nps", "csat", "ces", "ces_2010" and "stars" the only one on
 * that scale, unless a field has that very name op          KUNDIG_OP_ values      value_count
 * values: one; at least one for KUNDIG_OP_IN; two for KUNDIG_OP_BETWEEN; none for
 * KUNDIG_OP_MISSING. A text for the field time is a date or a part of one
 *              ("2026", "2026-03", "2026-Q1", "2026-W11", "2026-03-09", "2026-03-09T14:30") in
 *              the query's zone and means the whole of that span
 *  node        the condition's number in this query; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE (no such date), KUNDIG_E_NOMEM,
 *              KUNDIG_E_LIMIT (more than 4096 nodes)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_condition(kundig_query *query, const char *field, size_t len,
                                      int32_t op, const kundig_value *values, size_t value_count,
                                      uint32_t *node, kundig_error *err);

/** Combine conditions.
 *
 *  how         KUNDIG_ALL_OF, KUNDIG_ANY_OF or KUNDIG_NONE_OF
 *  nodes       node_count numbers made in this query
 *  node        the combination's number; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_combine(kundig_query *query, int32_t how, const uint32_t *nodes,
                                    size_t node_count, uint32_t *node, kundig_error *err);

/** Read a condition from text.
 *
 *      channel = email and time >= 2026-01 and not (stage in (Order, "First Payment"))
 *      score between 0 and 6 or text contains "late"
 *      time = 2026-Q1 and customer is not missing
 *
 *  Operators: = != < <= > >= in between contains `is missing` and or not ( ). Words that are not
 *  plain (letters, digits, `_ - . :`) stand in single or double quotes, doubled inside; a field in
 *  backquotes.
 *
 *  node        set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_FORMAT (err->pos is the byte), KUNDIG_E_VALUE,
 *              KUNDIG_E_NOMEM, KUNDIG_E_LIMIT (nested deeper than 64)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_parse(kundig_query *query, const char *text, size_t len, uint32_t *node,
                                  kundig_error *err);

/** Keep only records that meet a condition; several calls are joined by "and".
 *
 *  node        a number made in this query
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_query_keep(kundig_query *query, uint32_t node, kundig_error *err);

/* ---- Answers -------------------------------------------------------------------------------- */

/** List the metrics.
 *
 *  Columns: metric, title, class (sum, multiset, scan), scale, unit, interval, source, description.
 *
 *  allocator   NULL for malloc
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_metrics(const kundig_allocator *allocator, kundig_table **out,
                              kundig_error *err);

/** Answer a query: one row a group that holds a record.
 *
 *  Columns: the groups (text; null where a record has no value), period, metric, value, lo, hi,
 *  se (standard error of value), n (records), customers (distinct; null where no record names
 *  one), n_eff, status (ok, no_data, too_few, undefined, suppressed), method. value, lo, hi and se
 *  are null unless status is ok. Without groups there is exactly one row.
 *
 *  In reporting mode cells of fewer than report_k customers are suppressed: n, customers and method
 *  are null as well. So are further cells, so that nobody can work them out from all the tables
 * that the declared fields and windows can give: each may hold report_k records more or fewer for
 * all that is told. Where that cannot be had a table has no rows, and a note says so. Rows without
 * an answer are left out, and customers are null where they come back too often to be told. The
 * first question makes the plan: seconds for many thousand combinations of fields and windows.
 *
 *  Where a customer has several records the variance is clustered by customer and method says so:
 *  Var = C/(C-1) sum_c (sum_{i in c} w_i (x_i - s))^2 / (sum w)^2 over C customers.
 *
 *  Grouped by topic or theme a record counts in each of its own; notes count it once. The metric
 *  share is of records with a text: those with a topic at all, or, grouped by topic or theme, those
 *  with that topic, among all of the other groups. Every topic that any of them has stands in every
 *  group, 0 where nobody speaks of it there, and a missing topic for those that have none. A filter
 *  on topic leaves fewer records to be a share of: name topics by group, not by filter. A share by
 *  topic cannot be by sentiment as well (KUNDIG_E_ARG).
 *
 *  The metric sentiment is the mean of what comments express, from -1 to 1; grouped by topic or
 *  theme, of what a record expresses of that one, and where it has none of the comment. A theme has
 *  the mean of its topics. In reporting mode it is KUNDIG_E_MODE, as is the metric novelty: the
 *  mean of the field of that name, that of the record where it is grouped by topic.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOT_FOUND, KUNDIG_E_AMBIGUOUS, KUNDIG_E_VALUE,
 *              KUNDIG_E_IO (zone), KUNDIG_E_FORMAT (zone), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT,
 *              KUNDIG_E_BUSY, KUNDIG_E_FORK, KUNDIG_E_CANCELLED, KUNDIG_E_MODE
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Cost        one pass over the columns in use; two where customers are known. A share by topic
 *              costs about as much as four counts, whatever the number of topics
 *  Since       0.1
 */
KUNDIG_API int kundig_measure(kundig *k, const kundig_query *query, kundig_table **out,
                              kundig_error *err);

/** Compare two sets of records, a and b, in every group of a query: is the difference more than
 *  chance?
 *
 *  Columns: the groups, metric, a, b (values), difference (b - a), lo, hi, se, z, p (two-sided), q
 *  (Benjamini-Hochberg 1995 over the rows), detectable (smallest change found with 80 % power at
 *  the query's level), a_n, b_n, a_customers, b_customers, status, method. Where a customer stands
 *  in both sets, or several times in one, the variance is clustered by customer over both.
 *
 *  query       its window, if any, is a group like others
 *  a, b        nodes made in query
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_ARG for a metric that has no difference
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_compare(kundig *k, const kundig_query *query, uint32_t a, uint32_t b,
                              kundig_table **out, kundig_error *err);

/** Tell what customers speak of: one row a topic that a record has, most comments first.
 *
 *  Columns: theme, topic (names), title, comments (records with the topic), customers (distinct;
 *  null where no record names one), share (of the comments, records with a text), share_lo,
 *  share_hi, negative, neutral, positive, mixed (how the records feel about the topic: shares of
 *  those that tell), sentiment (the mean, as the metric of that name; null in reporting mode, as
 *  are the four), metric, value, lo, hi, n, status (of the query's metric over these records;
 * without one the Net Promoter Score, else the mean of the only question, else null), words (three
 * that tell a discovered topic; else null), quote (a typical comment, always masked; null unless
 * one is short enough). A record counts in each of its topics; hidden ones are left out. The notes
 * say how many comments there are, how many have a topic, and what the model is called if it has a
 * title.
 *
 *  In reporting mode topics of fewer than report_k customers stand at the end, suppressed and never
 *  one alone; notes give no totals, and quotes come from topics of report_comments customers alone.
 *  Of discovered topics words are null, and a title that is made of words is the topic's name,
 *  unless as many customers as report_k were asked for when it was discovered (least_customers).
 *
 *  query       metric, question, filter, zone, unit, interval, min_n, purpose and as_of are used;
 *              NULL for everything
 *  limit       rows; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Since       0.1
 */
KUNDIG_API int kundig_topics(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                             kundig_error *err);

/** List the records behind a number, newest first, then by source and id.
 *
 *  Columns: time, source, id, customer, channel, touchpoint, stage (those that are filled), one
 *  column a question, text. A query that names topic or theme in its filter adds topics (names,
 *  parted by ", ") and evidence ("12-19 delay; 30-41 staff": bytes of the text as shown; of the
 *  topics the filter names, of all if it names none; where words are masked, what lies in a mask
 *  covers it). The metric, groups and window of the query are not used.
 *
 *  limit       0: all. A note says how many there are
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_comments(kundig *k, const kundig_query *query, size_t limit,
                               kundig_table **out, kundig_error *err);

/** Find comments by their words, newest first.
 *
 *  Every word must stand in the comment, in any place; `verspaet*` is a beginning; words in double
 *  quotes stand in a row: "zu spät". Case and accents make no difference: `spat` and `spaet` find
 *  "spät", and `spät` finds "spaet". Punctuation parts words (`e-mail` is two in a row) and is
 *  looked for only where nothing else is asked; emoji are found inside runs of them.
 *  Columns as kundig_comments(), and evidence ("12-19; 30-41": bytes of the text as shown; beside
 *  the topics that the filter names, words stand without a name). Where the handle masks, the
 *  comment as shown is searched, and what lies in a mask covers it.
 *
 *  text, len   at most 16 words
 *  query       filter, zone, purpose and as_of are used; NULL for everything
 *  limit       rows; 0: all. A note says how many there are
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(), KUNDIG_E_EMPTY (no word), KUNDIG_E_FORMAT (a quote is open, or
 *              a * stands elsewhere than behind a word; err->pos is where), KUNDIG_E_LIMIT (too
 *              many words)
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Cost        one pass over the comments' bytes, about 1 GB/s; words of one letter, or of scripts
 *              without blanks, are read for, at 100 to 300 MB/s
 *  Since       0.1
 */
KUNDIG_API int kundig_search(kundig *k, const char *text, size_t len, const kundig_query *query,
                             size_t limit, kundig_table **out, kundig_error *err);

#define KUNDIG_FACTS_FEEDBACK  0
#define KUNDIG_FACTS_CUSTOMERS 1
#define KUNDIG_FACTS_EVENTS    2
#define KUNDIG_FACTS_LABELS    3
#define KUNDIG_FACTS_LINKS     4
#define KUNDIG_FACTS_CONSENTS  5
#define KUNDIG_FACTS_RETENTION 6
#define KUNDIG_FACTS_EDITS     7

/** List facts as they were given: every version of every record, or of feedback those that meet a
 *  query.
 *
 *  Columns are the fields of the record that any row fills; of feedback one a question and one an
 *  attribute follow, then the text. Times are ISO 8601. Rows are in order of source, id (of kinds
 *  without: the names that identify them), updated time and content. Comments are masked if the
 *  handle masks.
 *
 *  Of feedback a note says how its CSV is read again: what follows "map: " is the map for
 *  kundig_ingest_file(). The records come back the same but for what a CSV cannot say: an empty
 *  text and none, blanks around values, an apostrophe put before a text that would be a formula,
 *  texts of attributes that are numbers all the way, and names of questions and attributes that
 *  are those of fields.
 *
 *  which       KUNDIG_FACTS_
 *  query       filter, purpose and as_of are used, on current feedback; NULL for every version.
 *              Must be NULL for other kinds
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(), KUNDIG_E_MODE
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_facts(kundig *k, int which, const kundig_query *query, kundig_table **out,
                            kundig_error *err);

#define KUNDIG_PAGE_TEXT 0
#define KUNDIG_PAGE_JSON 1 /* {"sections":[{"title":...,"text":[...],"table":{...}},...]} */

/** How the page of kundig_analyze() is made. Fill with kundig_analyze_options_init(). */
typedef struct kundig_analyze_options {
    uint32_t size;
    int32_t format;    /* KUNDIG_PAGE_ */
    uint32_t width;    /* as in kundig_page_options */
    int32_t color;     /* as in kundig_page_options */
    kundig_text title; /* shown on top: a file's name */
} kundig_analyze_options;

static inline void kundig_analyze_options_init(kundig_analyze_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Make the page a practitioner reads first: what was understood of the input, volumes, the score
 *  with its interval overall and by stage, touchpoint and channel, what moved between the last two
 *  periods and whether that exceeds chance, what customers speak of, the words detractors use more
 *  than promoters, the health of the data, what to ask next.
 *
 *  query       filter, zone, question, min_n and interval are used; NULL for everything
 *  report      of the ingest, shown on top; may be NULL
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(), KUNDIG_E_VERSION
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_analyze(kundig *k, const kundig_query *query,
                              const kundig_ingest_report *report,
                              const kundig_analyze_options *options, kundig_bytes **out,
                              kundig_error *err);

/* ---- Why: what moved a score, what is new, who speaks ----------------------------------------
 *
 * Everything here is an association found in the facts, never a cause. All calls are operational:
 * KUNDIG_E_MODE in reporting mode. Where a query has no metric it is the Net Promoter Score, else
 * the mean of the only question (as kundig_topics()). Quotes are always masked. */

/** Tell what each topic, or value of another field, does to a score.
 *
 *  Columns: the field grouped by (null: the records without a value), title (of topics and themes),
 *  metric, n, customers, share (of the records with an answer), value (their score), rest (that of
 *  the others), impact (the score less what it is without them), lo, hi, se (as the count of the
 * topic is random too), se_given_counts, p, q (Benjamini-Hochberg 1995), additive (every answer
 * split equally over the topics of its record, which is the Shapley value of the mean: these sum to
 * the score exactly), additive_lo, additive_hi, units and per (additive is units/per, two whole
 *  numbers as text), positive and negative (regression on mentions, with _lo and _hi: score points
 *  of a record that praises, or blames, the topic, all others held), net (both times how often they
 *  are), asymmetry (-1: only blame matters, a basic; 1: only praise, a delighter), status, method.
 *  Where every record has the value impact is undefined. Greatest |impact| first, then undefined
 *  ones.
 *
 *  Leave-out impacts of topics overlap and do not add up; additive shares do. A record with more
 *  than 16 topics is split over its first 16; a note counts them. With unit customers the answers
 *  of a customer share one vote, whatever they speak of.
 *
 *  Regression is given by topic and theme alone, where the model reads moods: a mixed mention
 *  praises and blames, a neutral one does neither. Mentions of fewer than 5 customers, those that
 *  other mentions tell, and all but the 512 kinds of most customers are null; a note counts them.
 *
 *  query       metric, question, one group field (none: topic), filter, zone, unit, interval's
 *              level, min_n, purpose and as_of are used; NULL for everything
 *  limit       rows; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_ARG for counts, shares and several group fields
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Cost        one pass over the records, customer by customer
 *  Since       0.1
 */
KUNDIG_API int kundig_impact(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                             kundig_error *err);

#define KUNDIG_EXPLAIN_CHANGE 0 /* one row: how much, and is it more than chance? */
#define KUNDIG_EXPLAIN_SPLITS 1 /* a row a field: mix and rate */
#define KUNDIG_EXPLAIN_CAUSES 2 /* a row a value of a field: what it contributes */
#define KUNDIG_EXPLAIN_BREAKS 3 /* a row a break: what makes the two sets hard to compare */
#define KUNDIG_EXPLAIN_TABLES 4

#define KUNDIG_SENTENCES_ENGLISH 0
#define KUNDIG_SENTENCES_GERMAN  1

/** How kundig_explain() tells. Fill with kundig_explain_options_init(). */
typedef struct kundig_explain_options {
    uint32_t size;
    int32_t sentences; /* KUNDIG_SENTENCES_ */
    uint64_t limit;    /* causes of each field; 0: all */
} kundig_explain_options;

static inline void kundig_explain_options_init(kundig_explain_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Explain why a score moved from one set of records to another.
 *
 *  CHANGE, one row: metric, before, after, change, lo, hi, se, z, p, detectable, before_n,
 *  after_n, before_customers, after_customers, exceeds_chance, sentence, status, method; all but
 *  the sentence as kundig_compare() says it.
 *  SPLITS, one row a group field: field, parts, mix (shares moved), rate (scores inside moved),
 *  each with _lo and _hi: they sum to the change (Kitagawa 1955); mix_before, rate_before and
 *  interaction (the split in three, from where it began), simpson (the scores inside moved the
 *  other way than the whole), simpson_sure (and rate's interval leaves 0 out), status.
 *  CAUSES: field, value, title, contribution (they sum to the change within a field), lo, hi, p,
 *  q (Benjamini-Hochberg over the field), mix, rate, before, after (scores), before_share,
 *  after_share, before_n, after_n, before_customers, after_customers, quote_1, quote_2 (typical
 *  comments, masked, of those who answered the way of the cause; of the 64 largest), status.
 *  Greatest |contribution| first within a field.
 *  BREAKS: kind (scale, wording, channel, source, kind, language, sampling, weights, time), what,
 *  before, after, p, sentence. A share is a break where it moved by a tenth, a rate where it moved
 *  by half, with p below .001, clustered by customer.
 *
 *  Answers are split equally over the values of a record, as kundig_impact() does for additive
 *  shares, so shares sum to 1. A contribution is measured from the middle of both scores: a topic
 *  that grows below it counts against the score. A value that one set lacks has no rate: all it
 *  does is mix. Causes go together with the change; nothing says that they made it.
 *
 *  query       metric, question, group fields (none: topic, and touchpoint, channel, stage where
 *              they are filled), filter, zone, level, purpose and as_of are used; not NULL
 *  before, after  nodes made in query, without a common record
 *  options     NULL for defaults
 *  tables      table_count of them; those behind KUNDIG_EXPLAIN_TABLES become NULL; set only on
 *              KUNDIG_OK
 *  Returns     as kundig_compare()
 *  Owns        the tables are the caller's: kundig_table_free() for each
 *  Threads     one at a time
 *  Cost        one pass a field over the records, customer by customer
 *  Since       0.1
 */
KUNDIG_API int kundig_explain(kundig *k, const kundig_query *query, uint32_t before, uint32_t after,
                              const kundig_explain_options *options, kundig_table **tables,
                              size_t table_count, kundig_error *err);

#define KUNDIG_CHART_DEFAULT 0 /* kundig_chart(): share; kundig_alarms(): all that apply */
#define KUNDIG_CHART_SHARE   1 /* p-chart: of those who wrote in a period, how many speak of it */
#define KUNDIG_CHART_COUNT   2 /* u-chart: how many speak of it in a period */
#define KUNDIG_CHART_EWMA    3 /* exponentially weighted moving average */
#define KUNDIG_CHART_CUSUM   4 /* cumulative sums (Page 1954) */

#define KUNDIG_LIMITS_EXACT       0 /* at most `rate` false alarms, whatever the level is */
#define KUNDIG_LIMITS_THREE_SIGMA 1 /* centre and three standard errors, as textbooks draw them */

/** How charts are kept. Fill with kundig_chart_options_init(). */
typedef struct kundig_chart_options {
    uint32_t size;
    int32_t chart;     /* KUNDIG_CHART_ */
    int32_t limits;    /* KUNDIG_LIMITS_ */
    int32_t weekdays;  /* of days: KUNDIG_UNKNOWN: each weekday has its own level where that shows;
                          KUNDIG_NO, KUNDIG_YES */
    uint32_t baseline; /* periods before that tell the level; 0: all before */
    int32_t reserved;  /* zero */
    double rate;       /* false alarms a period over all series; 0: 0.01 */
    double lambda;     /* of EWMA; 0: 0.3 */
    double width;      /* limits of EWMA in standard errors; 0: from rate, for three sigma 3 */
    double slack;      /* of CUSUM, in standard deviations; 0: 0.5 */
    double limit;      /* of CUSUM, in standard deviations; 0: from rate */
    double target;     /* of EWMA and CUSUM of the query's metric, where sigma is given */
    double sigma;      /* of one period's value; 0: it and target are those of all periods */
    int64_t since_ms;  /* kundig_alarms(): that fired in a period that ends after it */
} kundig_chart_options;

static inline void kundig_chart_options_init(kundig_chart_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
    options->since_ms = KUNDIG_TIME_ABSENT;
}

/** Draw the control chart of every group: one row a series and period.
 *
 *  Columns: the groups, period, chart, y (customers who speak of it), n (who wrote at all), value,
 *  centre, lower, upper, p (of the period alone, for exact limits), signal ("up", "down", null).
 *
 *  query       group fields (none: topic), every (none: day), filter, zone, purpose and as_of are
 *              used; of EWMA and CUSUM a metric, whose value a period is charted in place of the
 *              share
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_chart(kundig *k, const kundig_query *query,
                            const kundig_chart_options *options, kundig_table **out,
                            kundig_error *err);

/** Say where something is out of the ordinary: one row an alarm, the latest first.
 *
 *  Columns: the groups, chart, period (in which it fired), onset (the period in which it began),
 *  direction (up, down), y, n, value, expected, lower, upper, ratio, p, q, customers, quote_1,
 *  quote_2, sentence.
 *
 *  Charts of counts by day begin with the fifteenth day, when weekdays are known; a first or last
 *  period that may be cut off tells no level and is never too few. Shares with a strong rhythm of
 *  weekdays may alarm on the first weekends; later each day is held against its own weekday.
 *
 *  A customer counts once a period and series, so one who writes 38 times raises no alarm. p-values
 *  are corrected over all series of a period: with nothing going on at most `rate` of the periods
 *  see any alarm of one chart. To watch a stream: add records, then ask with since_ms.
 *
 *  query       as kundig_chart()
 *  options     NULL for defaults
 *  limit       rows; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_alarms(kundig *k, const kundig_query *query,
                             const kundig_chart_options *options, size_t limit, kundig_table **out,
                             kundig_error *err);

/** How kundig_emerging() looks. Fill with kundig_emerging_options_init(). */
typedef struct kundig_emerging_options {
    uint32_t size;
    int32_t reserved; /* zero */
    double scale;     /* how much denser each level of a burst is, 1.01 to 1000; 0: 2 */
    double gamma;     /* what a step up costs, 0.001 to 1000; 0: 1 */
    uint64_t limit;   /* rows; 0: all */
} kundig_emerging_options;

static inline void kundig_emerging_options_init(kundig_emerging_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Tell what is coming up.
 *
 *  Columns: the groups, title (of topics; of novelty the word), kind (burst, rise, novelty), level
 *  (of bursts, 2 upward), onset, until (times, ISO 8601), records, customers, ratio, lo, hi, p, q,
 *  quote_1, quote_2 (typical comments, masked). The latest first; what chance explains is left out.
 *
 *  burst: a stretch in which the group is denser than elsewhere (Kleinberg 2003), by time, or where
 *  a record is known by its day alone by the group's share of each day (his section 4). rise: the
 *  last whole period against all whole ones before. novelty: both, for comments near no known topic
 *  (those of a novelty above 0.95 where topics were discovered, else those without a topic), and
 *  the words they use more than before; given where groups or filter are of what comments say.
 *
 *  A customer counts once a period and group. ratio is that of two rates with its exact interval:
 *  events of the group in all that came in, or in time where the group is all. p of a burst holds
 *  for all stretches that could have been; q is corrected over all groups. Fewer than three
 *  customers are no news.
 *
 *  query       group fields (none: topic), every (none: week, or day where there are no two whole
 *              weeks), level, filter, zone, purpose and as_of are used; NULL for everything
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_ARG for options out of range
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Cost        two passes over the records, linear in events; one a row that is told
 *  Since       0.1
 */
KUNDIG_API int kundig_emerging(kundig *k, const kundig_query *query,
                               const kundig_emerging_options *options, kundig_table **out,
                               kundig_error *err);

#define KUNDIG_PRIOR_ALL     0 /* as the whole selection uses the words, `prior` observations of it */
#define KUNDIG_PRIOR_COUNTS  1 /* every word as often as both sets use it together */
#define KUNDIG_PRIOR_UNIFORM 2 /* `prior` observations of every word; 0: 1 */

/** How kundig_words() weighs. Fill with kundig_words_options_init(). */
typedef struct kundig_words_options {
    uint32_t size;
    int32_t prior_kind; /* KUNDIG_PRIOR_ */
    double prior;       /* observations, 1e-6 to 1e12; 0: 1000, or a tenth of both sets if less */
    uint64_t limit;     /* rows; 0: all */
    uint64_t least;     /* records of a with the word; 0: 3 */
    int32_t everything; /* 1: words that chance explains as well; 0: not */
    int32_t reserved;   /* zero */
} kundig_words_options;

static inline void kundig_words_options_init(kundig_words_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Tell the words and pairs that one set of records uses more than another: log-odds with an
 *  informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 15 to 22).
 *
 *  Columns: word (as it is written most often in a), a, b (records with it), customers (distinct,
 *  of a; null where no record of a names one), log_odds, variance, z_said (log_odds over its
 *  standard error: these three as the paper has them; null where nothing else is said), z, share_a,
 *  share_b (of the records with a text), q (Benjamini-Hochberg, of z over all that were looked at),
 *  floor (the greatest |z| that a word of like frequency reaches when a is held against its own
 *  halves, four times, each customer in one half: what noise looks like; null where a cannot be
 *  halved), above_floor (z is greater). Greatest z first.
 *
 *  z is the smaller of two, which must point one way (else it is 0): log_odds over a standard error
 *  with the two terms that the paper leaves out, 1 / (n - y) of each set, which matter where most
 *  of what is said is the word; and the difference of the shares of records, clustered by customer.
 *
 *  Words are told that are beyond chance (z above 0, q at most 0.05), or everything that stands in
 *  `least` records of a, by two customers where customers are known. Where b holds all of a and
 *  more, a is held against all, both with their priors: one against all, as the R package tidylo
 *  has it; b and share_b are of all, z of shares is against the rest. Numbers, addresses, @names,
 *  what the handle masks and broken characters are no words.
 *
 *  query       filter, zone, purpose and as_of are used
 *  a, b        nodes made in query, without a common record, or b with all of a and more
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_compare(); KUNDIG_E_ARG for options out of range
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Cost        two passes over the texts, two over those of a
 *  Since       0.1
 */
KUNDIG_API int kundig_words(kundig *k, const kundig_query *query, uint32_t a, uint32_t b,
                            const kundig_words_options *options, kundig_table **out,
                            kundig_error *err);

/** Tell what satisfied customers still miss: in records whose answer is in the best tenth of its
 *  scale (9 and 10 of 10, 5 of 5, 7 of 7), clauses behind "but" and its like ("however",
 *  "although", "except", "aber", "leider", ...) that speak badly of something, and topics spoken of
 *  badly without one.
 *
 *  Columns: time, source, id (those that are filled), score, word (of contrast; null: a topic
 *  without one), topic (of a clause those in it that are not praised), value (how bad, -1 to 0),
 *  clause (bytes of the text as shown: what stands behind the word; without one, where the topic
 *  is spoken of), text (masked where the handle masks). A row a clause or topic; newest record
 *  first. Notes say how many of the satisfied who wrote miss something, each customer counted once,
 *  with Wilson's interval.
 *
 *  "Nothing but" and "not only ... but" part nothing. Words of contrast are known in German,
 *  English, French, Spanish, Italian, Dutch and Portuguese; the lexicon that says what is bad, in
 *  German and English, so elsewhere what was taught decides.
 *
 *  query       question, metric (where it reads one), filter, zone, interval's level, purpose and
 *              as_of are used; NULL for everything
 *  limit       records; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_NOT_FOUND where no question was answered
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Since       0.1
 */
KUNDIG_API int kundig_buts(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                           kundig_error *err);

/** List records whose answer and comment disagree: a score at the good end of its scale (promoters,
 *  else the outer third) with a negative comment, or one at the bad end with a positive comment.
 *  Neutral and mixed comments disagree with nothing. The farthest apart first: the score's place on
 *  its scale, from -1 to 1, against the comment's value.
 *
 *  Columns: time, source, id (those that are filled), score, sentiment, value, kind ("high score,
 *  negative text", "low score, positive text"; where lower is better, high is the good end),
 * topics, text. Notes tell how many of those with a score at that end and a comment, each customer
 * counted once, with Wilson's interval.
 *
 *  query       as kundig_buts()
 *  limit       records; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_buts()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Since       0.1
 */
KUNDIG_API int kundig_mismatch(kundig *k, const kundig_query *query, size_t limit,
                               kundig_table **out, kundig_error *err);

/** Tell loud topics from meaningful ones: how often, by how many, how much it weighs.
 *
 *  Columns: the field grouped by, title (of topics), records, customers, share_records,
 *  share_customers, top_share (of customers' records, by the busiest 1 % of them, rounded up), gini
 *  (of records over customers), value (score of the records), capped (the same, one customer one
 *  vote), impact (leave-out, customers counted once), lo, hi, q, direction ("up", "down", "within
 *  chance"), at_risk (revenue of the customers who speak of it, where the impact is below zero;
 *  null where none is known), loudness (rank by records), meaning (rank by customers times |impact|
 *  times their mean revenue, where any is known), quadrant ("loud and meaningful", "quiet but
 *  meaningful", "loud only", "neither": above the median of the others; meaningful only where the
 *  impact is beyond chance), status. By meaning, those without it last; the records without a value
 *  have no rank.
 *
 *  A customer has one vote and counts once, however often they write. A person's revenue is what
 *  was said last of any of their names. Where no record names a customer records are counted
 *  instead. Notes: what the busiest 1 % of customers wrote, the score with and without one vote
 *  each, and of topics reliability: the share of customers who blame none.
 *
 *  query       as kundig_impact()
 *  limit       rows; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_impact()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_loud(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                           kundig_error *err);

/** Compare groups without a league table: each beside what chance alone would do to a group of its
 *  size, and drawn to the whole as far as it is small.
 *
 *  Columns: the groups, metric, value, lo, hi, n, customers, shrunk (empirical Bayes: (n s + k s0)
 *  / (n + k), k = variance within over variance between), shrunk_lo, shrunk_hi, whole (s0, the
 *  score of all groups' records), limit_95_lo, limit_95_hi, limit_998_lo, limit_998_hi (funnel:
 *  where the score of as many answers stays but for chance), outside ("95", "99.8" or null), rank
 *  (null where its interval overlaps that of a group above or below), heaping (of answers at the
 *  cut of the metric, 9 for NPS and 4 for CSAT, and one below: the share at the cut),
 *  heaping_others (the same of the other groups), heaping_q (Agresti and Caffo 2000, against those;
 *  Benjamini-Hochberg), status, method, limits (exact; binomial or normal, where answers are
 *  weighted or customers come back). Rows stand in the order of keys.
 *
 *  query       metric, group fields (one, or every), question, filter, every, zone, unit, interval,
 *              min_n, purpose and as_of are used
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_ARG without a group
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_funnel(kundig *k, const kundig_query *query, kundig_table **out,
                             kundig_error *err);

/** Compare every group of a query with a figure from outside: a benchmark.
 *
 *  Columns as kundig_compare(): a is the benchmark, b the group.
 *
 *  query       as kundig_measure()
 *  value       the benchmark, in natural units
 *  n           answers it stands on; 0: it is exact
 *  deviation   standard deviation of one answer, for NPS at most sqrt(1 - value^2); 0: the greatest
 *              that the value allows
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_compare(); KUNDIG_E_VALUE (off the scale)
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_benchmark(kundig *k, const kundig_query *query, double value, double n,
                                double deviation, kundig_table **out, kundig_error *err);

/** How many of those whom the answers shall stand for have a value of a field. Its layout is
 *  frozen. */
typedef struct kundig_margin {
    kundig_text field;
    kundig_text value; /* absent: no value */
    double size;       /* of the population; any unit, sums of fields may differ */
} kundig_margin;

#define KUNDIG_WEIGHTS_CELLS   0 /* a row a combination of values: its weight */
#define KUNDIG_WEIGHTS_SUMMARY 1 /* one row: how it went and what it costs */
#define KUNDIG_WEIGHTS_SCORE   2 /* the query's metric, unweighted and weighted */
#define KUNDIG_WEIGHTS_TABLES  3

/** How kundig_weights() goes. Fill with kundig_weights_options_init(). */
typedef struct kundig_weights_options {
    uint32_t size;
    int32_t reserved; /* zero */
    double most;      /* greatest weight, in means: 1 at least; 0: no limit */
    uint64_t rounds;  /* at most; 0: 1000 */
} kundig_weights_options;

static inline void kundig_weights_options_init(kundig_weights_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Weigh answers so that they stand for a population: post-stratification where one field has
 *  margins, raking (Deming and Stephan 1940) where several have.
 *
 *  Records with an answer are weighed, so that the score stands for the population; a weight that
 *  a record came with is multiplied in. Records with a value that no margin names, or whose margin
 *  is 0, are left out and counted. Weights are of mean 1 over the others. Those above `most` are
 *  set to it and the rest is raked again, round by round; where margins cannot be met so, the raked
 *  weights are cut, what is lacking goes to the others in proportion, and largest_error tells it.
 *
 *  CELLS: the fields, n, population (null where raked), weighted (records they stand for, of n in
 *  all), weight (of one, on average; null where left out). SUMMARY: n, left_out, margins, rounds,
 *  largest_error (of a margin, relative), smallest, largest (weights), trimmed (records whose
 *  weight was capped), deff (Kish 1965), n_eff, status (ok; no_data; undefined where a margin is
 *  positive and no record is there, or where the weights do not settle), method. SCORE: weights
 *  (given: those of the records; margins), then as kundig_measure(), a row each,
 *  Var = sum w^2 (x - s)^2 / (sum w)^2, by customer where they come back.
 *
 *  query       metric, question, filter, zone, interval, purpose and as_of are used; NULL for
 *              everything
 *  margins     margin_count of them
 *  options     NULL for defaults
 *  tables      table_count of them; those behind KUNDIG_WEIGHTS_TABLES become NULL; set only on
 *              KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_VALUE (a size below zero, not finite, or named twice;
 *              the margins of a field add up to 0; most below 1): err->pos is the margin;
 *              KUNDIG_E_ARG for counts, groups, unit customers, topics as margins; KUNDIG_E_LIMIT
 *              for more than 8 fields
 *  Owns        the tables are the caller's: kundig_table_free() for each
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_weights(kundig *k, const kundig_query *query, const kundig_margin *margins,
                              size_t margin_count, const kundig_weights_options *options,
                              kundig_table **tables, size_t table_count, kundig_error *err);

#define KUNDIG_REPRESENT_GROUPS  0 /* a row a group of customers: invited, answered */
#define KUNDIG_REPRESENT_SUMMARY 1 /* one row: response rate, R-indicator, bounds */
#define KUNDIG_REPRESENT_TABLES  2

/** Ask whether those who answered stand for those who could: the base is the customers who were
 *  invited (events), or where there are no invitations all customers known.
 *
 *  A person counts once under all linked names. A record without a score is an answer all the same:
 *  it counts in the rate and not in the score. The score is of the base alone, each customer once.
 *  A filter chooses records, not customers.
 *
 *  GROUPS: field, value, base, answered, rate, lo, hi (Wilson), share_base, share_answered,
 *  difference (of the two), p (does the group answer as often as the others?), q
 * (Benjamini-Hochberg 1995). By field, then value, those without a value first. SUMMARY: based_on
 * (invitations or customers), base, answered, rate, lo, hi (response rate, AAPOR RR1), cells
 * (combinations of the fields), r_indicator (1 - 2 S(rho), Schouten, Cobben and Bethlehem 2009),
 * r_adjusted (less what chance adds to S), r_lo, r_hi, metric, scored (customers with a score),
 * value, value_lo, value_hi, lowest, highest (were all others at the worst, or the best, of the
 * scale), status, method. No answer bends the score by more than these bounds: it is off by (1 -
 * scored / base) times what the others' score differs by.
 *
 *  query       metric, question, group fields (segment or attributes of customers; none: segment),
 *              filter, zone, interval, level, min_n, purpose and as_of (of invitations and
 *              customers, too) are used; NULL for everything
 *  tables      table_count of them; those behind KUNDIG_REPRESENT_TABLES become NULL; set only on
 *              KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_EMPTY where no customer and no invitation is known;
 *              KUNDIG_E_NOT_FOUND for fields no customer has; KUNDIG_E_ARG for counts and windows
 *  Owns        the tables are the caller's: kundig_table_free() for each
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_represent(kundig *k, const kundig_query *query, kundig_table **tables,
                                size_t table_count, kundig_error *err);

/* ---- Arithmetic: formulas that need no corpus ------------------------------------------------ */

/** Tell how many answers an interval of a given half-width needs: z^2 V / e^2, rounded up.
 *
 *  variance    of one answer: of a score se * se * n as kundig_measure() tells them, at most 1 of a
 *              Net Promoter Score and 1/4 of a share
 *  half_width  in the same unit: 0.05 for 5 points
 *  level       of the interval, such as 0.95
 *  out         1 at least; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_sample_size(double variance, double half_width, double level, double *out,
                                  kundig_error *err);

/** Tell the smallest change between two waves that a test finds with a given power, as `detectable`
 *  of kundig_compare(): (z of the level + z of the power) * sqrt(V_a / n_a + V_b / n_b).
 *
 *  variance_a  of one answer, as for kundig_sample_size()
 *  n_a         answers of the first wave; variance_b and n_b are the second's
 *  level       of the test, such as 0.95
 *  power       such as 0.8
 *  out         0 at least; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_detectable_change(double variance_a, double n_a, double variance_b,
                                        double n_b, double level, double power, double *out,
                                        kundig_error *err);

#define KUNDIG_RELATIVE_LMG     0 /* averages over all orders: Lindeman, Merenda and Gold (1980) */
#define KUNDIG_RELATIVE_JOHNSON 1 /* relative weights: Johnson (2000) */

/** Split R^2 of a linear regression among its predictors, however they are correlated.
 *
 *  It takes correlations: covariances are refused. The shares sum to R^2; like every regression
 * they say what goes together, not what causes.
 *
 *  correlations  predictors * predictors of them, symmetric, 1 on the diagonal
 *  outcome     predictors of them: of each predictor with the outcome
 *  predictors  1 to 15 for LMG, 1 to 200 for Johnson
 *  method      KUNDIG_RELATIVE_
 *  shares      predictors of them; set only on KUNDIG_OK
 *  r_squared   may be NULL; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE (no correlation matrix, or predictors that
 *              determine each other; err->pos is the element), KUNDIG_E_LIMIT, KUNDIG_E_NOMEM
 *  Threads     any
 *  Cost        LMG 2^predictors small systems: 15 take about 50 ms
 *  Since       0.1
 */
KUNDIG_API int kundig_relative_weights(const kundig_allocator *allocator,
                                       const double *correlations, const double *outcome,
                                       size_t predictors, int32_t method, double *shares,
                                       double *r_squared, kundig_error *err);

/** What a population of customers buys, by the BG/NBD model (Fader, Hardie and Lee 2005): purchases
 *  of a customer come at a rate that varies as gamma(r, alpha), alpha being a rate, in the unit of
 *  time of all times below; after each one they may leave, with beta(a, b). Its layout is frozen.
 */
typedef struct kundig_purchasing {
    double r;
    double alpha;
    double a;
    double b;
} kundig_purchasing;

/** How probably a customer is still one.
 *
 *  repeats     purchases after the first one; 0 gives 1, for only a purchase can be the last
 *  last        time of the last repeat since the first purchase; 0 where there was none
 *  age         time since the first purchase
 *  out         in [0, 1]; set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE (a parameter that is not above 0, times that
 *              do not follow each other)
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_purchasing_alive(const kundig_purchasing *model, double repeats, double last,
                                       double age, double *out, kundig_error *err);

/** How many purchases to expect of a customer in a time to come (equation 10 of the paper); of one
 *  yet to come with repeats, last and age 0 (equation 9).
 *
 *  ahead       how far
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_purchasing_alive(); KUNDIG_E_VALUE where a is 1, for which it is not
 *              defined in this form
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_purchasing_expected(const kundig_purchasing *model, double repeats,
                                          double last, double age, double ahead, double *out,
                                          kundig_error *err);

/** How times of a case are told. Fill with kundig_case_options_init(). */
typedef struct kundig_case_options {
    uint32_t size;
    int32_t weekdays; /* open ones, 1 << 0 for Monday; 0: no business hours */
    int32_t opens;    /* minutes of the day, 0 to 1440 */
    int32_t closes;
    const kundig_text *bots; /* agents that are no people */
    size_t bot_count;
} kundig_case_options;

static inline void kundig_case_options_init(kundig_case_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = (uint32_t)sizeof *options;
}

/** Times of one case, in milliseconds. Each is a figure of its own: they are never mixed.
 *  KUNDIG_TIME_ABSENT: has not happened. Its layout is frozen. */
typedef struct kundig_case_times {
    int64_t first_response;          /* until a person answered, by the clock */
    int64_t first_response_business; /* the same within business hours; absent without them */
    int64_t bot_response;            /* until a bot answered */
    int64_t resolution;              /* from opening to the last resolution, if it still holds */
    uint64_t answers;                /* by people */
    uint64_t reopened;
} kundig_case_times;

/** Tell how long a case took from its events.
 *
 *  The clock of the first response starts when the case is opened, and again whenever it is
 * reopened before a person answered: what a bot closed in between is no answer. A case that nobody
 * answered has no first response, so it is in no mean of them.
 *
 *  events      count events of one case in order of time (KUNDIG_EVENT_CASE_...; others count as
 *              nothing); time_ms, kind and agent are used. Without an opening the first event opens
 *  options     NULL for no business hours and no bots. Hours are of the clock that the times are in
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE (no time, or not in order; err->pos is the
 *              event), KUNDIG_E_VERSION
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_case_tell(const kundig_event *events, size_t count,
                                const kundig_case_options *options, kundig_case_times *out,
                                kundig_error *err);

/* ---- Learning from the facts ------------------------------------------------------------------
 */

/** Add what the facts teach to a set of examples: current records with a text and, for topics,
 *  labels or a value of options->field; for sentiment, a score.
 *
 *  A label says that its record speaks of a topic or does not; of topics that nobody judged nothing
 *  is known (partial). Where several people judged one record and topic, the latest holds. Names
 *  that no topic can have (see kundig_example) teach nothing. Examples come in the order of time,
 *  source and id; who wrote them is the person that links make of names.
 *
 *  options     NULL for defaults; field and question are used
 *  set         texts are copied
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOT_FOUND (field, question), KUNDIG_E_AMBIGUOUS
 *              (question), KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_BUSY, KUNDIG_E_FORK,
 *              KUNDIG_E_MODE, KUNDIG_E_CANCELLED
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_examples_collect(kundig *k, const kundig_learn_options *options,
                                       kundig_examples *set, kundig_error *err);

/** Learn both lessons from the facts, as far as there is something to learn: topics from labels (or
 *  a field), sentiment from scores. What the model in use learned before is replaced; its taxonomy
 *  stays. Nothing changes until kundig_set_model() or kundig_pin_model().
 *
 *  A model that was learned from the facts of a corpus and is pinned there, or in use by the handle
 *  that erases, is learned anew whenever facts are erased: it is then what it would be, had they
 *  never been there.
 *
 *  Where labels are partial, what the rules of a topic say of records that nobody judged is a weak
 *  example: a defined topic is where the learner begins, labels correct it.
 *
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_examples_collect() and kundig_model_teach(); KUNDIG_E_EMPTY where neither
 *              can be learned
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Since       0.1
 */
KUNDIG_API int kundig_teach(kundig *k, const kundig_learn_options *options, kundig_model **out,
                            kundig_error *err);

/** Tell what each record speaks of: one row a record and topic, and one without a topic for records
 *  that have none; newest first.
 *
 *  Columns: time, source, id (those that are filled), theme, topic, probability (null where rules
 *  alone decided), sentiment, value (of the topic in this record; without a topic, of the comment),
 *  evidence (bytes of the text as shown), text. The notes say how many records lie outside what the
 *  model learned from.
 *
 *  query       filter, zone, purpose and as_of are used; NULL for everything
 *  limit       records; 0: all
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_classify(kundig *k, const kundig_query *query, size_t limit,
                               kundig_table **out, kundig_error *err);

/** Tell the sentiment of each record's comment, newest first.
 *
 *  Columns: time, source, id (those that are filled), score (the answer to the question that
 *  taught; null where it was not answered), then sentiment to evidence as kundig_model_sentiment()
 *  has them, text.
 *
 *  query, limit  as kundig_classify()
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure()
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_sentiment(kundig *k, const kundig_query *query, size_t limit,
                                kundig_table **out, kundig_error *err);

/** Say which comments to label next, those first of which the model would learn most; none that was
 *  labelled, none much like one before it.
 *
 *  Columns: source, id, topic, probability, second, second_probability, text.
 *
 *  query       filter, zone, purpose and as_of are used; NULL for everything
 *  limit       rows; 0: 20
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_EMPTY where the model in use learned no topics
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_label_next(kundig *k, const kundig_query *query, size_t limit,
                                 kundig_table **out, kundig_error *err);

/** Discover what the comments of the facts speak of. What the model in use knows stays, the ready
 *  taxonomy aside; what it discovered goes on under the same names. Nothing changes until
 *  kundig_set_model() or kundig_pin_model().
 *
 *  Current records with a text are taken, edits heeded, links between customers applied. When facts
 *  are erased, a model discovered from the facts that is pinned, or in use by the handle that
 *  erases, keeps its topics, their names and the borders between them; comments, customers, labels
 *  and examples are counted anew from what is left, and words that too few customers used, now, are
 *  gone. They are counted in all records of its purpose: the model notes no filter, which may name
 *  people. A topic's name comes of a hash of what it was born from.
 *
 *  query       filter, zone, purpose and as_of are used; NULL for everything
 *  options     NULL for defaults
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure() and kundig_model_discover()
 *  Owns        *out is the caller's: kundig_model_free()
 *  Threads     one at a time; forks into kundig_options.threads inside
 *  Since       0.1
 */
KUNDIG_API int kundig_discover(kundig *k, const kundig_query *query,
                               const kundig_discover_options *options, kundig_model **out,
                               kundig_error *err);

/** Turn a discovered topic into a taught one: label the records that are surely of it, and say that
 *  it is known as that. The next kundig_teach() learns it.
 *
 *  topic       its name
 *  name        of the taught topic: see kundig_example
 *  limit       records, surest first; 0: 50
 *  by          who says so; may be absent
 *  time_ms     of the facts added, or KUNDIG_TIME_ABSENT
 *  added       may be NULL; set only on KUNDIG_OK
 *  Returns     as kundig_label_add(), KUNDIG_E_NOT_FOUND (topic), KUNDIG_E_VALUE (name)
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_label_discovered(kundig *k, kundig_text topic, kundig_text name, size_t limit,
                                       kundig_text by, int64_t time_ms, kundig_added *added,
                                       kundig_error *err);

/* ---- States: partial answers that travel ---------------------------------------------------- */

/** The partial answer of a query, for engines that split facts over machines: make one from each
 *  part, merge them in any order and tree, finish: the bytes are those of one corpus with all
 *  facts. Every record must stand in one part. Metrics of class scan have no state. */
typedef struct kundig_state kundig_state;

/** Make the state of a query over a corpus.
 *
 *  Where customers are known it holds one pseudonym and a few integers a customer and group:
 *  personal data unless the pseudonym key is kept apart.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     as kundig_measure(); KUNDIG_E_ARG for a metric of class scan
 *  Owns        *out is the caller's: kundig_state_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_state_new(kundig *k, const kundig_query *query, kundig_state **out,
                                kundig_error *err);

/** Add another state's facts to this one.
 *
 *  other       made with an equal query, key, model (where comments were read) and versions, else
 *              KUNDIG_E_VERSION; unchanged
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VERSION, KUNDIG_E_NOMEM, KUNDIG_E_LIMIT
 *              (a sum would overflow); on failure state is unchanged
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_state_merge(kundig_state *state, const kundig_state *other,
                                  kundig_error *err);

/** Take another state's facts out of this one.
 *
 *  other       as in kundig_state_merge(); must have been merged in (KUNDIG_E_VALUE if a count
 *              would fall below zero)
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VERSION, KUNDIG_E_VALUE, KUNDIG_E_NOMEM; on
 *              failure state is unchanged
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_state_subtract(kundig_state *state, const kundig_state *other,
                                     kundig_error *err);

/** Turn a state into the table kundig_measure() would have given.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_table_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_state_finish(const kundig_state *state, kundig_table **out,
                                   kundig_error *err);

/** Write a state as bytes: little-endian, with magic, version and checksum. Equal facts give equal
 *  bytes.
 *
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_bytes_free()
 *  Threads     one at a time
 *  Since       0.1
 */
KUNDIG_API int kundig_state_save(const kundig_state *state, kundig_bytes **out, kundig_error *err);

/** Read a state from bytes that may come from anyone: it is checked whole or refused.
 *
 *  allocator   NULL for malloc
 *  data, size  bytes of kundig_state_save(), borrowed for the call
 *  out         set only on KUNDIG_OK
 *  Returns     KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_FORMAT (err->pos is the byte), KUNDIG_E_VERSION,
 *              KUNDIG_E_NOMEM
 *  Owns        *out is the caller's: kundig_state_free()
 *  Threads     any
 *  Since       0.1
 */
KUNDIG_API int kundig_state_load(const kundig_allocator *allocator, const void *data, size_t size,
                                 kundig_state **out, kundig_error *err);

/** Free a state.
 *
 *  state       may be NULL
 *  Threads     any, once
 *  Since       0.1
 */
KUNDIG_API void kundig_state_free(kundig_state *state);

#ifdef __cplusplus
}
#endif

#endif
