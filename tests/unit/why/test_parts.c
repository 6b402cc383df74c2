#include "base/prng.h"
#include "brute.h"

TestSuite(parts, .fini = probe_fini);

enum { PARTS_COUNT = 5, PARTS_PERSONS = 40 };

typedef struct made_person {
    kundig__score_answer answers[6];
    uint32_t parts[6][PARTS_COUNT];
    size_t count;
    bool named;
} made_person;

static void person_make(made_person *person, kundig__prng *prng, uint32_t sets, bool votes)
{
    person->named = votes || kundig__prng_below(prng, 3) > 0;
    person->count = person->named ? 1 + (size_t)kundig__prng_below(prng, 6) : 1;
    for (size_t i = 0; i < person->count; i++) {
        uint32_t count = 0;
        for (uint32_t part = 0; part < PARTS_COUNT; part++) {
            if (kundig__prng_below(prng, 3) == 0 || (part == PARTS_COUNT - 1 && !count)) {
                person->parts[i][count++] = part;
            }
        }
        person->answers[i] =
            (kundig__score_answer){(int32_t)kundig__prng_below(prng, 10001),
                                   (uint32_t)kundig__prng_below(prng, sets),
                                   1 + (int64_t)kundig__prng_below(prng, UINT64_C(1) << 40),
                                   person->parts[i],
                                   count,
                                   0,
                                   0};
    }
}

static void parts_make(kundig__score_parts *parts, kundig__mem *mem, uint32_t sets, bool votes)
{
    *parts = (kundig__score_parts){.mem = mem, .sets = sets, .votes = votes, .per = 1000};
    kundig__arena_init(&parts->arena, mem);
    parts->parts = kundig__alloc_zero(mem, PARTS_COUNT * sizeof *parts->parts);
    cr_assert(parts->parts);
    parts->count = PARTS_COUNT;
    parts->centre = 4711;
    for (int i = 0; i < 4; i++) { /* 40 bits of weight, 14 of x, 20 of the split, 9 of records */
        bool split = sets == 2 || i > 1;
        parts->local_shift[i] = (i % 2 ? 49 : 63) + (split ? 20 : 0) - 62;
        parts->local_shift[i] = parts->local_shift[i] > 0 ? parts->local_shift[i] : 0;
        parts->global_shift[i] = i % 2 ? 0 : 1;
    }
}

static void parts_end(kundig__score_parts *parts)
{
    kundig__score_parts_free(parts);
    cr_assert_null(parts->parts);
}

static void parts_same(const kundig__score_parts *a, const kundig__score_parts *b)
{
    cr_assert_eq(memcmp(a->parts, b->parts, PARTS_COUNT * sizeof *a->parts), 0);
    cr_assert_eq(memcmp(a->whole, b->whole, sizeof a->whole), 0);
    cr_assert_eq(memcmp(a->gg, b->gg, sizeof a->gg), 0);
    cr_assert(a->persons == b->persons && a->clustered == b->clustered);
}

static void parts_add(kundig__score_parts *parts, kundig__score_bench *bench,
                      const made_person *person, size_t count, int sign)
{
    kundig__score_parts_person(parts, bench, person->answers, count, person->named, sign);
}

