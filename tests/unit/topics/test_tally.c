#include <criterion/criterion.h>

#include "probe.h"
#include "topics/trials.h"

TestSuite(tally, .fini = probe_fini);

static kundig__mem *tally_begin(kundig__tally *tally, uint32_t classes, int kind)
{
    static kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__lessons lessons = {.class_count = classes, .kind = kind};
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert(kundig__tally_init(tally, &mem, &lessons));
    return &mem;
}

static void tally_tell_one(kundig__tally *tally, uint32_t truth, const float *probabilities,
                           bool refused)
{
    kundig__mark mark = {truth, 1, true};
    kundig__lesson lesson = {.marks = &mark, .mark_count = 1};
    kundig__told told = {.probabilities = probabilities, .refused = refused};
    for (uint32_t i = 1; i < tally->class_count; i++) {
        told.best = probabilities[i] > probabilities[told.best] ? i : told.best;
    }
    kundig__tally_add(tally, &lesson, &told);
}

static bool tally_near(double a, double b)
{
    return a - b < 1e-6 && b - a < 1e-6;
}

Test(tally, counts_one_class_a_text)
{
    kundig__tally tally;
    kundig__mem *mem = tally_begin(&tally, 3, KUNDIG__COURSE_ONE);
    kundig__measures is;
    cr_assert_not(kundig__tally_measure(&tally, &is));
    tally_tell_one(&tally, 0, (float[]){0.75f, 0.25f, 0}, false);
    tally_tell_one(&tally, 0, (float[]){0.25f, 0.75f, 0}, false);
    tally_tell_one(&tally, 1, (float[]){0.25f, 0.75f, 0}, false);
    tally_tell_one(&tally, 1, (float[]){0.375f, 0.5f, 0.125f}, true);
    cr_assert(kundig__tally_measure(&tally, &is));
    cr_assert_eq(tally.asked, 4);
    cr_assert_float_eq(is.accuracy, 0.75, 1e-12);
    cr_assert_float_eq(is.refused, 0.25, 1e-12);
    cr_assert_float_eq(is.precision, 2.0 / 3, 1e-12, "two of three that were told");
    cr_assert_float_eq(is.recall, 0.5, 1e-12, "two of four");
    cr_assert_float_eq(is.micro_f1, 4.0 / 7, 1e-12);
    /* class 0: one right, one missed; class 1: two right, one in vain; class 2 was never met */
    cr_assert_float_eq(is.macro_f1, (2.0 / 3 + 4.0 / 5) / 2, 1e-12);
    /* -ln .75, -ln .25, -ln .75, -ln .5 */
    cr_assert(tally_near(is.log_loss, (0.28768207 + 1.38629436 + 0.28768207 + 0.69314718) / 4));
    /* three of .75, two right: .25; one of .5, right: .5 */
    cr_assert(tally_near(is.ece, (0.25 + 0.5) / 4), "%f", is.ece);
    /* Wilson of 3 in 4, from its formula by hand */
    cr_assert_float_eq(is.lo, 0.300642, 1e-5);
    cr_assert_float_eq(is.hi, 0.954413, 1e-5);
    kundig__tally_free(&tally, mem);
}

