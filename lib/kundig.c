/* The door, with kundig_store.c: the files that see every room. It opens and closes handles, checks
 * arguments, lets one call at a time into a handle, and hands over to the rooms.
 *
 * Invariant: `inside` is set exactly while a call is in the handle, so a second thread, or a
 * progress() that calls back, gets KUNDIG_E_BUSY instead of a torn corpus. Facts change between
 * kundig__door_begin() and kundig__door_commit() alone. */
#include "base/options.h"
#include "base/os.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/corpus.h"
#include "corpus/query.h"
#include "corpus/rows.h"
#include "corpus/said.h"
#include "door.h"
#include "ingest/ingest.h"
#include "io/rows.h"
#include "metrics/metrics.h"
#include "metrics/reporting.h"
#include "report/report.h"
#include "table/table.h"
#include "text/text.h"

#define DOOR_MOST_THREADS    64
#define DOOR_FIELD_BYTES     (UINT64_C(1) << 20)
#define DOOR_MOST_FIELD      (UINT64_C(1) << 29)
#define DOOR_REJECTS         UINT64_C(1000000)
#define DOOR_ZONE_DIRECTORY  "/usr/share/zoneinfo"
#define DOOR_MOST_ZONE_BYTES ((size_t)1 << 20)

int kundig_versions(kundig_version_set *versions)
{
    kundig_version_set known;
    if (!versions || versions->size < sizeof versions->size) {
        return KUNDIG_E_ARG;
    }
    uint32_t size = versions->size;
    kundig_version_set_init(&known);
    known.size = size;
    known.abi = KUNDIG_ABI_VERSION;
    known.library = KUNDIG_VERSION_STRING;
    known.tokeniser = KUNDIG__TOKENISER_VERSION;
    known.unicode = kundig__unicode_version();
    known.stemmer = "snowball";
    known.zones = "system";
    known.state = KUNDIG__STATE_VERSION;
    known.model = KUNDIG__MODEL_VERSION;
    known.language = KUNDIG__LANGUAGE_VERSION;
    known.store = KUNDIG__STORE_VERSION;
    memcpy(versions, &known, size < sizeof known ? size : sizeof known);
    return KUNDIG_OK;
}

static int door_leave(kundig *k, int rc)
{
    return kundig__door_leave(k, rc);
}

int kundig__door_enter_operational(kundig *k, kundig_error *err)
{
    int rc = kundig__door_enter(k, err);
    if (!rc && k->reporting) {
        rc = door_leave(k, kundig__fail(err, KUNDIG_E_MODE, 0,
                                        "in reporting mode kundig_measure() and kundig_topics() "
                                        "answer, without filters: nothing else tells of facts"));
    }
    return rc;
}

int kundig__door_enter_changing(kundig *k, kundig_error *err)
{
    int rc = kundig__door_enter(k, err);
    if (!rc && kundig__reporting_has_answered(k->reporting)) {
        rc = door_leave(k, kundig__fail(err, KUNDIG_E_MODE, 0,
                                        "in reporting mode facts, model and zones stand once a "
                                        "question was answered: open another handle"));
    }
    return rc;
}

/* Of a handle that was entered with rc: facts that the store holds now. */
static int door_followed(kundig *k, int rc, kundig_error *err)
{
    if (rc) {
        return rc;
    }
    rc = kundig__door_follow(k, err);
    return rc ? door_leave(k, rc) : KUNDIG_OK;
}

/* Let a call in that asks about facts. */
static int door_enter(kundig *k, kundig_error *err)
{
    return door_followed(k, kundig__door_enter(k, err), err);
}

int kundig__door_ask(kundig *k, kundig_error *err)
{
    return door_followed(k, kundig__door_enter_operational(k, err), err);
}

/* What kundig_added says of a guessed record would tell whether a store knows it. */
static int door_enter_changing(kundig *k, kundig_error *err)
{
    int rc = kundig__door_enter_changing(k, err);
    if (!rc && k->store && k->reporting) {
        rc = door_leave(k, kundig__fail(err, KUNDIG_E_MODE, 0,
                                        "in reporting mode a store takes no facts: add them with "
                                        "a handle that does not report"));
    }
    return door_followed(k, rc, err);
}

static int door_missing(kundig_error *err, const char *what)
{
    return kundig__door_missing(err, what);
}

static bool door_text_fits(kundig_text text)
{
    return text.data || !text.len;
}

