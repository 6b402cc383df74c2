/* Every public call, with every allocation failed in turn: once, and from there on for ever. After
 * each failure the code is clean, outputs are untouched, the corpus is as it was, the call works
 * when tried again, and nothing is live once all is freed. One test with loops: each test is a
 * process of its own. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "probe.h"

TestSuite(oom, .fini = probe_fini, .timeout = 900);

#define TEXT(s) ((kundig_text){s, sizeof(s) - 1})
#define WITH(s) s, sizeof(s) - 1
#define SAMPLE  "oom_sample.csv"

static const char sample[] =
    "id,date,customer,channel,stage,nps,csat,comment\n"
    "a,2026-01-03,c1,email,Order,9,4,\"Quick, and friendly people\"\n"
    "b,2026-01-19,c2,app,Order,3,2,Zu spät geliefert und niemand ging ans Telefon\n"
    "c,2026-02-02,c1,email,Delivery,10,,Alles gut 👍\n"
    "d,2026-02-30,c3,email,Delivery,8,3,no such day\n"
    "e,2026-02-11,c4,phone,Delivery,11,3,off the scale\n"
    "f,2026-02-14,c5,phone,Delivery,0,1,late late late and rude\n"
    "g,2026-02-15,,app,Order,7,5,\n"
    "h,2026-02-16,c6,app,Order,2,2,the parcel was late again\n";

static const char taxonomy[] = "taxonomy: Small\n"
                               "theme delivery: Delivery\n"
                               "topic delay: Late delivery\n"
                               "en: late, ~delay, took .. weeks\n"
                               "de: zu spät, ~Verspätung, Liefer*\n"
                               "not en: late late\n"
                               "topic parcel:\n"
                               "any: parcel\n"
                               "topic people: People\n"
                               "en: people, rude\n"
                               "de: niemand .. Telefon\n"
                               "parts de: Zeit\n";

static const char text[] =
    "👍 The parcel was late. Die Lieferverspätung war schlimm: +49 170 1234567, "
    "anna@example.com\xFF";

/* ---- the world a call is made in ---- */

typedef struct world {
    kundig *k;
    kundig_query *query;
    uint32_t a;
    uint32_t b;
    kundig_table *table;
    kundig_state *state;
    kundig_state *other;
    kundig_bytes *bytes;
    kundig_ingest_report *report;
    kundig_model *model;
} world;

typedef struct outputs {
    kundig *k;
    kundig_query *query;
    kundig_table *table;
    kundig_bytes *bytes;
    kundig_state *state;
    kundig_ingest_report *report;
    kundig_model *model;
    kundig_added added;
    uint32_t node;
} outputs;

enum {
    NOTHING = 0,
    OPEN = 1,
    FACTS = 2,
    QUERY = 4,
    TABLE = 8,
    STATES = 16,
    BYTES = 32,
    REPORT = 64,
    MODEL = 128, /* read by a handle that masks; the query is of topics */
    MODEL_BYTES = 256,
    SPARSE = 512 /* every point costs too much: some of them */
};

static char mark; /* outputs point here before a call */

static kundig_allocator hook(void)
{
    return probe_allocator(NULL);
}

static void must(int rc, const kundig_error *err, const char *what)
{
    cr_assert(rc == KUNDIG_OK, "%s: %d %s", what, rc, err ? err->message : "");
}

static void world_query(world *w)
{
    kundig_error err;
    kundig_allocator allocator = hook();
    must(kundig_query_new(&allocator, &w->query), NULL, "query");
    if (w->model) {
        must(kundig_query_set_metric(w->query, WITH("share"), &err), &err, "metric");
        must(kundig_query_group_by(w->query, WITH("topic"), &err), &err, "group");
    } else {
        must(kundig_query_set_metric(w->query, WITH("nps"), &err), &err, "metric");
    }
    must(kundig_query_group_by(w->query, WITH("stage"), &err), &err, "group");
    must(kundig_query_set_every(w->query, KUNDIG_EVERY_MONTH, &err), &err, "every");
    must(kundig_query_parse(w->query, WITH("time = 2026-01"), &w->a, &err), &err, "a");
    must(kundig_query_parse(w->query, WITH("time = 2026-02"), &w->b, &err), &err, "b");
}

