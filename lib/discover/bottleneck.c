/* Sequential information bottleneck over sparse rows.
 *
 * A row d of features y adds units u_d to the sum of its cluster t at each of them. What a cluster
 * says of a feature is l_yt = log(1 + c_y sum_yt), c_y such that a row of usual size stands for e;
 * what it scores for a row is sum_y v_dy l_yt - prior_t, v_dy = w_y / sum of the row's w, and the
 * prior is what the cluster's mass costs. Rows go, one after the other, where they score most.
 * Then features are weighed by what they tell of clusters, and all is counted anew.
 *
 *   sums [feature][width] 32 bits, exact        logs [feature][width] 16 bits, 1/512 nat
 *
 * Invariants: sums are whole numbers, equal to those counted from labels at any time; scores are
 * whole numbers until the prior goes off; so all is the same on every machine. Only the lot, drawn
 * from the seed, depends on the order of rows.
 * Cost: a sweep takes features x clusters / 8 steps a row; a row that moves two columns of it. Six
 * bytes a feature and cluster. */
#include "discover/bottleneck.h"

#include "base/math.h"

#if defined(__SSE2__) && !defined(KUNDIG_NO_SIMD)
#define BOTTLE_SSE2
#include <emmintrin.h>
#endif

#if defined(__GNUC__)
#define BOTTLE_FETCH(at) __builtin_prefetch(at)
#else
#define BOTTLE_FETCH(at) ((void)0)
#endif

#define BOTTLE_WIDE   32u      /* clusters taken at once */
#define BOTTLE_AHEAD  10u      /* features whose logs are asked for early */
#define BOTTLE_TOTAL  131072.f /* sum of a row's factors, at most: times 8191 it fits in 31 bits */
#define BOTTLE_FACTOR 32767.f
#define BOTTLE_MOST   8191        /* of a log */
#define BOTTLE_UNITS  1073741824. /* of all rows together */
#define BOTTLE_PRIOR  2.0         /* rows that a feature is thought to have beside its own */
#define BOTTLE_LEAST  0.01f       /* features that tell less are dropped */
#define BOTTLE_BARRED 1e6f        /* of a score: where a group may not be */
#define BOTTLE_CLOSED 60.0f       /* nats that nothing outweighs */
#define BOTTLE_ALIGN  64u

/* ---- Logarithms ----------------------------------------------------------------------------- */

static inline float bottle_log(const kundig__bottle *bottle, float x)
{
    return kundig__quick_log(bottle->log_table, x);
}

void kundig__quick_log_table(float table[KUNDIG__BOTTLE_LOG + 1])
{
    for (uint32_t i = 0; i <= KUNDIG__BOTTLE_LOG; i++) {
        table[i] = (float)kundig__log(1 + (double)i / KUNDIG__BOTTLE_LOG);
    }
}

static inline int16_t bottle_steps(const kundig__bottle *bottle, float slope, uint32_t sum)
{
    float steps = bottle_log(bottle, 1.0f + slope * (float)sum) * KUNDIG__BOTTLE_STEPS + 0.5f;
    return (int16_t)(steps < BOTTLE_MOST ? (int)steps : BOTTLE_MOST);
}

static void bottle_tables(kundig__bottle *bottle)
{
    kundig__quick_log_table(bottle->log_table);
    for (uint32_t i = 0; i < KUNDIG__BOTTLE_TABLE; i++) {
        double log = (2.0 * i + 0.5) / KUNDIG__BOTTLE_STEPS;
        bottle->exp_table[i] = (float)(kundig__exp(-log) * KUNDIG__BOTTLE_TABLE);
        double share = (i + 0.5) / KUNDIG__BOTTLE_TABLE;
        bottle->less_table[i] = (float)(-kundig__log(1 - share) * KUNDIG__BOTTLE_STEPS);
        bottle->noise_table[i] = (float)-kundig__log(-kundig__log(share));
    }
    bottle->less_table[KUNDIG__BOTTLE_TABLE] = BOTTLE_MOST;
}

/* ---- Life ----------------------------------------------------------------------------------- */

