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
    CLI_FIELDS,
    CLI_METRICS,
    CLI_TAXONOMY,
    CLI_READ,
    CLI_HELP,
    CLI_COMMAND_COUNT
};

typedef struct cli_command {
    const char *name;
    const char *arguments; /* for people */
    const char *summary;
    int operands; /* how many it takes; the last of analyze to fields is FILE */
    int most;     /* how many it may take; 0: as many as it must */
    const char *example;
} cli_command;

extern const cli_command cli_commands[CLI_COMMAND_COUNT];

#define CLI_MOST_REPEATS 32

typedef struct cli_list {
    const char *items[CLI_MOST_REPEATS];
    size_t count;
} cli_list;

/* The command line as understood; strings are borrowed from argv. */
typedef struct cli_arguments {
    enum cli_command_id command;
    const char *metric;
    const char *file;
    const char *help_of;
    const char *words[4]; /* of taxonomy and read */
    const char *taxonomy; /* a taxonomy or a model saved of one; NULL: the ready one */
    uint32_t mask;        /* KUNDIG_PERSONAL_ */
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
} cli_arguments;

/* arguments.c: CLI_OK; CLI_USAGE after saying what is wrong; -1 after answering --help, --version.
 */
int cli_parse(int argc, char **argv, cli_arguments *out);
/* The nearest of some names, or NULL if none is near. */
const char *cli_nearest(const char *word, const char *const *names, size_t count);

/* help.c */
void cli_help(FILE *to);
void cli_help_command(FILE *to, enum cli_command_id command);
int cli_find_command(const char *name); /* -1: unknown */

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
bool cli_write_file(const char *path, const void *data, size_t len);

/* texts.c: taxonomies and single texts. */
/* The model of --taxonomy; NULL stands for the ready one where `needed` is not set. CLI_OK or an
 * exit code, after saying why. */
int cli_model(const cli_arguments *arguments, bool needed, kundig_model **out);
int cli_taxonomy(const cli_arguments *arguments);
int cli_read_text(const cli_arguments *arguments);

/* run.c */
int cli_run(const cli_arguments *arguments);
/* Say what a call of the library failed of; the exit code it means. */
int cli_failed(int code, const kundig_error *err);
/* Write a table as --format says and free nothing. CLI_OK or an exit code. */
int cli_write_table(const cli_arguments *arguments, const kundig_table *table);

#endif
