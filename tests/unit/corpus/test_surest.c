/* The records that are most surely of a topic. */
#include "corpus/collect.h"
#include "corpus/said.h"
#include "model.h"
#include "records.h"

TestSuite(surest, .fini = probe_fini);

/* A topic of rules is no record's main topic: nothing is sure. */
Test(surest, records_of_topics_that_were_not_discovered_are_none)
{
    fixture f;
    fixture_open(&f);
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = model_of(&allocator, "topic delivery: Delivery\nen: courier\n");
    kundig_feedback given[] = {fixture_record("1", "the courier came"),
                               fixture_record("2", "courier courier")};
    cr_assert_eq(fixture_add(&f, given, 2, NULL), KUNDIG_OK);
    kundig__corpus_set_model(f.corpus, model);
    uint32_t rows[2];
    size_t count = 9;
    cr_assert_eq(kundig__corpus_surest(f.corpus, 0, rows, 2, &count, &f.err), KUNDIG_OK);
    cr_assert_eq(count, 0);
    kundig_model_free(model);
    fixture_close(&f);
}
