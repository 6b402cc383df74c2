/* Classifiers as bytes, and the distrust of bytes.
 *
 *   kind  classes  signs  bits  numbers of what it knows of itself
 *   each class: lessons ... threshold, slope, offset, bias
 *   each feature, by bucket: gap to the last  idf  weights  [scale  which classes  weights]
 *   networks, or none (net.c)
 *   mistakes  named features
 *
 * Counts and gaps are written seven bits a byte, the least first. Which classes have a weight is a
 * bit each, or their gaps where they are few.
 * Invariants: what is read would be written as these very bytes; no number is read that learning
 * could not have made in kind: finite, in range, ascending.
 * Cost: linear in the bytes. */
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "learn/learned.h"

#define BYTES_CLASSES_LEAST 16u                          /* of one class */
#define BYTES_COUNT         UINT64_C(0x001FFFFFFFFFFFFF) /* no lessons are more */

/* ---- Writing -------------------------------------------------------------------------------- */

static size_t bytes_vary(uint64_t value, uint8_t out[10])
{
    size_t len = 0;
    while (value >= 0x80) {
        out[len++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    out[len++] = (uint8_t)value;
    return len;
}

static void bytes_put_vary(kundig__buf *buf, uint64_t value)
{
    uint8_t out[10];
    kundig__buf_add(buf, out, bytes_vary(value, out));
}

static size_t bytes_vary_size(uint64_t value)
{
    uint8_t out[10];
    return bytes_vary(value, out);
}

static void bytes_put_float(kundig__buf *buf, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    kundig__put_u32(buf, bits);
}

static void bytes_put_double(kundig__buf *buf, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    kundig__put_u64(buf, bits);
}

/* Are the classes of a row told by a bit each? */
static bool bytes_as_bits(uint32_t count, uint32_t class_count)
{
    return (uint64_t)count * 8 >= class_count;
}

static void bytes_put_row(kundig__buf *buf, const kundig__weights *weights,
                          const kundig__weight_row *row)
{
    bytes_put_vary(buf, row->count);
    if (!row->count) {
        return;
    }
    kundig__put_u8(buf, row->scale);
    const uint8_t *cells = kundig__row_cells(weights, row);
    uint32_t class_count = weights->class_count;
    if (!bytes_as_bits(row->count, class_count)) {
        uint32_t next = 0;
        for (uint32_t i = 0; i < row->count; i++) {
            uint16_t klass;
            memcpy(&klass, cells + 2 * (size_t)i, sizeof klass);
            bytes_put_vary(buf, klass - next);
            next = klass + 1u;
        }
        kundig__buf_add(buf, cells + 2 * (size_t)row->count, row->count);
        return;
    }
    uint8_t bits = 0;
    for (uint32_t k = 0; k < class_count; k++) {
        bits = (uint8_t)(bits | (cells[k] ? 1u << (k % 8) : 0));
        if (k % 8 == 7 || k + 1 == class_count) {
            kundig__put_u8(buf, bits);
            bits = 0;
        }
    }
    for (uint32_t k = 0; k < class_count; k++) {
        if (cells[k]) {
            kundig__put_u8(buf, cells[k]);
        }
    }
}

static void bytes_put_facts(kundig__buf *buf, const kundig__classifier_facts *facts)
{
    bytes_put_vary(buf, facts->lessons);
    bytes_put_vary(buf, facts->documents);
    bytes_put_vary(buf, facts->customers);
    bytes_put_vary(buf, facts->aside);
    bytes_put_double(buf, facts->accuracy);
    bytes_put_double(buf, facts->macro_f1);
    bytes_put_double(buf, facts->micro_f1);
    bytes_put_double(buf, facts->log_loss);
    bytes_put_double(buf, facts->calibration_error);
    bytes_put_double(buf, facts->loss);
    kundig__put_u8(buf, (uint8_t)facts->size_count);
    for (uint32_t i = 0; i < facts->size_count; i++) {
        bytes_put_vary(buf, facts->sizes[i].bytes);
        bytes_put_double(buf, facts->sizes[i].accuracy);
        bytes_put_double(buf, facts->sizes[i].least);
    }
    for (uint32_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        bytes_put_vary(buf, facts->bins[i].count);
        bytes_put_vary(buf, facts->bins[i].right);
        bytes_put_double(buf, facts->bins[i].probability);
    }
}

static void bytes_put_head(kundig__buf *buf, const kundig__classifier *classifier)
{
    const kundig__weights *weights = &classifier->weights;
    const kundig__judge *judge = &classifier->judge;
    kundig__put_u8(buf, (uint8_t)judge->kind);
    kundig__put_u8(buf, (uint8_t)classifier->facts.quality);
    kundig__put_u32(buf, weights->class_count);
    kundig__put_u32(buf, weights->sign_count);
    kundig__put_u8(buf, (uint8_t)weights->bits);
    bytes_put_float(buf, weights->idf_step);
    kundig__put_u8(buf, weights->idf_unknown);
    bytes_put_float(buf, judge->temperature);
    bytes_put_float(buf, judge->sure);
    bytes_put_facts(buf, &classifier->facts);
    for (uint32_t k = 0; k < weights->class_count; k++) {
        const kundig__class_facts *facts = &classifier->classes[k];
        kundig__put_u8(buf, classifier->taught[k]);
        bytes_put_vary(buf, facts->lessons);
        bytes_put_vary(buf, facts->customers);
        bytes_put_vary(buf, facts->right);
        bytes_put_vary(buf, facts->wrong);
        bytes_put_vary(buf, facts->missed);
        bytes_put_float(buf, judge->thresholds[k]);
        bytes_put_float(buf, judge->slopes[k]);
        bytes_put_float(buf, judge->offsets[k]);
        bytes_put_float(buf, weights->bias[k]);
    }
}

static void bytes_put_tail(kundig__buf *buf, const kundig__classifier *classifier)
{
    const kundig__classifier_facts *facts = &classifier->facts;
    bytes_put_vary(buf, facts->mistake_count);
    for (size_t i = 0; i < facts->mistake_count; i++) {
        kundig__put_u32(buf, classifier->mistakes[i].truth);
        kundig__put_u32(buf, classifier->mistakes[i].decided);
        bytes_put_vary(buf, classifier->mistakes[i].count);
    }
    bytes_put_vary(buf, facts->feature_count);
    for (size_t i = 0; i < facts->feature_count; i++) {
        kundig__put_u32(buf, classifier->features[i].klass);
        bytes_put_float(buf, classifier->features[i].weight);
        kundig__put_text(buf, classifier->features[i].name);
    }
}

void kundig__classifier_put(kundig__buf *buf, const kundig__classifier *classifier)
{
    const kundig__weights *weights = &classifier->weights;
    bytes_put_head(buf, classifier);
    bytes_put_vary(buf, weights->row_count);
    size_t buckets = kundig__feature_buckets(weights->bits, weights->sign_count);
    size_t next = 0;
    for (size_t i = 0; i < buckets; i++) {
        if (weights->lookup[i] != KUNDIG__NO_ROW) {
            const kundig__weight_row *row = &weights->rows[weights->lookup[i]];
            bytes_put_vary(buf, i - next);
            next = i + 1;
            kundig__put_u8(buf, row->idf);
            bytes_put_row(buf, weights, row);
        }
    }
    kundig__nets_put(buf, &classifier->nets);
    bytes_put_tail(buf, classifier);
}

/* ---- Sizes ---------------------------------------------------------------------------------- */

/* A sink that counts: the head and the tail are small, and written to be counted. */
static uint64_t bytes_fixed(const kundig__classifier *classifier)
{
    uint64_t size = 0;
    uint8_t out[10];
    const kundig__classifier_facts *facts = &classifier->facts;
    size += 1 + 1 + 4 + 4 + 1 + 4 + 1 + 4 + 4;
    size += bytes_vary(facts->lessons, out) + bytes_vary(facts->documents, out) +
            bytes_vary(facts->customers, out) + bytes_vary(facts->aside, out);
    size += 6 * 8 + 1;
    for (uint32_t i = 0; i < facts->size_count; i++) {
        size += bytes_vary(facts->sizes[i].bytes, out) + 16;
    }
    for (uint32_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        size += bytes_vary(facts->bins[i].count, out) + bytes_vary(facts->bins[i].right, out) + 8;
    }
    for (uint32_t k = 0; k < facts->class_count; k++) {
        const kundig__class_facts *one = &classifier->classes[k];
        size += 1 + bytes_vary(one->lessons, out) + bytes_vary(one->customers, out) +
                bytes_vary(one->right, out) + bytes_vary(one->wrong, out) +
                bytes_vary(one->missed, out) + 16;
    }
    size += bytes_vary_size(facts->mistake_count) + bytes_vary_size(facts->feature_count);
    for (size_t i = 0; i < facts->mistake_count; i++) {
        size += 8 + bytes_vary(classifier->mistakes[i].count, out);
    }
    for (size_t i = 0; i < facts->feature_count; i++) {
        size += 8 + 8 + classifier->features[i].name.len;
    }
    return size;
}

/* How many bytes the row takes at each of the leasts, added to sizes. */
static void bytes_row_sizes(const kundig__weights *weights, const kundig__weight_row *row,
                            const int *steps, uint32_t count, uint64_t *sizes)
{
    uint32_t class_count = weights->class_count;
    const uint8_t *cells = kundig__row_cells(weights, row);
    bool dense = kundig__row_is_dense(row->count, class_count);
    uint32_t places = !row->count ? 0 : dense ? class_count : row->count;
    uint32_t kept[KUNDIG__LEARN_SIZES] = {0};
    uint32_t next[KUNDIG__LEARN_SIZES] = {0};
    uint64_t gaps[KUNDIG__LEARN_SIZES] = {0};
    for (uint32_t i = 0; i < places; i++) {
        int weight = (int8_t)(dense ? cells[i] : cells[2 * (size_t)row->count + i]);
        if (!weight) {
            continue;
        }
        weight = weight < 0 ? -weight : weight;
        uint16_t klass = (uint16_t)i;
        if (!dense) {
            memcpy(&klass, cells + 2 * (size_t)i, sizeof klass);
        }
        for (uint32_t j = 0; j < count && weight >= steps[j]; j++) {
            gaps[j] += klass - next[j] < 0x80 ? 1 : klass - next[j] < 0x4000 ? 2 : 3;
            next[j] = klass + 1u;
            kept[j]++;
        }
    }
    for (uint32_t j = 0; j < count; j++) {
        bool bits = bytes_as_bits(kept[j], class_count);
        sizes[j] += !kept[j] ? 2
                             : 1 + bytes_vary_size(kept[j]) + 1 + kept[j] +
                                   (bits ? (class_count + 7) / 8 : gaps[j]);
    }
}

void kundig__classifier_sizes(const kundig__classifier *classifier, const float *leasts,
                              uint32_t count, uint64_t *sizes)
{
    const kundig__weights *weights = &classifier->weights;
    float scales[256];
    int steps[256][KUNDIG__LEARN_SIZES];
    kundig__weight_scales(scales);
    for (uint32_t i = 0; i < 256; i++) {
        for (uint32_t j = 0; j < count; j++) {
            steps[i][j] = kundig__weight_steps(scales[i], leasts[j]);
        }
    }
    uint64_t size = bytes_fixed(classifier) + bytes_vary_size(weights->row_count);
    for (uint32_t j = 0; j < count; j++) {
        sizes[j] = size + (leasts[j] > 0 ? 1 : kundig__nets_size(&classifier->nets));
    }
    size_t buckets = kundig__feature_buckets(weights->bits, weights->sign_count);
    size_t next = 0;
    for (size_t i = 0; i < buckets; i++) {
        if (weights->lookup[i] == KUNDIG__NO_ROW) {
            continue;
        }
        const kundig__weight_row *row = &weights->rows[weights->lookup[i]];
        for (uint32_t j = 0; j < count; j++) {
            sizes[j] += bytes_vary_size(i - next);
        }
        bytes_row_sizes(weights, row, steps[row->scale], count, sizes);
        next = i + 1;
    }
}

uint64_t kundig__classifier_size(const kundig__classifier *classifier, float least)
{
    uint64_t size;
    kundig__classifier_sizes(classifier, &least, 1, &size);
    return size;
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* The shortest way to write it is the only one. */
static uint64_t bytes_take_vary(kundig__reader *reader, uint64_t most)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        uint8_t byte = kundig__take_u8(reader);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            if ((shift && !byte) || value > most) {
                reader->failed = true;
            }
            return reader->failed ? 0 : value;
        }
    }
    reader->failed = true;
    return 0;
}

