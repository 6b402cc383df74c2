/* Examples from the facts: texts of current records, and what is known of them.
 *
 * Topics come from labels that people gave, the latest of several judgements of one record and
 * topic, or from the values of a field; sentiment from the answers to a question. Where labels
 * teach, records that nobody judged may come as weak examples: at most COLLECT_WEAK, those whose
 * content has the least hashes, so that a record more or less moves no other.
 * Invariant: examples stand in the canonical order of their records, whatever order they came in.
 * Cost: one pass over labels and rows; sorting what is taken. */
#include "corpus/collect.h"

#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/query.h"

#ifdef KUNDIG_TINY
#define COLLECT_WEAK 8u
#else
#define COLLECT_WEAK 20000u
#endif

/* One judgement of a record that is there and has a text. */
typedef struct collect_label {
    uint32_t row;
    kundig_text topic;
    int64_t updated_ms;
    kundig__hash128 hash;
    bool holds;
} collect_label;

typedef struct collect_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig__arena arena; /* labels and scores of examples */
    const kundig__dimension *people;
    uint32_t *rows; /* that teach, and of each what it teaches: */
    size_t row_capacity;
    kundig_example *examples;
    size_t example_capacity;
    size_t count;
    uint32_t *order; /* of examples */
    size_t order_capacity;
    kundig_example *sorted;
    size_t sorted_capacity;
} collect_job;

static bool collect_has_text(const kundig__corpus *corpus, uint32_t row)
{
    return kundig__row_is_current(corpus, row) && kundig__corpus_text(corpus, row).len;
}

/* One more example, of a row: its text, who wrote it and its name. */
static kundig_example *collect_add(collect_job *job, uint32_t row, kundig_error *err)
{
    const kundig__corpus *corpus = job->corpus;
    void *rows = job->rows;
    void *examples = job->examples;
    bool room =
        kundig__grow(job->mem, &rows, &job->row_capacity, job->count + 1, sizeof *job->rows);
    job->rows = rows;
    room = room && kundig__grow(job->mem, &examples, &job->example_capacity, job->count + 1,
                                sizeof *job->examples);
    job->examples = examples;
    if (!room) {
        kundig__nomem(job->mem, err);
        return NULL;
    }
    kundig_example *example = &job->examples[job->count];
    job->rows[job->count++] = row;
    kundig_example_init(example);
    example->text = kundig__corpus_text(corpus, row);
    example->source = kundig__dimension_text(&corpus->dims[KUNDIG__DIM_SOURCE], row);
    example->id = kundig__corpus_id(corpus, row);
    example->customer = kundig__dimension_text(job->people, row);
    return example;
}

/* ---- Labels --------------------------------------------------------------------------------- */

typedef struct collect_labels {
    collect_label *list;
    size_t count;
    size_t capacity;
    uint32_t *order; /* by row and topic, the latest first */
    size_t order_capacity;
} collect_labels;

static void collect_labels_free(collect_labels *labels, kundig__mem *mem)
{
    kundig__free(mem, labels->list, labels->capacity * sizeof *labels->list);
    kundig__free(mem, labels->order, labels->order_capacity * sizeof *labels->order);
}

uint32_t kundig__labelled_row(const kundig__corpus *corpus, const kundig_label *label,
                              kundig__buf *scratch)
{
    const kundig__dict *sources = &corpus->dims[KUNDIG__DIM_SOURCE].dict;
    uint32_t source = 0;
    if (label->source.data) {
        uint32_t code = kundig__dict_find(sources, label->source.data, label->source.len);
        if (code == KUNDIG__DICT_NONE) {
            return KUNDIG__DICT_NONE;
        }
        source = code + 1;
    }
    uint32_t record = kundig__identity_find(&corpus->identity, scratch, source, label->id);
    if (record == KUNDIG__DICT_NONE) {
        return KUNDIG__DICT_NONE;
    }
    uint32_t row = kundig__identity_head(&corpus->identity, record);
    return row;
}