bool kundig__bottle_init(kundig__bottle *bottle, kundig__mem *mem, const kundig__sheet *sheet,
                         uint32_t clusters, uint64_t seed)
{
    memset(bottle, 0, sizeof *bottle);
    bottle->mem = mem;
    bottle->sheet = sheet;
    bottle->clusters = clusters;
    bottle->width = (clusters + BOTTLE_WIDE - 1) / BOTTLE_WIDE * BOTTLE_WIDE;
    kundig__prng_init(&bottle->prng, seed);
    size_t rows = sheet->count;
    size_t cells = sheet->starts[rows];
    size_t features = sheet->feature_count;
    size_t table;
    bottle->labels = kundig__alloc(mem, rows * sizeof *bottle->labels);
    bottle->counts = kundig__alloc_zero(mem, rows * sizeof *bottle->counts);
    bottle->units = kundig__alloc_zero(mem, rows * sizeof *bottle->units);
    bottle->inverses = kundig__alloc_zero(mem, rows * sizeof *bottle->inverses);
    bottle->order = kundig__alloc(mem, (rows + sheet->group_count) * sizeof *bottle->order);
    bottle->cells = kundig__alloc(mem, cells * sizeof *bottle->cells);
    bottle->factors = kundig__alloc(mem, cells * sizeof *bottle->factors);
    bottle->weights = kundig__alloc(mem, features * sizeof *bottle->weights);
    bottle->slopes = kundig__alloc(mem, features * sizeof *bottle->slopes);
    bottle->frequencies = kundig__alloc(mem, features * sizeof *bottle->frequencies);
    bottle->masses = kundig__alloc_zero(mem, bottle->width * sizeof *bottle->masses);
    bottle->members = kundig__alloc_zero(mem, bottle->width * sizeof *bottle->members);
    bottle->priors = kundig__alloc_zero(mem, bottle->width * sizeof *bottle->priors);
    bottle->owners = kundig__alloc(mem, bottle->width * sizeof *bottle->owners);
    bottle->totals = kundig__alloc(mem, bottle->width * sizeof *bottle->totals);
    bottle->scores = kundig__alloc(mem, bottle->width * sizeof *bottle->scores);
    bottle->group_scores = kundig__alloc(mem, bottle->width * sizeof *bottle->group_scores);
    if (kundig__size_mul(features * sizeof(uint32_t), bottle->width, &table)) {
        bottle->sums = kundig__alloc(mem, table);
        bottle->log_block = kundig__alloc(mem, table / 2 + BOTTLE_ALIGN);
    }
    if (!bottle->labels || !bottle->counts || !bottle->units || !bottle->inverses ||
        !bottle->order || !bottle->cells || !bottle->factors || !bottle->weights ||
        !bottle->slopes || !bottle->frequencies || !bottle->masses || !bottle->members ||
        !bottle->priors || !bottle->owners || !bottle->totals || !bottle->scores ||
        !bottle->group_scores || !bottle->sums || !bottle->log_block) {
        kundig__bottle_free(bottle);
        return false;
    }
    /* Rows of logs begin with a line of the cache. */
    uintptr_t at = (uintptr_t)bottle->log_block;
    bottle->logs =
        (int16_t *)(void *)((char *)bottle->log_block + (BOTTLE_ALIGN - at % BOTTLE_ALIGN));
    memset(bottle->labels, 0xFF, rows * sizeof *bottle->labels);
    for (size_t i = 0; i < features; i++) {
        bottle->weights[i] = sheet->scales ? sheet->scales[i] : 1.0f;
    }
    for (size_t i = 0; i < rows; i++) {
        if (!sheet->groups || sheet->groups[i] == KUNDIG__NO_HINT) {
            bottle->order[bottle->mover_count++] = (uint32_t)i;
        }
    }
    for (uint32_t i = 0; i < sheet->group_count; i++) {
        if (sheet->group_starts[i] < sheet->group_starts[i + 1]) {
            bottle->order[bottle->mover_count++] = (uint32_t)rows + i;
        }
    }
    bottle_tables(bottle);
    return true;
}

void kundig__bottle_free(kundig__bottle *bottle)
{
    kundig__mem *mem = bottle->mem;
    if (!mem) {
        return;
    }
    const kundig__sheet *sheet = bottle->sheet;
    size_t rows = sheet->count;
    size_t cells = sheet->starts[rows];
    size_t features = sheet->feature_count;
    size_t width = bottle->width;
    kundig__free(mem, bottle->labels, rows * sizeof *bottle->labels);
    kundig__free(mem, bottle->counts, rows * sizeof *bottle->counts);
    kundig__free(mem, bottle->units, rows * sizeof *bottle->units);
    kundig__free(mem, bottle->inverses, rows * sizeof *bottle->inverses);
    kundig__free(mem, bottle->order, (rows + sheet->group_count) * sizeof *bottle->order);
    kundig__free(mem, bottle->cells, cells * sizeof *bottle->cells);
    kundig__free(mem, bottle->factors, cells * sizeof *bottle->factors);
    kundig__free(mem, bottle->weights, features * sizeof *bottle->weights);
    kundig__free(mem, bottle->slopes, features * sizeof *bottle->slopes);
    kundig__free(mem, bottle->frequencies, features * sizeof *bottle->frequencies);
    kundig__free(mem, bottle->masses, width * sizeof *bottle->masses);
    kundig__free(mem, bottle->members, width * sizeof *bottle->members);
    kundig__free(mem, bottle->priors, width * sizeof *bottle->priors);
    kundig__free(mem, bottle->owners, width * sizeof *bottle->owners);
    kundig__free(mem, bottle->totals, width * sizeof *bottle->totals);
    kundig__free(mem, bottle->scores, width * sizeof *bottle->scores);
    kundig__free(mem, bottle->group_scores, width * sizeof *bottle->group_scores);
    kundig__free(mem, bottle->sums, features * width * sizeof *bottle->sums);
    kundig__free(mem, bottle->log_block, features * width * sizeof *bottle->logs + BOTTLE_ALIGN);
    memset(bottle, 0, sizeof *bottle);
}

/* ---- Masses --------------------------------------------------------------------------------- */

static inline uint32_t bottle_mass(const kundig__bottle *bottle, size_t row)
{
    return bottle->sheet->masses ? bottle->sheet->masses[row] : KUNDIG__BOTTLE_MASS;
}

