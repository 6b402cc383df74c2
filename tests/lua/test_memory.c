/* Lua's own allocator fails at every point of a script that uses the whole binding (Lua 5.4): every
 * failure must come out as Lua's own error, nothing may crash, nothing may stay.
 *
 * The script runs to its end, then again and again with the n-th growth failing, for n = 1, 2, ...
 * until it passes: once with that one failure (Lua collects and tries again), once with all from
 * the n-th on. Blocks of kundig come from malloc: a leak of theirs is AddressSanitizer's to tell.
 */
#define _POSIX_C_SOURCE 200809L /* mkstemp */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <kundig.h>

/* A quick look tries some of the growths, fewer where each run is much slower; --full tries all. */
#ifdef NDEBUG
#define GROWTH_STRIDE 7
#else
#define GROWTH_STRIDE 31
#endif

static size_t stride = GROWTH_STRIDE;
static size_t growths;
static size_t fail_at;
static int for_ever;
static size_t live;

static void *failing(void *ud, void *block, size_t old_size, size_t new_size)
{
    (void)ud;
    if (!block) {
        old_size = 0; /* Lua 5.4 tells the type here */
    }
    if (new_size == 0) {
        live -= old_size;
        free(block);
        return NULL;
    }
    if (new_size > old_size) {
        growths++;
        if (fail_at && (growths == fail_at || (for_ever && growths > fail_at))) {
            return NULL;
        }
    }
    block = realloc(block, new_size);
    live += block ? new_size - old_size : 0;
    return block;
}

static const char script[] =
    "local kundig = require 'kundig'\n"
    "local k = assert(kundig.open(':memory:', {progress = function() return false end}))\n"
    "local rows = {{score = 9, text = 'good', stage = 'Order', n = 1.5},\n"
    "              {score = 3, text = 'late', stage = 'Use'}, {score = 11}}\n"
    "local r = assert(k:ingest({rows = rows}, {map = {nps = 'score', text = 'text',\n"
    "                          stage = 'stage', attribute = {'n'}}}))\n"
    "assert(r:summary().rejected == 1 and #r:rejects() == 1 and #r:rejects_csv() > 5)\n"
    "local c = assert(kundig.open())\n"
    "local added = assert(c:add({\n"
    "  {id = 1, nps = 9, text = 'typed', time = {year = 2026, month = 3, day = 9}, weight = 1,\n"
    "   scores = {{question = 'ease', value = 0.5, minimum = 0, maximum = 1}},\n"
    "   attributes = {n = 2, plan = 'pro', big = 1e300}}, {id = 2.5, ces = 3, consent = true}}))\n"
    "assert(added.records == 2 and added.added == 2)\n"
    "assert(c:customers({{id = 'A', basket = 1.5, attributes = {city = 'x'}}}).added == 1)\n"
    "assert(c:events({{id = 7, kind = 'action', time = 5, value = 3}}).added == 1)\n"
    "local refused, _, code, place = c:add({{nps = 1}, {nps = 11}})\n"
    "assert(refused == nil and code == kundig.E_VALUE and place == 2)\n"
    "local where = {stage = {'Order', 'Use', kundig.null}, score = {'>=', 0}}\n"
    "local t = assert(k:measure('nps', {by = {'stage'}, where = {where, 'score <= 10'}}))\n"
    "assert(#t:rows() == 2 and t:json() and t:csv() and t:page() and tostring(t))\n"
    "assert(k:compare('nps', {a = {stage = 'Order'}, b = kundig.any_of({stage = 'Use'})}))\n"
    "assert(k:comments({where = 'score > 1', limit = 1}) and k:fields() and k:conflicts())\n"
    "assert(k:analyze({report = r, title = 'x'}))\n"
    "local s = assert(k:state('nps', {by = 'stage'}))\n"
    "assert(assert(kundig.state(s:bytes())):merge(s):finish():json())\n"
    "local none, message, code = k:measure('npss')\n"
    "assert(none == nil and message and code == kundig.E_NOT_FOUND)\n"
    "assert(kundig.metrics():json())\n"
    "local m = assert(kundig.open(':memory:', {pseudonym_key = ('k'):rep(32), access = 'create',\n"
    "                busy_seconds = 1, pseudonyms = false}))\n"
    "assert(m:add({{source = 's', id = 1, customer = 'A', nps = 9, text = 'late again'},\n"
    "              {source = 's', id = 2, customer = 'B', nps = 1, purpose = 'p', time = 5}}))\n"
    "assert(m:labels({{source = 's', id = 1, topic = 'delay', by = 'me', holds = false}}))\n"
    "assert(m:links({{customer = 'A', same_as = 'C', by = 'me', updated = 5}}))\n"
    "assert(m:consents({{customer = 'A', purpose = 'p', consent = true, disclosure = 'd'}}))\n"
    "assert(m:retention({{purpose = 'p', days = 1}, {days = -1}}))\n"
    "assert(#m:search('la*', {where = 'nps = 9', limit = 5}) == 1)\n"
    "assert(#m:facts('labels') == 1 and #m:facts('feedback', {where = {nps = 9}}) == 1)\n"
    "assert(#m:facts_hash() == 32 and #m:pseudonym('A') == 32)\n"
    "assert(m:pin_model(kundig.model('topic a: A\\nany: late\\n')) and m:pin_model(nil))\n"
    "assert(m:erase({customer = 'C', time = {year = 2026, month = 3, day = 9}}):row(1).records == "
    "1)\n"
    "assert(m:erase({source = 's', id = 7}) and m:expire(1e12):json() and #m:audit() == 0)\n"
    "assert(m:merge(store, {time = 5}):row(1).records == 1)\n"
    "assert(select(3, m:merge(store .. 'x')) == kundig.E_NOT_FOUND)\n"
    "assert(not m:save_cache() and not m:compact() and not m:erase({}))\n"
    "assert(kundig.is_store(store))\n"
    "assert(kundig.verify(store, {progress = function() return false end}):json())\n"
    "assert(kundig.open(':memory:', {report_k = 2, report_fields = {'stage', 'channel'},\n"
    "                   report_every = {'month'}, report_comments = 3})):close()\n"
    "local f = assert(kundig.open(store, {access = 'read'}))\n"
    "assert(f:measure('count') and #f:audit() == 0 and f:close() == nil)\n";

