/* Which finds are told, and how.
 *
 * Stretches and rises are corrected apart, each over all groups that were looked at; what is no
 * rise or exceeds no chance is left out and counted in a note. The latest stands first.
 * Invariant: the order of rows follows from the facts alone. */
#include "why/emerging.h"

#include <inttypes.h>

#include "base/calendar.h"
#include "base/order.h"
#include "base/text.h"
#include "metrics/metric.h"
#include "metrics/quotes.h"
#include "why/why.h"

#define TELL_LEAST  3 /* customers */
#define TELL_WORDS  3 /* new words, at most */
#define TELL_QUOTES 2
#define TELL_QUOTED 200 /* rows with quotes: each is a pass */

static const char *const tell_kinds[] = {"burst", "rise", "novelty"};

/* ---- Conditions ----------------------------------------------------------------------------- */

static int tell_condition(kundig_query *query, const char *field, int32_t op, kundig_value *value,
                          uint32_t *all, kundig_error *err)
{
    uint32_t nodes[2] = {*all, 0};
    int rc = kundig_query_condition(query, field, strlen(field), op, value, value ? 1 : 0,
                                    &nodes[1], err);
    if (!rc && *all == KUNDIG__NO_NODE) {
        *all = nodes[1];
        return KUNDIG_OK;
    }
    return rc ? rc : kundig_query_combine(query, KUNDIG_ALL_OF, nodes, 2, all, err);
}

static int tell_from(const emerging_job *job, kundig_query *query, int64_t time, bool days,
                     int32_t op, uint32_t *all, kundig_error *err)
{
    char text[32];
    bool by_day = days || job->events.by_day;
    size_t len = by_day ? kundig__time_write(time * KUNDIG__DAY_MS, KUNDIG_PRECISION_DAY, text)
                        : kundig__time_write(time, KUNDIG_PRECISION_MS, text);
    kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = kundig__text(text, len)};
    return tell_condition(query, "time", op, &value, all, err);
}

/* Records from one time to before another, and, of novelty, near no known topic. */
static int tell_node(const emerging_job *job, kundig_query *query, int64_t from, int64_t to,
                     bool days, bool strange, uint32_t *all, kundig_error *err)
{
    *all = KUNDIG__NO_NODE;
    int rc = tell_from(job, query, from, days, KUNDIG_OP_GREATER_OR_EQUAL, all, err);
    rc = rc ? rc : tell_from(job, query, to, days, KUNDIG_OP_LESS, all, err);
    if (!rc && strange && job->events.said->novelties) {
        kundig_value value = {.type = KUNDIG_VALUE_NUMBER, .number = EMERGING_STRANGE / 1000.0};
        return tell_condition(query, "model:novelty", KUNDIG_OP_GREATER, &value, all, err);
    }
    if (!rc && strange) {
        rc = tell_condition(query, "model:topic", KUNDIG_OP_MISSING, NULL, all, err);
    }
    return rc;
}

/* ---- Words ---------------------------------------------------------------------------------- */

static int64_t tell_int(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_int(table, row, kundig_table_find_column(table, name, strlen(name)));
}

static int tell_word(emerging_job *job, const kundig_table *table, size_t row, uint64_t now,
                     uint64_t before, kundig_error *err)
{
    size_t q = kundig_table_find_column(table, "q", 1);
    size_t customers = kundig_table_find_column(table, "customers", 9);
    size_t above = kundig_table_find_column(table, "above_floor", 11);
    emerging_find find = {.kind = EMERGING_NOVELTY, .rises = true};
    void *finds = job->finds;
    find.group = job->events.group_count;
    find.from = job->period;
    find.to = job->next - 1;
    find.records = (uint64_t)tell_int(table, row, "a");
    find.named = !kundig_table_is_null(table, row, customers);
    find.customers = find.named ? (uint64_t)kundig_table_int(table, row, customers) : find.records;
    find.q = kundig_table_number(table, row, q);
    if (find.customers < TELL_LEAST || kundig_table_is_null(table, row, q) ||
        find.q > 1 - job->level ||
        (!kundig_table_is_null(table, row, above) && !kundig_table_int(table, row, above))) {
        return KUNDIG_OK;
    }
    kundig__rate_ratio(find.records, (double)now, (uint64_t)tell_int(table, row, "b"),
                       (double)before, job->level, &find.rate);
    find.p = find.rate.p;
    find.word = kundig__arena_text(&job->arena, kundig_table_text(table, row, 0));
    if (!find.word.data ||
        !kundig__grow(job->mem, &finds, &job->capacity, job->count + 1, sizeof *job->finds)) {
        return kundig__nomem(job->mem, err);
    }
    job->finds = finds;
    job->finds[job->count++] = find;
    return KUNDIG_OK;
}

