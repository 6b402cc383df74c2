/* Tables, reports and states: what calls return, as Lua's values.
 *
 * A result owns its object until close() or collection; it lives on when its corpus is closed. Rows
 * and columns are made anew at each call, in one pass. */
#include "kundig_lua.h"

/* ---- Boxes ---------------------------------------------------------------------------------- */

static kundig_table *check_table(lua_State *L)
{
    table_box *box = luaL_checkudata(L, 1, TABLE);

    luaL_argcheck(L, box->table, 1, "the table is closed");
    return box->table;
}

kundig_ingest_report *klua_check_report(lua_State *L, int index)
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
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_table_to_json(table, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
}

static int table_csv(lua_State *L)
{
    const kundig_table *table = check_table(L);
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_table_to_csv(table, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
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
    if (klua_check_options(L, 2, known)) {
        page.width = (uint32_t)klua_option_count(L, 2, "width");
        lua_getfield(L, 2, "color");
        page.color = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    result = klua_new_box(L, sizeof *result, BYTES);
    rc = kundig_table_to_page(table, &page, &result->bytes, &err);
    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
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

int klua_metrics(lua_State *L)
{
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_metrics(NULL, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
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
    kundig_ingest_report *report = klua_check_report(L, 1);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);

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
        kundig_ingest_report_table(klua_check_report(L, 1), KUNDIG_INGEST_SUMMARY);
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
    const kundig_ingest_report *report = klua_check_report(L, 1);
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_ingest_report_rejects(report, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
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

int klua_state_load(lua_State *L)
{
    size_t size = 0;
    const char *data = luaL_checklstring(L, 1, &size);
    state_box *result = klua_new_box(L, sizeof *result, STATE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_state_load(NULL, data, size, &result->state, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

static int state_join(lua_State *L,
                      int (*join)(kundig_state *, const kundig_state *, kundig_error *))
{
    kundig_state *state = check_state(L, 1);
    kundig_state *other = check_state(L, 2);
    kundig_error err = {0, 0, {0}};
    int rc = join(state, other, &err);

    if (rc) {
        return klua_fail(L, rc, &err);
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
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_state_finish(state, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

static int state_bytes(lua_State *L)
{
    const kundig_state *state = check_state(L, 1);
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_state_save(state, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
}

static int state_tostring(lua_State *L)
{
    state_box *box = luaL_checkudata(L, 1, STATE);

    lua_pushstring(L, box->state ? "kundig state" : "kundig state, closed");
    return 1;
}

/* ---- Types ---------------------------------------------------------------------------------- */

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

void klua_register_results(lua_State *L)
{
    klua_new_type(L, TABLE, table_methods, table_close, table_tostring, table_len);
    klua_new_type(L, REPORT, report_methods, report_close, report_tostring, NULL);
    klua_new_type(L, STATE, state_methods, state_close, state_tostring, NULL);
}
