#define _POSIX_C_SOURCE 200809L
#include "reading.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(csv_read, .fini = probe_fini);

void reading_context(kundig__context *context)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(context, 0, sizeof *context);
    kundig__mem_init(&context->mem, &allocator, 0);
    context->threads = 1;
}

static void reading_put(reading *out, const char *data, size_t len)
{
    size_t at = strlen(out->text);
    if (at + len + 1 < sizeof out->text) {
        memcpy(out->text + at, data, len);
        out->text[at + len] = '\0';
    }
}

static void reading_all(reading *out, kundig__rows *rows)
{
    kundig__row row;
    int got;
    while ((got = rows->next(rows, &row, &out->err)) > 0) {
        reading_put(out, "/", out->rows || out->bad ? 1 : 0);
        if (row.bad_reason) {
            out->bad++;
            out->last_bad = row;
            snprintf(out->reason, sizeof out->reason, "%s", row.bad_reason);
            out->raw[0] = '\0';
            if (row.raw.data && row.raw.len < sizeof out->raw) {
                memcpy(out->raw, row.raw.data, row.raw.len);
                out->raw[row.raw.len] = '\0';
            }
            reading_put(out, "!", 1);
            continue;
        }
        out->rows++;
        for (size_t i = 0; i < row.cell_count; i++) {
            reading_put(out, "[", 1);
            reading_put(out, row.cells[i].data, row.cells[i].len);
            reading_put(out, "]", 1);
        }
    }
    out->rc = got;
}

static void reading_twice(reading *out, kundig__rows *rows)
{
    out->delimiter = rows->delimiter;
    out->had_bom = rows->had_bom;
    reading_all(out, rows);
    static reading again;
    memset(&again, 0, sizeof again);
    cr_assert(rows->rewind(rows, NULL) == KUNDIG_OK);
    reading_all(&again, rows);
    cr_assert_str_eq(out->text, again.text);
    cr_assert(out->last_bad.line == again.last_bad.line);
    rows->close(rows);
}

void read_bytes(reading *out, const char *data, size_t len, const kundig__csv_options *options)
{
    kundig__context context;
    kundig__csv_options none = {0, 0, 0};
    kundig__rows *rows = NULL;
    memset(out, 0, sizeof *out);
    reading_context(&context);
    out->rc =
        kundig__rows_from_bytes(&context, data, len, options ? options : &none, &rows, &out->err);
    if (!out->rc) {
        reading_twice(out, rows);
    }
}

void read_file(reading *out, const char *data, size_t len, const kundig__csv_options *options)
{
    kundig__context context;
    kundig__csv_options none = {0, 0, 0};
    kundig__rows *rows = NULL;
    char path[] = "/tmp/kundig_csv_XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    cr_assert(write(fd, data, len) == (ssize_t)len);
    close(fd);
    memset(out, 0, sizeof *out);
    reading_context(&context);
    out->rc = kundig__rows_from_file(&context, (kundig_text){path, strlen(path)},
                                     options ? options : &none, &rows, &out->err);
    if (!out->rc) {
        reading_twice(out, rows);
    }
    unlink(path);
}

void read_csv(reading *out, const char *data)
{
    static reading other;
    read_bytes(out, data, strlen(data), NULL);
    read_file(&other, data, strlen(data), NULL);
    cr_assert(out->rc == other.rc);
    cr_assert_str_eq(out->text, other.text);
    cr_assert_str_eq(out->reason, other.reason);
    cr_assert_str_eq(out->raw, other.raw);
    cr_assert(out->last_bad.line == other.last_bad.line &&
              out->last_bad.bad_offset == other.last_bad.bad_offset);
}

#define GIVES(data, expected)                                                                      \
    do {                                                                                           \
        reading r;                                                                                 \
        read_csv(&r, data);                                                                        \
        cr_expect(r.rc == 0, "%s", r.err.message);                                                 \
        cr_expect_str_eq(r.text, expected);                                                        \
    } while (0)

Test(csv_read, reads_plain_rows_whatever_the_line_end)
{
    GIVES("a,b\n1,2\n3,4\n", "[1][2]/[3][4]");
    GIVES("a,b\r\n1,2\r\n3,4\r\n", "[1][2]/[3][4]");
    GIVES("a,b\r1,2\r3,4\r", "[1][2]/[3][4]");
    GIVES("a,b\n1,2\n3,4", "[1][2]/[3][4]");
    GIVES("a,b\r\n1,2\r\n3,", "[1][2]/[3][]");
    GIVES("a,b\n,\n", "[][]");
}

