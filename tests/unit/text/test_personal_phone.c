#include "personal_cases.h"

TestSuite(personal_phone, .fini = probe_fini);

Test(personal_phone, takes_as_many_groups_as_make_a_number)
{
    personal_finds("{phone:030 23125001} 2 Tage");
    personal_finds("{phone:+49 30 23125 001} 24/7");
    personal_finds("{phone:0171 3920003} 12 Uhr");
    personal_finds("{phone:0171 3920001} 0171 3920002x");
    personal_finds("{phone:030 23125001} / {phone:030 23125002}");
    personal_finds("4711 {phone:030 23125001}");
}

Test(personal_phone, leaves_brackets_of_the_sentence_outside)
{
    personal_finds("({phone:030 23125001})");
    personal_finds("{phone:(030) 23125001}");
    personal_finds("({phone:+49 30 23125001}, privat)");
}

Test(personal_phone, needs_room_around_a_number)
{
    personal_finds("A030 23125001");
    personal_finds("030 23125001a");
    personal_finds("#030 23125001");
    personal_finds("x_030 23125001");
    personal_finds("030 23125001,5");
    personal_finds("12.030 23125001");
}

Test(personal_phone, believes_words_before_it)
{
    personal_finds("Tel {phone:12345}");
    personal_finds("Tel 1234");
    personal_finds("call {phone:555123}");
    personal_finds("call 55512");
    personal_finds("Rechnungsnummer: 030 23125001");
    personal_finds("Rückrufnummer: {phone:030 23125001}");
    personal_finds("Handy 12000 Punkte");
    personal_finds("Tel. 01.02.2024");
}
