/* CSV (RFC 4180 and what is found in the wild) as rows, from a file or from memory.
 *
 *   input  ... | passed | record being read ............ | read ahead | not read yet ...
 *   window              ^ at                             ^ len        (file: buffer; memory: all)
 *
 * Invariants: a record is scanned only when its bytes stand in the window, and scanned again from
 * its start after the window grew; so cells are pointers into the window, or into `work` where
 * quotes were doubled or bytes decoded. The window never exceeds max_record by more than a chunk.
 * A quote that spoils a record costs its own line alone; as every scan for a closing quote ends at
 * the next odd run of quotes or at max_field, the cost stays linear on any input.
 * Cost: a few passes of memchr or 8-byte words a byte. */
#include "base/os.h"
#include "base/text.h"
#include "base/utf8.h"
#include "io/sniff.h"

#ifdef KUNDIG_TINY
#define CSV_CHUNK 64
#define CSV_SNIFF 4096
#else
#define CSV_CHUNK ((size_t)1 << 18)
#define CSV_SNIFF ((size_t)1 << 16)
#endif
#define CSV_FIELD        ((size_t)1 << 20)
#define CSV_RECORD       ((size_t)1 << 26)
#define CSV_MOST_COLUMNS 16384
#define CSV_PROGRESS     ((uint64_t)1 << 22)

typedef struct csv_reader {
    kundig__rows rows;
    kundig__context *context;
    kundig__file *file; /* NULL: memory */
    const char *data;   /* the window */
    size_t len;
    size_t at;
    bool at_end; /* nothing lies behind the window */
    char *buffer;
    size_t capacity;
    uint64_t base; /* offset of the window in the input */
    uint64_t line; /* of `at` */
    uint64_t body; /* where rows begin */
    uint64_t body_line;
    char delimiter; /* the line end where there is one column */
    char line_end;
    bool decode; /* from Windows-1252 */
    size_t max_field;
    size_t max_record;
    kundig_text *cells;
    size_t *offsets;
    uint8_t *doubled; /* the cell holds doubled quotes */
    size_t room;
    char *work;
    size_t work_capacity;
    kundig__arena arena;
    kundig_text *columns;
    kundig_error reason;
} csv_reader;

/* Outcomes of a scan. */
enum {
    CSV_MORE,       /* the record does not end in the window */
    CSV_ROW,        /* it does; `odd` may name a cell that is not well formed */
    CSV_OPEN,       /* a quote does not close */
    CSV_QUOTE_LONG, /* a quote does not close within max_field */
    CSV_TORN,       /* a quote closes lines later and text follows */
    CSV_LONG,       /* a cell is longer than max_field */
    CSV_HUGE        /* the record is longer than max_record */
};

typedef struct csv_scan {
    size_t cells;
    size_t end;     /* behind the last byte of the record */
    size_t next;    /* behind its line end */
    uint64_t lines; /* line ends inside quotes */
    size_t cell;    /* start of the cell being scanned */
    size_t odd;     /* window index of text behind a closing quote; SIZE_MAX: none */
    size_t odd_cell;
    size_t extra; /* window index of the first filled cell too many; SIZE_MAX: none */
} csv_scan;

static uint64_t csv_zero_bytes(uint64_t word)
{
    return (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
}

/* First delimiter or line end in data[p..end), else end. */
static size_t csv_find(const char *data, size_t p, size_t end, char delimiter, char line_end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t delimiters = ones * (unsigned char)delimiter;
    uint64_t ends = ones * (unsigned char)line_end;
    while (p + 8 <= end) {
        uint64_t word;
        memcpy(&word, data + p, sizeof word);
        if (csv_zero_bytes(word ^ delimiters) | csv_zero_bytes(word ^ ends)) {
            break;
        }
        p += 8;
    }
    while (p < end && data[p] != delimiter && data[p] != line_end) {
        p++;
    }
    return p;
}

static bool csv_is_plain(const char *data, size_t len)
{
    uint64_t high = 0;
    uint64_t zero = 0;
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, data + i, sizeof word);
        high |= word & UINT64_C(0x8080808080808080);
        zero |= csv_zero_bytes(word);
    }
    for (; i < len; i++) {
        high |= (unsigned char)data[i] & 0x80U;
        zero |= data[i] == 0;
    }
    return !high && !zero;
}

