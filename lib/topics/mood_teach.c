/* What scored examples teach of moods beside the classifier: how far to follow the lexicon among
 * such texts, what score a mood stands for and how far off that may be, and what they look like,
 * so that others can be told from them.
 *
 * A part of the examples is told by classifiers that did not see it: each fifth by one of the other
 * four where they are few, one fifth where they are many. On these
 *   - the lexicon's weight is the one of least logarithmic loss, drawn towards one that fades with
 *     the number of examples, the more the fewer there are;
 *   - the range of expected scores is a quantile of the residuals, by bin of value (conformal:
 *     Vovk and others 2005), each bin widened until it holds enough;
 *   - the share of known features of a text, of which few have less, says what lies outside.
 * The lexicon's leaning is a multinomial model of four parameters on its own logits, drawn to none.
 *
 * Invariant: a function of the examples as a set: they are gone through in order of their contents,
 * and at most MOOD_MOST of them, chosen by hash, take part in what is told apart. Texts of the same
 * words are told together, by a classifier that saw none of them.
 * Cost: one more classifier, of MOOD_MOST examples at most; five where they are fewer than
 * MOOD_FEW. */
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "learn/split.h"
#include "topics/examples.h"
#include "topics/feeling.h"

#define MOOD_FOLDS     5u
#define MOOD_MOST      25000u /* examples told apart */
#define MOOD_LEAN      4000u  /* examples that the leaning is learned from */
#define MOOD_STEPS     120
#define MOOD_DRAWN     8.0 /* examples that the leaning of none is worth */
#define MOOD_BIN_LEAST 40u /* residuals of a bin */
#define MOOD_GRID      20  /* weights tried: twentieths */
#define MOOD_KNOWN     0.7 /* of the share known in all but the least known fiftieth */
#define MOOD_LANGUAGE  50u /* a language of one example in so many was taught */

#define MOOD_FEW 1500u

/* One example, read. */
typedef struct mood_lesson {
    const kundig__lesson *lesson;
    uint64_t hash; /* of its words */
    int32_t score; /* thousandths, or KUNDIG__EXAMPLE_NO_SCORE */
    uint32_t klass;
    int language;
    bool told;
    float known;
    float probabilities[3]; /* of the classifier that did not see it */
    kundig__opinion opinion;
} mood_lesson;

typedef struct mood_course {
    kundig__mem *mem;
    const kundig__course *course;
    const kundig__lexicon *lexicon;
    kundig__mood_learned *out;
    mood_lesson *lessons;
    uint32_t *order; /* by content */
    size_t count;
    kundig__lesson *part; /* what a classifier learns from */
    int64_t *residuals;
    size_t residual_count;
    int32_t *values;
} mood_course;

/* ---- Reading the examples ---- */

static uint32_t mood_class_of(const kundig__lesson *lesson)
{
    for (uint32_t i = 0; i < lesson->mark_count; i++) {
        if (lesson->marks[i].holds) {
            return lesson->marks[i].klass;
        }
    }
    return KUNDIG__NO_CLASS;
}

static int mood_customer_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__lesson *lessons = ud;
    return lessons[a].customer < lessons[b].customer ? -1
                                                     : lessons[a].customer > lessons[b].customer;
}

/* Classes that too few customers have teach nothing here, as they teach the classifier nothing: the
 * mean of a class of one customer is his score. */
static void mood_classes(mood_course *all, const struct kundig__lessons *lessons, bool taught[3])
{
    uint32_t customers[3] = {0, 0, 0};
    uint32_t last[3] = {KUNDIG__NOBODY, KUNDIG__NOBODY, KUNDIG__NOBODY};
    bool named = false;
    for (size_t i = 0; i < lessons->count; i++) {
        all->order[i] = (uint32_t)i;
    }
    kundig__order_sort(all->order, lessons->count, mood_customer_order, lessons->lessons);
    for (size_t i = 0; i < lessons->count; i++) {
        const kundig__lesson *lesson = &lessons->lessons[all->order[i]];
        uint32_t klass = mood_class_of(lesson);
        named = named || lesson->customer != KUNDIG__NOBODY;
        if (klass < 3 && lesson->customer != KUNDIG__NOBODY && last[klass] != lesson->customer) {
            last[klass] = lesson->customer;
            customers[klass]++;
        }
    }
    for (int k = 0; k < 3; k++) {
        taught[k] = !named || customers[k] >= all->course->least_customers;
    }
}

