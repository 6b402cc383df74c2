/* How the one who wrote a text feels: the lexicon, what was learned, and both together.
 *
 * Probabilities are the geometric mean of those of the classifier and of the lexicon; the weight of
 * the lexicon fades with the examples that taught, and comes back where a text lies outside what
 * they were like.
 *
 * Invariant: a mood is empty, or its probabilities add up to 1 and the rest of it follows from
 * them. Cost: linear; the lexicon once and the classifier once. */
#include "base/math.h"
#include "topics/feeling.h"

/* How sure a lexicon is: weights of a model of the three classes over its value and its words. */
#define MOOD_SLOPE   1.45 /* of the value */
#define MOOD_PRESENT 0.35 /* words that feel anything, for positive, */
#define MOOD_TINGED  0.1  /* for negative */
#define MOOD_PLAIN   0.6  /* no words: for neutral */
#define MOOD_SETTLED 0.45 /* and what of it goes as words come */

#define MOOD_FADES 150.0 /* examples that are worth as much as the lexicon */

#define MOOD_FEW_TOKENS    3u  /* too few to tell a language by */
#define MOOD_SURE_LANGUAGE 700 /* thousandths */

#define MOOD_OUTSIDE 0.6 /* least weight of a lexicon that knows words of a text lying outside */

/* ---- Probabilities ---- */

static void mood_soften(const double logits[3], double probabilities[3])
{
    double most = logits[0] > logits[1] ? logits[0] : logits[1];
    double sum = 0;
    most = most > logits[2] ? most : logits[2];
    for (int i = 0; i < 3; i++) {
        probabilities[i] = kundig__exp(logits[i] - most);
        sum += probabilities[i];
    }
    for (int i = 0; i < 3; i++) {
        probabilities[i] /= sum;
    }
}

void kundig__mood_lean(const double leaning[3], double trust, const double logits[3],
                       double probabilities[3])
{
    double leaned[3];
    for (int i = 0; i < 3; i++) {
        leaned[i] = trust * logits[i] + leaning[i];
    }
    mood_soften(leaned, probabilities);
}

double kundig__mood_usual(double examples)
{
    return MOOD_FADES / (MOOD_FADES + examples);
}

void kundig__opinion_logits(const kundig__opinion *opinion, double logits[3])
{
    double said = (double)opinion->positive + (double)opinion->negative;
    double present = said / kundig__sqrt(said * said + 12.0);
    logits[0] = -MOOD_SLOPE * (double)opinion->value + MOOD_TINGED * present;
    logits[1] = MOOD_PLAIN - MOOD_SETTLED * present;
    logits[2] = MOOD_SLOPE * (double)opinion->value + MOOD_PRESENT * present;
}

void kundig__mood_settle(kundig__mood *mood, const kundig__mood_learned *learned,
                         const double probabilities[3])
{
    memset(mood, 0, sizeof *mood);
    mood->origin = KUNDIG__MOOD_LEXICON;
    double value = probabilities[2] - probabilities[0];
    int best = 1;
    for (int i = 0; i < 3; i++) {
        mood->probabilities[i] = (float)probabilities[i];
    }
    best = probabilities[0] > probabilities[best] ? 0 : best;
    best = probabilities[2] > probabilities[best] ? 2 : best;
    mood->sentiment = best + KUNDIG_SENTIMENT_NEGATIVE;
    mood->value = (int16_t)kundig__floor(value * 1000 + 0.5);
    if (learned && learned->scale.scale) {
        int bin = kundig__mood_bin(mood->value);
        double expected = 0;
        for (int i = 0; i < 3; i++) {
            expected += probabilities[i] * learned->means[i];
        }
        mood->has_expected = true;
        mood->expected = expected;
        mood->lo = expected + learned->low[bin];
        mood->hi = expected + learned->high[bin];
        mood->lo = mood->lo < learned->scale.minimum ? learned->scale.minimum : mood->lo;
        mood->hi = mood->hi > learned->scale.maximum ? learned->scale.maximum : mood->hi;
    }
}

static void mood_empty(kundig__mood *mood)
{
    memset(mood, 0, sizeof *mood);
    mood->sentiment = KUNDIG_SENTIMENT_UNKNOWN;
    mood->origin = KUNDIG__MOOD_LEXICON;
    mood->status = KUNDIG__MOOD_EMPTY;
}

int kundig__mood_bin(int32_t value)
{
    int bin = (value + 1000) * (int)KUNDIG__LEARN_BINS / 2000;
    return bin >= (int)KUNDIG__LEARN_BINS ? (int)KUNDIG__LEARN_BINS - 1 : bin;
}

