/* What examples teach: teach, and the actions of model that learn or look into what was learned.
 *
 * A lesson is topics or sentiment. Where none is named it is the one that a model learned, topics
 * before sentiment; only pages for people show both. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const char *const lesson_names[] = {"topics", "sentiment"};

static void learn_options(const cli_arguments *arguments, kundig_learn_options *out)
{
    kundig_learn_options_init(out);
    out->quality = arguments->quality;
    out->labels = arguments->labels;
    out->least_customers = arguments->least_customers;
    out->most_bytes = arguments->most_bytes;
    out->threads = arguments->threads;
    out->folds = arguments->folds;
    out->progress = cli_progress;
    out->progress_ud = (void *)arguments;
    out->field = cli_text(arguments->label);
    out->question = cli_text(arguments->question);
}

void cli_learn_hint(const cli_arguments *arguments, int code)
{
    bool store = arguments->file && cli_is_store(arguments->file);
    switch (arguments->command) {
    case CLI_TEACH:
    case CLI_MODEL_VALIDATE:
    case CLI_MODEL_CURVE:
    case CLI_MODEL_DOUBTS:
        if (code == KUNDIG_E_NOT_FOUND) {
            cli_hint("the fields there are: kundig fields %s", arguments->file);
        } else if (code == KUNDIG_E_AMBIGUOUS) {
            cli_hint("say which: --question NAME");
        } else if (code == KUNDIG_E_EMPTY && !arguments->label) {
            cli_hint(store ? "topics are learned from labels (kundig label) or a field: --label "
                             "FIELD"
                           : "name the column that holds topics: --label FIELD");
        }
        break;
    case CLI_MODEL_NEXT:
        if (code == KUNDIG_E_EMPTY) {
            cli_hint("teach it first: %s, then give --model FILE",
                     store ? "kundig teach STORE --pin" : "kundig teach FILE --output FILE");
        }
        break;
    default:
        break;
    }
}

static int learn_failed(const cli_arguments *arguments, int code, const kundig_error *err)
{
    int exit_code = cli_failed_with(arguments, code, err);
    cli_learn_hint(arguments, code);
    return exit_code;
}

static size_t learned(const kundig_model *model, int lesson)
{
    return kundig_model_class_count(model, lesson);
}

static bool print(const char *text)
{
    return cli_write(text, strlen(text));
}

/* ---- teach ---------------------------------------------------------------------------------- */

/* What cannot be right is refused before a file is read. */
int cli_teach_check(const cli_arguments *arguments)
{
    const char *file = arguments->file;
    if (arguments->pin && !cli_is_store(file)) {
        cli_say("--pin keeps what was learned in a store, and %s is none", file);
        cli_hint("write it to a file: --output FILE; or fill a store first: kundig ingest STORE %s",
                 file);
        return CLI_USAGE;
    }
    if (arguments->output && cli_same_file(arguments->output, file)) {
        cli_say("--output would overwrite %s", file);
        cli_hint("name another file");
        return CLI_USAGE;
    }
    return CLI_OK;
}

/* One command to type next, where it fits; words with blanks are quoted. */
static bool next_step(const char *before, const char *file, const char *option, const char *value,
                      const char *after)
{
    char *quoted = cli_quoted(file);
    char *of_value = cli_quoted(value ? value : "");
    bool plain = file[strcspn(file, " '\"$&|;<>()*?\\`!#~\t\n")] == '\0';
    bool plain_value = !value || value[strcspn(value, " '\"$&|;<>()*?\\`!#~\t\n")] == '\0';
    bool written = quoted && of_value && print("    kundig ") && print(before) && print(" ") &&
                   print(plain ? file : quoted) &&
                   (!value || (print(" ") && print(option) && print(" ") &&
                               print(plain_value ? value : of_value))) &&
                   print(after) && print("\n");
    free(quoted);
    free(of_value);
    return written;
}

static bool teach_next(const cli_arguments *arguments, const kundig_model *model)
{
    const char *file = arguments->file;
    const char *output = arguments->output;
    bool stream = cli_is_stream(file);
    bool topics = learned(model, KUNDIG_LESSON_TOPICS) > 0;
    const char *ask = topics ? "classify" : "sentiment";
    bool good = print("What to do next\n");
    if (!output && !arguments->pin) {
        good = good && print(cli_is_store(file)
                                 ? "  Nothing is kept yet: type the same with --pin to keep it in "
                                   "the store, or with\n  --output FILE.\n"
                                 : "  Nothing is kept yet: type the same with --output FILE.\n");
    }
    if (output) {
        good = good && next_step("model show", output, NULL, NULL, " --classes");
    }
    if (!stream && (output || arguments->pin)) {
        good = good && next_step(ask, file, output ? "--model" : NULL, output, " --limit 20");
        if (topics) {
            good = good && next_step("topics", file, output ? "--model" : NULL, output, "");
            good = good &&
                   next_step("model next", file, output ? "--model" : NULL, output, " --limit 20");
        }
    }
    if (!stream) {
        const char *label = topics ? arguments->label : NULL;
        const char *lesson = topics ? "" : " --lesson sentiment";
        good = good && next_step("model validate", file, "--label", label, lesson) &&
               next_step("model doubts", file, "--label", label,
                         topics ? " --limit 20" : " --lesson sentiment --limit 20");
    }
    return good;
}

