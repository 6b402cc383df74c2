/* The door of why: what moved a score, what is new, who speaks, and whom they stand for. Invariant
 * and company: kundig.c. */
#include "base/options.h"
#include "door.h"
#include "why/why.h"

/* Let a call in that asks about facts, with a query of its own where none is given. */
static int why_begin(kundig *k, const kundig_query **query, kundig_query **everything,
                     kundig_error *err)
{
    int rc = kundig__door_ask(k, err);
    if (rc || *query) {
        return rc;
    }
    rc = kundig_query_new(&k->context.mem.hook, everything);
    *query = *everything;
    return rc ? kundig__door_leave(k, kundig__fail(err, rc, 0, "out of memory")) : KUNDIG_OK;
}

static int why_end(kundig *k, kundig_query *everything, int rc)
{
    kundig_query_free(everything);
    return kundig__door_leave(k, rc);
}

/* The caller's array is as long as the caller knows. */
static void why_tables(kundig_table **known, size_t known_count, kundig_table **tables,
                       size_t table_count)
{
    for (size_t i = 0; i < table_count; i++) {
        tables[i] = i < known_count ? known[i] : NULL;
    }
    for (size_t i = table_count; i < known_count; i++) {
        kundig_table_free(known[i]);
    }
}

static int why_nodes(const kundig_query *query, uint32_t a, uint32_t b, const char *names,
                     kundig_error *err)
{
    if (a >= query->node_count || b >= query->node_count) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s are conditions made in this query", names);
    }
    return KUNDIG_OK;
}

int kundig_impact(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                  kundig_error *err)
{
    kundig_query *everything = NULL;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = why_begin(k, &query, &everything, err);
    return rc ? rc : why_end(k, everything, kundig__impact(k->corpus, query, limit, out, err));
}

int kundig_loud(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                kundig_error *err)
{
    kundig_query *everything = NULL;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = why_begin(k, &query, &everything, err);
    return rc ? rc : why_end(k, everything, kundig__loud(k->corpus, query, limit, out, err));
}

int kundig_buts(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                kundig_error *err)
{
    kundig_query *everything = NULL;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = why_begin(k, &query, &everything, err);
    return rc ? rc : why_end(k, everything, kundig__buts(k->corpus, query, limit, out, err));
}

int kundig_mismatch(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                    kundig_error *err)
{
    kundig_query *everything = NULL;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = why_begin(k, &query, &everything, err);
    return rc ? rc : why_end(k, everything, kundig__mismatch(k->corpus, query, limit, out, err));
}

int kundig_funnel(kundig *k, const kundig_query *query, kundig_table **out, kundig_error *err)
{
    if (!query || !out) {
        return kundig__door_missing(err, query ? "out" : "query");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : kundig__door_leave(k, kundig__funnel(k->corpus, query, out, err));
}

int kundig_benchmark(kundig *k, const kundig_query *query, double value, double n, double deviation,
                     kundig_table **out, kundig_error *err)
{
    if (!query || !out) {
        return kundig__door_missing(err, query ? "out" : "query");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc
              : kundig__door_leave(
                    k, kundig__benchmark(k->corpus, query, value, n, deviation, out, err));
}

int kundig_explain(kundig *k, const kundig_query *query, uint32_t before, uint32_t after,
                   const kundig_explain_options *options, kundig_table **tables, size_t table_count,
                   kundig_error *err)
{
    kundig_explain_options known;
    kundig_table *made[KUNDIG_EXPLAIN_TABLES] = {NULL};
    if (!query || !tables) {
        return kundig__door_missing(err, query ? "tables" : "query");
    }
    int rc = kundig__options_read(&known, sizeof known, options, "kundig_explain_options", err);
    rc = rc ? rc : why_nodes(query, before, after, "before and after", err);
    rc = rc ? rc : kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = kundig__explain(k->corpus, query, before, after, &known, made, err);
    if (!rc) {
        why_tables(made, KUNDIG_EXPLAIN_TABLES, tables, table_count);
    }
    return kundig__door_leave(k, rc);
}

int kundig_chart(kundig *k, const kundig_query *query, const kundig_chart_options *options,
                 kundig_table **out, kundig_error *err)
{
    kundig_query *everything = NULL;
    kundig_chart_options known;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = kundig__chart_options(options, &known, err);
    rc = rc ? rc : why_begin(k, &query, &everything, err);
    return rc ? rc : why_end(k, everything, kundig__chart(k->corpus, query, &known, out, err));
}

int kundig_alarms(kundig *k, const kundig_query *query, const kundig_chart_options *options,
                  size_t limit, kundig_table **out, kundig_error *err)
{
    kundig_query *everything = NULL;
    kundig_chart_options known;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = kundig__chart_options(options, &known, err);
    rc = rc ? rc : why_begin(k, &query, &everything, err);
    return rc ? rc
              : why_end(k, everything, kundig__alarms(k->corpus, query, &known, limit, out, err));
}

int kundig_emerging(kundig *k, const kundig_query *query, const kundig_emerging_options *options,
                    kundig_table **out, kundig_error *err)
{
    kundig_query *everything = NULL;
    kundig_emerging_options known;
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = kundig__options_read(&known, sizeof known, options, "kundig_emerging_options", err);
    rc = rc ? rc : why_begin(k, &query, &everything, err);
    return rc ? rc : why_end(k, everything, kundig__emerging(k->corpus, query, &known, out, err));
}

int kundig_words(kundig *k, const kundig_query *query, uint32_t a, uint32_t b,
                 const kundig_words_options *options, kundig_table **out, kundig_error *err)
{
    kundig_words_options known;
    if (!query || !out) {
        return kundig__door_missing(err, query ? "out" : "query");
    }
    int rc = kundig__options_read(&known, sizeof known, options, "kundig_words_options", err);
    rc = rc ? rc : why_nodes(query, a, b, "a and b", err);
    rc = rc ? rc : kundig__door_ask(k, err);
    return rc ? rc : kundig__door_leave(k, kundig__words(k->corpus, query, a, b, &known, out, err));
}

int kundig_weights(kundig *k, const kundig_query *query, const kundig_margin *margins,
                   size_t margin_count, const kundig_weights_options *options,
                   kundig_table **tables, size_t table_count, kundig_error *err)
{
    kundig_query *everything = NULL;
    kundig_weights_options known;
    kundig_table *made[KUNDIG_WEIGHTS_TABLES] = {NULL};
    if (!margins || !tables) {
        return kundig__door_missing(err, margins ? "tables" : "margins");
    }
    int rc = kundig__options_read(&known, sizeof known, options, "kundig_weights_options", err);
    rc = rc ? rc : why_begin(k, &query, &everything, err);
    if (rc) {
        return rc;
    }
    rc = kundig__weigh_answers(k->corpus, query, margins, margin_count, &known, made, err);
    if (!rc) {
        why_tables(made, KUNDIG_WEIGHTS_TABLES, tables, table_count);
    }
    return why_end(k, everything, rc);
}

int kundig_represent(kundig *k, const kundig_query *query, kundig_table **tables,
                     size_t table_count, kundig_error *err)
{
    kundig_query *everything = NULL;
    kundig_table *made[KUNDIG_REPRESENT_TABLES] = {NULL};
    if (!tables) {
        return kundig__door_missing(err, "tables");
    }
    int rc = why_begin(k, &query, &everything, err);
    if (rc) {
        return rc;
    }
    rc = kundig__represent(k->corpus, query, made, err);
    if (!rc) {
        why_tables(made, KUNDIG_REPRESENT_TABLES, tables, table_count);
    }
    return why_end(k, everything, rc);
}
