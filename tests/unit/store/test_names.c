/* Names of answers and attributes have numbers that are never given twice. */
#include "stored.h"

TestSuite(names, .fini = probe_fini);

Test(names, numbers_ascend_and_are_never_given_again)
{
    stored s;
    uint32_t a = 0;
    uint32_t b = 0;
    uint32_t again = 0;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__property_number(s.store, KUNDIG__TEXT("a"), &a, &s.err));
    STORED_OK(&s, kundig__property_number(s.store, KUNDIG__TEXT("b"), &b, &s.err));
    STORED_OK(&s, kundig__property_number(s.store, KUNDIG__TEXT("a"), &again, &s.err));
    cr_assert_eq(a, again);
    cr_assert_eq(b, a + 1);
    kundig__store_forgets(s.store);
    stored_sql(&s, "UPDATE property SET name = NULL WHERE name = 'b'");
    STORED_OK(&s, kundig__properties_read(s.store, &s.err));
    cr_assert_eq(s.store->properties.dict.count, 1);
    cr_assert_eq(kundig__names_place(&s.store->properties, a), 0);
    cr_assert_eq(kundig__names_place(&s.store->properties, b), KUNDIG__DICT_NONE);
    STORED_OK(&s, kundig__property_number(s.store, KUNDIG__TEXT("b"), &again, &s.err));
    cr_assert_eq(again, b + 1);
    stored_end(&s);
}

Test(names, questions_keep_their_scale)
{
    stored s;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, stored_add(&s, 0, 2));
    cr_assert_eq(stored_number(&s, "SELECT maximum FROM question WHERE name = 'nps'"), 10,
                 "also where everybody knows it");
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM question WHERE name = 'advice' AND scale "
                                   "= 6 AND direction = 1 AND minimum = -1.5 AND maximum = 2.25"),
                 1);
    stored_end(&s);
}

Test(names, impossible_numbers_and_names_given_twice_are_damage)
{
    static const char *const changes[] = {
        "INSERT INTO question VALUES (0, 'x', 1, 0, 0, 10)",
        "INSERT INTO question VALUES (1048576, 'x', 1, 0, 0, 10)",
        "INSERT INTO question VALUES (40, 'nps', 1, 0, 0, 10)",
        "INSERT INTO property VALUES (40, 'tier')",
        "INSERT INTO property VALUES (-4, 'x')",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        stored s;
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, stored_add(&s, 0, 4));
        stored_close(&s);
        stored_sql(&s, changes[i]);
        STORED_OK(&s, stored_open(&s));
        int rc = kundig__store_follow(s.store, &s.corpus, &s.err);
        /* Numbers below all are never asked for. */
        cr_assert(rc == KUNDIG_E_FORMAT || (rc == KUNDIG_OK && strstr(changes[i], "(-4") != NULL) ||
                      (rc == KUNDIG_OK && strstr(changes[i], "(0") != NULL),
                  "%s: %d", changes[i], rc);
        stored_end(&s);
    }
}
