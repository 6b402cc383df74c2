/* Lua 5.1 and LuaJIT under the names of 5.4. */
#if LUA_VERSION_NUM < 502
#define lua_rawlen       lua_objlen
#define lua_getuservalue lua_getfenv
#define lua_setuservalue lua_setfenv
#endif
#if LUA_VERSION_NUM < 503
#define lua_isinteger(L, i) 0
#endif
