/* Names near to one that nothing has. */
#include <criterion/criterion.h>

#include "base/text.h"
#include "corpus/nearest.h"
#include "probe.h"

TestSuite(nearest, .fini = probe_fini);

static void nearest_says(const char *wanted, const char *const *names, size_t count,
                         const char *expected)
{
    kundig_error err;
    for (size_t turn = 0; turn < count + 1; turn++) {
        kundig__nearest nearest = {.wanted = kundig__str(wanted)};
        for (size_t i = 0; i < count; i++) {
            kundig__nearest_consider(&nearest, kundig__str(names[(i + turn) % count]));
        }
        cr_assert_eq(kundig__nearest_fail(&nearest, "topic", &err), KUNDIG_E_NOT_FOUND);
        cr_assert_str_eq(err.message, expected);
    }
}

Test(nearest, are_the_same_in_any_order_and_three_at_most)
{
    static const char *const names[6] = {"delivery", "delay",    "price",
                                         "staff",    "deliveri", "DELIVERYY"};
    nearest_says("delivry", names, 6,
                 "there is no topic 'delivry'; the nearest are 'delivery', 'deliveri', 'delay'");
    nearest_says("STAFF", names, 6,
                 "there is no topic 'STAFF'; the nearest are 'staff', 'delay', 'price'");
    nearest_says("pirce", names, 3,
                 "there is no topic 'pirce'; the nearest are 'price', 'delay', 'delivery'");
    nearest_says("pirce", names, 2,
                 "there is no topic 'pirce'; the nearest are 'delay', 'delivery'");
    nearest_says("x", names, 1, "there is no topic 'x'; the nearest is 'delivery'");
    nearest_says("x", names, 0, "there is no topic 'x'");
}

Test(nearest, of_long_names_only_the_beginning_is_compared)
{
    static const char *const names[2] = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "b"};
    char wanted[400];
    memset(wanted, 'a', sizeof wanted);
    kundig__nearest nearest = {.wanted = kundig__text(wanted, sizeof wanted)};
    kundig__nearest_consider(&nearest, kundig__str(names[1]));
    kundig__nearest_consider(&nearest, kundig__str(names[0]));
    cr_assert_eq(nearest.distances[0], 0);
    cr_assert_eq(nearest.names[0].data, names[0]);
    cr_assert_eq(nearest.distances[1], 64);
}
