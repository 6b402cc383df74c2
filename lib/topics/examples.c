/* Examples to learn from: checked, mended, kept.
 *
 * Invariants: what is kept can be learned from without another look at its values; a call adds or
 * takes out all or nothing; what a set teaches depends on the examples in it alone, never on those
 * that were there once. Equal examples hang on one another, the newest first, so each is found by
 * its content at once; the index is made when the first is taken out. When more are gone than left,
 * the set is written anew, without them.
 * Cost: linear in the bytes; taking one out is constant, over many. */
#include "topics/examples.h"

#include "base/math.h"
#include "base/options.h"
#include "base/order.h"
#include "base/os.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topics/taxonomy.h"

#define EXAMPLES_NONE       UINT32_MAX
#define EXAMPLES_MOST       ((size_t)1 << 31)
#define EXAMPLES_MOST_TEXT  ((size_t)1 << 30)
#define EXAMPLES_WEIGHT_ONE ((double)(1 << 20))

#ifdef KUNDIG_TINY
#define EXAMPLES_HEADS 2u
#define EXAMPLES_WORTH 2u
#else
#define EXAMPLES_HEADS 256u
#define EXAMPLES_WORTH 1024u /* gone, from which on it pays to write the set anew */
#endif

static const char *const examples_moods[] = {"negative", "neutral", "positive"};

typedef struct examples_entry {
    uint64_t hash;
    uint32_t next; /* example of other content in the same bucket */
    uint32_t twin; /* equal example that was added before */
} examples_entry;

/* ---- Making and freeing --------------------------------------------------------------------- */

/* Everything but the door to memory and the key. */
static void examples_begin(kundig_examples *set, kundig__mem *mem)
{
    kundig__arena_init(&set->arena, mem);
    kundig__dict_init(&set->names, mem, set->key);
    kundig__dict_init(&set->customers, mem, set->key);
    kundig__buf_init(&set->mended, mem);
}

static bool examples_begin_names(kundig_examples *set)
{
    for (size_t i = 0; set->lesson == KUNDIG_LESSON_SENTIMENT && i < 3; i++) {
        kundig_text name = kundig__str(examples_moods[i]);
        if (kundig__dict_add(&set->names, name.data, name.len) == KUNDIG__DICT_NONE) {
            return false;
        }
    }
    return true;
}

static void examples_end(kundig_examples *set, kundig__mem *mem)
{
    kundig__examples_index *index = &set->index;
    kundig__free(mem, set->examples, set->capacity * sizeof *set->examples);
    kundig__free(mem, set->marks, set->mark_capacity * sizeof *set->marks);
    kundig__free(mem, set->packed, set->packed_capacity * sizeof *set->packed);
    kundig__free(mem, index->entries, index->capacity * sizeof *index->entries);
    kundig__free(mem, index->heads, index->head_count * sizeof *index->heads);
    kundig__dict_free(&set->names);
    kundig__dict_free(&set->customers);
    kundig__buf_free(&set->mended);
    kundig__arena_free(&set->arena);
}

int kundig_examples_new(const kundig_allocator *allocator, int32_t lesson, kundig_examples **out,
                        kundig_error *err)
{
    if (!out || (lesson != KUNDIG_LESSON_TOPICS && lesson != KUNDIG_LESSON_SENTIMENT)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s",
                            out ? "lesson is none of KUNDIG_LESSON_" : "out is NULL");
    }
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig_examples *set = kundig__alloc_zero(&mem, sizeof *set);
    if (!set) {
        return kundig__nomem(&mem, err);
    }
    set->mem = mem;
    set->lesson = lesson;
    bool random = kundig__random(set->key, sizeof set->key);
    examples_begin(set, &set->mem);
    if (!random || !examples_begin_names(set)) {
        kundig_examples_free(set);
        return random ? kundig__nomem(&mem, err)
                      : kundig__fail(err, KUNDIG_E_IO, 0, "the system gives no random bytes");
    }
    *out = set;
    return KUNDIG_OK;
}

