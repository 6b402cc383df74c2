/* Forgetting: exactly the rows of one person, one record or one age are found. */
#include "forgetting.h"

TestSuite(forget, .fini = probe_fini);

/* The rows of a kind, as "0 2 5". */
static const char *forget_rows(const kundig__forgetting *forgetting, int kind)
{
    static char text[256];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < forgetting->count[kind]; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%u", i ? " " : "",
                                forgetting->rows[kind][i]);
    }
    return text;
}

Test(forget, naming_somebody_in_one_version_is_enough_for_all_of_them)
{
    fixture f;
    fixture_open(&f);
    kundig__fact facts[] = {
        forget_feedback("1", "anna", "first"), forget_feedback("2", "ben", "other"),
        forget_feedback("1", "ben", "second"), forget_feedback("3", NULL, "nobody's"),
        forget_feedback("2", "ben", "again"),
    };
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    kundig__forgetting anna = forget_whom(&f, "anna");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_FEEDBACK), "0 2");
    cr_assert_eq(anna.records, 1);
    kundig__forgetting_free(&anna);
    kundig__forgetting ben = forget_whom(&f, "ben");
    cr_assert_str_eq(forget_rows(&ben, KUNDIG_FACTS_FEEDBACK), "0 1 2 4");
    cr_assert_eq(ben.records, 2);
    kundig__forgetting_free(&ben);
    kundig__forgetting stranger = forget_whom(&f, "carl");
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        cr_assert_eq(stranger.count[kind], 0);
    }
    kundig__forgetting_free(&stranger);
    fixture_close(&f);
}

Test(forget, what_hangs_on_a_customer_goes_and_what_hangs_on_others_stays)
{
    fixture f;
    fixture_open(&f);
    kundig__fact facts[] = {
        forget_feedback("1", "anna", "first"),
        forget_feedback("2", "ben", "other"),
        forget_customer("ben"),
        forget_customer("anna"),
        forget_label("survey.csv", "2", "price"),
        forget_label("survey.csv", "1", "price"),
        forget_label("other.csv", "1", "price"),
        forget_label("survey.csv", "9", "price"),
        forget_consent("anna", KUNDIG_YES, 1),
        forget_consent("ben", KUNDIG_YES, 1),
        forget_consent("anna", KUNDIG_NO, 2),
        forget_rule(NULL, 30, 1),
        forget_edit("2", "3"),
        forget_edit("1", "3"),
        forget_edit("2", "1"),
        forget_edit("1", "3"), /* of her, and of another source's record */
    };
    facts[15].as.edit.other_source = kundig__str("other.csv");
    kundig__fact *renamed = &facts[12];
    renamed->as.edit.by = kundig__str("anna"); /* what she said of others stays, as labels do */
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    kundig__forgetting anna = forget_whom(&f, "anna");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_EDITS), "1 2 3");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_FEEDBACK), "0");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_CUSTOMERS), "1");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_LABELS), "1");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_CONSENTS), "0 2");
    cr_assert_eq(anna.count[KUNDIG_FACTS_RETENTION], 0);
    kundig__forgetting_free(&anna);
    fixture_close(&f);
}

Test(forget, events_of_a_case_go_if_the_case_is_theirs_alone)
{
    fixture f;
    fixture_open(&f);
    kundig__fact facts[] = {
        forget_feedback("1", "anna", "late"), /* case A */
        forget_feedback("2", "anna", "late"), /* case B */
        forget_feedback("3", "ben", "late"),  /* case B */
        forget_feedback("4", NULL, "late"),   /* case A, nobody's */
        forget_event("a1", NULL, "A"),        /* 0: goes */
        forget_event("b1", NULL, "B"),        /* 1: Ben's case, too */
        forget_event("c1", "anna", "C"),      /* 2: goes */
        forget_event("c2", NULL, "C"),        /* 3: goes */
        forget_event("d1", "anna", "D"),      /* 4: goes */
        forget_event("d2", "ben", "D"),       /* 5: Ben's */
        forget_event("d3", NULL, "D"),        /* 6: Ben's case, too */
        forget_event("e1", NULL, "E"),        /* 7: nobody's */
        forget_event("e1", "anna", NULL),     /* 8: makes record e1 hers */
        forget_event("e2", NULL, "E"),        /* 9: goes with e1's case */
        forget_event("f1", NULL, NULL),       /* 10: in no case */
    };
    facts[0].as.feedback.case_id = kundig__str("A");
    facts[1].as.feedback.case_id = kundig__str("B");
    facts[2].as.feedback.case_id = kundig__str("B");
    facts[3].as.feedback.case_id = kundig__str("A");
    facts[12].as.event.updated_ms = 1;
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    kundig__forgetting anna = forget_whom(&f, "anna");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_EVENTS), "0 2 3 4 7 8 9");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_FEEDBACK), "0 1");
    kundig__forgetting_free(&anna);
    fixture_close(&f);
}

