/* A taxonomy in work: themes, topics and rules are added one way, whatever form they came in.
 *
 * Invariant: where faults are collected, what is faulty is left out; the rules of a topic that is
 * left out are read for their own faults alone. Cost: one look-up a name, linear in a rule. */
#include "topics/taxonomy_build.h"

#ifdef KUNDIG_TINY
#define BUILD_FIRST 1
#else
#define BUILD_FIRST 64
#endif

void kundig__taxonomy_init(kundig__taxonomy *taxonomy, kundig__mem *mem)
{
    memset(taxonomy, 0, sizeof *taxonomy);
    taxonomy->mem = mem;
    kundig__arena_init(&taxonomy->arena, mem);
}

void kundig__taxonomy_free(kundig__taxonomy *taxonomy)
{
    kundig__mem *mem = taxonomy->mem;
    kundig__free(mem, taxonomy->themes, taxonomy->theme_capacity * sizeof *taxonomy->themes);
    kundig__free(mem, taxonomy->topics, taxonomy->topic_capacity * sizeof *taxonomy->topics);
    kundig__free(mem, taxonomy->rules, taxonomy->rule_capacity * sizeof *taxonomy->rules);
    kundig__arena_free(&taxonomy->arena);
    kundig__taxonomy_init(taxonomy, mem);
}

int kundig__taxonomy_fault(kundig__taxonomy_build *build, int code, kundig__place place,
                           const char *format, ...)
{
    kundig_error said;
    va_list args;
    va_start(args, format);
    kundig__fail_args(&said, code, place.pos, format, args);
    va_end(args);
    if (!build->findings) {
        return kundig__fail(build->err, code, place.pos, "line %lu, column %lu: %s",
                            (unsigned long)place.line, (unsigned long)place.column, said.message);
    }
    if (!kundig__finding_add(build->findings, KUNDIG__FINDING_ERROR, place.line, place.column, "%s",
                             said.message)) {
        return kundig__nomem(build->findings->mem, build->err);
    }
    return KUNDIG_OK;
}

int kundig__taxonomy_no_text(kundig__taxonomy_build *build, kundig__place place, unsigned char byte)
{
    return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                  byte ? "byte 0x%02X is not UTF-8: save the file as UTF-8"
                                       : "byte 0x%02X stands in no text: save the file as UTF-8",
                                  (unsigned)byte);
}

int kundig__taxonomy_no_language(kundig__taxonomy_build *build, kundig__place place,
                                 kundig_text name)
{
    return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                  "'%.*s' is no language: write de, en, fr, es, pt, it, nl or any",
                                  kundig__shown(name), name.data);
}

bool kundig__taxonomy_language(kundig_text name, int32_t *language)
{
    if (kundig__text_equal_nocase(name, KUNDIG__TEXT("any"))) {
        *language = KUNDIG__LANGUAGE_UNKNOWN;
        return true;
    }
    for (int32_t i = KUNDIG__LANGUAGE_UNKNOWN + 1; i < KUNDIG__LANGUAGE_COUNT; i++) {
        if (kundig__text_equal_nocase(name, kundig__str(kundig__language_name(i)))) {
            *language = i;
            return true;
        }
    }
    return false;
}

bool kundig__taxonomy_is_name(kundig_text name)
{
    for (size_t pos = 0; pos < name.len;) {
        uint32_t code;
        char c = name.data[pos];
        pos += kundig__utf8_decode(name.data + pos, name.len - pos, &code);
        uint32_t kind = kundig__utf8_traits(code) & KUNDIG__CODE_KIND;
        if (kind != KUNDIG__CODE_LETTER && kind != KUNDIG__CODE_MARK &&
            kind != KUNDIG__CODE_DIGIT && c != '_' && c != '-' && c != '.') {
            return false;
        }
    }
    return name.len > 0;
}

