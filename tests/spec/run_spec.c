/* Runs spec files (tests/spec/README.md) through the C interface: every case in memory, and again
 * on a store that is closed and opened again before it is asked.
 *
 * usage: run_spec FILE...      Every block of kundig's own memory is counted by the probe. */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"
#include "spec.h"

typedef struct outcome {
    int code;
    kundig_error err;
    kundig_table *table;
    kundig_table *receipt; /* of the last step that gave one */
    char hash[33];         /* what "ask hash" gave */
} outcome;

char spec_folder[] = "/tmp/kundig-spec-XXXXXX";
static size_t cases_run;
static size_t store_runs;
static size_t checks_made;
static size_t failures;

static int on_store; /* the run that is being checked */

static void complain(const spec_case *c, const char *what, const char *wanted, const char *got)
{
    failures++;
    fprintf(stderr, "%s: %s%s: %s\n  wanted: %s\n  got:    %s\n", c->file, c->title,
            on_store ? " (on a store)" : "", what, wanted, got);
}

void spec_must(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "run_spec: %s\n", what);
        exit(2);
    }
}

const char *spec_setting(const spec_case *c, const char *name)
{
    size_t len = strlen(name);
    const char *found = NULL;

    for (size_t i = 0; i < c->settings.count; i++) {
        const char *line = c->settings.lines[i];
        if (strncmp(line, name, len) == 0 && line[len] == ' ') {
            found = line + len + 1;
        }
    }
    return found;
}

static int choice(const spec_case *c, const char *name, const char *const *names)
{
    const char *value = spec_setting(c, name);

    for (int i = 0; value && names[i]; i++) {
        if (strcmp(names[i], value) == 0) {
            return i;
        }
    }
    spec_must(!value, "a setting has an unknown value");
    return 0;
}

