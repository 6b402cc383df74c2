/* Rows to facts in two passes: the first looks at every value and decides what columns mean, the
 * second makes records, refuses what is wrong and keeps it for the report.
 *
 * Invariants: rows = accepted + rejected; all accepted rows are in the corpus or, on any failure,
 * none is. The report is finished before the batch is committed, so nothing can fail afterwards.
 * Cost: two passes over the input; memory is what one row needs, the profiles and the rejects. */
#include "ingest/ingest.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ingest/columns.h"

#define INGEST_STEP      ((uint64_t)1 << 20)
#define INGEST_STEP_ROWS 4096

kundig_text kundig__ingest_say(kundig__ingest *ingest, const char *format, ...)
{
    char sentence[400];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    size_t len = wanted < 0 ? 0 : (size_t)wanted;
    if (len >= sizeof sentence) {
        len = kundig__utf8_valid(sentence, sizeof sentence - 1);
    }
    return kundig__arena_text(&ingest->arena, kundig__text(sentence, len));
}

const char *kundig__plan_field(const kundig__column_plan *plan, char buffer[64])
{
    static const char *const scales[] = {"score", "nps", "csat", "ces", "ces_2010", "stars"};
    if (plan->field != KUNDIG__COLUMN_SCORE) {
        return kundig__column_field_name(plan->field < 0 ? KUNDIG__COLUMN_IGNORE : plan->field);
    }
    if (plan->scale != KUNDIG_SCALE_DECLARED) {
        return scales[plan->scale];
    }
    char low[KUNDIG__NUMBER_SIZE];
    char high[KUNDIG__NUMBER_SIZE];
    int low_len = (int)kundig__number_write(plan->minimum, low);
    int high_len = (int)kundig__number_write(plan->maximum, high);
    (void)snprintf(buffer, 64, "score[%.*s..%.*s%s]", low_len > 20 ? 20 : low_len, low,
                   high_len > 20 ? 20 : high_len, high,
                   plan->direction == KUNDIG_LOWER_IS_BETTER ? ",lower" : "");
    return buffer;
}

static bool ingest_is_csv(const kundig__ingest *ingest)
{
    return ingest->rows->header.data != NULL;
}

/* A row of memory as CSV, for the rejects file. */
static void ingest_write_row(kundig__buf *buf, const kundig_text *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kundig_text cell = cells[i];
        bool quote = false;
        for (size_t c = 0; c < cell.len && cell.data; c++) {
            quote = quote || strchr(",;|\t\"\r\n", cell.data[c]) != NULL;
        }
        if (i) {
            kundig__buf_char(buf, ',');
        }
        if (!cell.data) {
            continue;
        }
        if (!quote && cell.len) {
            kundig__buf_text(buf, cell);
            continue;
        }
        kundig__buf_char(buf, '"');
        for (size_t c = 0; c < cell.len; c++) {
            if (cell.data[c] == '"') {
                kundig__buf_char(buf, '"');
            }
            kundig__buf_char(buf, cell.data[c]);
        }
        kundig__buf_char(buf, '"');
    }
}

static int ingest_reject(kundig__ingest *ingest, const kundig__row *row, uint64_t column,
                         uint64_t offset, const char *reason, kundig_error *err)
{
    kundig_text raw = row->raw;
    uint64_t most = ingest->options->max_rejects ? ingest->options->max_rejects : 1000000;
    ingest->rejected++;
    if (ingest->rejected == 1) {
        kundig__fail(&ingest->first_reject, KUNDIG_E_VALUE, (size_t)row->line, "%s", reason);
    }
    if (ingest->rejected > most) {
        return KUNDIG_OK;
    }
    if (!ingest_is_csv(ingest)) {
        ingest->sentence.len = 0;
        ingest_write_row(&ingest->sentence, row->cells, row->cell_count);
        if (ingest->sentence.failed) {
            return kundig__nomem(&ingest->context->mem, err);
        }
        raw = kundig__text(ingest->sentence.data, ingest->sentence.len);
    }
    kundig__report_reject(ingest->report, row->line, column, offset, kundig__str(reason), raw);
    return KUNDIG_OK;
}