int kundig__examples_within(const kundig__mem *mem, int32_t lesson, kundig_examples **out,
                            kundig_error *err)
{
    kundig_examples *set = NULL;
    int rc = kundig_examples_new(&mem->hook, lesson, &set, err);
    if (!rc) {
        uint64_t left = kundig__mem_left(mem);
        set->mem.limit = left ? set->mem.used + (size_t)left : 0;
        *out = set;
    }
    return rc;
}

void kundig_examples_free(kundig_examples *set)
{
    if (set) {
        kundig__mem mem = set->mem;
        examples_end(set, &set->mem);
        kundig__free(&mem, set, sizeof *set);
    }
}

size_t kundig_examples_count(const kundig_examples *set)
{
    return set ? set->count - set->gone : 0;
}

/* ---- One example ---------------------------------------------------------------------------- */

/* A text, mended where it must be, in set->mended then; absent stays absent. */
static int examples_mend(kundig_examples *set, kundig_text given, const char *what,
                         kundig_text *out, kundig_error *err)
{
    if (!given.data && given.len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s has a length but no bytes", what);
    }
    if (given.len < EXAMPLES_MOST_TEXT && given.data &&
        kundig__utf8_valid(given.data, given.len) != given.len) {
        set->mended.len = 0;
        kundig__utf8_mend(&set->mended, given.data, given.len);
        if (set->mended.failed) {
            set->mended.failed = false;
            return kundig__nomem(&set->mem, err);
        }
        given = kundig__text(set->mended.data, set->mended.len);
    }
    if (given.len >= EXAMPLES_MOST_TEXT) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "%s is 1 GiB or longer", what);
    }
    *out = given;
    return KUNDIG_OK;
}

/* Copy a text into the arena, mended; absent stays absent. */
static int examples_text(kundig_examples *set, kundig__arena *arena, kundig_text given,
                         const char *what, kundig_text *out, kundig_error *err)
{
    int rc = examples_mend(set, given, what, out, err);
    if (!rc && out->data) {
        *out = kundig__arena_text(arena, *out);
        rc = out->data ? KUNDIG_OK : kundig__nomem(&set->mem, err);
    }
    return rc;
}

bool kundig__label_is_name(kundig_text name)
{
    if (!name.data || name.len == 0 || name.len > KUNDIG__MOST_LABEL ||
        kundig__utf8_valid(name.data, name.len) != name.len) {
        return false;
    }
    for (size_t at = 0; at < name.len;) {
        uint32_t code;
        at += kundig__utf8_decode(name.data + at, name.len - at, &code);
        if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            return false;
        }
    }
    return true;
}

static int examples_name(kundig_examples *set, kundig_text name, uint32_t *code, kundig_error *err)
{
    if (!kundig__label_is_name(name)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "a label is no name: 1 to %u bytes of UTF-8 without control characters",
                            KUNDIG__MOST_LABEL);
    }
    *code = kundig__dict_find(&set->names, name.data, name.len);
    if (*code != KUNDIG__DICT_NONE) {
        return KUNDIG_OK;
    }
    if (set->lesson == KUNDIG_LESSON_SENTIMENT) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "'%.*s' is no sentiment: write negative, neutral or positive",
                            kundig__shown(name), name.data);
    }
    if (set->names.count >= KUNDIG__MOST_TOPICS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "examples have at most %u different labels",
                            KUNDIG__MOST_TOPICS);
    }
    *code = kundig__dict_add(&set->names, name.data, name.len);
    return *code == KUNDIG__DICT_NONE ? kundig__nomem(&set->mem, err) : KUNDIG_OK;
}

static int examples_packed_order(const void *ud, uint32_t a, uint32_t b)
{
    (void)ud;
    return a < b ? -1 : a > b;
}

