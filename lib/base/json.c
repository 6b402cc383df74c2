/* JSON by jansson, and where each value stands.
 *
 * A first look bounds depth and number of values, so what jansson allocates is bounded too; then
 * jansson decides; then a walk that may trust the text makes the nodes. Invariant: the walk never
 * reads behind the end, for the text is JSON. Cost: three passes. */
#include "base/json.h"

#include <jansson.h>

#include "base/utf8.h"

typedef struct json_walk {
    kundig__json *json;
    kundig_text data;
    kundig__place at;
    kundig__buf text; /* a string without its escapes */
} json_walk;

void kundig__json_init(kundig__json *json, kundig__mem *mem)
{
    memset(json, 0, sizeof *json);
    json->mem = mem;
    kundig__arena_init(&json->arena, mem);
}

void kundig__json_free(kundig__json *json)
{
    kundig__mem *mem = json->mem;
    kundig__free(mem, json->nodes, json->capacity * sizeof *json->nodes);
    kundig__arena_free(&json->arena);
    kundig__json_init(json, mem);
}

/* Refuse what is nested too deep or holds too much, whether it is JSON or not. */
static int json_is_bounded(kundig__json *json, kundig_text data, kundig__place from,
                           kundig_error *err)
{
    size_t depth = 0;
    size_t values = 1;
    bool quoted = false;
    for (size_t pos = from.pos; pos < data.len; pos++) {
        char c = data.data[pos];
        if (quoted) {
            pos += c == '\\';
            quoted = c != '"';
            continue;
        }
        bool opens = c == '[' || c == '{';
        quoted = c == '"';
        values += opens || c == ',';
        depth += opens;
        if (depth > KUNDIG__JSON_DEPTH || values > KUNDIG__JSON_VALUES) {
            json->fault = from;
            kundig__place_move(&json->fault, data, pos);
            return depth > KUNDIG__JSON_DEPTH
                       ? kundig__fail(err, KUNDIG_E_LIMIT, pos,
                                      "this is nested more than %u levels deep: make it flatter",
                                      KUNDIG__JSON_DEPTH)
                       : kundig__fail(err, KUNDIG_E_LIMIT, pos,
                                      "this holds more than %lu values: make it smaller",
                                      (unsigned long)KUNDIG__JSON_VALUES);
        }
        depth -= depth > 0 && (c == ']' || c == '}');
    }
    return KUNDIG_OK;
}

/* Is it JSON? */
static int json_is_valid(kundig__json *json, kundig_text data, kundig__place from,
                         kundig_error *err)
{
    json_error_t error;
    json_t *value = json_loadb(data.data + from.pos, data.len - from.pos,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (value) {
        json_decref(value);
        return KUNDIG_OK;
    }
    enum json_error_code code = json_error_code(&error);
    if (code == json_error_out_of_memory || !error.text[0]) { /* it does not always say so */
        json->mem->limit_hit = false;
        return kundig__nomem(json->mem, err);
    }
    /* jansson counts what it has read, so the last byte of that is where it stopped. */
    size_t pos = from.pos + (error.position > 0 ? (size_t)error.position - 1 : 0);
    if (code == json_error_premature_end_of_input || pos > data.len) {
        pos = data.len;
    }
    while (pos > from.pos && pos < data.len && ((unsigned char)data.data[pos] & 0xC0) == 0x80) {
        pos--;
    }
    json->fault = from;
    kundig__place_move(&json->fault, data, pos);
    return code == json_error_null_character
               ? kundig__fail(err, KUNDIG_E_FORMAT, pos, "\\u0000 stands in no text: drop it")
               : kundig__fail(err, KUNDIG_E_FORMAT, pos, "this is not JSON: %s", error.text);
}

static bool json_walk_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void json_walk_move(json_walk *walk, size_t to)
{
    kundig__place_move(&walk->at, walk->data, to);
}

static char json_walk_skip(json_walk *walk)
{
    size_t pos = walk->at.pos;
    while (json_walk_is_space(walk->data.data[pos])) {
        pos++;
    }
    json_walk_move(walk, pos);
    return walk->data.data[pos];
}

static uint32_t json_walk_hex(const char *text)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) {
        char c = text[i];
        code = code << 4 | (uint32_t)(c <= '9' ? c - '0' : (c & 0x5F) - 'A' + 10);
    }
    return code;
}

/* One byte, or one escape, of a string at text; *used is what it takes. Returns the bytes it
 * means, in out. */
