/* Makes feedback that behaves as feedback does: what is said goes with the score, the score with
 * the stage, customers come back and keep their temper, and delivery has a bad last month.
 * Integers alone, so that every machine makes the same bytes; one record costs under 1 us. */
#include "feedback.h"

#include <stdio.h>
#include <string.h>

enum { DAYS = 243, LAST_MONTH = 212 }; /* 2026-01-01 to 2026-08-31; day 212 is 1 August */

typedef struct stage_rule {
    const char *name;
    int share;     /* of 100 records */
    int base;      /* mean score in tenths */
    int topics[4]; /* the first is as likely as the others together */
    const char *touchpoints[3];
} stage_rule;

static const stage_rule stage_rules[] = {
    {"Order",
     20,
     86,
     {TOPIC_WEBSITE, TOPIC_STAFF, TOPIC_PRICE, TOPIC_APP},
     {"Web shop", "Store", "App"}},
    {"Delivery",
     22,
     82,
     {TOPIC_DELIVERY, TOPIC_DELIVERY, TOPIC_RETURNS, TOPIC_HOTLINE},
     {"Courier", "Parcel shop", "Courier"}},
    {"Setup",
     15,
     77,
     {TOPIC_SETUP, TOPIC_PRODUCT, TOPIC_APP, TOPIC_HOTLINE},
     {"Technician", "App", "Guide"}},
    {"First bill",
     15,
     70,
     {TOPIC_BILLING, TOPIC_PRICE, TOPIC_HOTLINE, TOPIC_APP},
     {"Invoice", "App", "Invoice"}},
    {"Use",
     18,
     73,
     {TOPIC_PRODUCT, TOPIC_PRICE, TOPIC_APP, TOPIC_STAFF},
     {"Product", "App", "Store"}},
    {"Support",
     10,
     62,
     {TOPIC_HOTLINE, TOPIC_RETURNS, TOPIC_BILLING, TOPIC_STAFF},
     {"Hotline", "Chat", "Store"}},
};

static const char *const channel_names[] = {"email", "app", "sms", "phone", "web"};

/* splitmix64 */
static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint32_t random_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(((random_bits(state) >> 32) * bound) >> 32);
}

/* About normal, mean 0: the sum of four dice, in [-2 * size, 2 * size]. */
static int random_bell(uint64_t *state, int size)
{
    int sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += (int)random_below(state, (uint32_t)size + 1);
    }
    return sum - 2 * size;
}

void feedback_start(feedback_source *source, uint64_t seed, uint64_t records)
{
    memset(source, 0, sizeof *source);
    source->random = seed * 0xD1342543DE82EF95u + 1;
    source->next_id = 1;
    source->german_percent = 60;
    uint64_t customers = records * 5 / 8;
    source->customers = customers < 1 ? 1 : customers > 100000000 ? 100000000 : (uint32_t)customers;
}

/* ---- comments ---- */

static void comment_add(feedback_record *record, const char *text, size_t len)
{
    if (record->comment_len + len < sizeof record->comment) {
        memcpy(record->comment + record->comment_len, text, len);
        record->comment_len += len;
        record->comment[record->comment_len] = '\0';
    }
}

static void comment_slot(uint64_t *random, feedback_record *record, int language, char slot)
{
    char number[32];
    const char *word = number;
    uint32_t cents;
    switch (slot) {
    case 'd':
        snprintf(number, sizeof number, "%u", 3 + (unsigned)random_below(random, 17));
        break;
    case 'm':
        snprintf(number, sizeof number, "%u", 5 * (2 + (unsigned)random_below(random, 14)));
        break;
    case 'c':
        snprintf(number, sizeof number, "%u", 2 + (unsigned)random_below(random, 4));
        break;
    case 'e':
        cents = 50 * (4 + random_below(random, 120));
        snprintf(number, sizeof number, language == GERMAN ? "%u,%02u Euro" : "%u.%02u euros",
                 (unsigned)(cents / 100), (unsigned)(cents % 100));
        break;
    case 'p':
        word = sentence_products[language][random_below(random, 8)];
        break;
    case 'q':
        word = sentence_products[2][random_below(random, 8)];
        break;
    case 'w':
        word = sentence_weekdays[language][random_below(random, 6)];
        break;
    default:
        word = sentence_names[language][random_below(random, 8)];
        break;
    }
    comment_add(record, word, strlen(word));
}

static void comment_sentence(uint64_t *random, feedback_record *record, int language,
                             const char *sentence)
{
    if (record->comment_len) {
        comment_add(record, " ", 1);
    }
    size_t start = record->comment_len;
    while (*sentence) {
        size_t plain = strcspn(sentence, "{");
        comment_add(record, sentence, plain);
        sentence += plain;
        if (*sentence == '{') {
            comment_slot(random, record, language, sentence[1]);
            sentence += 3;
        }
    }
    char *first = &record->comment[start];
    if (*first >= 'a' && *first <= 'z') {
        *first = (char)(*first - 'a' + 'A');
    }
}

static const char *comment_pick(uint64_t *random, int language, int mood, const stage_rule *stage)
{
    uint32_t which = random_below(random, 6);
    int topic = stage->topics[which < 3 ? 0 : which - 2];
    if (random_below(random, 12) == 0) {
        topic = (int)random_below(random, TOPIC_COUNT);
    }
    const char *const *list = sentence_topics[topic][language][mood];
    uint32_t count = 0;
    while (list[count]) {
        count++;
    }
    return list[random_below(random, count)];
}