/* Is the name good? If not the fault is said, and *good is false. */
static int build_name(kundig__taxonomy_build *build, kundig__place place, const char *what,
                      kundig_text name, bool *good)
{
    *good = false;
    if (!name.len) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "a %s needs a name, as in late-delivery", what);
    }
    if (name.len > KUNDIG__MOST_NAME) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "the name of a %s has at most %u bytes: make it shorter, the "
                                      "title may be longer",
                                      what, KUNDIG__MOST_NAME);
    }
    if (!kundig__taxonomy_is_name(name)) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "'%.*s' is no name: a name holds letters, digits, _ - and . "
                                      "alone, as in late-delivery",
                                      kundig__shown(name), name.data);
    }
    if (kundig__text_equal_nocase(name, KUNDIG__TEXT("and")) ||
        kundig__text_equal_nocase(name, KUNDIG__TEXT("or")) ||
        kundig__text_equal_nocase(name, KUNDIG__TEXT("not"))) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "'%.*s' is no name: conditions use it as a word of their "
                                      "own, choose another",
                                      kundig__shown(name), name.data);
    }
    *good = true;
    return KUNDIG_OK;
}

/* A title of its own, or the name. */
static int build_title(kundig__taxonomy_build *build, kundig__place place, kundig_text name,
                       kundig_text title, kundig_text *out)
{
    kundig_text chosen = title.len ? title : name;
    if (chosen.len > KUNDIG__MOST_WRITTEN) {
        int rc = kundig__taxonomy_fault(build, KUNDIG_E_LIMIT, place,
                                        "a title has at most %u bytes: make it shorter",
                                        KUNDIG__MOST_WRITTEN);
        if (rc) {
            return rc;
        }
        chosen = kundig__text("", 0);
    }
    *out = kundig__arena_text(&build->taxonomy->arena, chosen);
    return out->data ? KUNDIG_OK : kundig__nomem(build->taxonomy->mem, build->err);
}

/* Room for one more; the array is as it was on failure. */
static bool build_room(kundig__taxonomy_build *build, void **array, size_t *capacity, size_t count,
                       size_t size)
{
    size_t need = count < BUILD_FIRST ? BUILD_FIRST : count + 1;
    return kundig__grow(build->taxonomy->mem, array, capacity, need, size);
}

int kundig__taxonomy_theme(kundig__taxonomy_build *build, kundig__place place, kundig_text name,
                           kundig_text title, uint32_t *theme)
{
    kundig__taxonomy *taxonomy = build->taxonomy;
    kundig__theme fresh = {.line = place.line, .column = place.column};
    bool good;
    int rc = build_name(build, place, "theme", name, &good);
    if (rc) {
        return rc;
    }
    if (!good) { /* topics need one to stand in: all refused themes are one */
        name = kundig__text("", 0);
        title = name;
    }
    uint32_t known = kundig__dict_find(&build->theme_names, name.data, name.len);
    if (known == KUNDIG__DICT_NONE && taxonomy->theme_count == KUNDIG__MOST_TOPICS) {
        *theme = 0;
        return kundig__taxonomy_fault(build, KUNDIG_E_LIMIT, place,
                                      "a taxonomy has at most %u themes", KUNDIG__MOST_TOPICS);
    }
    if (known != KUNDIG__DICT_NONE) {
        *theme = known;
        return !good ? KUNDIG_OK
                     : kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                              "theme '%.*s' stands already in line %lu: put its "
                                              "topics there",
                                              kundig__shown(name), name.data,
                                              (unsigned long)taxonomy->themes[known].line);
    }
    rc = build_title(build, place, name, title, &fresh.title);
    if (rc) {
        return rc;
    }
    void *themes = taxonomy->themes;
    bool room =
        build_room(build, &themes, &taxonomy->theme_capacity, taxonomy->theme_count, sizeof fresh);
    taxonomy->themes = themes;
    fresh.name = kundig__arena_text(&taxonomy->arena, name);
    if (!room || !fresh.name.data) {
        return kundig__nomem(taxonomy->mem, build->err);
    }
    *theme = kundig__dict_add(&build->theme_names, name.data, name.len);
    if (*theme == KUNDIG__DICT_NONE) {
        return kundig__nomem(taxonomy->mem, build->err);
    }
    taxonomy->themes[taxonomy->theme_count++] = fresh;
    return KUNDIG_OK;
}