static int mood_read(mood_course *all, const kundig_examples *set,
                     const struct kundig__lessons *lessons)
{
    bool taught[3];
    mood_classes(all, lessons, taught);
    kundig__scratch scratch;
    kundig__spoken spoken;
    kundig__languages *languages = kundig__languages_new(all->mem);
    int rc = languages ? KUNDIG_OK : KUNDIG_E_NOMEM;
    kundig__scratch_init(&scratch, all->mem);
    kundig__spoken_init(&spoken, all->mem);
    for (size_t i = 0; i < lessons->count && rc == KUNDIG_OK; i++) {
        const kundig__lesson *lesson = &lessons->lessons[i];
        kundig_text text = lesson->text;
        mood_lesson *read = &all->lessons[all->count];
        read->lesson = lesson;
        read->klass = mood_class_of(lesson);
        read->score = set->examples[lessons->examples[i]].value;
        if (read->klass > 2 || !taught[read->klass]) {
            continue;
        }
        rc = kundig__text_features(&scratch, text.data, text.len, KUNDIG__WORDS);
        if (rc == KUNDIG_OK &&
            !kundig__language_read(languages, &scratch, text.data, text.len, &spoken)) {
            rc = KUNDIG_E_NOMEM;
        }
        if (rc == KUNDIG_OK) {
            read->hash = kundig__split_words(&scratch);
            read->language = kundig__mood_language(&spoken, &scratch, KUNDIG__LANGUAGE_UNKNOWN);
            kundig__lexicon_read(all->lexicon, &scratch, text.data, 0,
                                 (uint32_t)scratch.token_count, read->language, &read->opinion,
                                 NULL, NULL);
            all->order[all->count] = (uint32_t)all->count;
            all->count++;
        }
    }
    kundig__spoken_free(&spoken);
    kundig__scratch_free(&scratch);
    if (languages) {
        kundig__languages_free(languages, all->mem);
    }
    return rc;
}

/* By hash, and whatever else tells two examples apart here. */
static int mood_order(const void *ud, uint32_t a, uint32_t b)
{
    const mood_lesson *first = &((const mood_lesson *)ud)[a];
    const mood_lesson *second = &((const mood_lesson *)ud)[b];
    if (first->hash != second->hash) {
        return first->hash < second->hash ? -1 : 1;
    }
    int by_text = kundig__text_order(first->lesson->text, second->lesson->text);
    if (by_text != 0) {
        return by_text;
    }
    if (first->klass != second->klass) {
        return first->klass < second->klass ? -1 : 1;
    }
    if (first->score != second->score) {
        return first->score < second->score ? -1 : 1;
    }
    return first->lesson->weight < second->lesson->weight
               ? -1
               : first->lesson->weight > second->lesson->weight;
}

/* ---- The leaning of the lexicon ---- */

static void mood_lean(mood_course *all)
{
    size_t count = all->count < MOOD_LEAN ? all->count : MOOD_LEAN;
    double parameters[4] = {0, 0, 0, 1}; /* leanings, trust */
    double weight = 0;
    for (size_t i = 0; i < count; i++) {
        weight += all->lessons[all->order[i]].lesson->weight;
    }
    for (int step = 0; step < MOOD_STEPS && weight > 0; step++) {
        double slopes[4] = {0, 0, 0, 0};
        for (size_t i = 0; i < count; i++) {
            const mood_lesson *lesson = &all->lessons[all->order[i]];
            double logits[3];
            double probabilities[3];
            kundig__opinion_logits(&lesson->opinion, logits);
            kundig__mood_lean(parameters, parameters[3], logits, probabilities);
            for (uint32_t k = 0; k < 3; k++) {
                double off =
                    lesson->lesson->weight * (probabilities[k] - (lesson->klass == k ? 1 : 0));
                slopes[k] += off;
                slopes[3] += off * logits[k];
            }
        }
        for (int k = 0; k < 4; k++) {
            double pulled = slopes[k] + MOOD_DRAWN * (parameters[k] - (k == 3 ? 1 : 0)) / 3;
            parameters[k] -= (k == 3 ? 0.6 : 1.5) * pulled / (weight + MOOD_DRAWN);
        }
    }
    for (int k = 0; k < 3; k++) {
        all->out->leaning[k] = parameters[k];
    }
    all->out->trust = parameters[3] > 0.05 ? parameters[3] : 0.05;
}

