/* kundig for Lua 5.1 to 5.4 and LuaJIT: convert, call, convert.
 *
 * Nearly every call of Lua's C API may jump away, so whatever must be freed stands in a box
 * (userdata) that has its metatable before its object is made. What the library refuses comes back
 * as `nil, message, code, position`; what the caller got wrong is raised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "compat.h"
#include <kundig.h>

#if defined(__GNUC__)
#define KUNDIG_LUA_API __attribute__((visibility("default")))
#else
#define KUNDIG_LUA_API
#endif

#define CORPUS "kundig.corpus"
#define TABLE  "kundig.table"
#define REPORT "kundig.report"
#define STATE  "kundig.state"
#define QUERY  "kundig.query"
#define BYTES  "kundig.bytes"

typedef struct corpus_box {
    kundig *k;
    int progress;   /* whether item 1 of the box's uservalue is a callback: a cycle through it can
                       be collected, one through the registry could not */
    lua_State *now; /* who is inside */
    int raised;     /* the callback raised; its error is on top of now's stack */
} corpus_box;

typedef struct table_box {
    kundig_table *table;
} table_box;

typedef struct report_box {
    kundig_ingest_report *report;
} report_box;

typedef struct state_box {
    kundig_state *state;
} state_box;

typedef struct query_box {
    kundig_query *query;
} query_box;

typedef struct bytes_box {
    kundig_bytes *bytes;
} bytes_box;

/* ---- Boxes and failures --------------------------------------------------------------------- */

static void *new_box(lua_State *L, size_t size, const char *type)
{
    void *box = lua_newuserdata(L, size);

    memset(box, 0, size);
    luaL_getmetatable(L, type);
    lua_setmetatable(L, -2);
    return box;
}

static int fail(lua_State *L, int code, const kundig_error *err)
{
    int told = err->code == code && err->message[0];

    lua_pushnil(L);
    lua_pushstring(L, told ? err->message : kundig_strerror(code));
    lua_pushinteger(L, code);
    lua_pushinteger(L, told ? (lua_Integer)err->pos : 0);
    return 4;
}

static corpus_box *check_corpus(lua_State *L)
{
    corpus_box *box = luaL_checkudata(L, 1, CORPUS);

    luaL_argcheck(L, box->k, 1, "the corpus is closed");
    return box;
}

static kundig_table *check_table(lua_State *L)
{
    table_box *box = luaL_checkudata(L, 1, TABLE);

    luaL_argcheck(L, box->table, 1, "the table is closed");
    return box->table;
}

static kundig_ingest_report *check_report(lua_State *L, int index)
{
    report_box *box = luaL_checkudata(L, index, REPORT);

    luaL_argcheck(L, box->report, index, "the report is closed");
    return box->report;
}

static kundig_state *check_state(lua_State *L, int index)
{
    state_box *box = luaL_checkudata(L, index, STATE);

    luaL_argcheck(L, box->state, index, "the state is closed");
    return box->state;
}

/* The text of the bytes in a box that stands on top, in its place. */
static int return_bytes(lua_State *L, bytes_box *box)
{
    lua_pushlstring(L, kundig_bytes_data(box->bytes), kundig_bytes_len(box->bytes));
    kundig_bytes_free(box->bytes);
    box->bytes = NULL;
    return 1;
}

/* ---- Calls into a corpus -------------------------------------------------------------------- */

static int corpus_progress(void *ud, uint64_t done, uint64_t total)
{
    corpus_box *box = ud;
    lua_State *L = box->now;
    int stop = 0;

    /* corpus_enter() made room on the stack; nothing here may raise outside lua_pcall(). */
    if (!box->progress || !L || box->raised) {
        return box->raised;
    }
    lua_getuservalue(L, 1); /* the corpus: every call that enters it has it there */
    lua_rawgeti(L, -1, 1);
    lua_remove(L, -2);
    lua_pushnumber(L, (lua_Number)done);
    lua_pushnumber(L, (lua_Number)total);
    if (lua_pcall(L, 2, 1, 0)) {
        box->raised = 1;
        return 1;
    }
    stop = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return stop;
}

static lua_State *corpus_enter(lua_State *L, corpus_box *box)
{
    lua_State *before = box->now;

    luaL_checkstack(L, 8, "kundig: no room for a progress callback");
    box->now = L;
    return before;
}

static void corpus_leave(lua_State *L, corpus_box *box, lua_State *before)
{
    box->now = before;
    if (box->raised && !before) {
        box->raised = 0;
        lua_error(L);
    }
}

/* rc = call; an error that the progress callback raised goes on from here. */
#define ENTERED(L, box, rc, call)                                                                  \
    do {                                                                                           \
        lua_State *entered_before = corpus_enter(L, box);                                          \
        (rc) = (call);                                                                             \
        corpus_leave(L, box, entered_before);                                                      \
    } while (0)

/* ---- Options -------------------------------------------------------------------------------- */

/* A table of options whose keys are all known, or nothing. Returns whether there is one. */
static int check_options(lua_State *L, int index, const char *const *known)
{
    if (lua_isnoneornil(L, index)) {
        return 0;
    }
    luaL_checktype(L, index, LUA_TTABLE);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        int found = 0;
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            for (size_t i = 0; known[i] && !found; i++) {
                found = strcmp(known[i], lua_tostring(L, -1)) == 0;
            }
        }
        if (!found) {
            lua_pushvalue(L, -1); /* lua_tostring() may change what it looks at */
            luaL_error(L, "there is no option '%s'",
                       lua_tostring(L, -1) ? lua_tostring(L, -1) : "?");
        }
    }
    return 1;
}

/* Text of an option; absent where there is none. It stays on the stack. */
static kundig_text option_text(lua_State *L, int index, const char *name)
{
    kundig_text text = {NULL, 0};

    lua_getfield(L, index, name);
    if (!lua_isnil(L, -1)) {
        if (lua_type(L, -1) != LUA_TSTRING) {
            luaL_error(L, "%s is a string", name);
        }
        text.data = lua_tolstring(L, -1, &text.len);
    }
    return text;
}

static double option_number(lua_State *L, int index, const char *name)
{
    double number = 0;

    lua_getfield(L, index, name);
    if (!lua_isnil(L, -1)) {
        if (lua_type(L, -1) != LUA_TNUMBER) {
            luaL_error(L, "%s is a number", name);
        }
        number = (double)lua_tonumber(L, -1);
    }
    lua_pop(L, 1);
    return number;
}

static uint64_t option_count(lua_State *L, int index, const char *name)
{
    double number = option_number(L, index, name);

    if (!(number >= 0 && number <= 9007199254740992.0) || (double)(uint64_t)number != number) {
        luaL_error(L, "%s is a whole number of 0 or more", name);
    }
    return (uint64_t)number;
}

