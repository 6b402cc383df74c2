/* Names of columns as words, and which field a name means, in English and German.
 *
 * Invariant: words stand apart by single blanks with one at both ends, so a phrase is found as
 * whole words by a plain search. Cost: O(name) to read, O(name x phrases) to look up, once a
 * column. */
#include "ingest/columns.h"

#include "base/text.h"

static void words_put(kundig__name *words, char c)
{
    if (words->len + 2 < KUNDIG__NAME_SIZE && !(c == ' ' && words->text[words->len - 1] == ' ')) {
        words->text[words->len++] = c;
    }
}

/* The ASCII that stands for a two-byte Latin-1 letter C3 80 to C3 BF. */
static const char *words_latin(unsigned char second)
{
    static const char *const plain[32] = {"a",  "a", "a", "a", "ae", "a", "ae", "c", "e",  "e", "e",
                                          "e",  "i", "i", "i", "i",  "d", "n",  "o", "o",  "o", "o",
                                          "oe", " ", "o", "u", "u",  "u", "ue", "y", "th", "y"};
    return second == 0x9F ? "ss" : plain[second & 0x1F];
}

void kundig__name_read(kundig__name *words, kundig_text name)
{
    words->text[0] = ' ';
    words->len = 1;
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        unsigned char next = i + 1 < name.len ? (unsigned char)name.data[i + 1] : 0;
        unsigned char last = i > 0 ? (unsigned char)name.data[i - 1] : 0;
        if (c >= 'A' && c <= 'Z') {
            bool after_lower = last >= 'a' && last <= 'z';
            bool ends_run = last >= 'A' && last <= 'Z' && next >= 'a' && next <= 'z';
            if (after_lower || ends_run) {
                words_put(words, ' ');
            }
            words_put(words, (char)(c + ('a' - 'A')));
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '#') {
            words_put(words, (char)c);
        } else if (c == 0xC3 && next >= 0x80) {
            for (const char *p = words_latin(next); *p; p++) {
                words_put(words, *p);
            }
            i++;
        } else if (c == 0xCC && next >= 0x80) {
            if (next == 0x88) {
                words_put(words, 'e'); /* a combining diaeresis */
            }
            i++;
        } else if (c < 0x80) {
            words_put(words, ' ');
        } else if (c >= 0xC0) {
            words_put(words, ' ');
        }
    }
    if (words->text[words->len - 1] != ' ') {
        words->text[words->len++] = ' ';
    }
    words->text[words->len < KUNDIG__NAME_SIZE ? words->len : KUNDIG__NAME_SIZE - 1] = '\0';
}

/* Where the phrase stands as whole words; SIZE_MAX: nowhere. */
static size_t words_find(const kundig__name *words, const char *phrase, size_t len)
{
    bool open = len && phrase[len - 1] == '*';
    len -= open;
    for (size_t i = 1; len && i + len < words->len; i++) {
        if (words->text[i - 1] == ' ' && memcmp(words->text + i, phrase, len) == 0 &&
            (open || words->text[i + len] == ' ')) {
            return i;
        }
    }
    return SIZE_MAX;
}

bool kundig__name_have(const kundig__name *words, const char *phrase)
{
    return words_find(words, phrase, strlen(phrase)) != SIZE_MAX;
}

bool kundig__name_have_any(const kundig__name *words, const char *const *phrases)
{
    for (size_t i = 0; phrases[i]; i++) {
        if (kundig__name_have(words, phrases[i])) {
            return true;
        }
    }
    return false;
}

static const char *const words_field_names[KUNDIG__COLUMN_FIELDS] = {
    "ignore",  "text",       "id",      "customer", "time",   "updated",    "kind",
    "channel", "touchpoint", "stage",   "case",     "agent",  "department", "segment",
    "product", "language",   "purpose", "consent",  "weight", "score",      "attribute",
    "source"};

const char *kundig__column_field_name(int field)
{
    return words_field_names[field];
}

/* A phrase is the whole name; with "~" in front also the end of a longer one. Strength 1 to 3. */
typedef struct words_alias {
    const char *phrases; /* apart by "|" */
    int field;
    int strength;
} words_alias;

