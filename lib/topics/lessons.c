/* From examples to lessons: classes in order, marks by class, what rules or the lexicon find.
 *
 * Invariants: classes are those that examples in the set have, in byte order of their names, so
 * examples that were taken out leave nothing; lessons stand in the order of the examples, which the
 * learner does not look at. A label that names a topic of the base is that topic, by whichever of
 * its two names. Of a topic with rules that nobody judged, what the rules say is known a little.
 * Cost: n log n in the examples, and one reading of each text where the base has rules or a lexicon
 * is asked. */
#include "base/options.h"
#include "base/order.h"
#include "base/os.h"
#include "base/text.h"
#include "topics/examples.h"
#include "topics/matching.h"

#define LESSONS_WEAK            0.2f /* what rules say, beside 1 for what people say */
#define LESSONS_LEAST_CUSTOMERS 5u
#define LESSONS_FOLDS           5u
#define LESSONS_MOST_FOLDS      1000u
#define LESSONS_MOST_THREADS    64u
#define LESSONS_WORTH           64u /* examples, from which on a second thread pays */

/* ---- Options -------------------------------------------------------------------------------- */

int kundig__learn_options(const kundig_learn_options *options, kundig_learn_options *known,
                          kundig_error *err)
{
    kundig_learn_options read;
    int rc = kundig__options_read(&read, sizeof read, options, "kundig_learn_options", err);
    if (rc) {
        return rc;
    }
    if (read.quality < KUNDIG_QUALITY_FAST || read.quality > KUNDIG_QUALITY_BEST ||
        read.labels < KUNDIG_LABELS_GUESS || read.labels > KUNDIG_LABELS_SEVERAL) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "quality or labels is not one of its constants");
    }
    if (read.threads > LESSONS_MOST_THREADS || read.folds == 1 || read.folds > LESSONS_MOST_FOLDS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "threads is %u at most, folds 2 to %u",
                            LESSONS_MOST_THREADS, LESSONS_MOST_FOLDS);
    }
    if ((!read.field.data && read.field.len) || (!read.question.data && read.question.len)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "field or question has a length but no bytes");
    }
    read.least_customers = read.least_customers ? read.least_customers : LESSONS_LEAST_CUSTOMERS;
    read.threads = read.threads ? read.threads : 1;
    read.folds = read.folds ? read.folds : LESSONS_FOLDS;
    *known = read;
    return KUNDIG_OK;
}

void kundig__course_init(kundig__course *course, const kundig_learn_options *known)
{
    memset(course, 0, sizeof *course);
    course->quality = known->quality;
    course->least_customers = known->least_customers;
    course->threads = known->threads;
    course->most_bytes = known->most_bytes;
    course->seed = known->seed;
    course->progress = known->progress;
    course->progress_ud = known->progress_ud;
}

void kundig__course_give(kundig__course *course, const kundig__lessons *lessons)
{
    course->lessons = lessons->lessons;
    course->lesson_count = lessons->count;
    course->class_count = lessons->class_count;
    course->sign_count = lessons->sign_count;
    course->kind = lessons->kind;
}

/* ---- Classes -------------------------------------------------------------------------------- */

typedef struct lessons_making {
    kundig__lessons *lessons;
    const kundig_model *base;
    const kundig_examples *set;
    const kundig_learn_options *options;
    kundig_text *names;  /* of the set's labels, as base has them */
    uint32_t *classes;   /* of the set's labels; KUNDIG__NO_CLASS: left out */
    uint32_t *order;     /* room for as many numbers as there are labels or marks */
    uint32_t *customers; /* of classes: how many have it; then its number; then its sign */
} lessons_making;

static int lessons_name_order(const void *ud, uint32_t a, uint32_t b)
{
    const lessons_making *making = ud;
    return kundig__text_order(making->names[a], making->names[b]);
}

