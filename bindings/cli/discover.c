/* Topics that nobody named: discovering them, saying what they are, and writing them down.
 *
 * Topics are discovered in all comments that may be used (--purpose, --as-of); --where chooses
 * afterwards which of them are counted, so that topics have one name whatever is asked. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static bool discover_print(const char *text)
{
    return cli_write(text, strlen(text));
}

static int discover_failed(const cli_arguments *arguments, int code, const kundig_error *err)
{
    int exit_code = cli_failed_with(arguments, code, err);
    if (code == KUNDIG_E_EMPTY) {
        exit_code = CLI_FAILED;
        if (!arguments->least_customers) {
            cli_hint("words of fewer customers count with: --least-customers 1");
        }
        if (arguments->command == CLI_TOPICS) {
            cli_hint("topics that are ready, of rules: kundig topics FILE --taxonomy ready");
        }
    }
    return exit_code;
}

/* A new model, discovered in the comments of a corpus. */
static int discover_in(const cli_arguments *arguments, kundig *corpus, kundig_model **out)
{
    cli_arguments which = {.command = CLI_DISCOVER,
                           .purpose = arguments->purpose,
                           .as_of = arguments->as_of,
                           .zone = arguments->zone};
    kundig_discover_options options;
    kundig_query *query = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_query(&which, &query);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    kundig_discover_options_init(&options);
    options.quality = arguments->quality;
    options.topics = arguments->topics;
    options.themes = arguments->themes;
    options.least_customers = arguments->least_customers;
    options.seed = arguments->seed;
    options.threads = arguments->threads;
    options.anew = arguments->anew;
    options.progress = cli_progress;
    options.progress_ud = (void *)arguments;
    cli_progress_start("discovering topics", false);
    int code = kundig_discover(corpus, query, &options, out, &err);
    cli_progress_end();
    kundig_query_free(query);
    return code ? discover_failed(arguments, code, &err) : CLI_OK;
}

/* ---- topics --------------------------------------------------------------------------------- */

/* What is for discovering means nothing where topics are there. */
static int topics_refused(const cli_arguments *arguments, const char *why)
{
    if (!arguments->discovering) {
        return CLI_OK;
    }
    cli_say("--%s is for discovering topics, and %s", arguments->discovering, why);
    cli_hint("to discover topics: kundig help discover");
    return CLI_USAGE;
}

