/* Discovery in the facts: what is taken, what is noted, what is counted anew. */
#include "corpus/collect.h"
#include "corpus/query.h"
#include "model.h"
#include "records.h"
#include "topics/discovered.h"

TestSuite(survey, .fini = probe_fini);

Test(survey, without_a_comment_there_is_nothing_to_discover)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback given[] = {fixture_record("1", NULL), fixture_record("2", "")};
    cr_assert_eq(fixture_add(&f, given, 2, NULL), KUNDIG_OK);
    kundig_query *query = NULL;
    kundig_model *model = NULL;
    kundig_discover_options options;
    kundig_discover_options_init(&options);
    cr_assert_eq(kundig_query_new(&f.context.mem.hook, &query), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_discover(f.corpus, NULL, query, &options, &model, &f.err),
                 KUNDIG_E_EMPTY);
    cr_assert(strstr(f.err.message, "no record that is asked for has a text"));
    cr_assert_null(model);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(survey, a_taxonomy_was_not_discovered)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = model_of(&allocator, "topic delivery: Delivery\nen: courier\n");
    cr_assert(!kundig__model_is_discovered_of_facts(model));
    kundig_model_free(model);
}
