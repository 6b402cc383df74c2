/* What goes with forgotten rows: names that they alone used; and the facts that stay, as a corpus
 * of their own.
 *
 * Invariant: the corpus without them answers every question with the bytes of one that never had
 * them. Cost: names, a look at the columns that a row which goes has a value in, mostly cut short
 * by the first other row with one; a corpus without them is one pass over all facts. */
#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/rows.h"

/* ---- Names that go with them ---- */

/* What a walk over the facts asks of each question or attribute of feedback. */
typedef bool forgotten_has(const kundig__corpus *corpus, size_t index, uint32_t row);

static bool forgotten_has_answer(const kundig__corpus *corpus, size_t index, uint32_t row)
{
    return kundig__corpus_question(corpus, index)->values[row] != KUNDIG__SCORE_MISSING;
}

static bool forgotten_has_attribute(const kundig__corpus *corpus, size_t index, uint32_t row)
{
    return kundig__attribute_has(kundig__corpus_attribute(corpus, index), row);
}

/* Is a name used by a row of feedback that goes? By one that stays? */
static bool forgotten_used_here(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                                forgotten_has *has, size_t index)
{
    const uint32_t *rows = forgetting->rows[KUNDIG_FACTS_FEEDBACK];
    size_t count = forgetting->count[KUNDIG_FACTS_FEEDBACK];
    for (size_t i = 0; i < count; i++) {
        if (has(corpus, index, rows[i])) {
            return true;
        }
    }
    return false;
}

static bool forgotten_used_elsewhere(const kundig__corpus *corpus,
                                     const kundig__forgetting *forgetting, forgotten_has *has,
                                     size_t index)
{
    const uint32_t *rows = forgetting->rows[KUNDIG_FACTS_FEEDBACK];
    size_t count = forgetting->count[KUNDIG_FACTS_FEEDBACK];
    size_t gone = 0;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        if (gone < count && rows[gone] == row) {
            gone++;
        } else if (has(corpus, index, row)) {
            return true;
        }
    }
    return false;
}

static bool forgotten_name(kundig__forgotten_names *out, kundig__arena *arena, kundig_text name)
{
    kundig_text *names = out->names;
    if ((out->count & (out->count - 1)) == 0) {
        size_t capacity = out->count ? out->count * 2 : 1;
        names = kundig__arena_alloc(arena, capacity * sizeof *names);
        if (!names) {
            return false;
        }
        if (out->count) {
            memcpy(names, out->names, out->count * sizeof *names);
        }
        out->names = names;
    }
    names[out->count] = kundig__arena_text(arena, name);
    return names[out->count++].data != NULL;
}

int kundig__forgotten_questions(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                                kundig__arena *arena, kundig__forgotten_names *out,
                                kundig_error *err)
{
    kundig__forgotten_names found = {NULL, 0};
    for (size_t i = 0; i < corpus->question_count; i++) {
        if (forgotten_used_here(corpus, forgetting, forgotten_has_answer, i) &&
            !forgotten_used_elsewhere(corpus, forgetting, forgotten_has_answer, i) &&
            !forgotten_name(&found, arena, kundig__corpus_question(corpus, i)->name)) {
            return kundig__nomem(arena->mem, err);
        }
    }
    *out = found;
    return KUNDIG_OK;
}

/* Marks a code: 1 where a row that goes has it, 2 where one that stays has. */
static void forgotten_mark_sources(const kundig__corpus *corpus,
                                   const kundig__forgetting *forgetting, uint8_t *marks)
{
    const uint32_t *codes = corpus->dims[KUNDIG__DIM_SOURCE].codes;
    const uint32_t *rows = forgetting->rows[KUNDIG_FACTS_FEEDBACK];
    size_t count = forgetting->count[KUNDIG_FACTS_FEEDBACK];
    for (size_t i = 0; i < count; i++) {
        marks[codes[rows[i]]] = 1;
    }
    for (uint32_t row = 0, gone = 0; count && row < corpus->rows; row++) {
        if (gone < count && rows[gone] == row) {
            gone++;
        } else {
            marks[codes[row]] = 2;
        }
    }
}

