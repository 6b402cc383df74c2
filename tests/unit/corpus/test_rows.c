/* Rows of every kind: what was given comes back, and adds the same facts elsewhere. */
#include "records.h"

TestSuite(rows, .fini = probe_fini);

static void rows_bytes(fixture *f, int kind, uint32_t row, kundig__buf *out)
{
    out->len = 0;
    kundig__fact_canonical(f->corpus, kind, row, out);
    cr_assert(!out->failed);
}

/* Every row of `from`, in a shuffled order, restored into `to`. */
static void rows_copy(fixture *from, fixture *to, uint64_t seed)
{
    kundig__prng prng;
    kundig__arena arena;
    kundig_added added;
    kundig__prng_init(&prng, seed);
    kundig__arena_init(&arena, &from->context.mem);
    kundig_added_init(&added);
    cr_assert_eq(kundig__batch_begin_restoring(to->corpus, &to->err), KUNDIG_OK);
    uint64_t rows = 0;
    for (int kind = KUNDIG__FACT_KINDS - 1; kind >= 0; kind--) {
        uint32_t count = kundig__fact_rows(from->corpus, kind);
        uint32_t *order = malloc((count + 1) * sizeof *order);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t j = (uint32_t)kundig__prng_below(&prng, i + 1u);
            order[i] = order[j];
            order[j] = i;
        }
        for (uint32_t i = 0; i < count; i++) {
            kundig__fact fact;
            kundig__arena_free(&arena);
            cr_assert_eq(kundig__fact_at(from->corpus, kind, order[i], &arena, &fact, &from->err),
                         KUNDIG_OK);
            cr_assert_eq(fact.kind, kind);
            cr_assert_eq(kundig__fact_add(to->corpus, &fact, &added, NULL, &to->err), KUNDIG_OK,
                         "%s: %s", kundig__fact_kind_name(kind), to->err.message);
        }
        rows += count;
        free(order);
    }
    kundig__batch_commit(to->corpus);
    kundig__arena_free(&arena);
    cr_assert_eq(added.records, rows);
    cr_assert_eq(added.unchanged, 0);
    cr_assert_eq(added.replaced_bytes, 0, "what was mended stays as it is");
}

Test(rows, come_back_as_they_were_given)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fixture f;
        fixture g;
        kundig__arena arena;
        kundig__buf a;
        kundig__buf b;
        char before[33];
        char after[33];
        fixture_open(&f);
        fixture_open(&g);
        kundig__arena_init(&arena, &f.context.mem);
        kundig__buf_init(&a, &f.context.mem);
        kundig__buf_init(&b, &f.context.mem);
        records r = {.arena = &arena};
        kundig__prng_init(&r.prng, seed);
        records_add(&r, &f, -1, 200);
        fixture_check(&f);
        /* One by one, in the same order: row by row the same bytes. */
        cr_assert_eq(kundig__batch_begin_restoring(g.corpus, &g.err), KUNDIG_OK);
        for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
            cr_assert_gt(kundig__fact_rows(f.corpus, kind), 0);
            for (uint32_t row = 0; row < kundig__fact_rows(f.corpus, kind); row++) {
                kundig__fact fact;
                cr_assert_eq(kundig__fact_at(f.corpus, kind, row, &arena, &fact, &f.err),
                             KUNDIG_OK);
                cr_assert_eq(kundig__fact_add(g.corpus, &fact, NULL, NULL, &g.err), KUNDIG_OK, "%s",
                             g.err.message);
                rows_bytes(&f, kind, row, &a);
                rows_bytes(&g, kind, row, &b);
                cr_assert_eq(a.len, b.len);
                cr_assert_eq(memcmp(a.data, b.data, a.len), 0, "%s, row %lu",
                             kundig__fact_kind_name(kind), (unsigned long)row);
            }
        }
        kundig__batch_commit(g.corpus);
        fixture_check(&g);
        for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
            cr_assert_eq(kundig__fact_records(f.corpus, kind),
                         kundig__fact_records(g.corpus, kind));
            for (uint32_t row = 0; row < kundig__fact_rows(f.corpus, kind); row++) {
                cr_assert_eq(kundig__fact_is_current(f.corpus, kind, row),
                             kundig__fact_is_current(g.corpus, kind, row));
            }
        }
        fixture_close(&g);
        fixture_open(&g);
        rows_copy(&f, &g, seed);
        fixture_check(&g);
        records_name_of(&f, before);
        records_name_of(&g, after);
        cr_assert_str_eq(before, after);
        kundig__buf_free(&a);
        kundig__buf_free(&b);
        kundig__arena_free(&arena);
        fixture_close(&f);
        fixture_close(&g);
    }
}

