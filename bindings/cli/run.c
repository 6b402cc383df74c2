/* One command: open, read, ask, write. Nothing is computed here.
 *
 * A failure of the library is told in its own sentence; which exit code it means stands in
 * exit_code_of(). */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

typedef struct run {
    const cli_arguments *arguments;
    kundig *corpus;
    kundig_query *query;
    kundig_ingest_report *report;
    char *words; /* of search */
    bool pinned; /* of topics: they come from the store */
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

int cli_failed_with(const cli_arguments *arguments, int code, const kundig_error *err)
{
    int exit_code = cli_failed(code, err);
    if (code == KUNDIG_E_LIMIT && arguments->memory_limit) {
        cli_hint("the limit was set with --memory-limit");
    }
    if (code == KUNDIG_E_BUSY) {
        cli_hint("wait longer for it: --busy SECONDS");
    }
    return exit_code;
}

static int tell_error(const run *r, int code)
{
    return cli_failed_with(r->arguments, code, &r->err);
}

/* A condition, a field or another word of the command line was refused. */
static int tell_word(run *r, const char *option, const char *word, int code)
{
    cli_say("%s: %s", option, r->err.message[0] ? r->err.message : kundig_strerror(code));
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
            return tell_word(r, "--by", fields, code);
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
    return code ? tell_word(r, "--as-of", date, code) : CLI_OK;
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
            return tell_word(r, "--where", where, code);
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

int cli_query(const cli_arguments *arguments, kundig_query **out)
{
    run r = {.arguments = arguments};
    int exit_code = make_query(&r);
    if (exit_code != CLI_OK) {
        kundig_query_free(r.query);
        return exit_code;
    }
    *out = r.query;
    return CLI_OK;
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
    options.title = cli_text(arguments->file);
    kundig_bytes *bytes = NULL;
    cli_progress_start("measuring", false);
    int code = kundig_analyze(r->corpus, r->query, r->report, &options, &bytes, &r->err);
    cli_progress_end();
    if (code) {
        return tell_error(r, code);
    }
    return write_bytes(bytes, json);
}

int cli_node(kundig_query *query, const char *option, const char *word, uint32_t *node)
{
    run r = {.query = query};
    int code = kundig_query_parse(query, word, strlen(word), node, &r.err);
    return code ? tell_word(&r, option, word, code) : CLI_OK;
}

static int emerging(run *r, kundig_table **table)
{
    kundig_emerging_options options;
    kundig_emerging_options_init(&options);
    options.limit = r->arguments->limit;
    return kundig_emerging(r->corpus, r->query, &options, table, &r->err);
}

static int compare(run *r, kundig_table **table)
{
    const char *words[2] = {r->arguments->a, r->arguments->b};
    static const char *const names[2] = {"--a", "--b"};
    uint32_t nodes[2];
    for (size_t i = 0; i < 2; i++) {
        int exit_code = cli_node(r->query, names[i], words[i], &nodes[i]);
        if (exit_code != CLI_OK) {
            return exit_code;
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
    bool lists = arguments->command == CLI_COMMENTS || arguments->command == CLI_TOPICS ||
                 arguments->command == CLI_CLASSIFY || arguments->command == CLI_SENTIMENT ||
                 arguments->command == CLI_MODEL_NEXT;
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

static int write_hash(run *r)
{
    char line[34] = "";
    cli_tell_feedback(r->arguments, r->report);
    int code = kundig_facts_hash(r->corpus, line, &r->err);
    if (code) {
        return tell_error(r, code);
    }
    line[32] = '\n';
    return cli_write(line, 33) ? CLI_OK : CLI_FAILED;
}

static int answer(run *r)
{
    kundig_table *table = NULL;
    int code = KUNDIG_OK;
    int exit_code = CLI_OK;
    if (r->arguments->command == CLI_ANALYZE) {
        return write_analysis(r);
    }
    if (r->arguments->command == CLI_HASH) {
        return write_hash(r);
    }
    cli_tell_feedback(r->arguments, r->report);
    if (r->arguments->command == CLI_TEACH) {
        return cli_teach(r->arguments, r->corpus);
    }
    if (r->arguments->command == CLI_DISCOVER) {
        return cli_discover(r->arguments, r->corpus);
    }
    if (r->arguments->command == CLI_IMPACT) {
        return cli_impact(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_EXPLAIN) {
        return cli_explain(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_WEIGHTS) {
        return cli_weights(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_ALARMS) {
        return cli_alarms(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_LOUD) {
        return cli_loud(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_FUNNEL) {
        return cli_funnel(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_WORDS) {
        return cli_words(r->arguments, r->corpus, r->query);
    }
    if (r->arguments->command == CLI_TOPICS) {
        exit_code = cli_topics_model(r->arguments, r->corpus, &r->pinned);
        if (exit_code != CLI_OK) {
            return exit_code;
        }
    }
    cli_progress_start("measuring", false);
    switch (r->arguments->command) {
    case CLI_CLASSIFY:
        code = kundig_classify(r->corpus, r->query, (size_t)r->arguments->limit, &table, &r->err);
        break;
    case CLI_SENTIMENT:
        code = kundig_sentiment(r->corpus, r->query, (size_t)r->arguments->limit, &table, &r->err);
        break;
    case CLI_MODEL_NEXT:
        code = kundig_label_next(r->corpus, r->query, (size_t)r->arguments->limit, &table, &r->err);
        break;
    case CLI_MODEL_VALIDATE:
    case CLI_MODEL_CURVE:
    case CLI_MODEL_DOUBTS:
        exit_code = cli_examples(r->arguments, r->corpus, &table);
        break;
    case CLI_EMERGING:
        code = emerging(r, &table);
        break;
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
    case CLI_SEARCH:
        code = kundig_search(r->corpus, r->words, strlen(r->words), r->query,
                             (size_t)r->arguments->limit, &table, &r->err);
        break;
    default:
        code = kundig_fields(r->corpus, &table, &r->err);
        break;
    }
    cli_progress_end();
    if (code) {
        exit_code = tell_error(r, code);
        cli_learn_hint(r->arguments, code);
    }
    if (exit_code == CLI_OK) {
        tell_nothing_found(r, table);
        exit_code = r->arguments->command == CLI_TOPICS
                        ? cli_topics(r->arguments, r->corpus, table, r->pinned)
                        : cli_write_table(r->arguments, table);
    }
    kundig_table_free(table);
    return exit_code;
}

/* A wrong word is told before a long file is read. */
static int check_search(run *r)
{
    kundig *nothing = NULL;
    kundig_table *table = NULL;
    int code = kundig_open(":memory:", 8, NULL, &nothing, &r->err);
    if (!code) {
        code = kundig_search(nothing, r->words, strlen(r->words), NULL, 0, &table, &r->err);
    }
    kundig_table_free(table);
    kundig_close(nothing);
    return code ? tell_word(r, "WORDS", r->words, code) : CLI_OK;
}

/* All words of `search` as one text. */
static int join_words(run *r)
{
    const char *const *words = r->arguments->words + 1;
    size_t size = 1;
    for (size_t i = 0; words[i] && i + 1 < CLI_MOST_WORDS; i++) {
        size += strlen(words[i]) + 1;
    }
    r->words = malloc(size);
    if (!r->words) {
        cli_say("out of memory");
        return CLI_FAILED;
    }
    char *at = r->words;
    for (size_t i = 0; words[i] && i + 1 < CLI_MOST_WORDS; i++) {
        size_t len = strlen(words[i]);
        if (i) {
            *at++ = ' ';
        }
        memcpy(at, words[i], len);
        at += len;
    }
    *at = '\0';
    return check_search(r);
}

/* Nothing that concerns reading a file means anything to a store: it was read already. */
static int check_store(const cli_arguments *arguments)
{
    if (arguments->reading) {
        cli_say("--%s concerns reading a file, and %s is a store: it was read already",
                arguments->reading, arguments->file);
        cli_hint("leave --%s out, or give it to: kundig ingest STORE FILE", arguments->reading);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int run_on_file(run *r)
{
    const cli_arguments *arguments = r->arguments;
    bool store = cli_is_store(arguments->file);
    if (arguments->rejects && (cli_same_file(arguments->rejects, arguments->file))) {
        cli_say("--rejects would overwrite the input %s", arguments->file);
        cli_hint("name another file");
        return CLI_USAGE;
    }
    /* Words of the command are refused before a long file is read. */
    int exit_code = store ? check_store(arguments) : CLI_OK;
    if (exit_code == CLI_OK && (arguments->pin || arguments->output)) {
        exit_code = cli_teach_check(arguments);
    }
    if (exit_code == CLI_OK) {
        exit_code = make_query(r);
    }
    if (exit_code == CLI_OK && arguments->command == CLI_SEARCH) {
        exit_code = join_words(r);
    }
    if (exit_code == CLI_OK) {
        exit_code = cli_open(arguments, store ? arguments->file : ":memory:",
                             !store           ? KUNDIG_ACCESS_CREATE
                             : arguments->pin ? KUNDIG_ACCESS_WRITE
                                              : KUNDIG_ACCESS_READ,
                             &r->corpus);
    }
    if (exit_code == CLI_OK && !store) {
        exit_code = cli_feedback(arguments, r->corpus, &r->report);
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
    if (!arguments->help_of[0]) {
        cli_help(stdout);
        return CLI_OK;
    }
    const char *first = arguments->help_of[0];
    const char *second = arguments->help_of[1];
    int command = cli_find_command(first, second);
    if (command < 0 || (second && !strchr(cli_commands[command].name, ' '))) {
        cli_say("there is no command \"%s%s%s\"", first, second ? " " : "", second ? second : "");
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
    if (arguments->command == CLI_MODEL_SHOW || arguments->command == CLI_MODEL_PRUNE) {
        return cli_model_of_lesson(arguments);
    }
    if (arguments->command == CLI_DEFINE) {
        return cli_define(arguments);
    }
    if (arguments->text) {
        return cli_told_text(arguments);
    }
    if (arguments->store) {
        return cli_store(arguments);
    }
    run r = {.arguments = arguments};
    int exit_code = arguments->command == CLI_METRICS ? run_metrics(&r) : run_on_file(&r);
    kundig_ingest_report_free(r.report);
    kundig_query_free(r.query);
    kundig_close(r.corpus);
    free(r.words);
    return exit_code;
}
