#define _POSIX_C_SOURCE 200809L
#include "ingesting.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(ingest, .fini = probe_fini);

void ingesting_begin(ingesting *it)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(it, 0, sizeof *it);
    kundig__mem_init(&it->context.mem, &allocator, 0);
    it->context.threads = 1;
    it->context.zone_directory = kundig__str("/usr/share/zoneinfo");
    kundig_ingest_options_init(&it->options);
    cr_assert(kundig__corpus_new(&it->context, &it->corpus, &it->err) == KUNDIG_OK);
}

void ingesting_bytes(ingesting *it, const char *data, size_t len)
{
    kundig__rows *rows = NULL;
    kundig__csv_options csv = {it->options.delimiter, it->options.encoding, it->options.max_field};
    kundig_ingest_report_free(it->report);
    it->report = NULL;
    it->rc = kundig__rows_from_bytes(&it->context, data, len, &csv, &rows, &it->err);
    if (!it->rc) {
        it->rc = kundig__ingest_rows(it->corpus, rows, &it->options, kundig__text(NULL, 0),
                                     &it->report, &it->err);
        rows->close(rows);
    }
}

void ingesting_csv(ingesting *it, const char *data)
{
    ingesting_bytes(it, data, strlen(data));
}

void ingesting_one(ingesting *it, const char *data, const char *map, int32_t dates)
{
    ingesting_begin(it);
    it->options.map = kundig__str(map);
    it->options.dates = dates;
    ingesting_csv(it, data);
}

void ingesting_end(ingesting *it)
{
    cr_expect(kundig__corpus_check(it->corpus, &it->err) == KUNDIG_OK, "%s", it->err.message);
    kundig_ingest_report_free(it->report);
    kundig__corpus_free(it->corpus);
    kundig__context_free(&it->context);
    cr_expect(it->context.mem.used == 0);
}

static const char *report_cell(const ingesting *it, int table, const char *key, const char *name,
                               const char *column)
{
    kundig_table *t = kundig_ingest_report_table(it->report, table);
    size_t k = kundig_table_find_column(t, key, strlen(key));
    size_t c = kundig_table_find_column(t, column, strlen(column));
    for (size_t i = 0; i < kundig_table_row_count(t); i++) {
        if (strcmp(kundig_table_text(t, i, k).data, name) == 0) {
            return kundig_table_is_null(t, i, c) ? "" : kundig_table_text(t, i, c).data;
        }
    }
    return "";
}

int64_t summary(const ingesting *it, const char *name)
{
    kundig_table *t = kundig_ingest_report_table(it->report, KUNDIG_INGEST_SUMMARY);
    for (size_t i = 0; i < kundig_table_row_count(t); i++) {
        if (strcmp(kundig_table_text(t, i, 0).data, name) == 0) {
            return kundig_table_int(t, i, 1);
        }
    }
    return -1;
}

const char *field_of(const ingesting *it, const char *column)
{
    return report_cell(it, KUNDIG_INGEST_MAPPING, "column", column, "field");
}

const char *why_of(const ingesting *it, const char *column)
{
    return report_cell(it, KUNDIG_INGEST_MAPPING, "column", column, "why");
}

const char *finding(const ingesting *it, const char *words)
{
    kundig_table *t = kundig_ingest_report_table(it->report, KUNDIG_INGEST_FINDINGS);
    for (size_t i = 0; i < kundig_table_row_count(t); i++) {
        if (strstr(kundig_table_text(t, i, 1).data, words)) {
            return kundig_table_text(t, i, 1).data;
        }
    }
    return NULL;
}

kundig_table *rejects(const ingesting *it)
{
    return kundig_ingest_report_table(it->report, KUNDIG_INGEST_REJECTS);
}

const char *reject_reason(const ingesting *it, size_t row)
{
    kundig_text text = kundig_table_text(rejects(it), row, 3);
    return text.data ? text.data : "";
}

int64_t reject_int(const ingesting *it, size_t row, const char *column)
{
    return kundig_table_int(rejects(it), row,
                            kundig_table_find_column(rejects(it), column, strlen(column)));
}

static const char ingest_good[] = "Response ID,Customer ID,Date,Stage,NPS,Comment\n"
                                  "r1,c1,2026-03-01 10:30,Order,9,Quick and friendly\n"
                                  "r2,c2,2026-03-02 11:30,Order,,Nothing to say\n"
                                  "r3,c1,2026-03-03 12:30,Use,3,\"Late,\n\"\"twice\"\"\"\n";

