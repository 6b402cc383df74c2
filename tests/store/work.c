#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORK_ROWS      256
#define WORK_POOL      ((size_t)1 << 20)
#define WORK_NAMES     48  /* customers */
#define WORK_RECORDS   160 /* ids a source */
#define WORK_DAY_MS    INT64_C(86400000)
#define WORK_FIRST_DAY INT64_C(1735689600000) /* 2025-01-01 */

static const char work_taxonomy[] = "taxonomy: Work\n"
                                    "theme delivery: Delivery\n"
                                    "topic delay: Late delivery\n"
                                    "en: late, ~delay\n"
                                    "de: zu spät, ~Verspätung\n"
                                    "topic parcel: The parcel\n"
                                    "any: parcel\n"
                                    "de: Paket*\n"
                                    "topic people: People\n"
                                    "en: friendly, rude\n"
                                    "de: freundlich\n";

/* ---- one batch ---- */

/* Rows of one batch, of one kind; `whose` of each is a customer's number, -1: nobody's. */
typedef struct work_batch {
    unsigned kind;
    size_t count;
    int whose[WORK_ROWS];
    int record[WORK_ROWS];  /* feedback and labels: the record's number; -1: without an id */
    int at_case[WORK_ROWS]; /* events, feedback: the case's number; -1: none */
    union {
        kundig_feedback feedback[WORK_ROWS];
        kundig_customer customers[WORK_ROWS];
        kundig_event events[WORK_ROWS];
        kundig_label labels[WORK_ROWS];
        kundig_link links[WORK_ROWS];
        kundig_consent consents[WORK_ROWS];
        kundig_retention retentions[WORK_ROWS];
    } as;
    kundig_score scores[WORK_ROWS][3];
    kundig_attribute attributes[WORK_ROWS][2];
    char pool[WORK_POOL];
    size_t used;
} work_batch;

static kundig_text words(const char *s)
{
    return (kundig_text){s, strlen(s)};
}

static kundig_text put(work_batch *b, const char *bytes, size_t len)
{
    if (b->used + len > WORK_POOL) {
        die("work: the pool is too small");
    }
    char *start = b->pool + b->used;
    memcpy(start, bytes, len);
    b->used += len;
    return (kundig_text){start, len};
}

static kundig_text put_name(work_batch *b, const work *w, const char *what, int number)
{
    char text[64];
    int len = snprintf(text, sizeof text, "%s%03d.%08llx", what, number,
                       (unsigned long long)(w->seed * 2654435761u & 0xFFFFFFFFu));
    return put(b, text, (size_t)len);
}

static kundig_text customer_name(work_batch *b, const work *w, int number)
{
    return number < 0 ? (kundig_text){NULL, 0} : put_name(b, w, "kunde", number);
}

/* Whose a record is follows from its number. */
static int customer_of(int record)
{
    return record % 7 == 3 ? -1 : (record * 31 + 5) % WORK_NAMES;
}

static kundig_text pick(dice *d, const char *const *list, size_t count)
{
    return words(list[throw_dice(d, count)]);
}

#define PICK(d, list) pick(d, list, sizeof(list) / sizeof *(list))

static kundig_text make_comment(work_batch *b, const work *w, dice *d, int whose)
{
    static const char *const phrases[] = {
        "The parcel was late. ",         "Friendly people, thank you! ",
        "Das Paket kam zu spät. ",       "Sehr freundlich am Telefon. ",
        "The app is slow 🙈 and rude. ",  "Die Verspätung war ärgerlich. ",
        "Nothing to say, all is well. ", "Wieder nichts in der Post\nund keine Antwort. ",
    };
    char text[512];
    size_t start = b->used;
    size_t many = throw_dice(d, 40) == 0 ? 100 + throw_dice(d, 400) : 1 + throw_dice(d, 4);
    for (size_t i = 0; i < many; i++) {
        kundig_text phrase = PICK(d, phrases);
        (void)put(b, phrase.data, phrase.len);
    }
    if (whose >= 0) { /* a word that only this customer's comments hold */
        int len = snprintf(text, sizeof text, "wort%03dx%08llx", whose,
                           (unsigned long long)(w->seed * 2246822519u & 0xFFFFFFFFu));
        (void)put(b, text, (size_t)len);
    }
    return (kundig_text){b->pool + start, b->used - start};
}