static uint64_t csv_count(const char *data, size_t len, char c)
{
    uint64_t count = 0;
    const char *end = data + len;
    for (const char *p = data; p < end && (p = memchr(p, c, (size_t)(end - p))); p++) {
        count++;
    }
    return count;
}

/* The record ends at p: at a line end, behind "\r" of one, or at the end of input. */
static bool csv_ends_record(const csv_reader *reader, size_t p)
{
    if (p == reader->len || reader->data[p] == reader->line_end) {
        return true;
    }
    return reader->line_end == '\n' && reader->data[p] == '\r' &&
           (p + 1 == reader->len || reader->data[p + 1] == '\n');
}

/* A quoted cell: *p is the opening quote and moves behind the cell. */
static int csv_scan_quoted(const csv_reader *reader, csv_scan *scan, size_t *p, size_t *from,
                           size_t *to, bool *doubled)
{
    const char *data = reader->data;
    size_t limit = reader->len;
    bool cut = false;
    if (reader->len - *p > reader->max_field + 2) {
        limit = *p + reader->max_field + 2;
        cut = true;
    }
    size_t q = *p + 1;
    *doubled = false;
    for (;;) {
        const char *hit = q < limit ? memchr(data + q, '"', limit - q) : NULL;
        if (!hit) {
            return cut ? CSV_QUOTE_LONG : reader->at_end ? CSV_OPEN : CSV_MORE;
        }
        q = (size_t)(hit - data);
        if (q + 1 == reader->len && !reader->at_end) {
            return CSV_MORE;
        }
        if (q + 1 < reader->len && data[q + 1] == '"') {
            *doubled = true;
            q += 2;
            continue;
        }
        break;
    }
    uint64_t lines = csv_count(data + *p + 1, q - *p - 1, reader->line_end);
    *from = *p + 1;
    *to = q;
    size_t behind = q + 1;
    while (behind < reader->len && (data[behind] == ' ' || data[behind] == '\t') &&
           data[behind] != reader->delimiter) {
        behind++;
    }
    if (!reader->at_end && behind + 1 >= reader->len) {
        return CSV_MORE;
    }
    if (behind < reader->len && data[behind] != reader->delimiter &&
        !csv_ends_record(reader, behind)) {
        if (lines) {
            scan->odd = behind;
            return CSV_TORN;
        }
        if (scan->odd == SIZE_MAX) {
            scan->odd = behind;
            scan->odd_cell = scan->cells + 1;
        }
        behind = csv_find(data, behind, reader->len, reader->delimiter, reader->line_end);
        if (behind - *p > reader->max_field + 2) {
            return CSV_LONG;
        }
        if (behind == reader->len && !reader->at_end) {
            return CSV_MORE;
        }
    }
    scan->lines += lines;
    *p = behind;
    return CSV_ROW;
}

static int csv_scan_record(const csv_reader *reader, csv_scan *scan)
{
    const char *data = reader->data;
    size_t p = reader->at;
    memset(scan, 0, sizeof *scan);
    scan->odd = SIZE_MAX;
    scan->extra = SIZE_MAX;
    for (;;) {
        size_t from = p;
        size_t to;
        bool doubled = false;
        scan->cell = p;
        if (p < reader->len && data[p] == '"') {
            int outcome = csv_scan_quoted(reader, scan, &p, &from, &to, &doubled);
            if (outcome != CSV_ROW) {
                return outcome;
            }
        } else {
            size_t limit = reader->len;
            if (reader->len - p > reader->max_field + 2) {
                limit = p + reader->max_field + 2;
            }
            p = csv_find(data, p, limit, reader->delimiter, reader->line_end);
            if (p == limit && limit < reader->len) {
                return CSV_LONG;
            }
            if (p == reader->len && !reader->at_end) {
                return p - from > reader->max_field ? CSV_LONG : CSV_MORE;
            }
            to = p;
            if (reader->line_end == '\n' && to > from && data[to - 1] == '\r' &&
                (p == reader->len || data[p] == '\n')) {
                to--;
            }
            if (to - from > reader->max_field) {
                return CSV_LONG;
            }
        }
        if (scan->cells < reader->room) {
            reader->cells[scan->cells] = (kundig_text){data + from, to - from};
            reader->offsets[scan->cells] = scan->cell;
            reader->doubled[scan->cells] = doubled;
        } else if (to > from && scan->extra == SIZE_MAX) {
            scan->extra = scan->cell;
        }
        scan->cells++;
        scan->end = p;
        if (csv_ends_record(reader, p)) {
            break;
        }
        p++; /* a delimiter */
    }
    if (p < reader->len && data[p] == '\r' && reader->line_end == '\n') {
        p++;
    }
    if (p < reader->len) {
        p++;
    }
    scan->next = p;
    if (scan->end > reader->at && reader->line_end == '\n' && data[scan->end - 1] == '\r' &&
        (scan->end == reader->len || data[scan->end] == '\n')) {
        scan->end--;
    }
    return CSV_ROW;
}

