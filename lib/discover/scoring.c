/* What clusters score for a text, by what is frozen of them.
 *
 * A text's features share what is thought of it by their weights: score_t = sum w_y l_yt / sum w_y
 * - prior_t. Sums are of whole numbers, so their order does not matter, and every machine has the
 * same result.
 * Cost: features x clusters / 16 steps; a row is a cache line or two, fetched ahead. */
#include <string.h>

#include "discover/clustered.h"

#if defined(__SSE2__) && !defined(KUNDIG_NO_SIMD)
#define SCORING_SSE2
#include <emmintrin.h>
#endif

#if defined(__GNUC__)
#define SCORING_FETCH(at) __builtin_prefetch(at)
#else
#define SCORING_FETCH(at) ((void)0)
#endif

#define SCORING_AHEAD  12u
#define SCORING_FACTOR 32767u
#define SCORING_TOTAL  4194304u /* of factors of a text: times 255 they fit in 31 bits */

bool kundig__scoring_init(kundig__scoring *scoring, kundig__mem *mem,
                          const kundig__clustered *clustered)
{
    memset(scoring, 0, sizeof *scoring);
    scoring->mem = mem;
    scoring->clustered = clustered;
    scoring->totals = kundig__alloc(mem, clustered->width * sizeof *scoring->totals);
    scoring->scores = kundig__alloc_zero(mem, clustered->width * sizeof *scoring->scores);
    if (!scoring->totals || !scoring->scores) {
        kundig__scoring_free(scoring);
        return false;
    }
    return true;
}

void kundig__scoring_free(kundig__scoring *scoring)
{
    kundig__mem *mem = scoring->mem;
    if (!mem) {
        return;
    }
    kundig__free(mem, scoring->rows, scoring->capacity * sizeof *scoring->rows);
    kundig__free(mem, scoring->factors, scoring->factor_capacity * sizeof *scoring->factors);
    kundig__free(mem, scoring->totals, scoring->clustered->width * sizeof *scoring->totals);
    kundig__free(mem, scoring->scores, scoring->clustered->width * sizeof *scoring->scores);
    memset(scoring, 0, sizeof *scoring);
}

/* totals of KUNDIG__FROZEN_WIDE clusters: sum of factors times rows. */
static void scoring_dense(int32_t *totals, const uint8_t *rows, size_t width, const uint32_t *list,
                          const int16_t *factors, size_t count)
{
#ifdef SCORING_SSE2
    __m128i zero = _mm_setzero_si128();
    __m128i all[4] = {zero, zero, zero, zero};
    for (size_t i = 0; i < count; i += 2) {
        if (i + SCORING_AHEAD + 1 < count) {
            SCORING_FETCH(rows + list[i + SCORING_AHEAD] * width);
            SCORING_FETCH(rows + list[i + SCORING_AHEAD + 1] * width);
        }
        bool two = i + 1 < count;
        const uint8_t *a = rows + list[i] * width;
        const uint8_t *b = two ? rows + list[i + 1] * width : a;
        uint32_t second = two ? (uint16_t)factors[i + 1] : 0;
        __m128i factor = _mm_set1_epi32((int)((uint16_t)factors[i] | second << 16));
        __m128i left = _mm_loadu_si128((const __m128i *)(const void *)a);
        __m128i right = _mm_loadu_si128((const __m128i *)(const void *)b);
        __m128i low = _mm_unpacklo_epi8(left, right);
        __m128i high = _mm_unpackhi_epi8(left, right);
        all[0] = _mm_add_epi32(all[0], _mm_madd_epi16(_mm_unpacklo_epi8(low, zero), factor));
        all[1] = _mm_add_epi32(all[1], _mm_madd_epi16(_mm_unpackhi_epi8(low, zero), factor));
        all[2] = _mm_add_epi32(all[2], _mm_madd_epi16(_mm_unpacklo_epi8(high, zero), factor));
        all[3] = _mm_add_epi32(all[3], _mm_madd_epi16(_mm_unpackhi_epi8(high, zero), factor));
    }
    for (int k = 0; k < 4; k++) {
        _mm_storeu_si128((__m128i *)(void *)(totals + 4 * k), all[k]);
    }
#else
    memset(totals, 0, KUNDIG__FROZEN_WIDE * sizeof *totals);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + list[i] * width;
        for (uint32_t k = 0; k < KUNDIG__FROZEN_WIDE; k++) {
            totals[k] += (int32_t)factors[i] * row[k];
        }
    }
#endif
}