/* Version v of a record: the same bytes whenever it comes again. */
static void make_feedback(work_batch *b, const work *w, dice *d, size_t i)
{
    static const char *const stages[] = {"Order", "Delivery", "Support", "First bill"};
    static const char *const channels[] = {"email", "app", "phone"};
    static const char *const purposes[] = {"service", "research"};
    kundig_feedback *f = &b->as.feedback[i];
    int record = (int)throw_dice(d, 2 * WORK_RECORDS);
    uint64_t version = throw_dice(d, 4);
    bool named = throw_dice(d, 6) != 0;
    dice own = {w->seed ^ ((uint64_t)record << 20) ^ (version << 40)};
    kundig_feedback_init(f);
    b->whose[i] = customer_of(record);
    b->record[i] = named ? record : -1;
    b->at_case[i] = -1;
    f->kind = (int32_t)throw_dice(&own, 6);
    f->source = words(record < WORK_RECORDS ? "crm" : "shop");
    if (named) {
        f->id = put_name(b, w, "rec", record);
    }
    f->customer = customer_name(b, w, b->whose[i]);
    if (throw_dice(&own, 12)) {
        f->time_ms = WORK_FIRST_DAY + (int64_t)throw_dice(&own, 600) * WORK_DAY_MS;
        f->time_precision = KUNDIG_PRECISION_DAY;
    }
    if (version) { /* 2 and 3 claim the same time */
        f->updated_ms = WORK_FIRST_DAY + (int64_t)(version > 1 ? 2 : 1) * 1000;
    }
    f->consent = (int32_t)throw_dice(&own, 3);
    f->channel = PICK(&own, channels);
    f->stage = PICK(&own, stages);
    if (throw_dice(&own, 2)) {
        f->purpose = PICK(&own, purposes);
    }
    if (b->whose[i] >= 0 && throw_dice(&own, 3) == 0) {
        b->at_case[i] = b->whose[i];
        f->case_id = put_name(b, w, "fall", b->whose[i]);
    }
    if (throw_dice(&own, 8)) {
        f->text = make_comment(b, w, &own, b->whose[i]);
    }
    if (throw_dice(&own, 5) == 0) {
        f->has_weight = 1;
        f->weight = 0.25 * (double)(1 + throw_dice(&own, 12));
    }
    kundig_score *s = b->scores[i];
    memset(s, 0, sizeof b->scores[i]);
    s[0] = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = (double)throw_dice(&own, 11)};
    s[1] = (kundig_score){.scale = KUNDIG_SCALE_CSAT, .value = (double)(1 + throw_dice(&own, 5))};
    s[2] = (kundig_score){.question = words("ease of the order"),
                          .scale = KUNDIG_SCALE_DECLARED,
                          .minimum = 1,
                          .maximum = 4,
                          .value = 0.125 * (double)(8 + throw_dice(&own, 25))};
    f->scores = s;
    f->score_count = throw_dice(&own, 4);
    kundig_attribute *a = b->attributes[i];
    memset(a, 0, sizeof b->attributes[i]);
    a[0].name = words("shop");
    a[0].value.type = KUNDIG_VALUE_TEXT;
    a[0].value.text = words(throw_dice(&own, 2) ? "Ulm" : "Graz");
    a[1].name = words("items");
    a[1].value.type = KUNDIG_VALUE_NUMBER;
    a[1].value.number = (double)throw_dice(&own, 30);
    f->attributes = a;
    f->attribute_count = throw_dice(&own, 3);
}

