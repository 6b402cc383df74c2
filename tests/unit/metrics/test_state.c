#include "survey.h"

TestSuite(state, .fini = probe_fini);

static kundig_state *state_of(fixture *f, const kundig_query *query)
{
    kundig_state *state = NULL;
    int rc = kundig__state_new(f->corpus, query, &state, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return state;
}

static kundig_bytes *state_bytes(const kundig_state *state)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_state_save(state, &bytes, NULL), KUNDIG_OK);
    return bytes;
}

static kundig_bytes *state_answer(const kundig_state *state)
{
    kundig_table *table = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_state_finish(state, &table, &err), KUNDIG_OK, "%s", err.message);
    return survey_json(table);
}

/* A part of a survey as a corpus of its own. Every part knows both questions. */
static void state_part(fixture *f, const survey *s, size_t first, size_t end, size_t step)
{
    fixture_open(f);
    f->context.threads = 1 + (uint32_t)first % 2;
    cr_assert_eq(survey_add(f, s, first, end, step), KUNDIG_OK);
}

Test(state, merged_in_any_tree_gives_the_bytes_of_one_corpus)
{
    static survey s;
    kundig_error err;
    for (unsigned how = 0; how < 8; how++) {
        survey_make(&s, 240, how, 80 + how);
        for (size_t q = 0; q < SURVEY_QUESTIONS; q++) {
            kundig_query *query = survey_question(q);
            fixture whole;
            fixture parts[4];
            kundig_state *states[4];
            state_part(&whole, &s, 0, s.count, 1);
            for (size_t i = 0; i < 4; i++) {
                state_part(&parts[i], &s, i, s.count, 4);
                states[i] = state_of(&parts[i], query);
            }
            kundig_state *all = state_of(&whole, query);
            kundig_bytes *before = state_bytes(states[3]);

            /* ((0 1) (2 3)) and (3 (2 (1 0))) */
            cr_assert_eq(kundig_state_merge(states[0], states[1], &err), KUNDIG_OK, "%s",
                         err.message);
            cr_assert_eq(kundig_state_merge(states[3], states[2], &err), KUNDIG_OK);
            cr_assert_eq(kundig_state_merge(states[3], states[0], &err), KUNDIG_OK);
            kundig_bytes *merged = state_bytes(states[3]);
            kundig_bytes *pooled = state_bytes(all);
            kundig_bytes *finished = state_answer(states[3]);
            kundig_bytes *measured = survey_measure(&whole, query);
            survey_same(merged, pooled);
            survey_same(finished, measured);

            /* and back again */
            cr_assert_eq(kundig_state_subtract(states[3], states[0], &err), KUNDIG_OK, "%s",
                         err.message);
            cr_assert_eq(kundig_state_subtract(states[3], states[2], &err), KUNDIG_OK, "%s",
                         err.message);
            kundig_bytes *after = state_bytes(states[3]);
            survey_same(before, after);
            /* what was not merged in cannot be taken out */
            if (!strstr(kundig_bytes_data(measured), "enps")) {
                cr_assert_eq(kundig_state_subtract(states[3], all, &err), KUNDIG_E_VALUE);
            }
            kundig_bytes *unchanged = state_bytes(states[3]);
            survey_same(before, unchanged);

            kundig_bytes *all_bytes[] = {before,   merged, pooled,   finished,
                                         measured, after,  unchanged};
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

Test(state, taken_out_of_itself_is_the_state_of_no_record)
{
    static survey s;
    kundig_error err;
    fixture f;
    survey_make(&s, 50, SURVEY_CUSTOMERS, 4);
    state_part(&f, &s, 0, s.count, 1);
    kundig_query *query = survey_question(6);
    query->metric = kundig__str("count");
    kundig_state *state = state_of(&f, query);
    kundig_state *same = state_of(&f, query);
    cr_assert_eq(kundig_state_subtract(state, same, &err), KUNDIG_OK, "%s", err.message);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_state_finish(state, &table, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    kundig_state_free(state);
    kundig_state_free(same);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(state, of_another_query_or_key_is_not_mixed)
{
    static survey s;
    kundig_error err;
    fixture f;
    survey_make(&s, 50, SURVEY_CUSTOMERS, 4);
    state_part(&f, &s, 0, s.count, 1);
    kundig_query *query = survey_query("nps");
    kundig_state *state = state_of(&f, query);
    query->level = .9;
    kundig_state *other = state_of(&f, query);
    query->level = .95;
    f.context.pseudonym_key[0] ^= 1;
    kundig_state *keyed = state_of(&f, query);
    kundig_bytes *before = state_bytes(state);
    cr_assert_eq(kundig_state_merge(state, other, &err), KUNDIG_E_VERSION);
    cr_assert(strstr(err.message, "another query"));
    cr_assert_eq(kundig_state_merge(state, keyed, &err), KUNDIG_E_VERSION);
    cr_assert(strstr(err.message, "another pseudonym key"));
    cr_assert_eq(kundig_state_merge(NULL, keyed, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_state_subtract(state, NULL, &err), KUNDIG_E_ARG);
    kundig_bytes *after = state_bytes(state);
    survey_same(before, after);
    kundig_bytes_free(before);
    kundig_bytes_free(after);
    kundig_state_free(state);
    kundig_state_free(other);
    kundig_state_free(keyed);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(state, fails_cleanly_at_every_allocation)
{
    static survey s;
    fixture f;
    fixture half;
    survey_make(&s, 24, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 6);
    state_part(&f, &s, 0, 12, 1);
    state_part(&half, &s, 12, 24, 1);
    kundig_query *query = survey_question(6);
    kundig_state *other = state_of(&half, query);
    kundig_bytes *saved = state_bytes(other);
    kundig_allocator allocator = probe_allocator(NULL);
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        for (int call = 0; call < 5; call++) {
            int rc = KUNDIG_E_NOMEM;
            for (size_t at = 1; rc; at++) {
                kundig_state *state = call == 1 || call == 2 ? state_of(&f, query) : NULL;
                kundig_table *table = NULL;
                kundig_bytes *bytes = NULL;
                size_t live = probe_shared.live_blocks;
                probe_shared.fail_at = probe_shared.allocations + at;
                probe_shared.fail_on = on;
                switch (call) {
                case 0:
                    rc = kundig__state_new(f.corpus, query, &state, &f.err);
                    break;
                case 1:
                    rc = kundig_state_merge(state, other, &f.err);
                    break;
                case 2:
                    rc = kundig_state_finish(state, &table, &f.err);
                    break;
                case 3:
                    rc = kundig_state_save(other, &bytes, &f.err);
                    break;
                default:
                    rc = kundig_state_load(&allocator, kundig_bytes_data(saved),
                                           kundig_bytes_len(saved), &state, &f.err);
                }
                probe_shared.fail_at = 0;
                probe_shared.fail_on = false;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %d %s", call, rc,
                          f.err.message);
                cr_assert(!rc || probe_shared.live_blocks == live, "call %d at %zu", call, at);
                kundig_state_free(state);
                kundig_table_free(table);
                kundig_bytes_free(bytes);
            }
        }
    }
    kundig_bytes_free(saved);
    kundig_state_free(other);
    kundig_query_free(query);
    fixture_close(&f);
    fixture_close(&half);
}
