/* Keys with several values a row: a record counts in each of its topics, in each of its themes, and
 * in each topic beside its own theme, numbered densely or packed. */
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "base/prng.h"
#include "corpus/group.h"
#include "saying.h"
#include "topics/topics.h"

TestSuite(group_list, .fini = probe_fini);

enum { LIST_ROWS = 9000, LIST_LINE = 96 };

/* What record i is, whatever row it stands in. */
typedef struct list_record {
    uint8_t set;
    uint8_t language;
    int channel;
    int agent;
    int day;
    bool texted;
} list_record;

static list_record list_record_of(int i)
{
    kundig__prng prng;
    kundig__prng_init(&prng, (uint64_t)i + 77);
    list_record record = {0};
    /* Few say much: only some blocks need many layers. */
    int most = i == LIST_ROWS / 2 ? 6 : (int)kundig__prng_below(&prng, 3);
    record.texted = kundig__prng_below(&prng, 5) != 0 || i == LIST_ROWS / 2;
    record.channel = (int)kundig__prng_below(&prng, 3) - 1;
    record.agent = (int)kundig__prng_below(&prng, LIST_ROWS);
    record.day = (int)kundig__prng_below(&prng, 8) - 1;
    record.language = (uint8_t)kundig__prng_below(&prng, KUNDIG__LANGUAGE_COUNT);
    for (int n = 0; n < most && record.texted; n++) {
        record.set |= (uint8_t)(1u << kundig__prng_below(&prng, SAYING_TOPICS));
    }
    record.set = i == LIST_ROWS / 2 ? 63 : record.set;
    return record;
}

static void list_open(fixture *f, uint64_t seed)
{
    static uint32_t order[LIST_ROWS];
    static uint8_t sets[LIST_ROWS];
    static uint8_t languages[LIST_ROWS];
    kundig__prng prng;
    fixture_open(f);
    kundig__prng_init(&prng, seed);
    for (uint32_t i = 0; i < LIST_ROWS; i++) {
        uint32_t j = seed ? (uint32_t)kundig__prng_below(&prng, i + 1) : i;
        order[i] = order[j];
        order[j] = i;
    }
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (uint32_t row = 0; row < LIST_ROWS; row++) {
        list_record record = list_record_of((int)order[row]);
        char id[12];
        char agent[12];
        snprintf(id, sizeof id, "r%u", (unsigned)order[row]);
        snprintf(agent, sizeof agent, "%d", record.agent);
        kundig_feedback r = fixture_record(id, record.texted ? "words" : NULL);
        r.channel = kundig__str(record.channel < 0 ? NULL : record.channel ? "web" : "phone");
        r.agent = kundig__str(agent);
        r.time_ms = record.day < 0 ? KUNDIG_TIME_ABSENT : record.day * KUNDIG__DAY_MS;
        cr_assert_eq(kundig__batch_add(f->corpus, &r, NULL, NULL, &f->err), KUNDIG_OK);
        sets[row] = record.set;
        languages[row] = record.texted ? record.language : 0;
    }
    kundig__batch_commit(f->corpus);
    saying_plant(f, sets, languages);
    saying_feel(f);
}

