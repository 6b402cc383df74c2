/* What keeps, forgets, finds and checks facts. */
#include "kundig_lua.h"

/* ---- Options -------------------------------------------------------------------------------- */

/* Seconds to wait; no less than a millisecond, for the library reads 0 as its default. */
static uint32_t busy_milliseconds(lua_State *L, int options)
{
    double seconds = 0;
    int absent = 0;

    lua_getfield(L, options, "busy_seconds");
    absent = lua_isnil(L, -1);
    lua_pop(L, 1);
    seconds = klua_option_number(L, options, "busy_seconds");
    if (!(seconds >= 0 && seconds <= 4000000)) {
        luaL_error(L, "busy_seconds is a number of 0 or more");
    }
    return absent ? 0 : seconds < 0.001 ? 1 : (uint32_t)(seconds * 1000);
}

/* The window whose name is on top of the stack, as a set; popped. */
static uint32_t pop_window(lua_State *L)
{
    static const char *const names[] = {"none", "day", "week", "month", "quarter", "year", NULL};
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";

    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0) {
            lua_pop(L, 1);
            return UINT32_C(1) << i;
        }
    }
    luaL_error(L, "report_every: '%s' is unknown", name);
    return 0;
}

/* "month" or {"month", "year"} as a set. */
static uint32_t report_windows(lua_State *L, int options)
{
    uint32_t together = 0;
    size_t count = 0;

    lua_getfield(L, options, "report_every");
    if (!lua_istable(L, -1)) {
        if (!lua_isnil(L, -1)) {
            return pop_window(L);
        }
        lua_pop(L, 1);
        return 0;
    }
    count = lua_rawlen(L, -1);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, (int)i);
        together |= pop_window(L);
    }
    lua_pop(L, 1);
    return together;
}

/* "stage, channel" or {"stage", "channel"}; left on the stack. */
static kundig_text report_fields(lua_State *L, int options)
{
    kundig_text text = {NULL, 0};
    luaL_Buffer buffer;
    int list = 0;
    size_t count = 0;

    lua_getfield(L, options, "report_fields");
    if (!lua_istable(L, -1)) {
        lua_pop(L, 1);
        return klua_option_text(L, options, "report_fields");
    }
    list = lua_gettop(L);
    count = lua_rawlen(L, list);
    luaL_buffinit(L, &buffer);
    for (size_t i = 1; i <= count; i++) {
        if (i > 1) {
            luaL_addstring(&buffer, ", ");
        }
        lua_rawgeti(L, list, (int)i);
        if (lua_type(L, -1) != LUA_TSTRING) {
            luaL_error(L, "report_fields is a string or a list of strings");
        }
        luaL_addvalue(&buffer);
    }
    luaL_pushresult(&buffer);
    if (count) {
        text.data = lua_tolstring(L, -1, &text.len);
    }
    return text;
}

void klua_store_options(lua_State *L, int options, kundig_options *out)
{
    static const char *const accesses[] = {"create", "write", "read", NULL};

    out->access = klua_option_name(L, options, "access", accesses);
    lua_getfield(L, options, "pseudonyms");
    out->identifiers =
        lua_toboolean(L, -1) ? KUNDIG_IDENTIFIERS_PSEUDONYMS : KUNDIG_IDENTIFIERS_PLAIN;
    lua_pop(L, 1);
    out->busy_ms = busy_milliseconds(L, options);
    out->report_k = klua_option_small(L, options, "report_k");
    out->report_comments = klua_option_small(L, options, "report_comments");
    out->report_every = report_windows(L, options);
    out->report_fields = report_fields(L, options);
}

/* A time among the options, KUNDIG_TIME_ABSENT if none. */
int64_t klua_option_time(lua_State *L, int options)
{
    int64_t time_ms = KUNDIG_TIME_ABSENT;
    int32_t precision = 0;

    lua_getfield(L, options, "time");
    if (!lua_isnil(L, -1) && !klua_time(L, lua_gettop(L), &time_ms, &precision)) {
        luaL_error(L, "time is milliseconds since 1970 or a table with year, month and day");
    }
    lua_pop(L, 1);
    return time_ms;
}

