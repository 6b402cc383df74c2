local kundig = require "kundig"

local corpus = assert(kundig.open(":memory:"))
assert(corpus:ingest("tests/examples/feedback.csv"))
local delivery = { stage = "Delivery" }
local answer = assert(corpus:measure("nps", { by = { "channel" }, where = delivery, every = "quarter" }))
for _, row in ipairs(answer:rows()) do
  print(string.format("%-6s %s  %+6.1f  n = %d", row.channel, row.period, 100 * row.value, row.n))
end
corpus:set_model(kundig.model()) -- the ready taxonomy; kundig.model(text) for your own
for _, row in ipairs(corpus:topics({ where = "nps <= 6", limit = 3 }):rows()) do
  print(string.format("%-15s %3d comments  %4.1f %%", row.topic, row.comments, 100 * row.share))
end
corpus:close()
print(kundig.mask("Call Ms Novak on 020 7946 0018"))