/* Each group's keys and how many records it holds, one a line. Returned by malloc. */
static char *list_write(fixture *f, const char *const *fields, int32_t every, const char *where)
{
    bool packed = strcmp(fields[0], "agent") == 0;
    kundig__grouping *grouping = NULL;
    kundig_query *query = fixture_query(where);
    for (; *fields; fields++) {
        cr_assert_eq(kundig_query_group_by(query, *fields, strlen(*fields), &f->err), KUNDIG_OK);
    }
    kundig_query_set_every(query, every, &f->err);
    cr_assert_eq(kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
    cr_assert_eq(grouping->row_groups != NULL, packed);
    uint32_t count = kundig__grouping_count(grouping);
    uint32_t layers = kundig__grouping_layers(grouping);
    uint32_t *sizes = calloc(count + 1, sizeof *sizes);
    uint32_t *order = calloc(count + 1, sizeof *order);
    for (uint32_t first = 0; first < LIST_ROWS; first += KUNDIG__GROUP_BLOCK) {
        uint32_t n = LIST_ROWS - first;
        n = n < KUNDIG__GROUP_BLOCK ? n : KUNDIG__GROUP_BLOCK;
        uint32_t needed = kundig__grouping_layers_of(grouping, first, n);
        cr_assert_leq(needed, layers);
        for (uint32_t layer = 0; layer < layers; layer++) {
            uint32_t groups[KUNDIG__GROUP_BLOCK];
            kundig__grouping_rows(grouping, layer, first, n, groups);
            for (uint32_t i = 0; i < n; i++) {
                if (groups[i] != KUNDIG__NO_GROUP) {
                    cr_assert_lt(groups[i], count);
                    cr_assert_lt(layer, needed, "a layer that none of these rows needs");
                    sizes[groups[i]]++;
                }
            }
        }
    }
    size_t held = 0;
    for (uint32_t i = count; i-- > 0;) {
        if (sizes[i]) {
            order[held++] = i;
        }
    }
    kundig__grouping_sort(grouping, order, held);
    char *out = malloc(held * LIST_LINE + 1);
    size_t len = 0;
    for (size_t i = 0; i < held; i++) {
        for (size_t k = 0; k < kundig__grouping_key_count(grouping); k++) {
            char buffer[32];
            kundig_text key = kundig__grouping_key(grouping, order[i], k, buffer);
            len += (size_t)sprintf(out + len, "%.*s|", key.data ? (int)key.len : 1,
                                   key.data ? key.data : "-");
        }
        len += (size_t)sprintf(out + len, "%u\n", sizes[order[i]]);
    }
    out[len] = '\0';
    free(sizes);
    free(order);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    return out;
}

/* How often a line "keys|" stands for a record, by the plain meaning of the words. */
static uint32_t list_by_hand(const char *channel, const char *topic, const char *theme, int day)
{
    uint32_t count = 0;
    for (int i = 0; i < LIST_ROWS; i++) {
        list_record record = list_record_of(i);
        const char *have = record.channel < 0 ? "-" : record.channel ? "web" : "phone";
        bool fits = false;
        for (int t = 0; t < SAYING_TOPICS; t++) {
            fits = fits ||
                   ((record.set >> t & 1) && (!topic || strcmp(topic, saying_topics[t]) == 0) &&
                    (!theme || strcmp(theme, saying_themes[saying_theme_of[t]]) == 0));
        }
        fits = fits || (!record.set && (!topic || strcmp(topic, "-") == 0) &&
                        (!theme || strcmp(theme, "-") == 0));
        count +=
            fits && (!channel || strcmp(channel, have) == 0) && (day == -2 || record.day == day);
    }
    return count;
}

static void list_has_line(const char *lines, const char *keys, uint32_t count)
{
    char line[LIST_LINE];
    snprintf(line, sizeof line, "%s%u\n", keys, count);
    const char *at = strstr(lines, line);
    cr_assert(at && (at == lines || at[-1] == '\n'), "%s is not in\n%s", line, lines);
}

static size_t list_lines(const char *lines)
{
    size_t count = 0;
    for (; *lines; lines++) {
        count += *lines == '\n';
    }
    return count;
}

Test(group_list, a_record_counts_in_each_of_its_topics_and_of_its_themes_once)
{
    static const char *const by_topic[] = {"topic", NULL};
    static const char *const by_theme[] = {"model:theme", NULL};
    char keys[LIST_LINE];
    for (uint64_t seed = 0; seed < 2; seed++) {
        fixture f;
        list_open(&f, seed);
        char *lines = list_write(&f, by_topic, KUNDIG_EVERY_NONE, NULL);
        cr_assert_eq(list_lines(lines), SAYING_TOPICS + 1);
        cr_assert_eq(strncmp(lines, "-|", 2), 0, "missing first");
        for (int t = -1; t < SAYING_TOPICS; t++) {
            const char *topic = t < 0 ? "-" : saying_topics[t];
            snprintf(keys, sizeof keys, "%s|", topic);
            list_has_line(lines, keys, list_by_hand(NULL, topic, NULL, -2));
        }
        free(lines);
        lines = list_write(&f, by_theme, KUNDIG_EVERY_NONE, NULL);
        cr_assert_eq(list_lines(lines), SAYING_THEMES + 1);
        for (int t = -1; t < SAYING_THEMES; t++) {
            const char *theme = t < 0 ? "-" : saying_themes[t];
            snprintf(keys, sizeof keys, "%s|", theme);
            list_has_line(lines, keys, list_by_hand(NULL, NULL, theme, -2));
        }
        free(lines);
        fixture_close(&f);
    }
}

Test(group_list, a_topic_stands_beside_its_own_theme_and_never_beside_another)
{
    static const char *const both[] = {"theme", "channel", "topic", NULL};
    fixture f;
    char keys[LIST_LINE];
    list_open(&f, 3);
    char *lines = list_write(&f, both, KUNDIG_EVERY_NONE, NULL);
    cr_assert_eq(list_lines(lines), 3 * (SAYING_TOPICS + 1));
    for (int t = -1; t < SAYING_TOPICS; t++) {
        const char *topic = t < 0 ? "-" : saying_topics[t];
        const char *theme = t < 0 ? "-" : saying_themes[saying_theme_of[t]];
        snprintf(keys, sizeof keys, "%s|web|%s|", theme, topic);
        list_has_line(lines, keys, list_by_hand("web", topic, NULL, -2));
    }
    free(lines);
    fixture_close(&f);
}

Test(group_list, goes_with_windows_and_filters_in_any_order_of_rows)
{
    static const char *const fields[] = {"channel", "topic", NULL};
    char *expected = NULL;
    for (uint64_t seed = 0; seed < 3; seed++) {
        fixture f;
        char keys[LIST_LINE];
        list_open(&f, seed);
        char *lines = list_write(&f, fields, KUNDIG_EVERY_DAY, "channel != phone");
        for (int t = -1; t < SAYING_TOPICS; t++) {
            const char *topic = t < 0 ? "-" : saying_topics[t];
            snprintf(keys, sizeof keys, "web|%s|1970-01-03|", topic);
            list_has_line(lines, keys, list_by_hand("web", topic, NULL, 2));
        }
        cr_assert_null(strstr(lines, "phone"));
        if (expected) {
            cr_assert_str_eq(lines, expected);
            free(lines);
        } else {
            expected = lines;
        }
        fixture_close(&f);
    }
    free(expected);
}

Test(group_list, packed_groups_are_those_that_dense_ones_are)
{
    static const char *const packed[] = {"agent", "topic", "theme", "channel", NULL};
    char *expected = NULL;
    for (uint64_t seed = 0; seed < 3; seed++) {
        fixture f;
        list_open(&f, seed);
        char *lines = list_write(&f, packed, KUNDIG_EVERY_DAY, NULL);
        for (int t = -1; t < SAYING_TOPICS; t++) {
            const char *topic = t < 0 ? "-" : saying_topics[t];
            const char *theme = t < 0 ? "-" : saying_themes[saying_theme_of[t]];
            uint32_t sum = 0;
            char keys[LIST_LINE];
            snprintf(keys, sizeof keys, "|%s|%s|web|1970-01-03|", topic, theme);
            for (const char *at = strstr(lines, keys); at; at = strstr(at + 1, keys)) {
                sum += (uint32_t)strtoul(at + strlen(keys), NULL, 10);
            }
            cr_assert_eq(sum, list_by_hand("web", topic, NULL, 2), "%s", topic);
        }
        if (expected) {
            cr_assert_str_eq(lines, expected);
            free(lines);
        } else {
            expected = lines;
        }
        fixture_close(&f);
    }
    free(expected);
}

Test(group_list, languages_are_one_a_record_and_missing_where_nothing_is_said)
{
    static const char *const fields[] = {"text_language", NULL};
    fixture f;
    list_open(&f, 1);
    char *lines = list_write(&f, fields, KUNDIG_EVERY_NONE, NULL);
    cr_assert_eq(list_lines(lines), KUNDIG__LANGUAGE_COUNT + 1);
    for (int language = -1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        uint32_t count = 0;
        char keys[LIST_LINE];
        for (int i = 0; i < LIST_ROWS; i++) {
            list_record record = list_record_of(i);
            count += language < 0 ? !record.texted : record.texted && record.language == language;
        }
        snprintf(keys, sizeof keys, "%s|", language < 0 ? "-" : kundig__language_name(language));
        list_has_line(lines, keys, count);
    }
    free(lines);
    fixture_close(&f);
}

static const char *list_side_name(int side)
{
    return side ? kundig__sentiment_name(side).data : "-";
}

/* What a record feels about its topics of a theme (-1: a topic alone), else about all. */
static int list_side(int i, int theme, int topic)
{
    list_record record = list_record_of(i);
    bool sides[KUNDIG_SENTIMENT_MIXED + 1] = {false};
    bool any = false;
    for (int t = 0; t < SAYING_TOPICS; t++) {
        if ((record.set >> t & 1) && (theme < 0 ? t == topic : saying_theme_of[t] == theme)) {
            sides[saying_side(saying_mood((uint64_t)i, (uint32_t)t))] = true;
            any = true;
        }
    }
    if (!any) {
        return record.texted ? saying_side(saying_mood((uint64_t)i, SAYING_TOPICS))
                             : KUNDIG_SENTIMENT_UNKNOWN;
    }
    return sides[KUNDIG_SENTIMENT_MIXED] || (sides[1] && sides[3]) ? KUNDIG_SENTIMENT_MIXED
           : sides[1]                                              ? KUNDIG_SENTIMENT_NEGATIVE
           : sides[3]                                              ? KUNDIG_SENTIMENT_POSITIVE
           : sides[2]                                              ? KUNDIG_SENTIMENT_NEUTRAL
                                                                   : KUNDIG_SENTIMENT_UNKNOWN;
}

Test(group_list, a_sentiment_is_of_the_topic_or_theme_it_stands_beside)
{
    static const char *const by_topic[] = {"topic", "sentiment", NULL};
    static const char *const by_theme[] = {"sentiment", "theme", NULL};
    static const char *const alone[] = {"sentiment", NULL};
    char keys[LIST_LINE];
    fixture f;
    list_open(&f, 2);
    char *lines[3] = {list_write(&f, by_topic, KUNDIG_EVERY_NONE, NULL),
                      list_write(&f, by_theme, KUNDIG_EVERY_NONE, NULL),
                      list_write(&f, alone, KUNDIG_EVERY_NONE, NULL)};
    for (int side = 0; side <= KUNDIG_SENTIMENT_MIXED; side++) {
        uint32_t all = 0;
        for (int i = 0; i < LIST_ROWS; i++) {
            list_record record = list_record_of(i);
            all +=
                (record.texted ? saying_side(saying_mood((uint64_t)i, SAYING_TOPICS)) : 0) == side;
        }
        snprintf(keys, sizeof keys, "%s|", list_side_name(side));
        list_has_line(lines[2], keys, all);
        for (int t = -1; t < SAYING_TOPICS; t++) {
            uint32_t topics = 0;
            uint32_t themes = 0;
            for (int i = 0; i < LIST_ROWS; i++) {
                list_record record = list_record_of(i);
                unsigned of_theme = 0;
                for (int other = 0; other < SAYING_TOPICS; other++) {
                    of_theme |= saying_theme_of[other] == t ? 1u << other : 0;
                }
                topics +=
                    (t < 0 ? !record.set : record.set >> t & 1) && list_side(i, -1, t) == side;
                themes += t < SAYING_THEMES && (t < 0 ? !record.set : record.set & of_theme) &&
                          list_side(i, t < 0 ? SAYING_THEMES : t, 0) == side;
            }
            snprintf(keys, sizeof keys, "%s|%s|", t < 0 ? "-" : saying_topics[t],
                     list_side_name(side));
            if (topics) {
                list_has_line(lines[0], keys, topics);
            }
            snprintf(keys, sizeof keys, "%s|%s|", list_side_name(side),
                     t < 0 ? "-" : saying_themes[t < SAYING_THEMES ? t : 0]);
            if (themes) {
                list_has_line(lines[1], keys, themes);
            }
        }
    }
    for (int i = 0; i < 3; i++) {
        free(lines[i]);
    }
    fixture_close(&f);
}

Test(group_list, sentiments_in_packed_groups_are_those_in_dense_ones)
{
    static const char *const packed[] = {"agent",   "topic",         "sentiment", "theme",
                                         "channel", "text_language", NULL};
    static const char *const dense[] = {"topic", "sentiment", NULL};
    char *expected = NULL;
    for (uint64_t seed = 0; seed < 2; seed++) {
        fixture f;
        list_open(&f, seed);
        char *lines = list_write(&f, packed, KUNDIG_EVERY_NONE, NULL);
        char *few = list_write(&f, dense, KUNDIG_EVERY_NONE, NULL);
        for (char *line = strtok(few, "\n"); line; line = strtok(NULL, "\n")) {
            char keys[LIST_LINE];
            char *count = strrchr(line, '|') + 1;
            uint32_t sum = 0;
            int len = snprintf(keys, sizeof keys, "|%.*s", (int)(count - line), line);
            for (const char *at = lines; *at; at = strchr(at, '\n') + 1) {
                const char *end = strchr(at, '\n');
                if (strncmp(strchr(at, '|'), keys, (size_t)len) == 0) {
                    while (end[-1] != '|') {
                        end--;
                    }
                    sum += (uint32_t)strtoul(end, NULL, 10);
                }
            }
            cr_assert_eq(sum, strtoul(count, NULL, 10), "%s", keys);
        }
        free(few);
        if (expected) {
            cr_assert_str_eq(lines, expected);
            free(lines);
        } else {
            expected = lines;
        }
        fixture_close(&f);
    }
    free(expected);
}

Test(group_list, what_is_left_out_counts_a_record_once)
{
    fixture f;
    kundig__grouping *grouping = NULL;
    kundig__left_out left_out;
    list_open(&f, 1);
    kundig_query *query = fixture_query("topic in (delay, price, staff)");
    kundig_query_group_by(query, "topic", 5, &f.err);
    kundig_query_set_every(query, KUNDIG_EVERY_DAY, &f.err);
    cr_assert_eq(kundig__grouping_new(f.corpus, query, KUNDIG__NO_NODE, &grouping, &f.err),
                 KUNDIG_OK, "%s", f.err.message);
    cr_assert_eq(kundig__grouping_layers(grouping), 6);
    kundig__grouping_left_out(grouping, &left_out);
    uint64_t count = 0;
    for (int i = 0; i < LIST_ROWS; i++) {
        list_record record = list_record_of(i);
        count += record.day < 0 && (record.set & 26);
    }
    cr_assert_eq(left_out.no_time, count);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(group_list, a_corpus_where_nobody_says_anything_has_one_group)
{
    static const uint8_t none[3] = {0, 0, 0};
    fixture f;
    kundig__grouping *grouping = NULL;
    fixture_open(&f);
    kundig_feedback records[3] = {fixture_record("1", "a"), fixture_record("2", NULL),
                                  fixture_record("3", "b")};
    cr_assert_eq(fixture_add(&f, records, 3, NULL), KUNDIG_OK);
    saying_plant(&f, none, NULL);
    kundig_query *query = fixture_query(NULL);
    kundig_query_group_by(query, "theme", 5, &f.err);
    cr_assert_eq(kundig__grouping_new(f.corpus, query, KUNDIG__NO_NODE, &grouping, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(kundig__grouping_layers(grouping), 1);
    uint32_t groups[3];
    char buffer[32];
    kundig__grouping_rows(grouping, 0, 0, 3, groups);
    for (int i = 0; i < 3; i++) {
        cr_assert_null(kundig__grouping_key(grouping, groups[i], 0, buffer).data);
    }
    kundig__grouping_rows(grouping, 1, 0, 3, groups);
    cr_assert_eq(groups[0] & groups[1] & groups[2], KUNDIG__NO_GROUP);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t list_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(group_list, survives_failure_of_every_allocation)
{
    static const char *const fields[3][4] = {
        {"topic", "text_language"}, {"theme", "channel"}, {"agent", "topic", "theme", "channel"}};
    fixture f;
    list_open(&f, 1);
    for (int i = 0; i < 3; i++) {
        kundig_query *query = fixture_query("not theme = delivery");
        for (int k = 0; k < 4 && fields[i][k]; k++) {
            kundig_query_group_by(query, fields[i][k], strlen(fields[i][k]), &f.err);
        }
        if (i == 2) {
            kundig_query_set_every(query, KUNDIG_EVERY_DAY, &f.err);
        }
        fixture_sweep(&f, list_call, query);
        kundig_query_free(query);
    }
    fixture_close(&f);
}