static void make_customer(work_batch *b, const work *w, dice *d, size_t i)
{
    static const char *const segments[] = {"new", "loyal", "lost"};
    kundig_customer *c = &b->as.customers[i];
    kundig_customer_init(c);
    b->whose[i] = (int)throw_dice(d, WORK_NAMES);
    uint64_t version = throw_dice(d, 4);
    dice own = {w->seed ^ 77 ^ ((uint64_t)b->whose[i] << 20) ^ (version << 40)};
    c->source = words("crm");
    c->id = customer_name(b, w, b->whose[i]);
    c->updated_ms = WORK_FIRST_DAY + (int64_t)version * WORK_DAY_MS;
    c->since_ms = WORK_FIRST_DAY - (int64_t)throw_dice(&own, 900) * WORK_DAY_MS;
    c->segment = PICK(&own, segments);
    c->churned = (int32_t)throw_dice(&own, 3);
    c->orders.type = KUNDIG_VALUE_NUMBER;
    c->orders.number = (double)throw_dice(&own, 20);
    c->revenue.type = KUNDIG_VALUE_NUMBER;
    c->revenue.number = 0.5 * (double)throw_dice(&own, 2000);
    kundig_attribute *a = b->attributes[i];
    memset(a, 0, sizeof b->attributes[i]);
    a[0].name = words("city");
    a[0].value.type = KUNDIG_VALUE_TEXT;
    a[0].value.text = words(throw_dice(&own, 2) ? "Linz" : "Kiel");
    c->attributes = a;
    c->attribute_count = throw_dice(&own, 2);
}

static void make_event(work_batch *b, const work *w, dice *d, size_t i)
{
    kundig_event *e = &b->as.events[i];
    kundig_event_init(e);
    int number = (int)throw_dice(d, 200);
    int whose = (number * 17 + 3) % WORK_NAMES;
    dice own = {w->seed ^ 99 ^ ((uint64_t)number << 20)};
    e->source = words("crm");
    e->id = put_name(b, w, "ev", number);
    e->kind = (int32_t)throw_dice(&own, 9);
    e->time_ms = WORK_FIRST_DAY + (int64_t)throw_dice(&own, 600) * WORK_DAY_MS;
    uint64_t form = throw_dice(&own, 4); /* customer, case, both, neither */
    b->whose[i] = form == 0 || form == 2 ? whose : -1;
    b->at_case[i] = form == 1 || form == 2 ? whose : -1;
    e->customer = customer_name(b, w, b->whose[i]);
    if (b->at_case[i] >= 0) {
        e->case_id = put_name(b, w, "fall", whose);
    }
    if (throw_dice(&own, 2)) {
        e->agent = words("Kim");
    }
    e->value.type = KUNDIG_VALUE_NUMBER;
    e->value.number = (double)throw_dice(&own, 50);
}

static void make_label(work_batch *b, const work *w, dice *d, size_t i)
{
    kundig_label *l = &b->as.labels[i];
    kundig_label_init(l);
    b->record[i] = (int)throw_dice(d, 2 * WORK_RECORDS);
    l->source = words(b->record[i] < WORK_RECORDS ? "crm" : "shop");
    l->id = put_name(b, w, "rec", b->record[i]);
    l->topic = words(throw_dice(d, 2) ? "delay" : "people");
    l->by = words(throw_dice(d, 2) ? "Ada" : "Ben");
    l->holds = throw_dice(d, 2) ? KUNDIG_YES : KUNDIG_NO;
    l->updated_ms = WORK_FIRST_DAY + (int64_t)throw_dice(d, 1000);
}

/* Names are linked in fixed pairs: 0 and 1, 2 and 3. */
static void make_link(work_batch *b, const work *w, dice *d, size_t i)
{
    kundig_link *l = &b->as.links[i];
    kundig_link_init(l);
    b->whose[i] = (int)throw_dice(d, WORK_NAMES / 8) * 2;
    bool turned = throw_dice(d, 2);
    l->customer = customer_name(b, w, b->whose[i] + turned);
    l->same_as = customer_name(b, w, b->whose[i] + !turned);
    l->by = words("Ada");
    l->updated_ms = WORK_FIRST_DAY + (int64_t)throw_dice(d, 1000000);
    l->holds = l->updated_ms % 3 ? KUNDIG_YES : KUNDIG_NO;
}

