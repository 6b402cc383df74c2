/* The command line to a struct: one table of options, each with the commands that take it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define BIT(command) (1u << (command))
#define READS                                                                                      \
    (BIT(CLI_ANALYZE) | BIT(CLI_MEASURE) | BIT(CLI_COMPARE) | BIT(CLI_TOPICS) |                    \
     BIT(CLI_COMMENTS) | BIT(CLI_FIELDS))
#define ASKS   (READS & ~BIT(CLI_FIELDS))
#define COUNTS (ASKS & ~BIT(CLI_COMMENTS))
#define GROUPS (BIT(CLI_MEASURE) | BIT(CLI_COMPARE))
#define TEXTS  (BIT(CLI_TAXONOMY) | BIT(CLI_READ))
#define SHOWS  (READS | TEXTS | BIT(CLI_METRICS))
#define ANYWAY (SHOWS | BIT(CLI_HELP))

enum option_id {
    OPTION_A,
    OPTION_AS_OF,
    OPTION_B,
    OPTION_BY,
    OPTION_COLOR,
    OPTION_DATES,
    OPTION_DELIMITER,
    OPTION_ENCODING,
    OPTION_EVERY,
    OPTION_FORMAT,
    OPTION_HELP,
    OPTION_INTERVAL,
    OPTION_KIND,
    OPTION_LEVEL,
    OPTION_LIMIT,
    OPTION_MAP,
    OPTION_MASK,
    OPTION_MEMORY_LIMIT,
    OPTION_METRIC,
    OPTION_MIN_N,
    OPTION_OF,
    OPTION_PURPOSE,
    OPTION_QUESTION,
    OPTION_QUIET,
    OPTION_REJECTS,
    OPTION_SOURCE,
    OPTION_TAXONOMY,
    OPTION_THREADS,
    OPTION_VERSION,
    OPTION_WHERE,
    OPTION_WIDTH,
    OPTION_ZONE,
    OPTION_COUNT
};

typedef struct option {
    const char *name;
    unsigned commands;
    bool value;
    bool repeats;
} option;

static const option options[OPTION_COUNT] = {
    [OPTION_A] = {"a", BIT(CLI_COMPARE), true, false},
    [OPTION_AS_OF] = {"as-of", ASKS, true, false},
    [OPTION_B] = {"b", BIT(CLI_COMPARE), true, false},
    [OPTION_BY] = {"by", GROUPS, true, true},
    [OPTION_COLOR] = {"color", SHOWS, true, false},
    [OPTION_DATES] = {"dates", READS, true, false},
    [OPTION_DELIMITER] = {"delimiter", READS, true, false},
    [OPTION_ENCODING] = {"encoding", READS, true, false},
    [OPTION_EVERY] = {"every", GROUPS, true, false},
    [OPTION_FORMAT] = {"format", SHOWS, true, false},
    [OPTION_HELP] = {"help", ANYWAY, false, true},
    [OPTION_INTERVAL] = {"interval", COUNTS, true, false},
    [OPTION_KIND] = {"kind", READS, true, false},
    [OPTION_LEVEL] = {"level", COUNTS, true, false},
    [OPTION_LIMIT] = {"limit", BIT(CLI_COMMENTS) | BIT(CLI_TOPICS), true, false},
    [OPTION_MAP] = {"map", READS, true, true},
    [OPTION_MASK] = {"mask", READS | BIT(CLI_READ), false, false},
    [OPTION_MEMORY_LIMIT] = {"memory-limit", READS, true, false},
    [OPTION_METRIC] = {"metric", BIT(CLI_TOPICS), true, false},
    [OPTION_MIN_N] = {"min-n", COUNTS, true, false},
    [OPTION_OF] = {"of", COUNTS, true, false},
    [OPTION_PURPOSE] = {"purpose", ASKS, true, false},
    [OPTION_QUESTION] = {"question", ASKS, true, false},
    [OPTION_QUIET] = {"quiet", ANYWAY, false, true},
    [OPTION_REJECTS] = {"rejects", READS, true, false},
    [OPTION_SOURCE] = {"source", READS, true, false},
    [OPTION_TAXONOMY] = {"taxonomy", READS | BIT(CLI_READ), true, false},
    [OPTION_THREADS] = {"threads", READS, true, false},
    [OPTION_VERSION] = {"version", ANYWAY, false, true},
    [OPTION_WHERE] = {"where", ASKS, true, true},
    [OPTION_WIDTH] = {"width", SHOWS, true, false},
    [OPTION_ZONE] = {"zone", READS, true, false},
};

static size_t distance_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) from one word to another, both short. */
static size_t word_distance(const char *a, const char *b)
{
    size_t rows[3][40];
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    if (a_len >= 40 || b_len >= 40) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = distance_least(best, above[j] + 1);
            best = distance_least(best, row[j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = distance_least(best, before[j - 2] + 1);
            }
            row[j] = best;
        }
    }
    return rows[a_len % 3][b_len];
}

