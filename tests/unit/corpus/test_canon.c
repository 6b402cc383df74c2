/* The canonical bytes are a promise to other machines: they are written out here. */
#include "fixture.h"

TestSuite(canon, .fini = probe_fini);

Test(canon, bytes_are_as_written_down)
{
    static const uint8_t expected[] = {
        1,                                                 /* version */
        2,    0,    0,    0,                               /* kind: review */
        2,    0,    0,    0,    0, 0, 0, 0,    's',        /* source */
        3,    0,    0,    0,    0, 0, 0, 0,    'i',  'd',  /* id */
        0,    0,    0,    0,    0, 0, 0, 0,                /* customer */
        0x00, 0x5C, 0x26, 0x05, 0, 0, 0, 0,                /* time: one day */
        2,                                                 /* a written date */
        0,    0,    0,    0,    0, 0, 0, 0x80,             /* updated: absent */
        2,                                                 /* consent: yes */
        0,    0,    0x18, 0,    0, 0, 0, 0,                /* weight: 1.5 */
        4,    0,    0,    0,    0, 0, 0, 0,    'w',  'e',  /* channel */
        'b',  0,    0,    0,    0, 0, 0, 0,    0,          /* touchpoint */
        1,    0,    0,    0,    0, 0, 0, 0,                /* stage: empty is not absent */
        0,    0,    0,    0,    0, 0, 0, 0,                /* case */
        0,    0,    0,    0,    0, 0, 0, 0,                /* agent */
        0,    0,    0,    0,    0, 0, 0, 0,                /* department */
        0,    0,    0,    0,    0, 0, 0, 0,                /* segment */
        0,    0,    0,    0,    0, 0, 0, 0,                /* product */
        0,    0,    0,    0,    0, 0, 0, 0,                /* language */
        0,    0,    0,    0,    0, 0, 0, 0,                /* purpose */
        5,    0,    0,    0,    0, 0, 0, 0,    'a',  0xEF, /* text, mended */
        0xBF, 0xBD,                                        /* */
        1,    0,    0,    0,                               /* answers */
        4,    0,    0,    0,    0, 0, 0, 0,    'n',  'p',  /* question */
        's',  1,    0,    0,    0, 0, 0, 0,    0,          /* scale, direction */
        0,    0,    0,    0,    0, 0, 0, 0,                /* minimum */
        0x10, 0x27, 0,    0,    0, 0, 0, 0,                /* maximum */
        0x28, 0x23, 0,    0,    0, 0, 0, 0,                /* value */
        2,    0,    0,    0,                               /* attributes */
        2,    0,    0,    0,    0, 0, 0, 0,    'n',        /* name */
        2,    0,    0,    0,    0, 0, 0, 0xF8, 0x3F,       /* number: 1.5 */
        2,    0,    0,    0,    0, 0, 0, 0,    't',        /* name */
        1,    2,    0,    0,    0, 0, 0, 0,    0,    'x'}; /* text */
    fixture f;
    fixture_open(&f);
    kundig_score score = fixture_nps(9);
    kundig_attribute attributes[2] = {{{"t", 1}, {.type = KUNDIG_VALUE_TEXT, .text = {"x", 1}}},
                                      {{"n", 1}, {.type = KUNDIG_VALUE_NUMBER, .number = 1.5}}};
    kundig_feedback r = fixture_record("id", "a\xFF");
    r.source = kundig__str("s");
    r.kind = KUNDIG_KIND_REVIEW;
    r.time_ms = 86400000;
    r.time_precision = KUNDIG_PRECISION_DAY;
    r.consent = KUNDIG_YES;
    r.weight = 1.5;
    r.has_weight = 1;
    r.channel = kundig__str("web");
    r.stage = kundig__str("");
    r.scores = &score;
    r.score_count = 1;
    r.attributes = attributes;
    r.attribute_count = 2;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK, "%s", f.err.message);
    kundig__buf bytes;
    kundig__buf_init(&bytes, &f.context.mem);
    kundig__row_canonical(f.corpus, 0, &bytes);
    cr_assert_eq(bytes.len, sizeof expected);
    cr_assert_arr_eq((const uint8_t *)bytes.data, expected, sizeof expected);
    kundig__buf_free(&bytes);
    fixture_close(&f);
}

Test(canon, does_not_see_what_other_records_brought)
{
    fixture f;
    kundig__buf alone;
    kundig__buf among;
    kundig_score score = {.question = {"Before", 6}, .scale = KUNDIG_SCALE_STARS, .value = 3};
    kundig_feedback r = fixture_record("1", "words");
    kundig_feedback other = fixture_record("2", "other");
    other.scores = &score;
    other.score_count = 1;
    other.agent = kundig__str("a");
    other.time_ms = 5;
    fixture_open(&f);
    kundig__buf_init(&alone, &f.context.mem);
    kundig__buf_init(&among, &f.context.mem);
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig__row_canonical(f.corpus, 0, &alone);
    cr_assert_eq(fixture_add(&f, &other, 1, NULL), KUNDIG_OK);
    kundig__row_canonical(f.corpus, 0, &among);
    cr_assert_eq(alone.len, among.len);
    cr_assert_arr_eq(alone.data, among.data, alone.len);
    kundig__buf_free(&alone);
    kundig__buf_free(&among);
    fixture_close(&f);
}
