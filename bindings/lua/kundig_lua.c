/* kundig for Lua 5.1, 5.3, 5.4 and LuaJIT: the module and its corpus. Convert, call, convert.
 *
 * What the library refuses comes back as `nil, message, code, position`; what the caller got wrong
 * is raised. A corpus runs Lua code of the caller in its progress callback alone: see ENTERED. */
#include "kundig_lua.h"

#if defined(__GNUC__)
#define KUNDIG_LUA_API __attribute__((visibility("default")))
#else
#define KUNDIG_LUA_API
#endif

/* ---- Boxes and failures --------------------------------------------------------------------- */

void *klua_new_box(lua_State *L, size_t size, const char *type)
{
    void *box = lua_newuserdata(L, size);

    memset(box, 0, size);
    luaL_getmetatable(L, type);
    lua_setmetatable(L, -2);
    return box;
}

int klua_fail(lua_State *L, int code, const kundig_error *err)
{
    int told = err->code == code && err->message[0];

    lua_pushnil(L);
    lua_pushstring(L, told ? err->message : kundig_strerror(code));
    lua_pushinteger(L, code);
    lua_pushinteger(L, told ? (lua_Integer)err->pos : 0);
    return 4;
}

int klua_return_bytes(lua_State *L, bytes_box *box)
{
    lua_pushlstring(L, kundig_bytes_data(box->bytes), kundig_bytes_len(box->bytes));
    kundig_bytes_free(box->bytes);
    box->bytes = NULL;
    return 1;
}

corpus_box *klua_check_corpus(lua_State *L)
{
    corpus_box *box = luaL_checkudata(L, 1, CORPUS);

    luaL_argcheck(L, box->k, 1, "the corpus is closed");
    return box;
}

/* ---- Calls into a corpus -------------------------------------------------------------------- */

static int corpus_progress(void *ud, uint64_t done, uint64_t total)
{
    corpus_box *box = ud;
    lua_State *L = box->now;
    int stop = 0;

    /* klua_enter() made room on the stack; nothing here may raise outside lua_pcall(). */
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

lua_State *klua_enter(lua_State *L, corpus_box *box)
{
    lua_State *before = box->now;

    luaL_checkstack(L, 8, "kundig: no room for a progress callback");
    box->now = L;
    return before;
}

void klua_leave(lua_State *L, corpus_box *box, lua_State *before)
{
    box->now = before;
    if (box->raised && !before) {
        box->raised = 0;
        lua_error(L);
    }
}

void klua_take_progress(lua_State *L, int options, int place, kundig_options *out)
{
    corpus_box *box = lua_touserdata(L, place);

    lua_getfield(L, options, "progress");
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return;
    }
    luaL_argcheck(L, lua_isfunction(L, -1), 2, "progress is a function");
    lua_newtable(L);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 1);
    lua_setuservalue(L, place);
    box->progress = 1;
    out->progress = corpus_progress;
    out->progress_ud = box;
}

/* ---- Questions ------------------------------------------------------------------------------ */

static const char *const page_names[] = {"text", "json", NULL};