/* names[0] has the number 0, and so on. */
static int32_t option_name(lua_State *L, int index, const char *name, const char *const *names)
{
    kundig_text text = option_text(L, index, name);
    int32_t number = 0;

    for (int32_t i = 0; text.data; i++) {
        if (!names[i]) {
            luaL_error(L, "%s: '%s' is unknown", name, text.data);
        }
        if (strcmp(names[i], text.data) == 0) {
            number = i;
            break;
        }
    }
    lua_pop(L, 1);
    return number;
}

static int is_null(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == NULL;
}

/* Push the string keys of the table at index as a list in the order of their bytes (Lua's own
 * order changes from run to run). */
static size_t push_sorted_keys(lua_State *L, int index)
{
    int keys = 0;
    int count = 0;

    lua_newtable(L);
    keys = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            size_t len = 0;
            const char *key = lua_tolstring(L, -1, &len);
            int at = count++;
            for (; at > 0; at--) {
                size_t other_len = 0;
                const char *other = NULL;
                int order = 0;
                lua_rawgeti(L, keys, at);
                other = lua_tolstring(L, -1, &other_len);
                order = memcmp(other, key, other_len < len ? other_len : len);
                if (order < 0 || (order == 0 && other_len < len)) {
                    lua_pop(L, 1);
                    break;
                }
                lua_rawseti(L, keys, at + 1);
            }
            lua_pushvalue(L, -1);
            lua_rawseti(L, keys, at + 1);
        }
    }
    return (size_t)count;
}

/* A number in the shortest form that reads back the same, whatever the locale. */
static void push_number_text(lua_State *L, int index)
{
    char text[64];
    double number = (double)lua_tonumber(L, index);

    if (lua_isinteger(L, index)) {
        lua_pushvalue(L, index);
        lua_tostring(L, -1);
        return;
    }
    if (number > -9007199254740992.0 && number < 9007199254740992.0 &&
        number == (double)(long long)number) {
        snprintf(text, sizeof text, "%.0f", number);
    } else {
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, number);
            if (strtod(text, NULL) == number) {
                break;
            }
        }
        for (char *c = text; *c; c++) {
            if (*c == ',') {
                *c = '.';
            }
        }
    }
    lua_pushstring(L, text);
}

/* ---- Conditions ----------------------------------------------------------------------------- */

/* A question on its way: what the library refuses is kept in rc and err. */
typedef struct asking {
    kundig_query *query;
    int rc;
    kundig_error err;
} asking;

static const struct {
    const char *name;
    int32_t op;
} operators[] = {
    {"=", KUNDIG_OP_EQUAL},
    {"==", KUNDIG_OP_EQUAL},
    {"!=", KUNDIG_OP_NOT_EQUAL},
    {"~=", KUNDIG_OP_NOT_EQUAL},
    {"<", KUNDIG_OP_LESS},
    {"<=", KUNDIG_OP_LESS_OR_EQUAL},
    {">", KUNDIG_OP_GREATER},
    {">=", KUNDIG_OP_GREATER_OR_EQUAL},
    {"in", KUNDIG_OP_IN},
    {"between", KUNDIG_OP_BETWEEN},
    {"contains", KUNDIG_OP_CONTAINS},
    {"missing", KUNDIG_OP_MISSING},
    {NULL, 0},
};

static int32_t operator_number(const char *name)
{
    for (size_t i = 0; operators[i].name; i++) {
        if (strcmp(operators[i].name, name) == 0) {
            return operators[i].op;
        }
    }
    return 0;
}

/* The value on top of the stack, which must stay there while it is used. */
static kundig_value top_value(lua_State *L, const char *field)
{
    kundig_value value;

    memset(&value, 0, sizeof value);
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        value.type = KUNDIG_VALUE_TEXT;
        value.text.data = lua_tolstring(L, -1, &value.text.len);
        break;
    case LUA_TBOOLEAN:
        value.type = KUNDIG_VALUE_BOOL;
        value.boolean = lua_toboolean(L, -1);
        break;
    case LUA_TNUMBER:
        value.type = KUNDIG_VALUE_NUMBER;
        value.number = (double)lua_tonumber(L, -1);
        if (lua_isinteger(L, -1) &&
            (value.number > 9007199254740992.0 || value.number < -9007199254740992.0)) {
            /* No double holds it: an identifier stays itself. */
            lua_tostring(L, -1);
            value.type = KUNDIG_VALUE_TEXT;
            value.number = 0;
            value.text.data = lua_tolstring(L, -1, &value.text.len);
        }
        break;
    default:
        luaL_error(L, "%s: a value is a string, a number or a boolean", field);
    }
    return value;
}

static int combined(asking *ask, int32_t how, const uint32_t *nodes, size_t count, uint32_t *node)
{
    ask->rc = kundig_query_combine(ask->query, how, nodes, count, node, &ask->err);
    return ask->rc == 0;
}

static int missing_node(asking *ask, const char *field, size_t len, uint32_t *node)
{
    ask->rc =
        kundig_query_condition(ask->query, field, len, KUNDIG_OP_MISSING, NULL, 0, node, &ask->err);
    return ask->rc == 0;
}

/* The values are items first.. of the list at `list`. */
static int values_node(lua_State *L, asking *ask, kundig_text field, int32_t op, int list,
                       size_t first, uint32_t *node)
{
    size_t length = lua_rawlen(L, list);
    size_t room = length >= first ? length - first + 1 : 0;
    kundig_value *values = lua_newuserdata(L, (room + 1) * sizeof *values);
    size_t count = 0;
    int missing = 0;
    uint32_t nodes[2];
    size_t node_count = 0;

    if (room > 4096) {
        luaL_error(L, "%s: more than 4096 values", field.data);
    }
    luaL_checkstack(L, (int)room + 8, "too many values");
    for (size_t i = 0; i < room; i++) {
        lua_rawgeti(L, list, (int)(first + i));
        if (is_null(L, -1)) {
            missing = 1;
            lua_pop(L, 1);
        } else {
            values[count++] = top_value(L, field.data);
        }
    }
    if (missing && op != KUNDIG_OP_IN && !(count == 0 && op <= KUNDIG_OP_NOT_EQUAL)) {
        luaL_error(L, "%s: kundig.null has no order", field.data);
    }
    if (missing && !missing_node(ask, field.data, field.len, &nodes[node_count++])) {
        return 0;
    }
    if (count || !missing) {
        ask->rc = kundig_query_condition(ask->query, field.data, field.len, op, values, count,
                                         &nodes[node_count++], &ask->err);
        if (ask->rc) {
            return 0;
        }
    } else if (op == KUNDIG_OP_NOT_EQUAL) {
        return combined(ask, KUNDIG_NONE_OF, nodes, 1, node);
    }
    *node = nodes[0];
    return node_count == 1 || combined(ask, KUNDIG_ANY_OF, nodes, node_count, node);
}

