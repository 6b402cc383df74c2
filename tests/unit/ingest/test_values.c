#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(values, .fini = probe_fini);

Test(values, are_missing_in_many_ways)
{
    static const char *const gone[] = {
        "",   "NA",   "N/A",        "n/a",          "NULL",          "null",   "none", "-",
        "--", "k.A.", "K. A.",      "Keine Angabe", "keine antwort", "NaN",    "#N/A", "?",
        "–",  "—",    "weiß nicht", "Don't know",   "(blank)",       "unknown"};
    static const char *const there[] = {"0", "no", "nein", "Nancy", "note", "-1", "k", "good"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        cr_expect(kundig__value_missing(kundig__str(gone[i])), "%s", gone[i]);
    }
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        cr_expect(!kundig__value_missing(kundig__str(there[i])), "%s", there[i]);
    }
    cr_expect(kundig__value_blank(kundig__str("NULL")) && !kundig__value_blank(kundig__str("NA")));
    cr_expect(kundig__value_missing(kundig__str(NULL)));
}

Test(values, are_yes_or_no)
{
    cr_expect(kundig__value_bool(kundig__str("Yes")) == KUNDIG_YES);
    cr_expect(kundig__value_bool(kundig__str("JA")) == KUNDIG_YES);
    cr_expect(kundig__value_bool(kundig__str("false")) == KUNDIG_NO);
    cr_expect(kundig__value_bool(kundig__str("nein")) == KUNDIG_NO);
    cr_expect(kundig__value_bool(kundig__str("yesterday")) == KUNDIG_UNKNOWN);
    cr_expect(kundig__value_bool(kundig__str("1")) == KUNDIG_UNKNOWN);
    cr_expect(kundig__value_bool(kundig__str("")) == KUNDIG_UNKNOWN);
}

Test(values, are_kinds_of_feedback)
{
    cr_expect(kundig__value_kind(kundig__str("Survey")) == KUNDIG_KIND_SURVEY);
    cr_expect(kundig__value_kind(kundig__str("Anruf")) == KUNDIG_KIND_CALL);
    cr_expect(kundig__value_kind(kundig__str("user lab")) == KUNDIG_KIND_USER_LAB);
    cr_expect(kundig__value_kind(kundig__str("parcel")) == -1);
}

static void scores(const char *text, double expected, double of)
{
    double number = -1;
    double whole = -1;
    cr_expect(kundig__value_score(kundig__str(text), &number, &whole), "%s", text);
    cr_expect(number == expected && whole == of, "%s gave %f of %f", text, number, whole);
}

Test(values, are_scores_with_words_around_them)
{
    scores("7", 7, 0);
    scores("10", 10, 0);
    scores("7.5", 7.5, 0);
    scores("7,5", 7.5, 0);
    scores("-1", -1, 0);
    scores("1e1", 10, 0);
    scores("10 - very likely", 10, 0);
    scores("0 = gar nicht", 0, 0);
    scores("5 stars", 5, 0);
    scores("4 Sterne", 4, 0);
    scores("3: okay", 3, 0);
    scores("10 – sehr wahrscheinlich", 10, 0);
    scores("8/10", 8, 10);
    scores("4 out of 5", 4, 5);
    scores("9 von 10", 9, 10);
    scores("★★★☆☆", 3, 0);
}

Test(values, are_no_scores_otherwise)
{
    static const char *const others[] = {"",      "good", "2 days late", "1/2/2018", "10 and 3",
                                         "7/9",   "5x",   "ten",         "1.2.3",    "★good",
                                         "12:30", "--1",  "1 000"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        double number;
        double whole;
        cr_expect(!kundig__value_score(kundig__str(others[i]), &number, &whole), "%s", others[i]);
    }
}

Test(values, show_the_shape_of_personal_data)
{
    cr_expect(kundig__value_email(kundig__str("a.b@example.org")));
    cr_expect(!kundig__value_email(kundig__str("@someone")));
    cr_expect(!kundig__value_email(kundig__str("write to a@b.de now")));
    cr_expect(!kundig__value_email(kundig__str("a@b@c.de")));
    cr_expect(kundig__value_ip(kundig__str("192.168.0.1")));
    cr_expect(!kundig__value_ip(kundig__str("1.2.3")));
    cr_expect(!kundig__value_ip(kundig__str("11.04.2018")));
}
