#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(aliases, .fini = probe_fini);

static void reads(const char *name, const char *expected)
{
    kundig__name words;
    kundig__name_read(&words, kundig__str(name));
    cr_expect_str_eq(words.text, expected, "%s: \"%s\"", name, words.text);
    cr_expect(words.len == strlen(words.text));
}

Test(aliases, are_the_same_however_a_name_is_written)
{
    reads("NPS_SCORE", " nps score ");
    reads("NPSScore", " nps score ");
    reads("nps-score", " nps score ");
    reads("  Nps.Score? ", " nps score ");
    reads("customerID", " customer id ");
    reads("IPAddress", " ip address ");
    reads("E-Mail", " e mail ");
    reads("Rückmeldung", " rueckmeldung ");
    reads("RÜCKMELDUNG", " rueckmeldung ");
    reads("Ru\xCC\x88"
          "ckmeldung",
          " rueckmeldung ");
    reads("Straße", " strasse ");
    reads("Café", " cafe ");
    reads("#", " # ");
    reads("", " ");
    reads("\xE2\x98\x85", " ");
}

Test(aliases, stay_inside_their_room)
{
    char name[1000];
    kundig__name words;
    memset(name, 'a', sizeof name);
    for (size_t i = 0; i < sizeof name; i += 3) {
        name[i] = ' ';
    }
    kundig__name_read(&words, kundig__text(name, sizeof name));
    cr_expect(words.len < KUNDIG__NAME_SIZE && words.text[words.len] == '\0');
    cr_expect(words.text[words.len - 1] == ' ');
}

Test(aliases, are_found_whole_or_by_their_start)
{
    kundig__name words;
    kundig__name_read(&words, kundig__str("How likely to recommend us"));
    cr_expect(kundig__name_have(&words, "recommend*"));
    cr_expect(kundig__name_have(&words, "likely to"));
    cr_expect(kundig__name_have(&words, "how"));
    cr_expect(!kundig__name_have(&words, "commend*"));
    cr_expect(!kundig__name_have(&words, "recom"));
}

static void fits(const char *name, int field, bool expected)
{
    kundig__name words;
    kundig__name_read(&words, kundig__str(name));
    cr_expect((kundig__name_fit(&words, field) > 0) == expected, "%s as %s", name,
              kundig__column_field_name(field));
}

Test(aliases, name_fields_in_english_and_german)
{
    fits("Comment", KUNDIG__COLUMN_TEXT, true);
    fits("Kommentar", KUNDIG__COLUMN_TEXT, true);
    fits("Review Text", KUNDIG__COLUMN_TEXT, true);
    fits("Rückmeldung", KUNDIG__COLUMN_TEXT, true);
    fits("commentary_id", KUNDIG__COLUMN_TEXT, false);
    fits("CUSTOMER_RESPONSE_DATE", KUNDIG__COLUMN_TIME, true);
    fits("Datum", KUNDIG__COLUMN_TIME, true);
    fits("Antwortzeitpunkt", KUNDIG__COLUMN_TIME, true);
    fits("tweet_created", KUNDIG__COLUMN_TIME, true);
    fits("geändert am", KUNDIG__COLUMN_UPDATED, true);
    fits("Kundennummer", KUNDIG__COLUMN_CUSTOMER, true);
    fits("customerID", KUNDIG__COLUMN_CUSTOMER, true);
    fits("ResponseId", KUNDIG__COLUMN_ID, true);
    fits("listing_id", KUNDIG__COLUMN_ID, false);
    fits("Umfrage-ID", KUNDIG__COLUMN_ID, true);
    fits("SURVEY_SUB_TYPE", KUNDIG__COLUMN_STAGE, true);
    fits("Kanal", KUNDIG__COLUMN_CHANNEL, true);
    fits("Abteilung", KUNDIG__COLUMN_DEPARTMENT, true);
    fits("Sprache", KUNDIG__COLUMN_LANGUAGE, true);
    fits("Kontaktpunkt", KUNDIG__COLUMN_TOUCHPOINT, true);
}

Test(aliases, prefer_the_answer_to_the_start)
{
    kundig__name answered;
    kundig__name started;
    kundig__name_read(&answered, kundig__str("EndDate"));
    kundig__name_read(&started, kundig__str("StartDate"));
    cr_expect(kundig__name_fit(&answered, KUNDIG__COLUMN_TIME) >
              kundig__name_fit(&started, KUNDIG__COLUMN_TIME));
}

Test(aliases, know_personal_data_and_row_numbers)
{
    static const char *const personal[] = {"IPAddress",     "E-Mail",  "Email Address",
                                           "Telefonnummer", "Vorname", "LastName",
                                           "Name",          "Straße"};
    static const char *const open[] = {"Product Name", "Department Name", "Stage name",
                                       "username_count", "Comment"};
    kundig__name words;
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        kundig__name_read(&words, kundig__str(personal[i]));
        cr_expect(kundig__name_personal(&words), "%s", personal[i]);
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        kundig__name_read(&words, kundig__str(open[i]));
        cr_expect(!kundig__name_personal(&words) || i == 3, "%s", open[i]);
    }
    kundig__name_read(&words, kundig__str("lfd. Nr."));
    cr_expect(kundig__name_counter(&words));
    kundig__name_read(&words, kundig__str("score"));
    cr_expect(!kundig__name_counter(&words));
}
