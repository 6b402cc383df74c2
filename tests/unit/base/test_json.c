/* JSON: the walk sees what jansson sees, and places are right. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/prng.h"
#include "probe.h"

TestSuite(json, .fini = probe_fini);

typedef struct json_fixture {
    kundig__mem mem;
    kundig__json json;
    kundig_error err;
} json_fixture;

static void json_begin(json_fixture *f)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->mem, &allocator, 0);
    kundig__json_init(&f->json, &f->mem);
}

static void json_end(json_fixture *f)
{
    kundig__json_free(&f->json);
    cr_assert_eq(f->mem.used, 0);
}

static int json_reads(json_fixture *f, const char *text, size_t len)
{
    kundig__place start = {0, 1, 1};
    kundig__json_free(&f->json);
    return kundig__json_read(&f->json, kundig__text(text, len), start, &f->err);
}

/* Are the nodes from `node` on what jansson holds? */
static size_t json_same(const kundig__json *json, size_t node, json_t *value)
{
    const kundig__json_node *it = &json->nodes[node];
    size_t next = node + 1;
    size_t seen = 0;
    cr_assert_lt(node, json->count);
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        cr_assert_eq(it->type, KUNDIG__JSON_OBJECT);
        for (; next < it->next; next = json->nodes[next].next, seen++) {
            json_t *member = json_object_get(value, json->nodes[next].key.data);
            cr_assert(member);
            json_same(json, next, member);
        }
        cr_assert_eq(seen, json_object_size(value));
        break;
    case JSON_ARRAY:
        cr_assert_eq(it->type, KUNDIG__JSON_ARRAY);
        for (; next < it->next; next = json->nodes[next].next, seen++) {
            cr_assert(json->nodes[next].key.data == NULL);
            json_same(json, next, json_array_get(value, seen));
        }
        cr_assert_eq(seen, json_array_size(value));
        break;
    case JSON_STRING:
        cr_assert_eq(it->type, KUNDIG__JSON_STRING);
        cr_assert_eq(it->text.len, json_string_length(value));
        cr_assert_eq(memcmp(it->text.data, json_string_value(value), it->text.len), 0);
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        cr_assert_eq(it->type, KUNDIG__JSON_NUMBER);
        break;
    case JSON_TRUE:
        cr_assert_eq(it->type, KUNDIG__JSON_TRUE);
        break;
    case JSON_FALSE:
        cr_assert_eq(it->type, KUNDIG__JSON_FALSE);
        break;
    default:
        cr_assert_eq(it->type, KUNDIG__JSON_NULL);
    }
    cr_assert_eq(it->next, next);
    return next;
}

static const char *const json_pieces[] = {"{",        "}",
                                          "[",        "]",
                                          ",",        ":",
                                          " ",        "\n",
                                          "\"a\"",    "\"b\"",
                                          "\"\"",     "1",
                                          "-2.5",     "true",
                                          "null",     "\"\\u00e4\"",
                                          "false",    "\"\\n\"",
                                          "\"\\\\\"", "\"ä\"",
                                          "1e3",      "\"\\ud83d\\ude00\"",
                                          "\r\n",     "\"\\\"\\/\""};

/* Make a value of JSON, or something near it. */
static void json_make(kundig__prng *prng, kundig__buf *out, int depth)
{
    uint64_t what = kundig__prng_below(prng, depth > 5 ? 3 : 6);
    if (kundig__prng_below(prng, 60) == 0) { /* now and then what does not belong */
        kundig__buf_str(
            out, json_pieces[kundig__prng_below(prng, sizeof json_pieces / sizeof *json_pieces)]);
    }
    if (kundig__prng_below(prng, 3) == 0) {
        kundig__buf_char(out, " \n\t"[kundig__prng_below(prng, 3)]);
    }
    if (what < 3) {
        kundig__buf_str(out, json_pieces[8 + kundig__prng_below(prng, 14)]);
        return;
    }
    kundig__buf_char(out, what == 3 ? '{' : '[');
    uint64_t count = kundig__prng_below(prng, 4);
    for (uint64_t i = 0; i < count; i++) {
        kundig__buf_str(out, i ? ", " : "");
        if (what == 3) {
            kundig__buf_str(out, "\"\\u006b");
            kundig__buf_int(out, (int64_t)i);
            kundig__buf_str(out, "\" :");
        }
        json_make(prng, out, depth + 1);
    }
    kundig__buf_char(out, what == 3 ? '}' : ']');
}

