/* L2-loss support vector machines by dual coordinate descent (Hsieh and others, 2008): all classes
 * of a block learn from a document at once.
 *
 *   weights  [feature][class of the block]: a row is read and written once a document
 *   duals    [document][class]: how much the class leans on the document, never below 0
 *
 * A document that moves no class of the block sits out three epochs: most documents do, for most
 * blocks. The loops run across classes, so every sum has one order, whatever the width of vectors.
 * Invariant: weights are the sum of duals times documents. What a block learns depends on no other.
 * Cost: epochs x features of documents x classes; 4 bytes a feature and class, and a document and
 * class, of one block. */
#include "learn/svm.h"

#include "base/math.h"
#include "base/prng.h"
#include "learn/lanes.h"

#define SVM_COST         0.6
#define SVM_HOLDS        2.0f /* times the cost where a class holds: most do not */
#define SVM_COST_ORDERED 0.15
#define SVM_IDLE         0.02f /* a document that moves no dual by more is left alone for a while */
#define SVM_STILL        0.1f  /* nothing moves by more: done */
#define SVM_REST         3u
#define SVM_EPOCHS       7u
#define SVM_EPOCHS_MORE  5u
#define SVM_AHEAD        8u
#define SVM_GROUPS       (KUNDIG__SVM_WIDE / LANES)

#if defined(__GNUC__)
#define SVM_FETCH(at) __builtin_prefetch(at)
#define SVM_INLINE    static inline __attribute__((always_inline))
#else
#define SVM_FETCH(at) ((void)0)
#define SVM_INLINE    static inline
#endif

static uint32_t svm_blocks(uint32_t class_count)
{
    return (class_count + KUNDIG__SVM_WIDE - 1) / KUNDIG__SVM_WIDE;
}

uint32_t kundig__svm_width(uint32_t class_count)
{
    uint32_t blocks = svm_blocks(class_count);
    uint32_t each = (class_count + blocks - 1) / blocks;
    return (each + LANES - 1) / LANES * LANES;
}

bool kundig__svm_init(kundig__svm *svm, kundig__mem *mem, const kundig__documents *documents)
{
    memset(svm, 0, sizeof *svm);
    svm->mem = mem;
    svm->documents = documents;
    svm->width = kundig__svm_width(documents->course->class_count);
    svm->blocks = (documents->course->class_count + svm->width - 1) / svm->width;
    size_t rows = (size_t)documents->feature_count + 1;
    svm->weights = kundig__alloc(mem, rows * svm->width * sizeof *svm->weights);
    svm->duals = kundig__alloc(mem, documents->count * svm->width * sizeof *svm->duals);
    svm->order = kundig__alloc(mem, documents->count * sizeof *svm->order);
    svm->rests = kundig__alloc(mem, documents->count);
    if (!svm->weights || !svm->duals || !svm->order || !svm->rests) {
        kundig__svm_free(svm);
        return false;
    }
    return true;
}

void kundig__svm_free(kundig__svm *svm)
{
    kundig__mem *mem = svm->mem;
    if (!mem) {
        return;
    }
    size_t rows = (size_t)svm->documents->feature_count + 1;
    size_t count = svm->documents->count;
    kundig__free(mem, svm->weights, rows * svm->width * sizeof *svm->weights);
    kundig__free(mem, svm->duals, count * svm->width * sizeof *svm->duals);
    kundig__free(mem, svm->order, count * sizeof *svm->order);
    kundig__free(mem, svm->rests, count);
    memset(svm, 0, sizeof *svm);
}

/* What a document asks of each class of the block. Most ask the same but for a class or two. */
typedef struct svm_task {
    float signs[KUNDIG__SVM_WIDE]; /* 1: it holds, -1: it does not */
    float ridge[KUNDIG__SVM_WIDE]; /* 1 / (2 cost) */
    float steps[KUNDIG__SVM_WIDE]; /* 1 / (length + ridge); 0: nothing is known */
    bool idle;                     /* nothing is known of any */
    float cost;                    /* of the document that all but marks is of; below 0: none */
    float length;
    bool partial;
    uint32_t marked[KUNDIG__SVM_WIDE]; /* classes that differ from it */
    uint32_t marked_count;
} svm_task;

