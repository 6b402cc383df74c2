#include "support.h"

TestSuite(evidence, .fini = probe_fini);

typedef struct evidence_fixture {
    kundig__mem mem;
    learn_set *set;
    kundig__classifier *classifier;
    learn_asking asking;
} evidence_fixture;

static void evidence_begin(evidence_fixture *fixture)
{
    learn_mem(&fixture->mem);
    fixture->set = learn_make(300, KUNDIG__COURSE_SEVERAL, 1);
    fixture->classifier = learn_learn(&fixture->mem, &fixture->set->course);
    learn_ask_begin(&fixture->asking, &fixture->mem, fixture->classifier);
}

static void evidence_end(evidence_fixture *fixture)
{
    learn_ask_end(&fixture->asking);
    kundig__classifier_free(fixture->classifier);
    free(fixture->set);
}

static size_t evidence_of(evidence_fixture *fixture, const char *text, uint32_t klass,
                          kundig__range *ranges)
{
    size_t count = 99;
    learn_ask(&fixture->asking, text);
    cr_assert_eq(kundig__classify_evidence(&fixture->asking.classifying, &fixture->asking.scratch,
                                           klass, ranges, &count),
                 KUNDIG_OK);
    cr_assert_leq(count, KUNDIG__EVIDENCE_MOST);
    for (size_t i = 0; i < count; i++) {
        cr_assert(ranges[i].start < ranges[i].end && ranges[i].end <= strlen(text));
        cr_assert(i == 0 || ranges[i - 1].end < ranges[i].start);
    }
    return count;
}

Test(evidence, is_the_words_that_decided)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    const char *text = "the and was courier again my invoice very";
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    for (uint32_t klass = 0; klass < 2; klass++) {
        size_t count = evidence_of(&fixture, text, klass, ranges);
        const char *word = klass ? "invoice" : "courier";
        const char *other = klass ? "courier" : "invoice";
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            size_t at = (size_t)(strstr(text, word) - text);
            size_t away = (size_t)(strstr(text, other) - text);
            found = found || (ranges[i].start <= at && ranges[i].end >= at + 7);
            cr_assert(ranges[i].end <= away || ranges[i].start > away);
        }
        cr_assert(found);
    }
    evidence_end(&fixture);
}

Test(evidence, joins_neighbours)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    size_t count = evidence_of(&fixture, "late delivery late delivery", 0, ranges);
    bool joined = false;
    for (size_t i = 0; i < count; i++) {
        joined = joined || ranges[i].end - ranges[i].start >= strlen("late delivery");
    }
    cr_assert(joined);
    evidence_end(&fixture);
}

Test(evidence, is_nothing_where_nothing_speaks_for_the_class)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    cr_assert_eq(evidence_of(&fixture, "", 0, ranges), 0);
    cr_assert_eq(evidence_of(&fixture, "漢字 42 qqq", 1, ranges), 0);
    cr_assert_eq(evidence_of(&fixture, "late", 7, ranges), 0);
    evidence_end(&fixture);
}

Test(evidence, is_bounded_in_a_long_text)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    char *text = malloc(400001);
    size_t len = 0;
    uint64_t seed = 1;
    while (len < 400000 - LEARN_TEXT) {
        learn_text(&seed, 0, text + len, LEARN_TEXT);
        len += strlen(text + len);
        text[len++] = ' ';
    }
    text[len] = 0;
    cr_assert_gt(evidence_of(&fixture, text, 0, ranges), 0);
    free(text);
    evidence_end(&fixture);
}

static int evidence_sweep(const evidence_fixture *from)
{
    kundig__mem mem;
    learn_asking asking;
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    size_t count;
    learn_mem(&mem);
    kundig__scratch_init(&asking.scratch, &mem);
    int rc = kundig__classifying_init(&asking.classifying, &mem, from->classifier);
    if (rc == KUNDIG_OK) {
        rc = kundig__text_features(&asking.scratch, "late parcel", 11, KUNDIG__LEARN_FAMILIES);
        if (rc == KUNDIG_OK) {
            rc = kundig__classify(&asking.classifying, &asking.scratch, NULL, 0);
        }
        if (rc == KUNDIG_OK) {
            rc = kundig__classify_evidence(&asking.classifying, &asking.scratch, 0, ranges, &count);
        }
        kundig__classifying_free(&asking.classifying);
    }
    kundig__scratch_free(&asking.scratch);
    return rc;
}

Test(evidence, says_so_when_memory_fails)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    LEARN_SWEEP(evidence_sweep(&fixture));
    evidence_end(&fixture);
}
