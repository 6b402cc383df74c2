-- The Lua binding: what goes in, what comes out, what is raised. After each case everything that
-- is still open must be collected: a handle that survives is a leak.
local kundig = require "kundig"

local alive = setmetatable({}, {__mode = "k"})
local failures, cases = 0, 0

-- Remember a handle or result without keeping it.
local function watch(...)
  local first = ...
  if type(first) == "userdata" then alive[first] = debug.traceback() end
  return ...
end

local function case(name, body)
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

local function equal(got, wanted, what)
  if got ~= wanted then
    error((what or "value") .. ": " .. tostring(got) .. " is not " .. tostring(wanted), 2)
  end
end

local function raises(words, body, ...)
  local ok, message = pcall(body, ...)
  if ok then error("does not raise '" .. words .. "'", 2) end
  if not tostring(message):find(words, 1, true) then
    error("raises '" .. tostring(message) .. "', not '" .. words .. "'", 2)
  end
end

local function refuses(code, result, message, got)
  equal(result, nil, "result")
  equal(type(message), "string", "message")
  equal(got, code, message)
end

local rows = {
  {score = 9, text = "good", stage = "Order", date = "2026-01-05"},
  {score = 3, text = "late", stage = "Order", date = "2026-01-06"},
  {score = 10, text = "fast", stage = "Use", date = "2026-02-07"},
  {score = 8, date = "2026-02-08"},
}
local map = {nps = "score", text = "text", stage = "stage", time = "date"}

local function corpus(options)
  local k = assert(watch(kundig.open(":memory:", options)))
  watch(assert(k:ingest({rows = rows}, {map = map})))
  return k
end

local function count(k, where)
  local t = assert(watch(k:measure("count", {where = where})))
  return t:row(1).value
end

case("a file, bytes and rows give the same answer", function()
  local text = "date,score,stage,text\n2026-01-05,9,Order,good\n2026-01-06,3,Order,late\n" ..
    "2026-02-07,10,Use,fast\n2026-02-08,8,,\n"
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local answers = {}
  for i, input in ipairs({path, {bytes = text}, {rows = rows}}) do
    local k = watch(kundig.open())
    local report = assert(watch(k:ingest(input, {map = map, source = "s"})))
    equal(report:summary().accepted, 4)
    answers[i] = assert(k:measure("nps", {by = "stage", every = "month"})):json()
    k:close()
  end
  os.remove(path)
  equal(answers[1], answers[2])
  equal(answers[1], answers[3])
end)