Test(json, holds_what_jansson_holds)
{
    json_fixture f;
    kundig__prng prng;
    kundig__buf text;
    size_t good = 0;
    size_t bad = 0;
    json_begin(&f);
    kundig__prng_init(&prng, 5);
    kundig__buf_init(&text, &f.mem);
    for (int i = 0; i < 20000; i++) {
        text.len = 0;
        json_make(&prng, &text, 0);
        json_t *value =
            json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
        int rc = json_reads(&f, text.data, text.len);
        cr_assert_eq(rc, value ? KUNDIG_OK : KUNDIG_E_FORMAT, "%.*s", (int)text.len, text.data);
        cr_assert_eq(f.json.fault.line == 0, rc == KUNDIG_OK);
        if (value) {
            cr_assert_eq(json_same(&f.json, 0, value), f.json.count);
        } else {
            cr_assert_leq(f.err.pos, text.len);
        }
        good += value != NULL;
        bad += value == NULL;
        json_decref(value);
    }
    cr_assert(good > 5000 && bad > 300, "%zu %zu", good, bad);
    kundig__buf_free(&text);
    json_end(&f);
}

Test(json, knows_where_values_and_keys_stand)
{
    static const char text[] =
        "{\n  \"\\u00e4\": [1, \"x\xC3\xB6\\n\\ud83d\\ude00y\"],\r\n \"k\":{}}";
    json_fixture f;
    json_begin(&f);
    cr_assert_eq(json_reads(&f, text, sizeof text - 1), KUNDIG_OK);
    cr_assert_eq(f.json.count, 5);
    const kundig__json_node *nodes = f.json.nodes;
    cr_assert(nodes[1].key_place.line == 2 && nodes[1].key_place.column == 3);
    cr_assert(kundig__text_equal(nodes[1].key, KUNDIG__TEXT("ä")));
    cr_assert(nodes[1].place.line == 2 && nodes[1].place.column == 13);
    cr_assert(nodes[3].place.line == 2 && nodes[3].place.column == 17);
    cr_assert(nodes[4].key_place.line == 3 && nodes[4].key_place.column == 2);
    cr_assert_eq(nodes[4].place.pos, sizeof text - 1 - 3);
    /* x, two bytes of o umlaut, a line end, four of an emoji, y, the end */
    static const uint32_t columns[] = {18, 19, 0, 20, 22, 22, 22, 22, 34, 35};
    for (size_t i = 0; i < 10; i++) {
        kundig__place place = kundig__json_place(&nodes[3], kundig__str(text), i);
        cr_assert_eq(place.line, 2);
        cr_assert(!columns[i] || place.column == columns[i], "%zu: %u", i, place.column);
    }
    json_end(&f);
}