static float bytes_take_float(kundig__reader *reader, double least, double most)
{
    uint32_t bits = kundig__take_u32(reader);
    float value;
    memcpy(&value, &bits, sizeof value);
    /* one zero alone, or it would be written in two ways */
    if (!((double)value >= least && (double)value <= most)) {
        reader->failed = true;
        return 0;
    }
    return value;
}

static double bytes_take_double(kundig__reader *reader, double least, double most)
{
    uint64_t bits = kundig__take_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!(value >= least && value <= most)) {
        reader->failed = true;
        return 0;
    }
    return value;
}

static uint8_t bytes_take_small(kundig__reader *reader, uint8_t most)
{
    uint8_t value = kundig__take_u8(reader);
    if (value > most) {
        reader->failed = true;
        return 0;
    }
    return value;
}

static void bytes_take_facts(kundig__reader *reader, kundig__classifier_facts *facts)
{
    facts->lessons = bytes_take_vary(reader, BYTES_COUNT);
    facts->documents = bytes_take_vary(reader, facts->lessons);
    facts->customers = bytes_take_vary(reader, BYTES_COUNT);
    facts->aside = bytes_take_vary(reader, facts->lessons);
    facts->accuracy = bytes_take_double(reader, 0, 1);
    facts->macro_f1 = bytes_take_double(reader, 0, 1);
    facts->micro_f1 = bytes_take_double(reader, 0, 1);
    facts->log_loss = bytes_take_double(reader, 0, 1e6);
    facts->calibration_error = bytes_take_double(reader, 0, 1.001);
    facts->loss = bytes_take_double(reader, -1, 1);
    facts->size_count = bytes_take_small(reader, KUNDIG__LEARN_SIZES);
    for (uint32_t i = 0; i < facts->size_count; i++) {
        facts->sizes[i].bytes = bytes_take_vary(reader, BYTES_COUNT);
        facts->sizes[i].accuracy = bytes_take_double(reader, 0, 1);
        facts->sizes[i].least = bytes_take_double(reader, 0, 1e6);
    }
    for (uint32_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        facts->bins[i].count = bytes_take_vary(reader, BYTES_COUNT);
        facts->bins[i].right = bytes_take_vary(reader, facts->bins[i].count);
        facts->bins[i].probability = bytes_take_double(reader, 0, 1e18);
    }
}