/* Read ahead; what stands before `at` is given up. */
static int csv_refill(csv_reader *reader, kundig_error *err)
{
    size_t got = 0;
    if (reader->at) {
        memmove(reader->buffer, reader->buffer + reader->at, reader->len - reader->at);
        reader->base += reader->at;
        reader->len -= reader->at;
        reader->at = 0;
    }
    if (reader->capacity - reader->len < CSV_CHUNK / 2) {
        void *array = reader->buffer;
        if (!kundig__grow(&reader->context->mem, &array, &reader->capacity, reader->len + CSV_CHUNK,
                          1)) {
            return kundig__nomem(&reader->context->mem, err);
        }
        reader->buffer = array;
        reader->data = array;
    }
    int rc = kundig__file_read(reader->file, reader->buffer + reader->len,
                               reader->capacity - reader->len, &got, err);
    if (rc) {
        return rc;
    }
    reader->len += got;
    reader->at_end = got == 0;
    return KUNDIG_OK;
}

/* Move `at` behind the next line end at or behind `from`, keeping nothing. */
static int csv_skip_line(csv_reader *reader, size_t from, kundig_error *err)
{
    uint64_t told = reader->base;
    for (;;) {
        const char *hit = from < reader->len
                              ? memchr(reader->data + from, reader->line_end, reader->len - from)
                              : NULL;
        if (hit) {
            reader->at = (size_t)(hit - reader->data) + 1;
            return KUNDIG_OK;
        }
        reader->at = reader->len;
        if (reader->at_end) {
            return KUNDIG_OK;
        }
        int rc = csv_refill(reader, err);
        from = 0;
        if (!rc && reader->base - told >= CSV_PROGRESS) {
            told = reader->base;
            rc = kundig__progress(reader->context, reader->rows.passed + told, reader->rows.total,
                                  err);
        }
        if (rc) {
            return rc;
        }
    }
}

/* Room for `room` cells; what the arrays held is lost. false: out of memory, nothing changed. */
static bool csv_make_room(csv_reader *reader, size_t room)
{
    kundig__mem *mem = &reader->context->mem;
    kundig_text *cells = kundig__alloc(mem, room * sizeof *cells);
    size_t *offsets = kundig__alloc(mem, room * sizeof *offsets);
    uint8_t *doubled = kundig__alloc(mem, room);
    if (!cells || !offsets || !doubled) {
        kundig__free(mem, cells, room * sizeof *cells);
        kundig__free(mem, offsets, room * sizeof *offsets);
        kundig__free(mem, doubled, room);
        return false;
    }
    kundig__free(mem, reader->cells, reader->room * sizeof *cells);
    kundig__free(mem, reader->offsets, reader->room * sizeof *offsets);
    kundig__free(mem, reader->doubled, reader->room);
    reader->cells = cells;
    reader->offsets = offsets;
    reader->doubled = doubled;
    reader->room = room;
    return true;
}

