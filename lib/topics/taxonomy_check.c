/* What is odd about a taxonomy: rules that decide nothing, rules of several topics, empty topics.
 *
 * What could be read of the file is indexed by hash: each question about a rule ("is there a
 * shorter one inside it?") is a bounded number of looks. Invariant: a warning is said only of what
 * is sure; where compounds, stems or gaps might make a difference nothing is said. Cost: about
 * linear; a rule of n terms takes up to n * n looks, n being 16 at most. */
#include "base/order.h"
#include "base/os.h"
#include "text/stem.h"
#include "topics/compiled.h"
#include "topics/taxonomy_build.h"

#define LINT_NONE    UINT32_MAX
#define LINT_PART    4u /* letters of a part of compounds, and of a good beginning */
#define LINT_LONG    8u /* letters of a compound */
#define LINT_ROOM    4096
#define LINT_WIDE    0x0E00u /* from here on there are scripts whose tokens overlap */
#define LINT_PRESENT 0u

/* What a key of the index tells. */
enum {
    INDEX_ROW,    /* kind, topic, language, terms: the rule */
    INDEX_HEAD,   /* kind, topic, language, first term: some rule begins so */
    INDEX_PREFIX, /* kind, topic, language, text: the rule that is this beginning */
    INDEX_STEM,   /* kind, topic, language, stem: the rule that is this stem */
    INDEX_SHARED, /* language, terms: the first rule of any topic */
    TOUCH_WORD,   /* topic, word: a hit may hold it; the rest likewise */
    TOUCH_PREFIX, /* topic, beginning */
    TOUCH_STEM,   /* topic, language, stem of a word or stem */
    TOUCH_STEMS,  /* topic, language, stem of a stem */
    TOUCH_LETTERS /* topic, first two letters */
};

/* Of a topic; arrays are by kind of rule. */
typedef struct lint_topic {
    uint64_t prefix_rules[KUNDIG__RULE_PART]; /* bit n: a rule is a beginning of n bytes */
    uint8_t stem_rules[KUNDIG__RULE_PART];    /* a bit a language: a rule is a stem */
    uint32_t hits;
    uint32_t nots;
    uint8_t stems;  /* a bit a language: of the stems among its hits */
    bool open;      /* a hit holds any word or a gap */
    bool prefixes;  /* a hit holds a beginning */
    bool compounds; /* a hit may lie in a compound */
} lint_topic;

typedef struct taxonomy_lint {
    const kundig__taxonomy *taxonomy;
    kundig__findings *findings;
    kundig__mem *mem;
    kundig__dict index;
    uint32_t *values; /* by code of the index */
    size_t value_capacity;
    kundig__buf key;
    kundig__stemmer stemmer;
    lint_topic *topics;
    uint8_t stems_of_not; /* a bit a language: of the stems among exclusions */
    bool starved;
    char room[LINT_ROOM];
} taxonomy_lint;

/* ---- The index ------------------------------------------------------------------------------ */

static void lint_key(taxonomy_lint *at, int tag, int32_t kind, uint32_t topic, int32_t language)
{
    at->key.len = 0;
    kundig__buf_char(&at->key, (char)tag);
    kundig__buf_char(&at->key, (char)kind);
    kundig__buf_char(&at->key, (char)language);
    kundig__buf_add(&at->key, &topic, sizeof topic);
}

static void lint_key_text(taxonomy_lint *at, int32_t type, kundig_text text)
{
    uint32_t len = (uint32_t)text.len;
    kundig__buf_char(&at->key, (char)type);
    kundig__buf_add(&at->key, &len, sizeof len);
    kundig__buf_text(&at->key, text);
}

/* Keep a value under the key unless there is one. */
static void lint_put(taxonomy_lint *at, uint32_t value)
{
    uint32_t count = at->index.count;
    void *values = at->values;
    if (at->key.failed || at->starved ||
        !kundig__grow(at->mem, &values, &at->value_capacity, (size_t)count + 1,
                      sizeof *at->values)) {
        at->starved = true;
        return;
    }
    at->values = values;
    uint32_t code = kundig__dict_add(&at->index, at->key.data, at->key.len);
    if (code == KUNDIG__DICT_NONE) {
        at->starved = true;
    } else if (code == count) {
        at->values[code] = value;
    }
}

