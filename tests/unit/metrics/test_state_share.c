#include "base/hash.h"
#include "spoken.h"

TestSuite(state_share, .fini = probe_fini);

static kundig_state *share_state(fixture *f, const kundig_query *query)
{
    kundig_state *state = NULL;
    int rc = kundig__state_new(f->corpus, query, &state, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return state;
}

static kundig_bytes *share_saved(const kundig_state *state)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_state_save(state, &bytes, NULL), KUNDIG_OK);
    return bytes;
}

static kundig_bytes *share_finished(const kundig_state *state)
{
    kundig_table *table = NULL;
    kundig_error err;
    cr_assert_eq(kundig_state_finish(state, &table, &err), KUNDIG_OK, "%s", err.message);
    return survey_json(table);
}

/* Load what was saved; the new state says and gives the same. */
static kundig_state *share_travelled(kundig_state *state)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_state *landed = NULL;
    kundig_error err;
    kundig_bytes *bytes = share_saved(state);
    cr_assert_eq(kundig_state_load(&allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes),
                                   &landed, &err),
                 KUNDIG_OK, "%s", err.message);
    kundig_bytes *again = share_saved(landed);
    survey_same(bytes, again);
    kundig_bytes_free(bytes);
    kundig_bytes_free(again);
    kundig_state_free(state);
    return landed;
}

static kundig_query *share_question(size_t i)
{
    static const char *const fields[][3] = {
        {"topic", NULL, NULL},       {"stage", "topic", "channel"}, {"theme", "stage", NULL},
        {"theme", "stage", "topic"}, {"topic", "theme", "stage"},   {"stage", NULL, NULL},
        {NULL, NULL, NULL}};
    kundig_query *query =
        spoken_query("share", fields[i % 7][0], fields[i % 7][1], fields[i % 7][2]);
    if (i >= 7) {
        query->every = KUNDIG_EVERY_QUARTER;
        query->unit = KUNDIG_OF_CUSTOMERS;
    }
    return query;
}

Test(state_share, merged_in_any_tree_gives_the_bytes_of_one_corpus)
{
    static spoken s;
    kundig_error err;
    for (unsigned how = 0; how < 4; how++) {
        spoken_make(&s, 120, how, 500 + how);
        for (size_t q = 0; q < 14; q++) {
            kundig_query *query = share_question(q);
            fixture whole;
            fixture parts[4];
            kundig_state *states[4];
            spoken_open(&whole, &s, 0, 1);
            for (size_t i = 0; i < 4; i++) {
                spoken_open(&parts[i], &s, i, 4);
                states[i] = share_travelled(share_state(&parts[i], query));
            }
            kundig_state *all = share_state(&whole, query);
            kundig_bytes *before = share_saved(states[3]);
            cr_assert_eq(kundig_state_merge(states[0], states[1], &err), KUNDIG_OK, "%s",
                         err.message);
            cr_assert_eq(kundig_state_merge(states[3], states[2], &err), KUNDIG_OK);
            cr_assert_eq(kundig_state_merge(states[3], states[0], &err), KUNDIG_OK);
            states[3] = share_travelled(states[3]);
            kundig_bytes *merged = share_saved(states[3]);
            kundig_bytes *pooled = share_saved(all);
            kundig_bytes *finished = share_finished(states[3]);
            kundig_bytes *measured = survey_measure(&whole, query);
            survey_same(merged, pooled);
            survey_same(finished, measured);
            cr_assert_eq(kundig_state_subtract(states[3], states[0], &err), KUNDIG_OK, "%s",
                         err.message);
            cr_assert_eq(kundig_state_subtract(states[3], states[2], &err), KUNDIG_OK, "%s",
                         err.message);
            kundig_bytes *after = share_saved(states[3]);
            survey_same(before, after);
            cr_assert_eq(kundig_state_subtract(states[3], all, &err), KUNDIG_E_VALUE);
            kundig_bytes *all_bytes[] = {before, merged, pooled, finished, measured, after};
            for (size_t i = 0; i < sizeof all_bytes / sizeof all_bytes[0]; i++) {
                kundig_bytes_free(all_bytes[i]);
            }
            kundig_state_free(all);
            for (size_t i = 0; i < 4; i++) {
                kundig_state_free(states[i]);
                fixture_close(&parts[i]);
            }
            kundig_query_free(query);
            fixture_close(&whole);
        }
    }
}

Test(state_share, scores_by_topic_merge_as_well)
{
    static spoken s;
    kundig_error err;
    for (unsigned how = 0; how < 8; how++) {
        spoken_make(&s, 160, how, 540 + how);
        kundig_query *query = spoken_query("nps", "topic", "stage", NULL);
        fixture whole;
        fixture parts[2];
        spoken_open(&whole, &s, 0, 1);
        spoken_open(&parts[0], &s, 0, 2);
        spoken_open(&parts[1], &s, 1, 2);
        kundig_state *all = share_state(&whole, query);
        kundig_state *a = share_travelled(share_state(&parts[0], query));
        kundig_state *b = share_state(&parts[1], query);
        cr_assert_eq(kundig_state_merge(a, b, &err), KUNDIG_OK, "%s", err.message);
        kundig_bytes *merged = share_saved(a);
        kundig_bytes *pooled = share_saved(all);
        kundig_bytes *finished = share_finished(a);
        kundig_bytes *measured = survey_measure(&whole, query);
        survey_same(merged, pooled);
        survey_same(finished, measured);
        kundig_bytes_free(merged);
        kundig_bytes_free(pooled);
        kundig_bytes_free(finished);
        kundig_bytes_free(measured);
        kundig_state_free(a);
        kundig_state_free(b);
        kundig_state_free(all);
        kundig_query_free(query);
        fixture_close(&whole);
        fixture_close(&parts[0]);
        fixture_close(&parts[1]);
    }
}

