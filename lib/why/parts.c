/* The sums of parts: one person more or less, and the variance of what is made of them.
 *
 *   records of a person > slots, a part it stands in > first sums, exact
 *                                                    > rounded to `shift` bits > products
 *
 * Invariant: all sums are integers and what a person brings depends on their own records alone, so
 * persons add and subtract in any order to the same bytes. Bits are chosen before the first person
 * comes (part_rows.c): the sum of all |w x U| has 126 bits, that of all rounded quantities 62, so
 * that neither sums nor products can overflow.
 * Cost: a record, its values; a person, the parts it stands in; none of it the number of parts. */
#include "why/parts.h"

enum { SLOT_A, SLOT_B, SLOT_SPLIT_A, SLOT_SPLIT_B, SLOT_SUMS };

/* What one person brings to one part. x is less the centre. */
typedef struct part_slot {
    kundig__i128 sums[2][SLOT_SUMS];
    uint32_t n[2];
} part_slot;

struct kundig__score_bench {
    part_slot *slots; /* all zero between persons */
    uint32_t *touched;
    uint32_t touched_count;
};

int kundig__score_bench_new(const kundig__score_parts *parts, kundig__score_bench **out,
                            kundig_error *err)
{
    kundig__score_bench *bench = kundig__alloc_zero(parts->mem, sizeof *bench);
    if (!bench) {
        return kundig__nomem(parts->mem, err);
    }
    bench->slots = kundig__alloc_zero(parts->mem, parts->count * sizeof *bench->slots);
    bench->touched = kundig__alloc(parts->mem, parts->count * sizeof *bench->touched);
    if (!bench->slots || !bench->touched) {
        kundig__score_bench_free(parts, bench);
        return kundig__nomem(parts->mem, err);
    }
    *out = bench;
    return KUNDIG_OK;
}

void kundig__score_bench_free(const kundig__score_parts *parts, kundig__score_bench *bench)
{
    if (bench) {
        kundig__free(parts->mem, bench->slots, parts->count * sizeof *bench->slots);
        kundig__free(parts->mem, bench->touched, parts->count * sizeof *bench->touched);
        kundig__free(parts->mem, bench, sizeof *bench);
    }
}

void kundig__score_parts_free(kundig__score_parts *parts)
{
    if (parts->mem) {
        kundig__score_parts_drop(parts);
        kundig__free(parts->mem, parts->parts, parts->count * sizeof *parts->parts);
        kundig__free(parts->mem, parts->keys, parts->count * sizeof *parts->keys);
        kundig__free(parts->mem, parts->titles, parts->count * sizeof *parts->titles);
        kundig__free(parts->mem, parts->numbers, parts->count * sizeof *parts->numbers);
        kundig__arena_free(&parts->arena);
        *parts = (kundig__score_parts){0};
    }
}

/* ---- One person ----------------------------------------------------------------------------- */

/* Nearest, halves away from zero. */
static int64_t part_round(kundig__i128 sum, int shift)
{
    if (!shift) {
        return (int64_t)sum;
    }
    kundig__u128 half = (kundig__u128)1 << (shift - 1);
    return sum < 0 ? -(int64_t)(((kundig__u128)-sum + half) >> shift)
                   : (int64_t)(((kundig__u128)sum + half) >> shift);
}

kundig__i128 kundig__score_vote(int64_t w, kundig__i128 all)
{
    if (all == w) {
        return KUNDIG__PARTS_VOTE;
    }
    return ((kundig__i128)w * KUNDIG__PARTS_VOTE * 2 + all) / (all * 2);
}

static void part_add(kundig__i128 *sum, kundig__i128 value, int sign)
{
    *sum += sign < 0 ? -value : value;
}

static void part_count(uint64_t *sum, uint64_t value, int sign)
{
    *sum = sign < 0 ? *sum - value : *sum + value;
}

static void part_set_add(kundig__score_part_set *set, const kundig__i128 *sums, uint32_t n,
                         bool named, int64_t centre, int sign)
{
    if (!n) {
        return;
    }
    part_count(&set->n, n, sign);
    part_count(&set->customers, named, sign);
    part_count(&set->nameless, named ? 0 : n, sign);
    part_add(&set->A, sums[SLOT_A] + centre * sums[SLOT_B], sign);
    part_add(&set->B, sums[SLOT_B], sign);
    part_add(&set->a, sums[SLOT_SPLIT_A] + centre * sums[SLOT_SPLIT_B], sign);
    part_add(&set->b, sums[SLOT_SPLIT_B], sign);
}