static const words_alias words_aliases[] = {
    {"~text|~comment|~comments|~verbatim|~verbatims|~review text|~comment text|~kommentar|"
     "~kommentare|~freitext|~bewertungstext|~comment message|~review body|feedback text|~feedback",
     KUNDIG__COLUMN_TEXT, 3},
    {"~review|~message|~body|~content|opinion|~answer|~response "
     "text|antwort|~antworttext|~bemerkung|"
     "~bemerkungen|~anmerkung|~anmerkungen|~rueckmeldung|~meinung|~nachricht|tweet|"
     "open ended response|offene antwort|~complaint|~beschwerde|~reason for score|"
     "~reason for your score|~begruendung|rezension|~rezensionstext",
     KUNDIG__COLUMN_TEXT, 2},
    {"note|~reason|~why|warum|~grund|description|beschreibung|~remarks|~remark|~notes|~notiz|~"
     "notizen|"
     "~suggestion|~suggestions|~vorschlag|~verbesserungsvorschlag|~inhalt|transcript",
     KUNDIG__COLUMN_TEXT, 1},
    {"id|response id|review id|record id|feedback id|tweet id|comment id|message id|answer id|"
     "survey response id|entry id|submission id|response number|antwort id|bewertungs id|"
     "rueckmeldungs id|datensatz id|datensatznummer|uuid|guid|external id|unique id|bewertung id|"
     "rezension id|feedback number|response token|case response id|survey id|umfrage id|"
     "fragebogen id|befragungs id",
     KUNDIG__COLUMN_ID, 3},
    {"customer|customer id|customer number|customer no|customer key|kunde|kunden id|kundennummer|"
     "kunden nr|kunden nummer|customer unique id|customer reference",
     KUNDIG__COLUMN_CUSTOMER, 3},
    {"user id|user|client id|client|account id|account|account number|respondent id|respondent|"
     "person id|person|contact id|member id|subscriber id|external data reference|"
     "external reference|panelist id|participant id|reviewer id|author id|teilnehmer|"
     "teilnehmer id|nutzer|nutzer id|benutzer id|mandant|vertragskonto|reviewerid|guest id|"
     "patient id|visitor id",
     KUNDIG__COLUMN_CUSTOMER, 2},
    {"~response date|~responded at|~answered at|~answer date|~answer timestamp|~response timestamp|"
     "submitted|~submitted at|~submit date|~submission date|~date submitted|~submitted on|"
     "~completed at|~completion date|recorded date|end date|~response received at|~antwortdatum|"
     "abgegeben am|datum der antwort|review date|survey date|feedback date|date of response|"
     "bewertungsdatum|~rezensionsdatum|date of review|befragungsdatum|~antwortzeitpunkt",
     KUNDIG__COLUMN_TIME, 3},
    {"~date|~timestamp|~datum|~created|~created at|~created on|~created date|~date created|"
     "~creation date|time|zeit|~zeitstempel|~zeitpunkt|erstellt|~erstellt am|eingang|"
     "~eingangsdatum|~date time|datetime|~received at|received|when|wann|day|tag|uhrzeit|"
     "posted|posted at|created at utc|~erstelldatum",
     KUNDIG__COLUMN_TIME, 2},
    {"start date|~started at|startdatum|~sent at|~sent date|request sent at|~opened at",
     KUNDIG__COLUMN_TIME, 1},
    {"updated|~updated at|~last modified|modified|~modified at|~date modified|~last updated|"
     "geaendert|~geaendert am|aktualisiert|~aktualisiert am|aenderungsdatum|~update time|"
     "updated on|last update",
     KUNDIG__COLUMN_UPDATED, 3},
    {"kind|feedback type|feedback kind|art|art der rueckmeldung|source type|type|typ|record type",
     KUNDIG__COLUMN_KIND, 2},
    {"~channel|~kanal|~channel name|contact channel|kontaktkanal|medium|kontaktweg|kontaktart|"
     "response channel|survey channel|vertriebskanal",
     KUNDIG__COLUMN_CHANNEL, 3},
    {"~touchpoint|~touch point|~kontaktpunkt|~interaction|interaction type|beruehrungspunkt|"
     "touchpoint name|moment of truth|kontaktanlass",
     KUNDIG__COLUMN_TOUCHPOINT, 3},
    {"~stage|~phase|journey stage|~journey|customer journey|lifecycle stage|lebenszyklus|"
     "~journey step|survey sub type|survey subtype|journey phase|kundenphase|~schritt|"
     "stage name|survey stage|survey point",
     KUNDIG__COLUMN_STAGE, 3},
    {"case|case id|case number|ticket|ticket id|ticket number|ticketnummer|ticket nr|vorgang|"
     "vorgangsnummer|vorgangs id|fall|fallnummer|fall id|incident|incident id|conversation id|"
     "aktenzeichen",
     KUNDIG__COLUMN_CASE, 3},
    {"order id|order number|order no|bestellnummer|bestell nr|bestell id|auftragsnummer|"
     "auftrags nr|booking id|buchungsnummer|reservation id|request id",
     KUNDIG__COLUMN_CASE, 2},
    {"agent|agent id|agent name|employee|employee id|employee name|bearbeiter|mitarbeiter|"
     "mitarbeiter id|berater|assignee|assigned to|advisor|operator|sachbearbeiter|"
     "service agent|representative",
     KUNDIG__COLUMN_AGENT, 3},
    {"~department|~department name|~abteilung|team|team name|bereich|fachbereich|business unit|"
     "geschaeftsbereich|filiale|store|branch|standort",
     KUNDIG__COLUMN_DEPARTMENT, 3},
    {"~segment|customer segment|kundensegment|tier|kundengruppe|customer type|kundentyp|"
     "customer group|zielgruppe|segment name|customer tier",
     KUNDIG__COLUMN_SEGMENT, 3},
    {"product|produkt|artikel|product name|produktname|product id|item|item name|artikelnummer|"
     "sku|asin|artikelname|product title|tarif|product code",
     KUNDIG__COLUMN_PRODUCT, 3},
    {"~language|lang|~sprache|locale|user language|language code|sprachcode",
     KUNDIG__COLUMN_LANGUAGE, 3},
    {"purpose|zweck|verwendungszweck|processing purpose|verarbeitungszweck", KUNDIG__COLUMN_PURPOSE,
     3},
    {"consent|einwilligung|zustimmung|opt in|optin|gdpr consent|dsgvo|consent given|"
     "dsgvo einwilligung|datenschutz einwilligung",
     KUNDIG__COLUMN_CONSENT, 3},
    {"weight|survey weight|gewicht|gewichtung|weighting|case weight|sample weight",
     KUNDIG__COLUMN_WEIGHT, 3},
};

