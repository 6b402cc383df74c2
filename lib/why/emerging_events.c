/* Records to events in time: which group, when, whose.
 *
 * Where any record that is asked for is known by its day alone, all are taken by their day in the
 * query's zone. Invariant: members of a group stand in order of time; records of one time may stand
 * in any order, and nothing that is told depends on it.
 * Cost: two passes over the records a layer, and a sort of each group's. */
#include "why/emerging.h"

#include "base/calendar.h"
#include "base/order.h"
#include "corpus/rows.h"

static int emerging_order(const void *ud, uint32_t a, uint32_t b)
{
    const emerging_events *events = ud;
    if (events->keys[a] != events->keys[b]) {
        return events->keys[a] < events->keys[b] ? -1 : 1;
    }
    return events->days[a] < events->days[b] ? -1 : events->days[a] > events->days[b];
}

static void emerging_sort(const emerging_events *events, uint32_t *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (emerging_order(events, rows[i - 1], rows[i]) > 0) {
            kundig__order_sort(rows, count, emerging_order, events);
            return;
        }
    }
}

/* Call with every block of rows: the groups of the first layer. */
static uint32_t emerging_block(const emerging_events *events, uint32_t first)
{
    uint32_t left = events->rows - first;
    return left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
}

/* Rows that are asked for and have a time: days[row] is 0, else EMERGING_NO_DAY. */
static int emerging_select(emerging_events *events, int64_t *least, int64_t *greatest,
                           kundig_error *err)
{
    const int64_t *times = kundig__corpus_times(events->corpus);
    const uint8_t *precisions = kundig__corpus_precisions(events->corpus);
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < events->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = emerging_block(events, first);
        int rc = kundig__progress(kundig__corpus_context(events->corpus), first, events->rows, err);
        if (rc) {
            return rc;
        }
        kundig__grouping_rows(events->grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t row = first + i;
            bool asked = groups[i] != KUNDIG__NO_GROUP;
            bool timed = times && times[row] != KUNDIG_TIME_ABSENT;
            events->days[row] = asked && timed ? 0 : EMERGING_NO_DAY;
            events->timeless += asked && !timed;
            if (asked && timed) {
                events->all_count++;
                *least = times[row] < *least ? times[row] : *least;
                *greatest = times[row] > *greatest ? times[row] : *greatest;
                events->by_day =
                    events->by_day || (precisions && precisions[row] == KUNDIG_PRECISION_DAY);
            }
        }
    }
    return KUNDIG_OK;
}

/* When: local days of the rows that count, and what they are ordered by. */
static int emerging_when(emerging_events *events, kundig_error *err)
{
    int64_t least = INT64_MAX;
    int64_t greatest = INT64_MIN;
    kundig__period period;
    const kundig__zone *zone = NULL;
    int rc = emerging_select(events, &least, &greatest, err);
    rc = rc ? rc
            : kundig__zone_get(kundig__corpus_context(events->corpus), events->query->zone, &zone,
                               err);
    rc = rc ? rc
            : kundig__period_init(&period, events->mem, zone, KUNDIG_EVERY_DAY, least, greatest,
                                  err);
    if (rc) {
        return rc;
    }
    const int64_t *times = kundig__corpus_times(events->corpus);
    const uint8_t *precisions = kundig__corpus_precisions(events->corpus);
    uint32_t at = 0;
    for (uint32_t row = 0; row < events->rows; row++) {
        if (events->days[row] == EMERGING_NO_DAY) {
            continue;
        }
        bool written = precisions && precisions[row] == KUNDIG_PRECISION_DAY;
        int32_t day = period.starts[kundig__period_window(&period, times[row], written)];
        events->days[row] = day;
        events->keys[row] = events->by_day ? day : times[row];
        events->first_day = !at || day < events->first_day ? day : events->first_day;
        events->last_day = !at || day > events->last_day ? day : events->last_day;
        events->all[at++] = row;
    }
    kundig__period_free(&period);
    emerging_sort(events, events->all, events->all_count);
    return KUNDIG_OK;
}

/* Is a comment near no known topic? */
static bool emerging_is_strange(const emerging_events *events, uint32_t row)
{
    const kundig__said *said = events->said;
    if (!said || row >= said->rows || !kundig__corpus_text(events->corpus, row).len) {
        return false;
    }
    return said->novelties ? said->novelties[row] > EMERGING_STRANGE
                           : said->starts[row] == said->starts[row + 1];
}

/* With `members` NULL rows are counted into starts[group + 1], else laid at starts[group]++. */
static void emerging_pass(emerging_events *events, bool lay)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < events->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = emerging_block(events, first);
        uint32_t layers = kundig__grouping_layers_of(events->grouping, first, count);
        for (uint32_t layer = 0; layer <= layers; layer++) {
            if (layer < layers) {
                kundig__grouping_rows(events->grouping, layer, first, count, groups);
            }
            for (uint32_t i = 0; i < count; i++) {
                uint32_t row = first + i;
                uint32_t group = layer < layers                     ? groups[i]
                                 : emerging_is_strange(events, row) ? events->group_count
                                                                    : KUNDIG__NO_GROUP;
                if (group == KUNDIG__NO_GROUP || events->days[row] == EMERGING_NO_DAY) {
                    continue;
                }
                if (lay) {
                    events->members[events->starts[group]++] = row;
                } else {
                    events->starts[group + 1]++;
                }
            }
        }
    }
}

