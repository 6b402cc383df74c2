/* Combinations of keys that are too many to number: only those that occur get a number. */
#include <stdio.h>

#include "base/calendar.h"
#include "corpus/group.h"
#include "fixture.h"

TestSuite(group_pack, .fini = probe_fini);

/* 300 values in each of three keys: 27 million combinations, of which 300 occur, twice each. */
enum { PACK_ROWS = 600, PACK_KEYS = 3, PACK_HELD = 300 };

static const char *const pack_fields[PACK_KEYS] = {"customer", "agent", "case"};

/* The value of a record in a key: every key in another order; "" is a value. */
static void pack_value(int record, int key, char out[8])
{
    static const int factors[PACK_KEYS] = {7, 11, 13};
    int number = record % PACK_HELD * factors[key] % PACK_HELD;
    out[0] = '\0';
    if (number) {
        snprintf(out, 8, "%d", number);
    }
}

static void pack_open(fixture *f, bool backwards)
{
    fixture_open(f);
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (int step = 0; step < PACK_ROWS; step++) {
        int i = backwards ? PACK_ROWS - 1 - step : step;
        char id[8];
        char values[PACK_KEYS][8];
        snprintf(id, sizeof id, "r%d", i);
        for (int k = 0; k < PACK_KEYS; k++) {
            pack_value(i, k, values[k]);
        }
        kundig_feedback r = fixture_record(id, i % 2 ? "odd" : "even");
        r.customer = kundig__str(values[0]);
        r.agent = kundig__str(values[1]);
        r.case_id = kundig__str(i % PACK_HELD == 7 ? NULL : values[2]);
        r.time_ms = i % 10 == 9 ? KUNDIG_TIME_ABSENT : i % 3 * KUNDIG__DAY_MS;
        cr_assert_eq(kundig__batch_add(f->corpus, &r, NULL, NULL, &f->err), KUNDIG_OK, "%s",
                     f->err.message);
    }
    kundig__batch_commit(f->corpus);
}

static kundig_query *pack_query(const char *where, int32_t every)
{
    kundig_error err;
    kundig_query *query = fixture_query(where);
    for (int k = 0; k < PACK_KEYS; k++) {
        cr_assert_eq(kundig_query_group_by(query, pack_fields[k], strlen(pack_fields[k]), &err),
                     KUNDIG_OK);
    }
    cr_assert_eq(kundig_query_set_every(query, every, &err), KUNDIG_OK);
    return query;
}

static kundig__grouping *pack_grouping(fixture *f, const kundig_query *query)
{
    kundig__grouping *grouping = NULL;
    cr_assert_eq(kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
    cr_assert_not_null(grouping->row_groups, "this is about packed groupings");
    return grouping;
}

static int pack_order(const kundig__grouping *grouping, uint32_t a, uint32_t b)
{
    for (size_t k = 0; k < kundig__grouping_key_count(grouping); k++) {
        char buffers[2][32];
        kundig_text left = kundig__grouping_key(grouping, a, k, buffers[0]);
        kundig_text right = kundig__grouping_key(grouping, b, k, buffers[1]);
        if (!left.data || !right.data) {
            if (left.data || right.data) {
                return left.data ? 1 : -1;
            }
            continue;
        }
        int order = kundig__text_order(left, right);
        if (order) {
            return order;
        }
    }
    return 0;
}

Test(group_pack, numbers_those_that_occur_in_the_order_of_their_keys)
{
    for (int backwards = 0; backwards < 2; backwards++) {
        fixture f;
        uint32_t groups[PACK_ROWS];
        uint32_t sizes[PACK_HELD] = {0};
        pack_open(&f, backwards);
        kundig_query *query = pack_query(NULL, KUNDIG_EVERY_NONE);
        kundig__grouping *grouping = pack_grouping(&f, query);
        cr_assert_eq(kundig__grouping_count(grouping), PACK_HELD);
        for (uint32_t g = 1; g < PACK_HELD; g++) {
            cr_assert_lt(pack_order(grouping, g - 1, g), 0, "group %u", g);
        }
        char buffer[32];
        cr_assert_eq(kundig__grouping_key(grouping, 0, 0, buffer).len, 0, "\"\" stands first");
        kundig__grouping_rows(grouping, 0, 0, PACK_ROWS, groups);
        for (uint32_t row = 0; row < PACK_ROWS; row++) {
            cr_assert_lt(groups[row], PACK_HELD);
            sizes[groups[row]]++;
            for (size_t k = 0; k < PACK_KEYS; k++) {
                char value[8];
                int record = backwards ? PACK_ROWS - 1 - (int)row : (int)row;
                pack_value(record, (int)k, value);
                kundig_text key = kundig__grouping_key(grouping, groups[row], k, buffer);
                if (k == 2 && record % PACK_HELD == 7) {
                    cr_assert_null(key.data, "missing stays missing");
                } else {
                    cr_assert(kundig__text_equal(key, kundig__str(value)), "row %u", row);
                }
            }
        }
        for (uint32_t g = 0; g < PACK_HELD; g++) {
            cr_assert_eq(sizes[g], 2, "group %u", g);
        }
        kundig__grouping_free(grouping);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

Test(group_pack, leaves_out_what_the_filter_drops_and_what_has_no_time)
{
    fixture f;
    uint32_t groups[PACK_ROWS];
    pack_open(&f, false);
    kundig_query *query = pack_query("text = odd", KUNDIG_EVERY_DAY);
    kundig__grouping *grouping = pack_grouping(&f, query);
    kundig__grouping_rows(grouping, 0, 0, PACK_ROWS, groups);
    for (uint32_t row = 0; row < PACK_ROWS; row++) {
        bool in = row % 2 && row % 10 != 9;
        cr_assert_eq(groups[row] != KUNDIG__NO_GROUP, in, "row %u", row);
        if (in) {
            static const char *const days[3] = {"1970-01-01", "1970-01-02", "1970-01-03"};
            char buffer[32];
            kundig_text day = kundig__grouping_key(grouping, groups[row], PACK_KEYS, buffer);
            cr_assert(kundig__text_equal(day, kundig__str(days[row % 3])), "row %u", row);
        }
    }
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(group_pack, has_no_group_where_no_row_is_left)
{
    fixture f;
    pack_open(&f, false);
    kundig_query *query = pack_query("text = neither", KUNDIG_EVERY_NONE);
    kundig__grouping *grouping = pack_grouping(&f, query);
    cr_assert_eq(kundig__grouping_count(grouping), 0);
    kundig__grouping_free(grouping);
    cr_assert_eq(fixture_count(&f, query), 0);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t pack_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(group_pack, survives_failure_of_every_allocation)
{
    fixture f;
    pack_open(&f, false);
    kundig_query *query = pack_query("text = odd", KUNDIG_EVERY_DAY);
    fixture_sweep(&f, pack_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
