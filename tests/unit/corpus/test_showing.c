/* Which topics a filter names, and where comments speak of them, masked or not. */
#include "corpus/showing.h"

#include "model.h"

TestSuite(showing, .fini = probe_fini);

static const char showing_text[] = "late and broken, the price and a friendly queue";

/* What a filter shows of one comment; absent is "". */
static void showing_is(fixture *f, const char *where, const char *expected)
{
    kundig__showing showing;
    kundig_query *query = fixture_query(where);
    cr_assert_eq(kundig__showing_init(&showing, f->corpus, query, &f->err), KUNDIG_OK, "%s: %s",
                 where, f->err.message);
    cr_assert_eq(kundig__showing_show(&showing, 0, &f->err), KUNDIG_OK);
    kundig_text got = showing.evidence.data ? showing.evidence : KUNDIG__TEXT("");
    cr_assert(kundig__text_equal(got, kundig__str(expected)), "%s: %.*s, not %s", where,
              (int)got.len, got.data, expected);
    kundig__showing_free(&showing);
    kundig_query_free(query);
}

static void showing_open(fixture *f, const char *text)
{
    model_open(f);
    kundig_feedback r = fixture_record("1", text);
    cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK);
}

Test(showing, is_of_the_topics_that_a_filter_names)
{
    fixture f;
    showing_open(&f, showing_text);
    showing_is(&f, "topic = delay", "0-4 delay");
    showing_is(&f, "topic in (price, delay)", "0-4 delay; 21-26 price");
    showing_is(&f, "theme = service", "33-41 staff; 42-47 waiting");
    showing_is(&f, "topic contains da", "9-15 damage");
    showing_is(&f, "topic = delay or theme = money", "0-4 delay; 21-26 price");
    showing_is(&f, "topic = delay and topic != price", "0-4 delay");
    showing_is(&f, "not (topic != price)", "21-26 price");
    showing_is(&f, "not (topic = price) and not (not (topic = staff))", "33-41 staff");
    showing_is(&f, "text_language is missing or text contains x", "");
    fixture_close(&f);
}

Test(showing, is_of_all_topics_where_none_is_named)
{
    static const char all[] = "0-4 delay; 9-15 damage; 21-26 price; 33-41 staff; 42-47 waiting";
    fixture f;
    showing_open(&f, showing_text);
    showing_is(&f, "topic is not missing", all);
    showing_is(&f, "topic != price", all);
    showing_is(&f, "not topic = price", all);
    showing_is(&f, "theme is missing", all);
    fixture_close(&f);
}

Test(showing, stands_in_the_comment_as_it_is_shown)
{
    static const char masking[] = "theme t: T\ntopic number: N\nany: 1234567\n"
                                  "topic late: L\nany: late\ntopic written: W\n"
                                  "any: wrote .. late\ntopic both: B\nany: 1234567 late\n";
    static const char text[] = "wrote a.b@example.com late, call +49 30 1234567 late";
    fixture f;
    showing_open(&f, text);
    kundig_model *model = model_of(&f.context.mem.hook, masking);
    kundig__corpus_set_model(f.corpus, model);
    kundig_model_free(model);
    showing_is(&f, "topic is not missing",
               "0-26 written; 22-26 late; 40-47 number; 40-52 both; 48-52 late");
    f.context.mask = KUNDIG_PERSONAL_ALL;
    /* "wrote [e-mail] late, call [phone] late" */
    showing_is(&f, "topic is not missing",
               "0-19 written; 15-19 late; 26-33 number; 26-38 both; 34-38 late");
    f.context.mask = KUNDIG_PERSONAL_PHONE;
    showing_is(&f, "topic is not missing",
               "0-26 written; 22-26 late; 33-40 number; 33-45 both; 41-45 late");
    fixture_close(&f);
}

Test(showing, a_record_without_a_text_has_none)
{
    fixture f;
    kundig__showing showing;
    model_open(&f);
    kundig_feedback r[2] = {fixture_record("1", NULL), fixture_record("2", "late")};
    cr_assert_eq(fixture_add(&f, r, 2, NULL), KUNDIG_OK);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    kundig_query *query = fixture_query("topic is missing or topic = delay");
    cr_assert_eq(kundig__showing_init(&showing, f.corpus, query, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__showing_show(&showing, 1, &f.err), KUNDIG_OK);
    cr_assert_eq(showing.topics.len, 5);
    cr_assert_eq(kundig__showing_show(&showing, 0, &f.err), KUNDIG_OK);
    cr_assert(!showing.text.data && !showing.topics.data && !showing.evidence.data);
    kundig__showing_free(&showing);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t showing_call(fixture *f, void *ud)
{
    kundig__showing showing;
    int rc = kundig__showing_init(&showing, f->corpus, ud, &f->err);
    if (!rc) {
        rc = kundig__showing_show(&showing, 0, &f->err);
        kundig__showing_free(&showing);
    }
    return rc;
}

Test(showing, survives_failure_of_every_allocation)
{
    fixture f;
    showing_open(&f, "late and broken: write to a@example.com, friendly queue");
    f.context.mask = KUNDIG_PERSONAL_ALL;
    kundig_query *query = fixture_query("theme in (service, delivery) and topic != price");
    fixture_sweep(&f, showing_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
