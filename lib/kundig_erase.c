/* The door of forgetting: who or what is meant, the receipt, the log; and stores that are merged,
 * checked, written anew. Invariant and company: kundig.c.
 *
 * In memory a corpus is replaced by one that never had the forgotten rows; a store blanks them in
 * its file and reads the rest anew when it is next asked. Models that were learned from the facts
 * are learned anew from the others before anything is forgotten, so that a failure leaves all as it
 * was. */
#include "base/bytes.h"
#include "base/options.h"
#include "base/text.h"
#include "corpus/collect.h"
#include "door.h"
#include "table/table.h"

/* ---- Forgetting ---- */

/* What models are once some facts are gone: those that were learned from facts are learned anew
 * from the others. */
typedef struct erase_models {
    kundig_model *pinned; /* NULL: it stays as it is */
    kundig_model *chosen;
    kundig_bytes *bytes; /* of pinned */
} erase_models;

static void erase_models_free(erase_models *models)
{
    kundig_model_free(models->pinned);
    kundig_model_free(models->chosen);
    kundig_bytes_free(models->bytes);
}

static int erase_are_alike(const kundig_model *a, const kundig_model *b, bool *alike,
                           kundig_error *err)
{
    kundig_bytes *first = NULL;
    kundig_bytes *second = NULL;
    int rc = kundig_model_save(a, &first, err);
    rc = rc ? rc : kundig_model_save(b, &second, err);
    *alike =
        !rc && kundig_bytes_len(first) == kundig_bytes_len(second) &&
        memcmp(kundig_bytes_data(first), kundig_bytes_data(second), kundig_bytes_len(first)) == 0;
    kundig_bytes_free(first);
    kundig_bytes_free(second);
    return rc;
}

/* From the facts that are left. On failure too they must be freed. */
static int erase_learn(kundig *k, kundig__corpus *left, erase_models *models, kundig_error *err)
{
    kundig_model *pinned = k->pinned;
    bool alike = false;
    int rc = k->store ? kundig__store_model(k->store, &pinned, err) : KUNDIG_OK;
    if (!rc && pinned && kundig__model_is_of_facts(pinned)) {
        rc = kundig__corpus_teach_anew(left, pinned, &models->pinned, err);
        rc = rc ? rc : kundig_model_save(models->pinned, &models->bytes, err);
    }
    if (rc || !k->chosen || !kundig__model_is_of_facts(k->chosen)) {
        return rc;
    }
    rc = models->pinned ? erase_are_alike(pinned, k->chosen, &alike, err) : KUNDIG_OK;
    if (!rc && alike) {
        models->chosen = kundig_model_retain(models->pinned);
    } else if (!rc) {
        rc = kundig__corpus_teach_anew(left, k->chosen, &models->chosen, err);
    }
    return rc;
}

/* Of what is in memory: nothing can fail any more. */
static void erase_take_models(kundig *k, erase_models *models)
{
    if (models->pinned && !k->store) {
        kundig_model_free(k->pinned);
        k->pinned = kundig_model_retain(models->pinned);
        k->pinned_hash = kundig__blake2b(NULL, kundig_bytes_data(models->bytes),
                                         kundig_bytes_len(models->bytes));
    }
    if (models->chosen) {
        kundig_model_free(k->chosen);
        k->chosen = kundig_model_retain(models->chosen);
    }
}

static bool erase_has_rows(const kundig__forgetting *forgetting)
{
    bool any = false;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        any = any || forgetting->count[kind];
    }
    return any;
}

static bool erase_may_learn(const kundig *k, const kundig_model *pinned)
{
    return (pinned && kundig__model_is_of_facts(pinned)) ||
           (k->chosen && kundig__model_is_of_facts(k->chosen));
}

/* The published name of facts in memory. */
static int erase_name(kundig *k, kundig__corpus *corpus, const kundig__hash128 *model, char hex[33],
                      kundig_error *err)
{
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    int rc = KUNDIG_OK;
    memset(sums, 0, sizeof sums);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        rc = kundig__fact_sum_rows(corpus, kind, 0, &sums[kind], err);
    }
    if (!rc) {
        kundig__facts_name(sums, k->pinned ? model : NULL, hex);
    }
    return rc;
}

