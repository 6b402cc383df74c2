/* Cost of what must be there: each erasure looks at all rows before it. */
#include "work.h"

#include <stdlib.h>

#include "batch.h"

static int pin(const work_batch *b, kundig *k, kundig_error *err)
{
    kundig_model *model = batch_pins(b) ? work_model() : NULL;
    int rc = kundig_pin_model(k, model, err);
    kundig_model_free(model);
    return rc;
}

int work_do(const work *w, uint32_t n, kundig *k, kundig_error *err)
{
    work_batch *b = batch_of(w, n);
    kundig_erasure erasure;
    int rc = 0;
    switch (b->kind) {
    case WORK_PIN:
        rc = pin(b, k, err);
        break;
    case WORK_ERASE:
    case WORK_ERASE_RECORD:
        kundig_erasure_init(&erasure);
        erasure.time_ms = WORK_FIRST_DAY + n;
        if (b->kind == WORK_ERASE) {
            erasure.customer = batch_customer(b, w, b->whose[0]);
        } else {
            erasure.source = batch_source(b->record[0]);
            erasure.id = batch_record(b, w, b->record[0]);
        }
        rc = kundig_erase(k, &erasure, NULL, err);
        break;
    case WORK_CACHE:
        rc = kundig_cache_save(k, err);
        break;
    case WORK_COMPACT:
        rc = kundig_compact(k, err);
        break;
    default:
        rc = batch_add(b, k, err);
        break;
    }
    free(b);
    return rc;
}

/* ---- what must be there ---- */

typedef struct work_row {
    unsigned kind;
    uint32_t batch;
    int whose;
    int record;
    int at_case;
    int64_t updated_ms; /* links */
    int holds;
    bool gone;
} work_row;

typedef struct work_rows {
    work_row *rows;
    size_t count;
    size_t capacity;
    uint32_t pinned; /* 1 + the action that pinned last; 0: none */
} work_rows;

static void rows_add(work_rows *all, const work_batch *b, uint32_t n)
{
    for (size_t i = 0; i < b->count; i++) {
        if (all->count == all->capacity) {
            all->capacity = all->capacity ? 2 * all->capacity : 1024;
            all->rows = grow(all->rows, all->capacity * sizeof *all->rows);
        }
        work_row *row = &all->rows[all->count++];
        *row = (work_row){.kind = b->kind,
                          .batch = n,
                          .whose = b->whose[i],
                          .record = b->record[i],
                          .at_case = b->at_case[i]};
        if (b->kind == WORK_LINKS) {
            row->updated_ms = b->as.links[i].updated_ms;
            row->holds = b->as.links[i].holds;
        }
    }
}

static void drop_record(work_rows *all, int record)
{
    bool there = false;
    for (size_t i = 0; i < all->count; i++) {
        const work_row *r = &all->rows[i];
        there = there || (!r->gone && r->kind == WORK_FEEDBACK && r->record == record);
    }
    for (size_t i = 0; there && i < all->count; i++) {
        work_row *r = &all->rows[i];
        if ((r->kind == WORK_FEEDBACK || r->kind == WORK_LABELS || r->kind == WORK_EDITS) &&
            r->record == record) {
            r->gone = true;
        }
    }
}

static bool pair_is_linked(const work_rows *all, int first)
{
    const work_row *last = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const work_row *r = &all->rows[i];
        if (!r->gone && r->kind == WORK_LINKS && r->whose == first &&
            (!last || r->updated_ms > last->updated_ms)) {
            last = r;
        }
    }
    return last && last->holds == KUNDIG_YES;
}