/* Made once for all worlds: it is immutable, and costs more than most calls. */
static kundig_model *small_model;

static void world_make(world *w, unsigned need)
{
    kundig_error err;
    memset(w, 0, sizeof *w);
    if (need & OPEN) {
        kundig_options options;
        kundig_options_init(&options);
        options.allocator = hook();
        options.mask = (need & MODEL) ? KUNDIG_PERSONAL_ALL : 0;
        must(kundig_open(WITH(":memory:"), &options, &w->k, &err), &err, "open");
    }
    if (need & MODEL) {
        w->model = kundig_model_retain(small_model);
    }
    if ((need & OPEN) && (need & MODEL)) {
        must(kundig_set_model(w->k, w->model, &err), &err, "set model");
    }
    if (need & FACTS) {
        must(kundig_ingest_bytes(w->k, WITH(sample), NULL, (need & REPORT) ? &w->report : NULL,
                                 &err),
             &err, "ingest");
    }
    if (need & QUERY) {
        world_query(w);
    }
    if (need & TABLE) {
        must(kundig_measure(w->k, w->query, &w->table, &err), &err, "measure");
    }
    if (need & STATES) {
        must(kundig_state_new(w->k, w->query, &w->state, &err), &err, "state");
        must(kundig_state_new(w->k, w->query, &w->other, &err), &err, "state");
    }
    if (need & BYTES) {
        must(kundig_state_save(w->state, &w->bytes, &err), &err, "save");
    }
    if (need & MODEL_BYTES) {
        must(kundig_model_save(w->model, &w->bytes, &err), &err, "save");
    }
}

static void world_free(world *w)
{
    kundig_table_free(w->table);
    kundig_bytes_free(w->bytes);
    kundig_state_free(w->state);
    kundig_state_free(w->other);
    kundig_ingest_report_free(w->report);
    kundig_query_free(w->query);
    kundig_model_free(w->model);
    kundig_close(w->k);
}

static void outputs_mark(outputs *o)
{
    memset(o, 0, sizeof *o);
    o->k = (void *)&mark;
    o->query = (void *)&mark;
    o->table = (void *)&mark;
    o->bytes = (void *)&mark;
    o->state = (void *)&mark;
    o->report = (void *)&mark;
    o->model = (void *)&mark;
    kundig_added_init(&o->added);
    o->added.records = 4711;
    o->node = 4711;
}

static void outputs_untouched(const outputs *o, const char *name)
{
    cr_assert(o->k == (void *)&mark && o->query == (void *)&mark && o->table == (void *)&mark &&
                  o->bytes == (void *)&mark && o->state == (void *)&mark &&
                  o->model == (void *)&mark && o->node == 4711 && o->added.records == 4711 &&
                  (o->report == (void *)&mark || o->report == NULL),
              "%s: an output was touched on failure", name);
}

static void outputs_free(outputs *o)
{
    kundig_close(o->k == (void *)&mark ? NULL : o->k);
    kundig_query_free(o->query == (void *)&mark ? NULL : o->query);
    kundig_table_free(o->table == (void *)&mark ? NULL : o->table);
    kundig_bytes_free(o->bytes == (void *)&mark ? NULL : o->bytes);
    kundig_state_free(o->state == (void *)&mark ? NULL : o->state);
    kundig_ingest_report_free(o->report == (void *)&mark ? NULL : o->report);
    kundig_model_free(o->model == (void *)&mark ? NULL : o->model);
}

