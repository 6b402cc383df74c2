/* A taxonomy from JSON: the same themes, topics and rules as in plain text, added the same way.
 *
 *   {"title": "", "themes": [theme], "topics": [topic], "parts": {language: [word]}}
 *   theme: {"name": "", "title": "", "topics": [topic]}
 *   topic: {"name": "", "title": "", "match": {language: [rule]}, "not": {language: [rule]}}
 *
 * Invariant: behind a fault reading goes on with the next value. A key that means nothing is a
 * fault: it is a typing error. Cost: linear. */
#include "base/json.h"
#include "topics/taxonomy_build.h"

typedef struct form_reader {
    kundig__taxonomy_build *build;
    kundig_text data;
    kundig__json json;
    uint32_t theme;
    uint32_t topic;
    bool in_theme;
} form_reader;

/* Reads the value of a key. */
typedef int form_fn(form_reader *at, size_t node);

typedef struct form_key {
    const char *name;
    int32_t type;
    form_fn *read; /* NULL: read already, before the others */
} form_key;

static int form_wants(form_reader *at, size_t node, const char *what)
{
    return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, at->json.nodes[node].place,
                                  "%s stands here", what);
}

static const char *form_type(int32_t type)
{
    return type == KUNDIG__JSON_OBJECT  ? "an object, {...},"
           : type == KUNDIG__JSON_ARRAY ? "an array, [...],"
                                        : "a text, \"...\",";
}

/* Read an object by its keys, in the order of the text. */
static int form_object(form_reader *at, size_t node, const form_key *keys, size_t count,
                       const char *names)
{
    int rc = KUNDIG_OK;
    for (size_t i = node + 1; !rc && i < at->json.nodes[node].next; i = at->json.nodes[i].next) {
        const kundig__json_node *member = &at->json.nodes[i];
        size_t k = 0;
        while (k < count && !kundig__text_equal(member->key, kundig__str(keys[k].name))) {
            k++;
        }
        if (k == count) {
            rc = kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, member->key_place,
                                        "'%.*s' means nothing here: write %s",
                                        kundig__shown(member->key), member->key.data, names);
        } else if (keys[k].read) {
            rc = member->type == keys[k].type ? keys[k].read(at, i)
                                              : form_wants(at, i, form_type(keys[k].type));
        }
    }
    return rc;
}

/* Read every element of an array of objects. */
static int form_array(form_reader *at, size_t node, form_fn *each)
{
    int rc = KUNDIG_OK;
    for (size_t i = node + 1; !rc && i < at->json.nodes[node].next; i = at->json.nodes[i].next) {
        rc = at->json.nodes[i].type == KUNDIG__JSON_OBJECT
                 ? each(at, i)
                 : form_wants(at, i, form_type(KUNDIG__JSON_OBJECT));
    }
    return rc;
}

typedef struct form_names {
    kundig_text name; /* empty: there is none */
    kundig_text title;
    kundig__place place; /* of the name, or of the object */
    bool usable;         /* both are texts, or not there */
} form_names;

/* What a theme or topic is called. */
static int form_named(form_reader *at, size_t node, form_names *out)
{
    const kundig__json_node *nodes = at->json.nodes;
    form_names names = {{"", 0}, {"", 0}, nodes[node].place, true};
    int rc = KUNDIG_OK;
    for (size_t i = node + 1; !rc && i < nodes[node].next; i = nodes[i].next) {
        bool name = kundig__text_equal(nodes[i].key, KUNDIG__TEXT("name"));
        if (!name && !kundig__text_equal(nodes[i].key, KUNDIG__TEXT("title"))) {
            continue;
        }
        if (nodes[i].type != KUNDIG__JSON_STRING) {
            names.usable = false;
            rc = form_wants(at, i, form_type(KUNDIG__JSON_STRING));
        } else if (name) {
            names.name = nodes[i].text;
            names.place = kundig__json_place(&nodes[i], at->data, 0);
        } else {
            names.title = kundig__text_trim(nodes[i].text);
        }
    }
    *out = names;
    return rc;
}

/* The first comma that would part rules; the length if there is none. */
static size_t form_comma(kundig_text rule)
{
    bool quoted = false;
    size_t pos = 0;
    while (pos < rule.len && (quoted || rule.data[pos] != ',')) {
        quoted ^= rule.data[pos] == '"';
        pos++;
    }
    return pos;
}

static int form_rule(form_reader *at, size_t node, int32_t kind, int32_t language)
{
    const kundig__json_node *string = &at->json.nodes[node];
    kundig_error fault;
    if (string->type != KUNDIG__JSON_STRING) {
        return form_wants(at, node, "a rule, \"...\",");
    }
    kundig_text written = kundig__text_trim(string->text);
    size_t start = written.len ? (size_t)(written.data - string->text.data) : 0;
    size_t comma = form_comma(written);
    kundig__place place = kundig__json_place(string, at->data, start);
    if (comma < written.len) {
        place = kundig__json_place(string, at->data, start + comma);
        return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, place,
                                      "a comma parts rules: make two texts of it, or put it in "
                                      "double quotes");
    }
    int rc = kundig__taxonomy_rule(at->build, place, written, kind, language, at->topic, &fault);
    if (!rc && fault.code) {
        place = kundig__json_place(string, at->data, start + fault.pos);
        rc = kundig__taxonomy_fault(at->build, fault.code, place, "%s", fault.message);
    }
    return rc;
}

