/* Names to fields, and what is said of a name that nothing has. */
#include <stdio.h>

#include "fixture.h"

TestSuite(field, .fini = probe_fini);

static void field_is(fixture *f, const char *name, int32_t type, size_t index)
{
    kundig__field field = {0, 0};
    cr_assert_eq(kundig__field_resolve(f->corpus, kundig__str(name), &field, &f->err), KUNDIG_OK,
                 "%s: %s", name, f->err.message);
    cr_assert_eq(field.type, type, "%s is a %d", name, field.type);
    cr_assert_eq(field.index, index, "%s is number %zu", name, field.index);
}

static void field_refused(fixture *f, const char *name, int rc, const char *message)
{
    kundig__field field = {4711, 4711};
    cr_assert_eq(kundig__field_resolve(f->corpus, kundig__str(name), &field, &f->err), rc, "%s",
                 name);
    cr_assert_str_eq(f->err.message, message);
}

Test(field, names_that_every_corpus_has_stand_for_themselves)
{
    fixture f;
    fixture_open(&f);
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        field_is(&f, kundig__dimension_name(d), KUNDIG__FIELD_DIMENSION, (size_t)d);
    }
    field_is(&f, "time", KUNDIG__FIELD_TIME, 0);
    field_is(&f, "text", KUNDIG__FIELD_TEXT, 0);
    field_is(&f, "id", KUNDIG__FIELD_ID, 0);
    field_is(&f, "weight", KUNDIG__FIELD_WEIGHT, 0);
    /* Nothing is there yet, so nothing is near; an empty corpus has no scale either. */
    field_refused(&f, "chanel", KUNDIG_E_NOT_FOUND, "there is no field 'chanel'");
    field_refused(&f, "nps", KUNDIG_E_NOT_FOUND, "there is no field 'nps'");
    field_refused(&f, "score", KUNDIG_E_NOT_FOUND, "no question was answered: no score");
    fixture_close(&f);
}

