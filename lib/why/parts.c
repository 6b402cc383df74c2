/* The parts of a score. */
#include "why/parts.h"

int kundig__score_parts_new(kundig__corpus *corpus, const kundig_query *query,
                            const kundig__asked *asked, const kundig__question *question,
                            const uint32_t *nodes, uint32_t sets, kundig__score_parts *out,
                            kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)asked;
    (void)question;
    (void)nodes;
    (void)sets;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

void kundig__score_parts_free(kundig__score_parts *parts)
{
    (void)parts;
}

double kundig__score_parts_variance(const kundig__score_parts *parts, uint32_t part,
                                    const double local[KUNDIG__PARTS_LOCAL],
                                    const double global[KUNDIG__PARTS_GLOBAL])
{
    (void)parts;
    (void)part;
    (void)local;
    (void)global;
    return 0;
}

int kundig__why_ask(kundig__corpus *corpus, const kundig_query *query, const char *field,
                    kundig_query **copy, kundig__asked *asked, const kundig__question **question,
                    kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    kundig_query *own = NULL;
    int rc = kundig__query_copy(query, &context->mem.hook, &own, err);
    if (!rc && !own->group_field_count) {
        rc = kundig_query_group_by(own, field, strlen(field), err);
    }
    rc = rc ? rc : kundig__ask_default(corpus, own, asked, question, err);
    if (!rc && (!asked->metric->contrast || asked->metric->reads == KUNDIG__READS_TOPICS)) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "%s is no mean of answers: name a score, as nps or csat_mean",
                          asked->metric->name);
    }
    if (rc) {
        kundig_query_free(own);
        return rc;
    }
    *copy = own;
    return KUNDIG_OK;
}
