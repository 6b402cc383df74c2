/* Networks of one hidden layer over sparse documents, learned one document at a time.
 *
 *   features, half of them dropped at random > hidden units, at least 0, half of their groups
 *   dropped > classes > softmax, or a logistic curve a class
 *
 * Dropping features is what makes them generalise: a document is never seen the same way twice.
 * Hidden units are dropped in groups of one cache line, so what is dropped costs nothing. Each row
 * has a rate of its own, which falls with the squares of its slopes (AdaGrad: Duchi and others,
 * 2011).
 * Invariants: sums run over features, hidden units or classes in their order, four lanes side by
 * side, so every machine has the same bits; a network depends on no other.
 * Cost: epochs x features of documents x hidden units; 4 bytes a feature and hidden unit. */
#include "base/math.h"
#include "learn/lanes.h"
#include "learn/net.h"

#define NET_BYTES     ((size_t)256 << 20) /* of rows: where there are more, fewer hidden units */
#define NET_FEW       10u                 /* classes: fewer hidden units are enough, */
#define NET_SEVERAL   40u                 /* and in proportion to the cost of support vectors */
#define NET_EPOCHS    10u
#define NET_MORE      5u
#define NET_RATE      0.1f
#define NET_RATE_MORE 0.05f
#define NET_RATE_LAST 0.0015f
#define NET_BEGIN     0.05f /* weights begin in between plus and minus that */
#define NET_SQUARES   0.1f  /* squares of slopes begin at that */
#define NET_TWICE     2.0f  /* what is not dropped counts twice */
#define NET_HEED      8.0f  /* a document counts that much at most */
#define NET_LEAST     (-80.0f)
#define NET_PARTS     5.0f /* margins are a fifth of what goes into the softmax */
#define NET_AHEAD     16u
#define NET_LINE      64u
#define NET_CLASSES   16u /* classes are padded to a multiple */
#define NET_SEED      UINT64_C(0x6E65747365656431)

#if defined(__GNUC__)
#define NET_FETCH(at) __builtin_prefetch(at)
#else
#define NET_FETCH(at) ((void)0)
#endif

static size_t net_rows(const kundig__documents *documents)
{
    return (size_t)documents->feature_count + 1;
}

static uint32_t net_width(const kundig__documents *documents)
{
    uint32_t classes = documents->course->class_count;
    uint32_t width = classes < NET_FEW       ? KUNDIG__NET_WIDE / 4
                     : classes < NET_SEVERAL ? KUNDIG__NET_WIDE / 2
                                             : KUNDIG__NET_WIDE;
    while (width > KUNDIG__NET_GROUP && net_rows(documents) * width * sizeof(float) > NET_BYTES) {
        width /= 2;
    }
    return width;
}

static size_t net_most(const kundig__documents *documents)
{
    size_t most = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const kundig__document *document = &documents->list[i];
        size_t here = document->ends[KUNDIG__BLOCK_SIGNS] - document->first;
        most = here > most ? here : most;
    }
    return most + 1 + LANES;
}

/* ---- Its life ------------------------------------------------------------------------------- */