/* One record with a question and attributes of these names. */
static void field_fill(fixture *f, const char *question, const char *const *names, size_t count)
{
    kundig_score score = fixture_nps(3);
    kundig_attribute attributes[8];
    kundig_feedback r = fixture_record("1", NULL);
    cr_assert_leq(count, 8);
    for (size_t i = 0; i < count; i++) {
        attributes[i] =
            (kundig_attribute){kundig__str(names[i]), {.type = KUNDIG_VALUE_NUMBER, .number = 1}};
    }
    score.question = kundig__str(question);
    r.scores = &score;
    r.score_count = question != NULL;
    r.attributes = attributes;
    r.attribute_count = count;
    cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

Test(field, a_prefix_reaches_what_a_fixed_name_hides)
{
    static const char *const names[3] = {"channel", "time", "question:x"};
    fixture f;
    fixture_open(&f);
    field_fill(&f, "text", names, 3);
    field_is(&f, "channel", KUNDIG__FIELD_DIMENSION, KUNDIG__DIM_CHANNEL);
    field_is(&f, "attribute:channel", KUNDIG__FIELD_ATTRIBUTE, 0);
    field_is(&f, "attribute:time", KUNDIG__FIELD_ATTRIBUTE, 2);
    field_is(&f, "text", KUNDIG__FIELD_TEXT, 0);
    field_is(&f, "question:text", KUNDIG__FIELD_QUESTION, 0);
    field_is(&f, "question:x", KUNDIG__FIELD_ATTRIBUTE, 1);
    cr_assert_eq(fixture_where(&f, "question:channel = 1"), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(fixture_where(&f, "attribute:text = 1"), KUNDIG_E_NOT_FOUND);
    field_refused(&f, "question:", KUNDIG_E_NOT_FOUND,
                  "there is no field 'question:'; the nearest are 'question:x', 'text', 'time'");
    fixture_close(&f);
}

Test(field, names_the_three_nearest_by_what_a_hand_gets_wrong)
{
    static const char *const names[5] = {"abcdef", "abcdfe", "abXXXf", "Zzz", "q"};
    fixture f;
    fixture_open(&f);
    field_fill(&f, NULL, names, 5);
    /* Case is no slip; ties stand by bytes. */
    field_refused(&f, "abcedf", KUNDIG_E_NOT_FOUND,
                  "there is no field 'abcedf'; the nearest are 'abcdef', 'abcdfe', 'abXXXf'");
    field_refused(&f, "ABCDFE", KUNDIG_E_NOT_FOUND,
                  "there is no field 'ABCDFE'; the nearest are 'abcdfe', 'Zzz', 'abXXXf'");
    field_refused(&f, "zZZ", KUNDIG_E_NOT_FOUND,
                  "there is no field 'zZZ'; the nearest are 'Zzz', 'q', 'abXXXf'");
    field_refused(&f, "", KUNDIG_E_NOT_FOUND,
                  "there is no field ''; the nearest are 'q', 'Zzz', 'abXXXf'");
    fixture_close(&f);
}

Test(field, two_letters_swapped_are_one_slip)
{
    static const char *const names[2] = {"7-", "-89"};
    fixture f;
    fixture_open(&f);
    field_fill(&f, NULL, names, 2);
    field_refused(&f, "-7", KUNDIG_E_NOT_FOUND,
                  "there is no field '-7'; the nearest are '7-', '-89', 'source'");
    fixture_close(&f);
}

Test(field, the_nearest_do_not_depend_on_the_order_of_arrival)
{
    static const char *const names[6] = {"plan", "plane", "planet", "clan", "flan", "span"};
    char messages[2][sizeof((kundig_error *)0)->message];
    for (int turn = 0; turn < 2; turn++) {
        fixture f;
        fixture_open(&f);
        for (int i = 0; i < 6; i++) {
            char id[2] = {(char)('0' + i), 0};
            kundig_attribute attribute = {kundig__str(names[turn ? 5 - i : i]),
                                          {.type = KUNDIG_VALUE_NUMBER, .number = 1}};
            kundig_feedback r = fixture_record(id, NULL);
            r.attributes = &attribute;
            r.attribute_count = 1;
            cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
        }
        cr_assert_eq(fixture_where(&f, "slan = 1"), KUNDIG_E_NOT_FOUND);
        memcpy(messages[turn], f.err.message, sizeof messages[turn]);
        fixture_close(&f);
    }
    cr_assert_str_eq(messages[0], messages[1]);
    cr_assert_str_eq(messages[0],
                     "there is no field 'slan'; the nearest are 'clan', 'flan', 'plan'");
}

Test(field, compares_no_more_than_the_start_of_a_very_long_name)
{
    static char name[70000];
    fixture f;
    static const char *const names[1] = {"q"};
    memset(name, 'x', sizeof name - 1);
    fixture_open(&f);
    field_fill(&f, NULL, names, 1);
    kundig__field field;
    cr_assert_eq(
        kundig__field_resolve(f.corpus, kundig__text(name, sizeof name - 1), &field, &f.err),
        KUNDIG_E_NOT_FOUND);
    cr_assert_not_null(strstr(f.err.message, "'q'"), "%s", f.err.message);
    fixture_close(&f);
}

Test(field, takes_a_scale_for_the_only_question_on_it)
{
    fixture f;
    fixture_open(&f);
    kundig_score scores[3] = {fixture_nps(3), fixture_nps(8), {.scale = KUNDIG_SCALE_STARS}};
    scores[0].question = kundig__str("Would you recommend us?");
    scores[1].question = kundig__str("Would you recommend the shop?");
    scores[2].value = 4;
    kundig_feedback r = fixture_record("1", NULL);
    r.scores = scores;
    r.score_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "nps <= 6"), 1);
    cr_assert_eq(fixture_where(&f, "stars = 4"), KUNDIG_E_NOT_FOUND);
    r.id = kundig__str("2");
    r.score_count = 3;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "nps <= 6"), KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message, "'nps' may be any of 2 questions: name one, 'Would you "
                                    "recommend the shop?', 'Would you recommend us?'");
    cr_assert_eq(fixture_where(&f, "stars = 4"), 1);
    fixture_close(&f);
}

Test(field, knows_one_score_and_names_several)
{
    fixture f;
    fixture_open(&f);
    cr_assert_eq(fixture_where(&f, "score = 1"), KUNDIG_E_NOT_FOUND);
    kundig_score scores[2] = {fixture_nps(3), {.scale = KUNDIG_SCALE_CSAT, .value = 2}};
    kundig_attribute attribute = {{"csat", 4}, {.type = KUNDIG_VALUE_NUMBER, .number = 2}};
    kundig_feedback r = fixture_record("1", NULL);
    r.scores = scores;
    r.score_count = 2;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "score = 1"), KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message, "'score' may be any of 2 questions: name one, 'csat', 'nps'");
    r.id = kundig__str("2");
    r.attributes = &attribute;
    r.attribute_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "csat = 2"), KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message, "'csat' is a question and an attribute: write question:csat "
                                    "or attribute:csat");
    cr_assert_eq(fixture_where(&f, "question:csat = 2"), 2);
    cr_assert_eq(fixture_where(&f, "attribute:csat = 2"), 1);
    fixture_close(&f);
}

