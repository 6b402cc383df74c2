/* Networks as they are kept and asked: rows of small numbers, each with a scale of its own.
 *
 *   values of features > whole sums > hidden units, those above 0 > whole sums > classes
 *
 * Rows are those of the weights of the support vectors, in their order. Sums are of whole numbers,
 * as there: their order does not matter, and every machine has the same result.
 * Cost: of a text features x hidden units / 16 steps a network; a byte a feature and hidden unit.
 */
#include "learn/net.h"

#define NETS_PARTS 0.2f /* margins are a fifth of what networks say */

/* ---- Their life ----------------------------------------------------------------------------- */

bool kundig__nets_init(kundig__nets *nets, kundig__mem *mem, const kundig__weights *weights)
{
    memset(nets, 0, sizeof *nets);
    nets->mem = mem;
    nets->row_count = weights->row_count;
    nets->class_count = weights->class_count;
    nets->slopes = kundig__alloc_zero(mem, nets->class_count * sizeof *nets->slopes);
    nets->offsets = kundig__alloc_zero(mem, nets->class_count * sizeof *nets->offsets);
    nets->thresholds = kundig__alloc_zero(mem, nets->class_count * sizeof *nets->thresholds);
    return nets->slopes && nets->offsets && nets->thresholds;
}

static bool nets_room(kundig__nets *nets, kundig__net *net, uint32_t width)
{
    kundig__mem *mem = nets->mem;
    size_t classes = kundig__weights_width(nets->class_count);
    net->width = width;
    net->rows = kundig__alloc_zero(mem, (size_t)nets->row_count * width);
    net->row_scales = kundig__alloc_zero(mem, nets->row_count);
    net->bias = kundig__alloc_zero(mem, width * sizeof *net->bias);
    net->outs = kundig__alloc_zero(mem, width * classes);
    net->out_scales = kundig__alloc_zero(mem, width);
    net->class_bias = kundig__alloc_zero(mem, nets->class_count * sizeof *net->class_bias);
    return net->rows && net->row_scales && net->bias && net->outs && net->out_scales &&
           net->class_bias;
}

static void nets_drop(kundig__nets *nets, kundig__net *net)
{
    kundig__mem *mem = nets->mem;
    size_t classes = kundig__weights_width(nets->class_count);
    kundig__free(mem, net->rows, (size_t)nets->row_count * net->width);
    kundig__free(mem, net->row_scales, nets->row_count);
    kundig__free(mem, net->bias, net->width * sizeof *net->bias);
    kundig__free(mem, net->outs, net->width * classes);
    kundig__free(mem, net->out_scales, net->width);
    kundig__free(mem, net->class_bias, nets->class_count * sizeof *net->class_bias);
    memset(net, 0, sizeof *net);
}

void kundig__nets_free(kundig__nets *nets)
{
    kundig__mem *mem = nets->mem;
    if (!mem) {
        return;
    }
    for (uint32_t i = 0; i < nets->count; i++) {
        nets_drop(nets, &nets->list[i]);
    }
    kundig__free(mem, nets->slopes, nets->class_count * sizeof *nets->slopes);
    kundig__free(mem, nets->offsets, nets->class_count * sizeof *nets->offsets);
    kundig__free(mem, nets->thresholds, nets->class_count * sizeof *nets->thresholds);
    memset(nets, 0, sizeof *nets);
}

/* One row in steps of the least scale that it fits into. */
static uint8_t nets_shrink(const float scales[256], const float *from, size_t count, int8_t *to)
{
    float most = 0;
    for (size_t i = 0; i < count; i++) {
        float size = from[i] < 0 ? -from[i] : from[i];
        most = size > most ? size : most;
    }
    if (!(most > 0)) {
        memset(to, 0, count);
        return 0;
    }
    uint32_t scale = 0;
    while (scale < 255 && scales[scale] * (float)KUNDIG__WEIGHT_MOST < most) {
        scale++;
    }
    float by = 1 / scales[scale];
    for (size_t i = 0; i < count; i++) {
        float steps = from[i] * by;
        steps = steps < 0 ? steps - 0.5f : steps + 0.5f;
        steps = steps > KUNDIG__WEIGHT_MOST ? KUNDIG__WEIGHT_MOST : steps;
        steps = steps < -KUNDIG__WEIGHT_MOST ? -KUNDIG__WEIGHT_MOST : steps;
        to[i] = (int8_t)steps;
    }
    return (uint8_t)scale;
}