static void make_consent(work_batch *b, const work *w, dice *d, size_t i)
{
    kundig_consent *c = &b->as.consents[i];
    kundig_consent_init(c);
    b->whose[i] = (int)throw_dice(d, WORK_NAMES);
    c->customer = customer_name(b, w, b->whose[i]);
    c->purpose = throw_dice(d, 3) ? words("research") : (kundig_text){NULL, 0};
    c->disclosure = words("wording of 2025");
    c->consent = throw_dice(d, 2) ? KUNDIG_YES : KUNDIG_NO;
    c->updated_ms = WORK_FIRST_DAY + (int64_t)throw_dice(d, 1000);
}

static void make_retention(work_batch *b, dice *d, size_t i)
{
    kundig_retention *r = &b->as.retentions[i];
    kundig_retention_init(r);
    r->purpose = throw_dice(d, 2) ? words("research") : (kundig_text){NULL, 0};
    r->days = (int32_t)throw_dice(d, 1000);
    r->updated_ms = WORK_FIRST_DAY + (int64_t)throw_dice(d, 1000);
}

static dice dice_of(const work *w, uint32_t n)
{
    dice d = {w->seed * UINT64_C(0xD1342543DE82EF95) + n};
    (void)throw_whole(&d);
    return d;
}

unsigned work_kind(const work *w, uint32_t n)
{
    static const unsigned often[] = {
        WORK_FEEDBACK, WORK_FEEDBACK, WORK_FEEDBACK,  WORK_FEEDBACK,     WORK_FEEDBACK,
        WORK_FEEDBACK, WORK_FEEDBACK, WORK_CUSTOMERS, WORK_CUSTOMERS,    WORK_EVENTS,
        WORK_EVENTS,   WORK_LABELS,   WORK_LINKS,     WORK_CONSENTS,     WORK_RETENTIONS,
        WORK_PIN,      WORK_ERASE,    WORK_ERASE,     WORK_ERASE_RECORD, WORK_CACHE,
        WORK_COMPACT,
    };
    dice d = dice_of(w, n);
    unsigned kinds = w->kinds;
    if (n < w->calm) {
        kinds = WORK_FEEDBACK | WORK_CUSTOMERS | WORK_EVENTS;
    } else if (n == 0) {
        kinds &= WORK_ADDING;
    }
    for (int tries = 0; tries < 200; tries++) {
        unsigned kind = often[throw_dice(&d, sizeof often / sizeof *often)];
        if (kind & kinds) {
            return kind;
        }
    }
    return WORK_FEEDBACK;
}

const char *work_name(const work *w, uint32_t n)
{
    static const char *const names[] = {
        "feedback",   "customers", "events", "labels",         "links", "consents",
        "retentions", "pin",       "erase",  "erase a record", "cache", "compact",
    };
    unsigned kind = work_kind(w, n);
    size_t bit = 0;
    while (kind >>= 1) {
        bit++;
    }
    return names[bit];
}

static void make_batch(const work *w, uint32_t n, work_batch *b)
{
    dice d = dice_of(w, n);
    for (int i = 0; i < 300; i++) { /* far from what chose the kind */
        (void)throw_whole(&d);
    }
    uint64_t biggest = w->biggest ? w->biggest : 200;
    b->kind = work_kind(w, n);
    b->count = (size_t)(1 + throw_dice(&d, throw_dice(&d, 5) ? biggest / 10 + 1 : biggest));
    b->used = 0;
    for (size_t i = 0; i < b->count; i++) {
        b->whose[i] = b->record[i] = b->at_case[i] = -1;
        switch (b->kind) {
        case WORK_FEEDBACK:
            make_feedback(b, w, &d, i);
            break;
        case WORK_CUSTOMERS:
            make_customer(b, w, &d, i);
            break;
        case WORK_EVENTS:
            make_event(b, w, &d, i);
            break;
        case WORK_LABELS:
            make_label(b, w, &d, i);
            break;
        case WORK_LINKS:
            make_link(b, w, &d, i);
            break;
        case WORK_CONSENTS:
            make_consent(b, w, &d, i);
            break;
        case WORK_RETENTIONS:
            make_retention(b, &d, i);
            break;
        default: /* an erasure names one of these, a pinning throws one bit */
            b->whose[i] = (int)throw_dice(&d, WORK_NAMES);
            b->record[i] = (int)throw_dice(&d, 2 * WORK_RECORDS);
            b->count = 1;
            break;
        }
    }
}

