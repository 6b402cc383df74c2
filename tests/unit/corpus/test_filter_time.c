/* Conditions on time: spans of every fineness at both their ends, in a zone whose clocks change. */
#include <stdio.h>

#include "base/calendar.h"
#include "fixture.h"

TestSuite(filter_time, .fini = probe_fini);

/* Spans in Berlin as instants. 2026-03-29 lasts 23 hours there and has no 02:30. */
static const struct {
    const char *text;
    int64_t from_ms;
    int64_t to_ms;
} time_spans[] = {
    {"2026", INT64_C(1767222000000), INT64_C(1798758000000)},
    {"2026-Q1", INT64_C(1767222000000), INT64_C(1774994400000)},
    {"2026-03", INT64_C(1772319600000), INT64_C(1774994400000)},
    {"2026-W13", INT64_C(1774220400000), INT64_C(1774821600000)},
    {"2026-03-29", INT64_C(1774738800000), INT64_C(1774821600000)},
    {"2026-03-29T01", INT64_C(1774742400000), INT64_C(1774746000000)},
    {"2026-03-29T03:00", INT64_C(1774746000000), INT64_C(1774746060000)},
    {"2026-03-29T00:30:15Z", INT64_C(1774744215000), INT64_C(1774744216000)},
    {"2026-03-29T02:30:15.250+02:00", INT64_C(1774744215250), INT64_C(1774744215251)},
};
enum { SPANS = sizeof time_spans / sizeof *time_spans };

/* An instant just before, at and within both ends of every span. */
static size_t time_instants(int64_t out[SPANS * 4])
{
    size_t count = 0;
    for (size_t i = 0; i < SPANS; i++) {
        const int64_t ends[4] = {time_spans[i].from_ms - 1, time_spans[i].from_ms,
                                 time_spans[i].to_ms - 1, time_spans[i].to_ms};
        for (int e = 0; e < 4; e++) {
            out[count++] = ends[e];
        }
    }
    return count;
}

