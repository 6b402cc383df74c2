-- Stores through the Lua binding: kept, shared, forgotten, checked; and reporting mode.
local kundig = require "kundig"
local support = dofile((arg[0]:gsub("[^/]*$", "")) .. "support.lua")
local case, watch = support.case, support.watch
local equal, raises, refuses = support.equal, support.raises, support.refuses

local base = os.tmpname()
os.remove(base)
local path, other = base .. ".kundig", base .. "-other.kundig"
local key = ("k"):rep(32)

local function remove()
  for _, name in ipairs({path, other}) do
    for _, ending in ipairs({"", "-wal", "-shm"}) do os.remove(name .. ending) end
  end
end

-- A case whose store files are gone before and after.
local function on_disk(name, body)
  case(name, function()
    remove()
    body()
  end)
  remove()
end

local function read(name)
  local file = io.open(name, "rb")
  local text = file and file:read("*a") or ""
  if file then file:close() end
  return text
end

local function files() return read(path) .. read(path .. "-wal") end

local feedback = {
  {source = "crm", id = 1, customer = "Anna Novak", nps = 9, stage = "Order",
   text = "Alles gut, die Verspätung war klein", time = {year = 2026, month = 1, day = 5}},
  {source = "crm", id = 2, customer = "Anna Novak", nps = 2, stage = "Use",
   text = "Zu spät geliefert", time = {year = 2026, month = 1, day = 6}, purpose = "care"},
  {source = "crm", id = 3, customer = "Ben", nps = 10, stage = "Order",
   text = "fast and friendly", time = {year = 2026, month = 2, day = 7}, purpose = "care"},
  {source = "crm", id = 4, customer = "A. Novak", nps = 8, stage = "Use",
   time = {year = 2026, month = 2, day = 8}},
}
local now = 1773059400000 -- 2026-03-09T12:30:00Z

local function store(options)
  local k = assert(watch(kundig.open(path, options)))
  assert(k:add(feedback))
  return k
end

local function row(...) return watch(assert(...)):row(1) end

local function count(k, where) return row(k:measure("count", {where = where})).value end

