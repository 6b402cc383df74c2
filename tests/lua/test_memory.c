/* Lua's own allocator fails at every point of a script that uses the whole binding (Lua 5.4): every
 * failure must come out as Lua's own error, nothing may crash, nothing may stay.
 *
 * The script runs to its end, then again and again with the n-th growth failing, for n = 1, 2, ...
 * until it passes: once with that one failure (Lua collects and tries again), once with all from
 * the n-th on. Blocks of kundig come from malloc: a leak of theirs is AddressSanitizer's to tell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

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
    "assert(kundig.metrics():json())\n";

int luaopen_kundig(lua_State *L);

static int body(lua_State *L)
{
    luaL_openlibs(L);
    luaL_requiref(L, "kundig", luaopen_kundig, 0);
    lua_pop(L, 1);
    growths = 0; /* Lua's own start is not ours to try */
    fail_at = (size_t)lua_tointeger(L, 1);
    if (luaL_loadstring(L, script)) {
        return lua_error(L);
    }
    lua_call(L, 0, 0);
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

int main(void)
{
    size_t runs = 0;
    size_t failed = 0;

    for (for_ever = 0; for_ever < 2; for_ever++) {
        size_t all = 0;
        if (run(0)) {
            return 1;
        }
        all = growths;
        for (size_t n = 1; n <= all + 50; n++) {
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