/* ---- Telling what was not learned from ---- */

/* Learn from those of the first `count` that are not in fold `aside` and tell those that are. */
static int mood_fold(mood_course *all, size_t count, uint64_t aside)
{
    kundig__classifier *classifier = NULL;
    kundig__classifying asking;
    kundig__scratch scratch;
    kundig__course course = *all->course;
    size_t part = 0;
    bool asks = false;
    kundig__scratch_init(&scratch, all->mem);
    for (size_t i = 0; i < count; i++) {
        const mood_lesson *lesson = &all->lessons[all->order[i]];
        if (lesson->hash % MOOD_FOLDS != aside) {
            all->part[part++] = *lesson->lesson;
        }
    }
    course.lessons = all->part;
    course.lesson_count = part;
    course.bare = true;
    course.progress = NULL;
    int rc = kundig__classifier_learn(all->mem, &course, &classifier, NULL);
    if (rc == KUNDIG_E_EMPTY) {
        rc = KUNDIG_OK; /* a class is missing in this part: nothing is told */
        goto done;
    }
    rc = rc == KUNDIG_OK ? kundig__classifying_init(&asking, all->mem, classifier) : rc;
    asks = rc == KUNDIG_OK;
    for (size_t i = 0; i < count && rc == KUNDIG_OK; i++) {
        mood_lesson *lesson = &all->lessons[all->order[i]];
        kundig_text text = lesson->lesson->text;
        if (lesson->hash % MOOD_FOLDS != aside) {
            continue;
        }
        rc = kundig__text_features(&scratch, text.data, text.len, KUNDIG__LEARN_FAMILIES);
        if (rc == KUNDIG_OK) {
            rc = kundig__classify(&asking, &scratch, lesson->lesson->signs,
                                  lesson->lesson->sign_count);
        }
        if (rc == KUNDIG_OK) {
            lesson->told = true;
            lesson->known = asking.known;
            memcpy(lesson->probabilities, asking.probabilities, sizeof lesson->probabilities);
        }
    }
done:
    if (asks) {
        kundig__classifying_free(&asking);
    }
    kundig__classifier_free(classifier);
    kundig__scratch_free(&scratch);
    return rc;
}

/* ---- The weight of the lexicon ---- */

static void mood_weigh(mood_course *all)
{
    double told = 0;
    double losses[MOOD_GRID + 1] = {0};
    double few = (double)all->count;
    for (size_t i = 0; i < all->count; i++) {
        const mood_lesson *lesson = &all->lessons[all->order[i]];
        if (!lesson->told) {
            continue;
        }
        told += lesson->lesson->weight;
        for (int w = 0; w <= MOOD_GRID; w++) {
            double blended[3];
            kundig__mood_blend(all->out, (double)w / MOOD_GRID, lesson->probabilities,
                               &lesson->opinion, blended);
            losses[w] -= lesson->lesson->weight * kundig__log(blended[lesson->klass]);
        }
    }
    /* As if MOOD_DRAWN more had been told, whose loss grows with the distance from what is usual.
     */
    double usual = kundig__mood_usual(few);
    int best = 0;
    for (int w = 0; w <= MOOD_GRID; w++) {
        double away = (double)w / MOOD_GRID - usual;
        losses[w] += MOOD_DRAWN * away * away;
        best = losses[w] < losses[best] ? w : best;
    }
    all->out->lexicon = told > 0 ? (double)best / MOOD_GRID : 1;
}

