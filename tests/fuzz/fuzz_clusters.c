/* Any bytes: taken as clusters, whole, or with some of them changed in those that were found. What
 * is taken is written as it was read, answers whatever it is asked, and can be settled. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "discover/clusters.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static const char *const fuzz_texts[] = {
    "the parcel is late",     "late again, my parcel",   "where is the late parcel?",
    "parcel lost and late",   "too expensive a price",   "the price is too high",
    "expensive, a bad price", "what an expensive price",
};
enum { FUZZ_TEXTS = sizeof fuzz_texts / sizeof fuzz_texts[0] };

static void fuzz_survey(kundig__survey *survey, kundig__told_text *texts)
{
    for (uint32_t i = 0; i < FUZZ_TEXTS; i++) {
        texts[i] = (kundig__told_text){
            {fuzz_texts[i], strlen(fuzz_texts[i])}, KUNDIG__NO_WRITER, KUNDIG__NO_HINT};
    }
    *survey = (kundig__survey){
        .texts = texts, .text_count = FUZZ_TEXTS, .clusters = 2, .least_writers = 5, .threads = 1};
}

static void fuzz_ask(kundig__mem *mem, const kundig__clustered *clustered, const char *text,
                     size_t len)
{
    kundig__scratch scratch;
    kundig__assigning assigning;
    uint32_t clusters = kundig__clustered_facts(clustered)->cluster_count;
    kundig__scratch_init(&scratch, mem);
    check(kundig__assigning_init(&assigning, mem, clustered) == KUNDIG_OK);
    check(kundig__text_features(&scratch, text, len, KUNDIG__DISCOVER_FAMILIES) == KUNDIG_OK);
    check(kundig__assign(&assigning, &scratch, text, len, true) == KUNDIG_OK);
    check(assigning.cluster < clusters || assigning.cluster == KUNDIG__NO_CLUSTER);
    check(assigning.known >= 0 && assigning.known <= 1);
    check(assigning.novelty >= 0 && assigning.novelty <= 1 && assigning.margin >= 0);
    check(assigning.unit_count <= KUNDIG__MOST_UNITS);
    for (size_t i = 0; i < assigning.unit_count; i++) {
        const kundig__unit *unit = &assigning.units[i];
        check(unit->start <= unit->end && unit->end <= len);
        check(i == 0 || assigning.units[i - 1].end <= unit->start);
        check(unit->cluster < clusters || unit->cluster == KUNDIG__NO_CLUSTER);
    }
    for (size_t i = 0; i < scratch.token_count && i < 8; i++) {
        double weight = kundig__clustered_weight(clustered, scratch.tokens[i].hash, false, 0);
        check(weight > -1e6 && weight < 1e6);
    }
    kundig__assigning_free(&assigning);
    kundig__scratch_free(&scratch);
}

static void fuzz_settle(kundig__mem *mem, const kundig__clustered *clustered)
{
    kundig__told_text texts[FUZZ_TEXTS];
    kundig__survey survey;
    kundig__clustered *settled = NULL;
    fuzz_survey(&survey, texts);
    survey.before = clustered;
    survey.settle = true;
    check(kundig__cluster(mem, &survey, &settled, NULL, NULL, NULL) == KUNDIG_OK);
    check(kundig__clustered_facts(settled)->cluster_count ==
          kundig__clustered_facts(clustered)->cluster_count);
    kundig__clustered_free(settled);
}

static void fuzz_take(kundig__mem *mem, const uint8_t *data, size_t size, const char *text,
                      size_t len)
{
    kundig__reader reader = {data, size, 0, false};
    kundig__clustered *clustered = NULL;
    kundig_error err = {0, 0, ""};
    int rc = kundig__clustered_take(mem, &reader, &clustered, &err);
    check((rc == KUNDIG_OK) == (clustered != NULL));
    if (rc != KUNDIG_OK) {
        check((rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION) && err.message[0] != 0);
        check(err.pos <= size);
        return;
    }
    kundig__buf back;
    kundig__buf_init(&back, mem);
    kundig__clustered_put(&back, clustered);
    check(!back.failed && back.len == reader.pos && memcmp(back.data, data, back.len) == 0);
    check(kundig__clustered_facts(clustered)->bytes == back.len);
    kundig__buf_free(&back);
    fuzz_ask(mem, clustered, text, len);
    fuzz_settle(mem, clustered);
    kundig__clustered_free(clustered);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static kundig__mem mem;
    static kundig__buf found;
    if (!found.data) {
        kundig__told_text texts[FUZZ_TEXTS];
        kundig__survey survey;
        kundig__clustered *clustered = NULL;
        fuzz_survey(&survey, texts);
        kundig__mem_init(&mem, NULL, 0);
        kundig__buf_init(&found, &mem);
        check(kundig__cluster(&mem, &survey, &clustered, NULL, NULL, NULL) == KUNDIG_OK);
        kundig__clustered_put(&found, clustered);
        check(!found.failed);
        kundig__clustered_free(clustered);
    }
    kundig__buf text;
    kundig__buf_init(&text, &mem);
    kundig__utf8_mend(&text, (const char *)data, size);
    check(!text.failed);
    const char *words = text.data ? text.data : "";
    fuzz_take(&mem, data, size, words, text.len);
    /* three bytes a change: where, and what is there instead */
    uint8_t *changed = malloc(found.len);
    check(changed != NULL);
    memcpy(changed, found.data, found.len);
    for (size_t i = 0; i + 2 < size && i < 63; i += 3) {
        changed[((size_t)data[i] << 8 | data[i + 1]) % found.len] = data[i + 2];
    }
    fuzz_take(&mem, changed, found.len, words, text.len);
    free(changed);
    kundig__buf_free(&text);
    return 0;
}