/* Undouble quotes and decode, where a cell needs it. */
static int csv_finish_cells(csv_reader *reader, size_t count, bool plain, kundig_error *err)
{
    bool decode = reader->decode && !plain;
    size_t need = 0;
    for (size_t i = 0; i < count; i++) {
        if (reader->doubled[i] || decode) {
            need += reader->cells[i].len * (decode ? 3 : 1);
        }
    }
    if (!need) {
        return KUNDIG_OK;
    }
    void *work = reader->work;
    if (!kundig__grow(&reader->context->mem, &work, &reader->work_capacity, need, 1)) {
        return kundig__nomem(&reader->context->mem, err);
    }
    reader->work = work;
    kundig__buf out = {&reader->context->mem, reader->work, 0, reader->work_capacity, false};
    for (size_t i = 0; i < count; i++) {
        kundig_text cell = reader->cells[i];
        if (!reader->doubled[i] && !decode) {
            continue;
        }
        size_t start = out.len;
        while (cell.len) {
            const char *hit = reader->doubled[i] ? memchr(cell.data, '"', cell.len) : NULL;
            size_t part = hit ? (size_t)(hit - cell.data) + 1 : cell.len;
            if (decode) {
                kundig__cp1252_decode(&out, cell.data, part);
            } else {
                kundig__buf_add(&out, cell.data, part);
            }
            part += hit != NULL;
            cell.data += part;
            cell.len -= part;
        }
        reader->cells[i] = (kundig_text){out.data + start, out.len - start};
    }
    return KUNDIG_OK;
}

/* A record that is no row: say why, give up one physical line from the start of `cell` on. */
static int csv_bad_line(csv_reader *reader, const csv_scan *scan, int outcome, kundig__row *row,
                        kundig_error *err)
{
    size_t start = reader->at;
    uint64_t offset = reader->base + start;
    uint64_t bad = reader->base + scan->cell;
    size_t number = scan->cells + 1;
    const char *hit = memchr(reader->data + scan->cell, reader->line_end, reader->len - scan->cell);
    row->bad_reason = reader->reason.message;
    row->bad_column = number;
    row->bad_offset = (size_t)bad;
    if (hit || reader->at_end) {
        size_t end = hit ? (size_t)(hit - reader->data) : reader->len;
        reader->at = end + (hit != NULL);
        if (end > start && reader->line_end == '\n' && reader->data[end - 1] == '\r') {
            end--;
        }
        row->raw = kundig__text(reader->data + start, end - start);
    } else {
        int rc = csv_skip_line(reader, reader->len, err);
        if (rc) {
            return rc;
        }
    }
    bool ended = reader->at > 0 && reader->data[reader->at - 1] == reader->line_end;
    uint64_t bytes = reader->base + reader->at - offset - ended;
    reader->line += scan->lines + 1;
    if (row->raw.len > reader->max_field) {
        row->raw = kundig__text(NULL, 0); /* the same answer whether the window held it or not */
    }
    const char *kept = row->raw.data ? "" : "; the line is too long to keep";
    unsigned long long at = bad;
    unsigned long long all = bytes;
    switch (outcome) {
    case CSV_OPEN:
        kundig__fail(&reader->reason, 0, 0,
                     "the quote that opens cell %zu (byte %llu) never closes; the line it opens on "
                     "is left out%s",
                     number, at, kept);
        break;
    case CSV_QUOTE_LONG:
        kundig__fail(&reader->reason, 0, 0,
                     "the quote that opens cell %zu (byte %llu) does not close within %zu bytes "
                     "(max_field); the line it opens on is left out%s",
                     number, at, reader->max_field, kept);
        break;
    case CSV_TORN:
        kundig__fail(&reader->reason, 0, 0,
                     "the quote that opens cell %zu (byte %llu) closes lines later, before other "
                     "text: it is not closed on its line, or a quote inside is not doubled%s",
                     number, at, kept);
        break;
    case CSV_LONG:
        kundig__fail(&reader->reason, 0, 0,
                     "cell %zu is longer than %zu bytes (max_field) in a line of %llu bytes%s",
                     number, reader->max_field, all, kept);
        break;
    default:
        row->bad_column = 0;
        kundig__fail(&reader->reason, 0, 0,
                     "the row is longer than %zu bytes, the most that is held; its first line is "
                     "left out%s",
                     reader->max_record, kept);
        break;
    }
    return 1;
}

/* Scan the record at `at`, reading ahead as it needs; negative: an error. */
static int csv_scan_whole(csv_reader *reader, csv_scan *scan, kundig_error *err)
{
    for (;;) {
        int outcome = csv_scan_record(reader, scan);
        size_t start = reader->at;
        if ((outcome == CSV_ROW && scan->end - start > reader->max_record) ||
            (outcome == CSV_MORE && reader->len - start > reader->max_record + 2)) {
            scan->cells = 0;
            scan->cell = start;
            scan->lines = 0;
            return CSV_HUGE;
        }
        if (outcome != CSV_MORE) {
            return outcome;
        }
        int rc = csv_refill(reader, err);
        if (rc) {
            return rc;
        }
    }
}