static bool net_room(kundig__net_learner *learner)
{
    kundig__mem *mem = learner->mem;
    size_t rows = net_rows(learner->documents);
    size_t width = learner->width;
    size_t classes = learner->class_room;
    learner->room = kundig__alloc(mem, rows * width * sizeof(float) + NET_LINE);
    learner->row_squares = kundig__alloc(mem, rows * sizeof(float));
    learner->outs = kundig__alloc_zero(mem, width * classes * sizeof(float));
    learner->out_squares = kundig__alloc(mem, width * sizeof(float));
    learner->class_bias = kundig__alloc_zero(mem, classes * sizeof(float));
    learner->class_squares = kundig__alloc(mem, classes * sizeof(float));
    learner->hidden = kundig__alloc_zero(mem, width * sizeof(float));
    learner->hidden_slopes = kundig__alloc_zero(mem, width * sizeof(float));
    learner->scores = kundig__alloc_zero(mem, classes * sizeof(float));
    learner->wanted = kundig__alloc_zero(mem, classes * sizeof(float));
    learner->heeded = kundig__alloc_zero(mem, classes * sizeof(float));
    learner->values = kundig__alloc_zero(mem, learner->most * sizeof(float));
    learner->steps = kundig__alloc_zero(mem, learner->most * sizeof(float));
    learner->kept = kundig__alloc_zero(mem, learner->most * sizeof(uint32_t));
    learner->order = kundig__alloc(mem, learner->documents->count * sizeof(uint32_t));
    return learner->room && learner->row_squares && learner->outs && learner->out_squares &&
           learner->class_bias && learner->class_squares && learner->hidden &&
           learner->hidden_slopes && learner->scores && learner->wanted && learner->heeded &&
           learner->values && learner->steps && learner->kept && learner->order;
}

bool kundig__net_learner_init(kundig__net_learner *learner, kundig__mem *mem,
                              const kundig__documents *documents, uint32_t number)
{
    memset(learner, 0, sizeof *learner);
    learner->mem = mem;
    learner->documents = documents;
    learner->width = net_width(documents);
    learner->class_room =
        (documents->course->class_count + NET_CLASSES - 1) / NET_CLASSES * NET_CLASSES;
    learner->most = net_most(documents);
    if (!net_room(learner)) {
        kundig__net_learner_free(learner);
        return false;
    }
    size_t past = (size_t)((uintptr_t)learner->room % NET_LINE);
    learner->rows = (float *)(void *)((char *)learner->room + (past ? NET_LINE - past : 0));
    kundig__prng_init(&learner->prng, documents->course->seed + NET_SEED * (number + 1));
    size_t rows = net_rows(documents);
    const float step = 2 * NET_BEGIN / 65535;
    for (size_t i = 0; i < rows * learner->width; i += 4) {
        uint64_t bits = kundig__prng_next(&learner->prng);
        for (size_t j = 0; j < 4; j++) {
            learner->rows[i + j] = (float)(uint32_t)(bits >> (16 * j) & 0xFFFF) * step - NET_BEGIN;
        }
    }
    for (size_t i = 0; i < rows; i++) {
        learner->row_squares[i] = NET_SQUARES;
    }
    for (uint32_t i = 0; i < learner->width; i++) {
        learner->out_squares[i] = NET_SQUARES;
    }
    for (uint32_t i = 0; i < learner->class_room; i++) {
        learner->class_squares[i] = NET_SQUARES;
    }
    return true;
}

void kundig__net_learner_free(kundig__net_learner *learner)
{
    kundig__mem *mem = learner->mem;
    if (!mem) {
        return;
    }
    size_t rows = net_rows(learner->documents);
    size_t width = learner->width;
    size_t classes = learner->class_room;
    kundig__free(mem, learner->room, rows * width * sizeof(float) + NET_LINE);
    kundig__free(mem, learner->row_squares, rows * sizeof(float));
    kundig__free(mem, learner->outs, width * classes * sizeof(float));
    kundig__free(mem, learner->out_squares, width * sizeof(float));
    kundig__free(mem, learner->class_bias, classes * sizeof(float));
    kundig__free(mem, learner->class_squares, classes * sizeof(float));
    kundig__free(mem, learner->hidden, width * sizeof(float));
    kundig__free(mem, learner->hidden_slopes, width * sizeof(float));
    kundig__free(mem, learner->scores, classes * sizeof(float));
    kundig__free(mem, learner->wanted, classes * sizeof(float));
    kundig__free(mem, learner->heeded, classes * sizeof(float));
    kundig__free(mem, learner->values, learner->most * sizeof(float));
    kundig__free(mem, learner->steps, learner->most * sizeof(float));
    kundig__free(mem, learner->kept, learner->most * sizeof(uint32_t));
    kundig__free(mem, learner->order, learner->documents->count * sizeof(uint32_t));
    memset(learner, 0, sizeof *learner);
}