static size_t json_walk_unit(const char *text, size_t *used, char out[4])
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    *used = 1;
    out[0] = text[0];
    if (text[0] != '\\') {
        return 1;
    }
    if (text[1] == 'u') {
        uint32_t code = json_walk_hex(text + 2);
        *used = 6;
        if (code >= 0xD800 && code <= 0xDBFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (json_walk_hex(text + 8) - 0xDC00);
            *used = 12;
        }
        return kundig__utf8_encode(code, out);
    }
    const char *letter = strchr(letters, text[1]);
    *used = 2;
    out[0] = letter ? meant[letter - letters] : text[1];
    return 1;
}

/* The string at walk->at, and on behind it. */
static bool json_walk_string(json_walk *walk, kundig_text *out)
{
    const char *data = walk->data.data;
    size_t pos = walk->at.pos + 1;
    walk->text.len = 0;
    while (data[pos] != '"') {
        char bytes[4];
        size_t used;
        size_t count = json_walk_unit(data + pos, &used, bytes);
        kundig__buf_add(&walk->text, bytes, count);
        pos += used;
    }
    json_walk_move(walk, pos + 1);
    *out = kundig__arena_text(&walk->json->arena,
                              kundig__text(walk->text.len ? walk->text.data : "", walk->text.len));
    return !walk->text.failed && out->data;
}

static int32_t json_walk_scalar(char c)
{
    return c == 't'   ? KUNDIG__JSON_TRUE
           : c == 'f' ? KUNDIG__JSON_FALSE
           : c == 'n' ? KUNDIG__JSON_NULL
                      : KUNDIG__JSON_NUMBER;
}

/* The value at walk->at and all in it; its depth is bounded. false on failure of memory. */
static bool json_walk_value(json_walk *walk, kundig_text key, kundig__place key_place)
{
    kundig__json *json = walk->json;
    kundig__json_node node = {.key = key, .key_place = key_place};
    char c = json_walk_skip(walk);
    size_t index = json->count;
    void *nodes = json->nodes;
    bool room = kundig__grow(json->mem, &nodes, &json->capacity, index + 1, sizeof node);
    json->nodes = nodes;
    node.place = walk->at;
    if (!room) {
        return false;
    }
    json->count++;
    if (c == '"') {
        node.type = KUNDIG__JSON_STRING;
        if (!json_walk_string(walk, &node.text)) {
            return false;
        }
    } else if (c == '[' || c == '{') {
        char end = c == '[' ? ']' : '}';
        node.type = c == '[' ? KUNDIG__JSON_ARRAY : KUNDIG__JSON_OBJECT;
        json_walk_move(walk, walk->at.pos + 1);
        while (json_walk_skip(walk) != end) {
            kundig_text inner = {NULL, 0};
            kundig__place inner_place = {0, 0, 0};
            if (walk->data.data[walk->at.pos] == ',') {
                json_walk_move(walk, walk->at.pos + 1);
                json_walk_skip(walk);
            }
            if (node.type == KUNDIG__JSON_OBJECT) {
                inner_place = walk->at;
                if (!json_walk_string(walk, &inner)) {
                    return false;
                }
                json_walk_skip(walk); /* to the colon */
                json_walk_move(walk, walk->at.pos + 1);
            }
            if (!json_walk_value(walk, inner, inner_place)) {
                return false;
            }
        }
        json_walk_move(walk, walk->at.pos + 1);
    } else {
        size_t pos = walk->at.pos;
        node.type = json_walk_scalar(c);
        while (pos < walk->data.len && !json_walk_is_space(walk->data.data[pos]) &&
               !strchr(",]}", walk->data.data[pos])) {
            pos++;
        }
        json_walk_move(walk, pos);
    }
    node.next = json->count;
    json->nodes[index] = node;
    return true;
}

int kundig__json_read(kundig__json *json, kundig_text data, kundig__place from, kundig_error *err)
{
    static const kundig_text absent = {NULL, 0};
    json_walk walk = {.json = json, .data = data, .at = from};
    kundig__place none = {0, 0, 0};
    json->fault = none;
    int rc = json_is_bounded(json, data, from, err);
    if (!rc) {
        rc = json_is_valid(json, data, from, err);
    }
    if (rc) {
        return rc;
    }
    kundig__buf_init(&walk.text, json->mem);
    bool whole = json_walk_value(&walk, absent, none);
    kundig__buf_free(&walk.text);
    return whole ? KUNDIG_OK : kundig__nomem(json->mem, err);
}

kundig__place kundig__json_place(const kundig__json_node *string, kundig_text data, size_t offset)
{
    kundig__place place = string->place;
    size_t pos = place.pos + 1;
    for (size_t passed = 0;;) {
        char bytes[4];
        size_t used;
        if (data.data[pos] == '"') {
            break;
        }
        passed += json_walk_unit(data.data + pos, &used, bytes);
        if (passed > offset) {
            break;
        }
        pos += used;
    }
    kundig__place_move(&place, data, pos);
    return place;
}
