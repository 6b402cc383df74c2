/* What the files of the Lua module share: boxes, failures and conversions.
 *
 * Nearly every call of Lua's C API may jump away, so whatever must be freed stands in a box
 * (userdata) that has its metatable before its object is made. Who gets texts or arrays from a
 * conversion leaves everything on the stack until the library has read them. */
#ifndef KUNDIG_LUA_H
#define KUNDIG_LUA_H

#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include <kundig.h>

/* Lua 5.1 and LuaJIT under the names of 5.4. */
#if LUA_VERSION_NUM < 502
#define lua_rawlen       lua_objlen
#define lua_getuservalue lua_getfenv
#define lua_setuservalue lua_setfenv
#endif
#if LUA_VERSION_NUM < 503
#define lua_isinteger(L, i) 0
#endif

/* ---- Boxes and failures: kundig_lua.c ------------------------------------------------------- */

#define CORPUS   "kundig.corpus"
#define TABLE    "kundig.table"
#define REPORT   "kundig.report"
#define STATE    "kundig.state"
#define MODEL    "kundig.model"
#define EXAMPLES "kundig.examples"
#define QUERY    "kundig.query"
#define BYTES    "kundig.bytes"

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

typedef struct model_box {
    kundig_model *model;
} model_box;

typedef struct examples_box {
    kundig_examples *set;
    int busy; /* a call is inside, whose progress callback may run anything */
} examples_box;

typedef struct query_box {
    kundig_query *query;
} query_box;

typedef struct bytes_box {
    kundig_bytes *bytes;
} bytes_box;

void *klua_new_box(lua_State *L, size_t size, const char *type);

/* Push nil, the message, the code and the position; returns how many values that are. */
int klua_fail(lua_State *L, int code, const kundig_error *err);

/* Push the text of the bytes in a box and free them; returns 1. */
int klua_return_bytes(lua_State *L, bytes_box *box);

/* ---- Calls into a corpus: kundig_lua.c ------------------------------------------------------ */

/* The corpus at 1, open. */
corpus_box *klua_check_corpus(lua_State *L);

/* The option "progress", if any, into the box at place. */
void klua_take_progress(lua_State *L, int options, int place, kundig_options *out);

/* Calls that take a query and a limit; metric: whether "metric" is among the options. */
int klua_corpus_listed(lua_State *L, const char *const *known, int metric,
                       int (*call)(kundig *, const kundig_query *, size_t, kundig_table **,
                                   kundig_error *));

/* Push what became of records. */
void klua_push_added(lua_State *L, const kundig_added *added);

lua_State *klua_enter(lua_State *L, corpus_box *box);
void klua_leave(lua_State *L, corpus_box *box, lua_State *before);

/* rc = call, the box at 1; an error that the progress callback raised goes on from here. */
#define ENTERED(L, box, rc, call)                                                                  \
    do {                                                                                           \
        lua_State *entered_before = klua_enter(L, box);                                            \
        (rc) = (call);                                                                             \
        klua_leave(L, box, entered_before);                                                        \
    } while (0)

void klua_new_type(lua_State *L, const char *name, const luaL_Reg *methods, lua_CFunction close,
                   lua_CFunction tostring, lua_CFunction length);

/* ---- Lua values as kundig's: convert.c ------------------------------------------------------ */

typedef struct cell_grid {
    kundig_text *columns;
    kundig_text *cells;
    size_t column_count;
    size_t row_count;
} cell_grid;

extern const char *const klua_kind_names[]; /* by number, from 0; NULL at the end */

/* A table of options whose keys are all known, or nothing. Returns whether there is one. */
int klua_check_options(lua_State *L, int index, const char *const *known);

/* Text of an option; absent where there is none. It stays on the stack. */
kundig_text klua_option_text(lua_State *L, int index, const char *name);

double klua_option_number(lua_State *L, int index, const char *name);
uint64_t klua_option_count(lua_State *L, int index, const char *name);
uint32_t klua_option_small(lua_State *L, int index, const char *name);

/* names[0] has the number 0, and so on. */
int32_t klua_option_name(lua_State *L, int index, const char *name, const char *const *names);

int klua_is_null(lua_State *L, int index);

/* Push the string keys of the table at index as a list in the order of their bytes (Lua's own
 * order changes from run to run). Returns how many there are. */
size_t klua_push_sorted_keys(lua_State *L, int index);

/* Pop the value on top of the stack as a text, absent for nil, kundig.null and NaN, which the list
 * at anchor keeps alive as its item ++*anchored. Returns 0 where it is no text, number or boolean.
 */
int klua_pop_text(lua_State *L, int anchor, size_t *anchored, kundig_text *text);

/* Read the string, number or boolean on top of the stack, which must stay there while it is used;
 * an integer that no double holds becomes text in its place. Returns 0 where it is none of them. */
int klua_top_value(lua_State *L, kundig_value *value);

/* The rows on top of the stack as cells; everything they borrow is left on the stack. */
void klua_rows_to_cells(lua_State *L, cell_grid *grid);

void klua_ingest_options(lua_State *L, int options, kundig_ingest_options *out);

/* ---- Typed records: records.c --------------------------------------------------------------- */

#define KLUA_EXAMPLES 8 /* behind the kinds of facts */

