/* The command line to a struct: one table of options, each with the commands that take it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define BIT(command) (UINT64_C(1) << (command))
#define ASKS                                                                                       \
    (BIT(CLI_ANALYZE) | BIT(CLI_MEASURE) | BIT(CLI_COMPARE) | BIT(CLI_TOPICS) | BIT(CLI_COMMENTS))
#define COUNTS (ASKS & ~BIT(CLI_COMMENTS))
#define GROUPS (BIT(CLI_MEASURE) | BIT(CLI_COMPARE))
/* What takes groups, or a field, with --by. */
/* Who speaks: topics, and groups. */
#define VOICES (BIT(CLI_LOUD) | BIT(CLI_FUNNEL))
/* What happens when. */
#define SERIES  (BIT(CLI_ALARMS) | BIT(CLI_EMERGING))
#define GROUPED (GROUPS | VOICES | SERIES | BIT(CLI_IMPACT) | BIT(CLI_EXPLAIN))
/* What each record speaks of, and how. */
#define TELLS (BIT(CLI_CLASSIFY) | BIT(CLI_SENTIMENT))
#define LISTS (TELLS | BIT(CLI_SEARCH) | BIT(CLI_MODEL_NEXT))
/* Why a score is what it is. */
#define WHY                                                                                        \
    (VOICES | SERIES | BIT(CLI_WEIGHTS) | BIT(CLI_IMPACT) | BIT(CLI_EXPLAIN) | BIT(CLI_WORDS))
#define FILTERS (ASKS | LISTS | WHY | BIT(CLI_EXPORT))
/* What learns from examples. */
#define TRIES  (BIT(CLI_MODEL_VALIDATE) | BIT(CLI_MODEL_CURVE) | BIT(CLI_MODEL_DOUBTS))
#define LEARNS (TRIES | BIT(CLI_TEACH))
/* What discovers topics. */
#define DISCOVERS (BIT(CLI_DISCOVER) | BIT(CLI_TOPICS))
/* What opens a model that was taught. */
#define LOOKS (BIT(CLI_MODEL_SHOW) | BIT(CLI_MODEL_PRUNE) | BIT(CLI_DEFINE))
/* What opens one of a lesson. */
#define LESSONS (BIT(CLI_MODEL_SHOW) | BIT(CLI_MODEL_PRUNE))
/* Whose FILE may be a store as well. */
#define EITHER (ASKS | LISTS | WHY | LEARNS | BIT(CLI_DISCOVER) | BIT(CLI_FIELDS) | BIT(CLI_HASH))
#define READS  (EITHER | BIT(CLI_INGEST))
/* What a person says at some time. */
#define SAYS    (BIT(CLI_LABEL) | BIT(CLI_EDIT) | BIT(CLI_LINK) | BIT(CLI_CONSENT))
#define FORGETS (BIT(CLI_ERASE) | BIT(CLI_EXPIRE))
#define KEEPS                                                                                      \
    (SAYS | FORGETS | BIT(CLI_EXPORT) | BIT(CLI_MERGE) | BIT(CLI_VERIFY) | BIT(CLI_AUDIT) |        \
     BIT(CLI_COMPACT) | BIT(CLI_PIN) | BIT(CLI_PSEUDONYM))
#define OPENS  (READS | KEEPS | LOOKS)
#define TEXTS  (BIT(CLI_TAXONOMY) | BIT(CLI_READ))
#define MODELS (FILTERS | LEARNS | BIT(CLI_DISCOVER) | BIT(CLI_FIELDS) | BIT(CLI_READ))
#define SHOWS                                                                                      \
    (ASKS | LISTS | WHY | LEARNS | LESSONS | BIT(CLI_DISCOVER) | BIT(CLI_FIELDS) |                 \
     BIT(CLI_INGEST) | BIT(CLI_EXPORT) | FORGETS | BIT(CLI_MERGE) | BIT(CLI_VERIFY) |              \
     BIT(CLI_AUDIT) | BIT(CLI_METRICS) | TEXTS)
#define ANYWAY (BIT(CLI_COMMAND_COUNT) - 1)

