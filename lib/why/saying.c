/* A change in one plain sentence, or a few short ones: how much, is it more than chance, what goes
 * together with it, and what makes the two sets hard to compare. English or German.
 *
 * Nothing is computed here. Numbers are written with the mark of the language. Cost: the text. */
#include <inttypes.h>

#include "base/math.h"
#include "base/text.h"
#include "why/explain.h"

typedef struct say_words {
    const char *fell, *rose, *went, *stayed; /* behind the title, before the numbers */
    const char *to;                          /* between two values */
    const char *interval;                    /* behind the level in percent */
    const char *until;                       /* between the ends of an interval */
    const char *customers, *answers;         /* counted before */
    const char *after;                       /* counted after */
    const char *chance, *no_chance;
    const char *detectable[2];   /* around the number */
    const char *causes, *hidden; /* before the list: of a move, of one within chance */
    const char *and;
    const char *no_cause[2]; /* around the fields */
    const char * or ;
    const char *nothing;    /* records without a value */
    const char *simpson[3]; /* around the field and the rate */
    const char *breaks[2];  /* around the kinds */
    const char *missing[5]; /* answers: in neither set, not before, not after, too few, undefined */
} say_words;

static const say_words say_in[] = {
    {" fell from ",
     " rose from ",
     " went from ",
     " stayed at ",
     " to ",
     " % interval ",
     " to ",
     " customers before, ",
     " answers before, ",
     " after",
     "more than chance explains.",
     "within what chance explains.",
     {" A change of ", " would have been found in 4 of 5 cases."},
     " The largest parts of it that exceed chance: ",
     " Beneath it, parts that exceed chance: ",
     " and ",
     {" No single value of ", " moved it by more than chance explains."},
     " or ",
     "no ",
     {" Within the values of ", " the score moved the other way (",
      "): those who answered changed."},
     {" Take care: the two sets also differ in ", "."},
     {" cannot be compared: no answer in either set.",
      " cannot be compared: no answer in the set before.",
      " cannot be compared: no answer in the set after.",
      " cannot be compared: fewer answers than asked for.", " cannot be compared: "}},
    {" fiel von ",
     " stieg von ",
     " ging von ",
     " blieb bei ",
     " auf ",
     "-%-Intervall ",
     " bis ",
     " Kunden vorher, ",
     " Antworten vorher, ",
     " nachher",
     "mehr, als der Zufall erkl\xC3\xA4rt.",
     "nicht mehr, als der Zufall erkl\xC3\xA4rt.",
     {" Eine \xC3\x84nderung um ", " w\xC3\xA4re in 4 von 5 F\xC3\xA4llen gefunden worden."},
     " Die gr\xC3\xB6\xC3\x9Ften Teile davon, die \xC3\xBC"
     "ber den Zufall hinausgehen: ",
     " Darunter liegen Teile, die \xC3\xBC"
     "ber den Zufall hinausgehen: ",
     " und ",
     {" Kein einzelner Wert von ", " bewegte ihn mehr, als der Zufall erkl\xC3\xA4rt."},
     " oder ",
     "ohne ",
     {" Innerhalb der Werte von ", " ging es in die andere Richtung (",
      "): andere Kunden haben geantwortet."},
     {" Vorsicht: die beiden Mengen unterscheiden sich auch in ", "."},
     {": kein Vergleich, weil in beiden Mengen keine Antwort steht.",
      ": kein Vergleich, weil vorher keine Antwort steht.",
      ": kein Vergleich, weil nachher keine Antwort steht.",
      ": kein Vergleich, weil es weniger Antworten sind als verlangt.",
      ": kein Vergleich m\xC3\xB6glich: "}}};

static const struct {
    const char *english;
    const char *german;
} say_breaks[KUNDIG__BREAK_KINDS] = {
    {"scale", "Skala"},         {"wording", "Wortlaut"},  {"channel", "Kanal"},
    {"source", "Quelle"},       {"kind", "Art"},          {"language", "Sprache"},
    {"sampling", "Stichprobe"}, {"weights", "Gewichten"}, {"time", "Zeit"}};

const char *kundig__break_name(int kind, int32_t language)
{
    return language == KUNDIG_SENTENCES_GERMAN ? say_breaks[kind].german : say_breaks[kind].english;
}

static const say_words *say_of(int32_t language)
{
    return &say_in[language == KUNDIG_SENTENCES_GERMAN];
}