/* What is learned; a string of its own, for C promises no longer ones. */
static const char learning[] =
    "local kundig = require 'kundig'\n"
    "local e = assert(kundig.examples())\n"
    "for i = 1, 5 do\n"
    "  assert(e:add({{text = 'late ' .. i, labels = 'delay', customer = 'A' .. i, id = i},\n"
    "                {text = 'parking ' .. i, labels = {'site/parking'}, denied = 'delay',\n"
    "                 customer = 'B' .. i}}))\n"
    "end\n"
    "local one = {text = 'x', labels = 'a', weight = 2, partial = true}\n"
    "assert(e:add({one}) and e:remove({one}) and #e == 10 and tostring(e))\n"
    "local taught = assert(e:teach({least_customers = 1, base = kundig.model('topic a: A\\nany: "
    "x'),\n"
    "                              progress = function() return false end}))\n"
    "assert(#taught:classes() == 2 and taught:show('features') and taught:show())\n"
    "local told = assert(taught:classify({'late', 'parking'}, {probabilities = true, threads = "
    "1}))\n"
    "assert(#told == 2 and told[1].probabilities.delay and #taught:sentiment('late') > 0)\n"
    "assert(taught:next({'late', 'x'}, {limit = 1}) and not taught:prune(1))\n"
    "assert(not e:validate({folds = 7, least_customers = 9}) or true)\n"
    "assert(#assert(kundig.examples('sentiment')) == 0)\n"
    "local l = assert(kundig.open())\n"
    "assert(l:add({{id = 1, nps = 9, text = 'late', attributes = {about = 'delay'}},\n"
    "              {id = 2, nps = 1, text = 'late', attributes = {about = 'site'}}}))\n"
    "assert(l:set_model(taught) and #l:get_model():classes() == 2)\n"
    "assert(#l:examples('topics', {field = 'about'}) == 2 and not l:teach({field = 'none'}))\n"
    "assert(l:classify({limit = 1}) and l:sentiment({where = 'nps > 5'}) and l:label_next())\n";

/* What is discovered. */
static const char discovering[] =
    "local kundig = require 'kundig'\n"
    "local e, list = assert(kundig.examples()), {}\n"
    "for i = 1, 12 do\n"
    "  list[i] = {text = i % 2 == 0 and 'late parcel ' .. i or 'easy parking ' .. i, id = i}\n"
    "end\n"
    "assert(e:add(list))\n"
    "local m, found = assert(e:discover({topics = 2, least_customers = 1,\n"
    "  edits = {{kind = 'topic', name = 'Cars', words = 'parking'}}, base = kundig.model(),\n"
    "  progress = function() return false end}))\n"
    "assert(#found == 12 and #m:discovered() == 2 and m:define(found[1], 'cars'))\n"
    "local k = assert(kundig.open())\n"
    "assert(k:add(list) and k:set_model(m) and k:has_model())\n"
    "assert(k:edits({{kind = 'rename', topic = found[1], name = 'Mine', by = 'me', updated = "
    "1}}))\n"
    "assert(k:label_discovered(found[2], 'own', {limit = 2, by = 'me', time = 1}))\n"
    "assert(k:discover({topics = 2, least_customers = 1, where = 'text is not missing'}))\n";

