/* Any bytes as a state: raw, and framed as if they stood between a good beginning and a good
 * checksum, so that the checks behind the frame are reached. What loads must save to the same
 * bytes, finish twice the same, and give itself back after it was merged with itself and
 * subtracted. */
#include <stdint.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "text/text.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check_same(kundig_bytes *a, const char *data, size_t len)
{
    check(kundig_bytes_len(a) == len && memcmp(kundig_bytes_data(a), data, len) == 0);
}

static kundig_bytes *finished(const kundig_state *state)
{
    kundig_table *table = NULL;
    kundig_bytes *json = NULL;
    check(kundig_state_finish(state, &table, NULL) == KUNDIG_OK);
    check(kundig_table_to_json(table, &json, NULL) == KUNDIG_OK);
    kundig_table_free(table);
    return json;
}

static void try_load(const char *data, size_t size)
{
    kundig_state *state = NULL;
    kundig_state *same = NULL;
    kundig_error err;
    int rc = kundig_state_load(NULL, data, size, &state, &err);
    if (rc) {
        check(!state && (rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION) && err.pos <= size);
        return;
    }
    kundig_bytes *saved = NULL;
    check(kundig_state_save(state, &saved, NULL) == KUNDIG_OK);
    check_same(saved, data, size);
    kundig_bytes *first = finished(state);
    kundig_bytes *second = finished(state);
    check_same(second, kundig_bytes_data(first), kundig_bytes_len(first));
    check(kundig_state_load(NULL, data, size, &same, NULL) == KUNDIG_OK);
    rc = kundig_state_merge(state, same, &err);
    check(rc == KUNDIG_OK || rc == KUNDIG_E_LIMIT);
    if (!rc) {
        check(kundig_state_subtract(state, same, &err) == KUNDIG_OK);
    }
    kundig_bytes_free(saved);
    check(kundig_state_save(state, &saved, NULL) == KUNDIG_OK);
    check_same(saved, data, size);
    kundig_bytes_free(saved);
    kundig_bytes_free(first);
    kundig_bytes_free(second);
    kundig_state_free(same);
    kundig_state_free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig__mem mem;
    kundig__buf buf;
    kundig__buf rest;
    try_load((const char *)data, size);
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&rest, &mem);
    kundig__put_text(&rest, kundig__str(KUNDIG__TOKENISER_VERSION));
    kundig__put_text(&rest, kundig__str(kundig__unicode_version()));
    kundig__buf_add(&rest, data, size);
    kundig__buf_init(&buf, &mem);
    kundig__buf_str(&buf, "KUNDIGST");
    kundig__put_u32(&buf, 999);
    kundig__put_u64(&buf, (uint64_t)rest.len + 28);
    kundig__buf_add(&buf, rest.data, rest.len);
    kundig__put_u64(&buf, kundig__xxh3(buf.data, buf.len));
    check(!buf.failed && !rest.failed);
    try_load(buf.data, buf.len);
    kundig__buf_free(&buf);
    kundig__buf_free(&rest);
    return 0;
}
