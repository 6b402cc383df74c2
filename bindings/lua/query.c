/* Conditions and questions: Lua tables as the library's queries.
 *
 * A query stands in a box before it is filled. Fields and options are taken in the order of their
 * bytes, never in Lua's, so that the same question is the same query. Cost: one pass, but sorting
 * the fields of one table takes their square. */
#include "kundig_lua.h"

/* ---- Conditions ----------------------------------------------------------------------------- */

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

static void check_value(lua_State *L, const char *field, kundig_value *value)
{
    if (!klua_top_value(L, value)) {
        luaL_error(L, "%s: a value is a string, a number or a boolean", field);
    }
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
        if (klua_is_null(L, -1)) {
            missing = 1;
            lua_pop(L, 1);
        } else {
            check_value(L, field.data, &values[count++]);
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
    if (klua_is_null(L, -1)) {
        return missing_node(ask, field.data, field.len, node);
    }
    check_value(L, field.data, &value);
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
    fields = klua_push_sorted_keys(L, where);
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

int klua_all_of(lua_State *L)
{
    return pack_group(L, group_names[0]);
}

int klua_any_of(lua_State *L)
{
    return pack_group(L, group_names[1]);
}

int klua_none_of(lua_State *L)
{
    return pack_group(L, group_names[2]);
}

/* ---- Questions ------------------------------------------------------------------------------ */

static const char *const every_names[] = {"none", "day", "week", "month", "quarter", "year", NULL};
static const char *const of_names[] = {"records", "customers", NULL};
static const char *const interval_names[] = {"default", "wald", "score", NULL};
static int ask_text(lua_State *L, asking *ask, int options, const char *name,
                    int (*set)(kundig_query *, const char *, size_t, kundig_error *))
{
    kundig_text text = klua_option_text(L, options, name);

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
    int32_t every = klua_option_name(L, options, "every", every_names);
    int32_t unit = klua_option_name(L, options, "of", of_names);
    int32_t interval = klua_option_name(L, options, "interval", interval_names);
    double level = klua_option_number(L, options, "level");
    uint64_t min_n = klua_option_count(L, options, "min_n");

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
        int64_t as_of = 0;
        int32_t precision = 0;
        if (!klua_time(L, lua_gettop(L), &as_of, &precision)) {
            luaL_error(L, "as_of is milliseconds since 1970 or a table with year, month and day");
        }
        ask->rc = kundig_query_set_as_of(ask->query, as_of, &ask->err);
    }
    lua_pop(L, 1);
    return ask->rc == 0;
}

int klua_ask_where(lua_State *L, asking *ask, int options, const char *name, int *present,
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

int klua_ask_new(lua_State *L, asking *ask, int metric, int options)
{
    query_box *box = NULL;
    int present = 0;
    uint32_t node = 0;

    memset(ask, 0, sizeof *ask);
    if (metric) {
        luaL_checktype(L, metric, LUA_TSTRING);
    }
    box = klua_new_box(L, sizeof *box, QUERY);
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
        !klua_ask_where(L, ask, options, "where", &present, &node)) {
        return 0;
    }
    if (present) {
        ask->rc = kundig_query_keep(ask->query, node, &ask->err);
    }
    return ask->rc == 0;
}

/* ---- Types ---------------------------------------------------------------------------------- */

static int query_close(lua_State *L)
{
    query_box *box = luaL_checkudata(L, 1, QUERY);

    kundig_query_free(box->query);
    box->query = NULL;
    return 0;
}

void klua_register_query(lua_State *L)
{
    static const luaL_Reg no_methods[] = {{NULL, NULL}};

    klua_new_type(L, QUERY, no_methods, query_close, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        luaL_newmetatable(L, group_names[i]);
        lua_pop(L, 1);
    }
}
