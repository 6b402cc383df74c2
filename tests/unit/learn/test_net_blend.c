#include <criterion/criterion.h>

#include "learn/learned.h"
#include "net_lessons.h"
#include "probe.h"

TestSuite(net_blend, .fini = probe_fini);

static net_lessons lessons;

static kundig__mem open_mem(void)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

static kundig__classifier *learned(kundig__mem *mem)
{
    kundig__classifier *classifier = NULL;
    cr_assert_eq(kundig__classifier_learn(mem, &lessons.course, &classifier, NULL), KUNDIG_OK);
    return classifier;
}

static kundig__buf bytes_of(kundig__mem *mem, const kundig__classifier *classifier)
{
    kundig__buf buf;
    kundig__buf_init(&buf, mem);
    kundig__classifier_put(&buf, classifier);
    cr_assert(!buf.failed);
    return buf;
}

static bool same(const kundig__buf *a, const kundig__buf *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

Test(net_blend, is_better_where_networks_see_more)
{
    kundig__mem mem = open_mem();
    net_lessons_make(&lessons, 1200, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_FAST);
    kundig__classifier *fast = learned(&mem);
    lessons.course.quality = KUNDIG_QUALITY_BEST;
    kundig__classifier *best = learned(&mem);
    cr_assert_eq(fast->nets.count, 0);
    cr_assert_eq(best->nets.count, KUNDIG__NETS);
    const kundig__classifier_facts *a = kundig__classifier_facts_of(fast);
    const kundig__classifier_facts *b = kundig__classifier_facts_of(best);
    cr_assert(b->accuracy > a->accuracy + 0.1, "%f %f", a->accuracy, b->accuracy);
    cr_assert(b->log_loss < a->log_loss);
    cr_assert_gt(b->bytes, a->bytes);
    kundig__classifier_free(fast);
    kundig__classifier_free(best);
}

Test(net_blend, judges_classes_by_the_last_of_its_tries_alone)
{
    kundig__mem mem = open_mem();
    net_lessons_make(&lessons, 1200, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__classifier *best = learned(&mem);
    const kundig__classifier_facts *facts = kundig__classifier_facts_of(best);
    uint64_t right = 0;
    uint64_t asked = 0;
    cr_assert_eq(best->nets.count, KUNDIG__NETS);
    for (uint32_t k = 0; k < facts->class_count; k++) {
        right += facts->classes[k].right;
        asked += facts->classes[k].right + facts->classes[k].missed;
    }
    cr_assert_eq(asked, facts->aside);
    cr_assert_float_eq((double)right / (double)asked, facts->accuracy, 1e-12);
    cr_assert_float_eq(facts->micro_f1, facts->accuracy, 1e-12);
    kundig__classifier_free(best);
}

Test(net_blend, keeps_no_networks_where_nobody_can_say_whether_they_help)
{
    kundig__mem mem = open_mem();
    net_lessons_make(&lessons, 200, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__classifier *best = learned(&mem);
    lessons.course.quality = KUNDIG_QUALITY_FAST;
    kundig__classifier *fast = learned(&mem);
    cr_assert_eq(best->nets.count, 0);
    kundig__buf a = bytes_of(&mem, best);
    kundig__buf b = bytes_of(&mem, fast);
    cr_assert_eq(a.len, b.len);
    cr_assert_eq(a.data[1], KUNDIG_QUALITY_BEST);
    a.data[1] = b.data[1];
    cr_assert(same(&a, &b));
    kundig__buf_free(&a);
    kundig__buf_free(&b);
    kundig__classifier_free(fast);
    kundig__classifier_free(best);
}

Test(net_blend, shows_neither_threads_nor_the_order_of_lessons)
{
    kundig__mem mem = open_mem();
    net_lessons_make(&lessons, 600, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__classifier *first = learned(&mem);
    cr_assert_eq(first->nets.count, KUNDIG__NETS);
    kundig__buf a = bytes_of(&mem, first);
    for (uint32_t threads = 2; threads <= 3; threads++) {
        lessons.course.threads = threads;
        for (size_t i = 0, j = 599; i < j; i++, j--) {
            kundig__lesson lesson = lessons.lessons[i];
            lessons.lessons[i] = lessons.lessons[j];
            lessons.lessons[j] = lesson;
        }
        kundig__classifier *other = learned(&mem);
        kundig__buf b = bytes_of(&mem, other);
        cr_assert(same(&a, &b));
        kundig__buf_free(&b);
        kundig__classifier_free(other);
    }
    kundig__buf_free(&a);
    kundig__classifier_free(first);
}

Test(net_blend, loses_networks_first_when_it_is_made_smaller_and_says_what_that_costs)
{
    kundig__mem mem = open_mem();
    net_lessons_make(&lessons, 1000, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__classifier *best = learned(&mem);
    const kundig__classifier_facts *facts = kundig__classifier_facts_of(best);
    kundig__classifier *same_size = NULL;
    kundig__classifier *small = NULL;
    cr_assert_eq(kundig__classifier_prune(&mem, best, facts->bytes, &same_size, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__classifier_prune(&mem, best, facts->bytes - 1, &small, NULL), KUNDIG_OK);
    kundig__buf a = bytes_of(&mem, best);
    kundig__buf b = bytes_of(&mem, same_size);
    cr_assert(same(&a, &b));
    const kundig__classifier_facts *left = kundig__classifier_facts_of(small);
    cr_assert_eq(small->nets.count, 0);
    cr_assert_lt(left->bytes, facts->bytes / 4);
    cr_assert_eq(left->weights, facts->weights);
    cr_assert(left->loss > 0.05, "%f", left->loss);
    cr_assert(small->judge.temperature == best->nets.temperature);
    kundig__buf_free(&a);
    kundig__buf_free(&b);
    kundig__classifier_free(small);
    kundig__classifier_free(same_size);
    kundig__classifier_free(best);
}

typedef struct watch {
    uint64_t calls;
    uint64_t stop_at;
    uint64_t total;
} watch;

static int count_steps(void *ud, uint64_t done, uint64_t total)
{
    watch *w = ud;
    w->calls++;
    cr_assert_eq(done, w->calls);
    w->total = total;
    return done == w->stop_at;
}

Test(net_blend, tells_how_far_it_is_and_can_be_stopped)
{
    kundig__mem mem = open_mem();
    watch w = {0};
    net_lessons_make(&lessons, 520, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    lessons.course.progress = count_steps;
    lessons.course.progress_ud = &w;
    kundig__classifier_free(learned(&mem));
    cr_assert_eq(w.calls, w.total);
    cr_assert_gt(w.total, 20);
    uint64_t total = w.total;
    for (uint64_t at = 1; at <= total; at += 7) {
        kundig__classifier *none = NULL;
        w = (watch){.stop_at = at};
        cr_assert_eq(kundig__classifier_learn(&mem, &lessons.course, &none, NULL),
                     KUNDIG_E_CANCELLED);
        cr_assert_null(none);
        cr_assert_eq(w.calls, at);
    }
}

Test(net_blend, survives_failing_memory)
{
    kundig__mem mem = open_mem();
    net_lessons_make(&lessons, 520, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    size_t before = probe_shared.allocations;
    kundig__classifier_free(learned(&mem));
    size_t all = probe_shared.allocations - before;
    for (int on = 0; on < 2; on++) {
        /* The last are those of networks and of what follows. */
        for (size_t at = all > 140 ? all - 140 : 1; at <= all; at += 2 * PROBE_STRIDE) {
            kundig__classifier *classifier = NULL;
            kundig_error err = {0};
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on != 0;
            int rc = kundig__classifier_learn(&mem, &lessons.course, &classifier, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_E_NOMEM, "%zu: %d", at, rc);
            cr_assert_null(classifier);
        }
    }
}
