/* A taxonomy from plain text; its grammar stands in kundig.h at kundig_model_new().
 *
 * Line by line: a line is a statement, or the rest of a list of rules whose line before ended in a
 * comma or in the colon. Invariant: behind a fault reading goes on with the next rule or line, so a
 * line is said to be wrong for its own sake alone. Cost: linear. */
#include "base/os.h"
#include "topics/taxonomy_build.h"

enum { PLAIN_TITLE, PLAIN_THEME, PLAIN_TOPIC, PLAIN_RULES };

typedef struct plain_reader {
    kundig__taxonomy_build *build;
    kundig_text data;
    kundig__place at;
    size_t line; /* [line, end) is the line in work */
    size_t end;
    uint32_t theme;
    uint32_t topic;
    bool in_theme;
    bool in_topic;
    bool goes_on; /* the line before ended in the middle of a list of rules */
    bool lost;    /* and that list was refused: so is the rest of it */
    int32_t kind; /* of the rules in work */
    int32_t language;
} plain_reader;

/* The words at the start of a line, up to the colon behind them. */
typedef struct plain_head {
    kundig_text first;
    kundig_text second;
    size_t behind; /* the colon, or where anything else stands */
    bool colon;
} plain_head;

static bool plain_is_blank(const plain_reader *at, size_t pos)
{
    return kundig__text_is_space(at->data.data[pos]);
}

static size_t plain_skip(const plain_reader *at, size_t pos)
{
    while (pos < at->end && plain_is_blank(at, pos)) {
        pos++;
    }
    return pos;
}

/* Does a remark begin at pos? */
static bool plain_is_remark(const plain_reader *at, size_t pos)
{
    return at->data.data[pos] == '#' && (pos == at->line || plain_is_blank(at, pos - 1));
}

static kundig_text plain_word(const plain_reader *at, size_t *pos)
{
    size_t start = *pos;
    size_t end = start;
    while (end < at->end && at->data.data[end] != ':' && !plain_is_blank(at, end) &&
           !plain_is_remark(at, end)) {
        end++;
    }
    *pos = plain_skip(at, end);
    return kundig__text(at->data.data + start, end - start);
}

static bool plain_at_colon(const plain_reader *at, size_t pos)
{
    return pos < at->end && at->data.data[pos] == ':';
}

static plain_head plain_head_read(const plain_reader *at, size_t pos)
{
    plain_head head = {{NULL, 0}, {NULL, 0}, pos, false};
    head.first = plain_word(at, &head.behind);
    if (!plain_at_colon(at, head.behind)) {
        head.second = plain_word(at, &head.behind);
    }
    head.colon = plain_at_colon(at, head.behind);
    return head;
}

static bool plain_is(kundig_text word, const char *keyword)
{
    return kundig__text_equal_nocase(word, kundig__str(keyword));
}

/* What a head says, if it is one; *language and *kind are those of its rules. */
static bool plain_statement(const plain_head *head, int *what, int32_t *kind, int32_t *language)
{
    *kind = KUNDIG__RULE_HIT;
    *what = PLAIN_RULES;
    if (!head->colon) {
        return false;
    }
    if (!head->second.data) {
        *what = plain_is(head->first, "taxonomy") ? PLAIN_TITLE : PLAIN_RULES;
        return *what == PLAIN_TITLE || kundig__taxonomy_language(head->first, language);
    }
    if (plain_is(head->first, "theme") || plain_is(head->first, "topic")) {
        *what = plain_is(head->first, "theme") ? PLAIN_THEME : PLAIN_TOPIC;
        return kundig__taxonomy_is_name(head->second);
    }
    *kind = plain_is(head->first, "not") ? KUNDIG__RULE_NOT : KUNDIG__RULE_PART;
    return (*kind == KUNDIG__RULE_NOT || plain_is(head->first, "parts")) &&
           kundig__taxonomy_language(head->second, language);
}

/* Does a line look like a statement, so that it ends a list of rules even where it is refused? */
static bool plain_looks_so(const plain_reader *at, const plain_head *head)
{
    size_t behind = head->behind + 1;
    bool two = plain_is(head->first, "theme") || plain_is(head->first, "topic") ||
               plain_is(head->first, "not") || plain_is(head->first, "parts");
    return head->colon && head->first.len && (two || !head->second.data) &&
           (behind >= at->end || plain_is_blank(at, behind));
}