int kundig__forgotten_sources(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                              kundig__arena *arena, kundig__forgotten_names *out, kundig_error *err)
{
    const kundig__dimension *sources = &corpus->dims[KUNDIG__DIM_SOURCE];
    kundig__forgotten_names found = {NULL, 0};
    size_t size = (size_t)sources->dict.count + 1;
    int rc = KUNDIG_OK;
    if (!sources->codes) {
        *out = found;
        return KUNDIG_OK;
    }
    uint8_t *marks = kundig__alloc_zero(corpus->mem, size);
    if (!marks) {
        return kundig__nomem(corpus->mem, err);
    }
    forgotten_mark_sources(corpus, forgetting, marks);
    for (uint32_t code = 1; code < size && !rc; code++) {
        if (marks[code] == 1 &&
            !forgotten_name(&found, arena, kundig__dict_text(&sources->dict, code - 1))) {
            rc = kundig__nomem(arena->mem, err);
        }
    }
    kundig__free(corpus->mem, marks, size);
    if (!rc) {
        *out = found;
    }
    return rc;
}

typedef struct forgotten_call {
    const kundig__corpus *corpus;
    const kundig__forgetting *forgetting;
    kundig__dict names; /* that may go */
    uint8_t *stays;     /* 1 where such a name is used by a row that stays */
    size_t left;        /* without it */
} forgotten_call;

/* What feedback says: names of rows that go, less those of rows that stay. */
static int forgotten_in_feedback(forgotten_call *call, kundig_error *err)
{
    const kundig__corpus *corpus = call->corpus;
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        kundig_text name = kundig__corpus_attribute(corpus, i)->name;
        if (forgotten_used_here(corpus, call->forgetting, forgotten_has_attribute, i) &&
            kundig__dict_add(&call->names, name.data, name.len) == KUNDIG__DICT_NONE) {
            return kundig__nomem(corpus->mem, err);
        }
    }
    return KUNDIG_OK;
}

/* The names of one customer: added where the row goes, kept where it stays. */
static int forgotten_in_customer(forgotten_call *call, uint32_t row, bool goes, kundig_error *err)
{
    kundig__mem *mem = call->corpus->mem;
    kundig__arena arena;
    kundig__fact fact;
    kundig__arena_init(&arena, mem);
    int rc = kundig__fact_at(call->corpus, KUNDIG_FACTS_CUSTOMERS, row, &arena, &fact, err);
    for (size_t i = 0; !rc && i < fact.as.customer.attribute_count; i++) {
        kundig_text name = fact.as.customer.attributes[i].name;
        uint32_t code = goes ? kundig__dict_add(&call->names, name.data, name.len)
                             : kundig__dict_find(&call->names, name.data, name.len);
        if (code == KUNDIG__DICT_NONE) {
            rc = goes ? kundig__nomem(mem, err) : KUNDIG_OK;
        } else if (!goes && !call->stays[code]) {
            call->stays[code] = 1;
            call->left--;
        }
    }
    kundig__arena_free(&arena);
    return rc;
}

static int forgotten_collect(forgotten_call *call, kundig_error *err)
{
    const kundig__forgetting *forgetting = call->forgetting;
    int rc = forgotten_in_feedback(call, err);
    for (size_t i = 0; i < forgetting->count[KUNDIG_FACTS_CUSTOMERS] && !rc; i++) {
        rc = forgotten_in_customer(call, forgetting->rows[KUNDIG_FACTS_CUSTOMERS][i], true, err);
    }
    return rc;
}