static void time_add(fixture *f, size_t number, int64_t time_ms, int32_t precision)
{
    char id[8];
    snprintf(id, sizeof id, "r%zu", number);
    kundig_feedback r = fixture_record(id, NULL);
    r.time_ms = time_ms;
    r.time_precision = precision;
    cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

static int64_t time_where(fixture *f, const char *zone, const char *where)
{
    kundig_query *query = fixture_query(where);
    cr_assert_eq(kundig_query_set_zone(query, zone, strlen(zone), &f->err), KUNDIG_OK);
    int64_t count = fixture_count(f, query);
    kundig_query_free(query);
    return count;
}

Test(filter_time, a_text_means_the_whole_of_its_span_up_to_the_last_millisecond)
{
    static const char *const ops[6] = {"=", "!=", "<", "<=", ">", ">="};
    int64_t times[SPANS * 4];
    fixture f;
    fixture_open(&f);
    size_t count = time_instants(times);
    for (size_t i = 0; i < count; i++) {
        time_add(&f, i, times[i], KUNDIG_PRECISION_MS);
    }
    time_add(&f, count, KUNDIG_TIME_ABSENT, KUNDIG_PRECISION_MS);
    for (size_t s = 0; s < SPANS; s++) {
        for (int op = 0; op < 6; op++) {
            char where[64];
            int64_t expected = op == 1; /* != holds where there is no time */
            for (size_t i = 0; i < count; i++) {
                bool before = times[i] < time_spans[s].from_ms;
                bool after = times[i] >= time_spans[s].to_ms;
                const bool meets[6] = {
                    !before && !after, before || after, before, !after, after, !before};
                expected += meets[op];
            }
            snprintf(where, sizeof where, "time %s '%s'", ops[op], time_spans[s].text);
            int64_t got = time_where(&f, "Europe/Berlin", where);
            cr_assert_eq(got, expected, "%s: %lld, not %lld", where, (long long)got,
                         (long long)expected);
        }
    }
    fixture_close(&f);
}

Test(filter_time, ranges_and_sets_hold_both_ends)
{
    int64_t times[SPANS * 4];
    fixture f;
    fixture_open(&f);
    size_t count = time_instants(times);
    for (size_t i = 0; i < count; i++) {
        time_add(&f, i, times[i], KUNDIG_PRECISION_MS);
    }
    time_add(&f, count, KUNDIG_TIME_ABSENT, KUNDIG_PRECISION_MS);
    for (size_t a = 0; a < SPANS; a++) {
        for (size_t b = 0; b < SPANS; b++) {
            char where[128];
            int64_t between = 0;
            int64_t in = 0;
            for (size_t i = 0; i < count; i++) {
                between += times[i] >= time_spans[a].from_ms && times[i] < time_spans[b].to_ms;
                in += (times[i] >= time_spans[a].from_ms && times[i] < time_spans[a].to_ms) ||
                      (times[i] >= time_spans[b].from_ms && times[i] < time_spans[b].to_ms);
            }
            snprintf(where, sizeof where, "time between '%s' and '%s'", time_spans[a].text,
                     time_spans[b].text);
            cr_assert_eq(time_where(&f, "Europe/Berlin", where), between, "%s", where);
            snprintf(where, sizeof where, "time in ('%s', '%s')", time_spans[a].text,
                     time_spans[b].text);
            cr_assert_eq(time_where(&f, "Europe/Berlin", where), in, "%s", where);
        }
    }
    fixture_close(&f);
}

Test(filter_time, a_written_date_is_compared_as_it_is_written)
{
    static const char *const zones[3] = {"UTC", "Pacific/Kiritimati", "Pacific/Niue"};
    fixture f;
    fixture_open(&f);
    time_add(&f, 0, INT64_C(1774742400000), KUNDIG_PRECISION_DAY); /* 2026-03-29 */
    for (int z = 0; z < 3; z++) {
        cr_assert_eq(time_where(&f, zones[z], "time = 2026-03-29"), 1, "%s", zones[z]);
        cr_assert_eq(time_where(&f, zones[z], "time < 2026-03-29"), 0);
        cr_assert_eq(time_where(&f, zones[z], "time > 2026-03-28"), 1);
        cr_assert_eq(time_where(&f, zones[z], "time in (2026-W13, 2030)"), 1);
        /* Its first moment stands for it. */
        cr_assert_eq(time_where(&f, zones[z], "time = 2026-03-29T00:00"), 1);
        cr_assert_eq(time_where(&f, zones[z], "time = 2026-03-29T12"), 0);
    }
    /* An offset names an instant: 10:00Z on the 28th is the 29th on Kiritimati and not on Niue. */
    cr_assert_eq(time_where(&f, zones[1], "time = '2026-03-28T10:00Z'"), 1);
    cr_assert_eq(time_where(&f, zones[2], "time = '2026-03-28T10:00Z'"), 0);
    cr_assert_eq(time_where(&f, zones[2], "time > '2026-03-28T10:00Z'"), 1);
    fixture_close(&f);
}

Test(filter_time, an_instant_may_be_given_in_milliseconds)
{
    fixture f;
    fixture_open(&f);
    for (int i = 0; i < 3; i++) {
        time_add(&f, (size_t)i, 4999 + i, KUNDIG_PRECISION_MS);
    }
    static const struct {
        int32_t op;
        double value;
        int64_t rc;
    } cases[] = {
        {KUNDIG_OP_EQUAL, 5000, 1},         {KUNDIG_OP_LESS, 5000, 1},
        {KUNDIG_OP_LESS_OR_EQUAL, 5000, 2}, {KUNDIG_OP_GREATER, 4998, 3},
        {KUNDIG_OP_NOT_EQUAL, 5000, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig_query *query = fixture_query(NULL);
        kundig_value value = {.type = KUNDIG_VALUE_TIME, .number = cases[i].value};
        uint32_t node;
        cr_assert_eq(
            kundig_query_condition(query, "time", 4, cases[i].op, &value, 1, &node, &f.err),
            KUNDIG_OK, "%s", f.err.message);
        cr_assert_eq(kundig_query_keep(query, node, &f.err), KUNDIG_OK);
        cr_assert_eq(fixture_count(&f, query), cases[i].rc, "case %zu", i);
        kundig_query_free(query);
    }
    fixture_close(&f);
}

Test(filter_time, where_no_record_has_a_time_all_are_missing)
{
    fixture f;
    fixture_open(&f);
    time_add(&f, 0, KUNDIG_TIME_ABSENT, KUNDIG_PRECISION_MS);
    cr_assert_eq(fixture_where(&f, "time < 9999"), 0);
    cr_assert_eq(fixture_where(&f, "time >= 0001"), 0);
    cr_assert_eq(fixture_where(&f, "time in (2026, 2025)"), 0);
    cr_assert_eq(fixture_where(&f, "time != 2026"), 1);
    cr_assert_eq(fixture_where(&f, "time is missing"), 1);
    cr_assert_eq(fixture_where(&f, "time is not missing"), 0);
    cr_assert_eq(fixture_where(&f, "time contains 2026"), KUNDIG_E_ARG);
    cr_assert_str_eq(f.err.message,
                     "'time' is no text: write time = 2026-03 instead of 'contains'");
    fixture_close(&f);
}

static int64_t time_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(filter_time, survives_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    time_add(&f, 0, 5000, KUNDIG_PRECISION_MS);
    kundig_query *query = fixture_query("time in (1970, 2026) and time < 2026-03");
    fixture_sweep(&f, time_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