/* {"A", "B"}, {">=", 9}, {"in", {"A", "B"}}, {"not contains", "x"}: on top of the stack. */
static int listed_node(lua_State *L, asking *ask, kundig_text field, uint32_t *node)
{
    int list = lua_gettop(L);
    int negated = 0;
    int32_t op = 0;
    uint32_t inner = 0;

    lua_rawgeti(L, list, 1);
    if (lua_type(L, -1) == LUA_TSTRING) {
        const char *name = lua_tostring(L, -1);
        negated = strncmp(name, "not ", 4) == 0 && operator_number(name + 4);
        op = operator_number(negated ? name + 4 : name);
    }
    lua_pop(L, 1);
    if (!op) {
        return values_node(L, ask, field, KUNDIG_OP_IN, list, 1, node);
    }
    lua_rawgeti(L, list, 2);
    if (op == KUNDIG_OP_IN && lua_istable(L, -1)) {
        if (!values_node(L, ask, field, op, lua_gettop(L), 1, &inner)) {
            return 0;
        }
    } else if (!values_node(L, ask, field, op, list, 2, &inner)) {
        return 0;
    }
    *node = inner;
    return !negated || combined(ask, KUNDIG_NONE_OF, &inner, 1, node);
}

static int field_node(lua_State *L, asking *ask, kundig_text field, uint32_t *node)
{
    kundig_value value;

    if (lua_istable(L, -1)) {
        return listed_node(L, ask, field, node);
    }
    if (is_null(L, -1)) {
        return missing_node(ask, field.data, field.len, node);
    }
    value = top_value(L, field.data);
    ask->rc = kundig_query_condition(ask->query, field.data, field.len, KUNDIG_OP_EQUAL, &value, 1,
                                     node, &ask->err);
    return ask->rc == 0;
}

static const char *const group_names[] = {"kundig.all_of", "kundig.any_of", "kundig.none_of"};