kundig_text spec_text(const char *s)
{
    kundig_text text = {s, s ? strlen(s) : 0};

    return text;
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static const char *const dates_names[] = {"guess", "day-first", "month-first", NULL};
static const char *const kind_names[] = {"unknown",  "survey",   "review",    "ticket",
                                         "call",     "chat",     "interview", "user_lab",
                                         "workshop", "employee", NULL};
static const char *const encoding_names[] = {"utf-8", "windows-1252", NULL};
static const char *const every_names[] = {"none", "day", "week", "month", "quarter", "year", NULL};
static const char *const of_names[] = {"records", "customers", NULL};
static const char *const interval_names[] = {"default", "wald", "score", NULL};

int spec_read_part(const spec_case *c, kundig *k, size_t part, kundig_ingest_report **report,
                   kundig_error *err)
{
    kundig_ingest_options options;
    const char *delimiter = spec_setting(c, "delimiter");
    const char *source = spec_setting(c, "source");

    kundig_ingest_options_init(&options);
    options.source = spec_text(source ? source : "input.csv");
    options.map = spec_text(spec_setting(c, "map"));
    options.zone = spec_text(spec_setting(c, "zone"));
    options.dates = choice(c, "dates", dates_names);
    options.kind = choice(c, "kind", kind_names);
    options.encoding = choice(c, "encoding", encoding_names);
    options.delimiter = delimiter ? delimiter[0] : 0;
    return kundig_ingest_bytes(k, spec_text(c->parts[part]).data, spec_text(c->parts[part]).len,
                               &options, report, err);
}

static int set_text(kundig_query *q, const char *value,
                    int (*set)(kundig_query *, const char *, size_t, kundig_error *),
                    kundig_error *err)
{
    return value ? set(q, value, strlen(value), err) : KUNDIG_OK;
}

static int keep(kundig_query *q, const char *where, kundig_error *err)
{
    uint32_t node = 0;
    int rc = kundig_query_parse(q, where, strlen(where), &node, err);

    return rc ? rc : kundig_query_keep(q, node, err);
}

static int make_query(const spec_case *c, kundig_query *q, kundig_error *err)
{
    const char *level = spec_setting(c, "level");
    const char *min_n = spec_setting(c, "min_n");
    const char *as_of = spec_setting(c, "as_of");
    int rc = set_text(q, spec_setting(c, "metric"), kundig_query_set_metric, err);

    rc = rc ? rc : set_text(q, spec_setting(c, "question"), kundig_query_set_question, err);
    rc = rc ? rc : set_text(q, spec_setting(c, "zone"), kundig_query_set_zone, err);
    rc = rc ? rc : set_text(q, spec_setting(c, "purpose"), kundig_query_set_purpose, err);
    rc = rc ? rc : kundig_query_set_every(q, choice(c, "every", every_names), err);
    rc = rc ? rc : kundig_query_set_unit(q, choice(c, "of", of_names), err);
    rc = rc ? rc
            : kundig_query_set_interval(q, choice(c, "interval", interval_names),
                                        level ? strtod(level, NULL) : 0, err);
    rc = rc ? rc : kundig_query_set_min_n(q, min_n ? strtoull(min_n, NULL, 10) : 0, err);
    if (!rc && as_of) {
        rc = kundig_query_set_as_of(q, strtoll(as_of, NULL, 10), err);
    }
    for (size_t i = 0; i < c->settings.count && !rc; i++) {
        const char *line = c->settings.lines[i];
        if (strncmp(line, "by ", 3) == 0) {
            rc = kundig_query_group_by(q, line + 3, strlen(line + 3), err);
        } else if (strncmp(line, "where ", 6) == 0) {
            rc = keep(q, line + 6, err);
        }
    }
    return rc;
}

int spec_has_step(const spec_case *c, const char *verb)
{
    size_t len = strlen(verb);

    for (size_t i = 0; i < c->steps.count; i++) {
        if (strncmp(c->steps.lines[i], verb, len) == 0 &&
            (c->steps.lines[i][len] == '\0' || c->steps.lines[i][len] == ' ')) {
            return 1;
        }
    }
    return 0;
}

static uint32_t count_of(const spec_case *c, const char *name)
{
    const char *value = spec_setting(c, name);

    return value ? (uint32_t)strtoul(value, NULL, 10) : 0;
}

/* Names parted by commas as a set of their places. */
static uint32_t set_of(const char *given, const char *const *names)
{
    uint32_t set = 0;

    while (given && *given) {
        size_t len = strcspn(given, ",");
        unsigned i = 0;
        while (names[i] && (strlen(names[i]) != len || strncmp(names[i], given, len) != 0)) {
            i++;
        }
        spec_must(names[i] != NULL, "a list holds an unknown name");
        set |= 1u << i;
        given += len + (given[len] == ',');
    }
    return set;
}

int spec_open(const spec_case *c, const kundig_allocator *allocator, const char *path, int asked,
              kundig **k, kundig_error *err)
{
    static const char *const kinds[] = {"e-mail",  "phone", "iban", "card", "url",
                                        "address", "name",  "all",  NULL};
    kundig_options options;
    kundig_model *model = NULL;
    int rc = 0;

    kundig_options_init(&options);
    options.allocator = *allocator;
    options.mask = set_of(spec_setting(c, "mask"), kinds);
    options.mask = options.mask & 128 ? KUNDIG_PERSONAL_ALL : options.mask;
    options.pseudonym_key = spec_text(spec_setting(c, "key"));
    if (spec_setting(c, "identifiers")) {
        spec_must(strcmp(spec_setting(c, "identifiers"), "pseudonyms") == 0,
                  "identifiers are pseudonyms");
        options.identifiers = KUNDIG_IDENTIFIERS_PSEUDONYMS;
    }
    if (asked) {
        options.access = KUNDIG_ACCESS_WRITE;
    }
    if (asked || !path) {
        options.report_k = count_of(c, "report_k");
        options.report_comments = count_of(c, "report_comments");
        options.report_fields = spec_text(spec_setting(c, "report_fields"));
        options.report_every = set_of(spec_setting(c, "report_every"), every_names);
    }
    path = path ? path : ":memory:";
    rc = kundig_open(path, strlen(path), &options, k, err);
    if (!rc && c->taxonomy && !spec_has_step(c, "pin")) {
        rc = kundig_model_new(allocator, c->taxonomy, strlen(c->taxonomy), &model, err);
        rc = rc ? rc : kundig_set_model(*k, model, err);
        kundig_model_free(model);
    }
    return rc;
}

void spec_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[160];

    for (size_t i = 0; path && i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)remove(name);
    }
}