static int collect_label_order(const void *ud, uint32_t a, uint32_t b)
{
    const collect_label *x = (const collect_label *)ud + a;
    const collect_label *y = (const collect_label *)ud + b;
    if (x->row != y->row) {
        return x->row < y->row ? -1 : 1;
    }
    int topics = kundig__text_order(x->topic, y->topic);
    if (topics) {
        return topics;
    }
    if (x->updated_ms != y->updated_ms) {
        return x->updated_ms > y->updated_ms ? -1 : 1;
    }
    return -memcmp(x->hash.bytes, y->hash.bytes, sizeof x->hash.bytes);
}

static int collect_label_read(collect_job *job, collect_labels *labels, uint32_t fact_row,
                              kundig__buf *scratch, kundig_error *err)
{
    kundig__fact fact;
    const kundig_label *label = &fact.as.label;
    int rc = kundig__fact_at(job->corpus, KUNDIG_FACTS_LABELS, fact_row, NULL, &fact, err);
    if (rc || !kundig__label_is_name(label->topic)) {
        return rc; /* what no topic can be called teaches none */
    }
    uint32_t row = kundig__labelled_row(job->corpus, label, scratch);
    if (row != KUNDIG__DICT_NONE && collect_has_text(job->corpus, row)) {
        void *list = labels->list;
        if (!kundig__grow(job->mem, &list, &labels->capacity, labels->count + 1,
                          sizeof *labels->list)) {
            return kundig__nomem(job->mem, err);
        }
        labels->list = list;
        scratch->len = 0;
        kundig__fact_canonical(job->corpus, KUNDIG_FACTS_LABELS, fact_row, scratch);
        labels->list[labels->count++] = (collect_label){.row = row,
                                                        .topic = label->topic,
                                                        .updated_ms = label->updated_ms,
                                                        .hash = kundig__canonical_hash(scratch),
                                                        .holds = label->holds == KUNDIG_YES};
    }
    return scratch->failed ? kundig__nomem(job->mem, err) : KUNDIG_OK;
}

static int collect_labels_read(collect_job *job, collect_labels *labels, kundig_error *err)
{
    kundig__buf scratch;
    uint32_t rows = kundig__fact_rows(job->corpus, KUNDIG_FACTS_LABELS);
    int rc = KUNDIG_OK;
    kundig__buf_init(&scratch, job->mem);
    for (uint32_t row = 0; row < rows && !rc; row++) {
        if (kundig__fact_is_current(job->corpus, KUNDIG_FACTS_LABELS, row)) {
            rc = collect_label_read(job, labels, row, &scratch, err);
        }
    }
    kundig__buf_free(&scratch);
    void *order = labels->order;
    if (!rc && !kundig__grow(job->mem, &order, &labels->order_capacity, labels->count,
                             sizeof *labels->order)) {
        return kundig__nomem(job->mem, err);
    }
    labels->order = order;
    for (size_t i = 0; !rc && i < labels->count; i++) {
        labels->order[i] = (uint32_t)i;
    }
    if (!rc) {
        kundig__order_sort(labels->order, labels->count, collect_label_order, labels->list);
    }
    return rc;
}

/* The labels of one row: order[first..end). */
static int collect_labelled(collect_job *job, const collect_labels *labels, size_t first,
                            size_t end, kundig_error *err)
{
    kundig_example *example = collect_add(job, labels->list[labels->order[first]].row, err);
    kundig_text *names = kundig__arena_alloc(&job->arena, (end - first) * sizeof *names);
    if (!example || !names) {
        return kundig__nomem(job->mem, err);
    }
    /* those that hold from the front, the others from the back */
    size_t holds = 0;
    size_t denied = end - first;
    for (size_t i = first; i < end; i++) {
        const collect_label *label = &labels->list[labels->order[i]];
        if (i > first &&
            kundig__text_equal(labels->list[labels->order[i - 1]].topic, label->topic)) {
            continue; /* somebody judged it later */
        }
        names[label->holds ? holds++ : --denied] = label->topic;
    }
    example->partial = 1;
    example->labels = names;
    example->label_count = holds;
    example->denied = names + denied;
    example->denied_count = end - first - denied;
    return KUNDIG_OK;
}