/* People write in haste: small letters, no umlauts, capitals, three exclamation marks. */
static void comment_haste(uint64_t *random, feedback_record *record)
{
    static const char *const plain[][2] = {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ß", "ss"}};
    uint32_t dice = random_below(random, 40);
    char *text = record->comment;
    if (dice < 3) {
        for (size_t i = 0; i < record->comment_len; i++) {
            if (text[i] >= 'A' && text[i] <= 'Z') {
                text[i] = (char)(text[i] - 'A' + 'a');
            }
        }
    } else if (dice == 3) {
        for (size_t i = 0; i < record->comment_len; i++) {
            if (text[i] >= 'a' && text[i] <= 'z') {
                text[i] = (char)(text[i] - 'a' + 'A');
            }
        }
    } else if (dice < 7) {
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
            for (char *at = strstr(text, plain[i][0]); at; at = strstr(at, plain[i][0])) {
                memcpy(at, plain[i][1], 2); /* two bytes either way */
            }
        }
    } else if (dice == 7) {
        if (record->comment_len && text[record->comment_len - 1] == '.') {
            record->comment_len--;
        }
        comment_add(record, "!!!", 3);
    }
}

static void comment_write(feedback_source *source, feedback_record *record, int language,
                          const stage_rule *stage, int score)
{
    uint64_t *random = &source->random;
    int mood = score >= 9 ? GOOD : score >= 7 ? MIXED : BAD;
    if (mood == MIXED && random_below(random, 3) == 0) {
        mood = GOOD;
    }
    uint32_t silent = mood == BAD ? 6 : mood == MIXED ? 25 : 18;
    if (!source->comment_bytes && random_below(random, 100) < silent) {
        return;
    }
    if (random_below(random, 4) == 0) {
        comment_sentence(random, record, language,
                         sentence_openers[language][mood][random_below(random, 5)]);
    }
    comment_sentence(random, record, language, comment_pick(random, language, mood, stage));
    while (source->comment_bytes ? record->comment_len + 25 < source->comment_bytes
                                 : random_below(random, mood == BAD ? 2 : 3) == 0) {
        int other = mood != MIXED && random_below(random, 8) == 0 ? MIXED : mood;
        comment_sentence(random, record, language, comment_pick(random, language, other, stage));
    }
    if (random_below(random, 5) == 0) {
        if (random_below(random, 12) == 0) {
            comment_add(record, "\n", 1);
        }
        comment_sentence(random, record, language,
                         sentence_closers[language][mood][random_below(random, 5)]);
    }
    comment_haste(random, record);
}

/* ---- records ---- */

static void date_write(feedback_record *record, uint32_t day)
{
    static const uint32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31};
    uint32_t month = 0;
    record->day = 20454 + (int64_t)day; /* 2026-01-01 */
    while (day >= lengths[month]) {
        day -= lengths[month++];
    }
    day++;
    memcpy(record->date, "2026-0", 6);
    record->date[6] = (char)('1' + month);
    record->date[7] = '-';
    record->date[8] = (char)('0' + day / 10);
    record->date[9] = (char)('0' + day % 10);
    record->date[10] = '\0';
}

void feedback_next(feedback_source *source, feedback_record *record)
{
    uint64_t *random = &source->random;
    snprintf(record->id, sizeof record->id, "F%08llu", (unsigned long long)source->next_id++);

    const stage_rule *stage = stage_rules;
    for (int dice = (int)random_below(random, 100); dice >= stage->share; stage++) {
        dice -= stage->share;
    }
    uint32_t day = random_below(random, DAYS);
    date_write(record, day);
    record->stage = stage->name;
    record->touchpoint = stage->touchpoints[random_below(random, 3)];
    uint32_t channel = random_below(random, 10);
    record->channel = channel_names[channel < 4   ? 0
                                    : channel < 6 ? 1
                                    : channel < 8 ? 2
                                    : channel < 9 ? 3
                                                  : 4];

    /* Some customers answer often: the lesser of two draws. */
    uint32_t a = random_below(random, source->customers);
    uint32_t b = random_below(random, source->customers);
    uint32_t customer = a < b ? a : b;
    record->customer[0] = '\0';
    if (random_below(random, 100) >= 3) {
        snprintf(record->customer, sizeof record->customer, "C%08u", (unsigned)customer + 1);
    }
    uint64_t character = customer * 0x9E3779B97F4A7C15u;
    int temper = random_bell(&character, 13);
    int language = random_below(&character, 100) < source->german_percent ? GERMAN : ENGLISH;
    record->language = language == GERMAN ? "de" : "en";

    int tenths = stage->base + temper + random_bell(random, 25);
    if (strcmp(stage->name, "Delivery") == 0 && day >= LAST_MONTH) {
        tenths -= 19;
    }
    if (strcmp(record->channel, "phone") == 0) {
        tenths += 4; /* people are kinder to a voice */
    }
    if (tenths < 45 && random_below(random, 3) == 0) {
        tenths -= 20 + (int)random_below(random, 30); /* who is angry is very angry */
    } else if (tenths > 86 && random_below(random, 2) == 0) {
        tenths += 12;
    }
    int score = tenths < 0 ? 0 : tenths > 100 ? 10 : (tenths + 5) / 10;
    record->nps = random_below(random, 100) < 3 ? -1 : score;
    record->csat = -1;
    if (random_below(random, 100) < 65) {
        int satisfied = (tenths + random_bell(random, 8) + 10) / 20;
        record->csat = satisfied < 1 ? 1 : satisfied > 5 ? 5 : satisfied;
    }
    record->comment_len = 0;
    record->comment[0] = '\0';
    if (!source->no_comments) {
        comment_write(source, record, language, stage, score);
    }
}
