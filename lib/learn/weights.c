/* Weights as small numbers, and the sums over them.
 *
 *   block of the learner (float) > 16 bits, those near 0 left out > rows of all classes, 8 bits
 *
 * Sums are of whole numbers: a feature's value times its row's scale becomes 15 bits, a weight has
 * 8, and their products are added in 32, which they cannot leave. So their order does not matter,
 * and every machine has the same result.
 * Cost: of a text features x classes / 16 steps; of a row a cache line or two, fetched ahead. */
#include "learn/weights.h"

#include "base/math.h"
#include "base/order.h"
#include "learn/lanes.h"

#define WEIGHT_STEP   4096.0f /* of 16 bits */
#define WEIGHT_LEAST  0.004f
#define WEIGHT_FACTOR 32767.0f
#define WEIGHT_TOTAL  16000000.0f /* of factors of one text: times 127 they fit into 31 bits */
#define WEIGHT_TINY   1e-30f      /* learning makes no value so small, but bytes may */
#define WEIGHT_AHEAD  12u

#if defined(__GNUC__)
#define WEIGHT_FETCH(at) __builtin_prefetch(at)
#else
#define WEIGHT_FETCH(at) ((void)0)
#endif

void kundig__weight_scales(float scales[256])
{
    const double eighth = 0.69314718055994531 / 8;
    for (int i = 0; i < 256; i++) {
        scales[i] = (float)kundig__exp((double)(i - 160) * eighth);
    }
}

int kundig__row_weight(const kundig__weights *weights, const kundig__weight_row *row,
                       uint32_t klass)
{
    const uint8_t *cells = kundig__row_cells(weights, row);
    if (kundig__row_is_dense(row->count, weights->class_count)) {
        return (int8_t)cells[klass];
    }
    for (uint32_t i = 0; i < row->count; i++) {
        uint16_t here;
        memcpy(&here, cells + 2 * (size_t)i, sizeof here);
        if (here == klass) {
            return (int8_t)cells[2 * (size_t)row->count + i];
        }
    }
    return 0;
}

/* ---- Blocks --------------------------------------------------------------------------------- */

bool kundig__weight_block_keep(kundig__weight_block *block, kundig__mem *mem,
                               const kundig__svm *svm)
{
    uint32_t rows = svm->documents->feature_count;
    memset(block, 0, sizeof *block);
    block->first = svm->first;
    memcpy(block->bias, svm->weights + (size_t)rows * svm->width, svm->width * sizeof(float));
    for (uint32_t feature = 0; feature < rows; feature++) {
        const float *row = svm->weights + (size_t)feature * svm->width;
        uint32_t classes = 0;
        int16_t values[KUNDIG__SVM_WIDE];
        size_t count = 0;
        for (uint32_t i = 0; i < svm->classes; i++) {
            if (row[i] >= WEIGHT_LEAST || -row[i] >= WEIGHT_LEAST) {
                float steps = row[i] * WEIGHT_STEP;
                steps = steps > 32767 ? 32767 : steps < -32767 ? -32767 : steps;
                values[count++] = (int16_t)(steps < 0 ? steps - 0.5f : steps + 0.5f);
                classes |= UINT32_C(1) << i;
            }
        }
        if (!classes) {
            continue;
        }
        void *some = block->some;
        void *all = block->values;
        bool fits = kundig__grow(mem, &some, &block->some_capacity, block->some_count + 1,
                                 sizeof *block->some);
        block->some = some;
        fits = fits && kundig__grow(mem, &all, &block->value_capacity, block->value_count + count,
                                    sizeof *block->values);
        block->values = all;
        if (!fits) {
            return false;
        }
        block->some[block->some_count].feature = feature;
        block->some[block->some_count++].classes = classes;
        memcpy(block->values + block->value_count, values, count * sizeof *values);
        block->value_count += count;
    }
    return true;
}

void kundig__weight_block_free(kundig__weight_block *block, kundig__mem *mem)
{
    kundig__free(mem, block->some, block->some_capacity * sizeof *block->some);
    kundig__free(mem, block->values, block->value_capacity * sizeof *block->values);
    memset(block, 0, sizeof *block);
}

/* ---- Rows ----------------------------------------------------------------------------------- */