enum option_id {
    OPTION_A,
    OPTION_AFTER,
    OPTION_ANEW,
    OPTION_AS_OF,
    OPTION_B,
    OPTION_BASELINE,
    OPTION_BENCHMARK,
    OPTION_BEFORE,
    OPTION_BUSY,
    OPTION_BUT,
    OPTION_BY,
    OPTION_CACHE,
    OPTION_CALIBRATION,
    OPTION_CHART,
    OPTION_CLASSES,
    OPTION_COLOR,
    OPTION_CONFUSION,
    OPTION_CUSTOMER,
    OPTION_DATES,
    OPTION_DELIMITER,
    OPTION_DISCLOSURE,
    OPTION_DISCOVERED,
    OPTION_ENCODING,
    OPTION_EVERY,
    OPTION_FEATURES,
    OPTION_FOLDS,
    OPTION_FORMAT,
    OPTION_GERMAN,
    OPTION_HELP,
    OPTION_HISTORY,
    OPTION_ID,
    OPTION_INCENTIVE,
    OPTION_INTERVAL,
    OPTION_KEEP,
    OPTION_KEY_FILE,
    OPTION_KIND,
    OPTION_LABEL,
    OPTION_LABELS,
    OPTION_LEAST_CUSTOMERS,
    OPTION_LESSON,
    OPTION_LEVEL,
    OPTION_LIMIT,
    OPTION_LIMITS,
    OPTION_MAP,
    OPTION_MARGIN,
    OPTION_MARGIN_FILE,
    OPTION_MASK,
    OPTION_MEMORY_LIMIT,
    OPTION_METHOD,
    OPTION_METRIC,
    OPTION_MIN_N,
    OPTION_MISMATCH,
    OPTION_MODEL,
    OPTION_MOST,
    OPTION_MOST_BYTES,
    OPTION_NONE,
    OPTION_NOT,
    OPTION_OF,
    OPTION_OUTPUT,
    OPTION_PIN,
    OPTION_PLAN,
    OPTION_PSEUDONYMS,
    OPTION_PURPOSE,
    OPTION_QUALITY,
    OPTION_QUESTION,
    OPTION_QUIET,
    OPTION_RATE,
    OPTION_REJECTS,
    OPTION_REPORT_BY,
    OPTION_REPORT_COMMENTS,
    OPTION_REPORT_EVERY,
    OPTION_REPORT_K,
    OPTION_REPRESENT,
    OPTION_ROUNDS,
    OPTION_SEED,
    OPTION_SINCE,
    OPTION_SIZES,
    OPTION_SOURCE,
    OPTION_TAXONOMY,
    OPTION_TEXT,
    OPTION_THEMES,
    OPTION_THREADS,
    OPTION_TIME,
    OPTION_TOPIC,
    OPTION_TOPICS,
    OPTION_VERSION,
    OPTION_WEEKDAYS,
    OPTION_WHAT,
    OPTION_WHERE,
    OPTION_WIDTH,
    OPTION_WORDS,
    OPTION_ZONE,
    OPTION_COUNT
};

typedef struct option {
    const char *name;
    uint64_t commands;
    bool value;
    bool repeats;
    uint64_t reading; /* commands for which it concerns reading a file alone */
} option;

