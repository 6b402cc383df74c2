/* A cache gives the corpus that the tables give, or nothing; and nothing of it can be read once its
 * key is gone. */
#include "stored.h"

#include "corpus/facts.h"

TestSuite(cache, .fini = probe_fini);

static int cached_try(stored *c)
{
    int rc = stored_open(c);
    return rc ? rc : kundig__store_follow(c->store, &c->corpus, &c->err);
}

static void cached_open(stored *c)
{
    STORED_OK(c, cached_try(c));
}

static void cached_add(stored *c, int first, int count)
{
    cr_assert_eq(kundig__store_begin(c->store, &c->corpus, &c->err), KUNDIG_OK, "%s",
                 c->err.message);
    cr_assert_eq(kundig__batch_begin(c->corpus, &c->err), KUNDIG_OK);
    for (int i = first; i < first + count; i++) {
        char id[16];
        char text[64];
        kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = i % 11};
        kundig_added added;
        kundig_feedback r;
        kundig_feedback_init(&r);
        kundig_added_init(&added);
        snprintf(id, sizeof id, "id%d", i / 2);
        snprintf(text, sizeof text, "comment of MARKER%06d", i);
        r.source = kundig__str("s");
        if (i % 3) {
            r.id = kundig__str(id);
        }
        r.customer = kundig__str(id);
        r.text = kundig__str(text);
        r.scores = &score;
        r.score_count = 1;
        cr_assert_eq(kundig__batch_add(c->corpus, &r, &added, NULL, &c->err), KUNDIG_OK);
    }
    kundig__batch_commit(c->corpus);
    cr_assert_eq(kundig__store_commit(c->store, &c->corpus, &c->err), KUNDIG_OK, "%s",
                 c->err.message);
}

static void cached_save(stored *c)
{
    cr_assert_eq(kundig__store_begin(c->store, &c->corpus, &c->err), KUNDIG_OK);
    cr_assert_eq(kundig__store_cache(c->store, c->corpus, &c->err), KUNDIG_OK, "%s",
                 c->err.message);
    cr_assert_eq(kundig__store_commit(c->store, &c->corpus, &c->err), KUNDIG_OK, "%s",
                 c->err.message);
}

static kundig__fact_sum cached_sum(stored *c)
{
    kundig__fact_sum sum = {0, 0, 0};
    cr_assert_eq(kundig__fact_sum_rows(c->corpus, KUNDIG_FACTS_FEEDBACK, 0, &sum, &c->err),
                 KUNDIG_OK);
    return sum;
}

/* Rows that the cache of the file gives by itself; -1: none. */
static int64_t cached_rows(stored *c)
{
    kundig__corpus *corpus = NULL;
    kundig__store *store = NULL;
    kundig__store_options options = {.access = KUNDIG_ACCESS_WRITE};
    int64_t rows = -1;
    cr_assert_eq(kundig__store_open(&c->context, kundig__str(c->path), &options, &store, &c->err),
                 KUNDIG_OK);
    cr_assert_eq(kundig__cache_read(store, &corpus, &c->err), KUNDIG_OK);
    if (corpus) {
        rows = kundig__corpus_rows(corpus);
        kundig__corpus_free(corpus);
    }
    kundig__store_close(store, false);
    return rows;
}

/* How often a text stands in the files of the store. */
static int cached_found(stored *c, const char *text)
{
    static const char *const tails[] = {"", "-wal"};
    int found = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", c->path, tails[i]);
        FILE *file = fopen(path, "rb");
        if (!file) {
            continue;
        }
        static char bytes[1 << 20];
        size_t len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t at = 0; at + strlen(text) <= len; at++) {
            found += memcmp(bytes + at, text, strlen(text)) == 0;
        }
    }
    return found;
}