Test(parts, a_record_taken_off_and_put_back_leaves_the_same_bytes)
{
    static made_person persons[PARTS_PERSONS];
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__prng prng;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__prng_init(&prng, 12);
    for (unsigned kind = 0; kind < 4; kind++) {
        uint32_t sets = 1 + (kind & 1);
        kundig__score_parts parts;
        kundig__score_parts before;
        kundig__score_bench *bench = NULL;
        parts_make(&parts, &mem, sets, kind & 2);
        parts_make(&before, &mem, sets, kind & 2);
        cr_assert_eq(kundig__score_bench_new(&parts, &bench, NULL), KUNDIG_OK);
        for (size_t p = 0; p < PARTS_PERSONS; p++) {
            person_make(&persons[p], &prng, sets, kind & 2);
            parts_add(&parts, bench, &persons[p], persons[p].count, 1);
            parts_add(&before, bench, &persons[p], persons[p].count, 1);
        }
        parts_same(&parts, &before);
        for (size_t p = 0; p < PARTS_PERSONS; p++) {
            made_person *person = &persons[p];
            size_t last = person->count - 1;
            for (size_t i = 0; i <= last; i++) {
                /* record i off: the person without it takes the person's place */
                kundig__score_answer gone = person->answers[i];
                parts_add(&parts, bench, person, person->count, -1);
                person->answers[i] = person->answers[last];
                if (last) {
                    parts_add(&parts, bench, person, last, 1);
                }
                cr_assert_eq(parts.whole[0].n + parts.whole[1].n + 1,
                             before.whole[0].n + before.whole[1].n);
                cr_assert_neq(memcmp(parts.gg, before.gg, sizeof before.gg), 0);
                person->answers[last] = gone;
                if (last) {
                    kundig__score_answer rest[6];
                    memcpy(rest, person->answers, sizeof rest);
                    kundig__score_parts_person(&parts, bench, rest, last, person->named, -1);
                }
                parts_add(&parts, bench, person, person->count, 1);
                parts_same(&parts, &before);
            }
        }
        for (size_t p = PARTS_PERSONS; p-- > 0;) {
            parts_add(&parts, bench, &persons[p], persons[p].count, -1);
        }
        cr_assert_eq(parts.persons, 0);
        for (size_t i = 0; i < PARTS_COUNT * sizeof *parts.parts; i++) {
            cr_assert_eq(((const unsigned char *)parts.parts)[i], 0, "nothing is left");
        }
        kundig__score_bench_free(&parts, bench);
        parts_end(&parts);
        parts_end(&before);
    }
}

static void sums_add(kundig__i128 *to, const kundig__i128 *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] += from[i];
    }
}

Test(parts, sums_of_disjoint_halves_add_up_to_the_whole)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__prng prng;
    kundig__score_parts parts[3];
    kundig__score_bench *bench = NULL;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__prng_init(&prng, 3);
    for (int i = 0; i < 3; i++) {
        parts_make(&parts[i], &mem, 2, false);
    }
    cr_assert_eq(kundig__score_bench_new(&parts[0], &bench, NULL), KUNDIG_OK);
    for (size_t p = 0; p < PARTS_PERSONS; p++) {
        made_person person;
        person_make(&person, &prng, 2, false);
        parts_add(&parts[p % 2], bench, &person, person.count, 1);
        parts_add(&parts[2], bench, &person, person.count, 1);
    }
    cr_assert_eq(parts[0].persons + parts[1].persons, parts[2].persons);
    sums_add(parts[0].gg, parts[1].gg, sizeof parts[0].gg / sizeof parts[0].gg[0]);
    cr_assert_eq(memcmp(parts[0].gg, parts[2].gg, sizeof parts[0].gg), 0);
    for (uint32_t i = 0; i < PARTS_COUNT; i++) {
        kundig__score_part *half = &parts[0].parts[i];
        const kundig__score_part *other = &parts[1].parts[i];
        const kundig__score_part *whole = &parts[2].parts[i];
        sums_add(half->ll, other->ll, sizeof half->ll / sizeof half->ll[0]);
        sums_add(half->lg[0], other->lg[0], sizeof half->lg / sizeof half->lg[0][0]);
        cr_assert_eq(memcmp(half->ll, whole->ll, sizeof half->ll), 0);
        cr_assert_eq(memcmp(half->lg, whole->lg, sizeof half->lg), 0);
        for (int set = 0; set < 2; set++) {
            cr_assert(half->sets[set].A + other->sets[set].A == whole->sets[set].A);
            cr_assert(half->sets[set].B + other->sets[set].B == whole->sets[set].B);
            cr_assert(half->sets[set].a + other->sets[set].a == whole->sets[set].a);
            cr_assert(half->sets[set].b + other->sets[set].b == whole->sets[set].b);
        }
    }
    kundig__score_bench_free(&parts[0], bench);
    for (int i = 0; i < 3; i++) {
        parts_end(&parts[i]);
    }
}

