-- ARGV: the attempt's id, for how long a credit is kept in milliseconds (0: none)
local id, kept = ARGV[1], tonumber(ARGV[2])
local state = load()
take(state.attempts, function(a) return a.id == id end)
local function isOf(c) return c.of == id end
local credit = take(state.credits, isOf) -- if the step came twice, or the lease has ended
local isSpent = false
for _, s in ipairs(state.spent) do isSpent = isSpent or isOf(s) end
if kept > 0 and credit then
  table.insert(state.credits, credit)
elseif kept > 0 and not isSpent then
  addCredit(state, {of = id, added = now, ends = now + kept, orphan = false})
end
save(state)
return 'ok'
