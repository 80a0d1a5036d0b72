-- ARGV: the attempt's id
local state = load()
for _, a in ipairs(state.attempts) do
  if a.id == ARGV[1] then a.gone = true end
end
save(state)
return 'ok'