Test(field, what_the_model_reads_is_known_where_there_are_texts)
{
    fixture f;
    kundig__field field = {0, 0};
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", NULL);
    r.channel = kundig__str("web");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__field_resolve(f.corpus, KUNDIG__TEXT("topic"), &field, &f.err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_str_eq(f.err.message, "'topic' is read from comments, and no record has a text");
    cr_assert_eq(kundig__field_resolve(f.corpus, KUNDIG__TEXT("model:topic"), &field, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(field.type, KUNDIG__FIELD_TOPIC);
    cr_assert_eq(kundig__field_resolve(f.corpus, KUNDIG__TEXT("model:themes"), &field, &f.err),
                 KUNDIG_E_NOT_FOUND);
    r = fixture_record("2", "words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    static const char *const names[3] = {"topic", "theme", "text_language"};
    static const int32_t types[3] = {KUNDIG__FIELD_TOPIC, KUNDIG__FIELD_THEME,
                                     KUNDIG__FIELD_SPOKEN};
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(kundig__field_resolve(f.corpus, kundig__str(names[i]), &field, &f.err),
                     KUNDIG_OK);
        cr_assert_eq(field.type, types[i]);
    }
    cr_assert_eq(fixture_where(&f, "topics = x"), KUNDIG_E_NOT_FOUND);
    cr_assert_str_eq(f.err.message,
                     "there is no field 'topics'; the nearest are 'topic', 'source', 'text'");
    fixture_close(&f);
}

Test(field, a_question_or_attribute_called_topic_has_to_be_told_from_it)
{
    fixture f;
    kundig__field field = {0, 0};
    fixture_open(&f);
    kundig_score score = fixture_nps(3);
    kundig_attribute attribute = {{"topic", 5}, {.type = KUNDIG_VALUE_TEXT, .text = {"x", 1}}};
    score.question = kundig__str("theme");
    kundig_feedback r = fixture_record("1", NULL);
    r.scores = &score;
    r.score_count = 1;
    r.attributes = &attribute;
    r.attribute_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "topic = x and theme = 3"), 1, "nothing else is called so");
    r = fixture_record("2", "words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(fixture_where(&f, "topic = x"), KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message, "'topic' is read from comments and is an attribute: write "
                                    "model:topic or attribute:topic");
    cr_assert_eq(fixture_where(&f, "theme = 3"), KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message, "'theme' is read from comments and is a question: write "
                                    "model:theme or question:theme");
    cr_assert_eq(fixture_where(&f, "attribute:topic = x and question:theme = 3"), 1);
    cr_assert_eq(kundig__field_resolve(f.corpus, KUNDIG__TEXT("model:theme"), &field, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(field.type, KUNDIG__FIELD_THEME);
    fixture_close(&f);
}

static bool field_reads(fixture *f, const char *where, const char *by)
{
    kundig_query *query = fixture_query(where);
    if (by) {
        kundig_query_group_by(query, by, strlen(by), &f->err);
    }
    bool reads = kundig__query_reads_said(query, f->corpus);
    kundig_query_free(query);
    return reads;
}

Test(field, a_query_reads_what_is_said_if_a_group_or_a_condition_that_counts_does)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert(field_reads(&f, NULL, "theme"));
    cr_assert(field_reads(&f, "not (channel = a or (text contains b and text_language = de))",
                          "channel"));
    cr_assert(field_reads(&f, "model:topic is missing", NULL));
    cr_assert_not(field_reads(&f, "text contains topic", "channel"));
    cr_assert_not(field_reads(&f, "subject = topic", NULL), "nobody knows it");
    kundig_query *query = fixture_query("channel = a");
    uint32_t node;
    cr_assert_eq(kundig_query_parse(query, "topic = x", 9, &node, &f.err), KUNDIG_OK);
    cr_assert_not(kundig__query_reads_said(query, f.corpus), "it is not kept");
    cr_assert_eq(kundig_query_keep(query, node, &f.err), KUNDIG_OK);
    cr_assert(kundig__query_reads_said(query, f.corpus));
    kundig_query_free(query);
    fixture_close(&f);
}
