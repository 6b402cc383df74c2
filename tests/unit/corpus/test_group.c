/* Rows to groups: the same groups in the same order, whatever the order of rows and the way in
 * which they are numbered. */
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "base/prng.h"
#include "fixture.h"
#include "table/table.h"

TestSuite(group, .fini = probe_fini);

enum { GROUP_ROWS = 6000 };

typedef struct group_row {
    char id[12];
    char customer[12];
    int channel; /* -1: missing */
    int stage;
    int nps;
    int64_t time_ms;
    int32_t precision;
} group_row;

static const char *const group_channels[4] = {"web", "E-Mail", "phone", "\xC3\x84mter"};
static const char *const group_stages[3] = {"Order", "", "Use"};

static void group_rows_make(group_row *rows, uint64_t seed)
{
    kundig__prng prng;
    kundig__prng_init(&prng, seed);
    for (int i = 0; i < GROUP_ROWS; i++) {
        group_row *row = &rows[i];
        snprintf(row->id, sizeof row->id, "r%d", i);
        snprintf(row->customer, sizeof row->customer, "c%u",
                 (unsigned)kundig__prng_below(&prng, 2500));
        row->channel = (int)kundig__prng_below(&prng, 5) - 1;
        row->stage = (int)kundig__prng_below(&prng, 4) - 1;
        row->nps = (int)kundig__prng_below(&prng, 12) - 1;
        row->time_ms =
            INT64_C(1735689600000) + (int64_t)kundig__prng_below(&prng, 400) * KUNDIG__DAY_MS;
        row->precision = KUNDIG_PRECISION_DAY;
        if (kundig__prng_below(&prng, 2)) {
            row->precision = KUNDIG_PRECISION_MS;
            row->time_ms += (int64_t)kundig__prng_below(&prng, 86400000);
        }
        if (kundig__prng_below(&prng, 20) == 0) {
            row->time_ms = KUNDIG_TIME_ABSENT;
        }
    }
}

static void group_rows_add(fixture *f, const group_row *rows, const uint32_t *order)
{
    kundig_error err;
    cr_assert_eq(kundig__batch_begin(f->corpus, &err), KUNDIG_OK);
    for (int i = 0; i < GROUP_ROWS; i++) {
        const group_row *row = &rows[order[i]];
        kundig_score score = fixture_nps(row->nps);
        kundig_feedback r = fixture_record(row->id, NULL);
        r.customer = kundig__str(row->customer);
        r.channel = kundig__str(row->channel < 0 ? NULL : group_channels[row->channel]);
        r.stage = kundig__str(row->stage < 0 ? NULL : group_stages[row->stage]);
        r.time_ms = row->time_ms;
        r.time_precision = row->precision;
        r.scores = &score;
        r.score_count = row->nps >= 0;
        cr_assert_eq(kundig__batch_add(f->corpus, &r, NULL, NULL, &err), KUNDIG_OK);
    }
    kundig__batch_commit(f->corpus);
}

