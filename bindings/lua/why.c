/* What moved a score, what is new, who speaks: a call each of kundig.h's section "Why".
 *
 * Several tables come back as a Lua table by their names; the library's stand in boxes before the
 * call can raise. Margins are borrowed from strings that stand on the stack. Cost: one pass, but
 * sorting margins takes the square of their number. */
#include "kundig_lua.h"

#define WHY_FILTER "where", "zone", "purpose", "as_of"
#define WHY_SCORE  "metric", "question", "by", "of", "level", "min_n", WHY_FILTER
#define WHY_CHART                                                                                  \
    "metric", "question", "by", "every", WHY_FILTER, "chart", "limits", "weekdays", "baseline",    \
        "rate", "lambda", "width", "slack", "decision", "target", "sigma"

/* ---- Questions ------------------------------------------------------------------------------ */

/* Ask with the metric among the options, if any. */
static int why_ask(lua_State *L, asking *ask, int options)
{
    int metric = 0;

    if (options) {
        lua_getfield(L, options, "metric");
        metric = lua_isnil(L, -1) ? 0 : lua_gettop(L);
        if (metric && lua_type(L, metric) != LUA_TSTRING) {
            luaL_error(L, "metric is a string");
        }
    }
    return klua_ask_new(L, ask, metric, options);
}

/* A bare period, such as 2026-Q2. */
static int why_is_period(const char *text)
{
    return strspn(text, "0123456789") >= 4 && text[strspn(text, "0123456789-QW")] == '\0';
}

/* The set that an option describes by a condition, or by a period. */
static int why_set(lua_State *L, asking *ask, int options, const char *name, uint32_t *node)
{
    int top = lua_gettop(L);
    int from = options;
    int present = 0;

    lua_getfield(L, options, name);
    if (lua_type(L, -1) == LUA_TSTRING && why_is_period(lua_tostring(L, -1))) {
        lua_pushfstring(L, "time = %s", lua_tostring(L, -1));
        lua_newtable(L);
        from = lua_gettop(L);
        lua_pushvalue(L, -2);
        lua_setfield(L, from, name);
    }
    if (!klua_ask_where(L, ask, from, name, &present, node)) {
        return 0;
    }
    if (!present) {
        luaL_error(L, "%s is needed: a condition or a period", name);
    }
    lua_settop(L, top);
    return 1;
}

static int why_truth(lua_State *L, int options, const char *name)
{
    int truth = KUNDIG_UNKNOWN;

    lua_getfield(L, options, name);
    if (!lua_isnil(L, -1)) {
        if (!lua_isboolean(L, -1)) {
            luaL_error(L, "%s is true or false", name);
        }
        truth = lua_toboolean(L, -1) ? KUNDIG_YES : KUNDIG_NO;
    }
    lua_pop(L, 1);
    return truth;
}

/* What a call gave that leaves its table in the box at place. */
static int why_answer(lua_State *L, const asking *ask, int place)
{
    if (ask->rc) {
        return klua_fail(L, ask->rc, &ask->err);
    }
    lua_pushvalue(L, place);
    return 1;
}

/* ---- One table ------------------------------------------------------------------------------ */

/* k:impact({metric = "nps", by = "stage", limit = 5}) */
int klua_corpus_impact(lua_State *L)
{
    static const char *const known[] = {WHY_SCORE, "limit", NULL};

    return klua_corpus_listed(L, known, 1, kundig_impact);
}

/* k:loud(): options as impact() has them */
int klua_corpus_loud(lua_State *L)
{
    static const char *const known[] = {WHY_SCORE, "limit", NULL};

    return klua_corpus_listed(L, known, 1, kundig_loud);
}

/* k:buts({where = "stage = Use", limit = 5}) */
int klua_corpus_buts(lua_State *L)
{
    static const char *const known[] = {"question", WHY_FILTER, "limit", NULL};

    return klua_corpus_listed(L, known, 0, kundig_buts);
}