/* Rows as they were read, and their weights. */
typedef struct bytes_rows {
    kundig__mem *mem;
    uint32_t class_count;
    uint32_t count;
    kundig__weight_row *rows; /* start is the place in values */
    size_t row_capacity;
    uint32_t *buckets;
    size_t bucket_capacity;
    uint16_t *classes;
    size_t class_capacity;
    int8_t *values;
    size_t value_capacity;
    size_t value_count;
} bytes_rows;

static void bytes_rows_free(bytes_rows *rows)
{
    kundig__mem *mem = rows->mem;
    kundig__free(mem, rows->rows, rows->row_capacity * sizeof *rows->rows);
    kundig__free(mem, rows->buckets, rows->bucket_capacity * sizeof *rows->buckets);
    kundig__free(mem, rows->classes, rows->class_capacity * sizeof *rows->classes);
    kundig__free(mem, rows->values, rows->value_capacity * sizeof *rows->values);
}

static bool bytes_row_room(bytes_rows *rows, size_t values)
{
    void *list = rows->rows;
    void *buckets = rows->buckets;
    void *classes = rows->classes;
    void *all = rows->values;
    bool fits = kundig__grow(rows->mem, &list, &rows->row_capacity, rows->count + (size_t)1,
                             sizeof *rows->rows);
    fits = fits && kundig__grow(rows->mem, &buckets, &rows->bucket_capacity,
                                rows->count + (size_t)1, sizeof *rows->buckets);
    fits = fits && kundig__grow(rows->mem, &classes, &rows->class_capacity,
                                rows->value_count + values, sizeof *rows->classes);
    fits = fits && kundig__grow(rows->mem, &all, &rows->value_capacity, rows->value_count + values,
                                sizeof *rows->values);
    rows->rows = list;
    rows->buckets = buckets;
    rows->classes = classes;
    rows->values = all;
    return fits;
}