int kundig__emerging_words(emerging_job *job, kundig_error *err)
{
    const emerging_events *events = &job->events;
    uint64_t start = events->starts[events->group_count];
    uint64_t end = events->starts[events->group_count + 1];
    uint64_t now = 0;
    uint64_t before = 0;
    for (uint64_t i = start; job->rises && i < end; i++) {
        int32_t day = events->days[events->members[i]];
        now += day >= job->period && day < job->next;
        before += day >= job->first && day < job->period;
    }
    if (now < TELL_LEAST || !before) {
        return KUNDIG_OK;
    }
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_words_options options;
    uint32_t a;
    uint32_t b;
    kundig_words_options_init(&options);
    options.limit = TELL_WORDS;
    int rc = kundig__query_copy(events->query, &job->mem->hook, &query, err);
    if (!rc) {
        query->group_field_count = 0;
        rc = tell_node(job, query, job->period, job->next, true, true, &a, err);
    }
    rc = rc ? rc : tell_node(job, query, job->first, job->period, true, true, &b, err);
    rc = rc ? rc : kundig__words(events->corpus, query, a, b, &options, &table, err);
    for (size_t row = 0; !rc && row < kundig_table_row_count(table); row++) {
        rc = tell_word(job, table, row, now, before, err);
    }
    kundig_table_free(table);
    kundig_query_free(query);
    return rc;
}

/* ---- Which ---------------------------------------------------------------------------------- */

/* q-values of rises, or of stretches with one for each group that has none. */
static int tell_correct(emerging_job *job, bool rises, kundig_error *err)
{
    size_t most = job->count + (rises ? 0 : (size_t)job->silent);
    double *p = kundig__alloc(job->mem, most * sizeof *p);
    double *q = kundig__alloc(job->mem, most * sizeof *q);
    uint32_t *scratch = kundig__alloc(job->mem, most * sizeof *scratch);
    size_t at = 0;
    if (p && q && scratch) {
        for (size_t i = 0; i < job->count; i++) {
            if (job->finds[i].rises == rises && !job->finds[i].word.data) {
                p[at++] = job->finds[i].p;
            }
        }
        for (uint64_t i = 0; !rises && i < job->silent; i++) {
            p[at++] = 1;
        }
        kundig__benjamini_hochberg(p, at, q, scratch);
        at = 0;
        for (size_t i = 0; i < job->count; i++) {
            if (job->finds[i].rises == rises && !job->finds[i].word.data) {
                job->finds[i].q = q[at++];
            }
        }
    }
    int rc = p && q && scratch ? KUNDIG_OK : kundig__nomem(job->mem, err);
    kundig__free(job->mem, p, most * sizeof *p);
    kundig__free(job->mem, q, most * sizeof *q);
    kundig__free(job->mem, scratch, most * sizeof *scratch);
    return rc;
}

