#include "support.h"

TestSuite(classifier_bytes, .fini = probe_fini);

static void bytes_put(kundig__buf *buf, kundig__mem *mem, const learn_set *set)
{
    kundig__classifier *classifier = learn_learn(mem, &set->course);
    kundig__buf_init(buf, mem);
    kundig__classifier_put(buf, classifier);
    cr_assert(!buf->failed);
    cr_assert_eq(buf->len, classifier->facts.bytes);
    kundig__classifier_free(classifier);
}

static int bytes_take(kundig__mem *mem, const void *data, size_t size, kundig__classifier **out,
                      kundig_error *err)
{
    kundig__reader reader = {data, size, 0, false};
    *out = NULL;
    return kundig__classifier_take(mem, &reader, out, err);
}

/* A set that has a bit of everything: customers, names, several blocks, rare classes. */
static learn_set *bytes_set(int kind)
{
    learn_set *set = learn_make(240, kind, 1);
    for (uint32_t i = 0; i < 240; i++) {
        set->lessons[i].customer = i / 2;
    }
    if (kind == KUNDIG__COURSE_ONE) {
        set->course.class_count = 40;
        for (uint32_t i = 0; i < 240; i++) {
            set->marks[i][0].klass = i < 200 ? i % 3 : i % 40;
        }
    }
    return set;
}

Test(classifier_bytes, come_back_as_they_were)
{
    kundig__mem mem;
    learn_mem(&mem);
    for (int kind = 0; kind < 3; kind++) {
        learn_set *set = bytes_set(kind);
        kundig__buf buf;
        kundig__classifier *back;
        kundig__classifier *classifier = learn_learn(&mem, &set->course);
        bytes_put(&buf, &mem, set);
        cr_assert_eq(bytes_take(&mem, buf.data, buf.len, &back, NULL), KUNDIG_OK);
        learn_same(&mem, classifier, back);
        const kundig__classifier_facts *one = &classifier->facts;
        const kundig__classifier_facts *two = &back->facts;
        cr_assert(one->words == two->words && one->characters == two->characters);
        cr_assert(one->weights == two->weights && one->bytes == two->bytes);
        cr_assert(one->accuracy == two->accuracy && one->sure == two->sure);
        cr_assert(one->feature_count == two->feature_count && one->feature_count > 0);
        cr_assert_eq(one->mistake_count, two->mistake_count);
        learn_asking asks;
        learn_asking again;
        learn_ask_begin(&asks, &mem, classifier);
        learn_ask_begin(&again, &mem, back);
        uint64_t seed = 4;
        for (uint32_t i = 0; i < 40; i++) {
            char text[LEARN_TEXT];
            learn_text(&seed, i % 3, text, sizeof text);
            learn_ask(&asks, text);
            learn_ask(&again, text);
            cr_assert_eq(memcmp(asks.classifying.probabilities, again.classifying.probabilities,
                                set->course.class_count * sizeof(float)),
                         0);
            cr_assert_eq(asks.classifying.sureness, again.classifying.sureness);
        }
        learn_ask_end(&asks);
        learn_ask_end(&again);
        kundig__classifier_free(classifier);
        kundig__classifier_free(back);
        kundig__buf_free(&buf);
        free(set);
    }
}

Test(classifier_bytes, are_refused_in_words_wherever_they_are_cut)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = bytes_set(KUNDIG__COURSE_ONE);
    kundig__buf buf;
    bytes_put(&buf, &mem, set);
    size_t step = buf.len > 4000 ? buf.len / 4000 + 1 : 1;
    for (size_t size = 0; size < buf.len; size += size < 2000 ? 1 : step) {
        kundig__classifier *classifier;
        kundig_error err = {0, 0, ""};
        char *copy = malloc(size ? size : 1); /* so that reading behind the end shows */
        memcpy(copy, buf.data, size);
        cr_assert_eq(bytes_take(&mem, copy, size, &classifier, &err), KUNDIG_E_FORMAT);
        cr_assert_null(classifier);
        cr_assert(strstr(err.message, "cannot be read") && err.pos <= size);
        free(copy);
    }
    kundig__buf_free(&buf);
    free(set);
}

/* A changed byte is refused, or is another classifier that is written as it was read, and can be
 * asked. */
