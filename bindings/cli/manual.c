/* All about one command, option by option. */
#include "cli.h"

static void help_reading(FILE *to, const char *title, bool zone)
{
    fputs(title, to);
    fputs(
        "  --map FIELD=COLUMN,...  what columns mean, where the guess is wrong. FIELD is text, "
        "id,\n"
        "                          customer, time, updated, kind, channel, touchpoint, stage,\n"
        "                          case, agent, department, segment, product, language, purpose,\n"
        "                          consent, weight, nps, csat, ces, ces_2010, stars,\n"
        "                          score[MIN..MAX], score[MIN..MAX,lower], attribute or ignore.\n"
        "                          May be repeated. A column name with a comma or = stands in\n"
        "                          double quotes\n"
        "  --dates ORDER           day-first or month-first, where 03/04/2026 could be both\n"
        "  --encoding NAME         utf-8 (default) or windows-1252\n"
        "  --delimiter C           one character, or the word tab; default: found out\n"
        "  --source NAME           name of the source; default: the file's name\n"
        "  --kind KIND             what the rows are, where no column says: survey, review,\n"
        "                          ticket, call, chat, interview, user_lab, workshop or employee\n"
        "  --rejects FILE          write rejected rows as they stood, below the header, to be\n"
        "                          mended and read again. FILE is replaced\n",
        to);
    if (zone) {
        fputs("  --zone NAME             zone of times without an offset, such as Europe/Berlin;\n"
              "                          default UTC\n",
              to);
    }
}

static void help_either(FILE *to, bool zone)
{
    help_reading(to, "\nReading the file (not for a store: it was read when it was filled)\n",
                 zone);
}

static void help_opening(FILE *to)
{
    fputs(
        "\nOpening\n"
        "  --key-file FILE         the key of customers' pseudonyms in receipts and states: 32\n"
        "                          bytes, or 64 hexadecimal digits. Keep it apart from the store\n"
        "  --pseudonyms            the store keeps pseudonyms in place of customers' names; to be\n"
        "                          given, with the key, from its first ingest on\n"
        "  --busy SECONDS          how long to wait while another process writes; default 5\n"
        "  --threads N             1 to 64; default 1. Changes no answer\n"
        "  --memory-limit SIZE     such as 500M or 2G; going beyond is an error\n",
        to);
}

static void help_zone_and_topics(FILE *to)
{
    fputs(
        "  --zone NAME             zone of periods and dates asked for, and of times that a file\n"
        "                          has without an offset, such as Europe/Berlin; default UTC\n"
        "  --model FILE            what was taught (kundig help teach), or topics of one's own\n"
        "                          (kundig help taxonomy); default: what is pinned in the store,\n"
        "                          or the ready topics, which are --model ready. --taxonomy FILE "
        "is\n"
        "                          the same\n",
        to);
}

static void help_mask(FILE *to)
{
    fputs("  --mask[=KIND,...]       mask personal data in comments wherever they are shown: all,\n"
          "                          or e-mail, phone, iban, card, url, address, name\n",
          to);
}

static void help_filter(FILE *to)
{
    fputs(
        "\nWhich records\n"
        "  --where COND            only records that meet a condition; repeated: all of them. See\n"
        "                          below\n"
        "  --purpose NAME          leave out records given for another purpose, or without\n"
        "                          consent, or whose customer said no to it\n"
        "  --as-of DATE            leave out records after this date\n",
        to);
}

