/* What a comment feels in its parts: sentences, and the clauses in which its topics are spoken of.
 *
 * A clause ends at a comma, a colon, a bracket or a dash, before a word of contrast, and before
 * "and" where what stands on its two sides disagrees. Parts are asked as texts of their own. A
 * clause that says nothing feels as its sentence does; a topic as the clauses with its evidence do.
 * A comment or sentence is mixed where surely good and surely bad parts weigh about the same.
 *
 * Invariant: a failed run leaves no moods; clauses lie within sentences and hold every token.
 * Cost: linear, n log n in the hits; with a classifier at most three times its own: comment,
 * sentences, clauses. */
#include "topics/feeling.h"

#define FEELING_SURE_LANGUAGE 700 /* thousandths */
#define FEELING_FEW           3u  /* tokens too few to tell a language by */
#define FEELING_SURE          400 /* thousandths of value: surely good or bad */
#define FEELING_SHARE         35  /* hundredths: the weaker side of the stronger, to be mixed */
#define FEELING_SHORT         2u  /* tokens on a side of "and" that may part from the other */

#ifdef KUNDIG_TINY
#define FEELING_FIRST 1u
#else
#define FEELING_FIRST 16u
#endif

/* ---- Begin and end ---- */

static int feeling_begin(kundig__reading *reading)
{
    if (!reading->feeling) {
        reading->feeling = kundig__alloc_zero(reading->mem, sizeof *reading->feeling);
        if (!reading->feeling) {
            return kundig__nomem(reading->mem, NULL);
        }
        kundig__scratch_init(&reading->feeling->slice, reading->mem);
    }
    kundig__feeling *feeling = reading->feeling;
    const kundig__mood_learned *learned = kundig__model_mood(reading->model);
    if (learned && !feeling->asks) {
        int rc = kundig__classifying_init(&feeling->classifying, reading->mem, learned->classifier);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        feeling->asks = true;
    }
    return KUNDIG_OK;
}

void kundig__feeling_free(kundig__reading *reading)
{
    kundig__feeling *feeling = reading->feeling;
    kundig__mem *mem = reading->mem;
    if (!feeling) {
        return;
    }
    if (feeling->asks) {
        kundig__classifying_free(&feeling->classifying);
    }
    kundig__scratch_free(&feeling->slice);
    kundig__free(mem, feeling->clauses, feeling->clause_capacity * sizeof *feeling->clauses);
    kundig__free(mem, feeling->topics, feeling->topic_sums * sizeof *feeling->topics);
    kundig__free(mem, reading->sentence_moods,
                 feeling->sentence_capacity * sizeof *reading->sentence_moods);
    kundig__free(mem, reading->topic_moods, feeling->topic_capacity * sizeof *reading->topic_moods);
    kundig__free(mem, feeling, sizeof *feeling);
    reading->feeling = NULL;
    reading->sentence_moods = NULL;
    reading->topic_moods = NULL;
}

static bool feeling_room(kundig__mem *mem, void **array, size_t *capacity, size_t need, size_t size)
{
    return need <= *capacity ||
           kundig__grow(mem, array, capacity, need > FEELING_FIRST ? need : FEELING_FIRST, size);
}

/* ---- Languages ---- */

static int feeling_comment_language(const kundig__reading *reading)
{
    return kundig__mood_language(&reading->spoken, &reading->scratch, reading->feeling->language);
}

static int feeling_language(const kundig__reading *reading, size_t sentence)
{
    const kundig__sentence *part = &reading->spoken.sentences[sentence];
    if (part->language != KUNDIG__LANGUAGE_UNKNOWN && part->sureness >= FEELING_SURE_LANGUAGE &&
        part->end - part->first > FEELING_FEW) {
        return part->language;
    }
    return feeling_comment_language(reading);
}

/* ---- One part ---- */