int kundig__door_context(const kundig_options *options, kundig_options *known, kundig__context *out,
                         kundig_error *err)
{
    kundig__context context;
    int rc = kundig__options_read(known, sizeof *known, options, "kundig_options", err);
    if (rc) {
        return rc;
    }
    if (known->threads > DOOR_MOST_THREADS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "threads is %lu; at most %d",
                            (unsigned long)known->threads, DOOR_MOST_THREADS);
    }
    if (!door_text_fits(known->zone_directory) || !door_text_fits(known->pseudonym_key) ||
        (known->pseudonym_key.data && known->pseudonym_key.len != KUNDIG__BLAKE2B_KEY_SIZE)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "pseudonym_key is 32 bytes, and a text with a length is not NULL");
    }
    if (known->access < KUNDIG_ACCESS_CREATE || known->access > KUNDIG_ACCESS_READ ||
        known->identifiers < KUNDIG_IDENTIFIERS_PLAIN ||
        known->identifiers > KUNDIG_IDENTIFIERS_PSEUDONYMS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "access or identifiers is not one of its constants");
    }
    if (known->identifiers == KUNDIG_IDENTIFIERS_PSEUDONYMS && !known->pseudonym_key.data) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "pseudonyms need a pseudonym_key of 32 bytes, kept outside the store");
    }
    if ((known->mask & ~KUNDIG_PERSONAL_ALL) || known->reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "kundig_options sets a mask or a field that this library does not "
                            "know");
    }
    memset(&context, 0, sizeof context);
    kundig__mem_init(&context.mem, &known->allocator, known->memory_limit);
    context.threads = known->threads ? known->threads : 1;
    context.progress = known->progress;
    context.progress_ud = known->progress_ud;
    context.mask = known->mask;
    if (known->pseudonym_key.data) {
        memcpy(context.pseudonym_key, known->pseudonym_key.data, sizeof context.pseudonym_key);
        context.has_pseudonym_key = true;
    }
    context.pseudonyms = known->identifiers == KUNDIG_IDENTIFIERS_PSEUDONYMS;
    if (!kundig__random(context.siphash_key, sizeof context.siphash_key)) {
        return kundig__fail(err, KUNDIG_E_IO, 0, "the system gave no random key");
    }
    *out = context;
    return KUNDIG_OK;
}

int kundig_open(const char *path, size_t len, const kundig_options *options, kundig **out,
                kundig_error *err)
{
    kundig_options known;
    kundig *k = NULL;
    kundig__context context;
    if (!out) {
        return door_missing(err, "out");
    }
    if (!path) {
        return door_missing(err, "path");
    }
    int rc = kundig__door_context(options, &known, &context, err);
    if (rc) {
        return rc;
    }
    kundig_text directory =
        known.zone_directory.data ? known.zone_directory : KUNDIG__TEXT(DOOR_ZONE_DIRECTORY);
    char *directory_copy = NULL;
    k = kundig__alloc_zero(&context.mem, sizeof *k);
    if (k) {
        directory_copy = kundig__alloc(&context.mem, directory.len + 1);
    }
    if (!directory_copy) {
        rc = kundig__nomem(&context.mem, err);
        goto done;
    }
    memcpy(directory_copy, directory.data, directory.len);
    directory_copy[directory.len] = '\0';
    context.zone_directory = kundig__text(directory_copy, directory.len);
    /* From here on memory is counted in the handle's own copy. */
    k->context = context;
    k->process = kundig__process_id();
    atomic_flag_clear(&k->inside);
    if (kundig__text_equal(kundig__text(path, len), KUNDIG__TEXT(":memory:"))) {
        rc = kundig__corpus_new(&k->context, &k->corpus, err);
    } else {
        kundig__store_options of_store = {
            .access = known.access, .busy_ms = known.busy_ms, .pseudonyms = context.pseudonyms};
        rc = kundig__store_open(&k->context, kundig__text(path, len), &of_store, &k->store, err);
    }
    rc = rc ? rc : kundig__reporting_new(&k->context, &known, &k->reporting, err);
    if (rc) {
        kundig_close(k);
        return rc;
    }
    *out = k;
    return KUNDIG_OK;
done:
    kundig__free(&context.mem, k, sizeof *k);
    return rc;
}

