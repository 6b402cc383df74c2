/* Personal data as a table, and texts with it masked.
 *
 * The rules read mended text; offsets are brought back to the bytes as they were given, in one
 * pass. Cost: linear. */
#include "base/text.h"
#include "text/personal.h"
#include "topics/topics.h"

/* A text from outside, mended if need be, and what was found in it. */
typedef struct personal_read {
    kundig__personal personal;
    kundig__buf mended;
    kundig_text text; /* what was read */
} personal_read;

static void personal_read_init(personal_read *read, kundig__mem *mem)
{
    kundig__personal_init(&read->personal, mem);
    kundig__buf_init(&read->mended, mem);
}

static void personal_read_free(personal_read *read)
{
    kundig__personal_free(&read->personal);
    kundig__buf_free(&read->mended);
}

static int personal_read_run(personal_read *read, kundig_text given, uint32_t kinds,
                             kundig_error *err)
{
    kundig__mem *mem = read->personal.mem;
    read->text = given;
    if (given.len < KUNDIG__PERSONAL_MOST &&
        kundig__utf8_valid(given.data, given.len) < given.len) {
        kundig__utf8_mend(&read->mended, given.data, given.len);
        if (read->mended.failed) {
            return kundig__nomem(mem, err);
        }
        read->text = kundig__text(read->mended.data, read->mended.len);
    }
    if (read->text.len >= KUNDIG__PERSONAL_MOST) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                            "a text of %zu bytes is too long: less than 2^30, after mending",
                            given.len);
    }
    int rc = kundig__personal_find(&read->personal, read->text.data, read->text.len,
                                   kinds ? kinds : KUNDIG_PERSONAL_ALL);
    return rc ? kundig__nomem(mem, err) : KUNDIG_OK;
}

int kundig__personal_table(kundig__mem *mem, kundig_text text, uint32_t kinds, kundig_table **out,
                           kundig_error *err)
{
    personal_read read;
    size_t *offsets = NULL;
    size_t count = 0;
    personal_read_init(&read, mem);
    int rc = personal_read_run(&read, text, kinds, err);
    if (rc) {
        goto done;
    }
    count = read.personal.count;
    offsets = kundig__alloc(mem, 2 * count * sizeof *offsets);
    kundig_table *table = offsets ? kundig__table_new(mem) : NULL;
    if (!table) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        offsets[2 * i] = read.personal.spans[i].start;
        offsets[2 * i + 1] = read.personal.spans[i].end;
    }
    if (read.text.data != text.data) {
        kundig__utf8_given_offsets(text.data, text.len, offsets, 2 * count);
    }
    size_t start = kundig__table_column(table, "start", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t end = kundig__table_column(table, "end", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    size_t kind = kundig__table_column(table, "kind", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t found = kundig__table_column(table, "found", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i < count; i++) {
        const kundig__personal_span *span = &read.personal.spans[i];
        kundig__table_row(table);
        kundig__table_set_int(table, start, (int64_t)offsets[2 * i]);
        kundig__table_set_int(table, end, (int64_t)offsets[2 * i + 1]);
        kundig__table_set_text(table, kind, kundig__str(kundig__personal_name(span->kind)));
        kundig__table_set_text(table, found,
                               kundig__text(read.text.data + span->start, span->end - span->start));
    }
    rc = kundig__table_finish(table, out, err);
done:
    kundig__free(mem, offsets, 2 * count * sizeof *offsets);
    personal_read_free(&read);
    return rc;
}

static int personal_check(const char *text, size_t len, uint32_t kinds, const void *out,
                          kundig_error *err)
{
    if (!text && len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "text is NULL and has a length");
    }
    if (!out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "out is NULL");
    }
    if (kinds & ~KUNDIG_PERSONAL_ALL) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "kinds is %lu: add KUNDIG_PERSONAL_ together, or give 0 for all",
                            (unsigned long)kinds);
    }
    return KUNDIG_OK;
}

int kundig_text_personal(const kundig_allocator *allocator, const char *text, size_t len,
                         uint32_t kinds, kundig_table **out, kundig_error *err)
{
    kundig__mem mem;
    int rc = personal_check(text, len, kinds, out, err);
    if (rc) {
        return rc;
    }
    kundig__mem_init(&mem, allocator, 0);
    return kundig__personal_table(&mem, kundig__text(len ? text : "", len), kinds, out, err);
}

int kundig_text_mask(const kundig_allocator *allocator, const char *text, size_t len,
                     uint32_t kinds, kundig_bytes **out, kundig_error *err)
{
    kundig__mem mem;
    kundig__buf masked;
    personal_read read;
    int rc = personal_check(text, len, kinds, out, err);
    if (rc) {
        return rc;
    }
    kundig__mem_init(&mem, allocator, 0);
    kundig__buf_init(&masked, &mem);
    personal_read_init(&read, &mem);
    rc = personal_read_run(&read, kundig__text(len ? text : "", len), kinds, err);
    if (!rc) {
        kundig__personal_mask(&read.personal, read.text.data, read.text.len, &masked);
        rc = kundig__buf_take(&masked, out, err);
    }
    kundig__buf_free(&masked);
    personal_read_free(&read);
    return rc;
}