static int csv_next(kundig__rows *rows, kundig__row *row, kundig_error *err)
{
    csv_reader *reader = (csv_reader *)rows;
    csv_scan scan;
    for (;;) {
        if (reader->at == reader->len && reader->at_end) {
            return 0;
        }
        int outcome = csv_scan_whole(reader, &scan, err);
        if (outcome < 0) {
            return outcome;
        }
        memset(row, 0, sizeof *row);
        row->line = reader->line;
        row->offset = reader->base + reader->at;
        if (outcome != CSV_ROW) {
            outcome = csv_bad_line(reader, &scan, outcome, row, err);
            rows->position = reader->base + reader->at;
            return outcome;
        }
        size_t start = reader->at;
        reader->line += scan.lines + 1;
        if (scan.cells == 1 && scan.end == start) {
            reader->at = scan.next; /* a blank line */
            rows->position = reader->base + reader->at;
            continue;
        }
        row->raw = kundig__text(reader->data + start, scan.end - start);
        row->plain = csv_is_plain(row->raw.data, row->raw.len);
        reader->at = scan.next;
        rows->position = reader->base + reader->at;
        if (scan.odd != SIZE_MAX) {
            row->bad_column = scan.odd_cell;
            row->bad_offset = (size_t)(reader->base + scan.odd);
            kundig__fail(&reader->reason, 0, 0,
                         "text follows the closing quote of cell %zu (byte %zu): a quote inside a "
                         "quoted cell is written twice",
                         scan.odd_cell, row->bad_offset);
        } else if (scan.cells < rows->column_count) {
            row->bad_column = scan.cells;
            row->bad_offset = (size_t)(reader->base + scan.end);
            kundig__fail(&reader->reason, 0, 0, "the row has %zu cells, the header %zu", scan.cells,
                         rows->column_count);
        } else if (scan.extra != SIZE_MAX) {
            row->bad_column = rows->column_count + 1;
            row->bad_offset = (size_t)(reader->base + scan.extra);
            kundig__fail(&reader->reason, 0, 0,
                         "the row has %zu cells, the header %zu: a text that holds the delimiter "
                         "stands in quotes",
                         scan.cells, rows->column_count);
        } else {
            for (size_t i = 0; i < rows->column_count; i++) {
                reader->offsets[i] += (size_t)reader->base;
            }
            row->cells = reader->cells;
            row->cell_count = rows->column_count;
            row->offsets = reader->offsets;
            int rc = csv_finish_cells(reader, row->cell_count, row->plain, err);
            return rc ? rc : 1;
        }
        row->bad_reason = reader->reason.message;
        return 1;
    }
}

static int csv_rewind(kundig__rows *rows, kundig_error *err)
{
    csv_reader *reader = (csv_reader *)rows;
    if (reader->base == 0 && reader->at_end) {
        reader->at = (size_t)reader->body;
    } else {
        int rc = kundig__file_rewind(reader->file, err);
        reader->base = 0;
        reader->at = 0;
        reader->len = 0;
        reader->at_end = false;
        while (!rc && reader->len < reader->body && !reader->at_end) {
            rc = csv_refill(reader, err);
        }
        if (rc) {
            return rc;
        }
        if (reader->len < reader->body) {
            return kundig__fail(err, KUNDIG_E_IO, 0,
                                "the file became shorter while it was read: give it again");
        }
        reader->at = (size_t)reader->body;
    }
    reader->line = reader->body_line;
    rows->position = reader->body;
    return KUNDIG_OK;
}

static void csv_close(kundig__rows *rows)
{
    csv_reader *reader = (csv_reader *)rows;
    kundig__mem *mem = &reader->context->mem;
    kundig__file_close(reader->file);
    kundig__free(mem, reader->buffer, reader->capacity);
    kundig__free(mem, reader->cells, reader->room * sizeof *reader->cells);
    kundig__free(mem, reader->offsets, reader->room * sizeof *reader->offsets);
    kundig__free(mem, reader->doubled, reader->room);
    kundig__free(mem, reader->work, reader->work_capacity);
    kundig__arena_free(&reader->arena);
    kundig__free(mem, reader, sizeof *reader);
}

