/* Taxonomies and single texts: commands that read no feedback file. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define TEXTS_MOST (UINT64_C(256) << 20) /* bytes of a taxonomy or a text */

static int texts_file(const char *path, char **data, size_t *len)
{
    int exit_code = cli_read_all(path, TEXTS_MOST, data, len);
    if (exit_code == CLI_CANCELLED) {
        cli_say("cancelled");
    }
    return exit_code;
}

/* A fault of a taxonomy file: where it is and how to see all. */
static int texts_refused(const char *path, int code, const kundig_error *err)
{
    cli_say("%s: %s", path, err->message[0] ? err->message : kundig_strerror(code));
    if (code == KUNDIG_E_FORMAT) {
        cli_hint("all that is wrong with it: kundig taxonomy check %s", path);
    }
    return CLI_FAILED;
}

int cli_model_of(const char *path, kundig_model **out)
{
    char *data = NULL;
    size_t len = 0;
    kundig_error err = {0, 0, ""};
    if (strcmp(path, "ready") == 0) {
        int ready = kundig_model_new(NULL, NULL, 0, out, &err);
        return ready ? cli_failed(ready, &err) : CLI_OK;
    }
    int exit_code = texts_file(path, &data, &len);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    /* A saved model begins with bytes that no text holds. */
    int code = len && memchr(data, '\0', len < 64 ? len : 64)
                   ? kundig_model_load(NULL, data, len, out, &err)
                   : kundig_model_new(NULL, data ? data : "", len, out, &err);
    free(data);
    return code ? texts_refused(path, code, &err) : CLI_OK;
}

int cli_model_write(const kundig_model *model, const char *path)
{
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    int code = kundig_model_save(model, &bytes, &err);
    int exit_code = code ? cli_failed(code, &err) : CLI_OK;
    if (exit_code == CLI_OK &&
        !cli_write_file(path, kundig_bytes_data(bytes), kundig_bytes_len(bytes))) {
        exit_code = CLI_FAILED;
    }
    kundig_bytes_free(bytes);
    return exit_code;
}

int cli_model(const cli_arguments *arguments, bool needed, kundig_model **out)
{
    kundig_error err = {0, 0, ""};
    if (arguments->model && strcmp(arguments->model, "-") == 0) {
        bool twice = arguments->text && strcmp(arguments->text, "-") == 0;
        for (size_t i = 0; i < sizeof arguments->words / sizeof *arguments->words; i++) {
            twice = twice || (arguments->words[i] && strcmp(arguments->words[i], "-") == 0);
        }
        if (twice) {
            cli_say("standard input is read once: it cannot be FILE and the model");
            cli_hint("name a file for one of them");
            return CLI_USAGE;
        }
    }
    if (arguments->model) {
        return cli_model_of(arguments->model, out);
    }
    int code = needed ? kundig_model_new(NULL, NULL, 0, out, &err) : KUNDIG_OK;
    return code ? cli_failed(code, &err) : CLI_OK;
}

/* ---- taxonomy ------------------------------------------------------------------------------- */

static int taxonomy_show(void)
{
    kundig_text ready = kundig_taxonomy_ready();
    return cli_write(ready.data, ready.len) ? CLI_OK : CLI_FAILED;
}

static int taxonomy_list(const cli_arguments *arguments)
{
    kundig_model *model = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = arguments->words[1] ? cli_model_of(arguments->words[1], &model)
                                        : cli_model(arguments, true, &model);
    if (exit_code == CLI_OK) {
        int code = kundig_model_topics(model, &table, &err);
        exit_code = code ? cli_failed(code, &err) : cli_write_table(arguments, table);
    }
    kundig_table_free(table);
    kundig_model_free(model);
    return exit_code;
}

static size_t taxonomy_count(const kundig_table *findings, const char *severity)
{
    size_t column = kundig_table_find_column(findings, "severity", 8);
    size_t count = 0;
    for (size_t row = 0; row < kundig_table_row_count(findings); row++) {
        const char *found = kundig_table_text(findings, row, column).data;
        count += found && strcmp(found, severity) == 0;
    }
    return count;
}