static int add_batch(const work_batch *b, kundig *k, kundig_error *err)
{
    switch (b->kind) {
    case WORK_FEEDBACK:
        return kundig_feedback_add(k, b->as.feedback, b->count, NULL, err);
    case WORK_CUSTOMERS:
        return kundig_customer_add(k, b->as.customers, b->count, NULL, err);
    case WORK_EVENTS:
        return kundig_event_add(k, b->as.events, b->count, NULL, err);
    case WORK_LABELS:
        return kundig_label_add(k, b->as.labels, b->count, NULL, err);
    case WORK_LINKS:
        return kundig_link_add(k, b->as.links, b->count, NULL, err);
    case WORK_CONSENTS:
        return kundig_consent_add(k, b->as.consents, b->count, NULL, err);
    default:
        return kundig_retention_add(k, b->as.retentions, b->count, NULL, err);
    }
}

static kundig_model *small_model(void)
{
    kundig_model *model = NULL;
    kundig_error err;
    if (kundig_model_new(NULL, work_taxonomy, sizeof work_taxonomy - 1, &model, &err)) {
        die("work: the taxonomy: %s", err.message);
    }
    return model;
}

/* Every third pinning takes the model away again. */
static bool pins(const work_batch *b)
{
    return b->record[0] % 3 != 0;
}

static int pin(const work_batch *b, kundig *k, kundig_error *err)
{
    kundig_model *model = pins(b) ? small_model() : NULL;
    int rc = kundig_pin_model(k, model, err);
    kundig_model_free(model);
    return rc;
}

static work_batch *batch_new(void)
{
    return grow(NULL, sizeof(work_batch));
}

int work_do(const work *w, uint32_t n, kundig *k, kundig_error *err)
{
    work_batch *b = batch_new();
    kundig_erasure erasure;
    int rc = 0;
    make_batch(w, n, b);
    switch (b->kind) {
    case WORK_PIN:
        rc = pin(b, k, err);
        break;
    case WORK_ERASE:
    case WORK_ERASE_RECORD:
        kundig_erasure_init(&erasure);
        erasure.time_ms = WORK_FIRST_DAY + n;
        if (b->kind == WORK_ERASE) {
            erasure.customer = customer_name(b, w, b->whose[0]);
        } else {
            erasure.source = words(b->record[0] < WORK_RECORDS ? "crm" : "shop");
            erasure.id = put_name(b, w, "rec", b->record[0]);
        }
        rc = kundig_erase(k, &erasure, NULL, err);
        break;
    case WORK_CACHE:
        rc = kundig_cache_save(k, err);
        break;
    case WORK_COMPACT:
        rc = kundig_compact(k, err);
        break;
    default:
        rc = add_batch(b, k, err);
        break;
    }
    free(b);
    return rc;
}

/* ---- what must be there ---- */

typedef struct work_row {
    unsigned kind;
    uint32_t batch;
    int whose;
    int record;
    int at_case;
    int64_t updated_ms; /* links */
    int holds;
    bool gone;
} work_row;

typedef struct work_rows {
    work_row *rows;
    size_t count;
    size_t capacity;
    uint32_t pinned; /* 1 + the action that pinned last; 0: none */
} work_rows;

