#include "support.h"

TestSuite(weights, .fini = probe_fini);

/* Everything up to rows, of one set. */
typedef struct weights_fixture {
    kundig__mem mem;
    kundig__documents documents;
    kundig__svm svm;
    kundig__weight_block blocks[8];
    uint32_t block_count;
    kundig__weights weights;
} weights_fixture;

static void weights_begin(weights_fixture *fixture, const learn_set *set)
{
    memset(fixture, 0, sizeof *fixture);
    learn_mem(&fixture->mem);
    cr_assert_eq(kundig__documents_make(&fixture->documents, &fixture->mem, &set->course, NULL),
                 KUNDIG_OK);
    cr_assert(kundig__svm_init(&fixture->svm, &fixture->mem, &fixture->documents));
    fixture->block_count = fixture->svm.blocks;
    for (uint32_t i = 0; i < fixture->block_count; i++) {
        kundig__svm_begin(&fixture->svm, i);
        kundig__svm_finish(&fixture->svm);
        cr_assert(kundig__weight_block_keep(&fixture->blocks[i], &fixture->mem, &fixture->svm));
    }
    cr_assert(kundig__weights_make(&fixture->weights, &fixture->mem, &fixture->documents,
                                   fixture->blocks, fixture->block_count));
}

static void weights_end(weights_fixture *fixture)
{
    kundig__weights_free(&fixture->weights);
    for (uint32_t i = 0; i < fixture->block_count; i++) {
        kundig__weight_block_free(&fixture->blocks[i], &fixture->mem);
    }
    kundig__svm_free(&fixture->svm);
    kundig__documents_free(&fixture->documents);
}

/* A set of `classes` classes, most of them rare. */
static learn_set *weights_many(uint32_t classes)
{
    learn_set *set = learn_make(240, KUNDIG__COURSE_ONE, 11);
    set->course.class_count = classes;
    for (uint32_t i = 0; i < 240; i++) {
        set->marks[i][0].klass = i % classes;
    }
    return set;
}

Test(weights, are_what_was_learned_but_for_their_last_digits)
{
    weights_fixture fixture;
    const uint32_t counts[] = {3, 40, 120};
    for (int c = 0; c < 3; c++) {
        learn_set *set = weights_many(counts[c]);
        weights_begin(&fixture, set);
        float scales[256];
        kundig__weight_scales(scales);
        /* the last block is still in the learner */
        const kundig__svm *svm = &fixture.svm;
        for (uint32_t i = 0; i < fixture.documents.feature_count; i++) {
            uint32_t at = fixture.weights.lookup[fixture.documents.buckets[i]];
            cr_assert_neq(at, KUNDIG__NO_ROW);
            const kundig__weight_row *row = &fixture.weights.rows[at];
            cr_assert_eq(row->idf, fixture.documents.idf[i]);
            for (uint32_t k = 0; k < svm->classes; k++) {
                float learned = svm->weights[(size_t)i * svm->width + k];
                float kept = (float)kundig__row_weight(&fixture.weights, row, svm->first + k) *
                             scales[row->scale];
                float off = learned > kept ? learned - kept : kept - learned;
                cr_assert_lt(off, 0.0045f + scales[row->scale] * 0.51f);
            }
        }
        const float *bias = svm->weights + (size_t)fixture.documents.feature_count * svm->width;
        cr_assert_eq(memcmp(fixture.weights.bias + svm->first, bias, svm->classes * sizeof *bias),
                     0);
        weights_end(&fixture);
        free(set);
    }
}

Test(weights, stand_by_idf_and_then_by_bucket)
{
    weights_fixture fixture;
    learn_set *set = weights_many(3);
    weights_begin(&fixture, set);
    const kundig__weights *weights = &fixture.weights;
    uint64_t count = 0;
    for (uint32_t i = 0; i < weights->row_count; i++) {
        count += weights->rows[i].count;
        cr_assert(i == 0 || weights->rows[i - 1].idf < weights->rows[i].idf ||
                  (weights->rows[i - 1].idf == weights->rows[i].idf &&
                   weights->buckets[i - 1] < weights->buckets[i]));
        cr_assert_eq(weights->lookup[weights->buckets[i]], i);
    }
    cr_assert_eq(count, weights->weight_count);
    weights_end(&fixture);
    free(set);
}