static int taxonomy_check(const cli_arguments *arguments)
{
    const char *path = arguments->words[1];
    char *data = NULL;
    size_t len = 0;
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = texts_file(path, &data, &len);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    int code = kundig_taxonomy_check(NULL, data ? data : "", len, &table, &err);
    free(data);
    if (code) {
        return cli_failed(code, &err);
    }
    size_t errors = taxonomy_count(table, "error");
    if (!arguments->quiet) {
        cli_say("%s: %zu errors, %zu warnings, %zu notes", path, errors,
                taxonomy_count(table, "warning"), taxonomy_count(table, "note"));
    }
    if (kundig_table_row_count(table) || arguments->format != CLI_FORMAT_TEXT) {
        exit_code = cli_write_table(arguments, table);
    }
    kundig_table_free(table);
    return exit_code == CLI_OK && errors ? CLI_FAILED : exit_code;
}

static int taxonomy_save(const cli_arguments *arguments)
{
    kundig_model *model = NULL;
    if (cli_same_file(arguments->words[1], arguments->words[2])) {
        cli_say("the model would overwrite the taxonomy %s", arguments->words[1]);
        cli_hint("name another file");
        return CLI_USAGE;
    }
    int exit_code = cli_model_of(arguments->words[1], &model);
    if (exit_code == CLI_OK) {
        exit_code = cli_model_write(model, arguments->words[2]);
    }
    kundig_model_free(model);
    return exit_code;
}

int cli_taxonomy(const cli_arguments *arguments)
{
    static const char *const actions[] = {"show", "list", "check", "save"};
    static const size_t least[] = {0, 0, 1, 2};
    static const size_t most[] = {0, 1, 1, 2};
    const char *action = arguments->words[0];
    size_t which = 0;
    size_t files = arguments->words[2] ? 2 : arguments->words[1] ? 1 : 0;
    while (which < 4 && strcmp(action, actions[which]) != 0) {
        which++;
    }
    if (which == 4) {
        const char *nearest = cli_nearest(action, actions, 4);
        cli_say("taxonomy takes show, list, check or save, not \"%s\"", action);
        if (nearest) {
            cli_hint("did you mean: kundig taxonomy %s?", nearest);
        }
        return CLI_USAGE;
    }
    if (files < least[which] || files > most[which]) {
        cli_say("taxonomy %s takes %s", action,
                which == 0   ? "no file"
                : which == 1 ? "one FILE at most"
                : which == 2 ? "one FILE"
                             : "FILE, the taxonomy, and MODEL, the file to write");
        cli_hint("see: kundig help taxonomy");
        return CLI_USAGE;
    }
    switch (which) {
    case 0:
        return taxonomy_show();
    case 1:
        return taxonomy_list(arguments);
    case 2:
        return taxonomy_check(arguments);
    default:
        return taxonomy_save(arguments);
    }
}

/* ---- read ----------------------------------------------------------------------------------- */

/* A titled table, or a line instead where it is empty. */
static int read_part(const cli_arguments *arguments, const char *title, kundig_table *table,
                     const char *empty)
{
    int exit_code = CLI_OK;
    if (!cli_write(title, strlen(title)) || !cli_write("\n", 1)) {
        exit_code = CLI_FAILED;
    } else if (kundig_table_row_count(table)) {
        exit_code = cli_write_table(arguments, table);
    } else if (!cli_write(empty, strlen(empty))) {
        exit_code = CLI_FAILED;
    }
    return exit_code == CLI_OK && !cli_write("\n", 1) ? CLI_FAILED : exit_code;
}

