/* Commands that keep, forget and check: each opens a store, makes one call, and tells what came of
 * it. Only ingest makes a store; every other command wants one that is there. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* A table to standard output, freed. */
static int store_show(const cli_arguments *arguments, kundig_table *table)
{
    int exit_code = cli_write_table(arguments, table);
    kundig_table_free(table);
    return exit_code;
}

/* ---- ingest, export ------------------------------------------------------------------------- */

/* What cannot be right is refused before a store is made. */
static int ingest_check(const cli_arguments *arguments)
{
    const char *store = arguments->store;
    const char *file = arguments->file;
    if (!*store || strcmp(store, "-") == 0 || strcmp(store, ":memory:") == 0) {
        cli_say("STORE is the name of a file, not \"%s\"", store);
        cli_hint("for example: %s", cli_commands[CLI_INGEST].example);
        return CLI_USAGE;
    }
    if (cli_is_store(file)) {
        cli_say("%s is a store, and ingest reads files of feedback", file);
        cli_hint("to add all it holds to another: kundig merge %s %s", store, file);
        return CLI_USAGE;
    }
    if (arguments->rejects &&
        (cli_same_file(arguments->rejects, file) || cli_same_file(arguments->rejects, store))) {
        cli_say("--rejects would overwrite %s",
                cli_same_file(arguments->rejects, file) ? file : store);
        cli_hint("name another file");
        return CLI_USAGE;
    }
    return cli_is_stream(file) || cli_is_readable(file) ? CLI_OK : CLI_FAILED;
}

static int store_ingest(const cli_arguments *arguments)
{
    kundig *corpus = NULL;
    kundig_ingest_report *report = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = ingest_check(arguments);
    if (exit_code == CLI_OK) {
        exit_code = cli_open(arguments, arguments->store, KUNDIG_ACCESS_CREATE, &corpus);
    }
    if (exit_code == CLI_OK) {
        exit_code = cli_feedback(arguments, corpus, &report);
    }
    if (exit_code == CLI_OK) {
        cli_tell_feedback(arguments, report);
        exit_code =
            cli_write_table(arguments, kundig_ingest_report_table(report, KUNDIG_INGEST_MAPPING));
    }
    if (exit_code == CLI_OK && arguments->cache) {
        cli_progress_start("writing the image", false);
        int code = kundig_cache_save(corpus, &err);
        cli_progress_end();
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    kundig_ingest_report_free(report);
    kundig_close(corpus);
    return exit_code;
}

/* A CSV has no place for the note that tells how to read it again. */
static void export_tell_map(const cli_arguments *arguments, const kundig_table *table)
{
    static const char start[] = "map: ";
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        const char *note = kundig_table_note(table, i);
        if (strncmp(note, start, sizeof start - 1) != 0) {
            continue;
        }
        char *quoted = cli_quoted(note + sizeof start - 1);
        if (quoted) {
            cli_say("%s: %zu rows; to read them again as they are:", arguments->store,
                    kundig_table_row_count(table));
            cli_hint("kundig ingest STORE FILE --map %s", quoted);
        }
        free(quoted);
    }
}

static int store_export(const cli_arguments *arguments, kundig *corpus)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = CLI_OK;
    if (arguments->where.count || arguments->as_of || arguments->purpose) {
        exit_code = cli_query(arguments, &query);
    }
    if (exit_code == CLI_OK) {
        cli_progress_start("exporting", false);
        int code = kundig_facts(corpus, arguments->what, query, &table, &err);
        cli_progress_end();
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    kundig_query_free(query);
    if (exit_code == CLI_OK && !arguments->quiet && arguments->format == CLI_FORMAT_CSV) {
        export_tell_map(arguments, table);
    }
    return exit_code == CLI_OK ? store_show(arguments, table) : exit_code;
}

/* ---- forgetting ----------------------------------------------------------------------------- */

static bool receipt_is_pending(const kundig_table *receipt)
{
    size_t column = kundig_table_find_column(receipt, "status", 6);
    const char *status = kundig_table_text(receipt, 0, column).data;
    return status && strcmp(status, "pending") == 0;
}

static bool receipt_is_empty(const kundig_table *receipt)
{
    static const char *const counts[] = {"records", "customers", "events",
                                         "labels",  "links",     "consents"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t column = kundig_table_find_column(receipt, counts[i], strlen(counts[i]));
        if (kundig_table_int(receipt, 0, column) != 0) {
            return false;
        }
    }
    return true;
}