static int emerging_members(emerging_events *events, kundig_error *err)
{
    uint32_t count = events->group_count + 1;
    emerging_pass(events, false);
    for (uint32_t group = 0; group < count; group++) {
        events->starts[group + 1] += events->starts[group];
    }
    events->member_count = events->starts[count];
    events->members =
        kundig__alloc(events->mem, (size_t)events->member_count * sizeof *events->members);
    if (!events->members) {
        return kundig__nomem(events->mem, err);
    }
    emerging_pass(events, true);
    for (uint32_t group = count; group > 0; group--) {
        events->starts[group] = events->starts[group - 1];
    }
    events->starts[0] = 0;
    for (uint32_t group = 0; group < count; group++) {
        emerging_sort(events, events->members + events->starts[group],
                      (size_t)(events->starts[group + 1] - events->starts[group]));
    }
    return KUNDIG_OK;
}

int kundig__emerging_events_new(kundig__corpus *corpus, const kundig_query *query,
                                emerging_events *out, kundig_error *err)
{
    const kundig__dimension *people = NULL;
    memset(out, 0, sizeof *out);
    out->corpus = corpus;
    out->mem = &kundig__corpus_context(corpus)->mem;
    out->rows = kundig__corpus_rows(corpus);
    int rc = kundig__query_copy(query, &out->mem->hook, &out->query, err);
    if (!rc) {
        out->query->every = KUNDIG_EVERY_NONE;
        rc = out->query->group_field_count
                 ? KUNDIG_OK
                 : kundig_query_group_by(out->query, "topic", 5, err);
    }
    rc = rc ? rc : kundig__corpus_people(corpus, &people, err);
    if (!rc && kundig__query_reads_said(out->query, corpus)) {
        rc = kundig__corpus_said(corpus, &out->said, err);
    }
    rc = rc ? rc : kundig__grouping_new(corpus, out->query, KUNDIG__NO_NODE, &out->grouping, err);
    if (rc) {
        return rc;
    }
    out->people = people->codes;
    out->people_count = people->dict.count + 1;
    out->group_count = kundig__grouping_count(out->grouping);
    out->keys = kundig__alloc(out->mem, out->rows * sizeof *out->keys);
    out->days = kundig__alloc(out->mem, out->rows * sizeof *out->days);
    out->all = kundig__alloc(out->mem, out->rows * sizeof *out->all);
    out->stamps = kundig__alloc_zero(out->mem, out->people_count * sizeof *out->stamps);
    out->starts =
        kundig__alloc_zero(out->mem, ((size_t)out->group_count + 2) * sizeof *out->starts);
    if (!out->keys || !out->days || !out->all || !out->stamps || !out->starts) {
        return kundig__nomem(out->mem, err);
    }
    rc = emerging_when(out, err);
    return rc ? rc : emerging_members(out, err);
}

void kundig__emerging_events_free(emerging_events *events)
{
    kundig__mem *mem = events->mem;
    kundig__free(mem, events->keys, events->rows * sizeof *events->keys);
    kundig__free(mem, events->days, events->rows * sizeof *events->days);
    kundig__free(mem, events->all, events->rows * sizeof *events->all);
    kundig__free(mem, events->stamps, events->people_count * sizeof *events->stamps);
    kundig__free(mem, events->starts, ((size_t)events->group_count + 2) * sizeof *events->starts);
    kundig__free(mem, events->members, (size_t)events->member_count * sizeof *events->members);
    kundig__grouping_free(events->grouping);
    kundig_query_free(events->query);
}

static bool emerging_stamp(emerging_events *events, uint32_t row, uint32_t mark, uint32_t period)
{
    uint32_t person = events->people ? events->people[row] : 0;
    uint64_t stamp = (uint64_t)mark << 32 | period;
    if (!person) {
        return true;
    }
    if (events->stamps[person] == stamp) {
        return false;
    }
    events->stamps[person] = stamp;
    return true;
}

uint32_t kundig__emerging_first(emerging_events *events, const uint32_t *rows, uint32_t count,
                                int32_t every, uint32_t mark, uint32_t *out)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t start = kundig__window_start(every, events->days[rows[i]]);
        if (emerging_stamp(events, rows[i], mark, (uint32_t)(int32_t)start)) {
            out[found++] = i;
        }
    }
    return found;
}

uint64_t kundig__emerging_customers(emerging_events *events, const uint32_t *rows, uint32_t count,
                                    int64_t from, int64_t to, bool days, uint32_t mark,
                                    uint64_t *records, bool *named)
{
    uint64_t customers = 0;
    *records = 0;
    *named = false;
    for (uint32_t i = 0; i < count; i++) {
        int64_t when = days ? events->days[rows[i]] : events->keys[rows[i]];
        if (when >= from && when <= to) {
            ++*records;
            *named = *named || (events->people && events->people[rows[i]]);
            customers += emerging_stamp(events, rows[i], mark, 0);
        }
    }
    return customers;
}
