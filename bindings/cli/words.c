/* The page of words: what two sets say differently, what the satisfied miss, and where scores and
 * comments disagree. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define WORDS_SHOWN     15 /* of each side */
#define WORDS_LISTED    20
#define WORDS_LABEL     20
#define WORDS_BAR       12
#define WORDS_BAR_MOST  16
#define WORDS_WIDE      104 /* columns of a page with room for two bars */
#define WORDS_MOST_TEXT 4   /* lines */
#define WORDS_TOPICS    10
#define WORDS_EVIDENCE  80 /* bytes */

/* Two sets, and what a page calls them. */
typedef struct words_sets {
    uint32_t a;
    uint32_t b;
    char names[2][96];
    bool ends; /* of a scale, found out: told both ways */
} words_sets;

static int words_column(const kundig_table *table, const char *name, size_t *column)
{
    *column = kundig_table_find_column(table, name, strlen(name));
    return *column != SIZE_MAX;
}

/* ---- Which sets ----------------------------------------------------------------------------- */

/* A question as kundig_fields() has it. */
typedef struct words_question {
    char field[256];
    char scale[64];
} words_question;

/* Ends of a scale: answers up to `low`, and from `high` on; promoters and detractors, else the
 * outer thirds. False: the scale says nothing. */
static bool words_ends(const char *scale, double *low, double *high, bool *lower)
{
    double least = 1;
    double most = 5;
    *lower = strcmp(scale, "ces_2010") == 0;
    if (strcmp(scale, "nps") == 0) {
        *low = 6;
        *high = 9;
        return true;
    }
    if (strcmp(scale, "ces") == 0) {
        most = 7;
    } else if (strstr(scale, "..")) {
        least = strtod(scale, NULL);
        most = strtod(strstr(scale, "..") + 2, NULL);
        *lower = strstr(scale, ",lower") != NULL;
    }
    double third = (most - least) / 3;
    *low = least + third;
    *high = most - third;
    if (third >= 1) {
        /* "4 or 5" is meant, not "3.667 or more" */
        double down = (double)(long long)*low;
        double up = (double)(long long)*high;
        *low = down > *low ? down - 1 : down;
        *high = up < *high ? up + 1 : up;
    }
    return most > least;
}

/* The question that is meant: the one named, else the only one on the scale of the Net Promoter
 * Score, else the only one. */
static int words_question_of(const cli_arguments *arguments, kundig *corpus, words_question *out)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    size_t fields;
    size_t types;
    size_t scales;
    int code = kundig_fields(corpus, &table, &err);
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    size_t count = 0;
    size_t net = 0;
    size_t last = SIZE_MAX;
    if (words_column(table, "field", &fields) && words_column(table, "type", &types) &&
        words_column(table, "scale", &scales)) {
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            kundig_text type = kundig_table_text(table, row, types);
            kundig_text field = kundig_table_text(table, row, fields);
            kundig_text scale = kundig_table_text(table, row, scales);
            if (!type.data || strcmp(type.data, "question") != 0 || !field.data || !scale.data ||
                (arguments->question && strcmp(arguments->question, field.data) != 0)) {
                continue;
            }
            bool is_net = strcmp(scale.data, "nps") == 0;
            count++;
            net += is_net;
            last = is_net || !net ? row : last;
        }
    }
    bool found = last != SIZE_MAX && (count == 1 || net == 1);
    if (found) {
        snprintf(out->field, sizeof out->field, "%s", kundig_table_text(table, last, fields).data);
        snprintf(out->scale, sizeof out->scale, "%s", kundig_table_text(table, last, scales).data);
    }
    kundig_table_free(table);
    if (found) {
        return CLI_OK;
    }
    if (count) {
        cli_say("several questions were answered; name one with --question, or two sets with --a "
                "and --b");
    } else if (arguments->question) {
        cli_say("there is no question \"%s\"", arguments->question);
    } else {
        cli_say("no question was answered, so there are no detractors and promoters; name two sets "
                "with --a and --b");
    }
    cli_hint("all fields: kundig fields FILE");
    return CLI_USAGE;
}