static bool lessons_is_named(const kundig_examples *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (!set->examples[i].gone && set->examples[i].customer != KUNDIG__NOBODY) {
            return true;
        }
    }
    return false;
}

/* Labels by name, classes[label] of each, equal names one class; returns how many. */
static uint32_t lessons_number(lessons_making *making)
{
    uint32_t labels = making->set->names.count;
    uint32_t count = 0;
    for (uint32_t i = 0; i < labels; i++) {
        making->order[i] = i;
    }
    kundig__order_sort(making->order, labels, lessons_name_order, making);
    for (uint32_t i = 0; i < labels; i++) {
        uint32_t label = making->order[i];
        bool same =
            i > 0 && kundig__text_equal(making->names[making->order[i - 1]], making->names[label]);
        count += same ? 0 : 1;
        making->classes[label] = count - 1;
    }
    return count;
}

typedef struct lessons_pair {
    uint32_t klass;
    uint32_t customer;
} lessons_pair;

static int lessons_pair_order(const void *ud, uint32_t a, uint32_t b)
{
    const lessons_pair *left = (const lessons_pair *)ud + a;
    const lessons_pair *right = (const lessons_pair *)ud + b;
    if (left->klass != right->klass) {
        return left->klass < right->klass ? -1 : 1;
    }
    return left->customer < right->customer ? -1 : left->customer > right->customer;
}

/* Count who has a class: of examples where nobody is named, else of customers. */
static void lessons_count(lessons_making *making, bool named, lessons_pair *pairs)
{
    const kundig_examples *set = making->set;
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const kundig__example *example = &set->examples[i];
        for (uint32_t j = 0; j < example->mark_count && !example->gone; j++) {
            const kundig__mark *mark = &set->marks[example->first + j];
            uint32_t klass = making->classes[mark->klass];
            if (!mark->holds) {
                continue;
            }
            if (!named) {
                making->customers[klass] = 1;
            } else if (example->customer != KUNDIG__NOBODY) {
                pairs[count++] = (lessons_pair){klass, example->customer};
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        making->order[i] = i;
    }
    kundig__order_sort(making->order, count, lessons_pair_order, pairs);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || lessons_pair_order(pairs, making->order[i - 1], making->order[i]) != 0) {
            making->customers[pairs[making->order[i]].klass]++;
        }
    }
}

/* Which labels are taught, and as which class. */
static int lessons_classes(lessons_making *making, kundig_error *err)
{
    kundig__lessons *lessons = making->lessons;
    const kundig_examples *set = making->set;
    uint32_t labels = set->names.count;
    for (uint32_t i = 0; i < labels; i++) {
        kundig_text name = kundig__dict_text(&set->names, i);
        uint32_t topic =
            making->base ? kundig__topic_labelled(making->base, name) : KUNDIG__NO_CLASS;
        making->names[i] = topic == KUNDIG__NO_CLASS ? name : making->base->topics[topic].name;
    }
    uint32_t count = lessons_number(making);
    bool named = lessons_is_named(set);
    size_t bytes = named ? set->mark_count * sizeof(lessons_pair) : 0;
    lessons_pair *pairs = kundig__alloc(lessons->mem, bytes);
    if (!pairs) {
        return kundig__nomem(lessons->mem, err);
    }
    lessons_count(making, named, pairs);
    kundig__free(lessons->mem, pairs, bytes);
    uint32_t least = named ? making->options->least_customers : 1;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        /* from here on: the class's number among those that are taught */
        making->customers[i] = making->customers[i] >= least ? kept++ : KUNDIG__NO_CLASS;
    }
    if (kept == 0) {
        return named ? kundig__fail(err, KUNDIG_E_EMPTY, 0,
                                    "no topic has examples of %lu different customers: give more "
                                    "examples, or ask for fewer customers",
                                    (unsigned long)least)
                     : kundig__fail(err, KUNDIG_E_EMPTY, 0,
                                    "no example has a topic: give examples of two at least");
    }
    lessons->classes = kundig__arena_alloc(&lessons->arena, kept * sizeof *lessons->classes);
    if (!lessons->classes) {
        return kundig__nomem(lessons->mem, err);
    }
    for (uint32_t i = 0; i < labels; i++) {
        making->classes[i] = making->customers[making->classes[i]];
        if (making->classes[i] != KUNDIG__NO_CLASS) {
            lessons->classes[making->classes[i]] = making->names[i];
        }
    }
    lessons->class_count = kept;
    return KUNDIG_OK;
}

