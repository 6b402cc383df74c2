/* What goes with forgotten rows, and that what is left is what would have been without them. */
#include "forgetting.h"
#include "table/table.h"

TestSuite(forgotten, .fini = probe_fini);

static bool world_same(kundig_text a, kundig_text b)
{
    return a.data && b.data && kundig__text_equal(a, b);
}

static bool world_is_name(const world *w, kundig_text name)
{
    for (size_t i = 0; i < w->name_count; i++) {
        if (world_same(w->names[i], name)) {
            return true;
        }
    }
    return false;
}

static bool world_same_pair(const kundig_link *a, const kundig_link *b)
{
    return (world_same(a->customer, b->customer) && world_same(a->same_as, b->same_as)) ||
           (world_same(a->customer, b->same_as) && world_same(a->same_as, b->customer));
}

/* Links of one pair differ in what they say at most: the corpus is asked which one is current. */
static void world_person(world *w, fixture *f, const char *customer)
{
    kundig_text *names;
    size_t count;
    kundig__arena arena;
    kundig__arena_init(&arena, f->corpus->mem);
    cr_assert_eq(
        kundig__person_names(f->corpus, kundig__str(customer), &arena, &names, &count, &f->err),
        KUNDIG_OK);
    w->name_count = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < 7; n++) {
            if (world_same(names[i], kundig__str(world_names[n]))) {
                w->names[w->name_count++] = kundig__str(world_names[n]);
            }
        }
    }
    cr_assert_eq(w->name_count, count);
    kundig__arena_free(&arena);
}

/* Records of one kind are the same where source and id are; those without id stand alone. */
static bool world_same_record(const kundig__fact *a, const kundig__fact *b)
{
    if (a->kind == KUNDIG_FACTS_FEEDBACK) {
        return world_same(a->as.feedback.id, b->as.feedback.id);
    }
    return world_same(a->as.event.id, b->as.event.id);
}

static void world_spread(world *w, int kind)
{
    for (size_t i = 0; i < WORLD_FACTS; i++) {
        for (size_t j = 0; w->facts[i].kind == kind && w->gone[i] && j < WORLD_FACTS; j++) {
            if (w->facts[j].kind == kind && world_same_record(&w->facts[i], &w->facts[j])) {
                w->gone[j] = true;
            }
        }
    }
}

static kundig_text world_case(const kundig__fact *fact)
{
    if (fact->kind == KUNDIG_FACTS_FEEDBACK) {
        return fact->as.feedback.case_id;
    }
    return fact->kind == KUNDIG_FACTS_EVENTS ? fact->as.event.case_id : kundig__text(NULL, 0);
}

static kundig_text world_customer(const kundig__fact *fact)
{
    if (fact->kind == KUNDIG_FACTS_FEEDBACK) {
        return fact->as.feedback.customer;
    }
    return fact->kind == KUNDIG_FACTS_EVENTS ? fact->as.event.customer : kundig__text(NULL, 0);
}

static void world_pick_gone(world *w)
{
    memset(w->gone, 0, sizeof w->gone);
    for (size_t i = 0; i < WORLD_FACTS; i++) {
        const kundig__fact *fact = &w->facts[i];
        w->gone[i] =
            world_is_name(w, world_customer(fact)) ||
            (fact->kind == KUNDIG_FACTS_CUSTOMERS && world_is_name(w, fact->as.customer.id)) ||
            (fact->kind == KUNDIG_FACTS_CONSENTS && world_is_name(w, fact->as.consent.customer)) ||
            (fact->kind == KUNDIG_FACTS_LINKS &&
             (world_is_name(w, fact->as.link.customer) || world_is_name(w, fact->as.link.same_as)));
    }
    world_spread(w, KUNDIG_FACTS_FEEDBACK);
    world_spread(w, KUNDIG_FACTS_EVENTS);
    bool by_case[WORLD_FACTS] = {false};
    for (size_t i = 0; i < WORLD_FACTS; i++) {
        if (w->facts[i].kind != KUNDIG_FACTS_EVENTS) {
            continue;
        }
        bool theirs = false;
        bool elses = false;
        for (size_t j = 0; j < WORLD_FACTS; j++) {
            bool same = world_same(world_case(&w->facts[i]), world_case(&w->facts[j]));
            theirs |= same && w->gone[j];
            elses |= same && !w->gone[j] && world_customer(&w->facts[j]).data;
        }
        by_case[i] = theirs && !elses;
    }
    for (size_t i = 0; i < WORLD_FACTS; i++) {
        w->gone[i] |= by_case[i];
    }
    world_spread(w, KUNDIG_FACTS_EVENTS);
    for (size_t i = 0; i < WORLD_FACTS; i++) {
        for (size_t j = 0; w->facts[i].kind == KUNDIG_FACTS_LABELS && j < WORLD_FACTS; j++) {
            w->gone[i] |= w->facts[j].kind == KUNDIG_FACTS_FEEDBACK && w->gone[j] &&
                          world_same(w->facts[i].as.label.id, w->facts[j].as.feedback.id);
        }
    }
}