static const option options[OPTION_COUNT] = {
    [OPTION_A] = {"a", BIT(CLI_COMPARE) | BIT(CLI_WORDS), true, false, 0},
    [OPTION_AFTER] = {"after", BIT(CLI_EXPLAIN), true, false, 0},
    [OPTION_ANEW] = {"anew", BIT(CLI_DISCOVER), false, false, 0},
    [OPTION_AS_OF] = {"as-of", FILTERS | BIT(CLI_EXPIRE) | BIT(CLI_DISCOVER), true, false, 0},
    [OPTION_B] = {"b", BIT(CLI_COMPARE) | BIT(CLI_WORDS), true, false, 0},
    [OPTION_BEFORE] = {"before", BIT(CLI_EXPLAIN), true, false, 0},
    [OPTION_BASELINE] = {"baseline", BIT(CLI_ALARMS), true, false, 0},
    [OPTION_BENCHMARK] = {"benchmark", BIT(CLI_FUNNEL), true, false, 0},
    [OPTION_BUSY] = {"busy", OPENS, true, false, 0},
    [OPTION_BUT] = {"but", BIT(CLI_WORDS), false, false, 0},
    [OPTION_BY] = {"by",
                   GROUPED | BIT(CLI_WEIGHTS) | BIT(CLI_LABEL) | BIT(CLI_EDIT) | BIT(CLI_LINK),
                   true, true, 0},
    [OPTION_CACHE] = {"cache", BIT(CLI_INGEST), false, false, 0},
    [OPTION_CALIBRATION] = {"calibration", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_CHART] = {"chart", BIT(CLI_ALARMS), false, false, 0},
    [OPTION_CLASSES] = {"classes", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_COLOR] = {"color", SHOWS, true, false, 0},
    [OPTION_CONFUSION] = {"confusion", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_CUSTOMER] = {"customer", BIT(CLI_ERASE), true, false, 0},
    [OPTION_DATES] = {"dates", READS, true, false, EITHER},
    [OPTION_DELIMITER] = {"delimiter", READS, true, false, EITHER},
    [OPTION_DISCLOSURE] = {"disclosure", BIT(CLI_CONSENT), true, false, 0},
    [OPTION_DISCOVERED] = {"discovered", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_ENCODING] = {"encoding", READS, true, false, EITHER},
    [OPTION_EVERY] = {"every", BIT(CLI_FUNNEL) | GROUPS | SERIES, true, false, 0},
    [OPTION_FEATURES] = {"features", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_FOLDS] = {"folds", BIT(CLI_MODEL_VALIDATE) | BIT(CLI_MODEL_DOUBTS), true, false, 0},
    [OPTION_FORMAT] = {"format", SHOWS, true, false, 0},
    [OPTION_GERMAN] = {"german", BIT(CLI_EXPLAIN), false, false, 0},
    [OPTION_HELP] = {"help", ANYWAY, false, true, 0},
    [OPTION_HISTORY] = {"history", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_ID] = {"id", BIT(CLI_ERASE) | BIT(CLI_LABEL) | BIT(CLI_EDIT), true, false, 0},
    [OPTION_INCENTIVE] = {"incentive", BIT(CLI_WEIGHTS), true, false, 0},
    [OPTION_INTERVAL] = {"interval", BIT(CLI_FUNNEL) | COUNTS | BIT(CLI_WEIGHTS), true, false, 0},
    [OPTION_KEEP] = {"keep", BIT(CLI_EXPIRE), true, true, 0},
    [OPTION_KEY_FILE] = {"key-file", OPENS, true, false, 0},
    [OPTION_KIND] = {"kind", READS, true, false, EITHER},
    [OPTION_LABEL] = {"label", LEARNS, true, false, 0},
    [OPTION_LABELS] = {"labels", LEARNS, true, false, 0},
    [OPTION_LEAST_CUSTOMERS] = {"least-customers", LEARNS | DISCOVERS, true, false, 0},
    [OPTION_LESSON] = {"lesson", TRIES | LESSONS, true, false, 0},
    [OPTION_LEVEL] = {"level",
                      VOICES | BIT(CLI_WEIGHTS) | BIT(CLI_EXPLAIN) | COUNTS | BIT(CLI_IMPACT) |
                          BIT(CLI_WORDS),
                      true, false, 0},
    [OPTION_LIMIT] = {"limit",
                      LISTS | (WHY & ~(BIT(CLI_WEIGHTS) | BIT(CLI_FUNNEL))) | BIT(CLI_COMMENTS) |
                          BIT(CLI_TOPICS) | BIT(CLI_MODEL_DOUBTS) | BIT(CLI_EDIT),
                      true, false, 0},
    [OPTION_LIMITS] = {"limits", BIT(CLI_ALARMS), true, false, 0},
    [OPTION_MAP] = {"map", READS, true, true, EITHER},
    [OPTION_MARGIN] = {"margin", BIT(CLI_WEIGHTS), true, true, 0},
    [OPTION_MARGIN_FILE] = {"margin-file", BIT(CLI_WEIGHTS), true, false, 0},
    [OPTION_MASK] = {"mask",
                     (READS & ~(BIT(CLI_HASH) | LEARNS | BIT(CLI_DISCOVER))) | BIT(CLI_EXPORT) |
                         BIT(CLI_READ),
                     false, false, 0},
    [OPTION_MEMORY_LIMIT] = {"memory-limit", OPENS, true, false, 0},
    [OPTION_METHOD] = {"method", BIT(CLI_ALARMS), true, false, 0},
    [OPTION_METRIC] = {"metric",
                       VOICES | BIT(CLI_ALARMS) | BIT(CLI_WEIGHTS) | BIT(CLI_EXPLAIN) |
                           BIT(CLI_TOPICS) | BIT(CLI_IMPACT),
                       true, false, 0},
    [OPTION_MIN_N] = {"min-n",
                      VOICES | BIT(CLI_WEIGHTS) | BIT(CLI_EXPLAIN) | COUNTS | BIT(CLI_IMPACT), true,
                      false, 0},
    [OPTION_MISMATCH] = {"mismatch", BIT(CLI_WORDS), false, false, 0},
    [OPTION_MODEL] = {"model", MODELS, true, false, 0},
    [OPTION_MOST] = {"most", BIT(CLI_WEIGHTS), true, false, 0},
    [OPTION_MOST_BYTES] = {"most-bytes", LEARNS | BIT(CLI_MODEL_PRUNE), true, false, 0},
    [OPTION_NONE] = {"none", BIT(CLI_PIN), false, false, 0},
    [OPTION_NOT] = {"not", BIT(CLI_LABEL) | BIT(CLI_EDIT) | BIT(CLI_LINK), false, false, 0},
    [OPTION_OF] = {"of", BIT(CLI_FUNNEL) | BIT(CLI_EXPLAIN) | COUNTS | BIT(CLI_IMPACT), true, false,
                   0},
    [OPTION_OUTPUT] = {"output", BIT(CLI_TEACH) | BIT(CLI_MODEL_PRUNE) | DISCOVERS, true, false, 0},
    [OPTION_PIN] = {"pin", BIT(CLI_TEACH) | BIT(CLI_DISCOVER), false, false, 0},
    [OPTION_PLAN] = {"plan", BIT(CLI_WEIGHTS), true, false, 0},
    [OPTION_PSEUDONYMS] = {"pseudonyms", OPENS, false, false, 0},
    [OPTION_PURPOSE] = {"purpose", FILTERS | BIT(CLI_CONSENT) | BIT(CLI_DISCOVER), true, false, 0},
    [OPTION_QUALITY] = {"quality", LEARNS | DISCOVERS, true, false, 0},
    [OPTION_QUESTION] = {"question", ASKS | WHY | LEARNS, true, false, 0},
    [OPTION_QUIET] = {"quiet", ANYWAY, false, true, 0},
    [OPTION_RATE] = {"rate", BIT(CLI_ALARMS), true, false, 0},
    [OPTION_REJECTS] = {"rejects", READS, true, false, EITHER},
    [OPTION_REPORT_BY] = {"report-by", ASKS, true, false, 0},
    [OPTION_REPORT_COMMENTS] = {"report-comments", ASKS, true, false, 0},
    [OPTION_REPORT_EVERY] = {"report-every", ASKS, true, false, 0},
    [OPTION_REPORT_K] = {"report-k", ASKS, true, false, 0},
    [OPTION_REPRESENT] = {"represent", BIT(CLI_WEIGHTS), false, false, 0},
    [OPTION_ROUNDS] = {"rounds", BIT(CLI_WEIGHTS), true, false, 0},
    [OPTION_SEED] = {"seed", DISCOVERS, true, false, 0},
    [OPTION_SINCE] = {"since", BIT(CLI_ALARMS), true, false, 0},
    [OPTION_SIZES] = {"sizes", BIT(CLI_MODEL_SHOW), false, false, 0},
    [OPTION_SOURCE] = {"source", READS | BIT(CLI_ERASE) | BIT(CLI_LABEL) | BIT(CLI_EDIT), true,
                       false, EITHER},
    [OPTION_TAXONOMY] = {"taxonomy", MODELS, true, false, 0},
    [OPTION_TEXT] = {"text", TELLS, true, false, 0},
    [OPTION_THEMES] = {"themes", DISCOVERS, true, false, 0},
    [OPTION_THREADS] = {"threads", OPENS, true, false, 0},
    [OPTION_TIME] = {"time", SAYS | FORGETS | BIT(CLI_MERGE), true, false, 0},
    [OPTION_TOPIC] = {"topic", BIT(CLI_LABEL), true, false, 0},
    [OPTION_TOPICS] = {"topics", DISCOVERS, true, false, 0},
    [OPTION_VERSION] = {"version", ANYWAY, false, true, 0},
    [OPTION_WEEKDAYS] = {"weekdays", BIT(CLI_ALARMS), true, false, 0},
    [OPTION_WHAT] = {"what", BIT(CLI_EXPORT), true, false, 0},
    [OPTION_WHERE] = {"where", FILTERS, true, true, 0},
    [OPTION_WIDTH] = {"width", SHOWS, true, false, 0},
    [OPTION_WORDS] = {"words", BIT(CLI_EDIT), true, false, 0},
    [OPTION_ZONE] = {"zone", READS | BIT(CLI_EXPORT), true, false, BIT(CLI_FIELDS) | BIT(CLI_HASH)},
};

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
    if (out->command == CLI_ANALYZE || out->command == CLI_TEACH) {
        code = cli_value_choice("format", value, page, 3, 0, &format);
        out->format = format ? CLI_FORMAT_JSON : CLI_FORMAT_TEXT;
    } else {
        code = cli_value_choice("format", value, table, 4, 0, &format);
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
    static const char *const labels[] = {"one or several", "one", "several"};
    static const char *const lesson[] = {"topics or sentiment", "topics", "sentiment"};
    static const char *const limits[] = {"exact or three-sigma", "exact", "three-sigma"};
    static const char *const method[] = {"share, count, ewma or cusum", "share", "count", "ewma",
                                         "cusum"};
    static const char *const weekdays[] = {"yes or no", "no", "yes"};
    static const char *const of[] = {"records or customers", "records", "customers"};
    static const char *const discovery[] = {"good, best or draft", "good", "best", "draft"};
    static const char *const quality[] = {"fast or best", "fast", "best"};
    static const char *const what[] = {
        "feedback, customers, events, labels, links, consents, retention or edits",
        "feedback",
        "customers",
        "events",
        "labels",
        "links",
        "consents",
        "retention",
        "edits"};
    const char *name = options[id].name;
    int found = 0;
    int code;
    switch (id) {
    case OPTION_COLOR:
        code = cli_value_choice(name, value, color, 4, CLI_COLOR_AUTO, &found);
        out->color = found == CLI_COLOR_ALWAYS  ? CLI_COLOR_ALWAYS
                     : found == CLI_COLOR_NEVER ? CLI_COLOR_NEVER
                                                : CLI_COLOR_AUTO;
        return code;
    case OPTION_DATES:
        return cli_value_choice(name, value, dates, 3, KUNDIG_DATES_DAY_FIRST, &out->dates);
    case OPTION_ENCODING:
        return cli_value_choice(name, value, encoding, 3, KUNDIG_ENCODING_UTF8, &out->encoding);
    case OPTION_EVERY:
        return cli_value_choice(name, value, every, 6, KUNDIG_EVERY_DAY, &out->every);
    case OPTION_INTERVAL:
        return cli_value_choice(name, value, interval, 4, KUNDIG_INTERVAL_DEFAULT, &out->interval);
    case OPTION_KIND:
        return cli_value_choice(name, value, kind, 10, KUNDIG_KIND_SURVEY, &out->kind);
    case OPTION_LABELS:
        return cli_value_choice(name, value, labels, 3, KUNDIG_LABELS_ONE, &out->labels);
    case OPTION_LIMITS:
        return cli_value_choice(name, value, limits, 3, KUNDIG_LIMITS_EXACT, &out->chart_limits);
    case OPTION_METHOD:
        return cli_value_choice(name, value, method, 5, KUNDIG_CHART_SHARE, &out->chart_kind);
    case OPTION_WEEKDAYS:
        code = cli_value_choice(name, value, weekdays, 3, 0, &found);
        out->weekdays = found ? KUNDIG_YES : KUNDIG_NO;
        return code;
    case OPTION_LESSON:
        out->lesson_given = true;
        return cli_value_choice(name, value, lesson, 3, KUNDIG_LESSON_TOPICS, &out->lesson);
    case OPTION_QUALITY:
        if (BIT(out->command) & DISCOVERS) {
            return cli_value_choice(name, value, discovery, 4, KUNDIG_QUALITY_FAST, &out->quality);
        }
        return cli_value_choice(name, value, quality, 3, KUNDIG_QUALITY_FAST, &out->quality);
    case OPTION_WHAT:
        return cli_value_choice(name, value, what, 9, KUNDIG_FACTS_FEEDBACK, &out->what);
    default:
        return cli_value_choice(name, value, of, 3, KUNDIG_OF_RECORDS, &out->unit);
    }
}