bool kundig__weights_init(kundig__weights *weights, kundig__mem *mem, uint32_t class_count,
                          uint32_t bits, uint32_t sign_count, uint32_t row_count, size_t cell_bytes)
{
    memset(weights, 0, sizeof *weights);
    weights->mem = mem;
    weights->class_count = class_count;
    weights->bits = bits;
    weights->sign_count = sign_count;
    weights->row_count = row_count;
    weights->cell_bytes = cell_bytes;
    weights->bias = kundig__alloc_zero(mem, class_count * sizeof *weights->bias);
    weights->rows = kundig__alloc_zero(mem, row_count * sizeof *weights->rows);
    weights->buckets = kundig__alloc_zero(mem, row_count * sizeof *weights->buckets);
    weights->lookup =
        kundig__alloc(mem, kundig__feature_buckets(bits, sign_count) * sizeof *weights->lookup);
    weights->cells = kundig__alloc_zero(mem, cell_bytes);
    if (!weights->bias || !weights->rows || !weights->buckets || !weights->lookup ||
        !weights->cells) {
        kundig__weights_free(weights);
        return false;
    }
    return true;
}

void kundig__weights_free(kundig__weights *weights)
{
    kundig__mem *mem = weights->mem;
    if (!mem) {
        return;
    }
    kundig__free(mem, weights->bias, weights->class_count * sizeof *weights->bias);
    kundig__free(mem, weights->rows, weights->row_count * sizeof *weights->rows);
    kundig__free(mem, weights->buckets, weights->row_count * sizeof *weights->buckets);
    kundig__free(mem, weights->lookup,
                 kundig__feature_buckets(weights->bits, weights->sign_count) *
                     sizeof *weights->lookup);
    kundig__free(mem, weights->cells, weights->cell_bytes);
    memset(weights, 0, sizeof *weights);
}

void kundig__weights_look(kundig__weights *weights)
{
    size_t buckets = kundig__feature_buckets(weights->bits, weights->sign_count);
    memset(weights->lookup, 0xFF, buckets * sizeof *weights->lookup);
    for (uint32_t i = 0; i < weights->row_count; i++) {
        weights->lookup[weights->buckets[i]] = i;
    }
}

/* The least scale by which all of a row fit into 8 bits. */
static uint8_t weight_scale(const float scales[256], float most)
{
    uint32_t low = 0;
    for (uint32_t high = 255; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (scales[middle] * (float)KUNDIG__WEIGHT_MOST < most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint8_t)low;
}

/* One row on its way: weights of classes that are not 0. */
typedef struct weight_row {
    uint32_t count;
    uint16_t *classes;
    int16_t *values;
    int8_t *small;
} weight_row;

/* The row in 8 bits, without what is 0 now. */
static void weight_shrink(weight_row *row, const float scales[256], uint8_t *scale)
{
    int most = 0;
    for (uint32_t i = 0; i < row->count; i++) {
        int size = row->values[i] < 0 ? -row->values[i] : row->values[i];
        most = size > most ? size : most;
    }
    *scale = weight_scale(scales, (float)most / WEIGHT_STEP);
    uint32_t count = 0;
    for (uint32_t i = 0; i < row->count; i++) {
        float steps = (float)row->values[i] / WEIGHT_STEP / scales[*scale];
        int small = (int)(steps < 0 ? steps - 0.5f : steps + 0.5f);
        if (small) {
            row->classes[count] = row->classes[i];
            row->small[count++] = (int8_t)small;
        }
    }
    row->count = count;
    if (!count) {
        *scale = 0;
    }
}

static void weight_store(const weight_row *row, uint8_t *cells, uint32_t class_count)
{
    bool dense = kundig__row_is_dense(row->count, class_count);
    for (uint32_t i = 0; i < row->count; i++) {
        if (dense) {
            cells[row->classes[i]] = (uint8_t)row->small[i];
        } else {
            memcpy(cells + 2 * (size_t)i, &row->classes[i], sizeof row->classes[i]);
            cells[2 * (size_t)row->count + i] = (uint8_t)row->small[i];
        }
    }
}

/* Where each block stands while rows are put together. */
typedef struct weight_cursor {
    size_t some;
    size_t value;
} weight_cursor;

static void weight_gather(const kundig__weight_block *blocks, size_t block_count,
                          weight_cursor *cursors, uint32_t feature, weight_row *row)
{
    row->count = 0;
    for (size_t b = 0; b < block_count; b++) {
        weight_cursor *cursor = &cursors[b];
        if (cursor->some == blocks[b].some_count ||
            blocks[b].some[cursor->some].feature != feature) {
            continue;
        }
        uint32_t classes = blocks[b].some[cursor->some++].classes;
        for (uint32_t i = 0; classes; i++, classes >>= 1) {
            if (classes & 1) {
                row->classes[row->count] = (uint16_t)(blocks[b].first + i);
                row->values[row->count++] = blocks[b].values[cursor->value++];
            }
        }
    }
}

typedef struct weight_making {
    const kundig__documents *documents;
    const kundig__weight_block *blocks;
    size_t block_count;
    weight_cursor *cursors;
    uint32_t *order;  /* features by idf and bucket */
    uint32_t *places; /* of features: their row */
    weight_row row;
    kundig__weight_row *heads; /* of features */
    float scales[256];
} weight_making;

static int weight_feature_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__documents *documents = ud;
    if (documents->idf[a] != documents->idf[b]) {
        return documents->idf[a] < documents->idf[b] ? -1 : 1;
    }
    return documents->buckets[a] < documents->buckets[b] ? -1 : 1;
}