/* ---- Weak examples -------------------------------------------------------------------------- */

static bool collect_has_rule(const kundig_model *rules, const collect_labels *labels)
{
    kundig_text last = {NULL, 0};
    for (size_t i = 0; i < labels->count; i++) {
        kundig_text topic = labels->list[labels->order[i]].topic;
        if (kundig__text_equal(topic, last)) {
            continue;
        }
        uint32_t number = kundig__topic_labelled(rules, topic);
        if (number != KUNDIG__NO_CLASS && kundig__model_topic(rules, number)->rule_count) {
            return true;
        }
        last = topic;
    }
    return false;
}

static int collect_hash_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__hash128 *hashes = ud;
    return memcmp(hashes[a].bytes, hashes[b].bytes, sizeof hashes[a].bytes);
}

/* Rows with a text that are not judged, those with the least hashes; judged: a byte a row. */
static int collect_weak_rows(collect_job *job, const uint8_t *judged, kundig__hash128 *hashes,
                             uint32_t *heap, size_t *count, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    kundig__buf canonical;
    int rc = KUNDIG_OK;
    kundig__buf_init(&canonical, job->mem);
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        if (judged[row] || !collect_has_text(corpus, row)) {
            continue;
        }
        canonical.len = 0;
        kundig__row_canonical(corpus, row, &canonical);
        if (canonical.failed) {
            rc = kundig__nomem(job->mem, err);
            break;
        }
        hashes[row] = kundig__canonical_hash(&canonical);
        kundig__order_push(heap, count, COLLECT_WEAK, row, collect_hash_order, hashes);
        if (row % 65536 == 65535) {
            rc = kundig__progress(corpus->context, row, corpus->rows, err);
        }
    }
    kundig__buf_free(&canonical);
    return rc;
}

static int collect_weak(collect_job *job, const collect_labels *labels, kundig_error *err)
{
    kundig__mem *mem = job->mem;
    uint32_t rows = job->corpus->rows;
    size_t count = 0;
    size_t hash_size = 0;
    bool fits = kundig__size_mul(rows, sizeof(kundig__hash128), &hash_size);
    uint8_t *judged = kundig__alloc_zero(mem, rows);
    kundig__hash128 *hashes = fits ? kundig__alloc(mem, hash_size) : NULL;
    uint32_t *heap = kundig__alloc(mem, COLLECT_WEAK * sizeof *heap);
    int rc = judged && hashes && heap ? KUNDIG_OK : kundig__nomem(mem, err);
    for (size_t i = 0; !rc && i < labels->count; i++) {
        judged[labels->list[i].row] = 1;
    }
    rc = rc ? rc : collect_weak_rows(job, judged, hashes, heap, &count, err);
    for (size_t i = 0; i < count && !rc; i++) {
        kundig_example *example = collect_add(job, heap[i], err);
        if (example) {
            example->partial = 1;
        } else {
            rc = kundig__nomem(mem, err);
        }
    }
    kundig__free(mem, judged, judged ? rows : 0);
    kundig__free(mem, hashes, hashes ? hash_size : 0);
    kundig__free(mem, heap, heap ? COLLECT_WEAK * sizeof *heap : 0);
    return rc;
}

static int collect_of_labels(collect_job *job, const kundig_model *rules, kundig_error *err)
{
    collect_labels labels = {0};
    int rc = collect_labels_read(job, &labels, err);
    for (size_t first = 0, end; first < labels.count && !rc; first = end) {
        for (end = first; end < labels.count && labels.list[labels.order[end]].row ==
                                                    labels.list[labels.order[first]].row;) {
            end++;
        }
        rc = collect_labelled(job, &labels, first, end, err);
    }
    if (!rc && rules && labels.count && collect_has_rule(rules, &labels)) {
        rc = collect_weak(job, &labels, err);
    }
    collect_labels_free(&labels, job->mem);
    return rc;
}