/* Margins as the weights tell them, one after the other. */
static void weights_slow(const kundig__weights *weights, const kundig__features *features,
                         double *margins)
{
    float counts[KUNDIG__FEATURE_MOST + 1];
    float scales[256];
    kundig__feature_counts(counts);
    kundig__weight_scales(scales);
    for (uint32_t k = 0; k < weights->class_count; k++) {
        margins[k] = (double)weights->bias[k];
        size_t at = 0;
        for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
            double sum = 0;
            double known = 0;
            for (; at < features->ends[block]; at++) {
                const kundig__weight_row *row = &weights->rows[features->list[at].row];
                double value = block == 2 ? 1
                                          : (double)counts[features->list[at].count] *
                                                (double)weights->idf_step * (double)row->idf;
                known += value * value;
                sum += value * (double)scales[row->scale] *
                       (double)kundig__row_weight(weights, row, k);
            }
            double strange = (double)weights->idf_step * (double)weights->idf_unknown;
            double all = known + (block < 2 ? strange * strange * features->unknown[block] : 0);
            double wide = 1;
            for (int i = 0; i < 60; i++) {
                wide = (wide + all / wide) / 2;
            }
            margins[k] += known > 0 ? sum / wide : 0;
        }
    }
}

Test(weights, add_up_as_they_would_one_by_one)
{
    weights_fixture fixture;
    const uint32_t counts[] = {3, 17, 77, 130, 240};
    for (int c = 0; c < 5; c++) {
        learn_set *set = weights_many(counts[c]);
        weights_begin(&fixture, set);
        kundig__weights *weights = &fixture.weights;
        kundig__weighing weighing;
        kundig__features features;
        kundig__scratch scratch;
        float *margins = calloc(counts[c], sizeof *margins);
        double *slow = calloc(counts[c], sizeof *slow);
        kundig__scratch_init(&scratch, &fixture.mem);
        cr_assert(kundig__weighing_init(&weighing, &fixture.mem, weights));
        cr_assert(kundig__features_init(&features, &fixture.mem, weights->bits, 0, weights->lookup,
                                        weights->row_count));
        uint64_t seed = 5;
        for (int i = 0; i < 30; i++) {
            char text[LEARN_TEXT] = "zyzzyva xylophone ";
            size_t skip = i % 2 ? 18 : 0;
            learn_text(&seed, (uint32_t)i % 3, text + 18, sizeof text - 18);
            cr_assert_eq(kundig__text_features(&scratch, text + skip, strlen(text + skip),
                                               KUNDIG__LEARN_FAMILIES),
                         KUNDIG_OK);
            cr_assert(kundig__features_read(&features, &scratch, NULL, 0));
            cr_assert(kundig__weigh(&weighing, &fixture.mem, weights, &features, margins));
            weights_slow(weights, &features, slow);
            for (uint32_t k = 0; k < counts[c]; k++) {
                double off = slow[k] - (double)margins[k];
                cr_assert(off < 0.002 && off > -0.002, "class %u of %u: %f, not %f", (unsigned)k,
                          (unsigned)counts[c], (double)margins[k], slow[k]);
            }
        }
        kundig__features_free(&features);
        kundig__weighing_free(&weighing, &fixture.mem, weights);
        kundig__scratch_free(&scratch);
        weights_end(&fixture);
        free(margins);
        free(slow);
        free(set);
    }
}

Test(weights, stay_in_range_whatever_the_text)
{
    weights_fixture fixture;
    learn_set *set = weights_many(3);
    weights_begin(&fixture, set);
    /* all weights as great as they can be, all of one sign */
    for (size_t i = 0; i < fixture.weights.cell_bytes; i++) {
        fixture.weights.cells[i] = KUNDIG__WEIGHT_MOST;
    }
    for (uint32_t i = 0; i < fixture.weights.row_count; i++) {
        fixture.weights.rows[i] = (kundig__weight_row){0, 3, 255, 200};
    }
    kundig__features features;
    kundig__weighing weighing;
    float margins[3];
    cr_assert(kundig__features_init(&features, &fixture.mem, fixture.weights.bits, 0,
                                    fixture.weights.lookup, fixture.weights.row_count));
    cr_assert(kundig__weighing_init(&weighing, &fixture.mem, &fixture.weights));
    features.list = calloc(300000, sizeof *features.list);
    for (size_t i = 0; i < 300000; i++) {
        features.list[i] = (kundig__feature){(uint32_t)(i % fixture.weights.row_count), 1};
    }
    features.ends[0] = features.ends[1] = features.ends[2] = 300000;
    cr_assert(kundig__weigh(&weighing, &fixture.mem, &fixture.weights, &features, margins));
    double slow[3];
    weights_slow(&fixture.weights, &features, slow);
    for (int k = 0; k < 3; k++) {
        double share = (double)margins[k] / slow[k];
        cr_assert(share > 0.99 && share < 1.01, "%f, not %f", (double)margins[k], slow[k]);
    }
    free(features.list);
    features.list = NULL;
    kundig__features_free(&features);
    kundig__weighing_free(&weighing, &fixture.mem, &fixture.weights);
    weights_end(&fixture);
    free(set);
}

