#include <criterion/criterion.h>

#include "made.h"
#include "probe.h"
#include "topics/next.h"

TestSuite(next, .fini = probe_fini);

#define NEXT_TEXTS 300u

typedef struct next_fixture {
    made_set *made;
    made_set *asked;
    kundig_model *model;
    kundig_text texts[NEXT_TEXTS];
} next_fixture;

static void next_begin(next_fixture *f, unsigned flags, int32_t lesson)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_error err;
    f->made = made_new(1, 200, 5, flags);
    f->asked = made_new(2, NEXT_TEXTS, 5, flags);
    f->model = NULL;
    kundig_examples *set = made_examples(f->made, &allocator, lesson);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, &f->model, &err), KUNDIG_OK, "%s",
                 err.message);
    kundig_examples_free(set);
    for (size_t i = 0; i < NEXT_TEXTS; i++) {
        f->texts[i] = f->asked->examples[i].text;
    }
}

static void next_end(next_fixture *f)
{
    kundig_model_free(f->model);
    made_free(f->made);
    made_free(f->asked);
}

static kundig_table *next_table(const next_fixture *f, int32_t lesson, const kundig_text *texts,
                                size_t count, size_t limit)
{
    kundig_table *table = NULL;
    kundig_error err;
    cr_assert_eq(kundig_model_next(f->model, lesson, texts, count, limit, &table, &err), KUNDIG_OK,
                 "%s", err.message);
    return table;
}

Test(next, asks_for_the_least_sure_first)
{
    next_fixture f;
    next_begin(&f, 0, KUNDIG_LESSON_TOPICS);
    kundig_table *table = next_table(&f, KUNDIG_LESSON_TOPICS, f.texts, NEXT_TEXTS, 0);
    float rows[NEXT_TEXTS][5];
    int32_t classes[NEXT_TEXTS];
    kundig_error err;
    double before = -1;
    cr_assert_gt(kundig_table_row_count(table), NEXT_TEXTS / 2);
    cr_assert_eq(kundig_model_classify(f.model, KUNDIG_LESSON_TOPICS, f.texts, NEXT_TEXTS, 1,
                                       classes, &rows[0][0], NULL, NULL, &err),
                 KUNDIG_OK);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        size_t text = (size_t)kundig_table_int(table, row, 0);
        double first = kundig_table_number(table, row, 2);
        double second = kundig_table_number(table, row, 4);
        cr_assert_geq(first, second);
        cr_assert_geq(first - second, before);
        before = first - second;
        /* they are those of the classifier */
        size_t best = 0;
        for (size_t i = 1; i < 5; i++) {
            best = rows[text][i] > rows[text][best] ? i : best;
        }
        kundig_text name = kundig_model_class_name(f.model, KUNDIG_LESSON_TOPICS, best);
        cr_assert_float_eq(first, (double)rows[text][best], 1e-12);
        cr_assert_eq(kundig_table_text(table, row, 1).len, name.len);
    }
    kundig_table_free(table);
    table = next_table(&f, KUNDIG_LESSON_TOPICS, f.texts, NEXT_TEXTS, 7);
    cr_assert_eq(kundig_table_row_count(table), 7);
    kundig_table_free(table);
    next_end(&f);
}

Test(next, asks_for_nothing_twice)
{
    next_fixture f;
    next_begin(&f, 0, KUNDIG_LESSON_TOPICS);
    const kundig_text texts[] = {{"Where is my parcel, please?", 27},
                                 {"where IS my parcel please", 25},
                                 {"where is my little parcel please", 32},
                                 {"Where is my parcel, please?", 27},
                                 {"a wholly different question", 27},
                                 {"", 0},
                                 {NULL, 0},
                                 {"\xFF\xFE\x00", 3},
                                 {" \n ", 3},
                                 {"different question", 18}};
    kundig_table *table = next_table(&f, KUNDIG_LESSON_TOPICS, texts, 10, 0);
    size_t parcels = 0;
    size_t questions = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        int64_t text = kundig_table_int(table, row, 0);
        parcels += text < 4;
        questions += text == 4 || text == 9;
        cr_assert_neq(text, 3, "the first of equal ones");
        cr_assert(text != 5 && text != 6 && text != 8, "nothing to read");
    }
    cr_assert_eq(parcels, 1);
    cr_assert_eq(questions, 1);
    kundig_table_free(table);
    next_end(&f);
}