int kundig__taxonomy_topic(kundig__taxonomy_build *build, kundig__place place, kundig_text name,
                           kundig_text title, uint32_t theme, uint32_t *topic)
{
    kundig__taxonomy *taxonomy = build->taxonomy;
    kundig__topic fresh = {.theme = theme, .line = place.line, .column = place.column};
    bool good;
    *topic = KUNDIG__NO_TOPIC;
    int rc = build_name(build, place, "topic", name, &good);
    if (rc || !good) {
        return rc;
    }
    uint32_t known = kundig__dict_find(&build->topic_names, name.data, name.len);
    if (known != KUNDIG__DICT_NONE) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "topic '%.*s' stands already in line %lu: put its "
                                      "rules there, or choose another name",
                                      kundig__shown(name), name.data,
                                      (unsigned long)taxonomy->topics[known].line);
    }
    if (taxonomy->topic_count == KUNDIG__MOST_TOPICS) {
        return kundig__taxonomy_fault(build, KUNDIG_E_LIMIT, place,
                                      "a taxonomy has at most %u topics", KUNDIG__MOST_TOPICS);
    }
    rc = build_title(build, place, name, title, &fresh.title);
    if (rc) {
        return rc;
    }
    void *topics = taxonomy->topics;
    bool room =
        build_room(build, &topics, &taxonomy->topic_capacity, taxonomy->topic_count, sizeof fresh);
    taxonomy->topics = topics;
    fresh.name = kundig__arena_text(&taxonomy->arena, name);
    if (!room || !fresh.name.data) {
        return kundig__nomem(taxonomy->mem, build->err);
    }
    *topic = kundig__dict_add(&build->topic_names, name.data, name.len);
    if (*topic == KUNDIG__DICT_NONE) {
        return kundig__nomem(taxonomy->mem, build->err);
    }
    taxonomy->topics[taxonomy->topic_count++] = fresh;
    return KUNDIG_OK;
}

int kundig__taxonomy_lone_topic(kundig__taxonomy_build *build, kundig__place place,
                                kundig_text name, kundig_text title, uint32_t *topic)
{
    uint32_t theme = 0;
    int rc = kundig__taxonomy_topic(build, place, name, title, theme, topic);
    if (rc || *topic == KUNDIG__NO_TOPIC) {
        return rc;
    }
    rc = kundig__taxonomy_theme(build, place, name, title, &theme);
    build->taxonomy->topics[*topic].theme = theme;
    return rc;
}

int kundig__taxonomy_title(kundig__taxonomy_build *build, kundig__place place, kundig_text title)
{
    if (build->taxonomy->title.data) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "the taxonomy has a title already: drop one");
    }
    if (!title.len) {
        return kundig__taxonomy_fault(build, KUNDIG_E_FORMAT, place,
                                      "the title is missing: write taxonomy: What customers say");
    }
    return build_title(build, place, title, title, &build->taxonomy->title);
}

int kundig__taxonomy_rule(kundig__taxonomy_build *build, kundig__place place, kundig_text written,
                          int32_t kind, int32_t language, uint32_t topic, kundig_error *fault)
{
    kundig__taxonomy *taxonomy = build->taxonomy;
    kundig__rule rule = {.kind = kind,
                         .language = language,
                         .topic = kind == KUNDIG__RULE_PART ? 0 : topic,
                         .line = place.line,
                         .column = place.column};
    fault->code = KUNDIG_OK;
    if (build->full) {
        return KUNDIG_OK;
    }
    if (!kundig__taxonomy_terms(build, written, kind, language, fault)) {
        return kundig__nomem(taxonomy->mem, build->err);
    }
    if (fault->code || (topic == KUNDIG__NO_TOPIC && kind != KUNDIG__RULE_PART)) {
        return KUNDIG_OK;
    }
    if (taxonomy->rule_count == KUNDIG__MOST_RULES) {
        build->full = true;
        kundig__fail(fault, KUNDIG_E_LIMIT, 0, "a taxonomy has at most %lu rules",
                     (unsigned long)KUNDIG__MOST_RULES);
        return KUNDIG_OK;
    }
    void *rules = taxonomy->rules;
    bool room =
        build_room(build, &rules, &taxonomy->rule_capacity, taxonomy->rule_count, sizeof rule);
    taxonomy->rules = rules;
    size_t size = build->term_count * sizeof *rule.terms;
    rule.term_count = build->term_count;
    rule.terms = kundig__arena_alloc(&taxonomy->arena, size);
    rule.written = kundig__arena_text(&taxonomy->arena, written);
    if (!room || !rule.terms || !rule.written.data) {
        return kundig__nomem(taxonomy->mem, build->err);
    }
    memcpy(rule.terms, build->terms, size);
    taxonomy->rules[taxonomy->rule_count++] = rule;
    return KUNDIG_OK;
}
