-- What the tests of the Lua binding share. After each case everything that is still open must be
-- collected: a handle that survives is a leak.
local support = {}

local alive = setmetatable({}, {__mode = "k"})
local failures, cases = 0, 0

-- Remember a handle or result without keeping it.
function support.watch(...)
  local first = ...
  if type(first) == "userdata" then alive[first] = debug.traceback() end
  return ...
end

function support.case(name, body)
  cases = cases + 1
  local ok, message = xpcall(body, debug.traceback)
  if not ok then
    failures = failures + 1
    io.stderr:write(name, ": ", tostring(message), "\n")
  end
  if jit then jit.flush() end -- compiled traces hold what they saw
  for _ = 1, 4 do collectgarbage() end
  for _, where in pairs(alive) do
    failures = failures + 1
    io.stderr:write(name, ": something is still alive, made at ", where, "\n")
  end
  for box in pairs(alive) do alive[box] = nil end
end

function support.equal(got, wanted, what)
  if got ~= wanted then
    error((what or "value") .. ": " .. tostring(got) .. " is not " .. tostring(wanted), 2)
  end
end

function support.raises(words, body, ...)
  local ok, message = pcall(body, ...)
  if ok then error("does not raise '" .. words .. "'", 2) end
  if not tostring(message):find(words, 1, true) then
    error("raises '" .. tostring(message) .. "', not '" .. words .. "'", 2)
  end
end

function support.refuses(code, result, message, got)
  support.equal(result, nil, "result")
  support.equal(type(message), "string", "message")
  support.equal(got, code, message)
end

function support.finish()
  print((jit and "LuaJIT" or _VERSION) .. ": " .. cases .. " cases, " .. failures .. " failures")
  os.exit(failures == 0 and 0 or 1, true)
end

return support