void kundig_close(kundig *k)
{
    if (k) {
        kundig__reporting_free(k->reporting);
        kundig__corpus_free(k->corpus);
        kundig__store_close(k->store, k->process != kundig__process_id());
        kundig_model_free(k->chosen);
        kundig_model_free(k->pinned);
        kundig_model_free(k->plain);
        kundig_model_free(k->heeded);
        kundig__context_free(&k->context);
        kundig__free(&k->context.mem, (void *)(uintptr_t)k->context.zone_directory.data,
                     k->context.zone_directory.len + 1);
        kundig__mem mem = k->context.mem;
        kundig__free(&mem, k, sizeof *k);
    }
}

int kundig__door_added_size(const kundig_added *added, uint32_t *size, kundig_error *err)
{
    kundig_added known;
    *size = added ? added->size : 0;
    int rc = kundig__options_read(&known, sizeof known, added, "kundig_added", err);
    if (!rc && known.reserved) {
        rc = kundig__fail(err, KUNDIG_E_VERSION, 0, "a reserved field of kundig_added is not zero");
    }
    return rc;
}

void kundig__door_added_write(kundig_added *added, uint32_t size, kundig_added *counts)
{
    if (added) {
        counts->size = size;
        memcpy(added, counts, size < sizeof *counts ? size : sizeof *counts);
    }
}

static int door_add(kundig *k, int kind, const void *records, size_t count, kundig_added *added,
                    kundig_error *err)
{
    kundig_added counts;
    uint32_t added_size = 0;
    int rc = kundig__door_added_size(added, &added_size, err);
    if (rc) {
        return rc;
    }
    if (!records && count) {
        return door_missing(err, "records");
    }
    rc = door_enter_changing(k, err);
    if (rc) {
        return rc;
    }
    kundig_added_init(&counts);
    rc = kundig__door_begin(k, err);
    if (!rc) {
        rc = kundig__facts_add(k->corpus, kind, records, count, &counts, err);
        rc = kundig__door_commit(k, rc, err);
    }
    if (!rc) {
        kundig__door_added_write(added, added_size, &counts);
    }
    return door_leave(k, rc);
}

int kundig_feedback_add(kundig *k, const kundig_feedback *records, size_t count,
                        kundig_added *added, kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_FEEDBACK, records, count, added, err);
}

int kundig_customer_add(kundig *k, const kundig_customer *records, size_t count,
                        kundig_added *added, kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_CUSTOMERS, records, count, added, err);
}

int kundig_event_add(kundig *k, const kundig_event *records, size_t count, kundig_added *added,
                     kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_EVENTS, records, count, added, err);
}

int kundig_label_add(kundig *k, const kundig_label *records, size_t count, kundig_added *added,
                     kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_LABELS, records, count, added, err);
}

int kundig_link_add(kundig *k, const kundig_link *records, size_t count, kundig_added *added,
                    kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_LINKS, records, count, added, err);
}

int kundig_consent_add(kundig *k, const kundig_consent *records, size_t count, kundig_added *added,
                       kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_CONSENTS, records, count, added, err);
}

int kundig_retention_add(kundig *k, const kundig_retention *records, size_t count,
                         kundig_added *added, kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_RETENTION, records, count, added, err);
}

int kundig_edit_add(kundig *k, const kundig_edit *records, size_t count, kundig_added *added,
                    kundig_error *err)
{
    return door_add(k, KUNDIG_FACTS_EDITS, records, count, added, err);
}

int kundig_zone_add(kundig *k, const char *name, size_t len, const void *data, size_t size,
                    kundig_error *err)
{
    kundig__zone *zone = NULL;
    if (!name || !len || !data || size > DOOR_MOST_ZONE_BYTES) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "a zone needs a name and the bytes of a TZif file, 1 MiB at most");
    }
    int rc = kundig__door_enter_changing(k, err);
    if (rc) {
        return rc;
    }
    rc = kundig__zone_parse(&k->context.mem, kundig__text(name, len), data, size, &zone, err);
    if (!rc) {
        rc = kundig__zone_keep(&k->context, zone, err);
        if (rc) {
            kundig__zone_free(zone);
        }
    }
    return door_leave(k, rc);
}

int kundig_set_model(kundig *k, kundig_model *model, kundig_error *err)
{
    int rc = kundig__door_enter_changing(k, err);
    if (rc) {
        return rc;
    }
    kundig_model *old = k->chosen;
    k->chosen = kundig_model_retain(model);
    kundig_model_free(old);
    return door_leave(k, KUNDIG_OK);
}