/* KUNDIG_ALL_OF.. of a table that all_of() and its kin made; KUNDIG_ALL_OF of others. */
static int32_t group_kind(lua_State *L, int index)
{
    int32_t how = KUNDIG_ALL_OF;

    if (lua_getmetatable(L, index)) {
        for (int32_t i = 0; i < 3; i++) {
            luaL_getmetatable(L, group_names[i]);
            if (lua_rawequal(L, -1, -2)) {
                how = i + 1;
            }
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return how;
}

/* The condition on top of the stack: a string, or a table whose fields and list items are joined.
 * Leaves things on the stack. */
static int where_node(lua_State *L, asking *ask, int depth, uint32_t *node)
{
    int where = lua_gettop(L);
    size_t items = 0;
    size_t fields = 0;
    int keys = 0;
    uint32_t *nodes = NULL;
    size_t count = 0;
    int32_t how = KUNDIG_ALL_OF;

    luaL_checkstack(L, 16, "a condition is nested too deeply");
    if (lua_type(L, where) == LUA_TSTRING) {
        size_t len = 0;
        const char *text = lua_tolstring(L, where, &len);
        ask->rc = kundig_query_parse(ask->query, text, len, node, &ask->err);
        return ask->rc == 0;
    }
    if (lua_type(L, where) != LUA_TTABLE || depth > 64) {
        luaL_error(L, depth > 64 ? "a condition is nested too deeply"
                                 : "a condition is a string or a table");
    }
    how = group_kind(L, where);
    items = lua_rawlen(L, where);
    fields = push_sorted_keys(L, where);
    keys = lua_gettop(L);
    if (items + fields == 0 || items > 4096) {
        luaL_error(L, items ? "a condition has more than 4096 parts" : "a condition is empty");
    }
    nodes = lua_newuserdata(L, (items + fields) * sizeof *nodes);
    for (size_t i = 1; i <= items; i++) {
        int top = lua_gettop(L);
        lua_rawgeti(L, where, (int)i);
        if (!where_node(L, ask, depth + 1, &nodes[count++])) {
            return 0;
        }
        lua_settop(L, top);
    }
    for (size_t i = 1; i <= fields; i++) {
        int top = lua_gettop(L);
        kundig_text field;
        lua_rawgeti(L, keys, (int)i);
        field.data = lua_tolstring(L, -1, &field.len);
        lua_pushvalue(L, -1);
        lua_rawget(L, where);
        if (!field_node(L, ask, field, &nodes[count++])) {
            return 0;
        }
        lua_settop(L, top);
    }
    *node = nodes[0];
    return (count == 1 && how != KUNDIG_NONE_OF) || combined(ask, how, nodes, count, node);
}

static int pack_group(lua_State *L, const char *name)
{
    int count = lua_gettop(L);

    lua_createtable(L, count, 0);
    for (int i = count; i >= 1; i--) {
        lua_pushvalue(L, i);
        lua_rawseti(L, -2, i);
    }
    luaL_getmetatable(L, name);
    lua_setmetatable(L, -2);
    return 1;
}

static int module_all_of(lua_State *L)
{
    return pack_group(L, group_names[0]);
}

static int module_any_of(lua_State *L)
{
    return pack_group(L, group_names[1]);
}

static int module_none_of(lua_State *L)
{
    return pack_group(L, group_names[2]);
}

/* ---- Questions ------------------------------------------------------------------------------ */

static const char *const every_names[] = {"none", "day", "week", "month", "quarter", "year", NULL};
static const char *const of_names[] = {"records", "customers", NULL};
static const char *const interval_names[] = {"default", "wald", "score", NULL};
static const char *const page_names[] = {"text", "json", NULL};

#define QUERY_OPTIONS                                                                              \
    "by", "where", "every", "zone", "of", "question", "interval", "level", "min_n", "purpose",     \
        "as_of"

static int ask_text(lua_State *L, asking *ask, int options, const char *name,
                    int (*set)(kundig_query *, const char *, size_t, kundig_error *))
{
    kundig_text text = option_text(L, options, name);

    if (!ask->rc && text.data) {
        ask->rc = set(ask->query, text.data, text.len, &ask->err);
    }
    lua_pop(L, 1);
    return ask->rc == 0;
}

static int ask_groups(lua_State *L, asking *ask, int options)
{
    size_t count = 0;

    lua_getfield(L, options, "by");
    if (lua_istable(L, -1)) {
        count = lua_rawlen(L, -1);
        for (size_t i = 1; i <= count && !ask->rc; i++) {
            kundig_text field = {NULL, 0};
            lua_rawgeti(L, -1, (int)i);
            if (lua_type(L, -1) != LUA_TSTRING) {
                luaL_error(L, "by is a field's name or a list of names");
            }
            field.data = lua_tolstring(L, -1, &field.len);
            ask->rc = kundig_query_group_by(ask->query, field.data, field.len, &ask->err);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        return ask->rc == 0;
    }
    lua_pop(L, 1);
    return ask_text(L, ask, options, "by", kundig_query_group_by);
}

static int ask_numbers(lua_State *L, asking *ask, int options)
{
    int32_t every = option_name(L, options, "every", every_names);
    int32_t unit = option_name(L, options, "of", of_names);
    int32_t interval = option_name(L, options, "interval", interval_names);
    double level = option_number(L, options, "level");
    uint64_t min_n = option_count(L, options, "min_n");

    ask->rc = kundig_query_set_every(ask->query, every, &ask->err);
    if (!ask->rc) {
        ask->rc = kundig_query_set_unit(ask->query, unit, &ask->err);
    }
    if (!ask->rc) {
        ask->rc = kundig_query_set_interval(ask->query, interval, level, &ask->err);
    }
    if (!ask->rc) {
        ask->rc = kundig_query_set_min_n(ask->query, min_n, &ask->err);
    }
    lua_getfield(L, options, "as_of");
    if (!ask->rc && !lua_isnil(L, -1)) {
        int64_t as_of = (int64_t)option_number(L, options, "as_of");
        ask->rc = kundig_query_set_as_of(ask->query, as_of, &ask->err);
    }
    lua_pop(L, 1);
    return ask->rc == 0;
}

/* A condition among the options; present says whether there is one. */
static int ask_where(lua_State *L, asking *ask, int options, const char *name, int *present,
                     uint32_t *node)
{
    int top = lua_gettop(L);

    lua_getfield(L, options, name);
    *present = !lua_isnil(L, -1);
    if (*present && !where_node(L, ask, 0, node)) {
        return 0;
    }
    lua_settop(L, top);
    return 1;
}

/* Make a query in a box on the stack. metric: 0 for none, else where its name stands. */
static int ask_new(lua_State *L, asking *ask, int metric, int options)
{
    query_box *box = NULL;
    int present = 0;
    uint32_t node = 0;

    memset(ask, 0, sizeof *ask);
    if (metric) {
        luaL_checktype(L, metric, LUA_TSTRING);
    }
    box = new_box(L, sizeof *box, QUERY);
    ask->rc = kundig_query_new(NULL, &box->query);
    ask->query = box->query;
    if (!ask->rc && metric) {
        size_t len = 0;
        const char *name = lua_tolstring(L, metric, &len);
        ask->rc = kundig_query_set_metric(ask->query, name, len, &ask->err);
    }
    if (ask->rc || !options) {
        return ask->rc == 0;
    }
    if (!ask_text(L, ask, options, "question", kundig_query_set_question) ||
        !ask_text(L, ask, options, "zone", kundig_query_set_zone) ||
        !ask_text(L, ask, options, "purpose", kundig_query_set_purpose) ||
        !ask_groups(L, ask, options) || !ask_numbers(L, ask, options) ||
        !ask_where(L, ask, options, "where", &present, &node)) {
        return 0;
    }
    if (present) {
        ask->rc = kundig_query_keep(ask->query, node, &ask->err);
    }
    return ask->rc == 0;
}

static int corpus_measure(lua_State *L)
{
    static const char *const known[] = {QUERY_OPTIONS, NULL};
    corpus_box *box = check_corpus(L);
    int options = check_options(L, 3, known) ? 3 : 0;
    asking ask;
    table_box *result = new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (ask_new(L, &ask, 2, options)) {
        ENTERED(L, box, ask.rc, kundig_measure(box->k, ask.query, &result->table, &ask.err));
    }
    if (ask.rc) {
        return fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int corpus_compare(lua_State *L)
{
    static const char *const known[] = {"a", "b", QUERY_OPTIONS, NULL};
    corpus_box *box = check_corpus(L);
    asking ask;
    table_box *result = NULL;
    int place = 0;
    int a_present = 0;
    int b_present = 0;
    uint32_t a = 0;
    uint32_t b = 0;

    luaL_argcheck(L, check_options(L, 3, known), 3, "a and b are needed");
    result = new_box(L, sizeof *result, TABLE);
    place = lua_gettop(L);
    if (ask_new(L, &ask, 2, 3) && ask_where(L, &ask, 3, "a", &a_present, &a) &&
        ask_where(L, &ask, 3, "b", &b_present, &b)) {
        luaL_argcheck(L, a_present && b_present, 3, "a and b are needed");
        ENTERED(L, box, ask.rc, kundig_compare(box->k, ask.query, a, b, &result->table, &ask.err));
    }
    if (ask.rc) {
        return fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int corpus_comments(lua_State *L)
{
    static const char *const known[] = {"where", "zone", "purpose", "as_of", "limit", NULL};
    corpus_box *box = check_corpus(L);
    int options = check_options(L, 2, known) ? 2 : 0;
    uint64_t limit = options ? option_count(L, options, "limit") : 0;
    asking ask;
    table_box *result = new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (ask_new(L, &ask, 0, options)) {
        ENTERED(L, box, ask.rc,
                kundig_comments(box->k, ask.query, (size_t)limit, &result->table, &ask.err));
    }
    if (ask.rc) {
        return fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int corpus_analyze(lua_State *L)
{
    static const char *const known[] = {"report", "format",      "width", "color",
                                        "title",  QUERY_OPTIONS, NULL};
    corpus_box *box = check_corpus(L);
    int options = check_options(L, 2, known) ? 2 : 0;
    kundig_analyze_options page;
    const kundig_ingest_report *report = NULL;
    asking ask;
    bytes_box *result = NULL;

    kundig_analyze_options_init(&page);
    if (options) {
        page.format = option_name(L, options, "format", page_names);
        page.width = (uint32_t)option_count(L, options, "width");
        lua_getfield(L, options, "color");
        page.color = lua_toboolean(L, -1);
        lua_pop(L, 1);
        page.title = option_text(L, options, "title");
        lua_getfield(L, options, "report");
        if (!lua_isnil(L, -1)) {
            report = check_report(L, lua_gettop(L));
        }
    }
    result = new_box(L, sizeof *result, BYTES);
    if (ask_new(L, &ask, 0, options)) {
        ENTERED(L, box, ask.rc,
                kundig_analyze(box->k, ask.query, report, &page, &result->bytes, &ask.err));
    }
    return ask.rc ? fail(L, ask.rc, &ask.err) : return_bytes(L, result);
}

static int corpus_state(lua_State *L)
{
    static const char *const known[] = {QUERY_OPTIONS, NULL};
    corpus_box *box = check_corpus(L);
    int options = check_options(L, 3, known) ? 3 : 0;
    asking ask;
    state_box *result = new_box(L, sizeof *result, STATE);
    int place = lua_gettop(L);

    if (ask_new(L, &ask, 2, options)) {
        ENTERED(L, box, ask.rc, kundig_state_new(box->k, ask.query, &result->state, &ask.err));
    }
    if (ask.rc) {
        return fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

/* ---- Ingest --------------------------------------------------------------------------------- */

static const char *const dates_names[] = {"guess", "day-first", "month-first", NULL};
static const char *const kind_names[] = {"unknown",  "survey",   "review",    "ticket",
                                         "call",     "chat",     "interview", "user_lab",
                                         "workshop", "employee", NULL};
static const char *const encoding_names[] = {"utf-8", "windows-1252", NULL};

static void add_map_part(lua_State *L, luaL_Buffer *out, int *first, const char *field, int column)
{
    size_t len = 0;
    const char *name = lua_tolstring(L, column, &len);
    int quoted = memchr(name, ',', len) || memchr(name, '=', len) || memchr(name, '"', len) ||
                 (len && (name[0] == ' ' || name[len - 1] == ' '));

    if (!*first) {
        luaL_addchar(out, ',');
    }
    *first = 0;
    luaL_addstring(out, field);
    luaL_addchar(out, '=');
    if (!quoted) {
        luaL_addlstring(out, name, len);
        return;
    }
    luaL_addchar(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '"') {
            luaL_addchar(out, '"');
        }
        luaL_addchar(out, name[i]);
    }
    luaL_addchar(out, '"');
}

/* {nps = "Score", attribute = {"Plan", "Region"}} as the library writes mappings; pushed. */
static kundig_text option_map(lua_State *L, int options)
{
    kundig_text text = {NULL, 0};
    int map = 0;
    int keys = 0;
    size_t count = 0;

    lua_getfield(L, options, "map");
    if (!lua_istable(L, -1)) {
        lua_pop(L, 1);
        return option_text(L, options, "map");
    }
    map = lua_gettop(L);
    count = push_sorted_keys(L, map);
    keys = lua_gettop(L);
    lua_newtable(L); /* the parts; a luaL_Buffer allows nothing else on the stack */
    for (size_t i = 1, parts = 0; i <= count; i++) {
        size_t columns = 0;
        lua_rawgeti(L, keys, (int)i);
        lua_pushvalue(L, -1);
        lua_rawget(L, map);
        columns = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
        for (size_t j = 0; j < (columns ? columns : 1); j++) {
            int first = 1;
            luaL_Buffer buffer;
            lua_pushvalue(L, -1);
            if (columns) {
                lua_rawgeti(L, -1, (int)j + 1);
                lua_remove(L, -2);
            }
            if (lua_type(L, -1) != LUA_TSTRING) {
                luaL_error(L, "map: a column's name is a string");
            }
            /* Stack: ..., parts, field, columns, column */
            {
                const char *field = lua_tostring(L, -3);
                int column = lua_gettop(L);
                luaL_buffinit(L, &buffer);
                add_map_part(L, &buffer, &first, field, column);
                luaL_pushresult(&buffer);
            }
            lua_rawseti(L, keys + 1, (int)++parts);
            lua_pop(L, 1);
        }
        lua_pop(L, 2);
    }
    {
        luaL_Buffer buffer;
        size_t parts = lua_rawlen(L, keys + 1);
        luaL_buffinit(L, &buffer);
        for (size_t i = 1; i <= parts; i++) {
            if (i > 1) {
                luaL_addchar(&buffer, ',');
            }
            lua_rawgeti(L, keys + 1, (int)i);
            luaL_addvalue(&buffer);
        }
        luaL_pushresult(&buffer);
    }
    text.data = lua_tolstring(L, -1, &text.len);
    return text;
}

/* Push the column names of all rows, in the order of their bytes. */
static size_t push_row_columns(lua_State *L, int rows, size_t row_count)
{
    int all = 0;

    lua_newtable(L);
    all = lua_gettop(L);
    for (size_t i = 1; i <= row_count; i++) {
        lua_rawgeti(L, rows, (int)i);
        if (!lua_istable(L, -1)) {
            luaL_error(L, "row %d is not a table", (int)i);
        }
        lua_pushnil(L);
        while (lua_next(L, -2)) {
            lua_pop(L, 1);
            if (lua_type(L, -1) != LUA_TSTRING) {
                luaL_error(L, "row %d: a column's name is a string", (int)i);
            }
            lua_pushvalue(L, -1);
            lua_pushboolean(L, 1);
            lua_rawset(L, all);
        }
        lua_pop(L, 1);
    }
    return push_sorted_keys(L, all);
}

typedef struct cell_grid {
    kundig_text *columns;
    kundig_text *cells;
    size_t column_count;
    size_t row_count;
} cell_grid;

/* The text of the cell on top of the stack, kept alive in the table at anchor; popped. */
static kundig_text pop_cell(lua_State *L, int anchor, size_t *anchored, size_t row,
                            const char *column)
{
    kundig_text text = {NULL, 0};
    double number = 0;

    switch (lua_type(L, -1)) {
    case LUA_TNIL:
        break;
    case LUA_TBOOLEAN:
        text.data = lua_toboolean(L, -1) ? "true" : "false";
        text.len = strlen(text.data);
        break;
    case LUA_TNUMBER:
        number = (double)lua_tonumber(L, -1);
        if (number != number) {
            break; /* NaN: missing */
        }
        push_number_text(L, lua_gettop(L));
        lua_remove(L, -2);
        /* fall through */
    case LUA_TSTRING:
        text.data = lua_tolstring(L, -1, &text.len);
        /* A progress callback may change the rows: the text must not depend on them. */
        lua_pushvalue(L, -1);
        lua_rawseti(L, anchor, (int)++*anchored);
        break;
    default:
        if (!is_null(L, -1)) {
            luaL_error(L, "row %d, %s: a cell is a string, a number or a boolean", (int)row,
                       column);
        }
    }
    lua_pop(L, 1);
    return text;
}

/* The rows on top of the stack as cells; everything they borrow is left on the stack. */
static void rows_to_cells(lua_State *L, cell_grid *grid)
{
    int rows = lua_gettop(L);
    int names = 0;
    int anchor = 0;
    size_t anchored = 0;
    size_t cell_count = 0;

    grid->row_count = lua_rawlen(L, rows);
    grid->column_count = push_row_columns(L, rows, grid->row_count);
    names = lua_gettop(L);
    lua_newtable(L);
    anchor = lua_gettop(L);
    if (grid->column_count && grid->row_count > (size_t)0x7fffffff / grid->column_count) {
        luaL_error(L, "too many cells; write a file and ingest that");
    }
    cell_count = grid->row_count * grid->column_count;
    grid->columns = lua_newuserdata(L, (grid->column_count + 1) * sizeof *grid->columns);
    grid->cells = lua_newuserdata(L, (cell_count + 1) * sizeof *grid->cells);
    for (size_t j = 0; j < grid->column_count; j++) {
        lua_rawgeti(L, names, (int)j + 1);
        grid->columns[j].data = lua_tolstring(L, -1, &grid->columns[j].len);
        lua_pop(L, 1); /* names keeps it */
    }
    for (size_t i = 0; i < grid->row_count; i++) {
        lua_rawgeti(L, rows, (int)i + 1);
        for (size_t j = 0; j < grid->column_count; j++) {
            lua_rawgeti(L, names, (int)j + 1);
            lua_rawget(L, -2);
            grid->cells[i * grid->column_count + j] =
                pop_cell(L, anchor, &anchored, i + 1, grid->columns[j].data);
        }
        lua_pop(L, 1);
    }
}

static void ingest_options(lua_State *L, int options, kundig_ingest_options *out)
{
    kundig_text delimiter;

    kundig_ingest_options_init(out);
    if (!options) {
        return;
    }
    out->source = option_text(L, options, "source");
    out->zone = option_text(L, options, "zone");
    out->map = option_map(L, options);
    out->dates = option_name(L, options, "dates", dates_names);
    out->kind = option_name(L, options, "kind", kind_names);
    out->encoding = option_name(L, options, "encoding", encoding_names);
    out->max_field = option_count(L, options, "max_field");
    out->max_rejects = option_count(L, options, "max_rejects");
    delimiter = option_text(L, options, "delimiter");
    if (delimiter.data) {
        if (delimiter.len != 1) {
            luaL_error(L, "a delimiter is one ASCII character");
        }
        out->delimiter = delimiter.data[0];
    }
}

/* k:ingest(path, options), k:ingest({rows = {...}}, options), k:ingest({bytes = "..."}, options) */
static int corpus_ingest(lua_State *L)
{
    static const char *const forms[] = {"rows", "bytes", NULL};
    static const char *const known[] = {"source",   "zone",      "map",         "dates",     "kind",
                                        "encoding", "max_field", "max_rejects", "delimiter", NULL};
    corpus_box *box = check_corpus(L);
    int options = check_options(L, 3, known) ? 3 : 0;
    kundig_ingest_options given;
    kundig_error err = {0, 0, {0}};
    cell_grid grid = {NULL, NULL, 0, 0};
    kundig_text text = {NULL, 0};
    report_box *result = NULL;
    int place = 0;
    int values = 0;
    int rc = 0;

    result = new_box(L, sizeof *result, REPORT);
    place = lua_gettop(L);
    ingest_options(L, options, &given);
    if (lua_type(L, 2) == LUA_TSTRING) {
        text.data = lua_tolstring(L, 2, &text.len);
        ENTERED(L, box, rc,
                kundig_ingest_file(box->k, text.data, text.len, &given, &result->report, &err));
    } else {
        luaL_argcheck(L, check_options(L, 2, forms), 2, "a path, {rows = ...} or {bytes = ...}");
        text = option_text(L, 2, "bytes");
        lua_getfield(L, 2, "rows");
        luaL_argcheck(L, !text.data == !lua_isnil(L, -1), 2, "either rows or bytes");
        if (text.data) {
            ENTERED(
                L, box, rc,
                kundig_ingest_bytes(box->k, text.data, text.len, &given, &result->report, &err));
        } else {
            luaL_argcheck(L, lua_istable(L, -1), 2, "rows is a list of tables");
            rows_to_cells(L, &grid);
            ENTERED(L, box, rc,
                    kundig_ingest_cells(box->k, grid.columns, grid.column_count, grid.cells,
                                        grid.row_count, &given, &result->report, &err));
        }
    }
    if (rc) {
        values = fail(L, rc, &err);
        if (result->report) {
            lua_pushvalue(L, place);
            values++;
        }
        return values;
    }
    lua_pushvalue(L, place);
    return 1;
}

/* ---- Corpus --------------------------------------------------------------------------------- */

static int module_open(lua_State *L)
{
    static const char *const known[] = {"threads",       "memory_limit", "zone_directory",
                                        "pseudonym_key", "progress",     NULL};
    size_t len = 0;
    const char *path = luaL_optlstring(L, 1, ":memory:", &len);
    int options = check_options(L, 2, known) ? 2 : 0;
    kundig_options given;
    kundig_error err = {0, 0, {0}};
    corpus_box *box = new_box(L, sizeof *box, CORPUS);
    int place = lua_gettop(L);
    int rc = 0;

    kundig_options_init(&given);
    if (options) {
        given.threads = (uint32_t)option_count(L, options, "threads");
        given.memory_limit = option_count(L, options, "memory_limit");
        given.zone_directory = option_text(L, options, "zone_directory");
        given.pseudonym_key = option_text(L, options, "pseudonym_key");
        lua_getfield(L, options, "progress");
        if (!lua_isnil(L, -1)) {
            luaL_argcheck(L, lua_isfunction(L, -1), 2, "progress is a function");
            lua_newtable(L);
            lua_insert(L, -2);
            lua_rawseti(L, -2, 1);
            lua_setuservalue(L, place);
            box->progress = 1;
            given.progress = corpus_progress;
            given.progress_ud = box;
        }
    }
    rc = kundig_open(path, len, &given, &box->k, &err);
    if (rc) {
        return fail(L, rc, &err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int corpus_close(lua_State *L)
{
    corpus_box *box = luaL_checkudata(L, 1, CORPUS);

    luaL_argcheck(L, !box->now, 1, "the corpus is at work");
    kundig_close(box->k);
    box->k = NULL;
    return 0;
}

static int corpus_tostring(lua_State *L)
{
    corpus_box *box = luaL_checkudata(L, 1, CORPUS);

    lua_pushstring(L, box->k ? "kundig corpus" : "kundig corpus, closed");
    return 1;
}

static int corpus_fields(lua_State *L)
{
    corpus_box *box = check_corpus(L);
    table_box *result = new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_fields(box->k, &result->table, &err));
    return rc ? fail(L, rc, &err) : 1;
}

static int corpus_conflicts(lua_State *L)
{
    corpus_box *box = check_corpus(L);
    table_box *result = new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_conflicts(box->k, &result->table, &err));
    return rc ? fail(L, rc, &err) : 1;
}

static int corpus_add_zone(lua_State *L)
{
    corpus_box *box = check_corpus(L);
    size_t len = 0;
    size_t size = 0;
    const char *name = luaL_checklstring(L, 2, &len);
    const char *data = luaL_checklstring(L, 3, &size);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_zone_add(box->k, name, len, data, size, &err));
    if (rc) {
        return fail(L, rc, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* ---- Table ---------------------------------------------------------------------------------- */

static int table_close(lua_State *L)
{
    table_box *box = luaL_checkudata(L, 1, TABLE);

    kundig_table_free(box->table);
    box->table = NULL;
    return 0;
}

static int table_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)kundig_table_row_count(check_table(L)));
    return 1;
}

static void push_cell(lua_State *L, const kundig_table *table, size_t row, size_t column)
{
    kundig_text text;

    if (kundig_table_is_null(table, row, column)) {
        lua_pushnil(L);
        return;
    }
    switch (kundig_table_column_type(table, column)) {
    case KUNDIG_COLUMN_TEXT:
        text = kundig_table_text(table, row, column);
        lua_pushlstring(L, text.data, text.len);
        break;
    case KUNDIG_COLUMN_INT:
        lua_pushinteger(L, (lua_Integer)kundig_table_int(table, row, column));
        break;
    case KUNDIG_COLUMN_BOOL:
        lua_pushboolean(L, kundig_table_int(table, row, column) != 0);
        break;
    default:
        lua_pushnumber(L, kundig_table_number(table, row, column));
    }
}

/* A table of column names and values; what is null is absent. */
static void push_row(lua_State *L, const kundig_table *table, size_t row)
{
    size_t count = kundig_table_column_count(table);

    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, kundig_table_column_name(table, i));
        push_cell(L, table, row, i);
        lua_rawset(L, -3);
    }
}

static int table_rows(lua_State *L)
{
    const kundig_table *table = check_table(L);
    size_t count = kundig_table_row_count(table);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        push_row(L, table, i);
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

static int table_row(lua_State *L)
{
    const kundig_table *table = check_table(L);
    lua_Integer row = luaL_checkinteger(L, 2);

    luaL_argcheck(L, row >= 1 && (size_t)row <= kundig_table_row_count(table), 2,
                  "the table has no such row");
    push_row(L, table, (size_t)row - 1);
    return 1;
}

/* The values of a column by row number; what is null is absent. */
static int table_column(lua_State *L)
{
    const kundig_table *table = check_table(L);
    size_t len = 0;
    const char *name = luaL_checklstring(L, 2, &len);
    size_t column = kundig_table_find_column(table, name, len);
    size_t count = kundig_table_row_count(table);

    luaL_argcheck(L, column != SIZE_MAX, 2, "the table has no such column");
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        push_cell(L, table, i, column);
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

static int table_columns(lua_State *L)
{
    const kundig_table *table = check_table(L);
    size_t count = kundig_table_column_count(table);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, kundig_table_column_name(table, i));
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

static int table_notes(lua_State *L)
{
    const kundig_table *table = check_table(L);
    size_t count = kundig_table_note_count(table);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, kundig_table_note(table, i));
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

static int table_json(lua_State *L)
{
    const kundig_table *table = check_table(L);
    bytes_box *result = new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_table_to_json(table, &result->bytes, &err);

    return rc ? fail(L, rc, &err) : return_bytes(L, result);
}

static int table_csv(lua_State *L)
{
    const kundig_table *table = check_table(L);
    bytes_box *result = new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_table_to_csv(table, &result->bytes, &err);

    return rc ? fail(L, rc, &err) : return_bytes(L, result);
}

static int table_page(lua_State *L)
{
    static const char *const known[] = {"width", "color", NULL};
    const kundig_table *table = check_table(L);
    kundig_page_options page;
    bytes_box *result = NULL;
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    kundig_page_options_init(&page);
    if (check_options(L, 2, known)) {
        page.width = (uint32_t)option_count(L, 2, "width");
        lua_getfield(L, 2, "color");
        page.color = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    result = new_box(L, sizeof *result, BYTES);
    rc = kundig_table_to_page(table, &page, &result->bytes, &err);
    return rc ? fail(L, rc, &err) : return_bytes(L, result);
}

static int table_tostring(lua_State *L)
{
    table_box *box = luaL_checkudata(L, 1, TABLE);

    if (!box->table) {
        lua_pushstring(L, "kundig table, closed");
        return 1;
    }
    lua_settop(L, 1);
    if (table_page(L) != 1) {
        return lua_error(L); /* not a string on top: out of memory */
    }
    return 1;
}

static int module_metrics(lua_State *L)
{
    table_box *result = new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_metrics(NULL, &result->table, &err);

    return rc ? fail(L, rc, &err) : 1;
}

/* ---- Report --------------------------------------------------------------------------------- */

static int report_close(lua_State *L)
{
    report_box *box = luaL_checkudata(L, 1, REPORT);

    kundig_ingest_report_free(box->report);
    box->report = NULL;
    return 0;
}

static int report_table(lua_State *L, int which)
{
    kundig_ingest_report *report = check_report(L, 1);
    table_box *result = new_box(L, sizeof *result, TABLE);

    result->table = kundig_table_retain(kundig_ingest_report_table(report, which));
    return 1;
}

static int report_mapping(lua_State *L)
{
    return report_table(L, KUNDIG_INGEST_MAPPING);
}

static int report_rejects(lua_State *L)
{
    return report_table(L, KUNDIG_INGEST_REJECTS);
}

static int report_findings(lua_State *L)
{
    return report_table(L, KUNDIG_INGEST_FINDINGS);
}

/* Counts by name. */
static int report_summary(lua_State *L)
{
    const kundig_table *table =
        kundig_ingest_report_table(check_report(L, 1), KUNDIG_INGEST_SUMMARY);
    size_t count = kundig_table_row_count(table);

    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        push_cell(L, table, i, 0);
        push_cell(L, table, i, 1);
        lua_rawset(L, -3);
    }
    return 1;
}

static int report_rejects_csv(lua_State *L)
{
    const kundig_ingest_report *report = check_report(L, 1);
    bytes_box *result = new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_ingest_report_rejects(report, &result->bytes, &err);

    return rc ? fail(L, rc, &err) : return_bytes(L, result);
}

static int report_tostring(lua_State *L)
{
    report_box *box = luaL_checkudata(L, 1, REPORT);

    lua_pushstring(L, box->report ? "kundig report" : "kundig report, closed");
    return 1;
}

/* ---- State ---------------------------------------------------------------------------------- */

static int state_close(lua_State *L)
{
    state_box *box = luaL_checkudata(L, 1, STATE);

    kundig_state_free(box->state);
    box->state = NULL;
    return 0;
}

static int module_state(lua_State *L)
{
    size_t size = 0;
    const char *data = luaL_checklstring(L, 1, &size);
    state_box *result = new_box(L, sizeof *result, STATE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_state_load(NULL, data, size, &result->state, &err);

    return rc ? fail(L, rc, &err) : 1;
}

static int state_join(lua_State *L,
                      int (*join)(kundig_state *, const kundig_state *, kundig_error *))
{
    kundig_state *state = check_state(L, 1);
    kundig_state *other = check_state(L, 2);
    kundig_error err = {0, 0, {0}};
    int rc = join(state, other, &err);

    if (rc) {
        return fail(L, rc, &err);
    }
    lua_pushvalue(L, 1);
    return 1;
}

static int state_merge(lua_State *L)
{
    return state_join(L, kundig_state_merge);
}

static int state_subtract(lua_State *L)
{
    return state_join(L, kundig_state_subtract);
}

static int state_finish(lua_State *L)
{
    const kundig_state *state = check_state(L, 1);
    table_box *result = new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_state_finish(state, &result->table, &err);

    return rc ? fail(L, rc, &err) : 1;
}

static int state_bytes(lua_State *L)
{
    const kundig_state *state = check_state(L, 1);
    bytes_box *result = new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_state_save(state, &result->bytes, &err);

    return rc ? fail(L, rc, &err) : return_bytes(L, result);
}

static int state_tostring(lua_State *L)
{
    state_box *box = luaL_checkudata(L, 1, STATE);

    lua_pushstring(L, box->state ? "kundig state" : "kundig state, closed");
    return 1;
}

/* ---- Module --------------------------------------------------------------------------------- */

static int query_close(lua_State *L)
{
    query_box *box = luaL_checkudata(L, 1, QUERY);

    kundig_query_free(box->query);
    box->query = NULL;
    return 0;
}

static int bytes_close(lua_State *L)
{
    bytes_box *box = luaL_checkudata(L, 1, BYTES);

    kundig_bytes_free(box->bytes);
    box->bytes = NULL;
    return 0;
}

static int module_versions(lua_State *L)
{
    kundig_version_set set;

    kundig_version_set_init(&set);
    kundig_versions(&set);
    lua_newtable(L);
    lua_pushstring(L, set.library);
    lua_setfield(L, -2, "library");
    lua_pushstring(L, set.tokeniser);
    lua_setfield(L, -2, "tokeniser");
    lua_pushstring(L, set.unicode);
    lua_setfield(L, -2, "unicode");
    lua_pushstring(L, set.stemmer);
    lua_setfield(L, -2, "stemmer");
    lua_pushstring(L, set.zones);
    lua_setfield(L, -2, "zones");
    lua_pushstring(L, set.state);
    lua_setfield(L, -2, "state");
    lua_pushinteger(L, (lua_Integer)set.abi);
    lua_setfield(L, -2, "abi");
    return 1;
}

static const luaL_Reg corpus_methods[] = {
    {"close", corpus_close},
    {"ingest", corpus_ingest},
    {"measure", corpus_measure},
    {"compare", corpus_compare},
    {"comments", corpus_comments},
    {"analyze", corpus_analyze},
    {"state", corpus_state},
    {"fields", corpus_fields},
    {"conflicts", corpus_conflicts},
    {"add_zone", corpus_add_zone},
    {NULL, NULL},
};

static const luaL_Reg table_methods[] = {
    {"close", table_close},     {"rows", table_rows},
    {"row", table_row},         {"column", table_column},
    {"columns", table_columns}, {"notes", table_notes},
    {"json", table_json},       {"csv", table_csv},
    {"page", table_page},       {NULL, NULL},
};

static const luaL_Reg report_methods[] = {
    {"close", report_close},
    {"summary", report_summary},
    {"mapping", report_mapping},
    {"rejects", report_rejects},
    {"findings", report_findings},
    {"rejects_csv", report_rejects_csv},
    {NULL, NULL},
};

static const luaL_Reg state_methods[] = {
    {"close", state_close},   {"merge", state_merge}, {"subtract", state_subtract},
    {"finish", state_finish}, {"bytes", state_bytes}, {NULL, NULL},
};

static const luaL_Reg no_methods[] = {{NULL, NULL}};

static const luaL_Reg module_functions[] = {
    {"open", module_open},       {"state", module_state},
    {"metrics", module_metrics}, {"versions", module_versions},
    {"all_of", module_all_of},   {"any_of", module_any_of},
    {"none_of", module_none_of}, {NULL, NULL},
};

static void set_functions(lua_State *L, const luaL_Reg *functions)
{
    for (; functions->name; functions++) {
        lua_pushcfunction(L, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

static void new_type(lua_State *L, const char *name, const luaL_Reg *methods, lua_CFunction close,
                     lua_CFunction tostring, lua_CFunction length)
{
    luaL_newmetatable(L, name);
    lua_newtable(L);
    set_functions(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, close);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, close);
    lua_setfield(L, -2, "__close");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0); /* nobody takes __gc for another type's box */
    lua_setfield(L, -2, "__metatable");
    if (tostring) {
        lua_pushcfunction(L, tostring);
        lua_setfield(L, -2, "__tostring");
    }
    if (length) {
        lua_pushcfunction(L, length);
        lua_setfield(L, -2, "__len");
    }
    lua_pop(L, 1);
}

KUNDIG_LUA_API int luaopen_kundig(lua_State *L);

KUNDIG_LUA_API int luaopen_kundig(lua_State *L)
{
    static const struct {
        const char *name;
        int code;
    } codes[] = {
        {"E_ARG", KUNDIG_E_ARG},
        {"E_NOMEM", KUNDIG_E_NOMEM},
        {"E_LIMIT", KUNDIG_E_LIMIT},
        {"E_IO", KUNDIG_E_IO},
        {"E_FORMAT", KUNDIG_E_FORMAT},
        {"E_VERSION", KUNDIG_E_VERSION},
        {"E_NOT_FOUND", KUNDIG_E_NOT_FOUND},
        {"E_AMBIGUOUS", KUNDIG_E_AMBIGUOUS},
        {"E_VALUE", KUNDIG_E_VALUE},
        {"E_EMPTY", KUNDIG_E_EMPTY},
        {"E_BUSY", KUNDIG_E_BUSY},
        {"E_FORK", KUNDIG_E_FORK},
        {"E_CANCELLED", KUNDIG_E_CANCELLED},
        {"E_MODE", KUNDIG_E_MODE},
        {"E_INTERNAL", KUNDIG_E_INTERNAL},
    };

    new_type(L, CORPUS, corpus_methods, corpus_close, corpus_tostring, NULL);
    new_type(L, TABLE, table_methods, table_close, table_tostring, table_len);
    new_type(L, REPORT, report_methods, report_close, report_tostring, NULL);
    new_type(L, STATE, state_methods, state_close, state_tostring, NULL);
    new_type(L, QUERY, no_methods, query_close, NULL, NULL);
    new_type(L, BYTES, no_methods, bytes_close, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        luaL_newmetatable(L, group_names[i]);
        lua_pop(L, 1);
    }
    lua_newtable(L);
    set_functions(L, module_functions);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    lua_pushstring(L, "kundig " KUNDIG_VERSION_STRING);
    lua_setfield(L, -2, "_VERSION");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        lua_pushinteger(L, codes[i].code);
        lua_setfield(L, -2, codes[i].name);
    }
    return 1;
}