static uint32_t lint_get(taxonomy_lint *at)
{
    if (at->key.failed || at->starved) {
        at->starved = true;
        return LINT_NONE;
    }
    uint32_t code = kundig__dict_find(&at->index, at->key.data, at->key.len);
    return code == KUNDIG__DICT_NONE ? LINT_NONE : at->values[code];
}

/* A word as rules of a language find it: German ones find ae, oe, ue and umlauts alike. */
static kundig_text lint_text(taxonomy_lint *at, bool german, kundig_text text)
{
    bool changed = german && text.len <= sizeof at->room &&
                   kundig__spelling_key(text.data, text.len, at->room);
    return changed ? kundig__text(at->room, text.len) : text;
}

/* The stem of a word as rules find it; borrowed until the next one. */
static kundig_text lint_stem(taxonomy_lint *at, int32_t language, kundig_text text)
{
    kundig_text stem = text;
    if (language == KUNDIG__LANGUAGE_DE && text.len <= sizeof at->room &&
        kundig__spelling_umlauts(text.data, text.len, at->room)) {
        text.data = at->room;
    }
    at->starved |= kundig__stem(&at->stemmer, language, text, &stem) != KUNDIG_OK;
    return stem;
}

/* Terms [from, to) of a rule, as rules of a language are indexed, behind the key. */
static void lint_key_row(taxonomy_lint *at, const kundig__rule *rule, uint32_t from, uint32_t to,
                         int32_t language)
{
    for (uint32_t i = from; i < to; i++) {
        const kundig__term *term = &rule->terms[i];
        bool german = language == KUNDIG__LANGUAGE_DE && term->type != KUNDIG__TERM_STEM;
        lint_key_text(at, term->type, lint_text(at, german, term->text));
    }
}

static size_t lint_letters(kundig_text text)
{
    size_t letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        letters += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return letters;
}

/* Is it a rule whose word is also looked for in compounds? */
static bool lint_is_compound_part(const kundig__rule *rule)
{
    return rule->kind == KUNDIG__RULE_HIT && rule->language == KUNDIG__LANGUAGE_DE &&
           rule->term_count == 1 && rule->terms[0].type != KUNDIG__TERM_PREFIX &&
           lint_letters(rule->terms[0].text) >= LINT_PART;
}

static bool lint_is_open(const kundig__term *term)
{
    return term->type == KUNDIG__TERM_ANY || term->type == KUNDIG__TERM_GAP;
}

static void lint_key_letters(taxonomy_lint *at, uint32_t topic, kundig_text text)
{
    kundig_text plain = lint_text(at, true, text);
    size_t end = 0;
    for (int i = 0; i < 2 && end < plain.len; i++) {
        uint32_t code;
        end += kundig__utf8_decode(plain.data + end, plain.len - end, &code);
    }
    lint_key(at, TOUCH_LETTERS, 0, topic, 0);
    lint_key_text(at, 0, kundig__text(plain.data, end));
}

/* Note what a hit may hold, for exclusions of its topic. */
static void lint_index_touch(taxonomy_lint *at, const kundig__rule *rule)
{
    lint_topic *topic = &at->topics[rule->topic];
    topic->compounds |= lint_is_compound_part(rule);
    for (uint32_t i = 0; i < rule->term_count && !at->starved; i++) {
        const kundig__term *term = &rule->terms[i];
        topic->open |= lint_is_open(term);
        topic->prefixes |= term->type == KUNDIG__TERM_PREFIX;
        if (lint_is_open(term)) {
            continue;
        }
        lint_key_letters(at, rule->topic, term->text);
        lint_put(at, LINT_PRESENT);
        if (term->type == KUNDIG__TERM_STEM) {
            topic->stems |= (uint8_t)(1u << rule->language);
            lint_key(at, TOUCH_STEMS, 0, rule->topic, rule->language);
            lint_key_text(at, 0, lint_stem(at, rule->language, term->text));
            lint_put(at, LINT_PRESENT);
        } else {
            lint_key(at, term->type == KUNDIG__TERM_WORD ? TOUCH_WORD : TOUCH_PREFIX, 0,
                     rule->topic, 0);
            lint_key_text(at, 0, lint_text(at, true, term->text));
            lint_put(at, LINT_PRESENT);
        }
        for (int32_t language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
            if (at->stems_of_not >> language & 1 && term->type != KUNDIG__TERM_PREFIX) {
                lint_key(at, TOUCH_STEM, 0, rule->topic, language);
                lint_key_text(at, 0, lint_stem(at, language, term->text));
                lint_put(at, LINT_PRESENT);
            }
        }
    }
}