Test(csv_read, keeps_line_ends_delimiters_and_doubled_quotes_inside_quotes)
{
    GIVES("a,b\n\"x,y\",\"line\none\"\n\"say \"\"hi\"\"\",\"\"\n",
          "[x,y][line\none]/[say \"hi\"][]");
    GIVES("a,b\r\n\"\"\"\",\"a\r\nb\"\r\n", "[\"][a\r\nb]");
    GIVES("a,b\n\"x\" ,y\n", "[x][y]");
}

Test(csv_read, takes_a_quote_inside_a_plain_cell_as_it_stands)
{
    GIVES("a,b\n5\" pipe,it's \"fine\"\n", "[5\" pipe][it's \"fine\"]");
}

Test(csv_read, skips_blank_lines_and_counts_them_as_lines)
{
    reading r;
    read_csv(&r, "\n\na,b\n\n1,2\n\r\n3\n");
    cr_expect_str_eq(r.text, "[1][2]/!");
    cr_expect(r.last_bad.line == 7, "line %d", (int)r.last_bad.line);
}

Test(csv_read, finds_the_delimiter)
{
    reading r;
    read_csv(&r, "text;score\n\"a; b\";1,5\nc, d, e;2\n");
    cr_expect(r.delimiter == ';');
    cr_expect_str_eq(r.text, "[a; b][1,5]/[c, d, e][2]");
    read_csv(&r, "text\tscore\na, b\t1\n");
    cr_expect(r.delimiter == '\t');
    read_csv(&r, "a|b|c\n1,2|3|4\n");
    cr_expect(r.delimiter == '|');
    read_csv(&r, "comment\nnice, quick\nslow, rude; never again\n");
    cr_expect(r.delimiter == 0);
    cr_expect_str_eq(r.text, "[nice, quick]/[slow, rude; never again]");
    read_csv(&r, "sep=;\r\na,x;b\r\n1;2\r\n");
    cr_expect(r.delimiter == ';');
    cr_expect_str_eq(r.text, "[1][2]");
}

Test(csv_read, passes_over_a_byte_order_mark)
{
    reading r;
    read_csv(&r, "\xEF\xBB\xBF\"a\",b\n1,2\n");
    cr_expect(r.had_bom);
    cr_expect_str_eq(r.text, "[1][2]");
}

Test(csv_read, refuses_rows_with_too_few_or_too_many_cells_and_says_where)
{
    reading r;
    read_csv(&r, "a,b,c\n1,2\n3,4,5\n6,7,8,9\n1,2,3,,\n");
    cr_expect_str_eq(r.text, "!/[3][4][5]/!/[1][2][3]");
    cr_expect(r.last_bad.line == 4 && r.last_bad.offset == 16 && r.last_bad.bad_column == 4 &&
              r.last_bad.bad_offset == 22);
    cr_expect_str_eq(r.raw, "6,7,8,9");
    cr_expect(strstr(r.reason, "4 cells, the header 3"), "%s", r.reason);
}

Test(csv_read, refuses_text_behind_a_closing_quote)
{
    reading r;
    read_csv(&r, "a,b\n\"x\"y,2\n3,\"z\"\n");
    cr_expect_str_eq(r.text, "!/[3][z]");
    cr_expect(r.last_bad.bad_offset == 7 && r.last_bad.bad_column == 1);
    cr_expect_str_eq(r.raw, "\"x\"y,2");
}

Test(csv_read, loses_one_line_to_a_quote_that_never_closes)
{
    reading r;
    read_csv(&r, "a,b\n1,\"open\n2,x\n3,y\n");
    cr_expect_str_eq(r.text, "!/[2][x]/[3][y]");
    cr_expect(r.last_bad.line == 2 && r.last_bad.bad_offset == 6 && r.last_bad.bad_column == 2);
    cr_expect_str_eq(r.raw, "1,\"open");
    cr_expect(strstr(r.reason, "never closes"), "%s", r.reason);
}