Test(ingest, turns_rows_into_facts)
{
    ingesting it;
    ingesting_one(&it, ingest_good, NULL, 0);
    cr_assert(it.rc == 0, "%s", it.err.message);
    cr_expect(summary(&it, "rows") == 3 && summary(&it, "accepted") == 3);
    cr_expect(summary(&it, "rejected") == 0 && summary(&it, "added") == 3);
    cr_expect_str_eq(field_of(&it, "NPS"), "nps");
    cr_expect_str_eq(field_of(&it, "Comment"), "text");
    cr_expect_str_eq(field_of(&it, "Date"), "time");
    cr_expect_str_eq(field_of(&it, "Stage"), "stage");
    cr_expect_str_eq(field_of(&it, "Response ID"), "id");
    cr_expect_str_eq(field_of(&it, "Customer ID"), "customer");
    cr_expect(kundig__corpus_rows(it.corpus) == 3);
    kundig_text text = kundig__corpus_text(it.corpus, 2);
    cr_expect(text.len == 13 && memcmp(text.data, "Late,\n\"twice\"", 13) == 0);
    const kundig__question *question = kundig__corpus_question(it.corpus, 0);
    cr_expect(question->scale == KUNDIG_SCALE_NPS && question->values[0] == 9000 &&
              question->values[1] == KUNDIG__SCORE_MISSING);
    cr_expect(kundig__corpus_times(it.corpus)[0] == INT64_C(1772361000000));
    cr_expect(kundig__corpus_precisions(it.corpus)[0] == KUNDIG_PRECISION_MINUTE);
    cr_expect(finding(&it, "1 of 3 rows has no answer to NPS."));
    ingesting_end(&it);
}

Test(ingest, changes_nothing_when_the_same_file_comes_again)
{
    static const char twice[] = "NPS,Comment\n9,good\n9,good\n3,bad\n";
    ingesting it;
    ingesting_one(&it, twice, NULL, 0);
    cr_expect(summary(&it, "added") == 3);
    ingesting_csv(&it, twice);
    cr_expect(it.rc == 0 && summary(&it, "added") == 0 && summary(&it, "unchanged") == 3);
    cr_expect(summary(&it, "accepted") == 3);
    cr_expect(finding(&it, "3 rows were known already"));
    ingesting_end(&it);
}

Test(ingest, refuses_bad_rows_with_their_place_and_goes_on)
{
    ingesting it;
    ingesting_one(&it,
                  "Date,NPS,Comment\n"       /* 17 bytes */
                  "31/01/2018,9,fine\n"      /* 18 */
                  "31/02/2018,8,no day\n"    /* 20 */
                  "15/03/2018,11,too much\n" /* 23 */
                  "16/03/2018,abc,no number\n"
                  "17/03/2018,5\n"
                  "18/03/2018,5,ok\n"
                  ",,\n",
                  NULL, 0);
    cr_assert(it.rc == 0, "%s", it.err.message);
    cr_expect(summary(&it, "rows") == 7 && summary(&it, "accepted") == 2);
    cr_expect(summary(&it, "rejected") == 5);
    cr_assert(kundig_table_row_count(rejects(&it)) == 5);
    cr_expect(strstr(reject_reason(&it, 0), "31/02/2018") &&
                  strstr(reject_reason(&it, 0), "no such day"),
              "%s", reject_reason(&it, 0));
    cr_expect(reject_int(&it, 0, "line") == 3 && reject_int(&it, 0, "column") == 1 &&
              reject_int(&it, 0, "offset") == 35);
    cr_expect(strstr(reject_reason(&it, 1), "\"11\" is not on the scale 0 to 10"), "%s",
              reject_reason(&it, 1));
    cr_expect(reject_int(&it, 1, "column") == 2 && reject_int(&it, 1, "offset") == 66);
    cr_expect(strstr(reject_reason(&it, 2), "\"abc\" is not a number"));
    cr_expect(strstr(reject_reason(&it, 3), "2 cells, the header 3"));
    cr_expect(strstr(reject_reason(&it, 4), "empty"));
    cr_expect(finding(&it, "5 of 7 rows were rejected; the first in line 3"));
    ingesting_end(&it);
}