/* A store is closed and opened again; a corpus in memory stays. */
static int reopen(const spec_case *c, const kundig_allocator *allocator, const char *path,
                  kundig **k, kundig_error *err)
{
    if (!path) {
        return KUNDIG_OK;
    }
    kundig_close(*k);
    *k = NULL;
    return spec_open(c, allocator, path, 1, k, err);
}

/* ---- Questions ------------------------------------------------------------------------------ */

/* The state of one part, through its bytes. */
static int part_state(const spec_case *c, const kundig_allocator *allocator, const char *path,
                      const kundig_query *query, size_t part, kundig_state **out, kundig_error *err)
{
    kundig *k = NULL;
    kundig_state *made = NULL;
    kundig_bytes *bytes = NULL;
    int rc = spec_open(c, allocator, path, 0, &k, err);

    rc = rc ? rc : spec_read_part(c, k, part, NULL, err);
    rc = rc ? rc : reopen(c, allocator, path, &k, err);
    rc = rc ? rc : kundig_state_new(k, query, &made, err);
    rc = rc ? rc : kundig_state_save(made, &bytes, err);
    rc = rc ? rc
            : kundig_state_load(allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes), out,
                                err);
    kundig_bytes_free(bytes);
    kundig_state_free(made);
    kundig_close(k);
    spec_remove(path);
    return rc;
}

static void ask_states(const spec_case *c, const kundig_allocator *allocator, const char *path,
                       const kundig_query *query, int subtract, outcome *out)
{
    kundig_state *merged = NULL;

    for (size_t i = 0; i < c->part_count && !out->code; i++) {
        kundig_state *state = NULL;
        out->code = part_state(c, allocator, path, query, i, &state, &out->err);
        if (!out->code && !merged) {
            merged = state;
            continue;
        }
        out->code = out->code ? out->code : kundig_state_merge(merged, state, &out->err);
        kundig_state_free(state);
    }
    if (!out->code && subtract) {
        kundig_state *state = NULL;
        out->code = part_state(c, allocator, path, query, c->part_count - 1, &state, &out->err);
        out->code = out->code ? out->code : kundig_state_subtract(merged, state, &out->err);
        kundig_state_free(state);
    }
    out->code = out->code ? out->code : kundig_state_finish(merged, &out->table, &out->err);
    kundig_state_free(merged);
}

/* The text behind "text ", where \n is a line end. */
static size_t text_of(const spec_case *c, char *text, size_t size)
{
    const char *given = spec_setting(c, "text");
    size_t len = 0;

    for (; given && *given && len + 1 < size; given++) {
        if (given[0] == '\\' && given[1] == 'n') {
            given++;
            text[len++] = '\n';
        } else {
            text[len++] = *given;
        }
    }
    return len;
}

