/* Forgetting, looked at from outside: after a hundred customers were erased while others went on
 * writing, none of their bytes stands in any file of the store, and every answer is that of a store
 * that never had them.
 *
 * Every text of a customer is made of letters thrown for it alone, so that eight bytes in a row
 * tell whose they are: six bits each, 2^48 of them. What is looked for are all pieces of eight
 * bytes of all texts of those who were erased: names, ids, comments (some longer than a page of the
 * file), attributes, names of attributes and questions that they alone used, events, labels, links,
 * consents, old versions of records, the files their records came from. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "help.h"
#include "kundig.h"

#define KEY   "0123456789abcdefghijklmnopqrstuv"
#define MONTH INT64_C(2678400000)

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* ---- A world of facts ---- */

typedef struct plan {
    uint64_t customers;
    uint64_t records;
    uint64_t erased;
    uint64_t seed;
} plan;

static kundig_text text_of(const char *data, size_t len)
{
    return (kundig_text){data, len};
}

/* Texts of facts live as long as the program: one run makes some megabytes. */
typedef struct chunk {
    struct chunk *next;
    size_t used;
    char bytes[1 << 20];
} chunk;

static chunk *chunks;

static void *keep(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (!chunks || chunks->used + size > sizeof chunks->bytes) {
        chunk *fresh = grow(NULL, sizeof *fresh);
        fresh->next = chunks;
        fresh->used = 0;
        chunks = fresh;
    }
    void *at = chunks->bytes + chunks->used;
    chunks->used += size;
    return at;
}

static void keep_nothing(void)
{
    while (chunks) {
        chunk *next = chunks->next;
        free(chunks);
        chunks = next;
    }
}

static kundig_text thrown(dice *d, size_t len)
{
    char *data = keep(len);
    for (size_t i = 0; i < len; i++) {
        data[i] = letters[throw_dice(d, 64)];
    }
    return text_of(data, len);
}

/* One fact, and whose it is: SIZE_MAX for those of nobody. */
typedef struct fact {
    int kind; /* KUNDIG_FACTS_ */
    uint64_t owner;
    union {
        kundig_feedback feedback;
        kundig_customer customer;
        kundig_event event;
        kundig_label label;
        kundig_link link;
        kundig_consent consent;
    } as;
} fact;

typedef struct world {
    fact *facts;
    size_t count;
    size_t room;
    kundig_text *names;   /* of each customer */
    kundig_text *aliases; /* absent for most */
} world;

static fact *fact_new(world *w, int kind, uint64_t owner)
{
    if (w->count == w->room) {
        w->room = w->room ? w->room * 2 : 1024;
        w->facts = grow(w->facts, w->room * sizeof *w->facts);
    }
    fact *f = &w->facts[w->count++];
    memset(f, 0, sizeof *f);
    f->kind = kind;
    f->owner = owner;
    return f;
}

static kundig_attribute *attribute_new(dice *d, bool own)
{
    kundig_attribute *attribute = keep(sizeof *attribute);
    memset(attribute, 0, sizeof *attribute);
    attribute->name = own ? thrown(d, 12) : text_of("badge", 5);
    attribute->value.type = KUNDIG_VALUE_TEXT;
    attribute->value.text = thrown(d, 10 + throw_dice(d, 20));
    return attribute;
}

static kundig_score *score_new(dice *d, bool own)
{
    kundig_score *score = keep(sizeof *score);
    memset(score, 0, sizeof *score);
    score->scale = KUNDIG_SCALE_NPS;
    score->value = (double)throw_dice(d, 11);
    if (own) {
        score->question = thrown(d, 14);
    }
    return score;
}

static const char *const stages[] = {"Order", "Delivery", "Invoice", "Service"};