static void world_equal(fixture *a, fixture *b, unsigned seed)
{
    kundig_table *fields[2];
    kundig_bytes *bytes[2];
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__fact_sum sums[2] = {{0, 0, 0}, {0, 0, 0}};
        cr_assert_eq(kundig__fact_sum_rows(a->corpus, kind, 0, &sums[0], &a->err), KUNDIG_OK);
        cr_assert_eq(kundig__fact_sum_rows(b->corpus, kind, 0, &sums[1], &b->err), KUNDIG_OK);
        cr_assert(memcmp(&sums[0], &sums[1], sizeof sums[0]) == 0, "seed %u, %s: %lu and %lu rows",
                  seed, kundig__fact_kind_name(kind), (unsigned long)sums[0].count,
                  (unsigned long)sums[1].count);
    }
    cr_assert_eq(kundig__corpus_fields(a->corpus, &fields[0], &a->err), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_fields(b->corpus, &fields[1], &b->err), KUNDIG_OK);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(kundig_table_to_json(fields[i], &bytes[i], &a->err), KUNDIG_OK);
    }
    cr_assert_str_eq(kundig_bytes_data(bytes[0]), kundig_bytes_data(bytes[1]), "seed %u", seed);
    for (int i = 0; i < 2; i++) {
        kundig_bytes_free(bytes[i]);
        kundig_table_free(fields[i]);
    }
}

Test(forgotten, what_is_left_is_what_would_have_been_without_them)
{
    static world w;
    uint64_t gone = 0;
    uint64_t kept = 0;
    for (unsigned seed = 1; seed <= 150; seed++) {
        kundig__prng own;
        kundig__prng *prng = &own;
        kundig__fact rest[WORLD_FACTS];
        size_t count = 0;
        fixture f;
        fixture without;
        kundig__corpus *fresh = NULL;
        kundig__prng_init(prng, seed);
        world_make(&w, prng);
        for (size_t i = 0; i < WORLD_FACTS; i++) {
            for (size_t j = 0; j < i; j++) {
                if (w.facts[i].kind == KUNDIG_FACTS_LINKS &&
                    w.facts[j].kind == KUNDIG_FACTS_LINKS &&
                    world_same_pair(&w.facts[i].as.link, &w.facts[j].as.link)) {
                    w.facts[i].as.link.updated_ms = (int64_t)i;
                }
            }
        }
        fixture_open(&f);
        forget_add(&f, w.facts, WORLD_FACTS);
        const char *customer = world_names[kundig__prng_below(prng, 7)];
        world_person(&w, &f, customer);
        world_pick_gone(&w);
        for (size_t i = 0; i < WORLD_FACTS; i++) {
            if (!w.gone[i]) {
                rest[count++] = w.facts[i];
            }
        }
        fixture_open(&without);
        forget_add(&without, rest, count);
        kundig__forgetting out = forget_whom(&f, customer);
        for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
            gone += out.count[kind];
            kept += kundig__fact_rows(f.corpus, kind) - out.count[kind];
        }
        cr_assert_eq(kundig__corpus_without(f.corpus, &out, &fresh, &f.err), KUNDIG_OK, "%s",
                     f.err.message);
        kundig__forgetting_free(&out);
        kundig__corpus_free(f.corpus);
        f.corpus = fresh;
        fixture_check(&f);
        world_equal(&f, &without, seed);
        out = forget_whom(&f, customer);
        for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
            cr_assert_eq(out.count[kind], 0, "nothing is left to forget");
        }
        kundig__forgetting_free(&out);
        fixture_close(&f);
        fixture_close(&without);
    }
    cr_assert_gt(gone, 150 * 20, "people had something to forget");
    cr_assert_gt(kept, 150 * 20, "and others something to keep");
}

/* ---- Names ---- */

static const char *forgotten_list(const kundig__forgotten_names *names)
{
    static char text[256];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < names->count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%.*s", i ? " " : "",
                                (int)names->names[i].len, names->names[i].data);
    }
    return text;
}

static kundig_attribute forgotten_attribute(const char *name)
{
    kundig_attribute attribute = {.name = kundig__str(name)};
    attribute.value.type = KUNDIG_VALUE_NUMBER;
    attribute.value.number = 1;
    return attribute;
}