/* Whole factors so great that all totals fit; returns their sum. */
static uint32_t scoring_factors(kundig__scoring *scoring)
{
    const kundig__clustered *clustered = scoring->clustered;
    uint64_t sum = 0;
    uint32_t most = 1;
    for (size_t i = 0; i < scoring->count; i++) {
        uint32_t weight = clustered->weights[scoring->rows[i]];
        sum += weight;
        most = weight > most ? weight : most;
    }
    /* In 1 / 65536: at most both bounds. */
    uint64_t step = ((uint64_t)SCORING_FACTOR << 16) / most;
    uint64_t fair = sum ? ((uint64_t)SCORING_TOTAL << 16) / sum : step;
    step = step < fair ? step : fair;
    uint32_t total = 0;
    for (size_t i = 0; i < scoring->count; i++) {
        uint64_t factor = clustered->weights[scoring->rows[i]] * step >> 16;
        scoring->factors[i] = (int16_t)factor;
        total += (uint32_t)factor;
    }
    return total;
}

/* How much more of its features is said in its cluster than in all texts. */
static float scoring_fit(const kundig__scoring *scoring, uint32_t strange)
{
    const kundig__clustered *clustered = scoring->clustered;
    const uint8_t *cells = clustered->rows + scoring->best;
    float spread = clustered->spreads[scoring->best];
    double sum = 0;
    double weights = (double)strange * clustered->strange;
    for (size_t i = 0; i < scoring->count; i++) {
        uint32_t row = scoring->rows[i];
        float here = clustered->counts[cells[(size_t)row * clustered->width]] * spread + 0.5f;
        float log = kundig__quick_log(clustered->log_table, here + here) - 0.69314718f;
        sum += (double)clustered->weights[row] * (double)(log - clustered->alls[row]);
        weights += clustered->weights[row];
    }
    return (float)(sum / weights);
}

bool kundig__score(kundig__scoring *scoring, const kundig__presence *presence)
{
    const kundig__clustered *clustered = scoring->clustered;
    void *rows = scoring->rows;
    void *factors = scoring->factors;
    bool fits = kundig__grow(scoring->mem, &rows, &scoring->capacity, presence->count + 1,
                             sizeof *scoring->rows);
    scoring->rows = rows;
    fits = fits && kundig__grow(scoring->mem, &factors, &scoring->factor_capacity,
                                presence->count + 1, sizeof *scoring->factors);
    scoring->factors = factors;
    if (!fits) {
        return false;
    }
    size_t count = 0;
    uint32_t strange = 0;
    for (size_t i = 0; i < presence->count; i++) {
        uint32_t row = clustered->lookup[presence->list[i]];
        scoring->rows[count] = row;
        count += row != KUNDIG__NO_FEATURE;
        strange += row != KUNDIG__NO_FEATURE ? 0 : kundig__note_strange(presence->list[i]);
    }
    scoring->count = count;
    scoring->known = presence->count ? (float)count / (float)presence->count : 0;
    scoring->best = 0;
    scoring->second = KUNDIG__NO_CLUSTER;
    scoring->margin = 0;
    scoring->fit = -KUNDIG__FROZEN_WORST;
    uint32_t total = scoring_factors(scoring);
    if (total == 0) {
        scoring->count = 0;
        return true;
    }
    for (uint32_t t = 0; t < clustered->width; t += KUNDIG__FROZEN_WIDE) {
        scoring_dense(scoring->totals + t, clustered->rows + t, clustered->width, scoring->rows,
                      scoring->factors, count);
    }
    float inverse = 1.0f / ((float)total * KUNDIG__FROZEN_STEPS);
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        scoring->scores[t] = (float)scoring->totals[t] * inverse -
                             (float)clustered->priors[t] * (1.0f / KUNDIG__FROZEN_PRIOR);
        if (t > 0 && scoring->scores[t] > scoring->scores[scoring->best]) {
            scoring->second = scoring->best;
            scoring->best = t;
        } else if (t > 0 && (scoring->second == KUNDIG__NO_CLUSTER ||
                             scoring->scores[t] > scoring->scores[scoring->second])) {
            scoring->second = t;
        }
    }
    if (scoring->second != KUNDIG__NO_CLUSTER) {
        scoring->margin = scoring->scores[scoring->best] - scoring->scores[scoring->second];
    }
    scoring->fit = scoring_fit(scoring, strange);
    return true;
}

bool kundig__clustered_fits(const kundig__clustered *clustered, float fit)
{
    return (int32_t)(fit * KUNDIG__FROZEN_PRIOR) >= clustered->least_fit;
}

float kundig__clustered_novelty(const kundig__clustered *clustered, float fit)
{
    int32_t steps = (int32_t)(fit * KUNDIG__FROZEN_PRIOR);
    uint32_t low = 0;
    uint32_t high = KUNDIG__FROZEN_FITS;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (clustered->fits[middle] <= steps) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 1 - (float)low / (float)KUNDIG__FROZEN_FITS;
}
