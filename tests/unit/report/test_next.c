/* Commands that can be typed as they stand, whatever the names in them. */
#include "analysing.h"

TestSuite(next, .fini = probe_fini);

/* What the page found, as far as the commands need it. */
static void next_open(analysing *t, const char *question)
{
    kundig_score score = {.question = kundig__str(question), .scale = KUNDIG_SCALE_NPS, .value = 3};
    kundig_feedback r = analysing_record();
    r.scores = &score;
    r.score_count = 1;
    r.text = KUNDIG__TEXT("words");
    analysing_open(t);
    analysing_add(t, r);
    analysing_scored(t, NULL);
    t->a.title = KUNDIG__TEXT("survey.csv");
}

Test(next, asks_for_the_comments_where_most_is_lost)
{
    analysing t;
    next_open(&t, "nps");
    t.a.worst_field = KUNDIG__TEXT("stage");
    t.a.worst_group = KUNDIG__TEXT("Use");
    t.a.word = KUNDIG__TEXT("late");
    analysing_find(&t, kundig__find_next);
    analysing_says(&t, KUNDIG__LINE_PLAIN, "Read why, where most is lost:");
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig comments survey.csv --where 'nps <= 6 and stage = Use'");
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig measure nps survey.csv --where 'text contains late'");
    analysing_close(&t);
}

Test(next, quotes_for_the_condition_and_then_for_the_shell)
{
    static const struct {
        const char *group;
        const char *want;
    } cases[] = {
        {"Use", "'nps <= 6 and stage = Use'"},
        {"After Sales", "'nps <= 6 and stage = \"After Sales\"'"},
        {"and", "'nps <= 6 and stage = \"and\"'"},
        {"IN", "'nps <= 6 and stage = \"IN\"'"},
        {"4th", "'nps <= 6 and stage = \"4th\"'"},
        {"", "'nps <= 6 and stage = \"\"'"},
        {"say \"hi\"", "'nps <= 6 and stage = \"say \"\"hi\"\"\"'"},
        {"it's; rm -rf $HOME", "'nps <= 6 and stage = \"it'\\''s; rm -rf $HOME\"'"},
        {"\xC3\x84mter", "'nps <= 6 and stage = \"\xC3\x84mter\"'"},
    };
    analysing t;
    next_open(&t, "nps");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char want[160];
        analysing_scored(&t, NULL);
        t.a.title = KUNDIG__TEXT("my survey.csv");
        t.a.worst_field = KUNDIG__TEXT("stage");
        t.a.worst_group = kundig__str(cases[i].group);
        analysing_find(&t, kundig__find_next);
        snprintf(want, sizeof want, "kundig comments 'my survey.csv' --where %s", cases[i].want);
        analysing_says(&t, KUNDIG__LINE_COMMAND, want);
    }
    analysing_close(&t);
}

Test(next, conditions_read_back_as_what_was_meant)
{
    static const char *const names[6] = {"nps", "Would you?", "a`b", "not", "7up", "\"x\""};
    for (int i = 0; i < 6; i++) {
        analysing t;
        kundig_query *query = NULL;
        kundig_allocator allocator = probe_allocator(NULL);
        uint32_t node;
        next_open(&t, names[i]);
        analysing_find(&t, kundig__find_next);
        const kundig__section *section = analysing_section(&t, "What to ask next");
        kundig_text command = section->lines[1].text;
        const char *start = strstr(command.data, "--where '");
        cr_assert_not_null(start, "%s", command.data);
        start += 9;
        size_t len = (size_t)(command.data + command.len - start) - 1;
        cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
        cr_assert_eq(kundig_query_parse(query, start, len, &node, &t.err), KUNDIG_OK, "%s: %s",
                     command.data, t.err.message);
        cr_assert_eq(kundig_query_keep(query, node, &t.err), KUNDIG_OK);
        analysing_end(&t);
        analysing_begin(&t, query);
        analysing_find(&t, kundig__find_profile);
        cr_assert_eq(t.a.records, 1, "%s", names[i]);
        analysing_end(&t);
        kundig_query_free(query);
        analysing_close(&t);
    }
}

Test(next, shows_no_command_that_the_page_would_alter)
{
    static const char *const groups[4] = {"a\nb", "two  blanks", "\x1B[31m", "x\xE2\x80\x8By"};
    analysing t;
    next_open(&t, "nps");
    for (int i = 0; i < 4; i++) {
        analysing_scored(&t, NULL);
        t.a.worst_field = KUNDIG__TEXT("stage");
        t.a.worst_group = kundig__str(groups[i]);
        analysing_find(&t, kundig__find_next);
        cr_assert_eq(analysing_mark(&t, "Read why, where most is lost:"), -1, "case %d", i);
        analysing_says(&t, KUNDIG__LINE_COMMAND, "kundig fields FILE");
    }
    analysing_close(&t);
}

Test(next, follows_the_score_by_the_span_and_compares_the_periods)
{
    analysing t;
    next_open(&t, "nps");
    t.a.group_field = KUNDIG__TEXT("stage");
    t.a.last_day = KUNDIG__TEXT("2026-03-31");
    t.a.days = 61;
    analysing_find(&t, kundig__find_next);
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig measure nps survey.csv --by stage --every week");
    t.a.days = 62;
    t.a.period_a = KUNDIG__TEXT("2026-02");
    t.a.period_b = KUNDIG__TEXT("2026-03");
    t.a.moved_group = KUNDIG__TEXT("Use");
    analysing_find(&t, kundig__find_next);
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig measure nps survey.csv --by stage --every month");
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig compare nps survey.csv --a 'time = 2026-02' --b 'time = 2026-03' --by "
                   "stage");
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig comments survey.csv --where 'nps <= 6 and stage = Use and time = "
                   "2026-03'");
    analysing_close(&t);
}

Test(next, names_the_question_where_a_metric_alone_does_not)
{
    analysing t;
    next_open(&t, "nps");
    kundig_score score = {.question = {"Again?", 6}, .scale = KUNDIG_SCALE_NPS, .value = 3};
    kundig_feedback r = analysing_record();
    r.scores = &score;
    r.score_count = 1;
    analysing_add(&t, r);
    analysing_add(&t, r);
    analysing_scored(&t, NULL);
    t.a.period_a = KUNDIG__TEXT("2026-02");
    t.a.period_b = KUNDIG__TEXT("2026-03");
    analysing_find(&t, kundig__find_next);
    analysing_says(&t, KUNDIG__LINE_COMMAND,
                   "kundig compare nps FILE --question 'Again?' --a 'time = 2026-02' --b 'time = "
                   "2026-03'");
    analysing_close(&t);
}

Test(next, asks_for_fields_and_a_mapping_where_nothing_is_known)
{
    analysing t;
    analysing_open(&t);
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_next);
    analysing_says(&t, KUNDIG__LINE_COMMAND, "kundig fields FILE");
    analysing_says(&t, KUNDIG__LINE_COMMAND, "kundig analyze FILE --map nps=COLUMN");
    analysing_close(&t);
}
