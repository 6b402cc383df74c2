/* Asks many questions of a file and prints every answer as JSON, one a line: the same bytes for any
 * order of rows, number of threads, compiler, optimisation and processor.
 * usage: questions THREADS FILE...
 * When answers change on purpose: kundig_questions 1 tests/examples/feedback.csv >
 * tests/golden/questions.jsonl, and say why in the commit. */
#include <stdio.h>
#include <stdlib.h>

#include "kundig.h"

typedef struct question {
    const char *metric;
    const char *by[2];
    int32_t every;
    int32_t unit;
    int32_t interval;
    const char *zone;
    const char *where;
    const char *question;
    uint64_t min_n;
} question;

static const question questions[] = {
    {.metric = "count"},
    {.metric = "customers", .by = {"stage"}},
    {.metric = "nps"},
    {.metric = "nps", .unit = KUNDIG_OF_CUSTOMERS},
    {.metric = "nps", .interval = KUNDIG_INTERVAL_SCORE, .by = {"channel"}},
    {.metric = "nps", .by = {"stage", "channel"}, .every = KUNDIG_EVERY_QUARTER},
    {.metric = "nps", .by = {"touchpoint"}, .every = KUNDIG_EVERY_MONTH, .zone = "Europe/Berlin"},
    {.metric = "nps", .by = {"language"}, .every = KUNDIG_EVERY_QUARTER, .min_n = 120},
    {.metric = "nps", .by = {"stage"}, .where = "channel = email and time >= 2026-03"},
    {.metric = "nps", .where = "not (stage in (Support, \"First bill\")) or text contains \"app\""},
    {.metric = "nps", .where = "customer is missing"},
    {.metric = "nps", .where = "time = 2025"},
    {.metric = "csat", .by = {"stage"}},
    {.metric = "csat", .by = {"stage"}, .interval = KUNDIG_INTERVAL_WALD},
    {.metric = "csat", .by = {"language"}, .unit = KUNDIG_OF_CUSTOMERS},
    {.metric = "csat_mean", .by = {"stage", "language"}},
    {.metric = "csat_mean", .every = KUNDIG_EVERY_DAY, .where = "time = 2026-08"},
    {.metric = "score_mean", .question = "nps", .every = KUNDIG_EVERY_WEEK},
    {.metric = "score_mean", .question = "csat", .by = {"channel"}},
};

/* What comments speak of, by a taxonomy that touches every kind of rule. */
static const char taxonomy[] = "taxonomy: Golden\n"
                               "theme delivery: Delivery\n"
                               "topic delay: Late delivery\n"
                               "en: late, ~delay, took .. days, \"not on time\"\n"
                               "de: verspätet, ~Verspätung, zu spät, nach .. Tagen\n"
                               "not en: better late than never\n"
                               "topic parcel: The parcel\n"
                               "en: parcel*, ~courier\n"
                               "de: Paket*, ~Lieferung, ~Zustellung\n"
                               "theme people: People\n"
                               "topic phone: On the phone\n"
                               "any: Hotline\n"
                               "en: on the phone\n"
                               "de: am Telefon, Minuten .. Warteschleife\n"
                               "theme product: Product\n"
                               "topic app: The app\n"
                               "any: App, website\n"
                               "topic price: What it costs\n"
                               "any: Euro*\n"
                               "en: ~price, ~expensive\n"
                               "de: ~Preis, teuer, ~Rechnung\n"
                               "parts de: Zeit, Dienst\n";

static const question of_topics[] = {
    {.metric = "nps", .by = {"topic"}},
    {.metric = "share"},
    {.metric = "share", .by = {"theme"}, .every = KUNDIG_EVERY_MONTH},
    {.metric = "share", .by = {"topic", "stage"}, .interval = KUNDIG_INTERVAL_SCORE},
    {.metric = "share", .by = {"topic"}, .unit = KUNDIG_OF_CUSTOMERS, .min_n = 20},
    {.metric = "count", .by = {"text_language", "language"}},
    {.metric = "csat", .by = {"theme"}, .where = "topic in (price, app) or topic is missing"},
};

static kundig_text text_of(const char *s)
{
    return (kundig_text){s, s ? strlen(s) : 0};
}