static void lint_index_rule(taxonomy_lint *at, uint32_t index)
{
    const kundig__rule *rule = &at->taxonomy->rules[index];
    const kundig__term *first = &rule->terms[0];
    int32_t language = rule->language;
    lint_key(at, INDEX_ROW, rule->kind, rule->topic, language);
    lint_key_row(at, rule, 0, rule->term_count, language);
    lint_put(at, index);
    if (rule->kind == KUNDIG__RULE_PART) {
        return;
    }
    lint_key(at, INDEX_HEAD, rule->kind, rule->topic, language);
    lint_key_row(at, rule, 0, 1, language);
    lint_put(at, LINT_PRESENT);
    if (rule->term_count == 1 && first->type == KUNDIG__TERM_PREFIX) {
        lint_key(at, INDEX_PREFIX, rule->kind, rule->topic, language);
        lint_key_row(at, rule, 0, 1, language);
        lint_put(at, index);
        at->topics[rule->topic].prefix_rules[rule->kind] |= UINT64_C(1) << first->text.len;
    }
    if (rule->term_count == 1 && first->type == KUNDIG__TERM_STEM) {
        at->topics[rule->topic].stem_rules[rule->kind] |= (uint8_t)(1u << language);
        lint_key(at, INDEX_STEM, rule->kind, rule->topic, language);
        lint_key_text(at, 0, lint_stem(at, language, first->text));
        lint_put(at, index);
    }
    if (rule->kind == KUNDIG__RULE_HIT) {
        lint_key(at, INDEX_SHARED, rule->kind, 0, language);
        lint_key_row(at, rule, 0, rule->term_count, language);
        lint_put(at, index);
        if (at->topics[rule->topic].nots) {
            lint_index_touch(at, rule);
        }
    }
}

static void lint_index(taxonomy_lint *at)
{
    const kundig__taxonomy *taxonomy = at->taxonomy;
    for (size_t i = 0; i < taxonomy->rule_count; i++) {
        const kundig__rule *rule = &taxonomy->rules[i];
        at->topics[rule->topic].hits += rule->kind == KUNDIG__RULE_HIT;
        at->topics[rule->topic].nots += rule->kind == KUNDIG__RULE_NOT;
        for (uint32_t k = 0; k < rule->term_count && rule->kind == KUNDIG__RULE_NOT; k++) {
            if (rule->terms[k].type == KUNDIG__TERM_STEM) {
                at->stems_of_not |= (uint8_t)(1u << rule->language);
            }
        }
    }
    for (uint32_t i = 0; i < taxonomy->rule_count && !at->starved; i++) {
        lint_index_rule(at, i);
    }
}

/* ---- Which rule covers another -------------------------------------------------------------- */

/* Does a rule of every language find this German row in either spelling, as it does itself? */
static bool lint_is_plain(taxonomy_lint *at, const kundig__rule *rule)
{
    for (uint32_t i = 0; i < rule->term_count && rule->language == KUNDIG__LANGUAGE_DE; i++) {
        kundig_text text = rule->terms[i].text;
        if (text.len > sizeof at->room || kundig__spelling_key(text.data, text.len, at->room) ||
            kundig__spelling_umlauts(text.data, text.len, at->room)) {
            return false;
        }
    }
    return true;
}

/* A rule of this kind that is a beginning of the term; the term itself only if whole is true. */
static uint32_t lint_prefix_of(taxonomy_lint *at, const kundig__rule *rule, uint32_t term,
                               int32_t kind, int32_t language, bool whole)
{
    kundig_text text = rule->terms[term].text;
    uint64_t lengths = at->topics[rule->topic].prefix_rules[kind];
    for (size_t len = 2; len <= text.len && len <= KUNDIG__MOST_PREFIX; len++) {
        bool cut = len < text.len && ((unsigned char)text.data[len] & 0xC0) == 0x80;
        if (!(lengths >> len & 1) || cut || (len == text.len && !whole)) {
            continue;
        }
        kundig_text part =
            lint_text(at, language == KUNDIG__LANGUAGE_DE, kundig__text(text.data, len));
        lint_key(at, INDEX_PREFIX, kind, rule->topic, language);
        lint_key_text(at, KUNDIG__TERM_PREFIX, part);
        uint32_t found = lint_get(at);
        if (found != LINT_NONE) {
            return found;
        }
    }
    return LINT_NONE;
}

