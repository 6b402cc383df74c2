#include "metrics/gather.h"
#include "spoken.h"

TestSuite(gather, .fini = probe_fini);

static kundig__cell gather_total(fixture *f, const kundig_query *query, uint32_t *groups)
{
    kundig__asked asked;
    const kundig__question *question;
    kundig__gather gather;
    kundig__grouping *grouping = NULL;
    kundig__cell total = {0};
    cr_assert_eq(kundig__ask(f->corpus, query, &asked, &question, &f->err), KUNDIG_OK);
    cr_assert_eq(kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err),
                 KUNDIG_OK);
    kundig__gather_init(&gather, f->corpus, &asked, question);
    cr_assert_eq(kundig__gather_groups(&gather, grouping, &f->err), KUNDIG_OK);
    *groups = gather.count;
    for (uint32_t i = 0; i < gather.count; i++) {
        cr_assert(kundig__cell_add(&total, &gather.cells[i], 1));
    }
    kundig__gather_free(&gather);
    kundig__grouping_free(grouping);
    return total;
}

Test(gather, cells_of_groups_add_up_to_the_cell_of_all)
{
    static survey s;
    fixture f;
    uint32_t groups;
    survey_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 31);
    fixture_open(&f);
    f.context.threads = 3;
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("csat_mean");
    kundig__cell all = gather_total(&f, query, &groups);
    cr_assert_eq(groups, 1);
    survey_group(query, "stage");
    survey_group(query, "channel");
    kundig__cell sum = gather_total(&f, query, &groups);
    cr_assert(groups > 4);
    cr_assert(sum.selected == all.selected && sum.n == all.n && sum.wx == all.wx &&
              sum.wwxx == all.wwxx && sum.nameless == all.nameless);
    cr_assert(sum.customers > all.customers, "a customer stands in several groups");
    kundig_query_free(query);
    fixture_close(&f);
}

Test(gather, groups_far_more_than_rows_are_numbered_anew)
{
    static survey s;
    fixture f;
    uint32_t groups;
    survey_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_ONCE, 32);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    kundig__cell all = gather_total(&f, query, &groups);
    /* 300 customers x 4 stages x 2 channels x 120 days */
    survey_group(query, "customer");
    survey_group(query, "stage");
    survey_group(query, "channel");
    query->every = KUNDIG_EVERY_DAY;
    kundig__cell sum = gather_total(&f, query, &groups);
    cr_assert(groups <= 300, "%u groups", (unsigned)groups);
    cr_assert(sum.wx == all.wx && sum.cxx == all.cxx && sum.customers == all.customers);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(gather, groups_of_several_layers_are_numbered_anew_too)
{
    static spoken s;
    fixture f;
    uint32_t groups;
    size_t hits = 0;
    spoken_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_ONCE, 34);
    for (size_t i = 0; i < 300; i++) {
        hits += s.sets[i] ? (size_t)__builtin_popcount(s.sets[i]) : 1;
    }
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("count", "customer", "topic", "stage");
    query->every = KUNDIG_EVERY_DAY;
    kundig__cell sum = gather_total(&f, query, &groups);
    cr_assert(groups <= hits, "%u groups", (unsigned)groups);
    cr_assert_eq(sum.n, hits);
    kundig_query_free(query);
    fixture_close(&f);
}

static int gather_stop(void *ud, uint64_t done, uint64_t total)
{
    int *left = ud;
    cr_assert(done <= total);
    return (*left)-- == 0;
}

Test(gather, can_be_cancelled_at_every_question)
{
    static survey s;
    fixture f;
    survey_make(&s, 200, SURVEY_CUSTOMERS, 33);
    fixture_open(&f);
    survey_warm(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    int rc = KUNDIG_E_CANCELLED;
    int asked = 0;
    for (int after = 0; rc; after++) {
        int left = after;
        kundig_table *table = NULL;
        f.context.progress = gather_stop;
        f.context.progress_ud = &left;
        rc = kundig__measure(f.corpus, query, &table, &f.err);
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_CANCELLED);
        cr_assert_eq(rc == KUNDIG_OK, table != NULL);
        kundig_table_free(table);
        asked = after;
    }
    cr_assert(asked >= 3);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(gather, sums_beyond_128_bits_are_a_limit_not_a_number)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    for (int i = 0; i < 2; i++) {
        char id[4] = {'r', (char)('0' + i), 0, 0};
        kundig_feedback record = fixture_record(id, NULL);
        kundig_score score = {.scale = KUNDIG_SCALE_DECLARED,
                              .value = 1e6,
                              .minimum = -1e6,
                              .maximum = 1e6,
                              .question = kundig__str("huge")};
        record.scores = &score;
        record.score_count = 1;
        record.has_weight = 1;
        record.weight = 1 << 20;
        cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = survey_query("score_mean");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_LIMIT);
    cr_assert_null(table);
    kundig_query_free(query);
    fixture_close(&f);
}