Test(ingest, gives_rejected_rows_back_as_a_file_to_mend)
{
    ingesting it;
    kundig_bytes *bytes = NULL;
    ingesting_one(&it, "NPS,\"Com;ment\"\r\n12,\"a \"\"b\"\"\r\nc\"\r\n3,x\r\n13,y\n", NULL, 0);
    cr_assert(it.rc == 0);
    cr_assert(kundig_ingest_report_rejects(it.report, &bytes, NULL) == KUNDIG_OK);
    cr_expect_str_eq(kundig_bytes_data(bytes),
                     "NPS,\"Com;ment\"\r\n12,\"a \"\"b\"\"\r\nc\"\r\n13,y\r\n");
    kundig_bytes_free(bytes);
    ingesting_end(&it);
}

Test(ingest, keeps_at_most_so_many_rejects_and_counts_all)
{
    ingesting it;
    ingesting_begin(&it);
    it.options.max_rejects = 2;
    ingesting_csv(&it, "NPS,Comment\n11,a\n12,b\n13,c\n4,d\n");
    cr_expect(it.rc == 0 && summary(&it, "rejected") == 3);
    cr_expect(kundig_table_row_count(rejects(&it)) == 2);
    ingesting_end(&it);
}

Test(ingest, reads_times_without_an_offset_in_the_zone)
{
    ingesting it;
    ingesting_begin(&it);
    it.options.zone = kundig__str("Europe/Berlin");
    ingesting_csv(&it, "date,nps\n2026-07-01 12:00:30,5\n2026-01-01T12:00:00Z,6\n");
    cr_assert(it.rc == 0, "%s", it.err.message);
    cr_expect(kundig__corpus_times(it.corpus)[0] == INT64_C(1782900030000));
    cr_expect(kundig__corpus_times(it.corpus)[1] == INT64_C(1767268800000));
    ingesting_end(&it);
    ingesting_begin(&it);
    it.options.zone = kundig__str("Europe/Atlantis");
    ingesting_csv(&it, "date,nps\n2026-07-01 12:00:30,5\n");
    cr_expect(it.rc == KUNDIG_E_NOT_FOUND && !it.report);
    ingesting_end(&it);
}

Test(ingest, asks_for_the_order_of_day_and_month_and_still_reports)
{
    static const char data[] = "Datum,NPS\n03/04/2018,5\n05/06/2018,6\n";
    ingesting it;
    ingesting_one(&it, data, NULL, 0);
    cr_expect(it.rc == KUNDIG_E_AMBIGUOUS);
    cr_expect(strstr(it.err.message, "Datum") && strstr(it.err.message, "03/04/2018") &&
                  strstr(it.err.message, "day first or month first"),
              "%s", it.err.message);
    cr_assert(it.report);
    cr_expect_str_eq(field_of(&it, "Datum"), "time");
    cr_expect(summary(&it, "rows") == 0 && summary(&it, "accepted") == 0);
    cr_expect(kundig__corpus_rows(it.corpus) == 0);
    ingesting_end(&it);
    for (int32_t order = KUNDIG_DATES_DAY_FIRST; order <= KUNDIG_DATES_MONTH_FIRST; order++) {
        ingesting_one(&it, data, NULL, order);
        cr_expect(it.rc == 0);
        int64_t days = kundig__corpus_times(it.corpus)[0] / INT64_C(86400000);
        cr_expect(days == (order == KUNDIG_DATES_DAY_FIRST ? 17624 : 17594));
        cr_expect(kundig__corpus_precisions(it.corpus)[0] == KUNDIG_PRECISION_DAY);
        ingesting_end(&it);
    }
}

Test(ingest, rejects_the_minority_where_dates_contradict_each_other)
{
    ingesting it;
    ingesting_one(&it, "date,nps\n13/04/2018,5\n14/04/2018,5\n04/15/2018,6\n", NULL, 0);
    cr_expect(it.rc == 0 && summary(&it, "accepted") == 2 && summary(&it, "rejected") == 1);
    cr_expect(strstr(reject_reason(&it, 0), "day first, there is no such month"));
    cr_expect(finding(&it, "contradict each other: 2 need the day first, 1 the month first"));
    ingesting_end(&it);
    ingesting_one(&it, "date,nps\n13/04/2018,5\n04/15/2018,6\n", NULL, 0);
    cr_expect(it.rc == KUNDIG_E_AMBIGUOUS && it.report);
    ingesting_end(&it);
}

