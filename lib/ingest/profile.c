/* The first pass: what the values of each column look like.
 *
 * Invariant: every count is a sum over all rows, so the order of rows decides nothing (the example
 * alone is the first value). Cost: O(bytes); at most 1,000 short values a column are kept. */
#include "base/text.h"
#include "base/utf8.h"
#include "ingest/columns.h"
#include "text/mask.h"

#ifdef KUNDIG_TINY
#define PROFILE_DISTINCT 24
#else
#define PROFILE_DISTINCT 1000
#endif
#define PROFILE_WIDE_TABLE 256
#define PROFILE_VALUE      512
#define PROFILE_SHORT      48
#define PROFILE_STEP       ((uint64_t)1 << 20)
#define PROFILE_STEP_ROWS  4096

static int profile_distinct(kundig__profile *profile, kundig_text value, size_t most,
                            kundig__mem *mem, kundig_error *err)
{
    if (value.len > PROFILE_VALUE) {
        profile->many = true;
    } else if (kundig__dict_add(&profile->distinct, value.data, value.len) == KUNDIG__DICT_NONE) {
        return kundig__nomem(mem, err);
    } else if (profile->distinct.count > most) {
        profile->many = true;
    }
    if (profile->many) {
        kundig__dict_free(&profile->distinct);
    }
    return KUNDIG_OK;
}

static void profile_number(kundig__profile *profile, kundig_text value)
{
    double number;
    double whole;
    if (!kundig__value_score(value, &number, &whole)) {
        return;
    }
    if (!profile->scores || number < profile->minimum) {
        profile->minimum = number;
    }
    if (!profile->scores || number > profile->maximum) {
        profile->maximum = number;
    }
    profile->scores++;
    profile->in_five += number >= 1 && number <= 5;
    profile->in_ten += number >= 0 && number <= 10;
    if (!kundig__value_number(value, &number)) {
        return;
    }
    profile->numbers++;
    profile->padded +=
        value.len > 1 && value.data[0] == '0' && kundig__text_is_digit(value.data[1]);
    if (number > -1e9 && number < 1e9) {
        profile->integers += (double)(int64_t)number == number;
    } else {
        bool digits = true;
        for (size_t i = 0; i < value.len; i++) {
            digits = digits && kundig__text_is_digit(value.data[i]);
        }
        profile->integers += digits;
    }
}

/* Might letters in front be a month or a weekday? Dates end in digits, a half day or a zone. */
static bool profile_may_be_named_date(kundig_text value)
{
    char last = value.data[value.len - 1];
    if (!kundig__text_is_digit(last) && !strchr("mMzZrCT.", last)) {
        return false;
    }
    for (size_t i = 0; i < value.len && i < 20; i++) {
        if (kundig__text_is_digit(value.data[i])) {
            return true;
        }
    }
    return false;
}

static void profile_date(kundig__profile *profile, kundig_text value)
{
    kundig__moment moment;
    if (kundig__moment_read(value, false, &moment)) {
        profile->dates++;
        profile->loose_dates++;
        kundig__date_vote(&profile->votes, &moment);
    } else if (kundig__moment_read(value, true, &moment)) {
        profile->loose_dates++;
        profile->votes.clocks += moment.clock;
    }
}

static void profile_short(kundig__column_plan *plan, kundig_text value)
{
    kundig__profile *profile = &plan->profile;
    bool digit = kundig__text_is_digit(value.data[0]);
    if (digit || (unsigned char)value.data[0] == 0xE2 || value.data[0] == '-' ||
        value.data[0] == '+' || value.data[0] == '.') {
        profile_number(profile, value);
    }
    if (value.len >= 6) {
        if (digit || ((value.data[0] | 0x20) >= 'a' && (value.data[0] | 0x20) <= 'z' &&
                      profile_may_be_named_date(value))) {
            profile_date(profile, value);
        }
        profile->emails += kundig__value_email(value);
        profile->ips += digit && kundig__value_ip(value);
    } else {
        profile->bools += kundig__value_bool(value) != KUNDIG_UNKNOWN;
    }
    for (size_t i = 0; i < value.len; i++) {
        profile->blanks += value.data[i] == ' ';
    }
}

