/* Models and single texts. */
#include "kundig_lua.h"

kundig_model *klua_check_model(lua_State *L, int index)
{
    model_box *box = luaL_checkudata(L, index, MODEL);

    luaL_argcheck(L, box->model, index, "the model is closed");
    return box->model;
}

static int model_close(lua_State *L)
{
    model_box *box = luaL_checkudata(L, 1, MODEL);

    kundig_model_free(box->model);
    box->model = NULL;
    return 0;
}

/* kundig.model(): the ready taxonomy; kundig.model(text): one's own */
int klua_model_new(lua_State *L)
{
    size_t len = 0;
    const char *data = luaL_optlstring(L, 1, NULL, &len);
    model_box *result = klua_new_box(L, sizeof *result, MODEL);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_new(NULL, data, data ? len : 0, &result->model, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

int klua_model_load(lua_State *L)
{
    size_t size = 0;
    const char *data = luaL_checklstring(L, 1, &size);
    model_box *result = klua_new_box(L, sizeof *result, MODEL);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_load(NULL, data, size, &result->model, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

static int model_bytes(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_save(model, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
}

static int model_topics(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_topics(model, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

static int model_about(lua_State *L, int (*call)(const kundig_model *, const char *, size_t,
                                                 kundig_table **, kundig_error *))
{
    const kundig_model *model = klua_check_model(L, 1);
    size_t len = 0;
    const char *text = luaL_checklstring(L, 2, &len);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = call(model, text, len, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

static int model_read(lua_State *L)
{
    return model_about(L, kundig_model_read);
}

static int model_languages(lua_State *L)
{
    return model_about(L, kundig_model_languages);
}

static int model_tostring(lua_State *L)
{
    model_box *box = luaL_checkudata(L, 1, MODEL);

    lua_pushstring(L, box->model ? "kundig model" : "kundig model, closed");
    return 1;
}

/* ---- Texts ---------------------------------------------------------------------------------- */

static uint32_t kind_named(lua_State *L, int index)
{
    static const char *const names[] = {"e-mail", "phone",   "iban", "card",
                                        "url",    "address", "name", NULL};
    const char *name = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : NULL;

    for (size_t i = 0; name && names[i]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return UINT32_C(1) << i;
        }
    }
    if (!name || strcmp(name, "all") != 0) {
        luaL_error(L, "a kind of personal data is one of e-mail, phone, iban, card, url, address, "
                      "name and all");
    }
    return KUNDIG_PERSONAL_ALL;
}

uint32_t klua_kinds(lua_State *L, int index)
{
    uint32_t kinds = 0;
    size_t count = 0;

    if (lua_isboolean(L, index)) {
        return lua_toboolean(L, index) ? KUNDIG_PERSONAL_ALL : 0;
    }
    if (!lua_istable(L, index)) {
        return kind_named(L, index);
    }
    count = lua_rawlen(L, index);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, index, (int)i);
        kinds |= kind_named(L, lua_gettop(L));
        lua_pop(L, 1);
    }
    return kinds;
}

/* The kinds behind a text: all where none are named. */
static uint32_t kinds_behind(lua_State *L)
{
    uint32_t kinds = lua_isnoneornil(L, 2) ? KUNDIG_PERSONAL_ALL : klua_kinds(L, 2);

    luaL_argcheck(L, kinds, 2, "no kind of personal data is named");
    return kinds;
}

int klua_personal(lua_State *L)
{
    size_t len = 0;
    const char *text = luaL_checklstring(L, 1, &len);
    uint32_t kinds = kinds_behind(L);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_text_personal(NULL, text, len, kinds, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

int klua_mask(lua_State *L)
{
    size_t len = 0;
    const char *text = luaL_checklstring(L, 1, &len);
    uint32_t kinds = kinds_behind(L);
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_text_mask(NULL, text, len, kinds, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
}

int klua_ready_taxonomy(lua_State *L)
{
    kundig_text ready = kundig_taxonomy_ready();

    lua_pushlstring(L, ready.data, ready.len);
    return 1;
}

int klua_check_taxonomy(lua_State *L)
{
    size_t len = 0;
    const char *data = luaL_checklstring(L, 1, &len);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_taxonomy_check(NULL, data, len, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

/* ---- Type ----------------------------------------------------------------------------------- */

static const luaL_Reg model_methods[] = {
    {"close", model_close},
    {"topics", model_topics},
    {"read", model_read},
    {"languages", model_languages},
    {"bytes", model_bytes},
    {"classes", klua_model_classes},
    {"classify", klua_model_classify},
    {"sentiment", klua_model_sentiment},
    {"show", klua_model_show},
    {"prune", klua_model_prune},
    {"next", klua_model_next},
    {"discovered", klua_model_discovered},
    {"define", klua_model_define},
    {NULL, NULL},
};

void klua_register_model(lua_State *L)
{
    klua_new_type(L, MODEL, model_methods, model_close, model_tostring, NULL);
}