/* Records and customers of a find, and the day it ends. */
static void tell_count(emerging_job *job, emerging_find *find)
{
    emerging_events *events = &job->events;
    uint64_t start = events->starts[find->group];
    const uint32_t *rows = events->members + start;
    uint32_t count = (uint32_t)(events->starts[find->group + 1] - start);
    int64_t from = find->from;
    int64_t to = find->to;
    find->until = (int32_t)to;
    if (find->word.data) {
        return;
    }
    if (!events->by_day) {
        /* rows are ordered by time, and days by time but where clocks are set back */
        uint32_t last = count;
        for (uint32_t i = 0; i < count; i++) {
            int64_t key = events->keys[rows[i]];
            int64_t day = events->days[rows[i]];
            bool inside = find->rises ? day >= from && day <= to : key >= from && key <= to;
            last = inside ? i : last;
        }
        if (!find->rises && last < count) {
            find->until = events->days[rows[last]];
        }
    }
    find->customers = kundig__emerging_customers(events, rows, count, from, to, find->rises,
                                                 ++job->mark, &find->records, &find->named);
}

static int tell_order(const void *ud, uint32_t a, uint32_t b)
{
    const emerging_job *job = ud;
    const emerging_find *first = &job->finds[a];
    const emerging_find *second = &job->finds[b];
    if (first->until != second->until) {
        return first->until > second->until ? -1 : 1;
    }
    if (first->q != second->q) {
        return first->q < second->q ? -1 : 1;
    }
    if (first->rate.lo != second->rate.lo) {
        return first->rate.lo > second->rate.lo ? -1 : 1;
    }
    uint32_t strange = job->events.group_count;
    if (first->group != second->group) {
        uint32_t place_a = first->group == strange ? strange : job->ranks[first->group];
        uint32_t place_b = second->group == strange ? strange : job->ranks[second->group];
        return place_a < place_b ? -1 : 1;
    }
    return a < b ? -1 : 1; /* as they were found: in order of time and level, words by z */
}

static int tell_choose(emerging_job *job, kundig_error *err)
{
    uint32_t groups = job->events.group_count;
    uint32_t *sorted = kundig__alloc(job->mem, groups * sizeof *sorted);
    job->ranks = kundig__alloc(job->mem, groups * sizeof *job->ranks);
    job->order = kundig__alloc(job->mem, job->count * sizeof *job->order);
    int rc = sorted && job->ranks && job->order ? KUNDIG_OK : kundig__nomem(job->mem, err);
    if (!rc) {
        for (uint32_t i = 0; i < groups; i++) {
            sorted[i] = i;
        }
        kundig__grouping_sort(job->events.grouping, sorted, groups);
        for (uint32_t i = 0; i < groups; i++) {
            job->ranks[sorted[i]] = i;
        }
        for (uint32_t i = 0; i < job->count; i++) {
            emerging_find *find = &job->finds[i];
            if (find->q <= 1 - job->level && find->rate.lo > 1) {
                tell_count(job, find);
                if (find->customers >= TELL_LEAST) {
                    job->order[job->told++] = i;
                }
            }
        }
        kundig__order_sort(job->order, job->told, tell_order, job);
    }
    kundig__free(job->mem, sorted, groups * sizeof *sorted);
    return rc;
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    TELL_TITLE,
    TELL_KIND,
    TELL_LEVEL,
    TELL_ONSET,
    TELL_UNTIL,
    TELL_RECORDS,
    TELL_CUSTOMERS,
    TELL_RATIO,
    TELL_LO,
    TELL_HI,
    TELL_P,
    TELL_Q,
    TELL_QUOTE
};