bool kundig__nets_add(kundig__nets *nets, const kundig__weights *weights,
                      const kundig__net_learner *learner)
{
    const kundig__documents *documents = learner->documents;
    kundig__net *net = &nets->list[nets->count++];
    size_t width = learner->width;
    size_t classes = kundig__weights_width(nets->class_count);
    if (!nets_room(nets, net, learner->width)) {
        return false;
    }
    float scales[256];
    kundig__weight_scales(scales);
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        uint32_t row = weights->lookup[documents->buckets[i]];
        net->row_scales[row] =
            nets_shrink(scales, learner->rows + i * width, width, net->rows + row * width);
    }
    memcpy(net->bias, learner->rows + documents->feature_count * width, width * sizeof *net->bias);
    for (size_t i = 0; i < width; i++) {
        net->out_scales[i] = nets_shrink(scales, learner->outs + i * learner->class_room,
                                         nets->class_count, net->outs + i * classes);
    }
    memcpy(net->class_bias, learner->class_bias, nets->class_count * sizeof *net->class_bias);
    return true;
}

bool kundig__nets_copy(kundig__nets *out, const kundig__nets *from)
{
    size_t each = from->class_count * sizeof(float);
    size_t classes = kundig__weights_width(from->class_count);
    if (!from->count) {
        return true;
    }
    out->share = from->share;
    out->temperature = from->temperature;
    memcpy(out->slopes, from->slopes, each);
    memcpy(out->offsets, from->offsets, each);
    memcpy(out->thresholds, from->thresholds, each);
    for (uint32_t i = 0; i < from->count; i++) {
        const kundig__net *net = &from->list[i];
        kundig__net *to = &out->list[out->count++];
        if (!nets_room(out, to, net->width)) {
            return false;
        }
        memcpy(to->rows, net->rows, (size_t)from->row_count * net->width);
        memcpy(to->row_scales, net->row_scales, from->row_count);
        memcpy(to->bias, net->bias, net->width * sizeof *net->bias);
        memcpy(to->outs, net->outs, net->width * classes);
        memcpy(to->out_scales, net->out_scales, net->width);
        memcpy(to->class_bias, net->class_bias, each);
    }
    return true;
}

/* ---- Bytes ---------------------------------------------------------------------------------- */

static void nets_put_float(kundig__buf *buf, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    kundig__put_u32(buf, bits);
}

static float nets_take_float(kundig__reader *reader, float least, float most)
{
    uint32_t bits = kundig__take_u32(reader);
    float value;
    memcpy(&value, &bits, sizeof value);
    if (!(value >= least && value <= most)) {
        reader->failed = true;
        return 0;
    }
    return value;
}

uint64_t kundig__nets_size(const kundig__nets *nets)
{
    if (!nets->count) {
        return 1;
    }
    uint64_t classes = nets->class_count;
    uint64_t size = 1 + 4 + 4 + classes * 12;
    for (uint32_t i = 0; i < nets->count; i++) {
        uint64_t width = nets->list[i].width;
        size += 4 + nets->row_count * (width + 1) + width * (4 + 1 + classes) + classes * 4;
    }
    return size;
}

void kundig__nets_put(kundig__buf *buf, const kundig__nets *nets)
{
    kundig__put_u8(buf, (uint8_t)nets->count);
    if (!nets->count) {
        return;
    }
    nets_put_float(buf, nets->share);
    nets_put_float(buf, nets->temperature);
    for (uint32_t k = 0; k < nets->class_count; k++) {
        nets_put_float(buf, nets->slopes[k]);
        nets_put_float(buf, nets->offsets[k]);
        nets_put_float(buf, nets->thresholds[k]);
    }
    size_t classes = kundig__weights_width(nets->class_count);
    for (uint32_t i = 0; i < nets->count; i++) {
        const kundig__net *net = &nets->list[i];
        kundig__put_u32(buf, net->width);
        kundig__buf_add(buf, net->row_scales, nets->row_count);
        kundig__buf_add(buf, net->rows, (size_t)nets->row_count * net->width);
        for (uint32_t j = 0; j < net->width; j++) {
            nets_put_float(buf, net->bias[j]);
            kundig__put_u8(buf, net->out_scales[j]);
            kundig__buf_add(buf, net->outs + j * classes, nets->class_count);
        }
        for (uint32_t k = 0; k < nets->class_count; k++) {
            nets_put_float(buf, net->class_bias[k]);
        }
    }
}