/* The place of a byte of this line at or behind the last one asked for. */
static kundig__place plain_place(plain_reader *at, size_t pos)
{
    kundig__place_move(&at->at, at->data, pos);
    return at->at;
}

static size_t plain_offset(const plain_reader *at, kundig_text part)
{
    return (size_t)(part.data - at->data.data);
}

/* Say why a line is no statement. */
static int plain_refuse(plain_reader *at, size_t pos, const plain_head *head)
{
    kundig__place place = plain_place(at, pos);
    kundig_text first = head->first;
    bool theme = plain_is(first, "theme");
    const char *sentence =
        "a line begins with theme, topic, not, parts, taxonomy or a language and "
        "a colon; a list of rules goes on only behind a comma";
    if (theme || plain_is(first, "topic")) {
        const char *what = theme ? "theme" : "topic";
        if (!head->second.data || !head->second.len) {
            return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, place,
                                          "a %s needs a name: write %s late-delivery: Late "
                                          "delivery",
                                          what, what);
        }
        if (head->colon) { /* the name is at fault */
            uint32_t none;
            place = plain_place(at, plain_offset(at, head->second));
            return theme
                       ? kundig__taxonomy_theme(at->build, place, head->second, head->second, &none)
                       : kundig__taxonomy_topic(at->build, place, head->second, head->second, 0,
                                                &none);
        }
        place = plain_place(at, head->behind);
        return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, place,
                                      "a colon stands behind the name, which holds no blanks: "
                                      "write %s late-delivery: Late delivery",
                                      what);
    }
    if (plain_is(first, "not") || plain_is(first, "parts")) {
        bool parts = plain_is(first, "parts");
        if (head->colon && head->second.len) {
            first = head->second;
            place = plain_place(at, plain_offset(at, first));
        } else {
            return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, place,
                                          "a language and a colon stand behind %s: write %s de: or "
                                          "%s any:",
                                          parts ? "parts" : "not", parts ? "parts" : "not",
                                          parts ? "parts" : "not");
        }
    } else if (!head->colon || head->second.data || !first.len) {
        return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, place, "%s", sentence);
    }
    return kundig__taxonomy_no_language(at->build, place, first);
}

/* The end of what stands in quotes at pos, behind the closing one; 0 if it is not closed. */
static size_t plain_quoted_end(const plain_reader *at, size_t pos)
{
    for (pos++; pos < at->end; pos++) {
        if (at->data.data[pos] == '"' && (++pos == at->end || at->data.data[pos] != '"')) {
            return pos;
        }
    }
    return 0;
}

static int plain_unclosed(plain_reader *at, size_t pos)
{
    return kundig__taxonomy_fault(
        at->build, KUNDIG_E_FORMAT, plain_place(at, pos),
        "this quote is not closed: write a second one, or two for a quote "
        "itself");
}

/* The title from pos on, up to a remark; in quotes all is taken as it stands. *good is false if a
 * fault was said. */
static int plain_title(plain_reader *at, size_t pos, kundig_text *title, bool *good)
{
    kundig__buf *plain = &at->build->plain;
    *good = true;
    pos = plain_skip(at, pos);
    size_t end = pos;
    if (pos < at->end && at->data.data[pos] == '"') {
        *good = false;
        end = plain_quoted_end(at, pos);
        if (!end) {
            return plain_unclosed(at, pos);
        }
        size_t rest = plain_skip(at, end);
        if (rest < at->end && !plain_is_remark(at, rest)) {
            return kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, plain_place(at, rest),
                                          "nothing stands behind a title in quotes: double the "
                                          "quotes inside it");
        }
        *good = true;
        plain->len = 0;
        for (pos++; pos < end - 1; pos++) {
            kundig__buf_char(plain, at->data.data[pos]);
            pos += at->data.data[pos] == '"';
        }
        *title = kundig__text(plain->len ? plain->data : "", plain->len);
        return plain->failed ? kundig__nomem(plain->mem, at->build->err) : KUNDIG_OK;
    }
    while (end < at->end && !plain_is_remark(at, end)) {
        end++;
    }
    *title = kundig__text_trim(kundig__text(at->data.data + pos, end - pos));
    return KUNDIG_OK;
}