/* The column that holds a field the corpus refused, by the field's name. */
static size_t ingest_column_of(const kundig__ingest *ingest, const char *field)
{
    for (size_t i = 0; field && i < ingest->count; i++) {
        const kundig__column_plan *plan = &ingest->plans[i];
        if (plan->field > KUNDIG__COLUMN_IGNORE && plan->field < KUNDIG__COLUMN_SCORE &&
            strcmp(field, kundig__column_field_name(plan->field)) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void ingest_count_filled(kundig__ingest *ingest, const kundig__row *row)
{
    for (size_t i = 0; i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        kundig_text value = row->cells[i];
        bool filled = value.data && value.len;
        if (filled) {
            value = kundig__text_trim(value);
            bool strict = plan->field == KUNDIG__COLUMN_SCORE || plan->field == KUNDIG__COLUMN_TIME;
            filled = plan->field == KUNDIG__COLUMN_TEXT ? value.len > 0
                     : strict                           ? !kundig__value_missing(value)
                                                        : !kundig__value_blank(value);
        }
        plan->filled += filled;
        plan->missing += !filled;
    }
}

static int ingest_row(kundig__ingest *ingest, const kundig__row *row, kundig_error *err)
{
    kundig_feedback record;
    kundig__cell_fault fault;
    const char *field = NULL;
    ingest->rows_read++;
    if (row->bad_reason) {
        return ingest_reject(ingest, row, row->bad_column, row->bad_offset, row->bad_reason, err);
    }
    bool good = kundig__record_read(ingest, row, &record, &fault);
    if (ingest->sentence.failed) {
        return kundig__nomem(&ingest->context->mem, err);
    }
    if (good) {
        int rc = kundig__batch_add(ingest->corpus, &record, &ingest->added, &field, &fault.reason);
        if (!rc) {
            ingest_count_filled(ingest, row);
            return KUNDIG_OK;
        }
        if (rc != KUNDIG_E_VALUE && rc != KUNDIG_E_ARG) {
            return kundig__fail(err, rc, 0, "%s", fault.reason.message);
        }
        fault.column = ingest_column_of(ingest, field);
    }
    uint64_t offset = row->offset;
    if (fault.column != SIZE_MAX && row->offsets && ingest_is_csv(ingest)) {
        offset = row->offsets[fault.column];
    }
    return ingest_reject(ingest, row, fault.column == SIZE_MAX ? 0 : fault.column + 1, offset,
                         fault.reason.message, err);
}

static int ingest_second_pass(kundig__ingest *ingest, kundig_error *err)
{
    kundig__rows *rows = ingest->rows;
    kundig__row row;
    uint64_t step = ingest_is_csv(ingest) ? INGEST_STEP : INGEST_STEP_ROWS;
    uint64_t told = 0;
    size_t skip = ingest->skip;
    int rc = rows->rewind(rows, err);
    rows->passed = rows->size;
    while (!rc) {
        int got = rows->next(rows, &row, err);
        if (got <= 0) {
            return got;
        }
        if (rows->position - told >= step) {
            told = rows->position;
            rc = kundig__progress(ingest->context, rows->passed + told, rows->total, err);
        }
        if (skip) {
            skip--;
        } else if (!rc) {
            rc = ingest_row(ingest, &row, err);
        }
    }
    return rc;
}

static void ingest_find_bytes(kundig__ingest *ingest)
{
    kundig_ingest_report *report = ingest->report;
    if (ingest->nul_rows) {
        kundig__report_finding(report, true, ingest->nul_rows,
                               "%llu row%s NUL bytes, which became U+FFFD (first in line %llu).",
                               (unsigned long long)ingest->nul_rows,
                               ingest->nul_rows == 1 ? " holds" : "s hold",
                               (unsigned long long)ingest->nul_line);
    }
    if (ingest->odd_rows) {
        bool windows = ingest->odd_1252 * 10 >= ingest->odd_rows * 8;
        kundig__report_finding(
            report, true, ingest->odd_rows,
            "%llu row%s bytes that are not UTF-8, which became U+FFFD (first "
            "in line %llu, byte %llu)%s.",
            (unsigned long long)ingest->odd_rows, ingest->odd_rows == 1 ? " holds" : "s hold",
            (unsigned long long)ingest->odd_line, (unsigned long long)ingest->odd_offset,
            windows ? "; read as Windows-1252 they make sense: set the encoding to windows-1252"
                    : "");
    }
}

static void ingest_find_columns(kundig__ingest *ingest)
{
    kundig_ingest_report *report = ingest->report;
    bool id = false;
    bool customer = false;
    for (size_t i = 0; i < ingest->count; i++) {
        const kundig__column_plan *plan = &ingest->plans[i];
        int shown = kundig__shown(plan->name);
        id = id || plan->field == KUNDIG__COLUMN_ID;
        customer = customer || plan->field == KUNDIG__COLUMN_CUSTOMER;
        if (plan->personal) {
            kundig__report_finding(report, false, plan->profile.filled,
                                   "Column \"%.*s\" looks like personal data and is left out; map "
                                   "it to a field to keep it.",
                                   shown, plan->name.data);
        }
        bool dated = plan->field == KUNDIG__COLUMN_TIME || plan->field == KUNDIG__COLUMN_UPDATED;
        if (dated && !plan->ambiguous && ingest->options->dates == KUNDIG_DATES_GUESS &&
            plan->profile.votes.day_first && plan->profile.votes.month_first) {
            bool month = plan->order == KUNDIG_DATES_MONTH_FIRST;
            uint64_t against =
                month ? plan->profile.votes.day_first : plan->profile.votes.month_first;
            kundig__report_finding(
                report, true, against,
                "Dates in \"%.*s\" contradict each other: %llu need the day "
                "first, %llu the month first. They are read with the %s first; "
                "rows that are no dates then are rejected.",
                shown, plan->name.data, (unsigned long long)plan->profile.votes.day_first,
                (unsigned long long)plan->profile.votes.month_first, month ? "month" : "day");
        }
    }
    if (!id) {
        kundig__report_finding(
            report, false, 0,
            "No column identifies a response: equal rows of one file count each, "
            "and reading the same file again changes nothing.");
    }
    if (!customer) {
        kundig__report_finding(report, false, 0,
                               "No column names a customer: customers are not counted.");
    }
}

static void ingest_find_format(kundig__ingest *ingest)
{
    static const struct {
        char delimiter;
        const char *name;
    } names[] = {{';', "semicolons"}, {'\t', "tabs"}, {'|', "vertical bars"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (ingest->rows->delimiter == names[i].delimiter) {
            kundig__report_finding(ingest->report, false, 0, "Cells are separated by %s.",
                                   names[i].name);
        }
    }
    if (ingest_is_csv(ingest) && !ingest->rows->delimiter) {
        kundig__report_finding(ingest->report, false, 0,
                               "There is one column: each line is one cell.");
    }
    if (ingest->remembered.data) {
        kundig__report_finding(ingest->report, !ingest->remembered_used, 0,
                               ingest->remembered_used
                                   ? "The columns are mapped as when this source was last read: "
                                     "give a map to change it."
                                   : "The map remembered for this source names columns that are "
                                     "not here; it was not used.");
    }
    if (ingest->skip) {
        kundig__report_finding(ingest->report, false, ingest->skip,
                               "%zu more header row%s behind the first %s recognised and skipped.",
                               ingest->skip, ingest->skip == 1 ? "" : "s",
                               ingest->skip == 1 ? "was" : "were");
    }
}

static void ingest_find_rows(kundig__ingest *ingest)
{
    kundig_ingest_report *report = ingest->report;
    const kundig_added *added = &ingest->added;
    unsigned long long accepted = ingest->rows_read - ingest->rejected;
    if (ingest->rejected) {
        kundig__report_finding(report, true, ingest->rejected,
                               "%llu of %llu rows %s rejected; the first in line %zu: %s.",
                               (unsigned long long)ingest->rejected,
                               (unsigned long long)ingest->rows_read,
                               ingest->rejected == 1 ? "was" : "were", ingest->first_reject.pos,
                               ingest->first_reject.message);
    }
    for (size_t i = 0; i < ingest->count && accepted; i++) {
        const kundig__column_plan *plan = &ingest->plans[i];
        int shown = kundig__shown(plan->name);
        const char *has = plan->missing == 1 ? "has" : "have";
        if (!plan->missing) {
            continue;
        }
        if (plan->field == KUNDIG__COLUMN_SCORE) {
            kundig__report_finding(
                report, false, plan->missing, "%llu of %llu rows %s no answer to %.*s.",
                (unsigned long long)plan->missing, accepted, has, shown, plan->name.data);
        } else if (plan->field == KUNDIG__COLUMN_TEXT || plan->field == KUNDIG__COLUMN_TIME ||
                   plan->field == KUNDIG__COLUMN_CUSTOMER || plan->field == KUNDIG__COLUMN_ID) {
            kundig__report_finding(report, false, plan->missing, "%llu of %llu rows %s no %s.",
                                   (unsigned long long)plan->missing, accepted, has,
                                   kundig__column_field_name(plan->field));
        }
    }
    if (added->unchanged) {
        kundig__report_finding(
            report, false, added->unchanged, "%llu row%s known already and changed nothing.",
            (unsigned long long)added->unchanged, added->unchanged == 1 ? " was" : "s were");
    }
    if (added->versions > added->conflicts) {
        kundig__report_finding(report, false, added->versions - added->conflicts,
                               "%llu row%s of records with the same id; the latest counts.",
                               (unsigned long long)(added->versions - added->conflicts),
                               added->versions - added->conflicts == 1 ? " is another version"
                                                                       : "s are other versions");
    }
    if (added->conflicts) {
        kundig__report_finding(report, true, added->conflicts,
                               "%llu row%s from another row of the same id without a later "
                               "updated time; one of each is chosen by its content.",
                               (unsigned long long)added->conflicts,
                               added->conflicts == 1 ? " differs" : "s differ");
    }
}

/* judged: rows were accepted or rejected. Else the report only shows what was understood. */
static int ingest_report(kundig__ingest *ingest, bool judged, bool kept, kundig_error *err)
{
    kundig_ingest_report *report = ingest->report;
    const kundig_added *added = &ingest->added;
    if (!judged) {
        for (size_t i = 0; i < ingest->count; i++) {
            ingest->plans[i].filled = ingest->plans[i].profile.filled;
        }
        kundig__report_finding(
            report, true, ingest->data_rows, "%llu row%s looked at and none was taken.",
            (unsigned long long)ingest->data_rows, ingest->data_rows == 1 ? " was" : "s were");
    }
    ingest_find_format(ingest);
    ingest_find_bytes(ingest);
    ingest_find_columns(ingest);
    if (judged) {
        ingest_find_rows(ingest);
    }
    kundig__report_mapping(report, ingest);
    kundig__report_number(report, "rows", ingest->rows_read);
    kundig__report_number(report, "accepted", ingest->rows_read - ingest->rejected);
    kundig__report_number(report, "rejected", ingest->rejected);
    kundig__report_number(report, "added", kept ? added->added : 0);
    kundig__report_number(report, "versions", kept ? added->versions : 0);
    kundig__report_number(report, "unchanged", kept ? added->unchanged : 0);
    kundig__report_number(report, "conflicts", kept ? added->conflicts : 0);
    kundig__report_number(report, "replaced_bytes", kept ? added->replaced_bytes : 0);
    return kundig__report_finish(report, err);
}

static int ingest_say_ambiguous(const kundig__column_plan *plan, kundig_error *err)
{
    kundig_text example = plan->profile.example;
    if (plan->profile.votes.day_first) {
        return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                            "dates in %.*s contradict each other: %llu need the day first and as "
                            "many the month first; set dates to day first or month first",
                            kundig__shown(plan->name), plan->name.data,
                            (unsigned long long)plan->profile.votes.day_first);
    }
    return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                        "dates in %.*s (like %.*s) do not tell whether the day or the month stands "
                        "first; set dates to day first or month first",
                        kundig__shown(plan->name), plan->name.data, kundig__shown(example),
                        example.data ? example.data : "");
}

static const kundig__column_plan *ingest_find_ambiguous(const kundig__ingest *ingest)
{
    for (size_t i = 0; i < ingest->count; i++) {
        if (ingest->plans[i].ambiguous) {
            return &ingest->plans[i];
        }
    }
    return NULL;
}

static bool ingest_has_content(const kundig__ingest *ingest)
{
    for (size_t i = 0; i < ingest->count; i++) {
        if (ingest->plans[i].field == KUNDIG__COLUMN_TEXT ||
            ingest->plans[i].field == KUNDIG__COLUMN_SCORE) {
            return true;
        }
    }
    return false;
}

static int ingest_say_nothing_meant(const kundig__ingest *ingest, kundig_error *err)
{
    char names[120];
    size_t len = 0;
    for (size_t i = 0; i < ingest->count; i++) {
        kundig_text name = ingest->plans[i].name;
        if (len + name.len + 8 > 110) {
            memcpy(names + len, ", ...", 5);
            len += 5;
            break;
        }
        if (i) {
            memcpy(names + len, ", ", 2);
            len += 2;
        }
        memcpy(names + len, name.data, name.len);
        len += name.len;
    }
    return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                        "no column holds a comment or a score; map one, say text=Column or "
                        "nps=Column; there are %.*s",
                        (int)len, names);
}

/* Everything up to the second pass. KUNDIG_E_EMPTY and KUNDIG_E_AMBIGUOUS leave a report to give.
 */
static int ingest_understand(kundig__ingest *ingest, bool *tell, kundig_error *err)
{
    kundig__rows *rows = ingest->rows;
    size_t count = ingest->count;
    kundig__mem *mem = &ingest->context->mem;
    ingest->plans = kundig__alloc_zero(mem, count * sizeof *ingest->plans);
    ingest->scores = kundig__alloc(mem, count * sizeof *ingest->scores);
    ingest->attributes = kundig__alloc(mem, count * sizeof *ingest->attributes);
    if (!ingest->plans || !ingest->scores || !ingest->attributes) {
        return kundig__nomem(mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        kundig__dict_init(&ingest->plans[i].profile.distinct, mem, ingest->context->siphash_key);
    }
    int rc = kundig__zone_get(ingest->context, ingest->options->zone, &ingest->zone, err);
    if (!rc && ingest_is_csv(ingest)) {
        kundig__report_header(ingest->report, rows->header);
    } else if (!rc) {
        ingest_write_row(&ingest->sentence, rows->columns, rows->column_count);
        kundig__report_header(ingest->report,
                              kundig__text(ingest->sentence.data, ingest->sentence.len));
    }
    rc = rc ? rc : kundig__names_read(ingest, err);
    rc = rc ? rc : kundig__map_options(ingest, err);
    rc = rc ? rc : kundig__profile_rows(ingest, err);
    rc = rc ? rc : kundig__map_guess(ingest, err);
    if (rc) {
        return rc;
    }
    *tell = true;
    if (!ingest->data_rows) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0, "there is a header and not one row behind it");
    }
    if (!ingest_has_content(ingest) && ingest->good_rows) {
        return ingest_say_nothing_meant(ingest, err);
    }
    const kundig__column_plan *ambiguous = ingest_find_ambiguous(ingest);
    if (ambiguous) {
        return ingest_say_ambiguous(ambiguous, err);
    }
    ingest->kind = ingest->options->kind;
    for (size_t i = 0; i < count && !ingest->kind; i++) {
        if (ingest->plans[i].employees && ingest->plans[i].field == KUNDIG__COLUMN_SCORE) {
            ingest->kind = KUNDIG_KIND_EMPLOYEE;
        }
    }
    return KUNDIG_OK;
}