Test(csv_read, loses_one_line_to_a_quote_that_the_next_quoted_cell_closes)
{
    reading r;
    read_csv(&r, "a,b\n1,\"open\n2,\"good\"\n3,\"fine\"\n");
    cr_expect_str_eq(r.text, "!/[2][good]/[3][fine]");
    cr_expect(r.last_bad.line == 2 && r.last_bad.bad_offset == 6);
    read_csv(&r, "a,b\n\"two\nlines\",\"open\n2,\"good\"\n");
    cr_expect_str_eq(r.text, "!/[2][good]");
    cr_expect(r.last_bad.line == 2);
    cr_expect_str_eq(r.raw, "\"two\nlines\",\"open");
}

Test(csv_read, counts_lines_inside_quotes)
{
    reading r;
    read_csv(&r, "a,b\n\"1\n2\n3\",x\nbad\n");
    cr_expect(r.last_bad.line == 5);
    read_csv(&r, "a,b\r\"1\r2\r3\",x\rbad\r");
    cr_expect(r.last_bad.line == 5);
}

Test(csv_read, bounds_a_field_and_goes_on)
{
    char data[4000];
    size_t len = 0;
    kundig__csv_options options = {0, 0, 100};
    len += (size_t)sprintf(data + len, "a,b\n1,");
    memset(data + len, 'x', 300);
    len += 300;
    len += (size_t)sprintf(data + len, "\n2,y\n3,\"");
    memset(data + len, 'z', 200);
    len += 200;
    len += (size_t)sprintf(data + len, "\"\n4,w\n");
    for (int pass = 0; pass < 2; pass++) {
        reading r;
        (pass ? read_file : read_bytes)(&r, data, len, &options);
        cr_expect_str_eq(r.text, "!/[2][y]/!/[4][w]");
        cr_expect(r.last_bad.line == 4);
        cr_expect(strstr(r.reason, "too long to keep"), "%s", r.reason);
    }
}

Test(csv_read, keeps_a_field_of_exactly_the_limit)
{
    char data[400];
    kundig__csv_options options = {0, 0, 100};
    for (int over = 0; over < 2; over++) {
        for (int quoted = 0; quoted < 2; quoted++) {
            size_t len = (size_t)sprintf(data, "a,b\n1,%s", quoted ? "\"" : "");
            memset(data + len, 'x', 100 + (size_t)over);
            len += 100 + (size_t)over;
            len += (size_t)sprintf(data + len, "%s\r\n", quoted ? "\"" : "");
            for (int pass = 0; pass < 2; pass++) {
                reading r;
                (pass ? read_file : read_bytes)(&r, data, len, &options);
                cr_expect(r.rows == (size_t)!over && r.bad == (size_t)over, "over %d quoted %d",
                          over, quoted);
            }
        }
    }
}

Test(csv_read, reads_the_same_whatever_the_chunk)
{
    /* Longer than several chunks, so that records, quotes and line ends fall on every border. */
    size_t room = 1500000;
    char *data = malloc(room);
    size_t len = (size_t)sprintf(data, "id,text,score\r\n");
    size_t rows = 0;
    for (; len + 400 < room; rows++) {
        len += (size_t)sprintf(
            data + len, "%zu,\"row \"\"%zu\"\"\r\n%.*s\",%zu\r\n", rows, rows, (int)(rows % 97),
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop"
            "qrstuvwxyzabcdefghijklmnopqrstuvwxyz",
            rows % 11);
    }
    for (int pass = 0; pass < 2; pass++) {
        reading r;
        (pass ? read_file : read_bytes)(&r, data, len, NULL);
        cr_expect(r.rc == 0 && r.rows == rows && r.bad == 0, "%zu of %zu, %zu bad", r.rows, rows,
                  r.bad);
    }
    free(data);
}

Test(csv_read, decodes_windows_1252)
{
    kundig__csv_options options = {0, KUNDIG_ENCODING_WINDOWS_1252, 0};
    reading r;
    read_bytes(&r, "a;b\nM\xFCller;\"5 \x80 \"\"x\"\"\"\n", 23, &options);
    cr_expect_str_eq(r.text, "[M\xC3\xBCller][5 \xE2\x82\xAC \"x\"]");
}

Test(csv_read, says_when_there_is_nothing)
{
    reading r;
    read_csv(&r, "");
    cr_expect(r.rc == KUNDIG_E_EMPTY);
    read_csv(&r, "\n\r\n\n");
    cr_expect(r.rc == KUNDIG_E_EMPTY);
    read_csv(&r, "\xEF\xBB\xBF");
    cr_expect(r.rc == KUNDIG_E_EMPTY);
    read_csv(&r, "a,\"b\n1,2\n");
    cr_expect(r.rc == KUNDIG_E_FORMAT);
    read_csv(&r, "a,b\n");
    cr_expect(r.rc == 0 && r.rows == 0);
}