static int lessons_kind(const lessons_making *making)
{
    const kundig_examples *set = making->set;
    if (set->lesson == KUNDIG_LESSON_SENTIMENT) {
        return KUNDIG__COURSE_ORDERED;
    }
    if (making->options->labels != KUNDIG_LABELS_GUESS) {
        return making->options->labels == KUNDIG_LABELS_ONE ? KUNDIG__COURSE_ONE
                                                            : KUNDIG__COURSE_SEVERAL;
    }
    for (size_t i = 0; i < set->count; i++) {
        const kundig__example *example = &set->examples[i];
        bool one =
            !example->partial && example->mark_count == 1 && set->marks[example->first].holds;
        if (!example->gone && !one) {
            return KUNDIG__COURSE_SEVERAL;
        }
    }
    return KUNDIG__COURSE_ONE;
}

/* ---- Marks ---------------------------------------------------------------------------------- */

static int lessons_packed_order(const void *ud, uint32_t a, uint32_t b)
{
    (void)ud;
    return a < b ? -1 : a > b;
}

/* Marks of an example by class: class * 2 + holds, in making->order, once a class. Where its two
 * names are at odds, yes weighs more. */
static size_t lessons_marks(const lessons_making *making, const kundig__example *example)
{
    bool one = making->lessons->kind == KUNDIG__COURSE_ONE;
    uint32_t *order = making->order;
    size_t count = 0;
    for (uint32_t i = 0; i < example->mark_count; i++) {
        const kundig__mark *mark = &making->set->marks[example->first + i];
        uint32_t klass = making->classes[mark->klass];
        if (klass != KUNDIG__NO_CLASS && (mark->holds || !one)) {
            order[count++] = klass << 1 | (mark->holds ? 1 : 0);
        }
    }
    kundig__order_sort(order, count, lessons_packed_order, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && order[kept - 1] >> 1 == order[i] >> 1) {
            order[kept - 1] = order[i];
        } else {
            order[kept++] = order[i];
        }
    }
    return kept;
}

static int lessons_add(lessons_making *making, size_t at, uint32_t number, kundig_error *err)
{
    kundig__lessons *lessons = making->lessons;
    const kundig__example *example = &making->set->examples[at];
    bool one = lessons->kind == KUNDIG__COURSE_ONE;
    size_t count = lessons_marks(making, example);
    if (one && count > 1) {
        return kundig__fail(err, KUNDIG_E_VALUE, number,
                            "example %lu has two topics where one is asked for: teach several",
                            (unsigned long)number);
    }
    if (one && count == 0) {
        return KUNDIG_OK; /* of a text that fits none of the classes nothing can be learned */
    }
    kundig__mark *marks = kundig__arena_alloc(&lessons->arena, count * sizeof *marks);
    if (!marks) {
        return kundig__nomem(lessons->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        marks[i] = (kundig__mark){
            .klass = making->order[i] >> 1, .weight = 1, .holds = making->order[i] & 1};
    }
    lessons->examples[lessons->count] = (uint32_t)at;
    lessons->numbers[lessons->count] = number;
    lessons->lessons[lessons->count++] = (kundig__lesson){
        .text = example->text,
        .marks = marks,
        .mark_count = (uint32_t)count,
        .customer = example->customer,
        .weight = example->weight,
        .partial = example->partial && !one,
    };
    return KUNDIG_OK;
}

static int lessons_all(lessons_making *making, kundig_error *err)
{
    kundig__lessons *lessons = making->lessons;
    const kundig_examples *set = making->set;
    size_t capacity = set->count - set->gone;
    lessons->lessons = kundig__alloc(lessons->mem, capacity * sizeof *lessons->lessons);
    lessons->examples = kundig__alloc(lessons->mem, capacity * sizeof *lessons->examples);
    lessons->numbers = kundig__alloc(lessons->mem, capacity * sizeof *lessons->numbers);
    lessons->capacity = capacity;
    if (!lessons->lessons || !lessons->examples || !lessons->numbers) {
        return kundig__nomem(lessons->mem, err);
    }
    uint32_t number = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->examples[i].gone) {
            int rc = lessons_add(making, i, number++, err);
            if (rc) {
                return rc;
            }
        }
    }
    return KUNDIG_OK;
}