uint32_t kundig__net_epochs(const kundig__documents *documents)
{
    (void)documents;
    return NET_EPOCHS;
}

uint32_t kundig__net_epochs_more(const kundig__documents *documents)
{
    return documents->aside_count ? NET_MORE : 0;
}

/* ---- One document --------------------------------------------------------------------------- */

static bool net_coin(kundig__net_learner *learner)
{
    if (!learner->coins_left) {
        learner->coins = kundig__prng_next(&learner->prng);
        learner->coins_left = 64;
    }
    bool heads = learner->coins & 1;
    learner->coins >>= 1;
    learner->coins_left--;
    return heads;
}

/* What is known of the classes of a document; false: nothing. */
static bool net_ask(kundig__net_learner *learner, const kundig__document *document)
{
    const kundig__documents *documents = learner->documents;
    uint32_t class_count = documents->course->class_count;
    float cost = document->cost < NET_HEED ? document->cost : NET_HEED;
    if (documents->course->kind != KUNDIG__COURSE_SEVERAL) {
        if (document->label == KUNDIG__NO_CLASS || !documents->taught[document->label] ||
            !(cost > 0)) {
            return false;
        }
        for (uint32_t k = 0; k < class_count; k++) {
            learner->wanted[k] = 0;
            learner->heeded[k] = documents->taught[k] ? cost : 0;
        }
        learner->wanted[document->label] = 1;
        return true;
    }
    bool any = !document->partial && cost > 0;
    for (uint32_t k = 0; k < class_count; k++) {
        learner->wanted[k] = 0;
        learner->heeded[k] = any && documents->taught[k] ? cost : 0;
    }
    for (uint32_t i = 0; i < document->mark_count; i++) {
        const kundig__mark *mark = &document->marks[i];
        float heed = document->cost * mark->weight;
        heed = heed < NET_HEED ? heed : NET_HEED;
        learner->wanted[mark->klass] = mark->holds ? 1 : 0;
        learner->heeded[mark->klass] = heed > 0 && documents->taught[mark->klass] ? heed : 0;
        any = any || learner->heeded[mark->klass] > 0;
    }
    return any;
}

/* The features that are not dropped, the bias among them. */
static size_t net_keep(kundig__net_learner *learner, const kundig__document *document)
{
    const kundig__documents *documents = learner->documents;
    size_t count = 0;
    if (net_coin(learner)) {
        learner->kept[count] = documents->feature_count;
        learner->values[count++] = NET_TWICE;
    }
    for (size_t i = document->first; i < document->ends[KUNDIG__BLOCK_SIGNS]; i++) {
        learner->kept[count] = documents->cells[i].feature;
        learner->values[count] = documents->cells[i].value * NET_TWICE;
        count += net_coin(learner);
    }
    return count;
}

/* Sums of one group of hidden units. */
static void net_group(const kundig__net_learner *learner, size_t first, size_t count, lanes sums[4])
{
    size_t width = learner->width;
    const float *rows = learner->rows + first;
    for (int j = 0; j < 4; j++) {
        sums[j] = lane4_all(0);
    }
    for (size_t i = 0; i < count; i++) {
        NET_FETCH(rows + learner->kept[i + NET_AHEAD < count ? i + NET_AHEAD : i] * width);
        const float *row = rows + learner->kept[i] * width;
        lanes x = lane4_all(learner->values[i]);
        for (int j = 0; j < 4; j++) {
            sums[j] = lane4_add(sums[j], lane4_mul(x, lane4_load(row + (size_t)j * LANES)));
        }
    }
}

