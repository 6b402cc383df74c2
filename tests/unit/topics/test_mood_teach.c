#include "base/text.h"
#include "feelings.h"
#include "topics/examples.h"

TestSuite(mood_teach, .fini = probe_fini);

/* Examples of one's own making: a text, its class and its score, on a scale from 1 to 5. */
enum { TEACH_MOST = 2000, TEACH_TEXT = 120 };

typedef struct teach_all {
    feelings read;
    char texts[TEACH_MOST][TEACH_TEXT];
    kundig__mark marks[TEACH_MOST][3];
    uint32_t signs[TEACH_MOST][KUNDIG__MOOD_SIGNS];
    kundig__lesson list[TEACH_MOST];
    uint32_t places[TEACH_MOST];
    kundig__example kept[TEACH_MOST];
    kundig_examples set;
    struct kundig__lessons lessons;
    kundig__course course;
    kundig__mood_learned learned;
} teach_all;

static teach_all teach_shared;

static uint32_t teach_random(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

/* `count` examples: words that only these texts use, and sometimes one that the lexicon knows.
 * scored: 0: labels alone. */
static teach_all *teach_begin(size_t count, bool scored)
{
    static const char *const own[3][6] = {{"zorp", "blam", "krik", "fuzd", "morx", "gnat"},
                                          {"tavo", "lumi", "sedo", "pilo", "ramo", "veko"},
                                          {"yiba", "joof", "wani", "quel", "hibu", "daxa"}};
    static const char *const known[3] = {"awful", "plain", "great"};
    static const char *const filler[8] = {"room", "train", "day",  "app",
                                          "week", "seat",  "desk", "cup"};
    teach_all *all = &teach_shared;
    uint64_t seed = 5;
    feelings_begin(&all->read);
    memset(&all->set, 0, sizeof all->set);
    memset(&all->lessons, 0, sizeof all->lessons);
    memset(&all->course, 0, sizeof all->course);
    for (size_t i = 0; i < count; i++) {
        uint32_t klass = teach_random(&seed, 3);
        uint32_t shown = teach_random(&seed, 10) == 0 ? teach_random(&seed, 3) : klass;
        char *text = all->texts[i];
        snprintf(text, TEACH_TEXT, "the %s was %s and %s%s%s with %s %u",
                 filler[teach_random(&seed, 8)], own[shown][teach_random(&seed, 6)],
                 own[shown][teach_random(&seed, 6)], teach_random(&seed, 3) ? "" : " ",
                 teach_random(&seed, 3) ? "" : known[shown], filler[teach_random(&seed, 8)],
                 (unsigned)teach_random(&seed, 50));
        feelings_of(&all->read, text, KUNDIG__LANGUAGE_UNKNOWN);
        for (uint32_t k = 0; k < 3; k++) {
            all->marks[i][k] = (kundig__mark){k, 1, k == klass};
        }
        all->kept[i].value = scored ? (int32_t)(1 + 2 * klass) * 1000 : KUNDIG__EXAMPLE_NO_SCORE;
        if (scored && teach_random(&seed, 4) == 0) {
            all->kept[i].value += klass == 2 ? -1000 : klass == 0 ? 1000 : 0;
        }
        all->places[i] = (uint32_t)i;
        all->list[i] = (kundig__lesson){
            .text = kundig__str(text),
            .marks = all->marks[i],
            .mark_count = 3,
            .customer = KUNDIG__NOBODY,
            .weight = 1,
            .signs = all->signs[i],
            .sign_count = (uint32_t)kundig__opinion_signs(&all->read.opinion, all->signs[i])};
    }
    all->set.examples = all->kept;
    all->set.count = count;
    if (scored) {
        all->set.scale.scale = KUNDIG_SCALE_DECLARED;
        all->set.scale.minimum = 1;
        all->set.scale.maximum = 5;
    }
    all->lessons.lessons = all->list;
    all->lessons.examples = all->places;
    all->lessons.count = count;
    all->lessons.class_count = 3;
    all->lessons.sign_count = KUNDIG__MOOD_SIGNS;
    all->course.lessons = all->list;
    all->course.lesson_count = count;
    all->course.class_count = 3;
    all->course.sign_count = KUNDIG__MOOD_SIGNS;
    all->course.kind = KUNDIG__COURSE_ORDERED;
    all->course.least_customers = 5;
    all->course.threads = 1;
    memset(&all->learned, 0, sizeof all->learned);
    return all;
}

static void teach_learn(teach_all *all)
{
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig__mood_teach(&all->read.mem, &all->course, &all->set, &all->lessons,
                                    all->read.lexicon, &all->learned, &err),
                 KUNDIG_OK, "%s", err.message);
}