const char *cli_nearest(const char *word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    size_t len = strlen(word);
    for (size_t i = 0; i < count; i++) {
        size_t distance = word_distance(word, names[i]);
        /* A beginning is as good as a slip of one key. */
        if (len >= 2 && strncmp(word, names[i], len) == 0 && distance > 1) {
            distance = 1;
        }
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return (least <= 1 && len >= 2) || (least == 2 && len > 4) || (least == 3 && len > 7) ? nearest
                                                                                          : NULL;
}

static int refuse_value(const char *name, const char *value, const char *const *words, size_t count)
{
    cli_say("--%s takes %s, not \"%s\"", name, words[0], value);
    const char *nearest = cli_nearest(value, words + 1, count - 1);
    if (nearest) {
        cli_hint("did you mean --%s %s?", name, nearest);
    }
    return CLI_USAGE;
}

/* words[0] tells the choice; the others are its words, numbered from `first`. */
static int choose(const char *name, const char *value, const char *const *words, size_t count,
                  int first, int *out)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *out = first + (int)i - 1;
            return CLI_OK;
        }
    }
    return refuse_value(name, value, words, count);
}

static int read_count(const char *name, const char *value, uint64_t least, uint64_t most,
                      uint64_t *out)
{
    uint64_t number = 0;
    bool good = *value != '\0';
    for (const char *at = value; *at && good; at++) {
        good = *at >= '0' && *at <= '9' && number <= (most - (uint64_t)(*at - '0')) / 10;
        number = number * 10 + (uint64_t)(*at - '0');
    }
    if (!good || number < least) {
        if (most <= UINT32_MAX) {
            cli_say("--%s takes a whole number from %llu to %llu, not \"%s\"", name,
                    (unsigned long long)least, (unsigned long long)most, value);
        } else {
            cli_say("--%s takes a whole number from %llu, not \"%s\"", name,
                    (unsigned long long)least, value);
        }
        return CLI_USAGE;
    }
    *out = number;
    return CLI_OK;
}