static int feeling_tell(kundig__reading *reading, const char *text, uint32_t first, uint32_t end,
                        int language, kundig__opinion *opinion, kundig__mood *out)
{
    kundig__feeling *feeling = reading->feeling;
    const kundig__mood_learned *learned = kundig__model_mood(reading->model);
    const kundig__lexicon *lexicon = kundig__model_lexicon(reading->model);
    const kundig__token *tokens = reading->scratch.tokens;
    if (!learned) {
        kundig__mood_of_tokens(NULL, lexicon, &reading->scratch, text, first, end, language,
                               opinion, out);
        return KUNDIG_OK;
    }
    const char *part = text + tokens[first].start;
    int rc = kundig__text_features(&feeling->slice, part, tokens[end - 1].end - tokens[first].start,
                                   KUNDIG__LEARN_FAMILIES);
    return rc != KUNDIG_OK ? rc
                           : kundig__mood_of_text(learned, &feeling->classifying, lexicon,
                                                  &feeling->slice, part, language, opinion, out);
}

/* ---- Clauses ---- */

/* Does the text between and in the symbols part clauses? */
static bool feeling_is_break(const char *text, const kundig__token *token)
{
    for (uint32_t i = token->start; i < token->end; i++) {
        switch (text[i]) {
        case ',':
        case ';':
        case ':':
        case '(':
        case ')':
        case '/':
            return true;
        case '-':
            if (token->end - token->start > 1 ||
                (token->start > 0 && text[token->start - 1] == ' ')) {
                return true;
            }
            break;
        case (char)0xE2: /* U+2013, U+2014 */
            if (token->end - i > 2 && text[i + 1] == (char)0x80 &&
                (text[i + 2] == (char)0x93 || text[i + 2] == (char)0x94)) {
                return true;
            }
            break;
        default:
            break;
        }
    }
    return false;
}

/* The clause added last is whole: if it was joined of several, read it again as one. */
static void feeling_clause_end(kundig__reading *reading, const char *text)
{
    kundig__feeling *feeling = reading->feeling;
    if (feeling->clause_count == 0) {
        return;
    }
    feeling_clause *last = &feeling->clauses[feeling->clause_count - 1];
    if (last->joined) {
        kundig__lexicon_read(kundig__model_lexicon(reading->model), &reading->scratch, text,
                             last->first, last->end, feeling_language(reading, last->sentence),
                             &last->opinion, NULL, NULL);
    }
}

/* soft: the clause before is joined with it unless the two disagree. */
static bool feeling_clause_add(kundig__reading *reading, const char *text, uint32_t first,
                               uint32_t end, uint32_t sentence, int language, bool soft)
{
    kundig__feeling *feeling = reading->feeling;
    feeling_clause fresh = {.first = first, .end = end, .sentence = sentence};
    kundig__lexicon_read(kundig__model_lexicon(reading->model), &reading->scratch, text, first, end,
                         language, &fresh.opinion, NULL, NULL);
    if (soft) {
        feeling_clause *last = &feeling->clauses[feeling->clause_count - 1];
        float before = last->opinion.positive - last->opinion.negative;
        bool disagree = before * fresh.opinion.value < 0 &&
                        last->end - last->first > FEELING_SHORT && end - first > FEELING_SHORT;
        if (!disagree) {
            /* Sums will do until it ends: many may be joined. */
            last->end = end;
            last->joined = true;
            last->opinion.positive += fresh.opinion.positive;
            last->opinion.negative += fresh.opinion.negative;
            return true;
        }
    }
    feeling_clause_end(reading, text);
    void *clauses = feeling->clauses;
    bool room = feeling_room(reading->mem, &clauses, &feeling->clause_capacity,
                             feeling->clause_count + 1, sizeof fresh);
    feeling->clauses = clauses;
    if (room) {
        feeling->clauses[feeling->clause_count++] = fresh;
    }
    return room;
}