static void check(int rc, const kundig_error *err, const char *what)
{
    if (rc) {
        fprintf(stderr, "questions: %s: %d %s\n", what, rc, err->message);
        exit(1);
    }
}

static void print_bytes(kundig_bytes *bytes)
{
    fwrite(kundig_bytes_data(bytes), 1, kundig_bytes_len(bytes), stdout);
    putchar('\n');
    kundig_bytes_free(bytes);
}

static kundig_bytes *take_json(kundig_table *table)
{
    kundig_error err;
    kundig_bytes *json = NULL;
    check(kundig_table_to_json(table, &json, &err), &err, "to JSON");
    kundig_table_free(table);
    return json;
}

static kundig_query *build(const question *asked)
{
    kundig_error err;
    kundig_query *query = NULL;
    check(kundig_query_new(NULL, &query), &(kundig_error){0}, "query");
    check(kundig_query_set_metric(query, asked->metric, strlen(asked->metric), &err), &err,
          asked->metric);
    for (size_t i = 0; i < 2 && asked->by[i]; i++) {
        check(kundig_query_group_by(query, asked->by[i], strlen(asked->by[i]), &err), &err,
              asked->by[i]);
    }
    check(kundig_query_set_every(query, asked->every, &err), &err, "every");
    check(kundig_query_set_unit(query, asked->unit, &err), &err, "unit");
    check(kundig_query_set_interval(query, asked->interval, 0, &err), &err, "interval");
    check(kundig_query_set_min_n(query, asked->min_n, &err), &err, "min_n");
    kundig_text name = text_of(asked->question);
    check(kundig_query_set_question(query, name.data, name.len, &err), &err, "question");
    name = text_of(asked->zone);
    check(kundig_query_set_zone(query, name.data, name.len, &err), &err, "zone");
    if (asked->where) {
        uint32_t node = 0;
        check(kundig_query_parse(query, asked->where, strlen(asked->where), &node, &err), &err,
              asked->where);
        check(kundig_query_keep(query, node, &err), &err, asked->where);
    }
    return query;
}

static void ask(kundig *k, const question *asked)
{
    kundig_error err;
    kundig_table *table = NULL;
    kundig_query *query = build(asked);
    check(kundig_measure(k, query, &table, &err), &err, asked->metric);
    kundig_bytes *measured = take_json(table);

    /* The same through bytes that travelled. */
    kundig_state *state = NULL;
    kundig_state *landed = NULL;
    kundig_bytes *bytes = NULL;
    check(kundig_state_new(k, query, &state, &err), &err, "state");
    check(kundig_state_save(state, &bytes, &err), &err, "save");
    check(kundig_state_load(NULL, kundig_bytes_data(bytes), kundig_bytes_len(bytes), &landed, &err),
          &err, "load");
    check(kundig_state_finish(landed, &table, &err), &err, "finish");
    kundig_bytes *travelled = take_json(table);
    if (strcmp(kundig_bytes_data(measured), kundig_bytes_data(travelled)) != 0) {
        fprintf(stderr, "questions: %s: the state gives another answer\n", asked->metric);
        exit(1);
    }
    print_bytes(measured);
    kundig_bytes_free(travelled);
    kundig_bytes_free(bytes);
    kundig_state_free(state);
    kundig_state_free(landed);
    kundig_query_free(query);
}

static void compare_months(kundig *k, const question *asked)
{
    kundig_error err;
    kundig_table *table = NULL;
    kundig_query *query = build(asked);
    uint32_t july = 0;
    uint32_t august = 0;
    check(kundig_query_parse(query, "time = 2026-07", 14, &july, &err), &err, "July");
    check(kundig_query_parse(query, "time = 2026-08", 14, &august, &err), &err, "August");
    check(kundig_compare(k, query, july, august, &table, &err), &err, "compare");
    print_bytes(take_json(table));
    kundig_query_free(query);
}

static void show_comments(kundig *k, const char *where, size_t limit)
{
    kundig_error err;
    kundig_table *table = NULL;
    kundig_query *query = build(&(question){.metric = "nps", .where = where});
    check(kundig_comments(k, query, limit, &table, &err), &err, where);
    print_bytes(take_json(table));
    kundig_query_free(query);
}