/* ---- What rules and the lexicon find -------------------------------------------------------- */

/* Some of the lessons, read on a thread of their own. */
typedef struct lessons_part {
    kundig__mem mem;
    kundig__reading reading;
    size_t first;
    size_t end;
    uint32_t *signs; /* of lessons first to end, one after the other */
    size_t sign_count;
    size_t sign_capacity;
    int rc;
} lessons_part;

typedef struct lessons_job {
    kundig__lessons *lessons;
    bool mood;
    lessons_part parts[LESSONS_MOST_THREADS];
} lessons_job;

/* Signs of one text, appended to the part's. */
static int lessons_read_one(lessons_part *part, kundig__lesson *lesson, bool mood)
{
    kundig__reading *reading = &part->reading;
    kundig_text text = lesson->text;
    size_t count = 0;
    uint32_t moods[KUNDIG__MOOD_SIGNS];
    int rc;
    if (mood) {
        rc = kundig__text_features(&reading->scratch, text.data, text.len, KUNDIG__WORDS);
        if (!rc && !kundig__language_read(reading->model->languages, &reading->scratch, text.data,
                                          text.len, &reading->spoken)) {
            rc = kundig__nomem(&part->mem, NULL);
        }
        if (!rc) {
            count = kundig__mood_signs(reading->model->lexicon, &reading->scratch, text.data,
                                       kundig__mood_language(&reading->spoken, &reading->scratch,
                                                             KUNDIG__LANGUAGE_UNKNOWN),
                                       moods);
        }
    } else {
        rc = kundig__reading_run(reading, text.data, text.len, KUNDIG__LANGUAGE_UNKNOWN);
        if (!rc && !kundig__taught_signs(reading, &count)) {
            rc = kundig__nomem(&part->mem, NULL);
        }
    }
    void *signs = part->signs;
    if (!rc && !kundig__grow(&part->mem, &signs, &part->sign_capacity, part->sign_count + count,
                             sizeof *part->signs)) {
        rc = kundig__nomem(&part->mem, NULL);
    }
    part->signs = signs;
    if (!rc && count) {
        memcpy(part->signs + part->sign_count, mood ? moods : reading->signs,
               count * sizeof *part->signs);
        part->sign_count += count;
        lesson->sign_count = (uint32_t)count;
    }
    return rc;
}

static void lessons_read(void *ud, uint32_t number)
{
    lessons_job *job = ud;
    lessons_part *part = &job->parts[number];
    for (size_t i = part->first; i < part->end && !part->rc; i++) {
        part->rc = lessons_read_one(part, &job->lessons->lessons[i], job->mood);
    }
}

/* Signs come to the lessons' own arena. */
static bool lessons_keep_signs(kundig__lessons *lessons, const lessons_part *part)
{
    uint32_t *signs =
        kundig__arena_alloc(&lessons->arena, part->sign_count * sizeof *lessons->lessons->signs);
    if (!signs) {
        return false;
    }
    if (part->sign_count) {
        memcpy(signs, part->signs, part->sign_count * sizeof *signs);
    }
    for (size_t i = part->first; i < part->end; i++) {
        lessons->lessons[i].signs = signs;
        signs += lessons->lessons[i].sign_count;
    }
    return true;
}