/* k:mismatch(): options as buts() has them */
int klua_corpus_mismatch(lua_State *L)
{
    static const char *const known[] = {"question", WHY_FILTER, "limit", NULL};

    return klua_corpus_listed(L, known, 0, kundig_mismatch);
}

static void why_chart_options(lua_State *L, int options, kundig_chart_options *out)
{
    static const char *const charts[] = {"default", "share", "count", "ewma", "cusum", NULL};
    static const char *const limits[] = {"exact", "three_sigma", NULL};

    kundig_chart_options_init(out);
    if (!options) {
        return;
    }
    out->chart = klua_option_name(L, options, "chart", charts);
    out->limits = klua_option_name(L, options, "limits", limits);
    out->weekdays = why_truth(L, options, "weekdays");
    out->baseline = klua_option_small(L, options, "baseline");
    out->rate = klua_option_number(L, options, "rate");
    out->lambda = klua_option_number(L, options, "lambda");
    out->width = klua_option_number(L, options, "width");
    out->slack = klua_option_number(L, options, "slack");
    out->limit = klua_option_number(L, options, "decision");
    out->target = klua_option_number(L, options, "target");
    out->sigma = klua_option_number(L, options, "sigma");
}

/* k:chart({by = "topic", chart = "cusum", every = "week"}) */
int klua_corpus_chart(lua_State *L)
{
    static const char *const known[] = {WHY_CHART, NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_chart_options given;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    why_chart_options(L, options, &given);
    if (why_ask(L, &ask, options)) {
        ENTERED(L, box, ask.rc, kundig_chart(box->k, ask.query, &given, &result->table, &ask.err));
    }
    return why_answer(L, &ask, place);
}

/* k:alarms({since = 1767225600000, limit = 5}): options as chart() has them besides */
int klua_corpus_alarms(lua_State *L)
{
    static const char *const known[] = {WHY_CHART, "since", "limit", NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    uint64_t limit = options ? klua_option_count(L, options, "limit") : 0;
    kundig_chart_options given;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    why_chart_options(L, options, &given);
    if (options) {
        int32_t precision = 0;
        lua_getfield(L, options, "since");
        if (!lua_isnil(L, -1) && !klua_time(L, lua_gettop(L), &given.since_ms, &precision)) {
            luaL_error(L, "since is milliseconds since 1970 or a table with year, month and day");
        }
        lua_pop(L, 1);
    }
    if (why_ask(L, &ask, options)) {
        ENTERED(L, box, ask.rc,
                kundig_alarms(box->k, ask.query, &given, (size_t)limit, &result->table, &ask.err));
    }
    return why_answer(L, &ask, place);
}

/* k:emerging({by = "topic", every = "week", limit = 5}) */
int klua_corpus_emerging(lua_State *L)
{
    static const char *const known[] = {"by", "every", WHY_FILTER, "scale", "gamma", "limit", NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    kundig_emerging_options given;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    kundig_emerging_options_init(&given);
    if (options) {
        given.scale = klua_option_number(L, options, "scale");
        given.gamma = klua_option_number(L, options, "gamma");
        given.limit = klua_option_count(L, options, "limit");
    }
    if (why_ask(L, &ask, options)) {
        ENTERED(L, box, ask.rc,
                kundig_emerging(box->k, ask.query, &given, &result->table, &ask.err));
    }
    return why_answer(L, &ask, place);
}

/* k:words({a = "nps <= 6", b = "nps >= 9", limit = 20}) */
int klua_corpus_words(lua_State *L)
{
    static const char *const priors[] = {"all", "counts", "uniform", NULL};
    static const char *const known[] = {"a",     "b",     WHY_FILTER,   "prior_kind", "prior",
                                        "limit", "least", "everything", NULL};
    corpus_box *box = klua_check_corpus(L);
    kundig_words_options given;
    asking ask;
    table_box *result = NULL;
    int place = 0;
    uint32_t a = 0;
    uint32_t b = 0;

    luaL_argcheck(L, klua_check_options(L, 2, known), 2, "a and b are needed");
    kundig_words_options_init(&given);
    given.prior_kind = klua_option_name(L, 2, "prior_kind", priors);
    given.prior = klua_option_number(L, 2, "prior");
    given.limit = klua_option_count(L, 2, "limit");
    given.least = klua_option_count(L, 2, "least");
    given.everything = why_truth(L, 2, "everything") == KUNDIG_YES;
    result = klua_new_box(L, sizeof *result, TABLE);
    place = lua_gettop(L);
    if (why_ask(L, &ask, 2) && why_set(L, &ask, 2, "a", &a) && why_set(L, &ask, 2, "b", &b)) {
        ENTERED(L, box, ask.rc,
                kundig_words(box->k, ask.query, a, b, &given, &result->table, &ask.err));
    }
    return why_answer(L, &ask, place);
}

/* k:funnel("nps", {by = "agent"}) */
int klua_corpus_funnel(lua_State *L)
{
    static const char *const known[] = {QUERY_OPTIONS, NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (klua_ask_new(L, &ask, 2, options)) {
        ENTERED(L, box, ask.rc, kundig_funnel(box->k, ask.query, &result->table, &ask.err));
    }
    return why_answer(L, &ask, place);
}

/* k:benchmark("nps", 0.31, {n = 1200, by = "stage"}) */
int klua_corpus_benchmark(lua_State *L)
{
    static const char *const known[] = {"n", "deviation", QUERY_OPTIONS, NULL};
    corpus_box *box = klua_check_corpus(L);
    double value = luaL_checknumber(L, 3);
    int options = klua_check_options(L, 4, known) ? 4 : 0;
    double n = options ? klua_option_number(L, options, "n") : 0;
    double deviation = options ? klua_option_number(L, options, "deviation") : 0;
    asking ask;
    table_box *result = klua_new_box(L, sizeof *result, TABLE);
    int place = lua_gettop(L);

    if (klua_ask_new(L, &ask, 2, options)) {
        ENTERED(L, box, ask.rc,
                kundig_benchmark(box->k, ask.query, value, n, deviation, &result->table, &ask.err));
    }
    return why_answer(L, &ask, place);
}

/* ---- Several tables ------------------------------------------------------------------------- */

#define WHY_MOST 4 /* tables of one answer */

/* Boxes for tables, at place and behind it on the stack. */
static int why_boxes(lua_State *L, table_box **boxes, size_t count)
{
    int place = lua_gettop(L) + 1;

    for (size_t i = 0; i < count; i++) {
        boxes[i] = klua_new_box(L, sizeof *boxes[i], TABLE);
    }
    return place;
}

static int why_keep(int rc, table_box **boxes, kundig_table **tables, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        boxes[i]->table = tables[i];
    }
    return rc;
}

/* The boxes at place as a table by name, on top of the stack. */
static void why_push(lua_State *L, int place, const char *const *names, size_t count)
{
    lua_createtable(L, 0, (int)count);
    for (size_t i = 0; i < count; i++) {
        lua_pushvalue(L, place + (int)i);
        lua_setfield(L, -2, names[i]);
    }
}

static int explain_run(kundig *k, asking *ask, const uint32_t *sets,
                       const kundig_explain_options *options, table_box **boxes)
{
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES] = {NULL};
    int rc = kundig_explain(k, ask->query, sets[0], sets[1], options, tables, KUNDIG_EXPLAIN_TABLES,
                            &ask->err);

    return why_keep(rc, boxes, tables, KUNDIG_EXPLAIN_TABLES);
}

/* k:explain({before = "2026-Q1", after = "2026-Q2", by = {"topic"}}): change, splits, causes,
 * breaks and the sentence */
int klua_corpus_explain(lua_State *L)
{
    static const char *const languages[] = {"english", "german", NULL};
    static const char *const names[] = {"change", "splits", "causes", "breaks"};
    static const char *const known[] = {"before", "after", WHY_SCORE, "sentences", "limit", NULL};
    corpus_box *box = klua_check_corpus(L);
    table_box *boxes[WHY_MOST] = {NULL};
    kundig_explain_options given;
    asking ask;
    uint32_t sets[2] = {0, 0};
    int place = 0;
    size_t column = 0;

    luaL_argcheck(L, klua_check_options(L, 2, known), 2, "before and after are needed");
    kundig_explain_options_init(&given);
    given.sentences = klua_option_name(L, 2, "sentences", languages);
    given.limit = klua_option_count(L, 2, "limit");
    place = why_boxes(L, boxes, KUNDIG_EXPLAIN_TABLES);
    if (why_ask(L, &ask, 2) && why_set(L, &ask, 2, "before", &sets[0]) &&
        why_set(L, &ask, 2, "after", &sets[1])) {
        ENTERED(L, box, ask.rc, explain_run(box->k, &ask, sets, &given, boxes));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    why_push(L, place, names, KUNDIG_EXPLAIN_TABLES);
    column = kundig_table_find_column(boxes[0]->table, "sentence", 8);
    if (column != SIZE_MAX && kundig_table_row_count(boxes[0]->table)) {
        kundig_text sentence = kundig_table_text(boxes[0]->table, 0, column);
        lua_pushlstring(L, sentence.data ? sentence.data : "", sentence.len);
        lua_setfield(L, -2, "sentence");
    }
    return 1;
}

static int text_order(kundig_text a, kundig_text b)
{
    int order = 0;

    if (!a.data || !b.data) {
        return (a.data != NULL) - (b.data != NULL);
    }
    order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Margins on their way from Lua. */
typedef struct margin_list {
    kundig_margin *margins;
    size_t count;
    int anchor; /* keeps their texts */
    size_t anchored;
} margin_list;

/* Put a margin where the order of field and value wants it: Lua's own changes from run to run. */
static void insert_margin(margin_list *list, const kundig_margin *margin)
{
    size_t at = list->count++;

    for (; at > 0; at--) {
        int order = text_order(list->margins[at - 1].field, margin->field);
        order = order ? order : text_order(list->margins[at - 1].value, margin->value);
        if (order <= 0) {
            break;
        }
        list->margins[at] = list->margins[at - 1];
    }
    list->margins[at] = *margin;
}

/* Pop size, value and field. */
static kundig_margin pop_margin(lua_State *L, margin_list *list)
{
    kundig_margin margin;

    if (lua_type(L, -3) != LUA_TSTRING) {
        luaL_error(L, "a margin's field is a string");
    }
    if (lua_type(L, -1) != LUA_TNUMBER) {
        luaL_error(L, "%s: a margin's size is a number", lua_tostring(L, -3));
    }
    margin.size = (double)lua_tonumber(L, -1);
    lua_pop(L, 1);
    if (!klua_pop_text(L, list->anchor, &list->anchored, &margin.value)) {
        luaL_error(L, "%s: a value is a string, a number or a boolean", lua_tostring(L, -1));
    }
    klua_pop_text(L, list->anchor, &list->anchored, &margin.field);
    return margin;
}

/* {{"channel", "email", 60}, ...}: as they stand. */
static void listed_margins(lua_State *L, int index, size_t count, margin_list *list)
{
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, index, (int)i);
        if (!lua_istable(L, -1)) {
            luaL_error(L, "a margin in a list is {field, value, size}");
        }
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        lua_rawgeti(L, -3, 3);
        list->margins[list->count++] = pop_margin(L, list);
        lua_pop(L, 1);
    }
}

/* {channel = {email = 60, [kundig.null] = 5}}: sorted; margins NULL counts them alone. */
static void keyed_margins(lua_State *L, int index, margin_list *list)
{
    lua_pushnil(L);
    while (lua_next(L, index)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_istable(L, -1)) {
            luaL_error(L, "margins are a table of tables, {channel = {email = 60, phone = 40}}, or "
                          "a list of {\"channel\", \"email\", 60}");
        }
        lua_pushnil(L);
        while (lua_next(L, -2)) {
            kundig_margin margin;
            if (!list->margins) {
                list->count++;
                lua_pop(L, 1);
                continue;
            }
            lua_pushvalue(L, -4); /* field, its table, value, size */
            lua_insert(L, -2);
            lua_pushvalue(L, -3);
            lua_insert(L, -2);
            margin = pop_margin(L, list);
            insert_margin(list, &margin);
        }
        lua_pop(L, 1);
    }
}

/* The margins at index; what they borrow is left on the stack. */
static margin_list margins_at(lua_State *L, int index)
{
    margin_list list = {NULL, 0, 0, 0};
    size_t listed = 0;

    luaL_checktype(L, index, LUA_TTABLE);
    listed = lua_rawlen(L, index);
    if (listed) {
        list.count = listed;
    } else {
        keyed_margins(L, index, &list);
    }
    if (list.count > 4096) {
        luaL_error(L, "more than 4096 margins");
    }
    lua_newtable(L);
    list.anchor = lua_gettop(L);
    list.margins = lua_newuserdata(L, (list.count + 1) * sizeof *list.margins);
    list.count = 0;
    if (listed) {
        listed_margins(L, index, listed, &list);
    } else {
        keyed_margins(L, index, &list);
    }
    return list;
}

static int weights_run(kundig *k, asking *ask, const margin_list *list,
                       const kundig_weights_options *options, table_box **boxes)
{
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES] = {NULL};
    int rc = kundig_weights(k, ask->query, list->margins, list->count, options, tables,
                            KUNDIG_WEIGHTS_TABLES, &ask->err);

    return why_keep(rc, boxes, tables, KUNDIG_WEIGHTS_TABLES);
}