/* ---- Numbers --------------------------------------------------------------------------------- */

void kundig__say_number(kundig__buf *out, int32_t language, double value, int decimals)
{
    size_t start = out->len;
    kundig__buf_fixed(out, value, decimals);
    for (size_t i = start; i < out->len && language == KUNDIG_SENTENCES_GERMAN; i++) {
        out->data[i] = out->data[i] == '.' ? ',' : out->data[i];
    }
}

static double say_shown(int unit, double value)
{
    return unit == KUNDIG_UNIT_SCORE || unit == KUNDIG_UNIT_SHARE ? 100 * value : value;
}

static int say_decimals(int unit)
{
    return unit == KUNDIG_UNIT_SCORE || unit == KUNDIG_UNIT_SHARE ? 1 : 2;
}

static void say_plain(kundig__buf *out, int32_t language, int unit, double value, bool is_signed)
{
    double shown = say_shown(unit, value);
    double least = say_decimals(unit) == 1 ? 0.05 : 0.005;
    if (is_signed && shown >= least) {
        kundig__buf_char(out, '+');
    }
    kundig__say_number(out, language, shown, say_decimals(unit));
}

void kundig__say_value(kundig__buf *out, int32_t language, int unit, double value, bool is_signed)
{
    say_plain(out, language, unit, value, is_signed);
    if (unit == KUNDIG_UNIT_SHARE) {
        kundig__buf_str(out, " %");
    }
}

void kundig__say_p(kundig__buf *out, int32_t language, double p)
{
    bool tiny = p < 0.001;
    kundig__buf_str(out, tiny ? "p < " : "p = ");
    kundig__say_number(out, language, tiny ? 0.001 : p, 3);
}

/* A score, with its sign where scores have one. */
static void say_score(const kundig__said_change *said, kundig__buf *out, double value)
{
    kundig__say_value(out, said->language, said->unit, value, said->unit == KUNDIG_UNIT_SCORE);
}

/* A difference: of shares in points. */
static void say_difference(const kundig__said_change *said, kundig__buf *out, double value)
{
    say_plain(out, said->language, said->unit, value, true);
}

static void say_range(const kundig__said_change *said, kundig__buf *out, double lo, double hi)
{
    say_difference(said, out, lo);
    kundig__buf_str(out, say_of(said->language)->until);
    say_difference(said, out, hi);
}

/* ---- Sentences ------------------------------------------------------------------------------- */

static void say_field(int32_t language, kundig_text field, kundig__buf *out)
{
    static const struct {
        const char *field;
        const char *german;
    } names[] = {{"topic", "Thema"},      {"model:topic", "Thema"},       {"theme", "Themenkreis"},
                 {"channel", "Kanal"},    {"touchpoint", "Kontaktpunkt"}, {"stage", "Phase"},
                 {"source", "Quelle"},    {"segment", "Segment"},         {"product", "Produkt"},
                 {"language", "Sprache"}, {"department", "Abteilung"},    {"kind", "Art"}};
    if (language == KUNDIG_SENTENCES_GERMAN) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (kundig__text_equal(field, kundig__str(names[i].field))) {
                kundig__buf_str(out, names[i].german);
                return;
            }
        }
    }
    kundig__buf_text(out, field);
}

static void say_count(const kundig__said_change *said, kundig__buf *out)
{
    const say_words *words = say_of(said->language);
    bool named = said->customers[0] && said->customers[1];
    const uint64_t *counts = named ? said->customers : said->n;
    kundig__buf_int(out, (int64_t)counts[0]);
    kundig__buf_str(out, named ? words->customers : words->answers);
    kundig__buf_int(out, (int64_t)counts[1]);
    kundig__buf_str(out, words->after);
}

/* 95, 99.9: as many digits as it has, four at most. */
static void say_level(const kundig__said_change *said, kundig__buf *out)
{
    int decimals = 0;
    double percent = (double)(int64_t)(said->level * 1e6 + 0.5) / 1e4;
    for (double rest = percent; decimals < 4 && rest != kundig__floor(rest); rest *= 10) {
        decimals++;
    }
    kundig__say_number(out, said->language, percent, decimals);
}

