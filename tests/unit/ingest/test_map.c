#include <criterion/criterion.h>
#include <stdio.h>

#include "ingesting.h"

TestSuite(map, .fini = probe_fini);

/* A column of numbers under a name, beside a comment; what becomes of it. */
static void maps(const char *name, const char *values, const char *field)
{
    char data[2000];
    ingesting it;
    size_t len = (size_t)snprintf(data, sizeof data, "\"%s\",Comment\n", name);
    for (const char *p = values; *p;) {
        size_t part = strcspn(p, " ");
        len += (size_t)snprintf(data + len, sizeof data - len, "%.*s,fine\n", (int)part, p);
        p += part + (p[part] == ' ');
    }
    ingesting_one(&it, data, NULL, 0);
    cr_expect(it.rc == 0, "%s: %s", name, it.err.message);
    cr_expect_str_eq(field_of(&it, name), field, "%s %s became %s: %s", name, values,
                     field_of(&it, name), why_of(&it, name));
    cr_expect(*why_of(&it, name));
    ingesting_end(&it);
}

Test(map, takes_for_nps_only_what_says_so)
{
    maps("NPS", "0 5 10", "nps");
    maps("NPS_SCORE", "7 8", "nps");
    maps("How likely are you to recommend us?", "0 9 10", "nps");
    maps("Weiterempfehlungsbereitschaft", "3 9 10", "nps");
    maps("Likelihood to Recommend", "3 9 10", "nps");
    maps("Score", "0 5 10", "score[0..10]");
    maps("Rating", "1 5 10", "score[1..10]");
    maps("Bewertung", "0 3 9", "score[0..10]");
    maps("eNPS", "0 9 10", "nps");
    maps("Likelihood", "0 9 10", "nps");
    maps("Likelihood to buy again", "0 9 10", "attribute");
    maps("Recommendation count", "0 9 10", "attribute");
    maps("NPS group", "1 2 3", "attribute");
    maps("Recommended", "0 1 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1", "attribute");
}

Test(map, keeps_an_nps_column_with_values_off_the_scale)
{
    maps("NPS", "0 5 10 11 -1", "nps");
    maps("NPS", "0 5 99 7 8", "nps");
}

Test(map, finds_the_scale_of_other_scores)
{
    maps("CSAT", "1 4 5", "csat");
    maps("Zufriedenheit", "1 4 5", "csat");
    maps("Overall satisfaction", "1 8 10", "score[1..10]");
    maps("Customer Effort Score", "1 6 7", "ces");
    maps("Aufwand", "1 2 5", "ces_2010");
    maps("It was easy", "1 2 5", "score[1..5]");
    maps("Stars", "1 4 5", "stars");
    maps("Score", "10 55 100", "score[0..100]");
    maps("Rating", "1 3 7", "score[1..7]");
    maps("Schulnote", "1 2 6", "score[1..6,lower]");
    maps("q12", "1 3 10", "score[1..10]");
    maps("Frage 3", "1 3 5", "score[1..5]");
    maps("review count", "1 3 5", "attribute");
    maps("score", "-0.5 0.7 0.1", "attribute");
}

Test(map, believes_the_survey_type_beside_a_score)
{
    ingesting it;
    ingesting_one(&it, "survey_type,score,comment\nnps,9,a\nnps,3,b\n", NULL, 0);
    cr_expect_str_eq(field_of(&it, "score"), "nps");
    ingesting_end(&it);
    ingesting_one(&it, "survey_type,score,comment\nnps,9,a\ncsat,3,b\n", NULL, 0);
    cr_expect_str_eq(field_of(&it, "score"), "score[1..10]");
    ingesting_end(&it);
}

Test(map, reads_decimal_commas)
{
    ingesting it;
    ingesting_one(&it, "Sterne;Text\n4,5;gut\n3;geht so\n", NULL, 0);
    cr_expect_str_eq(field_of(&it, "Sterne"), "stars");
    cr_expect(kundig__corpus_question(it.corpus, 0)->values[0] == 4500);
    ingesting_end(&it);
}

Test(map, keeps_two_nps_questions_apart)
{
    ingesting it;
    ingesting_one(&it, "NPS shop,NPS service,Comment\n9,3,a\n8,,b\n", NULL, 0);
    cr_expect(kundig__corpus_question_count(it.corpus) == 2);
    cr_expect_str_eq(field_of(&it, "NPS shop"), "nps");
    cr_expect_str_eq(field_of(&it, "NPS service"), "nps");
    cr_expect(finding(&it, "1 of 2 rows has no answer to NPS service."));
    ingesting_end(&it);
}

Test(map, marks_employees)
{
    ingesting it;
    ingesting_one(&it, "eNPS,Comment\n9,a\n", NULL, 0);
    cr_expect(kundig__corpus_dimension(it.corpus, KUNDIG__DIM_KIND)->codes[0] ==
                  KUNDIG_KIND_EMPLOYEE ||
              kundig__corpus_dimension(it.corpus, KUNDIG__DIM_KIND)->codes[0] ==
                  KUNDIG_KIND_EMPLOYEE + 1);
    ingesting_end(&it);
}

