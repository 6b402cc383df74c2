#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(profile, .fini = probe_fini);

static void profile_of(kundig__profile *out, const char *data)
{
    ingesting it;
    kundig__ingest ingest;
    kundig__column_plan plan;
    kundig__csv_options csv = {0, 0, 0};
    ingesting_begin(&it);
    memset(&ingest, 0, sizeof ingest);
    memset(&plan, 0, sizeof plan);
    ingest.context = &it.context;
    ingest.options = &it.options;
    ingest.count = 1;
    ingest.plans = &plan;
    kundig__arena_init(&ingest.arena, &it.context.mem);
    kundig__buf_init(&ingest.sentence, &it.context.mem);
    kundig__dict_init(&plan.profile.distinct, &it.context.mem, it.context.siphash_key);
    cr_assert(kundig__rows_from_bytes(&it.context, data, strlen(data), &csv, &ingest.rows, NULL) ==
              0);
    cr_assert(kundig__profile_rows(&ingest, NULL) == 0);
    *out = plan.profile;
    kundig__dict_free(&plan.profile.distinct);
    ingest.rows->close(ingest.rows);
    kundig__buf_free(&ingest.sentence);
    kundig__arena_free(&ingest.arena);
    ingesting_end(&it);
}

Test(profile, counts_what_values_look_like)
{
    kundig__profile p;
    profile_of(&p,
               "x\n5\n10\n007\n2.5\nNA\n\"8 - good\"\n13/04/2018\nyes\na@example.org\n10.0.0.1\n");
    cr_expect(p.filled == 9 && p.scores == 5 && p.numbers == 4 && p.integers == 3 && p.padded == 1);
    cr_expect(p.minimum == 2.5 && p.maximum == 10);
    cr_expect(p.in_five == 2 && p.in_ten == 5);
    cr_expect(p.dates == 1 && p.votes.day_first == 1);
    cr_expect(p.bools == 1 && p.emails == 1 && p.ips == 1);
    cr_expect(p.distinct.count == 9 || p.many || p.filled == 9);
}

Test(profile, sees_the_usual_range_behind_rare_mistakes)
{
    char data[2000] = "x\n";
    kundig__profile p;
    for (int i = 0; i < 150; i++) {
        strcat(data, i == 70 ? "55\n" : "4\n");
    }
    profile_of(&p, data);
    cr_expect(p.maximum == 55 && p.low == 1 && p.high == 5);
}