/* A rule of one term and of this kind that finds whatever this term finds. */
static uint32_t lint_single(taxonomy_lint *at, uint32_t index, uint32_t term, int32_t kind,
                            int32_t language)
{
    const kundig__rule *rule = &at->taxonomy->rules[index];
    int32_t type = rule->terms[term].type;
    bool other = kind != rule->kind || rule->term_count > 1;
    uint32_t found = LINT_NONE;
    if (type == KUNDIG__TERM_WORD || type == KUNDIG__TERM_PREFIX) {
        found = lint_prefix_of(at, rule, term, kind, language, type == KUNDIG__TERM_WORD || other);
    }
    if (found == LINT_NONE && (at->topics[rule->topic].stem_rules[kind] >> language & 1) &&
        (type == KUNDIG__TERM_WORD || type == KUNDIG__TERM_STEM)) {
        lint_key(at, INDEX_STEM, kind, rule->topic, language);
        lint_key_text(at, 0, lint_stem(at, language, rule->terms[term].text));
        found = lint_get(at);
    }
    return found == index ? LINT_NONE : found;
}

/* A rule of this kind and language that is a row inside this rule; the whole only if it may be. */
static uint32_t lint_inside(taxonomy_lint *at, uint32_t index, int32_t kind, int32_t language,
                            bool whole)
{
    const kundig__rule *rule = &at->taxonomy->rules[index];
    uint32_t count = rule->term_count;
    for (uint32_t from = 0; from < count; from++) {
        if (lint_is_open(&rule->terms[from])) {
            continue;
        }
        lint_key(at, INDEX_HEAD, kind, rule->topic, language);
        lint_key_row(at, rule, from, from + 1, language);
        if (lint_get(at) == LINT_NONE) {
            continue;
        }
        for (uint32_t to = from + 1; to <= count; to++) {
            if (lint_is_open(&rule->terms[to - 1]) || (to - from == count && !whole)) {
                continue;
            }
            lint_key(at, INDEX_ROW, kind, rule->topic, language);
            lint_key_row(at, rule, from, to, language);
            uint32_t found = lint_get(at);
            if (found != LINT_NONE) {
                return found;
            }
        }
    }
    return LINT_NONE;
}

/* A rule of this kind, of the same topic and of its language or every one, that is met wherever
 * this rule is met, on bytes of the same hit. */
static uint32_t lint_cover(taxonomy_lint *at, uint32_t index, int32_t kind)
{
    const kundig__rule *rule = &at->taxonomy->rules[index];
    bool every = rule->language == KUNDIG__LANGUAGE_UNKNOWN;
    bool whole = kind != rule->kind;
    int rounds = every || !lint_is_plain(at, rule) ? 1 : 2;
    for (int round = 0; round < rounds; round++) {
        int32_t language = round ? KUNDIG__LANGUAGE_UNKNOWN : rule->language;
        uint32_t found = lint_inside(at, index, kind, language, whole || round > 0);
        for (uint32_t i = 0; i < rule->term_count && found == LINT_NONE; i++) {
            if (!lint_is_open(&rule->terms[i])) {
                found = lint_single(at, index, i, kind, language);
            }
        }
        if (found != LINT_NONE) {
            return found;
        }
    }
    return LINT_NONE;
}

/* Of a rule that compounds look for as well, only another such rule takes the place. */
static uint32_t lint_cover_part(taxonomy_lint *at, uint32_t index)
{
    const kundig__rule *rule = &at->taxonomy->rules[index];
    lint_key(at, INDEX_STEM, rule->kind, rule->topic, rule->language);
    lint_key_text(at, 0, lint_stem(at, rule->language, rule->terms[0].text));
    uint32_t found = lint_get(at);
    return found == index ? LINT_NONE : found;
}

/* ---- Exclusions ----------------------------------------------------------------------------- */

static bool lint_is_wide(kundig_text text)
{
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code;
        pos += kundig__utf8_decode(text.data + pos, text.len - pos, &code);
        if (code >= LINT_WIDE) {
            return true;
        }
    }
    return false;
}