static int lessons_signs(lessons_making *making, kundig_error *err)
{
    kundig__lessons *lessons = making->lessons;
    uint32_t parts = making->options->threads;
    parts =
        lessons->count / LESSONS_WORTH < parts ? (uint32_t)(lessons->count / LESSONS_WORTH) : parts;
    parts = parts ? parts : 1;
    lessons_job *job = kundig__alloc_zero(lessons->mem, sizeof *job);
    if (!job) {
        return kundig__nomem(lessons->mem, err);
    }
    job->lessons = lessons;
    job->mood = making->set->lesson == KUNDIG_LESSON_SENTIMENT;
    for (uint32_t i = 0; i < parts; i++) {
        lessons_part *part = &job->parts[i];
        kundig__mem_lend(lessons->mem, &part->mem, parts, i);
        kundig__reading_init(&part->reading, &part->mem, making->base);
        part->reading.plain = true;
        part->first = (size_t)((uint64_t)lessons->count * i / parts);
        part->end = (size_t)((uint64_t)lessons->count * (i + 1) / parts);
    }
    kundig__fork_join(parts, lessons_read, job);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < parts; i++) {
        lessons_part *part = &job->parts[i];
        if (!rc && (part->rc || !lessons_keep_signs(lessons, part))) {
            rc = part->rc ? kundig__nomem(&part->mem, err) : kundig__nomem(lessons->mem, err);
        }
        kundig__free(&part->mem, part->signs, part->sign_capacity * sizeof *part->signs);
        kundig__reading_free(&part->reading);
        kundig__mem_take_back(lessons->mem, &part->mem);
    }
    kundig__free(lessons->mem, job, sizeof *job);
    return rc;
}

/* Of topics with rules that nobody judged in a partial lesson: what the rules say, a little. */
static bool lessons_weak(kundig__lessons *lessons, kundig__lesson *lesson, const uint32_t *ruled)
{
    size_t most = lesson->mark_count;
    for (uint32_t klass = 0; klass < lessons->class_count; klass++) {
        most += ruled[klass] != KUNDIG__NO_CLASS;
    }
    kundig__mark *marks = kundig__arena_alloc(&lessons->arena, most * sizeof *marks);
    if (!marks) {
        return false;
    }
    uint32_t count = 0;
    uint32_t known = 0;
    for (uint32_t klass = 0; klass < lessons->class_count; klass++) {
        if (known < lesson->mark_count && lesson->marks[known].klass == klass) {
            marks[count++] = lesson->marks[known++];
        } else if (ruled[klass] != KUNDIG__NO_CLASS) {
            bool holds = false;
            for (uint32_t i = 0; i < lesson->sign_count; i++) {
                holds |= lesson->signs[i] == ruled[klass];
            }
            marks[count++] = (kundig__mark){.klass = klass, .weight = LESSONS_WEAK, .holds = holds};
        }
    }
    lesson->marks = marks;
    lesson->mark_count = count;
    return true;
}

static int lessons_weaken(lessons_making *making, kundig_error *err)
{
    kundig__lessons *lessons = making->lessons;
    const kundig__taught *taught = &making->base->taught;
    uint32_t *ruled = making->customers; /* sign of each class; there are no more than labels */
    for (uint32_t klass = 0; klass < lessons->class_count; klass++) {
        uint32_t topic = kundig__topic_labelled(making->base, lessons->classes[klass]);
        ruled[klass] = KUNDIG__NO_CLASS;
        for (uint32_t sign = 0; topic != KUNDIG__NO_CLASS && sign < taught->sign_count; sign++) {
            ruled[klass] = taught->signs[sign] == topic ? sign : ruled[klass];
        }
    }
    for (size_t i = 0; i < lessons->count; i++) {
        if (lessons->lessons[i].partial && !lessons_weak(lessons, &lessons->lessons[i], ruled)) {
            return kundig__nomem(lessons->mem, err);
        }
    }
    return KUNDIG_OK;
}

