/* One command: open, read, ask, write. Nothing is computed here.
 *
 * A failure of the library is told in its own sentence; which exit code it means stands in
 * exit_code_of(). */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define TELL_MOST_REJECTS 5

typedef struct run {
    const cli_arguments *arguments;
    kundig *corpus;
    kundig_query *query;
    kundig_ingest_report *report;
    kundig_error err;
} run;

static int exit_code_of(int code)
{
    switch (code) {
    case KUNDIG_E_ARG:
    case KUNDIG_E_NOT_FOUND:
    case KUNDIG_E_AMBIGUOUS:
    case KUNDIG_E_VALUE:
    case KUNDIG_E_MODE:
        return CLI_USAGE;
    case KUNDIG_E_CANCELLED:
        return CLI_CANCELLED;
    default:
        return CLI_FAILED;
    }
}

int cli_failed(int code, const kundig_error *err)
{
    if (code == KUNDIG_E_CANCELLED) {
        cli_say("cancelled");
    } else {
        cli_say("%s", err->message[0] ? err->message : kundig_strerror(code));
    }
    return exit_code_of(code);
}

static int tell_error(const run *r, int code)
{
    int exit_code = cli_failed(code, &r->err);
    if (code == KUNDIG_E_LIMIT && r->arguments->memory_limit) {
        cli_hint("the limit was set with --memory-limit");
    }
    return exit_code;
}