/* Might a hit of the topic hold a token that this term of an exclusion finds? */
static bool lint_touches(taxonomy_lint *at, const kundig__rule *rule, const kundig__term *term)
{
    const lint_topic *topic = &at->topics[rule->topic];
    bool word = term->type == KUNDIG__TERM_WORD;
    if (lint_is_open(term) || topic->open || lint_is_wide(term->text) ||
        (topic->compounds && (!word || lint_letters(term->text) >= LINT_LONG)) ||
        (!word && topic->stems)) {
        return true;
    }
    if (term->type == KUNDIG__TERM_PREFIX) {
        lint_key_letters(at, rule->topic, term->text);
        return lint_get(at) != LINT_NONE;
    }
    if (term->type == KUNDIG__TERM_STEM) {
        lint_key(at, TOUCH_STEM, 0, rule->topic, rule->language);
        lint_key_text(at, 0, lint_stem(at, rule->language, term->text));
        return topic->prefixes || lint_get(at) != LINT_NONE;
    }
    lint_key(at, TOUCH_WORD, 0, rule->topic, 0);
    lint_key_text(at, 0, lint_text(at, true, term->text));
    bool found = lint_get(at) != LINT_NONE;
    for (int32_t language = 1; language < KUNDIG__LANGUAGE_COUNT && !found; language++) {
        if (topic->stems >> language & 1) {
            lint_key(at, TOUCH_STEMS, 0, rule->topic, language);
            lint_key_text(at, 0, lint_stem(at, language, term->text));
            found = lint_get(at) != LINT_NONE;
        }
    }
    for (size_t len = 2;
         topic->prefixes && len <= term->text.len && len <= KUNDIG__MOST_PREFIX && !found; len++) {
        if (len == term->text.len || ((unsigned char)term->text.data[len] & 0xC0) != 0x80) {
            kundig_text part = lint_text(at, true, kundig__text(term->text.data, len));
            lint_key(at, TOUCH_PREFIX, 0, rule->topic, 0);
            lint_key_text(at, 0, part);
            found = lint_get(at) != LINT_NONE;
        }
    }
    return found;
}

/* ---- Findings ------------------------------------------------------------------------------- */

static void lint_say(taxonomy_lint *at, int32_t severity, const kundig__rule *rule,
                     const kundig__rule *other, const char *format)
{
    at->starved |= !kundig__finding_add(at->findings, severity, rule->line, rule->column, format,
                                        kundig__shown(other->written), other->written.data,
                                        (unsigned long)other->line);
}

static bool lint_same_terms(const kundig__rule *a, const kundig__rule *b)
{
    for (uint32_t i = 0; i < a->term_count; i++) {
        kundig_text left = a->terms[i].text;
        if (left.data && !kundig__text_equal(left, b->terms[i].text)) {
            return false;
        }
    }
    return true;
}

/* Is it the same as an earlier rule of the topic, or, if it is a hit, as one of another topic? */
static bool lint_same(taxonomy_lint *at, uint32_t index)
{
    const kundig__rule *rules = at->taxonomy->rules;
    const kundig__rule *rule = &rules[index];
    lint_key(at, INDEX_ROW, rule->kind, rule->topic, rule->language);
    lint_key_row(at, rule, 0, rule->term_count, rule->language);
    uint32_t found = lint_get(at);
    if (found != LINT_NONE && found != index) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, &rules[found],
                 lint_same_terms(rule, &rules[found])
                     ? "this is the same as '%.*s' in line %lu: drop one"
                     : "this is the same as '%.*s' in line %lu, for German rules find umlauts and "
                       "ae, oe, ue alike: drop one");
        return true;
    }
    if (rule->kind != KUNDIG__RULE_HIT) {
        return false;
    }
    lint_key(at, INDEX_SHARED, rule->kind, 0, rule->language);
    lint_key_row(at, rule, 0, rule->term_count, rule->language);
    found = lint_get(at);
    if (found != LINT_NONE && rules[found].topic != rule->topic) {
        kundig_text name = at->taxonomy->topics[rules[found].topic].name;
        at->starved |= !kundig__finding_add(
            at->findings, KUNDIG__FINDING_NOTE, rule->line, rule->column,
            "topics '%.*s' and '%.*s' share this rule, which stands in line %lu too: a comment "
            "counts in both",
            kundig__shown(name), name.data, kundig__shown(at->taxonomy->topics[rule->topic].name),
            at->taxonomy->topics[rule->topic].name.data, (unsigned long)rules[found].line);
    }
    return false;
}