static void rows_add(work_rows *all, const work_batch *b, uint32_t n)
{
    for (size_t i = 0; i < b->count; i++) {
        if (all->count == all->capacity) {
            all->capacity = all->capacity ? 2 * all->capacity : 1024;
            all->rows = grow(all->rows, all->capacity * sizeof *all->rows);
        }
        work_row *row = &all->rows[all->count++];
        *row = (work_row){.kind = b->kind,
                          .batch = n,
                          .whose = b->whose[i],
                          .record = b->record[i],
                          .at_case = b->at_case[i]};
        if (b->kind == WORK_LINKS) {
            row->updated_ms = b->as.links[i].updated_ms;
            row->holds = b->as.links[i].holds;
        }
    }
}

static void drop_record(work_rows *all, int record)
{
    bool there = false;
    for (size_t i = 0; i < all->count; i++) {
        const work_row *r = &all->rows[i];
        there = there || (!r->gone && r->kind == WORK_FEEDBACK && r->record == record);
    }
    for (size_t i = 0; there && i < all->count; i++) {
        work_row *r = &all->rows[i];
        if ((r->kind == WORK_FEEDBACK || r->kind == WORK_LABELS) && r->record == record) {
            r->gone = true;
        }
    }
}

static bool pair_is_linked(const work_rows *all, int first)
{
    const work_row *last = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const work_row *r = &all->rows[i];
        if (!r->gone && r->kind == WORK_LINKS && r->whose == first &&
            (!last || r->updated_ms > last->updated_ms)) {
            last = r;
        }
    }
    return last && last->holds == KUNDIG_YES;
}

static void drop_customer(work_rows *all, int customer)
{
    int pair = customer & ~1;
    int other = pair_is_linked(all, pair) ? pair + (pair == customer) : customer;
    bool cases[WORK_NAMES] = {false}; /* theirs */
    bool records[2 * WORK_RECORDS] = {false};
    for (size_t i = 0; i < all->count; i++) {
        const work_row *r = &all->rows[i];
        if (!r->gone && (r->kind == WORK_FEEDBACK || r->kind == WORK_EVENTS) &&
            (r->whose == customer || r->whose == other)) {
            if (r->at_case >= 0) {
                cases[r->at_case] = true;
            }
            if (r->record >= 0) {
                records[r->record] = true;
            }
        }
    }
    for (size_t i = 0; i < all->count; i++) {
        work_row *r = &all->rows[i];
        bool theirs = r->whose == customer || r->whose == other;
        if (r->kind == WORK_LINKS) {
            theirs = r->whose == pair;
        } else if (r->kind == WORK_LABELS) {
            theirs = records[r->record];
        } else if (r->kind == WORK_EVENTS && r->at_case >= 0 && r->whose < 0) {
            theirs = cases[r->at_case];
        }
        r->gone = r->gone || theirs;
    }
}

static work_rows rows_after(const work *w, uint32_t n, work_batch *b)
{
    work_rows all = {0};
    for (uint32_t i = 0; i < n; i++) {
        make_batch(w, i, b);
        if (b->kind == WORK_ERASE) {
            drop_customer(&all, b->whose[0]);
        } else if (b->kind == WORK_ERASE_RECORD) {
            drop_record(&all, b->record[0]);
        } else if (b->kind == WORK_PIN) {
            all.pinned = pins(b) ? i + 1 : 0;
        } else if (b->kind & WORK_ADDING) {
            rows_add(&all, b, i);
        }
    }
    return all;
}

/* Leave out the rows that are gone: rows stand as they stood in the batch. */
static void thin_batch(work_batch *b, const work_row *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (!rows[i].gone) {
            switch (b->kind) {
            case WORK_FEEDBACK:
                b->as.feedback[kept] = b->as.feedback[i];
                break;
            case WORK_CUSTOMERS:
                b->as.customers[kept] = b->as.customers[i];
                break;
            case WORK_EVENTS:
                b->as.events[kept] = b->as.events[i];
                break;
            case WORK_LABELS:
                b->as.labels[kept] = b->as.labels[i];
                break;
            case WORK_LINKS:
                b->as.links[kept] = b->as.links[i];
                break;
            case WORK_CONSENTS:
                b->as.consents[kept] = b->as.consents[i];
                break;
            default:
                b->as.retentions[kept] = b->as.retentions[i];
                break;
            }
            kept++;
        }
    }
    b->count = kept;
}