static void drop_customer(work_rows *all, int customer)
{
    int pair = customer & ~1;
    int other = pair_is_linked(all, pair) ? pair + (pair == customer) : customer;
    bool cases[WORK_NAMES] = {false}; /* theirs */
    bool records[2 * WORK_RECORDS] = {false};
    for (size_t i = 0; i < all->count; i++) {
        const work_row *r = &all->rows[i];
        if (!r->gone && (r->kind == WORK_FEEDBACK || r->kind == WORK_EVENTS) &&
            (r->whose == customer || r->whose == other)) {
            if (r->at_case >= 0) {
                cases[r->at_case] = true;
            }
            if (r->record >= 0) {
                records[r->record] = true;
            }
        }
    }
    for (size_t i = 0; i < all->count; i++) {
        work_row *r = &all->rows[i];
        bool theirs = r->whose == customer || r->whose == other;
        if (r->kind == WORK_LINKS) {
            theirs = r->whose == pair;
        } else if (r->kind == WORK_LABELS) {
            theirs = records[r->record];
        } else if (r->kind == WORK_EDITS) {
            theirs = r->record >= 0 && records[r->record];
        } else if (r->kind == WORK_EVENTS && r->at_case >= 0 && r->whose < 0) {
            theirs = cases[r->at_case];
        }
        r->gone = r->gone || theirs;
    }
}

static work_rows rows_after(const work *w, uint32_t n, work_batch *b)
{
    work_rows all = {0};
    for (uint32_t i = 0; i < n; i++) {
        batch_make(w, i, b);
        if (b->kind == WORK_ERASE) {
            drop_customer(&all, b->whose[0]);
        } else if (b->kind == WORK_ERASE_RECORD) {
            drop_record(&all, b->record[0]);
        } else if (b->kind == WORK_PIN) {
            all.pinned = batch_pins(b) ? i + 1 : 0;
        } else if (b->kind & WORK_ADDING) {
            rows_add(&all, b, i);
        }
    }
    return all;
}

/* Leave out the rows that are gone: rows stand as they stood in the batch. */
static void thin_batch(work_batch *b, const work_row *rows)
{
    size_t count = b->count;
    b->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].gone) {
            batch_take(b, b, i);
        }
    }
}

kundig *work_expected(const work *w, uint32_t n)
{
    kundig *k = NULL;
    kundig_error err;
    work_batch *b = batch_of(w, 0);
    work_rows all = rows_after(w, n, b);
    if (kundig_open(":memory:", 8, NULL, &k, &err)) {
        die("work: memory: %s", err.message);
    }
    for (size_t i = 0; i < all.count;) {
        const work_row *first = &all.rows[i];
        batch_make(w, first->batch, b);
        i += b->count;
        thin_batch(b, first);
        if (batch_add(b, k, &err)) {
            die("work: batch %u: %s", (unsigned)first->batch, err.message);
        }
    }
    if (all.pinned) {
        batch_make(w, all.pinned - 1, b);
        if (pin(b, k, &err)) {
            die("work: pin: %s", err.message);
        }
    }
    free(all.rows);
    free(b);
    return k;
}

static void not_gone(const work_row *r, bool *gone)
{
    if (r->whose >= 0) {
        gone[r->whose] = false;
    }
    if (r->whose >= 0 && r->kind == WORK_LINKS) {
        gone[r->whose + 1] = false;
    }
    if (r->at_case >= 0) { /* the case's number is the customer's */
        gone[r->at_case] = false;
    }
}

void work_gone(const work *w, uint32_t n, bool under_way,
               void (*seen)(void *with, kundig_text word), void *with)
{
    work_batch *b = batch_of(w, 0);
    work_rows all = rows_after(w, n, b);
    bool gone[WORK_NAMES] = {false};
    for (size_t i = 0; i < all.count; i++) {
        if (all.rows[i].gone && all.rows[i].whose >= 0) {
            gone[all.rows[i].whose] = true;
        }
    }
    if (under_way) {
        batch_make(w, n, b);
        if (b->kind & WORK_ADDING) {
            rows_add(&all, b, n);
        }
    }
    for (size_t i = 0; i < all.count; i++) {
        if (!all.rows[i].gone) {
            not_gone(&all.rows[i], gone);
        }
    }
    for (int c = 0; c < WORK_NAMES; c++) {
        if (gone[c]) {
            b->used = 0;
            seen(with, batch_customer(b, w, c));
            seen(with, batch_word(b, w, c));
        }
    }
    free(all.rows);
    free(b);
}
