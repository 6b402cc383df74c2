#include "personal_cases.h"

TestSuite(personal_web, .fini = probe_fini);

Test(personal_web, ends_addresses_before_the_punctuation_of_the_sentence)
{
    personal_finds("({URL:https://example.com/?token=(a)}), x");
    personal_finds("<{e-mail:a.b@example.com}>.");
    personal_finds("{e-mail:a@example.com}...");
    personal_finds("{e-mail:a@example.com}-b");
}

Test(personal_web, tells_addresses_of_people_from_pages)
{
    personal_finds("https://example.com/team/about-us");
    personal_finds("{URL:https://anna@example.com/}");
    personal_finds("https://example.com/?page=2&sort=price#top");
    personal_finds("{URL:https://example.com/?a=1&Auth-Token=2}");
    personal_finds("https://example.com/?token=");
    personal_finds("{URL:https://example.com/verify/a1b2c3}");
    personal_finds("https://example.com/verify/now");
    personal_finds("example.com/?color=red");
    personal_finds("Was?token=1");
}

Test(personal_web, reads_addresses_that_are_spelled_out)
{
    personal_finds("{e-mail:a_b [ät] example [punkt] de}");
    personal_finds("{e-mail:anna dot b (at) mail dot example dot com}.");
    personal_finds("wait (at) home");
    personal_finds("he stayed at work dot com");
}

Test(personal_web, needs_a_name_and_a_domain)
{
    personal_finds("@example.com");
    personal_finds("a@");
    personal_finds("a@b");
    personal_finds("a@b.1");
    personal_finds("a@.de");
    personal_finds("a@-b.de");
    personal_finds("{e-mail:a@b1.example.com}");
}