/* 2: the phrase is the whole name; 1: it ends the name and may; 0: neither. */
static int words_match(const kundig__name *words, const char *phrase, size_t len)
{
    bool tail = len && phrase[0] == '~';
    phrase += tail;
    len -= tail;
    if (words->len < len + 2 || memcmp(words->text + words->len - 1 - len, phrase, len) != 0) {
        return 0;
    }
    if (words->len == len + 2) {
        return 2;
    }
    return tail && words->text[words->len - 2 - len] == ' ' ? 1 : 0;
}

static int words_list_match(const kundig__name *words, const char *phrases)
{
    int best = 0;
    for (const char *p = phrases; *p;) {
        const char *bar = strchr(p, '|');
        size_t len = bar ? (size_t)(bar - p) : strlen(p);
        int match = words_match(words, p, len);
        best = match > best ? match : best;
        p += len + (bar != NULL);
    }
    return best;
}

int kundig__name_fit(const kundig__name *words, int field)
{
    int best = 0;
    for (size_t i = 0; i < sizeof words_aliases / sizeof words_aliases[0]; i++) {
        if (words_aliases[i].field == field) {
            int match = words_list_match(words, words_aliases[i].phrases);
            int fit = match ? words_aliases[i].strength * 2 + match - 1 : 0;
            best = fit > best ? fit : best;
        }
    }
    return best;
}

bool kundig__name_personal(const kundig__name *words)
{
    static const char *const anywhere[] = {"ip",
                                           "ip address",
                                           "email*",
                                           "e mail*",
                                           "mailadresse",
                                           "phone*",
                                           "telephone",
                                           "telefon*",
                                           "mobile",
                                           "handy*",
                                           "fax",
                                           "first name",
                                           "firstname",
                                           "last name",
                                           "lastname",
                                           "surname",
                                           "full name",
                                           "vorname",
                                           "nachname",
                                           "familienname",
                                           "birth*",
                                           "geburtsdatum",
                                           "geburtstag",
                                           "iban",
                                           "street",
                                           "strasse",
                                           "address",
                                           "anschrift",
                                           "adresse",
                                           "postal address",
                                           "latitude",
                                           "longitude",
                                           "breitengrad",
                                           "laengengrad",
                                           "ssn",
                                           "passport",
                                           "customer name",
                                           "user name",
                                           "username",
                                           "contact name",
                                           "client name",
                                           "kundenname",
                                           "recipient name",
                                           "reviewer name",
                                           "author name",
                                           "respondent name",
                                           "guest name",
                                           "screen name",
                                           "rufnummer",
                                           NULL};
    static const char whole[] = "name|namen|tel|mail|author|reviewer|dob|person name";
    return kundig__name_have_any(words, anywhere) || words_list_match(words, whole) == 2;
}

bool kundig__name_counter(const kundig__name *words)
{
    static const char whole[] = "row|rows|row id|row number|row no|index|unnamed 0|x|no|nr|lfd nr|"
                                "laufende nummer|lfd nummer|zeile|zeilennummer|line|line number|#|"
                                "number|nummer";
    return words->len <= 1 || words_list_match(words, whole) == 2;
}
