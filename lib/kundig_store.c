/* The door of stores: a call's way into a handle and to the facts that its store holds now, and
 * what is asked of stores alone. Invariant and company: kundig.c. */
#include "base/options.h"
#include "base/os.h"
#include "base/text.h"
#include "corpus/collect.h"
#include "corpus/said.h"
#include "door.h"
#include "topics/discovered.h"

/* ---- Into a handle ---- */

int kundig__door_enter(kundig *k, kundig_error *err)
{
    if (!k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the handle is NULL");
    }
    if (k->process != kundig__process_id()) {
        return kundig__fail(err, KUNDIG_E_FORK, 0,
                            "this handle was opened by the parent process: open one of your own");
    }
    if (atomic_flag_test_and_set_explicit(&k->inside, memory_order_acquire)) {
        return kundig__fail(err, KUNDIG_E_BUSY, 0,
                            "another call is inside this handle: one thread at a time");
    }
    return KUNDIG_OK;
}

int kundig__door_leave(kundig *k, int rc)
{
    atomic_flag_clear_explicit(&k->inside, memory_order_release);
    return rc;
}

int kundig__door_missing(kundig_error *err, const char *what)
{
    return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", what);
}

int kundig__door_model(kundig *k, kundig_model **out, kundig_error *err)
{
    kundig_model *model = k->chosen ? k->chosen : k->pinned;
    int rc = !model && k->store ? kundig__store_model(k->store, &model, err) : KUNDIG_OK;
    if (!rc) {
        *out = model;
    }
    return rc;
}

int kundig__door_heeded(kundig *k, kundig_model *model, kundig_model **out, kundig_error *err)
{
    uint64_t serial = kundig__corpus_serial(k->corpus);
    uint32_t rows = kundig__fact_rows(k->corpus, KUNDIG_FACTS_EDITS);
    const kundig_edit *edits = NULL;
    kundig_model *heeded = NULL;
    size_t count = 0;
    kundig__arena arena;
    *out = model;
    if (!model || !kundig__model_discovered_of(model) ||
        (!rows && !kundig__model_is_discovered_of_facts(model))) {
        return KUNDIG_OK; /* what was said where it was discovered stands */
    }
    if (k->heeded && k->plain == model && k->heeded_serial == serial && k->heeded_edits == rows) {
        *out = k->heeded;
        return KUNDIG_OK;
    }
    kundig__arena_init(&arena, &k->context.mem);
    int rc = kundig__corpus_edits(k->corpus, &arena, &edits, &count, err);
    rc = rc ? rc : kundig__model_edited(model, edits, count, &heeded, err);
    kundig__arena_free(&arena);
    if (rc) {
        return rc;
    }
    kundig_model_free(k->plain);
    kundig_model_free(k->heeded);
    k->plain = kundig_model_retain(model);
    k->heeded = heeded;
    k->heeded_serial = serial;
    k->heeded_edits = rows;
    *out = heeded;
    return KUNDIG_OK;
}

static int door_apply_model(kundig *k, kundig_error *err)
{
    kundig_model *model = NULL;
    int rc = kundig__door_model(k, &model, err);
    rc = rc ? rc : kundig__door_heeded(k, model, &model, err);
    /* The ready model is made by the corpus itself, and kept: it is not taken away every time. */
    if (!rc && (model || k->applied)) {
        kundig__corpus_set_model(k->corpus, model);
        k->applied = model;
    }
    return rc;
}

int kundig__door_follow(kundig *k, kundig_error *err)
{
    int rc = k->store ? kundig__store_follow(k->store, &k->corpus, err) : KUNDIG_OK;
    return rc ? rc : door_apply_model(k, err);
}

int kundig__door_begin(kundig *k, kundig_error *err)
{
    return k->store ? kundig__store_begin(k->store, &k->corpus, err) : KUNDIG_OK;
}

int kundig__door_commit(kundig *k, int rc, kundig_error *err)
{
    if (!k->store) {
        return rc;
    }
    if (rc) {
        kundig__store_rollback(k->store);
        return rc;
    }
    return kundig__store_commit(k->store, &k->corpus, err);
}

/* ---- Names of states and people ---- */

int kundig_is_store(const char *path, size_t len)
{
    kundig__mem mem;
    kundig__mem_init(&mem, NULL, 0);
    return path && len && kundig__is_store(&mem, kundig__text(path, len));
}

int kundig_facts_hash(kundig *k, char hex[33], kundig_error *err)
{
    char name[33];
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    if (!hex) {
        return kundig__door_missing(err, "hex");
    }
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    if (k->store) {
        rc = kundig__store_hash(k->store, name, err);
    } else {
        memset(sums, 0, sizeof sums);
        for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
            rc = kundig__fact_sum_rows(k->corpus, kind, 0, &sums[kind], err);
        }
        if (!rc) {
            kundig__facts_name(sums, k->pinned ? &k->pinned_hash : NULL, name);
        }
    }
    if (!rc) {
        memcpy(hex, name, sizeof name);
    }
    return kundig__door_leave(k, rc);
}

int kundig_pseudonym(kundig *k, const char *customer, size_t len, char hex[33], kundig_error *err)
{
    if (!hex || !customer) {
        return kundig__door_missing(err, hex ? "customer" : "hex");
    }
    int rc = kundig__door_enter(k, err);
    if (rc) {
        return rc;
    }
    if (k->context.has_pseudonym_key) {
        kundig__pseudonym(&k->context, kundig__text(customer, len), hex);
    } else {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "pseudonyms need the pseudonym_key that the handle was opened without");
    }
    return kundig__door_leave(k, rc);
}

/* ---- The pinned model ---- */

static int door_pin(kundig *k, kundig_model *model, kundig_error *err)
{
    kundig_bytes *bytes = NULL;
    int rc = model ? kundig_model_save(model, &bytes, err) : KUNDIG_OK;
    if (!rc && k->store) {
        rc = kundig__door_begin(k, err);
        if (!rc) {
            rc = kundig__store_pin(k->store, bytes, err);
            rc = kundig__door_commit(k, rc, err);
        }
    } else if (!rc) {
        kundig_model *old = k->pinned;
        k->pinned = kundig_model_retain(model);
        kundig_model_free(old);
        if (bytes) {
            k->pinned_hash =
                kundig__blake2b(NULL, kundig_bytes_data(bytes), kundig_bytes_len(bytes));
        }
    }
    kundig_bytes_free(bytes);
    return rc;
}

int kundig_pin_model(kundig *k, kundig_model *model, kundig_error *err)
{
    int rc = kundig__door_enter_operational(k, err);
    return rc ? rc : kundig__door_leave(k, door_pin(k, model, err));
}

/* ---- The cache ---- */

int kundig_cache_save(kundig *k, kundig_error *err)
{
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    if (!k->store) {
        rc =
            kundig__fail(err, KUNDIG_E_ARG, 0, "facts in memory need no cache: this is for stores");
        return kundig__door_leave(k, rc);
    }
    rc = kundig__door_begin(k, err);
    if (!rc) {
        rc = kundig__store_cache(k->store, k->corpus, err);
        rc = kundig__door_commit(k, rc, err);
    }
    return kundig__door_leave(k, rc);
}