/* What a call that went well gave, as bytes: a failure before it must not show. */
static kundig_bytes *outputs_shown(outputs *o)
{
    kundig_error err;
    kundig_bytes *bytes = NULL;
    if (o->bytes != (void *)&mark) {
        bytes = o->bytes;
        o->bytes = (void *)&mark;
    } else if (o->table != (void *)&mark) {
        must(kundig_table_to_json(o->table, &bytes, &err), &err, "json");
    } else if (o->model != (void *)&mark) {
        must(kundig_model_save(o->model, &bytes, &err), &err, "model");
    } else if (o->state != (void *)&mark) {
        must(kundig_state_save(o->state, &bytes, &err), &err, "state");
    }
    return bytes;
}

static bool same_bytes(const kundig_bytes *a, const kundig_bytes *b)
{
    return kundig_bytes_len(a) == kundig_bytes_len(b) &&
           memcmp(kundig_bytes_data(a), kundig_bytes_data(b), kundig_bytes_len(a)) == 0;
}

/* What the corpus holds and a state says, as bytes, to see that a failed call changed nothing. */
static kundig_bytes *world_shown(const world *w)
{
    kundig_error err;
    kundig_table *table = NULL;
    kundig_bytes *json = NULL;
    if (w->state) {
        must(kundig_state_finish(w->state, &table, &err), &err, "finish");
    } else if (w->k) {
        must(kundig_fields(w->k, &table, &err), &err, "fields");
    } else {
        return NULL;
    }
    must(kundig_table_to_json(table, &json, &err), &err, "json");
    kundig_table_free(table);
    return json;
}

/* ---- the calls ---- */

static int call_open(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = hook();
    options.threads = 2;
    options.zone_directory = TEXT("/usr/share/zoneinfo");
    options.pseudonym_key = TEXT("0123456789abcdef0123456789abcdef");
    return kundig_open(WITH(":memory:"), &options, &o->k, err);
}

static int call_feedback(world *w, outputs *o, kundig_error *err)
{
    kundig_score scores[2] = {{.scale = KUNDIG_SCALE_NPS, .value = 9},
                              {.question = TEXT("ease"),
                               .scale = KUNDIG_SCALE_DECLARED,
                               .minimum = 1,
                               .maximum = 4,
                               .value = 3}};
    kundig_attribute attributes[2] = {
        {.name = TEXT("shop"), .value = {.type = KUNDIG_VALUE_TEXT, .text = TEXT("Ulm")}},
        {.name = TEXT("items"), .value = {.type = KUNDIG_VALUE_NUMBER, .number = 3}}};
    kundig_feedback records[3];
    for (size_t i = 0; i < 3; i++) {
        kundig_feedback_init(&records[i]);
        records[i].source = TEXT("crm");
        records[i].customer = TEXT("c9");
        records[i].stage = TEXT("Order");
        records[i].channel = i ? TEXT("letter") : TEXT("email");
        records[i].text = TEXT("sch\xC3\xB6n \xFF war es");
        records[i].scores = scores;
        records[i].score_count = 2;
        records[i].attributes = attributes;
        records[i].attribute_count = 2;
        records[i].time_ms = 1767225600000 + (int64_t)i;
    }
    records[2].id = TEXT("x1");
    return kundig_feedback_add(w->k, records, 3, &o->added, err);
}

static int call_customer(world *w, outputs *o, kundig_error *err)
{
    kundig_customer records[2];
    for (size_t i = 0; i < 2; i++) {
        kundig_customer_init(&records[i]);
        records[i].id = i ? TEXT("c1") : TEXT("c9");
        records[i].segment = TEXT("new");
        records[i].churned = KUNDIG_NO;
    }
    return kundig_customer_add(w->k, records, 2, &o->added, err);
}

static int call_event(world *w, outputs *o, kundig_error *err)
{
    kundig_event records[2];
    for (size_t i = 0; i < 2; i++) {
        kundig_event_init(&records[i]);
        records[i].id = i ? TEXT("e1") : TEXT("e2");
        records[i].customer = TEXT("c1");
        records[i].kind = KUNDIG_EVENT_CASE_OPENED;
        records[i].time_ms = 1767225600000;
    }
    return kundig_event_add(w->k, records, 2, &o->added, err);
}

