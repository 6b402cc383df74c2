#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(record, .fini = probe_fini);

static void record_refused(const char *data, const char *map, const char *words)
{
    ingesting it;
    ingesting_one(&it, data, map, 0);
    cr_expect(it.report && summary(&it, "rejected") == 1, "%s", it.err.message);
    cr_expect(strstr(reject_reason(&it, 0), words), "%s", reject_reason(&it, 0));
    ingesting_end(&it);
}

Test(record, refuses_values_of_the_wrong_kind)
{
    record_refused("nps,w\n5,1\n6,-2\n", "weight=w", "w: \"-2\" is not a weight");
    record_refused("nps,c\n5,yes\n6,perhaps\n", "consent=c", "c: \"perhaps\" is not a yes or no");
    record_refused("nps,k\n5,survey\n6,parcel\n", "kind=k", "k: \"parcel\" is not a kind");
    record_refused("nps,t\n5,2018-01-01\n6,soon\n", "time=t",
                   "t: \"soon\" is refused: it is no date");
    record_refused("nps,x\n8/10,a\n4/5,b\n", NULL, "\"4/5\" is not on the scale 0 to 10");
}

Test(record, fills_every_field)
{
    ingesting it;
    ingesting_one(&it,
                  "nps,id,customer,channel,touchpoint,stage,case,agent,department,segment,product,"
                  "language,purpose,consent,weight,kind,updated,time\n"
                  "5,i,c,web,t,s,1,a,d,g,p,de,u,ja,2,call,2026-01-02,2026-01-01\n",
                  NULL, 0);
    cr_assert(it.rc == 0, "%s", it.err.message);
    for (int dim = KUNDIG__DIM_CUSTOMER; dim < KUNDIG__DIM_COUNT; dim++) {
        cr_expect(kundig__corpus_dimension(it.corpus, dim)->codes, "%s",
                  kundig__dimension_name(dim));
    }
    cr_expect(kundig__corpus_weights(it.corpus)[0] == 2 * KUNDIG__WEIGHT_ONE);
    cr_expect(kundig__corpus_consents(it.corpus)[0] == KUNDIG_YES);
    cr_expect(kundig__corpus_id(it.corpus, 0).len == 1);
    ingesting_end(&it);
}

Test(record, keeps_text_as_it_stands)
{
    ingesting it;
    ingesting_one(&it, "nps,text\n5,\"  two  blanks \"\n6,   \n", NULL, 0);
    cr_expect(kundig__corpus_text(it.corpus, 0).len == 14);
    cr_expect(!kundig__corpus_text(it.corpus, 1).data);
    ingesting_end(&it);
}
