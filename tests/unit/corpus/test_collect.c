/* Examples from facts: judgements, values of a field, answers; the same whatever the order. */
#include <stdio.h>

#include "corpus/collect.h"
#include "forgetting.h"
#include "model.h"

TestSuite(collect, .fini = probe_fini);

static kundig_examples *collect_set(int32_t lesson)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    cr_assert_eq(kundig_examples_new(&allocator, lesson, &set, NULL), KUNDIG_OK);
    return set;
}

static kundig_examples *collect_from(fixture *f, int32_t lesson, const char *name,
                                     const kundig_model *rules)
{
    kundig_learn_options options;
    kundig_examples *set = collect_set(lesson);
    kundig_learn_options_init(&options);
    *(lesson == KUNDIG_LESSON_TOPICS ? &options.field : &options.question) = kundig__str(name);
    cr_assert_eq(kundig__corpus_collect(f->corpus, &options, rules, set, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    fixture_check(f);
    return set;
}

/* "ID CUSTOMER: +topic -topic" a line, in order of adding; ~ of partial ones, =score. */
static void collect_write(const kundig_examples *set, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < set->count; i++) {
        const kundig__example *example = &set->examples[i];
        kundig_text customer = {"-", 1};
        if (example->customer != KUNDIG__NOBODY) {
            customer = kundig__dict_text(&set->customers, example->customer);
        }
        len += (size_t)snprintf(out + len, size - len, "%.*s %.*s:%s", (int)example->id.len,
                                example->id.data, (int)customer.len, customer.data,
                                example->partial ? "~" : "");
        /* by name, for codes come as they come */
        for (uint32_t at = 0; at < set->names.count; at++) {
            uint32_t least = UINT32_MAX;
            for (uint32_t code = 0; code < set->names.count; code++) {
                uint32_t before = 0;
                for (uint32_t other = 0; other < set->names.count; other++) {
                    before += kundig__text_order(kundig__dict_text(&set->names, other),
                                                 kundig__dict_text(&set->names, code)) < 0;
                }
                least = before == at ? code : least;
            }
            for (uint32_t m = 0; m < example->mark_count; m++) {
                const kundig__mark *mark = &set->marks[example->first + m];
                kundig_text name = kundig__dict_text(&set->names, least);
                if (mark->klass == least) {
                    len += (size_t)snprintf(out + len, size - len, " %c%.*s",
                                            mark->holds ? '+' : '-', (int)name.len, name.data);
                }
            }
        }
        if (example->value != KUNDIG__EXAMPLE_NO_SCORE) {
            len += (size_t)snprintf(out + len, size - len, " =%d", (int)example->value);
        }
        len += (size_t)snprintf(out + len, size - len, "\n");
        cr_assert_lt(len, size);
    }
}

static void collect_is(fixture *f, int32_t lesson, const char *name, const char *expected)
{
    char lines[2000];
    kundig_examples *set = collect_from(f, lesson, name, NULL);
    collect_write(set, lines, sizeof lines);
    cr_assert_str_eq(lines, expected);
    kundig_examples_free(set);
}

static kundig__fact collect_label(const char *id, const char *topic, const char *by, int holds,
                                  int64_t updated)
{
    kundig__fact fact = forget_label("survey.csv", id, topic);
    fact.as.label.by = kundig__str(by);
    fact.as.label.holds = holds;
    fact.as.label.updated_ms = updated;
    return fact;
}

static void collect_fill(fixture *f, unsigned turn)
{
    kundig__fact facts[] = {forget_feedback("1", "Anna", "it came late"),
                            forget_feedback("2", "Ann", "nice people"),
                            forget_feedback("3", NULL, "too much"),
                            forget_feedback("4", "Bert", NULL),
                            forget_feedback("5", "Bert", "nobody judged this"),
                            forget_feedback("6", "Carl", "old words"),
                            forget_feedback("6", "Carl", "new words"),
                            forget_link("Ann", "Anna", KUNDIG_YES, 1),
                            collect_label("1", "delay", "x", KUNDIG_YES, 1),
                            collect_label("1", "delay", "y", KUNDIG_NO, 3),
                            collect_label("1", "delay", "z", KUNDIG_YES, 2),
                            collect_label("1", "price", "x", KUNDIG_NO, 1),
                            collect_label("2", "staff", "x", KUNDIG_NO, 1),
                            collect_label("2", "staff", "x", KUNDIG_YES, 2),
                            collect_label("2", "delay", "x", KUNDIG_NO, 1),
                            collect_label("3", "price", NULL, KUNDIG_YES, 1),
                            collect_label("4", "price", "x", KUNDIG_YES, 1),
                            collect_label("6", "service/words", "x", KUNDIG_YES, 1),
                            collect_label("7", "price", "x", KUNDIG_YES, 1),
                            collect_label("5", "a\nb", "x", KUNDIG_YES, 1)};
    enum { COUNT = sizeof facts / sizeof *facts };
    facts[5].as.feedback.updated_ms = 1;
    facts[6].as.feedback.updated_ms = 2;
    for (unsigned i = 0; i < COUNT; i++) {
        forget_add(f, &facts[(i * 7 + turn) % COUNT], 1);
    }
}

Test(collect, the_latest_judgement_of_a_record_and_topic_holds_in_any_order_of_arrival)
{
    for (unsigned turn = 0; turn < 20; turn++) {
        fixture f;
        fixture_open(&f);
        collect_fill(&f, turn);
        collect_is(&f, KUNDIG_LESSON_TOPICS, NULL,
                   "1 Ann:~ -delay -price\n"
                   "2 Ann:~ -delay +staff\n"
                   "3 -:~ +price\n"
                   "6 Carl:~ +service/words\n");
        fixture_close(&f);
    }
}

Test(collect, judgements_of_one_instant_are_settled_by_their_content)
{
    char first[200] = "";
    for (int turn = 0; turn < 2; turn++) {
        fixture f;
        char lines[200];
        fixture_open(&f);
        kundig__fact facts[] = {
            forget_feedback("1", NULL, "words"),
            collect_label("1", "delay", turn ? "a" : "b", turn ? KUNDIG_NO : KUNDIG_YES, 5),
            collect_label("1", "delay", turn ? "b" : "a", turn ? KUNDIG_YES : KUNDIG_NO, 5)};
        forget_add(&f, facts, 3);
        kundig_examples *set = collect_from(&f, KUNDIG_LESSON_TOPICS, NULL, NULL);
        collect_write(set, lines, sizeof lines);
        cr_assert(!turn || strcmp(lines, first) == 0, "%s%s", lines, first);
        strcpy(first, lines);
        kundig_examples_free(set);
        fixture_close(&f);
    }
}

Test(collect, records_that_nobody_judged_come_where_a_rule_speaks_of_a_topic)
{
    fixture f;
    char lines[4000];
    model_open(&f);
    kundig_model *other = model_of(&f.context.mem.hook, "topic app: App\nany: app\n");
    collect_fill(&f, 0);
    kundig_examples *set = collect_from(&f, KUNDIG_LESSON_TOPICS, NULL, f.corpus->model);
    collect_write(set, lines, sizeof lines);
    cr_assert_str_eq(lines, "1 Ann:~ -delay -price\n"
                            "2 Ann:~ -delay +staff\n"
                            "3 -:~ +price\n"
                            "5 Bert:~\n"
                            "6 Carl:~ +service/words\n");
    kundig_examples_free(set);
    set = collect_from(&f, KUNDIG_LESSON_TOPICS, NULL, other);
    cr_assert_eq(kundig_examples_count(set), 4, "it has no rule for a topic that is judged");
    kundig_examples_free(set);
    kundig_model_free(other);
    fixture_close(&f);
}

Test(collect, values_of_a_field_are_topics_parted_by_semicolons)
{
    static const char *const values[] = {"price; delay", "staff",        NULL,
                                         " ; ",          "delay;;delay", "a\tb;app"};
    fixture f;
    fixture_open(&f);
    for (int i = 0; i < 6; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        kundig_feedback r = fixture_record(id, "words");
        kundig_attribute attributes[2] = {
            {kundig__str("kinds"), {.type = KUNDIG_VALUE_TEXT, .text = kundig__str(values[i])}},
            {kundig__str("size"), {.type = KUNDIG_VALUE_NUMBER, .number = i}}};
        r.channel = kundig__str(values[i]);
        r.attributes = values[i] ? attributes : attributes + 1;
        r.attribute_count = values[i] ? 2 : 1;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK, "%s", f.err.message);
    }
    static const char expected[] = "0 -: +delay +price\n1 -: +staff\n4 -: +delay\n5 -: +app\n";
    collect_is(&f, KUNDIG_LESSON_TOPICS, "kinds", expected);
    collect_is(&f, KUNDIG_LESSON_TOPICS, "attribute:kinds", expected);
    collect_is(&f, KUNDIG_LESSON_TOPICS, "channel", expected);
    collect_is(&f, KUNDIG_LESSON_TOPICS, "agent", "");
    static const struct {
        const char *field;
        int rc;
    } refused[] = {{"size", KUNDIG_E_ARG},
                   {"kind", KUNDIG_OK},
                   {"time", KUNDIG_E_ARG},
                   {"topic", KUNDIG_E_ARG},
                   {"nothing", KUNDIG_E_NOT_FOUND}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        kundig_learn_options options;
        kundig_examples *set = collect_set(KUNDIG_LESSON_TOPICS);
        kundig_learn_options_init(&options);
        options.field = kundig__str(refused[i].field);
        cr_assert_eq(kundig__corpus_collect(f.corpus, &options, NULL, set, &f.err), refused[i].rc,
                     "%s", refused[i].field);
        kundig_examples_free(set);
    }
    fixture_close(&f);
}