/* What the model in use says, and what the facts teach. */
static int ask_learned(const spec_case *c, const char *ask, kundig *k, outcome *out)
{
    static const char *const asks[] = {"show", "told", "validate", "curve", "doubts", NULL};
    static const char *const shows[] = {"summary",   "classes", "features", "calibration",
                                        "confusion", "sizes",   NULL};
    static const char *const lessons[] = {"topics", "sentiment", NULL};
    int lesson = choice(c, "lesson", lessons);
    kundig_model *model = NULL;
    kundig_examples *set = NULL;
    kundig_learn_options options;
    char text[1024] = "";
    size_t len = text_of(c, text, sizeof text);
    int which = 0;

    while (asks[which] && strcmp(asks[which], ask) != 0) {
        which++;
    }
    if (!asks[which]) {
        return 0;
    }
    kundig_learn_options_init(&options);
    options.field = spec_text(spec_setting(c, "field"));
    options.folds = count_of(c, "folds");
    options.least_customers = count_of(c, "least_customers");
    out->code = kundig_get_model(k, &model, &out->err);
    if (!out->code && which == 0) {
        out->code =
            kundig_model_show(model, lesson, choice(c, "show", shows), &out->table, &out->err);
    } else if (!out->code && which == 1) {
        out->code = kundig_model_sentiment(model, text, len, &out->table, &out->err);
    } else if (!out->code) {
        out->code = kundig_examples_new(NULL, lesson, &set, &out->err);
        out->code = out->code ? out->code : kundig_examples_collect(k, &options, set, &out->err);
        if (!out->code && which == 2) {
            out->code = kundig_examples_validate(model, set, &options, &out->table, &out->err);
        } else if (!out->code && which == 3) {
            out->code = kundig_examples_curve(model, set, &options, &out->table, &out->err);
        } else if (!out->code) {
            out->code = kundig_examples_doubts(model, set, &options, count_of(c, "limit"),
                                               &out->table, &out->err);
        }
    }
    kundig_examples_free(set);
    kundig_model_free(model);
    return 1;
}

static void ask_corpus(const spec_case *c, const char *ask, kundig *k, kundig_query *query,
                       const kundig_ingest_report *report, outcome *out)
{
    static const char *const tables[] = {"summary", "mapping", "rejects", "findings", NULL};
    static const char *const facts[] = {"feedback", "customers", "events",    "labels",
                                        "links",    "consents",  "retention", NULL};
    const char *limit = spec_setting(c, "limit");

    for (int i = 0; tables[i]; i++) {
        if (strcmp(ask, tables[i]) == 0) {
            out->table = kundig_table_retain(kundig_ingest_report_table(report, i + 1));
            return;
        }
    }
    if (ask_learned(c, ask, k, out) ||
        spec_ask_why(c, ask, k, query, &out->code, &out->table, &out->err)) {
        return;
    }
    if (strcmp(ask, "classify") == 0) {
        out->code = kundig_classify(k, query, count_of(c, "limit"), &out->table, &out->err);
    } else if (strcmp(ask, "sentiment") == 0) {
        out->code = kundig_sentiment(k, query, count_of(c, "limit"), &out->table, &out->err);
    } else if (strcmp(ask, "next") == 0) {
        out->code = kundig_label_next(k, query, count_of(c, "limit"), &out->table, &out->err);
    } else if (strcmp(ask, "measure") == 0) {
        out->code = kundig_measure(k, query, &out->table, &out->err);
    } else if (strcmp(ask, "compare") == 0) {
        const char *a = spec_setting(c, "a");
        const char *b = spec_setting(c, "b");
        uint32_t nodes[2] = {0, 0};
        spec_must(a && b, "compare needs a and b");
        out->code = kundig_query_parse(query, a, strlen(a), &nodes[0], &out->err);
        out->code =
            out->code ? out->code : kundig_query_parse(query, b, strlen(b), &nodes[1], &out->err);
        out->code = out->code
                        ? out->code
                        : kundig_compare(k, query, nodes[0], nodes[1], &out->table, &out->err);
    } else if (strcmp(ask, "comments") == 0) {
        out->code = kundig_comments(k, query, limit ? strtoull(limit, NULL, 10) : 0, &out->table,
                                    &out->err);
    } else if (strcmp(ask, "topics") == 0) {
        out->code =
            kundig_topics(k, query, limit ? strtoull(limit, NULL, 10) : 0, &out->table, &out->err);
    } else if (strcmp(ask, "fields") == 0) {
        out->code = kundig_fields(k, &out->table, &out->err);
    } else if (strcmp(ask, "conflicts") == 0) {
        out->code = kundig_conflicts(k, &out->table, &out->err);
    } else if (strcmp(ask, "search") == 0) {
        kundig_text words = spec_text(spec_setting(c, "words"));
        out->code = kundig_search(k, words.data, words.len, query,
                                  limit ? strtoull(limit, NULL, 10) : 0, &out->table, &out->err);
    } else if (strcmp(ask, "facts") == 0) {
        int filtered =
            spec_setting(c, "where") || spec_setting(c, "purpose") || spec_setting(c, "as_of");
        out->code = kundig_facts(k, choice(c, "facts", facts), filtered ? query : NULL, &out->table,
                                 &out->err);
    } else if (strcmp(ask, "receipt") == 0) {
        out->table = kundig_table_retain(out->receipt);
    } else if (strcmp(ask, "audit") == 0) {
        out->code = kundig_audit(k, &out->table, &out->err);
    } else if (strcmp(ask, "hash") == 0) {
        out->code = kundig_facts_hash(k, out->hash, &out->err);
    } else {
        spec_must(0, "ask is unknown");
    }
}