Test(parts, equal_answers_have_no_variance_and_one_customer_has_none_that_is_known)
{
    static const uint32_t first[1] = {0};
    static const double mean[4] = {1, -9.999, 0, 0};
    static const double none[4] = {0};
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__score_parts parts;
    kundig__score_bench *bench = NULL;
    kundig__score_answer answers[3];
    kundig__mem_init(&mem, &allocator, 0);
    parts_make(&parts, &mem, 1, false);
    parts.centre = 9999;
    cr_assert_eq(kundig__score_bench_new(&parts, &bench, NULL), KUNDIG_OK);
    for (int i = 0; i < 3; i++) {
        answers[i] = (kundig__score_answer){9999, 0, 7 + i, first, 1, 0, 0};
    }
    kundig__score_parts_person(&parts, bench, answers, 3, true, 1);
    cr_assert(parts.clustered);
    double known = kundig__score_parts_variance(&parts, 0, none, mean);
    cr_assert(known != known);
    kundig__score_parts_person(&parts, bench, answers, 2, true, 1);
    double local[4] = {1e-3 * mean[0], mean[1], 0, 0}; /* x is in thousandths */
    double global[4] = {-1e-3, 9.999, 0, 0};
    cr_assert_eq(kundig__score_parts_variance(&parts, 0, local, none), 0);
    cr_assert_eq(kundig__score_parts_variance(&parts, 0, none, global), 0);
    cr_assert_eq(kundig__score_parts_inside(&parts, 0, local), 0);
    kundig__score_bench_free(&parts, bench);
    parts_end(&parts);
}

Test(parts, one_vote_is_shared_by_a_customers_answers)
{
    static const uint32_t first[1] = {0};
    static const uint32_t second[1] = {1};
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__score_parts parts;
    kundig__score_bench *bench = NULL;
    kundig__score_answer answers[38];
    kundig__mem_init(&mem, &allocator, 0);
    parts_make(&parts, &mem, 1, true);
    cr_assert_eq(kundig__score_bench_new(&parts, &bench, NULL), KUNDIG_OK);
    for (int i = 0; i < 38; i++) { /* a loud one, and a quiet one with heavier words */
        answers[i] = (kundig__score_answer){0, 0, 1, first, 1, 0, 0};
    }
    kundig__score_parts_person(&parts, bench, answers, 38, true, 1);
    answers[0] = (kundig__score_answer){1000, 0, 5, second, 1, 0, 0};
    kundig__score_parts_person(&parts, bench, answers, 1, true, 1);
    const kundig__score_part_set *loud = &parts.parts[0].sets[0];
    cr_assert(loud->B - KUNDIG__PARTS_VOTE <= 19 && KUNDIG__PARTS_VOTE - loud->B <= 19);
    cr_assert(parts.parts[1].sets[0].B == KUNDIG__PARTS_VOTE);
    cr_assert_eq(parts.whole[0].n, 39);
    cr_assert_eq(parts.whole[0].customers, 2);
    cr_assert(!parts.clustered);
    kundig__score_bench_free(&parts, bench);
    parts_end(&parts);
}

Test(parts, a_bench_fails_cleanly_wherever_memory_ends)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        kundig__score_parts parts;
        kundig__score_bench *bench = NULL;
        kundig_error err = {0};
        parts_make(&parts, &mem, 1, false);
        probe_shared.allocations = 0;
        probe_shared.fail_at = fail_at;
        cr_assert_eq(kundig__score_bench_new(&parts, &bench, &err), KUNDIG_E_NOMEM);
        probe_shared.fail_at = 0;
        cr_assert_null(bench);
        parts_end(&parts);
    }
}