/* ---- A field -------------------------------------------------------------------------------- */

static int collect_field(const kundig__corpus *corpus, kundig_text name,
                         const kundig__dimension **out, kundig_error *err)
{
    kundig__field field;
    int rc = kundig__field_resolve(corpus, name, &field, err);
    if (rc) {
        return rc;
    }
    if (field.type == KUNDIG__FIELD_DIMENSION) {
        *out = &corpus->dims[field.index];
        return KUNDIG_OK;
    }
    if (field.type == KUNDIG__FIELD_ATTRIBUTE &&
        corpus->attributes[field.index].type == KUNDIG_VALUE_TEXT) {
        *out = &corpus->attributes[field.index].texts;
        return KUNDIG_OK;
    }
    return kundig__fail(err, KUNDIG_E_ARG, 0,
                        "'%.*s' cannot name topics: give a dimension, or an attribute whose values "
                        "are texts",
                        kundig__shown(name), name.data);
}

/* The topics that a value names, parted by `;`, in the arena. */
static int collect_split(collect_job *job, kundig_text value, kundig_text **names, size_t *count,
                         kundig_error *err)
{
    size_t most = 1;
    for (size_t i = 0; i < value.len; i++) {
        most += value.data[i] == ';';
    }
    *names = kundig__arena_alloc(&job->arena, most * sizeof **names);
    *count = 0;
    if (!*names) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t start = 0, end; start <= value.len; start = end + 1) {
        for (end = start; end < value.len && value.data[end] != ';';) {
            end++;
        }
        kundig_text name = kundig__text_trim(kundig__text(value.data + start, end - start));
        if (kundig__label_is_name(name)) {
            (*names)[(*count)++] = name;
        }
    }
    return KUNDIG_OK;
}

static int collect_of_field(collect_job *job, kundig_text name, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    const kundig__dimension *dimension = NULL;
    int rc = collect_field(corpus, name, &dimension, err);
    for (uint32_t row = 0; !rc && dimension->codes && row < corpus->rows; row++) {
        kundig_text *names;
        size_t count;
        if (!dimension->codes[row] || !collect_has_text(corpus, row)) {
            continue;
        }
        rc = collect_split(job, kundig__dimension_text(dimension, row), &names, &count, err);
        kundig_example *example = rc || !count ? NULL : collect_add(job, row, err);
        if (example) {
            example->labels = names;
            example->label_count = count;
        } else if (!rc && count) {
            rc = kundig__nomem(job->mem, err);
        }
    }
    return rc;
}

/* ---- Scores --------------------------------------------------------------------------------- */

/* "nps, csat, ...": in byte order, as far as there is room. */
static void collect_names(const kundig__corpus *corpus, int32_t scale, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < corpus->question_count; i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        int shown = kundig__shown(question->name);
        if (scale && question->scale != scale) {
            continue;
        }
        if (len + (size_t)shown + 8 > size) {
            memcpy(out + len, ", ...", 6);
            return;
        }
        memcpy(out + len, ", ", len ? 2 : 0);
        len += len ? 2 : 0;
        memcpy(out + len, question->name.data, (size_t)shown);
        len += (size_t)shown;
        out[len] = '\0';
    }
}

