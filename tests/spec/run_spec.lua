-- Runs spec files (tests/spec/README.md) through the Lua binding: lua run_spec.lua FILE...
local kundig = require "kundig"

local cases_run, failures = 0, 0

local function complain(case, what)
  failures = failures + 1
  io.stderr:write(case.file, ": ", case.title, ": ", what, "\n")
end

-- Reading ------------------------------------------------------------------------------------

local function take(case, line)
  local first = line:sub(1, 1)
  if first == "|" then
    if #case.parts == 0 then case.parts[1] = {} end
    local part = case.parts[#case.parts]
    local count, cells = line:match("^|(%d+)%* ?(.*)$")
    if not count then cells = line:match("^| ?(.*)$") end
    for _ = 1, tonumber(count) or 1 do part[#part + 1] = cells end
  elseif line:sub(1, 2) == "> " then
    case.taxonomy = (case.taxonomy or "") .. line:sub(3) .. "\n"
  elseif line == "part" then
    case.parts[#case.parts + 1] = {}
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
      case = {file = path, title = line:sub(4), parts = {}, settings = {}, checks = {}}
      cases[#cases + 1] = case
    elseif case then
      take(case, line)
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

local function open(case)
  local masks = {}
  for kind in (get(case, "mask") or ""):gmatch("[^,]+") do masks[#masks + 1] = kind end
  local corpus = assert(kundig.open(":memory:", {mask = masks}))
  if case.taxonomy then
    local model, message, code, position = kundig.model(case.taxonomy)
    if not model then return nil, message, code, position end
    corpus:set_model(model)
    model:close()
  end
  return corpus
end

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
  local corpus, message, code, position = open(case)
  if not corpus then return nil, message, code, position end
  local ok
  ok, message, code, position = ingest(case, corpus, part)
  if ok then
    ok, message, code, position = corpus:state(get(case, "metric"), question(case))
  end
  corpus:close()
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

local function run_corpus(case, ask, corpus)
  local report, message, code, position
  for _, part in ipairs(case.parts) do
    report, message, code, position = ingest(case, corpus, part)
    if not report then return nil, message, code, position end
  end
  if ask == "mapping" or ask == "rejects" or ask == "findings" then
    return report[ask](report)
  elseif ask == "fields" or ask == "conflicts" then
    return corpus[ask](corpus)
  elseif ask == "comments" then
    return corpus:comments({
      where = case.settings.where,
      limit = tonumber(get(case, "limit")),
      zone = get(case, "zone"),
      purpose = get(case, "purpose"),
    })
  elseif ask == "search" then
    return corpus:search(get(case, "text"), {
      where = case.settings.where,
      limit = tonumber(get(case, "limit")),
      zone = get(case, "zone"),
      purpose = get(case, "purpose"),
    })
  elseif ask == "facts" then
    return corpus:facts("feedback", {where = case.settings.where})
  elseif ask == "topics" then
    local options = question(case)
    options.by, options.every = nil, nil
    options.metric, options.limit = get(case, "metric"), tonumber(get(case, "limit"))
    return corpus:topics(options)
  elseif ask == "compare" then
    local options = question(case)
    options.a, options.b = get(case, "a"), get(case, "b")
    return corpus:compare(get(case, "metric"), options)
  end
  return corpus:measure(get(case, "metric"), question(case))
end

local function run(case)
  local ask = get(case, "ask") or "measure"
  if ask == "state" or ask == "subtract" then return run_states(case, ask == "subtract") end
  for _, name in ipairs {"model", "read", "languages", "personal", "check"} do
    if ask == name then return ask_text(case, ask) end
  end
  local corpus, message, code, position = open(case)
  if not corpus then return nil, message, code, position end
  local ok
  ok, message, code, position = run_corpus(case, ask, corpus)
  corpus:close()
  return ok, message, code, position
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

local function check_case(case)
  local ask = get(case, "ask")
  if ask == "search" or ask == "facts" then
    local corpus = assert(kundig.open(":memory:"))
    local known = corpus[ask] ~= nil
    corpus:close()
    if not known then return end
  end
  cases_run = cases_run + 1
  -- Lua gives the summary as a table of counts: they are compared one by one.
  if get(case, "ask") == "summary" then
    local corpus = assert(kundig.open(":memory:"))
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
    check_table(case, result)
    local json = assert(result:json())
    if json ~= case.json then
      complain(case, "the bytes differ:\n  wanted: " .. tostring(case.json) .. "\n  got:    " .. json)
    end
    result:close()
  end
end

for _, path in ipairs(arg) do
  for _, case in ipairs(read_cases(path)) do check_case(case) end
end
print((jit and "LuaJIT" or _VERSION) .. ": " .. cases_run .. " cases, " .. failures .. " failures")
os.exit(failures == 0 and cases_run > 0 and 0 or 1, true)
