/* The one driver of all cases: bench list, bench run CASE [--json] [--records N] [--runs N].
 *
 * A case asks one question. Time is processor time on one core; each run is reported, the median
 * counts. Memory is what kundig asked its allocator hook for. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "feedback.h"

bench_memory bench_counted;

static void *counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    (void)ud;
    if (new_size == 0) {
        free(ptr);
        bench_counted.live_bytes -= ptr ? old_size : 0;
        return NULL;
    }
    void *fresh = realloc(ptr, new_size);
    if (fresh) {
        bench_counted.allocations++;
        bench_counted.live_bytes += new_size - (ptr ? old_size : 0);
        if (bench_counted.live_bytes > bench_counted.peak_bytes) {
            bench_counted.peak_bytes = bench_counted.live_bytes;
        }
    }
    return fresh;
}

kundig_allocator bench_allocator(void)
{
    return (kundig_allocator){counting, NULL};
}

double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void bench_check(int rc, const kundig_error *err, const char *what)
{
    if (rc) {
        fprintf(stderr, "bench: %s: %s\n", what, err ? err->message : kundig_strerror(rc));
        exit(1);
    }
}

void *bench_need(void *ptr)
{
    if (!ptr) {
        fprintf(stderr, "bench: no memory\n");
        exit(1);
    }
    return ptr;
}

static kundig *bench_open(void)
{
    kundig *k = NULL;
    kundig_error err;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = bench_allocator();
    bench_check(kundig_open(":memory:", 8, &options, &k, &err), &err, "open");
    return k;
}

static kundig_text text_of(const char *s)
{
    return (kundig_text){*s ? s : NULL, strlen(s)};
}

uint64_t bench_load(kundig *k, uint64_t records, bool customers, uint32_t comment_bytes)
{
    enum { BATCH = 20000 };
    feedback_record *made = bench_need(malloc(BATCH * sizeof *made));
    kundig_feedback *given = bench_need(malloc(BATCH * sizeof *given));
    kundig_score *scores = bench_need(malloc(BATCH * sizeof *scores));
    feedback_source source;
    feedback_start(&source, 1, records);
    source.comment_bytes = comment_bytes;
    source.no_comments = comment_bytes == 0;
    uint64_t text = 0;
    for (uint64_t done = 0; done < records;) {
        size_t count = records - done < BATCH ? (size_t)(records - done) : BATCH;
        for (size_t i = 0; i < count; i++) {
            feedback_next(&source, &made[i]);
            kundig_feedback_init(&given[i]);
            given[i].source = text_of("bench");
            given[i].time_ms = made[i].day * 86400000;
            given[i].time_precision = KUNDIG_PRECISION_DAY;
            given[i].channel = text_of(made[i].channel);
            given[i].touchpoint = text_of(made[i].touchpoint);
            given[i].stage = text_of(made[i].stage);
            given[i].language = text_of(made[i].language);
            given[i].id = text_of(made[i].id);
            if (customers) {
                given[i].customer = text_of(made[i].customer);
            }
            if (comment_bytes) {
                given[i].text = (kundig_text){made[i].comment, made[i].comment_len};
                text += made[i].comment_len;
            }
            if (made[i].nps >= 0) {
                scores[i] = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = made[i].nps};
                given[i].scores = &scores[i];
                given[i].score_count = 1;
            }
        }
        kundig_error err;
        kundig_added added;
        kundig_added_init(&added);
        bench_check(kundig_feedback_add(k, given, count, &added, &err), &err, "add");
        if (added.added != count) {
            fprintf(stderr, "bench: records were taken for others\n");
            exit(1);
        }
        done += count;
    }
    free(made);
    free(given);
    free(scores);
    return text;
}

/* ---- cases ------------------------------------------------------------------------------------
 */

typedef struct csv_text {
    char *data;
    size_t len;
} csv_text;

