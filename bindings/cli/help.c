/* What the commands are and how they are explained. */
#include <string.h>

#include "cli.h"

const cli_command cli_commands[CLI_COMMAND_COUNT] = {
    [CLI_ANALYZE] = {"analyze", "FILE",
                     "one page: what the file says, how sure that is, what to ask next", 1, 0,
                     "kundig analyze feedback.csv"},
    [CLI_MEASURE] = {"measure", "METRIC FILE", "a metric with its interval, by group and period", 2,
                     0, "kundig measure nps feedback.csv --by stage,channel --every month"},
    [CLI_COMPARE] = {"compare", "METRIC FILE --a COND --b COND",
                     "two sets of records: is the difference more than chance?", 2, 0,
                     "kundig compare nps feedback.csv --a 'time = 2026-01' --b 'time = 2026-02'"},
    [CLI_TOPICS] = {"topics", "FILE",
                    "what customers speak of: comments, share, score, a typical comment", 1, 0,
                    "kundig topics feedback.csv --where 'nps <= 6'"},
    [CLI_COMMENTS] =
        {"comments", "FILE", "the comments behind a number, newest first", 1, 0,
         "kundig comments feedback.csv --where 'nps <= 6 and stage = Order' --limit 20"},
    [CLI_FIELDS] = {"fields", "FILE", "the fields that can be grouped by and filtered on", 1, 0,
                    "kundig fields feedback.csv"},
    [CLI_METRICS] = {"metrics", "", "the metrics there are, with their units and sources", 0, 0,
                     "kundig metrics"},
    [CLI_TAXONOMY] = {"taxonomy", "ACTION [FILE] [MODEL]",
                      "topics of one's own: show, list, check, save", 1, 3,
                      "kundig taxonomy check topics.txt"},
    [CLI_READ] = {"read", "TEXT", "one text: its language, topics and personal data", 1, 0,
                  "kundig read 'Still waiting for my parcel, call me on 020 7946 0018'"},
    [CLI_HELP] = {"help", "[COMMAND]", "this page, or all about one command", 0, 1,
                  "kundig help measure"},
};

