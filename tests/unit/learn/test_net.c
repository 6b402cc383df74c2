#include <criterion/criterion.h>

#include "learn/learned.h"
#include "net_lessons.h"
#include "probe.h"

TestSuite(net, .fini = probe_fini);

static net_lessons lessons;

static kundig__mem open_mem(void)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

static kundig__classifier *taught(kundig__mem *mem, size_t count, int kind)
{
    net_lessons_make(&lessons, count, kind, KUNDIG_QUALITY_BEST);
    kundig__classifier *classifier = NULL;
    cr_assert_eq(kundig__classifier_learn(mem, &lessons.course, &classifier, NULL), KUNDIG_OK);
    cr_assert_eq(classifier->nets.count, KUNDIG__NETS);
    return classifier;
}

static kundig__buf bytes_of(kundig__mem *mem, const kundig__nets *nets)
{
    kundig__buf buf;
    kundig__buf_init(&buf, mem);
    kundig__nets_put(&buf, nets);
    cr_assert(!buf.failed);
    return buf;
}

/* What one network says of a text in floats, by hand. */
static void say(const kundig__classifier *classifier, const kundig__features *features,
                const kundig__weighing *weighing, double *margins)
{
    const kundig__nets *nets = &classifier->nets;
    const kundig__weights *weights = &classifier->weights;
    size_t classes = kundig__weights_width(nets->class_count);
    float scales[256];
    kundig__weight_scales(scales);
    margins[0] = margins[1] = 0;
    for (uint32_t n = 0; n < nets->count; n++) {
        const kundig__net *net = &nets->list[n];
        for (uint32_t j = 0; j < net->width; j++) {
            double h = (double)net->bias[j];
            for (size_t i = 0; i < features->ends[KUNDIG__BLOCK_SIGNS]; i++) {
                uint32_t row = features->list[i].row;
                uint32_t block = i < features->ends[0] ? 0 : 1;
                double value = (double)(weighing->counts[features->list[i].count] *
                                        (weights->idf_step * (float)weights->rows[row].idf)) /
                               (double)weighing->lengths[block];
                h += value * (double)scales[net->row_scales[row]] *
                     net->rows[(size_t)row * net->width + j];
            }
            for (uint32_t k = 0; k < 2 && h > 0; k++) {
                margins[k] += h * (double)scales[net->out_scales[j]] * net->outs[j * classes + k];
            }
        }
        margins[0] += (double)net->class_bias[0];
        margins[1] += (double)net->class_bias[1];
    }
    margins[0] /= 5.0 * nets->count;
    margins[1] /= 5.0 * nets->count;
}

Test(net, is_asked_in_whole_numbers_that_say_what_its_weights_say)
{
    kundig__mem mem = open_mem();
    kundig__classifier *classifier = taught(&mem, 800, KUNDIG__COURSE_ONE);
    kundig__classifying asking;
    kundig__scratch scratch;
    cr_assert_eq(kundig__classifying_init(&asking, &mem, classifier), KUNDIG_OK);
    kundig__scratch_init(&scratch, &mem);
    double right = 0;
    for (size_t i = 0; i < 200; i++) {
        kundig_text text = lessons.lessons[i].text;
        cr_assert_eq(kundig__text_features(&scratch, text.data, text.len, KUNDIG__LEARN_FAMILIES),
                     KUNDIG_OK);
        cr_assert_eq(kundig__classify(&asking, &scratch, NULL, 0), KUNDIG_OK);
        kundig__asking *work = asking.work;
        double nets[2];
        float plain[2];
        say(classifier, &work->features, &work->weighing, nets);
        cr_assert(
            kundig__weigh(&work->weighing, &mem, &classifier->weights, &work->features, plain));
        for (int k = 0; k < 2; k++) {
            double share = (double)classifier->nets.share;
            double both = (double)plain[k] * (1 - share) + nets[k] * share;
            double off = both - (double)asking.margins[k];
            cr_assert(off < 2e-3 && off > -2e-3, "%g", off);
        }
        right += asking.best == lessons.marks[i][0].klass;
    }
    cr_assert(right > 180, "%f", right);
    /* A text of nothing known, and one of nothing. */
    for (int i = 0; i < 2; i++) {
        const char *text = i ? "" : "zzzz";
        cr_assert_eq(kundig__text_features(&scratch, text, strlen(text), KUNDIG__LEARN_FAMILIES),
                     KUNDIG_OK);
        cr_assert_eq(kundig__classify(&asking, &scratch, NULL, 0), KUNDIG_OK);
        float sum = asking.probabilities[0] + asking.probabilities[1];
        cr_assert(sum > 0.999f && sum < 1.001f);
    }
    kundig__scratch_free(&scratch);
    kundig__classifying_free(&asking);
    kundig__classifier_free(classifier);
}