/* Questions about a model or one text: no corpus takes part. */
static int ask_text(const spec_case *c, const char *ask, const kundig_allocator *allocator,
                    outcome *out)
{
    static const char *const asks[] = {"model", "read", "languages", "personal", "check", NULL};
    kundig_model *model = NULL;
    char text[1024] = "";
    size_t len = text_of(c, text, sizeof text);
    int which = 0;

    while (asks[which] && strcmp(asks[which], ask) != 0) {
        which++;
    }
    if (!asks[which]) {
        return 0;
    }
    if (which == 4) {
        out->code = kundig_taxonomy_check(allocator, c->taxonomy, spec_text(c->taxonomy).len,
                                          &out->table, &out->err);
        return 1;
    }
    if (which == 3) {
        out->code = kundig_text_personal(allocator, text, len, 0, &out->table, &out->err);
        return 1;
    }
    out->code =
        kundig_model_new(allocator, c->taxonomy, spec_text(c->taxonomy).len, &model, &out->err);
    if (!out->code) {
        out->code = which == 0   ? kundig_model_topics(model, &out->table, &out->err)
                    : which == 1 ? kundig_model_read(model, text, len, &out->table, &out->err)
                                 : kundig_model_languages(model, text, len, &out->table, &out->err);
    }
    kundig_model_free(model);
    return 1;
}

/* path: NULL for a corpus in memory. */
static outcome run(const spec_case *c, const char *path)
{
    const char *ask = spec_setting(c, "ask");
    kundig_allocator allocator = probe_allocator(NULL);
    kundig *k = NULL;
    kundig_query *query = NULL;
    kundig_ingest_report *report = NULL;
    outcome out = {0, {0, 0, {0}}, NULL, NULL, {0}};

    ask = ask ? ask : "measure";
    if (ask_text(c, ask, &allocator, &out)) {
        return out;
    }
    out.code = kundig_query_new(&allocator, &query);
    spec_must(!out.code, "no query");
    if (strcmp(ask, "state") == 0 || strcmp(ask, "subtract") == 0) {
        out.code = make_query(c, query, &out.err);
        if (!out.code) {
            ask_states(c, &allocator, path, query, ask[1] == 'u', &out);
        }
    } else {
        size_t parts = spec_has_step(c, "merge") && c->part_count ? 1 : c->part_count;
        out.code = spec_open(c, &allocator, path, 0, &k, &out.err);
        for (size_t i = 0; i < parts && !out.code; i++) {
            kundig_ingest_report_free(report);
            report = NULL;
            out.code = spec_read_part(c, k, i, &report, &out.err);
        }
        out.code = out.code ? out.code : spec_take_steps(c, &allocator, k, &out.receipt, &out.err);
        out.code = out.code ? out.code : reopen(c, &allocator, path, &k, &out.err);
        out.code = out.code ? out.code : make_query(c, query, &out.err);
        if (!out.code) {
            ask_corpus(c, ask, k, query, report, &out);
        }
    }
    kundig_ingest_report_free(report);
    kundig_query_free(query);
    kundig_close(k);
    kundig_table_free(out.receipt);
    out.receipt = NULL;
    return out;
}