static int erase_in_memory(kundig *k, const kundig__forgetting *forgetting,
                           kundig__receipt *receipt, kundig_table **out, kundig_error *err)
{
    kundig__corpus *fresh = NULL;
    erase_models models = {NULL, NULL, NULL};
    kundig__hash128 after = k->pinned_hash;
    receipt->records = forgetting->records;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        receipt->rows[kind] = forgetting->count[kind];
    }
    int rc = kundig__corpus_without(k->corpus, forgetting, &fresh, err);
    if (!rc && erase_has_rows(forgetting)) {
        rc = erase_learn(k, fresh, &models, err);
    }
    if (!rc && models.bytes) {
        after =
            kundig__blake2b(NULL, kundig_bytes_data(models.bytes), kundig_bytes_len(models.bytes));
    }
    rc = rc ? rc : erase_name(k, k->corpus, &k->pinned_hash, receipt->before, err);
    rc = rc ? rc : erase_name(k, fresh, &after, receipt->after, err);
    if (!rc && out) {
        rc = kundig__receipts_one(&k->context.mem, receipt, forgetting, out, err);
    }
    if (rc) {
        kundig__corpus_free(fresh);
    } else {
        kundig__corpus_free(k->corpus);
        k->corpus = fresh;
        erase_take_models(k, &models);
    }
    erase_models_free(&models);
    return rc;
}

/* Under the store's lock, which is given back. */
static int erase_in_store(kundig *k, const kundig__forgetting *forgetting, kundig__receipt *receipt,
                          kundig_table **out, kundig_error *err)
{
    kundig__corpus *left = NULL;
    kundig_model *pinned = NULL;
    erase_models models = {NULL, NULL, NULL};
    int rc = kundig__store_model(k->store, &pinned, err);
    if (!rc && erase_has_rows(forgetting) && erase_may_learn(k, pinned)) {
        rc = kundig__corpus_without(k->corpus, forgetting, &left, err);
        rc = rc ? rc : erase_learn(k, left, &models, err);
        kundig__corpus_free(left);
    }
    if (rc) {
        kundig__store_rollback(k->store);
    } else {
        rc =
            kundig__store_forget(k->store, &k->corpus, forgetting, models.bytes, receipt, out, err);
    }
    if (!rc) {
        erase_take_models(k, &models);
    }
    erase_models_free(&models);
    return rc;
}

/* Whom a call means; its answer is a list of rows. */
typedef struct erase_wish {
    const kundig_erasure *erasure; /* NULL: by age */
    int64_t as_of_ms;
} erase_wish;

static int erase_find(kundig *k, const erase_wish *wish, kundig__forgetting *out, kundig_error *err)
{
    char pseudonym[33];
    if (!wish->erasure) {
        return kundig__forget_expired(k->corpus, wish->as_of_ms, out, err);
    }
    kundig_text customer = wish->erasure->customer;
    if (!customer.data) {
        return kundig__forget_record(k->corpus, wish->erasure->source, wish->erasure->id, out, err);
    }
    if (k->context.pseudonyms) {
        kundig__pseudonym(&k->context, customer, pseudonym);
        customer = kundig__text(pseudonym, 32);
    }
    return kundig__forget_customer(k->corpus, customer, out, err);
}

/* The keyed pseudonym of whom or what; "" without a key. */
static int erase_subject(kundig *k, const kundig_erasure *erasure, char out[33], kundig_error *err)
{
    kundig__buf bytes;
    out[0] = '\0';
    if (!k->context.has_pseudonym_key) {
        return KUNDIG_OK;
    }
    if (erasure->customer.data) {
        kundig__pseudonym(&k->context, erasure->customer, out);
        return KUNDIG_OK;
    }
    kundig__buf_init(&bytes, &k->context.mem);
    kundig__put_text(&bytes, erasure->source);
    kundig__put_text(&bytes, erasure->id);
    int rc = bytes.failed ? kundig__nomem(&k->context.mem, err) : KUNDIG_OK;
    if (!rc) {
        kundig__pseudonym(&k->context, kundig__text(bytes.data, bytes.len), out);
    }
    kundig__buf_free(&bytes);
    return rc;
}

/* Of an entered handle. */
static int erase_run(kundig *k, const erase_wish *wish, kundig__receipt *receipt,
                     kundig_table **out, kundig_error *err)
{
    kundig__forgetting forgetting;
    int rc = kundig__door_begin(k, err);
    if (rc) {
        return rc;
    }
    rc = erase_find(k, wish, &forgetting, err);
    if (rc) {
        return kundig__door_commit(k, rc, err);
    }
    rc = k->store ? erase_in_store(k, &forgetting, receipt, out, err)
                  : erase_in_memory(k, &forgetting, receipt, out, err);
    kundig__forgetting_free(&forgetting);
    return rc;
}