/* Marks of labels and denied labels, in order of classes, once each. */
static int examples_marks(kundig_examples *set, const kundig_example *given, kundig__example *out,
                          kundig_error *err)
{
    size_t most;
    void *packed = set->packed;
    void *marks = set->marks;
    size_t count = 0;
    if (!kundig__size_add(given->label_count, given->denied_count, &most) || most > (size_t)1
                                                                                        << 24) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "an example has too many labels");
    }
    bool room = kundig__grow(&set->mem, &packed, &set->packed_capacity, most, sizeof *set->packed);
    set->packed = packed;
    room = room && kundig__grow(&set->mem, &marks, &set->mark_capacity, set->mark_count + most,
                                sizeof *set->marks);
    set->marks = marks;
    if (!room) {
        return kundig__nomem(&set->mem, err);
    }
    for (size_t i = 0; i < most; i++) {
        bool holds = i < given->label_count;
        uint32_t code;
        int rc = examples_name(
            set, holds ? given->labels[i] : given->denied[i - given->label_count], &code, err);
        if (rc) {
            return rc;
        }
        set->packed[count++] = code << 1 | (holds ? 1 : 0);
    }
    kundig__order_sort(set->packed, count, examples_packed_order, NULL);
    out->first = set->mark_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t code = set->packed[i] >> 1;
        kundig__mark *last = out->mark_count ? &set->marks[set->mark_count - 1] : NULL;
        bool holds = set->packed[i] & 1;
        if (last && last->klass == code) {
            if (last->holds != holds) {
                kundig_text name = kundig__dict_text(&set->names, code);
                return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is a label and denied as well",
                                    kundig__shown(name), name.data);
            }
            continue;
        }
        set->marks[set->mark_count++] = (kundig__mark){.klass = code, .weight = 1, .holds = holds};
        out->mark_count++;
    }
    return KUNDIG_OK;
}

uint32_t kundig__score_class(const kundig_score *score)
{
    kundig__answer answer;
    if (kundig__score_read(score, KUNDIG__TEXT(""), &answer, NULL)) {
        return 1;
    }
    if (answer.scale == KUNDIG_SCALE_NPS) {
        return answer.value <= 6000 ? 0 : answer.value <= 8000 ? 1 : 2;
    }
    /* how far it lies from the middle, in halves of thousandths; where neutral ends */
    int64_t span = (int64_t)answer.maximum - answer.minimum;
    int64_t above = 2 * (int64_t)answer.value - answer.minimum - answer.maximum;
    above = answer.direction == KUNDIG_LOWER_IS_BETTER ? -above : above;
    if (answer.scale == KUNDIG_SCALE_DECLARED) {
        return 3 * above < -span ? 0 : 3 * above > span ? 2 : 1;
    }
    return above < -1000 ? 0 : above > 1000 ? 2 : 1;
}

int kundig_score_sentiment(const kundig_score *score, int32_t *out, kundig_error *err)
{
    kundig__answer answer;
    if (!score || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", score ? "out" : "score");
    }
    kundig_text question = score->question;
    if (!question.data) {
        question = kundig__str(kundig__scale_name(score->scale));
    }
    int rc = kundig__score_read(score, question, &answer, err);
    if (!rc) {
        *out = KUNDIG_SENTIMENT_NEGATIVE + (int32_t)kundig__score_class(score);
    }
    return rc;
}

/* A score and what it means; the first one says what all answer, and on which scale. */
static int examples_score(kundig_examples *set, kundig__arena *arena, const kundig_example *given,
                          kundig__example *out, kundig_error *err)
{
    kundig__answer answer;
    kundig__answer known;
    kundig_text question = given->score->question;
    if (!question.data) {
        question = kundig__str(kundig__scale_name(given->score->scale));
    }
    int rc = kundig__score_read(given->score, question, &answer, err);
    if (rc) {
        return rc;
    }
    if (set->scale.scale == 0) {
        rc = examples_text(set, arena, question, "question", &set->scale.question, err);
        if (rc) {
            return rc;
        }
        set->scale.scale = answer.scale;
        set->scale.direction = answer.direction;
        set->scale.minimum = answer.minimum / 1000.0;
        set->scale.maximum = answer.maximum / 1000.0;
        set->scale.value = set->scale.minimum;
    }
    rc = kundig__score_read(&set->scale, set->scale.question, &known, err);
    if (!rc && (known.scale != answer.scale || known.direction != answer.direction ||
                known.minimum != answer.minimum || known.maximum != answer.maximum)) {
        char words[80];
        kundig__scale_words(known.minimum, known.maximum, words);
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0,
                          "the scores so far are on %s (%s), this one is not: one scale a set",
                          kundig__scale_name(known.scale), words);
    }
    rc = rc ? rc : examples_mend(set, question, "question", &question, err);
    if (!rc && !kundig__text_equal(question, set->scale.question)) {
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0,
                          "the scores so far answer '%.*s', this one '%.*s': one question a set",
                          kundig__shown(set->scale.question), set->scale.question.data,
                          kundig__shown(question), question.data);
    }
    if (rc) {
        return rc;
    }
    out->value = answer.value;
    set->scored++;
    if (out->mark_count == 0) {
        void *marks = set->marks;
        bool room = kundig__grow(&set->mem, &marks, &set->mark_capacity, set->mark_count + 1,
                                 sizeof *set->marks);
        set->marks = marks;
        if (!room) {
            return kundig__nomem(&set->mem, err);
        }
        set->marks[set->mark_count++] =
            (kundig__mark){.klass = kundig__score_class(given->score), .weight = 1, .holds = true};
        out->mark_count = 1;
    }
    return KUNDIG_OK;
}