/* Keep the header: valid UTF-8, trimmed, in the arena. */
static int csv_keep_header(csv_reader *reader, const csv_scan *scan, kundig_error *err)
{
    kundig__mem *mem = &reader->context->mem;
    kundig_text raw = kundig__text(reader->data + reader->at, scan->end - reader->at);
    int rc = csv_finish_cells(reader, scan->cells, csv_is_plain(raw.data, raw.len), err);
    kundig__buf mended;
    kundig__buf_init(&mended, mem);
    if (rc) {
        goto done;
    }
    reader->rows.header = kundig__arena_text(&reader->arena, raw);
    reader->columns = kundig__arena_alloc(&reader->arena, scan->cells * sizeof *reader->columns);
    if (!reader->rows.header.data || !reader->columns) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (size_t i = 0; i < scan->cells; i++) {
        mended.len = 0;
        kundig__utf8_mend(&mended, reader->cells[i].data, reader->cells[i].len);
        kundig_text name =
            kundig__text_trim(kundig__text(mended.data ? mended.data : "", mended.len));
        reader->columns[i] = kundig__arena_text(&reader->arena, name);
        if (mended.failed || !reader->columns[i].data) {
            rc = kundig__nomem(mem, err);
            goto done;
        }
    }
    reader->rows.columns = reader->columns;
    reader->rows.column_count = scan->cells;
done:
    kundig__buf_free(&mended);
    return rc;
}

static int csv_read_header(csv_reader *reader, kundig_error *err)
{
    csv_scan scan;
    for (;;) {
        if (reader->at == reader->len && reader->at_end) {
            return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                                "the input is empty: a header row and rows are needed");
        }
        int outcome = csv_scan_whole(reader, &scan, err);
        if (outcome < 0) {
            return outcome;
        }
        size_t pos = (size_t)(reader->base + scan.cell);
        if (outcome != CSV_ROW) {
            return kundig__fail(err, KUNDIG_E_FORMAT, pos,
                                "no header row was found: cell %zu of line %llu (byte %zu) %s",
                                scan.cells + 1, (unsigned long long)reader->line, pos,
                                outcome == CSV_LONG || outcome == CSV_HUGE
                                    ? "is too long for a column name"
                                    : "opens a quote that does not close");
        }
        if (scan.odd != SIZE_MAX) {
            pos = (size_t)(reader->base + scan.odd);
            return kundig__fail(err, KUNDIG_E_FORMAT, pos,
                                "in the header, text follows the closing quote of cell %zu (byte "
                                "%zu): a quote inside a quoted cell is written twice",
                                scan.odd_cell, pos);
        }
        if (scan.cells == 1 && scan.end == reader->at) {
            reader->at = scan.next;
            reader->line += 1;
            continue;
        }
        if (scan.cells > CSV_MOST_COLUMNS) {
            return kundig__fail(err, KUNDIG_E_LIMIT, pos,
                                "the header has %zu columns; %d are the most that are read",
                                scan.cells, CSV_MOST_COLUMNS);
        }
        if (scan.cells > reader->room) {
            if (!csv_make_room(reader, scan.cells)) {
                return kundig__nomem(&reader->context->mem, err);
            }
            continue;
        }
        break;
    }
    int rc = csv_keep_header(reader, &scan, err);
    if (rc) {
        return rc;
    }
    /* From here on cells beyond the header's are counted, not kept. */
    size_t columns = reader->rows.column_count;
    if (reader->room > columns && !csv_make_room(reader, columns)) {
        return kundig__nomem(&reader->context->mem, err);
    }
    size_t record = columns < SIZE_MAX / reader->max_field ? columns * reader->max_field : SIZE_MAX;
    size_t most = reader->max_field > CSV_RECORD / 2 ? 2 * reader->max_field : CSV_RECORD;
    reader->max_record = (record < most ? record : most) + 2 * columns + 4;
    reader->line += scan.lines + 1;
    reader->at = scan.next;
    reader->body = reader->base + reader->at;
    reader->body_line = reader->line;
    reader->rows.position = reader->body;
    return KUNDIG_OK;
}

