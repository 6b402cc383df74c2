/* Which texts to label next: those between two classes, and none twice.
 *
 * All texts are classified; they are gone through from the least sure on, and a text is passed over
 * if half of the words that it and one chosen before have together are common to both (Jaccard).
 * Texts like it are found by their rarest words: two sets that share half of their union share one
 * of the rarest half of each (prefix filtering: Chaudhuri and others 2006).
 *
 * Invariants: of a text at most NEXT_WORDS different words count, those of least hash; looking for
 * texts like one takes at most NEXT_WORDS x NEXT_LOOKS steps, whatever was written; what is chosen
 * depends on the order of texts only where they fold alike.
 * Cost: classifying, n log n, and the features of the texts gone through. */
#include "topics/next.h"

#include "base/order.h"
#include "base/text.h"
#include "table/table.h"
#include "topics/compiled.h"

#define NEXT_WORDS   24u
#define NEXT_LOOKS   64u
#define NEXT_SAMPLED 8192u             /* texts from which it is learned which words are rare */
#define NEXT_NUMBERS ((size_t)1 << 22) /* probabilities of texts classified at once */

#ifdef KUNDIG_TINY
#define NEXT_COMMON_BITS 6u
#define NEXT_AT_ONCE     5u
#else
#define NEXT_COMMON_BITS 16u
#define NEXT_AT_ONCE     4096u
#endif

/* The words of a text, as a set. */
typedef struct next_words {
    uint32_t words[NEXT_WORDS]; /* rarest first */
    uint32_t count;
} next_words;

/* A chosen text has a word. */
typedef struct next_entry {
    uint32_t word;
    uint32_t chosen;
    uint32_t before; /* the entry before it in its chain, + 1 */
} next_entry;

typedef struct next_work {
    kundig__mem *mem;
    const kundig_model *model;
    const kundig__classifier *classifier;
    const kundig_text *texts;
    size_t count;
    int32_t lesson;
    uint32_t threads;
    size_t limit;
    int (*progress)(void *ud, uint64_t done, uint64_t total);
    void *progress_ud;
    size_t class_count;
    kundig__next_row *all; /* of each text */
    float *doubt;          /* of each text: in [0, 1], the less the less sure */
    uint32_t *order;
    uint32_t *common; /* by hash: how often words came up */
    kundig__scratch scratch;
    kundig__buf mended;
    next_words *chosen;
    size_t chosen_count;
    size_t chosen_capacity;
    next_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint32_t *chains; /* by hash: the last entry, + 1 */
} next_work;

#define NEXT_COMMON ((size_t)1 << NEXT_COMMON_BITS)

static size_t next_slot(uint32_t word)
{
    return word * UINT32_C(0x9E3779B1) >> (32 - NEXT_COMMON_BITS);
}

/* ---- Sureness ---- */

/* Two most probable classes; ties to the lowest. */
static void next_best(kundig__next_row *row, const float *probabilities, size_t class_count)
{
    row->klass = KUNDIG__NO_CLASS;
    row->second = KUNDIG__NO_CLASS;
    for (uint32_t i = 0; i < class_count; i++) {
        float p = probabilities[i];
        if (row->klass == KUNDIG__NO_CLASS || p > row->probability) {
            row->second = row->klass;
            row->second_probability = row->probability;
            row->klass = i;
            row->probability = p;
        } else if (row->second == KUNDIG__NO_CLASS || p > row->second_probability) {
            row->second = i;
            row->second_probability = p;
        }
    }
}

/* Where a text has several classes, each is decided for itself: the closest decision counts. */
static float next_closest(const kundig__classifier_facts *facts, const float *probabilities)
{
    float closest = 1;
    for (uint32_t i = 0; i < facts->class_count; i++) {
        float line = facts->classes[i].threshold;
        float p = probabilities[i];
        float away = 1;
        if (p >= line && line < 1) {
            away = (p - line) / (1 - line);
        } else if (p < line && line > 0) {
            away = (line - p) / line;
        }
        closest = away < closest ? away : closest;
    }
    return closest;
}

