#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(report, .fini = probe_fini);

Test(report, outlives_the_corpus)
{
    ingesting it;
    ingesting_one(&it, "nps,text\n5,a\n11,b\n", NULL, 0);
    kundig_ingest_report *report = it.report;
    it.report = NULL;
    ingesting_end(&it);
    kundig_table *table = kundig_ingest_report_table(report, KUNDIG_INGEST_REJECTS);
    cr_expect(kundig_table_row_count(table) == 1);
    cr_expect_str_eq(kundig_table_text(table, 0, 4).data, "11,b");
    kundig_table_retain(table);
    kundig_ingest_report_free(report);
    cr_expect_str_eq(kundig_table_text(table, 0, 4).data, "11,b");
    kundig_table_free(table);
}

Test(report, answers_misuse)
{
    kundig_bytes *bytes = NULL;
    kundig_error err;
    ingesting it;
    ingesting_one(&it, "nps,text\n5,a\n", NULL, 0);
    cr_expect(!kundig_ingest_report_table(it.report, 0));
    cr_expect(!kundig_ingest_report_table(it.report, 5));
    cr_expect(!kundig_ingest_report_table(NULL, KUNDIG_INGEST_SUMMARY));
    cr_expect(kundig_ingest_report_rejects(NULL, &bytes, &err) == KUNDIG_E_ARG && !bytes);
    cr_expect(kundig_ingest_report_rejects(it.report, NULL, &err) == KUNDIG_E_ARG);
    kundig_ingest_report_free(NULL);
    ingesting_end(&it);
}

Test(report, shows_valid_text_and_keeps_the_bytes)
{
    ingesting it;
    kundig_bytes *bytes = NULL;
    ingesting_one(&it, "nps,text\n11,M\xFCller\n5,x\n", NULL, 0);
    cr_expect_str_eq(kundig_table_text(rejects(&it), 0, 4).data, "11,M\xEF\xBF\xBDller");
    cr_assert(kundig_ingest_report_rejects(it.report, &bytes, NULL) == 0);
    cr_expect_str_eq(kundig_bytes_data(bytes), "nps,text\r\n11,M\xFCller\r\n");
    kundig_bytes_free(bytes);
    ingesting_end(&it);
}
