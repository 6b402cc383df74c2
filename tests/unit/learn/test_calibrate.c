#include "base/math.h"
#include "support.h"

TestSuite(calibrate, .fini = probe_fini);

/* Documents that need no texts: labels, and margins made for them. */
typedef struct calibrate_fixture {
    kundig__mem mem;
    kundig__course course;
    kundig__documents documents;
    kundig__document *list;
    kundig__mark *marks;
    kundig__trial trial;
    kundig__judge judge;
    uint8_t taught[8];
    float slopes[8];
    float offsets[8];
    float thresholds[8];
} calibrate_fixture;

static void calibrate_begin(calibrate_fixture *fixture, size_t count, uint32_t classes, int kind)
{
    memset(fixture, 0, sizeof *fixture);
    learn_mem(&fixture->mem);
    fixture->list = calloc(count + 1, sizeof *fixture->list);
    fixture->marks = calloc(count + 1, sizeof *fixture->marks);
    fixture->course.class_count = classes;
    fixture->course.kind = kind;
    fixture->documents.course = &fixture->course;
    fixture->documents.list = fixture->list;
    fixture->documents.count = count;
    fixture->documents.aside_count = count;
    for (size_t i = 0; i < count; i++) {
        fixture->marks[i] = (kundig__mark){(uint32_t)(i % classes), 1, true};
        fixture->list[i] = (kundig__document){.marks = &fixture->marks[i],
                                              .mark_count = 1,
                                              .label = (uint32_t)(i % classes),
                                              .times = 1,
                                              .aside = true};
    }
    cr_assert(kundig__trial_init(&fixture->trial, &fixture->mem, &fixture->documents));
    cr_assert_eq(fixture->trial.count, count);
    memset(fixture->taught, 1, sizeof fixture->taught);
    fixture->judge = (kundig__judge){.class_count = classes,
                                     .kind = kind,
                                     .taught = fixture->taught,
                                     .slopes = fixture->slopes,
                                     .offsets = fixture->offsets,
                                     .thresholds = fixture->thresholds};
}

static void calibrate_end(calibrate_fixture *fixture)
{
    kundig__trial_free(&fixture->trial);
    free(fixture->list);
    free(fixture->marks);
}

static double calibrate_unit(uint64_t *seed)
{
    return (double)learn_random(seed) / 2147483648.0;
}

/* Labels drawn from the probabilities that a temperature gives the margins. */
static void calibrate_draw(calibrate_fixture *fixture, double temperature, uint64_t seed)
{
    uint32_t classes = fixture->course.class_count;
    for (size_t i = 0; i < fixture->trial.count; i++) {
        double p[8];
        double sum = 0;
        for (uint32_t k = 0; k < classes; k++) {
            float margin = (float)(2 * calibrate_unit(&seed) - 1);
            fixture->trial.margins[i * classes + k] = margin;
            p[k] = kundig__exp(temperature * (double)margin);
            sum += p[k];
        }
        fixture->trial.sureness[i] = (float)calibrate_unit(&seed);
        double at = calibrate_unit(&seed) * sum;
        uint32_t label = 0;
        while (label + 1 < classes && at >= p[label]) {
            at -= p[label++];
        }
        fixture->list[i].label = label;
        fixture->marks[i].klass = label;
    }
}

Test(calibrate, finds_the_temperature_that_labels_were_drawn_with)
{
    calibrate_fixture fixture;
    const double temperatures[] = {1, 4, 9};
    for (int i = 0; i < 3; i++) {
        calibrate_begin(&fixture, 6000, 5, KUNDIG__COURSE_ONE);
        calibrate_draw(&fixture, temperatures[i], 3);
        cr_assert_eq(kundig__calibrate(&fixture.judge, &fixture.trial), KUNDIG_OK);
        double found = (double)fixture.judge.temperature / temperatures[i];
        cr_assert(found > 0.93 && found < 1.07, "%f", (double)fixture.judge.temperature);
        kundig__classifier_facts facts = {0};
        kundig__class_facts classes[8] = {{0}};
        kundig__mistake mistakes[KUNDIG__LEARN_MISTAKES];
        cr_assert_eq(kundig__try(&fixture.judge, &fixture.trial, &facts, classes, mistakes),
                     KUNDIG_OK);
        cr_assert_lt(facts.calibration_error, 0.03);
        cr_assert_eq(facts.aside, 6000);
        calibrate_end(&fixture);
    }
}

Test(calibrate, stays_near_the_usual_where_little_is_known)
{
    calibrate_fixture fixture;
    calibrate_begin(&fixture, 0, 3, KUNDIG__COURSE_ONE);
    cr_assert_eq(kundig__calibrate(&fixture.judge, &fixture.trial), KUNDIG_OK);
    cr_assert(fixture.judge.temperature > 4.9f && fixture.judge.temperature < 5.1f);
    cr_assert_lt(fixture.judge.sure, -0.5f);
    calibrate_end(&fixture);
    /* two documents, both right: no reason to be sure of everything */
    calibrate_begin(&fixture, 2, 2, KUNDIG__COURSE_ONE);
    fixture.trial.margins[0] = fixture.trial.margins[3] = 1;
    fixture.trial.margins[1] = fixture.trial.margins[2] = -1;
    cr_assert_eq(kundig__calibrate(&fixture.judge, &fixture.trial), KUNDIG_OK);
    cr_assert_lt(fixture.judge.temperature, 8);
    calibrate_end(&fixture);
}