Test(map, leaves_personal_columns_out_and_says_so)
{
    ingesting it;
    ingesting_one(&it,
                  "IPAddress,Vorname,Kontakt,NPS,Comment\n"
                  "10.0.0.1,Ada,ada@example.org,9,good\n"
                  "10.0.0.2,Max,max@example.org,3,bad\n",
                  NULL, 0);
    cr_expect_str_eq(field_of(&it, "IPAddress"), "ignore");
    cr_expect_str_eq(field_of(&it, "Vorname"), "ignore");
    cr_expect_str_eq(field_of(&it, "Kontakt"), "ignore");
    cr_expect(strstr(why_of(&it, "Kontakt"), "e-mail"));
    cr_expect(finding(&it, "\"Vorname\" looks like personal data"));
    kundig_table *mapping = kundig_ingest_report_table(it.report, KUNDIG_INGEST_MAPPING);
    for (size_t i = 0; i < 3; i++) {
        cr_expect(kundig_table_is_null(mapping, i, 4), "no example of personal data");
    }
    cr_expect(kundig__corpus_attribute_count(it.corpus) == 0);
    ingesting_end(&it);
    ingesting_one(&it, "E-Mail,NPS\na@example.org,9\n", "customer=E-Mail", 0);
    cr_expect_str_eq(field_of(&it, "E-Mail"), "customer");
    ingesting_end(&it);
}

Test(map, finds_text_and_time_without_names)
{
    ingesting it;
    ingesting_one(&it,
                  "A,B,C,NPS\n"
                  "13/04/2018,x,the delivery took a very long time this week,3\n"
                  "14/04/2018,y,friendly people and a quick answer on the phone,9\n",
                  NULL, 0);
    cr_expect_str_eq(field_of(&it, "A"), "time");
    cr_expect_str_eq(field_of(&it, "C"), "text");
    cr_expect_str_eq(field_of(&it, "B"), "attribute");
    ingesting_end(&it);
}

Test(map, takes_the_longer_of_two_comments)
{
    ingesting it;
    ingesting_one(&it,
                  "review_comment_title,review_comment_message,rating\n"
                  "Good,It came in time and does what it should do,5\n"
                  "Bad,Broken after two days and nobody answers the phone,1\n",
                  NULL, 0);
    cr_expect_str_eq(field_of(&it, "review_comment_message"), "text");
    cr_expect_str_neq(field_of(&it, "review_comment_title"), "text");
    ingesting_end(&it);
}

Test(map, types_attributes_by_all_their_values)
{
    ingesting it;
    ingesting_one(&it,
                  "NPS,Basket,Member,Region,Zip\n5,12.5,yes,north,01067\n6,7,no,south,80331\n"
                  "7,,yes,north,10115\n",
                  NULL, 0);
    cr_expect(kundig__corpus_attribute_count(it.corpus) == 4);
    for (size_t i = 0; i < kundig__corpus_attribute_count(it.corpus); i++) {
        const kundig__attribute_column *column = kundig__corpus_attribute(it.corpus, i);
        int32_t wanted = column->name.data[0] == 'B'   ? KUNDIG_VALUE_NUMBER
                         : column->name.data[0] == 'M' ? KUNDIG_VALUE_BOOL
                                                       : KUNDIG_VALUE_TEXT;
        cr_expect(column->type == wanted, "%.*s", (int)column->name.len, column->name.data);
    }
    /* Another file writes text where numbers were: left out, not refused row by row. */
    ingesting_csv(&it, "NPS,Basket,Region\n5,much,west\n");
    cr_expect(it.rc == 0 && summary(&it, "accepted") == 1);
    cr_expect(strstr(why_of(&it, "Basket"), "another type"));
    ingesting_end(&it);
}

Test(map, leaves_row_numbers_out)
{
    ingesting it;
    ingesting_one(&it, ",NPS\n0,5\n1,6\n2,7\n", NULL, 0);
    cr_expect_str_eq(field_of(&it, "column 1"), "ignore");
    cr_expect(strstr(why_of(&it, "column 1"), "numbers the rows"));
    ingesting_end(&it);
}

Test(map, takes_no_identity_from_values_that_repeat)
{
    ingesting it;
    ingesting_one(&it, "id,NPS\nr1,5\nr1,6\nr1,7\n", NULL, 0);
    cr_expect_str_eq(field_of(&it, "id"), "attribute");
    cr_expect(strstr(why_of(&it, "id"), "repeat"));
    cr_expect(summary(&it, "added") == 3);
    ingesting_end(&it);
    ingesting_one(&it, "id,NPS\nr1,5\nr1,6\nr1,7\n", "id=id", 0);
    cr_expect(summary(&it, "added") == 1 && summary(&it, "versions") == 2 &&
              summary(&it, "conflicts") == 2);
    ingesting_end(&it);
}