/* A store that was closed is sound, whatever was done to it. */
static void check_sound(const spec_case *c, const char *path)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_options options;
    kundig_table *table = NULL;
    kundig_error err = {0, 0, {0}};
    size_t severity = 0;
    size_t finding = 0;

    kundig_options_init(&options);
    options.allocator = allocator;
    options.pseudonym_key = spec_text(spec_setting(c, "key"));
    if (kundig_verify(path, strlen(path), &options, &table, &err)) {
        complain(c, "the store cannot be verified", "a table", err.message);
        return;
    }
    severity = kundig_table_find_column(table, "severity", 8);
    finding = kundig_table_find_column(table, "finding", 7);
    for (size_t i = 0; i < kundig_table_row_count(table); i++) {
        if (strcmp(kundig_table_text(table, i, severity).data, "note") != 0) {
            complain(c, "the store is not sound", "no finding",
                     kundig_table_text(table, i, finding).data);
        }
    }
    kundig_table_free(table);
}

/* ---- Checks --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int code;
} codes[] = {
    {"OK", KUNDIG_OK},
    {"E_ARG", KUNDIG_E_ARG},
    {"E_NOMEM", KUNDIG_E_NOMEM},
    {"E_LIMIT", KUNDIG_E_LIMIT},
    {"E_IO", KUNDIG_E_IO},
    {"E_FORMAT", KUNDIG_E_FORMAT},
    {"E_VERSION", KUNDIG_E_VERSION},
    {"E_NOT_FOUND", KUNDIG_E_NOT_FOUND},
    {"E_AMBIGUOUS", KUNDIG_E_AMBIGUOUS},
    {"E_VALUE", KUNDIG_E_VALUE},
    {"E_EMPTY", KUNDIG_E_EMPTY},
    {"E_MODE", KUNDIG_E_MODE},
};

static const char *code_name(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code) {
            return codes[i].name;
        }
    }
    return "?";
}

static void check_failure(const spec_case *c, const outcome *out)
{
    char code[32] = "";
    unsigned long position = 0;
    int words = 0;
    char got[400];

    spec_must(sscanf(c->failure, "%31s %lu %n", code, &position, &words) == 2 && words > 0,
              "a line behind ! is code, position and words");
    snprintf(got, sizeof got, "%s %lu %s", code_name(out->code), (unsigned long)out->err.pos,
             out->err.message);
    if (strcmp(code, code_name(out->code)) != 0 || position != out->err.pos ||
        !strstr(out->err.message, c->failure + words)) {
        complain(c, "fails", c->failure, got);
    }
}

/* Half a unit of the last digit shown, and a hair for the binary fraction. */
static double slack(const char *shown)
{
    const char *point = strchr(shown, '.');
    size_t digits = point ? strspn(point + 1, "0123456789") : 0;
    double unit = 1;

    for (size_t i = 0; i < digits; i++) {
        unit /= 10;
    }
    return point ? unit * 0.5000001 : 0;
}

static int cell_holds(const kundig_table *t, size_t row, size_t column, const char *wanted,
                      char got[400])
{
    kundig_text text = kundig_table_text(t, row, column);
    int type = kundig_table_column_type(t, column);

    if (kundig_table_is_null(t, row, column)) {
        snprintf(got, 400, "null");
        return strcmp(wanted, "null") == 0;
    }
    if (type == KUNDIG_COLUMN_TEXT) {
        size_t len = strlen(wanted);
        snprintf(got, 400, "\"%s\"", text.data);
        return len >= 2 && wanted[0] == '"' && text.len == len - 2 &&
               memcmp(text.data, wanted + 1, text.len) == 0;
    }
    if (type == KUNDIG_COLUMN_BOOL) {
        snprintf(got, 400, "%s", kundig_table_int(t, row, column) ? "true" : "false");
        return strcmp(wanted, got) == 0;
    }
    snprintf(got, 400, "%.17g", kundig_table_number(t, row, column));
    return wanted[0] != '"' && strcmp(wanted, "null") != 0 &&
           fabs(kundig_table_number(t, row, column) - strtod(wanted, NULL)) <= slack(wanted);
}