static char zone_bytes[1 << 16];
static size_t zone_size;

static int call_zone(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_zone_add(w->k, WITH("Our/Zone"), zone_bytes, zone_size, err);
}

static int call_fields(world *w, outputs *o, kundig_error *err)
{
    return kundig_fields(w->k, &o->table, err);
}

static int call_conflicts(world *w, outputs *o, kundig_error *err)
{
    return kundig_conflicts(w->k, &o->table, err);
}

static int call_ingest_bytes(world *w, outputs *o, kundig_error *err)
{
    kundig_ingest_options options;
    kundig_ingest_options_init(&options);
    options.source = TEXT("other");
    options.map = TEXT("nps=nps,text=comment,attribute=csat");
    return kundig_ingest_bytes(w->k, WITH(sample), &options, &o->report, err);
}

static int call_ingest_file(world *w, outputs *o, kundig_error *err)
{
    return kundig_ingest_file(w->k, WITH(SAMPLE), NULL, &o->report, err);
}

static int call_ingest_cells(world *w, outputs *o, kundig_error *err)
{
    static const kundig_text columns[3] = {{"date", 4}, {"nps", 3}, {"comment", 7}};
    static const kundig_text cells[6] = {{"2026-01-02", 10}, {"4", 1},  {"a bit slow", 10},
                                         {"2026-01-03", 10}, {"99", 2}, {NULL, 0}};
    return kundig_ingest_cells(w->k, columns, 3, cells, 2, NULL, &o->report, err);
}

static int call_rejects(world *w, outputs *o, kundig_error *err)
{
    return kundig_ingest_report_rejects(w->report, &o->bytes, err);
}

static int call_query_new(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    (void)err;
    kundig_allocator allocator = hook();
    return kundig_query_new(&allocator, &o->query);
}

static int call_question(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_query_set_question(w->query, WITH("how likely are you to recommend us"), err);
}

static int call_group(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_query_group_by(w->query, WITH("attribute:shop"), err);
}

static int call_zone_name(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_query_set_zone(w->query, WITH("Europe/Berlin"), err);
}

static int call_purpose(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_query_set_purpose(w->query, WITH("improve the service"), err);
}

static int call_condition(world *w, outputs *o, kundig_error *err)
{
    kundig_value values[3] = {{.type = KUNDIG_VALUE_TEXT, .text = TEXT("email")},
                              {.type = KUNDIG_VALUE_TEXT, .text = TEXT("phone")},
                              {.type = KUNDIG_VALUE_TEXT, .text = TEXT("letter")}};
    return kundig_query_condition(w->query, WITH("channel"), KUNDIG_OP_IN, values, 3, &o->node,
                                  err);
}

static int call_combine(world *w, outputs *o, kundig_error *err)
{
    uint32_t nodes[2] = {w->a, w->b};
    return kundig_query_combine(w->query, KUNDIG_ANY_OF, nodes, 2, &o->node, err);
}

static int call_parse(world *w, outputs *o, kundig_error *err)
{
    return kundig_query_parse(
        w->query,
        WITH("channel = email and not (stage in (Order, 'x''y') or nps between 0 and 6) "
             "and text contains \"SPÄT\" and customer is not missing"),
        &o->node, err);
}

static int call_keep(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_query_keep(w->query, w->b, err);
}

static int call_metrics(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    kundig_allocator allocator = hook();
    return kundig_metrics(&allocator, &o->table, err);
}

static int call_measure(world *w, outputs *o, kundig_error *err)
{
    return kundig_measure(w->k, w->query, &o->table, err);
}

