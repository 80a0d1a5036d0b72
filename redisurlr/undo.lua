-- ARGV: the attempt's id
local id, state = ARGV[1], load()
local attempt = take(state.attempts, function(a) return a.id == id end)
if not attempt then
  take(state.credits, function(c) return c.of == id and c.orphan end) -- its lease has ended
elseif attempt.took then
  addCredit(state, {of = id, added = now, ends = now + attempt.orphan, orphan = false})
end
save(state)
return 'ok'
