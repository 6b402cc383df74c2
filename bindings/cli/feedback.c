/* FILE into a corpus, and what is said about it. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define TELL_MOST_REJECTS 5

static int64_t summary_value(const kundig_table *summary, const char *name)
{
    size_t names = kundig_table_find_column(summary, "name", 4);
    size_t values = kundig_table_find_column(summary, "value", 5);
    for (size_t row = 0; row < kundig_table_row_count(summary); row++) {
        const char *found = kundig_table_text(summary, row, names).data;
        if (found && strcmp(found, name) == 0) {
            return kundig_table_int(summary, row, values);
        }
    }
    return 0;
}

/* What became of the rows: one line, then the warnings. */
void cli_tell_feedback(const cli_arguments *arguments, const kundig_ingest_report *report)
{
    const kundig_table *summary = kundig_ingest_report_table(report, KUNDIG_INGEST_SUMMARY);
    const kundig_table *findings = kundig_ingest_report_table(report, KUNDIG_INGEST_FINDINGS);
    if (arguments->quiet || !summary) {
        return;
    }
    cli_say("%s: %lld rows = %lld accepted + %lld rejected", arguments->file,
            (long long)summary_value(summary, "rows"),
            (long long)summary_value(summary, "accepted"),
            (long long)summary_value(summary, "rejected"));
    if (arguments->command == CLI_INGEST) {
        cli_hint("%lld new, %lld another version of a known record, %lld known already",
                 (long long)summary_value(summary, "added"),
                 (long long)summary_value(summary, "versions"),
                 (long long)summary_value(summary, "unchanged"));
    }
    size_t severity = kundig_table_find_column(findings, "severity", 8);
    size_t finding = kundig_table_find_column(findings, "finding", 7);
    for (size_t row = 0; row < kundig_table_row_count(findings); row++) {
        const char *how = kundig_table_text(findings, row, severity).data;
        const char *what = kundig_table_text(findings, row, finding).data;
        if (how && what && strcmp(how, "warning") == 0) {
            cli_say("warning: %s", what);
        }
    }
}

/* The first rejected rows, where nothing else can be shown. */
static void tell_rejects(const kundig_ingest_report *report)
{
    const kundig_table *rejects = kundig_ingest_report_table(report, KUNDIG_INGEST_REJECTS);
    size_t line = kundig_table_find_column(rejects, "line", 4);
    size_t column = kundig_table_find_column(rejects, "column", 6);
    size_t reason = kundig_table_find_column(rejects, "reason", 6);
    size_t rows = kundig_table_row_count(rejects);
    for (size_t row = 0; row < rows && row < TELL_MOST_REJECTS; row++) {
        const char *why = kundig_table_text(rejects, row, reason).data;
        if (kundig_table_is_null(rejects, row, column)) {
            cli_hint("line %lld: %s", (long long)kundig_table_int(rejects, row, line),
                     why ? why : "");
        } else {
            cli_hint("line %lld, column %lld: %s", (long long)kundig_table_int(rejects, row, line),
                     (long long)kundig_table_int(rejects, row, column), why ? why : "");
        }
    }
    if (rows > TELL_MOST_REJECTS) {
        cli_hint("... and %zu more; --rejects FILE keeps them", rows - TELL_MOST_REJECTS);
    }
}

static int write_rejects(const cli_arguments *arguments, const kundig_ingest_report *report)
{
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    if (!arguments->rejects || !report) {
        return CLI_OK;
    }
    int code = kundig_ingest_report_rejects(report, &bytes, &err);
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    bool written =
        cli_write_file(arguments->rejects, kundig_bytes_data(bytes), kundig_bytes_len(bytes));
    kundig_bytes_free(bytes);
    return written ? CLI_OK : CLI_FAILED;
}

/* All --map values as one. NULL: out of memory. */
static char *join_list(const cli_list *list)
{
    size_t size = 1;
    for (size_t i = 0; i < list->count; i++) {
        size += strlen(list->items[i]) + 1;
    }
    char *joined = malloc(size);
    if (joined) {
        size_t at = 0;
        for (size_t i = 0; i < list->count; i++) {
            size_t len = strlen(list->items[i]);
            if (i) {
                joined[at++] = ',';
            }
            memcpy(joined + at, list->items[i], len);
            at += len;
        }
        joined[at] = '\0';
    }
    return joined;
}

int cli_feedback(const cli_arguments *arguments, kundig *corpus, kundig_ingest_report **report)
{
    kundig_error err = {0, 0, ""};
    kundig_ingest_options options;
    kundig_ingest_options_init(&options);
    options.dates = arguments->dates;
    options.encoding = arguments->encoding;
    options.kind = arguments->kind;
    options.delimiter = arguments->delimiter;
    options.source = cli_text(arguments->source);
    options.zone = cli_text(arguments->zone);
    char *map = NULL;
    char *data = NULL;
    size_t len = 0;
    int code;
    int exit_code = CLI_OK;
    if (arguments->map.count) {
        map = join_list(&arguments->map);
        if (!map) {
            cli_say("out of memory");
            return CLI_FAILED;
        }
        options.map = cli_text(map);
    }
    cli_progress_start("reading", true);
    if (cli_is_stream(arguments->file)) {
        exit_code = cli_read_all(arguments->file, arguments->memory_limit, &data, &len);
        if (exit_code == CLI_CANCELLED) {
            cli_say("cancelled");
        }
        if (exit_code != CLI_OK) {
            goto done;
        }
        code = kundig_ingest_bytes(corpus, data ? data : "", len, &options, report, &err);
    } else {
        code = kundig_ingest_file(corpus, arguments->file, strlen(arguments->file), &options,
                                  report, &err);
    }
    cli_progress_end();
    if (code) {
        exit_code = cli_failed_with(arguments, code, &err);
        if (code == KUNDIG_E_AMBIGUOUS && !arguments->dates) {
            cli_hint("say which: --dates day-first or --dates month-first");
        }
        if (code == KUNDIG_E_VALUE || code == KUNDIG_E_FORMAT) {
            exit_code = CLI_FAILED; /* of the file, not of the command */
        }
        tell_rejects(*report);
        write_rejects(arguments, *report);
        goto done;
    }
    exit_code = write_rejects(arguments, *report);
done:
    free(map);
    free(data);
    return exit_code;
}
