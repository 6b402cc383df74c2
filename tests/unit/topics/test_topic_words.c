#include "discovering.h"
#include "topics/topic_words.h"

TestSuite(topic_words, .fini = probe_fini);

static void words_add(kundig_examples *set, const char *text, int times)
{
    static int number;
    for (int i = 0; i < times; i++) {
        char customer[16];
        char line[160];
        kundig_example example;
        kundig_example_init(&example);
        snprintf(line, sizeof line, "%s %d", text, number % 7);
        snprintf(customer, sizeof customer, "w%d", number++);
        example.text = kundig__str(line);
        example.customer = kundig__str(customer);
        cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    }
}

/* What people write about deliveries, cards and names, in two languages. */
static kundig_examples *words_set(void)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    words_add(set, "Meine Lieferverzögerung ist ärgerlich, das WLAN Kabel fehlt", 6);
    words_add(set, "Wieder eine Lieferverzögerung, und wieder kein WLAN Kabel dabei", 6);
    words_add(set, "die lieferverzögerung nervt, WLAN geht nicht", 3);
    words_add(set, "I lost card and phone, please send a new card", 6);
    words_add(set, "We lost card number two, a new card is needed", 6);
    words_add(set, "My lost card was found by Mr Harry Plotterman", 7);
    return set;
}

static const kundig__discovered_topic *words_topic(const kundig_model *model, const char *word)
{
    const kundig__discovered *found = kundig__model_discovered_of(model);
    for (uint32_t i = 0; i < kundig__discovered_count(found); i++) {
        for (uint32_t j = 0; j < found->topics[i].word_count; j++) {
            if (kundig__text_equal(found->topics[i].words[j].name, kundig__str(word))) {
                return &found->topics[i];
            }
        }
    }
    cr_assert_fail("no topic has the word %s", word);
    return NULL;
}

static bool words_has(const kundig__discovered_topic *topic, const char *word)
{
    bool has = false;
    for (uint32_t i = 0; i < topic->word_count; i++) {
        has = has || kundig__text_equal(topic->words[i].name, kundig__str(word));
    }
    return has;
}

static kundig_model *words_model(const kundig_examples *set, const kundig_model *base,
                                 uint32_t least)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    kundig_discover_options options = discover_options(NULL, 0);
    options.topics = 2;
    options.least_customers = least;
    int rc = kundig_model_discover(base, set, &options, &model, NULL, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    return model;
}

Test(topic_words, are_pairs_and_compounds_as_most_customers_write_them)
{
    kundig_examples *set = words_set();
    kundig_model *model = words_model(set, NULL, 0);
    const kundig__discovered_topic *german = words_topic(model, "Lieferverzögerung");
    const kundig__discovered_topic *english = words_topic(model, "lost card");
    cr_assert_neq(german, english);
    cr_assert(words_has(german, "WLAN") || words_has(german, "WLAN Kabel"));
    cr_assert(!words_has(german, "die") && !words_has(german, "ist"));
    cr_assert(!words_has(english, "I") && !words_has(english, "my") && !words_has(english, "was"));
    cr_assert_eq(memcmp(english->label.data, "lost card", 9), 0);
    cr_assert(!kundig__text_equal(german->label, english->label));
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(topic_words, are_no_personal_data_however_many_say_it)
{
    kundig_examples *set = words_set();
    kundig_model *model = words_model(set, NULL, 0);
    const kundig__discovered_topic *english = words_topic(model, "lost card");
    cr_assert(!words_has(english, "Plotterman") && !words_has(english, "Harry") &&
              !words_has(english, "Harry Plotterman"));
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(topic_words, are_said_by_as_many_customers_as_asked)
{
    kundig_examples *set = words_set();
    kundig_model *model = words_model(set, NULL, 0);
    cr_assert(words_has(words_topic(model, "lost card"), "phone"));
    kundig_model_free(model);
    model = words_model(set, NULL, 7);
    const kundig__discovered_topic *english = words_topic(model, "lost card");
    cr_assert(!words_has(english, "phone"));
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(topic_words, of_which_there_are_none_leave_the_name)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    words_add(set, "it was the and so", 20);
    words_add(set, "lost card, lost phone", 20);
    kundig_model *model = words_model(set, NULL, 0);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    uint32_t named = 0;
    for (uint32_t i = 0; i < kundig__discovered_count(found); i++) {
        const kundig__discovered_topic *topic = &found->topics[i];
        bool name = kundig__text_equal(topic->label, topic->name);
        cr_assert_eq(name, topic->word_count == 0);
        named += name;
    }
    cr_assert_eq(named, 1);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(topic_words, tell_better_the_more_often_they_stand_in_a_topic_and_the_less_elsewhere)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    for (uint32_t i = 0; i < kundig__discovered_count(found); i++) {
        cr_assert_gt(found->topics[i].word_count, 2);
        for (uint32_t j = 0; j < found->topics[i].word_count; j++) {
            const kundig__topic_word *word = &found->topics[i].words[j];
            cr_assert(word->weight > 0);
            cr_assert(j == 0 || word[-1].weight >= word->weight);
        }
        for (uint32_t j = 0; j < i; j++) {
            cr_assert(!kundig__text_equal(found->topics[i].label, found->topics[j].label));
        }
    }
    kundig_model_free(model);
}