int cli_find_command(const char *name)
{
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        if (strcmp(cli_commands[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

void cli_help(FILE *to)
{
    fputs("kundig: customer feedback in, honest numbers out, on this machine alone\n"
          "\n"
          "Usage: kundig COMMAND [OPTION]...\n"
          "\n",
          to);
    for (int i = 0; i < CLI_COMMAND_COUNT; i++) {
        char call[64];
        const char *arguments = cli_commands[i].arguments;
        const char *spare = strstr(arguments, " [");
        size_t shown = spare ? (size_t)(spare - arguments) : strcspn(arguments, "-");
        snprintf(call, sizeof call, "%s %.*s", cli_commands[i].name, (int)shown, arguments);
        fprintf(to, "  %-20s  %s\n", call, cli_commands[i].summary);
    }
    fputs(
        "\n"
        "Start with\n"
        "\n"
        "  kundig analyze feedback.csv\n"
        "\n"
        "FILE is a CSV file with a header row (comma, semicolon, tab or | between fields), or - "
        "for\n"
        "standard input. Which column holds the score, the comment, the date and so on is found "
        "out\n"
        "and said; --map corrects it. A file is never held whole, a pipe is: give large input as "
        "a\n"
        "file. All options of a command: kundig help COMMAND.\n"
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
        "    1  not answered: the file cannot be read or holds nothing usable, memory or disk is\n"
        "       full, the answer could not be written\n"
        "    2  the command must be changed: unknown or ambiguous command, option, metric, field,\n"
        "       zone or condition\n"
        "  130  cancelled by Ctrl-C\n"
        "\n"
        "  kundig --version   say the version\n"
        "\n"
        "Net Promoter, Net Promoter Score and NPS are trademarks of their owners.\n",
        to);
}

static void help_reading(FILE *to)
{
    fputs(
        "\nReading the file\n"
        "  --map FIELD=COLUMN,...  what columns mean, where the guess is wrong. FIELD is text, "
        "id,\n"
        "                          customer, time, updated, kind, channel, touchpoint, stage, "
        "case,\n"
        "                          agent, department, segment, product, language, purpose, "
        "consent,\n"
        "                          weight, nps, csat, ces, ces_2010, stars, score[MIN..MAX],\n"
        "                          score[MIN..MAX,lower], attribute or ignore. May be repeated. A\n"
        "                          column name with a comma or = stands in double quotes\n"
        "  --dates ORDER           day-first or month-first, where 03/04/2026 could be both\n"
        "  --zone NAME             zone of times without an offset, and of periods and dates "
        "asked\n"
        "                          for, such as Europe/Berlin; default UTC\n"
        "  --encoding NAME         utf-8 (default) or windows-1252\n"
        "  --delimiter C           one character, or the word tab; default: found out\n"
        "  --source NAME           name of the source; default: the file's name\n"
        "  --taxonomy FILE         topics of one's own, or a model saved of them: kundig help\n"
        "                          taxonomy; default: the ready ones\n"
        "  --mask[=KIND,...]       mask personal data in comments wherever they are shown: all,\n"
        "                          or e-mail, phone, iban, card, url, address, name\n"
        "  --kind KIND             what the rows are, where no column says: survey, review, "
        "ticket,\n"
        "                          call, chat, interview, user_lab, workshop or employee\n"
        "  --rejects FILE          write rejected rows as they stood, below the header, to be "
        "mended\n"
        "                          and read again. FILE is replaced\n"
        "  --threads N             1 to 64; default 1. Changes no answer\n"
        "  --memory-limit SIZE     such as 500M or 2G; going beyond is an error\n",
        to);
}

static void help_asking(FILE *to, bool counts)
{
    fputs(
        "\nWhich records\n"
        "  --where COND            only records that meet a condition; repeated: all of them. See\n"
        "                          below\n"
        "  --question NAME         which question, where several share a scale\n"
        "  --purpose NAME          leave out records given for another purpose, or without "
        "consent\n"
        "  --as-of DATE            leave out records after this date\n",
        to);
    if (counts) {
        fputs("\nHow it is measured\n"
              "  --of UNIT               records (default), or customers: each counts once, with "
              "the\n"
              "                          mean of their records\n"
              "  --interval NAME         default, wald or score; kundig metrics tells the default\n"
              "  --level P               confidence of the interval; default 0.95\n"
              "  --min-n N               give no value for groups of fewer than N\n",
              to);
    }
}

static void help_condition(FILE *to)
{
    fputs("\nConditions\n"
          "  channel = email and time >= 2026-01 and not (stage in (Order, \"First Payment\"))\n"
          "  nps between 0 and 6 or text contains \"late\"\n"
          "  time = 2026-Q1 and customer is not missing\n"
          "  topic in (delay, refund) and text_language = de\n"
          "  Operators: = != < <= > >= in between contains, is missing, and or not ( ). Names and\n"
          "  values with blanks stand in quotes, so put the whole condition in the other kind.\n"
          "  Dates: 2026, 2026-03, 2026-Q1, 2026-W11, 2026-03-09, 2026-03-09T14:30: the whole "
          "span.\n",
          to);
}

static void help_output(FILE *to, const char *formats)
{
    fprintf(to,
            "\nOutput\n"
            "  --format NAME           %s\n"
            "  --color WHEN            auto (default: on a terminal), always or never\n"
            "  --width N               columns of the page, 40 to 1000; default: the terminal, "
            "else 100\n"
            "  --quiet                 say nothing on standard error but errors\n",
            formats);
}

void cli_help_command(FILE *to, enum cli_command_id id)
{
    const cli_command *command = &cli_commands[id];
    fprintf(to, "kundig %s: %s\n\nUsage: kundig %s %s%s\n\n  %s\n", command->name, command->summary,
            command->name, command->arguments, id == CLI_HELP ? "" : " [OPTION]...",
            command->example);
    switch (id) {
    case CLI_ANALYZE:
        help_asking(to, true);
        help_reading(to);
        help_output(to, "text (default) or json");
        help_condition(to);
        break;
    case CLI_MEASURE:
        fputs(
            "\nMETRIC is one of kundig metrics. One row a group that holds a record, with value,\n"
            "interval, n (records), customers, status and method. n below a few dozen says "
            "little:\n"
            "look at the interval.\n"
            "\nGroups\n"
            "  --by FIELD,...          by the values of fields; see kundig fields FILE\n"
            "  --every WINDOW          by day, week (ISO 8601), month, quarter or year\n",
            to);
        help_asking(to, true);
        help_reading(to);
        help_output(to, "table (default), csv or json");
        help_condition(to);
        break;
    case CLI_COMPARE:
        fputs("\nb - a in every group, with its interval, p (two-sided), q (p corrected for the "
              "number\n"
              "of rows, Benjamini-Hochberg) and the smallest change that 80 % power would find.\n"
              "\nGroups\n"
              "  --a COND                the first set of records\n"
              "  --b COND                the second\n"
              "  --by FIELD,...          compare within the values of fields\n"
              "  --every WINDOW          and within days, weeks, months, quarters or years\n",
              to);
        help_asking(to, true);
        help_reading(to);
        help_output(to, "table (default), csv or json");
        help_condition(to);
        break;
    case CLI_TOPICS:
        fputs(
            "\nOne row a topic: comments with it, customers, share of all comments, the score of\n"
            "those who speak of it, each with its interval, and a typical comment, masked. A\n"
            "comment counts in each of its topics. Topics are the ready ones, or your own with\n"
            "--taxonomy. More: measure nps FILE --by topic, measure share FILE --by topic\n"
            "--every month, comments FILE --where 'topic = delay'.\n"
            "\n  --metric METRIC         the score; default: nps, else the mean of the answers\n"
            "  --limit N               at most N topics\n",
            to);
        help_asking(to, true);
        help_reading(to);
        help_output(to, "table (default), csv or json");
        help_condition(to);
        break;
    case CLI_TAXONOMY:
        fputs(
            "\n  taxonomy show               the ready taxonomy as a file to start from:\n"
            "                              kundig taxonomy show > topics.txt\n"
            "  taxonomy list [FILE]        its topics; without FILE those of the ready one\n"
            "  taxonomy check FILE         faults, dead rules, conflicts; exit code 1 for faults\n"
            "  taxonomy save FILE MODEL    make a model, once, for --taxonomy MODEL\n"
            "\nA taxonomy\n"
            "  theme delivery: Delivery            first level: a name and a title\n"
            "  topic delay: Late delivery          second level, in the theme above it\n"
            "  en: late, ~delay, took .. weeks     rules of a language, parted by commas\n"
            "  de: ~Verspätung, zu spät            also found in compounds: Lieferverspätung\n"
            "  any: ETA                            in every language\n"
            "  not en: better late than never      a hit that overlaps it does not count\n"
            "  parts de: Zeit, Punkt               no topic, yet parts of compounds\n"
            "Terms: a word; a beginning (deliver*); a stem (~delay: delays, delayed); _ for any\n"
            "one word; .. for up to three; in double quotes all stands for itself. # begins a\n"
            "remark. Languages: de, en, fr, es, pt, it, nl, any. Try rules with kundig read.\n",
            to);
        help_output(to, "table (default), csv or json");
        break;
    case CLI_READ:
        fputs("\nTEXT is read as comments are: language of each sentence, topics with the words\n"
              "that caused them, personal data. - reads standard input as one text. Formats csv\n"
              "and json give the topics alone.\n"
              "\n  --taxonomy FILE         topics of one's own, or a model saved of them\n"
              "  --mask[=KIND,...]       print the text masked, nothing else\n",
              to);
        help_output(to, "table (default), csv or json");
        break;
    case CLI_COMMENTS:
        fputs("\n  --limit N               at most N comments; a note says how many there are\n",
              to);
        help_asking(to, false);
        help_reading(to);
        help_output(to, "table (default), csv or json");
        help_condition(to);
        break;
    case CLI_FIELDS:
        help_reading(to);
        help_output(to, "table (default), csv or json");
        break;
    case CLI_METRICS:
        help_output(to, "table (default), csv or json");
        break;
    default:
        break;
    }
}
