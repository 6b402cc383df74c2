#include <criterion/criterion.h>
#include <stdio.h>

#include "made.h"
#include "probe.h"
#include "topics/trials.h"

TestSuite(folds, .fini = probe_fini);

#define FOLDS_MOST 400u

/* Lessons of one class each, made by hand. */
typedef struct folds_fixture {
    kundig__mem mem;
    kundig__lessons lessons;
    kundig__lesson lesson[FOLDS_MOST];
    kundig__mark marks[FOLDS_MOST];
    uint32_t examples[FOLDS_MOST];
    char texts[FOLDS_MOST][32];
} folds_fixture;

static folds_fixture *folds_begin(size_t count, uint32_t classes)
{
    static folds_fixture f;
    kundig_allocator allocator = probe_allocator(NULL);
    memset(&f, 0, sizeof f);
    kundig__mem_init(&f.mem, &allocator, 0);
    for (uint32_t i = 0; i < count; i++) {
        int len = snprintf(f.texts[i], sizeof f.texts[i], "text number %u", i);
        f.marks[i] = (kundig__mark){i % classes, 1, true};
        f.examples[i] = i;
        f.lesson[i] = (kundig__lesson){.text = {f.texts[i], (size_t)len},
                                       .marks = &f.marks[i],
                                       .mark_count = 1,
                                       .customer = KUNDIG__NOBODY,
                                       .weight = 1};
    }
    f.lessons = (kundig__lessons){.mem = &f.mem,
                                  .lessons = f.lesson,
                                  .examples = f.examples,
                                  .count = count,
                                  .class_count = classes,
                                  .kind = KUNDIG__COURSE_ONE};
    return &f;
}

static void folds_text(folds_fixture *f, size_t lesson, const char *text)
{
    f->lesson[lesson].text = (kundig_text){text, strlen(text)};
}

Test(folds, are_alike_in_size_and_classes)
{
    folds_fixture *f = folds_begin(FOLDS_MOST, 7);
    kundig__folds folds;
    kundig_error err;
    uint32_t sizes[5] = {0};
    uint32_t dealt[5][7] = {{0}};
    cr_assert_eq(kundig__folds_make(&folds, &f->mem, &f->lessons, 5, 0, &err), KUNDIG_OK);
    for (uint32_t i = 0; i < FOLDS_MOST; i++) {
        cr_assert_lt(folds.fold[i], 5);
        sizes[folds.fold[i]]++;
        dealt[folds.fold[i]][f->marks[i].klass]++;
        cr_assert_eq(folds.strata[i], f->marks[i].klass);
    }
    for (uint32_t fold = 0; fold < 5; fold++) {
        cr_assert(sizes[fold] >= 79 && sizes[fold] <= 81, "%u", sizes[fold]);
        for (uint32_t klass = 0; klass < 7; klass++) {
            cr_assert(dealt[fold][klass] >= 11 && dealt[fold][klass] <= 12, "%u",
                      dealt[fold][klass]);
        }
    }
    cr_assert_not(folds.customers);
    kundig__folds_free(&folds);
}

Test(folds, never_part_equal_texts_or_one_customers)
{
    folds_fixture *f = folds_begin(FOLDS_MOST, 3);
    kundig__folds folds;
    kundig_error err;
    uint64_t state = 3;
    folds_text(f, 10, "Where is my PARCEL?");
    folds_text(f, 20, "where is my parcel?");
    folds_text(f, 30, "  where is my parcel?\n");
    for (uint32_t i = 100; i < 300; i++) {
        f->lesson[i].customer = (uint32_t)(made_random(&state) % 40);
    }
    /* one customer ties two texts together that others wrote as well */
    folds_text(f, 310, "chain a");
    folds_text(f, 311, "chain a");
    folds_text(f, 312, "chain b");
    folds_text(f, 313, "chain b");
    f->lesson[311].customer = 77;
    f->lesson[312].customer = 77;
    cr_assert_eq(kundig__folds_make(&folds, &f->mem, &f->lessons, 5, 0, &err), KUNDIG_OK);
    cr_assert_eq(folds.place[10], folds.place[20]);
    cr_assert_eq(folds.place[10], folds.place[30]);
    cr_assert_neq(folds.place[10], folds.place[11]);
    cr_assert_eq(folds.fold[10], folds.fold[20]);
    cr_assert_eq(folds.fold[10], folds.fold[30]);
    cr_assert_eq(folds.fold[310], folds.fold[313]);
    for (uint32_t i = 100; i < 300; i++) {
        for (uint32_t j = 100; j < i; j++) {
            cr_assert(f->lesson[i].customer != f->lesson[j].customer ||
                      folds.fold[i] == folds.fold[j]);
        }
    }
    cr_assert(folds.customers);
    kundig__folds_free(&folds);
}