/* Scores of classes from `count` hidden units. */
static void net_scores(kundig__net_learner *learner, const uint32_t *active, size_t count)
{
    size_t classes = learner->class_room;
    for (size_t k = 0; k < classes; k += NET_CLASSES) {
        lanes sums[4];
        for (size_t j = 0; j < 4; j++) {
            sums[j] = lane4_load(learner->class_bias + k + j * LANES);
        }
        for (size_t i = 0; i < count; i++) {
            const float *out = learner->outs + active[i] * classes + k;
            lanes h = lane4_all(learner->hidden[active[i]]);
            for (size_t j = 0; j < 4; j++) {
                sums[j] = lane4_add(sums[j], lane4_mul(h, lane4_load(out + j * LANES)));
            }
        }
        for (size_t j = 0; j < 4; j++) {
            lane4_store(learner->scores + k + j * LANES, sums[j]);
        }
    }
}

static float net_sum(lanes sums)
{
    float four[LANES];
    lane4_store(four, sums);
    return four[0] + four[1] + four[2] + four[3];
}

/* Scores become slopes of the loss. */
static void net_softmax(kundig__net_learner *learner)
{
    uint32_t class_count = learner->documents->course->class_count;
    float *scores = learner->scores;
    float top = -1e30f;
    for (uint32_t k = 0; k < class_count; k++) {
        top = learner->heeded[k] > 0 && scores[k] > top ? scores[k] : top;
    }
    lanes least = lane4_all(NET_LEAST);
    lanes sum = lane4_all(0);
    for (uint32_t k = 0; k < learner->class_room; k += LANES) {
        lanes x = lane4_sub(lane4_load(scores + k), lane4_all(top));
        x = lane4_max(x, least);
        x = lane4_sub(lane4_all(0), lane4_max(lane4_sub(lane4_all(0), x), lane4_all(0)));
        x = lane4_exp(x);
        float four[LANES];
        lane4_store(four, x);
        for (uint32_t j = 0; j < LANES; j++) {
            four[j] = k + j < class_count && learner->heeded[k + j] > 0 ? four[j] : 0;
        }
        x = lane4_load(four);
        sum = lane4_add(sum, x);
        lane4_store(scores + k, x);
    }
    lanes part = lane4_all(1 / net_sum(sum));
    for (uint32_t k = 0; k < learner->class_room; k += LANES) {
        lanes error =
            lane4_sub(lane4_mul(lane4_load(scores + k), part), lane4_load(learner->wanted + k));
        lane4_store(scores + k, lane4_mul(error, lane4_load(learner->heeded + k)));
    }
}

static void net_logistic(kundig__net_learner *learner)
{
    float *scores = learner->scores;
    lanes zero = lane4_all(0);
    lanes most = lane4_all(-NET_LEAST);
    for (uint32_t k = 0; k < learner->class_room; k += LANES) {
        lanes x = lane4_sub(zero, lane4_load(scores + k));
        x = lane4_max(x, lane4_all(NET_LEAST));
        x = lane4_sub(zero, lane4_max(lane4_sub(zero, x), lane4_sub(zero, most)));
        lanes p = lane4_div(lane4_all(1), lane4_add(lane4_all(1), lane4_exp(x)));
        lanes error = lane4_sub(p, lane4_load(learner->wanted + k));
        lane4_store(scores + k, lane4_mul(error, lane4_load(learner->heeded + k)));
    }
}