static bool erase_text_fits(kundig_text text)
{
    return text.data || !text.len;
}

static int erase_read(kundig_erasure *known, const kundig_erasure *erasure, kundig_error *err)
{
    if (!erasure) {
        return kundig__door_missing(err, "erasure");
    }
    int rc = kundig__options_read(known, sizeof *known, erasure, "kundig_erasure", err);
    if (rc) {
        return rc;
    }
    if (known->size < sizeof *known) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "size is %lu: fill the erasure with kundig_erasure_init()",
                            (unsigned long)known->size);
    }
    if (known->reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "a reserved field of kundig_erasure is not zero");
    }
    if (!erase_text_fits(known->customer) || !erase_text_fits(known->source) ||
        !erase_text_fits(known->id)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a text with a length is NULL");
    }
    if ((known->customer.data != NULL) == (known->id.data != NULL) ||
        (known->customer.data && known->source.data)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "give either a customer, or the source and id of one record");
    }
    if (known->time_ms != KUNDIG_TIME_ABSENT && !kundig__time_in_range(known->time_ms)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "time lies outside the years 0001 to 9999");
    }
    return KUNDIG_OK;
}

int kundig_erase(kundig *k, const kundig_erasure *erasure, kundig_table **out, kundig_error *err)
{
    kundig_erasure known;
    int rc = erase_read(&known, erasure, err);
    rc = rc ? rc : kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    kundig__receipt receipt = {.time_ms = known.time_ms, .action = "erase"};
    erase_wish wish = {.erasure = &known};
    rc = erase_subject(k, &known, receipt.subject, err);
    rc = rc ? rc : erase_run(k, &wish, &receipt, out, err);
    return kundig__door_leave(k, rc);
}

int kundig_expire(kundig *k, int64_t as_of_ms, kundig_table **out, kundig_error *err)
{
    if (!kundig__time_in_range(as_of_ms)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "the instant to count from lies outside the years 0001 to 9999");
    }
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    kundig__receipt receipt = {.time_ms = as_of_ms, .action = "expire"};
    erase_wish wish = {.as_of_ms = as_of_ms};
    return kundig__door_leave(k, erase_run(k, &wish, &receipt, out, err));
}

/* ---- Merging ---- */

/* Read all of a store that stays as it is. */
static int merge_read(kundig *k, kundig_text path, kundig__corpus **out, kundig_error *err)
{
    kundig__store_options options = {.access = KUNDIG_ACCESS_READ,
                                     .pseudonyms = k->context.pseudonyms};
    kundig__store *other = NULL;
    kundig__corpus *corpus = NULL;
    kundig_error why = {0};
    int rc = kundig__store_open(&k->context, path, &options, &other, &why);
    rc = rc ? rc : kundig__store_follow(other, &corpus, &why);
    kundig__store_close(other, false);
    if (rc == KUNDIG_E_MODE) {
        return kundig__fail(err, rc, 0,
                            "names in %.*s are kept another way than here: merge stores that both "
                            "keep plain names, or pseudonyms of one key",
                            kundig__shown(path), path.data);
    }
    if (rc) {
        if (err) {
            *err = why;
        }
        return rc;
    }
    *out = corpus;
    return KUNDIG_OK;
}

static int merge_kind(kundig *k, const kundig__corpus *from, int kind, kundig_added *added,
                      kundig_error *err)
{
    kundig__arena arena;
    uint32_t rows = kundig__fact_rows(from, kind);
    int rc = KUNDIG_OK;
    kundig__arena_init(&arena, &k->context.mem);
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        rc = kundig__fact_at(from, kind, row, &arena, &fact, err);
        rc = rc ? rc : kundig__fact_add(k->corpus, &fact, added, NULL, err);
        kundig__arena_free(&arena);
        if (!rc && row % 65536 == 65535) {
            rc = kundig__progress(&k->context, row + 1, rows, err);
        }
    }
    kundig__arena_free(&arena);
    return rc;
}

/* Everything in one batch, which is left open; the receipt counts what was new. On failure the
 * batch is given up. */