/* FNV-1a, to show many bytes as few. */
static uint64_t print_of(const kundig_bytes *bytes)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < kundig_bytes_len(bytes); i++) {
        hash = (hash ^ (unsigned char)kundig_bytes_data(bytes)[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* The small taxonomy through bytes that travelled, and what it says of texts. */
static kundig_model *make_model(void)
{
    static const char *const texts[] = {
        "👍🏽 The courier was late, it took more than two days. Die Lieferverspätung war "
        "teuer!",
        "Niemand am Telefon, 40 Minuten in der Warteschleife. Better late than never, they said.",
    };
    kundig_error err;
    kundig_model *made = NULL;
    kundig_model *model = NULL;
    kundig_bytes *bytes = NULL;
    kundig_table *table = NULL;
    check(kundig_model_new(NULL, taxonomy, strlen(taxonomy), &made, &err), &err, "model");
    check(kundig_model_save(made, &bytes, &err), &err, "save the model");
    check(kundig_model_load(NULL, kundig_bytes_data(bytes), kundig_bytes_len(bytes), &model, &err),
          &err, "load the model");
    printf("{\"model\":%zu,\"print\":\"%016llx\"}\n", kundig_bytes_len(bytes),
           (unsigned long long)print_of(bytes));
    check(kundig_model_topics(model, &table, &err), &err, "topics of the model");
    print_bytes(take_json(table));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check(kundig_model_read(model, texts[i], strlen(texts[i]), &table, &err), &err, texts[i]);
        print_bytes(take_json(table));
        check(kundig_model_languages(model, texts[i], strlen(texts[i]), &table, &err), &err,
              texts[i]);
        print_bytes(take_json(table));
    }
    kundig_bytes_free(bytes);
    kundig_model_free(made);
    return model;
}

static void ask_of_topics(kundig *k)
{
    static const char personal[] =
        "Frau Ünal, Hauptstraße 5, 10115 Berlin, ünal@example.com, +49 170 1234567 🙈 "
        "DE89 3704 0044 0532 0130 00";
    kundig_error err;
    kundig_table *table = NULL;
    kundig_bytes *masked = NULL;
    kundig_model *model = make_model();
    check(kundig_set_model(k, model, &err), &err, "set the model");
    kundig_model_free(model);
    check(kundig_topics(k, NULL, 0, &table, &err), &err, "topics");
    print_bytes(take_json(table));
    for (size_t i = 0; i < sizeof of_topics / sizeof of_topics[0]; i++) {
        ask(k, &of_topics[i]);
    }
    compare_months(k, &(question){.metric = "share", .by = {"topic"}});
    show_comments(k, "topic = delay and theme = product", 5);
    check(kundig_text_personal(NULL, personal, strlen(personal), 0, &table, &err), &err,
          "personal");
    print_bytes(take_json(table));
    check(kundig_text_mask(NULL, personal, strlen(personal), 0, &masked, &err), &err, "mask");
    print_bytes(masked);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: questions THREADS FILE...\n");
        return 2;
    }
    kundig_error err;
    kundig *k = NULL;
    kundig_options options;
    kundig_options_init(&options);
    options.threads = argv[1][0] == '2' ? 2 : 1;
    check(kundig_open(":memory:", 8, &options, &k, &err), &err, "open");
    for (int i = 2; i < argc; i++) {
        kundig_ingest_options how;
        kundig_ingest_options_init(&how);
        how.source = text_of("file");
        check(kundig_ingest_file(k, argv[i], strlen(argv[i]), &how, NULL, &err), &err, argv[i]);
    }

    kundig_table *table = NULL;
    check(kundig_fields(k, &table, &err), &err, "fields");
    print_bytes(take_json(table));
    check(kundig_metrics(NULL, &table, &err), &err, "metrics");
    print_bytes(take_json(table));
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        ask(k, &questions[i]);
    }
    compare_months(k, &(question){.metric = "nps", .by = {"stage"}});
    show_comments(k, "nps <= 2", 7);

    kundig_bytes *page = NULL;
    kundig_analyze_options as_json;
    kundig_analyze_options_init(&as_json);
    as_json.format = KUNDIG_PAGE_JSON;
    check(kundig_analyze(k, NULL, NULL, &as_json, &page, &err), &err, "page");
    print_bytes(page);
    ask_of_topics(k);
    kundig_close(k);
    return fflush(stdout) ? 1 : 0;
}