/* Rules by language. */
static int form_rules(form_reader *at, size_t node, int32_t kind)
{
    const kundig__json_node *nodes = at->json.nodes;
    int rc = KUNDIG_OK;
    for (size_t i = node + 1; !rc && i < nodes[node].next; i = nodes[i].next) {
        int32_t language;
        if (!kundig__taxonomy_language(nodes[i].key, &language)) {
            rc = kundig__taxonomy_no_language(at->build, nodes[i].key_place, nodes[i].key);
        } else if (nodes[i].type != KUNDIG__JSON_ARRAY) {
            rc = form_wants(at, i, "an array of rules, [\"late\", \"~delay\"],");
        } else {
            for (size_t k = i + 1; !rc && k < nodes[i].next; k = nodes[k].next) {
                rc = form_rule(at, k, kind, language);
            }
        }
    }
    return rc;
}

static int form_match(form_reader *at, size_t node)
{
    return form_rules(at, node, KUNDIG__RULE_HIT);
}

static int form_not(form_reader *at, size_t node)
{
    return form_rules(at, node, KUNDIG__RULE_NOT);
}

static int form_parts(form_reader *at, size_t node)
{
    return form_rules(at, node, KUNDIG__RULE_PART);
}

static int form_topic(form_reader *at, size_t node)
{
    static const form_key keys[] = {{"name", KUNDIG__JSON_STRING, NULL},
                                    {"title", KUNDIG__JSON_STRING, NULL},
                                    {"match", KUNDIG__JSON_OBJECT, form_match},
                                    {"not", KUNDIG__JSON_OBJECT, form_not}};
    form_names names;
    int rc = form_named(at, node, &names);
    at->topic = KUNDIG__NO_TOPIC;
    if (!rc && names.usable) {
        rc = at->in_theme ? kundig__taxonomy_topic(at->build, names.place, names.name, names.title,
                                                   at->theme, &at->topic)
                          : kundig__taxonomy_lone_topic(at->build, names.place, names.name,
                                                        names.title, &at->topic);
    }
    return rc ? rc
              : form_object(at, node, keys, sizeof keys / sizeof *keys,
                            "name, title, match or not");
}

static int form_topics(form_reader *at, size_t node)
{
    return form_array(at, node, form_topic);
}

static int form_theme(form_reader *at, size_t node)
{
    static const form_key keys[] = {{"name", KUNDIG__JSON_STRING, NULL},
                                    {"title", KUNDIG__JSON_STRING, NULL},
                                    {"topics", KUNDIG__JSON_ARRAY, form_topics}};
    form_names names;
    int rc = form_named(at, node, &names);
    if (!rc && names.usable) {
        rc = kundig__taxonomy_theme(at->build, names.place, names.name, names.title, &at->theme);
        at->in_theme = true;
    }
    if (!rc) {
        rc = form_object(at, node, keys, sizeof keys / sizeof *keys, "name, title or topics");
    }
    at->in_theme = false;
    return rc;
}

static int form_themes(form_reader *at, size_t node)
{
    return form_array(at, node, form_theme);
}

static int form_title(form_reader *at, size_t node)
{
    const kundig__json_node *string = &at->json.nodes[node];
    return kundig__taxonomy_title(at->build, string->place, string->text);
}

int kundig__taxonomy_json(kundig__taxonomy_build *build, kundig_text data, kundig__place from)
{
    static const form_key keys[] = {{"title", KUNDIG__JSON_STRING, form_title},
                                    {"themes", KUNDIG__JSON_ARRAY, form_themes},
                                    {"topics", KUNDIG__JSON_ARRAY, form_topics},
                                    {"parts", KUNDIG__JSON_OBJECT, form_parts}};
    form_reader at = {.build = build, .data = data, .topic = KUNDIG__NO_TOPIC};
    size_t valid = from.pos + kundig__utf8_valid(data.data + from.pos, data.len - from.pos);
    kundig_error said;
    if (valid < data.len) {
        kundig__place_move(&from, data, valid);
        return kundig__taxonomy_no_text(build, from, (unsigned char)data.data[valid]);
    }
    kundig__json_init(&at.json, build->taxonomy->mem);
    int rc = kundig__json_read(&at.json, data, from, &said);
    if (at.json.fault.line) {
        rc = kundig__taxonomy_fault(build, rc, at.json.fault, "%s", said.message);
    } else if (rc) {
        kundig__fail(build->err, rc, 0, "%s", said.message);
    } else {
        rc =
            form_object(&at, 0, keys, sizeof keys / sizeof *keys, "title, themes, topics or parts");
    }
    kundig__json_free(&at.json);
    return rc;
}