static int feeling_cut(kundig__reading *reading, const char *text)
{
    kundig__feeling *feeling = reading->feeling;
    const kundig__lexicon *lexicon = kundig__model_lexicon(reading->model);
    const kundig__scratch *scratch = &reading->scratch;
    feeling->clause_count = 0;
    for (size_t i = 0; i < reading->spoken.sentence_count; i++) {
        const kundig__sentence *sentence = &reading->spoken.sentences[i];
        int language = feeling_language(reading, i);
        uint32_t first = sentence->first;
        bool joined = false;
        for (uint32_t at = first; at <= sentence->end; at++) {
            bool soft = false;
            bool ends = at == sentence->end;
            if (!ends && at > first) {
                ends = feeling_is_break(text, &scratch->tokens[at - 1]) &&
                       scratch->tokens[at - 1].kind == KUNDIG__TOKEN_SYMBOL;
                ends = ends || kundig__lexicon_parts(lexicon, scratch, at, language, &soft);
            }
            if (!ends || at == first) {
                continue;
            }
            if (!feeling_clause_add(reading, text, first, at, (uint32_t)i, language, joined)) {
                return kundig__nomem(reading->mem, NULL);
            }
            joined = soft;
            first = at;
        }
    }
    feeling_clause_end(reading, text);
    return KUNDIG_OK;
}

static bool feeling_is_alone(const kundig__feeling *feeling, size_t clause)
{
    const feeling_clause *clauses = feeling->clauses;
    uint32_t sentence = clauses[clause].sentence;
    return (clause == 0 || clauses[clause - 1].sentence != sentence) &&
           (clause + 1 == feeling->clause_count || clauses[clause + 1].sentence != sentence);
}

static int feeling_clause_tell(kundig__reading *reading, const char *text, size_t at)
{
    feeling_clause *clause = &reading->feeling->clauses[at];
    const kundig__mood *whole = &reading->sentence_moods[clause->sentence];
    if (clause->told) {
        return KUNDIG_OK;
    }
    clause->told = true;
    if (feeling_is_alone(reading->feeling, at)) {
        clause->mood = *whole;
        clause->feels = whole->status != KUNDIG__MOOD_EMPTY;
        return KUNDIG_OK;
    }
    int rc =
        feeling_tell(reading, text, clause->first, clause->end,
                     feeling_language(reading, clause->sentence), &clause->opinion, &clause->mood);
    clause->feels = clause->opinion.words > 0 || clause->opinion.negators > 0;
    if (!clause->feels) {
        clause->mood = *whole;
    }
    return rc;
}

/* ---- Mixed ---- */

typedef struct feeling_sides {
    int64_t good; /* sums of values, in thousandths */
    int64_t bad;
} feeling_sides;

static void feeling_weigh(feeling_sides *sides, int32_t value)
{
    sides->good += value >= FEELING_SURE ? value : 0;
    sides->bad += value <= -FEELING_SURE ? -value : 0;
}

static bool feeling_is_mixed(const feeling_sides *sides)
{
    int64_t weaker = sides->good < sides->bad ? sides->good : sides->bad;
    int64_t stronger = sides->good < sides->bad ? sides->bad : sides->good;
    return weaker * 100 > stronger * FEELING_SHARE;
}

/* The clauses [first, end) of one sentence; only where the lexicon sees both sides are they asked
 * one by one. */
static int feeling_sentence_sides(kundig__reading *reading, const char *text, size_t first,
                                  size_t end, feeling_sides *sides)
{
    kundig__feeling *feeling = reading->feeling;
    kundig__mood *mood = &reading->sentence_moods[feeling->clauses[first].sentence];
    bool good = false;
    bool bad = false;
    feeling_sides own = {0, 0};
    for (size_t i = first; i < end; i++) {
        good |= feeling->clauses[i].opinion.value > 0;
        bad |= feeling->clauses[i].opinion.value < 0;
    }
    if (good && bad && end - first > 1) {
        for (size_t i = first; i < end; i++) {
            int rc = feeling_clause_tell(reading, text, i);
            if (rc != KUNDIG_OK) {
                return rc;
            }
            if (feeling->clauses[i].feels) {
                feeling_weigh(&own, feeling->clauses[i].mood.value);
            }
        }
    }
    if (mood->status != KUNDIG__MOOD_EMPTY && feeling_is_mixed(&own)) {
        mood->sentiment = KUNDIG_SENTIMENT_MIXED;
        sides->good += own.good;
        sides->bad += own.bad;
    } else {
        feeling_weigh(sides, mood->value);
    }
    return KUNDIG_OK;
}