/* x log x */
static double bottle_entropy(double x)
{
    return x > 0 ? x * kundig__log(x) : 0;
}

/* What `mass` more costs a cluster, by mass of 1. An empty one is closed. */
static float bottle_prior(uint64_t before, uint32_t mass)
{
    if (before == 0) {
        return BOTTLE_CLOSED;
    }
    double m = (double)before / KUNDIG__BOTTLE_MASS;
    double more = (double)mass / KUNDIG__BOTTLE_MASS;
    return (float)((bottle_entropy(m + more) - bottle_entropy(m)) / more);
}

/* A row comes into a cluster or goes from it; sums of features are the caller's. */
static void bottle_enter(kundig__bottle *bottle, uint32_t cluster, size_t row, bool in)
{
    uint64_t mass = bottle_mass(bottle, row);
    bottle->members[cluster] += in ? 1u : UINT32_MAX;
    bottle->masses[cluster] += in ? mass : 0 - mass;
    bottle->priors[cluster] = bottle_prior(bottle->masses[cluster], KUNDIG__BOTTLE_MASS);
}

/* ---- Groups --------------------------------------------------------------------------------- */

/* Where a group stands: where its first row that counts does. */
static uint32_t bottle_group_label(const kundig__bottle *bottle, uint32_t group)
{
    const kundig__sheet *sheet = bottle->sheet;
    for (uint32_t i = sheet->group_starts[group]; i < sheet->group_starts[group + 1]; i++) {
        uint32_t label = bottle->labels[sheet->members[i]];
        if (label != KUNDIG__NO_CLUSTER) {
            return label;
        }
    }
    return KUNDIG__NO_CLUSTER;
}

static bool bottle_is_owner(const kundig__bottle *bottle, uint32_t group)
{
    return bottle->sheet->owners && bottle->sheet->owners[group];
}

/* Which cluster belongs to which group: from labels. */
static void bottle_own_clusters(kundig__bottle *bottle)
{
    memset(bottle->owners, 0xFF, bottle->width * sizeof *bottle->owners);
    for (uint32_t i = 0; i < bottle->sheet->group_count; i++) {
        uint32_t label = bottle_group_label(bottle, i);
        if (bottle_is_owner(bottle, i) && label != KUNDIG__NO_CLUSTER &&
            bottle->owners[label] == KUNDIG__NO_HINT) {
            bottle->owners[label] = i;
        }
    }
}

/* ---- Counting ------------------------------------------------------------------------------- */

/* The features of each row that count, and how much. */
static void bottle_factor(kundig__bottle *bottle)
{
    const kundig__sheet *sheet = bottle->sheet;
    double inverse_sum = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        size_t start = sheet->starts[i];
        uint32_t count = 0;
        double sum = 0;
        float most = 0;
        for (size_t j = start; j < sheet->starts[i + 1]; j++) {
            uint32_t feature = sheet->cells[j];
            float weight = bottle->weights[feature];
            bottle->cells[start + count] = feature;
            count += weight > 0;
            sum += (double)weight;
            most = weight > most ? weight : most;
        }
        bottle->counts[i] = count;
        bottle->inverses[i] = count ? (float)(1 / sum) : 0;
        inverse_sum += count ? bottle_mass(bottle, i) / sum : 0;
        float step = count ? BOTTLE_TOTAL / (float)sum : 0;
        step = step * most > BOTTLE_FACTOR ? BOTTLE_FACTOR / most : step;
        for (uint32_t j = 0; j < count; j++) {
            bottle->factors[start + j] =
                (int16_t)(bottle->weights[bottle->cells[start + j]] * step + 0.5f);
        }
    }
    bottle->unit = inverse_sum > 0 ? BOTTLE_UNITS / inverse_sum : 0;
    for (size_t i = 0; i < sheet->count; i++) {
        double units = (double)bottle->inverses[i] * bottle_mass(bottle, i) * bottle->unit;
        bottle->units[i] = bottle->counts[i] ? (uint32_t)units + 1 : 0;
        uint32_t sum = 0;
        for (uint32_t j = 0; j < bottle->counts[i]; j++) {
            int factor = bottle->factors[sheet->starts[i] + j];
            sum += (uint32_t)factor;
        }
        bottle->inverses[i] = sum ? 1.0f / ((float)sum * KUNDIG__BOTTLE_STEPS) : 0;
    }
}

/* slopes: e rows of usual size. */
static void bottle_slope(kundig__bottle *bottle)
{
    const kundig__sheet *sheet = bottle->sheet;
    for (uint32_t i = 0; i < sheet->feature_count; i++) {
        const uint32_t *sums = bottle->sums + (size_t)i * bottle->width;
        uint64_t sum = 0;
        for (uint32_t t = 0; t < bottle->clusters; t++) {
            sum += sums[t];
        }
        bottle->slopes[i] = sum ? (float)(2.71828183 / KUNDIG__BOTTLE_MASS *
                                          (double)bottle->frequencies[i] / (double)sum)
                                : 0;
    }
}