static int ingest_take(kundig__ingest *ingest, bool *tell, kundig_error *err)
{
    *tell = false;
    int rc = kundig__batch_begin(ingest->corpus, err);
    if (rc) {
        return rc;
    }
    rc = ingest_second_pass(ingest, err);
    bool kept = !rc && ingest->rows_read > ingest->rejected;
    if (!rc) {
        rc = ingest_report(ingest, true, kept, err);
    }
    if (kept && !rc) {
        kundig__batch_commit(ingest->corpus);
        return KUNDIG_OK;
    }
    kundig__batch_abandon(ingest->corpus);
    if (rc) {
        return rc;
    }
    *tell = true;
    return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                        "not one of %llu rows could be used; the first, line %zu: %s",
                        (unsigned long long)ingest->rows_read, ingest->first_reject.pos,
                        ingest->first_reject.message);
}

static void ingest_release(kundig__ingest *ingest)
{
    kundig__mem *mem = &ingest->context->mem;
    size_t count = ingest->count;
    for (size_t i = 0; i < count && ingest->plans; i++) {
        kundig__dict_free(&ingest->plans[i].profile.distinct);
    }
    kundig__free(mem, ingest->plans, count * sizeof *ingest->plans);
    kundig__free(mem, ingest->scores, count * sizeof *ingest->scores);
    kundig__free(mem, ingest->attributes, count * sizeof *ingest->attributes);
    kundig__buf_free(&ingest->sentence);
    kundig__arena_free(&ingest->arena);
}