Test(calibrate, refuses_few_of_what_was_kept_aside)
{
    calibrate_fixture fixture;
    calibrate_begin(&fixture, 1000, 4, KUNDIG__COURSE_ONE);
    calibrate_draw(&fixture, 5, 8);
    cr_assert_eq(kundig__calibrate(&fixture.judge, &fixture.trial), KUNDIG_OK);
    size_t refused = 0;
    for (size_t i = 0; i < 1000; i++) {
        refused += fixture.trial.sureness[i] < fixture.judge.sure;
    }
    cr_assert(refused > 10 && refused < 50, "%zu", refused);
    calibrate_end(&fixture);
}

Test(calibrate, gives_each_of_several_classes_its_own_curve)
{
    calibrate_fixture fixture;
    calibrate_begin(&fixture, 4000, 2, KUNDIG__COURSE_SEVERAL);
    uint64_t seed = 12;
    const double slopes[2] = {3, 6};
    const double offsets[2] = {-1, 1};
    for (size_t i = 0; i < 4000; i++) {
        kundig__mark *mark = &fixture.marks[i];
        uint32_t klass = i % 2;
        double margin = 2 * calibrate_unit(&seed) - 1;
        double x = slopes[klass] * margin + offsets[klass];
        bool holds = calibrate_unit(&seed) < 1 / (1 + kundig__exp(-x));
        *mark = (kundig__mark){klass, 1, holds};
        fixture.list[i].partial = true;
        fixture.trial.margins[2 * i + klass] = (float)margin;
    }
    cr_assert_eq(kundig__calibrate(&fixture.judge, &fixture.trial), KUNDIG_OK);
    for (int k = 0; k < 2; k++) {
        cr_assert((double)fixture.slopes[k] > slopes[k] * 0.85 &&
                      (double)fixture.slopes[k] < slopes[k] * 1.15,
                  "%f", (double)fixture.slopes[k]);
        cr_assert((double)fixture.offsets[k] > offsets[k] - 0.25 &&
                  (double)fixture.offsets[k] < offsets[k] + 0.25);
        cr_assert(fixture.thresholds[k] > 0.2f && fixture.thresholds[k] < 0.6f);
    }
    calibrate_end(&fixture);
}

Test(calibrate, counts_right_and_wrong)
{
    calibrate_fixture fixture;
    calibrate_begin(&fixture, 5, 3, KUNDIG__COURSE_ONE);
    /* truth 0 1 2 0 1, told 0 1 1 0 0 */
    const uint32_t told[5] = {0, 1, 1, 0, 0};
    for (size_t i = 0; i < 5; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            fixture.trial.margins[3 * i + k] = told[i] == k ? 1 : -1;
        }
    }
    fixture.list[2].times = 2;
    fixture.judge.temperature = 2;
    kundig__classifier_facts facts = {0};
    kundig__class_facts classes[8] = {{0}};
    kundig__mistake mistakes[KUNDIG__LEARN_MISTAKES];
    cr_assert_eq(kundig__try(&fixture.judge, &fixture.trial, &facts, classes, mistakes), KUNDIG_OK);
    cr_assert_eq(facts.aside, 6);
    cr_assert(facts.accuracy > 0.4999 && facts.accuracy < 0.5001);
    cr_assert_eq(classes[0].right, 2);
    cr_assert_eq(classes[0].wrong, 1);
    cr_assert_eq(classes[1].right, 1);
    cr_assert_eq(classes[1].wrong, 2);
    cr_assert_eq(classes[1].missed, 1);
    cr_assert_eq(classes[2].missed, 2);
    cr_assert_eq(facts.mistake_count, 2);
    cr_assert(mistakes[0].truth == 2 && mistakes[0].decided == 1 && mistakes[0].count == 2);
    cr_assert(mistakes[1].truth == 1 && mistakes[1].decided == 0 && mistakes[1].count == 1);
    /* F1: 4/5, 2/5, 0 */
    cr_assert(facts.macro_f1 > 0.3999 && facts.macro_f1 < 0.4001);
    double same = kundig__trial_accuracy(&fixture.judge, &fixture.trial, fixture.trial.margins, 5);
    cr_assert(same > 0.4999 && same < 0.5001);
    calibrate_end(&fixture);
}