on_disk("facts outlive the handle", function()
  equal(kundig.is_store(path), false)
  local k = store()
  local wanted, named = watch(k:measure("nps", {by = "stage"})):json(), assert(k:facts_hash())
  k:close()
  equal(kundig.is_store(path), true)
  k = assert(watch(kundig.open(path, {access = "read"})))
  equal(watch(k:measure("nps", {by = "stage"})):json(), wanted)
  equal(k:facts_hash(), named)
  equal(#named, 32)
  equal(type(kundig.versions().store), "string")
  local memory = watch(kundig.open())
  for i = #feedback, 1, -1 do assert(memory:add({feedback[i]})) end
  equal(memory:facts_hash(), named)
end)

on_disk("access is kept to, and options are checked", function()
  refuses(kundig.E_NOT_FOUND, kundig.open(path, {access = "write"}))
  refuses(kundig.E_NOT_FOUND, kundig.open(path, {access = "read"}))
  raises("access: 'append' is unknown", kundig.open, path, {access = "append"})
  raises("busy_seconds is a number of 0 or more", kundig.open, path, {busy_seconds = -1})
  raises("busy_seconds is a number", kundig.open, path, {busy_seconds = "long"})
  raises("report_k is a whole number", kundig.open, path, {report_k = 1.5})
  raises("report_k is too large", kundig.open, path, {report_k = 2 ^ 32})
  raises("report_every: 'fortnight' is unknown", kundig.open, path, {report_every = "fortnight"})
  raises("report_every: '?' is unknown", kundig.open, path, {report_every = {"month", 5}})
  raises("report_fields is a string or a list", kundig.open, path, {report_fields = {{}}})
  raises("report_fields is a string", kundig.open, path, {report_fields = 5})
  equal(kundig.is_store(path), false)
  store():close()
  local k = watch(kundig.open(path, {access = "read"}))
  refuses(kundig.E_MODE, k:add({{nps = 1}}))
  refuses(kundig.E_MODE, k:erase({customer = "Ben"}))
  refuses(kundig.E_MODE, k:compact())
  refuses(kundig.E_MODE, k:save_cache())
  refuses(kundig.E_MODE, k:pin_model(watch(kundig.model())))
  equal(count(k), 4)
end)

on_disk("what is no store is refused", function()
  local file = io.open(path, "wb")
  file:write(("score,text\n9,good\n"):rep(100))
  file:close()
  refuses(kundig.E_FORMAT, kundig.open(path))
  refuses(kundig.E_IO, kundig.open("/nowhere/x.kundig"))
  equal(#read(path), 1800)
end)

on_disk("two handles see each other", function()
  local writer = store()
  local reader = assert(watch(kundig.open(path, {access = "read"})))
  equal(count(reader), 4)
  assert(writer:add({{source = "x", id = 1, nps = 1}}))
  equal(count(reader), 5)
  watch(assert(writer:erase({customer = "Ben"})))
  equal(count(reader), 4)
  local second = assert(watch(kundig.open(path)))
  equal(assert(second:add({feedback[1]})).unchanged, 1)
  assert(second:add({{source = "x", id = 2, nps = 1}}))
  equal(count(writer), 5)
end)

on_disk("labels, links, consents and retention", function()
  local k = store()
  equal(row(k:measure("count")).customers, 3)
  equal(assert(k:links({{customer = "Anna Novak", same_as = "A. Novak", by = "me", updated = 1}})).added, 1)
  equal(row(k:measure("count")).customers, 2)
  equal(row(k:measure("count", {by = "customer"})).customer, "A. Novak")
  assert(k:links({{customer = "A. Novak", same_as = "Anna Novak", holds = false, updated = 2}}))
  equal(row(k:measure("count")).customers, 3)
  equal(assert(k:labels({{source = "crm", id = 1, topic = "delay", by = "anna", updated = now},
                         {source = "crm", id = 1, topic = "price", holds = false}})).added, 2)
  assert(k:consents({{customer = "Ben", purpose = "care", consent = false, updated = now,
                      disclosure = "2026"}}))
  equal(row(k:measure("count", {purpose = "care"})).value, 3)
  assert(k:retention({{purpose = "care", days = 45}, {days = -1}}))
  for kind, rows in pairs({feedback = 4, customers = 0, events = 0, labels = 2, links = 2,
                           consents = 1, retention = 2}) do
    equal(#watch(assert(k:facts(kind))), rows, kind)
  end
  equal(#watch(assert(k:facts())), 4)
  equal(#watch(assert(k:facts("feedback", {where = {stage = "Order"}}))), 2)
  refuses(kundig.E_ARG, k:facts("labels", {where = {topic = "delay"}}))
  raises("invalid option 'people'", k.facts, k, "people")
  raises("no option 'limit'", k.facts, k, "feedback", {limit = 5})
  local receipt = row(k:expire({year = 2026, month = 3, day = 9}))
  equal(receipt.action, "expire")
  equal(receipt.records, 1)
  equal(count(k), 3)
  raises("as_of is", k.expire, k)
  raises("as_of is", k.expire, k, "2026-03-09")
end)

on_disk("records of the new kinds that are no records", function()
  local k = store()
  for _, bad in ipairs({
    {"labels", {id = 1, topic = "a", holds = "yes"}, "record 1, holds: neither true nor false"},
    {"labels", {id = 1, nps = 9}, "record 1: there is no field 'nps'"},
    {"links", {customer = {}}, "record 1, customer: a text is"},
    {"consents", {customer = "a", consent = 1}, "record 1, consent: neither"},
    {"retention", {days = "ten"}, "record 1, days: not a number"},
    {"retention", {days = 1.5}, "record 1, days: not a whole number"},
    {"retention", {days = 2 ^ 40}, "record 1, days: not a whole number"},
  }) do
    raises(bad[3], k[bad[1]], k, {bad[2]})
  end
  local named = k:facts_hash()
  for _, bad in ipairs({
    {"labels", {id = 1}}, {"labels", {topic = "a"}}, {"links", {customer = "a"}},
    {"links", {customer = "a", same_as = "a"}}, {"consents", {customer = "a"}},
    {"consents", {consent = true}}, {"retention", {purpose = "care"}}, {"retention", {days = -2}},
  }) do
    local result, message, code, position = k[bad[1]](k, {bad[2]})
    equal(result, nil, bad[1])
    equal(code == kundig.E_ARG or code == kundig.E_VALUE, true, message)
    equal(position, 1, message)
  end
  equal(k:facts_hash(), named)
end)

on_disk("words are found and marked", function()
  local k = store()
  local found = row(k:search("verspaet*"))
  equal(found.id, "1")
  local first, last = found.evidence:match("(%d+)-(%d+)")
  equal(found.text:sub(first + 1, tonumber(last)), "Verspätung")
  equal(row(k:search('"zu spaet"')).id, "2")
  equal(#watch(assert(k:search("fast", {where = {stage = "Use"}}))), 0)
  equal(#watch(assert(k:search("g*", {limit = 1}))), 1)
  refuses(kundig.E_EMPTY, k:search(" "))
  refuses(kundig.E_FORMAT, k:search('zu "spät'))
  raises("string expected", k.search, k)
end)

on_disk("a customer is forgotten", function()
  local k = store()
  local without = watch(kundig.open())
  assert(without:add({feedback[3]}))
  assert(k:customers({{id = "Anna Novak", segment = "gold-novak"}}))
  assert(k:links({{customer = "Anna Novak", same_as = "A. Novak"}}))
  assert(k:labels({{source = "crm", id = 1, topic = "delay-of-novak"}}))
  assert(k:consents({{customer = "A. Novak", consent = true}}))
  assert(k:save_cache())
  local receipt = watch(assert(k:erase({customer = "Anna Novak", time = now})))
  local told = receipt:row(1)
  for name, number in pairs({records = 3, versions = 3, customers = 1, events = 0, labels = 1,
                             links = 1, consents = 1}) do
    equal(told[name], number, name)
  end
  equal(told.status, "done")
  equal(told.subject, nil)
  equal(told.time:sub(1, 16), "2026-03-09T12:30")
  equal(told.after, without:facts_hash())
  equal(k:facts_hash(), told.after)
  equal(files():lower():find("novak", 1, true), nil)
  equal(files():find("friendly", 1, true) ~= nil, true)
  equal(watch(assert(k:audit())):json(), receipt:json())
  assert(k:compact())
  equal(k:facts_hash(), told.after)
  equal(row(k:erase({source = "crm", id = 3})).records, 1)
  equal(count(k), 0)
  equal(row(k:erase({customer = "Zoe"})).records, 0)
  refuses(kundig.E_ARG, k:erase({}))
  refuses(kundig.E_ARG, k:erase({customer = "a", source = "crm", id = 1}))
  raises("customer, or source and id", k.erase, k)
  raises("no option 'name'", k.erase, k, {name = "Ben"})
  raises("customer is a string", k.erase, k, {customer = {}})
  raises("time is milliseconds", k.erase, k, {customer = "Ben", time = "now"})
end)

on_disk("stores are pooled", function()
  local k = store()
  local second = watch(kundig.open(other))
  assert(second:add({feedback[1], {source = "shop", id = 1, nps = 5}}))
  second:close()
  local both = watch(kundig.open())
  assert(both:add(feedback))
  assert(both:add({{source = "shop", id = 1, nps = 5}}))
  local receipt = row(k:merge(other, {time = now}))
  equal(receipt.action, "merge")
  equal(receipt.records, 1)
  equal(k:facts_hash(), both:facts_hash())
  equal(row(k:merge(other)).records, 0)
  refuses(kundig.E_NOT_FOUND, k:merge(base .. "-none.kundig"))
  raises("no option 'when'", k.merge, k, other, {when = 5})
end)

on_disk("a pinned model is kept", function()
  local k = store()
  assert(k:pin_model(watch(kundig.model("topic slow: Slow\nany: fast\n"))))
  k:close()
  k = watch(kundig.open(path))
  equal(row(k:topics()).topic, "slow")
  assert(k:pin_model(nil))
  equal(watch(k:topics()):json():find('"slow"', 1, true), nil)
  raises("kundig.model expected", k.pin_model, k, "slow")
end)

on_disk("names stand as pseudonyms", function()
  local options = {pseudonym_key = key, pseudonyms = true}
  local k = store(options)
  local hidden = assert(k:pseudonym("Anna Novak"))
  equal(#hidden, 32)
  equal(k:pseudonym(7), k:pseudonym("7"))
  equal(files():find("Novak", 1, true), nil)
  equal(count(k, {customer = hidden}), 2)
  local receipt = row(k:erase({customer = "Anna Novak"}))
  equal(receipt.records, 2)
  equal(receipt.subject, hidden)
  k:close()
  for _, bad in ipairs({{}, {pseudonym_key = ("x"):rep(32), pseudonyms = true}}) do
    local result, message, code = kundig.open(path, bad)
    equal(result, nil)
    equal(code, kundig.E_MODE, message)
  end
  local plain = watch(kundig.open())
  refuses(kundig.E_ARG, plain:pseudonym("Ben"))
  raises("customer is a string", k.pseudonym, watch(kundig.open(path, options)), {})
end)

on_disk("stores are checked", function()
  store():close()
  local calls = 0
  local found = watch(assert(kundig.verify(path, {busy_seconds = 1, memory_limit = 1e9,
                                                  progress = function() calls = calls + 1 end})))
  for _, finding in ipairs(found:rows()) do equal(finding.severity ~= "error", true, finding.finding) end
  refuses(kundig.E_NOT_FOUND, kundig.verify(other))
  raises("no option 'access'", kundig.verify, path, {access = "read"})
  raises("string expected", kundig.verify)
  local bytes = read(path)
  local at = assert(bytes:find("friendly", 1, true))
  local file = assert(io.open(path, "r+b"))
  file:seek("set", at - 1)
  file:write("F")
  file:close()
  local errors = 0
  for _, finding in ipairs(watch(assert(kundig.verify(path))):rows()) do
    errors = errors + (finding.severity == "error" and 1 or 0)
  end
  equal(errors > 0, true)
  local k, message, code = watch(kundig.open(path))
  if k then
    local result
    result, message, code = k:measure("count")
    equal(result, nil)
  end
  equal(code, kundig.E_FORMAT, message)
end)

on_disk("verifying tells progress, which may cancel and raise", function()
  local k = watch(kundig.open(path))
  watch(assert(k:ingest({bytes = "score,text\n" .. ("9,quick and kind\n3,late\n"):rep(50000)})))
  k:close()
  refuses(kundig.E_CANCELLED, kundig.verify(path, {progress = function() return true end}))
  raises("from progress", kundig.verify, path, {progress = function() error("from progress", 0) end})
  raises("progress is a function", kundig.verify, path, {progress = 5})
end)

on_disk("reporting mode suppresses and refuses", function()
  local k = watch(kundig.open(path))
  local records = {}
  for _, cell in ipairs({{"Order", "email", 5}, {"Order", "phone", 1}, {"Order", "shop", 20},
                         {"Pay", "email", 10}, {"Pay", "phone", 12}, {"Pay", "shop", 40},
                         {"Use", "email", 4}, {"Use", "phone", 6}, {"Use", "shop", 30}}) do
    for _ = 1, cell[3] do
      local number = #records + 1
      records[number] = {source = "s", id = number, customer = "c" .. number, nps = number % 11,
                         stage = cell[1], channel = cell[2], time = now, text = "late"}
    end
  end
  assert(k:add(records))
  k:close()
  for _, fields in ipairs({"stage, channel", {"stage", "channel"}}) do
    k = assert(watch(kundig.open(path, {report_k = 3, report_fields = fields,
                                        report_every = {"month", "year"}})))
    local hidden = 0
    for _, cell in ipairs(watch(assert(k:measure("nps", {by = {"stage", "channel"}}))):rows()) do
      if cell.status == "suppressed" then
        hidden = hidden + 1
        equal(cell.n, nil)
        equal(cell.customers, nil)
      end
    end
    equal(hidden > 1, true)
    equal(row(k:measure("nps", {every = "month"})).n, 128)
    refuses(kundig.E_MODE, k:measure("nps", {where = "stage = Use"}))
    refuses(kundig.E_MODE, k:measure("nps", {every = "day"}))
    refuses(kundig.E_MODE, k:comments())
    refuses(kundig.E_MODE, k:search("late"))
    refuses(kundig.E_MODE, k:facts())
    refuses(kundig.E_MODE, k:state("nps"))
    k:close()
  end
end)

on_disk("use after closing is raised", function()
  local k = store()
  k:close()
  k:close()
  for _, method in ipairs({"labels", "links", "consents", "retention", "search", "facts",
                           "facts_hash", "pin_model", "pseudonym", "erase", "expire", "merge",
                           "audit", "save_cache", "compact"}) do
    raises("the corpus is closed", k[method], k, {})
    raises("kundig.corpus expected", k[method], {}, {})
  end
end)

support.finish()