/* Is the example of the right form for its lesson? */
static int examples_form(const kundig_examples *set, const kundig_example *given, kundig_error *err)
{
    bool sentiment = set->lesson == KUNDIG_LESSON_SENTIMENT;
    if ((!given->labels && given->label_count) || (!given->denied && given->denied_count)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL, its count is not 0",
                            given->denied ? "labels" : "denied");
    }
    if (given->partial < 0 || given->partial > 1 || given->has_weight < 0 ||
        given->has_weight > 1) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "partial and has_weight are 0 or 1");
    }
    if (given->reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "kundig_example sets a field that this library does not know");
    }
    if (given->has_weight &&
        (!kundig__is_finite(given->weight) || given->weight < 1 / EXAMPLES_WEIGHT_ONE ||
         given->weight > EXAMPLES_WEIGHT_ONE)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "the weight must lie within 2^-20 to 2^20");
    }
    if (!sentiment && given->score) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "a score teaches sentiment: these are examples of topics");
    }
    if (sentiment && (given->denied_count || given->partial || given->label_count > 1)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "an example of sentiment has one label or a score, and denies nothing");
    }
    if (sentiment && !given->label_count && !given->score) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "an example of sentiment needs a score or one label: negative, neutral "
                            "or positive");
    }
    return KUNDIG_OK;
}

/* Append one example; what it was on failure is the caller's to undo. */
static int examples_take(kundig_examples *set, kundig__arena *arena, const kundig_example *given,
                         kundig_error *err)
{
    kundig__example example = {.customer = KUNDIG__NOBODY,
                               .value = KUNDIG__EXAMPLE_NO_SCORE,
                               .partial = given->partial,
                               .weight = 1};
    kundig_text customer = {NULL, 0};
    int rc = examples_form(set, given, err);
    rc = rc ? rc : examples_text(set, arena, given->text, "text", &example.text, err);
    rc = rc ? rc : examples_text(set, arena, given->source, "source", &example.source, err);
    rc = rc ? rc : examples_text(set, arena, given->id, "id", &example.id, err);
    rc = rc ? rc : examples_text(set, arena, given->customer, "customer", &customer, err);
    rc = rc ? rc : examples_marks(set, given, &example, err);
    if (!rc && given->score) {
        rc = examples_score(set, arena, given, &example, err);
    }
    if (rc) {
        return rc;
    }
    if (!example.text.data) {
        example.text = KUNDIG__TEXT("");
    }
    if (customer.len) {
        example.customer = kundig__dict_add(&set->customers, customer.data, customer.len);
        if (example.customer == KUNDIG__DICT_NONE) {
            return kundig__nomem(&set->mem, err);
        }
    }
    if (given->has_weight) {
        int64_t units = (int64_t)(given->weight * EXAMPLES_WEIGHT_ONE + 0.5);
        example.weight = (double)units / EXAMPLES_WEIGHT_ONE;
    }
    set->examples[set->count++] = example;
    return KUNDIG_OK;
}

/* What a call must bring back where it fails. */
typedef struct examples_mark {
    size_t count;
    size_t mark_count;
    size_t scored;
    uint32_t names;
    uint32_t customers;
    kundig_score scale;
} examples_mark;

