/* A corpus to ask or to add to: options, the key of pseudonyms, and what to do where a store cannot
 * be opened. */
#include <errno.h>
#include <string.h>

#include "cli.h"

kundig_text cli_text(const char *str)
{
    return str ? (kundig_text){str, strlen(str)} : (kundig_text){NULL, 0};
}

bool cli_is_store(const char *path)
{
    return !cli_is_stream(path) && kundig_is_store(path, strlen(path));
}

static int open_hex_digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

/* 32 bytes, or 64 hexadecimal digits and perhaps the end of their line. */
static bool open_key_of(const char *data, size_t len, cli_key *key)
{
    if (len == sizeof key->bytes) {
        memcpy(key->bytes, data, len);
        return true;
    }
    while (len > 2 * sizeof key->bytes && (data[len - 1] == '\n' || data[len - 1] == '\r')) {
        len--;
    }
    if (len != 2 * sizeof key->bytes) {
        return false;
    }
    for (size_t i = 0; i < sizeof key->bytes; i++) {
        int high = open_hex_digit(data[2 * i]);
        int low = open_hex_digit(data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        key->bytes[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static int open_key_file(const char *path, cli_key *key)
{
    char data[80];
    FILE *file = fopen(path, "rb");
    if (!file) {
        cli_say("cannot open the key %s: %s", path, strerror(errno));
        return CLI_FAILED;
    }
    size_t len = fread(data, 1, sizeof data, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    fclose(file);
    if (failed) {
        cli_say("cannot read the key %s: %s", path, strerror(reason));
        return CLI_FAILED;
    }
    if (!open_key_of(data, len, key)) {
        cli_say("%s is no key: a key is 32 bytes, or 64 hexadecimal digits", path);
        cli_hint("make one: head -c 32 /dev/urandom > customers.key, and keep it apart from the "
                 "store");
        return CLI_FAILED;
    }
    return CLI_OK;
}

int cli_options(const cli_arguments *arguments, int access, kundig_options *out, cli_key *key)
{
    kundig_options_init(out);
    out->threads = arguments->threads;
    out->memory_limit = arguments->memory_limit;
    out->mask = arguments->mask;
    out->progress = cli_progress;
    out->progress_ud = (void *)arguments;
    out->access = access;
    out->busy_ms = arguments->busy_ms;
    out->identifiers =
        arguments->pseudonyms ? KUNDIG_IDENTIFIERS_PSEUDONYMS : KUNDIG_IDENTIFIERS_PLAIN;
    out->report_k = arguments->report_k;
    out->report_comments = arguments->report_comments;
    out->report_every = arguments->report_every;
    out->report_fields = cli_text(arguments->report_by);
    if (arguments->key_file) {
        int exit_code = open_key_file(arguments->key_file, key);
        if (exit_code != CLI_OK) {
            return exit_code;
        }
        out->pseudonym_key = (kundig_text){(const char *)key->bytes, sizeof key->bytes};
    }
    return CLI_OK;
}

/* Why a store cannot be opened, and what to do. */
static int open_refused(const cli_arguments *arguments, const char *path, int code,
                        const kundig_error *err)
{
    int exit_code = cli_failed_with(arguments, code, err);
    if (code == KUNDIG_E_NOT_FOUND) {
        cli_hint("a store is made by: kundig ingest STORE FILE");
        exit_code = CLI_FAILED; /* as every file that is not there */
    } else if (code == KUNDIG_E_FORMAT && arguments->command == CLI_INGEST && !cli_is_store(path)) {
        cli_hint("the store stands first: %s", cli_commands[arguments->command].example);
    } else if (code == KUNDIG_E_MODE && arguments->report_k == 0) {
        cli_hint("give --key-file FILE and --pseudonyms as when the store was made");
    }
    return exit_code;
}

/* The model that --model asks for; else the pinned one, or the ready topics. */
static int open_model(const cli_arguments *arguments, kundig *corpus)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_model(arguments, false, &model);
    if (exit_code == CLI_OK && model) {
        int code = kundig_set_model(corpus, model, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    kundig_model_free(model);
    return exit_code;
}

int cli_open(const cli_arguments *arguments, const char *path, int access, kundig **out)
{
    kundig_options options;
    cli_key key;
    kundig *corpus = NULL;
    kundig_error err = {0, 0, ""};
    int exit_code = cli_options(arguments, access, &options, &key);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    cli_progress_start("opening", false);
    int code = kundig_open(path, strlen(path), &options, &corpus, &err);
    cli_progress_end();
    if (code) {
        return open_refused(arguments, path, code, &err);
    }
    exit_code = open_model(arguments, corpus);
    if (exit_code != CLI_OK) {
        kundig_close(corpus);
        return exit_code;
    }
    *out = corpus;
    return CLI_OK;
}