/* One rule, blanks around it; nothing may be empty in front of a comma. */
static int plain_rule(plain_reader *at, size_t from, size_t to, bool comma)
{
    kundig_text written = kundig__text_trim(kundig__text(at->data.data + from, to - from));
    kundig_error fault;
    if (!written.len) {
        return comma ? kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, plain_place(at, to),
                                              "no rule stands before this comma: drop it")
                     : KUNDIG_OK;
    }
    kundig__place place = plain_place(at, plain_offset(at, written));
    int rc =
        kundig__taxonomy_rule(at->build, place, written, at->kind, at->language, at->topic, &fault);
    if (!rc && fault.code) {
        kundig__place_move(&place, at->data, place.pos + fault.pos);
        rc = kundig__taxonomy_fault(at->build, fault.code, place, "%s", fault.message);
    }
    return rc;
}

/* Rules from pos to the end of the line. */
static int plain_rules(plain_reader *at, size_t pos)
{
    size_t from = pos;
    at->goes_on = true;
    while (pos < at->end && !plain_is_remark(at, pos)) {
        char c = at->data.data[pos];
        if (c == '"') {
            size_t end = plain_quoted_end(at, pos);
            if (!end) {
                return plain_unclosed(at, pos);
            }
            pos = end;
            continue;
        }
        if (c == ',') {
            int rc = plain_rule(at, from, pos, true);
            if (rc) {
                return rc;
            }
            from = pos + 1;
        }
        pos++;
    }
    at->goes_on = plain_skip(at, from) >= pos;
    return plain_rule(at, from, pos, false);
}

/* A theme or topic of this name. */
static int plain_named(plain_reader *at, int what, const plain_head *head)
{
    kundig_text title = {NULL, 0};
    bool good;
    kundig__place place = plain_place(at, plain_offset(at, head->second));
    int rc = plain_title(at, head->behind + 1, &title, &good);
    if (rc) {
        return rc;
    }
    at->in_topic = what == PLAIN_TOPIC;
    if (what == PLAIN_THEME) {
        at->in_theme = true;
        return kundig__taxonomy_theme(at->build, place, head->second, title, &at->theme);
    }
    return at->in_theme
               ? kundig__taxonomy_topic(at->build, place, head->second, title, at->theme,
                                        &at->topic)
               : kundig__taxonomy_lone_topic(at->build, place, head->second, title, &at->topic);
}

static bool plain_ends_in_comma(const plain_reader *at)
{
    size_t end = at->end;
    while (end > at->line && plain_is_blank(at, end - 1)) {
        end--;
    }
    return end > at->line && at->data.data[end - 1] == ',';
}

static int plain_line(plain_reader *at)
{
    int what;
    int32_t kind;
    int32_t language;
    kundig_text title = {NULL, 0};
    bool good;
    size_t pos = plain_skip(at, at->line);
    if (pos == at->end || plain_is_remark(at, pos)) {
        return KUNDIG_OK;
    }
    plain_head head = plain_head_read(at, pos);
    bool statement = plain_statement(&head, &what, &kind, &language);
    if (at->goes_on && !statement && !plain_looks_so(at, &head)) {
        if (at->lost) {
            at->goes_on = plain_ends_in_comma(at);
            return KUNDIG_OK;
        }
        return plain_rules(at, pos);
    }
    at->lost = !statement;
    if (!statement) {
        at->goes_on = plain_ends_in_comma(at);
        /* Rules behind a theme or topic that is refused belong to no other. */
        if (plain_is(head.first, "theme") || plain_is(head.first, "topic")) {
            at->in_topic = true;
            at->topic = KUNDIG__NO_TOPIC;
        }
        return plain_refuse(at, pos, &head);
    }
    at->goes_on = false;
    if (what == PLAIN_TITLE) {
        kundig__place place = plain_place(at, pos);
        int rc = plain_title(at, head.behind + 1, &title, &good);
        return rc || !good ? rc : kundig__taxonomy_title(at->build, place, title);
    }
    if (what != PLAIN_RULES) {
        return plain_named(at, what, &head);
    }
    if (kind != KUNDIG__RULE_PART && !at->in_topic) {
        int rc = kundig__taxonomy_fault(at->build, KUNDIG_E_FORMAT, plain_place(at, pos),
                                        "these rules belong to no topic: write topic "
                                        "late-delivery: Late delivery above them");
        if (rc) {
            return rc;
        }
        at->in_topic = true;
        at->topic = KUNDIG__NO_TOPIC;
    }
    at->kind = kind;
    at->language = language;
    return plain_rules(at, head.behind + 1);
}