void kundig__bottle_count(kundig__bottle *bottle)
{
    const kundig__sheet *sheet = bottle->sheet;
    size_t width = bottle->width;
    bottle_factor(bottle);
    memset(bottle->sums, 0, sheet->feature_count * width * sizeof *bottle->sums);
    memset(bottle->frequencies, 0, sheet->feature_count * sizeof *bottle->frequencies);
    memset(bottle->masses, 0, width * sizeof *bottle->masses);
    memset(bottle->members, 0, width * sizeof *bottle->members);
    for (size_t i = 0; i < sheet->count; i++) {
        uint32_t label = bottle->labels[i];
        if (!bottle->counts[i] || label >= bottle->clusters) {
            bottle->labels[i] = KUNDIG__NO_CLUSTER;
            continue;
        }
        uint32_t mass = bottle_mass(bottle, i);
        for (uint32_t j = 0; j < bottle->counts[i]; j++) {
            uint32_t feature = bottle->cells[sheet->starts[i] + j];
            bottle->sums[feature * width + label] += bottle->units[i];
            bottle->frequencies[feature] += mass;
        }
        bottle->masses[label] += mass;
        bottle->members[label]++;
    }
    bottle_slope(bottle);
    for (size_t i = 0; i < sheet->feature_count; i++) {
        const uint32_t *sums = bottle->sums + i * width;
        int16_t *logs = bottle->logs + i * width;
        for (size_t t = 0; t < width; t++) {
            logs[t] = sums[t] ? bottle_steps(bottle, bottle->slopes[i], sums[t]) : 0;
        }
    }
    for (uint32_t t = 0; t < bottle->clusters; t++) {
        bottle->priors[t] = bottle_prior(bottle->masses[t], KUNDIG__BOTTLE_MASS);
    }
    bottle_own_clusters(bottle);
}

/* ---- Scores --------------------------------------------------------------------------------- */

/* totals of BOTTLE_WIDE clusters: sum of factors times logs. */
static void bottle_dense(int32_t *totals, const int16_t *logs, size_t width, const uint32_t *cells,
                         const int16_t *factors, uint32_t count)
{
#ifdef BOTTLE_SSE2
    __m128i all[8];
    for (int k = 0; k < 8; k++) {
        all[k] = _mm_setzero_si128();
    }
    for (uint32_t i = 0; i < count; i += 2) {
        if (i + BOTTLE_AHEAD + 1 < count) {
            BOTTLE_FETCH(logs + cells[i + BOTTLE_AHEAD] * width);
            BOTTLE_FETCH(logs + cells[i + BOTTLE_AHEAD + 1] * width);
        }
        bool two = i + 1 < count;
        const int16_t *a = logs + cells[i] * width;
        const int16_t *b = two ? logs + cells[i + 1] * width : a;
        uint32_t second = two ? (uint32_t)factors[i + 1] : 0;
        __m128i factor = _mm_set1_epi32((int)((uint32_t)factors[i] | second << 16));
        for (int k = 0; k < 4; k++) {
            __m128i left = _mm_load_si128((const __m128i *)(const void *)(a + 8 * k));
            __m128i right = _mm_load_si128((const __m128i *)(const void *)(b + 8 * k));
            __m128i low = _mm_madd_epi16(_mm_unpacklo_epi16(left, right), factor);
            __m128i high = _mm_madd_epi16(_mm_unpackhi_epi16(left, right), factor);
            all[2 * k] = _mm_add_epi32(all[2 * k], low);
            all[2 * k + 1] = _mm_add_epi32(all[2 * k + 1], high);
        }
    }
    for (int k = 0; k < 8; k++) {
        _mm_storeu_si128((__m128i *)(void *)(totals + 4 * k), all[k]);
    }
#else
    memset(totals, 0, BOTTLE_WIDE * sizeof *totals);
    for (uint32_t i = 0; i < count; i++) {
        const int16_t *row = logs + cells[i] * width;
        int32_t factor = factors[i];
        for (uint32_t k = 0; k < BOTTLE_WIDE; k++) {
            totals[k] += factor * row[k];
        }
    }
#endif
}

/* What its own cluster's total loses when a row is left out of it. */
static int32_t bottle_own(const kundig__bottle *bottle, size_t row, uint32_t own)
{
    size_t start = bottle->sheet->starts[row];
    const uint32_t *cells = bottle->cells + start;
    const int16_t *factors = bottle->factors + start;
    float units = (float)bottle->units[row];
    int32_t less = 0;
    for (uint32_t i = 0; i < bottle->counts[row]; i++) {
        size_t feature = cells[i];
        int32_t log = bottle->logs[feature * bottle->width + own];
        /* Its share of what the logarithm is taken of. */
        float share = bottle->slopes[feature] * units * bottle->exp_table[log >> 1];
        uint32_t index = share < KUNDIG__BOTTLE_TABLE ? (uint32_t)share : KUNDIG__BOTTLE_TABLE;
        int32_t lost = (int32_t)bottle->less_table[index];
        less += factors[i] * (lost < log ? lost : log);
    }
    return less;
}