static int merge_batch(kundig *k, const kundig__corpus *from, kundig__receipt *receipt,
                       kundig_error *err)
{
    bool pseudonyms = k->context.pseudonyms;
    int rc = kundig__batch_begin(k->corpus, err);
    if (rc) {
        return rc;
    }
    k->context.pseudonyms = false; /* they were turned when they first came */
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        kundig_added added;
        kundig_added_init(&added);
        rc = merge_kind(k, from, kind, &added, err);
        receipt->rows[kind] = added.added + added.versions;
        receipt->records = kind == KUNDIG_FACTS_FEEDBACK ? added.added : receipt->records;
    }
    k->context.pseudonyms = pseudonyms;
    if (rc) {
        kundig__batch_abandon(k->corpus);
    }
    return rc;
}

static int merge_into_store(kundig *k, const kundig__corpus *from, kundig__receipt *receipt,
                            kundig_table **table, kundig_error *err)
{
    int rc = kundig__door_begin(k, err);
    if (rc) {
        return rc;
    }
    rc = kundig__store_hash(k->store, receipt->before, err);
    rc = rc ? rc : merge_batch(k, from, receipt, err);
    if (rc) {
        return kundig__door_commit(k, rc, err);
    }
    kundig__batch_commit(k->corpus);
    rc = kundig__store_log(k->store, k->corpus, receipt, err);
    rc = rc ? rc : kundig__receipts_one(&k->context.mem, receipt, NULL, table, err);
    if (rc) {
        kundig__store_give_up(k->store, &k->corpus);
        return rc;
    }
    return kundig__door_commit(k, rc, err);
}

static int merge_into_memory(kundig *k, const kundig__corpus *from, kundig__receipt *receipt,
                             kundig_table **table, kundig_error *err)
{
    int rc = erase_name(k, k->corpus, &k->pinned_hash, receipt->before, err);
    rc = rc ? rc : merge_batch(k, from, receipt, err);
    if (rc) {
        return rc;
    }
    rc = erase_name(k, k->corpus, &k->pinned_hash, receipt->after, err);
    rc = rc ? rc : kundig__receipts_one(&k->context.mem, receipt, NULL, table, err);
    if (rc) {
        kundig__batch_abandon(k->corpus);
    } else {
        kundig__batch_commit(k->corpus);
    }
    return rc;
}

int kundig_merge(kundig *k, const char *path, size_t len, int64_t time_ms, kundig_table **out,
                 kundig_error *err)
{
    kundig__corpus *from = NULL;
    kundig_table *table = NULL;
    if (!path) {
        return kundig__door_missing(err, "path");
    }
    if (time_ms != KUNDIG_TIME_ABSENT && !kundig__time_in_range(time_ms)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "time lies outside the years 0001 to 9999");
    }
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    kundig__receipt receipt = {.time_ms = time_ms, .action = "merge"};
    rc = merge_read(k, kundig__text(path, len), &from, err);
    if (!rc) {
        rc = k->store ? merge_into_store(k, from, &receipt, &table, err)
                      : merge_into_memory(k, from, &receipt, &table, err);
    }
    kundig__corpus_free(from);
    if (!rc && out) {
        *out = table;
        table = NULL;
    }
    kundig_table_free(table);
    return kundig__door_leave(k, rc);
}

/* ---- The log, checking, writing anew ---- */

static int audit_of(kundig *k, kundig_table **out, kundig_error *err)
{
    kundig_table *empty = NULL;
    if (k->store) {
        return kundig__store_audit(k->store, out, err);
    }
    int rc = kundig__receipts_new(&k->context.mem, &empty, err);
    return rc ? rc : kundig__table_finish(empty, out, err);
}

int kundig_audit(kundig *k, kundig_table **out, kundig_error *err)
{
    if (!out) {
        return kundig__door_missing(err, "out");
    }
    int rc = kundig__door_enter_operational(k, err);
    return rc ? rc : kundig__door_leave(k, audit_of(k, out, err));
}

int kundig_compact(kundig *k, kundig_error *err)
{
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    rc = k->store ? kundig__store_compact(k->store, &k->corpus, err)
                  : kundig__fail(err, KUNDIG_E_ARG, 0,
                                 "facts in memory have no file that could be written anew");
    return kundig__door_leave(k, rc);
}

int kundig_verify(const char *path, size_t len, const kundig_options *options, kundig_table **out,
                  kundig_error *err)
{
    kundig_options known;
    kundig__context context;
    if (!path || !out) {
        return kundig__door_missing(err, path ? "out" : "path");
    }
    int rc = kundig__door_context(options, &known, &context, err);
    if (rc) {
        return rc;
    }
    rc = kundig__store_verify(&context, kundig__text(path, len), known.busy_ms, out, err);
    kundig__context_free(&context);
    return rc;
}
