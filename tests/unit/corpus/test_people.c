/* Names that links join are one person: whatever the order of facts, and until taken back. */
#include "records.h"

TestSuite(people, .fini = probe_fini);

static void people_link(fixture *f, const char *a, const char *b, int32_t holds, int64_t updated)
{
    kundig_link link;
    kundig_added added;
    kundig_link_init(&link);
    kundig_added_init(&added);
    link.customer = kundig__str(a);
    link.same_as = kundig__str(b);
    link.holds = holds;
    link.updated_ms = updated;
    cr_assert_eq(kundig__facts_add(f->corpus, KUNDIG_FACTS_LINKS, &link, 1, &added, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
}

static void people_record(fixture *f, const char *id, const char *customer)
{
    kundig_feedback record = fixture_record(id, NULL);
    record.customer = kundig__str(customer);
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
}

/* The persons of all rows: "a a - d". */
static const char *people_line(fixture *f)
{
    static char line[256];
    const kundig__dimension *people = NULL;
    size_t len = 0;
    cr_assert_eq(kundig__corpus_people(f->corpus, &people, &f->err), KUNDIG_OK);
    for (uint32_t row = 0; row < kundig__corpus_rows(f->corpus); row++) {
        kundig_text name = kundig__dimension_text(people, row);
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%.*s", row ? " " : "",
                                name.data ? (int)name.len : 1, name.data ? name.data : "-");
    }
    fixture_check(f);
    return line;
}

static void people_names(fixture *f, const char *customer, const char *expected)
{
    kundig__arena arena;
    kundig_text *names = NULL;
    size_t count = 0;
    char line[256] = "";
    size_t len = 0;
    kundig__arena_init(&arena, &f->context.mem);
    cr_assert_eq(
        kundig__person_names(f->corpus, kundig__str(customer), &arena, &names, &count, &f->err),
        KUNDIG_OK);
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%.*s", i ? " " : "",
                                (int)names[i].len, names[i].data);
    }
    cr_assert_str_eq(line, expected);
    kundig__arena_free(&arena);
}

Test(people, are_customers_as_given_where_no_link_holds)
{
    fixture f;
    const kundig__dimension *people = NULL;
    fixture_open(&f);
    cr_assert_eq(kundig__corpus_people(f.corpus, &people, &f.err), KUNDIG_OK);
    cr_assert_eq(people, kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CUSTOMER));
    people_record(&f, "1", "b");
    people_link(&f, "x", "y", KUNDIG_NO, 1);
    cr_assert_str_eq(people_line(&f), "b");
    cr_assert_eq(kundig__corpus_people(f.corpus, &people, &f.err), KUNDIG_OK);
    cr_assert_eq(people, kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CUSTOMER));
    people_names(&f, "b", "b");
    fixture_close(&f);
}

Test(people, are_called_by_their_least_name_until_a_link_is_taken_back)
{
    fixture f;
    fixture_open(&f);
    people_record(&f, "1", "c");
    people_record(&f, "2", NULL);
    people_record(&f, "3", "b");
    people_record(&f, "4", "e");
    cr_assert_str_eq(people_line(&f), "c - b e");
    people_link(&f, "c", "b", KUNDIG_YES, 1);
    cr_assert_str_eq(people_line(&f), "b - b e");
    people_link(&f, "a", "b", KUNDIG_YES, 1); /* nobody gave feedback as a */
    cr_assert_str_eq(people_line(&f), "a - a e");
    people_record(&f, "5", "a");
    people_record(&f, "6", "c");
    people_record(&f, "7", "d");
    cr_assert_str_eq(people_line(&f), "a - a e a a d");
    people_names(&f, "b", "a b c");
    people_names(&f, "c", "a b c");
    people_names(&f, "d", "d");
    people_link(&f, "d", "e", KUNDIG_YES, KUNDIG_TIME_ABSENT);
    cr_assert_str_eq(people_line(&f), "a - a d a a d");
    people_link(&f, "b", "a", KUNDIG_NO, 0); /* older than the link */
    cr_assert_str_eq(people_line(&f), "a - a d a a d");
    people_link(&f, "b", "a", KUNDIG_NO, 2);
    cr_assert_str_eq(people_line(&f), "b - b d a b d");
    people_names(&f, "a", "a");
    people_link(&f, "b", "c", KUNDIG_NO, 2);
    people_link(&f, "d", "e", KUNDIG_NO, 2);
    cr_assert_str_eq(people_line(&f), "c - b e a c d");
    fixture_close(&f);
}