/* The classes learn from their slopes, and tell the active hidden units theirs. */
static void net_learn_outs(kundig__net_learner *learner, const uint32_t *active, size_t count,
                           float rate)
{
    size_t classes = learner->class_room;
    const float *slopes = learner->scores;
    lanes squares = lane4_all(0);
    for (size_t k = 0; k < classes; k += LANES) {
        lanes slope = lane4_load(slopes + k);
        lanes square = lane4_mul(slope, slope);
        squares = lane4_add(squares, square);
        lanes sum = lane4_add(lane4_load(learner->class_squares + k), square);
        lane4_store(learner->class_squares + k, sum);
        lanes step = lane4_div(lane4_mul(lane4_all(rate), slope), lane4_sqrt(sum));
        lane4_store(learner->class_bias + k, lane4_sub(lane4_load(learner->class_bias + k), step));
    }
    float mean = net_sum(squares) / (float)learner->documents->course->class_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t j = active[i];
        float *out = learner->outs + j * classes;
        float h = learner->hidden[j];
        learner->out_squares[j] += h * h * mean;
        float four[LANES];
        lane4_store(four, lane4_sqrt(lane4_all(learner->out_squares[j])));
        lanes step = lane4_all(rate * h / four[0]);
        lanes sums[2] = {lane4_all(0), lane4_all(0)};
        for (size_t k = 0; k < classes; k += 2 * LANES) {
            for (size_t l = 0; l < 2; l++) {
                lanes slope = lane4_load(slopes + k + l * LANES);
                lanes weight = lane4_load(out + k + l * LANES);
                sums[l] = lane4_add(sums[l], lane4_mul(weight, slope));
                lane4_store(out + k + l * LANES, lane4_sub(weight, lane4_mul(step, slope)));
            }
        }
        learner->hidden_slopes[j] = net_sum(lane4_add(sums[0], sums[1])) * NET_TWICE;
    }
}

/* The rows of features learn from the slopes of the groups that were not dropped. */
static void net_learn_rows(kundig__net_learner *learner, size_t count, const uint32_t *groups,
                           size_t group_count, float rate)
{
    size_t width = learner->width;
    lanes sum = lane4_all(0);
    for (size_t g = 0; g < group_count; g++) {
        for (size_t j = 0; j < KUNDIG__NET_GROUP; j += LANES) {
            lanes slope = lane4_load(learner->hidden_slopes + groups[g] + j);
            sum = lane4_add(sum, lane4_mul(slope, slope));
        }
    }
    float mean = net_sum(sum) / (float)width;
    if (!(mean > 0)) {
        return;
    }
    for (size_t i = 0; i < count; i += LANES) {
        float squares[LANES] = {1, 1, 1, 1};
        for (size_t j = 0; j < LANES && i + j < count; j++) {
            float *square = &learner->row_squares[learner->kept[i + j]];
            *square += learner->values[i + j] * learner->values[i + j] * mean;
            squares[j] = *square;
        }
        lanes step = lane4_mul(lane4_all(rate), lane4_load(learner->values + i));
        lane4_store(learner->steps + i, lane4_div(step, lane4_sqrt(lane4_load(squares))));
    }
    for (size_t g = 0; g < group_count; g++) {
        float *rows = learner->rows + groups[g];
        lanes slopes[4];
        for (size_t j = 0; j < 4; j++) {
            slopes[j] = lane4_load(learner->hidden_slopes + groups[g] + j * LANES);
        }
        for (size_t i = 0; i < count; i++) {
            NET_FETCH(rows + learner->kept[i + NET_AHEAD < count ? i + NET_AHEAD : i] * width);
            float *row = rows + learner->kept[i] * width;
            lanes step = lane4_all(learner->steps[i]);
            for (size_t j = 0; j < 4; j++) {
                lane4_store(row + j * LANES,
                            lane4_sub(lane4_load(row + j * LANES), lane4_mul(step, slopes[j])));
            }
        }
    }
}