/* Scores of all clusters for a row that stands in `own`, left out of it. */
static void bottle_score(kundig__bottle *bottle, size_t row, uint32_t own)
{
    size_t start = bottle->sheet->starts[row];
    for (uint32_t t = 0; t < bottle->clusters; t += BOTTLE_WIDE) {
        bottle_dense(bottle->totals + t, bottle->logs + t, bottle->width, bottle->cells + start,
                     bottle->factors + start, bottle->counts[row]);
    }
    uint32_t mass = bottle_mass(bottle, row);
    float inverse = bottle->inverses[row];
    float *scores = bottle->scores;
    if (own != KUNDIG__NO_CLUSTER) {
        bottle->totals[own] -= bottle_own(bottle, row, own);
    }
    if (mass == KUNDIG__BOTTLE_MASS) {
        for (uint32_t t = 0; t < bottle->clusters; t++) {
            scores[t] = (float)bottle->totals[t] * inverse - bottle->priors[t];
        }
    } else {
        for (uint32_t t = 0; t < bottle->clusters; t++) {
            scores[t] = (float)bottle->totals[t] * inverse - bottle_prior(bottle->masses[t], mass);
        }
    }
    if (own != KUNDIG__NO_CLUSTER) {
        scores[own] =
            (float)bottle->totals[own] * inverse - bottle_prior(bottle->masses[own] - mass, mass);
    }
}

const float *kundig__bottle_score(kundig__bottle *bottle, size_t row)
{
    bottle_score(bottle, row, bottle->labels[row]);
    return bottle->scores;
}

/* ---- Moving --------------------------------------------------------------------------------- */

/* Add the row's units to its features' sums in a cluster, or take them away. */
static void bottle_column(kundig__bottle *bottle, size_t row, uint32_t cluster, bool in)
{
    size_t width = bottle->width;
    const uint32_t *cells = bottle->cells + bottle->sheet->starts[row];
    uint32_t units = in ? bottle->units[row] : 0 - bottle->units[row];
    uint32_t count = bottle->counts[row];
    uint32_t *sums = bottle->sums + cluster;
    int16_t *logs = bottle->logs + cluster;
    for (uint32_t i = 0; i < count; i++) {
        if (i + BOTTLE_AHEAD < count) {
            BOTTLE_FETCH(sums + cells[i + BOTTLE_AHEAD] * width);
            BOTTLE_FETCH(logs + cells[i + BOTTLE_AHEAD] * width);
        }
        size_t at = cells[i] * width;
        uint32_t sum = sums[at] + units;
        sums[at] = sum;
        logs[at] = bottle_steps(bottle, bottle->slopes[cells[i]], sum);
    }
    bottle_enter(bottle, cluster, row, in);
}

static void bottle_move(kundig__bottle *bottle, size_t row, uint32_t to)
{
    uint32_t from = bottle->labels[row];
    if (from != KUNDIG__NO_CLUSTER) {
        bottle_column(bottle, row, from, false);
    }
    bottle_column(bottle, row, to, true);
    bottle->labels[row] = to;
}

/* The best of scores, the lowest of equal ones. */
static uint32_t bottle_best(const float *scores, uint32_t count)
{
    uint32_t best = 0;
    for (uint32_t t = 1; t < count; t++) {
        best = scores[t] > scores[best] ? t : best;
    }
    return best;
}

static void bottle_noise(kundig__bottle *bottle, float *scores, float noise)
{
    uint64_t lot = kundig__prng_next(&bottle->prng);
    uint32_t at = (uint32_t)(lot >> 40);
    uint32_t step = (uint32_t)lot | 1;
    for (uint32_t t = 0; t < bottle->clusters; t++) {
        scores[t] += noise * bottle->noise_table[(at + t * step) % KUNDIG__BOTTLE_TABLE];
    }
}

static bool bottle_visit(kundig__bottle *bottle, size_t row, float noise)
{
    uint32_t own = bottle->labels[row];
    if (!bottle->counts[row] || (own != KUNDIG__NO_CLUSTER && bottle->members[own] == 1)) {
        return false;
    }
    bottle_score(bottle, row, own);
    if (own != KUNDIG__NO_CLUSTER) {
        bottle->scores[own] += bottle->stay;
    }
    if (noise > 0) {
        bottle_noise(bottle, bottle->scores, noise);
    }
    uint32_t best = bottle_best(bottle->scores, bottle->clusters);
    if (best == own) {
        return false;
    }
    bottle_move(bottle, row, best);
    return true;
}

/* ---- Rows that move as one ------------------------------------------------------------------ */

/* Lower the scores of clusters where a group may not be. */
static void bottle_bar(const kundig__bottle *bottle, uint32_t group, float *scores)
{
    for (uint32_t t = 0; t < bottle->clusters && bottle_is_owner(bottle, group); t++) {
        bool other = bottle->owners[t] != KUNDIG__NO_HINT && bottle->owners[t] != group;
        scores[t] -= other ? BOTTLE_BARRED : 0;
    }
    for (size_t i = 0; i < bottle->sheet->apart_count; i++) {
        const kundig__apart *apart = &bottle->sheet->aparts[i];
        if (apart->hint == group || apart->other == group) {
            uint32_t other = apart->hint == group ? apart->other : apart->hint;
            uint32_t label = bottle_group_label(bottle, other);
            if (label != KUNDIG__NO_CLUSTER) {
                scores[label] -= BOTTLE_BARRED;
            }
        }
    }
}