static int words_ends_of(const cli_arguments *arguments, kundig *corpus, kundig_query *query,
                         words_sets *sets)
{
    words_question question;
    kundig_error err = {0, 0, ""};
    double low = 0;
    double high = 0;
    bool lower = false;
    uint32_t nodes[2];
    int exit_code = words_question_of(arguments, corpus, &question);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    if (!words_ends(question.scale, &low, &high, &lower)) {
        cli_say("the question \"%s\" has no scale; name two sets with --a and --b", question.field);
        return CLI_USAGE;
    }
    for (int end = 0; end < 2; end++) {
        kundig_value value = {.type = KUNDIG_VALUE_NUMBER, .number = end ? high : low};
        int code =
            kundig_query_condition(query, question.field, strlen(question.field),
                                   end ? KUNDIG_OP_GREATER_OR_EQUAL : KUNDIG_OP_LESS_OR_EQUAL,
                                   &value, 1, &nodes[end], &err);
        if (code) {
            return cli_failed_with(arguments, code, &err);
        }
    }
    bool net = strcmp(question.scale, "nps") == 0;
    sets->a = nodes[lower];
    sets->b = nodes[!lower];
    snprintf(sets->names[lower], sizeof *sets->names,
             net ? "detractors (%g or less)" : "%g or less", low);
    snprintf(sets->names[!lower], sizeof *sets->names,
             net ? "promoters (%g or more)" : "%g or more", high);
    sets->ends = true;
    return CLI_OK;
}

static int words_given(const cli_arguments *arguments, kundig_query *query, words_sets *sets)
{
    int exit_code = cli_node(query, "--a", arguments->a, &sets->a);
    if (exit_code == CLI_OK) {
        exit_code = cli_node(query, "--b", arguments->b, &sets->b);
    }
    snprintf(sets->names[0], sizeof *sets->names, "%s", arguments->a);
    snprintf(sets->names[1], sizeof *sets->names, "%s", arguments->b);
    sets->ends = false;
    return exit_code;
}

/* ---- The page of words ---------------------------------------------------------------------- */

static void words_bar(cli_page *page, const char *style, double share, double most)
{
    size_t room = page->width < WORDS_WIDE ? WORDS_BAR : WORDS_BAR_MOST;
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    char bar[WORDS_BAR_MOST * 4 + 8] = "";
    size_t units = most > 0 ? (size_t)(share / most * (double)room * 8 + 0.5) : 0;
    size_t columns = units / 8 + (units % 8 > 0);
    for (size_t i = 0; i < units / 8; i++) {
        strcat(bar, "█");
    }
    strcat(bar, eighths[units % 8]);
    cli_page_styled(page, style, bar, strlen(bar));
    cli_page_blanks(page, room > columns ? room - columns : 0);
}

static void words_number(cli_page *page, const char *style, const char *format, double value,
                         size_t columns)
{
    char text[48];
    snprintf(text, sizeof text, format, value);
    cli_page_right(page, style, text, columns);
}

static double words_greatest(const kundig_table *table, size_t rows, size_t a, size_t b)
{
    double most = 0;
    for (size_t row = 0; row < rows; row++) {
        double first = kundig_table_number(table, row, a);
        double second = kundig_table_number(table, row, b);
        most = first > most ? first : most;
        most = second > most ? second : most;
    }
    return most;
}

/* A label of the page, cut to its columns. */
static void words_label(cli_page *page, const char *style, kundig_text text, size_t columns)
{
    char *clean = cli_page_clean(text);
    if (!clean) {
        page->failed = true;
        return;
    }
    size_t len = strlen(clean);
    bool cut = cli_page_columns(clean, len) > columns;
    len = cut ? cli_page_line(clean, columns - 1) : len;
    cli_page_styled(page, style, clean, len);
    cli_page_str(page, cut ? "…" : "");
    size_t used = cli_page_columns(clean, len) + cut;
    cli_page_blanks(page, columns > used ? columns - used : 0);
    free(clean);
}