static int forgotten_spare(forgotten_call *call, kundig_error *err)
{
    const kundig__corpus *corpus = call->corpus;
    const uint32_t *gone = call->forgetting->rows[KUNDIG_FACTS_CUSTOMERS];
    size_t gone_count = call->forgetting->count[KUNDIG_FACTS_CUSTOMERS];
    uint32_t rows = kundig__fact_rows(corpus, KUNDIG_FACTS_CUSTOMERS);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        kundig_text name = kundig__corpus_attribute(corpus, i)->name;
        uint32_t code = kundig__dict_find(&call->names, name.data, name.len);
        if (code != KUNDIG__DICT_NONE &&
            forgotten_used_elsewhere(corpus, call->forgetting, forgotten_has_attribute, i)) {
            call->stays[code] = 1;
            call->left--;
        }
    }
    for (uint32_t row = 0, at = 0; row < rows && call->left && !rc; row++) {
        if (at < gone_count && gone[at] == row) {
            at++;
        } else {
            rc = forgotten_in_customer(call, row, false, err);
        }
    }
    return rc;
}

int kundig__forgotten_attributes(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                                 kundig__arena *arena, kundig__forgotten_names *out,
                                 kundig_error *err)
{
    forgotten_call call = {.corpus = corpus, .forgetting = forgetting};
    kundig__forgotten_names found = {NULL, 0};
    kundig__dict_init(&call.names, corpus->mem, corpus->context->siphash_key);
    int rc = forgotten_collect(&call, err);
    call.left = call.names.count;
    if (!rc && call.left) {
        call.stays = kundig__alloc_zero(corpus->mem, call.names.count);
        rc = call.stays ? forgotten_spare(&call, err) : kundig__nomem(corpus->mem, err);
    }
    for (uint32_t i = 0; i < call.names.count && !rc; i++) {
        if (!call.stays[i] && !forgotten_name(&found, arena, kundig__dict_text(&call.names, i))) {
            rc = kundig__nomem(arena->mem, err);
        }
    }
    kundig__free(corpus->mem, call.stays, call.stays ? call.names.count : 0);
    kundig__dict_free(&call.names);
    if (!rc) {
        *out = found;
    }
    return rc;
}

/* ---- The facts without them ---- */

static int forgotten_copy(const kundig__corpus *from, const kundig__forgetting *forgetting,
                          int kind, kundig__corpus *to, kundig_error *err)
{
    kundig__arena arena;
    kundig_added added;
    uint32_t rows = kundig__fact_rows(from, kind);
    size_t gone = 0;
    int rc = KUNDIG_OK;
    kundig_added_init(&added);
    kundig__arena_init(&arena, from->mem);
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        if (gone < forgetting->count[kind] && forgetting->rows[kind][gone] == row) {
            gone++;
            continue;
        }
        rc = kundig__fact_at(from, kind, row, &arena, &fact, err);
        rc = rc ? rc : kundig__fact_add(to, &fact, &added, NULL, err);
        kundig__arena_free(&arena);
        if (!rc && row % 65536 == 65535) {
            rc = kundig__progress(from->context, row + 1, rows, err);
        }
    }
    kundig__arena_free(&arena);
    if (!rc && kundig__fact_rows(to, kind) != rows - gone) {
        rc = kundig__fail(err, KUNDIG_E_INTERNAL, 0, "a row that stays was lost: %s",
                          kundig__fact_kind_name(kind));
    }
    return rc;
}

int kundig__corpus_without(kundig__corpus *corpus, const kundig__forgetting *forgetting,
                           kundig__corpus **out, kundig_error *err)
{
    kundig__corpus *fresh = NULL;
    kundig__context *context = corpus->context;
    bool pseudonyms = context->pseudonyms;
    int rc = kundig__corpus_new(context, &fresh, err);
    if (rc) {
        return rc;
    }
    rc = kundig__batch_begin_restoring(fresh, err);
    if (!rc) {
        context->pseudonyms = false; /* names were turned when they first came */
        for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
            rc = forgotten_copy(corpus, forgetting, kind, fresh, err);
        }
        context->pseudonyms = pseudonyms;
        if (rc) {
            kundig__batch_abandon(fresh);
        } else {
            kundig__batch_commit(fresh);
        }
    }
    if (rc) {
        kundig__corpus_free(fresh);
        return rc;
    }
    kundig__corpus_set_model(fresh, corpus->model);
    *out = fresh;
    return KUNDIG_OK;
}
