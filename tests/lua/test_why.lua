-- Why a score moved, through the Lua binding: thirteen questions, their options and their tables.
local kundig = require "kundig"
local support = dofile((arg[0]:gsub("[^/]*$", "")) .. "support.lua")
local case, watch = support.case, support.watch
local equal, raises, refuses = support.equal, support.raises, support.refuses

local day = 86400000

-- Two quarters; in the second those who write of the price are many more, and unhappy.
local function corpus(options)
  local k, list = assert(watch(kundig.open(":memory:", options))), {}
  assert(k:customers({{id = "c1", segment = "old"}, {id = "c2", segment = "new"}}))
  for i = 1, 240 do
    local late = i > 120
    local about = i % (late and 2 or 6) == 0 and "The price is far too high." or "Friendly staff."
    list[i] = {
      source = "s", id = i, customer = "c" .. i % 80, text = about, time = (i - 1) * day * 0.7,
      channel = i % 3 == 0 and "email" or "phone", segment = i % 4 == 0 and "new" or "old",
      nps = about:find("price") and i % 7 or 8 + i % 3,
    }
    list[i].time = math.floor(list[i].time)
  end
  assert(k:add(list))
  return k
end

local questions = {
  impact = function(k, options) return k:impact(options) end,
  explain = function(k, options)
    options.before, options.after = "1970-Q1", "1970-Q2"
    return k:explain(options)
  end,
  chart = function(k, options) return k:chart(options) end,
  alarms = function(k, options) return k:alarms(options) end,
  emerging = function(k, options) return k:emerging(options) end,
  words = function(k, options)
    options.a, options.b = "nps <= 6", "nps >= 9"
    return k:words(options)
  end,
  buts = function(k, options) return k:buts(options) end,
  mismatch = function(k, options) return k:mismatch(options) end,
  loud = function(k, options) return k:loud(options) end,
  funnel = function(k, options)
    options.by = options.by or "channel"
    return k:funnel("nps", options)
  end,
  benchmark = function(k, options) return k:benchmark("nps", 0.3, options) end,
  weights = function(k, options) return k:weights({channel = {email = 60, phone = 40}}, options) end,
  represent = function(k, options) return k:represent(options) end,
}

case("an option that there is not is named, with those that there are", function()
  local k = corpus()
  for name, ask in pairs(questions) do
    raises("there is no option 'colour'; there are: ", ask, k, {colour = "red"})
    local _, message = pcall(ask, k, {colour = "red"})
    equal(message:find("purpose", 1, true) ~= nil, true, name .. ": " .. message)
  end
  k:close()
end)

case("words that options do not know are named, with those they know", function()
  local k = corpus()
  raises("chart: 'pie' is unknown; there are: default, share, count, ewma and cusum",
         k.chart, k, {chart = "pie"})
  raises("limits: 'wide' is unknown; there are: exact and three_sigma", k.alarms, k, {limits = "wide"})
  raises("sentences: 'latin' is unknown; there are: english and german",
         k.explain, k, {before = "1970-Q1", after = "1970-Q2", sentences = "latin"})
  raises("prior_kind: 'none' is unknown", k.words, k, {a = "nps = 1", b = "nps = 9", prior_kind = "none"})
  raises("every: 'fortnight' is unknown", k.emerging, k, {every = "fortnight"})
  raises("weekdays is true or false", k.chart, k, {weekdays = "monday"})
  raises("baseline is a whole number", k.chart, k, {baseline = -1})
  raises("lambda is a number", k.chart, k, {lambda = "much"})
  raises("since is milliseconds", k.alarms, k, {since = "today"})
  raises("limit is a whole number", k.impact, k, {limit = 0.5})
  raises("metric is a string", k.alarms, k, {metric = 5})
  raises("by is a field's name or a list of names", k.impact, k, {by = {5}})
  k:close()
  raises("the corpus is closed", k.impact, k)
end)

case("sets are conditions or periods", function()
  local k = corpus()
  raises("before and after are needed", k.explain, k)
  raises("after is needed", k.explain, k, {before = "1970-Q1"})
  raises("b is needed", k.words, k, {a = "nps = 1"})
  raises("a and b are needed", k.words, k)
  raises("a condition is a string or a table", k.words, k, {a = 5, b = "nps = 9"})
  refuses(kundig.E_VALUE, k:explain({before = "1970-Q5", after = "1970-Q2"}))
  k:close()
end)

case("margins are sizes by value by field", function()
  local k = corpus()
  raises("table expected", k.weights, k)
  raises("margins are a table of tables", k.weights, k, {channel = 5})
  raises("a margin in a list is {field, value, size}", k.weights, k, {5})
  raises("a margin's field is a string", k.weights, k, {{email = 5}})
  raises("channel: a margin's size is a number", k.weights, k, {{"channel", "email", "5"}})
  raises("channel: a margin's size is a number", k.weights, k, {channel = {email = "many"}})
  raises("channel: a value is a string, a number or a boolean", k.weights, k, {channel = {[{}] = 5}})
  k:close()
end)