static void add_record(world *w, dice *d, uint64_t owner, uint64_t number)
{
    static const char *const words[] = {"late ", "rude ", "price ", ""};
    kundig_feedback record;
    kundig_feedback_init(&record);
    uint64_t versions = number % 9 == 0 ? 2 + throw_dice(d, 2) : 1;
    record.source = number % 50 == 3 ? thrown(d, 12) : text_of("survey.csv", 10);
    record.id = number % 7 == 6 ? text_of(NULL, 0) : thrown(d, 16);
    record.customer = w->names[owner];
    if (w->aliases[owner].data && throw_dice(d, 2)) {
        record.customer = w->aliases[owner];
    }
    record.stage = text_of(stages[number % 4], strlen(stages[number % 4]));
    record.time_ms = INT64_C(1735689600000) + (int64_t)throw_dice(d, 12) * MONTH;
    if (number % 11 == 0) {
        record.case_id = thrown(d, 12);
    }
    for (uint64_t v = 0; v < versions; v++) {
        fact *f = fact_new(w, KUNDIG_FACTS_FEEDBACK, owner);
        size_t len = throw_dice(d, 40) == 0 ? 4000 + throw_dice(d, 20000) : throw_dice(d, 300);
        const char *word = words[throw_dice(d, 4)];
        kundig_text own = thrown(d, len);
        char *text = keep(len + 8);
        memcpy(text, word, strlen(word));
        memcpy(text + strlen(word), own.data, own.len);
        f->as.feedback = record;
        f->as.feedback.updated_ms = (int64_t)v;
        f->as.feedback.text = text_of(text, strlen(word) + own.len);
        f->as.feedback.scores = score_new(d, owner % 97 == 5);
        f->as.feedback.score_count = 1;
        if (number % 5 == 0) {
            f->as.feedback.attributes = attribute_new(d, owner % 61 == 2);
            f->as.feedback.attribute_count = 1;
        }
    }
    if (number % 6 == 0 && record.id.data) {
        fact *f = fact_new(w, KUNDIG_FACTS_LABELS, owner);
        kundig_label_init(&f->as.label);
        f->as.label.source = record.source;
        f->as.label.id = record.id;
        f->as.label.topic = thrown(d, 9);
    }
    if (record.case_id.data) {
        fact *f = fact_new(w, KUNDIG_FACTS_EVENTS, owner);
        kundig_event_init(&f->as.event);
        f->as.event.source = text_of("desk", 4);
        f->as.event.id = thrown(d, 14);
        f->as.event.case_id = record.case_id; /* theirs alone; the event names nobody */
        f->as.event.topic = thrown(d, 10);
    }
}

static void add_customer(world *w, dice *d, uint64_t owner)
{
    for (uint64_t v = 0; v < 1 + owner % 2; v++) {
        fact *f = fact_new(w, KUNDIG_FACTS_CUSTOMERS, owner);
        kundig_customer_init(&f->as.customer);
        f->as.customer.source = text_of("crm", 3);
        f->as.customer.id = w->names[owner];
        f->as.customer.updated_ms = (int64_t)v;
        f->as.customer.segment = thrown(d, 11);
        f->as.customer.attributes = attribute_new(d, owner % 83 == 4);
        f->as.customer.attribute_count = 1;
    }
    if (w->aliases[owner].data) {
        fact *f = fact_new(w, KUNDIG_FACTS_LINKS, owner);
        kundig_link_init(&f->as.link);
        f->as.link.customer = w->names[owner];
        f->as.link.same_as = w->aliases[owner];
        f->as.link.by = thrown(d, 9);
    }
    if (owner % 3 == 0) {
        fact *f = fact_new(w, KUNDIG_FACTS_CONSENTS, owner);
        kundig_consent_init(&f->as.consent);
        f->as.consent.consent = KUNDIG_YES;
        f->as.consent.customer = w->names[owner];
        f->as.consent.disclosure = thrown(d, 20);
    }
    if (owner % 4 == 0) {
        fact *f = fact_new(w, KUNDIG_FACTS_EVENTS, owner);
        kundig_event_init(&f->as.event);
        f->as.event.source = text_of("shop", 4);
        f->as.event.id = thrown(d, 14);
        f->as.event.customer = w->names[owner];
        f->as.event.agent = thrown(d, 10);
        f->as.event.kind = KUNDIG_EVENT_PURCHASE;
    }
}