/* ---- All of it ------------------------------------------------------------------------------ */

static int lessons_run(lessons_making *making, kundig_error *err)
{
    kundig__lessons *lessons = making->lessons;
    bool mood = making->set->lesson == KUNDIG_LESSON_SENTIMENT;
    if (making->set->count == making->set->gone) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0, "there are no examples to learn from");
    }
    lessons->kind = lessons_kind(making);
    int rc = KUNDIG_OK;
    if (mood) {
        /* all three, whether or not examples have them: what they are called is no secret */
        lessons->classes = kundig__arena_alloc(&lessons->arena, 3 * sizeof *lessons->classes);
        if (!lessons->classes) {
            return kundig__nomem(lessons->mem, err);
        }
        for (uint32_t i = 0; i < 3; i++) {
            lessons->classes[i] = kundig__dict_text(&making->set->names, i);
            making->classes[i] = i;
        }
        lessons->class_count = 3;
        lessons->sign_count = KUNDIG__MOOD_SIGNS;
    } else {
        rc = lessons_classes(making, err);
        lessons->sign_count = making->base ? making->base->taught.sign_count : 0;
    }
    rc = rc ? rc : lessons_all(making, err);
    if (!rc && lessons->sign_count) {
        rc = lessons_signs(making, err);
    }
    if (!rc && !mood && lessons->sign_count) {
        rc = lessons_weaken(making, err);
    }
    return rc;
}

int kundig__lessons_make(kundig__lessons *lessons, kundig__mem *mem, const kundig_model *base,
                         const kundig_examples *set, const kundig_learn_options *options,
                         kundig_error *err)
{
    kundig_model *own = NULL;
    size_t labels = set->names.count;
    size_t room = labels > set->mark_count ? labels : set->mark_count;
    int rc = KUNDIG_OK;
    memset(lessons, 0, sizeof *lessons);
    lessons->mem = mem;
    kundig__arena_init(&lessons->arena, mem);
    if (!base && set->lesson == KUNDIG_LESSON_SENTIMENT) {
        rc = kundig__model_forget(&mem->hook, NULL, KUNDIG_LESSON_TOPICS, &own, err);
        base = own;
    }
    lessons_making making = {.lessons = lessons, .base = base, .set = set, .options = options};
    making.names = kundig__alloc(mem, labels * sizeof *making.names);
    making.classes = kundig__alloc(mem, labels * sizeof *making.classes);
    making.customers = kundig__alloc_zero(mem, labels * sizeof *making.customers);
    making.order = kundig__alloc(mem, room * sizeof *making.order);
    if (!rc) {
        rc = making.names && making.classes && making.customers && making.order
                 ? lessons_run(&making, err)
                 : kundig__nomem(mem, err);
    }
    kundig__free(mem, making.names, labels * sizeof *making.names);
    kundig__free(mem, making.classes, labels * sizeof *making.classes);
    kundig__free(mem, making.customers, labels * sizeof *making.customers);
    kundig__free(mem, making.order, room * sizeof *making.order);
    kundig_model_free(own);
    if (rc) {
        kundig__lessons_free(lessons);
    }
    return rc;
}

void kundig__lessons_free(kundig__lessons *lessons)
{
    kundig__mem *mem = lessons->mem;
    if (mem) {
        kundig__free(mem, lessons->lessons, lessons->capacity * sizeof *lessons->lessons);
        kundig__free(mem, lessons->examples, lessons->capacity * sizeof *lessons->examples);
        kundig__free(mem, lessons->numbers, lessons->capacity * sizeof *lessons->numbers);
        kundig__arena_free(&lessons->arena);
        memset(lessons, 0, sizeof *lessons);
    }
}