/* The classes of a row, ascending, into rows->classes. */
static void bytes_take_classes(kundig__reader *reader, bytes_rows *rows, uint32_t count)
{
    uint16_t *out = rows->classes + rows->value_count;
    if (!bytes_as_bits(count, rows->class_count)) {
        uint32_t next = 0;
        for (uint32_t i = 0; i < count && !reader->failed; i++) {
            uint64_t klass = next + bytes_take_vary(reader, rows->class_count);
            if (klass >= rows->class_count) {
                reader->failed = true;
                return;
            }
            out[i] = (uint16_t)klass;
            next = (uint32_t)klass + 1;
        }
        return;
    }
    uint32_t found = 0;
    for (uint32_t k = 0; k < rows->class_count && !reader->failed; k += 8) {
        uint8_t bits = kundig__take_u8(reader);
        for (uint32_t i = 0; i < 8; i++) {
            if (bits >> i & 1) {
                if (k + i >= rows->class_count || found == count) {
                    reader->failed = true;
                    return;
                }
                out[found++] = (uint16_t)(k + i);
            }
        }
    }
    reader->failed = reader->failed || found != count;
}

/* false on failure of memory */
static bool bytes_take_row(kundig__reader *reader, bytes_rows *rows, uint32_t bucket)
{
    kundig__weight_row row = {.start = (uint32_t)rows->value_count};
    row.idf = kundig__take_u8(reader);
    uint32_t count = (uint32_t)bytes_take_vary(reader, rows->class_count);
    row.count = (uint16_t)count;
    if (count > reader->size - reader->pos || rows->value_count > UINT32_MAX - count) {
        reader->failed = true;
    }
    if (reader->failed) {
        return true;
    }
    if (!bytes_row_room(rows, count)) {
        return false;
    }
    if (count) {
        row.scale = kundig__take_u8(reader);
        bytes_take_classes(reader, rows, count);
        for (uint32_t i = 0; i < count && !reader->failed; i++) {
            int8_t weight = (int8_t)kundig__take_u8(reader);
            reader->failed = reader->failed || weight == 0 || weight < -KUNDIG__WEIGHT_MOST;
            rows->values[rows->value_count + i] = weight;
        }
        rows->value_count += count;
    }
    rows->rows[rows->count] = row;
    rows->buckets[rows->count++] = bucket;
    return true;
}