static csv_text make_csv(uint64_t records, uint32_t comment_bytes)
{
    csv_text csv = {bench_need(malloc((size_t)records * 700 + 1024)), 0};
    feedback_source source;
    feedback_record record;
    feedback_start(&source, 1, records);
    source.comment_bytes = comment_bytes;
    csv.len = (size_t)sprintf(csv.data, "id,date,customer,channel,touchpoint,stage,nps,comment\n");
    for (uint64_t i = 0; i < records; i++) {
        feedback_next(&source, &record);
        if (record.comment_len > 500 || strchr(record.comment, '"')) {
            continue;
        }
        csv.len +=
            (size_t)sprintf(csv.data + csv.len, "%s,%s,%s,%s,%s,%s,", record.id, record.date,
                            record.customer, record.channel, record.touchpoint, record.stage);
        if (record.nps >= 0) {
            csv.len += (size_t)sprintf(csv.data + csv.len, "%d", record.nps);
        }
        csv.len += (size_t)sprintf(csv.data + csv.len, ",\"%s\"\n", record.comment);
    }
    return csv;
}

static void run_csv(uint64_t records, uint32_t runs, bench_result *result)
{
    csv_text csv = make_csv(records, 150);
    for (uint32_t run = 0; run < runs; run++) {
        kundig *k = bench_open();
        kundig_error err;
        double start = bench_seconds();
        bench_check(kundig_ingest_bytes(k, csv.data, csv.len, NULL, NULL, &err), &err, "ingest");
        result->seconds[run] = bench_seconds() - start;
        kundig_close(k);
    }
    result->records = records;
    result->bytes = csv.len;
    free(csv.data);
}

static kundig_query *make_query(const char *metric, const char *first, const char *second,
                                int32_t every);

/* From a file in memory to the share of comments with a topic: every comment is read. The model is
 * there already, or made as well. */
static void run_csv_topics(uint64_t records, uint32_t runs, bool ready_model, bench_result *result)
{
    csv_text csv = make_csv(records, 150);
    kundig_query *query = make_query("share", NULL, NULL, KUNDIG_EVERY_NONE);
    kundig_model *model = NULL;
    kundig_error err;
    if (ready_model) {
        bench_check(kundig_model_new(NULL, NULL, 0, &model, &err), &err, "model");
    }
    for (uint32_t run = 0; run < runs; run++) {
        kundig *k = bench_open();
        kundig_table *table = NULL;
        double start = bench_seconds();
        bench_check(kundig_set_model(k, model, &err), &err, "model");
        bench_check(kundig_ingest_bytes(k, csv.data, csv.len, NULL, NULL, &err), &err, "ingest");
        bench_check(kundig_measure(k, query, &table, &err), &err, "share");
        result->seconds[run] = bench_seconds() - start;
        kundig_table_free(table);
        kundig_close(k);
    }
    result->records = records;
    result->bytes = csv.len;
    kundig_query_free(query);
    kundig_model_free(model);
    free(csv.data);
}

static void run_csv_topics_warm(uint64_t records, uint32_t runs, bench_result *result)
{
    run_csv_topics(records, runs, true, result);
}

static void run_csv_topics_cold(uint64_t records, uint32_t runs, bench_result *result)
{
    run_csv_topics(records, runs, false, result);
}

static kundig_query *make_query(const char *metric, const char *first, const char *second,
                                int32_t every)
{
    kundig_query *query = NULL;
    kundig_error err;
    bench_check(kundig_query_new(NULL, &query), NULL, "query");
    bench_check(kundig_query_set_metric(query, metric, strlen(metric), &err), &err, metric);
    if (first) {
        bench_check(kundig_query_group_by(query, first, strlen(first), &err), &err, first);
    }
    if (second) {
        bench_check(kundig_query_group_by(query, second, strlen(second), &err), &err, second);
    }
    bench_check(kundig_query_set_every(query, every, &err), &err, "every");
    return query;
}