/* First facts of everybody, then more and more of those who stay. */
static world world_new(const plan *p, const bool *goes)
{
    dice d = {p->seed};
    world w = {0};
    w.names = grow(NULL, p->customers * sizeof *w.names);
    w.aliases = grow(NULL, p->customers * sizeof *w.aliases);
    for (uint64_t c = 0; c < p->customers; c++) {
        w.names[c] = thrown(&d, 15);
        w.aliases[c] = c % 10 == 7 ? thrown(&d, 15) : text_of(NULL, 0);
        add_customer(&w, &d, c);
    }
    for (uint64_t r = 0; r < p->records; r++) {
        uint64_t owner = throw_dice(&d, p->customers);
        while (r > p->records / 3 && goes[owner]) {
            owner = throw_dice(&d, p->customers);
        }
        add_record(&w, &d, owner, r);
    }
    return w;
}

static void world_free(world *w)
{
    free(w->facts);
    free(w->names);
    free(w->aliases);
    keep_nothing();
}

/* ---- Writing them ---- */

static void must(int rc, const kundig_error *err, const char *what)
{
    if (rc != KUNDIG_OK) {
        die("%s: error %d: %s", what, rc, err ? err->message : "");
    }
}

static kundig *opened(const char *path, bool key)
{
    kundig *k = NULL;
    kundig_options options;
    kundig_error err = {0};
    kundig_options_init(&options);
    options.threads = 2;
    if (key) {
        options.pseudonym_key = text_of(KEY, 32);
    }
    must(kundig_open(path, strlen(path), &options, &k, &err), &err, "open");
    return k;
}

static void add_run(kundig *k, const fact *facts, size_t count)
{
    kundig_error err = {0};
    int rc = KUNDIG_OK;
    int kind = facts[0].kind;
    size_t each[] = {sizeof facts->as.feedback, sizeof facts->as.customer,
                     sizeof facts->as.event,    sizeof facts->as.label,
                     sizeof facts->as.link,     sizeof facts->as.consent};
    char *records = grow(NULL, count * each[kind]);
    for (size_t i = 0; i < count; i++) {
        memcpy(records + i * each[kind], &facts[i].as, each[kind]);
    }
    switch (kind) {
    case KUNDIG_FACTS_FEEDBACK:
        rc = kundig_feedback_add(k, (kundig_feedback *)(void *)records, count, NULL, &err);
        break;
    case KUNDIG_FACTS_CUSTOMERS:
        rc = kundig_customer_add(k, (kundig_customer *)(void *)records, count, NULL, &err);
        break;
    case KUNDIG_FACTS_EVENTS:
        rc = kundig_event_add(k, (kundig_event *)(void *)records, count, NULL, &err);
        break;
    case KUNDIG_FACTS_LABELS:
        rc = kundig_label_add(k, (kundig_label *)(void *)records, count, NULL, &err);
        break;
    case KUNDIG_FACTS_LINKS:
        rc = kundig_link_add(k, (kundig_link *)(void *)records, count, NULL, &err);
        break;
    default:
        rc = kundig_consent_add(k, (kundig_consent *)(void *)records, count, NULL, &err);
        break;
    }
    free(records);
    must(rc, &err, "add");
}

/* Facts [from, to), without those of some, a few calls a kind. */
static void add_facts(kundig *k, const world *w, size_t from, size_t to, const bool *without)
{
    fact *chosen = grow(NULL, (to - from + 1) * sizeof *chosen);
    for (int kind = 0; kind <= KUNDIG_FACTS_CONSENTS; kind++) {
        size_t count = 0;
        for (size_t i = from; i < to; i++) {
            if (w->facts[i].kind == kind && !(without && without[w->facts[i].owner])) {
                chosen[count++] = w->facts[i];
            }
        }
        if (count) {
            add_run(k, chosen, count);
        }
    }
    free(chosen);
}

/* ---- Pieces of eight bytes ---- */

typedef struct pieces {
    uint64_t *slots;
    size_t slot_count;
    size_t count;
} pieces;

static uint64_t piece_at(const char *data)
{
    uint64_t piece;
    memcpy(&piece, data, sizeof piece);
    return piece;
}

