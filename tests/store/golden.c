/* The store of today, which every later kundig opens: tests/golden/store.kundig, and what it
 * answers, tests/golden/store.txt. The facts stand below; the state's name of a corpus of them in
 * memory must be that of the store, for ever. A store of format 1, store-1.kundig, which knew no
 * edits, holds the same without them.
 *
 * usage: store_golden FILE.kundig FILE.txt [OLDER.kundig]
 *        store_golden --answers FILE.kundig FILE.txt    writes the answers where they change on
 *                                                       purpose
 *        store_golden --make FILE.kundig FILE.txt       makes both; never again once the store was
 *                                                       released */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

#define GOLDEN_DAY   INT64_C(86400000)
#define GOLDEN_FIRST INT64_C(1767225600000) /* 2026-01-01 */
#define WITH(s)      s, sizeof(s) - 1
#define TEXT(s)      ((kundig_text){s, sizeof(s) - 1})

static kundig_text text_of(const char *s)
{
    return (kundig_text){s, s ? strlen(s) : 0};
}

static void must(int rc, const kundig_error *err, const char *what)
{
    if (rc) {
        die("golden: %s: %d %s", what, rc, err->message);
    }
}

/* ---- the facts ---- */

static const struct golden_feedback {
    const char *id;
    const char *customer;
    int day; /* of 2026; -1: unknown */
    int updated;
    int nps; /* -1: none */
    int csat;
    double ease;
    const char *stage;
    const char *channel;
    const char *shop;
    double items;
    const char *text;
} golden_feedback[] = {
    {"a1", "anna", 3, 0, 9, 5, 3.5, "Order", "app", "Ulm", 3, "Quick, friendly people 👍"},
    {"a2", "anna", 40, 0, 2, 1, 1, "Delivery", "email", "Graz", 1,
     "Das Paket kam viel zu spät, und niemand ging ans Telefon."},
    {"a2", "anna", 40, 9, 3, 2, 1.25, "Delivery", "email", "Graz", 1,
     "Das Paket kam viel zu spät. Am Telefon war man dann freundlich."},
    {"b1", "ben", 41, 0, 0, -1, 0, "Delivery", "phone", NULL, 0, "late late late, and rude"},
    {"b1", "ben", 41, 5, 1, -1, 0, "Delivery", "phone", NULL, 0, "late, and rude"},
    {"b1", "ben", 41, 5, 2, -1, 0, "Delivery", "phone", NULL, 0, "late, and somewhat rude"},
    {"c1", NULL, -1, 0, 10, 5, 0, NULL, "app", NULL, 0, ""},
    {NULL, "dora", 77, 0, 7, 3, 2, "Support", "email", "Ulm", 12,
     "no id,\nbut two lines\tand a tab"},
    {NULL, "dora", 77, 0, 7, 3, 2, "Support", "email", "Ulm", 12,
     "no id,\nbut two lines\tand a tab"},
    {"e1", "D. Öz", 100, 0, 8, 4, 0, "First bill", "letter", NULL, 0, "schlecht \xFF\xFE kodiert"},
    {"f1", "gone", 101, 0, 6, 2, 4, "Support", "phone", "Kiel", 2, "this one is erased"},
};

