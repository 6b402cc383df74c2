#include "support.h"

TestSuite(svm, .fini = probe_fini);

typedef struct svm_fixture {
    kundig__mem mem;
    kundig__documents documents;
    kundig__svm svm;
} svm_fixture;

static void svm_begin(svm_fixture *fixture, const learn_set *set)
{
    learn_mem(&fixture->mem);
    cr_assert_eq(kundig__documents_make(&fixture->documents, &fixture->mem, &set->course, NULL),
                 KUNDIG_OK);
    cr_assert(kundig__svm_init(&fixture->svm, &fixture->mem, &fixture->documents));
}

static void svm_end(svm_fixture *fixture)
{
    kundig__svm_free(&fixture->svm);
    kundig__documents_free(&fixture->documents);
}

/* Weights are what duals and documents make of them. */
static void svm_check(const kundig__svm *svm)
{
    const kundig__documents *documents = svm->documents;
    size_t rows = (size_t)documents->feature_count + 1;
    double *sums = calloc(rows * svm->width, sizeof *sums);
    for (size_t i = 0; i < documents->count; i++) {
        const kundig__document *document = &documents->list[i];
        for (uint32_t k = 0; k < svm->classes; k++) {
            double dual = (double)svm->duals[i * svm->width + k];
            cr_assert_geq(dual, 0);
            double sign = -1;
            for (uint32_t j = 0; j < document->mark_count; j++) {
                if (document->marks[j].klass == svm->first + k && document->marks[j].holds) {
                    sign = 1;
                }
            }
            sums[(rows - 1) * svm->width + k] += sign * dual;
            for (size_t j = document->first; j < document->ends[KUNDIG__BLOCK_SIGNS]; j++) {
                sums[documents->cells[j].feature * (size_t)svm->width + k] +=
                    sign * dual * (double)documents->cells[j].value;
            }
        }
    }
    for (size_t i = 0; i < rows; i++) {
        for (uint32_t k = 0; k < svm->classes; k++) {
            double off = sums[i * svm->width + k] - (double)svm->weights[i * svm->width + k];
            cr_assert(off < 1e-3 && off > -1e-3);
        }
    }
    free(sums);
}

Test(svm, keeps_weights_the_sum_of_duals_times_documents)
{
    svm_fixture fixture;
    for (int kind = 0; kind < 3; kind++) {
        learn_set *set = learn_make(200, kind, 1);
        svm_begin(&fixture, set);
        kundig__svm_begin(&fixture.svm, 0);
        svm_check(&fixture.svm);
        kundig__svm_finish(&fixture.svm);
        svm_check(&fixture.svm);
        svm_end(&fixture);
        free(set);
    }
}

Test(svm, learns_nothing_from_documents_aside_at_first)
{
    svm_fixture fixture;
    learn_set *set = learn_make(200, KUNDIG__COURSE_ONE, 2);
    svm_begin(&fixture, set);
    kundig__svm_begin(&fixture.svm, 0);
    bool later = false;
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < fixture.documents.count; i++) {
            for (uint32_t k = 0; k < 3 && fixture.documents.list[i].aside; k++) {
                float dual = fixture.svm.duals[i * fixture.svm.width + k];
                cr_assert(again || dual == 0);
                later = later || dual > 0;
            }
        }
        kundig__svm_finish(&fixture.svm);
    }
    cr_assert(later);
    svm_end(&fixture);
    free(set);
}

/* A solution of the problem: margins of what leans on a class are where they should be. */
Test(svm, comes_near_the_best)
{
    svm_fixture fixture;
    learn_set *set = learn_make(120, KUNDIG__COURSE_ONE, 3);
    svm_begin(&fixture, set);
    kundig__svm_begin(&fixture.svm, 0);
    for (int i = 0; i < 30; i++) {
        kundig__svm_finish(&fixture.svm);
    }
    for (size_t i = 0; i < fixture.documents.count; i++) {
        const kundig__document *document = &fixture.documents.list[i];
        for (uint32_t k = 0; k < 3; k++) {
            const float *weights = fixture.svm.weights;
            size_t width = fixture.svm.width;
            double sum = (double)weights[fixture.documents.feature_count * width + k];
            for (size_t j = document->first; j < document->ends[KUNDIG__BLOCK_SIGNS]; j++) {
                sum += (double)fixture.documents.cells[j].value *
                       (double)weights[fixture.documents.cells[j].feature * width + k];
            }
            double sign = document->label == k ? 1 : -1;
            double dual = (double)fixture.svm.duals[i * width + k];
            double slope = sign * sum - 1 + dual / (2.0 * (double)document->cost);
            cr_assert(dual > 0 ? slope < 0.2 && slope > -0.2 : slope > -0.2);
        }
    }
    svm_end(&fixture);
    free(set);
}

