/* The command line: arguments in, calls of kundig.h, bytes out. For the files of this folder. */
#ifndef KUNDIG_CLI_H
#define KUNDIG_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "kundig.h"

/* Exit codes; help.c tells them to people. */
#define CLI_OK        0
#define CLI_FAILED    1   /* the file, the machine: the same command may work later */
#define CLI_USAGE     2   /* the command itself must be changed */
#define CLI_CANCELLED 130 /* Ctrl-C */

enum cli_command_id {
    CLI_ANALYZE,
    CLI_MEASURE,
    CLI_COMPARE,
    CLI_TOPICS,
    CLI_COMMENTS,
    CLI_SEARCH,
    CLI_FIELDS,
    CLI_IMPACT,
    CLI_EXPLAIN,
    CLI_ALARMS,
    CLI_EMERGING,
    CLI_WORDS,
    CLI_LOUD,
    CLI_FUNNEL,
    CLI_WEIGHTS,
    CLI_DISCOVER,
    CLI_TEACH,
    CLI_CLASSIFY,
    CLI_SENTIMENT,
    CLI_DEFINE,
    CLI_MODEL,
    CLI_INGEST,
    CLI_EXPORT,
    CLI_ERASE,
    CLI_EXPIRE,
    CLI_MERGE,
    CLI_VERIFY,
    CLI_AUDIT,
    CLI_COMPACT,
    CLI_HASH,
    CLI_PIN,
    CLI_LABEL,
    CLI_EDIT,
    CLI_LINK,
    CLI_CONSENT,
    CLI_PSEUDONYM,
    CLI_METRICS,
    CLI_TAXONOMY,
    CLI_READ,
    CLI_HELP,
    /* Of two words. */
    CLI_MODEL_SHOW,
    CLI_MODEL_PRUNE,
    CLI_MODEL_VALIDATE,
    CLI_MODEL_CURVE,
    CLI_MODEL_DOUBTS,
    CLI_MODEL_NEXT,
    CLI_COMMAND_COUNT
};

typedef struct cli_command {
    const char *name;
    const char *arguments; /* for people */
    const char *summary;
    int operands; /* how many it takes */
    int most;     /* how many it may take; 0: as many as it must */
    const char *example;
} cli_command;

extern const cli_command cli_commands[CLI_COMMAND_COUNT];

#define CLI_MOST_REPEATS 32
#define CLI_MOST_WORDS   18 /* of one command; search takes the most */

typedef struct cli_list {
    const char *items[CLI_MOST_REPEATS];
    size_t count;
} cli_list;

/* The command line as understood; strings are borrowed from argv. */
typedef struct cli_arguments {
    enum cli_command_id command;
    const char *metric;
    const char *file;  /* FILE; of commands that ask it may be a store */
    const char *store; /* STORE of commands that take nothing else */
    const char *help_of[2];
    const char *words[CLI_MOST_WORDS];
    const char *reading; /* the first option given that concerns reading a file alone */
    const char *model;   /* a taxonomy, or what was taught or saved; NULL: the ready one */
    uint32_t mask;       /* KUNDIG_PERSONAL_ */
    cli_list by;
    cli_list where;
    cli_list map;
    const char *a;
    const char *b;
    const char *zone;
    const char *question;
    const char *purpose;
    const char *as_of;
    const char *source;
    const char *rejects;
    int every;
    int unit;
    int interval;
    double level;
    uint64_t min_n;
    uint64_t limit;
    uint64_t memory_limit;
    uint32_t threads;
    uint32_t width; /* 0: find out */
    int dates;
    int encoding;
    int kind;
    char delimiter;
    enum { CLI_FORMAT_TEXT, CLI_FORMAT_CSV, CLI_FORMAT_JSON } format;
    enum { CLI_COLOR_AUTO, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER } color;
    bool quiet;

    /* Of stores. */
    const char *key_file;
    uint32_t busy_ms;
    bool pseudonyms;
    uint32_t report_k;
    uint32_t report_comments;
    uint32_t report_every;
    const char *report_by;
    bool cache;
    int what; /* KUNDIG_FACTS_ */
    const char *customer;
    const char *id;
    const char *topic;
    const char *said_by;
    const char *disclosure;
    bool not_so;
    bool none;
    int64_t as_of_ms; /* of expire */
    int64_t time_ms;  /* when it is said: --time, else now */
    kundig_retention keep[CLI_MOST_REPEATS];
    size_t keep_count;

    /* Of learning. */
    const char *label;  /* the field whose values are topics */
    const char *text;   /* asked about in the place of FILE */
    const char *output; /* where a model is written */
    bool pin;
    bool lesson_given;
    int lesson; /* KUNDIG_LESSON_ */
    int show;   /* KUNDIG_SHOW_ */
    int quality;
    int labels;
    uint32_t least_customers;
    uint32_t folds;
    uint64_t most_bytes;

    /* Of discovering. */
    const char *discovering; /* the first option given that is for discovering alone */
    const char *told_words;  /* that tell a topic */
    uint32_t topics;         /* how many; 0: found */
    uint32_t themes;
    uint64_t seed;
    bool anew;
    bool discovered; /* model show: the topics */

    /* Of explain. */
    const char *before;
    const char *after;
    bool german;

    /* Of weights. */
    cli_list margins; /* FIELD:VALUE=SIZE */
    const char *margin_file;
    const char *incentive;
    double most;
    double plan; /* half-width as pages show it; 0: none */
    uint64_t rounds;
    bool represent;

    /* Of alarms. */
    bool chart;
    int chart_kind;   /* KUNDIG_CHART_ */
    int chart_limits; /* KUNDIG_LIMITS_ */
    int weekdays;     /* KUNDIG_YES, KUNDIG_NO; KUNDIG_UNKNOWN: found out */
    uint32_t baseline;
    double rate;
    bool since_given;
    int64_t since_ms;

    /* Of funnel. */
    bool has_benchmark;
    double benchmark[3]; /* value, answers, deviation */

    /* Of words. */
    bool buts;
    bool mismatch;
} cli_arguments;