static int bytes_row_order(const void *ud, uint32_t a, uint32_t b)
{
    const bytes_rows *rows = ud;
    if (rows->rows[a].idf != rows->rows[b].idf) {
        return rows->rows[a].idf < rows->rows[b].idf ? -1 : 1;
    }
    return rows->buckets[a] < rows->buckets[b] ? -1 : 1;
}

/* Rows in their order, with their weights as they are asked. */
static bool bytes_lay(kundig__weights *weights, const bytes_rows *rows, uint32_t *order)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        order[i] = i;
        uint32_t count = rows->rows[i].count;
        bytes += count ? kundig__row_bytes(count, rows->class_count) : 0;
    }
    kundig__order_sort(order, rows->count, bytes_row_order, rows);
    if (!kundig__weights_init(weights, rows->mem, rows->class_count, weights->bits,
                              weights->sign_count, rows->count, bytes)) {
        return false;
    }
    size_t at = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        const kundig__weight_row *from = &rows->rows[order[i]];
        kundig__weight_row *row = &weights->rows[i];
        *row = *from;
        row->start = (uint32_t)(at / KUNDIG__ROW_UNIT);
        weights->buckets[i] = rows->buckets[order[i]];
        weights->weight_count += row->count;
        bool dense = kundig__row_is_dense(row->count, rows->class_count);
        for (uint32_t j = 0; j < row->count; j++) {
            uint16_t klass = rows->classes[from->start + j];
            uint8_t value = (uint8_t)rows->values[from->start + j];
            if (dense) {
                weights->cells[at + klass] = value;
            } else {
                memcpy(weights->cells + at + 2 * (size_t)j, &klass, sizeof klass);
                weights->cells[at + 2 * (size_t)row->count + j] = value;
            }
        }
        at += row->count ? kundig__row_bytes(row->count, rows->class_count) : 0;
    }
    kundig__weights_look(weights);
    return true;
}