Test(ingest, says_so_where_nothing_is_usable)
{
    ingesting it;
    ingesting_one(&it, "nps,text\n", NULL, 0);
    cr_expect(it.rc == KUNDIG_E_EMPTY && it.report && summary(&it, "rows") == 0);
    ingesting_end(&it);
    ingesting_one(&it, "colour,size\nred,5\nblue,6\n", NULL, 0);
    cr_expect(it.rc == KUNDIG_E_EMPTY && it.report);
    cr_expect(strstr(it.err.message, "no column holds a comment or a score") &&
              strstr(it.err.message, "colour, size"));
    ingesting_end(&it);
    ingesting_one(&it, "nps,text\n11,a\n12,b\n", NULL, 0);
    cr_expect(it.rc == KUNDIG_E_EMPTY && summary(&it, "rows") == 2 &&
              summary(&it, "rejected") == 2 && summary(&it, "accepted") == 0);
    cr_expect(strstr(it.err.message, "not one of 2 rows"), "%s", it.err.message);
    ingesting_end(&it);
    ingesting_one(&it, "", NULL, 0);
    cr_expect(it.rc == KUNDIG_E_EMPTY && !it.report);
    ingesting_end(&it);
}

Test(ingest, counts_bytes_that_had_to_be_replaced)
{
    static const char data[] = "nps,text\n5,M\xFCller fand es sch\xF6n\n6,a\0b\n";
    ingesting it;
    ingesting_begin(&it);
    ingesting_bytes(&it, data, sizeof data - 1);
    cr_expect(it.rc == 0 && summary(&it, "replaced_bytes") == 3);
    cr_expect(finding(&it, "not UTF-8") && strstr(finding(&it, "not UTF-8"), "line 2, byte 12") &&
              strstr(finding(&it, "not UTF-8"), "Windows-1252"));
    cr_expect(finding(&it, "NUL") && strstr(finding(&it, "NUL"), "line 3"));
    ingesting_end(&it);
    ingesting_begin(&it);
    it.options.encoding = KUNDIG_ENCODING_WINDOWS_1252;
    ingesting_bytes(&it, data, sizeof data - 8);
    cr_expect(it.rc == 0 && summary(&it, "replaced_bytes") == 0);
    kundig_text text = kundig__corpus_text(it.corpus, 0);
    cr_expect(text.len > 3 && memcmp(text.data, "M\xC3\xBCller", 7) == 0);
    ingesting_end(&it);
}

Test(ingest, takes_cells_of_memory)
{
    ingesting it;
    kundig__rows *rows = NULL;
    kundig_bytes *bytes = NULL;
    const kundig_text columns[] = {KUNDIG__TEXT("NPS"), KUNDIG__TEXT("Comment")};
    const kundig_text cells[] = {KUNDIG__TEXT("9"),  KUNDIG__TEXT("good"),
                                 KUNDIG__TEXT("99"), KUNDIG__TEXT("say \"so\", twice"),
                                 {NULL, 0},          KUNDIG__TEXT("=1+1")};
    ingesting_begin(&it);
    cr_assert(kundig__rows_from_cells(&it.context, columns, 2, cells, 3, &rows, NULL) == KUNDIG_OK);
    it.rc = kundig__ingest_rows(it.corpus, rows, &it.options, kundig__text(NULL, 0), &it.report,
                                &it.err);
    rows->close(rows);
    cr_expect(it.rc == 0 && summary(&it, "accepted") == 2 && summary(&it, "rejected") == 1);
    cr_expect(reject_int(&it, 0, "line") == 2);
    cr_assert(kundig_ingest_report_rejects(it.report, &bytes, NULL) == KUNDIG_OK);
    cr_expect_str_eq(kundig_bytes_data(bytes), "NPS,Comment\r\n99,\"say \"\"so\"\", twice\"\r\n");
    kundig_bytes_free(bytes);
    ingesting_end(&it);
}

Test(ingest, understands_the_same_whatever_the_order_of_rows)
{
    static const char *const rows[] = {"5,13/02/2018,good\n", "1,01/02/2018,bad and slow\n",
                                       "4,02/03/2018,N/A\n", "2,30/01/2018,fine\n"};
    static const int orders[3][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}};
    char why[3][200];
    for (int o = 0; o < 3; o++) {
        char data[400] = "Rating,Date,Comment\n";
        ingesting it;
        for (int i = 0; i < 4; i++) {
            strcat(data, rows[orders[o][i]]);
        }
        ingesting_one(&it, data, NULL, 0);
        cr_expect(it.rc == 0);
        snprintf(why[o], sizeof why[o], "%s|%s|%s", field_of(&it, "Rating"), why_of(&it, "Rating"),
                 why_of(&it, "Date"));
        cr_expect_str_eq(why[o], why[0]);
        ingesting_end(&it);
    }
}