static void check_table(const spec_case *c, const kundig_table *t, const char *check)
{
    char column[64] = "";
    char got[400] = "";
    unsigned long row = 0;
    int value = 0;
    size_t index = 0;

    checks_made++;
    if (strncmp(check, "rows ", 5) == 0) {
        snprintf(got, sizeof got, "%lu", (unsigned long)kundig_table_row_count(t));
        if (strcmp(check + 5, got) != 0) {
            complain(c, "rows", check + 5, got);
        }
        return;
    }
    if (strncmp(check, "note ", 5) == 0) {
        for (size_t i = 0; i < kundig_table_note_count(t); i++) {
            if (strstr(kundig_table_note(t, i), check + 5)) {
                return;
            }
            snprintf(got, sizeof got, "%s", kundig_table_note(t, i));
        }
        complain(c, "no note holds this", check + 5, got);
        return;
    }
    spec_must(sscanf(check, "%lu %63s %n", &row, column, &value) == 2 && value > 0,
              "a line behind ~ is row, column and value");
    index = kundig_table_find_column(t, column, strlen(column));
    if (index == SIZE_MAX || row >= kundig_table_row_count(t)) {
        complain(c, "there is no such cell", check, "");
    } else if (!cell_holds(t, row, index, check + value, got)) {
        complain(c, "a cell differs", check, got);
    }
}

static void check_outcome(const spec_case *c, const outcome *out)
{
    kundig_bytes *json = NULL;
    const char *got = out->hash;

    if (c->failure) {
        check_failure(c, out);
        return;
    }
    if (out->code || (!out->table && !*got)) {
        complain(c, "the call failed", "a table", out->err.message);
        return;
    }
    if (out->table) {
        for (size_t i = 0; i < c->checks.count; i++) {
            check_table(c, out->table, c->checks.lines[i]);
        }
        spec_must(!kundig_table_to_json(out->table, &json, NULL), "no JSON");
        got = kundig_bytes_data(json);
    }
    if (!c->json || strcmp(c->json, got) != 0) {
        complain(c, "the bytes differ", c->json ? c->json : "(none written)", got);
    }
    kundig_bytes_free(json);
}

static void check_case(const spec_case *c)
{
    char path[80];

    cases_run++;
    snprintf(path, sizeof path, "%s/case.kundig", spec_folder);
    for (on_store = c->store_alone; on_store < 2; on_store++) {
        outcome out = run(c, on_store ? path : NULL);
        check_outcome(c, &out);
        kundig_table_free(out.table);
        if (on_store && kundig_is_store(path, strlen(path))) {
            store_runs++;
            check_sound(c, path);
        }
        spec_remove(path);
        if (probe_shared.live_blocks || probe_shared.live_bytes) {
            complain(c, "memory was not given back", "nothing live", "");
            exit(1);
        }
    }
}

/* ---- Files ---------------------------------------------------------------------------------- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size = 0;

    spec_must(file != NULL, path);
    spec_must(fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
                  fseek(file, 0, SEEK_SET) == 0,
              path);
    text = malloc((size_t)size + 1);
    spec_must(text && fread(text, 1, (size_t)size, file) == (size_t)size, path);
    text[size] = '\0';
    fclose(file);
    return text;
}

static void add_line(line_list *list, char *line)
{
    spec_must(list->count < MOST, "a case has too many lines of one kind");
    list->lines[list->count++] = line;
}

static void take_rule(spec_case *c, const char *line)
{
    size_t had = c->taxonomy ? strlen(c->taxonomy) : 0;
    size_t len = strlen(line);
    char *grown = realloc(c->taxonomy, had + len + 2);

    spec_must(grown != NULL, "out of memory");
    memcpy(grown + had, line, len);
    memcpy(grown + had + len, "\n", 2);
    c->taxonomy = grown;
}

/* "| cells" once, "|100* cells" a hundred times. */
static void take_input(spec_case *c, const char *line)
{
    size_t times = 1;
    size_t len = 0;
    size_t had = 0;
    char *part = NULL;

    c->part_count += !c->part_count;
    line++;
    if (*line >= '0' && *line <= '9') {
        char *end = NULL;
        times = strtoul(line, &end, 10);
        spec_must(*end == '*', "a digit behind | begins a count such as |100*");
        line = end + 1;
    }
    line += *line == ' ';
    len = strlen(line);
    part = c->parts[c->part_count - 1];
    had = part ? strlen(part) : 0;
    part = realloc(part, had + times * (len + 1) + 1);
    spec_must(part != NULL, "out of memory");
    for (size_t i = 0; i < times; i++) {
        memcpy(part + had, line, len);
        part[had + len] = '\n';
        had += len + 1;
    }
    part[had] = '\0';
    c->parts[c->part_count - 1] = part;
}

