/* What the file says of itself, sealed. */
#include "stored.h"

TestSuite(state, .fini = probe_fini);

Test(state, comes_back_as_it_was_written)
{
    stored s;
    kundig__store_state state;
    kundig__store_state back;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    memset(&state, 0, sizeof state);
    state.generation = UINT64_MAX;
    state.erasures = 3;
    state.pending = true;
    state.has_model = true;
    memset(state.model.bytes, 0xAB, 16);
    state.has_cache_key = true;
    memset(state.cache_key, 0xCD, 32);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        state.kinds[kind] = (kundig__store_kind){
            (uint64_t)kind, UINT32_MAX - (uint32_t)kind, {7, UINT64_MAX - (uint64_t)kind, 1}};
    }
    STORED_OK(&s, kundig__store_state_write(s.store, &state, &s.err));
    memset(&back, 0, sizeof back);
    STORED_OK(&s, kundig__store_state_read(s.store, &back, &s.err));
    cr_assert_eq(memcmp(&state, &back, sizeof state), 0);
    stored_end(&s);
}

Test(state, a_change_by_anyone_else_is_damage)
{
    static const char *const changes[] = {
        "UPDATE state SET generation = generation + 1",
        "UPDATE state SET erasures = 1",
        "UPDATE state SET pending = 1",
        "UPDATE state SET pseudonyms = zeroblob(16)",
        "UPDATE state SET model = zeroblob(16)",
        "UPDATE state SET cache_key = zeroblob(32)",
        "UPDATE state SET cache_key = zeroblob(31)",
        "UPDATE state SET hash = 'text of 16 bytes'",
        "UPDATE state SET one = 2",
        "DELETE FROM state",
        "UPDATE kind SET last = 400 WHERE kind = 0",
        "UPDATE kind SET used = 0 WHERE kind = 0",
        "UPDATE kind SET count = 4 WHERE kind = 0",
        "UPDATE kind SET sum = zeroblob(16) WHERE kind = 0",
        "UPDATE kind SET sum = 5 WHERE kind = 3",
        "DELETE FROM kind WHERE kind = 6",
        "INSERT INTO kind VALUES (8, 0, 0, 0, zeroblob(16))",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        stored s;
        char hex[33];
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 2));
        stored_sql(&s, changes[i]);
        cr_assert_eq(kundig__store_hash(s.store, hex, &s.err), KUNDIG_E_FORMAT, "%s", changes[i]);
        cr_assert_eq(kundig__store_follow(s.store, &s.corpus, &s.err), KUNDIG_E_FORMAT);
        stored_close(&s);
        cr_assert_eq(stored_open(&s), KUNDIG_E_FORMAT, "%s", changes[i]);
        cr_assert(strstr(s.err.message, "kundig verify"), "%s", s.err.message);
        stored_end(&s);
    }
}

Test(state, a_sealed_count_that_leaves_no_room_for_rows_is_damage)
{
    const uint64_t counts[] = {INT64_MAX / KUNDIG__STORE_NAMES, INT64_MAX, UINT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        stored s;
        kundig__store_state state;
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, kundig__store_state_read(s.store, &state, &s.err));
        state.kinds[KUNDIG_FACTS_LINKS].last = counts[i];
        STORED_OK(&s, kundig__store_state_write(s.store, &state, &s.err));
        cr_assert_eq(kundig__store_state_read(s.store, &state, &s.err), KUNDIG_E_FORMAT);
        stored_end(&s);
    }
}
