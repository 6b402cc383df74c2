/* What the commands are; all about one of them stands in manual.c. */
#include <string.h>

#include "cli.h"

const cli_command cli_commands[CLI_COMMAND_COUNT] = {
    [CLI_ANALYZE] = {"analyze", "FILE",
                     "one page: what is said, how sure that is, what to ask next", 1, 0,
                     "kundig analyze feedback.csv"},
    [CLI_MEASURE] = {"measure", "METRIC FILE", "a metric with its interval, by group and period", 2,
                     0, "kundig measure nps feedback.csv --by stage,channel --every month"},
    [CLI_COMPARE] = {"compare", "METRIC FILE --a COND --b COND",
                     "two sets of records: is the difference more than chance?", 2, 0,
                     "kundig compare nps feedback.csv --a 'time = 2026-01' --b 'time = 2026-02'"},
    [CLI_TOPICS] = {"topics", "FILE",
                    "what customers speak of, without any set-up: size, score, a comment", 1, 0,
                    "kundig topics feedback.csv --where 'nps <= 6'"},
    [CLI_COMMENTS] =
        {"comments", "FILE", "the comments behind a number, newest first", 1, 0,
         "kundig comments feedback.csv --where 'nps <= 6 and stage = Order' --limit 20"},
    [CLI_SEARCH] = {"search", "FILE WORD...", "comments that hold all these words", 2,
                    CLI_MOST_WORDS - 1, "kundig search feedback.kundig 'verspät*' Lieferung"},
    [CLI_FIELDS] = {"fields", "FILE", "the fields that can be grouped by and filtered on", 1, 0,
                    "kundig fields feedback.csv"},
    [CLI_IMPACT] = {"impact", "FILE", "what each topic does to a score, and how sure that is", 1, 0,
                    "kundig impact feedback.csv --by topic"},
    [CLI_EXPLAIN] = {"explain", "FILE", "why a score moved from one set of records to another", 1,
                     0, "kundig explain feedback.csv --before 2026-Q1 --after 2026-Q2"},
    [CLI_ALARMS] = {"alarms", "FILE",
                    "what is out of the ordinary since when, and control charts (--chart)", 1, 0,
                    "kundig alarms feedback.csv --by topic,channel --every week"},
    [CLI_EMERGING] = {"emerging", "FILE",
                      "what is coming up: bursts, rises, and what fits no topic", 1, 0,
                      "kundig emerging feedback.csv --every week"},
    [CLI_WORDS] = {"words", "FILE", "the words of detractors and promoters, or of any two sets", 1,
                   0, "kundig words feedback.csv --a 'stage = Order' --b 'stage = Payment'"},
    [CLI_LOUD] = {"loud", "FILE", "loud topics and meaningful ones: who writes, and what it weighs",
                  1, 0, "kundig loud feedback.csv"},
    [CLI_FUNNEL] = {"funnel", "FILE", "groups beside what chance does to them, or a benchmark", 1,
                    0, "kundig funnel feedback.csv --by agent"},
    [CLI_WEIGHTS] = {"weights", "FILE", "for whom do the answers stand, and what if for all?", 1, 0,
                     "kundig weights feedback.csv --margin channel:email=60 --margin "
                     "channel:phone=40"},
    [CLI_DISCOVER] = {"discover", "FILE", "find topics that nobody named, and keep their names", 1,
                      0, "kundig discover feedback.kundig --pin"},
    [CLI_TEACH] = {"teach", "FILE", "learn topics from examples and sentiment from scores", 1, 0,
                   "kundig teach tickets.csv --label topic --output tickets.model"},
    [CLI_CLASSIFY] = {"classify", "FILE",
                      "what each comment speaks of, how probable that is, and why", 0, 1,
                      "kundig classify feedback.csv --model tickets.model --limit 20"},
    [CLI_SENTIMENT] = {"sentiment", "FILE",
                       "how each comment is meant, and the score its writer would give", 0, 1,
                       "kundig sentiment --text 'Friendly staff, but I waited for weeks'"},
    [CLI_DEFINE] = {"define", "MODEL TOPIC NAME",
                    "a discovered topic as rules, to start a taxonomy from", 3, 0,
                    "kundig define topics.model t-0123456789ab delay > topics.txt"},
    [CLI_MODEL] = {"model", "ACTION FILE",
                   "what was learned: show, prune, validate, curve, doubts, next", 2, 0,
                   "kundig model show tickets.model"},
    [CLI_INGEST] = {"ingest", "STORE FILE", "add a file to a store, which is made if there is none",
                    2, 0, "kundig ingest feedback.kundig feedback.csv"},
    [CLI_EXPORT] = {"export", "STORE", "all facts as they were given, every version of them", 1, 0,
                    "kundig export feedback.kundig > feedback.csv"},
    [CLI_ERASE] = {"erase", "STORE", "forget one customer, or one record, with a receipt", 1, 0,
                   "kundig erase feedback.kundig --customer C00000521"},
    [CLI_EXPIRE] = {"expire", "STORE --as-of DATE", "forget records whose time is over", 1, 0,
                    "kundig expire feedback.kundig --as-of 2026-09-01 --keep support=365"},
    [CLI_MERGE] = {"merge", "STORE OTHER", "add all that another store holds", 2, 0,
                   "kundig merge feedback.kundig branch.kundig"},
    [CLI_VERIFY] = {"verify", "STORE", "check a store through and through; exit code 1 if damaged",
                    1, 0, "kundig verify feedback.kundig"},
    [CLI_AUDIT] = {"audit", "STORE", "the receipts of what was erased, expired and merged", 1, 0,
                   "kundig audit feedback.kundig"},
    [CLI_COMPACT] = {"compact", "STORE", "write the file anew, without what erasures left empty", 1,
                     0, "kundig compact feedback.kundig"},
    [CLI_HASH] = {"hash", "FILE", "the name of the state of the facts: equal facts, equal names", 1,
                  0, "kundig hash feedback.kundig"},
    [CLI_PIN] = {"pin", "STORE [MODEL]", "keep topics with the store, for all who open it", 1, 2,
                 "kundig pin feedback.kundig topics.txt"},
    [CLI_LABEL] = {"label", "STORE", "say that a record speaks of a topic, or that it does not", 1,
                   0,
                   "kundig label feedback.kundig --source feedback.csv --id F00000456 "
                   "--topic delay"},
    [CLI_EDIT] = {"edit", "STORE KIND WORD...",
                  "rename, merge, split, hide discovered topics; it is kept", 3, 6,
                  "kundig edit feedback.kundig rename t-0123456789ab 'Late delivery'"},
    [CLI_LINK] = {"link", "STORE NAME NAME", "say that two names are one customer", 3, 0,
                  "kundig link feedback.kundig C00000521 anna@example.com"},
    [CLI_CONSENT] = {"consent", "STORE NAME yes|no", "keep what a customer allows", 3, 0,
                     "kundig consent feedback.kundig C00000521 no --purpose marketing"},
    [CLI_PSEUDONYM] = {"pseudonym", "STORE NAME", "what stands for a name where names are not kept",
                       2, 0, "kundig pseudonym feedback.kundig C00000521 --key-file customers.key"},
    [CLI_METRICS] = {"metrics", "", "the metrics there are, with their units and sources", 0, 0,
                     "kundig metrics"},
    [CLI_TAXONOMY] = {"taxonomy", "ACTION [FILE] [MODEL]",
                      "topics of one's own: show, list, check, save", 1, 3,
                      "kundig taxonomy check topics.txt"},
    [CLI_READ] = {"read", "TEXT", "one text: its language, topics and personal data", 1, 0,
                  "kundig read 'Still waiting for my parcel, call me on 020 7946 0018'"},
    [CLI_HELP] = {"help", "[COMMAND]", "this page, or all about one command", 0, 2,
                  "kundig help measure"},
    [CLI_MODEL_SHOW] = {"model show", "MODEL", "look into what a model learned", 1, 0,
                        "kundig model show tickets.model --features"},
    [CLI_MODEL_PRUNE] = {"model prune", "MODEL --most-bytes SIZE --output FILE",
                         "make what a model learned smaller", 1, 0,
                         "kundig model prune tickets.model --most-bytes 200K --output small.model"},
    [CLI_MODEL_VALIDATE] = {"model validate", "FILE",
                            "cross-validate: how right is it on what it has not seen?", 1, 0,
                            "kundig model validate tickets.csv --label topic"},
    [CLI_MODEL_CURVE] = {"model curve", "FILE", "how much better would more examples make it?", 1,
                         0, "kundig model curve tickets.csv --label topic"},
    [CLI_MODEL_DOUBTS] = {"model doubts", "FILE", "labels that may be wrong, most doubtful first",
                          1, 0, "kundig model doubts tickets.csv --label topic --limit 20"},
    [CLI_MODEL_NEXT] = {"model next", "FILE", "which comments to label next", 1, 0,
                        "kundig model next feedback.kundig --limit 20"},
};