local tables = {
  explain = {"change", "splits", "causes", "breaks"}, weights = {"cells", "summary", "score"},
  represent = {"groups", "summary"},
}

-- Watch the tables of an answer, and go through them.
local function each(name, answer, visit)
  if not tables[name] then
    visit(watch(answer))
    return
  end
  for _, one in ipairs(tables[name]) do visit(watch(answer[one])) end
end

case("every question is answered with tables, which outlive their corpus", function()
  local k = corpus()
  local answers = {}
  for name, ask in pairs(questions) do
    local answer, message = ask(k, {})
    if not answer then error(name .. ": " .. message) end
    answers[name] = answer
  end
  k:close()
  for name, answer in pairs(answers) do
    each(name, answer, function(result)
      equal(#result:rows(), #result, name)
      equal(result:json():sub(1, 12), '{"columns":[', name)
      equal(type(tostring(result)), "string", name)
    end)
  end
end)

case("impact is the score less what it is without", function()
  local k = corpus()
  local total = watch(k:measure("nps")):row(1).value
  local found, sum = watch(assert(k:impact({by = "channel", metric = "nps"}))), 0
  equal(#found, 2)
  for _, row in ipairs(found:rows()) do
    local rest = watch(k:measure("nps", {where = {channel = {"!=", row.channel}}})):row(1).value
    equal(math.abs(row.impact - (total - rest)) < 1e-12, true, row.channel)
    sum = sum + row.additive
  end
  equal(math.abs(sum - total) < 1e-12, true, "additive")
  equal(#watch(k:impact({by = "channel", limit = 1})), 1)
  k:close()
end)

case("an explanation has a sentence, and causes that sum to the change", function()
  local k = corpus()
  local told = assert(k:explain({before = "1970-Q1", after = {time = "1970-Q2"}, by = {"channel"}}))
  each("explain", told, function() end)
  local change, sum = told.change:row(1), 0
  equal(told.sentence, change.sentence)
  for _, row in ipairs(told.causes:rows()) do sum = sum + row.contribution end
  equal(math.abs(sum - change.change) < 1e-9, true, "causes")
  local german = assert(k:explain({
    before = "1970-Q1", after = "1970-Q2", by = "channel", sentences = "german", limit = 1}))
  each("explain", german, function() end)
  equal(german.sentence ~= told.sentence, true)
  equal(#german.causes, 1)
  k:close()
end)

case("options are heard", function()
  local k = corpus()
  local function ask(name, options) return watch(assert(questions[name](k, options))) end
  equal(#ask("words", {limit = 1}), 1)
  equal(#ask("words", {everything = true}) > 0, true)
  equal(#ask("words", {everything = true, least = 240}), 0)
  equal(ask("words", {prior_kind = "uniform"}):json() ~= ask("words", {}):json(), true)
  equal(ask("chart", {chart = "cusum", every = "week"}):row(1).chart, "cusum")
  local week = ask("chart", {every = "week"}):json()
  equal(ask("chart", {every = "week", limits = "three_sigma"}):json() ~= week, true)
  equal(#ask("alarms", {since = {year = 2026, month = 1, day = 1}, chart = "share"}), 0)
  equal(#ask("impact", {of = "customers", min_n = 5, level = 0.9}) > 0, true)
  k:close()
end)

case("margins in any order, of any keys, give the same weights", function()
  local k = assert(watch(kundig.open()))
  local list = {}
  for i = 1, 60 do
    list[i] = {id = i, nps = i % 11, attributes = i % 3 ~= 0 and {plan = i % 2} or nil}
  end
  assert(k:add(list))
  local keyed = assert(k:weights({plan = {[0] = 50, [1] = 30, [kundig.null] = 20}}, {metric = "nps"}))
  local listed = assert(k:weights({{"plan", 1, 30}, {"plan", kundig.null, 20}, {"plan", "0", 50}}))
  each("weights", keyed, function() end)
  each("weights", listed, function() end)
  equal(keyed.cells:json(), listed.cells:json())
  equal(#keyed.cells, 3)
  equal(#keyed.score, 2)
  refuses(kundig.E_VALUE, k:weights({{"plan", 1, 30}, {"plan", 1, 20}}))
  k:close()
end)

case("progress may cancel, and raise", function()
  local mode
  local k = assert(watch(kundig.open(":memory:", {progress = function()
    if mode == "raise" then error("from progress", 0) end
    return mode == "cancel"
  end})))
  local list = {}
  for i = 1, 40000 do
    list[i] = {
      id = i, customer = "c" .. i % 8000, nps = i % 11, time = i % 180 * day, channel = i % 2,
      text = i % 3 == 0 and "The price is far too high." or "Friendly staff.", segment = i % 5,
    }
  end
  assert(k:add(list) and k:customers({{id = "c1", segment = "old"}}))
  for name, ask in pairs(questions) do
    mode = "cancel"
    local answer, message, code = ask(k, {})
    equal(answer, nil, name)
    equal(code, kundig.E_CANCELLED, name .. ": " .. tostring(message))
    mode = "raise"
    raises("from progress", ask, k, {})
  end
  mode = nil
  k:close()
end)

support.finish()