Test(tally, counts_each_decision_where_a_text_has_several_classes)
{
    kundig__tally tally;
    kundig__mem *mem = tally_begin(&tally, 3, KUNDIG__COURSE_SEVERAL);
    kundig__measures is;
    kundig__mark marks[] = {{0, 1, true}, {2, 1, true}};
    kundig__lesson whole = {.marks = marks, .mark_count = 2};
    kundig__told told = {.probabilities = (float[]){0.875f, 0.625f, 0.25f},
                         .holds = (uint8_t[]){1, 1, 0}};
    kundig__tally_add(&tally, &whole, &told);
    /* of class 1 nothing is known, of class 2 a rule spoke: neither counts */
    kundig__mark few[] = {{0, 1, false}, {2, 0.2f, true}};
    kundig__lesson partial = {.marks = few, .mark_count = 2, .partial = true};
    kundig__told other = {.probabilities = (float[]){0.125f, 1, 1}, .holds = (uint8_t[]){0, 0, 0}};
    kundig__tally_add(&tally, &partial, &other);
    kundig__lesson nothing = {.mark_count = 0, .partial = true};
    kundig__tally_add(&tally, &nothing, &other);
    cr_assert(kundig__tally_measure(&tally, &is));
    cr_assert_eq(tally.asked, 2, "the last one says nothing");
    cr_assert_eq(tally.decisions, 4);
    cr_assert_float_eq(is.accuracy, 0.5, 1e-12);
    cr_assert_float_eq(is.precision, 0.5, 1e-12);
    cr_assert_float_eq(is.recall, 0.5, 1e-12);
    cr_assert_float_eq(is.micro_f1, 0.5, 1e-12);
    cr_assert_float_eq(is.macro_f1, 1.0 / 3, 1e-12);
    cr_assert_float_eq(is.refused, 0.5, 1e-12);
    /* -ln of .875, .375, .25, .875 */
    cr_assert(tally_near(is.log_loss, (0.13353139 + 0.98082925 + 1.38629436 + 0.13353139) / 4));
    kundig__tally_free(&tally, mem);
}

Test(tally, is_the_same_in_parts)
{
    kundig__tally all;
    kundig__tally part[2];
    kundig__mem *mem = tally_begin(&all, 4, KUNDIG__COURSE_ONE);
    kundig__measures a;
    kundig__measures b;
    kundig__lessons lessons = {.class_count = 4, .kind = KUNDIG__COURSE_ONE};
    cr_assert(kundig__tally_init(&part[0], mem, &lessons));
    cr_assert(kundig__tally_init(&part[1], mem, &lessons));
    for (uint32_t i = 0; i < 100; i++) {
        float p[4] = {0.1f, 0.2f, 0.3f, 0.4f};
        p[i % 4] += (float)(i % 7) * 0.05f;
        tally_tell_one(&all, i % 3, p, i % 5 == 0);
        tally_tell_one(&part[i % 2], i % 3, p, i % 5 == 0);
    }
    kundig__tally_merge(&part[1], &part[0]);
    cr_assert(kundig__tally_measure(&all, &a));
    cr_assert(kundig__tally_measure(&part[1], &b));
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0);
    kundig__tally_free(&all, mem);
    kundig__tally_free(&part[0], mem);
    kundig__tally_free(&part[1], mem);
}

Test(tally, forgives_no_certain_mistake_for_ever)
{
    kundig__tally tally;
    kundig__mem *mem = tally_begin(&tally, 2, KUNDIG__COURSE_ONE);
    kundig__measures is;
    tally_tell_one(&tally, 1, (float[]){1, 0}, false);
    cr_assert(kundig__tally_measure(&tally, &is));
    cr_assert_float_eq(is.log_loss, 13.815511, 1e-5, "of a millionth");
    cr_assert_float_eq(is.accuracy, 0, 1e-12);
    cr_assert_float_eq(is.lo, 0, 1e-12);
    cr_assert_float_eq(is.precision, 0, 1e-12);
    kundig__tally_free(&tally, mem);
}

Test(tally, writes_percent)
{
    char text[16];
    kundig__percent(0.91349, text);
    cr_assert_str_eq(text, "91.3");
    kundig__percent(1, text);
    cr_assert_str_eq(text, "100.0");
}

Test(tally, ends_cleanly_when_memory_fails)
{
    kundig__tally tally;
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__lessons lessons = {.class_count = 3};
    kundig__mem_init(&mem, &allocator, 0);
    probe_shared.fail_at = probe_shared.allocations + 1;
    cr_assert_not(kundig__tally_init(&tally, &mem, &lessons));
    probe_shared.fail_at = 0;
    kundig__tally_free(&tally, &mem);
}