/* Where a value is kept as it was given. */
static const char **value_kept(cli_arguments *out, enum option_id id)
{
    switch (id) {
    case OPTION_A:
        return &out->a;
    case OPTION_AFTER:
        return &out->after;
    case OPTION_AS_OF:
        return &out->as_of;
    case OPTION_B:
        return &out->b;
    case OPTION_BEFORE:
        return &out->before;
    case OPTION_CUSTOMER:
        return &out->customer;
    case OPTION_INCENTIVE:
        return &out->incentive;
    case OPTION_MARGIN_FILE:
        return &out->margin_file;
    case OPTION_DISCLOSURE:
        return &out->disclosure;
    case OPTION_ID:
        return &out->id;
    case OPTION_KEY_FILE:
        return &out->key_file;
    case OPTION_LABEL:
        return &out->label;
    case OPTION_METRIC:
        return &out->metric;
    case OPTION_MODEL:
        return &out->model;
    case OPTION_OUTPUT:
        return &out->output;
    case OPTION_PURPOSE:
        return &out->purpose;
    case OPTION_QUESTION:
        return &out->question;
    case OPTION_REJECTS:
        return &out->rejects;
    case OPTION_REPORT_BY:
        return &out->report_by;
    case OPTION_SOURCE:
        return &out->source;
    case OPTION_TAXONOMY:
        return &out->model;
    case OPTION_TEXT:
        return &out->text;
    case OPTION_TOPIC:
        return &out->topic;
    case OPTION_WORDS:
        return &out->told_words;
    case OPTION_ZONE:
        return &out->zone;
    default:
        return NULL;
    }
}