static examples_mark examples_now(const kundig_examples *set)
{
    return (examples_mark){set->count,       set->mark_count,      set->scored,
                           set->names.count, set->customers.count, set->scale};
}

static void examples_undo(kundig_examples *set, const examples_mark *mark)
{
    set->count = mark->count;
    set->mark_count = mark->mark_count;
    set->scored = mark->scored;
    set->scale = mark->scale;
    kundig__dict_shrink(&set->names, mark->names);
    kundig__dict_shrink(&set->customers, mark->customers);
}

/* Append all; on failure some may have been, and err->pos is the one that failed. */
static int examples_take_all(kundig_examples *set, kundig__arena *arena,
                             const kundig_example *examples, size_t count, kundig_error *err)
{
    void *array = set->examples;
    if (count > EXAMPLES_MOST || set->count + count > EXAMPLES_MOST) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a set holds at most 2^31 examples");
    }
    bool room =
        kundig__grow(&set->mem, &array, &set->capacity, set->count + count, sizeof *set->examples);
    set->examples = array;
    if (!room) {
        return kundig__nomem(&set->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        kundig_example given;
        int rc = kundig__element_read(&given, sizeof given, examples, i, "kundig_example", err);
        rc = rc ? rc : examples_take(set, arena, &given, err);
        if (rc) {
            if (err) {
                err->pos = i;
            }
            return rc;
        }
    }
    return KUNDIG_OK;
}

static int examples_arguments(const kundig_examples *set, const kundig_example *examples,
                              size_t count, kundig_error *err)
{
    if (!set || (!examples && count)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", set ? "examples" : "set");
    }
    return KUNDIG_OK;
}

int kundig_examples_add(kundig_examples *set, const kundig_example *examples, size_t count,
                        kundig_error *err)
{
    int rc = examples_arguments(set, examples, count, err);
    if (rc) {
        return rc;
    }
    examples_mark mark = examples_now(set);
    rc = examples_take_all(set, &set->arena, examples, count, err);
    if (rc) {
        examples_undo(set, &mark);
    }
    return rc;
}

/* ---- Finding an example --------------------------------------------------------------------- */

static uint64_t examples_hash_text(const kundig_examples *set, kundig_text text)
{
    return text.data ? kundig__siphash(set->key, text.data, text.len) : 0;
}

static uint64_t examples_hash(const kundig_examples *set, const kundig__example *example)
{
    uint64_t parts[7] = {examples_hash_text(set, example->text),
                         examples_hash_text(set, example->source),
                         examples_hash_text(set, example->id),
                         (uint64_t)example->customer << 32 | example->mark_count,
                         (uint32_t)example->value,
                         (uint64_t)(example->weight * EXAMPLES_WEIGHT_ONE),
                         example->partial};
    uint64_t hash = kundig__siphash(set->key, parts, sizeof parts);
    for (uint32_t i = 0; i < example->mark_count; i++) {
        const kundig__mark *mark = &set->marks[example->first + i];
        uint64_t next[2] = {hash, (uint64_t)mark->klass << 1 | (mark->holds ? 1 : 0)};
        hash = kundig__siphash(set->key, next, sizeof next);
    }
    return hash;
}

static bool examples_equal(const kundig_examples *set, const kundig__example *a,
                           const kundig__example *b)
{
    if (!kundig__text_equal(a->text, b->text) || !kundig__text_equal(a->source, b->source) ||
        !kundig__text_equal(a->id, b->id) || a->customer != b->customer || a->value != b->value ||
        a->partial != b->partial || a->weight < b->weight || a->weight > b->weight ||
        a->mark_count != b->mark_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->mark_count; i++) {
        const kundig__mark *left = &set->marks[a->first + i];
        const kundig__mark *right = &set->marks[b->first + i];
        if (left->klass != right->klass || left->holds != right->holds) {
            return false;
        }
    }
    return true;
}

/* Where the number of the newest example equal to this one stands, else the end of its chain. */
static uint32_t *examples_seek(const kundig_examples *set, const kundig__example *example,
                               uint64_t hash)
{
    const kundig__examples_index *index = &set->index;
    uint32_t *at = &index->heads[hash & (index->head_count - 1)];
    while (*at != EXAMPLES_NONE && (index->entries[*at].hash != hash ||
                                    !examples_equal(set, &set->examples[*at], example))) {
        at = &index->entries[*at].next;
    }
    return at;
}

