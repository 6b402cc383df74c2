/* What comments say, as columns of the corpus: the same however they came to be read. */
#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "model.h"
#include "saying.h"

TestSuite(said, .fini = probe_fini);

enum { SAID_ROWS = 3000 };

static void said_open(fixture *f, uint32_t threads)
{
    model_open(f);
    f->context.threads = threads;
}

static const char *const said_words[6] = {"friendly", "queue", "late",
                                          "broken",   "price", "and some other words"};
/* The number of the topic that each word shows, in byte order of names. */
static const int said_topic_of[5] = {3, 4, 1, 0, 2};

/* Bits of the topics of record i, and its text. */
static unsigned said_make(uint32_t i, char out[200])
{
    kundig__prng prng;
    unsigned topics = 0;
    kundig__prng_init(&prng, i + 1);
    size_t len = 0;
    out[0] = '\0';
    for (uint64_t n = kundig__prng_below(&prng, 6); n > 0; n--) {
        size_t word = (size_t)kundig__prng_below(&prng, 6);
        len += (size_t)snprintf(out + len, 200 - len, "%s, ", said_words[word]);
        topics |= word < 5 ? 1u << said_topic_of[word] : 0;
    }
    return topics;
}

static void said_add(fixture *f, const uint32_t *order, uint32_t first, uint32_t end)
{
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (uint32_t i = first; i < end; i++) {
        char id[12];
        char text[200];
        uint32_t record = order ? order[i] : i;
        said_make(record, text);
        snprintf(id, sizeof id, "%u", (unsigned)record);
        kundig_feedback r = fixture_record(id, record % 11 ? text : NULL);
        r.language = kundig__str(record % 5 == 0 ? "de" : record % 5 == 1 ? "Klingon" : NULL);
        cr_assert_eq(kundig__batch_add(f->corpus, &r, NULL, NULL, &f->err), KUNDIG_OK);
    }
    kundig__batch_commit(f->corpus);
}

static const kundig__said *said_get(fixture *f)
{
    const kundig__said *said = NULL;
    cr_assert_eq(kundig__corpus_said(f->corpus, &said, &f->err), KUNDIG_OK, "%s", f->err.message);
    fixture_check(f);
    return said;
}

/* Every record says what its words say. */
static void said_is_right(fixture *f)
{
    const kundig__said *said = said_get(f);
    uint32_t most = 0;
    cr_assert_eq(said->rows, kundig__corpus_rows(f->corpus));
    for (uint32_t row = 0; row < said->rows; row++) {
        char text[200];
        char id[16];
        unsigned topics = 0;
        kundig_text name = kundig__corpus_id(f->corpus, row);
        snprintf(id, sizeof id, "%.*s", (int)name.len, name.data);
        uint32_t record = (uint32_t)strtoul(id, NULL, 10);
        for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
            topics |= 1u << said->topics[at];
        }
        unsigned expected = said_make(record, text);
        cr_assert_eq(topics, record % 11 ? expected : 0, "%u: %s", (unsigned)record, text);
        if (record % 5 == 0) {
            cr_assert_eq(said->languages[row],
                         record % 11 ? KUNDIG__LANGUAGE_DE : KUNDIG__LANGUAGE_UNKNOWN);
        }
        uint32_t count = (uint32_t)(said->starts[row + 1] - said->starts[row]);
        most = count > most ? count : most;
    }
    cr_assert_eq(said->most, most);
}

Test(said, is_the_same_with_any_number_of_threads_and_of_calls)
{
    fixture one;
    said_open(&one, 1);
    said_add(&one, NULL, 0, SAID_ROWS);
    said_is_right(&one);
    const kundig__said *expected = said_get(&one);
    for (uint32_t threads = 2; threads < 9; threads += 3) {
        fixture f;
        said_open(&f, threads);
        for (uint32_t first = 0; first < SAID_ROWS;) {
            uint32_t end = first * 2 + 1 < SAID_ROWS ? first * 2 + 1 : SAID_ROWS;
            said_add(&f, NULL, first, end);
            said_get(&f);
            first = end;
        }
        const kundig__said *said = said_get(&f);
        cr_assert_eq(said->most, expected->most);
        cr_assert_arr_eq(said->languages, expected->languages, SAID_ROWS);
        cr_assert_arr_eq(said->starts, expected->starts, (SAID_ROWS + 1) * sizeof *said->starts);
        cr_assert_arr_eq(said->topics, expected->topics,
                         said->starts[SAID_ROWS] * sizeof *said->topics);
        fixture_close(&f);
    }
    fixture_close(&one);
}