static size_t piece_slot(const pieces *p, uint64_t piece)
{
    size_t at = (size_t)(piece * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (p->slot_count - 1);
    while (p->slots[at] && p->slots[at] != piece) {
        at = (at + 1) & (p->slot_count - 1);
    }
    return at;
}

static void pieces_add(pieces *p, kundig_text text)
{
    for (size_t i = 0; text.data && i + 8 <= text.len; i++) {
        if ((p->count + 1) * 2 > p->slot_count) {
            pieces old = *p;
            p->slot_count = old.slot_count ? old.slot_count * 2 : 1 << 16;
            p->slots = grow(NULL, p->slot_count * sizeof *p->slots);
            memset(p->slots, 0, p->slot_count * sizeof *p->slots);
            for (size_t s = 0; s < old.slot_count; s++) {
                if (old.slots[s]) {
                    p->slots[piece_slot(p, old.slots[s])] = old.slots[s];
                }
            }
            free(old.slots);
        }
        size_t at = piece_slot(p, piece_at(text.data + i));
        p->count += p->slots[at] == 0;
        p->slots[at] = piece_at(text.data + i);
    }
}

static void pieces_of_attributes(pieces *p, const kundig_attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pieces_add(p, attributes[i].name);
        pieces_add(p, attributes[i].value.text);
    }
}

static void pieces_of(pieces *p, const fact *f)
{
    switch (f->kind) {
    case KUNDIG_FACTS_FEEDBACK: {
        const kundig_feedback *r = &f->as.feedback;
        if (r->source.len == 12) { /* thrown for it */
            pieces_add(p, r->source);
        }
        pieces_add(p, r->id);
        pieces_add(p, r->customer);
        pieces_add(p, r->case_id);
        /* Behind its first word, which others use, too. */
        size_t skip = r->text.len < 6 ? r->text.len : 6;
        pieces_add(p, text_of(r->text.data + skip, r->text.len - skip));
        pieces_of_attributes(p, r->attributes, r->attribute_count);
        pieces_add(p, r->scores[0].question);
        break;
    }
    case KUNDIG_FACTS_CUSTOMERS:
        pieces_add(p, f->as.customer.id);
        pieces_add(p, f->as.customer.segment);
        pieces_of_attributes(p, f->as.customer.attributes, f->as.customer.attribute_count);
        break;
    case KUNDIG_FACTS_EVENTS:
        pieces_add(p, f->as.event.id);
        pieces_add(p, f->as.event.customer);
        pieces_add(p, f->as.event.case_id);
        pieces_add(p, f->as.event.agent);
        pieces_add(p, f->as.event.topic);
        break;
    case KUNDIG_FACTS_LABELS:
        pieces_add(p, f->as.label.id);
        pieces_add(p, f->as.label.topic);
        break;
    case KUNDIG_FACTS_LINKS:
        pieces_add(p, f->as.link.customer);
        pieces_add(p, f->as.link.same_as);
        pieces_add(p, f->as.link.by);
        break;
    default:
        pieces_add(p, f->as.consent.customer);
        pieces_add(p, f->as.consent.disclosure);
        break;
    }
}

/* How many places of a file hold a piece. */
static size_t pieces_in(const pieces *p, const char *path)
{
    size_t found = 0;
    if (!file_there(path)) {
        return 0;
    }
    content c = file_read(path);
    for (size_t i = 0; i + 8 <= c.size; i++) {
        uint64_t piece = piece_at((const char *)c.bytes + i);
        found += p->slots[piece_slot(p, piece)] == piece && piece != 0;
    }
    free(c.bytes);
    return found;
}

static size_t pieces_left(const pieces *p, const char *folder, const char **where)
{
    static const char *const files[] = {"store.kundig", "store.kundig-wal", "store.kundig-shm",
                                        "store.kundig-journal"};
    size_t left = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t here = pieces_in(p, in(folder, files[i]));
        if (here && where) {
            *where = files[i];
        }
        left += here;
    }
    return left;
}

static void none_left(const pieces *p, const char *folder, uint64_t seed, const char *when)
{
    const char *where = NULL;
    size_t left = pieces_left(p, folder, &where);
    if (left) {
        die("seed %llu, %s: %zu pieces of erased customers stand in %s", (unsigned long long)seed,
            when, left, where);
    }
}

/* ---- Answers ---- */