/* Take the rows of a group out, score them together, and put them where that is best. */
static bool bottle_visit_group(kundig__bottle *bottle, uint32_t group, float noise)
{
    const kundig__sheet *sheet = bottle->sheet;
    const uint32_t *rows = sheet->members + sheet->group_starts[group];
    uint32_t count = sheet->group_starts[group + 1] - sheet->group_starts[group];
    uint32_t own = bottle_group_label(bottle, group);
    uint32_t here = 0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < count; i++) {
        here += own != KUNDIG__NO_CLUSTER && bottle->labels[rows[i]] == own;
        known += bottle->counts[rows[i]] > 0;
    }
    if (known == 0 || (own != KUNDIG__NO_CLUSTER && bottle->members[own] == here)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t label = bottle->labels[rows[i]];
        if (label != KUNDIG__NO_CLUSTER) {
            bottle_column(bottle, rows[i], label, false);
            bottle->labels[rows[i]] = KUNDIG__NO_CLUSTER;
        }
    }
    float *sums = bottle->group_scores;
    float weight = 0;
    memset(sums, 0, bottle->clusters * sizeof *sums);
    for (uint32_t i = 0; i < count; i++) {
        if (bottle->counts[rows[i]]) {
            float mass = (float)bottle_mass(bottle, rows[i]) / KUNDIG__BOTTLE_MASS;
            bottle_score(bottle, rows[i], KUNDIG__NO_CLUSTER);
            for (uint32_t t = 0; t < bottle->clusters; t++) {
                sums[t] += mass * bottle->scores[t];
            }
            weight += mass;
        }
    }
    if (own != KUNDIG__NO_CLUSTER) {
        sums[own] += bottle->stay * weight;
    }
    if (noise > 0) {
        bottle_noise(bottle, sums, noise * weight);
    }
    bottle_bar(bottle, group, sums);
    uint32_t best = bottle_best(sums, bottle->clusters);
    for (uint32_t i = 0; i < count; i++) {
        if (bottle->counts[rows[i]]) {
            bottle_column(bottle, rows[i], best, true);
            bottle->labels[rows[i]] = best;
        }
    }
    if (bottle_is_owner(bottle, group)) {
        if (own != KUNDIG__NO_CLUSTER && bottle->owners[own] == group) {
            bottle->owners[own] = KUNDIG__NO_HINT;
        }
        bottle->owners[best] = group;
    }
    return best != own;
}

static void bottle_shuffle(kundig__bottle *bottle)
{
    for (size_t i = bottle->mover_count; i > 1; i--) {
        size_t j = (size_t)kundig__prng_below(&bottle->prng, i);
        uint32_t other = bottle->order[i - 1];
        bottle->order[i - 1] = bottle->order[j];
        bottle->order[j] = other;
    }
}

size_t kundig__bottle_sweep(kundig__bottle *bottle, float noise)
{
    size_t moved = 0;
    bottle_shuffle(bottle);
    for (size_t i = 0; i < bottle->mover_count; i++) {
        uint32_t mover = bottle->order[i];
        moved += mover < bottle->sheet->count
                     ? bottle_visit(bottle, mover, noise)
                     : bottle_visit_group(bottle, mover - (uint32_t)bottle->sheet->count, noise);
    }
    return moved;
}

void kundig__bottle_draw(kundig__bottle *bottle)
{
    const kundig__sheet *sheet = bottle->sheet;
    for (size_t i = 0; i < bottle->mover_count; i++) {
        uint32_t mover = bottle->order[i];
        uint32_t label = (uint32_t)kundig__prng_below(&bottle->prng, bottle->clusters);
        if (mover < sheet->count) {
            bottle->labels[mover] = label;
            continue;
        }
        uint32_t group = mover - (uint32_t)sheet->count;
        for (uint32_t j = sheet->group_starts[group]; j < sheet->group_starts[group + 1]; j++) {
            bottle->labels[sheet->members[j]] = label;
        }
    }
    kundig__bottle_count(bottle);
}

/* ---- Weighing ------------------------------------------------------------------------------- */

void kundig__bottle_weigh(kundig__bottle *bottle)
{
    const kundig__sheet *sheet = bottle->sheet;
    uint32_t clusters = bottle->clusters;
    uint64_t mass = 0;
    uint32_t used = 0;
    for (uint32_t t = 0; t < clusters; t++) {
        mass += bottle->masses[t];
        used += bottle->masses[t] > 0;
    }
    if (used < 2) {
        return;
    }
    float *shares = bottle->scores;
    for (uint32_t t = 0; t < clusters; t++) {
        shares[t] = (float)((double)bottle->masses[t] / (double)mass);
    }
    double scale = 1 / kundig__log((double)used);
    for (uint32_t i = 0; i < sheet->feature_count; i++) {
        if (bottle->weights[i] == 0) {
            continue;
        }
        const uint32_t *sums = bottle->sums + (size_t)i * bottle->width;
        uint64_t sum = 0;
        for (uint32_t t = 0; t < clusters; t++) {
            sum += sums[t];
        }
        double frequency = (double)bottle->frequencies[i] / KUNDIG__BOTTLE_MASS;
        float per = sum ? (float)(frequency / (double)sum) : 0;
        float all = (float)(1 / (frequency + BOTTLE_PRIOR));
        double gain = 0;
        double rest = 0; /* share of the clusters that do not have it */
        for (uint32_t t = 0; t < clusters; t++) {
            float share = shares[t];
            if (sums[t] == 0) {
                rest += (double)share;
                continue;
            }
            float here = ((float)sums[t] * per + (float)BOTTLE_PRIOR * share) * all;
            gain += (double)here * kundig__log((double)(here / share));
        }
        double none = BOTTLE_PRIOR * (double)all;
        gain += rest * none * kundig__log(none);
        float weight = gain > 0 ? (float)(gain * scale) : 0;
        weight = weight < BOTTLE_LEAST ? 0 : weight;
        bottle->weights[i] = weight * (sheet->scales ? sheet->scales[i] : 1.0f);
    }
    kundig__bottle_count(bottle);
}

