-- The Lua binding: what goes in, what comes out, what is raised.
local kundig = require "kundig"
local support = dofile((arg[0]:gsub("[^/]*$", "")) .. "support.lua")
local case, watch = support.case, support.watch
local equal, raises, refuses = support.equal, support.raises, support.refuses

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
  refuses(kundig.E_IO, kundig.open("/nowhere/x.kundig"))
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

-- Milliseconds of 2026-03-31T22:30Z: in Berlin it is April already.
local late_in_march = 1774996200000

case("typed feedback", function()
  local k = watch(kundig.open())
  local added = assert(k:add({
    {
      source = "crm", id = 7, customer = "A", time = {year = 2026, month = 3, day = 9},
      updated = late_in_march, kind = "survey", channel = "email", touchpoint = "shop",
      stage = "Order", case = "c1", agent = "Kim", department = "sales", segment = "gold",
      product = "tea", language = "de", purpose = "care", consent = true, weight = 2, nps = 9,
      text = "gut",
      scores = {{scale = "csat", value = 4}, {scale = "ces", value = kundig.null},
                {question = "ease", value = 0.5, minimum = 0, maximum = 1},
                {question = "pain", value = 2, minimum = 1, maximum = 3, direction = "lower"}},
      attributes = {plan = "pro", seats = 12, trial = false, none = kundig.null, gap = 0 / 0},
    },
    {source = "crm", id = 8, customer = "B", nps = kundig.null, csat = 0 / 0, time = late_in_march},
  }))
  for name, number in pairs({records = 2, added = 2, versions = 0, unchanged = 0, conflicts = 0,
                             replaced_bytes = 0}) do
    equal(added[name], number, name)
  end
  local function value(metric, options)
    return assert(watch(k:measure(metric, options))):row(1)
  end
  equal(value("nps").value, 1)
  equal(value("nps").n, 1)
  equal(value("csat").n, 1)
  equal(value("score_mean", {question = "ease"}).value, 0.5)
  equal(value("score_mean", {question = "pain"}).value, 2)
  equal(count(k, {plan = "pro", trial = false, seats = {">", 11}}), 1)
  for field, text in pairs({source = "crm", id = "7", customer = "A", kind = "survey",
                            channel = "email", touchpoint = "shop", stage = "Order", case = "c1",
                            agent = "Kim", department = "sales", segment = "gold",
                            product = "tea", language = "de", text = {"contains", "gut"},
                            time = "2026-03-09"}) do
    equal(count(k, {field ~= "source" and {[field] = text} or {[field] = text, stage = "Order"}}),
          1, field)
  end
  local days = assert(watch(k:measure("count", {every = "day", zone = "Europe/Berlin"})))
  equal(table.concat(days:column("period"), " "), "2026-03-09 2026-04-01")
  local again = assert(k:add({{source = "crm", id = "8", customer = "B", time = late_in_march}}))
  equal(again.unchanged, 1)
  equal(assert(k:add({{source = "crm", id = 8, nps = 3}})).versions, 1)
  equal(assert(k:add({})).records, 0)
end)

case("typed feedback is what ingest would have read", function()
  local typed, read = watch(kundig.open()), watch(kundig.open())
  local records = {}
  for i, row in ipairs(rows) do
    local year, month, day = row.date:match("(%d+)-(%d+)-(%d+)")
    records[i] = {nps = row.score, text = row.text, stage = row.stage,
                  time = {year = tonumber(year), month = tonumber(month), day = tonumber(day)}}
  end
  equal(assert(typed:add(records)).added, 4)
  watch(assert(read:ingest({rows = rows}, {map = map})))
  local question = {by = "stage", every = "month"}
  equal(watch(typed:measure("nps", question)):json(), watch(read:measure("nps", question)):json())
end)

