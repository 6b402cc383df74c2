/* Any text as a condition: it is refused with a place, or it is a query that answers twice the
 * same, for one thread and for several, whose canonical bytes are those of its copy, and whose
 * comments can be shown. Comments say something: conditions may be on topics. */
#include <stdlib.h>

#include "base/text.h"
#include "corpus/query.h"
#include "corpus/said.h"
#include "probe.h"
#include "table/table.h"

enum { FUZZ_QUERY_ROWS = 40, FUZZ_QUERY_LAYERS = 3 };

static void fuzz_query_fill(kundig__corpus *corpus)
{
    static const char *const channels[4] = {"web", "phone", NULL, "E-Mail"};
    static const char *const texts[3] = {"It came LATE, write to me@example.com", NULL,
                                         "a queue on the stra\xC3\x9F"
                                         "e, late staff"};
    kundig_error err;
    if (kundig__batch_begin(corpus, &err)) {
        abort();
    }
    for (int i = 0; i < FUZZ_QUERY_ROWS; i++) {
        kundig_feedback r;
        kundig_score scores[2] = {{.scale = KUNDIG_SCALE_NPS, .value = i % 11},
                                  {.scale = KUNDIG_SCALE_CSAT, .value = 1 + i % 5}};
        kundig_attribute attributes[3] = {
            {{"age", 3}, {.type = KUNDIG_VALUE_NUMBER, .number = i}},
            {{"vip", 3}, {.type = KUNDIG_VALUE_BOOL, .boolean = i % 2}},
            {{"two words", 9}, {.type = KUNDIG_VALUE_TEXT, .text = {"x", 1}}}};
        kundig_feedback_init(&r);
        r.text = kundig__str(texts[i % 3]);
        r.channel = kundig__str(channels[i % 4]);
        r.time_ms = i % 7 ? i * INT64_C(864000000) : KUNDIG_TIME_ABSENT;
        r.time_precision = i % 2 ? KUNDIG_PRECISION_DAY : KUNDIG_PRECISION_MS;
        r.scores = scores;
        r.score_count = (size_t)(i % 3);
        r.attributes = attributes;
        r.attribute_count = (size_t)(i % 4);
        if (kundig__batch_add(corpus, &r, NULL, NULL, &err)) {
            abort();
        }
    }
    kundig__batch_commit(corpus);
}

static void fuzz_query_model(kundig__corpus *corpus, const kundig_allocator *allocator)
{
    static const char taxonomy[] = "theme delivery: Delivery\ntopic delay: Late\nany: late\n"
                                   "theme service: Service\ntopic staff: Staff\nany: staff\n"
                                   "topic waiting: Waiting\nany: queue\n";
    kundig_model *model = NULL;
    kundig_error err;
    if (kundig_model_new(allocator, taxonomy, sizeof taxonomy - 1, &model, &err)) {
        abort();
    }
    kundig__corpus_set_model(corpus, model);
    kundig_model_free(model);
}

/* The groups of every layer; false where the query cannot be answered. */
static bool fuzz_query_groups(kundig__corpus *corpus, const kundig_query *query,
                              uint32_t out[FUZZ_QUERY_LAYERS][FUZZ_QUERY_ROWS])
{
    kundig__grouping *grouping = NULL;
    kundig_error err;
    int rc = kundig__grouping_new(corpus, query, KUNDIG__NO_NODE, &grouping, &err);
    if (rc) {
        if (rc != KUNDIG_E_NOT_FOUND && rc != KUNDIG_E_AMBIGUOUS && rc != KUNDIG_E_VALUE &&
            rc != KUNDIG_E_ARG) {
            abort();
        }
        return false;
    }
    if (kundig__grouping_layers(grouping) > FUZZ_QUERY_LAYERS) {
        abort();
    }
    for (uint32_t layer = 0; layer < FUZZ_QUERY_LAYERS; layer++) {
        kundig__grouping_rows(grouping, layer, 0, FUZZ_QUERY_ROWS, out[layer]);
    }
    kundig__grouping_free(grouping);
    return true;
}

static void fuzz_query_ask(kundig__corpus *corpus, kundig_query *query)
{
    uint32_t groups[3][FUZZ_QUERY_LAYERS][FUZZ_QUERY_ROWS];
    kundig_table *table = NULL;
    kundig_error err;
    if (!fuzz_query_groups(corpus, query, groups[0])) {
        return;
    }
    if (!fuzz_query_groups(corpus, query, groups[1]) ||
        memcmp(groups[0], groups[1], sizeof groups[0]) != 0) {
        abort();
    }
    if (kundig__corpus_comments(corpus, query, 3, &table, &err)) {
        abort();
    }
    kundig_table_free(table);
    /* By topic a record stands in its first group exactly if it stands in any. */
    if (kundig_query_group_by(query, "theme", 5, &err) ||
        kundig_query_group_by(query, "topic", 5, &err) ||
        !fuzz_query_groups(corpus, query, groups[2])) {
        abort();
    }
    for (uint32_t row = 0; row < FUZZ_QUERY_ROWS; row++) {
        bool in = groups[0][0][row] != KUNDIG__NO_GROUP;
        for (uint32_t layer = 0; layer < FUZZ_QUERY_LAYERS; layer++) {
            bool placed = groups[2][layer][row] != KUNDIG__NO_GROUP;
            if (layer == 0 ? placed != in : placed && !in) {
                abort();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__context context;
    kundig__corpus *corpus = NULL;
    kundig_query *query = NULL;
    kundig_query *copy = NULL;
    kundig_error err;
    uint32_t node = 0;
    memset(&context, 0, sizeof context);
    kundig__mem_init(&context.mem, &allocator, 0);
    context.threads = 1 + (uint32_t)(size % 3);
    context.mask = size % 2 ? KUNDIG_PERSONAL_ALL : 0;
    if (kundig__corpus_new(&context, &corpus, &err) || kundig_query_new(&allocator, &query)) {
        abort();
    }
    fuzz_query_fill(corpus);
    fuzz_query_model(corpus, &allocator);
    int rc = kundig_query_parse(query, (const char *)data, size, &node, &err);
    if (rc) {
        if (err.code != rc || err.pos > size || query->node_count) {
            abort();
        }
    } else {
        kundig__buf bytes;
        kundig__buf again;
        kundig__buf_init(&bytes, &context.mem);
        kundig__buf_init(&again, &context.mem);
        if (kundig_query_keep(query, node, &err) ||
            kundig__query_copy(query, &allocator, &copy, &err)) {
            abort();
        }
        kundig__query_canonical(query, &bytes);
        kundig__query_canonical(copy, &again);
        if (bytes.len != again.len || memcmp(bytes.data, again.data, bytes.len) != 0) {
            abort();
        }
        kundig__buf_free(&bytes);
        kundig__buf_free(&again);
        fuzz_query_ask(corpus, query);
    }
    kundig_query_free(copy);
    kundig_query_free(query);
    kundig__corpus_free(corpus);
    kundig__context_free(&context);
    probe_fini();
    return 0;
}
