/* How long it takes to say why a score is what it is: a million records, fifty topics, about one
 * and a half a record. Comments are read before, once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define WHY_TOPICS    50
#define WHY_BATCH     10000
#define WHY_CUSTOMERS 3 /* records of one, in the mean */
#define WHY_DAY_MS    INT64_C(86400000)

static const char *const why_moods[] = {"",         " was great", " was terrible",
                                        " was bad", " was fine",  " was helpful"};

static uint64_t why_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static kundig_model *why_model(void)
{
    kundig_error err = {0, 0, ""};
    kundig_allocator allocator = bench_allocator();
    kundig_model *model = NULL;
    char taxonomy[64 * (WHY_TOPICS + 1)];
    size_t len = (size_t)snprintf(taxonomy, sizeof taxonomy, "theme all: All\n");
    for (int i = 0; i < WHY_TOPICS; i++) {
        len += (size_t)snprintf(taxonomy + len, sizeof taxonomy - len,
                                "topic t%02d: Topic %d\nany: thing%c%c\n", i, i, 'a' + i / 10,
                                'a' + i % 10);
    }
    bench_check(kundig_model_new(&allocator, taxonomy, len, &model, &err), &err, "model");
    return model;
}

/* One record of those that come of a state; texts stay until the next batch. */
static void why_record(uint64_t *state, uint64_t number, uint64_t records, bool customers,
                       kundig_feedback *record, kundig_score *score, char text[160],
                       char names[2][24])
{
    int wanted = (int)(why_random(state) % 4); /* 0 to 3: one and a half */
    size_t len = 0;
    int answer = 7 + (int)(why_random(state) % 4);
    for (int i = 0; i < wanted; i++) {
        int topic = (int)(why_random(state) % WHY_TOPICS);
        size_t mood = (size_t)(why_random(state) % 6);
        len += (size_t)snprintf(text + len, 160 - len, "%sthe thing%c%c%s", i ? ", " : "",
                                'a' + topic / 10, 'a' + topic % 10, why_moods[mood]);
        answer -= mood == 2 || mood == 3 ? 3 : 0;
    }
    if (!wanted) {
        len = (size_t)snprintf(text, 160, "nothing to say");
    }
    kundig_feedback_init(record);
    *score = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = answer < 0 ? 0 : answer};
    record->source = (kundig_text){"bench", 5};
    record->text = (kundig_text){text, len};
    record->id =
        (kundig_text){names[1], (size_t)snprintf(names[1], 24, "%llu", (unsigned long long)number)};
    record->language = (kundig_text){"en", 2};
    record->time_ms = INT64_C(1767225600000) + (int64_t)(number % 180) * WHY_DAY_MS;
    record->scores = score;
    record->score_count = 1;
    if (customers) {
        uint64_t who = why_random(state) % (records / WHY_CUSTOMERS + 1);
        record->customer = (kundig_text){
            names[0], (size_t)snprintf(names[0], 24, "c%llu", (unsigned long long)who)};
    }
}

static kundig *why_load(uint64_t records, bool customers)
{
    typedef struct why_batch {
        kundig_feedback records[WHY_BATCH];
        kundig_score scores[WHY_BATCH];
        char texts[WHY_BATCH][160];
        char names[WHY_BATCH][2][24];
    } why_batch;
    why_batch *batch = bench_need(malloc(sizeof *batch));
    kundig_error err = {0, 0, ""};
    kundig_options options;
    kundig *k = NULL;
    uint64_t state = 7;
    kundig_options_init(&options);
    options.allocator = bench_allocator();
    options.threads = 1;
    bench_check(kundig_open(":memory:", 8, &options, &k, &err), &err, "open");
    for (uint64_t done = 0; done < records;) {
        size_t count = records - done < WHY_BATCH ? (size_t)(records - done) : WHY_BATCH;
        for (size_t i = 0; i < count; i++) {
            why_record(&state, done + i, records, customers, &batch->records[i], &batch->scores[i],
                       batch->texts[i], batch->names[i]);
        }
        bench_check(kundig_feedback_add(k, batch->records, count, NULL, &err), &err, "add");
        done += count;
    }
    free(batch);
    kundig_model *model = why_model();
    bench_check(kundig_set_model(k, model, &err), &err, "model");
    kundig_model_free(model);
    return k;
}

static void why_impact_run(kundig *k)
{
    kundig_error err = {0, 0, ""};
    kundig_table *table = NULL;
    bench_check(kundig_impact(k, NULL, 0, &table, &err), &err, "impact");
    if (kundig_table_row_count(table) != WHY_TOPICS + 1) {
        bench_check(KUNDIG_E_INTERNAL, NULL, "impact");
    }
    kundig_table_free(table);
}

static void why_explain_run(kundig *k)
{
    kundig_error err = {0, 0, ""};
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    kundig_query *query = NULL;
    kundig_allocator allocator = bench_allocator();
    uint32_t nodes[2];
    static const char *const halves[] = {"time = 2026-Q1", "time = 2026-Q2"};
    bench_check(kundig_query_new(&allocator, &query), NULL, "query");
    bench_check(kundig_query_group_by(query, "topic", 5, &err), &err, "query");
    for (int i = 0; i < 2; i++) {
        bench_check(kundig_query_parse(query, halves[i], strlen(halves[i]), &nodes[i], &err), &err,
                    "query");
    }
    bench_check(
        kundig_explain(k, query, nodes[0], nodes[1], NULL, tables, KUNDIG_EXPLAIN_TABLES, &err),
        &err, "explain");
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
    kundig_query_free(query);
}

/* Once to read the comments, then so often to be timed. */
static void why_run(uint64_t records, uint32_t runs, bool customers, void (*ask)(kundig *k),
                    bench_result *result)
{
    kundig *k = why_load(records, customers);
    ask(k);
    for (uint32_t run = 0; run < runs; run++) {
        double start = bench_seconds();
        ask(k);
        result->seconds[run] = bench_seconds() - start;
    }
    result->records = records;
    kundig_close(k);
}

void bench_impact(uint64_t records, uint32_t runs, bench_result *result)
{
    why_run(records, runs, false, why_impact_run, result);
}

void bench_impact_customers(uint64_t records, uint32_t runs, bench_result *result)
{
    why_run(records, runs, true, why_impact_run, result);
}

void bench_explain(uint64_t records, uint32_t runs, bench_result *result)
{
    why_run(records, runs, false, why_explain_run, result);
}

void bench_explain_customers(uint64_t records, uint32_t runs, bench_result *result)
{
    why_run(records, runs, true, why_explain_run, result);
}
