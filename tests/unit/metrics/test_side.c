#include "metrics/gather.h"
#include "spoken.h"

TestSuite(side, .fini = probe_fini);

static void side_of(fixture *f, kundig__asked *asked, const kundig_query *query, kundig__side *side)
{
    const kundig__question *question;
    kundig__gather gather;
    cr_assert_eq(kundig__ask(f->corpus, query, asked, &question, &f->err), KUNDIG_OK);
    kundig__gather_init(&gather, f->corpus, asked, question);
    cr_assert_eq(kundig__side_new(&gather, query, KUNDIG__NO_NODE, side, &f->err), KUNDIG_OK);
    kundig__gather_free(&gather);
}

Test(side, lists_the_groups_of_all_layers_in_order)
{
    static spoken s;
    fixture f;
    kundig__asked asked;
    kundig__side side;
    char buffer[32];
    spoken_make(&s, 100, 0, 3);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    side_of(&f, &asked, query, &side);
    cr_assert_eq(side.count, SAYING_TOPICS, "none, and all but the one nobody speaks of");
    cr_assert_null(kundig__grouping_key(side.grouping, side.groups[0], 0, buffer).data);
    for (uint32_t i = 1; i < side.count; i++) {
        kundig_text key = kundig__grouping_key(side.grouping, side.groups[i], 0, buffer);
        cr_assert(kundig__text_equal(key, kundig__str(saying_topics[i - 1])));
        cr_assert_eq(side.places[side.groups[i]], i);
    }
    kundig__side_translate(&side);
    for (uint32_t row = 0; row < side.rows; row++) {
        uint8_t set = s.sets[spoken_answer(&f, row)];
        uint32_t first = 0;
        while (set && !(set >> first & 1)) {
            first++;
        }
        cr_assert_eq(side.labels[row], set ? first + 1 : 0, "the first of the row's topics");
    }
    kundig__side_free(&side);
    kundig__side_free(&side);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(side, groups_of_records_that_are_not_read_are_not_listed)
{
    static spoken s;
    fixture f;
    kundig__asked asked;
    kundig__side side;
    spoken_make(&s, 40, 0, 4);
    for (size_t i = 0; i < 40; i++) {
        /* employees alone speak of the first topic */
        s.survey.answers[i].record.kind = s.sets[i] & 1 ? KUNDIG_KIND_EMPLOYEE : KUNDIG_KIND_SURVEY;
    }
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    side_of(&f, &asked, query, &side);
    cr_assert_eq(side.count, SAYING_TOPICS - 1);
    kundig__side_free(&side);
    kundig_query_free(query);
    fixture_close(&f);
}