Test(svm, leaves_alone_what_is_not_known)
{
    svm_fixture fixture;
    learn_set *set = learn_make(90, KUNDIG__COURSE_SEVERAL, 4);
    for (uint32_t i = 0; i < 90; i++) {
        set->lessons[i].partial = true;
    }
    svm_begin(&fixture, set);
    kundig__svm_begin(&fixture.svm, 0);
    kundig__svm_finish(&fixture.svm);
    for (size_t i = 0; i < fixture.documents.count; i++) {
        const kundig__document *document = &fixture.documents.list[i];
        for (uint32_t k = 0; k < 3; k++) {
            bool marked = false;
            for (uint32_t j = 0; j < document->mark_count; j++) {
                marked = marked || document->marks[j].klass == k;
            }
            cr_assert(marked || fixture.svm.duals[i * fixture.svm.width + k] == 0);
        }
    }
    svm_end(&fixture);
    free(set);
}

/* A class learns the same whether it stands among three or among eighty. */
Test(svm, learns_blocks_apart_from_each_other)
{
    svm_fixture small;
    svm_fixture large;
    learn_set *set = learn_make(120, KUNDIG__COURSE_ONE, 5);
    set->course.class_count = 80;
    for (uint32_t i = 0; i < 120; i++) {
        set->marks[i][0].klass = i % 3 * 30;
    }
    svm_begin(&large, set);
    cr_assert_eq(large.svm.blocks, 3);
    for (uint32_t block = 3; block-- > 0;) {
        kundig__svm_begin(&large.svm, block);
        kundig__svm_begin(&large.svm, block);
    }
    svm_begin(&small, set);
    kundig__svm_begin(&small.svm, 0);
    size_t rows = (size_t)small.documents.feature_count + 1;
    cr_assert_eq(memcmp(small.svm.weights, large.svm.weights,
                        rows * small.svm.width * sizeof *small.svm.weights),
                 0);
    svm_end(&small);
    svm_end(&large);
    free(set);
}

Test(svm, has_blocks_of_equal_width_for_any_number_of_classes)
{
    for (uint32_t count = 1; count < 300; count++) {
        uint32_t width = kundig__svm_width(count);
        cr_assert(width % 4 == 0 && width >= 4 && width <= KUNDIG__SVM_WIDE);
        uint32_t blocks = (count + width - 1) / width;
        cr_assert_lt(blocks * width - count, 4 * blocks + width);
    }
    cr_assert_eq(kundig__svm_width(3), 4);
    cr_assert_eq(kundig__svm_width(77), 28);
}

Test(svm, is_more_careful_where_words_are_unknown)
{
    svm_fixture fixture;
    learn_set *set = learn_make(200, KUNDIG__COURSE_ONE, 6);
    svm_begin(&fixture, set);
    kundig__svm_begin(&fixture.svm, 0);
    float margins[KUNDIG__SVM_WIDE];
    float strange[KUNDIG__SVM_WIDE];
    kundig__document document = fixture.documents.list[0];
    document.dropped[0] = 0;
    document.dropped[1] = 0;
    kundig__svm_margins(&fixture.svm, &document, 0, margins);
    document.dropped[0] = 50;
    document.dropped[1] = 200;
    kundig__svm_margins(&fixture.svm, &document, 0, strange);
    const float *bias =
        fixture.svm.weights + fixture.documents.feature_count * (size_t)fixture.svm.width;
    for (int k = 0; k < 3; k++) {
        double near = (double)(margins[k] - bias[k]);
        double far = (double)(strange[k] - bias[k]);
        cr_assert(near * near > far * far);
    }
    /* and with no weight left there is nothing but the bias */
    kundig__svm_margins(&fixture.svm, &document, 1000, margins);
    cr_assert_eq(memcmp(margins, bias, 3 * sizeof *bias), 0);
    svm_end(&fixture);
    free(set);
}

static int svm_sweep(const kundig__documents *documents)
{
    kundig__mem mem;
    kundig__svm svm;
    learn_mem(&mem);
    if (!kundig__svm_init(&svm, &mem, documents)) {
        return KUNDIG_E_NOMEM;
    }
    kundig__svm_begin(&svm, 0);
    kundig__svm_finish(&svm);
    kundig__svm_free(&svm);
    return KUNDIG_OK;
}

Test(svm, says_so_when_memory_fails)
{
    svm_fixture fixture;
    learn_set *set = learn_make(40, KUNDIG__COURSE_ONE, 7);
    svm_begin(&fixture, set);
    LEARN_SWEEP(svm_sweep(&fixture.documents));
    svm_end(&fixture);
    free(set);
}