int kundig__collect_question(const kundig__corpus *corpus, kundig_text name,
                             const kundig__question **out, kundig_error *err)
{
    const kundig__question *found[2] = {NULL, NULL}; /* of NPS, of any scale */
    size_t count[2] = {0, 0};
    char list[120];
    for (size_t i = 0; i < corpus->question_count; i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        bool wanted = !name.data || kundig__text_equal(question->name, name);
        if (wanted && question->scale == KUNDIG_SCALE_NPS) {
            found[0] = question;
            count[0]++;
        }
        if (wanted) {
            found[1] = question;
            count[1]++;
        }
    }
    if (name.data && !count[1]) {
        collect_names(corpus, 0, list, sizeof list);
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "there is no question %.*s; there %s%s",
                            kundig__shown(name), name.data, list[0] ? "are: " : "is none", list);
    }
    bool nps = count[0] > 0;
    if (count[!nps] > 1) {
        collect_names(corpus, nps ? KUNDIG_SCALE_NPS : 0, list, sizeof list);
        return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                            "several questions could teach sentiment, name one of: %s", list);
    }
    *out = found[!nps];
    return KUNDIG_OK;
}

static int collect_of_scores(collect_job *job, kundig_text name, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    const kundig__question *question = NULL;
    int rc = kundig__collect_question(corpus, name, &question, err);
    for (uint32_t row = 0; !rc && question && row < corpus->rows; row++) {
        int32_t value = question->values[row];
        if (value == KUNDIG__SCORE_MISSING || !collect_has_text(corpus, row)) {
            continue;
        }
        kundig_example *example = collect_add(job, row, err);
        kundig_score *score = kundig__arena_alloc(&job->arena, sizeof *score);
        if (!example || !score) {
            return kundig__nomem(job->mem, err);
        }
        *score = (kundig_score){
            .question = question->name, .scale = question->scale, .value = value / 1000.0};
        if (question->scale == KUNDIG_SCALE_DECLARED) {
            score->direction = question->direction;
            score->minimum = question->minimum / 1000.0;
            score->maximum = question->maximum / 1000.0;
        }
        example->score = score;
    }
    return rc;
}

/* ---- All of it ------------------------------------------------------------------------------ */

static int collect_order(const void *ud, uint32_t a, uint32_t b)
{
    const collect_job *job = ud;
    return kundig__corpus_order(job->corpus, job->rows[a], job->rows[b]);
}

/* In the canonical order of records, in one call. */
static int collect_give(collect_job *job, kundig_examples *set, kundig_error *err)
{
    void *order = job->order;
    void *sorted = job->sorted;
    bool room =
        kundig__grow(job->mem, &order, &job->order_capacity, job->count, sizeof *job->order);
    job->order = order;
    room = room &&
           kundig__grow(job->mem, &sorted, &job->sorted_capacity, job->count, sizeof *job->sorted);
    job->sorted = sorted;
    if (!room) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->count; i++) {
        job->order[i] = (uint32_t)i;
    }
    kundig__order_sort(job->order, job->count, collect_order, job);
    for (size_t i = 0; i < job->count; i++) {
        job->sorted[i] = job->examples[job->order[i]];
    }
    return job->count ? kundig_examples_add(set, job->sorted, job->count, err) : KUNDIG_OK;
}

int kundig__corpus_collect(kundig__corpus *corpus, const kundig_learn_options *options,
                           const kundig_model *rules, kundig_examples *set, kundig_error *err)
{
    collect_job job = {.corpus = corpus, .mem = corpus->mem};
    int rc = kundig__corpus_people(corpus, &job.people, err);
    if (rc) {
        return rc;
    }
    kundig__arena_init(&job.arena, job.mem);
    if (set->lesson == KUNDIG_LESSON_SENTIMENT) {
        rc = collect_of_scores(&job, options->question, err);
    } else if (options->field.data) {
        rc = collect_of_field(&job, options->field, err);
    } else {
        rc = collect_of_labels(&job, rules, err);
    }
    rc = rc ? rc : collect_give(&job, set, err);
    kundig__free(job.mem, job.rows, job.row_capacity * sizeof *job.rows);
    kundig__free(job.mem, job.examples, job.example_capacity * sizeof *job.examples);
    kundig__free(job.mem, job.order, job.order_capacity * sizeof *job.order);
    kundig__free(job.mem, job.sorted, job.sorted_capacity * sizeof *job.sorted);
    kundig__arena_free(&job.arena);
    return rc;
}