Test(cache, opens_what_the_tables_hold_and_what_came_later)
{
    stored c;
    stored_begin(&c);
    cached_open(&c);
    cached_save(&c);
    cached_add(&c, 0, 100);
    cached_save(&c);
    cr_assert_eq(cached_rows(&c), 100);
    cached_add(&c, 100, 50);
    kundig__fact_sum sum = cached_sum(&c);
    stored_close(&c);
    cached_open(&c);
    kundig__fact_sum again = cached_sum(&c);
    cr_assert_eq(kundig__corpus_rows(c.corpus), 150);
    cr_assert_eq(memcmp(&sum, &again, sizeof sum), 0);
    cr_assert_eq(cached_rows(&c), 100, "the image still fits");
    /* The same records are known, equal ones without an id are further ones. */
    cached_add(&c, 0, 150);
    cr_assert_eq(kundig__corpus_rows(c.corpus), 150);
    cr_assert_eq(kundig__corpus_check(c.corpus, &c.err), KUNDIG_OK, "%s", c.err.message);
    stored_end(&c);
}

Test(cache, cannot_be_read_without_its_key)
{
    stored c;
    stored_begin(&c);
    cached_open(&c);
    cached_add(&c, 0, 60);
    cached_save(&c);
    stored_close(&c);
    cr_assert_eq(cached_found(&c, "MARKER000017"), 1, "the row alone");
    stored_sql(&c, "UPDATE feedback SET text = NULL WHERE n = 18; DELETE FROM feedback");
    cr_assert_eq(cached_found(&c, "MARKER000017"), 0);
    stored_end(&c);
}

Test(cache, that_is_damaged_or_of_another_state_is_as_if_there_were_none)
{
    static const char *const harm[] = {
        "UPDATE cache SET bytes = substr(bytes, 2) WHERE part = 0",
        "UPDATE cache SET bytes = bytes || x'00' WHERE part = 0",
        "UPDATE cache SET bytes = zeroblob(length(bytes)) WHERE part = 0",
        "UPDATE cache SET bytes = 'text' WHERE part = 0",
        "UPDATE cache SET bytes = NULL",
        "UPDATE cache SET part = -1 - part",
        "DELETE FROM cache WHERE part = (SELECT max(part) FROM cache)",
        "INSERT INTO cache SELECT max(part) + 1, bytes FROM cache",
        "DELETE FROM cache"};
    stored c;
    stored_begin(&c);
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        cached_open(&c);
        cached_add(&c, 0, 40);
        cached_save(&c);
        kundig__fact_sum sum = cached_sum(&c);
        stored_close(&c);
        cr_assert_eq(cached_rows(&c), 40);
        stored_sql(&c, harm[i]);
        cr_assert_eq(cached_rows(&c), -1, "%s", harm[i]);
        cached_open(&c);
        kundig__fact_sum again = cached_sum(&c);
        cr_assert_eq(memcmp(&sum, &again, sizeof sum), 0, "%s", harm[i]);
        stored_close(&c);
    }
    stored_end(&c);
}

Test(cache, survives_failure_of_every_allocation)
{
    stored c;
    stored_begin(&c);
    cached_open(&c);
    cached_add(&c, 0, 30);
    for (int forever = 0; forever < 2; forever++) {
        for (int reading = 0; reading < 2; reading++) {
            size_t fail_at = 1;
            for (bool done = false; !done; fail_at++) {
                stored d = c;
                d.corpus = NULL;
                d.store = NULL;
                if (!reading) {
                    cached_open(&d);
                }
                probe_shared.allocations = 0;
                probe_shared.fail_on = forever != 0;
                probe_shared.fail_at = fail_at;
                int rc = reading ? cached_try(&d) : kundig__store_begin(d.store, &d.corpus, &d.err);
                if (!rc && !reading) {
                    rc = kundig__store_cache(d.store, d.corpus, &d.err);
                    if (rc) {
                        kundig__store_rollback(d.store);
                    } else {
                        rc = kundig__store_commit(d.store, &d.corpus, &d.err);
                    }
                }
                done = probe_shared.allocations < fail_at;
                probe_shared.fail_at = 0;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %s", rc, d.err.message);
                cr_assert(!done || rc == KUNDIG_OK);
                stored_close(&d);
            }
        }
    }
    cr_assert_eq(cached_rows(&c), 30);
    stored_end(&c);
}