Test(calibrate, finds_what_is_known_among_many_marks)
{
    calibrate_fixture fixture;
    /* of each document: classes 1, 3, 5 and 7 are known, 2 is guessed, 0, 4 and 6 have no mark */
    const kundig__mark marks[5] = {
        {1, 1, true}, {2, 0.25f, true}, {3, 1, false}, {5, 1, true}, {7, 1, false}};
    calibrate_begin(&fixture, 4, 8, KUNDIG__COURSE_SEVERAL);
    for (size_t i = 0; i < 4; i++) {
        fixture.list[i].marks = marks;
        fixture.list[i].mark_count = 5;
        fixture.list[i].partial = i < 2;
        for (uint32_t k = 0; k < 8; k++) {
            /* told: 0 to 3 */
            fixture.trial.margins[8 * i + k] = k < 4 ? 5 : -5;
        }
    }
    for (int k = 0; k < 8; k++) {
        fixture.slopes[k] = 1;
        fixture.thresholds[k] = 0.5f;
    }
    kundig__classifier_facts facts = {0};
    kundig__class_facts classes[8] = {{0}};
    kundig__mistake mistakes[KUNDIG__LEARN_MISTAKES];
    cr_assert_eq(kundig__try(&fixture.judge, &fixture.trial, &facts, classes, mistakes), KUNDIG_OK);
    /* where a document is not partial, what has no mark does not hold */
    const uint64_t right[8] = {0, 4, 0, 0, 0, 0, 0, 0};
    const uint64_t wrong[8] = {2, 0, 0, 4, 0, 0, 0, 0};
    const uint64_t missed[8] = {0, 0, 0, 0, 0, 4, 0, 0};
    for (int k = 0; k < 8; k++) {
        cr_assert_eq(classes[k].right, right[k], "class %d", k);
        cr_assert_eq(classes[k].wrong, wrong[k], "class %d", k);
        cr_assert_eq(classes[k].missed, missed[k], "class %d", k);
    }
    calibrate_end(&fixture);
}

Test(calibrate, makes_probabilities_of_margins)
{
    calibrate_fixture fixture;
    calibrate_begin(&fixture, 0, 5, KUNDIG__COURSE_ONE);
    fixture.judge.temperature = 2;
    fixture.taught[3] = 0;
    float margins[5] = {-1, 0.5f, 0.5f, 9, -90};
    float probabilities[5];
    uint8_t holds[5];
    uint32_t best = kundig__judge_margins(&fixture.judge, margins, probabilities, holds);
    cr_assert_eq(best, 1);
    cr_assert_eq(probabilities[3], 0);
    double sum = 0;
    for (int k = 0; k < 5; k++) {
        sum += (double)probabilities[k];
        cr_assert_eq(holds[k], k == 1);
    }
    cr_assert(sum > 0.99999 && sum < 1.00001);
    double expected = kundig__exp(-3.0) / (2 + kundig__exp(-3.0));
    cr_assert((double)probabilities[0] > expected - 1e-6 &&
              (double)probabilities[0] < expected + 1e-6);
    fixture.judge.kind = KUNDIG__COURSE_SEVERAL;
    for (int k = 0; k < 5; k++) {
        fixture.slopes[k] = 2;
        fixture.offsets[k] = 0;
        fixture.thresholds[k] = 0.6f;
    }
    best = kundig__judge_margins(&fixture.judge, margins, probabilities, holds);
    cr_assert_eq(best, 1);
    cr_assert(holds[1] && holds[2] && !holds[0] && !holds[3] && !holds[4]);
    expected = 1 / (1 + kundig__exp(-1.0));
    cr_assert((double)probabilities[1] > expected - 1e-6 &&
              (double)probabilities[1] < expected + 1e-6);
    expected = 1 / (1 + kundig__exp(2.0));
    cr_assert((double)probabilities[0] > expected - 1e-6 &&
              (double)probabilities[0] < expected + 1e-6);
    calibrate_end(&fixture);
}

static int calibrate_sweep(calibrate_fixture *from)
{
    kundig__mem mem;
    kundig__trial trial;
    kundig__classifier_facts facts = {0};
    kundig__class_facts classes[8] = {{0}};
    kundig__mistake mistakes[KUNDIG__LEARN_MISTAKES];
    learn_mem(&mem);
    if (!kundig__trial_init(&trial, &mem, &from->documents)) {
        return KUNDIG_E_NOMEM;
    }
    memcpy(trial.margins, from->trial.margins, trial.count * 3 * sizeof *trial.margins);
    memcpy(trial.sureness, from->trial.sureness, trial.count * sizeof *trial.sureness);
    int rc = kundig__calibrate(&from->judge, &trial);
    if (rc == KUNDIG_OK) {
        rc = kundig__try(&from->judge, &trial, &facts, classes, mistakes);
    }
    kundig__trial_free(&trial);
    return rc;
}

Test(calibrate, says_so_when_memory_fails)
{
    calibrate_fixture fixture;
    for (int kind = 0; kind < 2; kind++) {
        calibrate_begin(&fixture, 60, 3, kind);
        calibrate_draw(&fixture, 5, 8);
        LEARN_SWEEP(calibrate_sweep(&fixture));
        calibrate_end(&fixture);
    }
}
