/* Any bytes: loaded as a model with and without a checksum made for them, or read by the models of
 * two taxonomies as text: places lie where they may, twice the same, whatever was read before. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "topics/matching.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static const char fuzz_taxonomy[] =
    "theme t: T\ntopic a: A\nany: late, too .. late, _x late, 1 _ 2, \"...\", :-)\n"
    "en: ~delay, deliver*, de*, delivered late\nde: Lieferung, Verzögerung, spät, Ver* zu spät\n"
    "not en: better late than never\nparts de: Zeit, Punkt\n"
    "topic b: B\nany: a .. b .. c, a _ b, aa*, 漢字, 😀, @name\nfr: ~retard\nnot any: b .. c\n";

/* What every reading keeps to. */
static void fuzz_check(const kundig__reading *reading, const char *text, size_t len)
{
    for (size_t i = 0; i < reading->hit_count; i++) {
        const kundig__hit *hit = &reading->hits[i];
        check(hit->start < hit->end && hit->end <= len);
        check(((unsigned char)text[hit->start] & 0xC0) != 0x80);
        check(hit->end == len || ((unsigned char)text[hit->end] & 0xC0) != 0x80);
        check(hit->topic < kundig__model_topic_count(reading->model));
        if (hit->rule == KUNDIG__RULE_TAUGHT) {
            check(kundig__model_topic(reading->model, hit->topic)->klass != KUNDIG__NO_CLASS);
        } else if (hit->rule == KUNDIG__RULE_DISCOVERED) {
            check(kundig__model_discovered_of(reading->model) != NULL);
        } else {
            check(hit->rule < kundig__model_rule_count(reading->model));
            check(kundig__model_rule(reading->model, hit->rule)->topic == hit->topic);
        }
        check(
            i == 0 || hit[-1].start < hit->start ||
            (hit[-1].start == hit->start &&
             (hit[-1].end < hit->end || (hit[-1].end == hit->end && hit[-1].topic < hit->topic))));
    }
    for (size_t i = 0; i < reading->topic_count; i++) {
        check(i == 0 || reading->topics[i - 1] < reading->topics[i]);
    }
}

static void fuzz_read(kundig_model *model, const uint8_t *data, size_t size)
{
    kundig__mem mem;
    kundig__buf text;
    kundig__reading old;
    kundig__reading fresh;
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&text, &mem);
    kundig__reading_init(&old, &mem, model);
    kundig__reading_init(&fresh, &mem, model);
    old.moods = fresh.moods = kundig__model_mood(model) != NULL;
    kundig__utf8_mend(&text, (const char *)data, size);
    check(!text.failed);
    int language = size ? data[0] % KUNDIG__LANGUAGE_COUNT : 0;
    for (int i = 0; i < 3; i++) {
        /* cut anywhere: other texts before this one */
        size_t cut = i < 2 ? text.len / (size_t)(i + 2) : text.len;
        while (cut < text.len && ((unsigned char)text.data[cut] & 0xC0) == 0x80) {
            cut++;
        }
        check(kundig__reading_run(&old, text.data, cut, language) == KUNDIG_OK);
        fuzz_check(&old, text.data, cut);
    }
    check(kundig__reading_run(&old, text.data, text.len, language) == KUNDIG_OK);
    check(kundig__reading_run(&fresh, text.data, text.len, language) == KUNDIG_OK);
    check(old.hit_count == fresh.hit_count && old.topic_count == fresh.topic_count);
    for (size_t i = 0; i < old.hit_count; i++) {
        check(memcmp(&old.hits[i], &fresh.hits[i], sizeof *old.hits) == 0);
    }
    kundig__reading_free(&old);
    kundig__reading_free(&fresh);
    kundig__buf_free(&text);
    check(mem.used == 0);

    kundig_table *table = NULL;
    check(kundig_model_read(model, (const char *)data, size, &table, NULL) == KUNDIG_OK);
    int64_t before = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        int64_t start = kundig_table_int(table, row, 0);
        int64_t end = kundig_table_int(table, row, 1);
        check(before <= start && start < end && end <= (int64_t)size);
        before = start;
    }
    kundig_table_free(table);
}

/* A model that was taken saves as the bytes it came from. */
static void fuzz_load(const uint8_t *data, size_t size)
{
    kundig_model *model = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    int rc = kundig_model_load(NULL, data, size, &model, &err);
    check((rc == KUNDIG_OK) == (model != NULL));
    if (rc != KUNDIG_OK) {
        check(err.message[0] != 0 && err.pos <= size);
        return;
    }
    check(kundig_model_save(model, &bytes, &err) == KUNDIG_OK);
    check(kundig_bytes_len(bytes) == size && memcmp(kundig_bytes_data(bytes), data, size) == 0);
    fuzz_read(model, data, size);
    kundig_bytes_free(bytes);
    kundig_model_free(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static kundig_model *model; /* made once: the text is what changes */
    fuzz_load(data, size);
    if (size >= 24) {
        uint8_t *sealed = malloc(size);
        check(sealed != NULL);
        memcpy(sealed, data, size);
        uint64_t length = size;
        for (size_t i = 0; i < 8; i++) {
            sealed[8 + i] = (uint8_t)(length >> (8 * i));
        }
        uint64_t sum = kundig__xxh3(sealed, size - 8);
        for (size_t i = 0; i < 8; i++) {
            sealed[size - 8 + i] = (uint8_t)(sum >> (8 * i));
        }
        fuzz_load(sealed, size);
        free(sealed);
    }
    if (!model) {
        kundig_error err = {0, 0, ""};
        check(kundig_model_new(NULL, fuzz_taxonomy, sizeof fuzz_taxonomy - 1, &model, &err) ==
              KUNDIG_OK);
    }
    fuzz_read(model, data, size);
    return 0;
}
