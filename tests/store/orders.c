/* The same facts in any order, in calls of any size, in memory or in up to five stores that are
 * merged in any order and tree: one name of the state, and the same bytes from every question.
 *
 * usage: store_orders [--runs N] [--seed N] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "shim.h"

#define ORDER_BATCHES 12
#define ORDER_STORES  5

typedef struct order_row {
    unsigned kind;
    const work_batch *batch;
    size_t at;
} order_row;

typedef struct order_rows {
    work_batch *batches[ORDER_BATCHES];
    order_row *rows;
    size_t count;
} order_rows;

/* Equal records without an id are several where they stand in one call, and one where they do not:
 * each of them is kept once. */
static bool comes_again(const order_rows *all, const work_batch *b, size_t at)
{
    if (b->kind != WORK_FEEDBACK || b->record[at] >= 0) {
        return false;
    }
    const kundig_feedback *f = &b->as.feedback[at];
    for (size_t i = 0; i < all->count; i++) {
        const order_row *r = &all->rows[i];
        if (r->kind == WORK_FEEDBACK && r->batch->record[r->at] < 0) {
            const kundig_feedback *g = &r->batch->as.feedback[r->at];
            if (f->time_ms == g->time_ms && f->updated_ms == g->updated_ms && f->kind == g->kind &&
                f->text.len == g->text.len && f->customer.len == g->customer.len &&
                (!f->text.len || memcmp(f->text.data, g->text.data, f->text.len) == 0) &&
                (!f->customer.len ||
                 memcmp(f->customer.data, g->customer.data, f->customer.len) == 0)) {
                return true;
            }
        }
    }
    return false;
}

static order_rows rows_of(uint64_t seed)
{
    order_rows all = {0};
    work w = {.seed = seed, .kinds = WORK_ADDING, .biggest = 80};
    for (uint32_t n = 0; n < ORDER_BATCHES; n++) {
        work_batch *b = batch_of(&w, n);
        all.batches[n] = b;
        all.rows = grow(all.rows, (all.count + b->count) * sizeof *all.rows);
        for (size_t i = 0; i < b->count; i++) {
            if (!comes_again(&all, b, i)) {
                all.rows[all.count++] = (order_row){b->kind, b, i};
            }
        }
    }
    return all;
}

static void shuffle(order_rows *all, dice *d)
{
    for (size_t i = all->count; i > 1; i--) {
        size_t j = throw_dice(d, i);
        order_row other = all->rows[j];
        all->rows[j] = all->rows[i - 1];
        all->rows[i - 1] = other;
    }
}

/* Rows of each kind that stand side by side are added in one call. */
static void add_rows(kundig *k, const order_row *rows, size_t count, work_batch *b)
{
    kundig_error err;
    for (size_t i = 0; i < count;) {
        b->kind = rows[i].kind;
        b->count = 0;
        while (i < count && rows[i].kind == b->kind && b->count < WORK_ROWS) {
            batch_take(b, rows[i].batch, rows[i].at);
            i++;
        }
        if (batch_add(b, k, &err)) {
            die("orders: %s", err.message);
        }
    }
}

static char *answers_of(kundig *k)
{
    kundig_error err;
    char *answers = work_answers(k, &err);
    if (!answers) {
        die("orders: %s", err.message);
    }
    return answers;
}

static kundig *opened(const char *path)
{
    kundig *k = NULL;
    kundig_error err;
    if (path ? work_open(path, KUNDIG_ACCESS_CREATE, &k, &err)
             : kundig_open(":memory:", 8, NULL, &k, &err)) {
        die("orders: %s", err.message);
    }
    return k;
}

static const char *store_path(const char *folder, size_t i)
{
    char name[16];
    snprintf(name, sizeof name, "%d.kundig", (int)i);
    return in(folder, name);
}

/* Split the rows over stores, then merge two of them, picked at random, until one is left. */
static char *split_and_merge(const order_rows *all, const char *folder, dice *d, work_batch *b)
{
    size_t count = 1 + throw_dice(d, ORDER_STORES);
    size_t left[ORDER_STORES];
    size_t from = 0;
    folder_empty(folder);
    for (size_t i = 0; i < count; i++) {
        size_t rest = all->count - from;
        size_t take = i + 1 == count ? rest : throw_dice(d, rest + 1);
        kundig *k = opened(store_path(folder, i));
        add_rows(k, all->rows + from, take, b);
        if (from > 0 && throw_dice(d, 2)) { /* some facts stand in several stores */
            add_rows(k, all->rows, throw_dice(d, from), b);
        }
        kundig_close(k);
        from += take;
        left[i] = i;
    }
    while (count > 1) {
        size_t a = throw_dice(d, count);
        size_t c = (a + 1 + throw_dice(d, count - 1)) % count;
        kundig *k = opened(store_path(folder, left[a]));
        kundig_error err;
        const char *other = store_path(folder, left[c]);
        if (kundig_merge(k, other, strlen(other), 0, NULL, &err)) {
            die("orders: merge: %s", err.message);
        }
        kundig_close(k);
        left[c] = left[--count];
    }
    const char *path = store_path(folder, left[0]);
    kundig *k = opened(path);
    char *answers = answers_of(k);
    kundig_close(k);
    const char *finding = work_verify(path);
    if (finding[0]) {
        die("orders: verify: %s", finding);
    }
    return answers;
}

static void must_be_same(const char *wanted, char *found, uint64_t seed, const char *where)
{
    const char *differ = work_differ(wanted, found);
    if (differ) {
        die("orders: seed %llu: %s: %s", (unsigned long long)seed, where, differ);
    }
    free(found);
}

int main(int argc, char **argv)
{
    settings s = settings_read(argc, argv, 30);
    shim_install();
    const char *folder = folder_new();
    dice d = {s.seed};
    work_batch *b = grow(NULL, sizeof *b);
    char *wanted = NULL;
    order_rows all = {0};
    size_t rows = 0;
    for (uint64_t run = 0; run < s.runs; run++) {
        if (run % 10 == 0) {
            for (size_t i = 0; i < ORDER_BATCHES; i++) {
                free(all.batches[i]);
            }
            free(all.rows);
            free(wanted);
            all = rows_of(s.seed * 1000 + run);
            kundig *k = opened(NULL);
            add_rows(k, all.rows, all.count, b);
            wanted = answers_of(k);
            kundig_close(k);
            rows += all.count;
        }
        shuffle(&all, &d);
        kundig *k = opened(NULL);
        add_rows(k, all.rows, all.count, b);
        must_be_same(wanted, answers_of(k), s.seed * 1000 + run, "in memory");
        kundig_close(k);
        must_be_same(wanted, split_and_merge(&all, folder, &d, b), s.seed * 1000 + run,
                     "split over stores and merged");
    }
    for (size_t i = 0; i < ORDER_BATCHES; i++) {
        free(all.batches[i]);
    }
    free(all.rows);
    free(wanted);
    free(b);
    printf("orders: %llu orders of %zu facts, in memory and split over stores and merged: one name "
           "and the same bytes\n",
           (unsigned long long)s.runs, rows);
    return 0;
}