kundig *work_expected(const work *w, uint32_t n)
{
    kundig *k = NULL;
    kundig_error err;
    work_batch *b = batch_new();
    work_rows all = rows_after(w, n, b);
    if (kundig_open(":memory:", 8, NULL, &k, &err)) {
        die("work: memory: %s", err.message);
    }
    for (size_t i = 0; i < all.count;) {
        const work_row *first = &all.rows[i];
        make_batch(w, first->batch, b);
        i += b->count;
        thin_batch(b, first);
        if (add_batch(b, k, &err)) {
            die("work: batch %u: %s", (unsigned)first->batch, err.message);
        }
    }
    if (all.pinned) {
        make_batch(w, all.pinned - 1, b);
        if (pin(b, k, &err)) {
            die("work: pin: %s", err.message);
        }
    }
    free(all.rows);
    free(b);
    return k;
}

void work_gone(const work *w, uint32_t n, void (*seen)(void *with, kundig_text word), void *with)
{
    work_batch *b = batch_new();
    work_rows all = rows_after(w, n, b);
    bool gone[WORK_NAMES] = {false};
    for (size_t i = 0; i < all.count; i++) {
        if (all.rows[i].gone && all.rows[i].whose >= 0) {
            gone[all.rows[i].whose] = true;
        }
    }
    for (size_t i = 0; i < all.count; i++) {
        const work_row *r = &all.rows[i];
        if (!r->gone && r->whose >= 0) {
            gone[r->whose] = false;
            if (r->kind == WORK_LINKS) {
                gone[r->whose + 1] = false;
            }
        }
        if (!r->gone && r->at_case >= 0) {
            gone[r->at_case] = false; /* the case's name holds the number, not the customer's */
        }
    }
    for (int c = 0; c < WORK_NAMES; c++) {
        if (gone[c]) {
            b->used = 0;
            seen(with, customer_name(b, w, c));
            char text[64];
            snprintf(text, sizeof text, "wort%03dx%08llx", c,
                     (unsigned long long)(w->seed * 2246822519u & 0xFFFFFFFFu));
            seen(with, words(text));
        }
    }
    free(all.rows);
    free(b);
}

/* ---- answers ---- */

typedef struct work_question {
    const char *metric;
    const char *by[2];
    int32_t every;
    int32_t unit;
    const char *where;
    const char *purpose;
} work_question;

static const work_question work_questions[] = {
    {.metric = "count"},
    {.metric = "customers", .by = {"stage"}},
    {.metric = "nps", .by = {"stage", "channel"}, .every = KUNDIG_EVERY_QUARTER},
    {.metric = "nps", .unit = KUNDIG_OF_CUSTOMERS},
    {.metric = "csat_mean", .by = {"channel"}, .where = "text contains \"spät\""},
    {.metric = "count", .by = {"customer"}},
    {.metric = "nps", .purpose = "research"},
    {.metric = "share", .by = {"topic"}},
};

typedef struct work_text {
    char *bytes;
    size_t used;
    size_t room;
} work_text;

static void text_add(work_text *t, const char *bytes, size_t len)
{
    if (t->used + len + 2 > t->room) {
        t->room = 2 * (t->used + len + 2);
        t->bytes = grow(t->bytes, t->room);
    }
    memcpy(t->bytes + t->used, bytes, len);
    t->used += len;
    t->bytes[t->used++] = '\n';
    t->bytes[t->used] = '\0';
}

static int text_table(work_text *t, kundig_table *table, kundig_error *err)
{
    kundig_bytes *json = NULL;
    int rc = kundig_table_to_json(table, &json, err);
    if (!rc) {
        text_add(t, kundig_bytes_data(json), kundig_bytes_len(json));
    }
    kundig_bytes_free(json);
    kundig_table_free(table);
    return rc;
}