int cli_find_command(const char *first, const char *second)
{
    size_t len = strlen(first);
    int found = -1;
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        const char *name = cli_commands[i].name;
        if (strcmp(name, first) == 0) {
            found = i;
        } else if (second && strncmp(name, first, len) == 0 && name[len] == ' ' &&
                   strcmp(name + len + 1, second) == 0) {
            return i;
        }
    }
    return found;
}

/* The commands from one to another, with their words. */
static void help_list(FILE *to, const char *title, enum cli_command_id first,
                      enum cli_command_id last)
{
    fprintf(to, "%s\n", title);
    for (int i = (int)first; i <= (int)last; i++) {
        char call[64];
        const char *arguments = cli_commands[i].arguments;
        const char *spare = strstr(arguments, " [");
        const char *option = strstr(arguments, " --");
        size_t shown = spare    ? (size_t)(spare - arguments)
                       : option ? (size_t)(option - arguments)
                                : strlen(arguments);
        snprintf(call, sizeof call, "%s %.*s", cli_commands[i].name, (int)shown, arguments);
        fprintf(to, "  %-25s  %s\n", call, cli_commands[i].summary);
    }
    fputs("\n", to);
}

void cli_help(FILE *to)
{
    fputs("kundig: customer feedback in, honest numbers out, on this machine alone\n"
          "\n"
          "Usage: kundig COMMAND [OPTION]...\n"
          "\n",
          to);
    help_list(to, "Asking", CLI_ANALYZE, CLI_WEIGHTS);
    help_list(to, "Learning", CLI_DISCOVER, CLI_MODEL);
    help_list(to, "Keeping", CLI_INGEST, CLI_PSEUDONYM);
    help_list(to, "Knowing", CLI_METRICS, CLI_HELP);
    fputs(
        "Start with\n"
        "\n"
        "  kundig analyze feedback.csv\n"
        "\n"
        "FILE is a CSV file with a header row (comma, semicolon, tab or | between fields), or - "
        "for\n"
        "standard input, or a store. Which column holds the score, the comment, the date and so on "
        "is\n"
        "found out and said; --map corrects it. A file is never held whole, a pipe is: give large\n"
        "input as a file.\n"
        "\n"
        "STORE is one file that keeps feedback for years, made by kundig ingest. What was "
        "acknowledged\n"
        "survives a killed process and a lost power supply; one customer can be forgotten in it. "
        "Every\n"
        "command that asks takes it in the place of FILE. All options: kundig help COMMAND.\n"
        "\n"
        "Answers go to standard output; what was read, warnings and errors to standard error. "
        "Values\n"
        "in CSV and JSON are in natural units (an NPS in [-1, 1], shares in [0, 1]); pages for "
        "people\n"
        "show them times 100. Colours are left out in a pipe, with --color never, and with "
        "NO_COLOR.\n"
        "\n"
        "Exit codes\n"
        "    0  answered. Rejected rows do not change this: they are counted, said, and kept with\n"
        "       --rejects\n"
        "    1  not answered: the file cannot be read or holds nothing usable, the store is "
        "damaged "
        "or\n"
        "       busy, memory or disk is full, the answer could not be written\n"
        "    2  the command must be changed: unknown or ambiguous command, option, metric, field,\n"
        "       zone or condition, or not allowed in this mode\n"
        "  130  cancelled by Ctrl-C\n"
        "\n"
        "  kundig --version   say the version\n"
        "\n"
        "Net Promoter, Net Promoter Score and NPS are trademarks of their owners.\n",
        to);
}