case("tables give rows, columns and texts", function()
  local k = corpus()
  local t = watch(assert(k:measure("nps", {by = {"stage"}})))
  k:close()
  equal(#t, 3)
  equal(#t:rows(), 3)
  equal(t:rows()[1].stage, nil)
  equal(t:row(2).stage, "Order")
  equal(t:row(2).value, 0)
  equal(t:row(2).n, 2)
  equal(t:column("n")[3], 1)
  equal(t:columns()[1], "stage")
  equal(type(t:notes()), "table")
  equal(t:json():sub(1, 12), '{"columns":[')
  equal(t:csv():sub(1, 6), "stage,")
  equal(tostring(t), t:page())
  equal(t:page({color = true}):find("\27", 1, true) ~= nil, true, "colour")
  raises("no such row", t.row, t, 4)
  raises("no such row", t.row, t, 0)
  raises("no such column", t.column, t, "price")
end)

case("conditions in every form", function()
  local k = corpus()
  local wanted = {
    [2] = {
      "stage = Order", {stage = "Order"}, {stage = {"Order"}}, {stage = {"=", "Order"}},
      {score = {">=", 9}}, {score = {"between", 9, 10}}, {time = "2026-01"},
      {time = {"<", "2026-02"}}, {stage = {"Use", kundig.null}},
      {stage = {"in", {"Use", kundig.null}}}, {stage = {"not in", "Order"}},
      kundig.none_of({stage = kundig.null}, {stage = "Use"}),
    },
    [1] = {
      {text = {"contains", "LATE"}}, {stage = kundig.null}, {stage = {"missing"}},
      {stage = "Order", score = {">", 8}}, {"stage = Order", {score = 9}},
      {"stage = Order", score = 9}, {score = 9}, kundig.all_of("stage = Order", "score = 3"),
    },
    [3] = {
      {stage = {"not missing"}}, {stage = {"!=", kundig.null}}, {stage = {"~=", kundig.null}},
      kundig.any_of({stage = "Use"}, {stage = "Order"}),
    },
    [0] = {{stage = "order"}, {stage = "Order' or stage = 'Use"}},
    [4] = {},
  }
  for number, conditions in pairs(wanted) do
    for i, where in ipairs(conditions) do equal(count(k, where), number, number .. "/" .. i) end
  end
  equal(count(k), 4)
end)

case("what is no condition is raised", function()
  local k = corpus()
  for _, bad in ipairs({5, {}, {stage = print}, kundig.any_of(), {stage = {print}},
                        {score = {"<", kundig.null}}}) do
    equal(pcall(k.measure, k, "count", {where = bad}), false, tostring(bad))
  end
  local deep = {stage = "Order"}
  for _ = 1, 100 do deep = {deep} end
  raises("nested too deeply", k.measure, k, "count", {where = deep})
end)

case("what the library refuses comes back", function()
  local k = corpus()
  refuses(kundig.E_NOT_FOUND, k:measure("npss"))
  refuses(kundig.E_NOT_FOUND, k:measure("nps", {by = "sage"}))
  refuses(kundig.E_ARG, k:measure("nps", {level = 2}))
  refuses(kundig.E_IO, k:ingest("/nowhere/feedback.csv"))
  refuses(kundig.E_ARG, kundig.open("/tmp/x.kundig"))
  local result, message, code, position = k:measure("nps", {where = "stage = Order and"})
  refuses(kundig.E_FORMAT, result, message, code)
  equal(position, 17)
  local none, words, number, _, report = k:ingest({bytes = "score\n99\n"}, {map = "nps=score"})
  refuses(kundig.E_EMPTY, none, words, number)
  equal(watch(report):summary().rejected, 1)
end)

case("misuse is raised", function()
  local k = corpus()
  raises("no option 'colour'", k.measure, k, "nps", {colour = "red"})
  raises("every: 'fortnight' is unknown", k.measure, k, "nps", {every = "fortnight"})
  raises("level is a number", k.measure, k, "nps", {level = "high"})
  raises("min_n is a whole number", k.measure, k, "nps", {min_n = -1})
  raises("string expected", k.measure, k, {})
  raises("a and b are needed", k.compare, k, "nps", {})
  raises("either rows or bytes", k.ingest, k, {})
  raises("no option 'row'", k.ingest, k, {row = {}})
  raises("table expected", k.ingest, k, true)
  raises("either rows or bytes", k.ingest, k, {rows = {}, bytes = ""})
  raises("row 1 is not a table", k.ingest, k, {rows = {5}})
  raises("a column's name is a string", k.ingest, k, {rows = {{5}}})
  raises("row 2, text", k.ingest, k, {rows = {{text = "x"}, {text = {}}}})
  raises("one ASCII character", k.ingest, k, {bytes = "a\n1\n"}, {delimiter = ";;"})
  raises("progress is a function", kundig.open, ":memory:", {progress = 5})
  raises("kundig.corpus expected", k.measure, {}, "nps")
  raises("kundig.table expected", watch(kundig.metrics()).json, k)
end)

case("closing twice is fine, use after it is not", function()
  local k = corpus()
  local t = watch(k:measure("nps"))
  local s = watch(k:state("nps"))
  local r = watch(k:ingest({rows = rows}, {map = map}))
  for _, box in ipairs({k, t, s, r}) do
    box:close()
    box:close()
    equal(tostring(box):find("closed", 1, true) ~= nil, true)
  end
  raises("the corpus is closed", k.measure, k, "nps")
  raises("the table is closed", t.json, t)
  raises("the state is closed", s.finish, s)
  raises("the report is closed", r.summary, r)
end)

case("a metatable cannot be taken", function()
  local k = corpus()
  equal(getmetatable(k), false)
end)

case("values become text that means the same", function()
  local k = watch(kundig.open())
  local third = 1 / 3
  local values = {12345, 0.5, third, -7.25, 1e300, true, "ä", 123.0, 2 ^ 53 - 1}
  local list = {}
  for i, value in ipairs(values) do list[i] = {score = 9, agent = value} end
  list[#list + 1] = {score = 9, agent = 0 / 0}
  list[#list + 1] = {score = 9, agent = kundig.null}
  watch(assert(k:ingest({rows = list}, {map = {nps = "score", agent = "agent"}})))
  local found = {}
  for _, row in ipairs(assert(watch(k:measure("count", {by = "agent"}))):rows()) do
    found[row.agent or "missing"] = row.value
  end
  equal(found.missing, 2)
  for _, text in ipairs({"12345", "0.5", "-7.25", "1e+300", "true", "ä", "123", "9007199254740991"}) do
    equal(found[text], 1, text)
  end
  local seen = false
  for text in pairs(found) do seen = seen or tonumber(text) == third end
  equal(seen, true, "a third, to the last bit")
end)

case("large integers stay themselves", function()
  if math.type then
    local k = watch(kundig.open())
    watch(assert(k:ingest({rows = {{score = 9, agent = 9007199254740993},
                                   {score = 9, agent = 9007199254740992}}},
                          {map = "nps=score,agent=agent"})))
    equal(count(k, {agent = 9007199254740993}), 1)
  end
end)

case("a map may be a table with lists", function()
  local k = watch(kundig.open())
  local name = 'Score, overall="x"'
  watch(assert(k:ingest({rows = {{[name] = 9, Plan = "a", Region = "b"}}},
                        {map = {nps = name, attribute = {"Plan", "Region"}}})))
  local t = assert(watch(k:measure("nps", {by = {"Plan", "Region"}})))
  equal(t:row(1).Region, "b")
end)

case("compare, comments, fields, conflicts and the page", function()
  local k = corpus()
  local t = assert(watch(k:compare("nps", {a = {stage = "Order"}, b = {stage = "Use"}})))
  equal(t:row(1).difference, 1)
  equal(#assert(watch(k:comments({where = {stage = "Order"}}))), 2)
  equal(#assert(watch(k:comments({limit = 1}))), 1)
  equal(#assert(watch(k:comments())), 4)
  equal(#assert(watch(k:conflicts())), 0)
  equal(#assert(watch(k:fields())) > 3, true)
  local report = watch(k:ingest({rows = rows}, {map = map}))
  local page = assert(k:analyze({report = report, title = "my feedback", width = 80}))
  equal(page:find("my feedback", 1, true) ~= nil, true)
  equal(assert(k:analyze({format = "json"})):sub(1, 13), '{"sections":[')
end)

case("states travel as bytes", function()
  local parts = {{rows[1], rows[2]}, {rows[3], rows[4]}}
  local whole, merged = watch(kundig.open()), nil
  for i, part in ipairs(parts) do
    local k = watch(kundig.open())
    local options = {map = map, source = "part" .. i}
    watch(assert(k:ingest({rows = part}, options)))
    watch(assert(whole:ingest({rows = part}, options)))
    local state = assert(watch(k:state("nps", {by = "stage"})))
    state = assert(watch(kundig.state(state:bytes())))
    merged = merged and assert(merged:merge(state)) or state
  end
  equal(assert(watch(merged:finish())):json(),
        assert(watch(whole:measure("nps", {by = "stage"}))):json())
  local before = merged:bytes()
  local other = assert(watch(whole:state("nps")))
  refuses(kundig.E_VERSION, merged:merge(other))
  equal(merged:bytes(), before)
  refuses(kundig.E_FORMAT, kundig.state("nothing"))
end)

case("progress is told, may cancel, may raise", function()
  local text = "score,text\n" .. ("9,quick and kind\n3,late and late again\n"):rep(100000)
  local calls, mode = 0, "count"
  local k
  k = watch(kundig.open(":memory:", {progress = function(done, total)
    calls = calls + 1
    assert(type(done) == "number" and type(total) == "number")
    if mode == "raise" then error("from progress", 0) end
    if mode == "call" then
      local ok, _, code = k:measure("count")
      assert(not ok and code == kundig.E_BUSY)
      raises("at work", k.close, k)
    end
    return mode == "cancel"
  end}))
  mode = "cancel"
  refuses(kundig.E_CANCELLED, k:ingest({bytes = text}))
  mode = "raise"
  local ok, message = pcall(k.ingest, k, {bytes = text})
  equal(ok, false)
  equal(message, "from progress")
  mode = "call"
  watch(assert(k:ingest({bytes = text})))
  equal(count(k), 200000)
  equal(calls > 2, true)
end)

case("an error in a coroutine stays there", function()
  local k = corpus()
  local thread = coroutine.create(function() return k:measure("nps", {colour = 1}) end)
  equal(coroutine.resume(thread), false)
  equal(count(k), 4)
end)

case("a memory limit is an error", function()
  local k = watch(kundig.open(":memory:", {memory_limit = 300000}))
  local text = "score,text\n" .. ("9," .. ("x"):rep(1000) .. "\n"):rep(5000)
  refuses(kundig.E_LIMIT, k:ingest({bytes = text}))
end)

case("versions and metrics", function()
  equal(kundig._VERSION, "kundig " .. kundig.versions().library)
  equal(#assert(watch(kundig.metrics())) > 7, true)
end)

if _VERSION == "Lua 5.4" then
  case("a scope closes what it opened", function()
    local body = assert(load([[
      local kundig = ...
      local kept
      do
        local k <close> = kundig.open()
        kept = k
      end
      return tostring(kept)
    ]]))
    equal(body(kundig), "kundig corpus, closed")
  end)
end

print((jit and "LuaJIT" or _VERSION) .. ": " .. cases .. " cases, " .. failures .. " failures")
os.exit(failures == 0 and 0 or 1, true)
