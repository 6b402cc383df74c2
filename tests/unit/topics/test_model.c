#include "modelling.h"

TestSuite(model, .fini = probe_fini);

static const char model_sample[] = "theme z: Zeta\ntopic late: Late\nen: late, ~delay, late\n"
                                   "not en: better late than never\n"
                                   "theme b: Beta\ntopic kind: Kind\nde: freundlich\n"
                                   "topic able: Able\nany: able\nparts de: Zeit\n";

Test(model, stands_in_order_of_names)
{
    kundig_model *model = model_of(model_sample);
    cr_assert_eq(kundig__model_theme_count(model), 2);
    cr_assert_eq(kundig__model_topic_count(model), 3);
    cr_assert(kundig__text_equal(kundig__model_theme(model, 0)->name, KUNDIG__TEXT("b")));
    cr_assert(kundig__text_equal(kundig__model_theme(model, 1)->title, KUNDIG__TEXT("Zeta")));
    const char *names[] = {"able", "kind", "late"};
    for (size_t i = 0; i < 3; i++) {
        const kundig__topic_info *topic = kundig__model_topic(model, i);
        cr_assert(kundig__text_equal(topic->name, kundig__str(names[i])));
        cr_assert_eq(topic->theme, i == 2);
    }
    cr_assert_eq(kundig__model_topic(model, 2)->rule_count, 2, "equal rules are one");
    cr_assert_eq(kundig__model_topic(model, 2)->not_count, 1);
    cr_assert_eq(kundig__model_rule_count(model), 6);
    const kundig__rule_info *first = kundig__model_rule(model, 0);
    cr_assert(kundig__text_equal(first->written, KUNDIG__TEXT("able")));
    cr_assert_eq(first->line, 9);
    cr_assert_eq(kundig__model_rule(model, 5)->kind, KUNDIG__RULE_PART);
    cr_assert_not_null(kundig__model_languages(model));
    kundig_model_free(model);
}

Test(model, of_the_ready_taxonomy_is_made)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_new(&allocator, NULL, 0, &model, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_gt(kundig__model_topic_count(model), 0);
    kundig_model_free(model);
}

static kundig__hash128 id_of(const char *taxonomy)
{
    kundig_model *model = model_of(taxonomy);
    kundig__hash128 id = kundig__model_id(model);
    kundig_model_free(model);
    return id;
}

static bool same_id(const char *a, const char *b)
{
    kundig__hash128 left = id_of(a);
    kundig__hash128 right = id_of(b);
    return memcmp(&left, &right, sizeof left) == 0;
}

Test(model, has_an_id_of_what_decides_its_findings)
{
    const char *base = "theme t: T\ntopic a: A\nen: late, slow\n";
    cr_assert(same_id(base, base));
    cr_assert(same_id(base, "# a remark\ntheme t: Other title\ntopic a: B\nen: slow\nen: LATE\n"));
    cr_assert_not(same_id(base, "theme t: T\ntopic a: A\nen: late\n"));
    cr_assert_not(same_id(base, "theme t: T\ntopic a: A\nde: late, slow\n"));
    cr_assert_not(same_id(base, "theme u: T\ntopic a: A\nen: late, slow\n"));
    cr_assert_not(same_id(base, "theme t: T\ntopic b: A\nen: late, slow\n"));
    cr_assert_not(same_id(base, "theme t: T\ntopic a: A\nen: late, slow*\n"));
}

Test(model, is_shared_until_the_last_gives_it_back)
{
    kundig_model *model = model_of(model_sample);
    cr_assert_eq(kundig_model_retain(model), model);
    kundig_model_free(model);
    cr_assert_eq(kundig__model_topic_count(model), 3);
    kundig_model_free(model);
    cr_assert_null(kundig_model_retain(NULL));
    kundig_model_free(NULL);
}

Test(model, refuses_what_is_none)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    kundig_error err;
    cr_assert_eq(kundig_model_new(&allocator, NULL, 3, &model, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_new(&allocator, "x", 1, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_new(&allocator, "", 0, &model, &err), KUNDIG_E_EMPTY);
    const char *no_rule = "theme t: T\ntopic a: A\nnot en: late\nparts de: Zeit\n";
    cr_assert_eq(kundig_model_new(&allocator, no_rule, strlen(no_rule), &model, &err),
                 KUNDIG_E_EMPTY);
    cr_assert_not_null(strstr(err.message, "no rule"));
    const char *faulty = "theme t: T\ntopic a: A\nen: late,,\n???\n";
    cr_assert_eq(kundig_model_new(&allocator, faulty, strlen(faulty), &model, &err),
                 KUNDIG_E_FORMAT);
    const char *endless =
        "topic a: A\nany: abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd*\n";
    cr_assert_eq(kundig_model_new(&allocator, endless, strlen(endless), &model, &err),
                 KUNDIG_E_LIMIT);
    cr_assert_not_null(strstr(err.message, "line 2"), "%s", err.message);
    cr_assert_null(model);
}

Test(model, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_model *model = NULL;
            kundig_error err = {0, 0, ""};
            int rc = kundig_model_new(&allocator, model_sample, strlen(model_sample), &model, &err);
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && !model && err.message[0]),
                      "%d at %zu", rc, n);
            kundig_model_free(model);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (rc == KUNDIG_OK) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
}