static int ask(work_text *t, kundig *k, const work_question *asked, kundig_error *err)
{
    kundig_query *q = NULL;
    kundig_table *table = NULL;
    uint32_t node = 0;
    int rc = kundig_query_new(NULL, &q);
    rc = rc ? rc : kundig_query_set_metric(q, asked->metric, strlen(asked->metric), err);
    for (size_t i = 0; !rc && i < 2 && asked->by[i]; i++) {
        rc = kundig_query_group_by(q, asked->by[i], strlen(asked->by[i]), err);
    }
    rc = rc ? rc : kundig_query_set_every(q, asked->every, err);
    rc = rc ? rc : kundig_query_set_unit(q, asked->unit, err);
    if (!rc && asked->where) {
        rc = kundig_query_parse(q, asked->where, strlen(asked->where), &node, err);
        rc = rc ? rc : kundig_query_keep(q, node, err);
    }
    if (!rc && asked->purpose) {
        rc = kundig_query_set_purpose(q, asked->purpose, strlen(asked->purpose), err);
    }
    rc = rc ? rc : kundig_measure(k, q, &table, err);
    kundig_query_free(q);
    if (rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_NOT_FOUND) { /* nothing to measure is an answer */
        text_add(t, err->message, strlen(err->message));
        return 0;
    }
    return rc ? rc : text_table(t, table, err);
}

char *work_answers(kundig *k, kundig_error *err)
{
    work_text t = {0};
    kundig_table *table = NULL;
    char hex[33];
    kundig_model *model = small_model();
    int rc = kundig_facts_hash(k, hex, err);
    if (!rc) {
        text_add(&t, hex, 32);
    }
    rc = rc ? rc : kundig_set_model(k, model, err);
    rc = rc ? rc : kundig_fields(k, &table, err);
    rc = rc ? rc : text_table(&t, table, err);
    rc = rc ? rc : kundig_conflicts(k, &table, err);
    rc = rc ? rc : text_table(&t, table, err);
    for (size_t i = 0; !rc && i < sizeof work_questions / sizeof *work_questions; i++) {
        rc = ask(&t, k, &work_questions[i], err);
    }
    rc = rc ? rc : kundig_comments(k, NULL, 3, &table, err);
    rc = rc ? rc : text_table(&t, table, err);
    kundig_model_free(model);
    if (rc) {
        free(t.bytes);
        return NULL;
    }
    return t.bytes;
}

const char *work_differ(const char *a, const char *b)
{
    static char text[400];
    size_t at = 0;
    while (a[at] && a[at] == b[at]) {
        at++;
    }
    if (!a[at] && !b[at]) {
        return NULL;
    }
    size_t from = at > 60 ? at - 60 : 0;
    snprintf(text, sizeof text, "at byte %zu: \"%.150s\" and \"%.150s\"", at, a + from, b + from);
    return text;
}

/* ---- stores ---- */

int work_open(const char *path, int32_t access, kundig **out, kundig_error *err)
{
    kundig_options options;
    kundig_options_init(&options);
    options.access = access;
    options.busy_ms = 1000;
    return kundig_open(path, strlen(path), &options, out, err);
}

const char *work_verify(const char *path)
{
    static char text[400];
    kundig_table *table = NULL;
    kundig_error err;
    text[0] = '\0';
    if (kundig_verify(path, strlen(path), NULL, &table, &err)) {
        die("verify: %s", err.message);
    }
    size_t severity = kundig_table_find_column(table, "severity", 8);
    size_t finding = kundig_table_find_column(table, "finding", 7);
    for (size_t row = 0; row < kundig_table_row_count(table) && !text[0]; row++) {
        kundig_text how = kundig_table_text(table, row, severity);
        kundig_text what = kundig_table_text(table, row, finding);
        if (how.len == 5 && memcmp(how.data, "error", 5) == 0) {
            snprintf(text, sizeof text, "%.*s", (int)what.len, what.data);
        }
    }
    kundig_table_free(table);
    return text;
}