/* "sep=;" in the first line: a hint that spreadsheets write. */
static void csv_take_hint(csv_reader *reader)
{
    const char *at = reader->data + reader->at;
    size_t left = reader->len - reader->at;
    if (left < 6 || memcmp(at, "sep=", 4) != 0 || at[4] == '"' || (unsigned char)at[4] >= 0x80) {
        return;
    }
    size_t end = 5;
    if (at[end] == '\r' && left > 6 && at[end + 1] == '\n') {
        end++;
    }
    if (at[end] == '\n' || at[end] == '\r') {
        reader->delimiter = reader->delimiter ? reader->delimiter : at[4];
        reader->at += end + 1;
        reader->line++;
    }
}

static int csv_open(csv_reader *reader, const kundig__csv_options *options, kundig_error *err)
{
    int rc = KUNDIG_OK;
    reader->rows.next = csv_next;
    reader->rows.rewind = csv_rewind;
    reader->rows.close = csv_close;
    reader->line = 1;
    reader->decode = options->encoding == KUNDIG_ENCODING_WINDOWS_1252;
    reader->max_field = options->max_field ? (size_t)options->max_field : CSV_FIELD;
    reader->max_record = 2 * reader->max_field > CSV_RECORD ? 2 * reader->max_field : CSV_RECORD;
    bool pipe = reader->file && !kundig__file_can_rewind(reader->file);
    while (!rc && !reader->at_end && (pipe || reader->len < CSV_SNIFF)) {
        rc = csv_refill(reader, err);
    }
    if (pipe) {
        reader->rows.size = reader->len;
    }
    if (!rc) {
        rc = kundig__sniff_format(reader->data, reader->len, err);
    }
    if (rc) {
        return rc;
    }
    if (reader->len >= 3 && memcmp(reader->data, "\xEF\xBB\xBF", 3) == 0) {
        reader->rows.had_bom = true;
        reader->at = 3;
    }
    reader->delimiter = options->delimiter;
    csv_take_hint(reader);
    while (reader->at < reader->len &&
           (reader->data[reader->at] == '\n' || reader->data[reader->at] == '\r')) {
        reader->line += reader->data[reader->at] == '\n' || reader->at + 1 == reader->len ||
                        reader->data[reader->at + 1] != '\n';
        reader->at++;
    }
    const char *sample = reader->data + reader->at;
    size_t left = reader->len - reader->at;
    reader->line_end = kundig__sniff_line_end(sample, left);
    if (!reader->delimiter) {
        size_t size = left < CSV_SNIFF ? left : CSV_SNIFF;
        reader->delimiter =
            kundig__sniff_delimiter(sample, size, reader->at_end && size == left, reader->line_end);
    }
    reader->rows.delimiter = reader->delimiter;
    if (!reader->delimiter) {
        reader->delimiter = reader->line_end; /* which is asked first: so, none */
    }
    return csv_read_header(reader, err);
}

static int csv_make(kundig__context *context, kundig__file *file, kundig_text bytes,
                    const kundig__csv_options *options, kundig__rows **out, kundig_error *err)
{
    csv_reader *reader = kundig__alloc_zero(&context->mem, sizeof *reader);
    if (!reader) {
        kundig__file_close(file);
        return kundig__nomem(&context->mem, err);
    }
    reader->context = context;
    reader->file = file;
    reader->data = file ? "" : bytes.data;
    reader->len = bytes.len;
    reader->at_end = !file;
    reader->rows.is_file = file != NULL;
    reader->rows.size = file ? kundig__file_size(file) : bytes.len;
    kundig__arena_init(&reader->arena, &context->mem);
    int rc = csv_open(reader, options, err);
    if (rc) {
        csv_close(&reader->rows);
        return rc;
    }
    *out = &reader->rows;
    return KUNDIG_OK;
}

int kundig__rows_from_file(kundig__context *context, kundig_text path,
                           const kundig__csv_options *options, kundig__rows **out,
                           kundig_error *err)
{
    kundig__file *file = NULL;
    int rc = kundig__file_open(&context->mem, path, &file, err);
    return rc ? rc : csv_make(context, file, kundig__text(NULL, 0), options, out, err);
}

int kundig__rows_from_bytes(kundig__context *context, const char *data, size_t len,
                            const kundig__csv_options *options, kundig__rows **out,
                            kundig_error *err)
{
    return csv_make(context, NULL, kundig__text(len ? data : "", len), options, out, err);
}