Test(net, comes_back_from_its_bytes_and_from_a_copy)
{
    kundig__mem mem = open_mem();
    kundig__classifier *classifier = taught(&mem, 600, KUNDIG__COURSE_SEVERAL);
    kundig__nets back;
    kundig__nets copy;
    kundig__buf first = bytes_of(&mem, &classifier->nets);
    cr_assert_eq(first.len, kundig__nets_size(&classifier->nets));
    cr_assert(kundig__nets_init(&back, &mem, &classifier->weights));
    cr_assert(kundig__nets_init(&copy, &mem, &classifier->weights));
    kundig__reader reader = {.data = (const uint8_t *)first.data, .size = first.len};
    cr_assert(kundig__nets_take(&back, &reader));
    cr_assert(!reader.failed && reader.pos == first.len);
    cr_assert(kundig__nets_copy(&copy, &back));
    kundig__buf second = bytes_of(&mem, &copy);
    cr_assert_eq(first.len, second.len);
    cr_assert_eq(memcmp(first.data, second.data, first.len), 0);
    kundig__buf_free(&first);
    kundig__buf_free(&second);
    kundig__nets_free(&copy);
    kundig__nets_free(&back);
    kundig__classifier_free(classifier);
}

static bool taken(kundig__mem *mem, const kundig__weights *weights, const void *data, size_t size)
{
    kundig__nets nets;
    cr_assert(kundig__nets_init(&nets, mem, weights));
    kundig__reader reader = {.data = data, .size = size};
    cr_assert(kundig__nets_take(&nets, &reader));
    kundig__nets_free(&nets);
    return !reader.failed;
}

Test(net, refuses_bytes_that_learning_cannot_have_made)
{
    kundig__mem mem = open_mem();
    kundig__classifier *classifier = taught(&mem, 600, KUNDIG__COURSE_ONE);
    const kundig__weights *weights = &classifier->weights;
    kundig__buf buf = bytes_of(&mem, &classifier->nets);
    uint8_t *data = (uint8_t *)buf.data;
    cr_assert(taken(&mem, weights, data, buf.len));
    for (size_t size = 0; size < buf.len; size += size < 64 ? 1 : 997) {
        cr_assert(!taken(&mem, weights, data, size), "%zu", size);
    }
    /* count  share  temperature  slopes, offsets, thresholds of two classes  width  scales  rows */
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {{0, 1}, {0, 3}, {4, 0xFF}, {4, 0x7F}, {8, 0xFF}, {33, 0}, {33, 8}, {34, 9}};
    cr_assert_eq(data[33], classifier->nets.list[0].width);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t old = data[wrong[i].at];
        if (old != wrong[i].value) {
            data[wrong[i].at] = wrong[i].value;
            cr_assert(!taken(&mem, weights, data, buf.len), "%zu", i);
        }
        data[wrong[i].at] = old;
    }
    size_t row = 33 + 4 + weights->row_count;
    uint8_t old = data[row];
    data[row] = 0x80;
    cr_assert(!taken(&mem, weights, data, buf.len));
    data[row] = old;
    cr_assert(taken(&mem, weights, data, buf.len));
    kundig__buf_free(&buf);
    kundig__classifier_free(classifier);
}

Test(net, survives_failing_memory)
{
    kundig__mem mem = open_mem();
    kundig__classifier *classifier = taught(&mem, 600, KUNDIG__COURSE_ONE);
    kundig__buf buf = bytes_of(&mem, &classifier->nets);
    for (int on = 0; on < 2; on++) {
        bool made = false;
        for (size_t at = 1; !made; at++) {
            kundig__nets nets;
            kundig__nets copy = {0};
            kundig__nets_asking asking;
            kundig__reader reader = {.data = (const uint8_t *)buf.data, .size = buf.len};
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on != 0;
            made = kundig__nets_init(&nets, &mem, &classifier->weights) &&
                   kundig__nets_take(&nets, &reader);
            made = made && kundig__nets_init(&copy, &mem, &classifier->weights) &&
                   kundig__nets_copy(&copy, &nets);
            made = made && kundig__nets_asking_init(&asking, &mem, &nets);
            probe_shared.fail_at = 0;
            if (made) {
                cr_assert_gt(at, 20);
                kundig__nets_asking_free(&asking, &mem, &nets);
            }
            kundig__nets_free(&copy);
            kundig__nets_free(&nets);
        }
    }
    kundig__buf_free(&buf);
    kundig__classifier_free(classifier);
}