static kundig_bytes *answer(kundig *k, int which)
{
    kundig_error err = {0};
    kundig_query *q = NULL;
    kundig_table *t = NULL;
    kundig_bytes *json = NULL;
    must(kundig_query_new(NULL, &q), NULL, "query");
    switch (which) {
    case 0:
        must(kundig_fields(k, &t, &err), &err, "fields");
        break;
    case 1:
        must(kundig_conflicts(k, &t, &err), &err, "conflicts");
        break;
    case 2:
        must(kundig_topics(k, NULL, 0, &t, &err), &err, "topics");
        break;
    case 3:
        must(kundig_comments(k, q, 0, &t, &err), &err, "comments");
        break;
    default:
        must(kundig_query_set_metric(q, which == 4 ? "nps" : "share", which == 4 ? 3 : 5, &err),
             &err, "metric");
        must(kundig_query_group_by(q, "stage", 5, &err), &err, "group");
        if (which == 4) {
            must(kundig_query_set_question(q, "nps", 3, &err), &err, "question");
            must(kundig_query_set_every(q, KUNDIG_EVERY_MONTH, &err), &err, "every");
        }
        must(kundig_measure(k, q, &t, &err), &err, "measure");
        break;
    }
    must(kundig_table_to_json(t, &json, &err), &err, "json");
    kundig_table_free(t);
    kundig_query_free(q);
    return json;
}

static void same_answers(kundig *a, kundig *b, uint64_t seed)
{
    kundig_error err = {0};
    char names[2][33];
    must(kundig_facts_hash(a, names[0], &err), &err, "hash");
    must(kundig_facts_hash(b, names[1], &err), &err, "hash");
    for (int which = 0; which < 6; which++) {
        kundig_bytes *left = answer(a, which);
        kundig_bytes *right = answer(b, which);
        if (strcmp(kundig_bytes_data(left), kundig_bytes_data(right)) != 0) {
            die("seed %llu: answer %d differs from that of a store without them",
                (unsigned long long)seed, which);
        }
        if (kundig_bytes_len(left) < 60) {
            die("answer %d says nothing: %s", which, kundig_bytes_data(left));
        }
        kundig_bytes_free(left);
        kundig_bytes_free(right);
    }
    if (strcmp(names[0], names[1]) != 0) {
        die("seed %llu: the state of the facts differs from that of a store without them",
            (unsigned long long)seed);
    }
}

static kundig_text cell(const kundig_table *t, size_t row, const char *column)
{
    return kundig_table_text(t, row, kundig_table_find_column(t, column, strlen(column)));
}

static bool cell_is(const kundig_table *t, size_t row, const char *column, const char *wanted)
{
    kundig_text text = cell(t, row, column);
    return text.len == strlen(wanted) && memcmp(text.data, wanted, text.len) == 0;
}

/* Errors and warnings of kundig_verify(). */
static size_t complaints(const char *path)
{
    kundig_error err = {0};
    kundig_table *t = NULL;
    size_t count = 0;
    must(kundig_verify(path, strlen(path), NULL, &t, &err), &err, "verify");
    for (size_t row = 0; row < kundig_table_row_count(t); row++) {
        if (cell_is(t, row, "severity", "error")) {
            die("verify: %s", cell(t, row, "finding").data);
        }
        count += cell_is(t, row, "severity", "warning");
    }
    kundig_table_free(t);
    return count;
}

static kundig_table *erase(kundig *k, kundig_text customer, int64_t time_ms)
{
    kundig_erasure whom;
    kundig_error err = {0};
    kundig_table *receipt = NULL;
    kundig_erasure_init(&whom);
    whom.customer = customer;
    whom.time_ms = time_ms;
    must(kundig_erase(k, &whom, &receipt, &err), &err, "erase");
    return receipt;
}

/* ---- The case: erasing while others write ---- */

static void choose(const plan *p, bool *goes, uint64_t *order)
{
    dice d = {p->seed ^ UINT64_C(0x5eed)};
    memset(goes, 0, p->customers * sizeof *goes);
    for (uint64_t i = 0; i < p->erased;) {
        uint64_t customer = throw_dice(&d, p->customers);
        if (!goes[customer]) {
            goes[customer] = true;
            order[i++] = customer;
        }
    }
}