static void collect_answer(fixture *f, const char *id, const char *text, const kundig_score *scores,
                           size_t count)
{
    kundig_feedback r = fixture_record(id, text);
    r.scores = scores;
    r.score_count = count;
    cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

Test(collect, scores_are_of_the_question_named_or_of_nps_or_of_the_only_one)
{
    fixture f;
    const kundig__question *question = NULL;
    fixture_open(&f);
    cr_assert_eq(kundig__collect_question(f.corpus, kundig__text(NULL, 0), &question, &f.err),
                 KUNDIG_OK);
    cr_assert_null(question);
    kundig_score scores[3] = {{.scale = KUNDIG_SCALE_CSAT, .value = 4},
                              {.question = kundig__str("ease"),
                               .scale = KUNDIG_SCALE_DECLARED,
                               .minimum = 0,
                               .maximum = 10,
                               .direction = KUNDIG_LOWER_IS_BETTER,
                               .value = 2.5},
                              fixture_nps(9)};
    collect_answer(&f, "1", "words", scores, 1);
    collect_answer(&f, "2", NULL, scores, 1);
    collect_answer(&f, "3", "no score", scores, 0);
    collect_is(&f, KUNDIG_LESSON_SENTIMENT, NULL, "1 -: +positive =4000\n");
    collect_answer(&f, "4", "two", scores, 2);
    cr_assert_eq(kundig__collect_question(f.corpus, kundig__text(NULL, 0), &question, &f.err),
                 KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message,
                     "several questions could teach sentiment, name one of: csat, ease");
    collect_is(&f, KUNDIG_LESSON_SENTIMENT, "ease", "4 -: +positive =2500\n");
    collect_answer(&f, "5", "nps", scores, 3);
    collect_is(&f, KUNDIG_LESSON_SENTIMENT, NULL, "5 -: +positive =9000\n");
    collect_is(&f, KUNDIG_LESSON_SENTIMENT, "csat",
               "1 -: +positive =4000\n4 -: +positive =4000\n5 -: +positive =4000\n");
    cr_assert_eq(kundig__collect_question(f.corpus, kundig__str("none"), &question, &f.err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_str_eq(f.err.message, "there is no question none; there are: csat, ease, nps");
    fixture_close(&f);
}

static int64_t collect_again(fixture *f, void *ud)
{
    kundig_learn_options options;
    kundig_examples *set = ud;
    kundig_examples *fresh = NULL;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_learn_options_init(&options);
    (void)set;
    int rc = kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &fresh, &f->err);
    rc = rc ? rc : kundig__corpus_collect(f->corpus, &options, f->corpus->model, fresh, &f->err);
    cr_assert(!rc || kundig_examples_count(fresh) == 0, "all or nothing");
    kundig_examples_free(fresh);
    return rc;
}

Test(collect, survives_failure_of_every_allocation)
{
    fixture f;
    model_open(&f);
    collect_fill(&f, 0);
    fixture_sweep(&f, collect_again, NULL);
    fixture_close(&f);
}