/* ---- Merging -------------------------------------------------------------------------------- */

/* What is lost where a feature's sums in two clusters become one: (x + y) log (x + y) - x log x -
 * y log y, logs of x and y given. */
static inline float bottle_joint(const kundig__bottle *bottle, float x, float x_log, float y,
                                 float y_log)
{
    float log = bottle_log(bottle, x + y);
    return x * (log - x_log) + y * (log - y_log);
}

typedef struct bottle_merging {
    double *losses; /* [room][room]; a < b */
    uint8_t *gone;
    uint32_t *into;
    float *sums; /* of one feature, those that are not 0 */
    float *logs;
    uint32_t *at;
} bottle_merging;

/* One feature's sums that are not 0. */
static uint32_t bottle_gather(const kundig__bottle *bottle, bottle_merging *merging, size_t feature)
{
    const uint32_t *sums = bottle->sums + feature * bottle->width;
    uint32_t count = 0;
    for (uint32_t t = 0; t < bottle->clusters; t++) {
        if (sums[t]) {
            merging->at[count] = t;
            merging->sums[count] = (float)sums[t];
            merging->logs[count++] = bottle_log(bottle, (float)sums[t]);
        }
    }
    return count;
}

static double bottle_mass_loss(const kundig__bottle *bottle, uint32_t a, uint32_t b)
{
    double left = (double)bottle->masses[a] / KUNDIG__BOTTLE_MASS;
    double right = (double)bottle->masses[b] / KUNDIG__BOTTLE_MASS;
    return bottle_entropy(left + right) - bottle_entropy(left) - bottle_entropy(right);
}

static void bottle_losses(const kundig__bottle *bottle, bottle_merging *merging)
{
    uint32_t clusters = bottle->clusters;
    for (uint32_t a = 0; a < clusters; a++) {
        for (uint32_t b = a + 1; b < clusters; b++) {
            merging->losses[(size_t)a * clusters + b] = bottle_mass_loss(bottle, a, b);
        }
    }
    for (size_t i = 0; i < bottle->sheet->feature_count; i++) {
        if (bottle->weights[i] == 0) {
            continue;
        }
        double weight = (double)bottle->weights[i] / bottle->unit / KUNDIG__BOTTLE_MASS;
        uint32_t count = bottle_gather(bottle, merging, i);
        for (uint32_t a = 0; a < count; a++) {
            double *losses = merging->losses + (size_t)merging->at[a] * clusters;
            float sum = merging->sums[a];
            float log = merging->logs[a];
            for (uint32_t b = a + 1; b < count; b++) {
                losses[merging->at[b]] -=
                    weight *
                    (double)bottle_joint(bottle, sum, log, merging->sums[b], merging->logs[b]);
            }
        }
    }
}

/* Losses of one cluster with all others, anew. */
static void bottle_losses_of(const kundig__bottle *bottle, bottle_merging *merging, uint32_t one)
{
    uint32_t clusters = bottle->clusters;
    for (uint32_t t = 0; t < clusters; t++) {
        size_t at = t < one ? (size_t)t * clusters + one : (size_t)one * clusters + t;
        merging->losses[at] = t == one ? 0 : bottle_mass_loss(bottle, one, t);
    }
    for (size_t i = 0; i < bottle->sheet->feature_count; i++) {
        const uint32_t *sums = bottle->sums + i * bottle->width;
        if (bottle->weights[i] == 0 || !sums[one]) {
            continue;
        }
        double weight = (double)bottle->weights[i] / bottle->unit / KUNDIG__BOTTLE_MASS;
        float own = (float)sums[one];
        float own_log = bottle_log(bottle, own);
        for (uint32_t t = 0; t < clusters; t++) {
            if (sums[t] && t != one) {
                float sum = (float)sums[t];
                size_t at = t < one ? (size_t)t * clusters + one : (size_t)one * clusters + t;
                merging->losses[at] -= weight * (double)bottle_joint(bottle, own, own_log, sum,
                                                                     bottle_log(bottle, sum));
            }
        }
    }
}

/* Clusters of groups that are apart do not merge. */
static void bottle_losses_bar(const kundig__bottle *bottle, bottle_merging *merging)
{
    for (size_t i = 0; i < bottle->sheet->apart_count; i++) {
        uint32_t a = bottle_group_label(bottle, bottle->sheet->aparts[i].hint);
        uint32_t b = bottle_group_label(bottle, bottle->sheet->aparts[i].other);
        if (a == KUNDIG__NO_CLUSTER || b == KUNDIG__NO_CLUSTER) {
            continue;
        }
        for (; merging->gone[a]; a = merging->into[a]) {
        }
        for (; merging->gone[b]; b = merging->into[b]) {
        }
        if (a != b) {
            size_t at = a < b ? (size_t)a * bottle->clusters + b : (size_t)b * bottle->clusters + a;
            merging->losses[at] = (double)BOTTLE_BARRED;
        }
    }
}