static void run_measure(uint64_t records, uint32_t runs, bool customers, bench_result *result)
{
    kundig *k = bench_open();
    bench_load(k, records, customers, 0);
    kundig_query *query = make_query("nps", "stage", "channel", KUNDIG_EVERY_MONTH);
    bench_counted.allocations = 0;
    bench_counted.peak_bytes = bench_counted.live_bytes;
    uint64_t before = bench_counted.live_bytes;
    for (uint32_t run = 0; run < runs; run++) {
        kundig_table *table = NULL;
        kundig_error err;
        double start = bench_seconds();
        bench_check(kundig_measure(k, query, &table, &err), &err, "measure");
        result->seconds[run] = bench_seconds() - start;
        if (kundig_table_row_count(table) < 2) {
            bench_check(KUNDIG_E_INTERNAL, NULL, "measure");
        }
        kundig_table_free(table);
    }
    result->records = records;
    result->allocations = bench_counted.allocations / runs;
    result->peak_bytes = bench_counted.peak_bytes - before; /* of the answer, not of the facts */
    kundig_query_free(query);
    kundig_close(k);
}

static void run_nps(uint64_t records, uint32_t runs, bench_result *result)
{
    run_measure(records, runs, false, result);
}

static void run_nps_customers(uint64_t records, uint32_t runs, bench_result *result)
{
    run_measure(records, runs, true, result);
}

static void run_memory(uint64_t records, uint32_t runs, bench_result *result)
{
    for (uint32_t run = 0; run < runs; run++) {
        kundig *k = bench_open();
        double start = bench_seconds();
        uint64_t text = bench_load(k, records, true, 150);
        result->seconds[run] = bench_seconds() - start;
        result->bytes = text;
        result->bytes_per_record =
            ((double)bench_counted.live_bytes - (double)text) / (double)records;
        kundig_close(k);
    }
    result->records = records;
}

static void run_contains(uint64_t records, uint32_t runs, bench_result *result)
{
    kundig *k = bench_open();
    kundig_error err;
    result->bytes = bench_load(k, records, true, 150);
    kundig_query *query = make_query("nps", NULL, NULL, KUNDIG_EVERY_NONE);
    uint32_t node = 0;
    bench_check(kundig_query_parse(query, "text contains \"hotline\"", 23, &node, &err), &err,
                "where");
    bench_check(kundig_query_keep(query, node, &err), &err, "where");
    for (uint32_t run = 0; run < runs; run++) {
        kundig_table *table = NULL;
        double start = bench_seconds();
        bench_check(kundig_measure(k, query, &table, &err), &err, "measure");
        result->seconds[run] = bench_seconds() - start;
        kundig_table_free(table);
    }
    result->records = records;
    kundig_query_free(query);
    kundig_close(k);
}

static void run_words(const char *words, uint64_t records, uint32_t runs, bench_result *result)
{
    kundig *k = bench_open();
    kundig_error err;
    result->bytes = bench_load(k, records, true, 110);
    for (uint32_t run = 0; run < runs; run++) {
        kundig_table *table = NULL;
        double start = bench_seconds();
        bench_check(kundig_search(k, words, strlen(words), NULL, 20, &table, &err), &err, "search");
        result->seconds[run] = bench_seconds() - start;
        kundig_table_free(table);
    }
    result->records = records;
    kundig_close(k);
}

static void run_search_row(uint64_t records, uint32_t runs, bench_result *result)
{
    run_words("\"zu spät\"", records, runs, result);
}

static void run_search_common(uint64_t records, uint32_t runs, bench_result *result)
{
    run_words("die", records, runs, result);
}

