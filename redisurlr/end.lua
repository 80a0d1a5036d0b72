-- ARGV: the attempt's id, for how long a credit is kept in milliseconds (0: none)
local id, kept = ARGV[1], tonumber(ARGV[2])
local state = load()
take(state.attempts, function(a) return a.id == id end)
local function isOf(c) return c.of == id end
local credit = take(state.credits, isOf) -- if the step came twice, or the lease has ended
local spent = take(state.spent, isOf)
if spent then
  table.insert(state.spent, spent)
elseif kept > 0 then
  table.insert(state.credits, credit or {of = id, added = now, ends = now + kept, orphan = false})
end
save(state)
return 'ok'
