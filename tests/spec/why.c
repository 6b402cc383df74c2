/* The questions of a case of a spec file that ask why: "ask impact" and its kin, with the fields of
 * their options ("set chart cusum") and their margins. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"

/* ---- Fields of options ---------------------------------------------------------------------- */

typedef enum field_type {
    FIELD_WORD,
    FIELD_SMALL,
    FIELD_COUNT,
    FIELD_NUMBER,
    FIELD_TIME
} field_type;

typedef struct option_field {
    const char *name;
    size_t place;
    field_type type;
    const char *const *words; /* by number, from 0 */
} option_field;

static const char *const sentence_words[] = {"english", "german", NULL};
static const char *const chart_words[] = {"default", "share", "count", "ewma", "cusum", NULL};
static const char *const limit_words[] = {"exact", "three_sigma", NULL};
static const char *const known_words[] = {"unknown", "no", "yes", NULL};
static const char *const prior_words[] = {"all", "counts", "uniform", NULL};
static const char *const truth_words[] = {"no", "yes", NULL};

static const option_field explain_fields[] = {
    {"sentences", offsetof(kundig_explain_options, sentences), FIELD_WORD, sentence_words},
    {"limit", offsetof(kundig_explain_options, limit), FIELD_COUNT, NULL},
    {NULL, 0, FIELD_WORD, NULL},
};

static const option_field chart_fields[] = {
    {"chart", offsetof(kundig_chart_options, chart), FIELD_WORD, chart_words},
    {"limits", offsetof(kundig_chart_options, limits), FIELD_WORD, limit_words},
    {"weekdays", offsetof(kundig_chart_options, weekdays), FIELD_WORD, known_words},
    {"baseline", offsetof(kundig_chart_options, baseline), FIELD_SMALL, NULL},
    {"rate", offsetof(kundig_chart_options, rate), FIELD_NUMBER, NULL},
    {"lambda", offsetof(kundig_chart_options, lambda), FIELD_NUMBER, NULL},
    {"width", offsetof(kundig_chart_options, width), FIELD_NUMBER, NULL},
    {"slack", offsetof(kundig_chart_options, slack), FIELD_NUMBER, NULL},
    {"limit", offsetof(kundig_chart_options, limit), FIELD_NUMBER, NULL},
    {"target", offsetof(kundig_chart_options, target), FIELD_NUMBER, NULL},
    {"sigma", offsetof(kundig_chart_options, sigma), FIELD_NUMBER, NULL},
    {"since_ms", offsetof(kundig_chart_options, since_ms), FIELD_TIME, NULL},
    {NULL, 0, FIELD_WORD, NULL},
};

static const option_field emerging_fields[] = {
    {"scale", offsetof(kundig_emerging_options, scale), FIELD_NUMBER, NULL},
    {"gamma", offsetof(kundig_emerging_options, gamma), FIELD_NUMBER, NULL},
    {"limit", offsetof(kundig_emerging_options, limit), FIELD_COUNT, NULL},
    {NULL, 0, FIELD_WORD, NULL},
};

static const option_field words_fields[] = {
    {"prior_kind", offsetof(kundig_words_options, prior_kind), FIELD_WORD, prior_words},
    {"prior", offsetof(kundig_words_options, prior), FIELD_NUMBER, NULL},
    {"limit", offsetof(kundig_words_options, limit), FIELD_COUNT, NULL},
    {"least", offsetof(kundig_words_options, least), FIELD_COUNT, NULL},
    {"everything", offsetof(kundig_words_options, everything), FIELD_WORD, truth_words},
    {NULL, 0, FIELD_WORD, NULL},
};

static const option_field weights_fields[] = {
    {"most", offsetof(kundig_weights_options, most), FIELD_NUMBER, NULL},
    {"rounds", offsetof(kundig_weights_options, rounds), FIELD_COUNT, NULL},
    {NULL, 0, FIELD_WORD, NULL},
};

static const option_field no_fields[] = {{NULL, 0, FIELD_WORD, NULL}};

static int32_t word_number(const char *value, const char *const *words)
{
    int32_t number = 0;

    while (words[number] && strcmp(words[number], value) != 0) {
        number++;
    }
    spec_must(words[number] != NULL, "an option's word is unknown");
    return number;
}