Test(folds, do_not_know_where_lessons_stand)
{
    folds_fixture *f = folds_begin(FOLDS_MOST, 5);
    kundig__folds first;
    kundig__folds second;
    kundig_error err;
    static uint32_t fold_of[FOLDS_MOST];
    static uint32_t moved_to[FOLDS_MOST];
    uint64_t state = 9;
    for (uint32_t i = 0; i < FOLDS_MOST; i++) {
        f->lesson[i].customer = i % 3 ? KUNDIG__NOBODY : (uint32_t)(made_random(&state) % 50);
        moved_to[i] = i;
    }
    /* equal texts of several classes */
    for (uint32_t i = 50; i < 60; i++) {
        folds_text(f, i, "the same");
    }
    cr_assert_eq(kundig__folds_make(&first, &f->mem, &f->lessons, 4, 0, &err), KUNDIG_OK);
    memcpy(fold_of, first.fold, sizeof fold_of);
    for (uint32_t i = FOLDS_MOST; i > 1; i--) {
        uint32_t other = (uint32_t)(made_random(&state) % i);
        kundig__lesson kept = f->lesson[i - 1];
        uint32_t kept_from = moved_to[i - 1];
        f->lesson[i - 1] = f->lesson[other];
        f->lesson[other] = kept;
        moved_to[i - 1] = moved_to[other];
        moved_to[other] = kept_from;
    }
    for (uint32_t i = 0; i < FOLDS_MOST; i++) {
        if (f->lesson[i].customer != KUNDIG__NOBODY) {
            f->lesson[i].customer = 60 - f->lesson[i].customer;
        }
    }
    cr_assert_eq(kundig__folds_make(&second, &f->mem, &f->lessons, 4, 0, &err), KUNDIG_OK);
    for (uint32_t i = 0; i < FOLDS_MOST; i++) {
        cr_assert_eq(second.fold[i], fold_of[moved_to[i]], "lesson %u", i);
    }
    kundig__folds_free(&second);
    cr_assert_eq(kundig__folds_make(&second, &f->mem, &f->lessons, 4, 1, &err), KUNDIG_OK);
    uint32_t same = 0;
    for (uint32_t i = 0; i < FOLDS_MOST; i++) {
        same += second.fold[i] == fold_of[moved_to[i]];
    }
    cr_assert_lt(same, FOLDS_MOST / 2, "another seed deals otherwise");
    kundig__folds_free(&first);
    kundig__folds_free(&second);
}

Test(folds, stratify_by_the_rarest_class_that_a_person_gave)
{
    folds_fixture *f = folds_begin(40, 4);
    kundig__folds folds;
    kundig_error err;
    kundig__mark several[] = {{0, 1, true}, {1, 1, true}, {2, 0.2f, true}, {3, 1, false}};
    f->lesson[8].marks = several;
    f->lesson[8].mark_count = 4;
    for (uint32_t i = 9; i < 40; i++) {
        f->marks[i].klass = 0;
    }
    f->lesson[9].mark_count = 0;
    cr_assert_eq(kundig__folds_make(&folds, &f->mem, &f->lessons, 2, 0, &err), KUNDIG_OK);
    cr_assert_eq(folds.strata[8], 1);
    cr_assert_eq(folds.strata[9], 4);
    kundig__folds_free(&folds);
}

Test(folds, need_two_groups)
{
    folds_fixture *f = folds_begin(20, 2);
    kundig__folds folds;
    kundig_error err;
    for (uint32_t i = 0; i < 20; i++) {
        f->lesson[i].customer = 3;
    }
    cr_assert_eq(kundig__folds_make(&folds, &f->mem, &f->lessons, 5, 0, &err), KUNDIG_E_EMPTY);
    cr_assert(strstr(err.message, "customer"));
    f->lesson[7].customer = KUNDIG__NOBODY;
    cr_assert_eq(kundig__folds_make(&folds, &f->mem, &f->lessons, 5, 0, &err), KUNDIG_OK);
    cr_assert_neq(folds.fold[7], folds.fold[8]);
    kundig__folds_free(&folds);
    f->lessons.count = 0;
    cr_assert_eq(kundig__folds_make(&folds, &f->mem, &f->lessons, 5, 0, &err), KUNDIG_E_EMPTY);
}

Test(folds, end_cleanly_when_memory_fails)
{
    folds_fixture *f = folds_begin(30, 3);
    size_t failures = 0;
    f->lesson[3].customer = 4;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig__folds folds;
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = kundig__folds_make(&folds, &f->mem, &f->lessons, 3, 0, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", err.message);
            failures += rc != KUNDIG_OK;
            if (rc == KUNDIG_OK) {
                kundig__folds_free(&folds);
            }
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
    cr_assert_gt(failures, 20);
}