static void run_page(uint64_t records, uint32_t runs, bench_result *result)
{
    csv_text csv = make_csv(records, 150);
    for (uint32_t run = 0; run < runs; run++) {
        kundig *k = bench_open();
        kundig_bytes *page = NULL;
        kundig_ingest_report *report = NULL;
        kundig_error err;
        double start = bench_seconds();
        bench_check(kundig_ingest_bytes(k, csv.data, csv.len, NULL, &report, &err), &err, "ingest");
        bench_check(kundig_analyze(k, NULL, report, NULL, &page, &err), &err, "analyze");
        result->seconds[run] = bench_seconds() - start;
        kundig_bytes_free(page);
        kundig_ingest_report_free(report);
        kundig_close(k);
    }
    result->records = records;
    result->bytes = csv.len;
    free(csv.data);
}

static const bench_case cases[] = {
    {"csv_to_columns", "How many comments of 150 bytes become columns in a second?", 300000,
     run_csv},
    {"csv_topics_warm", "And are read for topics as well, with a model at hand?", 300000,
     run_csv_topics_warm},
    {"csv_topics_cold", "And with the model made in the same run?", 300000, run_csv_topics_cold},
    {"nps_two_by_month", "How long does NPS by two dimensions by month take?", 10000000, run_nps},
    {"nps_customers", "And where customers repeat, with the variance clustered?", 10000000,
     run_nps_customers},
    {"words_de", "How many bytes of German comments become hashes of words in a second?", 300000,
     bench_words_de},
    {"words_en", "And of English ones?", 300000, bench_words_en},
    {"pairs_de", "How many bytes of German comments become hashes of words and pairs in a second?",
     300000, bench_pairs_de},
    {"pairs_en", "And of English ones?", 300000, bench_pairs_en},
    {"characters_de", "How many, with rows of 2, 3 and 4 characters beside them, in German?",
     300000, bench_characters_de},
    {"characters_en", "And in English?", 300000, bench_characters_en},
    {"topics_warm", "How many comments of 150 bytes does the ready taxonomy read in a second?",
     300000, bench_topics_warm},
    {"topics_cold", "And where every thousand comments begin without caches?", 300000,
     bench_topics_cold},
    {"rules_100", "How long do 100 rules take to read comments?", 300000, bench_rules_100},
    {"rules_10000", "And 10,000 rules?", 300000, bench_rules_10000},
    {"memory", "How many bytes does a record take beside its text, with id and customer?", 1000000,
     run_memory},
    {"contains", "How fast is a word looked for in every comment, whatever its case?", 300000,
     run_contains},
    {"store_ingest", "How many records with random ids does a store take in a second?", 1000000,
     bench_store_ingest},
    {"store_plain", "And SQLite alone, the same rows in the same tables?", 1000000,
     bench_store_plain},
    {"store_open", "How long until a store of a million records has answered?", 1000000,
     bench_store_open},
    {"store_warm", "And with its cache?", 1000000, bench_store_warm},
    {"store_erase", "How long does it take to forget one customer among a million records?",
     1000000, bench_store_erase},
    {"search", "How fast are comments found by their words?", 1000000, bench_search},
    {"search_row", "And two words in a row, one with an umlaut?", 1000000, run_search_row},
    {"search_common", "And a word that stands in many comments?", 1000000, run_search_common},
    {"impact_million", "How fast is it said what fifty topics do to a score, with intervals?",
     1000000, bench_impact},
    {"impact_customers", "And where customers come back?", 1000000, bench_impact_customers},
    {"explain_million", "How fast is it said why a score moved, topic by topic?", 1000000,
     bench_explain},
    {"explain_customers", "And where customers come back?", 1000000, bench_explain_customers},
    {"page", "How long from a file in memory to the page of kundig analyze?", 100000, run_page},
};
enum { CASE_COUNT = sizeof cases / sizeof cases[0] };

/* ---- the driver -------------------------------------------------------------------------------
 */