/* --by: fields to group by, or who says so. */
static int read_by(cli_arguments *out, const char *value)
{
    if (BIT(out->command) & (GROUPED | BIT(CLI_WEIGHTS))) {
        return add_to_list("by", &out->by, value);
    }
    if (out->said_by) {
        cli_say("--by is given twice");
        return CLI_USAGE;
    }
    out->said_by = value;
    return CLI_OK;
}

static int read_value(cli_arguments *out, enum option_id id, const char *value)
{
    const char *name = options[id].name;
    const char **kept = value_kept(out, id);
    uint64_t number = 0;
    int code;
    if (kept) {
        if ((id == OPTION_MODEL || id == OPTION_TAXONOMY) && *kept) {
            cli_say("--model and --taxonomy are one option: give it once");
            return CLI_USAGE;
        }
        if (id == OPTION_ZONE && !*value) {
            cli_say("--zone takes a name such as Europe/Berlin, not \"\"");
            return CLI_USAGE;
        }
        *kept = value;
        return id == OPTION_AS_OF && out->command == CLI_EXPIRE
                   ? cli_value_time(name, value, &out->as_of_ms)
                   : CLI_OK;
    }
    switch (id) {
    case OPTION_BASELINE:
        code = cli_value_count(name, value, 1, UINT32_MAX, &number);
        out->baseline = (uint32_t)number;
        return code;
    case OPTION_RATE:
        return cli_value_rate(name, value, &out->rate);
    case OPTION_SINCE:
        out->since_given = true;
        return cli_value_time(name, value, &out->since_ms);
    case OPTION_BENCHMARK:
        out->has_benchmark = true;
        return cli_value_benchmark(name, value, out->benchmark);
    case OPTION_BUSY:
        return cli_value_seconds(name, value, &out->busy_ms);
    case OPTION_BY:
        return read_by(out, value);
    case OPTION_DELIMITER:
        return cli_value_delimiter(name, value, &out->delimiter);
    case OPTION_FORMAT:
        return read_format(out, value);
    case OPTION_FOLDS:
        code = cli_value_count(name, value, 2, 100, &number);
        out->folds = (uint32_t)number;
        return code;
    case OPTION_KEEP:
        if (out->keep_count == CLI_MOST_REPEATS) {
            cli_say("--keep may be given %d times", CLI_MOST_REPEATS);
            return CLI_USAGE;
        }
        return cli_value_keep(name, value, &out->keep[out->keep_count++]);
    case OPTION_LEAST_CUSTOMERS:
        code = cli_value_count(name, value, 1, UINT32_MAX, &number);
        out->least_customers = (uint32_t)number;
        return code;
    case OPTION_LEVEL:
        return cli_value_level(name, value, &out->level);
    case OPTION_LIMIT:
        return cli_value_count(name, value, 1, SIZE_MAX, &out->limit);
    case OPTION_MAP:
        return add_to_list(name, &out->map, value);
    case OPTION_MARGIN:
        return add_to_list(name, &out->margins, value);
    case OPTION_MEMORY_LIMIT:
        return cli_value_size(name, value, &out->memory_limit);
    case OPTION_MIN_N:
        return cli_value_count(name, value, 0, UINT64_MAX, &out->min_n);
    case OPTION_MOST:
        return cli_value_number(name, value, 1, &out->most);
    case OPTION_MOST_BYTES:
        return cli_value_size(name, value, &out->most_bytes);
    case OPTION_REPORT_COMMENTS:
        code = cli_value_count(name, value, 1, UINT32_MAX, &number);
        out->report_comments = (uint32_t)number;
        return code;
    case OPTION_REPORT_EVERY:
        return cli_value_windows(name, value, &out->report_every);
    case OPTION_REPORT_K:
        code = cli_value_count(name, value, 1, UINT32_MAX, &number);
        out->report_k = (uint32_t)number;
        return code;
    case OPTION_PLAN:
        return cli_value_number(name, value, 1e-6, &out->plan);
    case OPTION_ROUNDS:
        return cli_value_count(name, value, 1, UINT64_MAX, &out->rounds);
    case OPTION_SEED:
        return cli_value_count(name, value, 0, UINT64_MAX, &out->seed);
    case OPTION_THEMES:
        code = cli_value_count(name, value, 1, 2000, &number);
        out->themes = (uint32_t)number;
        return code;
    case OPTION_TOPICS:
        code = cli_value_count(name, value, 2, 2000, &number);
        out->topics = (uint32_t)number;
        return code;
    case OPTION_THREADS:
        code = cli_value_count(name, value, 1, 64, &number);
        out->threads = (uint32_t)number;
        return code;
    case OPTION_TIME:
        return cli_value_time(name, value, &out->time_ms);
    case OPTION_WHERE:
        return add_to_list(name, &out->where, value);
    case OPTION_WIDTH:
        code = cli_value_count(name, value, 40, 1000, &number);
        out->width = (uint32_t)number;
        return code;
    default:
        return read_choice(out, id, value);
    }
}