static void add_feedback(kundig *k)
{
    kundig_error err;
    kundig_feedback records[sizeof golden_feedback / sizeof *golden_feedback];
    kundig_score scores[sizeof records / sizeof *records][3];
    kundig_attribute attributes[sizeof records / sizeof *records][2];
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        const struct golden_feedback *g = &golden_feedback[i];
        kundig_feedback *f = &records[i];
        kundig_feedback_init(f);
        f->kind = i % 3 ? KUNDIG_KIND_SURVEY : KUNDIG_KIND_TICKET;
        f->source = TEXT("crm");
        f->id = text_of(g->id);
        f->customer = text_of(g->customer);
        f->stage = text_of(g->stage);
        f->channel = text_of(g->channel);
        f->text = text_of(g->text);
        f->purpose = i % 2 ? TEXT("service") : (kundig_text){NULL, 0};
        f->consent = (int32_t)(i % 3);
        if (g->day >= 0) {
            f->time_ms = GOLDEN_FIRST + g->day * GOLDEN_DAY + (i % 2 ? 0 : 3600123);
            f->time_precision = i % 2 ? KUNDIG_PRECISION_DAY : KUNDIG_PRECISION_MS;
        }
        if (g->updated) {
            f->updated_ms = GOLDEN_FIRST + g->updated * GOLDEN_DAY;
        }
        if (i == 3) {
            f->has_weight = 1;
            f->weight = 2.5;
        }
        memset(scores[i], 0, sizeof scores[i]);
        f->scores = scores[i];
        if (g->nps >= 0) {
            scores[i][f->score_count++] =
                (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = g->nps};
        }
        if (g->csat >= 0) {
            scores[i][f->score_count++] =
                (kundig_score){.scale = KUNDIG_SCALE_CSAT, .value = g->csat};
        }
        if (g->ease > 0) {
            scores[i][f->score_count++] = (kundig_score){.question = TEXT("ease"),
                                                         .scale = KUNDIG_SCALE_DECLARED,
                                                         .direction = KUNDIG_LOWER_IS_BETTER,
                                                         .minimum = 1,
                                                         .maximum = 4,
                                                         .value = g->ease};
        }
        memset(attributes[i], 0, sizeof attributes[i]);
        f->attributes = attributes[i];
        if (g->shop) {
            attributes[i][0].name = TEXT("shop");
            attributes[i][0].value.type = KUNDIG_VALUE_TEXT;
            attributes[i][0].value.text = text_of(g->shop);
            attributes[i][1].name = TEXT("items");
            attributes[i][1].value.type = KUNDIG_VALUE_NUMBER;
            attributes[i][1].value.number = g->items;
            f->attribute_count = 2;
        }
    }
    must(kundig_feedback_add(k, records, sizeof records / sizeof *records, NULL, &err), &err,
         "feedback");
}

static void add_customers_and_events(kundig *k)
{
    static const char *const names[] = {"anna", "ben", "gone"};
    kundig_error err;
    kundig_customer customers[3];
    kundig_event events[3];
    kundig_attribute city = {.name = TEXT("city"),
                             .value = {.type = KUNDIG_VALUE_TEXT, .text = TEXT("Linz")}};
    for (size_t i = 0; i < 3; i++) {
        kundig_customer *c = &customers[i];
        kundig_event *e = &events[i];
        kundig_customer_init(c);
        c->source = TEXT("crm");
        c->id = text_of(names[i]);
        c->since_ms = GOLDEN_FIRST - (int64_t)i * 400 * GOLDEN_DAY;
        c->segment = i ? TEXT("loyal") : TEXT("new");
        c->churned = (int32_t)i;
        c->orders.type = KUNDIG_VALUE_NUMBER;
        c->orders.number = (double)i;
        c->attributes = &city;
        c->attribute_count = i == 1;
        kundig_event_init(e);
        e->source = TEXT("desk");
        e->id = text_of(names[i]);
        e->customer = text_of(names[i]);
        e->case_id = TEXT("case 7");
        e->kind = i ? KUNDIG_EVENT_CASE_RESOLVED : KUNDIG_EVENT_CASE_OPENED;
        e->time_ms = GOLDEN_FIRST + (int64_t)i * GOLDEN_DAY / 3;
        e->agent = TEXT("Kim");
        e->value.type = KUNDIG_VALUE_NUMBER;
        e->value.number = 0.125 * (double)i;
    }
    must(kundig_customer_add(k, customers, 3, NULL, &err), &err, "customers");
    must(kundig_event_add(k, events, 3, NULL, &err), &err, "events");
}