/* The receipt, and what its status asks of a person. */
static int receipt_show(const cli_arguments *arguments, kundig_table *receipt, const char *nothing)
{
    if (receipt_is_pending(receipt)) {
        cli_say("pending: another process reads %s, so %s-wal still holds what was erased",
                arguments->store, arguments->store);
        cli_hint("no question sees it any more. Let that process end, then finish with:");
        cli_hint("kundig compact %s", arguments->store);
    }
    if (nothing && !arguments->quiet && receipt_is_empty(receipt)) {
        cli_say("warning: %s", nothing);
    }
    return store_show(arguments, receipt);
}

static int store_erase(const cli_arguments *arguments, kundig *corpus)
{
    kundig_erasure erasure;
    kundig_table *receipt = NULL;
    kundig_error err = {0, 0, ""};
    kundig_erasure_init(&erasure);
    erasure.customer = cli_text(arguments->customer);
    erasure.source = cli_text(arguments->source);
    erasure.id = cli_text(arguments->id);
    erasure.time_ms = arguments->time_ms;
    cli_progress_start("erasing", false);
    int code = kundig_erase(corpus, &erasure, &receipt, &err);
    cli_progress_end();
    return code ? cli_failed_with(arguments, code, &err)
                : receipt_show(arguments, receipt,
                               arguments->customer
                                   ? "nothing here is of that customer; names are compared byte by "
                                     "byte"
                                   : "there is no record of that source and id");
}

static int store_expire(const cli_arguments *arguments, kundig *corpus)
{
    kundig_retention rules[CLI_MOST_REPEATS];
    kundig_table *receipt = NULL;
    kundig_error err = {0, 0, ""};
    for (size_t i = 0; i < arguments->keep_count; i++) {
        rules[i] = arguments->keep[i];
        rules[i].updated_ms = arguments->time_ms;
    }
    cli_progress_start("expiring", false);
    int code = arguments->keep_count
                   ? kundig_retention_add(corpus, rules, arguments->keep_count, NULL, &err)
                   : KUNDIG_OK;
    if (!code) {
        code = kundig_expire(corpus, arguments->as_of_ms, &receipt, &err);
    }
    cli_progress_end();
    return code ? cli_failed_with(arguments, code, &err) : receipt_show(arguments, receipt, NULL);
}

/* ---- merging, checking ---------------------------------------------------------------------- */

static int store_merge(const cli_arguments *arguments, kundig *corpus)
{
    const char *other = arguments->words[1];
    kundig_table *receipt = NULL;
    kundig_error err = {0, 0, ""};
    cli_progress_start("merging", false);
    int code = kundig_merge(corpus, other, strlen(other), arguments->time_ms, &receipt, &err);
    cli_progress_end();
    if (code) {
        int exit_code = cli_failed_with(arguments, code, &err);
        return code == KUNDIG_E_NOT_FOUND ? CLI_FAILED : exit_code;
    }
    return store_show(arguments, receipt);
}

/* What can be told of OTHER before a store is opened for writing. */
static int merge_check(const cli_arguments *arguments)
{
    const char *other = arguments->words[1];
    if (cli_same_file(arguments->store, other)) {
        cli_say("%s and %s are one file", arguments->store, other);
        return CLI_USAGE;
    }
    if (!cli_is_stream(other) && !cli_is_readable(other)) {
        return CLI_FAILED;
    }
    if (!cli_is_store(other)) {
        cli_say("%s is no store", other);
        cli_hint("a file of feedback is added by: kundig ingest %s %s", arguments->store, other);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int store_verify(const cli_arguments *arguments)
{
    const char *path = arguments->store;
    kundig_options options;
    cli_key key;
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_options(arguments, KUNDIG_ACCESS_READ, &options, &key);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    cli_progress_start("verifying", false);
    int code = kundig_verify(path, strlen(path), &options, &table, &err);
    cli_progress_end();
    if (code) {
        exit_code = cli_failed_with(arguments, code, &err);
        return code == KUNDIG_E_NOT_FOUND ? CLI_FAILED : exit_code;
    }
    size_t severity = kundig_table_find_column(table, "severity", 8);
    size_t errors = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        const char *found = kundig_table_text(table, row, severity).data;
        errors += found && strcmp(found, "error") == 0;
    }
    if (errors) {
        cli_say("%s: %zu error%s", path, errors, errors == 1 ? "" : "s");
        cli_hint("nothing is repaired: go back to a copy that is sound, or ingest anew");
    } else if (!arguments->quiet) {
        cli_say("%s: sound", path);
    }
    if (kundig_table_row_count(table) || arguments->format != CLI_FORMAT_TEXT) {
        exit_code = cli_write_table(arguments, table);
    }
    kundig_table_free(table);
    return exit_code == CLI_OK && errors ? CLI_FAILED : exit_code;
}

static int store_audit(const cli_arguments *arguments, kundig *corpus)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int code = kundig_audit(corpus, &table, &err);
    return code ? cli_failed_with(arguments, code, &err) : store_show(arguments, table);
}