int kundig__ingest_rows(kundig__corpus *corpus, kundig__rows *rows,
                        const kundig_ingest_options *options, kundig_text remembered,
                        kundig_ingest_report **report, kundig_error *err)
{
    kundig__ingest ingest;
    bool tell = false;
    memset(&ingest, 0, sizeof ingest);
    ingest.corpus = corpus;
    ingest.context = kundig__corpus_context(corpus);
    ingest.rows = rows;
    ingest.options = options;
    ingest.remembered = options->map.data ? kundig__text(NULL, 0) : remembered;
    ingest.count = rows->column_count;
    rows->passed = 0;
    rows->total = rows->size <= UINT64_MAX / 2 ? 2 * rows->size : 0;
    kundig_added_init(&ingest.added);
    kundig__arena_init(&ingest.arena, &ingest.context->mem);
    kundig__buf_init(&ingest.sentence, &ingest.context->mem);
    if (report) {
        *report = NULL;
    }
    int rc =
        kundig__report_new(&ingest.context->mem, options->encoding == KUNDIG_ENCODING_WINDOWS_1252,
                           ingest.context->mask, &ingest.report, err);
    rc = rc ? rc : ingest_understand(&ingest, &tell, err);
    if (!rc) {
        rc = ingest_take(&ingest, &tell, err);
    } else if (tell) {
        kundig_error own;
        int told = ingest_report(&ingest, false, false, &own);
        if (told) {
            rc = told;
            tell = false;
            if (err) {
                *err = own;
            }
        }
    }
    if (report && (!rc || tell)) {
        *report = ingest.report;
        ingest.report = NULL;
    }
    kundig_ingest_report_free(ingest.report);
    ingest_release(&ingest);
    return rc;
}
