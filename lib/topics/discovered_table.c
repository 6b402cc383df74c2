/* What a model discovered, as tables, and as a taxonomy to start from.
 *
 * A topic that is part of another has no row: its texts count in the whole. Cost: n log n in the
 * topics. */
#include "base/order.h"
#include "base/text.h"
#include "table/table.h"
#include "topics/compiled.h"
#include "topics/discovered_show.h"
#include "topics/taxonomy_build.h"

static const char *const discovered_came[] = {
    [KUNDIG__CAME_NEW] = "new",       [KUNDIG__CAME_KEPT] = "kept", [KUNDIG__CAME_SPLIT] = "split",
    [KUNDIG__CAME_MERGED] = "merged", [KUNDIG__CAME_GONE] = "gone", [KUNDIG__CAME_TOLD] = "told"};

kundig_text kundig__came_name(int came)
{
    return kundig__str(discovered_came[came]);
}

/* ---- Topics --------------------------------------------------------------------------------- */

static int discovered_row_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__discovered *discovered = ud;
    uint64_t left = discovered->topics[a].texts;
    uint64_t right = discovered->topics[b].texts;
    if (left != right) {
        return left > right ? -1 : 1;
    }
    return kundig__text_order(discovered->topics[a].name, discovered->topics[b].name);
}

void kundig__topic_words_text(kundig__buf *buf, const kundig__discovered_topic *topic)
{
    for (uint32_t i = 0; i < topic->word_count; i++) {
        kundig__buf_str(buf, i ? "; " : "");
        kundig__buf_text(buf, topic->words[i].name);
        kundig__buf_char(buf, ' ');
        kundig__buf_fixed(buf, topic->words[i].weight, 2);
    }
}

static void discovered_examples_text(kundig__buf *buf, const kundig__discovered_topic *topic)
{
    for (uint32_t i = 0; i < topic->example_count; i++) {
        kundig__buf_str(buf, i ? "; " : "");
        kundig__buf_text(buf, topic->sources[i]);
        kundig__buf_str(buf, topic->sources[i].len ? " " : "");
        kundig__buf_text(buf, topic->ids[i]);
    }
}

/* Text of a cell that is made; an empty one stays null. */
static void discovered_set_made(kundig_table *table, size_t column, kundig__buf *buf)
{
    if (buf->len) {
        kundig__table_set_text(table, column, kundig__text(buf->data, buf->len));
    }
}

typedef struct discovered_columns {
    size_t theme, topic, theme_title, title, texts, customers, share, sureness, words, examples;
    size_t collisions, came, from, matches, agreement, state;
} discovered_columns;