int cli_topics_model(const cli_arguments *arguments, kundig *corpus, bool *pinned)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int32_t has = KUNDIG_NO;
    *pinned = false;
    if (arguments->model) {
        return topics_refused(arguments, "a model or taxonomy is given");
    }
    if (arguments->report_k) {
        return topics_refused(arguments, "reporting mode tells of facts in counts alone");
    }
    int code = kundig_has_model(corpus, &has, &err);
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    if (has == KUNDIG_YES) {
        *pinned = true;
        return topics_refused(arguments, "topics are pinned in this store");
    }
    int exit_code = discover_in(arguments, corpus, &model);
    if (exit_code == CLI_OK) {
        code = kundig_set_model(corpus, model, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    if (exit_code == CLI_OK && arguments->output) {
        exit_code = cli_model_write(model, arguments->output);
    }
    kundig_model_free(model);
    return exit_code;
}

/* The metric of the topics, of all records together; NULL where there is none. */
static int topics_together(const cli_arguments *arguments, kundig *corpus,
                           const kundig_table *table, kundig_table **out)
{
    kundig_text metric =
        kundig_table_row_count(table)
            ? kundig_table_text(table, 0, kundig_table_find_column(table, "metric", 6))
            : (kundig_text){NULL, 0};
    kundig_query *query = NULL;
    kundig_error err = {0, 0, ""};
    if (!metric.len) {
        return CLI_OK;
    }
    int exit_code = cli_query(arguments, &query);
    if (exit_code == CLI_OK) {
        int code = kundig_query_set_metric(query, metric.data, metric.len, &err);
        code = code ? code : kundig_measure(corpus, query, out, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    kundig_query_free(query);
    return exit_code;
}

/* A word behind some; what a shell would not take as it stands is quoted. */
static bool discover_word(const char *before, const char *word)
{
    char *quoted = cli_quoted(word);
    bool plain = word[strcspn(word, " '\"$&|;<>()*?\\`!#~\t\n")] == '\0';
    bool written = quoted && discover_print(before) && discover_print(plain ? word : quoted);
    free(quoted);
    return written;
}

/* One command to type next. */
static bool discover_next(const char *before, const char *file, const char *after)
{
    return discover_print("    kundig ") && discover_word(before, file) && discover_print(after) &&
           discover_print("\n");
}

static bool topics_next(const cli_arguments *arguments, const kundig_table *table, bool pinned)
{
    const char *file = arguments->file;
    size_t topic = kundig_table_find_column(table, "topic", 5);
    kundig_text first = kundig_table_text(table, 0, topic);
    char after[200];
    bool store = cli_is_store(file);
    if (arguments->quiet || !kundig_table_row_count(table) || cli_is_stream(file)) {
        return true;
    }
    bool good = discover_print("\nWhat to do next\n");
    if (pinned) {
        snprintf(after, sizeof after, " --where 'topic = %.*s' --limit 10", (int)first.len,
                 first.data);
        return good && discover_next("comments ", file, after) &&
               discover_next("model show ", file, " --discovered") &&
               discover_next("discover ", file, " --pin");
    }
    if (store) {
        return good && discover_next("discover ", file, " --pin");
    }
    if (arguments->output) {
        return good && discover_word("    kundig topics ", file) &&
               discover_word(" --model ", arguments->output) && discover_print("\n") &&
               discover_word("    kundig measure nps ", file) &&
               discover_word(" --by topic --model ", arguments->output) && discover_print("\n") &&
               discover_word("    kundig model show ", arguments->output) &&
               discover_print(" --discovered\n");
    }
    return good && discover_next("topics ", file, " --output topics.model") &&
           discover_next("topics ", file, " --taxonomy ready");
}

int cli_topics(const cli_arguments *arguments, kundig *corpus, const kundig_table *table,
               bool pinned)
{
    kundig_model *model = NULL;
    kundig_table *topics = NULL;
    kundig_table *all = NULL;
    kundig_error err = {0, 0, ""};
    if (arguments->format != CLI_FORMAT_TEXT || arguments->report_k) {
        return cli_write_table(arguments, table);
    }
    int code = kundig_get_model(corpus, &model, &err);
    int exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    if (exit_code == CLI_OK && !kundig_model_class_count(model, KUNDIG_LESSON_DISCOVERED)) {
        exit_code = cli_write_table(arguments, table);
        kundig_model_free(model);
        return exit_code;
    }
    if (exit_code == CLI_OK) {
        code = kundig_model_topics(model, &topics, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    if (exit_code == CLI_OK) {
        exit_code = topics_together(arguments, corpus, table, &all);
    }
    if (exit_code == CLI_OK) {
        exit_code = cli_topics_page(arguments, table, topics, all, pinned);
    }
    if (exit_code == CLI_OK && !topics_next(arguments, table, pinned)) {
        exit_code = CLI_FAILED;
    }
    kundig_table_free(all);
    kundig_table_free(topics);
    kundig_model_free(model);
    return exit_code;
}

/* ---- discover ------------------------------------------------------------------------------- */

static int discover_page(const cli_arguments *arguments, const kundig_model *model)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int code = kundig_model_discovered(model, &table, &err);
    int exit_code = code                                   ? cli_failed(code, &err)
                    : arguments->format == CLI_FORMAT_TEXT ? cli_discovered_page(arguments, table)
                                                           : cli_write_table(arguments, table);
    size_t topic = code ? 0 : kundig_table_find_column(table, "topic", 5);
    kundig_text first = code ? (kundig_text){NULL, 0} : kundig_table_text(table, 0, topic);
    if (exit_code == CLI_OK && arguments->format == CLI_FORMAT_TEXT && !arguments->quiet &&
        !cli_is_stream(arguments->file)) {
        char rename[120];
        bool store = cli_is_store(arguments->file);
        bool good = discover_print("\nWhat to do next\n");
        if (!arguments->pin && !arguments->output) {
            good = good && discover_print(store ? "  Nothing is kept yet: type the same with --pin "
                                                  "to keep the topics in the store.\n"
                                                : "  Nothing is kept yet: type the same with "
                                                  "--output FILE.\n");
        }
        if (arguments->pin) {
            snprintf(rename, sizeof rename, " rename %.*s 'A better name'", (int)first.len,
                     first.data ? first.data : "");
            good = good && discover_next("topics ", arguments->file, "") &&
                   discover_next("edit ", arguments->file, rename);
        } else {
            good = good && discover_next("topics ", arguments->file, "");
        }
        exit_code = good ? CLI_OK : CLI_FAILED;
    }
    kundig_table_free(table);
    return exit_code;
}

int cli_discover(const cli_arguments *arguments, kundig *corpus)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int code = KUNDIG_OK;
    int exit_code = discover_in(arguments, corpus, &model);
    if (exit_code == CLI_OK && arguments->pin) {
        cli_progress_start("pinning", false);
        code = kundig_pin_model(corpus, model, &err);
        cli_progress_end();
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    if (exit_code == CLI_OK && arguments->output) {
        exit_code = cli_model_write(model, arguments->output);
    }
    if (exit_code == CLI_OK) {
        exit_code = discover_page(arguments, model);
    }
    kundig_model_free(model);
    return exit_code;
}

/* ---- define --------------------------------------------------------------------------------- */

int cli_define(const cli_arguments *arguments)
{
    kundig_model *model = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_learned_model(arguments, &model);
    if (exit_code == CLI_OK) {
        int code = kundig_model_define(model, cli_text(arguments->words[1]),
                                       cli_text(arguments->words[2]), &bytes, &err);
        if (code) {
            exit_code = cli_failed(code, &err);
            if (code == KUNDIG_E_NOT_FOUND) {
                cli_hint("its topics: kundig model show %s --discovered", arguments->file);
            }
        } else if (!cli_write(kundig_bytes_data(bytes), kundig_bytes_len(bytes))) {
            exit_code = CLI_FAILED;
        }
    }
    kundig_bytes_free(bytes);
    kundig_model_free(model);
    return exit_code;
}

/* ---- edit ----------------------------------------------------------------------------------- */

/* What each kind takes behind its name. */
static const struct {
    const char *name;
    const char *takes;
    size_t least;
    size_t most;
    int kind;  /* KUNDIG_EDIT_; 0: teach */
    bool told; /* by --words, or --source and --id of a record */
} edit_kinds[] = {
    {"rename", "TOPIC NAME", 2, 2, KUNDIG_EDIT_RENAME, false},
    {"merge", "TOPIC OTHER", 2, 2, KUNDIG_EDIT_MERGE, false},
    {"split", "TOPIC NAME --words WORDS", 2, 2, KUNDIG_EDIT_SPLIT, true},
    {"pin", "TOPIC", 1, 1, KUNDIG_EDIT_PIN, false},
    {"hide", "TOPIC", 1, 1, KUNDIG_EDIT_HIDE, false},
    {"together", "SOURCE ID SOURCE ID", 4, 4, KUNDIG_EDIT_TOGETHER, false},
    {"apart", "SOURCE ID SOURCE ID", 4, 4, KUNDIG_EDIT_APART, false},
    {"topic", "NAME --words WORDS", 1, 1, KUNDIG_EDIT_TOPIC, true},
    {"known", "TOPIC NAME", 2, 2, KUNDIG_EDIT_KNOWN, false},
    {"teach", "TOPIC NAME", 2, 2, 0, false},
};

#define EDIT_KINDS (sizeof edit_kinds / sizeof *edit_kinds)

static size_t edit_which(const char *name)
{
    size_t which = 0;
    while (which < EDIT_KINDS && strcmp(edit_kinds[which].name, name) != 0) {
        which++;
    }
    return which;
}

int cli_edit_check(const cli_arguments *arguments)
{
    const char *const *words = arguments->words + 1;
    size_t which = edit_which(words[0]);
    size_t count = 0;
    if (which == EDIT_KINDS) {
        const char *names[EDIT_KINDS];
        for (size_t i = 0; i < EDIT_KINDS; i++) {
            names[i] = edit_kinds[i].name;
        }
        const char *nearest = cli_nearest(words[0], names, EDIT_KINDS);
        cli_say("edit takes rename, merge, split, pin, hide, together, apart, topic, known or "
                "teach, not \"%s\"",
                words[0]);
        if (nearest) {
            cli_hint("did you mean: kundig edit STORE %s?", nearest);
        } else {
            cli_hint("see: kundig help edit");
        }
        return CLI_USAGE;
    }
    while (words[count + 1]) {
        count++;
    }
    bool record = arguments->source || arguments->id;
    if (count < edit_kinds[which].least || count > edit_kinds[which].most ||
        (edit_kinds[which].told && !arguments->told_words && !arguments->id)) {
        cli_say("edit %s takes %s%s", words[0], edit_kinds[which].takes,
                edit_kinds[which].told ? ", or --source NAME and --id ID of a record" : "");
        cli_hint("see: kundig help edit");
        return CLI_USAGE;
    }
    if (!edit_kinds[which].told && (arguments->told_words || record)) {
        cli_say("edit %s takes no --%s", words[0],
                arguments->told_words ? "words" : "source, --id");
        cli_hint("see: kundig help edit");
        return CLI_USAGE;
    }
    if (edit_kinds[which].kind == 0 && arguments->not_so) {
        cli_say("edit teach takes no --not");
        cli_hint("labels are taken back one by one: kundig label STORE --not");
        return CLI_USAGE;
    }
    if (edit_kinds[which].kind && arguments->limit) {
        cli_say("edit %s takes no --limit", words[0]);
        cli_hint("see: kundig help edit");
        return CLI_USAGE;
    }
    return CLI_OK;
}

int cli_edit(const cli_arguments *arguments, kundig *corpus, kundig_added *added, kundig_error *err)
{
    const char *const *words = arguments->words + 2;
    kundig_edit edit;
    int kind = edit_kinds[edit_which(arguments->words[1])].kind;
    if (kind == 0) {
        return kundig_label_discovered(corpus, cli_text(words[0]), cli_text(words[1]),
                                       (size_t)arguments->limit, cli_text(arguments->said_by),
                                       arguments->time_ms, added, err);
    }
    kundig_edit_init(&edit);
    edit.kind = kind;
    edit.holds = arguments->not_so ? KUNDIG_NO : KUNDIG_YES;
    edit.by = cli_text(arguments->said_by);
    edit.updated_ms = arguments->time_ms;
    edit.words = cli_text(arguments->told_words);
    edit.source = cli_text(arguments->source);
    edit.id = cli_text(arguments->id);
    switch (kind) {
    case KUNDIG_EDIT_TOGETHER:
    case KUNDIG_EDIT_APART:
        edit.source = cli_text(words[0]);
        edit.id = cli_text(words[1]);
        edit.other_source = cli_text(words[2]);
        edit.other_id = cli_text(words[3]);
        break;
    case KUNDIG_EDIT_TOPIC:
        edit.name = cli_text(words[0]);
        break;
    case KUNDIG_EDIT_MERGE:
        edit.topic = cli_text(words[0]);
        edit.other = cli_text(words[1]);
        break;
    default:
        edit.topic = cli_text(words[0]);
        edit.name = cli_text(words[1]);
        break;
    }
    return kundig_edit_add(corpus, &edit, 1, added, err);
}