static void words_title(cli_page *page, const words_sets *sets, int side)
{
    char title[256];
    snprintf(title, sizeof title, "Words of %s, against %s", sets->names[side], sets->names[!side]);
    char *clean = cli_page_clean((kundig_text){title, strlen(title)});
    page->failed = page->failed || !clean;
    if (clean) {
        cli_page_wrap(page, CLI_STYLE_BOLD, 0, clean, 3);
    }
    free(clean);
}

static void words_notes(cli_page *page, const kundig_table *table)
{
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        cli_page_note(page, kundig_table_note(table, i));
    }
}

/* The words of one side; those of the ends of a scale in the colours of good and bad. */
static void words_side(cli_page *page, const kundig_table *table, const words_sets *sets, int side,
                       size_t limit)
{
    size_t word, a, customers, share_a, share_b, z, floor, above;
    size_t rows = kundig_table_row_count(table);
    bool named = words_column(table, "customers", &customers) && rows &&
                 !kundig_table_is_null(table, 0, customers);
    if (!(words_column(table, "word", &word) && words_column(table, "a", &a) &&
          words_column(table, "share_a", &share_a) && words_column(table, "share_b", &share_b) &&
          words_column(table, "z", &z) && words_column(table, "floor", &floor) &&
          words_column(table, "above_floor", &above))) {
        page->failed = true;
        return;
    }
    bool wide = page->width >= WORDS_WIDE;
    size_t bar = wide ? WORDS_BAR_MOST : WORDS_BAR;
    size_t label = wide ? WORDS_LABEL + 4 : WORDS_LABEL - (named ? 4 : 0);
    rows = rows < limit ? rows : limit;
    words_title(page, sets, side);
    if (!rows) {
        cli_page_str(page, "  none beyond chance\n");
    } else {
        cli_page_blanks(page, 2 + label);
        cli_page_right(page, CLI_STYLE_DIM, "these", 7);
        cli_page_blanks(page, 1 + bar);
        cli_page_right(page, CLI_STYLE_DIM, "others", 8);
        cli_page_blanks(page, wide ? 1 + bar : 0);
        cli_page_right(page, CLI_STYLE_DIM, "comments", 8);
        if (named) {
            cli_page_right(page, CLI_STYLE_DIM, "customers", 9);
        }
        cli_page_right(page, CLI_STYLE_DIM, "z", 5);
        cli_page_right(page, CLI_STYLE_DIM, "floor", 5);
        cli_page_str(page, "\n");
    }
    const char *style = !sets->ends ? CLI_STYLE_BOLD : side ? CLI_STYLE_GOOD : CLI_STYLE_BAD;
    double most = words_greatest(table, rows, share_a, share_b);
    for (size_t row = 0; row < rows && !page->failed; row++) {
        double mine = kundig_table_number(table, row, share_a);
        double theirs = kundig_table_number(table, row, share_b);
        bool noise = kundig_table_int(table, row, above) == 0;
        cli_page_blanks(page, 2);
        words_label(page, noise ? CLI_STYLE_DIM : CLI_STYLE_BOLD,
                    kundig_table_text(table, row, word), label);
        words_number(page, NULL, "%.1f %%", mine * 100, 7);
        cli_page_str(page, " ");
        words_bar(page, noise ? CLI_STYLE_DIM : style, mine, most);
        words_number(page, NULL, "%.1f %%", theirs * 100, 8);
        if (wide) {
            cli_page_str(page, " ");
            words_bar(page, CLI_STYLE_DIM, theirs, most);
        }
        words_number(page, NULL, "%.0f", (double)kundig_table_int(table, row, a), 8);
        if (named) {
            words_number(page, NULL, "%.0f", (double)kundig_table_int(table, row, customers), 9);
        }
        words_number(page, NULL, "%.1f", kundig_table_number(table, row, z), 5);
        if (kundig_table_is_null(table, row, floor)) {
            cli_page_right(page, NULL, "-", 5);
        } else {
            words_number(page, noise ? CLI_STYLE_DIM : NULL, "%.1f",
                         kundig_table_number(table, row, floor), 5);
        }
        cli_page_str(page, "\n");
    }
    cli_page_str(page, "\n");
    words_notes(page, table);
}