/* Sort features: by idf in one pass of counting, each idf's own by bucket. */
static void weight_order(const kundig__documents *documents, uint32_t *order)
{
    uint32_t starts[257] = {0};
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        starts[documents->idf[i] + 1]++;
    }
    for (uint32_t i = 0; i < 256; i++) {
        starts[i + 1] += starts[i];
    }
    uint32_t at[256];
    memcpy(at, starts, sizeof at);
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        order[at[documents->idf[i]]++] = i;
    }
    for (uint32_t i = 0; i < 256; i++) {
        kundig__order_sort(order + starts[i], starts[i + 1] - starts[i], weight_feature_order,
                           documents);
    }
}

static bool weight_build(kundig__weights *weights, kundig__mem *mem, weight_making *making)
{
    const kundig__documents *documents = making->documents;
    uint32_t class_count = documents->course->class_count;
    memset(making->cursors, 0, making->block_count * sizeof *making->cursors);
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        weight_gather(making->blocks, making->block_count, making->cursors, i, &making->row);
        weight_shrink(&making->row, making->scales, &making->heads[i].scale);
        making->heads[i].count = (uint16_t)making->row.count;
        making->heads[i].idf = documents->idf[i];
    }
    weight_order(documents, making->order);
    size_t bytes = 0;
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        kundig__weight_row *head = &making->heads[making->order[i]];
        head->start = (uint32_t)(bytes / KUNDIG__ROW_UNIT);
        bytes += head->count ? kundig__row_bytes(head->count, class_count) : 0;
    }
    if (!kundig__weights_init(weights, mem, class_count, documents->bits,
                              documents->course->sign_count, documents->feature_count, bytes)) {
        return false;
    }
    weights->idf_step = documents->idf_step;
    weights->idf_unknown = documents->idf_unknown;
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        weights->rows[i] = making->heads[making->order[i]];
        weights->buckets[i] = documents->buckets[making->order[i]];
        weights->weight_count += weights->rows[i].count;
    }
    memset(making->cursors, 0, making->block_count * sizeof *making->cursors);
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        uint8_t scale;
        weight_gather(making->blocks, making->block_count, making->cursors, i, &making->row);
        weight_shrink(&making->row, making->scales, &scale);
        weight_store(&making->row,
                     weights->cells + (size_t)making->heads[i].start * KUNDIG__ROW_UNIT,
                     class_count);
    }
    for (size_t b = 0; b < making->block_count; b++) {
        for (uint32_t i = 0; i < KUNDIG__SVM_WIDE && making->blocks[b].first + i < class_count &&
                             (b + 1 == making->block_count ||
                              making->blocks[b].first + i < making->blocks[b + 1].first);
             i++) {
            weights->bias[making->blocks[b].first + i] = making->blocks[b].bias[i];
        }
    }
    kundig__weights_look(weights);
    return true;
}