/* The person's records into slots; sums of all of them into whole. */
static void part_fill(const kundig__score_parts *parts, kundig__score_bench *bench,
                      const kundig__score_answer *answers, size_t count, part_slot *whole)
{
    kundig__i128 all[2] = {0, 0};
    for (size_t i = 0; parts->votes && i < count; i++) {
        all[answers[i].set] += answers[i].w;
    }
    for (size_t i = 0; i < count; i++) {
        const kundig__score_answer *answer = &answers[i];
        uint32_t set = answer->set;
        kundig__i128 w = parts->votes ? kundig__score_vote(answer->w, all[set]) : answer->w;
        kundig__i128 wx = w * (answer->x - parts->centre);
        uint32_t split = answer->count < KUNDIG__PARTS_MOST ? answer->count : KUNDIG__PARTS_MOST;
        int64_t step = KUNDIG__PARTS_SPLIT / (int64_t)split;
        whole->n[set]++;
        whole->sums[set][SLOT_A] += wx;
        whole->sums[set][SLOT_B] += w;
        for (uint32_t j = 0; j < answer->count; j++) {
            part_slot *slot = &bench->slots[answer->parts[j]];
            if (!slot->n[0] && !slot->n[1]) {
                bench->touched[bench->touched_count++] = answer->parts[j];
            }
            slot->n[set]++;
            slot->sums[set][SLOT_A] += wx;
            slot->sums[set][SLOT_B] += w;
            if (j < split) {
                slot->sums[set][SLOT_SPLIT_A] += wx * step;
                slot->sums[set][SLOT_SPLIT_B] += w * step;
            }
        }
    }
    for (int set = 0; set < 2; set++) {
        whole->sums[set][SLOT_SPLIT_A] = whole->sums[set][SLOT_A] * KUNDIG__PARTS_SPLIT;
        whole->sums[set][SLOT_SPLIT_B] = whole->sums[set][SLOT_B] * KUNDIG__PARTS_SPLIT;
    }
}

/* Products of what a person brings to a part with themselves, and with what the person brings. */
typedef struct part_squares {
    kundig__i128 ll[KUNDIG__PARTS_LOCAL * (KUNDIG__PARTS_LOCAL + 1) / 2];
    kundig__i128 lg[KUNDIG__PARTS_LOCAL][KUNDIG__PARTS_GLOBAL];
} part_squares;

static void part_multiply(const kundig__score_parts *parts, const part_slot *slot,
                          const int64_t global[KUNDIG__PARTS_GLOBAL], int sign,
                          part_squares *squares)
{
    int64_t local[KUNDIG__PARTS_LOCAL];
    size_t at = 0;
    for (int i = 0; i < KUNDIG__PARTS_LOCAL; i++) {
        kundig__i128 sum =
            parts->sets == 1 ? slot->sums[0][i] : slot->sums[i / 2][SLOT_SPLIT_A + i % 2];
        local[i] = part_round(sum, parts->local_shift[i]);
    }
    for (int i = 0; i < KUNDIG__PARTS_LOCAL; i++) {
        int64_t signed_one = sign < 0 ? -local[i] : local[i];
        for (int j = i; j < KUNDIG__PARTS_LOCAL; j++) {
            squares->ll[at++] = (kundig__i128)signed_one * local[j];
        }
        for (uint32_t j = 0; j < parts->sets * 2; j++) {
            squares->lg[i][j] = (kundig__i128)signed_one * global[j];
        }
    }
}

static void part_products(const kundig__score_parts *parts, kundig__score_part *part,
                          const part_squares *squares)
{
    for (size_t i = 0; i < sizeof part->ll / sizeof part->ll[0]; i++) {
        part->ll[i] += squares->ll[i];
    }
    for (int i = 0; i < KUNDIG__PARTS_LOCAL; i++) {
        for (uint32_t j = 0; j < parts->sets * 2; j++) {
            part->lg[i][j] += squares->lg[i][j];
        }
    }
}