static void add_judgements(kundig *k)
{
    kundig_error err;
    kundig_label label;
    kundig_link link;
    kundig_consent consent;
    kundig_retention retention;
    kundig_label_init(&label);
    label.source = TEXT("crm");
    label.id = TEXT("a2");
    label.topic = TEXT("delay");
    label.by = TEXT("Ada");
    label.updated_ms = GOLDEN_FIRST;
    must(kundig_label_add(k, &label, 1, NULL, &err), &err, "label");
    label.id = TEXT("f1");
    label.holds = KUNDIG_NO;
    must(kundig_label_add(k, &label, 1, NULL, &err), &err, "label");
    kundig_link_init(&link);
    link.customer = TEXT("dora");
    link.same_as = TEXT("D. Öz");
    link.by = TEXT("Ada");
    link.updated_ms = GOLDEN_FIRST;
    must(kundig_link_add(k, &link, 1, NULL, &err), &err, "link");
    kundig_consent_init(&consent);
    consent.consent = KUNDIG_NO;
    consent.customer = TEXT("ben");
    consent.purpose = TEXT("research");
    consent.disclosure = TEXT("wording of 2025");
    must(kundig_consent_add(k, &consent, 1, NULL, &err), &err, "consent");
    kundig_retention_init(&retention);
    retention.days = 400;
    retention.purpose = TEXT("service");
    must(kundig_retention_add(k, &retention, 1, NULL, &err), &err, "retention");
}

static void add_edits(kundig *k)
{
    kundig_error err;
    kundig_edit edits[3];
    for (size_t i = 0; i < 3; i++) {
        kundig_edit_init(&edits[i]);
        edits[i].by = TEXT("Ada");
        edits[i].updated_ms = GOLDEN_FIRST;
    }
    edits[0].kind = KUNDIG_EDIT_RENAME;
    edits[0].topic = TEXT("t-0123456789ab");
    edits[0].name = TEXT("Verspätung");
    edits[1].kind = KUNDIG_EDIT_TOPIC;
    edits[1].name = TEXT("Lost parcels");
    edits[1].words = TEXT("lost parcel; customs");
    edits[2].kind = KUNDIG_EDIT_TOGETHER; /* goes with the record that is erased */
    edits[2].source = edits[2].other_source = TEXT("crm");
    edits[2].id = TEXT("f1");
    edits[2].other_id = TEXT("a2");
    must(kundig_edit_add(k, edits, 3, NULL, &err), &err, "edits");
}

static void add_all(kundig *k, bool with_edits)
{
    kundig_error err;
    kundig_erasure erasure;
    kundig_ingest_options how;
    add_feedback(k);
    add_customers_and_events(k);
    add_judgements(k);
    if (with_edits) {
        add_edits(k);
    }
    kundig_ingest_options_init(&how);
    how.source = TEXT("file");
    must(kundig_ingest_bytes(k,
                             WITH("date,customer,stage,nps,comment\n"
                                  "2026-05-01,eva,Order,10,the parcel came early\n"
                                  "2026-05-02,gone,Order,1,erased as well\n"),
                             &how, NULL, &err),
         &err, "ingest");
    kundig_erasure_init(&erasure);
    erasure.customer = TEXT("gone");
    erasure.time_ms = GOLDEN_FIRST + 200 * GOLDEN_DAY;
    must(kundig_erase(k, &erasure, NULL, &err), &err, "erase");
}

/* ---- the test ---- */

static char *answers_of(kundig *k)
{
    kundig_error err;
    char *answers = work_answers(k, &err);
    if (!answers) {
        die("golden: %s", err.message);
    }
    return answers;
}

static void must_be_same(const char *wanted, char *found, const char *what)
{
    const char *differ = work_differ(wanted, found);
    if (differ) {
        die("golden: %s: %s", what, differ);
    }
    free(found);
}

static kundig *opened(const char *path, int32_t access)
{
    kundig *k = NULL;
    kundig_error err;
    must(work_open(path, access, &k, &err), &err, path);
    return k;
}

static char *text_file(const char *path)
{
    content c = file_read(path);
    char *text = grow(c.bytes, c.size + 1);
    text[c.size] = '\0';
    return text;
}

static int write_answers(const char *store, const char *answers)
{
    kundig *k = opened(store, KUNDIG_ACCESS_WRITE); /* who only reads leaves FILE-wal there */
    char *found = answers_of(k);
    file_write(answers, found, strlen(found));
    free(found);
    kundig_close(k);
    return 0;
}

static int make(const char *store, const char *answers)
{
    kundig_error err;
    kundig *k = opened(store, KUNDIG_ACCESS_CREATE);
    add_all(k, true);
    kundig_model *model = work_model();
    must(kundig_pin_model(k, model, &err), &err, "pin");
    kundig_model_free(model);
    must(kundig_cache_save(k, &err), &err, "cache");
    kundig_close(k);
    return write_answers(store, answers);
}

