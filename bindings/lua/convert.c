/* Lua values as options, texts, values and cells of kundig.h.
 *
 * Texts are borrowed from strings that stand on the stack or in a list that does, also while a
 * progress callback runs. What is not of the documented form is raised. Cost: one pass, but sorting
 * names takes the square of their number. */
#include <stdio.h>
#include <stdlib.h>

#include "kundig_lua.h"

/* ---- Options -------------------------------------------------------------------------------- */

/* Raise, and name what is known. */
static int unknown_name(lua_State *L, const char *said, const char *const *known)
{
    lua_pushfstring(L, "%s: %s", said, known[0]);
    for (size_t i = 1; known[i]; i++) {
        lua_pushfstring(L, "%s%s", known[i + 1] ? ", " : " and ", known[i]);
        lua_concat(L, 2);
    }
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    return lua_error(L);
}

int klua_check_options(lua_State *L, int index, const char *const *known)
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
            lua_pushfstring(L, "there is no option '%s'; there are",
                            lua_tostring(L, -1) ? lua_tostring(L, -1) : "?");
            unknown_name(L, lua_tostring(L, -1), known);
        }
    }
    return 1;
}

kundig_text klua_option_text(lua_State *L, int index, const char *name)
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

double klua_option_number(lua_State *L, int index, const char *name)
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

uint64_t klua_option_count(lua_State *L, int index, const char *name)
{
    double number = klua_option_number(L, index, name);

    if (!(number >= 0 && number <= 9007199254740992.0) || (double)(uint64_t)number != number) {
        luaL_error(L, "%s is a whole number of 0 or more", name);
    }
    return (uint64_t)number;
}

uint32_t klua_option_small(lua_State *L, int index, const char *name)
{
    uint64_t count = klua_option_count(L, index, name);

    if (count > UINT32_MAX) {
        luaL_error(L, "%s is too large", name);
    }
    return (uint32_t)count;
}

int32_t klua_option_name(lua_State *L, int index, const char *name, const char *const *names)
{
    kundig_text text = klua_option_text(L, index, name);
    int32_t number = 0;

    for (int32_t i = 0; text.data; i++) {
        if (!names[i]) {
            lua_pushfstring(L, "%s: '%s' is unknown; there are", name, text.data);
            unknown_name(L, lua_tostring(L, -1), names);
        }
        if (strcmp(names[i], text.data) == 0) {
            number = i;
            break;
        }
    }
    lua_pop(L, 1);
    return number;
}

int klua_is_null(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == NULL;
}

size_t klua_push_sorted_keys(lua_State *L, int index)
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

/* ---- Texts and values ----------------------------------------------------------------------- */

int klua_top_value(lua_State *L, kundig_value *value)
{
    memset(value, 0, sizeof *value);
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        value->type = KUNDIG_VALUE_TEXT;
        value->text.data = lua_tolstring(L, -1, &value->text.len);
        break;
    case LUA_TBOOLEAN:
        value->type = KUNDIG_VALUE_BOOL;
        value->boolean = lua_toboolean(L, -1);
        break;
    case LUA_TNUMBER:
        value->type = KUNDIG_VALUE_NUMBER;
        value->number = (double)lua_tonumber(L, -1);
        if (lua_isinteger(L, -1) && (lua_tointeger(L, -1) > 9007199254740992LL ||
                                     lua_tointeger(L, -1) < -9007199254740992LL)) {
            /* No double holds it: an identifier stays itself. */
            lua_tostring(L, -1);
            value->type = KUNDIG_VALUE_TEXT;
            value->number = 0;
            value->text.data = lua_tolstring(L, -1, &value->text.len);
        }
        break;
    default:
        return 0;
    }
    return 1;
}

int klua_pop_text(lua_State *L, int anchor, size_t *anchored, kundig_text *text)
{
    int known = 1;

    text->data = NULL;
    text->len = 0;
    switch (lua_type(L, -1)) {
    case LUA_TNIL:
        break;
    case LUA_TBOOLEAN:
        text->data = lua_toboolean(L, -1) ? "true" : "false";
        text->len = strlen(text->data);
        break;
    case LUA_TNUMBER:
        if (lua_tonumber(L, -1) != lua_tonumber(L, -1)) {
            break; /* NaN: missing */
        }
        push_number_text(L, lua_gettop(L));
        lua_remove(L, -2);
        /* fall through */
    case LUA_TSTRING:
        text->data = lua_tolstring(L, -1, &text->len);
        /* A progress callback may change the caller's tables: the text must not depend on them. */
        lua_pushvalue(L, -1);
        lua_rawseti(L, anchor, (int)++*anchored);
        break;
    default:
        known = klua_is_null(L, -1);
    }
    lua_pop(L, 1);
    return known;
}

/* ---- Ingest --------------------------------------------------------------------------------- */

static const char *const dates_names[] = {"guess", "day-first", "month-first", NULL};
const char *const klua_kind_names[] = {"unknown",  "survey",   "review",    "ticket",
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
        return klua_option_text(L, options, "map");
    }
    map = lua_gettop(L);
    count = klua_push_sorted_keys(L, map);
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
    return klua_push_sorted_keys(L, all);
}

void klua_rows_to_cells(lua_State *L, cell_grid *grid)
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
            if (!klua_pop_text(L, anchor, &anchored, &grid->cells[i * grid->column_count + j])) {
                luaL_error(L, "row %d, %s: a cell is a string, a number or a boolean", (int)i + 1,
                           grid->columns[j].data);
            }
        }
        lua_pop(L, 1);
    }
}

void klua_ingest_options(lua_State *L, int options, kundig_ingest_options *out)
{
    kundig_text delimiter;

    kundig_ingest_options_init(out);
    if (!options) {
        return;
    }
    out->source = klua_option_text(L, options, "source");
    out->zone = klua_option_text(L, options, "zone");
    out->map = option_map(L, options);
    out->dates = klua_option_name(L, options, "dates", dates_names);
    out->kind = klua_option_name(L, options, "kind", klua_kind_names);
    out->encoding = klua_option_name(L, options, "encoding", encoding_names);
    out->max_field = klua_option_count(L, options, "max_field");
    out->max_rejects = klua_option_count(L, options, "max_rejects");
    delimiter = klua_option_text(L, options, "delimiter");
    if (delimiter.data) {
        if (delimiter.len != 1) {
            luaL_error(L, "a delimiter is one ASCII character");
        }
        out->delimiter = delimiter.data[0];
    }
}