static int call_measure_zone(world *w, outputs *o, kundig_error *err)
{
    int rc = kundig_query_set_zone(w->query, WITH("Europe/Berlin"), err);
    if (!rc) {
        rc = kundig_query_set_unit(w->query, KUNDIG_OF_CUSTOMERS, err);
    }
    if (!rc) {
        uint32_t node = 0;
        rc = kundig_query_parse(w->query, WITH("not (text contains late) and time >= 2026-01-02"),
                                &node, err);
        if (!rc) {
            rc = kundig_query_keep(w->query, node, err);
        }
    }
    return rc ? rc : kundig_measure(w->k, w->query, &o->table, err);
}

static int call_compare(world *w, outputs *o, kundig_error *err)
{
    return kundig_compare(w->k, w->query, w->a, w->b, &o->table, err);
}

static int call_comments(world *w, outputs *o, kundig_error *err)
{
    return kundig_comments(w->k, w->query, 3, &o->table, err);
}

static int call_page(world *w, outputs *o, kundig_error *err)
{
    return kundig_analyze(w->k, NULL, w->report, NULL, &o->bytes, err);
}

static int call_page_json(world *w, outputs *o, kundig_error *err)
{
    kundig_analyze_options options;
    kundig_analyze_options_init(&options);
    options.format = KUNDIG_PAGE_JSON;
    return kundig_analyze(w->k, w->query, NULL, &options, &o->bytes, err);
}

static int call_state(world *w, outputs *o, kundig_error *err)
{
    return kundig_state_new(w->k, w->query, &o->state, err);
}

static int call_merge(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_state_merge(w->state, w->other, err);
}

static int call_subtract(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_state_subtract(w->state, w->other, err);
}

static int call_finish(world *w, outputs *o, kundig_error *err)
{
    return kundig_state_finish(w->state, &o->table, err);
}

static int call_save(world *w, outputs *o, kundig_error *err)
{
    return kundig_state_save(w->state, &o->bytes, err);
}

static int call_load(world *w, outputs *o, kundig_error *err)
{
    kundig_allocator allocator = hook();
    return kundig_state_load(&allocator, kundig_bytes_data(w->bytes), kundig_bytes_len(w->bytes),
                             &o->state, err);
}

static int call_json(world *w, outputs *o, kundig_error *err)
{
    return kundig_table_to_json(w->table, &o->bytes, err);
}

static int call_csv(world *w, outputs *o, kundig_error *err)
{
    return kundig_table_to_csv(w->table, &o->bytes, err);
}

static int call_table_page(world *w, outputs *o, kundig_error *err)
{
    kundig_page_options options;
    kundig_page_options_init(&options);
    options.color = 1;
    return kundig_table_to_page(w->table, &options, &o->bytes, err);
}

static int call_set_model(world *w, outputs *o, kundig_error *err)
{
    (void)o;
    return kundig_set_model(w->k, NULL, err);
}

static int call_get_model(world *w, outputs *o, kundig_error *err)
{
    int rc = kundig_set_model(w->k, NULL, err);
    return rc ? rc : kundig_get_model(w->k, &o->model, err);
}

static int call_topics(world *w, outputs *o, kundig_error *err)
{
    return kundig_topics(w->k, NULL, 2, &o->table, err);
}

static int call_topics_of_query(world *w, outputs *o, kundig_error *err)
{
    uint32_t node = 0;
    int rc = kundig_query_set_metric(w->query, WITH("csat"), err);
    rc = rc ? rc : kundig_query_parse(w->query, WITH("theme = delivery"), &node, err);
    rc = rc ? rc : kundig_query_keep(w->query, node, err);
    return rc ? rc : kundig_topics(w->k, w->query, 0, &o->table, err);
}

static int call_comments_of_topic(world *w, outputs *o, kundig_error *err)
{
    uint32_t node = 0;
    int rc = kundig_query_parse(
        w->query, WITH("topic in (delay, people) or topic is missing or text_language = de"), &node,
        err);
    rc = rc ? rc : kundig_query_keep(w->query, node, err);
    return rc ? rc : kundig_comments(w->k, w->query, 0, &o->table, err);
}

static int call_model_new(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    kundig_allocator allocator = hook();
    return kundig_model_new(&allocator, WITH(taxonomy), &o->model, err);
}

