/* Examples and what they teach: learning, models that learned, and what corpora say with them.
 *
 * A call that learns runs Lua code of the caller in its progress callback alone; meanwhile its
 * examples are busy, and whoever touches them is told so. */
#include "kundig_lua.h"

#define LEARN_OPTIONS "quality", "labels", "least_customers", "most_bytes", "seed"

static const char *const lesson_names[] = {"topics", "sentiment", NULL};
/* Of models, what they discovered as well. */
static const char *const shown_lessons[] = {"topics", "sentiment", "discovered", NULL};

/* A lesson by its name; topics where there is none. */
static int32_t check_lesson(lua_State *L, int index)
{
    const char *name = luaL_optlstring(L, index, lesson_names[0], NULL);

    for (int32_t i = 0; lesson_names[i]; i++) {
        if (strcmp(lesson_names[i], name) == 0) {
            return i;
        }
    }
    return luaL_argerror(L, index, "a lesson is topics or sentiment");
}

/* The same of what models tell: discovered is one, too. */
static int32_t check_shown_lesson(lua_State *L, int index)
{
    const char *name = luaL_optlstring(L, index, shown_lessons[0], NULL);

    return strcmp(name, "discovered") == 0 ? KUNDIG_LESSON_DISCOVERED : check_lesson(L, index);
}

/* What they borrow is left on the stack. Options that a call does not know are absent. */
static void learn_options(lua_State *L, int options, kundig_learn_options *out)
{
    static const char *const qualities[] = {"fast", "best", NULL};
    static const char *const labels[] = {"guess", "one", "several", NULL};

    kundig_learn_options_init(out);
    if (!options) {
        return;
    }
    out->quality = klua_option_name(L, options, "quality", qualities);
    out->labels = klua_option_name(L, options, "labels", labels);
    out->least_customers = klua_option_small(L, options, "least_customers");
    out->most_bytes = klua_option_count(L, options, "most_bytes");
    out->seed = klua_option_count(L, options, "seed");
    out->threads = klua_option_small(L, options, "threads");
    out->folds = klua_option_small(L, options, "folds");
    out->field = klua_option_text(L, options, "field");
    out->question = klua_option_text(L, options, "question");
}

static int learn_done(lua_State *L, int place, int rc, const kundig_error *err)
{
    if (rc) {
        return klua_fail(L, rc, err);
    }
    lua_pushvalue(L, place);
    return 1;
}

/* ---- Examples ------------------------------------------------------------------------------- */

examples_box *klua_check_examples(lua_State *L, int index)
{
    examples_box *box = luaL_checkudata(L, index, EXAMPLES);

    luaL_argcheck(L, box->set, index, "the examples are closed");
    luaL_argcheck(L, !box->busy, index, "the examples are at work");
    return box;
}

static int examples_close(lua_State *L)
{
    examples_box *box = luaL_checkudata(L, 1, EXAMPLES);

    luaL_argcheck(L, !box->busy, 1, "the examples are at work");
    kundig_examples_free(box->set);
    box->set = NULL;
    return 0;
}

static int examples_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)kundig_examples_count(klua_check_examples(L, 1)->set));
    return 1;
}

static int examples_tostring(lua_State *L)
{
    examples_box *box = luaL_checkudata(L, 1, EXAMPLES);

    lua_pushstring(L, box->set ? "kundig examples" : "kundig examples, closed");
    return 1;
}

