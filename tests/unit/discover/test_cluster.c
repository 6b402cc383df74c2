#include <criterion/criterion.h>

#include "discover/clusters.h"
#include "probe.h"

TestSuite(cluster, .fini = probe_fini);

Test(cluster, of_nothing_is_an_error)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__survey survey = {.clusters = 3};
    kundig__clustered *clustered = NULL;
    kundig_error err;
    cr_assert_neq(kundig__cluster(&mem, &survey, &clustered, NULL, NULL, &err), KUNDIG_OK);
    cr_assert_null(clustered);
    cr_assert_neq(err.message[0], 0);
}
