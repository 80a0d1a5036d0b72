-- ARGV: the attempt's id, its lease and the retention in milliseconds, whether orphans count as processed, whether it is exclusive,
-- for how long the End that added a credit may come again
local id, lease, retention, again = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[6])
local state = load()

local gone = false
for _, a in ipairs(state.attempts) do
  if a.id == id then return a.took and 'skip' or 'process' end -- the step came twice
  gone = gone or a.gone
end

local attempt = {id = id, ends = now + lease, orphan = 0, gone = ARGV[5] == '1', took = false}
if ARGV[4] == '1' then attempt.orphan = retention end
local first = firstCredit(state)
if first then
  local credit = table.remove(state.credits, first)
  if not attempt.gone and credit.added + again > now and #state.spent < 1024 then
    table.insert(state.spent, {of = credit.of, ends = credit.added + again})
  end
  attempt.took, attempt.orphan = true, retention
elseif gone then
  return 'come back'
end
table.insert(state.attempts, attempt)
save(state)
return attempt.took and 'skip' or 'process'