/* kundig.examples(), kundig.examples("sentiment") */
int klua_examples_new(lua_State *L)
{
    int32_t lesson = check_lesson(L, 1);
    examples_box *result = klua_new_box(L, sizeof *result, EXAMPLES);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_examples_new(NULL, lesson, &result->set, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

/* All of the list or none; the position of a failure is the example's index in it. */
static int examples_change(lua_State *L, int (*call)(kundig_examples *, const kundig_example *,
                                                     size_t, kundig_error *))
{
    examples_box *box = klua_check_examples(L, 1);
    size_t count = 0;
    const kundig_example *examples = klua_records(L, 2, KLUA_EXAMPLES, &count);
    kundig_error err = {0, 0, {0}};
    int rc = call(box->set, examples, count, &err);

    if (rc) {
        int refused = rc == KUNDIG_E_VALUE || rc == KUNDIG_E_NOT_FOUND || rc == KUNDIG_E_ARG;
        err.pos = refused ? err.pos + 1 : 0;
        return klua_fail(L, rc, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

static int examples_add(lua_State *L)
{
    return examples_change(L, kundig_examples_add);
}

static int examples_remove(lua_State *L)
{
    return examples_change(L, kundig_examples_remove);
}

/* ---- Learning from examples ----------------------------------------------------------------- */

typedef struct lesson_call {
    examples_box *examples;
    const kundig_model *base;
    kundig_learn_options options;
    size_t limit;
    int (*show)(const kundig_model *, const kundig_examples *, const kundig_learn_options *,
                kundig_table **, kundig_error *); /* NULL: teach or doubts */
    kundig_model **model;                         /* where teach leaves what it learned */
    kundig_table **table;
} lesson_call;

static int lesson_run(lesson_call *call, kundig_error *err)
{
    const kundig_examples *set = call->examples->set;
    int rc = 0;

    call->examples->busy = 1;
    if (call->model) {
        rc = kundig_model_teach(call->base, set, &call->options, call->model, err);
    } else if (call->show) {
        rc = call->show(call->base, set, &call->options, call->table, err);
    } else {
        rc = kundig_examples_doubts(call->base, set, &call->options, call->limit, call->table, err);
    }
    call->examples->busy = 0;
    return rc;
}

const kundig_model *klua_kept_base(lua_State *L, int options)
{
    model_box *kept = NULL;

    lua_getfield(L, options, "base");
    if (lua_isnil(L, -1)) {
        return NULL;
    }
    kept = klua_new_box(L, sizeof *kept, MODEL);
    kept->model = kundig_model_retain(klua_check_model(L, lua_gettop(L) - 1));
    return kept->model;
}

/* examples:teach(options) and its kin. Stack: examples, options. */
static int lesson_ask(lua_State *L, const char *const *known, lesson_call *call, int teaches)
{
    corpus_box *box = NULL; /* of no corpus: it holds the callback */
    model_box *model = NULL;
    table_box *table = NULL;
    kundig_options given;
    kundig_error err = {0, 0, {0}};
    int options = 0;
    int place = 0;
    int rc = 0;

    call->examples = klua_check_examples(L, 1);
    options = klua_check_options(L, 2, known) ? 3 : 0;
    lua_settop(L, 2);
    box = klua_new_box(L, sizeof *box, CORPUS);
    lua_insert(L, 1); /* where ENTERED finds it; examples and options move up */
    learn_options(L, options, &call->options);
    if (options) {
        call->limit = (size_t)klua_option_count(L, options, "limit");
        call->base = klua_kept_base(L, options);
        kundig_options_init(&given);
        klua_take_progress(L, options, 1, &given);
        call->options.progress = given.progress;
        call->options.progress_ud = given.progress_ud;
    }
    if (teaches) {
        model = klua_new_box(L, sizeof *model, MODEL);
        call->model = &model->model;
    } else {
        table = klua_new_box(L, sizeof *table, TABLE);
        call->table = &table->table;
    }
    place = lua_gettop(L);
    ENTERED(L, box, rc, lesson_run(call, &err));
    return learn_done(L, place, rc, &err);
}

#define LESSON_OPTIONS LEARN_OPTIONS, "base", "threads", "progress"

static int examples_teach(lua_State *L)
{
    static const char *const known[] = {LESSON_OPTIONS, NULL};
    lesson_call call = {0};

    return lesson_ask(L, known, &call, 1);
}

static int examples_validate(lua_State *L)
{
    static const char *const known[] = {LESSON_OPTIONS, "folds", NULL};
    lesson_call call = {.show = kundig_examples_validate};

    return lesson_ask(L, known, &call, 0);
}

static int examples_curve(lua_State *L)
{
    static const char *const known[] = {LESSON_OPTIONS, NULL};
    lesson_call call = {.show = kundig_examples_curve};

    return lesson_ask(L, known, &call, 0);
}

static int examples_doubts(lua_State *L)
{
    static const char *const known[] = {LESSON_OPTIONS, "folds", "limit", NULL};
    lesson_call call = {0};

    return lesson_ask(L, known, &call, 0);
}

/* ---- Models that learned -------------------------------------------------------------------- */

/* model:classes(lesson): their names, in the order of their bytes */
int klua_model_classes(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    int32_t lesson = check_shown_lesson(L, 2);
    size_t count = kundig_model_class_count(model, lesson);

    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        kundig_text name = kundig_model_class_name(model, lesson, i);
        lua_pushlstring(L, name.data, name.len);
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

/* A list of texts at index as an array; everything it borrows is left on the stack. */
static kundig_text *texts_at(lua_State *L, int index, size_t *count)
{
    kundig_text *texts = NULL;
    size_t anchored = 0;
    int anchor = 0;

    luaL_checktype(L, index, LUA_TTABLE);
    *count = lua_rawlen(L, index);
    luaL_argcheck(L, *count <= (size_t)0x7fffffff / sizeof *texts, index, "too many texts");
    lua_newtable(L);
    anchor = lua_gettop(L);
    texts = lua_newuserdata(L, *count * sizeof *texts + 1);
    for (size_t i = 0; i < *count; i++) {
        lua_rawgeti(L, index, (int)i + 1);
        if (!klua_pop_text(L, anchor, &anchored, &texts[i])) {
            luaL_error(L, "text %d: a text is a string", (int)i + 1);
        }
    }
    return texts;
}

/* Numbers of classify, for count texts of `classes` classes. */
typedef struct told_box {
    int32_t *classes;
    float *probabilities;
    float *sureness;
    uint8_t *holds;
} told_box;

static told_box told_new(lua_State *L, size_t count, size_t classes)
{
    told_box told;
    size_t cells = count * classes;

    if (classes && count > (size_t)0x3fffffff / classes) {
        luaL_error(L, "too many texts for one call");
    }
    told.classes = lua_newuserdata(L, (count + 1) * sizeof *told.classes);
    told.probabilities = lua_newuserdata(L, (cells + 1) * sizeof *told.probabilities);
    told.sureness = lua_newuserdata(L, (count + 1) * sizeof *told.sureness);
    told.holds = lua_newuserdata(L, cells + 1);
    return told;
}

static void push_class(lua_State *L, const kundig_model *model, int32_t lesson, size_t klass)
{
    kundig_text name = kundig_model_class_name(model, lesson, klass);

    lua_pushlstring(L, name.data, name.len);
}

/* {class = , probability = , sureness = , holds = {names}, probabilities = {name = number}} */
static void push_told(lua_State *L, const kundig_model *model, int32_t lesson, const told_box *told,
                      size_t text, size_t classes, int all)
{
    const float *probabilities = told->probabilities + text * classes;
    const uint8_t *holds = told->holds + text * classes;
    int held = 0;

    lua_createtable(L, 0, 5);
    if (told->classes[text] >= 0) {
        push_class(L, model, lesson, (size_t)told->classes[text]);
        lua_setfield(L, -2, "class");
        lua_pushnumber(L, (lua_Number)probabilities[told->classes[text]]);
        lua_setfield(L, -2, "probability");
    }
    lua_pushnumber(L, (lua_Number)told->sureness[text]);
    lua_setfield(L, -2, "sureness");
    lua_newtable(L);
    for (size_t i = 0; i < classes; i++) {
        if (holds[i]) {
            push_class(L, model, lesson, i);
            lua_rawseti(L, -2, ++held);
        }
    }
    lua_setfield(L, -2, "holds");
    if (all) {
        lua_createtable(L, 0, (int)classes);
        for (size_t i = 0; i < classes; i++) {
            push_class(L, model, lesson, i);
            lua_pushnumber(L, (lua_Number)probabilities[i]);
            lua_rawset(L, -3);
        }
        lua_setfield(L, -2, "probabilities");
    }
}

/* model:classify(texts, {lesson = "sentiment", threads = 2, probabilities = true}): a list, one
 * item a text */
int klua_model_classify(lua_State *L)
{
    static const char *const known[] = {"lesson", "threads", "probabilities", NULL};
    const kundig_model *model = klua_check_model(L, 1);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    int32_t lesson = options ? klua_option_name(L, options, "lesson", shown_lessons) : 0;
    uint32_t threads = options ? klua_option_small(L, options, "threads") : 0;
    size_t classes = kundig_model_class_count(model, lesson);
    size_t count = 0;
    const kundig_text *texts = NULL;
    told_box told;
    kundig_error err = {0, 0, {0}};
    int all = 0;
    int rc = 0;

    if (options) {
        lua_getfield(L, options, "probabilities");
        all = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    texts = texts_at(L, 2, &count);
    told = told_new(L, count, classes);
    rc = kundig_model_classify(model, lesson, texts, count, threads, told.classes,
                               told.probabilities, told.holds, told.sureness, &err);
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        push_told(L, model, lesson, &told, i, classes, all);
        lua_rawseti(L, -2, (int)i + 1);
    }
    return 1;
}

int klua_model_sentiment(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    size_t len = 0;
    const char *text = luaL_checklstring(L, 2, &len);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_sentiment(model, text, len, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

/* model:show(), model:show("features"), model:show("summary", "sentiment") */
int klua_model_show(lua_State *L)
{
    static const char *const names[] = {"summary",   "classes", "features", "calibration",
                                        "confusion", "sizes",   "history",  NULL};
    const kundig_model *model = klua_check_model(L, 1);
    const char *name = luaL_optlstring(L, 2, names[0], NULL);
    int32_t lesson = check_shown_lesson(L, 3);
    int32_t which = 0;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    while (names[which] && strcmp(names[which], name) != 0) {
        which++;
    }
    luaL_argcheck(L, names[which], 2,
                  "it shows summary, classes, features, calibration, confusion, sizes or history");
    rc = kundig_model_show(model, lesson, which, &result->table, &err);
    return rc ? klua_fail(L, rc, &err) : 1;
}

/* model:prune(most_bytes), model:prune(most_bytes, "sentiment") */
int klua_model_prune(lua_State *L)
{
    const kundig_model *model = klua_check_model(L, 1);
    double most = (double)luaL_checknumber(L, 2);
    int32_t lesson = check_lesson(L, 3);
    model_box *result = klua_new_box(L, sizeof *result, MODEL);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    luaL_argcheck(L, most >= 1 && most <= 9007199254740992.0, 2, "a number of bytes");
    rc = kundig_model_prune(model, lesson, (uint64_t)most, &result->model, &err);
    return rc ? klua_fail(L, rc, &err) : 1;
}

/* model:next(texts, {limit = 10, lesson = "topics"}) */
int klua_model_next(lua_State *L)
{
    static const char *const known[] = {"lesson", "limit", NULL};
    const kundig_model *model = klua_check_model(L, 1);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    int32_t lesson = options ? klua_option_name(L, options, "lesson", lesson_names) : 0;
    uint64_t limit = options ? klua_option_count(L, options, "limit") : 0;
    size_t count = 0;
    const kundig_text *texts = texts_at(L, 2, &count);
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    kundig_error err = {0, 0, {0}};
    int rc = kundig_model_next(model, lesson, texts, count, (size_t)limit, &result->table, &err);

    return rc ? klua_fail(L, rc, &err) : 1;
}

/* ---- Corpora -------------------------------------------------------------------------------- */

/* k:get_model(): the one that reads its comments */
int klua_corpus_get_model(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    model_box *result = klua_new_box(L, sizeof *result, MODEL);
    int place = lua_gettop(L);
    kundig_error err = {0, 0, {0}};
    int rc = 0;

    ENTERED(L, box, rc, kundig_get_model(box->k, &result->model, &err));
    return learn_done(L, place, rc, &err);
}

/* k:has_model(): was one chosen or pinned? */
int klua_corpus_has_model(lua_State *L)
{
    corpus_box *box = klua_check_corpus(L);
    kundig_error err = {0, 0, {0}};
    int32_t has = KUNDIG_UNKNOWN;
    int rc = 0;

    ENTERED(L, box, rc, kundig_has_model(box->k, &has, &err));
    if (rc) {
        return klua_fail(L, rc, &err);
    }
    lua_pushboolean(L, has == KUNDIG_YES);
    return 1;
}

/* k:examples(), k:examples("topics", {field = "category"}): what the facts teach */
int klua_corpus_examples(lua_State *L)
{
    static const char *const known[] = {"field", "question", NULL};
    corpus_box *box = klua_check_corpus(L);
    int32_t lesson = check_lesson(L, 2);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    kundig_learn_options given;
    examples_box *result = NULL;
    kundig_error err = {0, 0, {0}};
    int place = 0;
    int rc = 0;

    learn_options(L, options, &given);
    result = klua_new_box(L, sizeof *result, EXAMPLES);
    place = lua_gettop(L);
    rc = kundig_examples_new(NULL, lesson, &result->set, &err);
    if (!rc) {
        ENTERED(L, box, rc, kundig_examples_collect(box->k, &given, result->set, &err));
    }
    return learn_done(L, place, rc, &err);
}

/* k:teach(options): a model that knows what the facts teach; k:set_model() or k:pin_model() it */
int klua_corpus_teach(lua_State *L)
{
    static const char *const known[] = {LEARN_OPTIONS, "field", "question", NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_learn_options given;
    model_box *result = NULL;
    kundig_error err = {0, 0, {0}};
    int place = 0;
    int rc = 0;

    learn_options(L, options, &given);
    result = klua_new_box(L, sizeof *result, MODEL);
    place = lua_gettop(L);
    ENTERED(L, box, rc, kundig_teach(box->k, &given, &result->model, &err));
    return learn_done(L, place, rc, &err);
}

static const char *const telling_options[] = {"where", "zone", "purpose", "as_of", "limit", NULL};

int klua_corpus_classify(lua_State *L)
{
    return klua_corpus_listed(L, telling_options, 0, kundig_classify);
}

int klua_corpus_sentiment(lua_State *L)
{
    return klua_corpus_listed(L, telling_options, 0, kundig_sentiment);
}

int klua_corpus_label_next(lua_State *L)
{
    return klua_corpus_listed(L, telling_options, 0, kundig_label_next);
}

/* ---- Type ----------------------------------------------------------------------------------- */

static const luaL_Reg examples_methods[] = {
    {"close", examples_close},
    {"add", examples_add},
    {"remove", examples_remove},
    {"teach", examples_teach},
    {"validate", examples_validate},
    {"curve", examples_curve},
    {"doubts", examples_doubts},
    {"discover", klua_examples_discover},
    {NULL, NULL},
};

void klua_register_learn(lua_State *L)
{
    klua_new_type(L, EXAMPLES, examples_methods, examples_close, examples_tostring, examples_len);
}