static void lint_hit(taxonomy_lint *at, uint32_t index)
{
    const kundig__rule *rules = at->taxonomy->rules;
    const kundig__rule *rule = &rules[index];
    bool part = lint_is_compound_part(rule);
    uint32_t found =
        part || !at->topics[rule->topic].nots ? LINT_NONE : lint_cover(at, index, KUNDIG__RULE_NOT);
    if (found != LINT_NONE) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, &rules[found],
                 "this never counts: the exclusion '%.*s' in line %lu overlaps it each time");
        return;
    }
    found = part ? lint_cover_part(at, index) : lint_cover(at, index, KUNDIG__RULE_HIT);
    if (found != LINT_NONE && rule->term_count == 1) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, &rules[found],
                 "this decides nothing: '%.*s' in line %lu finds all that it finds");
    } else if (found != LINT_NONE) {
        lint_say(at, KUNDIG__FINDING_NOTE, rule, &rules[found],
                 "this decides nothing: '%.*s' in line %lu is found wherever it is; it only makes "
                 "the evidence longer");
    }
    if (rule->term_count == 1 && rule->terms[0].type == KUNDIG__TERM_PREFIX &&
        lint_letters(rule->terms[0].text) < LINT_PART) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, rule,
                 "'%.*s' in line %lu finds every word that begins so: take 4 letters or more");
    }
}

static void lint_not(taxonomy_lint *at, uint32_t index, bool whole)
{
    const kundig__rule *rules = at->taxonomy->rules;
    const kundig__rule *rule = &rules[index];
    uint32_t found = rule->term_count == 1 ? lint_cover(at, index, KUNDIG__RULE_NOT) : LINT_NONE;
    bool touches = !whole;
    if (found != LINT_NONE) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, &rules[found],
                 "this excludes nothing more: '%.*s' in line %lu finds all that it finds");
        return;
    }
    for (uint32_t i = 0; i < rule->term_count && !touches; i++) {
        touches = lint_touches(at, rule, &rule->terms[i]);
    }
    if (!touches && !at->starved) {
        kundig_text name = at->taxonomy->topics[rule->topic].name;
        at->starved |=
            !kundig__finding_add(at->findings, KUNDIG__FINDING_WARNING, rule->line, rule->column,
                                 "this excludes nothing: no rule of topic '%.*s' has a "
                                 "word in common with it",
                                 kundig__shown(name), name.data);
    }
}

static void lint_part(taxonomy_lint *at, uint32_t index)
{
    const kundig__rule *rule = &at->taxonomy->rules[index];
    if (rule->language != KUNDIG__LANGUAGE_DE && rule->language != KUNDIG__LANGUAGE_UNKNOWN) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, rule,
                 "'%.*s' in line %lu does nothing: only German compounds are taken apart");
    } else if (lint_letters(rule->terms[0].text) < LINT_PART) {
        lint_say(at, KUNDIG__FINDING_WARNING, rule, rule,
                 "'%.*s' in line %lu does nothing: a part of compounds has at least 4 letters");
    }
}

/* Topics and themes with nothing in them. */
static void lint_empty(taxonomy_lint *at, uint32_t *counts)
{
    const kundig__taxonomy *taxonomy = at->taxonomy;
    for (size_t i = 0; i < taxonomy->topic_count; i++) {
        const kundig__topic *topic = &taxonomy->topics[i];
        counts[topic->theme]++;
        if (!at->topics[i].hits) {
            at->starved |= !kundig__finding_add(at->findings, KUNDIG__FINDING_WARNING, topic->line,
                                                topic->column,
                                                "topic '%.*s' has no rule: nothing is found for it",
                                                kundig__shown(topic->name), topic->name.data);
        }
    }
    for (size_t i = 0; i < taxonomy->theme_count; i++) {
        const kundig__theme *theme = &taxonomy->themes[i];
        if (!counts[i]) {
            at->starved |= !kundig__finding_add(at->findings, KUNDIG__FINDING_WARNING, theme->line,
                                                theme->column, "theme '%.*s' has no topic: drop it",
                                                kundig__shown(theme->name), theme->name.data);
        }
    }
}