/* What an option without a value switches on. */
static bool *value_switch(cli_arguments *out, enum option_id id)
{
    switch (id) {
    case OPTION_ANEW:
        return &out->anew;
    case OPTION_BUT:
        return &out->buts;
    case OPTION_CACHE:
        return &out->cache;
    case OPTION_CHART:
        return &out->chart;
    case OPTION_DISCOVERED:
        return &out->discovered;
    case OPTION_GERMAN:
        return &out->german;
    case OPTION_MISMATCH:
        return &out->mismatch;
    case OPTION_NONE:
        return &out->none;
    case OPTION_NOT:
        return &out->not_so;
    case OPTION_REPRESENT:
        return &out->represent;
    case OPTION_PIN:
        return &out->pin;
    case OPTION_PSEUDONYMS:
        return &out->pseudonyms;
    default:
        return &out->quiet;
    }
}

/* What of a model is shown; KUNDIG_SHOW_SUMMARY: the option is of something else. */
static int value_show(enum option_id id)
{
    switch (id) {
    case OPTION_CALIBRATION:
        return KUNDIG_SHOW_CALIBRATION;
    case OPTION_CLASSES:
        return KUNDIG_SHOW_CLASSES;
    case OPTION_CONFUSION:
        return KUNDIG_SHOW_CONFUSION;
    case OPTION_FEATURES:
        return KUNDIG_SHOW_FEATURES;
    case OPTION_HISTORY:
        return KUNDIG_SHOW_HISTORY;
    case OPTION_SIZES:
        return KUNDIG_SHOW_SIZES;
    default:
        return KUNDIG_SHOW_SUMMARY;
    }
}