static int call_model_save(world *w, outputs *o, kundig_error *err)
{
    return kundig_model_save(w->model, &o->bytes, err);
}

static int call_model_load(world *w, outputs *o, kundig_error *err)
{
    kundig_allocator allocator = hook();
    return kundig_model_load(&allocator, kundig_bytes_data(w->bytes), kundig_bytes_len(w->bytes),
                             &o->model, err);
}

static int call_model_topics(world *w, outputs *o, kundig_error *err)
{
    return kundig_model_topics(w->model, &o->table, err);
}

static int call_model_read(world *w, outputs *o, kundig_error *err)
{
    return kundig_model_read(w->model, WITH(text), &o->table, err);
}

static int call_model_languages(world *w, outputs *o, kundig_error *err)
{
    return kundig_model_languages(w->model, WITH(text), &o->table, err);
}

static int call_personal(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    kundig_allocator allocator = hook();
    return kundig_text_personal(&allocator, WITH(text), 0, &o->table, err);
}

static int call_mask(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    kundig_allocator allocator = hook();
    return kundig_text_mask(&allocator, WITH(text), 0, &o->bytes, err);
}

static int call_check(world *w, outputs *o, kundig_error *err)
{
    (void)w;
    kundig_allocator allocator = hook();
    return kundig_taxonomy_check(
        &allocator, WITH("topic a: A\nen: late, LATE, d*\neng: slow\nde: x\ntopic b:\n"), &o->table,
        err);
}

static const struct scenario {
    const char *name;
    unsigned need;
    int (*call)(world *w, outputs *o, kundig_error *err);
} scenarios[] = {
    {"kundig_open", NOTHING, call_open},
    {"kundig_feedback_add", OPEN | FACTS, call_feedback},
    {"kundig_feedback_add, first", OPEN, call_feedback},
    {"kundig_customer_add", OPEN | FACTS, call_customer},
    {"kundig_event_add", OPEN | FACTS, call_event},
    {"kundig_zone_add", OPEN, call_zone},
    {"kundig_fields", OPEN | FACTS, call_fields},
    {"kundig_conflicts", OPEN | FACTS, call_conflicts},
    {"kundig_ingest_bytes", OPEN | FACTS, call_ingest_bytes},
    {"kundig_ingest_file", OPEN, call_ingest_file},
    {"kundig_ingest_cells", OPEN, call_ingest_cells},
    {"kundig_ingest_report_rejects", OPEN | FACTS | REPORT, call_rejects},
    {"kundig_query_new", NOTHING, call_query_new},
    {"kundig_query_set_question", QUERY, call_question},
    {"kundig_query_group_by", QUERY, call_group},
    {"kundig_query_set_zone", QUERY, call_zone_name},
    {"kundig_query_set_purpose", QUERY, call_purpose},
    {"kundig_query_condition", QUERY, call_condition},
    {"kundig_query_combine", QUERY, call_combine},
    {"kundig_query_parse", QUERY, call_parse},
    {"kundig_query_keep", QUERY, call_keep},
    {"kundig_metrics", NOTHING, call_metrics},
    {"kundig_measure", OPEN | FACTS | QUERY, call_measure},
    {"kundig_measure, zone and customers", OPEN | FACTS | QUERY, call_measure_zone},
    {"kundig_compare", OPEN | FACTS | QUERY, call_compare},
    {"kundig_comments", OPEN | FACTS | QUERY, call_comments},
    {"kundig_analyze", OPEN | FACTS | REPORT | MODEL, call_page},
    {"kundig_analyze, JSON", OPEN | FACTS | QUERY | MODEL, call_page_json},
    {"kundig_state_new", OPEN | FACTS | QUERY, call_state},
    {"kundig_state_merge", OPEN | FACTS | QUERY | STATES, call_merge},
    {"kundig_state_subtract", OPEN | FACTS | QUERY | STATES, call_subtract},
    {"kundig_state_finish", OPEN | FACTS | QUERY | STATES, call_finish},
    {"kundig_state_save", OPEN | FACTS | QUERY | STATES, call_save},
    {"kundig_state_load", OPEN | FACTS | QUERY | STATES | BYTES, call_load},
    {"kundig_set_model", OPEN | FACTS | MODEL, call_set_model},
    {"kundig_get_model, ready taxonomy", OPEN, call_get_model},
    {"kundig_topics", OPEN | FACTS | MODEL, call_topics},
    {"kundig_topics, ready taxonomy", OPEN | FACTS | SPARSE, call_topics},
    {"kundig_topics, query", OPEN | FACTS | QUERY | MODEL, call_topics_of_query},
    {"kundig_comments, topics masked", OPEN | FACTS | QUERY | MODEL, call_comments_of_topic},
    {"kundig_measure, share by topic", OPEN | FACTS | QUERY | MODEL, call_measure},
    {"kundig_measure, share of customers", OPEN | FACTS | QUERY | MODEL, call_measure_zone},
    {"kundig_compare, share by topic", OPEN | FACTS | QUERY | MODEL, call_compare},
    {"kundig_state_new, share by topic", OPEN | FACTS | QUERY | MODEL, call_state},
    {"kundig_state_merge, share by topic", OPEN | FACTS | QUERY | MODEL | STATES, call_merge},
    {"kundig_state_load, share by topic", OPEN | FACTS | QUERY | MODEL | STATES | BYTES, call_load},
    {"kundig_model_new", NOTHING, call_model_new},
    {"kundig_model_save", MODEL, call_model_save},
    {"kundig_model_load", MODEL | MODEL_BYTES, call_model_load},
    {"kundig_model_topics", MODEL, call_model_topics},
    {"kundig_model_read", MODEL, call_model_read},
    {"kundig_model_languages", MODEL, call_model_languages},
    {"kundig_text_personal", NOTHING, call_personal},
    {"kundig_text_mask", NOTHING, call_mask},
    {"kundig_taxonomy_check", NOTHING, call_check},
    {"kundig_table_to_json", OPEN | FACTS | QUERY | TABLE, call_json},
    {"kundig_table_to_csv", OPEN | FACTS | QUERY | TABLE, call_csv},
    {"kundig_table_to_page", OPEN | FACTS | QUERY | TABLE, call_table_page},
};