static void discovered_columns_add(kundig_table *table, discovered_columns *at)
{
    at->theme = kundig__table_column(table, "theme", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->topic = kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->theme_title =
        kundig__table_column(table, "theme_title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->title = kundig__table_column(table, "title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->texts = kundig__table_column(table, "texts", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    at->customers = kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    at->share = kundig__table_column(table, "share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    at->sureness = kundig__table_column(table, "sureness", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    at->words = kundig__table_column(table, "words", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->examples = kundig__table_column(table, "examples", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->collisions =
        kundig__table_column(table, "collisions", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    at->came = kundig__table_column(table, "came", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->from = kundig__table_column(table, "from", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->matches = kundig__table_column(table, "matches", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    at->agreement =
        kundig__table_column(table, "agreement", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    at->state = kundig__table_column(table, "state", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

static void discovered_row(kundig_table *table, const discovered_columns *at,
                           const kundig__discovered *discovered, uint32_t cluster, kundig__buf *buf)
{
    const kundig__clustering_facts *facts = kundig__clustered_facts(discovered->clustered);
    const kundig__discovered_topic *topic = &discovered->topics[cluster];
    const kundig__discovered_theme *theme = &discovered->themes[topic->theme];
    kundig__table_row(table);
    kundig__table_set_text(table, at->theme, theme->name);
    kundig__table_set_text(table, at->topic, topic->name);
    kundig__table_set_text(table, at->theme_title, kundig__discovered_theme_title(theme));
    kundig__table_set_text(table, at->title, kundig__discovered_title(topic));
    kundig__table_set_int(table, at->texts, (int64_t)topic->texts);
    if (topic->customers != KUNDIG__NOT_COUNTED) {
        kundig__table_set_int(table, at->customers, (int64_t)topic->customers);
    }
    if (facts->texts) {
        kundig__table_set_number(table, at->share, (double)topic->texts / (double)facts->texts);
    }
    kundig__table_set_number(table, at->sureness, facts->clusters[cluster].sureness);
    buf->len = 0;
    kundig__topic_words_text(buf, topic);
    discovered_set_made(table, at->words, buf);
    buf->len = 0;
    discovered_examples_text(buf, topic);
    discovered_set_made(table, at->examples, buf);
    kundig__table_set_number(table, at->collisions, topic->collisions);
    kundig__table_set_text(table, at->came, kundig__came_name(topic->came));
    kundig__table_set_text(table, at->from, topic->from);
    kundig__table_set_text(table, at->matches, topic->matches);
    if (topic->matches.data) {
        kundig__table_set_number(table, at->agreement, topic->agreement);
    }
    bool hidden = kundig__discovered_hidden(discovered, cluster);
    if (hidden || topic->known.data || topic->pinned) {
        kundig__table_set_text(table, at->state,
                               kundig__str(hidden              ? "hidden"
                                           : topic->known.data ? "known"
                                                               : "pinned"));
    }
}

static int discovered_percent(double share)
{
    return (int)(share * 100 + 0.5);
}

static void discovered_notes(kundig_table *table, const kundig__discovered *discovered)
{
    const kundig__clustering_facts *facts = kundig__clustered_facts(discovered->clustered);
    uint32_t parts = 0;
    uint32_t unsure = 0;
    for (uint32_t i = 0; i < facts->cluster_count; i++) {
        parts += discovered->wholes[i] != i;
        unsure += facts->clusters[i].sureness < 0.5;
    }
    kundig__table_note(
        table, "%llu texts, %u topics in %u themes; %llu texts (%d %%) fit no topic well",
        (unsigned long long)facts->texts, facts->cluster_count - parts, facts->theme_count,
        (unsigned long long)facts->nowhere,
        facts->texts ? discovered_percent((double)facts->nowhere / (double)facts->texts) : 0);
    kundig__table_note(table,
                       "two halves of the texts agree on the topics to %d %%; %u of %u topics are "
                       "found again by less than half",
                       discovered_percent(facts->agreement), unsure, facts->cluster_count);
    if (facts->fitted < facts->texts) {
        kundig__table_note(table, "%llu texts were fitted, the others assigned",
                           (unsigned long long)facts->fitted);
    }
    if (parts) {
        kundig__table_note(table,
                           parts == 1 ? "one topic is part of another and counts there"
                                      : "%u topics are part of others and count there",
                           parts);
    }
    kundig__table_note(table, "read some comments of a topic before you trust its label; rename, "
                              "merge, split, pin or hide what you know better: it stays so");
}

static int discovered_check(const kundig_model *model, const void *out, kundig_error *err)
{
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    return KUNDIG_OK;
}

int kundig_model_discovered(const kundig_model *model, kundig_table **out, kundig_error *err)
{
    int rc = discovered_check(model, out, err);
    if (rc) {
        return rc;
    }
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    if (!discovered) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                            "the model discovered nothing: kundig_model_discover() makes one that "
                            "did");
    }
    kundig__mem mem;
    kundig__buf buf;
    discovered_columns at;
    uint32_t count = kundig__discovered_count(discovered);
    kundig__mem_init(&mem, &model->mem.hook, 0);
    uint32_t *order = kundig__alloc(&mem, count * sizeof *order);
    if (!order) {
        return kundig__nomem(&mem, err);
    }
    kundig__buf_init(&buf, &mem);
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, count, discovered_row_order, discovered);
    kundig_table *table = kundig__table_new(&mem);
    discovered_columns_add(table, &at);
    for (uint32_t i = 0; i < count; i++) {
        if (discovered->wholes[order[i]] == order[i]) {
            discovered_row(table, &at, discovered, order[i], &buf);
        }
    }
    discovered_notes(table, discovered);
    kundig__free(&mem, order, count * sizeof *order);
    if (buf.failed) {
        kundig__buf_free(&buf);
        kundig_table_free(table);
        return kundig__nomem(&mem, err);
    }
    kundig__buf_free(&buf);
    return kundig__table_finish(table, out, err);
}

/* ---- A taxonomy to start from --------------------------------------------------------------- */

/* In double quotes, those inside doubled. */
static void define_quoted(kundig__buf *buf, kundig_text text)
{
    kundig__buf_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        kundig__buf_str(buf, text.data[i] == '"' ? "\"" : "");
        kundig__buf_char(buf, text.data[i]);
    }
    kundig__buf_char(buf, '"');
}

static bool define_is_name(kundig_text name)
{
    return kundig__taxonomy_is_name(name) &&
           !kundig__text_equal_nocase(name, KUNDIG__TEXT("and")) &&
           !kundig__text_equal_nocase(name, KUNDIG__TEXT("or")) &&
           !kundig__text_equal_nocase(name, KUNDIG__TEXT("not"));
}

int kundig_model_define(const kundig_model *model, kundig_text topic, kundig_text name,
                        kundig_bytes **out, kundig_error *err)
{
    int rc = discovered_check(model, out, err);
    if (rc) {
        return rc;
    }
    if ((!topic.data && topic.len) || (!name.data && name.len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a text has a length but no bytes");
    }
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint32_t cluster = discovered ? kundig__discovered_find(discovered, topic) : KUNDIG__NO_CLUSTER;
    if (cluster == KUNDIG__NO_CLUSTER) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "the model discovered no topic '%.*s'",
                            kundig__shown(topic), topic.data ? topic.data : "");
    }
    if (!name.data || !define_is_name(name)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "'%.*s' is no name: a name holds letters, digits, _ - and . , 64 bytes "
                            "at most",
                            kundig__shown(name), name.data ? name.data : "");
    }
    kundig__mem mem;
    kundig__buf buf;
    const kundig__discovered_topic *found = &discovered->topics[cluster];
    kundig__mem_init(&mem, &model->mem.hook, 0);
    kundig__buf_init(&buf, &mem);
    kundig__buf_str(&buf, "topic ");
    kundig__buf_text(&buf, name);
    kundig__buf_str(&buf, ": ");
    define_quoted(&buf, kundig__discovered_title(found));
    kundig__buf_str(&buf, found->word_count
                              ? "\nany: "
                              : "\n# no word that enough customers use tells it: write some");
    for (uint32_t i = 0; i < found->word_count; i++) {
        kundig__buf_str(&buf, i ? ", " : "");
        define_quoted(&buf, found->words[i].name);
    }
    kundig__buf_char(&buf, '\n');
    rc = kundig__buf_take(&buf, out, err);
    kundig__buf_free(&buf);
    return rc;
}