/* Small numbers, none of them -128: learning makes none. */
static void nets_take_small(kundig__reader *reader, int8_t *out, size_t count)
{
    if (reader->failed || count > reader->size - reader->pos) {
        reader->failed = true;
        return;
    }
    memcpy(out, reader->data + reader->pos, count);
    for (size_t i = 0; i < count; i++) {
        reader->failed = reader->failed || out[i] < -KUNDIG__WEIGHT_MOST;
    }
    reader->pos += count;
}

/* false on failure of memory */
static bool nets_take_one(kundig__nets *nets, kundig__net *net, kundig__reader *reader)
{
    uint32_t width = kundig__take_u32(reader);
    size_t classes = kundig__weights_width(nets->class_count);
    /* Bytes cannot ask for more than they bring. */
    if (reader->failed || width == 0 || width > KUNDIG__NET_WIDE || width % KUNDIG__NET_GROUP ||
        ((uint64_t)nets->row_count + nets->class_count) * width > reader->size - reader->pos) {
        reader->failed = true;
        return true;
    }
    if (!nets_room(nets, net, width)) {
        return false;
    }
    for (uint32_t i = 0; i < nets->row_count; i++) {
        net->row_scales[i] = kundig__take_u8(reader);
    }
    nets_take_small(reader, net->rows, (size_t)nets->row_count * width);
    for (uint32_t j = 0; j < width; j++) {
        net->bias[j] = nets_take_float(reader, -1e6f, 1e6f);
        net->out_scales[j] = kundig__take_u8(reader);
        nets_take_small(reader, net->outs + j * classes, nets->class_count);
    }
    for (uint32_t k = 0; k < nets->class_count; k++) {
        net->class_bias[k] = nets_take_float(reader, -1e6f, 1e6f);
    }
    return true;
}

bool kundig__nets_take(kundig__nets *nets, kundig__reader *reader)
{
    uint32_t count = kundig__take_u8(reader);
    if (reader->failed || count == 0) {
        return true;
    }
    if (count != KUNDIG__NETS) {
        reader->failed = true;
        return true;
    }
    nets->share = nets_take_float(reader, 0, 1);
    nets->temperature = nets_take_float(reader, 0, 1000);
    for (uint32_t k = 0; k < nets->class_count; k++) {
        nets->slopes[k] = nets_take_float(reader, 0, 100);
        nets->offsets[k] = nets_take_float(reader, -100, 100);
        nets->thresholds[k] = nets_take_float(reader, 0, 1);
    }
    bool fits = true;
    for (uint32_t i = 0; i < count && fits && !reader->failed; i++) {
        fits = nets_take_one(nets, &nets->list[nets->count++], reader);
    }
    return fits;
}

/* ---- Asking --------------------------------------------------------------------------------- */

bool kundig__nets_asking_init(kundig__nets_asking *asking, kundig__mem *mem,
                              const kundig__nets *nets)
{
    memset(asking, 0, sizeof *asking);
    if (!nets->count) {
        return true;
    }
    uint32_t classes = kundig__weights_width(nets->class_count);
    uint32_t sums = classes > KUNDIG__NET_WIDE ? classes : KUNDIG__NET_WIDE;
    asking->sums = kundig__alloc_zero(mem, sums * sizeof *asking->sums);
    asking->margins = kundig__alloc_zero(mem, nets->class_count * sizeof *asking->margins);
    if (!asking->sums || !asking->margins) {
        kundig__nets_asking_free(asking, mem, nets);
        return false;
    }
    return true;
}

void kundig__nets_asking_free(kundig__nets_asking *asking, kundig__mem *mem,
                              const kundig__nets *nets)
{
    uint32_t classes = kundig__weights_width(nets->class_count);
    uint32_t sums = classes > KUNDIG__NET_WIDE ? classes : KUNDIG__NET_WIDE;
    kundig__free(mem, asking->sums, sums * sizeof *asking->sums);
    kundig__free(mem, asking->margins, nets->class_count * sizeof *asking->margins);
    kundig__free(mem, asking->values, asking->capacity * sizeof *asking->values);
    kundig__free(mem, asking->scaled, asking->scaled_capacity * sizeof *asking->scaled);
    kundig__free(mem, asking->factors, asking->factor_capacity * sizeof *asking->factors);
    memset(asking, 0, sizeof *asking);
}