static int words_contrast(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    words_sets sets;
    kundig_error err = {0, 0, ""};
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    bool text = arguments->format == CLI_FORMAT_TEXT;
    int exit_code = arguments->a ? words_given(arguments, query, &sets)
                                 : words_ends_of(arguments, corpus, query, &sets);
    for (int side = 0; side < 2 && exit_code == CLI_OK; side++) {
        kundig_table *table = NULL;
        kundig_words_options options;
        kundig_words_options_init(&options);
        options.limit = arguments->limit ? arguments->limit : text ? WORDS_SHOWN : 0;
        cli_progress_start("measuring", false);
        int code = kundig_words(corpus, query, side ? sets.b : sets.a, side ? sets.a : sets.b,
                                &options, &table, &err);
        cli_progress_end();
        if (code) {
            return cli_failed_with(arguments, code, &err);
        }
        if (text) {
            cli_page_str(&page, side ? "\n" : "");
            words_side(&page, table, &sets, side, (size_t)options.limit);
            exit_code = page.failed ? CLI_FAILED : CLI_OK;
        } else {
            exit_code = cli_write_table(arguments, table);
        }
        kundig_table_free(table);
        if (!sets.ends || !text) {
            break;
        }
    }
    return exit_code;
}

/* ---- Buts ----------------------------------------------------------------------------------- */

/* The bytes "12-40" of a text. */
static kundig_text words_clause(const kundig_table *table, size_t row, size_t clause, size_t text)
{
    kundig_text whole = kundig_table_text(table, row, text);
    kundig_text place = kundig_table_text(table, row, clause);
    char *end = NULL;
    if (!whole.data || !place.data) {
        return (kundig_text){"", 0};
    }
    size_t from = (size_t)strtoul(place.data, &end, 10);
    size_t to = *end == '-' ? (size_t)strtoul(end + 1, NULL, 10) : from;
    if (from > to || to > whole.len) {
        return (kundig_text){"", 0};
    }
    return (kundig_text){whole.data + from, to - from};
}

typedef struct words_topic {
    char name[64];
    size_t count;
} words_topic;

/* The topics named most often, first; returns how many there are room for. */
static size_t words_count_topics(const kundig_table *table, size_t topic, words_topic *topics,
                                 size_t most)
{
    size_t count = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text names = kundig_table_text(table, row, topic);
        const char *at = names.data ? names.data : "";
        while (*at) {
            size_t len = strcspn(at, ",");
            size_t i = 0;
            while (i < count &&
                   (strlen(topics[i].name) != len || memcmp(topics[i].name, at, len) != 0)) {
                i++;
            }
            if (i == count && count < most && len < sizeof topics->name) {
                memcpy(topics[i].name, at, len);
                topics[i].name[len] = '\0';
                topics[i].count = 0;
                count++;
            }
            if (i < count) {
                topics[i].count++;
            }
            at += len;
            at += strspn(at, ", ");
        }
    }
    for (size_t i = 1; i < count; i++) {
        words_topic moved = topics[i];
        size_t at = i;
        while (at > 0 && (topics[at - 1].count < moved.count ||
                          (topics[at - 1].count == moved.count &&
                           strcmp(topics[at - 1].name, moved.name) > 0))) {
            topics[at] = topics[at - 1];
            at--;
        }
        topics[at] = moved;
    }
    return count;
}

static void words_topics(cli_page *page, const kundig_table *table, size_t topic)
{
    static const char *const head = "What they miss, by topic";
    words_topic topics[256];
    size_t count = words_count_topics(table, topic, topics, 256);
    if (!count) {
        return;
    }
    cli_page_styled(page, CLI_STYLE_BOLD, head, strlen(head));
    cli_page_str(page, "\n");
    for (size_t i = 0; i < count && i < WORDS_TOPICS; i++) {
        cli_page_blanks(page, 2);
        words_label(page, CLI_STYLE_BOLD, (kundig_text){topics[i].name, strlen(topics[i].name)},
                    WORDS_LABEL);
        words_number(page, NULL, "%.0f", (double)topics[i].count, 5);
        cli_page_str(page, " ");
        words_bar(page, CLI_STYLE_BAD, (double)topics[i].count, (double)topics[0].count);
        cli_page_str(page, "\n");
    }
    cli_page_str(page, "\n");
}

