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

/* The `most` best of each topic: damage, delay, staff. */
static int quotes_ask_for(fixture *f, uint32_t most, uint8_t lean, uint32_t *rows)
{
    const kundig__said *said = NULL;
    kundig__grouping *grouping = NULL;
    kundig_query *query = NULL;
    kundig__asked asked;
    const kundig__question *question = NULL;
    uint32_t parts[8];
    uint8_t leans[3] = {lean, lean, lean};
    kundig_allocator allocator = probe_allocator(NULL);
    int rc = kundig_query_new(&allocator, &query);
    rc = rc ? rc : kundig_query_group_by(query, "model:topic", 11, &f->err);
    rc = rc || !lean ? rc : kundig__ask_default(f->corpus, query, &asked, &question, &f->err);
    rc = rc ? rc : kundig__corpus_said(f->corpus, &said, &f->err);
    rc = rc ? rc : kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err);
    for (uint32_t group = 0; !rc && group < kundig__grouping_count(grouping); group++) {
        char buffer[32];
        kundig_text name = kundig__grouping_key(grouping, group, 0, buffer);
        parts[group] = name.data ? kundig__dict_find(said->topic_names, name.data, name.len)
                                 : KUNDIG__NO_GROUP;
    }
    if (!rc) {
        kundig__quotes_ask ask = {.grouping = grouping,
                                  .parts = parts,
                                  .part_count = 3,
                                  .most = most,
                                  .leans = lean ? leans : NULL,
                                  .asked = lean ? &asked : NULL,
                                  .question = question,
                                  .low = -1,
                                  .high = 1};
        rc = kundig__quotes_of(f->corpus, &ask, rows, &f->err);
    }
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    return rc;
}

static void quotes_choose(fixture *f, uint32_t rows[3])
{
    cr_assert_eq(quotes_ask_for(f, 1, KUNDIG__QUOTES_ANY, rows), KUNDIG_OK, "%s", f->err.message);
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

Test(quotes, the_two_of_a_topic_are_of_two_customers_and_say_two_things)
{
    uint32_t rows[6];
    fixture f;
    fixture_open(&f);
    said_model(&f, SAID_TAXONOMY);
    for (int i = 0; i < 38; i++) { /* one who writes again and again */
        char id[8];
        char text[80];
        snprintf(id, sizeof id, "a%d", i);
        snprintf(text, sizeof text, "The parcel was late again, I write this for the %dth time", i);
        said_add(&f, id, "loud", 1, text);
    }
    said_add(&f, "b", "one", 2, "The parcel was late and that is all there is to say of it");
    said_add(&f, "c", "two", 2, "The parcel was late and that is all there is to say of it");
    said_add(&f, "d", "three", 2, "It came late, so the present was no longer one, sadly");
    cr_assert_eq(quotes_ask_for(&f, 2, KUNDIG__QUOTES_ANY, rows), KUNDIG_OK);
    const kundig__dimension *customers = kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CUSTOMER);
    cr_assert_neq(rows[2], KUNDIG__NO_ROW);
    cr_assert_neq(rows[3], KUNDIG__NO_ROW);
    cr_assert_neq(customers->codes[rows[2]], customers->codes[rows[3]]);
    cr_assert_not(kundig__text_equal(quotes_text(&f, rows[2]), quotes_text(&f, rows[3])));
    cr_assert_eq(rows[0], KUNDIG__NO_ROW);
    fixture_close(&f);
}

Test(quotes, a_part_that_leans_is_shown_by_those_who_answered_so)
{
    uint32_t rows[6];
    fixture f;
    fixture_open(&f);
    said_model(&f, SAID_TAXONOMY);
    said_add(&f, "1", NULL, 10, "My parcel was late but who minds, all else was very fine");
    said_add(&f, "2", NULL, 2, "My parcel was late by a week and nobody wrote to me at all");
    said_add(&f, "3", NULL, 8, "My parcel was late, though not by much, and came in one piece");
    said_add(&f, "4", NULL, -1, "My parcel was late, and I will not tell how much I like you");
    cr_assert_eq(quotes_ask_for(&f, 2, KUNDIG__QUOTES_LOW, rows), KUNDIG_OK);
    cr_assert(kundig__text_equal(kundig__corpus_id(f.corpus, rows[2]), kundig__str("2")));
    cr_assert_eq(rows[3], KUNDIG__NO_ROW);
    cr_assert_eq(quotes_ask_for(&f, 2, KUNDIG__QUOTES_HIGH, rows), KUNDIG_OK);
    cr_assert(kundig__text_equal(kundig__corpus_id(f.corpus, rows[2]), kundig__str("1")));
    cr_assert_eq(rows[3], KUNDIG__NO_ROW);
    fixture_close(&f);
}

Test(quotes, where_parts_are_no_topics_the_one_most_speak_of_is_typical)
{
    uint32_t rows[4];
    fixture f;
    fixture_open(&f);
    said_model(&f, SAID_TAXONOMY);
    said_add(&f, "1", NULL, 5, "A word on something else that is of no topic, and quite long too");
    said_add(&f, "2", NULL, 5, "Rude people at the desk, and they never said a word to me there");
    said_add(&f, "3", NULL, 5, "The parcel was late, and it was by a whole week this time again");
    said_add(&f, "4", NULL, 5, "It came late, so the present was no longer one, which is sad");
    kundig__grouping *grouping = NULL;
    kundig_query *query = fixture_query(NULL);
    cr_assert_eq(kundig_query_group_by(query, "source", 6, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__grouping_new(f.corpus, query, KUNDIG__NO_NODE, &grouping, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(kundig__grouping_count(grouping), 2); /* missing, survey.csv */
    kundig__quotes_ask ask = {.grouping = grouping, .most = 2};
    cr_assert_eq(kundig__quotes_of(f.corpus, &ask, rows, &f.err), KUNDIG_OK);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_neq(rows[2 + i], KUNDIG__NO_ROW);
        kundig_text id = kundig__corpus_id(f.corpus, rows[2 + i]);
        cr_assert(id.data[0] == '3' || id.data[0] == '4');
        cr_assert_eq(rows[i], KUNDIG__NO_ROW);
    }
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t quotes_sweep(fixture *f, void *ud)
{
    uint32_t rows[6];
    (void)ud;
    return quotes_ask_for(f, 2, KUNDIG__QUOTES_LOW, rows);
}

Test(quotes, failed_allocations_leave_nothing_behind)
{
    fixture f;
    fixture_open(&f);
    said_model(&f, SAID_TAXONOMY);
    for (size_t i = 0; i < QUOTES_TEXTS; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        said_add(&f, id, id, 3, quotes_texts[i]);
    }
    fixture_sweep(&f, quotes_sweep, NULL);
    fixture_close(&f);
}