static int next_classify(next_work *work, kundig_error *err)
{
    const kundig__classifier_facts *facts = kundig__classifier_facts_of(work->classifier);
    size_t at_once = NEXT_NUMBERS / work->class_count;
    at_once = at_once < NEXT_AT_ONCE ? at_once : NEXT_AT_ONCE;
    at_once = at_once ? at_once : 1;
    size_t room = at_once * work->class_count * sizeof(float);
    float *probabilities = kundig__alloc(work->mem, room);
    float *sureness = kundig__alloc(work->mem, at_once * sizeof *sureness);
    int32_t *classes = kundig__alloc(work->mem, at_once * sizeof *classes);
    int rc = probabilities && sureness && classes ? KUNDIG_OK : kundig__nomem(work->mem, err);
    for (size_t first = 0; first < work->count && rc == KUNDIG_OK; first += at_once) {
        size_t count = work->count - first < at_once ? work->count - first : at_once;
        if (work->progress && work->progress(work->progress_ud, first, work->count) != 0) {
            rc = kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled");
            break;
        }
        rc = kundig_model_classify(work->model, work->lesson, work->texts + first, count,
                                   work->threads, classes, probabilities, NULL, sureness, err);
        for (size_t i = 0; i < count && rc == KUNDIG_OK; i++) {
            kundig__next_row *row = &work->all[first + i];
            const float *own = probabilities + i * work->class_count;
            row->text = (uint32_t)(first + i);
            row->sureness = sureness[i];
            next_best(row, own, work->class_count);
            work->doubt[first + i] = facts->kind == KUNDIG__COURSE_SEVERAL
                                         ? next_closest(facts, own)
                                         : row->probability - row->second_probability;
        }
    }
    kundig__free(work->mem, probabilities, room);
    kundig__free(work->mem, sureness, at_once * sizeof *sureness);
    kundig__free(work->mem, classes, at_once * sizeof *classes);
    return rc;
}

/* ---- Likeness ---- */

static int next_read(next_work *work, kundig_text text)
{
    if (kundig__utf8_valid(text.data, text.len) != text.len) {
        work->mended.len = 0;
        kundig__utf8_mend(&work->mended, text.data, text.len);
        if (work->mended.failed) {
            return KUNDIG_E_NOMEM;
        }
        text = kundig__text(work->mended.data, work->mended.len);
    }
    return kundig__text_features(&work->scratch, text.data, text.len, KUNDIG__WORDS);
}

/* The words of the text in scratch: least hashes first, none twice. */
static void next_collect(const next_work *work, next_words *out)
{
    out->count = 0;
    for (size_t i = 0; i < work->scratch.token_count; i++) {
        uint32_t word = (uint32_t)(work->scratch.tokens[i].hash >> 32);
        uint32_t at = out->count;
        while (at > 0 && out->words[at - 1] > word) {
            at--;
        }
        if (at == NEXT_WORDS || (at > 0 && out->words[at - 1] == word)) {
            continue;
        }
        uint32_t behind = out->count - at;
        if (out->count == NEXT_WORDS) {
            behind--;
        } else {
            out->count++;
        }
        memmove(out->words + at + 1, out->words + at, behind * sizeof *out->words);
        out->words[at] = word;
    }
}

/* Rarest first; of equally rare ones the least. */
static void next_rarest(const next_work *work, next_words *words)
{
    for (uint32_t i = 1; i < words->count; i++) {
        uint32_t word = words->words[i];
        uint32_t often = work->common[next_slot(word)];
        uint32_t at = i;
        while (at > 0) {
            uint32_t before = words->words[at - 1];
            uint32_t often_before = work->common[next_slot(before)];
            if (often_before < often || (often_before == often && before < word)) {
                break;
            }
            words->words[at] = before;
            at--;
        }
        words->words[at] = word;
    }
}

static int next_learn_common(next_work *work, kundig_error *err)
{
    size_t sampled = work->count < NEXT_SAMPLED ? work->count : NEXT_SAMPLED;
    for (size_t i = 0; i < sampled; i++) {
        next_words words;
        size_t at = i * (work->count / sampled);
        if (next_read(work, work->texts[at]) != KUNDIG_OK) {
            return kundig__nomem(work->mem, err);
        }
        next_collect(work, &words);
        for (uint32_t w = 0; w < words.count; w++) {
            work->common[next_slot(words.words[w])]++;
        }
    }
    return KUNDIG_OK;
}