static int ingest_stop(void *ud, uint64_t done, uint64_t total)
{
    uint64_t *calls = ud;
    cr_expect(done <= total);
    return ++*calls == 3;
}

Test(ingest, leaves_the_corpus_as_it_was_when_cancelled)
{
    ingesting it;
    uint64_t calls = 0;
    size_t room = (size_t)3 << 20;
    char *data = malloc(room);
    size_t len = (size_t)sprintf(data, "nps,text\n");
    while (len + 120 < room) {
        len += (size_t)sprintf(data + len, "%zu,row %zu with some words to make it longer\n",
                               len % 11, len);
    }
    ingesting_begin(&it);
    ingesting_csv(&it, "nps,text\n3,before\n");
    it.context.progress = ingest_stop;
    it.context.progress_ud = &calls;
    ingesting_bytes(&it, data, len);
    cr_expect(it.rc == KUNDIG_E_CANCELLED && !it.report);
    cr_expect(calls == 3 && kundig__corpus_rows(it.corpus) == 1);
    it.context.progress = NULL;
    it.context.mem.limit = it.context.mem.used + (1U << 20);
    ingesting_bytes(&it, data, len);
    cr_expect(it.rc == KUNDIG_E_LIMIT && !it.report, "%d", it.rc);
    cr_expect(kundig__corpus_rows(it.corpus) == 1);
    it.context.mem.limit = 0;
    ingesting_bytes(&it, data, len);
    cr_expect(it.rc == 0);
    free(data);
    ingesting_end(&it);
}

Test(ingest, fails_cleanly_at_every_allocation)
{
    static const char data[] = "Datum;Kunde;NPS;Kommentar;E-Mail;Land\n"
                               "13.04.2018;k1;9;\"sagt \"\"gut\"\"\";a@example.org;DE\n"
                               "14.04.2018;k2;77;schlecht;b@example.org;AT\n"
                               "15.04.2018;k3;5;M\xFCller;c@example.org;CH\n";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t at = 1;; at++) {
            ingesting it;
            ingesting_begin(&it);
            it.options.map = kundig__str("segment=Land");
            probe_shared.allocations = 0;
            probe_shared.fail_at = at;
            probe_shared.fail_on = forever;
            ingesting_csv(&it, data);
            probe_shared.fail_at = 0;
            int rc = it.rc;
            if (rc) {
                cr_assert(rc == KUNDIG_E_NOMEM && !it.report, "allocation %zu: %d %s", at, rc,
                          it.err.message);
                cr_assert(kundig__corpus_rows(it.corpus) == 0);
                ingesting_csv(&it, data);
                cr_assert(it.rc == 0);
            }
            ingesting_end(&it);
            if (!rc) {
                cr_assert(at > 40);
                break;
            }
        }
    }
}

Test(ingest, bounds_memory_on_a_line_of_a_gigabyte)
{
    /* A file with a hole of 1 GB: one line of NULs, then good rows. */
    char path[] = "/tmp/kundig_long_XXXXXX";
    ingesting it;
    kundig__rows *rows = NULL;
    kundig__csv_options csv = {0, 0, 0};
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, "nps,text\n", 9) == 9);
    for (int i = 0; i < 600; i++) {
        cr_assert(write(fd, "4,first\n", 8) == 8);
    }
    cr_assert(lseek(fd, (off_t)1 << 30, SEEK_CUR) > 0);
    cr_assert(write(fd, "\n5,last\n", 8) == 8);
    close(fd);
    ingesting_begin(&it);
    int rc = kundig__rows_from_file(&it.context, kundig__str(path), &csv, &rows, &it.err);
    cr_assert(rc == 0, "%s", it.err.message);
    it.rc = kundig__ingest_rows(it.corpus, rows, &it.options, kundig__text(NULL, 0), &it.report,
                                &it.err);
    rows->close(rows);
    unlink(path);
    cr_expect(it.rc == 0, "%s", it.err.message);
    cr_expect(summary(&it, "rows") == 602 && summary(&it, "accepted") == 601 &&
              summary(&it, "rejected") == 1);
    cr_expect(strstr(reject_reason(&it, 0), "1073741824 bytes"), "%s", reject_reason(&it, 0));
    cr_expect(reject_int(&it, 0, "line") == 602);
    cr_expect(probe_shared.peak_bytes < (size_t)8 << 20, "peak %zu", probe_shared.peak_bytes);
    ingesting_end(&it);
}