/* The first value, as it may be shown: masked before it is cut, so that no half of an address
 * slips through. */
static int profile_keep_example(kundig__ingest *ingest, kundig__profile *profile, kundig_text value,
                                kundig_error *err)
{
    kundig__mem *mem = &ingest->context->mem;
    kundig__buf *mended = &ingest->sentence;
    kundig__buf masked;
    mended->len = 0;
    kundig__utf8_mend(mended, value.data, value.len < 240 ? value.len : 240);
    kundig__buf_init(&masked, mem);
    if (!mended->failed && !kundig__text_masked(mem, kundig__text(mended->data, mended->len),
                                                ingest->context->mask, &masked)) {
        size_t shown = kundig__utf8_cut(masked.data, masked.len, 40);
        profile->example =
            kundig__arena_text(&ingest->arena, kundig__text(shown ? masked.data : "", shown));
    }
    kundig__buf_free(&masked);
    return profile->example.data ? KUNDIG_OK : kundig__nomem(mem, err);
}

static int profile_value(kundig__ingest *ingest, kundig__column_plan *plan, kundig_text value,
                         bool kind, size_t most, kundig_error *err)
{
    kundig__profile *profile = &plan->profile;
    if (!value.data || !value.len) {
        return KUNDIG_OK;
    }
    value = kundig__text_trim(value);
    if (kundig__value_missing(value)) {
        return KUNDIG_OK;
    }
    if (!profile->filled) {
        int rc = profile_keep_example(ingest, profile, value, err);
        if (rc) {
            return rc;
        }
    }
    profile->filled++;
    profile->bytes += value.len;
    if (value.len > PROFILE_SHORT) {
        profile->blanks += value.len / 6;
        profile->emails += kundig__value_email(value);
    } else {
        profile_short(plan, value);
    }
    profile->kinds += kind && kundig__value_kind(value) >= 0;
    return profile->many ? KUNDIG_OK
                         : profile_distinct(profile, value, most, &ingest->context->mem, err);
}

/* One value in a hundred off a usual scale is a mistake, not another scale. */
static void profile_range(kundig__profile *profile)
{
    profile->low = profile->minimum;
    profile->high = profile->maximum;
    if (profile->in_five < profile->scores && profile->in_five * 100 >= profile->scores * 99) {
        profile->low = 1;
        profile->high = 5;
    } else if (profile->in_ten < profile->scores && profile->in_ten * 100 >= profile->scores * 95) {
        profile->low = profile->minimum <= 0 ? 0 : 1;
        profile->high = 10;
    }
}

/* NULs and bytes that are not UTF-8: how many rows, where first, and what they look like. */
static void profile_bytes(kundig__ingest *ingest, const kundig__row *row)
{
    if (!row->raw.data || row->plain) {
        return;
    }
    if (memchr(row->raw.data, 0, row->raw.len)) {
        ingest->nul_line = ingest->nul_rows ? ingest->nul_line : row->line;
        ingest->nul_rows++;
    }
    if (ingest->options->encoding != KUNDIG_ENCODING_UTF8) {
        return;
    }
    size_t valid = kundig__utf8_valid(row->raw.data, row->raw.len);
    if (valid < row->raw.len && row->raw.data[valid]) {
        if (!ingest->odd_rows) {
            ingest->odd_line = row->line;
            ingest->odd_offset = row->offset + valid;
        }
        ingest->odd_rows++;
        ingest->odd_1252 += kundig__cp1252_looks_like(row->raw.data, row->raw.len);
    }
}

