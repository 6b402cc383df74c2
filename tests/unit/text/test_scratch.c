#include "support.h"

TestSuite(scratch, .fini = probe_fini);

Test(scratch, allocates_nothing_for_the_second_comment)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char text[] = "Die Größe passt nicht, e\xCC\x81"
                               "chte Enttäuschung!!! 漢字漢字";
    cr_assert_eq(kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                       KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    size_t before = probe_shared.allocations;
    cr_assert_eq(kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                       KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    cr_assert_eq(probe_shared.allocations, before);
    text_end(&fixture);
}

Test(scratch, can_be_freed_unused_and_twice)
{
    text_fixture fixture;
    text_begin(&fixture);
    text_end(&fixture);
    text_end(&fixture);
}
