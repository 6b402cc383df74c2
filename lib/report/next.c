/* What to ask next: commands that can be typed as they stand, made of this file's own values. */
#include "base/text.h"
#include "base/utf8.h"
#include "report/analysis.h"

/* For the shell: as it is, or in single quotes. */
static void next_shell(kundig__buf *out, kundig_text text)
{
    bool plain = text.len > 0;
    for (size_t i = 0; i < text.len && plain; i++) {
        char c = text.data[i];
        plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '.' || c == '/' || (c == '-' && i > 0);
    }
    if (plain) {
        kundig__buf_text(out, text);
        return;
    }
    kundig__buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\'') {
            kundig__buf_str(out, "'\\''");
        } else {
            kundig__buf_char(out, text.data[i]);
        }
    }
    kundig__buf_char(out, '\'');
}

/* For a condition: a plain word, or quoted with the mark doubled inside. */
static void next_word(kundig__buf *out, kundig_text text, char mark)
{
    static const char *const taken[] = {"and",     "or",       "not", "in",
                                        "between", "contains", "is",  "missing"};
    bool plain = text.len > 0;
    for (size_t i = 0; i < text.len && plain; i++) {
        char c = text.data[i];
        plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                (i > 0 && c >= '0' && c <= '9');
    }
    for (size_t i = 0; i < sizeof taken / sizeof *taken && plain; i++) {
        plain = !kundig__text_equal_nocase(text, kundig__str(taken[i]));
    }
    if (plain) {
        kundig__buf_text(out, text);
        return;
    }
    kundig__buf_char(out, mark);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == mark) {
            kundig__buf_char(out, mark);
        }
        kundig__buf_char(out, text.data[i]);
    }
    kundig__buf_char(out, mark);
}

/* "nps <= 6" */
static void next_bad_end(const kundig__analysis *a, kundig__buf *out)
{
    next_word(out, a->question_name, '`');
    kundig__buf_str(out, a->low_is_bad ? " <= " : " >= ");
    kundig__buf_number(out, (double)(a->low_is_bad ? a->low : a->high) / 1000);
}

/* Would the page show it as it must be typed? */
static bool next_showable(kundig_text text)
{
    bool blank = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t code;
        at += kundig__utf8_decode(text.data + at, text.len - at, &code);
        if (code < 0x20 || (code >= 0x7F && code <= 0xA0) || kundig__utf8_is_hidden(code) ||
            (blank && code == ' ')) {
            return false;
        }
        blank = code == ' ';
    }
    return true;
}

static void next_line(kundig__analysis *a, kundig__section *section, kundig__buf *command,
                      const char *why)
{
    if (command->failed) {
        a->failed = true;
    } else if (next_showable((kundig_text){command->data, command->len})) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN, "%s", why);
        kundig__section_line(a, section, KUNDIG__LINE_COMMAND, "%.*s", (int)command->len,
                             command->data);
    }
    command->len = 0;
}

/* Do several questions share the scale, so that a metric alone does not name one? */
static bool next_must_name(const kundig__analysis *a)
{
    if (!a->scored) {
        return false;
    }
    int32_t scale = kundig__corpus_question(a->corpus, a->question)->scale;
    for (size_t i = 0; i < kundig__corpus_question_count(a->corpus); i++) {
        if (i != a->question && kundig__corpus_question(a->corpus, i)->scale == scale) {
            return true;
        }
    }
    return false;
}

/* The start of a command on this file. */
static void next_start(const kundig__analysis *a, kundig__buf *command, const char *verb,
                       bool metric)
{
    kundig__buf_str(command, "kundig ");
    kundig__buf_str(command, verb);
    kundig__buf_char(command, ' ');
    if (metric) {
        kundig__buf_str(command, a->scored ? a->metric : "count");
        kundig__buf_char(command, ' ');
    }
    next_shell(command, a->title.data ? a->title : KUNDIG__TEXT("FILE"));
    if (metric && next_must_name(a)) {
        kundig__buf_str(command, " --question ");
        next_shell(command, a->question_name);
    }
}

static void next_where(kundig__buf *command, const char *option, const kundig__buf *condition)
{
    kundig__buf_str(command, option);
    next_shell(command, (kundig_text){condition->data ? condition->data : "", condition->len});
}

