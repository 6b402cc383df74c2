local kundig = require "kundig"

local corpus = assert(kundig.open(":memory:"))
assert(corpus:ingest("tests/examples/feedback.csv"))
local delivery = { stage = "Delivery" }
local answer = assert(corpus:measure("nps", { by = { "channel" }, where = delivery, every = "quarter" }))
for _, row in ipairs(answer:rows()) do
  print(string.format("%-6s %s  %+6.1f  n = %d", row.channel, row.period, 100 * row.value, row.n))
end
corpus:close()