/* k:weights({channel = {email = 60, phone = 40}}, {metric = "nps"}): cells, summary, score */
int klua_corpus_weights(lua_State *L)
{
    static const char *const names[] = {"cells", "summary", "score"};
    static const char *const known[] = {"metric", "question", "of",   "interval", "level",
                                        "min_n",  WHY_FILTER, "most", "rounds",   NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 3, known) ? 3 : 0;
    table_box *boxes[WHY_MOST] = {NULL};
    kundig_weights_options given;
    margin_list list;
    asking ask;
    int place = 0;

    kundig_weights_options_init(&given);
    if (options) {
        given.most = klua_option_number(L, options, "most");
        given.rounds = klua_option_count(L, options, "rounds");
    }
    list = margins_at(L, 2);
    place = why_boxes(L, boxes, KUNDIG_WEIGHTS_TABLES);
    if (why_ask(L, &ask, options)) {
        ENTERED(L, box, ask.rc, weights_run(box->k, &ask, &list, &given, boxes));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    why_push(L, place, names, KUNDIG_WEIGHTS_TABLES);
    return 1;
}

static int represent_run(kundig *k, asking *ask, table_box **boxes)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES] = {NULL};
    int rc = kundig_represent(k, ask->query, tables, KUNDIG_REPRESENT_TABLES, &ask->err);

    return why_keep(rc, boxes, tables, KUNDIG_REPRESENT_TABLES);
}

/* k:represent({by = "segment"}): groups, summary */
int klua_corpus_represent(lua_State *L)
{
    static const char *const names[] = {"groups", "summary"};
    static const char *const known[] = {"metric", "question", "by", "level", WHY_FILTER, NULL};
    corpus_box *box = klua_check_corpus(L);
    int options = klua_check_options(L, 2, known) ? 2 : 0;
    table_box *boxes[WHY_MOST] = {NULL};
    asking ask;
    int place = why_boxes(L, boxes, KUNDIG_REPRESENT_TABLES);

    if (why_ask(L, &ask, options)) {
        ENTERED(L, box, ask.rc, represent_run(box->k, &ask, boxes));
    }
    if (ask.rc) {
        return klua_fail(L, ask.rc, &ask.err);
    }
    why_push(L, place, names, KUNDIG_REPRESENT_TABLES);
    return 1;
}
