#include "modelling.h"

TestSuite(evidence, .fini = probe_fini);

typedef struct evidence_fixture {
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model;
} evidence_fixture;

static void evidence_begin(evidence_fixture *fixture)
{
    kundig_allocator allocator = probe_allocator(NULL);
    fixture->model = model_of("topic a: A\nany: x1\ntopic b: B\nany: x2\ntopic c: C\nany: x3\n");
    kundig__mem_init(&fixture->mem, &allocator, 0);
    kundig__reading_init(&fixture->reading, &fixture->mem, fixture->model);
    cr_assert_eq(kundig__reading_run(&fixture->reading, "x", 1, 0), KUNDIG_OK);
}

static void evidence_end(evidence_fixture *fixture)
{
    kundig__reading_free(&fixture->reading);
    kundig_model_free(fixture->model);
}

static void evidence_put(kundig__mem *mem, kundig__hit **hits, size_t *count, size_t *capacity,
                         const kundig__hit *given, size_t given_count)
{
    void *array = *hits;
    cr_assert(kundig__grow(mem, &array, capacity, given_count, sizeof **hits));
    *hits = array;
    if (given_count) {
        memcpy(*hits, given, given_count * sizeof *given);
    }
    *count = given_count;
}

static void settles(const kundig__hit *hits, size_t count, const kundig__hit *nots,
                    size_t not_count, const char *expected)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    kundig__reading *reading = &fixture.reading;
    kundig__matching *matching = reading->matching;
    char shown[4096];
    evidence_put(&fixture.mem, &reading->hits, &reading->hit_count, &reading->hit_capacity, hits,
                 count);
    evidence_put(&fixture.mem, &matching->nots, &matching->not_count, &matching->not_capacity, nots,
                 not_count);
    cr_assert_eq(kundig__evidence_settle(reading), KUNDIG_OK);
    show_hits(reading, shown, sizeof shown);
    cr_assert_str_eq(shown, expected);
    for (size_t i = 0; i < reading->topic_count; i++) {
        cr_assert(i == 0 || reading->topics[i - 1] < reading->topics[i]);
    }
    evidence_end(&fixture);
}

Test(evidence, keeps_what_is_not_inside_another_of_its_topic)
{
    kundig__hit hits[] = {{4, 9, 1, 1}, {0, 4, 1, 1}, {5, 8, 1, 1}, {5, 8, 0, 0}, {8, 12, 1, 1}};
    settles(hits, 5, NULL, 0, "0-4 b; 4-9 b; 5-8 a; 8-12 b");
}

Test(evidence, of_the_same_bytes_keeps_the_first_rule)
{
    evidence_fixture fixture;
    evidence_begin(&fixture);
    kundig__hit hits[] = {{2, 5, 1, 2}, {2, 5, 1, 1}, {2, 5, 1, 2}, {2, 9, 2, 2}};
    evidence_put(&fixture.mem, &fixture.reading.hits, &fixture.reading.hit_count,
                 &fixture.reading.hit_capacity, hits, 4);
    cr_assert_eq(kundig__evidence_settle(&fixture.reading), KUNDIG_OK);
    cr_assert_eq(fixture.reading.hit_count, 2);
    cr_assert_eq(fixture.reading.hits[0].rule, 1);
    cr_assert_eq(fixture.reading.topic_count, 2);
    cr_assert_eq(fixture.reading.topics[0], 1);
    cr_assert_eq(fixture.reading.topics[1], 2);
    evidence_end(&fixture);
}

Test(evidence, exclusions_take_what_they_overlap_in_their_topic_alone)
{
    kundig__hit hits[] = {{0, 4, 0, 0}, {4, 8, 0, 0}, {6, 12, 0, 0}, {12, 14, 0, 0}, {0, 4, 1, 1}};
    kundig__hit nots[] = {{7, 10, 0, 0}, {8, 12, 0, 0}, {0, 4, 2, 2}};
    settles(hits, 5, nots, 3, "0-4 a; 0-4 b; 12-14 a");
}

Test(evidence, an_excluded_hit_covers_nothing)
{
    kundig__hit hits[] = {{0, 9, 0, 0}, {0, 4, 0, 0}};
    kundig__hit nots[] = {{5, 9, 0, 0}};
    settles(hits, 2, nots, 1, "0-4 a");
}

Test(evidence, many_hits_settle_as_few_do)
{
    enum { COUNT = 3000 };
    static kundig__hit hits[COUNT];
    static kundig__hit nots[COUNT];
    uint64_t seed = 7;
    evidence_fixture fixture;
    evidence_begin(&fixture);
    kundig__reading *reading = &fixture.reading;
    kundig__matching *matching = reading->matching;
    for (size_t round = 0; round < 200; round++) {
        size_t count = round % 4 == 0 ? 300 : round % 20;
        size_t not_count = round % 3 == 0 ? 0 : round % 9;
        for (size_t i = 0; i < count + not_count; i++) {
            kundig__hit *hit = i < count ? &hits[i] : &nots[i - count];
            seed = seed * UINT64_C(6364136223846793005) + 1;
            hit->start = (uint32_t)(seed >> 33) % 200;
            hit->end = hit->start + 1 + (uint32_t)(seed >> 50) % 6;
            hit->topic = (uint32_t)(seed >> 60) % 3;
            hit->rule = hit->topic;
        }
        evidence_put(&fixture.mem, &reading->hits, &reading->hit_count, &reading->hit_capacity,
                     hits, count);
        evidence_put(&fixture.mem, &matching->nots, &matching->not_count, &matching->not_capacity,
                     nots, not_count);
        cr_assert_eq(kundig__evidence_settle(reading), KUNDIG_OK);
        /* one by one, as the words say it */
        size_t expected = 0;
        for (size_t i = 0; i < count; i++) {
            bool stays = true;
            for (size_t j = 0; j < not_count; j++) {
                stays &= nots[j].topic != hits[i].topic || nots[j].end <= hits[i].start ||
                         nots[j].start >= hits[i].end;
            }
            for (size_t j = 0; j < count && stays; j++) {
                bool excluded = false;
                for (size_t k = 0; k < not_count; k++) {
                    excluded |= nots[k].topic == hits[j].topic && nots[k].end > hits[j].start &&
                                nots[k].start < hits[j].end;
                }
                bool same = hits[j].start == hits[i].start && hits[j].end == hits[i].end;
                stays &= excluded || hits[j].topic != hits[i].topic ||
                         hits[j].start > hits[i].start || hits[j].end < hits[i].end ||
                         (same && j >= i);
            }
            bool found = false;
            for (size_t j = 0; j < reading->hit_count; j++) {
                found |= memcmp(&reading->hits[j], &hits[i], sizeof hits[i]) == 0;
            }
            cr_assert(found || !stays);
            expected += stays;
        }
        cr_assert_eq(reading->hit_count, expected);
    }
    evidence_end(&fixture);
}