static int corpus_measure(lua_State *L)
{
    static const char *const known[] = {QUERY_OPTIONS, NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (klua_ask_new(L, &ask, 2, options)) {
        ENTERED(L, box, ask.rc, kundig_measure(box->k, ask.query, &result->table, &ask.err));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int corpus_compare(lua_State *L)
{
    static const char *const known[] = {"a", "b", QUERY_OPTIONS, NULL};
    corpus_box *box = klua_check_corpus(L);
    asking ask;
    table_box *result = NULL;
    int place = 0;
    int a_present = 0;
    int b_present = 0;
    uint32_t a = 0;
    uint32_t b = 0;

    luaL_argcheck(L, klua_check_options(L, 3, known), 3, "a and b are needed");
    result = klua_new_box(L, sizeof *result, TABLE);
    place = lua_gettop(L);
    if (klua_ask_new(L, &ask, 2, 3) && klua_ask_where(L, &ask, 3, "a", &a_present, &a) &&
        klua_ask_where(L, &ask, 3, "b", &b_present, &b)) {
        luaL_argcheck(L, a_present && b_present, 3, "a and b are needed");
        ENTERED(L, box, ask.rc, kundig_compare(box->k, ask.query, a, b, &result->table, &ask.err));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

int klua_corpus_listed(lua_State *L, const char *const *known, int metric,
                       int (*call)(kundig *, const kundig_query *, size_t, kundig_table **,
                                   kundig_error *))
{
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    uint64_t limit = options ? klua_option_count(L, options, "limit") : 0;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (options && metric) {
        lua_getfield(L, options, "metric");
        metric = lua_isnil(L, -1) ? 0 : lua_gettop(L);
    } else {
        metric = 0;
    }
    if (klua_ask_new(L, &ask, metric, options)) {
        ENTERED(L, box, ask.rc, call(box->k, ask.query, (size_t)limit, &result->table, &ask.err));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

static int corpus_comments(lua_State *L)
{
    static const char *const known[] = {"where", "zone", "purpose", "as_of", "limit", NULL};

    return klua_corpus_listed(L, known, 0, kundig_comments);
}

static int corpus_topics(lua_State *L)
{
    static const char *const known[] = {"where", "zone",     "purpose",  "as_of",
                                        "of",    "question", "interval", "level",
                                        "min_n", "metric",   "limit",    NULL};

    return klua_corpus_listed(L, known, 1, kundig_topics);
}

/* k:set_model(model), k:set_model(nil) for the pinned one or else the ready taxonomy */
static int corpus_set_model(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    kundig_model *model = lua_isnoneornil(L, 2) ? NULL : klua_check_model(L, 2);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_set_model(box->k, model, &err));
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

static int corpus_analyze(lua_State *L)
{
    static const char *const known[] = {"report", "format",      "width", "color",
                                        "title",  QUERY_OPTIONS, NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_analyze_options page;
    const kundig_ingest_report *report = NULL;
    asking ask;
    bytes_box *result = NULL;

    kundig_analyze_options_init(&page);
    if (options) {
        page.format = klua_option_name(L, options, "format", page_names);
        page.width = (uint32_t)klua_option_count(L, options, "width");
        lua_getfield(L, options, "color");
        page.color = lua_toboolean(L, -1);
        lua_pop(L, 1);
        page.title = klua_option_text(L, options, "title");
        lua_getfield(L, options, "report");
        if (!lua_isnil(L, -1)) {
            report = klua_check_report(L, lua_gettop(L));
        }
    }
    result = klua_new_box(L, sizeof *result, BYTES);
    if (klua_ask_new(L, &ask, 0, options)) {
        ENTERED(L, box, ask.rc,
                kundig_analyze(box->k, ask.query, report, &page, &result->bytes, &ask.err));
    }
    return ask.rc ? klua_fail(L, ask.rc, &ask.err) : klua_return_bytes(L, result);
}

static int corpus_state(lua_State *L)
{
    static const char *const known[] = {QUERY_OPTIONS, NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    asking ask;
    state_box *result = klua_new_box(L, sizeof *result, STATE);
    int place = lua_gettop(L);

    if (klua_ask_new(L, &ask, 2, options)) {
        ENTERED(L, box, ask.rc, kundig_state_new(box->k, ask.query, &result->state, &ask.err));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

/* ---- Ingest --------------------------------------------------------------------------------- */

/* k:ingest(path, options), k:ingest({rows = {...}}, options), k:ingest({bytes = "..."}, options) */
static int corpus_ingest(lua_State *L)
{
    static const char *const forms[] = {"rows", "bytes", NULL};
    static const char *const known[] = {"source",   "zone",      "map",         "dates",     "kind",
                                        "encoding", "max_field", "max_rejects", "delimiter", NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    kundig_ingest_options given;
    kundig_error err = {0, 0, {0}};
    cell_grid grid = {NULL, NULL, 0, 0};
    kundig_text text = {NULL, 0};
    report_box *result = NULL;
    int place = 0;
    int values = 0;
    int rc = 0;

    result = klua_new_box(L, sizeof *result, REPORT);
    place = lua_gettop(L);
    klua_ingest_options(L, options, &given);
    if (lua_type(L, 2) == LUA_TSTRING) {
        text.data = lua_tolstring(L, 2, &text.len);
        ENTERED(L, box, rc,
                kundig_ingest_file(box->k, text.data, text.len, &given, &result->report, &err));
    } else {
        luaL_argcheck(L, klua_check_options(L, 2, forms), 2,
                      "a path, {rows = ...} or {bytes = ...}");
        text = klua_option_text(L, 2, "bytes");
        lua_getfield(L, 2, "rows");
        luaL_argcheck(L, !text.data == !lua_isnil(L, -1), 2, "either rows or bytes");
        if (text.data) {
            ENTERED(
                L, box, rc,
                kundig_ingest_bytes(box->k, text.data, text.len, &given, &result->report, &err));
        } else {
            luaL_argcheck(L, lua_istable(L, -1), 2, "rows is a list of tables");
            klua_rows_to_cells(L, &grid);
            ENTERED(L, box, rc,
                    kundig_ingest_cells(box->k, grid.columns, grid.column_count, grid.cells,
                                        grid.row_count, &given, &result->report, &err));
        }
    }
    if (rc) {
        values = klua_fail(L, rc, &err);
        if (result->report) {
            lua_pushvalue(L, place);
            values++;
        }
        return values;
    }
    lua_pushvalue(L, place);
    return 1;
}

/* ---- Typed records -------------------------------------------------------------------------- */

void klua_push_added(lua_State *L, const kundig_added *added)
{
    lua_createtable(L, 0, 6);
    lua_pushinteger(L, (lua_Integer)added->records);
    lua_setfield(L, -2, "records");
    lua_pushinteger(L, (lua_Integer)added->added);
    lua_setfield(L, -2, "added");
    lua_pushinteger(L, (lua_Integer)added->versions);
    lua_setfield(L, -2, "versions");
    lua_pushinteger(L, (lua_Integer)added->unchanged);
    lua_setfield(L, -2, "unchanged");
    lua_pushinteger(L, (lua_Integer)added->conflicts);
    lua_setfield(L, -2, "conflicts");
    lua_pushinteger(L, (lua_Integer)added->replaced_bytes);
    lua_setfield(L, -2, "replaced_bytes");
}

static int add_to(kundig *k, int what, const void *records, size_t count, kundig_added *added,
                  kundig_error *err)
{
    switch (what) {
    case KUNDIG_FACTS_FEEDBACK:
        return kundig_feedback_add(k, records, count, added, err);
    case KUNDIG_FACTS_CUSTOMERS:
        return kundig_customer_add(k, records, count, added, err);
    case KUNDIG_FACTS_EVENTS:
        return kundig_event_add(k, records, count, added, err);
    case KUNDIG_FACTS_LABELS:
        return kundig_label_add(k, records, count, added, err);
    case KUNDIG_FACTS_LINKS:
        return kundig_link_add(k, records, count, added, err);
    case KUNDIG_FACTS_CONSENTS:
        return kundig_consent_add(k, records, count, added, err);
    case KUNDIG_FACTS_RETENTION:
        return kundig_retention_add(k, records, count, added, err);
    default:
        return kundig_edit_add(k, records, count, added, err);
    }
}

/* All records of the list or none; the position of a failure is the record's index in it. */
static int add_records(lua_State *L, int what)
{
    corpus_box *box = klua_check_corpus(L);
    size_t count = 0;
    void *records = klua_records(L, 2, what, &count);
    kundig_added added;
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    kundig_added_init(&added);
    ENTERED(L, box, rc, add_to(box->k, what, records, count, &added, &err));
    if (rc) {
        int refused = rc == KUNDIG_E_VALUE || rc == KUNDIG_E_ARG || rc == KUNDIG_E_VERSION;
        err.pos = refused ? err.pos + 1 : 0;
        return klua_fail(L, rc, &err);
    }
    klua_push_added(L, &added);
    return 1;
}

static int corpus_add(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_FEEDBACK);
}

static int corpus_customers(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_CUSTOMERS);
}

static int corpus_events(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_EVENTS);
}

static int corpus_labels(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_LABELS);
}

static int corpus_links(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_LINKS);
}

static int corpus_consents(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_CONSENTS);
}

static int corpus_retention(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_RETENTION);
}

static int corpus_edits(lua_State *L)
{
    return add_records(L, KUNDIG_FACTS_EDITS);
}

/* ---- Corpus --------------------------------------------------------------------------------- */

static int module_open(lua_State *L)
{
    static const char *const known[] = {"threads",       "memory_limit", "zone_directory",
                                        "pseudonym_key", "progress",     "mask",
                                        "model",         STORE_OPTIONS,  NULL};
    size_t len = 0;
    const char *path = luaL_optlstring(L, 1, ":memory:", &len);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_options given;
    kundig_error err = {0, 0, {0}};
    kundig_model *model = NULL;
    corpus_box *box = klua_new_box(L, sizeof *box, CORPUS);
    int place = lua_gettop(L);
    int rc = 0;

    kundig_options_init(&given);
    if (options) {
        lua_getfield(L, options, "mask");
        given.mask = lua_isnil(L, -1) ? 0 : klua_kinds(L, lua_gettop(L));
        lua_getfield(L, options, "model");
        model = lua_isnil(L, -1) ? NULL : klua_check_model(L, lua_gettop(L));
        given.threads = (uint32_t)klua_option_count(L, options, "threads");
        given.memory_limit = klua_option_count(L, options, "memory_limit");
        given.zone_directory = klua_option_text(L, options, "zone_directory");
        given.pseudonym_key = klua_option_text(L, options, "pseudonym_key");
        klua_store_options(L, options, &given);
        klua_take_progress(L, options, place, &given);
    }
    rc = kundig_open(path, len, &given, &box->k, &err);
    if (!rc && model) {
        rc = kundig_set_model(box->k, model, &err);
    }
    if (rc) {
        return klua_fail(L, rc, &err);
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
    corpus_box *box = klua_check_corpus(L);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_fields(box->k, &result->table, &err));
    return rc ? klua_fail(L, rc, &err) : 1;
}

static int corpus_conflicts(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_conflicts(box->k, &result->table, &err));
    return rc ? klua_fail(L, rc, &err) : 1;
}

static int corpus_add_zone(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    size_t len = 0;
    size_t size = 0;
    const char *name = luaL_checklstring(L, 2, &len);
    const char *data = luaL_checklstring(L, 3, &size);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_zone_add(box->k, name, len, data, size, &err));
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* ---- Module --------------------------------------------------------------------------------- */

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
    lua_pushstring(L, set.model);
    lua_setfield(L, -2, "model");
    lua_pushstring(L, set.language);
    lua_setfield(L, -2, "language");
    lua_pushstring(L, set.store);
    lua_setfield(L, -2, "store");
    lua_pushinteger(L, (lua_Integer)set.abi);
    lua_setfield(L, -2, "abi");
    return 1;
}

static const luaL_Reg corpus_methods[] = {
    {"close", corpus_close},
    {"ingest", corpus_ingest},
    {"add", corpus_add},
    {"customers", corpus_customers},
    {"events", corpus_events},
    {"measure", corpus_measure},
    {"compare", corpus_compare},
    {"comments", corpus_comments},
    {"analyze", corpus_analyze},
    {"state", corpus_state},
    {"fields", corpus_fields},
    {"conflicts", corpus_conflicts},
    {"add_zone", corpus_add_zone},
    {"topics", corpus_topics},
    {"set_model", corpus_set_model},
    {"get_model", klua_corpus_get_model},
    {"has_model", klua_corpus_has_model},
    {"examples", klua_corpus_examples},
    {"teach", klua_corpus_teach},
    {"classify", klua_corpus_classify},
    {"sentiment", klua_corpus_sentiment},
    {"label_next", klua_corpus_label_next},
    {"labels", corpus_labels},
    {"links", corpus_links},
    {"consents", corpus_consents},
    {"retention", corpus_retention},
    {"edits", corpus_edits},
    {"discover", klua_corpus_discover},
    {"label_discovered", klua_corpus_label_discovered},
    {"impact", klua_corpus_impact},
    {"explain", klua_corpus_explain},
    {"chart", klua_corpus_chart},
    {"alarms", klua_corpus_alarms},
    {"emerging", klua_corpus_emerging},
    {"words", klua_corpus_words},
    {"buts", klua_corpus_buts},
    {"mismatch", klua_corpus_mismatch},
    {"loud", klua_corpus_loud},
    {"funnel", klua_corpus_funnel},
    {"benchmark", klua_corpus_benchmark},
    {"weights", klua_corpus_weights},
    {"represent", klua_corpus_represent},
    {"search", klua_corpus_search},
    {"facts", klua_corpus_facts},
    {"facts_hash", klua_corpus_facts_hash},
    {"pin_model", klua_corpus_pin_model},
    {"pseudonym", klua_corpus_pseudonym},
    {"erase", klua_corpus_erase},
    {"expire", klua_corpus_expire},
    {"merge", klua_corpus_merge},
    {"audit", klua_corpus_audit},
    {"save_cache", klua_corpus_save_cache},
    {"compact", klua_corpus_compact},
    {NULL, NULL},
};

static const luaL_Reg no_methods[] = {{NULL, NULL}};

static const luaL_Reg module_functions[] = {
    {"open", module_open},
    {"state", klua_state_load},
    {"metrics", klua_metrics},
    {"versions", module_versions},
    {"all_of", klua_all_of},
    {"any_of", klua_any_of},
    {"none_of", klua_none_of},
    {"model", klua_model_new},
    {"load_model", klua_model_load},
    {"examples", klua_examples_new},
    {"personal", klua_personal},
    {"mask", klua_mask},
    {"ready_taxonomy", klua_ready_taxonomy},
    {"check_taxonomy", klua_check_taxonomy},
    {"verify", klua_verify},
    {"is_store", klua_is_store},
    {NULL, NULL},
};

static void set_functions(lua_State *L, const luaL_Reg *functions)
{
    for (; functions->name; functions++) {
        lua_pushcfunction(L, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

void klua_new_type(lua_State *L, const char *name, const luaL_Reg *methods, lua_CFunction close,
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

    klua_new_type(L, CORPUS, corpus_methods, corpus_close, corpus_tostring, NULL);
    klua_register_results(L);
    klua_register_query(L);
    klua_register_model(L);
    klua_register_learn(L);
    klua_new_type(L, BYTES, no_methods, bytes_close, NULL, NULL);
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