/* What a call gives where no allocation fails. */
static kundig_bytes *scenario_answer(const struct scenario *s)
{
    world w;
    outputs o;
    kundig_error err = {0};
    world_make(&w, s->need);
    outputs_mark(&o);
    must(s->call(&w, &o, &err), &err, s->name);
    kundig_bytes *shown = outputs_shown(&o);
    outputs_free(&o);
    world_free(&w);
    return shown;
}

/* Fails allocation n of one call; true once the call asks for fewer than n. */
static bool sweep_point(const struct scenario *s, size_t n, bool for_ever,
                        const kundig_bytes *wanted)
{
    world w;
    outputs o;
    kundig_error err = {0};
    size_t kept = probe_shared.live_blocks; /* of what is wanted */
    world_make(&w, s->need);
    kundig_bytes *before = world_shown(&w);
    outputs_mark(&o);

    probe_shared.allocations = 0;
    probe_shared.fail_at = n;
    probe_shared.fail_on = for_ever;
    int rc = s->call(&w, &o, &err);
    bool reached = probe_shared.allocations >= n;
    probe_shared.fail_at = 0;
    probe_shared.fail_on = false;

    if (rc) {
        cr_assert(rc == KUNDIG_E_NOMEM, "%s, allocation %zu: code %d, %s", s->name, n, rc,
                  err.message);
        outputs_untouched(&o, s->name);
        kundig_bytes *after = world_shown(&w);
        cr_assert(same_bytes(before, after), "%s, allocation %zu: the failed call left a trace: %s",
                  s->name, n, kundig_bytes_data(after));
        kundig_bytes_free(after);
        outputs_mark(&o);
        rc = s->call(&w, &o, &err);
        cr_assert(rc == KUNDIG_OK, "%s, again after allocation %zu: code %d, %s", s->name, n, rc,
                  err.message);
        kundig_bytes *shown = outputs_shown(&o);
        cr_assert(same_bytes(shown, wanted), "%s, again after allocation %zu: not %s but %s",
                  s->name, n, kundig_bytes_data(wanted), kundig_bytes_data(shown));
        kundig_bytes_free(shown);
    } else {
        cr_assert(!reached || !for_ever || n == SIZE_MAX,
                  "%s: succeeded although every allocation from %zu on failed", s->name, n);
    }
    outputs_free(&o);
    kundig_bytes_free(before);
    world_free(&w);
    cr_assert(probe_shared.live_blocks == kept, "%s, allocation %zu: %zu blocks live", s->name, n,
              probe_shared.live_blocks);
    return !reached;
}