static void fill_field(const option_field *field, const char *value, void *options)
{
    char *at = (char *)options + field->place;
    char *end = NULL;
    union {
        int32_t word;
        uint32_t small;
        uint64_t count;
        double number;
        int64_t time;
    } is;

    switch (field->type) {
    case FIELD_WORD:
        is.word = word_number(value, field->words);
        memcpy(at, &is.word, sizeof is.word);
        return;
    case FIELD_SMALL:
        is.small = (uint32_t)strtoul(value, &end, 10);
        memcpy(at, &is.small, sizeof is.small);
        break;
    case FIELD_COUNT:
        is.count = strtoull(value, &end, 10);
        memcpy(at, &is.count, sizeof is.count);
        break;
    case FIELD_NUMBER:
        is.number = strtod(value, &end);
        memcpy(at, &is.number, sizeof is.number);
        break;
    case FIELD_TIME:
        is.time = strtoll(value, &end, 10);
        memcpy(at, &is.time, sizeof is.time);
        break;
    }
    spec_must(end > value && !*end, "an option's value is no number");
}

/* Every "set NAME VALUE" of the case; where limit counts rows of these options, the line "limit"
 * as well. */
static void fill_options(const spec_case *c, const option_field *fields, int has_limit,
                         void *options)
{
    for (size_t i = 0; i < c->settings.count; i++) {
        const char *line = c->settings.lines[i];
        const char *name = strncmp(line, "set ", 4) == 0 ? line + 4 : NULL;
        size_t len = name ? strcspn(name, " ") : 0;
        const option_field *field = fields;
        if (!name && has_limit && strncmp(line, "limit ", 6) == 0) {
            name = line;
            len = 5;
        }
        if (!name) {
            continue;
        }
        while (field->name &&
               (strlen(field->name) != len || strncmp(field->name, name, len) != 0)) {
            field++;
        }
        spec_must(field->name && name[len] == ' ', "the question has no such option");
        fill_field(field, name + len + 1, options);
    }
}

/* ---- Questions ------------------------------------------------------------------------------ */

typedef struct why_question {
    const spec_case *c;
    kundig *k;
    kundig_query *query;
    size_t limit;
    kundig_error *err;
} why_question;

static int ask_sets(const why_question *q, const char *first, const char *second, uint32_t nodes[2])
{
    const char *a = spec_setting(q->c, first);
    const char *b = spec_setting(q->c, second);
    int rc = 0;

    spec_must(a && b, "the question is about two sets");
    rc = kundig_query_parse(q->query, a, strlen(a), &nodes[0], q->err);
    return rc ? rc : kundig_query_parse(q->query, b, strlen(b), &nodes[1], q->err);
}

static int ask_explain(const why_question *q, kundig_table **tables)
{
    kundig_explain_options options;
    uint32_t nodes[2] = {0, 0};
    int rc = 0;

    kundig_explain_options_init(&options);
    fill_options(q->c, explain_fields, 1, &options);
    rc = ask_sets(q, "before", "after", nodes);
    return rc ? rc
              : kundig_explain(q->k, q->query, nodes[0], nodes[1], &options, tables,
                               KUNDIG_EXPLAIN_TABLES, q->err);
}

static int ask_chart(const why_question *q, int alarms, kundig_table **table)
{
    kundig_chart_options options;

    kundig_chart_options_init(&options);
    fill_options(q->c, chart_fields, 0, &options);
    return alarms ? kundig_alarms(q->k, q->query, &options, q->limit, table, q->err)
                  : kundig_chart(q->k, q->query, &options, table, q->err);
}

static int ask_emerging(const why_question *q, kundig_table **table)
{
    kundig_emerging_options options;

    kundig_emerging_options_init(&options);
    fill_options(q->c, emerging_fields, 1, &options);
    return kundig_emerging(q->k, q->query, &options, table, q->err);
}

static int ask_words(const why_question *q, kundig_table **table)
{
    kundig_words_options options;
    uint32_t nodes[2] = {0, 0};
    int rc = 0;

    kundig_words_options_init(&options);
    fill_options(q->c, words_fields, 1, &options);
    rc = ask_sets(q, "a", "b", nodes);
    return rc ? rc : kundig_words(q->k, q->query, nodes[0], nodes[1], &options, table, q->err);
}

/* "benchmark .31 1200 0": its value, the answers it stands on, the deviation of one. */
static int ask_benchmark(const why_question *q, kundig_table **table)
{
    const char *at = spec_setting(q->c, "benchmark");
    double given[3] = {0, 0, 0};

    spec_must(at != NULL, "a benchmark is needed");
    for (size_t i = 0; *at; i++) {
        char *end = NULL;
        spec_must(i < 3, "a benchmark is value, n and deviation");
        given[i] = strtod(at, &end);
        spec_must(end > at && (!*end || *end == ' '), "a benchmark is numbers");
        at = end + (*end == ' ');
    }
    return kundig_benchmark(q->k, q->query, given[0], given[1], given[2], table, q->err);
}