static void erase_and_look(const plan *p, const char *folder, const char *other)
{
    char path[512];
    kundig_error err = {0};
    bool *goes = grow(NULL, p->customers * sizeof *goes);
    uint64_t *order = grow(NULL, p->erased * sizeof *order);
    pieces gone = {NULL, 0, 0};
    pieces planned = {NULL, 0, 0};
    kundig_model *model = NULL;
    static const char topics[] = "taxonomy: Small\ntheme all: All\ntopic late:\nen: late\n"
                                 "topic rude:\nen: rude\ntopic price:\nen: price\n";
    choose(p, goes, order);
    world w = world_new(p, goes);
    size_t start = w.count - w.count / 3;
    copy_name(path, sizeof path, in(folder, "store.kundig"));
    must(kundig_model_new(NULL, topics, sizeof topics - 1, &model, &err), &err, "model");
    for (size_t i = 0; i < w.count; i++) {
        if (goes[w.facts[i].owner]) {
            pieces_of(&planned, &w.facts[i]);
        }
        if (i >= start && goes[w.facts[i].owner]) {
            die("a fact of somebody who goes comes too late");
        }
    }

    kundig *k = opened(path, p->seed % 2);
    must(kundig_pin_model(k, model, &err), &err, "pin");
    add_facts(k, &w, 0, start / 2, NULL);
    add_facts(k, &w, start / 2, start, NULL);
    must(kundig_cache_save(k, &err), &err, "cache");
    if (pieces_left(&planned, folder, NULL) == 0) {
        die("the facts are not in the file: nothing can be shown");
    }
    size_t at = start;
    for (uint64_t i = 0; i < p->erased; i++) {
        uint64_t customer = order[i];
        size_t next = start + (size_t)((w.count - start) * (i + 1) / p->erased);
        bool alias = w.aliases[customer].data && i % 2;
        kundig_table *receipt = erase(k, alias ? w.aliases[customer] : w.names[customer],
                                      INT64_C(1767225600000) + (int64_t)i);
        if (!cell_is(receipt, 0, "status", "done")) {
            die("seed %llu: nobody reads, and the receipt says pending",
                (unsigned long long)p->seed);
        }
        kundig_table_free(receipt);
        for (size_t f = 0; f < start; f++) {
            if (w.facts[f].owner == customer) {
                pieces_of(&gone, &w.facts[f]);
            }
        }
        if (i % 16 == 5) {
            none_left(&gone, folder, p->seed, "just erased");
        }
        if (next > at) {
            add_facts(k, &w, at, next, NULL);
        }
        at = next;
    }
    none_left(&gone, folder, p->seed, "all erased");
    if (gone.count != planned.count) {
        die("looked for other pieces than planned");
    }
    if (complaints(path)) {
        die("seed %llu: verify complains", (unsigned long long)p->seed);
    }

    kundig *without = opened(in(other, "store.kundig"), p->seed % 2);
    must(kundig_pin_model(without, model, &err), &err, "pin");
    add_facts(without, &w, 0, w.count, goes);
    same_answers(k, without, p->seed);
    must(kundig_compact(k, &err), &err, "compact");
    none_left(&gone, folder, p->seed, "compacted");
    same_answers(k, without, p->seed);
    kundig_close(k);
    none_left(&gone, folder, p->seed, "closed");
    k = opened(path, p->seed % 2);
    same_answers(k, without, p->seed);
    kundig_table *log = NULL;
    must(kundig_audit(k, &log, &err), &err, "audit");
    if (kundig_table_row_count(log) != p->erased) {
        die("the log has %zu receipts", kundig_table_row_count(log));
    }
    for (size_t row = 0; row < kundig_table_row_count(log); row++) {
        if (!cell_is(log, row, "status", "done") ||
            (cell(log, row, "subject").data != NULL) != (p->seed % 2 != 0)) {
            die("receipt %zu of the log is wrong", row);
        }
    }
    kundig_table_free(log);
    kundig_close(k);
    kundig_close(without);
    if (complaints(path)) {
        die("seed %llu: verify complains at the end", (unsigned long long)p->seed);
    }
    kundig_model_free(model);
    free(gone.slots);
    free(planned.slots);
    free(goes);
    free(order);
    world_free(&w);
    folder_empty(folder);
    folder_empty(other);
}

/* ---- The case: somebody reads ---- */

