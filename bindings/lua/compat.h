/* Lua 5.1 and LuaJIT under the names of 5.4. */
#if LUA_VERSION_NUM < 502
#define lua_rawlen          lua_objlen
#define set_functions(L, l) luaL_register(L, NULL, l)
#else
#define set_functions(L, l) luaL_setfuncs(L, l, 0)
#endif
#if LUA_VERSION_NUM < 503
#define lua_isinteger(L, i) 0
#endif