static void examples_link(kundig_examples *set, uint32_t number)
{
    examples_entry *entry = &set->index.entries[number];
    uint32_t *at = examples_seek(set, &set->examples[number], entry->hash);
    entry->twin = *at;
    entry->next = *at == EXAMPLES_NONE ? EXAMPLES_NONE : set->index.entries[*at].next;
    *at = number;
}

/* Take the example at *at out of the index. */
static void examples_unlink(kundig_examples *set, uint32_t *at)
{
    examples_entry *entry = &set->index.entries[*at];
    if (entry->twin != EXAMPLES_NONE) {
        set->index.entries[entry->twin].next = entry->next;
        *at = entry->twin;
    } else {
        *at = entry->next;
    }
}

/* Bring all examples into the index; false on failure of memory. */
static bool examples_index(kundig_examples *set)
{
    kundig__examples_index *index = &set->index;
    void *entries = index->entries;
    bool room =
        kundig__grow(&set->mem, &entries, &index->capacity, set->count, sizeof *index->entries);
    index->entries = entries;
    if (!room) {
        return false;
    }
    size_t fresh = index->count;
    if (set->count > index->head_count || index->head_count == 0) {
        size_t count = index->head_count ? index->head_count : EXAMPLES_HEADS;
        while (count < set->count) {
            count *= 2;
        }
        uint32_t *heads = kundig__alloc(&set->mem, count * sizeof *heads);
        if (!heads) {
            return false;
        }
        kundig__free(&set->mem, index->heads, index->head_count * sizeof *heads);
        index->heads = heads;
        index->head_count = count;
        index->count = 0;
        for (size_t i = 0; i < count; i++) {
            heads[i] = EXAMPLES_NONE;
        }
    }
    for (; index->count < set->count; index->count++) {
        uint32_t number = (uint32_t)index->count;
        if (number >= fresh) {
            index->entries[number].hash = examples_hash(set, &set->examples[number]);
        }
        if (!set->examples[number].gone) {
            examples_link(set, number);
        }
    }
    return true;
}

/* ---- Taking examples out -------------------------------------------------------------------- */

/* Copy an example that is left into a set of its own. */
static bool examples_copy(const kundig_examples *set, const kundig__example *from,
                          kundig_examples *fresh)
{
    kundig__example example = *from;
    example.text = kundig__arena_text(&fresh->arena, from->text);
    bool room = example.text.data != NULL;
    if (room && from->source.data) {
        example.source = kundig__arena_text(&fresh->arena, from->source);
        room = example.source.data != NULL;
    }
    if (room && from->id.data) {
        example.id = kundig__arena_text(&fresh->arena, from->id);
        room = example.id.data != NULL;
    }
    if (room && from->customer != KUNDIG__NOBODY) {
        kundig_text name = kundig__dict_text(&set->customers, from->customer);
        example.customer = kundig__dict_add(&fresh->customers, name.data, name.len);
        room = example.customer != KUNDIG__DICT_NONE;
    }
    example.first = fresh->mark_count;
    for (uint32_t i = 0; room && i < from->mark_count; i++) {
        fresh->packed[i] = set->marks[from->first + i].klass;
        kundig_text name = kundig__dict_text(&set->names, fresh->packed[i]);
        uint32_t code = kundig__dict_add(&fresh->names, name.data, name.len);
        room = code != KUNDIG__DICT_NONE;
        fresh->packed[i] = code << 1 | (set->marks[from->first + i].holds ? 1 : 0);
    }
    if (room) {
        kundig__order_sort(fresh->packed, from->mark_count, examples_packed_order, NULL);
        for (uint32_t i = 0; i < from->mark_count; i++) {
            fresh->marks[fresh->mark_count++] = (kundig__mark){
                .klass = fresh->packed[i] >> 1, .weight = 1, .holds = fresh->packed[i] & 1};
        }
        fresh->examples[fresh->count++] = example;
    }
    return room;
}