bool kundig__weights_make(kundig__weights *weights, kundig__mem *mem,
                          const kundig__documents *documents, const kundig__weight_block *blocks,
                          size_t block_count)
{
    uint32_t count = documents->feature_count;
    uint32_t class_count = documents->course->class_count;
    weight_making making = {.documents = documents, .blocks = blocks, .block_count = block_count};
    kundig__weight_scales(making.scales);
    making.cursors = kundig__alloc(mem, block_count * sizeof *making.cursors);
    making.order = kundig__alloc(mem, count * sizeof *making.order);
    making.heads = kundig__alloc_zero(mem, count * sizeof *making.heads);
    making.row.classes = kundig__alloc(mem, class_count * sizeof *making.row.classes);
    making.row.values = kundig__alloc(mem, class_count * sizeof *making.row.values);
    making.row.small = kundig__alloc(mem, class_count * sizeof *making.row.small);
    bool made = making.cursors && making.order && making.heads && making.row.classes &&
                making.row.values && making.row.small && weight_build(weights, mem, &making);
    kundig__free(mem, making.cursors, block_count * sizeof *making.cursors);
    kundig__free(mem, making.order, count * sizeof *making.order);
    kundig__free(mem, making.heads, count * sizeof *making.heads);
    kundig__free(mem, making.row.classes, class_count * sizeof *making.row.classes);
    kundig__free(mem, making.row.values, class_count * sizeof *making.row.values);
    kundig__free(mem, making.row.small, class_count * sizeof *making.row.small);
    return made;
}

/* ---- Pruning -------------------------------------------------------------------------------- */

/* The weights of a row of at least that many steps. */
static void weight_kept(const kundig__weights *from, const kundig__weight_row *row, int least,
                        weight_row *out)
{
    const uint8_t *cells = kundig__row_cells(from, row);
    bool dense = kundig__row_is_dense(row->count, from->class_count);
    uint32_t count = row->count == 0 ? 0 : dense ? from->class_count : row->count;
    out->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        int weight = (int8_t)(dense ? cells[i] : cells[2 * (size_t)row->count + i]);
        uint16_t klass = (uint16_t)i;
        if (!dense) {
            memcpy(&klass, cells + 2 * (size_t)i, sizeof klass);
        }
        if (weight && (weight >= least || -weight >= least)) {
            out->classes[out->count] = klass;
            out->small[out->count++] = (int8_t)weight;
        }
    }
}

int kundig__weight_steps(float scale, float least)
{
    float steps = least / scale;
    int whole = steps > 1000 ? 1000 : (int)steps;
    return (float)whole < steps ? whole + 1 : whole;
}

bool kundig__weights_prune(kundig__weights *weights, kundig__mem *mem, const kundig__weights *from,
                           float least)
{
    float scales[256];
    kundig__weight_scales(scales);
    size_t bytes = 0;
    weight_row row = {0};
    row.classes = kundig__alloc(mem, from->class_count * sizeof *row.classes);
    row.small = kundig__alloc(mem, from->class_count * sizeof *row.small);
    bool made = row.classes && row.small;
    for (uint32_t i = 0; made && i < from->row_count; i++) {
        weight_kept(from, &from->rows[i], kundig__weight_steps(scales[from->rows[i].scale], least),
                    &row);
        bytes += row.count ? kundig__row_bytes(row.count, from->class_count) : 0;
    }
    made = made && kundig__weights_init(weights, mem, from->class_count, from->bits,
                                        from->sign_count, from->row_count, bytes);
    size_t at = 0;
    for (uint32_t i = 0; made && i < from->row_count; i++) {
        kundig__weight_row *out = &weights->rows[i];
        weight_kept(from, &from->rows[i], kundig__weight_steps(scales[from->rows[i].scale], least),
                    &row);
        *out = from->rows[i];
        out->start = (uint32_t)(at / KUNDIG__ROW_UNIT);
        out->count = (uint16_t)row.count;
        out->scale = row.count ? out->scale : 0;
        weight_store(&row, weights->cells + at, from->class_count);
        at += row.count ? kundig__row_bytes(row.count, from->class_count) : 0;
        weights->weight_count += row.count;
    }
    if (made) {
        weights->idf_step = from->idf_step;
        weights->idf_unknown = from->idf_unknown;
        memcpy(weights->bias, from->bias, from->class_count * sizeof *from->bias);
        memcpy(weights->buckets, from->buckets, from->row_count * sizeof *from->buckets);
        kundig__weights_look(weights);
    }
    kundig__free(mem, row.classes, from->class_count * sizeof *row.classes);
    kundig__free(mem, row.small, from->class_count * sizeof *row.small);
    return made;
}