static void say_move(const kundig__said_change *said, kundig__buf *out)
{
    const say_words *words = say_of(said->language);
    const char *moved = said->change < 0 ? words->fell : words->rose;
    if (!said->exceeds) {
        moved = words->went;
    }
    kundig__buf_str(out, said->title);
    kundig__buf_str(out, said->change == 0 ? words->stayed : moved);
    say_score(said, out, said->before);
    if (said->change != 0) {
        kundig__buf_str(out, words->to);
        say_score(said, out, said->after);
    }
    kundig__buf_str(out, " (");
    if (said->change != 0) {
        say_difference(said, out, said->change);
        kundig__buf_str(out, said->language == KUNDIG_SENTENCES_GERMAN ? "; " : ", ");
    }
    say_level(said, out);
    kundig__buf_str(out, words->interval);
    say_range(said, out, said->lo, said->hi);
    kundig__buf_str(out, "; ");
    say_count(said, out);
    kundig__buf_str(out, "): ");
    kundig__buf_str(out, said->exceeds ? words->chance : words->no_chance);
    if (!said->exceeds) {
        kundig__buf_str(out, words->detectable[0]);
        say_plain(out, said->language, said->unit, said->detectable, false);
        kundig__buf_str(out, words->detectable[1]);
    }
}

static void say_cause(const kundig__said_change *said, const kundig__said_cause *cause,
                      kundig__buf *out)
{
    if (!cause->value.data) {
        kundig__buf_str(out, say_of(said->language)->nothing);
    }
    say_field(said->language, cause->field, out);
    if (cause->value.data) {
        kundig__buf_str(out, " \"");
        kundig__buf_add(out, cause->value.data, (size_t)kundig__shown(cause->value));
        kundig__buf_char(out, '"');
    }
    kundig__buf_char(out, ' ');
    say_difference(said, out, cause->contribution);
    kundig__buf_str(out, " (");
    say_range(said, out, cause->lo, cause->hi);
    kundig__buf_char(out, ')');
}

static void say_causes(const kundig__said_change *said, kundig__buf *out)
{
    const say_words *words = say_of(said->language);
    if (said->cause_count) {
        kundig__buf_str(out, said->exceeds ? words->causes : words->hidden);
        for (size_t i = 0; i < said->cause_count; i++) {
            kundig__buf_str(out, i ? words->and : "");
            say_cause(said, &said->causes[i], out);
        }
        kundig__buf_char(out, '.');
    } else if (said->exceeds && said->field_count) {
        kundig__buf_str(out, words->no_cause[0]);
        for (size_t i = 0; i < said->field_count; i++) {
            kundig__buf_str(out, !i ? "" : i + 1 < said->field_count ? ", " : words->or);
            say_field(said->language, said->fields[i], out);
        }
        kundig__buf_str(out, words->no_cause[1]);
    }
    if (said->simpson.data) {
        kundig__buf_str(out, words->simpson[0]);
        say_field(said->language, said->simpson, out);
        kundig__buf_str(out, words->simpson[1]);
        say_difference(said, out, said->simpson_rate);
        kundig__buf_str(out, words->simpson[2]);
    }
}

static void say_warnings(const kundig__said_change *said, kundig__buf *out)
{
    const say_words *words = say_of(said->language);
    uint32_t left = said->breaks;
    for (int kind = 0; kind < KUNDIG__BREAK_KINDS; kind++) {
        uint32_t bit = UINT32_C(1) << kind;
        if (left & bit) {
            bool first = left == said->breaks;
            left &= ~bit;
            kundig__buf_str(out, first ? words->breaks[0] : left ? ", " : words->and);
            kundig__buf_str(out, kundig__break_name(kind, said->language));
        }
    }
    kundig__buf_str(out, said->breaks ? words->breaks[1] : "");
}

static void say_why_not(const kundig__said_change *said, kundig__buf *out)
{
    const say_words *words = say_of(said->language);
    int which = 4;
    if (said->status == KUNDIG__STATUS_NO_DATA) {
        which = !said->n[0] && !said->n[1] ? 0 : !said->n[0] ? 1 : 2;
    } else if (said->status == KUNDIG__STATUS_TOO_FEW) {
        which = 3;
    }
    kundig__buf_str(out, said->title);
    kundig__buf_str(out, words->missing[which]);
    if (which == 4) {
        kundig__buf_str(out, said->method);
        kundig__buf_char(out, '.');
    }
}

void kundig__say_change(const kundig__said_change *said, kundig__buf *out)
{
    if (said->status == KUNDIG__STATUS_OK) {
        say_move(said, out);
        say_causes(said, out);
    } else {
        say_why_not(said, out);
    }
    say_warnings(said, out);
}
