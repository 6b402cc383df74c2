/* Topics that nobody named: discovering them in examples and in a corpus, what a model found.
 *
 * A call runs Lua code of the caller in its progress callback alone; meanwhile its examples are
 * busy. Edits, what a person said of topics, are borrowed from the options for the call. */
#include "kundig_lua.h"

#define DISCOVER_OPTIONS                                                                           \
    "topics", "themes", "quality", "least_customers", "most_fitted", "seed", "anew"

static void discover_options(lua_State *L, int options, kundig_discover_options *out)
{
    static const char *const qualities[] = {"good", "best", "draft", NULL};

    kundig_discover_options_init(out);
    if (!options) {
        return;
    }
    out->topics = klua_option_small(L, options, "topics");
    out->themes = klua_option_small(L, options, "themes");
    out->quality = klua_option_name(L, options, "quality", qualities);
    out->least_customers = klua_option_small(L, options, "least_customers");
    out->most_fitted = klua_option_count(L, options, "most_fitted");
    out->seed = klua_option_count(L, options, "seed");
    lua_getfield(L, options, "anew");
    out->anew = lua_toboolean(L, -1);
    lua_pop(L, 1);
}

/* The edits among the options; what they borrow is left on the stack. */
static void discover_edits(lua_State *L, int options, kundig_discover_options *out)
{
    lua_getfield(L, options, "edits");
    if (!lua_isnil(L, -1)) {
        out->edits = klua_records(L, lua_gettop(L), KUNDIG_FACTS_EDITS, &out->edit_count);
    }
}

static int discover_run(examples_box *examples, const kundig_model *base,
                        const kundig_discover_options *options, kundig_model **out, int32_t *found,
                        kundig_error *err)
{
    int rc = 0;

    examples->busy = 1;
    rc = kundig_model_discover(base, examples->set, options, out, found, err);
    examples->busy = 0;
    return rc;
}

/* Names of the topics found, an example each; false where there is none. */
static void push_found(lua_State *L, const kundig_model *model, const int32_t *found, size_t count)
{
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        if (found[i] < 0) {
            lua_pushboolean(L, 0);
        } else {
            kundig_text name =
                kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, (size_t)found[i]);
            lua_pushlstring(L, name.data, name.len);
        }
        lua_rawseti(L, -2, (int)i + 1);
    }
}

/* examples:discover({topics = 12, edits = {...}}): a model, and the topic of each example */
int klua_examples_discover(lua_State *L)
{
    static const char *const known[] = {DISCOVER_OPTIONS, "base",     "edits",
                                        "threads",        "progress", NULL};
    examples_box *examples = klua_check_examples(L, 1);
    int options = klua_check_options(L, 2, known) ? 3 : 0;
    corpus_box *box = NULL; /* of no corpus: it holds the callback */
    model_box *model = NULL;
    const kundig_model *base = NULL;
    kundig_discover_options given;
    kundig_options callback;
    kundig_error err = {0, 0, {0}};
    size_t count = kundig_examples_count(examples->set);
    int32_t *found = NULL;
    int place = 0;
    int rc = 0;

    lua_settop(L, 2);
    box = klua_new_box(L, sizeof *box, CORPUS);
    lua_insert(L, 1); /* where ENTERED finds it; examples and options move up */
    discover_options(L, options, &given);
    if (options) {
        given.threads = klua_option_small(L, options, "threads");
        discover_edits(L, options, &given);
        base = klua_kept_base(L, options);
        kundig_options_init(&callback);
        klua_take_progress(L, options, 1, &callback);
        given.progress = callback.progress;
        given.progress_ud = callback.progress_ud;
    }
    luaL_argcheck(L, count <= (size_t)0x7fffffff / sizeof *found, 1, "too many examples");
    found = lua_newuserdata(L, (count + 1) * sizeof *found);
    model = klua_new_box(L, sizeof *model, MODEL);
    place = lua_gettop(L);
    ENTERED(L, box, rc, discover_run(examples, base, &given, &model->model, found, &err));
    if (rc) {
        int refused = rc == KUNDIG_E_VALUE;
        err.pos = refused ? err.pos + 1 : err.pos;
        return klua_fail(L, rc, &err);
    }
    lua_pushvalue(L, place);
    push_found(L, model->model, found, count);
    return 2;
}

/* model:discovered(): a table with one row a topic */
int klua_model_discovered(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_discovered(model, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

static kundig_text checked_text(lua_State *L, int index)
{
    kundig_text text = {NULL, 0};

    text.data = luaL_checklstring(L, index, &text.len);
    return text;
}

/* model:define("t-0123456789ab", "delay"): a topic as the text of a taxonomy */
int klua_model_define(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    kundig_text topic = checked_text(L, 2);
    kundig_text name = checked_text(L, 3);
    bytes_box *result = klua_new_box(L, sizeof *result, BYTES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_define(model, topic, name, &result->bytes, &err);

    return rc ? klua_fail(L, rc, &err) : klua_return_bytes(L, result);
}

/* k:discover({topics = 12, where = ...}): a model; k:set_model() or k:pin_model() it */
int klua_corpus_discover(lua_State *L)
{
    static const char *const known[] = {DISCOVER_OPTIONS, "where", "zone",
                                        "purpose",        "as_of", NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_discover_options given;
    asking ask;
    model_box *result = NULL;
    int place = 0;

    discover_options(L, options, &given);
    result = klua_new_box(L, sizeof *result, MODEL);
    place = lua_gettop(L);
    if (klua_ask_new(L, &ask, 0, options)) {
        ENTERED(L, box, ask.rc,
                kundig_discover(box->k, ask.query, &given, &result->model, &ask.err));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    lua_pushvalue(L, place);
    return 1;
}

/* k:label_discovered(topic, name, {limit = 20, by = "Ann", time = ...}): what became of the facts
 */
int klua_corpus_label_discovered(lua_State *L)
{
    static const char *const known[] = {"limit", "by", "time", NULL};
    corpus_box *box = klua_check_corpus(L);
    kundig_text topic = checked_text(L, 2);
    kundig_text name = checked_text(L, 3);
    int options = klua_check_options(L, 4, known) ? 4 : 0;
    kundig_text by = {NULL, 0};
    int64_t time_ms = KUNDIG_TIME_ABSENT;
    uint64_t limit = 0;
    kundig_added added;
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    if (options) {
        limit = klua_option_count(L, options, "limit");
        by = klua_option_text(L, options, "by");
        time_ms = klua_option_time(L, options);
    }
    kundig_added_init(&added);
    ENTERED(L, box, rc,
            kundig_label_discovered(box->k, topic, name, (size_t)limit, by, time_ms, &added, &err));
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    klua_push_added(L, &added);
    return 1;
}
