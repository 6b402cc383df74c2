#include "metrics/gather.h"
#include "spoken.h"

TestSuite(roster, .fini = probe_fini);

/* What a topic's customers said, by comparing everybody with everybody. */
static uint64_t roster_pairs(const spoken *s, uint32_t topic)
{
    uint64_t pairs = 0;
    for (size_t i = 0; i < s->survey.count; i++) {
        for (size_t j = 0; j < s->survey.count; j++) {
            const kundig_feedback *a = &s->survey.answers[i].record;
            const kundig_feedback *b = &s->survey.answers[j].record;
            bool same = i == j || (a->customer.data && b->customer.data &&
                                   kundig__text_equal(a->customer, b->customer));
            pairs += same && s->sets[i] >> topic & 1 && s->sets[j] >> topic & 1;
        }
    }
    return pairs;
}

Test(roster, a_customer_is_one_cluster_in_each_topic)
{
    static spoken s;
    for (uint32_t threads = 1; threads < 4; threads++) {
        fixture f;
        kundig__asked asked;
        const kundig__question *question;
        kundig__gather gather;
        kundig__grouping *grouping = NULL;
        spoken_make(&s, 300, SURVEY_CUSTOMERS, 70 + threads);
        spoken_open(&f, &s, threads, 1);
        memset(s.sets, 0, threads); /* those rows were left out */
        f.context.threads = threads;
        kundig_query *query = spoken_query("count", "topic", NULL, NULL);
        cr_assert_eq(kundig__ask(f.corpus, query, &asked, &question, &f.err), KUNDIG_OK);
        cr_assert_eq(kundig__grouping_new(f.corpus, query, KUNDIG__NO_NODE, &grouping, &f.err),
                     KUNDIG_OK);
        kundig__gather_init(&gather, f.corpus, &asked, question);
        cr_assert_eq(kundig__gather_groups(&gather, grouping, &f.err), KUNDIG_OK);
        cr_assert(gather.layers > 1);
        uint64_t hits = 0;
        for (uint32_t group = 0; group < gather.count; group++) {
            char buffer[32];
            kundig_text key = kundig__grouping_key(grouping, group, 0, buffer);
            const kundig__cell *cell = &gather.cells[group];
            uint32_t topic = 0;
            while (key.data && !kundig__text_equal(key, kundig__str(saying_topics[topic]))) {
                topic++;
            }
            if (!key.data) {
                continue;
            }
            /* sum over clusters of their squared numbers of records */
            kundig__i128 one = (kundig__i128)KUNDIG__WEIGHT_ONE * KUNDIG__WEIGHT_ONE;
            cr_assert(cell->cww == (kundig__i128)roster_pairs(&s, topic) * one, "topic %u", topic);
            hits += cell->n;
        }
        cr_assert(hits > gather.counted.n, "records count in several topics");
        cr_assert_eq(gather.counted.selected, 300 - threads, "yet once in the notes");
        kundig__gather_free(&gather);
        kundig__grouping_free(grouping);
        kundig_query_free(query);
        fixture_close(&f);
    }
}