Test(json, says_where_it_is_none)
{
    static const struct {
        const char *text;
        int code;
        uint32_t line;
        uint32_t column;
        const char *sentence;
    } cases[] = {
        {"", KUNDIG_E_FORMAT, 1, 1, "this is not JSON: unexpected token near end of file"},
        {"{\"a\" 1}", KUNDIG_E_FORMAT, 1, 6, "this is not JSON: ':' expected near '1'"},
        {"{\"a\": 1,\n\"ä\": 2, \"a\": 3}", KUNDIG_E_FORMAT, 2, 11,
         "this is not JSON: duplicate object key near '\"a\"'"},
        {"{} x", KUNDIG_E_FORMAT, 1, 4, "this is not JSON: end of file expected near 'x'"},
        {"{\"a\": \"b", KUNDIG_E_FORMAT, 1, 9,
         "this is not JSON: premature end of input near '\"b'"},
        {"[1, 2", KUNDIG_E_FORMAT, 1, 6, "this is not JSON: ']' expected near end of file"},
        {"[\"\\u0000\"]", KUNDIG_E_FORMAT, 1, 9, "\\u0000 stands in no text: drop it"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]", KUNDIG_E_LIMIT, 1, 33,
         "this is nested more than 32 levels deep: make it flatter"},
    };
    json_fixture f;
    json_begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(json_reads(&f, cases[i].text, strlen(cases[i].text)), cases[i].code);
        cr_expect_str_eq(f.err.message, cases[i].sentence, "%s: %s", cases[i].text, f.err.message);
        cr_expect_eq(f.json.fault.line, cases[i].line, "%s", cases[i].text);
        cr_expect_eq(f.json.fault.column, cases[i].column, "%s: %u", cases[i].text,
                     f.json.fault.column);
    }
    json_end(&f);
}

Test(json, bounds_depth_and_values)
{
    json_fixture f;
    kundig__buf text;
    json_begin(&f);
    kundig__buf_init(&text, &f.mem);
    for (int i = 0; i < 100000; i++) {
        kundig__buf_char(&text, '[');
    }
    cr_assert_eq(json_reads(&f, text.data, text.len), KUNDIG_E_LIMIT);
    cr_assert_eq(f.err.pos, KUNDIG__JSON_DEPTH);
    text.len = 0;
    kundig__buf_str(&text, "[0");
    for (uint32_t i = 2; i < KUNDIG__JSON_VALUES; i++) {
        kundig__buf_str(&text, ",0");
    }
    kundig__buf_str(&text, "]");
    cr_assert_eq(json_reads(&f, text.data, text.len), KUNDIG_OK);
    cr_assert_eq(f.json.count, KUNDIG__JSON_VALUES);
    text.len--;
    kundig__buf_str(&text, ",0]");
    cr_assert_eq(json_reads(&f, text.data, text.len), KUNDIG_E_LIMIT);
    cr_assert_str_eq(f.err.message, "this holds more than 2097152 values: make it smaller");
    kundig__buf_free(&text);
    json_end(&f);
}

static size_t json_asked;
static size_t json_fail_at;
static size_t json_live;

static void *json_malloc(size_t size)
{
    if (++json_asked >= json_fail_at) {
        return NULL;
    }
    json_live++;
    return malloc(size);
}

static void json_free(void *ptr)
{
    json_live -= ptr != NULL;
    free(ptr);
}

/* Both memories fail: ours through the hook, jansson's through its own. */
Test(json, ends_cleanly_when_memory_fails)
{
    static const char text[] =
        "{\"a\": [\"b\", {\"c\": \"a text that is longer than most\"}, 1.5]}";
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            json_fixture f;
            json_begin(&f);
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = json_reads(&f, text, sizeof text - 1);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
            cr_assert_eq(f.json.fault.line, 0);
            failures += rc != KUNDIG_OK;
            json_end(&f);
        }
    }
    cr_assert_gt(failures, 4);
    int rc = KUNDIG_E_NOMEM;
    json_set_alloc_funcs(json_malloc, json_free);
    for (json_fail_at = 1; rc; json_fail_at++) {
        json_fixture f;
        json_begin(&f);
        json_asked = 0;
        rc = json_reads(&f, text, sizeof text - 1);
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM || rc == KUNDIG_E_FORMAT, "%d", rc);
        cr_assert_eq(json_live, 0, "jansson gives all back");
        json_end(&f);
    }
    cr_assert_gt(json_fail_at, 10);
    json_set_alloc_funcs(malloc, free);
}
