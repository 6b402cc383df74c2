/* Reading a comment: tokens, languages, matches, evidence, what was taught and discovered, mood.
 *
 * Invariants: what is found is a function of the model, the text and the language given; a failed
 * reading leaves no hits.
 * Cost: linear in the text, and n log n in its hits. */
#include "topics/matching.h"

/* From this sureness on, in thousandths, a sentence is in its language and rules of others do not
 * count. */
#define READING_SURE 700u

/* A comment of so few tokens is too short to rule a language out: "service client". */
#define READING_FEW 3u

#ifdef KUNDIG_TINY
#define READING_WORTH 16u
#else
#define READING_WORTH 2048u /* bytes read, from which on a cache pays */
#endif

void kundig__reading_init(kundig__reading *reading, kundig__mem *mem, const kundig_model *model)
{
    memset(reading, 0, sizeof *reading);
    reading->mem = mem;
    reading->model = model;
    reading->main_topic = KUNDIG__NO_CLASS;
    reading->novelty = -1;
    kundig__scratch_init(&reading->scratch, mem);
    kundig__spoken_init(&reading->spoken, mem);
}

void kundig__reading_free(kundig__reading *reading)
{
    kundig__mem *mem = reading->mem;
    kundig__matching_free(reading->matching, reading->model);
    kundig__taught_free(reading);
    kundig__discovered_read_free(reading);
    kundig__feeling_free(reading);
    kundig__scratch_free(&reading->scratch);
    kundig__spoken_free(&reading->spoken);
    kundig__free(mem, reading->hits, reading->hit_capacity * sizeof *reading->hits);
    kundig__free(mem, reading->topics, reading->topic_capacity * sizeof *reading->topics);
    kundig__free(mem, reading->probabilities,
                 reading->probability_capacity * sizeof *reading->probabilities);
    kundig__free(mem, reading->signs, reading->sign_capacity * sizeof *reading->signs);
    kundig__reading_init(reading, mem, reading->model);
}

/* Languages whose rules count in a sentence, a bit each. */
static uint8_t reading_languages(const kundig__sentence *sentence, int given, bool alone)
{
    int language = given;
    bool short_of_words = alone && sentence->end - sentence->first <= READING_FEW;
    if (!short_of_words && sentence->language != KUNDIG__LANGUAGE_UNKNOWN &&
        sentence->sureness >= READING_SURE) {
        language = sentence->language;
    }
    if (language == KUNDIG__LANGUAGE_UNKNOWN) {
        return COMPILED_EVERY;
    }
    return (uint8_t)(1u << KUNDIG__LANGUAGE_UNKNOWN | 1u << language);
}

static int reading_match(kundig__reading *reading, const char *text, size_t len, int language)
{
    kundig__matching *matching = reading->matching;
    if (!matching) {
        matching = kundig__matching_new(reading->mem, reading->model);
        reading->matching = matching;
        if (!matching) {
            return kundig__nomem(reading->mem, NULL);
        }
    }
    if (matching->read >= READING_WORTH && !kundig__matching_remember(matching)) {
        return kundig__nomem(reading->mem, NULL);
    }
    matching->read += len;
    matching->not_count = 0;
    if (reading->model->rule_count == 0) {
        return KUNDIG_OK;
    }
    for (size_t i = 0; i < reading->spoken.sentence_count; i++) {
        const kundig__sentence *sentence = &reading->spoken.sentences[i];
        int rc = kundig__match_sentence(
            reading, text, sentence->first, sentence->end,
            reading_languages(sentence, language, reading->spoken.sentence_count == 1));
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    return reading->hit_count ? kundig__evidence_settle(reading) : KUNDIG_OK;
}

/* What must be known of a text to tell all that is asked. */
static uint32_t reading_families(const kundig__reading *reading)
{
    uint32_t families = KUNDIG__WORDS | reading->families;
    if (!reading->plain && kundig__model_taught(reading->model)) {
        families |= KUNDIG__LEARN_FAMILIES;
    }
    if (!reading->plain && kundig__model_discovered_of(reading->model)) {
        families |= KUNDIG__DISCOVER_FAMILIES;
    }
    if (reading->moods) {
        families |= kundig__mood_families(kundig__model_mood(reading->model));
    }
    return families;
}

int kundig__reading_run(kundig__reading *reading, const char *text, size_t len, int language)
{
    reading->hit_count = 0;
    reading->topic_count = 0;
    reading->main_topic = KUNDIG__NO_CLASS;
    reading->novelty = -1;
    int rc = kundig__text_features(&reading->scratch, text, len, reading_families(reading));
    if (rc != KUNDIG_OK) {
        return rc;
    }
    if (!kundig__language_read(reading->model->languages, &reading->scratch, text, len,
                               &reading->spoken)) {
        return kundig__nomem(reading->mem, NULL);
    }
    rc = reading_match(reading, text, len, language);
    if (rc == KUNDIG_OK && !reading->plain) {
        rc = kundig__taught_read(reading);
        rc = rc ? rc : kundig__discovered_read(reading, text, len);
    }
    if (rc == KUNDIG_OK && reading->moods) {
        rc = kundig__feeling_run(reading, text, len, language);
    }
    if (rc != KUNDIG_OK) {
        reading->hit_count = 0;
        reading->topic_count = 0;
        reading->main_topic = KUNDIG__NO_CLASS;
        reading->novelty = -1;
    }
    return rc;
}

uint64_t kundig__reading_probes(const kundig__reading *reading)
{
    return reading->matching ? reading->matching->probes : 0;
}
