#include "modelling.h"
#include "topics/feeling.h"

TestSuite(feeling, .fini = probe_fini);

static const char *const feeling_topics_of =
    "topic staff: Staff\nany: staff, personal\ntopic room: Room\nany: room, zimmer\n"
    "topic food: Food\nany: food, essen\ntopic app: App\nany: app\n";

typedef struct feeling_read {
    kundig__mem mem;
    kundig_model *model;
    kundig__reading reading;
} feeling_read;

static void feeling_open(feeling_read *read)
{
    kundig_allocator allocator = probe_allocator(NULL);
    read->model = model_of(feeling_topics_of);
    kundig__mem_init(&read->mem, &allocator, 0);
    kundig__reading_init(&read->reading, &read->mem, read->model);
    read->reading.moods = true;
}

static void feeling_close(feeling_read *read)
{
    kundig__reading_free(&read->reading);
    kundig_model_free(read->model);
    cr_assert_eq(read->mem.used, 0);
}

/* "comment sentence... / topic mood ...", each by its first letter; m is mixed, 0 unknown. */
static void feels(feeling_read *read, const char *text, const char *expected)
{
    static const char letters[] = "0-=+m";
    char shown[256];
    size_t len = 0;
    kundig__reading *reading = &read->reading;
    cr_assert_eq(kundig__reading_run(reading, text, strlen(text), KUNDIG__LANGUAGE_UNKNOWN),
                 KUNDIG_OK);
    shown[len++] = letters[reading->mood.sentiment];
    shown[len++] = ' ';
    for (size_t i = 0; i < reading->spoken.sentence_count; i++) {
        shown[len++] = letters[reading->sentence_moods[i].sentiment];
    }
    shown[len] = 0;
    for (size_t i = 0; i < reading->topic_count; i++) {
        kundig_text name = kundig__model_topic(reading->model, reading->topics[i])->name;
        len += (size_t)snprintf(shown + len, sizeof shown - len, " %.*s%c", (int)name.len,
                                name.data, letters[reading->topic_moods[i].sentiment]);
    }
    cr_expect_str_eq(shown, expected, "%s: %s, not %s", text, shown, expected);
}

Test(feeling, tells_comment_sentences_and_topics)
{
    feeling_read read;
    feeling_open(&read);
    feels(&read, "Das Personal war sehr freundlich.", "+ + staff+");
    feels(&read, "The staff was great. The room was dirty and horrible.", "m +- room- staff+");
    feels(&read, "We stayed for a week. The staff was great.", "+ =+ staff+");
    feels(&read, "", "0 ");
    feels(&read, "10", "0 0");
    feels(&read, "The room is on the second floor.", "= = room=");
    feeling_close(&read);
}

Test(feeling, a_topic_feels_as_the_clauses_that_speak_of_it)
{
    feeling_read read;
    feeling_open(&read);
    feels(&read, "Das Personal war sehr freundlich, aber das Zimmer war furchtbar dreckig.",
          "m m room- staff+");
    feels(&read, "Friendly staff but a terrible room", "m m room- staff+");
    feels(&read, "The staff was wonderful and the food was absolutely awful.", "m m food- staff+");
    feels(&read, "The app, which I use every day, is terrible.", "- - app-");
    feels(&read, "The staff was great. The staff was rude and horrible.", "m +- staffm");
    feeling_close(&read);
}

Test(feeling, a_word_of_complaint_in_a_long_praise_is_not_mixed)
{
    feeling_read read;
    feeling_open(&read);
    feels(&read,
          "The staff was great. The food was excellent. We loved the room. Wonderful. A bit slow.",
          "+ ++++- food+ room+ staff+");
    feeling_close(&read);
}

Test(feeling, says_which_words_decided)
{
    feeling_read read;
    feeling_open(&read);
    const char *text = "Great staff, but a terrible room. Nothing else.";
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    size_t count;
    feels(&read, text, "m m= room- staff+");
    cr_assert_eq(kundig__feeling_evidence(&read.reading, text, strlen(text), KUNDIG__PART_TOPIC, 0,
                                          ranges, &count),
                 KUNDIG_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(strncmp(text + ranges[0].start, "terrible", 8), 0);
    cr_assert_eq(ranges[0].end - ranges[0].start, 8);
    cr_assert_eq(kundig__feeling_evidence(&read.reading, text, strlen(text), KUNDIG__PART_TOPIC, 1,
                                          ranges, &count),
                 KUNDIG_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(ranges[0].start, 0);
    cr_assert_eq(kundig__feeling_evidence(&read.reading, text, strlen(text), KUNDIG__PART_SENTENCE,
                                          0, ranges, &count),
                 KUNDIG_OK);
    cr_assert_geq(count, 1);
    size_t start;
    size_t end;
    kundig__feeling_topic_place(&read.reading, 0, &start, &end);
    cr_assert_eq(strncmp(text + start, "room", 4), 0);
    cr_assert_eq(end - start, 4);
    feeling_close(&read);
}

Test(feeling, a_megabyte_of_clauses_is_told)
{
    static const char *const pieces[] = {
        "staff, ", "great staff but ", "room. ", "and ", ",", "terrible food and great app ", "\n",
        "- "};
    enum { SIZE = 1 << 20 };
    feeling_read read;
    feeling_open(&read);
    char *text = kundig__alloc(&read.mem, SIZE);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t len = strlen(pieces[i]);
        size_t at = 0;
        while (at + len <= SIZE) {
            memcpy(text + at, pieces[i], len);
            at += len;
        }
        cr_assert_eq(kundig__reading_run(&read.reading, text, at, KUNDIG__LANGUAGE_UNKNOWN),
                     KUNDIG_OK);
        cr_assert(read.reading.mood.value >= -1000 && read.reading.mood.value <= 1000);
    }
    kundig__free(&read.mem, text, SIZE);
    feeling_close(&read);
}

Test(feeling, survives_every_failing_allocation)
{
    static const char *const texts[] = {
        "Great staff, but a terrible room. The food was good and the app was bad.", "gut",
        "One. Two. Three. Four, five, six, staff, seven (eight) and nine."};
    probe failing = {0};
    kundig_allocator allocator = probe_allocator(&failing);
    feeling_read read;
    feeling_open(&read);
    for (int once = 0; once < 2; once++) {
        bool done = false;
        for (size_t at = 1; !done; at++) {
            kundig__mem mem;
            kundig__reading reading;
            kundig__mem_init(&mem, &allocator, 0);
            kundig__reading_init(&reading, &mem, read.model);
            reading.moods = true;
            failing.fail_at = failing.allocations + at;
            failing.fail_on = once == 0;
            int rc = KUNDIG_OK;
            for (size_t i = 0; i < 3 && rc == KUNDIG_OK; i++) {
                rc = kundig__reading_run(&reading, texts[i], strlen(texts[i]), 0);
            }
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            done = rc == KUNDIG_OK;
            kundig__reading_free(&reading);
            failing.fail_at = 0;
            cr_assert_eq(failing.live_blocks, 0);
        }
    }
    feeling_close(&read);
}
