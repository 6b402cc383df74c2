-- Learning through the Lua binding: examples, models that learned, and corpora that use them.
local kundig = require "kundig"
local support = dofile((arg[0]:gsub("[^/]*$", "")) .. "support.lua")
local case, watch = support.case, support.watch
local equal, raises, refuses = support.equal, support.raises, support.refuses

local late = {
  "the parcel came late", "late again, and nobody answers", "my delivery is two weeks late",
  "still waiting, it is late", "late delivery of the chair", "it was late and the box was open",
}
local parking = {
  "no parking behind the shop", "parking is free and easy", "the parking garage is too narrow",
  "parking right at the door", "where is the parking for vans", "we found no parking on Saturday",
}
local kind = {
  "what a friendly driver", "friendly and patient staff", "the staff was kind and friendly",
  "a friendly voice on the phone", "kind people at the desk", "so friendly, thank you",
}

local function labelled()
  local list = {}
  for i, text in ipairs(late) do
    list[#list + 1] = {text = text, labels = "delay", customer = "a" .. i, id = "l" .. i}
  end
  for i, text in ipairs(parking) do
    list[#list + 1] = {text = text, labels = {"site/parking"}, customer = "b" .. i}
  end
  for i, text in ipairs(kind) do
    list[#list + 1] = {text = text, labels = {"kind"}, customer = "c" .. i, weight = 1}
  end
  return list
end

local function examples()
  local set = assert(watch(kundig.examples()))
  assert(set:add(labelled()))
  return set
end

local options = {least_customers = 1}

local function with(more)
  local all = {least_customers = 1}
  for name, value in pairs(more) do all[name] = value end
  return all
end

local function scored()
  local set = assert(watch(kundig.examples("sentiment")))
  local list = {}
  for i, text in ipairs(late) do
    list[#list + 1] = {text = text, score = {scale = "nps", value = i % 4}}
  end
  for i, text in ipairs(kind) do
    list[#list + 1] = {text = text, score = {scale = "nps", value = 9 + i % 2}}
  end
  for _, text in ipairs(parking) do list[#list + 1] = {text = text, labels = "neutral"} end
  assert(set:add(list))
  return set
end

case("examples are added and taken out, all or none", function()
  local set = watch(kundig.examples())
  equal(#set, 0)
  equal(tostring(set), "kundig examples")
  assert(set:add(labelled()))
  equal(#set, 18)
  assert(set:add({}))
  assert(set:remove({labelled()[1]}))
  equal(#set, 17)
  refuses(kundig.E_NOT_FOUND, set:remove({labelled()[2], labelled()[1]}))
  equal(select(4, set:remove({labelled()[2], labelled()[1]})), 2)
  equal(#set, 17)
  assert(set:add({{text = "x", labels = {"a", "b"}, denied = "c", partial = true, source = "s",
                   id = 7, weight = 2, customer = kundig.null}}))
  equal(#set, 18)
  set:close()
  set:close()
  equal(tostring(set), "kundig examples, closed")
  raises("the examples are closed", set.add, set, {})
end)

case("an example of another form is told", function()
  local set = watch(kundig.examples())
  raises("a lesson is topics or sentiment", kundig.examples, "mood")
  raises("record 1: there is no field 'label'", set.add, set, {{text = "x", label = "a"}})
  raises("record 2 is not a table", set.add, set, {{text = "x", labels = "a"}, 5})
  raises("record 1, labels: a name is missing", set.add, set, {{text = "x", labels = {kundig.null}}})
  raises("record 1, labels: a name, or a list of names", set.add, set,
         {{text = "x", labels = {a = true}}})
  raises("record 1, partial: neither true nor false", set.add, set, {{text = "x", partial = 1}})
  raises("record 1, weight: not a number", set.add, set, {{text = "x", weight = "heavy"}})
  raises("record 1, scores: a score is a table", set.add, set, {{text = "x", score = 9}})
  equal(#set, 0)
  refuses(kundig.E_VALUE, set:add({{text = "x", labels = "a"},
                                   {text = "y", labels = ("n"):rep(201)}}))
  equal(select(4, set:add({{text = "x", labels = "a"}, {text = "y", labels = ("n"):rep(201)}})), 2)
  local moods = watch(kundig.examples("sentiment"))
  refuses(kundig.E_VALUE, moods:add({{text = "x", labels = "furious"}}))
  refuses(kundig.E_VALUE, moods:add({{text = "x", score = {scale = "nps", value = 11}}}))
end)

case("topics are learned and told", function()
  local set = examples()
  local model = assert(watch(set:teach(options)))
  equal(table.concat(model:classes(), " "), "delay kind site/parking")
  equal(#model:classes("sentiment"), 0)
  local told = assert(model:classify({late[1], parking[2], kind[3], ""}))
  equal(#told, 4)
  equal(told[1].class, "delay")
  equal(told[2].class, "site/parking")
  equal(told[3].class, "kind")
  equal(told[1].holds[1], "delay")
  equal(told[1].probabilities, nil)
  assert(told[1].probability > 1 / 3 and told[1].probability <= 1)
  assert(told[1].sureness > told[4].sureness)
  local again = assert(model:classify({late[1]}, {probabilities = true, threads = 2}))
  local sum = 0
  for _, probability in pairs(again[1].probabilities) do sum = sum + probability end
  assert(math.abs(sum - 1) < 1e-5)
  equal(again[1].probability, told[1].probability)
  equal(#assert(model:classify({})), 0)
  refuses(kundig.E_EMPTY, model:classify({"x"}, {lesson = "sentiment"}))
  raises("a text is a string", model.classify, model, {{}})
  raises("there is no option 'limit'", model.classify, model, {}, {limit = 1})
end)

case("the same examples in any order give the same bytes", function()
  local model = assert(watch(examples():teach(options)))
  local turned, list = watch(kundig.examples()), labelled()
  for i = #list, 1, -1 do assert(turned:add({list[i]})) end
  local other = assert(watch(turned:teach(with {threads = 2})))
  equal(model:bytes(), other:bytes())
  local loaded = assert(watch(kundig.load_model(model:bytes())))
  equal(loaded:bytes(), model:bytes())
  equal(loaded:classify({late[3]})[1].class, "delay")
  refuses(kundig.E_FORMAT, kundig.load_model(model:bytes():sub(1, -2)))
end)

case("a model is looked into", function()
  local model = assert(watch(examples():teach(options)))
  for _, which in ipairs {"summary", "classes", "features", "calibration", "confusion", "sizes"} do
    assert(watch(model:show(which)))
  end
  equal(#watch(model:show("classes")), 3)
  equal(watch(model:show("classes", "topics")):row(1).class, "delay")
  assert(#watch(model:show()) > 3)
  raises("it shows summary", model.show, model, "everything")
  raises("a lesson is topics or sentiment", model.show, model, "summary", "mood")
  refuses(kundig.E_EMPTY, model:show("summary", "sentiment"))
  local small = assert(watch(model:prune(math.floor(#model:bytes() * 0.8))))
  assert(#small:bytes() < #model:bytes())
  equal(small:classify({parking[2]})[1].class, "site/parking")
  refuses(kundig.E_VALUE, model:prune(10))
  raises("a number of bytes", model.prune, model, 0)
  local next = assert(watch(model:next({late[1], "something else entirely", parking[1]},
                                       {limit = 2})))
  equal(#next, 2)
end)

case("examples are tried", function()
  local set = examples()
  local whole = assert(watch(set:validate(with {folds = 3})))
  assert(#whole >= 4)
  assert(watch(set:curve(options)))
  local doubts = assert(watch(set:doubts(with {folds = 3, limit = 2})))
  assert(#doubts <= 2)
  raises("there is no option 'folds'", set.teach, set, {folds = 3})
  raises("quality: 'good' is unknown", set.teach, set, {quality = "good"})
  raises("labels: 'two' is unknown", set.teach, set, {labels = "two"})
  raises("threads is too large", set.teach, set, {threads = 2 ^ 40})
  refuses(kundig.E_EMPTY, watch(kundig.examples()):teach())
end)

case("what a taxonomy knows is the base of what is taught", function()
  local base = assert(watch(kundig.model("theme people: People\ntopic polite: Polite\nen: polite\n")))
  local model = assert(watch(examples():teach(with {base = base})))
  base:close()
  local names = {}
  for _, row in ipairs(watch(model:topics()):rows()) do names[#names + 1] = row.topic end
  equal(table.concat(names, " "), "delay kind polite site/parking")
  local polite = false
  for _, row in ipairs(watch(model:read("how polite")):rows()) do
    polite = polite or row.topic == "polite"
  end
  equal(polite, true)
  local hit = watch(model:read(parking[2])):row(1)
  equal(hit.topic, "site/parking")
  assert(hit.probability > 0)
end)

case("moods are learned from scores", function()
  local model = assert(watch(scored():teach(options)))
  equal(table.concat(model:classes("sentiment"), " "), "negative neutral positive")
  equal(#model:classes(), 0)
  local told = assert(watch(model:sentiment("What a friendly desk. But it was late again.")))
  equal(told:row(1).part, "comment")
  equal(#told, 3)
  equal(told:row(2).sentiment, "positive")
  equal(told:row(3).sentiment, "negative")
  assert(told:row(2).value > told:row(3).value)
  local lexicon = watch(kundig.model())
  equal(watch(lexicon:sentiment("I love it")):row(1).sentiment, "positive")
  equal(watch(lexicon:sentiment("I love it")):row(1).origin, "lexicon")
  equal(model:classify({kind[2]}, {lesson = "sentiment"})[1].class, "positive")
end)

local function corpus()
  local k = assert(watch(kundig.open()))
  local records = {}
  local function add(texts, about, nps)
    for i, text in ipairs(texts) do
      records[#records + 1] = {source = "s", id = about .. i, customer = about .. i, text = text,
                               nps = nps, attributes = {about = about}}
    end
  end
  add(late, "delay", 1)
  add(parking, "parking", 8)
  add(kind, "kind", 10)
  records[#records + 1] = {source = "s", id = "new", customer = "new", text = "late, so late"}
  assert(k:add(records))
  return k
end

case("a corpus teaches and tells", function()
  local k = corpus()
  equal(k:has_model(), false)
  equal(#watch(k:get_model()):classes(), 0)
  local set = assert(watch(k:examples("topics", {field = "about"})))
  equal(#set, 18)
  equal(#watch(k:examples("sentiment")), 18)
  local model = assert(watch(k:teach({field = "about", least_customers = 1})))
  equal(table.concat(model:classes(), " "), "delay kind parking")
  equal(table.concat(model:classes("sentiment"), " "), "negative neutral positive")
  assert(k:set_model(model))
  equal(watch(k:get_model()):bytes(), model:bytes())
  equal(k:has_model(), true)
  model:close()
  local told = assert(watch(k:classify({where = {id = "new"}})))
  equal(told:row(1).topic, "delay")
  local mood = assert(watch(k:sentiment({where = "id = new", limit = 1})))
  equal(mood:row(1).sentiment, "negative")
  assert(watch(k:label_next({limit = 3})))
  equal(watch(k:measure("count", {where = "topic = parking"})):row(1).value, 6)
  refuses(kundig.E_NOT_FOUND, k:teach({field = "nothing"}))
  raises("there is no option 'threads'", k.teach, k, {threads = 2})
  raises("there is no option 'by'", k.classify, k, {by = "stage"})
end)

case("labels teach, and what is pinned forgets with the facts", function()
  local k = corpus()
  refuses(kundig.E_EMPTY, watch(kundig.open()):teach())
  local labels = {}
  for _, about in ipairs {"delay", "parking"} do
    for i = 1, 6 do
      labels[#labels + 1] = {source = "s", id = about .. i, topic = about, by = "me"}
      labels[#labels + 1] = {source = "s", id = about .. i, holds = false, by = "me",
                             topic = about == "delay" and "parking" or "delay"}
    end
  end
  assert(k:labels(labels))
  local model = assert(watch(k:teach(options)))
  equal(table.concat(model:classes(), " "), "delay parking")
  assert(k:pin_model(model))
  local before = model:bytes()
  assert(watch(k:erase({customer = "delay1"})))
  assert(watch(k:get_model()):bytes() ~= before)
end)

case("a callback sees the work, may end it, and cannot touch the examples", function()
  local set, calls = examples(), 0
  local model = assert(watch(set:teach(with {progress = function(done, total)
    calls = calls + 1
    assert(done >= 0 and total >= 0)
    raises("the examples are at work", set.add, set, {})
    raises("the examples are at work", set.close, set)
    raises("the examples are at work", function() return #set end)
  end})))
  assert(calls > 0)
  refuses(kundig.E_CANCELLED, set:teach(with {progress = function() return true end}))
  raises("enough", set.teach, set, with {progress = function() error("enough") end})
  equal(#set, 18)
  assert(watch(set:teach(options)))
  local base = watch(kundig.model())
  assert(watch(set:teach(with {base = base, progress = function() base:close() end})))
  raises("progress is a function", set.teach, set, {progress = 5})
  equal(#model:classes(), 3)
end)

support.finish()