/* ---- Scores ---- */

static int mood_number_order(const void *ud, uint32_t a, uint32_t b)
{
    const int64_t *numbers = ud;
    return numbers[a] < numbers[b] ? -1 : numbers[a] > numbers[b];
}

/* Mean score of each class; of one without, what lies between those of the others or the ends. */
static void mood_means(mood_course *all)
{
    kundig__mood_learned *out = all->out;
    int64_t sums[3] = {0, 0, 0};
    int64_t counts[3] = {0, 0, 0};
    bool falls = out->scale.direction == KUNDIG_LOWER_IS_BETTER;
    double ends[2] = {falls ? out->scale.maximum : out->scale.minimum,
                      falls ? out->scale.minimum : out->scale.maximum};
    for (size_t i = 0; i < all->count; i++) {
        const mood_lesson *lesson = &all->lessons[i];
        if (lesson->score != KUNDIG__EXAMPLE_NO_SCORE) {
            sums[lesson->klass] += lesson->score;
            counts[lesson->klass]++;
        }
    }
    for (int k = 0; k < 3; k++) {
        double usual = ends[0] + (ends[1] - ends[0]) * k / 2;
        /* One more at its usual place, so that one example is not all there is. */
        out->means[k] = ((double)sums[k] / 1000 + usual) / (double)(counts[k] + 1);
    }
}

/* The residual of which `tenths` per mille lie below, of those of the values in [from, to]. */
static double mood_quantile(const mood_course *all, uint32_t *order, size_t count, bool upper)
{
    /* Conformal: the place among count + 1. */
    size_t place = (count + 1) * 50 / 1000;
    if (count == 0) {
        return 0;
    }
    place = place ? place - 1 : 0;
    return (double)all->residuals[order[upper ? count - 1 - place : place]] / 1e6;
}

/* Residuals of the bins [low, high] into order, sorted; returns how many. */
static size_t mood_bins(const mood_course *all, int low, int high, uint32_t *order)
{
    size_t count = 0;
    for (size_t i = 0; i < all->residual_count; i++) {
        int bin = kundig__mood_bin(all->values[i]);
        if (bin >= low && bin <= high) {
            order[count++] = (uint32_t)i;
        }
    }
    kundig__order_sort(order, count, mood_number_order, all->residuals);
    return count;
}

static int mood_ranges(mood_course *all)
{
    kundig__mood_learned *out = all->out;
    for (size_t i = 0; i < all->count; i++) {
        const mood_lesson *lesson = &all->lessons[all->order[i]];
        double blended[3];
        double expected = 0;
        if (lesson->score == KUNDIG__EXAMPLE_NO_SCORE) {
            continue;
        }
        kundig__mood_blend(out, lesson->told ? out->lexicon : 1,
                           lesson->told ? lesson->probabilities : NULL, &lesson->opinion, blended);
        if (!lesson->told && all->residual_count + 1 < all->count / MOOD_FOLDS) {
            continue;
        }
        for (int k = 0; k < 3; k++) {
            expected += blended[k] * out->means[k];
        }
        double off = (double)lesson->score / 1000 - expected;
        all->values[all->residual_count] =
            (int32_t)kundig__floor((blended[2] - blended[0]) * 1000 + 0.5);
        all->residuals[all->residual_count++] = (int64_t)kundig__floor(off * 1e6 + 0.5);
    }
    uint32_t *order = kundig__alloc(all->mem, all->count * sizeof *order);
    if (!order) {
        return KUNDIG_E_NOMEM;
    }
    for (int bin = 0; bin < (int)KUNDIG__LEARN_BINS; bin++) {
        int low = bin;
        int high = bin;
        size_t count = mood_bins(all, low, high, order);
        while (count < MOOD_BIN_LEAST && (low > 0 || high + 1 < (int)KUNDIG__LEARN_BINS)) {
            low -= low > 0;
            high += high + 1 < (int)KUNDIG__LEARN_BINS;
            count = mood_bins(all, low, high, order);
        }
        out->low[bin] = mood_quantile(all, order, count, false);
        out->high[bin] = mood_quantile(all, order, count, true);
        out->low[bin] = out->low[bin] < 0 ? out->low[bin] : 0;
        out->high[bin] = out->high[bin] > 0 ? out->high[bin] : 0;
    }
    kundig__free(all->mem, order, all->count * sizeof *order);
    return KUNDIG_OK;
}