static void words_wrapped(cli_page *page, const char *style, size_t indent, kundig_text text,
                          size_t lines)
{
    char *clean = cli_page_clean(text);
    page->failed = page->failed || !clean;
    if (clean) {
        cli_page_wrap(page, style, indent, clean, lines);
    }
    free(clean);
}

/* The same where the first line is begun. */
static void words_rest(cli_page *page, const char *style, size_t indent, kundig_text text,
                       size_t lines)
{
    char *clean = cli_page_clean(text);
    if (!clean) {
        page->failed = true;
        return;
    }
    size_t columns = page->width > indent + 20 ? page->width - indent : 20;
    size_t len = cli_page_line(clean, columns);
    cli_page_styled(page, style, clean, len);
    cli_page_str(page, "\n");
    const char *rest = clean + len + strspn(clean + len, " ");
    if (*rest) {
        cli_page_wrap(page, style, indent, rest, lines - 1);
    }
    free(clean);
}

/* Rows of one record stand side by side and show one text. */
static bool words_same_record(const kundig_table *table, size_t row, size_t other, size_t text)
{
    static const char *const names[] = {"time", "source", "id", "score"};
    kundig_text a = kundig_table_text(table, row, text);
    kundig_text b = kundig_table_text(table, other, text);
    bool same = a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
    for (size_t i = 0; same && i < sizeof names / sizeof *names; i++) {
        size_t column;
        if (!words_column(table, names[i], &column)) {
            continue;
        }
        kundig_text x = kundig_table_text(table, row, column);
        kundig_text y = kundig_table_text(table, other, column);
        same =
            x.len == y.len && (!x.len || memcmp(x.data, y.data, x.len) == 0) &&
            (x.data ||
             kundig_table_number(table, row, column) == kundig_table_number(table, other, column) ||
             kundig_table_is_null(table, row, column));
    }
    return same;
}

/* The record that begins with a row: its score, topics and clauses, then its text. Returns how many
 * rows it has. */
static size_t words_but(cli_page *page, const kundig_table *table, size_t row)
{
    size_t score, word, topic, clause, text;
    if (!(words_column(table, "score", &score) && words_column(table, "word", &word) &&
          words_column(table, "topic", &topic) && words_column(table, "clause", &clause) &&
          words_column(table, "text", &text))) {
        page->failed = true;
        return 1;
    }
    size_t count = 1;
    while (row + count < kundig_table_row_count(table) &&
           words_same_record(table, row, row + count, text)) {
        count++;
    }
    char head[512];
    size_t len = (size_t)snprintf(head, sizeof head, "%g ", kundig_table_number(table, row, score));
    for (size_t i = row; i < row + count && len < sizeof head; i++) {
        kundig_text about = kundig_table_text(table, i, topic);
        kundig_text evidence = words_clause(table, i, clause, text);
        bool quoted = !kundig_table_text(table, i, word).data && evidence.len;
        if (evidence.len > WORDS_EVIDENCE) {
            evidence.len = WORDS_EVIDENCE; /* and no character cut */
            while (((unsigned char)evidence.data[evidence.len] & 0xC0) == 0x80) {
                evidence.len--;
            }
        }
        if (about.len) {
            len +=
                (size_t)snprintf(head + len, sizeof head - len, "%s%s%s%.*s%s",
                                 len > 3 ? ", " : " ", about.data, quoted ? " “" : "",
                                 quoted ? (int)evidence.len : 0, evidence.data, quoted ? "”" : "");
        }
    }
    words_wrapped(page, CLI_STYLE_BAD, 2, (kundig_text){head, strlen(head)}, 2);
    kundig_text whole = kundig_table_text(table, row, text);
    for (size_t i = row; i < row + count; i++) {
        kundig_text behind = kundig_table_text(table, i, word);
        kundig_text part = words_clause(table, i, clause, text);
        if (behind.data && part.len) {
            cli_page_blanks(page, 4);
            cli_page_styled(page, CLI_STYLE_DIM, behind.data, behind.len);
            cli_page_str(page, ": ");
            words_rest(page, CLI_STYLE_BOLD, 6 + behind.len, part, WORDS_MOST_TEXT);
        }
    }
    words_wrapped(page, CLI_STYLE_DIM, 4, whole, WORDS_MOST_TEXT);
    return count;
}