static int read_all(const cli_arguments *arguments, const kundig_model *model, const char *text,
                    size_t len)
{
    kundig_error err = {0, 0, ""};
    kundig_table *languages = NULL;
    kundig_table *hits = NULL;
    kundig_table *personal = NULL;
    int exit_code = CLI_OK;
    int code = kundig_model_read(model, text, len, &hits, &err);
    if (!code) {
        code = kundig_model_languages(model, text, len, &languages, &err);
    }
    if (!code) {
        code = kundig_text_personal(NULL, text, len, 0, &personal, &err);
    }
    if (code) {
        exit_code = cli_failed(code, &err);
    } else if (arguments->format != CLI_FORMAT_TEXT) {
        exit_code = cli_write_table(arguments, hits);
    } else {
        exit_code = read_part(arguments, "Language", languages, "  none\n");
        if (exit_code == CLI_OK) {
            exit_code = read_part(arguments, "Topics", hits, "  none\n");
        }
        if (exit_code == CLI_OK) {
            exit_code = read_part(arguments, "Personal data", personal, "  none found\n");
        }
    }
    kundig_table_free(languages);
    kundig_table_free(hits);
    kundig_table_free(personal);
    return exit_code;
}

static int read_masked(const cli_arguments *arguments, const char *text, size_t len)
{
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    int code = kundig_text_mask(NULL, text, len, arguments->mask, &bytes, &err);
    if (code) {
        return cli_failed(code, &err);
    }
    bool written = cli_write(kundig_bytes_data(bytes), kundig_bytes_len(bytes)) &&
                   (strcmp(arguments->words[0], "-") == 0 || cli_write("\n", 1));
    kundig_bytes_free(bytes);
    return written ? CLI_OK : CLI_FAILED;
}

int cli_read_text(const cli_arguments *arguments)
{
    const char *text = arguments->words[0];
    size_t len = strlen(text);
    char *data = NULL;
    kundig_model *model = NULL;
    int exit_code = CLI_OK;
    if (strcmp(text, "-") == 0) {
        exit_code = texts_file(text, &data, &len);
        text = data ? data : "";
    }
    if (exit_code == CLI_OK && arguments->mask) {
        exit_code = read_masked(arguments, text, len);
    } else if (exit_code == CLI_OK) {
        exit_code = cli_model(arguments, true, &model);
        if (exit_code == CLI_OK) {
            exit_code = read_all(arguments, model, text, len);
        }
    }
    free(data);
    kundig_model_free(model);
    return exit_code;
}

/* ---- classify, sentiment: one text ---------------------------------------------------------- */

/* As the one record of a corpus. */
static int told_topics(const cli_arguments *arguments, const char *text, size_t len,
                       kundig_table **out)
{
    kundig *corpus = NULL;
    kundig_feedback record;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_open(arguments, ":memory:", KUNDIG_ACCESS_CREATE, &corpus);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    kundig_feedback_init(&record);
    record.text = (kundig_text){text, len};
    int code = kundig_feedback_add(corpus, &record, 1, NULL, &err);
    code = code ? code : kundig_classify(corpus, NULL, 0, out, &err);
    kundig_close(corpus);
    return code ? cli_failed(code, &err) : CLI_OK;
}

static int told_sentiment(const cli_arguments *arguments, const char *text, size_t len,
                          kundig_table **out)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_model(arguments, true, &model);
    if (exit_code == CLI_OK) {
        int code = kundig_model_sentiment(model, text, len, out, &err);
        exit_code = code ? cli_failed(code, &err) : CLI_OK;
    }
    kundig_model_free(model);
    return exit_code;
}

int cli_told_text(const cli_arguments *arguments)
{
    const char *text = arguments->text;
    size_t len = strlen(text);
    char *data = NULL;
    kundig_table *table = NULL;
    int exit_code = CLI_OK;
    if (strcmp(text, "-") == 0) {
        exit_code = texts_file(text, &data, &len);
        text = data ? data : "";
    }
    if (exit_code == CLI_OK) {
        exit_code = arguments->command == CLI_CLASSIFY
                        ? told_topics(arguments, text, len, &table)
                        : told_sentiment(arguments, text, len, &table);
    }
    if (exit_code == CLI_OK) {
        exit_code = cli_write_table(arguments, table);
    }
    kundig_table_free(table);
    free(data);
    return exit_code;
}
