#include <criterion/criterion.h>

#include "learn/net.h"
#include "net_lessons.h"
#include "probe.h"

TestSuite(net_learn, .fini = probe_fini);

static net_lessons lessons;

static void open_documents(kundig__documents *documents, kundig__mem *mem)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(mem, &allocator, 0);
    cr_assert_eq(kundig__documents_make(documents, mem, &lessons.course, NULL), KUNDIG_OK);
}

static void learn(kundig__net_learner *learner, const kundig__documents *documents)
{
    kundig__net_begin(learner, false);
    for (uint32_t i = 0; i < kundig__net_epochs(documents); i++) {
        kundig__net_epoch(learner);
    }
}

/* Share of the documents aside whose class has the greatest margin. */
static double accuracy(kundig__net_learner *learner, const kundig__documents *documents)
{
    double right = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const kundig__document *document = &documents->list[i];
        if (document->aside) {
            float margins[2];
            kundig__net_margins(learner, document, margins);
            right += (margins[1] > margins[0]) == (document->label == 1);
        }
    }
    return right / (double)documents->aside_count;
}

static double accuracy_of_support_vectors(kundig__mem *mem, const kundig__documents *documents)
{
    kundig__svm svm;
    cr_assert(kundig__svm_init(&svm, mem, documents));
    kundig__svm_begin(&svm, 0);
    double right = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const kundig__document *document = &documents->list[i];
        if (document->aside) {
            float margins[KUNDIG__SVM_WIDE];
            kundig__svm_margins(&svm, document, 0, margins);
            right += (margins[1] > margins[0]) == (document->label == 1);
        }
    }
    kundig__svm_free(&svm);
    return right / (double)documents->aside_count;
}

Test(net_learn, tells_what_no_linear_learner_can)
{
    net_lessons_make(&lessons, 1600, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__mem mem;
    kundig__documents documents;
    kundig__net_learner learner;
    open_documents(&documents, &mem);
    cr_assert(kundig__net_learner_init(&learner, &mem, &documents, 0));
    double before = accuracy(&learner, &documents);
    learn(&learner, &documents);
    double after = accuracy(&learner, &documents);
    double linear = accuracy_of_support_vectors(&mem, &documents);
    cr_assert(before < 0.7, "%f", before);
    cr_assert(linear < 0.8, "%f", linear);
    cr_assert(after > 0.9 && after > linear + 0.1, "%f against %f", after, linear);
    kundig__net_learner_free(&learner);
    kundig__documents_free(&documents);
}

Test(net_learn, tells_each_of_several_classes)
{
    net_lessons_make(&lessons, 1600, KUNDIG__COURSE_SEVERAL, KUNDIG_QUALITY_BEST);
    kundig__mem mem;
    kundig__documents documents;
    kundig__net_learner learner;
    open_documents(&documents, &mem);
    cr_assert(kundig__net_learner_init(&learner, &mem, &documents, 0));
    learn(&learner, &documents);
    double after = accuracy(&learner, &documents);
    cr_assert(after > 0.9, "%f", after);
    kundig__net_learner_free(&learner);
    kundig__documents_free(&documents);
}

/* Half of the lessons know nothing of one class each; what they do not know teaches nothing. */
Test(net_learn, learns_nothing_from_what_is_not_known)
{
    net_lessons_make(&lessons, 400, KUNDIG__COURSE_SEVERAL, KUNDIG_QUALITY_BEST);
    for (size_t i = 0; i < 400; i++) {
        lessons.lessons[i].partial = true;
    }
    kundig__mem mem;
    kundig__documents documents;
    kundig__net_learner learner;
    open_documents(&documents, &mem);
    cr_assert(kundig__net_learner_init(&learner, &mem, &documents, 0));
    learn(&learner, &documents);
    /* Of both classes only "yes" was ever said: both are told of every text. */
    for (size_t i = 0; i < documents.count; i++) {
        float margins[2];
        kundig__net_margins(&learner, &documents.list[i], margins);
        cr_assert(margins[0] > 0 && margins[1] > 0);
    }
    kundig__net_learner_free(&learner);
    kundig__documents_free(&documents);
}

Test(net_learn, gives_the_same_bits_each_time_and_others_for_another_number)
{
    net_lessons_make(&lessons, 300, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__mem mem;
    kundig__documents documents;
    kundig__net_learner learners[3];
    open_documents(&documents, &mem);
    for (uint32_t i = 0; i < 3; i++) {
        cr_assert(kundig__net_learner_init(&learners[i], &mem, &documents, i == 2));
        learn(&learners[i], &documents);
        kundig__net_begin(&learners[i], true);
        kundig__net_epoch(&learners[i]);
    }
    size_t size = (documents.feature_count + (size_t)1) * learners[0].width * sizeof(float);
    cr_assert_eq(memcmp(learners[0].rows, learners[1].rows, size), 0);
    cr_assert_neq(memcmp(learners[0].rows, learners[2].rows, size), 0);
    for (size_t i = 0; i < size / sizeof(float); i++) {
        cr_assert(learners[2].rows[i] > -100 && learners[2].rows[i] < 100);
    }
    for (uint32_t i = 0; i < 3; i++) {
        kundig__net_learner_free(&learners[i]);
    }
    kundig__documents_free(&documents);
}

Test(net_learn, survives_failing_memory)
{
    net_lessons_make(&lessons, 40, KUNDIG__COURSE_ONE, KUNDIG_QUALITY_BEST);
    kundig__mem mem;
    kundig__documents documents;
    open_documents(&documents, &mem);
    for (int on = 0; on < 2; on++) {
        bool made = false;
        for (size_t at = 1; !made; at++) {
            kundig__net_learner learner;
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on != 0;
            made = kundig__net_learner_init(&learner, &mem, &documents, 0);
            probe_shared.fail_at = 0;
            if (made) {
                cr_assert_gt(at, 10);
                kundig__net_learner_free(&learner);
            }
        }
    }
    kundig__documents_free(&documents);
}