/* The value on top of the stack as records have texts; it is left there, in a list. */
static kundig_text top_key(lua_State *L, const char *name)
{
    kundig_text text = {NULL, 0};
    size_t anchored = 0;

    lua_newtable(L);
    lua_insert(L, -2);
    if (!klua_pop_text(L, lua_gettop(L) - 1, &anchored, &text)) {
        luaL_error(L, "%s is a string, a number or a boolean", name);
    }
    return text;
}

static kundig_text option_key(lua_State *L, int options, const char *name)
{
    lua_getfield(L, options, name);
    return top_key(L, name);
}

/* ---- Calls ---------------------------------------------------------------------------------- */

/* The end of a call whose result stands at place. */
static int done_at(lua_State *L, int place, int rc, const kundig_error *err)
{
    if (rc) {
        return klua_fail(L, rc, err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int done_true(lua_State *L, int rc, const kundig_error *err)
{
    if (rc) {
        return klua_fail(L, rc, err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* k:search(words, {where = ..., limit = ...}) */
int klua_corpus_search(lua_State *L)
{
    static const char *const known[] = {"where", "zone", "purpose", "as_of", "limit", NULL};
    corpus_box *box = klua_check_corpus(L);
    size_t len = 0;
    const char *words = luaL_checklstring(L, 2, &len);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    uint64_t limit = options ? klua_option_count(L, options, "limit") : 0;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (klua_ask_new(L, &ask, 0, options)) {
        ENTERED(
            L, box, ask.rc,
            kundig_search(box->k, words, len, ask.query, (size_t)limit, &result->table, &ask.err));
    }
    return done_at(L, place, ask.rc, &ask.err);
}

/* k:facts("labels"); k:facts("feedback", {where = ...}): current feedback alone */
int klua_corpus_facts(lua_State *L)
{
    static const char *const known[] = {"where", "purpose", "as_of", NULL};
    static const char *const kinds[] = {"feedback", "customers", "events", "labels", "links",
                                        "consents", "retention", "edits",  NULL};
    corpus_box *box = klua_check_corpus(L);
    int which = luaL_checkoption(L, 2, "feedback", kinds);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (klua_ask_new(L, &ask, 0, options)) {
        ENTERED(L, box, ask.rc,
                kundig_facts(box->k, which, options ? ask.query : NULL, &result->table, &ask.err));
    }
    return done_at(L, place, ask.rc, &ask.err);
}

int klua_corpus_facts_hash(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    char hex[33] = "";
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_facts_hash(box->k, hex, &err));
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    lua_pushstring(L, hex);
    return 1;
}

/* k:pin_model(model), k:pin_model(nil) to unpin */
int klua_corpus_pin_model(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    kundig_model *model = lua_isnoneornil(L, 2) ? NULL : klua_check_model(L, 2);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_pin_model(box->k, model, &err));
    return done_true(L, rc, &err);
}

int klua_corpus_pseudonym(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    kundig_text name;
    char hex[33] = "";
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    lua_pushvalue(L, 2);
    name = top_key(L, "customer");
    ENTERED(L, box, rc, kundig_pseudonym(box->k, name.data, name.len, hex, &err));
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    lua_pushstring(L, hex);
    return 1;
}

/* k:erase({customer = ...}), k:erase({source = ..., id = ..., time = ...}) */
int klua_corpus_erase(lua_State *L)
{
    static const char *const known[] = {"customer", "source", "id", "time", NULL};
    corpus_box *box = klua_check_corpus(L);
    kundig_erasure erasure;
    kundig_error err = {0, 0, {0}};
    table_box *result = NULL;
    int place = 0;
    int rc = 0;

    luaL_argcheck(L, klua_check_options(L, 2, known), 2, "customer, or source and id, are needed");
    kundig_erasure_init(&erasure);
    erasure.customer = option_key(L, 2, "customer");
    erasure.source = option_key(L, 2, "source");
    erasure.id = option_key(L, 2, "id");
    erasure.time_ms = klua_option_time(L, 2);
    result = klua_new_box(L, sizeof *result, TABLE);
    place = lua_gettop(L);
    ENTERED(L, box, rc, kundig_erase(box->k, &erasure, &result->table, &err));
    return done_at(L, place, rc, &err);
}

int klua_corpus_expire(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    int64_t as_of = 0;
    int32_t precision = 0;
    kundig_error err = {0, 0, {0}};
    table_box *result = NULL;
    int place = 0;
    int rc = 0;

    luaL_argcheck(L, klua_time(L, 2, &as_of, &precision), 2,
                  "as_of is milliseconds since 1970 or a table with year, month and day");
    result = klua_new_box(L, sizeof *result, TABLE);
    place = lua_gettop(L);
    ENTERED(L, box, rc, kundig_expire(box->k, as_of, &result->table, &err));
    return done_at(L, place, rc, &err);
}

/* k:merge(path), k:merge(path, {time = ...}) */
int klua_corpus_merge(lua_State *L)
{
    static const char *const known[] = {"time", NULL};
    corpus_box *box = klua_check_corpus(L);
    size_t len = 0;
    const char *path = luaL_checklstring(L, 2, &len);
    int64_t time_ms = klua_check_options(L, 3, known) ? klua_option_time(L, 3) : KUNDIG_TIME_ABSENT;
    kundig_error err = {0, 0, {0}};
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);
    int rc = 0;

    ENTERED(L, box, rc, kundig_merge(box->k, path, len, time_ms, &result->table, &err));
    return done_at(L, place, rc, &err);
}

/* ---- The file ------------------------------------------------------------------------------- */

int klua_corpus_audit(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_audit(box->k, &result->table, &err));
    return done_at(L, place, rc, &err);
}

int klua_corpus_save_cache(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_cache_save(box->k, &err));
    return done_true(L, rc, &err);
}

int klua_corpus_compact(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_compact(box->k, &err));
    return done_true(L, rc, &err);
}

