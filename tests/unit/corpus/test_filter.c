/* Which rows a condition keeps. */
#include "fixture.h"

TestSuite(filter, .fini = probe_fini);

#define FILTER_DAY INT64_C(86400000)

/* Six records: three channels and one missing, scores 0, 6, 7, 10 and missing, texts, times. */
static void filter_open(fixture *f)
{
    static const char *const channels[6] = {"email", "phone", "web", NULL, "email", "Web"};
    static const double scores[6] = {0, 6, 7, 10, -1, 10};
    static const char *const texts[6] = {"It came LATE",
                                         "later than said",
                                         NULL,
                                         "stra\xC3\x9F"
                                         "e sooo lang",
                                         "cafe\xCC\x81",
                                         ""};
    /* 2026-03-29 is the day the clocks change in Berlin: 00:30, 01:30 (after the change), dates. */
    static const int64_t times[6] = {INT64_C(1774744200000), INT64_C(1774747800000),
                                     INT64_C(1774656000000), INT64_C(1774742400000),
                                     KUNDIG_TIME_ABSENT,     INT64_C(1774828800000)};
    static const int32_t precisions[6] = {KUNDIG_PRECISION_MINUTE, KUNDIG_PRECISION_MINUTE,
                                          KUNDIG_PRECISION_DAY,    KUNDIG_PRECISION_DAY,
                                          KUNDIG_PRECISION_MS,     KUNDIG_PRECISION_DAY};
    static const char *const ids[6] = {"r0", "r1", "r2", "r3", "r4", "r5"};
    fixture_open(f);
    for (int i = 0; i < 6; i++) {
        kundig_feedback r = fixture_record(ids[i], texts[i]);
        kundig_score score = fixture_nps(scores[i]);
        kundig_attribute attributes[3] = {
            {{"age", 3}, {.type = KUNDIG_VALUE_NUMBER, .number = 20.5 + i}},
            {{"vip", 3}, {.type = KUNDIG_VALUE_BOOL, .boolean = i % 2}},
            {{"plan", 4},
             {.type = KUNDIG_VALUE_TEXT, .text = {i < 3 ? "Gold" : "basic", i < 3 ? 4 : 5}}}};
        r.channel = kundig__str(channels[i]);
        r.scores = &score;
        r.score_count = scores[i] >= 0;
        r.time_ms = times[i];
        r.time_precision = precisions[i];
        r.attributes = attributes;
        r.attribute_count = i == 5 ? 0 : 3;
        r.has_weight = i == 1;
        r.weight = 2.5;
        cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

Test(filter, keeps_what_its_words_say)
{
    static const struct {
        const char *where;
        int64_t count;
    } cases[] = {
        {"channel = email", 2},
        {"channel != email", 4}, /* with the missing one */
        {"not channel = email", 4},
        {"channel is missing", 1},
        {"channel is not missing", 5},
        {"channel in (email, phone, fax)", 3},
        {"channel not in (email, phone)", 3},
        {"channel = fax", 0},
        {"channel != fax", 6},
        {"channel < phone", 3}, /* bytes: Web, email, email */
        {"channel <= phone", 4},
        {"channel > phone", 1},
        {"channel >= phone", 2},
        {"channel between email and phone", 3},
        {"channel contains WEB", 2},
        {"agent = x", 0},
        {"agent != x", 6},
        {"agent is missing", 6},
        {"nps = 10", 2},
        {"score = 10", 2},
        {"question:nps = 10.0", 2},
        {"nps != 10", 4},
        {"nps < 7", 2},
        {"nps <= 7", 3},
        {"nps < 6.9999", 2},
        {"nps > 6.9999", 3},
        {"nps >= 6.0001", 3},
        {"nps = 6.9999", 0},
        {"nps between 6 and 7", 2},
        {"nps in (0, 7, 99)", 2},
        {"nps is missing", 1},
        {"nps > -1e300", 5},
        {"nps < 1e300", 5},
        {"text contains late", 2},
        {"text contains LATE", 2},
        {"text contains STRASSE", 1}, /* case folding: sharp s */
        {"text contains 'soo lang'", 1},
        {"text contains caf\xC3\xA9", 1}, /* composed against decomposed */
        {"text contains ''", 5},
        {"text = ''", 1},
        {"text is missing", 1},
        {"text != 'It came LATE'", 5},
        {"id = r3", 1},
        {"id in (r0, r5, r9)", 2},
        {"id contains R", 6},
        {"age > 22", 3},
        {"age = 20.5", 1},
        {"age is missing", 1},
        {"age != 20.5", 5},
        {"attribute:age <= 21.5", 2},
        {"vip = true", 2},
        {"vip = no", 3},
        {"vip in (true, false)", 5},
        {"vip != true", 4},
        {"plan = Gold", 3},
        {"plan contains gOLD", 3},
        {"weight = 1", 5},
        {"weight > 2", 1},
        {"kind is missing", 6},
        {"time is missing", 1},
        {"time = 2026-03-29", 3}, /* in UTC: 00:30, 01:30 and the written date */
        {"time != 2026-03-29", 3},
        {"time < 2026-03-29", 1},
        {"time <= 2026-03-29", 4},
        {"time > 2026-03-29", 1},
        {"time >= 2026-03-29", 4},
        {"time between 2026-03-28 and 2026-03-29", 4},
        {"time in (2026-03-28, 2026-03-30)", 2},
        {"time = 2026-03", 5},
        {"time = 2026-W13", 4},
        {"time = 2026-03-29T01", 1},
        {"time = '2026-03-29T01:30Z'", 1},
        {"time = 2025", 0},
        {"channel = email and nps = 0", 1},
        {"channel = email or nps = 10", 4},
        {"not (channel = email or nps = 10)", 2},
        {"not not channel = email", 2},
    };
    fixture f;
    filter_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t count = fixture_where(&f, cases[i].where);
        cr_expect_eq(count, cases[i].count, "%s: %lld, not %lld (%s)", cases[i].where,
                     (long long)count, (long long)cases[i].count, f.err.message);
    }
    fixture_close(&f);
}

Test(filter, reads_dates_in_the_zone_of_the_query_but_written_dates_as_written)
{
    static const struct {
        const char *where;
        int64_t count;
    } cases[] = {
        {"time = 2026-03-29", 3}, /* 01:30 and 03:30 in Berlin, and the written date */
        {"time = 2026-03-28", 1}, /* the written one alone */
        {"time = 2026-03-29T01:30", 1},
        {"time = 2026-03-29T03:30", 1},
        {"time = '2026-03-29T00:30Z'", 1},
        {"time < 2026-03-29T03", 3}, /* 01:30 and the two written dates */
    };
    fixture f;
    filter_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig_query *query = fixture_query(cases[i].where);
        cr_assert_eq(kundig_query_set_zone(query, "Europe/Berlin", 13, &f.err), KUNDIG_OK);
        int64_t count = fixture_count(&f, query);
        cr_expect_eq(count, cases[i].count, "%s: %lld (%s)", cases[i].where, (long long)count,
                     f.err.message);
        kundig_query_free(query);
    }
    fixture_close(&f);
}