Test(forget, linked_names_go_together_until_the_link_is_taken_back)
{
    fixture f;
    fixture_open(&f);
    kundig__fact facts[] = {
        forget_feedback("1", "anna", "a"),
        forget_feedback("2", "a.smith", "b"),
        forget_feedback("3", "anna s", "c"),
        forget_link("anna", "a.smith", KUNDIG_YES, 1),
        forget_link("anna s", "a.smith", KUNDIG_YES, 1),
        forget_link("ben", "carl", KUNDIG_YES, 1),
        forget_customer("anna s"),
    };
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    kundig__forgetting anna = forget_whom(&f, "anna");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_FEEDBACK), "0 1 2");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_LINKS), "0 1");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_CUSTOMERS), "0");
    kundig__forgetting_free(&anna);
    kundig__fact back = forget_link("a.smith", "anna s", KUNDIG_NO, 2);
    forget_add(&f, &back, 1);
    anna = forget_whom(&f, "anna");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_FEEDBACK), "0 1");
    cr_assert_str_eq(forget_rows(&anna, KUNDIG_FACTS_LINKS), "0 1 3",
                     "a link that was taken back still names her");
    kundig__forgetting_free(&anna);
    fixture_close(&f);
}

Test(forget, a_person_of_many_names_is_found_under_each)
{
    enum { NAMES = 40 };
    static char names[NAMES][8];
    fixture f;
    kundig__fact facts[3 * NAMES];
    size_t count = 0;
    fixture_open(&f);
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        facts[count++] = forget_feedback(names[i], names[i], "x");
        facts[count++] = forget_customer(names[i]);
        if (i) {
            facts[count++] = forget_link(names[i], names[i - 1], KUNDIG_YES, 1);
        }
    }
    facts[count++] = forget_feedback("else", "other", "x");
    forget_add(&f, facts, count);
    kundig__forgetting all = forget_whom(&f, "n7");
    cr_assert_eq(all.records, NAMES);
    cr_assert_eq(all.count[KUNDIG_FACTS_CUSTOMERS], NAMES);
    cr_assert_eq(all.count[KUNDIG_FACTS_LINKS], NAMES - 1);
    kundig__forgetting_free(&all);
    fixture_close(&f);
}