static int store_compact(const cli_arguments *arguments, kundig *corpus)
{
    kundig_error err = {0, 0, ""};
    uint64_t before = cli_file_size(arguments->store);
    cli_progress_start("compacting", false);
    int code = kundig_compact(corpus, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    if (!arguments->quiet) {
        cli_say("%s: %llu KiB, was %llu", arguments->store,
                (unsigned long long)(cli_file_size(arguments->store) + 1023) / 1024,
                (unsigned long long)(before + 1023) / 1024);
    }
    return CLI_OK;
}

static int store_pseudonym(const cli_arguments *arguments, kundig *corpus)
{
    const char *name = arguments->words[1];
    char line[34] = "";
    kundig_error err = {0, 0, ""};
    int code = kundig_pseudonym(corpus, name, strlen(name), line, &err);
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    line[32] = '\n';
    return cli_write(line, 33) ? CLI_OK : CLI_FAILED;
}

/* ---- what people say ------------------------------------------------------------------------ */

static int store_pin(const cli_arguments *arguments, kundig *corpus)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = arguments->none ? CLI_OK : cli_model_of(arguments->words[1], &model);
    if (exit_code == CLI_OK) {
        int code = kundig_pin_model(corpus, model, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    if (exit_code == CLI_OK && !arguments->quiet) {
        cli_say(model ? "%s: its comments are read with the topics given, whoever opens it"
                      : "%s: its comments are read with the ready topics again",
                arguments->store);
    }
    kundig_model_free(model);
    return exit_code;
}

/* One line on one fact that was given. */
static int store_tell(const cli_arguments *arguments, const char *what, int code,
                      const kundig_added *added, const kundig_error *err)
{
    if (code) {
        return cli_failed_with(arguments, code, err);
    }
    if (!arguments->quiet) {
        cli_say("%s: the %s is %s", arguments->store, what,
                added->added      ? "new"
                : added->versions ? "known, and this is another version of it"
                                  : "known already");
    }
    if (added->conflicts) {
        cli_say("warning: another version has the same time; which one counts is decided by their "
                "bytes");
        cli_hint("say it again with a later --time");
    }
    return CLI_OK;
}

/* A label may come before its record; mostly its source or id is mistyped. */
static void label_tell_missing(const cli_arguments *arguments, kundig *corpus)
{
    static const char *const fields[2] = {"source", "id"};
    const char *values[2] = {arguments->source, arguments->id};
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    int code = kundig_query_new(NULL, &query);
    for (size_t i = 0; i < 2 && !code; i++) {
        kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = cli_text(values[i])};
        uint32_t node;
        code = kundig_query_condition(query, fields[i], strlen(fields[i]), KUNDIG_OP_EQUAL, &value,
                                      1, &node, NULL);
        if (!code) {
            code = kundig_query_keep(query, node, NULL);
        }
    }
    if (!code) {
        code = kundig_comments(corpus, query, 1, &table, NULL);
    }
    if (!code && kundig_table_row_count(table) == 0) {
        cli_say("warning: no record of source %s and id %s is there yet", arguments->source,
                arguments->id);
    }
    kundig_table_free(table);
    kundig_query_free(query);
}

static int store_label(const cli_arguments *arguments, kundig *corpus)
{
    kundig_label record;
    kundig_added added;
    kundig_error err = {0, 0, ""};
    kundig_label_init(&record);
    kundig_added_init(&added);
    record.holds = arguments->not_so ? KUNDIG_NO : KUNDIG_YES;
    record.source = cli_text(arguments->source);
    record.id = cli_text(arguments->id);
    record.topic = cli_text(arguments->topic);
    record.by = cli_text(arguments->said_by);
    record.updated_ms = arguments->time_ms;
    int code = kundig_label_add(corpus, &record, 1, &added, &err);
    int exit_code = store_tell(arguments, "label", code, &added, &err);
    if (exit_code == CLI_OK && !arguments->quiet) {
        label_tell_missing(arguments, corpus);
    }
    return exit_code;
}

static int store_edit(const cli_arguments *arguments, kundig *corpus)
{
    kundig_added added;
    kundig_error err = {0, 0, ""};
    kundig_added_init(&added);
    int code = cli_edit(arguments, corpus, &added, &err);
    if (code == KUNDIG_E_NOT_FOUND) {
        int exit_code = cli_failed_with(arguments, code, &err);
        cli_hint("its topics: kundig model show %s --discovered", arguments->store);
        return exit_code;
    }
    if (!code && strcmp(arguments->words[1], "teach") == 0) {
        if (!arguments->quiet) {
            cli_say("%s: %llu facts are new; learn the topic: kundig teach %s --pin",
                    arguments->store, (unsigned long long)(added.added + added.versions),
                    arguments->store);
        }
        return CLI_OK;
    }
    return store_tell(arguments, "edit", code, &added, &err);
}

static int store_link(const cli_arguments *arguments, kundig *corpus)
{
    kundig_link record;
    kundig_added added;
    kundig_error err = {0, 0, ""};
    kundig_link_init(&record);
    kundig_added_init(&added);
    record.holds = arguments->not_so ? KUNDIG_NO : KUNDIG_YES;
    record.customer = cli_text(arguments->words[1]);
    record.same_as = cli_text(arguments->words[2]);
    record.by = cli_text(arguments->said_by);
    record.updated_ms = arguments->time_ms;
    int code = kundig_link_add(corpus, &record, 1, &added, &err);
    return store_tell(arguments, "link", code, &added, &err);
}

static int store_consent(const cli_arguments *arguments, kundig *corpus)
{
    kundig_consent record;
    kundig_added added;
    kundig_error err = {0, 0, ""};
    kundig_consent_init(&record);
    kundig_added_init(&added);
    record.consent = strcmp(arguments->words[2], "yes") == 0 ? KUNDIG_YES : KUNDIG_NO;
    record.customer = cli_text(arguments->words[1]);
    record.purpose = cli_text(arguments->purpose);
    record.disclosure = cli_text(arguments->disclosure);
    record.updated_ms = arguments->time_ms;
    int code = kundig_consent_add(corpus, &record, 1, &added, &err);
    return store_tell(arguments, "consent", code, &added, &err);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static int store_run(const cli_arguments *arguments, kundig *corpus)
{
    switch (arguments->command) {
    case CLI_EXPORT:
        return store_export(arguments, corpus);
    case CLI_ERASE:
        return store_erase(arguments, corpus);
    case CLI_EXPIRE:
        return store_expire(arguments, corpus);
    case CLI_MERGE:
        return store_merge(arguments, corpus);
    case CLI_AUDIT:
        return store_audit(arguments, corpus);
    case CLI_COMPACT:
        return store_compact(arguments, corpus);
    case CLI_PIN:
        return store_pin(arguments, corpus);
    case CLI_LABEL:
        return store_label(arguments, corpus);
    case CLI_EDIT:
        return store_edit(arguments, corpus);
    case CLI_LINK:
        return store_link(arguments, corpus);
    case CLI_CONSENT:
        return store_consent(arguments, corpus);
    default:
        return store_pseudonym(arguments, corpus);
    }
}

int cli_store(const cli_arguments *arguments)
{
    bool reads = arguments->command == CLI_EXPORT || arguments->command == CLI_AUDIT ||
                 arguments->command == CLI_PSEUDONYM;
    kundig *corpus = NULL;
    int exit_code = CLI_OK;
    if (arguments->command == CLI_INGEST) {
        return store_ingest(arguments);
    }
    if (arguments->command == CLI_VERIFY) {
        return store_verify(arguments);
    }
    if (arguments->command == CLI_MERGE) {
        exit_code = merge_check(arguments);
    } else if (arguments->command == CLI_EDIT) {
        exit_code = cli_edit_check(arguments);
    }
    if (exit_code == CLI_OK) {
        exit_code = cli_open(arguments, arguments->store,
                             reads ? KUNDIG_ACCESS_READ : KUNDIG_ACCESS_WRITE, &corpus);
    }
    if (exit_code == CLI_OK) {
        exit_code = store_run(arguments, corpus);
    }
    kundig_close(corpus);
    return exit_code;
}