/* Bytes, with K, M, G or T for powers of 1024. */
static int read_size(const char *name, const char *value, uint64_t *out)
{
    size_t len = strlen(value);
    char digits[24];
    unsigned shift = 0;
    if (len > 1 && (value[len - 1] == 'B' || value[len - 1] == 'b')) {
        len--;
    }
    static const char units[] = "KMGTkmgt";
    const char *unit = len ? strchr(units, value[len - 1]) : NULL;
    if (unit && *unit) {
        shift = 10 * ((unsigned)(unit - units) % 4 + 1);
        len--;
    }
    uint64_t number = 0;
    bool good = len > 0 && len < sizeof digits;
    if (good) {
        memcpy(digits, value, len);
        digits[len] = '\0';
        for (size_t i = 0; i < len && good; i++) {
            good = digits[i] >= '0' && digits[i] <= '9';
        }
        char *end;
        number = good ? strtoull(digits, &end, 10) : 0;
        good = good && number > 0 && number <= (UINT64_MAX >> shift);
    }
    if (!good) {
        cli_say("--%s takes a number of bytes such as 500M or 2G, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    *out = number << shift;
    return CLI_OK;
}

static int read_level(const char *name, const char *value, double *out)
{
    char *end;
    double level = strtod(value, &end);
    bool percent = *end == '%' && end != value;
    if (percent) {
        level /= 100;
        end++;
    }
    if (end == value || *end || !(level > 0 && level < 1)) {
        cli_say("--%s takes a confidence between 0 and 1 such as 0.95, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    *out = level;
    return CLI_OK;
}

static int read_delimiter(const char *name, const char *value, char *out)
{
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0) {
        *out = '\t';
    } else if (strlen(value) == 1 && *value > ' ' && *value < 0x7F && *value != '"') {
        *out = *value;
    } else {
        cli_say("--%s takes one character such as \";\" or the word tab, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int add_to_list(const char *name, cli_list *list, const char *value)
{
    if (list->count == CLI_MOST_REPEATS) {
        cli_say("--%s may be given %d times", name, CLI_MOST_REPEATS);
        return CLI_USAGE;
    }
    list->items[list->count++] = value;
    return CLI_OK;
}

static int read_format(cli_arguments *out, const char *value)
{
    static const char *const page[] = {"text or json", "text", "json"};
    static const char *const table[] = {"table, csv or json", "table", "csv", "json"};
    int format = 0;
    int code;
    if (out->command == CLI_ANALYZE) {
        code = choose("format", value, page, 3, 0, &format);
        out->format = format ? CLI_FORMAT_JSON : CLI_FORMAT_TEXT;
    } else {
        code = choose("format", value, table, 4, 0, &format);
        out->format = format == 2 ? CLI_FORMAT_JSON : format ? CLI_FORMAT_CSV : CLI_FORMAT_TEXT;
    }
    return code;
}

static int read_choice(cli_arguments *out, enum option_id id, const char *value)
{
    static const char *const color[] = {"auto, always or never", "auto", "always", "never"};
    static const char *const dates[] = {"day-first or month-first", "day-first", "month-first"};
    static const char *const encoding[] = {"utf-8 or windows-1252", "utf-8", "windows-1252"};
    static const char *const every[] = {
        "day, week, month, quarter or year", "day", "week", "month", "quarter", "year"};
    static const char *const interval[] = {"default, wald or score", "default", "wald", "score"};
    static const char *const kind[] = {
        "survey, review, ticket, call, chat, interview, user_lab, workshop or employee",
        "survey",
        "review",
        "ticket",
        "call",
        "chat",
        "interview",
        "user_lab",
        "workshop",
        "employee"};
    static const char *const of[] = {"records or customers", "records", "customers"};
    const char *name = options[id].name;
    int found = 0;
    int code;
    switch (id) {
    case OPTION_COLOR:
        code = choose(name, value, color, 4, CLI_COLOR_AUTO, &found);
        out->color = found == CLI_COLOR_ALWAYS  ? CLI_COLOR_ALWAYS
                     : found == CLI_COLOR_NEVER ? CLI_COLOR_NEVER
                                                : CLI_COLOR_AUTO;
        return code;
    case OPTION_DATES:
        return choose(name, value, dates, 3, KUNDIG_DATES_DAY_FIRST, &out->dates);
    case OPTION_ENCODING:
        return choose(name, value, encoding, 3, KUNDIG_ENCODING_UTF8, &out->encoding);
    case OPTION_EVERY:
        return choose(name, value, every, 6, KUNDIG_EVERY_DAY, &out->every);
    case OPTION_INTERVAL:
        return choose(name, value, interval, 4, KUNDIG_INTERVAL_DEFAULT, &out->interval);
    case OPTION_KIND:
        return choose(name, value, kind, 10, KUNDIG_KIND_SURVEY, &out->kind);
    default:
        return choose(name, value, of, 3, KUNDIG_OF_RECORDS, &out->unit);
    }
}

static int read_value(cli_arguments *out, enum option_id id, const char *value)
{
    const char *name = options[id].name;
    uint64_t number = 0;
    int code;
    switch (id) {
    case OPTION_A:
        out->a = value;
        return CLI_OK;
    case OPTION_AS_OF:
        out->as_of = value;
        return CLI_OK;
    case OPTION_B:
        out->b = value;
        return CLI_OK;
    case OPTION_BY:
        return add_to_list(name, &out->by, value);
    case OPTION_DELIMITER:
        return read_delimiter(name, value, &out->delimiter);
    case OPTION_FORMAT:
        return read_format(out, value);
    case OPTION_LEVEL:
        return read_level(name, value, &out->level);
    case OPTION_LIMIT:
        return read_count(name, value, 1, SIZE_MAX, &out->limit);
    case OPTION_MAP:
        return add_to_list(name, &out->map, value);
    case OPTION_MEMORY_LIMIT:
        return read_size(name, value, &out->memory_limit);
    case OPTION_METRIC:
        out->metric = value;
        return CLI_OK;
    case OPTION_MIN_N:
        return read_count(name, value, 0, UINT64_MAX, &out->min_n);
    case OPTION_PURPOSE:
        out->purpose = value;
        return CLI_OK;
    case OPTION_QUESTION:
        out->question = value;
        return CLI_OK;
    case OPTION_REJECTS:
        out->rejects = value;
        return CLI_OK;
    case OPTION_SOURCE:
        out->source = value;
        return CLI_OK;
    case OPTION_TAXONOMY:
        out->taxonomy = value;
        return CLI_OK;
    case OPTION_THREADS:
        code = read_count(name, value, 1, 64, &number);
        out->threads = (uint32_t)number;
        return code;
    case OPTION_WHERE:
        return add_to_list(name, &out->where, value);
    case OPTION_WIDTH:
        code = read_count(name, value, 40, 1000, &number);
        out->width = (uint32_t)number;
        return code;
    case OPTION_ZONE:
        if (!*value) {
            cli_say("--zone takes a name such as Europe/Berlin, not \"\"");
            return CLI_USAGE;
        }
        out->zone = value;
        return CLI_OK;
    default:
        return read_choice(out, id, value);
    }
}

/* --mask, or --mask=KIND,KIND */
static int read_mask(const char *kinds, uint32_t *out)
{
    static const char *const names[] = {"e-mail", "phone",   "iban", "card",
                                        "url",    "address", "name"};
    const size_t count = sizeof names / sizeof *names;
    *out = kinds ? 0 : KUNDIG_PERSONAL_ALL;
    for (const char *at = kinds; at; at = *at ? at + 1 : NULL) {
        size_t len = strcspn(at, ",");
        size_t kind = 0;
        while (kind < count && (strlen(names[kind]) != len || memcmp(names[kind], at, len) != 0)) {
            kind++;
        }
        if (kind == count && (len != 3 || memcmp(at, "all", 3) != 0)) {
            cli_say("--mask takes all, or some of e-mail, phone, iban, card, url, address, name; "
                    "not \"%.*s\"",
                    (int)len, at);
            return CLI_USAGE;
        }
        *out |= kind == count ? KUNDIG_PERSONAL_ALL : UINT32_C(1) << kind;
        at += len;
        if (!*at) {
            break;
        }
    }
    return CLI_OK;
}

static int find_option(const char *name, size_t len)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0) {
            return i;
        }
    }
    return -1;
}

static int unknown_option(const char *word, enum cli_command_id command)
{
    char name[40];
    const char *names[OPTION_COUNT];
    size_t count = 0;
    const char *start = word;
    while (*start == '-') {
        start++;
    }
    size_t len = strcspn(start, "=");
    snprintf(name, sizeof name, "%.*s", (int)(len < 39 ? len : 39), start);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (options[i].commands & BIT(command)) {
            names[count++] = options[i].name;
        }
    }
    const char *nearest = len ? cli_nearest(name, names, count) : NULL;
    cli_say("there is no option \"%.*s\"", (int)(start - word + (ptrdiff_t)len), word);
    if (nearest) {
        cli_hint("did you mean --%s?", nearest);
    } else {
        cli_hint("all options: kundig help %s", cli_commands[command].name);
    }
    return CLI_USAGE;
}

static int unknown_command(const char *word)
{
    const char *names[CLI_COMMAND_COUNT];
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        names[i] = cli_commands[i].name;
    }
    const char *nearest = cli_nearest(word, names, CLI_COMMAND_COUNT);
    FILE *file = fopen(word, "rb");
    if (file) {
        fclose(file);
        cli_say("\"%s\" is a file, not a command", word);
        cli_hint("try: kundig analyze %s", word);
    } else {
        cli_say("there is no command \"%s\"", word);
        if (nearest) {
            cli_hint("did you mean: kundig %s?", nearest);
        } else {
            cli_hint("all commands: kundig --help");
        }
    }
    return CLI_USAGE;
}

static int take_option(cli_arguments *out, int argc, char **argv, int *at, bool *given, bool *help,
                       bool *version)
{
    const char *word = argv[*at];
    const char *name = word + 2;
    size_t len = strcspn(name, "=");
    int id = find_option(name, len);
    if (strcmp(word, "-h") == 0) {
        *help = true;
        return CLI_OK;
    }
    if (word[1] != '-' || id < 0) {
        return unknown_option(word, out->command);
    }
    if (id == OPTION_HELP || id == OPTION_VERSION || id == OPTION_QUIET) {
        if (name[len] == '=') {
            cli_say("--%s takes no value", options[id].name);
            return CLI_USAGE;
        }
        *(id == OPTION_HELP ? help : id == OPTION_VERSION ? version : &out->quiet) = true;
        return CLI_OK;
    }
    if (!(options[id].commands & BIT(out->command))) {
        cli_say("%s takes no --%s", cli_commands[out->command].name, options[id].name);
        cli_hint("its options: kundig help %s", cli_commands[out->command].name);
        return CLI_USAGE;
    }
    if (given[id] && !options[id].repeats) {
        cli_say("--%s is given twice", options[id].name);
        return CLI_USAGE;
    }
    given[id] = true;
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    if (id == OPTION_MASK) {
        return read_mask(value, &out->mask);
    }
    if (!value) {
        if (*at + 1 >= argc) {
            cli_say("--%s needs a value", options[id].name);
            cli_hint("see: kundig help %s", cli_commands[out->command].name);
            return CLI_USAGE;
        }
        value = argv[++*at];
    }
    return read_value(out, (enum option_id)id, value);
}

static int check_operands(cli_arguments *out, const char **words, size_t count)
{
    const cli_command *command = &cli_commands[out->command];
    size_t need = (size_t)command->operands;
    size_t most = command->most ? (size_t)command->most : need;
    if (count < need) {
        cli_say("%s needs %s", command->name, command->arguments);
        cli_hint("for example: %s", command->example);
        return CLI_USAGE;
    }
    if (count > most) {
        cli_say("%s takes %s; \"%s\" is one word too many", command->name,
                *command->arguments ? command->arguments : "no words", words[most]);
        cli_hint("put words with blanks in quotes; for example: %s", command->example);
        return CLI_USAGE;
    }
    memcpy(out->words, words, sizeof out->words);
    if (out->command == CLI_HELP) {
        out->help_of = words[0];
    }
    if (need == 2) {
        out->metric = words[0];
    }
    if (READS & BIT(out->command)) {
        out->file = words[need - 1];
    }
    if (out->command == CLI_COMPARE && (!out->a || !out->b)) {
        cli_say("compare needs two conditions, --a and --b");
        cli_hint("for example: %s", command->example);
        return CLI_USAGE;
    }
    return CLI_OK;
}

int cli_parse(int argc, char **argv, cli_arguments *out)
{
    memset(out, 0, sizeof *out);
    out->command = CLI_HELP;
    bool given[OPTION_COUNT] = {false};
    bool help = false;
    bool version = false;
    bool only_words = false;
    const char *words[4] = {NULL};
    size_t count = 0;
    int first = 1;
    /* The command may stand behind --help and the like, so it is looked for first. */
    if (argc > 1 && argv[1][0] != '-') {
        int command = cli_find_command(argv[1]);
        if (command < 0) {
            return unknown_command(argv[1]);
        }
        out->command = (enum cli_command_id)command;
        first = 2;
    }
    for (int at = first; at < argc; at++) {
        const char *word = argv[at];
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
        } else if (!only_words && word[0] == '-' && word[1] != '\0') {
            int code = take_option(out, argc, argv, &at, given, &help, &version);
            if (code != CLI_OK) {
                return code;
            }
        } else if (first == 1) {
            return unknown_command(word);
        } else if (count < sizeof words / sizeof *words) {
            words[count++] = word;
        }
    }
    if (version) {
        kundig_version_set versions;
        kundig_version_set_init(&versions);
        kundig_versions(&versions);
        printf("kundig %s\n", versions.library);
        return -1;
    }
    if (argc < 2) {
        cli_help(stderr);
        return CLI_USAGE;
    }
    if (help) {
        if (first == 1 || out->command == CLI_HELP) {
            cli_help(stdout);
        } else {
            cli_help_command(stdout, out->command);
        }
        return -1;
    }
    return check_operands(out, words, count);
}
