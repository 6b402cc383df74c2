/* The door of learning: examples from the facts, models learned from them, and what the model in
 * use says of each record. Invariant and company: kundig.c. */
#include "base/options.h"
#include "corpus/collect.h"
#include "corpus/said.h"
#include "corpus/told.h"
#include "door.h"

int kundig_examples_collect(kundig *k, const kundig_learn_options *options, kundig_examples *set,
                            kundig_error *err)
{
    kundig_learn_options known;
    int rc = kundig__learn_options(options, &known, err);
    if (rc) {
        return rc;
    }
    rc = kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = set ? kundig__corpus_collect(k->corpus, &known, NULL, set, err)
             : kundig__door_missing(err, "set");
    return kundig__door_leave(k, rc);
}

int kundig_teach(kundig *k, const kundig_learn_options *options, kundig_model **out,
                 kundig_error *err)
{
    kundig_learn_options known;
    const kundig_model *base = NULL;
    int rc = kundig__learn_options(options, &known, err);
    if (rc) {
        return rc;
    }
    rc = kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = out ? kundig__corpus_model(k->corpus, &base, err) : kundig__door_missing(err, "out");
    rc = rc ? rc : kundig__corpus_teach(k->corpus, base, &known, out, err);
    return kundig__door_leave(k, rc);
}

/* A table of records; the query may be NULL: of all. */
typedef int learn_table(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                        kundig_table **out, kundig_error *err);

static int learn_tell(kundig *k, const kundig_query *query, size_t limit, learn_table *tell,
                      kundig_table **out, kundig_error *err)
{
    kundig_query *everything = NULL;
    int rc = kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = out ? KUNDIG_OK : kundig__door_missing(err, "out");
    if (!rc && !query) {
        rc = kundig_query_new(&k->context.mem.hook, &everything);
        rc = rc ? kundig__fail(err, rc, 0, "out of memory") : KUNDIG_OK;
    }
    rc = rc ? rc : tell(k->corpus, query ? query : everything, limit, out, err);
    kundig_query_free(everything);
    return kundig__door_leave(k, rc);
}

int kundig_classify(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                    kundig_error *err)
{
    return learn_tell(k, query, limit, kundig__corpus_classify, out, err);
}

int kundig_sentiment(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                     kundig_error *err)
{
    return learn_tell(k, query, limit, kundig__corpus_sentiment, out, err);
}

int kundig_label_next(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                      kundig_error *err)
{
    return learn_tell(k, query, limit, kundig__corpus_label_next, out, err);
}
