#include "why/concentration.h"

#include "../metrics/spoken.h"

TestSuite(concentration, .fini = probe_fini);

Test(concentration, gini_and_the_busiest_hold_to_every_digit)
{
    /* 1, 1, 2, 4 of 8: sum (2 i - 5) x = -3 - 1 + 2 + 12 = 10; 10 / (4 * 8) */
    uint32_t four[] = {4, 1, 2, 1};
    kundig__voices voices = {0};
    kundig__voices_count(&voices, four, 4);
    cr_assert_eq(kundig__voices_gini(&voices), .3125);
    cr_assert_eq(voices.busiest, 1);
    cr_assert_eq(kundig__voices_top_share(&voices), .5);

    uint32_t even[] = {3, 3, 3};
    voices = (kundig__voices){0};
    kundig__voices_count(&voices, even, 3);
    cr_assert_eq(kundig__voices_gini(&voices), 0);

    /* one of 200 wrote 38 times: 2 of 200 are the busiest, with 39 of 237 */
    static uint32_t many[200];
    for (size_t i = 0; i < 200; i++) {
        many[i] = i == 77 ? 38 : 1;
    }
    voices = (kundig__voices){0};
    kundig__voices_count(&voices, many, 200);
    cr_assert_eq(voices.busiest, 2);
    cr_assert_eq(voices.of_busiest, 39);
    cr_assert_float_eq(kundig__voices_gini(&voices), 199. * 37 / (200. * 237), 1e-15);

    uint32_t one[] = {38};
    voices = (kundig__voices){0};
    kundig__voices_count(&voices, one, 1);
    cr_assert_eq(kundig__voices_gini(&voices), 0);
    cr_assert_eq(kundig__voices_top_share(&voices), 1);

    voices = (kundig__voices){0};
    kundig__voices_count(&voices, NULL, 0);
    cr_assert(kundig__voices_gini(&voices) != kundig__voices_gini(&voices));
    cr_assert(kundig__voices_revenue(&voices) != kundig__voices_revenue(&voices));
}

