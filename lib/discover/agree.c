/* How far two ways of putting rows into clusters agree.
 *
 * Rand: pairs of rows that both put together, over what chance would, as Hubert and Arabie (1985)
 * adjust it. Mutual: mutual information over what chance would (Vinh, Epps and Bailey 2010), by the
 * mean of both entropies.
 *
 * Invariant: whole numbers until logarithms are taken, in a fixed order of cells.
 * Cost: rows + clusters x clusters; what chance would goes over the counts that are probable. */
#include <string.h>

#include "base/math.h"
#include "discover/quality.h"

#define AGREE_LEAST 1e-12 /* a count less probable than that ends the sum above the mean */

typedef struct agree_work {
    kundig__mem *mem;
    size_t a_count;
    size_t b_count;
    size_t rows; /* that both know */
    uint32_t *cells;
    uint32_t *a_sizes;
    uint32_t *b_sizes;
    double *logs; /* log n! */
    size_t log_count;
} agree_work;

static double agree_pairs(double n)
{
    return n * (n - 1) / 2;
}

static double agree_entropy(const uint32_t *sizes, size_t count, double rows)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double share = sizes[i] / rows;
        sum -= sizes[i] ? share * kundig__log(share) : 0;
    }
    return sum;
}

/* What two clusters of these sizes add to mutual information by chance: over all counts they can
 * have in common (hypergeometric). */
static double agree_by_chance(const agree_work *work, uint32_t a, uint32_t b)
{
    size_t rows = work->rows;
    const double *logs = work->logs;
    size_t least = (size_t)a + b > rows ? (size_t)a + b - rows : 0;
    size_t most = a < b ? a : b;
    double fixed = logs[a] + logs[b] + logs[rows - a] + logs[rows - b] - logs[rows];
    double mean = (double)a * b / (double)rows;
    double sum = 0;
    for (size_t k = least ? least : 1; k <= most; k++) {
        double probable =
            kundig__exp(fixed - logs[k] - logs[a - k] - logs[b - k] - logs[rows - a - b + k]);
        sum += probable * ((double)k / (double)rows) * kundig__log((double)k / mean);
        if ((double)k > mean && probable < AGREE_LEAST) {
            break;
        }
    }
    return sum;
}

static void agree_measure(const agree_work *work, kundig__agreement *out)
{
    double rows = (double)work->rows;
    double together = 0;
    double joint = 0;
    double chance = 0;
    double a_pairs = 0;
    double b_pairs = 0;
    for (size_t i = 0; i < work->a_count; i++) {
        a_pairs += agree_pairs(work->a_sizes[i]);
    }
    for (size_t i = 0; i < work->b_count; i++) {
        b_pairs += agree_pairs(work->b_sizes[i]);
    }
    for (size_t i = 0; i < work->a_count; i++) {
        for (size_t j = 0; j < work->b_count; j++) {
            uint32_t count = work->cells[i * work->b_count + j];
            together += agree_pairs(count);
            joint -= count ? count / rows * kundig__log(count / rows) : 0;
            if (work->a_sizes[i] && work->b_sizes[j]) {
                chance += agree_by_chance(work, work->a_sizes[i], work->b_sizes[j]);
            }
        }
    }
    double a_entropy = agree_entropy(work->a_sizes, work->a_count, rows);
    double b_entropy = agree_entropy(work->b_sizes, work->b_count, rows);
    double mean = (a_entropy + b_entropy) / 2;
    double expected = a_pairs * b_pairs / agree_pairs(rows);
    double most = (a_pairs + b_pairs) / 2;
    double mutual = a_entropy + b_entropy - joint;
    out->rand = most - expected > 1e-9 ? (together - expected) / (most - expected) : 1;
    out->mutual = mean - chance > 1e-9 ? (mutual - chance) / (mean - chance) : 1;
}

static bool agree_room(agree_work *work, size_t rows)
{
    work->log_count = rows + 1;
    size_t cells = work->a_count * work->b_count;
    work->cells = kundig__alloc_zero(work->mem, cells * sizeof *work->cells);
    work->a_sizes = kundig__alloc_zero(work->mem, work->a_count * sizeof *work->a_sizes);
    work->b_sizes = kundig__alloc_zero(work->mem, work->b_count * sizeof *work->b_sizes);
    work->logs = kundig__alloc_zero(work->mem, work->log_count * sizeof *work->logs);
    return work->cells && work->a_sizes && work->b_sizes && work->logs;
}

int kundig__agree(kundig__mem *mem, const uint32_t *a, uint32_t a_count, const uint32_t *b,
                  uint32_t b_count, size_t rows, kundig__agreement *out)
{
    agree_work work = {.mem = mem, .a_count = a_count, .b_count = b_count};
    int rc = KUNDIG_E_NOMEM;
    if (agree_room(&work, rows)) {
        for (size_t i = 0; i < rows; i++) {
            if (a[i] < a_count && b[i] < b_count) {
                work.cells[(size_t)a[i] * b_count + b[i]]++;
                work.a_sizes[a[i]]++;
                work.b_sizes[b[i]]++;
                work.rows++;
            }
        }
        for (size_t i = 2; i <= work.rows; i++) {
            work.logs[i] = work.logs[i - 1] + kundig__log((double)i);
        }
        *out = (kundig__agreement){1, 1};
        if (work.rows >= 2) {
            agree_measure(&work, out);
        }
        rc = KUNDIG_OK;
    }
    kundig__free(mem, work.cells, work.a_count * work.b_count * sizeof *work.cells);
    kundig__free(mem, work.a_sizes, work.a_count * sizeof *work.a_sizes);
    kundig__free(mem, work.b_sizes, work.b_count * sizeof *work.b_sizes);
    kundig__free(mem, work.logs, work.log_count * sizeof *work.logs);
    return rc;
}