/* arguments.c: CLI_OK; CLI_USAGE after saying what is wrong; -1 after answering --help, --version.
 */
int cli_parse(int argc, char **argv, cli_arguments *out);

/* values.c: CLI_OK; CLI_USAGE after saying what --name takes. */
/* words[0] tells the choice; the others are its words, numbered from `first`. */
int cli_value_choice(const char *name, const char *value, const char *const *words, size_t count,
                     int first, int *out);
int cli_value_count(const char *name, const char *value, uint64_t least, uint64_t most,
                    uint64_t *out);
int cli_value_size(const char *name, const char *value, uint64_t *out);
int cli_value_number(const char *name, const char *value, double least, double *out);
int cli_value_level(const char *name, const char *value, double *out);
int cli_value_rate(const char *name, const char *value, double *out);
/* VALUE[:N[:SD]] */
int cli_value_benchmark(const char *name, const char *value, double out[3]);
int cli_value_delimiter(const char *name, const char *value, char *out);
int cli_value_mask(const char *kinds, uint32_t *out);
int cli_value_time(const char *name, const char *value, int64_t *out);
int cli_value_seconds(const char *name, const char *value, uint32_t *milliseconds);
int cli_value_windows(const char *name, const char *value, uint32_t *out);
int cli_value_keep(const char *name, const char *value, kundig_retention *out);
int64_t cli_now(void);
/* A word as a shell takes it; freed by the caller. NULL: out of memory. */
char *cli_quoted(const char *text);
/* The nearest of some names, or NULL if none is near. */
const char *cli_nearest(const char *word, const char *const *names, size_t count);

/* help.c */
void cli_help(FILE *to);
/* One word, or two of which the second may be missing. -1: unknown */
int cli_find_command(const char *first, const char *second);

/* manual.c: all about one command. */
void cli_help_command(FILE *to, enum cli_command_id command);

/* terminal.c */
/* "kundig: " and a sentence on standard error; controls in it are made harmless. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool cli_use_color(const cli_arguments *arguments);
uint32_t cli_width(const cli_arguments *arguments, uint32_t most);
void cli_catch_interrupt(void);
bool cli_interrupted(void);
void cli_progress_start(const char *what, bool reading);
int cli_progress(void *ud, uint64_t done, uint64_t total);
void cli_progress_end(void);
/* All bytes to standard output, or false after saying why not. */
bool cli_write(const void *data, size_t len);
bool cli_flush(void);

/* input.c */
/* Read a file that cannot be read twice (standard input, a pipe) whole. CLI_OK or an exit code. */
int cli_read_all(const char *path, uint64_t limit, char **data, size_t *len);
bool cli_is_stream(const char *path);
bool cli_same_file(const char *a, const char *b);
/* Can it be read? False after saying why not. */
bool cli_is_readable(const char *path);
uint64_t cli_file_size(const char *path); /* 0 if there is none */
bool cli_write_file(const char *path, const void *data, size_t len);

/* texts.c: taxonomies and single texts. */
/* The model of --model or --taxonomy; NULL stands for the ready one where `needed` is not set.
 * CLI_OK or an exit code, after saying why. */