static int check(const char *store, const char *answers)
{
    kundig_error err;
    kundig_table *receipts = NULL;
    char path[512];
    char *wanted = text_file(answers);
    content c = file_read(store);
    copy_name(path, sizeof path, in(folder_new(), "store.kundig"));
    file_write(path, c.bytes, c.size);

    kundig *k = opened(path, KUNDIG_ACCESS_READ);
    must_be_same(wanted, answers_of(k), "the store, read");
    kundig_close(k);
    content same = file_read(path);
    if (same.size != c.size || memcmp(same.bytes, c.bytes, c.size) != 0) {
        die("golden: reading changed the file");
    }
    k = opened(path, KUNDIG_ACCESS_WRITE);
    must_be_same(wanted, answers_of(k), "the store, opened for writing");
    add_feedback(k); /* with the erased one again */
    kundig_erasure erasure;
    kundig_erasure_init(&erasure);
    erasure.source = TEXT("crm");
    erasure.id = TEXT("f1");
    must(kundig_erase(k, &erasure, NULL, &err), &err, "erase");
    must_be_same(wanted, answers_of(k), "the store, written and forgotten again");
    must(kundig_audit(k, &receipts, &err), &err, "audit");
    if (kundig_table_row_count(receipts) != 2) {
        die("golden: %zu receipts", kundig_table_row_count(receipts));
    }
    kundig_table_free(receipts);
    must(kundig_pin_model(k, NULL, &err), &err, "unpin");
    char *bare = answers_of(k);
    kundig_close(k);
    if (work_verify(path)[0]) {
        die("golden: verify: %s", work_verify(path));
    }
    must(kundig_open(WITH(":memory:"), NULL, &k, &err), &err, "memory");
    add_all(k, true);
    must_be_same(bare, answers_of(k), "the same facts in memory");
    kundig_close(k);
    free(bare);
    free(same.bytes);
    free(c.bytes);
    free(wanted);
    return 0;
}

/* A store of format 1 is brought to this one, with its pinned model and its receipt, and called as
 * it was. */
static void check_older(const char *store)
{
    static const char was[] = "19597975ef9fc0b7b1f0789015c09ada";
    kundig_error err;
    kundig *k = NULL;
    kundig_table *receipts = NULL;
    char path[512];
    char hex[33];
    content c = file_read(store);
    copy_name(path, sizeof path, in(folder_new(), "store.kundig"));
    file_write(path, c.bytes, c.size);
    free(c.bytes);
    if (work_open(path, KUNDIG_ACCESS_READ, &k, &err) != KUNDIG_E_VERSION) {
        die("golden: an older store was opened for reading alone");
    }
    k = opened(path, KUNDIG_ACCESS_WRITE);
    must(kundig_facts_hash(k, hex, &err), &err, "hash");
    if (strcmp(hex, was) != 0) {
        die("golden: the older store is called %s", hex);
    }
    must(kundig_audit(k, &receipts, &err), &err, "audit");
    if (kundig_table_row_count(receipts) != 1) {
        die("golden: %zu receipts", kundig_table_row_count(receipts));
    }
    kundig_table_free(receipts);
    must(kundig_pin_model(k, NULL, &err), &err, "unpin");
    char *found = answers_of(k);
    add_edits(k);
    kundig_close(k);
    if (work_verify(path)[0]) {
        die("golden: verify: %s", work_verify(path));
    }
    must(kundig_open(WITH(":memory:"), NULL, &k, &err), &err, "memory");
    add_all(k, false);
    must_be_same(found, answers_of(k), "the facts of the older store in memory");
    kundig_close(k);
    free(found);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--make") == 0) {
        return make(argv[2], argv[3]);
    }
    if (argc == 4 && strcmp(argv[1], "--answers") == 0) {
        return write_answers(argv[2], argv[3]);
    }
    if (argc != 3 && argc != 4) {
        die("usage: store_golden [--make | --answers] FILE.kundig FILE.txt [OLDER.kundig]");
    }
    if (argc == 4) {
        check_older(argv[3]);
    }
    return check(argv[1], argv[2]);
}