static int feeling_mix(kundig__reading *reading, const char *text)
{
    kundig__feeling *feeling = reading->feeling;
    feeling_sides sides = {0, 0};
    for (size_t first = 0, end = 0; first < feeling->clause_count; first = end) {
        while (end < feeling->clause_count &&
               feeling->clauses[end].sentence == feeling->clauses[first].sentence) {
            end++;
        }
        int rc = feeling_sentence_sides(reading, text, first, end, &sides);
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    if (reading->mood.status != KUNDIG__MOOD_EMPTY && feeling_is_mixed(&sides)) {
        reading->mood.sentiment = KUNDIG_SENTIMENT_MIXED;
    }
    return KUNDIG_OK;
}

/* ---- Topics ---- */

static size_t feeling_topic_at(const kundig__reading *reading, uint32_t topic)
{
    size_t low = 0;
    size_t high = reading->topic_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->topics[middle] < topic) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The clause that holds a byte; the last that begins before it. */
static size_t feeling_clause_at(const kundig__reading *reading, uint32_t byte)
{
    const kundig__feeling *feeling = reading->feeling;
    size_t low = 0;
    size_t high = feeling->clause_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (reading->scratch.tokens[feeling->clauses[middle].first].start <= byte) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static int feeling_topic_add(kundig__reading *reading, const char *text, feeling_topic *topic,
                             size_t at)
{
    if (topic->count && topic->last == at) {
        return KUNDIG_OK;
    }
    int rc = feeling_clause_tell(reading, text, at);
    const feeling_clause *clause = &reading->feeling->clauses[at];
    if (rc != KUNDIG_OK || clause->mood.status == KUNDIG__MOOD_EMPTY) {
        return rc;
    }
    if (clause->feels && !topic->feels) {
        memset(topic, 0, sizeof *topic); /* what says nothing counts no more */
        topic->feels = true;
    }
    if (clause->feels == topic->feels) {
        for (int i = 0; i < 3; i++) {
            topic->probabilities[i] += (double)clause->mood.probabilities[i];
        }
        topic->outside += clause->mood.status == KUNDIG__MOOD_OUTSIDE;
        topic->good += clause->mood.value >= FEELING_SURE ? clause->mood.value : 0;
        topic->bad += clause->mood.value <= -FEELING_SURE ? -clause->mood.value : 0;
        topic->origin |= clause->mood.origin;
        topic->last = at;
        topic->count++;
    }
    return KUNDIG_OK;
}

static int feeling_topics(kundig__reading *reading, const char *text)
{
    kundig__feeling *feeling = reading->feeling;
    const kundig__mood_learned *learned = kundig__model_mood(reading->model);
    if (reading->topic_count == 0) {
        return KUNDIG_OK;
    }
    memset(feeling->topics, 0, reading->topic_count * sizeof *feeling->topics);
    for (size_t i = 0; i < reading->hit_count && feeling->clause_count; i++) {
        const kundig__hit *hit = &reading->hits[i];
        feeling_topic *topic = &feeling->topics[feeling_topic_at(reading, hit->topic)];
        size_t first = feeling_clause_at(reading, hit->start);
        size_t last = feeling_clause_at(reading, hit->end > hit->start ? hit->end - 1 : hit->start);
        int rc = feeling_topic_add(reading, text, topic, first);
        if (rc == KUNDIG_OK && last != first) {
            rc = feeling_topic_add(reading, text, topic, last);
        }
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    for (size_t i = 0; i < reading->topic_count; i++) {
        feeling_topic *topic = &feeling->topics[i];
        kundig__mood *mood = &reading->topic_moods[i];
        feeling_sides sides = {topic->good, topic->bad};
        if (topic->count == 0) {
            *mood = reading->mood; /* it is said of the whole */
            continue;
        }
        for (int k = 0; k < 3; k++) {
            topic->probabilities[k] /= (double)topic->count;
        }
        kundig__mood_settle(mood, learned, topic->probabilities);
        mood->origin = topic->origin;
        mood->status = topic->outside == topic->count ? KUNDIG__MOOD_OUTSIDE : KUNDIG__MOOD_OK;
        if (feeling_is_mixed(&sides)) {
            mood->sentiment = KUNDIG_SENTIMENT_MIXED;
        }
    }
    return KUNDIG_OK;
}

/* ---- The whole ---- */

int kundig__feeling_run(kundig__reading *reading, const char *text, size_t len, int language)
{
    (void)len;
    memset(&reading->mood, 0, sizeof reading->mood);
    int rc = feeling_begin(reading);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    kundig__feeling *feeling = reading->feeling;
    const kundig__mood_learned *learned = kundig__model_mood(reading->model);
    size_t sentence_count = reading->spoken.sentence_count;
    void *sentences = reading->sentence_moods;
    void *moods = reading->topic_moods;
    void *topics = feeling->topics;
    bool room = feeling_room(reading->mem, &sentences, &feeling->sentence_capacity, sentence_count,
                             sizeof *reading->sentence_moods);
    reading->sentence_moods = sentences;
    room = room && feeling_room(reading->mem, &moods, &feeling->topic_capacity,
                                reading->topic_count, sizeof *reading->topic_moods);
    reading->topic_moods = moods;
    room = room && feeling_room(reading->mem, &topics, &feeling->topic_sums, reading->topic_count,
                                sizeof *feeling->topics);
    feeling->topics = topics;
    if (!room) {
        return kundig__nomem(reading->mem, NULL);
    }
    feeling->language = language;
    kundig__opinion opinion;
    rc = kundig__mood_of_text(learned, learned ? &feeling->classifying : NULL,
                              kundig__model_lexicon(reading->model), &reading->scratch, text,
                              feeling_comment_language(reading), &opinion, &reading->mood);
    for (size_t i = 0; i < sentence_count && rc == KUNDIG_OK; i++) {
        const kundig__sentence *sentence = &reading->spoken.sentences[i];
        if (sentence_count == 1) {
            reading->sentence_moods[0] = reading->mood;
        } else {
            rc = feeling_tell(reading, text, sentence->first, sentence->end,
                              feeling_language(reading, i), &opinion, &reading->sentence_moods[i]);
        }
    }
    rc = rc == KUNDIG_OK ? feeling_cut(reading, text) : rc;
    rc = rc == KUNDIG_OK ? feeling_mix(reading, text) : rc;
    return rc == KUNDIG_OK ? feeling_topics(reading, text) : rc;
}

/* ---- Evidence ---- */

void kundig__feeling_topic_place(const kundig__reading *reading, size_t index, size_t *start,
                                 size_t *end)
{
    *start = 0;
    *end = 0;
    for (size_t i = 0; i < reading->hit_count; i++) {
        const kundig__hit *hit = &reading->hits[i];
        if (hit->topic == reading->topics[index]) {
            *start = *end ? *start : hit->start;
            *end = hit->end > *end ? hit->end : *end;
        }
    }
}

/* Append what decided tokens [first, end), which feel as mood says. */
static int feeling_ranges(kundig__reading *reading, const char *text, uint32_t first, uint32_t end,
                          int language, const kundig__mood *mood, kundig__range *ranges,
                          size_t *count)
{
    kundig__feeling *feeling = reading->feeling;
    const kundig__mood_learned *learned = kundig__model_mood(reading->model);
    kundig__range found[KUNDIG__EVIDENCE_MOST];
    size_t found_count = 0;
    kundig__opinion opinion;
    uint32_t shift = 0;
    kundig__lexicon_read(kundig__model_lexicon(reading->model), &reading->scratch, text, first, end,
                         language, &opinion, found, &found_count);
    if (learned && mood->origin != KUNDIG__MOOD_LEXICON &&
        (found_count == 0 || learned->lexicon < 0.5)) {
        kundig__range learnt[KUNDIG__EVIDENCE_MOST];
        size_t learnt_count = 0;
        kundig__mood again;
        int rc = feeling_tell(reading, text, first, end, language, &opinion, &again);
        int klass = mood->value < 0 ? 0 : 2;
        klass = mood->sentiment == KUNDIG_SENTIMENT_NEUTRAL ? 1 : klass;
        if (rc == KUNDIG_OK) {
            rc = kundig__classify_evidence(&feeling->classifying, &feeling->slice, (uint32_t)klass,
                                           learnt, &learnt_count);
        }
        if (rc != KUNDIG_OK) {
            return rc;
        }
        if (learnt_count) {
            memcpy(found, learnt, sizeof found);
            found_count = learnt_count;
            shift = reading->scratch.tokens[first].start;
        }
    }
    for (size_t i = 0; i < found_count && *count < KUNDIG__EVIDENCE_MOST; i++) {
        ranges[*count].start = found[i].start + shift;
        ranges[(*count)++].end = found[i].end + shift;
    }
    return KUNDIG_OK;
}

/* Of what is mixed: of its clauses that feel, one after the other. sentence: SIZE_MAX for all. */
static int feeling_mixed_ranges(kundig__reading *reading, const char *text, size_t sentence,
                                kundig__range *ranges, size_t *count)
{
    kundig__feeling *feeling = reading->feeling;
    for (size_t i = 0; i < feeling->clause_count && *count < KUNDIG__EVIDENCE_MOST; i++) {
        const feeling_clause *clause = &feeling->clauses[i];
        if (sentence != SIZE_MAX && clause->sentence != sentence) {
            continue;
        }
        int rc = feeling_clause_tell(reading, text, i);
        if (rc == KUNDIG_OK && clause->feels) {
            rc = feeling_ranges(reading, text, clause->first, clause->end,
                                feeling_language(reading, clause->sentence), &clause->mood, ranges,
                                count);
        }
        if (rc != KUNDIG_OK) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

/* Of a topic: of the clauses with its hits, those that feel first of all. */
static int feeling_topic_ranges(kundig__reading *reading, const char *text, size_t index,
                                kundig__range *ranges, size_t *count)
{
    kundig__feeling *feeling = reading->feeling;
    const kundig__mood *mood = &reading->topic_moods[index];
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < reading->hit_count; i++) {
        const kundig__hit *hit = &reading->hits[i];
        if (hit->topic != reading->topics[index]) {
            continue;
        }
        for (size_t at = feeling_clause_at(reading, hit->start);
             at < feeling->clause_count &&
             reading->scratch.tokens[feeling->clauses[at].first].start < hit->end;
             at++) {
            feeling_clause *clause = &feeling->clauses[at];
            if ((last != SIZE_MAX && at <= last) || !clause->feels) {
                continue;
            }
            last = at;
            int rc =
                feeling_ranges(reading, text, clause->first, clause->end,
                               feeling_language(reading, clause->sentence), mood, ranges, count);
            if (rc != KUNDIG_OK) {
                return rc;
            }
        }
    }
    return KUNDIG_OK;
}

int kundig__feeling_evidence(kundig__reading *reading, const char *text, size_t len, int part,
                             size_t index, kundig__range *ranges, size_t *count)
{
    (void)len;
    *count = 0;
    if (reading->scratch.token_count == 0) {
        return KUNDIG_OK;
    }
    if (part == KUNDIG__PART_TOPIC) {
        return reading->topic_moods[index].status == KUNDIG__MOOD_EMPTY
                   ? KUNDIG_OK
                   : feeling_topic_ranges(reading, text, index, ranges, count);
    }
    bool whole = part == KUNDIG__PART_COMMENT;
    const kundig__mood *mood = whole ? &reading->mood : &reading->sentence_moods[index];
    const kundig__sentence *sentence = &reading->spoken.sentences[whole ? 0 : index];
    if (mood->status == KUNDIG__MOOD_EMPTY) {
        return KUNDIG_OK;
    }
    if (mood->sentiment == KUNDIG_SENTIMENT_MIXED) {
        return feeling_mixed_ranges(reading, text, whole ? SIZE_MAX : index, ranges, count);
    }
    return feeling_ranges(reading, text, whole ? 0 : sentence->first,
                          whole ? (uint32_t)reading->scratch.token_count : sentence->end,
                          whole ? feeling_comment_language(reading)
                                : feeling_language(reading, index),
                          mood, ranges, count);
}