Test(csv_read, tells_a_missing_file)
{
    kundig__context context;
    kundig__csv_options none = {0, 0, 0};
    kundig__rows *rows = NULL;
    kundig_error err;
    reading_context(&context);
    const char *path = "/nonexistent/kundig.csv";
    cr_expect(kundig__rows_from_file(&context, (kundig_text){path, strlen(path)}, &none, &rows,
                                     &err) == KUNDIG_E_IO);
    cr_expect(!rows);
}

Test(csv_read, bounds_memory_on_a_long_line)
{
    /* 64 MiB without a line end, then a good row: memory stays near max_field. */
    char path[] = "/tmp/kundig_csv_XXXXXX";
    int fd = mkstemp(path);
    kundig__context context;
    kundig__csv_options none = {0, 0, 0};
    kundig__rows *rows = NULL;
    kundig__row row;
    kundig_error err;
    size_t chunk = (size_t)1 << 20;
    char *block = malloc(chunk);
    memset(block, 'x', chunk);
    cr_assert(write(fd, "a,b\n", 4) == 4);
    for (int i = 0; i < 64; i++) {
        cr_assert(write(fd, block, chunk) == (ssize_t)chunk);
    }
    cr_assert(write(fd, "\n1,2\n", 5) == 5);
    close(fd);
    free(block);
    reading_context(&context);
    cr_assert(kundig__rows_from_file(&context, (kundig_text){path, strlen(path)}, &none, &rows,
                                     &err) == KUNDIG_OK);
    cr_expect(rows->next(rows, &row, &err) == 1 && row.bad_reason && !row.raw.data);
    cr_expect(rows->next(rows, &row, &err) == 1 && !row.bad_reason && row.line == 3);
    cr_expect(rows->next(rows, &row, &err) == 0);
    rows->close(rows);
    unlink(path);
    cr_expect(probe_shared.peak_bytes < (size_t)4 << 20, "peak %zu", probe_shared.peak_bytes);
}

Test(csv_read, reads_a_pipe_twice)
{
    int ends[2];
    char path[32];
    kundig__context context;
    kundig__csv_options none = {0, 0, 0};
    kundig__rows *rows = NULL;
    kundig__row row;
    cr_assert(pipe(ends) == 0);
    cr_assert(write(ends[1], "a,b\n1,2\n3,4\n", 12) == 12);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    reading_context(&context);
    cr_assert(kundig__rows_from_file(&context, (kundig_text){path, strlen(path)}, &none, &rows,
                                     NULL) == KUNDIG_OK);
    for (int pass = 0; pass < 2; pass++) {
        cr_expect(rows->next(rows, &row, NULL) == 1 && row.cells[1].data[0] == '2');
        cr_expect(rows->next(rows, &row, NULL) == 1 && rows->next(rows, &row, NULL) == 0);
        cr_expect(rows->rewind(rows, NULL) == KUNDIG_OK);
    }
    rows->close(rows);
    close(ends[0]);
}

Test(csv_read, fails_cleanly_at_every_allocation)
{
    static const char data[] = "id,text,score\n1,\"a \"\"b\"\"\",2\n2,\"open,3\n3,c,4\n";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t at = 1;; at++) {
            kundig__context context;
            kundig__csv_options none = {0, KUNDIG_ENCODING_WINDOWS_1252, 0};
            kundig__rows *rows = NULL;
            kundig__row row;
            kundig_error err;
            reading_context(&context);
            probe_shared.allocations = 0;
            probe_shared.fail_at = at;
            probe_shared.fail_on = forever;
            int rc = kundig__rows_from_bytes(&context, data, sizeof data - 1, &none, &rows, &err);
            int got = rc;
            if (!rc) {
                while ((got = rows->next(rows, &row, &err)) > 0) {
                }
                rows->close(rows);
            }
            probe_shared.fail_at = 0;
            cr_assert(probe_shared.live_blocks == 0, "allocation %zu", at);
            if (got == 0) {
                cr_assert(at > 3);
                break;
            }
            cr_assert(got == KUNDIG_E_NOMEM, "%d", got);
        }
    }
}