static void tell_columns(const emerging_job *job, kundig_table *table)
{
    const kundig__grouping *grouping = job->events.grouping;
    for (size_t key = 0; key < kundig__grouping_key_count(grouping); key++) {
        kundig__table_column_text(table, kundig__grouping_key_name(grouping, key),
                                  KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
    kundig__table_column(table, "title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "kind", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "level", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "onset", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "until", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "records", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "ratio", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE);
    kundig__table_column(table, "q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE);
    kundig__table_column(table, "quote_1", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "quote_2", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

/* The title of the first topic or theme among the keys. */
static kundig_text tell_title(const emerging_job *job, uint32_t group)
{
    const kundig__said *said = job->events.said;
    for (size_t key = 0; said && key < job->events.query->group_field_count; key++) {
        char buffer[32];
        kundig__field field;
        if (kundig__field_resolve(job->events.corpus, job->events.query->group_fields[key], &field,
                                  NULL) ||
            (field.type != KUNDIG__FIELD_TOPIC && field.type != KUNDIG__FIELD_THEME)) {
            continue;
        }
        bool topic = field.type == KUNDIG__FIELD_TOPIC;
        kundig_text name = kundig__grouping_key(job->events.grouping, group, key, buffer);
        const kundig__dict *names = topic ? said->topic_names : said->theme_names;
        uint32_t number = name.data ? kundig__dict_find(names, name.data, name.len) : UINT32_MAX;
        if (topic && number < kundig__model_topic_count(said->model)) {
            return kundig__model_topic(said->model, number)->title;
        }
        if (!topic && number < kundig__model_theme_count(said->model)) {
            return kundig__model_theme(said->model, number)->title;
        }
    }
    return kundig__text(NULL, 0);
}

static bool tell_same_keys(const emerging_job *job, const kundig__grouping *other, uint32_t number,
                           uint32_t group)
{
    for (size_t key = 0; key < kundig__grouping_key_count(other); key++) {
        char buffer_a[32];
        char buffer_b[32];
        kundig_text a = kundig__grouping_key(job->events.grouping, group, key, buffer_a);
        kundig_text b = kundig__grouping_key(other, number, key, buffer_b);
        if (!a.data != !b.data || !kundig__text_equal(a, b)) {
            return false;
        }
    }
    return true;
}

/* Typical comments of a find. */
static int tell_quotes(const emerging_job *job, const emerging_find *find,
                       uint32_t quotes[TELL_QUOTES], kundig_error *err)
{
    kundig_query *query = NULL;
    kundig__grouping *grouping = NULL;
    uint32_t *parts = NULL;
    uint32_t count = 0;
    uint32_t node;
    bool strange = find->group == job->events.group_count;
    int rc = kundig__query_copy(job->events.query, &job->mem->hook, &query, err);
    if (rc) {
        return rc;
    }
    query->group_field_count = strange ? 0 : query->group_field_count;
    rc = tell_node(job, query, find->from, find->to + 1, find->rises, strange, &node, err);
    if (!rc && find->word.data) {
        kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = find->word};
        rc = tell_condition(query, "text", KUNDIG_OP_CONTAINS, &value, &node, err);
    }
    rc = rc ? rc : kundig__grouping_new(job->events.corpus, query, node, &grouping, err);
    if (!rc) {
        count = kundig__grouping_count(grouping);
        parts = kundig__alloc(job->mem, count * sizeof *parts);
        rc = parts ? KUNDIG_OK : kundig__nomem(job->mem, err);
    }
    for (uint32_t i = 0; !rc && i < count; i++) {
        bool mine = strange || tell_same_keys(job, grouping, i, find->group);
        parts[i] = mine ? 0 : KUNDIG__NO_GROUP;
    }
    if (!rc) {
        kundig__quotes_ask ask = {
            .grouping = grouping, .parts = parts, .part_count = 1, .most = TELL_QUOTES};
        rc = kundig__quotes_of(job->events.corpus, &ask, quotes, err);
    }
    kundig__free(job->mem, parts, count * sizeof *parts);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    return rc;
}

static void tell_time(const emerging_job *job, kundig_table *table, size_t column, int64_t time,
                      bool days)
{
    char text[32];
    size_t len = days || job->events.by_day
                     ? kundig__time_write(time * KUNDIG__DAY_MS, KUNDIG_PRECISION_DAY, text)
                     : kundig__time_write(time, KUNDIG_PRECISION_MS, text);
    kundig__table_set_text(table, column, kundig__text(text, len));
}

static int tell_row(emerging_job *job, kundig_table *table, const emerging_find *find, bool quoted,
                    kundig_error *err)
{
    const kundig__grouping *grouping = job->events.grouping;
    size_t first = kundig__grouping_key_count(grouping);
    bool strange = find->group == job->events.group_count;
    kundig__table_row(table);
    for (size_t key = 0; !strange && key < first; key++) {
        char buffer[32];
        kundig__table_set_text(table, key,
                               kundig__grouping_key(grouping, find->group, key, buffer));
    }
    kundig__table_set_text(table, first + TELL_TITLE,
                           strange ? find->word : tell_title(job, find->group));
    kundig__table_set_text(table, first + TELL_KIND, kundig__str(tell_kinds[find->kind]));
    if (find->level) {
        kundig__table_set_int(table, first + TELL_LEVEL, find->level);
    }
    tell_time(job, table, first + TELL_ONSET, find->from, find->rises);
    tell_time(job, table, first + TELL_UNTIL, find->to, find->rises);
    kundig__table_set_int(table, first + TELL_RECORDS, (int64_t)find->records);
    if (find->named) {
        kundig__table_set_int(table, first + TELL_CUSTOMERS, (int64_t)find->customers);
    }
    kundig__table_set_number(table, first + TELL_RATIO, find->rate.ratio);
    kundig__table_set_number(table, first + TELL_LO, find->rate.lo);
    kundig__table_set_number(table, first + TELL_HI, find->rate.hi);
    kundig__table_set_number(table, first + TELL_P, find->p);
    kundig__table_set_number(table, first + TELL_Q, find->q);
    uint32_t quotes[TELL_QUOTES] = {KUNDIG__NO_ROW, KUNDIG__NO_ROW};
    int rc = quoted ? tell_quotes(job, find, quotes, err) : KUNDIG_OK;
    for (size_t i = 0; !rc && i < TELL_QUOTES; i++) {
        rc = kundig__quotes_set(table, first + TELL_QUOTE + i, job->events.corpus, quotes[i], err);
    }
    return rc;
}

static void tell_notes(const emerging_job *job, kundig_table *table)
{
    static const char *const units[] = {"", "day", "week", "month", "quarter", "year"};
    kundig__table_note(table,
                       "a customer counts once a %s and group; p of a burst is times the number of "
                       "stretches it was chosen from; what chance explains is left out",
                       units[job->every]);
    if (job->rises) {
        char label[16];
        size_t len = kundig__window_label(job->every, job->period, label);
        kundig__table_note(
            table, "rises: %.*s against the whole %ss before it, %" PRIu64 " groups looked at",
            (int)len, label, units[job->every], job->groups);
    } else {
        kundig__table_note(table, "rises need two whole %ss", units[job->every]);
    }
    if (job->told > TELL_QUOTED) {
        kundig__table_note(table, "comments are given for the first %d rows", TELL_QUOTED);
    }
    if (job->events.timeless) {
        kundig__table_note(table, "%" PRIu64 " records without a time are left out",
                           job->events.timeless);
    }
    kundig__left_out left_out;
    kundig__grouping_left_out(job->events.grouping, &left_out);
    kundig__left_out_notes(&left_out, table);
}

int kundig__emerging_tell(emerging_job *job, kundig_table **out, kundig_error *err)
{
    kundig_table *table = NULL;
    int rc = tell_correct(job, true, err);
    rc = rc ? rc : tell_correct(job, false, err);
    rc = rc ? rc : tell_choose(job, err);
    if (!rc) {
        table = kundig__table_new(job->mem);
        rc = table ? KUNDIG_OK : kundig__nomem(job->mem, err);
    }
    if (!rc) {
        tell_columns(job, table);
    }
    uint64_t limit = job->options->limit;
    for (size_t i = 0; !rc && i < job->told && (!limit || i < limit); i++) {
        rc = tell_row(job, table, &job->finds[job->order[i]], i < TELL_QUOTED, err);
    }
    if (!rc) {
        tell_notes(job, table);
    }
    kundig__free(job->mem, job->ranks, job->events.group_count * sizeof *job->ranks);
    kundig__free(job->mem, job->order, job->count * sizeof *job->order);
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    return kundig__table_finish(table, out, err);
}
