/* What is said of a change, word by word. */
#include "moved.h"

TestSuite(saying, .fini = probe_fini);

static const kundig_text saying_fields[2] = {{"topic", 5}, {"channel", 7}};

static kundig__said_change saying_fall(void)
{
    return (kundig__said_change){.title = "Net Promoter Score",
                                 .unit = KUNDIG_UNIT_SCORE,
                                 .level = .95,
                                 .before = .123,
                                 .after = .041,
                                 .change = -.082,
                                 .lo = -.129,
                                 .hi = -.035,
                                 .detectable = .061,
                                 .exceeds = true,
                                 .n = {500, 450},
                                 .customers = {412, 388},
                                 .fields = saying_fields,
                                 .field_count = 2};
}

static void saying_is(const kundig__said_change *said, const char *words)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__buf buf;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&buf, &mem);
    kundig__say_change(said, &buf);
    cr_assert_not(buf.failed);
    cr_assert_eq(buf.len, strlen(words), "%.*s", (int)buf.len, buf.data);
    cr_assert_eq(memcmp(buf.data, words, buf.len), 0, "%.*s", (int)buf.len, buf.data);
    kundig__buf_free(&buf);
}

Test(saying, a_move_beyond_chance_with_what_goes_together_with_it)
{
    kundig__said_change said = saying_fall();
    saying_is(&said,
              "Net Promoter Score fell from +12.3 to +4.1 (-8.2, 95 % interval -12.9 to -3.5; "
              "412 customers before, 388 after): more than chance explains. No single value "
              "of topic or channel moved it by more than chance explains.");
    said.causes[0] =
        (kundig__said_cause){saying_fields[0], {"Late delivery", 13}, -.041, -.06, -.022};
    said.causes[1] = (kundig__said_cause){saying_fields[0], {NULL, 0}, -.02, -.03, -.01};
    said.cause_count = 2;
    said.breaks =
        1u << KUNDIG__BREAK_CHANNEL | 1u << KUNDIG__BREAK_TIME | 1u << KUNDIG__BREAK_SCALE;
    saying_is(
        &said,
        "Net Promoter Score fell from +12.3 to +4.1 (-8.2, 95 % interval -12.9 to -3.5; 412 "
        "customers before, 388 after): more than chance explains. The largest parts of it that "
        "exceed chance: topic \"Late delivery\" -4.1 (-6.0 to -2.2) and no topic -2.0 (-3.0 to "
        "-1.0). Take care: the two sets also differ in scale, channel and time.");
    said.language = KUNDIG_SENTENCES_GERMAN;
    saying_is(
        &said,
        "Net Promoter Score fiel von +12,3 auf +4,1 (-8,2; 95-%-Intervall -12,9 bis -3,5; 412 "
        "Kunden vorher, 388 nachher): mehr, als der Zufall erkl\xC3\xA4rt. Die gr\xC3\xB6\xC3\x9F"
        "ten Teile davon, die \xC3\xBC"
        "ber den Zufall hinausgehen: Thema \"Late delivery\" -4,1 "
        "(-6,0 bis -2,2) und ohne Thema -2,0 (-3,0 bis -1,0). Vorsicht: die beiden Mengen "
        "unterscheiden sich auch in Skala, Kanal und Zeit.");
}

Test(saying, a_move_within_chance_tells_what_would_have_been_found)
{
    kundig__said_change said = saying_fall();
    said.exceeds = false;
    said.hi = .011;
    said.level = .999;
    said.customers[0] = 0;
    saying_is(&said,
              "Net Promoter Score went from +12.3 to +4.1 (-8.2, 99.9 % interval -12.9 to "
              "+1.1; 500 answers before, 450 after): within what chance explains. A change of "
              "6.1 would have been found in 4 of 5 cases.");
    said.language = KUNDIG_SENTENCES_GERMAN;
    saying_is(&said,
              "Net Promoter Score ging von +12,3 auf +4,1 (-8,2; 99,9-%-Intervall -12,9 bis "
              "+1,1; 500 Antworten vorher, 450 nachher): nicht mehr, als der Zufall "
              "erkl\xC3\xA4rt. Eine \xC3\x84nderung um 6,1 w\xC3\xA4re in 4 von 5 F\xC3\xA4llen "
              "gefunden worden.");
    said.language = KUNDIG_SENTENCES_ENGLISH;
    said.change = 0;
    said.after = said.before;
    said.causes[0] = (kundig__said_cause){saying_fields[1], {"phone", 5}, -.041, -.06, -.022};
    said.cause_count = 1;
    saying_is(&said,
              "Net Promoter Score stayed at +12.3 (99.9 % interval -12.9 to +1.1; 500 answers "
              "before, 450 after): within what chance explains. A change of 6.1 would have "
              "been found in 4 of 5 cases. Beneath it, parts that exceed chance: channel "
              "\"phone\" -4.1 (-6.0 to -2.2).");
}

Test(saying, shares_are_in_percent_and_means_on_their_scale)
{
    kundig__said_change said = saying_fall();
    said.title = "Customer satisfaction";
    said.unit = KUNDIG_UNIT_SHARE;
    said.before = .5;
    said.after = .6;
    said.change = .1;
    said.lo = .04;
    said.hi = .16;
    said.field_count = 0;
    saying_is(&said,
              "Customer satisfaction rose from 50.0 % to 60.0 % (+10.0, 95 % interval +4.0 to "
              "+16.0; 412 customers before, 388 after): more than chance explains.");
    said.unit = KUNDIG_UNIT_POINTS;
    said.before = 3.5;
    said.after = 4.25;
    said.change = .75;
    said.lo = -.001;
    said.hi = 1.5;
    said.simpson = saying_fields[1];
    said.simpson_rate = -.3;
    saying_is(&said,
              "Customer satisfaction rose from 3.50 to 4.25 (+0.75, 95 % interval 0.00 to "
              "+1.50; 412 customers before, 388 after): more than chance explains. Within the "
              "values of channel the score moved the other way (-0.30): those who answered "
              "changed.");
}

Test(saying, what_cannot_be_compared_says_why)
{
    kundig__said_change said = saying_fall();
    said.status = KUNDIG__STATUS_NO_DATA;
    said.n[0] = 0;
    saying_is(&said, "Net Promoter Score cannot be compared: no answer in the set before.");
    said.n[1] = 0;
    saying_is(&said, "Net Promoter Score cannot be compared: no answer in either set.");
    said.n[0] = 5;
    said.breaks = 1u << KUNDIG__BREAK_WEIGHTS;
    saying_is(&said,
              "Net Promoter Score cannot be compared: no answer in the set after. Take care: "
              "the two sets also differ in weights.");
    said.breaks = 0;
    said.status = KUNDIG__STATUS_UNDEFINED;
    said.method = "one customer alone";
    saying_is(&said, "Net Promoter Score cannot be compared: one customer alone.");
    said.status = KUNDIG__STATUS_TOO_FEW;
    said.language = KUNDIG_SENTENCES_GERMAN;
    saying_is(&said,
              "Net Promoter Score: kein Vergleich, weil es weniger Antworten sind als verlangt.");
}