/* The moods of answers about a topic as scores of a question. */
static void gather_score_moods(survey *scored, const spoken *s, uint32_t topic)
{
    *scored = s->survey;
    size_t kept = 0;
    for (size_t i = 0; i < scored->count; i++) {
        survey_answer answer = scored->answers[i];
        int16_t mood = saying_mood(i, topic);
        if (topic < SAYING_TOPICS ? !(s->sets[i] >> topic & 1) : s->sets[i] != 0) {
            continue;
        }
        if (!answer.record.text.data) {
            mood = SAYING_UNKNOWN;
        }
        answer.record.score_count = mood != SAYING_UNKNOWN;
        answer.scores[0] = (kundig_score){.question = kundig__str("mood"),
                                          .scale = KUNDIG_SCALE_DECLARED,
                                          .value = mood / 1000.0,
                                          .minimum = -1,
                                          .maximum = 1};
        scored->answers[kept] = answer;
        survey_answer *stays = &scored->answers[kept++];
        stays->record.id = kundig__str(stays->id);
        stays->record.scores = stays->scores;
        if (stays->record.customer.data) {
            stays->record.customer = kundig__str(stays->customer);
        }
    }
    scored->count = kept;
}

Test(gather, the_sentiment_of_a_topic_is_the_mean_of_what_records_feel_about_it)
{
    static spoken s;
    static survey scored;
    static const unsigned kinds[] = {0, SURVEY_CUSTOMERS, SURVEY_CUSTOMERS | SURVEY_WEIGHTS,
                                     SURVEY_WEIGHTS};
    for (unsigned i = 0; i < 8; i++) {
        fixture f;
        spoken_make(&s, 300, kinds[i % 4], i);
        spoken_open(&f, &s, 0, 1);
        saying_feel(&f);
        fixture_check(&f);
        kundig_query *query = spoken_query("sentiment", "topic", NULL, NULL);
        kundig_query *mean = spoken_query("score_mean", NULL, NULL, NULL);
        query->unit = mean->unit = i < 4 ? KUNDIG_OF_RECORDS : KUNDIG_OF_CUSTOMERS;
        kundig_table *table = spoken_measure(&f, query);
        cr_assert_eq(kundig_table_row_count(table), SAYING_TOPICS, "none speaks of the last");
        for (size_t row = 0; row < SAYING_TOPICS; row++) {
            uint32_t topic = row ? (uint32_t)row - 1 : SAYING_TOPICS;
            fixture other;
            fixture_open(&other);
            gather_score_moods(&scored, &s, topic);
            cr_assert_eq(survey_add(&other, &scored, 0, scored.count, 1), KUNDIG_OK, "%s",
                         other.err.message);
            kundig_table *expected = spoken_measure(&other, mean);
            bool none = kundig_table_is_null(expected, 0, survey_column(expected, "value"));
            spoken_same_row(table, row, expected, 0, "value", none ? "method" : NULL);
            kundig_table_free(expected);
            fixture_close(&other);
        }
        kundig_table_free(table);
        kundig_query_free(query);
        kundig_query_free(mean);
        fixture_close(&f);
    }
}

Test(gather, sentiment_counts_each_record_once_in_its_notes)
{
    static spoken s;
    fixture f;
    uint64_t tell = 0;
    char note[80];
    spoken_make(&s, 200, SURVEY_CUSTOMERS, 4);
    spoken_open(&f, &s, 0, 1);
    saying_feel(&f);
    for (size_t i = 0; i < 200; i++) {
        bool any = false;
        for (uint32_t topic = 0; topic < SAYING_TOPICS; topic++) {
            any = any || ((s.sets[i] >> topic & 1) && saying_mood(i, topic) != SAYING_UNKNOWN);
        }
        any = s.sets[i] ? any
                        : s.survey.answers[i].record.text.data &&
                              saying_mood(i, SAYING_TOPICS) != SAYING_UNKNOWN;
        tell += any;
    }
    kundig_query *query = spoken_query("sentiment", "topic", NULL, NULL);
    kundig_table *table = spoken_measure(&f, query);
    snprintf(note, sizeof note, "%u of 200 records tell no sentiment", (unsigned)(200 - tell));
    cr_assert(survey_note(table, note), "%s", kundig_table_note(table, 0));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}
