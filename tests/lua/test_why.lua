-- Why a score moved, through the Lua binding: thirteen questions, their options and their tables.
local kundig = require "kundig"
local support = dofile((arg[0]:gsub("[^/]*$", "")) .. "support.lua")
local case, watch = support.case, support.watch
local equal, raises, refuses = support.equal, support.raises, support.refuses

local day = 86400000

-- Two quarters; in the second those who write of the price are many more, and unhappy.
local function corpus(options)
  local k, list = assert(watch(kundig.open(":memory:", options))), {}
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

support.finish()