static void bottle_merge_to(kundig__bottle *bottle, bottle_merging *merging, uint32_t goal)
{
    uint32_t clusters = bottle->clusters;
    size_t width = bottle->width;
    bottle_losses(bottle, merging);
    for (uint32_t t = 0; t < clusters; t++) {
        merging->into[t] = t;
        merging->gone[t] = 0;
    }
    uint32_t left = clusters;
    for (; left > goal; left--) {
        bottle_losses_bar(bottle, merging);
        uint32_t first = 0;
        uint32_t second = 0;
        double least = 0;
        for (uint32_t a = 0; a < clusters; a++) {
            for (uint32_t b = a + 1; b < clusters && !merging->gone[a]; b++) {
                double loss = merging->losses[(size_t)a * clusters + b];
                bool owned =
                    bottle->owners[a] != KUNDIG__NO_HINT && bottle->owners[b] != KUNDIG__NO_HINT;
                if (!merging->gone[b] && !owned && (second == 0 || loss < least)) {
                    least = loss;
                    first = a;
                    second = b;
                }
            }
        }
        if (second == 0 || least >= (double)BOTTLE_BARRED) {
            break; /* those that are left must stay apart */
        }
        if (bottle->owners[first] == KUNDIG__NO_HINT) {
            bottle->owners[first] = bottle->owners[second];
        }
        merging->gone[second] = 1;
        merging->into[second] = first;
        bottle->masses[first] += bottle->masses[second];
        bottle->masses[second] = 0;
        for (size_t i = 0; i < bottle->sheet->feature_count; i++) {
            uint32_t *sums = bottle->sums + i * width;
            sums[first] += sums[second];
            sums[second] = 0;
        }
        if (left - 1 > goal) {
            bottle_losses_of(bottle, merging, first);
        }
    }
    /* Those that are left keep their order; what a cluster went into is always before it. */
    uint32_t number = 0;
    for (uint32_t t = 0; t < clusters; t++) {
        merging->into[t] = merging->gone[t] ? merging->into[merging->into[t]] : number++;
    }
    for (size_t i = 0; i < bottle->sheet->count; i++) {
        uint32_t label = bottle->labels[i];
        bottle->labels[i] = label < clusters ? merging->into[label] : KUNDIG__NO_CLUSTER;
    }
    bottle->clusters = left;
    kundig__bottle_count(bottle);
}

bool kundig__bottle_merge(kundig__bottle *bottle, uint32_t clusters)
{
    if (clusters >= bottle->clusters) {
        return true;
    }
    kundig__mem *mem = bottle->mem;
    size_t count = bottle->clusters;
    bottle_merging merging = {0};
    merging.losses = kundig__alloc(mem, count * count * sizeof *merging.losses);
    merging.gone = kundig__alloc(mem, count);
    merging.into = kundig__alloc(mem, count * sizeof *merging.into);
    merging.sums = kundig__alloc(mem, count * sizeof *merging.sums);
    merging.logs = kundig__alloc(mem, count * sizeof *merging.logs);
    merging.at = kundig__alloc(mem, count * sizeof *merging.at);
    bool fits = merging.losses && merging.gone && merging.into && merging.sums && merging.logs &&
                merging.at;
    if (fits) {
        bottle_merge_to(bottle, &merging, clusters);
    }
    kundig__free(mem, merging.losses, count * count * sizeof *merging.losses);
    kundig__free(mem, merging.gone, count);
    kundig__free(mem, merging.into, count * sizeof *merging.into);
    kundig__free(mem, merging.sums, count * sizeof *merging.sums);
    kundig__free(mem, merging.logs, count * sizeof *merging.logs);
    kundig__free(mem, merging.at, count * sizeof *merging.at);
    return fits;
}

/* ---- A whole run ---------------------------------------------------------------------------- */

static size_t bottle_sweeps(kundig__bottle *bottle, uint32_t most, float noise)
{
    size_t moved = 0;
    for (uint32_t i = 0; i < most; i++) {
        moved = kundig__bottle_sweep(bottle, noise);
        if (moved * 1000 < bottle->mover_count) {
            break;
        }
    }
    return moved;
}

bool kundig__bottle_run(kundig__bottle *bottle, const kundig__bottle_plan *plan)
{
    kundig__bottle_draw(bottle);
    bottle_sweeps(bottle, plan->first, plan->noise);
    for (uint32_t i = 0; i < plan->rounds; i++) {
        if (i == plan->rounds / 2 && !kundig__bottle_merge(bottle, plan->clusters)) {
            return false;
        }
        kundig__bottle_weigh(bottle);
        bottle_sweeps(bottle, plan->sweeps, plan->noise);
    }
    kundig__bottle_weigh(bottle);
    bottle_sweeps(bottle, plan->last, 0);
    return true;
}