Test(state_share, of_comments_read_by_another_model_are_not_mixed)
{
    static spoken s;
    kundig_error err;
    static const struct {
        const char *metric;
        const char *by;
        const char *where;
        bool reads;
    } queries[] = {{"share", NULL, NULL, true},          {"share", "topic", NULL, true},
                   {"nps", "theme", NULL, true},         {"nps", "text_language", NULL, true},
                   {"nps", NULL, "topic = delay", true}, {"nps", "stage", NULL, false}};
    spoken_make(&s, 30, 0, 550);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        fixture parts[2];
        kundig_state *states[2];
        kundig_query *query = spoken_query(queries[i].metric, queries[i].by, NULL, NULL);
        if (queries[i].where) {
            cr_assert_eq(kundig_query_keep(query, survey_node(query, queries[i].where), NULL),
                         KUNDIG_OK);
        }
        for (size_t part = 0; part < 2; part++) {
            spoken_open(&parts[part], &s, part, 2);
            if (part) {
                spoken_choose_model(&parts[1], "theme more: More\ntopic what: What\nany: what\n");
                spoken_plant(&parts[1], &s, 0xFF);
            }
            states[part] = share_state(&parts[part], query);
        }
        int rc = kundig_state_merge(states[0], states[1], &err);
        cr_assert_eq(rc, queries[i].reads ? KUNDIG_E_VERSION : KUNDIG_OK, "%zu", i);
        cr_assert(!rc || strstr(err.message, "another model"), "%s", err.message);
        for (size_t part = 0; part < 2; part++) {
            kundig_state_free(states[part]);
            fixture_close(&parts[part]);
        }
        kundig_query_free(query);
    }
}

Test(state_share, changed_bytes_with_a_right_checksum_are_refused_or_harmless)
{
    static char fresh[60000];
    static spoken s;
    fixture f;
    size_t refused = 0;
    size_t tried = 0;
    kundig_error err;
    kundig_allocator allocator = probe_allocator(NULL);
    spoken_make(&s, 20, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 560);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("share", "stage", "topic", NULL);
    kundig_state *whole = share_state(&f, query);
    kundig_bytes *bytes = share_saved(whole);
    size_t len = kundig_bytes_len(bytes);
    cr_assert(len < sizeof fresh);
    for (size_t i = 20; i < len - 8; i++) {
        kundig_state *state = NULL;
        kundig_table *table = NULL;
        memcpy(fresh, kundig_bytes_data(bytes), len);
        fresh[i] = (char)(fresh[i] ^ (1 << i % 8));
        uint64_t sum = kundig__xxh3(fresh, len - 8);
        for (size_t b = 0; b < 8; b++) {
            fresh[len - 8 + b] = (char)(uint8_t)(sum >> (8 * b));
        }
        int rc = kundig_state_load(&allocator, fresh, len, &state, &err);
        tried++;
        if (rc) {
            refused++;
            cr_assert(rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION);
            continue;
        }
        cr_assert_eq(kundig_state_finish(state, &table, &err), KUNDIG_OK);
        kundig_table_free(table);
        (void)kundig_state_merge(state, whole, &err);
        (void)kundig_state_subtract(state, whole, &err);
        kundig_state_free(state);
    }
    cr_assert(refused * 10 > tried * 8, "%zu of %zu", refused, tried);
    kundig_bytes_free(bytes);
    kundig_state_free(whole);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(state_share, fails_cleanly_at_every_allocation)
{
    static spoken s;
    fixture f;
    fixture half;
    spoken_make(&s, 16, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 570);
    spoken_open(&f, &s, 0, 2);
    spoken_open(&half, &s, 1, 2);
    kundig_query *query = spoken_query("share", "stage", "theme", NULL);
    kundig_state *other = share_state(&half, query);
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        for (int call = 0; call < 3; call++) {
            int rc = KUNDIG_E_NOMEM;
            for (size_t at = 1; rc; at++) {
                kundig_state *state = call ? share_state(&f, query) : NULL;
                kundig_table *table = NULL;
                size_t live = probe_shared.live_blocks;
                probe_shared.fail_at = probe_shared.allocations + at;
                probe_shared.fail_on = on;
                rc = call == 0   ? kundig__state_new(f.corpus, query, &state, &f.err)
                     : call == 1 ? kundig_state_merge(state, other, &f.err)
                                 : kundig_state_finish(state, &table, &f.err);
                probe_shared.fail_at = 0;
                probe_shared.fail_on = false;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %d %s", call, rc,
                          f.err.message);
                cr_assert(!rc || probe_shared.live_blocks == live, "call %d at %zu", call, at);
                kundig_state_free(state);
                kundig_table_free(table);
            }
        }
    }
    kundig_state_free(other);
    kundig_query_free(query);
    fixture_close(&f);
    fixture_close(&half);
}