Test(filter, refuses_what_does_not_fit_with_a_sentence)
{
    static const struct {
        const char *where;
        int64_t rc;
        const char *message;
    } cases[] = {
        {"nps >= good", KUNDIG_E_VALUE, "'good' is not a number, as 'nps' needs"},
        {"nps contains 1", KUNDIG_E_ARG, "'nps' is no text: 'contains' does not fit it"},
        {"vip = maybe", KUNDIG_E_VALUE, "'maybe' is not true or false, as 'vip' needs"},
        {"vip < true", KUNDIG_E_ARG, "'vip' is true or false: only =, !=, in and missing fit it"},
        {"chanel = email", KUNDIG_E_NOT_FOUND,
         "there is no field 'chanel'; the nearest are 'channel', 'age', 'plan'"},
    };
    fixture f;
    filter_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(fixture_where(&f, cases[i].where), cases[i].rc, "%s", cases[i].where);
        cr_expect_str_eq(f.err.message, cases[i].message);
    }
    fixture_close(&f);
}

Test(filter, leaves_superseded_versions_out)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "old words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r.text = kundig__str("new words");
    r.updated_ms = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "text contains words"), 1);
    cr_assert_eq(fixture_where(&f, "text contains old"), 0);
    cr_assert_eq(fixture_where(&f, "not text contains old"), 1);
    fixture_close(&f);
}

Test(filter, survives_failure_of_every_allocation)
{
    static const char where[] = "text contains late and (nps in (1,2) or age > 3) and time in "
                                "(2026-03, 2025) and not channel contains x and id != q";
    fixture f;
    filter_open(&f);
    kundig_query *query = fixture_query(where);
    cr_assert_geq(fixture_count(&f, query), 0, "%s", f.err.message);
    for (int forever = 0; forever < 2; forever++) {
        int64_t rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc < 0; fail_at++) {
            size_t live = probe_shared.live_blocks;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = fixture_count(&f, query);
            probe_shared.fail_at = 0;
            cr_assert(rc >= 0 || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    kundig_query_free(query);
    fixture_close(&f);
}