/* kundig.verify(path, {pseudonym_key = ..., busy_seconds = ..., memory_limit = ...,
 * progress = ...}) */
int klua_verify(lua_State *L)
{
    static const char *const known[] = {"pseudonym_key", "busy_seconds", "memory_limit", "progress",
                                        NULL};
    size_t len = 0;
    const char *path = luaL_checklstring(L, 1, &len);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_options given;
    kundig_error err = {0, 0, {0}};
    corpus_box *box = NULL; /* of no corpus: it holds the callback */
    table_box *result = NULL;
    int place = 0;
    int rc = 0;

    lua_settop(L, 2);
    box = klua_new_box(L, sizeof *box, CORPUS);
    lua_insert(L, 1); /* where ENTERED finds it; path and options move up */
    options += options > 0;
    kundig_options_init(&given);
    if (options) {
        given.pseudonym_key = klua_option_text(L, options, "pseudonym_key");
        given.busy_ms = busy_milliseconds(L, options);
        given.memory_limit = klua_option_count(L, options, "memory_limit");
        klua_take_progress(L, options, 1, &given);
    }
    result = klua_new_box(L, sizeof *result, TABLE);
    place = lua_gettop(L);
    ENTERED(L, box, rc, kundig_verify(path, len, &given, &result->table, &err));
    return done_at(L, place, rc, &err);
}

int klua_is_store(lua_State *L)
{
    size_t len = 0;
    const char *path = luaL_checklstring(L, 1, &len);

    lua_pushboolean(L, kundig_is_store(path, len));
    return 1;
}
