/* Findings as they are collected. */
#include "taxonomies.h"

TestSuite(findings_table, .fini = probe_fini);

Test(findings_table, keeps_a_bounded_number_of_each_severity)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    for (uint32_t i = 0; i < KUNDIG__MOST_FINDINGS + 10; i++) {
        cr_assert(kundig__finding_add(&f.findings, KUNDIG__FINDING_NOTE, i, 1, "n"));
    }
    cr_assert(kundig__finding_add(&f.findings, KUNDIG__FINDING_ERROR, 7, 2, "%s", "e"));
    cr_assert_eq(f.findings.count, KUNDIG__MOST_FINDINGS + 2);
    cr_assert_str_eq(f.findings.items[KUNDIG__MOST_FINDINGS].sentence.data,
                     "there are more of this kind: the first 10000 are listed");
    cr_assert_str_eq(f.findings.items[KUNDIG__MOST_FINDINGS + 1].sentence.data, "e");
    taxonomies_end(&f);
}