Test(next, knows_texts_alike_wherever_they_stand)
{
    next_fixture f;
    next_begin(&f, 0, KUNDIG_LESSON_TOPICS);
    /* Each text is followed by one that has a word more. */
    static char longer[NEXT_TEXTS][1100];
    for (size_t i = 1; i < NEXT_TEXTS; i += 2) {
        kundig_text of = f.texts[i - 1];
        memcpy(longer[i], of.data, of.len);
        memcpy(longer[i] + of.len, " also", 5);
        f.texts[i] = (kundig_text){longer[i], of.len + 5};
    }
    kundig_table *table = next_table(&f, KUNDIG_LESSON_TOPICS, f.texts, NEXT_TEXTS, 0);
    bool seen[NEXT_TEXTS] = {false};
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        size_t pair = (size_t)kundig_table_int(table, row, 0) / 2;
        cr_assert_not(seen[pair]);
        seen[pair] = true;
    }
    cr_assert_gt(kundig_table_row_count(table), NEXT_TEXTS / 3);
    kundig_table_free(table);
    next_end(&f);
}

Test(next, serves_several_topics_and_moods)
{
    static const unsigned flags[] = {MADE_SEVERAL, MADE_SCORES};
    for (size_t i = 0; i < 2; i++) {
        next_fixture f;
        int32_t lesson = i ? KUNDIG_LESSON_SENTIMENT : KUNDIG_LESSON_TOPICS;
        next_begin(&f, flags[i], lesson);
        kundig_table *table = next_table(&f, lesson, f.texts, NEXT_TEXTS, 20);
        cr_assert_eq(kundig_table_row_count(table), 20);
        cr_assert_not(kundig_table_is_null(table, 0, 3));
        kundig_table_free(table);
        next_end(&f);
    }
}

static int next_stop(void *ud, uint64_t done, uint64_t total)
{
    (void)ud;
    (void)done;
    (void)total;
    return 1;
}

Test(next, refuses_calls_without_what_they_need)
{
    next_fixture f;
    next_begin(&f, 0, KUNDIG_LESSON_TOPICS);
    kundig_table *table = NULL;
    kundig__next next;
    kundig__mem mem;
    kundig_error err;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert_eq(kundig_model_next(NULL, 0, f.texts, 1, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_next(f.model, 0, NULL, 1, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_next(f.model, 0, f.texts, 1, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_next(f.model, 7, f.texts, 1, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_next(f.model, KUNDIG_LESSON_SENTIMENT, f.texts, 1, 0, &table, &err),
                 KUNDIG_E_EMPTY);
    cr_assert_eq(kundig__next_choose(&next, &mem, f.model, KUNDIG_LESSON_TOPICS, f.texts,
                                     NEXT_TEXTS, 0, 1, next_stop, NULL, &err),
                 KUNDIG_E_CANCELLED);
    cr_assert_eq(next.count, 0);
    cr_assert_null(table);
    table = next_table(&f, KUNDIG_LESSON_TOPICS, NULL, 0, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    next_end(&f);
}

Test(next, ends_cleanly_when_memory_fails)
{
    next_fixture f;
    next_begin(&f, 0, KUNDIG_LESSON_TOPICS);
    size_t live = probe_shared.live_blocks;
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig_table *table = NULL;
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = kundig_model_next(f.model, KUNDIG_LESSON_TOPICS, f.texts, 60, 0, &table, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", err.message);
            cr_assert_eq(table != NULL, rc == KUNDIG_OK);
            failures += rc != KUNDIG_OK;
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    cr_assert_gt(failures, 20);
    next_end(&f);
}