/* A figure of a summary; -1: there is none. */
static double teach_figure(const kundig_table *summary, const char *name)
{
    size_t names = kundig_table_find_column(summary, "name", 4);
    size_t values = kundig_table_find_column(summary, "value", 5);
    for (size_t row = 0; row < kundig_table_row_count(summary); row++) {
        const char *found = kundig_table_text(summary, row, names).data;
        if (found && strcmp(found, name) == 0) {
            return kundig_table_is_null(summary, row, values)
                       ? -1
                       : kundig_table_number(summary, row, values);
        }
    }
    return -1;
}

/* What was learned from how much, and how right it was on what it had not seen. */
static bool teach_sentences(const kundig_table *summary, int lesson)
{
    char text[512];
    size_t len = 0;
    bool several = teach_figure(summary, "several") > 0;
    double customers = teach_figure(summary, "customers");
    double aside = teach_figure(summary, "aside");
    double error = teach_figure(summary, "ece");
    len += (size_t)snprintf(
        text, sizeof text, "  %.0f %s from %.0f examples, %.0f of them different",
        teach_figure(summary, "classes"), lesson == KUNDIG_LESSON_TOPICS ? "topics" : "moods",
        teach_figure(summary, "examples"), teach_figure(summary, "different"));
    if (customers > 0) {
        len += (size_t)snprintf(text + len, sizeof text - len, ", by %.0f customers", customers);
    }
    len += (size_t)snprintf(text + len, sizeof text - len, ".%s\n",
                            several ? " A comment may have several." : "");
    if (aside > 0) {
        len +=
            (size_t)snprintf(text + len, sizeof text - len,
                             several ? "  On %.0f examples kept aside: F1 %.1f %%, of the mean "
                                       "topic %.1f %%."
                                     : "  On %.0f examples kept aside: %.1f %% right, F1 of the "
                                       "mean class %.1f %%.",
                             aside, 100 * teach_figure(summary, several ? "micro_f1" : "accuracy"),
                             100 * teach_figure(summary, "macro_f1"));
        if (error >= 0) {
            len += (size_t)snprintf(text + len, sizeof text - len,
                                    "\n  What it calls probable is off by %.1f %% in the mean.",
                                    100 * error);
        }
        len += (size_t)snprintf(text + len, sizeof text - len, "\n");
    }
    snprintf(text + len, sizeof text - len, "  It takes %.0f KiB.\n",
             (teach_figure(summary, "bytes") + 1023) / 1024);
    return print(text);
}

#define TEACH_MOST_CLASSES 12 /* that a page lists */

static int teach_lesson(const cli_arguments *arguments, const kundig_model *model, int lesson)
{
    kundig_table *summary = NULL;
    kundig_table *classes = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = CLI_OK;
    int code = kundig_model_show(model, lesson, KUNDIG_SHOW_SUMMARY, &summary, &err);
    code = code ? code : kundig_model_show(model, lesson, KUNDIG_SHOW_CLASSES, &classes, &err);
    if (code) {
        exit_code = cli_failed(code, &err);
    } else if (!teach_sentences(summary, lesson)) {
        exit_code = CLI_FAILED;
    } else if (learned(model, lesson) <= TEACH_MOST_CLASSES) {
        exit_code = print("\n") ? cli_write_table(arguments, classes) : CLI_FAILED;
    }
    kundig_table_free(summary);
    kundig_table_free(classes);
    return exit_code;
}

static int teach_page(const cli_arguments *arguments, const kundig_model *model)
{
    static const char *const titles[] = {"Topics\n", "Sentiment\n"};
    static const char *const untold[] = {
        "  Not learned: nothing says what a comment speaks of. Say it with kundig label, or\n"
        "  name a field: --label FIELD.\n",
        "  Not learned: there are too few scores beside comments. A lexicon tells the mood.\n"};
    for (int lesson = KUNDIG_LESSON_TOPICS; lesson <= KUNDIG_LESSON_SENTIMENT; lesson++) {
        int exit_code = print(titles[lesson]) ? CLI_OK : CLI_FAILED;
        if (exit_code == CLI_OK && learned(model, lesson)) {
            exit_code = teach_lesson(arguments, model, lesson);
        } else if (exit_code == CLI_OK) {
            exit_code = print(untold[lesson]) ? CLI_OK : CLI_FAILED;
        }
        if (exit_code != CLI_OK || !print("\n")) {
            return exit_code == CLI_OK ? CLI_FAILED : exit_code;
        }
    }
    return teach_next(arguments, model) ? CLI_OK : CLI_FAILED;
}