Test(forgotten, names_that_others_use_stay)
{
    fixture f;
    kundig__arena arena;
    kundig__forgotten_names names;
    fixture_open(&f);
    kundig_score own[] = {fixture_nps(1), fixture_nps(2), fixture_nps(3)};
    own[0].question = kundig__str("anna's alone");
    own[1].question = kundig__str("everybody's");
    own[2].question = kundig__str("alone as well");
    kundig_score others[] = {own[1], fixture_nps(4)};
    kundig_attribute of_feedback[] = {forgotten_attribute("a"), forgotten_attribute("b"),
                                      forgotten_attribute("c"), forgotten_attribute("d")};
    kundig_attribute of_customer[] = {forgotten_attribute("c"), forgotten_attribute("e"),
                                      forgotten_attribute("f"), forgotten_attribute("g")};
    kundig__fact facts[] = {
        forget_feedback("1", "ben", "x"),  forget_feedback("2", "anna", "y"),
        forget_feedback("3", "anna", "z"), forget_customer("ben"),
        forget_customer("anna"),
    };
    facts[0].as.feedback.scores = others;
    facts[0].as.feedback.score_count = 2;
    facts[0].as.feedback.attributes = &of_feedback[1]; /* b */
    facts[0].as.feedback.attribute_count = 1;
    facts[1].as.feedback.scores = own;
    facts[1].as.feedback.score_count = 2;
    facts[1].as.feedback.attributes = of_feedback; /* a b c d */
    facts[1].as.feedback.attribute_count = 4;
    facts[2].as.feedback.scores = &own[2];
    facts[2].as.feedback.score_count = 1;
    facts[3].as.customer.attributes = of_customer; /* c e */
    facts[3].as.customer.attribute_count = 2;
    facts[4].as.customer.attributes = &of_customer[1]; /* e f g */
    facts[4].as.customer.attribute_count = 3;
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    kundig__arena_init(&arena, f.corpus->mem);
    kundig__forgetting anna = forget_whom(&f, "anna");
    cr_assert_eq(kundig__forgotten_questions(f.corpus, &anna, &arena, &names, &f.err), KUNDIG_OK);
    cr_assert_str_eq(forgotten_list(&names), "alone as well anna's alone");
    cr_assert_eq(kundig__forgotten_attributes(f.corpus, &anna, &arena, &names, &f.err), KUNDIG_OK);
    cr_assert_str_eq(forgotten_list(&names), "a d f g");
    kundig__forgetting_free(&anna);
    kundig__forgetting nobody = forget_whom(&f, "carl");
    cr_assert_eq(kundig__forgotten_questions(f.corpus, &nobody, &arena, &names, &f.err), KUNDIG_OK);
    cr_assert_eq(names.count, 0);
    cr_assert_eq(kundig__forgotten_attributes(f.corpus, &nobody, &arena, &names, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(names.count, 0);
    kundig__forgetting_free(&nobody);
    kundig__arena_free(&arena);
    fixture_close(&f);
}

Test(forgotten, a_source_goes_with_its_last_row)
{
    static const char *const sources[] = {"anna's", "both", NULL, "ben's", "anna's", "both"};
    fixture f;
    kundig__arena arena;
    kundig__forgotten_names names;
    kundig__fact facts[6];
    fixture_open(&f);
    kundig__arena_init(&arena, f.corpus->mem);
    for (size_t i = 0; i < 6; i++) {
        facts[i] = forget_feedback(world_ids[i], i == 1 || i == 3 ? "ben" : "anna", "x");
        facts[i].as.feedback.source = kundig__str(sources[i]);
    }
    forget_add(&f, facts, 6);
    kundig__forgetting anna = forget_whom(&f, "anna");
    cr_assert_eq(kundig__forgotten_sources(f.corpus, &anna, &arena, &names, &f.err), KUNDIG_OK);
    cr_assert_str_eq(forgotten_list(&names), "anna's");
    kundig__forgetting_free(&anna);
    kundig__forgetting nobody = forget_whom(&f, "carl");
    cr_assert_eq(kundig__forgotten_sources(f.corpus, &nobody, &arena, &names, &f.err), KUNDIG_OK);
    cr_assert_eq(names.count, 0);
    kundig__forgetting_free(&nobody);
    kundig__arena_free(&arena);
    fixture_close(&f);
}

/* ---- Failures ---- */

static int64_t forgotten_sweep(fixture *f, void *ud)
{
    const kundig__forgetting *forgetting = ud;
    kundig__forgotten_names names;
    kundig__arena arena;
    kundig__corpus *fresh = NULL;
    kundig__arena_init(&arena, f->corpus->mem);
    int rc = kundig__forgotten_questions(f->corpus, forgetting, &arena, &names, &f->err);
    rc = rc ? rc : kundig__forgotten_attributes(f->corpus, forgetting, &arena, &names, &f->err);
    rc = rc ? rc : kundig__forgotten_sources(f->corpus, forgetting, &arena, &names, &f->err);
    rc = rc ? rc : kundig__corpus_without(f->corpus, forgetting, &fresh, &f->err);
    kundig__arena_free(&arena);
    kundig__corpus_free(fresh);
    return rc;
}

Test(forgotten, survives_failure_of_every_allocation)
{
    static world w;
    kundig__prng prng;
    fixture f;
    kundig__prng_init(&prng, 7);
    fixture_open(&f);
    world_make(&w, &prng);
    forget_add(&f, w.facts, WORLD_FACTS / 2);
    kundig__forgetting forgetting = forget_whom(&f, "c1");
    fixture_sweep(&f, forgotten_sweep, &forgetting);
    kundig__forgetting_free(&forgetting);
    fixture_check(&f);
    fixture_close(&f);
}