Test(map, learns_the_order_of_dates_from_another_column)
{
    ingesting it;
    ingesting_one(&it,
                  "Start date,End date,NPS\n25/03/2018,03/04/2018,5\n26/03/2018,05/04/2018,6\n",
                  NULL, 0);
    cr_expect(it.rc == 0, "%s", it.err.message);
    cr_expect_str_eq(field_of(&it, "End date"), "time");
    cr_expect(strstr(why_of(&it, "End date"), "another date column"));
    ingesting_end(&it);
}

Test(map, takes_dots_for_day_first_and_midnights_for_days)
{
    ingesting it;
    ingesting_one(&it, "Datum;NPS\n03.04.2018 00:00;5\n05.06.2018 00:00;6\n", NULL, 0);
    cr_expect(it.rc == 0, "%s", it.err.message);
    cr_expect(kundig__corpus_precisions(it.corpus)[0] == KUNDIG_PRECISION_DAY);
    cr_expect(strstr(why_of(&it, "Datum"), "dots") && strstr(why_of(&it, "Datum"), "days"));
    ingesting_end(&it);
}

Test(map, reads_header_rows_of_survey_programs)
{
    static const char data[] =
        "StartDate,EndDate,IPAddress,ResponseId,Q1,Q1_NPS_GROUP,Q2\n"
        "Start Date,End Date,IP Address,Response ID,\"How likely are you to recommend us\n"
        "to a friend?\",Group,Why did you choose this?\n"
        "\"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"endDate\"\"}\","
        "\"{\"\"ImportId\"\":\"\"ipAddress\"\"}\",\"{\"\"ImportId\"\":\"\"_recordId\"\"}\","
        "\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID1_G\"\"}\","
        "\"{\"\"ImportId\"\":\"\"QID2\"\"}\"\n"
        "2026-01-05 10:00:00,2026-01-05 10:05:00,10.0.0.1,R_1,9,3,the people were friendly and "
        "quick\n"
        "2026-01-06 10:00:00,2026-01-06 10:05:00,10.0.0.2,R_2,99,1,nobody answered my letters at "
        "all\n";
    ingesting it;
    kundig_bytes *bytes = NULL;
    ingesting_one(&it, data, NULL, 0);
    cr_expect(it.rc == 0, "%s", it.err.message);
    cr_expect(summary(&it, "rows") == 2 && summary(&it, "rejected") == 1);
    cr_expect_str_eq(field_of(&it, "Q1"), "nps");
    cr_expect_str_eq(field_of(&it, "Q2"), "text");
    cr_expect_str_eq(field_of(&it, "EndDate"), "time");
    cr_expect_str_eq(field_of(&it, "ResponseId"), "id");
    cr_expect(finding(&it, "2 more header rows"));
    cr_assert(kundig_ingest_report_rejects(it.report, &bytes, NULL) == 0);
    cr_expect(strstr(kundig_bytes_data(bytes), "ImportId") &&
              strstr(kundig_bytes_data(bytes), "R_2"));
    /* What is given back reads like the file it came from. */
    ingesting again;
    ingesting_begin(&again);
    again.options.map = kundig__str("score[0..100]=Q1");
    ingesting_bytes(&again, kundig_bytes_data(bytes), kundig_bytes_len(bytes));
    cr_expect(again.rc == 0 && summary(&again, "rows") == 1 && summary(&again, "accepted") == 1);
    ingesting_end(&again);
    kundig_bytes_free(bytes);
    ingesting_end(&it);
}

static void map_append(kundig__buf *csv, const char *format, size_t number)
{
    char cell[32];
    snprintf(cell, sizeof cell, format, number);
    kundig__buf_str(csv, cell);
}

Test(map, leaves_out_what_is_more_than_a_corpus_holds)
{
    static const char *const maps[] = {NULL, "attribute=c4999"};
    for (size_t m = 0; m < 2; m++) {
        ingesting it;
        kundig__buf csv;
        ingesting_begin(&it);
        kundig__buf_init(&csv, &it.context.mem);
        kundig__buf_str(&csv, "nps,comment");
        for (size_t i = 0; i < 5000; i++) {
            map_append(&csv, ",c%zu", i);
        }
        for (size_t row = 0; row < 3; row++) {
            kundig__buf_str(&csv, "\n9,fine");
            for (size_t i = 0; i < 5000; i++) {
                map_append(&csv, ",%zu", (i + row) % 7);
            }
        }
        it.options.map = kundig__str(maps[m]);
        ingesting_bytes(&it, csv.data, csv.len);
        cr_assert(it.rc == 0, "%s", it.err.message);
        cr_expect(summary(&it, "accepted") == 3 && summary(&it, "rejected") == 0);
        cr_expect_str_eq(field_of(&it, "c4094"), "attribute");
        cr_expect_str_eq(field_of(&it, "c4095"), m ? "ignore" : "attribute");
        cr_expect_str_eq(field_of(&it, "c4096"), "ignore");
        cr_expect_str_eq(field_of(&it, "c4999"), m ? "attribute" : "ignore");
        cr_expect(strstr(why_of(&it, "c4096"), "more than 4096 columns"));
        kundig__buf_free(&csv);
        ingesting_end(&it);
    }
}