case("customers and events", function()
  local k = watch(kundig.open())
  local customer = {id = "A", source = "crm", churned = true, basket = 12.5, orders = 3,
                    revenue = 37.5, segment = "gold", since = {year = 2020, month = 2, day = 29},
                    updated = 1000, attributes = {city = "Köln", vip = true, floor = 3}}
  equal(assert(k:customers({customer})).added, 1)
  equal(assert(k:customers({customer})).unchanged, 1)
  local kinds = {"other", "case_opened", "case_answered", "case_reopened", "case_resolved",
                 "invitation", "action", "acknowledgement", "purchase"}
  local events = {}
  for i, kind in ipairs(kinds) do
    events[i] = {id = i, source = "crm", kind = kind, customer = "A", case = "c1", time = i * 1000,
                 updated = 5, agent = "Kim", department = "sales", topic = "late", value = 3}
  end
  equal(assert(k:events(events)).added, #kinds)
  equal(assert(k:events(events)).unchanged, #kinds)
  customer.updated, customer.churned = 2000, false
  equal(assert(k:customers({customer})).versions, 1)
end)

case("times of records", function()
  local k = watch(kundig.open())
  local function period(time, zone)
    assert(k:add({{source = "t", id = "1", nps = 9, time = time, updated = count(k) + 1}}))
    local corpus = watch(kundig.open())
    assert(corpus:add({{nps = 9, time = time}}))
    return watch(corpus:measure("count", {every = "day", zone = zone})):row(1).period
  end
  equal(period(0), "1970-01-01")
  equal(period(-1), "1969-12-31")
  for _, date in ipairs({"0001-01-01", "1900-02-28", "1900-03-01", "1969-12-31", "1970-01-01",
                         "2000-02-29", "2000-12-31", "2024-02-29", "2026-06-30", "9999-12-31"}) do
    local year, month, day = date:match("(%d+)-(%d+)-(%d+)")
    equal(period({year = tonumber(year), month = tonumber(month), day = tonumber(day)}), date)
  end
  -- A written date is in no zone; an instant is.
  equal(period({year = 2026, month = 3, day = 31}, "Europe/Berlin"), "2026-03-31")
  equal(period({year = 2026, month = 3, day = 31, hour = 22, min = 30}, "Europe/Berlin"),
        "2026-04-01")
  equal(period(os.date("!*t", 1774996200), "Europe/Berlin"), "2026-04-01")
  for _, bad in ipairs({
    "2026-01-01", true, 1.5, 1e300, -1e300, 1 / 0, {}, {2026, 3, 9}, {year = 2026, month = 3},
    {year = 2026, month = 13, day = 1}, {year = 2026, month = 0, day = 1},
    {year = 2026, month = 2, day = 29}, {year = 1900, month = 2, day = 29},
    {year = 2026, month = 4, day = 31}, {year = 2026, month = 4, day = 0},
    {year = 0, month = 4, day = 1}, {year = 10000, month = 4, day = 1},
    {year = 2026, month = 4, day = 1.5}, {year = 2026, month = 4, day = "1"},
    {year = 2026, month = 4, day = 0 / 0}, {year = 2026, month = 4, day = 1, hour = 24},
    {year = 2026, month = 4, day = 1, min = 5}, {year = 2026, month = 4, day = 1, hour = 1, sec = 60},
  }) do
    raises("record 1, time: a time is", k.add, k, {{nps = 9, time = bad}})
    raises("as_of is", k.measure, k, "count", {as_of = bad})
  end
end)

case("records that are no records are raised, with their number", function()
  local k = watch(kundig.open())
  for _, bad in ipairs({
    {{nps = 9, colour = "red"}, "record 2: there is no field 'colour'; other facts belong"},
    {{nps = 9, b = 1, a = 1, c = 1}, "record 2: there is no field 'a'"},
    {{nps = 9, ["nps\0"] = 9}, "record 2: there is no field 'nps'"},
    {{nps = 9, [5] = "red"}, "record 2: a field's name is a string"},
    {{nps = "nine"}, "record 2, nps: not a number"},
    {{nps = "9"}, "record 2, nps: not a number"},
    {{kind = "letter"}, "record 2, kind: 'letter' is unknown"},
    {{kind = 1}, "record 2, kind: not a name"},
    {{consent = "yes"}, "record 2, consent: neither true nor false"},
    {{text = {}}, "record 2, text: a text is a string"},
    {{weight = "much"}, "record 2, weight: not a number"},
    {{attributes = 5}, "record 2, attributes: not a table"},
    {{attributes = {1}}, "record 2, attributes: a name is a string"},
    {{attributes = {plan = {}}}, "record 2, plan: a value is a string"},
    {{scores = 9}, "record 2, scores: not a list"},
    {{scores = {scale = "nps", value = 9}}, "record 2, scores: not a list"},
    {{scores = {9}}, "record 2, scores: a score is a table"},
    {{scores = {{scale = "nps", worth = 9}}}, "record 2, scores: a score knows"},
    {{scores = {{scale = "mps", value = 9}}}, "record 2, scores: 'mps' is unknown"},
    {{scores = {{scale = "", value = 9}}}, "record 2, scores: not a name"},
    {{scores = {{value = "9"}}}, "record 2, scores: not a number"},
    {{scores = {{value = 1, minimum = "0"}}}, "record 2, scores: not a number"},
    {{scores = {{value = 1, direction = "up"}}}, "record 2, scores: 'up' is unknown"},
    {5, "record 2 is not a table"},
  }) do
    raises(bad[2], k.add, k, {{nps = 9}, bad[1]})
  end
  raises("record 1: there is no field 'nps'; other facts", k.customers, k, {{id = "A", nps = 9}})
  raises("record 1, churned: neither", k.customers, k, {{id = "A", churned = 1}})
  raises("record 1, basket: a value is", k.customers, k, {{id = "A", basket = {}}})
  raises("record 1: there is no field 'attributes'", k.events, k, {{id = 1, attributes = {}}})
  raises("record 1, kind: 'survey' is unknown", k.events, k, {{id = 1, kind = "survey"}})
  raises("not a list of tables", k.add, k, {nps = 9})
  raises("not a list of tables", k.add, k, {[1] = {nps = 9}, [3000] = {nps = 9}})
  raises("table expected", k.add, k)
  raises("table expected", k.events, k, "all")
  raises("kundig.corpus expected", k.add, {}, {})
  equal(count(k), 0)
  k:close()
  raises("the corpus is closed", k.add, k, {})
end)

case("records that the library refuses: none is added, and which it was", function()
  local k = watch(kundig.open())
  local function refused(code, place, result, message, got, position)
    refuses(code, result, message, got)
    equal(position, place, message)
  end
  refused(kundig.E_VALUE, 2, k:add({{nps = 9}, {nps = 11}, {nps = 9}}))
  refused(kundig.E_VALUE, 1, k:add({{nps = 9, weight = 0}}))
  refused(kundig.E_VALUE, 2, k:add({{nps = 9}, {nps = 9, attributes = {big = 1 / 0}}}))
  refused(kundig.E_VALUE, 3, k:add({{nps = 1}, {nps = 2}, {nps = 3, scores = {{scale = "nps", value = 4}}}}))
  refused(kundig.E_VALUE, 1, k:add({{nps = 9, time = 1e15}}))
  refused(kundig.E_ARG, 2, k:customers({{id = "A"}, {segment = "gold"}}))
  refused(kundig.E_ARG, 1, k:customers({{id = "A", basket = "much"}}))
  refused(kundig.E_ARG, 2, k:events({{id = 1}, {kind = "action"}}))
  equal(count(k), 0)
  equal(assert(k:add({{nps = 9}})).added, 1)
  local small = watch(kundig.open(":memory:", {memory_limit = 300000}))
  local many = {}
  for i = 1, 20000 do many[i] = {nps = 9, text = "text " .. i} end
  refused(kundig.E_LIMIT, 0, small:add(many))
  equal(count(small), 0)
end)

case("large integers in records stay themselves", function()
  if math.type then
    local k = watch(kundig.open())
    assert(k:add({{nps = 9, id = 9007199254740993, attributes = {order = 9007199254740993}},
                  {nps = 9, id = 9007199254740995, attributes = {order = 9007199254740995}}}))
    equal(count(k, {order = 9007199254740993}), 1)
    equal(count(k, {order = 9007199254740995}), 1)
    assert(k:add({{nps = 9, attributes = {size = 9007199254740992}}, {nps = 9, attributes = {size = 1}}}))
    equal(count(k, {size = {">", 9007199254740991}}), 1)
    equal(count(k, {id = 9007199254740993}), 1)
  end
end)

case("adding many records tells progress, which may change them, cancel or raise", function()
  local many = {}
  for i = 1, 70000 do many[i] = {nps = i % 11, text = "text " .. i, attributes = {number = "n" .. i % 7}} end
  local calls, mode = 0, "cancel"
  local k
  k = watch(kundig.open(":memory:", {progress = function()
    calls = calls + 1
    if mode == "raise" then error("from progress", 0) end
    if mode == "change" then
      for i = 1, #many do many[i] = nil end
      collectgarbage()
      local ok, _, code = k:add({{nps = 9}})
      assert(not ok and code == kundig.E_BUSY)
    end
    return mode == "cancel"
  end}))
  refuses(kundig.E_CANCELLED, k:add(many))
  mode = "raise"
  local ok, message = pcall(k.add, k, many)
  equal(ok, false)
  equal(message, "from progress")
  mode = "count"
  equal(count(k), 0)
  mode = "change"
  equal(assert(k:add(many)).added, 70000)
  mode = "count"
  equal(count(k, {number = "n3"}), 10000)
  equal(#many, 0)
  equal(calls > 2, true)
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

local own = "theme parcel: Parcels\ntopic slow: Slow parcels\nen: late, took .. weeks\n" ..
  "de: ~Verzögerung\nparts de: Liefer\n"

case("models read texts", function()
  local ready = watch(assert(kundig.model()))
  local topics = watch(assert(ready:topics()))
  equal(#topics > 40, true)
  local same = watch(assert(kundig.model(kundig.ready_taxonomy())))
  equal(same:bytes(), ready:bytes())
  local model = watch(assert(kundig.model(own)))
  equal(tostring(model), "kundig model")
  equal(watch(model:topics()):row(1).topic, "slow")
  local text = "Die Lieferverzögerung"
  local hit = watch(assert(model:read(text))):row(1)
  equal(text:sub(hit.start + 1, hit["end"]), "verzögerung")
  equal(hit.rule, "~Verzögerung")
  equal(hit.line, 4)
  equal(#watch(model:read("")), 0)
  local languages = watch(assert(model:languages("Das ist leider viel zu teuer. But the staff was very friendly.")))
  equal(languages:row(2).language, "de")
  equal(languages:row(3).language, "en")
  local again = watch(assert(kundig.load_model(model:bytes())))
  equal(watch(again:read(text)):json(), watch(model:read(text)):json())
  refuses(kundig.E_FORMAT, kundig.load_model("no model"))
  refuses(kundig.E_EMPTY, kundig.model(""))
  local result, message, code, position = kundig.model("topic a: A\nen: ~~delay\n")
  refuses(kundig.E_FORMAT, result, message, code)
  equal(message:find("line 2, column 5", 1, true) ~= nil, true, message)
  equal(position, 15)
  raises("string expected", model.read, model, {})
  raises("string expected", kundig.model, {})
  raises("kundig.model expected", model.read, topics, "late")
  model:close()
  model:close()
  equal(tostring(model), "kundig model, closed")
  for _, method in ipairs({"topics", "read", "languages", "bytes"}) do
    raises("the model is closed", model[method], model, "late")
  end
end)

case("a corpus is read with a model, and keeps it", function()
  local model = watch(assert(kundig.model(own)))
  local k = watch(assert(kundig.open(":memory:", {model = model})))
  assert(k:add({{nps = 3, stage = "Order", text = "The parcel was late again"}, {nps = 9, text = "fast"}}))
  model:close()
  for _ = 1, 4 do collectgarbage() end
  local topics = watch(assert(k:topics()))
  equal(#topics, 1)
  equal(topics:row(1).topic, "slow")
  equal(topics:row(1).quote, "The parcel was late again")
  equal(count(k, {topic = "slow"}), 1)
  refuses(kundig.E_NOT_FOUND, k:measure("count", {where = "topic = delay"}))
  assert(k:set_model(nil))
  equal(count(k, {topic = "delay"}), 1)
  equal(#watch(assert(k:topics({limit = 1, where = {stage = "Order"}, metric = "count"}))), 1)
  assert(k:set_model(watch(kundig.model(own))))
  equal(count(k, {topic = "slow"}), 1)
  raises("kundig.model expected", k.set_model, k, "slow")
  raises("kundig.model expected", k.set_model, k, k)
  raises("the model is closed", k.set_model, k, model)
  raises("the model is closed", kundig.open, ":memory:", {model = model})
  raises("no option 'by'", k.topics, k, {by = "stage"})
  equal(count(k, {topic = "slow"}), 1)
end)

case("models and corpora go in any order", function()
  for turn = 1, 20 do
    local k = watch(kundig.open(":memory:", {model = watch(kundig.model(own))}))
    assert(k:add({{nps = 9, text = "late " .. turn}}))
    collectgarbage()
    equal(count(k, {topic = "slow"}), 1)
    if turn % 2 == 0 then k:close() end
  end
end)

case("personal data is found and masked", function()
  local text = "Call Ms Novak on 020 7946 0018"
  equal(kundig.mask(text), "Call Ms [name] on [phone]")
  equal(kundig.mask(text, "phone"), "Call Ms Novak on [phone]")
  equal(kundig.mask(text, {"name", "e-mail"}), "Call Ms [name] on 020 7946 0018")
  equal(kundig.mask(text, true), kundig.mask(text))
  equal(kundig.mask("a\0b"), "a\239\191\189b") -- no text holds NUL
  local found = watch(assert(kundig.personal(text)))
  equal(#found, 2)
  for _, row in ipairs(found:rows()) do equal(text:sub(row.start + 1, row["end"]), row.found) end
  equal(#watch(kundig.personal(text, "phone")), 1)
  raises("one of e-mail, phone", kundig.mask, text, "phones")
  raises("one of e-mail, phone", kundig.personal, text, {"phone", 5})
  raises("no kind", kundig.mask, text, {})
  raises("no kind", kundig.personal, text, false)
  for _, mask in ipairs({true, "all", {"phone", "name"}}) do
    local k = watch(kundig.open(":memory:", {mask = mask}))
    assert(k:add({{nps = 2, text = text}}))
    equal(watch(k:comments()):row(1).text, "Call Ms [name] on [phone]")
    equal(k:analyze():find("7946", 1, true), nil)
  end
  local k = watch(kundig.open(":memory:", {mask = false}))
  assert(k:add({{nps = 2, text = text}}))
  equal(watch(k:comments()):row(1).text, text)
  raises("one of e-mail, phone", kundig.open, ":memory:", {mask = "phones"})
end)

case("taxonomies are checked", function()
  equal(#watch(assert(kundig.check_taxonomy(kundig.ready_taxonomy()))), 0)
  local found = watch(assert(kundig.check_taxonomy("topic a: A\nen: ~~delay\nxx: foo\n")))
  equal(#found, 2)
  equal(found:row(1).severity, "error")
  equal(found:row(1).line, 2)
  equal(found:row(1).column, 5)
  raises("string expected", kundig.check_taxonomy)
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

support.finish()