Test(classifier_bytes, do_no_harm_when_any_is_changed)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = bytes_set(KUNDIG__COURSE_SEVERAL);
    kundig__buf buf;
    bytes_put(&buf, &mem, set);
    const uint8_t changes[] = {0x01, 0x80, 0xFF, 0x7F};
    size_t refused = 0;
    size_t step = buf.len > 3000 ? buf.len / 3000 + 1 : 1;
    for (size_t at = 0; at < buf.len; at += at < 600 ? 1 : step) {
        for (size_t i = 0; i < sizeof changes; i++) {
            kundig__classifier *classifier;
            kundig_error err = {0, 0, ""};
            char was = buf.data[at];
            buf.data[at] = (char)((uint8_t)was ^ changes[i]);
            int rc = bytes_take(&mem, buf.data, buf.len, &classifier, &err);
            if (rc == KUNDIG_OK) {
                kundig__buf back;
                learn_asking asking;
                kundig__buf_init(&back, &mem);
                kundig__classifier_put(&back, classifier);
                /* bytes behind its end are not its own */
                cr_assert_leq(back.len, buf.len);
                cr_assert_eq(memcmp(back.data, buf.data, back.len), 0, "byte %zu", at);
                cr_assert_eq(back.len, classifier->facts.bytes);
                kundig__buf_free(&back);
                if (at % 8 == 0) {
                    learn_ask_begin(&asking, &mem, classifier);
                    learn_ask(&asking, "my parcel was late and expensive");
                    cr_assert_lt(asking.classifying.best, 3);
                    learn_ask_end(&asking);
                }
                kundig__classifier_free(classifier);
            } else {
                cr_assert_eq(rc, KUNDIG_E_FORMAT);
                cr_assert(err.message[0] && err.pos <= buf.len);
                refused++;
            }
            buf.data[at] = was;
        }
    }
    cr_assert_gt(refused, 100);
    kundig__buf_free(&buf);
    free(set);
}

Test(classifier_bytes, cannot_ask_for_more_memory_than_they_bring)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = bytes_set(KUNDIG__COURSE_ONE);
    kundig__buf buf;
    bytes_put(&buf, &mem, set);
    size_t limit = 64 * buf.len + ((size_t)24 << 20);
    for (size_t at = 2; at < 12; at++) {
        for (int bit = 0; bit < 8; bit++) {
            kundig__classifier *classifier;
            buf.data[at] = (char)(buf.data[at] ^ (1 << bit));
            probe_shared.peak_bytes = probe_shared.live_bytes;
            bytes_take(&mem, buf.data, buf.len, &classifier, NULL);
            cr_assert_lt(probe_shared.peak_bytes, limit);
            kundig__classifier_free(classifier);
            buf.data[at] = (char)(buf.data[at] ^ (1 << bit));
        }
    }
    kundig__buf_free(&buf);
    free(set);
}

Test(classifier_bytes, are_as_many_as_was_said_before_weights_go)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = bytes_set(KUNDIG__COURSE_ONE);
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    for (uint32_t i = 0; i < classifier->facts.size_count; i++) {
        const kundig__learn_size *size = &classifier->facts.sizes[i];
        kundig__classifier *small = NULL;
        uint64_t bytes = kundig__classifier_size(classifier, (float)size->least);
        cr_assert_eq(kundig__classifier_prune(&mem, classifier, bytes, &small, NULL), KUNDIG_OK);
        cr_assert_leq(small->facts.bytes, bytes + 16);
        kundig__classifier_free(small);
    }
    kundig__classifier_free(classifier);
    free(set);
}

static int bytes_sweep(const kundig__buf *from)
{
    kundig__mem mem;
    kundig__classifier *classifier;
    kundig__buf buf;
    learn_mem(&mem);
    int rc = bytes_take(&mem, from->data, from->len, &classifier, NULL);
    if (rc == KUNDIG_OK) {
        kundig__buf_init(&buf, &mem);
        kundig__classifier_put(&buf, classifier);
        rc = buf.failed ? KUNDIG_E_NOMEM : KUNDIG_OK;
        kundig__buf_free(&buf);
        kundig__classifier_free(classifier);
    }
    return rc;
}

Test(classifier_bytes, say_so_when_memory_fails)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = bytes_set(KUNDIG__COURSE_ORDERED);
    kundig__buf buf;
    bytes_put(&buf, &mem, set);
    LEARN_SWEEP(bytes_sweep(&buf));
    kundig__buf_free(&buf);
    free(set);
}