Test(forget, of_a_record_its_versions_and_labels_go)
{
    fixture f;
    fixture_open(&f);
    kundig__fact facts[] = {
        forget_feedback("1", "anna", "a"),        forget_feedback("1", "anna", "b"),
        forget_feedback("2", "anna", "c"),        forget_feedback("1", "anna", "no source"),
        forget_label("survey.csv", "1", "price"), forget_label(NULL, "1", "price"),
        forget_label("survey.csv", "2", "price"), forget_customer("anna"),
    };
    facts[3].as.feedback.source = kundig__text(NULL, 0);
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    static const struct {
        const char *source;
        const char *id;
        const char *rows;
        const char *labels;
    } cases[] = {
        {"survey.csv", "1", "0 1", "0"}, {NULL, "1", "3", "1"},     {"survey.csv", "2", "2", "2"},
        {"survey.csv", "3", "", ""},     {"else.csv", "1", "", ""}, {"survey.csv", NULL, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig__forgetting out;
        cr_assert_eq(kundig__forget_record(f.corpus, kundig__str(cases[i].source),
                                           kundig__str(cases[i].id), &out, &f.err),
                     KUNDIG_OK);
        cr_assert_str_eq(forget_rows(&out, KUNDIG_FACTS_FEEDBACK), cases[i].rows);
        cr_assert_str_eq(forget_rows(&out, KUNDIG_FACTS_LABELS), cases[i].labels);
        cr_assert_eq(out.records, *cases[i].rows ? 1 : 0);
        cr_assert_eq(out.count[KUNDIG_FACTS_CUSTOMERS], 0);
        kundig__forgetting_free(&out);
    }
    fixture_close(&f);
}

Test(forget, the_current_version_and_the_current_rule_say_when_time_is_over)
{
    fixture f;
    int64_t now = 1000 * DAY;
    fixture_open(&f);
    kundig__fact facts[] = {
        forget_feedback("old", NULL, "a"),       /* 0: 31 days old */
        forget_feedback("edge", NULL, "b"),      /* 1: exactly 30 days old */
        forget_feedback("moved", NULL, "c"),     /* 2: was old, its newer version is not */
        forget_feedback("moved", NULL, "d"),     /* 3 */
        forget_feedback("timeless", NULL, "e"),  /* 4 */
        forget_feedback("ad", NULL, "f"),        /* 5: purpose for ever */
        forget_feedback("other", NULL, "g"),     /* 6: purpose without a rule */
        forget_feedback("plain", NULL, "h"),     /* 7: no purpose, no time, 5 days allowed */
        forget_feedback("aged", NULL, "i"),      /* 8: was new, its newer version is old */
        forget_feedback("aged", NULL, "j"),      /* 9 */
        forget_label("survey.csv", "old", "x"),  /* 0 */
        forget_label("survey.csv", "edge", "x"), /* 1 */
        forget_rule("help", 10, 1),
        forget_rule("help", 30, 2),
        forget_rule("ad", 5, 3),
        forget_rule("ad", -1, 4),
        forget_rule(NULL, 5, 1),
        forget_rule("unused", 1, 1),
    };
    static const int64_t age[] = {31, 30, 40, 1, -1, 400, 400, -1, 1, 31};
    static const char *const purpose[] = {"help", "help", "help", "help", "help",
                                          "ad",   "none", NULL,   "help", "help"};
    for (size_t i = 0; i < 10; i++) {
        facts[i].as.feedback.purpose = kundig__str(purpose[i]);
        facts[i].as.feedback.updated_ms = (int64_t)i;
        if (age[i] >= 0) {
            facts[i].as.feedback.time_ms = now - age[i] * DAY;
        }
    }
    forget_add(&f, facts, sizeof facts / sizeof *facts);
    kundig__forgetting out;
    cr_assert_eq(kundig__forget_expired(f.corpus, now, &out, &f.err), KUNDIG_OK);
    cr_assert_str_eq(forget_rows(&out, KUNDIG_FACTS_FEEDBACK), "0 8 9");
    cr_assert_str_eq(forget_rows(&out, KUNDIG_FACTS_LABELS), "0");
    cr_assert_eq(out.records, 2);
    cr_assert_eq(out.timeless, 2);
    cr_assert_eq(out.unruled, 1);
    kundig__forgetting_free(&out);
    cr_assert_eq(kundig__forget_expired(f.corpus, now + 1, &out, &f.err), KUNDIG_OK);
    cr_assert_str_eq(forget_rows(&out, KUNDIG_FACTS_FEEDBACK), "0 1 8 9");
    kundig__forgetting_free(&out);
    cr_assert_eq(kundig__forget_expired(f.corpus, KUNDIG_TIME_ABSENT, &out, &f.err), KUNDIG_E_ARG);
    fixture_close(&f);
}

/* ---- Failures ---- */

static int64_t forget_sweep(fixture *f, void *ud)
{
    const int *what = ud;
    kundig__forgetting out;
    int rc;
    if (*what == 0) {
        rc = kundig__forget_customer(f->corpus, kundig__str("c1"), &out, &f->err);
    } else if (*what == 1) {
        rc = kundig__forget_record(f->corpus, kundig__str("survey.csv"), kundig__str("i1"), &out,
                                   &f->err);
    } else {
        rc = kundig__forget_expired(f->corpus, 50 * DAY, &out, &f->err);
    }
    if (!rc) {
        kundig__forgetting_free(&out);
    }
    return rc;
}

Test(forget, survives_failure_of_every_allocation)
{
    static world w;
    kundig__prng prng;
    fixture f;
    kundig__prng_init(&prng, 7);
    fixture_open(&f);
    world_make(&w, &prng);
    forget_add(&f, w.facts, WORLD_FACTS);
    for (int what = 0; what < 3; what++) {
        fixture_sweep(&f, forget_sweep, &what);
    }
    fixture_check(&f);
    fixture_close(&f);
}