Test(weights, lose_the_least_when_pruned)
{
    weights_fixture fixture;
    const uint32_t counts[] = {3, 120};
    for (int c = 0; c < 2; c++) {
        learn_set *set = weights_many(counts[c]);
        weights_begin(&fixture, set);
        const kundig__weights *from = &fixture.weights;
        kundig__weights pruned;
        float scales[256];
        kundig__weight_scales(scales);
        cr_assert(kundig__weights_prune(&pruned, &fixture.mem, from, 0.05f));
        cr_assert_lt(pruned.weight_count, from->weight_count);
        cr_assert_gt(pruned.weight_count, 0);
        cr_assert_eq(pruned.row_count, from->row_count);
        for (uint32_t i = 0; i < from->row_count; i++) {
            for (uint32_t k = 0; k < counts[c]; k++) {
                int before = kundig__row_weight(from, &from->rows[i], k);
                int after = kundig__row_weight(&pruned, &pruned.rows[i], k);
                float size = (float)(before < 0 ? -before : before) * scales[from->rows[i].scale];
                cr_assert_eq(after, size >= 0.05f ? before : 0);
            }
        }
        kundig__weights_free(&pruned);
        weights_end(&fixture);
        free(set);
    }
}

Test(weights, have_scales_that_grow_by_the_same_share)
{
    float scales[256];
    kundig__weight_scales(scales);
    cr_assert_eq(scales[160], 1);
    for (int i = 8; i < 256; i++) {
        float twice = scales[i] / scales[i - 8];
        cr_assert(twice > 1.99999f && twice < 2.00001f);
        cr_assert_gt(scales[i], scales[i - 1]);
    }
    cr_assert_eq(kundig__weight_steps(0.5f, 0), 0);
    cr_assert_eq(kundig__weight_steps(0.5f, 1), 2);
    cr_assert_eq(kundig__weight_steps(0.5f, 1.1f), 3);
    cr_assert_gt(kundig__weight_steps(0.0001f, 100), 127);
}

static int weights_sweep(const weights_fixture *from)
{
    kundig__mem mem;
    kundig__weights weights;
    kundig__weights pruned;
    kundig__weighing weighing;
    kundig__weight_block block;
    learn_mem(&mem);
    int rc = KUNDIG_E_NOMEM;
    bool kept = kundig__weight_block_keep(&block, &mem, &from->svm);
    if (kept && kundig__weights_make(&weights, &mem, &from->documents, &block, 1)) {
        if (kundig__weighing_init(&weighing, &mem, &weights)) {
            if (kundig__weights_prune(&pruned, &mem, &weights, 0.1f)) {
                rc = KUNDIG_OK;
                kundig__weights_free(&pruned);
            }
            kundig__weighing_free(&weighing, &mem, &weights);
        }
        kundig__weights_free(&weights);
    }
    kundig__weight_block_free(&block, &mem);
    return rc;
}

Test(weights, say_so_when_memory_fails)
{
    weights_fixture fixture;
    learn_set *set = learn_make(40, KUNDIG__COURSE_ONE, 7);
    weights_begin(&fixture, set);
    LEARN_SWEEP(weights_sweep(&fixture));
    weights_end(&fixture);
    free(set);
}

Test(weights, have_no_factors_where_values_are_smaller_than_learning_makes_them)
{
    const float tiny[3] = {1e-42f, 0, 3e-39f};
    const float small[3] = {1e-20f, 0, 2e-20f};
    int16_t factors[3] = {7, 7, 7};
    cr_assert(kundig__weigh_factors(tiny, factors, 0, 3) <= 0);
    cr_assert_eq(factors[0], 7);
    float by = kundig__weigh_factors(small, factors, 0, 3);
    cr_assert(by > 0 && by < 1e30f);
    cr_assert_eq(factors[2], 32767);
    cr_assert_eq(factors[1], 0);
}