/* One text a group: its keys and how many rows it holds. Returned by malloc. */
static char *group_write(fixture *f, const kundig_query *query)
{
    kundig__grouping *grouping = NULL;
    uint32_t rows = kundig__corpus_rows(f->corpus);
    cr_assert_eq(kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
    uint32_t count = kundig__grouping_count(grouping);
    uint32_t *sizes = calloc(count + 1, sizeof *sizes);
    uint32_t *order = calloc(count + 1, sizeof *order);
    char *out = malloc((size_t)GROUP_ROWS * 100 + 1);
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t groups[KUNDIG__GROUP_BLOCK];
        uint32_t n = rows - first < KUNDIG__GROUP_BLOCK ? rows - first : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, first, n, groups);
        for (uint32_t i = 0; i < n; i++) {
            if (groups[i] != KUNDIG__NO_GROUP) {
                cr_assert_lt(groups[i], count);
                sizes[groups[i]]++;
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
    return out;
}

static int group_line_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The same from the rows themselves, for channel, stage and month in UTC. */
static char *group_expect(const group_row *rows)
{
    static char lines[GROUP_ROWS][40];
    size_t count = 0;
    for (int i = 0; i < GROUP_ROWS; i++) {
        const group_row *row = &rows[i];
        if (row->time_ms == KUNDIG_TIME_ABSENT) {
            continue;
        }
        kundig__date date = kundig__date_from_days(kundig__floor_div(row->time_ms, KUNDIG__DAY_MS));
        /* \1 and \2 order missing before everything, \3 a text before its continuations. */
        snprintf(lines[count++], sizeof lines[0], "%s%s\3%s%s\3%04d-%02d\3",
                 row->channel < 0 ? "\1" : "\2",
                 row->channel < 0 ? "-" : group_channels[row->channel],
                 row->stage < 0 ? "\1" : "\2", row->stage < 0 ? "-" : group_stages[row->stage],
                 date.year, date.month);
    }
    qsort(lines, count, sizeof lines[0], group_line_order);
    char *out = malloc((size_t)GROUP_ROWS * 50 + 1);
    size_t len = 0;
    for (size_t i = 0; i < count;) {
        size_t same = i;
        while (same < count && strcmp(lines[i], lines[same]) == 0) {
            same++;
        }
        for (const char *c = lines[i]; *c; c++) {
            if (*c > 2 || *c < 0) {
                out[len++] = *c == 3 ? '|' : *c;
            }
        }
        len += (size_t)sprintf(out + len, "%zu\n", same - i);
        i = same;
    }
    out[len] = '\0';
    return out;
}

static void group_shuffle(uint32_t *order, uint64_t seed)
{
    kundig__prng prng;
    kundig__prng_init(&prng, seed);
    for (uint32_t i = 0; i < GROUP_ROWS; i++) {
        order[i] = i;
    }
    for (uint32_t i = GROUP_ROWS - 1; seed && i > 0; i--) {
        uint32_t j = (uint32_t)kundig__prng_below(&prng, i + 1);
        uint32_t swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}

Test(group, agrees_with_counting_by_hand_in_any_order_of_rows)
{
    static group_row rows[GROUP_ROWS];
    static uint32_t order[GROUP_ROWS];
    group_rows_make(rows, 11);
    char *expected = group_expect(rows);
    for (uint64_t seed = 0; seed < 3; seed++) {
        fixture f;
        fixture_open(&f);
        group_shuffle(order, seed);
        group_rows_add(&f, rows, order);
        kundig_query *query = fixture_query(NULL);
        kundig_query_group_by(query, "channel", 7, &f.err);
        kundig_query_group_by(query, "stage", 5, &f.err);
        kundig_query_set_every(query, KUNDIG_EVERY_MONTH, &f.err);
        char *got = group_write(&f, query);
        cr_assert_str_eq(got, expected);
        free(got);
        kundig_query_free(query);
        fixture_close(&f);
    }
    free(expected);
}

Test(group, many_combinations_are_packed_and_come_out_the_same_in_any_order)
{
    static group_row rows[GROUP_ROWS];
    static uint32_t order[GROUP_ROWS];
    char *first = NULL;
    group_rows_make(rows, 5);
    for (uint64_t seed = 0; seed < 3; seed++) {
        fixture f;
        fixture_open(&f);
        group_shuffle(order, seed);
        group_rows_add(&f, rows, order);
        kundig_query *query = fixture_query("channel != web");
        kundig_query_group_by(query, "nps", 3, &f.err);
        kundig_query_group_by(query, "customer", 8, &f.err);
        kundig_query_group_by(query, "channel", 7, &f.err);
        kundig_query_group_by(query, "stage", 5, &f.err);
        kundig_query_set_every(query, KUNDIG_EVERY_DAY, &f.err);
        kundig__grouping *grouping = NULL;
        cr_assert_eq(kundig__grouping_new(f.corpus, query, KUNDIG__NO_NODE, &grouping, &f.err),
                     KUNDIG_OK);
        cr_assert_leq(kundig__grouping_count(grouping), GROUP_ROWS, "only those that hold rows");
        kundig__grouping_free(grouping);
        char *got = group_write(&f, query);
        if (!first) {
            first = got;
        } else {
            cr_assert_str_eq(got, first);
            free(got);
        }
        kundig_query_free(query);
        fixture_close(&f);
    }
    cr_assert_eq(strncmp(first, "-|c", 3), 0, "missing first");
    cr_assert_null(strstr(first, "web"));
    cr_assert_not_null(strstr(first, "\n10|"));
    cr_assert_lt(strstr(first, "\n10|") - first, strstr(first, "\n2|") - first, "by bytes");
    free(first);
}

/* The windows of some instants, as text. */
static void group_windows(const char *zone, int32_t every, const int64_t *times,
                          const int32_t *precisions, size_t count, const char *expected)
{
    fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < count; i++) {
        char id[4] = {'r', (char)('0' + i), 0, 0};
        kundig_feedback r = fixture_record(id, NULL);
        r.time_ms = times[i];
        r.time_precision = precisions[i];
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = fixture_query(NULL);
    kundig_query_set_zone(query, zone, strlen(zone), &f.err);
    kundig_query_set_every(query, every, &f.err);
    char *got = group_write(&f, query);
    cr_assert_str_eq(got, expected);
    free(got);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(group, places_instants_by_the_zone_and_written_dates_as_written)
{
    /* The night of 2026-03-29 in Berlin has no 02:30: 00:59:59.999Z is 01:59 CET, 01:00Z 03:00
     * CEST. 22:00Z on the 29th is the 30th; on the 28th 22:30Z is still the 28th, 23:00Z is not. */
    static const int64_t times[7] = {INT64_C(1774745999999), INT64_C(1774746000000),
                                     INT64_C(1774821600000), INT64_C(1774737000000),
                                     INT64_C(1774738800000), INT64_C(1774742400000),
                                     INT64_C(1774828800000)};
    static const int32_t precisions[7] = {
        0, 0, 0, 0, 0, KUNDIG_PRECISION_DAY, KUNDIG_PRECISION_DAY};
    group_windows("Europe/Berlin", KUNDIG_EVERY_DAY, times, precisions, 7,
                  "2026-03-28|1\n2026-03-29|4\n2026-03-30|2\n");
    group_windows("UTC", KUNDIG_EVERY_DAY, times, precisions, 7,
                  "2026-03-28|2\n2026-03-29|4\n2026-03-30|1\n");
    group_windows("Europe/Berlin", KUNDIG_EVERY_WEEK, times, precisions, 7,
                  "2026-W13|5\n2026-W14|2\n");
    group_windows("America/New_York", KUNDIG_EVERY_QUARTER, times, precisions, 7, "2026-Q1|7\n");
    /* Kiritimati is 14 hours ahead, Niue 11 behind. */
    group_windows("Pacific/Kiritimati", KUNDIG_EVERY_DAY, times, precisions, 7,
                  "2026-03-29|5\n2026-03-30|2\n");
    group_windows("Pacific/Niue", KUNDIG_EVERY_DAY, times, precisions, 7,
                  "2026-03-28|4\n2026-03-29|2\n2026-03-30|1\n");
}

Test(group, windows_reach_from_the_first_year_to_the_last)
{
    static const int64_t times[3] = {INT64_C(-62135596800000), 0, INT64_C(253402300799999)};
    static const int32_t precisions[3] = {0, 0, 0};
    group_windows("UTC", KUNDIG_EVERY_YEAR, times, precisions, 3, "0001|1\n1970|1\n9999|1\n");
    group_windows("UTC", KUNDIG_EVERY_DAY, times, precisions, 3,
                  "0001-01-01|1\n1970-01-01|1\n9999-12-31|1\n");
}

Test(group, counts_what_purpose_consent_and_windows_leave_out)
{
    static const char *const purposes[6] = {NULL, "service", "marketing", "service", NULL, NULL};
    static const int32_t consents[6] = {0, KUNDIG_YES, 0, KUNDIG_NO, 0, 0};
    fixture f;
    fixture_open(&f);
    for (int i = 0; i < 6; i++) {
        char id[3] = {'r', (char)('0' + i), 0};
        kundig_feedback r = fixture_record(id, NULL);
        r.purpose = kundig__str(purposes[i]);
        r.consent = consents[i];
        r.time_ms = i < 4 ? i * KUNDIG__DAY_MS : KUNDIG_TIME_ABSENT;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    kundig__grouping *grouping = NULL;
    kundig_query *query = fixture_query(NULL);
    kundig__left_out out;
    cr_assert_eq(fixture_count(&f, query), 6);
    kundig_query_set_purpose(query, "service", 7, &f.err);
    cr_assert_eq(fixture_count(&f, query), 4);
    kundig_query_set_every(query, KUNDIG_EVERY_YEAR, &f.err);
    cr_assert_eq(fixture_count(&f, query), 2);
    cr_assert_eq(kundig__grouping_new(f.corpus, query, KUNDIG__NO_NODE, &grouping, &f.err),
                 KUNDIG_OK);
    kundig__grouping_left_out(grouping, &out);
    cr_assert_eq(out.no_time, 2);
    cr_assert_eq(out.no_consent, 1);
    cr_assert_eq(out.other_purpose, 1);
    kundig_table *table = kundig__table_new(&f.context.mem);
    kundig__left_out_notes(&out, table);
    cr_assert_eq(kundig__table_finish(table, &table, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig_table_note_count(table), 3);
    cr_assert_str_eq(kundig_table_note(table, 0),
                     "1 record carries a consent of \"no\" and is left out");
    cr_assert_str_eq(kundig_table_note(table, 2), "2 records have no time and are left out");
    kundig_table_free(table);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(group, as_of_leaves_out_what_came_later)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback r = fixture_record("instant", NULL);
    r.time_ms = INT64_C(1774749600000); /* 2026-03-29T02:00Z */
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r = fixture_record("date", NULL);
    r.time_ms = INT64_C(1774742400000); /* 2026-03-29, written */
    r.time_precision = KUNDIG_PRECISION_DAY;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r = fixture_record("timeless", NULL);
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig_query *query = fixture_query(NULL);
    kundig_query_set_as_of(query, INT64_C(1774749600000), &f.err);
    cr_assert_eq(fixture_count(&f, query), 3);
    kundig_query_set_as_of(query, INT64_C(1774749599999), &f.err);
    cr_assert_eq(fixture_count(&f, query), 2);
    kundig_query_set_as_of(query, INT64_C(1774742399000), &f.err);
    cr_assert_eq(fixture_count(&f, query), 1);
    kundig_query_set_zone(query, "Europe/Berlin", 13, &f.err);
    cr_assert_eq(fixture_count(&f, query), 2, "there the date has begun");
    kundig_query_set_as_of(query, INT64_MAX, &f.err);
    cr_assert_eq(fixture_count(&f, query), 3);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(group, answers_an_empty_corpus)
{
    fixture f;
    fixture_open(&f);
    kundig_query *query = fixture_query("channel = x or time > 2026");
    kundig_query_set_every(query, KUNDIG_EVERY_DAY, &f.err);
    kundig_query_group_by(query, "stage", 5, &f.err);
    cr_assert_eq(fixture_count(&f, query), 0);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(group, survives_failure_of_every_allocation)
{
    static group_row rows[GROUP_ROWS];
    static uint32_t order[GROUP_ROWS];
    fixture f;
    fixture_open(&f);
    group_rows_make(rows, 5);
    group_shuffle(order, 0);
    group_rows_add(&f, rows, order);
    for (int packed = 0; packed < 2; packed++) {
        kundig_query *query = fixture_query("nps > 3");
        kundig_query_group_by(query, "nps", 3, &f.err);
        kundig_query_group_by(query, packed ? "customer" : "channel", packed ? 8 : 7, &f.err);
        kundig_query_set_every(query, KUNDIG_EVERY_DAY, &f.err);
        cr_assert_gt(fixture_count(&f, query), 0); /* the zone is kept from now on */
        for (int forever = 0; forever < 2; forever++) {
            int64_t rc = KUNDIG_E_NOMEM;
            for (size_t fail_at = 1; rc < 0; fail_at++) {
                size_t live = probe_shared.live_blocks;
                probe_shared.allocations = 0;
                probe_shared.fail_on = forever != 0;
                probe_shared.fail_at = fail_at;
                rc = fixture_count(&f, query);
                probe_shared.fail_at = 0;
                cr_assert(rc > 0 || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
                cr_assert_eq(probe_shared.live_blocks, live);
            }
        }
        kundig_query_free(query);
    }
    fixture_close(&f);
}
