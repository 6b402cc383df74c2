#include "personal_cases.h"

TestSuite(personal_address, .fini = probe_fini);

Test(personal_address, reads_house_numbers)
{
    personal_finds("{address:Musterstraße 12 a}, x");
    personal_finds("{address:Musterstraße 12-14} x");
    personal_finds("{address:Musterstraße 12/3} x");
    personal_finds("{address:Musterstraße 12} aber");
    personal_finds("Musterstraße 12.000");
    personal_finds("Musterstraße 12 Stunden");
    personal_finds("Musterstraße 12345");
    personal_finds("Musterstraße 012");
}

Test(personal_address, needs_more_where_a_street_is_a_word_of_every_day)
{
    personal_finds("{address:Am Bahnhof 3, 12345 Ort}");
    personal_finds("Am Bahnhof 3 gewartet");
    personal_finds("{address:Langer Weg 3} x");
    personal_finds("langer Weg 3 x");
    personal_finds("Adresse: {address:Am Bahnhof 3}");
}

Test(personal_address, checks_the_form_of_codes)
{
    personal_finds("{address:W1A 0AX} x");
    personal_finds("postcode {address:w1a0ax}");
    personal_finds("QQ1 1AA x");
    personal_finds("M1 1CC x");
    personal_finds("{address:Reno, NV 89501}");
    personal_finds("Reno, ZZ 89501");
    personal_finds("{address:A-1010 Wien}");
    personal_finds("1010 Wien");
    personal_finds("{address:D-10115 Berlin}");
}

Test(personal_address, reads_english_streets)
{
    personal_finds("{address:12 Park Lane} x");
    personal_finds("{address:12-14 Elm Street} x");
    personal_finds("{address:12 5th Avenue} x");
    personal_finds("12 park lane x");
    personal_finds("12 Street x");
}