int kundig__taxonomy_plain(kundig__taxonomy_build *build, kundig_text data, kundig__place from)
{
    plain_reader at = {.build = build, .data = data, .at = from, .line = from.pos};
    int rc = KUNDIG_OK;
    while (!rc && at.line < data.len) {
        at.end = at.line;
        while (at.end < data.len && data.data[at.end] != '\n' && data.data[at.end] != '\r') {
            at.end++;
        }
        size_t valid = kundig__utf8_valid(data.data + at.line, at.end - at.line);
        if (valid < at.end - at.line) {
            kundig__place place = plain_place(&at, at.line + valid);
            rc = kundig__taxonomy_no_text(build, place, (unsigned char)data.data[place.pos]);
        } else {
            rc = plain_line(&at);
        }
        at.line = at.end + 1;
        if (at.line < data.len && data.data[at.end] == '\r' && data.data[at.line] == '\n') {
            at.line++;
        }
        if (!rc && at.line < data.len) {
            plain_place(&at, at.line);
        }
    }
    return rc;
}

int kundig__taxonomy_run(kundig__taxonomy *taxonomy, kundig_text data, kundig__findings *findings,
                         kundig_error *err)
{
    kundig__taxonomy_build build = {.taxonomy = taxonomy, .findings = findings, .err = err};
    kundig__mem *mem = taxonomy->mem;
    kundig__place start = {0, 1, 1};
    uint8_t key[KUNDIG__SIPHASH_KEY_SIZE] = {0};
    if (data.len > KUNDIG__MOST_TAXONOMY) {
        return kundig__taxonomy_fault(&build, KUNDIG_E_LIMIT, start,
                                      "a taxonomy has at most %lu MiB",
                                      (unsigned long)(KUNDIG__MOST_TAXONOMY >> 20));
    }
    if (!kundig__random(key, sizeof key)) {
        return kundig__fail(err, KUNDIG_E_IO, 0, "the system gave no random bytes");
    }
    kundig__dict_init(&build.theme_names, mem, key);
    kundig__dict_init(&build.topic_names, mem, key);
    kundig__scratch_init(&build.scratch, mem);
    kundig__buf_init(&build.plain, mem);
    start.pos = data.len >= 3 && memcmp(data.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t faults = findings ? findings->count : 0;
    size_t first = start.pos;
    while (first < data.len && kundig__text_is_space(data.data[first])) {
        first++;
    }
    int rc = first < data.len && data.data[first] == '{'
                 ? kundig__taxonomy_json(&build, data, start)
                 : kundig__taxonomy_plain(&build, data, start);
    if (!rc && !taxonomy->rule_count && (!findings || findings->count == faults)) {
        rc = kundig__taxonomy_fault(&build, KUNDIG_E_EMPTY, start,
                                    "there is no rule in this taxonomy: write a topic and words "
                                    "that tell it");
    }
    kundig__buf_free(&build.plain);
    kundig__scratch_free(&build.scratch);
    kundig__dict_free(&build.topic_names);
    kundig__dict_free(&build.theme_names);
    return rc;
}

int kundig__taxonomy_read(kundig__taxonomy *taxonomy, const char *data, size_t len,
                          kundig_error *err)
{
    int rc = kundig__taxonomy_run(taxonomy, kundig__text(data, len), NULL, err);
    if (rc) {
        kundig__taxonomy_free(taxonomy);
    }
    return rc;
}
