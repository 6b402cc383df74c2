/* Any bytes: taken as a classifier, whole, or with some of them changed in one that was learned.
 * What is taken is written as it was read, and answers whatever it is asked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "learn/classifier.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static const char *const fuzz_texts[] = {
    "the parcel is late", "late again, my parcel", "where is the parcel?", "parcel lost and late",
    "too expensive",      "the price is too high", "expensive, bad price", "what a price!",
};

/* A small classifier of the kind, as bytes. */
static void fuzz_learn(kundig__mem *mem, kundig__buf *buf, int kind)
{
    kundig__lesson lessons[8];
    kundig__mark marks[8];
    memset(lessons, 0, sizeof lessons);
    for (uint32_t i = 0; i < 8; i++) {
        marks[i] = (kundig__mark){i / 4, 1, true};
        lessons[i].text = (kundig_text){fuzz_texts[i], strlen(fuzz_texts[i])};
        lessons[i].marks = &marks[i];
        lessons[i].mark_count = 1;
        lessons[i].customer = KUNDIG__NOBODY;
        lessons[i].weight = 1;
    }
    kundig__course course = {.lessons = lessons,
                             .lesson_count = 8,
                             .class_count = 2,
                             .kind = kind,
                             .least_customers = 5,
                             .threads = 1};
    kundig__classifier *classifier = NULL;
    check(kundig__classifier_learn(mem, &course, &classifier, NULL) == KUNDIG_OK);
    kundig__classifier_put(buf, classifier);
    check(!buf->failed);
    kundig__classifier_free(classifier);
}

static void fuzz_ask(kundig__mem *mem, const kundig__classifier *classifier, const char *text,
                     size_t len)
{
    kundig__scratch scratch;
    kundig__classifying classifying;
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    size_t count = 0;
    uint32_t classes = kundig__classifier_facts_of(classifier)->class_count;
    kundig__scratch_init(&scratch, mem);
    check(kundig__classifying_init(&classifying, mem, classifier) == KUNDIG_OK);
    check(kundig__text_features(&scratch, text, len, KUNDIG__LEARN_FAMILIES) == KUNDIG_OK);
    check(kundig__classify(&classifying, &scratch, NULL, 0) == KUNDIG_OK);
    check(classifying.best < classes && classifying.known >= 0 && classifying.known <= 1);
    for (uint32_t k = 0; k < classes; k++) {
        check(classifying.probabilities[k] >= 0 && classifying.probabilities[k] <= 1.0001f);
    }
    check(kundig__classify_evidence(&classifying, &scratch, classifying.best, ranges, &count) ==
          KUNDIG_OK);
    check(count <= KUNDIG__EVIDENCE_MOST);
    for (size_t i = 0; i < count; i++) {
        check(ranges[i].start < ranges[i].end && ranges[i].end <= len);
        check(i == 0 || ranges[i - 1].end < ranges[i].start);
    }
    kundig__classifying_free(&classifying);
    kundig__scratch_free(&scratch);
}

static void fuzz_take(kundig__mem *mem, const uint8_t *data, size_t size, const char *text,
                      size_t len)
{
    kundig__reader reader = {data, size, 0, false};
    kundig__classifier *classifier = NULL;
    kundig_error err = {0, 0, ""};
    int rc = kundig__classifier_take(mem, &reader, &classifier, &err);
    check((rc == KUNDIG_OK) == (classifier != NULL));
    if (rc != KUNDIG_OK) {
        check(rc == KUNDIG_E_FORMAT && err.message[0] != 0 && err.pos <= size);
        return;
    }
    kundig__buf back;
    kundig__buf_init(&back, mem);
    kundig__classifier_put(&back, classifier);
    check(!back.failed && back.len == reader.pos && memcmp(back.data, data, back.len) == 0);
    check(kundig__classifier_facts_of(classifier)->bytes == back.len);
    kundig__buf_free(&back);
    fuzz_ask(mem, classifier, text, len);
    kundig__classifier_free(classifier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static kundig__mem mem;
    static kundig__buf learned[3];
    if (!learned[0].data) {
        kundig__mem_init(&mem, NULL, 0);
        for (int kind = 0; kind < 3; kind++) {
            kundig__buf_init(&learned[kind], &mem);
            fuzz_learn(&mem, &learned[kind], kind);
        }
    }
    kundig__buf text;
    kundig__buf_init(&text, &mem);
    kundig__utf8_mend(&text, (const char *)data, size);
    check(!text.failed);
    const char *words = text.data ? text.data : "";
    fuzz_take(&mem, data, size, words, text.len);
    if (size > 0) {
        /* three bytes a change: where, and what is there instead */
        const kundig__buf *from = &learned[data[0] % 3];
        uint8_t *changed = malloc(from->len);
        check(changed != NULL);
        memcpy(changed, from->data, from->len);
        for (size_t i = 1; i + 2 < size && i < 64; i += 3) {
            changed[((size_t)data[i] << 8 | data[i + 1]) % from->len] = data[i + 2];
        }
        fuzz_take(&mem, changed, from->len, words, text.len);
        free(changed);
    }
    kundig__buf_free(&text);
    return 0;
}
