#include "batch.h"

#include <stdio.h>
#include <string.h>

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

kundig_text batch_customer(work_batch *b, const work *w, int number)
{
    return number < 0 ? (kundig_text){NULL, 0} : put_name(b, w, "kunde", number);
}

kundig_text batch_record(work_batch *b, const work *w, int number)
{
    return put_name(b, w, "rec", number);
}

kundig_text batch_source(int record)
{
    return words(record < WORK_RECORDS ? "crm" : "shop");
}

kundig_text batch_word(work_batch *b, const work *w, int customer)
{
    char text[64];
    int len = snprintf(text, sizeof text, "wort%03dx%08llx", customer,
                       (unsigned long long)(w->seed * 2246822519u & 0xFFFFFFFFu));
    return put(b, text, (size_t)len);
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
    size_t start = b->used;
    size_t many = throw_dice(d, 40) == 0 ? 100 + throw_dice(d, 400) : 1 + throw_dice(d, 4);
    for (size_t i = 0; i < many; i++) {
        kundig_text phrase = PICK(d, phrases);
        (void)put(b, phrase.data, phrase.len);
    }
    if (whose >= 0) {
        (void)batch_word(b, w, whose);
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
    f->source = batch_source(record);
    if (named) {
        f->id = batch_record(b, w, record);
    }
    f->customer = batch_customer(b, w, b->whose[i]);
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
    c->id = batch_customer(b, w, b->whose[i]);
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
    e->customer = batch_customer(b, w, b->whose[i]);
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
    l->source = batch_source(b->record[i]);
    l->id = batch_record(b, w, b->record[i]);
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
    l->customer = batch_customer(b, w, b->whose[i] + turned);
    l->same_as = batch_customer(b, w, b->whose[i] + !turned);
    l->by = words("Ada");
    l->updated_ms = WORK_FIRST_DAY + (int64_t)throw_dice(d, 1000000);
    l->holds = l->updated_ms % 3 ? KUNDIG_YES : KUNDIG_NO;
}

static void make_consent(work_batch *b, const work *w, dice *d, size_t i)
{
    kundig_consent *c = &b->as.consents[i];
    kundig_consent_init(c);
    b->whose[i] = (int)throw_dice(d, WORK_NAMES);
    c->customer = batch_customer(b, w, b->whose[i]);
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

/* A name for a topic, or a part of it that a record shows. */
static void make_edit(work_batch *b, const work *w, dice *d, size_t i)
{
    static const char *const topics[] = {"t-00112233aabb", "t-ccddeeff0011", "t-2233445566aa"};
    static const char *const names[] = {"Late parcels", "Unfreundlich am Telefon", "The app"};
    kundig_edit *e = &b->as.edits[i];
    kundig_edit_init(e);
    e->topic = PICK(d, topics);
    e->name = PICK(d, names);
    e->kind = KUNDIG_EDIT_RENAME;
    if (throw_dice(d, 2)) {
        b->record[i] = (int)throw_dice(d, 2 * WORK_RECORDS);
        e->kind = KUNDIG_EDIT_SPLIT;
        e->source = batch_source(b->record[i]);
        e->id = batch_record(b, w, b->record[i]);
    }
    e->by = words(throw_dice(d, 2) ? "Ada" : "Ben");
    e->holds = throw_dice(d, 4) ? KUNDIG_YES : KUNDIG_NO;
    e->updated_ms = WORK_FIRST_DAY + (int64_t)throw_dice(d, 1000);
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
        WORK_COMPACT,  WORK_EDITS,
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
        "feedback", "customers", "events",         "labels", "links",   "consents", "retentions",
        "pin",      "erase",     "erase a record", "cache",  "compact", "edits",
    };
    unsigned kind = work_kind(w, n);
    size_t bit = 0;
    while (kind >>= 1) {
        bit++;
    }
    return names[bit];
}

void batch_make(const work *w, uint32_t n, work_batch *b)
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
        case WORK_EDITS:
            make_edit(b, w, &d, i);
            break;
        default: /* an erasure names one of these, a pinning throws one bit */
            b->whose[i] = (int)throw_dice(&d, WORK_NAMES);
            b->record[i] = (int)throw_dice(&d, 2 * WORK_RECORDS);
            b->count = 1;
            break;
        }
    }
}

int batch_add(const work_batch *b, kundig *k, kundig_error *err)
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
    case WORK_EDITS:
        return kundig_edit_add(k, b->as.edits, b->count, NULL, err);
    default:
        return kundig_retention_add(k, b->as.retentions, b->count, NULL, err);
    }
}

void batch_take(work_batch *b, const work_batch *other, size_t i)
{
    size_t at = b->count++;
    switch (b->kind) {
    case WORK_FEEDBACK:
        b->as.feedback[at] = other->as.feedback[i];
        break;
    case WORK_CUSTOMERS:
        b->as.customers[at] = other->as.customers[i];
        break;
    case WORK_EVENTS:
        b->as.events[at] = other->as.events[i];
        break;
    case WORK_LABELS:
        b->as.labels[at] = other->as.labels[i];
        break;
    case WORK_LINKS:
        b->as.links[at] = other->as.links[i];
        break;
    case WORK_CONSENTS:
        b->as.consents[at] = other->as.consents[i];
        break;
    case WORK_EDITS:
        b->as.edits[at] = other->as.edits[i];
        break;
    default:
        b->as.retentions[at] = other->as.retentions[i];
        break;
    }
}

work_batch *batch_of(const work *w, uint32_t n)
{
    work_batch *b = grow(NULL, sizeof *b);
    batch_make(w, n, b);
    return b;
}

bool batch_pins(const work_batch *b)
{
    return b->record[0] % 3 != 0;
}