/* The records of one kind (KUNDIG_FACTS_, KLUA_EXAMPLES) in the list at index, as an array for
 * kundig_feedback_add() and its kin; everything they borrow is left on the stack. */
void *klua_records(lua_State *L, int index, int what, size_t *count);

/* Milliseconds since 1970 of the value at index, and how exact they are. Returns 0 where it is no
 * whole number and no table of an existing date. */
int klua_time(lua_State *L, int index, int64_t *time_ms, int32_t *precision);

/* The option "time"; KUNDIG_TIME_ABSENT where there is none. */
int64_t klua_option_time(lua_State *L, int options);

/* ---- Conditions and questions: query.c ------------------------------------------------------ */

/* A question on its way: what the library refuses is kept in rc and err. */
typedef struct asking {
    kundig_query *query;
    int rc;
    kundig_error err;
} asking;

#define QUERY_OPTIONS                                                                              \
    "by", "where", "every", "zone", "of", "question", "interval", "level", "min_n", "purpose",     \
        "as_of"

/* Make a query in a box on the stack. metric: 0 for none, else where its name stands. */
int klua_ask_new(lua_State *L, asking *ask, int metric, int options);

/* A condition among the options; present says whether there is one. */
int klua_ask_where(lua_State *L, asking *ask, int options, const char *name, int *present,
                   uint32_t *node);

void klua_register_query(lua_State *L);

int klua_all_of(lua_State *L);
int klua_any_of(lua_State *L);
int klua_none_of(lua_State *L);

/* ---- Tables, reports and states: results.c -------------------------------------------------- */

kundig_ingest_report *klua_check_report(lua_State *L, int index);

void klua_register_results(lua_State *L);

int klua_metrics(lua_State *L);
int klua_state_load(lua_State *L);

/* ---- Models and texts: model.c -------------------------------------------------------------- */

kundig_model *klua_check_model(lua_State *L, int index);
/* Kinds of personal data at index: a boolean for all or none, a name, or a list of names. */
uint32_t klua_kinds(lua_State *L, int index);

/* The methods of models, those that learned among them. */
void klua_register_model(lua_State *L);

int klua_model_new(lua_State *L);
int klua_model_load(lua_State *L);
int klua_personal(lua_State *L);
int klua_mask(lua_State *L);
int klua_ready_taxonomy(lua_State *L);
int klua_check_taxonomy(lua_State *L);

/* ---- Discovering: discover.c ---------------------------------------------------------------- */

int klua_examples_discover(lua_State *L);
int klua_model_discovered(lua_State *L);
int klua_model_define(lua_State *L);
int klua_corpus_discover(lua_State *L);
int klua_corpus_label_discovered(lua_State *L);

/* ---- Learning: learn.c ---------------------------------------------------------------------- */

void klua_register_learn(lua_State *L);
/* Open and at rest. */
examples_box *klua_check_examples(lua_State *L, int index);
/* The model among the options, kept on the stack: the callback may close the caller's box. */
const kundig_model *klua_kept_base(lua_State *L, int options);

int klua_examples_new(lua_State *L);
int klua_model_classes(lua_State *L);
int klua_model_classify(lua_State *L);
int klua_model_sentiment(lua_State *L);
int klua_model_show(lua_State *L);
int klua_model_prune(lua_State *L);
int klua_model_next(lua_State *L);
int klua_corpus_get_model(lua_State *L);
int klua_corpus_has_model(lua_State *L);
int klua_corpus_examples(lua_State *L);
int klua_corpus_teach(lua_State *L);
int klua_corpus_classify(lua_State *L);
int klua_corpus_sentiment(lua_State *L);
int klua_corpus_label_next(lua_State *L);

/* ---- Why a score moved: why.c --------------------------------------------------------------- */

int klua_corpus_impact(lua_State *L);
int klua_corpus_explain(lua_State *L);
int klua_corpus_chart(lua_State *L);
int klua_corpus_alarms(lua_State *L);
int klua_corpus_emerging(lua_State *L);
int klua_corpus_words(lua_State *L);
int klua_corpus_buts(lua_State *L);
int klua_corpus_mismatch(lua_State *L);
int klua_corpus_loud(lua_State *L);
int klua_corpus_funnel(lua_State *L);
int klua_corpus_benchmark(lua_State *L);
int klua_corpus_weights(lua_State *L);
int klua_corpus_represent(lua_State *L);

/* ---- Stores: store.c ------------------------------------------------------------------------ */

/* Options of kundig.open() that store.c understands. */
#define STORE_OPTIONS                                                                              \
    "access", "pseudonyms", "busy_seconds", "report_k", "report_fields", "report_every",           \
        "report_comments"

/* What they borrow is left on the stack. */
void klua_store_options(lua_State *L, int options, kundig_options *out);

int klua_corpus_search(lua_State *L);
int klua_corpus_facts(lua_State *L);
int klua_corpus_facts_hash(lua_State *L);
int klua_corpus_pin_model(lua_State *L);
int klua_corpus_pseudonym(lua_State *L);
int klua_corpus_erase(lua_State *L);
int klua_corpus_expire(lua_State *L);
int klua_corpus_merge(lua_State *L);
int klua_corpus_audit(lua_State *L);
int klua_corpus_save_cache(lua_State *L);
int klua_corpus_compact(lua_State *L);
int klua_verify(lua_State *L);
int klua_is_store(lua_State *L);

#endif