int cli_model(const cli_arguments *arguments, bool needed, kundig_model **out);
/* The model of a file: a taxonomy, or a model saved of one. */
int cli_model_of(const char *path, kundig_model **out);
/* The bytes of a model to a file. */
int cli_model_write(const kundig_model *model, const char *path);
int cli_taxonomy(const cli_arguments *arguments);
int cli_read_text(const cli_arguments *arguments);
/* classify and sentiment with --text. */
int cli_told_text(const cli_arguments *arguments);

/* teach.c: what examples teach. The corpus is open and read. */
int cli_teach_check(const cli_arguments *arguments);
int cli_teach(const cli_arguments *arguments, kundig *corpus);
/* model validate, curve and doubts. */
int cli_examples(const cli_arguments *arguments, kundig *corpus, kundig_table **out);
/* model show and prune. */
int cli_model_of_lesson(const cli_arguments *arguments);
/* A model file, or the model that reads the comments of a store. */
int cli_learned_model(const cli_arguments *arguments, kundig_model **out);
/* What a failure of learning asks for. */
void cli_learn_hint(const cli_arguments *arguments, int code);

/* discover.c: topics that nobody named. */
/* The model for `topics`: that given or pinned, else one discovered. */
int cli_topics_model(const cli_arguments *arguments, kundig *corpus, bool *pinned);
int cli_topics(const cli_arguments *arguments, kundig *corpus, const kundig_table *table,
               bool pinned);
int cli_discover(const cli_arguments *arguments, kundig *corpus);
int cli_define(const cli_arguments *arguments);
int cli_edit_check(const cli_arguments *arguments);
/* What kundig_edit_add() or kundig_label_discovered() says. */
int cli_edit(const cli_arguments *arguments, kundig *corpus, kundig_added *added,
             kundig_error *err);

/* topics.c: the page of topics. topics: those of the model; all: the metric of all records, may be
 * NULL. */
int cli_topics_page(const cli_arguments *arguments, const kundig_table *table,
                    const kundig_table *topics, const kundig_table *all, bool with_ids);

/* The same of kundig_model_discovered(): names, sizes, sureness. */
int cli_discovered_page(const cli_arguments *arguments, const kundig_table *table);

/* impact.c: what each topic, or value of a field, does to a score. */
int cli_impact(const cli_arguments *arguments, kundig *corpus, kundig_query *query);
/* weights.c: answers weighed to margins, who answered, and whether it was for a reward. */
int cli_weights(const cli_arguments *arguments, kundig *corpus, kundig_query *query);

/* explain.c: why a score moved. */
int cli_explain(const cli_arguments *arguments, kundig *corpus, kundig_query *query);

/* alarms.c: what is out of the ordinary, and control charts. */
int cli_alarms(const cli_arguments *arguments, kundig *corpus, const kundig_query *query);

/* words.c: what two sets say differently, what the satisfied miss, where scores and comments
 * disagree. */
int cli_words(const cli_arguments *arguments, kundig *corpus, kundig_query *query);

/* voices.c: loud topics and meaningful ones; groups beside what chance does, or a benchmark. */
int cli_loud(const cli_arguments *arguments, kundig *corpus, const kundig_query *query);
int cli_funnel(const cli_arguments *arguments, kundig *corpus, const kundig_query *query);

/* open.c: a corpus to ask or to add to. CLI_OK or an exit code, after saying why. */
int cli_open(const cli_arguments *arguments, const char *path, int access, kundig **out);
/* Options for a call that opens a file itself; *key holds what they borrow. */
typedef struct cli_key {
    unsigned char bytes[32];
} cli_key;
int cli_options(const cli_arguments *arguments, int access, kundig_options *out, cli_key *key);
/* Is there a store, and not something else of that name? */
bool cli_is_store(const char *path);
kundig_text cli_text(const char *str);

/* feedback.c: FILE into a corpus. */
int cli_feedback(const cli_arguments *arguments, kundig *corpus, kundig_ingest_report **report);
/* One line on what became of the rows, then the warnings. */
void cli_tell_feedback(const cli_arguments *arguments, const kundig_ingest_report *report);

/* store.c: commands that keep, forget and check. */
int cli_store(const cli_arguments *arguments);

/* run.c */
int cli_run(const cli_arguments *arguments);
/* Say what a call of the library failed of; the exit code it means. */
int cli_failed(int code, const kundig_error *err);
/* The same, with what to do where an option of this command decides. */
int cli_failed_with(const cli_arguments *arguments, int code, const kundig_error *err);
/* The filter, groups and the like of a query. */
int cli_query(const cli_arguments *arguments, kundig_query **out);
/* A condition of the command line as a node. CLI_OK or an exit code, after saying why. */
int cli_node(kundig_query *query, const char *option, const char *word, uint32_t *node);
/* Write a table as --format says and free nothing. CLI_OK or an exit code. */
int cli_write_table(const cli_arguments *arguments, const kundig_table *table);

#endif