/* Does somebody count several times? */
static void part_cluster(kundig__score_parts *parts)
{
    uint64_t times = 0; /* how often persons count, over both sets */
    for (uint32_t set = 0; set < parts->sets; set++) {
        times += parts->votes ? parts->whole[set].customers : parts->whole[set].n;
    }
    parts->clustered = times > parts->persons;
}

/* What a person brings to all records. */
static void part_whole(kundig__score_parts *parts, const part_slot *whole, bool named, int sign,
                       int64_t global[KUNDIG__PARTS_GLOBAL])
{
    size_t at = 0;
    for (uint32_t j = 0; j < parts->sets * 2; j++) {
        global[j] = part_round(whole->sums[j / 2][SLOT_A + j % 2], parts->global_shift[j]);
    }
    for (int i = 0; i < KUNDIG__PARTS_GLOBAL; i++) {
        for (int j = i; j < KUNDIG__PARTS_GLOBAL; j++) {
            part_add(&parts->gg[at++], (kundig__i128)global[i] * global[j], sign);
        }
    }
    part_count(&parts->persons, whole->n[0] || whole->n[1], sign);
    for (uint32_t set = 0; set < parts->sets; set++) {
        part_set_add(&parts->whole[set], whole->sums[set], whole->n[set], named, parts->centre,
                     sign);
    }
    part_cluster(parts);
}

static void part_touch(kundig__score_parts *parts, uint32_t number, const part_slot *slot,
                       const part_squares *squares, bool named, int sign)
{
    kundig__score_part *part = &parts->parts[number];
    part_count(&part->persons, 1, sign);
    for (uint32_t set = 0; set < parts->sets; set++) {
        part_set_add(&part->sets[set], slot->sums[set], slot->n[set], named, parts->centre, sign);
    }
    part_products(parts, part, squares);
}

/* Where the product of i <= j of four stands. */
static int part_pair(int i, int j)
{
    return i * (7 - i) / 2 + j;
}

/* One record, as most persons have: it brings the same to each of its parts, and to its own set
 * alone. The same integers as by slots, with less to carry. */
static void part_person_of_one(kundig__score_parts *parts, const kundig__score_answer *answer,
                               bool named, int sign)
{
    int set = (int)answer->set;
    int first = parts->sets == 1 ? 0 : 2 * set; /* of local quantities that are not 0 */
    int count = parts->sets == 1 ? 4 : 2;
    kundig__i128 w = parts->votes ? KUNDIG__PARTS_VOTE : answer->w;
    kundig__i128 wx = w * (answer->x - parts->centre);
    int64_t step = KUNDIG__PARTS_SPLIT / (int64_t)answer->count;
    const kundig__i128 own[SLOT_SUMS] = {wx, w, wx * step, w * step};
    const kundig__i128 all[SLOT_SUMS] = {wx, w, wx * KUNDIG__PARTS_SPLIT, w * KUNDIG__PARTS_SPLIT};
    int64_t local[KUNDIG__PARTS_LOCAL] = {0};
    int64_t global[2];
    kundig__i128 ll[KUNDIG__PARTS_LOCAL * (KUNDIG__PARTS_LOCAL + 1) / 2];
    kundig__i128 lg[KUNDIG__PARTS_LOCAL][2];
    for (int i = 0; i < 2; i++) {
        global[i] = part_round(all[i], parts->global_shift[2 * set + i]);
    }
    part_add(&parts->gg[part_pair(2 * set, 2 * set)], (kundig__i128)global[0] * global[0], sign);
    part_add(&parts->gg[part_pair(2 * set, 2 * set + 1)], (kundig__i128)global[0] * global[1],
             sign);
    part_add(&parts->gg[part_pair(2 * set + 1, 2 * set + 1)], (kundig__i128)global[1] * global[1],
             sign);
    part_count(&parts->persons, 1, sign);
    part_set_add(&parts->whole[set], all, 1, named, parts->centre, sign);
    part_cluster(parts);
    for (int i = 0; i < count; i++) {
        local[i] = part_round(own[4 - count + i], parts->local_shift[first + i]);
    }
    for (int i = 0; i < count; i++) {
        int64_t signed_one = sign < 0 ? -local[i] : local[i];
        for (int j = i; j < count; j++) {
            ll[part_pair(i, j)] = (kundig__i128)signed_one * local[j];
        }
        lg[i][0] = (kundig__i128)signed_one * global[0];
        lg[i][1] = (kundig__i128)signed_one * global[1];
    }
    for (uint32_t k = 0; k < answer->count; k++) {
        kundig__score_part *part = &parts->parts[answer->parts[k]];
        part_count(&part->persons, 1, sign);
        part_set_add(&part->sets[set], own, 1, named, parts->centre, sign);
        for (int i = 0; i < count; i++) {
            for (int j = i; j < count; j++) {
                part->ll[part_pair(first + i, first + j)] += ll[part_pair(i, j)];
            }
            part->lg[first + i][2 * set] += lg[i][0];
            part->lg[first + i][2 * set + 1] += lg[i][1];
        }
    }
}

