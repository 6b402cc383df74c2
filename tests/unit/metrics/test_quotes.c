/* Typical comments: short, on one thing, in the words most use; never by order of arrival. */
#include "metrics/quotes.h"

#include "said.h"

TestSuite(quotes, .fini = probe_fini);

static const char *const quotes_texts[] = {
    "late",                                                           /* too short */
    "The parcel was late again and nobody told me a word of it",      /* typical */
    "My delivery was late by two days, which I had not been told of", /* typical */
    "Everything delayed, which is a nuisance for people who work a lot",
    "Rude driver, late parcel, dented box: a day to forget as a whole",
};
#define QUOTES_TEXTS (sizeof quotes_texts / sizeof *quotes_texts)

static void quotes_choose(fixture *f, uint32_t rows[3])
{
    const kundig__said *said = NULL;
    kundig__grouping *grouping = NULL;
    kundig_query *query = fixture_query(NULL);
    cr_assert_eq(kundig__corpus_said(f->corpus, &said, &f->err), KUNDIG_OK);
    cr_assert_eq(kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err),
                 KUNDIG_OK);
    cr_assert_eq(kundig__quotes_choose(f->corpus, grouping, said, rows, &f->err), KUNDIG_OK);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
}

static kundig_text quotes_text(const fixture *f, uint32_t row)
{
    return kundig__corpus_text(f->corpus, row);
}

Test(quotes, chooses_the_same_comment_whatever_the_order_of_arrival)
{
    uint32_t rows[3];
    for (size_t shift = 0; shift < QUOTES_TEXTS; shift++) {
        fixture f;
        fixture_open(&f);
        said_model(&f, SAID_TAXONOMY);
        for (size_t i = 0; i < QUOTES_TEXTS; i++) {
            size_t at = (i + shift) % QUOTES_TEXTS;
            char id[2] = {(char)('a' + at), '\0'};
            said_add(&f, id, NULL, 5, quotes_texts[at]);
        }
        quotes_choose(&f, rows); /* damage, delay, staff */
        cr_assert(kundig__text_equal(quotes_text(&f, rows[1]), kundig__str(quotes_texts[2])) ||
                      kundig__text_equal(quotes_text(&f, rows[1]), kundig__str(quotes_texts[1])),
                  "%.*s", (int)quotes_text(&f, rows[1]).len, quotes_text(&f, rows[1]).data);
        static kundig_text first;
        static char kept[200];
        if (shift == 0) {
            memcpy(kept, quotes_text(&f, rows[1]).data, quotes_text(&f, rows[1]).len);
            first = kundig__text(kept, quotes_text(&f, rows[1]).len);
        }
        cr_assert(kundig__text_equal(first, quotes_text(&f, rows[1])));
        cr_assert(kundig__text_equal(quotes_text(&f, rows[2]), kundig__str(quotes_texts[4])));
        fixture_close(&f);
    }
}

Test(quotes, finds_none_where_all_are_too_short_or_too_long)
{
    uint32_t rows[3];
    char text[300];
    fixture f;
    fixture_open(&f);
    said_model(&f, SAID_TAXONOMY);
    said_add(&f, "1", NULL, 5, "late");
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "late ", 5);
    text[sizeof text - 1] = '\0';
    said_add(&f, "2", NULL, 5, text);
    quotes_choose(&f, rows);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(rows[i], KUNDIG__NO_ROW);
    }
    fixture_close(&f);
}