/* Why a score moved: thirteen questions. */
static const char asking[] =
    "local kundig = require 'kundig'\n"
    "local k, list = assert(kundig.open()), {}\n"
    "for i = 1, 12 do\n"
    "  list[i] = {id = i, customer = 'c' .. i, nps = i % 11, time = i * 864e7, channel = i % 2,\n"
    "             text = 'late parcel'}\n"
    "end\n"
    "assert(k:add(list) and k:customers({{id = 'c1', segment = 'a'}}))\n"
    "local both = {before = '1970-Q1', after = {time = '1970-Q2'}, by = {'channel'}, limit = 1}\n"
    "local told = assert(k:explain(both))\n"
    "assert(#told.sentence > 0 and told.change and told.splits and told.causes and told.breaks)\n"
    "assert(k:impact({by = 'channel'}) and k:loud({by = 'channel'}) and k:buts() and "
    "k:mismatch())\n"
    "assert(k:chart({by = 'channel', chart = 'ewma', lambda = 0.2, weekdays = false}))\n"
    "assert(k:alarms({by = 'channel', since = 5, limit = 1}))\n"
    "assert(k:words({a = 'nps <= 6', b = '1970-Q1', everything = false}) or true)\n"
    "assert(k:funnel('nps', {by = 'channel'}) and k:benchmark('nps', 0.5, {n = 10}))\n"
    "assert(k:weights({channel = {[0] = 1, [1] = 2}}, {metric = 'nps', most = 5}).score)\n"
    "assert(k:weights({{'channel', '0', 1}, {'channel', '1', 1}}).cells)\n"
    "assert(k:represent().summary)\n"
    "local ok, message = pcall(k.chart, k, {chart = 'pie'})\n"
    "assert(not ok and message:find('there are'))\n";

static const char *const scripts[] = {script, learning, discovering, asking};

static char store[] = "/tmp/kundig-lua-XXXXXX";

int luaopen_kundig(lua_State *L);

static int body(lua_State *L)
{
    luaL_openlibs(L);
    luaL_requiref(L, "kundig", luaopen_kundig, 0);
    lua_pop(L, 1);
    growths = 0; /* Lua's own start is not ours to try */
    lua_pushstring(L, store);
    lua_setglobal(L, "store");
    fail_at = (size_t)lua_tointeger(L, 1);
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        if (luaL_loadstring(L, scripts[i])) {
            return lua_error(L);
        }
        lua_call(L, 0, 0);
    }
    lua_gc(L, LUA_GCCOLLECT, 0);
    return 0;
}

/* 0: passed, 1: failed for memory, 2: failed otherwise. */
static int run(size_t n)
{
    int result = 0;
    lua_State *L = NULL;

    fail_at = 0;
    L = lua_newstate(failing, NULL);
    if (!L) {
        return 2;
    }
    lua_pushcfunction(L, body);
    lua_pushinteger(L, (lua_Integer)n);
    if (lua_pcall(L, 1, 0, 0)) {
        const char *message = lua_tostring(L, -1);
        result = message && strstr(message, "memory") ? 1 : 2;
        if (result == 2) {
            fprintf(stderr, "growth %zu: %s\n", n, message ? message : "(no message)");
        }
    }
    fail_at = 0;
    lua_close(L);
    if (live) {
        fprintf(stderr, "growth %zu: %zu bytes of Lua are live\n", n, live);
        result = 2;
    }
    return result;
}

/* The store that the script reads. */
static int make_store(void)
{
    kundig_feedback record;
    kundig *k = NULL;
    int file = mkstemp(store);
    int rc = file < 0 || close(file) || remove(store);

    rc = rc ? rc : kundig_open(store, strlen(store), NULL, &k, NULL);
    kundig_feedback_init(&record);
    record.id = (kundig_text){"one", 3};
    rc = rc ? rc : kundig_feedback_add(k, &record, 1, NULL, NULL);
    kundig_close(k);
    return rc;
}

static int sweep(void)
{
    size_t runs = 0;
    size_t failed = 0;

    for (for_ever = 0; for_ever < 2; for_ever++) {
        size_t all = 0;
        if (run(0)) {
            return 1;
        }
        all = growths;
        for (size_t n = 1; n <= all + 50; n += stride) {
            int result = run(n);
            runs++;
            failed += result == 1;
            if (result == 2) {
                return 1;
            }
        }
    }
    printf("%zu runs, %zu of them ended by Lua's memory error\n", runs, failed);
    return failed ? 0 : 1;
}

int main(int argc, char **argv)
{
    stride = argc > 1 && strcmp(argv[1], "--full") == 0 ? 1 : GROWTH_STRIDE;
    int failed = make_store() || sweep();

    (void)remove(store);
    return failed;
}