static double median(const bench_result *result)
{
    double sorted[32];
    for (uint32_t i = 0; i < result->runs; i++) {
        uint32_t at = i;
        for (; at > 0 && sorted[at - 1] > result->seconds[i]; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = result->seconds[i];
    }
    uint32_t middle = result->runs / 2;
    return result->runs % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

static void show_json(const bench_case *c, const bench_result *r, bool first)
{
    double mid = median(r);
    printf("%s\n  {\"case\": \"%s\", \"question\": \"%s\", \"records\": %llu, \"bytes\": %llu, "
           "\"seconds\": %.6f, \"runs\": [",
           first ? "" : ",", c->name, c->question, (unsigned long long)r->records,
           (unsigned long long)r->bytes, mid);
    for (uint32_t i = 0; i < r->runs; i++) {
        printf("%s%.6f", i ? ", " : "", r->seconds[i]);
    }
    printf("], \"records_per_second\": %.0f, \"bytes_per_second\": %.0f, \"allocations\": %llu, "
           "\"peak_bytes\": %llu, \"bytes_per_record\": %.1f, \"probes_per_token\": %.3f}",
           (double)r->records / mid, (double)r->bytes / mid, (unsigned long long)r->allocations,
           (unsigned long long)r->peak_bytes, r->bytes_per_record, r->probes_per_token);
}

static void show_text(const bench_case *c, const bench_result *r)
{
    double mid = median(r);
    printf("%s: %s\n", c->name, c->question);
    printf("  %llu records in %.4f s (median of %u): %.0f records/s",
           (unsigned long long)r->records, mid, (unsigned)r->runs, (double)r->records / mid);
    if (r->bytes) {
        printf(", %.1f MB/s", (double)r->bytes / mid / 1e6);
    }
    printf("\n  %llu allocations, at most %.1f MB", (unsigned long long)r->allocations,
           (double)r->peak_bytes / 1e6);
    if (r->bytes_per_record > 0) {
        printf("; %.1f bytes a record beside the text", r->bytes_per_record);
    }
    if (r->probes_per_token > 0) {
        printf("; %.2f probes a token", r->probes_per_token);
    }
    printf("\n");
}

static int usage(void)
{
    fprintf(stderr, "usage: bench list\n"
                    "       bench run CASE|all [--json] [--records N] [--runs N]\n");
    return 2;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        for (size_t i = 0; i < CASE_COUNT; i++) {
            printf("%-18s %s\n", cases[i].name, cases[i].question);
        }
        return 0;
    }
    if (argc < 3 || strcmp(argv[1], "run") != 0) {
        return usage();
    }
    bool json = false;
    unsigned long long records = 0;
    unsigned long runs = 5;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--records") == 0 && i + 1 < argc) {
            records = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--runs") == 0 && i + 1 < argc) {
            runs = strtoul(argv[++i], NULL, 10);
        } else {
            return usage();
        }
    }
    if (runs < 1 || runs > 32) {
        return usage();
    }
    bool all = strcmp(argv[2], "all") == 0;
    size_t shown = 0;
    if (json) {
        kundig_version_set versions;
        kundig_version_set_init(&versions);
        bench_check(kundig_versions(&versions), NULL, "versions");
        printf("{\"version\": \"%s\", \"cases\": [", versions.library);
    }
    for (size_t i = 0; i < CASE_COUNT; i++) {
        if (!all && strcmp(argv[2], cases[i].name) != 0) {
            continue;
        }
        bench_result result = {.runs = (uint32_t)runs};
        bench_counted = (bench_memory){0};
        cases[i].run(records ? records : cases[i].records, (uint32_t)runs, &result);
        if (!result.allocations) {
            result.allocations = bench_counted.allocations / runs;
            result.peak_bytes = bench_counted.peak_bytes;
        }
        if (json) {
            show_json(&cases[i], &result, shown == 0);
        } else {
            show_text(&cases[i], &result);
        }
        fflush(stdout);
        shown++;
    }
    if (json) {
        printf("\n]}\n");
    }
    return shown ? 0 : usage();
}