/* false on failure of memory */
static bool bytes_take_rows(kundig__reader *reader, kundig__classifier *classifier,
                            const kundig__weights *head)
{
    bytes_rows rows = {.mem = &classifier->mem, .class_count = head->class_count};
    size_t buckets = kundig__feature_buckets(head->bits, head->sign_count);
    uint64_t count = bytes_take_vary(reader, buckets);
    uint64_t next = 0;
    bool fits = true;
    for (uint64_t i = 0; i < count && fits && !reader->failed; i++) {
        uint64_t bucket = next + bytes_take_vary(reader, buckets);
        if (bucket >= buckets) {
            reader->failed = true;
            break;
        }
        next = bucket + 1;
        fits = bytes_take_row(reader, &rows, (uint32_t)bucket);
    }
    uint32_t *order = NULL;
    if (fits && !reader->failed) {
        order = kundig__alloc(rows.mem, rows.count * sizeof *order);
        kundig__weights *weights = &classifier->weights;
        weights->bits = head->bits;
        weights->sign_count = head->sign_count;
        fits = order && bytes_lay(weights, &rows, order);
        if (fits) {
            weights->idf_step = head->idf_step;
            weights->idf_unknown = head->idf_unknown;
            memcpy(weights->bias, head->bias, head->class_count * sizeof *head->bias);
        }
    }
    kundig__free(rows.mem, order, rows.count * sizeof *order);
    bytes_rows_free(&rows);
    return fits;
}

static void bytes_take_class(kundig__reader *reader, kundig__classifier *classifier, uint32_t k,
                             float *bias)
{
    kundig__class_facts *facts = &classifier->classes[k];
    kundig__judge *judge = &classifier->judge;
    classifier->taught[k] = bytes_take_small(reader, 1);
    facts->lessons = bytes_take_vary(reader, BYTES_COUNT);
    facts->customers = bytes_take_vary(reader, BYTES_COUNT);
    facts->right = bytes_take_vary(reader, BYTES_COUNT);
    facts->wrong = bytes_take_vary(reader, BYTES_COUNT);
    facts->missed = bytes_take_vary(reader, BYTES_COUNT);
    judge->thresholds[k] = bytes_take_float(reader, 0, 1);
    judge->slopes[k] = bytes_take_float(reader, 0, 100);
    judge->offsets[k] = bytes_take_float(reader, -100, 100);
    bias[k] = bytes_take_float(reader, -1e6, 1e6);
}