Test(rows, of_a_batch_are_whole_or_absent_whatever_their_kind)
{
    fixture f;
    kundig__arena arena;
    char before[33];
    char after[33];
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    records r = {.arena = &arena};
    kundig__prng_init(&r.prng, 7);
    for (int round = 0; round < 20; round++) {
        records_name_of(&f, before);
        uint64_t generation = kundig__corpus_generation(f.corpus);
        cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
        for (int i = 0; i < 60; i++) {
            kundig__fact fact;
            records_make(&r, (int)records_below(&r, KUNDIG__FACT_KINDS), &fact);
            cr_assert_eq(kundig__fact_add(f.corpus, &fact, NULL, NULL, &f.err), KUNDIG_OK);
        }
        kundig__batch_abandon(f.corpus);
        fixture_check(&f);
        records_name_of(&f, after);
        cr_assert_str_eq(before, after);
        cr_assert_eq(kundig__corpus_generation(f.corpus), generation);
        records_add(&r, &f, -1, 20);
        cr_assert_eq(kundig__corpus_generation(f.corpus), generation + 1);
    }
    kundig__arena_free(&arena);
    fixture_close(&f);
}

Test(rows, restored_without_an_id_are_further_ones)
{
    enum { THERE = 50000 }; /* a walk over those that are there would take minutes */
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_feedback record = fixture_record(NULL, "the same");
    for (unsigned round = 0; round < 3; round++) {
        cr_assert_eq(kundig__batch_begin_restoring(f.corpus, &f.err), KUNDIG_OK);
        kundig_added_init(&added);
        for (unsigned i = 0; i < THERE + round; i++) {
            cr_assert_eq(kundig__batch_add(f.corpus, &record, &added, NULL, &f.err), KUNDIG_OK);
        }
        kundig__batch_commit(f.corpus);
        cr_assert_eq(added.added, THERE + round);
        fixture_check(&f);
    }
    cr_assert_eq(kundig__corpus_current_rows(f.corpus), 3 * THERE + 3);
    /* They have the numbers that adding them would have given. */
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    kundig_added_init(&added);
    for (int i = 0; i < 3 * THERE + 3 + 5; i++) {
        cr_assert_eq(kundig__batch_add(f.corpus, &record, &added, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    cr_assert_eq(added.unchanged, 3 * THERE + 3);
    cr_assert_eq(added.added, 5);
    fixture_close(&f);
}

Test(rows, an_array_is_added_whole_or_not_at_all)
{
    fixture f;
    kundig_added added;
    kundig_link links[3];
    fixture_open(&f);
    for (int i = 0; i < 3; i++) {
        kundig_link_init(&links[i]);
        links[i].customer = kundig__str("a");
        links[i].same_as = kundig__str(i == 1 ? "b" : "c");
    }
    links[2].same_as = links[2].customer;
    kundig_added_init(&added);
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, links, 3, &added, &f.err),
                 KUNDIG_E_VALUE);
    cr_assert_eq(f.err.pos, 2);
    cr_assert_eq(added.records, 0);
    cr_assert_eq(kundig__fact_rows(f.corpus, KUNDIG_FACTS_LINKS), 0);
    links[2].same_as = kundig__str("d");
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, links, 3, &added, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(added.added, 3);
    fixture_check(&f);
    fixture_close(&f);
}

static int64_t rows_call(fixture *f, void *ud)
{
    const kundig__fact *facts = ud;
    char name[33];
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    kundig__arena arena;
    fixture copy = {.context = f->context};
    kundig__arena_init(&arena, &f->context.mem);
    memset(sums, 0, sizeof sums);
    int rc = fixture_try(&copy);
    f->err = copy.err;
    if (rc) {
        return rc;
    }
    rc = kundig__batch_begin_restoring(copy.corpus, &f->err);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        kundig__fact back;
        rc = kundig__fact_add(copy.corpus, &facts[kind], NULL, NULL, &f->err);
        rc = rc ? rc : kundig__fact_at(copy.corpus, kind, 0, &arena, &back, &f->err);
        if (kind == KUNDIG_FACTS_FEEDBACK && !rc) { /* and a further one */
            rc = kundig__fact_add(copy.corpus, &back, NULL, NULL, &f->err);
        }
    }
    if (rc) {
        kundig__batch_abandon(copy.corpus);
        cr_assert_eq(kundig__fact_rows(copy.corpus, KUNDIG_FACTS_FEEDBACK), 0);
    } else {
        kundig__batch_commit(copy.corpus);
    }
    fixture_check(&copy);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        rc = kundig__fact_sum_rows(copy.corpus, kind, 0, &sums[kind], &f->err);
    }
    kundig__facts_name(sums, NULL, name);
    kundig__arena_free(&arena);
    fixture_close(&copy);
    return rc;
}

Test(rows, survive_failure_of_every_allocation)
{
    fixture f;
    kundig__arena arena;
    kundig__fact facts[KUNDIG__FACT_KINDS];
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    records r = {.arena = &arena};
    kundig__prng_init(&r.prng, 3);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        records_make(&r, kind, &facts[kind]);
    }
    facts[KUNDIG_FACTS_FEEDBACK].as.feedback.id = kundig__text(NULL, 0);
    fixture_sweep(&f, rows_call, facts);
    kundig__arena_free(&arena);
    fixture_close(&f);
}