/* The input and the steps of the case before. */
static void take_same(spec_case *c, const spec_case *before)
{
    spec_must(!c->part_count && !c->taxonomy && !c->steps.count && before->part_count,
              "same stands before a case's own input and steps, and not first");
    for (; c->part_count < before->part_count; c->part_count++) {
        c->parts[c->part_count] = strdup(before->parts[c->part_count]);
        spec_must(c->parts[c->part_count] != NULL, "out of memory");
    }
    c->taxonomy = before->taxonomy ? strdup(before->taxonomy) : NULL;
    c->steps = before->steps;
}

static void take_line(spec_case *c, const spec_case *before, char *line)
{
    if (strcmp(line, "same") == 0) {
        take_same(c, before);
    } else if (line[0] == '|') {
        take_input(c, line);
    } else if (strncmp(line, "> ", 2) == 0) {
        take_rule(c, line + 2);
    } else if (strcmp(line, "part") == 0) {
        spec_must(c->part_count > 0 && c->part_count < 8, "part stands between two inputs");
        c->part_count++;
    } else if (strcmp(line, "store") == 0) {
        c->store_alone = 1;
    } else if (strncmp(line, "+ ", 2) == 0) {
        add_line(&c->steps, line + 2);
    } else if (strncmp(line, "~ ", 2) == 0) {
        add_line(&c->checks, line + 2);
    } else if (strncmp(line, "! ", 2) == 0) {
        c->failure = line + 2;
    } else if (strncmp(line, "= ", 2) == 0) {
        c->json = line + 2;
    } else if (line[0] && line[0] != '#') {
        add_line(&c->settings, line);
    }
}

static void free_case(spec_case *c)
{
    for (size_t i = 0; i < c->part_count; i++) {
        free(c->parts[i]);
    }
    free(c->taxonomy);
    memset(c, 0, sizeof *c);
}

static void end_case(spec_case *c, spec_case *before)
{
    check_case(c);
    free_case(before);
    *before = *c;
    memset(c, 0, sizeof *c);
}

static void run_file(const char *path)
{
    char *text = read_file(path);
    char *line = text;
    spec_case c;
    spec_case before;

    memset(&c, 0, sizeof c);
    memset(&before, 0, sizeof before);
    while (*line) {
        char *newline = strchr(line, '\n');
        char *next = newline ? newline + 1 : line + strlen(line);
        if (newline) {
            *newline = '\0';
        }
        if (strncmp(line, "== ", 3) == 0) {
            if (c.title) {
                end_case(&c, &before);
            }
            c.file = path;
            c.title = line + 3;
        } else if (c.title) {
            take_line(&c, &before, line);
        }
        line = next;
    }
    spec_must(c.title != NULL, "a file has no case");
    end_case(&c, &before);
    free_case(&before);
    free(text);
}

int main(int argc, char **argv)
{
    spec_must(mkdtemp(spec_folder) != NULL, "no temporary folder");
    for (int i = 1; i < argc; i++) {
        run_file(argv[i]);
    }
    (void)rmdir(spec_folder);
    printf("C: %zu cases, %zu of them on a store as well, %zu checks, %zu failures\n", cases_run,
           store_runs, checks_made, failures);
    return failures || !cases_run ? 1 : 0;
}