/* Write the set anew without those that are gone; where memory fails it stays as it is. */
static void examples_compact(kundig_examples *set)
{
    kundig_examples fresh;
    size_t left = set->count - set->gone;
    size_t marks = 0;
    size_t most = 0;
    for (size_t i = 0; i < set->count; i++) {
        const kundig__example *example = &set->examples[i];
        marks += example->gone ? 0 : example->mark_count;
        most = most < example->mark_count ? example->mark_count : most;
    }
    memset(&fresh, 0, sizeof fresh);
    memcpy(fresh.key, set->key, sizeof fresh.key);
    fresh.lesson = set->lesson;
    fresh.scored = set->scored;
    fresh.scale = set->scale;
    examples_begin(&fresh, &set->mem);
    void *array = NULL;
    bool room = kundig__grow(&set->mem, &array, &fresh.capacity, left, sizeof *fresh.examples);
    fresh.examples = array;
    array = NULL;
    room =
        room && kundig__grow(&set->mem, &array, &fresh.mark_capacity, marks, sizeof *fresh.marks);
    fresh.marks = array;
    array = NULL;
    room =
        room && kundig__grow(&set->mem, &array, &fresh.packed_capacity, most, sizeof *fresh.packed);
    fresh.packed = array;
    room = room && examples_begin_names(&fresh);
    if (room && set->scale.scale) {
        fresh.scale.question = kundig__arena_text(&fresh.arena, set->scale.question);
        room = fresh.scale.question.data != NULL;
    }
    for (size_t i = 0; room && i < set->count; i++) {
        room = set->examples[i].gone || examples_copy(set, &set->examples[i], &fresh);
    }
    if (!room) {
        examples_end(&fresh, &set->mem);
        return;
    }
    examples_end(set, &set->mem);
    fresh.mem = set->mem;
    *set = fresh;
}

/* Find one of each and let it go; where one is missing all stay. */
static int examples_let_go(kundig_examples *set, size_t from, uint32_t *removed, kundig_error *err)
{
    size_t count = set->count - from;
    size_t done = 0;
    for (; done < count; done++) {
        const kundig__example *example = &set->examples[from + done];
        uint32_t *at = examples_seek(set, example, examples_hash(set, example));
        if (*at == EXAMPLES_NONE) {
            break;
        }
        removed[done] = *at;
        examples_unlink(set, at);
    }
    if (done == count) {
        for (size_t i = 0; i < count; i++) {
            set->examples[removed[i]].gone = true;
        }
        return KUNDIG_OK;
    }
    for (size_t i = done; i-- > 0;) {
        examples_link(set, removed[i]);
    }
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, done,
                        "there is no example equal to number %zu of these in the set", done);
}

int kundig_examples_remove(kundig_examples *set, const kundig_example *examples, size_t count,
                           kundig_error *err)
{
    int rc = examples_arguments(set, examples, count, err);
    if (rc || count == 0) {
        return rc;
    }
    kundig__arena arena;
    examples_mark mark = examples_now(set);
    size_t scored = 0;
    size_t bytes = 0;
    uint32_t *removed = NULL;
    kundig__arena_init(&arena, &set->mem);
    if (!examples_index(set) || !kundig__size_mul(count, sizeof *removed, &bytes)) {
        return kundig__nomem(&set->mem, err);
    }
    removed = kundig__alloc(&set->mem, bytes);
    /* They are taken as if they were added, so that equal is what would be kept alike. */
    rc = removed ? examples_take_all(set, &arena, examples, count, err)
                 : kundig__nomem(&set->mem, err);
    if (!rc) {
        rc = examples_let_go(set, mark.count, removed, err);
        scored = set->scored - mark.scored;
    }
    examples_undo(set, &mark);
    if (!rc) {
        set->gone += count;
        set->scored -= scored;
        if (set->scored == 0) {
            memset(&set->scale, 0, sizeof set->scale);
        }
        if (set->gone >= EXAMPLES_WORTH && set->gone > set->count - set->gone) {
            examples_compact(set);
        }
    }
    kundig__free(&set->mem, removed, bytes);
    kundig__arena_free(&arena);
    return rc;
}