/* ---- Sums ----------------------------------------------------------------------------------- */

bool kundig__weighing_init(kundig__weighing *weighing, kundig__mem *mem,
                           const kundig__weights *weights)
{
    memset(weighing, 0, sizeof *weighing);
    kundig__feature_counts(weighing->counts);
    kundig__weight_scales(weighing->scales);
    weighing->sums =
        kundig__alloc(mem, kundig__weights_width(weights->class_count) * sizeof *weighing->sums);
    return weighing->sums != NULL;
}

void kundig__weighing_free(kundig__weighing *weighing, kundig__mem *mem,
                           const kundig__weights *weights)
{
    kundig__free(mem, weighing->sums,
                 kundig__weights_width(weights->class_count) * sizeof *weighing->sums);
    kundig__free(mem, weighing->values, weighing->capacity * sizeof *weighing->values);
    kundig__free(mem, weighing->factors, weighing->factor_capacity * sizeof *weighing->factors);
    memset(weighing, 0, sizeof *weighing);
}

void kundig__weigh_dense(int32_t *sums, const uint8_t *a, int16_t a_factor, const uint8_t *b,
                         int16_t b_factor, uint32_t width)
{
#ifdef LANES_SSE2
    uint32_t pair = (uint16_t)a_factor | (uint32_t)(uint16_t)b_factor << 16;
    __m128i factors = _mm_set1_epi32((int32_t)pair);
    __m128i zero = _mm_setzero_si128();
    for (uint32_t i = 0; i < width; i += 16) {
        __m128i one = _mm_loadu_si128((const __m128i *)(const void *)(a + i));
        __m128i two = _mm_loadu_si128((const __m128i *)(const void *)(b + i));
        /* Bytes to the upper half of 16 bits, then down with their signs: a and b in turn. */
        __m128i one_low = _mm_srai_epi16(_mm_unpacklo_epi8(zero, one), 8);
        __m128i one_high = _mm_srai_epi16(_mm_unpackhi_epi8(zero, one), 8);
        __m128i two_low = _mm_srai_epi16(_mm_unpacklo_epi8(zero, two), 8);
        __m128i two_high = _mm_srai_epi16(_mm_unpackhi_epi8(zero, two), 8);
        __m128i *out = (__m128i *)(void *)(sums + i);
        __m128i products[4] = {
            _mm_madd_epi16(_mm_unpacklo_epi16(one_low, two_low), factors),
            _mm_madd_epi16(_mm_unpackhi_epi16(one_low, two_low), factors),
            _mm_madd_epi16(_mm_unpacklo_epi16(one_high, two_high), factors),
            _mm_madd_epi16(_mm_unpackhi_epi16(one_high, two_high), factors),
        };
        for (int j = 0; j < 4; j++) {
            _mm_storeu_si128(out + j, _mm_add_epi32(_mm_loadu_si128(out + j), products[j]));
        }
    }
#else
    for (uint32_t i = 0; i < width; i++) {
        sums[i] += (int8_t)a[i] * a_factor + (int8_t)b[i] * b_factor;
    }
#endif
}

static void weigh_sparse(int32_t *sums, const uint8_t *cells, uint32_t count, int16_t factor)
{
    const uint8_t *small = cells + 2 * (size_t)count;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t klass;
        memcpy(&klass, cells + 2 * (size_t)i, sizeof klass);
        sums[klass] += (int8_t)small[i] * factor;
    }
}

float kundig__weigh_factors(const float *values, int16_t *factors, size_t from, size_t to)
{
    lanes most4 = lane4_all(0);
    lanes total4 = lane4_all(0);
    size_t at = from;
    for (; at + LANES <= to; at += LANES) {
        lanes four = lane4_load(values + at);
        most4 = lane4_max(four, most4);
        total4 = lane4_add(total4, four);
    }
    float mosts[LANES];
    float totals[LANES];
    lane4_store(mosts, most4);
    lane4_store(totals, total4);
    float most = 0;
    float total = 0;
    for (uint32_t i = 0; i < LANES; i++) {
        most = mosts[i] > most ? mosts[i] : most;
        total += totals[i];
    }
    for (; at < to; at++) {
        most = values[at] > most ? values[at] : most;
        total += values[at];
    }
    if (most < WEIGHT_TINY) {
        return 0;
    }
    float by = WEIGHT_FACTOR / most;
    by = WEIGHT_TOTAL / total < by ? WEIGHT_TOTAL / total : by;
    for (size_t i = from; i < to; i++) {
        factors[i] = (int16_t)(values[i] * by + 0.5f);
    }
    return by;
}