static void net_step(kundig__net_learner *learner, const kundig__document *document, float rate)
{
    if (!net_ask(learner, document)) {
        return;
    }
    uint32_t groups[KUNDIG__NET_WIDE / KUNDIG__NET_GROUP];
    uint32_t active[KUNDIG__NET_WIDE];
    size_t group_count = 0;
    size_t active_count = 0;
    size_t count = net_keep(learner, document);
    for (uint32_t first = 0; first < learner->width; first += KUNDIG__NET_GROUP) {
        if (!net_coin(learner)) {
            continue;
        }
        groups[group_count++] = first;
        lanes sums[4];
        net_group(learner, first, count, sums);
        for (size_t j = 0; j < 4; j++) {
            lanes up = lane4_mul(lane4_max(sums[j], lane4_all(0)), lane4_all(NET_TWICE));
            lane4_store(learner->hidden + first + j * LANES, up);
            lane4_store(learner->hidden_slopes + first + j * LANES, lane4_all(0));
        }
        for (uint32_t j = first; j < first + KUNDIG__NET_GROUP; j++) {
            active[active_count] = j;
            active_count += learner->hidden[j] > 0;
        }
    }
    net_scores(learner, active, active_count);
    if (learner->documents->course->kind == KUNDIG__COURSE_SEVERAL) {
        net_logistic(learner);
    } else {
        net_softmax(learner);
    }
    net_learn_outs(learner, active, active_count, rate);
    net_learn_rows(learner, count, groups, group_count, rate);
}

/* ---- Epochs --------------------------------------------------------------------------------- */

void kundig__net_begin(kundig__net_learner *learner, bool all)
{
    const kundig__documents *documents = learner->documents;
    learner->count = 0;
    for (size_t i = 0; i < documents->count; i++) {
        if (all || !documents->list[i].aside) {
            learner->order[learner->count++] = (uint32_t)i;
        }
    }
    learner->step = 0;
    learner->steps_all = (uint64_t)learner->count *
                         (all ? kundig__net_epochs_more(documents) : kundig__net_epochs(documents));
    learner->first_rate = all ? NET_RATE_MORE : NET_RATE;
    learner->last_rate = NET_RATE_LAST;
}

void kundig__net_epoch(kundig__net_learner *learner)
{
    for (size_t i = learner->count; i > 1; i--) {
        size_t j = (size_t)kundig__prng_below(&learner->prng, i);
        uint32_t document = learner->order[i - 1];
        learner->order[i - 1] = learner->order[j];
        learner->order[j] = document;
    }
    for (size_t i = 0; i < learner->count; i++) {
        float done = (float)learner->step++ / (float)learner->steps_all;
        float rate = learner->first_rate + (learner->last_rate - learner->first_rate) * done;
        net_step(learner, &learner->documents->list[learner->order[i]], rate);
    }
}

void kundig__net_margins(kundig__net_learner *learner, const kundig__document *document,
                         float *margins)
{
    const kundig__documents *documents = learner->documents;
    size_t count = 0;
    size_t at = document->first;
    for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
        size_t from = count;
        double known = 0;
        for (; at < document->ends[block]; at++) {
            kundig__learn_cell cell = documents->cells[at];
            if (documents->trained[cell.feature]) {
                known += (double)cell.value * (double)cell.value;
                learner->kept[count] = cell.feature;
                learner->values[count++] = cell.value;
            }
        }
        float length = known > 0 ? (float)(1 / kundig__sqrt(known)) : 0;
        for (size_t i = from; i < count; i++) {
            learner->values[i] *= length;
        }
    }
    learner->kept[count] = documents->feature_count;
    learner->values[count++] = 1;
    uint32_t active[KUNDIG__NET_WIDE];
    size_t active_count = 0;
    for (uint32_t first = 0; first < learner->width; first += KUNDIG__NET_GROUP) {
        lanes sums[4];
        net_group(learner, first, count, sums);
        for (size_t j = 0; j < 4; j++) {
            lane4_store(learner->hidden + first + j * LANES, lane4_max(sums[j], lane4_all(0)));
        }
        for (uint32_t j = first; j < first + KUNDIG__NET_GROUP; j++) {
            active[active_count] = j;
            active_count += learner->hidden[j] > 0;
        }
    }
    net_scores(learner, active, active_count);
    for (uint32_t k = 0; k < documents->course->class_count; k++) {
        margins[k] = learner->scores[k] / NET_PARTS;
    }
}