static void teach_end(teach_all *all)
{
    feelings_end(&all->read);
}

Test(mood_teach, the_lexicon_fades_as_examples_come)
{
    double last = 2;
    for (size_t count = 30; count <= 1920; count *= 8) {
        teach_all *all = teach_begin(count, false);
        teach_learn(all);
        cr_expect_lt(all->learned.lexicon, last, "%zu: %f", count, all->learned.lexicon);
        cr_expect(all->learned.lexicon >= 0 && all->learned.lexicon <= 1);
        cr_expect_eq(all->learned.scale.scale, 0);
        last = all->learned.lexicon;
        teach_end(all);
    }
    cr_expect_lt(last, 0.3);
}

Test(mood_teach, means_are_those_of_the_scores)
{
    teach_all *all = teach_begin(900, true);
    teach_learn(all);
    cr_expect(all->learned.means[0] > 1 && all->learned.means[0] < 1.6);
    cr_expect(all->learned.means[1] > 2.9 && all->learned.means[1] < 3.1);
    cr_expect(all->learned.means[2] > 4.4 && all->learned.means[2] < 5);
    teach_end(all);
}

Test(mood_teach, a_class_of_few_customers_leaves_no_score_behind)
{
    teach_all *all = teach_begin(300, true);
    for (size_t i = 0; i < 300; i++) {
        bool neutral = all->marks[i][1].holds;
        all->list[i].customer = neutral ? 100 : (uint32_t)i % 10;
        all->kept[i].value = neutral ? 3400 : all->kept[i].value;
    }
    teach_learn(all);
    cr_assert_float_eq(all->learned.means[1], 3.0, 1e-12);
    for (size_t i = 0; i < 300; i++) {
        all->list[i].customer = (uint32_t)i % 10;
    }
    teach_learn(all);
    cr_assert_gt(all->learned.means[1], 3.3);
    teach_end(all);
}

Test(mood_teach, nine_of_ten_scores_lie_in_the_range_expected_of_them)
{
    teach_all *all = teach_begin(1800, true);
    /* The last third is kept from both. */
    size_t seen = 1200;
    size_t inside = 0;
    size_t count = 0;
    kundig_error err;
    all->lessons.count = seen;
    all->course.lesson_count = seen;
    cr_assert_eq(
        kundig__classifier_learn(&all->read.mem, &all->course, &all->learned.classifier, &err),
        KUNDIG_OK);
    teach_learn(all);
    kundig__classifying asking;
    cr_assert_eq(kundig__classifying_init(&asking, &all->read.mem, all->learned.classifier),
                 KUNDIG_OK);
    for (size_t i = seen; i < 1800; i++) {
        kundig__mood mood;
        cr_assert_eq(kundig__text_features(&all->read.scratch, all->texts[i], strlen(all->texts[i]),
                                           kundig__mood_families(&all->learned)),
                     KUNDIG_OK);
        cr_assert_eq(kundig__mood_tell(&all->learned, &asking, all->read.lexicon,
                                       &all->read.scratch, all->texts[i], KUNDIG__LANGUAGE_UNKNOWN,
                                       &mood),
                     KUNDIG_OK);
        double score = all->kept[i].value / 1000.0;
        cr_assert(mood.has_expected && mood.lo <= mood.expected && mood.expected <= mood.hi);
        cr_assert(mood.lo >= 1 && mood.hi <= 5);
        cr_expect_neq(mood.status, KUNDIG__MOOD_EMPTY);
        inside += score >= mood.lo - 1e-9 && score <= mood.hi + 1e-9;
        count++;
    }
    cr_expect(inside * 100 >= count * 86, "%zu of %zu", inside, count);
    kundig__classifying_free(&asking);
    kundig__classifier_free(all->learned.classifier);
    teach_end(all);
}