static void weigh_rows(kundig__weighing *weighing, const kundig__weights *weights,
                       const kundig__feature *list, size_t from, size_t to)
{
    uint32_t class_count = weights->class_count;
    uint32_t width = kundig__weights_width(class_count);
    const uint8_t *waiting = NULL;
    int16_t waiting_factor = 0;
    for (size_t i = from; i < to; i++) {
        if (i + WEIGHT_AHEAD < to) {
            const kundig__weight_row *soon = &weights->rows[list[i + WEIGHT_AHEAD].row];
            const uint8_t *cells = kundig__row_cells(weights, soon);
            WEIGHT_FETCH(cells);
            if (kundig__row_is_dense(soon->count, class_count) && width > 64) {
                WEIGHT_FETCH(cells + 64);
            }
        }
        const kundig__weight_row *row = &weights->rows[list[i].row];
        if (!row->count) {
            continue;
        }
        const uint8_t *cells = kundig__row_cells(weights, row);
        if (!kundig__row_is_dense(row->count, class_count)) {
            weigh_sparse(weighing->sums, cells, row->count, weighing->factors[i]);
        } else if (waiting) {
            kundig__weigh_dense(weighing->sums, waiting, waiting_factor, cells,
                                weighing->factors[i], width);
            waiting = NULL;
        } else {
            waiting = cells;
            waiting_factor = weighing->factors[i];
        }
    }
    if (waiting) {
        kundig__weigh_dense(weighing->sums, waiting, waiting_factor, waiting, 0, width);
    }
}

bool kundig__weigh(kundig__weighing *weighing, kundig__mem *mem, const kundig__weights *weights,
                   const kundig__features *features, float *margins)
{
    size_t count = features->ends[KUNDIG__BLOCK_SIGNS];
    void *values = weighing->values;
    void *factors = weighing->factors;
    bool fits = kundig__grow(mem, &values, &weighing->capacity, count, sizeof *weighing->values);
    weighing->values = values;
    fits = fits && kundig__grow(mem, &factors, &weighing->factor_capacity, count,
                                sizeof *weighing->factors);
    weighing->factors = factors;
    if (!fits) {
        return false;
    }
    uint32_t class_count = weights->class_count;
    memcpy(margins, weights->bias, class_count * sizeof *margins);
    double strange = (double)(weights->idf_step * (float)weights->idf_unknown);
    size_t from = 0;
    for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
        size_t to = features->ends[block];
        if (from == to) {
            weighing->lengths[block] = 0;
            weighing->spans[block] = 0;
            continue;
        }
        double sums[2] = {0, 0}; /* side by side: neither waits for the other */
        for (size_t i = from; i < to; i++) {
            const kundig__weight_row *row = &weights->rows[features->list[i].row];
            float value = block == KUNDIG__BLOCK_SIGNS ? 1
                                                       : weighing->counts[features->list[i].count] *
                                                             (weights->idf_step * (float)row->idf);
            sums[i % 2] += (double)value * (double)value;
            weighing->values[i] = row->count ? value * weighing->scales[row->scale] : 0;
        }
        double known = sums[0] + sums[1];
        double unknown = block == KUNDIG__BLOCK_SIGNS ? 0 : (double)features->unknown[block];
        double length = kundig__sqrt(known);
        weighing->lengths[block] = (float)length;
        length = unknown > 0 ? kundig__sqrt(known + strange * strange * unknown) : length;
        weighing->spans[block] = (float)length;
        float by = kundig__weigh_factors(weighing->values, weighing->factors, from, to);
        if (by > 0) {
            memset(weighing->sums, 0, kundig__weights_width(class_count) * sizeof(int32_t));
            weigh_rows(weighing, weights, features->list, from, to);
            float share = (float)(1 / ((double)by * length));
            for (uint32_t i = 0; i < class_count; i++) {
                margins[i] += (float)weighing->sums[i] * share;
            }
        }
        from = to;
    }
    return true;
}