Test(people, are_found_by_any_of_their_names)
{
    fixture f;
    fixture_open(&f);
    people_record(&f, "1", "b");
    people_record(&f, "2", "c");
    people_record(&f, "3", "x");
    people_record(&f, "4", NULL);
    cr_assert_eq(fixture_where(&f, "customer = b"), 1);
    people_link(&f, "b", "c", KUNDIG_YES, 1);
    cr_assert_eq(fixture_where(&f, "customer = b"), 2);
    cr_assert_eq(fixture_where(&f, "customer = c"), 2);
    cr_assert_eq(fixture_where(&f, "customer = a"), 0);
    cr_assert_eq(fixture_where(&f, "customer != c"), 2, "x, and who gave no name");
    cr_assert_eq(fixture_where(&f, "customer in (c, x)"), 3);
    cr_assert_eq(fixture_where(&f, "customer < c"), 2, "the person is called b");
    cr_assert_eq(fixture_where(&f, "customer is missing"), 1);
    people_link(&f, "a", "c", KUNDIG_YES, 1);
    cr_assert_eq(fixture_where(&f, "customer = a"), 2);
    cr_assert_eq(fixture_where(&f, "customer = 2026-01-01"), 0);
    fixture_close(&f);
}

/* Against the closure of "is linked to", reckoned by hand. */
Test(people, are_what_links_connect_in_any_order)
{
    enum { NAMES = 14 };
    for (uint64_t seed = 1; seed <= 30; seed++) {
        fixture f;
        fixture g;
        kundig__arena arena;
        bool joined[NAMES][NAMES] = {{false}};
        fixture_open(&f);
        fixture_open(&g);
        kundig__arena_init(&arena, &f.context.mem);
        records r = {.arena = &arena};
        kundig__prng_init(&r.prng, seed);
        records_add(&r, &f, KUNDIG_FACTS_FEEDBACK, 60);
        records_add(&r, &f, KUNDIG_FACTS_LINKS, (int)(seed % 10));
        uint32_t links = kundig__fact_rows(f.corpus, KUNDIG_FACTS_LINKS);
        for (uint32_t row = 0; row < links; row++) {
            kundig__fact fact;
            cr_assert_eq(kundig__fact_at(f.corpus, KUNDIG_FACTS_LINKS, row, &arena, &fact, &f.err),
                         KUNDIG_OK);
            if (kundig__fact_is_current(f.corpus, KUNDIG_FACTS_LINKS, row) &&
                fact.as.link.holds == KUNDIG_YES) {
                int a = atoi(fact.as.link.customer.data + 1);
                int b = atoi(fact.as.link.same_as.data + 1);
                joined[a][b] = joined[b][a] = true;
            }
        }
        for (int k = 0; k < NAMES; k++) {
            for (int a = 0; a < NAMES; a++) {
                for (int b = 0; b < NAMES; b++) {
                    joined[a][b] |= joined[a][k] && joined[k][b];
                }
            }
        }
        /* The same facts, links first and last row first. */
        cr_assert_eq(kundig__batch_begin_restoring(g.corpus, &g.err), KUNDIG_OK);
        for (int kind = KUNDIG__FACT_KINDS - 1; kind >= 0; kind--) {
            for (uint32_t row = kundig__fact_rows(f.corpus, kind); row-- > 0;) {
                kundig__fact fact;
                cr_assert_eq(kundig__fact_at(f.corpus, kind, row, &arena, &fact, &f.err),
                             KUNDIG_OK);
                cr_assert_eq(kundig__fact_add(g.corpus, &fact, NULL, NULL, &g.err), KUNDIG_OK);
            }
        }
        kundig__batch_commit(g.corpus);
        const kundig__dimension *people = NULL;
        const kundig__dimension *others = NULL;
        cr_assert_eq(kundig__corpus_people(f.corpus, &people, &f.err), KUNDIG_OK);
        cr_assert_eq(kundig__corpus_people(g.corpus, &others, &g.err), KUNDIG_OK);
        fixture_check(&f);
        fixture_check(&g);
        uint32_t rows = kundig__corpus_rows(f.corpus);
        for (uint32_t row = 0; row < rows; row++) {
            kundig_text given = kundig__dimension_text(
                kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CUSTOMER), row);
            kundig_text person = kundig__dimension_text(people, row);
            kundig_text other = kundig__dimension_text(others, rows - 1 - row);
            cr_assert(kundig__text_equal(person, other));
            cr_assert_eq(given.data == NULL, person.data == NULL);
            if (given.data) {
                char least[8];
                int a = atoi(given.data + 1);
                (void)snprintf(least, sizeof least, "c%d", a);
                for (int b = 0; b < NAMES; b++) {
                    char name[8];
                    (void)snprintf(name, sizeof name, "c%d", b);
                    if (joined[a][b] && strcmp(name, least) < 0) {
                        memcpy(least, name, sizeof least);
                    }
                }
                cr_assert(kundig__text_equal(person, kundig__str(least)), "seed %d: %.*s is %s",
                          (int)seed, (int)person.len, person.data, least);
            }
        }
        kundig__arena_free(&arena);
        fixture_close(&f);
        fixture_close(&g);
    }
}