/* What a document asks of a class that it has no mark of. */
static void svm_ask_rest(const kundig__svm *svm, svm_task *task, uint32_t i)
{
    bool taught = i < svm->classes && svm->documents->taught[svm->first + i];
    bool known = taught && task->cost > 0 && !task->partial;
    float ridge = task->cost > 0 ? 1 / (2 * task->cost) : 0;
    task->signs[i] = -1;
    task->ridge[i] = ridge;
    task->steps[i] = known ? 1 / (task->length + ridge) : 0;
}

static float svm_length(const kundig__document *document)
{
    float length = 1;
    size_t start = document->first;
    for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
        length += document->ends[block] > start ? 1.0f : 0.0f;
        start = document->ends[block];
    }
    return length;
}

static void svm_ask(const kundig__svm *svm, const kundig__document *document, svm_task *task)
{
    const kundig__documents *documents = svm->documents;
    bool ordered = documents->course->kind == KUNDIG__COURSE_ORDERED;
    float length = svm_length(document);
    float cost = document->cost * (float)(ordered ? SVM_COST_ORDERED : SVM_COST);
    bool same = task->cost == cost && task->length == length && task->partial == document->partial;
    task->cost = cost;
    task->length = length;
    task->partial = document->partial;
    if (same) {
        for (uint32_t i = 0; i < task->marked_count; i++) {
            svm_ask_rest(svm, task, task->marked[i]);
        }
    } else {
        for (uint32_t i = 0; i < svm->width; i++) {
            svm_ask_rest(svm, task, i);
        }
    }
    task->marked_count = 0;
    task->idle = !(cost > 0) || document->partial;
    /* Marks ascend: find the first of this block. */
    uint32_t low = 0;
    for (uint32_t high = document->mark_count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (document->marks[middle].klass < svm->first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < document->mark_count && document->marks[low].klass < svm->first + svm->classes;
         low++) {
        const kundig__mark *mark = &document->marks[low];
        uint32_t i = mark->klass - svm->first;
        float weight = cost * mark->weight;
        weight *= mark->holds && !ordered ? SVM_HOLDS : 1;
        task->marked[task->marked_count++] = i;
        task->signs[i] = mark->holds ? 1.0f : -1.0f;
        if (weight > 0 && documents->taught[mark->klass]) {
            task->ridge[i] = 1 / (2 * weight);
            task->steps[i] = 1 / (length + task->ridge[i]);
            task->idle = false;
        } else {
            task->steps[i] = 0;
        }
    }
}

/* One document and all classes of a block of `groups` times four: the greatest move of a dual. */
SVM_INLINE float svm_step(kundig__svm *svm, size_t at, const svm_task *task, const uint32_t groups)
{
    const kundig__documents *documents = svm->documents;
    const kundig__document *document = &documents->list[at];
    const kundig__learn_cell *cell = documents->cells + document->first;
    const kundig__learn_cell *end = documents->cells + document->ends[KUNDIG__BLOCK_SIGNS];
    const kundig__learn_cell *last = documents->cells + documents->cell_count;
    const size_t width = (size_t)groups * LANES;
    float *bias = svm->weights + documents->feature_count * width;
    float *dual = svm->duals + at * width;
    lanes sums[SVM_GROUPS];
    for (uint32_t g = 0; g < groups; g++) {
        sums[g] = lane4_load(bias + g * LANES);
    }
    for (const kundig__learn_cell *i = cell; i < end; i++) {
        const kundig__learn_cell *ahead = i + SVM_AHEAD < last ? i + SVM_AHEAD : i;
        const float *soon = svm->weights + ahead->feature * width;
        SVM_FETCH(soon);
        if (groups > 4) {
            SVM_FETCH(soon + 16);
        }
        const float *row = svm->weights + i->feature * width;
        lanes x = lane4_all(i->value);
        for (uint32_t g = 0; g < groups; g++) {
            sums[g] = lane4_add(sums[g], lane4_mul(x, lane4_load(row + g * LANES)));
        }
    }
    lanes zero = lane4_all(0);
    lanes greatest = zero;
    uint32_t moved = 0; /* groups that move */
    uint32_t list[SVM_GROUPS];
    for (uint32_t g = 0; g < groups; g++) {
        lanes sign = lane4_load(task->signs + g * LANES);
        lanes old = lane4_load(dual + g * LANES);
        lanes slope = lane4_sub(lane4_mul(sign, sums[g]), lane4_all(1));
        slope = lane4_add(slope, lane4_mul(old, lane4_load(task->ridge + g * LANES)));
        lanes step = lane4_mul(slope, lane4_load(task->steps + g * LANES));
        lanes fresh = lane4_max(lane4_sub(old, step), zero);
        lanes move = lane4_sub(fresh, old);
        lane4_store(dual + g * LANES, fresh);
        lanes size = lane4_max(move, lane4_sub(zero, move));
        greatest = lane4_max(greatest, size);
        sums[g] = lane4_mul(sign, move);
        float sizes[LANES];
        lane4_store(sizes, size);
        list[moved] = g;
        moved += sizes[0] + sizes[1] + sizes[2] + sizes[3] > 0;
    }
    if (moved > groups / 2) {
        for (uint32_t g = 0; g < groups; g++) {
            lane4_store(bias + g * LANES, lane4_add(lane4_load(bias + g * LANES), sums[g]));
        }
        for (const kundig__learn_cell *i = cell; i < end; i++) {
            float *row = svm->weights + i->feature * width;
            lanes x = lane4_all(i->value);
            for (uint32_t g = 0; g < groups; g++) {
                lane4_store(row + g * LANES,
                            lane4_add(lane4_load(row + g * LANES), lane4_mul(x, sums[g])));
            }
        }
    } else {
        for (uint32_t j = 0; j < moved; j++) {
            const size_t column = (size_t)list[j] * LANES;
            lanes sum = sums[list[j]];
            lane4_store(bias + column, lane4_add(lane4_load(bias + column), sum));
            for (const kundig__learn_cell *i = cell; i < end; i++) {
                float *row = svm->weights + i->feature * width + column;
                lane4_store(row, lane4_add(lane4_load(row), lane4_mul(lane4_all(i->value), sum)));
            }
        }
    }
    float sizes[LANES];
    lane4_store(sizes, greatest);
    float most = sizes[0];
    for (uint32_t i = 1; i < LANES; i++) {
        most = sizes[i] > most ? sizes[i] : most;
    }
    return most;
}

static float svm_learn(kundig__svm *svm, size_t at, const svm_task *task)
{
    switch (svm->width / LANES) {
    case 1:
        return svm_step(svm, at, task, 1);
    case 2:
        return svm_step(svm, at, task, 2);
    case 3:
        return svm_step(svm, at, task, 3);
    case 4:
        return svm_step(svm, at, task, 4);
    case 5:
        return svm_step(svm, at, task, 5);
    case 6:
        return svm_step(svm, at, task, 6);
    case 7:
        return svm_step(svm, at, task, 7);
    default:
        return svm_step(svm, at, task, SVM_GROUPS);
    }
}

/* Documents stand anywhere: ask memory for what comes soon. */
static void svm_fetch(const kundig__svm *svm, size_t i, size_t count)
{
    const kundig__documents *documents = svm->documents;
    if (i + 4 < count) {
        const kundig__document *document = &documents->list[svm->order[i + 4]];
        SVM_FETCH(document);
        SVM_FETCH(&document->marks);
    }
    if (i + 2 < count) {
        size_t at = svm->order[i + 2];
        const kundig__document *document = &documents->list[at];
        SVM_FETCH(document->marks);
        SVM_FETCH(documents->cells + document->first);
        SVM_FETCH(documents->cells + document->first + 8);
        SVM_FETCH(svm->duals + at * svm->width);
        SVM_FETCH(svm->duals + at * svm->width + 16);
    }
}

/* Epochs over the documents in order[0..count). */
static void svm_run(kundig__svm *svm, size_t count, uint32_t epochs)
{
    /* Duals grow with the cost, and so does what moves them little. */
    bool ordered = svm->documents->course->kind == KUNDIG__COURSE_ORDERED;
    float scale = ordered ? (float)(SVM_COST_ORDERED / SVM_COST) : 1;
    kundig__prng prng;
    kundig__prng_init(&prng, svm->documents->course->seed);
    svm_task task = {.cost = -1};
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
        for (size_t i = count; i > 1; i--) {
            size_t j = (size_t)kundig__prng_below(&prng, i);
            uint32_t document = svm->order[i - 1];
            svm->order[i - 1] = svm->order[j];
            svm->order[j] = document;
        }
        float greatest = 0;
        for (size_t i = 0; i < count; i++) {
            size_t at = svm->order[i];
            svm_fetch(svm, i, count);
            if (svm->rests[at]) {
                svm->rests[at]--;
                continue;
            }
            svm_ask(svm, &svm->documents->list[at], &task);
            float move = task.idle ? 0 : svm_learn(svm, at, &task);
            greatest = move > greatest ? move : greatest;
            svm->rests[at] = move < SVM_IDLE * scale ? SVM_REST : 0;
        }
        if (greatest < SVM_STILL * scale) {
            break;
        }
    }
}