static void help_asking(FILE *to, bool counts)
{
    help_filter(to);
    fputs("  --question NAME         which question, where several share a scale\n", to);
    help_zone_and_topics(to);
    help_mask(to);
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

static void help_reporting(FILE *to)
{
    fputs(
        "\nReporting mode: tables that may be given away\n"
        "  --report-k N            show no cell of fewer than N customers, and hide as many more\n"
        "                          that nobody can work it out from all the tables that the\n"
        "                          declared fields and windows can give. Only measure and topics\n"
        "                          answer, without --where; everything else is refused\n"
        "  --report-by FIELD,...   fields that may be grouped by, at most 4: always the same ones\n"
        "  --report-every W,...    windows that may be asked for: day, week, month, quarter, year\n"
        "  --report-comments N     customers behind a comment that is quoted; default: twice as "
        "many\n",
        to);
}

static void help_condition(FILE *to)
{
    fputs("\nConditions\n"
          "  channel = email and time >= 2026-01 and not (stage in (Order, \"First Payment\"))\n"
          "  nps between 0 and 6 or text contains \"late\"\n"
          "  time = 2026-Q1 and customer is not missing\n"
          "  topic in (delay, refund) and text_language = de and sentiment = negative\n"
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

static void help_question(FILE *to, bool counts)
{
    help_asking(to, counts);
    help_either(to, false);
    help_opening(to);
}

static void help_keeping(FILE *to, const char *text, const char *formats)
{
    fputs(text, to);
    help_opening(to);
    if (formats) {
        help_output(to, formats);
    } else {
        fputs("  --quiet                 say nothing on standard error but errors\n", to);
    }
}

#define HELP_TIME                                                                                  \
    "  --time DATE             when, such as 2026-03-09 or 2026-03-09T14:30, UTC; default: now\n"
#define HELP_BY "  --by NAME               who says so\n"

static void help_keep(FILE *to, enum cli_command_id id)
{
    static const char table[] = "table (default), csv or json";
    switch (id) {
    case CLI_INGEST:
        fputs(
            "\nSTORE is made if it is not there. All rows of FILE are added, or none: when the\n"
            "command has ended well they survive a killed process and a lost power supply. The\n"
            "same file again adds nothing; a row of a known source and id is another version of\n"
            "that record, and the one updated last counts. What was understood of each column is\n"
            "shown, and kept for the next file of that source.\n"
            "\n  --cache                 keep a ready image as well: opening is several times as\n"
            "                          fast, and the file about twice as large\n",
            to);
        fputs("  --mask[=KIND,...]       mask personal data in comments of --rejects; what is kept "
              "stays\n"
              "                          as it was given\n",
              to);
        help_reading(to, "\nReading the file\n", true);
        help_opening(to);
        help_output(to, table);
        break;
    case CLI_EXPORT:
        fputs(
            "\n  --what KIND             feedback (default), customers, events, labels, links,\n"
            "                          consents, retention or edits\n"
            "\nWithout a condition every version of every record is given. A CSV of the feedback\n"
            "can be read again, the same in all, with kundig ingest and the --map that is said.\n",
            to);
        help_filter(to);
        help_zone_and_topics(to);
        help_mask(to);
        help_opening(to);
        help_output(to, "csv (default), table or json");
        help_condition(to);
        break;
    case CLI_ERASE:
        help_keeping(
            to,
            "\nOf a customer, under all names linked to the one given: every version of every\n"
            "record, what the CRM knew, events, labels, links and consents. Of a record: its\n"
            "versions and labels. Their bytes are overwritten in the file.\n"
            "\n  --customer NAME         whom to forget\n"
            "  --source NAME           or the source of one record\n"
            "  --id ID                 and its id\n" HELP_TIME
            "\nThe receipt tells how many of each are gone, and the state of the facts before and\n"
            "after; it is kept and holds no personal data. Its status is done: no file of the "
            "store\n"
            "holds bytes of theirs. Or pending: another process was reading, STORE-wal still "
            "holds\n"
            "some, and the next command that writes finishes. Both end with exit code 0. Not\n"
            "reached are backups, exports, snapshots, blocks an SSD keeps aside, and words about\n"
            "them in the comments of others. Reading the same file again brings them back.\n",
            table);
        break;
    case CLI_EXPIRE:
        help_keeping(
            to,
            "\nForgets records older than their purpose allows, as kundig erase does.\n"
            "Records without a time stay, and so do those of purposes without a rule; both\n"
            "are counted.\n"
            "\n  --as-of DATE            the instant to count from, UTC\n"
            "  --keep PURPOSE=DAYS     keep records of a purpose this long after their time,\n"
            "                          0 to 100000 days or never: they never expire. =DAYS\n"
            "                          is for records that carry none. May be repeated. A\n"
            "                          rule stays with the store\n"
            "  --time DATE             when the rules are given; default: now\n",
            table);
        break;
    case CLI_MERGE:
        help_keeping(
            to,
            "\nOTHER is read and not changed. All that it holds is added or nothing. Records\n"
            "of the same source and id become versions of one. The topics pinned in STORE\n"
            "stay.\n"
            "\n" HELP_TIME,
            table);
        break;
    case CLI_VERIFY:
        help_keeping(
            to,
            "\nThe file's structure, the tables, every record against its hash, all of them\n"
            "against their sum, the image, erasures that are not finished. Nothing is\n"
            "changed. Exit code 1 where anything is damaged.\n",
            table);
        break;
    case CLI_AUDIT:
        help_keeping(to, "\nOne row a receipt, oldest first. They hold no personal data.\n", table);
        break;
    case CLI_COMPACT:
        help_keeping(
            to,
            "\nThe file is written anew, without what erasures left empty and without the\n"
            "image of --cache. The disk holds it twice meanwhile.\n",
            NULL);
        break;
    case CLI_PIN:
        help_keeping(
            to,
            "\nMODEL is what was taught, or a taxonomy, or a model saved of one: it reads the\n"
            "comments of this store from now on, for all who open it. To teach and pin in one:\n"
            "kundig teach STORE --pin. Pin the ready topics, so that a later\n"
            "kundig changes none of them: kundig taxonomy show | kundig pin STORE -\n"
            "\n  --none                  no longer: use the ready topics\n",
            NULL);
        break;
    case CLI_LABEL:
        help_keeping(
            to,
            "\nA label is a person's judgement and is kept as a fact: see it with\n"
            "kundig export STORE --what labels. Said again later, the later one counts. Labels\n"
            "are what kundig teach STORE learns topics from; kundig model next STORE says which\n"
            "comments to label.\n"
            "\n  --source NAME           the source of the record, as kundig comments shows it\n"
            "  --id ID                 its id\n"
            "  --topic NAME            a topic of any taxonomy, or a new one\n"
            "  --not                   it does not speak of that\n" HELP_BY HELP_TIME,
            NULL);
        break;
    case CLI_LINK:
        help_keeping(
            to,
            "\nTwo names of one customer count as one person wherever customers are counted,\n"
            "and are forgotten together. The records keep the names they came with.\n"
            "\n  --not                   they are not one: takes a link back\n" HELP_BY HELP_TIME,
            NULL);
        break;
    case CLI_CONSENT:
        help_keeping(
            to,
            "\nQuestions asked with --purpose leave out who said no last. It deletes nothing:\n"
            "that is kundig erase.\n"
            "\n  --purpose NAME          what for; default: every purpose\n"
            "  --disclosure NAME       which wording was shown\n" HELP_TIME,
            NULL);
        break;
    default:
        help_keeping(to,
                     "\nIn a store made with --pseudonyms, and in receipts, this stands for the\n"
                     "customer's name: give it in conditions, --where 'customer = ...'.\n",
                     NULL);
        break;
    }
}

/* ---- learning ------------------------------------------------------------------------------- */

static void help_lesson(FILE *to)
{
    fputs("  --lesson NAME           topics (default) or sentiment: what the examples are of\n",
          to);
}

static void help_learning(FILE *to, bool both)
{
    fputs(
        "  --label FIELD           the field whose values are topics, several of them parted by ;\n"
        "                          (a column of the file); without it labels are: kundig label\n"
        "  --labels COUNT          one: a comment has exactly one topic; several: any number;\n"
        "                          default: found out from the examples\n",
        to);
    if (!both) {
        help_lesson(to);
    }
    fputs(
        "  --question NAME         whose scores teach sentiment, where there are several; "
        "default\n"
        "                          NPS\n"
        "  --model FILE            rules to begin with: kundig help taxonomy; default: those "
        "pinned,\n"
        "                          or the ready ones. A topic of theirs that is taught is learned\n"
        "                          from both\n"
        "  --quality NAME          fast (default) or best: at most ten times as long, a little\n"
        "                          more right\n"
        "  --least-customers N     how many customers must have said a word, or have a topic, "
        "for\n"
        "                          the model to know it; default 5. Counts where customers are "
        "named\n"
        "  --most-bytes SIZE       of what is learned, such as 500K: the least weights go\n",
        to);
}

static void help_reads(FILE *to)
{
    help_either(to, true);
    help_opening(to);
}

static void help_tell(FILE *to, const char *text)
{
    fputs(text, to);
    fputs(
        "  --text TEXT             this text in the place of FILE; - reads standard input as one\n"
        "  --limit N               at most N records\n",
        to);
    help_filter(to);
    help_zone_and_topics(to);
    help_mask(to);
    help_either(to, false);
    help_opening(to);
    help_output(to, "table (default), csv or json");
    help_condition(to);
}

static void help_teach(FILE *to)
{
    fputs(
        "\nFILE is a CSV or a store. Two lessons are learned, as far as there is something to\n"
        "learn from: topics, from comments that somebody sorted; sentiment, from the scores "
        "beside\n"
        "comments. Shown is how right each is on examples that were kept aside. A model holds no\n"
        "text, and no word that fewer than five customers used where customers are named. What "
        "is\n"
        "unlike all that was taught gets no topic.\n"
        "\nNothing is kept without --output or --pin: the page alone is made. Every command that\n"
        "reads comments takes a model: topics FILE --model MODEL, measure nps FILE --by topic\n"
        "--model MODEL, classify, sentiment.\n"
        "\nWhat to learn from, and how\n",
        to);
    help_learning(to, true);
    fputs(
        "\nWhere it goes\n"
        "  --output FILE           write the model to a file, which is replaced\n"
        "  --pin                   keep it in the store: it reads the comments there from now on,\n"
        "                          for all who open it. When somebody is erased it is learned "
        "anew,\n"
        "                          as if they had never been there\n",
        to);
    help_reads(to);
    help_output(to, "text (default) or json");
}

static void help_discovering(FILE *to)
{
    fputs("  --topics N              how many, 2 to 2000; default: as many as two halves of the\n"
          "                          comments agree on\n"
          "  --themes N              into how many themes they fall; default: found\n"
          "  --quality NAME          good (default); best: ten times as long; draft: a third\n"
          "  --seed N                another order to go through comments: how much stays?\n"
          "  --least-customers N     how many customers must have used a word for the topics to "
          "know\n"
          "                          it; default 5. Counts where customers are named\n",
          to);
}

static void help_discover(FILE *to)
{
    fputs(
        "\nFinds what comments speak of, names it by words their writers use, and tells how sure\n"
        "each topic is: how well two halves of the comments agree on it. A topic's name (t-...)\n"
        "stays. On top of topics that are pinned already they go on under their names, and new\n"
        "comments may bring new ones: column came says kept, new, split, merged or told. What a\n"
        "person said of topics is heeded: kundig help edit. Topics that mean the same as a "
        "defined\n"
        "or taught one say so in column matches.\n"
        "\nNothing is kept without --pin or --output. A model holds no comment, and no word that\n"
        "fewer than five customers used where customers are named. When somebody is erased, "
        "topics\n"
        "pinned in the store keep their names, and their numbers are counted anew.\n"
        "\nHow\n",
        to);
    help_discovering(to);
    fputs("  --anew                  forget the topics that are there: all get new names\n"
          "  --purpose NAME          leave out comments given for another purpose, or without "
          "consent\n"
          "  --as-of DATE            leave out comments after this date\n"
          "  --model FILE            what is known already; default: what is pinned in the store\n"
          "\nWhere it goes\n"
          "  --pin                   keep the topics in the store: they read the comments there "
          "from\n"
          "                          now on, for all who open it\n"
          "  --output FILE           write them to a file, which is replaced\n",
          to);
    help_either(to, true);
    help_opening(to);
    help_output(to, "table (default), csv or json");
}

static void help_edit(FILE *to)
{
    fputs(
        "\nWhat a person says of discovered topics is a fact: kept when topics are discovered "
        "again,\n"
        "when stores are merged and when somebody is erased. TOPIC is a topic's name (t-...) as "
        "in\n"
        "kundig model show STORE --discovered; rename and hide take that of a theme (g-...), too.\n"
        "\n  rename TOPIC NAME       call it so\n"
        "  hide TOPIC              leave it out of tables and pages\n"
        "  merge TOPIC OTHER       it is part of the other one\n"
        "  known TOPIC NAME        it is what this defined or taught topic stands for\n"
        "  pin TOPIC               it stays, and stays apart, whatever is found later\n"
        "  split TOPIC NAME        the part with --words, or like one record, is a topic\n"
        "  topic NAME              what --words, or one record, speak of is a topic\n"
        "  together S ID S ID      two records, each by source and id, belong to one topic\n"
        "  apart S ID S ID         they do not\n"
        "  teach TOPIC NAME        label the records that are surely of it, to be taught\n"
        "\nrename, hide, merge and known hold from the next question on, the others when topics "
        "are\n"
        "discovered next: kundig discover STORE --pin.\n"
        "\n  --words WORDS           words, or two in a row, parted by ; such as 'lost parcel; "
        "customs'\n"
        "  --source NAME           a record's source\n"
        "  --id ID                 and its id\n"
        "  --limit N               teach: at most N records; default 50\n"
        "  --not                   take it back\n" HELP_BY HELP_TIME,
        to);
    help_opening(to);
    fputs("  --quiet                 say nothing on standard error but errors\n", to);
}

static void help_model(FILE *to, enum cli_command_id id)
{
    static const char table[] = "table (default), csv or json";
    switch (id) {
    case CLI_MODEL_SHOW:
        fputs(
            "\nMODEL is a file of kundig teach, or a store with a pinned model. Accuracy,\n"
            "calibration and confusion are of the examples that were kept aside.\n"
            "\n  --classes               each topic: examples, precision, recall, threshold\n"
            "  --features              the words that weigh most for each topic\n"
            "  --calibration           is what it calls 80 % right in 80 %?\n"
            "  --confusion             what it takes for what, most frequent first\n"
            "  --sizes                 what kundig model prune would cost\n"
            "  --discovered            the topics that were discovered, with their names (t-...)\n"
            "  --history               what became of them when they were last discovered anew\n"
            "  --lesson NAME           topics or sentiment; default: both in a page, else the "
            "first\n",
            to);
        break;
    case CLI_MODEL_PRUNE:
        fputs(
            "\nThe least weights go until it fits; the page says what that cost on examples kept\n"
            "aside. MODEL is as in kundig model show.\n"
            "\n  --most-bytes SIZE       of the lesson as saved, such as 200K\n"
            "  --output FILE           where the smaller model is written\n"
            "  --lesson NAME           topics or sentiment; default: the first it learned\n",
            to);
        break;
    case CLI_MODEL_VALIDATE:
        fputs("\nLearns from all folds but one and asks about that one, for each in turn. Equal "
              "texts,\n"
              "and those of one customer, stand in one fold.\n"
              "\n  --folds N               2 to 100; default 5\n",
              to);
        break;
    case CLI_MODEL_CURVE:
        fputs("\nLearns from more and more of the examples, and asks each time about the same "
              "fifth.\n\n",
              to);
        break;
    case CLI_MODEL_DOUBTS:
        fputs(
            "\nLists examples with whose label models that have not seen them strongly disagree.\n"
            "Look at the first ones: either the label is wrong, or two topics are not clearly\n"
            "apart. Comments are shown as they are.\n"
            "\n  --limit N               at most N examples\n"
            "  --folds N               2 to 100; default 5\n",
            to);
        break;
    case CLI_MODEL_NEXT:
        fputs("\nComments of which a label would teach most come first; none that was labelled, "
              "and\n"
              "none much like one before it. Label them with kundig label, and teach again.\n"
              "\n  --limit N               at most N comments; default 20\n",
              to);
        help_filter(to);
        help_zone_and_topics(to);
        help_mask(to);
        help_either(to, false);
        help_opening(to);
        help_output(to, table);
        help_condition(to);
        return;
    default:
        fputs("\n  model show MODEL        look into what a model learned\n"
              "  model prune MODEL       make it smaller\n"
              "  model validate FILE     cross-validate: how right is it on what it has not seen?\n"
              "  model curve FILE        how much better would more examples make it?\n"
              "  model doubts FILE       labels that may be wrong\n"
              "  model next FILE         which comments to label next\n"
              "\nAll about one of them: kundig help model show. To make a model: kundig help "
              "teach.\n",
              to);
        return;
    }
    if (id == CLI_MODEL_SHOW || id == CLI_MODEL_PRUNE) {
        help_opening(to);
    } else {
        help_learning(to, false);
        help_reads(to);
    }
    help_output(to, table);
}

/* ---- all of them ---------------------------------------------------------------------------- */

void cli_help_command(FILE *to, enum cli_command_id id)
{
    static const char table[] = "table (default), csv or json";
    const cli_command *command = &cli_commands[id];
    fprintf(to, "kundig %s: %s\n\nUsage: kundig %s %s%s\n\n  %s\n", command->name, command->summary,
            command->name, command->arguments,
            id == CLI_HELP || id == CLI_MODEL ? "" : " [OPTION]...", command->example);
    switch (id) {
    case CLI_ANALYZE:
        help_question(to, true);
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
        help_question(to, true);
        help_reporting(to);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_COMPARE:
        fputs("\nb - a in every group, with its interval, p (two-sided), q (p corrected for the\n"
              "number of rows, Benjamini-Hochberg) and the smallest change that 80 % power would\n"
              "find.\n"
              "\nGroups\n"
              "  --a COND                the first set of records\n"
              "  --b COND                the second\n"
              "  --by FIELD,...          compare within the values of fields\n"
              "  --every WINDOW          and within days, weeks, months, quarters or years\n",
              to);
        help_question(to, true);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_TOPICS:
        fputs(
            "\nWhat customers speak of, found in their comments without any set-up: each topic "
            "with\n"
            "its comments, customers, share of all comments, the score of those who speak of it\n"
            "with its interval, words that tell it, and a typical comment, masked. A comment "
            "counts\n"
            "in each of its topics. Topics are discovered in all comments, and --where chooses "
            "which\n"
            "of them are counted: a topic has one name whatever is asked.\n"
            "Where topics are pinned in the store, or given with --model, those are counted: kept\n"
            "ones (kundig help discover), taught ones (kundig help teach), written ones (kundig "
            "help\n"
            "taxonomy). --taxonomy ready is the ready ones; so is reporting mode. More: measure "
            "nps\n"
            "FILE --by topic, comments FILE --where 'topic = delay', classify FILE.\n"
            "\n  --metric METRIC         the score; default: nps, else the mean of the answers\n"
            "  --limit N               at most N topics\n"
            "\nHow topics are discovered\n",
            to);
        help_discovering(to);
        fputs("  --output FILE           write the topics found as a model, which is replaced\n",
              to);
        help_question(to, true);
        help_reporting(to);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_COMMENTS:
        fputs("\n  --limit N               at most N comments; a note says how many there are\n",
              to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_SEARCH:
        fputs("\nEvery word must stand in the comment, in any place; 'verspät*' is a beginning; "
              "words\n"
              "in double quotes stand in a row: '\"zu spät\"'. Case, accents and ways to write "
              "umlauts\n"
              "make no difference. At most 16 words. What was found is «marked».\n"
              "\n  --limit N               at most N comments; a note says how many there are\n",
              to);
        help_filter(to);
        help_zone_and_topics(to);
        help_mask(to);
        help_either(to, false);
        help_opening(to);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_FIELDS:
        fputs("\nThe fields topic, theme, sentiment and text_language are what the model in use "
              "says of\n"
              "comments: they can be grouped by and filtered on like any other.\n"
              "\n  --model FILE            what was taught, or topics of one's own: kundig help "
              "teach,\n"
              "                          kundig help taxonomy. --taxonomy FILE is the same\n",
              to);
        help_mask(to);
        help_either(to, true);
        help_opening(to);
        help_output(to, table);
        break;
    case CLI_IMPACT:
        fputs(
            "\nFor every topic: n, the score of its records, its impact (the score less what it "
            "is\n"
            "without them) with an interval that knows the topic's count to be chance too, and "
            "its\n"
            "share: every answer split equally over what its comment speaks of. Impacts overlap;\n"
            "shares sum to the score. praised and blamed: score points of a record that does so,\n"
            "all other mentions held. A basic is what only blame moves, a delighter what only "
            "praise\n"
            "does. An association, not a cause.\n"
            "\n  --by FIELD              theme, stage or another field in the place of topic\n"
            "  --metric NAME           default: nps, else the mean of the only question\n"
            "  --limit N               at most N rows; the page shows 15 unless told\n"
            "  --of customers          each customer counts once\n"
            "  --level P               confidence of intervals; default 0.95\n"
            "  --min-n N               tell no value of fewer than N\n",
            to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_EXPLAIN:
        fputs(
            "\nHow much a score moved, whether that is more than chance, and what goes together\n"
            "with it: for each field the change splits into mix (shares moved) and rate (scores\n"
            "inside moved), then the values that contribute most, each with its interval; all of\n"
            "a field sum to the change. What makes the sets hard to compare is marked with !.\n"
            "As csv: the causes; as json: change, splits, causes and breaks.\n"
            "\n  --before COND           the first set: a condition, or a period such as 2026-Q1\n"
            "  --after COND            the second\n"
            "  --metric NAME           default: nps, else the mean of the only question\n"
            "  --by FIELDS             where to look; default: topic, and touchpoint, channel and\n"
            "                          stage where they are filled\n"
            "  --german                sentences in German\n"
            "  --limit N               causes of each field; default 6 on a page\n"
            "  --level P               confidence of intervals; default 0.95\n"
            "  --of WHAT               records (default) or customers: each counts once\n"
            "  --min-n N               fewer answers than that give no number\n",
            to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_WEIGHTS:
        fputs(
            "\nAnswers come from those who answer. --margin says how many there are of each kind, "
            "and\n"
            "answers are weighed to stand for them: post-stratification where one field has "
            "margins,\n"
            "raking (Deming and Stephan 1940) where several have. Weights cost certainty: the "
            "design\n"
            "effect tells how much. --represent asks who answered, of those who were invited "
            "(events)\n"
            "or are known (customers), both from a store. --incentive asks whether a reward "
            "bends the\n"
            "score. As csv: the weights, the groups, or the difference; as json: all tables.\n"
            "\n  --margin FIELD:VALUE=SIZE  how many have a value; in any unit. Repeated. "
            "FIELD:=SIZE:\n"
            "                          those without a value. Records that no margin names are "
            "left out\n"
            "  --margin-file FILE      the same as a CSV file: field,value,size below a header\n"
            "  --most N                no weight above N times the mean; who is cut is counted\n"
            "  --rounds N              of raking, at most; default 1000\n"
            "  --represent             response rate by groups, R-indicator, and how far the "
            "score\n"
            "                          could be off\n"
            "  --by FIELD,...          groups of customers: segment (default) or their attributes\n"
            "  --incentive COND        records of those who were rewarded, against all others\n"
            "  --plan N                how many answers an interval of N points up and down needs\n"
            "  --metric METRIC         the score; default: nps, else the mean of the answers\n"
            "  --interval NAME         default, wald or score\n"
            "  --level P               confidence of intervals; default 0.95\n"
            "  --min-n N               no score of fewer than N records\n",
            to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_ALARMS:
        fputs("\nWhich topic (or value of any field) is spoken of by more or fewer customers than "
              "the\n"
              "periods before let expect: since when, how many times as many, what they said. A\n"
              "customer counts once a period, however often they write. Limits are exact: where "
              "nothing\n"
              "is going on, at most --rate of the periods see an alarm of a chart, over all "
              "series\n"
              "together. Days of the week have levels of their own where they differ by more than\n"
              "chance. The first 3 periods tell the level and raise no alarm. Afterwards:\n"
              "kundig alarms STORE --since DATE tells what is new.\n"
              "\n  --by FIELD,...          what is charted; default: topic. Beside topics, the "
              "other\n"
              "                          fields tell whose customers a share is of; else all but "
              "the\n"
              "                          last. May be repeated\n"
              "  --every PERIOD          day (default), week, month, quarter, year\n",
              to);
        fputs("  --chart                 draw the control charts, those with alarms first\n"
              "  --method NAME           share: of the customers who wrote; count: how many;\n"
              "                          ewma, cusum: small shifts that stay. Default: all of "
              "them,\n"
              "                          of --chart share\n"
              "  --rate P                false alarms a period; default 0.01\n"
              "  --baseline N            periods before that tell the level; default: all, but "
              "those\n"
              "                          in alarm\n"
              "  --weekdays WORD         yes or no; default: where that shows\n"
              "  --limits NAME           exact (default), or three-sigma, as textbooks draw them\n"
              "  --since DATE            alarms of periods that end after it\n"
              "  --metric NAME           of ewma and cusum: chart this metric, not customers\n"
              "  --limit N               at most N alarms, or charts\n",
              to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_EMERGING:
        fputs("\nWhat is coming up. Bursts: times in which a topic comes much denser than ever "
              "(Kleinberg\n"
              "2003). Rises: the last whole period against those before. Novelty: comments near no "
              "known\n"
              "topic. A customer counts once a period; what chance explains is left out.\n"
              "\n  --by FIELD,...          channel, stage or other fields in the place of topic\n"
              "  --every WINDOW          of rises: day, week (default), month, quarter or year\n"
              "  --limit N               at most N rows\n",
              to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_LOUD:
        fputs(
            "\nA loud complaint is not yet a meaningful one. For every topic: how many records "
            "and\n"
            "customers, how much of it the busiest 1 % wrote (and Gini, 0 where all write alike), "
            "the\n"
            "score of the records and where every customer has one vote, and the impact on the "
            "score\n"
            "with customers counted once. Meaning is customers times impact, times their mean "
            "revenue\n"
            "where it is known; one customer who writes 38 mails does not move it. An "
            "association,\n"
            "not a cause.\n"
            "\n  --by FIELD              theme, stage or another field in the place of topic\n"
            "  --metric NAME           default: nps, else the mean of the only question\n"
            "  --limit N               at most N rows; the page shows 20 unless told\n"
            "  --level P               confidence of intervals; default 0.95\n"
            "  --min-n N               tell no value of fewer than N\n",
            to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_FUNNEL:
        fputs(
            "\nEvery group beside the limits that chance keeps a group of its size in, 95 % and "
            "99.8 %\n"
            "around the whole's score, and drawn to the whole as far as it is small (shrunk). No "
            "league\n"
            "table: a rank stands only where an interval is apart from all above and all below.\n"
            "Answers that heap up at the cut (a 9, not an 8) are told where they are more than\n"
            "those of the other groups, beyond chance.\n"
            "\nGroups\n"
            "  --by FIELD,...          agent, department or other fields\n"
            "  --every WINDOW          day, week, month, quarter or year\n"
            "  --benchmark V[:N[:SD]]  test every group against a figure from outside instead: "
            "its\n"
            "                          value in natural units (0.31 is an NPS of 31), the answers "
            "it\n"
            "                          stands on (else it is exact) and their standard deviation\n"
            "  --metric NAME           default: nps, else the mean of the only question\n",
            to);
        help_question(to, true);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_WORDS:
        fputs(
            "\nWords and pairs that one set of comments uses more than another, beyond chance:\n"
            "detractors against promoters and promoters against detractors (else the outer thirds\n"
            "of the scale), or two sets of one's own. z is how far: log-odds with a prior "
            "(Monroe,\n"
            "Colaresi and Quinn 2008) and the share of comments, the smaller of the two. floor is\n"
            "what noise comes to: the greatest z of words of like frequency when the set is held\n"
            "against its own halves. What is above it is bold. An association, not a cause.\n"
            "As csv and json: the first set against the second.\n"
            "\n  --a COND                the first set of records\n"
            "  --b COND                the second; one that holds all of the first and more is "
            "the\n"
            "                          whole that a part is held against\n"
            "  --but                   what satisfied customers miss: clauses behind \"but\" and "
            "its\n"
            "                          like, and topics spoken of badly\n"
            "  --mismatch              scores that disagree with their comments, strongest first\n"
            "  --limit N               at most N words of each side, or comments\n"
            "  --level P               confidence of intervals; default 0.95\n",
            to);
        help_question(to, false);
        help_output(to, table);
        help_condition(to);
        break;
    case CLI_HASH:
        fputs(
            "\n32 hexadecimal digits. Equal facts have equal names on every machine, whatever "
            "order\n"
            "they came in and through however many files, merges and erasures. It finds accidents\n"
            "and is no signature.\n",
            to);
        help_either(to, true);
        help_opening(to);
        fputs("  --quiet                 say nothing on standard error but errors\n", to);
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
            "remark. Languages: de, en, fr, es, pt, it, nl, any. Try rules with kundig read.\n"
            "Where rules do not reach, examples teach: kundig help teach.\n",
            to);
        help_output(to, "table (default), csv or json");
        break;
    case CLI_READ:
        fputs("\nTEXT is read as comments are: language of each sentence, topics with the words\n"
              "that caused them, personal data. - reads standard input as one text. Formats csv\n"
              "and json give the topics alone.\n"
              "\n  --model FILE            what was taught, or topics of one's own: kundig help "
              "teach,\n"
              "                          kundig help taxonomy. --taxonomy FILE is the same\n"
              "  --mask[=KIND,...]       print the text masked, nothing else\n",
              to);
        help_output(to, table);
        break;
    case CLI_METRICS:
        help_output(to, table);
        break;
    case CLI_EDIT:
        help_edit(to);
        break;
    case CLI_TEACH:
        help_teach(to);
        break;
    case CLI_DISCOVER:
        help_discover(to);
        break;
    case CLI_DEFINE:
        fputs(
            "\nPrints a topic of a taxonomy whose rules are the words that tell the discovered\n"
            "topic: a start, to be read and mended. MODEL is a file of kundig discover or topics,\n"
            "or a store with pinned topics; TOPIC is the name there (t-...): kundig model show\n"
            "MODEL --discovered. NAME is what the topic is called in the taxonomy.\n"
            "In a store, kundig edit STORE known TOPIC NAME says that both are one.\n",
            to);
        help_opening(to);
        fputs("  --quiet                 say nothing on standard error but errors\n", to);
        break;
    case CLI_CLASSIFY:
        help_tell(
            to,
            "\nOne row a record and topic: how probable the topic is, how it is meant, and the\n"
            "words that decided; a record without a topic has one row. Topics that were "
            "taught\n"
            "have a probability, those of rules alone have none.\n"
            "\n");
        break;
    case CLI_SENTIMENT:
        help_tell(
            to,
            "\nOne row a record: positive, neutral, negative or mixed, a value in [-1, 1], the\n"
            "score that its writer would give and the range that holds 90 % of such scores.\n"
            "Where nothing was taught a lexicon tells (German, English) and no score is\n"
            "expected. With --text each sentence and each topic has a row.\n"
            "\n");
        break;
    case CLI_MODEL:
    case CLI_MODEL_SHOW:
    case CLI_MODEL_PRUNE:
    case CLI_MODEL_VALIDATE:
    case CLI_MODEL_CURVE:
    case CLI_MODEL_DOUBTS:
    case CLI_MODEL_NEXT:
        help_model(to, id);
        break;
    case CLI_HELP:
        break;
    default:
        help_keep(to, id);
        break;
    }
}