void kundig__score_parts_person(kundig__score_parts *parts, kundig__score_bench *bench,
                                const kundig__score_answer *answers, size_t count, bool named,
                                int sign)
{
    part_slot whole = {0};
    int64_t global[KUNDIG__PARTS_GLOBAL] = {0};
    if (count == 1 && answers->count <= KUNDIG__PARTS_MOST) {
        part_person_of_one(parts, answers, named, sign);
        return;
    }
    part_fill(parts, bench, answers, count, &whole);
    part_whole(parts, &whole, named, sign, global);
    for (uint32_t i = 0; i < bench->touched_count; i++) {
        part_slot *slot = &bench->slots[bench->touched[i]];
        part_squares squares;
        part_multiply(parts, slot, global, sign, &squares);
        part_touch(parts, bench->touched[i], slot, &squares, named, sign);
        slot->n[0] = slot->n[1] = 0;
        memset(slot->sums, 0, parts->sets * sizeof slot->sums[0]);
    }
    bench->touched_count = 0;
}

/* ---- Variances ------------------------------------------------------------------------------ */

/* The form in terms of the rounded sums, of x less the centre. What is left of two terms that
 * should cancel is nothing. */
static void part_form(const double form[4], const int shift[4], int64_t centre, double out[4])
{
    for (int i = 0; i < 4; i += 2) {
        double moved = form[i] * (double)centre;
        double sum = form[i + 1] + moved;
        double size = (form[i + 1] < 0 ? -form[i + 1] : form[i + 1]) + (moved < 0 ? -moved : moved);
        double noise = size * 1e-15;
        out[i] = form[i];
        out[i + 1] = sum > noise || sum < -noise ? sum : 0;
    }
    for (int i = 0; i < 4; i++) {
        kundig__u128 unit = (kundig__u128)1 << shift[i];
        out[i] *= (double)unit;
    }
}

static double part_square(const kundig__i128 *products, const double form[4])
{
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        for (int j = i; j < 4; j++) {
            double product = kundig__i128_to_double(*products++) * form[i] * form[j];
            sum += i == j ? product : 2 * product;
        }
    }
    return sum;
}

double kundig__score_parts_variance(const kundig__score_parts *parts, uint32_t part,
                                    const double local[KUNDIG__PARTS_LOCAL],
                                    const double global[KUNDIG__PARTS_GLOBAL])
{
    const kundig__score_part *sums = &parts->parts[part];
    double zero = 0;
    double l[KUNDIG__PARTS_LOCAL];
    double g[KUNDIG__PARTS_GLOBAL];
    if (parts->clustered && parts->persons < 2) {
        return zero / zero;
    }
    part_form(local, parts->local_shift, parts->centre, l);
    part_form(global, parts->global_shift, parts->centre, g);
    double sum = part_square(sums->ll, l) + part_square(parts->gg, g);
    for (int i = 0; i < KUNDIG__PARTS_LOCAL; i++) {
        for (int j = 0; j < KUNDIG__PARTS_GLOBAL; j++) {
            sum += 2 * kundig__i128_to_double(sums->lg[i][j]) * l[i] * g[j];
        }
    }
    if (parts->clustered) {
        sum *= (double)parts->persons / (double)(parts->persons - 1);
    }
    return sum > 0 ? sum : 0;
}

double kundig__score_parts_inside(const kundig__score_parts *parts, uint32_t part,
                                  const double local[KUNDIG__PARTS_LOCAL])
{
    double l[KUNDIG__PARTS_LOCAL];
    part_form(local, parts->local_shift, parts->centre, l);
    double sum = part_square(parts->parts[part].ll, l);
    return sum > 0 ? sum : 0;
}
