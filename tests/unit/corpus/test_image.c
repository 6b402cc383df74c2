/* What comes out of an image is the corpus that went in, and damaged bytes are refused or sound. */
#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "corpus/image.h"
#include "fixture.h"

TestSuite(image, .fini = probe_fini);

typedef struct image_bytes {
    uint8_t *data;
    size_t len;
    size_t capacity;
    size_t at;
    size_t most; /* the sink says no behind so many */
} image_bytes;

static bool image_to_bytes(void *ud, const void *data, size_t size)
{
    image_bytes *bytes = ud;
    if (bytes->len + size > bytes->most) {
        return false;
    }
    if (bytes->len + size > bytes->capacity) {
        bytes->capacity = (bytes->len + size) * 2;
        bytes->data = realloc(bytes->data, bytes->capacity);
    }
    memcpy(bytes->data + bytes->len, data, size);
    bytes->len += size;
    return true;
}

static bool image_of_bytes(void *ud, void *data, size_t size)
{
    image_bytes *bytes = ud;
    if (size > bytes->len - bytes->at) {
        return false;
    }
    memcpy(data, bytes->data + bytes->at, size);
    bytes->at += size;
    return true;
}

static image_bytes image_saved(const kundig__corpus *corpus)
{
    image_bytes bytes = {.most = SIZE_MAX};
    kundig__image_sink sink = {&bytes, image_to_bytes};
    cr_assert(kundig__image_save(corpus, &sink));
    return bytes;
}

static int image_loaded(fixture *f, image_bytes *bytes, kundig__corpus **out)
{
    bytes->at = 0;
    kundig__image_source source = {bytes, image_of_bytes, bytes->len};
    return kundig__image_load(&f->context, &source, out, &f->err);
}