static void concentration_of(fixture *f, kundig__gather *gather, kundig__asked *asked,
                             kundig_query *query, bool topics, kundig__concentration *out)
{
    const kundig__question *question;
    cr_assert_eq(kundig__ask(f->corpus, query, asked, &question, &f->err), KUNDIG_OK);
    kundig__gather_init(gather, f->corpus, asked, question);
    cr_assert_eq(kundig__gather_ready(gather, &f->err), KUNDIG_OK);
    cr_assert_eq(kundig__concentration_new(gather, query, topics, out, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
}

/* Written out: every pair of customers of a group. */
Test(concentration, counts_what_a_slow_loop_counts)
{
    static spoken s;
    for (unsigned how = 0; how < 6; how++) {
        fixture f;
        kundig__asked asked;
        kundig__gather gather;
        kundig__concentration found;
        spoken_make(&s, 200, how < 5 ? SURVEY_CUSTOMERS : 0, 300 + how);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = survey_query("nps");
        survey_group(query, how % 2 ? "topic" : "stage");
        concentration_of(&f, &gather, &asked, query, how % 2, &found);
        uint64_t records = 0;
        for (uint32_t place = 0; place < found.side.count; place++) {
            char buffer[32];
            static uint32_t counts[SURVEY_MAX];
            const kundig__voices *voices = &found.groups[place];
            kundig_text key =
                kundig__grouping_key(found.side.grouping, found.side.groups[place], 0, buffer);
            uint64_t named = 0;
            uint64_t customers = 0;
            uint64_t of_group = 0;
            memset(counts, 0, sizeof counts);
            for (size_t i = 0; i < s.survey.count; i++) {
                const kundig_feedback *record = &s.survey.answers[i].record;
                bool in = how % 2 ? false : kundig__text_equal(record->stage, key);
                for (size_t topic = 0; how % 2 && topic < SAYING_TOPICS; topic++) {
                    in = in || (key.data && s.sets[i] >> topic & 1 &&
                                kundig__text_equal(key, kundig__str(saying_topics[topic])));
                }
                in = in || (how % 2 && !key.data && !s.sets[i]);
                of_group += in;
                if (in && record->customer.data) {
                    int number = atoi(record->customer.data + 1);
                    customers += !counts[number]++;
                    named++;
                }
            }
            double apart = 0;
            for (size_t a = 0; a < SURVEY_MAX; a++) {
                for (size_t b = 0; b < SURVEY_MAX; b++) {
                    double gap = (double)counts[a] - counts[b];
                    apart += counts[a] && counts[b] ? (gap < 0 ? -gap : gap) : 0;
                }
            }
            cr_assert_eq(voices->records, of_group);
            cr_assert_eq(voices->customers, customers);
            cr_assert_eq(voices->of_customers, named);
            if (customers) {
                cr_assert_float_eq(kundig__voices_gini(voices),
                                   apart / (2. * (double)customers * (double)named), 1e-12);
            }
            records += of_group;
        }
        cr_assert(how % 2 ? records > found.all.records : records == found.all.records);
        cr_assert_eq(found.all.records, s.survey.count);
        cr_assert_eq(found.has_failures, how % 2);
        kundig__concentration_free(&found);
        kundig__gather_free(&gather);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

static void concentration_customer(fixture *f, const char *source, const char *id, double revenue,
                                   int64_t updated)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_CUSTOMERS};
    kundig_added added;
    kundig_customer_init(&fact.as.customer);
    kundig_added_init(&added);
    fact.as.customer.source = kundig__str(source);
    fact.as.customer.id = kundig__str(id);
    fact.as.customer.updated_ms = updated;
    fact.as.customer.revenue.type = KUNDIG_VALUE_NUMBER;
    fact.as.customer.revenue.number = revenue;
    cr_assert_eq(
        kundig__facts_add(f->corpus, KUNDIG_FACTS_CUSTOMERS, &fact.as.customer, 1, &added, &f->err),
        KUNDIG_OK, "%s", f->err.message);
}

Test(concentration, revenue_is_what_was_said_last_of_any_name_of_a_person)
{
    static survey s;
    fixture f;
    kundig__asked asked;
    kundig__gather gather;
    kundig__concentration found;
    survey_make(&s, 40, SURVEY_ONCE | SURVEY_CUSTOMERS, 3);
    for (size_t i = 0; i < s.count; i++) {
        snprintf(s.answers[i].customer, sizeof s.answers[i].customer, "c%zu", i % 4);
        s.answers[i].record.customer = kundig__str(s.answers[i].customer);
    }
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    concentration_customer(&f, "crm", "c0", 100.5, 10);
    concentration_customer(&f, "shop", "c0", 80.25, 20); /* later */
    concentration_customer(&f, "crm", "c1", 7, 5);
    concentration_customer(&f, "shop", "c1", 9, 5); /* the same time: the greater */
    concentration_customer(&f, "crm", "nobody", 1e6, 5);
    kundig_query *query = survey_query("nps");
    survey_group(query, "channel");
    concentration_of(&f, &gather, &asked, query, false, &found);
    cr_assert_eq(found.all.customers, 4);
    cr_assert_eq(found.all.valued, 2);
    cr_assert_eq(kundig__voices_revenue(&found.all), 89.25);
    kundig__concentration_free(&found);
    kundig__gather_free(&gather);

    kundig_link link;
    kundig_added added;
    kundig_link_init(&link);
    kundig_added_init(&added);
    link.customer = kundig__str("c0");
    link.same_as = kundig__str("c1");
    link.holds = KUNDIG_YES;
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, &link, 1, &added, &f.err),
                 KUNDIG_OK, "%s", f.err.message);
    concentration_of(&f, &gather, &asked, query, false, &found);
    cr_assert_eq(found.all.customers, 3);
    cr_assert_eq(found.all.valued, 1);
    cr_assert_eq(kundig__voices_revenue(&found.all), 80.25);
    kundig__concentration_free(&found);
    kundig__gather_free(&gather);
    kundig_query_free(query);
    fixture_close(&f);
}