Test(said, is_the_same_of_a_record_in_any_order_of_rows)
{
    static uint32_t order[SAID_ROWS];
    kundig__prng prng;
    kundig__prng_init(&prng, 9);
    for (uint32_t i = 0; i < SAID_ROWS; i++) {
        uint32_t j = (uint32_t)kundig__prng_below(&prng, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    fixture f;
    said_open(&f, 3);
    said_add(&f, order, 0, SAID_ROWS);
    said_is_right(&f);
    fixture_close(&f);
}

typedef struct said_watch {
    uint64_t calls;
    uint64_t total;
    uint64_t stop_at; /* calls; 0: never */
} said_watch;

static int said_progress(void *ud, uint64_t done, uint64_t total)
{
    said_watch *watch = ud;
    cr_assert_leq(done, total);
    watch->calls++;
    watch->total = total;
    return watch->stop_at && watch->calls >= watch->stop_at;
}

Test(said, reads_what_is_new_and_nothing_twice)
{
    fixture f;
    said_watch watch = {0, 0, 0};
    said_open(&f, 1);
    f.context.progress = said_progress;
    f.context.progress_ud = &watch;
    said_add(&f, NULL, 0, 100);
    said_get(&f);
    cr_assert_eq(watch.total, 100);
    watch.calls = 0;
    said_get(&f);
    cr_assert_eq(watch.calls, 0, "nothing is new");
    said_add(&f, NULL, 100, 107);
    said_get(&f);
    cr_assert_eq(watch.total, 7);
    said_is_right(&f);
    fixture_close(&f);
}

Test(said, a_cancelled_reading_leaves_the_corpus_usable)
{
    fixture f;
    const kundig__said *said = NULL;
    said_open(&f, 2);
    said_add(&f, NULL, 0, SAID_ROWS);
    said_watch watch = {0, 0, 1};
    f.context.progress = said_progress;
    f.context.progress_ud = &watch;
    cr_assert_eq(kundig__corpus_said(f.corpus, &said, &f.err), KUNDIG_E_CANCELLED);
    cr_assert_null(said);
    fixture_check(&f);
    watch.stop_at = 0;
    said_is_right(&f);
    fixture_close(&f);
}

Test(said, another_model_reads_all_again)
{
    static const char other[] = "theme all: All\ntopic lateness: Late\nany: late\n";
    fixture f;
    const kundig_model *ready = NULL;
    const kundig_model *again = NULL;
    said_open(&f, 1);
    said_add(&f, NULL, 0, 200);
    said_is_right(&f);
    kundig_model *model = model_of(&f.context.mem.hook, other);
    kundig__corpus_set_model(f.corpus, model);
    kundig__corpus_set_model(f.corpus, model);
    const kundig__said *said = said_get(&f);
    cr_assert_eq(said->model, model);
    cr_assert_eq(said->topic_names->count, 1);
    cr_assert_eq(said->most, 1);
    for (uint32_t row = 0; row < 200; row++) {
        char text[200];
        bool late = (said_make(row, text) & 2u) && row % 11;
        cr_assert_eq(said->starts[row + 1] - said->starts[row], late);
    }
    kundig__corpus_set_model(f.corpus, NULL);
    cr_assert_eq(kundig__corpus_model(f.corpus, &ready, &f.err), KUNDIG_OK, "%s", f.err.message);
    cr_assert_eq(kundig__corpus_model(f.corpus, &again, &f.err), KUNDIG_OK);
    cr_assert_eq(ready, again);
    cr_assert_neq(ready, model);
    kundig_model_free(model);
    cr_assert_eq(said_get(&f)->model, ready);
    fixture_close(&f);
}

Test(said, an_old_version_says_nothing_and_the_new_one_all)
{
    fixture f;
    model_open(&f);
    kundig_feedback r = fixture_record("1", "it came late");
    r.updated_ms = 5;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(said_get(&f)->starts[1], 1);
    r.text = kundig__str("a fair price");
    r.updated_ms = 6;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r.text = kundig__str("broken");
    r.updated_ms = 4;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    const kundig__said *said = said_get(&f);
    cr_assert_eq(said->rows, 3);
    cr_assert_eq(said->starts[2] - said->starts[1], 1);
    cr_assert_eq(said->starts[3] - said->starts[2], 0, "it is older than what is known");
    cr_assert_eq(fixture_where(&f, "topic = delay"), 0);
    cr_assert_eq(fixture_where(&f, "topic = price"), 1);
    fixture_close(&f);
}

Test(said, of_an_empty_corpus_is_empty)
{
    fixture f;
    model_open(&f);
    const kundig__said *said = said_get(&f);
    cr_assert_eq(said->rows, 0);
    cr_assert_eq(said->starts[0], 0);
    cr_assert_eq(fixture_where(&f, "model:topic = delay or model:text_language is missing"), 0);
    fixture_close(&f);
}

Test(said, keeps_to_the_memory_limit_and_counts_what_parts_use)
{
    for (uint32_t threads = 1; threads < 5; threads += 3) {
        fixture f;
        const kundig__said *said = NULL;
        int rc = KUNDIG_E_LIMIT;
        size_t refused = 0;
        said_open(&f, threads);
        said_add(&f, NULL, 0, SAID_ROWS);
        size_t before = f.context.mem.used;
        size_t model_bytes = probe_shared.live_bytes - before;
        for (size_t more = 1024; rc == KUNDIG_E_LIMIT; more *= 2) {
            f.context.mem.limit = before + more;
            rc = kundig__corpus_said(f.corpus, &said, &f.err);
            cr_assert_leq(f.context.mem.used, f.context.mem.limit);
            cr_assert_eq(f.context.mem.used, probe_shared.live_bytes - model_bytes,
                         "what was lent is given back");
            fixture_check(&f);
            refused += rc == KUNDIG_E_LIMIT;
        }
        cr_assert_eq(rc, KUNDIG_OK, "%s", f.err.message);
        cr_assert_gt(refused, 0);
        said_is_right(&f);
        fixture_close(&f);
    }
}

Test(said, memory_that_fails_in_any_thread_is_out_of_memory)
{
    fixture f;
    const kundig__said *said = NULL;
    said_open(&f, 4);
    said_add(&f, NULL, 0, SAID_ROWS);
    int rc = KUNDIG_E_NOMEM;
    for (size_t fail_at = 1; rc; fail_at += 1 + fail_at / 8) {
        probe_shared.allocations = 0;
        probe_shared.fail_on = true;
        probe_shared.fail_at = fail_at;
        rc = kundig__corpus_said(f.corpus, &said, &f.err);
        probe_shared.fail_at = 0;
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
        fixture_check(&f);
        if (rc) {
            kundig__said_free(&f.corpus->said, f.corpus->mem); /* to begin again */
            kundig__said_init(&f.corpus->said, f.corpus);
        }
    }
    said_is_right(&f);
    fixture_close(&f);
}

static int64_t said_again(fixture *f, void *ud)
{
    const kundig__said *said = NULL;
    (void)ud;
    kundig__said_free(&f->corpus->said, f->corpus->mem);
    kundig__said_init(&f->corpus->said, f->corpus);
    int rc = kundig__corpus_said(f->corpus, &said, &f->err);
    /* What was read is kept: it goes, so that nothing seems lost. */
    kundig__said_free(&f->corpus->said, f->corpus->mem);
    kundig__said_init(&f->corpus->said, f->corpus);
    return rc;
}

Test(said, survives_failure_of_every_allocation)
{
    fixture f;
    model_open(&f);
    said_add(&f, NULL, 0, 200);
    fixture_sweep(&f, said_again, NULL);
    fixture_close(&f);
}

/* Words of mood beside those of topics. */
static void said_add_moods(fixture *f, uint32_t first, uint32_t end)
{
    static const char *const moods[] = {"I am happy with the staff", "not good",
                                        "the queue was terrible, and the price is great", "so so"};
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (uint32_t i = first; i < end; i++) {
        char id[12];
        char said[200];
        char text[300];
        said_make(i, said);
        snprintf(text, sizeof text, "%s. %s.", said, moods[i % 4]);
        snprintf(id, sizeof id, "%u", (unsigned)i);
        kundig_feedback r = fixture_record(id, i % 7 ? text : NULL);
        cr_assert_eq(kundig__batch_add(f->corpus, &r, NULL, NULL, &f->err), KUNDIG_OK);
    }
    kundig__batch_commit(f->corpus);
}

static const kundig__said *said_moods(fixture *f)
{
    const kundig__said *said = NULL;
    cr_assert_eq(kundig__corpus_moods(f->corpus, &said, &f->err), KUNDIG_OK, "%s", f->err.message);
    fixture_check(f);
    return said;
}

/* Every comment and topic has the mood that reading it alone tells. */
static void said_moods_are_right(fixture *f, const kundig__said *said)
{
    kundig__reading reading;
    unsigned sides = 0;
    kundig__reading_init(&reading, f->corpus->mem, said->model);
    reading.moods = true;
    for (uint32_t row = 0; row < said->rows; row++) {
        kundig_text text = kundig__corpus_text(f->corpus, row);
        sides |= 1u << said->sentiments[row];
        if (!text.data) {
            cr_assert_eq(said->sentiments[row], KUNDIG_SENTIMENT_UNKNOWN);
            continue;
        }
        cr_assert_eq(kundig__reading_run(&reading, text.data, text.len, KUNDIG__LANGUAGE_UNKNOWN),
                     KUNDIG_OK);
        cr_assert_eq(said->sentiments[row], reading.mood.sentiment);
        cr_assert_eq(said->values[row], reading.mood.sentiment ? reading.mood.value : 0);
        cr_assert_eq(said->starts[row + 1] - said->starts[row], reading.topic_count);
        for (size_t i = 0; i < reading.topic_count; i++) {
            uint64_t at = said->starts[row] + i;
            cr_assert_eq(said->topics[at], reading.topics[i]);
            cr_assert_eq(said->topic_sentiments[at], reading.topic_moods[i].sentiment);
            cr_assert_eq(said->topic_values[at],
                         reading.topic_moods[i].sentiment ? reading.topic_moods[i].value : 0);
        }
    }
    cr_assert_neq(sides & 1u << KUNDIG_SENTIMENT_NEGATIVE, 0);
    cr_assert_neq(sides & 1u << KUNDIG_SENTIMENT_POSITIVE, 0);
    kundig__reading_free(&reading);
}

Test(said, moods_are_those_of_each_comment_alone_however_they_came_to_be_read)
{
    for (uint32_t threads = 1; threads < 5; threads += 3) {
        for (int how = 0; how < 3; how++) {
            fixture f;
            said_open(&f, threads);
            said_add_moods(&f, 0, 40);
            if (how == 0) {
                said_add_moods(&f, 40, 300);
            } else if (how == 1) {
                said_get(&f);
                said_add_moods(&f, 40, 300);
                said_get(&f);
            } else {
                said_moods(&f);
                said_add_moods(&f, 40, 170);
                said_get(&f);
                said_add_moods(&f, 170, 300);
            }
            said_moods_are_right(&f, said_moods(&f));
            fixture_close(&f);
        }
    }
}

Test(said, moods_are_read_once_and_leave_what_was_handed_out)
{
    fixture f;
    said_watch watch = {0, 0, 0};
    said_open(&f, 1);
    f.context.progress = said_progress;
    f.context.progress_ud = &watch;
    said_add_moods(&f, 0, 90);
    const kundig__said *said = said_get(&f);
    const uint64_t *starts = said->starts;
    const uint16_t *topics = said->topics;
    cr_assert_eq(said_moods(&f), said);
    cr_assert_eq(watch.total, 90, "a second time, for the moods");
    cr_assert_eq(said->starts, starts);
    cr_assert_eq(said->topics, topics);
    watch.calls = 0;
    said_moods(&f);
    said_get(&f);
    cr_assert_eq(watch.calls, 0);
    said_add_moods(&f, 90, 100);
    said_moods(&f);
    cr_assert_eq(watch.total, 10, "topics and moods in one reading");
    said_moods_are_right(&f, said_moods(&f));
    fixture_close(&f);
}

Test(said, a_cancelled_reading_of_moods_goes_on_where_it_stopped)
{
    fixture f;
    const kundig__said *said = NULL;
    said_open(&f, 2);
    said_add_moods(&f, 0, 300);
    said_get(&f);
    said_watch watch = {0, 0, 1};
    f.context.progress = said_progress;
    f.context.progress_ud = &watch;
    cr_assert_eq(kundig__corpus_moods(f.corpus, &said, &f.err), KUNDIG_E_CANCELLED);
    cr_assert_null(said);
    fixture_check(&f);
    watch.stop_at = 0;
    said_moods_are_right(&f, said_moods(&f));
    fixture_close(&f);
}

static int64_t said_moods_again(fixture *f, void *ud)
{
    const kundig__said *said = NULL;
    (void)ud;
    kundig__said_free(&f->corpus->said, f->corpus->mem);
    kundig__said_init(&f->corpus->said, f->corpus);
    int rc = kundig__corpus_said(f->corpus, &said, &f->err);
    rc = rc ? rc : kundig__corpus_moods(f->corpus, &said, &f->err);
    kundig__said_free(&f->corpus->said, f->corpus->mem);
    kundig__said_init(&f->corpus->said, f->corpus);
    return rc;
}

Test(said, moods_survive_failure_of_every_allocation)
{
    fixture f;
    model_open(&f);
    said_add_moods(&f, 0, 40);
    fixture_sweep(&f, said_moods_again, NULL);
    fixture_close(&f);
}

Test(said, is_counted_as_memory_of_the_corpus)
{
    static const uint8_t sets[2] = {5, 0};
    fixture f;
    uint64_t before;
    uint64_t after;
    uint64_t texts;
    fixture_open(&f);
    kundig_feedback records[2] = {fixture_record("1", "words"), fixture_record("2", "more")};
    cr_assert_eq(fixture_add(&f, records, 2, NULL), KUNDIG_OK);
    kundig__corpus_memory(f.corpus, &before, &texts);
    saying_plant(&f, sets, NULL);
    kundig__corpus_memory(f.corpus, &after, &texts);
    cr_assert_gt(after, before);
    cr_assert_leq(after, f.context.mem.used);
    fixture_close(&f);
}

static void said_is_wrong(fixture *f, const char *words)
{
    cr_assert_eq(kundig__corpus_check(f->corpus, &f->err), KUNDIG_E_INTERNAL, "%s", words);
    cr_assert_not_null(strstr(f->err.message, words), "%s: %s", words, f->err.message);
}

Test(said, says_what_is_wrong_with_its_columns)
{
    static const uint8_t sets[3] = {6, 0, 1};
    fixture f;
    fixture_open(&f);
    kundig_feedback records[3] = {fixture_record("1", "a"), fixture_record("2", "b"),
                                  fixture_record("3", "c")};
    cr_assert_eq(fixture_add(&f, records, 3, NULL), KUNDIG_OK);
    saying_plant(&f, sets, NULL);
    fixture_check(&f);
    kundig__said_column *column = &f.corpus->said;
    column->topics[0] = 2; /* was 1, before another 2 */
    said_is_wrong(&f, "out of order");
    column->topics[0] = 1;
    column->topics[2] = SAYING_TOPICS;
    said_is_wrong(&f, "unknown");
    column->topics[2] = 0;
    column->languages[1] = KUNDIG__LANGUAGE_COUNT;
    said_is_wrong(&f, "no language");
    column->languages[1] = 0;
    column->starts[1] = 9999;
    said_is_wrong(&f, "outside");
    column->starts[1] = 2;
    column->block_most[0] = 1;
    said_is_wrong(&f, "than its block");
    column->block_most[0] = 2;
    column->said.most = 3;
    said_is_wrong(&f, "miscounted");
    column->said.most = 2;
    fixture_check(&f);
    fixture_close(&f);
}
