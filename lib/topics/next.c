/* Which texts to label next. */
#include "topics/next.h"

int kundig__next_choose(kundig__next *next, kundig__mem *mem, const kundig_model *model,
                        int32_t lesson, const kundig_text *texts, size_t count, size_t limit,
                        uint32_t threads, int (*progress)(void *ud, uint64_t done, uint64_t total),
                        void *progress_ud, kundig_error *err)
{
    memset(next, 0, sizeof *next);
    next->mem = mem;
    (void)model;
    (void)lesson;
    (void)texts;
    (void)count;
    (void)limit;
    (void)threads;
    (void)progress;
    (void)progress_ud;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

void kundig__next_free(kundig__next *next)
{
    kundig__free(next->mem, next->rows, next->capacity * sizeof *next->rows);
    memset(next, 0, sizeof *next);
}

int kundig_model_next(const kundig_model *model, int32_t lesson, const kundig_text *texts,
                      size_t count, size_t limit, kundig_table **out, kundig_error *err)
{
    (void)model;
    (void)lesson;
    (void)texts;
    (void)count;
    (void)limit;
    (void)out;
    if (!model) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