/* Have they half of their union in common? */
static bool next_alike(const next_words *a, const next_words *b)
{
    uint32_t common = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        for (uint32_t j = 0; j < b->count; j++) {
            common += a->words[i] == b->words[j];
        }
    }
    return 3 * common >= a->count + b->count;
}

/* Of so many of its rarest words, one is among those of any set like it. */
static uint32_t next_prefix(const next_words *words)
{
    return words->count / 2 + 1 < words->count ? words->count / 2 + 1 : words->count;
}

static bool next_is_known(const next_work *work, const next_words *words)
{
    for (uint32_t w = 0; w < next_prefix(words); w++) {
        uint32_t looks = 0;
        uint32_t entry = work->chains[next_slot(words->words[w])];
        while (entry && looks < NEXT_LOOKS) {
            const next_entry *is = &work->entries[entry - 1];
            if (is->word == words->words[w] && next_alike(words, &work->chosen[is->chosen])) {
                return true;
            }
            entry = is->before;
            looks++;
        }
    }
    return false;
}

static bool next_remember(next_work *work, const next_words *words)
{
    void *chosen = work->chosen;
    void *entries = work->entries;
    if (!kundig__grow(work->mem, &chosen, &work->chosen_capacity, work->chosen_count + 1,
                      sizeof *work->chosen)) {
        return false;
    }
    work->chosen = chosen;
    if (!kundig__grow(work->mem, &entries, &work->entry_capacity, work->entry_count + NEXT_WORDS,
                      sizeof *work->entries)) {
        return false;
    }
    work->entries = entries;
    work->chosen[work->chosen_count] = *words;
    for (uint32_t w = 0; w < next_prefix(words); w++) {
        uint32_t *chain = &work->chains[next_slot(words->words[w])];
        work->entries[work->entry_count] =
            (next_entry){words->words[w], (uint32_t)work->chosen_count, *chain};
        *chain = (uint32_t)++work->entry_count;
    }
    work->chosen_count++;
    return true;
}

/* ---- Choosing ---- */

static int next_order(const void *ud, uint32_t a, uint32_t b)
{
    const next_work *work = ud;
    if (work->doubt[a] > work->doubt[b] || work->doubt[a] < work->doubt[b]) {
        return work->doubt[a] < work->doubt[b] ? -1 : 1;
    }
    int order = kundig__text_order(work->texts[a], work->texts[b]);
    if (order) {
        return order;
    }
    return a < b ? -1 : a > b;
}