/* A condition, a field or another word of the command line was refused. */
static int tell_word(run *r, const char *option, const char *word, int code)
{
    cli_say("--%s: %s", option, r->err.message[0] ? r->err.message : kundig_strerror(code));
    if (code == KUNDIG_E_FORMAT && r->err.pos <= strlen(word)) {
        size_t columns = 0;
        for (size_t i = 0; i < r->err.pos; i++) {
            columns += ((unsigned char)word[i] & 0xC0) != 0x80;
        }
        cli_hint("%s", word);
        cli_hint("%*s^", (int)columns, "");
    }
    return code == KUNDIG_E_NOMEM || code == KUNDIG_E_LIMIT ? CLI_FAILED : CLI_USAGE;
}

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
static void tell_ingest(const run *r)
{
    const kundig_table *summary = kundig_ingest_report_table(r->report, KUNDIG_INGEST_SUMMARY);
    const kundig_table *findings = kundig_ingest_report_table(r->report, KUNDIG_INGEST_FINDINGS);
    if (r->arguments->quiet || !summary) {
        return;
    }
    cli_say("%s: %lld rows = %lld accepted + %lld rejected", r->arguments->file,
            (long long)summary_value(summary, "rows"),
            (long long)summary_value(summary, "accepted"),
            (long long)summary_value(summary, "rejected"));
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
static void tell_rejects(const run *r)
{
    const kundig_table *rejects = kundig_ingest_report_table(r->report, KUNDIG_INGEST_REJECTS);
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

static int write_rejects(run *r)
{
    kundig_bytes *bytes = NULL;
    if (!r->arguments->rejects || !r->report) {
        return CLI_OK;
    }
    int code = kundig_ingest_report_rejects(r->report, &bytes, &r->err);
    if (code) {
        return tell_error(r, code);
    }
    bool written =
        cli_write_file(r->arguments->rejects, kundig_bytes_data(bytes), kundig_bytes_len(bytes));
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

static kundig_text text_of(const char *str)
{
    return str ? (kundig_text){str, strlen(str)} : (kundig_text){NULL, 0};
}

static int read_file(run *r)
{
    const cli_arguments *arguments = r->arguments;
    kundig_ingest_options options;
    kundig_ingest_options_init(&options);
    options.dates = arguments->dates;
    options.encoding = arguments->encoding;
    options.kind = arguments->kind;
    options.delimiter = arguments->delimiter;
    options.source = text_of(arguments->source);
    options.zone = text_of(arguments->zone);
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
        options.map = text_of(map);
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
        code = kundig_ingest_bytes(r->corpus, data ? data : "", len, &options, &r->report, &r->err);
    } else {
        code = kundig_ingest_file(r->corpus, arguments->file, strlen(arguments->file), &options,
                                  &r->report, &r->err);
    }
    cli_progress_end();
    if (code) {
        exit_code = tell_error(r, code);
        if (code == KUNDIG_E_AMBIGUOUS && !arguments->dates) {
            cli_hint("say which: --dates day-first or --dates month-first");
        }
        if (code == KUNDIG_E_VALUE || code == KUNDIG_E_FORMAT) {
            exit_code = CLI_FAILED; /* of the file, not of the command */
        }
        tell_rejects(r);
        if (r->report) {
            write_rejects(r);
        }
        goto done;
    }
    exit_code = write_rejects(r);
done:
    free(map);
    free(data);
    return exit_code;
}

/* Group by the fields of one --by: commas between them, a name with a comma in double quotes. */
static int add_groups(run *r, const char *fields)
{
    const char *at = fields;
    for (;;) {
        const char *start = at;
        size_t len;
        while (*start == ' ') {
            start++;
        }
        if (*start == '"') {
            start++;
            len = strcspn(start, "\"");
            at = start + len + (start[len] == '"');
            at += strcspn(at, ",");
        } else {
            len = strcspn(start, ",");
            at = start + len;
            while (len && start[len - 1] == ' ') {
                len--;
            }
        }
        int code = kundig_query_group_by(r->query, start, len, &r->err);
        if (code) {
            return tell_word(r, "by", fields, code);
        }
        if (*at == '\0') {
            return CLI_OK;
        }
        at++;
    }
}

/* Records up to a date, and those without one. */
static int keep_as_of(run *r)
{
    const char *date = r->arguments->as_of;
    kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = {date, strlen(date)}};
    uint32_t nodes[2];
    uint32_t either;
    int code = kundig_query_condition(r->query, "time", 4, KUNDIG_OP_LESS_OR_EQUAL, &value, 1,
                                      &nodes[0], &r->err);
    if (!code) {
        code = kundig_query_condition(r->query, "time", 4, KUNDIG_OP_MISSING, NULL, 0, &nodes[1],
                                      &r->err);
    }
    if (!code) {
        code = kundig_query_combine(r->query, KUNDIG_ANY_OF, nodes, 2, &either, &r->err);
    }
    if (!code) {
        code = kundig_query_keep(r->query, either, &r->err);
    }
    return code ? tell_word(r, "as-of", date, code) : CLI_OK;
}

/* A wrong metric is told before a long file is read. */
static int check_metric(run *r)
{
    const char *metric = r->arguments->metric;
    const char *names[64];
    size_t count = 0;
    kundig_table *table = NULL;
    int code = kundig_metrics(NULL, &table, &r->err);
    if (code) {
        return tell_error(r, code);
    }
    size_t column = kundig_table_find_column(table, "metric", 6);
    bool known = false;
    for (size_t row = 0; row < kundig_table_row_count(table) && count < 64; row++) {
        names[count] = kundig_table_text(table, row, column).data;
        known = known || (names[count] && strcmp(names[count], metric) == 0);
        count += names[count] != NULL;
    }
    if (!known) {
        const char *nearest = cli_nearest(metric, names, count);
        cli_say("there is no metric \"%s\"", metric);
        if (nearest) {
            cli_hint("did you mean %s? All metrics: kundig metrics", nearest);
        } else {
            cli_hint("all metrics: kundig metrics");
        }
    }
    kundig_table_free(table);
    return known ? CLI_OK : CLI_USAGE;
}

static int make_query(run *r)
{
    const cli_arguments *arguments = r->arguments;
    int code = kundig_query_new(NULL, &r->query);
    if (code) {
        return tell_error(r, code);
    }
    if (arguments->metric) {
        code = check_metric(r);
        if (code != CLI_OK) {
            return code;
        }
        code = kundig_query_set_metric(r->query, arguments->metric, strlen(arguments->metric),
                                       &r->err);
        if (code) {
            return tell_error(r, code);
        }
    }
    for (size_t i = 0; i < arguments->by.count; i++) {
        int exit_code = add_groups(r, arguments->by.items[i]);
        if (exit_code != CLI_OK) {
            return exit_code;
        }
    }
    for (size_t i = 0; i < arguments->where.count; i++) {
        const char *where = arguments->where.items[i];
        uint32_t node;
        code = kundig_query_parse(r->query, where, strlen(where), &node, &r->err);
        if (!code) {
            code = kundig_query_keep(r->query, node, &r->err);
        }
        if (code) {
            return tell_word(r, "where", where, code);
        }
    }
    if (arguments->as_of) {
        int exit_code = keep_as_of(r);
        if (exit_code != CLI_OK) {
            return exit_code;
        }
    }
    if (arguments->question) {
        code = kundig_query_set_question(r->query, arguments->question, strlen(arguments->question),
                                         &r->err);
    }
    if (!code && arguments->zone) {
        code = kundig_query_set_zone(r->query, arguments->zone, strlen(arguments->zone), &r->err);
    }
    if (!code && arguments->purpose) {
        code = kundig_query_set_purpose(r->query, arguments->purpose, strlen(arguments->purpose),
                                        &r->err);
    }
    if (!code) {
        code = kundig_query_set_every(r->query, arguments->every, &r->err);
    }
    if (!code) {
        code = kundig_query_set_unit(r->query, arguments->unit, &r->err);
    }
    if (!code) {
        code = kundig_query_set_interval(r->query, arguments->interval, arguments->level, &r->err);
    }
    if (!code) {
        code = kundig_query_set_min_n(r->query, arguments->min_n, &r->err);
    }
    return code ? tell_error(r, code) : CLI_OK;
}

static int write_bytes(kundig_bytes *bytes, bool line)
{
    static const kundig_error nothing = {0, 0, ""};
    bool written = !cli_interrupted() &&
                   cli_write(kundig_bytes_data(bytes), kundig_bytes_len(bytes)) &&
                   (!line || cli_write("\n", 1));
    kundig_bytes_free(bytes);
    if (cli_interrupted()) {
        return cli_failed(KUNDIG_E_CANCELLED, &nothing);
    }
    return written ? CLI_OK : CLI_FAILED;
}

int cli_write_table(const cli_arguments *arguments, const kundig_table *table)
{
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    int code;
    if (arguments->format == CLI_FORMAT_JSON) {
        code = kundig_table_to_json(table, &bytes, &err);
    } else if (arguments->format == CLI_FORMAT_CSV) {
        code = kundig_table_to_csv(table, &bytes, &err);
    } else {
        kundig_page_options options;
        kundig_page_options_init(&options);
        options.width = cli_width(arguments, 240);
        options.color = cli_use_color(arguments);
        code = kundig_table_to_page(table, &options, &bytes, &err);
    }
    if (code) {
        return cli_failed(code, &err);
    }
    return write_bytes(bytes, arguments->format == CLI_FORMAT_JSON);
}

static int write_analysis(run *r)
{
    const cli_arguments *arguments = r->arguments;
    kundig_analyze_options options;
    kundig_analyze_options_init(&options);
    bool json = arguments->format == CLI_FORMAT_JSON;
    options.format = json ? KUNDIG_PAGE_JSON : KUNDIG_PAGE_TEXT;
    options.width = cli_width(arguments, 110);
    options.color = !json && cli_use_color(arguments);
    options.title = text_of(arguments->file);
    kundig_bytes *bytes = NULL;
    cli_progress_start("measuring", false);
    int code = kundig_analyze(r->corpus, r->query, r->report, &options, &bytes, &r->err);
    cli_progress_end();
    if (code) {
        return tell_error(r, code);
    }
    return write_bytes(bytes, json);
}

static int compare(run *r, kundig_table **table)
{
    const char *words[2] = {r->arguments->a, r->arguments->b};
    static const char *const names[2] = {"a", "b"};
    uint32_t nodes[2];
    for (size_t i = 0; i < 2; i++) {
        int code = kundig_query_parse(r->query, words[i], strlen(words[i]), &nodes[i], &r->err);
        if (code) {
            return tell_word(r, names[i], words[i], code);
        }
    }
    int code = kundig_compare(r->corpus, r->query, nodes[0], nodes[1], table, &r->err);
    return code ? tell_error(r, code) : CLI_OK;
}

/* An empty answer is an answer, yet mostly a slip in a value. */
static void tell_nothing_found(const run *r, const kundig_table *table)
{
    const cli_arguments *arguments = r->arguments;
    size_t rows = kundig_table_row_count(table);
    size_t n = kundig_table_find_column(table, "n", 1);
    bool measures = arguments->command == CLI_MEASURE;
    bool lists = arguments->command == CLI_COMMENTS || arguments->command == CLI_TOPICS;
    if (arguments->where.count == 0 || arguments->quiet || (measures && n == SIZE_MAX) ||
        (!measures && (!lists || rows))) {
        return;
    }
    for (size_t row = 0; row < rows; row++) {
        if (kundig_table_int(table, row, n) != 0) {
            return;
        }
    }
    cli_say("warning: no record that can be counted meets --where");
    cli_hint("the values of a field: kundig measure count FILE --by FIELD");
}

static int answer(run *r)
{
    kundig_table *table = NULL;
    int code = KUNDIG_OK;
    int exit_code = CLI_OK;
    if (r->arguments->command == CLI_ANALYZE) {
        return write_analysis(r);
    }
    tell_ingest(r);
    cli_progress_start("measuring", false);
    switch (r->arguments->command) {
    case CLI_MEASURE:
        code = kundig_measure(r->corpus, r->query, &table, &r->err);
        break;
    case CLI_COMPARE:
        exit_code = compare(r, &table);
        break;
    case CLI_TOPICS:
        code = kundig_topics(r->corpus, r->query, (size_t)r->arguments->limit, &table, &r->err);
        break;
    case CLI_COMMENTS:
        code = kundig_comments(r->corpus, r->query, (size_t)r->arguments->limit, &table, &r->err);
        break;
    default:
        code = kundig_fields(r->corpus, &table, &r->err);
        break;
    }
    cli_progress_end();
    if (code) {
        exit_code = tell_error(r, code);
    }
    if (exit_code == CLI_OK) {
        tell_nothing_found(r, table);
        exit_code = cli_write_table(r->arguments, table);
    }
    kundig_table_free(table);
    return exit_code;
}

static int choose_model(run *r)
{
    kundig_model *model = NULL;
    int exit_code = cli_model(r->arguments, false, &model);
    if (exit_code == CLI_OK && model) {
        int code = kundig_set_model(r->corpus, model, &r->err);
        exit_code = code ? tell_error(r, code) : CLI_OK;
    }
    kundig_model_free(model);
    return exit_code;
}

static int run_on_file(run *r)
{
    const cli_arguments *arguments = r->arguments;
    if (arguments->rejects && (cli_same_file(arguments->rejects, arguments->file))) {
        cli_say("--rejects would overwrite the input %s", arguments->file);
        cli_hint("name another file");
        return CLI_USAGE;
    }
    /* Words of the command are refused before a long file is read. */
    int exit_code = make_query(r);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    kundig_options options;
    kundig_options_init(&options);
    options.threads = arguments->threads;
    options.memory_limit = arguments->memory_limit;
    options.mask = arguments->mask;
    options.progress = cli_progress;
    options.progress_ud = (void *)arguments;
    int code = kundig_open(":memory:", 8, &options, &r->corpus, &r->err);
    if (code) {
        return tell_error(r, code);
    }
    exit_code = choose_model(r);
    if (exit_code == CLI_OK) {
        exit_code = read_file(r);
    }
    return exit_code == CLI_OK ? answer(r) : exit_code;
}

static int run_metrics(run *r)
{
    kundig_table *table = NULL;
    int code = kundig_metrics(NULL, &table, &r->err);
    if (code) {
        return tell_error(r, code);
    }
    int exit_code = cli_write_table(r->arguments, table);
    kundig_table_free(table);
    return exit_code;
}

static int run_help(const cli_arguments *arguments)
{
    if (!arguments->help_of) {
        cli_help(stdout);
        return CLI_OK;
    }
    int command = cli_find_command(arguments->help_of);
    if (command < 0) {
        cli_say("there is no command \"%s\"", arguments->help_of);
        cli_hint("all commands: kundig help");
        return CLI_USAGE;
    }
    if (command == CLI_HELP) {
        cli_help(stdout);
    } else {
        cli_help_command(stdout, (enum cli_command_id)command);
    }
    return CLI_OK;
}

int cli_run(const cli_arguments *arguments)
{
    if (arguments->command == CLI_HELP) {
        return run_help(arguments);
    }
    if (arguments->command == CLI_TAXONOMY) {
        return cli_taxonomy(arguments);
    }
    if (arguments->command == CLI_READ) {
        return cli_read_text(arguments);
    }
    run r = {.arguments = arguments};
    int exit_code = arguments->command == CLI_METRICS ? run_metrics(&r) : run_on_file(&r);
    kundig_ingest_report_free(r.report);
    kundig_query_free(r.query);
    kundig_close(r.corpus);
    return exit_code;
}