static void load_inputs(void)
{
    FILE *file = fopen(SAMPLE, "wb");
    cr_assert(file != NULL);
    cr_assert(fwrite(sample, 1, sizeof sample - 1, file) == sizeof sample - 1);
    cr_assert(fclose(file) == 0);
    file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    cr_assert(file != NULL, "the tests need the package tzdata");
    zone_size = fread(zone_bytes, 1, sizeof zone_bytes, file);
    fclose(file);
}

Test(oom, every_call_fails_cleanly_at_every_allocation)
{
    load_inputs();
    size_t points = 0;
    kundig_error err;
    kundig_allocator allocator = hook();
    must(kundig_model_new(&allocator, WITH(taxonomy), &small_model, &err), &err, "model");
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        kundig_bytes *wanted = scenario_answer(&scenarios[i]);
        for (int for_ever = 0; for_ever < 2; for_ever++) {
            size_t n = 1;
            while (!sweep_point(&scenarios[i], n, for_ever, wanted)) {
                n = (scenarios[i].need & SPARSE) ? n + 1 + n / 4 : probe_next(n);
                points++;
            }
        }
        kundig_bytes_free(wanted);
    }
    remove(SAMPLE);
    kundig_model_free(small_model);
    cr_assert(probe_shared.live_blocks == 0, "%zu blocks live", probe_shared.live_blocks);
    fprintf(stderr, "oom: %zu allocations failed in %zu calls\n", points,
            sizeof scenarios / sizeof scenarios[0]);
    cr_assert(points > 500, "only %zu points: does the probe reach the library?", points);
}

Test(oom, a_memory_limit_is_an_error_and_never_a_crash)
{
    bool refused = false;
    bool passed = false;
    for (uint64_t limit = 256; limit < (1u << 24); limit += limit / 8) {
        kundig_options options;
        kundig_options_init(&options);
        options.allocator = hook();
        options.memory_limit = limit;
        kundig_error err = {0};
        world w;
        memset(&w, 0, sizeof w);
        world_query(&w);
        kundig_bytes *page = NULL;
        int rc = kundig_open(WITH(":memory:"), &options, &w.k, &err);
        if (!rc) {
            rc = kundig_ingest_bytes(w.k, WITH(sample), NULL, &w.report, &err);
        }
        if (!rc) {
            rc = kundig_measure(w.k, w.query, &w.table, &err);
        }
        if (!rc) {
            rc = kundig_analyze(w.k, NULL, w.report, NULL, &page, &err);
        }
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_LIMIT, "limit %zu: code %d, %s", (size_t)limit,
                  rc, err.message);
        cr_assert(!(rc && passed), "limit %zu refuses what a smaller one allowed", (size_t)limit);
        refused = refused || rc;
        passed = passed || !rc;
        kundig_bytes_free(page);
        world_free(&w);
        cr_assert(probe_shared.live_blocks == 0, "limit %zu: %zu blocks live", (size_t)limit,
                  probe_shared.live_blocks);
    }
    cr_assert(refused && passed);
}