/* Values of features, each block of length 1. */
static void nets_values(float *values, const kundig__weights *weights,
                        const kundig__weighing *weighing, const kundig__features *features)
{
    size_t from = 0;
    for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
        size_t to = features->ends[block];
        float length = weighing->lengths[block];
        for (size_t i = from; i < to; i++) {
            const kundig__feature *feature = &features->list[i];
            float value = block == KUNDIG__BLOCK_SIGNS
                              ? 1
                              : weighing->counts[feature->count] *
                                    (weights->idf_step * (float)weights->rows[feature->row].idf);
            values[i] = length > 0 ? value / length : 0;
        }
        from = to;
    }
}

static void nets_ask_one(kundig__nets_asking *asking, const kundig__nets *nets,
                         const kundig__net *net, const float scales[256],
                         const kundig__features *features)
{
    size_t count = features->ends[KUNDIG__BLOCK_SIGNS];
    const kundig__feature *list = features->list;
    const uint8_t *rows = (const uint8_t *)net->rows;
    size_t width = net->width;
    for (size_t i = 0; i < count; i++) {
        asking->scaled[i] = asking->values[i] * scales[net->row_scales[list[i].row]];
    }
    float by = kundig__weigh_factors(asking->scaled, asking->factors, 0, count);
    memset(asking->sums, 0, width * sizeof *asking->sums);
    for (size_t i = 0; i < count && by > 0; i += 2) {
        bool two = i + 1 < count;
        kundig__weigh_dense(asking->sums, rows + list[i].row * width, asking->factors[i],
                            rows + list[two ? i + 1 : i].row * width,
                            two ? asking->factors[i + 1] : 0, net->width);
    }
    uint32_t active[KUNDIG__NET_WIDE];
    float hidden[KUNDIG__NET_WIDE];
    int16_t factors[KUNDIG__NET_WIDE];
    size_t active_count = 0;
    for (uint32_t j = 0; j < net->width; j++) {
        float h = net->bias[j] + (by > 0 ? (float)asking->sums[j] / by : 0);
        if (h > 0) {
            hidden[active_count] = h * scales[net->out_scales[j]];
            active[active_count++] = j;
        }
    }
    uint32_t classes = kundig__weights_width(nets->class_count);
    const uint8_t *outs = (const uint8_t *)net->outs;
    memset(asking->sums, 0, classes * sizeof *asking->sums);
    by = kundig__weigh_factors(hidden, factors, 0, active_count);
    for (size_t i = 0; i < active_count && by > 0; i += 2) {
        bool two = i + 1 < active_count;
        kundig__weigh_dense(asking->sums, outs + (size_t)active[i] * classes, factors[i],
                            outs + (size_t)active[two ? i + 1 : i] * classes,
                            two ? factors[i + 1] : 0, classes);
    }
    for (uint32_t k = 0; k < nets->class_count; k++) {
        asking->margins[k] += net->class_bias[k] + (by > 0 ? (float)asking->sums[k] / by : 0);
    }
}

bool kundig__nets_ask(kundig__nets_asking *asking, kundig__mem *mem, const kundig__nets *nets,
                      const kundig__weights *weights, const kundig__weighing *weighing,
                      const kundig__features *features, float *margins)
{
    if (!nets->count) {
        return true;
    }
    size_t count = features->ends[KUNDIG__BLOCK_SIGNS];
    void *values = asking->values;
    void *scaled = asking->scaled;
    void *factors = asking->factors;
    bool fits = kundig__grow(mem, &values, &asking->capacity, count, sizeof *asking->values);
    asking->values = values;
    fits =
        fits && kundig__grow(mem, &scaled, &asking->scaled_capacity, count, sizeof *asking->scaled);
    asking->scaled = scaled;
    fits = fits &&
           kundig__grow(mem, &factors, &asking->factor_capacity, count, sizeof *asking->factors);
    asking->factors = factors;
    if (!fits) {
        return false;
    }
    nets_values(asking->values, weights, weighing, features);
    memset(asking->margins, 0, nets->class_count * sizeof *asking->margins);
    for (uint32_t i = 0; i < nets->count; i++) {
        nets_ask_one(asking, nets, &nets->list[i], weighing->scales, features);
    }
    float part = NETS_PARTS / (float)nets->count;
    for (uint32_t k = 0; k < nets->class_count; k++) {
        margins[k] = kundig__nets_blend(nets->share, margins[k], asking->margins[k] * part);
    }
    return true;
}