int kundig_get_model(kundig *k, kundig_model **out, kundig_error *err)
{
    kundig_model *model = NULL;
    if (!out) {
        return door_missing(err, "out");
    }
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    rc = kundig__door_model(k, &model, err);
    if (!rc && model && kundig__model_discovered_of(model)) {
        rc = kundig__door_follow(k, err);
        rc = rc ? rc : kundig__door_heeded(k, model, &model, err);
    }
    if (!rc && model) {
        *out = kundig_model_retain(model);
    } else if (!rc) {
        rc = kundig_model_new(&k->context.mem.hook, NULL, 0, out, err);
    }
    return door_leave(k, rc);
}

int kundig_has_model(kundig *k, int32_t *out, kundig_error *err)
{
    kundig_model *model = NULL;
    if (!out) {
        return door_missing(err, "out");
    }
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    rc = kundig__door_model(k, &model, err);
    if (!rc) {
        *out = model ? KUNDIG_YES : KUNDIG_NO;
    }
    return door_leave(k, rc);
}

int kundig_fields(kundig *k, kundig_table **out, kundig_error *err)
{
    if (!out) {
        return door_missing(err, "out");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : door_leave(k, kundig__corpus_fields(k->corpus, out, err));
}

int kundig_conflicts(kundig *k, kundig_table **out, kundig_error *err)
{
    if (!out) {
        return door_missing(err, "out");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : door_leave(k, kundig__corpus_conflicts(k->corpus, out, err));
}

static int door_ingest_options(kundig_ingest_options *known, const kundig_ingest_options *options,
                               kundig_error *err)
{
    int rc = kundig__options_read(known, sizeof *known, options, "kundig_ingest_options", err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < sizeof known->reserved; i++) {
        if (known->reserved[i]) {
            return kundig__fail(err, KUNDIG_E_VERSION, 0,
                                "kundig_ingest_options sets a field that this library does not "
                                "know");
        }
    }
    if (known->dates < KUNDIG_DATES_GUESS || known->dates > KUNDIG_DATES_MONTH_FIRST ||
        known->encoding < KUNDIG_ENCODING_UTF8 || known->encoding > KUNDIG_ENCODING_WINDOWS_1252 ||
        known->kind < KUNDIG_KIND_UNKNOWN || known->kind > KUNDIG_KIND_EMPLOYEE ||
        !door_text_fits(known->source) || !door_text_fits(known->map) ||
        !door_text_fits(known->zone)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "kundig_ingest_options holds a value that is not one of its constants");
    }
    if (known->delimiter && (known->delimiter == '"' || known->delimiter == '\n' ||
                             known->delimiter == '\r' || (unsigned char)known->delimiter >= 0x80)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "the delimiter is one ASCII character, not a quote or a line end");
    }
    if (!known->max_field) {
        known->max_field = DOOR_FIELD_BYTES;
    }
    if (known->max_field > DOOR_MOST_FIELD) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "max_field is 512 MiB at most");
    }
    if (!known->max_rejects) {
        known->max_rejects = DOOR_REJECTS;
    }
    return KUNDIG_OK;
}

static kundig__csv_options door_csv_options(const kundig_ingest_options *options)
{
    kundig__csv_options csv = {options->delimiter, options->encoding, options->max_field};
    return csv;
}

static kundig_text door_file_name(const char *path, size_t len)
{
    size_t start = len;
    while (start > 0 && path[start - 1] != '/') {
        start--;
    }
    return kundig__text(path + start, len - start);
}

/* Commit what was read; where that fails, nothing was read. */
static int door_ingest_end(kundig *k, int rc, kundig_ingest_report **report, kundig_error *err)
{
    int committed = kundig__door_commit(k, rc, err);
    if (committed != rc && report) {
        kundig_ingest_report_free(*report);
        *report = NULL;
    }
    return committed;
}