/* Export programs put the questions' texts and their own ids into rows behind the header. */
static bool profile_is_import_row(const kundig__row *row)
{
    size_t found = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        kundig_text cell = row->cells[i];
        found += cell.data && cell.len > 12 && cell.data[0] == '{' &&
                 memcmp(cell.data, "{\"ImportId\"", 11) == 0;
    }
    return row->cell_count > 0 && found * 2 > row->cell_count;
}

static bool profile_is_answer_row(const kundig__row *row)
{
    size_t open = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        kundig_text cell = kundig__text_trim(row->cells[i]);
        if (!cell.data || !cell.len || kundig__text_equal(cell, KUNDIG__TEXT("Response")) ||
            kundig__text_equal(cell, KUNDIG__TEXT("Antwort"))) {
            continue;
        }
        if (!kundig__text_equal(cell, KUNDIG__TEXT("Open-Ended Response")) &&
            !kundig__text_equal(cell, KUNDIG__TEXT("Offene Antwort"))) {
            return false;
        }
        open++;
    }
    return open > 0;
}

static int profile_header_rows(kundig__ingest *ingest, kundig_error *err)
{
    kundig__rows *rows = ingest->rows;
    kundig__row row;
    kundig_text raw[2] = {{NULL, 0}, {NULL, 0}};
    if (!rows->header.data) {
        return KUNDIG_OK;
    }
    for (size_t i = 0; i < 2; i++) {
        int got = rows->next(rows, &row, err);
        if (got < 0) {
            return got;
        }
        if (got == 0 || row.bad_reason) {
            break;
        }
        if (row.raw.len < (1U << 20)) {
            raw[i] = kundig__arena_text(&ingest->arena, row.raw);
            if (!raw[i].data) {
                return kundig__nomem(&ingest->context->mem, err);
            }
        }
        if (i == 0 && profile_is_answer_row(&row)) {
            ingest->skip = 1;
            break;
        }
        if (i == 1 && profile_is_import_row(&row)) {
            ingest->skip = 2;
        } else if (i == 0) {
            for (size_t c = 0; c < ingest->count; c++) {
                kundig__name_read(&ingest->plans[c].question, row.cells[c]);
            }
        }
    }
    for (size_t i = 0; i < ingest->skip; i++) {
        kundig__report_header(ingest->report, raw[i]);
    }
    for (size_t c = 0; c < ingest->count && ingest->skip != 2; c++) {
        kundig__name_read(&ingest->plans[c].question, KUNDIG__TEXT(""));
    }
    return rows->rewind(rows, err);
}

int kundig__profile_rows(kundig__ingest *ingest, kundig_error *err)
{
    kundig__rows *rows = ingest->rows;
    kundig__row row;
    uint64_t told = 0;
    uint64_t step = rows->header.data ? PROFILE_STEP : PROFILE_STEP_ROWS;
    int got = profile_header_rows(ingest, err);
    size_t skip = ingest->skip;
    size_t most = ingest->count > PROFILE_WIDE_TABLE ? PROFILE_DISTINCT / 20 : PROFILE_DISTINCT;
    if (got) {
        return got;
    }
    while ((got = rows->next(rows, &row, err)) > 0) {
        if (rows->position - told >= step) {
            told = rows->position;
            int rc = kundig__progress(ingest->context, told, rows->total, err);
            if (rc) {
                return rc;
            }
        }
        if (skip) {
            skip--;
            continue;
        }
        ingest->data_rows++;
        profile_bytes(ingest, &row);
        if (row.bad_reason) {
            continue;
        }
        ingest->good_rows++;
        for (size_t c = 0; c < ingest->count; c++) {
            kundig__column_plan *plan = &ingest->plans[c];
            int rc = profile_value(ingest, plan, row.cells[c], plan->kind_name, most, err);
            if (rc) {
                return rc;
            }
        }
    }
    for (size_t c = 0; c < ingest->count; c++) {
        profile_range(&ingest->plans[c].profile);
    }
    return got;
}