static int next_choose(next_work *work, kundig__next *next, kundig_error *err)
{
    int rc = next_learn_common(work, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    for (uint32_t i = 0; i < work->count; i++) {
        work->order[i] = i;
    }
    kundig__order_sort(work->order, work->count, next_order, work);
    for (size_t i = 0; i < work->count && (!work->limit || next->count < work->limit); i++) {
        uint32_t text = work->order[i];
        next_words words;
        if (next_read(work, work->texts[text]) != KUNDIG_OK) {
            return kundig__nomem(work->mem, err);
        }
        next_collect(work, &words);
        next_rarest(work, &words);
        if (!words.count || next_is_known(work, &words)) {
            continue;
        }
        void *rows = next->rows;
        if (!next_remember(work, &words) ||
            !kundig__grow(work->mem, &rows, &next->capacity, next->count + 1, sizeof *next->rows)) {
            return kundig__nomem(work->mem, err);
        }
        next->rows = rows;
        next->rows[next->count++] = work->all[text];
    }
    return KUNDIG_OK;
}

static const kundig__classifier *next_classifier(const kundig_model *model, int32_t lesson)
{
    if (lesson == KUNDIG_LESSON_SENTIMENT) {
        const kundig__mood_learned *mood = kundig__model_mood(model);
        return mood ? mood->classifier : NULL;
    }
    const kundig__taught *taught = kundig__model_taught(model);
    return taught ? taught->classifier : NULL;
}

int kundig__next_choose(kundig__next *next, kundig__mem *mem, const kundig_model *model,
                        int32_t lesson, const kundig_text *texts, size_t count, size_t limit,
                        uint32_t threads, int (*progress)(void *ud, uint64_t done, uint64_t total),
                        void *progress_ud, kundig_error *err)
{
    memset(next, 0, sizeof *next);
    next->mem = mem;
    next_work work = {.mem = mem,
                      .model = model,
                      .classifier = next_classifier(model, lesson),
                      .texts = texts,
                      .count = count,
                      .lesson = lesson,
                      .threads = threads,
                      .limit = limit,
                      .progress = progress,
                      .progress_ud = progress_ud,
                      .class_count = kundig_model_class_count(model, lesson)};
    if (!work.classifier || !work.class_count) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                            "the model learned no such lesson: teach it first");
    }
    if (count >= UINT32_MAX) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "%zu texts are too many at once", count);
    }
    kundig__scratch_init(&work.scratch, mem);
    kundig__buf_init(&work.mended, mem);
    work.all = kundig__alloc_zero(mem, count * sizeof *work.all);
    work.doubt = kundig__alloc(mem, count * sizeof *work.doubt);
    work.order = kundig__alloc(mem, count * sizeof *work.order);
    work.common = kundig__alloc_zero(mem, NEXT_COMMON * sizeof *work.common);
    work.chains = kundig__alloc_zero(mem, NEXT_COMMON * sizeof *work.chains);
    int rc = work.all && work.doubt && work.order && work.common && work.chains
                 ? next_classify(&work, err)
                 : kundig__nomem(mem, err);
    if (rc == KUNDIG_OK) {
        rc = next_choose(&work, next, err);
    }
    if (rc != KUNDIG_OK) {
        kundig__next_free(next);
    }
    kundig__free(mem, work.all, count * sizeof *work.all);
    kundig__free(mem, work.doubt, count * sizeof *work.doubt);
    kundig__free(mem, work.order, count * sizeof *work.order);
    kundig__free(mem, work.common, NEXT_COMMON * sizeof *work.common);
    kundig__free(mem, work.chains, NEXT_COMMON * sizeof *work.chains);
    kundig__free(mem, work.chosen, work.chosen_capacity * sizeof *work.chosen);
    kundig__free(mem, work.entries, work.entry_capacity * sizeof *work.entries);
    kundig__scratch_free(&work.scratch);
    kundig__buf_free(&work.mended);
    return rc;
}

void kundig__next_free(kundig__next *next)
{
    kundig__free(next->mem, next->rows, next->capacity * sizeof *next->rows);
    memset(next, 0, sizeof *next);
}

static void next_set(kundig_table *table, size_t column, const kundig_model *model, int32_t lesson,
                     uint32_t klass, float probability)
{
    if (klass != KUNDIG__NO_CLASS) {
        kundig__table_set_text(table, column, kundig_model_class_name(model, lesson, klass));
        kundig__table_set_number(table, column + 1, (double)probability);
    }
}

int kundig_model_next(const kundig_model *model, int32_t lesson, const kundig_text *texts,
                      size_t count, size_t limit, kundig_table **out, kundig_error *err)
{
    if (!model || !out || (count && !texts)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model, texts or out is NULL");
    }
    if (lesson != KUNDIG_LESSON_TOPICS && lesson != KUNDIG_LESSON_SENTIMENT) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "there is no lesson %ld", (long)lesson);
    }
    kundig__mem mem;
    kundig__next next;
    kundig__mem_init(&mem, &model->mem.hook, 0);
    int rc =
        kundig__next_choose(&next, &mem, model, lesson, texts, count, limit, 1, NULL, NULL, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    kundig_table *table = kundig__table_new(&mem);
    kundig__table_column(table, "text", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "class", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "second", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "second_probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "sureness", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i < next.count; i++) {
        const kundig__next_row *row = &next.rows[i];
        kundig__table_row(table);
        kundig__table_set_int(table, 0, (int64_t)row->text);
        next_set(table, 1, model, lesson, row->klass, row->probability);
        next_set(table, 3, model, lesson, row->second, row->second_probability);
        kundig__table_set_number(table, 5, (double)row->sureness);
    }
    kundig__next_free(&next);
    return kundig__table_finish(table, out, err);
}