/* Ingest under the store's lock. What was last said of the columns of a source is kept with it. */
static int door_ingest_rows(kundig *k, kundig__rows *rows, const kundig_ingest_options *options,
                            kundig_ingest_report **report, kundig_error *err)
{
    kundig_text source = options->source.data ? options->source : KUNDIG__TEXT("");
    kundig_text map = {NULL, 0};
    bool given = options->map.data && kundig__text_trim(options->map).len;
    int rc = kundig__door_begin(k, err);
    if (rc) {
        return rc;
    }
    if (k->store && !options->map.data) {
        rc = kundig__store_mapping(k->store, source, &map, err);
    }
    if (!rc && k->store && given) {
        rc = kundig__store_set_mapping(k->store, source, options->map, err);
    }
    if (!rc) {
        rc = kundig__ingest_rows(k->corpus, rows, options, map, report, err);
    }
    return door_ingest_end(k, rc, report, err);
}

/* Ingest what was opened (or report why it was not), close it and leave the handle. */
static int door_ingest(kundig *k, int rc, kundig__rows *rows, const kundig_ingest_options *options,
                       kundig_ingest_report **report, kundig_error *err)
{
    if (!rc) {
        rc = door_ingest_rows(k, rows, options, report, err);
        rows->close(rows);
    }
    return door_leave(k, rc);
}

int kundig_ingest_file(kundig *k, const char *path, size_t len,
                       const kundig_ingest_options *options, kundig_ingest_report **report,
                       kundig_error *err)
{
    kundig_ingest_options known;
    kundig__rows *rows = NULL;
    if (report) {
        *report = NULL;
    }
    int rc = door_ingest_options(&known, options, err);
    if (rc) {
        return rc;
    }
    if (!path) {
        return door_missing(err, "path");
    }
    rc = door_enter_changing(k, err);
    if (rc) {
        return rc;
    }
    if (!known.source.data) {
        known.source = door_file_name(path, len);
    }
    kundig__csv_options csv = door_csv_options(&known);
    if (kundig__is_store(&k->context.mem, kundig__text(path, len))) {
        /* To open and close it like any file would drop the locks of a handle on it. */
        return door_leave(k, kundig__fail(err, KUNDIG_E_FORMAT, 0,
                                          "%.*s is a store of kundig: its facts are added to "
                                          "another one by merging",
                                          kundig__shown(kundig__text(path, len)), path));
    }
    rc = kundig__rows_from_file(&k->context, kundig__text(path, len), &csv, &rows, err);
    return door_ingest(k, rc, rows, &known, report, err);
}

int kundig_ingest_bytes(kundig *k, const char *data, size_t len,
                        const kundig_ingest_options *options, kundig_ingest_report **report,
                        kundig_error *err)
{
    kundig_ingest_options known;
    kundig__rows *rows = NULL;
    if (report) {
        *report = NULL;
    }
    int rc = door_ingest_options(&known, options, err);
    if (rc) {
        return rc;
    }
    if (!data && len) {
        return door_missing(err, "data");
    }
    rc = door_enter_changing(k, err);
    if (rc) {
        return rc;
    }
    kundig__csv_options csv = door_csv_options(&known);
    rc = kundig__rows_from_bytes(&k->context, data ? data : "", len, &csv, &rows, err);
    return door_ingest(k, rc, rows, &known, report, err);
}

int kundig_ingest_cells(kundig *k, const kundig_text *columns, size_t column_count,
                        const kundig_text *cells, size_t row_count,
                        const kundig_ingest_options *options, kundig_ingest_report **report,
                        kundig_error *err)
{
    kundig_ingest_options known;
    kundig__rows *rows = NULL;
    size_t cell_count;
    if (report) {
        *report = NULL;
    }
    int rc = door_ingest_options(&known, options, err);
    if (rc) {
        return rc;
    }
    if (!kundig__size_mul(column_count, row_count, &cell_count) || (!columns && column_count) ||
        (!cells && cell_count)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "columns or cells are NULL, or there are too many cells");
    }
    rc = door_enter_changing(k, err);
    if (rc) {
        return rc;
    }
    rc = kundig__rows_from_cells(&k->context, columns, column_count, cells, row_count, &rows, err);
    return door_ingest(k, rc, rows, &known, report, err);
}

int kundig_metrics(const kundig_allocator *allocator, kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    if (!out) {
        return door_missing(err, "out");
    }
    kundig__mem_init(&mem, allocator, 0);
    return kundig__metrics_table(&mem, out, err);
}

/* Where no query is given, one that asks for everything. */
static int door_query(kundig *k, const kundig_query *given, kundig_query **everything,
                      kundig_error *err)
{
    int rc = given ? KUNDIG_OK : kundig_query_new(&k->context.mem.hook, everything);
    return rc ? kundig__fail(err, rc, 0, "out of memory") : KUNDIG_OK;
}