Test(people, stay_linear_in_a_long_chain_of_links)
{
    enum { COUNT = 50000 };
    fixture f;
    kundig_text *names = NULL;
    size_t count = 0;
    kundig__arena arena;
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    for (int i = 0; i < COUNT; i++) {
        char a[16];
        char b[16];
        kundig__fact fact = {.kind = KUNDIG_FACTS_LINKS};
        kundig_link_init(&fact.as.link);
        (void)snprintf(a, sizeof a, "%05d", COUNT - i);
        (void)snprintf(b, sizeof b, "%05d", COUNT - i - 1);
        fact.as.link.customer = kundig__str(a);
        fact.as.link.same_as = kundig__str(b);
        cr_assert_eq(kundig__fact_add(f.corpus, &fact, NULL, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    people_record(&f, "1", "50000");
    cr_assert_str_eq(people_line(&f), "00000");
    cr_assert_eq(
        kundig__person_names(f.corpus, kundig__str("00777"), &arena, &names, &count, &f.err),
        KUNDIG_OK);
    cr_assert_eq(count, COUNT + 1);
    cr_assert(kundig__text_equal(names[COUNT], kundig__str("50000")));
    kundig__arena_free(&arena);
    fixture_close(&f);
}

static int64_t people_call(fixture *f, void *ud)
{
    const kundig__dimension *people = NULL;
    kundig__arena arena;
    kundig_text *names = NULL;
    kundig_query *query = ud;
    size_t count = 0;
    kundig__arena_init(&arena, &f->context.mem);
    /* Forget what was found. */
    kundig__people_free(&f->corpus->people, f->corpus->mem);
    kundig__people_init(&f->corpus->people, f->corpus);
    int rc = kundig__corpus_people(f->corpus, &people, &f->err);
    fixture_check(f);
    rc = rc ? rc
            : kundig__person_names(f->corpus, kundig__str("c"), &arena, &names, &count, &f->err);
    kundig__arena_free(&arena);
    int64_t kept = rc ? rc : fixture_count(f, query);
    if (kept < 0) { /* as the next call will find it: so that nothing is kept at failure */
        kundig__people_free(&f->corpus->people, f->corpus->mem);
        kundig__people_init(&f->corpus->people, f->corpus);
        probe_shared.fail_at = 0;
        cr_assert_eq(kundig__corpus_people(f->corpus, &people, &f->err), KUNDIG_OK);
        f->err.code = (int)kept;
    }
    return kept;
}

Test(people, survive_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    people_record(&f, "1", "c");
    people_record(&f, "2", "d");
    people_link(&f, "c", "b", KUNDIG_YES, 1);
    people_link(&f, "a", "b", KUNDIG_YES, 1);
    kundig_query *query = fixture_query("customer in (a, d)");
    fixture_sweep(&f, people_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