void kundig__svm_begin(kundig__svm *svm, uint32_t block)
{
    const kundig__documents *documents = svm->documents;
    uint32_t class_count = documents->course->class_count;
    size_t rows = (size_t)documents->feature_count + 1;
    svm->first = block * svm->width;
    svm->classes = class_count - svm->first < svm->width ? class_count - svm->first : svm->width;
    memset(svm->weights, 0, rows * svm->width * sizeof *svm->weights);
    memset(svm->duals, 0, documents->count * svm->width * sizeof *svm->duals);
    memset(svm->rests, 0, documents->count);
    size_t count = 0;
    for (size_t i = 0; i < documents->count; i++) {
        if (!documents->list[i].aside) {
            svm->order[count++] = (uint32_t)i;
        }
    }
    svm_run(svm, count, SVM_EPOCHS);
}

void kundig__svm_finish(kundig__svm *svm)
{
    const kundig__documents *documents = svm->documents;
    if (documents->aside_count == 0) {
        return;
    }
    for (size_t i = 0; i < documents->count; i++) {
        svm->order[i] = (uint32_t)i;
    }
    svm_run(svm, documents->count, SVM_EPOCHS_MORE);
}

void kundig__svm_margins(const kundig__svm *svm, const kundig__document *document, float least,
                         float *margins)
{
    const kundig__documents *documents = svm->documents;
    const float *bias = svm->weights + documents->feature_count * (size_t)svm->width;
    memcpy(margins, bias, svm->width * sizeof *margins);
    double strange = (double)(documents->idf_step * (float)documents->idf_unknown);
    size_t at = document->first;
    for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
        float sums[KUNDIG__SVM_WIDE] = {0};
        double known = 0;
        size_t unknown = document->dropped[block];
        for (; at < document->ends[block]; at++) {
            kundig__learn_cell cell = documents->cells[at];
            if (!documents->trained[cell.feature]) {
                unknown++;
                continue;
            }
            const float *row = svm->weights + cell.feature * (size_t)svm->width;
            known += (double)cell.value * (double)cell.value;
            for (uint32_t i = 0; i < svm->width; i++) {
                float weight = row[i] >= least || -row[i] >= least ? row[i] : 0;
                sums[i] += cell.value * weight;
            }
        }
        double norm = block < KUNDIG__BLOCK_SIGNS ? (double)document->norms[block] : 0;
        double more = norm > 0 ? strange * strange * (double)unknown / (norm * norm) : 0;
        float by = known > 0 ? (float)(1 / kundig__sqrt(known + more)) : 0;
        for (uint32_t i = 0; i < svm->width; i++) {
            margins[i] += sums[i] * by;
        }
    }
}