int kundig_measure(kundig *k, const kundig_query *query, kundig_table **out, kundig_error *err)
{
    if (!query || !out) {
        return door_missing(err, query ? "out" : "query");
    }
    int rc = door_enter(k, err);
    if (!rc) {
        rc = k->reporting ? kundig__reporting_measure(k->reporting, k->corpus, query, out, err)
                          : kundig__measure(k->corpus, query, out, err);
        rc = door_leave(k, rc);
    }
    return rc;
}

int kundig_compare(kundig *k, const kundig_query *query, uint32_t a, uint32_t b, kundig_table **out,
                   kundig_error *err)
{
    if (!query || !out) {
        return door_missing(err, query ? "out" : "query");
    }
    if (a >= query->node_count || b >= query->node_count) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a and b are conditions made in this query");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : door_leave(k, kundig__compare(k->corpus, query, a, b, out, err));
}

int kundig_topics(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                  kundig_error *err)
{
    kundig_query *everything = NULL;
    if (!out) {
        return door_missing(err, "out");
    }
    int rc = door_enter(k, err);
    if (rc) {
        return rc;
    }
    rc = door_query(k, query, &everything, err);
    query = query ? query : everything;
    if (!rc) {
        rc = k->reporting
                 ? kundig__reporting_topics(k->reporting, k->corpus, query, limit, out, err)
                 : kundig__topics(k->corpus, query, limit, out, err);
    }
    kundig_query_free(everything);
    return door_leave(k, rc);
}

int kundig_comments(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                    kundig_error *err)
{
    if (!query || !out) {
        return door_missing(err, query ? "out" : "query");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : door_leave(k, kundig__corpus_comments(k->corpus, query, limit, out, err));
}

int kundig_search(kundig *k, const char *text, size_t len, const kundig_query *query, size_t limit,
                  kundig_table **out, kundig_error *err)
{
    kundig_query *everything = NULL;
    if (!out || (!text && len)) {
        return door_missing(err, out ? "text" : "out");
    }
    int rc = kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = door_query(k, query, &everything, err);
    if (!rc) {
        rc = kundig__corpus_search(k->corpus, kundig__text(text ? text : "", len),
                                   query ? query : everything, limit, out, err);
    }
    kundig_query_free(everything);
    return door_leave(k, rc);
}

int kundig_facts(kundig *k, int which, const kundig_query *query, kundig_table **out,
                 kundig_error *err)
{
    if (!out) {
        return door_missing(err, "out");
    }
    if (which < KUNDIG_FACTS_FEEDBACK || which > KUNDIG_FACTS_EDITS ||
        (query && which != KUNDIG_FACTS_FEEDBACK)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "facts are asked for by one of KUNDIG_FACTS_, and by a query only of "
                            "feedback");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : door_leave(k, kundig__corpus_facts(k->corpus, which, query, out, err));
}

int kundig_analyze(kundig *k, const kundig_query *query, const kundig_ingest_report *report,
                   const kundig_analyze_options *options, kundig_bytes **out, kundig_error *err)
{
    kundig_analyze_options known;
    kundig_query *everything = NULL;
    int rc = kundig__options_read(&known, sizeof known, options, "kundig_analyze_options", err);
    if (rc) {
        return rc;
    }
    if (!out) {
        return door_missing(err, "out");
    }
    if (known.format < KUNDIG_PAGE_TEXT || known.format > KUNDIG_PAGE_JSON ||
        (known.color != 0 && known.color != 1) || !door_text_fits(known.title)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "kundig_analyze_options holds a value that is not one of its "
                            "constants");
    }
    rc = kundig__door_ask(k, err);
    if (rc) {
        return rc;
    }
    rc = door_query(k, query, &everything, err);
    if (!rc) {
        rc = kundig__analyze(k->corpus, query ? query : everything, report, &known, out, err);
    }
    kundig_query_free(everything);
    return door_leave(k, rc);
}

int kundig_state_new(kundig *k, const kundig_query *query, kundig_state **out, kundig_error *err)
{
    if (!query || !out) {
        return door_missing(err, query ? "out" : "query");
    }
    int rc = kundig__door_ask(k, err);
    return rc ? rc : door_leave(k, kundig__state_new(k->corpus, query, out, err));
}
