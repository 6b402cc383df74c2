#include "personal_cases.h"

TestSuite(personal_numbers, .fini = probe_fini);

Test(personal_numbers, checks_the_digits_of_accounts)
{
    personal_finds("{IBAN:NO93 8601 1117 947}");
    personal_finds("{IBAN:MT84MALT011000012345MTLCAST001S}");
    personal_finds("{IBAN:DE89 370400 440532013000}");
    personal_finds("NO93 8601 1117 948");
    personal_finds("XDE89370400440532013000");
    personal_finds("DE89370400440532013000X");
    personal_finds("DE8937040044053201300");
    personal_finds("ZZ89370400440532013000");
}

Test(personal_numbers, checks_the_digits_of_cards)
{
    personal_finds("{card:4111111111111111}");
    personal_finds("{card:30569309025904}");
    personal_finds("{card:3530111333300000}");
    personal_finds("4111111111111112");
    personal_finds("1111111111111117");
    personal_finds("41111111111111110");
    personal_finds("a4111111111111111");
    personal_finds("4111111111111111a");
    personal_finds("411 111 111 111 111 1");
    personal_finds("4111 1111-1111 1111-9");
    personal_finds("Rechnung Nr. 4111111111111111");
}

Test(personal_numbers, takes_a_word_for_orders_as_their_number_only_where_it_says_so)
{
    personal_finds("Please call about my order {phone:0170 1234567}");
    personal_finds("cancel my order, {phone:020 7946 0018}");
    personal_finds("order {phone:+44 20 7946 0018}");
    personal_finds("I paid for my order {card:4111 1111 1111 1111}");
    personal_finds("Kreditkarte für Bestellung {card:4111111111111111}");
    personal_finds("order no. 4111111111111111");
    personal_finds("Bestellung Nr. 0170 1234567");
    personal_finds("order #0170 1234567");
}

/* A wrong digit anywhere, and two neighbours exchanged, are noticed. */
Test(personal_numbers, notices_every_wrong_digit)
{
    char card[] = "4111111111111111";
    char iban[] = "DE89370400440532013000";
    personal_fixture fixture;
    personal_begin(&fixture);
    for (size_t i = 1; i < 16; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char kept = card[i];
            card[i] = digit;
            cr_assert_eq(kundig__personal_find(&fixture.personal, card, 16, KUNDIG_PERSONAL_ALL),
                         KUNDIG_OK);
            cr_assert_eq(fixture.personal.count, digit == kept, "%s", card);
            card[i] = kept;
        }
    }
    for (size_t i = 2; i < 22; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char kept = iban[i];
            iban[i] = digit;
            cr_assert_eq(kundig__personal_find(&fixture.personal, iban, 22, KUNDIG_PERSONAL_ALL),
                         KUNDIG_OK);
            cr_assert_eq(fixture.personal.count, digit == kept, "%s", iban);
            iban[i] = kept;
        }
    }
    personal_end(&fixture);
}