/* Records with every kind of field, some without an id and equal, some with several versions. */
static void image_fill(fixture *f, uint32_t seed, int count)
{
    static const char *const words[] = {"late", "verspätet", "", "gut 👍", "no \xFF bytes"};
    kundig__prng prng;
    kundig__prng_init(&prng, seed);
    for (int i = 0; i < count; i++) {
        char id[16];
        char customer[16];
        snprintf(id, sizeof id, "r%d", (int)kundig__prng_below(&prng, 40));
        snprintf(customer, sizeof customer, "c%d", (int)kundig__prng_below(&prng, 9));
        kundig_feedback r = fixture_record(id, words[kundig__prng_below(&prng, 5)]);
        kundig_score scores[2] = {fixture_nps((double)kundig__prng_below(&prng, 11)),
                                  {.question = {"own", 3},
                                   .scale = KUNDIG_SCALE_DECLARED,
                                   .value = 2.5,
                                   .minimum = -1,
                                   .maximum = 7}};
        kundig_attribute attributes[3] = {
            {{"tier", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {id, 1}}},
            {{"age", 3}, {.type = KUNDIG_VALUE_NUMBER, .number = i}},
            {{"vip", 3}, {.type = KUNDIG_VALUE_BOOL, .boolean = i % 2}}};
        if (i % 3 == 0) {
            r.id.data = NULL;
            r.id.len = 0;
        }
        if (i % 4) {
            r.customer = kundig__str(customer);
            r.time_ms = (int64_t)kundig__prng_below(&prng, 1000000) * 1000;
            r.time_precision = i % 5 == 0 ? KUNDIG_PRECISION_MINUTE : KUNDIG_PRECISION_MS;
            r.time_ms -= i % 5 == 0 ? r.time_ms % 60000 : 0;
        }
        if (i % 7 == 0) {
            r.text.data = NULL;
            r.text.len = 0;
            r.updated_ms = i;
            r.consent = KUNDIG_NO;
            r.has_weight = 1;
            r.weight = 1.5;
        }
        r.kind = i % 3;
        r.scores = scores;
        r.score_count = (size_t)(i % 3);
        r.attributes = attributes;
        r.attribute_count = (size_t)(i % 4);
        cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

static void image_same(const kundig__corpus *a, const kundig__corpus *b)
{
    kundig__mem *mem = &kundig__corpus_context(a)->mem;
    kundig__buf x;
    kundig__buf y;
    kundig__buf_init(&x, mem);
    kundig__buf_init(&y, mem);
    cr_assert_eq(kundig__corpus_rows(a), kundig__corpus_rows(b));
    cr_assert_eq(kundig__corpus_current_rows(a), kundig__corpus_current_rows(b));
    for (uint32_t row = 0; row < kundig__corpus_rows(a); row++) {
        x.len = 0;
        y.len = 0;
        kundig__row_canonical(a, row, &x);
        kundig__row_canonical(b, row, &y);
        cr_assert_eq(x.len, y.len, "row %u", row);
        cr_assert_eq(memcmp(x.data, y.data, x.len), 0, "row %u", row);
        cr_assert_eq(kundig__row_is_current(a, row), kundig__row_is_current(b, row));
    }
    kundig__buf_free(&x);
    kundig__buf_free(&y);
}

Test(image, gives_back_every_row_and_goes_on_as_the_corpus_would)
{
    for (uint32_t seed = 1; seed <= 6; seed++) {
        fixture f;
        fixture g;
        fixture_open(&f);
        fixture_open(&g);
        image_fill(&f, seed, seed == 1 ? 0 : (int)seed * 60);
        if (seed == 3) {
            size_t len = 3000000;
            char *text = malloc(len);
            memset(text, 'x', len);
            kundig_feedback r = fixture_record("long", "");
            r.text = kundig__text(text, len);
            cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
            free(text);
        }
        image_bytes bytes = image_saved(f.corpus);
        kundig__corpus_free(g.corpus);
        g.corpus = NULL;
        cr_assert_eq(image_loaded(&g, &bytes, &g.corpus), KUNDIG_OK, "%s", g.err.message);
        image_same(f.corpus, g.corpus);
        /* The same once more, and others: identities are known. */
        image_fill(&f, seed, 90);
        image_fill(&g, seed, 90);
        image_fill(&f, seed + 77, 90);
        image_fill(&g, seed + 77, 90);
        fixture_check(&g);
        image_same(f.corpus, g.corpus);
        cr_assert_eq(fixture_where(&f, "own = 2.5 or tier = r"),
                     fixture_where(&g, "own = 2.5 or tier = r"));
        free(bytes.data);
        fixture_close(&f);
        fixture_close(&g);
    }
}

Test(image, says_so_where_the_sink_is_full)
{
    fixture f;
    fixture_open(&f);
    image_fill(&f, 5, 20);
    image_bytes whole = image_saved(f.corpus);
    for (size_t most = 0; most < whole.len; most += 13) {
        image_bytes bytes = {.most = most};
        kundig__image_sink sink = {&bytes, image_to_bytes};
        cr_assert(!kundig__image_save(f.corpus, &sink));
        free(bytes.data);
    }
    free(whole.data);
    fixture_close(&f);
}

/* Whatever the bytes are, what is loaded is sound and can be asked. */
static void image_try(fixture *f, image_bytes *bytes)
{
    kundig__corpus *corpus = NULL;
    int rc = image_loaded(f, bytes, &corpus);
    if (rc) {
        cr_assert_eq(rc, KUNDIG_E_FORMAT, "%d %s", rc, f->err.message);
        cr_assert_null(corpus);
        return;
    }
    kundig__buf out;
    kundig__buf_init(&out, &f->context.mem);
    cr_assert_eq(kundig__corpus_check(corpus, &f->err), KUNDIG_OK);
    for (uint32_t row = 0; row < kundig__corpus_rows(corpus); row++) {
        kundig__row_canonical(corpus, row, &out);
    }
    kundig__buf_free(&out);
    kundig__corpus_free(corpus);
}

Test(image, of_damaged_bytes_is_refused_or_sound)
{
    fixture f;
    fixture_open(&f);
    image_fill(&f, 9, 24);
    image_bytes bytes = image_saved(f.corpus);
    static const uint8_t changes[] = {0xFF, 0x01, 0x80};
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t was = bytes.data[i];
        for (size_t c = 0; c < sizeof changes; c++) {
            bytes.data[i] = was ^ changes[c];
            image_try(&f, &bytes);
        }
        bytes.data[i] = was;
    }
    size_t len = bytes.len;
    for (bytes.len = 0; bytes.len < len; bytes.len++) {
        kundig__corpus *corpus = NULL;
        cr_assert_eq(image_loaded(&f, &bytes, &corpus), KUNDIG_E_FORMAT);
    }
    image_bytes more = {.most = SIZE_MAX};
    image_to_bytes(&more, bytes.data, len);
    image_to_bytes(&more, "x", 1);
    kundig__corpus *corpus = NULL;
    cr_assert_eq(image_loaded(&f, &more, &corpus), KUNDIG_E_FORMAT);
    free(more.data);
    free(bytes.data);
    fixture_close(&f);
}

Test(image, survives_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    image_fill(&f, 4, 30);
    image_bytes bytes = image_saved(f.corpus);
    for (int forever = 0; forever < 2; forever++) {
        size_t fail_at = 1;
        for (bool done = false; !done; fail_at++) {
            kundig__corpus *corpus = NULL;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            int rc = image_loaded(&f, &bytes, &corpus);
            done = probe_shared.allocations < fail_at;
            probe_shared.fail_at = 0;
            cr_assert_eq(rc, done ? KUNDIG_OK : KUNDIG_E_NOMEM, "%d: %s", rc, f.err.message);
            cr_assert_eq(corpus != NULL, done);
            kundig__corpus_free(corpus);
        }
        cr_assert_gt(fail_at, 20);
    }
    free(bytes.data);
    fixture_close(&f);
}