static void while_somebody_reads(uint64_t seed)
{
    plan p = {.customers = 40, .records = 400, .erased = 2, .seed = seed};
    const char *folder = folder_new();
    char path[512];
    bool goes[40];
    uint64_t order[2];
    pieces gone = {NULL, 0, 0};
    sqlite3 *reader = NULL;
    kundig_error err = {0};
    kundig_table *t = NULL;
    copy_name(path, sizeof path, in(folder, "store.kundig"));
    choose(&p, goes, order);
    world w = world_new(&p, goes);
    kundig *k = opened(path, false);
    add_facts(k, &w, 0, w.count, NULL);
    for (size_t i = 0; i < w.count; i++) {
        if (goes[w.facts[i].owner]) {
            pieces_of(&gone, &w.facts[i]);
        }
    }
    if (sqlite3_open_v2(path, &reader, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM feedback", NULL, NULL, NULL) !=
            SQLITE_OK) {
        die("the reader cannot read: %s", sqlite3_errmsg(reader));
    }
    for (int i = 0; i < 2; i++) {
        t = erase(k, w.names[order[i]], KUNDIG_TIME_ABSENT);
        if (!cell_is(t, 0, "status", "pending")) {
            die("somebody reads what was, and the receipt says it is gone");
        }
        kundig_table_free(t);
    }
    if (pieces_left(&gone, folder, NULL) == 0) {
        die("what a reader still sees is gone: this case shows nothing");
    }
    if (complaints(path) == 0) {
        die("verify does not say that an erasure is pending");
    }
    add_run(k, &w.facts[0], 1); /* somebody still reads: no error */
    if (sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        die("the reader cannot end");
    }
    if (seed % 2) {
        add_run(k, &w.facts[0], 1); /* the next call that writes finishes */
    } else {
        kundig_close(k); /* or closing, while others have it open */
        k = opened(path, false);
    }
    none_left(&gone, folder, seed, "pending no more");
    must(kundig_audit(k, &t, &err), &err, "audit");
    for (size_t row = 0; row < 2; row++) {
        if (!cell_is(t, row, "status", "done")) {
            die("the log still says pending");
        }
    }
    kundig_table_free(t);
    sqlite3_close(reader);
    kundig_close(k);
    if (complaints(path)) {
        die("verify complains");
    }
    free(gone.slots);
    world_free(&w);
}

/* ---- The case: the search itself ---- */

static void the_search_finds(void)
{
    const char *folder = folder_new();
    pieces p = {NULL, 0, 0};
    dice d = {7};
    kundig_text text = thrown(&d, 30);
    char bytes[100] = {0};
    pieces_add(&p, text);
    memcpy(bytes + 61, text.data + 13, 8);
    file_write(in(folder, "store.kundig"), bytes, sizeof bytes);
    size_t one = pieces_left(&p, folder, NULL);
    bytes[64] ^= 1;
    file_write(in(folder, "store.kundig"), bytes, sizeof bytes);
    size_t none = pieces_left(&p, folder, NULL);
    if (one != 1 || none != 0 || p.count != 23) {
        die("the search for pieces finds %zu and %zu", one, none);
    }
    free(p.slots);
    keep_nothing();
}

int main(int argc, char **argv)
{
    settings s = settings_read(argc, argv, 1);
    the_search_finds();
    while_somebody_reads(2 * s.seed);
    while_somebody_reads(2 * s.seed + 1);
    const char *folder = folder_new();
    const char *other = folder_new();
    for (uint64_t run = 0; run < s.runs; run++) {
        plan p = {.customers = 6000, .records = 20000, .erased = 100, .seed = s.seed + run};
        if (s.file && strcmp(s.file, "small") == 0) {
            p = (plan){.customers = 300, .records = 1500, .erased = 40, .seed = p.seed};
        } else if (s.full) {
            p = (plan){.customers = 40000, .records = 120000, .erased = 10000, .seed = p.seed};
        }
        erase_and_look(&p, folder, other);
        printf("seed %llu: %llu of %llu customers erased, none of their bytes left\n",
               (unsigned long long)p.seed, (unsigned long long)p.erased,
               (unsigned long long)p.customers);
        fflush(stdout);
    }
    return 0;
}