void kundig__mood_blend(const kundig__mood_learned *learned, double weight,
                        const float *probabilities, const kundig__opinion *opinion,
                        double blended[3])
{
    static const double upright[3] = {0, 0, 0};
    double logits[3];
    double lexicon[3];
    kundig__opinion_logits(opinion, logits);
    kundig__mood_lean(learned ? learned->leaning : upright, learned ? learned->trust : 1, logits,
                      lexicon);
    for (int i = 0; i < 3; i++) {
        logits[i] = kundig__log(lexicon[i]);
        if (probabilities) {
            double learnt = (double)probabilities[i] > 1e-6 ? (double)probabilities[i] : 1e-6;
            logits[i] = weight * logits[i] + (1 - weight) * kundig__log(learnt);
        }
    }
    mood_soften(logits, blended);
}

static bool mood_has_words(const kundig__scratch *scratch, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        uint32_t kind = scratch->tokens[i].kind;
        if (kind == KUNDIG__TOKEN_WORD || kind == KUNDIG__TOKEN_CJK) {
            return true;
        }
    }
    return false;
}

/* What the lexicon alone says of tokens [first, end). */
void kundig__mood_of_tokens(const kundig__mood_learned *learned, const kundig__lexicon *lexicon,
                            const kundig__scratch *scratch, const char *text, uint32_t first,
                            uint32_t end, int language, kundig__opinion *opinion, kundig__mood *out)
{
    double blended[3];
    mood_empty(out);
    kundig__lexicon_read(lexicon, scratch, text, first, end, language, opinion, NULL, NULL);
    if (opinion->words == 0 && !mood_has_words(scratch, first, end)) {
        return;
    }
    kundig__mood_blend(learned, 1, NULL, opinion, blended);
    kundig__mood_settle(out, learned, blended);
    bool read = language == KUNDIG__LANGUAGE_UNKNOWN || language == KUNDIG__LANGUAGE_DE ||
                language == KUNDIG__LANGUAGE_EN;
    out->status = read ? KUNDIG__MOOD_OK : KUNDIG__MOOD_OUTSIDE;
}

/* Scratch holds a text of its own, with what the classifier must know of it. */
int kundig__mood_of_text(const kundig__mood_learned *learned, kundig__classifying *classifying,
                         const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                         const char *text, int language, kundig__opinion *opinion,
                         kundig__mood *out)
{
    uint32_t count = (uint32_t)scratch->token_count;
    if (!classifying) {
        kundig__mood_of_tokens(learned, lexicon, scratch, text, 0, count, language, opinion, out);
        return KUNDIG_OK;
    }
    uint32_t signs[KUNDIG__MOOD_SIGNS];
    double blended[3];
    mood_empty(out);
    kundig__lexicon_read(lexicon, scratch, text, 0, count, language, opinion, NULL, NULL);
    if (opinion->words == 0 && !mood_has_words(scratch, 0, count)) {
        return KUNDIG_OK;
    }
    size_t sign_count = kundig__opinion_signs(opinion, signs);
    int rc = kundig__classify(classifying, scratch, signs, sign_count);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    bool inside = (double)classifying->known >= learned->least_known &&
                  (language == KUNDIG__LANGUAGE_UNKNOWN || learned->languages >> language & 1);
    double weight = learned->lexicon;
    if (!inside && opinion->words && weight < MOOD_OUTSIDE) {
        weight = MOOD_OUTSIDE;
    }
    kundig__mood_blend(learned, weight, classifying->probabilities, opinion, blended);
    kundig__mood_settle(out, learned, blended);
    out->status = inside ? KUNDIG__MOOD_OK : KUNDIG__MOOD_OUTSIDE;
    out->origin = weight > 0 ? KUNDIG__MOOD_BOTH : KUNDIG__MOOD_LEARNED;
    return KUNDIG_OK;
}

int kundig__mood_language(const kundig__spoken *spoken, const kundig__scratch *scratch, int given)
{
    if (spoken->mixed) {
        return KUNDIG__LANGUAGE_UNKNOWN;
    }
    return scratch->token_count > MOOD_FEW_TOKENS && spoken->sureness >= MOOD_SURE_LANGUAGE
               ? spoken->language
               : given;
}

uint32_t kundig__mood_families(const kundig__mood_learned *learned)
{
    return learned ? KUNDIG__LEARN_FAMILIES : KUNDIG__WORDS;
}

int kundig__mood_tell(const kundig__mood_learned *learned, kundig__classifying *classifying,
                      const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                      const char *text, int language, kundig__mood *out)
{
    kundig__opinion opinion;
    return kundig__mood_of_text(learned, classifying, lexicon, scratch, text, language, &opinion,
                                out);
}