static int words_buts(const cli_arguments *arguments, kundig *corpus, const kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    size_t topic;
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    bool page_wanted = arguments->format == CLI_FORMAT_TEXT;
    cli_progress_start("reading", false);
    /* A page counts the topics of all, and shows some. */
    int code = kundig_buts(corpus, query, page_wanted ? 0 : (size_t)arguments->limit, &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    int exit_code = CLI_OK;
    if (!page_wanted) {
        exit_code = cli_write_table(arguments, table);
    } else {
        size_t limit = arguments->limit ? (size_t)arguments->limit : WORDS_LISTED;
        size_t rows = kundig_table_row_count(table);
        words_notes(&page, table);
        cli_page_str(&page, "\n");
        if (words_column(table, "topic", &topic)) {
            words_topics(&page, table, topic);
        }
        for (size_t row = 0, shown = 0; row < rows && shown < limit && !page.failed; shown++) {
            row += words_but(&page, table, row);
        }
        exit_code = page.failed ? CLI_FAILED : CLI_OK;
    }
    kundig_table_free(table);
    return exit_code;
}

/* ---- Mismatch ------------------------------------------------------------------------------- */

static void words_mismatch_kind(cli_page *page, const kundig_table *table, const char *kind_name,
                                size_t limit)
{
    size_t score, value, kind, text;
    size_t shown = 0;
    if (!(words_column(table, "score", &score) && words_column(table, "value", &value) &&
          words_column(table, "kind", &kind) && words_column(table, "text", &text))) {
        page->failed = true;
        return;
    }
    for (size_t row = 0; row < kundig_table_row_count(table) && shown < limit && !page->failed;
         row++) {
        kundig_text name = kundig_table_text(table, row, kind);
        char head[64];
        if (!name.data || strcmp(name.data, kind_name) != 0) {
            continue;
        }
        if (shown++ == 0) {
            cli_page_str(page, "\n");
            cli_page_styled(page, CLI_STYLE_BOLD, kind_name, strlen(kind_name));
            cli_page_str(page, "\n");
        }
        snprintf(head, sizeof head, "%g  %+.2f", kundig_table_number(table, row, score),
                 kundig_table_number(table, row, value));
        cli_page_blanks(page, 2);
        cli_page_styled(page, CLI_STYLE_BOLD, head, strlen(head));
        cli_page_str(page, "\n");
        words_wrapped(page, CLI_STYLE_DIM, 4, kundig_table_text(table, row, text), WORDS_MOST_TEXT);
    }
}

static int words_mismatch(const cli_arguments *arguments, kundig *corpus, const kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    bool page_wanted = arguments->format == CLI_FORMAT_TEXT;
    size_t limit = arguments->limit ? (size_t)arguments->limit : WORDS_LISTED / 2;
    cli_progress_start("reading", false);
    int code =
        kundig_mismatch(corpus, query, page_wanted ? 0 : (size_t)arguments->limit, &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    int exit_code = CLI_OK;
    if (!page_wanted) {
        exit_code = cli_write_table(arguments, table);
    } else {
        words_notes(&page, table);
        words_mismatch_kind(&page, table, "high score, negative text", limit);
        words_mismatch_kind(&page, table, "low score, positive text", limit);
        exit_code = page.failed ? CLI_FAILED : CLI_OK;
    }
    kundig_table_free(table);
    return exit_code;
}

int cli_words(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    return arguments->buts       ? words_buts(arguments, corpus, query)
           : arguments->mismatch ? words_mismatch(arguments, corpus, query)
                                 : words_contrast(arguments, corpus, query);
}