/* moved: of the group that got worse, else of the group that is bad, else with the word. */
static void next_comments(kundig__analysis *a, kundig__section *section, kundig__buf *command,
                          kundig__buf *condition, bool moved)
{
    condition->len = 0;
    next_bad_end(a, condition);
    if (moved) {
        kundig__buf_str(condition, " and ");
        kundig__buf_text(condition, a->group_field);
        kundig__buf_str(condition, " = ");
        next_word(condition, a->moved_group, '"');
        kundig__buf_str(condition, " and time = ");
        kundig__buf_text(condition, a->period_b);
    } else if (a->worst_group.data) {
        kundig__buf_str(condition, " and ");
        kundig__buf_text(condition, a->worst_field);
        kundig__buf_str(condition, " = ");
        next_word(condition, a->worst_group, '"');
    } else if (a->word.data) {
        kundig__buf_str(condition, " and text contains ");
        next_word(condition, a->word, '"');
    }
    next_start(a, command, "comments", false);
    next_where(command, " --where ", condition);
    next_line(a, section, command,
              moved                 ? "Read why it got worse:"
              : a->worst_group.data ? "Read why, where most is lost:"
                                    : "Read the comments behind the bad scores:");
}

static void next_change(kundig__analysis *a, kundig__section *section, kundig__buf *command,
                        kundig__buf *condition)
{
    next_start(a, command, "compare", true);
    for (int i = 0; i < 2; i++) {
        condition->len = 0;
        kundig__buf_str(condition, "time = ");
        kundig__buf_text(condition, i ? a->period_b : a->period_a);
        next_where(command, i ? " --b " : " --a ", condition);
    }
    if (a->group_field.data) {
        kundig__buf_str(command, " --by ");
        kundig__buf_text(command, a->group_field);
    }
    next_line(a, section, command,
              a->moved ? "See where the change comes from:" : "Compare any two periods:");
}

static void next_topics(kundig__analysis *a, kundig__section *section, kundig__buf *command,
                        kundig__buf *condition)
{
    condition->len = 0;
    kundig__buf_str(condition, "topic = ");
    next_word(condition, a->topic, '"');
    next_start(a, command, "comments", false);
    next_where(command, " --where ", condition);
    next_line(a, section, command, "Read what is said of a topic, with the evidence marked:");
    if (a->period_a.data) {
        kundig__buf_str(command, "kundig compare share ");
        next_shell(command, a->title.data ? a->title : KUNDIG__TEXT("FILE"));
        for (int i = 0; i < 2; i++) {
            condition->len = 0;
            kundig__buf_str(condition, "time = ");
            kundig__buf_text(condition, i ? a->period_b : a->period_a);
            next_where(command, i ? " --b " : " --a ", condition);
        }
        kundig__buf_str(command, " --by topic");
        next_line(a, section, command, "See what customers speak of more than before:");
    }
}

int kundig__find_next(kundig__analysis *a, kundig_error *err)
{
    (void)err;
    kundig__section *section = kundig__section_new(a, "What to ask next");
    if (!section) {
        return KUNDIG_OK;
    }
    kundig__buf command;
    kundig__buf condition;
    kundig__buf_init(&command, a->mem);
    kundig__buf_init(&condition, a->mem);
    if (a->scored && a->with_text) {
        next_comments(a, section, &command, &condition, false);
        if (a->moved_group.data) {
            next_comments(a, section, &command, &condition, true);
        }
    }
    if (a->scored && a->last_day.data && a->days > 14) {
        next_start(a, &command, "measure", true);
        if (a->group_field.data) {
            kundig__buf_str(&command, " --by ");
            kundig__buf_text(&command, a->group_field);
        }
        kundig__buf_str(&command, a->days >= 62 ? " --every month" : " --every week");
        next_line(a, section, &command, "Follow the score over time:");
    }
    if (a->period_a.data) {
        next_change(a, section, &command, &condition);
    }
    if (a->topic.data) {
        next_topics(a, section, &command, &condition);
    }
    if (a->scored && a->word.data && a->worst_group.data && !a->moved_group.data) {
        condition.len = 0;
        kundig__buf_str(&condition, "text contains ");
        next_word(&condition, a->word, '"');
        next_start(a, &command, "measure", true);
        next_where(&command, " --where ", &condition);
        next_line(a, section, &command, "The score of those who use a word:");
    }
    if (section->line_count == 0) {
        next_start(a, &command, "fields", false);
        next_line(a, section, &command, "See all fields that were read:");
    }
    if (kundig__corpus_question_count(a->corpus) == 0) {
        next_start(a, &command, "analyze", false);
        kundig__buf_str(&command, " --map nps=COLUMN");
        next_line(a, section, &command, "Name the column with the score:");
    }
    kundig__buf_free(&command);
    kundig__buf_free(&condition);
    return KUNDIG_OK;
}
