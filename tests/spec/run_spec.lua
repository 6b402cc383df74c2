-- Runs spec files (tests/spec/README.md) through the Lua binding: lua run_spec.lua FILE...
-- Every case is run in memory, and again on a store that is closed and opened again before it is
-- asked.
local kundig = require "kundig"

local cases_run, failures = 0, 0
local path -- of the store on which a case is run; nil in memory

local function complain(case, what)
  failures = failures + 1
  io.stderr:write(case.file, ": ", case.title, ": ", path and "on a store: " or "", what, "\n")
end

-- Reading ------------------------------------------------------------------------------------

local function take(case, before, line)
  local first = line:sub(1, 1)
  if line == "same" then
    case.taxonomy = before.taxonomy
    for i, part in ipairs(before.parts) do case.parts[i] = part end
    for i, step in ipairs(before.steps) do case.steps[i] = step end
  elseif first == "|" then
    if #case.parts == 0 then case.parts[1] = {} end
    local part = case.parts[#case.parts]
    local count, cells = line:match("^|(%d+)%* ?(.*)$")
    if not count then cells = line:match("^| ?(.*)$") end
    for _ = 1, tonumber(count) or 1 do part[#part + 1] = cells end
  elseif line:sub(1, 2) == "> " then
    case.taxonomy = (case.taxonomy or "") .. line:sub(3) .. "\n"
  elseif line == "part" then
    case.parts[#case.parts + 1] = {}
  elseif line == "store" then
    case.store_alone = true
  elseif line:sub(1, 2) == "+ " then
    case.steps[#case.steps + 1] = line:sub(3)
  elseif line:sub(1, 2) == "~ " then
    case.checks[#case.checks + 1] = line:sub(3)
  elseif line:sub(1, 2) == "! " then
    case.failure = line:sub(3)
  elseif line:sub(1, 2) == "= " then
    case.json = line:sub(3)
  elseif line ~= "" and first ~= "#" then
    local key, value = line:match("^(%S+) (.*)$")
    local list = case.settings[key] or {}
    list[#list + 1] = value
    case.settings[key] = list
  end
end

local function read_cases(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  local cases, case = {}, nil
  for line in (text .. "\n"):gmatch("(.-)\n") do
    if line:sub(1, 3) == "== " then
      case = {file = path, title = line:sub(4), parts = {}, settings = {}, steps = {},
              checks = {}}
      cases[#cases + 1] = case
    elseif case then
      take(case, cases[#cases - 1], line)
    end
  end
  return cases
end

local function get(case, name)
  local list = case.settings[name]
  return list and list[#list]
end

-- Calls --------------------------------------------------------------------------------------

local function ingest(case, corpus, part)
  return corpus:ingest({bytes = table.concat(part, "\n") .. "\n"}, {
    source = get(case, "source") or "input.csv",
    map = get(case, "map"),
    dates = get(case, "dates"),
    zone = get(case, "zone"),
    kind = get(case, "kind"),
    encoding = get(case, "encoding"),
    delimiter = get(case, "delimiter"),
  })
end

local function question(case)
  return {
    by = case.settings.by,
    where = case.settings.where,
    every = get(case, "every"),
    zone = get(case, "zone"),
    of = get(case, "of"),
    question = get(case, "question"),
    interval = get(case, "interval"),
    level = tonumber(get(case, "level")),
    min_n = tonumber(get(case, "min_n")),
    purpose = get(case, "purpose"),
    as_of = tonumber(get(case, "as_of")),
  }
end

local function listed(case, name)
  local list = {}
  for item in (get(case, name) or ""):gmatch("[^,]+") do list[#list + 1] = item end
  return list
end

local function has_step(case, verb)
  for _, step in ipairs(case.steps) do
    if step:match("^%S+") == verb then return true end
  end
  return false
end

-- A corpus as the case wants it, in memory where place is nil. asked: it is there already, and
-- opened to be asked.
local function open(case, place, asked)
  local options = {
    access = asked and "write" or "create",
    mask = listed(case, "mask"),
    pseudonym_key = get(case, "key"),
    pseudonyms = get(case, "identifiers") == "pseudonyms",
  }
  if asked or not place then
    options.report_k = tonumber(get(case, "report_k"))
    options.report_fields = get(case, "report_fields")
    options.report_every = listed(case, "report_every")
    options.report_comments = tonumber(get(case, "report_comments"))
  end
  local corpus, message, code, position = kundig.open(place or ":memory:", options)
  if not corpus then return nil, message, code, position end
  if case.taxonomy and not has_step(case, "pin") then
    local model
    model, message, code, position = kundig.model(case.taxonomy)
    if not model then
      corpus:close()
      return nil, message, code, position
    end
    corpus:set_model(model)
    model:close()
  end
  return corpus
end

local function remove(place)
  for _, ending in ipairs {"", "-wal", "-shm"} do os.remove(place .. ending) end
end

local function reopened(case, corpus)
  if not path then return corpus end
  corpus:close()
  return open(case, path, true)
end

-- Steps --------------------------------------------------------------------------------------

local numbers = {updated = true, time = true, as_of = true, days = true, part = true,
                 least_customers = true, most_bytes = true}
local truths = {holds = true, consent = true, churned = true}

local function fields_of(step)
  local fields = {}
  for name, value in (step:match("^%S+ (.*)$") or ""):gsub(", ", "\n"):gmatch("([^=\n]+)=([^\n]*)") do
    if numbers[name] then value = tonumber(value) end
    if truths[name] then value = value == "yes" end
    fields[name] = value
  end
  return fields
end

-- What the call gave, and the receipt, if it gave one.
local function take_step(case, corpus, step)
  local verb, fields = step:match("^%S+"), fields_of(step)
  if verb == "erase" then return corpus:erase(fields) end
  if verb == "expire" then return corpus:expire(fields.as_of) end
  if verb == "pin" then
    local model = assert(kundig.model(case.taxonomy))
    local ok, message, code, position = corpus:pin_model(model)
    model:close()
    return ok, message, code, position
  end
  if verb == "teach" then
    local model, message, code, position = corpus:teach(fields)
    if not model then return nil, message, code, position end
    local ok
    ok, message, code, position = corpus:pin_model(model)
    model:close()
    return ok, message, code, position
  end
  if verb == "merge" then
    local place = os.tmpname()
    os.remove(place)
    place = place .. ".kundig"
    local other = assert(open(case, place))
    assert(ingest(case, other, case.parts[fields.part or 2]))
    other:close()
    local ok, message, code, position = corpus:merge(place, {time = fields.time})
    remove(place)
    return ok, message, code, position
  end
  local method = verb == "retention" and verb or verb .. "s"
  return corpus[method](corpus, {fields})
end

-- Questions ----------------------------------------------------------------------------------

local function ask_text(case, ask)
  local text = (get(case, "text") or ""):gsub("\\n", "\n")
  if ask == "check" then return kundig.check_taxonomy(case.taxonomy) end
  if ask == "personal" then return kundig.personal(text) end
  local model, message, code, position = kundig.model(case.taxonomy)
  if not model then return nil, message, code, position end
  local again = assert(kundig.load_model(assert(model:bytes())))
  local result = ask == "model" and again:topics() or again[ask](again, text)
  model:close()
  again:close()
  return result
end

-- Results are carried as {ok, message, code, position}.
local function part_state(case, part)
  local corpus, message, code, position = open(case, path)
  if not corpus then return nil, message, code, position end
  local ok
  ok, message, code, position = ingest(case, corpus, part)
  if ok then
    corpus = assert(reopened(case, corpus))
    ok, message, code, position = corpus:state(get(case, "metric"), question(case))
  end
  corpus:close()
  if path then remove(path) end
  if not ok then return nil, message, code, position end
  return kundig.state(assert(ok:bytes()))
end

local function run_states(case, subtract)
  local merged
  for _, part in ipairs(case.parts) do
    local state, message, code, position = part_state(case, part)
    if state and merged then
      state, message, code, position = merged:merge(state)
    end
    if not state then return nil, message, code, position end
    merged = merged or state
  end
  if subtract then
    local state, message, code, position = part_state(case, case.parts[#case.parts])
    if state then state, message, code, position = merged:subtract(state) end
    if not state then return nil, message, code, position end
  end
  return merged:finish()
end

-- What the model in use says, and what the facts teach.
local function ask_learned(case, ask, corpus)
  local lesson = get(case, "lesson") or "topics"
  local model, message, code, position = corpus:get_model()
  if not model then return nil, message, code, position end
  local ok
  if ask == "show" then
    ok, message, code, position = model:show(get(case, "show") or "summary", lesson)
  elseif ask == "told" then
    ok, message, code, position = model:sentiment(((get(case, "text") or ""):gsub("\\n", "\n")))
  else
    local examples
    examples, message, code, position = corpus:examples(lesson, {field = get(case, "field")})
    if examples then
      local options = {base = model, least_customers = tonumber(get(case, "least_customers"))}
      if ask ~= "curve" then options.folds = tonumber(get(case, "folds")) end
      if ask == "doubts" then options.limit = tonumber(get(case, "limit")) end
      ok, message, code, position = examples[ask](examples, options)
      examples:close()
    end
  end
  model:close()
  return ok, message, code, position
end

-- Which of several tables is shown where the case does not say.
local why = {
  impact = "", explain = "change", chart = "", alarms = "", emerging = "", words = "", buts = "",
  mismatch = "", loud = "", funnel = "", benchmark = "", weights = "cells", represent = "groups",
}

-- What stands behind "set NAME VALUE", into options.
local function set_options(case, ask, options)
  for _, line in ipairs(case.settings.set or {}) do
    local name, value = line:match("^(%S+) (.*)$")
    if name == "since_ms" then name = "since" end
    if name == "limit" and (ask == "chart" or ask == "alarms") then
      name = "decision" -- limit counts rows
    end
    if value == "yes" or value == "no" then
      options[name] = value == "yes"
    elseif value ~= "unknown" then
      options[name] = tonumber(value) or value
    end
  end
end

local function ask_why(case, ask, corpus)
  local options = question(case)
  options.metric, options.limit = get(case, "metric"), tonumber(get(case, "limit"))
  set_options(case, ask, options)
  local result, message, code, position
  if ask == "funnel" then
    options.metric = nil
    return corpus:funnel(get(case, "metric"), options)
  elseif ask == "benchmark" then
    local given = {}
    for number in get(case, "benchmark"):gmatch("%S+") do given[#given + 1] = tonumber(number) end
    options.metric, options.n, options.deviation = nil, given[2], given[3]
    return corpus:benchmark(get(case, "metric"), given[1], options)
  elseif ask == "weights" then
    local margins = {}
    for _, line in ipairs(case.settings.margin or {}) do
      local field, value, size = line:match("^([^=]*)=(.*) (%S+)$")
      if value == "" then value = kundig.null end
      margins[#margins + 1] = {field, value, tonumber(size)}
    end
    result, message, code, position = corpus:weights(margins, options)
  else
    if ask == "explain" then
      options.before, options.after = get(case, "before"), get(case, "after")
    elseif ask == "words" then
      options.a, options.b = get(case, "a"), get(case, "b")
    end
    result, message, code, position = corpus[ask](corpus, options)
  end
  if not result or why[ask] == "" then return result, message, code, position end
  return result[get(case, "show") or why[ask]]
end

local function ask_corpus(case, ask, corpus, report, receipt)
  if ask == "mapping" or ask == "rejects" or ask == "findings" then
    return report[ask](report)
  elseif ask == "fields" or ask == "conflicts" or ask == "audit" then
    return corpus[ask](corpus)
  elseif ask == "receipt" then
    return receipt
  elseif ask == "hash" then
    return corpus:facts_hash()
  end
  for _, name in ipairs {"show", "told", "validate", "curve", "doubts"} do
    if ask == name then return ask_learned(case, ask, corpus) end
  end
  if why[ask] then return ask_why(case, ask, corpus) end
  local options = question(case)
  if ask == "facts" then
    local filter
    if options.where or options.purpose or options.as_of then
      filter = {where = options.where, purpose = options.purpose, as_of = options.as_of}
    end
    return corpus:facts(get(case, "facts") or "feedback", filter)
  elseif ask == "comments" or ask == "search" or ask == "classify" or ask == "sentiment" or
    ask == "next" then
    options = {
      where = options.where, limit = tonumber(get(case, "limit")), zone = options.zone,
      purpose = options.purpose, as_of = options.as_of,
    }
    if ask == "search" then return corpus:search(get(case, "words") or "", options) end
    if ask == "next" then ask = "label_next" end
    return corpus[ask](corpus, options)
  elseif ask == "topics" then
    options.by, options.every = nil, nil
    options.metric, options.limit = get(case, "metric"), tonumber(get(case, "limit"))
    return corpus:topics(options)
  elseif ask == "compare" then
    options.a, options.b = get(case, "a"), get(case, "b")
    return corpus:compare(get(case, "metric"), options)
  end
  return corpus:measure(get(case, "metric"), options)
end

local function run_corpus(case, ask)
  local corpus, message, code, position = open(case, path)
  if not corpus then return nil, message, code, position end
  local report, receipt, done
  for i, part in ipairs(case.parts) do
    if i > 1 and has_step(case, "merge") then break end
    report, message, code, position = ingest(case, corpus, part)
    if not report then
      corpus:close()
      return nil, message, code, position
    end
  end
  for _, step in ipairs(case.steps) do
    done, message, code, position = take_step(case, corpus, step)
    if not done then
      corpus:close()
      return nil, message, code, position
    end
    if type(done) == "userdata" then receipt = done end
  end
  corpus, message, code, position = reopened(case, corpus)
  if not corpus then return nil, message, code, position end
  done, message, code, position = ask_corpus(case, ask, corpus, report, receipt)
  corpus:close()
  return done, message, code, position
end

local function run(case)
  local ask = get(case, "ask") or "measure"
  if ask == "state" or ask == "subtract" then return run_states(case, ask == "subtract") end
  for _, name in ipairs {"model", "read", "languages", "personal", "check"} do
    if ask == name then return ask_text(case, ask) end
  end
  return run_corpus(case, ask)
end

-- Checks -------------------------------------------------------------------------------------

local names = {}
for name, code in pairs(kundig) do
  if type(name) == "string" and name:sub(1, 2) == "E_" then names[code] = name end
end

local function holds(value, wanted)
  if value == nil or wanted == "null" then return value == nil and wanted == "null" end
  if type(value) == "string" then return wanted == '"' .. value .. '"' end
  if type(value) == "boolean" then return wanted == tostring(value) end
  local number = tonumber(wanted)
  if not number then return false end
  local digits = wanted:match("%.(%d*)")
  local slack = digits and 10 ^ -#digits * 0.5000001 or 0
  return math.abs(value - number) <= slack
end

local function check_table(case, result)
  local rows = result:rows()
  for _, check in ipairs(case.checks) do
    local first, rest = check:match("^(%S+) (.*)$")
    if first == "rows" then
      if #result ~= tonumber(rest) then complain(case, #result .. " rows, not " .. rest) end
    elseif first == "note" then
      local found = false
      for _, note in ipairs(result:notes()) do
        found = found or note:find(rest, 1, true) ~= nil
      end
      if not found then complain(case, "no note holds '" .. rest .. "'") end
    else
      local column, wanted = rest:match("^(%S+) (.*)$")
      local row = rows[tonumber(first) + 1]
      if not row then
        complain(case, "there is no row " .. first)
      elseif not holds(row[column], wanted) then
        complain(case, check .. ": is " .. tostring(row[column]))
      end
    end
  end
end

local function check_run(case)
  -- Lua gives the summary as a table of counts: they are compared one by one.
  if get(case, "ask") == "summary" then
    local corpus = assert(open(case, path))
    local report = assert(ingest(case, corpus, case.parts[1]))
    local counts, seen = report:summary(), 0
    for name, value in case.json:gmatch('"name":"([^"]*)","value":(%d+)') do
      seen = seen + 1
      if counts[name] ~= tonumber(value) then
        complain(case, name .. " is " .. tostring(counts[name]) .. ", not " .. value)
      end
    end
    if seen == 0 then complain(case, "a summary without counts") end
    corpus:close()
    return
  end
  local result, message, code, position = run(case)
  if case.failure then
    local wanted, at, words = case.failure:match("^(%S+) (%d+) (.*)$")
    if result then
      complain(case, "does not fail")
    elseif names[code] ~= wanted or position ~= tonumber(at) or not message:find(words, 1, true) then
      complain(case, "fails as " .. tostring(names[code]) .. " " .. position .. " " .. message)
    end
  elseif not result then
    complain(case, "the call failed: " .. tostring(message))
  else
    local json = result
    if type(result) == "userdata" then
      check_table(case, result)
      json = assert(result:json())
      result:close()
    end
    if json ~= case.json then
      complain(case, "the bytes differ:\n  wanted: " .. tostring(case.json) .. "\n  got:    " .. json)
    end
  end
end

local function check_sound(case)
  local found = assert(kundig.verify(path, {pseudonym_key = get(case, "key")}))
  for _, row in ipairs(found:rows()) do
    if row.severity ~= "note" then complain(case, row.finding) end
  end
  found:close()
end

local base = os.tmpname()
os.remove(base)

for _, file in ipairs(arg) do
  for _, case in ipairs(read_cases(file)) do
    cases_run = cases_run + 1
    path = nil
    if not case.store_alone then check_run(case) end
    path = base .. ".kundig"
    check_run(case)
    if kundig.is_store(path) then check_sound(case) end
    remove(path)
  end
end
print((jit and "LuaJIT" or _VERSION) .. ": " .. cases_run .. " cases, " .. failures .. " failures")
os.exit(failures == 0 and cases_run > 0 and 0 or 1, true)