static int take_switch(cli_arguments *out, enum option_id id)
{
    int show = value_show(id);
    if (show == KUNDIG_SHOW_SUMMARY) {
        *value_switch(out, id) = true;
        return CLI_OK;
    }
    if (out->show) {
        cli_say("model show takes one of --classes, --features, --calibration, --confusion, "
                "--sizes and --history");
        return CLI_USAGE;
    }
    out->show = show;
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
    const char *nearest = cli_nearest(word, names, CLI_MODEL_SHOW);
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
    if (!out->reading && (options[id].reading & BIT(out->command))) {
        out->reading = options[id].name;
    }
    if (!out->discovering && (BIT(out->command) & DISCOVERS) &&
        (id == OPTION_TOPICS || id == OPTION_THEMES || id == OPTION_QUALITY || id == OPTION_SEED ||
         id == OPTION_LEAST_CUSTOMERS || id == OPTION_OUTPUT)) {
        out->discovering = options[id].name;
    }
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    if (id == OPTION_MASK) {
        return cli_value_mask(value, &out->mask);
    }
    if (!options[id].value) {
        if (value) {
            cli_say("--%s takes no value", options[id].name);
            return CLI_USAGE;
        }
        if (id == OPTION_HELP || id == OPTION_VERSION) {
            *(id == OPTION_HELP ? help : version) = true;
            return CLI_OK;
        }
        return take_switch(out, (enum option_id)id);
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

/* What a command cannot do without, where it is given by options. */
static int check_needed(const cli_arguments *out)
{
    const char *wanted = NULL;
    switch (out->command) {
    case CLI_COMPARE:
        wanted = out->a && out->b ? NULL : "compare needs two conditions, --a and --b";
        break;
    case CLI_ERASE:
        wanted = out->customer && (out->source || out->id)
                     ? "erase takes --customer, or --source and --id, not both"
                 : out->customer || (out->source && out->id)
                     ? NULL
                     : "erase needs --customer ID, or --source NAME and --id ID of one record";
        break;
    case CLI_EXPORT:
        wanted =
            out->what != KUNDIG_FACTS_FEEDBACK && (out->where.count || out->as_of || out->purpose)
                ? "conditions are for feedback; with --what leave --where, --as-of and "
                  "--purpose out"
                : NULL;
        break;
    case CLI_EXPIRE:
        wanted = out->as_of ? NULL : "expire needs --as-of DATE, the instant to count from";
        break;
    case CLI_LABEL:
        wanted = out->source && out->id && out->topic
                     ? NULL
                     : "label needs --source NAME and --id ID of a record, and --topic NAME";
        break;
    case CLI_PIN:
        wanted = (out->words[1] != NULL) != out->none
                     ? NULL
                     : "pin needs MODEL, a taxonomy or what was taught or saved, or --none";
        break;
    case CLI_CONSENT:
        wanted = strcmp(out->words[2], "yes") == 0 || strcmp(out->words[2], "no") == 0
                     ? NULL
                     : "consent is yes or no";
        break;
    case CLI_CLASSIFY:
    case CLI_SENTIMENT:
        wanted =
            (out->file != NULL) == (out->text != NULL) ? "give FILE, or one text with --text TEXT"
            : out->text &&
                    (out->reading || out->where.count || out->as_of || out->purpose || out->limit)
                ? "--text is one text: options that read FILE or choose records are of FILE"
                : NULL;
        break;
    case CLI_MODEL_PRUNE:
        wanted = out->most_bytes && out->output
                     ? NULL
                     : "model prune needs --most-bytes SIZE, such as 200K, and --output FILE";
        break;
    case CLI_EXPLAIN:
        wanted = out->before && out->after
                     ? NULL
                     : "explain needs two sets, --before and --after, such as --before 2018-Q1 "
                       "--after 2018-Q2";
        break;
    case CLI_WEIGHTS: {
        int asked = (out->margins.count || out->margin_file) + out->represent +
                    (out->incentive != NULL) + (out->plan > 0);
        wanted = asked == 0  ? "weights needs --margin FIELD:VALUE=SIZE or --margin-file FILE, or "
                               "--represent, --incentive COND or --plan N"
                 : asked > 1 ? "weights takes margins, --represent, --incentive or --plan, one of "
                               "them"
                 : out->by.count && !out->represent
                     ? "--by tells the fields of customers for --represent"
                     : NULL;
        break;
    }
    case CLI_FUNNEL:
        wanted = out->by.count || out->every || out->has_benchmark
                     ? NULL
                     : "funnel needs groups, such as --by agent, or a --benchmark";
        break;
    case CLI_WORDS:
        wanted = !out->a != !out->b ? "words needs two conditions, --a and --b, or neither"
                 : out->buts && out->mismatch ? "words takes --but or --mismatch, not both"
                 : out->a && (out->buts || out->mismatch)
                     ? "--a and --b are two sets to hold against each other; leave them out with "
                       "--but and --mismatch"
                     : NULL;
        break;
    case CLI_PSEUDONYM:
        wanted = out->key_file ? NULL : "pseudonym needs --key-file FILE, the key it is made with";
        break;
    default:
        break;
    }
    if (!wanted && out->pseudonyms && !out->key_file) {
        cli_say("--pseudonyms needs --key-file FILE, the key they are made with");
        return CLI_USAGE;
    }
    if (wanted) {
        cli_say("%s", wanted);
        cli_hint("for example: %s", cli_commands[out->command].example);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int unknown_action(const char *word)
{
    static const char *const actions[] = {"show", "prune", "validate", "curve", "doubts", "next"};
    const char *nearest =
        word ? cli_nearest(word, actions, sizeof actions / sizeof *actions) : NULL;
    if (word) {
        cli_say("model takes show, prune, validate, curve, doubts or next, not \"%s\"", word);
    } else {
        cli_say("model needs show, prune, validate, curve, doubts or next");
    }
    if (nearest) {
        cli_hint("did you mean: kundig model %s?", nearest);
    } else {
        cli_hint("see: kundig help model");
    }
    return CLI_USAGE;
}

static int check_operands(cli_arguments *out, const char **words, size_t count)
{
    const cli_command *command = &cli_commands[out->command];
    size_t need = (size_t)command->operands;
    size_t most = command->most ? (size_t)command->most : need;
    if (out->command == CLI_MODEL) {
        return unknown_action(count ? words[0] : NULL);
    }
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
    if (BIT(out->command) & (KEEPS | BIT(CLI_INGEST))) {
        out->store = words[0];
    }
    if (out->command == CLI_HELP) {
        out->help_of[0] = words[0];
        out->help_of[1] = words[1];
    } else if (out->command == CLI_MEASURE || out->command == CLI_COMPARE) {
        out->metric = words[0];
        out->file = words[1];
    } else if (BIT(out->command) & (EITHER | LOOKS)) {
        out->file = words[0];
    } else if (out->command == CLI_INGEST) {
        out->file = words[1];
    }
    return check_needed(out);
}

int cli_parse(int argc, char **argv, cli_arguments *out)
{
    memset(out, 0, sizeof *out);
    out->command = CLI_HELP;
    out->time_ms = cli_now();
    bool given[OPTION_COUNT] = {false};
    bool help = false;
    bool version = false;
    bool only_words = false;
    const char *words[CLI_MOST_WORDS] = {NULL};
    size_t count = 0;
    int first = 1;
    /* The command may stand behind --help and the like, so it is looked for first. */
    if (argc > 1 && argv[1][0] != '-') {
        int command = cli_find_command(argv[1], argc > 2 ? argv[2] : NULL);
        if (command < 0) {
            return unknown_command(argv[1]);
        }
        out->command = (enum cli_command_id)command;
        out->format = out->command == CLI_EXPORT ? CLI_FORMAT_CSV : CLI_FORMAT_TEXT;
        first = strchr(cli_commands[command].name, ' ') ? 3 : 2;
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