Test(mood_teach, what_is_unlike_the_examples_lies_outside)
{
    teach_all *all = teach_begin(600, true);
    kundig_error err;
    cr_assert_eq(
        kundig__classifier_learn(&all->read.mem, &all->course, &all->learned.classifier, &err),
        KUNDIG_OK);
    teach_learn(all);
    kundig__classifying asking;
    static const char *const texts[] = {"the room was zorp and blam with cup 3",
                                        "Iphigenie schlummert ohnmächtig hinterm Leuchtturm",
                                        "le service était vraiment trop lent hier"};
    static const int languages[] = {KUNDIG__LANGUAGE_EN, KUNDIG__LANGUAGE_DE, KUNDIG__LANGUAGE_FR};
    cr_assert_eq(kundig__classifying_init(&asking, &all->read.mem, all->learned.classifier),
                 KUNDIG_OK);
    for (size_t i = 0; i < 3; i++) {
        kundig__mood mood;
        cr_assert_eq(kundig__text_features(&all->read.scratch, texts[i], strlen(texts[i]),
                                           KUNDIG__LEARN_FAMILIES),
                     KUNDIG_OK);
        cr_assert_eq(kundig__mood_tell(&all->learned, &asking, all->read.lexicon,
                                       &all->read.scratch, texts[i], languages[i], &mood),
                     KUNDIG_OK);
        cr_expect_eq(mood.status, i == 0 ? KUNDIG__MOOD_OK : KUNDIG__MOOD_OUTSIDE, "%s", texts[i]);
    }
    cr_expect_gt(all->learned.least_known, 0);
    kundig__classifying_free(&asking);
    kundig__classifier_free(all->learned.classifier);
    teach_end(all);
}

static bool teach_same(const kundig__mood_learned *a, const kundig__mood_learned *b)
{
    return memcmp(&a->lexicon, &b->lexicon, sizeof a->lexicon) == 0 &&
           memcmp(a->leaning, b->leaning, sizeof a->leaning) == 0 &&
           memcmp(&a->trust, &b->trust, sizeof a->trust) == 0 &&
           memcmp(&a->least_known, &b->least_known, sizeof a->least_known) == 0 &&
           memcmp(a->means, b->means, sizeof a->means) == 0 &&
           memcmp(a->low, b->low, sizeof a->low) == 0 &&
           memcmp(a->high, b->high, sizeof a->high) == 0 && a->languages == b->languages;
}

Test(mood_teach, the_order_of_examples_and_threads_change_nothing)
{
    for (size_t count = 50; count <= 1800; count += 1750) {
        teach_all *all = teach_begin(count, true);
        teach_learn(all);
        kundig__mood_learned first = all->learned;
        for (size_t i = 0; i < count / 2; i++) {
            kundig__lesson lesson = all->list[i];
            uint32_t place = all->places[i];
            all->list[i] = all->list[count - 1 - i];
            all->places[i] = all->places[count - 1 - i];
            all->list[count - 1 - i] = lesson;
            all->places[count - 1 - i] = place;
        }
        all->course.threads = 2;
        teach_learn(all);
        cr_expect(teach_same(&first, &all->learned));
        teach_end(all);
    }
}

Test(mood_teach, of_one_class_the_lexicon_alone_speaks)
{
    teach_all *all = teach_begin(40, true);
    for (size_t i = 0; i < 40; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            all->marks[i][k].holds = k == 2;
        }
    }
    teach_learn(all);
    cr_expect_eq(all->learned.lexicon, 1);
    cr_expect_gt(all->learned.leaning[2], 0.5);
    teach_end(all);
}

Test(mood_teach, keeps_what_is_not_its_own)
{
    teach_all *all = teach_begin(30, true);
    all->learned.question = KUNDIG__TEXT("nps");
    all->learned.plan.seed = 7;
    teach_learn(all);
    cr_expect_eq(all->learned.plan.seed, 7);
    cr_expect_eq(all->learned.question.len, 3);
    cr_expect_eq(all->learned.scale.maximum, 5);
    teach_end(all);
}

Test(mood_teach, survives_every_failing_allocation)
{
    teach_all *all = teach_begin(24, true);
    probe failing = {0};
    kundig_allocator allocator = probe_allocator(&failing);
    for (int once = 0; once < 2; once++) {
        int rc = KUNDIG_E_NOMEM;
        /* The five folds are alike: behind the first, one case in many. */
        for (size_t at = 1; rc != KUNDIG_OK; at += at < 80 ? 1 : 13) {
            kundig__mem mem;
            kundig_error err;
            kundig__mem_init(&mem, &allocator, 0);
            failing.fail_at = failing.allocations + at;
            failing.fail_on = once == 0;
            rc = kundig__mood_teach(&mem, &all->course, &all->set, &all->lessons, all->read.lexicon,
                                    &all->learned, &err);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d", rc);
            failing.fail_at = 0;
            cr_assert_eq(failing.live_blocks, 0);
        }
    }
    teach_end(all);
}