/* "margin channel=email 60"; "margin channel= 5" is of the records without a channel. */
static size_t margins_of(const spec_case *c, char *text, size_t size, kundig_margin *margins)
{
    size_t count = 0;
    size_t used = 0;

    for (size_t i = 0; i < c->settings.count; i++) {
        const char *line = c->settings.lines[i];
        size_t len = strlen(line);
        char *at = text + used;
        char *equals = NULL;
        char *space = NULL;
        char *end = NULL;
        if (strncmp(line, "margin ", 7) != 0) {
            continue;
        }
        spec_must(used + len < size, "the margins are too long");
        memcpy(at, line + 7, len - 6);
        used += len - 6;
        equals = strchr(at, '=');
        space = strrchr(at, ' ');
        spec_must(equals && space && equals < space, "a margin is field=value size");
        *equals = '\0';
        *space = '\0';
        margins[count].field = spec_text(at);
        margins[count].value = spec_text(equals[1] ? equals + 1 : NULL);
        margins[count].size = strtod(space + 1, &end);
        spec_must(end > space + 1 && !*end, "a margin's size is a number");
        count++;
    }
    return count;
}

static int ask_weights(const why_question *q, kundig_table **tables)
{
    kundig_weights_options options;
    kundig_margin margins[MOST];
    char text[4096];
    size_t count = margins_of(q->c, text, sizeof text, margins);

    kundig_weights_options_init(&options);
    fill_options(q->c, weights_fields, 0, &options);
    return kundig_weights(q->k, q->query, margins, count, &options, tables, KUNDIG_WEIGHTS_TABLES,
                          q->err);
}

/* Questions without options, as "ask" calls them. */
static const struct {
    const char *ask;
    int (*call)(kundig *, const kundig_query *, size_t, kundig_table **, kundig_error *);
} plain[] = {
    {"impact", kundig_impact},
    {"buts", kundig_buts},
    {"mismatch", kundig_mismatch},
    {"loud", kundig_loud},
};

/* One table of several, by the word behind "show". */
static kundig_table *shown(const spec_case *c, const char *const *names, kundig_table **tables)
{
    const char *show = spec_setting(c, "show");
    size_t which = show ? (size_t)word_number(show, names) : 0;
    kundig_table *kept = tables[which];

    for (size_t i = 0; names[i]; i++) {
        if (i != which) {
            kundig_table_free(tables[i]);
        }
    }
    return kept;
}

int spec_ask_why(const spec_case *c, const char *ask, kundig *k, kundig_query *query, int *rc,
                 kundig_table **out, kundig_error *err)
{
    static const char *const explain_tables[] = {"change", "splits", "causes", "breaks", NULL};
    static const char *const weights_tables[] = {"cells", "summary", "score", NULL};
    static const char *const represent_tables[] = {"groups", "summary", NULL};
    const char *limit = spec_setting(c, "limit");
    why_question q = {c, k, query, limit ? (size_t)strtoull(limit, NULL, 10) : 0, err};
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES] = {NULL};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strcmp(plain[i].ask, ask) == 0) {
            fill_options(c, no_fields, 0, NULL);
            *rc = plain[i].call(k, query, q.limit, out, err);
            return 1;
        }
    }
    if (strcmp(ask, "explain") == 0) {
        *rc = ask_explain(&q, tables);
        *out = shown(c, explain_tables, tables);
    } else if (strcmp(ask, "chart") == 0 || strcmp(ask, "alarms") == 0) {
        *rc = ask_chart(&q, ask[0] == 'a', out);
    } else if (strcmp(ask, "emerging") == 0) {
        *rc = ask_emerging(&q, out);
    } else if (strcmp(ask, "words") == 0) {
        *rc = ask_words(&q, out);
    } else if (strcmp(ask, "funnel") == 0) {
        fill_options(c, no_fields, 0, NULL);
        *rc = kundig_funnel(k, query, out, err);
    } else if (strcmp(ask, "benchmark") == 0) {
        fill_options(c, no_fields, 0, NULL);
        *rc = ask_benchmark(&q, out);
    } else if (strcmp(ask, "weights") == 0) {
        *rc = ask_weights(&q, tables);
        *out = shown(c, weights_tables, tables);
    } else if (strcmp(ask, "represent") == 0) {
        fill_options(c, no_fields, 0, NULL);
        *rc = kundig_represent(k, query, tables, KUNDIG_REPRESENT_TABLES, err);
        *out = shown(c, represent_tables, tables);
    } else {
        return 0;
    }
    return 1;
}