/* {"topics":{...},"sentiment":{...}}; null is what was not learned. */
static int teach_json(const kundig_model *model)
{
    for (int lesson = KUNDIG_LESSON_TOPICS; lesson <= KUNDIG_LESSON_SENTIMENT; lesson++) {
        kundig_table *table = NULL;
        kundig_bytes *bytes = NULL;
        kundig_error err = {0, 0, ""};
        int code = KUNDIG_OK;
        if (learned(model, lesson)) {
            code = kundig_model_show(model, lesson, KUNDIG_SHOW_SUMMARY, &table, &err);
            code = code ? code : kundig_table_to_json(table, &bytes, &err);
        }
        bool written = !code && print(lesson == KUNDIG_LESSON_TOPICS ? "{\"" : ",\"") &&
                       print(lesson_names[lesson]) && print("\":") &&
                       print(bytes ? kundig_bytes_data(bytes) : "null");
        kundig_bytes_free(bytes);
        kundig_table_free(table);
        if (!written) {
            return code ? cli_failed(code, &err) : CLI_FAILED;
        }
    }
    return print("}\n") ? CLI_OK : CLI_FAILED;
}

int cli_teach(const cli_arguments *arguments, kundig *corpus)
{
    kundig_learn_options options;
    kundig_model *model = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = CLI_OK;
    learn_options(arguments, &options);
    cli_progress_start("learning", false);
    int code = kundig_teach(corpus, &options, &model, &err);
    cli_progress_end();
    if (code) {
        return learn_failed(arguments, code, &err);
    }
    code = kundig_model_save(model, &bytes, &err);
    if (!code && arguments->pin) {
        cli_progress_start("pinning", false);
        code = kundig_pin_model(corpus, model, &err);
        cli_progress_end();
    }
    if (code) {
        exit_code = cli_failed_with(arguments, code, &err);
    } else if (arguments->output && !cli_write_file(arguments->output, kundig_bytes_data(bytes),
                                                    kundig_bytes_len(bytes))) {
        exit_code = CLI_FAILED;
    } else {
        exit_code =
            arguments->format == CLI_FORMAT_JSON ? teach_json(model) : teach_page(arguments, model);
    }
    kundig_bytes_free(bytes);
    kundig_model_free(model);
    return exit_code;
}

/* ---- model validate, curve, doubts ---------------------------------------------------------- */

int cli_examples(const cli_arguments *arguments, kundig *corpus, kundig_table **out)
{
    kundig_learn_options options;
    kundig_examples *set = NULL;
    kundig_model *base = NULL;
    kundig_error err = {0, 0, ""};
    learn_options(arguments, &options);
    int code = kundig_examples_new(NULL, arguments->lesson, &set, &err);
    code = code ? code : kundig_examples_collect(corpus, &options, set, &err);
    code = code ? code : kundig_get_model(corpus, &base, &err);
    cli_progress_start("learning", false);
    if (code) {
        /* told below */
    } else if (arguments->command == CLI_MODEL_VALIDATE) {
        code = kundig_examples_validate(base, set, &options, out, &err);
    } else if (arguments->command == CLI_MODEL_CURVE) {
        code = kundig_examples_curve(base, set, &options, out, &err);
    } else {
        code = kundig_examples_doubts(base, set, &options, (size_t)arguments->limit, out, &err);
    }
    cli_progress_end();
    kundig_examples_free(set);
    kundig_model_free(base);
    return code ? learn_failed(arguments, code, &err) : CLI_OK;
}

/* ---- model show, prune ---------------------------------------------------------------------- */

