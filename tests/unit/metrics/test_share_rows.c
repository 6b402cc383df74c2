#include "metrics/share.h"
#include "spoken.h"

TestSuite(share_rows, .fini = probe_fini);

/* Rows as "group.topic", parted by blanks. */
static void rows_are(uint32_t topic_keys, size_t key_count, const uint8_t *differ, size_t groups,
                     const kundig_text *texts, uint32_t *topics, size_t topic_count,
                     const char *expected)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__share_keys keys = {key_count, topic_keys};
    kundig__share_rows rows;
    char out[256] = "";
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert_eq(kundig__share_rows_new(&mem, &keys, groups, differ, texts, topics, topic_count,
                                        &rows, NULL),
                 KUNDIG_OK);
    for (size_t i = 0; i < rows.count; i++) {
        size_t len = strlen(out);
        snprintf(out + len, sizeof out - len, "%s%u.%u", i ? " " : "", (unsigned)rows.rows[i].group,
                 (unsigned)rows.rows[i].topic);
    }
    cr_assert_str_eq(out, expected);
    kundig__share_rows_free(&rows);
}

/* Topic 0 has no name. */
#define NAMED(s)                                                                                   \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

Test(share_rows, topics_stand_where_their_key_does)
{
    const kundig_text texts[] = {{NULL, 0}, NAMED("b"), NAMED("a")};
    uint32_t topics[] = {0, 1, 2};
    /* groups (x, 1) (x, 2) (y, 1) */
    const uint8_t first[] = {0, 2, 1};
    const uint8_t middle[] = {0, 2, 0};
    const uint8_t last[] = {0, 1, 0};
    rows_are(1, 3, first, 3, texts, topics, 3, "0.0 1.0 2.0 0.2 1.2 2.2 0.1 1.1 2.1");
    rows_are(2, 3, middle, 3, texts, topics, 3, "0.0 1.0 0.2 1.2 0.1 1.1 2.0 2.2 2.1");
    rows_are(4, 3, last, 3, texts, topics, 3, "0.0 0.2 0.1 1.0 1.2 1.1 2.0 2.2 2.1");
    rows_are(1, 1, (const uint8_t[]){0}, 1, texts, topics, 3, "0.0 0.2 0.1");
    rows_are(1, 3, first, 0, texts, topics, 3, "");
}

Test(share_rows, themes_and_their_topics_may_have_groups_between_them)
{
    /* theme, topic */
    const kundig_text texts[] = {{NULL, 0},  {NULL, 0},  NAMED("m"), NAMED("z"),
                                 NAMED("d"), NAMED("y"), NAMED("m"), NAMED("a")};
    uint32_t topics[] = {3, 2, 1, 0};
    const uint8_t between[] = {0, 1};
    rows_are(5, 3, between, 2, texts, topics, 4, "0.0 1.0 0.2 1.2 0.3 0.1 1.3 1.1");
    /* topic before theme */
    const kundig_text turned[] = {{NULL, 0},  {NULL, 0},  NAMED("z"), NAMED("m"),
                                  NAMED("y"), NAMED("d"), NAMED("a"), NAMED("m")};
    rows_are(5, 3, between, 2, turned, topics, 4, "0.0 1.0 0.3 1.3 0.2 1.2 0.1 1.1");
}

Test(share_rows, fail_cleanly_at_every_allocation)
{
    kundig_allocator allocator = probe_allocator(NULL);
    const kundig_text texts[] = {{NULL, 0}, NAMED("b")};
    uint32_t topics[] = {0, 1};
    kundig__share_keys keys = {1, 1};
    int rc = KUNDIG_E_NOMEM;
    for (size_t at = 1; rc; at++) {
        kundig__mem mem;
        kundig__share_rows rows;
        kundig__mem_init(&mem, &allocator, 0);
        probe_shared.fail_at = probe_shared.allocations + at;
        rc = kundig__share_rows_new(&mem, &keys, 1, (const uint8_t[]){0}, texts, topics, 2, &rows,
                                    NULL);
        probe_shared.fail_at = 0;
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
        kundig__share_rows_free(&rows);
        cr_assert_eq(mem.used, 0);
    }
}