/* whole: nothing of the file was left out. */
static void lint_all(taxonomy_lint *at, bool whole)
{
    const kundig__taxonomy *taxonomy = at->taxonomy;
    size_t size = (taxonomy->theme_count + 1) * sizeof(uint32_t);
    lint_index(at);
    for (uint32_t i = 0; i < taxonomy->rule_count && !at->starved; i++) {
        int32_t kind = taxonomy->rules[i].kind;
        if (!lint_same(at, i)) {
            if (kind == KUNDIG__RULE_HIT) {
                lint_hit(at, i);
            } else if (kind == KUNDIG__RULE_NOT) {
                lint_not(at, i, whole);
            } else {
                lint_part(at, i);
            }
        }
    }
    if (whole && !at->starved) {
        uint32_t *counts = kundig__alloc_zero(at->mem, size);
        at->starved = !counts;
        if (counts) {
            lint_empty(at, counts);
            kundig__free(at->mem, counts, size);
        }
    }
}

static int lint_run(kundig__findings *findings, const kundig__taxonomy *taxonomy, bool whole,
                    kundig_error *err)
{
    taxonomy_lint at = {.taxonomy = taxonomy, .findings = findings, .mem = findings->mem};
    size_t size = (taxonomy->topic_count + 1) * sizeof *at.topics;
    uint8_t key[KUNDIG__SIPHASH_KEY_SIZE];
    if (!kundig__random(key, sizeof key)) {
        return kundig__fail(err, KUNDIG_E_IO, 0, "the system gave no random key");
    }
    kundig__dict_init(&at.index, at.mem, key);
    kundig__buf_init(&at.key, at.mem);
    kundig__stemmer_init(&at.stemmer, at.mem);
    at.topics = kundig__alloc_zero(at.mem, size);
    at.starved = !at.topics;
    if (!at.starved) {
        lint_all(&at, whole);
    }
    int rc = at.starved ? kundig__nomem(at.mem, err) : KUNDIG_OK;
    if (at.topics) {
        kundig__free(at.mem, at.topics, size);
    }
    kundig__stemmer_free(&at.stemmer);
    kundig__buf_free(&at.key);
    kundig__free(at.mem, at.values, at.value_capacity * sizeof *at.values);
    kundig__dict_free(&at.index);
    return rc;
}

/* In order of line and column; findings about one place as they were found. */
static int lint_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__finding *left = (const kundig__finding *)ud + a;
    const kundig__finding *right = (const kundig__finding *)ud + b;
    if (left->line != right->line) {
        return left->line < right->line ? -1 : 1;
    }
    if (left->column != right->column) {
        return left->column < right->column ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static int lint_sort(kundig__findings *findings, kundig_error *err)
{
    kundig__mem *mem = findings->mem;
    size_t count = findings->count;
    uint32_t *order = kundig__alloc(mem, count * sizeof *order);
    kundig__finding *items = kundig__alloc(mem, findings->capacity * sizeof *items);
    bool done = order && items;
    if (done) {
        for (uint32_t i = 0; i < count; i++) {
            order[i] = i;
        }
        kundig__order_sort(order, count, lint_order, findings->items);
        for (size_t i = 0; i < count; i++) {
            items[i] = findings->items[order[i]];
        }
        kundig__finding *unsorted = findings->items;
        findings->items = items;
        items = unsorted;
    }
    if (order) {
        kundig__free(mem, order, count * sizeof *order);
    }
    if (items) {
        kundig__free(mem, items, findings->capacity * sizeof *items);
    }
    return done ? KUNDIG_OK : kundig__nomem(mem, err);
}

int kundig__taxonomy_check(kundig__findings *findings, const char *data, size_t len,
                           kundig_error *err)
{
    kundig__taxonomy taxonomy;
    kundig__taxonomy_init(&taxonomy, findings->mem);
    int rc = kundig__taxonomy_run(&taxonomy, kundig__text(data, len), findings, err);
    if (!rc) {
        rc = lint_run(findings, &taxonomy, !findings->kept[KUNDIG__FINDING_ERROR], err);
    }
    kundig__taxonomy_free(&taxonomy);
    return rc ? rc : lint_sort(findings, err);
}
