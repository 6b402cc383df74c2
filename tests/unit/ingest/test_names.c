#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(names, .fini = probe_fini);

Test(names, are_made_unique_and_said)
{
    ingesting it;
    ingesting_one(&it, "nps,text,text,,text (2)\n5,a,b,c,d\n", NULL, 0);
    cr_expect(it.rc == 0, "%s", it.err.message);
    cr_expect_str_eq(field_of(&it, "text"), "text");
    cr_expect(*field_of(&it, "text (2)") && *field_of(&it, "column 4"));
    cr_expect(*field_of(&it, "text (2) (2)"));
    cr_expect(finding(&it, "Several columns are named \"text\"; column 3 is called \"text (2)\""));
    cr_expect(finding(&it, "Column 4 has no name"));
    ingesting_end(&it);
}

static void refuses(const char *data, const char *words)
{
    ingesting it;
    ingesting_one(&it, data, NULL, 0);
    cr_expect(it.rc == KUNDIG_E_FORMAT && !it.report, "%s: %d", data, it.rc);
    cr_expect(strstr(it.err.message, words) && strstr(it.err.message, "looks like data"), "%s",
              it.err.message);
    ingesting_end(&it);
}

Test(names, are_missing_where_the_first_row_is_data)
{
    refuses("11/04/2018 20:09,Order,7,fine\n12/04/2018 20:09,Use,8,good\n", "11/04/2018");
    refuses("r1,9,good\nr2,3,bad\n", "\"9\"");
    refuses("I liked it very much and would come again\nIt was bad\n", "I liked it");
}

Test(names, are_fine_where_one_is_known)
{
    ingesting it;
    ingesting_one(&it, "1,2018-01-01,Comment\n5,6,good\n", NULL, 0);
    cr_expect(it.rc == 0);
    ingesting_end(&it);
    ingesting_one(&it, "1,2\ngood,6\nbad,7\n", "text=1", 0);
    cr_expect(it.rc == 0, "%s", it.err.message);
    ingesting_end(&it);
}
