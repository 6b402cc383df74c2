-- Topics that nobody named, through the Lua binding: examples, models, corpora, what people say.
local kundig = require "kundig"
local support = dofile((arg[0]:gsub("[^/]*$", "")) .. "support.lua")
local case, watch = support.case, support.watch
local equal, raises, refuses = support.equal, support.raises, support.refuses

local words = {
  {"parcel", "courier", "doorstep", "tracking", "shipping", "box"},
  {"invoice", "refund", "charged", "payment", "bill", "bank"},
  {"password", "login", "account", "browser", "code", "locked"},
}

-- Texts of three kinds, in turn; each differs.
local function texts()
  local list = {}
  for i = 1, 180 do
    local kind, text = words[(i - 1) % 3 + 1], {}
    for j = 0, 3 do text[#text + 1] = kind[(i * 7 + j * (i % 5 + 1)) % 6 + 1] end
    list[i] = table.concat(text, " ") .. " number " .. i
  end
  return list
end

local function examples()
  local set, list = assert(watch(kundig.examples())), {}
  for i, text in ipairs(texts()) do list[i] = {text = text, id = i, customer = "c" .. i % 60} end
  assert(set:add(list))
  return set
end

local function corpus()
  local k, list = assert(watch(kundig.open())), {}
  for i, text in ipairs(texts()) do
    list[i] = {source = "s", id = i, customer = "c" .. i % 60, text = text, nps = i % 3 == 0 and 1 or 9}
  end
  assert(k:add(list))
  return k
end

case("topics are found in examples, in any order and with any number of threads", function()
  local set = examples()
  local model, found = assert(set:discover({topics = 3}))
  watch(model)
  equal(#found, 180)
  local own = {found[1], found[2], found[3]}
  assert(own[1] ~= own[2] and own[2] ~= own[3] and own[1] ~= own[3])
  for i, name in ipairs(found) do equal(name, own[(i - 1) % 3 + 1], "text " .. i) end
  local classes = model:classes("discovered")
  equal(#classes, 3)
  assert(classes[1]:match("^t%-%x+$") and #classes[1] == 14)
  local listed = assert(watch(model:discovered()))
  equal(#listed, 3)
  local sum = 0
  for _, row in ipairs(listed:rows()) do
    sum = sum + row.texts
    assert(row.title ~= "" and row.words ~= "" and row.customers == 20)
  end
  equal(sum, 180)
  equal(watch(set:discover({topics = 3, threads = 2})):bytes(), model:bytes())
  equal(watch(kundig.load_model(model:bytes())):discovered():json(), listed:json())
  local told = model:classify({texts()[5], "parcel courier doorstep"}, {lesson = "discovered"})
  equal(told[1].class, own[2])
  equal(told[2].class, own[1])
  assert(watch(model:show("history", "discovered")))
  local rules = assert(model:define(own[1], "parcels"))
  equal(watch(kundig.model(rules):read(texts()[1])):row(1).topic, "parcels")
  refuses(kundig.E_NOT_FOUND, model:define("t-000000000000", "x"))
  refuses(kundig.E_VALUE, model:define(own[1], "no name"))
end)

case("what a person says is heeded", function()
  local set = examples()
  local edits = {{kind = "topic", name = "Money", words = "invoice; bill"}}
  local model, found = assert(set:discover({topics = 3, edits = edits}))
  watch(model)
  local titles = {}
  for _, row in ipairs(watch(model:discovered()):rows()) do titles[row.topic] = row.title end
  equal(titles[found[2]], "Money")
  local later = assert(watch(set:discover({base = model, edits = {
    {kind = "rename", topic = found[1], name = "Parcels"}}})))
  for _, row in ipairs(watch(later:discovered()):rows()) do titles[row.topic] = row.title end
  equal(titles[found[1]], "Parcels")
  raises("record 1, kind", set.discover, set, {edits = {{kind = "renam"}}})
  raises("there is no field 'nam'", set.discover, set, {edits = {{kind = "rename", nam = "x"}}})
  refuses(kundig.E_VALUE, set:discover({edits = {{kind = "rename", topic = "t-1"}}}))
end)

case("a callback sees the work, may end it, and cannot touch the examples", function()
  local set, calls = examples(), 0
  local model = assert(watch(set:discover({topics = 3, progress = function(done, total)
    calls = calls + 1
    assert(done >= 0 and total >= 0)
    raises("the examples are at work", set.add, set, {})
  end})))
  assert(calls > 0)
  equal(#model:classes("discovered"), 3)
  refuses(kundig.E_CANCELLED, set:discover({topics = 3, progress = function() return true end}))
  raises("mine", set.discover, set, {progress = function() error("mine", 0) end})
  equal(#set, 180)
end)

case("a corpus discovers, counts and keeps what people say", function()
  local k = corpus()
  local model = assert(watch(k:discover({topics = 3})))
  assert(k:set_model(model))
  local table_of = assert(watch(k:topics()))
  equal(#table_of, 3)
  local worst
  for _, row in ipairs(table_of:rows()) do
    assert(row.words ~= "" and row.quote ~= "")
    if row.value < 0 then worst = row.topic end
  end
  assert(worst)
  equal(k:edits({{kind = "rename", topic = worst, name = "Signing in", by = "Ann", updated = 1}}).added, 1)
  local titles = {}
  for _, row in ipairs(watch(k:topics()):rows()) do titles[row.topic] = row.title end
  equal(titles[worst], "Signing in")
  assert(k:edits({{kind = "hide", topic = worst, updated = 2}}))
  equal(#watch(k:topics()), 2)
  assert(k:edits({{kind = "hide", topic = worst, updated = 3, holds = false}}))
  equal(#watch(k:topics()), 3)
  equal(#watch(k:facts("edits")), 3)
  local added = assert(k:label_discovered(worst, "own/topic", {limit = 10, by = "Ann", time = 4}))
  equal(added.added, 11)
  equal(#watch(k:facts("labels")), 10)
  refuses(kundig.E_VALUE, k:edits({{kind = "rename", topic = worst}}))
  refuses(kundig.E_NOT_FOUND, k:label_discovered("t-000000000000", "x"))
  assert(k:pin_model(model))
  assert(k:set_model(nil))
  equal(k:has_model(), true)
  assert(watch(k:erase({customer = "c1"})))
  equal(table.concat(watch(k:get_model()):classes("discovered")),
        table.concat(model:classes("discovered")))
end)

case("what cannot be discovered is said in words", function()
  local set = watch(kundig.examples())
  refuses(kundig.E_EMPTY, set:discover())
  refuses(kundig.E_EMPTY, watch(kundig.open()):discover())
  refuses(kundig.E_EMPTY, watch(kundig.model()):discovered())
  raises("quality", set.discover, set, {quality = "finest"})
  raises("there is no option 'n_topics'", set.discover, set, {n_topics = 3})
  refuses(kundig.E_ARG, examples():discover({topics = 1}))
end)

support.finish()