/* false on failure of memory */
static bool bytes_take_tail(kundig__reader *reader, kundig__classifier *classifier)
{
    kundig__classifier_facts *facts = &classifier->facts;
    kundig__mem *mem = &classifier->mem;
    uint32_t class_count = facts->class_count;
    size_t mistakes = (size_t)bytes_take_vary(reader, KUNDIG__LEARN_MISTAKES);
    classifier->mistakes = kundig__alloc_zero(mem, mistakes * sizeof *classifier->mistakes);
    if (!classifier->mistakes) {
        return false;
    }
    classifier->mistake_capacity = mistakes;
    for (size_t i = 0; i < mistakes; i++) {
        kundig__mistake *mistake = &classifier->mistakes[i];
        mistake->truth = kundig__take_u32(reader);
        mistake->decided = kundig__take_u32(reader);
        mistake->count = bytes_take_vary(reader, BYTES_COUNT);
        if (mistake->truth >= class_count ||
            (mistake->decided >= class_count && mistake->decided != KUNDIG__NO_CLASS)) {
            reader->failed = true;
        }
    }
    facts->mistake_count = mistakes;
    uint64_t named = bytes_take_vary(reader, (uint64_t)class_count * 10);
    if (named > (reader->size - reader->pos) / 16) {
        reader->failed = true;
    }
    if (reader->failed) {
        return true;
    }
    classifier->features = kundig__alloc_zero(mem, (size_t)named * sizeof *classifier->features);
    if (!classifier->features) {
        return false;
    }
    classifier->feature_capacity = (size_t)named;
    for (size_t i = 0; i < named && !reader->failed; i++) {
        kundig__named_feature *feature = &classifier->features[i];
        feature->klass = kundig__take_u32(reader);
        feature->weight = bytes_take_float(reader, -1e6, 1e6);
        kundig_text name = kundig__take_text(reader);
        reader->failed = reader->failed || !name.data || name.len == 0 ||
                         feature->klass >= class_count ||
                         kundig__utf8_valid(name.data, name.len) != name.len;
        if (!reader->failed) {
            feature->name = kundig__arena_text(&classifier->names, name);
            if (!feature->name.data) {
                return false;
            }
        }
    }
    facts->feature_count = (size_t)named;
    return true;
}

static int bytes_broken(const kundig__reader *reader, kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_FORMAT, reader->pos,
                        "what the model learned cannot be read: byte %zu is cut off or damaged",
                        reader->pos);
}

int kundig__classifier_take(kundig__mem *mem, kundig__reader *reader, kundig__classifier **out,
                            kundig_error *err)
{
    kundig__weights head = {0};
    int kind = bytes_take_small(reader, KUNDIG__COURSE_ORDERED);
    int quality = bytes_take_small(reader, 1);
    head.class_count = kundig__take_u32(reader);
    head.sign_count = kundig__take_u32(reader);
    head.bits = kundig__take_u8(reader);
    head.idf_step = bytes_take_float(reader, 0, 1000);
    head.idf_unknown = kundig__take_u8(reader);
    float temperature = bytes_take_float(reader, 0, 1000);
    float sure = bytes_take_float(reader, -1e6, 1e6);
    /* Bytes cannot ask for more than they bring: a class takes that many of them. */
    if (reader->failed || head.class_count == 0 || head.class_count > KUNDIG__WEIGHTS_CLASSES ||
        head.class_count > (reader->size - reader->pos) / BYTES_CLASSES_LEAST ||
        head.sign_count > KUNDIG__LEARN_SIGNS ||
        (head.bits != KUNDIG__FEATURE_BITS && head.bits != KUNDIG__FEATURE_BITS_WIDE)) {
        return bytes_broken(reader, err);
    }
    int rc = KUNDIG_OK;
    bool fits = true;
    kundig__classifier *classifier = kundig__classifier_new(&mem->hook, head.class_count, kind);
    head.bias = kundig__alloc_zero(mem, head.class_count * sizeof *head.bias);
    if (!classifier || !head.bias) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    classifier->facts.quality = quality;
    classifier->judge.temperature = temperature;
    classifier->judge.sure = sure;
    bytes_take_facts(reader, &classifier->facts);
    bool taught = false;
    for (uint32_t k = 0; k < head.class_count && !reader->failed; k++) {
        bytes_take_class(reader, classifier, k, head.bias);
        taught = taught || classifier->taught[k];
    }
    reader->failed = reader->failed || !taught;
    fits = reader->failed || bytes_take_rows(reader, classifier, &head);
    if (fits && !reader->failed) {
        fits = kundig__nets_init(&classifier->nets, &classifier->mem, &classifier->weights) &&
               kundig__nets_take(&classifier->nets, reader);
    }
    fits = fits && (reader->failed || bytes_take_tail(reader, classifier));
    if (!fits) {
        rc = kundig__nomem(&classifier->mem, err);
    } else if (reader->failed) {
        rc = bytes_broken(reader, err);
    } else {
        kundig__classifier_settle(classifier);
        *out = classifier;
    }
done:
    kundig__free(mem, head.bias, head.class_count * sizeof *head.bias);
    if (rc != KUNDIG_OK) {
        kundig__classifier_free(classifier);
    }
    return rc;
}