/* ---- What the examples are like ---- */

static void mood_likeness(mood_course *all)
{
    uint64_t languages[KUNDIG__LANGUAGE_COUNT] = {0};
    uint64_t sure = 0;
    size_t told = 0;
    for (size_t i = 0; i < all->count; i++) {
        const mood_lesson *lesson = &all->lessons[all->order[i]];
        languages[lesson->language]++;
        sure += lesson->language != KUNDIG__LANGUAGE_UNKNOWN;
        if (lesson->told) {
            all->residuals[told++] = (int64_t)((double)lesson->known * 1e6);
        }
    }
    all->out->languages = 1u << KUNDIG__LANGUAGE_UNKNOWN;
    for (int i = 0; i < KUNDIG__LANGUAGE_COUNT; i++) {
        if (languages[i] && languages[i] * MOOD_LANGUAGE >= sure) {
            all->out->languages |= (uint8_t)(1u << i);
        }
    }
    uint32_t *order = all->order; /* nobody needs it any more */
    for (size_t i = 0; i < told; i++) {
        order[i] = (uint32_t)i;
    }
    kundig__order_sort(order, told, mood_number_order, all->residuals);
    all->out->least_known =
        told ? MOOD_KNOWN * (double)all->residuals[order[told / MOOD_LANGUAGE]] / 1e6 : 0;
}

/* ---- The whole ---- */

static int mood_teach(mood_course *all)
{
    size_t count = all->count < MOOD_MOST ? all->count : MOOD_MOST;
    uint64_t folds = all->count < MOOD_FEW ? MOOD_FOLDS : 1;
    mood_lean(all);
    for (uint64_t fold = 0; fold < folds; fold++) {
        int rc = mood_fold(all, count, fold);
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    mood_weigh(all);
    if (all->out->scale.scale) {
        mood_means(all);
        int rc = mood_ranges(all);
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    mood_likeness(all);
    return KUNDIG_OK;
}

int kundig__mood_teach(kundig__mem *mem, const kundig__course *course, const kundig_examples *set,
                       const struct kundig__lessons *lessons, const kundig__lexicon *lexicon,
                       kundig__mood_learned *out, kundig_error *err)
{
    kundig__mood_learned fresh;
    mood_course all = {.mem = mem, .course = course, .lexicon = lexicon, .out = &fresh};
    size_t count = lessons->count;
    memset(&fresh, 0, sizeof fresh);
    fresh.scale = set->scale;
    all.lessons = kundig__alloc_zero(mem, count * sizeof *all.lessons);
    all.order = kundig__alloc(mem, count * sizeof *all.order);
    all.part = kundig__alloc(mem, count * sizeof *all.part);
    all.residuals = kundig__alloc(mem, count * sizeof *all.residuals);
    all.values = kundig__alloc(mem, count * sizeof *all.values);
    int rc = all.lessons && all.order && all.part && all.residuals && all.values
                 ? mood_read(&all, set, lessons)
                 : KUNDIG_E_NOMEM;
    if (rc == KUNDIG_OK) {
        kundig__order_sort(all.order, all.count, mood_order, all.lessons);
        rc = mood_teach(&all);
    }
    kundig__free(mem, all.values, count * sizeof *all.values);
    kundig__free(mem, all.residuals, count * sizeof *all.residuals);
    kundig__free(mem, all.part, count * sizeof *all.part);
    kundig__free(mem, all.order, count * sizeof *all.order);
    kundig__free(mem, all.lessons, count * sizeof *all.lessons);
    if (rc != KUNDIG_OK) {
        return kundig__nomem(mem, err);
    }
    fresh.classifier = out->classifier;
    fresh.question = out->question;
    fresh.plan = out->plan;
    *out = fresh;
    return KUNDIG_OK;
}