int cli_learned_model(const cli_arguments *arguments, kundig_model **out)
{
    const char *path = arguments->file;
    kundig *corpus = NULL;
    kundig_error err = {0, 0, ""};
    if (!cli_is_store(path)) {
        return cli_model_of(path, out);
    }
    int exit_code = cli_open(arguments, path, KUNDIG_ACCESS_READ, &corpus);
    if (exit_code == CLI_OK) {
        int code = kundig_get_model(corpus, out, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    kundig_close(corpus);
    return exit_code;
}

static int untaught(const cli_arguments *arguments)
{
    const char *path = arguments->file;
    bool store = cli_is_store(path);
    cli_say(store ? "the model of %s learned nothing: it reads with rules alone"
                  : "%s learned nothing: it holds rules alone",
            path);
    cli_hint("its topics: kundig taxonomy list MODEL; to teach one: kundig help teach");
    return CLI_FAILED;
}

static int show_one(const cli_arguments *arguments, const kundig_model *model, int lesson)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int code = kundig_model_show(model, lesson, arguments->show, &table, &err);
    int exit_code = code ? cli_failed(code, &err) : cli_write_table(arguments, table);
    kundig_table_free(table);
    return exit_code;
}

static int model_show(const cli_arguments *arguments, const kundig_model *model, int lesson)
{
    if (arguments->lesson_given || arguments->format != CLI_FORMAT_TEXT ||
        !learned(model, KUNDIG_LESSON_TOPICS) || !learned(model, KUNDIG_LESSON_SENTIMENT)) {
        return show_one(arguments, model, lesson);
    }
    if (!print("Topics\n")) {
        return CLI_FAILED;
    }
    int exit_code = show_one(arguments, model, KUNDIG_LESSON_TOPICS);
    if (exit_code == CLI_OK && !print("\nSentiment\n")) {
        exit_code = CLI_FAILED;
    }
    return exit_code == CLI_OK ? show_one(arguments, model, KUNDIG_LESSON_SENTIMENT) : exit_code;
}

static int model_prune(const cli_arguments *arguments, const kundig_model *model, int lesson)
{
    kundig_model *pruned = NULL;
    kundig_error err = {0, 0, ""};
    if (cli_same_file(arguments->output, arguments->file)) {
        cli_say("--output would overwrite %s", arguments->file);
        cli_hint("name another file");
        return CLI_USAGE;
    }
    int code = kundig_model_prune(model, lesson, arguments->most_bytes, &pruned, &err);
    if (code) {
        return cli_failed(code, &err);
    }
    int exit_code = cli_model_write(pruned, arguments->output);
    if (exit_code == CLI_OK && !arguments->quiet) {
        cli_say("%s: %llu KiB, what it learned of %s pruned", arguments->output,
                (unsigned long long)(cli_file_size(arguments->output) + 1023) / 1024,
                lesson_names[lesson]);
    }
    if (exit_code == CLI_OK) {
        exit_code = show_one(arguments, pruned, lesson);
    }
    kundig_model_free(pruned);
    return exit_code;
}

static bool only_discovered(const kundig_model *model)
{
    return learned(model, KUNDIG_LESSON_DISCOVERED) && !learned(model, KUNDIG_LESSON_TOPICS) &&
           !learned(model, KUNDIG_LESSON_SENTIMENT);
}

/* The topics that were discovered, or another table of them. */
static int show_discovered(const cli_arguments *arguments, const kundig_model *model)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int code = arguments->show ? kundig_model_show(model, KUNDIG_LESSON_DISCOVERED, arguments->show,
                                                   &table, &err)
                               : kundig_model_discovered(model, &table, &err);
    int exit_code = code ? cli_failed(code, &err)
                    : arguments->show || arguments->format != CLI_FORMAT_TEXT
                        ? cli_write_table(arguments, table)
                        : cli_discovered_page(arguments, table);
    if (code == KUNDIG_E_EMPTY) {
        cli_hint("discover them first: kundig discover %s",
                 cli_is_store(arguments->file) ? "STORE --pin" : "FILE --output MODEL");
    }
    kundig_table_free(table);
    return exit_code;
}

int cli_model_of_lesson(const cli_arguments *arguments)
{
    kundig_model *model = NULL;
    int exit_code = cli_learned_model(arguments, &model);
    if (exit_code == CLI_OK && (arguments->discovered || arguments->show == KUNDIG_SHOW_HISTORY ||
                                (arguments->command == CLI_MODEL_SHOW && only_discovered(model)))) {
        exit_code = show_discovered(arguments, model);
        kundig_model_free(model);
        return exit_code;
    }
    if (exit_code == CLI_OK && !learned(model, KUNDIG_LESSON_TOPICS) &&
        !learned(model, KUNDIG_LESSON_SENTIMENT)) {
        exit_code = untaught(arguments);
    }
    if (exit_code == CLI_OK) {
        int lesson = arguments->lesson_given                ? arguments->lesson
                     : learned(model, KUNDIG_LESSON_TOPICS) ? KUNDIG_LESSON_TOPICS
                                                            : KUNDIG_LESSON_SENTIMENT;
        exit_code = arguments->command == CLI_MODEL_SHOW ? model_show(arguments, model, lesson)
                                                         : model_prune(arguments, model, lesson);
    }
    kundig_model_free(model);
    return exit_code;
}
